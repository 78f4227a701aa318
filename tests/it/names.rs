//! The name behind a code name: a keeper asks, somebody else consents, and the name is read once.

use std::time::Duration;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::plans::{drafted, drawn};
use crate::support::service::{Answer, Client, HOUR, Service, new_id};

fn make_keeper(service: &Service, username: &str) {
    let path = format!("/identity-keepers/{}", service.user_id(username));
    service.sign_in("admin").put_json(&path, &json!({})).expect(204);
}

fn ask(client: &Client<'_>, batch: Uuid, id: Uuid, code_name: &str) -> Answer {
    let body = json!({"code_name": code_name, "reason": "核实投诉反映的问题"});
    client.put_json(&format!("/batches/{batch}/name-requests/{id}"), &body)
}

fn answer(client: &Client<'_>, batch: Uuid, id: Uuid, consents: bool) -> Answer {
    client.put_json(&format!("/batches/{batch}/name-requests/{id}/answer"), &json!({"consents": consents}))
}

fn read(client: &Client<'_>, batch: Uuid, id: Uuid) -> Answer {
    client.post_json(&format!("/batches/{batch}/name-requests/{id}/reading"), &json!({}))
}

/// A code name of the batch, and whose it is.
fn a_code_name(service: &Service, batch: Uuid) -> (String, String) {
    use anfang::domain::ids::BatchId;
    let task = anfang::store::batches::find_task(&mut service.database(), BatchId(batch), 1).unwrap().unwrap();
    let (user, code) = task.people.into_iter().next().unwrap();
    (code, user.to_string())
}

fn pointers(answer: &Answer) -> Vec<&str> {
    answer.json["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect()
}

on_both! {
    fn a_keeper_reads_a_name_once_when_somebody_else_consents(db: TestDb) {
        let service = Service::start(db);
        let batch = drawn(&service);
        let (code_name, whose) = a_code_name(&service, batch);
        let (first, second, id) = (service.sign_in("office01"), service.sign_in("office02"), new_id());
        ask(&first, batch, id, &code_name).refused(403, "forbidden");
        make_keeper(&service, "office01");
        make_keeper(&service, "office01");
        assert_eq!(pointers(&ask(&first, batch, id, "暗访99").refused(422, "invalid-fields")), ["/code_name"]);
        let asked = ask(&first, batch, id, &code_name).expect(201).in_state("asked");
        assert_eq!((asked.strings("allowed_actions"), &asked.json["answered_by"]), (vec![], &Value::Null));
        ask(&first, batch, id, &code_name).expect(200);
        ask(&first, batch, id, "暗访99").refused(409, "id-reused");
        read(&first, batch, id).refused(409, "name-request-illegal-transition");
        answer(&first, batch, id, true).refused(403, "separation-of-duties");
        // Another batch has no such request.
        answer(&second, drafted(&service), id, true).refused(404, "not-found");
        let listed = second.get(&format!("/batches/{batch}/name-requests")).expect(200).json;
        assert_eq!(listed["items"][0]["allowed_actions"], json!(["consent", "refuse"]));
        answer(&second, batch, id, true).expect(200).in_state("consented");
        answer(&second, batch, id, true).expect(200);
        answer(&second, batch, id, false).refused(409, "name-request-illegal-transition");
        // Only who asked reads it.
        read(&second, batch, id).refused(403, "forbidden");
        make_keeper(&service, "office02");
        read(&second, batch, id).refused(403, "forbidden");
        let told = read(&first, batch, id).expect(200).json;
        assert_eq!(told["id"], json!(whose));
        assert!(told["username"].as_str().unwrap().starts_with("inspector"));
        read(&first, batch, id).refused(409, "name-request-illegal-transition");
        // All of it is noted, and nobody is named there or in the list.
        let discipline = service.sign_in("discipline01");
        let noted = discipline.get("/audit?limit=200").expect(200);
        let actions: Vec<&str> = noted.json["items"].as_array().unwrap().iter()
            .filter(|entry| entry["target"] == format!("batch:{batch}"))
            .map(|entry| entry["action"].as_str().unwrap())
            .filter(|action| action.starts_with("name-"))
            .collect();
        assert_eq!(actions, ["name-read", "name-answered", "name-asked"]);
        let list = discipline.get(&format!("/batches/{batch}/name-requests")).expect(200);
        assert_eq!((&list.json["items"][0]["state"], &list.json["items"][0]["allowed_actions"]), (&json!("read"), &json!([])));
        for bytes in [&noted.bytes, &list.bytes] {
            let text = String::from_utf8(bytes.clone()).unwrap();
            assert!(!text.contains(&format!("{code_name}: {whose}")) && !text.contains(&format!("user:{whose}")), "{text}");
        }
        for username in ["inspector01", "unit02", "leader01", "admin"] {
            service.sign_in(username).get(&format!("/batches/{batch}/name-requests")).refused(403, "forbidden");
        }
    }

    fn a_request_and_a_consent_expire_and_a_keeper_can_be_dismissed(db: TestDb) {
        let service = Service::start(db);
        let batch = drawn(&service);
        let (code_name, _) = a_code_name(&service, batch);
        let (first, second) = (|| service.sign_in("office01"), || service.sign_in("office02"));
        make_keeper(&service, "office01");
        let [late, lapsed, refused, dismissed] = [new_id(), new_id(), new_id(), new_id()];
        let second_short = Duration::from_secs(1);
        ask(&first(), batch, late, &code_name).expect(201);
        service.pass(HOUR * 72 - second_short);
        for id in [lapsed, refused, dismissed] {
            ask(&first(), batch, id, &code_name).expect(201);
        }
        answer(&second(), batch, refused, false).expect(200).in_state("refused");
        read(&first(), batch, refused).refused(409, "name-request-illegal-transition");
        service.pass(second_short);
        answer(&second(), batch, late, true).refused(409, "name-request-illegal-transition");
        answer(&second(), batch, lapsed, true).expect(200);
        service.pass(HOUR * 24);
        read(&first(), batch, lapsed).refused(409, "name-request-illegal-transition");
        let states = first().get(&format!("/batches/{batch}/name-requests")).expect(200).json;
        let of = |id: Uuid| states["items"].as_array().unwrap().iter().find(|row| row["id"] == json!(id)).unwrap()["state"].clone();
        assert_eq!([of(late), of(lapsed), of(refused), of(dismissed)], ["expired", "expired", "refused", "asked"].map(Value::from));
        answer(&second(), batch, dismissed, true).expect(200);
        let keeper = format!("/identity-keepers/{}", service.user_id("office01"));
        let admin = service.sign_in("admin");
        assert_eq!(admin.get("/identity-keepers").expect(200).json["items"][0]["id"], json!(service.user_id("office01")));
        admin.delete(&keeper).expect(204);
        read(&first(), batch, dismissed).refused(403, "forbidden");
        assert_eq!(admin.get("/identity-keepers").expect(200).json, json!({"items": []}));
        let inspector = format!("/identity-keepers/{}", service.user_id("inspector01"));
        admin.put_json(&inspector, &json!({})).refused(422, "invalid-fields");
        first().put_json(&keeper, &json!({})).refused(403, "forbidden");
    }
}
