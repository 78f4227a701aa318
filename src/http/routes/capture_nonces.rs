//! Capture numbers that phones are given ahead.

use actix_web::{HttpResponse, put, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::app::capture_nonces::{self, Supply};
use crate::domain::ids::{CaptureNonce, NonceSupplyId};
use crate::domain::time::Timestamp;
use crate::http::extract::Active;
use crate::http::problem::Problem;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(put_supply);
}

/// A supply of capture numbers 取证随机码.
#[derive(Debug, Serialize, ToSchema)]
struct SupplyView {
    /// Until when they are good.
    valid_until: Timestamp,
    /// Those that are not used, at most 32; none for who has many unused ones.
    nonces: Vec<CaptureNonce>,
}

/// Gives the caller's phone a supply of numbers under an id that it chose, to be kept for when there is no network. Each
/// report or visit names one as `capture_nonce`. The same again answers what is left of the supply.
#[utoipa::path(
    tag = "capture-nonces",
    params(("id" = NonceSupplyId, Path, description = "A UUID that the client drew")),
    responses((status = 201, body = SupplyView), (status = 200, body = SupplyView, description = "It was given before"))
)]
#[put("/capture-nonces/{id}")]
async fn put_supply(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<NonceSupplyId>,
) -> Result<HttpResponse, Problem> {
    let Supply { created, valid_until, nonces } = capture_nonces::supply(&app, &caller.0, id.into_inner()).await?;
    let mut answer = if created { HttpResponse::Created() } else { HttpResponse::Ok() };
    Ok(answer.json(SupplyView { valid_until, nonces }))
}
