use proptest::prelude::*;
use proptest::sample::Index;

use super::rows::*;
use super::*;
use crate::domain::month::Ranking;
use crate::domain::month::facts::{LookBackRow, PointScore};
use crate::domain::month::ranking::Ranks;

fn any_point() -> impl Strategy<Value = PointRow> {
    (1_u128..4, proptest::option::of((0_u32..=900, 9_u32..=13)), any::<bool>(), proptest::option::of(1_u128..4))
        .prop_map(|(lead, score, is_demo, territory)| PointRow {
            is_demo,
            territorial_unit_id: territory.map(unit_id),
            month_score: score.map(|(above, below)| PointScore {
                score: Exact::new(i128::from(above), i128::from(below)).unwrap(),
                is_vetoed: false,
            }),
            ..point(0, lead, None)
        })
}

fn any_case() -> impl Strategy<Value = CaseRow> {
    let day = || proptest::option::of(-10_i64..35);
    (1_u128..4, -10_i64..35, day(), day(), proptest::collection::vec(-10_i64..35, 0..2), any::<bool>(), 0_u8..5)
        .prop_map(|(unit, due, handled, closed, failed, is_extended, deferred)| CaseRow {
            failed_checks: failed.into_iter().map(at).collect(),
            is_extended,
            is_deferred: deferred == 0,
            ..case(0, unit, due, handled, closed)
        })
}

fn any_look_back() -> impl Strategy<Value = LookBackRow> {
    (1_u128..4, proptest::sample::select(LookBackResult::ALL)).prop_map(|(unit, result)| look_back(0, unit, result))
}

fn any_deduction() -> impl Strategy<Value = DeductionRow> {
    let event = proptest::sample::select(&["a", "b", "c"][..]);
    (
        1_u128..4,
        proptest::sample::select(DeductionHead::ALL),
        0_u128..4,
        proptest::collection::vec(event, 0..3),
        proptest::bool::weighted(0.2),
    )
        .prop_map(|(unit, head, number, events, is_self_found)| DeductionRow {
            is_self_found,
            ..deduction(unit, head, card(number), &events)
        })
}

/// A county of three units, the third a township.
fn any_facts() -> impl Strategy<Value = Facts> {
    (
        proptest::collection::vec(any_point(), 0..10),
        proptest::collection::vec(any_case(), 0..14),
        proptest::collection::vec(any_look_back(), 0..8),
        proptest::collection::vec(any_deduction(), 0..8),
    )
        .prop_map(|(mut points, mut cases, mut look_backs, deductions)| {
            for (number, point) in (100..).zip(&mut points) {
                point.point_id = crate::domain::ids::PointId(uuid(number));
            }
            (200..).zip(&mut cases).for_each(|(number, case)| case.issue_id = issue_id(number));
            (300..).zip(&mut look_backs).for_each(|(number, row)| row.issue_id = issue_id(number));
            let township = UnitRow { is_township: true, ..unit(3) };
            Facts { units: vec![unit(1), unit(2), township], points, cases, look_backs, deductions, ..Facts::default() }
        })
}

fn all(facts: &Facts) -> Vec<UnitScore> {
    let mut scores: Vec<UnitScore> =
        facts.units.iter().map(|unit| UnitScore::of(unit, facts, &Rules::default(), SPANS)).collect();
    scores.sort_by_key(|score| score.unit_id);
    scores
}

fn ranks(scores: &[UnitScore]) -> Ranks {
    Ranking::of(scores, &Ranks::new(), &Rules::default()).ranks()
}

/// Makes the record of unit 1 worse in one way, without changing what counts at all; `None` where there is nothing to
/// make worse.
fn worsened(facts: &Facts, way: u8, at_index: Index) -> Option<Facts> {
    let mut worse = facts.clone();
    let mine = |ids: Vec<(usize, UnitId)>| -> Option<usize> {
        let own: Vec<usize> = ids.into_iter().filter(|(_, unit)| *unit == unit_id(1)).map(|(place, _)| place).collect();
        (!own.is_empty()).then(|| own[at_index.index(own.len())])
    };
    match way {
        0 => {
            let own = mine(worse.points.iter().map(|row| row.lead_unit_id).enumerate().collect())?;
            let score = worse.points[own].month_score.as_mut()?;
            score.score = &score.score * &Exact::hundredths(50);
        }
        1..=3 => {
            let own = mine(worse.cases.iter().map(|row| row.unit_id).enumerate().collect())?;
            let case = &mut worse.cases[own];
            if !SPANS.month.contains(case.due_at) || !SPANS.month.contains(case.close_due_at) {
                return None;
            }
            match way {
                1 => case.handled_at = None,
                2 => case.is_extended = true,
                _ => case.failed_checks.push(at(10)),
            }
        }
        4 => {
            let own = mine(worse.look_backs.iter().map(|row| row.unit_id).enumerate().collect())?;
            if worse.look_backs[own].result == LookBackResult::CannotJudge {
                return None;
            }
            worse.look_backs[own].result = LookBackResult::Rebound;
        }
        _ => worse.deductions.push(deduction(1, DeductionHead::RedCard, card(9), &["a", "b"])),
    }
    Some(worse)
}

proptest! {
    #[test]
    fn shares_of_the_terms_that_there_are_make_a_whole(
        weights in proptest::array::uniform5(1_i64..100),
        values in proptest::array::uniform5(proptest::option::of(0_i64..=100)),
    ) {
        let weights = weights.map(Exact::from);
        let values = values.map(|value| value.map_or(Rate::NotApplicable, |value| Rate::Of(Exact::from(value))));
        let pairs: [(&Exact, &Rate); 5] = std::array::from_fn(|at| (&weights[at], &values[at]));
        let (mean, shares) = weighted_mean(pairs);
        let sum: Exact = shares.iter().sum();
        let known: Vec<&Exact> = values.iter().filter_map(Rate::known).collect();
        prop_assert_eq!(sum, if known.is_empty() { Exact::zero() } else { Exact::one() });
        prop_assert_eq!(mean.known().is_some(), !known.is_empty());
        if let Some(mean) = mean.known() {
            prop_assert!(known.iter().any(|value| *value <= mean) && known.iter().any(|value| *value >= mean));
        }
        for (share, value) in shares.iter().zip(&values) {
            prop_assert_eq!(share.is_positive(), value.known().is_some());
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(facts in any_facts()) {
        let mut turned = facts.clone();
        turned.units.reverse();
        turned.points.reverse();
        turned.cases.reverse();
        turned.look_backs.reverse();
        turned.deductions.reverse();
        turned.deductions.iter_mut().for_each(|row| row.events.reverse());
        let (facts, turned) = (facts.sorted(), turned.sorted());
        prop_assert_eq!(&facts, &turned);
        let (straight, back) = (all(&facts), all(&turned));
        prop_assert_eq!(ranks(&straight), ranks(&back));
        prop_assert_eq!(straight, back);
    }

    #[test]
    fn scores_are_within_their_range_and_a_unit_of_no_concern_changes_none(facts in any_facts(), other in any_facts()) {
        let before = all(&facts);
        for unit in &before {
            prop_assert!(unit.score.known().is_none_or(|score| !score.is_negative() && *score <= Exact::from(100)));
        }
        // A fourth unit with a record of its own, on nobody's territory.
        let mut more = facts.clone();
        more.units.push(unit(4));
        let theirs = |unit: &mut UnitId| *unit = unit_id(4);
        more.points.extend(other.points.into_iter().map(|mut row| {
            theirs(&mut row.lead_unit_id);
            row.territorial_unit_id = None;
            row
        }));
        more.cases.extend(other.cases.into_iter().map(|mut row| { theirs(&mut row.unit_id); row }));
        more.look_backs.extend(other.look_backs.into_iter().map(|mut row| { theirs(&mut row.unit_id); row }));
        more.deductions.extend(other.deductions.into_iter().map(|mut row| { theirs(&mut row.unit_id); row }));
        prop_assert_eq!(&all(&more)[..3], &before[..]);
    }

    #[test]
    fn a_worse_record_never_has_a_higher_score_or_rank(facts in any_facts(), way in 0_u8..6, index in any::<Index>()) {
        // Only what is unit 1's own: what a township's territory suffers lowers the township too.
        let mut facts = facts;
        facts.points.iter_mut().for_each(|row| row.territorial_unit_id = None);
        let Some(worse) = worsened(&facts, way, index) else { return Ok(()) };
        let (before, after) = (all(&facts), all(&worse));
        prop_assert!(after[0].score.known() <= before[0].score.known());
        prop_assert_eq!(&after[1..], &before[1..]);
        let (was, is) = (ranks(&before), ranks(&after));
        prop_assert_eq!(was.contains_key(&unit_id(1)), is.contains_key(&unit_id(1)));
        prop_assert!(was.get(&unit_id(1)) <= is.get(&unit_id(1)), "{:?} {:?}", was, is);
    }

    #[test]
    fn one_event_never_counts_for_more_than_its_heaviest_head(
        rows in proptest::collection::vec(any_deduction(), 0..8), again in any::<Index>()
    ) {
        let marks = Rules::default().marks;
        let of = Deductions::of(&rows, &marks);
        // Each row again, for the same events: nothing changes.
        if !rows.is_empty() {
            let mut twice = rows.clone();
            twice.push(rows[again.index(rows.len())].clone());
            prop_assert_eq!(&Deductions::of(&twice, &marks).uncapped, &of.uncapped);
        }
        // All rows for one event: the heaviest alone.
        let one: Vec<DeductionRow> =
            rows.iter().map(|row| DeductionRow { events: vec!["a".into()], ..row.clone() }).collect();
        let counted = one.iter().filter(|row| !row.is_self_found);
        let heaviest = counted.map(|row| row.head.points(&marks).clone()).max().unwrap_or_default();
        prop_assert_eq!(Deductions::of(&one, &marks).uncapped, heaviest);
        // One row less is never more.
        if let Some((_, rest)) = rows.split_first() {
            prop_assert!(Deductions::of(rest, &marks).uncapped <= of.uncapped);
        }
    }
}
