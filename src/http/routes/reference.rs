//! Reference data: what inspectors choose from.

use actix_web::http::header::{CACHE_CONTROL, ETAG};
use actix_web::{HttpRequest, HttpResponse, get, put, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::imports::{self, PointForm, UnitForm};
use crate::app::issues::open_cases::{OpenCases, open_cases};
use crate::app::reference::PointQuery;
use crate::app::{App, reference};
use crate::domain::digest::Digest;
use crate::domain::geo::Location;
use crate::domain::ids::{PointId, UnitId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::issue::Severity;
use crate::domain::limits::{PAGE_DEFAULT, PAGE_MAX, QUERY_CHARS_MAX};
use crate::domain::reference::{Unit, UnitKind};
use crate::domain::search;
use crate::http::extract::{Active, Body, SeenDigest, unchanged};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::view::Items;
use crate::http::view::reference::{
    CampaignView, DutyView, ItemView, PlaceView, ReferenceView, ResponsibleView, UnitView,
};

pub(super) fn routes(config: &mut ServiceConfig) {
    config
        .service(all)
        .service(campaigns)
        .service(items)
        .service(points)
        .service(read_point)
        .service(put_point)
        .service(responsible)
        .service(cases_here)
        .service(duties)
        .service(units)
        .service(read_unit)
        .service(put_unit);
}

/// All that a phone needs offline, in one document with an `ETag`.
#[utoipa::path(tag = "reference", responses((status = 200, body = ReferenceView), (status = 304, description = "Unchanged")))]
#[get("/reference")]
async fn all(app: web::Data<App>, caller: Active, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let view = ReferenceView::from(reference::all(&app, &caller.0).await?);
    let body = serde_json::to_string(&view).map_err(|_| Problem::new(ProblemCode::Internal))?;
    let tag = format!("\"{}\"", &Digest::of(body.as_bytes()).to_string()[..32]);
    // The 200 may be compressed, which adds its own `Vary`.
    let known = unchanged(&request, &tag, REFERENCE_CACHING, Some("Accept-Encoding"));
    Ok(known.unwrap_or_else(|| {
        HttpResponse::Ok()
            .insert_header((ETAG, tag))
            .insert_header((CACHE_CONTROL, REFERENCE_CACHING))
            .content_type("application/json")
            .body(body)
    }))
}

/// Cached by the phone, and revalidated each time.
const REFERENCE_CACHING: &str = "private, no-cache";

/// Campaigns 创建项目.
#[utoipa::path(tag = "reference", responses((status = 200, body = Items<CampaignView>)))]
#[get("/campaigns")]
async fn campaigns(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<CampaignView>>, Problem> {
    let known = reference::all(&app, &caller.0).await?;
    Ok(web::Json(Items { items: known.campaigns.into_iter().map(CampaignView::from).collect() }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ItemParams {
    /// Of this campaign.
    campaign: Option<String>,
    /// Looked for at points of this type.
    point_type: Option<String>,
    /// Words in title, fault or code, or the initials of the title in pinyin.
    q: Option<String>,
}

/// Items 测评项.
#[utoipa::path(tag = "reference", params(ItemParams), responses((status = 200, body = Items<ItemView>)))]
#[get("/items")]
async fn items(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<ItemParams>,
) -> Result<web::Json<Items<ItemView>>, Problem> {
    let words = words(params.q.as_deref())?;
    let known = reference::all(&app, &caller.0).await?;
    let fits = |kinds: &[String]| {
        params.point_type.as_ref().is_none_or(|wanted| kinds.iter().any(|kind| kind == wanted || kind == "*"))
    };
    let items = known
        .items
        .into_iter()
        .filter(|item| params.campaign.as_ref().is_none_or(|campaign| *campaign == item.campaign))
        .filter(|item| fits(&item.point_types))
        .filter(|item| {
            words
                .as_ref()
                .is_none_or(|words| search::finds(words, &item.title_zh, &[&item.code, item.fault(), &item.title_en]))
        })
        .map(ItemView::from);
    Ok(web::Json(Items { items: items.collect() }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PointParams {
    /// `lat,lon`: nearest first, with `distance_m`.
    near: Option<String>,
    /// Words in name, code or address, or the initials of the name in pinyin.
    q: Option<String>,
    /// Of this type.
    r#type: Option<String>,
    /// Inspected by this campaign.
    campaign: Option<String>,
    /// `false` for points out of use, which only those who maintain points can see.
    active: Option<bool>,
    /// Most rows, 1–200, 50 when nothing is said.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<usize>,
}

/// Points 点位.
#[utoipa::path(tag = "reference", params(PointParams), responses((status = 200, body = Items<PlaceView>)))]
#[get("/points")]
async fn points(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<PointParams>,
) -> Result<web::Json<Items<PlaceView>>, Problem> {
    let params = params.into_inner();
    let near = params.near.as_deref().map(position).transpose()?;
    let limit = page_limit(params.limit)?;
    let query = PointQuery {
        near,
        q: words(params.q.as_deref())?,
        point_type: params.r#type,
        campaign: params.campaign,
        is_out_of_use: params.active == Some(false),
    };
    let found = reference::points(&app, &caller.0, query, limit).await?;
    Ok(web::Json(Items { items: found.into_iter().map(PlaceView::from).collect() }))
}

/// The search text of a request, folded.
fn words(asked: Option<&str>) -> Result<Option<String>, Problem> {
    if asked.is_some_and(|q| q.chars().count() > QUERY_CHARS_MAX) {
        let detail = format!("at most {QUERY_CHARS_MAX} characters");
        return Err(invalid(Invalid::one("/q", FieldCode::TooLong, detail)));
    }
    Ok(asked.map(search::fold).filter(|q| !q.is_empty()))
}

/// The page size of a request.
pub(super) fn page_limit(asked: Option<usize>) -> Result<usize, Problem> {
    let limit = asked.unwrap_or(PAGE_DEFAULT);
    if (1..=PAGE_MAX).contains(&limit) {
        return Ok(limit);
    }
    Err(invalid(Invalid::one("/limit", FieldCode::OutOfRange, format!("from 1 to {PAGE_MAX}"))))
}

pub(super) fn invalid(invalid: Invalid) -> Problem {
    crate::app::AppError::Invalid(invalid).into()
}

fn position(text: &str) -> Result<Location, Problem> {
    let malformed = || invalid(Invalid::one("/near", FieldCode::Malformed, "`lat,lon` in degrees"));
    let (lat, lon) = text.split_once(',').ok_or_else(malformed)?;
    let degrees =
        |text: &str| text.trim().parse::<f64>().ok().filter(|degrees| degrees.is_finite()).ok_or_else(malformed);
    let location = Location { lat: degrees(lat)?, lon: degrees(lon)?, accuracy_m: None };
    let mut faults = Invalid::default();
    location.validate("/near", &mut faults);
    faults.into_result().map_err(invalid)?;
    Ok(location)
}

/// One point, with an `ETag` that a change sends as `If-Match`.
#[utoipa::path(tag = "reference", params(("id" = PointId, Path)), responses((status = 200, body = PlaceView)))]
#[get("/points/{id}")]
async fn read_point(app: web::Data<App>, caller: Active, id: web::Path<PointId>) -> Result<HttpResponse, Problem> {
    let point = reference::point(&app, &caller.0, id.into_inner()).await?;
    let tag = format!("\"{}\"", imports::point_version(&point));
    Ok(HttpResponse::Ok().insert_header((ETAG, tag)).json(PlaceView::from((point, None))))
}

/// A position, WGS-84.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DegreesBody {
    /// Degrees north.
    lat: f64,
    /// Degrees east.
    lon: f64,
}

/// A point as a form gives it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PointBody {
    /// Such as `990001-MKT-0001`; it stays.
    code: String,
    /// Chinese name.
    name: String,
    /// Code of its type.
    r#type: String,
    /// Where it is; `null` while only the address is known.
    #[serde(default)]
    location: Option<DegreesBody>,
    /// Geofence in metres; the type's when absent.
    #[serde(default)]
    radius_m: Option<i32>,
    /// Codes of the campaigns that inspect it.
    campaigns: Vec<String>,
    /// Demonstration point 示范点位.
    #[serde(default)]
    is_demo: bool,
    /// Lead unit 主责单位.
    lead_unit_id: UnitId,
    /// Territorial unit 属地单位.
    #[serde(default)]
    territorial_unit_id: Option<UnitId>,
    /// 6 to 12 digits; from the code, else from the lead unit when absent.
    #[serde(default)]
    area_code: Option<String>,
    /// Where it is, for people; needed while there is no position.
    address: String,
    /// Whether it is inspected.
    active: bool,
}

/// Stores a point: a new one, or in place of the version named by `If-Match`. The same again changes nothing.
#[utoipa::path(
    tag = "reference",
    params(("id" = PointId, Path, description = "A UUID that the client drew")),
    request_body = PointBody,
    responses((status = 201, body = PlaceView), (status = 200, body = PlaceView, description = "It was there"))
)]
#[put("/points/{id}")]
async fn put_point(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<PointId>,
    seen: SeenDigest,
    body: Body<PointBody>,
) -> Result<HttpResponse, Problem> {
    let body = body.read()?;
    let form = PointForm {
        code: body.code,
        name: body.name,
        point_type: body.r#type,
        location: body.location.map(|at| Location { lat: at.lat, lon: at.lon, accuracy_m: None }),
        radius_m: body.radius_m,
        campaigns: body.campaigns,
        is_demo: body.is_demo,
        lead_unit_id: body.lead_unit_id,
        territorial_unit_id: body.territorial_unit_id,
        area_code: body.area_code,
        address: body.address,
        active: body.active,
    };
    let (point, is_new) = imports::put_point(&app, &caller.0, id.into_inner(), form, seen.0).await?;
    let tag = format!("\"{}\"", imports::point_version(&point));
    let mut answer = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.insert_header((ETAG, tag)).json(PlaceView::from((point, None))))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ResponsibleParams {
    /// Code of the item.
    item: String,
}

/// Who answers for an item at a point today, and by which duty.
#[utoipa::path(
    tag = "reference",
    params(("id" = PointId, Path), ResponsibleParams),
    responses((status = 200, body = ResponsibleView))
)]
#[get("/points/{id}/responsible")]
async fn responsible(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<PointId>,
    params: web::Query<ResponsibleParams>,
) -> Result<web::Json<ResponsibleView>, Problem> {
    let found = reference::responsible(&app, &caller.0, id.into_inner(), params.into_inner().item).await?;
    Ok(web::Json(found.into()))
}

/// Open cases of colleagues at a point.
#[derive(Debug, Serialize, ToSchema)]
struct OpenCasesView {
    /// The item that is violated.
    item_code: String,
    /// How bad.
    severity: Severity,
    /// Whether a unit has them; the others wait for the office.
    is_released: bool,
    /// How many.
    count: usize,
}

/// What colleagues have reported at a point and is not done, without who, when, words and photos: so that nobody
/// reports it twice. What the caller can read is left out.
#[utoipa::path(
    tag = "reference",
    params(("id" = PointId, Path)),
    responses((status = 200, body = Items<OpenCasesView>))
)]
#[get("/points/{id}/open-cases")]
async fn cases_here(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<PointId>,
) -> Result<web::Json<Items<OpenCasesView>>, Problem> {
    let found = open_cases(&app, &caller.0, id.into_inner()).await?;
    let view = |OpenCases { item_code, severity, is_released, count }| OpenCasesView {
        item_code,
        severity,
        is_released,
        count,
    };
    Ok(web::Json(Items { items: found.into_iter().map(view).collect() }))
}

/// Division of duties 责任分工.
#[utoipa::path(tag = "reference", responses((status = 200, body = Items<DutyView>)))]
#[get("/duties")]
async fn duties(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<DutyView>>, Problem> {
    let known = reference::duties(&app, &caller.0).await?;
    Ok(web::Json(Items { items: known.into_iter().map(DutyView::from).collect() }))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct UnitParams {
    /// Words in name or code, or the initials of the name in pinyin.
    q: Option<String>,
}

/// Responsible units 责任单位: those that take issues are `active`.
#[utoipa::path(tag = "reference", params(UnitParams), responses((status = 200, body = Items<UnitView>)))]
#[get("/units")]
async fn units(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<UnitParams>,
) -> Result<web::Json<Items<UnitView>>, Problem> {
    let words = words(params.q.as_deref())?;
    let known = reference::all(&app, &caller.0).await?;
    let fits = |unit: &Unit| words.as_ref().is_none_or(|words| search::finds(words, &unit.name, &[&unit.code]));
    Ok(web::Json(Items { items: known.units.into_iter().filter(fits).map(UnitView::from).collect() }))
}

/// One unit, with an `ETag` that a change sends as `If-Match`.
#[utoipa::path(tag = "reference", params(("id" = UnitId, Path)), responses((status = 200, body = UnitView)))]
#[get("/units/{id}")]
async fn read_unit(app: web::Data<App>, caller: Active, id: web::Path<UnitId>) -> Result<HttpResponse, Problem> {
    let unit = imports::unit(&app, &caller.0, id.into_inner()).await?;
    let tag = format!("\"{}\"", imports::unit_version(&unit));
    Ok(HttpResponse::Ok().insert_header((ETAG, tag)).json(UnitView::from(unit)))
}

/// A unit as a form gives it.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct UnitBody {
    /// Short code, such as `U01`; it stays.
    code: String,
    /// Chinese name; no two units have the same.
    name: String,
    /// What it is.
    kind: UnitKind,
    /// 6 to 12 digits.
    area_code: String,
    /// Whether it may be given issues.
    active: bool,
}

/// Stores a unit: a new one, or in place of the version named by `If-Match`. The same again changes nothing.
#[utoipa::path(
    tag = "reference",
    params(("id" = UnitId, Path, description = "A UUID that the client drew")),
    request_body = UnitBody,
    responses((status = 201, body = UnitView), (status = 200, body = UnitView, description = "It was there"))
)]
#[put("/units/{id}")]
async fn put_unit(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<UnitId>,
    seen: SeenDigest,
    body: Body<UnitBody>,
) -> Result<HttpResponse, Problem> {
    let UnitBody { code, name, kind, area_code, active } = body.read()?;
    let form = UnitForm { code, name, kind, area_code, active };
    let (unit, is_new) = imports::put_unit(&app, &caller.0, id.into_inner(), form, seen.0).await?;
    let tag = format!("\"{}\"", imports::unit_version(&unit));
    let mut answer = if is_new { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.insert_header((ETAG, tag)).json(UnitView::from(unit)))
}
