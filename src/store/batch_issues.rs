//! Which issues belong to a batch: those that its visits opened, and those whose visit has not arrived yet and may be
//! one of its visits.
//!
//! A report goes ahead of its visit and names it (ADR 0028). Until the visit is recorded nothing says whether a batch
//! sent it, so it belongs to every batch of which its finder had been shown a task when it arrived, and which the
//! finder has not carried out. Where it was found does not matter: the office may find that it was another point.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use crate::domain::batch::BatchState;
use crate::domain::ids::{BatchId, IssueId};
use crate::domain::issue::State;
use crate::domain::settings::TASK_LEAD_MINUTES_MAX;
use crate::domain::time::Timestamp;
use crate::store::dialect::each_some;
use crate::store::schema::{batches, issues, task_inspectors, tasks, visits};
use crate::store::{Conn, StoreError};

/// States before the review of the office.
const UNREVIEWED: [State; 3] = [State::Receiving, State::Submitted, State::Returned];
/// States before the release.
const UNRELEASED: [State; 4] = [State::Receiving, State::Submitted, State::Returned, State::Sealed];

/// Whether the task had been shown when the report arrived. The time before the slot is a setting: what it is now need
/// not be what it was then.
fn was_shown(from_at: Timestamp, received_at: Timestamp) -> bool {
    from_at <= received_at.plus(Duration::from_secs(u64::from(TASK_LEAD_MINUTES_MAX) * 60))
}

/// The issues of these tasks' inspectors whose visit has not arrived, each with the task's batch, the start of the
/// task, and when the report arrived.
macro_rules! ahead {
    () => {{
        let recorded = visits::table.filter(visits::id.nullable().eq(issues::visit_id));
        let carried_out = visits::table
            .filter(visits::batch_id.eq(tasks::batch_id.nullable()))
            .filter(visits::task_number.eq(tasks::number.nullable()))
            .filter(visits::inspector_id.eq(issues::finder_id));
        let same_task = tasks::batch_id.eq(task_inspectors::batch_id).and(tasks::number.eq(task_inspectors::number));
        issues::table
            .inner_join(task_inspectors::table.on(task_inspectors::user_id.eq(issues::finder_id)))
            .inner_join(tasks::table.on(same_task))
            .filter(issues::visit_id.is_not_null())
            .filter(tasks::dropped.eq(false))
            .filter(not(exists(recorded)))
            .filter(not(exists(carried_out)))
            .select((issues::id, tasks::batch_id, tasks::from_at, issues::received_at))
    }};
}

/// The batches, neither released nor abandoned, to which these issues belong.
pub fn held(conn: &mut Conn, of: &[IssueId]) -> Result<HashMap<IssueId, HashSet<BatchId>>, StoreError> {
    let states = BatchState::FINAL;
    let mut held: HashMap<IssueId, HashSet<BatchId>> = HashMap::new();
    let found: Vec<(IssueId, BatchId)> = each_some(of, |some| {
        Ok(issues::table
            .inner_join(visits::table.on(issues::visit_id.eq(visits::id.nullable())))
            .inner_join(batches::table.on(visits::batch_id.eq(batches::id.nullable())))
            .filter(issues::id.eq_any(some))
            .filter(batches::state.ne_all(states))
            .select((issues::id, batches::id))
            .load(conn)?)
    })?;
    let ahead: Vec<(IssueId, BatchId, Timestamp, Timestamp)> = each_some(of, |some| {
        let open = batches::table.filter(batches::id.eq(tasks::batch_id)).filter(batches::state.ne_all(states));
        Ok(ahead!().filter(issues::id.eq_any(some)).filter(exists(open)).load(conn)?)
    })?;
    let ahead = ahead.into_iter().filter(|(_, _, from_at, received_at)| was_shown(*from_at, *received_at));
    for (issue, batch) in found.into_iter().chain(ahead.map(|(issue, batch, ..)| (issue, batch))) {
        held.entry(issue).or_default().insert(batch);
    }
    Ok(held)
}

/// The issues of a batch in the order in which their reports arrived; those whose visit has not arrived only until they
/// are released, or until the batch is over.
pub fn of_batch(conn: &mut Conn, id: BatchId) -> Result<Vec<IssueId>, StoreError> {
    let found: Vec<IssueId> = issues::table
        .inner_join(visits::table.on(issues::visit_id.eq(visits::id.nullable())))
        .filter(visits::batch_id.eq(id))
        .select(issues::id)
        .load(conn)?;
    let mut ids = ahead_of(conn, id, &UNRELEASED)?;
    ids.extend(found);
    let mut in_order: Vec<(i64, IssueId)> = each_some(&ids, |some| {
        Ok(issues::table.filter(issues::id.eq_any(some)).select((issues::seq, issues::id)).load(conn)?)
    })?;
    in_order.sort_unstable();
    Ok(in_order.into_iter().map(|(_, id)| id).collect())
}

/// How many issues of a batch wait for the review of the office.
pub(super) fn unreviewed(conn: &mut Conn, id: BatchId) -> Result<usize, StoreError> {
    let found: i64 = issues::table
        .inner_join(visits::table.on(issues::visit_id.eq(visits::id.nullable())))
        .filter(visits::batch_id.eq(id))
        .filter(issues::state.eq_any(UNREVIEWED))
        .count()
        .get_result(conn)?;
    Ok(usize::try_from(found).unwrap_or(usize::MAX).saturating_add(ahead_of(conn, id, &UNREVIEWED)?.len()))
}

/// The issues in one of these states that belong to a batch which is not over, and whose visit has not arrived.
fn ahead_of(conn: &mut Conn, id: BatchId, states: &[State]) -> Result<Vec<IssueId>, StoreError> {
    let open = batches::table.filter(batches::id.eq(id)).filter(batches::state.ne_all(BatchState::FINAL));
    let found: Vec<(IssueId, BatchId, Timestamp, Timestamp)> = ahead!()
        .filter(tasks::batch_id.eq(id))
        .filter(issues::state.eq_any(states.iter().copied()))
        .filter(exists(open))
        .load(conn)?;
    let shown = found.into_iter().filter(|(_, _, from_at, received_at)| was_shown(*from_at, *received_at));
    let mut ids: Vec<IssueId> = shown.map(|(issue, ..)| issue).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(ids)
}
