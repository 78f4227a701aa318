//! Complaints and suggestions: who receives them, what each reader sees, and that none is stored twice.

use std::time::Duration;

use anfang::domain::policy::Permission;
use anfang::domain::role::Role;
use serde_json::{Value, json};

use crate::support::cast::{self, Person};
use crate::support::service::{Answer, Client, Service, at_once, count, new_id};

fn body(kind: &str, named: bool) -> Value {
    json!({"kind": kind, "body": "交办的时限太短", "named": named})
}

fn file(client: &Client<'_>, kind: &str, named: bool) -> String {
    let id = new_id().to_string();
    client.put_json(&format!("/complaints/{id}"), &body(kind, named)).expect(201);
    id
}

fn answer(client: &Client<'_>, id: &str, text: &str) -> Answer {
    client.put_json(&format!("/complaints/{id}/answer"), &json!({"answer": text}))
}

fn ids(list: &Value) -> Vec<String> {
    list["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()).collect()
}

on_both! {
    fn the_id_of_a_complaint_tells_no_time(db: TestDb) {
        let service = Service::start(db);
        let unit = service.sign_in("unit01");
        let path = "/complaints/c232ab00-9414-11ec-b3c8-9f6bdeced846";
        let refused = unit.put_json(path, &body("work", false)).refused(422, "invalid-fields");
        assert_eq!(refused.json["errors"][0]["pointer"], "/id");
    }

    fn a_complaint_reaches_the_office_and_its_answer_the_author(db: TestDb) {
        let service = Service::start(db);
        let (unit, office) = (service.sign_in("unit01"), service.sign_in("office01"));
        let id = file(&unit, "work", false);
        assert_eq!(unit.get("/complaints/own").expect(200).json["items"][0]["answer"], Value::Null);
        assert_eq!(ids(&office.get("/complaints?answered=false").expect(200).json), std::slice::from_ref(&id));
        let answered = answer(&office, &id, "已研究，下月起调整").expect(200).json;
        assert_eq!(answered["answer"], "已研究，下月起调整");
        let own = unit.get("/complaints/own").expect(200).json["items"][0].clone();
        assert_eq!((&own["answer"], &own["id"]), (&json!("已研究，下月起调整"), &json!(id)));
        assert!(own.get("answered_by").is_none(), "{own}");
        assert!(ids(&office.get("/complaints?answered=false").expect(200).json).is_empty());
        assert_eq!(ids(&office.get("/complaints?answered=true").expect(200).json), [id]);
    }

    fn complaints_are_counted_for_those_they_are_addressed_to(db: TestDb) {
        let service = Service::start(db);
        let unit = service.sign_in("unit01");
        let counts = |name: &str| service.sign_in(name).get("/complaints/counts").expect(200).json;
        assert_eq!(counts("office01"), json!({"open": 0, "answered": 0, "total": 0}));
        let first = file(&unit, "work", false);
        file(&unit, "suggestion", true);
        file(&unit, "conduct", false);
        answer(&service.sign_in("office01"), &first, "已研究").expect(200);
        // What is about a person goes to discipline inspection alone, and does not show in a number either.
        assert_eq!(counts("office01"), json!({"open": 1, "answered": 1, "total": 2}));
        assert_eq!(counts("discipline01"), json!({"open": 2, "answered": 1, "total": 3}));
        unit.get("/complaints/counts").refused(403, "forbidden");
    }

    fn everybody_may_complain_and_reads_only_their_own(db: TestDb) {
        let service = Service::start(db);
        let file_one = |person: Person| file(&service.sign_in(person.username), "service", true);
        let filed: Vec<String> = cast::one_of_each().map(file_one).collect();
        for (person, id) in cast::one_of_each().zip(&filed) {
            let client = service.sign_in(person.username);
            assert_eq!(ids(&client.get("/complaints/own").expect(200).json), std::slice::from_ref(id), "{person:?}");
            if person.may(Permission::ReadComplaints) {
                assert_eq!(ids(&client.get("/complaints").expect(200).json).len(), Role::COUNT, "{person:?}");
            } else {
                client.get("/complaints").refused(403, "forbidden");
                answer(&client, &filed[0], "不").refused(403, "forbidden");
            }
        }
    }

    fn whoever_did_not_want_to_be_named_is_not(db: TestDb) {
        let service = Service::start(db);
        let unit = service.sign_in("unit01");
        let (hidden, shown) = (file(&unit, "work", false), file(&unit, "work", true));
        let (author, username) = (service.user_id("unit01"), "unit01");
        for reader in ["office01", "discipline01"] {
            let list = service.sign_in(reader).get("/complaints").expect(200).json;
            for item in list["items"].as_array().unwrap() {
                match item["id"].as_str().unwrap() {
                    id if id == hidden => {
                        let text = item.to_string();
                        assert_eq!(item["author"], Value::Null);
                        assert!(!text.contains(&author) && !text.contains(username), "{text}");
                    }
                    id => {
                        assert_eq!(id, shown);
                        assert_eq!(item["author"]["role"], "unit");
                        assert_eq!(item["author"]["unit_id"], service.unit("U01"));
                    }
                }
            }
        }
        let audit = service.sign_in("discipline01").get("/audit?limit=200").expect(200).json;
        let told = audit["items"].as_array().unwrap().iter().any(|row| row.to_string().contains("complaint"));
        assert!(!told, "filing a complaint stands in no audit record");
    }

    fn what_is_about_persons_reaches_discipline_alone(db: TestDb) {
        let service = Service::start(db);
        let id = file(&service.sign_in("inspector01"), "conduct", true);
        let (office, discipline) = (service.sign_in("office01"), service.sign_in("discipline01"));
        assert!(ids(&office.get("/complaints").expect(200).json).is_empty());
        office.get(&format!("/complaints?cursor={id}")).refused(400, "malformed-request");
        answer(&office, &id, "没有的事").refused(404, "not-found");
        assert_eq!(ids(&discipline.get("/complaints").expect(200).json), std::slice::from_ref(&id));
        answer(&discipline, &id, "已核实").expect(200);
        let audit = discipline.get("/audit?action=complaint-answered").expect(200).json;
        assert_eq!(audit["items"][0]["target"], format!("complaint:{id}"));
    }

    fn the_same_again_changes_nothing_and_another_is_refused(db: TestDb) {
        let service = Service::start(db);
        let (unit, other) = (service.sign_in("unit01"), service.sign_in("unit02"));
        let path = format!("/complaints/{}", new_id());
        let answers = at_once(4, |_| unit.put_json(&path, &body("work", true)));
        assert_eq!((count(&answers, 201), count(&answers, 200)), (1, 3));
        unit.put_json(&path, &body("work", false)).refused(409, "id-reused");
        other.put_json(&path, &body("work", true)).refused(409, "id-reused");
        let id = path.rsplit('/').next().unwrap();
        let (office, second) = (service.sign_in("office01"), service.sign_in("office02"));
        answer(&office, id, "好").expect(200);
        answer(&office, id, "好").expect(200);
        answer(&office, id, "不好").refused(409, "already-answered");
        answer(&second, id, "好").refused(409, "already-answered");
        unit.put_json(&path, &body("work", true)).expect(200);
    }

    fn nothing_too_long_or_empty_is_taken_and_nobody_floods(db: TestDb) {
        let service = Service::start(db);
        let unit = service.sign_in("unit01");
        for text in ["", "  \n ", &"长".repeat(2_001)] {
            let body = json!({"kind": "work", "body": text, "named": false});
            unit.put_json(&format!("/complaints/{}", new_id()), &body).refused(422, "invalid-fields");
        }
        for _ in 0..20 {
            file(&unit, "suggestion", false);
        }
        let refused = unit.put_json(&format!("/complaints/{}", new_id()), &body("work", false));
        let wait: u64 = refused.refused(429, "too-many-requests").header("retry-after").parse().unwrap();
        assert!(wait <= 24 * 3600, "{wait}");
        file(&service.sign_in("unit02"), "work", false);
        service.pass(Duration::from_secs(24 * 3600 + 60));
        file(&service.sign_in("unit01"), "work", false);
    }

    fn pages_end_where_the_next_begins(db: TestDb) {
        let service = Service::start(db);
        let unit = service.sign_in("unit01");
        let mut filed: Vec<String> = (0..7).map(|_| file(&unit, "suggestion", false)).collect();
        let office = service.sign_in("office01");
        let (mut seen, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = office.get(&format!("/complaints?limit=3{cursor}")).expect(200).json;
            seen.extend(ids(&page));
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        seen.sort();
        filed.sort();
        assert_eq!(seen, filed);
    }
}
