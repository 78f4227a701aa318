//! Recurring work: removing what nobody needs, re-hashing originals, starting issues that were not signed for,
//! archiving.

use std::time::Duration;

use super::change::{self, Change, Decision};
use super::county::{County, CountyCache};
use super::issues::asking;
use super::locks::{Lock, Locks};
use super::metrics::OriginalFault;
use super::{App, AppError, Result, blocking};
use crate::blobs::{BlobError, Listed, PhotoStore};
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::digest::Digest;
use crate::domain::ids::{IssueId, PhotoId};
use crate::domain::issue::{Issue, State, Transition, archivable_before};
use crate::domain::limits::{ORPHAN_DAYS, SCRUB_DAYS};
use crate::domain::time::Timestamp;
use crate::store::{Conn, StoreError, audit, dialect, fingerprints, issue_index, issues, photos};

/// Rows that one run takes, so that other transactions do not wait long.
const BATCH: usize = 100;
/// Assigned issues that are checked for a lapsed `sign-in` 签收. Source: our choice; a country has 600,000 over its
/// longest holiday, a province 30,000.
const CANDIDATES_MAX: i64 = 100_000;
/// The shortest time in which a unit must sign for an issue: one assigned later cannot have lapsed.
const SIGN_IN_WINDOW_LEAST: Duration = Duration::from_secs(3_600);

/// Removals that may fail in one run before the photo store is taken to be unreachable. Source: our choice.
const FAILURES_MAX: usize = 5;
/// Bytes of originals that one run re-hashes: it must end in time even with a slow store. Source: our choice.
const SCRUB_BYTES_MAX: i64 = 256 * 1024 * 1024;

/// The result of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows that it changed, or originals that it checked.
    pub done: usize,
    /// Whether the next run has work at once.
    pub more: bool,
}

fn days(count: u32) -> Duration {
    Duration::from_secs(u64::from(count) * 86_400)
}

fn rows(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Counts what succeeds, and continues after a row that fails by itself, so that the rows behind it get their turn.
#[derive(Default)]
struct BatchOutcome {
    done: usize,
    failed: Option<AppError>,
}

impl BatchOutcome {
    fn note(&mut self, outcome: Result<bool>) -> Result<()> {
        match outcome {
            Ok(changed) => self.done += usize::from(changed),
            // The next row would fail the same way.
            Err(error @ (AppError::Unavailable(_) | AppError::StorageFull | AppError::Busy(_))) => return Err(error),
            Err(error) => self.failed = self.failed.take().or(Some(error)),
        }
        Ok(())
    }

    fn progress(self, full: bool) -> Result<Progress> {
        match self.failed {
            Some(error) => Err(error),
            None => Ok(Progress { done: self.done, more: full && self.done > 0 }),
        }
    }
}

/// Deletes uploads that no issue has named for a week, with their bytes when nobody else sent the same, and uploads
/// that never became complete on this node or on their way to an object store.
pub async fn sweep_orphans(app: &App) -> Result<Progress> {
    let (uploads, partials) = (sweep_uploads(app).await, sweep_partials(app).await);
    let (uploads, partials) = (uploads?, partials?);
    Ok(Progress { done: uploads.done + partials, more: uploads.more })
}

async fn sweep_partials(app: &App) -> Result<usize> {
    let (now, photo_store) = (app.now(), app.photo_store.clone());
    let removed = blocking(move || {
        let (partials, multiparts) = (photo_store.sweep_partials(now), photo_store.abort_abandoned());
        Ok(partials? + multiparts?)
    })
    .await?;
    if removed > 0 {
        tracing::info!(removed, "uploads that never became whole were forgotten");
    }
    Ok(removed)
}

async fn sweep_uploads(app: &App) -> Result<Progress> {
    let before = app.now().minus(days(ORPHAN_DAYS));
    let orphans = app.store.read(move |conn| Ok::<_, AppError>(photos::orphans(conn, before, rows(BATCH))?)).await?;
    let (full, mut batch) = (orphans.len() == BATCH, BatchOutcome::default());
    for (id, digest) in orphans {
        batch.note(sweep(app, id, digest).await)?;
    }
    batch.progress(full)
}

/// Checks the next `at_once` files of the photo store after the key `after`, originals and renditions, and removes
/// those that are a week old and that no row names. Such files are left by a crash before their row was written, by a
/// failed removal, or by rendering a photo that was being removed. Answers the key to continue after, empty at the end.
///
/// A file that cannot be removed is left to the next round, so that the files behind it get their turn.
///
/// # Errors
/// A store cannot be reached: this part was not checked and is checked again.
pub async fn sweep_files(app: &App, after: &str, at_once: usize) -> Result<(Progress, String)> {
    let (photo_store, after) = (app.photo_store.clone(), after.to_owned());
    let page = blocking(move || Ok(photo_store.page(&after, at_once.max(1))?)).await?;
    let before = app.now().minus(days(ORPHAN_DAYS));
    let old: Vec<Listed> = page.found.into_iter().filter(|listed| listed.since < before).collect();
    let (mut done, mut failed) = (0, 0);
    for some in old.chunks(BATCH) {
        let asked: Vec<Digest> = some.iter().map(|listed| listed.digest).collect();
        let named = app.store.read(move |conn| Ok::<_, AppError>(photos::named(conn, &asked)?)).await?;
        for Listed { key, digest, .. } in some.iter().filter(|listed| !named.contains(&listed.digest)) {
            match remove_bytes(app, *digest).await {
                Ok(true) => {
                    tracing::info!(key, "a file that no row names was removed");
                    done += 1;
                }
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(key, %error, "a file that no row names could not be removed");
                    failed += 1;
                    if failed >= FAILURES_MAX {
                        return Err(error);
                    }
                }
            }
            if done >= BATCH {
                return Ok((Progress { done, more: true }, key.clone()));
            }
        }
    }
    let more = page.next.is_some();
    Ok((Progress { done, more }, page.next.unwrap_or_default()))
}

async fn sweep(app: &App, id: PhotoId, digest: Digest) -> Result<bool> {
    let locks = [Lock::Photo(id), Lock::Bytes(digest)];
    let unused = change::locked(app, locks, move |conn, _| Ok(photos::remove_orphan(conn, id, &digest)?)).await?;
    if unused {
        match remove_bytes(app, digest).await {
            Ok(removed) => {
                tracing::info!(photo.id = %id, photo.sha256 = %digest, removed, "an upload that no issue named was forgotten");
            }
            // Its row is gone, so nothing shows it; the sweep of files will find it.
            Err(error) => tracing::warn!(photo.sha256 = %digest, %error, "the bytes of an upload were left behind"),
        }
    }
    Ok(true)
}

/// Removes bytes that no row names any more; `false` when they stay because somebody is uploading them again right now.
///
/// This is the only place that touches a file inside a transaction: between checking that no row names the bytes and
/// removing them, nobody may record them again. An upload that records them later holds a lease already, and then the
/// store does not remove them.
pub(crate) async fn remove_bytes(app: &App, digest: Digest) -> Result<bool> {
    let photo_store = app.photo_store.clone();
    change::locked(app, [Lock::Bytes(digest)], move |conn, _| match photos::find_blob(conn, &digest)? {
        Some(_) => Ok(false),
        None => Ok(photo_store.remove(&digest)?),
    })
    .await
}

/// Re-hashes the originals that were checked longest ago: a batch in each run after half of the interval, and without a
/// pause on its last day. Lost or damaged ones are recorded and logged.
pub async fn scrub(app: &App) -> Result<Progress> {
    let now = app.now();
    let early = now.minus(days(SCRUB_DAYS / 2));
    let digests = app.store.read(move |conn| Ok::<_, AppError>(to_scrub(conn, early, now)?)).await?;
    if digests.is_empty() {
        return Ok(Progress::default());
    }
    let (photo_store, checked) = (app.photo_store.clone(), digests.clone());
    let faults = blocking(move || {
        // A store that cannot be reached would make every original look lost.
        photo_store.check_ready()?;
        Ok(checked.into_iter().filter_map(|digest| Some((digest, fault(&photo_store, &digest)?))).collect::<Vec<_>>())
    })
    .await?;
    let faults = still_kept(app, faults).await?;
    let faults: Vec<(Digest, String)> = faults
        .into_iter()
        .map(|(digest, (fault, what))| {
            app.metrics.original_is_faulty(fault);
            (digest, what)
        })
        .collect();
    for (digest, what) in &faults {
        tracing::error!(photo.sha256 = %digest, what, "an original failed its check");
    }
    let done = digests.len();
    app.store
        .write(move |conn| {
            for (digest, what) in faults {
                let entry =
                    AuditEntry::done(now, None, AuditAction::ScrubFailed, format!("original:{digest}"), "upkeep");
                audit::append(conn, &entry.ended(Outcome::Failed, what))?;
            }
            Ok::<_, AppError>(photos::note_scrubbed(conn, &digests, now)?)
        })
        .await?;
    let late = now.minus(days(SCRUB_DAYS - 1));
    let behind = app.store.read(move |conn| Ok::<_, AppError>(to_scrub(conn, late, now)?)).await?;
    Ok(Progress { done, more: !behind.is_empty() })
}

/// The originals last checked before `before`, as many as one run takes. A check in the future is from before the clock
/// was set back: its real time is unknown, so the original is checked again.
fn to_scrub(conn: &mut Conn, before: Timestamp, now: Timestamp) -> std::result::Result<Vec<Digest>, StoreError> {
    let found = photos::to_scrub(conn, before, now.plus(days(1)), rows(BATCH))?;
    let mut bytes = 0_i64;
    let fits = found.into_iter().enumerate().take_while(|(at, (_, size_bytes))| {
        bytes = bytes.saturating_add(*size_bytes);
        // At least one, however large.
        *at == 0 || bytes <= SCRUB_BYTES_MAX
    });
    Ok(fits.map(|(_, (digest, _))| digest).collect())
}

/// What is wrong with an original.
fn fault(photo_store: &PhotoStore, digest: &Digest) -> Option<(OriginalFault, String)> {
    match photo_store.verify(digest) {
        Ok(true) => None,
        Ok(false) => Some((OriginalFault::Damaged, "changed".to_owned())),
        Err(BlobError::NotFound) => Some((OriginalFault::Lost, "lost".to_owned())),
        Err(error) => Some((OriginalFault::Unreadable, format!("unreadable: {error}"))),
    }
}

/// Leaves out originals that were swept while they were checked.
async fn still_kept<T: Send + 'static>(app: &App, faults: Vec<(Digest, T)>) -> Result<Vec<(Digest, T)>> {
    if faults.is_empty() {
        return Ok(faults);
    }
    app.store
        .read(move |conn| {
            let mut kept = Vec::new();
            for (digest, what) in faults {
                if photos::find_blob(conn, &digest)?.is_some() {
                    kept.push((digest, what));
                }
            }
            Ok::<_, AppError>(kept)
        })
        .await
}

/// Adds fingerprints from before this index existed to it, one batch at a time. Each batch is recorded with its rows,
/// so that a killed process continues where it stopped.
pub async fn index_fingerprints(app: &App) -> Result<Progress> {
    let now = app.now();
    let waiting = app.store.read(|conn| Ok::<_, AppError>(fingerprints::not_indexed(conn, 1)?)).await?;
    if waiting.is_empty() {
        return Ok(Progress::default());
    }
    let done = change::locked(app, [], move |conn, locks| {
        let found = fingerprints::not_indexed(conn, rows(BATCH))?;
        let done = found.len();
        let mut units = Vec::new();
        for (digest, ..) in &found {
            units.extend(fingerprints::units_with(conn, digest)?);
        }
        let prints = found.iter().map(|(_, print, _)| Lock::Fingerprint(print.bits()));
        locks.take(conn, units.into_iter().map(Lock::UnitPhotos).chain(prints))?;
        for (digest, print, came) in found {
            fingerprints::index(conn, &digest, print, came, now)?;
        }
        Ok(done)
    })
    .await?;
    Ok(Progress { done, more: done == BATCH })
}

/// Changes of issues that one run brings into their index. Source: our choice; SQLite accepts no other write during the
/// run, and 200, spread over a million issues, took up to 145 ms.
const CHANGES_AT_ONCE: i64 = 50;
/// The same while so many are waiting that requests, which look at them all, become slow.
const CHANGES_AT_ONCE_BEHIND: i64 = 1_000;
/// The same while nobody else writes.
const CHANGES_AT_ONCE_ALONE: i64 = 4_000;
/// If more changes are waiting, they are brought in before a node serves: each request would have to look at them all.
pub const CHANGES_WAITING_MAX: i64 = 2_000;

/// Brings changed issues into the index that lists, counts and searches are answered from.
pub async fn index_issues(app: &App) -> Result<Progress> {
    let is_behind = |conn: &mut Conn| Ok::<_, AppError>(issue_index::is_behind(conn, CHANGES_WAITING_MAX)?);
    let at_once = if app.store.read(is_behind).await? { CHANGES_AT_ONCE_BEHIND } else { CHANGES_AT_ONCE };
    index_some(app, at_once).await
}

/// The same to the end, if more than `waiting_max` changes are waiting, as after an upgrade, a restore, or filling a
/// county. Calls `progress` with the number so far.
pub async fn index_all_issues(app: &App, waiting_max: i64, mut progress: impl FnMut(usize)) -> Result<()> {
    let is_behind = move |conn: &mut Conn| Ok::<_, AppError>(issue_index::is_behind(conn, waiting_max)?);
    if !app.store.read(is_behind).await? {
        return Ok(());
    }
    let mut done = 0;
    loop {
        let some = index_some(app, CHANGES_AT_ONCE_ALONE).await?;
        done += some.done;
        progress(done);
        if !some.more {
            return Ok(());
        }
    }
}

async fn index_some(app: &App, at_once: i64) -> Result<Progress> {
    // Most of the time nothing is waiting, so a write transaction would be useless.
    if !app.store.read(|conn| Ok::<_, AppError>(issue_index::is_behind(conn, 0)?)).await? {
        return Ok(Progress::default());
    }
    let folded = change::locked(app, [], move |conn, locks| {
        // Before the lock: another node may be at many.
        dialect::allow_long(conn)?;
        locks.take(conn, [Lock::IssueIndex])?;
        Ok(issue_index::fold(conn, at_once)?)
    })
    .await?;
    Ok(Progress { done: folded.changes, more: folded.more })
}

/// Starts issues that their unit has not signed for (签收) in time.
pub async fn lapse_sign_ins(app: &App) -> Result<Progress> {
    let (now, cache) = (app.now(), app.county.clone());
    let due = app
        .store
        .read(move |conn| {
            let county = cache.load(conn)?;
            lapsed(conn, &county, now)
        })
        .await?;
    let (full, mut batch) = (due.len() >= BATCH, BatchOutcome::default());
    for id in due {
        let step = ByClock { id, county: app.county.clone(), now, step: ClockStep::LapseSignIn };
        batch.note(change::make(app, step).await)?;
    }
    batch.progress(full)
}

/// The first issues whose time for `sign-in` 签收 is over. Read without a write transaction: over a holiday many are
/// waiting and hardly any lapses.
fn lapsed(conn: &mut Conn, county: &County, now: Timestamp) -> Result<Vec<IssueId>> {
    let candidates = issues::lapsed_sign_ins(conn, now.minus(SIGN_IN_WINDOW_LEAST), CANDIDATES_MAX)?;
    let mut due = Vec::new();
    for some in candidates.chunks(BATCH) {
        let found = issues::find_many(conn, some)?;
        due.extend(found.iter().filter(|issue| has_lapsed(issue, county, now)).map(|issue| issue.id));
        if due.len() >= BATCH {
            break;
        }
    }
    Ok(due)
}

fn has_lapsed(issue: &Issue, county: &County, now: Timestamp) -> bool {
    issue.sign_in_by(&county.calendar, county.settings.day_end).is_some_and(|end| end < now)
}

/// Takes issues whose plan has ended off the books 解挂.
pub async fn end_plans(app: &App) -> Result<Progress> {
    let (now, cache) = (app.now(), app.county.clone());
    let due = app
        .store
        .read(move |conn| {
            let county = cache.load(conn)?;
            let mut due = Vec::new();
            for some in issues::hung(conn, CANDIDATES_MAX)?.chunks(BATCH) {
                let found = issues::find_many(conn, some)?;
                due.extend(found.iter().filter(|issue| plan_has_ended(issue, &county, now)).map(|issue| issue.id));
                if due.len() >= BATCH {
                    break;
                }
            }
            Ok::<_, AppError>(due)
        })
        .await?;
    let (full, mut batch) = (due.len() >= BATCH, BatchOutcome::default());
    for id in due {
        let step = ByClock { id, county: app.county.clone(), now, step: ClockStep::EndPlan };
        batch.note(change::make(app, step).await)?;
    }
    batch.progress(full)
}

fn plan_has_ended(issue: &Issue, county: &County, now: Timestamp) -> bool {
    issue.plan_ends(&county.calendar).is_some_and(|end| end <= now)
}

/// Archives issues that have stayed closed for long enough.
pub async fn archive(app: &App) -> Result<Progress> {
    let (now, cache) = (app.now(), app.county.clone());
    let found = app
        .store
        .read(move |conn| {
            let before = archivable_before(&cache.load(conn)?.calendar, now);
            Ok::<_, AppError>(issues::to_archive(conn, before, rows(BATCH))?)
        })
        .await?;
    let (full, mut batch) = (found.len() == BATCH, BatchOutcome::default());
    for id in found {
        let step = ByClock { id, county: app.county.clone(), now, step: ClockStep::Archive };
        batch.note(change::make(app, step).await)?;
    }
    batch.progress(full)
}

/// A step that becomes due by time, if it still applies; another node may have taken it.
struct ByClock {
    id: IssueId,
    county: CountyCache,
    now: Timestamp,
    step: ClockStep,
}

#[derive(Clone, Copy)]
enum ClockStep {
    LapseSignIn,
    EndPlan,
    Archive,
}

impl Change for ByClock {
    type Before = (Option<Issue>, County);
    type Made = Transition;
    /// Whether it was taken.
    type Answer = bool;

    fn admit(&self) -> Result<()> {
        Ok(())
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Issue(self.id)]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        Ok((issues::find(conn, self.id)?, self.county.load(conn)?))
    }

    fn authorise(&self, _: &mut Conn, _: &Self::Before) -> Result<()> {
        Ok(())
    }

    fn decide(&self, conn: &mut Conn, (issue, county): Self::Before) -> Result<Decision<Transition, bool>> {
        let Some(issue) = issue else { return Ok(Decision::Unchanged(false)) };
        let applies = match self.step {
            ClockStep::LapseSignIn => has_lapsed(&issue, &county, self.now),
            ClockStep::EndPlan => plan_has_ended(&issue, &county, self.now),
            // It may have relapsed since it was selected.
            ClockStep::Archive => issue.state == State::Closed && !issues::has_open_rebound(conn, self.id)?,
        };
        if !applies {
            return Ok(Decision::Unchanged(false));
        }
        let made = match self.step {
            ClockStep::LapseSignIn => issue.lapse_sign_in(self.now)?,
            ClockStep::EndPlan => issue.end_plan(&asking(&county, self.now))?,
            ClockStep::Archive => issue.archive(self.now)?,
        };
        let messages = made.messages();
        Ok(Decision::Made { made, records: Vec::new(), messages })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &Transition) -> Result<()> {
        Ok(issues::apply(conn, made, None)?)
    }

    fn answer(&self, _: &mut Conn, _: Transition) -> Result<bool> {
        Ok(true)
    }
}
