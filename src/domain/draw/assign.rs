//! The second part of a draw: when each drawn point is visited, and by whom.

use super::bytes::Seed;
use super::outcome::{CodeName, Task};
use super::people::{Recusals, people_needed};
use super::pool::{Pool, PoolPoint};
use super::rules::{Rules, Slot, SlotKind};
use super::stream::Stream;

/// Which inspector has which tasks. Slots and inspectors are positions in the sorted rules and pool.
pub(super) struct Roster {
    /// Tasks of each inspector.
    loads: Vec<u32>,
    /// For each slot, the inspectors who have a task in it.
    busy: Vec<Vec<bool>>,
    load_max: u32,
}

impl Roster {
    pub(super) fn new(pool: &Pool, rules: &Rules) -> Self {
        Roster {
            loads: vec![0; pool.inspectors.len()],
            busy: vec![vec![false; pool.inspectors.len()]; rules.slots.len()],
            load_max: rules.tasks_per_inspector_max,
        }
    }

    /// Whether this inspector can take one more task in this slot.
    pub(super) fn is_free(&self, slot: usize, inspector: usize) -> bool {
        let busy = self.busy.get(slot).and_then(|busy| busy.get(inspector)).copied().unwrap_or(true);
        !busy && self.loads.get(inspector).is_some_and(|load| *load < self.load_max)
    }

    /// Gives a task in this slot to this inspector.
    pub(super) fn give(&mut self, slot: usize, inspector: usize) {
        if let Some(busy) = self.busy.get_mut(slot).and_then(|busy| busy.get_mut(inspector)) {
            *busy = true;
        }
        if let Some(load) = self.loads.get_mut(inspector) {
            *load += 1;
        }
    }

    /// Draws one of the candidates: each with the fewest tasks is as probable as any other such one.
    pub(super) fn draw(&self, candidates: &[usize], stream: &mut Stream) -> Option<usize> {
        let load = |inspector: &usize| self.loads.get(*inspector).copied();
        let least = candidates.iter().map(load).min()?;
        let idle: Vec<usize> = candidates.iter().copied().filter(|one| load(one) == least).collect();
        idle.get(stream.pick(idle.len())?).copied()
    }
}

/// A drawn point on its way to becoming a task.
struct Place<'a> {
    number: u32,
    point: &'a PoolPoint,
    eligible: Vec<usize>,
    needed: usize,
    /// The kind of slot that it has to have.
    kind: Option<SlotKind>,
}

/// Draws code names: the available inspectors, in the order of their keys, get the numbers from 1 in random order.
pub(super) fn draw_code_names(pool: &Pool, recusals: &Recusals, seed: &Seed) -> Vec<CodeName> {
    let mut numbers: Vec<usize> = (1..=recusals.available().len()).collect();
    let digits = numbers.len().to_string().len().max(2);
    Stream::new(seed, "anfang-draw/1 code names").shuffle(&mut numbers);
    let of = |at: &usize| pool.inspectors.get(*at).map(|inspector| inspector.id);
    let inspectors = recusals.available().iter().filter_map(of);
    inspectors
        .zip(numbers)
        .map(|(inspector, number)| CodeName { inspector, code: format!("暗访{number:0digits$}") })
        .collect()
}

/// The tasks of the points drawn, by number, and the points for which no inspector was free.
pub(super) fn assign<'a>(
    pool: &'a Pool,
    rules: &Rules,
    seed: &Seed,
    recusals: &Recusals,
    drawn: &[usize],
) -> (Vec<Task>, Vec<&'a PoolPoint>) {
    let points = drawn.iter().filter_map(|at| pool.points.get(*at));
    let mut places: Vec<Place> = (1..)
        .zip(points)
        .map(|(number, point)| Place {
            number,
            point,
            eligible: recusals.eligible(point),
            needed: people_needed(point, rules),
            kind: None,
        })
        .collect();
    let mut slots = Stream::new(seed, "anfang-draw/1 slots");
    let mut people = Stream::new(seed, "anfang-draw/1 inspectors");
    draw_kinds(&mut places, rules, &mut slots);
    // Those with the least choice first, so that others do not take it from them.
    places.sort_by_key(|place| (kind_order(place.kind), place.eligible.len() - place.needed, place.number));
    let mut roster = Roster::new(pool, rules);
    let (mut tasks, mut unassigned) = (Vec::new(), Vec::new());
    for place in places {
        let free = |slot: usize| place.eligible.iter().copied().filter(|one| roster.is_free(slot, *one)).collect();
        let possible = |kind: Option<SlotKind>| -> Vec<(usize, &Slot, Vec<usize>)> {
            let suits =
                |slot: &Slot| kind.map_or_else(|| place.point.open.contains(&slot.kind), |kind| slot.kind == kind);
            let open = rules.slots.iter().enumerate().filter(|(_, slot)| suits(slot));
            open.map(|(at, slot)| (at, slot, free(at)))
                .filter(|(_, _, free): &(_, _, Vec<usize>)| free.len() >= place.needed)
                .collect()
        };
        let mut choice = possible(place.kind);
        if choice.is_empty() && place.kind.is_some() {
            choice = possible(None);
        }
        let Some(chosen) = slots.pick(choice.len()) else {
            unassigned.push(place.point);
            continue;
        };
        let (slot_at, slot, mut free) = choice.swap_remove(chosen);
        let mut inspectors = Vec::new();
        for _ in 0..place.needed {
            let Some(inspector) = roster.draw(&free, &mut people) else { break };
            free.retain(|one| *one != inspector);
            roster.give(slot_at, inspector);
            inspectors.extend(pool.inspectors.get(inspector).map(|inspector| inspector.id));
        }
        tasks.push(Task { number: place.number, point: place.point.id, slot: slot.clone(), inspectors });
    }
    tasks.sort_by_key(|task| task.number);
    (tasks, unassigned)
}

/// Evenings come first and what may be at any time last.
fn kind_order(kind: Option<SlotKind>) -> u8 {
    match kind {
        Some(SlotKind::Evening) => 0,
        Some(SlotKind::Weekend) => 1,
        Some(SlotKind::Day) | None => 2,
    }
}

/// Draws which points are visited in the evening and on a day off, as many as the rules ask for.
fn draw_kinds(places: &mut [Place], rules: &Rules, stream: &mut Stream) {
    let has_slots = |kind: SlotKind| rules.slots.iter().any(|slot| slot.kind == kind);
    let weekends = has_slots(SlotKind::Weekend);
    let on_weekend = |place: &Place| weekends && place.kind.is_none() && place.point.open.contains(&SlotKind::Weekend);
    for (kind, least) in [(SlotKind::Evening, rules.evening_min), (SlotKind::Weekend, rules.weekend_min)] {
        if !has_slots(kind) {
            continue;
        }
        for _ in 0..least {
            // An evening takes no point that the quota of days off needs.
            let needed = usize::try_from(rules.weekend_min).unwrap_or(usize::MAX);
            let spare = kind == SlotKind::Weekend || places.iter().filter(|place| on_weekend(place)).count() > needed;
            let suits = |place: &Place| {
                place.kind.is_none() && place.point.open.contains(&kind) && (spare || !on_weekend(place))
            };
            let candidates: Vec<usize> = (0..places.len()).filter(|at| places.get(*at).is_some_and(suits)).collect();
            let chosen = stream.pick(candidates.len()).and_then(|at| candidates.get(at));
            match chosen.and_then(|at| places.get_mut(*at)) {
                Some(place) => place.kind = Some(kind),
                None => break,
            }
        }
    }
}
