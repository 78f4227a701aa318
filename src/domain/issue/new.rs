//! An issue as it begins: what is known when it is reported.

use super::{Assignment, Clock, Closing, Finding, Fix, Issue, Review, Severity, Source, State};
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
            finding: Finding {
                source: new.source,
                severity: if new.parent.is_some() { new.severity.raised() } else { new.severity },
                reported_severity: Some(new.severity),
                campaign: new.campaign,
                item_code: new.item_code,
                point_id: new.point_id,
                area_code: new.area_code,
                finder_id: new.finder_id,
                visit_id: new.visit_id,
                description: new.description,
                captured_at: new.captured_at,
                received_at: new.received_at,
                submitted_at: None,
                parent_id: new.parent.map(|(id, _)| id),
                chain_no: new.parent.map_or(0, |(_, chain_no)| chain_no + 1),
                look_back_of: new.look_back_of,
                location: new.location,
            },
            review: Review::default(),
            assignment: Assignment::default(),
            clock: Clock::default(),
            fix: Fix::default(),
            closing: Closing::default(),
            requests: Vec::new(),
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
