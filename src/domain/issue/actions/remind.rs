//! `remind` 督办提醒: the office reminds the unit of an overdue issue, with a note that the unit reads.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Body, Effect, Named, Rules, StaleAfter, Words, no_duty};
use crate::domain::invalid::Invalid;
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::{Refusal, Why};
use crate::domain::issue::{CommandPhoto, Issue, PhotoStage};
use crate::domain::notice::NoticeKind;
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `remind`: the unit reads the note.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Remind {
    /// What the unit is to do.
    pub reason: String,
}

/// Its rules.
pub(super) const RULES: Rules = Rules {
    moment: Moment::Told,
    is_concealed: false,
    tells: |_| Some(NoticeKind::Reminded),
    stale_after: StaleAfter::Any,
    needs: &[],
    duty: no_duty,
    guard: is_overdue,
};

impl Body for Remind {
    fn words(&self) -> Words<'_> {
        Words::reason(&self.reason)
    }

    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])> {
        None
    }

    fn names(&self) -> Vec<Named<'_>> {
        Vec::new()
    }

    fn check(&self, _: &mut Invalid) {}

    fn take(&self, issue: &mut Issue, _: &Actor, _: &Context<'_>) -> Result<Effect, Refusal> {
        let before = issue.assignment.reminders.unwrap_or_default();
        issue.assignment.reminders = Some(before.saturating_add(1));
        Ok(Effect::default())
    }
}

fn is_overdue(issue: &Issue, _: &Actor, context: &Context<'_>) -> Result<(), Why> {
    if issue.is_overdue(context.now) { Ok(()) } else { Err(Why::NotOverdue) }
}
