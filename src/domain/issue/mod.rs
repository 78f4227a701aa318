//! An issue 问题 and its rules: what it holds, where it may go, who may take
//! it there. Pure; the store writes nothing that was not decided here.

mod action;
mod command;
mod decide;
mod lifecycle;
mod new;
mod offline;
mod refusal;
mod state;
#[cfg(test)]
mod tests;

pub use action::Action;
pub use command::{Command, CommandPhoto, Milestone, Plan};
pub use decide::{Context, EventRecord, Transition, allowed_actions};
pub use lifecycle::{LIFECYCLE, Lead, Step, step};
pub use new::{MendedItem, NewIssue};
pub use offline::{OfflineRule, counts_from};
pub use refusal::{Duty, Refusal, Why};
pub use state::{PhotoStage, PhotoView, Remedy, RequestKind, RequestState, Severity, Source, State};

use jiff::Span;
use serde::{Deserialize, Serialize};

use super::calendar::WorkCalendar;
use super::deadline::{self, Pause, TimeLimit};
use super::geo::Location;
use super::ids::{IssueId, PhotoId, PointId, RequestId, UnitId, UserId, VisitId};
use super::mark::Mark;
use super::time::Timestamp;

/// One reported problem, whole: the fold of its events.
///
/// Serialised only to compute and replay the changes an event records.
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
    /// Where the finding came from.
    pub source: Source,
    /// As reported, one worse for a rebound, then as reviewed.
    pub severity: Severity,
    /// As the inspector said. `None` on issues older than this field.
    #[serde(default)]
    pub reported_severity: Option<Severity>,
    /// Campaign 创建项目 of the item.
    pub campaign: String,
    /// Item 测评项 that is violated.
    pub item_code: String,
    /// Place.
    pub point_id: PointId,
    /// Six-digit area of the place; every list is keyed by it.
    pub area_code: String,
    /// Responsible unit, once proposed.
    pub unit_id: Option<UnitId>,
    /// Who found it. Never leaves through a unit's view.
    pub finder_id: UserId,
    /// The walk it was found on.
    pub visit_id: Option<VisitId>,
    /// Free text, may be empty: point, item and photos carry the meaning.
    pub description: String,
    /// Device time of the finding.
    pub captured_at: Timestamp,
    /// Where the device said it was.
    pub location: Option<Location>,
    /// Server time the report came.
    pub received_at: Timestamp,
    /// Server time the last of its photos was on stable storage.
    pub submitted_at: Option<Timestamp>,
    /// Who approved it.
    pub approved_by: Option<UserId>,
    /// When.
    pub approved_at: Option<Timestamp>,
    /// Who released it.
    pub released_by: Option<UserId>,
    /// When it was handed over: from then on the unit sees it.
    pub released_at: Option<Timestamp>,
    /// Released at once because of danger.
    pub urgent: bool,
    /// When the present unit got it (release or reassignment).
    pub assigned_at: Option<Timestamp>,
    /// Whether the present assignment was designated as final 指定责任.
    pub final_assignment: bool,
    /// Limit of the first round; halved already for a rebound. `None`: a fixed instant was set.
    pub limit: Option<TimeLimit>,
    /// Start of the clock that runs now.
    pub clock_started_at: Option<Timestamp>,
    /// Limit of the clock that runs now.
    pub round_limit: Option<TimeLimit>,
    /// An instant set by a person (at approval, or by an extension) instead of the limit.
    pub due_fixed: Option<Timestamp>,
    /// Deadline as an instant.
    pub due_at: Option<Timestamp>,
    /// Version of the calendar the deadline was computed with.
    pub calendar_version: Option<i64>,
    /// Person the unit named, 整改责任人.
    pub handler: Option<String>,
    /// When the unit signed in, or the clock did it for it.
    pub signed_in_at: Option<Timestamp>,
    /// Nobody signed in in time 无人认领.
    pub unclaimed: bool,
    /// Account that reported the last fix.
    pub fixed_by: Option<UserId>,
    /// Server time of the last reported fix.
    pub reported_at: Option<Timestamp>,
    /// From when that fix counts: its arrival, or when it was composed offline. Source: domain §5.2.
    #[serde(default)]
    pub fix_counted_at: Option<Timestamp>,
    /// What was done.
    pub measure: Option<String>,
    /// How it was put right.
    pub remedy: Option<Remedy>,
    /// Inspector who was given the check.
    pub checker_id: Option<UserId>,
    /// Who closed it.
    pub closed_by: Option<UserId>,
    /// When.
    pub closed_at: Option<Timestamp>,
    /// Whether the closing check was made on site.
    pub closed_on_site: Option<bool>,
    /// Why the office closed it at the desk though a visit was expected.
    #[serde(default)]
    pub desk_reason: Option<String>,
    /// Whether the fix that passed was reported by the deadline.
    pub on_time: Option<bool>,
    /// Inspector who was given the look-back.
    pub look_back_inspector_id: Option<UserId>,
    /// The issue this one relapsed from.
    pub parent_id: Option<IssueId>,
    /// 0, and one more than the parent's for a rebound 反弹.
    pub chain_no: i32,
    /// The issue whose look-back found this one, a rebound or not.
    #[serde(default)]
    pub look_back_of: Option<IssueId>,
    /// For a rejected report: the issue it repeats.
    pub duplicate_of: Option<IssueId>,
    /// What the first of two reviewers said who would drop it.
    #[serde(default)]
    pub rejection: Option<Rejection>,
    /// How a severe fix went by the unit's vice head.
    #[serde(default)]
    pub confirmation: Option<Confirmation>,
    /// Returns so far, one a unit at most.
    pub returns: Vec<UnitReturn>,
    /// Extension and dispute requests.
    pub requests: Vec<UnitRequest>,
    /// Times the clock stood still.
    pub pauses: Vec<ClockPause>,
    /// Plan of a hung issue.
    pub plan: Option<Plan>,
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
        State::OWING.contains(&self.state) && self.due_at.is_some_and(|due| due < now)
    }

    /// Whether its limit runs into a year whose days off were not known when it was counted.
    #[must_use]
    pub fn is_due_unsure(&self, calendar: &WorkCalendar) -> bool {
        let (Some(limit), Some(version), Some(start), Some(due), None) =
            (self.round_limit, self.calendar_version, self.clock_started_at, self.due_at, self.due_fixed)
        else {
            return false;
        };
        deadline::is_unsure(limit, calendar, version, start, due)
    }

    /// Whether it stands in a chain of relapses.
    #[must_use]
    pub fn is_rebound(&self) -> bool {
        self.chain_no > 0
    }

    /// Milestones of its plans that were missed, as seen on this day.
    #[must_use]
    pub fn missed_milestones(&self, today: super::time::Date) -> usize {
        self.plan.as_ref().map_or(0, |plan| plan.missed(today))
    }

    /// Whether a fix waits for the unit's vice head.
    #[must_use]
    pub fn awaits_confirmation(&self) -> bool {
        matches!(self.confirmation, Some(Confirmation::Asked { .. }))
    }

    /// How often units were judged to have passed the buck here.
    #[must_use]
    pub fn buck_passing_count(&self) -> usize {
        self.returns.iter().filter(|back| back.founded == Some(false)).count()
    }

    /// The request of `kind` that waits for an answer.
    #[must_use]
    pub fn pending(&self, kind: RequestKind) -> Option<&UnitRequest> {
        self.requests.iter().find(|request| request.kind == kind && request.state == RequestState::Pending)
    }
}
