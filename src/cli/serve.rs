//! `anfang serve`.

use std::net::SocketAddr;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::{Failure, MapArgs, ServeArgs, open, say};
use crate::app::App;
use crate::domain::map::{Crs, TileLayer};
use crate::http::{self, Running, ServerOptions, Ticks};
use crate::jobs::Runner;
use crate::store::users;

pub(super) fn serve(args: &ServeArgs) -> Result<(), Failure> {
    let (app, _hold) = open::serving(&args.storage)?;
    open::seed_starter(&app)?;
    if open::read(&app, |conn| users::list(conn, None))?.is_empty() {
        say("no accounts yet 还没有账号: anfang user add NAME --role admin");
    }
    run(app, args, |address| say(&format!("listening on http://{address}")))
}

/// Serves until a signal, with the background workers.
pub(super) fn run(
    app: App,
    args: &ServeArgs,
    on_ready: impl FnOnce(SocketAddr) + Send + 'static,
) -> Result<(), Failure> {
    let options = ServerOptions {
        listen: args.listen,
        metrics_listen: args.metrics_listen,
        secure_cookies: args.secure_cookies,
        rate_per_second: args.rate,
        ticks: Ticks::default(),
        trusted_proxies: args.trusted_proxies.clone(),
        workers: None,
        tiles: tiles(&args.map)?,
        body_timeouts: http::BodyTimeouts::default(),
    };
    let runners = Runner::crew(&app, args.jobs);
    let (stopper, stop) = watch::channel(false);
    let background = move || async move {
        futures_util::future::join_all(runners.into_iter().map(|runner| runner.run(stop.clone()))).await;
    };
    http::serve(
        app,
        options,
        move |running| ready(running, on_ready),
        background(),
        move || {
            let _ = stopper.send(true);
        },
    )
    .map_err(|error| format!("{}: {error}", args.listen))
}

/// The tiles that the flags name.
fn tiles(args: &MapArgs) -> Result<Option<TileLayer>, Failure> {
    let layer = args
        .map_tiles
        .as_deref()
        .filter(|template| !template.is_empty())
        .map(|template| TileLayer::new(template, args.map_tiles_crs, args.map_tiles_zoom, &args.map_tiles_credit));
    layer.transpose().map_err(|why| format!("--map-tiles: {why}"))
}

pub(super) fn crs(text: &str) -> Result<Crs, String> {
    let codes: Vec<&str> = Crs::ALL.iter().map(|crs| crs.as_str()).collect();
    Crs::parse(text).ok_or_else(|| format!("one of {}", codes.join(", ")))
}

pub(super) fn zoom(text: &str) -> Result<(u8, u8), String> {
    let (least, greatest) = text.split_once('-').ok_or("two numbers, such as 3-18")?;
    let number = |text: &str| text.trim().parse::<u8>().map_err(|_| "two numbers, such as 3-18".to_owned());
    Ok((number(least)?, number(greatest)?))
}

/// Handles signals before anybody is told that the server is ready: the server itself starts to handle them a moment
/// later, and a signal in between would kill it.
fn ready(running: Running, tell: impl FnOnce(SocketAddr)) {
    let (address, running_metrics) = (running.address, running.metrics_address);
    match (signal(SignalKind::terminate()), signal(SignalKind::interrupt())) {
        (Ok(mut terminate), Ok(mut interrupt)) => {
            tokio::spawn(async move {
                tokio::select! {
                    _ = terminate.recv() => {}
                    _ = interrupt.recv() => {}
                }
                running.stop();
            });
        }
        (Err(error), _) | (_, Err(error)) => tracing::warn!(%error, "signals are heeded by the server alone"),
    }
    if let Some(address) = running_metrics {
        say(&format!("metrics on http://{address}/metrics"));
    }
    tell(address);
}
