//! `cannot-judge` 回头看无法判断: an inspector was there and cannot say whether the fix has lasted. It counts neither for nor
//! against the unit; the issue stays among those that look-backs are drawn from, and the office may give it again.

use serde::Deserialize;
use utoipa::ToSchema;

use super::look_back::checker_looks_back;
use super::{Body, Effect, Named, Rules, StaleAfter, Words, no_guard, no_notice};
use crate::domain::invalid::Invalid;
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::Refusal;
use crate::domain::issue::{CommandPhoto, Issue, PhotoStage};
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `cannot-judge`.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CannotJudge {
    /// Why not: closed, built over, in the dark.
    pub reason: String,
    /// What was seen, sent before, if anything.
    #[serde(default)]
    pub photos: Vec<CommandPhoto>,
}

/// Its rules: those of a look-back.
pub(super) const RULES: Rules = Rules {
    moment: Moment::LookedBack,
    is_concealed: true,
    tells: no_notice,
    stale_after: StaleAfter::Any,
    needs: &[],
    duty: checker_looks_back,
    guard: no_guard,
};

impl Body for CannotJudge {
    fn words(&self) -> Words<'_> {
        Words::reason(&self.reason)
    }

    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])> {
        Some((PhotoStage::LookBack, &self.photos))
    }

    fn names(&self) -> Vec<Named<'_>> {
        Vec::new()
    }

    fn check(&self, _: &mut Invalid) {}

    fn take(&self, issue: &mut Issue, _: &Actor, _: &Context<'_>) -> Result<Effect, Refusal> {
        issue.closing.look_back_inspector_id = None;
        Ok(Effect::default())
    }
}
