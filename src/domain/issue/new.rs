//! A new issue: the fields that are known when it is reported.

use super::{Assignment, Clock, Closing, Finding, Fix, Issue, Review, Severity, State};
use crate::domain::ids::{IssueId, PointId};

/// What is violated, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The item.
    pub item_code: String,
    /// Its campaign.
    pub campaign: String,
    /// How bad it is.
    pub severity: Severity,
    /// The point.
    pub point_id: PointId,
    /// Its area.
    pub area_code: String,
}

impl Finding {
    /// The same as a relapse of an issue with this position in its chain of relapses, if it is one.
    #[must_use]
    pub fn after(self, parent: Option<(IssueId, i32)>) -> Self {
        Finding { parent_id: parent.map(|(id, _)| id), chain_no: Issue::next_in_chain(parent), ..self }
    }
}

impl Issue {
    /// An issue with nothing decided yet; [`Issue::open`] completes it. The finding's severity is as reported; in a
    /// chain of relapses it is raised by one. Source: domain rule M16 (c).
    #[must_use]
    pub fn new(id: IssueId, finding: Finding) -> Issue {
        let reported = finding.severity;
        let severity = if finding.chain_no > 0 { reported.raised() } else { reported };
        Issue {
            id,
            number: None,
            version: 0,
            public_version: 0,
            state: State::Receiving,
            round: 1,
            finding: Finding { severity, reported_severity: Some(reported), ..finding },
            review: Review::default(),
            assignment: Assignment::default(),
            clock: Clock::default(),
            fix: Fix::default(),
            closing: Closing::default(),
            requests: Vec::new(),
        }
    }

    /// The position in a chain of relapses after this issue and its position; 0 where there is none.
    #[must_use]
    pub fn next_in_chain(parent: Option<(IssueId, i32)>) -> i32 {
        parent.map_or(0, |(_, chain_no)| chain_no + 1)
    }
}

/// The item that a corrected report names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MendedItem {
    /// Its code.
    pub code: String,
    /// Its campaign.
    pub campaign: String,
    /// The issue that the fault is a relapse of under this item, with that issue's position in the chain.
    pub parent: Option<(IssueId, i32)>,
}
