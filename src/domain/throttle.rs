//! How failed sign-ins slow the next ones down: arithmetic only, the rows are the store's (ADR 0014).
//!
//! Four rows count each failure: the account's at one address (the *pair*), the account's over all addresses, those
//! made past the account's wait (*fresh* tries), and the address's over all accounts. A fifth says where an account
//! has signed in before (*proven*). Nobody can keep a person out: not from where the account is proven, and once from
//! any other address that has not failed for it.

use std::time::Duration;

use super::settings::Settings;
use super::time::Timestamp;

/// The first wait; it doubles with every further failure. Source: our choice.
const FIRST_WAIT: Duration = Duration::from_secs(60);
/// How long after its last wait a row of failures is forgotten. Source: our choice.
pub const FORGOTTEN_AFTER: Duration = Duration::from_secs(24 * 60 * 60);
/// How long an address stays proven for an account after it signed in there. Source: our choice; who is on leave
/// for longer is a stranger once.
pub const PROVEN_FOR: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// Failures of an address over all accounts: a hundred at once, then one in half a minute. A county that comes to work
/// behind one address mistypes less; whoever tries one password at many accounts is slowed, not locked out, and with
/// him nobody else. Source: our choice.
pub const OF_ADDRESS: Budget = Budget { at_once: 100, each: Duration::from_secs(30) };
/// Tries at an account that are let past its wait, each from another address: a hundred at once, then a hundred a
/// day. Source: NIST SP 800-63B §5.2.2, no more than 100 failed attempts in a row.
pub const OF_FRESH: Budget = Budget { at_once: 100, each: Duration::from_secs(864) };

/// Failures under one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Throttle {
    /// Failures in a row, attempts that are under way included; not used for a budget.
    pub failures: i32,
    /// When the last was.
    pub last_failure_at: Timestamp,
    /// Until when nothing is tried; of a budget, when all of it is back.
    pub blocked_until: Timestamp,
}

impl Throttle {
    /// The failures that still count.
    fn counted(row: Option<Self>, now: Timestamp) -> i32 {
        row.filter(|row| row.blocked_until.plus(FORGOTTEN_AFTER) > now).map_or(0, |row| row.failures)
    }
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
    /// An account's, and that of an account at one address.
    #[must_use]
    pub fn of_account(settings: &Settings) -> Self {
        Allowance {
            failures: settings.sign_in_failures_max,
            wait_max: Duration::from_secs(60 * u64::from(settings.sign_in_lock_minutes)),
        }
    }

    /// The wait that follows this many failures; `None` while there are fewer than the allowance.
    #[must_use]
    pub fn wait_after(self, failures: i32) -> Option<Duration> {
        let further = u32::try_from(failures).unwrap_or(0).checked_sub(self.failures.max(1))?;
        let doubled = 1_u32.checked_shl(further).and_then(|factor| FIRST_WAIT.checked_mul(factor));
        Some(doubled.unwrap_or(Duration::MAX).min(self.wait_max))
    }

    /// The row with one failure more, which begins the wait that follows it.
    fn count(self, row: Option<Throttle>, now: Timestamp) -> Throttle {
        let failures = Throttle::counted(row, now).saturating_add(1);
        let wait = self.wait_after(failures).unwrap_or_default();
        Throttle { failures, last_failure_at: now, blocked_until: now.plus(wait) }
    }

    /// The row with `count` failures taken back. Where fewer than the allowance are left it blocks nothing. Nor does
    /// it where the last wait was begun by what is taken back (`own_wait`).
    fn take_back(self, row: Option<Throttle>, count: i32, own_wait: bool) -> Option<Throttle> {
        let row = row?;
        let failures = row.failures.saturating_sub(count);
        let blocks = !own_wait && self.wait_after(failures).is_some();
        let blocked_until = if blocks { row.blocked_until } else { row.last_failure_at.min(row.blocked_until) };
        (failures > 0).then_some(Throttle { failures, blocked_until, ..row })
    }
}

/// So many at once, and then one each so often (a leaky bucket): it slows, and never locks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// What may be spent at once.
    pub at_once: u32,
    /// The time in which one comes back.
    pub each: Duration,
}

impl Budget {
    fn times(self, count: u32) -> Duration {
        self.each.saturating_mul(count)
    }

    /// When all of it is back. What was spent before the clock was set back is: nobody can tell when it would be.
    fn full_at(self, row: Option<Throttle>, now: Timestamp) -> Timestamp {
        row.filter(|row| row.last_failure_at <= now).map_or(now, |row| row.blocked_until.max(now))
    }

    /// How long until one can be spent; `None` when one can.
    #[must_use]
    pub fn wait(self, row: Option<Throttle>, now: Timestamp) -> Option<Duration> {
        let owed = self.full_at(row, now).since(now);
        let room = self.times(self.at_once.saturating_sub(1));
        (owed > room).then(|| owed.saturating_sub(room))
    }

    /// The row with one spent. Where nothing is left it stays so: what is let past it makes nobody wait longer.
    fn spend(self, row: Option<Throttle>, now: Timestamp) -> Throttle {
        let full_at = self.full_at(row, now).plus(self.each).min(now.plus(self.times(self.at_once)));
        Throttle { failures: 1, last_failure_at: now, blocked_until: full_at }
    }

    /// The row with `count` given back.
    fn give_back(self, row: Option<Throttle>, count: u32, now: Timestamp) -> Option<Throttle> {
        let full_at = self.full_at(row, now).minus(self.times(count));
        row.filter(|_| full_at > now).map(|row| Throttle { blocked_until: full_at, ..row })
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

/// The rows that decide on a try at an account from an address.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rows {
    /// The account's failures at this address.
    pub pair: Option<Throttle>,
    /// The account's failures everywhere.
    pub account: Option<Throttle>,
    /// Tries that were let past the account's wait; a budget.
    pub fresh: Option<Throttle>,
    /// The address's failures for all accounts; a budget.
    pub address: Option<Throttle>,
    /// Until when the account counts as at home at this address.
    pub proven: Option<Throttle>,
}

/// Which row has the last word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// [`Rows::pair`].
    Pair,
    /// [`Rows::account`].
    Account,
    /// [`Rows::address`].
    Address,
}

/// Why a try is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait {
    /// For how long.
    pub time: Duration,
    /// What makes it wait longest.
    pub by: Count,
}

/// A try that may be made. It is counted as a failure until it is known to be none, so that tries made at the same
/// moment cannot all slip through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// When.
    pub at: Timestamp,
    /// Whether it was let past the account's wait, and spent one of [`OF_FRESH`].
    pub past_the_wait: bool,
    /// Whether the account's wait, if there is one now, is this try's own.
    own_wait: bool,
    /// Whether there was one of [`OF_ADDRESS`] to spend. What was not spent is not given back: else somebody's own
    /// sign-ins would pay for guesses at other accounts.
    spent_of_address: bool,
}

/// The rows once a try begins.
///
/// # Errors
/// How long to wait when it may not be made.
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
        // A wait that is under way is not made longer by whom it does not hold.
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

/// The rows once a try succeeded. It proves that the failures of this account at this address were its owner's, so
/// they are taken back wherever they were counted; it says nothing about anybody else's.
#[must_use]
pub fn succeed(rows: &Rows, begun: Begun, allowance: Allowance, now: Timestamp) -> Rows {
    let own = rows.pair.map_or(0, |row| row.failures);
    let proven = Throttle { failures: 0, last_failure_at: now, blocked_until: now.plus(PROVEN_FOR) };
    Rows { pair: None, proven: Some(proven), ..taken_back(rows, begun, allowance, own, now) }
}

/// The rows once a try turned out not to have been made: as they would be without it.
#[must_use]
pub fn give_back(rows: &Rows, begun: Begun, allowance: Allowance, now: Timestamp) -> Rows {
    let own_wait = rows.pair.is_some_and(|row| row.last_failure_at == begun.at);
    Rows { pair: allowance.take_back(rows.pair, 1, own_wait), ..taken_back(rows, begun, allowance, 1, now) }
}

fn taken_back(rows: &Rows, begun: Begun, allowance: Allowance, count: i32, now: Timestamp) -> Rows {
    let own_wait = begun.own_wait && rows.account.is_some_and(|row| row.last_failure_at == begun.at);
    // Earlier failures at this address were spent before this try was.
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
