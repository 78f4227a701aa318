//! `dispute` 提出异议: the unit says that the finding is wrong.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Body, Effect, Named, Rules, StaleAfter, Words, no_duty};
use crate::domain::invalid::Invalid;
use crate::domain::issue::decide::{Context, DISPUTE_WINDOW, within};
use crate::domain::issue::refusal::{Refusal, Why};
use crate::domain::issue::{CommandPhoto, Issue, PhotoStage, RequestKind};
use crate::domain::notice::NoticeKind;
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `dispute`.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dispute {
    /// Why the finding is wrong.
    pub reason: String,
    /// Evidence, sent before.
    #[serde(default)]
    pub photos: Vec<CommandPhoto>,
}

/// Its rules.
pub(super) const RULES: Rules = Rules {
    moment: Moment::RequestFiled,
    is_concealed: false,
    tells: |_| Some(NoticeKind::ToDecide),
    stale_after: StaleAfter::Any,
    needs: &[],
    duty: no_duty,
    guard: may_dispute,
};

impl Body for Dispute {
    fn words(&self) -> Words<'_> {
        Words::reason(&self.reason)
    }

    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])> {
        Some((PhotoStage::Request, &self.photos))
    }

    fn names(&self) -> Vec<Named<'_>> {
        Vec::new()
    }

    fn check(&self, _: &mut Invalid) {}

    fn take(&self, issue: &mut Issue, actor: &Actor, context: &Context<'_>) -> Result<Effect, Refusal> {
        issue.file(actor, RequestKind::Dispute, &self.reason, context);
        Ok(Effect::default())
    }
}

fn may_dispute(issue: &Issue, _: &Actor, context: &Context<'_>) -> Result<(), Why> {
    issue.none_waits(RequestKind::Dispute)?;
    within(DISPUTE_WINDOW, issue.assignment.assigned_at, context)
}
