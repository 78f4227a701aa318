//! Steps of months as the office takes them, and what a check reports about them.

use anfang::app::months::{Checked, check};
use anfang::domain::month::Month;
use anfang::domain::time::Timestamp;
use anfang::store::{Conn, dump};
use serde_json::{Value, json};

use super::service::{Answer, Client, DAY, Service};

/// Takes a step of the month as it is now.
pub fn take(client: &Client<'_>, month: &str, action: &str, body: &Value) -> Answer {
    let version = client.get(&format!("/months/{month}")).expect(200).version();
    let headers = [("content-type", "application/json"), ("if-match", &*format!("\"{version}\""))];
    client.send("POST", &format!("/months/{month}/actions/{action}"), &headers, Some(body.to_string().as_bytes()))
}

/// The state of a month, as the office reads it.
pub fn state(service: &Service, month: &str) -> String {
    let told = service.sign_in("office01").get(&format!("/months/{month}")).expect(200).json;
    told["state"].as_str().unwrap().to_owned()
}

/// Decides and locks a month whose preview is open: days pass until it may be. Answers the digest of its results.
pub fn decide_and_lock(service: &Service, month: &str) -> String {
    while take(&service.sign_in("office01"), month, "decide", &json!({})).status != 200 {
        assert_eq!(state(service, month), "preview");
        service.pass(DAY);
    }
    let told = service.sign_in("office01").get(&format!("/months/{month}")).expect(200).json;
    let results = told["office"]["results_sha256"].clone();
    for (username, after) in [("office01", "decided"), ("office02", "locked")] {
        let body = json!({"results_sha256": results});
        take(&service.sign_in(username), month, "lock", &body).expect(200).in_state(after);
    }
    results.as_str().unwrap().to_owned()
}

/// Lets time pass until this instant.
pub fn until(service: &Service, instant: &str) {
    service.pass(Timestamp::parse(instant).unwrap().since(service.app.now()));
}

/// What a check of the month finds, in one snapshot.
pub fn checked(conn: &mut Conn, month: &str) -> Checked {
    let month = Month::parse(month).unwrap();
    dump::in_snapshot(conn, |conn| check(conn, month)).unwrap().unwrap()
}
