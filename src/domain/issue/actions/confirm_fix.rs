//! `confirm-fix` 分管领导确认: the unit's vice head confirms a severe fix, which counts as reported from then on.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Body, Effect, Named, Rules, StaleAfter, Words, no_duty};
use crate::domain::invalid::Invalid;
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::{Refusal, Why};
use crate::domain::issue::{CommandPhoto, Confirmation, Issue, PhotoStage};
use crate::domain::notice::NoticeKind;
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `confirm-fix`, by the unit's vice head: what is severe is reported then.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmFix {}

/// What holds for it.
pub(super) const RULES: Rules = Rules {
    moment: Moment::FixReported,
    is_concealed: false,
    tells: |_| Some(NoticeKind::FixReported),
    stale_after: StaleAfter::Any,
    needs: &[],
    duty: no_duty,
    guard: waits,
};

impl Body for ConfirmFix {
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
        issue.fix.confirmation = Some(Confirmation::Given { by: actor.user_id, at: context.now });
        issue.reported(context.now, context.now);
        Ok(Effect::default())
    }
}

fn waits(issue: &Issue, _: &Actor, _: &Context<'_>) -> Result<(), Why> {
    if issue.awaits_confirmation() { Ok(()) } else { Err(Why::NothingPending) }
}
