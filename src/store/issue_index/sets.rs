//! Sets of issues in one snapshot: those that are stored, with what has changed since.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use diesel::prelude::*;
use roaring::RoaringBitmap;

use super::cache::{SetCache, Versions};
use super::doc::{self, Doc};
use super::place;
use super::term::{Block, Order, Term, hour_of, hours_before};
use crate::domain::ids::IssueId;
use crate::domain::search::LookUp;
use crate::domain::time::Timestamp;
use crate::store::dialect::each_some;
use crate::store::schema::{issue_index_chunks, issue_index_docs, issue_index_terms, issue_index_todo};
use crate::store::{Conn, StoreError};

/// The index in the snapshot of a connection.
pub(in crate::store) struct Index<'a> {
    pub(super) conn: &'a mut Conn,
    cache: &'a SetCache,
    versions: Arc<Versions>,
    /// The issues that have changed since they were brought into the sets, as they are now.
    changed: BTreeMap<u32, Doc>,
    /// Their numbers.
    stale: RoaringBitmap,
    /// Their terms, without those of their texts.
    facts: HashMap<String, RoaringBitmap>,
}

/// An issue with its sort key.
pub(super) type Keyed = (i64, IssueId);

type KeyRow = (i64, IssueId, Timestamp, Option<Timestamp>, i64);

impl<'a> Index<'a> {
    /// Reads what has changed since the job ran last.
    pub(in crate::store) fn open(conn: &'a mut Conn, cache: &'a SetCache) -> Result<Self, StoreError> {
        let mut seqs: Vec<i64> = issue_index_todo::table.select(issue_index_todo::seq).load(conn)?;
        seqs.sort_unstable();
        seqs.dedup();
        let versions: Versions = issue_index_chunks::table.order(issue_index_chunks::chunk).load(conn)?;
        let mut changed = BTreeMap::new();
        for doc in doc::present(conn, &seqs)? {
            changed.insert(place(doc.seq)?, doc);
        }
        let mut facts: HashMap<String, RoaringBitmap> = HashMap::new();
        for (place, doc) in &changed {
            doc.each_fact(|term| {
                facts.entry(term.to_string()).or_default().insert(*place);
            });
        }
        let stale = changed.keys().copied().collect();
        Ok(Index { conn, cache, versions: Arc::new(versions), changed, stale, facts })
    }

    /// The issues with each of these terms, which are not of texts.
    pub(in crate::store) fn sets(&mut self, terms: &[Term<'_>]) -> Result<Vec<Arc<RoaringBitmap>>, StoreError> {
        let keys: Vec<String> = terms.iter().map(Term::to_string).collect();
        let stored = self.stored(&keys)?;
        Ok(keys.iter().map(|key| self.present(key, stored.get(key))).collect())
    }

    /// A stored set as it is now.
    fn present(&self, key: &str, stored: Option<&Arc<RoaringBitmap>>) -> Arc<RoaringBitmap> {
        let stored = stored.cloned().unwrap_or_default();
        match self.facts.get(key) {
            None if stored.is_disjoint(&self.stale) => stored,
            None => Arc::new(&*stored - &self.stale),
            Some(now) => Arc::new((&*stored - &self.stale) | now),
        }
    }

    /// The sets as they are stored; those of terms that no issue has are left out.
    fn stored(&mut self, keys: &[String]) -> Result<HashMap<String, Arc<RoaringBitmap>>, StoreError> {
        let mut found = self.cache.find(&self.versions, keys);
        let mut missing: Vec<&String> = keys.iter().filter(|key| !found.contains_key(*key)).collect();
        missing.sort_unstable();
        missing.dedup();
        if missing.is_empty() {
            return Ok(found);
        }
        let rows: Vec<(String, Vec<u8>)> = each_some(&missing, |some| {
            Ok(issue_index_terms::table
                .filter(issue_index_terms::term.eq_any(some))
                .select((issue_index_terms::term, issue_index_terms::bits))
                .load(self.conn)?)
        })?;
        let mut read: HashMap<String, RoaringBitmap> =
            missing.into_iter().map(|key| (key.clone(), RoaringBitmap::new())).collect();
        for (term, bits) in rows {
            *read.entry(term).or_default() |= read_bits(&bits)?;
        }
        let read = read.into_iter().map(|(term, set)| (term, Arc::new(set))).collect();
        self.cache.keep(&self.versions, &read);
        found.extend(read);
        Ok(found)
    }

    /// The issues in each block of an order and level with these numbers, in ascending order of blocks.
    pub(super) fn blocks(
        &mut self,
        order: Order,
        level: u32,
        numbers: std::ops::RangeInclusive<u32>,
    ) -> Result<Vec<(u32, RoaringBitmap)>, StoreError> {
        let prefix = Block::prefix(order, level);
        let key = |number: u32| Block { order, level, number }.to_string();
        let rows: Vec<(String, Vec<u8>)> = issue_index_terms::table
            .filter(issue_index_terms::term.between(key(*numbers.start()), key(*numbers.end())))
            .select((issue_index_terms::term, issue_index_terms::bits))
            .load(self.conn)?;
        let mut found: BTreeMap<u32, RoaringBitmap> = BTreeMap::new();
        let number_in = |key: &str| {
            Block::number_in(key, &prefix).ok_or_else(|| StoreError::Corrupt(format!("`{key}` is no block")))
        };
        for (term, bits) in rows {
            *found.entry(number_in(&term)?).or_default() |= read_bits(&bits)?;
        }
        found.values_mut().for_each(|set| *set -= &self.stale);
        for (term, now) in self.facts.iter().filter(|(term, _)| term.starts_with(&prefix)) {
            let number = number_in(term)?;
            if numbers.contains(&number) {
                *found.entry(number).or_default() |= now;
            }
        }
        Ok(found.into_iter().collect())
    }

    /// The next block that any issue is in, from `from` on; `None` at the end of the order.
    pub(super) fn next_block(
        &mut self,
        order: Order,
        level: u32,
        from: u32,
        ascending: bool,
    ) -> Result<Option<u32>, StoreError> {
        let prefix = Block::prefix(order, level);
        let key = |number: u32| Block { order, level, number }.to_string();
        let table = issue_index_terms::table.select(issue_index_terms::term);
        let stored: Option<String> = if ascending {
            table
                .filter(issue_index_terms::term.between(key(from), key(u32::MAX)))
                .order((issue_index_terms::term.asc(), issue_index_terms::chunk.asc()))
                .first(self.conn)
        } else {
            table
                .filter(issue_index_terms::term.between(key(0), key(from)))
                .order((issue_index_terms::term.desc(), issue_index_terms::chunk.desc()))
                .first(self.conn)
        }
        .optional()?;
        let numbers = self.facts.keys().chain(&stored).filter_map(|term| Block::number_in(term, &prefix));
        Ok(if ascending {
            numbers.filter(|number| *number >= from).min()
        } else {
            numbers.filter(|number| *number <= from).max()
        })
    }

    /// Those of `within` that are before an instant of an order.
    pub(in crate::store) fn before(
        &mut self,
        order: Order,
        end: Timestamp,
        within: &RoaringBitmap,
    ) -> Result<RoaringBitmap, StoreError> {
        let (end, hour) = (end.as_micros(), hour_of(end.as_micros()));
        let mut terms: Vec<Term<'_>> = hours_before(order, hour).into_iter().map(Term::Block).collect();
        terms.push(Term::Block(Block::around(order, 0, hour)));
        let mut sets = self.sets(&terms)?;
        let last = sets.pop().unwrap_or_default();
        let mut found = RoaringBitmap::new();
        for set in sets {
            found |= &*set & within;
        }
        for (place, (key, _)) in self.keys(order, &(&*last & within))? {
            if key < end {
                found.insert(place);
            }
        }
        Ok(found)
    }

    /// The sort keys of issues; those without are left out.
    pub(super) fn keys(&mut self, order: Order, set: &RoaringBitmap) -> Result<Vec<(u32, Keyed)>, StoreError> {
        let seqs: Vec<i64> = (set - &self.stale).into_iter().map(i64::from).collect();
        let rows: Vec<KeyRow> = each_some(&seqs, |some| {
            Ok(issue_index_docs::table
                .filter(issue_index_docs::seq.eq_any(some))
                .select((
                    issue_index_docs::seq,
                    issue_index_docs::id,
                    issue_index_docs::received_at,
                    issue_index_docs::released_at,
                    issue_index_docs::due_order,
                ))
                .load(self.conn)?)
        })?;
        let mut found = Vec::with_capacity(rows.len());
        for (seq, id, received_at, released_at, due_order) in rows {
            let key = match order {
                Order::Receipt => Some(received_at.as_micros()),
                Order::Release => released_at.map(Timestamp::as_micros),
                Order::Due => Some(due_order),
            };
            if let Some(key) = key {
                found.push((place(seq)?, (key, id)));
            }
        }
        for place in set & &self.stale {
            if let Some((key, doc)) = self.changed.get(&place).and_then(|doc| Some((doc.key(order)?, doc))) {
                found.push((place, (key, doc.id)));
            }
        }
        Ok(found)
    }

    /// Those of `within` whose texts contain folded words.
    pub(in crate::store) fn containing(
        &mut self,
        words: &str,
        within: &RoaringBitmap,
    ) -> Result<RoaringBitmap, StoreError> {
        let LookUp { runs, pairs } = LookUp::of(words);
        let runs: Vec<String> = runs.into_iter().map(|run| Term::Run(run).to_string()).collect();
        let pairs: Vec<String> = pairs.into_iter().map(|pair| Term::Repeated(pair).to_string()).collect();
        let stored = self.stored(&[runs.as_slice(), pairs.as_slice()].concat())?;
        let mut found = within - &self.stale;
        for run in &runs {
            match stored.get(run) {
                Some(set) => found &= &**set,
                None => found.clear(),
            }
        }
        let mut doubtful = RoaringBitmap::new();
        for set in pairs.iter().filter_map(|pair| stored.get(pair)) {
            doubtful |= &**set & &found;
        }
        found -= self.without(words, &doubtful)?;
        let now = self.changed.iter().filter(|(place, doc)| within.contains(**place) && doc.contains(words));
        found.extend(now.map(|(place, _)| *place));
        Ok(found)
    }

    /// Those whose stored texts do not contain folded words.
    fn without(&mut self, words: &str, doubtful: &RoaringBitmap) -> Result<RoaringBitmap, StoreError> {
        let seqs: Vec<i64> = doubtful.iter().map(i64::from).collect();
        let mut without = RoaringBitmap::new();
        for some in seqs.chunks(TEXTS_AT_ONCE) {
            let rows: Vec<(i64, String)> = issue_index_docs::table
                .filter(issue_index_docs::seq.eq_any(some))
                .select((issue_index_docs::seq, issue_index_docs::words))
                .load(self.conn)?;
            for (seq, texts) in rows {
                if !doc::contain(&texts, words) {
                    without.insert(place(seq)?);
                }
            }
        }
        Ok(without)
    }
}

/// Texts that are in memory at a time.
const TEXTS_AT_ONCE: usize = 500;

/// A stored set.
pub(super) fn read_bits(bytes: &[u8]) -> Result<RoaringBitmap, StoreError> {
    RoaringBitmap::deserialize_from(bytes)
        .map_err(|error| StoreError::Corrupt(format!("a set of the index of issues: {error}")))
}
