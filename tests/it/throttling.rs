//! Who is slowed down: accounts and addresses after failed logins, accounts or addresses after too many requests.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anfang::http::{CountedBy, LIMITS, RouteClass, ServerOptions, Ticks};
use serde_json::{Value, json};

use crate::support::backend::TestDb;
use crate::support::service::{Answer, DAY, HOUR, PASSWORD, Service, new_id};

const MINUTE: Duration = Duration::from_secs(60);

/// A service behind a proxy on this machine.
fn behind_a_proxy(db: TestDb) -> Service {
    let options = ServerOptions { trusted_proxies: "127.0.0.1".parse().unwrap(), ..Default::default() };
    Service::with_options(db, options)
}

/// A try at an account, with these headers that a proxy may have written.
fn try_with(service: &Service, headers: &[(&str, &str)], username: &str, password: &str) -> Answer {
    let body = json!({"username": username, "password": password}).to_string();
    loop {
        let headers = [&[("content-type", "application/json")], headers].concat();
        let answer = service.anybody().send("POST", "/sessions", &headers, Some(body.as_bytes()));
        // How many sign in in a second is counted by the real clock: a quick machine asks again.
        if answer.json["code"] != "too-many-requests" {
            return answer;
        }
    }
}

/// A try at an account from an address.
fn try_from(service: &Service, address: &str, username: &str, password: &str) -> Answer {
    try_with(service, &[("x-forwarded-for", address)], username, password)
}

/// What the latest record of a sign-in says.
fn latest(service: &Service) -> Value {
    service.sign_in("discipline01").get("/me").expect(200);
    let records = service.sign_in("discipline01").get("/audit?action=sign-in&limit=2").expect(200);
    records.json["items"].as_array().unwrap().iter().find(|it| it["target"] != "user:discipline01").unwrap().clone()
}

on_both! {
    /// A county behind one address, its proxy's or its own, that mistypes.
    fn typos_behind_one_address_lock_nobody_out(db: TestDb) {
        let service = Service::start(db);
        for number in 0..40 {
            try_with(&service, &[], &format!("typo{number}"), "wrong").refused(401, "credentials-rejected");
        }
        for username in ["unit01", "unit02", "inspector01", "leader01"] {
            for _ in 0..5 {
                try_with(&service, &[], username, "wrong").refused(401, "credentials-rejected");
            }
            try_with(&service, &[], username, PASSWORD).refused(429, "sign-in-throttled");
        }
        for username in ["office01", "office02", "inspector02", "admin"] {
            try_with(&service, &[], username, PASSWORD).expect(201);
        }
    }

    fn a_stranger_who_keeps_an_account_locked_keeps_nobody_out(db: TestDb) {
        let service = behind_a_proxy(db);
        let lock = |round: u32| {
            for number in 0..8 {
                let from = format!("198.51.100.{}", round * 20 + number);
                let answer = try_from(&service, &from, "unit01", "guess");
                assert!(matches!(answer.status, 401 | 429), "{}", answer.status);
                let code = answer.json["code"].as_str().unwrap().to_owned();
                assert!(["credentials-rejected", "sign-in-throttled"].contains(&code.as_str()), "{code}");
            }
            // The same address has no second try.
            try_from(&service, &format!("198.51.100.{}", round * 20), "unit01", PASSWORD).refused(429, "sign-in-throttled");
        };
        lock(0);
        // From the phone, which never failed: once.
        try_from(&service, "192.0.2.1", "unit01", PASSWORD).expect(201);
        lock(1);
        // The address is proven for the account now: one wrong password does not matter.
        try_from(&service, "192.0.2.1", "unit01", "slip").refused(401, "credentials-rejected");
        try_from(&service, "192.0.2.1", "unit01", PASSWORD).expect(201);
        // A slip at another new place is: there one waits like the stranger.
        try_from(&service, "192.0.2.2", "unit01", "slip").refused(401, "credentials-rejected");
        try_from(&service, "192.0.2.2", "unit01", PASSWORD).refused(429, "sign-in-throttled");
        // No other account at the stranger's addresses is any of this, and time passes for all.
        try_from(&service, "198.51.100.0", "unit02", PASSWORD).expect(201);
        service.pass(HOUR);
        try_from(&service, "192.0.2.2", "unit01", PASSWORD).expect(201);
    }

    /// A success removes the failures from its own address; a stranger keeps what is left of the five attempts.
    fn a_success_clears_what_it_proves(db: TestDb) {
        let service = behind_a_proxy(db);
        for _ in 0..3 {
            try_from(&service, "198.51.100.1", "unit01", "guess").refused(401, "credentials-rejected");
        }
        try_from(&service, "192.0.2.1", "unit01", "slip").refused(401, "credentials-rejected");
        try_from(&service, "192.0.2.1", "unit01", PASSWORD).expect(201);
        for _ in 0..2 {
            try_from(&service, "198.51.100.1", "unit01", "guess").refused(401, "credentials-rejected");
        }
        try_from(&service, "198.51.100.1", "unit01", PASSWORD).refused(429, "sign-in-throttled");
    }

    /// A logged-in user changes the password though strangers have locked the account; the old one cannot be guessed
    /// there.
    fn a_locked_account_changes_its_password(db: TestDb) {
        let service = behind_a_proxy(db);
        let token = try_from(&service, "192.0.2.1", "unit01", PASSWORD).expect(201).json["token"].as_str().unwrap().to_owned();
        let change = |old: &str, new: &str| {
            let headers = [("authorization", &*format!("Bearer {token}")), ("content-type", "application/json")];
            let body = json!({"old_password": old, "new_password": new}).to_string();
            service.anybody().send("PUT", "/me/password", &headers, Some(body.as_bytes()))
        };
        for number in 0..8 {
            try_from(&service, &format!("198.51.100.{number}"), "unit01", "guess");
        }
        change(PASSWORD, "Yunshan-2027-bG8m").expect(204);
        for _ in 0..5 {
            change("guess", PASSWORD).refused(401, "credentials-rejected");
        }
        change("Yunshan-2027-bG8m", "Yunshan-2028-bG8m").refused(429, "sign-in-throttled");
        // The session's guesses lock nobody out of signing in.
        try_from(&service, "192.0.2.1", "unit01", "Yunshan-2027-bG8m").expect(201);
    }

    fn a_new_password_forgets_who_failed(db: TestDb) {
        let service = behind_a_proxy(db);
        for _ in 0..5 {
            try_from(&service, "192.0.2.1", "unit01", "slip").refused(401, "credentials-rejected");
        }
        try_from(&service, "192.0.2.1", "unit01", PASSWORD).refused(429, "sign-in-throttled");
        let reset = format!("/users/{}/password", service.user_id("unit01"));
        let drawn = service.sign_in("admin").post_json(&reset, &json!({})).expect(200).json["password"].as_str().unwrap().to_owned();
        try_from(&service, "192.0.2.1", "unit01", &drawn).expect(201);
    }

    /// One password at many accounts: a hundred are tried at once, then one every 30 s; an account that has logged in
    /// from there before is not slowed down.
    fn spraying_from_one_address_is_slowed(db: TestDb) {
        let service = behind_a_proxy(db);
        try_from(&service, "192.0.2.1", "office01", PASSWORD).expect(201);
        let tried = (0..120).map(|number| try_from(&service, "192.0.2.1", &format!("user{number}"), "Summer-2026"));
        let refused: Vec<Answer> = tried.skip_while(|answer| answer.status == 401).collect();
        assert_eq!(refused.len(), 20);
        assert!(refused.iter().all(|answer| (answer.status, answer.header("retry-after")) == (429, "30")));
        try_from(&service, "192.0.2.1", "office01", PASSWORD).expect(201);
        try_from(&service, "192.0.2.2", "office02", PASSWORD).expect(201);
        service.pass(MINUTE);
        try_from(&service, "192.0.2.1", "office02", PASSWORD).expect(201);
    }

    fn only_a_trusted_proxy_says_who_asks(db: TestDb) {
        let service = Service::start(db);
        try_from(&service, "203.0.113.7", "unit01", "wrong").refused(401, "credentials-rejected");
        assert_eq!(latest(&service)["detail"], "wrong password, from 127.0.0.1");
        for number in 0..4 {
            let header = format!("for=203.0.113.{number}");
            try_with(&service, &[("forwarded", &header)], "unit01", "wrong").refused(401, "credentials-rejected");
        }
        try_from(&service, "203.0.113.99", "unit01", PASSWORD).refused(429, "sign-in-throttled");
    }

    fn who_asks_is_found_in_what_the_proxy_wrote(db: TestDb) {
        let service = behind_a_proxy(db);
        for (headers, from) in [
            (&[("x-forwarded-for", "203.0.113.66, 203.0.113.7")][..], "203.0.113.7"),
            (&[("x-forwarded-for", "203.0.113.66"), ("x-forwarded-for", "203.0.113.8, 127.0.0.1")], "203.0.113.8"),
            (&[("forwarded", "for=\"[2001:db8::9]:4711\";proto=https")], "2001:db8::9"),
            (&[("forwarded", "for=203.0.113.66"), ("x-forwarded-for", "203.0.113.7")], "127.0.0.1"),
            (&[("x-forwarded-for", "203.0.113.66, unknown")], "127.0.0.1"),
            (&[], "127.0.0.1"),
        ] {
            try_with(&service, headers, "unit01", PASSWORD).expect(201);
            assert_eq!(latest(&service)["detail"], format!("from {from}"), "{headers:?}");
        }
    }

    fn an_address_is_at_home_for_thirty_days(db: TestDb) {
        let service = behind_a_proxy(db);
        try_from(&service, "192.0.2.1", "unit01", PASSWORD).expect(201);
        for (days, status) in [(29, 201), (31, 429)] {
            service.pass(DAY * days);
            for number in 0..8 {
                try_from(&service, &format!("198.51.100.{number}"), "unit01", "guess");
            }
            try_from(&service, "192.0.2.1", "unit01", "slip").refused(401, "credentials-rejected");
            try_from(&service, "192.0.2.1", "unit01", PASSWORD).expect(status);
        }
    }
}

/// Requests a second in these tests.
const RATE: u32 = 5;

/// A service with low rate limits, and a clock that moves only when the test moves it.
struct Limited {
    service: Service,
    seconds: Arc<AtomicU64>,
}

impl Limited {
    fn start(db: TestDb) -> Self {
        let seconds = Arc::<AtomicU64>::default();
        let read = Arc::clone(&seconds);
        let service = Service::with_options(
            db,
            ServerOptions {
                rate_per_second: NonZeroU32::new(RATE).unwrap(),
                ticks: Ticks::new(move || Duration::from_secs(read.load(Ordering::SeqCst))),
                trusted_proxies: "127.0.0.1".parse().unwrap(),
                metrics_listen: Some(SocketAddr::from(([127, 0, 0, 1], 0))),
                ..Default::default()
            },
        );
        Limited { service, seconds }
    }

    fn pass(&self, seconds: u64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    /// How many of so many requests are let through, and whether the others are refused as they should be.
    fn let_through(&self, count: usize, mut ask: impl FnMut(usize) -> Answer) -> usize {
        let answers: Vec<Answer> = (0..count).map(&mut ask).collect();
        let (refused, passed): (Vec<_>, Vec<_>) =
            answers.into_iter().partition(|answer| answer.json["code"] == "too-many-requests");
        for answer in refused {
            assert_eq!((answer.status, answer.header("retry-after")), (429, "1"));
        }
        passed.len()
    }

    fn get(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.service.anybody().send("GET", path, headers, None)
    }

    fn token(&self, username: &str) -> String {
        let answer = try_with(&self.service, &[("x-forwarded-for", "192.0.2.200")], username, PASSWORD);
        answer.expect(201).json["token"].as_str().unwrap().to_owned()
    }
}

on_both! {
    /// Unknown tokens gain nobody more requests, however they are written.
    fn fresh_tokens_evade_no_limit(db: TestDb) {
        let limited = Limited::start(db);
        let known = limited.token("office01");
        let address = ("x-forwarded-for", "192.0.2.9");
        let passed = limited.let_through(400, |number| match number % 5 {
            0 => limited.get("/me", &[address, ("authorization", &format!("Bearer {}", new_id()))]),
            1 => limited.get("/me", &[address, ("cookie", &format!("anfang_session={}", new_id()))]),
            2 => limited.get("/me", &[address, ("authorization", &format!("bEaReR {}x", " ".repeat(number)))]),
            3 => limited.get("/me", &[address, ("authorization", &format!("Basic {}", new_id()))]),
            _ => limited.get("/me", &[address]),
        });
        assert_eq!(passed, 2 * RATE as usize);
        // A logged-in caller is not affected by it, even at the same address.
        limited.get("/me", &[address, ("authorization", &format!("Bearer {known}"))]).expect(200);
        // Nor anybody at another; of IPv6 a whole /64 is one.
        let passed = limited.let_through(50, |number| limited.get("/me", &[("x-forwarded-for", &format!("2001:db8::{number}"))]));
        assert_eq!(passed, 2 * RATE as usize);
    }

    /// An account is one caller, however its tokens are shown and from wherever.
    fn an_account_is_one_caller(db: TestDb) {
        let limited = Limited::start(db);
        let tokens = [limited.token("office01"), limited.token("office01")];
        let passed = limited.let_through(100, |number| {
            let token = &tokens[number % 2];
            let from = format!("198.51.100.{number}");
            let from = ("x-forwarded-for", from.as_str());
            match number % 4 {
                0 => limited.get("/me", &[from, ("authorization", &format!("Bearer {}{token}", " ".repeat(number)))]),
                1 => limited.get("/me", &[from, ("authorization", &format!("BEARER {token} "))]),
                _ => limited.get("/me", &[from, ("cookie", &format!("anfang_session={token}"))]),
            }
        });
        assert_eq!(passed, 2 * RATE as usize);
        let other = format!("Bearer {}", limited.token("office02"));
        limited.get("/me", &[("authorization", &other)]).expect(200);
        limited.pass(1);
        let bearer = format!("Bearer {}", tokens[0]);
        assert_eq!(limited.let_through(50, |_| limited.get("/me", &[("authorization", &bearer)])), RATE as usize);
        // An ended session belongs to nobody: requests with its token count for the address.
        limited.pass(10);
        limited.service.anybody().send("DELETE", "/sessions/current", &[("authorization", &bearer)], None).expect(204);
        let from = ("x-forwarded-for", "192.0.2.77");
        limited.get("/me", &[from, ("authorization", &bearer)]).refused(401, "not-signed-in");
        let passed = limited.let_through(50, |_| limited.get("/me", &[from, ("authorization", &bearer)]));
        assert_eq!(passed, 2 * RATE as usize);
    }

    /// Each class has its limit in the server as it is built, counted by whom the table says, and apart from the others.
    fn every_class_of_routes_has_its_limit(db: TestDb) {
        let limited = Limited::start(db);
        let token = limited.token("inspector01");
        let bearer = format!("Bearer {token}");
        limited.get("/me", &[("authorization", &bearer)]).expect(200);
        limited.pass(60);
        let metrics = format!("http://{}/metrics", limited.service.metrics_host().unwrap());
        for limit in LIMITS {
            let ask = |number: usize, from: &str| {
                let from = ("x-forwarded-for", from);
                let signed = [from, ("authorization", bearer.as_str())];
                match limit.class {
                    RouteClass::Interface => limited.get(["/me", "/issues", "/sessions", "/nothing"][number % 4], &signed),
                    // Neither another spelling of the path nor a token makes it another class.
                    RouteClass::SignIn => {
                        let path = ["//api/v1/sessions", "//api/v1/%73essions", "//api/v1/setup"][number % 3];
                        limited.service.anybody().send("POST", path, &[signed[0], signed[1], ("content-type", "text/plain")], Some(b"x"))
                    }
                    RouteClass::Upload => match number % 4 {
                        0 => limited.service.anybody().send("PUT", "/photos/x", &signed, Some(b"x")),
                        1 => limited.service.anybody().send("POST", "/uploads", &signed, None),
                        2 => limited.service.anybody().send("POST", "/packets", &signed, Some(b"x")),
                        _ => limited.service.anybody().send("PATCH", "/uploads/x", &signed, Some(b"x")),
                    },
                    RouteClass::Pages => limited.get(["//docs/", "//openapi.json", "//nothing", "//"][number % 4], &[from]),
                    RouteClass::Health => limited.get(["//healthz", "//readyz"][number % 2], &[from]),
                    RouteClass::Metrics => limited.get_elsewhere(&metrics),
                }
            };
            let per_second = limit.per_second_max.map_or(RATE, |most| most.get().min(RATE)) as usize;
            let at_once = per_second * limit.at_once as usize;
            assert_eq!(limited.let_through(60, |number| ask(number, "192.0.2.1")), at_once, "{:?}", limit.class);
            limited.pass(1);
            assert_eq!(limited.let_through(60, |number| ask(number, "192.0.2.1")), per_second, "{:?}", limit.class);
            // Without login, another address is another caller.
            let elsewhere = match (limit.by, limit.class) {
                (CountedBy::Caller, _) | (CountedBy::Address, RouteClass::Metrics) => 0,
                (CountedBy::Address, _) => at_once,
            };
            assert_eq!(limited.let_through(60, |number| ask(number, "192.0.2.2")), elsewhere, "{:?}", limit.class);
        }
    }
}

impl Limited {
    /// A request to another server, which answers in no form of ours.
    fn get_elsewhere(&self, url: &str) -> Answer {
        let mut answer = self.service.get_url(url);
        if answer.status == 429 {
            answer.json = json!({"code": "too-many-requests"});
        }
        answer
    }
}
