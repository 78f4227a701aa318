//! The rules of an issue, step by step, at exact times.

#![allow(clippy::unwrap_used)]

mod clocks;
mod closing;
mod commands;
mod duties;
mod hung;
mod live;
mod notices;
mod rebounds;
mod records;
mod two_people;
mod windows;

use uuid::Uuid;

use super::*;
use crate::domain::calendar::WorkCalendar;
use crate::domain::deadline::tests::{at, calendar, local};
use crate::domain::deadline::{DayEnd, TimeLimit};
use crate::domain::ids::PointId;
use crate::domain::invalid::FieldCode;
use crate::domain::role::{Actor, Role};

/// A second.
const SECOND: std::time::Duration = std::time::Duration::from_secs(1);

pub(super) fn user(number: u128) -> UserId {
    UserId(Uuid::from_u128(number))
}

pub(super) fn person(role: Role, number: u128) -> Actor {
    let unit_id = (role == Role::Unit).then_some(UnitId(Uuid::from_u128(2)));
    Actor { unit_id, ..Actor::new(user(number), role) }
}

pub(super) fn finder() -> Actor {
    person(Role::Inspector, 10)
}

pub(super) fn handler() -> Actor {
    person(Role::Unit, 20)
}

/// The `n`-th person of the office; the first approves, the second releases.
pub(super) fn office(n: u128) -> Actor {
    person(Role::Office, 30 + n)
}

/// An issue, its county, and the context in which a step is decided.
pub(super) struct Case {
    pub(super) issue: Issue,
    pub(super) calendar: WorkCalendar,
    pub(super) limit: Option<TimeLimit>,
    pub(super) day_end: DayEnd,
    pub(super) flagged: bool,
    pub(super) on_site_evidence: OnSiteEvidence,
    pub(super) mended: Option<MendedItem>,
    /// Whether the unit has a vice head.
    pub(super) has_vice_head: bool,
    /// What the steps changed, oldest first.
    pub(super) records: Vec<serde_json::Map<String, serde_json::Value>>,
    /// The relapse that the last step opened.
    pub(super) opened: Option<Issue>,
    steps: u128,
}

impl Case {
    /// A complete report that arrived at this local time.
    pub(super) fn reported(when: &str, severity: Severity, parent: Option<(IssueId, i32)>) -> Self {
        let violation = Violation {
            item_code: "WM-02".into(),
            campaign: "WM".into(),
            severity,
            point_id: PointId(Uuid::from_u128(3)),
            area_code: "990001".into(),
        };
        let finding = Finding {
            description: "垃圾".into(),
            ..Finding::of(Source::Inspection, violation, finder().user_id, at(when), at(when))
        };
        let draft = Issue::new(IssueId(Uuid::from_u128(1)), finding.after(parent));
        let photo = IssuePhoto {
            photo_id: PhotoId(Uuid::from_u128(4)),
            stage: PhotoStage::Found,
            round: 1,
            view: PhotoView::Far,
            captured_at: None,
            marks: Vec::new(),
        };
        let issue = Issue::open(draft, &finder(), vec![photo], true).after().clone();
        Case {
            issue,
            calendar: calendar(),
            limit: Some(TimeLimit::WorkDays(3)),
            day_end: DayEnd::Midnight,
            flagged: false,
            on_site_evidence: OnSiteEvidence::Optional,
            mended: None,
            has_vice_head: false,
            records: Vec::new(),
            opened: None,
            steps: 0,
        }
    }

    /// Released at this local time with this limit, and signed for at once.
    pub(super) fn rectifying(when: &str, limit: &str, severity: Severity) -> Self {
        let mut case = Case::reported(when, severity, None);
        case.limit = Some(TimeLimit::parse(limit).unwrap());
        case.hand_over(when);
        case.take(when, &handler(), Command::SignIn(actions::SignIn { handler: None }));
        case
    }

    pub(super) fn hand_over(&mut self, when: &str) {
        let unit_id = handler().unit_id.unwrap();
        self.take(when, &office(1), Command::Approve(actions::Approve { severity: None, unit_id, due: None }));
        self.take(when, &office(2), Command::Release(actions::Release {}));
    }

    pub(super) fn context(&self, now: Timestamp) -> Context<'_> {
        Context {
            now,
            calendar: &self.calendar,
            day_end: self.day_end,
            item_limit: self.limit,
            mended_item: self.mended.as_ref(),
            flagged: self.flagged,
            actor_name: "经办人",
            unit_has_vice_head: self.has_vice_head,
            first_length: Issue::first_length(self.records.iter()),
            offline: OfflineRule::default(),
            on_site_evidence: self.on_site_evidence,
            number: "2026-0000001",
            request_id: RequestId(Uuid::from_u128(1_000 + self.steps)),
            child_id: IssueId(Uuid::from_u128(2_000 + self.steps)),
        }
    }

    /// The outcome of a step at this instant, without taking it.
    pub(super) fn decide_at(&self, now: Timestamp, actor: &Actor, command: &Command) -> Result<Transition, Refusal> {
        self.issue.decide(actor, command, &self.context(now))
    }

    pub(super) fn decide(&self, when: &str, actor: &Actor, command: &Command) -> Result<Transition, Refusal> {
        self.decide_at(at(when), actor, command)
    }

    /// Takes the step at this instant.
    #[track_caller]
    pub(super) fn take_at(&mut self, now: Timestamp, actor: &Actor, command: Command) -> Transition {
        let transition = match self.decide_at(now, actor, &command) {
            Ok(transition) => transition,
            Err(refusal) => panic!("{:?}: {refusal:?}", command.action()),
        };
        self.issue = transition.after().clone();
        self.records.push(transition.event().changes.clone());
        self.opened = transition.opens().map(|opened| opened.after().clone());
        self.steps += 1;
        transition
    }

    #[track_caller]
    pub(super) fn take(&mut self, when: &str, actor: &Actor, command: Command) -> Transition {
        self.take_at(at(when), actor, command)
    }

    pub(super) fn due(&self) -> String {
        local(self.issue.clock.due_at.unwrap())
    }

    /// The pending request of this kind.
    pub(super) fn waiting(&self, kind: RequestKind) -> RequestId {
        self.issue.pending(kind).unwrap().id
    }
}

pub(super) fn photo(number: u128, view: PhotoView) -> CommandPhoto {
    CommandPhoto { id: PhotoId(Uuid::from_u128(number)), view, captured_at: None, marks: Vec::new(), from_album: false }
}

pub(super) fn fix() -> Command {
    fix_composed(None, None)
}

pub(super) fn fix_composed(composed_at: Option<Timestamp>, sent_at: Option<Timestamp>) -> Command {
    let photos = vec![photo(101, PhotoView::SameAngle), photo(102, PhotoView::Wide)];
    Command::ReportFix(actions::ReportFix {
        measure: "已清走".into(),
        remedy: Remedy::Quick,
        photos,
        composed_at,
        sent_at,
    })
}

pub(super) fn fail() -> Command {
    Command::Fail(actions::Fail { reason: "仍有".into(), photos: vec![] })
}

pub(super) fn pass(on_site: bool, note: Option<&str>) -> Command {
    Command::Pass(actions::Pass { on_site, photos: vec![], note: note.map(str::to_owned) })
}

pub(super) fn ask(until: Option<&str>) -> Command {
    Command::RequestExtension(actions::RequestExtension {
        reason: "等材料".into(),
        until: until.map(at),
        photos: vec![],
    })
}

pub(super) fn grant(request_id: RequestId) -> Command {
    Command::DecideExtension(actions::DecideExtension { request_id, granted: true, reason: "同意".into() })
}

pub(super) fn dispute() -> Command {
    Command::Dispute(actions::Dispute { reason: "不是我们".into(), photos: vec![] })
}

pub(super) fn give_back() -> Command {
    Command::Return(actions::Return { reason: "不归我管".into(), proposed_unit_id: None })
}

pub(super) fn plan(days: &[&str]) -> Plan {
    let step = |day: &&str| Milestone { milestone: "施工".into(), due: day.parse().unwrap(), reached_on: None };
    Plan::new(days.iter().map(step).collect())
}

pub(super) fn hang(days: &[&str]) -> Command {
    Command::Hang(actions::Hang { plan: plan(days), reason: "需施工".into() })
}

/// The refused fields, each with its fault.
#[track_caller]
pub(super) fn faults(outcome: Result<Transition, Refusal>) -> Vec<(String, FieldCode)> {
    match outcome {
        Err(Refusal::Invalid(invalid)) => invalid.0.into_iter().map(|error| (error.pointer, error.code)).collect(),
        other => panic!("not refused by its fields: {other:?}"),
    }
}
