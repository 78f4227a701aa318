//! A unit's vice head: named by sheet or by command. Where a unit has one, severe issues need that person.

use anfang::domain::issue::{Action, State};
use serde_json::{Value, json};

use crate::startup::{anfang, folder, text};
use crate::support::service::{Answer, Client, Service};

fn import(client: &Client<'_>, text: &str) -> Answer {
    client.send("POST", "/imports/users", &[("content-type", "text/csv")], Some(text.as_bytes()))
}

fn account(admin: &Client<'_>, username: &str) -> Value {
    let all = admin.get("/users").expect(200).json;
    all["items"].as_array().unwrap().iter().find(|user| user["username"] == username).unwrap().clone()
}

on_both! {
    fn a_sheet_says_who_is_vice_head_and_silence_changes_nothing(db: TestDb) {
        let service = Service::start(db);
        let admin = service.sign_in("admin");
        let sheet = |heading: &str, cell: &str| format!("用户名,显示名,角色,责任单位{heading}\nunit77,分管园长,unit,U03{cell}\n");
        import(&admin, &sheet(",分管领导", ",是")).expect(200);
        assert_eq!(account(&admin, "unit77")["vice_head"], true);
        // No such column, or nothing in it.
        for (heading, cell) in [("", ""), (",分管领导", ","), (",是否分管领导", ", ")] {
            let answer = import(&admin, &sheet(heading, cell)).expect(200).json;
            assert_eq!((&answer["unchanged"], &answer["emptied_count"]), (&json!(1), &json!(0)), "{heading:?}");
            assert_eq!(account(&admin, "unit77")["vice_head"], true, "{heading:?}");
        }
        assert_eq!(import(&admin, &sheet(",vice_head", ",0")).expect(200).json["changed"], 1);
        assert_eq!(account(&admin, "unit77")["vice_head"], false);
        // The post is of a unit: others have none, whether they are new or there.
        for row in ["office77,督查,office,,1", "office01,督查,office,,1", "unit77,督查,office,,1"] {
            let refused = import(&admin, &format!("username,display_name,role,unit_code,vice_head\n{row}\n"));
            let refused = refused.refused(422, "invalid-fields").json;
            assert_eq!(refused["errors"][0]["pointer"], "/2/vice_head", "{row}");
        }
        let audit = service.sign_in("discipline01").get("/audit?limit=200").expect(200);
        let noted = audit.json["items"].as_array().unwrap().iter().filter(|entry| entry["detail"] == "vice head true → false").count();
        assert_eq!(noted, 1);
    }

    fn what_is_severe_is_returned_by_the_vice_head_where_there_is_one(db: TestDb) {
        let service = Service::start(db);
        let admin = service.sign_in("admin");
        let may_return = |username: &str, issue| {
            service.sign_in(username).read(issue).strings("allowed_actions").contains(&"return".to_owned())
        };
        let (severe, none) = (service.drive_to(State::Assigned), service.drive_to(State::Assigned));
        assert_eq!(service.sign_in("office01").read(severe).json["severity"], "high");
        let slight = service.report_with("990001-MKT-0001", "WM-02", "low");
        service.steps(slight, &[Action::Approve, Action::Release]);
        service.steps(none, &[Action::Return]);
        import(&admin, "username,display_name,role,unit_code,vice_head\nunit06,分管局长,unit,U02,1\n").expect(200);
        service.pass(std::time::Duration::ZERO);
        let unit = service.sign_in("unit02");
        let body = json!({"reason": "不归我管"});
        unit.act(severe, "return", unit.read(severe).version(), &body).refused(409, "vice-head-only");
        assert_eq!((may_return("unit02", severe), may_return("unit06", severe)), (false, true));
        assert!(may_return("unit02", slight));
        service.step(slight, "unit02", Action::Return, &body).in_state("redispatch");
        service.step(severe, "unit06", Action::Return, &body).in_state("redispatch");
    }
}

#[test]
fn a_command_makes_a_vice_head() {
    let folder = folder();
    let data = text(folder.path());
    let run = |words: &[&str]| anfang(&[words, &["--data", data]].concat()).output().unwrap();
    let units = folder.path().join("units.csv");
    std::fs::write(&units, "code,name_zh,kind,area_code\nU01,甲局,bureau,990001\n").unwrap();
    assert!(run(&["import", "units", text(&units)]).status.success());
    let made =
        anfang(&["user", "--data", data, "add", "chief", "--role", "unit", "--unit", "U01", "--vice-head"]).output();
    assert!(made.unwrap().status.success());
    let sheet = folder.path().join("users.csv");
    let row = |head: &str| format!("username,display_name,role,unit_code,vice_head\nchief,chief,unit,U01,{head}\n");
    for (head, outcome) in [("1", "0 changed 更新, 1 unchanged"), ("0", "1 changed 更新, 0 unchanged")] {
        std::fs::write(&sheet, row(head)).unwrap();
        let said = String::from_utf8(run(&["import", "users", text(&sheet), "--check"]).stdout).unwrap();
        assert!(said.contains(outcome), "{said}");
    }
}
