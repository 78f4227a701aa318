//! The main job: a report travels from the phone to closed.

use anfang::domain::issue::{Action, State};
use serde_json::{Value, json};

use crate::support::service::{DAY, HOUR, Service, new_id};

fn actions(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["action"].as_str().unwrap()).collect()
}

on_both! {
    fn a_report_comes_before_its_photos(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let (issue, photos) = (new_id(), [new_id(), new_id()]);
        let path = format!("/issues/{issue}");
        let body = service.report_body(&photos);
        let first = inspector.put_json(&path, &body).expect(201).in_state("receiving");
        assert_eq!(first.strings("missing_photos"), photos.map(|id| id.to_string()));
        inspector.put_photo(photos[0], &service.picture()).expect(201);
        let half = inspector.read(issue).in_state("receiving");
        assert_eq!(half.strings("missing_photos"), [photos[1].to_string()]);
        inspector.put_photo(photos[1], &service.picture()).expect(201);
        let whole = inspector.read(issue).in_state("submitted");
        assert!(whole.strings("missing_photos").is_empty());
        assert_eq!(whole.header("etag"), format!("\"{}\"", whole.version()));
        assert_eq!(actions(&service.sign_in("office01").events(issue)), ["report", "submit"]);
    }

    fn a_report_travels_to_closed(db: TestDb) {
        let service = Service::start(db);
        let issue = service.report_with_photos();
        let path = format!("/issues/{issue}");
        let (approver, other, unit) = (service.sign_in("office01"), service.sign_in("office02"), service.sign_in("unit02"));
        let version = approver.read(issue).version();
        let approve = json!({"unit_id": service.unit("U02")});
        let sealed = approver.act(issue, "approve", version, &approve).expect(200).in_state("sealed");
        unit.get(&path).refused(404, "not-found");
        approver.act(issue, "release", sealed.version(), &json!({})).refused(403, "separation-of-duties");
        let released = other.act(issue, "release", sealed.version(), &json!({})).expect(200).in_state("assigned");
        let number = released.json["number"].as_str().unwrap();
        assert!(number.starts_with("2026-") && number.len() == 12, "{number}");
        // Two hours by the clock.
        assert_eq!(released.json["due_at"], "2026-08-03T03:00:00Z");
        let seen = unit.read(issue);
        assert_eq!(seen.json["number"], number);
        assert!(unit.get("/issues").expect(200).json["items"][0]["id"] == issue.to_string());
        service.sign_in("unit01").get(&path).refused(404, "not-found");
        service.steps(issue, &[Action::SignIn, Action::ReportFix]);
        let closed = service.step(issue, "office01", Action::Pass, &json!({"on_site": true})).in_state("closed");
        assert_eq!(closed.json["on_time"], true);
        let all = ["report", "approve", "release", "sign-in", "report-fix", "pass"];
        assert_eq!(actions(&approver.events(issue)), all);
        let versions: Vec<i64> = approver.events(issue).iter().map(|event| event["version"].as_i64().unwrap()).collect();
        assert_eq!(versions, [1, 2, 3, 4, 5, 6]);
    }

    fn a_failed_check_leads_to_rework_with_a_new_limit(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Reported);
        let failed = service.step(issue, "office01", Action::Fail, &json!({"reason": "仍有一辆"})).in_state("rework");
        assert_eq!(failed.json["round"], 2);
        // Four working hours from the end of the half day of the check: from two o'clock to six.
        assert_eq!(failed.json["due_at"], "2026-08-03T10:00:00Z");
        service.steps(issue, &[Action::ReportFix, Action::Pass]);
        service.sign_in("office01").read(issue).in_state("closed");
    }

    fn a_returned_issue_goes_to_another_unit(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Redispatch);
        let body = json!({"unit_id": service.unit("U06"), "founded": true, "final": true});
        service.step(issue, "office01", Action::Reassign, &body).in_state("assigned");
        service.sign_in("unit02").get(&format!("/issues/{issue}")).refused(404, "not-found");
        let unit = service.sign_in("unit06");
        let version = unit.read(issue).version();
        unit.act(issue, "return", version, &json!({"reason": "不归我管"})).refused(409, "final-assignment");
    }

    fn an_extension_is_granted_or_refused(db: TestDb) {
        let service = Service::start(db);
        let issue = service.report_with("990001-MKT-0001", "WM-02", "low");
        service.steps(issue, &[Action::Approve, Action::Release, Action::SignIn]);
        let before = service.sign_in("office01").read(issue).json["due_at"].clone();
        for granted in [false, true] {
            service.steps(issue, &[Action::RequestExtension]);
            let unit = service.sign_in("unit02");
            let version = unit.read(issue).version();
            unit.act(issue, "request-extension", version, &json!({"reason": "再要"})).refused(409, "request-pending");
            let pending = service.sign_in("office01").read(issue).json["requests"].as_array().unwrap().last().unwrap().clone();
            assert_eq!(pending["state"], "pending");
            let body = json!({"request_id": pending["id"], "granted": granted, "reason": "答复"});
            let decided = service.step(issue, "office01", Action::DecideExtension, &body).in_state("rectifying");
            if granted {
                assert_eq!(decided.json["due_at"], pending["until"]);
                assert_ne!(decided.json["due_at"], before);
            } else {
                assert_eq!(decided.json["due_at"], before);
            }
        }
    }

    fn a_dispute_is_refused_or_upheld(db: TestDb) {
        let service = Service::start(db);
        for (granted, state) in [(false, "assigned"), (true, "void")] {
            let issue = service.drive_to(State::Assigned);
            service.steps(issue, &[Action::Dispute]);
            let request = service.sign_in("office01").read(issue).json["requests"][0]["id"].clone();
            let body = json!({"request_id": request, "granted": granted, "reason": "答复"});
            let approver = service.sign_in("office01");
            let version = approver.read(issue).version();
            approver.act(issue, "decide-dispute", version, &body).refused(403, "separation-of-duties");
            if granted {
                // It takes two.
                service.step(issue, "office02", Action::DecideDispute, &body).in_state("assigned");
                service.step(issue, "office03", Action::DecideDispute, &body).in_state(state);
            } else {
                service.step(issue, "office02", Action::DecideDispute, &body).in_state(state);
            }
        }
    }

    fn a_hung_issue_has_its_time_back(db: TestDb) {
        let service = Service::start(db);
        let issue = service.report_with("990001-MKT-0001", "WM-02", "low");
        service.steps(issue, &[Action::Approve, Action::Release, Action::SignIn]);
        let before = service.sign_in("office01").read(issue).json["due_at"].clone();
        service.steps(issue, &[Action::Hang]);
        // Still at the end of Tuesday, which therefore does not count.
        service.pass(DAY * 2);
        let back = service.step(issue, "office01", Action::Unhang, &json!({})).in_state("rectifying");
        assert_eq!(before, "2026-08-06T16:00:00Z");
        assert_eq!(back.json["due_at"], "2026-08-07T16:00:00Z");
    }

    fn an_urgent_release_needs_no_second_person(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Submitted);
        let low = json!({"severity": "low", "unit_id": service.unit("U02")});
        let office = service.sign_in("office01");
        let version = office.read(issue).version();
        office.act(issue, "release-urgent", version, &low).refused(422, "invalid-fields");
        let body = json!({"severity": "high", "unit_id": service.unit("U02")});
        let released = office.act(issue, "release-urgent", version, &body).expect(200).in_state("assigned");
        assert_eq!(released.json["urgent"], true);
        assert_eq!(service.sign_in("unit02").read(issue).json["state"], "assigned");
    }

    fn a_fault_that_comes_back_has_half_the_time(db: TestDb) {
        let service = Service::start(db);
        let first = service.report_with("990001-MKT-0001", "WM-02", "low");
        service.steps(first, &[Action::Approve, Action::Release, Action::SignIn, Action::ReportFix, Action::Pass]);
        service.pass(DAY * 89);
        let again = service.report_with("990001-MKT-0001", "WM-02", "low");
        let other = service.report_with("990001-MKT-0001", "WM-07", "low");
        let office = service.sign_in("office01");
        assert_eq!(office.read(again).json["parent_id"], first.to_string());
        assert_eq!(office.read(again).json["chain_no"], 1);
        assert_eq!(office.read(other).json["parent_id"], Value::Null);
        service.steps(again, &[Action::Approve]);
        assert_ne!(office.read(again).json["limit"], office.read(first).json["limit"]);
        assert_eq!(office.read(first).json["limit"], "3wd");
    }

    fn a_fix_that_has_not_held_opens_a_new_issue(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Closed);
        service.steps(issue, &[Action::AssignLookBack]);
        let inspector = service.sign_in("inspector02");
        let photos = json!([{"id": inspector.send_photo(), "view": "far"}]);
        let body = json!({"held": false, "photos": photos, "note": "又堵上了"});
        service.step(issue, "inspector02", Action::LookBack, &body).in_state("closed");
        let office = service.sign_in("office01");
        let child: uuid::Uuid = office.read(issue).json["children"][0].as_str().unwrap().parse().unwrap();
        let child = office.read(child).in_state("submitted");
        assert_eq!(child.json["parent_id"], issue.to_string());
        assert_eq!((&child.json["chain_no"], &child.json["source"]), (&json!(1), &json!("look-back")));
        assert_eq!(child.json["description"], "又堵上了");
    }

    fn a_report_and_its_photos_come_in_one_call(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let mut report = service.report_body(&[]);
        let issue = new_id();
        report["id"] = json!(issue);
        let mut form = format!("--edge\r\ncontent-disposition: form-data; name=\"report\"\r\ncontent-type: application/json\r\n\r\n{report}\r\n").into_bytes();
        for _ in 0..2 {
            form.extend(b"--edge\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"a.jpg\"\r\ncontent-type: image/jpeg\r\n\r\n");
            form.extend(service.picture());
            form.extend(b"\r\n");
        }
        form.extend(b"--edge--\r\n");
        let send = || inspector.send("POST", "/issues", &[("content-type", "multipart/form-data; boundary=edge")], Some(&form));
        let first = send().expect(201).in_state("submitted");
        assert_eq!(first.json["id"], issue.to_string());
        assert_eq!(first.json["photos"].as_array().unwrap().len(), 2);
        assert_eq!(send().expect(200).json, first.json);
    }

    fn a_closed_issue_is_archived_by_the_clock(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Closed);
        service.pass(DAY * 90);
        service.drain_jobs();
        service.sign_in("office01").read(issue).in_state("closed");
        service.pass(DAY);
        service.drain_jobs();
        let archived = service.sign_in("office01").read(issue).in_state("archived");
        assert_eq!(archived.version(), 7);
    }

    fn an_issue_that_nobody_signs_in_starts_by_the_clock(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Assigned);
        service.pass(HOUR * 6);
        service.drain_jobs();
        service.sign_in("office01").read(issue).in_state("assigned");
        service.pass(HOUR);
        service.drain_jobs();
        let started = service.sign_in("office01").read(issue).in_state("rectifying");
        assert_eq!(started.json["unclaimed"], true);
    }
}
