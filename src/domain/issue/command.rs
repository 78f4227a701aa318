//! Parts that several action bodies share: photos, and a plan.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::{IssuePhoto, PhotoStage, PhotoView};
use crate::domain::ids::PhotoId;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::limits;
use crate::domain::mark::{self, Mark};
use crate::domain::time::{Date, Timestamp};

/// A photo that a step brings: already sent by the same person.
#[derive(Debug, Clone, PartialEq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = ActionPhoto)]
pub struct CommandPhoto {
    /// The upload.
    pub id: PhotoId,
    /// What it shows.
    pub view: PhotoView,
    /// Device time it was taken.
    #[serde(default)]
    pub captured_at: Option<Timestamp>,
    /// What was drawn on it: burnt into `thumb` and `view`, while the original stays as it is.
    #[serde(default)]
    #[schema(max_items = 12)]
    pub marks: Vec<Mark>,
    /// Whether it was chosen from the album instead of taken for the step.
    #[serde(default)]
    pub from_album: bool,
}

impl CommandPhoto {
    /// The photo as attached to an issue at this stage and in this round.
    pub(super) fn on_issue(&self, stage: PhotoStage, round: i32) -> IssuePhoto {
        IssuePhoto {
            photo_id: self.id,
            stage,
            round,
            view: self.view,
            captured_at: self.captured_at,
            marks: self.marks.clone(),
        }
    }
}

/// The plan of a hung issue 挂账方案.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// In order of time, at most [`limits::MILESTONE_GAP_DAYS_MAX`] days apart.
    pub milestones: Vec<Milestone>,
    /// Milestones that the issue's earlier plans missed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub missed_before: usize,
    /// The day the issue came off the books.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<Date>,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// One step of a plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanBody {
    /// What will be done, at most 100 characters.
    milestone: String,
    /// By the end of which day.
    #[schema(value_type = String, format = Date)]
    due: Date,
}

/// Reads the plan of a body.
pub(super) fn planned<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Plan, D::Error> {
    let bodies = Vec::<PlanBody>::deserialize(deserializer)?;
    let milestone =
        |milestone: PlanBody| Milestone { milestone: milestone.milestone, due: milestone.due, reached_on: None };
    Ok(Plan::new(bodies.into_iter().map(milestone).collect()))
}

/// A milestone of a [`Plan`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// What will be done, 1–100 characters.
    pub milestone: String,
    /// The day by whose end it is due.
    pub due: Date,
    /// The day the unit said it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reached_on: Option<Date>,
}

impl Milestone {
    /// Whether it was not done by its day, as of the day `until`. Source: domain rule T14.
    #[must_use]
    pub fn is_missed(&self, until: Date) -> bool {
        self.due < self.reached_on.unwrap_or(until)
    }
}

pub(super) fn validate_photos(photos: &[CommandPhoto], invalid: &mut Invalid) {
    if photos.len() > limits::PHOTOS_PER_STEP_MAX {
        let max = limits::PHOTOS_PER_STEP_MAX;
        invalid.push("/photos", FieldCode::TooLong, format!("at most {max} photos"));
    }
    for (at, photo) in photos.iter().enumerate() {
        if photos.iter().take(at).any(|earlier| earlier.id == photo.id) {
            invalid.push(format!("/photos/{at}/id"), FieldCode::Duplicate, "named twice");
        }
        mark::validate(&photo.marks, &format!("/photos/{at}/marks"), invalid);
    }
}

impl Plan {
    pub(super) fn validate(&self, invalid: &mut Invalid) {
        if self.milestones.is_empty() {
            invalid.push("/plan", FieldCode::Missing, "at least one milestone");
        }
        if self.milestones.len() > limits::MILESTONES_MAX {
            let max = limits::MILESTONES_MAX;
            invalid.push("/plan", FieldCode::TooLong, format!("at most {max} milestones"));
        }
        for (at, milestone) in self.milestones.iter().enumerate() {
            invalid.prose(&format!("/plan/{at}/milestone"), &milestone.milestone, limits::MILESTONE_CHARS_MAX);
            let earlier = at.checked_sub(1).and_then(|before| self.milestones.get(before));
            if let Some(earlier) = earlier {
                if milestone.due <= earlier.due {
                    invalid.push(format!("/plan/{at}/due"), FieldCode::OutOfRange, "later than the milestone before");
                } else if days_between(earlier.due, milestone.due) > limits::MILESTONE_GAP_DAYS_MAX {
                    let max = limits::MILESTONE_GAP_DAYS_MAX;
                    invalid.push(
                        format!("/plan/{at}/due"),
                        FieldCode::OutOfRange,
                        format!("at most {max} days after the one before"),
                    );
                }
            }
        }
    }

    /// Milestones for an issue that goes on the books.
    #[must_use]
    pub fn new(milestones: Vec<Milestone>) -> Self {
        Plan { milestones, missed_before: 0, ended_on: None }
    }

    /// The day as of which it is judged: the day it ended, or today.
    #[must_use]
    pub fn judged_on(&self, today: Date) -> Date {
        self.ended_on.unwrap_or(today)
    }

    /// Missed milestones, including those of earlier plans. Source: domain rule T14.
    #[must_use]
    pub fn missed(&self, today: Date) -> usize {
        let until = self.judged_on(today);
        self.missed_before + self.milestones.iter().filter(|milestone| milestone.is_missed(until)).count()
    }

    /// The last day of the plan.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        self.milestones.last().map(|milestone| milestone.due)
    }
}

/// Whole days from `earlier` to `later`; saturates, never panics.
pub(super) fn days_between(earlier: Date, later: Date) -> i32 {
    earlier.until(later).map_or(i32::MAX, |span| span.get_days())
}
