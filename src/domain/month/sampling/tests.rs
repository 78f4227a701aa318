#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::domain::month::Rules;
use crate::domain::month::score::tests::rows::{issue_id, unit_id, uuid};
use crate::domain::month::workdays::tests::{calendar, day};

fn rules() -> LookBackRules {
    Rules::default().look_back
}

fn user(number: u128) -> UserId {
    UserId(uuid(number))
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(&format!("{text}+08:00")).unwrap()
}

/// Closed on 1 September.
fn closed(number: u128, unit: u128, severity: Severity) -> Closed {
    Closed {
        issue_id: issue_id(number),
        unit_id: unit_id(unit),
        severity,
        released_at: at("2026-08-30T09:00:00"),
        closed_at: at("2026-09-01T09:00:00"),
        finder_id: user(1),
        checkers: vec![user(2)],
    }
}

/// A plain generator of the tests (D. Knuth's MMIX constants); the upper bits of a product are close to unbiased.
fn seeded(mut state: u64) -> impl FnMut(u64) -> u64 {
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u64::try_from((u128::from(state) * u128::from(below)) >> 64).unwrap()
    }
}

fn sampled(closed: &[Closed], seed: u64) -> Sample {
    Sample::of(closed, day("2026-10-01"), &calendar(), &rules(), &mut seeded(seed))
}

fn many(count: u128, unit: u128, severity: Severity, from: u128) -> Vec<Closed> {
    (from..from + count).map(|number| closed(number, unit, severity)).collect()
}

fn drawn_of(sample: &Sample, of: &[Closed], unit: u128, severity: Severity) -> usize {
    let is_one = |id: &&IssueId| {
        of.iter().any(|issue| issue.issue_id == **id && issue.unit_id == unit_id(unit) && issue.severity == severity)
    };
    sample.drawn.iter().filter(is_one).count()
}

/// 200 issues: 20 severe, 100 + 60 + 20 others. 15 % are 30. Of the severe, half: 10. The other 20 are divided
/// 100 : 60 : 20 of 180, that is 11.1, 6.7 and 2.2: 11, 7 and 2.
#[test]
fn the_sample_is_divided_by_severity_and_unit() {
    let all = [
        many(20, 1, Severity::High, 1),
        many(100, 1, Severity::Low, 100),
        many(60, 2, Severity::Medium, 300),
        many(20, 3, Severity::Low, 400),
    ]
    .concat();
    for seed in 0..20 {
        let sample = sampled(&all, seed);
        assert_eq!((sample.population, sample.size, sample.drawn.len()), (200, 30, 30));
        let drawn = [
            drawn_of(&sample, &all, 1, Severity::High),
            drawn_of(&sample, &all, 1, Severity::Low),
            drawn_of(&sample, &all, 2, Severity::Medium),
            drawn_of(&sample, &all, 3, Severity::Low),
        ];
        assert_eq!(drawn, [10, 11, 7, 2]);
    }
}

#[test]
fn at_least_ten_are_drawn_and_all_if_there_are_no_more() {
    assert_eq!(sampled(&many(40, 1, Severity::Low, 1), 1).drawn.len(), 10);
    assert_eq!(sampled(&many(67, 1, Severity::Low, 1), 1).drawn.len(), 11);
    assert_eq!(sampled(&many(9, 1, Severity::Low, 1), 1).drawn.len(), 9);
    assert_eq!(sampled(&[], 1), Sample { population: 0, size: 0, drawn: vec![] });
    // An issue that is passed in twice is one.
    let twice = [many(9, 1, Severity::Low, 1), many(9, 1, Severity::Low, 1)].concat();
    assert_eq!(sampled(&twice, 1), sampled(&twice[..9], 1));
    // Too few others: more of the severe ones than half.
    let few = [many(20, 1, Severity::High, 1), many(4, 1, Severity::Low, 50)].concat();
    assert_eq!(drawn_of(&sampled(&few, 1), &few, 1, Severity::High), 10);
    let fewer = [many(10, 1, Severity::High, 1), many(2, 1, Severity::Low, 50)].concat();
    assert_eq!(drawn_of(&sampled(&fewer, 1), &fewer, 1, Severity::High), 8);
}

/// 5 of 400 would be no more than a fraction of one.
#[test]
fn a_unit_with_five_closings_is_never_left_out() {
    let all = [many(400, 1, Severity::Low, 1), many(5, 2, Severity::Low, 500), many(4, 3, Severity::Low, 600)].concat();
    for seed in 0..40 {
        let sample = sampled(&all, seed);
        assert!(drawn_of(&sample, &all, 2, Severity::Low) >= 1, "{seed}");
    }
    assert!((0..40).any(|seed| drawn_of(&sampled(&all, seed), &all, 3, Severity::Low) == 0));
}

#[test]
fn only_what_was_closed_seven_to_ninety_days_ago_is_drawn() {
    let on = |closed_at: &str| Closed { closed_at: at(closed_at), ..closed(1, 1, Severity::Low) };
    for (closed_at, is_in) in [
        ("2026-09-24T23:59:59", true),
        ("2026-09-25T00:00:00", false),
        ("2026-07-03T00:00:00", true),
        ("2026-07-02T23:59:59", false),
        ("2026-10-02T00:00:00", false),
    ] {
        assert_eq!(sampled(&[on(closed_at)], 1).population == 1, is_in, "{closed_at}");
    }
}

/// All sequences of chance are tried: of four, each of the six pairs is drawn equally often.
#[test]
fn every_choice_is_equally_likely() {
    let mut counts: BTreeMap<Vec<u32>, usize> = BTreeMap::new();
    for first in 0..4 {
        for second in 0..3 {
            let mut answers = [first, second].into_iter();
            let mut items = vec![0, 1, 2, 3];
            draw(&mut items, 2, &mut |_| answers.next().unwrap());
            items.sort_unstable();
            *counts.entry(items).or_default() += 1;
        }
    }
    assert_eq!((counts.len(), counts.values().collect::<BTreeSet<_>>()), (6, BTreeSet::from([&2])));
    // Equal remainders: one of two equal strata gets the odd one, each in half of the cases.
    let odd = |answer: u64| allotted(vec![("a", 5), ("b", 5)], 3, &mut |below| answer % below);
    assert_eq!([odd(0), odd(1)], [BTreeMap::from([("a", 2), ("b", 1)]), BTreeMap::from([("a", 1), ("b", 2)])]);
}

#[test]
fn a_source_that_breaks_its_promise_breaks_nothing() {
    let all = many(40, 1, Severity::Low, 1);
    let sample = Sample::of(&all, day("2026-10-01"), &calendar(), &rules(), &mut |_| u64::MAX);
    assert_eq!(sample.drawn.len(), 10);
}

#[test]
fn a_tenth_of_same_day_closings_is_drawn_over_a_month_however_few_a_day_has() {
    let mut chance = seeded(1);
    let (mut carried, mut drawn) = (Some(0), 0);
    for day in 0..30 {
        let closings: Vec<IssueId> = (0..4).map(|number| issue_id(100 * day + number)).collect();
        let staged = staged_draw(&closings, carried, &rules(), &mut chance);
        assert!(staged.drawn.iter().all(|issue| closings.contains(issue)) && staged.carried < 100);
        carried = Some(staged.carried);
        drawn += staged.drawn.len();
    }
    // A tenth of 120. Rounded up each day it would have been 30.
    assert_eq!((drawn, carried), (12, Some(0)));
    let eleven: Vec<IssueId> = (0..11).map(issue_id).collect();
    assert_eq!(staged_draw(&eleven, Some(90), &rules(), &mut chance).drawn.len(), 2);
    let once = staged_draw(&eleven, Some(89), &rules(), &mut chance);
    assert_eq!((once.drawn.len(), once.carried), (1, 99));
    // The first draw may begin with any remainder, and no draw takes more than there is.
    let begun: BTreeSet<u32> =
        (0..200).map(|seed| staged_draw(&[], None, &rules(), &mut seeded(seed)).carried).collect();
    assert!(begun.len() > 60 && begun.iter().all(|carried| *carried < 100));
    let all = LookBackRules { staged_percent: 100, ..rules() };
    assert_eq!(staged_draw(&eleven, Some(99), &all, &mut chance).drawn, eleven);
    let none = LookBackRules { staged_percent: 0, ..rules() };
    assert_eq!(staged_draw(&eleven, Some(99), &none, &mut chance), StagedDraw { drawn: vec![], carried: 99 });
}

#[test]
fn neither_the_finder_nor_a_checker_is_given_it() {
    let all = many(12, 1, Severity::Low, 1);
    let drawn: Vec<&Closed> = all.iter().collect();
    let inspectors = [1, 2, 3, 4, 5].map(user);
    let tasks = assigned(&drawn, &inspectors, day("2026-10-01"), 14, &mut seeded(3));
    assert!(tasks.iter().all(|task| task.inspector.is_some_and(|who| who > user(2))));
    // Evenly: four each.
    for inspector in [3, 4, 5] {
        assert_eq!(tasks.iter().filter(|task| task.inspector == Some(user(inspector))).count(), 4);
    }
    assert!(tasks.iter().all(|task| day("2026-10-01") <= task.on && task.on <= day("2026-10-14")));
    // Among many, some are in the evening and some on days off.
    assert!(tasks.iter().any(|task| task.part == DayPart::Evening));
    assert!(tasks.iter().any(|task| !calendar().is_working(task.on)));
    // Nobody is left who may: the office has to find somebody.
    let nobody = assigned(&drawn, &inspectors[..2], day("2026-10-01"), 14, &mut seeded(3));
    assert!(nobody.len() == 12 && nobody.iter().all(|task| task.inspector.is_none()));
}

fn any_closed() -> impl Strategy<Value = Vec<Closed>> {
    proptest::collection::vec((1_u128..6, proptest::sample::select(Severity::ALL)), 0..120)
        .prop_map(|rows| (1..).zip(rows).map(|(number, (unit, severity))| closed(number, unit, severity)).collect())
}

proptest! {
    #[test]
    fn a_seed_repeats_its_draw_and_each_bound_is_kept(closed in any_closed(), seed in any::<u64>()) {
        let sample = sampled(&closed, seed);
        let mut turned = closed.clone();
        turned.reverse();
        prop_assert_eq!(&sampled(&turned, seed), &sample);
        let distinct: BTreeSet<IssueId> = sample.drawn.iter().copied().collect();
        prop_assert_eq!(distinct.len(), sample.drawn.len());
        prop_assert!(sample.drawn.len() >= sample.size && sample.drawn.len() <= sample.population);
        prop_assert!(sample.size >= closed.len().min(10));
        let high = closed.iter().filter(|issue| issue.severity == Severity::High).count();
        let drawn_high: usize = (1..6).map(|unit| drawn_of(&sample, &closed, unit, Severity::High)).sum();
        prop_assert!(drawn_high * 2 >= high);
        for unit in 1..6 {
            let closings = closed.iter().filter(|issue| issue.unit_id == unit_id(unit)).count();
            let drawn: usize = Severity::ALL.iter().map(|severity| drawn_of(&sample, &closed, unit, *severity)).sum();
            prop_assert!(closings < 5 || drawn >= 1);
        }
    }
}
