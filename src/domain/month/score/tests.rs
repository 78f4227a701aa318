#![allow(clippy::unwrap_used)]

mod properties;
pub(in crate::domain::month) mod rows;

use rows::*;

use super::*;
use crate::domain::ids::CardId;
use crate::domain::month::facts::{BonusHead, BonusRow, DeductionHead, DeductionRow};
use crate::domain::month::facts::{CaseRow, DispatchRow, LookBackResult};

fn exact(text: &str) -> Exact {
    Exact::parse(text).unwrap()
}

fn known(rate: &Rate) -> Exact {
    rate.known().unwrap().clone()
}

/// Points 80 (demonstration), 96 and 88; ten issues due; four look-backs; cards, returns and bonuses.
fn county() -> Facts {
    let mut facts = Facts { units: vec![unit(1), unit(2)], ..Facts::default() };
    facts.points = vec![
        PointRow { is_demo: true, ..point(1, 1, Some("80")) },
        point(2, 1, Some("96")),
        point(3, 1, Some("88")),
        point(4, 1, None),
        point(5, 2, Some("12")),
    ];
    for number in 1..=10 {
        let mut case = case(number, 1, 10, Some(9), Some(11));
        match number {
            1 => (case.handled_at, case.closed_at) = (None, None),
            2 => case.handled_at = Some(at(11)),
            3 => case.failed_checks = vec![at(10)],
            4 | 5 => case.is_extended = true,
            _ => {}
        }
        facts.cases.push(case);
    }
    facts.look_backs = vec![
        look_back(1, 1, LookBackResult::Held),
        look_back(2, 1, LookBackResult::Held),
        look_back(3, 1, LookBackResult::Held),
        look_back(4, 1, LookBackResult::Rebound),
        look_back(5, 1, LookBackResult::CannotJudge),
    ];
    facts.deductions = vec![
        deduction(1, DeductionHead::YellowCard, card(1), &["overdue/1"]),
        deduction(1, DeductionHead::UnfoundedReturn, issue_row(7), &["return/7"]),
    ];
    let bonus = |head, row| BonusRow { unit_id: unit_id(1), head, row };
    facts.bonuses = vec![
        bonus(BonusHead::SelfFound, issue_row(21)),
        bonus(BonusHead::SelfFound, issue_row(22)),
        bonus(BonusHead::SelfFound, issue_row(23)),
        bonus(BonusHead::Commendation, Row::Commendation(crate::domain::ids::CommendationId(uuid(1)))),
    ];
    facts
}

/// A = (1.5·80 + 96 + 88) ÷ 3.5 = 304 ÷ 3.5 = 608/7
/// B = 30·9/10 + 20·8/10 + 20·(1 − 1/10) + 20·(1 − 1/10) + 10·(1 − 2/10) = 27 + 16 + 18 + 18 + 8 = 87
/// C = 100·(1 − 1/4) = 75
/// E = 0.5 + 1 = 1.5; F = 3·0.1 + 1 = 1.3
/// U = 0.45·608/7 + 0.35·87 + 0.20·75 − 1.5 + 1.3 = 1368/35 + 45.25 = 11807/140
#[test]
fn a_score_counted_by_hand() {
    let facts = county();
    let score = score(&facts, 1);
    assert_eq!(known(&score.points.value), exact("608/7"));
    assert_eq!(known(&score.handling.value), exact("87"));
    assert_eq!(known(&score.durability.value), exact("75"));
    assert_eq!((score.deductions.points.clone(), score.bonuses.points.clone()), (exact("1.5"), exact("1.3")));
    assert_eq!(known(&score.score), exact("11807/140"));
    assert_eq!(known(&score.score).two_decimals(), "84.34");
    assert_eq!((score.scored_points, score.due_issues, score.is_sufficient), (3, 10, true));
    // Each figure opens to its rows.
    assert_eq!(score.points.rows, [1, 2, 3].map(point_row));
    assert_eq!(score.overdue_open.part_rows, [issue_row(1)]);
    assert_eq!(score.rebound.part_rows, [issue_row(4)]);
    assert_eq!(score.handling.rows.len(), 10);
    let rows: Vec<Row> = score.deductions.lines.iter().map(|line| line.row).collect();
    assert_eq!(rows, [card(1), issue_row(7)]);
    // The other unit has one point only: A alone counts, and it is not ranked.
    let other = super::tests::score(&facts, 2);
    assert_eq!(
        (known(&other.score), other.points.weight.clone(), other.is_sufficient),
        (exact("12"), exact("1"), false)
    );
}

#[test]
fn a_unit_sees_its_score_without_the_look_backs_that_found_nothing() {
    let of = score(&county(), 1);
    assert_eq!(of.durability.rows.len(), 4);
    let seen = of.clone().as_unit_sees_it();
    assert_eq!((&seen.durability.rows, &seen.rebound.whole_rows), (&vec![issue_row(4)], &vec![issue_row(4)]));
    assert_eq!((seen.score, seen.durability.value), (of.score, of.durability.value));
    assert_eq!((seen.handling, seen.weighed_points), (of.handling, of.weighed_points));
}

/// A = 90 and C = 50, nothing due: (0.45·90 + 0.20·50) ÷ 0.65 = 50.5 ÷ 0.65 = 1010/13.
#[test]
fn a_term_without_data_gives_its_weight_to_the_others() {
    let mut facts = Facts { units: vec![unit(1)], points: vec![point(1, 1, Some("90"))], ..Facts::default() };
    facts.look_backs = vec![look_back(1, 1, LookBackResult::Held), look_back(2, 1, LookBackResult::Rebound)];
    let of = score(&facts, 1);
    assert_eq!(known(&of.score), exact("1010/13"));
    assert_eq!(of.handling.value, Rate::NotApplicable);
    let weights = [&of.points.weight, &of.handling.weight, &of.durability.weight].map(Exact::to_string);
    assert_eq!(weights, ["9/13", "0", "4/13"]);
    let nothing = score(&Facts { units: vec![unit(1)], ..Facts::default() }, 1);
    assert_eq!((nothing.score, nothing.is_sufficient), (Rate::NotApplicable, false));
}

/// A = 90. Of three issues one is open: B = 30·2/3 + 20·2/3 + 20·1 + 20·2/3 + 10·1 = 230/3. C = 100·2/3.
/// U = 0.45·90 + 0.35·230/3 + 0.20·200/3 = 242/3.
#[test]
fn no_term_is_rounded_before_the_score() {
    let mut facts = Facts { units: vec![unit(1)], points: vec![point(1, 1, Some("90"))], ..Facts::default() };
    facts.cases =
        vec![case(1, 1, 10, Some(9), Some(11)), case(2, 1, 10, Some(9), Some(11)), case(3, 1, 10, None, None)];
    let looked = [LookBackResult::Held, LookBackResult::Held, LookBackResult::Rebound];
    facts.look_backs = (1..).zip(looked).map(|(number, result)| look_back(number, 1, result)).collect();
    let of = score(&facts, 1);
    assert_eq!(known(&of.handling.value), exact("230/3"));
    assert_eq!(known(&of.durability.value), exact("200/3"));
    assert_eq!(known(&of.score), exact("242/3"));
}

/// One issue is due and extended, and no closing falls in the month: no rework rate.
/// B = (30·1 + 20·1 + 20·(1 − 0) + 10·(1 − 1)) ÷ (30 + 20 + 20 + 10) · 100 = 70/80 · 100 = 87.5
#[test]
fn a_rate_without_data_gives_its_weight_to_the_others_within_b() {
    let late = CaseRow { is_extended: true, ..case(1, 1, 29, Some(28), None) };
    let facts = Facts { units: vec![unit(1)], cases: vec![late], ..Facts::default() };
    let of = score(&facts, 1);
    assert_eq!((of.rework.rate.clone(), known(&of.handling.value)), (Rate::NotApplicable, exact("87.5")));
}

/// The township leads a point with 90, another unit one on its territory with 60:
/// A = (1·90 + ½·60) ÷ 1½ = 80. Handled: 1 of its own due, ½ of the other's open: 1 ÷ 1½ = 2/3.
#[test]
fn a_township_answers_for_its_territory_by_half() {
    let mut facts = Facts { units: vec![unit(1), township(2)], ..Facts::default() };
    let on_territory = |unit| PointRow { territorial_unit_id: Some(unit_id(2)), ..unit };
    facts.points = vec![on_territory(point(1, 2, Some("90"))), on_territory(point(2, 1, Some("60")))];
    let mut other = case(2, 1, 10, None, None);
    other.territorial_unit_id = Some(unit_id(2));
    facts.cases = vec![case(1, 2, 10, Some(9), Some(9)), other];
    let mut looked = look_back(3, 1, LookBackResult::Rebound);
    looked.territorial_unit_id = Some(unit_id(2));
    facts.look_backs = vec![look_back(4, 2, LookBackResult::Held), looked];
    let of = score(&facts, 2);
    assert_eq!(known(&of.points.value), exact("80"));
    assert_eq!((known(&of.handling_rate.rate), of.handling_rate.whole.clone()), (exact("2/3"), exact("1.5")));
    assert_eq!(known(&of.durability.value), exact("200/3"));
    assert_eq!((of.scored_points, of.due_issues), (2, 2));
    // A unit that is no township answers for nothing of others, wherever it is.
    facts.units = vec![unit(1), unit(2)];
    assert_eq!(known(&score(&facts, 2).points.value), exact("90"));
    // A territory without issues has no weight, and no row.
    facts.units = vec![unit(1), township(2)];
    let none = Rules { territorial_share: Exact::zero(), ..Rules::default() };
    assert_eq!(UnitScore::of(&facts.units[1], &facts, &none, SPANS).scored_points, 1);
}

#[test]
fn too_few_points_and_too_few_issues_are_no_sample() {
    for (points, issues, is_sufficient) in [(2, 4, false), (3, 0, true), (0, 5, true), (2, 5, true), (0, 0, false)] {
        let facts = Facts {
            units: vec![unit(1)],
            points: (0..points).map(|number| point(number, 1, Some("90"))).collect(),
            cases: (0..issues).map(|number| case(number, 1, 10, Some(9), Some(9))).collect(),
            ..Facts::default()
        };
        assert_eq!(score(&facts, 1).is_sufficient, is_sufficient, "{points} {issues}");
    }
}

#[test]
fn a_score_stays_between_nothing_and_a_hundred() {
    let mut facts = Facts { units: vec![unit(1)], points: vec![point(1, 1, Some("100"))], ..Facts::default() };
    facts.bonuses = vec![BonusRow { unit_id: unit_id(1), head: BonusHead::SelfFound, row: issue_row(1) }];
    assert_eq!(known(&score(&facts, 1).score), exact("100"));
    facts.bonuses.clear();
    facts.points = vec![point(1, 1, Some("1"))];
    facts.deductions = vec![deduction(1, DeductionHead::FalseEvidence, issue_row(1), &[])];
    assert_eq!(known(&score(&facts, 1).score), exact("0"));
    // A correction of an earlier month counts before the score is clipped.
    facts.adjustments = vec![adjustment(1, 1, "7.5"), adjustment(2, 1, "-1")];
    let of = score(&facts, 1);
    assert_eq!((of.adjustments.clone(), known(&of.score)), (exact("6.5"), exact("2.5")));
    assert_eq!(of.adjustment_rows.len(), 2);
}

/// What counts of rows of a head, a number and events.
fn taken(rows: &[(DeductionHead, u128, &[&str])]) -> (String, Vec<Ruling>) {
    let rows: Vec<DeductionRow> =
        rows.iter().map(|(head, number, events)| deduction(1, *head, card(*number), events)).collect();
    let of = Deductions::of(&rows, &Rules::default().marks);
    (of.points.to_string(), of.lines.iter().map(|line| line.ruling).collect())
}

/// Yellow in September, red for the same event in October: two in all, as within one month.
#[test]
fn an_event_that_an_earlier_month_charged_counts_for_the_difference() {
    use DeductionHead::{RedCard, YellowCard};
    let marks = &Rules::default().marks;
    let taken = |row: &DeductionRow, earlier: &[DeductionRow]| {
        let of = Deductions::after([row], earlier, marks);
        (of.points, of.lines[0].ruling)
    };
    let yellow = |number, event| deduction(1, YellowCard, card(number), &[event]);
    let red = deduction(1, RedCard, card(9), &["a", "b"]);
    assert_eq!(taken(&red, &[]), (exact("2"), Ruling::Counts));
    assert_eq!(taken(&red, &[yellow(1, "a")]), (exact("1.5"), Ruling::Earlier));
    assert_eq!(taken(&red, &[yellow(1, "a"), yellow(2, "b")]), (exact("1"), Ruling::Earlier));
    assert_eq!(taken(&red, &[yellow(1, "c")]), (exact("2"), Ruling::Counts));
    assert_eq!(taken(&yellow(1, "a"), &[red]), (exact("0"), Ruling::Earlier));
}

#[test]
fn one_event_counts_once_under_its_heaviest_head() {
    use DeductionHead::{FalseEvidence, RedCard, UnfoundedReturn, YellowCard};
    use Ruling::{Counts, Heavier, Partly};
    // Overdue, then overdue for long: the red card alone.
    assert_eq!(taken(&[(YellowCard, 1, &["a"]), (RedCard, 2, &["a"])]), ("2".into(), vec![Heavier, Counts]));
    // Two events: both.
    assert_eq!(taken(&[(YellowCard, 1, &["a"]), (RedCard, 2, &["b"])]), ("5/2".into(), vec![Counts, Counts]));
    // False evidence and the red card for it.
    assert_eq!(taken(&[(RedCard, 1, &["a"]), (FalseEvidence, 2, &["a"])]), ("5".into(), vec![Heavier, Counts]));
    // A red card for two yellow ones takes their place: 1 + 1 instead of ½ + ½.
    let two = [(YellowCard, 1, &["a"][..]), (YellowCard, 2, &["b"]), (RedCard, 3, &["a", "b"])];
    assert_eq!(taken(&two), ("2".into(), vec![Heavier, Heavier, Counts]));
    // One of the two has a red card of its own: 2 + 1.
    let more = [two[0], two[1], two[2], (RedCard, 4, &["a"])];
    assert_eq!(taken(&more), ("3".into(), vec![Heavier, Heavier, Partly, Counts]));
    // The same row twice, or two rows without an event.
    assert_eq!(taken(&[(RedCard, 1, &[]), (RedCard, 1, &[])]).0, "2");
    assert_eq!(taken(&[(RedCard, 1, &[]), (RedCard, 2, &[]), (UnfoundedReturn, 3, &[])]).0, "5");
    // The cap.
    let many: Vec<_> = (0..4).map(|number| (FalseEvidence, number, &[][..])).collect();
    assert_eq!(taken(&many).0, "15");
}

#[test]
fn nothing_is_deducted_for_what_the_unit_found_first() {
    let mut row = deduction(1, DeductionHead::Exposure, issue_row(1), &["exposure/1"]);
    row.is_self_found = true;
    let of = Deductions::of([&row], &Rules::default().marks);
    assert_eq!((of.points, of.lines[0].ruling), (Exact::zero(), Ruling::SelfFound));
    // It does not take the place of what counts, either.
    let counted = deduction(1, DeductionHead::YellowCard, card(1), &["exposure/1"]);
    assert_eq!(Deductions::of([&row, &counted], &Rules::default().marks).points, exact("0.5"));
}

#[test]
fn bonuses_are_capped_by_head() {
    let rows: Vec<BonusRow> = (0..30)
        .map(|number| BonusRow { unit_id: unit_id(1), head: BonusHead::SelfFound, row: issue_row(number) })
        .chain((0..3).map(|number| BonusRow {
            unit_id: unit_id(1),
            head: BonusHead::Commendation,
            row: Row::Card(CardId(uuid(number))),
        }))
        .collect();
    let of = Bonuses::of(&rows, &Rules::default().marks);
    let lines: Vec<_> = of.lines.iter().map(|line| (line.points.to_string(), line.rows.len())).collect();
    assert_eq!((of.points, lines), (exact("4"), vec![("2".into(), 30), ("2".into(), 3)]));
}

/// Returns are shown as a rate, and deducted once each.
#[test]
fn unfounded_returns_are_a_rate_and_a_deduction() {
    let mut facts = county();
    facts.dispatches = [(1, false), (7, true)]
        .map(|(number, is_unfounded_return)| DispatchRow {
            issue_id: issue_id(number),
            unit_id: unit_id(1),
            is_unfounded_return,
        })
        .to_vec();
    assert_eq!(score(&facts, 1).buck_passing.rate.percent(), "50.00%");
}
