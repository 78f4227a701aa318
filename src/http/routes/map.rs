//! The background of the map.

use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE, ETAG};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, put, web};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::reference::invalid;
use crate::app::{App, map};
use crate::domain::digest::Digest;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::map::{Corners, Crs, MAP_BYTES_MAX, MapImage, Placement, TileLayer};
use crate::domain::schema::corners;
use crate::domain::time::Timestamp;
use crate::http::extract::{Active, Body, BodyTimeouts, media_type, read_all, unchanged};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::server::MapTiles;
use crate::media::MediaKind;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(read).service(picture).service(put_picture).service(place).service(remove);
}

/// What the map can be drawn on; without either it is drawn on plain ground.
#[derive(Debug, Serialize, ToSchema)]
struct MapView {
    /// The county's own picture.
    #[schema(required = true)]
    image: Option<MapImageView>,
    /// Tiles of the county's network, beneath the picture.
    #[schema(required = true)]
    tiles: Option<TilesView>,
}

/// The county's own picture and its position.
#[derive(Debug, Serialize, ToSchema)]
struct MapImageView {
    /// Digest of its file, which `GET /map/image` answers.
    sha256: Digest,
    /// Pixels across.
    width: i32,
    /// Pixels down.
    height: i32,
    /// Longitude and latitude of its corners: upper left, upper right, lower right, lower left.
    #[schema(schema_with = corners)]
    corners: [[f64; 2]; 4],
    /// What these degrees are.
    crs: Crs,
    /// When it was put there, or moved.
    changed_at: Timestamp,
}

impl From<MapImage> for MapImageView {
    fn from(image: MapImage) -> Self {
        MapImageView {
            sha256: image.sha256,
            width: image.size.0,
            height: image.size.1,
            corners: image.placement.corners.0,
            crs: image.placement.crs,
            changed_at: image.changed_at,
        }
    }
}

/// Tiles of the web Mercator scheme.
#[derive(Debug, Serialize, ToSchema)]
struct TilesView {
    /// Address of a tile, with `{z}`, `{x}` and `{y}` in it.
    template: String,
    /// What its degrees are.
    crs: Crs,
    /// Least zoom there is.
    zoom_min: u8,
    /// Greatest.
    zoom_max: u8,
    /// Whose map it is; to be shown beneath, where not empty.
    credit: String,
}

impl From<&TileLayer> for TilesView {
    fn from(layer: &TileLayer) -> Self {
        TilesView {
            template: layer.template.clone(),
            crs: layer.crs,
            zoom_min: layer.zoom.0,
            zoom_max: layer.zoom.1,
            credit: layer.credit.clone(),
        }
    }
}

/// What the map can be drawn on.
#[utoipa::path(tag = "map", responses((status = 200, body = MapView)))]
#[get("/map")]
async fn read(app: web::Data<App>, tiles: web::Data<MapTiles>, caller: Active) -> Result<web::Json<MapView>, Problem> {
    let image = map::image(&app, &caller.0).await?;
    Ok(web::Json(MapView { image: image.map(MapImageView::from), tiles: tiles.0.as_ref().map(TilesView::from) }))
}

/// The county's own picture.
#[utoipa::path(
    tag = "map",
    responses((status = 200, content(("image/jpeg"), ("image/png"), ("image/webp"))), (status = 304, description = "As the client has it"))
)]
#[get("/map/image")]
async fn picture(app: web::Data<App>, caller: Active, request: HttpRequest) -> Result<HttpResponse, Problem> {
    let known = map::image(&app, &caller.0).await?.map(|image| tag(&image));
    if let Some(unchanged) = known.and_then(|tag| unchanged(&request, &tag, IMAGE_CACHING, None)) {
        return Ok(unchanged);
    }
    let (image, bytes) = map::bytes(&app, &caller.0).await?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, image.media_type.as_str()))
        .insert_header((CONTENT_DISPOSITION, "inline"))
        .insert_header(("content-security-policy", "default-src 'none'; sandbox"))
        .insert_header((CACHE_CONTROL, IMAGE_CACHING))
        .insert_header((ETAG, tag(&image)))
        .body(bytes))
}

/// It is revalidated each time, and usually answered with a 304.
const IMAGE_CACHING: &str = "private, no-cache";

fn tag(image: &MapImage) -> String {
    format!("\"{}\"", &image.sha256.to_string()[..32])
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct PlacementParams {
    /// Longitude and latitude of its corners, eight numbers with commas between: upper left, upper right, lower
    /// right, lower left.
    #[param(example = "107.4,31.4,107.6,31.4,107.6,31.1,107.4,31.1")]
    corners: String,
    /// What these degrees are; `wgs84` when nothing is said.
    #[serde(default = "wgs84")]
    crs: Crs,
}

const fn wgs84() -> Crs {
    Crs::Wgs84
}

/// Puts a picture under the map, in place of what was there: JPEG, PNG or WebP, at most 8 MiB and 8192 pixels a
/// side, 16,777,216 in all. Noted.
#[utoipa::path(
    tag = "map",
    params(PlacementParams),
    request_body(content(("image/jpeg"), ("image/png"), ("image/webp")), description = "The file as it is"),
    responses((status = 200, body = MapImageView))
)]
#[put("/map/image")]
async fn put_picture(
    app: web::Data<App>,
    caller: Active,
    params: web::Query<PlacementParams>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<web::Json<MapImageView>, Problem> {
    // Checked before megabytes are received from somebody who may not send them.
    let held = map::admit(&app, &caller.0).await?;
    if media_type(request.headers()).and_then(|kind| MediaKind::from_media_type(&kind)).is_none() {
        return Err(Problem::new(ProblemCode::UnsupportedMedia).detail("image/jpeg, image/png, image/webp"));
    }
    let PlacementParams { corners, crs } = params.into_inner();
    let corners = corners_of(&corners)?;
    corners.validate("/corners").map_err(invalid)?;
    let bytes = read_all(BodyTimeouts::of(&request).with(body), MAP_BYTES_MAX).await?;
    Ok(web::Json(map::put(&app, &caller.0, Placement { corners, crs }, (held, bytes)).await?.into()))
}

fn corners_of(text: &str) -> Result<Corners, Problem> {
    let numbers: Option<Vec<f64>> = text.split(',').map(|number| number.trim().parse().ok()).collect();
    match numbers.as_deref() {
        Some(&[a, b, c, d, e, f, g, h]) => Ok(Corners([[a, b], [c, d], [e, f], [g, h]])),
        _ => Err(invalid(Invalid::one("/corners", FieldCode::Malformed, "eight numbers with commas between"))),
    }
}

/// The position of the picture.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlacementBody {
    /// Longitude and latitude of its corners: upper left, upper right, lower right, lower left.
    #[schema(schema_with = corners)]
    corners: [[f64; 2]; 4],
    /// What these degrees are.
    crs: Crs,
}

/// Moves the picture under the map. Noted.
#[utoipa::path(tag = "map", request_body = PlacementBody, responses((status = 200, body = MapImageView)))]
#[patch("/map/image")]
async fn place(
    app: web::Data<App>,
    caller: Active,
    body: Body<PlacementBody>,
) -> Result<web::Json<MapImageView>, Problem> {
    let PlacementBody { corners, crs } = body.read()?;
    let placement = Placement { corners: Corners(corners), crs };
    Ok(web::Json(map::place(&app, &caller.0, placement).await?.into()))
}

/// Takes the picture away. Noted.
#[utoipa::path(tag = "map", responses((status = 204, description = "It is gone")))]
#[delete("/map/image")]
async fn remove(app: web::Data<App>, caller: Active) -> Result<HttpResponse, Problem> {
    map::remove(&app, &caller.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
