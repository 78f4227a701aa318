//! The records of a batch: a step that is sent again is taken once, and a row that does not follow from its events is
//! found.

use anfang::app::verify::{Finding, verify};
use anfang::domain::time::Clock as _;
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::plans::{NONCE, approved, drafted, drawn, read};
use crate::support::service::{Answer, Client, Service, at_once, count, new_id};

/// A step with a key; any version may be named.
fn take(client: &Client<'_>, batch: Uuid, action: &str, version: i64, key: &str, body: &Value) -> Answer {
    let tag = format!("\"{version}\"");
    let headers = [("content-type", "application/json"), ("if-match", &*tag), ("idempotency-key", key)];
    client.send("POST", &format!("/batches/{batch}/actions/{action}"), &headers, Some(body.to_string().as_bytes()))
}

fn findings(service: &Service) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut conn = service.database();
    verify(&mut conn, &service.app.photo_store, service.clock.now(), &mut |finding| found.push(finding.clone()))
        .unwrap();
    found
}

on_both! {
    fn a_step_on_a_batch_that_comes_again_is_not_taken_again(db: TestDb) {
        let service = Service::start(db);
        let batch = approved(&service);
        let (office, key) = (service.sign_in("office02"), new_id().to_string());
        let before = read(&service, batch);
        let body = json!({"commitment_sha256": before.json["commitment_sha256"], "nonce": NONCE});
        // A step that is refused leaves the key free.
        let wrong = json!({"commitment_sha256": "0".repeat(64), "nonce": NONCE});
        take(&office, batch, "draw", before.version(), &key, &wrong).refused(422, "invalid-fields");
        let answers = at_once(4, |_| take(&office, batch, "draw", before.version(), &key, &body));
        assert_eq!(count(&answers, 200), 4);
        // The version that the client names does not matter; the answer is the present batch.
        let again = take(&office, batch, "draw", before.version() + 7, &format!("\"{key}\""), &body).expect(200);
        let now = office.get(&format!("/batches/{batch}")).expect(200);
        assert_eq!((again.version(), again.json), (before.version() + 1, now.json));
        take(&office, batch, "draw", before.version(), &new_id().to_string(), &body).refused(412, "stale-version");
        // It names one step, of one account.
        let other = json!({"commitment_sha256": before.json["commitment_sha256"], "nonce": "a".repeat(64)});
        take(&office, batch, "draw", before.version() + 1, &key, &other).refused(422, "idempotency-key-reused");
        take(&office, drafted(&service), "propose", 1, &key, &json!({})).refused(422, "idempotency-key-reused");
        take(&service.sign_in("office01"), drafted(&service), "propose", 1, &key, &json!({})).expect(200);
        // Not one on an issue either, nor the other way round.
        let issue = service.report_with("990001-MKT-0001", "WM-07", "low");
        let approve = |key: &str| {
            let body = json!({"unit_id": service.unit("U02")}).to_string();
            let tag = format!("\"{}\"", office.read(issue).version());
            let headers = [("content-type", "application/json"), ("if-match", &*tag), ("idempotency-key", key)];
            office.send("POST", &format!("/issues/{issue}/actions/approve"), &headers, Some(body.as_bytes()))
        };
        approve(&key).refused(422, "idempotency-key-reused");
        let second = new_id().to_string();
        approve(&second).expect(200);
        take(&office, drafted(&service), "propose", 1, &second, &json!({})).refused(422, "idempotency-key-reused");
        take(&office, batch, "draw", 1, "no key", &body).refused(400, "malformed-request");
    }

    fn verify_names_a_batch_that_its_events_do_not_lead_to(db: TestDb) {
        let service = Service::start(db);
        let (sound, changed, advanced) = (drawn(&service), drafted(&service), drafted(&service));
        assert_eq!(findings(&service), []);
        let of = |id: Uuid| match service.db.backend() {
            crate::support::backend::Backend::Sqlite => format!("x'{}'", id.simple()),
            crate::support::backend::Backend::Postgres => format!("'\\x{}'", id.simple()),
        };
        let mut conn = service.database();
        conn.batch_execute(&format!(
            "UPDATE batches SET body = replace(body, '八月第一批', '八月第二批') WHERE id = {};
             UPDATE batches SET version = 2, state = 'proposed' WHERE id = {};",
            of(changed), of(advanced),
        ))
        .unwrap();
        let mut found: Vec<(String, String)> = findings(&service).into_iter().map(|finding| {
            assert_eq!((finding.kind, finding.is_note), ("batch", false));
            (finding.id, finding.detail)
        }).collect();
        found.sort();
        let mut expected = vec![
            (changed.to_string(), "its events make another: plan".to_owned()),
            (advanced.to_string(), "version or state beside its content differ from it".to_owned()),
        ];
        expected.sort();
        assert_eq!(found, expected);
        conn.batch_execute(&format!("UPDATE batches SET body = '{{}}' WHERE id = {}", of(sound))).unwrap();
        let unreadable = findings(&service).into_iter().find(|finding| finding.id == sound.to_string());
        assert_eq!(unreadable.map(|finding| finding.kind), Some("batch-unreadable"));
    }
}
