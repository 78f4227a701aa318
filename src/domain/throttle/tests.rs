#![allow(clippy::unwrap_used)]

mod rows;

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
        let [pair, account, fresh, address, proven] = Self::keys(account, address).map(|key| self.0.get(&key).copied());
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
    // Another account is not affected.
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
        // At an address where the account has logged in, one wrong password does not matter.
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
    // At a proven address the user can log in, whatever attackers do.
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
    // Five failures of the owner at an unproven address: all are taken back.
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
