//! The daily dispatch list 调度清单: the choke points 堵点 that a meeting talks about. Source: domain rule M11.

use serde::{Deserialize, Serialize};

use crate::domain::ids::{IssueId, UnitId};
use crate::domain::issue::Severity;
use crate::domain::text::text_enum;
use crate::domain::time::{Date, Timestamp};

/// Returns of one issue from which it is a choke point. Source: domain rule M11.
const RETURNS_MIN: u32 = 2;
/// Failed checks from which it is one. Source: domain rule M11.
const REWORKS_MIN: u32 = 2;

text_enum! {
    /// Why an issue is on the list.
    pub enum Choke {
        Unclaimed = "unclaimed", "无人认领", "Nobody signed in";
        Returned = "returned", "多次退回", "Returned again";
        Overdue = "overdue", "超期", "Overdue";
        Reworked = "reworked", "多次返工", "Reworked again";
        Rebound = "rebound", "反弹", "Rebounded";
        PastPlan = "past-plan", "挂账逾期", "On the books past its plan";
    }
}

/// A released, unsettled issue, as the list sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The issue.
    pub issue_id: IssueId,
    /// Its number.
    pub number: String,
    /// The responsible unit.
    pub unit_id: UnitId,
    /// How bad it is.
    pub severity: Severity,
    /// Whether the unit did not sign in by the deadline.
    pub is_unclaimed: bool,
    /// How often it was returned, by any unit.
    pub returns: u32,
    /// Its deadline.
    pub due_at: Timestamp,
    /// Whether the unit owes a fix, so that a passed deadline is overdue.
    pub is_owed: bool,
    /// Failed checks.
    pub failed_checks: u32,
    /// Position in the chain of rebounds; 0 for none.
    pub chain_no: u32,
    /// The last day of the plan of an issue on the books.
    pub plan_until: Option<Date>,
    /// Missed milestones of that plan.
    pub missed_milestones: u32,
}

/// An issue on the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dispatched {
    /// The issue.
    pub issue_id: IssueId,
    /// Its number.
    pub number: String,
    /// The responsible unit.
    pub unit_id: UnitId,
    /// How bad it is.
    pub severity: Severity,
    /// Its deadline.
    pub due_at: Timestamp,
    /// Why it is on the list, at least one reason.
    pub chokes: Vec<Choke>,
}

impl Candidate {
    fn is(&self, choke: Choke, now: Timestamp, today: Date) -> bool {
        match choke {
            Choke::Unclaimed => self.is_unclaimed,
            Choke::Returned => self.returns >= RETURNS_MIN,
            Choke::Overdue => self.is_owed && self.due_at < now,
            Choke::Reworked => self.failed_checks >= REWORKS_MIN,
            Choke::Rebound => self.chain_no > 0,
            Choke::PastPlan => self.plan_until.is_some_and(|until| until < today || self.missed_milestones > 0),
        }
    }
}

/// The list of a day: first what has most reasons, then the most severe, then the oldest deadline.
#[must_use]
pub fn dispatch_list(candidates: &[Candidate], now: Timestamp, today: Date) -> Vec<Dispatched> {
    let mut list: Vec<Dispatched> = candidates
        .iter()
        .filter_map(|issue| {
            let chokes: Vec<Choke> = Choke::ALL.iter().copied().filter(|choke| issue.is(*choke, now, today)).collect();
            (!chokes.is_empty()).then(|| Dispatched {
                issue_id: issue.issue_id,
                number: issue.number.clone(),
                unit_id: issue.unit_id,
                severity: issue.severity,
                due_at: issue.due_at,
                chokes,
            })
        })
        .collect();
    list.sort_by(|a, b| {
        let first = (b.chokes.len(), b.severity).cmp(&(a.chokes.len(), a.severity));
        first.then_with(|| (a.due_at, a.issue_id).cmp(&(b.due_at, b.issue_id)))
    });
    list
}

#[cfg(test)]
mod tests;
