//! When each issue is next looked at for cards and choke points, and what the last look found. Triggers of migration
//! 000024 note every change of a released issue.

use diesel::prelude::*;

use crate::domain::ids::IssueId;
use crate::domain::time::Timestamp;
use crate::store::schema::{choke_points, follow_up_watches};
use crate::store::{Conn, StoreError};

/// Issues that are to be looked at by `now`, those that have waited longest first.
pub fn due(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<IssueId>, StoreError> {
    Ok(follow_up_watches::table
        .filter(follow_up_watches::at.le(now))
        .order((follow_up_watches::at, follow_up_watches::issue_id))
        .limit(limit)
        .select(follow_up_watches::issue_id)
        .load(conn)?)
}

/// Whether this issue is to be looked at by `now`.
pub fn is_due(conn: &mut Conn, issue: IssueId, now: Timestamp) -> Result<bool, StoreError> {
    let at: Option<Timestamp> =
        follow_up_watches::table.find(issue).select(follow_up_watches::at).first(conn).optional()?;
    Ok(at.is_some_and(|at| at <= now))
}

/// Sets when an issue is looked at next; never if `None`. Call it with the issue locked.
pub fn watch(conn: &mut Conn, issue: IssueId, next: Option<Timestamp>) -> Result<(), StoreError> {
    diesel::delete(follow_up_watches::table.find(issue)).execute(conn)?;
    if let Some(at) = next {
        diesel::insert_into(follow_up_watches::table)
            .values((follow_up_watches::issue_id.eq(issue), follow_up_watches::at.eq(at)))
            .execute(conn)?;
    }
    Ok(())
}

/// Puts off until `later` a look at an issue that was due by `now`.
pub fn put_off(conn: &mut Conn, issue: IssueId, now: Timestamp, later: Timestamp) -> Result<(), StoreError> {
    let due = follow_up_watches::table.find(issue).filter(follow_up_watches::at.le(now));
    diesel::update(due).set(follow_up_watches::at.eq(later)).execute(conn)?;
    Ok(())
}

/// A row of the dispatch list: its place is rank, deadline, id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChokePoint {
    /// The issue.
    pub issue_id: IssueId,
    /// The smaller, the earlier on the list.
    pub rank: i32,
    /// Its deadline.
    pub due_at: Timestamp,
}

/// Sets the place of an issue on the dispatch list; off it if `None`. Call it with the issue locked.
pub fn set_choke(conn: &mut Conn, issue: IssueId, place: Option<(i32, Timestamp)>) -> Result<(), StoreError> {
    let stored: Option<(i32, Timestamp)> =
        choke_points::table.find(issue).select((choke_points::rank, choke_points::due_at)).first(conn).optional()?;
    if stored == place {
        return Ok(());
    }
    diesel::delete(choke_points::table.find(issue)).execute(conn)?;
    if let Some((rank, due_at)) = place {
        diesel::insert_into(choke_points::table)
            .values((choke_points::issue_id.eq(issue), choke_points::rank.eq(rank), choke_points::due_at.eq(due_at)))
            .execute(conn)?;
    }
    Ok(())
}

/// The first choke points after a place, in the order of the list.
pub fn chokes(conn: &mut Conn, after: Option<ChokePoint>, limit: i64) -> Result<Vec<ChokePoint>, StoreError> {
    let mut query = choke_points::table
        .order((choke_points::rank, choke_points::due_at, choke_points::issue_id))
        .limit(limit)
        .select((choke_points::issue_id, choke_points::rank, choke_points::due_at))
        .into_boxed();
    if let Some(ChokePoint { issue_id, rank, due_at }) = after {
        let same_rank = choke_points::due_at
            .gt(due_at)
            .or(choke_points::due_at.eq(due_at).and(choke_points::issue_id.gt(issue_id)));
        query = query.filter(choke_points::rank.ge(rank).and(choke_points::rank.gt(rank).or(same_rank)));
    }
    let rows: Vec<(IssueId, i32, Timestamp)> = query.load(conn)?;
    Ok(rows.into_iter().map(|(issue_id, rank, due_at)| ChokePoint { issue_id, rank, due_at }).collect())
}

/// How many choke points there are, counted up to `at_most`.
pub fn count_chokes(conn: &mut Conn, at_most: i64) -> Result<i64, StoreError> {
    let some: Vec<i32> = choke_points::table.limit(at_most).select(choke_points::rank).load(conn)?;
    Ok(i64::try_from(some.len()).unwrap_or(at_most))
}

/// The position of an issue on the list, to continue after it.
pub fn choke(conn: &mut Conn, issue: IssueId) -> Result<Option<ChokePoint>, StoreError> {
    let row: Option<(i32, Timestamp)> =
        choke_points::table.find(issue).select((choke_points::rank, choke_points::due_at)).first(conn).optional()?;
    Ok(row.map(|(rank, due_at)| ChokePoint { issue_id: issue, rank, due_at }))
}
