//! `anfang serve`.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::{Failure, MapArgs, ServeArgs, StorageArgs, open, say};
use crate::app::{App, setup};
use crate::domain::map::{Crs, TileLayer};
use crate::http::{self, Running, ServerOptions, Ticks};
use crate::jobs::Runner;

pub(super) fn serve(storage: &StorageArgs, args: &ServeArgs) -> Result<(), Failure> {
    let (app, _hold) = open::serving(storage)?;
    open::tell_database(storage)?;
    open::seed_base(&app)?;
    let code = open::block_on(setup::code(&app))?;
    run(app, args, move |address| {
        if let Some(code) = code {
            say(&invitation(address, &code));
        }
        say(&format!("listening on http://{address}"));
    })
}

/// The line that leads the first browser to the page where the administrator is created.
fn invitation(address: SocketAddr, code: &str) -> String {
    // A browser on this machine cannot open an address that stands for all.
    let mut shown = address;
    if address.ip().is_unspecified() {
        shown.set_ip(if address.is_ipv4() { Ipv4Addr::LOCALHOST.into() } else { Ipv6Addr::LOCALHOST.into() });
    }
    format!("no accounts yet 首次开通: open 请打开 http://{shown}/#/setup?code={code} (setup code 开通码 {code})")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_browser_is_led_to_an_address_that_it_can_open() {
        for (listen, shown) in [
            ([127, 0, 0, 1], "http://127.0.0.1:80/#/setup?code=AB-CD (setup code 开通码 AB-CD)"),
            ([0, 0, 0, 0], "http://127.0.0.1:80/"),
            ([10, 0, 0, 7], "http://10.0.0.7:80/"),
        ] {
            let line = invitation(SocketAddr::from((listen, 80)), "AB-CD");
            assert!(line.contains(shown) && !line.contains('\n'), "{line}");
        }
        let line = invitation(SocketAddr::from((Ipv6Addr::UNSPECIFIED, 80)), "AB-CD");
        assert!(line.contains("http://[::1]:80/#/setup"), "{line}");
    }
}
