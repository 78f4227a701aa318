//! Decides a step: may this person take it (policy), is it possible now (lifecycle, guards), and what is the result.
//! The only place that makes a [`Transition`].

use serde_json::{Map, Value};

use super::actions::{Command, OnSiteEvidence};
use super::lifecycle::{NextState, step};
use super::offline::OfflineRule;
use super::refusal::{Duty, Refusal, Why};
use super::transition::Transition;
use super::{Action, Issue, IssuePhoto, MendedItem, State};
use crate::domain::calendar::WorkCalendar;
use crate::domain::deadline::{DayEnd, TimeLimit};
use crate::domain::ids::{IssueId, RequestId, UserId};
use crate::domain::policy::{self, Permission};
use crate::domain::role::Actor;
use crate::domain::time::Timestamp;

/// Time in which a unit may return a case that is not its responsibility. Source: domain rule M26.
pub const RETURN_WINDOW: TimeLimit = TimeLimit::WorkDays(1);
/// The same after an urgent release. Source: domain rule M26.
pub const RETURN_WINDOW_URGENT: TimeLimit = TimeLimit::UrgentMinutes(120);
/// Time in which a unit may dispute, from the hand-over. Source: domain rule T17.
pub const DISPUTE_WINDOW: TimeLimit = TimeLimit::WorkDays(2);
/// Time in which a unit must take the `sign-in` step 签收. Source: domain rule T6.
pub const SIGN_IN_WINDOW: TimeLimit = TimeLimit::WorkMinutes(240);
/// The same after an urgent release. Source: domain rule T6.
pub const SIGN_IN_WINDOW_URGENT: TimeLimit = TimeLimit::UrgentMinutes(60);
/// Extensions that may be granted; after that the issue has to be hung. Source: domain §5.2.
pub const EXTENSIONS_MAX: usize = 2;

/// What a decision needs besides the issue: time, calendar, and fresh ids, since the domain has neither a clock nor a
/// random generator.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Server time.
    pub now: Timestamp,
    /// The county's working calendar.
    pub calendar: &'a WorkCalendar,
    /// When a deadline in days ends on its last day.
    pub day_end: DayEnd,
    /// Limit of the issue's item; `None` for works that need a plan.
    pub item_limit: Option<TimeLimit>,
    /// The item that a corrected report names; `None` when it names none or the same.
    pub mended_item: Option<&'a MendedItem>,
    /// Whether there are doubts about the evidence.
    pub flagged: bool,
    /// Display name of the actor, who becomes the handler unless somebody is named.
    pub actor_name: &'a str,
    /// Whether the unit has a vice head who can confirm a severe fix or return a severe issue.
    pub unit_has_vice_head: bool,
    /// Length of the first limit if a person set its end; `None` if it is the issue's `limit`. Needed for what depends
    /// on the first limit: rework rounds and extensions.
    pub first_length: Option<std::time::Duration>,
    /// When an answer given offline counts from the time it was given.
    pub offline: OfflineRule,
    /// Whether a check on site needs a photo or a note.
    pub on_site_evidence: OnSiteEvidence,
    /// An unused issue number.
    pub number: &'a str,
    /// An unused id, in case a request is filed.
    pub request_id: RequestId,
    /// An unused id, in case a relapse opens a new issue.
    pub child_id: IssueId,
}

impl Issue {
    /// Replays recorded changes, oldest first. The result equals the stored row, or somebody has tampered with one of
    /// them.
    ///
    /// # Errors
    /// The records do not make an issue.
    pub fn replay<'a>(records: impl Iterator<Item = &'a Map<String, Value>>) -> Result<Issue, serde_json::Error> {
        let mut fields = Map::new();
        for record in records {
            fields.extend(record.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        serde_json::from_value(Value::Object(fields))
    }

    /// Length of the first limit if a person set its end, from the issue's recorded changes, oldest first. The row
    /// cannot tell: extensions, pauses and rounds overwrite it.
    #[must_use]
    pub fn first_length<'a>(records: impl Iterator<Item = &'a Map<String, Value>>) -> Option<std::time::Duration> {
        let instant = |value: &Value| serde_json::from_value::<Option<Timestamp>>(value.clone()).ok().flatten();
        let mut set = None;
        for record in records {
            if let Some(value) = record.get("due_fixed") {
                set = instant(value);
            }
            // The hand-over; clocks started later derive from the first limit.
            if let Some(start) = record.get("clock_started_at").and_then(instant) {
                return set.map(|due| due.since(start));
            }
        }
        None
    }

    /// Opens an issue that was just reported; `complete` when all its photos have arrived.
    #[must_use]
    pub fn open(mut draft: Issue, reporter: &Actor, photos: Vec<IssuePhoto>, complete: bool) -> Transition {
        draft.state = if complete { State::Submitted } else { State::Receiving };
        draft.finding.submitted_at = complete.then_some(draft.finding.received_at);
        let at = draft.finding.received_at;
        let mut transition = Transition::new(None, draft, Some(reporter), Action::Report, at, true);
        transition.event.photos = photos;
        transition
    }

    /// Whether `actor` may take `action` now, whatever its body.
    ///
    /// # Errors
    /// The first reason against it: visibility, permission, lifecycle, separation of duties, guards.
    pub fn admit(&self, actor: &Actor, action: Action, context: &Context<'_>) -> Result<(), Refusal> {
        if !policy::covers(actor, Permission::ReadIssue, self) {
            return Err(Refusal::NotVisible);
        }
        if !policy::covers(actor, Permission::Act(action), self) {
            return Err(Refusal::Forbidden);
        }
        if !step(action).from.contains(&self.state) {
            return Err(Refusal::Illegal { state: self.state, action });
        }
        let rules = action.rules();
        match (rules.duty)(self, actor) {
            Some(duty) => Err(Refusal::Separation(duty)),
            None => (rules.guard)(self, actor, context).map_err(Refusal::Guard),
        }
    }

    pub(super) fn may_look_back(&self, inspector: UserId) -> bool {
        self.finding.finder_id != inspector && self.closing.closed_by != Some(inspector)
    }

    /// Decides `command` by `actor`, without I/O, clock or randomness.
    ///
    /// # Errors
    /// Those of [`Issue::admit`], then every field that is wrong.
    pub fn decide(&self, actor: &Actor, command: &Command, context: &Context<'_>) -> Result<Transition, Refusal> {
        let action = command.action();
        self.admit(actor, action, context)?;
        command.validate()?;
        let mut after = self.clone();
        match step(action).next {
            NextState::To(state) => after.state = state,
            NextState::Unchanged | NextState::Decided(_) => {}
        }
        let (is_told, opens) = command.take(&mut after, actor, context)?;
        let mut transition = Transition::new(Some(self), after, Some(actor), action, context.now, is_told);
        transition.event.reason = command.reason().map(str::to_owned);
        if let Some(stage) = command.stage() {
            transition.event.photos = command.photos().iter().map(|photo| photo.on_issue(stage, self.round)).collect();
        }
        transition.opens = opens.map(Box::new);
        Ok(transition)
    }

    /// Moves to the state that the action's row leaves to the decision.
    pub(super) fn move_on(&mut self, action: Action) {
        if let NextState::Decided(state) = step(action).next {
            self.state = state;
        }
    }

    /// Decides that a report is complete: its last photo has arrived.
    ///
    /// # Errors
    /// [`Refusal::Illegal`] when the lifecycle has no such step from here.
    pub fn submit(&self, now: Timestamp) -> Result<Transition, Refusal> {
        self.by_service(Action::Submit, now, |after| after.finding.submitted_at = Some(now))
    }

    /// Decides that the unit did not sign for the issue in time, so the service takes the step for it.
    ///
    /// # Errors
    /// [`Refusal::Illegal`] when the lifecycle has no such step from here.
    pub fn lapse_sign_in(&self, now: Timestamp) -> Result<Transition, Refusal> {
        self.by_service(Action::LapseSignIn, now, |after| {
            after.assignment.signed_in_at = Some(now);
            after.assignment.unclaimed = true;
        })
    }

    /// Decides that a closed issue is archived.
    ///
    /// # Errors
    /// [`Refusal::Illegal`] when the lifecycle has no such step from here.
    pub fn archive(&self, now: Timestamp) -> Result<Transition, Refusal> {
        self.by_service(Action::Archive, now, |_| {})
    }

    /// Decides that a drawn look-back is given to an inspector; the draw decides who.
    ///
    /// # Errors
    /// [`Refusal::Illegal`] when it is not closed, [`Refusal::Guard`] when somebody is to look back at it already,
    /// [`Refusal::Separation`] when the inspector found or closed it.
    pub fn give_drawn_look_back(&self, inspector: UserId, now: Timestamp) -> Result<Transition, Refusal> {
        let action = Action::AssignLookBack;
        if !step(action).from.contains(&self.state) {
            return Err(Refusal::Illegal { state: self.state, action });
        }
        if self.closing.look_back_inspector_id.is_some() {
            return Err(Refusal::Guard(Why::LookBackPending));
        }
        if !self.may_look_back(inspector) {
            return Err(Refusal::Separation(Duty::CheckerLooksBack));
        }
        let mut after = self.clone();
        after.closing.look_back_inspector_id = Some(inspector);
        Ok(Transition::new(Some(self), after, None, action, now, action.is_public()))
    }

    /// Decides a step of the service, which changes this besides the state.
    pub(super) fn by_service(
        &self,
        action: Action,
        now: Timestamp,
        change: impl FnOnce(&mut Issue),
    ) -> Result<Transition, Refusal> {
        let row = step(action);
        let (true, NextState::To(state)) = (row.from.contains(&self.state), row.next) else {
            return Err(Refusal::Illegal { state: self.state, action });
        };
        let mut after = self.clone();
        after.state = state;
        change(&mut after);
        Ok(Transition::new(Some(self), after, None, action, now, action.is_public()))
    }

    /// Until when the unit may sign for the issue, while it has not.
    #[must_use]
    pub fn sign_in_by(&self, calendar: &WorkCalendar, day_end: DayEnd) -> Option<Timestamp> {
        (self.state == State::Assigned)
            .then_some(self.assignment.assigned_at)?
            .map(|start| self.sign_in_limit().due(calendar, day_end, start))
    }

    /// The time in which a unit must sign for the issue.
    #[must_use]
    pub fn sign_in_limit(&self) -> TimeLimit {
        if self.assignment.urgent { SIGN_IN_WINDOW_URGENT } else { SIGN_IN_WINDOW }
    }
}

pub(super) fn within(window: TimeLimit, start: Option<Timestamp>, context: &Context<'_>) -> Result<(), Why> {
    let Some(start) = start else { return Ok(()) };
    let latest = window.due(context.calendar, context.day_end, start);
    if context.now > latest { Err(Why::WindowPassed(latest)) } else { Ok(()) }
}

/// The actions that `actor` may take on `issue` now, in table order: the `allowed_actions` of an answer, so that
/// clients need not know the rules.
#[must_use]
pub fn allowed_actions(issue: &Issue, actor: &Actor, context: &Context<'_>) -> Vec<Action> {
    Action::ALL
        .iter()
        .copied()
        .filter(|action| action.is_requestable() && issue.admit(actor, *action, context).is_ok())
        .collect()
}
