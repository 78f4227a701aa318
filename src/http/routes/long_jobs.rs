//! Long jobs 长任务: starting one, following it, cancelling it, and fetching its result.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, ContentDisposition};
use actix_web::{HttpResponse, delete, get, put, web};
use futures_util::stream;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::issues::ListParams;
use crate::app::App;
use crate::app::long_jobs::{self, Request};
use crate::domain::ids::LongJobId;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::long_job::{LongJob, LongJobKind, LongJobState, SheetForm, SheetFormat};
use crate::domain::time::Timestamp;
use crate::http::extract::{Active, Body};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::routes::reference::invalid;
use crate::http::view::Items;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list).service(file).service(ask).service(get_one).service(cancel);
}

/// What is asked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LongJobBody {
    /// What is made.
    kind: LongJobKind,
    /// Of an `issue-list`: the query of `GET /issues` that shows the same issues, such as `state=rectifying&overdue=true`.
    /// Order, limit and cursor do not matter.
    query: String,
    /// How the sheet is written; `csv` when nothing is said.
    #[serde(default)]
    #[schema(required = false)]
    format: SheetFormat,
    /// Whether each row has a picture of the fault; only an `xlsx` has them.
    #[serde(default)]
    #[schema(required = false)]
    pictures: bool,
}

/// A long job of one's own.
#[derive(Debug, Serialize, ToSchema)]
struct LongJobView {
    /// Identity.
    id: LongJobId,
    /// What is made.
    kind: LongJobKind,
    /// How its sheet is written.
    format: SheetFormat,
    /// Its state.
    state: LongJobState,
    /// Rows that are done.
    done: i64,
    /// Rows there were to do when it began; `null` before.
    #[schema(required = true)]
    total: Option<i64>,
    /// Bytes of the result so far.
    size_bytes: i64,
    /// Why it could not be done.
    #[schema(required = true)]
    error: Option<String>,
    /// When it was asked for.
    created_at: Timestamp,
    /// When it ended.
    #[schema(required = true)]
    ended_at: Option<Timestamp>,
    /// When it is forgotten, with its result.
    expires_at: Timestamp,
}

impl From<LongJob> for LongJobView {
    fn from(job: LongJob) -> Self {
        let LongJob { id, kind, sheet, owner_id: _, state, done, total, pieces: _, size_bytes, .. } = job;
        let LongJob { error, created_at, ended_at, expires_at, .. } = job;
        LongJobView {
            id,
            kind,
            format: sheet.format,
            state,
            done,
            total,
            size_bytes,
            error,
            created_at,
            ended_at,
            expires_at,
        }
    }
}

/// One's long jobs, latest first.
#[utoipa::path(tag = "long-jobs", responses((status = 200, body = Items<LongJobView>)))]
#[get("/long-jobs")]
async fn list(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<LongJobView>>, Problem> {
    let items = long_jobs::list(&app, &caller.0).await?.into_iter().map(LongJobView::from).collect();
    Ok(web::Json(Items { items }))
}

/// Asks for a long job. The same again answers what became of it.
#[utoipa::path(
    tag = "long-jobs",
    params(("id" = LongJobId, Path, description = "A UUID that the client drew")),
    request_body = LongJobBody,
    responses((status = 201, body = LongJobView), (status = 200, body = LongJobView, description = "It was there"))
)]
#[put("/long-jobs/{id}")]
async fn ask(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<LongJobId>,
    body: Body<LongJobBody>,
) -> Result<HttpResponse, Problem> {
    let LongJobBody { kind, query, format, pictures } = body.read()?;
    if pictures && format != SheetFormat::Xlsx {
        return Err(invalid(Invalid::one("/pictures", FieldCode::NotAllowed, "only an xlsx has pictures")));
    }
    let request = match kind {
        LongJobKind::IssueList => {
            let params = web::Query::<ListParams>::from_query(&query)
                .map_err(|_| Problem::new(ProblemCode::MalformedRequest).detail("`query` is none of GET /issues"))?;
            Request::IssueList(Box::new(params.query(app.now())?), SheetForm { format, pictures })
        }
    };
    let (job, is_new) = long_jobs::ask(&app, &caller.0, id.into_inner(), request).await?;
    let mut answer = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(LongJobView::from(job)))
}

/// One of one's long jobs.
#[utoipa::path(tag = "long-jobs", params(("id" = LongJobId, Path)), responses((status = 200, body = LongJobView)))]
#[get("/long-jobs/{id}")]
async fn get_one(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<LongJobId>,
) -> Result<web::Json<LongJobView>, Problem> {
    Ok(web::Json(long_jobs::get(&app, &caller.0, id.into_inner()).await?.into()))
}

/// Cancels a long job; one that has ended is forgotten, with its result.
#[utoipa::path(tag = "long-jobs", params(("id" = LongJobId, Path)), responses((status = 204, description = "It goes on no more")))]
#[delete("/long-jobs/{id}")]
async fn cancel(app: web::Data<App>, caller: Active, id: web::Path<LongJobId>) -> Result<HttpResponse, Problem> {
    long_jobs::cancel(&app, &caller.0, id.into_inner()).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The result of a long job. Noted.
#[utoipa::path(
    tag = "long-jobs",
    params(("id" = LongJobId, Path)),
    responses((status = 200, content(
        ("text/csv"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )))
)]
#[get("/long-jobs/{id}/file")]
async fn file(app: web::Data<App>, caller: Active, id: web::Path<LongJobId>) -> Result<HttpResponse, Problem> {
    let job = long_jobs::result(&app, &caller.0, id.into_inner()).await?;
    let (media_type, name) = match job.kind {
        LongJobKind::IssueList => {
            let format = job.sheet.format;
            (format.media_type(), format!("issues.{}", format.extension()))
        }
    };
    let (app, id, pieces) = (app.into_inner(), job.id, job.pieces);
    let body = stream::unfold(0, move |position| {
        let app = app.clone();
        async move {
            if position >= pieces {
                return None;
            }
            let piece = long_jobs::piece(&app, id, position).await.map(web::Bytes::from);
            Some((piece, position + 1))
        }
    });
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header(ContentDisposition::attachment(name))
        .insert_header((CONTENT_LENGTH, job.size_bytes))
        .insert_header((CACHE_CONTROL, "no-store"))
        .streaming(body))
}
