//! A request to take a step, with the data that step needs.

use serde::{Deserialize, Serialize};

use super::{Action, PhotoView, Remedy, Severity};
use crate::domain::ids::{IssueId, PhotoId, RequestId, UnitId, UserId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::limits;
use crate::domain::mark::{self, Mark};
use crate::domain::time::{Date, Timestamp};

/// What somebody wants done to an issue. [`Command::action`] names its row of the lifecycle.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the fields carry the names of the REST contract's bodies")]
pub enum Command {
    Approve {
        severity: Option<Severity>,
        unit_id: UnitId,
        due: Option<Timestamp>,
    },
    SendBack {
        reason: String,
    },
    Resubmit {
        description: Option<String>,
        severity: Option<Severity>,
        item_code: Option<String>,
        photos: Vec<CommandPhoto>,
    },
    Reject {
        reason: String,
        duplicate_of: Option<IssueId>,
    },
    Release,
    ReleaseUrgent {
        severity: Severity,
        unit_id: UnitId,
    },
    SignIn {
        handler: Option<String>,
    },
    Return {
        reason: String,
        proposed_unit_id: Option<UnitId>,
    },
    Reassign {
        unit_id: UnitId,
        founded: bool,
        is_final: bool,
    },
    ReportFix {
        measure: String,
        remedy: Remedy,
        photos: Vec<CommandPhoto>,
        /// When it was written, by the device's clock.
        composed_at: Option<Timestamp>,
        /// What that clock showed as it was sent.
        sent_at: Option<Timestamp>,
    },
    ConfirmFix,
    AssignCheck {
        inspector_id: UserId,
    },
    Pass {
        on_site: bool,
        photos: Vec<CommandPhoto>,
        note: Option<String>,
    },
    Fail {
        reason: String,
        photos: Vec<CommandPhoto>,
    },
    RequestHang {
        plan: Plan,
        reason: String,
        photos: Vec<CommandPhoto>,
    },
    DecideHang {
        request_id: RequestId,
        granted: bool,
        reason: String,
    },
    Hang {
        plan: Plan,
        reason: String,
    },
    ReachMilestone {
        note: Option<String>,
        photos: Vec<CommandPhoto>,
    },
    Unhang {
        note: Option<String>,
    },
    RequestExtension {
        reason: String,
        until: Option<Timestamp>,
        photos: Vec<CommandPhoto>,
    },
    DecideExtension {
        request_id: RequestId,
        granted: bool,
        reason: String,
    },
    Dispute {
        reason: String,
        photos: Vec<CommandPhoto>,
    },
    DecideDispute {
        request_id: RequestId,
        granted: bool,
        reason: String,
    },
    AssignLookBack {
        inspector_id: UserId,
    },
    LookBack {
        held: bool,
        photos: Vec<CommandPhoto>,
        note: Option<String>,
    },
}

/// A photo that a step brings: already uploaded by the same person.
#[derive(Debug, Clone, PartialEq)]
pub struct CommandPhoto {
    /// The upload.
    pub id: PhotoId,
    /// What it shows.
    pub view: PhotoView,
    /// Device time it was taken, where known.
    pub captured_at: Option<Timestamp>,
    /// What was drawn on it.
    pub marks: Vec<Mark>,
}

/// The plan that keeps a hung issue honest 挂账方案.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// In order of time, at most [`limits::MILESTONE_GAP_DAYS_MAX`] days apart.
    pub milestones: Vec<Milestone>,
    /// Milestones that earlier plans of the issue missed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub missed_before: usize,
    /// The day the issue came off the books.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended_on: Option<Date>,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// One step of a [`Plan`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Milestone {
    /// What will be done, 1–100 characters.
    pub milestone: String,
    /// By the end of which day.
    pub due: Date,
    /// The day the unit said it was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reached_on: Option<Date>,
}

impl Milestone {
    /// Whether it was not done by its day, as seen on the day `until`. Source: domain rule T14.
    #[must_use]
    pub fn is_missed(&self, until: Date) -> bool {
        self.due < self.reached_on.unwrap_or(until)
    }
}

impl Command {
    /// The action this command asks for. Exhaustive, so that a command cannot be
    /// judged by another command's permission.
    #[must_use]
    pub fn action(&self) -> Action {
        match self {
            Command::Approve { .. } => Action::Approve,
            Command::SendBack { .. } => Action::SendBack,
            Command::Resubmit { .. } => Action::Resubmit,
            Command::Reject { .. } => Action::Reject,
            Command::Release => Action::Release,
            Command::ReleaseUrgent { .. } => Action::ReleaseUrgent,
            Command::SignIn { .. } => Action::SignIn,
            Command::Return { .. } => Action::Return,
            Command::Reassign { .. } => Action::Reassign,
            Command::ReportFix { .. } => Action::ReportFix,
            Command::ConfirmFix => Action::ConfirmFix,
            Command::AssignCheck { .. } => Action::AssignCheck,
            Command::Pass { .. } => Action::Pass,
            Command::Fail { .. } => Action::Fail,
            Command::RequestHang { .. } => Action::RequestHang,
            Command::DecideHang { .. } => Action::DecideHang,
            Command::Hang { .. } => Action::Hang,
            Command::ReachMilestone { .. } => Action::ReachMilestone,
            Command::Unhang { .. } => Action::Unhang,
            Command::RequestExtension { .. } => Action::RequestExtension,
            Command::DecideExtension { .. } => Action::DecideExtension,
            Command::Dispute { .. } => Action::Dispute,
            Command::DecideDispute { .. } => Action::DecideDispute,
            Command::AssignLookBack { .. } => Action::AssignLookBack,
            Command::LookBack { .. } => Action::LookBack,
        }
    }

    /// The photos it brings.
    #[must_use]
    pub fn photos(&self) -> &[CommandPhoto] {
        match self {
            Command::Resubmit { photos, .. }
            | Command::ReportFix { photos, .. }
            | Command::Pass { photos, .. }
            | Command::Fail { photos, .. }
            | Command::RequestExtension { photos, .. }
            | Command::RequestHang { photos, .. }
            | Command::ReachMilestone { photos, .. }
            | Command::Dispute { photos, .. }
            | Command::LookBack { photos, .. } => photos,
            _ => &[],
        }
    }

    /// Why, in the actor's words; goes into the event.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Command::SendBack { reason }
            | Command::Reject { reason, .. }
            | Command::Return { reason, .. }
            | Command::Fail { reason, .. }
            | Command::RequestHang { reason, .. }
            | Command::DecideHang { reason, .. }
            | Command::Hang { reason, .. }
            | Command::RequestExtension { reason, .. }
            | Command::DecideExtension { reason, .. }
            | Command::Dispute { reason, .. }
            | Command::DecideDispute { reason, .. } => Some(reason),
            Command::Pass { note, .. }
            | Command::Unhang { note }
            | Command::ReachMilestone { note, .. }
            | Command::LookBack { note, .. } => note.as_deref(),
            _ => None,
        }
    }

    /// Checks what can be checked without looking anything up.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn validate(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        if let Some(reason) = self.reason() {
            let is_note = matches!(
                self,
                Command::Pass { .. }
                    | Command::Unhang { .. }
                    | Command::ReachMilestone { .. }
                    | Command::LookBack { .. }
            );
            if is_note {
                invalid.prose_at_most("/note", reason, limits::REASON_CHARS_MAX);
            } else {
                invalid.prose("/reason", reason, limits::REASON_CHARS_MAX);
            }
        }
        validate_photos(self.photos(), &mut invalid);
        match self {
            Command::Resubmit { description: Some(text), .. } => {
                invalid.prose_at_most("/description", text, limits::DESCRIPTION_CHARS_MAX);
            }
            Command::ReleaseUrgent { severity, .. } if *severity != Severity::High => {
                invalid.push("/severity", FieldCode::NotAllowed, "an urgent release is for severity `high` only");
            }
            Command::SignIn { handler: Some(handler) } => {
                invalid.prose("/handler", handler, limits::NAME_CHARS_MAX);
            }
            Command::ReportFix { measure, photos, .. } => {
                invalid.prose("/measure", measure, limits::MEASURE_CHARS_MAX);
                for view in [PhotoView::SameAngle, PhotoView::Wide] {
                    if !photos.iter().any(|photo| photo.view == view) {
                        invalid.push("/photos", FieldCode::Missing, format!("at least one photo with view `{view}`"));
                    }
                }
            }
            Command::LookBack { photos, .. } if photos.is_empty() => {
                invalid.push("/photos", FieldCode::Missing, "at least one photo");
            }
            Command::RequestHang { plan, photos, .. } => {
                plan.validate(&mut invalid);
                if photos.is_empty() {
                    invalid.push("/photos", FieldCode::Missing, "at least one photo of what keeps it safe meanwhile");
                }
            }
            Command::Hang { plan, .. } => plan.validate(&mut invalid),
            _ => {}
        }
        invalid.into_result()
    }
}

fn validate_photos(photos: &[CommandPhoto], invalid: &mut Invalid) {
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
    fn validate(&self, invalid: &mut Invalid) {
        if self.milestones.is_empty() {
            invalid.push("/plan", FieldCode::Missing, "at least one milestone");
        }
        if self.milestones.len() > limits::MILESTONES_MAX {
            let max = limits::MILESTONES_MAX;
            invalid.push("/plan", FieldCode::TooLong, format!("at most {max} milestones"));
        }
        for (at, step) in self.milestones.iter().enumerate() {
            invalid.prose(&format!("/plan/{at}/milestone"), &step.milestone, limits::MILESTONE_CHARS_MAX);
            let earlier = at.checked_sub(1).and_then(|before| self.milestones.get(before));
            if let Some(earlier) = earlier {
                if step.due <= earlier.due {
                    invalid.push(format!("/plan/{at}/due"), FieldCode::OutOfRange, "later than the milestone before");
                } else if days_between(earlier.due, step.due) > limits::MILESTONE_GAP_DAYS_MAX {
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

    /// The day up to which it is judged: that on which it ended, or today.
    #[must_use]
    pub fn judged_on(&self, today: Date) -> Date {
        self.ended_on.unwrap_or(today)
    }

    /// Milestones missed, with those of earlier plans. Source: domain rule T14.
    #[must_use]
    pub fn missed(&self, today: Date) -> usize {
        let until = self.judged_on(today);
        self.missed_before + self.milestones.iter().filter(|step| step.is_missed(until)).count()
    }

    /// The last day of the plan.
    #[must_use]
    pub fn last_day(&self) -> Option<Date> {
        self.milestones.last().map(|step| step.due)
    }
}

/// Whole days from `earlier` to `later`; saturates, never panics.
pub(super) fn days_between(earlier: Date, later: Date) -> i32 {
    earlier.until(later).map_or(i32::MAX, |span| span.get_days())
}
