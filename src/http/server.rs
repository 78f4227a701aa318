//! The server: puts routes, limits and timeouts together, and runs them.

use std::future::Future;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::middleware::{Compress, from_fn};
use actix_web::{HttpRequest, HttpResponse, HttpServer, ResponseError as _, web};
use utoipa_actix_web::AppExt as _;
use utoipa_swagger_ui::SwaggerUi;

use super::edge::{ContentSecurityPolicy, edge};
use super::extract::BodyTimeouts;
use super::methods::Methods;
use super::metrics;
use super::problem::{Problem, ProblemCode};
use super::rate_limits::{RateLimits, Ticks};
use super::{openapi, routes};
use crate::admission::TrustedProxies;
use crate::app::App;
use crate::app::live::Live;
use crate::domain::map::TileLayer;

/// Options of the server.
#[derive(Debug, Clone)]
pub struct ServerOptions {
    /// Address to listen on; port 0 for a free one.
    pub listen: SocketAddr,
    /// Whether cookies are only sent over TLS.
    pub secure_cookies: bool,
    /// Requests a second that one caller may make in each class.
    pub rate_per_second: NonZeroU32,
    /// The clock of the rate limits.
    pub ticks: Ticks,
    /// Proxies that are trusted to name their callers.
    pub trusted_proxies: TrustedProxies,
    /// Address for metrics; none when `None`.
    pub metrics_listen: Option<SocketAddr>,
    /// Worker threads; as many as there are cores when `None`.
    pub workers: Option<usize>,
    /// Tiles under the map; none when `None`.
    pub tiles: Option<TileLayer>,
    /// Timeouts for bodies.
    pub body_timeouts: BodyTimeouts,
}

/// A running server.
#[derive(Debug, Clone)]
pub struct Running {
    /// Its address.
    pub address: SocketAddr,
    /// Address for metrics.
    pub metrics_address: Option<SocketAddr>,
    handle: ServerHandle,
    live: Live,
}

impl Running {
    /// Tells it to stop once accepted requests are answered.
    pub fn stop(&self) {
        self.live.close();
        // The command is sent at once; [`serve`] waits for its outcome.
        drop(self.handle.stop(true));
    }
}

/// Default of requests a second for one caller. Source: our choice; an app that sends a day's outbox needs a tenth of
/// it.
pub const RATE_PER_SECOND: NonZeroU32 = match NonZeroU32::new(1_000) {
    Some(rate) => rate,
    None => NonZeroU32::MIN,
};

impl Default for ServerOptions {
    fn default() -> Self {
        ServerOptions {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            secure_cookies: false,
            rate_per_second: RATE_PER_SECOND,
            ticks: Ticks::default(),
            trusted_proxies: TrustedProxies::default(),
            metrics_listen: None,
            workers: None,
            tiles: None,
            body_timeouts: BodyTimeouts::default(),
        }
    }
}

/// What handlers need to know about cookies.
#[derive(Debug, Clone, Copy)]
pub(super) struct CookiePolicy {
    /// Only over TLS.
    pub secure: bool,
}

/// Map tiles, as told to pages.
#[derive(Debug)]
pub(super) struct MapTiles(pub Option<TileLayer>);

/// Longest wait for the head of a request. Source: reliability plan T22.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an idle connection is kept open.
const KEEP_ALIVE: Duration = Duration::from_secs(75);
/// How long accepted requests may take to finish after the stop, in seconds.
const SHUTDOWN_SECS: u64 = 30;
/// Connections of one worker; more wait in the kernel's queue.
const CONNECTIONS_MAX: usize = 4_096;

/// Serves until a signal, then finishes the accepted requests. Blocks.
///
/// `on_ready` gets the real address and can stop the server. `background` runs beside it; after the last answer,
/// `on_stop` tells it to end, and it is waited for.
///
/// # Errors
/// The address cannot be used.
pub fn serve(
    app: App,
    options: ServerOptions,
    on_ready: impl FnOnce(Running) + Send + 'static,
    background: impl Future<Output = ()> + 'static,
    on_stop: impl FnOnce() + 'static,
) -> std::io::Result<()> {
    let app = web::Data::new(app);
    let figures = app.clone();
    let live = app.live.clone();
    let limits = web::Data::new(RateLimits::new(options.rate_per_second, options.ticks));
    let trusted = web::Data::new(options.trusted_proxies);
    let (quiet, figures_limits) = (limits.clone(), limits.clone());
    let methods = web::Data::new(Methods::of(&openapi::document()));
    let cookies = web::Data::new(CookiePolicy { secure: options.secure_cookies });
    let policy = web::Data::new(ContentSecurityPolicy::new(options.tiles.as_ref()));
    let tiles = web::Data::new(MapTiles(options.tiles));
    let body_timeouts = web::Data::new(options.body_timeouts);
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || {
            let methods = methods.clone();
            let (app, document) = actix_web::App::new()
                .app_data(methods)
                .app_data(app.clone())
                .app_data(limits.clone())
                .app_data(trusted.clone())
                .app_data(cookies.clone())
                .app_data(policy.clone())
                .app_data(tiles.clone())
                .app_data(body_timeouts.clone())
                .app_data(web::QueryConfig::default().error_handler(|error, _| malformed_query(&error).into()))
                .app_data(web::PathConfig::default().error_handler(|_, _| Problem::new(ProblemCode::NotFound).into()))
                .into_utoipa_app()
                .openapi(openapi::outline())
                .configure(routes::api)
                .configure(routes::operations)
                .split_for_parts();
            app.service(SwaggerUi::new("/docs/{_:.*}").url("/openapi.json", openapi::strict(document)))
                .service(web::redirect("/docs", "/docs/"))
                .default_service(web::to(unknown))
                .wrap(Compress::default())
                .wrap(from_fn(edge))
        })
        .client_request_timeout(HEAD_TIMEOUT)
        .keep_alive(KEEP_ALIVE)
        .max_connections(CONNECTIONS_MAX)
        .shutdown_timeout(SHUTDOWN_SECS)
        .workers(options.workers.unwrap_or_else(cores))
        .bind(options.listen)?;
        let address = server.addrs().first().copied().unwrap_or(options.listen);
        let (metrics_address, metrics) = match options.metrics_listen {
            None => (None, None),
            Some(listen) => {
                let (address, server) = metrics::server(figures, figures_limits, listen)?;
                (Some(address), Some(server))
            }
        };
        let shown = metrics.as_ref().map(actix_web::dev::Server::handle);
        let showing = metrics.map(actix_web::rt::spawn);
        let running = server.run();
        let handle = running.handle();
        let tidying = actix_web::rt::spawn(async move {
            let mut each_minute = tokio::time::interval(Duration::from_secs(60));
            loop {
                each_minute.tick().await;
                quiet.forget_quiet();
            }
        });
        let background = actix_web::rt::spawn(background);
        on_ready(Running { address, metrics_address, handle, live });
        let ended = running.await;
        tidying.abort();
        on_stop();
        // Work that is cut off here is done again after its claim expires.
        if tokio::time::timeout(Duration::from_secs(SHUTDOWN_SECS), background).await.is_err() {
            tracing::warn!("background work did not end in time");
        }
        // Last, so that the shutdown can be observed.
        if let Some(shown) = shown {
            shown.stop(false).await;
        }
        if let Some(showing) = showing {
            let _ = showing.await;
        }
        ended
    })
}

/// A path without a route: a page of the app, or nothing. The edge has handled wrong methods already.
async fn unknown(request: HttpRequest) -> HttpResponse {
    super::web::answer(&request).unwrap_or_else(|| Problem::new(ProblemCode::NotFound).error_response())
}

/// The fault of a query, without the words of the parser.
fn malformed_query(error: &actix_web::error::QueryPayloadError) -> Problem {
    let detail = match error {
        actix_web::error::QueryPayloadError::Deserialize(error) => error.to_string(),
        _ => String::new(),
    };
    Problem::new(ProblemCode::MalformedRequest).detail(detail)
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

/// An answer without a body.
pub(super) fn no_content() -> HttpResponse {
    HttpResponse::NoContent().finish()
}
