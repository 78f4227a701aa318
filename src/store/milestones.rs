//! Milestones 节点 of issues on the books, with an index by their day. `issues/write.rs` writes them.

use diesel::prelude::*;

use crate::domain::ids::{IssueId, UnitId};
use crate::domain::issue::Issue;
use crate::domain::time::Date;
use crate::store::dialect::insert_all;
use crate::store::schema::{issue_milestones, issues};
use crate::store::{Conn, StoreError};

#[derive(Insertable)]
#[diesel(table_name = issue_milestones)]
struct NewRow {
    issue_id: IssueId,
    position: i32,
    milestone: String,
    due: String,
    reached_on: Option<String>,
    ended_on: Option<String>,
}

/// Replaces the milestones of an issue by those of its plan.
pub(super) fn replace(conn: &mut Conn, issue: &Issue) -> Result<(), StoreError> {
    diesel::delete(issue_milestones::table.filter(issue_milestones::issue_id.eq(issue.id))).execute(conn)?;
    let Some(plan) = &issue.clock.plan else { return Ok(()) };
    let text = |day: Option<Date>| day.map(|day| day.to_string());
    let rows: Vec<NewRow> = (0..)
        .zip(&plan.milestones)
        .map(|(position, step)| NewRow {
            issue_id: issue.id,
            position,
            milestone: step.milestone.clone(),
            due: step.due.to_string(),
            reached_on: text(step.reached_on),
            ended_on: text(plan.ended_on),
        })
        .collect();
    insert_all!(conn, issue_milestones::table, rows);
    Ok(())
}

/// A milestone with the issue that it is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptMilestone {
    /// The issue.
    pub issue_id: IssueId,
    /// Its number, if it has one.
    pub number: Option<String>,
    /// The unit that is responsible now.
    pub unit_id: Option<UnitId>,
    /// Its place in the plan, from 0.
    pub position: u32,
    /// What is done.
    pub milestone: String,
    /// The day by whose end it is due.
    pub due: Date,
    /// The day the unit said it was done.
    pub reached_on: Option<Date>,
    /// The day the issue came off the books.
    pub ended_on: Option<Date>,
}

impl KeptMilestone {
    /// Whether it was not done by its day, as of `today`, or as of the day on which the plan ended. Source: domain rule
    /// T14.
    #[must_use]
    pub fn is_missed(&self, today: Date) -> bool {
        self.due < self.reached_on.unwrap_or_else(|| self.ended_on.unwrap_or(today))
    }
}

/// Where a page of milestones ended: day, issue and place.
pub type After = (Date, IssueId, u32);

/// Milestones that are due on these days, both included, in the order of their days, those of issues off the books too.
/// `after` is where the page before ended.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn due(
    conn: &mut Conn,
    (from, to): (Date, Date),
    after: Option<After>,
    limit: i64,
) -> Result<Vec<KeptMilestone>, StoreError> {
    type Stored = (IssueId, Option<String>, Option<UnitId>, i32, String, String, Option<String>, Option<String>);
    let mut query = issue_milestones::table
        .inner_join(issues::table.on(issues::id.eq(issue_milestones::issue_id)))
        .filter(issue_milestones::due.ge(from.to_string()))
        .filter(issue_milestones::due.le(to.to_string()))
        .into_boxed();
    if let Some((day, issue, position)) = after {
        let position = i32::try_from(position).unwrap_or(i32::MAX);
        let same_issue = issue_milestones::issue_id.eq(issue).and(issue_milestones::position.gt(position));
        let same_day = issue_milestones::issue_id.gt(issue).or(same_issue);
        query = query.filter(issue_milestones::due.ge(day.to_string()));
        query = query.filter(issue_milestones::due.gt(day.to_string()).or(same_day));
    }
    let rows: Vec<Stored> = query
        .order((issue_milestones::due, issue_milestones::issue_id, issue_milestones::position))
        .select((
            issue_milestones::issue_id,
            issues::number,
            issues::unit_id,
            issue_milestones::position,
            issue_milestones::milestone,
            issue_milestones::due,
            issue_milestones::reached_on,
            issue_milestones::ended_on,
        ))
        .limit(limit)
        .load(conn)?;
    let day = |text: String| text.parse::<Date>().map_err(|error| StoreError::Corrupt(format!("a day: {error}")));
    rows.into_iter()
        .map(|(issue_id, number, unit_id, position, milestone, due, reached_on, ended_on)| {
            Ok(KeptMilestone {
                issue_id,
                number,
                unit_id,
                position: u32::try_from(position).unwrap_or_default(),
                milestone,
                due: day(due)?,
                reached_on: reached_on.map(day).transpose()?,
                ended_on: ended_on.map(day).transpose()?,
            })
        })
        .collect()
}
