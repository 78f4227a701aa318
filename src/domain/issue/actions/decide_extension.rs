//! `decide-extension` 延期审批: the office decides whether the deadline moves.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Body, Effect, Named, Rules, StaleAfter, Words, answer_or_second_opinion, no_duty};
use crate::domain::ids::RequestId;
use crate::domain::invalid::Invalid;
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::{Refusal, Why};
use crate::domain::issue::requests::Answer;
use crate::domain::issue::{CommandPhoto, Issue, PhotoStage, RequestKind};
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `decide-extension`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Decide)]
pub struct DecideExtension {
    /// Which request.
    pub request_id: RequestId,
    /// The answer.
    pub granted: bool,
    /// Why.
    pub reason: String,
}

/// Its rules.
pub(super) const RULES: Rules = Rules {
    moment: Moment::RequestDecided,
    is_concealed: false,
    tells: answer_or_second_opinion,
    stale_after: StaleAfter::Any,
    needs: &[],
    duty: no_duty,
    guard: one_waits,
};

impl Body for DecideExtension {
    fn words(&self) -> Words<'_> {
        Words::reason(&self.reason)
    }

    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])> {
        None
    }

    fn names(&self) -> Vec<Named<'_>> {
        Vec::new()
    }

    fn check(&self, _: &mut Invalid) {}

    fn take(&self, issue: &mut Issue, actor: &Actor, context: &Context<'_>) -> Result<Effect, Refusal> {
        let answer =
            Answer { kind: RequestKind::Extension, id: self.request_id, granted: self.granted, reason: &self.reason };
        let due = issue.clock.due_at;
        let request = issue.answer(actor, &answer, context.now)?;
        if let (true, Some(until)) = (self.granted, request.until) {
            // The deadline may have moved past the requested one since, for example by a pause.
            let later = due.map_or(until, |due| until.max(due));
            request.until = Some(later);
            issue.clock.due_fixed = Some(later);
            issue.clock.due_at = Some(later);
        }
        Ok(Effect::default())
    }
}

fn one_waits(issue: &Issue, _: &Actor, _: &Context<'_>) -> Result<(), Why> {
    issue.one_waits(RequestKind::Extension)
}
