//! A body on its way to the thread that writes it, in pieces that are worth waking it for.

use futures_util::{Stream, StreamExt};
use tokio::sync::mpsc;

use crate::app::{AppError, Result};

/// Bytes of a body that are handed to the disk's thread at once: the network brings some 16 kB
/// at a time, and waking a thread for each costs more than writing it. Source: our choice.
const PIECE_BYTES: usize = 256 * 1024;
/// Pieces of a body that may wait for the disk; bounds an upload to about a megabyte of memory.
const PIECES_IN_FLIGHT: usize = 2;

/// A part of a body. Without an end the body broke off.
pub(super) struct Piece<B> {
    /// What came.
    pub(super) bytes: Vec<B>,
    /// With the last piece: whether the body was whole, or why it ended before.
    pub(super) end: Option<Result<()>>,
}

pub(super) fn channel<B>() -> (mpsc::Sender<Piece<B>>, mpsc::Receiver<Piece<B>>) {
    mpsc::channel(PIECES_IN_FLIGHT)
}

/// Hands the body over. What breaks off, a writer that has refused already, and `until`, when nothing has come by
/// then, all end it before its end; what came before is handed over.
pub(super) async fn feed<B: AsRef<[u8]>>(
    body: impl Stream<Item = Result<B>>,
    sender: mpsc::Sender<Piece<B>>,
    until: impl Future<Output = ()>,
) {
    let (mut body, mut until) = (std::pin::pin!(body), std::pin::pin!(until));
    let (mut gathered, mut size) = (Vec::new(), 0);
    loop {
        let next = tokio::select! {
            // What has come already counts, whoever else may be waiting.
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
