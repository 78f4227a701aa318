//! Visits that are made again 双盲复查: the draws, the drawn visits, and the tasks under which they are made again.

use std::collections::HashSet;

use diesel::dsl::{exists, max, not};
use diesel::prelude::*;

use crate::domain::batch::BatchState;
use crate::domain::digest::Digest;
use crate::domain::ids::{BatchId, IssueId, PointId, RepeatDrawId, UserId, VisitId};
use crate::domain::time::Timestamp;
use crate::domain::visit::Visit;
use crate::domain::visit::repeat::{RepeatProof, RepeatState};
use crate::store::batches::KeptTask;
use crate::store::dialect::{each_some, insert_all};
use crate::store::schema::{batches, issues, repeat_draws as draws, repeats, task_inspectors, tasks, visits};
use crate::store::{Conn, StoreError, batches as kept_batches, visits as kept_visits};

/// The batches whose tasks are being carried out, by id: those whose locks are taken for a draw.
pub fn running(conn: &mut Conn) -> Result<Vec<BatchId>, StoreError> {
    let states = BatchState::RUNNING;
    Ok(batches::table.filter(batches::state.eq_any(states)).order(batches::id).select(batches::id).load(conn)?)
}

/// The last draw: until when it looked, and its proof.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn last(conn: &mut Conn) -> Result<Option<(Timestamp, RepeatProof)>, StoreError> {
    let row = draws::table.order(draws::until_at.desc()).select((draws::until_at, draws::proof));
    Ok(row.first(conn).optional()?)
}

/// A completed visit, the batch and the number of its task, and the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable)]
pub struct Completed {
    /// The visit.
    pub visit_id: VisitId,
    /// The batch.
    pub batch_id: BatchId,
    /// The task.
    pub number: i32,
    /// Where.
    pub point_id: PointId,
    /// When it arrived.
    received_at: Timestamp,
}

/// The visits that arrived in this time and were the first to carry out a task of these batches which repeats no visit.
pub fn completed(
    conn: &mut Conn,
    of: &[BatchId],
    (from, until): (Timestamp, Timestamp),
) -> Result<Vec<Completed>, StoreError> {
    let mut found: Vec<Completed> = each_some(of, |some| {
        let repeated = repeats::table
            .filter(repeats::batch_id.nullable().eq(visits::batch_id))
            .filter(repeats::number.eq(visits::task_number));
        Ok(visits::table
            .filter(visits::batch_id.eq_any(some))
            .filter(visits::received_at.lt(until))
            .filter(not(exists(repeated)))
            .order((visits::received_at, visits::id))
            .select((
                visits::id,
                visits::batch_id.assume_not_null(),
                visits::task_number.assume_not_null(),
                visits::point_id,
                visits::received_at,
            ))
            .load(conn)?)
    })?;
    // Of two who carry out one task together, the one that arrived first.
    found.sort_by_key(|visit| (visit.batch_id, visit.number, visit.received_at, visit.visit_id));
    found.dedup_by_key(|visit| (visit.batch_id, visit.number));
    found.retain(|visit| visit.received_at >= from);
    Ok(found)
}

/// How many visits of a point there are in this time, planned ones included.
pub fn visits_at(conn: &mut Conn, point: PointId, (from, to): (Timestamp, Timestamp)) -> Result<usize, StoreError> {
    let made: i64 = visits::table
        .filter(visits::point_id.eq(point))
        .filter(visits::began_at.ge(from))
        .filter(visits::began_at.lt(to))
        .count()
        .get_result(conn)?;
    let done = visits::table
        .filter(visits::batch_id.eq(tasks::batch_id.nullable()))
        .filter(visits::task_number.eq(tasks::number.nullable()));
    let states = BatchState::RUNNING;
    let planned: i64 = tasks::table
        .inner_join(batches::table.on(batches::id.eq(tasks::batch_id)))
        .filter(batches::state.eq_any(states))
        .filter(tasks::point_id.eq(point))
        .filter(tasks::from_at.ge(from))
        .filter(tasks::from_at.lt(to))
        .filter(tasks::dropped.eq(false))
        .filter(not(exists(done)))
        .count()
        .get_result(conn)?;
    Ok(usize::try_from(made + planned).unwrap_or(usize::MAX))
}

/// The slots of this person's tasks that are not over at `now`, and how many tasks the person has in a batch.
pub fn busy(
    conn: &mut Conn,
    user: UserId,
    batch: BatchId,
    now: Timestamp,
) -> Result<(Vec<(Timestamp, Timestamp)>, usize), StoreError> {
    let states = BatchState::RUNNING;
    let own = tasks::table
        .inner_join(batches::table.on(batches::id.eq(tasks::batch_id)))
        .inner_join(
            task_inspectors::table.on(task_inspectors::batch_id
                .eq(tasks::batch_id)
                .and(task_inspectors::number.eq(tasks::number))
                .and(task_inspectors::user_id.eq(user))),
        )
        .filter(batches::state.eq_any(states))
        .filter(tasks::dropped.eq(false));
    let rows: Vec<(BatchId, Timestamp, Timestamp)> =
        own.select((tasks::batch_id, tasks::from_at, tasks::to_at)).load(conn)?;
    let count = rows.iter().filter(|(of, ..)| *of == batch).count();
    let slots = rows.into_iter().filter(|(_, _, to)| *to > now).map(|(_, from, to)| (from, to)).collect();
    Ok((slots, count))
}

/// The issues that others found at this point on a visit of a batch for which this person has yet to go there.
pub fn found_on_own_tasks(conn: &mut Conn, user: UserId, point: PointId) -> Result<HashSet<IssueId>, StoreError> {
    let states = BatchState::RUNNING;
    let own: Vec<(BatchId, i32)> = tasks::table
        .inner_join(batches::table.on(batches::id.eq(tasks::batch_id)))
        .inner_join(
            task_inspectors::table.on(task_inspectors::batch_id
                .eq(tasks::batch_id)
                .and(task_inspectors::number.eq(tasks::number))
                .and(task_inspectors::user_id.eq(user))),
        )
        .filter(batches::state.eq_any(states))
        .filter(tasks::point_id.eq(point))
        .filter(tasks::dropped.eq(false))
        .select((tasks::batch_id, tasks::number))
        .load(conn)?;
    let mut found = HashSet::new();
    for (batch, number) in own {
        let done = visits::table
            .filter(visits::batch_id.eq(batch))
            .filter(visits::task_number.eq(number))
            .filter(visits::inspector_id.eq(user));
        if diesel::select(exists(done)).get_result(conn)? {
            continue;
        }
        let of_others: Vec<IssueId> = issues::table
            .inner_join(visits::table.on(issues::visit_id.eq(visits::id.nullable())))
            .filter(visits::batch_id.eq(batch))
            .filter(visits::point_id.eq(point))
            .select(issues::id)
            .load(conn)?;
        found.extend(of_others);
    }
    Ok(found)
}

/// The number that the next task of a batch gets.
pub fn next_number(conn: &mut Conn, batch: BatchId) -> Result<u32, StoreError> {
    let last: Option<i32> = tasks::table.filter(tasks::batch_id.eq(batch)).select(max(tasks::number)).first(conn)?;
    Ok(u32::try_from(last.unwrap_or(0)).unwrap_or(0).saturating_add(1))
}

/// What becomes of a drawn visit.
#[derive(Debug, Clone)]
pub struct Repeat {
    /// The first visit.
    pub visit_id: VisitId,
    /// The batch.
    pub batch_id: BatchId,
    /// The task under which it is made again.
    pub task: Option<KeptTask>,
    /// What became of it.
    pub state: RepeatState,
}

#[derive(Insertable)]
#[diesel(table_name = repeats)]
struct RepeatRow {
    visit_id: VisitId,
    draw_id: RepeatDrawId,
    batch_id: BatchId,
    number: Option<i32>,
    state: RepeatState,
}

/// Keeps a draw, what became of the drawn visits, and the tasks.
pub fn keep(
    conn: &mut Conn,
    proof: &RepeatProof,
    (until, at): (Timestamp, Timestamp),
    made: &[Repeat],
) -> Result<(), StoreError> {
    diesel::insert_into(draws::table)
        .values((
            draws::id.eq(proof.draw),
            draws::population.eq(i32::try_from(proof.visits.len()).unwrap_or(i32::MAX)),
            draws::until_at.eq(until),
            draws::proof.eq(proof),
            draws::digest.eq(proof.digest()),
            draws::drawn_at.eq(at),
        ))
        .execute(conn)?;
    let mut rows = Vec::new();
    for repeat in made {
        if let Some(task) = &repeat.task {
            kept_batches::add_task(conn, task)?;
        }
        let number = repeat.task.as_ref().map(|task| i32::try_from(task.number).unwrap_or(i32::MAX));
        let Repeat { visit_id, batch_id, task: _, state } = repeat.clone();
        rows.push(RepeatRow { visit_id, draw_id: proof.draw, batch_id, number, state });
    }
    insert_all!(conn, repeats::table, rows);
    Ok(())
}

/// A draw as it is kept: its digest, its proof, and the visits that were drawn with their states.
pub type KeptDraw = (Digest, RepeatProof, Vec<(VisitId, RepeatState)>);

/// Draws after this id, for reading all of them in pages: the stored digest and the proof, and the drawn visits as they
/// are stored.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn page(conn: &mut Conn, after: Option<RepeatDrawId>, limit: i64) -> Result<Vec<KeptDraw>, StoreError> {
    let mut query = draws::table.select((draws::digest, draws::proof)).into_boxed();
    if let Some(after) = after {
        query = query.filter(draws::id.gt(after));
    }
    let found: Vec<(Digest, RepeatProof)> = query.order(draws::id).limit(limit).load(conn)?;
    let with_rows = |(digest, proof): (Digest, RepeatProof)| {
        let of_draw = repeats::table.filter(repeats::draw_id.eq(proof.draw)).order(repeats::visit_id);
        let rows = of_draw.select((repeats::visit_id, repeats::state)).load(conn)?;
        Ok((digest, proof, rows))
    };
    found.into_iter().map(with_rows).collect()
}

/// How many visits could be drawn since an instant, and what became of the drawn ones.
pub fn counts(conn: &mut Conn, since: Timestamp) -> Result<(i64, Vec<(RepeatState, i64)>), StoreError> {
    let population: Vec<i32> = draws::table.filter(draws::drawn_at.ge(since)).select(draws::population).load(conn)?;
    let states = repeats::table
        .inner_join(draws::table.on(draws::id.eq(repeats::draw_id)))
        .filter(draws::drawn_at.ge(since))
        .group_by(repeats::state)
        .select((repeats::state, diesel::dsl::count_star()))
        .load(conn)?;
    Ok((population.into_iter().map(i64::from).sum(), states))
}

/// The pairs of visits of draws since an instant: each first one with the one that was made again; and how many given
/// tasks have neither been carried out nor are over at `now`.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn pairs(conn: &mut Conn, since: Timestamp, now: Timestamp) -> Result<(Vec<(Visit, Visit)>, usize), StoreError> {
    let given: Vec<(VisitId, BatchId, Option<i32>)> = repeats::table
        .inner_join(draws::table.on(draws::id.eq(repeats::draw_id)))
        .filter(draws::drawn_at.ge(since))
        .filter(repeats::number.is_not_null())
        .order(repeats::visit_id)
        .select((repeats::visit_id, repeats::batch_id, repeats::number))
        .load(conn)?;
    let (mut found, mut open) = (Vec::new(), 0);
    for (first, batch, number) in given {
        let again: Option<VisitId> = visits::table
            .filter(visits::batch_id.eq(batch))
            .filter(visits::task_number.eq(number))
            .order((visits::received_at, visits::id))
            .select(visits::id)
            .first(conn)
            .optional()?;
        match again {
            Some(again) => {
                let both = (kept_visits::find(conn, first)?, kept_visits::find(conn, again)?);
                found.extend(both.0.zip(both.1));
            }
            None => {
                let of = u32::try_from(number.unwrap_or_default()).unwrap_or_default();
                let task = kept_batches::find_task(conn, batch, of)?;
                open += usize::from(task.is_some_and(|task| task.to_at > now));
            }
        }
    }
    Ok((found, open))
}
