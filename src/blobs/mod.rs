//! Where bytes are kept: originals sealed under the SHA-256 of what they are, and
//! the renditions made of them.
//!
//! A sealed original is on stable storage, never changes and is never half there.
//! A rendition is only a copy: one that is lost or damaged is made again.
//!
//! Never here: what the bytes mean, who may see them, names or types from a client.

mod error;
mod incoming;
mod lease;
mod local;
mod originals;
mod renditions;
mod sync;

#[cfg(test)]
mod tests;

pub use error::BlobError;
pub use incoming::{Incoming, Received};
pub use lease::Sealed;
pub use local::LocalStore;
pub use renditions::Variant;

use std::fs::File;
use std::io;
use std::path::PathBuf;

use crate::domain::digest::Digest;
use crate::domain::time::Timestamp;

/// The photo store of this installation. Calls block on the disk: make them on a
/// blocking thread. Clones share the store.
#[derive(Debug, Clone)]
pub enum PhotoStore {
    /// A folder of this machine.
    Local(LocalStore),
}

/// A sealed original, opened for reading.
#[derive(Debug)]
pub struct Original {
    /// At its first byte.
    pub file: File,
    /// Length in bytes.
    pub size_bytes: u64,
}

impl PhotoStore {
    /// Begins to take an original of at most `bytes_max` bytes.
    ///
    /// # Errors
    /// [`BlobError::Full`], or the disk's.
    pub fn begin(&self, bytes_max: u64) -> Result<Incoming, BlobError> {
        match self {
            PhotoStore::Local(store) => store.begin(bytes_max),
        }
    }

    /// Makes `received` durable under its digest; see [`Received::seal`].
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Unsynced`], or the disk's.
    pub fn seal(&self, received: Received) -> Result<Sealed, BlobError> {
        match self {
            PhotoStore::Local(_) => received.seal(),
        }
    }

    /// Opens an original. Its bytes are not checked: see [`Self::verify`].
    ///
    /// # Errors
    /// [`BlobError::NotFound`], or the disk's.
    pub fn open_original(&self, digest: &Digest) -> Result<Original, BlobError> {
        match self {
            PhotoStore::Local(store) => store.open_original(digest),
        }
    }

    /// Where an original lies, when it is a file of this machine.
    #[must_use]
    pub fn original_path(&self, digest: &Digest) -> Option<PathBuf> {
        match self {
            PhotoStore::Local(store) => Some(store.original_path(digest)),
        }
    }

    /// Hashes an original again: whether it still is what it is called.
    ///
    /// # Errors
    /// [`BlobError::NotFound`], or the disk's.
    pub fn verify(&self, digest: &Digest) -> Result<bool, BlobError> {
        match self {
            PhotoStore::Local(store) => store.verify(digest),
        }
    }

    /// Every original that is kept, with its length in bytes, in no order.
    ///
    /// # Errors
    /// The disk's. What is no original is left out.
    pub fn originals(&self) -> Box<dyn Iterator<Item = io::Result<(Digest, u64)>> + '_> {
        match self {
            PhotoStore::Local(store) => Box::new(store.originals()),
        }
    }

    /// The originals whose digest begins with this byte: one part of 256 of [`Self::originals`].
    ///
    /// # Errors
    /// The disk's. What is no original is left out.
    pub fn originals_of(&self, first: u8) -> Box<dyn Iterator<Item = io::Result<(Digest, u64)>> + '_> {
        match self {
            PhotoStore::Local(store) => Box::new(store.originals_of(first)),
        }
    }

    /// Since when an original is kept.
    ///
    /// # Errors
    /// [`BlobError::NotFound`], or the disk's.
    pub fn kept_since(&self, digest: &Digest) -> Result<Timestamp, BlobError> {
        match self {
            PhotoStore::Local(store) => store.kept_since(digest),
        }
    }

    /// Removes an original and its renditions, unless the same bytes are being taken
    /// right now: then it answers `false` and removes nothing. What is not there
    /// counts as removed.
    ///
    /// # Errors
    /// The disk's.
    pub fn remove(&self, digest: &Digest) -> Result<bool, BlobError> {
        match self {
            PhotoStore::Local(store) => store.remove(digest),
        }
    }

    /// Keeps a rendition, in place of an earlier one. Nothing waits for the disk.
    ///
    /// # Errors
    /// [`BlobError::Full`], or the disk's.
    pub fn put_rendition(&self, digest: &Digest, variant: Variant, bytes: &[u8]) -> Result<(), BlobError> {
        match self {
            PhotoStore::Local(store) => store.put_rendition(digest, variant, bytes),
        }
    }

    /// A rendition as it was put.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] also for one that is damaged, so that it is made again.
    pub fn read_rendition(&self, digest: &Digest, variant: Variant) -> Result<Vec<u8>, BlobError> {
        match self {
            PhotoStore::Local(store) => store.read_rendition(digest, variant),
        }
    }

    /// Writes, syncs, renames, reads and removes a small file: whether originals can
    /// be taken now. Costs two syncs.
    ///
    /// # Errors
    /// What an upload would meet.
    pub fn check_ready(&self) -> Result<(), BlobError> {
        match self {
            PhotoStore::Local(store) => store.check_ready(),
        }
    }

    /// Bytes that can still be written; `None` when the store does not know.
    ///
    /// # Errors
    /// The disk's.
    pub fn free_bytes(&self) -> Result<Option<u64>, BlobError> {
        match self {
            PhotoStore::Local(store) => store.free_bytes().map(Some),
        }
    }
}
