//! The burden index 负担指数: how much work inspections cause for units.

use std::collections::HashMap;

use super::span;
use crate::app::{App, Caller, Result};
use crate::domain::ids::{PointId, UnitId};
use crate::domain::month::{Exact, Month};
use crate::domain::planning::{Burden, burdens};
use crate::domain::policy::Permission;
use crate::domain::reference::PointSummary;
use crate::store::issues::{Filter, Scope};
use crate::store::{issues, reference, tallies};

/// Points that are named as visited most often. Source: our choice, what fits a page.
const MOST_VISITED: usize = 10;

/// The burden of a month.
#[derive(Debug, Clone)]
pub struct BurdenReport {
    /// The month.
    pub month: Month,
    /// Half of the units of which anything was asked have at most this index; `None` without any.
    pub median: Option<Exact>,
    /// All units of which anything was asked, or that lead a point, those that bear most first.
    pub units: Vec<Burden>,
    /// Visits of the month.
    pub visits: u64,
    /// Points that are inspected at present.
    pub points: u64,
    /// The points that were visited most often, more than once, the most visited first.
    pub most_visited: Vec<(PointSummary, u64)>,
}

/// The burden of a month, the present one when none is named. Only what was released is counted as asked of a unit.
///
/// # Errors
/// [`crate::app::AppError::Forbidden`].
pub async fn burden(app: &App, caller: &Caller, month: Option<Month>) -> Result<BurdenReport> {
    caller.require(Permission::ManagePlanning)?;
    let (app, now) = (app.clone(), app.now());
    app.store
        .clone()
        .read(move |conn| {
            let calendar = app.county.load(conn)?.calendar;
            let month = month.unwrap_or_else(|| Month::of(calendar.civil_date(now)));
            let within = span(month, &calendar);
            let units: Vec<UnitId> = reference::units(conn)?.into_iter().map(|unit| unit.id).collect();
            let filter = Filter::default();
            let asked = (&[within][..], now);
            let figures = issues::figures(conn, &app.issue_sets, Scope::Released, &filter, asked, &units)?;
            let figures: HashMap<_, _> = figures.units.into_iter().collect();
            let led: HashMap<PointId, UnitId> = reference::points(conn)?
                .into_iter()
                .filter(|point| point.active)
                .map(|point| (point.id, point.lead_unit_id))
                .collect();
            let mut visited = tallies::visits_by_point(conn, within)?;
            let (mut points_of, mut visits_of) = (HashMap::new(), HashMap::new());
            for unit in led.values() {
                *points_of.entry(*unit).or_insert(0_u64) += 1;
            }
            for (point, count) in &visited {
                if let Some(unit) = led.get(point) {
                    *visits_of.entry(*unit).or_insert(0_u64) += count;
                }
            }
            let all = units.into_iter().filter_map(|unit| {
                let asked = figures.get(&unit).map(|of| (of.span.entered, of.rework, of.reminded)).unwrap_or_default();
                let points = points_of.get(&unit).copied().unwrap_or_default();
                let visits = visits_of.get(&unit).copied().unwrap_or_default();
                let has_any = points > 0 || asked != (0, 0, 0);
                has_any.then(|| Burden::of(unit, (points, visits), asked))
            });
            let (median, units) = burdens(all.collect());
            let visits = visited.iter().map(|(_, count)| count).sum();
            visited.retain(|(_, count)| *count > 1);
            visited.sort_unstable_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
            visited.truncate(MOST_VISITED);
            let ids: Vec<PointId> = visited.iter().map(|(point, _)| *point).collect();
            let mut summaries: HashMap<PointId, PointSummary> =
                reference::point_summaries(conn, &ids)?.into_iter().map(|point| (point.id, point)).collect();
            let most_visited =
                visited.into_iter().filter_map(|(point, count)| Some((summaries.remove(&point)?, count))).collect();
            let points = u64::try_from(led.len()).unwrap_or(u64::MAX);
            Ok(BurdenReport { month, median, units, visits, points, most_visited })
        })
        .await
}
