//! What a county leader is paired with 结对联创: how it stands, and the notes 督战 on it.

use anfang::domain::issue::{Action, State};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::month::{decide_and_lock, take, until};
use crate::support::service::{Answer, Client, DAY, Service, new_id};

const MARKET: &str = "990001-MKT-0001";

fn pair(service: &Service, with: &str, id: &Value) -> Uuid {
    let pairing = new_id();
    let body = json!({"leader_id": service.user_id("leader01"), with: id, "from": "2026-08-03", "to": "2026-09-30"});
    service.sign_in("office01").put_json(&format!("/pairings/{pairing}"), &body).expect(201);
    pairing
}

fn write(client: &Client<'_>, id: Uuid, pairing: Uuid, issue: Option<Uuid>, note: &str) -> Answer {
    client.put_json(&format!("/leader-notes/{id}"), &json!({"pairing_id": pairing, "issue_id": issue, "note": note}))
}

fn read(service: &Service, username: &str, query: &str) -> Vec<Value> {
    let answer = service.sign_in(username).get(&format!("/leader-notes{query}")).expect(200);
    answer.json["items"].as_array().unwrap().clone()
}

fn pointers(answer: &Answer) -> Vec<&str> {
    answer.json["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect()
}

on_both! {
    fn a_leader_writes_on_what_is_paired_and_the_unit_and_the_office_read_it(db: TestDb) {
        let service = Service::start(db);
        let with_unit = pair(&service, "unit_id", &json!(service.unit("U02")));
        let with_point = pair(&service, "point_id", &service.point("990001-LANE-0001")["id"]);
        // Of unit02 at the market: one that is handed over, one that is not.
        let (released, sealed) = (service.drive_to(State::Rectifying), service.drive_to(State::Sealed));
        service.drain_messages();
        let (leader, first) = (service.sign_in("leader01"), new_id());
        let told = write(&leader, first, with_unit, Some(released), " 周五前我到现场看一次 ").expect(201).json;
        assert_eq!(told["note"], "周五前我到现场看一次");
        assert_eq!((&told["unit_id"], &told["on"]), (&json!(service.unit("U02")), &json!("2026-08-03")));
        assert!(told["issue_title"].as_str().unwrap().contains("市场"), "{told}");
        write(&leader, first, with_unit, Some(released), "周五前我到现场看一次").expect(200);
        write(&leader, first, with_unit, None, "周五前我到现场看一次").refused(409, "id-reused");
        service.pass(DAY);
        let leader = service.sign_in("leader01");
        write(&leader, new_id(), with_unit, None, "台账请一把手亲自过一遍").expect(201);
        write(&leader, new_id(), with_point, None, "背街小巷要长效").expect(201);
        // What is not released is as if it were not there, and so is the issue of somebody else's.
        for (pairing, issue) in [(with_unit, sealed), (with_unit, new_id()), (with_point, released)] {
            let refused = write(&leader, new_id(), pairing, Some(issue), "看一下").refused(422, "invalid-fields");
            assert_eq!(pointers(&refused), ["/issue_id"]);
        }
        let refused = write(&leader, new_id(), new_id(), None, "看一下").refused(422, "invalid-fields");
        assert_eq!(pointers(&refused), ["/pairing_id"]);
        assert_eq!(pointers(&write(&leader, new_id(), with_unit, None, " ").refused(422, "invalid-fields")), ["/note"]);
        // The latest first: the office and discipline read all, the unit its own, the leader what was written.
        let words = |username: &str, query: &str| -> Vec<String> {
            read(&service, username, query).iter().map(|note| note["note"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(words("office02", "").len(), 3);
        assert_eq!(words("discipline01", "").len(), 3);
        assert_eq!(words("leader01", "").len(), 3);
        assert_eq!(words("unit02", ""), ["台账请一把手亲自过一遍", "周五前我到现场看一次"]);
        assert_eq!(words("unit02", &format!("?unit_id={}", service.unit("U06"))).len(), 2, "a unit reads its own in any case");
        assert_eq!(words("unit06", ""), ["背街小巷要长效"]);
        assert_eq!(words("unit03", ""), Vec::<String>::new());
        assert_eq!(words("unit02", &format!("?issue_id={released}")), ["周五前我到现场看一次"]);
        let page = service.sign_in("unit02").get("/leader-notes?limit=1").expect(200).json;
        let next = page["next_cursor"].as_str().unwrap();
        assert_eq!(words("unit02", &format!("?cursor={next}")), ["周五前我到现场看一次"]);
        service.sign_in("unit06").get(&format!("/leader-notes?cursor={next}")).refused(400, "malformed-request");
        for username in ["inspector01", "taskforce01", "admin"] {
            service.sign_in(username).get("/leader-notes").refused(403, "forbidden");
        }
        for username in ["inspector01", "taskforce01", "admin", "unit02", "office01", "discipline01"] {
            write(&service.sign_in(username), new_id(), with_unit, None, "x").refused(403, "forbidden");
        }
        // The unit is told of the one about an issue.
        service.drain_messages();
        let notices = service.sign_in("unit02").get("/notices").expect(200).json;
        let told: Vec<&Value> =
            notices["items"].as_array().unwrap().iter().filter(|notice| notice["kind"] == "leader-note").collect();
        assert_eq!(told.len(), 1);
        assert_eq!(told[0]["issue"]["id"], json!(released));
        let noted = service.sign_in("discipline01").get("/audit?limit=200").expect(200).json;
        let noted = noted["items"].as_array().unwrap().iter().filter(|entry| entry["action"] == "leader-note-written");
        assert_eq!(noted.filter(|entry| entry["outcome"] == "done").count(), 3);
        // When the pairing has ended, nothing more is written, and what was written stays.
        service.pass(DAY * 70);
        let refused = write(&service.sign_in("leader01"), new_id(), with_unit, None, "还在吗").refused(422, "invalid-fields");
        assert_eq!(pointers(&refused), ["/pairing_id"]);
        assert_eq!(words("unit02", "").len(), 2);
    }

    fn a_leader_reads_how_it_stands_and_nothing_that_is_not_released(db: TestDb) {
        let service = Service::start(db);
        pair(&service, "unit_id", &json!(service.unit("U02")));
        pair(&service, "point_id", &service.point(MARKET)["id"]);
        let own = || -> Vec<Value> {
            service.drain_messages();
            service.sign_in("leader01").get("/own-pairings").expect(200).json["items"].as_array().unwrap().clone()
        };
        let figures = |row: &Value| ["open", "overdue", "rebounds"].map(|field| row[field].as_u64().unwrap());
        let before = own();
        assert_eq!(before.len(), 2);
        assert_eq!(before.iter().map(figures).collect::<Vec<_>>(), [[0; 3]; 2]);
        assert!(before.iter().all(|row| row["last"].is_null() && row["is_on"] == true));
        // What is reported, sealed or rejected changes nothing for a leader.
        for state in [State::Submitted, State::Sealed, State::Void] {
            service.drive_to(state);
        }
        assert_eq!(own(), before);
        service.drive_to(State::Rectifying);
        let late = service.drive_to(State::Rework);
        assert_eq!(own().iter().map(figures).collect::<Vec<_>>(), [[2, 0, 0]; 2]);
        service.pass(DAY * 12);
        assert_eq!(own().iter().map(figures).collect::<Vec<_>>(), [[2, 2, 0]; 2]);
        service.steps(late, &[Action::ReportFix, Action::Pass]);
        assert_eq!(own().iter().map(figures).collect::<Vec<_>>(), [[1, 1, 0]; 2]);
        // The score is that of the last month that leaders may read: locked, not before.
        until(&service, "2026-09-01T09:00:00+08:00");
        for action in ["freeze", "preview"] {
            take(&service.sign_in("office01"), "2026-08", action, &json!({})).expect(200);
        }
        assert!(own().iter().all(|row| row["last"].is_null()));
        decide_and_lock(&service, "2026-08");
        let after = own();
        assert!(after.iter().all(|row| row["last"]["month"] == "2026-08"), "{after:?}");
        let ranking = service.sign_in("leader01").get("/months/2026-08/ranking").expect(200).json;
        let text = ranking.to_string();
        let unit = after.iter().find(|row| row["point_id"].is_null()).unwrap();
        assert_eq!(unit["last"]["rank"].is_null(), !text.contains(&format!("\"unit_id\":\"{}\"", service.unit("U02"))) || unit["last"]["score"].is_null());
        let point = after.iter().find(|row| !row["point_id"].is_null()).unwrap();
        assert_eq!(point["last"]["standing"], "never");
        for username in ["inspector01", "unit02", "office01", "taskforce01", "discipline01", "admin"] {
            service.sign_in(username).get("/own-pairings").refused(403, "forbidden");
        }
    }
}
