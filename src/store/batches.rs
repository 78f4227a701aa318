//! Batches of visits, their draws and their tasks.

use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::domain::batch::{Batch, BatchAction, BatchEvent, BatchState, BatchTransition};
use crate::domain::digest::Digest;
use crate::domain::draw::{Commitment, Nonce, Outcome, Pool, Redraw, Rules, Secret};
use crate::domain::ids::{BatchId, InspectorKey, PointId, StepKey, UserId};
use crate::domain::issue::State;
use crate::domain::time::Timestamp;
use crate::store::dialect::{each_some, insert_all};
use crate::store::schema::{
    batch_events, batch_step_keys, batches, draw_inspectors, draws, issues, task_inspectors, tasks, visits,
};
use crate::store::{Conn, StoreError, batch_issues, months};

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}

fn number(of: u32) -> i32 {
    i32::try_from(of).unwrap_or(i32::MAX)
}

/// One batch.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn find(conn: &mut Conn, id: BatchId) -> Result<Option<Batch>, StoreError> {
    let body: Option<String> = batches::table.find(id).select(batches::body).first(conn).optional()?;
    body.as_deref().map(read).transpose()
}

/// Batches, the latest first, after this one.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no batch to continue after, [`StoreError::Corrupt`].
pub fn list(conn: &mut Conn, after: Option<BatchId>, limit: i64) -> Result<Vec<Batch>, StoreError> {
    let mut query = batches::table.select(batches::body).into_boxed();
    if let Some(id) = after {
        let at: Option<Timestamp> = batches::table.find(id).select(batches::created_at).first(conn).optional()?;
        let at = at.ok_or(StoreError::NotFound)?;
        let earlier = batches::created_at.lt(at);
        query = query.filter(earlier.or(batches::created_at.eq(at).and(batches::id.lt(id))));
    }
    let bodies: Vec<String> = query.order((batches::created_at.desc(), batches::id.desc())).limit(limit).load(conn)?;
    bodies.iter().map(|body| read(body)).collect()
}

/// The same, of those whose draw was committed to.
///
/// # Errors
/// Those of [`list`].
pub fn list_committed(conn: &mut Conn, after: Option<BatchId>, limit: i64) -> Result<Vec<Batch>, StoreError> {
    let committed = diesel::dsl::exists(draws::table.filter(draws::batch_id.eq(batches::id)));
    let mut query = batches::table.filter(committed).select(batches::body).into_boxed();
    if let Some(id) = after {
        let at: Option<Timestamp> = batches::table.find(id).select(batches::created_at).first(conn).optional()?;
        let at = at.ok_or(StoreError::NotFound)?;
        query = query.filter(batches::created_at.lt(at).or(batches::created_at.eq(at).and(batches::id.lt(id))));
    }
    let bodies: Vec<String> = query.order((batches::created_at.desc(), batches::id.desc())).limit(limit).load(conn)?;
    bodies.iter().map(|body| read(body)).collect()
}

/// What the draws of these batches are committed to, by batch and attempt.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn commitments(conn: &mut Conn, of: &[BatchId]) -> Result<Vec<Commitment>, StoreError> {
    let kept: Vec<String> = each_some(of, |some| {
        Ok(draws::table
            .filter(draws::batch_id.eq_any(some))
            .order((draws::batch_id, draws::attempt))
            .select(draws::commitment)
            .load(conn)?)
    })?;
    kept.iter().map(|commitment| read(commitment)).collect()
}

/// Writes a decided step: the row together with its event.
///
/// # Errors
/// [`StoreError::Stale`] when the stored version is not the one it was decided on.
pub fn apply(conn: &mut Conn, step: &BatchTransition) -> Result<(), StoreError> {
    let (batch, event) = (step.after(), step.event());
    months::admit(conn, event.at)?;
    let body = json(batch)?;
    match step.expected_version() {
        None => {
            diesel::insert_into(batches::table)
                .values((
                    batches::id.eq(batch.id),
                    batches::version.eq(batch.version),
                    batches::state.eq(batch.state),
                    batches::body.eq(body),
                    batches::created_at.eq(event.at),
                ))
                .execute(conn)?;
        }
        Some(version) => {
            let row = batches::table.filter(batches::id.eq(batch.id)).filter(batches::version.eq(version));
            let changed = diesel::update(row)
                .set((batches::version.eq(batch.version), batches::state.eq(batch.state), batches::body.eq(body)))
                .execute(conn)?;
            if changed != 1 {
                return Err(StoreError::Stale);
            }
        }
    }
    diesel::insert_into(batch_events::table)
        .values((
            batch_events::batch_id.eq(event.batch_id),
            batch_events::version.eq(event.version),
            batch_events::at.eq(event.at),
            batch_events::actor_id.eq(event.actor_id),
            batch_events::action.eq(event.action),
            batch_events::from_state.eq(event.from),
            batch_events::to_state.eq(event.to),
            batch_events::reason.eq(&event.reason),
            batch_events::changes.eq(json(&event.changes)?),
        ))
        .execute(conn)?;
    Ok(())
}

/// Who made the last redraw of a batch; `None` when there was none.
///
/// # Errors
/// A database that fails.
pub fn last_redraw_by(conn: &mut Conn, id: BatchId) -> Result<Option<UserId>, StoreError> {
    let made = batch_events::table
        .filter(batch_events::batch_id.eq(id))
        .filter(batch_events::action.eq(BatchAction::Redraw))
        .order(batch_events::version.desc())
        .select(batch_events::actor_id)
        .first::<Option<UserId>>(conn)
        .optional()?;
    Ok(made.flatten())
}

/// The batch and the digest of the step that a user took under a key.
pub fn find_key(conn: &mut Conn, actor: UserId, key: StepKey) -> Result<Option<(BatchId, Digest)>, StoreError> {
    let kept = batch_step_keys::table.find((actor, key));
    Ok(kept.select((batch_step_keys::batch_id, batch_step_keys::digest)).first(conn).optional()?)
}

/// Stores a step's key, beside its event.
///
/// # Errors
/// [`StoreError::Conflict`] when the key is taken.
pub fn note_key(
    conn: &mut Conn,
    actor: UserId,
    key: StepKey,
    (batch, digest): (BatchId, Digest),
) -> Result<(), StoreError> {
    diesel::insert_into(batch_step_keys::table)
        .values((
            batch_step_keys::actor_id.eq(actor),
            batch_step_keys::step_key.eq(key),
            batch_step_keys::batch_id.eq(batch),
            batch_step_keys::digest.eq(digest),
        ))
        .execute(conn)?;
    Ok(())
}

/// Batches after this id, for reading all of them in pages.
pub fn ids_after(conn: &mut Conn, after: Option<BatchId>, limit: i64) -> Result<Vec<BatchId>, StoreError> {
    let mut query = batches::table.select(batches::id).into_boxed();
    if let Some(after) = after {
        query = query.filter(batches::id.gt(after));
    }
    Ok(query.order(batches::id).limit(limit).load(conn)?)
}

/// What the row of a batch says beside its content: version and state.
pub fn row(conn: &mut Conn, id: BatchId) -> Result<(i64, BatchState), StoreError> {
    Ok(batches::table.find(id).select((batches::version, batches::state)).first(conn)?)
}

type EventRow = (i64, Timestamp, Option<UserId>, BatchAction, Option<BatchState>, BatchState, Option<String>, String);

/// The events of a batch, oldest first.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn events(conn: &mut Conn, id: BatchId) -> Result<Vec<BatchEvent>, StoreError> {
    let rows: Vec<EventRow> = batch_events::table
        .filter(batch_events::batch_id.eq(id))
        .order(batch_events::version)
        .select((
            batch_events::version,
            batch_events::at,
            batch_events::actor_id,
            batch_events::action,
            batch_events::from_state,
            batch_events::to_state,
            batch_events::reason,
            batch_events::changes,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(version, at, actor_id, action, from, to, reason, changes)| {
            let changes: Map<String, Value> = read(&changes)?;
            Ok(BatchEvent { batch_id: id, version, at, actor_id, action, from, to, reason, changes })
        })
        .collect()
}

/// A draw as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub struct Draw {
    /// The server's half of the seed.
    pub secret: Secret,
    /// What was fixed when the plan was approved.
    pub commitment: Commitment,
    /// The pool.
    pub pool: Pool,
    /// The rules.
    pub rules: Rules,
    /// The approver's half of the seed, and what was drawn.
    pub drawn: Option<(Nonce, Outcome)>,
    /// Redraws after declared conflicts, in order.
    pub redraws: Vec<Redraw>,
}

/// Stores the commitment of a draw, and which inspector each key of its pool stands for.
pub fn commit(conn: &mut Conn, draw: &Draw, people: &[(InspectorKey, UserId)]) -> Result<(), StoreError> {
    let (batch, attempt) = (draw.commitment.batch, number(draw.commitment.attempt));
    diesel::insert_into(draws::table)
        .values((
            draws::batch_id.eq(batch),
            draws::attempt.eq(attempt),
            draws::secret.eq(draw.secret),
            draws::commitment.eq(json(&draw.commitment)?),
            draws::pool.eq(json(&draw.pool)?),
            draws::rules.eq(json(&draw.rules)?),
            draws::redraws.eq(json(&draw.redraws)?),
        ))
        .execute(conn)?;
    for (key, user) in people {
        diesel::insert_into(draw_inspectors::table)
            .values((
                draw_inspectors::batch_id.eq(batch),
                draw_inspectors::attempt.eq(attempt),
                draw_inspectors::inspector_key.eq(key),
                draw_inspectors::user_id.eq(user),
            ))
            .execute(conn)?;
    }
    Ok(())
}

type DrawRow = (Secret, String, String, String, Option<Nonce>, Option<String>, String);

/// The draws of a batch by attempt, the first first.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn draws(conn: &mut Conn, id: BatchId) -> Result<Vec<Draw>, StoreError> {
    let rows: Vec<DrawRow> = draws::table
        .filter(draws::batch_id.eq(id))
        .order(draws::attempt)
        .select((
            draws::secret,
            draws::commitment,
            draws::pool,
            draws::rules,
            draws::nonce,
            draws::outcome,
            draws::redraws,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(secret, commitment, pool, rules, nonce, outcome, redraws)| {
            let outcome = outcome.as_deref().map(read).transpose()?;
            Ok(Draw {
                secret,
                commitment: read(&commitment)?,
                pool: read(&pool)?,
                rules: read(&rules)?,
                drawn: nonce.zip(outcome),
                redraws: read(&redraws)?,
            })
        })
        .collect()
}

/// The people behind the keys of a draw.
pub fn people(conn: &mut Conn, id: BatchId, attempt: u32) -> Result<Vec<(InspectorKey, UserId)>, StoreError> {
    Ok(draw_inspectors::table
        .filter(draw_inspectors::batch_id.eq(id))
        .filter(draw_inspectors::attempt.eq(number(attempt)))
        .select((draw_inspectors::inspector_key, draw_inspectors::user_id))
        .load(conn)?)
}

/// A task as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptTask {
    /// The batch.
    pub batch_id: BatchId,
    /// Its number in it.
    pub number: u32,
    /// Where.
    pub point_id: PointId,
    /// Start of its slot.
    pub from_at: Timestamp,
    /// End of its slot.
    pub to_at: Timestamp,
    /// Whether nobody was left for it after a redraw.
    pub dropped: bool,
    /// Who carries it out, with the code name in the batch.
    pub people: Vec<(UserId, String)>,
}

/// Keeps what was drawn: the approver's nonce, the outcome and the tasks.
///
/// # Errors
/// [`StoreError::Stale`] when it was drawn before.
pub fn keep_outcome(
    conn: &mut Conn,
    of: (BatchId, u32),
    nonce: Nonce,
    outcome: &Outcome,
    made: &[KeptTask],
) -> Result<(), StoreError> {
    let row = draws::table.find((of.0, number(of.1))).filter(draws::nonce.is_null());
    let changed = diesel::update(row)
        .set((draws::nonce.eq(Some(nonce)), draws::outcome.eq(Some(json(outcome)?))))
        .execute(conn)?;
    if changed != 1 {
        return Err(StoreError::Stale);
    }
    made.iter().try_for_each(|task| add_task(conn, task))
}

/// Adds a task to a batch.
pub fn add_task(conn: &mut Conn, task: &KeptTask) -> Result<(), StoreError> {
    diesel::insert_into(tasks::table)
        .values((
            tasks::batch_id.eq(task.batch_id),
            tasks::number.eq(number(task.number)),
            tasks::point_id.eq(task.point_id),
            tasks::from_at.eq(task.from_at),
            tasks::to_at.eq(task.to_at),
            tasks::dropped.eq(task.dropped),
        ))
        .execute(conn)?;
    write_people(conn, task)
}

#[derive(Insertable)]
#[diesel(table_name = task_inspectors)]
struct PersonRow<'a> {
    batch_id: BatchId,
    number: i32,
    place: i32,
    user_id: UserId,
    code_name: &'a str,
}

fn write_people(conn: &mut Conn, task: &KeptTask) -> Result<(), StoreError> {
    let rows: Vec<PersonRow<'_>> = (0..)
        .zip(&task.people)
        .map(|(place, (user_id, code_name))| PersonRow {
            batch_id: task.batch_id,
            number: number(task.number),
            place,
            user_id: *user_id,
            code_name,
        })
        .collect();
    insert_all!(conn, task_inspectors::table, rows);
    Ok(())
}

/// Keeps the redraws of a batch, and the task that the last of them changed.
pub fn keep_redraw(conn: &mut Conn, of: (BatchId, u32), redraws: &[Redraw], task: &KeptTask) -> Result<(), StoreError> {
    diesel::update(draws::table.find((of.0, number(of.1)))).set(draws::redraws.eq(json(&redraws)?)).execute(conn)?;
    diesel::update(tasks::table.find((task.batch_id, number(task.number))))
        .set(tasks::dropped.eq(task.dropped))
        .execute(conn)?;
    let people = task_inspectors::table
        .filter(task_inspectors::batch_id.eq(task.batch_id))
        .filter(task_inspectors::number.eq(number(task.number)));
    diesel::delete(people).execute(conn)?;
    write_people(conn, task)
}

type TaskRow = (BatchId, i32, PointId, Timestamp, Timestamp, bool);

const TASK: (tasks::batch_id, tasks::number, tasks::point_id, tasks::from_at, tasks::to_at, tasks::dropped) =
    (tasks::batch_id, tasks::number, tasks::point_id, tasks::from_at, tasks::to_at, tasks::dropped);

fn with_people(conn: &mut Conn, rows: Vec<TaskRow>) -> Result<Vec<KeptTask>, StoreError> {
    rows.into_iter()
        .map(|(batch_id, number, point_id, from_at, to_at, dropped)| {
            let people = task_inspectors::table
                .filter(task_inspectors::batch_id.eq(batch_id))
                .filter(task_inspectors::number.eq(number))
                .order(task_inspectors::place)
                .select((task_inspectors::user_id, task_inspectors::code_name))
                .load(conn)?;
            let number = u32::try_from(number).unwrap_or_default();
            Ok(KeptTask { batch_id, number, point_id, from_at, to_at, dropped, people })
        })
        .collect()
}

/// One task.
pub fn find_task(conn: &mut Conn, id: BatchId, of: u32) -> Result<Option<KeptTask>, StoreError> {
    let row: Option<TaskRow> = tasks::table.find((id, number(of))).select(TASK).first(conn).optional()?;
    Ok(with_people(conn, row.into_iter().collect())?.pop())
}

/// The tasks of this person whose slot has begun by `begun` and is not over at `now`, that are not dropped, of batches
/// that are drawn or under way, and that the person has not carried out; by slot.
pub fn tasks_of(
    conn: &mut Conn,
    user: UserId,
    begun: Timestamp,
    now: Timestamp,
) -> Result<Vec<(KeptTask, BatchState)>, StoreError> {
    let own = task_inspectors::table
        .filter(task_inspectors::batch_id.eq(tasks::batch_id))
        .filter(task_inspectors::number.eq(tasks::number))
        .filter(task_inspectors::user_id.eq(user));
    let done = visits::table
        .filter(visits::batch_id.eq(tasks::batch_id.nullable()))
        .filter(visits::task_number.eq(tasks::number.nullable()))
        .filter(visits::inspector_id.eq(user));
    let states = BatchState::RUNNING;
    let rows: Vec<(TaskRow, BatchState)> = tasks::table
        .inner_join(batches::table.on(batches::id.eq(tasks::batch_id)))
        .filter(batches::state.eq_any(states))
        .filter(tasks::from_at.le(begun))
        .filter(tasks::to_at.gt(now))
        .filter(tasks::dropped.eq(false))
        .filter(diesel::dsl::exists(own))
        .filter(diesel::dsl::not(diesel::dsl::exists(done)))
        .order((tasks::from_at, tasks::batch_id, tasks::number))
        .select((TASK, batches::state))
        .load(conn)?;
    let (rows, states): (Vec<TaskRow>, Vec<BatchState>) = rows.into_iter().unzip();
    Ok(with_people(conn, rows)?.into_iter().zip(states).collect())
}

/// Whether anybody has carried out this task.
pub fn is_carried_out(conn: &mut Conn, id: BatchId, of: u32) -> Result<bool, StoreError> {
    let done = visits::table.filter(visits::batch_id.eq(id)).filter(visits::task_number.eq(number(of)));
    Ok(diesel::select(diesel::dsl::exists(done)).get_result(conn)?)
}

/// The progress of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    /// Tasks that were not dropped.
    pub tasks: u32,
    /// Of these, carried out.
    pub visited: u32,
    /// Of these, neither carried out nor over.
    pub open: u32,
    /// Reports found on its visits that wait for their review, also those whose visit has not arrived.
    pub unreviewed: u32,
}

/// The progress of a batch at `now`.
pub fn progress(conn: &mut Conn, id: BatchId, now: Timestamp) -> Result<Progress, StoreError> {
    let kept: Vec<(i32, Timestamp)> = tasks::table
        .filter(tasks::batch_id.eq(id))
        .filter(tasks::dropped.eq(false))
        .select((tasks::number, tasks::to_at))
        .load(conn)?;
    let done: Vec<Option<i32>> =
        visits::table.filter(visits::batch_id.eq(id)).select(visits::task_number).distinct().load(conn)?;
    let is_done = |number: i32| done.contains(&Some(number));
    let unreviewed = batch_issues::unreviewed(conn, id)?;
    let visited = kept.iter().filter(|(number, _)| is_done(*number)).count();
    let open = kept.iter().filter(|(number, to_at)| !is_done(*number) && *to_at > now).count();
    let size = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
    Ok(Progress { tasks: size(kept.len()), visited: size(visited), open: size(open), unreviewed: size(unreviewed) })
}

/// What the pool of a draw is made of, besides points and accounts.
#[derive(Debug, Default)]
pub struct History {
    /// Points with the time of their last visit.
    pub last_visits: Vec<(PointId, Timestamp)>,
    /// Points, once for each visit in the month, planned ones included.
    pub month_visits: Vec<PointId>,
    /// Points with the severity and the place in its chain of each issue that is open there.
    pub open_issues: Vec<(PointId, crate::domain::issue::Severity, i32)>,
    /// Who visited which point in one of the last two batches.
    pub recent: Vec<(UserId, PointId)>,
}

/// The history that a draw depends on at `now`, with the visits from `from` to `to` as those of the month.
pub fn history(conn: &mut Conn, from: Timestamp, to: Timestamp, now: Timestamp) -> Result<History, StoreError> {
    let last: Vec<(PointId, Option<Timestamp>)> = visits::table
        .group_by(visits::point_id)
        .select((visits::point_id, diesel::dsl::max(visits::began_at)))
        .load(conn)?;
    let mut month_visits: Vec<PointId> = visits::table
        .filter(visits::began_at.ge(from))
        .filter(visits::began_at.lt(to))
        .select(visits::point_id)
        .load(conn)?;
    let done = visits::table
        .filter(visits::batch_id.eq(tasks::batch_id.nullable()))
        .filter(visits::task_number.eq(tasks::number.nullable()));
    let states = BatchState::RUNNING;
    let planned: Vec<PointId> = tasks::table
        .inner_join(batches::table.on(batches::id.eq(tasks::batch_id)))
        .filter(batches::state.eq_any(states))
        .filter(tasks::from_at.ge(from))
        .filter(tasks::from_at.lt(to))
        .filter(tasks::to_at.gt(now))
        .filter(tasks::dropped.eq(false))
        .filter(diesel::dsl::not(diesel::dsl::exists(done)))
        .select(tasks::point_id)
        .load(conn)?;
    month_visits.extend(planned);
    let open_issues = issues::table
        .filter(issues::state.ne_all(State::SETTLED))
        .select((issues::point_id, issues::severity, issues::chain_no))
        .load(conn)?;
    let states = [BatchState::Drawn, BatchState::UnderWay, BatchState::Reviewed, BatchState::Released];
    let batches: Vec<BatchId> = batches::table
        .filter(batches::state.eq_any(states))
        .order((batches::created_at.desc(), batches::id.desc()))
        .limit(2)
        .select(batches::id)
        .load(conn)?;
    let mut recent = Vec::new();
    for batch in batches {
        let visited: Vec<(UserId, PointId)> = visits::table
            .filter(visits::batch_id.eq(batch))
            .select((visits::inspector_id, visits::point_id))
            .load(conn)?;
        recent.extend(visited);
    }
    let last_visits = last.into_iter().filter_map(|(point, at)| Some((point, at?))).collect();
    Ok(History { last_visits, month_visits, open_issues, recent })
}
