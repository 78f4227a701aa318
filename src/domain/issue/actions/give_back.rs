//! `return` 退回: the unit says that the case is not its responsibility.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Body, Effect, Fact, Named, Rules, StaleAfter, Words, no_duty};
use crate::domain::ids::UnitId;
use crate::domain::invalid::Invalid;
use crate::domain::issue::decide::{Context, RETURN_WINDOW, RETURN_WINDOW_URGENT, within};
use crate::domain::issue::refusal::{Refusal, Why};
use crate::domain::issue::{CommandPhoto, Issue, PhotoStage, Severity, UnitReturn};
use crate::domain::notice::NoticeKind;
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `return`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Return {
    /// Why it is not this unit's.
    pub reason: String,
    /// Whose it is.
    #[serde(default)]
    pub proposed_unit_id: Option<UnitId>,
}

/// Its rules.
pub(super) const RULES: Rules = Rules {
    moment: Moment::Returned,
    is_concealed: false,
    tells: |_| Some(NoticeKind::ToDecide),
    stale_after: StaleAfter::Any,
    needs: &[Fact::ViceHead],
    duty: no_duty,
    guard: may_return,
};

impl Body for Return {
    fn words(&self) -> Words<'_> {
        Words::reason(&self.reason)
    }

    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])> {
        None
    }

    fn names(&self) -> Vec<Named<'_>> {
        self.proposed_unit_id.map(|id| Named::Unit("/proposed_unit_id", id)).into_iter().collect()
    }

    fn check(&self, _: &mut Invalid) {}

    fn take(&self, issue: &mut Issue, actor: &Actor, context: &Context<'_>) -> Result<Effect, Refusal> {
        if let Some(unit_id) = actor.unit_id {
            issue.assignment.returns.push(UnitReturn {
                unit_id,
                at: context.now,
                reason: self.reason.clone(),
                proposed_unit_id: self.proposed_unit_id,
                founded: None,
            });
        }
        issue.fix.confirmation = None;
        issue.lapse_requests(None);
        Ok(Effect::default())
    }
}

fn may_return(issue: &Issue, actor: &Actor, context: &Context<'_>) -> Result<(), Why> {
    if issue.assignment.final_assignment {
        return Err(Why::FinalAssignment);
    }
    if issue.assignment.returns.iter().any(|back| Some(back.unit_id) == actor.unit_id) {
        return Err(Why::AlreadyReturned);
    }
    // Source: domain rule T7. A severe issue is returned by the vice head, who also confirms a severe fix.
    if issue.finding.severity == Severity::High && context.unit_has_vice_head && !actor.vice_head {
        return Err(Why::ViceHeadOnly);
    }
    let window = if issue.assignment.urgent { RETURN_WINDOW_URGENT } else { RETURN_WINDOW };
    within(window, issue.assignment.assigned_at, context)
}
