//! An issue as it begins: what is known when it is reported.

use super::{Assignment, Clock, Closing, Finding, Fix, Issue, Review, State};
use crate::domain::ids::IssueId;

impl Issue {
    /// An issue with nothing decided yet. [`Issue::open`] makes it real. The finding's severity is as reported; of what
    /// stands in a chain of relapses it is taken as one worse. Source: domain rule M16 (c).
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

    /// The place in a chain of relapses after this issue and its place; 0 where there is none.
    #[must_use]
    pub fn next_in_chain(parent: Option<(IssueId, i32)>) -> i32 {
        parent.map_or(0, |(_, chain_no)| chain_no + 1)
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
