//! Heads of points.

use actix_web::{HttpResponse, delete, get, put, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::reference::page_limit;
use crate::app::App;
use crate::app::point_heads::{self, Named, Vacancies};
use crate::domain::ids::{PointId, UnitId, read};
use crate::domain::point_head::HeadTerm;
use crate::domain::time::Date;
use crate::http::extract::{Active, Body};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::view::issue::PointView;
use crate::http::view::{Items, Page};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(of_point).service(put_head).service(remove_head).service(of_person).service(vacancies);
}

/// Somebody's time as head of a point 点长.
#[derive(Debug, Serialize, ToSchema)]
struct HeadTermView {
    /// The person's name.
    person: String,
    /// The unit that the person works for.
    unit_id: UnitId,
    /// First day.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// Last day; `null` while no end is known.
    #[schema(required = true, value_type = Option<String>, format = Date)]
    to: Option<Date>,
}

impl From<HeadTerm> for HeadTermView {
    fn from(HeadTerm { person, unit_id, from, to }: HeadTerm) -> Self {
        HeadTermView { person, unit_id, from, to }
    }
}

fn terms(found: Vec<HeadTerm>) -> Items<HeadTermView> {
    Items { items: found.into_iter().map(HeadTermView::from).collect() }
}

/// All heads that a point has had, has and will have, the first first. A unit reads those that are its own people.
#[utoipa::path(tag = "point-heads", params(("id" = PointId, Path)), responses((status = 200, body = Items<HeadTermView>)))]
#[get("/points/{id}/heads")]
async fn of_point(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<PointId>,
) -> Result<web::Json<Items<HeadTermView>>, Problem> {
    Ok(web::Json(terms(point_heads::of_point(&app, &caller.0, id.into_inner()).await?)))
}

/// Who is head of a point, and until when.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HeadBody {
    /// The person's name, 1–40 characters.
    person: String,
    /// The unit that the person works for.
    unit_id: UnitId,
    /// Last day; absent while no end is known.
    #[schema(value_type = Option<String>, format = Date)]
    to: Option<Date>,
}

/// A day in an address.
pub(super) fn day(text: &str) -> Result<Date, Problem> {
    let written = text.parse::<Date>().ok().filter(|day| day.to_string() == text);
    written.ok_or_else(|| Problem::new(ProblemCode::NotFound))
}

/// Names the head of a point from a day on, today or later; whoever was head until then ends the day before. For a term
/// that has begun only its end can be changed. Answers all terms; the same again changes nothing.
#[utoipa::path(
    tag = "point-heads",
    params(("id" = PointId, Path), ("from" = String, Path, description = "The first day, such as `2026-08-03`")),
    request_body = HeadBody,
    responses(
        (status = 201, body = Items<HeadTermView>),
        (status = 200, body = Items<HeadTermView>, description = "A term began on that day already")
    )
)]
#[put("/points/{id}/heads/{from}")]
async fn put_head(
    app: web::Data<App>,
    caller: Active,
    path: web::Path<(PointId, String)>,
    body: Body<HeadBody>,
) -> Result<HttpResponse, Problem> {
    let (point, from) = path.into_inner();
    let HeadBody { person, unit_id, to } = body.read()?;
    let term = HeadTerm { person, unit_id, from: day(&from)?, to };
    let Named { created, terms: all } = point_heads::put(&app, &caller.0, point, term).await?;
    let mut answer = if created { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(terms(all)))
}

/// Withdraws an appointment that has not begun.
#[utoipa::path(
    tag = "point-heads",
    params(("id" = PointId, Path), ("from" = String, Path, description = "Its first day")),
    responses((status = 204, description = "It is gone"))
)]
#[delete("/points/{id}/heads/{from}")]
async fn remove_head(
    app: web::Data<App>,
    caller: Active,
    path: web::Path<(PointId, String)>,
) -> Result<HttpResponse, Problem> {
    let (point, from) = path.into_inner();
    point_heads::remove(&app, &caller.0, point, day(&from)?).await?;
    Ok(HttpResponse::NoContent().finish())
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PersonParams {
    /// The person's whole name.
    person: String,
    /// Most rows, 1–200, 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// A point and somebody's time as its head.
#[derive(Debug, Serialize, ToSchema)]
struct HeadedPointView {
    /// The point.
    point: PointView,
    /// The time.
    term: HeadTermView,
}

fn no_cursor() -> Problem {
    Problem::new(ProblemCode::MalformedRequest).detail("no cursor of this list")
}

/// The points that a person is, was or will be head of, the earliest first. A unit reads of its own people.
#[utoipa::path(tag = "point-heads", params(PersonParams), responses((status = 200, body = Page<HeadedPointView>)))]
#[get("/point-heads")]
async fn of_person(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<PersonParams>,
) -> Result<web::Json<Page<HeadedPointView>>, Problem> {
    let PersonParams { person, limit, cursor } = params.into_inner();
    let ended = |text: &str| {
        let (from, point) = text.split_once('/')?;
        Some((from.parse().ok()?, PointId(read(point)?)))
    };
    let after = cursor.map(|text| ended(&text).ok_or_else(no_cursor)).transpose()?;
    let found = point_heads::of_person(&app, &caller.0, person, after, page_limit(limit)?).await?;
    let items = found.rows.into_iter().map(|(point, term)| HeadedPointView { point: point.into(), term: term.into() });
    let next_cursor = found.next.map(|(from, point)| format!("{from}/{point}"));
    Ok(web::Json(Page { items: items.collect(), next_cursor }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct VacancyParams {
    /// Most rows, 1–200, 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
    /// Where the page before ended.
    cursor: Option<String>,
}

/// A point without a head.
#[derive(Debug, Serialize, ToSchema)]
struct VacancyView {
    /// The point.
    point: PointView,
    /// The first day without a head.
    #[schema(value_type = String, format = Date)]
    from: Date,
    /// Whether it has lasted for more than three working days.
    overdue: bool,
}

/// The points in use that have no head today.
#[derive(Debug, Serialize, ToSchema)]
struct VacanciesView {
    /// The first day on which points need a head: the first on which one had one. `null` before anybody was named; no
    /// point is vacant then.
    #[schema(required = true, value_type = Option<String>, format = Date)]
    since: Option<Date>,
    /// How many points have no head.
    total: u64,
    /// How many of them have had none for more than three working days.
    overdue: u64,
    /// The points, by code.
    items: Vec<VacancyView>,
    /// What to send as `cursor` for the next page; `null` on the last one.
    #[schema(required = true)]
    next_cursor: Option<String>,
}

/// The points in use that have no head today, by code; for the office.
#[utoipa::path(tag = "point-heads", params(VacancyParams), responses((status = 200, body = VacanciesView)))]
#[get("/point-vacancies")]
async fn vacancies(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<VacancyParams>,
) -> Result<web::Json<VacanciesView>, Problem> {
    let VacancyParams { limit, cursor } = params.into_inner();
    let Vacancies { since, total, overdue, rows, next } =
        point_heads::vacancies(&app, &caller.0, cursor, page_limit(limit)?).await?;
    let view =
        |row: point_heads::Vacancy| VacancyView { point: row.point.into(), from: row.from, overdue: row.is_overdue };
    let items = rows.into_iter().map(view).collect();
    Ok(web::Json(VacanciesView { since, total, overdue, items, next_cursor: next }))
}
