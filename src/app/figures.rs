//! Figures over many issues: what came in, was closed and was due, week by week, and how each unit stands.

use jiff::ToSpan as _;
use jiff::civil::{Date, Time, Weekday};

use super::issues::list::Query;
use super::issues::scope;
use super::{App, Caller, Result};
use crate::domain::calendar::WorkCalendar;
use crate::domain::ids::UnitId;
use crate::domain::policy::Permission;
use crate::domain::reference::{Unit, UnitKind};
use crate::domain::time::Timestamp;
use crate::store::issues::{self, Situation, SpanFigures};
use crate::store::reference;

/// Most weeks that figures are given for: a year and a week.
pub const WEEKS_MAX: u32 = 53;

/// Seven civil days of the county from a Monday on, and what happened in them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Week {
    /// The Monday.
    pub from: Date,
    /// The next one.
    pub to: Date,
    /// What happened.
    pub figures: SpanFigures,
}

/// The figures of a request.
#[derive(Debug, Clone)]
pub struct Figures {
    /// When they were read.
    pub at: Timestamp,
    /// Week by week, the present one last.
    pub weeks: Vec<Week>,
    /// Of all units together, over all these weeks.
    pub all: Situation,
    /// Of each unit, in the order of their codes.
    pub units: Vec<(UnitId, Situation)>,
}

/// The figures of the issues that the caller may see and that match the query, over so many weeks. Every figure is the
/// number of issues in a list that can be asked for.
///
/// # Errors
/// [`super::AppError::Forbidden`] for a role that reads no figures; [`super::AppError::Invalid`] for filters that are
/// not for the role.
pub async fn read(app: &App, caller: &Caller, query: Query, weeks: u32) -> Result<Figures> {
    caller.require(Permission::ReadFigures)?;
    let (app, actor, now) = (app.clone(), caller.actor, app.now());
    query.admit(&actor)?;
    app.store
        .clone()
        .read(move |conn| {
            let calendar = app.county.load(conn)?.calendar;
            let filter = query.filter(conn, &app.known_initials, &calendar, &actor)?;
            let days = weeks_up_to(calendar.civil_date(now), weeks.clamp(1, WEEKS_MAX));
            let spans: Vec<issues::Span> =
                days.iter().map(|(from, to)| (start(&calendar, *from), start(&calendar, *to))).collect();
            let units: Vec<UnitId> = reference::units(conn)?.into_iter().map(|unit| unit.id).collect();
            let found = issues::figures(conn, &app.issue_sets, scope(&actor), &filter, (&spans, now), &units)?;
            let weeks = days.into_iter().zip(found.spans).map(|((from, to), figures)| Week { from, to, figures });
            Ok(Figures { at: now, weeks: weeks.collect(), all: found.all, units: found.units })
        })
        .await
}

/// The situation in each township, over so many weeks.
#[derive(Debug, Clone)]
pub struct Areas {
    /// When it was read.
    pub at: Timestamp,
    /// The first day of the weeks, a Monday.
    pub from: Date,
    /// The day after them.
    pub to: Date,
    /// By area code, in its order; townships without any issue are left out.
    pub areas: Vec<(String, Situation)>,
}

/// Where the issues are that the caller may see and that match the query, by the area of each township.
///
/// # Errors
/// As [`read`].
pub async fn by_area(app: &App, caller: &Caller, query: Query, weeks: u32) -> Result<Areas> {
    caller.require(Permission::ReadFigures)?;
    let (app, actor, now) = (app.clone(), caller.actor, app.now());
    query.admit(&actor)?;
    app.store
        .clone()
        .read(move |conn| {
            let calendar = app.county.load(conn)?.calendar;
            let filter = query.filter(conn, &app.known_initials, &calendar, &actor)?;
            let days = weeks_up_to(calendar.civil_date(now), weeks.clamp(1, WEEKS_MAX));
            let today = calendar.civil_date(now);
            let (from, to) = days.first().zip(days.last()).map_or((today, today), |(first, last)| (first.0, last.1));
            let span = (start(&calendar, from), start(&calendar, to));
            let is_township = |unit: &Unit| unit.active && unit.kind == UnitKind::Township.as_str();
            let townships = reference::units(conn)?.into_iter().filter(is_township);
            let mut codes: Vec<String> = townships.map(|unit| unit.area_code).collect();
            codes.sort_unstable();
            codes.dedup();
            let areas = issues::by_area(conn, &app.issue_sets, scope(&actor), &filter, (span, now), &codes)?;
            Ok(Areas { at: now, from, to, areas })
        })
        .await
}

fn start(calendar: &WorkCalendar, day: Date) -> Timestamp {
    calendar.instant(day, Time::midnight())
}

/// So many weeks, each from a Monday to the next, up to the one of `today`.
pub(super) fn weeks_up_to(today: Date, count: u32) -> Vec<(Date, Date)> {
    let monday = today.saturating_sub(i64::from(today.weekday().since(Weekday::Monday)).days());
    let back = |weeks: u32| monday.saturating_sub((i64::from(weeks) * 7).days());
    (0..count).rev().map(|weeks| (back(weeks), back(weeks).saturating_add(7.days()))).collect()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn weeks_begin_on_mondays_and_the_last_is_the_present_one() {
        for (today, monday) in [(date(2026, 11, 29), date(2026, 11, 23)), (date(2026, 11, 30), date(2026, 11, 30))] {
            let weeks = weeks_up_to(today, 3);
            assert_eq!(weeks.last().map(|week| week.0), Some(monday));
            assert_eq!(weeks.len(), 3);
            assert!(weeks.windows(2).all(|pair| pair[0].1 == pair[1].0));
        }
    }
}
