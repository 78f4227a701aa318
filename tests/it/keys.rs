//! Steps with an idempotency key: a client whose reply was lost can tell its own step from somebody else's.

use anfang::domain::issue::{Action, State};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cast;
use crate::support::service::{Answer, Client, Service, at_once, count, new_id};

/// A step with a key; any version may be named.
fn act(client: &Client<'_>, issue: Uuid, action: Action, version: i64, key: &str, body: &Value) -> Answer {
    let tag = format!("\"{version}\"");
    let headers = [("content-type", "application/json"), ("if-match", &*tag), ("idempotency-key", key)];
    client.send("POST", &format!("/issues/{issue}/actions/{action}"), &headers, Some(body.to_string().as_bytes()))
}

on_both! {
    fn a_step_that_comes_again_is_answered_and_not_taken_again(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Assigned);
        let (unit, key) = (service.sign_in("unit02"), new_id().to_string());
        let version = unit.read(issue).version();
        let body = json!({"handler": "王工"});
        let first = act(&unit, issue, Action::SignIn, version, &key, &body).expect(200);
        let again = act(&unit, issue, Action::SignIn, version, &key, &body).expect(200);
        assert_eq!((&again.json, again.header("etag")), (&first.json, first.header("etag")));
        // The key as the draft standard writes it; the version that the client names does not matter.
        act(&unit, issue, Action::SignIn, version + 7, &format!("\"{key}\""), &body).expect(200);
        // The issue has changed since: the answer is its present state.
        service.steps(issue, &[Action::ReportFix]);
        let now = act(&unit, issue, Action::SignIn, version, &key, &body).expect(200).in_state("reported");
        assert_eq!(now.json, unit.read(issue).json);
        let signs = |event: &&Value| event["action"] == "sign-in";
        assert_eq!(unit.events(issue).iter().filter(signs).count(), 1);
        // Without a key all is as it was.
        unit.act(issue, "sign-in", version, &body).refused(412, "stale-version");
        // It is shown to nobody.
        for username in cast::readers().map(|person| person.username) {
            for path in [format!("/issues/{issue}"), format!("/issues/{issue}/events")] {
                let told = String::from_utf8(service.sign_in(username).get(&path).expect(200).bytes).unwrap();
                assert!(!told.contains(&key), "{username} {path}");
            }
        }
    }

    fn a_key_names_one_step_of_one_account(db: TestDb) {
        let service = Service::start(db);
        let [issue, other] = [State::Submitted; 2].map(|state| service.drive_to(state));
        let (office, key) = (service.sign_in("office01"), new_id().to_string());
        let version = office.read(issue).version();
        let approved = json!({"unit_id": service.unit("U02"), "severity": "high"});
        // A step that is refused leaves the key free.
        act(&office, issue, Action::Approve, version, &key, &json!({"unit_id": new_id()})).refused(422, "invalid-fields");
        act(&office, issue, Action::Approve, version, &key, &approved).expect(200);
        for (issue, action, body) in [
            (issue, Action::Approve, json!({"unit_id": service.unit("U01")})),
            (issue, Action::Approve, json!({"unit_id": service.unit("U02"), "severity": "low"})),
            (issue, Action::Reject, json!({"reason": "理由"})),
            (other, Action::Approve, approved.clone()),
        ] {
            act(&office, issue, action, version, &key, &body).refused(422, "idempotency-key-reused");
        }
        assert_eq!(office.events(issue).len(), 2);
        office.read(other).in_state("submitted");
        // Members in another order are the same body.
        let path = format!("/issues/{issue}/actions/approve");
        let turned = format!("{{ \"unit_id\": \"{}\", \"severity\":\"high\"}}", service.unit("U02"));
        let headers = [("content-type", "application/json"), ("if-match", "\"1\""), ("idempotency-key", &*key)];
        office.send("POST", &path, &headers, Some(turned.as_bytes())).expect(200);
        // Somebody else's key of the same letters is another.
        let second = service.sign_in("office02");
        act(&second, issue, Action::Release, second.read(issue).version(), &key, &json!({})).expect(200);
        for wrong in ["", "x", &format!("{key}, {key}"), "\""] {
            act(&office, issue, Action::Approve, version, wrong, &approved).refused(400, "malformed-request");
        }
        // A version must be named all the same.
        let headers = [("content-type", "application/json"), ("idempotency-key", &*key)];
        office.send("POST", &path, &headers, Some(approved.to_string().as_bytes())).refused(428, "version-required");
    }

    fn a_step_sent_by_many_at_once_is_taken_once(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Submitted);
        let office = service.sign_in("office01");
        let (version, key, body) =
            (office.read(issue).version(), new_id().to_string(), json!({"unit_id": service.unit("U02")}));
        let answers = at_once(16, |_| act(&office, issue, Action::Approve, version, &key, &body));
        assert_eq!(count(&answers, 200), 16, "{answers:?}");
        assert_eq!(office.read(issue).version(), version + 1);
    }

    /// The time of sending differs with each try; the time of writing does not.
    fn a_fix_that_comes_again_is_the_same_whenever_it_is_sent(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Rectifying);
        let (unit, key) = (service.sign_in("unit02"), new_id().to_string());
        let mut body = service.body_of(issue, &unit, Action::ReportFix);
        body["composed_at"] = json!(service.now());
        body["sent_at"] = json!(service.now());
        let version = unit.read(issue).version();
        act(&unit, issue, Action::ReportFix, version, &key, &body).expect(200);
        service.pass(std::time::Duration::from_secs(90));
        body["sent_at"] = json!(service.now());
        act(&unit, issue, Action::ReportFix, version, &key, &body).expect(200).in_state("reported");
        body["composed_at"] = json!(service.now());
        act(&unit, issue, Action::ReportFix, version, &key, &body).refused(422, "idempotency-key-reused");
        assert_eq!(unit.events(issue).iter().filter(|event| event["action"] == "report-fix").count(), 1);
    }

    /// A step may make the issue invisible to the one who took it: they still get the lost answer, and nothing that
    /// came later.
    fn who_no_longer_sees_the_issue_is_answered_what_was_lost(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Assigned);
        let (unit, key) = (service.sign_in("unit02"), new_id().to_string());
        let version = unit.read(issue).version();
        let body = json!({"reason": "不属本单位"});
        let first = act(&unit, issue, Action::Return, version, &key, &body).expect(200).json;
        let reassign = json!({"unit_id": service.unit("U03"), "founded": true, "final": false});
        service.step(issue, "office01", Action::Reassign, &reassign);
        let other = service.sign_in("unit03");
        for action in [Action::SignIn, Action::ReportFix] {
            let body = service.body_of(issue, &other, action);
            service.step(issue, "unit03", action, &body);
        }
        unit.get(&format!("/issues/{issue}")).refused(404, "not-found");
        let mut again = act(&unit, issue, Action::Return, version, &key, &body).expect(200).json;
        assert_eq!(again["allowed_actions"], json!([]));
        again["allowed_actions"] = first["allowed_actions"].clone();
        assert_eq!(again, first);
        // And the look-back of an inspector who has no other part in it.
        let issue = service.drive_to(State::Closed);
        service.steps(issue, &[Action::AssignLookBack]);
        let (inspector, key) = (service.sign_in("inspector02"), new_id().to_string());
        let body = service.body_of(issue, &inspector, Action::LookBack);
        let version = inspector.read(issue).version();
        let first = act(&inspector, issue, Action::LookBack, version, &key, &body).expect(200).json;
        let again = act(&inspector, issue, Action::LookBack, version, &key, &body).expect(200).json;
        assert_eq!(again, first);
        let events = service.sign_in("office01").events(issue);
        assert_eq!(events.iter().filter(|event| event["action"] == "look-back").count(), 1);
    }
}
