//! What a responsible unit must never learn.

use anfang::domain::issue::{Action, State};

use crate::support::service::Service;

on_both! {
    fn a_unit_learns_nothing_of_the_inspector(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Closed);
        let secrets = [service.user_id("inspector01"), service.user_id("inspector02"), "inspector0".into(), "暗访0".into()];
        let unit = service.sign_in("unit02");
        let photos: Vec<String> = unit.read(issue).json["photos"].as_array().unwrap().iter()
            .map(|photo| photo["id"].as_str().unwrap().to_owned()).collect();
        let mut paths: Vec<String> = ["/me", "/sessions", "/reference", "/units", "/points", "/issues", "/issues/counts"].map(str::to_owned).to_vec();
        paths.extend([format!("/issues/{issue}"), format!("/issues/{issue}/events")]);
        for photo in &photos {
            paths.extend(["thumb", "view"].map(|variant| format!("/photos/{photo}/{variant}")));
            unit.get(&format!("/photos/{photo}/original")).refused(404, "not-found");
        }
        assert_eq!(photos.len(), 4);
        for path in paths {
            let answer = unit.get(&path).expect(200);
            let text = format!("{:?} {}", answer.headers, String::from_utf8_lossy(&answer.bytes));
            for secret in &secrets {
                assert!(!text.contains(secret), "{path} tells {secret}");
            }
        }
    }

    fn a_unit_does_not_see_a_look_back_coming(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Closed);
        let look = || {
            let unit = service.sign_in("unit02");
            let answer = unit.read(issue);
            (answer.header("etag").to_owned(), answer.json, unit.events(issue), unit.get("/issues").json)
        };
        let before = look();
        service.steps(issue, &[Action::AssignLookBack]);
        assert_eq!(look(), before);
        service.steps(issue, &[Action::LookBack]);
        assert_eq!(look(), before);
    }

    fn an_id_that_tells_a_time_is_refused(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let timed = "0198a4b2-7c1e-7d3f-8a5b-1c2d3e4f5a6b";
        inspector.put_bytes(&format!("/photos/{timed}"), "image/jpeg", &service.picture()).refused(422, "invalid-fields");
        assert!(service.originals().is_empty());
        let body = service.report_body(&[inspector.send_photo()]);
        let refused = inspector.put_json(&format!("/issues/{timed}"), &body).refused(422, "invalid-fields");
        assert_eq!(refused.json["errors"][0]["pointer"], "/id");
    }
}
