//! Zones where stalls are permitted.

use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, delete, get, put, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::issues::version_tag;
use crate::app::planning::Put;
use crate::app::{App, zones};
use crate::domain::ids::ZoneId;
use crate::domain::permitted_zone::{KeptZone, PermittedZone};
use crate::http::extract::{Active, Body, SeenVersion};
use crate::http::problem::Problem;
use crate::http::view::Items;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list).service(put_zone).service(remove);
}

/// A zone where stalls are permitted 允许摆摊区. Units and leaders read it too, so it tells no moment of the office's work.
#[derive(Debug, Serialize, ToSchema)]
struct ZoneView {
    /// Identity.
    id: ZoneId,
    /// What `If-Match` must name.
    version: i64,
    /// The zone.
    zone: PermittedZone,
}

impl From<KeptZone> for ZoneView {
    fn from(KeptZone { id, version, zone, changed_by: _, changed_at: _ }: KeptZone) -> Self {
        ZoneView { id, version, zone }
    }
}

/// The zones where stalls are permitted 一摊一策, at most 500. They are in the reference data too.
#[utoipa::path(tag = "zones", responses((status = 200, body = Items<ZoneView>)))]
#[get("/zones")]
async fn list(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<ZoneView>>, Problem> {
    let items = zones::list(&app, &caller.0).await?.into_iter().map(ZoneView::from).collect();
    Ok(web::Json(Items { items }))
}

/// Draws a zone under an id of the client's choice, or changes it, when `If-Match` must name its present version. The
/// same again answers what is stored.
#[utoipa::path(
    tag = "zones",
    params(
        ("id" = ZoneId, Path, description = "A UUID that the client drew"),
        ("If-Match" = Option<String>, Header, description = "The version that is changed; not needed for a new one"),
    ),
    request_body = PermittedZone,
    responses((status = 201, body = ZoneView), (status = 200, body = ZoneView, description = "It was there"))
)]
#[put("/zones/{id}")]
async fn put_zone(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<ZoneId>,
    seen: Option<SeenVersion>,
    body: Body<PermittedZone>,
) -> Result<HttpResponse, Problem> {
    let seen = seen.map(|seen| seen.0);
    let Put { created, shown } = zones::put(&app, &caller.0, id.into_inner(), body.read()?, seen).await?;
    let mut answer = if created { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.insert_header((ETAG, version_tag(shown.version))).json(ZoneView::from(shown)))
}

/// Removes a zone.
#[utoipa::path(
    tag = "zones",
    params(("id" = ZoneId, Path), ("If-Match" = String, Header, description = "The version that is removed")),
    responses((status = 204, description = "It is gone"))
)]
#[delete("/zones/{id}")]
async fn remove(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<ZoneId>,
    seen: SeenVersion,
) -> Result<HttpResponse, Problem> {
    zones::remove(&app, &caller.0, id.into_inner(), seen.0).await?;
    Ok(HttpResponse::NoContent().finish())
}
