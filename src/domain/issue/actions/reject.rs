//! `reject` 不予立案: the office drops a report; a severe one only when a second person agrees.

use serde::Deserialize;
use utoipa::ToSchema;

use super::approve::finder_reviews;
use super::{Body, Effect, Named, Rules, StaleAfter, Transition, Words, no_guard};
use crate::domain::ids::IssueId;
use crate::domain::invalid::Invalid;
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::{Duty, Refusal};
use crate::domain::issue::{Action, CommandPhoto, Issue, PhotoStage, Rejection, Severity, Vote};
use crate::domain::notice::NoticeKind;
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `reject`. What is severe is dropped when a second person says so too; until then it waits.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reject {
    /// Why it is no case.
    pub reason: String,
    /// The issue it repeats.
    #[serde(default)]
    pub duplicate_of: Option<IssueId>,
}

/// Its rules.
pub(super) const RULES: Rules = Rules {
    moment: Moment::Reviewed,
    is_concealed: false,
    tells: second_opinion_or_nothing,
    stale_after: StaleAfter::Any,
    needs: &[],
    duty: reviewers_differ,
    guard: no_guard,
};

impl Body for Reject {
    fn words(&self) -> Words<'_> {
        Words::reason(&self.reason)
    }

    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])> {
        None
    }

    fn names(&self) -> Vec<Named<'_>> {
        self.duplicate_of.map(Named::OtherIssue).into_iter().collect()
    }

    fn check(&self, _: &mut Invalid) {}

    fn take(&self, issue: &mut Issue, actor: &Actor, context: &Context<'_>) -> Result<Effect, Refusal> {
        let first = issue.review.rejection.as_ref();
        if issue.finding.severity == Severity::High && first.is_none() {
            // The first vote is kept, and the issue goes on waiting. Source: domain rule T4.
            let vote = Vote { by: actor.user_id, at: context.now, reason: self.reason.clone() };
            issue.review.rejection = Some(Rejection { vote, duplicate_of: self.duplicate_of });
            return Ok(Effect::default());
        }
        issue.review.duplicate_of = self.duplicate_of.or(first.and_then(|first| first.duplicate_of));
        issue.move_on(Action::Reject);
        Ok(Effect::default())
    }
}

fn reviewers_differ(issue: &Issue, actor: &Actor) -> Option<Duty> {
    let is_first = issue.review.rejection.as_ref().is_some_and(|first| first.vote.by == actor.user_id);
    finder_reviews(issue, actor).or(is_first.then_some(Duty::SecondReviewer))
}

/// When two must agree to drop a severe report, calls the second.
fn second_opinion_or_nothing(step: &Transition) -> Option<NoticeKind> {
    (step.event().from == Some(step.event().to)).then_some(NoticeKind::ToDecide)
}
