//! `PUT /issues/{id}`: a report, small and welcome before its photos.

use actix_web::http::StatusCode;
use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, put, web};
use serde::Deserialize;
use utoipa::ToSchema;

use super::version_tag;
use crate::app::App;
use crate::app::issues::report::{Report, ReportPhoto, Reported, report};
use crate::domain::digest::Digest;
use crate::domain::geo::Location;
use crate::domain::ids::{IssueId, PhotoId, PointId, VisitId};
use crate::domain::issue::{PhotoView, Severity};
use crate::domain::mark::Mark;
use crate::domain::time::Timestamp;
use crate::http::extract::{Active, Body};
use crate::http::problem::Problem;
use crate::http::view::inspector::FinderIssue;
use crate::http::view::issue::IssueView;

/// A report.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::routes) struct ReportBody {
    /// Where.
    pub point_id: PointId,
    /// Item that is violated.
    #[schema(example = "WM-07")]
    pub item_code: String,
    /// How bad.
    pub severity: Severity,
    /// In words, at most 500 characters; may be empty.
    #[serde(default)]
    pub description: String,
    /// Device time of the finding.
    pub captured_at: Timestamp,
    /// Where the device was.
    #[serde(default)]
    pub location: Option<Location>,
    /// 1 to 9 photos, sent or to be sent.
    #[schema(min_items = 1, max_items = 9)]
    pub photos: Vec<ReportPhotoBody>,
    /// The walk it was found on.
    #[serde(default)]
    pub visit_id: Option<VisitId>,
}

/// A photo that a report names.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http::routes) struct ReportPhotoBody {
    /// The upload's id.
    pub id: PhotoId,
    /// `far`, `near` or `detail`.
    pub view: PhotoView,
    /// The bytes it must have; others are refused.
    #[serde(default)]
    pub sha256: Option<Digest>,
    /// Device time it was taken; the report's when absent.
    #[serde(default)]
    pub captured_at: Option<Timestamp>,
    /// What was drawn on it: burnt into `thumb` and `view`, while the original stays as it is.
    #[serde(default)]
    #[schema(max_items = 12)]
    pub marks: Vec<Mark>,
}

impl From<ReportBody> for Report {
    fn from(body: ReportBody) -> Self {
        Report {
            point_id: body.point_id,
            item_code: body.item_code,
            severity: body.severity,
            description: body.description,
            captured_at: body.captured_at,
            location: body.location,
            photos: body
                .photos
                .into_iter()
                .map(|photo| ReportPhoto {
                    id: photo.id,
                    view: photo.view,
                    sha256: photo.sha256,
                    captured_at: photo.captured_at,
                    marks: photo.marks,
                })
                .collect(),
            visit_id: body.visit_id,
        }
    }
}

/// Reports a problem under an id of the client's choice. The same report again answers what is stored.
///
/// While photos have not arrived the issue is `receiving` and `missing_photos` lists them; with the
/// last one it becomes `submitted` by itself.
#[utoipa::path(
    tag = "issues",
    params(("id" = IssueId, Path)),
    request_body = ReportBody,
    responses((status = 200, body = FinderIssue, description = "Stored before"), (status = 201, body = FinderIssue))
)]
#[put("/issues/{id}")]
pub(super) async fn report_issue(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<IssueId>,
    body: Body<ReportBody>,
) -> Result<HttpResponse, Problem> {
    Ok(answer(report(&app, &caller.0, id.into_inner(), body.read()?.into()).await?))
}

pub(super) fn answer(reported: Reported) -> HttpResponse {
    let status = if reported.created { StatusCode::CREATED } else { StatusCode::OK };
    let tag = version_tag(reported.detail.version);
    HttpResponse::build(status).insert_header((ETAG, tag)).json(IssueView::from(reported.detail))
}
