//! Places that are not on the list of points: reported by name and position, settled by the office, and shown to nobody
//! else before something there was released.

use anfang::domain::issue::{Action, State};
use anfang::domain::time::Clock as _;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::service::{DAY, Service, at_once, count, new_id};

/// A place some metres north of the point `990001-MKT-0001`.
fn place_near(service: &Service, name: &str, metres: f64) -> Value {
    let point = service.point("990001-MKT-0001");
    let lat = point["location"]["lat"].as_f64().unwrap() + metres / 111_195.0;
    json!({"name": name, "location": {"lat": lat, "lon": point["location"]["lon"]}, "address": "旧码头东侧"})
}

fn body_at(service: &Service, place: &Value, photos: &[Uuid]) -> Value {
    let mut body = service.report_body(photos);
    body.as_object_mut().unwrap().remove("point_id");
    body["place"] = place.clone();
    body["location"] = place["location"].clone();
    body
}

/// A whole report of something at this place, by inspector01.
fn report_at(service: &Service, place: &Value) -> Uuid {
    let (inspector, issue) = (service.sign_in("inspector01"), new_id());
    let body = body_at(service, place, &[inspector.send_photo(), inspector.send_photo()]);
    inspector.put_json(&format!("/issues/{issue}"), &body).expect(201).in_state("submitted");
    issue
}

fn waiting(service: &Service) -> Vec<Value> {
    service.sign_in("office01").get("/unlisted-places").expect(200).json["items"].as_array().unwrap().clone()
}

fn listing(service: &Service, code: &str) -> Value {
    json!({"code": code, "name": "滨河旧码头", "type": "MKT", "lead_unit_id": service.unit("U02"), "campaigns": ["WM"]})
}

fn found(service: &Service, who: &str, query: &str) -> Vec<Value> {
    service.drain_messages();
    let page = service.sign_in(who).get(&format!("/issues?{query}")).expect(200);
    page.json["items"].as_array().unwrap().iter().map(|issue| issue["id"].clone()).collect()
}

fn pointers(answer: &Value) -> Vec<&str> {
    answer["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap()).collect()
}

on_both! {
    fn a_place_off_the_list_is_reported_once_and_waits_for_the_office(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let place = place_near(&service, "滨河路旧码头", 150.0);
        let (issue, photos) = (new_id(), [inspector.send_photo(), inspector.send_photo()]);
        let (path, body) = (format!("/issues/{issue}"), body_at(&service, &place, &photos));
        let answers = at_once(4, |_| inspector.put_json(&path, &body));
        assert_eq!((count(&answers, 201), count(&answers, 200)), (1, 3));
        let mut other = body.clone();
        other["place"]["name"] = json!("别处");
        inspector.put_json(&path, &other).refused(409, "id-reused");

        let seen = inspector.read(issue).json;
        assert_eq!((&seen["point"]["name"], &seen["point"]["address"]), (&place["name"], &place["address"]));
        let all = waiting(&service);
        assert_eq!(all.len(), 1);
        assert_eq!((&all[0]["name"], &all[0]["id"], &all[0]["issue_ids"]), (&place["name"], &seen["point"]["id"], &json!([issue])));
        let near: Vec<(&str, bool)> = all[0]["near"].as_array().unwrap().iter()
            .map(|point| (point["code"].as_str().unwrap(), point["distance_m"].as_f64().unwrap() <= 200.0)).collect();
        assert!(near.contains(&("990001-MKT-0001", true)) && near.iter().all(|(_, is_near)| *is_near), "{near:?}");
        // The position of the report is that of the place: nobody doubts it.
        let flags = service.sign_in("office01").read(issue).json["flags"].clone();
        assert!(flags.as_array().unwrap().iter().all(|flag| flag["code"] != "outside-geofence"), "{flags}");

        // Nobody finds it on a list, and nobody reports something else there.
        let id = seen["point"]["id"].as_str().unwrap();
        for name in ["inspector02", "unit01", "leader01", "admin"] {
            let client = service.sign_in(name);
            client.get(&format!("/points/{id}")).refused(404, "not-found");
            client.get(&format!("/points/{id}/responsible?item=WM-07")).refused(404, "not-found");
            assert!(!client.get("/reference").expect(200).json.to_string().contains(id), "{name}");
        }
        let near = format!("/points?near={},{}&limit=200", place["location"]["lat"], place["location"]["lon"]);
        for (name, path) in [("admin", "/points?active=false&limit=200"), ("inspector02", "/points?limit=200"), ("inspector02", &near)] {
            assert!(!service.sign_in(name).get(path).expect(200).json.to_string().contains(id), "{name} {path}");
        }
        let mut elsewhere = service.report_body(&[inspector.send_photo()]);
        elsewhere["point_id"] = json!(id);
        let refused = inspector.put_json(&format!("/issues/{}", new_id()), &elsewhere).refused(422, "invalid-fields").json;
        assert_eq!(pointers(&refused), ["/point_id"]);
    }

    fn a_report_names_a_point_or_a_place(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let place = place_near(&service, "滨河路旧码头", 150.0);
        let photo = inspector.send_photo();
        let refused = |change: &dyn Fn(&mut Value)| {
            let mut body = body_at(&service, &place, &[photo]);
            change(&mut body);
            let answer = inspector.put_json(&format!("/issues/{}", new_id()), &body).refused(422, "invalid-fields").json;
            pointers(&answer).join(" ")
        };
        assert_eq!(refused(&|body| body["place"] = Value::Null), "/point_id");
        assert_eq!(refused(&|body| body["point_id"] = service.point("990001-MKT-0001")["id"].clone()), "/place");
        assert_eq!(refused(&|body| body["place"]["name"] = json!(" ")), "/place/name");
        assert_eq!(refused(&|body| body["place"]["location"]["lon"] = json!(181)), "/place/location/lon");
        assert_eq!(refused(&|body| body["item_code"] = json!("WM-99")), "/item_code");
        // Any item may be reported at a place whose kind is not known yet.
        let items = inspector.get("/items").expect(200).json["items"].clone();
        for item in items.as_array().unwrap().iter().step_by(7) {
            let mut body = body_at(&service, &place, &[inspector.send_photo()]);
            body["item_code"] = item["code"].clone();
            inspector.put_json(&format!("/issues/{}", new_id()), &body).expect(201);
        }
    }

    fn a_place_becomes_a_point_that_outsiders_find_after_the_release(db: TestDb) {
        let service = Service::start(db);
        let outsiders = ["unit01", "unit02", "leader01", "discipline01", "admin"];
        let lists = || outsiders.map(|name| {
            let client = service.sign_in(name);
            let read = client.get("/reference").expect(200);
            (read.header("etag").to_owned(), client.get("/points?limit=200").expect(200).json)
        });
        let before = lists();
        let issue = report_at(&service, &place_near(&service, "滨河路旧码头", 150.0));
        let id = waiting(&service)[0]["id"].as_str().unwrap().to_owned();
        let path = format!("/unlisted-places/{id}/point");
        let (office, body) = (service.sign_in("office01"), listing(&service, "990001-MKT-0942"));
        for (name, pointer, value) in [
            ("code", "/code", json!("990001-MKT-0001")),
            ("type", "/type", json!("???")),
            ("lead_unit_id", "/lead_unit_id", json!(new_id())),
            ("campaigns", "/campaigns", json!(["??"])),
            ("campaigns", "/campaigns", json!([])),
            ("name", "/name", json!(" ")),
        ] {
            let mut wrong = body.clone();
            wrong[name] = value;
            assert_eq!(pointers(&office.put_json(&path, &wrong).refused(422, "invalid-fields").json), [pointer]);
        }
        service.sign_in("inspector01").put_json(&path, &body).refused(403, "forbidden");
        office.put_json(&format!("/unlisted-places/{}/point", new_id()), &body).refused(404, "not-found");
        let version = office.read(issue).version();
        let settled = office.put_json(&path, &body).expect(200).json;
        assert!(settled["settled_at"].is_string() && settled["merged_into"].is_null());
        // The same again changes nothing; another answer comes too late.
        office.put_json(&path, &body).expect(200);
        office.put_json(&path, &listing(&service, "990001-MKT-0943")).refused(409, "place-settled");
        let point = service.point("990001-MKT-0001")["id"].clone();
        office.put_json(&format!("/unlisted-places/{id}/merge"), &json!({"point_id": point})).refused(409, "place-settled");
        assert!(waiting(&service).is_empty());
        let read = office.read(issue);
        assert_eq!((read.version(), &read.json["point"]["code"], &read.json["point"]["name"]), (version + 1, &body["code"], &body["name"]));
        let last = office.events(issue).pop().unwrap();
        assert_eq!((&last["action"], &last["from"], &last["to"]), (&json!("settle-place"), &json!("submitted"), &json!("submitted")));
        let audit = service.sign_in("discipline01").get("/audit").expect(200).json;
        let entry = audit["items"].as_array().unwrap().iter().find(|entry| entry["action"] == "place-settled").unwrap().clone();
        assert_eq!((&entry["target"], &entry["detail"]), (&json!(format!("point:{id}")), &json!("listed as 990001-MKT-0942")));

        // Those who inspect find it; others would learn what an inspection has found.
        for name in ["inspector02", "office02"] {
            assert!(service.sign_in(name).get("/reference").expect(200).json.to_string().contains(&id), "{name}");
        }
        assert_eq!(lists(), before);
        for name in outsiders {
            service.sign_in(name).get(&format!("/points/{id}")).refused(404, "not-found");
        }
        assert_eq!(found(&service, "office01", &format!("q={}", "%E6%97%A7%E7%A0%81%E5%A4%B4")), [json!(issue)]);
        service.steps(issue, &[Action::Approve, Action::Release]);
        for name in outsiders {
            assert_eq!(service.sign_in(name).get(&format!("/points/{id}")).expect(200).json["code"], body["code"], "{name}");
        }
        let actions: Vec<Value> = service.sign_in("unit02").events(issue).iter().map(|event| event["action"].clone()).collect();
        assert!(!actions.contains(&json!("settle-place")), "it happened before the hand-over: {actions:?}");
    }

    fn a_place_that_is_a_known_point_gives_its_issues_to_it(db: TestDb) {
        let service = Service::start(db);
        let target = service.point("990001-MKT-0001")["id"].clone();
        // The same fault was closed at the point a few days ago.
        let closed = service.report_with("990001-MKT-0001", "WM-07", "medium");
        service.steps(closed, &[Action::Approve, Action::Release, Action::SignIn, Action::ReportFix, Action::Pass]);
        service.pass(DAY * 3);
        let place = place_near(&service, "市场后巷", 60.0);
        let (inspector, issue) = (service.sign_in("inspector01"), new_id());
        let mut body = body_at(&service, &place, &[inspector.send_photo()]);
        body["item_code"] = json!("WM-07");
        body["severity"] = json!("medium");
        body["captured_at"] = json!(service.clock.now().to_string());
        inspector.put_json(&format!("/issues/{issue}"), &body).expect(201);
        let released = report_at(&service, &place_near(&service, "旧码头", 80.0));
        service.steps(released, &[Action::Approve, Action::Release]);
        let ids: Vec<String> = waiting(&service).iter().map(|place| place["id"].as_str().unwrap().to_owned()).collect();
        let merge = |id: &str, point: &Value| {
            service.sign_in("office02").put_json(&format!("/unlisted-places/{id}/merge"), &json!({"point_id": point}))
        };
        for wrong in [json!(ids[0]), json!(ids[1]), json!(new_id())] {
            assert_eq!(pointers(&merge(&ids[0], &wrong).refused(422, "invalid-fields").json), ["/point_id"]);
        }
        let seen = service.sign_in("unit02").read(released);
        for id in &ids {
            assert_eq!(merge(id, &target).expect(200).json["merged_into"], target);
            merge(id, &target).expect(200);
        }
        for id in &ids {
            assert_eq!(found(&service, "office01", &format!("point_id={id}")), Vec::<Value>::new());
        }
        let there = found(&service, "office01", &format!("point_id={}", target.as_str().unwrap()));
        assert!([issue, released, closed].iter().all(|id| there.contains(&json!(id))), "{there:?}");
        // Nobody had judged it: now it is known to be a relapse.
        let read = service.sign_in("office01").read(issue).json;
        assert_eq!((&read["parent_id"], &read["chain_no"], &read["severity"]), (&json!(closed), &json!(1), &json!("high")));
        // The history of a released issue shows the step that moved it, and its deadline stays.
        let after = service.sign_in("unit02").read(released);
        assert_eq!((after.version(), &after.json["point"]["id"]), (seen.version() + 1, &target));
        assert_eq!(after.json["due_at"], seen.json["due_at"]);
        let last = service.sign_in("unit02").events(released).pop().unwrap();
        assert_eq!(last["action"], "settle-place");
        assert_eq!(service.sign_in("office01").read(released).in_state(State::Assigned.as_str()).json["chain_no"], 0);
        // The points that stood for the places are on no list, also not among those out of use.
        let unused = service.sign_in("admin").get("/points?active=false&limit=200").expect(200).json.to_string();
        assert!(ids.iter().all(|id| !unused.contains(id.as_str())), "{unused}");
        service.sign_in("office01").get(&format!("/issues/{issue}/events")).expect(200);
    }
}
