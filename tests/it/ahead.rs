//! Reports that go ahead of their visit: they belong to the batch from their arrival, and wait for it.

use std::ops::RangeInclusive;
use std::time::Duration;

use anfang::domain::batch::BatchState;
use anfang::domain::ids::UserId;
use anfang::domain::issue::Action;
use anfang::domain::settings::TASK_LEAD_MINUTES_MAX;
use anfang::domain::time::Timestamp;
use anfang::store::batches::{self, KeptTask};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::batches::{INSPECTORS, clock, outcome, tasks_of, until};
use crate::support::plans::{drawn, of_task, read, take};
use crate::support::service::{Client, Service, new_id};
use crate::support::walk::{clean_at, fail, record, result};

/// A drawn batch at the beginning of its first slot: its id, and who has the first task.
pub fn at_its_first_task(service: &Service) -> (Uuid, &'static str, Value) {
    let id = drawn(service);
    let first = outcome(service, id).tasks.iter().map(|task| task.slot.from_minute).min().unwrap();
    until(service, u64::from(first / 60), u64::from(first % 60));
    let shown = INSPECTORS.iter().find_map(|name| Some((*name, tasks_of(service, name).first()?.clone())));
    let (username, task) = shown.unwrap();
    (id, username, task)
}

/// Sends the report of the item that fails at this visit, ahead of the visit `id`: its issue.
fn ahead(client: &Client<'_>, visit: &mut Value, id: Uuid) -> Uuid {
    let issue = fail(client, visit, "WM-02");
    let mut report = result(visit, "WM-02")["issue"]["report"].clone();
    report["visit_id"] = json!(id);
    client.put_json(&format!("/issues/{issue}"), &report).expect(201).in_state("submitted");
    issue
}

/// Approves the issue; tells whether it may then be released by itself.
fn is_free_when_approved(service: &Service, issue: Uuid) -> bool {
    let unit = service.unit("U02");
    service.step(issue, "office03", Action::Approve, &json!({"unit_id": unit}));
    is_free(service, issue)
}

/// The tasks of this person that begin so soon after this instant that a setting would show them, and that are not
/// carried out.
fn soon(service: &Service, username: &str, now: Timestamp) -> Vec<(KeptTask, BatchState)> {
    let user = service.user_id(username).parse().unwrap();
    let begun = now.plus(Duration::from_secs(60 * u64::from(TASK_LEAD_MINUTES_MAX)));
    batches::tasks_of(&mut service.database(), UserId(user), begun, now).unwrap()
}

fn is_free(service: &Service, issue: Uuid) -> bool {
    service.sign_in("office01").read(issue).strings("allowed_actions").contains(&"release".to_owned())
}

/// Checks that nobody releases the issue by itself, and that its unit does not learn of it.
fn waits(service: &Service, issue: Uuid) {
    let office = service.sign_in("office01");
    office.act(issue, "release", office.read(issue).version(), &json!({})).refused(409, "batch-releases-it");
    assert!(!is_free(service, issue));
    service.sign_in("unit02").get(&format!("/issues/{issue}")).refused(404, "not-found");
}

fn issues_of(service: &Service, batch: Uuid) -> Vec<Value> {
    let found = service.sign_in("office02").get(&format!("/batches/{batch}/issues")).expect(200).json;
    found["items"].as_array().unwrap().iter().map(|issue| issue["id"].clone()).collect()
}

fn abandon(service: &Service, batch: Uuid) {
    for office in ["office01", "office02"] {
        take(&service.sign_in(office), batch, "abandon", &json!({"reason": "停办"})).expect(200);
    }
}

on_both! {
    fn a_report_ahead_of_its_visit_waits_for_the_batch_from_its_arrival(db: TestDb) {
        let service = Service::start(db);
        let (batch, username, task) = at_its_first_task(&service);
        let (client, visit) = (service.sign_in(username), new_id());
        let mut body = of_task(&service, &task);
        let issue = ahead(&client, &mut body, visit);
        assert_eq!(issues_of(&service, batch), [json!(issue)]);
        assert!(!is_free_when_approved(&service, issue));
        waits(&service, issue);
        client.put_json(&format!("/visits/{visit}"), &body).expect(201);
        assert_eq!(issues_of(&service, batch), [json!(issue)]);
        waits(&service, issue);
        until(&service, 21, 0);
        take(&service.sign_in("office03"), batch, "review", &json!({})).expect(200);
        take(&service.sign_in("office01"), batch, "release", &json!({})).expect(200).in_state("released");
        service.sign_in("unit02").read(issue).in_state("assigned");
    }

    fn a_report_whose_visit_is_lost_is_reviewed_and_released_with_the_batch(db: TestDb) {
        let service = Service::start(db);
        let (batch, username, task) = at_its_first_task(&service);
        let visit = new_id();
        let mut body = of_task(&service, &task);
        let issue = ahead(&service.sign_in(username), &mut body, visit);
        until(&service, 21, 0);
        // Nothing of the batch is left unread by the office.
        take(&service.sign_in("office03"), batch, "review", &json!({})).refused(409, "batch-reports-unreviewed");
        assert!(!is_free_when_approved(&service, issue));
        take(&service.sign_in("office03"), batch, "review", &json!({})).expect(200);
        waits(&service, issue);
        take(&service.sign_in("office01"), batch, "release", &json!({})).expect(200);
        service.sign_in("unit02").read(issue).in_state("assigned");
        // The phone is found again: the visit is of no batch any more, and the report is the one that was taken.
        let client = service.sign_in(username);
        let refused = client.put_json(&format!("/visits/{visit}"), &body).refused(422, "invalid-fields");
        assert_eq!(refused.json["errors"][0]["pointer"], "/task");
        body.as_object_mut().unwrap().remove("task");
        client.put_json(&format!("/visits/{visit}"), &body).expect(201);
        service.sign_in("unit02").read(issue).in_state("assigned");
    }

    fn a_report_is_free_when_its_visit_turns_out_to_be_sudden(db: TestDb) {
        let service = Service::start(db);
        let (batch, username, task) = at_its_first_task(&service);
        let (client, visit) = (service.sign_in(username), new_id());
        // Wherever it was found: the office may find that it was another point.
        let task_at = of_task(&service, &task)["point_id"].clone();
        let codes = ["990001-MKT-0001", "990001-EST-0001"];
        let mut body = codes.map(|code| clean_at(&service, code)).into_iter().find(|body| body["point_id"] != task_at).unwrap();
        let issue = ahead(&client, &mut body, visit);
        assert!(!is_free_when_approved(&service, issue));
        client.put_json(&format!("/visits/{visit}"), &body).expect(201);
        assert!(is_free(&service, issue));
        assert_eq!(issues_of(&service, batch), Vec::<Value>::new());
    }

    fn a_report_of_who_has_carried_out_every_task_that_was_shown_is_free(db: TestDb) {
        let service = Service::start(db);
        let (_, username, _) = at_its_first_task(&service);
        let client = service.sign_in(username);
        for task in tasks_of(&service, username) {
            record(&client, &of_task(&service, &task));
        }
        let issue = ahead(&client, &mut clean_at(&service, "990001-MKT-0001"), new_id());
        assert_eq!(is_free_when_approved(&service, issue), soon(&service, username, service.app.now()).is_empty());
        // So it is of somebody who was not drawn, or whose task comes later than any setting shows it.
        for other in INSPECTORS.iter().filter(|name| **name != username) {
            let issue = ahead(&service.sign_in(other), &mut clean_at(&service, "990001-MKT-0001"), new_id());
            assert_eq!(is_free_when_approved(&service, issue), soon(&service, other, service.app.now()).is_empty(), "{other}");
        }
    }

    fn a_report_ahead_is_free_when_its_batch_is_abandoned_and_its_visit_is_taken_without_it(db: TestDb) {
        let service = Service::start(db);
        let (batch, username, task) = at_its_first_task(&service);
        let (client, visit) = (service.sign_in(username), new_id());
        let mut body = of_task(&service, &task);
        let issue = ahead(&client, &mut body, visit);
        assert!(!is_free_when_approved(&service, issue));
        abandon(&service, batch);
        assert!(is_free(&service, issue));
        let client = service.sign_in(username);
        client.put_json(&format!("/visits/{visit}"), &body).refused(422, "invalid-fields");
        body.as_object_mut().unwrap().remove("task");
        client.put_json(&format!("/visits/{visit}"), &body).expect(201);
        assert!(is_free(&service, issue));
        let office = service.sign_in("office01");
        office.act(issue, "release", office.read(issue).version(), &json!({})).expect(200);
        service.sign_in("unit02").read(issue).in_state("assigned");
    }

    fn a_report_ahead_waits_also_when_the_office_finds_that_it_was_another_point(db: TestDb) {
        let service = Service::start(db);
        let (batch, username, _) = at_its_first_task(&service);
        let (client, issue, market) = (service.sign_in(username), new_id(), service.point("990001-MKT-0001"));
        let mut report = service.report_body(&[client.send_photo(), client.send_photo()]);
        report.as_object_mut().unwrap().remove("point_id");
        report["place"] = json!({"name": "旧码头", "location": market["location"], "address": "旧码头东侧"});
        report["captured_at"] = json!(service.now());
        report["visit_id"] = json!(new_id());
        client.put_json(&format!("/issues/{issue}"), &report).expect(201).in_state("submitted");
        let place = service.sign_in("office01").get("/unlisted-places").expect(200).json["items"][0]["id"].clone();
        let path = format!("/unlisted-places/{}/merge", place.as_str().unwrap());
        let other = service.point("990001-EST-0001")["id"].clone();
        service.sign_in("office02").put_json(&path, &json!({"point_id": other})).expect(200);
        assert!(!is_free_when_approved(&service, issue));
        waits(&service, issue);
        assert_eq!(issues_of(&service, batch), [json!(issue)]);
    }

    fn a_report_ahead_that_may_be_of_two_batches_waits_for_both(db: TestDb) {
        let service = Service::start(db);
        // Somebody has tasks of both within two hours: the draws are by chance, so others are given up.
        let (first, second, from, username) = loop {
            let (first, second) = (drawn(&service), drawn(&service));
            let has_both = |name: &&str, hour| {
                let soon = soon(&service, name, clock(hour, 0));
                [first, second].iter().all(|id| soon.iter().any(|(task, _)| task.batch_id.0 == *id))
            };
            let found = (9..=20).find_map(|hour| Some((hour, INSPECTORS.into_iter().find(|name| has_both(name, hour))?)));
            match found {
                Some((hour, username)) => break (first, second, hour, username),
                None => [first, second].into_iter().for_each(|id| abandon(&service, id)),
            }
        };
        // A batch is under way from when somebody is shown a task.
        let see_tasks = |hours: RangeInclusive<u64>| {
            for hour in hours {
                until(&service, hour, 0);
                INSPECTORS.iter().for_each(|name| drop(tasks_of(&service, name)));
            }
        };
        see_tasks(9..=from);
        let client = service.sign_in(username);
        let issue = ahead(&client, &mut clean_at(&service, "990001-MKT-0001"), new_id());
        assert!(!is_free_when_approved(&service, issue));
        see_tasks(from + 1..=21);
        take(&service.sign_in("office03"), first, "review", &json!({})).expect(200);
        take(&service.sign_in("office01"), first, "release", &json!({})).expect(200);
        waits(&service, issue);
        take(&service.sign_in("office03"), second, "review", &json!({})).expect(200);
        assert_eq!(read(&service, second).json["state"], "reviewed");
        take(&service.sign_in("office01"), second, "release", &json!({})).expect(200);
        service.sign_in("unit02").read(issue).in_state("assigned");
    }
}
