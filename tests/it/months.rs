//! Months 月评: from the open month to the circular, who sees what of it, and that it can be computed again.

use std::process::Command;

use anfang::app::months::{Checked, check};
use anfang::backup;
use anfang::blobs::{LocalStore, PhotoStore};
use anfang::domain::issue::{Action, State};
use anfang::domain::month::{Month, Rules};
use anfang::store::{Conn, DatabaseUrl, dump};
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::backend::{Backend, TestDb};
use crate::support::plans::under_way;
use crate::support::service::{Answer, Client, DAY, HOUR, Service, new_id};
use crate::support::walk::{clean_at, fail, record};

const MONTH: &str = "/months/2026-08";

fn read(service: &Service) -> Answer {
    service.sign_in("office01").get(MONTH).expect(200)
}

/// Takes a step of the month as it is now.
fn take(client: &Client<'_>, action: &str, body: &Value) -> Answer {
    let version = read(client.service).version();
    step(client, &format!("{MONTH}/actions/{action}"), version, body)
}

fn step(client: &Client<'_>, path: &str, version: i64, body: &Value) -> Answer {
    let headers = [("content-type", "application/json"), ("if-match", &*format!("\"{version}\""))];
    client.send("POST", path, &headers, Some(body.to_string().as_bytes()))
}

fn set(service: &Service, settings: &Value) {
    let headers = [("content-type", "application/json")];
    service.sign_in("admin").send("PATCH", "/settings", &headers, Some(settings.to_string().as_bytes())).expect(200);
}

/// Rules of version 2 that rank units with little: one point, one issue.
fn few() -> Value {
    let rules = Rules { version: 2, sample_points_min: 1, sample_issues_min: 1, ..Rules::default() };
    json!({"rules": rules, "source": "督查办〔2026〕3号"})
}

/// A county whose August has visits of four units' points and issues of unit02's, on the first of September.
fn august(service: &Service) -> Vec<Uuid> {
    set(service, &json!({"sudden_visits": "counted"}));
    service.sign_in("office01").put_json("/month-rules/2", &few()).expect(201);
    let issues = [State::Closed, State::Rework, State::Rectifying].map(|state| service.drive_to(state));
    let inspector = service.sign_in("inspector01");
    for point in ["990001-MKT-0001", "990001-EST-0001", "990001-ROAD-0001", "990001-PARK-0001"] {
        record(&inspector, &clean_at(service, point));
        service.pass(HOUR);
    }
    service.pass(DAY * 29);
    issues.to_vec()
}

fn previewed(service: &Service) -> Vec<Uuid> {
    let issues = august(service);
    let office = service.sign_in("office01");
    take(&office, "freeze", &json!({})).expect(200).in_state("frozen");
    take(&office, "preview", &json!({})).expect(200).in_state("preview");
    issues
}

fn locked(service: &Service) -> Vec<Uuid> {
    let issues = previewed(service);
    service.pass(DAY * 5);
    lock(service);
    issues
}

/// Decides and locks the month.
fn lock(service: &Service) {
    take(&service.sign_in("office01"), "decide", &json!({})).expect(200).in_state("decided");
    let results = json!({"results_sha256": read(service).json["office"]["results_sha256"]});
    take(&service.sign_in("office01"), "lock", &results).expect(200).in_state("decided");
    take(&service.sign_in("office02"), "lock", &results).expect(200).in_state("locked");
}

fn checked(conn: &mut Conn) -> Checked {
    dump::in_snapshot(conn, |conn| check(conn, Month::parse("2026-08").unwrap())).unwrap().unwrap()
}

/// Lets a test change what is append-only.
fn unprotect(conn: &mut Conn, backend: Backend, table: &str) {
    let on = match backend {
        Backend::Sqlite => String::new(),
        Backend::Postgres => format!(" ON {table}"),
    };
    conn.batch_execute(&format!("DROP TRIGGER {table}_no_update{on}; DROP TRIGGER {table}_no_delete{on}")).unwrap();
}

/// `anfang month verify 2026-08` on this database: whether it succeeded, and its output.
fn verify(url: &DatabaseUrl, month: &str) -> (bool, String) {
    let url = match url {
        DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
        DatabaseUrl::Postgres(url) => url.clone(),
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_anfang"));
    let output = command.args(["month", "verify", month, "--database-url", &url]).output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

fn card(client: &Client<'_>, unit: &str) -> Answer {
    client.get(&format!("{MONTH}/units/{}", client.service.unit(unit)))
}

fn figure<'a>(card: &'a Value, metric: &str) -> &'a Value {
    card["figures"].as_array().unwrap().iter().find(|figure| figure["metric"] == metric).unwrap()
}

/// A report at a place off the list, which the office makes a point of unit02's with this code: issue and point.
fn listed(service: &Service, name: &str, code: &str) -> (Uuid, String) {
    let (issue, point) = reported_off_the_list(service, name);
    let body =
        json!({"code": code, "name": name, "type": "MKT", "lead_unit_id": service.unit("U02"), "campaigns": ["WM"]});
    service.sign_in("office01").put_json(&format!("/unlisted-places/{point}/point"), &body).expect(200);
    (issue, point)
}

/// A report at a place off the list: the issue and the point that stands for the place.
fn reported_off_the_list(service: &Service, name: &str) -> (Uuid, String) {
    let (inspector, issue) = (service.sign_in("inspector01"), new_id());
    let mut report = service.report_body(&[inspector.send_photo(), inspector.send_photo()]);
    report.as_object_mut().unwrap().remove("point_id");
    let location = service.point("990001-MKT-0001")["location"].clone();
    let lat = location["lat"].as_f64().unwrap() + 150.0 / 111_195.0;
    report["place"] = json!({"name": name, "location": {"lat": lat, "lon": location["lon"]}, "address": ""});
    report["location"] = report["place"]["location"].clone();
    inspector.put_json(&format!("/issues/{issue}"), &report).expect(201);
    let point = service.sign_in("office01").read(issue).json["point"]["id"].as_str().unwrap().to_owned();
    (issue, point)
}

on_both! {
    fn a_month_goes_from_its_rows_to_the_circular(db: TestDb) {
        let service = Service::start(db);
        let first = service.sign_in("office01");
        take(&first, "freeze", &json!({})).refused(409, "month-too-early");
        first.get("/months/2026-09").refused(404, "not-found");
        august(&service);
        let first = service.sign_in("office01");
        step(&first, "/months/2026-08/actions/freeze", 7, &json!({})).refused(412, "stale-version");
        take(&first, "preview", &json!({})).refused(409, "month-illegal-transition");
        let frozen = take(&first, "freeze", &json!({})).expect(200).in_state("frozen");
        assert_eq!(frozen.json["office"]["rules_version"], 2);
        take(&first, "freeze", &json!({})).refused(409, "month-illegal-transition");
        take(&first, "preview", &json!({})).expect(200).in_state("preview");
        // The figures by hand: one issue closed in time, one in rework, one overdue.
        let told = card(&first, "U02").expect(200).json;
        assert_eq!((&figure(&told, "handling")["part"], &figure(&told, "handling")["whole"]), (&json!("1"), &json!("3")));
        assert_eq!(figure(&told, "handling")["percent"], "33.33%");
        assert_eq!(figure(&told, "overdue-open")["percent"], "66.67%");
        assert_eq!(figure(&told, "rebound")["percent"], Value::Null);
        assert_eq!((&told["terms"][0]["value"], &told["terms"][0]["weight"]), (&json!("100.00"), &json!("0.56")));
        assert_eq!(told["due_issues"], 3);
        let path = format!("{MONTH}/units/{}/figures/handling", service.unit("U02"));
        let rows = first.get(&format!("{path}?limit=2")).expect(200).json;
        assert_eq!((rows["items"].as_array().unwrap().len(), &rows["next_cursor"]), (2, &json!(2)));
        let rest = first.get(&format!("{path}?limit=2&cursor=2")).expect(200).json;
        assert_eq!((rest["items"].as_array().unwrap().len(), &rest["next_cursor"]), (1, &Value::Null));
        let name = rest["items"][0]["row"]["name"].as_str().unwrap();
        assert!(name.ends_with("禾丰农贸市场") && name.len() > 20, "{name}");

        // Objections: one at a time about the same row, and no decision before the answer.
        let unit = service.sign_in("unit02");
        let objection = |id: Uuid, body: &Value| unit.put_json(&format!("{MONTH}/objections/{id}"), body);
        let (id, about) = (new_id(), json!({"row": rest["items"][0]["row"], "reason": "已按期整改"}));
        let about = json!({"row": {"kind": about["row"]["kind"], "id": about["row"]["id"]}, "reason": about["reason"]});
        objection(id, &about).expect(200);
        let again = objection(id, &about).expect(200).json;
        assert_eq!(again["objections"].as_array().unwrap().len(), 1);
        objection(id, &json!({"reason": "另一条"})).refused(409, "id-reused");
        objection(new_id(), &about).refused(409, "request-pending");
        take(&first, "decide", &json!({})).refused(409, "month-too-early");
        service.pass(DAY * 5);
        let first = service.sign_in("office01");
        let second = service.sign_in("office02");
        service.sign_in("unit02").put_json(&format!("{MONTH}/objections/{}", new_id()), &json!({"reason": "迟了"}))
            .refused(409, "window-passed");
        take(&first, "decide", &json!({})).refused(409, "objection-pending");
        let answer = json!({"objection_id": id, "is_upheld": true, "reason": "属实，重新核算"});
        take(&first, "answer", &answer).expect(200);
        take(&first, "answer", &answer).refused(409, "nothing-pending");
        let decided = take(&first, "decide", &json!({})).expect(200).in_state("decided");
        let results = decided.json["office"]["results_sha256"].clone();

        // Two people lock it, each what they saw.
        take(&first, "lock", &json!({"results_sha256": "0".repeat(64)})).refused(409, "month-differs");
        take(&first, "lock", &json!({"results_sha256": results})).expect(200).in_state("decided");
        take(&first, "lock", &json!({"results_sha256": results})).refused(403, "separation-of-duties");
        take(&second, "lock", &json!({"results_sha256": results})).expect(200).in_state("locked");
        for action in ["freeze", "preview", "decide"] {
            take(&first, action, &json!({})).refused(409, "month-illegal-transition");
        }
        take(&first, "publish", &json!({"circular_no": ""})).refused(422, "invalid-fields");
        take(&first, "publish", &json!({"circular_no": "督查通报〔2026〕9号"})).expect(200).in_state("published");
        let found = checked(&mut service.database());
        assert_eq!(found.faults, Vec::<String>::new());
        assert!(found.rows > 20, "{found:?}");
        for attempt in ["UPDATE month_events SET body = '{}'", "DELETE FROM month_pieces", "UPDATE month_rules SET source = ''"] {
            let error = service.database().batch_execute(attempt).unwrap_err().to_string();
            assert!(error.contains("append-only"), "{attempt}: {error}");
        }
    }

    fn equal_units_share_a_rank(db: TestDb) {
        let service = Service::start(db);
        previewed(&service);
        let told = service.sign_in("office01").get(&format!("{MONTH}/ranking")).expect(200).json;
        let ranked: Vec<&Value> =
            told["ranked"].as_array().unwrap().iter().filter(|unit| unit["peer_group"] == "部门").collect();
        let ranks: Vec<(&str, i64)> = ranked.iter()
            .map(|unit| (unit["score"].as_str().unwrap(), unit["rank"].as_i64().unwrap()))
            .collect();
        // Three bureaus with nothing but a clean point, then unit02 with its issues.
        assert_eq!(ranks.iter().map(|(_, rank)| *rank).collect::<Vec<_>>(), [1, 1, 1, 4]);
        assert!(ranks[..3].iter().all(|(score, _)| *score == "100.00"), "{ranks:?}");
        assert_eq!(ranked[3]["unit_id"], json!(service.unit("U02")));
        assert_eq!(ranked[0]["listed"], "red");
        let unranked: Vec<&Value> = told["insufficient"].as_array().unwrap().iter().map(|unit| &unit["peer_group"]).collect();
        assert!(unranked.contains(&&json!("乡镇街道")), "{unranked:?}");
        assert_eq!(told["pass"]["whole"], "4");
    }

    fn each_reader_sees_what_is_theirs_when_it_is_time(db: TestDb) {
        let service = Service::start(db);
        august(&service);
        let office = service.sign_in("office01");
        let sees = |username: &str, path: &str| service.sign_in(username).get(path).status;
        let own = format!("{MONTH}/units/{}", service.unit("U02"));
        let other = format!("{MONTH}/units/{}", service.unit("U03"));
        let (ranking, board) = (format!("{MONTH}/ranking"), format!("{MONTH}/board"));
        take(&office, "freeze", &json!({})).expect(200);
        for username in ["unit02", "leader01", "discipline01"] {
            for path in [MONTH, &own, &ranking, &board] {
                assert_eq!(sees(username, path), 404, "{username} {path}");
            }
            assert_eq!(service.sign_in(username).get("/months").expect(200).json["items"], json!([]));
        }
        take(&office, "preview", &json!({})).expect(200);
        assert_eq!([&own, &other, &ranking, &board].map(|path| sees("unit02", path)), [200, 404, 404, 200]);
        assert_eq!([&own, &ranking, &board].map(|path| sees("leader01", path)), [404, 404, 404]);
        assert_eq!([&own, &ranking].map(|path| sees("inspector01", path)), [403, 403]);
        // Whole points, and nothing about look-backs that found nothing.
        let told = service.sign_in("unit02").get(&own).expect(200).json;
        assert!(!told["score"].as_str().unwrap().contains('.'), "{told}");
        assert_eq!(told["ranked"], Value::Null);
        assert_eq!(told["terms"][2]["value"], Value::Null);
        let rebound = figure(&told, "rebound");
        assert_eq!((&rebound["percent"], &rebound["whole"]), (&Value::Null, &Value::Null));
        let month = service.sign_in("unit02").get(MONTH).expect(200).json;
        assert_eq!(month["office"], Value::Null);
        assert_eq!(month["allowed_actions"], json!(["object"]));
        let points = service.sign_in("unit02").get(&board).expect(200).json;
        assert!(points["items"].as_array().unwrap().iter().all(|point| point["lead_unit_id"] == json!(service.unit("U02"))));
        service.pass(DAY * 5);
        take(&service.sign_in("office01"), "decide", &json!({})).expect(200);
        let results = json!({"results_sha256": read(&service).json["office"]["results_sha256"]});
        take(&service.sign_in("office01"), "lock", &results).expect(200);
        assert_eq!(sees("leader01", &ranking), 404, "one of two");
        take(&service.sign_in("office02"), "lock", &results).expect(200);
        assert_eq!([&own, &other, &ranking, &board].map(|path| sees("leader01", path)), [200; 4]);
        assert_eq!([&own, &other, &ranking].map(|path| sees("unit02", path)), [200, 404, 404]);
        take(&service.sign_in("office01"), "publish", &json!({"circular_no": "督查通报〔2026〕9号"})).expect(200);
        let told = service.sign_in("unit06").get(&ranking).expect(200).json;
        assert_eq!(told["ranked"].as_array().unwrap().len(), 1);
        assert_eq!(told["ranked"][0]["peer_group"], "乡镇街道");
        let told = service.sign_in("unit02").get(&ranking).expect(200).json;
        assert!(told["ranked"].as_array().unwrap().iter().all(|unit| unit["peer_group"] == "部门"), "{told}");
        assert!(told["ranked"][0]["score"] == "100" && told["pass"] == Value::Null, "{told}");
        assert_eq!([&other, &board].map(|path| sees("unit02", path)), [404, 200]);
        set(&service, &json!({"month_ranking": "nothing"}));
        assert_eq!(sees("unit02", &ranking), 404);
    }

    fn leaders_read_what_durability_adds_in_whole_points(db: TestDb) {
        let service = Service::start(db);
        set(&service, &json!({"sudden_visits": "counted"}));
        service.sign_in("office01").put_json("/month-rules/2", &few()).expect(201);
        let closed = service.drive_to(State::Closed);
        service.drive_to(State::Rework);
        service.pass(DAY * 8);
        service.steps(closed, &[Action::AssignLookBack, Action::LookBack]);
        service.pass(DAY * 21);
        let office = service.sign_in("office01");
        take(&office, "freeze", &json!({})).expect(200);
        take(&office, "preview", &json!({})).expect(200);
        let added = |client: &Client<'_>, term: usize| {
            card(client, "U02").expect(200).json["terms"][term]["points"].as_str().unwrap().to_owned()
        };
        assert!(added(&office, 2).contains('.'));
        service.pass(DAY * 5);
        lock(&service);
        let leader = service.sign_in("leader01");
        assert!(added(&leader, 1).contains('.') && !added(&leader, 2).contains('.'), "{}", added(&leader, 2));
    }

    fn what_is_not_released_changes_nothing(db: TestDb) {
        let service = Service::start(db);
        set(&service, &json!({"sudden_visits": "counted"}));
        service.sign_in("office01").put_json("/month-rules/2", &few()).expect(201);
        service.drive_to(State::Closed);
        // Reports that nobody has handed over yet, a visit that opened one, and those of a batch that is not released.
        service.drive_to(State::Submitted);
        service.drive_to(State::Sealed);
        under_way(&service);
        let inspector = service.sign_in("inspector01");
        let mut visit = clean_at(&service, "990001-MKT-0001");
        fail(&inspector, &mut visit, "WM-02");
        record(&inspector, &visit);
        service.pass(DAY * 29);
        let office = service.sign_in("office01");
        take(&office, "freeze", &json!({})).expect(200);
        let told = card(&office, "U02").expect(200).json;
        assert_eq!((&told["due_issues"], &told["scored_points"]), (&json!(1), &json!(0)));
        let board = office.get(&format!("{MONTH}/board")).expect(200).json;
        assert!(board["items"].as_array().unwrap().iter().all(|point| point["standing"] == "never"), "{board}");
    }

    fn a_changed_row_is_named(db: TestDb) {
        let (backend, url) = (db.backend(), db.url());
        let service = Service::start(db);
        let issues = locked(&service);
        // What happens later changes nothing of it.
        service.steps(issues[2], &[Action::ReportFix, Action::Pass]);
        let mut conn = service.database();
        let before = checked(&mut conn);
        assert_eq!(before.faults, Vec::<String>::new());
        let (is_same, said) = verify(&url, "2026-08");
        assert!(is_same && said.contains("THE SAME 一致") && said.contains(&before.snapshot.to_string()), "{said}");
        let (is_there, said) = verify(&url, "2026-07");
        assert!(!is_there && said.contains("never frozen"), "{said}");
        unprotect(&mut conn, backend, "issue_events");
        conn.batch_execute("UPDATE issue_events SET action = 'remind' WHERE action = 'fail'").unwrap();
        let faults = checked(&mut conn).faults;
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert!(faults[0].starts_with(&format!("cases {}", issues[1])) && faults[0].contains("failed_checks"), "{faults:?}");
        let (is_same, said) = verify(&url, "2026-08");
        assert!(!is_same && said.contains(&format!("DIFFERS 不一致: cases {}", issues[1])), "{said}");
        conn.batch_execute("UPDATE issue_events SET action = 'fail' WHERE action = 'remind'").unwrap();
        conn.batch_execute("UPDATE visit_results SET result = 'mostly' WHERE item_code = 'WM-02'").unwrap();
        let faults = checked(&mut conn).faults;
        assert!(!faults.is_empty() && faults.iter().all(|fault| fault.starts_with("points ")), "{faults:?}");
        conn.batch_execute("UPDATE visit_results SET result = 'conforms' WHERE item_code = 'WM-02'").unwrap();
        assert_eq!(checked(&mut conn).faults, Vec::<String>::new());
        // The record, and the stored results.
        conn.batch_execute("UPDATE months SET body = replace(body, '\"is_lock_late\":false', '\"is_lock_late\":true')").unwrap();
        assert_eq!(checked(&mut conn).faults, ["record: it is not what its last event led to"]);
        conn.batch_execute("UPDATE months SET body = replace(body, '\"is_lock_late\":true', '\"is_lock_late\":false')").unwrap();
        unprotect(&mut conn, backend, "month_pieces");
        conn.batch_execute("DELETE FROM month_pieces WHERE sha256 = (SELECT results_sha256 FROM months)").unwrap();
        assert!(checked(&mut conn).faults.iter().any(|fault| fault.starts_with("results")));
    }

    fn a_backup_has_the_same_months(db: TestDb) {
        let other = match db.backend() {
            Backend::Sqlite => Backend::Postgres,
            Backend::Postgres => Backend::Sqlite,
        };
        let Some(target) = TestDb::create_empty(other) else { return };
        let service = Service::start(db);
        locked(&service);
        let before = checked(&mut service.database());
        let (folder, photos) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let taken = folder.path().join("backup");
        backup::take(&mut service.database(), &service.app.photo_store, &taken, service.app.now(), &mut |_| {}).unwrap();
        let photo_store = PhotoStore::Local(LocalStore::open(photos.path()).unwrap());
        backup::restore(&mut target.connect(), &photo_store, &taken, &mut |_| {}).unwrap();
        let after = checked(&mut target.connect());
        assert_eq!(after, before);
        assert_eq!(after.faults, Vec::<String>::new());
    }

    fn a_locked_month_leads_to_the_ledger_and_is_corrected_later(db: TestDb) {
        let service = Service::start(db);
        locked(&service);
        let (first, second) = (service.sign_in("office01"), service.sign_in("office02"));
        let ledger = |client: &Client<'_>| client.get("/ledger?month=2026-08").expect(200).json;
        let told = ledger(&first);
        let entry = told["items"].as_array().unwrap().iter().find(|entry| entry["kind"] == "reward").unwrap();
        assert_eq!((&entry["state"], &told["cash_in_rate"]), (&json!("proposed"), &Value::Null));
        let path = |action: &str| format!("/ledger/{}/actions/{action}", entry["id"].as_str().unwrap());
        step(&first, &path("execute"), 1, &json!({"document_no": "x", "on": "2026-09-05"})).refused(409, "ledger-illegal-transition");
        step(&first, &path("approve"), 1, &json!({})).expect(200).in_state("proposed");
        step(&first, &path("approve"), 2, &json!({})).refused(403, "separation-of-duties");
        step(&second, &path("approve"), 1, &json!({})).refused(412, "stale-version");
        step(&second, &path("approve"), 2, &json!({})).expect(200).in_state("approved");
        step(&first, &path("execute"), 3, &json!({"document_no": "青财〔2026〕9号", "on": "2026-09-05"})).expect(200).in_state("executed");
        step(&first, &path("publish"), 4, &json!({})).expect(200).in_state("published");
        assert_eq!(ledger(&first)["cash_in_rate"], "100.00%");
        assert_eq!(ledger(&service.sign_in("unit02"))["items"], json!([]));
        // The unit reads its own once the month is published too, without its score to two decimals and its rank.
        let units = service.sign_in("office01").get("/reference").expect(200).json["units"].clone();
        let of_entry = units.as_array().unwrap().iter().find(|unit| unit["id"] == entry["unit_id"]).unwrap();
        let own = format!("unit{}", of_entry["code"].as_str().unwrap().trim_start_matches('U'));
        assert_eq!(ledger(&service.sign_in(&own))["items"], json!([]));
        take(&first, "publish", &json!({"circular_no": "督查通报〔2026〕9号"})).expect(200);
        let told = ledger(&service.sign_in(&own))["items"][0].clone();
        assert_eq!((&told["id"], &told["kind"], &told["listed"]), (&entry["id"], &json!("reward"), &json!("red")));
        assert_eq!((&told["reason"], &told["document_no"]), (&Value::Null, &json!("青财〔2026〕9号")));
        assert!(ledger(&first)["items"].to_string().contains("月评得分"));

        // A correction counts in the next month.
        let unit = service.unit("U02");
        let body = json!({"unit_id": unit, "of_month": "2026-08", "points": "-1.5", "reason": "重复计分", "document_no": "督查〔2026〕12号"});
        let id = new_id();
        let made = first.put_json(&format!("/month-adjustments/{id}"), &body).expect(201).json;
        assert_eq!((&made["in_month"], &made["points"]), (&json!("2026-09"), &json!("-1.50")));
        first.put_json(&format!("/month-adjustments/{id}"), &body).expect(200);
        let early = json!({"unit_id": unit, "of_month": "2026-09", "points": "1", "reason": "理由", "document_no": "x"});
        first.put_json(&format!("/month-adjustments/{}", new_id()), &early).refused(422, "invalid-fields");
        let given = json!({"unit_id": unit, "given_on": "2026-09-02", "title": "省级通报表扬", "document_no": "省文明办〔2026〕8号"});
        first.put_json(&format!("/commendations/{}", new_id()), &given).expect(201);
        let late = json!({"unit_id": unit, "given_on": "2026-08-02", "title": "省级通报表扬", "document_no": "x"});
        first.put_json(&format!("/commendations/{}", new_id()), &late).refused(422, "invalid-fields");
        assert_eq!(checked(&mut service.database()).faults, Vec::<String>::new());
        // October has begun: September is frozen with both.
        service.pass(DAY * 33);
        let office = service.sign_in("office01");
        let version = office.get("/months/2026-09").expect(200).version();
        step(&office, "/months/2026-09/actions/freeze", version, &json!({})).expect(200);
        let told = office.get(&format!("/months/2026-09/units/{unit}")).expect(200).json;
        assert_eq!((&told["adjusted"], &told["added"]), (&json!("-1.50"), &json!("1.00")));
        assert_eq!(told["adjustments"][0]["name"], "重复计分");
        let years = office.get("/year-scores/2026").expect(200).json;
        let of_unit = years["items"].as_array().unwrap().iter().find(|year| year["unit_id"] == json!(unit)).unwrap();
        assert_eq!((&of_unit["valid_months"], &of_unit["score"]), (&json!(1), &Value::Null));
        assert_eq!(service.sign_in("unit02").get("/year-scores/2026").expect(200).json["items"].as_array().unwrap().len(), 1);
    }

    fn visits_that_nobody_drew_count_only_if_the_county_counts_them(db: TestDb) {
        let service = Service::start(db);
        let (inspector, office) = (service.sign_in("inspector01"), service.sign_in("office01"));
        let later = "/months/2026-09";
        record(&inspector, &clean_at(&service, "990001-MKT-0001"));
        service.pass(DAY * 29);
        take(&office, "freeze", &json!({})).expect(200);
        assert_eq!(card(&office, "U02").expect(200).json["scored_points"], 0);
        // What the county decides later counts for later months, and for none that is frozen.
        set(&service, &json!({"sudden_visits": "counted"}));
        record(&inspector, &clean_at(&service, "990001-MKT-0001"));
        take(&office, "preview", &json!({})).expect(200);
        service.pass(DAY * 5);
        lock(&service);
        // The first working day of October is the eighth.
        service.pass(DAY * 33);
        let version = office.get(later).expect(200).version();
        step(&office, &format!("{later}/actions/freeze"), version, &json!({})).expect(200);
        let told = office.get(&format!("{later}/units/{}", service.unit("U02"))).expect(200).json;
        assert_eq!(told["scored_points"], 1);
        assert_eq!(card(&office, "U02").expect(200).json["scored_points"], 0);
        assert_eq!(checked(&mut service.database()).faults, Vec::<String>::new());
    }

    fn a_fault_whose_report_is_turned_down_lowers_no_score(db: TestDb) {
        let service = Service::start(db);
        set(&service, &json!({"sudden_visits": "counted"}));
        let inspector = service.sign_in("inspector01");
        let mut visit = clean_at(&service, "990001-MKT-0001");
        let issue = fail(&inspector, &mut visit, "WM-02");
        record(&inspector, &visit);
        service.steps(issue, &[Action::Reject]);
        if service.sign_in("office01").read(issue).json["state"] != "void" {
            service.step(issue, "office02", Action::Reject, &json!({"reason": "理由"}));
        }
        service.pass(DAY * 29);
        let office = service.sign_in("office01");
        take(&office, "freeze", &json!({})).expect(200);
        let told = card(&office, "U02").expect(200).json;
        assert_eq!((&told["scored_points"], &told["terms"][0]["value"]), (&json!(1), &json!("100.00")));
        assert_eq!(checked(&mut service.database()).faults, Vec::<String>::new());
    }

    fn a_return_that_waits_for_its_judgement_counts_against_nobody(db: TestDb) {
        let service = Service::start(db);
        service.drive_to(State::Closed);
        let returned = service.drive_to(State::Redispatch);
        service.pass(DAY * 29);
        let office = service.sign_in("office01");
        take(&office, "freeze", &json!({})).expect(200);
        let told = card(&office, "U02").expect(200).json;
        assert_eq!((&told["due_issues"], &figure(&told, "overdue-open")["percent"]), (&json!(1), &json!("0.00%")));
        let board = office.get(&format!("{MONTH}/board")).expect(200).json.to_string();
        assert!(!board.contains(&returned.to_string()), "{board}");
        assert_eq!(checked(&mut service.database()).faults, Vec::<String>::new());
    }

    fn a_place_that_is_settled_after_the_freezing_changes_no_locked_month(db: TestDb) {
        let service = Service::start(db);
        let (issue, place) = reported_off_the_list(&service, "旧码头");
        service.steps(issue, &[Action::Approve, Action::Release, Action::SignIn]);
        service.pass(DAY * 29);
        let office = service.sign_in("office01");
        take(&office, "freeze", &json!({})).expect(200);
        take(&office, "preview", &json!({})).expect(200);
        service.pass(DAY * 5);
        lock(&service);
        let point = service.point("990001-MKT-0001")["id"].clone();
        let office = service.sign_in("office01");
        office.put_json(&format!("/unlisted-places/{place}/merge"), &json!({"point_id": point})).expect(200);
        assert_eq!(checked(&mut service.database()).faults, Vec::<String>::new());
    }

    fn a_dispute_that_is_upheld_in_the_preview_counts_at_the_decision(db: TestDb) {
        let service = Service::start(db);
        service.drive_to(State::Closed);
        let disputed = service.drive_to(State::Rectifying);
        service.steps(disputed, &[Action::Dispute]);
        service.pass(DAY * 29);
        let office = service.sign_in("office01");
        let frozen = take(&office, "freeze", &json!({})).expect(200).json;
        take(&office, "preview", &json!({})).expect(200);
        let before = card(&office, "U02").expect(200).json;
        assert_eq!(before["due_issues"], 2);
        let mut upheld = service.body_of(disputed, &service.sign_in("office02"), Action::DecideDispute);
        upheld["granted"] = json!(true);
        for username in ["office02", "office03"] {
            service.step(disputed, username, Action::DecideDispute, &upheld);
        }
        // Points, units and the calendar are those of the freezing.
        service.database().batch_execute("UPDATE points SET name = '改名'").unwrap();
        service.pass(DAY * 5);
        let decided = take(&service.sign_in("office01"), "decide", &json!({})).expect(200).json;
        assert_ne!(decided["office"]["results_sha256"], frozen["office"]["results_sha256"]);
        let after = card(&service.sign_in("office01"), "U02").expect(200).json;
        assert_eq!((&after["due_issues"], &figure(&after, "overdue-open")["percent"]), (&json!(1), &json!("0.00%")));
        let board = service.sign_in("office01").get(&format!("{MONTH}/board")).expect(200).json.to_string();
        assert!(!board.contains("改名"), "{board}");
        assert_eq!(checked(&mut service.database()).faults, Vec::<String>::new());
    }

    fn months_are_frozen_one_after_another_and_corrections_go_to_the_next(db: TestDb) {
        let service = Service::start(db);
        let freeze = |month: &str| {
            let office = service.sign_in("office01");
            step(&office, &format!("/months/{month}/actions/freeze"), 1, &json!({}))
        };
        let listed = || -> Vec<(Value, bool)> {
            let all = service.sign_in("office01").get("/months").expect(200).json["items"].clone();
            let is_offered = |month: &Value| month["allowed_actions"].as_array().unwrap().contains(&json!("freeze"));
            all.as_array().unwrap().iter().map(|month| (month["month"].clone(), is_offered(month))).collect()
        };
        august(&service);
        freeze("2021-09").refused(409, "month-illegal-transition");
        freeze("2026-07").refused(409, "month-illegal-transition");
        assert_eq!(listed(), [(json!("2026-09"), false), (json!("2026-08"), true)]);
        freeze("2026-08").expect(200);
        take(&service.sign_in("office01"), "preview", &json!({})).expect(200);
        service.pass(DAY * 5);
        // A commendation of August that arrives in the preview counts at the decision.
        let unit = service.unit("U02");
        let office = service.sign_in("office01");
        let given = json!({"unit_id": unit, "given_on": "2026-08-20", "title": "省级通报表扬", "document_no": "x"});
        office.put_json(&format!("/commendations/{}", new_id()), &given).expect(201);
        lock(&service);
        assert_eq!(card(&service.sign_in("office01"), "U02").expect(200).json["added"], "1.00");
        assert_eq!(checked(&mut service.database()).faults, Vec::<String>::new());
        // September was not frozen, October has ended: September is next, and what is corrected counts in it.
        service.pass(DAY * 60);
        assert_eq!(listed(), [
            (json!("2026-11"), false), (json!("2026-10"), false), (json!("2026-09"), true), (json!("2026-08"), false),
        ]);
        freeze("2026-10").refused(409, "month-earlier-open");
        let body = json!({"unit_id": unit, "of_month": "2026-08", "points": "-1.5", "reason": "重复计分", "document_no": "x"});
        let office = service.sign_in("office01");
        let made = office.put_json(&format!("/month-adjustments/{}", new_id()), &body).expect(201).json;
        assert_eq!(made["in_month"], "2026-09");
        // In the same instant as the freezing, under the lock: it is not lost.
        freeze("2026-09").expect(200);
        let told = service.sign_in("office01").get(&format!("/months/2026-09/units/{unit}")).expect(200).json;
        assert_eq!(told["adjusted"], "-1.50");
        let made = service.sign_in("office01").put_json(&format!("/month-adjustments/{}", new_id()), &body).expect(201).json;
        assert_eq!(made["in_month"], "2026-10");
    }

    fn a_point_that_is_concealed_is_not_on_the_board(db: TestDb) {
        let service = Service::start(db);
        let told = listed(&service, "旧码头", "990001-MKT-0942");
        service.steps(told.0, &[Action::Approve, Action::Release]);
        let concealed = listed(&service, "旧货场", "990001-MKT-0943");
        service.pass(DAY * 29);
        let office = service.sign_in("office01");
        take(&office, "freeze", &json!({})).expect(200);
        take(&office, "preview", &json!({})).expect(200);
        let board = service.sign_in("unit02").get(&format!("{MONTH}/board")).expect(200).json.to_string();
        assert!(board.contains(&told.1), "{board}");
        assert!(!board.contains(&concealed.1), "{board}");
    }

    fn rules_are_kept_in_versions(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        assert_eq!(office.get("/month-rules").expect(200).json["items"][0]["rules"]["version"], 1);
        service.sign_in("leader01").put_json("/month-rules/2", &few()).refused(403, "forbidden");
        let mut wrong = few();
        wrong["rules"]["pass_line"] = json!("101");
        wrong["source"] = json!("");
        let refused = office.put_json("/month-rules/2", &wrong).refused(422, "invalid-fields").json;
        let pointers: Vec<&Value> = refused["errors"].as_array().unwrap().iter().map(|error| &error["pointer"]).collect();
        assert_eq!(pointers, ["/rules/pass_line", "/source"]);
        office.put_json("/month-rules/2", &few()).expect(201);
        office.put_json("/month-rules/2", &few()).expect(200);
        let mut third = few();
        third["rules"]["version"] = json!(4);
        office.put_json("/month-rules/4", &third).refused(412, "stale-version");
        let group = format!("/unit-groups/{}", service.unit("U07"));
        office.put_json(&group, &json!({"peer_group": "", "is_township": true})).refused(422, "invalid-fields");
        office.put_json(&group, &json!({"peer_group": "重点乡镇", "is_township": true})).expect(200);
        let groups = office.get("/unit-groups").expect(200).json;
        let told: Vec<&str> = groups["items"].as_array().unwrap().iter().map(|unit| unit["peer_group"].as_str().unwrap()).collect();
        assert!(told.contains(&"重点乡镇") && told.contains(&"乡镇街道") && told.contains(&"部门"), "{told:?}");
    }
}
