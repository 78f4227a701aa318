//! Pools and rules made from a number, for tests; also included by the test that compares with the program of
//! `tests/draw_replay.py`.

use std::collections::BTreeSet;

use super::draw::{
    ALGORITHM, Nonce, Pool, PoolInspector, PoolPoint, PoolUnit, Quota, Reveal, Rules, Secret, Seed, Slot, SlotKind,
    Stream,
};
use super::ids::{InspectorKey, PointId, UnitId};

/// Numbers for tests, always the same for the same start.
pub struct Dice(Stream);

impl Dice {
    pub fn new(start: u64) -> Self {
        Dice(Stream::new(&seed(start), "test"))
    }

    /// A number from 0 to `end` − 1.
    pub fn below(&mut self, end: usize) -> usize {
        self.0.pick(end).unwrap()
    }

    pub fn small(&mut self, end: u32) -> u32 {
        u32::try_from(self.below(usize::try_from(end).unwrap())).unwrap()
    }

    /// One time in `of`.
    pub fn once_in(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    pub fn one_of<T: Clone>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())].clone()
    }

    pub fn bytes(&mut self) -> [u8; 32] {
        std::array::from_fn(|_| u8::try_from(self.below(256)).unwrap())
    }

    fn uuid(&mut self) -> uuid::Uuid {
        let [low, high] = [0; 2].map(|_: u8| u128::try_from(self.below(1 << 62)).unwrap());
        uuid::Builder::from_u128(low << 64 | high).with_version(uuid::Version::Random).into_uuid()
    }

    fn some_of<T: Ord + Clone>(&mut self, items: &[T], most: usize) -> BTreeSet<T> {
        let count = if items.is_empty() { 0 } else { self.below(most + 1) };
        (0..count).map(|_| self.one_of(items)).collect()
    }
}

/// A seed made of a number.
pub fn seed(number: u64) -> Seed {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&number.to_be_bytes());
    Seed::from_bytes(bytes)
}

pub fn reveal(dice: &mut Dice) -> Reveal {
    Reveal { secret: Secret::from_bytes(dice.bytes()), nonce: Nonce::from_bytes(dice.bytes()) }
}

/// With a character outside the first plane and one near its end, whose order differs between encodings, and with
/// characters that JSON escapes.
const TYPES: [&str; 5] = ["MKT", "EST", "ROAD", "公厕", "\"\\/"];
const AREAS: [&str; 4] = ["990001", "990002", "\u{f900}镇", "𠮷村"];

/// Rules without quotas for a week of five working days and a weekend, with one, one and two slots.
pub fn plain_rules(open_places: u32) -> Rules {
    Rules {
        algorithm: ALGORITHM.into(),
        slots: slots(3..=9),
        evening_min: 0,
        weekend_min: 0,
        open_places,
        proportional_places: 0,
        quotas: Vec::new(),
        point_visits_max: 2,
        unit_visits_max: 1_000,
        pair_types: BTreeSet::new(),
        pair_severe: false,
        tasks_per_inspector_max: 1_000,
        demo_percent: 100,
    }
}

/// Two slots of each of these days of August 2026, whose first Saturday is the 1st.
pub fn slots(days: std::ops::RangeInclusive<i8>) -> Vec<Slot> {
    let slot = |day: i8, from_hour: u16, kind: SlotKind| Slot {
        date: jiff::civil::date(2026, 8, day),
        from_minute: from_hour * 60,
        to_minute: from_hour * 60 + 150,
        kind,
    };
    let of_day = |day: i8| match day % 7 {
        1 | 2 => [slot(day, 9, SlotKind::Weekend), slot(day, 15, SlotKind::Weekend)],
        _ => [slot(day, 9, SlotKind::Day), slot(day, 19, SlotKind::Evening)],
    };
    days.flat_map(of_day).collect()
}

/// A point without anything special.
pub fn plain_point(number: u128, unit: UnitId) -> PoolPoint {
    PoolPoint {
        id: PointId(uuid::Uuid::from_u128(number)),
        point_type: TYPES[0].into(),
        area: AREAS[0].into(),
        active: true,
        demo: false,
        lead_unit: unit,
        other_units: BTreeSet::new(),
        open_rebounds: 0,
        days_since_visit: Some(0),
        visits_this_month: 0,
        severe: false,
        open: SlotKind::ALL.iter().copied().collect(),
    }
}

pub fn plain_unit(number: u128) -> PoolUnit {
    PoolUnit { id: UnitId(uuid::Uuid::from_u128(number)), visits_this_month: 0 }
}

pub fn plain_inspector(number: u128) -> PoolInspector {
    PoolInspector {
        id: InspectorKey(uuid::Uuid::from_u128(number)),
        available: true,
        recused_points: BTreeSet::new(),
        recused_units: BTreeSet::new(),
        recent_points: BTreeSet::new(),
    }
}

/// So many points with days since the last visit 0, 60, 120, …, one unit, and so many inspectors.
pub fn plain_pool(points: u32, inspectors: u32) -> Pool {
    let unit = plain_unit(1);
    let point = |number: u32| PoolPoint {
        days_since_visit: Some(number * 60 % 360),
        ..plain_point(u128::from(number) + 100, unit.id)
    };
    Pool {
        points: (0..points).map(point).collect(),
        units: vec![unit.clone()],
        inspectors: (0..inspectors).map(|number| plain_inspector(u128::from(number) + 500)).collect(),
    }
}

/// A pool with everything that a pool can have, of up to so many points and inspectors.
pub fn pool(dice: &mut Dice, points: usize, inspectors: usize) -> Pool {
    let units: Vec<PoolUnit> = (0..1 + dice.below(10))
        .map(|_| PoolUnit { id: UnitId(dice.uuid()), visits_this_month: dice.small(3) })
        .collect();
    let unit_ids: Vec<UnitId> = units.iter().map(|unit| unit.id).collect();
    let points: Vec<PoolPoint> = (0..dice.below(points + 1))
        .map(|_| PoolPoint {
            id: PointId(dice.uuid()),
            point_type: dice.one_of(&TYPES).into(),
            area: dice.one_of(&AREAS).into(),
            active: !dice.once_in(8),
            demo: dice.once_in(4),
            lead_unit: dice.one_of(&unit_ids),
            other_units: dice.some_of(&unit_ids, 2),
            open_rebounds: if dice.once_in(3) { dice.small(5) } else { 0 },
            days_since_visit: if dice.once_in(5) { None } else { Some(dice.small(500)) },
            visits_this_month: if dice.once_in(4) { dice.small(4) } else { 0 },
            severe: dice.once_in(6),
            open: if dice.once_in(3) {
                dice.some_of(SlotKind::ALL, 2)
            } else {
                SlotKind::ALL.iter().copied().collect()
            },
        })
        .collect();
    let point_ids: Vec<PointId> = points.iter().map(|point| point.id).collect();
    let inspectors = (0..dice.below(inspectors + 1))
        .map(|_| PoolInspector {
            id: InspectorKey(dice.uuid()),
            available: !dice.once_in(6),
            recused_points: dice.some_of(&point_ids, 3),
            recused_units: if dice.once_in(5) { dice.some_of(&unit_ids, 2) } else { BTreeSet::new() },
            recent_points: dice.some_of(&point_ids, 4),
        })
        .collect();
    Pool { points, units, inspectors }
}

/// Rules with everything that rules can have.
pub fn rules(dice: &mut Dice) -> Rules {
    let last = 1 + dice.below(9);
    let quotas: BTreeSet<(&str, &str)> =
        (0..dice.below(4)).map(|_| (dice.one_of(&TYPES), dice.one_of(&AREAS))).collect();
    Rules {
        slots: slots(1..=i8::try_from(last).unwrap()),
        evening_min: dice.small(15),
        weekend_min: dice.small(8),
        open_places: 1 + dice.small(12),
        proportional_places: dice.small(24),
        quotas: quotas
            .into_iter()
            .map(|(point_type, area)| Quota {
                point_type: point_type.into(),
                area: area.into(),
                count: 1 + dice.small(3),
            })
            .collect(),
        point_visits_max: 1 + dice.small(3),
        unit_visits_max: 1 + dice.small(20),
        pair_types: dice.some_of(&TYPES, 1).into_iter().map(str::to_owned).collect(),
        pair_severe: dice.once_in(2),
        tasks_per_inspector_max: 1 + dice.small(7),
        demo_percent: dice.one_of(&[100, 150]),
        ..plain_rules(1)
    }
}
