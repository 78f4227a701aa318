//! Probabilities: how often a draw chooses which points and people.

use std::collections::HashMap;

use super::draw::{Quota, Reason, SlotKind, Stream, Urn};
use super::world::{plain_pool, plain_rules, plain_unit, seed};
use super::*;
use crate::domain::ids::PointId;

/// Pearson's statistic of these counts and expectations.
fn chi_square(counts: &[u32], expected: &[f64]) -> f64 {
    counts.iter().zip(expected).map(|(count, expected)| (f64::from(*count) - expected).powi(2) / expected).sum()
}

/// The value that the statistic of a fair draw exceeds once in 10,000 times or less, by degrees of freedom.
fn bound(freedom: usize) -> f64 {
    // Wilson and Hilferty's approximation with z = 3.72.
    let freedom = f64::from(u32::try_from(freedom).unwrap());
    let part = 2.0 / (9.0 * freedom);
    freedom * (1.0 - part + 3.72 * part.sqrt()).powi(3)
}

#[track_caller]
fn is_fair(counts: &[u32], weights: &[u32]) {
    let all: f64 = counts.iter().map(|count| f64::from(*count)).sum();
    let total: f64 = weights.iter().map(|weight| f64::from(*weight)).sum();
    let expected: Vec<f64> = weights.iter().map(|weight| all * f64::from(*weight) / total).collect();
    let found = chi_square(counts, &expected);
    assert!(found < bound(counts.len() - 1), "{found:.1} ≥ {:.1}: {counts:?}", bound(counts.len() - 1));
}

#[test]
fn numbers_and_orders_are_even() {
    let mut stream = Stream::new(&seed(7), "chances");
    let mut counts = [0; 10];
    (0..100_000).for_each(|_| counts[stream.pick(10).unwrap()] += 1);
    is_fair(&counts, &[1; 10]);
    let mut orders: HashMap<[u8; 4], u32> = HashMap::new();
    for _ in 0..24_000 {
        let mut order = [0, 1, 2, 3];
        stream.shuffle(&mut order);
        *orders.entry(order).or_default() += 1;
    }
    assert_eq!(orders.len(), 24);
    is_fair(&orders.into_values().collect::<Vec<_>>(), &[1; 24]);
}

#[test]
fn an_urn_draws_by_weight() {
    let weights = [60, 0, 425, 120, 61, 1];
    let urn = Urn::new(weights.map(u64::from).to_vec());
    let mut stream = Stream::new(&seed(8), "chances");
    let mut counts = [0; 6];
    (0..100_000).for_each(|_| counts[urn.draw(&mut stream).unwrap()] += 1);
    assert_eq!(counts[1], 0);
    let drawn = |all: [u32; 6]| [all[0], all[2], all[3], all[4], all[5]];
    is_fair(&drawn(counts), &drawn(weights));
}

/// 10,000 draws of one point from eight.
#[test]
fn points_are_drawn_by_weight() {
    let mut pool = plain_pool(8, 3);
    pool.points[2].open_rebounds = 2;
    pool.points[3].demo = true;
    pool.points[4].days_since_visit = None;
    pool.points[5].days_since_visit = Some(4_000);
    let rules = Rules { demo_percent: 150, ..plain_rules(1) };
    // 60 + 60 · rebounds + days, and half as much again for the demonstration point; at most 365 days count.
    let weights = [6_000, 12_000, 30_000, 36_000, 42_500, 42_500, 6_000, 12_000];
    assert_eq!(pool.points.iter().map(|point| point.weight(150)).collect::<Vec<_>>(), weights.map(u64::from));
    let mut counts: HashMap<PointId, u32> = HashMap::new();
    for number in 0..10_000 {
        let outcome = drawn(&pool, &rules, &seed(number));
        *counts.entry(outcome.tasks[0].point).or_default() += 1;
    }
    let counts: Vec<u32> = pool.points.iter().map(|point| counts[&point.id]).collect();
    is_fair(&counts, &weights);
}

/// 10,000 draws of one task: the inspector, the slot and the code name.
#[test]
fn people_slots_and_names_are_even() {
    let pool = plain_pool(1, 5);
    let rules = plain_rules(1);
    let (mut people, mut slots, mut names) = ([0; 5], [0; 14], [0; 25]);
    for number in 0..10_000 {
        let outcome = drawn(&pool, &rules, &seed(number));
        let task = &outcome.tasks[0];
        people[pool.inspectors.iter().position(|one| one.id == task.inspectors[0]).unwrap()] += 1;
        slots[rules.slots.iter().position(|slot| *slot == task.slot).unwrap()] += 1;
        for (at, name) in outcome.code_names.iter().enumerate() {
            let number: usize = name.code.trim_start_matches("暗访").parse().unwrap();
            names[at * 5 + number - 1] += 1;
        }
    }
    is_fair(&people, &[1; 5]);
    is_fair(&slots, &[1; 14]);
    names.chunks(5).for_each(|names| is_fair(names, &[1; 5]));
}

/// A quota that takes all but one place, a unit whose cap the quota alone would use up, a stratum without a quota, a
/// point whose weight is the least: all are drawn sooner or later.
#[test]
fn every_active_point_has_a_chance() {
    let mut pool = plain_pool(12, 6);
    for point in &mut pool.points[..8] {
        point.days_since_visit = None;
        point.open_rebounds = 3;
    }
    for point in &mut pool.points[8..] {
        point.point_type = "TOI".into();
        point.days_since_visit = Some(0);
    }
    // The last two points of the stratum without a quota belong to a separate unit.
    pool.units.push(plain_unit(2));
    let other = pool.units[1].id;
    pool.points[10..].iter_mut().for_each(|point| point.lead_unit = other);
    pool.points[11].open = [SlotKind::Weekend].into();
    let quota = Quota { point_type: "MKT".into(), area: "990001".into(), count: 4 };
    let rules = Rules { quotas: vec![quota], unit_visits_max: 4, ..plain_rules(1) };
    let mut counts: HashMap<PointId, u32> = HashMap::new();
    for number in 0..2_000 {
        for task in drawn(&pool, &rules, &seed(number)).tasks {
            *counts.entry(task.point).or_default() += 1;
        }
    }
    assert_eq!(counts.len(), 12, "{counts:?}");
    // The first place is drawn from all: at least weight ÷ total of the draws. 60 of 8 · 605 + 4 · 60.
    let least: f64 = 2_000.0 * 60.0 / 5_080.0;
    for point in &pool.points {
        let expected = least - 4.0 * least.sqrt();
        assert!(f64::from(counts[&point.id]) > expected, "{:?}", counts[&point.id]);
    }
}

/// Being visited last time gives no immunity, except by the cap.
#[test]
fn what_was_visited_today_may_be_drawn_again() {
    let mut pool = plain_pool(3, 3);
    pool.points[0].visits_this_month = 1;
    let rules = plain_rules(1);
    let count = |pool: &Pool| {
        (0..1_000).filter(|number| drawn(pool, &rules, &seed(*number)).tasks[0].point == pool.points[0].id).count()
    };
    // 60 of 60 + 120 + 180.
    assert!((120..220).contains(&count(&pool)));
    pool.points[0].visits_this_month = 2;
    assert_eq!(count(&pool), 0);
    assert_eq!(drawn(&pool, &rules, &seed(1)).undrawable[0].reason, Reason::PointCap);
}

/// How long a draw takes; run with `--release -- --ignored --nocapture`.
#[test]
#[ignore = "measures time"]
#[allow(clippy::print_stdout)]
fn large_draws_are_fast() {
    for (points, inspectors, places) in
        [(600, 60, 200), (20_000, 60, 1_000), (20_000, 400, 5_000), (50_000, 1_000, 20_000)]
    {
        let mut pool = plain_pool(points, inspectors);
        for (at, inspector) in pool.inspectors.iter_mut().enumerate() {
            inspector.recent_points = pool.points.iter().skip(at * 7).step_by(97).map(|point| point.id).collect();
        }
        for (at, point) in pool.points.iter_mut().enumerate() {
            point.point_type = format!("T{}", at % 50);
            point.area = format!("A{}", at % 12);
        }
        let rules = Rules {
            slots: super::world::slots(1..=28),
            proportional_places: places - places / 10,
            unit_visits_max: 100_000,
            ..plain_rules(places / 10)
        };
        let begun = std::time::Instant::now();
        let outcome = drawn(&pool, &rules, &seed(1));
        let tasks = outcome.tasks.len();
        println!("{points} points, {inspectors} inspectors, {tasks} tasks: {:?}", begun.elapsed());
    }
}
