//! What issues need that their units do not have.

use diesel::prelude::*;

use crate::domain::ids::{IssueId, UnitId, UserId};
use crate::domain::month::needs::Need;
use crate::domain::planning::{NeedNote, NeedsText};
use crate::domain::time::Timestamp;
use crate::store::dialect::insert_all;
use crate::store::schema::{issue_needs, issues};
use crate::store::{Conn, StoreError};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = issue_needs)]
struct NeedRow {
    issue_id: IssueId,
    need: Need,
    unit_id: UnitId,
    note: String,
    noted_by: UserId,
    noted_at: Timestamp,
}

/// What an issue needs; `None` for nothing.
pub fn of(conn: &mut Conn, issue: IssueId) -> Result<Option<NeedNote>, StoreError> {
    let rows: Vec<NeedRow> =
        issue_needs::table.filter(issue_needs::issue_id.eq(issue)).select(NeedRow::as_select()).load(conn)?;
    let needs = rows.iter().map(|row| row.need).collect();
    Ok(rows.into_iter().next().map(|row| NeedNote {
        text: NeedsText { needs, note: row.note }.ordered(),
        unit_id: row.unit_id,
        noted_by: row.noted_by,
        noted_at: row.noted_at,
    }))
}

/// Replaces what an issue needs.
pub fn replace(conn: &mut Conn, issue: IssueId, note: &NeedNote) -> Result<(), StoreError> {
    diesel::delete(issue_needs::table.filter(issue_needs::issue_id.eq(issue))).execute(conn)?;
    let rows: Vec<NeedRow> = note
        .text
        .needs
        .iter()
        .map(|need| NeedRow {
            issue_id: issue,
            need: *need,
            unit_id: note.unit_id,
            note: note.text.note.clone(),
            noted_by: note.noted_by,
            noted_at: note.noted_at,
        })
        .collect();
    insert_all!(conn, issue_needs::table, rows);
    Ok(())
}

/// A need with the issue that has it.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct KeptNeed {
    /// The issue.
    pub issue_id: IssueId,
    /// Its number.
    pub number: Option<String>,
    /// What it needs.
    pub need: Need,
    /// The unit that was responsible when it was noted.
    pub unit_id: UnitId,
    /// In words.
    pub note: String,
    /// When it was noted.
    pub noted_at: Timestamp,
}

/// How many issues of each unit need what, of those that were noted at or after `from` and before `to`.
pub fn sums(conn: &mut Conn, (from, to): (Timestamp, Timestamp)) -> Result<Vec<(Need, UnitId, u64)>, StoreError> {
    let rows: Vec<(Need, UnitId, i64)> = issue_needs::table
        .filter(issue_needs::noted_at.ge(from))
        .filter(issue_needs::noted_at.lt(to))
        .group_by((issue_needs::need, issue_needs::unit_id))
        .select((issue_needs::need, issue_needs::unit_id, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(rows.into_iter().map(|(need, unit, count)| (need, unit, u64::try_from(count).unwrap_or_default())).collect())
}

/// Where a page of needs ended: time, issue and need.
pub type After = (Timestamp, IssueId, Need);

/// The needs that were noted at or after `from` and before `to`, the earliest first; `after` is where the page before
/// ended.
pub fn noted(
    conn: &mut Conn,
    (from, to): (Timestamp, Timestamp),
    after: Option<After>,
    limit: i64,
) -> Result<Vec<KeptNeed>, StoreError> {
    let mut query = issue_needs::table
        .inner_join(issues::table.on(issues::id.eq(issue_needs::issue_id)))
        .filter(issue_needs::noted_at.ge(from))
        .filter(issue_needs::noted_at.lt(to))
        .into_boxed();
    if let Some((at, issue, need)) = after {
        let same_issue = issue_needs::issue_id.eq(issue).and(issue_needs::need.gt(need));
        let same_time = issue_needs::issue_id.gt(issue).or(same_issue);
        query = query.filter(issue_needs::noted_at.ge(at));
        query = query.filter(issue_needs::noted_at.gt(at).or(same_time));
    }
    Ok(query
        .order((issue_needs::noted_at, issue_needs::issue_id, issue_needs::need))
        .select((
            issue_needs::issue_id,
            issues::number,
            issue_needs::need,
            issue_needs::unit_id,
            issue_needs::note,
            issue_needs::noted_at,
        ))
        .limit(limit)
        .load(conn)?)
}
