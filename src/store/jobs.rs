//! Background jobs as rows, written in the transaction that causes them.

use std::time::Duration;

use diesel::prelude::*;
use diesel::sql_types::Bool;

use crate::domain::digest::Digest;
use crate::domain::ids::JobId;
use crate::domain::time::Timestamp;
use crate::store::connection::Backend;
use crate::store::schema::jobs;
use crate::store::{Conn, StoreError, dialect};

/// How far the clocks of nodes may differ, or a clock may have been set back: times further in the future are ignored.
/// Source: our choice; the rules allow a device's clock the same.
const CLOCKS_APART_MAX: Duration = Duration::from_secs(300);

/// A queued job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// Identity.
    pub id: JobId,
    /// Its kind.
    pub kind: String,
    /// Its argument.
    pub payload: String,
    /// Attempts so far, including the present one once claimed.
    pub attempts: i32,
}

/// A kind of job that a worker looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimableKind {
    /// The kind.
    pub kind: &'static str,
    /// The longest delay of this kind of job. A job that is further in the future was queued before the clock was set
    /// back: its real due time is unknown, so it is due now.
    pub put_off_max: Duration,
}

/// A condition on jobs.
type Condition = Box<dyn BoxableExpression<jobs::table, Backend, SqlType = Bool>>;

/// Jobs of these kinds that are due and not claimed. A claim lasts at most `claim`: one that would last longer is from
/// before the clock was set back.
fn claimable(wanted: &[ClaimableKind], claim: Duration, now: Timestamp) -> Option<Condition> {
    let due = wanted.iter().map(|wanted| -> Condition {
        let latest = now.plus(wanted.put_off_max.saturating_add(CLOCKS_APART_MAX));
        Box::new(jobs::kind.eq(wanted.kind).and(jobs::run_at.le(now).or(jobs::run_at.gt(latest))))
    });
    let due = due.reduce(|one, other| Box::new(one.or(other)))?;
    Some(Box::new(due.and(free(claim, now)).and(jobs::stuck_at.is_null())))
}

fn free(claim: Duration, now: Timestamp) -> Condition {
    let latest = now.plus(claim.saturating_add(CLOCKS_APART_MAX)).as_micros();
    Box::new(jobs::claimed_until.lt(now.as_micros()).or(jobs::claimed_until.gt(latest)))
}

/// Queues a job to run at `run_at`. Only one may be queued under a `dedupe_key`.
pub fn enqueue(
    conn: &mut Conn,
    id: JobId,
    kind: &str,
    dedupe_key: Option<&str>,
    payload: &str,
    run_at: Timestamp,
    now: Timestamp,
) -> Result<(), StoreError> {
    if let Some(key) = dedupe_key {
        // Otherwise two transactions could both find none, and the constraint would roll back one of them with
        // everything else it wrote.
        let name = Digest::of(format!("job:{key}").as_bytes());
        let name = name.as_bytes().first_chunk().copied().unwrap_or_default();
        dialect::serialize_on(conn, uuid::Uuid::from_bytes(name))?;
        let queued: i64 = jobs::table.filter(jobs::dedupe_key.eq(key)).count().get_result(conn)?;
        if queued > 0 {
            return Ok(());
        }
    }
    diesel::insert_into(jobs::table)
        .values((
            jobs::id.eq(id),
            jobs::kind.eq(kind),
            jobs::dedupe_key.eq(dedupe_key),
            jobs::payload.eq(payload),
            jobs::run_at.eq(run_at),
            jobs::attempts.eq(0),
            jobs::claimed_until.eq(0_i64),
            jobs::created_at.eq(now),
        ))
        .execute(conn)?;
    Ok(())
}

/// Frees the claims on a database that no other process uses: the process that claimed them was killed. Where other
/// nodes may be working, a claim is free when it expires.
pub fn free_abandoned(conn: &mut Conn) -> Result<usize, StoreError> {
    if dialect::may_be_shared(conn) {
        return Ok(0);
    }
    let claimed = jobs::table.filter(jobs::claimed_until.gt(0_i64));
    Ok(diesel::update(claimed).set(jobs::claimed_until.eq(0_i64)).execute(conn)?)
}

/// Whether a job of these kinds can be claimed.
pub fn is_due(conn: &mut Conn, wanted: &[ClaimableKind], claim: Duration, now: Timestamp) -> Result<bool, StoreError> {
    let Some(claimable) = claimable(wanted, claim, now) else { return Ok(false) };
    let found: Option<JobId> = jobs::table.filter(claimable).select(jobs::id).first(conn).optional()?;
    Ok(found.is_some())
}

/// Claims the job of these kinds that has been due longest for `node`, for the time `claim`, so that no other node
/// takes it; an expired claim can be claimed again.
pub fn claim(
    conn: &mut Conn,
    node: JobId,
    wanted: &[ClaimableKind],
    claim: Duration,
    now: Timestamp,
) -> Result<Option<JobRow>, StoreError> {
    // Compare-and-set instead of SKIP LOCKED, which not every PostgreSQL relative has.
    let Some(claimable) = claimable(wanted, claim, now) else { return Ok(None) };
    let next: Option<(JobId, i32)> = jobs::table
        .filter(claimable)
        .order((jobs::run_at, jobs::id))
        .select((jobs::id, jobs::attempts))
        .first(conn)
        .optional()?;
    let Some((id, attempts)) = next else { return Ok(None) };
    let until = now.plus(claim).as_micros();
    let claimed: Option<(String, String)> = diesel::update(
        jobs::table.filter(jobs::id.eq(id)).filter(free(claim, now)).filter(jobs::attempts.eq(attempts)),
    )
    .set((jobs::claimed_by.eq(node), jobs::claimed_until.eq(until), jobs::attempts.eq(attempts + 1)))
    .returning((jobs::kind, jobs::payload))
    .get_result(conn)
    .optional()?;
    Ok(claimed.map(|(kind, payload)| JobRow { id, kind, payload, attempts: attempts + 1 }))
}

/// Deletes a finished job.
pub fn finish(conn: &mut Conn, id: JobId) -> Result<(), StoreError> {
    diesel::delete(jobs::table.find(id)).execute(conn)?;
    Ok(())
}

/// Queues a repeating job for its next run, with its next argument.
pub fn repeat(conn: &mut Conn, id: JobId, run_at: Timestamp, payload: &str) -> Result<(), StoreError> {
    diesel::update(jobs::table.find(id))
        .set((jobs::run_at.eq(run_at), jobs::claimed_until.eq(0_i64), jobs::attempts.eq(0), jobs::payload.eq(payload)))
        .execute(conn)?;
    Ok(())
}

/// Queues a failed job to be retried at `run_at`.
pub fn retry(conn: &mut Conn, id: JobId, run_at: Timestamp, error: &str) -> Result<(), StoreError> {
    diesel::update(jobs::table.find(id))
        .set((jobs::run_at.eq(run_at), jobs::claimed_until.eq(0_i64), jobs::last_error.eq(error)))
        .execute(conn)?;
    Ok(())
}

/// Sets a job aside for a person to look at.
pub fn set_aside(conn: &mut Conn, id: JobId, at: Timestamp, error: &str) -> Result<(), StoreError> {
    diesel::update(jobs::table.find(id))
        .set((jobs::stuck_at.eq(at), jobs::claimed_until.eq(0_i64), jobs::last_error.eq(error)))
        .execute(conn)?;
    Ok(())
}

/// A job that was set aside: id, kind, error, since when.
pub type StuckJob = (JobId, String, Option<String>, Option<Timestamp>);

/// The jobs that were set aside.
pub fn list_stuck(conn: &mut Conn) -> Result<Vec<StuckJob>, StoreError> {
    Ok(jobs::table
        .filter(jobs::stuck_at.is_not_null())
        .order(jobs::stuck_at)
        .limit(200)
        .select((jobs::id, jobs::kind, jobs::last_error, jobs::stuck_at))
        .load(conn)?)
}

/// Gives a job that was set aside another round of attempts; answers whether it existed.
pub fn take_up(conn: &mut Conn, id: JobId, at: Timestamp) -> Result<bool, StoreError> {
    let changed = diesel::update(jobs::table.filter(jobs::id.eq(id)).filter(jobs::stuck_at.is_not_null()))
        .set((jobs::stuck_at.eq(None::<Timestamp>), jobs::run_at.eq(at), jobs::attempts.eq(0)))
        .execute(conn)?;
    Ok(changed == 1)
}

/// How many jobs were set aside, and since when the oldest other job has been due.
pub fn figures(conn: &mut Conn, now: Timestamp) -> Result<(i64, Option<Timestamp>), StoreError> {
    let stuck = jobs::table.filter(jobs::stuck_at.is_not_null()).count().get_result(conn)?;
    let waiting = jobs::table.filter(jobs::stuck_at.is_null());
    let next: Option<Timestamp> = waiting.order(jobs::run_at).select(jobs::run_at).first(conn).optional()?;
    Ok((stuck, next.filter(|due| *due <= now)))
}
