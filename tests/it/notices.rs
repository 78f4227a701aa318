//! Notices: who gets which, how exact their times are, and that each arrives once.

use std::collections::BTreeSet;
use std::time::Duration;

use anfang::domain::issue::{Action, State};
use anfang::domain::notice::{NOTICE_DAYS, Notice, NoticeKind, Recipient};
use anfang::domain::time::Clock as _;
use anfang::store::outbox;
use diesel::connection::SimpleConnection as _;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::service::{Client, DAY, HOUR, Service};

/// The notices of a user, latest first: each kind with its issue.
fn told(client: &Client<'_>) -> Vec<(String, String)> {
    let page = client.get("/notices?limit=200").expect(200).json;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    page["items"].as_array().unwrap().iter().map(|item| (text(&item["kind"]), text(&item["issue"]["id"]))).collect()
}

fn kinds(client: &Client<'_>) -> Vec<String> {
    told(client).into_iter().map(|(kind, _)| kind).collect()
}

fn sorted(client: &Client<'_>) -> BTreeSet<String> {
    kinds(client).into_iter().collect()
}

fn unread(client: &Client<'_>) -> i64 {
    client.get("/notices/count").expect(200).json["unread"].as_i64().unwrap()
}

/// Marks as read what the first page shows.
fn mark_read(client: &Client<'_>) {
    let through = client.get("/notices").expect(200).json["through"].clone();
    client.put_json("/notices/read", &json!({"through": through})).expect(204);
}

/// A slight fault that the unit of unit02 works at; all notices up to here have been read.
fn rectifying(service: &Service) -> Uuid {
    let issue = service.report_with("990001-MKT-0001", "WM-02", "low");
    service.steps(issue, &[Action::Approve, Action::Release, Action::SignIn]);
    service.drain_jobs();
    issue
}

fn deadline(service: &Service, issue: Uuid) -> anfang::domain::time::Timestamp {
    let due = service.sign_in("unit02").read(issue).json["due_at"].as_str().unwrap().to_owned();
    anfang::domain::time::Timestamp::parse(&due).unwrap()
}

on_both! {
    fn whoever_has_to_act_next_is_told(db: TestDb) {
        let service = Service::start(db);
        let (inspector, unit, office) =
            (service.sign_in("inspector01"), service.sign_in("unit02"), service.sign_in("office01"));
        let (other, checker) = (service.sign_in("unit01"), service.sign_in("inspector02"));
        let issue = service.report_with_photos();
        let mut seen: BTreeSet<(&str, String)> = BTreeSet::new();
        let mut next = |action: Option<Action>| -> Vec<(&'static str, String)> {
            if let Some(action) = action {
                service.steps(issue, &[action]);
            }
            service.drain_jobs();
            let people = [("inspector", &inspector), ("unit", &unit), ("office", &office), ("checker", &checker)];
            let now: Vec<_> = people
                .iter()
                .flat_map(|(who, client)| kinds(client).into_iter().map(|kind| (*who, kind)))
                .collect();
            let new = now.iter().filter(|told| !seen.contains(*told)).cloned().collect();
            seen.extend(now);
            new
        };
        let mut expect = |action: Option<Action>, told: &[(&'static str, &str)]| {
            let told: Vec<_> = told.iter().map(|(who, kind)| (*who, (*kind).to_owned())).collect();
            assert_eq!(next(action), told, "{action:?}");
        };
        expect(None, &[("office", "to-review")]);
        expect(Some(Action::SendBack), &[("inspector", "sent-back")]);
        expect(Some(Action::Resubmit), &[]);
        expect(Some(Action::Approve), &[("office", "to-release")]);
        expect(Some(Action::Release), &[("unit", "handed-over")]);
        expect(Some(Action::SignIn), &[]);
        expect(Some(Action::RequestExtension), &[("office", "to-decide")]);
        expect(Some(Action::DecideExtension), &[("unit", "request-decided")]);
        expect(Some(Action::ReportFix), &[("office", "fix-reported")]);
        expect(Some(Action::AssignCheck), &[("checker", "to-check")]);
        expect(Some(Action::Fail), &[("unit", "failed-check")]);
        expect(Some(Action::Hang), &[]);
        expect(Some(Action::Unhang), &[("unit", "clock-resumed")]);
        expect(Some(Action::ReportFix), &[]);
        expect(Some(Action::Pass), &[]);
        expect(Some(Action::AssignLookBack), &[("checker", "to-look-back")]);
        assert!(told(&other).is_empty(), "another unit is told nothing");
    }

    fn what_was_read_is_read_on_every_device(db: TestDb) {
        let service = Service::start(db);
        rectifying(&service);
        let unit = service.sign_in("unit02");
        assert_eq!(unread(&unit), 1);
        let page = unit.get("/notices").expect(200).json;
        assert_eq!((&page["items"][0]["unread"], &page["unread"]), (&json!(true), &json!(1)));
        mark_read(&unit);
        service.pass(HOUR);
        let elsewhere = service.sign_in("unit02");
        assert_eq!(unread(&elsewhere), 0);
        assert_eq!(elsewhere.get("/notices").expect(200).json["items"][0]["unread"], false);
        // What was read stays read, even if an old page reports an earlier position later.
        elsewhere.put_json("/notices/read", &json!({"through": 0})).expect(204);
        assert_eq!(unread(&elsewhere), 0);
        // Each account of the office keeps count of its own.
        let (one, other) = (service.sign_in("office01"), service.sign_in("office02"));
        assert_eq!((unread(&one), unread(&other)), (2, 2));
        mark_read(&one);
        assert_eq!((unread(&one), unread(&other)), (0, 2));
    }

    fn a_kind_that_is_switched_off_is_neither_shown_nor_counted(db: TestDb) {
        let service = Service::start(db);
        rectifying(&service);
        let office = service.sign_in("office01");
        assert_eq!(unread(&office), 2);
        let switches = office.send("PATCH", "/notices/kinds", &[("content-type", "application/json")],
            Some(json!({"to-review": false}).to_string().as_bytes())).expect(200).json;
        assert_eq!((&switches["to-review"], &switches["to-release"]), (&json!(false), &json!(true)));
        assert_eq!(office.get("/notices/kinds").expect(200).json, switches);
        assert_eq!((kinds(&office), unread(&office)), (vec!["to-release".to_owned()], 1));
        assert_eq!(unread(&service.sign_in("office02")), 2, "the others are told all the same");
        office.send("PATCH", "/notices/kinds", &[("content-type", "application/json")],
            Some(json!({"to-review": true}).to_string().as_bytes())).expect(200);
        assert_eq!(unread(&office), 2, "it was kept meanwhile");
    }

    fn what_makes_no_sense_is_refused(db: TestDb) {
        let service = Service::start(db);
        let unit = service.sign_in("unit02");
        for leader in ["leader01", "discipline01", "admin"] {
            service.sign_in(leader).get("/notices").refused(403, "forbidden");
            service.sign_in(leader).get("/notices/count").refused(403, "forbidden");
        }
        unit.put_json("/notices/read", &json!({"through": 1})).refused(422, "invalid-fields");
        unit.put_json("/notices/read", &json!({"through": -1})).refused(422, "invalid-fields");
        let headers = [("content-type", "application/json")];
        for kind in ["to-review", "sent-back"] {
            unit.send("PATCH", "/notices/kinds", &headers, Some(json!({kind: false}).to_string().as_bytes()))
                .refused(422, "invalid-fields");
        }
        unit.send("PATCH", "/notices/kinds", &headers, Some(br#"{"nonsense": false}"#)).refused(400, "malformed-request");
        unit.get("/notices?cursor=AAAA").refused(400, "malformed-request");
    }

    fn a_deadline_that_is_near_is_told_once_and_again_when_it_moved(db: TestDb) {
        let service = Service::start(db);
        let issue = rectifying(&service);
        let due = deadline(&service, issue);
        service.pass(due.since(service.clock.now()) - DAY - HOUR);
        service.drain_jobs();
        assert!(!sorted(&service.sign_in("unit02")).contains("due-soon"), "a day and an hour before");
        service.pass(HOUR * 2);
        for _ in 0..3 {
            service.drain_jobs();
            service.pass(Duration::from_secs(360));
        }
        let unit = service.sign_in("unit02");
        assert_eq!(kinds(&unit).iter().filter(|kind| *kind == "due-soon").count(), 1);
        assert_eq!(unread(&unit), 3, "handed over, half-way, due soon");
        service.steps(issue, &[Action::RequestExtension, Action::DecideExtension]);
        let later = deadline(&service, issue);
        assert!(later > due);
        service.pass(later.since(service.clock.now()) - HOUR);
        service.drain_jobs();
        let unit = service.sign_in("unit02");
        assert_eq!(kinds(&unit).iter().filter(|kind| *kind == "due-soon").count(), 2);
        service.pass(HOUR * 2);
        service.drain_jobs();
        assert_eq!(kinds(&service.sign_in("unit02")).iter().filter(|kind| *kind == "due-soon").count(), 2);
    }

    fn a_unit_is_told_of_a_check_no_more_exactly_than_its_page_says(db: TestDb) {
        let service = Service::start(db);
        let issues: Vec<Uuid> = (0..3).map(|_| rectifying(&service)).collect();
        // Three checks within one half day, in an order that nobody but the office may know.
        for issue in &issues {
            service.steps(*issue, &[Action::ReportFix]);
        }
        for issue in &issues {
            service.pass(Duration::from_secs(61));
            service.steps(*issue, &[Action::Fail]);
        }
        service.drain_jobs();
        let unit = service.sign_in("unit02");
        let page = unit.get("/notices?limit=200").expect(200).json;
        let failed: Vec<&Value> =
            page["items"].as_array().unwrap().iter().filter(|item| item["kind"] == "failed-check").collect();
        let times: BTreeSet<&str> = failed.iter().map(|item| item["at"].as_str().unwrap()).collect();
        assert_eq!((failed.len(), times.len()), (3, 1), "{times:?}");
        let event = unit.events(issues[0]).into_iter().find(|event| event["action"] == "fail").unwrap();
        assert_eq!((failed[0]["at"].clone(), &failed[0]["fineness"]), (event["at"].clone(), &json!("half-day")));
        let ids: Vec<&str> = failed.iter().map(|item| item["id"].as_str().unwrap()).collect();
        let mut in_order = ids.clone();
        in_order.sort_unstable();
        in_order.reverse();
        assert_eq!(ids, in_order, "by what was drawn, not by what came first");
        let office = service.sign_in("office01").get("/notices?limit=1").expect(200).json;
        assert_eq!(office["items"][0]["fineness"], "exact");
    }

    fn a_notice_goes_with_the_issue(db: TestDb) {
        let service = Service::start(db);
        let issue = service.report_with_photos();
        service.steps(issue, &[Action::Approve, Action::Release, Action::Return]);
        service.drain_jobs();
        assert_eq!(kinds(&service.sign_in("unit02")), ["handed-over"]);
        let another = json!({"unit_id": service.unit("U01"), "founded": true, "final": false});
        service.step(issue, "office01", Action::Reassign, &another);
        service.drain_jobs();
        let (before, now) = (service.sign_in("unit02"), service.sign_in("unit01"));
        before.get(&format!("/issues/{issue}")).refused(404, "not-found");
        assert!(told(&before).is_empty(), "the unit that had it is told nothing of it any more");
        assert_eq!(told(&now), [("handed-over".to_owned(), issue.to_string())]);
    }

    fn pages_follow_each_other_without_a_gap(db: TestDb) {
        let service = Service::start(db);
        for _ in 0..4 {
            rectifying(&service);
            service.pass(Duration::from_secs(1));
        }
        let office = service.sign_in("office01");
        let whole = office.get("/notices?limit=200").expect(200).json["items"].clone();
        let (mut pages, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let more = cursor.map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
            let page = office.get(&format!("/notices?limit=3{more}")).expect(200).json;
            pages.extend(page["items"].as_array().unwrap().clone());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = Some(next.to_owned()),
                None => break,
            }
        }
        assert_eq!((json!(pages), whole.as_array().unwrap().len()), (whole.clone(), 8));
    }

    fn a_message_that_comes_twice_is_told_once(db: TestDb) {
        let service = Service::start(db);
        let issue = rectifying(&service);
        let unit = service.sign_in("unit02");
        mark_read(&unit);
        let Some(Recipient::Unit(unit_id)) = Recipient::parse(&format!("unit:{}", service.unit("U02"))) else { panic!() };
        let notice = |occasion| {
            anfang::domain::notice::Message::Notice(Notice {
                recipient: Recipient::Unit(unit_id),
                kind: NoticeKind::HandedOver,
                issue_id: anfang::domain::ids::IssueId(issue),
                occasion,
                at: service.clock.now(),
            })
        };
        let mut conn = service.database();
        for _ in 0..3 {
            outbox::post(&mut conn, &[notice(77), notice(78)], service.clock.now()).unwrap();
            service.drain_jobs();
        }
        assert_eq!(unread(&unit), 2);
        assert!(!outbox::is_waiting(&mut conn).unwrap());
    }

    fn a_message_that_cannot_be_delivered_holds_up_only_its_own(db: TestDb) {
        let service = Service::start(db);
        let (one, other) = (service.report_with_photos(), service.report_with_photos());
        service.drain_jobs();
        let mut conn = service.database();
        conn.batch_execute(&format!(
            "INSERT INTO outbox (aggregate, body, created_at, attempts) VALUES ('issue:{one}', '{{\"of-tomorrow\":1}}', 0, 0)"
        )).unwrap();
        for issue in [one, other] {
            service.steps(issue, &[Action::Approve, Action::Release]);
        }
        service.drain_jobs();
        let unit = service.sign_in("unit02");
        assert_eq!(told(&unit), [("handed-over".to_owned(), other.to_string())]);
        let (waiting, _) = outbox::figures(&mut conn, 10).unwrap();
        assert_eq!(waiting, 5, "it and the four behind it: a notice and a change of each step");
        // A program that knows the message is started: it is delivered first, then those behind it.
        conn.batch_execute("DELETE FROM outbox WHERE body LIKE '%tomorrow%'").unwrap();
        service.drain_jobs();
        assert_eq!(told(&unit).len(), 2);
        assert!(!outbox::is_waiting(&mut conn).unwrap());
    }

    fn a_retry_is_not_put_off_by_a_clock_that_was_set_back(db: TestDb) {
        let service = Service::start(db);
        let issue = service.report_with_photos();
        let mut conn = service.database();
        let far = service.clock.now().plus(DAY * 3).as_micros();
        conn.batch_execute(&format!("UPDATE outbox SET retry_at = {far}, attempts = 1")).unwrap();
        service.drain_jobs();
        assert_eq!(told(&service.sign_in("office01")), [("to-review".to_owned(), issue.to_string())]);
    }

    fn old_notices_are_forgotten_and_new_ones_still_count(db: TestDb) {
        let service = Service::start(db);
        rectifying(&service);
        mark_read(&service.sign_in("unit02"));
        service.pass(DAY * (NOTICE_DAYS + 1));
        service.drain_jobs();
        let unit = service.sign_in("unit02");
        assert!(!sorted(&unit).contains("handed-over"));
        let before = unread(&unit);
        rectifying(&service);
        assert_eq!(unread(&service.sign_in("unit02")), before + 1);
    }

    fn a_severe_fix_is_told_to_those_who_confirm_it(db: TestDb) {
        let service = Service::start(db);
        let admin = service.sign_in("admin");
        let head = json!({"username": "head02", "display_name": "分管领导", "role": "unit", "unit_id": service.unit("U02"),
            "vice_head": true});
        admin.post_json("/users", &head).expect(201);
        let issue = service.report_with("990001-MKT-0001", "WM-07", "high");
        service.steps(issue, &[Action::Approve, Action::Release, Action::SignIn, Action::ReportFix]);
        service.drain_jobs();
        assert!(sorted(&service.sign_in("unit02")).contains("to-confirm"));
        assert!(!sorted(&service.sign_in("office01")).contains("fix-reported"));
    }

    fn a_closed_issue_owes_nothing_and_is_told_of_no_deadline(db: TestDb) {
        let service = Service::start(db);
        let issue = rectifying(&service);
        let due = deadline(&service, issue);
        service.steps(issue, &[Action::ReportFix]);
        service.pass(due.since(service.clock.now()) - HOUR);
        service.drain_jobs();
        service.sign_in("office01").read(issue).in_state(State::Reported.as_str());
        assert!(!sorted(&service.sign_in("unit02")).contains("due-soon"));
    }
}
