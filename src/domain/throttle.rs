//! How failed sign-ins slow the next ones down: arithmetic only, the rows are the store's.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use super::settings::Settings;
use super::time::Timestamp;

/// The first wait; it doubles with every further failure. Source: our choice.
const FIRST_WAIT: Duration = Duration::from_secs(60);
/// How long after its last wait a row of failures is forgotten. Source: our choice.
pub const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 60 * 60);
/// How many accounts' worth of failures one address may make: a whole office shares one. Source: our choice.
const ADDRESS_FACTOR: u32 = 4;

/// Failed sign-ins under one key (an account or an address).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    /// Failures in a row, attempts that are under way included.
    pub failures: i32,
    /// When the last was.
    pub last_failure_at: Timestamp,
    /// Until when nothing is tried.
    pub blocked_until: Timestamp,
}

/// What a key may do before it must wait, and for how long it waits at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Failures before the first wait.
    pub failures: u32,
    /// The longest wait.
    pub wait_max: Duration,
}

impl Allowance {
    /// An account's.
    #[must_use]
    pub fn of_account(settings: &Settings) -> Self {
        Allowance {
            failures: settings.sign_in_failures_max,
            wait_max: Duration::from_secs(60 * u64::from(settings.sign_in_lock_minutes)),
        }
    }

    /// An address's.
    #[must_use]
    pub fn of_address(settings: &Settings) -> Self {
        let account = Self::of_account(settings);
        Allowance { failures: account.failures.saturating_mul(ADDRESS_FACTOR), ..account }
    }

    /// The wait that follows this many failures; `None` while there are fewer than the allowance.
    #[must_use]
    pub fn wait_after(self, failures: i32) -> Option<Duration> {
        let further = u32::try_from(failures).unwrap_or(0).checked_sub(self.failures.max(1))?;
        let doubled = 1_u32.checked_shl(further).and_then(|factor| FIRST_WAIT.checked_mul(factor));
        Some(doubled.unwrap_or(Duration::MAX).min(self.wait_max))
    }
}

/// How long `throttle` still blocks at `now`; `None` when it does not. A wait that began later than now
/// was begun before the clock was set back: nobody can tell when it is over, so it is. Its failures still count.
#[must_use]
pub fn blocked_for(throttle: Option<Throttle>, now: Timestamp) -> Option<Duration> {
    throttle
        .filter(|throttle| throttle.last_failure_at <= now && throttle.blocked_until > now)
        .map(|throttle| throttle.blocked_until.since(now))
}

/// The row once an attempt begins: it counts as a failure until it is known to be none,
/// so that attempts made at the same moment cannot all slip through.
///
/// # Errors
/// How long to wait, when the key is blocked.
pub fn reserve(before: Option<Throttle>, allowance: Allowance, now: Timestamp) -> Result<Throttle, Duration> {
    if let Some(wait) = blocked_for(before, now) {
        return Err(wait);
    }
    let failures = match before {
        Some(before) if before.blocked_until.plus(FORGOTTEN_AFTER) > now => before.failures,
        _ => 0,
    };
    let failures = failures.saturating_add(1);
    let wait = allowance.wait_after(failures).unwrap_or_default();
    Ok(Throttle { failures, last_failure_at: now, blocked_until: now.plus(wait) })
}

/// The row once an attempt turned out to be no failure: as if it had not been made. It blocks
/// nothing any more: an attempt begins only when the wait before it is over, and the
/// only wait since is its own.
#[must_use]
pub fn give_back(current: Option<Throttle>) -> Option<Throttle> {
    let Throttle { failures, last_failure_at, .. } = current?;
    (failures > 1).then(|| Throttle { failures: failures - 1, last_failure_at, blocked_until: last_failure_at })
}

/// What an address is throttled by: IPv6 by its /64, which one household or phone owns whole.
#[must_use]
pub fn address_group(address: &str) -> String {
    match address.parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(IpAddr::V6(address)) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        Ok(IpAddr::V4(address)) => address.to_string(),
        Err(_) => super::text::one_line(address, 64),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const FIVE: Allowance = Allowance { failures: 5, wait_max: Duration::from_secs(15 * 60) };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn waits_double_up_to_the_longest() {
        for (failures, minutes) in [
            (0, None),
            (4, None),
            (5, Some(1)),
            (6, Some(2)),
            (7, Some(4)),
            (8, Some(8)),
            (9, Some(15)),
            (10, Some(15)),
            (36, Some(15)),
            (37, Some(15)),
            (i32::MAX, Some(15)),
            (-1, None),
        ] {
            assert_eq!(
                FIVE.wait_after(failures),
                minutes.map(|minutes| Duration::from_secs(60 * minutes)),
                "{failures}"
            );
        }
    }

    #[test]
    fn an_address_may_fail_for_four_accounts() {
        let settings = Settings::default();
        assert_eq!(Allowance::of_account(&settings), FIVE);
        assert_eq!(Allowance::of_address(&settings).failures, 20);
    }

    #[test]
    fn of_many_attempts_at_one_moment_the_allowance_passes() {
        let (mut row, mut passed) = (None, 0);
        for _ in 0..10_000 {
            if let Ok(next) = reserve(row, FIVE, at(0)) {
                (row, passed) = (Some(next), passed + 1);
            }
        }
        assert_eq!(passed, 5);
        assert_eq!(blocked_for(row, at(0)), Some(Duration::from_secs(60)));
        assert_eq!(blocked_for(row, at(59)), Some(Duration::from_secs(1)));
        assert_eq!(blocked_for(row, at(60)), None);
        // One more passes when the minute is over, and then two minutes none.
        let row = Some(reserve(row, FIVE, at(60)).unwrap());
        assert_eq!(reserve(row, FIVE, at(61)), Err(Duration::from_secs(119)));
    }

    #[test]
    fn what_is_given_back_was_never_counted() {
        let first = reserve(None, FIVE, at(0)).unwrap();
        assert_eq!(give_back(Some(first)), None);
        assert_eq!(give_back(None), None);
        let row = (0..5).fold(None, |row, _| Some(reserve(row, FIVE, at(0)).unwrap()));
        assert!(blocked_for(row, at(0)).is_some());
        let row = give_back(row);
        assert_eq!(row.unwrap().failures, 4);
        assert_eq!(blocked_for(row, at(0)), None);
        // Long after the wait, too: the next failure waits as long as it would have.
        let row = (0..6).fold(None, |row, no| Some(reserve(row, FIVE, at(no * 1_000)).unwrap()));
        let row = give_back(row);
        assert_eq!(blocked_for(row, at(5_000)), None);
        assert_eq!(
            blocked_for(Some(reserve(row, FIVE, at(5_000)).unwrap()), at(5_000)),
            Some(Duration::from_secs(120))
        );
    }

    #[test]
    fn failures_are_forgotten_after_a_day() {
        let row = (0..4).fold(None, |row, _| Some(reserve(row, FIVE, at(0)).unwrap()));
        let day = 24 * 60 * 60;
        assert_eq!(reserve(row, FIVE, at(day - 1)).unwrap().failures, 5);
        assert_eq!(reserve(row, FIVE, at(day)).unwrap().failures, 1);
    }

    #[test]
    fn addresses_are_grouped() {
        for (address, group) in [
            ("10.1.2.3", "10.1.2.3"),
            ("::ffff:10.1.2.3", "10.1.2.3"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("nonsense\r\n", "nonsense\u{fffd}\u{fffd}"),
        ] {
            assert_eq!(address_group(address), group);
        }
    }
}
