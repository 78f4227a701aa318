//! Who may take which step of a month, and what it changes.

use super::dates::{MonthDates, objections_until, start_of};
use super::{LockVote, MonthAction, MonthNext, MonthRecord, MonthState, Objection, ObjectionAnswer, month_step};
use crate::domain::calendar::WorkCalendar;
use crate::domain::digest::Digest;
use crate::domain::ids::{ObjectionId, UserId};
use crate::domain::invalid::Invalid;
use crate::domain::limits::REASON_CHARS_MAX;
use crate::domain::month::{Month, Row, Rules};
use crate::domain::role::{Actor, Role};
use crate::domain::time::Timestamp;

/// Longest number of a circular, in characters. Source: our choice; real ones have about twenty.
pub const CIRCULAR_CHARS_MAX: usize = 100;
/// Most objections of a unit against one month. Source: our choice; a score has fewer figures.
const OBJECTIONS_MAX: usize = 20;

/// A step of a month with what it needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MonthCommand {
    /// Freeze this snapshot with these results.
    Freeze {
        /// Digest of the snapshot.
        snapshot: Digest,
        /// Digest of the results.
        results: Digest,
    },
    /// Let units see their scores.
    Preview,
    /// Object.
    Object {
        /// Identity, chosen by the client.
        id: ObjectionId,
        /// What it is about.
        row: Option<Row>,
        /// Why.
        reason: String,
    },
    /// Answer an objection.
    Answer {
        /// Which.
        id: ObjectionId,
        /// Whether it is right.
        is_upheld: bool,
        /// Why.
        reason: String,
    },
    /// Decide on this snapshot, read again, and these results: what was upheld or withdrawn in the preview counts.
    Decide {
        /// Digest of the snapshot.
        snapshot: Digest,
        /// Digest of the results.
        results: Digest,
    },
    /// Lock these results.
    Lock {
        /// Digest of the results as this person saw them, which were computed again from the snapshot.
        results: Digest,
    },
    /// Publish by a circular.
    Publish {
        /// Its number.
        circular_no: String,
    },
}

impl MonthCommand {
    /// The action.
    #[must_use]
    pub fn action(&self) -> MonthAction {
        match self {
            MonthCommand::Freeze { .. } => MonthAction::Freeze,
            MonthCommand::Preview => MonthAction::Preview,
            MonthCommand::Object { .. } => MonthAction::Object,
            MonthCommand::Answer { .. } => MonthAction::Answer,
            MonthCommand::Decide { .. } => MonthAction::Decide,
            MonthCommand::Lock { .. } => MonthAction::Lock,
            MonthCommand::Publish { .. } => MonthAction::Publish,
        }
    }
}

/// What a decision needs besides the month.
#[derive(Debug, Clone, Copy)]
pub struct MonthContext<'a> {
    /// Server time.
    pub now: Timestamp,
    /// The county's calendar.
    pub calendar: &'a WorkCalendar,
    /// The rules of the month.
    pub rules: &'a Rules,
}

/// Why a step of a month is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MonthWhy {
    /// The role may not take it.
    Forbidden,
    /// There is no such step from this state.
    Illegal {
        /// The present state.
        state: MonthState,
        /// The requested action.
        action: MonthAction,
    },
    /// Its time has not come; it comes then.
    TooEarly(Timestamp),
    /// Its time ended then.
    WindowPassed(Timestamp),
    /// An objection waits for an answer.
    ObjectionPending(ObjectionId),
    /// There is no such objection, or it was answered.
    NoSuchObjection,
    /// An earlier month is not locked yet: its ranks and corrections would still change this one.
    EarlierOpen(Month),
    /// The unit has an objection about this row that waits for its answer.
    AlreadyObjected,
    /// The unit has objected as often as it may.
    TooManyObjections,
    /// These are not the results that hold.
    ResultsDiffer,
    /// The same person cast the first vote.
    SecondPerson,
    /// Its fields are wrong.
    Invalid(Invalid),
}

/// Proof of one decided step. Only this module makes one; the store writes only what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthTransition {
    expected: i64,
    after: MonthRecord,
    action: MonthAction,
    actor_id: Option<UserId>,
    at: Timestamp,
}

impl MonthTransition {
    /// The version that the stored row must still have.
    #[must_use]
    pub fn expected_version(&self) -> i64 {
        self.expected
    }

    /// The month after the step.
    #[must_use]
    pub fn after(&self) -> &MonthRecord {
        &self.after
    }

    /// The action.
    #[must_use]
    pub fn action(&self) -> MonthAction {
        self.action
    }

    /// Who took it; `None` for the service itself.
    #[must_use]
    pub fn actor_id(&self) -> Option<UserId> {
        self.actor_id
    }

    /// When.
    #[must_use]
    pub fn at(&self) -> Timestamp {
        self.at
    }
}

impl MonthRecord {
    /// Decides `command` by a person, or by the service itself (`None`).
    ///
    /// # Errors
    /// Why it is refused.
    pub fn decide(
        &self,
        actor: Option<&Actor>,
        command: &MonthCommand,
        context: &MonthContext<'_>,
    ) -> Result<MonthTransition, MonthWhy> {
        let action = command.action();
        let step = month_step(action);
        let is_permitted = actor.map_or(step.by_service, |actor| actor.role == step.role);
        if !is_permitted {
            return Err(MonthWhy::Forbidden);
        }
        if self.state != step.from {
            return Err(MonthWhy::Illegal { state: self.state, action });
        }
        let mut after = self.clone();
        after.apply(actor, command, context)?;
        after.version += 1;
        after.state = match step.next {
            MonthNext::To(state) => state,
            MonthNext::Unchanged => self.state,
            MonthNext::WithSecond(state) if after.second_vote.is_some() => state,
            MonthNext::WithSecond(_) => self.state,
        };
        let actor_id = actor.map(|actor| actor.user_id);
        Ok(MonthTransition { expected: self.version, after, action, actor_id, at: context.now })
    }

    fn apply(
        &mut self,
        actor: Option<&Actor>,
        command: &MonthCommand,
        context: &MonthContext<'_>,
    ) -> Result<(), MonthWhy> {
        let MonthContext { now, calendar, rules } = *context;
        match command {
            MonthCommand::Freeze { snapshot, results } => {
                let dates = MonthDates::of(self.month, calendar, rules);
                not_before(now, start_of(dates.freeze_on, calendar))?;
                self.frozen_at = Some(now);
                (self.snapshot, self.results) = (Some(*snapshot), Some(*results));
            }
            MonthCommand::Preview => {
                self.preview_at = Some(now);
                self.objections_until = Some(objections_until(calendar.civil_date(now), calendar, rules));
            }
            MonthCommand::Object { id, row, reason } => self.object(actor, *id, *row, reason, now)?,
            MonthCommand::Answer { id, is_upheld, reason } => {
                let by = person(actor)?;
                prose("/reason", reason, REASON_CHARS_MAX)?;
                let objection = self.objections.iter_mut().find(|objection| objection.id == *id);
                let pending = objection.filter(|objection| objection.answer.is_none());
                let answer = ObjectionAnswer { by, at: now, is_upheld: *is_upheld, reason: reason.clone() };
                pending.ok_or(MonthWhy::NoSuchObjection)?.answer = Some(answer);
            }
            MonthCommand::Decide { snapshot, results } => {
                not_before(now, self.objections_until.unwrap_or(now))?;
                if let Some(pending) = self.objections.iter().find(|objection| objection.answer.is_none()) {
                    return Err(MonthWhy::ObjectionPending(pending.id));
                }
                (self.snapshot, self.results) = (Some(*snapshot), Some(*results));
                (self.decided_at, self.decided_by) = (Some(now), Some(person(actor)?));
            }
            MonthCommand::Lock { results } => self.lock(person(actor)?, *results, context)?,
            MonthCommand::Publish { circular_no } => {
                prose("/circular_no", circular_no, CIRCULAR_CHARS_MAX)?;
                (self.published_at, self.circular_no) = (Some(now), Some(circular_no.clone()));
            }
        }
        Ok(())
    }

    fn object(
        &mut self,
        actor: Option<&Actor>,
        id: ObjectionId,
        row: Option<Row>,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), MonthWhy> {
        let by = person(actor)?;
        let unit_id = actor.and_then(|actor| actor.unit_id).ok_or(MonthWhy::Forbidden)?;
        if let Some(until) = self.objections_until.filter(|until| *until <= now) {
            return Err(MonthWhy::WindowPassed(until));
        }
        prose("/reason", reason, REASON_CHARS_MAX)?;
        let mut invalid = Invalid::default();
        invalid.random_id("/id", id.0);
        if self.objections.iter().any(|objection| objection.id == id) {
            invalid.push("/id", crate::domain::invalid::FieldCode::Duplicate, "already used");
        }
        invalid.into_result().map_err(MonthWhy::Invalid)?;
        let own = || self.objections.iter().filter(|objection| objection.unit_id == unit_id);
        if own().any(|objection| objection.row == row && objection.answer.is_none()) {
            return Err(MonthWhy::AlreadyObjected);
        }
        if own().count() >= OBJECTIONS_MAX {
            return Err(MonthWhy::TooManyObjections);
        }
        self.objections.push(Objection { id, unit_id, by, at: now, row, reason: reason.to_owned(), answer: None });
        Ok(())
    }

    fn lock(&mut self, by: UserId, results: Digest, context: &MonthContext<'_>) -> Result<(), MonthWhy> {
        if self.results != Some(results) {
            return Err(MonthWhy::ResultsDiffer);
        }
        let vote = LockVote { by, at: context.now, results };
        match self.first_vote {
            None => self.first_vote = Some(vote),
            Some(first) if first.by == by => return Err(MonthWhy::SecondPerson),
            Some(_) => {
                self.second_vote = Some(vote);
                let dates = MonthDates::of(self.month, context.calendar, context.rules);
                self.is_lock_late = context.now >= dates.lock_until;
            }
        }
        Ok(())
    }

    /// What a person of this role may do now. Guards of time are not asked.
    #[must_use]
    pub fn allowed_actions(&self, role: Role) -> Vec<MonthAction> {
        let steps = super::MONTH_CYCLE.iter().filter(|step| step.from == self.state && step.role == role);
        steps.map(|step| step.action).collect()
    }

    /// Whether corrections of this month go to a later one as adjustment lines.
    #[must_use]
    pub fn is_immutable(&self) -> bool {
        match self.state {
            MonthState::Locked | MonthState::Published => true,
            MonthState::Open | MonthState::Frozen | MonthState::Preview | MonthState::Decided => false,
        }
    }
}

fn person(actor: Option<&Actor>) -> Result<UserId, MonthWhy> {
    actor.map(|actor| actor.user_id).ok_or(MonthWhy::Forbidden)
}

fn not_before(now: Timestamp, from: Timestamp) -> Result<(), MonthWhy> {
    if now < from { Err(MonthWhy::TooEarly(from)) } else { Ok(()) }
}

fn prose(pointer: &str, text: &str, max: usize) -> Result<(), MonthWhy> {
    let mut invalid = Invalid::default();
    invalid.prose(pointer, text, max);
    invalid.into_result().map_err(MonthWhy::Invalid)
}
