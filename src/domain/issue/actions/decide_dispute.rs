//! `decide-dispute` 异议认定: the office judges a dispute; upholding it takes two people.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Body, Effect, Named, Rules, StaleAfter, Words, answer_or_second_opinion};
use crate::domain::ids::RequestId;
use crate::domain::invalid::Invalid;
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::{Duty, Refusal, Why};
use crate::domain::issue::requests::Answer;
use crate::domain::issue::{Action, CommandPhoto, Issue, PhotoStage, RequestKind};
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `decide-dispute`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Decide)]
pub struct DecideDispute {
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
    duty: approver_judges,
    guard: one_waits,
};

impl Body for DecideDispute {
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
            Answer { kind: RequestKind::Dispute, id: self.request_id, granted: self.granted, reason: &self.reason };
        let is_settled = issue.answer_by_two(actor, &answer, context.now)?;
        if is_settled && self.granted {
            issue.move_on(Action::DecideDispute);
            issue.lapse_requests(None);
        }
        // The first of two opinions is shown to the office only, until there is a second.
        Ok(Effect { is_kept_back: !is_settled, opens: None })
    }
}

fn approver_judges(issue: &Issue, actor: &Actor) -> Option<Duty> {
    (issue.review.approved_by == Some(actor.user_id)).then_some(Duty::ApproverJudges)
}

fn one_waits(issue: &Issue, _: &Actor, _: &Context<'_>) -> Result<(), Why> {
    issue.one_waits(RequestKind::Dispute)
}
