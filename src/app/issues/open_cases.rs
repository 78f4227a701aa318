//! The issues that are open at a point, shown to an inspector who is about to report something there: which faults are
//! known already, but not who found them, when, in which words and with which photos.

use std::collections::BTreeMap;

use super::Audience;
use crate::app::reference::known_point;
use crate::app::{App, Caller, Result};
use crate::domain::ids::PointId;
use crate::domain::issue::{Severity, State};
use crate::domain::limits::PAGE_MAX;
use crate::domain::policy::Permission;
use crate::store::issues::{self, Filter, Scope, Sort};
use crate::store::repeats;

/// Open cases of colleagues at a point that look the same from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenCases {
    /// The item that is violated.
    pub item_code: String,
    /// How bad.
    pub severity: Severity,
    /// Whether a unit has them.
    pub is_released: bool,
    /// How many.
    pub count: usize,
}

/// The open cases at a point that the caller cannot read, by item; in no order that tells when they were found.
///
/// # Errors
/// [`crate::app::AppError::Forbidden`] for who reports nothing, [`crate::app::AppError::NotFound`] for the point.
pub async fn open_cases(app: &App, caller: &Caller, id: PointId) -> Result<Vec<OpenCases>> {
    caller.require(Permission::ReportIssue)?;
    let (sets, actor) = (app.issue_sets.clone(), caller.actor);
    let open = State::ALL.iter().copied().filter(|state| !State::SETTLED.contains(state)).collect();
    let filter = Filter { states: open, point_id: Some(id), ..Filter::default() };
    app.store
        .read(move |conn| {
            known_point(conn, &actor, id)?;
            let (ids, _) = issues::list(conn, &sets, Scope::All, &filter, Sort::CreatedDesc, None, PAGE_MAX)?;
            let mut found = BTreeMap::new();
            // Who is to visit the point sees it with own eyes, not with those of whoever was there for the same batch.
            let blind = repeats::found_on_own_tasks(conn, actor.user_id, id)?;
            for issue in issues::find_many(conn, &ids)? {
                if Audience::of(&actor, &issue).is_none() && !blind.contains(&issue.id) {
                    let is_released = issue.assignment.released_at.is_some();
                    let alike = (issue.finding.item_code, issue.finding.severity.as_str(), is_released);
                    found.entry(alike).or_insert((issue.finding.severity, 0)).1 += 1;
                }
            }
            let cases = found.into_iter().map(|((item_code, _, is_released), (severity, count))| OpenCases {
                item_code,
                severity,
                is_released,
                count,
            });
            Ok(cases.collect())
        })
        .await
}
