//! Figures for Prometheus, on an address of their own: whoever may look there can count reports.

use std::net::SocketAddr;

use actix_web::dev::Server;
use actix_web::http::header::RETRY_AFTER;
use actix_web::{HttpRequest, HttpResponse, HttpServer, web};

use super::limits::{RateLimits, RouteClass};
use crate::admission::{AddressGroup, Who};
use crate::app::{App, metrics};

/// Source: OpenMetrics 1.0, "Overall Structure".
const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// The server that shows them, and where it listens. It ends when it is told to, not at a signal.
pub(super) fn server(
    app: web::Data<App>,
    limits: web::Data<RateLimits>,
    listen: SocketAddr,
) -> std::io::Result<(SocketAddr, Server)> {
    let server = HttpServer::new(move || {
        let service = actix_web::App::new().app_data(app.clone()).app_data(limits.clone());
        service.route("/metrics", web::get().to(show))
    })
    .workers(1)
    .disable_signals()
    .bind(listen)
    .map_err(|error| std::io::Error::new(error.kind(), format!("--metrics-listen {listen}: {error}")))?;
    let address = server.addrs().first().copied().unwrap_or(listen);
    Ok((address, server.run()))
}

async fn show(request: HttpRequest, app: web::Data<App>, limits: web::Data<RateLimits>) -> HttpResponse {
    // Each look reads the database. Nobody speaks for others here: the peer is the caller.
    let address = Who::Address(AddressGroup::of(request.peer_addr().map(|peer| peer.ip())));
    if let Err(wait) = limits.request(RouteClass::Metrics, None, address) {
        return HttpResponse::TooManyRequests()
            .insert_header((RETRY_AFTER, wait.as_secs().max(1).to_string()))
            .finish();
    }
    match metrics::render(&app).await {
        Ok(text) => HttpResponse::Ok().content_type(MEDIA_TYPE).body(text),
        Err(error) => {
            tracing::error!(%error, "no figures");
            HttpResponse::InternalServerError().finish()
        }
    }
}
