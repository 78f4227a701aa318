//! Two transactions on PostgreSQL whose steps run in a chosen order. SQLite has a single writer, so such orders do not
//! exist there.
//!
//! A third connection holds a lock at which the first transaction stops halfway. Then the second transaction is started
//! and runs as far as it can. When both wait, the lock is released. Nothing here depends on how long anything takes.

use std::time::{Duration, Instant};

use anfang::app::months::check;
use anfang::app::upkeep;
use anfang::domain::digest::Digest;
use anfang::domain::ids::{IssueId, JobId, PhotoId};
use anfang::domain::issue::{Action, Issue, State};
use anfang::domain::month::Month;
use anfang::domain::time::Clock as _;
use anfang::jobs::Runner;
use anfang::store::{Conn, dump, issues, jobs, photos};
use diesel::connection::SimpleConnection;
use serde_json::json;
use uuid::Uuid;

use crate::support::backend::{Backend, TestDb};
use crate::support::db_schema;
use crate::support::service::{Answer, Client, DAY, HOUR, PASSWORD, Service, new_id};

/// Only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(20);

/// The service on PostgreSQL; `None` where that is left out.
fn service() -> Option<Service> {
    Some(Service::start(TestDb::create(Backend::Postgres)?))
}

/// A lock that makes others wait until it is released.
struct HeldLock(Conn);

impl HeldLock {
    /// Nobody can write to the table; reading goes on.
    fn table(service: &Service, table: &str) -> Self {
        Self::by(service, &format!("LOCK TABLE {table} IN SHARE MODE"))
    }

    /// Nobody can change these rows; reading goes on.
    fn rows(service: &Service, rows: &str) -> Self {
        Self::by(service, &format!("SELECT 1 FROM {rows} FOR UPDATE"))
    }

    fn by(service: &Service, sql: &str) -> Self {
        let mut conn = service.database();
        conn.batch_execute(&format!("BEGIN; {sql}")).unwrap();
        HeldLock(conn)
    }

    /// Returns once this many transactions wait for a lock, this one's or each other's.
    #[track_caller]
    fn until_waiting(&mut self, count: u64) {
        let begun = Instant::now();
        loop {
            // Within a transaction, statistics do not change unless the snapshot is cleared.
            self.0.batch_execute("SELECT pg_stat_clear_snapshot()").unwrap();
            let waiting = db_schema::query(
                &mut self.0,
                "SELECT json_build_array(count(*))::text AS json FROM pg_stat_activity \
                 WHERE datname = current_database() AND wait_event_type = 'Lock'",
            );
            if waiting[0].as_u64() >= Some(count) {
                return;
            }
            assert!(begun.elapsed() < PATIENCE, "{} wait, not {count}", waiting[0]);
            std::thread::yield_now();
        }
    }

    fn let_go(mut self) {
        self.0.batch_execute("COMMIT").unwrap();
    }
}

/// Starts the first, then the second when the first waits at the held lock; releases it when both wait, and answers the
/// result of each.
#[track_caller]
fn interleaved<A: Send, B: Send>(
    mut held: HeldLock,
    first: impl FnOnce() -> A + Send,
    second: impl FnOnce() -> B + Send,
) -> (A, B) {
    std::thread::scope(|scope| {
        let first = scope.spawn(first);
        held.until_waiting(1);
        let second = scope.spawn(second);
        held.until_waiting(2);
        held.let_go();
        (first.join().unwrap(), second.join().unwrap())
    })
}

fn flags(service: &Service, issue: Uuid) -> Vec<String> {
    let seen = service.sign_in("office01").read(issue).json;
    seen["flags"].as_array().unwrap().iter().map(|flag| flag["code"].as_str().unwrap().to_owned()).collect()
}

fn with_token(service: &Service, method: &str, path: &str, token: &str, body: Option<&serde_json::Value>) -> Answer {
    let body = body.map(serde_json::Value::to_string);
    let headers = [("authorization", &*format!("Bearer {token}")), ("content-type", "application/json")];
    service.anybody().send(method, path, &headers, body.as_ref().map(|body| body.as_bytes()))
}

fn token(service: &Service, username: &str) -> String {
    service.try_sign_in(username, PASSWORD).expect(201).json["token"].as_str().unwrap().to_owned()
}

const ANOTHER: &str = "Xinmima-2026-Zq9";

/// What changes passwords holds the account, and has written half of it, when the sheet comes.
fn while_a_sheet_waits_the_password_changes(change: impl FnOnce(&Service) -> String + Send) {
    let Some(service) = service() else { return };
    let admin = service.sign_in("admin");
    admin.get("/me").expect(200);
    let sheet = "username,display_name,role,unit_code\nunit01,城管局新经办,unit,U01\n";
    let import = || admin.send("POST", "/imports/users", &[("content-type", "text/csv")], Some(sheet.as_bytes()));
    let held = HeldLock::table(&service, "former_passwords");
    let (password, imported) = interleaved(held, || change(&service), import);
    assert_eq!(imported.expect(200).json["changed"], 1);
    service.try_sign_in("unit01", PASSWORD).refused(401, "credentials-rejected");
    let signed = service.try_sign_in("unit01", &password).expect(201).json;
    assert_eq!(signed["user"]["display_name"], "城管局新经办");
}

#[test]
fn a_sheet_of_accounts_leaves_a_password_that_is_changed_meanwhile() {
    while_a_sheet_waits_the_password_changes(|service| {
        let body = json!({"old_password": PASSWORD, "new_password": ANOTHER});
        with_token(service, "PUT", "/me/password", &token(service, "unit01"), Some(&body)).expect(204);
        ANOTHER.to_owned()
    });
}

#[test]
fn a_sheet_of_accounts_leaves_a_password_that_is_reset_meanwhile() {
    while_a_sheet_waits_the_password_changes(|service| {
        let id = service.user_id("unit01");
        let reset = service.sign_in("admin").post_json(&format!("/users/{id}/password"), &json!({})).expect(200);
        reset.json["password"].as_str().unwrap().to_owned()
    });
}

#[test]
fn a_changed_account_leaves_a_password_that_is_changed_meanwhile() {
    let Some(service) = service() else { return };
    let (admin, id) = (service.sign_in("admin"), service.user_id("unit01"));
    let held = HeldLock::table(&service, "former_passwords");
    let body = json!({"old_password": PASSWORD, "new_password": ANOTHER});
    let own = token(&service, "unit01");
    let (changed, renamed) = interleaved(
        held,
        || with_token(&service, "PUT", "/me/password", &own, Some(&body)),
        || {
            let body = json!({"display_name": "新名"});
            let headers = [("content-type", "application/json")];
            admin.send("PATCH", &format!("/users/{id}"), &headers, Some(body.to_string().as_bytes()))
        },
    );
    changed.expect(204);
    renamed.expect(200);
    service.try_sign_in("unit01", PASSWORD).refused(401, "credentials-rejected");
    assert_eq!(service.try_sign_in("unit01", ANOTHER).expect(201).json["user"]["display_name"], "新名");
}

/// Two inspectors with one picture, their second photos their own: photo ids of the first, of the second.
fn one_picture_twice(service: &Service) -> [[Uuid; 2]; 2] {
    let bytes = service.picture();
    ["inspector01", "inspector02"].map(|username| {
        let (client, id) = (service.sign_in(username), new_id());
        client.put_photo(id, &bytes).expect(201);
        [id, client.send_photo()]
    })
}

fn report<'a>(client: &Client<'a>, id: Uuid, body: &serde_json::Value) -> Answer {
    client.put_json(&format!("/issues/{id}"), body)
}

#[test]
fn of_two_reports_of_one_picture_at_once_the_second_is_doubted() {
    let Some(service) = service() else { return };
    let [one, other] = one_picture_twice(&service);
    let (first, second) = (service.sign_in("inspector01"), service.sign_in("inspector02"));
    let bodies = [
        service.report_at("990001-MKT-0001", "WM-07", "low", &one),
        service.report_at("990001-MKT-0001", "WM-02", "low", &other),
    ];
    let ids = [new_id(), new_id()];
    // Reached by each after it looked for other uses of the picture: every small picture is doubted.
    let held = HeldLock::table(&service, "issue_flags");
    let (a, b) = interleaved(held, || report(&first, ids[0], &bodies[0]), || report(&second, ids[1], &bodies[1]));
    a.expect(201);
    b.expect(201);
    assert!(!flags(&service, ids[0]).contains(&"photo-reused".to_owned()));
    assert!(flags(&service, ids[1]).contains(&"photo-reused".to_owned()), "each missed the other");
}

#[test]
fn a_photo_that_arrives_beside_a_report_of_the_same_picture_is_doubted() {
    let Some(service) = service() else { return };
    let bytes = service.picture();
    let (first, second) = (service.sign_in("inspector01"), service.sign_in("inspector02"));
    let (mine, missing) = (new_id(), new_id());
    first.put_photo(mine, &bytes).expect(201);
    let bodies = [
        service.report_at("990001-MKT-0001", "WM-07", "low", &[mine, first.send_photo()]),
        service.report_at("990001-MKT-0001", "WM-02", "low", &[missing, second.send_photo()]),
    ];
    let ids = [new_id(), new_id()];
    report(&second, ids[1], &bodies[1]).expect(201).in_state("receiving");
    let held = HeldLock::table(&service, "issue_flags");
    let (a, b) = interleaved(held, || report(&first, ids[0], &bodies[0]), || second.put_photo(missing, &bytes));
    a.expect(201);
    b.expect(201);
    assert!(flags(&service, ids[1]).contains(&"photo-reused".to_owned()), "each missed the other");
}

#[test]
fn a_fix_beside_a_report_of_the_same_picture_is_doubted() {
    let Some(service) = service() else { return };
    let issue = service.drive_to(State::Rectifying);
    let bytes = service.picture();
    // Another one than who found the issue: that would be one look at the place.
    let (inspector, unit) = (service.sign_in("inspector02"), service.sign_in("unit02"));
    let [shown, mended] = [&inspector, &unit].map(|client| {
        let id = new_id();
        client.put_photo(id, &bytes).expect(201);
        id
    });
    let (body, id) = (service.report_at("990001-MKT-0001", "WM-02", "low", &[shown, inspector.send_photo()]), new_id());
    let fix = json!({"measure": "已清走", "remedy": "quick", "photos": [
        {"id": mended, "view": "same-angle"}, {"id": unit.send_photo(), "view": "wide"}]});
    let version = unit.read(issue).version();
    let held = HeldLock::table(&service, "issue_flags");
    let (a, b) = interleaved(held, || report(&inspector, id, &body), || unit.act(issue, "report-fix", version, &fix));
    a.expect(201);
    b.expect(200);
    assert!(flags(&service, issue).contains(&"photo-reused".to_owned()), "each missed the other");
}

/// Of two steps on one version of an issue exactly one is taken, and history fits the row.
fn one_of_two(state: State, steps: [(&str, Action); 2]) {
    let Some(service) = service() else { return };
    let issue = service.drive_to(state);
    let [first, second] = steps.map(|(username, action)| {
        let client = service.sign_in(username);
        let (version, body) = (client.read(issue).version(), service.body_of(issue, &client, action));
        (client, action, version, body)
    });
    let act = |(client, action, version, body): &(Client<'_>, Action, i64, serde_json::Value)| {
        client.act(issue, action.as_str(), *version, body)
    };
    let held = HeldLock::table(&service, "issue_events");
    let (a, b) = interleaved(held, || act(&first), || act(&second));
    a.expect(200);
    b.refused(412, "stale-version");
    let conn = &mut service.database();
    let stored = issues::find(conn, IssueId(issue)).unwrap().unwrap();
    let events = issues::events(conn, IssueId(issue)).unwrap();
    assert_eq!(events.last().unwrap().action, steps[0].1);
    assert_eq!(Issue::replay(events.iter().map(|event| &event.changes)).unwrap(), stored);
}

#[test]
fn of_two_approvals_at_once_one_is_taken() {
    one_of_two(State::Submitted, [("office01", Action::Approve), ("office02", Action::Approve)]);
}

#[test]
fn of_an_approval_and_a_sending_back_at_once_one_is_taken() {
    one_of_two(State::Submitted, [("office01", Action::SendBack), ("office02", Action::Approve)]);
}

#[test]
fn of_two_reassignments_at_once_one_is_taken() {
    one_of_two(State::Redispatch, [("office01", Action::Reassign), ("office02", Action::Reassign)]);
}

#[test]
fn of_a_sign_in_and_a_return_at_once_one_is_taken() {
    one_of_two(State::Assigned, [("unit02", Action::Return), ("unit02", Action::SignIn)]);
}

#[test]
fn of_passing_and_failing_at_once_one_is_taken() {
    one_of_two(State::Reported, [("office01", Action::Pass), ("office02", Action::Fail)]);
}

/// The second waits for the first, and is answered what the first did.
#[test]
fn one_step_twice_at_once_under_one_key_is_taken_once() {
    let Some(service) = service() else { return };
    let issue = service.drive_to(State::Submitted);
    let office = service.sign_in("office01");
    let (tag, key) = (format!("\"{}\"", office.read(issue).version()), new_id().to_string());
    let headers = [("content-type", "application/json"), ("if-match", &*tag), ("idempotency-key", &*key)];
    let body = json!({"unit_id": service.unit("U02")}).to_string();
    let path = format!("/issues/{issue}/actions/approve");
    let act = || office.send("POST", &path, &headers, Some(body.as_bytes()));
    let held = HeldLock::table(&service, "issue_events");
    let (a, b) = interleaved(held, act, act);
    assert_eq!(a.expect(200).json, b.expect(200).json);
    assert_eq!(office.events(issue).len(), 2);
}

/// The same key for steps on two issues at the same time: one of them is answered that the key is taken.
#[test]
fn two_steps_at_once_under_one_key_are_told_apart() {
    let Some(service) = service() else { return };
    let issues = [State::Submitted; 2].map(|state| service.drive_to(state));
    let office = service.sign_in("office01");
    let (tag, key) = (format!("\"{}\"", office.read(issues[0]).version()), new_id().to_string());
    let headers = [("content-type", "application/json"), ("if-match", &*tag), ("idempotency-key", &*key)];
    let body = json!({"unit_id": service.unit("U02")}).to_string();
    let act =
        |issue: Uuid| office.send("POST", &format!("/issues/{issue}/actions/approve"), &headers, Some(body.as_bytes()));
    let held = HeldLock::table(&service, "issue_events");
    let (a, b) = interleaved(held, || act(issues[0]), || act(issues[1]));
    a.expect(200);
    b.refused(422, "idempotency-key-reused");
}

#[test]
fn of_two_reports_under_one_id_at_once_the_first_is_kept() {
    let Some(service) = service() else { return };
    let (first, second) = (service.sign_in("inspector01"), service.sign_in("inspector02"));
    let id = new_id();
    let bodies = [service.report_body(&[new_id()]), service.report_body(&[new_id()])];
    let held = HeldLock::table(&service, "issue_events");
    let (a, b) = interleaved(held, || report(&first, id, &bodies[0]), || report(&second, id, &bodies[1]));
    a.expect(201);
    b.refused(409, "id-reused");
}

#[test]
fn one_report_twice_at_once_is_kept_once() {
    let Some(service) = service() else { return };
    let inspector = service.sign_in("inspector01");
    let (id, body) = (new_id(), service.report_body(&[new_id()]));
    let held = HeldLock::table(&service, "issue_events");
    let (a, b) = interleaved(held, || report(&inspector, id, &body), || report(&inspector, id, &body));
    a.expect(201);
    b.expect(200);
}

#[test]
fn of_two_photos_under_one_id_at_once_the_first_is_kept_and_nothing_of_the_other() {
    let Some(service) = service() else { return };
    let (id, pictures) = (new_id(), [service.picture(), service.picture()]);
    let (first, second) = (service.sign_in("inspector01"), service.sign_in("inspector02"));
    second.get("/me").expect(200);
    let held = HeldLock::table(&service, "photos");
    let (a, b) = interleaved(held, || first.put_photo(id, &pictures[0]), || second.put_photo(id, &pictures[1]));
    a.expect(201);
    b.refused(409, "id-reused");
    assert_eq!(service.originals().len(), 1);
}

/// The use and the ending of one session meet at its row, in either order: it stays ended.
#[test]
fn a_sign_in_that_is_ended_while_it_is_used_stays_ended() {
    let Some(service) = service() else { return };
    for used_first in [true, false] {
        let lost = token(&service, "office01");
        service.pass(Duration::from_secs(61));
        let own = token(&service, "office01");
        let listed = with_token(&service, "GET", "/sessions", &own, None).expect(200).json;
        let other = listed["items"].as_array().unwrap().iter().find(|item| item["is_current"] == false).unwrap();
        let id: Uuid = other["id"].as_str().unwrap().parse().unwrap();
        let held = HeldLock::rows(&service, &format!("sessions WHERE id = '\\x{}'::bytea", id.simple()));
        let used = || with_token(&service, "GET", "/me", &lost, None);
        let ended = || with_token(&service, "DELETE", &format!("/sessions/{id}"), &own, None);
        let (used, ended) = if used_first {
            interleaved(held, used, ended)
        } else {
            let (ended, used) = interleaved(held, ended, used);
            (used, ended)
        };
        used.expect(200);
        ended.expect(204);
        with_token(&service, "GET", "/me", &lost, None).refused(401, "not-signed-in");
        service.pass(DAY * 2);
    }
}

#[test]
fn of_two_nodes_that_claim_one_piece_of_work_one_does_it() {
    let Some(service) = service() else { return };
    let (now, id) = (service.clock.now(), JobId(new_id()));
    jobs::enqueue(&mut service.database(), id, "render", None, "no digest", now, now).unwrap();
    let drain = || {
        let runner = Runner::new(service.app.clone());
        actix_web::rt::System::new().block_on(runner.drain()).unwrap()
    };
    let held = HeldLock::rows(&service, "jobs");
    let (a, b) = interleaved(held, drain, drain);
    assert_eq!(a + b, 1);
}

/// An upload that nobody named and that is old enough to be forgotten: its bytes.
fn forgettable(service: &Service) -> Vec<u8> {
    let bytes = service.picture();
    service.sign_in("inspector01").put_photo(new_id(), &bytes).expect(201);
    service.drain_jobs();
    service.pass(DAY * 8);
    bytes
}

#[track_caller]
fn is_whole(service: &Service, id: Uuid, bytes: &[u8]) {
    let digest = Digest::of(bytes);
    assert!(photos::find(&mut service.database(), PhotoId(id)).unwrap().is_some());
    assert!(service.app.photo_store.verify(&digest).unwrap());
}

#[test]
fn bytes_that_are_sent_again_while_they_are_swept_are_kept() {
    let Some(service) = service() else { return };
    let (bytes, id) = (forgettable(&service), new_id());
    let second = service.sign_in("inspector02");
    second.get("/me").expect(200);
    let held = HeldLock::table(&service, "photos");
    let ((), sent) = interleaved(held, || service.drain_jobs(), || second.put_photo(id, &bytes));
    sent.expect(201);
    service.drain_jobs();
    is_whole(&service, id, &bytes);
}

#[test]
fn bytes_that_are_swept_while_they_are_sent_again_are_kept() {
    let Some(service) = service() else { return };
    let (bytes, id) = (forgettable(&service), new_id());
    let second = service.sign_in("inspector02");
    second.get("/me").expect(200);
    let held = HeldLock::table(&service, "photos");
    let (sent, ()) = interleaved(held, || second.put_photo(id, &bytes), || service.drain_jobs());
    sent.expect(201);
    service.drain_jobs();
    is_whole(&service, id, &bytes);
}

/// Two nodes deliver at once, and a third person takes a step meanwhile: each message is delivered once, and nobody
/// waits for the delivery except the other node that delivers.
#[test]
fn two_nodes_that_deliver_at_once_tell_each_message_once() {
    let Some(service) = service() else { return };
    let issues: Vec<Uuid> = (0..3).map(|_| service.report_with_photos()).collect();
    let held = HeldLock::table(&service, "notices");
    let deliver = || service.drain_messages();
    let (_, _) = interleaved(held, deliver, || {
        service.steps(issues[0], &[Action::Approve]);
        service.drain_messages();
    });
    service.drain_messages();
    let page = service.sign_in("office01").get("/notices?limit=200").expect(200).json;
    let mut told: Vec<(String, String)> = page["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (item["issue"]["id"].to_string(), item["kind"].to_string()))
        .collect();
    told.sort_unstable();
    let all = told.len();
    told.dedup();
    assert_eq!((all, told.len()), (4, 4), "three to review, one to release: {told:?}");
    let last = page["through"].as_i64();
    assert_eq!(last, Some(4), "the numbers of a recipient follow each other");
}

/// Changes of a point's name reach the index by a trigger, which does not see an issue that is being added there.
#[test]
fn a_point_that_is_renamed_while_an_issue_is_added_is_found_by_its_new_name() {
    let Some(service) = service() else { return };
    let office = service.sign_in("office01");
    service.drain_jobs();
    let sheet = "code,name_zh,type,lat,lon,campaigns,is_demo,lead_unit_code,territorial_unit_code,address_zh\n\
        990001-MKT-0001,新丰综合市场,MKT,31.21025,107.49035,WM WS,1,U02,U06,青禾县城关街道禾丰路18号\n\
        990001-EST-0001,禾苑新区,EST,31.20985,107.48995,WM WS SL YL,1,U03,U06,青禾县城关街道禾丰路22号\n";
    let import = || office.send("POST", "/imports/points", &[("content-type", "text/csv")], Some(sheet.as_bytes()));
    let held = HeldLock::rows(&service, "points WHERE code = '990001-EST-0001'");
    // The report is complete and the job is about to run while the import waits for the second point.
    let report_and_index = || {
        let issue = service.report_with_photos();
        service.block_on(upkeep::index_issues).unwrap();
        issue
    };
    let (imported, issue) = interleaved(held, import, report_and_index);
    assert_eq!(imported.expect(200).json["changed"], 2);
    service.block_on(upkeep::index_issues).unwrap();
    let found = office.get("/issues?q=%E6%96%B0%E4%B8%B0").expect(200).json;
    assert_eq!(found["items"][0]["id"], json!(issue), "{found}");
    assert_eq!(office.get("/issues?q=%E7%A6%BE%E4%B8%B0%E5%86%9C%E8%B4%B8").expect(200).json["items"], json!([]));
}

/// The advisory lock of the service's own that is named after the kind and these bytes, as `app/locks.rs` makes it.
fn own_lock(service: &Service, kind: &str, what: &[u8]) -> HeldLock {
    let digest = Digest::of(&[kind.as_bytes(), b":", what].concat());
    let (high, low) = Uuid::from_slice(&digest.as_bytes()[..16]).unwrap().as_u64_pair();
    HeldLock::by(service, &format!("SELECT pg_advisory_xact_lock({})", (high ^ low).cast_signed()))
}

fn of_august(client: &Client<'_>, action: &str, body: &serde_json::Value) -> Answer {
    let version = client.get("/months/2026-08").expect(200).version();
    let headers = [("content-type", "application/json"), ("if-match", &*format!("\"{version}\""))];
    client.send("POST", &format!("/months/2026-08/actions/{action}"), &headers, Some(body.to_string().as_bytes()))
}

/// An issue of August whose dispute one of two has upheld, on the first of September, and the second one's vote.
fn disputed(service: &Service) -> (Uuid, serde_json::Value) {
    service.drive_to(State::Closed);
    let issue = service.drive_to(State::Rectifying);
    service.steps(issue, &[Action::Dispute]);
    service.pass(DAY * 29);
    let mut upheld = service.body_of(issue, &service.sign_in("office02"), Action::DecideDispute);
    upheld["granted"] = json!(true);
    service.step(issue, "office02", Action::DecideDispute, &upheld);
    (issue, upheld)
}

fn faults_of_august(service: &Service) -> Vec<String> {
    let month = Month::parse("2026-08").unwrap();
    let checked = dump::in_snapshot(&mut service.database(), |conn| check(conn, month)).unwrap().unwrap();
    checked.faults
}

/// A red card that was proposed two days into August, for an issue that is long overdue.
fn proposed_card(service: &Service) -> serde_json::Value {
    service.drive_to(State::Rectifying);
    service.pass(DAY * 2);
    service.drain_jobs();
    let cards = service.sign_in("office01").get("/cards?limit=100").expect(200).json;
    cards["items"].as_array().unwrap().iter().find(|card| card["measure"] == "red").unwrap().clone()
}

fn card_step(client: &Client<'_>, card: &serde_json::Value, action: &str) -> Answer {
    let path = format!("/cards/{}/actions/{action}", card["id"].as_str().unwrap());
    let headers = [("content-type", "application/json"), ("if-match", &*format!("\"{}\"", card["version"]))];
    client.send("POST", &path, &headers, Some(json!({"reason": "理由"}).to_string().as_bytes()))
}

/// Takes a step of a card that waits for the unit's cards, lets `span` pass, freezes August, and lets the step go on.
fn frozen_while_a_step_waits(service: &Service, card: &serde_json::Value, action: &str, span: Duration) -> Answer {
    let office = service.sign_in("office02");
    office.get("/me").expect(200);
    let unit: Uuid = service.unit("U02").parse().unwrap();
    let mut held = own_lock(service, "cards", unit.as_bytes());
    std::thread::scope(|scope| {
        let step = scope.spawn(|| card_step(&office, card, action));
        held.until_waiting(1);
        service.pass(span);
        of_august(&service.sign_in("office01"), "freeze", &json!({})).expect(200);
        held.let_go();
        step.join().unwrap()
    })
}

/// A step with a time before the gathering that is written after it is not in the snapshot, and the check takes this
/// into account.
#[test]
fn a_month_can_be_checked_that_was_gathered_between_the_time_of_a_step_and_its_writing() {
    let Some(service) = service() else { return };
    let card = proposed_card(&service);
    let issued = card_step(&service.sign_in("office01"), &card, "issue").expect(200).json;
    service.pass(DAY * 27);
    frozen_while_a_step_waits(&service, &issued, "withdraw", HOUR).expect(200).in_state("withdrawn");
    assert_eq!(faults_of_august(&service), Vec::<String>::new());
}

/// A step that is being written is waited for: the month has it.
#[test]
fn a_month_is_gathered_after_the_steps_that_are_being_written() {
    let Some(service) = service() else { return };
    let (issue, upheld) = disputed(&service);
    let voter = service.sign_in("office03");
    let version = voter.read(issue).version();
    let office = service.sign_in("office01");
    office.get("/me").expect(200);
    let held = HeldLock::rows(&service, &format!("issues WHERE id = '\\x{}'", issue.simple()));
    let vote = || voter.act(issue, "decide-dispute", version, &upheld);
    let (voided, frozen) = interleaved(held, vote, || of_august(&office, "freeze", &json!({})));
    voided.expect(200).in_state("void");
    frozen.expect(200);
    let told = office.get(&format!("/months/2026-08/units/{}", service.unit("U02"))).expect(200).json;
    assert_eq!(told["due_issues"], 1);
    assert_eq!(faults_of_august(&service), Vec::<String>::new());
}

/// What would count in no month is taken again.
#[test]
fn a_step_from_before_the_cut_off_is_not_written_into_a_frozen_month() {
    let Some(service) = service() else { return };
    let card = proposed_card(&service);
    service.pass(DAY * 26 + HOUR * 14);
    frozen_while_a_step_waits(&service, &card, "issue", HOUR * 10).refused(503, "unavailable");
    assert_eq!(faults_of_august(&service), Vec::<String>::new());
    card_step(&service.sign_in("office01"), &card, "issue").expect(200).in_state("issued");
    assert_eq!(faults_of_august(&service), Vec::<String>::new());
}
