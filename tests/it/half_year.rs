//! Half a year of a county, with a clock that the test sets: 12 units and 300 points, a third of which are visited each
//! month. Each month is frozen by the service, decided and locked, while jobs are killed again and again.

use std::collections::{BTreeMap, BTreeSet};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use anfang::backup;
use anfang::blobs::{LocalStore, PhotoStore};
use anfang::domain::issue::{Action, State};
use anfang::domain::month::Rules;
use anfang::domain::month::rules::ByItself;
use anfang::jobs::Runner;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::backend::{Backend, TestDb};
use crate::support::month::{checked, decide_and_lock, state, take, until};
use crate::support::service::{DAY, HOUR, Service, new_id};
use crate::support::walk::items;

const MINUTE: Duration = Duration::from_secs(60);
/// The months, and for each the day after which it is finished.
const MONTHS: [&str; 6] = ["2026-08", "2026-09", "2026-10", "2026-11", "2026-12", "2027-01"];

/// Runs background work like a node that is killed: after it was asked to go on so many times.
fn killed(service: &Service, polls: usize) {
    let runner = Runner::new(service.app.clone());
    actix_web::rt::System::new().block_on(async {
        runner.queue_recurring().await.unwrap();
        let mut work = pin!(runner.drain());
        let mut left = polls;
        std::future::poll_fn(|context| {
            if left == 0 {
                return Poll::Ready(());
            }
            left -= 1;
            work.as_mut().poll(context).map(|ended| assert!(ended.is_ok()))
        })
        .await;
    });
}

/// Runs background work: either killed a few times and continued by a new node, or without interruption.
fn worked(service: &Service, kills: &[usize]) {
    for polls in kills {
        killed(service, *polls);
        // Until what the dead node had claimed is free again.
        service.pass(MINUTE * 6);
    }
    service.drain_jobs();
}

/// Every point of the county.
fn points(service: &Service) -> Vec<Value> {
    let reference = service.sign_in("inspector01").get("/reference").expect(200).json;
    reference["points"].as_array().unwrap().clone()
}

/// Visits every third point, beginning with `from`. At those of `weak` nothing is as it should be.
fn visit(service: &Service, points: &[Value], checklists: &BTreeMap<String, Vec<String>>, from: usize, weak: &str) {
    let inspector = service.sign_in("inspector01");
    let (began, ended) = (service.app.now().minus(HOUR / 2), service.now());
    for point in points.iter().skip(from % 3).step_by(3) {
        let result = if point["lead_unit_id"] == weak { "mostly" } else { "conforms" };
        let seen = |item: &String| {
            let mut seen = json!({"item_code": item, "result": result});
            if result == "mostly" {
                seen["note"] = json!("多处不到位");
            }
            seen
        };
        let results: Vec<Value> = checklists[point["type"].as_str().unwrap()].iter().map(seen).collect();
        let visit = json!({
            "point_id": point["id"], "began_at": began, "ended_at": ended, "results": results,
            "location": {"lat": point["location"]["lat"], "lon": point["location"]["lon"], "accuracy_m": 12.0},
        });
        inspector.put_json(&format!("/visits/{}", new_id()), &visit).expect(201);
    }
}

/// Cards by measure, rule and state, with how many there are.
fn cards(service: &Service) -> BTreeMap<String, usize> {
    let (mut found, mut cursor) = (BTreeMap::new(), String::new());
    loop {
        let page = service.sign_in("office01").get(&format!("/cards?limit=200{cursor}")).expect(200).json;
        for card in page["items"].as_array().unwrap() {
            let word = |field: &str| card[field].as_str().unwrap();
            *found.entry(format!("{} {} {}", word("measure"), word("trigger"), word("state"))).or_default() += 1;
        }
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

on_both! {
    fn a_half_year_is_frozen_locked_and_computed_again(db: TestDb) {
        let other = match db.backend() {
            Backend::Sqlite => Backend::Postgres,
            Backend::Postgres => Backend::Sqlite,
        };
        let service = Service::start_demo(db);
        let headers = [("content-type", "application/json")];
        let settings = json!({"sudden_visits": "counted"}).to_string();
        service.sign_in("admin").send("PATCH", "/settings", &headers, Some(settings.as_bytes())).expect(200);
        let rules = json!({
            "rules": Rules { version: 2, by_itself: ByItself::Preview, ..Rules::default() },
            "source": "督查办〔2026〕3号",
        });
        service.sign_in("office01").put_json("/month-rules/2", &rules).expect(201);
        let points = points(&service);
        assert_eq!(points.len(), 300);
        let weak = service.unit("U02");
        let kinds: BTreeSet<&str> = points.iter().map(|point| point["type"].as_str().unwrap()).collect();
        let checklists: BTreeMap<String, Vec<String>> =
            kinds.into_iter().map(|kind| (kind.to_owned(), items(&service, kind))).collect();
        let mut locked: Vec<(String, String)> = Vec::new();
        let mut kills = 0;
        for (at, month) in MONTHS.iter().enumerate() {
            until(&service, &format!("{month}-20T09:00:00+08:00"));
            for driven in [State::Closed, State::Rework, State::Rectifying] {
                service.drive_to(driven);
            }
            visit(&service, &points, &checklists, at, if at < 2 { &weak } else { "" });
            for days in 1..=3 {
                service.pass(DAY * days);
                worked(&service, &[at + 1, 5 * at + 2]);
                kills += 2;
            }
            let next = MONTHS.get(at + 1).copied().unwrap_or("2027-02");
            until(&service, &format!("{next}-01T09:00:00+08:00"));
            if at == 0 {
                // The service freezes no month before people have frozen the first one.
                worked(&service, &[]);
                assert_eq!(state(&service, month), "open");
                while take(&service.sign_in("office01"), month, "freeze", &json!({})).status != 200 {
                    service.pass(DAY);
                }
            }
            while state(&service, month) != "preview" {
                service.pass(HOUR * 12);
                worked(&service, &[3, 11]);
                kills += 2;
            }
            let results = decide_and_lock(&service, month);
            let found = checked(&mut service.database(), month);
            assert_eq!(found.faults, Vec::<String>::new());
            assert_eq!(found.results.to_string(), results);
            locked.push(((*month).to_owned(), results));
            let talks = cards(&service).into_iter().filter(|(card, _)| card.starts_with("talk black-list")).count();
            assert_eq!(talks, usize::from(at >= 1), "{month}");
        }
        // Later work does not change them, and neither does restoring a backup into the other database.
        let same = |conn: &mut anfang::store::Conn| {
            for (month, results) in &locked {
                let found = checked(conn, month);
                assert_eq!((found.faults, &found.results.to_string()), (Vec::<String>::new(), results), "{month}");
            }
        };
        same(&mut service.database());
        if let Some(target) = TestDb::create_empty(other) {
            let (folder, photos) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            let taken = folder.path().join("backup");
            let now = service.app.now();
            backup::take(&mut service.database(), &service.app.photo_store, &taken, now, &mut |_| {}).unwrap();
            let photo_store = PhotoStore::Local(LocalStore::open(photos.path()).unwrap());
            backup::restore(&mut target.connect(), &photo_store, &taken, &mut |_| {}).unwrap();
            same(&mut target.connect());
        }
        eprintln!(
            "half a year: {} points, {} months, {kills} kills, cards {:?}",
            points.len(), locked.len(), cards(&service)
        );
    }

    fn no_card_and_no_reminder_is_lost_or_doubled_when_nodes_are_killed(db: TestDb) {
        let Some(twin) = TestDb::create(db.backend()) else { return };
        let mut killed_times = 0;
        let told: Vec<(Vec<String>, Vec<String>)> = [(db, true), (twin, false)].into_iter().map(|(db, is_killed)| {
            let service = Service::start(db);
            let mut issues: Vec<Uuid> = [
                State::Assigned, State::Rectifying, State::Rework, State::Hung, State::Rectifying, State::Reported,
            ].map(|state| service.drive_to(state)).to_vec();
            service.steps(issues[4], &[Action::RequestExtension, Action::DecideExtension]);
            // Longer limits: ten working days and three.
            for item in ["WM-01", "WM-02"] {
                let issue = service.report_with("990001-MKT-0001", item, "medium");
                service.steps(issue, &[Action::Approve, Action::Release, Action::SignIn]);
                issues.push(issue);
            }
            let name = |id: &Value| issues.iter().position(|issue| id == &json!(issue)).map_or("other".to_owned(), |at| at.to_string());
            for round in 0..36_usize {
                service.pass(HOUR * 5);
                let kills = [round % 9 + 1, 40 - round, round % 5 + 12];
                if is_killed {
                    worked(&service, &kills);
                    killed_times += kills.len();
                } else {
                    service.pass(MINUTE * 18);
                    service.drain_jobs();
                }
            }
            service.drain_messages();
            let cards = service.sign_in("office01").get("/cards?limit=200").expect(200).json;
            let mut cards: Vec<String> = cards["items"].as_array().unwrap().iter()
                .map(|card| format!("{} {} of {}", card["measure"], card["trigger"], name(&card["issue_id"])))
                .collect();
            cards.sort();
            let notices = service.sign_in("unit02").get("/notices?limit=200").expect(200).json;
            let mut notices: Vec<String> = notices["items"].as_array().unwrap().iter()
                .map(|notice| format!("{} of {}", notice["kind"], name(&notice["issue"]["id"])))
                .collect();
            notices.sort();
            (cards, notices)
        }).collect();
        assert!(told[1].0.len() >= 3 && ["due-soon", "half-way"].iter().all(|kind| told[1].1.iter().any(|notice| notice.contains(kind))), "{told:?}");
        assert_eq!(told[0], told[1]);
        assert!(killed_times >= 100, "{killed_times}");
    }
}
