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
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const FIVE: Allowance = Allowance { failures: 5, wait_max: Duration::from_secs(15 * 60) };
    const DAY: i64 = 24 * 60 * 60;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    fn secs(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// All rows of a service, as the store keeps them: by account and address.
    #[derive(Default, Clone)]
    struct Book(std::collections::HashMap<String, Throttle>);

    type Slot = (String, Option<Throttle>);

    impl Book {
        fn rows(&self, account: &str, address: &str) -> Rows {
            let [pair, account, fresh, address, proven] =
                Self::keys(account, address).map(|key| self.0.get(&key).copied());
            Rows { pair, account, fresh, address, proven }
        }

        fn keys(account: &str, address: &str) -> [String; 5] {
            [
                format!("pair:{account} {address}"),
                format!("account:{account}"),
                format!("fresh:{account}"),
                format!("address:{address}"),
                format!("proven:{account} {address}"),
            ]
        }

        fn put(&mut self, account: &str, address: &str, rows: Rows) {
            let values = [rows.pair, rows.account, rows.fresh, rows.address, rows.proven];
            let slots: Vec<Slot> = Self::keys(account, address).into_iter().zip(values).collect();
            for (key, row) in slots {
                match row {
                    Some(row) => drop(self.0.insert(key, row)),
                    None => drop(self.0.remove(&key)),
                }
            }
        }

        fn begin(&mut self, account: &str, address: &str, now: i64) -> Result<Begun, (u64, Count)> {
            let (rows, begun) =
                begin(&self.rows(account, address), FIVE, at(now)).map_err(|wait| (wait.time.as_secs(), wait.by))?;
            self.put(account, address, rows);
            Ok(begun)
        }

        fn fail(&mut self, account: &str, address: &str, now: i64) -> Result<(), (u64, Count)> {
            self.begin(account, address, now).map(drop)
        }

        fn sign_in(&mut self, account: &str, address: &str, now: i64) -> Result<(), (u64, Count)> {
            let begun = self.begin(account, address, now)?;
            self.put(account, address, succeed(&self.rows(account, address), begun, FIVE, at(now)));
            Ok(())
        }

        /// A stranger keeps the account locked from many addresses.
        fn lock(&mut self, account: &str, now: i64) {
            for number in 0..200 {
                let _ = self.fail(account, &format!("stranger{number}"), now);
            }
            assert!(blocked_for(self.rows(account, "x").account, at(now)).is_some());
        }
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
            assert_eq!(FIVE.wait_after(failures), minutes.map(|minutes| secs(60 * minutes)), "{failures}");
        }
    }

    #[test]
    fn of_many_tries_at_one_moment_the_allowance_passes() {
        let mut book = Book::default();
        let passed = (0..10_000).filter(|_| book.fail("a", "home", 0).is_ok()).count();
        assert_eq!(passed, 5);
        assert_eq!(book.fail("a", "home", 0), Err((60, Count::Pair)));
        assert_eq!(book.fail("a", "home", 59), Err((1, Count::Pair)));
        // One more passes when the minute is over, and then two minutes none.
        assert_eq!(book.fail("a", "home", 60), Ok(()));
        assert_eq!(book.fail("a", "home", 61), Err((119, Count::Pair)));
    }

    /// Five over all addresses, and then each address that has not failed once; never the same twice.
    #[test]
    fn an_account_that_waits_is_open_once_to_each_fresh_address() {
        let mut book = Book::default();
        for number in 0..5 {
            book.fail("a", &format!("stranger{number}"), 0).unwrap();
        }
        assert_eq!(book.fail("a", "stranger0", 0), Err((60, Count::Account)));
        assert_eq!(book.fail("a", "home", 0), Ok(()));
        assert_eq!(book.fail("a", "home", 59), Err((1, Count::Account)));
        assert_eq!(book.fail("a", "home", 60), Ok(()));
        // What was let past the wait did not make it longer, but counts: 5 + 1 + 1 failures.
        assert_eq!(book.fail("a", "stranger0", 60), Err((240, Count::Account)));
        // Another account is none of this.
        assert_eq!(book.sign_in("b", "stranger0", 60), Ok(()));
    }

    #[test]
    fn nobody_is_locked_out_of_an_account_that_a_stranger_keeps_locked() {
        let mut book = Book::default();
        for round in 0..10 {
            for number in 0..10 {
                let _ = book.fail("a", &format!("stranger{number}"), round * 900);
            }
            assert_eq!(book.sign_in("a", &format!("phone{round}"), round * 900), Ok(()));
            // Where it signed in it is at home: a slip there is no harm.
            assert_eq!(book.fail("a", "phone0", round * 900), Ok(()));
            assert_eq!(book.sign_in("a", "phone0", round * 900), Ok(()));
            // The stranger's wait goes on all the same.
            assert!(matches!(book.fail("a", "stranger1", round * 900), Err((_, Count::Account | Count::Pair))));
        }
    }

    #[test]
    fn fresh_tries_at_one_account_are_a_hundred_and_then_a_hundred_a_day() {
        let mut book = Book::default();
        let tries = |book: &mut Book, from: u32, now: i64| {
            (from..from + 1_000).filter(|number| book.fail("a", &format!("bot{number}"), now).is_ok()).count()
        };
        assert_eq!(tries(&mut book, 0, 0), 105);
        assert_eq!(book.fail("a", "phone", 0), Err((60, Count::Account)));
        // An hour later: one at the wait's end, four come back.
        assert_eq!(tries(&mut book, 10_000, 3_600), 5);
        // At home one is let in whatever the bots do.
        let mut book = Book::default();
        book.sign_in("a", "home", 0).unwrap();
        tries(&mut book, 0, 0);
        assert_eq!(book.sign_in("a", "home", 0), Ok(()));
    }

    #[test]
    fn a_home_is_one_for_thirty_days() {
        let mut book = Book::default();
        book.sign_in("a", "home", 0).unwrap();
        for (now, open) in [(30 * DAY - 1, true), (30 * DAY, false)] {
            let mut book = book.clone();
            book.lock("a", now);
            let _ = book.fail("a", "home", now);
            assert_eq!(book.fail("a", "home", now).is_ok(), open, "{now}");
        }
        // Its own row holds it like any other.
        let passed = (0..10).filter(|_| book.fail("a", "home", DAY).is_ok()).count();
        assert_eq!(passed, 5);
        assert_eq!(book.fail("a", "home", DAY), Err((60, Count::Pair)));
    }

    /// A success takes back what it proves to be its owner's slips, and nobody else's.
    #[test]
    fn a_success_clears_what_it_proves() {
        let mut book = Book::default();
        for number in 0..3 {
            book.fail("a", &format!("stranger{number}"), 0).unwrap();
        }
        book.fail("b", "home", 0).unwrap();
        let before = book.clone();
        book.fail("a", "home", 0).unwrap();
        book.sign_in("a", "home", 0).unwrap();
        let rows = book.rows("a", "home");
        assert_eq!(rows.pair, None);
        assert_eq!((rows.account, rows.address), (before.rows("a", "home").account, before.rows("a", "home").address));
        assert_eq!(book.rows("b", "home").pair, before.rows("b", "home").pair);
        // The strangers have two left, not five.
        assert_eq!((0..9).filter(|_| book.fail("a", "stranger9", 0).is_ok()).count(), 2);
        // The owner's own five, away from home: all are taken back.
        let mut book = Book::default();
        (0..5).for_each(|_| book.fail("a", "hotel", 0).unwrap());
        assert_eq!(book.sign_in("a", "hotel", 60), Ok(()));
        assert_eq!(book.rows("a", "hotel").account, None);
        assert_eq!(book.rows("a", "hotel").address, None);
    }

    /// Slips at many accounts behind one address hold up nobody; one who tries them all is slowed.
    #[test]
    fn an_address_is_slowed_and_never_locked() {
        let mut book = Book::default();
        book.sign_in("known", "office", 0).unwrap();
        for number in 0..100 {
            assert_eq!(book.fail(&format!("user{number}"), "office", 0), Ok(()), "{number}");
        }
        assert_eq!(book.fail("user100", "office", 0), Err((30, Count::Address)));
        assert_eq!(book.fail("user100", "office", 29), Err((1, Count::Address)));
        assert_eq!(book.fail("user100", "office", 30), Ok(()));
        assert_eq!(book.fail("user101", "office", 30), Err((30, Count::Address)));
        // Who signed in from here before does not wait, and is held like the others once that has failed.
        assert_eq!(book.sign_in("known", "office", 30), Ok(()));
        assert_eq!(book.fail("known", "office", 30), Ok(()));
        assert_eq!(book.fail("known", "office", 30), Err((30, Count::Address)));
        // All of it comes back, and another address was never held.
        assert_eq!(book.fail("user101", "home", 30), Ok(()));
        let hour = 60 * 60;
        assert_eq!((0..999).filter(|n| book.fail(&format!("other{n}"), "office", 30 + hour).is_ok()).count(), 100);
        // Whose slips turn out to be slips give them back.
        let mut book = Book::default();
        for number in 0..500 {
            let user = format!("user{number}");
            assert_eq!((book.fail(&user, "office", 0), book.sign_in(&user, "office", 0)), (Ok(()), Ok(())), "{user}");
        }
    }

    /// Somebody's own sign-ins do not pay for guesses at other accounts.
    #[test]
    fn signing_in_buys_no_guesses() {
        let mut book = Book::default();
        book.sign_in("insider", "office", 0).unwrap();
        let mut guesses = 0;
        for number in 0..1_000 {
            book.sign_in("insider", "office", 0).unwrap();
            guesses += usize::from(book.fail(&format!("user{number}"), "office", 0).is_ok());
        }
        assert_eq!(guesses, 100);
    }

    #[test]
    fn what_is_given_back_was_never_counted() {
        let given_back = |book: &Book, now: i64| {
            let (rows, begun) = begin(&book.rows("a", "home"), FIVE, at(now)).unwrap();
            give_back(&rows, begun, FIVE, at(now))
        };
        let blank = Rows::default();
        assert_eq!(given_back(&Book::default(), 0), blank);
        let mut book = Book::default();
        (0..4).for_each(|_| book.fail("a", "home", 0).unwrap());
        assert_eq!(given_back(&book, 0), book.rows("a", "home"));
        // Long after a wait, too: the next failure waits as long as it would have.
        let mut book = Book::default();
        (0..6).for_each(|no| book.fail("a", "home", no * 1_000).unwrap());
        let rows = given_back(&book, 5_500);
        assert_eq!((blocked_for(rows.pair, at(5_500)), blocked_for(rows.account, at(5_500))), (None, None));
        book.put("a", "home", rows);
        book.fail("a", "home", 5_500).unwrap();
        assert_eq!(book.fail("a", "home", 5_500), Err((240, Count::Pair)));
        // Past the wait of a stranger's, which stays.
        let mut book = Book::default();
        (0..5).for_each(|_| book.fail("a", "stranger", 0).unwrap());
        let rows = given_back(&book, 1);
        assert_eq!(rows.account, book.rows("a", "home").account);
        assert_eq!((rows.pair, rows.fresh), (None, None));
    }

    #[test]
    fn failures_are_forgotten_after_a_day() {
        let mut book = Book::default();
        (0..4).for_each(|_| book.fail("a", "home", 0).unwrap());
        for (now, failures) in [(DAY - 1, 5), (DAY, 1)] {
            let mut book = book.clone();
            book.fail("a", "home", now).unwrap();
            let rows = book.rows("a", "home");
            assert_eq!([rows.pair, rows.account].map(|row| row.unwrap().failures), [failures; 2], "{now}");
        }
    }

    /// No wait outlasts a clock that was set back, and none is a way to guess on.
    #[test]
    fn a_clock_set_back_locks_nobody_out() {
        let mut book = Book::default();
        (0..5).for_each(|_| book.fail("a", "home", 10 * DAY).unwrap());
        for number in 0..100 {
            let _ = book.fail(&format!("user{number}"), "home", 10 * DAY);
        }
        assert_eq!(book.clone().sign_in("a", "home", 0), Ok(()));
        assert_eq!(book.fail("b", "home", 0), Ok(()));
        assert_eq!(book.fail("a", "home", 0), Ok(()));
        assert_eq!(book.fail("a", "home", 0), Err((120, Count::Pair)));
    }
}
