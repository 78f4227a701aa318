//! `look-back` 回头看: an inspector says whether the fix has lasted; if not, a new issue is opened.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Body, Effect, Named, Rules, StaleAfter, Words, no_guard, no_notice};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::{Duty, Refusal};
use crate::domain::issue::{CommandPhoto, Finding, Issue, IssuePhoto, PhotoStage, Source, Transition, Violation};
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// `look-back`.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LookBack {
    /// Whether the fix has held.
    pub held: bool,
    /// What was seen, sent before.
    pub photos: Vec<CommandPhoto>,
    /// In words.
    #[serde(default)]
    pub note: Option<String>,
}

/// Its rules.
pub(super) const RULES: Rules = Rules {
    moment: Moment::LookedBack,
    is_concealed: true,
    tells: no_notice,
    stale_after: StaleAfter::Any,
    needs: &[],
    duty: checker_looks_back,
    guard: no_guard,
};

impl Body for LookBack {
    fn words(&self) -> Words<'_> {
        Words::note(self.note.as_deref())
    }

    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])> {
        Some((PhotoStage::LookBack, &self.photos))
    }

    fn names(&self) -> Vec<Named<'_>> {
        Vec::new()
    }

    fn check(&self, invalid: &mut Invalid) {
        if self.photos.is_empty() {
            invalid.push("/photos", FieldCode::Missing, "at least one photo");
        }
    }

    fn take(&self, issue: &mut Issue, actor: &Actor, context: &Context<'_>) -> Result<Effect, Refusal> {
        issue.closing.look_back_inspector_id = None;
        Ok(Effect { is_kept_back: false, opens: (!self.held).then(|| self.relapse(issue, actor, context)) })
    }
}

/// Neither the finder nor a checker looks back.
pub(super) fn checker_looks_back(issue: &Issue, actor: &Actor) -> Option<Duty> {
    (!issue.may_look_back(actor.user_id)).then_some(Duty::CheckerLooksBack)
}

impl LookBack {
    /// The new issue that a failed look-back opens: a rebound within [`REBOUND_DAYS`] of the closing, later an ordinary
    /// fault. Source: domain rules M16 (c), T16.
    ///
    /// [`REBOUND_DAYS`]: crate::domain::issue::REBOUND_DAYS
    fn relapse(&self, issue: &Issue, actor: &Actor, context: &Context<'_>) -> Transition {
        let photos: Vec<IssuePhoto> = self.photos.iter().map(|photo| photo.on_issue(PhotoStage::Found, 1)).collect();
        // It was seen when the photos were taken; they may arrive days later.
        let seen = photos.iter().filter_map(|photo| photo.captured_at).filter(|at| *at <= context.now).max();
        let closed_at = issue.closing.closed_at;
        let captured_at = seen.filter(|at| closed_at.is_none_or(|closed| closed <= *at)).unwrap_or(context.now);
        let (since, until) = Issue::rebound_closings(captured_at);
        let is_rebound = closed_at.is_some_and(|closed| (since..=until).contains(&closed));
        let parent = is_rebound.then_some((issue.id, issue.finding.chain_no));
        let found = issue.finding.clone();
        // The same fault at the same place.
        let violation = Violation {
            item_code: found.item_code,
            campaign: found.campaign,
            severity: found.severity,
            point_id: found.point_id,
            area_code: found.area_code,
        };
        let finding = Finding {
            description: self.note.clone().unwrap_or(found.description),
            look_back_of: Some(issue.id),
            ..Finding::of(Source::LookBack, violation, actor.user_id, captured_at, context.now)
        };
        let draft = Issue::new(context.child_id, finding.after(parent));
        Issue::open(draft, actor, photos, true)
    }
}
