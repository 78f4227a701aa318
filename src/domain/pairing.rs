//! Pairings 结对联创 of county leaders: who goes and sees to which unit or point, from when to when. Source: the office's
//! founding document.

use super::ids::{PairingId, PointId, UnitId, UserId};
use super::invalid::{FieldCode, Invalid};
use super::time::{Date, YEARS};

/// Pairings that a county keeps. Source: our choice; forty leaders with some ten units and points each, for years.
pub const PAIRINGS_MAX: usize = 2_000;

/// What a leader is paired with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paired {
    /// A unit.
    Unit(UnitId),
    /// A point.
    Point(PointId),
}

/// A pairing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairing {
    /// Identity; chosen by the client.
    pub id: PairingId,
    /// The leader.
    pub leader_id: UserId,
    /// With what.
    pub with: Paired,
    /// First day.
    pub from: Date,
    /// Last day; `None` while no end is known.
    pub to: Option<Date>,
}

impl Pairing {
    /// Checks the days.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn validate(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        for (pointer, day) in [("/from", Some(self.from)), ("/to", self.to)] {
            if day.is_some_and(|day| !YEARS.contains(&day.year())) {
                invalid.push(pointer, FieldCode::OutOfRange, format!("from {} to {}", YEARS.start(), YEARS.end()));
            }
        }
        if self.to.is_some_and(|to| to < self.from) {
            invalid.push("/to", FieldCode::OutOfRange, "not before the first day");
        }
        invalid.into_result()
    }

    /// Whether it may take the place of `before`: of one that has begun only the end may change, and not into the past.
    ///
    /// # Errors
    /// What would change history.
    pub fn may_follow(&self, before: &Self, today: Date) -> Result<(), Invalid> {
        if before.from > today {
            return Ok(());
        }
        let mut invalid = Invalid::default();
        if (self.leader_id, self.with, self.from) != (before.leader_id, before.with, before.from) {
            invalid.push("/from", FieldCode::NotAllowed, "it has begun: only its end can be changed");
        }
        let passed = |to: Option<Date>| to.is_some_and(|to| today.yesterday().is_ok_and(|last| to < last));
        if self.to != before.to && (passed(self.to) || passed(before.to)) {
            invalid.push("/to", FieldCode::OutOfRange, "not in the past: history stays as it is");
        }
        invalid.into_result()
    }

    /// Whether the two are the same leader with the same, at the same time.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let ends_before = |one: &Self, other: &Self| one.to.is_some_and(|to| to < other.from);
        self.id != other.id
            && (self.leader_id, self.with) == (other.leader_id, other.with)
            && !ends_before(self, other)
            && !ends_before(other, self)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn day(number: i8) -> Date {
        jiff::civil::date(2026, 8, number)
    }

    fn pairing(from: i8, to: Option<i8>) -> Pairing {
        Pairing {
            id: PairingId(Uuid::from_u128(1)),
            leader_id: UserId(Uuid::from_u128(2)),
            with: Paired::Unit(UnitId(Uuid::from_u128(3))),
            from: day(from),
            to: to.map(day),
        }
    }

    #[test]
    fn of_what_has_begun_only_the_end_changes() {
        let before = pairing(3, None);
        pairing(3, Some(9)).may_follow(&before, day(10)).unwrap();
        pairing(3, Some(20)).may_follow(&before, day(10)).unwrap();
        assert!(pairing(3, Some(8)).may_follow(&before, day(10)).is_err());
        assert!(pairing(4, None).may_follow(&before, day(10)).is_err());
        pairing(4, None).may_follow(&before, day(2)).unwrap();
        assert!(pairing(3, None).may_follow(&pairing(3, Some(8)), day(10)).is_err());
        let other = Pairing { with: Paired::Point(PointId(Uuid::from_u128(3))), ..pairing(3, None) };
        assert!(other.may_follow(&before, day(3)).is_err());
        assert!(pairing(3, Some(2)).validate().is_err());
        pairing(3, Some(3)).validate().unwrap();
    }

    #[test]
    fn a_leader_has_one_pairing_with_the_same_at_a_time() {
        let other = |from, to| Pairing { id: PairingId(Uuid::from_u128(9)), ..pairing(from, to) };
        for (from, to, overlaps) in
            [(1, Some(4), false), (1, Some(5), true), (9, None, true), (10, None, false), (1, None, true)]
        {
            assert_eq!(other(from, to).overlaps(&pairing(5, Some(9))), overlaps, "{from} {to:?}");
        }
        assert!(!pairing(5, None).overlaps(&pairing(5, None)));
    }
}
