//! A finding: mended, dropped, found again.

use super::super::{
    Command, Issue, IssuePhoto, Lead, MendedItem, NewIssue, PhotoStage, Rejection, Severity, Source, Vote, step,
};
use super::{Context, Transition};
use crate::domain::ids::IssueId;
use crate::domain::issue::Action;
use crate::domain::role::Actor;
use crate::domain::time::Timestamp;

impl Issue {
    /// Takes over what a mended report says. Another item may stand in another chain of relapses,
    /// or in none. Source: domain rule M16 (c).
    pub(super) fn mend(&mut self, severity: Option<Severity>, item: Option<&MendedItem>) {
        if let Some(item) = item {
            self.finding.item_code.clone_from(&item.code);
            self.finding.campaign.clone_from(&item.campaign);
            self.finding.parent_id = item.parent.map(|(id, _)| id);
            self.finding.chain_no = item.parent.map_or(0, |(_, chain_no)| chain_no + 1);
        }
        if severity.is_some() || item.is_some() {
            let reported = severity.or(self.finding.reported_severity).unwrap_or(self.finding.severity);
            self.finding.reported_severity = Some(reported);
            self.finding.severity = if self.is_rebound() { reported.raised() } else { reported };
        }
    }

    /// What is severe is dropped by two reviewers: the first one's word is kept, and the issue goes
    /// on waiting. Source: domain rule T4.
    pub(super) fn reject(&mut self, actor: &Actor, reason: &str, duplicate_of: Option<IssueId>, now: Timestamp) {
        let first = self.review.rejection.as_ref();
        if self.finding.severity == Severity::High && first.is_none() {
            let vote = Vote { by: actor.user_id, at: now, reason: reason.to_owned() };
            self.review.rejection = Some(Rejection { vote, duplicate_of });
            return;
        }
        self.review.duplicate_of = duplicate_of.or(first.and_then(|first| first.duplicate_of));
        if let Lead::StaysOr(state) = step(Action::Reject).lead {
            self.state = state;
        }
    }

    /// The new issue that a failed look-back opens: a rebound within [`REBOUND_DAYS`] of the closing,
    /// after them a fault like any other. Source: domain rules M16 (c), T16.
    pub(super) fn relapse(
        &self,
        actor: &Actor,
        command: &Command,
        note: Option<&str>,
        context: &Context<'_>,
    ) -> Transition {
        let photos: Vec<IssuePhoto> = self
            .photos_of(command)
            .into_iter()
            .map(|photo| IssuePhoto { stage: PhotoStage::Found, round: 1, ..photo })
            .collect();
        // Seen when the photos were taken, which may reach the service days later.
        let seen = photos.iter().filter_map(|photo| photo.captured_at).filter(|at| *at <= context.now).max();
        let captured_at =
            seen.filter(|at| self.closing.closed_at.is_none_or(|closed| closed <= *at)).unwrap_or(context.now);
        let (since, until) = Issue::rebound_closings(captured_at);
        let is_rebound = self.closing.closed_at.is_some_and(|closed| (since..=until).contains(&closed));
        let draft = Issue::new(NewIssue {
            id: context.child_id,
            source: Source::LookBack,
            severity: self.finding.severity,
            campaign: self.finding.campaign.clone(),
            item_code: self.finding.item_code.clone(),
            point_id: self.finding.point_id,
            area_code: self.finding.area_code.clone(),
            finder_id: actor.user_id,
            visit_id: None,
            description: note.unwrap_or(&self.finding.description).to_owned(),
            captured_at,
            location: None,
            received_at: context.now,
            parent: is_rebound.then_some((self.id, self.finding.chain_no)),
            look_back_of: Some(self.id),
        });
        Issue::open(draft, actor, photos, true)
    }
}
