//! `request-hang` 申请挂账: the unit asks for a plan instead of a deadline.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Body, Effect, Named, Rules, StaleAfter, Words, no_duty};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::issue::books::begins_soon;
use crate::domain::issue::command::planned;
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::{Refusal, Why};
use crate::domain::issue::{CommandPhoto, Issue, PhotoStage, Plan, PlanBody, RequestKind};
use crate::domain::notice::NoticeKind;
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `request-hang`.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestHang {
    /// What will be done by when.
    #[serde(deserialize_with = "planned")]
    #[schema(value_type = Vec<PlanBody>)]
    pub plan: Plan,
    /// Why it cannot be fixed now.
    pub reason: String,
    /// At least one photo of the interim safety measure, sent before.
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
    guard: none_waits,
};

impl Body for RequestHang {
    fn words(&self) -> Words<'_> {
        Words::reason(&self.reason)
    }

    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])> {
        Some((PhotoStage::Request, &self.photos))
    }

    fn names(&self) -> Vec<Named<'_>> {
        Vec::new()
    }

    fn check(&self, invalid: &mut Invalid) {
        self.plan.validate(invalid);
        if self.photos.is_empty() {
            invalid.push("/photos", FieldCode::Missing, "at least one photo of what keeps it safe meanwhile");
        }
    }

    fn take(&self, issue: &mut Issue, actor: &Actor, context: &Context<'_>) -> Result<Effect, Refusal> {
        begins_soon(&self.plan, context)?;
        issue.file(actor, RequestKind::Hang, &self.reason, context);
        if let Some(filed) = issue.requests.last_mut() {
            filed.plan = Some(self.plan.clone());
        }
        Ok(Effect::default())
    }
}

fn none_waits(issue: &Issue, _: &Actor, _: &Context<'_>) -> Result<(), Why> {
    issue.none_waits(RequestKind::Hang)
}
