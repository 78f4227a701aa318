//! Refused requests: they are counted, listed with the audit records, and deleted after some time.

use std::collections::BTreeSet;
use std::time::Duration;

use anfang::app::metrics;
use anfang::domain::audit::{AuditAction, AuditEntry, Outcome};
use anfang::domain::issue::State;
use anfang::domain::limits::{DENIAL_DAYS, DENIALS_PER_HOUR_MAX};
use anfang::domain::time::Clock as _;
use anfang::store::audit::AuditFilter;
use anfang::store::denials::{self, Denial};
use anfang::store::{StoreError, audit};
use serde_json::Value;

use crate::support::service::{DAY, HOUR, Service};

const DENIED: &str = "/audit?action=access-denied&limit=200";

fn items(service: &Service, path: &str) -> Vec<Value> {
    service.sign_in("discipline01").get(path).expect(200).json["items"].as_array().unwrap().clone()
}

/// Target, reason and how often of each, latest first.
fn counted(service: &Service) -> Vec<(String, String, i64)> {
    let text = |item: &Value, field: &str| item[field].as_str().unwrap().to_owned();
    items(service, DENIED)
        .iter()
        .map(|item| (text(item, "target"), text(item, "detail"), item["times"].as_i64().unwrap()))
        .collect()
}

fn refusal(service: &Service, route: &str) -> Denial {
    let at = service.clock.now();
    let sample = AuditEntry::done(at, None, AuditAction::AccessDenied, route.to_owned(), "r")
        .ended(Outcome::Denied, "forbidden");
    Denial { origin: "address:192.0.2.1".into(), route: route.into(), sample }
}

on_both! {
    /// A thousand refusals fill no table: one row for a route, a reason and an hour.
    fn refusals_are_counted_and_the_first_is_kept(db: TestDb) {
        let service = Service::start(db);
        let hidden = [service.drive_to(State::Submitted), service.drive_to(State::Sealed)];
        let records = || service.block_on(async |app| {
            app.store.read(|conn| audit::list(conn, AuditFilter::default(), None, 10_000)).await.unwrap()
        });
        let (unit, office) = (service.sign_in("unit01"), service.sign_in("office01"));
        unit.get("/me").expect(200);
        office.get("/me").expect(200);
        let known = records().len();
        let mut first = None;
        for number in 0..60 {
            let answer = unit.get(&format!("/issues/{}", hidden[number % 2])).refused(404, "not-found");
            first.get_or_insert(answer.header("x-request-id").to_owned());
        }
        for _ in 0..7 {
            unit.get("/users").refused(403, "forbidden");
        }
        office.get("/users").refused(403, "forbidden");
        assert_eq!(records().len(), known, "refusals fill the audit records");
        let issue = format!("/api/v1/issues/{}", hidden[0]);
        let users = "/api/v1/users".to_owned();
        let forbidden = "forbidden".to_owned();
        let expected = [(users.clone(), forbidden.clone(), 1), (users, forbidden, 7), (issue, "not-found".into(), 60)];
        assert_eq!(counted(&service), expected);
        let sample = items(&service, DENIED).pop().unwrap();
        assert_eq!(sample["request_id"], *first.unwrap());
        assert_eq!((&sample["actor"]["display_name"], &sample["actor_role"]), (&"城管局经办人".into(), &"unit".into()));
        // The next hour has a separate row.
        service.pass(HOUR);
        service.sign_in("unit01").get("/users").refused(403, "forbidden");
        assert_eq!(counted(&service).iter().map(|(.., times)| *times).collect::<Vec<_>>(), [1, 1, 7, 60]);
        let figures = service.block_on(async |app| metrics::render(app).await).unwrap();
        assert!(figures.contains("anfang_denials_total{code=\"not-found\"} 60\n"), "{figures}");
        assert!(figures.contains("anfang_denials_total{code=\"forbidden\"} 9\n"), "{figures}");
    }

    /// A caller that tries everything has twenty rows an hour and one for the rest; another caller has its own.
    fn the_rows_of_one_caller_are_bounded(db: TestDb) {
        let service = Service::start(db);
        let mut refusals: Vec<Denial> = (0..300).map(|number| refusal(&service, &format!("/route/{}", number % 100))).collect();
        refusals.push(Denial { origin: "address:192.0.2.2".into(), ..refusal(&service, "/route/0") });
        service.block_on(async |app| {
            app.store.write(move |conn| refusals.iter().try_for_each(|refusal| denials::note(conn, refusal))).await.unwrap();
        });
        let found = counted(&service);
        assert_eq!(found.len(), DENIALS_PER_HOUR_MAX + 2);
        assert_eq!(found.iter().map(|(.., times)| *times).sum::<i64>(), 301);
        assert_eq!(found.iter().filter(|(_, detail, _)| detail == "others").map(|(.., times)| *times).collect::<Vec<_>>(), [240]);
    }

    /// Names of unknown accounts are unlimited.
    fn sign_ins_for_nobody_are_counted(db: TestDb) {
        let service = Service::start(db);
        for number in 0..40 {
            service.try_sign_in(&format!("nobody{number}"), "guess");
        }
        let found: Vec<Value> =
            items(&service, "/audit?action=sign-in&limit=200").into_iter().filter(|item| item["outcome"] == "failed").collect();
        assert_eq!(found.len(), 1, "{found:?}");
        let (target, detail) = (&found[0]["target"], &found[0]["detail"]);
        assert_eq!((target, detail), (&"user:nobody0".into(), &"no such account, from 127.0.0.1".into()));
        // Logins in a second are counted by the real clock: a fast machine is refused some.
        assert!(found[0]["times"].as_i64().unwrap() >= 20);
        // An account's are recorded one by one.
        service.pass(HOUR);
        while service.try_sign_in("unit01", "guess").json["code"] == "too-many-requests" {}
        assert_eq!(items(&service, "/audit?action=sign-in&limit=200").iter().filter(|item| item["target"] == "user:unit01").count(), 1);
    }

    /// Pages of any size show each record once, refusals where they came.
    fn pages_lose_nothing_and_double_nothing(db: TestDb) {
        let service = Service::start(db);
        for round in 0..3 {
            service.sign_in("office01").get("/me").expect(200);
            for path in ["/users", "/audit", "/users/7f3c1e0a-0000-4000-8000-000000000000"].iter().take(round + 1) {
                service.sign_in("office01").get(path).refused(403, "forbidden");
            }
            service.pass(HOUR);
        }
        service.sign_in("discipline01").get("/me").expect(200);
        let whole = items(&service, "/audit?limit=200");
        assert!(whole.len() >= 10, "{whole:?}");
        let times: Vec<&str> = whole.iter().map(|item| item["at"].as_str().unwrap()).collect();
        assert!(times.is_sorted_by(|one, next| one >= next), "{times:?}");
        let distinct: BTreeSet<i64> = whole.iter().map(|item| item["seq"].as_i64().unwrap()).collect();
        assert_eq!(distinct.len(), whole.len());
        for filter in ["", "&action=access-denied", "&action=sign-in"] {
            let whole = items(&service, &format!("/audit?limit=200{filter}"));
            for limit in 1..=4 {
                let (mut paged, mut cursor) = (Vec::new(), String::new());
                loop {
                    let path = format!("/audit?limit={limit}{filter}{cursor}");
                    let page = service.sign_in("discipline01").get(&path).expect(200).json;
                    paged.extend(page["items"].as_array().unwrap().clone());
                    match page["next_cursor"].as_str() {
                        Some(next) => cursor = format!("&cursor={next}"),
                        None => break,
                    }
                }
                assert_eq!(paged, whole, "{limit} {filter}");
            }
        }
        service.sign_in("discipline01").get("/audit?cursor=x").refused(400, "malformed-request");
        // A cursor of an older client is a place, too.
        service.sign_in("discipline01").get("/audit?cursor=3").expect(200);
    }

    /// After their retention time refusals are deleted, in bounded batches; audit records stay.
    fn refusals_are_forgotten_after_their_time(db: TestDb) {
        let service = Service::start(db);
        let many: Vec<Denial> = (0..2_500)
            .map(|number| Denial { origin: format!("address:{number}"), ..refusal(&service, "/route") })
            .collect();
        service.block_on(async |app| {
            app.store.write(move |conn| many.iter().try_for_each(|refusal| denials::note(conn, refusal))).await.unwrap();
        });
        let left = || service.block_on(async |app| {
            let all = AuditFilter::default();
            let work = move |conn: &mut _| {
                let refusals = denials::list(conn, all, None, 10_000)?;
                Ok::<_, StoreError>((refusals.len(), audit::list(conn, all, None, 10_000)?.len()))
            };
            app.store.read(work).await.unwrap()
        });
        service.sign_in("office01").get("/users").refused(403, "forbidden");
        let (refusals, records) = left();
        assert_eq!(refusals, 2_501);
        service.pass(DAY * DENIAL_DAYS);
        service.drain_jobs();
        assert_eq!(left(), (2_501, records));
        service.pass(HOUR + Duration::from_secs(60));
        service.drain_jobs();
        assert_eq!(left(), (0, records));
    }
}
