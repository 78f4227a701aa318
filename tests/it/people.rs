//! Login and accounts.

use std::time::Duration;

use anfang::domain::policy::Permission;
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};

use crate::support::backend::Backend;
use crate::support::cast::{self, Person};
use crate::support::service::{Answer, DAY, HOUR, PASSWORD, Service, at_once, count};

const MINUTE: Duration = Duration::from_secs(60);
const ANOTHER: &str = "Yunshan-2027-bG8m";

/// A session of its own, besides the one that the service's clients share.
struct Device<'a> {
    service: &'a Service,
    bearer: String,
}

impl<'a> Device<'a> {
    fn sign_in(service: &'a Service, username: &str, password: &str) -> Self {
        let signed = service.try_sign_in(username, password).expect(201);
        Device { service, bearer: format!("Bearer {}", signed.json["token"].as_str().unwrap()) }
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let headers = [("authorization", &*self.bearer), ("content-type", "application/json")];
        let bytes = body.map(Value::to_string);
        self.service.anybody().send(method, path, &headers, bytes.as_ref().map(String::as_bytes))
    }

    fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None)
    }

    fn change_password(&self, old: &str, new: &str) -> Answer {
        self.ask("PUT", "/me/password", Some(&json!({"old_password": old, "new_password": new})))
    }

    /// Its sessions, as id and whether it is this one.
    fn sessions(&self) -> Vec<(String, bool)> {
        let listed = self.get("/sessions").expect(200);
        let items = listed.json["items"].as_array().unwrap();
        items.iter().map(|item| (item["id"].as_str().unwrap().to_owned(), item["is_current"] == true)).collect()
    }
}

fn patch(service: &Service, path: &str, body: &Value) -> Answer {
    let headers = [("content-type", "application/json")];
    service.sign_in("admin").send("PATCH", path, &headers, Some(body.to_string().as_bytes()))
}

/// Code and pointer of every wrong field.
fn faults(answer: &Answer) -> Vec<(String, String)> {
    let errors = answer.json["errors"].as_array().unwrap();
    let text = |error: &Value, field: &str| error[field].as_str().unwrap().to_owned();
    errors.iter().map(|error| (text(error, "pointer"), text(error, "code"))).collect()
}

/// The latest record of an action, as discipline inspection reads it.
fn latest(service: &Service, action: &str) -> Value {
    let path = format!("/audit?action={action}&limit=1");
    service.sign_in("discipline01").get(&path).expect(200).json["items"][0].clone()
}

/// Lets no record of these actions be written.
fn refuse_records(service: &Service, actions: &str) {
    let mut conn = service.database();
    let sql = match service.db.backend() {
        Backend::Sqlite => format!(
            "CREATE TRIGGER no_records BEFORE INSERT ON audit WHEN NEW.action IN ({actions})
             BEGIN SELECT RAISE(ABORT, 'no records'); END"
        ),
        Backend::Postgres => format!(
            "CREATE FUNCTION no_records() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no records'; END $$;
             CREATE TRIGGER no_records BEFORE INSERT ON audit FOR EACH ROW WHEN (NEW.action IN ({actions})) EXECUTE FUNCTION no_records()"
        ),
    };
    conn.batch_execute(&sql).unwrap();
}

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
        let others: Vec<Person> = cast::one_of_each().filter(|person| !person.may(Permission::ReadAudit)).collect();
        for person in &others {
            service.sign_in(person.username).get("/audit").refused(403, "forbidden");
        }
        let records = service.sign_in("discipline01").get("/audit?limit=200").expect(200);
        let denied = records.json["items"].as_array().unwrap().iter().filter(|record| record["outcome"] == "denied").count();
        assert_eq!(denied, others.len(), "{}", records.json);
    }

    fn one_sees_and_ends_ones_own_sign_ins(db: TestDb) {
        let service = Service::start(db);
        let phone = Device::sign_in(&service, "inspector01", PASSWORD);
        service.pass(MINUTE);
        let desk = Device::sign_in(&service, "inspector01", PASSWORD);
        let other = Device::sign_in(&service, "inspector02", PASSWORD);
        let listed = desk.sessions();
        assert_eq!(listed.iter().map(|(_, current)| *current).collect::<Vec<_>>(), [true, false]);
        let (here, there) = (format!("/sessions/{}", listed[0].0), format!("/sessions/{}", listed[1].0));
        other.ask("DELETE", &there, None).refused(404, "not-found");
        phone.get("/me").expect(200);
        desk.ask("DELETE", &there, None).expect(204);
        phone.get("/me").refused(401, "not-signed-in");
        desk.ask("DELETE", &there, None).refused(404, "not-found");
        assert_eq!(desk.sessions(), [listed[0].clone()]);
        let record = latest(&service, "session-revoked");
        assert_eq!(record["target"], format!("session:{}", listed[1].0));
        desk.ask("DELETE", "/sessions/current", None).expect(204);
        desk.get("/me").refused(401, "not-signed-in");
        assert_eq!(latest(&service, "sign-out")["target"], here.replace("/sessions/", "session:"));
        assert_eq!(other.sessions().len(), 1);
    }

    fn a_password_obeys_the_rules(db: TestDb) {
        let service = Service::start(db);
        let device = Device::sign_in(&service, "office01", PASSWORD);
        for (new, codes) in [
            ("aB3+", &["out-of-range"][..]),
            ("onlysmallletters", &["malformed"]),
            ("office01", &["out-of-range", "malformed", "not-allowed"]),
            (PASSWORD, &["duplicate"]),
            (&"aB3".repeat(43), &["too-long"]),
        ] {
            let refused = device.change_password(PASSWORD, new).refused(422, "invalid-fields");
            let expected: Vec<_> = codes.iter().map(|code| ("/new_password".to_owned(), (*code).to_owned())).collect();
            assert_eq!(faults(&refused), expected, "{new}");
        }
        device.change_password("wrong", ANOTHER).refused(401, "credentials-rejected");
        patch(&service, "/settings", &json!({"password_chars_min": 20})).expect(200);
        let refused = device.change_password(PASSWORD, ANOTHER).refused(422, "invalid-fields");
        assert_eq!(faults(&refused), [("/new_password".to_owned(), "out-of-range".to_owned())]);
        // Refused attempts do not count as guesses, and the old password is still valid.
        service.try_sign_in("office01", PASSWORD).expect(201);
    }

    fn the_last_five_passwords_are_barred(db: TestDb) {
        let service = Service::start(db);
        let device = Device::sign_in(&service, "office01", PASSWORD);
        let other = Device::sign_in(&service, "office01", PASSWORD);
        let nth = |number: usize| if number == 0 { PASSWORD.to_owned() } else { format!("{ANOTHER}-{number}") };
        for number in 1..=5 {
            device.change_password(&nth(number - 1), &nth(number)).expect(204);
            if number == 4 {
                device.change_password(&nth(4), PASSWORD).refused(422, "invalid-fields");
            }
        }
        device.change_password(&nth(5), PASSWORD).expect(204);
        // The session that changed it stays, all others end.
        device.get("/me").expect(200);
        other.get("/me").refused(401, "not-signed-in");
        assert_eq!(latest(&service, "password-changed")["target"], "user:office01");
    }

    fn whose_password_somebody_else_set_must_change_it_first(db: TestDb) {
        let service = Service::start(db);
        let admin = service.sign_in("admin");
        let body = json!({"username": "office09", "display_name": "督查室09", "role": "office"});
        let made = admin.post_json("/users", &body).expect(201).json;
        let id = made["user"]["id"].as_str().unwrap();
        let reset = || admin.post_json(&format!("/users/{id}/password"), &json!({})).expect(200).json["password"].as_str().unwrap().to_owned();
        let mut drawn = made["password"].as_str().unwrap().to_owned();
        for new in [PASSWORD, ANOTHER] {
            let signed = service.try_sign_in("office09", &drawn).expect(201);
            assert_eq!(signed.json["must_change_password"], true);
            let device = Device { service: &service, bearer: format!("Bearer {}", signed.json["token"].as_str().unwrap()) };
            for path in ["/issues", "/issues/counts", "/reference", "/points", "/inspectors", "/settings"] {
                device.get(path).refused(403, "password-change-required");
            }
            // Whatever the body: authentication comes before it.
            for _ in 0..8 {
                device.ask("POST", "/users", Some(&json!({}))).refused(403, "password-change-required");
                device.ask("PUT", &format!("/issues/{id}"), Some(&json!([]))).refused(403, "password-change-required");
            }
            assert_eq!(device.get("/me").expect(200).json["must_change_password"], true);
            device.change_password(&drawn, &drawn).refused(422, "invalid-fields");
            device.get("/issues").refused(403, "password-change-required");
            device.change_password(&drawn, new).expect(204);
            device.get("/issues").expect(200);
            assert_eq!(device.get("/me").expect(200).json["must_change_password"], false);
            drawn = reset();
            device.get("/me").refused(401, "not-signed-in");
            service.try_sign_in("office09", new).refused(401, "credentials-rejected");
        }
    }

    fn a_password_grows_as_old_as_is_set(db: TestDb) {
        let service = Service::start(db);
        let now = service.app.now().as_micros();
        service.database().batch_execute(&format!("UPDATE users SET password_changed_at = {now} WHERE username = 'office01'")).unwrap();
        patch(&service, "/settings", &json!({"password_days_max": 30})).expect(200);
        service.pass(DAY * 30 - MINUTE);
        let device = Device::sign_in(&service, "office01", PASSWORD);
        device.get("/issues").expect(200);
        service.pass(MINUTE);
        device.get("/issues").refused(403, "password-change-required");
        assert_eq!(service.try_sign_in("office01", PASSWORD).expect(201).json["must_change_password"], true);
        patch(&service, "/settings", &json!({"password_days_max": 0})).expect(200);
        device.get("/issues").expect(200);
        patch(&service, "/settings", &json!({"password_days_max": 30})).expect(200);
        device.change_password(PASSWORD, ANOTHER).expect(204);
        device.get("/issues").expect(200);
    }

    fn a_sign_in_lasts_as_long_as_is_set(db: TestDb) {
        let service = Service::start(db);
        let body = json!({"idle_minutes_desk": 5, "idle_minutes_phone": 10, "session_hours_max": 1});
        patch(&service, "/settings", &body).expect(200);
        let [desk, phone, idle] = ["office01", "unit01", "office01"].map(|name| Device::sign_in(&service, name, PASSWORD));
        service.pass(MINUTE * 4);
        desk.get("/me").expect(200);
        service.pass(MINUTE * 4);
        // Used four minutes ago; used eight minutes ago, at a desk and on a phone.
        desk.get("/me").expect(200);
        assert_eq!(desk.sessions().len(), 1);
        idle.get("/me").refused(401, "not-signed-in");
        phone.get("/me").expect(200);
        for _ in 0..12 {
            service.pass(MINUTE * 4);
            desk.get("/me").expect(200);
        }
        service.pass(MINUTE * 4);
        desk.get("/me").refused(401, "not-signed-in");
    }

    fn who_is_made_something_else_signs_in_anew(db: TestDb) {
        let service = Service::start(db);
        let change = |username: &str, body: &Value| patch(&service, &format!("/users/{}", service.user_id(username)), body);
        let renamed = Device::sign_in(&service, "unit03", PASSWORD);
        change("unit03", &json!({"display_name": "住建局值班"})).expect(200);
        renamed.get("/me").expect(200);
        for (username, body) in [
            ("unit01", json!({"unit_id": service.unit("U02")})),
            ("unit02", json!({"role": "leader"})),
            ("office01", json!({"role": "leader"})),
            ("office02", json!({"disabled": true})),
        ] {
            let device = Device::sign_in(&service, username, PASSWORD);
            change(username, &body).expect(200);
            device.get("/me").refused(401, "not-signed-in");
        }
        service.try_sign_in("office02", PASSWORD).refused(401, "credentials-rejected");
        change("office02", &json!({"disabled": false})).expect(200);
        service.try_sign_in("office02", PASSWORD).expect(201);
        for body in [json!({"disabled": true}), json!({"role": "leader"})] {
            change("admin", &body).refused(422, "invalid-fields");
        }
    }

    fn what_people_do_is_on_record(db: TestDb) {
        let service = Service::start(db);
        let read = |action: &str, answer: &Answer| {
            let record = latest(&service, action);
            assert_eq!(record["request_id"], answer.header("x-request-id"), "{record}");
            assert_eq!(record["at"], service.now());
            [&record["actor"]["display_name"], &record["target"], &record["outcome"], &record["detail"]].map(|field| field.as_str().unwrap_or("-").to_owned())
        };
        let id = service.user_id("office01");
        latest(&service, "sign-in");
        let denied = service.sign_in("office01").get("/users");
        assert_eq!(read("access-denied", &denied), ["督查室01", "/api/v1/users", "denied", "forbidden"]);
        let denied = service.sign_in("unit01").get(&format!("/issues/{}", service.drive_to(anfang::domain::issue::State::Submitted)));
        assert_eq!(read("access-denied", &denied)[2..], ["denied", "not-found"]);
        let signed = service.try_sign_in("unit01", PASSWORD);
        assert_eq!(read("sign-in", &signed), ["城管局经办人", "user:unit01", "done", "from 127.0.0.1"]);
        let failed = service.try_sign_in("unit01", "wrong");
        assert_eq!(read("sign-in", &failed), ["-", "user:unit01", "failed", "wrong password, from 127.0.0.1"]);
        let changed = patch(&service, &format!("/users/{id}"), &json!({"role": "leader"}));
        assert_eq!(read("user-changed", &changed), ["系统管理员", "user:office01", "done", "role office → leader"]);
        let disabled = patch(&service, &format!("/users/{id}"), &json!({"disabled": true}));
        assert_eq!(read("user-disabled", &disabled), ["系统管理员", "user:office01", "done", "disabled"]);
        let failed = service.try_sign_in("office01", PASSWORD);
        assert_eq!(read("sign-in", &failed), ["-", "user:office01", "failed", "disabled, from 127.0.0.1"]);
        let set = patch(&service, "/settings", &json!({"idle_minutes_desk": 20}));
        assert_eq!(read("setting-changed", &set), ["系统管理员", "setting:idle_minutes_desk", "done", "15 → 20"]);
        for _ in 0..4 {
            service.try_sign_in("unit01", "wrong").refused(401, "credentials-rejected");
        }
        let throttled = service.try_sign_in("unit01", "wrong").refused(429, "sign-in-throttled");
        let record = read("sign-in", &throttled);
        assert_eq!(record[2], "denied");
        assert!(record[3].starts_with("throttled until 2026-08-03T01:01:00Z"), "{record:?}");
    }

    /// A record and what it records are one transaction: what cannot be recorded does not happen.
    fn what_cannot_be_recorded_does_not_happen(db: TestDb) {
        let service = Service::start(db);
        let device = Device::sign_in(&service, "office01", PASSWORD);
        let (session, user) = (device.sessions()[0].0.clone(), format!("/users/{}", service.user_id("office01")));
        let settings = || service.sign_in("admin").get("/settings").expect(200).json;
        let before = settings();
        let admin = service.sign_in("admin");
        let accounts = || admin.get("/users").expect(200).json["items"].as_array().unwrap().len();
        let accounts_before = accounts();
        refuse_records(&service, "'sign-in', 'sign-out', 'session-revoked', 'user-changed', 'user-disabled', 'user-created', 'setting-changed', 'password-changed'");
        let sessions = device.sessions();
        let create = json!({"username": "office09", "display_name": "督查室09", "role": "office"});
        for failed in [
            service.try_sign_in("office01", PASSWORD),
            device.ask("DELETE", "/sessions/current", None),
            device.ask("DELETE", &format!("/sessions/{session}"), None),
            device.change_password(PASSWORD, ANOTHER),
            patch(&service, &user, &json!({"role": "leader"})),
            patch(&service, &user, &json!({"disabled": true})),
            patch(&service, "/settings", &json!({"idle_minutes_desk": 20})),
            admin.post_json("/users", &create),
            admin.post_json(&format!("{user}/password"), &json!({})),
        ] {
            assert!(failed.status >= 500, "{}: {}", failed.status, failed.json);
        }
        assert_eq!(device.sessions(), sessions);
        assert_eq!(settings(), before);
        let account = admin.get(&user).expect(200).json;
        assert_eq!((&account["role"], &account["disabled_at"]), (&json!("office"), &Value::Null));
        assert_eq!(accounts(), accounts_before);
        service.database().batch_execute(match service.db.backend() {
            Backend::Sqlite => "DROP TRIGGER no_records",
            Backend::Postgres => "DROP TRIGGER no_records ON audit",
        }).unwrap();
        service.try_sign_in("office01", PASSWORD).expect(201);
    }

    /// Programs that share an account: an attempt counts as failed until it is known not to be, so they take turns.
    fn many_who_know_the_password_sign_in_at_once(db: TestDb) {
        let service = Service::start(db);
        for _ in 0..4 {
            service.try_sign_in("unit01", "wrong").refused(401, "credentials-rejected");
        }
        let answers = at_once(12, |_| service.try_sign_in("unit01", PASSWORD));
        assert_eq!(count(&answers, 201), 12, "{:?}", answers.iter().map(|answer| answer.status).collect::<Vec<_>>());
    }

    fn many_who_guess_at_once_have_five_guesses(db: TestDb) {
        let service = Service::start(db);
        let answers = at_once(12, |number| service.try_sign_in("unit01", &format!("guess {number}")));
        assert_eq!((count(&answers, 401), count(&answers, 429)), (5, 7));
        service.try_sign_in("unit01", PASSWORD).refused(429, "sign-in-throttled");
    }
}
