//! The photo store: originals, sealed under the SHA-256 of their bytes, and the renditions made from them.
//!
//! A sealed original is on stable storage, never changes and is never incomplete. A rendition is only a copy: one that
//! is lost or damaged is made again.
//!
//! Never here: what the bytes mean, who may see them, names or types from a client.

mod error;
mod incoming;
mod lease;
mod listing;
mod local;
mod originals;
mod renditions;
mod s3;
mod s3_address;
mod s3_pieces;
mod scratch;
mod sync;
mod unfinished;

#[cfg(test)]
mod tests;

pub use error::BlobError;
pub use incoming::{Incoming, Received};
pub use lease::Sealed;
pub use listing::{Listed, Page};
pub use local::LocalStore;
pub use renditions::Variant;
pub use s3::S3Store;
pub use s3_address::{S3Address, S3Secret};
pub use unfinished::{Announcement, Partial};

use std::fs::File;
use std::io;
use std::path::PathBuf;

use scratch::Scratch;

use crate::domain::digest::Digest;
use crate::domain::ids::{PhotoId, UserId};
use crate::domain::time::Timestamp;

/// The photo store of this installation. Calls block on the disk or the network, so make them on a blocking thread.
/// Clones share the store.
#[derive(Debug, Clone)]
pub enum PhotoStore {
    /// A folder of this machine.
    Local(LocalStore),
    /// A bucket of an object store.
    S3(S3Store),
}

/// A sealed original, opened for reading.
#[derive(Debug)]
pub struct Original {
    /// Positioned at its first byte.
    pub file: File,
    /// Length in bytes.
    pub size_bytes: u64,
}

impl PhotoStore {
    /// Begins to receive an original of at most `bytes_max` bytes.
    ///
    /// # Errors
    /// [`BlobError::Full`].
    pub fn begin(&self, bytes_max: u64) -> Result<Incoming, BlobError> {
        match self {
            PhotoStore::Local(store) => store.begin(bytes_max),
            PhotoStore::S3(store) => store.begin(bytes_max),
        }
    }

    fn scratch(&self) -> &Scratch {
        match self {
            PhotoStore::Local(store) => &store.inner.scratch,
            PhotoStore::S3(store) => store.scratch(),
        }
    }

    /// Creates a resumable upload, replacing one under the same id. It is kept on this node until it is complete (ADR
    /// 0012). For this and the next methods, only one caller at a time may work on an owner and id.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Unsynced`].
    pub fn begin_partial(&self, owner: UserId, id: PhotoId, announcement: &Announcement) -> Result<(), BlobError> {
        unfinished::create(self.scratch(), owner, id, announcement)
    }

    /// Opens a resumable upload at its acknowledged offset.
    ///
    /// # Errors
    /// [`BlobError::NotFound`].
    pub fn open_partial(&self, owner: UserId, id: PhotoId) -> Result<Partial, BlobError> {
        unfinished::open(self.scratch(), owner, id)
    }

    /// A complete resumable upload, read and hashed, ready to be sealed; the upload stays until it is removed.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] while it is not complete.
    pub fn whole_partial(&self, partial: &Partial) -> Result<Received, BlobError> {
        partial.received(self.scratch())
    }

    /// Removes a resumable upload. One that does not exist counts as removed.
    pub fn remove_partial(&self, owner: UserId, id: PhotoId) -> Result<(), BlobError> {
        unfinished::remove(self.scratch(), owner, id)
    }

    /// The resumable uploads of one owner.
    pub fn partials_of(&self, owner: UserId) -> Result<Vec<(PhotoId, Announcement)>, BlobError> {
        unfinished::of(self.scratch(), owner)
    }

    /// Removes resumable uploads that have expired at `now`; answers how many.
    pub fn sweep_partials(&self, now: Timestamp) -> Result<usize, BlobError> {
        unfinished::sweep(self.scratch(), now)
    }

    /// Makes `received` durable under its digest; see `Received::seal_into` and `s3`.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Unsynced`].
    pub fn seal(&self, received: Received) -> Result<Sealed, BlobError> {
        match self {
            PhotoStore::Local(store) => received.seal_into(&store.inner),
            PhotoStore::S3(store) => store.seal(received),
        }
    }

    /// Opens an original. Its bytes are not checked: see [`Self::verify`].
    ///
    /// # Errors
    /// [`BlobError::NotFound`].
    pub fn open_original(&self, digest: &Digest) -> Result<Original, BlobError> {
        match self {
            PhotoStore::Local(store) => store.open_original(digest),
            PhotoStore::S3(store) => store.open_original(digest),
        }
    }

    /// Opens an original and checks its bytes; `None` when they do not match its digest.
    ///
    /// # Errors
    /// [`BlobError::NotFound`].
    pub fn open_verified(&self, digest: &Digest) -> Result<Option<Original>, BlobError> {
        match self {
            PhotoStore::Local(store) => store.open_verified(digest),
            PhotoStore::S3(store) => store.open_verified(digest),
        }
    }

    /// Checks that sealed bytes are still stored, if another node could have removed them since. Nobody but this
    /// process removes from a folder, and here the lease protects them.
    ///
    /// # Errors
    /// Also when they are gone: then they have to be sent again.
    pub fn confirm(&self, sealed: &Sealed) -> Result<(), BlobError> {
        match self {
            PhotoStore::Local(_) => Ok(()),
            PhotoStore::S3(store) => store.confirm(sealed),
        }
    }

    /// The name of this store; `None` when it has none yet.
    pub fn identity(&self) -> Result<Option<String>, BlobError> {
        match self {
            PhotoStore::Local(store) => store.identity(),
            PhotoStore::S3(store) => store.identity(),
        }
    }

    /// Sets the name of this store, durably.
    pub fn set_identity(&self, name: &str) -> Result<(), BlobError> {
        match self {
            PhotoStore::Local(store) => store.set_identity(name),
            PhotoStore::S3(store) => store.set_identity(name),
        }
    }

    /// Path of an original, when it is a file of this machine.
    #[must_use]
    pub fn original_path(&self, digest: &Digest) -> Option<PathBuf> {
        match self {
            PhotoStore::Local(store) => Some(store.original_path(digest)),
            PhotoStore::S3(_) => None,
        }
    }

    /// Re-hashes an original: whether its bytes match its digest.
    ///
    /// # Errors
    /// [`BlobError::NotFound`].
    pub fn verify(&self, digest: &Digest) -> Result<bool, BlobError> {
        match self {
            PhotoStore::Local(store) => store.verify(digest),
            PhotoStore::S3(store) => store.verify(digest),
        }
    }

    /// Every stored original, with its length in bytes, in no particular order. Files that are not originals are left
    /// out.
    pub fn originals(&self) -> Box<dyn Iterator<Item = io::Result<(Digest, u64)>> + '_> {
        match self {
            PhotoStore::Local(store) => Box::new(store.originals()),
            PhotoStore::S3(store) => Box::new(store.originals()),
        }
    }

    /// A page of what is stored, originals and renditions, in the order of their keys, after the key `after` (from the
    /// start when it is empty). Memory and work are bounded by `limit`; a folder reads a 256th of a kind at a time.
    pub fn page(&self, after: &str, limit: usize) -> Result<Page, BlobError> {
        match self {
            PhotoStore::Local(store) => store.page(after, limit),
            PhotoStore::S3(store) => store.page(after, limit),
        }
    }

    /// Aborts multipart uploads that a dead process had begun, or that could not be aborted at the time; answers how
    /// many. A folder has none.
    pub fn abort_abandoned(&self) -> Result<usize, BlobError> {
        match self {
            PhotoStore::Local(_) => Ok(0),
            PhotoStore::S3(store) => store.abort_abandoned(),
        }
    }

    /// The originals whose digest begins with this byte: one part of 256 of [`Self::originals`].
    pub fn originals_of(&self, first: u8) -> Box<dyn Iterator<Item = io::Result<(Digest, u64)>> + '_> {
        match self {
            PhotoStore::Local(store) => Box::new(store.originals_of(first)),
            PhotoStore::S3(store) => Box::new(store.originals_of(first)),
        }
    }

    /// Since when an original has been stored.
    ///
    /// # Errors
    /// [`BlobError::NotFound`].
    pub fn kept_since(&self, digest: &Digest) -> Result<Timestamp, BlobError> {
        match self {
            PhotoStore::Local(store) => store.kept_since(digest),
            PhotoStore::S3(store) => store.kept_since(digest),
        }
    }

    /// Removes an original and its renditions, unless an upload holds a lease on it: then it answers `false` and
    /// removes nothing. What does not exist counts as removed.
    pub fn remove(&self, digest: &Digest) -> Result<bool, BlobError> {
        match self {
            PhotoStore::Local(store) => store.remove(digest),
            PhotoStore::S3(store) => store.remove(digest),
        }
    }

    /// Stores a rendition, replacing an earlier one. It is not synced.
    ///
    /// # Errors
    /// [`BlobError::Full`].
    pub fn put_rendition(&self, digest: &Digest, variant: Variant, bytes: &[u8]) -> Result<(), BlobError> {
        match self {
            PhotoStore::Local(store) => store.put_rendition(digest, variant, bytes),
            PhotoStore::S3(store) => store.put_rendition(digest, variant, bytes),
        }
    }

    /// Reads a rendition.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] also for a damaged one, so that it is made again.
    pub fn read_rendition(&self, digest: &Digest, variant: Variant) -> Result<Vec<u8>, BlobError> {
        match self {
            PhotoStore::Local(store) => store.read_rendition(digest, variant),
            PhotoStore::S3(store) => store.read_rendition(digest, variant),
        }
    }

    /// Writes, syncs, renames, reads and removes a small file: whether originals can be accepted now. Costs two syncs.
    ///
    /// # Errors
    /// What an upload would get.
    pub fn check_ready(&self) -> Result<(), BlobError> {
        match self {
            PhotoStore::Local(store) => store.check_ready(),
            PhotoStore::S3(store) => store.check_ready(),
        }
    }

    /// Free bytes; `None` when the store does not know.
    pub fn free_bytes(&self) -> Result<Option<u64>, BlobError> {
        match self {
            PhotoStore::Local(store) => store.free_bytes().map(Some),
            PhotoStore::S3(_) => Ok(None),
        }
    }
}
