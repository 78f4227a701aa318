//! An original being received: written, hashed and counted in one pass, then sealed.

use std::fs::{self, File};
use std::io::{self, BufWriter, Seek, Write};
use std::path::Path;
use std::sync::Arc;

use sha2::{Digest as _, Sha256};

use super::error::BlobError;
use super::lease::Sealed;
use super::local::Inner;
use super::originals::digest_of;
use super::scratch::{Part, Scratch};
use super::sync;
use crate::domain::digest::Digest;

/// Size of the write buffer: the network delivers small pieces.
const BUFFER_BYTES: usize = 128 * 1024;

/// An original being received. Dropping it leaves nothing behind.
#[derive(Debug)]
pub struct Incoming {
    part: Part,
    file: BufWriter<File>,
    hasher: Sha256,
    size_bytes: u64,
    bytes_max: u64,
}

/// A completely received original. Dropping it leaves nothing behind.
#[derive(Debug)]
pub struct Received {
    part: Part,
    file: File,
    digest: Digest,
    size_bytes: u64,
}

impl Incoming {
    pub(super) fn begin(scratch: &Scratch, bytes_max: u64) -> Result<Self, BlobError> {
        let (part, file) = scratch.new_part()?;
        let file = BufWriter::with_capacity(BUFFER_BYTES, file);
        Ok(Incoming { part, file, hasher: Sha256::new(), size_bytes: 0, bytes_max })
    }

    /// Writes the next bytes.
    ///
    /// # Errors
    /// [`BlobError::TooLarge`] as soon as the limit is exceeded, [`BlobError::Full`].
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), BlobError> {
        self.size_bytes = self.size_bytes.saturating_add(bytes.len() as u64);
        if self.size_bytes > self.bytes_max {
            return Err(BlobError::TooLarge { bytes_max: self.bytes_max });
        }
        self.hasher.update(bytes);
        Ok(self.file.write_all(bytes)?)
    }

    /// Simulates a disk that accepts nothing more.
    #[cfg(test)]
    #[allow(clippy::unwrap_used, reason = "a test may fail")]
    pub(super) fn refuse_writes(&mut self) {
        let read_only = File::open(self.part.path()).unwrap();
        let (buffered, gathered) = {
            let gathered = self.file.buffer().to_vec();
            (BufWriter::with_capacity(BUFFER_BYTES, read_only), gathered)
        };
        let old = std::mem::replace(&mut self.file, buffered);
        // Buffered bytes are still to be written; dropping the old buffer would write them.
        drop(old.into_parts());
        self.file.write_all(&gathered).unwrap();
    }

    /// Ends the original.
    ///
    /// # Errors
    /// [`BlobError::Full`].
    pub fn finish(self) -> Result<Received, BlobError> {
        let mut file = self.file.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        let digest = Digest::from_bytes(self.hasher.finalize().into());
        Ok(Received { part: self.part, file, digest, size_bytes: self.size_bytes })
    }
}

impl Received {
    /// A file that is complete already, read and hashed; the file is at its first byte.
    pub(super) fn whole(part: Part, mut file: File, size_bytes: u64) -> Result<Self, BlobError> {
        let digest = digest_of(&mut file)?;
        if file.stream_position()? != size_bytes {
            return Err(BlobError::NotFound);
        }
        file.rewind()?;
        Ok(Received { part, file, digest, size_bytes })
    }

    /// The SHA-256 of the bytes.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Length in bytes.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// The file, for inspection before it is sealed; read only, at the position where the last reader left it.
    pub fn file(&mut self) -> &mut File {
        &mut self.file
    }

    /// Makes the bytes durable under their digest: the file first, then its name.
    ///
    /// If the same bytes are stored already, the stored copy is read and hashed: it stays if it is intact, otherwise
    /// this one replaces it. Acknowledging an upload because of a copy that has rotted on the disk, with an intact one
    /// at hand, would break the promise of the answer.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Unsynced`]. After an error the bytes may or may not be stored, but never under
    /// a wrong name.
    pub(super) fn seal_into(mut self, store: &Inner) -> Result<Sealed, BlobError> {
        let folder = store.shard(&self.digest)?;
        let sealed = Sealed::lease(Arc::clone(&store.leases), self.digest, self.size_bytes)?;
        let target = store.original_path(&self.digest);
        if !self.is_kept(&target)? {
            sync::file(&self.file)?;
            self.part.rename_to(&target)?;
            self.part.forget();
        }
        sync::directory(folder)?;
        Ok(sealed)
    }

    /// Whether the same bytes are stored already; if so, they are durable afterwards.
    fn is_kept(&self, target: &Path) -> Result<bool, BlobError> {
        match fs::metadata(target) {
            Ok(there) if there.len() == self.size_bytes => {}
            Ok(_) => return Ok(false),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        let mut kept = File::open(target)?;
        // If the disk cannot read its copy, the copy is replaced.
        if !digest_of(&mut kept).is_ok_and(|digest| digest == self.digest) {
            return Ok(false);
        }
        sync::file(&kept)?;
        Ok(true)
    }
}
