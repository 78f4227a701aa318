//! `confirm-false-evidence` 认定虚假整改: the office finds that the evidence of a fix was false. The fix counts as failed, a
//! closed issue is opened again, and a red card is proposed for it; a person issues that. Source: domain rules §5.3, §6.5.

use serde::Deserialize;
use utoipa::ToSchema;

use super::pass::checker_is_apart;
use super::{Body, Effect, Fact, Named, Rules, StaleAfter, Words, no_guard};
use crate::domain::invalid::Invalid;
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::Refusal;
use crate::domain::issue::{Closing, CommandPhoto, Issue, PhotoStage, RequestKind};
use crate::domain::notice::NoticeKind;
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `confirm-false-evidence`.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmFalseEvidence {
    /// What is false, and how that is known; the unit reads it.
    pub reason: String,
    /// What was seen, sent before.
    #[serde(default)]
    pub photos: Vec<CommandPhoto>,
}

/// Its rules: those of a failed check.
pub(super) const RULES: Rules = Rules {
    moment: Moment::Checked,
    is_concealed: false,
    tells: |_| Some(NoticeKind::FailedCheck),
    stale_after: StaleAfter::Any,
    needs: &[Fact::FirstLength],
    duty: checker_is_apart,
    guard: no_guard,
};

impl Body for ConfirmFalseEvidence {
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
        issue.lapse_requests(Some(RequestKind::Extension));
        // Nothing of the closing holds; a look-back that was given has nothing left to look at.
        let checker_id = issue.closing.checker_id;
        issue.closing = Closing { checker_id, ..Closing::default() };
        issue.start_rework_clock(context);
        Ok(Effect::default())
    }
}
