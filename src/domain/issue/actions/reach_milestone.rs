//! `reach-milestone` 完成节点: the unit says that the next milestone of its plan is done.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Body, Effect, Named, Rules, StaleAfter, Words, no_duty, no_notice};
use crate::domain::invalid::Invalid;
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::{Refusal, Why};
use crate::domain::issue::{CommandPhoto, Issue, PhotoStage};
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `reach-milestone`: the next one of the plan.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReachMilestone {
    /// In words.
    #[serde(default)]
    pub note: Option<String>,
    /// What was done, sent before.
    #[serde(default)]
    pub photos: Vec<CommandPhoto>,
}

/// Its rules.
pub(super) const RULES: Rules = Rules {
    moment: Moment::MilestoneReached,
    is_concealed: false,
    tells: no_notice,
    stale_after: StaleAfter::Any,
    needs: &[],
    duty: no_duty,
    guard: one_is_left,
};

impl Body for ReachMilestone {
    fn words(&self) -> Words<'_> {
        Words::note(self.note.as_deref())
    }

    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])> {
        Some((PhotoStage::Request, &self.photos))
    }

    fn names(&self) -> Vec<Named<'_>> {
        Vec::new()
    }

    fn check(&self, _: &mut Invalid) {}

    fn take(&self, issue: &mut Issue, _: &Actor, context: &Context<'_>) -> Result<Effect, Refusal> {
        let today = context.calendar.civil_date(context.now);
        if let Some(step) = issue.next_milestone_mut() {
            step.reached_on = Some(today);
        }
        Ok(Effect::default())
    }
}

fn one_is_left(issue: &Issue, _: &Actor, _: &Context<'_>) -> Result<(), Why> {
    if issue.next_milestone().is_some() { Ok(()) } else { Err(Why::NothingPending) }
}
