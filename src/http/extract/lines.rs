//! Reads a body line by line: however long it is, only one line is held in memory.

use std::pin::Pin;

use actix_web::web::Bytes;
use futures_util::{Stream, StreamExt};
use sha2::{Digest as _, Sha256};

use crate::app::AppError;
use crate::domain::digest::Digest;

/// A body that is read line by line.
pub struct Lines<'a> {
    body: Pin<Box<dyn Stream<Item = Result<Bytes, AppError>> + 'a>>,
    line_max: usize,
    whole_max: u64,
    held: Vec<u8>,
    /// Leading bytes of `held` that contain no line end.
    looked: usize,
    seen: u64,
    hasher: Sha256,
    has_ended: bool,
}

/// Why there is no next line.
#[derive(Debug)]
pub enum NoLine {
    /// The body has ended.
    Ended,
    /// The line is too long.
    TooLong,
    /// The body is too long.
    TooMuch,
    /// Why the body ended early.
    Broken(AppError),
}

impl<'a> Lines<'a> {
    /// Reads `body`, with lines of at most `line_max` bytes, and `whole_max` bytes in all.
    pub fn of(body: impl Stream<Item = Result<Bytes, AppError>> + 'a, line_max: usize, whole_max: u64) -> Self {
        Lines {
            body: Box::pin(body),
            line_max,
            whole_max,
            held: Vec::new(),
            looked: 0,
            seen: 0,
            hasher: Sha256::new(),
            has_ended: false,
        }
    }

    /// The next line that is not empty, without its end.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn next(&mut self) -> Result<Vec<u8>, NoLine> {
        loop {
            let line = self.line().await?;
            if !line.is_empty() {
                return Ok(line);
            }
        }
    }

    async fn line(&mut self) -> Result<Vec<u8>, NoLine> {
        loop {
            let fresh = self.held.get(self.looked..).unwrap_or_default();
            if let Some(at) = memchr::memchr(b'\n', fresh) {
                let end = self.looked + at;
                let mut line: Vec<u8> = self.held.drain(..=end).collect();
                self.looked = 0;
                line.pop();
                return self.checked(line);
            }
            self.looked = self.held.len();
            if self.looked > self.line_max + 1 {
                return Err(NoLine::TooLong);
            }
            if self.has_ended {
                if self.held.is_empty() {
                    return Err(NoLine::Ended);
                }
                self.looked = 0;
                let line = std::mem::take(&mut self.held);
                return self.checked(line);
            }
            match self.body.next().await {
                None => self.has_ended = true,
                Some(Err(error)) => return Err(NoLine::Broken(error)),
                Some(Ok(bytes)) => {
                    self.seen += bytes.len() as u64;
                    if self.seen > self.whole_max {
                        return Err(NoLine::TooMuch);
                    }
                    self.hasher.update(&bytes);
                    self.held.extend_from_slice(&bytes);
                }
            }
        }
    }

    fn checked(&self, mut line: Vec<u8>) -> Result<Vec<u8>, NoLine> {
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        if line.len() > self.line_max { Err(NoLine::TooLong) } else { Ok(line) }
    }

    /// SHA-256 of everything received.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::from_bytes(self.hasher.clone().finalize().into())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use futures_util::stream;

    use super::*;

    fn body(pieces: &[&'static str]) -> impl Stream<Item = Result<Bytes, AppError>> + use<> {
        let pieces: Vec<_> = pieces.iter().map(|piece| Ok(Bytes::from_static(piece.as_bytes()))).collect();
        stream::iter(pieces)
    }

    #[tokio::test]
    async fn lines_are_found_wherever_the_network_cut_them() {
        let mut lines = Lines::of(body(&["on", "e\r", "\n\n", "two\nthr", "ee"]), 5, 100);
        for expected in ["one", "two", "three"] {
            assert_eq!(lines.next().await.unwrap(), expected.as_bytes());
        }
        assert!(matches!(lines.next().await, Err(NoLine::Ended)));
        assert!(matches!(lines.next().await, Err(NoLine::Ended)));
        assert_eq!(lines.digest(), Digest::of(b"one\r\n\ntwo\nthree"));
    }

    #[tokio::test]
    async fn what_is_too_long_is_refused_before_it_is_held() {
        assert!(matches!(Lines::of(body(&["sixsix", "sixsix\n"]), 5, 100).next().await, Err(NoLine::TooLong)));
        assert!(matches!(Lines::of(body(&["sixsix\n"]), 5, 100).next().await, Err(NoLine::TooLong)));
        assert!(matches!(Lines::of(body(&["a\n", "b\n"]), 5, 3).next().await, Ok(line) if line == b"a"));
        let mut lines = Lines::of(body(&["a\n", "b\n"]), 5, 3);
        lines.next().await.unwrap();
        assert!(matches!(lines.next().await, Err(NoLine::TooMuch)));
        let broken = stream::iter([Ok(Bytes::from_static(b"a\nb")), Err(AppError::BodyIncomplete)]);
        let mut lines = Lines::of(broken, 5, 100);
        lines.next().await.unwrap();
        assert!(matches!(lines.next().await, Err(NoLine::Broken(AppError::BodyIncomplete))));
    }
}
