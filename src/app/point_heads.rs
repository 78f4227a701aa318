//! Heads of points 点长: who answers for each point, and which points nobody answers for.

use super::change::{self, By, Change, Decision};
use super::county::CountyCache;
use super::locks::{Lock, Locks};
use super::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::ids::{PointId, UnitId, UserId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::limits::PAGE_MAX;
use crate::domain::point_head::{HeadTerm, PointHeads, overdue_since};
use crate::domain::policy::{Permission, Reach, reach};
use crate::domain::reference::PointSummary;
use crate::domain::role::Actor;
use crate::domain::text::name;
use crate::domain::time::{Date, Timestamp, YEARS};
use crate::store::point_heads::{self as kept, After};
use crate::store::{Conn, reference, unlisted_places};

/// The unit whose people a caller may read of; `None` for all units.
///
/// # Errors
/// [`AppError::Forbidden`].
fn limited_to(caller: &Caller) -> Result<Option<UnitId>> {
    caller.require(Permission::ReadPointHeads)?;
    if reach(caller.actor.role, Permission::ReadPointHeads) == Reach::All {
        return Ok(None);
    }
    // An account of a unit always has one.
    caller.actor.unit_id.map(Some).ok_or(AppError::Forbidden)
}

/// All heads that a point has had, has and will have, the first first; a unit reads those that are its people.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when there is no such point.
pub async fn of_point(app: &App, caller: &Caller, id: PointId) -> Result<Vec<HeadTerm>> {
    let unit = limited_to(caller)?;
    app.store
        .read(move |conn| {
            assert_listed(conn, id)?;
            let terms = kept::of(conn, id)?.terms().to_vec();
            Ok(terms.into_iter().filter(|term| unit.is_none_or(|unit| term.unit_id == unit)).collect())
        })
        .await
}

/// Refuses a point that is not on the list.
fn assert_listed(conn: &mut Conn, id: PointId) -> Result<()> {
    let is_there = reference::find_point(conn, id)?.is_some() && !unlisted_places::is_off_the_list(conn, id)?;
    if is_there { Ok(()) } else { Err(AppError::NotFound) }
}

/// A page of the points that a person is, was or will be head of.
#[derive(Debug)]
pub struct TermsPage {
    /// Each with its point, the earliest first.
    pub rows: Vec<(PointSummary, HeadTerm)>,
    /// Where the page ended, if there are more.
    pub next: Option<After>,
}

/// The points that a person of this name is, was or will be head of; a unit reads of its own people.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn of_person(
    app: &App,
    caller: &Caller,
    person: String,
    after: Option<After>,
    limit: usize,
) -> Result<TermsPage> {
    let (unit, limit) = (limited_to(caller)?, limit.clamp(1, PAGE_MAX));
    app.store
        .read(move |conn| {
            let most = i64::try_from(limit + 1).unwrap_or(i64::MAX);
            let mut found = kept::of_person(conn, &name(&person), unit, after, most)?;
            let more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().map(|(point, term)| (term.from, *point)).filter(|_| more);
            let ids: Vec<PointId> = found.iter().map(|(point, _)| *point).collect();
            let points = reference::point_summaries(conn, &ids)?;
            let named = |(id, term): (PointId, HeadTerm)| {
                points.iter().find(|point| point.id == id).map(|point| (point.clone(), term))
            };
            Ok(TermsPage { rows: found.into_iter().filter_map(named).collect(), next })
        })
        .await
}

/// A point without a head.
#[derive(Debug)]
pub struct Vacancy {
    /// The point.
    pub point: PointSummary,
    /// The first day without a head.
    pub from: Date,
    /// Whether it has lasted for more than three working days.
    pub is_overdue: bool,
}

/// A page of the points in use that have no head today.
#[derive(Debug)]
pub struct Vacancies {
    /// The first day on which points need a head: the first on which one had one. `None` before anybody was named; no
    /// point is vacant then.
    pub since: Option<Date>,
    /// How many points have no head.
    pub total: u64,
    /// How many of them have had none for more than three working days.
    pub overdue: u64,
    /// The points, by code.
    pub rows: Vec<Vacancy>,
    /// The code that the page ended with, if there are more.
    pub next: Option<String>,
}

/// The points in use that have no head today.
///
/// # Errors
/// [`AppError::Forbidden`] for all but the office.
pub async fn vacancies(app: &App, caller: &Caller, after: Option<String>, limit: usize) -> Result<Vacancies> {
    caller.require(Permission::ManagePointHeads)?;
    let (county, now, limit) = (app.county.clone(), app.now(), limit.clamp(1, PAGE_MAX));
    app.store
        .read(move |conn| {
            let calendar = county.load(conn)?.calendar;
            let today = calendar.civil_date(now);
            let Some(since) = kept::first_day(conn)?.filter(|since| *since <= today) else {
                return Ok(Vacancies { since: None, total: 0, overdue: 0, rows: Vec::new(), next: None });
            };
            let overdue_since = overdue_since(&calendar, now);
            let (total, overdue) = kept::count_vacant(conn, today, overdue_since)?;
            // Nobody needed a head before `since`.
            let overdue = if since <= overdue_since { overdue } else { 0 };
            let most = i64::try_from(limit + 1).unwrap_or(i64::MAX);
            let mut found = kept::vacant(conn, today, after.as_deref(), most)?;
            let more = found.len() > limit;
            found.truncate(limit);
            let points = reference::point_summaries(conn, &found)?;
            // In the database's order, by which the next page goes on.
            let in_order = found.iter().filter_map(|id| points.iter().find(|point| point.id == *id)).cloned();
            let points: Vec<PointSummary> = in_order.collect();
            let next = points.last().map(|last| last.code.clone()).filter(|_| more);
            let rows = points.into_iter().map(|point| {
                let heads = kept::of(conn, point.id)?;
                let from = heads.vacant_from(since, today).unwrap_or(today);
                Ok(Vacancy { is_overdue: heads.overdue_vacancy(&calendar, since, now).is_some(), point, from })
            });
            let rows = rows.collect::<Result<_>>()?;
            Ok(Vacancies { since: Some(since), total, overdue, rows, next })
        })
        .await
}

/// The heads of a point after a change.
#[derive(Debug)]
pub struct Named {
    /// Whether a term was added.
    pub created: bool,
    /// All terms, the first first.
    pub terms: Vec<HeadTerm>,
}

/// Names the head of a point from a day on, or changes the end of the term that begins then; one that has not begun may
/// be changed as a whole. The same again changes nothing.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when there is no such point, [`AppError::Invalid`] for what has
/// passed, and when there would be two heads at a time.
pub async fn put(app: &App, caller: &Caller, point: PointId, mut term: HeadTerm) -> Result<Named> {
    term.person = name(&term.person);
    make(app, caller, point, Asked::Term(term)).await
}

/// Withdraws an appointment that has not begun. One that is not there is withdrawn already.
///
/// # Errors
/// As [`put`].
pub async fn remove(app: &App, caller: &Caller, point: PointId, from: Date) -> Result<()> {
    make(app, caller, point, Asked::None(from)).await.map(|_| ())
}

async fn make(app: &App, caller: &Caller, point: PointId, asked: Asked) -> Result<Named> {
    let (county, now) = (app.county.clone(), app.now());
    change::make(app, Name { by: By::from(caller), actor: caller.actor, county, point, asked, now }).await
}

/// What is asked for.
enum Asked {
    /// This term.
    Term(HeadTerm),
    /// No term from this day on.
    None(Date),
}

/// Somebody is named head of a point.
struct Name {
    by: By,
    actor: Actor,
    county: CountyCache,
    point: PointId,
    asked: Asked,
    now: Timestamp,
}

impl Change for Name {
    type Before = PointHeads;
    /// Before and after.
    type Made = (PointHeads, PointHeads);
    type Answer = Named;

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManagePointHeads)?;
        let mut invalid = Invalid::default();
        let (from, to) = match &self.asked {
            Asked::Term(term) => (term.from, term.to),
            Asked::None(from) => (*from, None),
        };
        for (pointer, day) in [("/from", Some(from)), ("/to", to)] {
            if day.is_some_and(|day| !YEARS.contains(&day.year())) {
                invalid.push(pointer, FieldCode::OutOfRange, format!("from {} to {}", YEARS.start(), YEARS.end()));
            }
        }
        Ok(invalid.into_result()?)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Planning]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<PointHeads> {
        assert_listed(conn, self.point)?;
        Ok(kept::of(conn, self.point)?)
    }

    fn authorise(&self, _: &mut Conn, _: &PointHeads) -> Result<()> {
        Ok(())
    }

    fn decide(&self, conn: &mut Conn, before: PointHeads) -> Result<Decision<Self::Made, Named>> {
        let today = self.county.load(conn)?.calendar.civil_date(self.now);
        let (after, detail) = match &self.asked {
            Asked::None(from) => (before.without(*from, today)?, format!("{from}: withdrawn")),
            Asked::Term(term) => {
                let mut invalid = Invalid::default();
                if reference::find_unit(conn, term.unit_id)?.is_none() {
                    invalid.push("/unit_id", FieldCode::Unknown, "no such unit");
                }
                let after = match before.with(term.clone(), today) {
                    Ok(after) => after,
                    Err(faults) => {
                        invalid.0.extend(faults.0);
                        None
                    }
                };
                invalid.into_result()?;
                let end = term.to.map_or_else(String::new, |to| to.to_string());
                (after, format!("{} {}–{end}", term.person, term.from))
            }
        };
        let Some(after) = after else {
            return Ok(Decision::Unchanged(Named { created: false, terms: before.terms().to_vec() }));
        };
        let entry = self.by.done(self.now, AuditAction::PointHeadChanged, format!("point:{}", self.point));
        let records = vec![entry.ended(Outcome::Done, detail)];
        Ok(Decision::Made { made: (before, after), records, messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, (before, after): &Self::Made) -> Result<()> {
        let who: UserId = self.actor.user_id;
        Ok(kept::write(conn, (before, after), who, self.now)?)
    }

    fn answer(&self, _: &mut Conn, (before, after): Self::Made) -> Result<Named> {
        Ok(Named { created: after.terms().len() > before.terms().len(), terms: after.terms().to_vec() })
    }
}
