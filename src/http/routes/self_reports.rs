//! Faults that units found themselves 自查自改, and their own look-backs.

use actix_web::{HttpResponse, get, put, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::reference::page_limit;
use crate::app::self_reports::{self as found, ShownOwnFix, ShownSelfReport};
use crate::app::{App, AppError};
use crate::domain::ids::{IssueId, PhotoId, PointId, SelfReportId, UnitId};
use crate::domain::self_report::{SelfDecision, SelfFix, SelfReportBody, SelfReportState};
use crate::domain::shown_time::{Deadline, ShownTime};
use crate::domain::time::Date;
use crate::http::extract::{Active, Body};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::view::Page;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list_reports).service(read_report).service(put_report).service(put_fix).service(put_decision);
    config.service(list_own_fixes).service(put_held);
}

/// A fault that a unit found itself. Its unit reads it, too: nothing in it depends on what an inspector has seen.
#[derive(Debug, Serialize, ToSchema)]
struct SelfReportView {
    /// Identity.
    id: SelfReportId,
    /// The unit.
    unit_id: UnitId,
    /// Its name.
    unit_name: String,
    /// Where.
    point_id: PointId,
    /// Name of the point.
    point_name: String,
    /// The item that is violated.
    item_code: String,
    /// In words; may be empty.
    description: String,
    /// The closed issue whose fault has come back.
    #[schema(required = true)]
    relapse_of: Option<IssueId>,
    /// How far it is.
    state: SelfReportState,
    /// When the unit reported it.
    #[schema(required = true)]
    reported_at: Option<ShownTime>,
    /// By when it has to be put right.
    due_at: Deadline,
    /// Photos of the fault.
    photo_ids: Vec<PhotoId>,
    /// What was done.
    #[schema(required = true)]
    measure: Option<String>,
    /// When the unit reported that.
    #[schema(required = true)]
    fixed_at: Option<ShownTime>,
    /// Whether that was in time; `null` before.
    #[schema(required = true)]
    in_time: Option<bool>,
    /// Photos of the fix.
    fix_photo_ids: Vec<PhotoId>,
    /// The day of the office's decision.
    #[schema(required = true, value_type = Option<String>, format = Date)]
    decided_on: Option<Date>,
    /// What the office said.
    #[schema(required = true)]
    reason: Option<String>,
}

impl From<ShownSelfReport> for SelfReportView {
    fn from(shown: ShownSelfReport) -> Self {
        let ShownSelfReport { report, unit_name, point_name, reported_at, due_at, fixed_at, decided_on } = shown;
        let in_time = report.fix.is_some().then(|| report.is_in_time());
        let SelfReportBody { point_id, item_code, description, relapse_of, photo_ids } = report.body;
        let fix = report.fix.map(|(fix, ..)| fix);
        SelfReportView {
            id: report.id,
            unit_id: report.unit_id,
            unit_name,
            point_id,
            point_name,
            item_code,
            description,
            relapse_of,
            state: report.state,
            reported_at,
            due_at,
            photo_ids,
            measure: fix.as_ref().map(|fix| fix.measure.clone()),
            fixed_at,
            in_time,
            fix_photo_ids: fix.map(|fix| fix.photo_ids).unwrap_or_default(),
            decided_on,
            reason: report.decision.map(|(decision, ..)| decision.reason),
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListParams {
    /// Of this unit; a unit reads its own in any case.
    unit_id: Option<UnitId>,
    /// In this state.
    state: Option<SelfReportState>,
    /// Most rows, 1–200, 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

fn no_cursor() -> Problem {
    Problem::new(ProblemCode::MalformedRequest).detail("no cursor of this list")
}

fn cursor<T>(text: Option<&str>, id: fn(uuid::Uuid) -> T) -> Result<Option<T>, Problem> {
    text.map(|text| crate::domain::ids::read(text).map(id).ok_or_else(no_cursor)).transpose()
}

fn paged<T>(found: Result<T, AppError>) -> Result<T, Problem> {
    match found {
        Err(AppError::NotFound) => Err(no_cursor()),
        found => Ok(found?),
    }
}

/// Faults that units found themselves, the latest first: of all units for the office, a unit's own.
#[utoipa::path(tag = "self-reports", params(ListParams), responses((status = 200, body = Page<SelfReportView>)))]
#[get("/self-reports")]
async fn list_reports(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<ListParams>,
) -> Result<web::Json<Page<SelfReportView>>, Problem> {
    let after = cursor(params.cursor.as_deref(), SelfReportId)?;
    let (which, limit) = ((params.unit_id, params.state), page_limit(params.limit)?);
    let (items, next) = paged(found::list(&app, &caller.0, which, after, limit).await)?;
    let items = items.into_iter().map(SelfReportView::from).collect();
    Ok(web::Json(Page { items, next_cursor: next.map(|id| id.to_string()) }))
}

/// A fault that a unit found itself; for the office and that unit.
#[utoipa::path(
    tag = "self-reports",
    params(("id" = SelfReportId, Path)),
    responses((status = 200, body = SelfReportView))
)]
#[get("/self-reports/{id}")]
async fn read_report(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<SelfReportId>,
) -> Result<web::Json<SelfReportView>, Problem> {
    Ok(web::Json(found::read(&app, &caller.0, id.into_inner()).await?.into()))
}

/// What a unit reports.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSelfReport {
    /// Where.
    point_id: PointId,
    /// The item that is violated.
    item_code: String,
    /// In words, at most 500 characters; may be empty.
    #[serde(default)]
    description: String,
    /// The closed issue whose fault has come back: the unit's own, with this item at this point.
    #[serde(default)]
    relapse_of: Option<IssueId>,
    /// 1 to 9 photos of it, sent before.
    #[schema(min_items = 1, max_items = 9)]
    photo_ids: Vec<PhotoId>,
}

/// Reports a fault that the unit found itself, under an id of the client's choice. The same again answers what is
/// stored. It counts from the service's time; the answer says nothing of what an inspector may have seen.
#[utoipa::path(
    tag = "self-reports",
    params(("id" = SelfReportId, Path, description = "A UUID that the client drew")),
    request_body = NewSelfReport,
    responses(
        (status = 201, body = SelfReportView),
        (status = 200, body = SelfReportView, description = "It was there")
    )
)]
#[put("/self-reports/{id}")]
async fn put_report(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<SelfReportId>,
    body: Body<NewSelfReport>,
) -> Result<HttpResponse, Problem> {
    let NewSelfReport { point_id, item_code, description, relapse_of, photo_ids } = body.read()?;
    let body = SelfReportBody { point_id, item_code, description, relapse_of, photo_ids };
    let (shown, is_new) = found::report(&app, &caller.0, id.into_inner(), body).await?;
    let mut answer = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(SelfReportView::from(shown)))
}

/// What the unit did about it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SelfFixBody {
    /// What was done, 1–200 characters.
    measure: String,
    /// 1 to 9 photos of it, sent before.
    #[schema(min_items = 1, max_items = 9)]
    photo_ids: Vec<PhotoId>,
}

/// Reports how the fault was put right. The same again answers what is stored.
#[utoipa::path(
    tag = "self-reports",
    params(("id" = SelfReportId, Path)),
    request_body = SelfFixBody,
    responses((status = 200, body = SelfReportView))
)]
#[put("/self-reports/{id}/fix")]
async fn put_fix(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<SelfReportId>,
    body: Body<SelfFixBody>,
) -> Result<web::Json<SelfReportView>, Problem> {
    let SelfFixBody { measure, photo_ids } = body.read()?;
    let fix = SelfFix { measure, photo_ids };
    Ok(web::Json(found::fix(&app, &caller.0, id.into_inner(), fix).await?.into()))
}

/// What the office says of it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SelfDecisionBody {
    /// Whether the photos show a fault and its fix.
    confirmed: bool,
    /// Why not, 1–500 characters; may be empty for one that is confirmed.
    #[serde(default)]
    reason: String,
}

/// Confirms a fault that was put right, or refuses one. It is decided once.
#[utoipa::path(
    tag = "self-reports",
    params(("id" = SelfReportId, Path)),
    request_body = SelfDecisionBody,
    responses((status = 200, body = SelfReportView))
)]
#[put("/self-reports/{id}/decision")]
async fn put_decision(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<SelfReportId>,
    body: Body<SelfDecisionBody>,
) -> Result<web::Json<SelfReportView>, Problem> {
    let SelfDecisionBody { confirmed, reason } = body.read()?;
    let decision = SelfDecision { confirmed, reason };
    Ok(web::Json(found::decide(&app, &caller.0, id.into_inner(), decision).await?.into()))
}

/// A closed issue that its unit may look back at.
#[derive(Debug, Serialize, ToSchema)]
struct OwnFixView {
    /// The issue.
    issue_id: IssueId,
    /// Its number.
    #[schema(required = true)]
    number: Option<String>,
    /// Where.
    point_id: PointId,
    /// Name of the point.
    point_name: String,
    /// The item.
    item_code: String,
    /// The day of its closing.
    #[schema(value_type = String, format = Date)]
    closed_on: Date,
    /// The day on which the unit last found that the fix held.
    #[schema(required = true, value_type = Option<String>, format = Date)]
    looked_on: Option<Date>,
    /// The report by which the unit said that the fault came back.
    #[schema(required = true)]
    self_report_id: Option<SelfReportId>,
}

impl From<ShownOwnFix> for OwnFixView {
    fn from(ShownOwnFix { fix, point_name, closed_on, looked_on }: ShownOwnFix) -> Self {
        OwnFixView {
            issue_id: fix.issue_id,
            number: fix.number,
            point_id: fix.point_id,
            point_name,
            item_code: fix.item_code,
            closed_on,
            looked_on,
            self_report_id: fix.relapse,
        }
    }
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OwnParams {
    /// Most rows, 1–200, 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// The unit's issues that were closed in the last 90 days, for its own look-back 单位自查回头看; those handed over last first.
#[utoipa::path(tag = "self-reports", params(OwnParams), responses((status = 200, body = Page<OwnFixView>)))]
#[get("/own-look-backs")]
async fn list_own_fixes(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<OwnParams>,
) -> Result<web::Json<Page<OwnFixView>>, Problem> {
    let after = cursor(params.cursor.as_deref(), IssueId)?;
    let (items, next) = paged(found::own_fixes(&app, &caller.0, after, page_limit(params.limit)?).await)?;
    let items = items.into_iter().map(OwnFixView::from).collect();
    Ok(web::Json(Page { items, next_cursor: next.map(|id| id.to_string()) }))
}

/// Notes that the unit looked at a fix of its own and found that it holds. It is voluntary and counts for nothing; a fault
/// that came back is reported with `relapse_of`.
#[utoipa::path(tag = "self-reports", params(("id" = IssueId, Path)), responses((status = 204)))]
#[put("/own-look-backs/{id}")]
async fn put_held(app: web::Data<App>, caller: Active, id: web::Path<IssueId>) -> Result<HttpResponse, Problem> {
    found::note_held(&app, &caller.0, id.into_inner()).await?;
    Ok(HttpResponse::NoContent().finish())
}
