//! Visits 暗访记录.

use actix_web::{HttpResponse, get, put, web};
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::reference::page_limit;
use crate::app::issues::list::Days;
use crate::app::visits::{self, Recorded, VisitQuery};
use crate::app::{App, AppError};
use crate::domain::ids::{BatchId, PointId, VisitId};
use crate::domain::limits::VISIT_BYTES_MAX;
use crate::domain::visit::VisitRecord;
use crate::http::extract::{Active, Body};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::view::Page;
use crate::http::view::visit::{InspectorVisit, VisitRow, VisitView};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list).service(one).service(record);
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct VisitParams {
    /// At this point.
    point_id: Option<PointId>,
    /// Begun on this day of the county or later.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<Date>,
    /// Begun before this day.
    #[param(value_type = Option<String>, format = Date)]
    to: Option<Date>,
    /// Of this batch.
    batch_id: Option<BatchId>,
    /// Only sudden ones 突击暗访, which nobody drew, or only those that carry out a task.
    sudden: Option<bool>,
    /// Most rows, 1–200, 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// Visits, those that began last first; for the office alone.
#[utoipa::path(tag = "visits", params(VisitParams), responses((status = 200, body = Page<VisitRow>)))]
#[get("/visits")]
async fn list(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<VisitParams>,
) -> Result<web::Json<Page<VisitRow>>, Problem> {
    let no_cursor = || Problem::new(ProblemCode::MalformedRequest).detail("no cursor of this list");
    let after = match params.cursor.as_deref().map(str::parse::<uuid::Uuid>) {
        None => None,
        Some(Ok(id)) => Some(VisitId(id)),
        Some(Err(_)) => return Err(no_cursor()),
    };
    let limit = page_limit(params.limit)?;
    let VisitParams { point_id, from, to, batch_id, sudden, limit: _, cursor: _ } = *params;
    let query = VisitQuery { point_id, days: Days { from, to }, batch_id, sudden };
    let (found, next) = match visits::list(&app, &caller.0, query, after, limit).await {
        Err(AppError::NotFound) => return Err(no_cursor()),
        found => found?,
    };
    let items = found.into_iter().map(VisitRow::from).collect();
    Ok(web::Json(Page { items, next_cursor: next.map(|id| id.to_string()) }))
}

/// A visit. The office reads every one with the point's score, an inspector the own ones without.
#[utoipa::path(tag = "visits", params(("id" = VisitId, Path)), responses((status = 200, body = VisitView)))]
#[get("/visits/{id}")]
async fn one(app: web::Data<App>, caller: Active, id: web::Path<VisitId>) -> Result<web::Json<VisitView>, Problem> {
    Ok(web::Json(visits::read(&app, &caller.0, id.into_inner()).await?.into()))
}

/// Records a visit under an id of the client's choice, whole, and opens an issue for each item that fails: all of it or
/// nothing. The same record again answers what is stored.
///
/// A report may have been sent before, alone, by `PUT /issues/{id}` with this `visit_id`; the visit then has the same
/// report in it. A visit that found nothing is recorded like any other. At most 1 MiB.
#[utoipa::path(
    tag = "visits",
    params(("id" = VisitId, Path, description = "A UUID that the client drew")),
    request_body = VisitRecord,
    responses((status = 200, body = InspectorVisit, description = "Stored before"), (status = 201, body = InspectorVisit))
)]
#[put("/visits/{id}")]
async fn record(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<VisitId>,
    body: Body<VisitRecord, VISIT_BYTES_MAX>,
) -> Result<HttpResponse, Problem> {
    let Recorded { created, visit } = visits::record(&app, &caller.0, id.into_inner(), body.read()?).await?;
    let mut response = if created { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(response.json(InspectorVisit::from(visit)))
}
