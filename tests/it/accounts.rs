//! Calls that name the account they are meant for: on a phone that two people share, a record of one must not be sent
//! as the other's.

use std::collections::BTreeSet;

use anfang::domain::issue::State;
use serde_json::{Value, json};

use crate::support::contract::{Contract, Operation};
use crate::support::service::{Answer, Client, Service, new_id};

/// Whether an operation needs a login, by the document.
fn is_signed_in(operation: &Operation) -> bool {
    operation.facts["security"].as_array().is_none_or(|ways| ways.iter().any(|way| way != &json!({})))
}

/// Calls with this account named, and with everything else that an operation requires before it checks the caller.
fn ask(client: &Client<'_>, contract: &Contract, operation: &Operation, account: &str) -> Answer {
    let query: Vec<String> = operation
        .parameters("query")
        .iter()
        .filter(|parameter| parameter["required"] == true)
        .map(|parameter| format!("{}=1", parameter["name"].as_str().unwrap()))
        .collect();
    let body = ["PUT", "POST", "PATCH"].contains(&&*operation.method).then_some(&b"{}"[..]);
    let mut headers = vec![("anfang-account", account), ("if-match", "\"1\""), ("tus-resumable", "1.0.0")];
    headers.extend(body.map(|_| ("content-type", "application/json")));
    let path = contract.concrete(operation);
    client.send(&operation.method, &format!("/{path}?{}", query.join("&")), &headers, body)
}

on_both! {
    /// No operation does anything for another account, and an invalid id is refused.
    fn no_operation_answers_for_another_account(db: TestDb) {
        let service = Service::start(db);
        let (client, other) = (service.sign_in("inspector01"), service.user_id("inspector02"));
        let contract = Contract::read();
        let mut seen = 0;
        for operation in contract.operations().iter().filter(|operation| is_signed_in(operation)) {
            let what = format!("{} {}", operation.method, operation.path);
            let refused = ask(&client, &contract, operation, &other).expect(409);
            assert!(refused.json["code"] == "other-account" || operation.method == "HEAD", "{what} {}", refused.json);
            for nobody in ["", "inspector01", &format!("{other}, {other}"), "\"x\""] {
                ask(&client, &contract, operation, nobody).expect(400);
            }
            let documented = operation.parameters("header").iter().any(|header| header["name"] == "Anfang-Account");
            assert!(documented, "{what}");
            seen += 1;
        }
        assert!(seen > 50, "{seen}");
        // The owner gets the same answer as without the header; the session has survived all of it.
        let own = service.user_id("inspector01");
        let without = client.get("/me").expect(200);
        assert_eq!(client.send("GET", "/me", &[("anfang-account", &own)], None).expect(200).json, without.json);
        // A caller who is not logged in learns nothing else.
        service.anybody().send("GET", "/me", &[("anfang-account", &own)], None).refused(401, "not-signed-in");
        service.anybody().send("GET", "/me", &[("anfang-account", "x")], None).refused(401, "not-signed-in");
    }

    fn nothing_is_kept_of_what_was_for_another_account(db: TestDb) {
        let service = Service::start(db);
        let (client, other) = (service.sign_in("inspector01"), service.user_id("inspector02"));
        let (photo, issue) = (new_id(), new_id());
        let named = ("anfang-account", other.as_str());
        let picture = service.picture();
        let whole = [named, ("content-type", "image/jpeg")];
        client.send("PUT", &format!("/photos/{photo}"), &whole, Some(&picture)).refused(409, "other-account");
        let metadata = format!("id {},filetype aW1hZ2UvanBlZw==", encoded(&photo.to_string()));
        let length = picture.len().to_string();
        let pieces = [
            named, ("content-type", "application/offset+octet-stream"), ("tus-resumable", "1.0.0"),
            ("upload-length", &*length), ("upload-metadata", &*metadata),
        ];
        client.send("POST", "/uploads", &pieces, Some(&picture)).refused(409, "other-account");
        let report = service.report_body(&[photo]).to_string();
        let json = [named, ("content-type", "application/json")];
        client.send("PUT", &format!("/issues/{issue}"), &json, Some(report.as_bytes())).refused(409, "other-account");
        assert_eq!((service.originals().len(), service.files("incoming").len()), (0, 0));
        // The same by whom it is meant for.
        let meant = service.sign_in("inspector02");
        meant.send("PUT", &format!("/photos/{photo}"), &whole, Some(&picture)).expect(201);
        meant.send("PUT", &format!("/issues/{issue}"), &json, Some(report.as_bytes())).expect(201).in_state("submitted");
    }

    /// A step and a sign-out, which have no id of the client's.
    fn a_step_for_another_account_is_not_taken(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Submitted);
        let office = service.sign_in("office02");
        let version = format!("\"{}\"", office.read(issue).version());
        let other = service.user_id("office01");
        let headers = [("anfang-account", &*other), ("content-type", "application/json"), ("if-match", &*version)];
        let body = json!({"unit_id": service.unit("U02")}).to_string();
        let path = format!("/issues/{issue}/actions/approve");
        office.send("POST", &path, &headers, Some(body.as_bytes())).refused(409, "other-account");
        office.read(issue).in_state("submitted");
        office.send("DELETE", "/sessions/current", &headers[..1], None).refused(409, "other-account");
        office.get("/me").expect(200);
        // It is a mix-up and no attack: no refusal of access is recorded.
        let records = service.sign_in("discipline01").get("/audit?action=access-denied").expect(200);
        let codes: BTreeSet<String> = records.json["items"].as_array().unwrap().iter().map(Value::to_string).collect();
        assert!(!codes.iter().any(|row| row.contains("other-account")), "{codes:?}");
    }
}

fn encoded(text: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(text)
}
