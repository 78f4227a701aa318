//! An issue as the reader may see it.

use serde::Serialize;
use utoipa::ToSchema;

use super::inspector::{FinderIssue, TaskIssue};
use super::office::OfficeIssue;
use super::public::{ReleasedIssue, UnitIssue};
use crate::app::issues::read::IssueDetail;
use crate::app::issues::{Audience, Parts};
use crate::domain::geo::Location;
use crate::domain::ids::PointId;

/// An issue in the view of the caller's role.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub enum IssueView {
    /// For the supervision office.
    Office(Box<OfficeIssue>),
    /// For the inspector who found it.
    Finder(Box<FinderIssue>),
    /// For an inspector who was given its check or a look-back.
    Task(Box<TaskIssue>),
    /// For a responsible unit.
    Unit(Box<UnitIssue>),
    /// For leaders, task forces and discipline inspection.
    Released(Box<ReleasedIssue>),
}

impl From<IssueDetail> for IssueView {
    fn from(detail: IssueDetail) -> Self {
        match detail.audience {
            Audience::Office => IssueView::Office(Box::new(detail.into())),
            Audience::Inspector(Parts { found: true, .. }) => IssueView::Finder(Box::new(detail.into())),
            Audience::Inspector(Parts { found: false, .. }) => IssueView::Task(Box::new(detail.into())),
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
    /// WGS-84; `null` where only the address is known so far.
    #[schema(required = true)]
    pub location: Option<Location>,
    /// Where it is, for people.
    pub address: String,
}

impl From<crate::domain::reference::PointSummary> for PointView {
    fn from(point: crate::domain::reference::PointSummary) -> Self {
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
