//! Pages and counts of the issues a caller may see.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::read::{IssueDetail, details};
use super::scope;
use crate::app::{App, AppError, Caller, Result};
use crate::domain::ids::PointId;
use crate::domain::initials::{self, Initials};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::issue::State;
use crate::domain::policy::{Permission, Reach, reach};
use crate::domain::role::Actor;
use crate::domain::time::Timestamp;
use crate::store::issues::{self, Cursor, Filter, Sort};
use crate::store::{Conn, reference};

/// One page.
#[derive(Debug)]
pub struct Page {
    /// Its issues.
    pub items: Vec<IssueDetail>,
    /// Where the next page starts, if there is one.
    pub next: Option<Cursor>,
}

/// One page of the issues that the caller may see and that match the filter.
///
/// # Errors
/// [`AppError::Forbidden`] for a role that reads no issue.
pub async fn list(
    app: &App,
    caller: &Caller,
    filter: Filter,
    sort: Sort,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page> {
    caller.require(Permission::ReadIssue)?;
    let (app, actor) = (app.clone(), caller.actor);
    let filter = bounded(filter, &actor)?;
    app.store
        .clone()
        .read(move |conn| {
            let county = app.county.load(conn)?;
            let filter = with_initials(conn, &app.known_initials, filter)?;
            let (ids, next) = issues::list(conn, &app.issue_sets, scope(&actor), &filter, sort, after, limit)?;
            Ok(Page { items: details(conn, &app, &county, &actor, &ids)?, next })
        })
        .await
}

/// How many issues there are.
#[derive(Debug)]
pub struct Counts {
    /// In each state that has any.
    pub by_state: Vec<(State, i64)>,
    /// Of these, late.
    pub overdue: i64,
}

/// How many issues the caller may see that match the filter, and how many of them are late at an instant.
///
/// # Errors
/// [`AppError::Forbidden`] for a role that reads no issue.
pub async fn counts(app: &App, caller: &Caller, filter: Filter, now: Timestamp) -> Result<Counts> {
    caller.require(Permission::ReadIssue)?;
    let (app, actor) = (app.clone(), caller.actor);
    let filter = bounded(filter, &actor)?;
    app.store
        .clone()
        .read(move |conn| {
            let filter = with_initials(conn, &app.known_initials, filter)?;
            let (by_state, overdue) = issues::count(conn, &app.issue_sets, scope(&actor), &filter, now)?;
            Ok(Counts { by_state, overdue })
        })
        .await
}

/// Most points that match by initials. Source: our choice; letters that match more select nothing.
const POINTS_MAX: usize = 5_000;

/// Names whose initials are kept in memory. Source: our choice; some megabytes.
const NAMES_MAX: usize = 20_000;

/// The initials of names that were looked at before: finding the readings of thousands of names takes longer than the
/// rest of a search. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct KnownInitials(Arc<Mutex<HashMap<String, Initials>>>);

impl KnownInitials {
    /// The points, of these, whose names have these initials.
    fn fitting(&self, names: Vec<(PointId, String)>, words: &str) -> Vec<PointId> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut fitting = Vec::new();
        for (id, name) in names {
            if known.len() >= NAMES_MAX {
                known.clear();
            }
            let fits = match known.get(&name) {
                Some(initials) => initials.fit(words),
                None => known.entry(name).or_insert_with_key(|name| Initials::of(name)).fit(words),
            };
            if fits {
                fitting.push(id);
            }
        }
        fitting
    }
}

/// Adds the points whose initials match the search text.
pub(crate) fn with_initials(conn: &mut Conn, known: &KnownInitials, mut filter: Filter) -> Result<Filter> {
    if let Some(words) = filter.q.as_deref().filter(|words| initials::are(words)) {
        let fitting = known.fitting(reference::point_names(conn)?, words);
        if fitting.len() <= POINTS_MAX {
            filter.q_points = fitting;
        }
    }
    Ok(filter)
}

/// Removes the filters that the caller may not use: only the office may ask for doubts (which may concern another
/// inspector's photos), and only office and units for requests.
fn bounded(filter: Filter, actor: &Actor) -> Result<Filter> {
    let (flagged, pending) = match reach(actor.role, Permission::ReadIssue) {
        Reach::All => (true, true),
        Reach::Unit | Reach::UnitHead | Reach::Campaign | Reach::Released => (false, true),
        Reach::Own | Reach::Check | Reach::LookBack | Reach::Involved => (false, false),
        Reach::Never | Reach::Addressed => (false, false),
    };
    let mut invalid = Invalid::default();
    if filter.flagged.is_some() && !flagged {
        invalid.push("/flagged", FieldCode::NotAllowed, "not a filter for this role");
    }
    if !filter.pending.is_empty() && !pending {
        invalid.push("/pending", FieldCode::NotAllowed, "not a filter for this role");
    }
    invalid.into_result().map_err(AppError::Invalid)?;
    Ok(filter)
}
