//! Looking again at what was closed: a look-back that cannot judge, and evidence that turns out to be false.

use anfang::domain::issue::{Action, State};
use anfang::domain::month::Rules;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::month::{checked, decide_and_lock, take, until};
use crate::support::service::{Client, DAY, Service};

fn card_of(service: &Service, measure: &str) -> Option<Value> {
    let cards = service.sign_in("office01").get("/cards?limit=100").expect(200).json;
    cards["items"].as_array().unwrap().iter().find(|card| card["measure"] == measure).cloned()
}

fn issue_card(service: &Service, card: &Value) {
    let version = format!("\"{}\"", card["version"]);
    let headers = [("content-type", "application/json"), ("if-match", &*version)];
    let path = format!("/cards/{}/actions/issue", card["id"].as_str().unwrap());
    let body = json!({"reason": "经查实"}).to_string();
    service.sign_in("office02").send("POST", &path, &headers, Some(body.as_bytes())).expect(200);
}

/// What August says of unit02 at its preview.
fn august(service: &Service) -> Value {
    until(service, "2026-09-01T09:00:00+08:00");
    let office = service.sign_in("office01");
    let rules = Rules { version: 2, sample_points_min: 1, sample_issues_min: 1, ..Rules::default() };
    office.put_json("/month-rules/2", &json!({"rules": rules, "source": "督查办〔2026〕3号"})).expect(201);
    take(&office, "2026-08", "freeze", &json!({})).expect(200);
    take(&office, "2026-08", "preview", &json!({})).expect(200);
    office.get(&format!("/months/2026-08/units/{}", service.unit("U02"))).expect(200).json
}

fn figure<'a>(card: &'a Value, metric: &str) -> &'a Value {
    card["figures"].as_array().unwrap().iter().find(|figure| figure["metric"] == metric).unwrap()
}

fn confirm(client: &Client<'_>, issue: Uuid) {
    let version = client.read(issue).version();
    let body = json!({"reason": "现场未整改，照片拍自其他地点"});
    client.act(issue, "confirm-false-evidence", version, &body).expect(200).in_state("rework");
}

on_both! {
    fn a_look_back_that_cannot_judge_counts_neither_way_and_may_be_drawn_again(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Closed);
        service.pass(DAY * 7);
        let sample = service.sign_in("office01").post_json("/look-back-samples", &json!({"month": "2026-08"})).expect(201).json;
        let path = format!("/look-back-samples/{}", sample["id"].as_str().unwrap());
        for _ in 0..21 {
            service.pass(DAY);
            service.drain_jobs();
        }
        let row = || service.sign_in("office01").get(&path).expect(200).json["rows"][0].clone();
        assert_eq!((&row()["state"], &row()["result"]), (&json!("given"), &Value::Null));
        let given = service.sign_in("office01").read(issue).json["look_back_inspector"]["id"].clone();
        let inspector = ["inspector02", "inspector03"].into_iter().find(|name| json!(service.user_id(name)) == given).unwrap();
        // It needs a reason, and no photo.
        let client = service.sign_in(inspector);
        let version = client.read(issue).version();
        client.act(issue, "cannot-judge", version, &json!({"reason": " "})).refused(422, "invalid-fields");
        service.step(issue, inspector, Action::CannotJudge, &json!({"reason": "市场停业，大门锁闭"}));
        assert_eq!(row()["result"], "cannot-judge");
        // The unit learns nothing of it.
        let unit = service.sign_in("unit02");
        assert!(unit.events(issue).iter().all(|event| event["action"] != "cannot-judge"));
        // Given again, it is judged; the sample says what was found when it looked.
        let other = if inspector == "inspector02" { "inspector03" } else { "inspector02" };
        let again = json!({"inspector_id": service.user_id(other)});
        service.step(issue, "office01", Action::AssignLookBack, &again);
        service.step(issue, other, Action::CannotJudge, &json!({"reason": "施工围挡"}));
        assert_eq!(row()["result"], "cannot-judge");
        let card = august(&service);
        let rebound = figure(&card, "rebound");
        assert_eq!((&rebound["whole"], &rebound["percent"]), (&json!("0"), &Value::Null), "{rebound}");
        assert_eq!(card["terms"][2]["value"], Value::Null);
        // It is still among those that are drawn from.
        let next = service.sign_in("office01").post_json("/look-back-samples", &json!({"month": "2026-09"})).expect(201).json;
        assert_eq!(next["population"], json!(1));
    }

    fn confirmed_false_evidence_opens_the_issue_again_and_leads_to_a_red_card(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Closed);
        service.drain_jobs();
        assert_eq!(card_of(&service, "red"), None);
        service.pass(DAY);
        let unit = service.sign_in("unit02");
        let version = unit.read(issue).version();
        unit.act(issue, "confirm-false-evidence", version, &json!({"reason": "假的"})).refused(403, "forbidden");
        confirm(&service.sign_in("office01"), issue);
        let seen = unit.read(issue).json;
        assert_eq!((&seen["round"], &seen["closed_on"], &seen["on_time"]), (&json!(2), &Value::Null, &Value::Null), "{seen}");
        let told = unit.events(issue);
        let last = told.last().unwrap();
        assert_eq!((&last["action"], &last["reason"]), (&json!("confirm-false-evidence"), &json!("现场未整改，照片拍自其他地点")));
        // A person issues what the rules propose: once, and for nothing else.
        service.drain_jobs();
        let red = card_of(&service, "red").unwrap();
        assert_eq!((&red["trigger"], &red["state"]), (&json!("false-evidence"), &json!("proposed")));
        assert_eq!(card_of(&service, "yellow"), None);
        assert_eq!(service.sign_in("unit02").get("/cards").expect(200).json["items"], json!([]));
        issue_card(&service, &red);
        service.steps(issue, &[Action::ReportFix, Action::Pass]);
        service.drain_jobs();
        let card = august(&service);
        let lines: Vec<(&str, &str, &str)> = card["deductions"].as_array().unwrap().iter()
            .map(|line| ["head", "ruling", "counted"].map(|field| line[field].as_str().unwrap()))
            .map(|[head, ruling, counted]| (head, ruling, counted))
            .collect();
        assert_eq!(lines, [("red-card", "heavier", "0.00"), ("false-evidence", "counts", "5.00")], "{card}");
        assert_eq!(figure(&card, "rework")["part"], "1");
        decide_and_lock(&service, "2026-08");
        assert_eq!(checked(&mut service.database(), "2026-08").faults, Vec::<String>::new());
    }

    /// A closing that counted in a locked month stays there when the issue is opened again in the next.
    fn what_is_opened_again_later_changes_no_locked_month(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Closed);
        service.drive_to(State::Rectifying);
        august(&service);
        decide_and_lock(&service, "2026-08");
        confirm(&service.sign_in("office01"), issue);
        service.drain_jobs();
        assert_eq!(checked(&mut service.database(), "2026-08").faults, Vec::<String>::new());
    }
}
