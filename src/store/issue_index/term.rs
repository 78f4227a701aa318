//! Terms: the properties by which the index finds issues.

use std::fmt::{self, Display, Formatter};

use crate::domain::ids::{IssueId, PointId, UnitId, UserId};
use crate::domain::issue::{Facet, RequestKind, State};

/// Something that issues have in common. Its text is the key of the stored set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Term<'a> {
    /// Any issue.
    All,
    /// In this state.
    State(State),
    /// Released.
    Released,
    /// Of this unit.
    Unit(UnitId),
    /// At this point.
    Point(PointId),
    /// Of this campaign.
    Campaign(&'a str),
    /// Of this item.
    Item(&'a str),
    /// With the choice of this code.
    Facet(Facet, &'a str),
    /// In this round, 2 or more, or a later one.
    Round(i32),
    /// With doubts.
    Flagged,
    /// In this area: the code of a county, a township or a community.
    Area(&'a str),
    /// Handled by this person of the unit; a folded name.
    Handler(&'a str),
    /// With this run of characters in the folded name of its handler.
    HandlerRun(&'a str),
    /// A relapse of an earlier issue.
    Rebound,
    /// Reminded of this many times or more.
    Reminded(i32),
    /// Closed.
    Closed,
    /// Closed, with a fix that was in time.
    OnTime,
    /// Closed, with a fix that was late.
    Late,
    /// Closed so many days after it was released.
    DaysOpen(i32),
    /// With a pending request of this kind.
    Pending(RequestKind),
    /// Found by this inspector.
    Finder(UserId),
    /// To be checked by this inspector.
    Checker(UserId),
    /// To be looked back at by this inspector.
    LookBack(UserId),
    /// In this block of an order.
    Block(Block),
    /// With this run of characters.
    Run(&'a str),
    /// With this run of characters more than once, where that matters ([`crate::domain::search::runs_of`]).
    Repeated(&'a str),
}

impl Display for Term<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Term::All => f.write_str("all"),
            Term::State(state) => write!(f, "state:{state}"),
            Term::Released => f.write_str("released"),
            Term::Unit(unit) => write!(f, "unit:{unit}"),
            Term::Point(point) => write!(f, "point:{point}"),
            Term::Campaign(campaign) => write!(f, "campaign:{campaign}"),
            Term::Item(item) => write!(f, "item:{item}"),
            Term::Facet(facet, code) => write!(f, "{facet}:{code}"),
            Term::Round(round) => write!(f, "round:{round}"),
            Term::Flagged => f.write_str("flagged"),
            Term::Area(code) => write!(f, "area:{code}"),
            Term::Handler(name) => write!(f, "handler:{name}"),
            Term::HandlerRun(run) => write!(f, "handler-run:{run}"),
            Term::Rebound => f.write_str("rebound"),
            Term::Reminded(times) => write!(f, "reminded:{times}"),
            Term::Closed => f.write_str("closed"),
            Term::OnTime => f.write_str("on-time"),
            Term::Late => f.write_str("late"),
            Term::DaysOpen(days) => write!(f, "days-open:{days}"),
            Term::Pending(kind) => write!(f, "pending:{kind}"),
            Term::Finder(user) => write!(f, "finder:{user}"),
            Term::Checker(user) => write!(f, "checker:{user}"),
            Term::LookBack(user) => write!(f, "look-back:{user}"),
            Term::Block(block) => block.fmt(f),
            Term::Run(run) => write!(f, "run:{run}"),
            Term::Repeated(run) => write!(f, "twice:{run}"),
        }
    }
}

/// By what a list is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Order {
    /// When the report arrived.
    Receipt,
    /// When it was released; issues that are not are in no list of this order.
    Release,
    /// The deadline; issues without one are last.
    Due,
    /// When it was closed; issues that are not are not in this order.
    Closing,
}

impl Order {
    pub(super) const ALL: [Order; 4] = [Order::Receipt, Order::Release, Order::Due, Order::Closing];

    const fn name(self) -> &'static str {
        match self {
            Order::Receipt => "receipt",
            Order::Release => "release",
            Order::Due => "due",
            Order::Closing => "closing",
        }
    }
}

/// Which end of an order comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Direction {
    /// The earliest.
    Ascending,
    /// The latest.
    Descending,
}

/// Microseconds of a slot, the smallest block of an order: a 32nd of an hour. Source: our choice; in a county with a
/// million issues in three months, most slots have fewer issues than are read at once.
const SLOT: i64 = 112_500_000;
/// The slot of every later instant; it is in the year 5797.
const SLOTS_MAX: u32 = 0x3fff_ffff;
/// Where the issues without a deadline begin. Lists sort them by id, so their slots come from it.
const WITHOUT: u32 = 0xc000_0000;
/// How many bits of an id give such a slot.
const ID_BITS: u32 = 10;

/// Each block of a level has as many blocks of the level below: two to the power of this.
const FAN_BITS: u32 = 5;
/// The levels of blocks: a slot, an hour, 32 hours, 43 days, 3.7 years.
pub(super) const LEVELS: u32 = 5;

/// The slot of an instant.
pub(super) fn slot_of(micros: i64) -> u32 {
    u32::try_from(micros.div_euclid(SLOT).clamp(0, i64::from(SLOTS_MAX))).unwrap_or(0)
}

/// The slot of an issue in an order, given its sort key. Earlier issues never have a later slot.
pub(super) fn slot_in(order: Order, key: i64, id: IssueId) -> u32 {
    match order {
        Order::Due if key == i64::MAX => {
            let [a, b, ..] = *id.as_bytes();
            WITHOUT | ((u32::from(u16::from_be_bytes([a, b])) >> (16 - ID_BITS)) << FAN_BITS)
        }
        Order::Receipt | Order::Release | Order::Due | Order::Closing => slot_of(key),
    }
}

/// The least and the greatest place, sort key and id, of an issue in a slot of an order.
pub(super) fn bounds_of(order: Order, slot: u32) -> [(i64, IssueId); 2] {
    let id = |bits: u16, fill: u8| {
        let mut bytes = [fill; 16];
        let [a, b] = bits.to_be_bytes();
        [bytes[0], bytes[1]] = [a, b];
        IssueId(uuid::Uuid::from_bytes(bytes))
    };
    if order == Order::Due && slot >= WITHOUT {
        let bits = u16::try_from((slot ^ WITHOUT) >> FAN_BITS).unwrap_or(u16::MAX);
        let first = bits << (16 - ID_BITS);
        return [(i64::MAX, id(first, 0)), (i64::MAX, id(first | (u16::MAX >> ID_BITS), u8::MAX))];
    }
    let first = if slot == 0 { i64::MIN } else { i64::from(slot) * SLOT };
    let last = if slot == SLOTS_MAX { i64::MAX } else { (i64::from(slot) + 1) * SLOT - 1 };
    [(first, id(0, 0)), (last, id(u16::MAX, u8::MAX))]
}

/// The blocks of every level that together are exactly the slots before `end`.
pub(super) fn blocks_before(order: Order, end: u32) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut left = end;
    for level in 0..LEVELS {
        let number = left >> (FAN_BITS * level);
        let is_top = level + 1 == LEVELS;
        let first = if is_top { 0 } else { number >> FAN_BITS << FAN_BITS };
        blocks.extend((first..number).map(|number| Block { order, level, number }));
        left = first << (FAN_BITS * level);
    }
    blocks
}

/// Consecutive slots of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct Block {
    /// The order.
    pub(super) order: Order,
    /// Its size: two to the power of five times this, in slots.
    pub(super) level: u32,
    /// Its number among those of its size.
    pub(super) number: u32,
}

impl Block {
    /// The block of this level that contains a slot.
    pub(super) const fn around(order: Order, level: u32, slot: u32) -> Block {
        Block { order, level, number: slot >> (FAN_BITS * level) }
    }

    /// The numbers of the blocks one level below.
    pub(super) const fn parts(self) -> std::ops::RangeInclusive<u32> {
        let first = self.number << FAN_BITS;
        first..=first | ((1 << FAN_BITS) - 1)
    }

    /// How the keys of all blocks of this order and level begin.
    pub(super) fn prefix(order: Order, level: u32) -> String {
        format!("{}{level}:", order.name())
    }

    /// The number in a key with this prefix.
    pub(super) fn number_in(key: &str, prefix: &str) -> Option<u32> {
        u32::from_str_radix(key.strip_prefix(prefix)?, 16).ok()
    }
}

impl Display for Block {
    /// Keys are in the order of their numbers.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}:{:08x}", self.order.name(), self.level, self.number)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn id(first: u8, second: u8) -> IssueId {
        let mut bytes = [0; 16];
        [bytes[0], bytes[1]] = [first, second];
        IssueId(uuid::Uuid::from_bytes(bytes))
    }

    #[test]
    fn issues_without_a_deadline_are_last_and_by_id() {
        let slots = [(0, 0), (0, 255), (1, 0), (127, 255), (255, 255)];
        let slots: Vec<u32> = slots.iter().map(|(a, b)| slot_in(Order::Due, i64::MAX, id(*a, *b))).collect();
        assert!(slots.is_sorted(), "{slots:x?}");
        assert!(slot_in(Order::Due, i64::MAX - 1, id(255, 255)) < slots[0]);
        assert_eq!(slot_of(-1), 0);
    }

    proptest! {
        #[test]
        fn blocks_before_a_slot_are_exactly_the_blocks_before_it(end in 0_u32..100_000_000) {
            let mut covered: Vec<(u32, u32)> = blocks_before(Order::Due, end)
                .into_iter()
                .map(|Block { level, number, .. }| (number << (5 * level), (number + 1) << (5 * level)))
                .collect();
            covered.sort_unstable();
            let mut next = 0;
            for (first, after) in covered {
                prop_assert_eq!(first, next);
                next = after;
            }
            prop_assert_eq!(next, end);
        }

        #[test]
        fn a_slot_is_within_its_bounds(
            key in prop_oneof![any::<i64>(), Just(i64::MAX)],
            bytes in any::<[u8; 16]>(),
            first in any::<bool>(),
        ) {
            let place = (key, IssueId(uuid::Uuid::from_bytes(bytes)));
            for order in Order::ALL {
                let slot = slot_in(order, place.0, place.1);
                let bounds = bounds_of(order, slot);
                prop_assert!(bounds[0] <= place && place <= bounds[1]);
                let (key, id) = bounds[usize::from(!first)];
                prop_assert!(slot_in(order, key, id) == slot || slot == SLOTS_MAX);
            }
        }

        #[test]
        fn slots_keep_the_order(a in any::<i64>(), b in any::<i64>()) {
            let (a, b) = (a.min(b), a.max(b));
            prop_assert!(slot_of(a) <= slot_of(b));
        }
    }
}
