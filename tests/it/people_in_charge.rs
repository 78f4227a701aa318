//! Who answers for a unit, and which county leaders are paired with what: by day, and history stays as it was.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::service::{Answer, Client, DAY, Service, new_id};

fn put(client: &Client<'_>, unit: &str, duty: &str, from: &str, person: &str) -> Answer {
    client.put_json(&format!("/units/{unit}/people/{duty}/{from}"), &json!({"person": person, "phone": "0827-1234567"}))
}

fn current(client: &Client<'_>, unit: &str) -> Vec<(String, String)> {
    let all = client.get(&format!("/units/{unit}/people")).expect(200).json;
    let all = all["items"].as_array().unwrap().clone();
    let word = |one: &Value, field: &str| one[field].as_str().unwrap().to_owned();
    let now = all.iter().filter(|one| one["current"] == true);
    now.map(|one| (word(one, "duty"), word(one, "person"))).collect()
}

fn is(duty: &str, person: &str) -> (String, String) {
    (duty.to_owned(), person.to_owned())
}

fn pointers(answer: &Answer) -> Vec<&str> {
    answer.json["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect()
}

fn pair(client: &Client<'_>, id: Uuid, body: &Value) -> Answer {
    client.put_json(&format!("/pairings/{id}"), body)
}

on_both! {
    fn a_unit_has_a_principal_a_vice_head_and_a_liaison_at_a_time(db: TestDb) {
        let service = Service::start(db);
        let (office, unit) = (service.sign_in("office01"), service.unit("U02"));
        assert_eq!(current(&office, &unit), []);
        // Who is there already has been since some day; from then on nothing is put before it.
        put(&office, &unit, "principal", "2024-03-01", "甲").expect(201);
        put(&office, &unit, "principal", "2024-03-01", "甲").expect(200);
        assert_eq!(pointers(&put(&office, &unit, "principal", "2025-03-01", "乙").refused(422, "invalid-fields")), ["/from"]);
        assert_eq!(pointers(&put(&office, &unit, "principal", "2024-03-01", "乙").refused(422, "invalid-fields")), ["/from"]);
        put(&office, &unit, "vice-head", "2026-08-03", "丙").expect(201);
        put(&office, &unit, "liaison", "2026-08-03", "丁").expect(201);
        put(&office, &unit, "principal", "2026-08-05", "乙").expect(201);
        put(&office, &unit, "liaison", "2026-08-05", "").expect(201);
        assert_eq!(current(&office, &unit), [is("liaison", "丁"), is("principal", "甲"), is("vice-head", "丙")]);
        // The unit reads of itself, leaders of all; another unit and those who inspect do not.
        assert_eq!(current(&service.sign_in("unit02"), &unit).len(), 3);
        assert_eq!(current(&service.sign_in("leader01"), &unit).len(), 3);
        let path = format!("/units/{unit}/people");
        service.sign_in("unit03").get(&path).refused(404, "not-found");
        service.sign_in("inspector01").get(&path).refused(403, "forbidden");
        office.get(&format!("/units/{}/people", new_id())).refused(404, "not-found");
        put(&service.sign_in("unit02"), &unit, "liaison", "2026-08-06", "戊").refused(403, "forbidden");
        put(&office, &unit, "nothing", "2026-08-06", "戊").refused(404, "not-found");
        put(&office, &unit, "liaison", "2026-8-6", "戊").refused(404, "not-found");
        let wrong = json!({"person": "甲".repeat(41), "phone": "电话"});
        let refused = office.put_json(&format!("/units/{unit}/people/liaison/2026-08-06"), &wrong);
        assert_eq!(pointers(&refused.refused(422, "invalid-fields")), ["/person", "/phone"]);
        service.pass(DAY * 2);
        assert_eq!(current(&service.sign_in("office01"), &unit), [is("principal", "乙"), is("vice-head", "丙")]);
        let noted = service.sign_in("discipline01").get("/audit?limit=200").expect(200).json;
        let noted = noted["items"].as_array().unwrap().iter().filter(|entry| entry["target"] == format!("unit:{unit}") && entry["outcome"] == "done");
        assert_eq!(noted.count(), 5);
    }

    fn the_office_sees_who_answers_for_each_unit_and_who_can_be_paired(db: TestDb) {
        let service = Service::start(db);
        let (office, unit, other) = (service.sign_in("office01"), service.unit("U02"), service.unit("U03"));
        assert_eq!(office.get("/unit-people").expect(200).json["items"], json!([]));
        put(&office, &unit, "principal", "2024-03-01", "甲").expect(201);
        put(&office, &unit, "principal", "2026-08-03", "乙").expect(201);
        put(&office, &unit, "principal", "2026-08-09", "").expect(201);
        put(&office, &other, "liaison", "2026-08-05", "丙").expect(201);
        // Who was is left out, who is going to be is not; that nobody will be is known, too.
        let listed = office.get("/unit-people").expect(200).json["items"].as_array().unwrap().clone();
        let row = |one: &Value| json!([one["unit_id"], one["duty"], one["from"], one["person"], one["current"]]);
        let mut listed: Vec<Value> = listed.iter().map(row).collect();
        listed.sort_by_key(|row| row[2].as_str().unwrap().to_owned());
        assert_eq!(listed, [
            json!([unit, "principal", "2026-08-03", "乙", true]),
            json!([other, "liaison", "2026-08-05", "丙", false]),
            json!([unit, "principal", "2026-08-09", "", false]),
        ]);
        let leaders = office.get("/leaders").expect(200).json["items"].clone();
        assert_eq!(leaders[0]["id"], json!(service.user_id("leader01")));
        assert_eq!(leaders[0]["active"], true);
        assert_eq!(leaders.as_array().unwrap().len(), 1);
        for username in ["unit02", "leader01", "inspector01", "taskforce01", "admin", "discipline01"] {
            service.sign_in(username).get("/unit-people").refused(403, "forbidden");
            service.sign_in(username).get("/leaders").refused(403, "forbidden");
        }
    }

    fn a_leader_reads_the_own_pairings(db: TestDb) {
        let service = Service::start(db);
        let (office, leader, id) = (service.sign_in("office01"), service.user_id("leader01"), new_id());
        let body = json!({"leader_id": leader, "unit_id": service.unit("U02"), "from": "2026-07-01"});
        assert_eq!(pair(&office, id, &body).expect(201).json["to"], Value::Null);
        pair(&office, id, &body).expect(200);
        let market = service.point("990001-MKT-0001")["id"].clone();
        let later = json!({"leader_id": leader, "point_id": market, "from": "2026-08-10", "to": "2026-08-20"});
        let second = new_id();
        pair(&office, second, &later).expect(201);
        // Twice with the same at a time, with both or neither, with nobody who is a leader.
        assert_eq!(pointers(&pair(&office, new_id(), &body).refused(422, "invalid-fields")), ["/from"]);
        let both = json!({"leader_id": leader, "unit_id": service.unit("U02"), "point_id": market, "from": "2026-08-10"});
        for wrong in [both, json!({"leader_id": leader, "from": "2026-08-10"})] {
            assert_eq!(pointers(&pair(&office, new_id(), &wrong).refused(422, "invalid-fields")), ["/unit_id"]);
        }
        let wrong = json!({"leader_id": service.user_id("office02"), "point_id": new_id(), "from": "2026-08-10"});
        assert_eq!(pointers(&pair(&office, new_id(), &wrong).refused(422, "invalid-fields")), ["/leader_id", "/point_id"]);
        let wrong = json!({"leader_id": leader, "unit_id": service.unit("U03"), "from": "2026-08-10", "to": "2026-08-09"});
        assert_eq!(pointers(&pair(&office, new_id(), &wrong).refused(422, "invalid-fields")), ["/to"]);
        // Of what has begun only the end changes; what has not begun goes.
        let mut other = body.clone();
        other["unit_id"] = json!(service.unit("U03"));
        assert_eq!(pointers(&pair(&office, id, &other).refused(422, "invalid-fields")), ["/from"]);
        office.delete(&format!("/pairings/{id}")).refused(422, "invalid-fields");
        let mut ended = body.clone();
        ended["to"] = json!("2026-07-31");
        assert_eq!(pointers(&pair(&office, id, &ended).refused(422, "invalid-fields")), ["/to"]);
        ended["to"] = json!("2026-08-31");
        assert_eq!(pair(&office, id, &ended).expect(200).json["to"], "2026-08-31");
        let listed = |username: &str| service.sign_in(username).get("/pairings").expect(200).json["items"].as_array().unwrap().len();
        assert_eq!((listed("office02"), listed("leader01")), (2, 2));
        office.delete(&format!("/pairings/{second}")).expect(204);
        office.delete(&format!("/pairings/{second}")).expect(204);
        assert_eq!(listed("leader01"), 1);
        // Another leader reads nothing of it; units and inspectors read none.
        let admin = service.sign_in("admin");
        let made = admin.post_json("/users", &json!({"username": "leader02", "display_name": "县领导02", "role": "leader"})).expect(201).json;
        let token = service.try_sign_in("leader02", made["password"].as_str().unwrap()).expect(201).json["token"].clone();
        let bearer = format!("Bearer {}", token.as_str().unwrap());
        service.anybody().send("GET", "/pairings", &[("authorization", &*bearer)], None).refused(403, "password-change-required");
        for username in ["unit02", "inspector01", "taskforce01", "admin", "discipline01"] {
            service.sign_in(username).get("/pairings").refused(403, "forbidden");
            pair(&service.sign_in(username), new_id(), &body).refused(403, "forbidden");
        }
    }
}
