//! Checks all stored data for consistency: rows against originals, events against issues, rows against each other.
//! Reads in pages, so that memory does not grow with the county.

use std::collections::HashMap;

use serde::Serialize;
use serde_json::Value;

use super::county::CountyCache;
use super::{AppError, Result, months};
use crate::blobs::{BlobError, PhotoStore};
use crate::domain::batch::{Batch, BatchEvent, BatchState};
use crate::domain::digest::Digest;
use crate::domain::ids::IssueId;
use crate::domain::issue::{EventRecord, Issue, IssuePhoto};
use crate::domain::time::Timestamp;
use crate::media::inspect;
use crate::store::photos::BlobFacts;
use crate::store::{
    Conn, StoreError, batches, checks, dump, issue_index, issues, months as store_months, photos, repeats,
};

/// Rows that are read in one snapshot.
const PAGE: usize = 200;
/// The same, as the store counts.
const PAGE_ROWS: i64 = 200;

/// One thing that is wrong, or worth a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What is wrong, in one word.
    pub kind: &'static str,
    /// Which row or file.
    pub id: String,
    /// More about it; never what a person wrote.
    pub detail: String,
    /// Nothing is wrong, but an operator may want to know.
    pub is_note: bool,
}

/// What was checked, and the result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Issues.
    pub issues: u64,
    /// Originals that were re-hashed.
    pub originals: u64,
    /// What is wrong.
    pub wrong: u64,
    /// What is only worth a look.
    pub notes: u64,
}

struct Verifier<'a> {
    conn: &'a mut Conn,
    photo_store: &'a PhotoStore,
    now: Timestamp,
    found: &'a mut dyn FnMut(&Finding),
    summary: Summary,
}

/// Checks everything, and calls `found` for each finding. The service may keep running.
///
/// # Errors
/// A store could not be read to the end.
pub fn verify(
    conn: &mut Conn,
    photo_store: &PhotoStore,
    now: Timestamp,
    found: &mut dyn FnMut(&Finding),
) -> Result<Summary> {
    let mut verifier = Verifier { conn, photo_store, now, found, summary: Summary::default() };
    verifier.tables()?;
    verifier.settings()?;
    verifier.issues()?;
    verifier.index()?;
    verifier.batches()?;
    verifier.repeats()?;
    verifier.months()?;
    verifier.originals()?;
    verifier.files()?;
    Ok(verifier.summary)
}

/// Rows that cannot be read one by one before more than one is skipped at a time.
const SINGLE_SKIPS_MAX: i64 = 1_000;

/// The position in a table, by its sequence numbers.
struct Walk {
    after: i64,
    limit: i64,
    /// The first row of a range that cannot be read, and why.
    gap: Option<(i64, String)>,
    missed: i64,
}

impl Walk {
    fn new() -> Self {
        Walk { after: 0, limit: PAGE_ROWS, gap: None, missed: 0 }
    }

    /// Continues after a page that was read.
    fn past(&mut self, last: i64) {
        *self = Walk { after: last, ..Walk::new() };
    }

    /// Continues past rows that cannot be read: first with smaller pages, then row by row, then skipping more and more.
    /// `false` at the end of all numbers.
    fn around(&mut self, why: String) -> bool {
        if self.limit > 1 {
            self.limit /= 2;
            return true;
        }
        self.gap.get_or_insert((self.after.saturating_add(1), why));
        self.missed += 1;
        let skip = if self.missed <= SINGLE_SKIPS_MAX { 1 } else { self.after };
        match self.after.checked_add(skip.max(1)) {
            Some(after) => {
                self.after = after;
                true
            }
            None => false,
        }
    }
}

/// Why these rows cannot be read. Any other failure means that the database is unreachable, so the check ends.
fn of_the_data(error: StoreError) -> std::result::Result<String, StoreError> {
    match error {
        StoreError::Corrupt(why) => Ok(why),
        StoreError::Other(why) => Ok(why.to_string()),
        other @ (StoreError::NotFound
        | StoreError::Stale
        | StoreError::Conflict(_)
        | StoreError::Unavailable(_)
        | StoreError::Full
        | StoreError::Refused(_)) => Err(other),
    }
}

impl Verifier<'_> {
    fn wrong(&mut self, kind: &'static str, id: impl ToString, detail: impl Into<String>) {
        self.summary.wrong += 1;
        (self.found)(&Finding { kind, id: id.to_string(), detail: detail.into(), is_note: false });
    }

    fn tables(&mut self) -> Result<()> {
        for number in 0..checks::questions(self.conn).unwrap_or(checks::QUESTIONS_AT_LEAST) {
            let (found, summary) = (&mut *self.found, &mut self.summary);
            // Each in a snapshot of its own: on PostgreSQL a failed query ends its transaction.
            let asked = dump::in_snapshot(self.conn, |conn| {
                checks::ask(conn, number, |kind, id, detail| {
                    summary.wrong += 1;
                    found(&Finding { kind, id, detail, is_note: false });
                    Ok::<_, StoreError>(())
                })
            });
            if let Err(error) = asked {
                let why = of_the_data(error)?;
                self.wrong("unreadable", "", why);
            }
        }
        Ok(())
    }

    fn settings(&mut self) -> Result<()> {
        if let Err(error) = CountyCache::default().load(self.conn) {
            let why = of_the_data(error)?;
            self.wrong("settings", "", why);
        }
        Ok(())
    }

    /// Reports the rows that could not be read, once the walk is past them.
    fn close_gap(&mut self, table: &str, walk: &mut Walk, until: Option<i64>) {
        if let Some((from, why)) = walk.gap.take() {
            let until = until.map_or_else(|| "the end".to_owned(), |until| until.to_string());
            self.wrong("unreadable", table, format!("rows {from} to {until} cannot be read: {why}"));
        }
    }

    fn issues(&mut self) -> Result<()> {
        let mut walk = Walk::new();
        loop {
            let (after, limit) = (walk.after, walk.limit);
            let page = dump::in_snapshot(self.conn, |conn| issues::page(conn, after, limit));
            let page = match page {
                Ok(page) => page,
                Err(error) => {
                    if walk.around(of_the_data(error)?) {
                        continue;
                    }
                    Vec::new()
                }
            };
            self.close_gap("issues", &mut walk, page.first().map(|(first, _)| first - 1));
            let Some((last, _)) = page.last() else { return Ok(()) };
            walk.past(*last);
            self.summary.issues += page.len() as u64;
            let ids: Vec<IssueId> = page.iter().map(|(_, id)| *id).collect();
            match self.read(&ids)? {
                Ok(read) => read.into_iter().for_each(|read| self.issue(read)),
                // One of them cannot be read: each is read on its own, so that the others are checked.
                Err(_) => {
                    for id in ids {
                        match self.read(&[id])? {
                            Ok(read) => read.into_iter().for_each(|read| self.issue(read)),
                            Err(why) => self.wrong("issue-unreadable", id.0, why),
                        }
                    }
                }
            }
        }
    }

    /// Replays the events of every batch, each in a snapshot of its own.
    fn batches(&mut self) -> Result<()> {
        let mut after = None;
        loop {
            let ids = match dump::in_snapshot(self.conn, |conn| batches::ids_after(conn, after, PAGE_ROWS)) {
                Ok(ids) => ids,
                Err(error) => {
                    let why = of_the_data(error)?;
                    self.wrong("unreadable", "batches", why);
                    return Ok(());
                }
            };
            let Some(last) = ids.last().copied() else { return Ok(()) };
            after = Some(last);
            for id in ids {
                let read = dump::in_snapshot(self.conn, |conn| {
                    Ok::<_, StoreError>((batches::row(conn, id)?, batches::find(conn, id)?, batches::events(conn, id)?))
                });
                match read {
                    Ok((row, Some(batch), events)) => self.batch(row, &batch, &events),
                    Ok((_, None, _)) => {}
                    Err(error) => {
                        let why = of_the_data(error)?;
                        self.wrong("batch-unreadable", id, why);
                    }
                }
            }
        }
    }

    fn batch(&mut self, row: (i64, BatchState), batch: &Batch, events: &[BatchEvent]) {
        let id = batch.id;
        if row != (batch.version, batch.state) {
            self.wrong("batch", id, "version or state beside its content differ from it");
        }
        if !events.iter().map(|event| event.version).eq(1..=batch.version) {
            return self.wrong("batch", id, format!("version {} with {} events", batch.version, events.len()));
        }
        let mut state = None;
        for event in events {
            if event.from != state {
                self.wrong("batch", id, format!("event {} does not begin where the last one led", event.version));
            }
            state = Some(event.to);
        }
        if state != Some(batch.state) {
            self.wrong("batch", id, "the last event does not lead to where it stands");
        }
        match Batch::replay(events.iter().map(|event| &event.changes)) {
            Err(_) => self.wrong("batch", id, "its events do not make a batch"),
            Ok(replayed) if replayed != *batch => {
                let fields = differing(&replayed, batch).join(", ");
                self.wrong("batch", id, format!("its events make another: {fields}"));
            }
            Ok(_) => {}
        }
    }

    /// Makes every draw of repeat visits again, and compares it with what is stored.
    fn repeats(&mut self) -> Result<()> {
        let mut after = None;
        loop {
            let page = match dump::in_snapshot(self.conn, |conn| repeats::page(conn, after, PAGE_ROWS)) {
                Ok(page) => page,
                Err(error) => {
                    let why = of_the_data(error)?;
                    self.wrong("unreadable", "repeat_draws", why);
                    return Ok(());
                }
            };
            let Some((_, last, _)) = page.last() else { return Ok(()) };
            after = Some(last.draw);
            for (digest, proof, rows) in page {
                let mut given: Vec<_> = proof.given.iter().map(|one| (one.visit, one.state)).collect();
                given.sort_unstable_by_key(|(visit, _)| *visit);
                if proof.digest() != digest || !proof.replays() {
                    self.wrong("repeat-draw", proof.draw, "its draw comes to something else");
                } else if given != rows {
                    self.wrong("repeat-draw", proof.draw, "other visits are stored as drawn");
                }
            }
        }
    }

    /// Checks every month that was frozen, each in a snapshot of its own.
    fn months(&mut self) -> Result<()> {
        let kept = match dump::in_snapshot(self.conn, store_months::list) {
            Ok(kept) => kept,
            Err(error) => {
                let why = of_the_data(error)?;
                self.wrong("unreadable", "months", why);
                return Ok(());
            }
        };
        for month in kept.into_iter().map(|kept| kept.record.month) {
            match dump::in_snapshot(self.conn, |conn| months::check(conn, month)) {
                Ok(checked) => {
                    let faults = checked.map(|checked| checked.faults).unwrap_or_default();
                    faults.into_iter().for_each(|fault| self.wrong("month", month, fault));
                }
                Err(AppError::Internal(why)) => self.wrong("month", month, why),
                Err(other) => return Err(other),
            }
        }
        Ok(())
    }

    /// Compares the index of issues with the issues, one chunk in a snapshot.
    fn index(&mut self) -> Result<()> {
        let chunks = match dump::in_snapshot(self.conn, issue_index::chunks) {
            Ok(chunks) => chunks,
            Err(error) => {
                let why = of_the_data(error)?;
                self.wrong("unreadable", "issue_index_terms", why);
                return Ok(());
            }
        };
        for chunk in 0..chunks {
            let (found, summary) = (&mut *self.found, &mut self.summary);
            let checked = dump::in_snapshot(self.conn, |conn| {
                issue_index::check(conn, chunk, |id, detail| {
                    summary.wrong += 1;
                    found(&Finding { kind: "index", id, detail: detail.to_owned(), is_note: false });
                    Ok::<_, StoreError>(())
                })
            });
            if let Err(error) = checked {
                let why = of_the_data(error)?;
                self.wrong("index", "", why);
            }
        }
        Ok(())
    }

    /// Reads these issues in one snapshot; an inner `Err` says why they cannot be read.
    fn read(&mut self, ids: &[IssueId]) -> Result<std::result::Result<Vec<ReadIssue>, String>> {
        match dump::in_snapshot(self.conn, |conn| read_issues(conn, ids)) {
            Ok(read) => Ok(Ok(read)),
            Err(error) => Ok(Err(of_the_data(error)?)),
        }
    }

    fn issue(&mut self, ReadIssue { issue, events, photos }: ReadIssue) {
        let id = issue.id.0;
        let versions: Vec<i64> = events.iter().map(|event| event.version).collect();
        if !versions.iter().copied().eq(1..=issue.version) {
            return self.wrong("versions", id, format!("version {} with {} events", issue.version, versions.len()));
        }
        let mut state = None;
        for event in &events {
            if event.from != state {
                self.wrong("event-state", id, format!("event {} does not begin where the last one led", event.version));
            }
            state = Some(event.to);
            // A later event may hide what is missing in an earlier one, but not this.
            if event.changes.get("version").and_then(Value::as_i64) != Some(event.version) {
                self.wrong("replay", id, format!("event {} does not lead to its version", event.version));
            }
        }
        if state != Some(issue.state) {
            self.wrong("event-state", id, "the last event does not lead to where it stands");
        }
        match Issue::replay(events.iter().map(|event| &event.changes)) {
            Err(_) => self.wrong("replay", id, "its events do not make an issue"),
            Ok(replayed) if replayed != issue => {
                let fields = differing(&replayed, &issue).join(", ");
                self.wrong("replay", id, format!("its events make another: {fields}"));
            }
            Ok(_) => {}
        }
        if !events.iter().flat_map(|event| &event.photos).eq(&photos) {
            self.wrong("issue-photos", id, "its events name other photos");
        }
    }

    fn originals(&mut self) -> Result<()> {
        let mut walk = Walk::new();
        loop {
            let (after, limit) = (walk.after, walk.limit);
            let page = dump::in_snapshot(self.conn, |conn| photos::facts_page(conn, after, limit));
            let page = match page {
                Ok(page) => page,
                Err(error) => {
                    if walk.around(of_the_data(error)?) {
                        continue;
                    }
                    Vec::new()
                }
            };
            self.close_gap("blobs", &mut walk, page.first().map(|facts| facts.seq - 1));
            let Some(last) = page.last() else { return Ok(()) };
            walk.past(last.seq);
            for facts in page {
                self.summary.originals += 1;
                if let Some((kind, why)) = fault(self.photo_store, &facts) {
                    // It may have been swept since it was read; if that cannot be asked, it counts as kept.
                    let kept = dump::in_snapshot(self.conn, |conn| photos::named(conn, &[facts.sha256]));
                    let kept = match kept {
                        Ok(named) => !named.is_empty(),
                        Err(error) => of_the_data(error).map(|_| true)?,
                    };
                    if kept {
                        self.wrong(kind, facts.sha256, why);
                    }
                }
            }
        }
    }

    /// Files that no row names; the sweep removes them when they are old enough.
    fn files(&mut self) -> Result<()> {
        for first in 0..=u8::MAX {
            let mut digests: Vec<Digest> = Vec::new();
            for original in self.photo_store.originals_of(first) {
                match original {
                    Ok((digest, _)) => digests.push(digest),
                    Err(error) => self.wrong("unreadable", format!("originals/{first:02x}"), error.to_string()),
                }
            }
            for some in digests.chunks(PAGE) {
                let named = match photos::named(self.conn, some) {
                    Ok(named) => named,
                    Err(error) => {
                        let why = of_the_data(error)?;
                        self.wrong("unreadable", "blobs", why);
                        return Ok(());
                    }
                };
                for digest in some.iter().filter(|digest| !named.contains(digest)) {
                    let Ok(since) = self.photo_store.kept_since(digest) else { continue };
                    let hours = self.now.since(since).as_secs() / 3_600;
                    self.summary.notes += 1;
                    let detail = format!("no row names it, {hours} hours old");
                    (self.found)(&Finding { kind: "file", id: digest.to_string(), detail, is_note: true });
                }
            }
        }
        Ok(())
    }
}

struct ReadIssue {
    issue: Issue,
    events: Vec<EventRecord>,
    photos: Vec<IssuePhoto>,
}

fn read_issues(conn: &mut Conn, ids: &[IssueId]) -> std::result::Result<Vec<ReadIssue>, StoreError> {
    let mut events: HashMap<IssueId, Vec<EventRecord>> = HashMap::new();
    for event in issues::events_of(conn, ids)? {
        events.entry(event.issue_id).or_default().push(event);
    }
    let mut photos: HashMap<IssueId, Vec<IssuePhoto>> = HashMap::new();
    for photo in issues::photos(conn, ids)? {
        photos.entry(photo.issue_id).or_default().push(photo.photo);
    }
    let found = issues::find_many(conn, ids)?;
    Ok(found
        .into_iter()
        .map(|issue| ReadIssue {
            events: events.remove(&issue.id).unwrap_or_default(),
            photos: photos.remove(&issue.id).unwrap_or_default(),
            issue,
        })
        .collect())
}

/// The names of the fields in which two of a kind differ.
fn differing<T: Serialize>(one: &T, other: &T) -> Vec<String> {
    match (serde_json::to_value(one), serde_json::to_value(other)) {
        (Ok(Value::Object(one)), Ok(Value::Object(other))) => {
            one.iter().filter(|(name, value)| other.get(*name) != Some(value)).map(|(name, _)| name.clone()).collect()
        }
        _ => Vec::new(),
    }
}

/// The fault of an original, and its description.
fn fault(photo_store: &PhotoStore, facts: &BlobFacts) -> Option<(&'static str, String)> {
    let mut original = match photo_store.open_original(&facts.sha256) {
        Ok(original) => original,
        Err(BlobError::NotFound) => return Some(("original-lost", String::new())),
        Err(error) => return Some(("original-unreadable", error.to_string())),
    };
    match photo_store.verify(&facts.sha256) {
        Ok(true) => {}
        Ok(false) => return Some(("original-damaged", String::new())),
        Err(error) => return Some(("original-unreadable", error.to_string())),
    }
    if i64::try_from(original.size_bytes) != Ok(facts.size_bytes) {
        return Some(("original-facts", "size_bytes".to_owned()));
    }
    if serde_json::from_str::<Value>(&facts.exif).is_err() {
        return Some(("original-facts", "exif".to_owned()));
    }
    let Ok(seen) = inspect(&mut original.file, original.size_bytes) else {
        return Some(("original-facts", "no picture that would be taken today".to_owned()));
    };
    let pixels = |count: Option<u32>| count.and_then(|count| i32::try_from(count).ok());
    let differs = [
        ("media_type", seen.kind.media_type() != facts.media_type),
        ("width", pixels(seen.width) != facts.width),
        ("height", pixels(seen.height) != facts.height),
        ("orientation", i32::from(seen.orientation) != facts.orientation),
    ];
    let names: Vec<&str> = differs.into_iter().filter(|(_, differs)| *differs).map(|(name, _)| name).collect();
    if names.is_empty() { None } else { Some(("original-facts", names.join(", "))) }
}
