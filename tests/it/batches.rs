//! Batches of visits: planned and approved by two people, drawn by chance, carried out by whoever was drawn, and
//! released as a whole.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

use anfang::domain::batch::Batch;
use anfang::domain::digest::Digest;
use anfang::domain::draw::{Outcome, Proof, draw, seed_of};
use anfang::domain::ids::BatchId;
use anfang::domain::issue::Action;
use anfang::domain::role::Role;
use anfang::domain::time::Timestamp;
use anfang::store::batches;
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cast;
use crate::support::plans::{NONCE, approved, drafted, drawn, of_task, plan, read, take};
use crate::support::service::{Answer, Client, HOUR, Service, at_once, count, new_id};
use crate::support::walk;

const MINUTE: Duration = Duration::from_secs(60);
pub const INSPECTORS: [&str; 3] = ["inspector01", "inspector02", "inspector03"];

/// From the start of the tests, Monday at nine, to this time of Tuesday.
/// This time of the day of all slots.
pub fn clock(hour: u64, minute: u64) -> Timestamp {
    Timestamp::parse(&format!("2026-08-04T{hour:02}:{minute:02}:00+08:00")).unwrap()
}

pub fn until(service: &Service, hour: u64, minute: u64) {
    service.pass(clock(hour, minute).since(service.app.now()));
}

pub fn tasks_of(service: &Service, username: &str) -> Vec<Value> {
    service.sign_in(username).get("/tasks").expect(200).json["items"].as_array().unwrap().clone()
}

/// What the database has drawn.
pub fn outcome(service: &Service, id: Uuid) -> Outcome {
    let draws = batches::draws(&mut service.database(), BatchId(id)).unwrap();
    draws.into_iter().next_back().unwrap().drawn.unwrap().1
}

/// Who carries out each task, by user name.
pub fn drawn_people(service: &Service, id: Uuid) -> Vec<(u32, String)> {
    let mut conn = service.database();
    let by_id: Vec<(String, &str)> = INSPECTORS.iter().map(|name| (service.user_id(name), *name)).collect();
    let mut found = Vec::new();
    for task in outcome(service, id).tasks {
        let kept = batches::find_task(&mut conn, BatchId(id), task.number).unwrap().unwrap();
        for (user, _) in kept.people {
            let (_, name) = by_id.iter().find(|(id, _)| *id == user.to_string()).unwrap();
            found.push((task.number, (*name).to_owned()));
        }
    }
    found
}

fn put_plan(client: &Client<'_>, id: Uuid, body: &Value, version: Option<i64>) -> Answer {
    let tag = version.map(|version| format!("\"{version}\""));
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(tag.as_deref().map(|tag| ("if-match", tag)));
    client.send("PUT", &format!("/batches/{id}"), &headers, Some(body.to_string().as_bytes()))
}

/// A batch under way, in which every task was carried out or is over; one visit found something. Its id and the issue.
pub fn carried_out(service: &Service) -> (Uuid, Uuid) {
    let id = drawn(service);
    let mut found = None;
    for (hour, minute) in [(9, 0), (10, 30), (19, 0)] {
        until(service, hour, minute);
        for username in INSPECTORS {
            for task in tasks_of(service, username) {
                let client = service.sign_in(username);
                let mut body = of_task(service, &task);
                if found.is_none() {
                    found = Some(walk::fail(&client, &mut body, "WM-02"));
                }
                walk::record(&client, &body);
            }
        }
    }
    until(service, 21, 0);
    read(service, id).in_state("under-way");
    (id, found.unwrap())
}

/// The same, released: the issue was approved by office03.
pub fn released(service: &Service) -> (Uuid, Uuid) {
    let (id, issue) = carried_out(service);
    let unit = service.unit("U02");
    service.step(issue, "office03", Action::Approve, &json!({"unit_id": unit}));
    take(&service.sign_in("office03"), id, "review", &json!({})).expect(200).in_state("reviewed");
    take(&service.sign_in("office01"), id, "release", &json!({})).expect(200).in_state("released");
    (id, issue)
}

on_both! {
    fn a_plan_is_approved_by_somebody_else_and_drawn_by_the_approver(db: TestDb) {
        let service = Service::start(db);
        let (first, second, third) =
            (service.sign_in("office01"), service.sign_in("office02"), service.sign_in("office03"));
        let id = drafted(&service);
        assert_eq!(read(&service, id).strings("allowed_actions"), ["amend", "propose", "abandon"]);
        take(&first, id, "approve", &json!({"approval_no": "1"})).refused(409, "batch-illegal-transition");
        take(&first, id, "propose", &json!({})).expect(200).in_state("proposed");
        take(&first, id, "approve", &json!({"approval_no": "1"})).refused(403, "separation-of-duties");
        take(&second, id, "approve", &json!({"approval_no": " "})).refused(422, "invalid-fields");
        let told = take(&second, id, "approve", &json!({"approval_no": "督查〔2026〕8号"})).expect(200).in_state("approved");
        assert_eq!((&told.json["approval_no"], &told.json["attempt"]), (&json!("督查〔2026〕8号"), &json!(1)));
        let commitment = told.json["commitment_sha256"].clone();
        let body = json!({"commitment_sha256": commitment, "nonce": NONCE});
        take(&third, id, "draw", &body).refused(403, "separation-of-duties");
        take(&first, id, "draw", &body).refused(403, "separation-of-duties");
        let other = json!({"commitment_sha256": "0".repeat(64), "nonce": NONCE});
        take(&second, id, "draw", &other).refused(422, "invalid-fields");
        take(&second, id, "draw", &json!({"commitment_sha256": commitment, "nonce": "00"})).refused(400, "malformed-request");
        let drawn = take(&second, id, "draw", &body).expect(200).in_state("drawn");
        assert_eq!((&drawn.json["tasks"], &drawn.json["visited"], &drawn.json["open_tasks"]), (&json!(4), &json!(0), &json!(4)));
        // Before the release nobody learns where inspectors go.
        for point in outcome(&service, id).tasks.iter().map(|task| task.point.to_string()) {
            assert!(!String::from_utf8(drawn.bytes.clone()).unwrap().contains(&point));
        }
        // The same step again is one on an outdated version.
        let headers = [("content-type", "application/json"), ("if-match", "\"3\"")];
        let again = second.send("POST", &format!("/batches/{id}/actions/draw"), &headers, Some(body.to_string().as_bytes()));
        again.refused(412, "stale-version");
        let plain = [("content-type", "application/json")];
        first.send("POST", &format!("/batches/{id}/actions/review"), &plain, Some(b"{}")).refused(428, "version-required");
        for unknown in ["create", "amend", "begin", "nothing"] {
            take(&first, id, unknown, &json!({})).refused(404, "not-found");
        }
        let audit = service.sign_in("discipline01").get("/audit?limit=200").expect(200).json;
        let steps: Vec<&str> = audit["items"].as_array().unwrap().iter()
            .filter(|entry| entry["action"] == "batch-changed" && entry["outcome"] == "done")
            .map(|entry| entry["detail"].as_str().unwrap()).collect();
        assert_eq!(steps.into_iter().collect::<BTreeSet<_>>(), BTreeSet::from(["create", "propose", "approve", "draw"]));
    }

    fn a_plan_changes_only_while_it_is_a_draft(db: TestDb) {
        let service = Service::start(db);
        let (first, id) = (service.sign_in("office01"), new_id());
        assert_eq!(put_plan(&first, id, &plan(4), None).expect(201).version(), 1);
        assert_eq!(put_plan(&first, id, &plan(4), None).expect(200).version(), 1);
        put_plan(&first, id, &plan(5), None).refused(412, "stale-version");
        put_plan(&first, id, &plan(5), Some(7)).refused(412, "stale-version");
        let changed = put_plan(&service.sign_in("office03"), id, &plan(5), Some(1)).expect(200);
        assert_eq!((changed.version(), changed.header("etag")), (2, "\"2\""));
        // Once it was changed, the first request again is on an outdated version.
        put_plan(&first, id, &plan(4), Some(1)).refused(412, "stale-version");
        let mut wrong = plan(0);
        wrong["title"] = json!("");
        wrong["window_to"] = json!("2026-09-01");
        let refused = put_plan(&first, new_id(), &wrong, None).refused(422, "invalid-fields");
        let pointers: Vec<&str> =
            refused.json["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect();
        assert_eq!(pointers, ["/title", "/window_to", "/rules/open_places"]);
        let timed = "0198a4b2-7c1e-7d3f-8a5b-1c2d3e4f5a6b".parse().unwrap();
        put_plan(&first, timed, &plan(4), None).refused(422, "invalid-fields");
        take(&first, id, "propose", &json!({})).expect(200);
        put_plan(&first, id, &plan(6), Some(3)).refused(409, "batch-illegal-transition");
        assert_eq!(put_plan(&first, id, &plan(5), None).expect(200).version(), 3);
        // Two at once: one drafts it.
        let id = new_id();
        let answers = at_once(4, |_| put_plan(&service.sign_in("office01"), id, &plan(4), None));
        assert_eq!((count(&answers, 201), count(&answers, 200)), (1, 3));
        let listed = first.get("/batches?limit=1").expect(200).json;
        assert_eq!(listed["items"].as_array().unwrap().len(), 1);
        let next = first.get(&format!("/batches?limit=1&cursor={}", listed["next_cursor"].as_str().unwrap())).expect(200).json;
        assert_ne!(next["items"][0]["id"], listed["items"][0]["id"]);
        assert_eq!(next["next_cursor"], Value::Null);
    }

    fn the_events_of_a_batch_make_the_batch(db: TestDb) {
        let service = Service::start(db);
        let (id, _) = released(&service);
        let mut conn = service.database();
        let stored = batches::find(&mut conn, BatchId(id)).unwrap().unwrap();
        let events = batches::events(&mut conn, BatchId(id)).unwrap();
        assert_eq!(events.len(), usize::try_from(stored.version).unwrap());
        assert_eq!(Batch::replay(events.iter().map(|event| &event.changes)).unwrap(), stored);
        for attempt in ["UPDATE batch_events SET reason = 'other'", "DELETE FROM batch_events"] {
            assert!(conn.batch_execute(attempt).unwrap_err().to_string().contains("append-only"), "{attempt}");
        }
    }

    fn a_task_is_shown_to_its_inspector_when_its_time_has_come(db: TestDb) {
        let service = Service::start(db);
        let id = drawn(&service);
        let people = drawn_people(&service, id);
        let all = || INSPECTORS.iter().map(|name| tasks_of(&service, name).len()).sum::<usize>();
        assert_eq!(all(), 0);
        let first = outcome(&service, id).tasks.iter().map(|task| task.slot.from_minute).min().unwrap();
        let start = |minutes: u16| until(&service, u64::from(minutes / 60), u64::from(minutes % 60));
        start(first - 31);
        assert_eq!(all(), 0);
        read(&service, id).in_state("drawn");
        service.pass(MINUTE);
        assert!(all() > 0);
        // From its first task on the batch is under way; asking again changes nothing.
        let version = read(&service, id).in_state("under-way").version();
        all();
        assert_eq!(read(&service, id).version(), version);
        let mut seen = BTreeSet::new();
        for minute in (0..24 * 60_u16).step_by(30).skip_while(|minute| *minute <= first) {
            start(minute);
            for username in INSPECTORS {
                for task in tasks_of(&service, username) {
                    seen.insert((u32::try_from(task["number"].as_u64().unwrap()).unwrap(), username.to_owned()));
                    let [from, to] = ["from", "to"].map(|end| {
                        Timestamp::parse(task[end].as_str().unwrap()).unwrap()
                    });
                    let now = service.app.now();
                    assert!(from.minus(MINUTE * 30) <= now && now < to, "{task} at {now}");
                    assert!(task["code_name"].as_str().unwrap().starts_with("暗访"));
                }
            }
        }
        assert!(seen.is_subset(&people.iter().cloned().collect()), "{seen:?} {people:?}");
        assert!(!seen.is_empty());
        assert_eq!(all(), 0, "their slots are over");
        for person in cast::everybody().filter(|person| person.role != Role::Inspector) {
            service.sign_in(person.username).get("/tasks").refused(403, "forbidden");
        }
    }

    fn a_visit_carries_out_its_task_once(db: TestDb) {
        let service = Service::start(db);
        let id = drawn(&service);
        let first = outcome(&service, id).tasks.iter().map(|task| task.slot.from_minute).min().unwrap();
        until(&service, u64::from(first / 60), u64::from(first % 60));
        let (username, task) = INSPECTORS
            .iter()
            .find_map(|name| Some((*name, tasks_of(&service, name).first()?.clone())))
            .unwrap();
        let own = service.sign_in(username);
        let other = service.sign_in(INSPECTORS.iter().find(|name| **name != username).unwrap());
        let body = of_task(&service, &task);
        other.put_json(&format!("/visits/{}", new_id()), &body).refused(422, "invalid-fields");
        let mut elsewhere = walk::clean(&service);
        elsewhere["task"] = body["task"].clone();
        if elsewhere["point_id"] != body["point_id"] {
            own.put_json(&format!("/visits/{}", new_id()), &elsewhere).refused(422, "invalid-fields");
        }
        let visit = new_id();
        let answers = at_once(2, |_| service.sign_in(username).put_json(&format!("/visits/{visit}"), &body));
        assert_eq!((count(&answers, 201), count(&answers, 200)), (1, 1), "{answers:?}");
        assert!(!tasks_of(&service, username).contains(&task));
        own.put_json(&format!("/visits/{}", new_id()), &body).refused(422, "invalid-fields");
        // The same record without the task is a visit that was not drawn, and does not count unless the county says so.
        let mut sudden = body.clone();
        sudden.as_object_mut().unwrap().remove("task");
        let sudden = walk::record(&own, &sudden);
        let office = service.sign_in("office01");
        let seen = |visit: Uuid| office.get(&format!("/visits/{visit}")).expect(200).json;
        assert_eq!((&seen(visit)["task"], &seen(visit)["code_name"]), (&body["task"], &task["code_name"]));
        assert_eq!((&seen(visit)["counts"], &seen(sudden)["counts"]), (&json!(true), &json!(false)));
        assert_eq!((&seen(sudden)["task"], &seen(sudden)["code_name"]), (&Value::Null, &Value::Null));
        let listed = |query: &str| {
            let rows = office.get(&format!("/visits?{query}")).expect(200).json;
            rows["items"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().parse().unwrap()).collect::<Vec<Uuid>>()
        };
        assert_eq!((listed("sudden=true"), listed("sudden=false"), listed(&format!("batch_id={id}"))), (vec![sudden], vec![visit], vec![visit]));
        let counted = json!({"sudden_visits": "counted"}).to_string();
        let headers = [("content-type", "application/json")];
        service.sign_in("admin").send("PATCH", "/settings", &headers, Some(counted.as_bytes())).expect(200);
        assert_eq!(seen(sudden)["counts"], json!(true));
        assert_eq!(read(&service, id).json["visited"], 1);
    }

    fn a_batch_is_released_as_a_whole_by_a_third_person(db: TestDb) {
        let service = Service::start(db);
        let id = drawn(&service);
        let third = service.sign_in("office03");
        take(&third, id, "review", &json!({})).refused(409, "batch-illegal-transition");
        let first = outcome(&service, id).tasks.iter().map(|task| task.slot.from_minute).min().unwrap();
        until(&service, u64::from(first / 60), u64::from(first % 60));
        let (username, task) = INSPECTORS
            .iter()
            .find_map(|name| Some((*name, tasks_of(&service, name).first()?.clone())))
            .unwrap();
        let mut body = of_task(&service, &task);
        let issue = walk::fail(&service.sign_in(username), &mut body, "WM-02");
        walk::record(&service.sign_in(username), &body);
        let open = read(&service, id).json["open_tasks"].as_u64().unwrap();
        let refused = take(&service.sign_in("office03"), id, "review", &json!({}));
        if open > 0 {
            refused.refused(409, "batch-tasks-open");
        }
        until(&service, 21, 0);
        take(&service.sign_in("office03"), id, "review", &json!({})).refused(409, "batch-reports-unreviewed");
        let unit = service.unit("U02");
        service.step(issue, "office03", Action::Approve, &json!({"unit_id": unit}));
        // It is not released before its batch.
        let office = service.sign_in("office01");
        office.act(issue, "release", office.read(issue).version(), &json!({})).refused(409, "batch-releases-it");
        assert_eq!(office.read(issue).json["allowed_actions"], json!([]));
        take(&service.sign_in("office03"), id, "review", &json!({})).expect(200).in_state("reviewed");
        take(&service.sign_in("office02"), id, "release", &json!({})).refused(403, "separation-of-duties");
        take(&service.sign_in("office03"), id, "release", &json!({})).refused(403, "separation-of-duties");
        service.sign_in("unit02").get(&format!("/issues/{issue}")).refused(404, "not-found");
        take(&office, id, "release", &json!({})).expect(200).in_state("released");
        service.sign_in("unit02").read(issue).in_state("assigned");
        // A visit that arrives now does not belong to the batch.
        let late = of_task(&service, &task);
        service.sign_in(username).put_json(&format!("/visits/{}", new_id()), &late).refused(422, "invalid-fields");
    }

    fn a_release_that_one_issue_refuses_releases_nothing(db: TestDb) {
        let service = Service::start(db);
        let (id, issue) = carried_out(&service);
        // Who releases the batch has approved the issue.
        let unit = service.unit("U02");
        service.step(issue, "office01", Action::Approve, &json!({"unit_id": unit}));
        take(&service.sign_in("office03"), id, "review", &json!({})).expect(200);
        let before = read(&service, id).json;
        take(&service.sign_in("office01"), id, "release", &json!({})).refused(403, "separation-of-duties");
        assert_eq!(read(&service, id).json, before);
        service.sign_in("office01").read(issue).in_state("sealed");
    }

    fn a_draw_is_sealed_until_the_release_and_then_replayed_by_anybody(db: TestDb) {
        let service = Service::start(db);
        let id = approved(&service);
        let readers = ["office01", "discipline01"];
        let draw_of = |username: &str| service.sign_in(username).get(&format!("/batches/{id}/draw")).expect(200).json;
        let kept = read(&service, id).json["commitment_sha256"].clone();
        for username in readers {
            let told = draw_of(username);
            assert_eq!(told["commitments"][0]["commitment_sha256"], kept);
            assert_eq!(told["proof"], Value::Null);
        }
        let body = json!({"commitment_sha256": kept, "nonce": NONCE});
        take(&service.sign_in("office02"), id, "draw", &body).expect(200);
        assert_eq!(draw_of("office01")["proof"], Value::Null);
        for person in cast::everybody().filter(|person| ![Role::Office, Role::Discipline].contains(&person.role)) {
            service.sign_in(person.username).get(&format!("/batches/{id}/draw")).refused(403, "forbidden");
        }
        // No visit is made, so at the end only the draw itself is released.
        until(&service, 8, 59);
        INSPECTORS.iter().for_each(|name| drop(tasks_of(&service, name)));
        until(&service, 18, 59);
        INSPECTORS.iter().for_each(|name| drop(tasks_of(&service, name)));
        until(&service, 21, 0);
        take(&service.sign_in("office03"), id, "review", &json!({})).expect(200);
        assert_eq!(draw_of("discipline01")["proof"], Value::Null);
        take(&service.sign_in("office01"), id, "release", &json!({})).expect(200);
        let file = draw_of("discipline01")["proof"].clone();
        assert_eq!(file["reveal"]["nonce"], NONCE);
        let proof = Proof::read(file.to_string().as_bytes()).unwrap();
        let kept = Digest::parse_hex(kept.as_str().unwrap()).unwrap();
        proof.verify(Some(&kept)).unwrap();
        // Equal to the pure function on the pool and the rules.
        let seed = seed_of(&proof.reveal.secret, &proof.reveal.nonce, &kept);
        assert_eq!(draw(&proof.pool, &proof.rules, &seed).unwrap(), outcome(&service, id));
        assert_eq!(proof.pool.points.len(), service.sign_in("office01").get("/points?limit=200").expect(200).json["items"].as_array().unwrap().len());
        assert_eq!(proof.pool.inspectors.len(), 3);
        // Nobody is named in it.
        for username in INSPECTORS {
            assert!(!file.to_string().contains(&service.user_id(username)), "{username}");
        }
        // The reading is noted.
        let audit = service.sign_in("discipline01").get("/audit?limit=200").expect(200).json;
        let read = audit["items"].as_array().unwrap().iter().filter(|entry| entry["action"] == "draw-read").count();
        assert_eq!(read, 1);
        // And by the program, without a database.
        let folder = tempfile::tempdir().unwrap();
        let verify = |value: &Value, more: &[&str]| {
            let path = folder.path().join("proof.json");
            std::fs::write(&path, value.to_string()).unwrap();
            let output = Command::new(env!("CARGO_BIN_EXE_anfang")).args(["draw", "verify"]).arg(&path).args(more).output().unwrap();
            let said = [output.stdout, output.stderr].concat();
            (output.status.success(), String::from_utf8(said).unwrap())
        };
        let (same, said) = verify(&file, &["--kept", &kept.to_string()]);
        assert!(same && said.contains("THE SAME"), "{said}");
        let (same, said) = verify(&file, &["--kept", &"0".repeat(64)]);
        assert!(!same && said.contains("DIFFERS"), "{said}");
        for pointer in ["/pool/points/0/visits_this_month", "/rules/open_places", "/outcome/tasks/0/number", "/commitment/attempt"] {
            let mut other = file.clone();
            let place = other.pointer_mut(pointer).unwrap();
            *place = json!(place.as_u64().unwrap() + 1);
            let (same, said) = verify(&other, &[]);
            assert!(!same && said.contains("DIFFERS"), "{pointer}: {said}");
        }
    }

    fn who_declares_a_conflict_is_replaced_by_chance(db: TestDb) {
        let service = Service::start(db);
        let id = drawn(&service);
        let task = outcome(&service, id).tasks[0].clone();
        let drawn_by = |of: Uuid| batches::find_task(&mut service.database(), BatchId(of), task.number).unwrap().unwrap();
        let before = drawn_by(id);
        let code = before.people[0].1.clone();
        let first = service.sign_in("office01");
        let body = |code: &str| json!({"task": task.number, "code_name": code, "reason": "住在附近"});
        take(&first, id, "redraw", &body("暗访99")).refused(422, "invalid-fields");
        let mut unknown = body(&code);
        unknown["task"] = json!(77);
        take(&first, id, "redraw", &unknown).refused(422, "invalid-fields");
        let told = take(&first, id, "redraw", &body(&code)).expect(200).in_state("drawn");
        assert_eq!(told.json["redraws"], 1);
        let after = drawn_by(id);
        assert!(after.dropped || after.people[0] != before.people[0]);
        assert_eq!((after.point_id, after.from_at), (before.point_id, before.from_at));
        // One person alone cannot redraw repeatedly until the inspectors that they want are left.
        take(&first, id, "redraw", &body(&code)).refused(403, "separation-of-duties");
        let shown = |client: &Client<'_>| client.get(&format!("/batches/{id}")).expect(200).json["allowed_actions"].clone();
        let redraws = |of: Value| of.as_array().unwrap().contains(&json!("redraw"));
        let second = service.sign_in("office02");
        assert!(!redraws(shown(&first)) && redraws(shown(&second)));
        take(&second, id, "redraw", &body(&code)).refused(422, "invalid-fields");
        let kept = batches::draws(&mut service.database(), BatchId(id)).unwrap().pop().unwrap();
        assert_eq!(kept.redraws.len(), 1);
    }

    /// The account of whoever was drawn is in nothing that the office reads of a batch, before its release and after: not
    /// with the visit, the issue, its history, or a list.
    fn the_office_knows_who_was_drawn_by_code_name_only(db: TestDb) {
        let service = Service::start(db);
        let (id, issue) = carried_out(&service);
        let office = service.sign_in("office01");
        let visits = office.get(&format!("/visits?batch_id={id}")).expect(200).json;
        let visits: Vec<Value> = visits["items"].as_array().unwrap().clone();
        let found = office.read(issue).json;
        let of_issue = visits.iter().find(|visit| visit["id"] == found["visit_id"]).unwrap();
        let code = of_issue["code_name"].as_str().unwrap();
        assert_eq!(found["finder"], json!({"id": null, "display_name": code}));
        let reported = office.events(issue)[0].clone();
        assert_eq!((&reported["action"], &reported["actor"]), (&json!("report"), &found["finder"]));
        let people = drawn_people(&service, id);
        let finder = people.iter().find(|(number, _)| json!(number) == of_issue["task"]["number"]).unwrap().1.clone();
        let account = service.user_id(&finder);
        let name = service.sign_in(&finder).get("/me").expect(200).json["user"]["display_name"].clone();
        // In the county pseudonyms look like code names; this one is like none.
        let is_named = |text: &str| text.contains(&account);
        let nowhere = |service: &Service| {
            let office = service.sign_in("office01");
            let mut paths = ["/issues?limit=200", "/visits?limit=200", "/batches", "/notices", "/unlisted-places", "/cards"].map(str::to_owned).to_vec();
            paths.extend([format!("/issues/{issue}"), format!("/issues/{issue}/events"), format!("/batches/{id}")]);
            paths.extend(visits.iter().map(|visit| format!("/visits/{}", visit["id"].as_str().unwrap())));
            for path in paths {
                let answer = office.get(&path).expect(200);
                assert!(!is_named(&String::from_utf8_lossy(&answer.bytes)), "{path}");
            }
        };
        nowhere(&service);
        for visit in &visits {
            assert_eq!(visit["inspector"], json!({"id": null, "display_name": visit["code_name"]}));
        }
        // The finder's own view, and what nobody drew, are as they were.
        let client = service.sign_in(&finder);
        let sudden = walk::record(&client, &walk::clean(&service));
        let told = office.get(&format!("/visits/{sudden}")).expect(200).json;
        assert_eq!(told["inspector"], json!({"id": account, "display_name": name}));
        let plain = service.report_with_photos();
        assert_eq!(office.read(plain).json["finder"]["id"], json!(service.user_id("inspector01")));
        // A report that went ahead of its visit names nobody until the visit says whether it was drawn.
        let (ahead, visit) = (new_id(), new_id());
        let mut report = service.report_body(&[service.sign_in("inspector01").send_photo()]);
        report["visit_id"] = json!(visit);
        service.sign_in("inspector01").put_json(&format!("/issues/{ahead}"), &report).expect(201);
        let unknown = json!({"id": null, "display_name": "暗访员"});
        assert_eq!(office.read(ahead).json["finder"], unknown);
        assert_eq!(office.events(ahead)[0]["actor"], unknown);
        service.sign_in("inspector01").put_json(&format!("/visits/{visit}"), &walk::clean(&service)).expect(201);
        assert_eq!(office.read(ahead).json["finder"]["id"], json!(service.user_id("inspector01")));
        // Nor after the release: who it was is read with two keys.
        let unit = service.unit("U02");
        service.step(issue, "office03", Action::Approve, &json!({"unit_id": unit}));
        take(&service.sign_in("office03"), id, "review", &json!({})).expect(200).in_state("reviewed");
        take(&service.sign_in("office01"), id, "release", &json!({})).expect(200).in_state("released");
        assert_eq!(service.sign_in("office01").read(issue).json["finder"], found["finder"]);
    }

    fn nobody_is_drawn_for_where_they_do_not_go(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let path = |name: &str| format!("/inspectors/{}/recusals", service.user_id(name));
        let unit = service.unit("U02");
        let market = service.point("990001-MKT-0001")["id"].clone();
        assert_eq!(office.get(&path("inspector01")).expect(200).json, json!({"points": [], "units": []}));
        let body = json!({"points": [market], "units": [unit]});
        assert_eq!(office.put_json(&path("inspector01"), &body).expect(200).json, body);
        assert_eq!(office.put_json(&path("inspector01"), &body).expect(200).json, body);
        assert_eq!(office.get(&path("inspector01")).expect(200).json, body);
        let wrong = json!({"points": [new_id()], "units": [new_id()]});
        office.put_json(&path("inspector01"), &wrong).refused(422, "invalid-fields");
        office.put_json(&path("unit02"), &body).refused(404, "not-found");
        for person in cast::everybody().filter(|person| person.role != Role::Office) {
            service.sign_in(person.username).get(&path("inspector01")).refused(403, "forbidden");
        }
        for name in ["inspector02", "inspector03"] {
            let all: Vec<Value> = service.sign_in(name).get("/points?limit=200").expect(200).json["items"]
                .as_array().unwrap().iter().map(|point| point["id"].clone()).collect();
            office.put_json(&path(name), &json!({"points": all, "units": []})).expect(200);
        }
        let id = drawn(&service);
        assert!(drawn_people(&service, id).iter().all(|(_, name)| name == "inspector01"));
        let drawn = outcome(&service, id);
        assert!(drawn.tasks.iter().all(|task| json!(task.point) != market));
        assert!(drawn.undrawable.iter().any(|one| json!(one.point) == market));
        let audit = service.sign_in("discipline01").get("/audit?limit=200").expect(200).json;
        let noted = audit["items"].as_array().unwrap().iter().filter(|entry| entry["action"] == "recusals-changed" && entry["outcome"] == "done");
        assert_eq!(noted.count(), 3);
    }

    fn what_is_committed_to_is_abandoned_by_two_and_counted(db: TestDb) {
        let service = Service::start(db);
        let (first, second, third) =
            (service.sign_in("office01"), service.sign_in("office02"), service.sign_in("office03"));
        let draft = drafted(&service);
        take(&first, draft, "abandon", &json!({"reason": "重复"})).expect(200).in_state("abandoned");
        let id = approved(&service);
        take(&first, id, "revoke", &json!({"reason": "方案有误"})).refused(403, "separation-of-duties");
        let revoked = take(&second, id, "revoke", &json!({"reason": "方案有误"})).expect(200).in_state("draft");
        assert_eq!((&revoked.json["attempt"], &revoked.json["commitment_sha256"]), (&json!(1), &Value::Null));
        take(&first, id, "propose", &json!({})).expect(200);
        take(&third, id, "approve", &json!({"approval_no": "9"})).expect(200);
        let commitments = first.get(&format!("/batches/{id}/draw")).expect(200).json["commitments"].clone();
        assert_eq!((commitments[0]["attempt"].as_u64(), commitments[1]["attempt"].as_u64()), (Some(1), Some(2)));
        assert_ne!(commitments[0]["commitment_sha256"], commitments[1]["commitment_sha256"]);
        take(&first, id, "abandon", &json!({"reason": "停办"})).expect(200).in_state("approved");
        take(&first, id, "abandon", &json!({"reason": "停办"})).refused(403, "separation-of-duties");
        take(&second, id, "abandon", &json!({"reason": "停办"})).expect(200).in_state("abandoned");
        assert_eq!(first.get(&format!("/batches/{id}/draw")).expect(200).json["proof"], Value::Null);
    }

    fn a_visit_of_an_abandoned_batch_is_not_lost(db: TestDb) {
        let service = Service::start(db);
        let id = drawn(&service);
        let first = outcome(&service, id).tasks.iter().map(|task| task.slot.from_minute).min().unwrap();
        until(&service, u64::from(first / 60), u64::from(first % 60));
        let (username, task) = INSPECTORS
            .iter()
            .find_map(|name| Some((*name, tasks_of(&service, name).first()?.clone())))
            .unwrap();
        let mut body = of_task(&service, &task);
        for office in ["office01", "office02"] {
            take(&service.sign_in(office), id, "abandon", &json!({"reason": "停办"})).expect(200);
        }
        assert_eq!(tasks_of(&service, username), Vec::<Value>::new());
        let client = service.sign_in(username);
        let visit = new_id();
        let refused = client.put_json(&format!("/visits/{visit}"), &body).refused(422, "invalid-fields");
        assert_eq!(refused.json["errors"][0]["pointer"], "/task");
        body.as_object_mut().unwrap().remove("task");
        client.put_json(&format!("/visits/{visit}"), &body).expect(201);
    }

    fn a_later_draw_knows_what_was_visited(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let market = service.point("990001-MKT-0001")["id"].as_str().unwrap().to_owned();
        walk::record(&inspector, &walk::clean(&service));
        walk::record(&inspector, &walk::clean(&service));
        service.pass(HOUR);
        let id = drawn(&service);
        let pool = batches::draws(&mut service.database(), BatchId(id)).unwrap().pop().unwrap().pool;
        let point = pool.points.iter().find(|point| point.id.to_string() == market).unwrap();
        assert_eq!((point.visits_this_month, point.days_since_visit), (2, Some(0)));
        let unit = pool.units.iter().find(|unit| unit.id == point.lead_unit).unwrap();
        assert_eq!(unit.visits_this_month, 2);
        // Its cap is reached, so it is not drawn.
        assert!(outcome(&service, id).tasks.iter().all(|task| task.point.to_string() != market));
        // Tasks that are planned count as visits of the next.
        let next = drawn(&service);
        let pool = batches::draws(&mut service.database(), BatchId(next)).unwrap().pop().unwrap().pool;
        for task in outcome(&service, id).tasks {
            let point = pool.points.iter().find(|point| point.id == task.point).unwrap();
            assert_eq!(point.visits_this_month, 1);
        }
    }
}
