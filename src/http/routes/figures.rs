//! Figures over many issues.

use actix_web::{get, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::issues::ListParams;
use crate::app::App;
use crate::app::figures::{self, Areas, Figures, WEEKS_MAX, Week};
use crate::domain::ids::UnitId;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::time::Timestamp;
use crate::http::extract::Active;
use crate::http::problem::Problem;
use crate::http::routes::reference::invalid;
use crate::store::issues::{Situation, SpanFigures};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(read).service(by_area);
}

#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FigureParams {
    /// Of this unit.
    unit_id: Option<UnitId>,
    /// Of this campaign.
    campaign: Option<String>,
    /// In the area of this code of a county, a township or a community: 6, 9 or 12 digits.
    area: Option<String>,
    /// Weeks up to the present one, 1–53, 8 when nothing is said.
    #[param(minimum = 1, maximum = 53)]
    weeks: Option<u32>,
}

/// What happened in a span of days. The lists that show the same issues are those of `GET /issues` with these filters.
#[derive(Debug, Serialize, ToSchema)]
struct SpanView {
    /// Received, or released where the caller may not know when it was received.
    entered: u64,
    /// Closed: `closed_from`, `closed_to`.
    closed: u64,
    /// Due, without what is void: `due_from`, `due_to`.
    due: u64,
    /// Of those that were due, closed with a fix in time: `on_time=true`.
    on_time: u64,
    /// Of those that were due, closed with a late fix, or late now: `on_time=false`.
    late: u64,
}

/// What happened in seven days.
#[derive(Debug, Serialize, ToSchema)]
struct WeekView {
    /// A Monday.
    #[schema(value_type = String, format = Date)]
    from: jiff::civil::Date,
    /// The next one.
    #[schema(value_type = String, format = Date)]
    to: jiff::civil::Date,
    #[serde(flatten)]
    figures: SpanView,
}

/// How a unit, or all of them, stands at present, and what happened in the weeks.
#[derive(Debug, Serialize, ToSchema)]
struct SituationView {
    /// Released and not settled.
    open: u64,
    /// Of these, late now: `overdue=true`.
    overdue: u64,
    /// Of the open ones, reminded of twice or more often: `reminded_min=2`.
    reminded: u64,
    #[serde(flatten)]
    span: SpanView,
    /// Of those closed in the weeks, fixed more than once: `round_min=2`.
    rework: u64,
    /// Of those that entered in the weeks, relapses of earlier issues: `rebound=true`.
    rebounds: u64,
    /// Half of those closed in the weeks were closed within so many days after their release, 99 for 99 or more;
    /// `null` if none was.
    #[schema(required = true)]
    median_days: Option<f64>,
}

/// The present state of a unit.
#[derive(Debug, Serialize, ToSchema)]
struct UnitFigures {
    unit_id: UnitId,
    #[serde(flatten)]
    figures: SituationView,
}

/// Figures.
#[derive(Debug, Serialize, ToSchema)]
struct FiguresView {
    /// When they were counted.
    at: Timestamp,
    /// Week by week, the present one last.
    weeks: Vec<WeekView>,
    /// All units together.
    all: SituationView,
    /// Each unit that has any issue, in the order of their codes.
    units: Vec<UnitFigures>,
}

impl From<SpanFigures> for SpanView {
    fn from(figures: SpanFigures) -> Self {
        let SpanFigures { entered, closed, due, on_time, late } = figures;
        SpanView { entered, closed, due, on_time, late }
    }
}

impl From<Situation> for SituationView {
    fn from(situation: Situation) -> Self {
        let Situation { open, overdue, reminded, span, rework, rebounds, median_days } = situation;
        SituationView { open, overdue, reminded, span: span.into(), rework, rebounds, median_days }
    }
}

impl From<Figures> for FiguresView {
    fn from(figures: Figures) -> Self {
        let Figures { at, weeks, all, units } = figures;
        FiguresView {
            at,
            weeks: weeks
                .into_iter()
                .map(|Week { from, to, figures }| WeekView { from, to, figures: figures.into() })
                .collect(),
            all: all.into(),
            units: units
                .into_iter()
                .map(|(unit_id, figures)| UnitFigures { unit_id, figures: figures.into() })
                .collect(),
        }
    }
}

/// How the issues that the caller may see developed over the last weeks, and how each unit stands.
#[utoipa::path(tag = "figures", params(FigureParams), responses((status = 200, body = FiguresView)))]
#[get("/figures")]
async fn read(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<FigureParams>,
) -> Result<web::Json<FiguresView>, Problem> {
    let FigureParams { unit_id, campaign, area, weeks } = params.into_inner();
    let weeks = weeks.unwrap_or(8);
    if !(1..=WEEKS_MAX).contains(&weeks) {
        let detail = format!("1–{WEEKS_MAX}");
        return Err(invalid(Invalid::one("/weeks", FieldCode::OutOfRange, detail)));
    }
    let query = ListParams::of(unit_id, campaign, area).query(app.now())?;
    Ok(web::Json(figures::read(&app, &caller.0, query, weeks).await?.into()))
}

/// The present state of a township.
#[derive(Debug, Serialize, ToSchema)]
struct AreaFigures {
    /// Its area code.
    area: String,
    #[serde(flatten)]
    figures: SituationView,
}

/// Figures by township.
#[derive(Debug, Serialize, ToSchema)]
struct AreasView {
    /// When they were counted.
    at: Timestamp,
    /// The first day of the weeks, a Monday.
    #[schema(value_type = String, format = Date)]
    from: jiff::civil::Date,
    /// The day after them.
    #[schema(value_type = String, format = Date)]
    to: jiff::civil::Date,
    /// Each township that has any issue, in the order of their area codes.
    areas: Vec<AreaFigures>,
}

/// Where the issues are that the caller may see: how each township stands, and what happened there over the weeks.
#[utoipa::path(tag = "figures", params(FigureParams), responses((status = 200, body = AreasView)))]
#[get("/figures/areas")]
async fn by_area(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<FigureParams>,
) -> Result<web::Json<AreasView>, Problem> {
    let FigureParams { unit_id, campaign, area, weeks } = params.into_inner();
    let weeks = weeks.unwrap_or(8);
    if !(1..=WEEKS_MAX).contains(&weeks) {
        let detail = format!("1–{WEEKS_MAX}");
        return Err(invalid(Invalid::one("/weeks", FieldCode::OutOfRange, detail)));
    }
    let query = ListParams::of(unit_id, campaign, area).query(app.now())?;
    let Areas { at, from, to, areas } = figures::by_area(&app, &caller.0, query, weeks).await?;
    let areas = areas.into_iter().map(|(area, figures)| AreaFigures { area, figures: figures.into() });
    Ok(web::Json(AreasView { at, from, to, areas: areas.collect() }))
}
