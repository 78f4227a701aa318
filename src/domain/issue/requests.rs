//! Requests of a unit to the office: filing, answering and lapsing.

use super::decide::Context;
use super::refusal::{Duty, Refusal, Why};
use super::{Issue, RequestKind, RequestState, UnitRequest, Vote};
use crate::domain::ids::RequestId;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::limits;
use crate::domain::role::Actor;
use crate::domain::time::Timestamp;

/// The office's answer to a request.
pub(super) struct Answer<'a> {
    pub(super) kind: RequestKind,
    pub(super) id: RequestId,
    pub(super) granted: bool,
    pub(super) reason: &'a str,
}

impl Issue {
    /// Guard: no request of this kind is pending.
    pub(super) fn none_waits(&self, kind: RequestKind) -> Result<(), Why> {
        if self.pending(kind).is_none() { Ok(()) } else { Err(Why::RequestPending) }
    }

    /// Guard: a request of this kind is pending.
    pub(super) fn one_waits(&self, kind: RequestKind) -> Result<(), Why> {
        if self.pending(kind).is_some() { Ok(()) } else { Err(Why::NothingPending) }
    }

    pub(super) fn extensions_granted(&self) -> usize {
        self.requests
            .iter()
            .filter(|request| request.kind == RequestKind::Extension && request.state == RequestState::Granted)
            .count()
    }

    fn longest_extension(&self, due: Timestamp, context: &Context<'_>) -> Timestamp {
        match (context.first_length, self.clock.limit.unwrap_or(limits::FALLBACK_LIMIT)) {
            (Some(length), _) => due.plus(length),
            (None, limit) => limit.due_again(context.calendar, context.day_end, due),
        }
    }

    /// The latest deadline that the unit may ask for; `None` where nothing limits it: of a second extension, or without
    /// a deadline.
    #[must_use]
    pub fn extension_until_max(&self, context: &Context<'_>) -> Option<Timestamp> {
        let due = self.clock.due_at.filter(|_| self.extensions_granted() == 0)?;
        Some(self.longest_extension(due, context))
    }

    /// The deadline of an extension: the requested one, by default as long again as the original limit, which is also
    /// the maximum of a first extension. Source: domain §5.2, "Extension 延期".
    pub(super) fn extension_until(
        &self,
        asked: Option<Timestamp>,
        context: &Context<'_>,
    ) -> Result<Option<Timestamp>, Refusal> {
        let Some(due) = self.clock.due_at else { return Ok(asked) };
        let longest = self.longest_extension(due, context);
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

    pub(super) fn file(&mut self, actor: &Actor, kind: RequestKind, reason: &str, context: &Context<'_>) {
        let Some(unit_id) = actor.unit_id else { return };
        self.requests.push(UnitRequest {
            id: context.request_id,
            kind,
            state: RequestState::Pending,
            unit_id,
            filed_by: actor.user_id,
            filed_at: context.now,
            reason: reason.to_owned(),
            until: None,
            plan: None,
            first_vote: None,
            decided_by: None,
            decided_at: None,
            decision_reason: None,
        });
    }

    fn waiting(&mut self, kind: RequestKind, id: RequestId) -> Result<&mut UnitRequest, Refusal> {
        self.requests
            .iter_mut()
            .find(|request| request.kind == kind && request.id == id && request.state == RequestState::Pending)
            .ok_or_else(|| {
                Invalid::one("/request_id", FieldCode::Unknown, "no such request waits for an answer").into()
            })
    }

    /// One person's answer, which decides the request.
    pub(super) fn answer(
        &mut self,
        actor: &Actor,
        answer: &Answer<'_>,
        now: Timestamp,
    ) -> Result<&mut UnitRequest, Refusal> {
        let request = self.waiting(answer.kind, answer.id)?;
        request.state = if answer.granted { RequestState::Granted } else { RequestState::Refused };
        request.decided_by = Some(actor.user_id);
        request.decided_at = Some(now);
        request.decision_reason = Some(answer.reason.to_owned());
        Ok(request)
    }

    /// An answer that needs two people to grant: the first vote is kept and the request goes on waiting; one person is
    /// enough to refuse. Answers whether the request is decided. Source: domain rule T17.
    pub(super) fn answer_by_two(
        &mut self,
        actor: &Actor,
        answer: &Answer<'_>,
        now: Timestamp,
    ) -> Result<bool, Refusal> {
        let request = self.waiting(answer.kind, answer.id)?;
        match &request.first_vote {
            None if answer.granted => {
                request.first_vote = Some(Vote { by: actor.user_id, at: now, reason: answer.reason.to_owned() });
                return Ok(false);
            }
            Some(first) if answer.granted && first.by == actor.user_id => {
                return Err(Refusal::Separation(Duty::SecondJudge));
            }
            None | Some(_) => {}
        }
        self.answer(actor, answer, now)?;
        Ok(true)
    }

    /// Pending requests lapse: all of them, or those of one kind.
    pub(super) fn lapse_requests(&mut self, only: Option<RequestKind>) {
        for request in &mut self.requests {
            if request.state == RequestState::Pending && only.is_none_or(|kind| kind == request.kind) {
                request.state = RequestState::Lapsed;
            }
        }
    }
}
