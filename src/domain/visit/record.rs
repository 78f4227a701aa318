//! The record of a visit as an inspector sends it.

use std::ops::RangeInclusive;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::interview::{INTERVIEWS_MAX, Interview};
use super::score::{ChecklistItem, NoScore, PointScore, point_score};
use crate::domain::canonical;
use crate::domain::digest::Digest;
use crate::domain::geo::Location;
use crate::domain::ids::{BatchId, CaptureNonce, IssueId, PhotoId, PointId, VisitId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::issue::Report;
use crate::domain::limits;
use crate::domain::text::text_enum;
use crate::domain::time::{CLIENT_TIME_MAX, CLIENT_TIME_MIN, Timestamp};

/// Results of a visit. Source: our choice; a point type has some 30 items.
pub const RESULTS_MAX: usize = 200;
/// Longest visit. Source: our choice; a working day with a long evening.
pub const VISIT_HOURS_MAX: u64 = 12;

text_enum! {
    /// How an item was found.
    pub enum ItemResult {
        Conforms = "conforms", "符合", "Conforms";
        Mostly = "mostly", "基本符合", "Mostly conforms";
        Fails = "fails", "不符合", "Fails";
        NotApplicable = "not-applicable", "不适用", "Not applicable";
    }
}

/// A visit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = VisitBody)]
pub struct VisitRecord {
    /// Where.
    pub point_id: PointId,
    /// The task of a batch that it carries out; absent for a visit without a draw.
    #[serde(default)]
    pub task: Option<TaskRef>,
    /// Device time at which it began.
    pub began_at: Timestamp,
    /// Device time at which it ended, at most 12 hours later. Before `began_at`, the phone's clock was set back meanwhile.
    pub ended_at: Timestamp,
    /// Where the device was, once; no track is recorded.
    #[serde(default)]
    pub location: Option<Location>,
    /// A number that the phone was given ahead: it shows that the visit began after that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capture_nonce: Option<CaptureNonce>,
    /// What was seen, 1–200 items, each once.
    #[schema(min_items = 1, max_items = 200)]
    pub results: Vec<Observation>,
    /// Street interviews 应知应会.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub interviews: Vec<Interview>,
}

/// A task of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskRef {
    /// The batch.
    pub batch_id: BatchId,
    /// Number of the task in it.
    pub number: u32,
}

/// How one item was found 观测结果.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Observation {
    /// The item.
    #[schema(example = "WM-07")]
    pub item_code: String,
    /// How it was found.
    pub result: ItemResult,
    /// In words, at most 500 characters. Required for `not-applicable`, and for `mostly` without a photo.
    #[serde(default)]
    pub note: String,
    /// Photos, at most 9; a photo may serve several items. At least one for an item with `photo_required` that conforms
    /// or mostly conforms; not if the visit began before the county asked for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 9)]
    pub photo_ids: Vec<PhotoId>,
    /// The issue that a failing item opens; required for `fails` and refused for the others.
    #[serde(default)]
    pub issue: Option<OpenedIssue>,
}

/// An issue that a visit opens.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenedIssue {
    /// Chosen by the client.
    pub id: IssueId,
    /// The report, of the same point and item, with the visit's id or none.
    pub report: Report,
}

impl VisitRecord {
    /// The digest by which a repeated record is recognised.
    #[must_use]
    pub fn digest(&self) -> Digest {
        canonical::digest(self)
    }

    /// Checks what can be checked without a lookup.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn validate(&self, id: VisitId) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        invalid.random_id("/id", id.0);
        self.validate_times(&mut invalid);
        if let Some(location) = &self.location {
            location.validate("/location", &mut invalid);
        }
        if self.task.is_some_and(|task| task.number == 0) {
            invalid.push("/task/number", FieldCode::OutOfRange, "at least 1");
        }
        if self.results.is_empty() {
            invalid.push("/results", FieldCode::Missing, "at least one item");
        }
        if self.results.len() > RESULTS_MAX {
            invalid.push("/results", FieldCode::TooLong, format!("at most {RESULTS_MAX} items"));
            return invalid.into_result();
        }
        for (at, observation) in self.results.iter().enumerate() {
            let pointer = format!("/results/{at}");
            let mut earlier = self.results.iter().take(at);
            if earlier.clone().any(|other| other.item_code == observation.item_code) {
                invalid.push(format!("{pointer}/item_code"), FieldCode::Duplicate, "each item once");
            }
            let opens = |other: &Observation| other.issue.as_ref().map(|issue| issue.id);
            if opens(observation).is_some() && earlier.any(|other| opens(other) == opens(observation)) {
                invalid.push(format!("{pointer}/issue/id"), FieldCode::Duplicate, "each issue once");
            }
            observation.validate(&pointer, &mut invalid);
            if let Some(opened) = &observation.issue {
                self.validate_issue(id, observation, opened, &format!("{pointer}/issue"), &mut invalid);
            }
        }
        if self.interviews.len() > INTERVIEWS_MAX {
            invalid.push("/interviews", FieldCode::TooLong, format!("at most {INTERVIEWS_MAX}"));
            return invalid.into_result();
        }
        for (at, interview) in self.interviews.iter().enumerate() {
            interview.validate(&format!("/interviews/{at}"), &mut invalid);
        }
        invalid.into_result()
    }

    fn validate_times(&self, invalid: &mut Invalid) {
        for (pointer, time) in [("/began_at", self.began_at), ("/ended_at", self.ended_at)] {
            if !(CLIENT_TIME_MIN..CLIENT_TIME_MAX).contains(&time) {
                invalid.push(pointer, FieldCode::OutOfRange, "between the years 2000 and 2100");
            }
        }
        let longest = Duration::from_secs(VISIT_HOURS_MAX * 3_600);
        if self.ended_at > self.began_at && self.ended_at.since(self.began_at) > longest {
            let detail = format!("at most {VISIT_HOURS_MAX} hours after began_at");
            invalid.push("/ended_at", FieldCode::OutOfRange, detail);
        }
    }

    /// By how much the phone's clock was set back during the visit, at least: it may have lasted some time before that.
    #[must_use]
    pub fn clock_set_back(&self) -> Option<Duration> {
        (self.ended_at < self.began_at).then(|| self.began_at.since(self.ended_at))
    }

    /// When something can have been found on it: until the longest visit would be over, by the clock before it was set
    /// back, and not before the longest visit would have begun, by the clock after that.
    fn span(&self) -> RangeInclusive<Timestamp> {
        let longest = Duration::from_secs(VISIT_HOURS_MAX * 3_600);
        match self.clock_set_back() {
            None => self.began_at..=self.ended_at,
            Some(_) => self.ended_at.minus(longest)..=self.began_at.plus(longest),
        }
    }

    /// Checks a report against the visit that it belongs to.
    fn validate_issue(
        &self,
        id: VisitId,
        observation: &Observation,
        opened: &OpenedIssue,
        pointer: &str,
        invalid: &mut Invalid,
    ) {
        let report = &opened.report;
        for fault in report.validate(opened.id).err().into_iter().flat_map(|faults| faults.0) {
            // The id is no part of the report.
            let place = if fault.pointer == "/id" { "" } else { "/report" };
            invalid.push(format!("{pointer}{place}{}", fault.pointer), fault.code, fault.detail);
        }
        for (field, is_same, detail) in [
            ("point_id", report.point_id == Some(self.point_id), "the visit's point"),
            ("item_code", report.item_code == observation.item_code, "the item that fails"),
            ("visit_id", report.visit_id.is_none_or(|visit| visit == id), "this visit, or none"),
        ] {
            if !is_same {
                invalid.push(format!("{pointer}/report/{field}"), FieldCode::NotAllowed, detail);
            }
        }
        if !self.span().contains(&report.captured_at) {
            invalid.push(format!("{pointer}/report/captured_at"), FieldCode::OutOfRange, "during the visit");
        }
    }

    /// Checks that every item belongs to the point's checklist.
    ///
    /// # Errors
    /// Every item that does not.
    pub fn validate_items(&self, checklist: &[ChecklistItem]) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        for (at, observation) in self.results.iter().enumerate() {
            if !checklist.iter().any(|item| item.code == observation.item_code) {
                let pointer = format!("/results/{at}/item_code");
                invalid.push(pointer, FieldCode::Unknown, "not an item of this type of point");
            }
        }
        invalid.into_result()
    }

    /// Checks that each of these items is shown on a photo, if something was seen there: also one that conforms. The
    /// photos of one that fails are those of its report.
    ///
    /// # Errors
    /// Every item that is not.
    pub fn validate_photos(&self, required: &[String]) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        for (at, observation) in self.results.iter().enumerate() {
            let needs_one = match observation.result {
                ItemResult::Conforms | ItemResult::Mostly => observation.photo_ids.is_empty(),
                ItemResult::Fails | ItemResult::NotApplicable => false,
            };
            let code = &observation.item_code;
            if needs_one && required.contains(code) {
                let detail = format!("item {code} has to be shown on a photo");
                invalid.push(format!("/results/{at}/photo_ids"), FieldCode::Required, detail);
            }
        }
        invalid.into_result()
    }

    /// The score of the point that follows from this visit.
    ///
    /// # Errors
    /// Those of [`point_score`].
    pub fn score(&self, checklist: &[ChecklistItem]) -> Result<PointScore, NoScore> {
        point_score(checklist, self.results.iter().map(|one| (&*one.item_code, one.result)))
    }

    /// The reports that it opens, each with the visit's id.
    pub fn reports(&self, id: VisitId) -> impl Iterator<Item = (IssueId, Report)> {
        let opened = self.results.iter().filter_map(|observation| observation.issue.as_ref());
        opened.map(move |opened| (opened.id, Report { visit_id: Some(id), ..opened.report.clone() }))
    }
}

impl Observation {
    fn validate(&self, pointer: &str, invalid: &mut Invalid) {
        invalid.prose_at_most(&format!("{pointer}/note"), &self.note, limits::REASON_CHARS_MAX);
        let says_nothing = self.note.trim().is_empty();
        match (self.result, &self.issue) {
            (ItemResult::Fails, None) => {
                invalid.push(format!("{pointer}/issue"), FieldCode::Required, "a failing item opens an issue");
            }
            (ItemResult::Fails, Some(_)) | (ItemResult::Conforms, None) => {}
            (ItemResult::Mostly, None) => {
                if says_nothing && self.photo_ids.is_empty() {
                    let detail = "say or show what is missing";
                    invalid.push(format!("{pointer}/note"), FieldCode::Required, detail);
                }
            }
            (ItemResult::NotApplicable, None) => {
                // Otherwise it would be the easiest way to judge nothing.
                if says_nothing {
                    let detail = "say why the item does not apply";
                    invalid.push(format!("{pointer}/note"), FieldCode::Required, detail);
                }
            }
            (ItemResult::Conforms | ItemResult::Mostly | ItemResult::NotApplicable, Some(_)) => {
                invalid.push(format!("{pointer}/issue"), FieldCode::NotAllowed, "only a failing item opens an issue");
            }
        }
        if self.photo_ids.len() > limits::PHOTOS_PER_STEP_MAX {
            let detail = format!("at most {} photos", limits::PHOTOS_PER_STEP_MAX);
            invalid.push(format!("{pointer}/photo_ids"), FieldCode::TooLong, detail);
        }
        for (at, photo) in self.photo_ids.iter().enumerate() {
            let pointer = format!("{pointer}/photo_ids/{at}");
            invalid.random_id(&*pointer, photo.0);
            if self.photo_ids.iter().take(at).any(|earlier| earlier == photo) {
                invalid.push(pointer, FieldCode::Duplicate, "named twice");
            }
        }
    }
}
