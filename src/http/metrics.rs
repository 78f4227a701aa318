//! Metrics for Prometheus and the details of readiness, on an address of their own: whoever may read them can count
//! reports.

use std::net::SocketAddr;

use actix_web::dev::Server;
use actix_web::http::StatusCode;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpRequest, HttpResponse, HttpServer, ResponseError as _, web};
use serde::Serialize;

use super::problem::Problem;
use super::rate_limits::{RateLimits, RouteClass};
use crate::admission::{AddressGroup, Who};
use crate::app::{App, metrics, readiness};

/// Source: OpenMetrics 1.0, "Overall Structure".
const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The metrics server and its address. It stops when its handle stops it, not at a signal.
pub(super) fn server(
    app: web::Data<App>,
    limits: web::Data<RateLimits>,
    listen: SocketAddr,
) -> std::io::Result<(SocketAddr, Server)> {
    let server = HttpServer::new(move || {
        let service = actix_web::App::new().app_data(app.clone()).app_data(limits.clone());
        let metrics = web::resource("/metrics").route(web::get().to(show)).route(web::head().to(show));
        service
            .service(metrics)
            .service(web::resource("/readyz").route(web::get().to(ready)).route(web::head().to(ready)))
    })
    .workers(1)
    .disable_signals()
    .bind(listen)
    .map_err(|error| std::io::Error::new(error.kind(), format!("--metrics-listen {listen}: {error}")))?;
    let address = server.addrs().first().copied().unwrap_or(listen);
    Ok((address, server.run()))
}

/// Applies the rate limit, since each scrape reads the database. Proxies are not trusted here: the peer is the caller.
fn too_often(request: &HttpRequest, limits: &RateLimits) -> Option<HttpResponse> {
    let address = Who::Address(AddressGroup::of(request.peer_addr().map(|peer| peer.ip())));
    let wait = limits.request(RouteClass::Metrics, None, address).err()?;
    let seconds = wait.as_secs().max(1).to_string();
    Some(HttpResponse::TooManyRequests().insert_header((RETRY_AFTER, seconds)).finish())
}

async fn show(request: HttpRequest, app: web::Data<App>, limits: web::Data<RateLimits>) -> HttpResponse {
    if let Some(refused) = too_often(&request, &limits) {
        return refused;
    }
    match metrics::render(&app).await {
        Ok(text) => HttpResponse::Ok().content_type(MEDIA_TYPE).body(text),
        Err(error) => {
            tracing::error!(%error, "no figures");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// Details of `/readyz` for operators only.
#[derive(Debug, Serialize)]
struct Details {
    ready: bool,
    /// Why it is not ready.
    why: Option<String>,
    /// What an operator should look at, whether it is ready or not.
    warnings: Vec<String>,
}

async fn ready(request: HttpRequest, app: web::Data<App>, limits: web::Data<RateLimits>) -> HttpResponse {
    if let Some(refused) = too_often(&request, &limits) {
        return refused;
    }
    let (status, why) = match app.check_ready().await {
        Ok(()) => (StatusCode::OK, None),
        Err(error) => {
            let why = error.to_string();
            (Problem::from(error).status_code(), Some(why))
        }
    };
    // What cannot be read at this moment is left out; `why` says so.
    let warnings = readiness::warnings(&app).await.unwrap_or_default();
    HttpResponse::build(status).json(Details { ready: why.is_none(), why, warnings })
}
