//! Pages and counts of the issues a caller may see.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::{Date, Time};
use serde::{Deserialize, Serialize};

use super::read::{IssueDetail, details};
use super::scope;
use crate::app::{App, AppError, Caller, Result};
use crate::domain::calendar::WorkCalendar;
use crate::domain::ids::PointId;
use crate::domain::initials::{self, Initials};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::issue::{Known, State};
use crate::domain::policy::{Permission, Reach, reach};
use crate::domain::role::Actor;
use crate::domain::search;
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

/// What a list is asked for.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Query {
    /// Its filter, as far as it does not depend on the county's calendar.
    #[serde(flatten)]
    pub filter: Filter,
    /// Due on these days.
    #[serde(default)]
    pub due: Days,
    /// Closed on these days.
    #[serde(default)]
    pub closed: Days,
}

/// Civil days of the county.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Days {
    /// The first.
    pub from: Option<Date>,
    /// The first after them.
    pub to: Option<Date>,
}

impl Days {
    /// The instants at which they start.
    pub(crate) fn instants(self, calendar: &WorkCalendar) -> (Option<Timestamp>, Option<Timestamp>) {
        let start = |day: Date| calendar.instant(day, Time::midnight());
        (self.from.map(start), self.to.map(start))
    }
}

impl Query {
    /// Refuses the filters that the caller may not use: only the office may ask for doubts, which may concern another
    /// inspector's photos; and inspectors may not ask for what their own view of an issue conceals.
    pub(crate) fn admit(&self, actor: &Actor) -> Result<()> {
        let Query { filter, due: _, closed } = self;
        let of_office = [("/flagged", filter.flagged.is_some())];
        let not_of_inspectors = [
            ("/pending", !filter.pending.is_empty()),
            ("/handler", filter.handler.is_some()),
            ("/closed_from", closed.from.is_some()),
            ("/closed_to", closed.to.is_some()),
            ("/on_time", filter.on_time.is_some()),
            ("/rebound", filter.rebound.is_some()),
            ("/reminded_min", filter.reminded_min.is_some()),
        ];
        let refused: &[&[(&str, bool)]] = match Reads::of(actor) {
            Reads::All => &[],
            Reads::Released => &[&of_office],
            Reads::AsInspector => &[&of_office, &not_of_inspectors],
        };
        let mut invalid = Invalid::default();
        let conceals = |known| Reads::of(actor) == Reads::AsInspector && matches!(known, Known::NotToInspectors);
        for (facet, _) in filter.facets.chosen().filter(|(facet, _)| conceals(facet.known())) {
            invalid.push(format!("/{facet}"), FieldCode::NotAllowed, "not a filter for this role");
        }
        for (pointer, _) in refused.iter().copied().flatten().filter(|(_, is_set)| *is_set) {
            invalid.push(*pointer, FieldCode::NotAllowed, "not a filter for this role");
        }
        invalid.into_result().map_err(AppError::Invalid)
    }

    /// The filter with the instants of its days, and with what else its search text means: the points whose initials it
    /// is, the items that it names, and, for those who may read them, handlers.
    pub(crate) fn filter(
        &self,
        conn: &mut Conn,
        known: &KnownInitials,
        calendar: &WorkCalendar,
        actor: &Actor,
    ) -> Result<Filter> {
        let mut filter = self.filter.clone();
        (filter.due_from, filter.due_to) = self.due.instants(calendar);
        (filter.closed_from, filter.closed_to) = self.closed.instants(calendar);
        let Some(words) = filter.q.as_deref() else { return Ok(filter) };
        if initials::are(words) {
            let fitting = known.fitting(reference::point_names(conn)?, words);
            if fitting.len() <= POINTS_MAX {
                filter.q_points = fitting;
            }
        }
        let has = |text: &String| search::fold(text).contains(words);
        let items = reference::items(conn)?.into_iter();
        let named =
            items.filter(|item| [&item.code, &item.title_zh, &item.title_en, &item.fault_zh].into_iter().any(has));
        filter.q_items = named.map(|item| item.code).collect();
        filter.q_handlers = Reads::of(actor) != Reads::AsInspector;
        Ok(filter)
    }
}

/// What a role reads of issues, as far as filters depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reads {
    /// Everything.
    All,
    /// What is released.
    Released,
    /// What an inspector may know of others' work.
    AsInspector,
}

impl Reads {
    fn of(actor: &Actor) -> Self {
        match reach(actor.role, Permission::ReadIssue) {
            Reach::All => Reads::All,
            Reach::Unit | Reach::UnitHead | Reach::Campaign | Reach::Released => Reads::Released,
            Reach::Own | Reach::Check | Reach::LookBack | Reach::Involved => Reads::AsInspector,
            Reach::Never | Reach::Addressed => Reads::AsInspector,
        }
    }
}

/// One page of the issues that the caller may see and that match the filter.
///
/// # Errors
/// [`AppError::Forbidden`] for a role that reads no issue.
pub async fn list(
    app: &App,
    caller: &Caller,
    query: Query,
    sort: Sort,
    after: Option<Cursor>,
    limit: usize,
) -> Result<Page> {
    caller.require(Permission::ReadIssue)?;
    let (app, actor) = (app.clone(), caller.actor);
    query.admit(&actor)?;
    app.store
        .clone()
        .read(move |conn| {
            let county = app.county.load(conn)?;
            let filter = query.filter(conn, &app.known_initials, &county.calendar, &actor)?;
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
pub async fn counts(app: &App, caller: &Caller, query: Query, now: Timestamp) -> Result<Counts> {
    caller.require(Permission::ReadIssue)?;
    let (app, actor) = (app.clone(), caller.actor);
    query.admit(&actor)?;
    app.store
        .clone()
        .read(move |conn| {
            let calendar = app.county.load(conn)?.calendar;
            let filter = query.filter(conn, &app.known_initials, &calendar, &actor)?;
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
