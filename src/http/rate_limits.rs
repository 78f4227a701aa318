//! Requests a second that one caller may make: a table by class of route, and the counters of this node.
//!
//! A logged-in user is counted by account, everybody else by address. An unknown token counts as no login, so sending a
//! new token with each request evades nothing. To know which is which without asking the database, the digests of
//! recently valid tokens are remembered. A token that is not among them costs its address a request, even if it turns
//! out to be valid.

use std::collections::HashMap;
use std::fmt;
use std::num::NonZeroU32;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use actix_web::http::Method;
use governor::clock::Clock;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use crate::admission::Who;
use crate::domain::digest::Digest;

/// Classes of requests that are counted separately, so that many of one leave room for the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RouteClass {
    /// Every API route that is in no other class.
    Interface,
    /// Logins: guessing is limited by the throttle on failures; this limits the work of checking.
    SignIn,
    /// Uploads: sending a full outbox must not keep its owner from reading.
    Upload,
    /// The app's pages and files, and the documentation.
    Pages,
    /// Health checks: monitoring must not fail because others send too much.
    Health,
    /// Metrics, on their own address.
    Metrics,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CountedBy {
    /// The account of a logged-in caller, else the address.
    Caller,
    /// Always the address.
    Address,
}

/// The limit of one class.
#[derive(Debug, Clone, Copy)]
pub struct Limit {
    /// The class.
    pub class: RouteClass,
    /// Whom it counts.
    pub by: CountedBy,
    /// Most requests a second, whatever `--rate` allows; only `--rate` applies if `None`.
    pub per_second_max: Option<NonZeroU32>,
    /// Size of a burst, as a multiple of the rate.
    pub at_once: u32,
}

/// Every class with its limit. Source of the numbers: our choice. Twenty logins a second are far above what an office
/// behind one address needs; a metrics scraper comes every few seconds.
pub const LIMITS: [Limit; 6] = [
    Limit { class: RouteClass::Interface, by: CountedBy::Caller, per_second_max: None, at_once: 2 },
    Limit { class: RouteClass::SignIn, by: CountedBy::Address, per_second_max: NonZeroU32::new(20), at_once: 1 },
    Limit { class: RouteClass::Upload, by: CountedBy::Caller, per_second_max: None, at_once: 2 },
    Limit { class: RouteClass::Pages, by: CountedBy::Address, per_second_max: None, at_once: 2 },
    Limit { class: RouteClass::Health, by: CountedBy::Address, per_second_max: None, at_once: 2 },
    Limit { class: RouteClass::Metrics, by: CountedBy::Address, per_second_max: NonZeroU32::new(10), at_once: 2 },
];

impl RouteClass {
    /// The class of a request, by its method and its path as the routes see it.
    #[must_use]
    pub fn of(method: &Method, path: &str) -> Self {
        let Some(path) = path.strip_prefix("/api/v1/") else {
            return if matches!(path, "/healthz" | "/readyz") { RouteClass::Health } else { RouteClass::Pages };
        };
        let first = path.split('/').next().unwrap_or_default();
        match (method, first) {
            (&Method::POST, "sessions" | "setup") if path == first => RouteClass::SignIn,
            (&Method::PUT, "photos") | (&Method::POST | &Method::PATCH, "uploads") => RouteClass::Upload,
            (&Method::POST, "packets") => RouteClass::Upload,
            _ => RouteClass::Interface,
        }
    }
}

/// A monotonic clock: the machine's, or a test's.
#[derive(Clone)]
pub struct Ticks(Arc<dyn Fn() -> Duration + Send + Sync>);

impl Ticks {
    /// The clock that `read` reads.
    pub fn new(read: impl Fn() -> Duration + Send + Sync + 'static) -> Self {
        Ticks(Arc::new(read))
    }
}

impl Default for Ticks {
    fn default() -> Self {
        let beginning = Instant::now();
        Ticks::new(move || beginning.elapsed())
    }
}

impl fmt::Debug for Ticks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Ticks")
    }
}

impl Clock for Ticks {
    type Instant = Duration;

    fn now(&self) -> Duration {
        (self.0)()
    }
}

type Counters = RateLimiter<Who, DefaultKeyedStateStore<Who>, Ticks, NoOpMiddleware<Duration>>;

/// How long a valid token is remembered without being used. Source: our choice; an app asks more often.
const REMEMBERED: Duration = Duration::from_secs(600);

/// How often the use of a token is recorded.
const NOTED_EVERY: Duration = Duration::from_secs(60);

/// The owner of a token, and when it was last used.
struct KnownToken {
    who: Who,
    seen: Duration,
}

/// The counters of a node.
pub struct RateLimits {
    counters: Vec<(Limit, Counters)>,
    known: RwLock<HashMap<Digest, KnownToken>>,
    ticks: Ticks,
}

impl RateLimits {
    /// Counters that allow `per_second` requests of one caller in each class, or fewer where the class says so.
    #[must_use]
    pub fn new(per_second: NonZeroU32, ticks: Ticks) -> Self {
        let counters = LIMITS.iter().map(|limit| {
            let rate = limit.per_second_max.map_or(per_second, |most| most.min(per_second));
            let quota = Quota::per_second(rate).allow_burst(rate.saturating_mul(at_once(limit)));
            (*limit, RateLimiter::new(quota, DefaultKeyedStateStore::default(), ticks.clone()))
        });
        RateLimits { counters: counters.collect(), known: RwLock::default(), ticks: ticks.clone() }
    }

    /// Counts a request from `address` that sends `token`.
    ///
    /// # Errors
    /// How long to wait.
    pub fn request(&self, class: RouteClass, token: Option<&str>, address: Who) -> Result<(), Duration> {
        let Some((limit, counters)) = self.counters.iter().find(|(limit, _)| limit.class == class) else {
            return Ok(());
        };
        let who = match limit.by {
            CountedBy::Address => address,
            CountedBy::Caller => token.and_then(|token| self.whose(token)).unwrap_or(address),
        };
        counters.check_key(&who).map_err(|not_until| not_until.wait_time_from(self.ticks.now()))
    }

    fn whose(&self, token: &str) -> Option<Who> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.get(&Digest::of(token.as_bytes())).map(|token| token.who)
    }

    /// Remembers that a token is valid, and whose it is.
    pub fn learn(&self, token: &str, who: Who) {
        let (digest, now) = (Digest::of(token.as_bytes()), self.ticks.now());
        let is_recent = |token: &KnownToken| token.who == who && now.saturating_sub(token.seen) < NOTED_EVERY;
        if self.known.read().unwrap_or_else(PoisonError::into_inner).get(&digest).is_some_and(is_recent) {
            return;
        }
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(digest, KnownToken { who, seen: now });
    }

    /// Forgets a token that is not, or no longer, valid.
    pub fn forget(&self, token: &str) {
        let digest = Digest::of(token.as_bytes());
        let is_known = self.known.read().unwrap_or_else(PoisonError::into_inner).contains_key(&digest);
        if is_known {
            self.known.write().unwrap_or_else(PoisonError::into_inner).remove(&digest);
        }
    }

    /// Forgets callers and tokens that have been inactive.
    pub fn forget_quiet(&self) {
        for (_, counters) in &self.counters {
            counters.retain_recent();
        }
        let now = self.ticks.now();
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, token| now.saturating_sub(token.seen) < REMEMBERED);
    }
}

fn at_once(limit: &Limit) -> NonZeroU32 {
    NonZeroU32::new(limit.at_once).unwrap_or(NonZeroU32::MIN)
}
