//! `assign-check` 指派核查: the office assigns the check to an inspector.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Body, Effect, Named, Rules, StaleAfter, Words, no_duty, no_guard};
use crate::domain::ids::UserId;
use crate::domain::invalid::Invalid;
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::{Duty, Refusal};
use crate::domain::issue::{CommandPhoto, Issue, PhotoStage, Severity};
use crate::domain::notice::NoticeKind;
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `assign-check`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AssignVisit)]
pub struct AssignCheck {
    /// Who goes.
    pub inspector_id: UserId,
}

/// Its rules.
pub(super) const RULES: Rules = Rules {
    moment: Moment::VisitGiven,
    is_concealed: true,
    tells: |_| Some(NoticeKind::ToCheck),
    stale_after: StaleAfter::Any,
    needs: &[],
    duty: no_duty,
    guard: no_guard,
};

impl Body for AssignCheck {
    fn words(&self) -> Words<'_> {
        Words::NONE
    }

    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])> {
        None
    }

    fn names(&self) -> Vec<Named<'_>> {
        vec![Named::Inspector(self.inspector_id)]
    }

    fn check(&self, _: &mut Invalid) {}

    fn take(&self, issue: &mut Issue, _: &Actor, _: &Context<'_>) -> Result<Effect, Refusal> {
        if issue.finding.severity == Severity::High && self.inspector_id == issue.finding.finder_id {
            return Err(Refusal::Separation(Duty::FinderChecks));
        }
        issue.closing.checker_id = Some(self.inspector_id);
        Ok(Effect::default())
    }
}
