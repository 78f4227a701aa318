//! The point board 点位达标: how every point stands today, the worst first.
//!
//! It reads one row for each point and the visits of the present month, so its cost depends on the number of points and
//! not on how many visits and issues there have ever been.

use std::collections::HashMap;

use super::{counts_sudden, span};
use crate::app::{App, AppError, Caller, Result, month_rules};
use crate::domain::ids::{PointId, UnitId, VisitId};
use crate::domain::limits::PAGE_MAX;
use crate::domain::month::board::board as standings;
use crate::domain::month::facts::{LatestScore, PointRow, PointScore};
use crate::domain::month::{Exact, Month, PointStanding, StandingPoint};
use crate::domain::policy::Permission;
use crate::domain::reference::Point;
use crate::domain::time::Date;
use crate::domain::visit::Ratio;
use crate::store::tallies::{self, KeptScore};
use crate::store::{issues, reference};

/// Which points are listed.
#[derive(Debug, Clone, Default)]
pub struct BoardQuery {
    /// Only points with this standing.
    pub standing: Option<PointStanding>,
    /// Only demonstration points, or only the others.
    pub is_demo: Option<bool>,
    /// Led by this unit.
    pub unit_id: Option<UnitId>,
    /// Of this type.
    pub point_type: Option<String>,
}

/// A point of the board.
#[derive(Debug, Clone)]
pub struct BoardRow {
    /// Its standing.
    pub point: StandingPoint,
    /// Its code.
    pub code: String,
    /// Its type.
    pub point_type: String,
    /// Its latest valid visit and the day of that.
    pub latest: Option<(VisitId, Date)>,
}

/// A page of the board.
#[derive(Debug, Clone)]
pub struct Board {
    /// The day.
    pub day: Date,
    /// The score from which a point passes.
    pub pass_line: Exact,
    /// After so many days a score is stale.
    pub stale_days: u32,
    /// The number of points of the query by standing; the filter by standing is ignored.
    pub counts: Vec<(PointStanding, usize)>,
    /// The points.
    pub rows: Vec<BoardRow>,
    /// The id to continue after.
    pub next: Option<PointId>,
}

fn exact(value: Ratio) -> Exact {
    let (above, below) = value.parts();
    Exact::new(above, below).unwrap_or_default()
}

/// The mean of a point's visits in the month, and whether any of them failed a veto.
fn month_score(scores: &[KeptScore]) -> Option<PointScore> {
    let sum = scores.iter().fold(Exact::zero(), |sum, score| &sum + &exact(score.value));
    let score = sum.divided_by(&Exact::count(scores.len()))?;
    Some(PointScore { score, is_vetoed: scores.iter().any(|score| score.is_vetoed) })
}

/// A page of the board, failing points first.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when `after` is not on the list.
pub async fn board(
    app: &App,
    caller: &Caller,
    query: BoardQuery,
    after: Option<PointId>,
    limit: usize,
) -> Result<Board> {
    caller.require(Permission::ManagePlanning)?;
    let (app, now, limit) = (app.clone(), app.now(), limit.clamp(1, PAGE_MAX));
    app.store
        .clone()
        .read(move |conn| {
            let county = app.county.load(conn)?;
            let (rules, with_sudden) = (month_rules::current(conn)?, counts_sudden(&county));
            let day = county.calendar.civil_date(now);
            let points: HashMap<PointId, Point> = reference::points(conn)?
                .into_iter()
                .filter(|point| is_asked(point, &query))
                .map(|point| (point.id, point))
                .collect();
            let ids: Vec<PointId> = points.keys().copied().collect();
            let latest: HashMap<PointId, KeptScore> =
                tallies::latest(conn, with_sudden)?.into_iter().map(|score| (score.point_id, score)).collect();
            let mut in_month: HashMap<PointId, Vec<KeptScore>> = HashMap::new();
            for score in tallies::scores(conn, span(Month::of(day), &county.calendar), with_sudden)? {
                in_month.entry(score.point_id).or_default().push(score);
            }
            let mut overdue: HashMap<_, _> =
                issues::overdue_at(conn, &app.issue_sets, &ids, now)?.into_iter().collect();
            let rows: Vec<PointRow> = points
                .values()
                .map(|point| PointRow {
                    point_id: point.id,
                    name: point.name.clone(),
                    lead_unit_id: point.lead_unit_id,
                    territorial_unit_id: point.territorial_unit_id,
                    is_demo: point.is_demo,
                    month_score: in_month.get(&point.id).and_then(|scores| month_score(scores)),
                    latest: latest.get(&point.id).map(|score| LatestScore {
                        on: county.calendar.civil_date(score.began_at),
                        score: PointScore { score: exact(score.value), is_vetoed: score.is_vetoed },
                    }),
                    overdue: overdue.remove(&point.id).unwrap_or_default(),
                })
                .collect();
            let all = standings(&rows, day, &rules);
            let count = |standing| all.iter().filter(|point| point.standing == standing).count();
            let counts = PointStanding::ALL.iter().map(|standing| (*standing, count(*standing))).collect();
            let mut listed: Vec<StandingPoint> =
                all.into_iter().filter(|point| query.standing.is_none_or(|asked| asked == point.standing)).collect();
            if let Some(after) = after {
                let at = listed.iter().position(|point| point.point_id == after).ok_or(AppError::NotFound)?;
                listed.drain(..=at);
            }
            let more = listed.len() > limit;
            listed.truncate(limit);
            let next = listed.last().map(|last| last.point_id).filter(|_| more);
            let row = |point: StandingPoint| {
                let known = points.get(&point.point_id);
                let latest = latest.get(&point.point_id);
                BoardRow {
                    code: known.map(|known| known.code.clone()).unwrap_or_default(),
                    point_type: known.map(|known| known.point_type.clone()).unwrap_or_default(),
                    latest: latest.map(|score| (score.visit_id, county.calendar.civil_date(score.began_at))),
                    point,
                }
            };
            let (pass_line, stale_days) = (rules.pass_line, rules.stale_days);
            Ok(Board { day, pass_line, stale_days, counts, rows: listed.into_iter().map(row).collect(), next })
        })
        .await
}

fn is_asked(point: &Point, query: &BoardQuery) -> bool {
    let BoardQuery { standing: _, is_demo, unit_id, point_type } = query;
    point.active
        && is_demo.is_none_or(|asked| asked == point.is_demo)
        && unit_id.is_none_or(|asked| asked == point.lead_unit_id)
        && point_type.as_ref().is_none_or(|asked| *asked == point.point_type)
}
