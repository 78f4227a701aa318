//! Faults that units found themselves 自查自改: what they count for, how that is guarded, and that they tell nothing of
//! what inspectors have seen. And the units' own look-backs.

use anfang::domain::issue::{Action, State};
use anfang::domain::month::Rules;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::backend::TestDb;
use crate::support::month::{checked, decide_and_lock, take, until};
use crate::support::service::{Answer, Client, DAY, HOUR, Service, new_id};
use crate::support::walk::{clean_at, fail, record};

const MARKET: &str = "990001-MKT-0001";
const PRINTED: &str = "WM-02";

fn body(service: &Service, item: &str, photos: &[Uuid]) -> Value {
    json!({"point_id": service.point(MARKET)["id"], "item_code": item, "description": "公益广告破损", "photo_ids": photos})
}

/// What unit02 finds at the market: its id.
fn found(service: &Service, item: &str) -> Uuid {
    let (unit, id) = (service.sign_in("unit02"), new_id());
    let report = body(service, item, &[unit.send_photo()]);
    let told = unit.put_json(&format!("/self-reports/{id}"), &report).expect(201);
    assert_eq!(told.json["state"], "open");
    id
}

fn fix(client: &Client<'_>, id: Uuid) -> Answer {
    let body = json!({"measure": "已更换", "photo_ids": [client.send_photo()]});
    client.put_json(&format!("/self-reports/{id}/fix"), &body)
}

fn decide(client: &Client<'_>, id: Uuid, confirmed: bool) -> Answer {
    let body = json!({"confirmed": confirmed, "reason": if confirmed { "" } else { "照片看不出整改" }});
    client.put_json(&format!("/self-reports/{id}/decision"), &body)
}

fn confirmed(service: &Service, id: Uuid) {
    fix(&service.sign_in("unit02"), id).expect(200);
    assert_eq!(decide(&service.sign_in("office01"), id, true).expect(200).json["state"], "confirmed");
}

fn set(service: &Service) {
    let headers = [("content-type", "application/json")];
    let settings = json!({"sudden_visits": "counted"}).to_string();
    service.sign_in("admin").send("PATCH", "/settings", &headers, Some(settings.as_bytes())).expect(200);
    let rules = Rules { version: 2, sample_points_min: 1, sample_issues_min: 1, ..Rules::default() };
    let rules = json!({"rules": rules, "source": "督查办〔2026〕3号"});
    service.sign_in("office01").put_json("/month-rules/2", &rules).expect(201);
}

/// An inspector's visit of the market at which the item fails; the issue is handed over.
fn inspected(service: &Service) -> Uuid {
    service.pass(HOUR);
    let inspector = service.sign_in("inspector01");
    let mut visit = clean_at(service, MARKET);
    let issue = fail(&inspector, &mut visit, PRINTED);
    record(&inspector, &visit);
    service.steps(issue, &[Action::Approve, Action::Release, Action::SignIn]);
    issue
}

/// What August says of unit02 at its preview, after the red card for the issue was issued.
fn august(service: &Service) -> Value {
    service.pass(DAY * 20);
    service.drain_jobs();
    let office = service.sign_in("office01");
    let cards = office.get("/cards?limit=100").expect(200).json;
    let red = cards["items"].as_array().unwrap().iter().find(|card| card["measure"] == "red").cloned();
    let red = red.unwrap_or_else(|| panic!("no red card: {cards}"));
    let version = format!("\"{}\"", red["version"]);
    let headers = [("content-type", "application/json"), ("if-match", &*version)];
    let path = format!("/cards/{}/actions/issue", red["id"].as_str().unwrap());
    office.send("POST", &path, &headers, Some(json!({"reason": "逾期"}).to_string().as_bytes())).expect(200);
    until(service, "2026-09-01T09:00:00+08:00");
    let office = service.sign_in("office01");
    take(&office, "2026-08", "freeze", &json!({})).expect(200);
    take(&office, "2026-08", "preview", &json!({})).expect(200);
    office.get(&format!("/months/2026-08/units/{}", service.unit("U02"))).expect(200).json
}

fn rulings(card: &Value) -> Vec<&str> {
    card["deductions"].as_array().unwrap().iter().map(|line| line["ruling"].as_str().unwrap()).collect()
}

fn added(card: &Value) -> Value {
    card["bonuses"].as_array().unwrap().iter().find(|line| line["head"] == "self-found").unwrap().clone()
}

on_both! {
    fn what_a_unit_found_first_is_not_charged(db: TestDb) {
        let another = TestDb::create(db.backend()).unwrap();
        let late = TestDb::create(db.backend()).unwrap();
        // Reported, and put right in time, before an inspector came.
        let first = Service::start(db);
        set(&first);
        let own = found(&first, PRINTED);
        inspected(&first);
        confirmed(&first, own);
        let card = august(&first);
        assert_eq!(card["terms"][0]["value"], "100.00", "{card}");
        assert_eq!(rulings(&card), ["self-found"]);
        let bonus = added(&card);
        assert_eq!((&bonus["points"], &bonus["rows"][0]["kind"]), (&json!("0.10"), &json!("self-report")), "{bonus}");
        assert!(bonus["rows"][0]["name"].as_str().unwrap().contains(PRINTED), "{bonus}");
        decide_and_lock(&first, "2026-08");
        assert_eq!(checked(&mut first.database(), "2026-08").faults, Vec::<String>::new());

        // Nobody of the unit had seen it.
        let never = Service::start(another);
        set(&never);
        inspected(&never);
        let card = august(&never);
        assert_ne!(card["terms"][0]["value"], "100.00", "{card}");
        assert_eq!((rulings(&card), &added(&card)["points"]), (vec!["counts"], &json!("0.00")));

        // The unit saw the inspector, and reported it while the visit was not over: what counts is when the visit began.
        let after = Service::start(late);
        set(&after);
        after.pass(HOUR);
        let visit = clean_at(&after, MARKET);
        let own = found(&after, PRINTED);
        let inspector = after.sign_in("inspector01");
        let mut visit = visit;
        let issue = fail(&inspector, &mut visit, PRINTED);
        record(&inspector, &visit);
        after.steps(issue, &[Action::Approve, Action::Release, Action::SignIn]);
        confirmed(&after, own);
        let card = august(&after);
        assert_ne!(card["terms"][0]["value"], "100.00", "{card}");
        assert_eq!(rulings(&card), ["counts"]);
    }

    fn what_the_office_refuses_or_never_saw_put_right_counts_for_nothing(db: TestDb) {
        let service = Service::start(db);
        set(&service);
        let own = found(&service, PRINTED);
        inspected(&service);
        fix(&service.sign_in("unit02"), own).expect(200);
        assert_eq!(decide(&service.sign_in("office01"), own, false).expect(200).json["state"], "refused");
        let card = august(&service);
        assert_ne!(card["terms"][0]["value"], "100.00", "{card}");
        assert_eq!((rulings(&card), &added(&card)["points"]), (vec!["counts"], &json!("0.00")));
    }

    fn a_unit_cannot_report_what_it_knows_twice_or_without_evidence(db: TestDb) {
        let service = Service::start(db);
        let (unit, office) = (service.sign_in("unit02"), service.sign_in("office01"));
        let put = |id: Uuid, body: &Value| unit.put_json(&format!("/self-reports/{id}"), body);
        let refused = |answer: Answer, pointer: &str, code: &str| {
            let told = answer.refused(422, "invalid-fields").json;
            let named = told["errors"].as_array().unwrap().iter().any(|one| one["pointer"] == pointer && one["code"] == code);
            assert!(named, "{pointer} {code}: {told}");
        };
        refused(put(new_id(), &body(&service, PRINTED, &[])), "/photo_ids", "missing");
        refused(put(new_id(), &body(&service, PRINTED, &[new_id()])), "/photo_ids/0", "unknown");
        let anothers = service.sign_in("inspector01").send_photo();
        refused(put(new_id(), &body(&service, PRINTED, &[anothers])), "/photo_ids/0", "unknown");
        refused(put(new_id(), &body(&service, "WM-99", &[unit.send_photo()])), "/item_code", "unknown");
        let (id, picture, photo) = (new_id(), service.picture(), new_id());
        unit.put_photo(photo, &picture).expect(201);
        let report = body(&service, PRINTED, &[photo]);
        let told = put(id, &report).expect(201).json;
        assert_eq!(put(id, &report).expect(200).json, told);
        put(id, &body(&service, "WM-03", &[photo])).refused(409, "id-reused");
        // The same again, and the same picture again, under another id.
        refused(put(new_id(), &body(&service, PRINTED, &[unit.send_photo()])), "/item_code", "duplicate");
        let copy = new_id();
        unit.put_photo(copy, &picture).expect(201);
        refused(put(new_id(), &body(&service, "WM-03", &[copy])), "/photo_ids/0", "not-allowed");
        // What was handed over is no news.
        service.drive_to(State::Rectifying);
        refused(put(new_id(), &body(&service, "WM-07", &[unit.send_photo()])), "/item_code", "not-allowed");

        // Others read and change nothing of it; the office decides once, and only what was put right.
        let path = format!("/self-reports/{id}");
        service.sign_in("unit03").get(&path).refused(404, "not-found");
        fix(&service.sign_in("unit03"), id).refused(404, "not-found");
        decide(&office, id, true).refused(422, "invalid-fields");
        office.put_json(&format!("{path}/decision"), &json!({"confirmed": false})).refused(422, "invalid-fields");
        let fixed = json!({"measure": "已更换", "photo_ids": [unit.send_photo()]});
        let told = unit.put_json(&format!("{path}/fix"), &fixed).expect(200).json;
        assert_eq!(unit.put_json(&format!("{path}/fix"), &fixed).expect(200).json, told);
        fix(&unit, id).refused(422, "invalid-fields");
        decide(&service.sign_in("office02"), id, true).expect(200);
        decide(&service.sign_in("office02"), id, true).expect(200);
        decide(&service.sign_in("office02"), id, false).refused(422, "invalid-fields");
        let seen = unit.get(&path).expect(200).json;
        assert_eq!((&seen["state"], &seen["in_time"], &seen["decided_on"]), (&json!("confirmed"), &json!(true), &json!("2026-08-03")));
        assert!(!seen.to_string().contains(&service.user_id("office02")), "{seen}");
        // Photos: the office and the unit see them, nobody else.
        let view = format!("/photos/{photo}/thumb");
        assert_eq!(["unit02", "office01", "unit03", "inspector01"].map(|who| service.sign_in(who).get(&view).status), [200, 200, 404, 404]);
        let listed = |who: &str, query: &str| {
            service.sign_in(who).get(&format!("/self-reports{query}")).expect(200).json["items"].as_array().unwrap().len()
        };
        assert_eq!([listed("unit02", ""), listed("unit03", ""), listed("office01", "?state=confirmed")], [1, 0, 1]);
        assert_eq!(listed("office01", "?state=open"), 0);
    }

    fn a_unit_has_no_more_open_than_it_can_put_right(db: TestDb) {
        let service = Service::start(db);
        let unit = service.sign_in("unit02");
        let items: Vec<String> = crate::support::walk::items(&service, "MKT");
        let points = ["990001-MKT-0001", "990001-EST-0001", "990001-ROAD-0001", "990001-PARK-0001"];
        let mut sent = 0;
        'all: for code in points {
            let point = service.point(code);
            for item in crate::support::walk::items(&service, point["type"].as_str().unwrap()) {
                let report = json!({"point_id": point["id"], "item_code": item, "photo_ids": [unit.send_photo()]});
                let answer = unit.put_json(&format!("/self-reports/{}", new_id()), &report);
                if sent == 30 {
                    answer.refused(422, "invalid-fields");
                    break 'all;
                }
                answer.expect(201);
                sent += 1;
            }
        }
        assert!(sent == 30 && items.len() < 30, "{sent}");
    }

    fn a_unit_learns_nothing_of_inspectors_by_reporting(db: TestDb) {
        let another = TestDb::create(db.backend()).unwrap();
        let [own, photo, fixed, next] = [(); 4].map(|()| new_id());
        let (with, without) = (Service::start(db), Service::start(another));
        let [found, right, third] = [(); 3].map(|()| with.picture());
        // One inspector reported it before; one visits in the meantime. Nothing of it is handed over.
        with.report_with(MARKET, PRINTED, "medium");
        let told = |service: &Service, is_inspected: bool| -> Vec<Value> {
            let unit = service.sign_in("unit02");
            unit.put_photo(photo, &found).expect(201);
            unit.put_photo(fixed, &right).expect(201);
            let path = format!("/self-reports/{own}");
            let mut told = vec![unit.put_json(&path, &body(service, PRINTED, &[photo])).expect(201).json];
            service.pass(HOUR);
            if is_inspected {
                let inspector = service.sign_in("inspector02");
                let mut visit = clean_at(service, MARKET);
                let issue = fail(&inspector, &mut visit, PRINTED);
                record(&inspector, &visit);
                service.steps(issue, &[Action::Approve]);
            }
            let fix = json!({"measure": "已更换", "photo_ids": [fixed]});
            told.push(unit.put_json(&format!("{path}/fix"), &fix).expect(200).json);
            told.push(decide(&service.sign_in("office01"), own, true).expect(200).json);
            told.extend(["/self-reports", &path, "/own-look-backs"].map(|path| unit.get(path).expect(200).json));
            unit.put_photo(next, &third).expect(201);
            let again = body(service, PRINTED, &[next]);
            told.push(json!(unit.put_json(&format!("/self-reports/{}", new_id()), &again).status));
            told
        };
        let strip = |mut told: Vec<Value>, service: &Service| {
            // Ids of the seed differ between the two.
            let text = json!(std::mem::take(&mut told)).to_string();
            let point = service.point(MARKET)["id"].as_str().unwrap().to_owned();
            text.replace(&point, "market").replace(&service.unit("U02"), "unit")
        };
        let (with_it, without_it) = (told(&with, true), told(&without, false));
        assert_eq!(strip(with_it, &with), strip(without_it, &without));
    }

    fn a_unit_looks_back_at_its_own_fixes(db: TestDb) {
        let service = Service::start(db);
        let closed = service.drive_to(State::Closed);
        let open = service.drive_to(State::Rectifying);
        let unit = service.sign_in("unit02");
        let rows = || unit.get("/own-look-backs").expect(200).json["items"].clone();
        let told = rows();
        assert_eq!((told.as_array().unwrap().len(), &told[0]["issue_id"]), (1, &json!(closed)));
        assert_eq!((&told[0]["looked_on"], &told[0]["closed_on"]), (&Value::Null, &json!("2026-08-03")));
        let held = |client: &Client<'_>, issue: Uuid| client.send("PUT", &format!("/own-look-backs/{issue}"), &[], None);
        service.pass(DAY);
        let unit = service.sign_in("unit02");
        held(&unit, closed).expect(204);
        held(&unit, closed).expect(204);
        held(&unit, open).refused(422, "invalid-fields");
        held(&service.sign_in("unit03"), closed).refused(404, "not-found");
        let sealed = service.drive_to(State::Sealed);
        held(&unit, sealed).refused(404, "not-found");
        assert_eq!(unit.get("/own-look-backs").expect(200).json["items"][0]["looked_on"], "2026-08-04");
        assert_eq!(service.sign_in("unit03").get("/own-look-backs").expect(200).json["items"], json!([]));

        // It has come back: reported as such, for this issue alone.
        service.steps(open, &[Action::ReportFix, Action::Pass]);
        let id = new_id();
        let mut report = body(&service, "WM-07", &[unit.send_photo()]);
        report["relapse_of"] = json!(sealed);
        unit.put_json(&format!("/self-reports/{id}"), &report).refused(422, "invalid-fields");
        report["relapse_of"] = json!(closed);
        unit.put_json(&format!("/self-reports/{id}"), &report).expect(201);
        let told = unit.get("/own-look-backs?limit=200").expect(200).json["items"].clone();
        let row = told.as_array().unwrap().iter().find(|row| row["issue_id"] == json!(closed)).unwrap().clone();
        assert_eq!(row["self_report_id"], json!(id));
        // Ninety days later it is no relapse any more.
        service.pass(DAY * 91);
        assert_eq!(service.sign_in("unit02").get("/own-look-backs").expect(200).json["items"], json!([]));
        held(&service.sign_in("unit02"), closed).refused(422, "invalid-fields");
    }
}
