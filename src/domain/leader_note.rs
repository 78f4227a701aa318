//! Notes 督战 of county leaders on what they are paired with 结对联创. A note asks for nothing and counts for nothing: it is
//! what a leader wants the unit and the office to read. Source: the office's founding document (M08).

use super::ids::{IssueId, LeaderNoteId, PairingId, UnitId, UserId};
use super::invalid::Invalid;
use super::issue::Issue;
use super::limits;
use super::pairing::{Paired, Pairing};
use super::time::{Date, Timestamp};

/// A note. It never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaderNote {
    /// Identity; chosen by the client.
    pub id: LeaderNoteId,
    /// Whose.
    pub leader_id: UserId,
    /// The pairing on which it was written.
    pub pairing_id: PairingId,
    /// The unit that reads it.
    pub unit_id: UnitId,
    /// The issue that it is about; `None` for the unit or the point as a whole.
    pub issue_id: Option<IssueId>,
    /// What it says.
    pub note: String,
    /// When it was written.
    pub written_at: Timestamp,
}

/// Checks id and words.
///
/// # Errors
/// Each field that is wrong.
pub fn validate(id: LeaderNoteId, note: &str) -> Result<(), Invalid> {
    let mut invalid = Invalid::default();
    invalid.random_id("/id", id.0);
    invalid.prose("/note", note, limits::REASON_CHARS_MAX);
    invalid.into_result()
}

/// Whether a leader may write on this pairing on this day.
#[must_use]
pub fn is_on(pairing: &Pairing, day: Date) -> bool {
    pairing.from <= day && pairing.to.is_none_or(|to| day <= to)
}

/// Whether this issue is one of what the leader is paired with, and released: of nothing else a leader knows.
#[must_use]
pub fn is_about(pairing: &Pairing, issue: &Issue) -> bool {
    let is_there = match pairing.with {
        Paired::Unit(unit) => issue.assignment.unit_id == Some(unit),
        Paired::Point(point) => issue.finding.point_id == point,
    };
    is_there && issue.assignment.released_at.is_some()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::ids::PointId;

    #[test]
    fn notes_are_written_while_the_pairing_lasts() {
        let day = |number: i8| jiff::civil::date(2026, 8, number);
        let pairing = Pairing {
            id: PairingId(Uuid::from_u128(1)),
            leader_id: UserId(Uuid::from_u128(2)),
            with: Paired::Point(PointId(Uuid::from_u128(3))),
            from: day(3),
            to: Some(day(5)),
        };
        assert_eq!([2, 3, 5, 6].map(|number| is_on(&pairing, day(number))), [false, true, true, false]);
        assert!(is_on(&Pairing { to: None, ..pairing }, day(30)));
    }

    #[test]
    fn a_note_has_words_and_a_random_id() {
        let id = |version: u128| LeaderNoteId(Uuid::from_u128(version << 76 | 2 << 62 | 7));
        assert_eq!(validate(id(4), "周五前到现场看一次"), Ok(()));
        let pointers = |id, note: &str| {
            let faults = validate(id, note).unwrap_err().0;
            faults.into_iter().map(|fault| fault.pointer).collect::<Vec<_>>()
        };
        assert_eq!(pointers(id(7), " "), ["/id", "/note"]);
        assert_eq!(pointers(id(4), &"字".repeat(limits::REASON_CHARS_MAX + 1)), ["/note"]);
    }
}
