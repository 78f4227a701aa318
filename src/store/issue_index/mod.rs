//! The index of issues (ADR 0025): it answers lists, counts and searches at a cost that hardly grows with the number of
//! issues.
//!
//! For each term, such as "is closed" or "belongs to this unit", it has the set of the issues with that term as Roaring
//! bitmaps, so that any combination of filters is a few operations on sets. Writers do not touch it: triggers note each
//! changed issue in `issue_index_todo`, and a job brings what is noted there into the sets ([`fold`]). Whoever reads
//! takes the noted issues as they are now and all others from the sets ([`Index`]), so every answer is exact in its
//! snapshot, however long the job has not run.

mod cache;
mod check;
mod doc;
mod facets;
mod fold;
mod overlay;
mod sets;
mod term;
mod walk;

pub use cache::SetCache;
pub use check::{check, chunks};
pub(super) use doc::{DAYS_OPEN_MAX, Texts};
pub use fold::{Folded, fold, is_behind, note_every};
pub(super) use sets::Index;
pub(super) use term::{Direction, Order, Term};

use crate::store::StoreError;

/// Issues of one stored set. Source: the container size of a Roaring bitmap.
const CHUNK_BITS: u32 = 16;

/// The number of an issue in sets.
fn place(seq: i64) -> Result<u32, StoreError> {
    u32::try_from(seq).map_err(|_| StoreError::Corrupt(format!("issue {seq} is beyond what the index can number")))
}

/// The chunk of a number.
#[allow(clippy::cast_possible_wrap, reason = "16 bits are left")]
const fn chunk_of(place: u32) -> i32 {
    (place >> CHUNK_BITS) as i32
}
