//! Corrections, commendations, the ledger, and the scores of a year.

use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, get, post, put, web};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::month_of;
use crate::app::months::kept::{self, NewAdjustment, NewCommendation};
use crate::app::months::ledger::{self, ShownEntry, ShownYear};
use crate::app::sheets::{self, Column, Table};
use crate::app::{App, reference};
use crate::domain::digest::Digest;
use crate::domain::ids::{AdjustmentId, CommendationId, LedgerEntryId, UnitId};
use crate::domain::long_job::SheetFormat;
use crate::domain::month::ledger::{Cashing, EntryAction, EntryCommand, EntryKind, EntryState};
use crate::domain::month::{Exact, Listed, Month, Rate};
use crate::domain::objects;
use crate::domain::time::Date;
use crate::http::extract::{Active, Body, SeenVersion, malformed};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::routes::imports::attached;
use crate::http::routes::issues::version_tag;
use crate::http::view::Items;
use crate::http::view::sheets::{UnitNames, yuan};
use crate::store::months::{Adjustment, Commendation, EndOfYear};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(adjustments).service(put_adjustment).service(commendations).service(put_commendation);
    config.service(read_ledger).service(export_ledger).service(take).service(read_year).service(put_year_adjustment);
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct InMonth {
    /// Such as `2026-09`.
    #[param(value_type = Month)]
    month: String,
}

/// A line that corrects a locked month.
#[derive(Debug, Serialize, ToSchema)]
struct AdjustmentView {
    /// Identity.
    id: AdjustmentId,
    /// The unit.
    unit_id: UnitId,
    /// The month that it corrects.
    of_month: Month,
    /// The month that it counts in.
    in_month: Month,
    /// Points, added or taken away.
    points: String,
    /// Why.
    reason: String,
    /// The document that decided it.
    document_no: String,
}

impl From<Adjustment> for AdjustmentView {
    fn from(of: Adjustment) -> Self {
        let Adjustment { id, unit_id, of_month, in_month, points, reason, document_no, made_by: _, made_at: _ } = of;
        AdjustmentView { id, unit_id, of_month, in_month, points: points.two_decimals(), reason, document_no }
    }
}

/// The corrections that count in a month; for the office alone.
#[utoipa::path(tag = "months", params(InMonth), responses((status = 200, body = Items<AdjustmentView>)))]
#[get("/month-adjustments")]
async fn adjustments(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<InMonth>,
) -> Result<web::Json<Items<AdjustmentView>>, Problem> {
    let found = kept::adjustments(&app, &caller.0, month_of(&params.month)?).await?;
    Ok(web::Json(Items { items: found.into_iter().map(AdjustmentView::from).collect() }))
}

/// A correction.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AdjustmentBody {
    /// The unit.
    unit_id: UnitId,
    /// The locked month that it corrects.
    #[schema(value_type = Month)]
    of_month: Month,
    /// Points, from -100 to 100, exact: `-1.5`.
    points: Exact,
    /// 1–500 characters.
    reason: String,
    /// 1–100 characters.
    document_no: String,
}

/// Corrects a locked month by a line that counts in the first later one that is not frozen. It is never changed:
/// another line takes it back.
#[utoipa::path(
    tag = "months",
    params(("id" = AdjustmentId, Path, description = "A UUID that the client drew")),
    request_body = AdjustmentBody,
    responses((status = 201, body = AdjustmentView), (status = 200, body = AdjustmentView, description = "It was there"))
)]
#[put("/month-adjustments/{id}")]
async fn put_adjustment(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<AdjustmentId>,
    body: Body<AdjustmentBody>,
) -> Result<HttpResponse, Problem> {
    let AdjustmentBody { unit_id, of_month, points, reason, document_no } = body.read()?;
    let new = NewAdjustment { unit_id, points, reason, document_no };
    let (made, is_new) = kept::adjust(&app, &caller.0, id.into_inner(), (of_month, new)).await?;
    let mut answer = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(AdjustmentView::from(made)))
}

/// A commendation by a higher level.
#[derive(Debug, Serialize, ToSchema)]
struct CommendationView {
    /// Identity.
    id: CommendationId,
    /// The unit.
    unit_id: UnitId,
    /// The month that it counts in.
    in_month: Month,
    /// The day on which it was given.
    #[schema(value_type = String, format = Date)]
    given_on: Date,
    /// For what.
    title: String,
    /// Its document.
    document_no: String,
}

impl From<Commendation> for CommendationView {
    fn from(of: Commendation) -> Self {
        let Commendation { id, unit_id, in_month, given_on, title, document_no, made_by: _, made_at: _ } = of;
        CommendationView { id, unit_id, in_month, given_on, title, document_no }
    }
}

/// The commendations that count in a month; for the office alone.
#[utoipa::path(tag = "months", params(InMonth), responses((status = 200, body = Items<CommendationView>)))]
#[get("/commendations")]
async fn commendations(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<InMonth>,
) -> Result<web::Json<Items<CommendationView>>, Problem> {
    let found = kept::commendations(&app, &caller.0, month_of(&params.month)?).await?;
    Ok(web::Json(Items { items: found.into_iter().map(CommendationView::from).collect() }))
}

/// A commendation.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CommendationBody {
    /// The unit.
    unit_id: UnitId,
    /// The day on which it was given.
    #[schema(value_type = String, format = Date)]
    given_on: Date,
    /// 1–500 characters.
    title: String,
    /// 1–100 characters.
    document_no: String,
}

/// Records a commendation, which counts in the month of its day, unless that is frozen.
#[utoipa::path(
    tag = "months",
    params(("id" = CommendationId, Path, description = "A UUID that the client drew")),
    request_body = CommendationBody,
    responses((status = 201, body = CommendationView), (status = 200, body = CommendationView, description = "It was there"))
)]
#[put("/commendations/{id}")]
async fn put_commendation(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<CommendationId>,
    body: Body<CommendationBody>,
) -> Result<HttpResponse, Problem> {
    let CommendationBody { unit_id, given_on, title, document_no } = body.read()?;
    let new = NewCommendation { unit_id, given_on, title, document_no };
    let (made, is_new) = kept::commend(&app, &caller.0, id.into_inner(), new).await?;
    let mut answer = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(CommendationView::from(made)))
}

/// An entry of the ledger.
#[derive(Debug, Serialize, ToSchema)]
struct LedgerEntryView {
    /// Identity.
    id: LedgerEntryId,
    /// What `If-Match` must name.
    version: i64,
    /// The month.
    month: Month,
    /// The unit.
    unit_id: UnitId,
    /// What it is.
    kind: EntryKind,
    /// The list that led to it.
    listed: Listed,
    /// Why, in a sentence; `null` for units.
    #[schema(required = true)]
    reason: Option<String>,
    /// How much, in fen, where the county has set an amount.
    #[schema(required = true)]
    amount_fen: Option<u64>,
    /// Its state.
    state: EntryState,
    /// How many of two people approved it.
    approvals: usize,
    /// Why it was dropped.
    #[schema(required = true)]
    dropped_because: Option<String>,
    /// The document by which it was executed.
    #[schema(required = true)]
    document_no: Option<String>,
    /// The day on which it was executed.
    #[schema(required = true, value_type = Option<String>, format = Date)]
    executed_on: Option<Date>,
    /// Whether it was cashed; `null` while it is not approved.
    #[schema(required = true)]
    cashing: Option<Cashing>,
    /// What the caller may do with it now.
    allowed_actions: Vec<EntryAction>,
}

impl From<ShownEntry> for LedgerEntryView {
    fn from(ShownEntry { entry, version, cashing, shows_reason, allowed }: ShownEntry) -> Self {
        LedgerEntryView {
            id: entry.id,
            version,
            month: entry.month,
            unit_id: entry.unit_id,
            kind: entry.kind,
            listed: entry.kind.list(),
            reason: shows_reason.then_some(entry.reason),
            amount_fen: entry.amount_fen,
            state: entry.state,
            approvals: entry.approvals.len(),
            dropped_because: entry.dropped_because,
            document_no: entry.document_no,
            executed_on: entry.executed_on,
            cashing,
            allowed_actions: allowed,
        }
    }
}

/// The ledger of a month.
#[derive(Debug, Serialize, ToSchema)]
struct LedgerView {
    /// Its entries: for a unit its own, once they and the month are published.
    items: Vec<LedgerEntryView>,
    /// 兑现率, such as `100.00%`; `null` when it does not apply, and for units.
    #[schema(required = true)]
    cash_in_rate: Option<String>,
    /// The same by what the entries are worth; `null` when none has an amount, and for units.
    #[schema(required = true)]
    cash_in_rate_by_amount: Option<String>,
}

/// The ledger of rewards and penalties 奖惩台账 that a locked month led to.
#[utoipa::path(tag = "months", params(InMonth), responses((status = 200, body = LedgerView)))]
#[get("/ledger")]
async fn read_ledger(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<InMonth>,
) -> Result<web::Json<LedgerView>, Problem> {
    let shown = ledger::ledger(&app, &caller.0, month_of(&params.month)?).await?;
    Ok(web::Json(LedgerView {
        items: shown.entries.into_iter().map(LedgerEntryView::from).collect(),
        cash_in_rate: percent(shown.cash_in_rate.as_ref()),
        cash_in_rate_by_amount: percent(shown.cash_in_rate_by_amount.as_ref()),
    }))
}

/// A rate that applies, in words.
fn percent(rate: Option<&Rate>) -> Option<String> {
    rate.filter(|rate| rate.known().is_some()).map(Rate::percent)
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LedgerExport {
    /// Such as `2026-09`.
    #[param(value_type = Month)]
    month: String,
    /// How it is written; `csv` when absent.
    format: Option<SheetFormat>,
}

/// The ledger of a month as a sheet, as the caller reads it.
#[utoipa::path(tag = "months", params(LedgerExport), responses((status = 200, content(
    ("text/csv"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
))))]
#[get("/ledger/export")]
async fn export_ledger(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<LedgerExport>,
) -> Result<HttpResponse, Problem> {
    let month = month_of(&params.month)?;
    let shown = ledger::ledger(&app, &caller.0, month).await?;
    let units: UnitNames =
        reference::all(&app, &caller.0).await?.units.into_iter().map(|unit| (unit.id, unit.name)).collect();
    let columns = vec![
        ("月份", Column::Text(10)),
        ("责任单位", Column::Text(28)),
        ("类别", Column::Text(8)),
        ("红黑榜", Column::Text(8)),
        ("理由", Column::Text(40)),
        ("金额（元）", Column::Decimal(12)),
        ("状态", Column::Text(10)),
        ("文号", Column::Text(22)),
        ("执行日期", Column::Day(12)),
        ("兑现情况", Column::Text(12)),
        ("不予执行的原因", Column::Text(30)),
    ];
    let row = |shown: ShownEntry| {
        let LedgerEntryView {
            unit_id,
            kind,
            listed,
            reason,
            amount_fen,
            state,
            document_no,
            executed_on,
            cashing,
            dropped_because,
            ..
        } = shown.into();
        vec![
            month.to_string(),
            units.get(&unit_id).cloned().unwrap_or_default(),
            kind.zh().to_owned(),
            listed.zh().to_owned(),
            reason.unwrap_or_default(),
            amount_fen.map(yuan).unwrap_or_default(),
            state.zh().to_owned(),
            document_no.unwrap_or_default(),
            executed_on.map(|day| day.to_string()).unwrap_or_default(),
            cashing.map(|cashing| cashing.zh().to_owned()).unwrap_or_default(),
            dropped_because.unwrap_or_default(),
        ]
    };
    let rows = shown.entries.into_iter().map(row).collect();
    let format = params.format.unwrap_or_default();
    let bytes = sheets::file(Table { title: format!("奖惩台账{month}"), columns, rows }, format).await?;
    Ok(attached(format, &format!("ledger-{month}"), bytes))
}

/// A step that says nothing more: `approve`, `publish`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlainEntryStep {}

/// `drop`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DropEntry {
    /// 1–500 characters.
    reason: String,
}

/// `execute`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ExecuteEntry {
    /// The document, 1–100 characters.
    document_no: String,
    /// The day.
    #[schema(value_type = String, format = Date)]
    on: Date,
}

/// The body of a step.
#[derive(Debug, ToSchema)]
#[serde(untagged)]
#[allow(dead_code, reason = "describes the bodies in the OpenAPI document")]
enum EntryActionBody {
    Plain(PlainEntryStep),
    Drop(DropEntry),
    Execute(ExecuteEntry),
}

fn command(action: EntryAction, body: Value) -> Result<EntryCommand, serde_json::Error> {
    Ok(match action {
        EntryAction::Approve => {
            let PlainEntryStep {} = objects::from_value(body)?;
            EntryCommand::Approve
        }
        EntryAction::Publish => {
            let PlainEntryStep {} = objects::from_value(body)?;
            EntryCommand::Publish
        }
        EntryAction::Drop => {
            let DropEntry { reason } = objects::from_value(body)?;
            EntryCommand::Drop { reason }
        }
        EntryAction::Execute => {
            let ExecuteEntry { document_no, on } = objects::from_value(body)?;
            EntryCommand::Execute { document_no, on }
        }
    })
}

/// Takes a step of an entry as the caller last saw it; for the office alone. `approve` takes two people.
#[utoipa::path(
    tag = "months",
    params(
        ("id" = LedgerEntryId, Path),
        ("action" = EntryAction, Path),
        ("If-Match" = String, Header, description = "The version the step was decided on"),
    ),
    request_body = EntryActionBody,
    responses((status = 200, body = LedgerEntryView))
)]
#[post("/ledger/{id}/actions/{action}")]
async fn take(
    app: web::Data<App>,
    caller: Active,
    path: web::Path<(LedgerEntryId, String)>,
    seen: SeenVersion,
    body: Body<Value>,
) -> Result<HttpResponse, Problem> {
    let (id, action) = path.into_inner();
    let action = EntryAction::parse(&action).ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
    let command = command(action, body.read()?).map_err(|error| malformed(&error))?;
    let shown = ledger::act(&app, &caller.0, id, command, seen.0).await?;
    let tag = version_tag(shown.version);
    Ok(HttpResponse::Ok().insert_header((ETAG, tag)).json(LedgerEntryView::from(shown)))
}

/// A month of a year's score.
#[derive(Debug, Serialize, ToSchema)]
struct YearMonthView {
    /// Which.
    month: Month,
    /// The score; `null` when the month does not count for the unit.
    #[schema(required = true)]
    score: Option<String>,
    /// The digest of the month's results.
    results_sha256: Digest,
}

/// A unit's score of a year 年度得分.
#[derive(Debug, Serialize, ToSchema)]
struct YearScoreView {
    /// The unit.
    unit_id: UnitId,
    /// Its name in its latest month.
    name: String,
    /// Its locked months.
    months: Vec<YearMonthView>,
    /// How many of them count.
    valid_months: usize,
    /// Their mean; `null` with too few.
    #[schema(required = true)]
    mean: Option<String>,
    /// The adjustments at the end of the year, together.
    adjusted: String,
    /// The score; `null` with too few months.
    #[schema(required = true)]
    score: Option<String>,
}

impl From<ShownYear> for YearScoreView {
    fn from(ShownYear { is_for_unit, name, score }: ShownYear) -> Self {
        let text = |exact: &Exact| if is_for_unit { exact.no_decimals() } else { exact.two_decimals() };
        let known = |rate: &Rate| rate.known().map(text);
        let month = |(month, of): (&Month, &crate::domain::month::year::LockedScore)| YearMonthView {
            month: *month,
            score: known(&of.score),
            results_sha256: of.results,
        };
        let adjusted: Exact = score.adjustments.iter().map(|of| &of.points).sum();
        YearScoreView {
            unit_id: score.unit_id,
            name,
            months: score.months.iter().map(month).collect(),
            valid_months: score.valid_months,
            mean: known(&score.mean),
            adjusted: adjusted.two_decimals(),
            score: known(&score.score),
        }
    }
}

/// The scores of a year, from its locked months; a unit reads its own.
#[utoipa::path(tag = "months", params(("year" = i16, Path)), responses((status = 200, body = Items<YearScoreView>)))]
#[get("/year-scores/{year}")]
async fn read_year(
    app: web::Data<App>,
    caller: Active,
    year: web::Path<i16>,
) -> Result<web::Json<Items<YearScoreView>>, Problem> {
    let found = ledger::year(&app, &caller.0, *year).await?;
    Ok(web::Json(Items { items: found.into_iter().map(YearScoreView::from).collect() }))
}

/// An adjustment at the end of a year.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct YearAdjustmentBody {
    /// The unit.
    unit_id: UnitId,
    /// The year.
    year: i16,
    /// Points, from -100 to 100, exact.
    points: Exact,
    /// 1–500 characters.
    reason: String,
    /// 1–100 characters.
    document_no: String,
}

/// An adjustment at the end of a year.
#[derive(Debug, Serialize, ToSchema)]
struct YearAdjustmentView {
    /// Identity.
    id: AdjustmentId,
    /// The unit.
    unit_id: UnitId,
    /// The year.
    year: i32,
    /// Points, added or taken away.
    points: String,
    /// Why.
    reason: String,
    /// The document that decided it.
    document_no: String,
}

impl From<EndOfYear> for YearAdjustmentView {
    fn from(of: EndOfYear) -> Self {
        let EndOfYear { id, unit_id, year, points, reason, document_no, made_by: _, made_at: _ } = of;
        YearAdjustmentView { id, unit_id, year, points: points.two_decimals(), reason, document_no }
    }
}

/// Adjusts the score of a year 年度调整; for the office alone. It is never changed: another takes it back.
#[utoipa::path(
    tag = "months",
    params(("id" = AdjustmentId, Path, description = "A UUID that the client drew")),
    request_body = YearAdjustmentBody,
    responses(
        (status = 201, body = YearAdjustmentView),
        (status = 200, body = YearAdjustmentView, description = "It was there")
    )
)]
#[put("/year-adjustments/{id}")]
async fn put_year_adjustment(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<AdjustmentId>,
    body: Body<YearAdjustmentBody>,
) -> Result<HttpResponse, Problem> {
    let YearAdjustmentBody { unit_id, year, points, reason, document_no } = body.read()?;
    let new = NewAdjustment { unit_id, points, reason, document_no };
    let (made, is_new) = kept::adjust_year(&app, &caller.0, id.into_inner(), (year, new)).await?;
    let mut answer = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(YearAdjustmentView::from(made)))
}
