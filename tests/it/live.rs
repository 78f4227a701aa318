//! Open pages learn of a change if they show what changed, and no others do.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anfang::domain::issue::Action;
use serde_json::json;

use crate::support::service::{Client, Service};

fn seen(client: &Client<'_>) -> i64 {
    client.get("/changes").expect(200).json["seen"].as_i64().unwrap()
}

/// What a page that is open is answered, once the number is another one.
fn next(client: &Client<'_>, before: i64) -> i64 {
    let answer = client.get(&format!("/changes?seen={before}&wait=25")).expect(200);
    answer.json["seen"].as_i64().unwrap()
}

on_both! {
    fn a_change_is_counted_for_those_who_can_see_it(db: TestDb) {
        let service = Service::start(db);
        let people = ["office01", "inspector01", "inspector02", "unit01", "unit02", "leader01", "discipline01"];
        let clients: Vec<Client<'_>> = people.iter().map(|name| service.sign_in(name)).collect();
        let mut before: Vec<i64> = clients.iter().map(seen).collect();
        let mut changed = |service: &Service| {
            service.drain_jobs();
            let now: Vec<i64> = clients.iter().map(seen).collect();
            let all = people.iter().zip(before.iter().zip(&now));
            let grown: Vec<&str> = all.filter(|(_, (old, new))| old < new).map(|(name, _)| *name).collect();
            before = now;
            grown
        };
        let issue = service.report_with("990001-MKT-0001", "WM-02", "low");
        assert_eq!(changed(&service), ["office01", "inspector01"]);
        service.steps(issue, &[Action::Approve]);
        assert_eq!(changed(&service), ["office01", "inspector01"]);
        let released = ["office01", "inspector01", "unit02", "leader01", "discipline01"];
        service.steps(issue, &[Action::Release]);
        assert_eq!(changed(&service), released);
        service.steps(issue, &[Action::SignIn, Action::ReportFix]);
        assert_eq!(changed(&service), released);
        let checker = json!({"inspector_id": service.user_id("inspector02")});
        service.step(issue, "office01", Action::AssignCheck, &checker);
        assert_eq!(changed(&service), ["office01", "inspector02"], "a visit that is planned is told to nobody else");
        assert_eq!(changed(&service), Vec::<&str>::new());
    }

    fn a_page_that_waits_is_answered_when_something_changes(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let mut before = 0;
        // The task that reads the counts ends when nobody waits, and each time a new one is started.
        for _ in 0..3 {
            before = seen(&office);
            std::thread::scope(|scope| {
                let waits: Vec<_> = (0..4).map(|_| scope.spawn(|| next(&office, before))).collect();
                while service.app.live.open_waits() < 4 {
                    std::thread::yield_now();
                }
                service.report_with_photos();
                service.drain_jobs();
                for waits in waits {
                    assert!(waits.join().unwrap() > before);
                }
            });
            assert_eq!(service.app.live.open_waits(), 0);
        }
        assert_eq!(next(&office, before - 1), seen(&office), "an older number is answered at once");
    }

    fn what_is_wrong_is_refused(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        office.get("/changes?wait=26").refused(422, "invalid-fields");
        office.get("/changes?wait=-1").refused(400, "malformed-request");
        office.get("/changes?seen=x").refused(400, "malformed-request");
        service.sign_in("admin").get("/changes").refused(403, "forbidden");
    }

    /// A page left open must not keep its session alive.
    fn an_open_page_is_no_use_of_its_session(db: TestDb) {
        let service = Service::start(db);
        let bearer = format!("Bearer {}", service.token_of("office01"));
        let ask = |path| service.anybody().send("GET", path, &[("authorization", &*bearer)], None);
        let unattended = |path| {
            let headers = [("authorization", &*bearer), ("anfang-unattended", "?1")];
            service.anybody().send("GET", path, &headers, None)
        };
        // A session of a desk ends after fifteen minutes without use.
        for _ in 0..2 {
            service.pass(Duration::from_secs(7 * 60));
            ask("/changes").expect(200);
            // What changed is read again, and by nobody.
            unattended("/issues").expect(200);
        }
        service.pass(Duration::from_secs(2 * 60));
        ask("/changes").refused(401, "not-signed-in");
        ask("/me").refused(401, "not-signed-in");
    }

    fn a_server_that_stops_lets_nobody_wait(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let before = seen(&office);
        let mut waits = TcpStream::connect(service.host()).unwrap();
        write!(
            waits,
            "GET /api/v1/changes?seen={before}&wait=25 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
             connection: close\r\n\r\n",
            service.token_of("office01")
        )
        .unwrap();
        while service.app.live.open_waits() == 0 {
            std::thread::yield_now();
        }
        service.app.live.close();
        let mut text = String::new();
        waits.read_to_string(&mut text).unwrap();
        assert!(text.ends_with(&format!("{{\"seen\":{before}}}")), "{text}");
        assert_eq!(next(&office, before), before, "and nobody begins to");
    }
}
