//! `withdraw` 撤回: the finder withdraws a report whose photos have not all arrived.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Body, Effect, Named, Rules, StaleAfter, Words, no_duty, no_guard, no_notice};
use crate::domain::invalid::Invalid;
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::Refusal;
use crate::domain::issue::{CommandPhoto, Issue, PhotoStage};
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `withdraw`: of a report whose photos have not all come, as when one of them was refused.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdraw {}

/// What holds for it.
pub(super) const RULES: Rules = Rules {
    moment: Moment::Reported,
    is_concealed: false,
    tells: no_notice,
    stale_after: StaleAfter::Any,
    needs: &[],
    duty: no_duty,
    guard: no_guard,
};

impl Body for Withdraw {
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

    fn take(&self, _: &mut Issue, _: &Actor, _: &Context<'_>) -> Result<Effect, Refusal> {
        Ok(Effect::default())
    }
}
