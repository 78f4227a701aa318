//! Passes a body from the network to the thread that writes it, in pieces large enough that waking the thread is
//! worthwhile.

use futures_util::{Stream, StreamExt};
use tokio::sync::mpsc;

use crate::app::{AppError, Result};

/// Bytes that are passed to the disk thread at once: the network delivers some 16 kB at a time, and waking a thread for
/// each costs more than writing it. Source: our choice.
const PIECE_BYTES: usize = 256 * 1024;
/// Pieces of a body that may wait for the disk: limits an upload to about a megabyte of memory.
const PIECES_IN_FLIGHT: usize = 2;

/// A part of a body. The last piece has an end; without one the body broke off.
pub(super) struct Piece<B> {
    /// Received bytes.
    pub(super) bytes: Vec<B>,
    /// Set on the last piece: whether the body is complete, or why it ended early.
    pub(super) end: Option<Result<()>>,
}

pub(super) fn channel<B>() -> (mpsc::Sender<Piece<B>>, mpsc::Receiver<Piece<B>>) {
    mpsc::channel(PIECES_IN_FLIGHT)
}

/// Passes the body on. It ends early when the connection breaks, when the writer has refused it, or when `until`
/// completes while nothing is arriving; what arrived before is passed on.
pub(super) async fn feed<B: AsRef<[u8]>>(
    body: impl Stream<Item = Result<B>>,
    sender: mpsc::Sender<Piece<B>>,
    until: impl Future<Output = ()>,
) {
    let (mut body, mut until) = (std::pin::pin!(body), std::pin::pin!(until));
    let (mut gathered, mut size) = (Vec::new(), 0);
    loop {
        let next = tokio::select! {
            // Bytes that have arrived count first, even if another request is waiting.
            biased;
            next = body.next() => next,
            () = &mut until => Some(Err(AppError::BodyIncomplete)),
        };
        let bytes = match next {
            None => break,
            Some(Ok(bytes)) => bytes,
            Some(Err(error)) => {
                let _ = sender.send(Piece { bytes: gathered, end: Some(Err(error)) }).await;
                return;
            }
        };
        size += bytes.as_ref().len();
        gathered.push(bytes);
        if size >= PIECE_BYTES {
            size = 0;
            if sender.send(Piece { bytes: std::mem::take(&mut gathered), end: None }).await.is_err() {
                return;
            }
        }
    }
    let _ = sender.send(Piece { bytes: gathered, end: Some(Ok(())) }).await;
}
