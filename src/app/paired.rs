//! How what a county leader is paired with 结对联创 stands: open, overdue, relapsed, and its last score. Only what was
//! released counts, and only months that leaders may read.

use std::sync::Arc;

use super::figures::weeks_up_to;
use super::issues::scope;
use super::months::Eyes;
use super::{App, AppError, Caller, Result};
use crate::domain::ids::{PointId, UnitId};
use crate::domain::leader_note::is_on;
use crate::domain::month::{Exact, Month, PointStanding, Results};
use crate::domain::pairing::{Paired, Pairing};
use crate::domain::policy::{Permission, Reach, reach};
use crate::domain::time::Date;
use crate::store::issues::{self, Filter, Situation};
use crate::store::{Conn, months, people_in_charge, reference};

/// Weeks over which relapses are counted. Source: a relapse is one for 90 days (M16).
const WEEKS: u32 = 13;

/// The score of a unit, or of a point, in the last month that leaders may read.
#[derive(Debug, Clone)]
pub struct LastScore {
    /// The month.
    pub month: Month,
    /// The score; `None` where there were too few visits.
    pub score: Option<Exact>,
    /// The unit's place in its group.
    pub rank: Option<usize>,
    /// How the point stands.
    pub standing: Option<PointStanding>,
}

/// A pairing as its leader sees it.
#[derive(Debug)]
pub struct ShownPairing {
    /// The pairing.
    pub pairing: Pairing,
    /// Name of the unit or the point.
    pub name: String,
    /// The unit that answers for it.
    pub unit_id: UnitId,
    /// Whether it holds today, so that a note can be written.
    pub is_on: bool,
    /// How it stands.
    pub situation: Situation,
    /// The day from which relapses are counted.
    pub since: Date,
    /// Its last score.
    pub last: Option<LastScore>,
}

/// The pairings of the caller, by first day.
///
/// # Errors
/// [`AppError::Forbidden`] for all but leaders.
pub async fn own(app: &App, caller: &Caller) -> Result<Vec<ShownPairing>> {
    caller.require(Permission::ReadPairings)?;
    if reach(caller.actor.role, Permission::ReadPairings) != Reach::Own {
        return Err(AppError::Forbidden);
    }
    let (app, actor, now) = (app.clone(), caller.actor, app.now());
    app.store
        .clone()
        .read(move |conn| {
            let calendar = app.county.load(conn)?.calendar;
            let today = calendar.civil_date(now);
            let since = weeks_up_to(today, WEEKS).first().map_or(today, |week| week.0);
            let span = [(calendar.instant(since, jiff::civil::Time::midnight()), now)];
            let mut last: Option<(Month, Arc<Results>)> = None;
            for kept in months::list(conn)? {
                let is_later = last.as_ref().is_none_or(|(month, _)| *month < kept.record.month);
                let results = kept.record.results.filter(|_| is_later && Eyes::of(&actor, &kept.record).is_some());
                if let Some(results) = results {
                    last = Some((kept.record.month, app.month_results.load(conn, results)?));
                }
            }
            let mut found = Vec::new();
            for pairing in people_in_charge::pairings(conn, Some(actor.user_id))? {
                let Some((name, unit_id)) = named(conn, pairing.with)? else { continue };
                let filter = match pairing.with {
                    Paired::Unit(unit) => Filter { unit_id: Some(unit), ..Filter::default() },
                    Paired::Point(point) => Filter { point_id: Some(point), ..Filter::default() },
                };
                let figures = issues::figures(conn, &app.issue_sets, scope(&actor), &filter, (&span, now), &[])?;
                found.push(ShownPairing {
                    name,
                    unit_id,
                    is_on: is_on(&pairing, today),
                    situation: figures.all,
                    since,
                    last: last.as_ref().map(|(month, results)| last_score(*month, results, pairing.with)),
                    pairing,
                });
            }
            Ok(found)
        })
        .await
}

/// What it is called, and which unit answers for it.
fn named(conn: &mut Conn, with: Paired) -> Result<Option<(String, UnitId)>> {
    Ok(match with {
        Paired::Unit(unit) => reference::find_unit(conn, unit)?.map(|unit| (unit.name, unit.id)),
        Paired::Point(point) => reference::find_point(conn, point)?.map(|point| (point.name, point.lead_unit_id)),
    })
}

fn last_score(month: Month, results: &Arc<Results>, with: Paired) -> LastScore {
    let of_point = |id: PointId| results.board.iter().find(|point| point.point_id == id);
    match with {
        Paired::Unit(id) => {
            let ranked = results.ranking.ranked.iter().find(|unit| unit.unit_id == id);
            let score = ranked.map(|unit| unit.score.clone());
            LastScore { month, score, rank: ranked.map(|unit| unit.rank), standing: None }
        }
        Paired::Point(id) => {
            let point = of_point(id);
            let score = point.and_then(|point| point.score.clone());
            LastScore { month, score, rank: None, standing: point.map(|point| point.standing) }
        }
    }
}
