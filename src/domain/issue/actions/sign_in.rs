//! `sign-in` 签收: the unit accepts the case and names the person who will handle it.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Body, Effect, Fact, Named, Rules, StaleAfter, Words, no_duty, no_guard, no_notice};
use crate::domain::invalid::Invalid;
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::Refusal;
use crate::domain::issue::{CommandPhoto, Issue, PhotoStage};
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;
use crate::domain::{limits, text};

/// `sign-in`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The person who will handle it; if absent, the person who takes the step.
    #[serde(default, deserialize_with = "text::optional_name")]
    pub handler: Option<String>,
}

/// Its rules.
pub(super) const RULES: Rules = Rules {
    moment: Moment::SignedIn,
    is_concealed: false,
    tells: no_notice,
    stale_after: StaleAfter::Any,
    needs: &[Fact::ActorName],
    duty: no_duty,
    guard: no_guard,
};

impl Body for SignIn {
    fn words(&self) -> Words<'_> {
        Words::NONE
    }

    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])> {
        None
    }

    fn names(&self) -> Vec<Named<'_>> {
        Vec::new()
    }

    fn check(&self, invalid: &mut Invalid) {
        if let Some(handler) = &self.handler {
            invalid.prose("/handler", handler, limits::NAME_CHARS_MAX);
        }
    }

    fn take(&self, issue: &mut Issue, _: &Actor, context: &Context<'_>) -> Result<Effect, Refusal> {
        issue.assignment.handler = Some(self.handler.as_deref().unwrap_or(context.actor_name).to_owned());
        issue.assignment.signed_in_at = Some(context.now);
        Ok(Effect::default())
    }
}
