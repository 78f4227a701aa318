//! Brings changed issues into the stored sets.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::dsl::max;
use diesel::prelude::*;
use roaring::RoaringBitmap;

use super::doc::{self, Doc, Texts};
use super::sets::read_bits;
use super::term::Term;
use super::{chunk_of, place};
use crate::store::dialect::{ASKED_AT_ONCE, each_some, insert_all};
use crate::store::schema::{issue_index_chunks, issue_index_docs, issue_index_terms, issue_index_todo, issues};
use crate::store::{Conn, StoreError};

/// The result of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Folded {
    /// Changes that were taken in.
    pub changes: usize,
    /// Whether there may be others.
    pub more: bool,
}

/// What changes in one set.
#[derive(Default)]
struct Change {
    added: RoaringBitmap,
    removed: RoaringBitmap,
}

/// The changes of the sets of one chunk, by term.
type Changes = HashMap<String, Change>;

/// Whether more than `changes` are waiting.
pub fn is_behind(conn: &mut Conn, changes: i64) -> Result<bool, StoreError> {
    Ok(issue_index_todo::table
        .select(issue_index_todo::id)
        .order(issue_index_todo::id)
        .offset(changes)
        .first::<i64>(conn)
        .optional()?
        .is_some())
}

/// Notes every issue, for when all of the index may have changed.
pub fn note_every(conn: &mut Conn) -> Result<(), StoreError> {
    diesel::insert_into(issue_index_todo::table)
        .values(issues::table.select(issues::seq).order(issues::seq))
        .into_columns(issue_index_todo::seq)
        .execute(conn)?;
    Ok(())
}

/// Takes in the first `limit` changes. Only one at a time may do this; readers and writers are not disturbed.
pub fn fold(conn: &mut Conn, limit: i64) -> Result<Folded, StoreError> {
    let todo: Vec<(i64, i64)> = issue_index_todo::table.order(issue_index_todo::id).limit(limit).load(conn)?;
    if todo.is_empty() {
        return Ok(Folded { changes: 0, more: false });
    }
    let seqs: Vec<i64> = todo.iter().map(|(_, seq)| *seq).collect::<BTreeSet<i64>>().into_iter().collect();
    // After the list of changes: what is changed later is on a later list.
    let mut before: HashMap<i64, Doc> = doc::known(conn, &seqs)?.into_iter().map(|doc| (doc.seq, doc)).collect();
    let mut chunks: HashMap<i32, Changes> = HashMap::new();
    let mut docs = Vec::new();
    for after in doc::present(conn, &seqs, Texts::Needed)? {
        let place = place(after.seq)?;
        let before = before.remove(&after.seq);
        // Also where nothing differs: readers that keep the waiting changes must learn that they are gone.
        let changes = chunks.entry(chunk_of(place)).or_default();
        if before.as_ref() == Some(&after) {
            continue;
        }
        match before {
            Some(before) => note_difference(changes, place, &before, &after),
            None => note_all(changes, place, &after),
        }
        docs.push(after);
    }
    let newest: Option<i64> = issue_index_chunks::table.select(max(issue_index_chunks::version)).first(conn)?;
    let version = newest.unwrap_or(0) + 1;
    for (chunk, changes) in chunks {
        write(conn, chunk, changes)?;
        diesel::delete(issue_index_chunks::table.find(chunk)).execute(conn)?;
        diesel::insert_into(issue_index_chunks::table)
            .values((issue_index_chunks::chunk.eq(chunk), issue_index_chunks::version.eq(version)))
            .execute(conn)?;
    }
    let changed: Vec<i64> = docs.iter().map(|doc| doc.seq).collect();
    delete_some(&changed, |some| {
        diesel::delete(issue_index_docs::table.filter(issue_index_docs::seq.eq_any(some))).execute(conn)
    })?;
    insert_all!(conn, issue_index_docs::table, docs);
    // Not all up to the last: another transaction may commit an earlier one later.
    let ids: Vec<i64> = todo.iter().map(|(id, _)| *id).collect();
    delete_some(&ids, |some| {
        diesel::delete(issue_index_todo::table.filter(issue_index_todo::id.eq_any(some))).execute(conn)
    })?;
    Ok(Folded { changes: todo.len(), more: i64::try_from(todo.len()).is_ok_and(|taken| taken == limit) })
}

fn delete_some(values: &[i64], mut delete: impl FnMut(&[i64]) -> QueryResult<usize>) -> Result<(), StoreError> {
    each_some(values, |some| {
        delete(some)?;
        Ok(Vec::<()>::new())
    })?;
    Ok(())
}

/// Hands over every term of an issue.
pub(super) fn each_term(doc: &Doc, mut take: impl FnMut(Term<'_>)) {
    doc.each_fact(&mut take);
    doc.each_run(&mut take);
}

/// Notes all terms of an issue that was not in the sets.
fn note_all(changes: &mut Changes, place: u32, doc: &Doc) {
    let mut key = String::new();
    each_term(doc, |term| {
        use std::fmt::Write as _;
        key.clear();
        // Writing to a string does not fail.
        let _ = write!(key, "{term}");
        match changes.get_mut(&key) {
            Some(change) => change.added.insert(place),
            None => changes.entry(key.clone()).or_default().added.insert(place),
        };
    });
}

/// Notes the terms that only one of the two has.
fn note_difference(changes: &mut Changes, place: u32, before: &Doc, after: &Doc) {
    let terms = |doc: &Doc| {
        let mut terms = HashSet::new();
        each_term(doc, |term| {
            terms.insert(term.to_string());
        });
        terms
    };
    let (before, after) = (terms(before), terms(after));
    for key in before.difference(&after) {
        changes.entry(key.clone()).or_default().removed.insert(place);
    }
    for key in after.difference(&before) {
        changes.entry(key.clone()).or_default().added.insert(place);
    }
}

#[derive(Insertable)]
#[diesel(table_name = issue_index_terms)]
struct SetRow {
    term: String,
    chunk: i32,
    bits: Vec<u8>,
}

/// Applies the changes of one chunk, some terms at a time.
fn write(conn: &mut Conn, chunk: i32, changes: Changes) -> Result<(), StoreError> {
    let changes: Vec<(String, Change)> = changes.into_iter().collect();
    for changes in changes.chunks(ASKED_AT_ONCE) {
        let some: &Vec<&str> = &changes.iter().map(|(key, _)| key.as_str()).collect();
        let of_these = || {
            issue_index_terms::table
                .filter(issue_index_terms::chunk.eq(chunk))
                .filter(issue_index_terms::term.eq_any(some))
        };
        let stored: Vec<(String, Vec<u8>)> =
            of_these().select((issue_index_terms::term, issue_index_terms::bits)).load(conn)?;
        let stored: HashMap<&str, &[u8]> = stored.iter().map(|(term, bits)| (term.as_str(), bits.as_slice())).collect();
        let mut rows = Vec::with_capacity(changes.len());
        for (key, Change { added, removed }) in changes {
            let mut set = stored.get(key.as_str()).map(|bits| read_bits(bits)).transpose()?.unwrap_or_default();
            set -= removed;
            set |= added;
            if !set.is_empty() {
                rows.push(SetRow { term: key.clone(), chunk, bits: write_bits(&mut set)? });
            }
        }
        if !stored.is_empty() {
            diesel::delete(of_these()).execute(conn)?;
        }
        insert_all!(conn, issue_index_terms::table, rows);
    }
    Ok(())
}

/// A set as it is stored.
fn write_bits(set: &mut RoaringBitmap) -> Result<Vec<u8>, StoreError> {
    set.optimize();
    let mut bytes = Vec::with_capacity(set.serialized_size());
    set.serialize_into(&mut bytes).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    Ok(bytes)
}
