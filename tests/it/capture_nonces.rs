//! Numbers that phones are given ahead, and where inspectors were on visits: doubts for the office, never refusals.

use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cast;
use crate::support::service::{Answer, Client, DAY, HOUR, Service, at_once, count, new_id};
use crate::support::walk;

fn supply(client: &Client<'_>, id: Uuid) -> Answer {
    client.send("PUT", &format!("/capture-nonces/{id}"), &[], None)
}

fn nonces(answer: &Answer) -> Vec<Value> {
    answer.json["nonces"].as_array().unwrap().clone()
}

/// The doubts about a visit, as the office reads them.
fn doubts(service: &Service, visit: Uuid) -> Vec<(String, String)> {
    let told = service.sign_in("office01").get(&format!("/visits/{visit}")).expect(200).json;
    let word = |doubt: &Value, field: &str| doubt[field].as_str().unwrap().to_owned();
    told["doubts"].as_array().unwrap().iter().map(|doubt| (word(doubt, "code"), word(doubt, "detail"))).collect()
}

fn doubt(code: &str, detail: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), detail.to_owned())]
}

/// A visit of the market with its position moved to the north.
fn moved(service: &Service, degrees: f64) -> Value {
    let mut visit = walk::clean(service);
    visit["location"]["lat"] = json!(visit["location"]["lat"].as_f64().unwrap() + degrees);
    visit
}

on_both! {
    fn a_phone_is_given_a_few_numbers_and_each_is_used_once(db: TestDb) {
        let service = Service::start(db);
        let (inspector, id) = (service.sign_in("inspector01"), new_id());
        let first = supply(&inspector, id).expect(201);
        assert_eq!(nonces(&first).len(), 32);
        assert_eq!(first.json["valid_until"], json!(service.app.now().plus(DAY)));
        // The answer was lost: the same again. Nobody else's phone has it.
        assert_eq!(supply(&inspector, id).expect(200).json, first.json);
        supply(&service.sign_in("inspector02"), id).refused(409, "id-reused");
        supply(&inspector, "0198a4b2-7c1e-7d3f-8a5b-1c2d3e4f5a6b".parse().unwrap()).refused(422, "invalid-fields");
        for person in cast::everybody().filter(|person| person.role != anfang::domain::role::Role::Inspector) {
            supply(&service.sign_in(person.username), new_id()).refused(403, "forbidden");
        }
        // A report and a visit use one each; what is sent again uses nothing.
        let (issue, visit) = (new_id(), new_id());
        let mut report = service.report_body(&[inspector.send_photo(), inspector.send_photo()]);
        report["capture_nonce"] = nonces(&first)[0].clone();
        inspector.put_json(&format!("/issues/{issue}"), &report).expect(201);
        inspector.put_json(&format!("/issues/{issue}"), &report).expect(200);
        let mut body = walk::clean(&service);
        body["capture_nonce"] = nonces(&first)[1].clone();
        body["began_at"] = json!(service.now());
        inspector.put_json(&format!("/visits/{visit}"), &body).expect(201);
        inspector.put_json(&format!("/visits/{visit}"), &body).expect(200);
        assert_eq!(doubts(&service, visit), []);
        let read = service.sign_in("office01").read(issue).json;
        assert!(!read["flag_codes"].to_string().contains("nonce"), "{read}");
        let left = supply(&inspector, id).expect(200);
        assert_eq!(nonces(&left), nonces(&first)[2..]);
        // Who asks and asks is given none any more, until those that are there are too old.
        let given: Vec<usize> = (0..8).map(|_| nonces(&supply(&inspector, new_id()).expect(201)).len()).collect();
        assert_eq!(given, [32, 32, 32, 32, 32, 32, 32, 2]);
        assert_eq!(nonces(&supply(&inspector, new_id()).expect(201)), Vec::<Value>::new());
        assert_eq!(nonces(&supply(&service.sign_in("inspector02"), new_id()).expect(201)).len(), 32);
        service.pass(DAY);
        assert_eq!(nonces(&supply(&service.sign_in("inspector01"), new_id()).expect(201)).len(), 32);
    }

    fn a_phone_is_told_that_numbers_are_expected(db: TestDb) {
        let service = Service::start(db);
        let told = |username: &str| service.sign_in(username).get("/reference").expect(200).json["capture_nonces"].clone();
        for person in cast::everybody() {
            assert_eq!(told(person.username), Value::Null, "{}", person.username);
        }
        let headers = [("content-type", "application/json")];
        let expected = json!({"capture_nonces": "expected"}).to_string();
        service.sign_in("admin").send("PATCH", "/settings", &headers, Some(expected.as_bytes())).expect(200);
        for person in cast::everybody() {
            let is_inspector = person.role == anfang::domain::role::Role::Inspector;
            let expected = if is_inspector { json!(true) } else { Value::Null };
            assert_eq!(told(person.username), expected, "{}", person.username);
        }
    }

    fn what_is_wrong_with_a_number_is_the_offices_to_weigh(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let given = nonces(&supply(&inspector, new_id()).expect(201));
        let visit = |nonce: &Value| {
            let mut body = walk::clean(&service);
            body["capture_nonce"] = nonce.clone();
            body["began_at"] = json!(service.now());
            walk::record(&service.sign_in("inspector01"), &body)
        };
        assert_eq!(doubts(&service, visit(&given[0])), []);
        let reused = visit(&given[0]);
        assert_eq!(doubts(&service, reused), doubt("nonce-reused", ""));
        assert_eq!(doubts(&service, visit(&json!(new_id()))), doubt("nonce-unknown", ""));
        service.pass(DAY + HOUR);
        assert_eq!(doubts(&service, visit(&given[1])), doubt("nonce-outdated", "25 h > 24 h"));
        // In the list by its kind; the inspector is told nothing of it.
        let office = service.sign_in("office01");
        let listed = office.get("/visits").expect(200).json;
        assert_eq!(listed["items"][0]["doubt_codes"], json!(["nonce-outdated"]));
        let own = service.sign_in("inspector01").get(&format!("/visits/{reused}")).expect(200).json;
        assert_eq!(own.get("doubts"), None);
        // Of two records that name one number at once, one is doubted, and both are kept.
        let nonce = given[2].clone();
        let mut bodies = [walk::clean(&service), walk::clean(&service)];
        for body in &mut bodies {
            (body["capture_nonce"], body["began_at"]) = (nonce.clone(), json!(service.now()));
        }
        let ids = [new_id(), new_id()];
        service.sign_in("inspector01").get("/me").expect(200);
        let answers = at_once(2, |at| service.sign_in("inspector01").put_json(&format!("/visits/{}", ids[at]), &bodies[at]));
        assert_eq!(count(&answers, 201), 2, "{answers:?}");
        let told: Vec<_> = ids.iter().flat_map(|id| doubts(&service, *id)).map(|(code, _)| code).collect();
        assert_eq!(told.iter().filter(|code| *code == "nonce-reused").count(), 1, "{told:?}");
    }

    /// 27.8 km in ten minutes are 167 km/h. A visit that found nothing tells where its inspector was.
    fn nobody_is_at_two_places_on_two_visits(db: TestDb) {
        let service = Service::start(db);
        let minutes = |count: u64| Duration::from_secs(count * 60);
        let inspector = || service.sign_in("inspector01");
        let first = walk::record(&inspector(), &moved(&service, 0.0));
        assert_eq!(doubts(&service, first), []);
        // The next one began ten minutes after the end of the first, far away.
        service.pass(minutes(40));
        let mut second = moved(&service, 0.25);
        let sound = {
            let mut body = moved(&service, 0.0);
            body["began_at"] = json!(service.app.now().minus(minutes(30)));
            walk::record(&service.sign_in("inspector02"), &body)
        };
        assert_eq!(doubts(&service, sound), []);
        second["began_at"] = json!(service.app.now().minus(minutes(30)));
        let second = walk::record(&inspector(), &second);
        let told = doubts(&service, second);
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].0, "impossible-travel");
        assert!(told[0].1.ends_with(" m, 600 s") && told[0].1.starts_with("167 km/h: 277"), "{}", told[0].1);
        // So does a finding: this one is where the first visit was, a minute after the second.
        service.pass(minutes(1));
        let issue = service.report_with_photos();
        let read = service.sign_in("office01").read(issue).json;
        let flag = read["flags"].as_array().unwrap().iter().find(|flag| flag["code"] == "impossible-travel").cloned();
        assert!(flag.unwrap()["detail"].as_str().unwrap().contains("60 s"), "{read}");
        // And a visit is compared with findings: an hour later nobody is surprised.
        service.pass(HOUR);
        assert_eq!(doubts(&service, walk::record(&inspector(), &moved(&service, 0.0))), []);
        let mut third = moved(&service, 0.25);
        third["began_at"] = third["ended_at"].clone();
        assert_eq!(doubts(&service, walk::record(&inspector(), &third))[0].0, "impossible-travel");
        // A visit without a position tells nothing.
        let mut nowhere = moved(&service, 0.0);
        nowhere["location"] = Value::Null;
        assert_eq!(doubts(&service, walk::record(&inspector(), &nowhere)), []);
    }
}
