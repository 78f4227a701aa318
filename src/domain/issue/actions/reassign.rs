//! `reassign` 改派: the office judges a return, and gives the case to a unit.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Body, Effect, Named, Rules, StaleAfter, Words, no_duty, no_guard};
use crate::domain::ids::UnitId;
use crate::domain::invalid::Invalid;
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::Refusal;
use crate::domain::issue::{CommandPhoto, Issue, PhotoStage};
use crate::domain::notice::NoticeKind;
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `reassign`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reassign {
    /// The unit it goes to.
    pub unit_id: UnitId,
    /// Whether the return was founded.
    pub founded: bool,
    /// Designated: it cannot be returned again.
    #[serde(default, rename = "final")]
    pub is_final: bool,
}

/// Its rules.
pub(super) const RULES: Rules = Rules {
    moment: Moment::HandedOver,
    is_concealed: false,
    tells: |_| Some(NoticeKind::HandedOver),
    stale_after: StaleAfter::Any,
    needs: &[],
    duty: no_duty,
    guard: no_guard,
};

impl Body for Reassign {
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

    fn take(&self, issue: &mut Issue, _: &Actor, context: &Context<'_>) -> Result<Effect, Refusal> {
        if let Some(back) = issue.assignment.returns.last_mut() {
            back.founded = Some(self.founded);
        }
        issue.assignment.unit_id = Some(self.unit_id);
        issue.assignment.assigned_at = Some(context.now);
        issue.assignment.signed_in_at = None;
        issue.assignment.handler = None;
        issue.fix.confirmation = None;
        issue.assignment.unclaimed = false;
        issue.assignment.reminders = None;
        issue.assignment.final_assignment = self.is_final || issue.assignment.returns.len() > 1;
        if self.founded {
            let before = issue.clock.due_at;
            issue.start_clock(context);
            issue.keep_later(before);
        }
        Ok(Effect::default())
    }
}
