//! How often one caller may ask: per token, or per address for those without.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::domain::digest::Digest;

/// Sign-ins a second from one address; far above what an office behind one address needs.
/// Source: our choice; guessing is held by the throttle on failures, this only bounds the work.
const SIGN_INS_PER_SECOND: u32 = 20;

/// Who is counted.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RateKey {
    /// Whoever holds this token, true or not.
    Token(Digest),
    /// This address.
    Address(Option<IpAddr>),
}

/// The counters of a node.
#[derive(Clone)]
pub struct RateLimits {
    requests: Arc<DefaultKeyedRateLimiter<RateKey>>,
    sign_ins: Arc<DefaultKeyedRateLimiter<RateKey>>,
    clock: DefaultClock,
}

impl RateLimits {
    /// Counters that let `per_second` requests of one caller through, twice as many at once.
    #[must_use]
    pub fn new(per_second: u32) -> Self {
        let rate = |per_second: u32| NonZeroU32::new(per_second).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_second(rate(per_second)).allow_burst(rate(per_second.saturating_mul(2)));
        RateLimits {
            requests: Arc::new(RateLimiter::keyed(quota)),
            sign_ins: Arc::new(RateLimiter::keyed(Quota::per_second(rate(SIGN_INS_PER_SECOND)))),
            clock: DefaultClock::default(),
        }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// How long to wait.
    pub fn request(&self, key: &RateKey) -> Result<(), Duration> {
        self.requests.check_key(key).map_err(|not_until| not_until.wait_time_from(self.clock.now()))
    }

    /// Counts a sign-in.
    ///
    /// # Errors
    /// How long to wait.
    pub fn sign_in(&self, key: &RateKey) -> Result<(), Duration> {
        self.sign_ins.check_key(key).map_err(|not_until| not_until.wait_time_from(self.clock.now()))
    }

    /// Forgets callers that have been quiet.
    pub fn forget_quiet(&self) {
        self.requests.retain_recent();
        self.sign_ins.retain_recent();
    }
}
