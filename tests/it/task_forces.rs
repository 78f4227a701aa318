//! Task forces 创建专班: each reads what is released of its own campaign, as leaders read it, and nothing else.

use anfang::domain::issue::{Action, State};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::startup::{anfang, folder, text};
use crate::support::service::{Answer, Client, DAY, PASSWORD, Service};

const MARKET: &str = "990001-MKT-0001";

fn ids(list: &Answer) -> Vec<Uuid> {
    list.json["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().parse().unwrap()).collect()
}

fn import(admin: &Client<'_>, text: &str) -> Answer {
    admin.send("POST", "/imports/users", &[("content-type", "text/csv")], Some(text.as_bytes()))
}

/// What is wrong with a request, and where.
fn faults(answer: Answer) -> Vec<(String, String)> {
    let text = |error: &Value, field: &str| error[field].as_str().unwrap().to_owned();
    let errors = answer.refused(422, "invalid-fields").json["errors"].as_array().unwrap().clone();
    errors.iter().map(|error| (text(error, "pointer"), text(error, "code"))).collect()
}

fn fault(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}

on_both! {
    fn a_task_force_reads_what_is_released_of_its_campaign_and_nothing_else(db: TestDb) {
        let service = Service::start(db);
        let release = |issue| service.steps(issue, &[Action::Approve, Action::Release, Action::SignIn]);
        let [wm, ws] = ["WM-07", "WS-06"].map(|item| service.report_with(MARKET, item, "high"));
        [wm, ws].into_iter().for_each(release);
        service.steps(ws, &[Action::RequestExtension]);
        service.steps(wm, &[Action::RequestExtension]);
        // Of both campaigns, in every state before the hand-over.
        for item in ["WM-07", "WS-06"] {
            let unreleased: [&[Action]; 4] = [&[], &[Action::SendBack], &[Action::Approve], &[Action::Reject]];
            for steps in unreleased {
                service.steps(service.report_with(MARKET, item, "low"), steps);
            }
        }
        service.pass(DAY * 40);
        let numbers = [wm, ws].map(|issue| service.sign_in("office01").read(issue).json["number"].as_str().unwrap().to_owned());
        let photo_of = |issue| service.sign_in("office01").read(issue).json["photos"][0]["id"].as_str().unwrap().to_owned();
        let leader = service.sign_in("leader01");
        for (username, own, other, campaign, number) in
            [("taskforce01", wm, ws, "WM", &numbers[1]), ("taskforce02", ws, wm, "WS", &numbers[0])]
        {
            let client = service.sign_in(username);
            for query in [
                "", "?sort=due_at", "?sort=oldest", "?limit=1", "?state=rectifying", "?overdue=true", "?pending=extension",
                "?severity=high", "?q=%E6%B6%88%E9%98%B2", "?round_min=1", "?from=2026-08-01T00:00:00Z",
                &format!("?campaign={campaign}"), &format!("?unit_id={}", service.unit("U02")),
                &format!("?point_id={}", service.point(MARKET)["id"].as_str().unwrap()),
            ] {
                assert_eq!(ids(&client.get(&format!("/issues{query}")).expect(200)), [own], "{username} {query}");
                let counts = client.get(&format!("/issues/counts{query}")).expect(200).json;
                assert_eq!((&counts["total"], &counts["overdue"]), (&json!(1), &json!(1)), "{username} {query}");
            }
            let others = ["WM", "WS"].into_iter().filter(|code| *code != campaign).map(|code| format!("?campaign={code}"));
            for query in others.chain([format!("?q={number}"), "?campaign=XX".to_owned(), format!("?unit_id={}", service.unit("U03"))]) {
                assert!(ids(&client.get(&format!("/issues{query}")).expect(200)).is_empty(), "{username} {query}");
                assert_eq!(client.get(&format!("/issues/counts{query}")).expect(200).json["total"], 0, "{username} {query}");
            }
            // What is read is what a leader reads.
            assert_eq!(client.read(own).json, leader.read(own).json);
            assert_eq!(client.events(own), leader.events(own));
            client.get(&format!("/photos/{}/view", photo_of(own))).expect(200);
            client.get(&format!("/photos/{}/original", photo_of(own))).refused(404, "not-found");
            for path in [format!("/issues/{other}"), format!("/issues/{other}/events"), format!("/photos/{}/view", photo_of(other))] {
                client.get(&path).refused(404, "not-found");
            }
            let reason = json!({"reason": "理由"});
            client.act(own, "remind", client.read(own).version(), &reason).refused(403, "forbidden");
            client.act(other, "remind", 1, &reason).refused(404, "not-found");
            client.get("/complaints").refused(403, "forbidden");
        }
    }

    fn an_account_of_a_task_force_names_one_campaign(db: TestDb) {
        let service = Service::start(db);
        let admin = service.sign_in("admin");
        let make = |more: Value| {
            let mut body = json!({"username": "force09", "display_name": "专班09", "role": "task_force", "password": PASSWORD});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            admin.post_json("/users", &body)
        };
        assert_eq!(faults(make(json!({}))), fault("/campaign", "required"));
        assert_eq!(faults(make(json!({"campaign": "XX"}))), fault("/campaign", "unknown"));
        assert_eq!(faults(make(json!({"campaign": "WM", "unit_id": service.unit("U01")}))), fault("/unit_id", "not-allowed"));
        assert_eq!(faults(make(json!({"campaign": "WM", "role": "leader"}))), fault("/campaign", "not-allowed"));
        make(json!({"campaign": ""})).refused(400, "malformed-request");
        make(json!({"campaign": "ABCDEFGHIJKLMNOPQ"})).refused(400, "malformed-request");
        let made = make(json!({"campaign": "WS"})).expect(201).json["user"].clone();
        assert_eq!((&made["campaign"], &made["unit_id"]), (&json!("WS"), &Value::Null));

        let change = |username: &str, body: Value| {
            let path = format!("/users/{}", service.user_id(username));
            admin.send("PATCH", &path, &[("content-type", "application/json")], Some(body.to_string().as_bytes()))
        };
        assert_eq!(faults(change("leader01", json!({"role": "task_force"}))), fault("/campaign", "required"));
        assert_eq!(faults(change("leader01", json!({"campaign": "WM"}))), fault("/campaign", "not-allowed"));
        let issue = service.drive_to(State::Assigned);
        service.sign_in("taskforce01").read(issue);
        let token = format!("Bearer {}", service.token_of("taskforce01"));
        assert_eq!(change("taskforce01", json!({"campaign": "SL"})).expect(200).json["campaign"], "SL");
        // An account that is moved to another campaign must log in again, and then reads that campaign's issues.
        service.anybody().send("GET", "/me", &[("authorization", &*token)], None).refused(401, "not-signed-in");
        service.pass(std::time::Duration::ZERO);
        service.sign_in("taskforce01").get(&format!("/issues/{issue}")).refused(404, "not-found");
        let records = service.sign_in("discipline01").get("/audit?action=user-changed").expect(200).json;
        assert_eq!(records["items"][0]["detail"], "campaign WM → SL");
        // Another role forgets it.
        assert_eq!(change("taskforce01", json!({"role": "leader"})).expect(200).json["campaign"], Value::Null);
    }

    fn a_sheet_names_campaigns_by_code_or_name(db: TestDb) {
        let service = Service::start(db);
        let admin = service.sign_in("admin");
        let sheet = "用户名,显示名,角色,创建项目\nforce09,专班09,创建专班,森林城市\nforce10,专班10,task_force,ＹＬ\nleader09,领导09,领导,\n";
        assert_eq!(import(&admin, sheet).expect(200).json["created"], 3);
        let campaign = |username: &str| {
            let all = admin.get("/users").expect(200).json;
            all["items"].as_array().unwrap().iter().find(|user| user["username"] == username).unwrap()["campaign"].clone()
        };
        assert_eq!(["force09", "force10", "leader09"].map(campaign), [json!("SL"), json!("YL"), Value::Null]);
        let row = |heading: &str, row: &str| import(&admin, &format!("username,display_name,role{heading}\n{row}\n"));
        // Without the column an existing account keeps its campaign; a new one has none.
        assert_eq!(row("", "force09,专班09,task_force").expect(200).json["unchanged"], 1);
        assert_eq!(faults(row("", "force11,专班11,task_force")), fault("/2/campaign", "required"));
        assert_eq!(faults(row("", "leader09,领导09,task_force")), fault("/2/campaign", "required"));
        assert_eq!(faults(row(",campaign", "force09,专班09,task_force,")), fault("/2/campaign", "required"));
        assert_eq!(faults(row(",campaign", "force09,专班09,task_force,XX")), fault("/2/campaign", "unknown"));
        assert_eq!(faults(row(",campaign", "leader09,领导09,leader,SL")), fault("/2/campaign", "not-allowed"));
        assert_eq!(faults(row(",unit_code", "force09,专班09,task_force,U01")), fault("/2/unit_code", "not-allowed"));
        assert_eq!(row(",campaign", "force09,专班09,task_force,WM").expect(200).json["changed"], 1);
        assert_eq!(campaign("force09"), "WM");
    }
}

#[test]
fn a_command_makes_an_account_of_a_task_force() {
    let folder = folder();
    let data = text(folder.path());
    let add = |more: &[&str]| anfang(&[&["user", "--data", data, "add"], more].concat()).output().unwrap();
    for refused in [
        &["force", "--role", "task_force"][..],
        &["force", "--role", "task_force", "--campaign", "XX"],
        &["chief", "--role", "leader", "--campaign", "WM"],
        &["force", "--role", "taskforce", "--campaign", "WM"],
    ] {
        assert!(!add(refused).status.success(), "{refused:?}");
    }
    let made = add(&["force", "--role", "task_force", "--campaign", "WM"]);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    // The help and a refusal list the roles.
    let said = String::from_utf8(add(&["force", "--role", "none"]).stderr).unwrap();
    assert!(said.contains("task_force") && said.contains("discipline"), "{said}");
}
