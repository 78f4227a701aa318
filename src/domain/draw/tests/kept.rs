//! What holds for every draw: recusals, caps, quotas, limits.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use proptest::prelude::*;

use super::draw::{self, Quota, Reason, Shortfall, Shortfalls, SlotKind};
use super::world::{self, Dice, plain_pool, plain_rules, seed};
use super::*;
use crate::domain::ids::{InspectorKey, UnitId};
use crate::domain::invalid::FieldCode;

/// Everything that must be true of every outcome.
fn check(pool: &Pool, rules: &Rules, outcome: &Outcome) {
    let mut numbers = BTreeSet::new();
    let mut points = HashSet::new();
    let mut units: HashMap<UnitId, u32> = pool.units.iter().map(|unit| (unit.id, unit.visits_this_month)).collect();
    let mut loads: HashMap<InspectorKey, u32> = HashMap::new();
    let mut busy = HashSet::new();
    for task in &outcome.tasks {
        let point = point_of(pool, task);
        assert!(numbers.insert(task.number) && points.insert(task.point));
        assert!(point.active && point.visits_this_month < rules.point_visits_max);
        *units.get_mut(&point.lead_unit).unwrap() += 1;
        assert!(rules.slots.contains(&task.slot) && point.open.contains(&task.slot.kind));
        let people = people_of(pool, task);
        let pair = rules.pair_types.contains(&point.point_type) || rules.pair_severe && point.severe;
        assert_eq!(people.len(), if pair { 2 } else { 1 });
        assert_eq!(task.inspectors.iter().collect::<HashSet<_>>().len(), people.len(), "two different people");
        for inspector in people {
            assert!(may_visit(inspector, point));
            assert!(busy.insert((task.slot.clone(), inspector.id)), "one task in a slot");
            *loads.entry(inspector.id).or_default() += 1;
        }
    }
    assert!(loads.values().all(|load| *load <= rules.tasks_per_inspector_max));
    for unit in &pool.units {
        assert!(units[&unit.id] <= rules.unit_visits_max.max(unit.visits_this_month));
    }
    assert!(numbers.iter().all(|number| (1..=rules.places()).contains(&u64::from(*number))));
    // Nobody is both a task and undrawable, and each reason is true.
    for named in &outcome.undrawable {
        assert!(!points.contains(&named.point));
        let point = pool.points.iter().find(|point| point.id == named.point).unwrap();
        let pair = rules.pair_types.contains(&point.point_type) || rules.pair_severe && point.severe;
        let eligible = pool.inspectors.iter().filter(|one| may_visit(one, point)).count();
        let visits = pool.units.iter().find(|unit| unit.id == point.lead_unit).unwrap().visits_this_month;
        assert!(point.active);
        assert!(match named.reason {
            Reason::PointCap => point.visits_this_month >= rules.point_visits_max,
            Reason::UnitCap => visits >= rules.unit_visits_max,
            Reason::NoSlot => !rules.slots.iter().any(|slot| point.open.contains(&slot.kind)),
            Reason::Recusals => eligible < if pair { 2 } else { 1 },
            Reason::NoFreeInspector => eligible >= if pair { 2 } else { 1 },
        });
    }
    check_shortfalls(pool, rules, outcome);
    check_names(pool, outcome);
}

fn check_shortfalls(pool: &Pool, rules: &Rules, outcome: &Outcome) {
    let count = |kind: Option<SlotKind>| {
        let tasks = outcome.tasks.iter().filter(|task| kind.is_none_or(|kind| task.slot.kind == kind));
        u32::try_from(tasks.count()).unwrap()
    };
    let least = u32::try_from(rules.places()).unwrap();
    assert_eq!(count(None) + outcome.shortfalls.places, least);
    let quota = |kind, least, missing| assert!(count(Some(kind)) + missing >= least);
    quota(SlotKind::Evening, rules.evening_min, outcome.shortfalls.evening);
    quota(SlotKind::Weekend, rules.weekend_min, outcome.shortfalls.weekend);
    let unassigned = outcome.undrawable.iter().filter(|named| named.reason == Reason::NoFreeInspector);
    let drawn: BTreeSet<_> =
        unassigned.map(|named| named.point).chain(outcome.tasks.iter().map(|task| task.point)).collect();
    for quota in &rules.quotas {
        let stratum = (&*quota.point_type, &*quota.area);
        let here = pool.points.iter().filter(|point| point.stratum() == stratum && drawn.contains(&point.id));
        let missing = outcome
            .shortfalls
            .strata
            .iter()
            .find(|missing| (&*missing.point_type, &*missing.area) == stratum)
            .map_or(0, |shortfall| shortfall.missing);
        assert!(here.count() + usize::try_from(missing).unwrap() >= usize::try_from(quota.count).unwrap());
    }
}

fn check_names(pool: &Pool, outcome: &Outcome) {
    let available: Vec<_> = pool.sorted().inspectors.into_iter().filter(|one| one.available).collect();
    let named: Vec<_> = outcome.code_names.iter().map(|name| name.inspector).collect();
    assert_eq!(named, available.iter().map(|one| one.id).collect::<Vec<_>>());
    let codes: BTreeSet<_> = outcome.code_names.iter().map(|name| name.code.clone()).collect();
    let expected: BTreeSet<_> = (1..=available.len()).map(|number| format!("暗访{number:02}")).collect();
    assert_eq!(codes, expected);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn every_recusal_cap_quota_and_limit_is_kept(start: u64, many in 1_usize..60, people in 0_usize..14) {
        let mut dice = Dice::new(start);
        let (pool, rules) = (world::pool(&mut dice, many, people), world::rules(&mut dice));
        let outcome = drawn(&pool, &rules, &seed(start));
        check(&pool, &rules, &outcome);
    }

    #[test]
    fn the_order_of_the_rows_changes_nothing(start: u64) {
        let mut dice = Dice::new(start);
        let (pool, rules) = (world::pool(&mut dice, 40, 10), world::rules(&mut dice));
        let (mut other_pool, mut other_rules) = (pool.clone(), rules.clone());
        let mut stream = draw::Stream::new(&seed(start), "order");
        stream.shuffle(&mut other_pool.points);
        stream.shuffle(&mut other_pool.units);
        stream.shuffle(&mut other_pool.inspectors);
        stream.shuffle(&mut other_rules.slots);
        stream.shuffle(&mut other_rules.quotas);
        prop_assert_eq!(pool.digest(), other_pool.digest());
        prop_assert_eq!(rules.digest(), other_rules.digest());
        let outcome = drawn(&pool, &rules, &seed(start));
        prop_assert_eq!(&outcome, &drawn(&other_pool, &other_rules, &seed(start)));
        prop_assert_eq!(outcome, drawn(&pool, &rules, &seed(start)), "replayed");
    }
}

#[test]
fn quotas_that_can_be_kept_are_kept_exactly() {
    let mut pool = plain_pool(60, 12);
    for (at, point) in pool.points.iter_mut().enumerate() {
        point.point_type = ["MKT", "EST", "TOI"][at % 3].into();
    }
    let quota = |point_type: &str, count| Quota { point_type: point_type.into(), area: "990001".into(), count };
    let rules = Rules {
        quotas: vec![quota("MKT", 5), quota("TOI", 7)],
        proportional_places: 4,
        evening_min: 6,
        weekend_min: 7,
        ..plain_rules(3)
    };
    for number in 0..200 {
        let outcome = drawn(&pool, &rules, &seed(number));
        assert_eq!((outcome.tasks.len(), &outcome.shortfalls), (19, &Shortfalls::default()));
        let mut types: BTreeMap<&str, u32> = BTreeMap::new();
        for task in &outcome.tasks {
            *types.entry(&point_of(&pool, task).point_type).or_default() += 1;
        }
        assert!(types["MKT"] >= 5 && types["TOI"] >= 7 && types["EST"] >= 4, "{types:?}");
        let kinds = |kind| outcome.tasks.iter().filter(|task| task.slot.kind == kind).count();
        assert!(kinds(SlotKind::Evening) >= 6 && kinds(SlotKind::Weekend) >= 7);
    }
}

/// 7 places over strata of 5, 3 and 1 drawable points: 3.89, 2.33 and 0.78, so 3 + 1, 2 and 0 + 1.
#[test]
fn proportional_places_go_by_the_largest_remainder() {
    let mut pool = plain_pool(10, 5);
    for (at, point) in pool.points.iter_mut().enumerate() {
        point.point_type = if at < 5 {
            "A"
        } else if at < 8 {
            "B"
        } else {
            "C"
        }
        .into();
    }
    pool.points[9].active = false;
    // The open place is drawn first and counts for its stratum, so at most one stratum has one more.
    let rules = Rules { proportional_places: 7, ..plain_rules(1) };
    for number in 0..100 {
        let outcome = drawn(&pool, &rules, &seed(number));
        let count = |name| outcome.tasks.iter().filter(|task| point_of(&pool, task).point_type == name).count();
        let found = [count("A"), count("B"), count("C")];
        assert!([[5, 2, 1], [4, 3, 1]].contains(&found), "{found:?}");
    }
}

#[test]
fn a_point_that_nobody_may_visit_is_named_and_takes_no_place() {
    let mut pool = plain_pool(5, 2);
    let [barred, pair] = [pool.points[1].id, pool.points[2].id];
    pool.inspectors[0].recused_points.insert(barred);
    pool.inspectors[1].recent_points.insert(barred);
    pool.inspectors[1].recused_points.insert(pair);
    pool.points[2].severe = true;
    let rules = Rules { pair_severe: true, ..plain_rules(5) };
    let outcome = drawn(&pool, &rules, &seed(1));
    let named: Vec<_> = outcome.undrawable.iter().map(|named| (named.point, named.reason)).collect();
    assert_eq!(named, [(barred, Reason::Recusals), (pair, Reason::Recusals)]);
    assert_eq!((outcome.tasks.len(), outcome.shortfalls.places), (3, 2));
    // The unit's recusal is as strong as the point's.
    let unit = pool.points[0].lead_unit;
    for inspector in &mut pool.inspectors {
        inspector.recused_units.insert(unit);
    }
    let outcome = drawn(&pool, &rules, &seed(1));
    assert_eq!((outcome.tasks.len(), outcome.undrawable.len()), (0, 5));
}

#[test]
fn a_cap_that_is_reached_bars_the_rest_of_the_unit() {
    let mut pool = plain_pool(20, 10);
    pool.units[0].visits_this_month = 3;
    let rules = Rules { unit_visits_max: 7, ..plain_rules(12) };
    let outcome = drawn(&pool, &rules, &seed(1));
    assert_eq!((outcome.tasks.len(), outcome.shortfalls.places, outcome.undrawable.len()), (4, 8, 0));
    // The same in a stratum with a quota.
    let quota = Quota { point_type: "MKT".into(), area: "990001".into(), count: 11 };
    let rules = Rules { quotas: vec![quota], ..Rules { open_places: 1, ..rules } };
    let outcome = drawn(&pool, &rules, &seed(1));
    let missing = Shortfall { point_type: "MKT".into(), area: "990001".into(), missing: 7 };
    assert_eq!((outcome.tasks.len(), &*outcome.shortfalls.strata), (4, &[missing][..]));
    pool.units[0].visits_this_month = 7;
    let outcome = drawn(&pool, &rules, &seed(1));
    assert!(outcome.undrawable.iter().all(|named| named.reason == Reason::UnitCap));
    assert_eq!((outcome.tasks.len(), outcome.undrawable.len()), (0, 20));
}

#[test]
fn tasks_are_spread_evenly_and_never_beyond_the_limit() {
    let pool = plain_pool(40, 6);
    for number in 0..50 {
        let outcome = drawn(&pool, &plain_rules(33), &seed(number));
        let mut loads: BTreeMap<InspectorKey, u32> = BTreeMap::new();
        outcome.tasks.iter().flat_map(|task| &task.inspectors).for_each(|one| *loads.entry(*one).or_default() += 1);
        // 5.5 each, but not everybody is free in the slot of the last tasks.
        assert!(loads.len() == 6 && loads.values().all(|load| (4..=7).contains(load)), "{loads:?}");
    }
    let rules = Rules { tasks_per_inspector_max: 4, ..plain_rules(33) };
    let outcome = drawn(&pool, &rules, &seed(1));
    assert_eq!((outcome.tasks.len(), outcome.undrawable.len(), outcome.shortfalls.places), (24, 9, 9));
    assert!(outcome.undrawable.iter().all(|named| named.reason == Reason::NoFreeInspector));
}

#[test]
fn an_evening_takes_no_point_that_days_off_need() {
    let mut pool = plain_pool(10, 10);
    for (at, point) in pool.points.iter_mut().enumerate() {
        // Five may be at any time, five only on working days.
        if at % 2 == 0 {
            point.open.remove(&SlotKind::Weekend);
        }
    }
    let rules = Rules { evening_min: 5, weekend_min: 5, ..plain_rules(10) };
    for number in 0..50 {
        assert_eq!(drawn(&pool, &rules, &seed(number)).shortfalls, Shortfalls::default());
    }
}

#[test]
fn who_finds_no_evening_goes_by_day() {
    // One inspector, three evenings and three days.
    let rules = Rules { slots: world::slots(3..=5), evening_min: 5, ..plain_rules(6) };
    for number in 0..20 {
        let outcome = drawn(&plain_pool(6, 1), &rules, &seed(number));
        assert_eq!((outcome.tasks.len(), outcome.shortfalls.evening, outcome.undrawable.len()), (6, 2, 0));
    }
}

#[test]
fn what_cannot_be_drawn_from_is_refused_by_field() {
    let faults = |pool: &Pool, rules: &Rules| -> Vec<(String, FieldCode)> {
        let refused = draw::draw(pool, rules, &seed(1)).unwrap_err();
        refused.0.into_iter().map(|fault| (fault.pointer, fault.code)).collect()
    };
    let one = |pointer: &str, code| vec![(pointer.to_owned(), code)];
    use FieldCode::{Duplicate, Missing, OutOfRange, Required, Unknown};
    type PoolChange = fn(&mut Pool);
    let changes: [(PoolChange, &str, FieldCode); 8] = [
        (|pool| pool.points[1].id = pool.points[0].id, "/pool/points/1/id", Duplicate),
        (|pool| pool.units.push(pool.units[0].clone()), "/pool/units/1/id", Duplicate),
        (|pool| pool.inspectors[2].id = pool.inspectors[0].id, "/pool/inspectors/2/id", Duplicate),
        (|pool| pool.points[1].point_type.clear(), "/pool/points/1/point_type", Required),
        (|pool| pool.points[1].area.push('\n'), "/pool/points/1/area", FieldCode::Malformed),
        (|pool| pool.points[1].area = "9".repeat(41), "/pool/points/1/area", FieldCode::TooLong),
        (|pool| pool.points[1].open_rebounds = 1_001, "/pool/points/1/open_rebounds", OutOfRange),
        (|pool| pool.units[0] = world::plain_unit(2), "/pool/points/0/lead_unit", Unknown),
    ];
    for (change, pointer, code) in changes {
        let mut pool = plain_pool(3, 3);
        change(&mut pool);
        assert_eq!(faults(&pool, &plain_rules(1))[0], one(pointer, code)[0]);
    }
    type RulesChange = fn(&mut Rules);
    let quota = Quota { point_type: "MKT".into(), area: "1".into(), count: 1 };
    let changes: [(RulesChange, &str, FieldCode); 15] = [
        (|rules| rules.algorithm = "anfang-draw/2".into(), "/rules/algorithm", Unknown),
        (|rules| rules.slots.clear(), "/rules/slots", Missing),
        (|rules| rules.slots[1].to_minute = 1_441, "/rules/slots/1", OutOfRange),
        (|rules| rules.slots[1].from_minute = rules.slots[1].to_minute, "/rules/slots/1", OutOfRange),
        (|rules| rules.slots[1].date = jiff::civil::date(2026, 9, 3), "/rules/slots/1/date", OutOfRange),
        (|rules| rules.slots[1].from_minute = 689, "/rules/slots/1", Duplicate),
        (|rules| rules.open_places = 0, "/rules/open_places", OutOfRange),
        (|rules| rules.open_places = 50_001, "/rules/open_places", OutOfRange),
        (|rules| rules.point_visits_max = 0, "/rules/point_visits_max", OutOfRange),
        (|rules| rules.unit_visits_max = 0, "/rules/unit_visits_max", OutOfRange),
        (|rules| rules.tasks_per_inspector_max = 0, "/rules/tasks_per_inspector_max", OutOfRange),
        (|rules| rules.demo_percent = 99, "/rules/demo_percent", OutOfRange),
        (|rules| rules.demo_percent = 1_001, "/rules/demo_percent", OutOfRange),
        (|rules| rules.quotas[0].count = 0, "/rules/quotas/0/count", OutOfRange),
        (|rules| rules.quotas.push(rules.quotas[0].clone()), "/rules/quotas/1", Duplicate),
    ];
    for (change, pointer, code) in changes {
        let mut rules = Rules { quotas: vec![quota.clone()], ..plain_rules(1) };
        change(&mut rules);
        assert_eq!(faults(&plain_pool(3, 3), &rules), one(pointer, code));
    }
    // Just allowed.
    let allowed: [RulesChange; 4] = [
        |rules| rules.slots[1].from_minute = 690,
        |rules| {
            rules.slots[1].from_minute = 690;
            rules.slots.swap(0, 1);
        },
        |rules| rules.slots[1].to_minute = 1_440,
        |rules| rules.slots = many_slots(400),
    ];
    for change in allowed {
        let mut rules = plain_rules(1);
        change(&mut rules);
        assert!(draw::draw(&plain_pool(3, 3), &rules, &seed(1)).is_ok());
    }
    let crowded = Rules { slots: many_slots(401), ..plain_rules(1) };
    assert_eq!(faults(&plain_pool(3, 3), &crowded), one("/rules/slots", FieldCode::TooLong));
    let mut rebounding = plain_pool(3, 3);
    rebounding.points[1].open_rebounds = 1_000;
    assert!(draw::draw(&rebounding, &plain_rules(1), &seed(1)).is_ok());
    assert!(draw::draw(&plain_pool(0, 0), &plain_rules(1), &seed(1)).is_ok(), "an empty county");
}

/// Slots of a minute, side by side.
fn many_slots(count: u16) -> Vec<draw::Slot> {
    let first = world::slots(3..=3).swap_remove(0);
    (0..count).map(|at| draw::Slot { from_minute: at, to_minute: at + 1, ..first.clone() }).collect()
}
