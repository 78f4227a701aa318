//! What time brings about: sweeping, re-hashing, starting unclaimed issues, archiving.

use std::time::Duration;

use super::{App, AppError, Result, blocking};
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::ids::IssueId;
use crate::domain::issue::{ARCHIVE_DAYS, Action, Issue, State};
use crate::domain::limits::{ORPHAN_DAYS, SCRUB_DAYS};
use crate::domain::time::Timestamp;
use crate::store::{Conn, audit, dialect, issues, photos};

/// Rows that one piece of upkeep takes at a time, so that no write holds others up for long.
const BATCH: i64 = 100;

fn days(count: u32) -> Duration {
    Duration::from_secs(u64::from(count) * 86_400)
}

/// Forgets uploads that no issue has named for a week; their bytes too when nobody else sent them.
///
/// # Errors
/// The stores'.
pub async fn sweep_orphans(app: &App) -> Result<usize> {
    let before = app.now().minus(days(ORPHAN_DAYS));
    let orphans = app.store.read(move |conn| Ok::<_, AppError>(photos::orphans(conn, before, BATCH)?)).await?;
    let count = orphans.len();
    for (id, digest) in orphans {
        let gone = app
            .store
            .write(move |conn| {
                dialect::serialize_on(conn, id.0)?;
                dialect::serialize_on(conn, super::photos::lock_name(&digest))?;
                Ok::<_, AppError>(photos::remove_orphan(conn, id, &digest)?)
            })
            .await?;
        if gone {
            let store = app.photo_store.clone();
            let removed = blocking(move || Ok(store.remove(&digest)?)).await?;
            tracing::info!(photo.id = %id, removed, "an upload that no issue named was forgotten");
        }
    }
    Ok(count)
}

/// Re-hashes the originals that were checked longest ago; a damaged one is noted and logged.
///
/// # Errors
/// The stores'.
pub async fn scrub(app: &App) -> Result<usize> {
    let now = app.now();
    let due = now.minus(days(SCRUB_DAYS - 1));
    let digests = app.store.read(move |conn| Ok::<_, AppError>(photos::to_scrub(conn, due, BATCH)?)).await?;
    let store = app.photo_store.clone();
    let checked = digests.clone();
    let damaged = blocking(move || {
        let mut damaged = Vec::new();
        for digest in checked {
            // A file that is not there is as lost as one that has changed.
            match store.verify(&digest) {
                Ok(true) => {}
                Ok(false) | Err(crate::blobs::BlobError::NotFound) => damaged.push(digest),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(damaged)
    })
    .await?;
    for digest in &damaged {
        tracing::error!(photo.sha256 = %digest, "an original is lost or is not what it was");
    }
    let count = digests.len();
    app.store
        .write(move |conn| {
            for digest in damaged {
                let entry =
                    AuditEntry::done(now, None, AuditAction::ScrubFailed, format!("original:{digest}"), "upkeep");
                audit::append(conn, &entry.ended(Outcome::Failed, "lost or changed"))?;
            }
            Ok::<_, AppError>(photos::note_scrubbed(conn, &digests, now)?)
        })
        .await?;
    Ok(count)
}

/// Starts issues that their unit has not signed in by the end of its time.
///
/// # Errors
/// The store's.
pub async fn lapse_sign_ins(app: &App) -> Result<usize> {
    let now = app.now();
    // The shortest time to sign in is an hour: what came later cannot have lapsed.
    let before = now.minus(Duration::from_secs(3_600));
    let found = app.store.read(move |conn| Ok::<_, AppError>(issues::lapsed_sign_ins(conn, before, BATCH * 10)?)).await?;
    let mut count = 0;
    for id in found {
        let county = app.county.clone();
        let lapsed = app
            .store
            .write(move |conn| {
                let county = county.load(conn)?;
                let due = |issue: &Issue| issue.sign_in_by(&county.calendar, county.settings.day_end);
                step_if(conn, id, Action::LapseSignIn, now, |issue| due(issue).is_some_and(|due| due < now))
            })
            .await?;
        count += usize::from(lapsed);
    }
    Ok(count)
}

/// Archives issues that have stayed closed for long enough.
///
/// # Errors
/// The store's.
pub async fn archive(app: &App) -> Result<usize> {
    let now = app.now();
    let before = now.minus(days(ARCHIVE_DAYS));
    let found = app.store.read(move |conn| Ok::<_, AppError>(issues::to_archive(conn, before, BATCH)?)).await?;
    let count = found.len();
    for id in found {
        app.store.write(move |conn| step_if(conn, id, Action::Archive, now, |issue| issue.state == State::Closed)).await?;
    }
    Ok(count)
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
