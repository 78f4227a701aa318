//! Sets that were read before, kept in memory until the job changes the index.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use roaring::RoaringBitmap;

/// Bytes of sets that are kept. Source: our choice; a set of a county of a million issues has at most 125 kB.
const BYTES_MAX: usize = 8 * 1024 * 1024;

/// The version of each chunk.
pub(super) type Versions = Vec<(i32, i64)>;

/// Sets that were read before. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct SetCache(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    versions: Arc<Versions>,
    sets: HashMap<String, Arc<RoaringBitmap>>,
    bytes: usize,
}

impl SetCache {
    /// The kept sets of these terms, where the index is the same as when they were read.
    pub(super) fn find(&self, versions: &Versions, terms: &[String]) -> HashMap<String, Arc<RoaringBitmap>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *kept.versions != *versions {
            return HashMap::new();
        }
        let found = terms.iter().filter_map(|term| Some((term.clone(), Arc::clone(kept.sets.get(term)?))));
        found.collect()
    }

    /// Keeps sets that were just read. Those of an index before the last change are not worth keeping.
    pub(super) fn keep(&self, versions: &Arc<Versions>, read: &HashMap<String, Arc<RoaringBitmap>>) {
        let newest = |versions: &Versions| versions.iter().map(|(_, version)| *version).max();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *kept.versions != **versions {
            if newest(&kept.versions) > newest(versions) {
                return;
            }
            *kept = Kept { versions: Arc::clone(versions), ..Kept::default() };
        }
        for (term, set) in read {
            let bytes = set.serialized_size() + term.len();
            if kept.bytes + bytes > BYTES_MAX {
                kept.sets.clear();
                kept.bytes = 0;
            }
            if kept.sets.insert(term.clone(), Arc::clone(set)).is_none() {
                kept.bytes += bytes;
            }
        }
    }
}
