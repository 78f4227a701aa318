//! Reminders to units, and cards for missed milestones: each comes once, however often nodes look.

use anfang::domain::issue::{Action, State};
use anfang::domain::time::Timestamp;
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};

use crate::support::service::{DAY, HOUR, Service};

fn items(service: &Service, username: &str, path: &str) -> Vec<Value> {
    service.sign_in(username).get(path).expect(200).json["items"].as_array().unwrap().clone()
}

fn kinds(service: &Service) -> Vec<String> {
    let mut kinds: Vec<String> = items(service, "unit02", "/notices?limit=100")
        .iter()
        .map(|notice| notice["kind"].as_str().unwrap().to_owned())
        .filter(|kind| ["half-way", "due-soon"].contains(&kind.as_str()))
        .collect();
    kinds.sort();
    kinds
}

/// Looks at all issues again, as after a restart.
fn look(service: &Service) {
    service.database().batch_execute("UPDATE follow_up_watches SET at = 0").unwrap();
    service.drain_jobs();
    service.drain_messages();
}

on_both! {
    fn a_unit_is_reminded_once_when_half_of_a_long_limit_has_passed(db: TestDb) {
        let service = Service::start(db);
        // Ten working days.
        let issue = service.report_with("990001-MKT-0001", "WM-01", "medium");
        service.steps(issue, &[Action::Approve, Action::Release, Action::SignIn]);
        let read = service.sign_in("office01").read(issue).json;
        let instant = |field: &str| Timestamp::parse(read[field].as_str().unwrap()).unwrap();
        let due = instant("due_at");
        look(&service);
        assert_eq!(kinds(&service), Vec::<String>::new());
        let left = due.since(service.app.now());
        service.pass(left / 2 + HOUR);
        for _ in 0..3 {
            service.pass(HOUR / 4);
            look(&service);
        }
        assert_eq!(kinds(&service), ["half-way"]);
        service.pass(due.since(service.app.now()) - HOUR);
        look(&service);
        assert_eq!(kinds(&service), ["due-soon", "half-way"]);
    }

    fn a_missed_milestone_is_a_yellow_card_proposed_once(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Hung);
        service.drain_jobs();
        assert_eq!(items(&service, "office01", "/cards"), Vec::<Value>::new());
        service.pass(DAY * 32);
        for _ in 0..3 {
            look(&service);
            service.pass(HOUR);
        }
        let cards = items(&service, "office01", "/cards?limit=100");
        let missed: Vec<&Value> = cards.iter().filter(|card| card["trigger"] == "milestone").collect();
        assert_eq!(missed.len(), 1, "{cards:?}");
        assert_eq!((&missed[0]["measure"], &missed[0]["state"]), (&json!("yellow"), &json!("proposed")));
        assert_eq!(missed[0]["issue_id"], json!(issue));
    }
}
