//! Deciding a step: may this person (policy), can this happen now (lifecycle,
//! guards), and what then holds. The only maker of a [`Transition`].

use serde_json::{Map, Value};

use super::command::days_between;
use super::refusal::{Duty, Refusal, Why};
use super::{
    Action, ClockPause, Command, Issue, IssuePhoto, Lead, NewIssue, PhotoStage, RequestKind, RequestState, Severity,
    Source, State, UnitRequest, UnitReturn, step,
};
use crate::domain::calendar::WorkCalendar;
use crate::domain::deadline::{self, DayEnd, Pause, TimeLimit};
use crate::domain::ids::{IssueId, RequestId, UserId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::limits;
use crate::domain::policy::{self, Permission};
use crate::domain::role::{Actor, Role};
use crate::domain::time::Timestamp;

/// Time a unit has to return what is not its own. Source: domain rule M26.
pub const RETURN_WINDOW: TimeLimit = TimeLimit::WorkDays(1);
/// The same after an urgent release. Source: domain rule M26.
pub const RETURN_WINDOW_URGENT: TimeLimit = TimeLimit::UrgentMinutes(120);
/// Time a unit has to dispute, from the hand-over. Source: domain rule T17.
pub const DISPUTE_WINDOW: TimeLimit = TimeLimit::WorkDays(2);
/// Time a unit has to sign in. Source: domain rule T6.
pub const SIGN_IN_WINDOW: TimeLimit = TimeLimit::WorkMinutes(240);
/// The same after an urgent release. Source: domain rule T6.
pub const SIGN_IN_WINDOW_URGENT: TimeLimit = TimeLimit::UrgentMinutes(60);
/// Extensions that may be granted; after them an issue is hung. Source: domain §5.2.
pub const EXTENSIONS_MAX: usize = 2;

/// What a decision needs to know besides the issue: time, calendar, and fresh
/// identities drawn outside, since the domain has neither clock nor chance.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Server time.
    pub now: Timestamp,
    /// The county's working calendar.
    pub calendar: &'a WorkCalendar,
    /// When a day's deadline ends.
    pub day_end: DayEnd,
    /// Limit of the issue's item; `None` for works that need a plan.
    pub item_limit: Option<TimeLimit>,
    /// A number no issue has yet.
    pub number: &'a str,
    /// An unused id, should a request be filed.
    pub request_id: RequestId,
    /// An unused id, should a relapse open a new issue.
    pub child_id: IssueId,
}

/// What is written down of a step, for ever.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRecord {
    /// Which issue.
    pub issue_id: IssueId,
    /// The version the step led to.
    pub version: i64,
    /// Server time.
    pub at: Timestamp,
    /// Who; `None` for the service itself.
    pub actor_id: Option<UserId>,
    /// In which role.
    pub actor_role: Option<Role>,
    /// What.
    pub action: Action,
    /// From where; `None` for the step that made the issue.
    pub from: Option<State>,
    /// To where.
    pub to: State,
    /// Why, in the actor's words.
    pub reason: Option<String>,
    /// Photos the step brought.
    pub photos: Vec<IssuePhoto>,
    /// Fields of [`Issue`] that changed, with their new values.
    pub changes: Map<String, Value>,
}

/// Proof of one decided step. Only this module can make one; the store takes
/// what it writes from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Transition {
    expected: Option<i64>,
    after: Issue,
    event: EventRecord,
    opens: Option<Box<Transition>>,
}

impl Transition {
    /// The version the stored row must still have; `None` when the issue is new.
    #[must_use]
    pub fn expected_version(&self) -> Option<i64> {
        self.expected
    }

    /// The issue as it will stand.
    #[must_use]
    pub fn after(&self) -> &Issue {
        &self.after
    }

    /// What will be written down.
    #[must_use]
    pub fn event(&self) -> &EventRecord {
        &self.event
    }

    /// A new issue that the step opens: a relapse found at a look-back.
    #[must_use]
    pub fn opens(&self) -> Option<&Transition> {
        self.opens.as_deref()
    }

    fn new(before: Option<&Issue>, mut after: Issue, who: Option<&Actor>, action: Action, at: Timestamp) -> Self {
        after.version = before.map_or(1, |issue| issue.version + 1);
        if after.released_at.is_some() && action.is_public() {
            after.public_version += 1;
        }
        let event = EventRecord {
            issue_id: after.id,
            version: after.version,
            at,
            actor_id: who.map(|actor| actor.user_id),
            actor_role: who.map(|actor| actor.role),
            action,
            from: before.map(|issue| issue.state),
            to: after.state,
            reason: None,
            photos: Vec::new(),
            changes: changes(before, &after),
        };
        Transition { expected: before.map(|issue| issue.version), after, event, opens: None }
    }
}

/// The fields of `after` that `before` has not or has otherwise.
fn changes(before: Option<&Issue>, after: &Issue) -> Map<String, Value> {
    let fields = |issue: &Issue| match serde_json::to_value(issue) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let old = before.map(fields).unwrap_or_default();
    fields(after).into_iter().filter(|(name, value)| old.get(name) != Some(value)).collect()
}

impl Issue {
    /// Replays recorded changes, oldest first. The result is the stored row, or
    /// somebody has tampered.
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

    /// Opens an issue that was just reported; `complete` when all its photos are here.
    #[must_use]
    pub fn open(mut draft: Issue, reporter: &Actor, photos: Vec<IssuePhoto>, complete: bool) -> Transition {
        draft.state = if complete { State::Submitted } else { State::Receiving };
        draft.submitted_at = complete.then_some(draft.received_at);
        let at = draft.received_at;
        let mut transition = Transition::new(None, draft, Some(reporter), Action::Report, at);
        transition.event.photos = photos;
        transition
    }

    /// Whether `actor` may take `action` now, whatever it will say.
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
        self.separate(actor, action)?;
        self.guard(actor, action, context).map_err(Refusal::Guard)
    }

    /// Separation of duties, as far as the actor alone decides it.
    fn separate(&self, actor: &Actor, action: Action) -> Result<(), Refusal> {
        let is = |person: Option<UserId>| person == Some(actor.user_id);
        let finder = is(Some(self.finder_id));
        let broken = match action {
            Action::Approve | Action::Reject | Action::ReleaseUrgent if finder => Some(Duty::FinderReviews),
            Action::Release if is(self.approved_by) => Some(Duty::ApproverReleases),
            Action::Pass | Action::Fail
                if is(self.fixed_by) || (actor.unit_id.is_some() && actor.unit_id == self.unit_id) =>
            {
                Some(Duty::HandlerCloses)
            }
            Action::Pass | Action::Fail if finder && self.severity == Severity::High => Some(Duty::FinderChecks),
            Action::DecideDispute if is(self.approved_by) => Some(Duty::ApproverJudges),
            Action::LookBack if !self.may_look_back(actor.user_id) => Some(Duty::CheckerLooksBack),
            _ => None,
        };
        broken.map_or(Ok(()), |duty| Err(Refusal::Separation(duty)))
    }

    fn may_look_back(&self, inspector: UserId) -> bool {
        self.finder_id != inspector && self.closed_by != Some(inspector)
    }

    /// Guards that depend on what happened before and on the time.
    fn guard(&self, actor: &Actor, action: Action, context: &Context<'_>) -> Result<(), Why> {
        match action {
            Action::Return => {
                if self.final_assignment {
                    return Err(Why::FinalAssignment);
                }
                if self.returns.iter().any(|back| Some(back.unit_id) == actor.unit_id) {
                    return Err(Why::AlreadyReturned);
                }
                let window = if self.urgent { RETURN_WINDOW_URGENT } else { RETURN_WINDOW };
                within(window, self.assigned_at, context)
            }
            Action::Dispute => {
                if self.pending(RequestKind::Dispute).is_some() {
                    return Err(Why::RequestPending);
                }
                within(DISPUTE_WINDOW, self.assigned_at, context)
            }
            Action::RequestExtension => {
                if self.pending(RequestKind::Extension).is_some() {
                    return Err(Why::RequestPending);
                }
                if self.extensions_granted() >= EXTENSIONS_MAX {
                    return Err(Why::ExtensionsExhausted);
                }
                let (Some(start), Some(due)) = (self.clock_started_at, self.due_at) else {
                    return Ok(());
                };
                let latest = deadline::extension_latest_filing(context.calendar, start, due);
                if context.now > latest { Err(Why::WindowPassed(latest)) } else { Ok(()) }
            }
            Action::DecideExtension => self.pending(RequestKind::Extension).map(|_| ()).ok_or(Why::NothingPending),
            Action::DecideDispute => self.pending(RequestKind::Dispute).map(|_| ()).ok_or(Why::NothingPending),
            Action::AssignLookBack if self.look_back_inspector_id.is_some() => Err(Why::LookBackPending),
            _ => Ok(()),
        }
    }

    fn extensions_granted(&self) -> usize {
        self.requests
            .iter()
            .filter(|request| request.kind == RequestKind::Extension && request.state == RequestState::Granted)
            .count()
    }

    /// Decides `command` by `actor`. No I/O, no clock, no chance.
    ///
    /// # Errors
    /// What [`Issue::admit`] says, then every field that is wrong.
    pub fn decide(&self, actor: &Actor, command: &Command, context: &Context<'_>) -> Result<Transition, Refusal> {
        let action = command.action();
        self.admit(actor, action, context)?;
        command.validate()?;
        let mut after = self.clone();
        match step(action).lead {
            Lead::To(state) => after.state = state,
            Lead::Stays | Lead::StaysOr(_) => {}
        }
        after.take(actor, command, context)?;
        let mut transition = Transition::new(Some(self), after, Some(actor), action, context.now);
        transition.event.reason = command.reason().map(str::to_owned);
        transition.event.photos = self.photos_of(command);
        if let Command::LookBack { held: false, note, .. } = command {
            transition.opens = Some(Box::new(self.relapse(actor, command, note.as_deref(), context)));
        }
        Ok(transition)
    }

    /// Decides a step that the service takes by the clock or by arrival.
    ///
    /// # Errors
    /// [`Refusal::Illegal`] when the lifecycle has no such step from here, or it is a person's.
    pub fn decide_by_service(&self, action: Action, now: Timestamp) -> Result<Transition, Refusal> {
        let row = step(action);
        let illegal = Refusal::Illegal { state: self.state, action };
        let (true, true, Lead::To(state)) =
            (Action::BY_SERVICE.contains(&action), row.from.contains(&self.state), row.lead)
        else {
            return Err(illegal);
        };
        let mut after = self.clone();
        after.state = state;
        match action {
            Action::Submit => after.submitted_at = Some(now),
            Action::LapseSignIn => {
                after.signed_in_at = Some(now);
                after.unclaimed = true;
            }
            _ => {}
        }
        Ok(Transition::new(Some(self), after, None, action, now))
    }

    /// The instant until which the unit may sign in, while it has not.
    #[must_use]
    pub fn sign_in_by(&self, calendar: &WorkCalendar, day_end: DayEnd) -> Option<Timestamp> {
        let window = if self.urgent { SIGN_IN_WINDOW_URGENT } else { SIGN_IN_WINDOW };
        (self.state == State::Assigned).then_some(self.assigned_at)?.map(|start| window.due(calendar, day_end, start))
    }

    fn photos_of(&self, command: &Command) -> Vec<IssuePhoto> {
        let stage = match command {
            Command::Resubmit { .. } => PhotoStage::Found,
            Command::ReportFix { .. } => PhotoStage::Fix,
            Command::LookBack { .. } => PhotoStage::LookBack,
            Command::RequestExtension { .. } | Command::Dispute { .. } => PhotoStage::Request,
            _ => PhotoStage::Check,
        };
        command
            .photos()
            .iter()
            .map(|photo| IssuePhoto {
                photo_id: photo.id,
                stage,
                round: self.round,
                view: photo.view,
                captured_at: photo.captured_at,
            })
            .collect()
    }

    /// What `command` changes besides the state.
    fn take(&mut self, actor: &Actor, command: &Command, context: &Context<'_>) -> Result<(), Refusal> {
        let now = context.now;
        match command {
            Command::Approve { severity, unit_id, due } => {
                self.severity = severity.unwrap_or(self.severity);
                self.unit_id = Some(*unit_id);
                self.approved_by = Some(actor.user_id);
                self.approved_at = Some(now);
                self.set_limit(*due, context)?;
            }
            Command::SendBack { .. } => {}
            Command::Resubmit { description, severity, item, .. } => {
                if let Some(description) = description {
                    self.description.clone_from(description);
                }
                self.severity = severity.unwrap_or(self.severity);
                if let Some((code, campaign)) = item {
                    self.item_code.clone_from(code);
                    self.campaign.clone_from(campaign);
                }
                self.submitted_at = Some(now);
            }
            Command::Reject { duplicate_of, .. } => self.duplicate_of = *duplicate_of,
            Command::Release => self.hand_over(actor, context),
            Command::ReleaseUrgent { severity, unit_id } => {
                self.severity = *severity;
                self.unit_id = Some(*unit_id);
                self.urgent = true;
                self.approved_by = Some(actor.user_id);
                self.approved_at = Some(now);
                self.limit = Some(self.shortened(context.item_limit.unwrap_or(limits::URGENT_LIMIT), context));
                self.hand_over(actor, context);
            }
            Command::SignIn { handler } => {
                self.handler.clone_from(handler);
                self.signed_in_at = Some(now);
            }
            Command::Return { reason, proposed_unit_id } => self.give_back(actor, reason, *proposed_unit_id, now),
            Command::Reassign { unit_id, founded, is_final } => {
                if let Some(back) = self.returns.last_mut() {
                    back.founded = Some(*founded);
                }
                self.unit_id = Some(*unit_id);
                self.assigned_at = Some(now);
                self.signed_in_at = None;
                self.handler = None;
                self.unclaimed = false;
                self.final_assignment = *is_final || self.returns.len() > 1;
                if *founded {
                    self.start_clock(context);
                }
            }
            Command::ReportFix { measure, remedy, .. } => {
                self.measure = Some(measure.clone());
                self.remedy = Some(*remedy);
                self.fixed_by = Some(actor.user_id);
                self.reported_at = Some(now);
            }
            Command::AssignCheck { inspector_id } => {
                if self.severity == Severity::High && *inspector_id == self.finder_id {
                    return Err(Refusal::Separation(Duty::FinderChecks));
                }
                self.checker_id = Some(*inspector_id);
            }
            Command::Pass { on_site, .. } => {
                self.closed_by = Some(actor.user_id);
                self.closed_at = Some(now);
                self.closed_on_site = Some(*on_site);
                self.on_time = self.reported_at.zip(self.due_at).map(|(reported, due)| reported <= due);
                self.lapse_requests();
            }
            Command::Fail { .. } => {
                self.round += 1;
                self.start_rework_clock(context);
            }
            Command::Hang { plan, reason } => {
                let first_day = context.calendar.civil_date(now);
                if let Some(first) = plan.milestones.first() {
                    let days = days_between(first_day, first.due);
                    if !(0..=limits::MILESTONE_GAP_DAYS_MAX).contains(&days) {
                        let max = limits::MILESTONE_GAP_DAYS_MAX;
                        return Err(Invalid::one(
                            "/plan/0/due",
                            FieldCode::OutOfRange,
                            format!("within {max} days from today"),
                        )
                        .into());
                    }
                }
                self.plan = Some(plan.clone());
                self.pauses.push(ClockPause {
                    span: Pause { from: now, to: None },
                    reason: reason.clone(),
                    approved_by: actor.user_id,
                });
            }
            Command::Unhang { .. } => self.resume_clock(context),
            Command::RequestExtension { reason, until, .. } => {
                let until = self.extension_until(*until, context)?;
                self.file(actor, RequestKind::Extension, reason, until, context);
            }
            Command::Dispute { reason, .. } => self.file(actor, RequestKind::Dispute, reason, None, context),
            Command::DecideExtension { request_id, granted, reason } => {
                let until = self.answer(actor, RequestKind::Extension, *request_id, *granted, reason, now)?;
                if let (true, Some(until)) = (*granted, until) {
                    self.due_fixed = Some(until);
                    self.due_at = Some(until);
                }
            }
            Command::DecideDispute { request_id, granted, reason } => {
                self.answer(actor, RequestKind::Dispute, *request_id, *granted, reason, now)?;
                if let (true, Lead::StaysOr(state)) = (*granted, step(Action::DecideDispute).lead) {
                    self.state = state;
                    self.lapse_requests();
                }
            }
            Command::AssignLookBack { inspector_id } => {
                if !self.may_look_back(*inspector_id) {
                    return Err(Refusal::Separation(Duty::CheckerLooksBack));
                }
                self.look_back_inspector_id = Some(*inspector_id);
            }
            Command::LookBack { .. } => self.look_back_inspector_id = None,
        }
        Ok(())
    }

    /// Fixes the limit at approval: the item's, halved for a rebound, or the given instant.
    fn set_limit(&mut self, due: Option<Timestamp>, context: &Context<'_>) -> Result<(), Refusal> {
        if due.is_some_and(|due| due <= context.now) {
            return Err(Invalid::one("/due", FieldCode::OutOfRange, "in the future").into());
        }
        if due.is_none() && context.item_limit.is_none() {
            return Err(Invalid::one("/due", FieldCode::Required, "this item has no fixed limit: say by when").into());
        }
        self.limit = context.item_limit.map(|limit| self.shortened(limit, context));
        self.due_fixed = due;
        Ok(())
    }

    /// `limit`, halved when this is a rebound. Source: domain rule T16.
    fn shortened(&self, limit: TimeLimit, context: &Context<'_>) -> TimeLimit {
        if self.is_rebound() { limit.halved(context.calendar) } else { limit }
    }

    fn hand_over(&mut self, actor: &Actor, context: &Context<'_>) {
        self.number = Some(context.number.to_owned());
        self.released_by = Some(actor.user_id);
        self.released_at = Some(context.now);
        self.assigned_at = Some(context.now);
        self.start_clock(context);
    }

    /// Starts the clock of the first limit now. An instant fixed at approval stands
    /// unless it has passed or belonged to an earlier clock, which a founded return annuls.
    fn start_clock(&mut self, context: &Context<'_>) {
        let first = self.clock_started_at.is_none();
        let fixed = match (self.due_fixed, self.clock_started_at) {
            (Some(due), Some(started)) if !first => Some(context.now.plus(due.since(started))),
            (fixed, _) => fixed,
        };
        self.due_fixed = fixed.filter(|due| *due > context.now);
        self.round_limit = self.due_fixed.is_none().then(|| self.limit.unwrap_or(limits::FALLBACK_LIMIT));
        self.restart(context.now, context);
    }

    /// The limit of a rework round: the later of four working hours and half the
    /// original. Source: domain rule T11. It is counted from the end of the half day of the
    /// check and rounded outward: the check may have been a visit, and the deadline is told
    /// to the unit (ADR 0016).
    fn start_rework_clock(&mut self, context: &Context<'_>) {
        let start = context.calendar.end_of_half_day(context.now);
        let due_of = |limit: TimeLimit| limit.due(context.calendar, context.day_end, start);
        let outward = |limit, due| deadline::rounded_outward(limit, context.calendar, due);
        let least = deadline::REWORK_MINIMUM;
        let half = self.limit.map(|limit| limit.halved(context.calendar));
        let half_fixed = match (half, self.due_at, self.clock_started_at) {
            (None, Some(due), Some(started)) => Some(outward(None, start.plus(due.since(started) / 2))),
            _ => None,
        };
        self.due_fixed = half_fixed.filter(|due| *due > due_of(least));
        self.round_limit = match half {
            _ if self.due_fixed.is_some() => None,
            Some(half) if due_of(half) > due_of(least) => Some(half),
            _ => Some(least),
        };
        self.restart(start, context);
        self.due_at = self.due_at.map(|due| outward(self.round_limit, due));
    }

    fn restart(&mut self, start: Timestamp, context: &Context<'_>) {
        self.clock_started_at = Some(start);
        self.calendar_version = Some(context.calendar.version());
        self.due_at = self
            .due_fixed
            .or_else(|| self.round_limit.map(|limit| limit.due(context.calendar, context.day_end, start)));
    }

    /// Ends the open pause and moves the deadline by what was paused: whole half days, since
    /// when the office hung it and took it up again is not told finer (ADR 0016).
    fn resume_clock(&mut self, context: &Context<'_>) {
        let Some(pause) = self.pauses.last_mut() else { return };
        pause.span.to = Some(context.now);
        let wide = pause.span.widened(context.calendar);
        let stood_still = wide.to.unwrap_or(context.now).since(wide.from);
        let outward = |limit, due| deadline::rounded_outward(limit, context.calendar, due);
        self.calendar_version = Some(context.calendar.version());
        match (self.due_fixed, self.round_limit, self.clock_started_at) {
            (Some(due), ..) => {
                self.due_fixed = Some(outward(None, due.plus(stood_still)));
                self.due_at = self.due_fixed;
            }
            (None, Some(limit), Some(start)) => {
                let spans: Vec<Pause> = self
                    .pauses
                    .iter()
                    .map(|pause| pause.span.widened(context.calendar))
                    .filter(|span| span.to.is_none_or(|to| to > start))
                    .collect();
                let due = deadline::due_with_pauses(limit, context.calendar, context.day_end, start, &spans);
                self.due_at = Some(outward(Some(limit), due));
            }
            _ => {}
        }
    }

    fn give_back(&mut self, actor: &Actor, reason: &str, proposed: Option<crate::domain::ids::UnitId>, now: Timestamp) {
        if let Some(unit_id) = actor.unit_id {
            self.returns.push(UnitReturn {
                unit_id,
                at: now,
                reason: reason.to_owned(),
                proposed_unit_id: proposed,
                founded: None,
            });
        }
        self.lapse_requests();
    }

    /// The deadline an extension asks for: by default, and at most the first time,
    /// as long again as the original limit. Source: domain §5.2, "Extension 延期".
    fn extension_until(&self, asked: Option<Timestamp>, context: &Context<'_>) -> Result<Option<Timestamp>, Refusal> {
        let Some(due) = self.due_at else { return Ok(asked) };
        let longest = match (self.limit, self.clock_started_at) {
            (Some(limit), _) => limit.due(context.calendar, context.day_end, due),
            (None, Some(start)) => due.plus(due.since(start)),
            (None, None) => due,
        };
        let until = asked.unwrap_or(longest);
        if until <= due {
            return Err(Invalid::one(
                "/until",
                FieldCode::OutOfRange,
                format!("later than the present deadline {due}"),
            )
            .into());
        }
        if self.extensions_granted() == 0 && until > longest {
            return Err(
                Invalid::one("/until", FieldCode::OutOfRange, format!("a first extension ends by {longest}")).into()
            );
        }
        Ok(Some(until))
    }

    fn file(
        &mut self,
        actor: &Actor,
        kind: RequestKind,
        reason: &str,
        until: Option<Timestamp>,
        context: &Context<'_>,
    ) {
        let Some(unit_id) = actor.unit_id else { return };
        self.requests.push(UnitRequest {
            id: context.request_id,
            kind,
            state: RequestState::Pending,
            unit_id,
            filed_by: actor.user_id,
            filed_at: context.now,
            reason: reason.to_owned(),
            until,
            decided_by: None,
            decided_at: None,
            decision_reason: None,
        });
    }

    fn answer(
        &mut self,
        actor: &Actor,
        kind: RequestKind,
        id: RequestId,
        granted: bool,
        reason: &str,
        now: Timestamp,
    ) -> Result<Option<Timestamp>, Refusal> {
        let pending = self
            .requests
            .iter_mut()
            .find(|request| request.kind == kind && request.id == id && request.state == RequestState::Pending);
        let Some(request) = pending else {
            return Err(Invalid::one("/request_id", FieldCode::Unknown, "no such request waits for an answer").into());
        };
        request.state = if granted { RequestState::Granted } else { RequestState::Refused };
        request.decided_by = Some(actor.user_id);
        request.decided_at = Some(now);
        request.decision_reason = Some(reason.to_owned());
        Ok(request.until)
    }

    fn lapse_requests(&mut self) {
        for request in &mut self.requests {
            if request.state == RequestState::Pending {
                request.state = RequestState::Lapsed;
            }
        }
    }

    /// The new issue that a failed look-back opens. Source: domain rule T16.
    fn relapse(&self, actor: &Actor, command: &Command, note: Option<&str>, context: &Context<'_>) -> Transition {
        let photos = self
            .photos_of(command)
            .into_iter()
            .map(|photo| IssuePhoto { stage: PhotoStage::Found, round: 1, ..photo })
            .collect();
        let draft = Issue::new(NewIssue {
            id: context.child_id,
            source: Source::LookBack,
            severity: self.severity,
            campaign: self.campaign.clone(),
            item_code: self.item_code.clone(),
            point_id: self.point_id,
            area_code: self.area_code.clone(),
            finder_id: actor.user_id,
            visit_id: None,
            description: note.unwrap_or(&self.description).to_owned(),
            captured_at: context.now,
            location: None,
            received_at: context.now,
            parent: Some((self.id, self.chain_no)),
        });
        Issue::open(draft, actor, photos, true)
    }
}

fn within(window: TimeLimit, start: Option<Timestamp>, context: &Context<'_>) -> Result<(), Why> {
    let Some(start) = start else { return Ok(()) };
    let latest = window.due(context.calendar, context.day_end, start);
    if context.now > latest { Err(Why::WindowPassed(latest)) } else { Ok(()) }
}

/// The actions `actor` may take on `issue` now, in table order: what an answer's
/// `allowed_actions` lists, so that no client knows the rules.
#[must_use]
pub fn allowed_actions(issue: &Issue, actor: &Actor, context: &Context<'_>) -> Vec<Action> {
    Action::ALL
        .iter()
        .copied()
        .filter(|action| action.is_requestable() && issue.admit(actor, *action, context).is_ok())
        .collect()
}
