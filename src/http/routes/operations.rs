//! Health checks.

use actix_web::{HttpResponse, get, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::http::problem::Problem;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(health).service(ready);
}

/// Whether the process lives.
#[utoipa::path(tag = "operations", responses((status = 204, description = "It lives")), security(()))]
#[get("/healthz")]
async fn health() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

/// Whether the database and the photo store take reports now.
#[utoipa::path(tag = "operations", responses((status = 204, description = "They do")), security(()))]
#[get("/readyz")]
async fn ready(app: web::Data<App>) -> Result<HttpResponse, Problem> {
    app.check_ready().await?;
    Ok(HttpResponse::NoContent().finish())
}
