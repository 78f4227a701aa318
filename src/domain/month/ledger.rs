//! The ledger of rewards and penalties 奖惩台账: those that follow from a locked month, and whether they were carried out
//! in time 逐月兑现. Source: domain rule M31.

use serde::{Deserialize, Serialize};

use super::{Listed, Month, Ranking, Rate};
use crate::domain::ids::{LedgerEntryId, UnitId, UserId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::limits::REASON_CHARS_MAX;
use crate::domain::role::{Actor, Role};
use crate::domain::text::text_enum;
use crate::domain::time::{Date, Timestamp};

/// Longest number of a document, in characters. Source: our choice; real ones have about twenty.
pub const DOCUMENT_CHARS_MAX: usize = 100;

text_enum! {
    /// What an entry is.
    pub enum EntryKind {
        Reward = "reward", "奖励", "Reward";
        Penalty = "penalty", "惩戒", "Penalty";
    }
}

impl EntryKind {
    /// The list that leads to it.
    #[must_use]
    pub fn list(self) -> Listed {
        match self {
            EntryKind::Reward => Listed::Red,
            EntryKind::Penalty => Listed::Black,
        }
    }
}

text_enum! {
    /// The state of an entry.
    pub enum EntryState {
        Proposed = "proposed", "拟定", "Proposed";
        Approved = "approved", "已审批", "Approved";
        Executed = "executed", "已执行", "Executed";
        Published = "published", "已公布", "Published";
        Dropped = "dropped", "不予执行", "Dropped";
    }
}

text_enum! {
    /// Every step of an entry.
    pub enum EntryAction {
        Approve = "approve", "审批", "Approve";
        Drop = "drop", "不予执行", "Drop";
        Execute = "execute", "执行", "Execute";
        Publish = "publish", "公布", "Publish";
    }
}

/// One row of the table: the action, the state in which it may be taken, the state after it. Approving takes two
/// people.
pub type EntryStep = (EntryAction, EntryState, EntryState);

/// Every legal step. Only the office takes them. Source: domain rule M31.
pub const LEDGER: &[EntryStep] = &[
    (EntryAction::Approve, EntryState::Proposed, EntryState::Approved),
    (EntryAction::Drop, EntryState::Proposed, EntryState::Dropped),
    (EntryAction::Execute, EntryState::Approved, EntryState::Executed),
    (EntryAction::Publish, EntryState::Executed, EntryState::Published),
];

/// An entry of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Identity.
    pub id: LedgerEntryId,
    /// What proposed it: the month, its kind and the unit. Nothing is proposed twice.
    pub key: String,
    /// The month.
    pub month: Month,
    /// The unit.
    pub unit_id: UnitId,
    /// What it is.
    pub kind: EntryKind,
    /// Why, in a sentence for people.
    pub reason: String,
    /// How much, in fen, where the county has set an amount.
    pub amount_fen: Option<u64>,
    /// State.
    pub state: EntryState,
    /// Who approved it first, and who second, with the times.
    pub approvals: Vec<(UserId, Timestamp)>,
    /// Why it was dropped.
    pub dropped_because: Option<String>,
    /// The document by which it was executed.
    pub document_no: Option<String>,
    /// The day on which it was executed.
    pub executed_on: Option<Date>,
    /// When that was recorded: what counts for being on time, since a day can be entered later.
    pub recorded_at: Option<Timestamp>,
    /// When it was published.
    pub published_at: Option<Timestamp>,
}

/// An entry that the rules propose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposedEntry {
    /// See [`Entry::key`].
    pub key: String,
    /// The unit.
    pub unit_id: UnitId,
    /// What it is.
    pub kind: EntryKind,
    /// Why.
    pub reason: String,
    /// How much.
    pub amount_fen: Option<u64>,
}

/// What the county pays or takes, in fen; none unless it has set an amount.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amounts {
    /// For a place on the red list.
    pub red_list_fen: Option<u64>,
    /// For a place on the black list.
    pub black_list_fen: Option<u64>,
}

/// The entries that a locked month leads to: a reward for each unit on the red list, a penalty for each on the black
/// list.
#[must_use]
pub fn proposed_entries(month: Month, ranking: &Ranking, amounts: Amounts) -> Vec<ProposedEntry> {
    let entry = |unit: &super::RankedUnit| {
        let (kind, amount_fen) = match unit.listed {
            Listed::Neither => return None,
            Listed::Red => (EntryKind::Reward, amounts.red_list_fen),
            Listed::Black => (EntryKind::Penalty, amounts.black_list_fen),
        };
        let (name, group, rank, when) = (&unit.name, &unit.peer_group, unit.rank, month.zh());
        let score = unit.score.two_decimals();
        let reason = format!("{name}{when}月评得分{score}，在{group}组排名第{rank}，列入{}。", unit.listed.zh());
        let key = format!("ledger:{month}:{}:{}", unit.listed, unit.unit_id);
        Some(ProposedEntry { key, unit_id: unit.unit_id, kind, reason, amount_fen })
    };
    ranking.ranked.iter().filter_map(entry).collect()
}

/// A step of an entry with what it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryCommand {
    /// Approve it: the first or the second of two people.
    Approve,
    /// Drop it.
    Drop {
        /// Why.
        reason: String,
    },
    /// Record that it was executed.
    Execute {
        /// The document.
        document_no: String,
        /// The day.
        on: Date,
    },
    /// Publish it.
    Publish,
}

impl EntryCommand {
    /// The action.
    #[must_use]
    pub fn action(&self) -> EntryAction {
        match self {
            EntryCommand::Approve => EntryAction::Approve,
            EntryCommand::Drop { .. } => EntryAction::Drop,
            EntryCommand::Execute { .. } => EntryAction::Execute,
            EntryCommand::Publish => EntryAction::Publish,
        }
    }
}

/// Why a step of an entry is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntryWhy {
    /// The role may not take it.
    Forbidden,
    /// There is no such step from this state.
    Illegal {
        /// The present state.
        state: EntryState,
        /// The requested action.
        action: EntryAction,
    },
    /// The same person has approved it.
    SecondPerson,
    /// Its fields are wrong.
    Invalid(Invalid),
}

impl Entry {
    /// A proposed entry.
    #[must_use]
    pub fn propose(id: LedgerEntryId, month: Month, proposed: ProposedEntry) -> Self {
        Entry {
            id,
            key: proposed.key,
            month,
            unit_id: proposed.unit_id,
            kind: proposed.kind,
            reason: proposed.reason,
            amount_fen: proposed.amount_fen,
            state: EntryState::Proposed,
            approvals: Vec::new(),
            dropped_because: None,
            document_no: None,
            executed_on: None,
            recorded_at: None,
            published_at: None,
        }
    }

    /// The entry after `command` by `actor` at `now`, which is on the local day `today`.
    ///
    /// # Errors
    /// Why it is refused.
    pub fn decide(&self, actor: &Actor, command: &EntryCommand, now: Timestamp, today: Date) -> Result<Self, EntryWhy> {
        if actor.role != Role::Office {
            return Err(EntryWhy::Forbidden);
        }
        let action = command.action();
        let step = LEDGER.iter().find(|(taken, from, _)| *taken == action && *from == self.state);
        let (_, _, next) = step.ok_or(EntryWhy::Illegal { state: self.state, action })?;
        let mut after = Entry { state: *next, ..self.clone() };
        let mut invalid = Invalid::default();
        match command {
            EntryCommand::Approve => {
                if self.approvals.iter().any(|(by, _)| *by == actor.user_id) {
                    return Err(EntryWhy::SecondPerson);
                }
                after.approvals.push((actor.user_id, now));
                if after.approvals.len() < 2 {
                    after.state = self.state;
                }
            }
            EntryCommand::Drop { reason } => {
                invalid.prose("/reason", reason, REASON_CHARS_MAX);
                after.dropped_because = Some(reason.clone());
            }
            EntryCommand::Execute { document_no, on } => {
                invalid.prose("/document_no", document_no, DOCUMENT_CHARS_MAX);
                if *on > today {
                    invalid.push("/on", FieldCode::OutOfRange, "today or earlier");
                }
                if *on <= self.month.last_day() {
                    invalid.push("/on", FieldCode::OutOfRange, "after the end of the month that it is for");
                }
                after.document_no = Some(document_no.clone());
                (after.executed_on, after.recorded_at) = (Some(*on), Some(now));
            }
            EntryCommand::Publish => after.published_at = Some(now),
        }
        invalid.into_result().map_err(EntryWhy::Invalid)?;
        Ok(after)
    }
}

text_enum! {
    /// Whether an approved entry was cashed.
    pub enum Cashing {
        Cashed = "cashed", "已兑现", "Cashed";
        Waiting = "waiting", "待兑现", "May still be cashed";
        NotCashed = "not-cashed", "未兑现", "Not cashed in time";
    }
}

impl Entry {
    /// Whether it was executed before the next month was locked; `None` for an entry that was never approved.
    /// `next_lock` is when that was, if it was.
    #[must_use]
    pub fn cashing(&self, next_lock: Option<Timestamp>) -> Option<Cashing> {
        match self.state {
            EntryState::Proposed | EntryState::Dropped => return None,
            EntryState::Approved | EntryState::Executed | EntryState::Published => {}
        }
        let cashing = match (self.recorded_at, next_lock) {
            (Some(recorded), Some(lock)) if recorded >= lock => Cashing::NotCashed,
            (Some(_), _) => Cashing::Cashed,
            (None, Some(_)) => Cashing::NotCashed,
            (None, None) => Cashing::Waiting,
        };
        Some(cashing)
    }
}

/// The cash-in rate 兑现率 of a month's entries: executed on time ÷ approved.
#[must_use]
pub fn cash_in_rate<'a>(entries: impl IntoIterator<Item = &'a Entry>, next_lock: Option<Timestamp>) -> Rate {
    let cashings: Vec<Cashing> = entries.into_iter().filter_map(|entry| entry.cashing(next_lock)).collect();
    let cashed = cashings.iter().filter(|cashing| **cashing == Cashing::Cashed).count();
    Rate::of_counts(cashed, cashings.len())
}

/// The same by what the entries are worth, in fen; those without an amount are left out.
#[must_use]
pub fn cash_in_rate_by_amount<'a>(entries: impl IntoIterator<Item = &'a Entry>, next_lock: Option<Timestamp>) -> Rate {
    let (mut cashed, mut all) = (0_u64, 0_u64);
    for entry in entries {
        let (Some(cashing), Some(fen)) = (entry.cashing(next_lock), entry.amount_fen) else { continue };
        all = all.saturating_add(fen);
        cashed = cashed.saturating_add(if cashing == Cashing::Cashed { fen } else { 0 });
    }
    let count = |fen: u64| usize::try_from(fen).unwrap_or(usize::MAX);
    Rate::of_counts(count(cashed), count(all))
}

#[cfg(test)]
mod tests;
