//! `release-urgent` 紧急交办: a dangerous fault is approved and handed over at once.

use serde::Deserialize;
use utoipa::ToSchema;

use super::approve::finder_reviews;
use super::{Body, Effect, Fact, Named, Rules, StaleAfter, Words, no_guard};
use crate::domain::ids::UnitId;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::Refusal;
use crate::domain::issue::{CommandPhoto, Issue, PhotoStage, Severity};
use crate::domain::limits;
use crate::domain::notice::NoticeKind;
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `release-urgent`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseUrgent {
    /// `high`.
    pub severity: Severity,
    /// Responsible unit.
    pub unit_id: UnitId,
}

/// Its rules.
pub(super) const RULES: Rules = Rules {
    moment: Moment::HandedOver,
    is_concealed: false,
    tells: |_| Some(NoticeKind::HandedOver),
    stale_after: StaleAfter::Any,
    needs: &[Fact::UnusedNumber],
    duty: finder_reviews,
    guard: no_guard,
};

impl Body for ReleaseUrgent {
    fn words(&self) -> Words<'_> {
        Words::NONE
    }

    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])> {
        None
    }

    fn names(&self) -> Vec<Named<'_>> {
        vec![Named::Unit("/unit_id", self.unit_id)]
    }

    fn check(&self, invalid: &mut Invalid) {
        if self.severity != Severity::High {
            invalid.push("/severity", FieldCode::NotAllowed, "an urgent release is for severity `high` only");
        }
    }

    fn take(&self, issue: &mut Issue, actor: &Actor, context: &Context<'_>) -> Result<Effect, Refusal> {
        issue.finding.severity = self.severity;
        issue.assignment.unit_id = Some(self.unit_id);
        issue.assignment.urgent = true;
        issue.review.approved_by = Some(actor.user_id);
        issue.review.approved_at = Some(context.now);
        issue.review.rejection = None;
        let limit = context.item_limit.unwrap_or(limits::URGENT_LIMIT);
        issue.clock.limit = Some(issue.shortened(limit, context));
        issue.hand_over(actor, context);
        Ok(Effect::default())
    }
}
