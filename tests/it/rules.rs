//! Rules tried through the API: deadlines, rebounds, second opinions, closing.

use anfang::domain::issue::{Action, State};
use anfang::domain::role::Role;
use anfang::domain::time::Clock as _;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::cast::{self, Person};
use crate::support::service::{Answer, DAY, HOUR, Service, new_id};

/// A report of a slight fault that was found at `captured_at`.
fn report_found_at(service: &Service, item: &str, captured_at: &str) -> Uuid {
    let (inspector, issue) = (service.sign_in("inspector01"), new_id());
    let mut body = service.report_at("990001-MKT-0001", item, "low", &[inspector.send_photo(), inspector.send_photo()]);
    body["captured_at"] = json!(captured_at);
    inspector.put_json(&format!("/issues/{issue}"), &body).expect(201).in_state("submitted");
    issue
}

/// A slight fault whose unit works at it.
fn rectifying(service: &Service) -> Uuid {
    let issue = service.report_with("990001-MKT-0001", "WM-02", "low");
    service.steps(issue, &[Action::Approve, Action::Release, Action::SignIn]);
    issue
}

/// The answer to an action, whether it succeeds or not.
fn attempt(service: &Service, issue: Uuid, username: &str, action: Action, body: &Value) -> Answer {
    let client = service.sign_in(username);
    let version = client.read(issue).version();
    client.act(issue, action.as_str(), version, body)
}

fn request_id(service: &Service, issue: Uuid) -> Value {
    let read = service.sign_in("office01").read(issue);
    read.json["requests"].as_array().unwrap().last().unwrap()["id"].clone()
}

fn pointers(answer: &Answer) -> Vec<String> {
    answer.json["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| error["pointer"].as_str().unwrap().to_owned())
        .collect()
}

on_both! {
    fn a_failed_check_lapses_the_extension_that_waits(db: TestDb) {
        let service = Service::start(db);
        let issue = rectifying(&service);
        service.steps(issue, &[Action::RequestExtension, Action::ReportFix, Action::Fail]);
        let failed = service.sign_in("office01").read(issue);
        assert_eq!(failed.json["requests"][0]["state"], "lapsed");
        let body = json!({"request_id": request_id(&service, issue), "granted": true, "reason": "同意"});
        attempt(&service, issue, "office01", Action::DecideExtension, &body).refused(409, "nothing-pending");
        service.steps(issue, &[Action::RequestExtension, Action::DecideExtension]);
        let after = service.sign_in("unit02").read(issue);
        assert!(after.json["due_at"].as_str() > failed.json["due_at"].as_str(), "{}", after.json);
        assert_eq!(after.json["overdue"], false);
    }

    fn a_fix_that_was_written_offline_is_on_time(db: TestDb) {
        let service = Service::start(db);
        // Two hours by the clock, then one, because it is a relapse.
        for (composed, skew, on_time) in [(HOUR * 2, 0, true), (HOUR, 301, false), (HOUR, 300, true), (HOUR * 2, 0, false)] {
            let issue = service.drive_to(State::Rectifying);
            let released = service.clock.now();
            service.pass(HOUR * 20);
            let unit = service.sign_in("unit02");
            let mut body = service.body_of(issue, &unit, Action::ReportFix);
            body["composed_at"] = json!(released.plus(composed).to_string());
            body["sent_at"] = json!(service.clock.now().plus(std::time::Duration::from_secs(skew)).to_string());
            let reported = service.step(issue, "unit02", Action::ReportFix, &body);
            assert_eq!(reported.json["reported_at"], service.now(), "what is told is when it came");
            service.steps(issue, &[Action::Pass]);
            let closed = service.sign_in("office01").read(issue);
            assert_eq!(closed.json["on_time"], on_time, "{}", closed.json);
        }
    }

    fn a_rebound_is_found_after_the_closing_however_late_its_report_comes(db: TestDb) {
        let service = Service::start(db);
        let before = service.now();
        service.pass(HOUR);
        let first = rectifying(&service);
        service.steps(first, &[Action::ReportFix, Action::Pass]);
        let closed = service.clock.now();
        let parent = |issue: Uuid| service.sign_in("office01").read(issue).json["parent_id"].clone();
        // Found before it was closed, reported afterwards.
        service.pass(HOUR);
        assert_eq!(parent(report_found_at(&service, "WM-02", &before)), Value::Null);
        // Found within ninety days, reported after them.
        service.pass(DAY * 91);
        let days = |count: u32| closed.plus(DAY * count).to_string();
        let again = report_found_at(&service, "WM-02", &days(90));
        assert_eq!(parent(again), first.to_string());
        let seen = service.sign_in("office01").read(again);
        assert_eq!((&seen.json["severity"], &seen.json["reported_severity"]), (&json!("medium"), &json!("low")));
        assert_eq!(parent(report_found_at(&service, "WM-02", &service.now())), Value::Null);
    }

    fn a_report_that_is_mended_to_another_item_leaves_its_chain(db: TestDb) {
        let service = Service::start(db);
        let first = rectifying(&service);
        service.steps(first, &[Action::ReportFix, Action::Pass]);
        let again = service.report_with("990001-MKT-0001", "WM-02", "low");
        let office = service.sign_in("office01");
        assert_eq!(office.read(again).json["severity"], "medium");
        service.steps(again, &[Action::SendBack]);
        // Not looked for at markets.
        let answer = attempt(&service, again, "inspector01", Action::Resubmit, &json!({"item_code": "WM-10"}));
        assert_eq!(pointers(&answer.refused(422, "invalid-fields")), ["/item_code"]);
        let answer = attempt(&service, again, "inspector01", Action::Resubmit, &json!({"item_code": "WM-99"}));
        assert_eq!(pointers(&answer.refused(422, "invalid-fields")), ["/item_code"]);
        service.step(again, "inspector01", Action::Resubmit, &json!({"item_code": "WS-06"}));
        let mended = office.read(again);
        assert_eq!((&mended.json["parent_id"], &mended.json["chain_no"]), (&Value::Null, &json!(0)));
        assert_eq!((&mended.json["campaign"], &mended.json["severity"]), (&json!("WS"), &json!("low")));
        assert!(office.read(first).json["children"].as_array().unwrap().is_empty());
    }

    fn a_look_back_after_ninety_days_opens_an_issue_with_the_whole_limit(db: TestDb) {
        let service = Service::start(db);
        for (days, item, limit, severity) in [(90, "WM-02", "630wm", "medium"), (91, "WM-08", "3wd", "low")] {
            let issue = service.report_with("990001-MKT-0001", item, "low");
            service.steps(issue, &[Action::Approve, Action::Release, Action::SignIn]);
            service.steps(issue, &[Action::ReportFix, Action::Pass, Action::AssignLookBack]);
            service.pass(DAY * days);
            let inspector = service.sign_in("inspector02");
            let body = json!({"held": false, "photos": [{"id": inspector.send_photo(), "view": "far"}]});
            service.step(issue, "inspector02", Action::LookBack, &body);
            let office = service.sign_in("office01");
            let child: Uuid = office.read(issue).json["children"][0].as_str().unwrap().parse().unwrap();
            service.steps(child, &[Action::Approve]);
            let child = office.read(child);
            assert_eq!((&child.json["limit"], &child.json["severity"]), (&json!(limit), &json!(severity)), "{days}");
            assert_eq!(child.json["look_back_of"], issue.to_string());
        }
    }

    fn an_overdue_issue_is_reminded_of_and_its_unit_reads_the_note(db: TestDb) {
        let service = Service::start(db);
        let issue = rectifying(&service);
        let note = json!({"reason": "已逾期，请于今日内办结"});
        attempt(&service, issue, "office01", Action::Remind, &note).refused(409, "not-overdue");
        service.pass(DAY * 30);
        attempt(&service, issue, "unit02", Action::Remind, &note).refused(403, "forbidden");
        let blank = attempt(&service, issue, "office01", Action::Remind, &json!({"reason": " "}));
        assert_eq!(pointers(&blank.refused(422, "invalid-fields")), ["/reason"]);
        service.step(issue, "office01", Action::Remind, &note).in_state("rectifying");
        for username in cast::readers().map(|person| person.username).chain(["inspector01"]) {
            let events = service.sign_in(username).events(issue);
            let reminder = events.last().unwrap();
            assert_eq!((&reminder["action"], &reminder["reason"]), (&json!("remind"), &note["reason"]), "{username}");
        }
    }

    fn a_report_that_waits_for_photos_is_withdrawn_by_its_finder(db: TestDb) {
        let service = Service::start(db);
        let (inspector, issue) = (service.sign_in("inspector01"), new_id());
        let report = service.report_at("990001-MKT-0001", "WM-02", "low", &[inspector.send_photo(), new_id()]);
        inspector.put_json(&format!("/issues/{issue}"), &report).expect(201).in_state("receiving");
        assert_eq!(inspector.read(issue).strings("allowed_actions"), ["withdraw"]);
        service.sign_in("inspector02").act(issue, "withdraw", 1, &json!({})).refused(404, "not-found");
        attempt(&service, issue, "office01", Action::Withdraw, &json!({})).refused(403, "forbidden");
        service.step(issue, "inspector01", Action::Withdraw, &json!({})).in_state("void");
        attempt(&service, issue, "inspector01", Action::Withdraw, &json!({})).refused(409, "issue-illegal-transition");
        // Its reply was lost and the report is sent again: it stays withdrawn.
        inspector.put_json(&format!("/issues/{issue}"), &report).expect(200).in_state("void");
        // One that is whole is the office's.
        let whole = service.report_with_photos();
        attempt(&service, whole, "inspector01", Action::Withdraw, &json!({})).refused(409, "issue-illegal-transition");
    }

    fn a_fix_is_stale_only_after_a_step_that_it_depends_on(db: TestDb) {
        let service = Service::start(db);
        let issue = rectifying(&service);
        let unit = service.sign_in("unit02");
        let seen = unit.read(issue).version();
        let fix = |version: i64| {
            let photos = ["same-angle", "wide"].map(|view| json!({"id": unit.send_photo(), "view": view}));
            unit.act(issue, "report-fix", version, &json!({"measure": "已清走", "remedy": "quick", "photos": photos}))
        };
        // A colleague asks for more time, the office grants it and gives the check to somebody.
        service.steps(issue, &[Action::RequestExtension, Action::DecideExtension, Action::AssignCheck]);
        assert!(unit.read(issue).version() > seen);
        unit.act(issue, "dispute", seen, &json!({"reason": "理由"})).refused(412, "stale-version");
        fix(seen + 7).refused(412, "stale-version");
        fix(seen).expect(200).in_state("reported");
        // It is another round now, which what was written before does not answer.
        service.steps(issue, &[Action::Fail]);
        fix(seen).refused(412, "stale-version");
        fix(unit.read(issue).version()).expect(200).in_state("reported");
    }

    fn what_is_severe_is_dropped_by_two(db: TestDb) {
        let service = Service::start(db);
        let issue = service.report_with_photos();
        let body = json!({"reason": "照片不足以证明"});
        let first = service.step(issue, "office01", Action::Reject, &body).in_state("submitted");
        assert_eq!(first.json["rejection"]["by"]["id"], service.user_id("office01"));
        assert_eq!(first.json["rejection"]["reason"], "照片不足以证明");
        attempt(&service, issue, "office01", Action::Reject, &body).refused(403, "separation-of-duties");
        service.step(issue, "office02", Action::Reject, &body).in_state("void");
    }

    fn the_first_of_two_opinions_is_not_told_outside(db: TestDb) {
        let service = Service::start(db);
        let issue = rectifying(&service);
        service.steps(issue, &[Action::Dispute]);
        let seen = || {
            let read = |person: Person| {
                let client = service.sign_in(person.username);
                let events = client.get(&format!("/issues/{issue}/events")).expect(200).bytes;
                (client.read(issue).bytes, client.read(issue).version(), events, client.get("/issues").expect(200).bytes)
            };
            cast::readers().filter(|person| person.role != Role::Office).map(read).collect::<Vec<_>>()
        };
        let before = seen();
        let body = json!({"request_id": request_id(&service, issue), "granted": true, "reason": "属实"});
        let first = service.step(issue, "office02", Action::DecideDispute, &body).in_state("rectifying");
        assert_eq!(first.json["requests"][0]["first_vote"]["by"]["id"], service.user_id("office02"));
        assert_eq!(seen(), before);
        service.step(issue, "office03", Action::DecideDispute, &body).in_state("void");
        assert_ne!(seen()[0].2, before[0].2);
    }

    fn closing_at_the_desk_where_a_visit_is_expected_says_why_for_good(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Reported);
        let answer = attempt(&service, issue, "office01", Action::Pass, &json!({"on_site": false}));
        assert_eq!(pointers(&answer.refused(422, "invalid-fields")), ["/note"]);
        let body = json!({"on_site": false, "note": "视频连线核查"});
        let closed = service.step(issue, "office01", Action::Pass, &body).in_state("closed");
        assert_eq!(closed.json["desk_reason"], "视频连线核查");
        assert!(closed.json["flags"].as_array().unwrap().iter().any(|flag| flag["code"] == "desk-check"));
        // Only the office may know whether somebody went there.
        for person in cast::readers().filter(|person| person.role != Role::Office) {
            let read = service.sign_in(person.username).read(issue).json;
            assert!(read.get("desk_reason").is_none(), "{person:?}");
        }
    }

    fn an_issue_is_not_archived_while_a_rebound_of_it_is_open(db: TestDb) {
        let service = Service::start(db);
        let closed = |item: &str| {
            let issue = service.report_with("990001-MKT-0001", item, "low");
            service.steps(issue, &[Action::Approve, Action::Release, Action::SignIn, Action::ReportFix, Action::Pass]);
            issue
        };
        let (first, other) = (closed("WM-02"), closed("WM-14"));
        service.pass(DAY * 80);
        let again = service.report_with("990001-MKT-0001", "WM-02", "low");
        service.steps(again, &[Action::Approve, Action::Release]);
        // Not handed over: if it held the old one up, the unit could tell that there is one.
        service.report_with("990001-MKT-0001", "WM-14", "low");
        service.pass(DAY * 11);
        service.drain_jobs();
        service.sign_in("office01").read(first).in_state("closed");
        service.sign_in("office01").read(other).in_state("archived");
        service.steps(again, &[Action::ReportFix, Action::Pass]);
        service.pass(HOUR);
        service.drain_jobs();
        service.sign_in("office01").read(first).in_state("archived");
    }

    fn whoever_signs_in_is_named(db: TestDb) {
        let service = Service::start(db);
        let issue = rectifying(&service);
        assert_eq!(service.sign_in("unit02").read(issue).json["handler"], "市场监管局经办人");
    }

    fn a_severe_fix_goes_by_the_vice_head(db: TestDb) {
        let service = Service::start(db);
        let (issue, none) = (service.drive_to(State::Rectifying), service.drive_to(State::Rectifying));
        // Without one it is reported, and the office sees that.
        service.steps(none, &[Action::ReportFix]);
        assert_eq!(service.sign_in("office01").read(none).in_state("reported").json["confirmation"]["state"], "no-vice-head");
        let path = format!("/users/{}", service.user_id("unit06"));
        let unit = service.unit("U02");
        let body = json!({"unit_id": unit, "vice_head": true}).to_string();
        let headers = [("content-type", "application/json")];
        let changed = service.sign_in("admin").send("PATCH", &path, &headers, Some(body.as_bytes())).expect(200);
        assert_eq!((&changed.json["vice_head"], &changed.json["unit_id"]), (&json!(true), &json!(unit)));
        service.pass(std::time::Duration::ZERO);
        let body = service.body_of(issue, &service.sign_in("unit02"), Action::ReportFix);
        let written = service.step(issue, "unit02", Action::ReportFix, &body).in_state("rectifying");
        assert_eq!((&written.json["awaits_confirmation"], &written.json["reported_at"]), (&json!(true), &Value::Null));
        attempt(&service, issue, "unit02", Action::ConfirmFix, &json!({})).refused(403, "forbidden");
        let office = service.sign_in("office01").read(issue);
        assert_eq!(office.json["confirmation"]["state"], "asked");
        assert!(service.sign_in("unit06").read(issue).strings("allowed_actions").contains(&"confirm-fix".to_owned()));
        service.step(issue, "unit06", Action::ConfirmFix, &json!({})).in_state("reported");
        let office = service.sign_in("office01").read(issue);
        assert_eq!(office.json["confirmation"]["by"]["id"], service.user_id("unit06"));
        // Who leaves the unit leaves the post.
        let body = json!({"unit_id": service.unit("U06")}).to_string();
        let changed = service.sign_in("admin").send("PATCH", &path, &headers, Some(body.as_bytes())).expect(200);
        assert_eq!(changed.json["vice_head"], false);
        let body = json!({"vice_head": true}).to_string();
        let path = format!("/users/{}", service.user_id("office01"));
        let refused = service.sign_in("admin").send("PATCH", &path, &headers, Some(body.as_bytes()));
        assert_eq!(pointers(&refused.refused(422, "invalid-fields")), ["/vice_head"]);
    }

    fn a_unit_asks_to_be_put_on_the_books_and_comes_off_when_the_plan_ends(db: TestDb) {
        let service = Service::start(db);
        let issue = rectifying(&service);
        service.steps(issue, &[Action::RequestHang]);
        let office = service.sign_in("office01");
        let asked = office.read(issue).in_state("rectifying");
        assert_eq!((&asked.json["requests"][0]["kind"], &asked.json["requests"][0]["state"]), (&json!("hang"), &json!("pending")));
        assert_eq!(asked.json["requests"][0]["plan"][0]["milestone"], "拆除");
        assert!(office.get("/issues?pending=hang").expect(200).json["items"][0]["id"] == issue.to_string());
        service.steps(issue, &[Action::DecideHang]);
        // Thirty days from the third of August; the plan lasts until that day ends.
        service.pass(DAY * 30);
        service.drain_jobs();
        service.sign_in("office01").read(issue).in_state("hung");
        service.pass(HOUR * 15);
        service.drain_jobs();
        for username in cast::readers().map(|person| person.username) {
            let ended = service.sign_in(username).read(issue).in_state("rectifying");
            assert_eq!(ended.json["missed_milestones"], 1, "{username}");
            assert_eq!(ended.json["plan"][0]["is_missed"], true, "{username}");
            assert_eq!(ended.json["overdue"], false, "{username}");
        }
        let events = service.sign_in("unit02").events(issue);
        assert_eq!(events.last().unwrap()["action"], "end-plan");
    }

    fn a_milestone_that_was_reached_in_time_is_not_missed(db: TestDb) {
        let service = Service::start(db);
        let issue = rectifying(&service);
        service.steps(issue, &[Action::Hang, Action::ReachMilestone]);
        service.pass(DAY * 31);
        service.drain_jobs();
        let ended = service.sign_in("unit02").read(issue).in_state("rectifying");
        assert_eq!((&ended.json["missed_milestones"], &ended.json["plan"][0]["reached_on"]), (&json!(0), &json!("2026-08-03")));
    }

    fn working_hours_seasons_and_zone_can_be_set(db: TestDb) {
        let service = Service::start(db);
        let issue = rectifying(&service);
        let due = service.sign_in("office01").read(issue).json["due_at"].clone();
        let patch = |username: &str, body: &Value| {
            let headers = [("content-type", "application/json")];
            service.sign_in(username).send("PATCH", "/calendar", &headers, Some(body.to_string().as_bytes()))
        };
        patch("unit02", &json!({"zone": "Asia/Urumqi"})).refused(403, "forbidden");
        let bad = patch("office01", &json!({
            "zone": "Asia/Nowhere", "windows": [{"from": "12:00", "to": "09:00"}],
            "seasons": [{"from": "02-30", "to": "04-30", "windows": []}]
        }));
        assert_eq!(pointers(&bad.refused(422, "invalid-fields")), ["/zone", "/windows", "/seasons/0/from", "/seasons/0/windows"]);
        let bad = patch("office01", &json!({"windows": [{"from": "9", "to": "12:00:30"}]}));
        assert_eq!(pointers(&bad.refused(422, "invalid-fields")), ["/windows/0/from", "/windows/0/to"]);
        let hours = json!({"windows": [{"from": "08:00", "to": "10:00"}], "seasons": [{"from": "11-01", "to": "03-31", "windows": [{"from": "10:00", "to": "12:00"}]}]});
        let changed = patch("office01", &hours).expect(200);
        let before = changed.json["version"].as_i64().unwrap();
        assert_eq!((&changed.json["windows"], &changed.json["seasons"]), (&hours["windows"], &hours["seasons"]));
        assert!(!changed.json["off"].as_array().unwrap().is_empty(), "the days stay");
        // The same again makes no version.
        assert_eq!(patch("admin", &hours).expect(200).json["version"], before);
        // Existing deadlines stay; new ones are counted by the new hours.
        assert_eq!(service.sign_in("office01").read(issue).json["due_at"], due);
        let next = service.report_with("990001-MKT-0001", "WM-14", "low");
        service.steps(next, &[Action::Approve, Action::Release]);
        // Four working hours from nine: one today, two tomorrow, one on Wednesday.
        assert_eq!(service.sign_in("office01").read(next).json["due_at"], "2026-08-05T01:00:00Z");
        assert_eq!(service.sign_in("office01").read(next).json["calendar_version"], before);
        let audit = service.sign_in("discipline01").get("/audit?limit=200").expect(200);
        let changes = audit.json["items"].as_array().unwrap().iter().filter(|entry| entry["target"] == "setting:calendar").count();
        assert_eq!(changes, 1);
    }

    fn how_far_an_offline_answer_counts_can_be_set(db: TestDb) {
        let service = Service::start(db);
        let body = json!({"offline_hours_max": 1, "offline_skew_minutes_max": 60}).to_string();
        let headers = [("content-type", "application/json")];
        service.sign_in("admin").send("PATCH", "/settings", &headers, Some(body.as_bytes())).expect(200);
        for (hours, counts) in [(1, true), (2, false)] {
            let issue = rectifying(&service);
            let composed = service.clock.now();
            service.pass(HOUR * hours);
            let mut body = service.body_of(issue, &service.sign_in("unit02"), Action::ReportFix);
            body["composed_at"] = json!(composed.to_string());
            body["sent_at"] = json!(service.clock.now().plus(HOUR).to_string());
            service.step(issue, "unit02", Action::ReportFix, &body);
            let counted = service.sign_in("office01").read(issue).json["fix_counted_at"].clone();
            assert_eq!(counted == composed.to_string(), counts, "{hours}");
        }
    }
}
