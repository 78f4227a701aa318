//! Places that are not on the list of points 名单外地点.

use actix_web::{get, put, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::app::unlisted_places::{self, PlaceDetail};
use crate::domain::geo::Location;
use crate::domain::ids::{IssueId, PointId, UnitId};
use crate::domain::time::Timestamp;
use crate::domain::unlisted_place::{Listing, Settling};
use crate::http::extract::{Active, Body};
use crate::http::problem::Problem;
use crate::http::view::Items;
use crate::http::view::reference::PlaceView;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(list).service(list_point).service(merge);
}

/// A place that a report named and that was not on the list of points.
#[derive(Debug, Serialize, ToSchema)]
struct UnlistedPlaceView {
    /// The id of the point that stands for it.
    id: PointId,
    /// Its name as it was reported.
    name: String,
    /// Its address as it was reported; may be empty.
    address: String,
    /// Where it is.
    #[schema(required = true)]
    location: Option<Location>,
    /// When the report arrived.
    reported_at: Timestamp,
    /// The most likely unit: that of the nearest point.
    lead_unit_id: UnitId,
    /// The most likely type of the point: that of the nearest one.
    r#type: String,
    /// The issues there.
    issue_ids: Vec<IssueId>,
    /// Points within 200 m, nearest first, with their distance.
    near: Vec<PlaceView>,
    /// When it was settled; `null` while it waits.
    #[schema(required = true)]
    settled_at: Option<Timestamp>,
    /// The point that it was added to; `null` where it became a point of its own.
    #[schema(required = true)]
    merged_into: Option<PointId>,
}

impl From<PlaceDetail> for UnlistedPlaceView {
    fn from(PlaceDetail { stored, point, issues, near }: PlaceDetail) -> Self {
        UnlistedPlaceView {
            id: stored.point_id,
            name: stored.name,
            address: stored.address,
            location: point.location,
            reported_at: stored.reported_at,
            lead_unit_id: point.lead_unit_id,
            r#type: point.point_type,
            issue_ids: issues,
            near: near.into_iter().map(|(point, metres)| PlaceView::from((point, Some(metres)))).collect(),
            settled_at: stored.settled_at,
            merged_into: stored.merged_into,
        }
    }
}

/// What a place needs to become a point.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ListingBody {
    /// Code, such as `990001-MKT-0042`; no other point has it.
    code: String,
    /// Name, 1–100 characters.
    name: String,
    /// Code of its type.
    r#type: String,
    /// Lead unit 主责单位.
    lead_unit_id: UnitId,
    /// Where it is, for people, at most 200 characters.
    #[serde(default)]
    address: String,
    /// Codes of the campaigns that inspect it.
    #[schema(min_items = 1)]
    campaigns: Vec<String>,
}

/// The point that a place belongs to.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MergeBody {
    /// A point of the list.
    point_id: PointId,
}

/// Reported places that wait to become points, the earliest first; at most 200.
#[utoipa::path(tag = "unlisted-places", responses((status = 200, body = Items<UnlistedPlaceView>)))]
#[get("/unlisted-places")]
async fn list(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<UnlistedPlaceView>>, Problem> {
    let items = unlisted_places::list(&app, &caller.0).await?.into_iter().map(UnlistedPlaceView::from).collect();
    Ok(web::Json(Items { items }))
}

/// Makes a point of the list of it. Units and leaders find the point on no list before something there was released.
#[utoipa::path(
    tag = "unlisted-places",
    params(("id" = PointId, Path)),
    request_body = ListingBody,
    responses((status = 200, body = UnlistedPlaceView))
)]
#[put("/unlisted-places/{id}/point")]
async fn list_point(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<PointId>,
    body: Body<ListingBody>,
) -> Result<web::Json<UnlistedPlaceView>, Problem> {
    let ListingBody { code, name, r#type, lead_unit_id, address, campaigns } = body.read()?;
    let listing = Listing { code, name, point_type: r#type, lead_unit_id, address, campaigns };
    let settled = unlisted_places::settle(&app, &caller.0, id.into_inner(), Settling::Listed(listing)).await?;
    Ok(web::Json(settled.into()))
}

/// Adds it to a point that there is: its issues are at that point from now on.
#[utoipa::path(
    tag = "unlisted-places",
    params(("id" = PointId, Path)),
    request_body = MergeBody,
    responses((status = 200, body = UnlistedPlaceView))
)]
#[put("/unlisted-places/{id}/merge")]
async fn merge(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<PointId>,
    body: Body<MergeBody>,
) -> Result<web::Json<UnlistedPlaceView>, Problem> {
    let MergeBody { point_id } = body.read()?;
    let settled = unlisted_places::settle(&app, &caller.0, id.into_inner(), Settling::Merged(point_id)).await?;
    Ok(web::Json(settled.into()))
}
