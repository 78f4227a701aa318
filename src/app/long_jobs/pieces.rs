//! Results larger than memory should hold: read piece by piece, written through a temporary file.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek as _};

use tokio::sync::mpsc;

use crate::app::{App, AppError, Result, blocking};
use crate::domain::long_job::LongJob;

/// Most bytes of a piece of a result. Source: our choice; each is in memory as a whole when it is fetched.
pub(super) const PIECE_BYTES: usize = 1024 * 1024;

/// Hands what a job has made so far to `work`, which reads it in a blocking thread. Each piece is read in a transaction
/// of its own, when the one before has been taken.
///
/// # Errors
/// That of `work`, or the store's.
pub(super) async fn read_through<T: Send + 'static>(
    app: &App,
    job: &LongJob,
    work: impl FnOnce(BufReader<Pieces>) -> Result<T> + Send + 'static,
) -> Result<T> {
    let (sender, next) = mpsc::channel(1);
    let pieces = Pieces { next, rest: io::Cursor::new(Vec::new()), is_complete: false };
    let working = tokio::spawn(blocking(move || work(BufReader::new(pieces))));
    let mut unread = None;
    for position in 0..job.pieces {
        let piece = match super::piece(app, job.id, position).await {
            Ok(piece) => piece,
            Err(error) => {
                unread = Some(error);
                break;
            }
        };
        // It has failed, and says why below.
        if sender.send(Some(piece)).await.is_err() {
            break;
        }
    }
    if unread.is_none() {
        // The reader may have stopped.
        let _ = sender.send(None).await;
    }
    drop(sender);
    let done = working.await.unwrap_or_else(|error| Err(AppError::Internal(format!("sheet: {error}"))));
    unread.map_or(done, Err)
}

/// The pieces of a result, as they come.
pub(super) struct Pieces {
    next: mpsc::Receiver<Option<Vec<u8>>>,
    rest: io::Cursor<Vec<u8>>,
    is_complete: bool,
}

impl Read for Pieces {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.rest.read(into)?;
            if read > 0 || into.is_empty() || self.is_complete {
                return Ok(read);
            }
            match self.next.blocking_recv() {
                Some(Some(piece)) => self.rest = io::Cursor::new(piece),
                Some(None) => self.is_complete = true,
                // What is cut off must not look complete.
                None => return Err(io::ErrorKind::UnexpectedEof.into()),
            }
        }
    }
}

/// A result in a temporary file without a name: it goes with the last handle.
pub(super) struct Spooled {
    file: File,
    size_bytes: u64,
}

impl Spooled {
    /// What `write` writes.
    ///
    /// # Errors
    /// That of `write`; [`AppError::StorageFull`].
    pub(super) fn written(write: impl FnOnce(&mut io::BufWriter<File>) -> Result<()>) -> Result<Self> {
        let mut file = io::BufWriter::new(tempfile::tempfile().map_err(failed)?);
        write(&mut file)?;
        let mut file = file.into_inner().map_err(|error| failed(error.into_error()))?;
        let size_bytes = file.stream_position().map_err(failed)?;
        file.rewind().map_err(failed)?;
        Ok(Spooled { file, size_bytes })
    }

    /// How much there is.
    pub(super) fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Hands over one piece after the other.
    ///
    /// # Errors
    /// That of `take`, or of the file.
    pub(super) fn each_piece(mut self, mut take: impl FnMut(&[u8]) -> Result<()>) -> Result<()> {
        let mut piece = Vec::with_capacity(PIECE_BYTES);
        loop {
            piece.clear();
            let most = u64::try_from(PIECE_BYTES).unwrap_or(u64::MAX);
            if (&mut self.file).take(most).read_to_end(&mut piece).map_err(failed)? == 0 {
                return Ok(());
            }
            take(&piece)?;
        }
    }
}

fn failed(error: io::Error) -> AppError {
    match error.kind() {
        io::ErrorKind::StorageFull => AppError::StorageFull,
        _ => AppError::Internal(format!("sheet: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn pieces(sent: &[Option<&[u8]>]) -> Pieces {
        let (sender, next) = mpsc::channel(sent.len().max(1));
        for piece in sent {
            sender.try_send(piece.map(<[u8]>::to_vec)).unwrap();
        }
        Pieces { next, rest: io::Cursor::new(Vec::new()), is_complete: false }
    }

    #[test]
    fn what_is_cut_off_does_not_look_complete() {
        let read = |mut pieces: Pieces| {
            let mut text = String::new();
            pieces.read_to_string(&mut text).map(|_| text)
        };
        assert_eq!(read(pieces(&[Some(b"one,"), Some(b""), Some(b"two"), None])).unwrap(), "one,two");
        assert_eq!(read(pieces(&[None])).unwrap(), "");
        let cut = read(pieces(&[Some(b"one,"), Some(b"two")])).unwrap_err();
        assert_eq!(cut.kind(), io::ErrorKind::UnexpectedEof);
    }

    #[test]
    fn a_spooled_file_is_handed_over_in_order() {
        let bytes: Vec<u8> = (0..=255).cycle().take(2 * PIECE_BYTES + 7).collect();
        let file = Spooled::written(|file| file.write_all(&bytes).map_err(failed)).unwrap();
        assert_eq!(file.size_bytes(), u64::try_from(bytes.len()).unwrap());
        let mut found = Vec::new();
        file.each_piece(|piece| {
            found.push(piece.to_vec());
            Ok(())
        })
        .unwrap();
        assert_eq!(found.iter().map(Vec::len).collect::<Vec<_>>(), [PIECE_BYTES, PIECE_BYTES, 7]);
        assert_eq!(found.concat(), bytes);
    }
}
