//! `PUT /issues/{id}`: a report. It is small, and accepted before its photos.

use actix_web::http::StatusCode;
use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, put, web};

use super::version_tag;
use crate::app::App;
use crate::app::issues::report::{Reported, report};
use crate::domain::ids::IssueId;
use crate::domain::issue::Report;
use crate::http::extract::{Active, Body};
use crate::http::problem::Problem;
use crate::http::view::inspector::FinderIssue;
use crate::http::view::issue::IssueView;

/// Reports a problem under an id of the client's choice. The same report again answers what is stored.
///
/// While photos have not arrived the issue is `receiving` and `missing_photos` lists them; with the
/// last one it becomes `submitted` by itself.
#[utoipa::path(
    tag = "issues",
    params(("id" = IssueId, Path)),
    request_body = Report,
    responses((status = 200, body = FinderIssue, description = "Stored before"), (status = 201, body = FinderIssue))
)]
#[put("/issues/{id}")]
pub(super) async fn report_issue(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<IssueId>,
    body: Body<Report>,
) -> Result<HttpResponse, Problem> {
    Ok(answer(report(&app, &caller.0, id.into_inner(), body.read()?).await?))
}

pub(super) fn answer(reported: Reported) -> HttpResponse {
    let status = if reported.created { StatusCode::CREATED } else { StatusCode::OK };
    let tag = version_tag(reported.detail.version);
    HttpResponse::build(status).insert_header((ETAG, tag)).json(IssueView::from(reported.detail))
}
