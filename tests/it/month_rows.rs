//! If any row that a frozen month was computed from is changed in the database, the check names it. Each line of the
//! tables below is one kind of change. Whoever adds a column that months are computed from adds a line here.

use anfang::app::months::check;
use anfang::domain::issue::{Action, State};
use anfang::domain::month::{Month, Rules};
use anfang::store::Conn;
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::backend::Backend;
use crate::support::month::{checked, decide_and_lock, take, until};
use crate::support::service::{DAY, HOUR, Service, new_id};
use crate::support::walk::{clean_at, fail, record};

/// An hour, and forty days, in the microseconds of the tables.
const AN_HOUR: &str = "3600000000";
const FORTY_DAYS: &str = "3456000000000";

/// Tables that let nobody change their rows.
const APPEND_ONLY: [&str; 10] = [
    "calendars",
    "issue_events",
    "card_events",
    "batch_events",
    "month_events",
    "month_pieces",
    "month_rules",
    "month_adjustments",
    "commendations",
    "visits",
];

/// The issues of the story, by what became of them.
struct Story {
    closed: Uuid,
    rework: Uuid,
    open: Uuid,
    returned: Uuid,
    extended: Uuid,
    relapsed: Uuid,
    /// What the look-back at `relapsed` opened.
    relapse: Uuid,
    /// Void: its dispute was upheld.
    void: Uuid,
    /// A fault of a visit, in rectification.
    seen: Uuid,
    /// A fault of a visit that was turned down.
    turned_down: Uuid,
}

/// A county in which something of everything happened in August, locked, and September frozen with a correction.
fn story(service: &Service) -> Story {
    let headers = [("content-type", "application/json")];
    let settings = json!({"sudden_visits": "counted"}).to_string();
    service.sign_in("admin").send("PATCH", "/settings", &headers, Some(settings.as_bytes())).expect(200);
    let rules = Rules { version: 2, sample_points_min: 1, sample_issues_min: 1, ..Rules::default() };
    let rules = json!({"rules": rules, "source": "督查办〔2026〕3号"});
    service.sign_in("office01").put_json("/month-rules/2", &rules).expect(201);
    let [closed, rework, open, relapsed] =
        [State::Closed, State::Rework, State::Rectifying, State::Closed].map(|state| service.drive_to(state));
    let returned = service.drive_to(State::Redispatch);
    let unfounded = json!({"unit_id": service.unit("U02"), "founded": false, "final": false});
    service.step(returned, "office01", Action::Reassign, &unfounded);
    let extended = service.drive_to(State::Rectifying);
    service.steps(extended, &[Action::RequestExtension, Action::DecideExtension]);
    let void = service.drive_to(State::Rectifying);
    service.steps(void, &[Action::Dispute]);
    let mut upheld = service.body_of(void, &service.sign_in("office02"), Action::DecideDispute);
    upheld["granted"] = json!(true);
    for username in ["office02", "office03"] {
        service.step(void, username, Action::DecideDispute, &upheld);
    }
    // Visits: one at which all is well, one with a fault that is handed over, one with a fault that is turned down.
    let inspector = service.sign_in("inspector01");
    record(&inspector, &clean_at(service, "990001-EST-0001"));
    service.pass(HOUR);
    let inspector = service.sign_in("inspector01");
    let mut visit = clean_at(service, "990001-MKT-0001");
    let seen = fail(&inspector, &mut visit, "WM-02");
    record(&inspector, &visit);
    service.steps(seen, &[Action::Approve, Action::Release, Action::SignIn]);
    service.pass(HOUR);
    let inspector = service.sign_in("inspector01");
    let mut visit = clean_at(service, "990001-ROAD-0001");
    let turned_down = fail(&inspector, &mut visit, "WM-02");
    record(&inspector, &visit);
    service.steps(turned_down, &[Action::Reject]);
    if service.sign_in("office01").read(turned_down).json["state"] != "void" {
        service.step(turned_down, "office02", Action::Reject, &json!({"reason": "理由"}));
    }
    service.pass(DAY * 8);
    // Two look-backs: one fix has held, the other has not.
    service.steps(closed, &[Action::AssignLookBack, Action::LookBack]);
    service.steps(relapsed, &[Action::AssignLookBack]);
    let photo = service.sign_in("inspector02").send_photo();
    let body = json!({"held": false, "photos": [{"id": photo, "view": "far"}], "note": "又堵上了"});
    service.step(relapsed, "inspector02", Action::LookBack, &body);
    let all = service.sign_in("office01").get("/issues?limit=100").expect(200).json;
    let ids =
        all["items"].as_array().unwrap().iter().map(|issue| issue["id"].as_str().unwrap().parse::<Uuid>().unwrap());
    let names_it = format!("\"look_back_of\":\"{relapsed}\"");
    let relapse: Uuid =
        ids.into_iter().find(|id| service.sign_in("office01").read(*id).json.to_string().contains(&names_it)).unwrap();
    service.steps(relapse, &[Action::Approve, Action::Release, Action::SignIn]);
    // Two cards, one of them withdrawn.
    service.drain_jobs();
    let cards = service.sign_in("office01").get("/cards?limit=100").expect(200).json;
    let proposed: Vec<Value> =
        cards["items"].as_array().unwrap().iter().filter(|card| card["measure"] == "red").cloned().collect();
    assert!(proposed.len() >= 2, "{cards}");
    let act = |card: &Value, action: &str| {
        let office = service.sign_in("office01");
        let body = json!({"reason": "逾期"}).to_string();
        let version = format!("\"{}\"", card["version"]);
        let headers = [("content-type", "application/json"), ("if-match", &*version)];
        let path = format!("/cards/{}/actions/{action}", card["id"].as_str().unwrap());
        office.send("POST", &path, &headers, Some(body.as_bytes())).expect(200).json
    };
    act(&proposed[0], "issue");
    let issued = act(&proposed[1], "issue");
    act(&issued, "withdraw");
    // A fault that the unit found itself.
    let (unit, own) = (service.sign_in("unit02"), new_id());
    let (point, photo) = (service.point("990001-EST-0001")["id"].clone(), unit.send_photo());
    let found = json!({"point_id": point, "item_code": "WM-02", "photo_ids": [photo]});
    unit.put_json(&format!("/self-reports/{own}"), &found).expect(201);
    let fix = json!({"measure": "已更换", "photo_ids": [unit.send_photo()]});
    unit.put_json(&format!("/self-reports/{own}/fix"), &fix).expect(200);
    let decision = json!({"confirmed": true});
    service.sign_in("office01").put_json(&format!("/self-reports/{own}/decision"), &decision).expect(200);
    // August to its end: a commendation, an objection, two people.
    let unit = service.unit("U02");
    until(service, "2026-09-01T09:00:00+08:00");
    let office = service.sign_in("office01");
    take(&office, "2026-08", "freeze", &json!({})).expect(200);
    let given = json!({"unit_id": unit, "given_on": "2026-08-20", "title": "省级通报表扬", "document_no": "x"});
    office.put_json(&format!("/commendations/{}", new_id()), &given).expect(201);
    take(&office, "2026-08", "preview", &json!({})).expect(200);
    let objection = new_id();
    let path = format!("/months/2026-08/objections/{objection}");
    service.sign_in("unit02").put_json(&path, &json!({"reason": "已按期整改"})).expect(200);
    let answer = json!({"objection_id": objection, "is_upheld": false, "reason": "不属实"});
    take(&office, "2026-08", "answer", &answer).expect(200);
    service.pass(DAY * 5);
    decide_and_lock(service, "2026-08");
    let line =
        json!({"unit_id": unit, "of_month": "2026-08", "points": "-1.5", "reason": "重复计分", "document_no": "x"});
    service.sign_in("office01").put_json(&format!("/month-adjustments/{}", new_id()), &line).expect(201);
    until(service, "2026-10-08T09:00:00+08:00");
    take(&service.sign_in("office01"), "2026-09", "freeze", &json!({})).expect(200);
    Story { closed, rework, open, returned, extended, relapsed, relapse, void, seen, turned_down }
}

fn unprotect(conn: &mut Conn, backend: Backend) {
    for table in APPEND_ONLY {
        let on = match backend {
            Backend::Sqlite => String::new(),
            Backend::Postgres => format!(" ON {table}"),
        };
        for what in ["update", "delete"] {
            conn.batch_execute(&format!("DROP TRIGGER IF EXISTS {table}_no_{what}{on}")).unwrap();
        }
    }
}

/// Makes one change, checks the month, and takes the change back.
fn faults_after(conn: &mut Conn, month: &str, sql: &str) -> Vec<String> {
    conn.batch_execute("BEGIN").unwrap();
    conn.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    let found = check(conn, Month::parse(month).unwrap()).unwrap().unwrap().faults;
    conn.batch_execute("ROLLBACK").unwrap();
    found
}

/// One kind of change: the month that is checked, the SQL statement, and the beginning of the fault that the check must
/// report. `{open}` is the SQL of the id of that issue, and `[open]` its id as it is told.
type Kind = (&'static str, &'static str, &'static str);

#[rustfmt::skip]
const KINDS: &[Kind] = &[
    // Events of issues.
    ("2026-08", "UPDATE issue_events SET at = at + {forty} WHERE issue_id = {rework} AND action = 'fail'", "cases [rework]"),
    ("2026-08", "UPDATE issue_events SET action = 'remind' WHERE issue_id = {rework} AND action = 'fail'", "cases [rework]"),
    ("2026-08", "UPDATE issue_events SET changes = replace(changes, '\"rectifying\"', '\"hung\"') WHERE issue_id = {open} AND action = 'sign-in'", "cases [open]"),
    ("2026-08", "UPDATE issue_events SET changes = replace(changes, '\"due_at\":\"2026', '\"due_at\":\"2027') WHERE issue_id = {open} AND action = 'release'", "cases [open]"),
    ("2026-08", "UPDATE issue_events SET changes = replace(changes, '\"closed_at\":\"2026', '\"closed_at\":\"2025') WHERE issue_id = {closed} AND action = 'pass'", "cases [closed]"),
    ("2026-08", "UPDATE issue_events SET changes = replace(changes, '\"fix_counted_at\":\"2026', '\"fix_counted_at\":\"2025') WHERE issue_id = {closed} AND action = 'report-fix'", "cases [closed]"),
    ("2026-08", "UPDATE issue_events SET changes = replace(changes, '\"assigned_at\":\"2026', '\"assigned_at\":\"2025') WHERE issue_id = {open} AND action = 'release'", "dispatches [open]"),
    ("2026-08", "UPDATE issue_events SET changes = replace(changes, '\"released_at\":\"2026', '\"released_at_\":\"2026') WHERE issue_id = {open} AND action = 'release'", "cases [open]"),
    ("2026-08", "UPDATE issue_events SET changes = replace(changes, '{u02}', '{u03}') WHERE issue_id = {open}", "cases [open]"),
    ("2026-08", "UPDATE issue_events SET changes = replace(changes, '\"founded\":false', '\"founded\":true') WHERE issue_id = {returned}", "dispatches [returned]"),
    ("2026-08", "UPDATE issue_events SET action = 'approve' WHERE issue_id = {returned} AND action = 'reassign'", "dispatches [returned]"),
    ("2026-08", "UPDATE issue_events SET changes = replace(changes, '\"granted\"', '\"refused\"') WHERE issue_id = {extended} AND action = 'decide-extension'", "cases [extended]"),
    ("2026-08", "UPDATE issue_events SET to_state = 'rectifying' WHERE issue_id = {void} AND to_state = 'void'", "cases [void]"),
    ("2026-08", "UPDATE issue_events SET to_state = 'void' WHERE issue_id = {open} AND action = 'sign-in'", "cases [open]"),
    ("2026-08", "UPDATE issue_events SET seq = seq + 1000000 WHERE issue_id = {void} AND to_state = 'void'", "cases [void]"),
    ("2026-08", "UPDATE issue_events SET issue_id = {open}, version = 99 WHERE issue_id = {rework} AND action = 'fail'", "cases [rework]"),
    ("2026-08", "DELETE FROM issue_events WHERE issue_id = {rework} AND action = 'fail'", "cases [rework]"),
    ("2026-08", "UPDATE issue_events SET at = at - {forty} * 3 WHERE issue_id = {closed} AND action = 'look-back'", "look_backs [closed]"),
    ("2026-08", "UPDATE issue_events SET action = 'remind' WHERE issue_id = {closed} AND action = 'look-back'", "look_backs [closed]"),
    // Rows of issues that were not changed later, and the rows that look-backs are read from.
    ("2026-08", "UPDATE issues SET due_at = due_at + {hour} WHERE id = {open}", "cases [open]"),
    ("2026-08", "UPDATE issues SET closed_at = closed_at + {hour} WHERE id = {closed}", "cases [closed]"),
    ("2026-08", "UPDATE issues SET reported_at = reported_at + {hour}, fix_counted_at = reported_at + {hour} WHERE id = {closed}", "cases [closed]"),
    ("2026-08", "UPDATE issues SET assigned_at = assigned_at - {forty} WHERE id = {open}", "dispatches [open]"),
    ("2026-08", "UPDATE issues SET unit_id = {unit03} WHERE id = {open}", "cases [open]"),
    ("2026-08", "UPDATE issues SET unit_id = {unit03} WHERE id = {closed}", "look_backs [closed]"),
    ("2026-08", "UPDATE issues SET released_at = released_at + {forty} WHERE id = {open}", "cases [open]"),
    ("2026-08", "UPDATE issues SET released_at = released_at + {forty} WHERE id = {relapse}", "look_backs [relapsed]"),
    ("2026-08", "UPDATE issues SET parent_id = NULL, chain_no = 0 WHERE id = {relapse}", "look_backs [relapsed]"),
    ("2026-08", "UPDATE issues SET look_back_of = NULL WHERE id = {relapse}", "look_backs [relapsed]"),
    ("2026-08", "UPDATE issues SET received_at = received_at + {hour} WHERE id = {relapse}", "look_backs [relapsed]"),
    ("2026-08", "UPDATE issue_requests SET state = 'refused' WHERE issue_id = {extended}", "cases [extended]"),
    ("2026-08", "UPDATE issue_requests SET kind = 'dispute' WHERE issue_id = {extended}", "cases [extended]"),
    // Visits.
    ("2026-08", "UPDATE visits SET began_at = began_at - {forty} WHERE point_id = {est}", "points [est]"),
    ("2026-08", "UPDATE visits SET received_at = received_at + {forty} WHERE point_id = {est}", "points [est]"),
    ("2026-08", "UPDATE visits SET point_id = {road} WHERE point_id = {est}", "points [est]"),
    ("2026-08", "UPDATE visits SET checklist = replace(checklist, '\"weight\":', '\"weight\":1') WHERE point_id = {mkt}", "points [mkt]"),
    ("2026-08", "UPDATE visit_results SET result = 'mostly' WHERE result = 'fails' AND issue_id = {seen}", "points [mkt]"),
    ("2026-08", "UPDATE visit_results SET result = 'mostly' WHERE item_code = 'WM-02' AND result = 'conforms'", "points [est]"),
    ("2026-08", "UPDATE visit_results SET issue_id = {open} WHERE issue_id = {turned_down}", "points [road]"),
    ("2026-08", "UPDATE issue_events SET to_state = 'submitted' WHERE issue_id = {turned_down} AND to_state = 'void'", "points [road]"),
    // Cards.
    ("2026-08", "UPDATE cards SET issued_at = issued_at - {forty} WHERE state = 'issued' AND measure = 'red'", "deductions [u02] "),
    ("2026-08", "UPDATE cards SET body = replace(body, '\"red\"', '\"yellow\"') WHERE state = 'issued' AND measure = 'red'", "deductions [u02] "),
    ("2026-08", "UPDATE cards SET body = replace(body, '{u02}', '{u03}') WHERE state = 'issued' AND measure = 'red'", "deductions [u02] "),
    ("2026-08", "UPDATE card_events SET action = 'keep' WHERE action = 'withdraw'", "deductions [u02] "),
    ("2026-08", "UPDATE card_events SET seq = seq + 1000000 WHERE action = 'withdraw'", "deductions [u02] "),
    // What people added.
    ("2026-08", "UPDATE commendations SET in_month = '2026-09'", "bonuses [u02] "),
    ("2026-08", "UPDATE commendations SET unit_id = {unit03}", "bonuses [u02] "),
    ("2026-08", "DELETE FROM commendations", "bonuses [u02] "),
    ("2026-08", "UPDATE self_reports SET decided_at = decided_at + {forty}", "bonuses [u02] "),
    ("2026-08", "UPDATE self_reports SET state = 'refused'", "bonuses [u02] "),
    ("2026-08", "UPDATE self_reports SET due_at = reported_at, fixed_at = reported_at + 1", "bonuses [u02] "),
    ("2026-08", "UPDATE self_reports SET unit_id = {unit03}", "bonuses [u02] "),
    ("2026-09", "UPDATE month_adjustments SET points = '-3'", "adjustments "),
    ("2026-09", "UPDATE month_adjustments SET unit_id = {unit03}", "adjustments "),
    ("2026-09", "UPDATE month_adjustments SET of_month = '2026-07'", "adjustments "),
    ("2026-09", "UPDATE month_adjustments SET in_month = '2026-10'", "adjustments "),
    // The month itself, its rules and calendar.
    ("2026-08", "UPDATE months SET body = replace(body, '\"is_lock_late\":false', '\"is_lock_late\":true') WHERE month = '2026-08'", "record: "),
    ("2026-08", "UPDATE months SET state = 'decided' WHERE month = '2026-08'", "record: "),
    ("2026-08", "UPDATE months SET version = version + 1 WHERE month = '2026-08'", "record: "),
    ("2026-08", "UPDATE months SET gathered_at = gathered_at + 1 WHERE month = '2026-08'", "record: "),
    ("2026-08", "UPDATE months SET calendar_version = 0 WHERE month = '2026-08'", "record: "),
    ("2026-08", "UPDATE months SET rules_version = 1 WHERE month = '2026-08'", "record: "),
    ("2026-08", "UPDATE months SET counts_sudden = NOT counts_sudden WHERE month = '2026-08'", "record: "),
    ("2026-08", "UPDATE months SET issue_events_until = 1 WHERE month = '2026-08'", "record: "),
    ("2026-08", "UPDATE months SET card_events_until = 1 WHERE month = '2026-08'", "record: "),
    ("2026-08", "UPDATE months SET cutoff_at = cutoff_at + 1 WHERE month = '2026-08'", "record: "),
    ("2026-08", "UPDATE months SET snapshot_sha256 = results_sha256 WHERE month = '2026-08'", "record: "),
    ("2026-08", "UPDATE months SET results_sha256 = snapshot_sha256 WHERE month = '2026-08'", "record: "),
    ("2026-08", "UPDATE month_events SET body = replace(body, '已按期整改', '未按期整改') WHERE month = '2026-08' AND action = 'object'", "event 5: "),
    ("2026-08", "UPDATE month_events SET at = at + 1 WHERE month = '2026-08' AND action = 'decide'", "event 6: "),
    ("2026-08", "UPDATE month_events SET actor_id = (SELECT id FROM users WHERE username = 'office03') WHERE month = '2026-08' AND action = 'decide'", "event 6: "),
    ("2026-08", "UPDATE month_events SET action = 'preview' WHERE month = '2026-08' AND action = 'answer'", "event 5: "),
    ("2026-08", "DELETE FROM month_events WHERE month = '2026-08' AND action = 'answer'", "record: "),
    ("2026-08", "DELETE FROM month_pieces WHERE sha256 = (SELECT snapshot_sha256 FROM months WHERE month = '2026-08')", "snapshot: "),
    ("2026-08", "DELETE FROM month_pieces WHERE sha256 = (SELECT results_sha256 FROM months WHERE month = '2026-08')", "results: "),
    ("2026-08", "UPDATE month_rules SET body = replace(body, '\"pass_line\":\"90\"', '\"pass_line\":\"80\"')", "rules: "),
    ("2026-08", "DELETE FROM month_rules", "rules: "),
    ("2026-08", "UPDATE calendars SET body = '{}' WHERE version = 1", "calendar 1: "),
    ("2026-09", "UPDATE months SET body = replace(body, '\"state\":\"locked\"', '\"state\":\"decided\"') WHERE month = '2026-08'", "ranks: "),
];

on_both! {
    fn every_changed_row_that_a_month_was_computed_from_is_named(db: TestDb) {
        let backend = db.backend();
        let service = Service::start(db);
        let story = story(&service);
        let issues = [
            ("closed", story.closed), ("rework", story.rework), ("open", story.open), ("returned", story.returned),
            ("extended", story.extended), ("relapsed", story.relapsed), ("relapse", story.relapse),
            ("void", story.void), ("seen", story.seen), ("turned_down", story.turned_down),
        ];
        let points = [("est", "990001-EST-0001"), ("mkt", "990001-MKT-0001"), ("road", "990001-ROAD-0001")];
        let (u02, u03) = (service.unit("U02"), service.unit("U03"));
        let blob = |id: &str| {
            let id = id.replace('-', "");
            match backend {
                Backend::Sqlite => format!("x'{id}'"),
                Backend::Postgres => format!("'\\x{id}'"),
            }
        };
        let mut words: Vec<(String, String)> = Vec::new();
        for (name, id) in issues {
            words.push((format!("{{{name}}}"), blob(&id.to_string())));
            words.push((format!("[{name}]"), id.to_string()));
        }
        for (name, code) in points {
            let id = service.point(code)["id"].as_str().unwrap().to_owned();
            words.push((format!("{{{name}}}"), blob(&id)));
            words.push((format!("[{name}]"), id));
        }
        words.push(("{unit03}".into(), blob(&u03)));
        words.push(("[u02]".into(), u02.clone()));
        words.extend([("{u02}".into(), u02), ("{u03}".into(), u03)]);
        words.extend([("{hour}".into(), AN_HOUR.to_owned()), ("{forty}".into(), FORTY_DAYS.to_owned())]);
        let filled = |text: &str| words.iter().fold(text.to_owned(), |text, (word, with)| text.replace(word, with));
        let mut conn = service.database();
        for month in ["2026-08", "2026-09"] {
            let found = checked(&mut conn, month);
            assert_eq!(found.faults, Vec::<String>::new(), "{month}");
        }
        unprotect(&mut conn, backend);
        let mut unnoticed = Vec::new();
        for (month, sql, expected) in KINDS {
            let (sql, expected) = (filled(sql), filled(expected));
            let faults = faults_after(&mut conn, month, &sql);
            if !faults.iter().any(|fault| fault.starts_with(&expected)) {
                unnoticed.push(format!("{sql}\n  is not told as {expected:?} but as {faults:?}"));
            }
        }
        assert!(unnoticed.is_empty(), "{} of {}:\n{}", unnoticed.len(), KINDS.len(), unnoticed.join("\n"));
        for month in ["2026-08", "2026-09"] {
            assert_eq!(checked(&mut conn, month).faults, Vec::<String>::new(), "{month}");
        }
    }
}
