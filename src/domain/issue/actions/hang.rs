//! `hang` 挂账: the office puts the issue on the books, with a plan.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Body, Effect, Named, Rules, StaleAfter, Words, no_duty, no_guard, no_notice};
use crate::domain::invalid::Invalid;
use crate::domain::issue::books::begins_soon;
use crate::domain::issue::command::planned;
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::Refusal;
use crate::domain::issue::{CommandPhoto, Issue, PhotoStage, Plan, PlanBody, RequestKind};
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `hang`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Hang {
    /// What will be done by when.
    #[serde(deserialize_with = "planned")]
    #[schema(value_type = Vec<PlanBody>)]
    pub plan: Plan,
    /// Why it cannot be fixed now.
    pub reason: String,
}

/// Its rules.
pub(super) const RULES: Rules = Rules {
    moment: Moment::Hung,
    is_concealed: false,
    tells: no_notice,
    stale_after: StaleAfter::Any,
    needs: &[],
    duty: no_duty,
    guard: no_guard,
};

impl Body for Hang {
    fn words(&self) -> Words<'_> {
        Words::reason(&self.reason)
    }

    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])> {
        None
    }

    fn names(&self) -> Vec<Named<'_>> {
        Vec::new()
    }

    fn check(&self, invalid: &mut Invalid) {
        self.plan.validate(invalid);
    }

    fn take(&self, issue: &mut Issue, actor: &Actor, context: &Context<'_>) -> Result<Effect, Refusal> {
        begins_soon(&self.plan, context)?;
        issue.lapse_requests(Some(RequestKind::Hang));
        issue.hang(actor, self.plan.clone(), &self.reason, context);
        Ok(Effect::default())
    }
}
