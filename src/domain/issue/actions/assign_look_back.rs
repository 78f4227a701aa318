//! `assign-look-back` 指派回头看: the office assigns a look-back to an inspector.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Body, Effect, Named, Rules, StaleAfter, Words, no_duty};
use crate::domain::ids::UserId;
use crate::domain::invalid::Invalid;
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::{Duty, Refusal, Why};
use crate::domain::issue::{CommandPhoto, Issue, PhotoStage};
use crate::domain::notice::NoticeKind;
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `assign-look-back`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AssignVisit)]
pub struct AssignLookBack {
    /// Who goes.
    pub inspector_id: UserId,
}

/// Its rules.
pub(super) const RULES: Rules = Rules {
    moment: Moment::VisitGiven,
    is_concealed: true,
    tells: |_| Some(NoticeKind::ToLookBack),
    stale_after: StaleAfter::Any,
    needs: &[],
    duty: no_duty,
    guard: none_is_given,
};

impl Body for AssignLookBack {
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
        if !issue.may_look_back(self.inspector_id) {
            return Err(Refusal::Separation(Duty::CheckerLooksBack));
        }
        issue.closing.look_back_inspector_id = Some(self.inspector_id);
        Ok(Effect::default())
    }
}

fn none_is_given(issue: &Issue, _: &Actor, _: &Context<'_>) -> Result<(), Why> {
    if issue.closing.look_back_inspector_id.is_none() { Ok(()) } else { Err(Why::LookBackPending) }
}
