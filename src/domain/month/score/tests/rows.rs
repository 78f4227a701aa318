//! Short rows for the tests of the month: day 0 to day 30.

use uuid::Uuid;

use super::super::{Spans, UnitScore};
use crate::domain::ids::{AdjustmentId, CardId, IssueId, PointId, UnitId};
use crate::domain::month::facts::*;
use crate::domain::month::metric::Span;
use crate::domain::month::{Exact, Month, Rules};
use crate::domain::time::Timestamp;

pub(in crate::domain::month) const SPANS: Spans = Spans {
    month: Span { from: Timestamp::from_micros(0), to: at(30) },
    look_backs: Span { from: at(-60), to: at(30) },
};

pub(in crate::domain::month) const fn at(day: i64) -> Timestamp {
    Timestamp::from_micros(day * 86_400_000_000)
}

pub(in crate::domain::month) fn uuid(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

pub(in crate::domain::month) fn unit_id(number: u128) -> UnitId {
    UnitId(uuid(number))
}

pub(in crate::domain::month) fn issue_id(number: u128) -> IssueId {
    IssueId(uuid(number))
}

pub(in crate::domain::month) fn issue_row(number: u128) -> Row {
    Row::Issue(issue_id(number))
}

pub(in crate::domain::month) fn point_row(number: u128) -> Row {
    Row::Point(PointId(uuid(number)))
}

pub(in crate::domain::month) fn card(number: u128) -> Row {
    Row::Card(CardId(uuid(number)))
}

pub(in crate::domain::month) fn unit(number: u128) -> UnitRow {
    UnitRow {
        unit_id: unit_id(number),
        name: format!("单位{number}"),
        peer_group: "县级部门".into(),
        is_township: false,
    }
}

pub(in crate::domain::month) fn township(number: u128) -> UnitRow {
    UnitRow { is_township: true, peer_group: "乡镇".into(), ..unit(number) }
}

pub(in crate::domain::month) fn point(number: u128, lead: u128, score: Option<&str>) -> PointRow {
    PointRow {
        point_id: PointId(uuid(number)),
        name: format!("点位{number}"),
        lead_unit_id: unit_id(lead),
        territorial_unit_id: None,
        is_demo: false,
        month_score: score.map(|score| PointScore { score: Exact::parse(score).unwrap(), is_vetoed: false }),
        latest: None,
        overdue: Vec::new(),
    }
}

/// An issue of a unit whose fix is due on day `due`, and its closing two days later.
pub(in crate::domain::month) fn case(
    number: u128,
    unit: u128,
    due: i64,
    handled: Option<i64>,
    closed: Option<i64>,
) -> CaseRow {
    CaseRow {
        issue_id: issue_id(number),
        unit_id: unit_id(unit),
        territorial_unit_id: None,
        due_at: at(due),
        close_due_at: at(due + 2),
        handled_at: handled.map(at),
        closed_at: closed.map(at),
        failed_checks: Vec::new(),
        is_extended: false,
        is_deferred: false,
    }
}

pub(in crate::domain::month) fn look_back(number: u128, unit: u128, result: LookBackResult) -> LookBackRow {
    LookBackRow { issue_id: issue_id(number), unit_id: unit_id(unit), territorial_unit_id: None, at: at(3), result }
}

pub(in crate::domain::month) fn deduction(unit: u128, head: DeductionHead, row: Row, events: &[&str]) -> DeductionRow {
    let events = events.iter().map(|event| (*event).to_owned()).collect();
    DeductionRow { unit_id: unit_id(unit), head, row, events, is_self_found: false }
}

pub(in crate::domain::month) fn adjustment(number: u128, unit: u128, points: &str) -> AdjustmentRow {
    AdjustmentRow {
        adjustment_id: AdjustmentId(uuid(number)),
        unit_id: unit_id(unit),
        of: Month::parse("2026-08").unwrap(),
        points: Exact::parse(points).unwrap(),
    }
}

pub(in crate::domain::month) fn score(facts: &Facts, unit: u128) -> UnitScore {
    let row = facts.units.iter().find(|row| row.unit_id == unit_id(unit)).unwrap();
    UnitScore::of(row, facts, &Rules::default(), SPANS)
}
