//! `anfang serve`.

use tokio::sync::watch;

use super::{Failure, ServeArgs, open, say};
use crate::app::App;
use crate::http::{self, ServerOptions};
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

/// Serves until a signal, with the background workers beside.
pub(super) fn run(
    app: App,
    args: &ServeArgs,
    on_ready: impl FnOnce(std::net::SocketAddr) + Send + 'static,
) -> Result<(), Failure> {
    let options = ServerOptions {
        listen: args.listen,
        secure_cookies: args.secure_cookies,
        rate_per_second: args.rate,
        workers: None,
    };
    let runners: Vec<Runner> = (0..args.jobs).map(|_| Runner::new(app.clone())).collect();
    let (stopper, stop) = watch::channel(false);
    let background = move || async move {
        futures_util::future::join_all(runners.into_iter().map(|runner| runner.run(stop.clone()))).await;
    };
    http::serve(
        app,
        options,
        move |running| on_ready(running.address),
        background(),
        move || {
            let _ = stopper.send(true);
        },
    )
    .map_err(|error| format!("{}: {error}", args.listen))
}
