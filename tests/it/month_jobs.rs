//! Steps of months that the service takes itself.

use anfang::domain::month::Rules;
use anfang::domain::month::rules::ByItself;
use serde_json::{Value, json};

use crate::support::month::{checked, decide_and_lock, state, take, until};
use crate::support::service::{DAY, HOUR, Service, at_once};

fn rules(service: &Service, version: i64, by_itself: ByItself) {
    let rules = json!({"rules": Rules { version, by_itself, ..Rules::default() }, "source": "督查办〔2026〕3号"});
    service.sign_in("office01").put_json(&format!("/month-rules/{version}"), &rules).expect(201);
}

/// August, locked by people, on a day of September.
fn begun(service: &Service) {
    service.drive_to(anfang::domain::issue::State::Closed);
    until(service, "2026-09-01T09:00:00+08:00");
    service.drain_jobs();
    assert_eq!(state(service, "2026-08"), "open", "the first month is frozen by people");
    take(&service.sign_in("office01"), "2026-08", "freeze", &json!({})).expect(200);
    take(&service.sign_in("office01"), "2026-08", "preview", &json!({})).expect(200);
    decide_and_lock(service, "2026-08");
}

fn steps(service: &Service, month: &str) -> Vec<Value> {
    let audit = service.sign_in("discipline01").get("/audit?action=month-changed&limit=200").expect(200).json;
    let target = format!("month:{month}");
    let mut of_month: Vec<&Value> =
        audit["items"].as_array().unwrap().iter().filter(|entry| entry["target"] == *target).collect();
    of_month.sort_by_key(|entry| entry["seq"].as_i64().unwrap());
    of_month.into_iter().map(|entry| json!([entry["detail"], entry["actor"].is_null()])).collect()
}

on_both! {
    fn a_month_is_frozen_on_its_day_once_and_by_the_service(db: TestDb) {
        let service = Service::start(db);
        begun(&service);
        // The 1st of October to the 7th are holidays: the first working day is the 8th.
        until(&service, "2026-10-07T23:59:00+08:00");
        service.drain_jobs();
        assert_eq!(state(&service, "2026-09"), "open");
        service.pass(HOUR);
        let other = service.beside(|folder| anfang::blobs::PhotoStore::Local(anfang::blobs::LocalStore::open(folder).unwrap()));
        std::thread::scope(|scope| {
            scope.spawn(|| service.drain_jobs());
            scope.spawn(|| other.drain_jobs());
        });
        assert_eq!(state(&service, "2026-09"), "frozen");
        service.pass(DAY);
        service.drain_jobs();
        assert_eq!(state(&service, "2026-09"), "frozen", "its preview is opened by people");
        // October is not frozen before September is locked.
        until(&service, "2026-11-03T09:00:00+08:00");
        service.drain_jobs();
        assert_eq!(state(&service, "2026-10"), "open");
        assert_eq!(checked(&mut service.database(), "2026-09").faults, Vec::<String>::new());
        assert_eq!(steps(&service, "2026-09"), [json!(["freeze", true])]);
    }

    fn people_decide_what_the_service_does(db: TestDb) {
        let service = Service::start(db);
        begun(&service);
        rules(&service, 2, ByItself::Nothing);
        until(&service, "2026-10-08T09:00:00+08:00");
        service.drain_jobs();
        assert_eq!(state(&service, "2026-09"), "open");
        rules(&service, 3, ByItself::Preview);
        // A person is as fast as the service: it is taken once.
        service.pass(HOUR);
        let answers = at_once(2, |number| {
            if number == 0 {
                service.drain_jobs();
                service.sign_in("office01").get("/months/2026-09").expect(200)
            } else {
                take(&service.sign_in("office01"), "2026-09", "freeze", &json!({}))
            }
        });
        assert!(answers.iter().all(|answer| [200, 409, 412].contains(&answer.status)), "{answers:?}");
        service.pass(HOUR);
        service.drain_jobs();
        assert_eq!(state(&service, "2026-09"), "preview");
        let taken = steps(&service, "2026-09");
        assert_eq!(taken.iter().map(|step| step[0].as_str().unwrap()).collect::<Vec<_>>(), ["freeze", "preview"]);
        service.sign_in("unit02").get("/months/2026-09").expect(200).in_state("preview");
        decide_and_lock(&service, "2026-09");
        assert_eq!(checked(&mut service.database(), "2026-09").faults, Vec::<String>::new());
    }
}
