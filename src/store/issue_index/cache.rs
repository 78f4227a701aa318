//! Sets that were read before. They are kept in memory until the job changes the index.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use roaring::RoaringBitmap;

use super::doc::Texts;
use super::overlay::Overlay;

/// Bytes of sets that are kept. Source: our choice; a set of a county of a million issues has at most 125 kB, and the
/// lists that people look at most need some dozens of them.
const BYTES_MAX: usize = 12 * 1024 * 1024;

/// A set as it is stored.
pub(super) type Stored = Arc<RoaringBitmap>;
/// The stored sets of some blocks of an order, by their numbers.
pub(super) type Blocks = Arc<Vec<(u32, Stored)>>;

/// The version of each chunk.
pub(super) type Versions = Vec<(i32, i64)>;

/// Sets that were read before. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct SetCache(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    versions: Arc<Versions>,
    sets: HashMap<String, Stored>,
    blocks: HashMap<String, Blocks>,
    /// What waits for the job; not counted in `bytes`, since it is needed whether it is kept or not.
    overlays: HashMap<Texts, Arc<Overlay>>,
    bytes: usize,
}

impl Kept {
    /// Makes room for so many bytes more.
    fn reserve(&mut self, bytes: usize) {
        if self.bytes + bytes > BYTES_MAX {
            self.sets.clear();
            self.blocks.clear();
            self.bytes = 0;
        }
        self.bytes += bytes;
    }
}

fn bytes_of(set: &RoaringBitmap) -> usize {
    set.serialized_size() + size_of::<RoaringBitmap>()
}

impl SetCache {
    /// The kept sets of these terms, where the index is the same as when they were read.
    pub(super) fn find(&self, versions: &Versions, terms: &[String]) -> HashMap<String, Stored> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *kept.versions != *versions {
            return HashMap::new();
        }
        let found = terms.iter().filter_map(|term| Some((term.clone(), Arc::clone(kept.sets.get(term)?))));
        found.collect()
    }

    /// The kept blocks under this key.
    pub(super) fn find_blocks(&self, versions: &Versions, key: &str) -> Option<Blocks> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *kept.versions == *versions { kept.blocks.get(key).cloned() } else { None }
    }

    /// The overlay that was read last, where the index is the same as then.
    pub(super) fn find_overlay(&self, versions: &Versions, texts: Texts) -> Option<Arc<Overlay>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *kept.versions == *versions { kept.overlays.get(&texts).cloned() } else { None }
    }

    /// Keeps the overlay that was just read.
    pub(super) fn keep_overlay(&self, versions: &Arc<Versions>, texts: Texts, overlay: &Arc<Overlay>) {
        self.update(versions, |kept| {
            kept.overlays.insert(texts, Arc::clone(overlay));
        });
    }

    /// Keeps sets that were just read.
    pub(super) fn keep(&self, versions: &Arc<Versions>, read: &HashMap<String, Stored>) {
        self.update(versions, |kept| {
            for (term, set) in read {
                kept.reserve(bytes_of(set) + term.len());
                kept.sets.insert(term.clone(), Arc::clone(set));
            }
        });
    }

    /// Keeps blocks that were just read.
    pub(super) fn keep_blocks(&self, versions: &Arc<Versions>, key: String, blocks: &Blocks) {
        self.update(versions, |kept| {
            kept.reserve(key.len() + blocks.iter().map(|(_, set)| bytes_of(set)).sum::<usize>());
            kept.blocks.insert(key, Arc::clone(blocks));
        });
    }

    /// Sets of an index before the last change are not worth keeping.
    fn update(&self, versions: &Arc<Versions>, work: impl FnOnce(&mut Kept)) {
        let newest = |versions: &Versions| versions.iter().map(|(_, version)| *version).max();
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if *kept.versions != **versions {
            if newest(&kept.versions) > newest(versions) {
                return;
            }
            *kept = Kept { versions: Arc::clone(versions), ..Kept::default() };
        }
        work(&mut kept);
    }
}
