//! `fail` 核查不通过: the fix is not good enough, and another round begins.

use serde::Deserialize;
use utoipa::ToSchema;

use super::pass::checker_is_apart;
use super::{Body, Effect, Fact, Named, Rules, StaleAfter, Words, no_guard};
use crate::domain::invalid::Invalid;
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::Refusal;
use crate::domain::issue::{CommandPhoto, Issue, PhotoStage, RequestKind};
use crate::domain::notice::NoticeKind;
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `fail`.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Fail {
    /// What is still wrong.
    pub reason: String,
    /// What was seen, sent before.
    #[serde(default)]
    pub photos: Vec<CommandPhoto>,
}

/// Its rules.
pub(super) const RULES: Rules = Rules {
    moment: Moment::Checked,
    is_concealed: false,
    tells: |_| Some(NoticeKind::FailedCheck),
    stale_after: StaleAfter::Any,
    needs: &[Fact::FirstLength],
    duty: checker_is_apart,
    guard: no_guard,
};

impl Body for Fail {
    fn words(&self) -> Words<'_> {
        Words::reason(&self.reason)
    }

    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])> {
        Some((PhotoStage::Check, &self.photos))
    }

    fn names(&self) -> Vec<Named<'_>> {
        Vec::new()
    }

    fn check(&self, _: &mut Invalid) {}

    fn take(&self, issue: &mut Issue, _: &Actor, context: &Context<'_>) -> Result<Effect, Refusal> {
        issue.round += 1;
        // A request from the last round would set the date of this one: the unit may ask again.
        issue.lapse_requests(Some(RequestKind::Extension));
        issue.start_rework_clock(context);
        Ok(Effect::default())
    }
}
