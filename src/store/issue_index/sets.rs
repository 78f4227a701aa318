//! Sets of issues in one snapshot: those that are stored, with what has changed since.

use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;
use std::sync::Arc;

use diesel::prelude::*;
use roaring::RoaringBitmap;

use super::cache::{Blocks, SetCache, Stored, Versions};
use super::doc::{self, Texts};
use super::overlay::Overlay;
use super::place;
use super::term::{Block, Direction, Order, Term, blocks_before, slot_of};
use crate::domain::ids::IssueId;
use crate::domain::search::LookUp;
use crate::domain::time::Timestamp;
use crate::store::dialect::each_some;
use crate::store::schema::{issue_index_chunks, issue_index_docs, issue_index_terms};
use crate::store::{Conn, StoreError};

/// The index in the snapshot of a connection.
pub(in crate::store) struct Index<'a> {
    pub(super) conn: &'a mut Conn,
    cache: &'a SetCache,
    versions: Arc<Versions>,
    overlay: Arc<Overlay>,
}

/// An issue with its sort key.
pub(super) type Keyed = (i64, IssueId);

type KeyRow = (i64, IssueId, Timestamp, Option<Timestamp>, i64, Option<Timestamp>);

/// Rows of an order that are read together. Source: our choice.
pub(super) const ROWS_AT_ONCE: i64 = 256;

/// The next rows of the index of a column: those with the key of `from`, of which there may be very many, from its id
/// on, then those with other keys.
macro_rules! next_rows {
    ($column:expr, $direction:expr, $from:expr, $conn:expr) => {{
        let (key, id) = $from;
        let of_key = || {
            issue_index_docs::table
                .select((issue_index_docs::seq, $column, issue_index_docs::id))
                .filter($column.eq(key))
                .limit(ROWS_AT_ONCE)
        };
        let others = || issue_index_docs::table.select((issue_index_docs::seq, $column, issue_index_docs::id));
        let mut rows: Vec<(i64, i64, IssueId)> = match $direction {
            Direction::Ascending => {
                of_key().filter(issue_index_docs::id.ge(id)).order(issue_index_docs::id.asc()).load($conn)?
            }
            Direction::Descending => {
                of_key().filter(issue_index_docs::id.le(id)).order(issue_index_docs::id.desc()).load($conn)?
            }
        };
        let rest = ROWS_AT_ONCE - i64::try_from(rows.len()).unwrap_or(ROWS_AT_ONCE);
        if rest > 0 {
            let others: Vec<(i64, i64, IssueId)> = match $direction {
                Direction::Ascending => others()
                    .filter($column.gt(key))
                    .order(($column.asc(), issue_index_docs::id.asc()))
                    .limit(rest)
                    .load($conn)?,
                Direction::Descending => others()
                    .filter($column.lt(key))
                    .order(($column.desc(), issue_index_docs::id.desc()))
                    .limit(rest)
                    .load($conn)?,
            };
            rows.extend(others);
        }
        rows
    }};
}

impl<'a> Index<'a> {
    /// Reads what has changed since the job ran last. Without texts, [`Self::containing`] finds none of it.
    pub(in crate::store) fn open(conn: &'a mut Conn, cache: &'a SetCache, texts: Texts) -> Result<Self, StoreError> {
        let versions: Arc<Versions> = Arc::new(issue_index_chunks::table.order(issue_index_chunks::chunk).load(conn)?);
        let before = cache.find_overlay(&versions, texts);
        let overlay = Overlay::read(conn, before.as_ref(), texts)?;
        if before.is_none_or(|before| !Arc::ptr_eq(&before, &overlay)) {
            cache.keep_overlay(&versions, texts, &overlay);
        }
        Ok(Index { conn, cache, versions, overlay })
    }

    /// The issues with each of these terms, which are not of texts.
    pub(in crate::store) fn sets(&mut self, terms: &[Term<'_>]) -> Result<Vec<Stored>, StoreError> {
        let keys: Vec<String> = terms.iter().map(Term::to_string).collect();
        let stored = self.stored(&keys)?;
        Ok(keys.iter().map(|key| self.present(key, stored.get(key))).collect())
    }

    /// A stored set as it is now.
    fn present(&self, key: &str, stored: Option<&Stored>) -> Stored {
        let stored = stored.cloned().unwrap_or_default();
        match self.overlay.facts.get(key) {
            None if stored.is_disjoint(&self.overlay.stale) => stored,
            None => Arc::new(&*stored - &self.overlay.stale),
            Some(now) => Arc::new((&*stored - &self.overlay.stale) | now),
        }
    }

    /// The sets as they are stored; those of terms that no issue has are left out.
    fn stored(&mut self, keys: &[String]) -> Result<HashMap<String, Stored>, StoreError> {
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
        numbers: RangeInclusive<u32>,
    ) -> Result<Vec<(u32, Stored)>, StoreError> {
        let prefix = Block::prefix(order, level);
        let mut found: BTreeMap<u32, Stored> = BTreeMap::new();
        for (number, set) in self.stored_blocks(order, level, &numbers)?.iter() {
            let now = if set.is_disjoint(&self.overlay.stale) {
                Arc::clone(set)
            } else {
                Arc::new(&**set - &self.overlay.stale)
            };
            found.insert(*number, now);
        }
        for (term, now) in self.overlay.facts.iter().filter(|(term, _)| term.starts_with(&prefix)) {
            let number = number_of(term, &prefix)?;
            if numbers.contains(&number) {
                let set = found.entry(number).or_default();
                *set = Arc::new(&**set | now);
            }
        }
        Ok(found.into_iter().collect())
    }

    fn stored_blocks(&mut self, order: Order, level: u32, numbers: &RangeInclusive<u32>) -> Result<Blocks, StoreError> {
        let prefix = Block::prefix(order, level);
        let [first, last] = [*numbers.start(), *numbers.end()].map(|number| Block { order, level, number }.to_string());
        let key = format!("{first} {last}");
        if let Some(blocks) = self.cache.find_blocks(&self.versions, &key) {
            return Ok(blocks);
        }
        let rows: Vec<(String, Vec<u8>)> = issue_index_terms::table
            .filter(issue_index_terms::term.between(first, last))
            .select((issue_index_terms::term, issue_index_terms::bits))
            .load(self.conn)?;
        let mut found: BTreeMap<u32, RoaringBitmap> = BTreeMap::new();
        for (term, bits) in rows {
            *found.entry(number_of(&term, &prefix)?).or_default() |= read_bits(&bits)?;
        }
        let blocks: Blocks = Arc::new(found.into_iter().map(|(number, set)| (number, Arc::new(set))).collect());
        self.cache.keep_blocks(&self.versions, key, &blocks);
        Ok(blocks)
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
        let numbers = self.overlay.facts.keys().chain(&stored).filter_map(|term| Block::number_in(term, &prefix));
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
        let (end, slot) = (end.as_micros(), slot_of(end.as_micros()));
        let (stale, clean) = self.parted(within);
        let mut found = &*self.stored_before(order, slot)? & &clean;
        let last = self.sets(&[Term::Block(Block::around(order, 0, slot))])?.pop().unwrap_or_default();
        for (place, (key, _)) in self.keys(order, &((&*last & clean) | stale))? {
            if key < end {
                found.insert(place);
            }
        }
        Ok(found)
    }

    /// The stored issues in the slots before one, which are many blocks.
    fn stored_before(&mut self, order: Order, slot: u32) -> Result<Stored, StoreError> {
        let key = format!("before {}", Block { order, level: 0, number: slot });
        if let Some(set) = self.cache.find(&self.versions, std::slice::from_ref(&key)).remove(&key) {
            return Ok(set);
        }
        let keys: Vec<String> = blocks_before(order, slot).iter().map(Block::to_string).collect();
        let mut all = RoaringBitmap::new();
        for set in self.stored(&keys)?.values() {
            all |= &**set;
        }
        let all = Arc::new(all);
        self.cache.keep(&self.versions, &HashMap::from([(key, Arc::clone(&all))]));
        Ok(all)
    }

    /// The sort keys of issues; those without are left out.
    pub(super) fn keys(&mut self, order: Order, set: &RoaringBitmap) -> Result<Vec<(u32, Keyed)>, StoreError> {
        let seqs: Vec<i64> = (set - &self.overlay.stale).into_iter().map(i64::from).collect();
        let rows: Vec<KeyRow> = each_some(&seqs, |some| {
            Ok(issue_index_docs::table
                .filter(issue_index_docs::seq.eq_any(some))
                .select((
                    issue_index_docs::seq,
                    issue_index_docs::id,
                    issue_index_docs::received_at,
                    issue_index_docs::released_at,
                    issue_index_docs::due_order,
                    issue_index_docs::closed_at,
                ))
                .load(self.conn)?)
        })?;
        let mut found = Vec::with_capacity(rows.len());
        for (seq, id, received_at, released_at, due_order, closed_at) in rows {
            if let Some(key) = doc::key_in(order, received_at, released_at, due_order, closed_at) {
                found.push((place(seq)?, (key, id)));
            }
        }
        for place in set & &self.overlay.stale {
            if let Some((key, doc)) = self.overlay.changed.get(&place).and_then(|doc| Some((doc.key(order)?, doc))) {
                found.push((place, (key, doc.id)));
            }
        }
        Ok(found)
    }

    /// A set in two parts: the issues that have changed since they were brought into the sets, and the others.
    pub(super) fn parted(&self, set: &RoaringBitmap) -> (RoaringBitmap, RoaringBitmap) {
        (set & &self.overlay.stale, set - &self.overlay.stale)
    }

    /// The next issues in an order from `from` on, as the index knows them.
    pub(super) fn in_order(
        &mut self,
        order: Order,
        direction: Direction,
        from: Keyed,
    ) -> Result<Vec<(u32, Keyed)>, StoreError> {
        let rows: Vec<(i64, i64, IssueId)> = match order {
            Order::Receipt => next_rows!(issue_index_docs::received_at, direction, from, self.conn),
            Order::Release => {
                next_rows!(issue_index_docs::released_at.assume_not_null(), direction, from, self.conn)
            }
            Order::Due => next_rows!(issue_index_docs::due_order, direction, from, self.conn),
            Order::Closing => {
                next_rows!(issue_index_docs::closed_at.assume_not_null(), direction, from, self.conn)
            }
        };
        rows.into_iter().map(|(seq, key, id)| Ok((place(seq)?, (key, id)))).collect()
    }

    /// Those of `within` whose texts contain folded words.
    pub(in crate::store) fn containing(
        &mut self,
        words: &str,
        within: &RoaringBitmap,
    ) -> Result<RoaringBitmap, StoreError> {
        let LookUp { runs, overlaps } = LookUp::of(words);
        let runs: Vec<String> = runs.into_iter().map(|run| Term::Run(run).to_string()).collect();
        let overlaps: Vec<String> = overlaps.into_iter().map(|run| Term::Repeated(run).to_string()).collect();
        let stored = self.stored(&[runs.as_slice(), overlaps.as_slice()].concat())?;
        let mut found = within - &self.overlay.stale;
        for run in &runs {
            match stored.get(run) {
                Some(set) => found &= &**set,
                None => found.clear(),
            }
        }
        let mut doubtful = RoaringBitmap::new();
        for set in overlaps.iter().filter_map(|run| stored.get(run)) {
            doubtful |= &**set & &found;
        }
        found -= self.without(words, &doubtful)?;
        let now = self.overlay.changed.iter().filter(|(place, doc)| within.contains(**place) && doc.contains(words));
        found.extend(now.map(|(place, _)| *place));
        Ok(found)
    }

    /// Those of `within` whose handlers' names contain folded words.
    pub(in crate::store) fn handled_by(
        &mut self,
        words: &str,
        within: &RoaringBitmap,
    ) -> Result<RoaringBitmap, StoreError> {
        let runs = LookUp::of(words).runs;
        let terms: Vec<Term<'_>> = runs.iter().map(|run| Term::HandlerRun(run)).collect();
        let mut found = within.clone();
        for set in self.sets(&terms)? {
            found &= &*set;
        }
        if runs.len() < 2 {
            return Ok(found);
        }
        // Few names are longer than a run.
        let (stale, clean) = self.parted(&found);
        let seqs: Vec<i64> = clean.iter().map(i64::from).collect();
        let mut fitting = RoaringBitmap::new();
        for some in seqs.chunks(TEXTS_AT_ONCE) {
            let rows: Vec<(i64, String)> = issue_index_docs::table
                .filter(issue_index_docs::seq.eq_any(some))
                .select((issue_index_docs::seq, issue_index_docs::handler))
                .load(self.conn)?;
            for (seq, _) in rows.iter().filter(|(_, name)| name.contains(words)) {
                fitting.insert(place(*seq)?);
            }
        }
        let now =
            stale.iter().filter(|place| self.overlay.changed.get(place).is_some_and(|doc| doc.is_handled_by(words)));
        fitting.extend(now);
        Ok(fitting)
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

fn number_of(term: &str, prefix: &str) -> Result<u32, StoreError> {
    Block::number_in(term, prefix).ok_or_else(|| StoreError::Corrupt(format!("`{term}` is no block")))
}

/// Texts that are in memory at a time.
const TEXTS_AT_ONCE: usize = 500;

/// A stored set. Runs are stored as runs, but in memory other forms are faster to combine.
pub(super) fn read_bits(bytes: &[u8]) -> Result<RoaringBitmap, StoreError> {
    let mut set = RoaringBitmap::deserialize_from(bytes)
        .map_err(|error| StoreError::Corrupt(format!("a set of the index of issues: {error}")))?;
    set.remove_run_compression();
    Ok(set)
}
