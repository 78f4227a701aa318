//! A clock that jumps: nobody is locked out, no sign-in lasts on, and history keeps its order (guarantee G10).

use std::time::Duration;

use anfang::domain::ids::IssueId;
use anfang::domain::issue::{Action, Issue};
use anfang::domain::time::Clock as _;
use anfang::store::issues;
use serde_json::json;

use crate::support::service::{Answer, DAY, HOUR, PASSWORD, Service, new_id};

const MINUTE: Duration = Duration::from_secs(60);
const YEARS_10: Duration = Duration::from_secs(86_400 * 3_652);

fn ask(service: &Service, token: &str) -> Answer {
    service.anybody().send("GET", "/me", &[("authorization", &format!("Bearer {token}"))], None)
}

fn token(service: &Service, username: &str) -> String {
    service.try_sign_in(username, PASSWORD).expect(201).json["token"].as_str().unwrap().to_owned()
}

fn has_flag(answer: &Answer, code: &str) -> bool {
    answer.json["flags"].as_array().unwrap().iter().any(|flag| flag["code"] == code)
}

on_both! {
    fn a_clock_set_back_locks_nobody_out(db: TestDb) {
        let service = Service::start(db);
        service.try_sign_in("unit01", "wrong").refused(401, "credentials-rejected");
        for _ in 0..5 {
            service.try_sign_in("unit02", "wrong").refused(401, "credentials-rejected");
        }
        service.try_sign_in("unit02", PASSWORD).refused(429, "sign-in-throttled");
        for back in [HOUR, YEARS_10] {
            service.clock.retreat(back);
            for username in ["unit01", "inspector01", "office01"] {
                service.try_sign_in(username, PASSWORD).expect(201);
            }
        }
        // Nor is it a way to guess on: what was counted still counts.
        service.try_sign_in("unit02", "wrong").refused(401, "credentials-rejected");
        let answer = service.try_sign_in("unit02", PASSWORD).refused(429, "sign-in-throttled");
        assert_eq!(answer.header("retry-after"), "120");
    }

    fn a_sign_in_ends_in_time_though_the_clock_was_set_back(db: TestDb) {
        let service = Service::start(db);
        let used = token(&service, "office01");
        service.clock.retreat(HOUR);
        ask(&service, &used).expect(200);
        service.pass(MINUTE * 14);
        ask(&service, &used).expect(200);
        service.pass(MINUTE * 16);
        ask(&service, &used).refused(401, "not-signed-in");
        // Begun while the clock was wrong by years.
        service.pass(YEARS_10);
        let ahead = token(&service, "discipline01");
        ask(&service, &ahead).expect(200);
        service.clock.retreat(YEARS_10);
        ask(&service, &ahead).refused(401, "not-signed-in");
        token(&service, "discipline01");
    }

    fn a_clock_set_forward_ends_sign_ins_and_nothing_else(db: TestDb) {
        let service = Service::start(db);
        let before = token(&service, "office01");
        service.try_sign_in("unit01", "wrong").refused(401, "credentials-rejected");
        service.pass(DAY);
        ask(&service, &before).refused(401, "not-signed-in");
        token(&service, "office01");
        token(&service, "unit01");
    }

    fn history_is_ordered_by_version_whatever_the_clock_does(db: TestDb) {
        let service = Service::start(db);
        let issue = service.report_with("990001-MKT-0001", "WM-02", "low");
        service.clock.retreat(HOUR);
        service.steps(issue, &[Action::Approve]);
        service.pass(DAY);
        service.steps(issue, &[Action::Release]);
        service.clock.retreat(HOUR);
        service.drain_jobs();
        service.steps(issue, &[Action::SignIn, Action::RequestExtension]);
        service.clock.retreat(HOUR);
        service.steps(issue, &[Action::DecideExtension, Action::ReportFix]);
        service.pass(DAY);
        service.drain_jobs();
        service.steps(issue, &[Action::Fail]);
        service.clock.retreat(HOUR * 20);
        service.steps(issue, &[Action::ReportFix, Action::Pass]);
        let office = service.sign_in("office01");
        let events = office.events(issue);
        let versions: Vec<i64> = events.iter().map(|event| event["version"].as_i64().unwrap()).collect();
        assert_eq!(versions, (1..=10).collect::<Vec<i64>>());
        let times: Vec<&str> = events.iter().map(|event| event["at"].as_str().unwrap()).collect();
        assert!(!times.is_sorted(), "the clock went back: {times:?}");
        let actions: Vec<&str> = events.iter().map(|event| event["action"].as_str().unwrap()).collect();
        assert_eq!(
            actions,
            ["report", "approve", "release", "sign-in", "request-extension", "decide-extension", "report-fix", "fail", "report-fix", "pass"]
        );
        office.read(issue).in_state("closed");
        let mut conn = service.database();
        let stored = issues::find(&mut conn, IssueId(issue)).unwrap().unwrap();
        let recorded = issues::events(&mut conn, IssueId(issue)).unwrap();
        assert_eq!(Issue::replay(recorded.iter().map(|event| &event.changes)).unwrap(), stored);
    }

    fn only_a_device_that_differs_is_said_to(db: TestDb) {
        let service = Service::start(db);
        let report = |captured_at: String| {
            let (inspector, issue) = (service.sign_in("inspector01"), new_id());
            let photos = [inspector.send_photo()];
            let mut body = service.report_body(&photos);
            body["captured_at"] = json!(captured_at);
            inspector.put_json(&format!("/issues/{issue}"), &body).expect(201);
            service.sign_in("office01").read(issue)
        };
        service.clock.retreat(HOUR);
        assert!(!has_flag(&report(service.now()), "clock-skew"), "both clocks went back");
        assert!(has_flag(&report(service.clock.now().plus(HOUR).to_string()), "clock-skew"), "the device is ahead");
        let captured_at = service.now();
        service.pass(DAY);
        let late = report(captured_at);
        assert!(has_flag(&late, "late") && !has_flag(&late, "clock-skew"), "{}", late.json);
        assert!(!has_flag(&report(service.now()), "clock-skew"), "both clocks went forward");
    }
}
