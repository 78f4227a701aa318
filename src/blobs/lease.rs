//! Leases: bytes that an upload relies on are not removed.
//!
//! An upload of bytes that are stored already relies on the stored copy before its row is written, while a sweep may
//! just have found that no row names them. So whoever seals bytes holds a lease until the row is written, and a removal
//! checks for leases first.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::error::BlobError;
use crate::domain::digest::Digest;

#[derive(Debug, Default)]
pub(super) struct Leases(Mutex<HashMap<Digest, Holder>>);

#[derive(Debug)]
enum Holder {
    /// This many uploads.
    ByUploads(usize),
    ByRemoval,
}

impl Leases {
    fn holders(&self) -> MutexGuard<'_, HashMap<Digest, Holder>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `remove` under the lock on leases, unless somebody holds one.
    pub(super) fn unless_held<T>(&self, digest: &Digest, remove: impl FnOnce() -> T) -> Option<T> {
        let holders = self.holders();
        (!holders.contains_key(digest)).then(remove)
    }

    /// The same for a slow removal: while the result is alive, no lease can be taken on this one digest.
    pub(super) fn begin_removal(&self, digest: &Digest) -> Option<Removal<'_>> {
        match self.holders().entry(*digest) {
            Entry::Occupied(_) => None,
            Entry::Vacant(free) => {
                free.insert(Holder::ByRemoval);
                Some(Removal { leases: self, digest: *digest })
            }
        }
    }
}

/// Keeps uploads of the same bytes out while they are removed.
#[derive(Debug)]
pub(super) struct Removal<'a> {
    leases: &'a Leases,
    digest: Digest,
}

impl Drop for Removal<'_> {
    fn drop(&mut self) {
        self.leases.holders().remove(&self.digest);
    }
}

/// Bytes that are durable and are not removed while this is alive: keep it until the row that names them is committed.
#[derive(Debug)]
#[must_use = "the bytes may be swept away before a row names them"]
pub struct Sealed {
    digest: Digest,
    size_bytes: u64,
    leases: Arc<Leases>,
}

impl Sealed {
    /// # Errors
    /// [`BlobError::Io`] while the same bytes are being removed: they can be sent again at once.
    pub(super) fn lease(leases: Arc<Leases>, digest: Digest, size_bytes: u64) -> Result<Self, BlobError> {
        match leases.holders().entry(digest).or_insert(Holder::ByUploads(0)) {
            Holder::ByUploads(count) => *count += 1,
            Holder::ByRemoval => return Err(BlobError::Io(io::Error::other("the same bytes are being removed"))),
        }
        Ok(Sealed { digest, size_bytes, leases })
    }

    /// The digest.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// Length in bytes.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }
}

impl Drop for Sealed {
    fn drop(&mut self) {
        let mut holders = self.leases.holders();
        if let Some(Holder::ByUploads(count)) = holders.get_mut(&self.digest) {
            *count -= 1;
            if *count == 0 {
                holders.remove(&self.digest);
            }
        }
    }
}
