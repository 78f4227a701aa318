//! What may be read of batches besides themselves: their record, issues and draws, and what a plan would lead to.

use actix_web::{get, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::batches::{BatchParams, CommitmentView, cursor_of, no_cursor};
use super::reference::page_limit;
use crate::app::batches::reading::{self, Covered, Forecast, ListedDraw, Range, ShownEvent};
use crate::app::{App, AppError};
use crate::domain::batch::{BatchAction, BatchState};
use crate::domain::draw::Reason;
use crate::domain::ids::BatchId;
use crate::domain::time::Timestamp;
use crate::http::extract::Active;
use crate::http::problem::Problem;
use crate::http::view::issue::IssueView;
use crate::http::view::{Items, Page, Person};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(draws).service(events).service(issues).service(forecast);
}

/// A step of the record of a batch.
#[derive(Debug, Serialize, ToSchema)]
struct BatchEventView {
    /// The version that it led to.
    version: i64,
    /// When.
    at: Timestamp,
    /// Who; `null` for the service itself.
    #[schema(required = true)]
    by: Option<Person>,
    /// The step.
    action: BatchAction,
    /// The state after it.
    state: BatchState,
    /// Why. Before the release, or the end of an abandoned batch, only the office reads it.
    #[schema(required = true)]
    reason: Option<String>,
}

impl From<ShownEvent> for BatchEventView {
    fn from(ShownEvent { event, by }: ShownEvent) -> Self {
        BatchEventView {
            version: event.version,
            at: event.at,
            by: event.actor_id.map(|id| Person { id, display_name: by.unwrap_or_default() }),
            action: event.action,
            state: event.to,
            reason: event.reason,
        }
    }
}

/// The record of a batch: every step with person and time, the first first; for the office and the discipline
/// inspection.
#[utoipa::path(tag = "batches", params(("id" = BatchId, Path)), responses((status = 200, body = Items<BatchEventView>)))]
#[get("/batches/{id}/events")]
async fn events(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<BatchId>,
) -> Result<web::Json<Items<BatchEventView>>, Problem> {
    let found = reading::events(&app, &caller.0, id.into_inner()).await?;
    Ok(web::Json(Items { items: found.into_iter().map(BatchEventView::from).collect() }))
}

/// The issues that the visits of a batch opened, which are released with it; for the office alone.
#[utoipa::path(tag = "batches", params(("id" = BatchId, Path)), responses((status = 200, body = Items<IssueView>)))]
#[get("/batches/{id}/issues")]
async fn issues(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<BatchId>,
) -> Result<web::Json<Items<IssueView>>, Problem> {
    let found = reading::issues(&app, &caller.0, id.into_inner()).await?;
    Ok(web::Json(Items { items: found.into_iter().map(IssueView::from).collect() }))
}

/// A batch whose draw was committed to.
#[derive(Debug, Serialize, ToSchema)]
struct DrawRow {
    /// The batch.
    batch_id: BatchId,
    /// Where the batch stands.
    state: BatchState,
    /// What its plan is called; `null` for others than the office until it is released.
    #[schema(required = true)]
    title: Option<String>,
    /// Number of the document that approves the plan.
    #[schema(required = true)]
    approval_no: Option<String>,
    /// When it was approved last; `null` where the approval was revoked.
    #[schema(required = true)]
    approved_at: Option<Timestamp>,
    /// When it was drawn.
    #[schema(required = true)]
    drawn_at: Option<Timestamp>,
    /// When it was released: from then on there is a proof.
    #[schema(required = true)]
    released_at: Option<Timestamp>,
    /// Every commitment, the first first; more than one says that somebody started again.
    commitments: Vec<CommitmentView>,
}

impl From<ListedDraw> for DrawRow {
    fn from(ListedDraw { batch, with_title, commitments }: ListedDraw) -> Self {
        DrawRow {
            batch_id: batch.id,
            state: batch.state,
            title: Some(batch.plan.title).filter(|_| with_title),
            approval_no: batch.approval_no,
            approved_at: batch.approved.map(|signed| signed.at),
            drawn_at: batch.drawn_at,
            released_at: batch.released.map(|signed| signed.at),
            commitments: commitments.into_iter().map(CommitmentView::from).collect(),
        }
    }
}

/// The batches whose draws were committed to, the latest first, with what each is committed to from its approval on;
/// for the office and the discipline inspection.
#[utoipa::path(tag = "batches", params(BatchParams), responses((status = 200, body = Page<DrawRow>)))]
#[get("/draws")]
async fn draws(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<BatchParams>,
) -> Result<web::Json<Page<DrawRow>>, Problem> {
    let (after, limit) = (cursor_of(&params)?, page_limit(params.limit)?);
    let (found, next) = match reading::draws(&app, &caller.0, after, limit).await {
        Err(AppError::NotFound) => return Err(no_cursor()),
        found => found?,
    };
    let items = found.into_iter().map(DrawRow::from).collect();
    Ok(web::Json(Page { items, next_cursor: next.map(|id| id.to_string()) }))
}

/// The least and the greatest of a number over all draws that were tried.
#[derive(Debug, Serialize, ToSchema)]
struct ForecastRange {
    /// The least.
    least: u32,
    /// The greatest.
    most: u32,
}

impl From<Range> for ForecastRange {
    fn from(Range { least, most }: Range) -> Self {
        ForecastRange { least, most }
    }
}

/// What a plan covers.
#[derive(Debug, Serialize, ToSchema)]
struct ForecastCovered {
    /// Points.
    points: u32,
    /// Types of point.
    point_types: u32,
    /// Areas.
    areas: u32,
    /// Lead units.
    units: u32,
    /// Points that were never visited.
    never_visited: u32,
}

/// Points that cannot be drawn, or had nobody to go.
#[derive(Debug, Serialize, ToSchema)]
struct ForecastUndrawable {
    /// Why.
    reason: Reason,
    /// How many.
    points: ForecastRange,
}

/// What a plan would lead to if it were drawn now.
#[derive(Debug, Serialize, ToSchema)]
struct ForecastView {
    /// What it covers.
    covered: ForecastCovered,
    /// Inspectors who could go.
    inspectors: u32,
    /// Places that the rules ask for.
    places: u64,
    /// Draws that were tried, each with a seed of its own that was thrown away.
    trials: u32,
    /// Tasks.
    tasks: ForecastRange,
    /// Types of point with a task.
    point_types: ForecastRange,
    /// Areas with a task.
    areas: ForecastRange,
    /// Lead units with a task.
    units: ForecastRange,
    /// Points with a task that were never visited.
    never_visited: ForecastRange,
    /// Tasks in the evening too few.
    evening_missing: ForecastRange,
    /// Tasks on days off too few.
    weekend_missing: ForecastRange,
    /// Points that cannot be drawn, or had nobody to go, by reason.
    undrawable: Vec<ForecastUndrawable>,
    /// Codes of types of point that no trial reached.
    missed_types: Vec<String>,
}

impl From<Forecast> for ForecastView {
    fn from(tried: Forecast) -> Self {
        let Covered { points, point_types, areas, units, never_visited } = tried.covered;
        let undrawable = tried.undrawable.into_iter();
        ForecastView {
            covered: ForecastCovered { points, point_types, areas, units, never_visited },
            inspectors: tried.inspectors,
            places: tried.places,
            trials: tried.trials,
            tasks: tried.tasks.into(),
            point_types: tried.point_types.into(),
            areas: tried.areas.into(),
            units: tried.units.into(),
            never_visited: tried.never_visited.into(),
            evening_missing: tried.evening_missing.into(),
            weekend_missing: tried.weekend_missing.into(),
            undrawable: undrawable
                .map(|(reason, points)| ForecastUndrawable { reason, points: points.into() })
                .collect(),
            missed_types: tried.missed_types,
        }
    }
}

/// What the plan of a batch would lead to if it were drawn now: the result of a few draws with seeds that are thrown
/// away. They say nothing about the draw that will count. For the office alone.
#[utoipa::path(tag = "batches", params(("id" = BatchId, Path)), responses((status = 200, body = ForecastView)))]
#[get("/batches/{id}/forecast")]
async fn forecast(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<BatchId>,
) -> Result<web::Json<ForecastView>, Problem> {
    Ok(web::Json(reading::forecast(&app, &caller.0, id.into_inner()).await?.into()))
}
