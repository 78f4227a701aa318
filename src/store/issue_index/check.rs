//! Compares the index with the issues.

use std::collections::HashMap;

use diesel::prelude::*;
use roaring::RoaringBitmap;

use super::doc::{self, Doc, Texts};
use super::fold::each_term;
use super::sets::read_bits;
use super::{CHUNK_BITS, chunk_of, place};
use crate::store::schema::{issue_index_docs, issue_index_terms, issue_index_todo, issues};
use crate::store::{Conn, StoreError};

/// Issues that are in memory at a time.
const PAGE: i64 = 1_000;

/// The number of chunks that issues are in.
pub fn chunks(conn: &mut Conn) -> Result<i32, StoreError> {
    let last: Option<i64> = issues::table.select(diesel::dsl::max(issues::seq)).first(conn)?;
    last.map_or(Ok(0), |last| Ok(chunk_of(place(last)?) + 1))
}

/// Compares one chunk of the index with its issues in the snapshot of the connection, and hands over what is wrong with
/// which issue or set.
///
/// # Errors
/// Those of `take`.
pub fn check<E: From<StoreError>>(
    conn: &mut Conn,
    chunk: i32,
    mut take: impl FnMut(String, &'static str) -> Result<(), E>,
) -> Result<(), E> {
    let first = i64::from(chunk) << CHUNK_BITS;
    let end = first + (1 << CHUNK_BITS);
    let mut expected: HashMap<String, RoaringBitmap> = HashMap::new();
    let mut next = first;
    loop {
        let (present, known) = page(conn, next, end)?;
        let Some(last) = present.keys().chain(known.keys()).max().copied() else { break };
        let waiting = waiting(conn, next, last)?;
        for (seq, doc) in &known {
            let place = place(*seq)?;
            each_term(doc, |term| {
                expected.entry(term.to_string()).or_default().insert(place);
            });
            match present.get(seq) {
                Some(now) if now == doc || waiting.contains(place) => {}
                Some(now) => take(now.id.to_string(), "the index knows it as it is not")?,
                None => take(doc.id.to_string(), "the index knows it, but there is no such issue")?,
            }
        }
        for (seq, doc) in present.iter().filter(|(seq, _)| !known.contains_key(*seq)) {
            if !waiting.contains(place(*seq)?) {
                take(doc.id.to_string(), "the index does not know it")?;
            }
        }
        next = last + 1;
    }
    let stored = issue_index_terms::table
        .filter(issue_index_terms::chunk.eq(chunk))
        .select((issue_index_terms::term, issue_index_terms::bits));
    let stored: Vec<(String, Vec<u8>)> = stored.load(conn).map_err(StoreError::from)?;
    for (term, bits) in stored {
        if read_bits(&bits).ok() != expected.remove(&term) {
            take(term, "the set has other issues than it should")?;
        }
    }
    expected.into_keys().try_for_each(|term| take(term, "the set is missing"))
}

type Docs = HashMap<i64, Doc>;

/// The next issues, as they are and as the index knows them.
fn page(conn: &mut Conn, from: i64, end: i64) -> Result<(Docs, Docs), StoreError> {
    let mut seqs: Vec<i64> = issues::table
        .filter(issues::seq.ge(from))
        .filter(issues::seq.lt(end))
        .order(issues::seq)
        .limit(PAGE)
        .select(issues::seq)
        .load(conn)?;
    let indexed: Vec<i64> = issue_index_docs::table
        .filter(issue_index_docs::seq.ge(from))
        .filter(issue_index_docs::seq.lt(end))
        .order(issue_index_docs::seq)
        .limit(PAGE)
        .select(issue_index_docs::seq)
        .load(conn)?;
    seqs.extend(indexed);
    seqs.sort_unstable();
    seqs.dedup();
    seqs.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let by_seq = |docs: Vec<Doc>| docs.into_iter().map(|doc| (doc.seq, doc)).collect();
    Ok((by_seq(doc::present(conn, &seqs, Texts::Needed)?), by_seq(doc::known(conn, &seqs)?)))
}

/// Those whose changes wait for the job.
fn waiting(conn: &mut Conn, from: i64, through: i64) -> Result<RoaringBitmap, StoreError> {
    let seqs: Vec<i64> = issue_index_todo::table
        .filter(issue_index_todo::seq.between(from, through))
        .select(issue_index_todo::seq)
        .load(conn)?;
    seqs.into_iter().map(place).collect()
}
