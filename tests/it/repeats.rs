//! Calls that are sent twice, at the same time, or too late.

use anfang::domain::issue::State;
use serde_json::json;

use crate::support::backend::Backend;
use crate::support::db_schema;
use crate::support::service::{Service, at_once, count, new_id};

on_both! {
    fn one_report_sent_by_many_is_stored_once(db: TestDb) {
        let service = Service::start(db);
        let (inspector, issue) = (service.sign_in("inspector01"), new_id());
        let body = service.report_body(&[inspector.send_photo()]);
        let answers = at_once(64, |_| inspector.put_json(&format!("/issues/{issue}"), &body));
        assert_eq!((count(&answers, 201), count(&answers, 200)), (1, 63));
        assert!(answers.iter().all(|answer| answer.json == answers[0].json));
        let listed = inspector.get("/issues").expect(200);
        assert_eq!(listed.json["items"].as_array().unwrap().len(), 1);
        assert_eq!(service.sign_in("office01").events(issue).len(), 1);
    }

    fn an_id_names_one_report_for_ever(db: TestDb) {
        let service = Service::start(db);
        let (inspector, issue) = (service.sign_in("inspector01"), new_id());
        let mut body = service.report_body(&[inspector.send_photo()]);
        let path = format!("/issues/{issue}");
        let first = inspector.put_json(&path, &body).expect(201);
        service.sign_in("inspector02").put_json(&path, &body).refused(409, "id-reused");
        body["description"] = json!("别的");
        inspector.put_json(&path, &body).refused(409, "id-reused");
        assert_eq!(inspector.read(issue).json, first.json);
    }

    fn one_photo_sent_by_many_is_stored_once(db: TestDb) {
        let service = Service::start(db);
        let (inspector, photo, bytes) = (service.sign_in("inspector01"), new_id(), service.picture());
        // All services of this process share the places for uploads: a caller who gets none retries, as the answer
        // says.
        let answers = at_once(64, |_| loop {
            let answer = inspector.put_photo(photo, &bytes);
            if answer.status != 503 {
                return answer;
            }
            assert_eq!(answer.header("retry-after"), "2");
        });
        assert_eq!((count(&answers, 201), count(&answers, 200)), (1, 63));
        assert!(answers.iter().all(|answer| answer.json == answers[0].json));
        let rows = match service.db.backend() {
            Backend::Sqlite => "SELECT json_array((SELECT count(*) FROM photos), (SELECT count(*) FROM blobs)) AS json",
            Backend::Postgres => "SELECT json_build_array((SELECT count(*) FROM photos), (SELECT count(*) FROM blobs))::text AS json",
        };
        assert_eq!(db_schema::query(&mut service.database(), rows), [1, 1]);
        assert_eq!(service.originals().len(), 1);
        inspector.put_photo(photo, &service.picture()).refused(409, "id-reused");
        service.sign_in("inspector02").put_photo(photo, &bytes).refused(409, "id-reused");
    }

    fn two_steps_on_one_version_are_one(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Submitted);
        let clients = ["office01", "office02"].map(|name| service.sign_in(name));
        let version = clients[0].read(issue).version();
        let body = json!({"unit_id": service.unit("U02")});
        clients[1].read(issue);
        let answers = at_once(2, |number| clients[number].act(issue, "approve", version, &body));
        assert_eq!((count(&answers, 200), count(&answers, 412)), (1, 1));
        assert_eq!(clients[0].read(issue).version(), version + 1);
    }

    fn a_step_names_the_version_it_was_decided_on(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Submitted);
        let (office, body) = (service.sign_in("office01"), json!({"unit_id": service.unit("U02")}));
        let version = office.read(issue).version();
        office.post_json(&format!("/issues/{issue}/actions/approve"), &body).refused(428, "version-required");
        office.act(issue, "approve", version + 1, &body).refused(412, "stale-version");
        office.read(issue).in_state("submitted");
    }

    /// The answer to a step is lost: the same again is stale, and reading tells that it was taken.
    fn a_lost_answer_does_no_harm(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Assigned);
        let unit = service.sign_in("unit02");
        let version = unit.read(issue).version();
        unit.act(issue, "sign-in", version, &json!({})).expect(200);
        unit.act(issue, "sign-in", version, &json!({})).refused(412, "stale-version");
        assert_eq!(unit.read(issue).in_state("rectifying").version(), version + 1);
    }
}
