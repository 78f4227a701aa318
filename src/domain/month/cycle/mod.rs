//! The steps of a month: one table of every legal step, from the open month to the published one. A locked month never
//! changes; a mistake that is found afterwards becomes an adjustment line of a later month.

mod dates;
mod decide;
mod told;

pub use dates::MonthDates;
pub use decide::{CIRCULAR_CHARS_MAX, MonthCommand, MonthContext, MonthTransition, MonthWhy};

use serde::{Deserialize, Serialize};

use super::{Month, Row};
use crate::domain::digest::Digest;
use crate::domain::ids::{ObjectionId, UnitId, UserId};
use crate::domain::role::Role;
use crate::domain::text::text_enum;
use crate::domain::time::Timestamp;

text_enum! {
    /// The state of a month.
    pub enum MonthState {
        Open = "open", "进行中", "Open";
        Frozen = "frozen", "已冻结", "Frozen";
        Preview = "preview", "公示核对", "In preview";
        Decided = "decided", "已裁定", "Decided";
        Locked = "locked", "已锁定", "Locked";
        Published = "published", "已通报", "Published";
    }
}

text_enum! {
    /// Every step of a month.
    pub enum MonthAction {
        Freeze = "freeze", "冻结", "Freeze";
        Preview = "preview", "发送核对", "Open the preview";
        Object = "object", "提出异议", "Object";
        Answer = "answer", "答复异议", "Answer an objection";
        Decide = "decide", "裁定", "Decide";
        Lock = "lock", "锁定", "Lock";
        Publish = "publish", "通报", "Publish";
    }
}

/// The state after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MonthNext {
    /// Always this one.
    To(MonthState),
    /// The same as before.
    Unchanged,
    /// This one with the second of two people; the same as before with the first.
    WithSecond(MonthState),
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct MonthStep {
    /// The action.
    pub action: MonthAction,
    /// The state in which it may be taken.
    pub from: MonthState,
    /// The state after it.
    pub next: MonthNext,
    /// The role that may take it.
    pub role: Role,
    /// Whether the service takes it too, when its time has come.
    pub by_service: bool,
}

/// Every legal step, in order. Source: the county's ranking calendar, our judgement.
pub const MONTH_CYCLE: &[MonthStep] = {
    use MonthAction as A;
    use MonthNext::{To, Unchanged, WithSecond};
    use MonthState as S;
    const fn step(action: A, from: S, next: MonthNext, role: Role, by_service: bool) -> MonthStep {
        MonthStep { action, from, next, role, by_service }
    }
    &[
        step(A::Freeze, S::Open, To(S::Frozen), Role::Office, true),
        step(A::Preview, S::Frozen, To(S::Preview), Role::Office, true),
        step(A::Object, S::Preview, Unchanged, Role::Unit, false),
        step(A::Answer, S::Preview, Unchanged, Role::Office, false),
        step(A::Decide, S::Preview, To(S::Decided), Role::Office, false),
        step(A::Lock, S::Decided, WithSecond(S::Locked), Role::Office, false),
        step(A::Publish, S::Locked, To(S::Published), Role::Office, false),
    ]
};

/// The table's row for `action`.
#[must_use]
pub fn month_step(action: MonthAction) -> &'static MonthStep {
    // Every action has exactly one row, in the order of `MonthAction::ALL`; this does not compile otherwise.
    const _: () = {
        assert!(MONTH_CYCLE.len() == MonthAction::ALL.len());
        let mut row = 0;
        while row < MONTH_CYCLE.len() {
            assert!(MONTH_CYCLE[row].action as usize == row, "the rows are in the order of the actions");
            row += 1;
        }
    };
    &MONTH_CYCLE[action as usize]
}

/// How much of a month's results somebody may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// Nothing.
    Nothing,
    /// The own unit's score, as [`UnitScore::as_unit_sees_it`](super::UnitScore::as_unit_sees_it) has it.
    Own,
    /// All scores and ranks; a unit opens only its own to the rows.
    Everything,
}

/// What a unit says against its preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Objection {
    /// Identity.
    pub id: ObjectionId,
    /// Which unit.
    pub unit_id: UnitId,
    /// The account that filed it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// The row that it is about, unless it is about the score as a whole.
    pub row: Option<Row>,
    /// Why.
    pub reason: String,
    /// The answer.
    pub answer: Option<ObjectionAnswer>,
}

/// The office's answer to an objection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ObjectionAnswer {
    /// Who answered.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// Whether it was upheld: then the rows are corrected before the decision.
    pub is_upheld: bool,
    /// Why.
    pub reason: String,
}

/// The vote of one of two people who lock a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockVote {
    /// Who.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// The results that this person locks.
    pub results: Digest,
}

/// A month and its state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MonthRecord {
    /// Which.
    pub month: Month,
    /// State.
    pub state: MonthState,
    /// Increases by one with each step.
    pub version: i64,
    /// When it was frozen.
    pub frozen_at: Option<Timestamp>,
    /// The digest of the snapshot that holds now.
    pub snapshot: Option<Digest>,
    /// The digest of the results that hold now.
    pub results: Option<Digest>,
    /// When the preview was opened.
    pub preview_at: Option<Timestamp>,
    /// Until when units may object.
    pub objections_until: Option<Timestamp>,
    /// Objections.
    #[serde(default)]
    pub objections: Vec<Objection>,
    /// When it was decided, and by whom.
    pub decided_at: Option<Timestamp>,
    /// See the field before.
    pub decided_by: Option<UserId>,
    /// The first of the two votes that lock it.
    pub first_vote: Option<LockVote>,
    /// The second.
    pub second_vote: Option<LockVote>,
    /// Whether it was locked after the working day that the rules set.
    pub is_lock_late: bool,
    /// When it was published.
    pub published_at: Option<Timestamp>,
    /// The number of the circular 通报文号.
    pub circular_no: Option<String>,
}

impl MonthRecord {
    /// A month that has begun.
    #[must_use]
    pub fn open(month: Month) -> Self {
        MonthRecord {
            month,
            state: MonthState::Open,
            version: 1,
            frozen_at: None,
            snapshot: None,
            results: None,
            preview_at: None,
            objections_until: None,
            objections: Vec::new(),
            decided_at: None,
            decided_by: None,
            first_vote: None,
            second_vote: None,
            is_lock_late: false,
            published_at: None,
            circular_no: None,
        }
    }

    /// What somebody of this role may see of its results. The ranking leaves the office and the leaders only by a
    /// circular. Source: our judgement, after the rules against ranking the grassroots by apps (国办函〔2026〕12号).
    #[must_use]
    pub fn sight(&self, role: Role) -> Sight {
        match (self.state, role) {
            (_, Role::Office) | (MonthState::Published, _) => Sight::Everything,
            (MonthState::Open | MonthState::Frozen, _) => Sight::Nothing,
            (MonthState::Preview | MonthState::Decided | MonthState::Locked, Role::Unit) => Sight::Own,
            (MonthState::Locked, Role::Leader | Role::Discipline) => Sight::Everything,
            (MonthState::Preview | MonthState::Decided, Role::Leader | Role::Discipline)
            | (
                MonthState::Preview | MonthState::Decided | MonthState::Locked,
                Role::Inspector | Role::TaskForce | Role::Admin,
            ) => Sight::Nothing,
        }
    }

    /// When it was locked.
    #[must_use]
    pub fn locked_at(&self) -> Option<Timestamp> {
        self.second_vote.map(|vote| vote.at)
    }
}

#[cfg(test)]
mod tests;
