//! A stored visit: what was seen, and the checklist by which it is scored.

use std::time::Duration;

use super::interview::{Interview, awareness};
use super::ratio::Ratio;
use super::record::{ItemResult, Observation, TaskRef, VisitRecord};
use super::score::{ChecklistItem, NoScore, PointScore, point_score};
use crate::domain::geo::Location;
use crate::domain::ids::{IssueId, PhotoId, PointId, UserId, VisitId};
use crate::domain::time::Timestamp;

/// A visit.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    /// Identity; chosen by the client.
    pub id: VisitId,
    /// Where.
    pub point_id: PointId,
    /// Whose.
    pub inspector_id: UserId,
    /// The task that it carries out; `None` for a sudden one 突击暗访, which nobody drew.
    pub task: Option<TaskRef>,
    /// Device time at which it began. If the clock was set back meanwhile, the time at which it ended: the clock that
    /// somebody corrected is believed.
    pub began_at: Timestamp,
    /// Device time at which it ended.
    pub ended_at: Timestamp,
    /// Where the device was.
    pub location: Option<Location>,
    /// What was seen, in the order it was sent.
    pub results: Vec<Seen>,
    /// Street interviews.
    pub interviews: Vec<Interview>,
    /// The items of such points when the visit arrived, with their weights then. A county that changes its weights
    /// changes no score of the past.
    pub checklist: Vec<ChecklistItem>,
    /// Server time at which it arrived.
    pub received_at: Timestamp,
    /// By how much the phone's clock was set back during it, which is a doubt.
    pub clock_set_back: Option<Duration>,
}

/// How one item was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// The item.
    pub item_code: String,
    /// How it was found.
    pub result: ItemResult,
    /// In words; may be empty.
    pub note: String,
    /// Photos, in order.
    pub photo_ids: Vec<PhotoId>,
    /// The issue that it opened.
    pub issue_id: Option<IssueId>,
    /// The policy 一摊一策 that permits stalls there and then, in words, if the item is about stalls.
    pub permitted_by: Option<String>,
}

impl Seen {
    /// How it counts: what is permitted there does not apply, whatever was seen.
    #[must_use]
    pub fn counted(&self) -> ItemResult {
        counted(self.result, self.permitted_by.is_some())
    }
}

/// How a result counts of an item that may be permitted there.
#[must_use]
pub fn counted(result: ItemResult, is_permitted: bool) -> ItemResult {
    if is_permitted { ItemResult::NotApplicable } else { result }
}

impl Visit {
    /// The visit that `record` tells of. `permitted_by` says which policy permits what was seen.
    #[must_use]
    pub fn of(
        id: VisitId,
        inspector_id: UserId,
        record: &VisitRecord,
        checklist: Vec<ChecklistItem>,
        permitted_by: impl Fn(&Observation) -> Option<String>,
        received_at: Timestamp,
    ) -> Self {
        let seen = record.results.iter().map(|one| Seen {
            item_code: one.item_code.clone(),
            result: one.result,
            note: one.note.trim().to_owned(),
            photo_ids: one.photo_ids.clone(),
            issue_id: one.issue.as_ref().map(|opened| opened.id),
            permitted_by: permitted_by(one),
        });
        Visit {
            id,
            point_id: record.point_id,
            inspector_id,
            task: record.task,
            began_at: record.began_at.min(record.ended_at),
            ended_at: record.ended_at,
            location: record.location,
            results: seen.collect(),
            interviews: record.interviews.clone(),
            checklist,
            received_at,
            clock_set_back: record.clock_set_back(),
        }
    }

    /// The score of the point that follows from it.
    ///
    /// # Errors
    /// Those of [`point_score`].
    pub fn score(&self) -> Result<PointScore, NoScore> {
        point_score(&self.checklist, self.results.iter().map(|one| (&*one.item_code, one.counted())))
    }

    /// Right answers of its interviews in percent; `None` without interviews.
    #[must_use]
    pub fn awareness(&self) -> Option<Ratio> {
        awareness(&self.interviews)
    }

    /// Its photos, each once, in order; those of its issues' reports are not among them.
    #[must_use]
    pub fn photo_ids(&self) -> Vec<PhotoId> {
        let mut ids: Vec<PhotoId> = Vec::new();
        for id in self.results.iter().flat_map(|one| &one.photo_ids) {
            if !ids.contains(id) {
                ids.push(*id);
            }
        }
        ids
    }

    /// How many items count like this.
    #[must_use]
    pub fn count(&self, result: ItemResult) -> usize {
        self.results.iter().filter(|one| one.counted() == result).count()
    }
}
