//! The daily dispatch list 每日督办清单: the choke points, those with most reasons first. Source: domain rule M11.

use std::collections::HashMap;
use std::sync::Arc;

use super::look::candidate;
use crate::app::{App, AppError, Caller, Result};
use crate::domain::calendar::WorkCalendar;
use crate::domain::ids::{IssueId, PointId, UnitId};
use crate::domain::issue::State;
use crate::domain::limits::PAGE_MAX;
use crate::domain::month::dispatch::{Candidate, Dispatched, dispatch_list};
use crate::domain::policy::Permission;
use crate::domain::time::Date;
use crate::store::{follow_up, issues, reference};

/// Largest number that is counted. Source: our choice; a list as long as this is none.
const COUNTED_MAX: i64 = 10_000;

/// A row of the list.
#[derive(Debug, Clone)]
pub struct ListedChoke {
    /// The issue, and why it is on the list.
    pub listed: Dispatched,
    /// Its state.
    pub state: State,
    /// Name of its point.
    pub point: String,
    /// Its item.
    pub item_code: String,
    /// Name of its unit.
    pub unit: String,
}

/// A part of the list.
#[derive(Debug)]
pub struct DispatchPage {
    /// The county's day.
    pub day: Date,
    /// Its calendar, for days.
    pub calendar: Arc<WorkCalendar>,
    /// Its rows.
    pub items: Vec<ListedChoke>,
    /// How many issues are on the whole list, counted up to 10,000.
    pub total: i64,
    /// The issue to continue after.
    pub next: Option<IssueId>,
}

/// A part of today's list after the issue `after`. A reason that has gone since the last look is left out.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when the issue to continue after is not on the list.
pub async fn list(app: &App, caller: &Caller, after: Option<IssueId>, limit: usize) -> Result<DispatchPage> {
    caller.require(Permission::ReadDispatchList)?;
    let (limit, now, cache) = (limit.clamp(1, PAGE_MAX), app.now(), app.county.clone());
    app.store
        .read(move |conn| -> Result<DispatchPage> {
            let county = cache.load(conn)?;
            let after = match after {
                None => None,
                Some(id) => Some(follow_up::choke(conn, id)?.ok_or(AppError::NotFound)?),
            };
            let mut places = follow_up::chokes(conn, after, i64::try_from(limit + 1).unwrap_or(i64::MAX))?;
            let more = places.len() > limit;
            places.truncate(limit);
            let next = places.last().map(|place| place.issue_id).filter(|_| more);
            let ids: Vec<IssueId> = places.iter().map(|place| place.issue_id).collect();
            let found = issues::find_many(conn, &ids)?;
            let candidates: Vec<Candidate> = found.iter().filter_map(|issue| candidate(issue, &county, now)).collect();
            let day = county.calendar.civil_date(now);
            let points: Vec<PointId> = found.iter().map(|issue| issue.finding.point_id).collect();
            let points: HashMap<PointId, String> =
                reference::point_summaries(conn, &points)?.into_iter().map(|point| (point.id, point.name)).collect();
            let units: HashMap<UnitId, String> =
                reference::units(conn)?.into_iter().map(|unit| (unit.id, unit.name)).collect();
            let of: HashMap<IssueId, _> = found.iter().map(|issue| (issue.id, issue)).collect();
            let row = |listed: Dispatched| {
                let issue = of.get(&listed.issue_id)?;
                Some(ListedChoke {
                    state: issue.state,
                    point: points.get(&issue.finding.point_id).cloned().unwrap_or_default(),
                    item_code: issue.finding.item_code.clone(),
                    unit: units.get(&listed.unit_id).cloned().unwrap_or_default(),
                    listed,
                })
            };
            let items = dispatch_list(&candidates, now, day).into_iter().filter_map(row).collect();
            Ok(DispatchPage {
                day,
                calendar: county.calendar.clone(),
                items,
                total: follow_up::count_chokes(conn, COUNTED_MAX)?,
                next,
            })
        })
        .await
}
