//! `approve` 审核通过: the office accepts a report as a case, and proposes the unit and the limit.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Body, Effect, Named, Rules, StaleAfter, Words, no_guard};
use crate::domain::ids::UnitId;
use crate::domain::invalid::Invalid;
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::{Duty, Refusal};
use crate::domain::issue::{CommandPhoto, Issue, PhotoStage, Severity};
use crate::domain::notice::NoticeKind;
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;
use crate::domain::time::Timestamp;

/// `approve`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Approve {
    /// As reviewed; as reported when absent.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// Responsible unit.
    pub unit_id: UnitId,
    /// Deadline, where the item has no limit or another one is set.
    #[serde(default)]
    pub due: Option<Timestamp>,
}

/// Its rules.
pub(super) const RULES: Rules = Rules {
    moment: Moment::Reviewed,
    is_concealed: false,
    tells: |_| Some(NoticeKind::ToRelease),
    stale_after: StaleAfter::Any,
    needs: &[],
    duty: finder_reviews,
    guard: no_guard,
};

impl Body for Approve {
    fn words(&self) -> Words<'_> {
        Words::NONE
    }

    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])> {
        None
    }

    fn names(&self) -> Vec<Named<'_>> {
        vec![Named::Unit("/unit_id", self.unit_id)]
    }

    fn check(&self, _: &mut Invalid) {}

    fn take(&self, issue: &mut Issue, actor: &Actor, context: &Context<'_>) -> Result<Effect, Refusal> {
        issue.finding.severity = self.severity.unwrap_or(issue.finding.severity);
        issue.assignment.unit_id = Some(self.unit_id);
        issue.review.approved_by = Some(actor.user_id);
        issue.review.approved_at = Some(context.now);
        issue.review.rejection = None;
        issue.set_limit(self.due, context)?;
        Ok(Effect::default())
    }
}

/// Nobody reviews their own report.
pub(super) fn finder_reviews(issue: &Issue, actor: &Actor) -> Option<Duty> {
    (issue.finding.finder_id == actor.user_id).then_some(Duty::FinderReviews)
}
