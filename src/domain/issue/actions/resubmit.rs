//! `resubmit` 补正上报: the finder corrects the report and sends it again.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Body, Effect, Named, Rules, StaleAfter, Words, no_duty, no_guard};
use crate::domain::invalid::Invalid;
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::Refusal;
use crate::domain::issue::{CommandPhoto, Issue, MendedItem, PhotoStage, Severity};
use crate::domain::limits;
use crate::domain::notice::NoticeKind;
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `resubmit`.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Resubmit {
    /// The corrected description.
    #[serde(default)]
    pub description: Option<String>,
    /// The corrected severity.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// The corrected item.
    #[serde(default)]
    pub item_code: Option<String>,
    /// Further photos, sent before.
    #[serde(default)]
    pub photos: Vec<CommandPhoto>,
}

/// Its rules.
pub(super) const RULES: Rules = Rules {
    moment: Moment::Reviewed,
    is_concealed: false,
    tells: |_| Some(NoticeKind::ToReview),
    stale_after: StaleAfter::Any,
    needs: &[],
    duty: no_duty,
    guard: no_guard,
};

impl Body for Resubmit {
    fn words(&self) -> Words<'_> {
        Words::NONE
    }

    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])> {
        Some((PhotoStage::Found, &self.photos))
    }

    fn names(&self) -> Vec<Named<'_>> {
        self.item_code.iter().map(|code| Named::Item(code)).collect()
    }

    fn check(&self, invalid: &mut Invalid) {
        if let Some(text) = &self.description {
            invalid.prose_at_most("/description", text, limits::DESCRIPTION_CHARS_MAX);
        }
    }

    fn take(&self, issue: &mut Issue, _: &Actor, context: &Context<'_>) -> Result<Effect, Refusal> {
        if let Some(description) = &self.description {
            issue.finding.description.clone_from(description);
        }
        issue.mend(self.severity, context.mended_item);
        issue.finding.submitted_at = Some(context.now);
        Ok(Effect::default())
    }
}

impl Issue {
    /// Applies the corrections. A different item may belong to another chain of relapses, or to none. Source: domain
    /// rule M16 (c).
    fn mend(&mut self, severity: Option<Severity>, item: Option<&MendedItem>) {
        if let Some(item) = item {
            self.finding.item_code.clone_from(&item.code);
            self.finding.campaign.clone_from(&item.campaign);
            self.finding.parent_id = item.parent.map(|(id, _)| id);
            self.finding.chain_no = Issue::next_in_chain(item.parent);
        }
        if severity.is_some() || item.is_some() {
            let reported = severity.or(self.finding.reported_severity).unwrap_or(self.finding.severity);
            self.finding.reported_severity = Some(reported);
            self.finding.severity = if self.is_rebound() { reported.raised() } else { reported };
        }
    }
}
