//! A clock that jumps: nobody is locked out, no session lasts too long, and the order of history does not change
//! (guarantee G10).

use std::time::{Duration, UNIX_EPOCH};

use anfang::app::upkeep;
use anfang::domain::complaint::RATE_MAX;
use anfang::domain::ids::{IssueId, JobId};
use anfang::domain::issue::{Action, Issue};
use anfang::domain::time::Clock as _;
use anfang::jobs::{BACKOFF_MAX, CLAIM, PLANS, Runner};
use anfang::store::jobs::ClaimableKind;
use anfang::store::{issues, jobs};
use diesel::connection::SimpleConnection as _;
use serde_json::json;

use crate::support::service::{Answer, DAY, HOUR, PASSWORD, Service, new_id};
use crate::tus::Upload;

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
        let refused = service.try_sign_in("unit01", "wrong").refused(401, "credentials-rejected");
        assert_eq!(refused.header("www-authenticate"), "Bearer");
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
        // Started while the clock was wrong by years.
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

    fn recurring_work_goes_on_whichever_way_the_clock_jumps(db: TestDb) {
        let service = Service::start(db);
        let recurring = PLANS.iter().filter(|plan| plan.every.is_some()).count();
        let each_minute = PLANS.iter().filter(|plan| plan.every.is_some_and(|every| every <= MINUTE)).count();
        // Each time as after a restart.
        let done = || {
            service.block_on(async |app| {
                let runner = Runner::new(app.clone());
                runner.queue_recurring().await.unwrap();
                runner.drain().await.unwrap()
            })
        };
        assert_eq!(done(), recurring);
        assert_eq!(done(), 0);
        for jump in [DAY * 2, YEARS_10] {
            service.clock.retreat(jump);
            assert_eq!(done(), recurring, "back by {jump:?}");
            assert_eq!(done(), 0, "once each");
            service.pass(MINUTE);
            assert_eq!(done(), each_minute);
            service.pass(jump);
            assert_eq!(done(), recurring, "forward by {jump:?}");
            assert_eq!(done(), 0);
        }
        // A jump of less than the next turn is far is waited for.
        service.clock.retreat(MINUTE * 3);
        assert_eq!(done(), 0);
        service.pass(MINUTE * 4);
        assert_eq!(done(), each_minute);
    }

    fn work_of_a_dead_node_and_work_that_failed_go_on_after_the_clock_was_set_back(db: TestDb) {
        let service = Service::start(db);
        let id = || JobId(new_id());
        let drain = || service.block_on(async |app| Runner::new(app.clone()).drain().await.unwrap());
        let wanted = [ClaimableKind { kind: "render", put_off_max: BACKOFF_MAX }];
        let queue = || {
            let now = service.clock.now();
            jobs::enqueue(&mut service.database(), id(), "render", None, "no digest", now, now).unwrap();
        };
        for jump in [DAY * 2, YEARS_10] {
            queue();
            let now = service.clock.now();
            jobs::claim(&mut service.database(), id(), &wanted, CLAIM, now).unwrap().unwrap();
            assert_eq!(drain(), 0, "claimed by a node that is dead by now");
            service.clock.retreat(jump);
            assert_eq!(drain(), 1, "back by {jump:?}");
            // It failed, and is to be tried again in some seconds of the new time.
            service.pass(MINUTE);
            assert_eq!(drain(), 1);
            service.clock.retreat(jump);
            assert_eq!(drain(), 1, "put off until a time that was taken back");
            service.database().batch_execute("DELETE FROM jobs").unwrap();
        }
        // Nodes whose clocks differ by minutes do not take each other's work.
        queue();
        let ahead = service.clock.now().plus(MINUTE * 4);
        jobs::claim(&mut service.database(), id(), &wanted, CLAIM, ahead).unwrap().unwrap();
        assert_eq!(drain(), 0);
    }

    fn what_was_checked_while_the_clock_was_ahead_is_checked_again(db: TestDb) {
        let service = Service::start(db);
        let scrub = || service.block_on(async |app| upkeep::scrub(app).await.unwrap().done);
        service.pass(YEARS_10);
        service.report_with_photos();
        assert_eq!(scrub(), 0);
        service.clock.retreat(YEARS_10);
        assert_eq!(scrub(), 2, "checked in ten years, say their rows");
        assert_eq!(scrub(), 0);
        service.pass(DAY * 29);
        assert_eq!(scrub(), 2);
    }

    fn a_complaint_filed_while_the_clock_was_ahead_counts_for_no_longer_than_a_day(db: TestDb) {
        let service = Service::start(db);
        let file = || {
            let body = json!({"kind": "work", "body": "建议", "named": false});
            service.sign_in("unit01").put_json(&format!("/complaints/{}", new_id()), &body)
        };
        service.pass(YEARS_10);
        for _ in 0..RATE_MAX {
            file().expect(201);
        }
        file().refused(429, "too-many-requests");
        service.clock.retreat(YEARS_10);
        service.pass(MINUTE);
        file().expect(201);
    }

    fn an_upload_begun_while_the_clock_was_wrong_by_years_is_given_up(db: TestDb) {
        let service = Service::start(db);
        let (bytes, id) = (service.picture(), new_id());
        let sweep = || service.block_on(async |app| upkeep::sweep_orphans(app).await.unwrap());
        let state = || {
            let owner = std::fs::read_dir(service.photo_folder().join("incoming/uploads")).unwrap().next()?.unwrap();
            let files = std::fs::read_dir(owner.path()).unwrap().map(|entry| entry.unwrap().path());
            files.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "state"))
        };
        service.pass(YEARS_10);
        let inspector = service.sign_in("inspector01");
        Upload::new(&inspector, id, &bytes).begin(None).expect(201);
        let written = UNIX_EPOCH + Duration::from_micros(u64::try_from(service.clock.now().as_micros()).unwrap());
        std::fs::File::options().write(true).open(state().unwrap()).unwrap().set_modified(written).unwrap();
        service.clock.retreat(DAY * 2);
        sweep();
        assert!(state().is_some(), "begun two days from now: it may be going on");
        service.clock.retreat(YEARS_10);
        sweep();
        assert!(state().is_none(), "it would have stayed for ten years");
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
