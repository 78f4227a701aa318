//! Bytes that are being taken may not be removed under the uploader's hands.
//!
//! An upload of bytes that are already kept finds them and relies on them, though
//! its row is not written yet, while a sweep may have just found that no row names
//! them. Whoever seals holds a lease until its row is written; removing asks first.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::domain::digest::Digest;

#[derive(Debug, Default)]
pub(super) struct Leases(Mutex<HashMap<Digest, usize>>);

impl Leases {
    fn held(&self) -> MutexGuard<'_, HashMap<Digest, usize>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `remove` while nobody can take a lease, unless somebody holds one.
    pub(super) fn unless_held<T>(&self, digest: &Digest, remove: impl FnOnce() -> T) -> Option<T> {
        let held = self.held();
        (!held.contains_key(digest)).then(remove)
    }
}

/// Bytes that are durable, and stay as long as this is alive: keep it until the row
/// that names them is committed.
#[derive(Debug)]
#[must_use = "the bytes may be swept away before a row names them"]
pub struct Sealed {
    digest: Digest,
    size_bytes: u64,
    leases: Arc<Leases>,
}

impl Sealed {
    pub(super) fn lease(leases: Arc<Leases>, digest: Digest, size_bytes: u64) -> Self {
        *leases.held().entry(digest).or_default() += 1;
        Sealed { digest, size_bytes, leases }
    }

    /// What the bytes are called.
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
        let mut held = self.leases.held();
        if let Some(count) = held.get_mut(&self.digest) {
            *count -= 1;
            if *count == 0 {
                held.remove(&self.digest);
            }
        }
    }
}
