//! Issues that have changed since they were last brought into the stored sets, read as they are now.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use diesel::prelude::*;
use roaring::RoaringBitmap;

use super::doc::{self, Doc, Texts};
use super::place;
use crate::store::schema::issue_index_todo;
use crate::store::{Conn, StoreError};

/// The issues that have changed since they were brought into the stored sets, as they are now.
#[derive(Debug, Clone, Default)]
pub(super) struct Overlay {
    /// The waiting changes that it contains: their ids and issues.
    todo: BTreeMap<i64, i64>,
    /// The issues by their numbers.
    pub(super) changed: BTreeMap<u32, Arc<Doc>>,
    /// Their numbers.
    pub(super) stale: RoaringBitmap,
    /// Their terms, without those of their texts.
    pub(super) facts: HashMap<String, RoaringBitmap>,
}

impl Overlay {
    /// The overlay of the connection's snapshot. `before` is that of another snapshot in which the index was the same:
    /// only what has changed between the two is read. Each change of an issue adds a waiting change with a new id, and
    /// ids are not used again before the job has changed the version of the index.
    pub(super) fn read(conn: &mut Conn, before: Option<&Arc<Self>>, texts: Texts) -> Result<Arc<Self>, StoreError> {
        let todo: Vec<(i64, i64)> =
            issue_index_todo::table.select((issue_index_todo::id, issue_index_todo::seq)).load(conn)?;
        let todo: BTreeMap<i64, i64> = todo.into_iter().collect();
        let mut now = match before {
            Some(before) if before.todo == todo => return Ok(Arc::clone(before)),
            // A snapshot from before that one.
            Some(before) if before.todo.keys().any(|id| !todo.contains_key(id)) => Self::default(),
            Some(before) => Self::clone(before),
            None => Self::default(),
        };
        let new: BTreeSet<i64> =
            todo.iter().filter(|(id, _)| !now.todo.contains_key(id)).map(|(_, seq)| *seq).collect();
        let new: Vec<i64> = new.into_iter().collect();
        for doc in doc::present(conn, &new, texts)? {
            now.put(doc)?;
        }
        now.todo = todo;
        Ok(Arc::new(now))
    }

    fn put(&mut self, doc: Doc) -> Result<(), StoreError> {
        let place = place(doc.seq)?;
        if let Some(before) = self.changed.remove(&place) {
            before.each_fact(|term| {
                let term = term.to_string();
                if let Some(set) = self.facts.get_mut(&term) {
                    set.remove(place);
                    if set.is_empty() {
                        self.facts.remove(&term);
                    }
                }
            });
        }
        doc.each_fact(|term| {
            self.facts.entry(term.to_string()).or_default().insert(place);
        });
        self.stale.insert(place);
        self.changed.insert(place, Arc::new(doc));
        Ok(())
    }
}
