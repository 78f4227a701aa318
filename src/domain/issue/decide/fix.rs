//! A fix: reported, confirmed, closed.

use super::super::refusal::Refusal;
use super::super::{Action, Confirmation, Issue, Lead, RequestKind, Severity, step};
use super::Context;
use crate::domain::ids::UserId;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::policy::{self, Permission, Reach};
use crate::domain::role::Actor;
use crate::domain::time::Timestamp;

impl Issue {
    /// A fix is reported, or, where it is severe and the unit has a vice head who did not write it,
    /// waits for that one's word: until then the unit has not answered. Source: domain rule T9.
    pub(super) fn report_fix(&mut self, actor: &Actor, counted: Timestamp, context: &Context<'_>) {
        let now = context.now;
        self.fix.confirmation = match (self.finding.severity, actor.vice_head, context.unit_has_vice_head) {
            (Severity::Low | Severity::Medium, ..) => None,
            (Severity::High, true, _) => Some(Confirmation::Given { by: actor.user_id, at: now }),
            (Severity::High, false, true) => Some(Confirmation::Asked { at: now }),
            (Severity::High, false, false) => Some(Confirmation::NoViceHead),
        };
        if !self.awaits_confirmation()
            && let Lead::StaysOr(state) = step(Action::ReportFix).lead
        {
            self.state = state;
            self.reported(now, counted);
        }
    }

    /// The unit has answered; what it asked to be hung for is moot.
    pub(super) fn reported(&mut self, now: Timestamp, counted: Timestamp) {
        self.fix.reported_at = Some(now);
        // Nobody answers a round before it began.
        self.fix.fix_counted_at =
            Some(self.clock.clock_started_at.map_or(counted, |start| counted.max(start.min(now))));
        self.lapse_requests(Some(RequestKind::Hang));
    }

    /// The vice head who confirmed the fix.
    #[must_use]
    pub fn confirmed_by(&self) -> Option<UserId> {
        match self.fix.confirmation {
            Some(Confirmation::Given { by, .. }) => Some(by),
            Some(Confirmation::Asked { .. } | Confirmation::NoViceHead) | None => None,
        }
    }

    /// Whether somebody has to go there before it is closed. Source: domain rule T10; boards of
    /// exposed issues are not built yet.
    #[must_use]
    pub fn expects_visit(&self, flagged: bool) -> bool {
        self.finding.severity == Severity::High || self.is_rebound() || flagged
    }

    /// Why it is closed at the desk though a visit is expected: the office's words, which stay.
    pub(super) fn why_at_the_desk(
        &self,
        actor: &Actor,
        on_site: bool,
        note: Option<&str>,
        context: &Context<'_>,
    ) -> Result<Option<String>, Refusal> {
        if on_site || !self.expects_visit(context.flagged) {
            return Ok(None);
        }
        if policy::reach(actor.role, Permission::Act(Action::Pass)) != Reach::All {
            let detail = "a visit is expected here; only the office may close it at the desk";
            return Err(Invalid::one("/on_site", FieldCode::NotAllowed, detail).into());
        }
        match note.map(str::trim).filter(|note| !note.is_empty()) {
            Some(note) => Ok(Some(note.to_owned())),
            None => {
                let detail = "a visit is expected here: say why it is closed at the desk";
                Err(Invalid::one("/note", FieldCode::Required, detail).into())
            }
        }
    }
}
