//! Background work as rows, written in the transaction that causes it.

use diesel::prelude::*;

use crate::domain::ids::JobId;
use crate::domain::time::Timestamp;
use crate::store::schema::jobs;
use crate::store::{Conn, StoreError};

/// A queued piece of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRow {
    /// Identity.
    pub id: JobId,
    /// Which job.
    pub kind: String,
    /// What it is about.
    pub payload: String,
    /// Tries so far, this one included once claimed.
    pub attempts: i32,
}

/// Queues work to run at `run_at`. Under a `dedupe_key` only one may be queued.
///
/// # Errors
/// The database's.
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

/// Claims the next work that is due for `node` until `until`, so that no other node
/// takes it; a claim that runs out is free again.
///
/// # Errors
/// The database's.
pub fn claim(conn: &mut Conn, node: JobId, now: Timestamp, until: Timestamp) -> Result<Option<JobRow>, StoreError> {
    // Compare-and-set instead of SKIP LOCKED, which not every PostgreSQL relative has.
    let next: Option<(JobId, i32)> = jobs::table
        .filter(jobs::stuck_at.is_null())
        .filter(jobs::run_at.le(now))
        .filter(jobs::claimed_until.lt(now.as_micros()))
        .order(jobs::run_at)
        .select((jobs::id, jobs::attempts))
        .first(conn)
        .optional()?;
    let Some((id, attempts)) = next else { return Ok(None) };
    let claimed: Option<(String, String)> = diesel::update(
        jobs::table
            .filter(jobs::id.eq(id))
            .filter(jobs::claimed_until.lt(now.as_micros()))
            .filter(jobs::attempts.eq(attempts)),
    )
    .set((jobs::claimed_by.eq(node), jobs::claimed_until.eq(until.as_micros()), jobs::attempts.eq(attempts + 1)))
    .returning((jobs::kind, jobs::payload))
    .get_result(conn)
    .optional()?;
    Ok(claimed.map(|(kind, payload)| JobRow { id, kind, payload, attempts: attempts + 1 }))
}

/// Forgets work that is done.
///
/// # Errors
/// The database's.
pub fn finish(conn: &mut Conn, id: JobId) -> Result<(), StoreError> {
    diesel::delete(jobs::table.find(id)).execute(conn)?;
    Ok(())
}

/// Puts work that repeats back for its next turn.
///
/// # Errors
/// The database's.
pub fn repeat(conn: &mut Conn, id: JobId, run_at: Timestamp) -> Result<(), StoreError> {
    diesel::update(jobs::table.find(id))
        .set((jobs::run_at.eq(run_at), jobs::claimed_until.eq(0_i64), jobs::attempts.eq(0)))
        .execute(conn)?;
    Ok(())
}

/// Puts work back to be tried at `run_at`.
///
/// # Errors
/// The database's.
pub fn retry(conn: &mut Conn, id: JobId, run_at: Timestamp, error: &str) -> Result<(), StoreError> {
    diesel::update(jobs::table.find(id))
        .set((jobs::run_at.eq(run_at), jobs::claimed_until.eq(0_i64), jobs::last_error.eq(error)))
        .execute(conn)?;
    Ok(())
}

/// Sets work aside for a person to look at.
///
/// # Errors
/// The database's.
pub fn set_aside(conn: &mut Conn, id: JobId, at: Timestamp, error: &str) -> Result<(), StoreError> {
    diesel::update(jobs::table.find(id))
        .set((jobs::stuck_at.eq(at), jobs::claimed_until.eq(0_i64), jobs::last_error.eq(error)))
        .execute(conn)?;
    Ok(())
}

/// Work that was set aside: id, kind, error, since when.
pub type StuckJob = (JobId, String, Option<String>, Option<Timestamp>);

/// Work that was set aside.
///
/// # Errors
/// The database's.
pub fn list_stuck(conn: &mut Conn) -> Result<Vec<StuckJob>, StoreError> {
    Ok(jobs::table
        .filter(jobs::stuck_at.is_not_null())
        .order(jobs::stuck_at)
        .limit(200)
        .select((jobs::id, jobs::kind, jobs::last_error, jobs::stuck_at))
        .load(conn)?)
}

/// Gives work that was set aside another round of tries; answers whether there was such.
///
/// # Errors
/// The database's.
pub fn take_up(conn: &mut Conn, id: JobId, at: Timestamp) -> Result<bool, StoreError> {
    let changed = diesel::update(jobs::table.filter(jobs::id.eq(id)).filter(jobs::stuck_at.is_not_null()))
        .set((jobs::stuck_at.eq(None::<Timestamp>), jobs::run_at.eq(at), jobs::attempts.eq(0)))
        .execute(conn)?;
    Ok(changed == 1)
}

/// How much work was set aside, and since when the oldest of the rest has been due.
///
/// # Errors
/// The database's.
pub fn figures(conn: &mut Conn, now: Timestamp) -> Result<(i64, Option<Timestamp>), StoreError> {
    let stuck = jobs::table.filter(jobs::stuck_at.is_not_null()).count().get_result(conn)?;
    Ok((stuck, next_run_at(conn)?.filter(|due| *due <= now)))
}

/// When the next work is due, if any waits.
///
/// # Errors
/// The database's.
pub fn next_run_at(conn: &mut Conn) -> Result<Option<Timestamp>, StoreError> {
    Ok(jobs::table.filter(jobs::stuck_at.is_null()).order(jobs::run_at).select(jobs::run_at).first(conn).optional()?)
}
