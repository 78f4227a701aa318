//! Deciding a step: may this person (policy), can this happen now (lifecycle,
//! guards), and what then holds. The only maker of a [`Transition`].

mod books;
mod finding;
mod fix;
mod requests;
mod transition;

pub use transition::{EventRecord, Transition};

use serde_json::{Map, Value};

use super::offline::{OfflineRule, counts_from};
use super::refusal::{Duty, Refusal, Why};
use super::{
    Action, Command, Confirmation, Issue, IssuePhoto, Lead, MendedItem, PhotoStage, RequestKind, Severity, State,
    UnitReturn, step,
};
use crate::domain::calendar::WorkCalendar;
use crate::domain::deadline::{self, DayEnd, Pause, TimeLimit};
use crate::domain::ids::{IssueId, RequestId, UserId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::limits;
use crate::domain::policy::{self, Permission};
use crate::domain::role::Actor;
use crate::domain::time::Timestamp;
use books::begins_soon;
use requests::Answer;

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
    /// The item that a mended report names, looked up; `None` when it names none or the same.
    pub mended_item: Option<&'a MendedItem>,
    /// Whether there are doubts about the evidence.
    pub flagged: bool,
    /// What the actor is called: who signs in sees to it, unless somebody is named.
    pub actor_name: &'a str,
    /// Whether somebody of the unit can confirm a severe fix, or return what is severe.
    pub unit_has_vice_head: bool,
    /// How long the first limit was where a person set its end; `None` where it is the issue's `limit`. Needed for
    /// what is measured by the first limit: a rework round, an extension.
    pub first_length: Option<std::time::Duration>,
    /// How far an answer given offline counts from when it was given.
    pub offline: OfflineRule,
    /// A number no issue has yet.
    pub number: &'a str,
    /// An unused id, should a request be filed.
    pub request_id: RequestId,
    /// An unused id, should a relapse open a new issue.
    pub child_id: IssueId,
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

    /// How long the first limit was where a person set its end, by the recorded changes of an issue, oldest first:
    /// what its row says is overwritten by extensions, pauses and rounds.
    #[must_use]
    pub fn first_length<'a>(records: impl Iterator<Item = &'a Map<String, Value>>) -> Option<std::time::Duration> {
        let instant = |value: &Value| serde_json::from_value::<Option<Timestamp>>(value.clone()).ok().flatten();
        let mut set = None;
        for record in records {
            if let Some(value) = record.get("due_fixed") {
                set = instant(value);
            }
            // The hand-over: later starts of the clock are of what was made of the first limit.
            if let Some(start) = record.get("clock_started_at").and_then(instant) {
                return set.map(|due| due.since(start));
            }
        }
        None
    }

    /// Opens an issue that was just reported; `complete` when all its photos are here.
    #[must_use]
    pub fn open(mut draft: Issue, reporter: &Actor, photos: Vec<IssuePhoto>, complete: bool) -> Transition {
        draft.state = if complete { State::Submitted } else { State::Receiving };
        draft.finding.submitted_at = complete.then_some(draft.finding.received_at);
        let at = draft.finding.received_at;
        let mut transition = Transition::new(None, draft, Some(reporter), Action::Report, at, true);
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
        let finder = is(Some(self.finding.finder_id));
        let broken = match action {
            Action::Approve | Action::Reject | Action::ReleaseUrgent if finder => Some(Duty::FinderReviews),
            Action::Reject if is(self.review.rejection.as_ref().map(|first| first.vote.by)) => {
                Some(Duty::SecondReviewer)
            }
            Action::Release if is(self.review.approved_by) => Some(Duty::ApproverReleases),
            Action::Pass | Action::Fail
                if is(self.fix.fixed_by)
                    || is(self.confirmed_by())
                    || (actor.unit_id.is_some() && actor.unit_id == self.assignment.unit_id) =>
            {
                Some(Duty::HandlerCloses)
            }
            Action::Pass | Action::Fail if finder && self.finding.severity == Severity::High => {
                Some(Duty::FinderChecks)
            }
            Action::DecideDispute if is(self.review.approved_by) => Some(Duty::ApproverJudges),
            Action::LookBack if !self.may_look_back(actor.user_id) => Some(Duty::CheckerLooksBack),
            _ => None,
        };
        broken.map_or(Ok(()), |duty| Err(Refusal::Separation(duty)))
    }

    fn may_look_back(&self, inspector: UserId) -> bool {
        self.finding.finder_id != inspector && self.closing.closed_by != Some(inspector)
    }

    /// Guards that depend on what happened before and on the time.
    fn guard(&self, actor: &Actor, action: Action, context: &Context<'_>) -> Result<(), Why> {
        match action {
            Action::Return => {
                if self.assignment.final_assignment {
                    return Err(Why::FinalAssignment);
                }
                if self.assignment.returns.iter().any(|back| Some(back.unit_id) == actor.unit_id) {
                    return Err(Why::AlreadyReturned);
                }
                // Source: domain rule T7. A fix is confirmed by the vice head where it is severe; so is this.
                if self.finding.severity == Severity::High && context.unit_has_vice_head && !actor.vice_head {
                    return Err(Why::ViceHeadOnly);
                }
                let window = if self.assignment.urgent { RETURN_WINDOW_URGENT } else { RETURN_WINDOW };
                within(window, self.assignment.assigned_at, context)
            }
            Action::Dispute => {
                if self.pending(RequestKind::Dispute).is_some() {
                    return Err(Why::RequestPending);
                }
                within(DISPUTE_WINDOW, self.assignment.assigned_at, context)
            }
            Action::RequestExtension => {
                if self.pending(RequestKind::Extension).is_some() {
                    return Err(Why::RequestPending);
                }
                if self.extensions_granted() >= EXTENSIONS_MAX {
                    return Err(Why::ExtensionsExhausted);
                }
                let (Some(start), Some(due)) = (self.clock.clock_started_at, self.clock.due_at) else {
                    return Ok(());
                };
                let latest = deadline::extension_latest_filing(context.calendar, start, due);
                if context.now > latest { Err(Why::WindowPassed(latest)) } else { Ok(()) }
            }
            Action::DecideExtension => self.pending(RequestKind::Extension).map(|_| ()).ok_or(Why::NothingPending),
            Action::DecideDispute => self.pending(RequestKind::Dispute).map(|_| ()).ok_or(Why::NothingPending),
            Action::RequestHang if self.pending(RequestKind::Hang).is_some() => Err(Why::RequestPending),
            Action::DecideHang => self.pending(RequestKind::Hang).map(|_| ()).ok_or(Why::NothingPending),
            Action::ConfirmFix if !self.awaits_confirmation() => Err(Why::NothingPending),
            Action::ReachMilestone if self.next_milestone().is_none() => Err(Why::NothingPending),
            Action::AssignLookBack if self.closing.look_back_inspector_id.is_some() => Err(Why::LookBackPending),
            _ => Ok(()),
        }
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
        // The first of two opinions is the office's own until there is a second.
        let is_first_vote = action == Action::DecideDispute && after.pending(RequestKind::Dispute).is_some();
        let is_public = action.is_public() && !is_first_vote;
        let mut transition = Transition::new(Some(self), after, Some(actor), action, context.now, is_public);
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
            // It needs a calendar: `end_plan`.
            Action::EndPlan => return Err(illegal),
            Action::Submit => after.finding.submitted_at = Some(now),
            Action::LapseSignIn => {
                after.assignment.signed_in_at = Some(now);
                after.assignment.unclaimed = true;
            }
            _ => {}
        }
        Ok(Transition::new(Some(self), after, None, action, now, action.is_public()))
    }

    /// The instant until which the unit may sign in, while it has not.
    #[must_use]
    pub fn sign_in_by(&self, calendar: &WorkCalendar, day_end: DayEnd) -> Option<Timestamp> {
        let window = if self.assignment.urgent { SIGN_IN_WINDOW_URGENT } else { SIGN_IN_WINDOW };
        (self.state == State::Assigned)
            .then_some(self.assignment.assigned_at)?
            .map(|start| window.due(calendar, day_end, start))
    }

    fn photos_of(&self, command: &Command) -> Vec<IssuePhoto> {
        let stage = match command {
            Command::Resubmit { .. } => PhotoStage::Found,
            Command::ReportFix { .. } => PhotoStage::Fix,
            Command::LookBack { .. } => PhotoStage::LookBack,
            Command::RequestExtension { .. }
            | Command::Dispute { .. }
            | Command::RequestHang { .. }
            | Command::ReachMilestone { .. } => PhotoStage::Request,
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
                marks: photo.marks.clone(),
            })
            .collect()
    }

    /// What `command` changes besides the state.
    fn take(&mut self, actor: &Actor, command: &Command, context: &Context<'_>) -> Result<(), Refusal> {
        let now = context.now;
        match command {
            Command::Approve { severity, unit_id, due } => {
                self.finding.severity = severity.unwrap_or(self.finding.severity);
                self.assignment.unit_id = Some(*unit_id);
                self.review.approved_by = Some(actor.user_id);
                self.review.approved_at = Some(now);
                self.review.rejection = None;
                self.set_limit(*due, context)?;
            }
            Command::SendBack { .. } => self.review.rejection = None,
            Command::Resubmit { description, severity, .. } => {
                if let Some(description) = description {
                    self.finding.description.clone_from(description);
                }
                self.mend(*severity, context.mended_item);
                self.finding.submitted_at = Some(now);
            }
            Command::Reject { reason, duplicate_of } => self.reject(actor, reason, *duplicate_of, now),
            Command::Release => self.hand_over(actor, context),
            Command::ReleaseUrgent { severity, unit_id } => {
                self.finding.severity = *severity;
                self.assignment.unit_id = Some(*unit_id);
                self.assignment.urgent = true;
                self.review.approved_by = Some(actor.user_id);
                self.review.approved_at = Some(now);
                self.review.rejection = None;
                self.clock.limit = Some(self.shortened(context.item_limit.unwrap_or(limits::URGENT_LIMIT), context));
                self.hand_over(actor, context);
            }
            Command::SignIn { handler } => {
                self.assignment.handler = Some(handler.as_deref().unwrap_or(context.actor_name).to_owned());
                self.assignment.signed_in_at = Some(now);
            }
            Command::Return { reason, proposed_unit_id } => self.give_back(actor, reason, *proposed_unit_id, now),
            Command::Reassign { unit_id, founded, is_final } => {
                if let Some(back) = self.assignment.returns.last_mut() {
                    back.founded = Some(*founded);
                }
                self.assignment.unit_id = Some(*unit_id);
                self.assignment.assigned_at = Some(now);
                self.assignment.signed_in_at = None;
                self.assignment.handler = None;
                self.fix.confirmation = None;
                self.assignment.unclaimed = false;
                self.assignment.final_assignment = *is_final || self.assignment.returns.len() > 1;
                if *founded {
                    let before = self.clock.due_at;
                    self.start_clock(context);
                    self.keep_later(before);
                }
            }
            Command::ReportFix { measure, remedy, composed_at, sent_at, .. } => {
                self.fix.measure = Some(measure.clone());
                self.fix.remedy = Some(*remedy);
                self.fix.fixed_by = Some(actor.user_id);
                let counted = counts_from(context.offline, now, *composed_at, *sent_at);
                self.report_fix(actor, counted, context);
                // Where the clock signed in for the unit, whoever reports the fix sees to it.
                self.assignment.handler.get_or_insert_with(|| context.actor_name.to_owned());
            }
            Command::AssignCheck { inspector_id } => {
                if self.finding.severity == Severity::High && *inspector_id == self.finding.finder_id {
                    return Err(Refusal::Separation(Duty::FinderChecks));
                }
                self.closing.checker_id = Some(*inspector_id);
            }
            Command::Pass { on_site, note, .. } => {
                self.closing.desk_reason = self.why_at_the_desk(actor, *on_site, note.as_deref(), context)?;
                self.closing.closed_by = Some(actor.user_id);
                self.closing.closed_at = Some(now);
                self.closing.closed_on_site = Some(*on_site);
                let counted = self.fix.fix_counted_at.or(self.fix.reported_at);
                self.closing.on_time = counted.zip(self.clock.due_at).map(|(counted, due)| counted <= due);
                self.lapse_requests(None);
            }
            Command::Fail { .. } => {
                self.round += 1;
                // What was asked for the round that is over would set its date: the unit may ask again.
                self.lapse_requests(Some(RequestKind::Extension));
                self.start_rework_clock(context);
            }
            Command::ConfirmFix => {
                self.fix.confirmation = Some(Confirmation::Given { by: actor.user_id, at: now });
                self.reported(now, now);
            }
            Command::RequestHang { plan, reason, .. } => {
                begins_soon(plan, context)?;
                self.file(actor, RequestKind::Hang, reason, context);
                if let Some(filed) = self.requests.last_mut() {
                    filed.plan = Some(plan.clone());
                }
            }
            Command::DecideHang { request_id, granted, reason } => {
                let answer = Answer { kind: RequestKind::Hang, id: *request_id, granted: *granted, reason };
                let plan = self.answer(actor, &answer, now)?.plan.clone();
                if let (true, Some(plan), Lead::StaysOr(state)) = (*granted, plan, step(Action::DecideHang).lead) {
                    self.state = state;
                    self.hang(actor, plan, reason, context);
                }
            }
            Command::Hang { plan, reason } => {
                begins_soon(plan, context)?;
                self.lapse_requests(Some(RequestKind::Hang));
                self.hang(actor, plan.clone(), reason, context);
            }
            Command::ReachMilestone { .. } => {
                let today = context.calendar.civil_date(now);
                if let Some(step) = self.next_milestone_mut() {
                    step.reached_on = Some(today);
                }
            }
            Command::Unhang { .. } => self.unhang(context),
            Command::RequestExtension { reason, until, .. } => {
                let until = self.extension_until(*until, context)?;
                self.file(actor, RequestKind::Extension, reason, context);
                if let Some(filed) = self.requests.last_mut() {
                    filed.until = until;
                }
            }
            Command::Dispute { reason, .. } => self.file(actor, RequestKind::Dispute, reason, context),
            Command::DecideExtension { request_id, granted, reason } => {
                let answer = Answer { kind: RequestKind::Extension, id: *request_id, granted: *granted, reason };
                let due = self.clock.due_at;
                let request = self.answer(actor, &answer, now)?;
                if let (true, Some(until)) = (*granted, request.until) {
                    // The deadline may have moved beyond what was asked since, as when the clock stood still.
                    let later = due.map_or(until, |due| until.max(due));
                    request.until = Some(later);
                    self.clock.due_fixed = Some(later);
                    self.clock.due_at = Some(later);
                }
            }
            Command::DecideDispute { request_id, granted, reason } => {
                let answer = Answer { kind: RequestKind::Dispute, id: *request_id, granted: *granted, reason };
                let is_settled = self.answer_by_two(actor, &answer, now)?;
                if let (true, true, Lead::StaysOr(state)) = (is_settled, *granted, step(Action::DecideDispute).lead) {
                    self.state = state;
                    self.lapse_requests(None);
                }
            }
            Command::AssignLookBack { inspector_id } => {
                if !self.may_look_back(*inspector_id) {
                    return Err(Refusal::Separation(Duty::CheckerLooksBack));
                }
                self.closing.look_back_inspector_id = Some(*inspector_id);
            }
            Command::LookBack { .. } => self.closing.look_back_inspector_id = None,
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
        self.clock.limit = context.item_limit.map(|limit| self.shortened(limit, context));
        self.clock.due_fixed = due;
        Ok(())
    }

    /// `limit`, halved when this is a rebound. Source: domain rule T16.
    fn shortened(&self, limit: TimeLimit, context: &Context<'_>) -> TimeLimit {
        if self.is_rebound() { limit.halved(context.calendar) } else { limit }
    }

    fn hand_over(&mut self, actor: &Actor, context: &Context<'_>) {
        self.number = Some(context.number.to_owned());
        self.assignment.released_by = Some(actor.user_id);
        self.assignment.released_at = Some(context.now);
        self.assignment.assigned_at = Some(context.now);
        self.start_clock(context);
    }

    /// Starts the clock of the first limit now. An instant fixed at approval stands
    /// unless it has passed or belonged to an earlier clock, which a founded return annuls.
    fn start_clock(&mut self, context: &Context<'_>) {
        let first = self.clock.clock_started_at.is_none();
        let fixed = match (self.clock.due_fixed, self.clock.clock_started_at) {
            (Some(due), Some(started)) if !first => Some(context.now.plus(due.since(started))),
            (fixed, _) => fixed,
        };
        self.clock.due_fixed = fixed.filter(|due| *due > context.now);
        self.clock.round_limit =
            self.clock.due_fixed.is_none().then(|| self.clock.limit.unwrap_or(limits::FALLBACK_LIMIT));
        self.restart(context.now, context);
    }

    /// The limit of a rework round: the later of four working hours and half the
    /// original. Source: domain rule T11. The original is the limit as it was handed over, the same for every
    /// round: neither an earlier round, nor an extension, nor a pause changes what is halved. Where a person set
    /// the deadline it is the time from the hand-over to it, also beside an item that has a limit. It is counted from the end of the half day of the
    /// check and rounded outward: the check may have been a visit, and the deadline is told
    /// to the unit (ADR 0016).
    fn start_rework_clock(&mut self, context: &Context<'_>) {
        let start = context.calendar.end_of_half_day(context.now);
        let due_of = |limit: TimeLimit| limit.due(context.calendar, context.day_end, start);
        let outward = |limit, due| deadline::rounded_outward(limit, context.calendar, due);
        let least = deadline::REWORK_MINIMUM;
        let half_fixed = context.first_length.map(|length| outward(None, start.plus(length / 2)));
        let half = self.clock.limit.unwrap_or(limits::FALLBACK_LIMIT).halved(context.calendar);
        self.clock.due_fixed = half_fixed.filter(|due| *due > due_of(least));
        self.clock.round_limit = match (half_fixed, self.clock.due_fixed) {
            (_, Some(_)) => None,
            (None, None) if due_of(half) > due_of(least) => Some(half),
            (_, None) => Some(least),
        };
        self.restart(start, context);
        self.clock.due_at = self.clock.due_at.map(|due| outward(self.clock.round_limit, due));
    }

    fn restart(&mut self, start: Timestamp, context: &Context<'_>) {
        self.clock.clock_started_at = Some(start);
        self.clock.calendar_version = Some(context.calendar.version());
        self.clock.due_at = self
            .clock
            .due_fixed
            .or_else(|| self.clock.round_limit.map(|limit| limit.due(context.calendar, context.day_end, start)));
    }

    /// Ends the open pause and moves the deadline by what was paused: whole half days, since
    /// when the office hung it and took it up again is not told finer (ADR 0016).
    fn resume_clock(&mut self, context: &Context<'_>) {
        let Some(pause) = self.clock.pauses.last_mut() else { return };
        pause.span.to = Some(context.now);
        let wide = pause.span.widened(context.calendar);
        let stood_still = wide.to.unwrap_or(context.now).since(wide.from);
        let outward = |limit, due| deadline::rounded_outward(limit, context.calendar, due);
        self.clock.calendar_version = Some(context.calendar.version());
        match (self.clock.due_fixed, self.clock.round_limit, self.clock.clock_started_at) {
            (Some(due), ..) => {
                self.clock.due_fixed = Some(outward(None, due.plus(stood_still)));
                self.clock.due_at = self.clock.due_fixed;
            }
            (None, Some(limit), Some(start)) => {
                let spans: Vec<Pause> = self
                    .clock
                    .pauses
                    .iter()
                    .map(|pause| pause.span.widened(context.calendar))
                    .filter(|span| span.to.is_none_or(|to| to > start))
                    .collect();
                let due = deadline::due_with_pauses(limit, context.calendar, context.day_end, start, &spans);
                self.clock.due_at = Some(outward(Some(limit), due));
            }
            _ => {}
        }
    }

    fn give_back(&mut self, actor: &Actor, reason: &str, proposed: Option<crate::domain::ids::UnitId>, now: Timestamp) {
        if let Some(unit_id) = actor.unit_id {
            self.assignment.returns.push(UnitReturn {
                unit_id,
                at: now,
                reason: reason.to_owned(),
                proposed_unit_id: proposed,
                founded: None,
            });
        }
        self.fix.confirmation = None;
        self.lapse_requests(None);
    }

    /// A deadline that was known before a step is not taken back by it.
    fn keep_later(&mut self, before: Option<Timestamp>) {
        if let (Some(before), Some(due)) = (before, self.clock.due_at) {
            self.clock.due_at = Some(before.max(due));
        }
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
