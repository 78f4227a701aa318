//! An issue 问题 and its rules: what it holds, where it may go, who may take
//! it there. Pure; the store writes nothing that was not decided here.

mod action;
pub mod actions;
mod books;
mod clock;
mod command;
mod decide;
mod fields;
mod lifecycle;
mod new;
mod offline;
mod refusal;
mod report;
mod requests;
mod state;
#[cfg(test)]
mod tests;
mod transition;

pub use action::Action;
pub use actions::{Command, Fact, Named, StaleAfter};
pub use command::{CommandPhoto, Milestone, Plan, PlanBody};
pub use decide::{Context, allowed_actions};
pub use fields::{Assignment, Clock, Closing, Finding, Fix, Review};
pub(crate) use fields::{
    assignment_columns, clock_columns, closing_columns, finding_columns, fix_columns, review_columns,
};
pub use lifecycle::{LIFECYCLE, NextState, Step, step};
pub use new::MendedItem;
pub use offline::{OfflineRule, counts_from};
pub use refusal::{Duty, Refusal, Why};
pub use report::{Report, ReportPhoto};
pub use state::{PhotoStage, PhotoView, Remedy, RequestKind, RequestState, Severity, Source, State};
pub use transition::{EventRecord, Transition};

use jiff::Span;
use serde::{Deserialize, Serialize};

use super::calendar::WorkCalendar;
use super::deadline::{self, Pause};
use super::ids::{IssueId, PhotoId, RequestId, UnitId, UserId};
use super::mark::Mark;
use super::time::Timestamp;

/// One reported problem, whole: the fold of its events.
///
/// Serialised, flat, only to compute and replay the changes an event records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Issue {
    /// Chosen by the client.
    pub id: IssueId,
    /// Given at release; random within the year, so that it counts nothing.
    pub number: Option<String>,
    /// Rises by one with every event; what `If-Match` names.
    pub version: i64,
    /// The version as units and other readers of released issues know it: 0 before the
    /// release, then one more with each step they may know of. A check or a look-back
    /// being given to somebody would otherwise announce the visit.
    pub public_version: i64,
    /// Where it stands.
    pub state: State,
    /// 1, and one more with each failed check.
    pub round: i32,
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
    /// What the office made of it.
    #[serde(flatten)]
    pub review: Review,
    /// Who has to answer.
    #[serde(flatten)]
    pub assignment: Assignment,
    /// By when.
    #[serde(flatten)]
    pub clock: Clock,
    /// What was done.
    #[serde(flatten)]
    pub fix: Fix,
    /// Who checked and closed it.
    #[serde(flatten)]
    pub closing: Closing,
    /// Extension and dispute requests.
    pub requests: Vec<UnitRequest>,
}

/// A unit said: not ours 退回.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitReturn {
    /// Who returned it.
    pub unit_id: UnitId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// Whose it is, in the unit's opinion.
    pub proposed_unit_id: Option<UnitId>,
    /// The office's judgement; unfounded counts as buck-passing 推诿.
    pub founded: Option<bool>,
}

/// An extension 延期, a dispute 异议 or the wish to be hung 挂账.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitRequest {
    /// Identity.
    pub id: RequestId,
    /// Which of them.
    pub kind: RequestKind,
    /// What became of it.
    pub state: RequestState,
    /// Unit that asks.
    pub unit_id: UnitId,
    /// Account that filed it.
    pub filed_by: UserId,
    /// When.
    pub filed_at: Timestamp,
    /// Why.
    pub reason: String,
    /// For an extension: the new deadline asked for, and once granted the one given.
    pub until: Option<Timestamp>,
    /// For hanging: the plan that is offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// What the first of two people said who would grant it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_vote: Option<Vote>,
    /// Account that decided.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// What was answered.
    pub decision_reason: Option<String>,
}

/// One person's word where it takes two 双人.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// Whose.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// A severe report that one reviewer would drop. Source: domain rule T4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// Who, when and why.
    #[serde(flatten)]
    pub vote: Vote,
    /// The issue it repeats, in that one's opinion.
    pub duplicate_of: Option<IssueId>,
}

/// How a severe fix went by the unit's vice head 分管领导. Source: domain rule T9.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Confirmation {
    /// It was written and waits for the vice head; until then nothing is reported.
    Asked {
        /// Since when.
        at: Timestamp,
    },
    /// It was confirmed.
    Given {
        /// By whom.
        by: UserId,
        /// When.
        at: Timestamp,
    },
    /// The unit has no vice head who could, so it was reported without.
    NoViceHead,
}

/// The clock stood still from then to then, for a reason somebody approved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClockPause {
    /// From and to.
    #[serde(flatten)]
    pub span: Pause,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: UserId,
}

/// A photo put to an issue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IssuePhoto {
    /// The upload.
    pub photo_id: PhotoId,
    /// At which step.
    pub stage: PhotoStage,
    /// In which round.
    pub round: i32,
    /// What it shows.
    pub view: PhotoView,
    /// Device time it was taken, where known.
    pub captured_at: Option<Timestamp>,
    /// What was drawn on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}

/// Days after closing within which a fault at the same point and item is a rebound.
///
/// Source: domain rule M16 (c).
pub const REBOUND_DAYS: u32 = 90;

impl Issue {
    /// The span of closings from which a fault found at `found` is a rebound, both ends included.
    /// What counts is when it was found, not when the report came.
    #[must_use]
    pub fn rebound_closings(found: Timestamp) -> (Timestamp, Timestamp) {
        (found.minus(std::time::Duration::from_secs(u64::from(REBOUND_DAYS) * 86_400)), found)
    }
}

/// Days after closing without a rebound until an issue is archived. Source: domain rule T15.
pub const ARCHIVE_DAYS: u32 = 90;

/// The instant before which an issue must have been closed to be archived at `now`. It goes by
/// whole civil days: archiving then follows from the day of the closing, which units may know,
/// and not from its hour, which may be a visit's (ADR 0016).
#[must_use]
pub fn archivable_before(calendar: &WorkCalendar, now: Timestamp) -> Timestamp {
    let last = calendar.civil_date(now).saturating_sub(Span::new().days(i64::from(ARCHIVE_DAYS) + 1));
    calendar.end_of_day(last)
}

impl Issue {
    /// Whether the unit owes a fix and its deadline has passed.
    #[must_use]
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        State::OWING.contains(&self.state) && self.clock.due_at.is_some_and(|due| due < now)
    }

    /// Whether its limit runs into a year whose days off were not known when it was counted.
    #[must_use]
    pub fn is_due_unsure(&self, calendar: &WorkCalendar) -> bool {
        let (Some(limit), Some(version), Some(start), Some(due), None) = (
            self.clock.round_limit,
            self.clock.calendar_version,
            self.clock.clock_started_at,
            self.clock.due_at,
            self.clock.due_fixed,
        ) else {
            return false;
        };
        deadline::is_unsure(limit, calendar, version, start, due)
    }

    /// Whether it stands in a chain of relapses.
    #[must_use]
    pub fn is_rebound(&self) -> bool {
        self.finding.chain_no > 0
    }

    /// Milestones of its plans that were missed, as seen on this day.
    #[must_use]
    pub fn missed_milestones(&self, today: super::time::Date) -> usize {
        self.clock.plan.as_ref().map_or(0, |plan| plan.missed(today))
    }

    /// Whether a fix waits for the unit's vice head.
    #[must_use]
    pub fn awaits_confirmation(&self) -> bool {
        matches!(self.fix.confirmation, Some(Confirmation::Asked { .. }))
    }

    /// The vice head who confirmed the fix.
    #[must_use]
    pub fn confirmed_by(&self) -> Option<UserId> {
        match self.fix.confirmation {
            Some(Confirmation::Given { by, .. }) => Some(by),
            Some(Confirmation::Asked { .. } | Confirmation::NoViceHead) | None => None,
        }
    }

    /// Whether somebody has to go there before it is closed. Source: domain rule T10; boards of
    /// exposed issues are not built yet.
    #[must_use]
    pub fn expects_visit(&self, flagged: bool) -> bool {
        self.finding.severity == Severity::High || self.is_rebound() || flagged
    }

    /// How often units were judged to have passed the buck here.
    #[must_use]
    pub fn buck_passing_count(&self) -> usize {
        self.assignment.returns.iter().filter(|back| back.founded == Some(false)).count()
    }

    /// The request of `kind` that waits for an answer.
    #[must_use]
    pub fn pending(&self, kind: RequestKind) -> Option<&UnitRequest> {
        self.requests.iter().find(|request| request.kind == kind && request.state == RequestState::Pending)
    }
}
