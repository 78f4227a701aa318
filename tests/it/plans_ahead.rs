//! Planning pages: the gap matrix and the point board compared with counts by hand, schedules and assessments,
//! milestones, needs and burden; and what leaders and units see of them.

use std::collections::BTreeMap;

use anfang::domain::issue::{Action, State};
use serde_json::{Value, json};

use crate::support::service::{Answer, Client, DAY, Service, new_id};
use crate::support::walk::{clean, clean_at, fail, record, result};

/// The county counts visits that nobody drew, so that a test need not draw.
pub fn count_sudden(service: &Service) {
    let body = json!({"sudden_visits": "counted"}).to_string();
    let admin = service.sign_in("admin");
    admin.send("PATCH", "/settings", &[("content-type", "application/json")], Some(body.as_bytes())).expect(200);
}

fn put(client: &Client<'_>, path: &str, body: &Value, version: Option<i64>) -> Answer {
    let tag = version.map(|version| format!("\"{version}\""));
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(tag.as_deref().map(|tag| ("if-match", tag)));
    client.send("PUT", path, &headers, Some(body.to_string().as_bytes()))
}

fn pointers(answer: &Answer) -> Vec<&str> {
    answer.json["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect()
}

fn weights(service: &Service, point_type: &str) -> BTreeMap<String, i64> {
    let all = service.sign_in("office01").get(&format!("/items?point_type={point_type}")).expect(200);
    let item = |item: &Value| (item["code"].as_str().unwrap().to_owned(), item["weight"].as_i64().unwrap());
    all.json["items"].as_array().unwrap().iter().map(item).collect()
}

/// The cell of an item at markets: how often it was judged, lost, effort, gain.
fn cell(service: &Service, query: &str, item: &str) -> Option<(i64, String, Option<i64>, String)> {
    let told = service.sign_in("office01").get(&format!("/gap-matrix{query}")).expect(200).json;
    let found = told["items"].as_array().unwrap().iter().find(|cell| cell["item_code"] == item)?.clone();
    assert_eq!(found["point_type"], "MKT");
    let text = |field: &str| found[field].as_str().unwrap().to_owned();
    Some((found["observed"].as_i64().unwrap(), text("lost"), found["effort"].as_i64(), text("gain")))
}

fn points(halves: i64) -> String {
    format!("{}.{}", halves / 2, if halves % 2 == 0 { "00" } else { "50" })
}

fn assessment(from: &str, to: &str) -> Value {
    json!({"name": "省级文明城市测评", "campaign": "WM", "kind": "unannounced", "from": from, "to": to})
}

fn task(key: &str, days: u32, before: &[usize], progress: u32) -> Value {
    json!({"key": key, "name": format!("任务{key}"), "days": days, "before": before, "progress": progress})
}

on_both! {
    /// Of three visits to the market two are valid. WM-02 conforms mostly in one, WM-07 fails in both, and the visit that
    /// looked at too little counts nowhere.
    fn the_gap_matrix_is_what_visits_lost_counted_by_hand(db: TestDb) {
        let service = Service::start(db);
        count_sudden(&service);
        let (office, inspector) = (service.sign_in("office01"), service.sign_in("inspector01"));
        assert_eq!(office.get("/gap-matrix").expect(200).json["items"], json!([]));
        let mut first = clean(&service);
        let issue = fail(&inspector, &mut first, "WM-07");
        *result(&mut first, "WM-02") = json!({"item_code": "WM-02", "result": "mostly", "note": "褪色"});
        let first_id = record(&inspector, &first);
        // Sent again, it counts once.
        inspector.put_json(&format!("/visits/{first_id}"), &first).expect(200);
        let mut second = clean(&service);
        fail(&inspector, &mut second, "WM-07");
        *result(&mut second, "WS-07") = json!({"item_code": "WS-07", "result": "not-applicable", "note": "不卖活禽"});
        let second_id = record(&inspector, &second);
        let mut little = clean(&service);
        fail(&inspector, &mut little, "WM-07");
        let seen = little["results"].as_array().unwrap().iter().find(|seen| seen["item_code"] == "WM-07").unwrap().clone();
        little["results"] = json!([seen]);
        record(&inspector, &little);
        let weights = weights(&service, "MKT");
        let (wm02, wm07) = (weights["WM-02"], weights["WM-07"]);
        let told = |item: &str| cell(&service, "", item).unwrap();
        assert_eq!(told("WM-07"), (2, points(4 * wm07), None, points(4 * wm07)));
        assert_eq!(told("WM-02"), (2, points(wm02), None, points(wm02)));
        assert_eq!(told("WS-07"), (1, "0.00".into(), None, "0.00".into()));
        // Most is gained first, until the office says that it takes more effort.
        let order = || -> Vec<String> {
            let told = office.get("/gap-matrix?months=1&campaign=WM").expect(200).json;
            let cells = told["items"].as_array().unwrap().clone();
            cells.iter().take(2).map(|cell| cell["item_code"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(order(), ["WM-07", "WM-02"]);
        let effort = |value: Value| json!({"item_code": "WM-07", "point_type": "MKT", "effort": value});
        office.put_json("/gap-matrix/efforts", &effort(json!(100))).expect(204);
        office.put_json("/gap-matrix/efforts", &effort(json!(100))).expect(204);
        assert_eq!(order(), ["WM-02", "WM-07"]);
        assert_eq!(told("WM-07").2, Some(100));
        office.put_json("/gap-matrix/efforts", &effort(Value::Null)).expect(204);
        assert_eq!(told("WM-07").2, None);
        let wrong = json!({"item_code": "XX-99", "point_type": "XXX", "effort": 101});
        let wrong = office.put_json("/gap-matrix/efforts", &wrong).refused(422, "invalid-fields");
        assert_eq!(pointers(&wrong), ["/item_code", "/point_type", "/effort"]);
        // A cell opens to its visits and their issues, page by page.
        let path = "/gap-matrix/losses?item_code=WM-07&point_type=MKT&limit=1";
        let page = office.get(path).expect(200).json;
        let next = office.get(&format!("{path}&cursor={}", page["next_cursor"].as_str().unwrap())).expect(200).json;
        let mut visits = [page["items"][0]["visit_id"].clone(), next["items"][0]["visit_id"].clone()];
        visits.sort_by_key(|id| id != &json!(first_id));
        assert_eq!(visits, [json!(first_id), json!(second_id)]);
        assert_eq!((next["items"].as_array().unwrap().len(), &next["next_cursor"]), (1, &Value::Null));
        let of_first = [&page, &next].into_iter().find(|page| page["items"][0]["visit_id"] == json!(first_id)).unwrap();
        assert_eq!(of_first["items"][0]["issue_id"], json!(issue));
        assert_eq!(of_first["items"][0]["lost"], points(2 * wm07));
        office.get("/gap-matrix?months=25").refused(422, "invalid-fields");
        office.get(&format!("{path}&cursor=1")).refused(400, "malformed-request");
        // Other campaigns and earlier months are not affected.
        assert_eq!(cell(&service, "?campaign=WS", "WM-07"), None);
        service.pass(DAY * 40);
        assert_eq!(cell(&service, "?months=1", "WM-07"), None);
        assert_eq!(cell(&service, "?months=3", "WM-07").unwrap().0, 2);
    }

    fn visits_that_nobody_drew_count_only_if_the_county_counts_them(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let board = || service.sign_in("office01").get("/point-board?point_type=MKT&limit=200").expect(200).json;
        let before = board();
        let mut body = clean(&service);
        fail(&inspector, &mut body, "WM-07");
        record(&inspector, &body);
        assert_eq!((cell(&service, "", "WM-07"), board()), (None, before.clone()));
        let path = "/gap-matrix/losses?item_code=WM-07&point_type=MKT";
        assert_eq!(service.sign_in("office01").get(path).expect(200).json["items"], json!([]));
        count_sudden(&service);
        assert_eq!(cell(&service, "", "WM-07").unwrap().0, 1);
        assert_ne!(board(), before);
        assert_eq!(service.sign_in("office01").get(path).expect(200).json["items"].as_array().unwrap().len(), 1);
    }

    fn the_point_board_says_how_each_point_stands(db: TestDb) {
        let service = Service::start(db);
        count_sudden(&service);
        let inspector = service.sign_in("inspector01");
        let counts = || -> BTreeMap<String, i64> {
            let board = service.sign_in("office01").get("/point-board?limit=1").expect(200).json;
            let one = |one: &Value| (one["standing"].as_str().unwrap().to_owned(), one["points"].as_i64().unwrap());
            board["counts"].as_array().unwrap().iter().map(one).collect()
        };
        let of_market = || {
            let board = service.sign_in("office01").get("/point-board?point_type=MKT&limit=200").expect(200).json;
            board["items"].as_array().unwrap().iter().find(|point| point["code"] == "990001-MKT-0001").unwrap().clone()
        };
        let all = counts()["never"];
        assert!(all > 1 && counts().values().sum::<i64>() == all);
        // Everything conforms: it passes. A failed veto item in the same month makes it fail, whatever the mean is.
        record(&inspector, &clean(&service));
        assert_eq!((&of_market()["standing"], &of_market()["score"]), (&json!("pass"), &json!("100.00")));
        service.pass(DAY);
        let inspector = service.sign_in("inspector01");
        let mut body = clean(&service);
        let issue = fail(&inspector, &mut body, "WM-07");
        let visit = record(&inspector, &body);
        let failed = of_market();
        assert_eq!((&failed["standing"], &failed["vetoed"]), (&json!("fail"), &json!(true)));
        assert_eq!((&failed["visit_id"], &failed["score"]), (&json!(visit), &json!("80.00")), "79.995, half up");
        assert_eq!(counts(), BTreeMap::from([("fail".into(), 1), ("never".into(), all - 1), ("pass".into(), 0), ("stale".into(), 0)]));
        let worst = service.sign_in("office01").get("/point-board?limit=1").expect(200).json;
        assert_eq!(worst["items"][0]["code"], "990001-MKT-0001");
        let rest = format!("/point-board?limit=200&cursor={}", worst["next_cursor"].as_str().unwrap());
        let rest = service.sign_in("office01").get(&rest).expect(200).json;
        assert_eq!(i64::try_from(rest["items"].as_array().unwrap().len()).unwrap(), all - 1);
        // An issue that is overdue there keeps a clean point from passing.
        service.steps(issue, &[Action::Approve, Action::Release]);
        service.pass(DAY * 40);
        record(&service.sign_in("inspector01"), &clean(&service));
        let held = of_market();
        assert_eq!((&held["standing"], &held["score"]), (&json!("fail"), &json!("100.00")));
        assert_eq!(held["overdue"], json!([issue]));
        // A point without a score for more than 92 days is stale.
        service.pass(DAY * 92);
        assert_eq!(of_market()["standing"], "fail");
        service.pass(DAY);
        let stale = of_market();
        assert_eq!((&stale["standing"], &stale["score"]), (&json!("stale"), &Value::Null));
        let asked = service.sign_in("office01").get("/point-board?standing=pass").expect(200).json;
        assert_eq!((&asked["items"], asked["counts"].as_array().unwrap().len()), (&json!([]), 4));
        service.sign_in("office01").get("/point-board?standing=good").refused(400, "malformed-request");
    }

    fn assessments_are_counted_down_to_in_months(db: TestDb) {
        let service = Service::start(db);
        let (office, other) = (service.sign_in("office01"), service.sign_in("office02"));
        let path = format!("/assessments/{}", new_id());
        let now: String = service.now()[..7].to_owned();
        let (year, month) = (now[..4].parse::<i32>().unwrap(), now[5..].parse::<i32>().unwrap());
        let later = |by: i32| format!("{}-{:02}", year + (month - 1 + by) / 12, (month - 1 + by) % 12 + 1);
        let body = assessment(&later(2), &later(3));
        let kept = put(&office, &path, &body, None).expect(201);
        assert_eq!((kept.version(), &kept.json["months_left"]), (1, &json!(2)));
        assert!(kept.json["countdown"].as_str().unwrap().ends_with("还有2个月"), "{}", kept.json["countdown"]);
        assert_eq!(put(&office, &path, &body, None).expect(200).json, kept.json);
        // Two people change it: the second has to look again.
        let changed = assessment(&later(1), &later(3));
        put(&office, &path, &changed, None).refused(412, "stale-version");
        assert_eq!(put(&office, &path, &changed, Some(1)).expect(200).version(), 2);
        put(&other, &path, &body, Some(1)).refused(412, "stale-version");
        let wrong = json!({"name": " ", "campaign": "WM", "kind": "unannounced", "from": later(2), "to": later(1)});
        assert_eq!(pointers(&put(&office, &format!("/assessments/{}", new_id()), &wrong, None).refused(422, "invalid-fields")), ["/name", "/to"]);
        let unknown = json!({"name": "甲", "campaign": "??", "kind": "survey", "from": later(2), "to": later(2)});
        assert_eq!(pointers(&put(&office, &format!("/assessments/{}", new_id()), &unknown, None).refused(422, "invalid-fields")), ["/campaign"]);
        let day = json!({"name": "甲", "campaign": "WM", "kind": "survey", "from": format!("{}-15", later(2)), "to": later(2)});
        put(&office, &format!("/assessments/{}", new_id()), &day, None).refused(400, "malformed-request");
        // Leaders read the countdown; the others do not.
        let leader = service.sign_in("leader01");
        assert_eq!(leader.get("/assessments").expect(200).json["items"][0]["months_left"], 1);
        leader.get(&path).expect(200);
        put(&leader, &path, &body, Some(2)).refused(403, "forbidden");
        for name in ["unit01", "inspector01", "admin"] {
            service.sign_in(name).get("/assessments").refused(403, "forbidden");
        }
        service.pass(DAY * 125);
        let over = service.sign_in("leader01").get(&path).expect(200).json;
        assert_eq!((&over["months_left"], &over["countdown"]), (&Value::Null, &Value::Null));
    }

    fn a_schedule_is_counted_back_and_its_lights_follow_its_progress(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let path = format!("/schedules/{}", new_id());
        let end = service.app.now().plus(DAY * 60).to_string()[..10].to_owned();
        let body = |progress: u32| json!({
            "name": "迎检倒排", "end": end,
            "tasks": [task("a", 2, &[1], progress), task("b", 5, &[], 0)],
        });
        let kept = put(&office, &path, &body(0), None).expect(201);
        let lights = |told: &Value| -> Vec<String> {
            told["tasks"].as_array().unwrap().iter().map(|task| task["light"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!((kept.version(), lights(&kept.json)), (1, vec!["green".to_owned(), "green".into()]));
        assert_eq!((&kept.json["buffer_days"], &kept.json["days_short"]), (&json!(1), &json!(0)));
        let day = |told: &Value, at: usize, field: &str| told["tasks"][at][field].as_str().unwrap().to_owned();
        assert_eq!(day(&kept.json, 0, "latest_finish"), day(&kept.json, 1, "latest_start"), "b begins when a is done");
        assert!(day(&kept.json, 1, "latest_finish") < end, "the buffer is between");
        assert_eq!(put(&office, &path, &body(0), None).expect(200).json, kept.json);
        put(&office, &path, &body(50), None).refused(412, "stale-version");
        let half = put(&office, &path, &body(50), Some(1)).expect(200);
        assert_eq!(half.json["tasks"][0]["progress"], 50);
        // After the end, tasks that are not done are red; finished ones stay finished.
        service.pass(DAY * 61);
        assert_eq!(lights(&service.sign_in("leader01").get(&path).expect(200).json), ["red", "red"]);
        put(&service.sign_in("office02"), &path, &body(100), Some(2)).expect(200);
        let told = service.sign_in("leader01").get("/schedules").expect(200).json;
        assert_eq!(lights(&told["items"][0]), ["done", "red"]);
        let office = service.sign_in("office01");
        let wrong = json!({
            "name": "", "end": end, "assessment_id": new_id(),
            "tasks": [task("a", 0, &[0], 101), {"key": "a", "name": "", "days": 1, "unit_id": new_id()}],
        });
        let mut told = pointers(&put(&office, &format!("/schedules/{}", new_id()), &wrong, None).refused(422, "invalid-fields")).into_iter().map(str::to_owned).collect::<Vec<_>>();
        told.sort();
        assert_eq!(told, [
            "/assessment_id", "/name", "/tasks/0/before", "/tasks/0/days", "/tasks/0/progress", "/tasks/1/key",
            "/tasks/1/name", "/tasks/1/unit_id",
        ]);
        // A chain that is longer than the calendar reaches is refused, not given wrong days.
        let tasks: Vec<Value> = (0..9).map(|at| task(&at.to_string(), 500, &if at < 8 { vec![at + 1] } else { vec![] }, 0)).collect();
        let long = json!({"name": "过长", "end": "2060-10-15", "tasks": tasks});
        assert_eq!(pointers(&put(&office, &format!("/schedules/{}", new_id()), &long, None).refused(422, "invalid-fields")), ["/tasks"]);
        put(&service.sign_in("leader01"), &path, &body(1), Some(3)).refused(403, "forbidden");
        service.sign_in("unit01").get(&path).refused(403, "forbidden");
    }

    fn what_was_planned_by_mistake_is_withdrawn_and_the_record_says_what_it_was(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let (outside, schedule) = (new_id(), new_id());
        let path = format!("/assessments/{outside}");
        put(&office, &path, &assessment("2026-10", "2026-11"), None).expect(201);
        let plan = json!({"name": "迎检倒排", "end": "2026-10-15", "assessment_id": outside, "tasks": [task("a", 2, &[], 0)]});
        put(&office, &format!("/schedules/{schedule}"), &plan, None).expect(201);
        let withdraw = |who: &str, path: &str, version: i64| {
            service.sign_in(who).send("DELETE", path, &[("if-match", &format!("\"{version}\""))], None)
        };
        withdraw("leader01", &path, 1).refused(403, "forbidden");
        withdraw("office02", &path, 2).refused(412, "stale-version");
        // Something prepares for it.
        withdraw("office02", &path, 1).refused(422, "invalid-fields");
        withdraw("office02", &format!("/schedules/{schedule}"), 1).expect(204);
        withdraw("office02", &path, 1).expect(204);
        withdraw("office02", &path, 1).expect(204);
        office.get(&path).refused(404, "not-found");
        assert_eq!(office.get("/schedules").expect(200).json["items"], json!([]));
        let records = service.sign_in("discipline01").get("/audit?limit=50").expect(200).json;
        let said: Vec<&str> = records["items"].as_array().unwrap().iter()
            .filter_map(|record| record["detail"].as_str().filter(|detail| detail.starts_with("withdrawn: ")))
            .collect();
        assert_eq!(said, ["withdrawn: 省级文明城市测评 2026-10–2026-11", "withdrawn: 迎检倒排 2026-10-15"]);
    }

    fn milestones_of_issues_on_the_books_are_found_by_their_days(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Hung);
        let milestones = |query: &str| service.sign_in("office01").get(&format!("/milestones{query}")).expect(200).json;
        let told = milestones("");
        assert_eq!((&told["items"][0]["issue_id"], &told["items"][0]["missed"]), (&json!(issue), &json!(false)));
        let due = told["items"][0]["due"].as_str().unwrap().to_owned();
        assert_eq!(milestones(&format!("?from={due}&to={due}"))["items"].as_array().unwrap().len(), 1);
        assert_eq!(milestones(&format!("?to={}", &service.now()[..10]))["items"], json!([]));
        service.pass(DAY * 31);
        assert_eq!(milestones("")["items"][0]["missed"], true, "it stays a fact when the issue comes off the books");
        service.drain_jobs();
        assert_eq!(milestones("")["items"][0]["missed"], true);
        assert!(milestones("")["items"][0]["ended_on"].is_string());
        service.sign_in("office01").get("/milestones?cursor=x").refused(400, "malformed-request");
        service.sign_in("leader01").get("/milestones").refused(403, "forbidden");
    }

    fn needs_are_noted_by_the_unit_or_the_office_and_summed_by_month(db: TestDb) {
        let service = Service::start(db);
        let (sealed, open) = (service.drive_to(State::Sealed), service.drive_to(State::Rectifying));
        let (office, unit) = (service.sign_in("office01"), service.sign_in("unit02"));
        let body = json!({"needs": ["law", "funds"], "note": " 需专项经费 "});
        let path = |issue| format!("/issues/{issue}/needs");
        assert_eq!(unit.put_json(&path(open), &body).expect(200).json, json!({"needs": ["funds", "law"], "note": "需专项经费"}));
        assert_eq!(unit.get(&path(open)).expect(200).json["needs"], json!(["funds", "law"]));
        let told = office.get("/needs").expect(200).json;
        let unit_id = service.unit("U02");
        assert_eq!(told["sums"], json!([
            {"need": "funds", "unit_id": unit_id, "issues": 1}, {"need": "law", "unit_id": unit_id, "issues": 1},
        ]));
        assert_eq!((told["items"].as_array().unwrap().len(), &told["items"][0]["issue_id"]), (2, &json!(open)));
        let page = office.get("/needs?limit=1").expect(200).json;
        let next = office.get(&format!("/needs?limit=1&cursor={}", page["next_cursor"].as_str().unwrap())).expect(200).json;
        assert_eq!((&page["items"][0]["need"], &next["items"][0]["need"]), (&json!("funds"), &json!("law")));
        assert_eq!(next["next_cursor"], Value::Null);
        office.put_json(&path(open), &json!({"needs": []})).expect(200);
        assert_eq!(office.get("/needs").expect(200).json["items"], json!([]));
        let twice = json!({"needs": ["law", "law"], "note": "字".repeat(201)});
        assert_eq!(pointers(&office.put_json(&path(open), &twice).refused(422, "invalid-fields")), ["/needs/1", "/note"]);
        office.get("/needs?month=2026").refused(422, "invalid-fields");
        // Units do not see unreleased issues, and these have no unit yet that could need anything.
        unit.put_json(&path(sealed), &body).expect(404);
        unit.get(&path(sealed)).expect(404);
        service.sign_in("unit01").get(&path(open)).expect(404);
        assert_eq!(pointers(&office.put_json(&path(sealed), &body).refused(422, "invalid-fields")), ["/needs"]);
        service.sign_in("leader01").get(&path(open)).refused(403, "forbidden");
    }

    fn the_burden_is_what_was_asked_of_units_by_their_points(db: TestDb) {
        let service = Service::start(db);
        let unit_id = json!(service.unit("U02"));
        let of_unit = || {
            let told = service.sign_in("office01").get("/burden").expect(200).json;
            (told["units"].as_array().unwrap().iter().find(|unit| unit["unit_id"] == unit_id).unwrap().clone(), told)
        };
        let (before, told) = of_unit();
        assert_eq!((&before["index"], &told["median"]), (&json!("0.00"), &Value::Null));
        // What is found and not yet handed over burdens nobody; two visits to a point do.
        service.drive_to(State::Sealed);
        for _ in 0..2 {
            record(&service.sign_in("inspector01"), &clean_at(&service, "990001-MKT-0001"));
        }
        assert_eq!(of_unit().0["handed"], 0);
        service.drive_to(State::Assigned);
        let (after, told) = of_unit();
        assert_eq!(after["handed"], 1);
        let points = after["points"].as_i64().unwrap();
        assert!(points > 0);
        let index = (200 + points) / (2 * points);
        assert_eq!(after["index"], format!("{}.{:02}", index / 100, index % 100));
        assert_eq!((&told["visits"], &told["most_visited"][0]["visits"]), (&json!(2), &json!(2)));
        assert_eq!(told["most_visited"][0]["point"]["code"], "990001-MKT-0001");
        service.sign_in("leader01").get("/burden").refused(403, "forbidden");
        service.sign_in("office01").get("/burden?month=1").refused(422, "invalid-fields");
    }

    /// Figures by township are those of the lists with the same filters, for each who may read them.
    fn figures_by_area_are_what_the_reader_may_see(db: TestDb) {
        let service = Service::start(db);
        let areas = |name: &str| service.sign_in(name).get("/figures/areas").expect(200).json["areas"].clone();
        service.drive_to(State::Sealed);
        assert_eq!(areas("leader01"), json!([]), "nothing is released");
        assert_eq!(areas("unit02"), json!([]));
        service.drive_to(State::Assigned);
        for name in ["office01", "leader01", "unit02"] {
            for area in areas(name).as_array().unwrap() {
                let code = area["area"].as_str().unwrap();
                let listed = service.sign_in(name).get(&format!("/figures?area={code}")).expect(200).json["all"].clone();
                for (field, value) in listed.as_object().unwrap() {
                    assert_eq!(&area[field], value, "{name} {field}");
                }
            }
        }
    }

    /// What a leader reads of plans is the same whether the county was inspected or not.
    fn nothing_that_leaders_read_of_plans_depends_on_visits(db: TestDb) {
        let service = Service::start(db);
        count_sudden(&service);
        let (assessed, scheduled) = (format!("/assessments/{}", new_id()), format!("/schedules/{}", new_id()));
        put(&service.sign_in("office01"), &assessed, &assessment("2099-01", "2099-02"), None).expect(201);
        let body = json!({"name": "迎检倒排", "end": "2098-12-30", "tasks": [task("a", 2, &[], 0)]});
        put(&service.sign_in("office01"), &scheduled, &body, None).expect(201);
        let told = || ["/assessments", &assessed, "/schedules", &scheduled].map(|path| service.sign_in("leader01").get(path).expect(200).json);
        let before = told();
        let inspector = service.sign_in("inspector01");
        let mut visit = clean(&service);
        fail(&inspector, &mut visit, "WM-07");
        record(&inspector, &visit);
        assert_eq!(told(), before);
        for path in ["/gap-matrix", "/gap-matrix/losses?item_code=WM-07&point_type=MKT", "/point-board", "/milestones", "/needs", "/burden"] {
            for name in ["leader01", "unit02", "inspector01", "discipline01", "admin"] {
                service.sign_in(name).get(path).refused(403, "forbidden");
            }
        }
    }
}
