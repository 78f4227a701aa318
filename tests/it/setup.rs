//! The first day of a county: the first administrator, the checklist, the starter sets.

use anfang::app::AppError;
use anfang::app::setup::{self, FirstAccount};
use anfang::app::starter;
use serde_json::{Value, json};

use crate::support::backend::TestDb;
use crate::support::service::{Answer, Client, PASSWORD, Service, at_once, count};

/// A service as `anfang serve` starts it on an empty database, and the code that it prints.
fn empty(db: TestDb) -> (Service, String) {
    let service = Service::start_on(db);
    starter::load_for_browser(&mut service.database(), anfang::domain::time::Timestamp::from_micros(0)).unwrap();
    let code = service.block_on(async |app| setup::code(app).await.unwrap()).unwrap();
    (service, code)
}

fn body(code: &str) -> Value {
    json!({
        "code": code, "username": "Chief", "display_name": "系统管理员", "password": PASSWORD, "county_name": "清河县"
    })
}

/// Logins from one address in a second are counted by the real clock.
fn post(client: &Client<'_>, body: &Value) -> Answer {
    loop {
        let answer = client.post_json("/setup", body);
        if answer.json["code"] != "too-many-requests" {
            return answer;
        }
    }
}

fn step(answer: &Answer, name: &str) -> String {
    let steps = answer.json["steps"].as_array().unwrap();
    steps.iter().find(|step| step["step"] == name).unwrap()["state"].as_str().unwrap().to_owned()
}

fn states(answer: &Answer) -> Vec<String> {
    answer.json["steps"].as_array().unwrap().iter().map(|step| step["state"].as_str().unwrap().to_owned()).collect()
}

fn import(client: &Client<'_>, kind: &str, sheet: &str) {
    client
        .send("POST", &format!("/imports/{kind}"), &[("content-type", "text/csv")], Some(sheet.as_bytes()))
        .expect(200);
}

fn mark(client: &Client<'_>, step: &str, mark: &Value) -> Answer {
    let body = json!({"mark": mark}).to_string();
    let headers = [("content-type", "application/json")];
    client.send("PUT", &format!("/setup/checklist/{step}"), &headers, Some(body.as_bytes()))
}

on_both! {
    fn the_first_administrator_is_created_once_and_with_the_code_only(db: TestDb) {
        let (service, code) = empty(db);
        let (nobody, needed) = (service.anybody(), |answer: Answer| answer.expect(200).json);
        assert_eq!(needed(nobody.get("/setup")), json!({"needed": true}));
        assert_eq!(service.block_on(async |app| setup::code(app).await.unwrap()), Some(code.clone()), "every start tells the same");

        for wrong in ["", "AAAA-AAAA", &code[..4]] {
            post(&nobody, &body(wrong)).refused(403, "setup-code-rejected");
        }
        let elsewhere = [("content-type", "application/json"), ("origin", "https://evil.example")];
        let sent = body(&code).to_string();
        nobody.send("POST", "/setup", &elsewhere, Some(sent.as_bytes())).refused(403, "cross-origin");
        let faults = json!({"code": code, "username": "A b", "display_name": " ", "password": "short", "county_name": " "});
        let refused = post(&nobody, &faults).refused(422, "invalid-fields");
        let named: std::collections::BTreeSet<&str> =
            refused.json["errors"].as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap()).collect();
        assert_eq!(named.into_iter().collect::<Vec<_>>(), ["/county_name", "/display_name", "/password", "/username"]);
        assert_eq!(needed(nobody.get("/setup")), json!({"needed": true}), "nothing was created");

        // However it is typed.
        let typed = format!(" {} ", code.to_lowercase().replace('-', " "));
        let made = post(&nobody, &body(&typed)).expect(201).json;
        assert_eq!((&made["username"], &made["role"]), (&json!("chief"), &json!("admin")));
        assert_eq!(needed(nobody.get("/setup")), json!({"needed": false}));
        for late in [&*code, "AAAA-AAAA"] {
            post(&nobody, &body(late)).refused(409, "already-set-up");
        }
        assert_eq!(service.block_on(async |app| setup::code(app).await.unwrap()), None);

        let chief = service.sign_in("chief");
        assert_eq!(chief.get("/me").expect(200).json["must_change_password"], false);
        assert_eq!(chief.get("/settings").expect(200).json["county_name"], "清河县");
        chief.post_json("/users", &json!({"username": "watch", "display_name": "纪检", "role": "discipline", "password": PASSWORD})).expect(201);
        let login = service.try_sign_in("watch", PASSWORD).expect(201).json;
        let bearer = format!("Bearer {}", login["token"].as_str().unwrap());
        let changed = json!({"old_password": PASSWORD, "new_password": format!("{PASSWORD}b")}).to_string();
        let headers = [("authorization", &*bearer), ("content-type", "application/json")];
        nobody.send("PUT", "/me/password", &headers, Some(changed.as_bytes())).expect(204);
        let records = nobody.send("GET", "/audit", &headers[..1], None).expect(200).json;
        let told: Vec<(&Value, &str)> = records["items"].as_array().unwrap().iter()
            .map(|record| (&record["target"], record["detail"].as_str().unwrap())).collect();
        assert!(told.iter().any(|(target, detail)| **target == "user:chief" && detail.contains("by the setup code, from 127.0.0.1")), "{told:?}");
        assert!(told.iter().any(|(target, detail)| **target == "setting:county_name" && detail.contains("清河县")), "{told:?}");
        assert!(!records.to_string().contains(&code), "the code is in no record");
    }

    fn of_two_who_set_up_at_once_one_succeeds(db: TestDb) {
        let (service, code) = empty(db);
        let answers = at_once(4, |number| {
            let mut own = body(&code);
            own["username"] = json!(format!("chief{number}"));
            post(&service.anybody(), &own)
        });
        assert_eq!((count(&answers, 201), count(&answers, 409)), (1, 3));
        for late in answers.into_iter().filter(|answer| answer.status == 409) {
            late.refused(409, "already-set-up");
        }
        let winner = (0..4).find(|number| service.try_sign_in(&format!("chief{number}"), PASSWORD).status == 201).unwrap();
        let users = service.sign_in(&format!("chief{winner}")).get("/users").expect(200).json;
        assert_eq!(users["items"].as_array().unwrap().len(), 1);
    }

    fn whoever_guesses_the_code_has_to_wait(db: TestDb) {
        let (service, code) = empty(db);
        let address = Some(std::net::IpAddr::from([127, 0, 0, 1]));
        let guesses = service.block_on(async |app| {
            let mut guesses = 0;
            let first = FirstAccount {
                code: "AAAA-AAAA".into(), username: "chief".into(), display_name: "管理员".into(),
                password: PASSWORD.into(), county_name: "清河县".into(),
            };
            while let Err(AppError::SetupCodeRejected) = setup::set_up(app, first.clone(), address, "").await {
                guesses += 1;
            }
            guesses
        });
        assert_eq!(guesses, 100);
        let waits = post(&service.anybody(), &body(&code)).refused(429, "sign-in-throttled");
        let seconds: u64 = waits.header("retry-after").parse().unwrap();
        assert!((1..=30).contains(&seconds), "{seconds}");
        service.pass(std::time::Duration::from_secs(seconds));
        post(&service.anybody(), &body(&code)).expect(201);
    }

    fn the_checklist_follows_what_is_there(db: TestDb) {
        let (service, code) = empty(db);
        // The service's clock is in 2026, whose days off come with the program.
        post(&service.anybody(), &body(&code)).expect(201);
        let chief = service.sign_in("chief");
        let list = || chief.get("/setup/checklist").expect(200);
        assert_eq!(states(&list()), ["open", "open", "open", "open", "open", "done"]);
        assert_eq!((&list().json["done"], &list().json["office_people_min"]), (&json!(false), &json!(2)));

        // Zone and hours count as done when somebody confirms them; only they can be confirmed.
        mark(&chief, "county", &json!("confirmed")).expect(200);
        assert_eq!(step(&list(), "county"), "done");
        let refused = mark(&chief, "units", &json!("confirmed")).refused(422, "invalid-fields");
        assert_eq!(refused.json["errors"][0]["pointer"], "/mark");
        mark(&chief, "nothing", &json!("skipped")).refused(404, "not-found");

        assert_eq!(step(&mark(&chief, "units", &json!("skipped")).expect(200), "units"), "skipped");
        assert_eq!(step(&mark(&chief, "units", &Value::Null).expect(200), "units"), "open");
        mark(&chief, "units", &json!("skipped")).expect(200);

        chief.post_json("/setup/starters", &json!({"campaigns": ["WM"]})).expect(200);
        assert_eq!(step(&list(), "campaigns"), "done");
        import(&chief, "units", "code,name_zh,kind,area_code\nU01,县城市管理局,部门,990001\n");
        assert_eq!(step(&list(), "units"), "done", "what is there is done, whatever was skipped before");
        import(&chief, "points", "code,name_zh,type,lat,lon,campaigns,lead_unit_code\n990001-MKT-0001,城北市场,MKT,31.2,107.4,WM,U01\n");
        assert_eq!(step(&list(), "points"), "done");
        import(&chief, "users", "username,display_name,role,unit_code\noffice01,督查一,office,\ninspector01,暗访一,inspector,\nunit01,经办一,unit,U01\n");
        assert_eq!(step(&list(), "people"), "open", "one alone cannot approve and release");
        import(&chief, "users", "username,display_name,role\noffice02,督查二,督查室\n");
        let done = list();
        assert_eq!((states(&done), &done.json["done"]), (vec!["done".to_owned(); 6], &json!(true)));
        assert_eq!(
            ["items", "units", "office_people", "inspectors", "unit_people", "points"].map(|field| done.json[field].as_i64().unwrap()),
            [16, 1, 2, 1, 1, 1]
        );
        // In November the next year is missed. Until then passwords would grow too old.
        let never = json!({"password_days_max": 0}).to_string();
        chief.send("PATCH", "/settings", &[("content-type", "application/json")], Some(never.as_bytes())).expect(200);
        service.pass(crate::support::service::DAY * 100);
        assert_eq!((step(&list(), "calendar"), &list().json["unnamed_years"]), ("open".to_owned(), &json!([2027])));
    }

    fn starter_sets_are_chosen_and_loaded_once(db: TestDb) {
        let (service, code) = empty(db);
        post(&service.anybody(), &body(&code)).expect(201);
        let chief = service.sign_in("chief");
        let there = |answer: Answer| -> Vec<(String, i64, bool)> {
            let set = |set: &Value| (set["campaign"].as_str().unwrap().to_owned(), set["items"].as_i64().unwrap(), set["is_there"] == true);
            answer.expect(200).json["items"].as_array().unwrap().iter().map(set).collect()
        };
        let of = |there: &[&str]| -> Vec<(String, i64, bool)> {
            [("WM", 16), ("WS", 16), ("SL", 15), ("YL", 15)].map(|(code, items)| (code.to_owned(), items, there.contains(&code))).to_vec()
        };
        assert_eq!(there(chief.get("/setup/starters")), of(&[]));
        let unknown = chief.post_json("/setup/starters", &json!({"campaigns": ["WM", "XX"]})).refused(422, "invalid-fields");
        assert_eq!(unknown.json["errors"][0]["pointer"], "/campaigns/1");
        assert_eq!(there(chief.post_json("/setup/starters", &json!({"campaigns": ["WS", "SL"]}))), of(&["WS", "SL"]));
        // What the county changed since stays.
        let changed = "code,campaign,title_zh,point_types,weight,limit\nWS-01,WS,本县自定,*,5,3wd\n";
        import(&chief, "items", changed);
        assert_eq!(there(chief.post_json("/setup/starters", &json!({"campaigns": ["WS"]}))), of(&["WS", "SL"]));
        let items = chief.get("/items").expect(200).json;
        let items = items["items"].as_array().unwrap();
        assert_eq!(items.len(), 31);
        assert!(items.iter().any(|item| item["code"] == "WS-01" && item["title"] == "本县自定"));
    }
}
