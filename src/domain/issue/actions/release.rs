//! `release` 交办: somebody other than the approver hands the case over; the unit's clock starts.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Body, Effect, Fact, Named, Rules, StaleAfter, Words, no_guard};
use crate::domain::invalid::Invalid;
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::{Duty, Refusal};
use crate::domain::issue::{CommandPhoto, Issue, PhotoStage};
use crate::domain::notice::NoticeKind;
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `release`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Release {}

/// What holds for it.
pub(super) const RULES: Rules = Rules {
    moment: Moment::HandedOver,
    is_concealed: false,
    tells: |_| Some(NoticeKind::HandedOver),
    stale_after: StaleAfter::Any,
    needs: &[Fact::UnusedNumber],
    duty: approver_releases,
    guard: no_guard,
};

impl Body for Release {
    fn words(&self) -> Words<'_> {
        Words::NONE
    }

    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])> {
        None
    }

    fn names(&self) -> Vec<Named<'_>> {
        Vec::new()
    }

    fn check(&self, _: &mut Invalid) {}

    fn take(&self, issue: &mut Issue, actor: &Actor, context: &Context<'_>) -> Result<Effect, Refusal> {
        issue.hand_over(actor, context);
        Ok(Effect::default())
    }
}

fn approver_releases(issue: &Issue, actor: &Actor) -> Option<Duty> {
    (issue.review.approved_by == Some(actor.user_id)).then_some(Duty::ApproverReleases)
}
