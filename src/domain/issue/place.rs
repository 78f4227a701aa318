//! Moves an issue to another point, because the place that it was reported at was not on the list (ADR 0030).

use super::{Action, Issue, State, Transition};
use crate::domain::ids::{IssueId, PointId};
use crate::domain::role::Actor;
use crate::domain::time::Timestamp;

impl Issue {
    /// Decides that the issue is at this point of this area; its history keeps where it was reported. As long as it is
    /// not reviewed, it may turn out to be a relapse of `parent`, with that issue's position in the chain. Source:
    /// domain rule M16 (c).
    #[must_use]
    pub fn settle_place(
        &self,
        point_id: PointId,
        area_code: &str,
        parent: Option<(IssueId, i32)>,
        actor: &Actor,
        now: Timestamp,
    ) -> Transition {
        let mut after = self.clone();
        after.finding.point_id = point_id;
        area_code.clone_into(&mut after.finding.area_code);
        if self.is_reviewable() && parent.is_some() {
            after.finding = after.finding.after(parent);
            let reported = after.finding.reported_severity.unwrap_or(after.finding.severity);
            after.finding.severity = reported.raised();
        }
        let action = Action::SettlePlace;
        Transition::new(Some(self), after, Some(actor), action, now, action.is_public())
    }

    /// Whether settling its place may still make it a relapse: nobody has judged it yet.
    #[must_use]
    pub fn is_reviewable(&self) -> bool {
        matches!(self.state, State::Receiving | State::Submitted | State::Returned)
    }
}
