//! An issue as inspectors see it: the finder sees nothing of other people's visits, and an inspector with a check or
//! look-back sees nothing of the finding except the fault.

use serde::Serialize;
use utoipa::ToSchema;

use super::issue::PointView;
use super::public::{FoundOn, PublicPhoto, has_preview, released_at, reported_at, view_size};
use crate::app::issues::read::IssueDetail;
use crate::domain::evidence::{Flag, FlagCode};
use crate::domain::geo::Location;
use crate::domain::ids::{IssueId, PhotoId, UnitId, VisitId};
use crate::domain::issue::{
    Action, Assignment, Clock, Closing, Finding, Fix, Issue, PhotoStage, PhotoView, Remedy, Review, Severity, State,
};
use crate::domain::shown_time::{Deadline, ShownTime};
use crate::domain::time::{Date, Timestamp};
use crate::store::issues::StoredPhoto;

/// An issue as its finder reads it: the own report and its fate.
#[derive(Debug, Serialize, ToSchema)]
pub struct FinderIssue {
    /// Identity.
    pub id: IssueId,
    /// Given at release.
    #[schema(required = true)]
    pub number: Option<String>,
    /// What `If-Match` must name: counts the steps that the finder may know of.
    pub version: i64,
    /// Its state.
    pub state: State,
    /// 1, and one more with each failed check.
    pub round: i32,
    /// How bad.
    pub severity: Severity,
    /// Item that is violated.
    pub item_code: String,
    /// Where.
    pub point: PointView,
    /// Responsible unit, once proposed.
    #[schema(required = true)]
    pub unit_id: Option<UnitId>,
    /// The report's words.
    pub description: String,
    /// Device time of the finding.
    pub captured_at: Timestamp,
    /// Where the device was.
    #[schema(required = true)]
    pub location: Option<Location>,
    /// The walk it was found on.
    #[schema(required = true)]
    pub visit_id: Option<VisitId>,
    /// Server time the report came.
    pub received_at: Timestamp,
    /// Server time all its photos were here.
    #[schema(required = true)]
    pub submitted_at: Option<Timestamp>,
    /// When it was handed over.
    #[schema(required = true)]
    pub released_at: Option<ShownTime>,
    /// Deadline.
    #[schema(required = true)]
    pub due_at: Option<Deadline>,
    /// The day it was closed; the hour could be another's visit.
    #[schema(required = true, value_type = Option<String>, format = Date)]
    pub closed_on: Option<Date>,
    /// What the unit says it did.
    #[schema(required = true)]
    pub measure: Option<String>,
    /// How it was put right.
    #[schema(required = true)]
    pub remedy: Option<Remedy>,
    /// That the reader found it: `true`.
    pub is_mine: bool,
    /// The report's photos; those of the fix, too, for a finder who was given the check.
    pub photos: Vec<FinderPhoto>,
    /// Photos that were named but have not come.
    pub missing_photos: Vec<PhotoId>,
    /// Doubts about the own report; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flags: Option<Vec<FinderFlag>>,
    /// The kinds of doubts there are about the own report; empty in lists, which do not tell them from doubts about
    /// what others did.
    pub flag_codes: Vec<FlagCode>,
    /// The issue it relapsed from.
    #[schema(required = true)]
    pub parent_id: Option<IssueId>,
    /// Place in the chain of relapses, from 0.
    pub chain_no: i32,
    /// What the reader may do now.
    pub allowed_actions: Vec<Action>,
}

/// A photo as the finder of the issue reads it.
#[derive(Debug, Serialize, ToSchema)]
pub struct FinderPhoto {
    /// The upload.
    pub id: PhotoId,
    /// What it shows.
    pub view: PhotoView,
    /// At which step.
    pub stage: PhotoStage,
    /// In which round.
    pub round: i32,
    /// Pixels across of its `view`, upright; `null` while it is on its way.
    #[schema(required = true)]
    pub width: Option<i32>,
    /// Pixels down of its `view`, upright.
    #[schema(required = true)]
    pub height: Option<i32>,
    /// Whether it can be looked at.
    pub has_preview: bool,
    /// Device time it was taken; of the own report's photos only.
    #[schema(required = true)]
    pub captured_at: Option<Timestamp>,
}

/// A doubt as the finder may know it: not what it was compared with.
#[derive(Debug, Serialize, ToSchema)]
pub struct FinderFlag {
    /// What.
    pub code: FlagCode,
    /// About which photo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo_id: Option<PhotoId>,
}

/// An issue as an inspector reads it who was given its check or a look-back: the fault, the fix
/// and the place, as its unit knows them.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskIssue {
    /// Identity.
    pub id: IssueId,
    /// Its number; random within the year.
    #[schema(required = true)]
    pub number: Option<String>,
    /// What `If-Match` must name: counts from the release.
    pub version: i64,
    /// Its state.
    pub state: State,
    /// 1, and one more with each failed check.
    pub round: i32,
    /// How bad.
    pub severity: Severity,
    /// Item that is violated.
    pub item_code: String,
    /// Where.
    pub point: PointView,
    /// Responsible unit.
    #[schema(required = true)]
    pub unit_id: Option<UnitId>,
    /// What is wrong.
    pub description: String,
    /// When it was found.
    pub found_on: FoundOn,
    /// When it was handed over.
    #[schema(required = true)]
    pub released_at: Option<ShownTime>,
    /// Deadline.
    #[schema(required = true)]
    pub due_at: Option<Deadline>,
    /// When the last fix was reported.
    #[schema(required = true)]
    pub reported_at: Option<ShownTime>,
    /// The day it was closed; the hour could be another's visit.
    #[schema(required = true, value_type = Option<String>, format = Date)]
    pub closed_on: Option<Date>,
    /// What the unit says it did.
    #[schema(required = true)]
    pub measure: Option<String>,
    /// How it was put right.
    #[schema(required = true)]
    pub remedy: Option<Remedy>,
    /// That another found it: `false`.
    pub is_mine: bool,
    /// Photos of the fault and of the fix; of earlier checks for whoever checks, of this look-back for whoever
    /// looks back.
    pub photos: Vec<PublicPhoto>,
    /// What the reader may do now.
    pub allowed_actions: Vec<Action>,
}

impl From<&StoredPhoto> for FinderPhoto {
    fn from(stored: &StoredPhoto) -> Self {
        let (width, height) = view_size(stored);
        let is_own = stored.photo.stage == PhotoStage::Found;
        FinderPhoto {
            id: stored.photo.photo_id,
            view: stored.photo.view,
            stage: stored.photo.stage,
            round: stored.photo.round,
            width,
            height,
            has_preview: has_preview(stored),
            captured_at: stored.photo.captured_at.filter(|_| is_own),
        }
    }
}

/// Whether a doubt is about the report, and not about what others did later.
fn is_about_report(detail: &IssueDetail, flag: &Flag) -> bool {
    let found = |id: PhotoId| {
        let of_report = |stored: &StoredPhoto| stored.photo.stage == PhotoStage::Found;
        detail.photos.iter().any(|stored| stored.photo.photo_id == id && of_report(stored))
    };
    !flag.code.is_kept_from_finder() && flag.photo_id.is_none_or(found)
}

impl From<IssueDetail> for FinderIssue {
    fn from(detail: IssueDetail) -> Self {
        let flags: Option<Vec<FinderFlag>> = detail.flags.as_ref().map(|flags| {
            let own = flags.iter().filter(|flag| is_about_report(&detail, flag));
            own.map(|flag| FinderFlag { code: flag.code, photo_id: flag.photo_id }).collect()
        });
        let version = detail.version;
        let missing_photos = detail.missing_photos();
        let photos = detail.visible_photos().map(FinderPhoto::from).collect();
        let flag_codes = detail.flag_counts.iter().map(|(code, _)| *code).collect();
        let released_at = released_at(&detail);
        let due_at = Deadline::of(&detail.issue);
        let closed_on = detail.closed_on();
        let is_mine = true;
        let point = detail.point.into();
        let allowed_actions = detail.allowed;
        // Destructured by name: a new field has to be shown, or left out, here too.
        let Issue {
            id,
            number,
            state,
            round,
            finding,
            review,
            assignment,
            clock,
            fix,
            closing,
            version: _,
            public_version: _,
            requests: _,
        } = detail.issue;
        let Finding {
            severity,
            item_code,
            visit_id,
            description,
            captured_at,
            received_at,
            submitted_at,
            parent_id,
            chain_no,
            location,
            source: _,
            reported_severity: _,
            campaign: _,
            point_id: _,
            area_code: _,
            finder_id: _,
            look_back_of: _,
        } = finding;
        let Review { approved_by: _, approved_at: _, duplicate_of: _, rejection: _ } = review;
        let Assignment {
            unit_id,
            released_by: _,
            released_at: _,
            urgent: _,
            assigned_at: _,
            final_assignment: _,
            handler: _,
            signed_in_at: _,
            unclaimed: _,
            reminders: _,
            returns: _,
        } = assignment;
        let Clock {
            clock_started_at: _,
            round_limit: _,
            due_fixed: _,
            due_at: _,
            calendar_version: _,
            plan: _,
            limit: _,
            pauses: _,
        } = clock;
        let Fix { measure, remedy, fixed_by: _, reported_at: _, fix_counted_at: _, confirmation: _ } = fix;
        let Closing {
            checker_id: _,
            closed_by: _,
            closed_at: _,
            closed_on_site: _,
            desk_reason: _,
            on_time: _,
            look_back_inspector_id: _,
        } = closing;
        FinderIssue {
            version,
            missing_photos,
            photos,
            flags,
            flag_codes,
            released_at,
            due_at,
            closed_on,
            is_mine,
            id,
            number,
            state,
            round,
            severity,
            item_code,
            point,
            unit_id,
            description,
            captured_at,
            location,
            visit_id,
            received_at,
            submitted_at,
            measure,
            remedy,
            parent_id,
            chain_no,
            allowed_actions,
        }
    }
}

impl From<IssueDetail> for TaskIssue {
    fn from(detail: IssueDetail) -> Self {
        let version = detail.version;
        let photos = detail.visible_photos().map(PublicPhoto::from).collect();
        let found_on = detail.found_on().into();
        let released_at = released_at(&detail);
        let due_at = Deadline::of(&detail.issue);
        let reported_at = reported_at(&detail);
        let closed_on = detail.closed_on();
        let is_mine = false;
        let point = detail.point.into();
        let allowed_actions = detail.allowed;
        // Destructured by name: a new field has to be shown, or left out, here too.
        let Issue {
            id,
            number,
            state,
            round,
            finding,
            review,
            assignment,
            clock,
            fix,
            closing,
            version: _,
            public_version: _,
            requests: _,
        } = detail.issue;
        let Finding {
            severity,
            item_code,
            description,
            source: _,
            reported_severity: _,
            campaign: _,
            point_id: _,
            area_code: _,
            finder_id: _,
            visit_id: _,
            captured_at: _,
            received_at: _,
            submitted_at: _,
            parent_id: _,
            chain_no: _,
            look_back_of: _,
            location: _,
        } = finding;
        let Review { approved_by: _, approved_at: _, duplicate_of: _, rejection: _ } = review;
        let Assignment {
            unit_id,
            released_by: _,
            released_at: _,
            urgent: _,
            assigned_at: _,
            final_assignment: _,
            handler: _,
            signed_in_at: _,
            unclaimed: _,
            reminders: _,
            returns: _,
        } = assignment;
        let Clock {
            clock_started_at: _,
            round_limit: _,
            due_fixed: _,
            due_at: _,
            calendar_version: _,
            plan: _,
            limit: _,
            pauses: _,
        } = clock;
        let Fix { measure, remedy, fixed_by: _, reported_at: _, fix_counted_at: _, confirmation: _ } = fix;
        let Closing {
            checker_id: _,
            closed_by: _,
            closed_at: _,
            closed_on_site: _,
            desk_reason: _,
            on_time: _,
            look_back_inspector_id: _,
        } = closing;
        TaskIssue {
            version,
            photos,
            found_on,
            released_at,
            due_at,
            reported_at,
            closed_on,
            is_mine,
            id,
            number,
            state,
            round,
            severity,
            item_code,
            point,
            unit_id,
            description,
            measure,
            remedy,
            allowed_actions,
        }
    }
}
