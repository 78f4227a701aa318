//! Months 月评: their steps, rankings, boards and scorecards.

mod kept;
mod rules;

use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, get, post, put, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::imports::{ExportParams, attached};
use super::issues::version_tag;
use super::reference::page_limit;
use crate::app::months::act::{Step, act};
use crate::app::months::{self, ShownMonth};
use crate::app::{self, App};
use crate::domain::digest::Digest;
use crate::domain::ids::{ObjectionId, UnitId};
use crate::domain::month::{Metric, Month, MonthAction, Row};
use crate::domain::objects;
use crate::http::extract::{Active, Body, SeenVersion, malformed};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::view::month::{CardView, FigureView, MonthView, RankedUnitView, RowKind, RowView, StandingPointView};
use crate::http::view::{Items, sheets};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list).service(one).service(take).service(put_objection).service(ranking).service(board);
    config.service(card).service(read_figure).service(export_ranking).service(export_card);
    rules::routes(config);
    kept::routes(config);
}

/// A month in a path.
fn month_of(text: &str) -> Result<Month, Problem> {
    Month::parse(text).map_err(|_| Problem::new(ProblemCode::NotFound))
}

fn answer(shown: ShownMonth) -> HttpResponse {
    let tag = version_tag(shown.record.version);
    HttpResponse::Ok().insert_header((ETAG, tag)).json(MonthView::from(shown))
}

/// The months that the caller may read, the latest first. The office sees the present month and the one before it also
/// while they are open; units from the preview on; leaders and the discipline inspection once they are locked.
#[utoipa::path(tag = "months", responses((status = 200, body = Items<MonthView>)))]
#[get("/months")]
async fn list(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<MonthView>>, Problem> {
    let items = months::list(&app, &caller.0).await?.into_iter().map(MonthView::from).collect();
    Ok(web::Json(Items { items }))
}

/// A month.
#[utoipa::path(tag = "months", params(("month" = Month, Path)), responses((status = 200, body = MonthView)))]
#[get("/months/{month}")]
async fn one(app: web::Data<App>, caller: Active, month: web::Path<String>) -> Result<HttpResponse, Problem> {
    Ok(answer(months::read(&app, &caller.0, month_of(&month)?).await?))
}

/// A step that says nothing more: `freeze`, `preview`, `decide`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlainMonthStep {}

/// `answer`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AnswerObjection {
    /// Which.
    objection_id: ObjectionId,
    /// Whether it is right. Then the rows are corrected, and read again at the decision.
    is_upheld: bool,
    /// 1–500 characters.
    reason: String,
}

/// `lock`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LockMonth {
    /// The results that this person has seen.
    results_sha256: Digest,
}

/// `publish`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PublishMonth {
    /// The number of the circular 通报文号, 1–100 characters.
    circular_no: String,
}

/// The body of a step.
#[derive(Debug, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "describes the bodies in the OpenAPI document")]
enum MonthActionBody {
    Plain(PlainMonthStep),
    Answer(AnswerObjection),
    Lock(LockMonth),
    Publish(PublishMonth),
}

/// The step that `action` is with this body; `None` for what is not asked for here.
fn step(action: MonthAction, body: Value) -> Result<Option<Step>, serde_json::Error> {
    let plain = |body: Value, step: Step| objects::from_value::<PlainMonthStep>(body).map(|PlainMonthStep {}| step);
    Ok(Some(match action {
        MonthAction::Freeze => plain(body, Step::Freeze)?,
        MonthAction::Preview => plain(body, Step::Preview)?,
        MonthAction::Decide => plain(body, Step::Decide)?,
        MonthAction::Answer => {
            let AnswerObjection { objection_id, is_upheld, reason } = objects::from_value(body)?;
            Step::Answer(objection_id, is_upheld, reason)
        }
        MonthAction::Lock => {
            let LockMonth { results_sha256 } = objects::from_value(body)?;
            Step::Lock(results_sha256)
        }
        MonthAction::Publish => {
            let PublishMonth { circular_no } = objects::from_value(body)?;
            Step::Publish(circular_no)
        }
        MonthAction::Object => return Ok(None),
    }))
}

/// Takes a step of the month as the caller last saw it; for the office alone. `allowed_actions` says which.
///
/// `freeze` reads every row as of the cut-off and computes the results. `lock` takes two people, each with the digest of
/// the results that they saw; the second one's lock proposes the entries of the ledger.
#[utoipa::path(
    tag = "months",
    params(
        ("month" = Month, Path),
        ("action" = MonthAction, Path),
        ("If-Match" = String, Header, description = "The version the step was decided on"),
    ),
    request_body = MonthActionBody,
    responses((status = 200, body = MonthView))
)]
#[post("/months/{month}/actions/{action}")]
async fn take(
    app: web::Data<App>,
    caller: Active,
    path: web::Path<(String, String)>,
    seen: SeenVersion,
    body: Body<Value>,
) -> Result<HttpResponse, Problem> {
    let (month, action) = path.into_inner();
    let not_found = || Problem::new(ProblemCode::NotFound);
    let action = MonthAction::parse(&action).ok_or_else(not_found)?;
    let step = step(action, body.read()?).map_err(|error| malformed(&error))?.ok_or_else(not_found)?;
    Ok(answer(act(&app, &caller.0, month_of(&month)?, step, Some(seen.0)).await?))
}

/// What an objection is about.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ObjectedRow {
    /// What it is.
    kind: RowKind,
    /// Its id.
    #[schema(value_type = String, format = Uuid)]
    id: uuid::Uuid,
}

/// An objection.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ObjectionBody {
    /// The row that it is about; left out for the score as a whole.
    row: Option<ObjectedRow>,
    /// 1–500 characters.
    reason: String,
}

/// Objects to the own unit's score in its preview, under an id of the client's choice. At most 20 for a unit and month,
/// and one at a time about the same row. The same again changes nothing.
#[utoipa::path(
    tag = "months",
    params(("month" = Month, Path), ("id" = ObjectionId, Path, description = "A UUID that the client drew")),
    request_body = ObjectionBody,
    responses((status = 200, body = MonthView))
)]
#[put("/months/{month}/objections/{id}")]
async fn put_objection(
    app: web::Data<App>,
    caller: Active,
    path: web::Path<(String, ObjectionId)>,
    body: Body<ObjectionBody>,
) -> Result<HttpResponse, Problem> {
    let (month, id) = path.into_inner();
    let ObjectionBody { row, reason } = body.read()?;
    let row = row.map(|ObjectedRow { kind, id }| {
        use crate::domain::ids::{AdjustmentId, CardId, CommendationId, IssueId, PointId, SelfReportId};
        match kind {
            RowKind::Issue => Row::Issue(IssueId(id)),
            RowKind::Point => Row::Point(PointId(id)),
            RowKind::Card => Row::Card(CardId(id)),
            RowKind::Commendation => Row::Commendation(CommendationId(id)),
            RowKind::Adjustment => Row::Adjustment(AdjustmentId(id)),
            RowKind::SelfReport => Row::SelfReport(SelfReportId(id)),
        }
    });
    Ok(answer(act(&app, &caller.0, month_of(&month)?, Step::Object(id, row, reason), None).await?))
}

/// A unit without a rank.
#[derive(Debug, Serialize, ToSchema)]
struct UnrankedUnit {
    /// The unit.
    unit_id: UnitId,
    /// Its name then.
    name: String,
    /// Its peer group.
    peer_group: String,
}

/// The ranking of a month.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MonthRanking)]
struct RankingView {
    /// The month.
    month: Month,
    /// Ranked units, by group and rank.
    ranked: Vec<RankedUnitView>,
    /// Units with too few points and issues 样本不足.
    insufficient: Vec<UnrankedUnit>,
    /// 达标率 of the county's points; `null` for units.
    #[schema(required = true)]
    pass: Option<FigureView>,
    /// 示范点位达标率; `null` for units.
    #[schema(required = true)]
    demo_pass: Option<FigureView>,
}

/// The ranking of a month: for the office once it is frozen, for leaders once it is locked; for a unit that of its own
/// group, once it is published and if the county shows it.
#[utoipa::path(tag = "months", params(("month" = Month, Path)), responses((status = 200, body = RankingView)))]
#[get("/months/{month}/ranking")]
async fn ranking(
    app: web::Data<App>,
    caller: Active,
    month: web::Path<String>,
) -> Result<web::Json<RankingView>, Problem> {
    Ok(web::Json(ranking_of(&app, &caller, month_of(&month)?).await?))
}

async fn ranking_of(app: &App, caller: &Active, month: Month) -> Result<RankingView, Problem> {
    let shown = months::ranking(app, &caller.0, month).await?;
    let eyes = shown.eyes;
    let unranked = |(unit_id, name, peer_group)| UnrankedUnit { unit_id, name, peer_group };
    let (pass, demo_pass) = shown.pass_rates.unzip();
    Ok(RankingView {
        month,
        ranked: shown.ranked.into_iter().map(|unit| RankedUnitView::of(unit, eyes)).collect(),
        insufficient: shown.insufficient.into_iter().map(unranked).collect(),
        pass: pass.map(|figure| FigureView::of(&figure, eyes)),
        demo_pass: demo_pass.map(|figure| FigureView::of(&figure, eyes)),
    })
}

/// The ranking as a sheet, as the caller reads it.
#[utoipa::path(
    tag = "months",
    params(("month" = Month, Path), ExportParams),
    responses((status = 200, content(
        ("text/csv"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )))
)]
#[get("/months/{month}/ranking/export")]
async fn export_ranking(
    app: web::Data<App>,
    caller: Active,
    month: web::Path<String>,
    params: web::Query<ExportParams>,
) -> Result<HttpResponse, Problem> {
    let month = month_of(&month)?;
    let told = ranking_of(&app, &caller, month).await?;
    let unranked: Vec<sheets::Unranked> =
        told.insufficient.into_iter().map(|unit| (unit.name, unit.peer_group)).collect();
    let format = params.format.unwrap_or_default();
    let bytes = app::sheets::file(sheets::ranking(month, &told.ranked, &unranked), format).await?;
    Ok(attached(format, &format!("ranking-{month}"), bytes))
}

/// The scorecard of a unit as a sheet, as the caller reads it.
#[utoipa::path(
    tag = "months",
    params(("month" = Month, Path), ("unit_id" = UnitId, Path), ExportParams),
    responses((status = 200, content(
        ("text/csv"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    )))
)]
#[get("/months/{month}/units/{unit_id}/export")]
async fn export_card(
    app: web::Data<App>,
    caller: Active,
    path: web::Path<(String, UnitId)>,
    params: web::Query<ExportParams>,
) -> Result<HttpResponse, Problem> {
    let (month, unit) = path.into_inner();
    let month = month_of(&month)?;
    let shown = CardView::of(month, months::card(&app, &caller.0, month, unit).await?);
    let format = params.format.unwrap_or_default();
    let bytes = app::sheets::file(sheets::card(&shown), format).await?;
    Ok(attached(format, &format!("scorecard-{month}"), bytes))
}

/// How points stand at the cut-off, failing ones first; for a unit those that it leads.
#[utoipa::path(tag = "months", params(("month" = Month, Path)), responses((status = 200, body = Items<StandingPointView>)))]
#[get("/months/{month}/board")]
async fn board(
    app: web::Data<App>,
    caller: Active,
    month: web::Path<String>,
) -> Result<web::Json<Items<StandingPointView>>, Problem> {
    let found = months::board(&app, &caller.0, month_of(&month)?).await?;
    Ok(web::Json(Items { items: found.into_iter().map(StandingPointView::from).collect() }))
}

/// The scorecard of a unit; a unit reads only its own.
#[utoipa::path(
    tag = "months",
    params(("month" = Month, Path), ("unit_id" = UnitId, Path)),
    responses((status = 200, body = CardView))
)]
#[get("/months/{month}/units/{unit_id}")]
async fn card(
    app: web::Data<App>,
    caller: Active,
    path: web::Path<(String, UnitId)>,
) -> Result<web::Json<CardView>, Problem> {
    let (month, unit) = path.into_inner();
    let month = month_of(&month)?;
    Ok(web::Json(CardView::of(month, months::card(&app, &caller.0, month, unit).await?)))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FigureParams {
    /// Most rows, 1–200, 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<usize>,
}

/// A row of a figure.
#[derive(Debug, Serialize, ToSchema)]
struct FigureRowView {
    /// The row.
    row: RowView,
    /// Whether it belongs to the part, and not to the whole alone.
    is_part: bool,
}

/// Some rows of a figure.
#[derive(Debug, Serialize, ToSchema)]
struct FigureRowsView {
    /// The figure.
    figure: FigureView,
    /// Its rows: all of the whole, or of the part where the whole is concealed.
    items: Vec<FigureRowView>,
    /// What to send as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    next_cursor: Option<usize>,
}

/// The rows that a figure of a scorecard was computed from.
#[utoipa::path(
    tag = "months",
    params(("month" = Month, Path), ("unit_id" = UnitId, Path), ("metric" = Metric, Path), FigureParams),
    responses((status = 200, body = FigureRowsView))
)]
#[get("/months/{month}/units/{unit_id}/figures/{metric}")]
async fn read_figure(
    app: web::Data<App>,
    caller: Active,
    path: web::Path<(String, UnitId, String)>,
    params: web::Query<FigureParams>,
) -> Result<web::Json<FigureRowsView>, Problem> {
    let (month, unit, metric) = path.into_inner();
    let metric = Metric::parse(&metric).ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
    let page = (params.cursor.unwrap_or_default(), page_limit(params.limit)?);
    let found = months::figure(&app, &caller.0, month_of(&month)?, (unit, metric), page).await?;
    Ok(web::Json(FigureRowsView {
        figure: FigureView::of(&found.shown.figure, found.shown.eyes),
        items: found.rows.into_iter().map(|(row, is_part)| FigureRowView { row: row.into(), is_part }).collect(),
        next_cursor: found.next,
    }))
}
