//! How failed logins slow down the next ones: arithmetic only, the rows are stored by `store` (ADR 0014).
//!
//! Each failure is counted in four rows: the account's at one address (the *pair*), the account's at all addresses, the
//! attempts let past the account's wait (*fresh*), and the address's for all accounts. A fifth row says where an
//! account has logged in before (*proven*). Nobody can lock a user out: not from an address that is proven for the
//! account, and not on the first attempt from an address that has not failed for it.

use std::time::Duration;

use super::settings::Settings;
use super::time::Timestamp;

/// The first wait; it doubles with every further failure. Source: our choice.
const FIRST_WAIT: Duration = Duration::from_secs(60);
/// How long after its last wait a row of failures is forgotten. Source: our choice.
pub const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 60 * 60);
/// How long an address stays proven for an account after a login there. Source: our choice; somebody on leave for
/// longer has to prove it once more.
pub const PROVEN_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Failures of an address for all accounts: a hundred at once, then one every half minute. A county that starts work
/// behind one address mistypes less; somebody who tries one password at many accounts is slowed, not locked out, and so
/// is nobody else at that address. Source: our choice.
pub const OF_ADDRESS: Budget = Budget { at_once: 100, each: Duration::from_secs(30) };
/// Attempts at an account that are let past its wait, each from another address: a hundred at once, then a hundred a
/// day. Source: NIST SP 800-63B §5.2.2, no more than 100 failed attempts in a row.
pub const OF_FRESH: Budget = Budget { at_once: 100, each: Duration::from_secs(864) };

/// Failures under one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    /// Failures in a row, including attempts that are not decided yet; unused for a budget.
    pub failures: i32,
    /// Time of the last one.
    pub last_failure_at: Timestamp,
    /// Until when further attempts are refused; for a budget, when it is full again.
    pub blocked_until: Timestamp,
}

impl Throttle {
    /// The failures that still count.
    fn counted(row: Option<Self>, now: Timestamp) -> i32 {
        row.filter(|row| row.blocked_until.plus(FORGOTTEN_AFTER) > now).map_or(0, |row| row.failures)
    }
}

/// How many failures a key may have before it must wait, and its longest wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Failures before the first wait.
    pub failures: u32,
    /// The longest wait.
    pub wait_max: Duration,
}

impl Allowance {
    /// The allowance of an account, and of an account at one address.
    #[must_use]
    pub fn of_account(settings: &Settings) -> Self {
        Allowance {
            failures: settings.sign_in_failures_max,
            wait_max: Duration::from_secs(60 * u64::from(settings.sign_in_lock_minutes)),
        }
    }

    /// The wait after this many failures; `None` while there are fewer than the allowance.
    #[must_use]
    pub fn wait_after(self, failures: i32) -> Option<Duration> {
        let further = u32::try_from(failures).unwrap_or(0).checked_sub(self.failures.max(1))?;
        let doubled = 1_u32.checked_shl(further).and_then(|factor| FIRST_WAIT.checked_mul(factor));
        Some(doubled.unwrap_or(Duration::MAX).min(self.wait_max))
    }

    /// The row with one more failure, and the wait that follows it.
    fn count(self, row: Option<Throttle>, now: Timestamp) -> Throttle {
        let failures = Throttle::counted(row, now).saturating_add(1);
        let wait = self.wait_after(failures).unwrap_or_default();
        Throttle { failures, last_failure_at: now, blocked_until: now.plus(wait) }
    }

    /// The row with `count` failures taken back. If fewer than the allowance are left it no longer blocks; nor does it
    /// if the last wait was started by one of those taken back (`own_wait`).
    fn take_back(self, row: Option<Throttle>, count: i32, own_wait: bool) -> Option<Throttle> {
        let row = row?;
        let failures = row.failures.saturating_sub(count);
        let blocks = !own_wait && self.wait_after(failures).is_some();
        let blocked_until = if blocks { row.blocked_until } else { row.last_failure_at.min(row.blocked_until) };
        (failures > 0).then_some(Throttle { failures, blocked_until, ..row })
    }
}

/// A leaky bucket: a number at once, then one each interval. It slows attempts down and never locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Size of the bucket.
    pub at_once: u32,
    /// Time in which one comes back.
    pub each: Duration,
}

impl Budget {
    fn times(self, count: u32) -> Duration {
        self.each.saturating_mul(count)
    }

    /// When the bucket is full again. Spending dated in the future is from before the clock was set back and is
    /// ignored, since its real time is unknown.
    fn full_at(self, row: Option<Throttle>, now: Timestamp) -> Timestamp {
        row.filter(|row| row.last_failure_at <= now).map_or(now, |row| row.blocked_until.max(now))
    }

    /// How long until one can be spent; `None` when one can be spent now.
    #[must_use]
    pub fn wait(self, row: Option<Throttle>, now: Timestamp) -> Option<Duration> {
        let owed = self.full_at(row, now).since(now);
        let room = self.times(self.at_once.saturating_sub(1));
        (owed > room).then(|| owed.saturating_sub(room))
    }

    /// The row with one spent. An empty bucket stays empty: an attempt that is let past it makes nobody wait longer.
    #[must_use]
    pub fn spend(self, row: Option<Throttle>, now: Timestamp) -> Throttle {
        let full_at = self.full_at(row, now).plus(self.each).min(now.plus(self.times(self.at_once)));
        Throttle { failures: 1, last_failure_at: now, blocked_until: full_at }
    }

    /// The row with `count` given back.
    fn give_back(self, row: Option<Throttle>, count: u32, now: Timestamp) -> Option<Throttle> {
        let full_at = self.full_at(row, now).minus(self.times(count));
        row.filter(|_| full_at > now).map(|row| Throttle { blocked_until: full_at, ..row })
    }
}

/// How long `throttle` still blocks at `now`; `None` when it does not. A wait that starts in the future is from before
/// the clock was set back: its real end is unknown, so it is taken as over. Its failures still count.
#[must_use]
pub fn blocked_for(throttle: Option<Throttle>, now: Timestamp) -> Option<Duration> {
    throttle
        .filter(|throttle| throttle.last_failure_at <= now && throttle.blocked_until > now)
        .map(|throttle| throttle.blocked_until.since(now))
}

/// The rows that decide about an attempt at an account from an address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rows {
    /// The account's failures at this address.
    pub pair: Option<Throttle>,
    /// The account's failures everywhere.
    pub account: Option<Throttle>,
    /// Attempts that were let past the account's wait; a budget.
    pub fresh: Option<Throttle>,
    /// The address's failures for all accounts; a budget.
    pub address: Option<Throttle>,
    /// Until when this address is proven for the account.
    pub proven: Option<Throttle>,
}

/// Which row makes the caller wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// [`Rows::pair`].
    Pair,
    /// [`Rows::account`].
    Account,
    /// [`Rows::address`].
    Address,
}

/// Why an attempt is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// How long to wait.
    pub time: Duration,
    /// The row with the longest wait.
    pub by: Count,
}

/// An attempt that is allowed. It counts as a failure until its outcome is known, so that simultaneous attempts cannot
/// all get through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// Time of the attempt.
    pub at: Timestamp,
    /// Whether it was let past the account's wait, and spent one of [`OF_FRESH`].
    pub past_the_wait: bool,
    /// Whether the account's present wait, if any, was started by this attempt.
    own_wait: bool,
    /// Whether it spent one of [`OF_ADDRESS`]. Only what was spent is given back: otherwise a user's own logins would
    /// pay for guesses at other accounts.
    spent_of_address: bool,
}

/// The rows when an attempt begins.
///
/// # Errors
/// How long to wait when it is refused.
pub fn begin(rows: &Rows, allowance: Allowance, now: Timestamp) -> Result<(Rows, Begun), Wait> {
    let proven = rows.proven.is_some_and(|row| row.last_failure_at <= now && row.blocked_until > now);
    let fresh = Throttle::counted(rows.pair, now) == 0;
    let of_pair = blocked_for(rows.pair, now).map(|time| Wait { time, by: Count::Pair });
    let exhausted = OF_ADDRESS.wait(rows.address, now);
    let of_address = exhausted.filter(|_| !(proven && fresh)).map(|time| Wait { time, by: Count::Address });
    let blocked = blocked_for(rows.account, now);
    let past_the_wait = blocked.is_some() && !proven && fresh && OF_FRESH.wait(rows.fresh, now).is_none();
    let of_account = blocked.filter(|_| !proven && !past_the_wait).map(|time| Wait { time, by: Count::Account });
    if let Some(wait) = [of_account, of_address, of_pair].into_iter().flatten().max_by_key(|wait| wait.time) {
        return Err(wait);
    }
    let account = match (blocked, rows.account) {
        // An attempt that a wait does not block does not prolong it.
        (Some(_), Some(account)) => Throttle { failures: account.failures.saturating_add(1), ..account },
        (_, account) => allowance.count(account, now),
    };
    let after = Rows {
        pair: Some(allowance.count(rows.pair, now)),
        account: Some(account),
        fresh: if past_the_wait { Some(OF_FRESH.spend(rows.fresh, now)) } else { rows.fresh },
        address: Some(OF_ADDRESS.spend(rows.address, now)),
        proven: rows.proven,
    };
    let begun = Begun { at: now, past_the_wait, own_wait: blocked.is_none(), spent_of_address: exhausted.is_none() };
    Ok((after, begun))
}

/// The rows after a success. It proves that this account's failures at this address were its owner's, so they are taken
/// back wherever they were counted; it says nothing about other failures.
#[must_use]
pub fn succeed(rows: &Rows, begun: Begun, allowance: Allowance, now: Timestamp) -> Rows {
    let own = rows.pair.map_or(0, |row| row.failures);
    let proven = Throttle { failures: 0, last_failure_at: now, blocked_until: now.plus(PROVEN_FOR) };
    Rows { pair: None, proven: Some(proven), ..taken_back(rows, begun, allowance, own, now) }
}

/// The rows after an attempt that was not made: as they would be without it.
#[must_use]
pub fn give_back(rows: &Rows, begun: Begun, allowance: Allowance, now: Timestamp) -> Rows {
    let own_wait = rows.pair.is_some_and(|row| row.last_failure_at == begun.at);
    Rows { pair: allowance.take_back(rows.pair, 1, own_wait), ..taken_back(rows, begun, allowance, 1, now) }
}

fn taken_back(rows: &Rows, begun: Begun, allowance: Allowance, count: i32, now: Timestamp) -> Rows {
    let own_wait = begun.own_wait && rows.account.is_some_and(|row| row.last_failure_at == begun.at);
    // Earlier failures at this address were spent before this attempt.
    let spent = u32::try_from(count - i32::from(!begun.spent_of_address)).unwrap_or(0);
    Rows {
        account: allowance.take_back(rows.account, count, own_wait),
        fresh: if begun.past_the_wait { OF_FRESH.give_back(rows.fresh, 1, now) } else { rows.fresh },
        address: OF_ADDRESS.give_back(rows.address, spent, now),
        ..*rows
    }
}

#[cfg(test)]
mod tests;
