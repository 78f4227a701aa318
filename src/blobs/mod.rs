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

/// The photo store of this installation. Calls block on the disk or the network: make
/// them on a blocking thread. Clones share the store.
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
    /// At its first byte.
    pub file: File,
    /// Length in bytes.
    pub size_bytes: u64,
}

impl PhotoStore {
    /// Begins to take an original of at most `bytes_max` bytes.
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

    /// Makes room for an original that comes in pieces, in place of one under the same id. It lies on this node
    /// until it is whole (ADR 0012). Who calls this or one of the next must be the only one to do so for that
    /// owner and id.
    ///
    /// # Errors
    /// [`BlobError::Full`], [`BlobError::Unsynced`].
    pub fn begin_partial(&self, owner: UserId, id: PhotoId, announcement: &Announcement) -> Result<(), BlobError> {
        unfinished::create(self.scratch(), owner, id, announcement)
    }

    /// An original that comes in pieces, as far as it was kept.
    ///
    /// # Errors
    /// [`BlobError::NotFound`].
    pub fn open_partial(&self, owner: UserId, id: PhotoId) -> Result<Partial, BlobError> {
        unfinished::open(self.scratch(), owner, id)
    }

    /// The same once it is whole, read and hashed, to be sealed; it stays until it is removed.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] while it is not whole.
    pub fn whole_partial(&self, partial: &Partial) -> Result<Received, BlobError> {
        partial.received(self.scratch())
    }

    /// Removes an original that came in pieces. What is not there counts as removed.
    pub fn remove_partial(&self, owner: UserId, id: PhotoId) -> Result<(), BlobError> {
        unfinished::remove(self.scratch(), owner, id)
    }

    /// What one owner has begun to send in pieces.
    pub fn partials_of(&self, owner: UserId) -> Result<Vec<(PhotoId, Announcement)>, BlobError> {
        unfinished::of(self.scratch(), owner)
    }

    /// Removes what should have been whole before `now`; answers how many.
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

    /// Opens an original whose bytes are what it is called; `None` when they are not.
    ///
    /// # Errors
    /// [`BlobError::NotFound`].
    pub fn open_verified(&self, digest: &Digest) -> Result<Option<Original>, BlobError> {
        match self {
            PhotoStore::Local(store) => store.open_verified(digest),
            PhotoStore::S3(store) => store.open_verified(digest),
        }
    }

    /// Asks whether what was sealed is still kept, when another node could have removed it
    /// since: nobody but this process removes from a folder, and here a lease stands before it.
    ///
    /// # Errors
    /// The store's, also when it is gone: then it is to be sent again.
    pub fn confirm(&self, sealed: &Sealed) -> Result<(), BlobError> {
        match self {
            PhotoStore::Local(_) => Ok(()),
            PhotoStore::S3(store) => store.confirm(sealed),
        }
    }

    /// The name that was given to this store; `None` when none was yet.
    pub fn identity(&self) -> Result<Option<String>, BlobError> {
        match self {
            PhotoStore::Local(store) => store.identity(),
            PhotoStore::S3(store) => store.identity(),
        }
    }

    /// Gives this store a name, durably.
    pub fn set_identity(&self, name: &str) -> Result<(), BlobError> {
        match self {
            PhotoStore::Local(store) => store.set_identity(name),
            PhotoStore::S3(store) => store.set_identity(name),
        }
    }

    /// Where an original lies, when it is a file of this machine.
    #[must_use]
    pub fn original_path(&self, digest: &Digest) -> Option<PathBuf> {
        match self {
            PhotoStore::Local(store) => Some(store.original_path(digest)),
            PhotoStore::S3(_) => None,
        }
    }

    /// Hashes an original again: whether it still is what it is called.
    ///
    /// # Errors
    /// [`BlobError::NotFound`].
    pub fn verify(&self, digest: &Digest) -> Result<bool, BlobError> {
        match self {
            PhotoStore::Local(store) => store.verify(digest),
            PhotoStore::S3(store) => store.verify(digest),
        }
    }

    /// Every original that is kept, with its length in bytes, in no order.
    ///
    /// # Errors
    /// The disk's. What is no original is left out.
    pub fn originals(&self) -> Box<dyn Iterator<Item = io::Result<(Digest, u64)>> + '_> {
        match self {
            PhotoStore::Local(store) => Box::new(store.originals()),
            PhotoStore::S3(store) => Box::new(store.originals()),
        }
    }

    /// Some of what is kept, originals and renditions, in the order of their keys: what comes after the key `after`,
    /// or the first when that is empty. Memory and work are bounded by `limit`, in a folder also by the 256th part
    /// of a kind that is read at a time.
    pub fn page(&self, after: &str, limit: usize) -> Result<Page, BlobError> {
        match self {
            PhotoStore::Local(store) => store.page(after, limit),
            PhotoStore::S3(store) => store.page(after, limit),
        }
    }

    /// Gives up what a process that died had begun to send in parts, or what could not be given up at the time;
    /// answers how many. A folder has no such thing.
    pub fn abort_abandoned(&self) -> Result<usize, BlobError> {
        match self {
            PhotoStore::Local(_) => Ok(0),
            PhotoStore::S3(store) => store.abort_abandoned(),
        }
    }

    /// The originals whose digest begins with this byte: one part of 256 of [`Self::originals`].
    ///
    /// # Errors
    /// The disk's. What is no original is left out.
    pub fn originals_of(&self, first: u8) -> Box<dyn Iterator<Item = io::Result<(Digest, u64)>> + '_> {
        match self {
            PhotoStore::Local(store) => Box::new(store.originals_of(first)),
            PhotoStore::S3(store) => Box::new(store.originals_of(first)),
        }
    }

    /// Since when an original is kept.
    ///
    /// # Errors
    /// [`BlobError::NotFound`].
    pub fn kept_since(&self, digest: &Digest) -> Result<Timestamp, BlobError> {
        match self {
            PhotoStore::Local(store) => store.kept_since(digest),
            PhotoStore::S3(store) => store.kept_since(digest),
        }
    }

    /// Removes an original and its renditions, unless the same bytes are being taken
    /// right now: then it answers `false` and removes nothing. What is not there
    /// counts as removed.
    pub fn remove(&self, digest: &Digest) -> Result<bool, BlobError> {
        match self {
            PhotoStore::Local(store) => store.remove(digest),
            PhotoStore::S3(store) => store.remove(digest),
        }
    }

    /// Keeps a rendition, in place of an earlier one. Nothing waits for the disk.
    ///
    /// # Errors
    /// [`BlobError::Full`].
    pub fn put_rendition(&self, digest: &Digest, variant: Variant, bytes: &[u8]) -> Result<(), BlobError> {
        match self {
            PhotoStore::Local(store) => store.put_rendition(digest, variant, bytes),
            PhotoStore::S3(store) => store.put_rendition(digest, variant, bytes),
        }
    }

    /// A rendition as it was put.
    ///
    /// # Errors
    /// [`BlobError::NotFound`] also for one that is damaged, so that it is made again.
    pub fn read_rendition(&self, digest: &Digest, variant: Variant) -> Result<Vec<u8>, BlobError> {
        match self {
            PhotoStore::Local(store) => store.read_rendition(digest, variant),
            PhotoStore::S3(store) => store.read_rendition(digest, variant),
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
            PhotoStore::S3(store) => store.check_ready(),
        }
    }

    /// Bytes that can still be written; `None` when the store does not know.
    pub fn free_bytes(&self) -> Result<Option<u64>, BlobError> {
        match self {
            PhotoStore::Local(store) => store.free_bytes().map(Some),
            PhotoStore::S3(_) => Ok(None),
        }
    }
}
