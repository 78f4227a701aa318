//! Long jobs: somebody asks for one, a lane of their own works on it in parts, its owner may cancel it or fetch the
//! result, and old ones are deleted.
//!
//! Each part is read in one transaction and stored in another, together with the position of the next part. If the
//! process is killed in between, the part is read again and stored once.

mod issue_list;
mod pieces;
pub(super) mod workbook;

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use self::pieces::{PIECE_BYTES, Spooled};
use super::change::{self, By, Change, Decision};
use super::issues::list::Query;
use super::locks::{Lock, Locks};
use super::upkeep::Progress;
use super::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::canonical;
use crate::domain::digest::Digest;
use crate::domain::ids::{JobId, LongJobId, UserId};
use crate::domain::job::JobKind;
use crate::domain::long_job::{
    LONG_JOB_DAYS, LONG_JOBS_KEPT_MAX, LONG_JOBS_OPEN_MAX, LongJob, LongJobKind, LongJobState, RESULT_BYTES_MAX,
    SheetForm,
};
use crate::domain::policy::{self, Permission};
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::store::{Conn, audit, jobs, long_jobs, users};

/// How long one turn works at a job before others in the lane have theirs. Source: our choice.
const TURN: Duration = Duration::from_secs(20);
/// Long jobs that are forgotten at a time. Source: our choice.
const FORGOTTEN_AT_ONCE: i64 = 20;

/// What is asked for.
#[derive(Debug, Clone)]
pub enum Request {
    /// The issues of this filter as a sheet, as the owner may read them.
    IssueList(Box<Query>, SheetForm),
}

impl Request {
    fn kind(&self) -> LongJobKind {
        match self {
            Request::IssueList(..) => LongJobKind::IssueList,
        }
    }

    fn sheet(&self) -> SheetForm {
        match self {
            Request::IssueList(_, form) => *form,
        }
    }

    fn to_json(&self) -> Result<Value> {
        let (said, form) = match self {
            Request::IssueList(query, form) => (serde_json::to_value(query), serde_json::to_value(form)),
        };
        let unwritten = |error| AppError::Internal(format!("long job: {error}"));
        Ok(json!({"kind": self.kind(), "request": said.map_err(unwritten)?, "sheet": form.map_err(unwritten)?}))
    }

    fn from_json(kind: LongJobKind, text: &str) -> Result<Self> {
        let unread = |error: serde_json::Error| AppError::Internal(format!("long job: {error}"));
        let said: Value = serde_json::from_str(text).map_err(unread)?;
        match kind {
            LongJobKind::IssueList => {
                let query = serde_json::from_value(said["request"].clone()).map_err(unread)?;
                Ok(Request::IssueList(Box::new(query), SheetForm::of_request(&said)))
            }
        }
    }
}

/// What one has to be permitted for a kind.
const fn permission(kind: LongJobKind) -> Permission {
    match kind {
        LongJobKind::IssueList => Permission::ExportIssues,
    }
}

/// Asks for a long job. The same again answers what became of it, and whether it was new. It is on record.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::IdReused`] when the id names another, [`AppError::TooOften`] when the caller has
/// [`LONG_JOBS_OPEN_MAX`] that are not ended.
pub async fn ask(app: &App, caller: &Caller, id: LongJobId, request: Request) -> Result<(LongJob, bool)> {
    let said = request.to_json()?;
    let now = app.now();
    let job = LongJob {
        id,
        kind: request.kind(),
        sheet: request.sheet(),
        owner_id: caller.actor.user_id,
        state: LongJobState::Queued,
        done: 0,
        total: None,
        pieces: 0,
        size_bytes: 0,
        error: None,
        created_at: now,
        ended_at: None,
        expires_at: now.plus(Duration::from_secs(u64::from(LONG_JOB_DAYS) * 86_400)),
    };
    let digest = canonical::digest(&without_time(said.clone()));
    let queued = JobId(app.random.uuid());
    change::make(app, Ask { by: By::from(caller), job, said, digest, queued }).await
}

/// The request without when it was asked: the same again is asked later.
fn without_time(mut said: Value) -> Value {
    for name in ["overdue", "on_time"] {
        if let Some(wanted) = said["request"][name].as_array_mut() {
            wanted.truncate(1);
        }
    }
    said
}

/// A long job is asked for.
struct Ask {
    by: By,
    job: LongJob,
    said: Value,
    digest: Digest,
    queued: JobId,
}

impl Change for Ask {
    /// The job under this id, with the digest of what was asked for.
    type Before = Option<(LongJob, Digest)>;
    /// Those that are forgotten for it.
    type Made = Vec<LongJobId>;
    type Answer = (LongJob, bool);

    fn admit(&self) -> Result<()> {
        self.by.require(permission(self.job.kind))
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::LongJobsOf(self.job.owner_id), Lock::LongJob(self.job.id)]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        let Some(job) = long_jobs::find(conn, self.job.id)? else { return Ok(None) };
        let (_, digest, _) = long_jobs::request(conn, job.id)?;
        Ok(Some((job, digest)))
    }

    fn authorise(&self, _: &mut Conn, before: &Self::Before) -> Result<()> {
        match before {
            Some((job, digest)) if job.owner_id != self.job.owner_id || *digest != self.digest => {
                Err(AppError::IdReused)
            }
            Some(_) | None => Ok(()),
        }
    }

    fn decide(&self, conn: &mut Conn, before: Self::Before) -> Result<Decision<Self::Made, Self::Answer>> {
        if let Some((job, _)) = before {
            return Ok(Decision::Unchanged((job, false)));
        }
        if long_jobs::count_open(conn, self.job.owner_id)? >= LONG_JOBS_OPEN_MAX {
            return Err(AppError::TooOften(TURN));
        }
        let target = format!("long-job:{}", self.job.id);
        let record = self.by.done(self.job.created_at, AuditAction::ExportRequested, target);
        let records = vec![record.ended(Outcome::Done, self.said.to_string())];
        // Of those that have ended the oldest make room; nothing else becomes of them than that they are forgotten.
        let made = long_jobs::ended_beyond(conn, self.job.owner_id, LONG_JOBS_KEPT_MAX - 1)?;
        Ok(Decision::Made { made, records, messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &Vec<LongJobId>) -> Result<()> {
        made.iter().try_for_each(|surplus| long_jobs::remove(conn, *surplus))?;
        long_jobs::insert(conn, &self.job, &self.said.to_string(), &self.digest)?;
        let (kind, now) = (JobKind::WorkLong.as_str(), self.job.created_at);
        Ok(jobs::enqueue(conn, self.queued, kind, None, &self.job.id.to_string(), now, now)?)
    }

    fn answer(&self, _: &mut Conn, _: Vec<LongJobId>) -> Result<Self::Answer> {
        Ok((self.job.clone(), true))
    }
}

/// The caller's long jobs, latest first.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<LongJob>> {
    let owner = caller.actor.user_id;
    Ok(app.store.read(move |conn| long_jobs::of(conn, owner, LONG_JOBS_KEPT_MAX)).await?)
}

fn own(conn: &mut Conn, owner: UserId, id: LongJobId) -> Result<LongJob> {
    let job = long_jobs::find(conn, id)?.ok_or(AppError::NotFound)?;
    if job.owner_id == owner { Ok(job) } else { Err(AppError::Hidden) }
}

/// One of the caller's long jobs.
///
/// # Errors
/// [`AppError::NotFound`] also for somebody else's, or the store's.
pub async fn get(app: &App, caller: &Caller, id: LongJobId) -> Result<LongJob> {
    let owner = caller.actor.user_id;
    app.store.read(move |conn| own(conn, owner, id)).await
}

/// Cancels one of the caller's long jobs, with what there is of its result; one that has ended is forgotten.
///
/// # Errors
/// [`AppError::NotFound`] also for somebody else's, or the store's.
pub async fn cancel(app: &App, caller: &Caller, id: LongJobId) -> Result<()> {
    let (owner, now) = (caller.actor.user_id, app.now());
    change::locked(app, [Lock::LongJob(id)], move |conn, _| {
        let job = own(conn, owner, id)?;
        if job.state.is_ended() {
            return Ok(long_jobs::remove(conn, id)?);
        }
        end(conn, &job, LongJobState::Cancelled, None, now)
    })
    .await
}

/// The job ends without a result.
fn end(conn: &mut Conn, job: &LongJob, state: LongJobState, error: Option<String>, now: Timestamp) -> Result<()> {
    long_jobs::remove_pieces(conn, job.id)?;
    let ended = LongJob { state, error, ended_at: Some(now), pieces: 0, size_bytes: 0, ..job.clone() };
    Ok(long_jobs::set_progress(conn, &ended, None)?)
}

/// The result of one of the caller's long jobs: it is on record that it was fetched.
///
/// # Errors
/// [`AppError::NotFound`] when there is none, also for somebody else's; [`AppError::Forbidden`] when the caller may not
/// have it any more; or the store's.
pub async fn result(app: &App, caller: &Caller, id: LongJobId) -> Result<LongJob> {
    let (by, owner, now) = (By::from(caller), caller.actor.user_id, app.now());
    let job = app.store.read(move |conn| own(conn, owner, id)).await?;
    caller.require(permission(job.kind))?;
    if job.state != LongJobState::Done {
        return Err(AppError::NotFound);
    }
    let entry = by.done(now, AuditAction::ExportRead, format!("long-job:{id}"));
    app.store.write(move |conn| audit::append(conn, &entry)).await?;
    Ok(job)
}

/// A piece of a result that was given out by [`result`].
///
/// # Errors
/// [`AppError::NotFound`] when it was deleted in the meantime, or the store's.
pub async fn piece(app: &App, id: LongJobId, position: i32) -> Result<Vec<u8>> {
    app.store.read(move |conn| long_jobs::piece(conn, id, position)?.ok_or(AppError::NotFound)).await
}

/// What is stored of a job, or why it ends.
enum Next {
    /// A part of it.
    Part(Part),
    /// It cannot be done, for this reason.
    Refused(String),
}

/// What was read for a job.
enum Step {
    /// A part of it.
    Part(Part),
    /// All rows of a sheet are kept: they are to be made into a file of this form.
    RowsAreRead(SheetForm),
    /// It cannot be done, for this reason.
    Refused(String),
}

/// What a part came to.
struct Part {
    /// What it adds to the result.
    made: Made,
    /// Rows in them.
    rows: i64,
    /// How many rows there are in all, told with the first part.
    total: Option<i64>,
    /// Where the next part begins; `None` at the end.
    resume: Option<String>,
}

/// What a part adds to the result.
enum Made {
    /// The bytes that come next.
    Next(Vec<u8>),
    /// The whole result, made of the parts before.
    Whole(Spooled),
}

/// Works at a long job for a while. What cannot be done is noted on the job and is no failure of the queue's.
///
/// # Errors
/// The store's: then it is tried again.
pub async fn work(app: &App, id: LongJobId) -> Result<Progress> {
    let begun = Instant::now();
    let mut done = 0;
    loop {
        match next_step(app, id).await {
            Ok(None) => return Ok(Progress { done, more: false }),
            Ok(Some((_, Next::Refused(why)))) => {
                fail(app, id, &why).await?;
                return Ok(Progress { done, more: false });
            }
            Ok(Some((before, Next::Part(part)))) => {
                done += 1;
                if !keep(app, before, part).await? {
                    return Ok(Progress { done, more: false });
                }
            }
            Err(error @ (AppError::Unavailable(_) | AppError::StorageFull | AppError::Busy(_))) => return Err(error),
            Err(error) => {
                tracing::error!(long_job = %id, %error, "a long job could not be done");
                fail(app, id, "it could not be done").await?;
                return Ok(Progress { done, more: false });
            }
        }
        if begun.elapsed() >= TURN {
            return Ok(Progress { done, more: true });
        }
    }
}

/// What comes next of a job: its next part is read in one transaction, and a file is made of all parts outside of any.
/// `None` where nothing more is to be done.
async fn next_step(app: &App, id: LongJobId) -> Result<Option<((LongJob, Option<String>), Next)>> {
    let Some((before, step)) = read_step(app, id).await? else { return Ok(None) };
    let next = match step {
        Step::Part(part) => Next::Part(part),
        Step::Refused(why) => Next::Refused(why),
        Step::RowsAreRead(form) => {
            let made = Made::Whole(issue_list::into_workbook(app, &before.0, form).await?);
            Next::Part(Part { made, rows: 0, total: None, resume: None })
        }
    };
    Ok(Some((before, next)))
}

async fn read_step(app: &App, id: LongJobId) -> Result<Option<((LongJob, Option<String>), Step)>> {
    let app = app.clone();
    app.store
        .clone()
        .read(move |conn| -> Result<_> {
            let Some(job) = long_jobs::find(conn, id)?.filter(|job| !job.state.is_ended()) else { return Ok(None) };
            let (said, _, resume) = long_jobs::request(conn, id)?;
            let owner = users::find(conn, job.owner_id)?.filter(User::is_active);
            let actor = owner.map(|owner| owner.actor()).filter(|actor| policy::permits(actor, permission(job.kind)));
            let Some(actor) = actor else { return Err(AppError::Forbidden) };
            let step = match Request::from_json(job.kind, &said)? {
                Request::IssueList(query, form) => {
                    issue_list::part(conn, &app, &actor, (&query, form), resume.as_deref())?
                }
            };
            Ok(Some(((job, resume), step)))
        })
        .await
}

/// Keeps a part, unless the job was cancelled or another node kept it; answers whether there is more to do.
async fn keep(app: &App, (read, from): (LongJob, Option<String>), part: Part) -> Result<bool> {
    let now = app.now();
    change::locked(app, [Lock::LongJob(read.id)], move |conn, _| {
        let Some(job) = long_jobs::find(conn, read.id)?.filter(|job| !job.state.is_ended()) else { return Ok(false) };
        if long_jobs::request(conn, job.id)?.2 != from || job.pieces != read.pieces {
            return Ok(true);
        }
        let (mut pieces, before, added) = match &part.made {
            Made::Next(bytes) => (job.pieces, job.size_bytes, u64::try_from(bytes.len()).unwrap_or(u64::MAX)),
            Made::Whole(file) => (0, 0, file.size_bytes()),
        };
        let size_bytes = before.saturating_add(i64::try_from(added).unwrap_or(i64::MAX));
        if size_bytes > RESULT_BYTES_MAX {
            let why = format!("more than {} MiB: narrow the filter", RESULT_BYTES_MAX / 1024 / 1024);
            end(conn, &job, LongJobState::Failed, Some(why), now)?;
            return Ok(false);
        }
        let mut add = |conn: &mut Conn, piece: &[u8]| -> Result<()> {
            long_jobs::add_piece(conn, job.id, pieces, piece)?;
            pieces += 1;
            Ok(())
        };
        match part.made {
            Made::Next(bytes) => bytes.chunks(PIECE_BYTES).try_for_each(|piece| add(conn, piece))?,
            Made::Whole(file) => {
                long_jobs::remove_pieces(conn, job.id)?;
                file.each_piece(|piece| add(conn, piece))?;
            }
        }
        let more = part.resume.is_some();
        let after = LongJob {
            state: if more { LongJobState::Running } else { LongJobState::Done },
            done: job.done + part.rows,
            total: part.total.or(job.total),
            pieces,
            size_bytes,
            ended_at: (!more).then_some(now),
            ..job
        };
        long_jobs::set_progress(conn, &after, part.resume.as_deref())?;
        Ok(more)
    })
    .await
}

/// Ends a job whose work was set aside: its owner sees that nothing more comes, and may ask again.
///
/// # Errors
/// The store's.
pub async fn give_up(app: &App, id: LongJobId) -> Result<()> {
    fail(app, id, "it could not be done").await
}

async fn fail(app: &App, id: LongJobId, why: &str) -> Result<()> {
    let (now, why) = (app.now(), why.to_owned());
    change::locked(app, [Lock::LongJob(id)], move |conn, _| {
        match long_jobs::find(conn, id)?.filter(|job| !job.state.is_ended()) {
            Some(job) => end(conn, &job, LongJobState::Failed, Some(why.clone()), now),
            None => Ok(()),
        }
    })
    .await
}

/// Forgets long jobs that have been kept for long enough, with their results: housekeeping.
pub async fn forget_expired(app: &App) -> Result<Progress> {
    let now = app.now();
    let expired =
        app.store.read(move |conn| Ok::<_, AppError>(long_jobs::expired(conn, now, FORGOTTEN_AT_ONCE)?)).await?;
    let done = expired.len();
    for id in expired {
        change::locked(app, [Lock::LongJob(id)], move |conn, _| Ok(long_jobs::remove(conn, id)?)).await?;
    }
    Ok(Progress { done, more: i64::try_from(done).is_ok_and(|done| done >= FORGOTTEN_AT_ONCE) })
}
