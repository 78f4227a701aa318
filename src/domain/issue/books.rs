//! Putting issues on the books 挂账 and taking them off again.

use super::command::days_between;
use super::decide::Context;
use super::refusal::Refusal;
use super::{Action, ClockPause, Issue, Milestone, Plan, State, Transition};
use crate::domain::calendar::WorkCalendar;
use crate::domain::deadline::Pause;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::limits;
use crate::domain::role::Actor;
use crate::domain::time::Timestamp;

impl Issue {
    /// Puts the issue on the books with this plan, and pauses its clock.
    pub(super) fn hang(&mut self, actor: &Actor, plan: Plan, reason: &str, context: &Context<'_>) {
        let missed_before = self.missed_milestones(context.calendar.civil_date(context.now));
        self.clock.plan = Some(Plan { missed_before, ..plan });
        self.clock.pauses.push(ClockPause {
            span: Pause { from: context.now, to: None },
            reason: reason.to_owned(),
            approved_by: actor.user_id,
        });
    }

    /// Takes the issue off the books, and resumes its clock.
    pub(super) fn unhang(&mut self, context: &Context<'_>) {
        if let Some(plan) = &mut self.clock.plan {
            plan.ended_on = Some(context.calendar.civil_date(context.now));
        }
        let before = self.clock.due_at;
        self.resume_clock(context);
        self.keep_later(before);
    }

    pub(super) fn next_milestone(&self) -> Option<&Milestone> {
        self.clock.plan.as_ref()?.milestones.iter().find(|milestone| milestone.reached_on.is_none())
    }

    pub(super) fn next_milestone_mut(&mut self) -> Option<&mut Milestone> {
        self.clock.plan.as_mut()?.milestones.iter_mut().find(|milestone| milestone.reached_on.is_none())
    }

    /// When the plan of a hung issue ends. Source: domain rule T14.
    #[must_use]
    pub fn plan_ends(&self, calendar: &WorkCalendar) -> Option<Timestamp> {
        let last = self.clock.plan.as_ref().filter(|_| self.state == State::Hung)?.last_day()?;
        Some(calendar.end_of_day(last))
    }

    /// Decides that an issue comes off the books because its plan has ended.
    ///
    /// # Errors
    /// [`Refusal::Illegal`] when it is not hung, or its plan has not ended.
    pub fn end_plan(&self, context: &Context<'_>) -> Result<Transition, Refusal> {
        let action = Action::EndPlan;
        if self.plan_ends(context.calendar).is_none_or(|end| end > context.now) {
            return Err(Refusal::Illegal { state: self.state, action });
        }
        self.by_service(action, context.now, |after| after.unhang(context))
    }
}

/// The first milestone of a plan must not be in the past, nor too far ahead.
pub(super) fn begins_soon(plan: &Plan, context: &Context<'_>) -> Result<(), Refusal> {
    let today = context.calendar.civil_date(context.now);
    let max = limits::MILESTONE_GAP_DAYS_MAX;
    match plan.milestones.first() {
        Some(first) if !(0..=max).contains(&days_between(today, first.due)) => {
            let detail = format!("within {max} days from today");
            Err(Invalid::one("/plan/0/due", FieldCode::OutOfRange, detail).into())
        }
        Some(_) | None => Ok(()),
    }
}
