//! The point board 点位达标: which points pass, fail, are stale or were never scored. Source: domain rules M14, M25.

use serde::{Deserialize, Serialize};

use super::facts::{PointRow, PointScore, Row};
use super::metric::{Figure, Metric, Tallied};
use super::{Exact, Rules};
use crate::domain::ids::{IssueId, PointId, UnitId};
use crate::domain::text::text_enum;
use crate::domain::time::Date;

text_enum! {
    /// The standing of a point.
    pub enum PointStanding {
        Pass = "pass", "达标", "Passes";
        Fail = "fail", "未达标", "Fails";
        Stale = "stale", "久未暗访", "Not validly scored for long";
        Never = "never", "从未暗访", "Never validly scored";
    }
}

/// A point on the board.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StandingPoint {
    /// The point.
    pub point_id: PointId,
    /// Its name.
    pub name: String,
    /// The unit that leads it.
    pub lead_unit_id: UnitId,
    /// Whether it is a demonstration point.
    pub is_demo: bool,
    /// Its standing.
    pub standing: PointStanding,
    /// The score that decides its standing: the month's, or the latest that is not stale.
    pub score: Option<Exact>,
    /// Whether that score failed an item with a veto.
    pub is_vetoed: bool,
    /// Issues that are overdue there: as long as there is one, it does not pass.
    #[serde(default)]
    pub overdue: Vec<IssueId>,
}

impl StandingPoint {
    /// The standing of `point` on the day of the cut-off.
    #[must_use]
    pub fn of(point: &PointRow, day: Date, rules: &Rules) -> Self {
        let latest = point.latest.as_ref();
        let fresh = latest.filter(|latest| days_between(latest.on, day) <= i64::from(rules.stale_days));
        let score = point.month_score.as_ref().or(fresh.map(|latest| &latest.score));
        let standing = match (score, latest) {
            (Some(score), _) if passes(point, score, rules) => PointStanding::Pass,
            (Some(_), _) => PointStanding::Fail,
            (None, Some(_)) => PointStanding::Stale,
            (None, None) => PointStanding::Never,
        };
        StandingPoint {
            point_id: point.point_id,
            name: point.name.clone(),
            lead_unit_id: point.lead_unit_id,
            is_demo: point.is_demo,
            standing,
            score: score.map(|score| score.score.clone()),
            is_vetoed: score.is_some_and(|score| score.is_vetoed),
            overdue: point.overdue.clone(),
        }
    }
}

/// Whether a point passes 达标 with this score: it reaches the line, failed no veto, and nothing is overdue there.
#[must_use]
pub fn passes(point: &PointRow, score: &PointScore, rules: &Rules) -> bool {
    score.score >= rules.pass_line && !score.is_vetoed && point.overdue.is_empty()
}

fn days_between(earlier: Date, later: Date) -> i64 {
    earlier.until(later).map_or(i64::MAX, |span| i64::from(span.get_days()))
}

/// The pass rates of a set of points. Only points validly scored in the month count: one that nobody visited neither
/// passes nor fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PassRates {
    /// 达标率 of all points.
    pub all: Figure,
    /// 示范点位达标率. Source: domain rule M14.
    pub demo: Figure,
}

impl PassRates {
    /// Of these points.
    #[must_use]
    pub fn of<'a>(points: impl Iterator<Item = &'a PointRow> + Clone, rules: &Rules) -> Self {
        let figure = |metric, is_demo_only: bool| {
            let scored = points.clone().filter(|point| point.is_demo || !is_demo_only);
            let rows = scored.filter_map(|point| {
                let score = point.month_score.as_ref()?;
                let is_part = passes(point, score, rules);
                Some(Tallied { row: Row::Point(point.point_id), share: Exact::one(), is_part })
            });
            Figure::of(metric, rows)
        };
        PassRates { all: figure(Metric::Pass, false), demo: figure(Metric::DemoPass, true) }
    }
}

/// The board: failing points first, the lowest score at the top, then stale, never scored and passing ones. Source:
/// domain rule M30, "点未达标月评排名制".
#[must_use]
pub fn board<'a>(points: impl IntoIterator<Item = &'a PointRow>, day: Date, rules: &Rules) -> Vec<StandingPoint> {
    let place = |standing| match standing {
        PointStanding::Fail => 0,
        PointStanding::Stale => 1,
        PointStanding::Never => 2,
        PointStanding::Pass => 3,
    };
    let mut board: Vec<_> = points.into_iter().map(|point| StandingPoint::of(point, day, rules)).collect();
    board.sort_by(|a, b| (place(a.standing), &a.score, a.point_id).cmp(&(place(b.standing), &b.score, b.point_id)));
    board
}

#[cfg(test)]
mod tests;
