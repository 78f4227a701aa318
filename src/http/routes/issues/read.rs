//! One issue, and what happened to it.

use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, get, web};

use super::version_tag;
use crate::app::App;
use crate::app::issues::read;
use crate::domain::ids::IssueId;
use crate::http::extract::Active;
use crate::http::problem::Problem;
use crate::http::view::event::HistoryView;
use crate::http::view::issue::IssueView;

/// An issue in the view of the caller's role. Its `ETag` is the version that actions name.
#[utoipa::path(tag = "issues", params(("id" = IssueId, Path)), responses((status = 200, body = IssueView)))]
#[get("/issues/{id}")]
pub(super) async fn issue(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<IssueId>,
) -> Result<HttpResponse, Problem> {
    let detail = read::read(&app, &caller.0, id.into_inner()).await?;
    let tag = version_tag(detail.version);
    Ok(HttpResponse::Ok().insert_header((ETAG, tag)).json(IssueView::from(detail)))
}

/// What happened to an issue, oldest first.
#[utoipa::path(tag = "issues", params(("id" = IssueId, Path)), responses((status = 200, body = HistoryView)))]
#[get("/issues/{id}/events")]
pub(super) async fn events(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<IssueId>,
) -> Result<web::Json<HistoryView>, Problem> {
    Ok(web::Json(HistoryView::from(read::history(&app, &caller.0, id.into_inner()).await?)))
}
