//! What time brings about: sweeping, re-hashing, starting unclaimed issues, archiving.

use std::time::Duration;

use super::county::County;
use super::{App, AppError, Result, blocking, photos as photo_use};
use crate::blobs::{BlobError, PhotoStore};
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::digest::Digest;
use crate::domain::ids::{IssueId, PhotoId};
use crate::domain::issue::{ARCHIVE_DAYS, Action, Issue, State};
use crate::domain::limits::{ORPHAN_DAYS, SCRUB_DAYS};
use crate::domain::time::Timestamp;
use crate::store::{Conn, audit, dialect, issues, photos};

/// Rows that one piece of upkeep takes at a time, so that none holds others up for long.
const BATCH: usize = 100;
/// Assigned issues that are looked at for a lapsed sign-in. Source: our choice; a country has
/// 600,000 over its longest holiday, a province 30,000.
const CANDIDATES_MAX: i64 = 100_000;
/// No time to sign in is shorter: what was assigned later cannot have lapsed.
const SIGN_IN_WINDOW_LEAST: Duration = Duration::from_secs(3_600);

/// Parts of the photo store, by the first byte of a digest.
const PARTS: i64 = 256;
/// Parts that are looked through for files without rows in one hour. Source: our choice; all are in 32 hours.
const PARTS_PER_TURN: i64 = 8;

/// How far a piece of upkeep came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Rows that it changed, or originals that it looked at.
    pub done: usize,
    /// Whether the next piece has work to do at once.
    pub more: bool,
}

fn days(count: u32) -> Duration {
    Duration::from_secs(u64::from(count) * 86_400)
}

fn rows(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// Counts what succeeds, and goes on past a row that fails by itself: it must not keep
/// those behind it from their turn.
#[derive(Default)]
struct Tally {
    done: usize,
    failed: Option<AppError>,
}

impl Tally {
    fn note(&mut self, outcome: Result<bool>) -> Result<()> {
        match outcome {
            Ok(changed) => self.done += usize::from(changed),
            // The next row would fare no better.
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

/// Forgets uploads that no issue has named for a week, with their bytes when nobody else sent them, removes
/// originals that a crash left behind before their row was written, and what never became whole on this node.
///
/// # Errors
/// The stores'.
pub async fn sweep_orphans(app: &App) -> Result<Progress> {
    let (uploads, files, partials) = (sweep_uploads(app).await, sweep_files(app).await, sweep_partials(app).await);
    let (uploads, files, partials) = (uploads?, files?, partials?);
    Ok(Progress { done: uploads.done + files.done + partials, more: uploads.more || files.more })
}

async fn sweep_partials(app: &App) -> Result<usize> {
    let (now, photo_store) = (app.now(), app.photo_store.clone());
    let removed = blocking(move || Ok(photo_store.sweep_partials(now)?)).await?;
    if removed > 0 {
        tracing::info!(removed, "uploads that never became whole were forgotten");
    }
    Ok(removed)
}

async fn sweep_uploads(app: &App) -> Result<Progress> {
    let before = app.now().minus(days(ORPHAN_DAYS));
    let orphans = app.store.read(move |conn| Ok::<_, AppError>(photos::orphans(conn, before, rows(BATCH))?)).await?;
    let (full, mut tally) = (orphans.len() == BATCH, Tally::default());
    for (id, digest) in orphans {
        tally.note(sweep(app, id, digest).await)?;
    }
    tally.progress(full)
}

/// Removes originals without a row that are a week old, among those whose turn it is: a part of the store
/// each hour, told by the clock, so that nothing has to be remembered.
async fn sweep_files(app: &App) -> Result<Progress> {
    let (now, photo_store) = (app.now(), app.photo_store.clone());
    let before = now.minus(days(ORPHAN_DAYS));
    let hour = now.as_micros().div_euclid(3_600_000_000);
    let first = hour.wrapping_mul(PARTS_PER_TURN).rem_euclid(PARTS);
    let mut tally = Tally::default();
    for part in (first..first + PARTS_PER_TURN).filter_map(|part| u8::try_from(part).ok()) {
        let photo_store = photo_store.clone();
        let old = blocking(move || old_files(&photo_store, part, before)).await?;
        for some in old.chunks(BATCH) {
            let asked = some.to_vec();
            let named = app.store.read(move |conn| Ok::<_, AppError>(photos::named(conn, &asked)?)).await?;
            for digest in some.iter().filter(|digest| !named.contains(digest)) {
                let removed = remove_bytes(app, *digest).await;
                if matches!(removed, Ok(true)) {
                    tracing::info!(photo.sha256 = %digest, "an original without a row was removed");
                }
                tally.note(removed)?;
                if tally.done == BATCH {
                    return tally.progress(true);
                }
            }
        }
    }
    tally.progress(false)
}

/// The originals of one part that have been kept since before `before`.
fn old_files(photo_store: &PhotoStore, part: u8, before: Timestamp) -> Result<Vec<Digest>> {
    let mut old = Vec::new();
    for original in photo_store.originals_of(part) {
        let (digest, _) = original.map_err(BlobError::from)?;
        match photo_store.kept_since(&digest) {
            Ok(since) if since < before => old.push(digest),
            // Swept in the meantime.
            Ok(_) | Err(BlobError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(old)
}

async fn sweep(app: &App, id: PhotoId, digest: Digest) -> Result<bool> {
    let unused = app
        .store
        .write(move |conn| {
            dialect::serialize_on(conn, id.0)?;
            dialect::serialize_on(conn, photo_use::lock_name(&digest))?;
            Ok::<_, AppError>(photos::remove_orphan(conn, id, &digest)?)
        })
        .await?;
    if unused {
        let removed = remove_bytes(app, digest).await?;
        tracing::info!(photo.id = %id, photo.sha256 = %digest, removed, "an upload that no issue named was forgotten");
    }
    Ok(true)
}

/// Removes bytes that no row names any more; `false` when they stay, because somebody is sending
/// them again at this moment.
///
/// The one place where a file is touched inside a transaction: between the look whether a row names
/// the bytes and their removal, nobody may note them anew. Who notes them afterwards holds a lease
/// already, and the store then leaves them alone.
pub(crate) async fn remove_bytes(app: &App, digest: Digest) -> Result<bool> {
    let photo_store = app.photo_store.clone();
    app.store
        .write(move |conn| {
            dialect::serialize_on(conn, photo_use::lock_name(&digest))?;
            match photos::find_blob(conn, &digest)? {
                Some(_) => Ok::<_, AppError>(false),
                None => Ok(photo_store.remove(&digest)?),
            }
        })
        .await
}

/// Re-hashes the originals that were checked longest ago: a batch at each turn from half the time on,
/// and without a pause from the day before it ends. What is lost or damaged is noted and logged.
///
/// # Errors
/// The stores'.
pub async fn scrub(app: &App) -> Result<Progress> {
    let now = app.now();
    let early = now.minus(days(SCRUB_DAYS / 2));
    let digests = app.store.read(move |conn| Ok::<_, AppError>(photos::to_scrub(conn, early, rows(BATCH))?)).await?;
    if digests.is_empty() {
        return Ok(Progress::default());
    }
    let (photo_store, checked) = (app.photo_store.clone(), digests.clone());
    let faults = blocking(move || {
        // A store that is away would make every original look lost.
        photo_store.check_ready()?;
        Ok(checked.into_iter().filter_map(|digest| Some((digest, fault(&photo_store, &digest)?))).collect::<Vec<_>>())
    })
    .await?;
    let faults = still_kept(app, faults).await?;
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
    let behind = app.store.read(move |conn| Ok::<_, AppError>(photos::to_scrub(conn, late, 1)?)).await?;
    Ok(Progress { done, more: !behind.is_empty() })
}

/// What is wrong with an original.
fn fault(photo_store: &PhotoStore, digest: &Digest) -> Option<String> {
    match photo_store.verify(digest) {
        Ok(true) => None,
        Ok(false) => Some("changed".to_owned()),
        Err(BlobError::NotFound) => Some("lost".to_owned()),
        Err(error) => Some(format!("unreadable: {error}")),
    }
}

/// Leaves out what was swept while it was being checked.
async fn still_kept(app: &App, faults: Vec<(Digest, String)>) -> Result<Vec<(Digest, String)>> {
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

/// Starts issues that their unit has not signed in by the end of its time.
///
/// # Errors
/// The store's.
pub async fn lapse_sign_ins(app: &App) -> Result<Progress> {
    let (now, cache) = (app.now(), app.county.clone());
    let due = app
        .store
        .read(move |conn| {
            let county = cache.load(conn)?;
            lapsed(conn, &county, now)
        })
        .await?;
    let (full, mut tally) = (due.len() >= BATCH, Tally::default());
    for id in due {
        let cache = app.county.clone();
        let step = app.store.write(move |conn| {
            let county = cache.load(conn)?;
            step_if(conn, id, Action::LapseSignIn, now, |issue| has_lapsed(issue, &county, now))
        });
        tally.note(step.await)?;
    }
    tally.progress(full)
}

/// The first issues whose time to sign in is over. Looked for without a write: over a holiday many
/// wait, and hardly one lapses.
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

/// Archives issues that have stayed closed for long enough.
///
/// # Errors
/// The store's.
pub async fn archive(app: &App) -> Result<Progress> {
    let now = app.now();
    let before = now.minus(days(ARCHIVE_DAYS));
    let found = app.store.read(move |conn| Ok::<_, AppError>(issues::to_archive(conn, before, rows(BATCH))?)).await?;
    let (full, mut tally) = (found.len() == BATCH, Tally::default());
    for id in found {
        let step =
            app.store.write(move |conn| step_if(conn, id, Action::Archive, now, |issue| issue.state == State::Closed));
        tally.note(step.await)?;
    }
    tally.progress(full)
}

/// Takes a step of the service's own when it still applies; another node may have been first.
fn step_if(
    conn: &mut Conn,
    id: IssueId,
    action: Action,
    now: Timestamp,
    applies: impl Fn(&Issue) -> bool,
) -> Result<bool> {
    dialect::serialize_on(conn, id.0)?;
    let Some(issue) = issues::find(conn, id)?.filter(|issue| applies(issue)) else { return Ok(false) };
    let step = issue.decide_by_service(action, now)?;
    issues::apply(conn, &step, None)?;
    Ok(true)
}
