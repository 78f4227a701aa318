//! One unit or one point by form, and points whose position is not known yet.

use serde_json::{Value, json};

use crate::support::service::{Answer, Client, Service, new_id};

fn put(client: &Client<'_>, path: &str, body: &Value, seen: Option<&str>) -> Answer {
    let tag = seen.unwrap_or_default();
    let headers: Vec<(&str, &str)> =
        [("content-type", "application/json")].into_iter().chain(seen.map(|_| ("if-match", tag))).collect();
    client.send("PUT", path, &headers, Some(body.to_string().as_bytes()))
}

fn pointers(answer: Answer) -> Vec<String> {
    let refused = answer.refused(422, "invalid-fields").json;
    let fault = |fault: &Value| format!("{}: {}", fault["pointer"].as_str().unwrap(), fault["code"].as_str().unwrap());
    let mut found: Vec<String> = refused["errors"].as_array().unwrap().iter().map(fault).collect();
    found.sort();
    found
}

fn import(client: &Client<'_>, sheet: &str) -> Answer {
    client.send("POST", "/imports/points", &[("content-type", "text/csv")], Some(sheet.as_bytes()))
}

on_both! {
    fn a_unit_is_made_and_changed_by_form(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let path = format!("/units/{}", new_id());
        let body = json!({"code": "Ｕ６１", "name": "县气象局", "kind": "bureau", "area_code": "990001", "active": true});
        put(&service.sign_in("unit01"), &path, &body, None).refused(403, "forbidden");
        let made = put(&office, &path, &body, None).expect(201);
        assert_eq!((&made.json["code"], &made.json["name"]), (&json!("U61"), &json!("县气象局")));
        let version = made.header("etag").to_owned();
        assert_eq!(put(&office, &path, &body, None).expect(200).header("etag"), version, "the same again");
        let read = office.get(&path).expect(200);
        assert_eq!((read.header("etag"), &read.json), (&*version, &made.json));

        let mut changed = body.clone();
        changed["active"] = json!(false);
        put(&office, &path, &changed, None).refused(428, "version-required");
        put(&office, &path, &changed, Some("*")).refused(428, "version-required");
        put(&office, &path, &changed, Some("\"0123\"")).refused(412, "stale-version");
        let later = put(&office, &path, &changed, Some(&version)).expect(200);
        assert_ne!(later.header("etag"), version);
        put(&office, &path, &body, Some(&version)).refused(412, "stale-version");
        // A sheet that changes it makes another version, too.
        let sheet = "code,name_zh,kind,area_code\nU61,县气象中心,bureau,990001\n";
        office.send("POST", "/imports/units", &[("content-type", "text/csv")], Some(sheet.as_bytes())).expect(200);
        put(&office, &path, &body, Some(later.header("etag"))).refused(412, "stale-version");

        let present = office.get(&path).expect(200).header("etag").to_owned();
        changed["code"] = json!("U62");
        assert_eq!(pointers(put(&office, &path, &changed, Some(&present))), ["/code: not-allowed"]);
        let other = format!("/units/{}", new_id());
        let taken = json!({"code": "U61", "name": "县水务局", "kind": "bureau", "area_code": "990001", "active": true});
        assert_eq!(pointers(put(&office, &other, &taken, None)), ["/code: duplicate"]);
        let wrong = json!({"code": "", "name": "县气象中心", "kind": "bureau", "area_code": "99", "active": true});
        assert_eq!(pointers(put(&office, &other, &wrong, None)), ["/area_code: malformed", "/code: required", "/name: duplicate"]);
        put(&office, &other, &taken, Some(&present)).expect(422);
        let timed = format!("/units/{}", "0198c0de-0000-7000-8000-000000000001");
        let fine = json!({"code": "U63", "name": "县水务局", "kind": "bureau", "area_code": "990001", "active": true});
        assert_eq!(pointers(put(&office, &timed, &fine, None)), ["/id: not-allowed"]);
        put(&office, &other, &fine, Some("\"0123\"")).refused(412, "stale-version");

        let records = service.sign_in("discipline01").get("/audit?action=reference-changed").expect(200).json;
        let told: Vec<(&str, &str)> = records["items"].as_array().unwrap().iter()
            .map(|record| (record["target"].as_str().unwrap(), record["detail"].as_str().unwrap())).collect();
        assert_eq!(told, [("unit:U61", "changed"), ("unit:U61", "new")]);
    }

    fn a_point_is_made_by_address_and_placed_later(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let path = format!("/points/{}", new_id());
        let mut body = json!({
            "code": "990001-MKT-0061", "name": "城南市场", "type": "MKT", "location": null, "campaigns": ["WM"],
            "lead_unit_id": service.unit("U02"), "address": "", "active": true
        });
        assert_eq!(pointers(put(&office, &path, &body, None)), ["/address: required"]);
        body["address"] = json!("城南路 7 号");
        let made = put(&office, &path, &body, None).expect(201);
        assert_eq!((&made.json["location"], &made.json["area_code"]), (&Value::Null, &json!("990001")));
        let read = service.sign_in("inspector01").get("/reference").expect(200).json;
        let found = read["points"].as_array().unwrap().iter().find(|point| point["code"] == "990001-MKT-0061").unwrap().clone();
        assert_eq!(found["location"], Value::Null);
        let near = service.sign_in("inspector01").get("/points?near=31.21,107.49&limit=200").expect(200).json;
        assert!(!near.to_string().contains("990001-MKT-0061"), "it is at no distance");

        // It is reported like any other; nobody can be outside of a circle that there is not.
        let inspector = service.sign_in("inspector01");
        let (photo, second, issue) = (inspector.send_photo(), inspector.send_photo(), new_id());
        let report = service.report_at("990001-MKT-0001", "WM-07", "high", &[photo, second]);
        let mut report = report;
        report["point_id"] = made.json["id"].clone();
        report["location"] = json!({"lat": 31.0, "lon": 107.0, "accuracy_m": 5.0});
        inspector.put_json(&format!("/issues/{issue}"), &report).expect(201);
        let flags = office.read(issue).json["flags"].to_string();
        assert!(!flags.contains("outside-geofence"), "{flags}");
        assert_eq!(office.read(issue).json["point"]["location"], Value::Null);

        body["location"] = json!({"lat": 31.2, "lon": 207.4});
        assert_eq!(pointers(put(&office, &path, &body, Some(made.header("etag")))), ["/location/lon: out-of-range"]);
        body["location"] = json!({"lat": 31.200_000_1, "lon": 107.4});
        let placed = put(&office, &path, &body, Some(made.header("etag"))).expect(200);
        assert_eq!(placed.json["location"], json!({"lat": 31.200_000_1, "lon": 107.4}));
        let near = service.sign_in("inspector01").get("/points?near=31.2,107.4&limit=1").expect(200).json;
        assert_eq!(near["items"][0]["code"], "990001-MKT-0061");
        // Everybody else who has the old version is answered that it is stale.
        put(&office, &path, &json!({"code": "990001-MKT-0061", "name": "城南", "type": "MKT", "campaigns": ["WM"],
            "lead_unit_id": service.unit("U02"), "address": "城南路", "active": true}), Some(made.header("etag"))).refused(412, "stale-version");

        let mut wrong = body.clone();
        wrong["lead_unit_id"] = json!(new_id());
        wrong["type"] = json!("XXX");
        wrong["campaigns"] = json!([]);
        let found = pointers(put(&office, &path, &wrong, Some(placed.header("etag"))));
        assert_eq!(found, ["/campaigns: required", "/lead_unit_id: unknown", "/type: unknown"]);
    }

    fn a_sheet_by_address_keeps_positions_that_are_known(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let head = "code,name_zh,type,lat,lon,campaigns,lead_unit_code,address_zh\n";
        let row = |lat: &str, lon: &str, address: &str| format!("{head}990001-MKT-0062,城南市场,MKT,{lat},{lon},WM,U02,{address}\n");
        assert_eq!(pointers(import(&office, &row("", "", ""))), ["/2/address_zh: required"]);
        assert_eq!(pointers(import(&office, &row("31.2", "", "城南路"))), ["/2/lon: required"]);
        import(&office, &row("", "", "城南路")).expect(200);
        assert_eq!(service.point("990001-MKT-0062")["location"], Value::Null);
        let without = "code,name_zh,type,campaigns,lead_unit_code,address_zh\n990001-MKT-0062,城南市场,MKT,WM,U02,城南路\n";
        assert_eq!(import(&office, without).expect(200).json["unchanged"], 1);
        import(&office, &row("31.2", "107.4", "城南路")).expect(200);
        let again = import(&office, &row("", "", "城南路")).expect(200).json;
        assert_eq!((&again["unchanged"], &again["emptied_count"]), (&json!(1), &json!(0)));
        assert_eq!(service.point("990001-MKT-0062")["location"], json!({"lat": 31.2, "lon": 107.4}));
    }
}
