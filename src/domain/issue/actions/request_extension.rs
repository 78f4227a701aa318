//! `request-extension` 申请延期: the unit asks for a later deadline.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Body, Effect, Fact, Named, Rules, StaleAfter, Words, no_duty};
use crate::domain::deadline;
use crate::domain::invalid::Invalid;
use crate::domain::issue::decide::{Context, EXTENSIONS_MAX};
use crate::domain::issue::refusal::{Refusal, Why};
use crate::domain::issue::{CommandPhoto, Issue, PhotoStage, RequestKind};
use crate::domain::notice::NoticeKind;
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;
use crate::domain::time::Timestamp;

/// `request-extension`.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestExtension {
    /// Why.
    pub reason: String,
    /// New deadline; as long again as the limit when absent.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// Evidence, sent before.
    #[serde(default)]
    pub photos: Vec<CommandPhoto>,
}

/// Its rules.
pub(super) const RULES: Rules = Rules {
    moment: Moment::RequestFiled,
    is_concealed: false,
    tells: |_| Some(NoticeKind::ToDecide),
    stale_after: StaleAfter::Any,
    needs: &[Fact::FirstLength],
    duty: no_duty,
    guard: may_ask,
};

impl Body for RequestExtension {
    fn words(&self) -> Words<'_> {
        Words::reason(&self.reason)
    }

    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])> {
        Some((PhotoStage::Request, &self.photos))
    }

    fn names(&self) -> Vec<Named<'_>> {
        Vec::new()
    }

    fn check(&self, _: &mut Invalid) {}

    fn take(&self, issue: &mut Issue, actor: &Actor, context: &Context<'_>) -> Result<Effect, Refusal> {
        let until = issue.extension_until(self.until, context)?;
        issue.file(actor, RequestKind::Extension, &self.reason, context);
        if let Some(filed) = issue.requests.last_mut() {
            filed.until = until;
        }
        Ok(Effect::default())
    }
}

fn may_ask(issue: &Issue, _: &Actor, context: &Context<'_>) -> Result<(), Why> {
    issue.none_waits(RequestKind::Extension)?;
    if issue.extensions_granted() >= EXTENSIONS_MAX {
        return Err(Why::ExtensionsExhausted);
    }
    let (Some(start), Some(due)) = (issue.clock.clock_started_at, issue.clock.due_at) else {
        return Ok(());
    };
    let latest = deadline::extension_latest_filing(context.calendar, start, due);
    if context.now > latest { Err(Why::WindowPassed(latest)) } else { Ok(()) }
}
