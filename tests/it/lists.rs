//! Lists of issues: what a search finds.

use diesel::connection::SimpleConnection;
use serde_json::json;

use crate::support::service::{Service, new_id};

on_both! {
    fn words_are_found_in_either_case(db: TestDb) {
        let service = Service::start(db);
        service.database().batch_execute("UPDATE points SET name = '东门 Gate Q' WHERE code = '990001-MKT-0001'").unwrap();
        let inspector = service.sign_in("inspector01");
        let mut body = service.report_body(&[new_id()]);
        body["description"] = json!("KIOSK by the café, 100% blocked \\ÉCOLE");
        let found = new_id();
        inspector.put_json(&format!("/issues/{found}"), &body).expect(201);
        let mut other = service.report_at("990001-LANE-0001", "WM-02", "low", &[new_id()]);
        other["description"] = json!("100 kio sk");
        inspector.put_json(&format!("/issues/{}", new_id()), &other).expect(201);
        for (words, finds) in [
            ("kiosk", true), ("KIOSK", true), ("Kiosk%20BY", true), ("gate%20q", true), ("GATE", true), ("%E4%B8%9C%E9%97%A8", true),
            ("caf%C3%A9", true), ("%C3%89cole", true), ("100%25", true), ("%5C%C3%89", true),
            ("kio_k", false), ("k%25k", false), ("kiosks", false),
        ] {
            let listed = inspector.get(&format!("/issues?q={words}")).expect(200);
            let ids: Vec<_> = listed.json["items"].as_array().unwrap().iter().map(|issue| issue["id"].clone()).collect();
            assert_eq!(ids, if finds { vec![json!(found)] } else { vec![] }, "{words}");
            let counted = inspector.get(&format!("/issues/counts?q={words}")).expect(200);
            assert_eq!(counted.json["total"], i32::from(finds), "{words}");
        }
    }
}
