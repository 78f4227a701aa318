//! `report-fix` 整改反馈: the unit reports what it did, with photos.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Body, Effect, Fact, Named, Rules, StaleAfter, Transition, Words, no_duty, no_guard};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::issue::decide::Context;
use crate::domain::issue::offline::counts_from;
use crate::domain::issue::refusal::Refusal;
use crate::domain::issue::{
    Action, CommandPhoto, Confirmation, Issue, PhotoStage, PhotoView, Remedy, RequestKind, Severity, State,
};
use crate::domain::limits;
use crate::domain::notice::NoticeKind;
use crate::domain::role::Actor;
use crate::domain::shown_time::Moment;
use crate::domain::time::Timestamp;

/// `report-fix`.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportFix {
    /// What was done, at most 200 characters.
    pub measure: String,
    /// How it was put right.
    pub remedy: Remedy,
    /// At least one `same-angle` and one `wide`, sent before.
    pub photos: Vec<CommandPhoto>,
    /// When it was written, by the device's clock: an offline report counts from then, if that clock is right and the
    /// report arrives within a day.
    #[serde(default)]
    pub composed_at: Option<Timestamp>,
    /// What the device's clock showed as this call was sent.
    #[serde(default)]
    pub sent_at: Option<Timestamp>,
}

/// Its rules.
pub(super) const RULES: Rules = Rules {
    moment: Moment::FixReported,
    is_concealed: false,
    tells: confirmation_or_check,
    stale_after: StaleAfter::Steps(FIX_STALE_AFTER),
    needs: &[Fact::ActorName, Fact::ViceHead],
    duty: no_duty,
    guard: no_guard,
};

impl Body for ReportFix {
    fn words(&self) -> Words<'_> {
        Words::NONE
    }

    fn photos(&self) -> Option<(PhotoStage, &[CommandPhoto])> {
        Some((PhotoStage::Fix, &self.photos))
    }

    fn names(&self) -> Vec<Named<'_>> {
        Vec::new()
    }

    fn check(&self, invalid: &mut Invalid) {
        invalid.prose("/measure", &self.measure, limits::MEASURE_CHARS_MAX);
        for view in [PhotoView::SameAngle, PhotoView::Wide] {
            if !self.photos.iter().any(|photo| photo.view == view) {
                invalid.push("/photos", FieldCode::Missing, format!("at least one photo with view `{view}`"));
            }
        }
    }

    fn take(&self, issue: &mut Issue, actor: &Actor, context: &Context<'_>) -> Result<Effect, Refusal> {
        let counted = counts_from(context.offline, context.now, self.composed_at, self.sent_at);
        issue.fix.measure = Some(self.measure.clone());
        issue.fix.remedy = Some(self.remedy);
        issue.fix.fixed_by = Some(actor.user_id);
        // A severe fix, not written by the vice head of a unit that has one, waits for the vice head's confirmation:
        // until then the unit has not answered. Source: domain rule T9.
        issue.fix.confirmation = match (issue.finding.severity, actor.vice_head, context.unit_has_vice_head) {
            (Severity::Low | Severity::Medium, ..) => None,
            (Severity::High, true, _) => Some(Confirmation::Given { by: actor.user_id, at: context.now }),
            (Severity::High, false, true) => Some(Confirmation::Asked { at: context.now }),
            (Severity::High, false, false) => Some(Confirmation::NoViceHead),
        };
        if !issue.awaits_confirmation() {
            issue.move_on(Action::ReportFix);
            issue.reported(context.now, counted);
        }
        // If the service took the `sign-in` step for the unit, the one who reports the fix becomes its handler.
        issue.assignment.handler.get_or_insert_with(|| context.actor_name.to_owned());
        Ok(Effect::default())
    }
}

/// Steps after which a fix written before them would answer something else: another unit has the case, another fix was
/// reported, another round has begun, or it went on or off the books.
const FIX_STALE_AFTER: &[Action] = &[
    Action::Return,
    Action::Reassign,
    Action::ReportFix,
    Action::ConfirmFix,
    Action::Pass,
    Action::Fail,
    Action::ConfirmFalseEvidence,
    Action::DecideHang,
    Action::Hang,
    Action::Unhang,
    Action::EndPlan,
    Action::DecideDispute,
];

impl Issue {
    /// The unit has answered, so its request to be hung is moot.
    pub(super) fn reported(&mut self, now: Timestamp, counted: Timestamp) {
        self.fix.reported_at = Some(now);
        // A round cannot be answered before it began.
        let start = self.clock.clock_started_at;
        self.fix.fix_counted_at = Some(start.map_or(counted, |start| counted.max(start.min(now))));
        self.lapse_requests(Some(RequestKind::Hang));
    }
}

/// It waits for its check, or first for the vice head's confirmation.
fn confirmation_or_check(step: &Transition) -> Option<NoticeKind> {
    Some(if step.after().state == State::Reported { NoticeKind::FixReported } else { NoticeKind::ToConfirm })
}
