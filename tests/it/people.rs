//! Signing in and accounts.

use serde_json::json;

use crate::support::service::{HOUR, PASSWORD, Service};

on_both! {
    fn who_keeps_guessing_must_wait(db: TestDb) {
        let service = Service::start(db);
        for _ in 0..5 {
            service.try_sign_in("unit01", "wrong").refused(401, "credentials-rejected");
        }
        let answer = service.try_sign_in("unit01", PASSWORD).refused(429, "sign-in-throttled");
        assert_eq!(answer.header("retry-after"), "60");
        service.pass(HOUR);
        service.try_sign_in("unit01", PASSWORD).expect(201);
    }

    fn a_name_that_is_none_is_answered_like_a_wrong_password(db: TestDb) {
        let service = Service::start(db);
        let [mut unknown, mut wrong] = ["nobody", "unit01"].map(|name| service.try_sign_in(name, "x").refused(401, "credentials-rejected"));
        for answer in [&mut unknown, &mut wrong] {
            answer.json["request_id"] = json!(null);
        }
        assert_eq!(unknown.json, wrong.json);
    }

    fn a_sign_in_that_is_not_used_ends(db: TestDb) {
        let service = Service::start(db);
        let token = service.try_sign_in("office01", PASSWORD).expect(201).json["token"].as_str().unwrap().to_owned();
        let bearer = format!("Bearer {token}");
        let ask = || service.anybody().send("GET", "/me", &[("authorization", &bearer)], None);
        ask().expect(200);
        service.pass(HOUR);
        ask().refused(401, "not-signed-in");
    }

    fn a_cookie_works_from_its_own_site_only(db: TestDb) {
        let service = Service::start(db);
        let signed = service.try_sign_in("office01", PASSWORD).expect(201);
        let cookie = signed.header("set-cookie").split(';').next().unwrap().to_owned();
        assert!(signed.header("set-cookie").contains("HttpOnly") && signed.header("set-cookie").contains("SameSite=Strict"));
        let ask = |method, headers: &[(&str, &str)]| {
            let headers = [&[("cookie", cookie.as_str())][..], headers].concat();
            let path = if method == "GET" { "/me" } else { "/sessions/current" };
            service.anybody().send(method, path, &headers, None)
        };
        ask("GET", &[]).expect(200);
        ask("DELETE", &[]).refused(403, "cross-origin");
        ask("DELETE", &[("origin", "http://elsewhere.example")]).refused(403, "cross-origin");
        let own = format!("http://{}", service.host());
        ask("DELETE", &[("origin", &own)]).expect(204);
        ask("GET", &[]).refused(401, "not-signed-in");
    }

    fn only_discipline_reads_the_records(db: TestDb) {
        let service = Service::start(db);
        for name in ["inspector01", "unit01", "office01", "leader01", "admin"] {
            service.sign_in(name).get("/audit").refused(403, "forbidden");
        }
        let records = service.sign_in("discipline01").get("/audit?limit=200").expect(200);
        let denied = records.json["items"].as_array().unwrap().iter().filter(|record| record["outcome"] == "denied").count();
        assert_eq!(denied, 5, "{}", records.json);
    }
}
