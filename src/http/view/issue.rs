//! An issue as the one who asks may see it.

use serde::Serialize;
use utoipa::ToSchema;

use super::office::OfficeIssue;
use super::public::{ReleasedIssue, UnitIssue};
use crate::app::issues::Audience;
use crate::app::issues::read::IssueDetail;
use crate::domain::evidence::FlagCode;
use crate::domain::geo::Location;
use crate::domain::ids::{IssueId, PhotoId, PointId, UnitId, VisitId};
use crate::domain::issue::{Action, PhotoStage, PhotoView, Remedy, Severity, State};
use crate::domain::time::Timestamp;
use crate::store::issues::StoredPhoto;

/// An issue in the view of the caller's role.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum IssueView {
    /// For the supervision office.
    Office(Box<OfficeIssue>),
    /// For an inspector.
    Inspector(Box<InspectorIssue>),
    /// For a responsible unit.
    Unit(Box<UnitIssue>),
    /// For leaders and discipline inspection.
    Released(Box<ReleasedIssue>),
}

impl From<IssueDetail> for IssueView {
    fn from(detail: IssueDetail) -> Self {
        match detail.audience {
            Audience::Office => IssueView::Office(Box::new(detail.into())),
            Audience::Inspector => IssueView::Inspector(Box::new(detail.into())),
            Audience::Unit => IssueView::Unit(Box::new(detail.into())),
            Audience::Released => IssueView::Released(Box::new(detail.into())),
        }
    }
}

/// A place on an issue.
#[derive(Debug, Serialize, ToSchema)]
pub struct PointView {
    /// Identity.
    pub id: PointId,
    /// `area6-TYPE-serial4`.
    pub code: String,
    /// Chinese name.
    pub name: String,
    /// Code of its type.
    pub r#type: String,
    /// WGS-84.
    pub location: Location,
    /// Where it is, for people.
    pub address: String,
}

impl From<crate::domain::reference::PointCard> for PointView {
    fn from(point: crate::domain::reference::PointCard) -> Self {
        PointView {
            id: point.id,
            code: point.code,
            name: point.name,
            r#type: point.point_type,
            location: point.location,
            address: point.address,
        }
    }
}

/// An issue as an inspector reads it: the own report and its fate, or a visit that was given.
#[derive(Debug, Serialize, ToSchema)]
pub struct InspectorIssue {
    /// Identity.
    pub id: IssueId,
    /// Given at release.
    #[schema(required = true)]
    pub number: Option<String>,
    /// What `If-Match` must name.
    pub version: i64,
    /// Where it stands.
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
    pub released_at: Option<Timestamp>,
    /// Deadline.
    #[schema(required = true)]
    pub due_at: Option<Timestamp>,
    /// When it was closed.
    #[schema(required = true)]
    pub closed_at: Option<Timestamp>,
    /// What the unit says it did.
    #[schema(required = true)]
    pub measure: Option<String>,
    /// How it was put right.
    #[schema(required = true)]
    pub remedy: Option<Remedy>,
    /// Whether the reader found it (else it was given to the reader).
    pub is_mine: bool,
    /// Photos.
    pub photos: Vec<InspectorPhoto>,
    /// Photos that were named but have not come.
    pub missing_photos: Vec<PhotoId>,
    /// Doubts about the own report; absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flags: Option<Vec<InspectorFlag>>,
    /// The kinds of doubts there are about the own report.
    pub flag_codes: Vec<FlagCode>,
    /// The issue it relapsed from.
    #[schema(required = true)]
    pub parent_id: Option<IssueId>,
    /// Place in the chain of relapses, from 0.
    pub chain_no: i32,
    /// What the reader may do now.
    pub allowed_actions: Vec<Action>,
}

/// A photo on an inspector's issue.
#[derive(Debug, Serialize, ToSchema)]
pub struct InspectorPhoto {
    /// The upload.
    pub id: PhotoId,
    /// What it shows.
    pub view: PhotoView,
    /// At which step.
    pub stage: PhotoStage,
    /// In which round.
    pub round: i32,
    /// Pixels across, upright; `null` while it is on its way.
    #[schema(required = true)]
    pub width: Option<i32>,
    /// Pixels down, upright.
    #[schema(required = true)]
    pub height: Option<i32>,
    /// Whether it can be looked at.
    pub has_preview: bool,
    /// Device time it was taken.
    #[schema(required = true)]
    pub captured_at: Option<Timestamp>,
}

/// A doubt as the inspector may know it: not what it was compared with.
#[derive(Debug, Serialize, ToSchema)]
pub struct InspectorFlag {
    /// What.
    pub code: FlagCode,
    /// About which photo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub photo_id: Option<PhotoId>,
}

impl From<&StoredPhoto> for InspectorPhoto {
    fn from(stored: &StoredPhoto) -> Self {
        let arrived = stored.arrived.as_ref();
        InspectorPhoto {
            id: stored.photo.photo_id,
            view: stored.photo.view,
            stage: stored.photo.stage,
            round: stored.photo.round,
            width: arrived.and_then(|photo| photo.width),
            height: arrived.and_then(|photo| photo.height),
            has_preview: arrived.is_some_and(|photo| photo.render_error.is_none()),
            captured_at: stored.photo.captured_at,
        }
    }
}

impl From<IssueDetail> for InspectorIssue {
    fn from(detail: IssueDetail) -> Self {
        let is_mine = detail.issue.finder_id == detail.reader;
        InspectorIssue {
            version: detail.version(),
            missing_photos: detail.missing_photos(),
            photos: detail.visible_photos().map(InspectorPhoto::from).collect(),
            flags: detail.flags.as_ref().map(|flags| {
                let mine = flags.iter().filter(|_| is_mine);
                mine.map(|flag| InspectorFlag { code: flag.code, photo_id: flag.photo_id }).collect()
            }),
            flag_codes: detail.flag_counts.iter().filter(|_| is_mine).map(|(code, _)| *code).collect(),
            is_mine,
            id: detail.issue.id,
            number: detail.issue.number,
            state: detail.issue.state,
            round: detail.issue.round,
            severity: detail.issue.severity,
            item_code: detail.issue.item_code,
            point: detail.point.into(),
            unit_id: detail.issue.unit_id,
            description: detail.issue.description,
            captured_at: detail.issue.captured_at,
            location: detail.issue.location,
            visit_id: detail.issue.visit_id,
            received_at: detail.issue.received_at,
            submitted_at: detail.issue.submitted_at,
            released_at: detail.issue.released_at,
            due_at: detail.issue.due_at,
            closed_at: detail.issue.closed_at,
            measure: detail.issue.measure,
            remedy: detail.issue.remedy,
            parent_id: detail.issue.parent_id,
            chain_no: detail.issue.chain_no,
            allowed_actions: detail.allowed,
        }
    }
}
