//! What a visit adds to the stored sums: the score of its point, and the points 分 that were lost by item.

use crate::domain::ids::{IssueId, PointId, VisitId};
use crate::domain::time::Timestamp;
use crate::domain::visit::{ItemResult, Ratio, Visit};

/// An item at which a visit lost points.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// The item.
    pub item_code: String,
    /// The issue that it opened.
    pub issue_id: Option<IssueId>,
    /// Weight × (1 − r), in halves: a weight of 3 that failed is 6.
    pub lost_halves: u32,
}

/// What a valid visit says of its point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The visit.
    pub visit_id: VisitId,
    /// Where it was.
    pub point_id: PointId,
    /// When it began.
    pub began_at: Timestamp,
    /// Whether nobody drew it.
    pub is_sudden: bool,
    /// The point's score.
    pub score: Ratio,
    /// Whether a veto item failed.
    pub is_vetoed: bool,
    /// The items that were judged, each once.
    pub observed: Vec<String>,
    /// Where points were lost.
    pub losses: Vec<Loss>,
}

impl Tally {
    /// What `visit` adds; `None` for one that judges nothing.
    #[must_use]
    pub fn of(visit: &Visit) -> Option<Self> {
        let score = visit.score().ok()?;
        let weights = |code: &str| visit.checklist.iter().find(|item| item.code == code).map(|item| item.weight);
        let (mut observed, mut losses) = (Vec::new(), Vec::new());
        for seen in &visit.results {
            let halves = match seen.counted() {
                ItemResult::Conforms => 0,
                ItemResult::Mostly => 1,
                ItemResult::Fails => 2,
                ItemResult::NotApplicable => continue,
            };
            observed.push(seen.item_code.clone());
            let lost_halves = weights(&seen.item_code).unwrap_or_default() * halves;
            if lost_halves > 0 {
                losses.push(Loss { item_code: seen.item_code.clone(), issue_id: seen.issue_id, lost_halves });
            }
        }
        Some(Tally {
            visit_id: visit.id,
            point_id: visit.point_id,
            began_at: visit.began_at,
            is_sudden: visit.task.is_none(),
            score: score.value,
            is_vetoed: !score.vetoed_by.is_empty(),
            observed,
            losses,
        })
    }
}

#[cfg(test)]
mod tests;
