#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::month::Facts;
use crate::domain::month::facts::{CaseRow, DeductionHead, UnitRow};
use crate::domain::month::score::tests::rows::*;

/// Units with three points each of these scores, in one group.
fn scored(scores: &[&str]) -> Facts {
    let mut facts = Facts::default();
    for (number, score) in (1..).zip(scores) {
        facts.units.push(unit(number));
        facts.points.extend((0..3).map(|at| point(number * 10 + at, number, Some(score))));
    }
    facts
}

fn ranking(facts: &Facts, last: &Ranks) -> Ranking {
    let scores: Vec<UnitScore> =
        facts.units.iter().map(|unit| UnitScore::of(unit, facts, &Rules::default(), SPANS)).collect();
    Ranking::of(&scores, last, &Rules::default())
}

fn rank_of(facts: &Facts) -> Vec<(u128, usize)> {
    ranking(facts, &Ranks::new()).ranked.iter().map(|unit| (unit.unit_id.0.as_u128(), unit.rank)).collect()
}

#[test]
fn equal_units_share_a_rank_and_the_next_is_left_out() {
    assert_eq!(rank_of(&scored(&["90", "95", "90", "85"])), [(2, 1), (1, 2), (3, 2), (4, 4)]);
    // Shown alike, 89.995 and 90, and still apart.
    assert_eq!(rank_of(&scored(&["89.995", "90"])), [(2, 1), (1, 2)]);
}

/// Both have U = 90. The first A = 100, E = 10: B and C without data, so U = A − E. The second A = 90.
#[test]
fn a_tie_is_decided_by_the_points_then_by_time_then_by_what_is_overdue() {
    let mut facts = scored(&["100", "90"]);
    facts.deductions = (1..=2).map(|n| deduction(1, DeductionHead::FalseEvidence, issue_row(n), &[])).collect();
    assert_eq!(rank_of(&facts), [(1, 1), (2, 2)]);
    // 按期处置率: unit 2 has one that is on time, unit 1 has none due.
    let mut facts = scored(&["100", "100"]);
    facts.cases = vec![case(1, 2, 10, Some(9), Some(9))];
    assert_eq!(rank_of(&facts), [(2, 1), (1, 2)]);
    // Fewer overdue: same rates, twice as many issues.
    let mut facts = scored(&["100", "100"]);
    let rows = |unit: u128, first: u128| -> Vec<CaseRow> {
        vec![case(first, unit, 10, Some(9), Some(9)), case(first + 1, unit, 10, None, None)]
    };
    facts.cases = [rows(1, 1), rows(1, 3), rows(2, 5)].concat();
    assert_eq!(rank_of(&facts), [(2, 1), (1, 2)]);
}

#[test]
fn each_group_has_its_own_ranks_and_too_small_a_sample_has_none() {
    let mut facts = scored(&["90", "95", "80", "85"]);
    facts.units[2] = UnitRow { peer_group: "乡镇".into(), ..unit(3) };
    facts.units[3] = UnitRow { peer_group: "乡镇".into(), ..unit(4) };
    assert_eq!(rank_of(&facts), [(4, 1), (3, 2), (2, 1), (1, 2)]);
    facts.points.retain(|point| point.point_id.0.as_u128() != 20);
    let of = ranking(&facts, &Ranks::new());
    assert_eq!((of.insufficient.clone(), of.ranked.len()), (vec![unit_id(2)], 3));
}

fn lists(facts: &Facts) -> Vec<(u128, Listed)> {
    let of = ranking(facts, &Ranks::new());
    let listed = of.ranked.iter().filter(|unit| unit.listed != Listed::Neither);
    listed.map(|unit| (unit.unit_id.0.as_u128(), unit.listed)).collect()
}

#[test]
fn the_red_list_takes_the_best_if_they_are_good_and_have_no_red_card() {
    let twenty: Vec<String> = (0..20).map(|at| (99 - at).to_string()).collect();
    let twenty: Vec<&str> = twenty.iter().map(String::as_str).collect();
    // Two of twenty; the last two have 81 and 80: nobody is black-listed merely for being last.
    let mut facts = scored(&twenty);
    assert_eq!(lists(&facts), [(1, Listed::Red), (2, Listed::Red)]);
    facts.deductions = vec![deduction(1, DeductionHead::RedCard, card(1), &[])];
    // 99 − 2 = 97, as much as unit 3; the better points put unit 1 second. Nobody takes the place it loses.
    assert_eq!(lists(&facts), [(2, Listed::Red)]);
    // At least one of a small group, and only from 90 on.
    assert_eq!(lists(&scored(&["90", "85"])), [(1, Listed::Red)]);
    assert_eq!(lists(&scored(&["89.99", "85"])), []);
}

#[test]
fn the_black_list_takes_the_worst_if_they_are_below_eighty() {
    assert_eq!(lists(&scored(&["85", "79.99"])), [(2, Listed::Black)]);
    assert_eq!(lists(&scored(&["85", "80"])), []);
    // A shared last rank: both. The one before them is not taken, though it is below eighty too.
    assert_eq!(lists(&scored(&["85", "60", "50", "50"])), [(3, Listed::Black), (4, Listed::Black)]);
    // Of two groups of ranks, the worst alone.
    assert_eq!(lists(&scored(&["85", "60", "50"])), [(3, Listed::Black)]);
    // A group of one good or bad unit.
    assert_eq!((lists(&scored(&["95"])), lists(&scored(&["10"]))), (vec![(1, Listed::Red)], vec![(1, Listed::Black)]));
}

#[test]
fn moves_are_told_against_last_month() {
    let last = Ranks::from([(unit_id(1), 1), (unit_id(2), 2), (unit_id(3), 3)]);
    let of = ranking(&scored(&["80", "90", "70", "60"]), &last);
    let arrows: Vec<(u128, String)> = of.ranked.iter().map(|unit| (unit.unit_id.0.as_u128(), unit.arrow())).collect();
    let told = [(2, "▲1"), (1, "▼1"), (3, "—"), (4, "新")].map(|(unit, arrow)| (unit, arrow.to_owned()));
    assert_eq!(arrows, told);
    assert_eq!(of.ranks().get(&unit_id(2)), Some(&1));
}
