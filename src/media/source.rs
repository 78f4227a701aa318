//! Reads a file from start to end through one small buffer.

use std::io::{self, Read, Seek, SeekFrom};

use super::inspect::Rejection;

/// Size of the buffer: two reads for the header of a small file, 46 for a 3 MB photo.
const BUFFER_BYTES: usize = 64 * 1024;

/// A file of known length, read forwards. Reading beyond its end is [`Rejection::Truncated`].
pub(super) struct Source<'a, R> {
    reader: &'a mut R,
    buffer: Vec<u8>,
    /// Next unread byte of `buffer`.
    next: usize,
    /// Valid bytes of `buffer`.
    filled: usize,
    /// Offset in the file of the end of `buffer`.
    end: u64,
    size: u64,
}

impl<'a, R: Read + Seek> Source<'a, R> {
    /// Starts at the front of `reader`, which is `size` bytes long.
    pub(super) fn new(reader: &'a mut R, size: u64) -> Result<Self, Rejection> {
        reader.seek(SeekFrom::Start(0))?;
        let room = usize::try_from(size).unwrap_or(BUFFER_BYTES).clamp(1, BUFFER_BYTES);
        Ok(Source { reader, buffer: vec![0; room], next: 0, filled: 0, end: 0, size })
    }

    /// Length of the file in bytes.
    pub(super) fn size(&self) -> u64 {
        self.size
    }

    /// Offset of the next byte.
    pub(super) fn position(&self) -> u64 {
        self.end - self.ahead().len() as u64
    }

    /// Bytes from here to the end of the file.
    pub(super) fn left(&self) -> u64 {
        self.size.saturating_sub(self.position())
    }

    fn ahead(&self) -> &[u8] {
        self.buffer.get(self.next..self.filled).unwrap_or_default()
    }

    /// The buffered bytes from here on, at least one.
    pub(super) fn block(&mut self) -> Result<&[u8], Rejection> {
        if self.next >= self.filled {
            (self.next, self.filled) = (0, 0);
            let got = loop {
                match self.reader.read(&mut self.buffer) {
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    other => break other?,
                }
            };
            if got == 0 {
                return Err(Rejection::Truncated);
            }
            self.filled = got;
            self.end += got as u64;
        }
        Ok(self.ahead())
    }

    /// Skips `count` bytes of the block.
    pub(super) fn consume(&mut self, count: usize) {
        self.next = self.filled.min(self.next + count);
    }

    /// The next byte.
    pub(super) fn byte(&mut self) -> Result<u8, Rejection> {
        let byte = self.block()?.first().copied().ok_or(Rejection::Truncated)?;
        self.consume(1);
        Ok(byte)
    }

    /// The next `N` bytes.
    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], Rejection> {
        let mut bytes = [0; N];
        for byte in &mut bytes {
            *byte = self.byte()?;
        }
        Ok(bytes)
    }

    /// The next `count` bytes; allocates only what the file really has.
    pub(super) fn bytes(&mut self, count: u64) -> Result<Vec<u8>, Rejection> {
        if count > self.left() {
            return Err(Rejection::Truncated);
        }
        let mut bytes = Vec::new();
        self.each(count, |block| bytes.extend_from_slice(block))?;
        Ok(bytes)
    }

    /// Passes the next `count` bytes to `look`, block by block.
    pub(super) fn each(&mut self, mut count: u64, mut look: impl FnMut(&[u8])) -> Result<(), Rejection> {
        while count > 0 {
            let block = self.block()?;
            let take = block.len().min(usize::try_from(count).unwrap_or(usize::MAX));
            look(block.get(..take).unwrap_or_default());
            self.consume(take);
            count -= take as u64;
        }
        Ok(())
    }

    /// Skips `count` bytes without reading what is not buffered.
    pub(super) fn skip(&mut self, count: u64) -> Result<(), Rejection> {
        if count > self.left() {
            return Err(Rejection::Truncated);
        }
        self.jump(self.position() + count)
    }

    /// Goes to `offset`; seeks only when that is not buffered.
    pub(super) fn jump(&mut self, offset: u64) -> Result<(), Rejection> {
        if offset > self.size {
            return Err(Rejection::Truncated);
        }
        let start = self.end - self.filled as u64;
        match offset.checked_sub(start).and_then(|within| usize::try_from(within).ok()) {
            Some(within) if within <= self.filled => self.next = within,
            _ => {
                self.reader.seek(SeekFrom::Start(offset))?;
                (self.next, self.filled, self.end) = (0, 0, offset);
            }
        }
        Ok(())
    }
}
