//! Long jobs and their results in pieces.

use diesel::prelude::*;

use crate::domain::digest::Digest;
use crate::domain::ids::{LongJobId, UserId};
use crate::domain::long_job::{LongJob, LongJobKind, LongJobState, SheetForm};
use crate::domain::time::Timestamp;
use crate::store::schema::{long_job_pieces, long_jobs};
use crate::store::{Conn, StoreError};

#[derive(Queryable, Selectable)]
#[diesel(table_name = long_jobs)]
struct LongJobRow {
    id: LongJobId,
    kind: LongJobKind,
    owner_id: UserId,
    state: LongJobState,
    done: i64,
    total: Option<i64>,
    pieces: i32,
    size_bytes: i64,
    error: Option<String>,
    created_at: Timestamp,
    ended_at: Option<Timestamp>,
    expires_at: Timestamp,
    request: String,
}

impl From<LongJobRow> for LongJob {
    fn from(row: LongJobRow) -> Self {
        let LongJobRow { id, kind, owner_id, state, done, total, pieces, size_bytes, error, .. } = row;
        let LongJobRow { created_at, ended_at, expires_at, request, .. } = row;
        let sheet = serde_json::from_str(&request).map(|said| SheetForm::of_request(&said)).unwrap_or_default();
        LongJob {
            id,
            kind,
            sheet,
            owner_id,
            state,
            done,
            total,
            pieces,
            size_bytes,
            error,
            created_at,
            ended_at,
            expires_at,
        }
    }
}

/// A long job.
pub fn find(conn: &mut Conn, id: LongJobId) -> Result<Option<LongJob>, StoreError> {
    let row: Option<LongJobRow> = long_jobs::table.find(id).select(LongJobRow::as_select()).first(conn).optional()?;
    Ok(row.map(LongJob::from))
}

/// What was asked for, its digest, and where the job goes on.
///
/// # Errors
/// The database's; [`StoreError::NotFound`].
pub fn request(conn: &mut Conn, id: LongJobId) -> Result<(String, Digest, Option<String>), StoreError> {
    let found: Option<(String, Digest, Option<String>)> = long_jobs::table
        .find(id)
        .select((long_jobs::request, long_jobs::digest, long_jobs::resume))
        .first(conn)
        .optional()?;
    found.ok_or(StoreError::NotFound)
}

/// Keeps a job that was asked for.
///
/// # Errors
/// [`StoreError::Conflict`] when the id is taken.
pub fn insert(conn: &mut Conn, job: &LongJob, request: &str, digest: &Digest) -> Result<(), StoreError> {
    diesel::insert_into(long_jobs::table)
        .values((
            (
                long_jobs::id.eq(job.id),
                long_jobs::kind.eq(job.kind),
                long_jobs::owner_id.eq(job.owner_id),
                long_jobs::state.eq(job.state),
                long_jobs::request.eq(request),
                long_jobs::digest.eq(digest),
            ),
            (
                long_jobs::done.eq(job.done),
                long_jobs::pieces.eq(job.pieces),
                long_jobs::size_bytes.eq(job.size_bytes),
                long_jobs::created_at.eq(job.created_at),
                long_jobs::expires_at.eq(job.expires_at),
            ),
        ))
        .execute(conn)?;
    Ok(())
}

/// Somebody's long jobs, latest first.
pub fn of(conn: &mut Conn, owner: UserId, limit: i64) -> Result<Vec<LongJob>, StoreError> {
    let rows: Vec<LongJobRow> = long_jobs::table
        .filter(long_jobs::owner_id.eq(owner))
        .order((long_jobs::created_at.desc(), long_jobs::id.desc()))
        .limit(limit)
        .select(LongJobRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(LongJob::from).collect())
}

/// How many of somebody's long jobs are not ended.
pub fn count_open(conn: &mut Conn, owner: UserId) -> Result<i64, StoreError> {
    Ok(long_jobs::table
        .filter(long_jobs::owner_id.eq(owner))
        .filter(long_jobs::ended_at.is_null())
        .count()
        .get_result(conn)?)
}

/// Somebody's jobs that have ended, without the latest of them and of those that go on, `kept` in all.
pub fn ended_beyond(conn: &mut Conn, owner: UserId, kept: i64) -> Result<Vec<LongJobId>, StoreError> {
    let open = count_open(conn, owner)?;
    Ok(long_jobs::table
        .filter(long_jobs::owner_id.eq(owner))
        .filter(long_jobs::ended_at.is_not_null())
        .order((long_jobs::created_at.desc(), long_jobs::id.desc()))
        .offset((kept - open).max(0))
        .limit(kept)
        .select(long_jobs::id)
        .load(conn)?)
}

/// Writes the progress of a job, and where it continues. Call it with the job locked.
pub fn set_progress(conn: &mut Conn, job: &LongJob, resume: Option<&str>) -> Result<(), StoreError> {
    diesel::update(long_jobs::table.find(job.id))
        .set((
            long_jobs::state.eq(job.state),
            long_jobs::done.eq(job.done),
            long_jobs::total.eq(job.total),
            long_jobs::resume.eq(resume),
            long_jobs::pieces.eq(job.pieces),
            long_jobs::size_bytes.eq(job.size_bytes),
            long_jobs::error.eq(&job.error),
            long_jobs::ended_at.eq(job.ended_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Adds a piece to the result of a job. Call it with the job locked.
pub fn add_piece(conn: &mut Conn, id: LongJobId, position: i32, bytes: &[u8]) -> Result<(), StoreError> {
    diesel::insert_into(long_job_pieces::table)
        .values((
            long_job_pieces::job_id.eq(id),
            long_job_pieces::position.eq(position),
            long_job_pieces::bytes.eq(bytes),
        ))
        .execute(conn)?;
    Ok(())
}

/// A piece of the result of a job.
pub fn piece(conn: &mut Conn, id: LongJobId, position: i32) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(long_job_pieces::table.find((id, position)).select(long_job_pieces::bytes).first(conn).optional()?)
}

/// Forgets the result of a job, as far as there is any.
pub fn remove_pieces(conn: &mut Conn, id: LongJobId) -> Result<(), StoreError> {
    diesel::delete(long_job_pieces::table.filter(long_job_pieces::job_id.eq(id))).execute(conn)?;
    Ok(())
}

/// Forgets a job with its result.
pub fn remove(conn: &mut Conn, id: LongJobId) -> Result<(), StoreError> {
    remove_pieces(conn, id)?;
    diesel::delete(long_jobs::table.find(id)).execute(conn)?;
    Ok(())
}

/// Jobs that are to be forgotten by now, at most `limit`.
pub fn expired(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<LongJobId>, StoreError> {
    Ok(long_jobs::table
        .filter(long_jobs::expires_at.le(now))
        .order(long_jobs::expires_at)
        .limit(limit)
        .select(long_jobs::id)
        .load(conn)?)
}
