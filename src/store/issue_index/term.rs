//! What an issue is found by.

use std::fmt::{self, Display, Formatter};

use crate::domain::ids::{IssueId, PointId, UnitId, UserId};
use crate::domain::issue::{RequestKind, Severity, State};

/// Something that issues have in common. Its text is the key of the stored set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Term<'a> {
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
    /// Of this severity.
    Severity(Severity),
    /// In this round, 2 or more, or a later one.
    Round(i32),
    /// With doubts.
    Flagged,
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
    /// With this pair of characters more than once.
    Repeated(&'a str),
}

impl Display for Term<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Term::State(state) => write!(f, "state:{state}"),
            Term::Released => f.write_str("released"),
            Term::Unit(unit) => write!(f, "unit:{unit}"),
            Term::Point(point) => write!(f, "point:{point}"),
            Term::Campaign(campaign) => write!(f, "campaign:{campaign}"),
            Term::Item(item) => write!(f, "item:{item}"),
            Term::Severity(severity) => write!(f, "severity:{severity}"),
            Term::Round(round) => write!(f, "round:{round}"),
            Term::Flagged => f.write_str("flagged"),
            Term::Pending(kind) => write!(f, "pending:{kind}"),
            Term::Finder(user) => write!(f, "finder:{user}"),
            Term::Checker(user) => write!(f, "checker:{user}"),
            Term::LookBack(user) => write!(f, "look-back:{user}"),
            Term::Block(block) => block.fmt(f),
            Term::Run(run) => write!(f, "run:{run}"),
            Term::Repeated(pair) => write!(f, "twice:{pair}"),
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
}

impl Order {
    pub(super) const ALL: [Order; 3] = [Order::Receipt, Order::Release, Order::Due];

    const fn name(self) -> &'static str {
        match self {
            Order::Receipt => "receipt",
            Order::Release => "release",
            Order::Due => "due",
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

/// Microseconds of an hour, the smallest block of an order.
const HOUR: i64 = 3_600_000_000;
/// The hour after every instant that is looked for.
const HOURS_MAX: u32 = 0x3fff_ffff;
/// Where the issues without a deadline begin. Lists sort them by id, so their hours come from it.
const WITHOUT: u32 = 0xc000_0000;
/// How many bits of an id give such an hour.
const ID_BITS: u32 = 10;

/// Each block of a level has as many blocks of the level below: two to the power of this.
const FAN_BITS: u32 = 5;
/// The levels of blocks: an hour, 32 hours, 43 days, 3.7 years.
pub(super) const LEVELS: u32 = 4;

/// The hour of an instant.
pub(super) fn hour_of(micros: i64) -> u32 {
    u32::try_from(micros.div_euclid(HOUR).clamp(0, i64::from(HOURS_MAX))).unwrap_or(0)
}

/// The hour of an issue in an order, given its sort key. Earlier issues never have a later hour.
pub(super) fn hour_in(order: Order, key: i64, id: IssueId) -> u32 {
    match order {
        Order::Due if key == i64::MAX => {
            let [a, b, ..] = *id.as_bytes();
            WITHOUT | ((u32::from(u16::from_be_bytes([a, b])) >> (16 - ID_BITS)) << FAN_BITS)
        }
        Order::Receipt | Order::Release | Order::Due => hour_of(key),
    }
}

/// The blocks of every level that together are exactly the hours before `end`.
pub(super) fn hours_before(order: Order, end: u32) -> Vec<Block> {
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

/// Consecutive hours of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::store) struct Block {
    /// The order.
    pub(super) order: Order,
    /// Its size: two to the power of five times this, in hours.
    pub(super) level: u32,
    /// Its number among those of its size.
    pub(super) number: u32,
}

impl Block {
    /// The block of this level that contains an hour.
    pub(super) const fn around(order: Order, level: u32, hour: u32) -> Block {
        Block { order, level, number: hour >> (FAN_BITS * level) }
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
        let hours = [(0, 0), (0, 255), (1, 0), (127, 255), (255, 255)];
        let hours: Vec<u32> = hours.iter().map(|(a, b)| hour_in(Order::Due, i64::MAX, id(*a, *b))).collect();
        assert!(hours.is_sorted(), "{hours:x?}");
        assert!(hour_in(Order::Due, i64::MAX - 1, id(255, 255)) < hours[0]);
        assert_eq!(hour_of(-1), 0);
    }

    proptest! {
        #[test]
        fn blocks_before_an_hour_are_exactly_the_hours_before_it(end in 0_u32..3_000_000) {
            let mut covered: Vec<(u32, u32)> = hours_before(Order::Due, end)
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
        fn hours_keep_the_order(a in any::<i64>(), b in any::<i64>()) {
            let (a, b) = (a.min(b), a.max(b));
            prop_assert!(hour_of(a) <= hour_of(b));
        }
    }
}
