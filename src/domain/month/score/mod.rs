//! The month's score of a unit 月评得分: `U = 0.45·A + 0.35·B + 0.20·C − E + F`, from 0 to 100, with the weights of the
//! county's [`Rules`]. Rates only: a large unit is not punished for having many issues.

mod bonus;
mod deduction;

pub use bonus::{BonusLine, Bonuses};
pub use deduction::{DeductionLine, Deductions, Ruling};

use serde::{Deserialize, Serialize};

use super::facts::{Facts, PointRow, Row, UnitRow};
use super::metric::{self, Cases, Figure, Span};
use super::{Exact, Rate, Rules};
use crate::domain::ids::UnitId;

/// A term of the score: A, B or C.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// 0 to 100; not applicable without data.
    pub value: Rate,
    /// Its share of the score, 0 to 1, after the weights of terms without data went to the others.
    pub weight: Exact,
    /// The rows that it was computed from.
    #[serde(default)]
    pub rows: Vec<Row>,
}

/// A point with what it weighs in A.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WeighedPoint {
    /// The point.
    pub row: Row,
    /// Its weight.
    pub weight: Exact,
    /// Its month's score.
    pub score: Exact,
}

/// The score of a unit, with all its parts. Source: the weights at [`Rules`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitScore {
    /// The unit.
    pub unit_id: UnitId,
    /// Its name at the cut-off.
    pub name: String,
    /// Its peer group.
    pub peer_group: String,
    /// The score U, 0 to 100, unrounded; not applicable when A, B and C all have no data.
    pub score: Rate,
    /// A: the weighted mean of its points' scores.
    pub points: Term,
    /// The points of A.
    #[serde(default)]
    pub weighed_points: Vec<WeighedPoint>,
    /// B: how it handles issues.
    pub handling: Term,
    /// 处置率.
    pub handling_rate: Figure,
    /// 按期处置率.
    pub on_time: Figure,
    /// 返工率.
    pub rework: Figure,
    /// 超期待处置率.
    pub overdue_open: Figure,
    /// 延期率.
    pub extension: Figure,
    /// C: how long its fixes last.
    pub durability: Term,
    /// 反弹率.
    pub rebound: Figure,
    /// E.
    pub deductions: Deductions,
    /// F.
    pub bonuses: Bonuses,
    /// Corrections of earlier months.
    pub adjustments: Exact,
    /// Their rows.
    #[serde(default)]
    pub adjustment_rows: Vec<Row>,
    /// 推诿率; it is shown, and counts through E alone.
    pub buck_passing: Figure,
    /// 结案率; shown only.
    pub closing: Figure,
    /// 按期结案率; shown only.
    pub on_time_closing: Figure,
    /// How many points were validly scored.
    pub scored_points: usize,
    /// How many issues were due to be handled.
    pub due_issues: usize,
    /// Whether there was enough to rank it by; otherwise it is listed as 样本不足.
    pub is_sufficient: bool,
}

/// What is scored besides rows and rules: the month, and from when look-backs count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spans {
    /// The month.
    pub month: Span,
    /// The months of look-backs.
    pub look_backs: Span,
}

impl UnitScore {
    /// The score of `unit`. Rows of others do not matter, except those on a township's territory.
    #[must_use]
    pub fn of(unit: &UnitRow, facts: &Facts, rules: &Rules, spans: Spans) -> Self {
        let share = |lead: UnitId, territorial: Option<UnitId>| {
            if lead == unit.unit_id {
                return Some(Exact::one());
            }
            let is_on_territory = unit.is_township && territorial == Some(unit.unit_id);
            (is_on_territory && rules.territorial_share.is_positive()).then(|| rules.territorial_share.clone())
        };
        let weighed_points: Vec<WeighedPoint> = facts
            .points
            .iter()
            .filter_map(|point| weighed(point, &share(point.lead_unit_id, point.territorial_unit_id)?, rules))
            .collect();
        let cases = Cases::new(
            spans.month,
            facts.cases.iter().filter_map(|case| Some((case, share(case.unit_id, case.territorial_unit_id)?))),
        );
        let own = |unit_id: UnitId| unit_id == unit.unit_id;
        let looked = facts.look_backs.iter().filter(|row| spans.look_backs.contains(row.at));
        let rebound =
            metric::rebound(looked.filter_map(|row| Some((row, share(row.unit_id, row.territorial_unit_id)?))));
        let rates = HandlingRates::of(&cases, rules);
        let hundred = Exact::from(100);
        let durability = rebound.rate.clone().complement().map(|held| &held * &hundred);
        let [points_value, handling_value] = [mean_of(&weighed_points), rates.value(rules)];
        let values = [
            (&rules.terms.points, &points_value),
            (&rules.terms.handling, &handling_value),
            (&rules.terms.durability, &durability),
        ];
        let (base, [points_weight, handling_weight, durability_weight]) = weighted_mean(values);
        let charged = facts.deductions.iter().filter(|row| own(row.unit_id));
        let earlier = facts.earlier.iter().filter(|row| own(row.unit_id));
        let deductions = Deductions::after(charged, earlier, &rules.marks);
        let bonuses = Bonuses::of(facts.bonuses.iter().filter(|row| own(row.unit_id)), &rules.marks);
        let adjusted = facts.adjustments.iter().filter(|row| own(row.unit_id));
        let adjustments: Exact = adjusted.clone().map(|row| &row.points).sum();
        let score = base.map(|base| {
            let more = &bonuses.points + &adjustments;
            (&(&base - &deductions.points) + &more).clipped(&Exact::zero(), &hundred)
        });
        let (scored_points, due_issues) = (weighed_points.len(), cases.due_count());
        let is_few = |count: usize, least: u32| u32::try_from(count).is_ok_and(|count| count < least);
        let is_insufficient = score == Rate::NotApplicable
            || is_few(scored_points, rules.sample_points_min) && is_few(due_issues, rules.sample_issues_min);
        UnitScore {
            unit_id: unit.unit_id,
            name: unit.name.clone(),
            peer_group: unit.peer_group.clone(),
            score,
            points: Term {
                value: points_value,
                weight: points_weight,
                rows: weighed_points.iter().map(|point| point.row).collect(),
            },
            weighed_points,
            handling: Term { value: handling_value, weight: handling_weight, rows: rates.rows() },
            handling_rate: rates.handling,
            on_time: rates.on_time,
            rework: rates.rework,
            overdue_open: rates.overdue_open,
            extension: rates.extension,
            durability: Term { value: durability, weight: durability_weight, rows: rebound.whole_rows.clone() },
            rebound,
            deductions,
            bonuses,
            adjustments,
            adjustment_rows: adjusted.map(|row| Row::Adjustment(row.adjustment_id)).collect(),
            buck_passing: metric::buck_passing(facts.dispatches.iter().filter(|row| own(row.unit_id))),
            closing: cases.closing(),
            on_time_closing: cases.on_time_closing(rules.on_time_closing),
            scored_points,
            due_issues,
            is_sufficient: !is_insufficient,
        }
    }
}

impl UnitScore {
    /// The score as the unit may read it: without the rows of look-backs that found nothing, which are concealed.
    #[must_use]
    pub fn as_unit_sees_it(mut self) -> Self {
        self.rebound = self.rebound.as_unit_sees_it();
        self.durability.rows = self.rebound.whole_rows.clone();
        self
    }
}

/// A point as it weighs in A; `None` when it was not scored in the month.
fn weighed(point: &PointRow, share: &Exact, rules: &Rules) -> Option<WeighedPoint> {
    let score = point.month_score.as_ref()?.score.clone();
    let weight = if point.is_demo { &rules.demo_weight * share } else { share.clone() };
    Some(WeighedPoint { row: Row::Point(point.point_id), weight, score })
}

fn mean_of(points: &[WeighedPoint]) -> Rate {
    let sum: Exact = points.iter().map(|point| &point.weight * &point.score).sum();
    Rate::of(&sum, &points.iter().map(|point| &point.weight).sum())
}

/// The weighted mean of the values that there are, and the share of each in it: together 1, unless there are none.
#[must_use]
pub fn weighted_mean<const N: usize>(terms: [(&Exact, &Rate); N]) -> (Rate, [Exact; N]) {
    let all: Exact = terms.iter().filter(|(_, value)| value.known().is_some()).map(|(weight, _)| *weight).sum();
    let shares = terms.map(|(weight, value)| value.known().and_then(|_| weight.divided_by(&all)).unwrap_or_default());
    if all.is_zero() {
        return (Rate::NotApplicable, shares);
    }
    let parts = terms.iter().zip(&shares).filter_map(|((_, value), share)| Some(value.known()? * share));
    (Rate::Of(parts.sum()), shares)
}

/// The rates within B.
struct HandlingRates {
    handling: Figure,
    on_time: Figure,
    rework: Figure,
    overdue_open: Figure,
    extension: Figure,
}

impl HandlingRates {
    fn of(cases: &Cases<'_>, rules: &Rules) -> Self {
        HandlingRates {
            handling: cases.handling(),
            on_time: cases.on_time_handling(),
            rework: cases.rework(rules.rework_base),
            overdue_open: cases.overdue_open(),
            extension: cases.extension(),
        }
    }

    /// `30·处置率 + 20·按期处置率 + 20·(1−返工率) + 20·(1−超期待处置率) + 10·(1−延期率)`, 0 to 100. Source: 成都金牛区. That a rate
    /// without data gives its weight to the others is our judgement.
    fn value(&self, rules: &Rules) -> Rate {
        let weights = &rules.handling;
        let less = |figure: &Figure| figure.rate.clone().complement();
        let (rework, overdue_open, extension) = (less(&self.rework), less(&self.overdue_open), less(&self.extension));
        let (mean, _) = weighted_mean([
            (&weights.handling, &self.handling.rate),
            (&weights.on_time, &self.on_time.rate),
            (&weights.rework, &rework),
            (&weights.overdue_open, &overdue_open),
            (&weights.extension, &extension),
        ]);
        mean.map(|mean| &mean * &Exact::from(100))
    }

    fn rows(&self) -> Vec<Row> {
        let figures = [&self.handling, &self.on_time, &self.rework, &self.overdue_open, &self.extension];
        let mut rows: Vec<Row> = figures.iter().flat_map(|figure| figure.whole_rows.iter().copied()).collect();
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

#[cfg(test)]
pub(super) mod tests;
