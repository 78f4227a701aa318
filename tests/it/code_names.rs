//! Whoever was drawn is read by the code name also in audit records, in the answer to a packet, and in what the office
//! is shown of the proof of a look-back sample.

use anfang::domain::issue::Action;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::ahead::at_its_first_task;
use crate::batches::{INSPECTORS, released};
use crate::packets::{Packet, hand_in};
use crate::support::plans::of_task;
use crate::support::service::{DAY, Service, new_id};
use crate::support::walk::{clean, fail, result};

fn audit(service: &Service, action: &str) -> Vec<Value> {
    let found = service.sign_in("discipline01").get(&format!("/audit?action={action}&limit=200")).expect(200).json;
    found["items"].as_array().unwrap().clone()
}

/// Checks that no audit record of what was handed in tells the account, and what each calls its owner.
fn is_called(service: &Service, username: &str, name: &str) {
    let records = audit(service, "record-handed-in");
    assert!(
        !records.is_empty() && records.iter().all(|record| record["detail"] == format!("for user:{name}")),
        "{records:?}"
    );
    let packets = audit(service, "packet-handed-in");
    assert!(
        !packets.is_empty() && packets.iter().all(|packet| packet["target"] == format!("user:{name}")),
        "{packets:?}"
    );
    for record in records.iter().chain(&packets) {
        assert!(!record.to_string().contains(username), "{record}");
    }
}

on_both! {
    fn a_packet_of_whoever_was_drawn_is_told_by_code_name(db: TestDb) {
        let service = Service::start(db);
        let (_, username, task) = at_its_first_task(&service);
        let (client, visit) = (service.sign_in(username), new_id());
        let mut body = of_task(&service, &task);
        let issue = fail(&client, &mut body, "WM-02");
        let mut report = result(&mut body, "WM-02")["issue"]["report"].clone();
        report["visit_id"] = json!(visit);
        let office = || service.sign_in("office01");
        let answer = hand_in(&office(), &Packet::of(&service, username).report(issue, &report).whole().text()).expect(200);
        // Nobody knows yet whether a batch sent them.
        assert_eq!(answer.json["account"], json!({"id": null, "username": null, "name": "暗访员"}));
        is_called(&service, username, "暗访员");
        let packet = Packet::of(&service, username).report(issue, &report).visit(visit, &body).whole().text();
        let answer = hand_in(&office(), &packet).expect(200);
        assert_eq!(answer.json["records"][1]["outcome"], "taken");
        assert_eq!(answer.json["account"], json!({"id": null, "username": null, "name": task["code_name"]}));
        // Also in the records that were written before the visit said so.
        is_called(&service, username, task["code_name"].as_str().unwrap());
        let account = service.user_id(username);
        for told in [answer.json.to_string(), json!(audit(&service, "record-handed-in")).to_string()] {
            assert!(!told.contains(&account) && !told.contains(username), "{told}");
        }
    }

    fn a_packet_of_whoever_nobody_drew_is_told_by_the_account(db: TestDb) {
        let service = Service::start(db);
        let packet = Packet::of(&service, "inspector01").visit(new_id(), &clean(&service)).whole().text();
        let answer = hand_in(&service.sign_in("office01"), &packet).expect(200);
        assert_eq!((&answer.json["account"]["username"], &answer.json["account"]["id"]), (&json!("inspector01"), &json!(service.user_id("inspector01"))));
        assert_eq!(audit(&service, "record-handed-in")[0]["detail"], "for user:inspector01");
        assert_eq!(audit(&service, "packet-handed-in")[0]["target"], "user:inspector01");
    }

    fn what_an_inspector_was_refused_names_no_batch(db: TestDb) {
        let service = Service::start(db);
        let (batch, username, _) = at_its_first_task(&service);
        service.sign_in(username).get(&format!("/batches/{batch}")).refused(403, "forbidden");
        let denied = audit(&service, "access-denied").into_iter().find(|record| record["actor"]["id"] == json!(service.user_id(username)));
        assert_eq!(denied.unwrap()["target"], "/api/v1/batches/…");
        // Others are told completely.
        service.sign_in("leader01").get(&format!("/batches/{batch}")).refused(403, "forbidden");
        let denied = audit(&service, "access-denied").into_iter().find(|record| record["actor_role"] == "leader");
        assert_eq!(denied.unwrap()["target"], format!("/api/v1/batches/{batch}"));
    }

    fn the_proof_of_a_sample_does_not_tell_the_office_who_found_what_on_a_batch(db: TestDb) {
        let service = Service::start(db);
        let (_, issue): (Uuid, Uuid) = released(&service);
        service.steps(issue, &[Action::SignIn, Action::ReportFix]);
        service.step(issue, "office01", Action::Pass, &json!({"on_site": false, "note": "已核对照片"}));
        service.sign_in("office01").read(issue).in_state("closed");
        service.pass(DAY * 8);
        let office = || service.sign_in("office01");
        let sample = office().post_json("/look-back-samples", &json!({"month": "2026-08"})).expect(201).json;
        assert_eq!(sample["drawn"], 1);
        // Nobody can go, so the proof reveals nothing of a day to come.
        let points = office().get("/points?limit=200").expect(200).json;
        let points: Vec<Value> = points["items"].as_array().unwrap().iter().map(|point| point["id"].clone()).collect();
        for name in INSPECTORS {
            let path = format!("/inspectors/{}/recusals", service.user_id(name));
            office().put_json(&path, &json!({"points": points, "units": []})).expect(200);
        }
        service.pass(DAY * 22);
        service.drain_jobs();
        let path = format!("/look-back-samples/{}/proof", sample["id"].as_str().unwrap());
        let told = office().get(&path).expect(200).json;
        assert_eq!((&told["proof"], &told["is_for_discipline"]), (&Value::Null, &json!(true)));
        assert_eq!(told["proof_sha256"], sample["proof_sha256"]);
        let read = service.sign_in("discipline01").get(&path).expect(200).json;
        assert_eq!((read["proof"]["barred"].as_array().unwrap().len(), &read["is_for_discipline"]), (1, &json!(false)));
        // The discipline inspection knows the keys only.
        for name in INSPECTORS {
            assert!(!read.to_string().contains(&service.user_id(name)), "{name}");
        }
        service.sign_in("discipline01").get(&format!("/look-back-samples/{}", sample["id"].as_str().unwrap())).refused(403, "forbidden");
    }
}
