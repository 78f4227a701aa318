//! Where to improve next: the gap matrix 对标补短表, the point board 点位达标, the burden index 负担指数.

use actix_web::{HttpResponse, get, put, web};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::planning::asked_month;
use super::reference::page_limit;
use crate::app::planning::{self, Board, BoardQuery, BoardRow, BurdenReport, MATRIX_MONTHS_MAX, ShownLoss};
use crate::app::{App, AppError};
use crate::domain::ids::{IssueId, PointId, UnitId, VisitId, read};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::month::{Month, PointStanding};
use crate::domain::planning::{Burden, GapCell};
use crate::domain::time::Timestamp;
use crate::http::extract::{Active, Body};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::routes::reference::invalid;
use crate::http::view::Page;
use crate::http::view::issue::PointView;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(matrix).service(losses).service(put_effort).service(point_board).service(burden_index);
}

fn no_cursor() -> Problem {
    Problem::new(ProblemCode::MalformedRequest).detail("no cursor of this list")
}

/// Months of the matrix when nothing is said: about as long as a score is not stale.
const MATRIX_MONTHS: u32 = 3;

fn asked_months(asked: Option<u32>) -> Result<u32, Problem> {
    let months = asked.unwrap_or(MATRIX_MONTHS);
    if (1..=MATRIX_MONTHS_MAX).contains(&months) {
        return Ok(months);
    }
    Err(invalid(Invalid::one("/months", FieldCode::OutOfRange, format!("from 1 to {MATRIX_MONTHS_MAX}"))))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct MatrixParams {
    /// Months up to the present one, 1–24, 3 when nothing is said.
    #[param(minimum = 1, maximum = 24)]
    months: Option<u32>,
    /// Only items of this campaign.
    campaign: Option<String>,
}

/// A cell of the gap matrix.
#[derive(Debug, Serialize, ToSchema)]
struct GapCellView {
    /// The item.
    item_code: String,
    /// The type of the points.
    point_type: String,
    /// How many valid visits judged it.
    observed: u64,
    /// Lost points, the sum of weight × (1 − r), with two decimals.
    lost: String,
    /// The office's estimate of the effort, 1–100; `null` counts as 1.
    #[schema(required = true)]
    effort: Option<u32>,
    /// Lost points ÷ effort, with two decimals.
    gain: String,
}

impl From<GapCell> for GapCellView {
    fn from(GapCell { item_code, point_type, observed, lost, effort, gain }: GapCell) -> Self {
        GapCellView {
            item_code,
            point_type,
            observed,
            lost: lost.two_decimals(),
            effort: effort.map(std::num::NonZeroU32::get),
            gain: gain.two_decimals(),
        }
    }
}

/// The gap matrix.
#[derive(Debug, Serialize, ToSchema)]
struct GapMatrixView {
    /// First month.
    #[schema(value_type = String)]
    from: Month,
    /// Last month, the present one.
    #[schema(value_type = String)]
    to: Month,
    /// The cells in which anything was judged, first where an effort gains most.
    items: Vec<GapCellView>,
}

/// Where points were lost, by item and type of point, from the valid visits of these months; for the office alone.
#[utoipa::path(tag = "planning", params(MatrixParams), responses((status = 200, body = GapMatrixView)))]
#[get("/gap-matrix")]
async fn matrix(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<MatrixParams>,
) -> Result<web::Json<GapMatrixView>, Problem> {
    let MatrixParams { months, campaign } = params.into_inner();
    let found = planning::gap_matrix(&app, &caller.0, asked_months(months)?, campaign).await?;
    let items = found.cells.into_iter().map(GapCellView::from).collect();
    Ok(web::Json(GapMatrixView { from: found.from, to: found.to, items }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct LossParams {
    /// The item.
    item_code: String,
    /// The type of the points.
    point_type: String,
    /// Months up to the present one, 1–24, 3 when nothing is said.
    #[param(minimum = 1, maximum = 24)]
    months: Option<u32>,
    /// Most rows, 1–200, 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// A visit that lost points in a cell of the matrix.
#[derive(Debug, Serialize, ToSchema)]
struct LossView {
    /// The visit.
    visit_id: VisitId,
    /// Where.
    point: PointView,
    /// When it began.
    began_at: Timestamp,
    /// The issue that it opened.
    #[schema(required = true)]
    issue_id: Option<IssueId>,
    /// Lost points, with two decimals.
    lost: String,
}

impl From<ShownLoss> for LossView {
    fn from(ShownLoss { row, point, lost }: ShownLoss) -> Self {
        LossView {
            visit_id: row.visit_id,
            point: point.into(),
            began_at: row.began_at,
            issue_id: row.issue_id,
            lost: lost.two_decimals(),
        }
    }
}

/// The visits behind a cell of the gap matrix, the latest first; for the office alone.
#[utoipa::path(tag = "planning", params(LossParams), responses((status = 200, body = Page<LossView>)))]
#[get("/gap-matrix/losses")]
async fn losses(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<LossParams>,
) -> Result<web::Json<Page<LossView>>, Problem> {
    let LossParams { item_code, point_type, months, limit, cursor } = params.into_inner();
    let after = match cursor.as_deref() {
        None => None,
        Some(text) => Some(VisitId(read(text).ok_or_else(no_cursor)?)),
    };
    let (months, limit) = (asked_months(months)?, page_limit(limit)?);
    let (found, next) = match planning::losses(&app, &caller.0, (item_code, point_type), months, after, limit).await {
        Err(AppError::NotFound) => return Err(no_cursor()),
        found => found?,
    };
    let items = found.into_iter().map(LossView::from).collect();
    Ok(web::Json(Page { items, next_cursor: next.map(|id| id.to_string()) }))
}

/// The effort of a cell of the gap matrix.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct EffortBody {
    /// The item.
    item_code: String,
    /// The type of the points.
    point_type: String,
    /// 1–100; `null` forgets it.
    #[schema(minimum = 1, maximum = 100)]
    effort: Option<u32>,
}

/// Keeps how much effort it takes to put an item right at points of a type. Efforts are compared with each other; none
/// counts as 1.
#[utoipa::path(
    tag = "planning",
    request_body = EffortBody,
    responses((status = 204, description = "It is kept"))
)]
#[put("/gap-matrix/efforts")]
async fn put_effort(app: web::Data<App>, caller: Active, body: Body<EffortBody>) -> Result<HttpResponse, Problem> {
    let EffortBody { item_code, point_type, effort } = body.read()?;
    planning::put_effort(&app, &caller.0, (item_code, point_type), effort).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BoardParams {
    /// Only points with this standing.
    standing: Option<PointStanding>,
    /// Only demonstration points, or only the others.
    demo: Option<bool>,
    /// Led by this unit.
    unit_id: Option<UnitId>,
    /// Of this type.
    point_type: Option<String>,
    /// Most rows, 1–200, 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// The number of points with this standing.
#[derive(Debug, Serialize, ToSchema)]
struct StandingCount {
    /// How.
    standing: PointStanding,
    /// Points.
    points: usize,
}

/// A point on the board.
#[derive(Debug, Serialize, ToSchema)]
struct BoardPointView {
    /// The point.
    point_id: PointId,
    /// Its code.
    code: String,
    /// Its name.
    name: String,
    /// Its type.
    point_type: String,
    /// The unit that leads it.
    lead_unit_id: UnitId,
    /// Whether it is a demonstration point.
    demo: bool,
    /// Its standing.
    standing: PointStanding,
    /// The score behind it, with two decimals: the mean of the month's visits, or the latest one that is not
    /// stale.
    #[schema(required = true)]
    score: Option<String>,
    /// Whether a veto item failed.
    vetoed: bool,
    /// Issues there that are overdue, twenty at most; as long as there is one it does not pass.
    overdue: Vec<IssueId>,
    /// Its latest valid visit.
    #[schema(required = true)]
    visit_id: Option<VisitId>,
    /// The day of that.
    #[schema(required = true, value_type = Option<String>, format = Date)]
    visited_on: Option<Date>,
}

impl From<BoardRow> for BoardPointView {
    fn from(BoardRow { point, code, point_type, latest }: BoardRow) -> Self {
        BoardPointView {
            point_id: point.point_id,
            code,
            name: point.name,
            point_type,
            lead_unit_id: point.lead_unit_id,
            demo: point.is_demo,
            standing: point.standing,
            score: point.score.map(|score| score.two_decimals()),
            vetoed: point.is_vetoed,
            overdue: point.overdue,
            visit_id: latest.map(|(visit, _)| visit),
            visited_on: latest.map(|(_, day)| day),
        }
    }
}

/// The point board.
#[derive(Debug, Serialize, ToSchema)]
struct BoardView {
    /// The day.
    #[schema(value_type = String, format = Date)]
    day: Date,
    /// The score from which a point passes, with two decimals.
    pass_line: String,
    /// After so many days a score is stale.
    stale_days: u32,
    /// The number of points of the query by standing, without the filter `standing`.
    counts: Vec<StandingCount>,
    /// Failing points first, the lowest score at the top, then stale, never scored and passing ones.
    items: Vec<BoardPointView>,
    /// What to send as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// The standing of every point today; for the office alone.
#[utoipa::path(tag = "planning", params(BoardParams), responses((status = 200, body = BoardView)))]
#[get("/point-board")]
async fn point_board(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<BoardParams>,
) -> Result<web::Json<BoardView>, Problem> {
    let BoardParams { standing, demo, unit_id, point_type, limit, cursor } = params.into_inner();
    let after = match cursor.as_deref() {
        None => None,
        Some(text) => Some(PointId(read(text).ok_or_else(no_cursor)?)),
    };
    let query = BoardQuery { standing, is_demo: demo, unit_id, point_type };
    let found = match planning::board(&app, &caller.0, query, after, page_limit(limit)?).await {
        Err(AppError::NotFound) => return Err(no_cursor()),
        found => found?,
    };
    let Board { day, pass_line, stale_days, counts, rows, next } = found;
    let counts = counts.into_iter().map(|(standing, points)| StandingCount { standing, points });
    Ok(web::Json(BoardView {
        day,
        pass_line: pass_line.two_decimals(),
        stale_days,
        counts: counts.collect(),
        items: rows.into_iter().map(BoardPointView::from).collect(),
        next_cursor: next.map(|id| id.to_string()),
    }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct BurdenParams {
    /// A month, such as `2026-11`; the present one when nothing is said.
    month: Option<String>,
}

/// What was asked of a unit in a month.
#[derive(Debug, Serialize, ToSchema)]
struct UnitBurdenView {
    /// The unit.
    unit_id: UnitId,
    /// Points that it leads.
    points: u64,
    /// Visits to them.
    visits: u64,
    /// Issues handed over to it.
    handed: u64,
    /// Of those that were closed, fixed more than once.
    rework: u64,
    /// Open issues that it was reminded of twice or more often.
    reminded: u64,
    /// Requests per point: (handed + rework + reminded) ÷ points, with two decimals.
    index: String,
    /// Whether that is more than twice the median.
    heavy: bool,
}

impl From<Burden> for UnitBurdenView {
    fn from(burden: Burden) -> Self {
        let Burden { unit_id, points, visits, handed, rework, reminded, index, is_heavy } = burden;
        let index = index.two_decimals();
        UnitBurdenView { unit_id, points, visits, handed, rework, reminded, index, heavy: is_heavy }
    }
}

/// A point that was visited more than once.
#[derive(Debug, Serialize, ToSchema)]
struct VisitedView {
    /// The point.
    point: PointView,
    /// Visits of the month.
    visits: u64,
}

/// The burden of a month.
#[derive(Debug, Serialize, ToSchema)]
struct BurdenView {
    /// The month.
    #[schema(value_type = String)]
    month: Month,
    /// The median of the units of which anything was asked, with two decimals.
    #[schema(required = true)]
    median: Option<String>,
    /// Visits of the month.
    visits: u64,
    /// Points that are inspected at present.
    points: u64,
    /// Those that bear most first.
    units: Vec<UnitBurdenView>,
    /// The points that were visited most often, ten at most.
    most_visited: Vec<VisitedView>,
}

/// How heavy the inspection itself weighs on those it watches; for the office alone.
#[utoipa::path(tag = "planning", params(BurdenParams), responses((status = 200, body = BurdenView)))]
#[get("/burden")]
async fn burden_index(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<BurdenParams>,
) -> Result<web::Json<BurdenView>, Problem> {
    let month = asked_month(params.month.as_deref())?;
    let BurdenReport { month, median, units, visits, points, most_visited } =
        planning::burden(&app, &caller.0, month).await?;
    let most_visited = most_visited.into_iter().map(|(point, visits)| VisitedView { point: point.into(), visits });
    Ok(web::Json(BurdenView {
        month,
        median: median.map(|median| median.two_decimals()),
        visits,
        points,
        units: units.into_iter().map(UnitBurdenView::from).collect(),
        most_visited: most_visited.collect(),
    }))
}
