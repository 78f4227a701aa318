//! Whether reports would be accepted now, checked at most once a second however many clients ask.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};

use super::county::County;
use super::{App, AppError, Result, blocking};
use crate::domain::time::Timestamp;

/// How long a result is used. Source: issue of the second check, "a check at most a second old".
const FRESH: Duration = Duration::from_secs(1);
/// Longest time that a check may take before the answer is "not ready". Source: our choice, below the ten seconds after
/// which probes of proxies and of Kubernetes commonly give up.
const CHECK_MAX: Duration = Duration::from_secs(5);

/// The check that started last. Clones share it.
#[derive(Clone, Default)]
pub struct Readiness(Arc<Mutex<Option<Check>>>);

#[derive(Clone)]
struct Check {
    begun: Instant,
    found: Shared<BoxFuture<'static, CheckResult>>,
}

/// The result of a check.
#[derive(Clone)]
struct CheckResult {
    at: Timestamp,
    state: State,
}

#[derive(Clone)]
enum State {
    Ready,
    Full,
    Unfit(String),
}

impl Readiness {
    /// The result of a check that is at most a second old; all callers in that time share one check. It goes on when a
    /// caller disconnects, and while it hangs on a dead disk no second one is started.
    pub(super) async fn ask(&self, app: &App) -> Result<()> {
        loop {
            let check = self.latest(app);
            let left = CHECK_MAX.saturating_sub(check.begun.elapsed());
            let Ok(found) = tokio::time::timeout(left, check.found).await else {
                let seconds = CHECK_MAX.as_secs();
                return Err(AppError::Unavailable(format!("the storage has not answered within {seconds} s")));
            };
            // The check ended after its last caller had left, so the result is old.
            if found.is_stale(app) {
                self.forget(check.begun);
                continue;
            }
            return match found.state {
                State::Ready => Ok(()),
                State::Full => Err(AppError::StorageFull),
                State::Unfit(why) => Err(AppError::Unavailable(why)),
            };
        }
    }

    fn latest(&self, app: &App) -> Check {
        let mut latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_stale = |check: &Check| check.found.peek().is_some_and(|found| found.is_stale(app));
        match latest.as_ref().filter(|check| !is_stale(check)) {
            Some(check) => check.clone(),
            None => latest.insert(Check::begin(app.clone())).clone(),
        }
    }

    fn forget(&self, begun: Instant) {
        let mut latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.as_ref().is_some_and(|check| check.begun == begun) {
            *latest = None;
        }
    }
}

impl CheckResult {
    /// Compares in both directions, since the clock may be set back.
    fn is_stale(&self, app: &App) -> bool {
        app.now().abs_diff(self.at) > FRESH
    }
}

impl Check {
    fn begin(app: App) -> Self {
        app.metrics.looked_whether_ready();
        let clock = Arc::clone(&app.clock);
        // A task of its own: it runs to its end even when the caller disconnects.
        let checking = tokio::spawn(async move {
            let state = match check(&app).await {
                Ok(()) => State::Ready,
                Err(AppError::StorageFull) => State::Full,
                Err(error) => State::Unfit(error.to_string()),
            };
            CheckResult { at: app.now(), state }
        });
        let found = async move {
            let panicked =
                |error: tokio::task::JoinError| CheckResult { at: clock.now(), state: State::Unfit(error.to_string()) };
            checking.await.unwrap_or_else(panicked)
        };
        Check { begun: Instant::now(), found: found.boxed().shared() }
    }
}

/// What operators should fix though reports are still accepted: shown with the metrics and by `check`, never in the
/// public readiness answer.
pub async fn warnings(app: &App) -> Result<Vec<String>> {
    let (county, now) = (app.county.clone(), app.now());
    app.store.read(move |conn| -> Result<_> { Ok(warnings_of(&county.load(conn)?, now)) }).await
}

/// The same for a given calendar and settings.
#[must_use]
pub fn warnings_of(county: &County, now: Timestamp) -> Vec<String> {
    let years = county.calendar.unnamed_years(now);
    let warning = |year| {
        format!(
            "the days off of {year} are not named, deadlines may end on one: import its calendar 未导入{year}年放假安排"
        )
    };
    years.into_iter().map(warning).collect()
}

async fn check(app: &App) -> Result<()> {
    app.store.check_ready().await?;
    let photo_store = app.photo_store.clone();
    blocking(move || Ok(photo_store.check_ready()?)).await
}
