//! An issue 问题 and its rules: its fields, its states, and who may move it. Pure; the store writes nothing that was not
//! decided here.

pub mod actions;
mod books;
mod clock;
mod command;
mod decide;
mod facet;
mod fields;
mod lifecycle;
mod new;
mod offline;
mod place;
mod refusal;
mod report;
mod requests;
mod state;
#[cfg(test)]
mod tests;
mod transition;

pub use actions::{Approve, Command, Fact, Named, OnSiteEvidence, Release, StaleAfter};
pub use command::{CommandPhoto, Milestone, Plan, PlanBody};
pub use decide::{Context, allowed_actions};
pub(crate) use facet::with_facets;
pub use facet::{Facet, Facets, Known};
pub use fields::{Assignment, Clock, Closing, Finding, Fix, Review};
pub(crate) use fields::{
    assignment_columns, clock_columns, closing_columns, finding_columns, fix_columns, review_columns,
};
pub use lifecycle::{Action, LIFECYCLE, NextState, Step, step};
pub use new::{MendedItem, Violation};
pub use offline::{OfflineRule, counts_from};
pub(crate) use refusal::with_guards;
pub use refusal::{Duty, Refusal, Why};
pub use report::{Report, ReportPhoto};
pub use state::*;
pub use transition::{EventRecord, Transition};

use jiff::Span;
use serde::{Deserialize, Serialize};

use super::calendar::WorkCalendar;
use super::deadline::{self, Pause};
use super::ids::{IssueId, PhotoId, RequestId, UnitId, UserId};
use super::mark::Mark;
use super::time::Timestamp;

/// One reported problem: the fold of its events.
///
/// Serialised, flat, only to compute and replay the changes that an event records.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Issue {
    /// Chosen by the client.
    pub id: IssueId,
    /// Assigned at release; random within the year, so that it reveals no count.
    pub number: Option<String>,
    /// Increases by one with every event; `If-Match` names it.
    pub version: i64,
    /// The version as units and other readers of released issues know it: 0 before the release, then one more with each
    /// step that they may know of. Otherwise assigning a check or a look-back would announce the visit.
    pub public_version: i64,
    /// Its state.
    pub state: State,
    /// 1, and one more after each failed check.
    pub round: i32,
    /// What was found.
    #[serde(flatten)]
    pub finding: Finding,
    /// The office's review.
    #[serde(flatten)]
    pub review: Review,
    /// The responsible unit.
    #[serde(flatten)]
    pub assignment: Assignment,
    /// The deadline.
    #[serde(flatten)]
    pub clock: Clock,
    /// The fix.
    #[serde(flatten)]
    pub fix: Fix,
    /// The check and the closing.
    #[serde(flatten)]
    pub closing: Closing,
    /// Extension and dispute requests.
    pub requests: Vec<UnitRequest>,
}

/// A return 退回: the unit said that it is not responsible.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitReturn {
    /// Who returned it.
    pub unit_id: UnitId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
    /// The unit that it considers responsible.
    pub proposed_unit_id: Option<UnitId>,
    /// The office's judgement; an unfounded return counts as buck-passing 推诿.
    pub founded: Option<bool>,
}

/// A request for an extension 延期, a dispute 异议 or a request to be hung 挂账.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UnitRequest {
    /// Identity.
    pub id: RequestId,
    /// Kind.
    pub kind: RequestKind,
    /// State.
    pub state: RequestState,
    /// Unit that filed it.
    pub unit_id: UnitId,
    /// Account that filed it.
    pub filed_by: UserId,
    /// When.
    pub filed_at: Timestamp,
    /// Why.
    pub reason: String,
    /// For an extension: the requested deadline, and once granted the granted one.
    pub until: Option<Timestamp>,
    /// For hanging: the proposed plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
    /// The vote of the first of two people who would grant it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first_vote: Option<Vote>,
    /// Account that decided.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// The office's reason.
    pub decision_reason: Option<String>,
}

/// One person's vote where two are needed 双人.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    /// Who voted.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// The vote of one reviewer to reject a severe report. Source: domain rule T4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// Who, when and why.
    #[serde(flatten)]
    pub vote: Vote,
    /// The issue that it duplicates, in that reviewer's opinion.
    pub duplicate_of: Option<IssueId>,
}

/// The confirmation of a severe fix by the unit's vice head 分管领导. Source: domain rule T9.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum Confirmation {
    /// The fix waits for the vice head; until then it does not count as reported.
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
    /// The unit has no vice head who could confirm it, so it was reported without.
    NoViceHead,
}

/// A pause of the clock, with its reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClockPause {
    /// Start and end.
    #[serde(flatten)]
    pub span: Pause,
    /// Why.
    pub reason: String,
    /// Who approved it.
    pub approved_by: UserId,
}

/// A photo attached to an issue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IssuePhoto {
    /// The upload.
    pub photo_id: PhotoId,
    /// Stage at which it was attached.
    pub stage: PhotoStage,
    /// Round in which it was attached.
    pub round: i32,
    /// What it shows.
    pub view: PhotoView,
    /// Device time it was taken, where known.
    pub captured_at: Option<Timestamp>,
    /// Marks drawn on it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}

/// Days after closing within which a fault at the same point and item is a rebound.
///
/// Source: domain rule M16 (c).
pub const REBOUND_DAYS: u32 = 90;

impl Issue {
    /// The range of closing times from which a fault found at `found` is a rebound, both ends included. What counts is
    /// when it was found, not when the report arrived.
    #[must_use]
    pub fn rebound_closings(found: Timestamp) -> (Timestamp, Timestamp) {
        (found.minus(std::time::Duration::from_secs(u64::from(REBOUND_DAYS) * 86_400)), found)
    }
}

/// Days after closing without a rebound until an issue is archived. Source: domain rule T15.
pub const ARCHIVE_DAYS: u32 = 90;

/// An issue must have been closed before this instant to be archived at `now`. Only whole civil days count: archiving
/// then depends on the day of the closing, which units may know, and not on its hour, which may be that of a visit (ADR
/// 0016).
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

    /// Whether its limit extends into a year whose holidays were not known when it was computed.
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

    /// Whether it is part of a chain of relapses.
    #[must_use]
    pub fn is_rebound(&self) -> bool {
        self.finding.chain_no > 0
    }

    /// Missed milestones of its plans, as of this day.
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

    /// Whether somebody has to visit before it is closed. Source: domain rule T10; boards of exposed issues are not
    /// built yet.
    #[must_use]
    pub fn expects_visit(&self, flagged: bool) -> bool {
        self.finding.severity == Severity::High || self.is_rebound() || flagged
    }

    /// How often units were judged to have passed the buck on it.
    #[must_use]
    pub fn buck_passing_count(&self) -> usize {
        self.assignment.returns.iter().filter(|back| back.founded == Some(false)).count()
    }

    /// The pending request of `kind`.
    #[must_use]
    pub fn pending(&self, kind: RequestKind) -> Option<&UnitRequest> {
        self.requests.iter().find(|request| request.kind == kind && request.state == RequestState::Pending)
    }
}
