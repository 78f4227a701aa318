//! An issue as it begins: what is known when it is reported.

use super::{Issue, Severity, Source, State};
use crate::domain::geo::Location;
use crate::domain::ids::{IssueId, PointId, UserId, VisitId};
use crate::domain::time::Timestamp;

/// What a report brings. Field meanings: [`Issue`].
#[derive(Debug, Clone)]
#[allow(missing_docs, reason = "documented on Issue")]
pub struct NewIssue {
    pub id: IssueId,
    pub source: Source,
    /// As reported; a rebound is taken as one worse.
    pub severity: Severity,
    pub campaign: String,
    pub item_code: String,
    pub point_id: PointId,
    pub area_code: String,
    pub finder_id: UserId,
    pub visit_id: Option<VisitId>,
    pub description: String,
    pub captured_at: Timestamp,
    pub location: Option<Location>,
    pub received_at: Timestamp,
    /// The issue it relapsed from, with that one's place in the chain.
    pub parent: Option<(IssueId, i32)>,
    /// The issue whose look-back found it.
    pub look_back_of: Option<IssueId>,
}

impl Issue {
    /// An issue with nothing decided yet. [`Issue::open`] makes it real.
    #[must_use]
    pub fn new(new: NewIssue) -> Issue {
        Issue {
            id: new.id,
            number: None,
            version: 0,
            public_version: 0,
            state: State::Receiving,
            round: 1,
            source: new.source,
            severity: if new.parent.is_some() { new.severity.raised() } else { new.severity },
            reported_severity: Some(new.severity),
            campaign: new.campaign,
            item_code: new.item_code,
            point_id: new.point_id,
            area_code: new.area_code,
            unit_id: None,
            finder_id: new.finder_id,
            visit_id: new.visit_id,
            description: new.description,
            captured_at: new.captured_at,
            location: new.location,
            received_at: new.received_at,
            submitted_at: None,
            approved_by: None,
            approved_at: None,
            released_by: None,
            released_at: None,
            urgent: false,
            assigned_at: None,
            final_assignment: false,
            limit: None,
            clock_started_at: None,
            round_limit: None,
            due_fixed: None,
            due_at: None,
            calendar_version: None,
            handler: None,
            signed_in_at: None,
            unclaimed: false,
            fixed_by: None,
            reported_at: None,
            fix_counted_at: None,
            measure: None,
            remedy: None,
            checker_id: None,
            closed_by: None,
            closed_at: None,
            closed_on_site: None,
            desk_reason: None,
            on_time: None,
            look_back_inspector_id: None,
            parent_id: new.parent.map(|(id, _)| id),
            chain_no: new.parent.map_or(0, |(_, chain_no)| chain_no + 1),
            look_back_of: new.look_back_of,
            duplicate_of: None,
            rejection: None,
            confirmation: None,
            returns: Vec::new(),
            requests: Vec::new(),
            pauses: Vec::new(),
            plan: None,
        }
    }
}

/// The item that a mended report names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MendedItem {
    /// Its code.
    pub code: String,
    /// Its campaign.
    pub campaign: String,
    /// The issue that the fault relapses from under this item, with that one's place in the chain.
    pub parent: Option<(IssueId, i32)>,
}
