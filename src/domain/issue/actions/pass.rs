//! `pass` 核查销号: the fix is good, and the issue is closed.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Body, Effect, Fact, Named, Rules, StaleAfter, Words, no_guard, no_notice};
use crate::domain::ids::UserId;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::issue::decide::Context;
use crate::domain::issue::refusal::{Duty, Refusal};
use crate::domain::issue::{Action, CommandPhoto, Issue, PhotoStage, Severity};
use crate::domain::policy::{self, Permission, Reach};
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;

/// Whether a check on site needs a photo, or a note that says why there is none. A setting, because programs that were
/// written to the contract pass with neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnSiteEvidence {
    /// It may have neither.
    Optional,
    /// It needs one of them.
    Required,
}

/// `pass`.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pass {
    /// Whether somebody went there.
    pub on_site: bool,
    /// What was seen, sent before. Where the setting `on_site_evidence` is `required`, a check on site needs at least
    /// one, or a note.
    #[serde(default)]
    pub photos: Vec<CommandPhoto>,
    /// In words; required from whoever closes at the desk (`on_site: false`) what is severe, a
    /// rebound or in doubt: it stays on the issue. On site it says why there is no photo.
    #[serde(default)]
    pub note: Option<String>,
}

/// Its rules.
pub(super) const RULES: Rules = Rules {
    moment: Moment::Checked,
    is_concealed: false,
    tells: no_notice,
    stale_after: StaleAfter::Any,
    needs: &[Fact::Doubts],
    duty: checker_is_apart,
    guard: no_guard,
};

impl Body for Pass {
    fn words(&self) -> Words<'_> {
        Words::note(self.note.as_deref())
    }

    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])> {
        Some((PhotoStage::Check, &self.photos))
    }

    fn names(&self) -> Vec<Named<'_>> {
        Vec::new()
    }

    fn check(&self, _: &mut Invalid) {}

    fn take(&self, issue: &mut Issue, actor: &Actor, context: &Context<'_>) -> Result<Effect, Refusal> {
        self.show_what_was_seen(context)?;
        issue.closing.desk_reason = self.why_at_the_desk(issue, actor, context)?;
        issue.closing.closed_by = Some(actor.user_id);
        issue.closing.closed_at = Some(context.now);
        issue.closing.closed_on_site = Some(self.on_site);
        let counted = issue.fix.fix_counted_at.or(issue.fix.reported_at);
        issue.closing.on_time = counted.zip(issue.clock.due_at).map(|(counted, due)| counted <= due);
        issue.lapse_requests(None);
        Ok(Effect::default())
    }
}

/// Nobody who fixed it or confirmed the fix may check it; nor may the finder check a severe one.
pub(super) fn checker_is_apart(issue: &Issue, actor: &Actor) -> Option<Duty> {
    let is = |person: Option<UserId>| person == Some(actor.user_id);
    let is_units = actor.unit_id.is_some() && actor.unit_id == issue.assignment.unit_id;
    if is(issue.fix.fixed_by) || is(issue.confirmed_by()) || is_units {
        return Some(Duty::HandlerCloses);
    }
    let found_severe = issue.finding.finder_id == actor.user_id && issue.finding.severity == Severity::High;
    found_severe.then_some(Duty::FinderChecks)
}

impl Pass {
    /// Somebody who went there shows what was seen, or says why not.
    fn show_what_was_seen(&self, context: &Context<'_>) -> Result<(), Refusal> {
        let is_asked = self.on_site && context.on_site_evidence == OnSiteEvidence::Required;
        if is_asked && self.photos.is_empty() && self.said().is_none() {
            let detail = "a check on site needs a photo, or a note that says why there is none";
            return Err(Invalid::one("/photos", FieldCode::Required, detail).into());
        }
        Ok(())
    }

    /// The note, unless it is blank.
    fn said(&self) -> Option<&str> {
        self.note.as_deref().map(str::trim).filter(|note| !note.is_empty())
    }

    /// Why the office closes it from the desk although a visit is expected; kept on the issue.
    fn why_at_the_desk(&self, issue: &Issue, actor: &Actor, context: &Context<'_>) -> Result<Option<String>, Refusal> {
        if self.on_site || !issue.expects_visit(context.flagged) {
            return Ok(None);
        }
        if policy::reach(actor.role, Permission::Act(Action::Pass)) != Reach::All {
            let detail = "a visit is expected here; only the office may close it at the desk";
            return Err(Invalid::one("/on_site", FieldCode::NotAllowed, detail).into());
        }
        match self.said() {
            Some(note) => Ok(Some(note.to_owned())),
            None => {
                let detail = "a visit is expected here: say why it is closed at the desk";
                Err(Invalid::one("/note", FieldCode::Required, detail).into())
            }
        }
    }
}
