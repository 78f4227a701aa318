//! Notices 消息: who is informed of what about an issue, and how exactly its time is shown.
//!
//! The rules of a step say which notice it causes (`Rules::tells`). A notice shows the issue through its reader's own
//! view at the time of reading, so it never says more than the issue's page.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::calendar::WorkCalendar;
use super::ids::{IssueId, UnitId, UserId};
use super::issue::{Issue, State};
use super::live::Topic;
use super::role::{Actor, Role};
use super::shown_time::{Fineness, Moment, Reader};
use super::text::text_enum;
use super::time::Timestamp;

text_enum! {
    /// What a notice tells.
    pub enum NoticeKind {
        /// An issue was handed to the unit.
        HandedOver = "handed-over", "新交办", "Newly handed over";
        /// The deadline is near.
        DueSoon = "due-soon", "即将到期", "Due soon";
        /// Half of the time has passed.
        HalfWay = "half-way", "时限过半", "Half of the time has passed";
        /// The fix failed its check.
        FailedCheck = "failed-check", "核查不通过", "Check failed";
        /// The office answered a request of the unit.
        RequestDecided = "request-decided", "申请已答复", "Request answered";
        /// The office reminds the unit of what is overdue.
        Reminded = "reminded", "督办提醒", "Reminder by the office";
        /// The issue came off the books, and its clock goes on.
        ClockResumed = "clock-resumed", "解除挂账恢复计时", "Off the books, clock goes on";
        /// A card was issued, or the unit is called to a talk or referred.
        CardIssued = "card-issued", "黄红牌、约谈、移交", "Card, talk or referral";
        /// A card was withdrawn.
        CardWithdrawn = "card-withdrawn", "黄红牌撤回", "Card withdrawn";
        /// A county leader wrote a note on it.
        LeaderNote = "leader-note", "县领导督战", "Note of a county leader";
        /// A severe fix waits for the unit's vice head.
        ToConfirm = "to-confirm", "待分管领导确认", "To be confirmed by the vice head";
        /// The office sent a report back to its finder.
        SentBack = "sent-back", "退回修改", "Sent back to be mended";
        /// A check was given to the inspector.
        ToCheck = "to-check", "待核查", "To check";
        /// A look-back was given to the inspector.
        ToLookBack = "to-look-back", "待回头看", "To look back at";
        /// A report waits for its review.
        ToReview = "to-review", "待审核", "To review";
        /// An approved report waits for its release.
        ToRelease = "to-release", "待交办", "To release";
        /// A fix waits for its check.
        FixReported = "fix-reported", "整改反馈待核查", "Fix reported, to be checked";
        /// A request, a return or a second opinion waits for the office.
        ToDecide = "to-decide", "待审批", "To decide";
    }
}

/// Days for which a notice is kept. Source: our choice; older history is on the issue itself.
pub const NOTICE_DAYS: u32 = 90;
/// Largest unread count that is computed. Source: our choice, what a badge has room for.
pub const UNREAD_MAX: i64 = 100;
/// A deadline is near this long before it; for short limits, half of the limit. Source: our choice, a day.
pub const DUE_SOON: Duration = Duration::from_secs(24 * 3_600);

/// States in which the unit gets a notice that its deadline is near. An issue that the unit has returned is not among
/// them.
pub const OWING_A_FIX: &[State] = &[State::Assigned, State::Rectifying, State::Rework];

/// Who gets a notice. All accounts of the office share one list, and so do all accounts of a unit; each account has its
/// own read mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recipient {
    /// The supervision office.
    Office,
    /// A unit.
    Unit(UnitId),
    /// An inspector.
    Inspector(UserId),
}

impl Recipient {
    /// The recipient whose notices `actor` reads; `None` for a role that gets none.
    #[must_use]
    pub fn of(actor: &Actor) -> Option<Self> {
        match actor.role {
            Role::Inspector => Some(Recipient::Inspector(actor.user_id)),
            Role::Unit => actor.unit_id.map(Recipient::Unit),
            Role::Office => Some(Recipient::Office),
            Role::Leader | Role::TaskForce | Role::Discipline | Role::Admin => None,
        }
    }

    /// Its name in the database.
    #[must_use]
    pub fn key(self) -> String {
        match self {
            Recipient::Office => "office".to_owned(),
            Recipient::Unit(id) => format!("unit:{id}"),
            Recipient::Inspector(id) => format!("inspector:{id}"),
        }
    }

    /// The recipient with this [`key`](Self::key).
    #[must_use]
    pub fn parse(key: &str) -> Option<Self> {
        match key.split_once(':') {
            None => (key == "office").then_some(Recipient::Office),
            Some(("unit", id)) => Some(Recipient::Unit(UnitId(id.parse().ok()?))),
            Some(("inspector", id)) => Some(Recipient::Inspector(UserId(id.parse().ok()?))),
            Some(_) => None,
        }
    }

    /// The kinds that it gets.
    pub fn kinds(self) -> impl Iterator<Item = NoticeKind> {
        NoticeKind::ALL.iter().copied().filter(move |kind| match (kind.readers(), self) {
            (Readers::Unit, Recipient::Unit(_)) => true,
            (Readers::Office, Recipient::Office) => true,
            (Readers::Finder | Readers::Checker | Readers::LookBack, Recipient::Inspector(_)) => true,
            (Readers::Unit, _) | (Readers::Office, _) => false,
            (Readers::Finder | Readers::Checker | Readers::LookBack, _) => false,
        })
    }

    /// The reader that decides how exactly it sees times; `None` for the office, which sees them exactly.
    #[must_use]
    pub fn reader(self, issue: &Issue) -> Option<Reader> {
        match self {
            Recipient::Office => None,
            Recipient::Unit(_) => Some(Reader::Public),
            Recipient::Inspector(id) if issue.finding.finder_id == id => Some(Reader::Finder),
            Recipient::Inspector(_) => Some(Reader::Public),
        }
    }
}

/// Which people of an issue get the notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Readers {
    Unit,
    Office,
    Finder,
    Checker,
    LookBack,
}

impl NoticeKind {
    const fn readers(self) -> Readers {
        match self {
            NoticeKind::HandedOver
            | NoticeKind::DueSoon
            | NoticeKind::HalfWay
            | NoticeKind::FailedCheck
            | NoticeKind::RequestDecided
            | NoticeKind::Reminded
            | NoticeKind::ClockResumed
            | NoticeKind::CardIssued
            | NoticeKind::CardWithdrawn
            | NoticeKind::LeaderNote
            | NoticeKind::ToConfirm => Readers::Unit,
            NoticeKind::SentBack => Readers::Finder,
            NoticeKind::ToCheck => Readers::Checker,
            NoticeKind::ToLookBack => Readers::LookBack,
            NoticeKind::ToReview | NoticeKind::ToRelease | NoticeKind::FixReported | NoticeKind::ToDecide => {
                Readers::Office
            }
        }
    }

    /// The recipient for `issue`; `None` when there is nobody.
    #[must_use]
    pub fn recipient(self, issue: &Issue) -> Option<Recipient> {
        match self.readers() {
            Readers::Unit => issue.assignment.unit_id.map(Recipient::Unit),
            Readers::Office => Some(Recipient::Office),
            Readers::Finder => Some(Recipient::Inspector(issue.finding.finder_id)),
            Readers::Checker => issue.closing.checker_id.map(Recipient::Inspector),
            Readers::LookBack => issue.closing.look_back_inspector_id.map(Recipient::Inspector),
        }
    }

    /// What its time is the time of.
    #[must_use]
    pub const fn time(self) -> NoticeTime {
        match self {
            NoticeKind::DueSoon | NoticeKind::HalfWay => NoticeTime::Deadline,
            NoticeKind::HandedOver => NoticeTime::Of(Moment::HandedOver),
            NoticeKind::FailedCheck => NoticeTime::Of(Moment::Checked),
            NoticeKind::RequestDecided => NoticeTime::Of(Moment::RequestDecided),
            NoticeKind::Reminded | NoticeKind::LeaderNote => NoticeTime::Of(Moment::Told),
            NoticeKind::ToConfirm | NoticeKind::FixReported => NoticeTime::Of(Moment::FixReported),
            NoticeKind::ClockResumed => NoticeTime::Of(Moment::Hung),
            NoticeKind::CardIssued | NoticeKind::CardWithdrawn => NoticeTime::Of(Moment::Carded),
            NoticeKind::SentBack | NoticeKind::ToRelease => NoticeTime::Of(Moment::Reviewed),
            NoticeKind::ToCheck | NoticeKind::ToLookBack => NoticeTime::Of(Moment::VisitGiven),
            NoticeKind::ToReview => NoticeTime::Of(Moment::Reported),
            NoticeKind::ToDecide => NoticeTime::Of(Moment::RequestFiled),
        }
    }
}

/// What the time of a notice is the time of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeTime {
    /// Follows from a deadline, which those who must meet it know exactly: told exactly.
    Deadline,
    /// A moment of the issue: told as exactly as the table of moments allows (`shown_time.rs`).
    Of(Moment),
}

/// A notice to one recipient about one issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Recipient.
    pub recipient: Recipient,
    /// Kind.
    pub kind: NoticeKind,
    /// Issue.
    pub issue_id: IssueId,
    /// Distinguishes it from other notices of its kind about the issue: the version that the step led to, or the near
    /// deadline in microseconds.
    pub occasion: i64,
    /// When it happened.
    pub at: Timestamp,
}

impl Notice {
    /// When it happened, as exactly as its reader may know it. Notices are listed in this order, so that their order
    /// reveals no more than their times do.
    #[must_use]
    pub fn told_at(&self, issue: &Issue, calendar: &WorkCalendar) -> Timestamp {
        let fineness = match (self.kind.time(), self.recipient.reader(issue)) {
            (NoticeTime::Deadline, _) | (NoticeTime::Of(_), None) => Fineness::Exact,
            (NoticeTime::Of(moment), Some(reader)) => moment.fineness(reader),
        };
        match fineness {
            Fineness::Exact => self.at,
            Fineness::HalfDay | Fineness::Never => calendar.start_of_half_day(self.at),
            Fineness::Day => calendar.start_of_day(self.at),
        }
    }
}

/// What a change puts into the outbox: delivered at least once, and in order for each aggregate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Message {
    /// Somebody is to be told.
    Notice(Notice),
    /// Pages of these readers are out of date.
    Changed {
        /// The aggregate that changed.
        what: String,
        /// Who can see the change.
        topics: Vec<Topic>,
    },
}

impl Message {
    /// What it is about: messages about the same aggregate are delivered in order.
    #[must_use]
    pub fn aggregate(&self) -> String {
        match self {
            Message::Notice(notice) => format!("issue:{}", notice.issue_id),
            Message::Changed { what, topics: _ } => what.clone(),
        }
    }
}

impl Issue {
    /// When its deadline becomes near: a day before, or half-way through a limit shorter than two days. `None` when the
    /// unit owes nothing, or has no deadline.
    #[must_use]
    pub fn due_soon_from(&self) -> Option<Timestamp> {
        if !OWING_A_FIX.contains(&self.state) {
            return None;
        }
        let due = self.clock.due_at?;
        let length = self.clock.clock_started_at.map_or(DUE_SOON * 2, |start| due.since(start));
        Some(due.minus(DUE_SOON.min(length / 2)))
    }

    /// When half of its time has passed; `None` when the unit owes nothing, or when its deadline is near by then, so that
    /// short limits lead to one reminder.
    #[must_use]
    pub fn half_way_from(&self) -> Option<Timestamp> {
        let near = self.due_soon_from()?;
        let (start, due) = (self.clock.clock_started_at?, self.clock.due_at?);
        Some(start.plus(due.since(start) / 2)).filter(|half| *half < near)
    }

    /// The notice that half of its time has passed, until its deadline is near.
    #[must_use]
    pub fn half_way(&self, now: Timestamp) -> Option<Notice> {
        let (from, due) = (self.half_way_from()?, self.clock.due_at?);
        let is_past = from <= now && self.due_soon_from().is_some_and(|near| now < near);
        let kind = NoticeKind::HalfWay;
        let recipient = kind.recipient(self).filter(|_| is_past)?;
        Some(Notice { recipient, kind, issue_id: self.id, occasion: due.as_micros(), at: from })
    }

    /// The notice that its deadline is near, if it is near and has not passed.
    #[must_use]
    pub fn due_soon(&self, now: Timestamp) -> Option<Notice> {
        let (from, due) = (self.due_soon_from()?, self.clock.due_at?);
        let is_near = from <= now && now < due;
        let kind = NoticeKind::DueSoon;
        let recipient = kind.recipient(self).filter(|_| is_near)?;
        Some(Notice { recipient, kind, issue_id: self.id, occasion: due.as_micros(), at: from })
    }
}
