//! `unhang` 解挂: the office takes the issue off the books; its clock goes on.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Body, Effect, Named, Rules, StaleAfter, Words, no_duty, no_guard};
use crate::domain::invalid::Invalid;
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::Refusal;
use crate::domain::issue::{CommandPhoto, Issue, PhotoStage};
use crate::domain::notice::NoticeKind;
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `unhang`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Unhang {
    /// Why.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Its rules.
pub(super) const RULES: Rules = Rules {
    moment: Moment::Hung,
    is_concealed: false,
    tells: |_| Some(NoticeKind::ClockResumed),
    stale_after: StaleAfter::Any,
    needs: &[],
    duty: no_duty,
    guard: no_guard,
};

impl Body for Unhang {
    fn words(&self) -> Words<'_> {
        Words::reason_if_any(self.reason.as_deref())
    }

    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])> {
        None
    }

    fn names(&self) -> Vec<Named<'_>> {
        Vec::new()
    }

    fn check(&self, _: &mut Invalid) {}

    fn take(&self, issue: &mut Issue, _: &Actor, context: &Context<'_>) -> Result<Effect, Refusal> {
        issue.unhang(context);
        Ok(Effect::default())
    }
}
