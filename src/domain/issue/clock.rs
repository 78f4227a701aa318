//! The clock of an issue: starting, pausing and resuming it, and the deadline that follows.

use super::Issue;
use super::decide::Context;
use super::refusal::Refusal;
use crate::domain::deadline::{self, Pause, TimeLimit};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::limits;
use crate::domain::role::Actor;
use crate::domain::time::{CLIENT_TIME_MAX, Timestamp};

impl Issue {
    /// Sets the limit at approval: the item's, halved for a rebound, or the given deadline.
    pub(super) fn set_limit(&mut self, due: Option<Timestamp>, context: &Context<'_>) -> Result<(), Refusal> {
        if due.is_some_and(|due| due <= context.now || due >= CLIENT_TIME_MAX) {
            return Err(Invalid::one("/due", FieldCode::OutOfRange, "in the future, before the year 2100").into());
        }
        if due.is_none() && context.item_limit.is_none() {
            return Err(Invalid::one("/due", FieldCode::Required, "this item has no fixed limit: say by when").into());
        }
        self.clock.limit = context.item_limit.map(|limit| self.shortened(limit, context));
        self.clock.due_fixed = due;
        Ok(())
    }

    /// `limit`, halved when this is a rebound. Source: domain rule T16.
    pub(super) fn shortened(&self, limit: TimeLimit, context: &Context<'_>) -> TimeLimit {
        if self.is_rebound() { limit.halved(context.calendar) } else { limit }
    }

    pub(super) fn hand_over(&mut self, actor: &Actor, context: &Context<'_>) {
        self.number = Some(context.number.to_owned());
        self.assignment.released_by = Some(actor.user_id);
        self.assignment.released_at = Some(context.now);
        self.assignment.assigned_at = Some(context.now);
        self.start_clock(context);
    }

    /// Starts the clock of the first limit now. A deadline set at approval is kept unless it has passed, or belonged to
    /// an earlier clock that a founded return annulled.
    pub(super) fn start_clock(&mut self, context: &Context<'_>) {
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

    /// The limit of a rework round: the later of four working hours and half the original limit. Source: domain rule
    /// T11. The original limit is the one at the hand-over, the same for every round: earlier rounds, extensions and
    /// pauses do not change what is halved. If a person set the deadline, the original is the time from the hand-over
    /// to it, even if the item has a limit. It is counted from the end of the half day of the check and rounded up,
    /// because the check may have been a visit and the unit sees the deadline (ADR 0016).
    pub(super) fn start_rework_clock(&mut self, context: &Context<'_>) {
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

    /// Ends the open pause and moves the deadline by its whole half days, since the unit may not learn more exactly
    /// when the office started and ended it (ADR 0016).
    pub(super) fn resume_clock(&mut self, context: &Context<'_>) {
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

    /// A step never moves a known deadline to an earlier time.
    pub(super) fn keep_later(&mut self, before: Option<Timestamp>) {
        if let (Some(before), Some(due)) = (before, self.clock.due_at) {
            self.clock.due_at = Some(before.max(due));
        }
    }
}
