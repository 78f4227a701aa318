//! Complaints and suggestions.

use actix_web::{HttpResponse, get, put, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::reference::page_limit;
use crate::app::complaints::{self, Counts, NewComplaint, Shown};
use crate::app::{App, AppError};
use crate::domain::complaint::{Complaint, ComplaintKind};
use crate::domain::ids::{ComplaintId, UnitId};
use crate::domain::role::Role;
use crate::domain::time::Timestamp;
use crate::http::extract::{Active, Body};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::view::{Items, Page};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(own).service(counts).service(list).service(file).service(answer_complaint);
}

/// What somebody has to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ComplaintBody {
    /// About what. `conduct` goes to discipline inspection alone.
    kind: ComplaintKind,
    /// 1–2000 characters.
    body: String,
    /// Whether its readers may know who wrote it; otherwise nobody learns that.
    named: bool,
}

/// One's own complaint.
#[derive(Debug, Serialize, ToSchema)]
struct OwnComplaintView {
    /// Identity.
    id: ComplaintId,
    /// About what.
    kind: ComplaintKind,
    /// What was said.
    body: String,
    /// Whether those who read it may know who it was.
    named: bool,
    /// When it arrived.
    filed_at: Timestamp,
    /// When it was answered.
    #[schema(required = true)]
    answered_at: Option<Timestamp>,
    /// The answer.
    #[schema(required = true)]
    answer: Option<String>,
}

impl From<Complaint> for OwnComplaintView {
    fn from(it: Complaint) -> Self {
        OwnComplaintView {
            id: it.id,
            kind: it.kind,
            body: it.body,
            named: it.named,
            filed_at: it.filed_at,
            answered_at: it.answer.as_ref().map(|given| given.at),
            answer: it.answer.map(|given| given.text),
        }
    }
}

/// Who said it: told only where they wanted it.
#[derive(Debug, Serialize, ToSchema)]
struct ComplaintAuthor {
    /// What they are called; inspectors by their pseudonym.
    display_name: String,
    /// What they do.
    role: Role,
    /// The unit they work for.
    #[schema(required = true)]
    unit_id: Option<UnitId>,
}

/// A complaint as those it is meant for read it.
#[derive(Debug, Serialize, ToSchema)]
struct ComplaintView {
    /// Identity.
    id: ComplaintId,
    /// About what.
    kind: ComplaintKind,
    /// What was said.
    body: String,
    /// Who said it; `null` where they did not want that known.
    #[schema(required = true)]
    author: Option<ComplaintAuthor>,
    /// When it arrived.
    filed_at: Timestamp,
    /// When it was answered.
    #[schema(required = true)]
    answered_at: Option<Timestamp>,
    /// By whom.
    #[schema(required = true)]
    answered_by: Option<String>,
    /// The answer.
    #[schema(required = true)]
    answer: Option<String>,
}

impl From<Shown> for ComplaintView {
    fn from(Shown { complaint, author, answered_by }: Shown) -> Self {
        ComplaintView {
            id: complaint.id,
            kind: complaint.kind,
            body: complaint.body,
            author: author.map(|author| ComplaintAuthor {
                display_name: author.display_name,
                role: author.role,
                unit_id: author.unit_id,
            }),
            filed_at: complaint.filed_at,
            answered_at: complaint.answer.as_ref().map(|given| given.at),
            answered_by,
            answer: complaint.answer.map(|given| given.text),
        }
    }
}

/// One's own complaints with their answers, latest first.
#[utoipa::path(tag = "complaints", responses((status = 200, body = Items<OwnComplaintView>)))]
#[get("/complaints/own")]
async fn own(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<OwnComplaintView>>, Problem> {
    let found = complaints::own(&app, &caller.0).await?;
    Ok(web::Json(Items { items: found.into_iter().map(OwnComplaintView::from).collect() }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ComplaintParams {
    /// Only those that are answered, or only those that are not.
    answered: Option<bool>,
    /// Most rows, 1–200, 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// Others' complaints that are meant for the caller, latest first.
#[utoipa::path(tag = "complaints", params(ComplaintParams), responses((status = 200, body = Page<ComplaintView>)))]
#[get("/complaints")]
async fn list(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<ComplaintParams>,
) -> Result<web::Json<Page<ComplaintView>>, Problem> {
    let no_cursor = || Problem::new(ProblemCode::MalformedRequest).detail("no cursor of this list");
    let after = match params.cursor.as_deref().map(str::parse::<uuid::Uuid>) {
        None => None,
        Some(Ok(id)) => Some(ComplaintId(id)),
        Some(Err(_)) => return Err(no_cursor()),
    };
    let limit = page_limit(params.limit)?;
    let (found, next) = match complaints::list(&app, &caller.0, params.answered, after, limit).await {
        Err(AppError::NotFound) => return Err(no_cursor()),
        found => found?,
    };
    let items = found.into_iter().map(ComplaintView::from).collect();
    Ok(web::Json(Page { items, next_cursor: next.map(|id| id.to_string()) }))
}

/// How many complaints there are.
#[derive(Debug, Serialize, ToSchema)]
struct ComplaintCountsView {
    /// That wait for an answer.
    open: i64,
    /// That have one.
    answered: i64,
    /// Together.
    total: i64,
}

/// How many complaints of others are meant for the caller.
#[utoipa::path(tag = "complaints", responses((status = 200, body = ComplaintCountsView)))]
#[get("/complaints/counts")]
async fn counts(app: web::Data<App>, caller: Active) -> Result<web::Json<ComplaintCountsView>, Problem> {
    let Counts { open, answered } = complaints::counts(&app, &caller.0).await?;
    Ok(web::Json(ComplaintCountsView { open, answered, total: open + answered }))
}

/// Files a complaint or a suggestion; the same again answers what is stored. At most 20 a day.
#[utoipa::path(
    tag = "complaints",
    params(("id" = ComplaintId, Path, description = "A UUID that the client drew")),
    request_body = ComplaintBody,
    responses((status = 201, body = OwnComplaintView), (status = 200, body = OwnComplaintView, description = "It was there"))
)]
#[put("/complaints/{id}")]
async fn file(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<ComplaintId>,
    body: Body<ComplaintBody>,
) -> Result<HttpResponse, Problem> {
    let ComplaintBody { kind, body, named } = body.read()?;
    let (stored, is_new) =
        complaints::file(&app, &caller.0, id.into_inner(), NewComplaint { kind, body, named }).await?;
    let mut response = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(response.json(OwnComplaintView::from(stored)))
}

/// An answer.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswerBody {
    /// 1–2000 characters; the author of the complaint reads it.
    answer: String,
}

/// Answers a complaint, once; the same answer again is answered alike. Noted.
#[utoipa::path(
    tag = "complaints",
    params(("id" = ComplaintId, Path)),
    request_body = AnswerBody,
    responses((status = 200, body = ComplaintView))
)]
#[put("/complaints/{id}/answer")]
async fn answer_complaint(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<ComplaintId>,
    body: Body<AnswerBody>,
) -> Result<web::Json<ComplaintView>, Problem> {
    let AnswerBody { answer } = body.read()?;
    Ok(web::Json(complaints::answer(&app, &caller.0, id.into_inner(), &answer).await?.into()))
}
