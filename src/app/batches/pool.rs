//! The pool of a draw, from what the county has on record.

use std::collections::{BTreeSet, HashMap};

use crate::app::ambient::Random;
use crate::app::county::County;
use crate::app::{AppError, Result};
use crate::domain::batch::Plan;
use crate::domain::draw::{Pool, PoolInspector, PoolPoint, PoolUnit, REBOUNDS_MAX, SlotKind};
use crate::domain::ids::{InspectorKey, PointId, UnitId, UserId};
use crate::domain::issue::Severity;
use crate::domain::role::Role;
use crate::domain::time::{Date, Timestamp};
use crate::domain::user::User;
use crate::store::{Conn, batches, recusals, reference, users};

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

/// The first and the first after the last instant of the month that this day is in.
pub(in crate::app) fn month(county: &County, day: Date) -> Result<(Timestamp, Timestamp)> {
    let first = day.first_of_month();
    let next = day.last_of_month().tomorrow().map_err(|error| AppError::Internal(error.to_string()))?;
    let start = |day: Date| county.calendar.instant(day, jiff::civil::Time::midnight());
    Ok((start(first), start(next)))
}

/// All points, of which those that the plan covers may be drawn, and the inspectors who could go, with a new random key
/// for each; and who is behind the keys.
pub(super) fn assemble(
    conn: &mut Conn,
    county: &County,
    random: &dyn Random,
    plan: &Plan,
    now: Timestamp,
) -> Result<(Pool, Vec<(InspectorKey, UserId)>)> {
    let (from, to) = month(county, plan.window_from)?;
    let history = batches::history(conn, from, to, now)?;
    let today = county.calendar.civil_date(now);
    let last: HashMap<PointId, Timestamp> = history.last_visits.iter().copied().collect();
    let mut in_month: HashMap<PointId, usize> = HashMap::new();
    history.month_visits.iter().for_each(|point| *in_month.entry(*point).or_default() += 1);
    let (mut rebounds, mut severe): (HashMap<PointId, u32>, BTreeSet<PointId>) = (HashMap::new(), BTreeSet::new());
    for (point, severity, chain_no) in &history.open_issues {
        if *chain_no > 0 {
            *rebounds.entry(*point).or_default() += 1;
        }
        if *severity == Severity::High {
            severe.insert(*point);
        }
    }
    let all = reference::points(conn)?;
    let mut units: HashMap<UnitId, usize> = HashMap::new();
    for point in &all {
        *units.entry(point.lead_unit_id).or_default() += in_month.get(&point.id).copied().unwrap_or_default();
    }
    let points = all
        .into_iter()
        .map(|point| PoolPoint {
            id: point.id,
            days_since_visit: last.get(&point.id).map(|at| {
                let days = (today - county.calendar.civil_date(*at)).get_days();
                u32::try_from(days).unwrap_or_default()
            }),
            visits_this_month: count(in_month.get(&point.id).copied().unwrap_or_default()),
            open_rebounds: rebounds.get(&point.id).copied().unwrap_or_default().min(REBOUNDS_MAX),
            severe: severe.contains(&point.id),
            active: point.active && plan.covers(&point.campaigns, &point.area_code),
            point_type: point.point_type,
            area: point.area_code,
            demo: point.is_demo,
            lead_unit: point.lead_unit_id,
            other_units: point.territorial_unit_id.into_iter().filter(|unit| *unit != point.lead_unit_id).collect(),
            // The county has no opening hours on record.
            open: SlotKind::ALL.iter().copied().collect(),
        })
        .collect();
    let units = units.into_iter().map(|(id, visits)| PoolUnit { id, visits_this_month: count(visits) }).collect();
    let mut people: Vec<(InspectorKey, UserId)> = Vec::new();
    let mut inspectors = Vec::new();
    for user in users::list(conn, Some(Role::Inspector))?.into_iter().filter(User::is_active) {
        let key = InspectorKey(random.uuid());
        let recused = recusals::of(conn, user.id)?;
        people.push((key, user.id));
        let recent = history.recent.iter().filter(|(who, _)| *who == user.id).map(|(_, point)| *point);
        inspectors.push(PoolInspector {
            id: key,
            available: true,
            recused_points: recused.points,
            recused_units: recused.units,
            recent_points: recent.collect(),
        });
    }
    Ok((Pool { points, units, inspectors }, people))
}
