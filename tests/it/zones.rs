//! Zones where stalls are permitted: drawn by the office, part of everybody's reference data, and mentioned at the
//! review.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::service::{Answer, Client, HOUR, Service, new_id};
use crate::support::walk;

const MARKET: &str = "990001-MKT-0001";

fn pointers(answer: &Answer) -> Vec<&str> {
    answer.json["errors"].as_array().unwrap().iter().map(|error| error["pointer"].as_str().unwrap()).collect()
}

fn put(client: &Client<'_>, id: Uuid, zone: &Value, version: Option<i64>) -> Answer {
    let tag = version.map(|version| format!("\"{version}\""));
    let mut headers = vec![("content-type", "application/json")];
    headers.extend(tag.as_deref().map(|tag| ("if-match", tag)));
    client.send("PUT", &format!("/zones/{id}"), &headers, Some(zone.to_string().as_bytes()))
}

/// A square of 200 metres around the market, every day from eight to ten.
fn around_market(service: &Service) -> Value {
    let at = &service.point(MARKET)["location"];
    let (lat, lon) = (at["lat"].as_f64().unwrap(), at["lon"].as_f64().unwrap());
    let corner = |north: f64, east: f64| json!({"lat": lat + north, "lon": lon + east});
    json!({
        "corners": [corner(-0.001, -0.001), corner(-0.001, 0.001), corner(0.001, 0.001), corner(0.001, -0.001)],
        "weekdays": 127, "from": "08:00:00", "to": "10:00:00", "goods": "蔬菜",
        "unit_id": service.unit("U02"), "policy_no": "城管〔2026〕3号", "valid_from": null, "valid_to": null,
    })
}

/// The doubt about stalls on a report of this item at the market.
fn doubt(service: &Service, item: &str) -> Option<String> {
    let inspector = service.sign_in("inspector01");
    let mut body = service.report_at(MARKET, item, "low", &[inspector.send_photo(), inspector.send_photo()]);
    body["location"]["accuracy_m"] = json!(10.0);
    let issue = new_id();
    inspector.put_json(&format!("/issues/{issue}"), &body).expect(201);
    let read = service.sign_in("office01").read(issue).json;
    let found = read["flags"].as_array().unwrap().iter().find(|flag| flag["code"] == "permitted-zone");
    found.map(|flag| flag["detail"].as_str().unwrap().to_owned())
}

on_both! {
    fn the_office_draws_changes_and_removes_a_zone(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let (id, zone) = (new_id(), around_market(&service));
        let in_reference = || service.sign_in("inspector01").get("/reference").expect(200).json["zones"].clone();
        assert_eq!((in_reference(), office.get("/zones").expect(200).json), (Value::Null, json!({"items": []})));
        assert_eq!(put(&office, id, &zone, None).expect(201).json["version"], 1);
        assert_eq!(put(&office, id, &zone, None).expect(200).json["version"], 1);
        assert_eq!(in_reference(), json!([zone]));
        // No moment of the office's work, and nobody's name.
        for reader in ["unit02", "leader01"] {
            let read = service.sign_in(reader).get("/zones").expect(200).json;
            assert_eq!(read, json!({"items": [{"id": id, "version": 1, "zone": zone}]}), "{reader}");
        }
        let mut other = zone.clone();
        other["goods"] = json!("水果");
        put(&office, id, &other, None).refused(412, "stale-version");
        assert_eq!(put(&office, id, &other, Some(1)).expect(200).json["version"], 2);
        let mut wrong = zone.clone();
        wrong["corners"] = json!([{"lat": 91.0, "lon": 107.0}, {"lat": 31.0, "lon": 107.1}, {"lat": 31.1, "lon": 181.0}]);
        (wrong["weekdays"], wrong["goods"], wrong["policy_no"]) = (json!(128), json!(" "), json!("文".repeat(41)));
        (wrong["valid_from"], wrong["valid_to"]) = (json!("2026-08-04"), json!("2026-08-03"));
        let refused = put(&office, new_id(), &wrong, None).refused(422, "invalid-fields");
        let expected = ["/corners/0/lat", "/corners/2/lon", "/weekdays", "/goods", "/policy_no", "/valid_to"];
        assert_eq!(pointers(&refused), expected);
        let mut unknown = zone.clone();
        unknown["unit_id"] = json!(new_id());
        assert_eq!(pointers(&put(&office, new_id(), &unknown, None).refused(422, "invalid-fields")), ["/unit_id"]);
        let removed = |version: i64| {
            office.send("DELETE", &format!("/zones/{id}"), &[("if-match", &*format!("\"{version}\""))], None)
        };
        removed(1).refused(412, "stale-version");
        removed(2).expect(204);
        removed(2).expect(204);
        office.delete(&format!("/zones/{id}")).refused(428, "version-required");
        assert_eq!(in_reference(), Value::Null);
        for username in ["inspector01", "unit02", "leader01", "discipline01", "admin"] {
            put(&service.sign_in(username), new_id(), &zone, None).refused(403, "forbidden");
        }
        let noted = service.sign_in("discipline01").get("/audit?limit=200").expect(200).json;
        let noted = noted["items"].as_array().unwrap().iter().filter(|entry| entry["action"] == "zone-changed");
        let details: Vec<&str> = noted.map(|entry| entry["detail"].as_str().unwrap()).collect();
        let drawn = ["城管〔2026〕3号 水果 08:00–10:00", "城管〔2026〕3号 蔬菜 08:00–10:00"];
        assert_eq!(details, ["removed: 城管〔2026〕3号", drawn[0], drawn[1]]);
    }

    /// It is nine. Dirt is a fault in a zone as well, and what WM-07 asks for has nothing to do with stalls.
    fn a_report_about_stalls_in_a_zone_says_so_to_the_office(db: TestDb) {
        let service = Service::start(db);
        let (office, zone) = (service.sign_in("office01"), around_market(&service));
        assert_eq!(doubt(&service, "WS-06"), None);
        put(&office, new_id(), &zone, None).expect(201);
        assert_eq!(doubt(&service, "WS-06").as_deref(), Some("城管〔2026〕3号 蔬菜 08:00–10:00"));
        assert_eq!(doubt(&service, "WM-07"), None);
        // The item does not apply there, and the visit says why.
        let inspector = service.sign_in("inspector01");
        let mut visit = walk::clean(&service);
        let why = json!({"item_code": "WS-06", "result": "not-applicable", "note": "允许摆摊区：城管〔2026〕3号"});
        *walk::result(&mut visit, "WS-06") = why;
        walk::record(&inspector, &visit);
        service.pass(HOUR);
        assert_eq!(doubt(&service, "WS-06"), None);
    }

    /// Whatever was seen of stalls that are permitted there and then is left out of the point's score, and says why.
    fn what_is_permitted_counts_neither_for_a_point_nor_against_it(db: TestDb) {
        let service = Service::start(db);
        let (office, zone, id) = (service.sign_in("office01"), around_market(&service), new_id());
        let inspector = service.sign_in("inspector01");
        let read = |visit: Uuid| office.get(&format!("/visits/{visit}")).expect(200).json;
        let about_stalls = |visit: &Value| {
            let all = visit["results"].as_array().unwrap().clone();
            all.into_iter().find(|seen| seen["item_code"] == "WS-06").unwrap()
        };
        let exact = || {
            let mut visit = walk::clean(&service);
            visit["location"]["accuracy_m"] = json!(10.0);
            visit
        };
        let mut failing = exact();
        let issue = walk::fail(&inspector, &mut failing, "WS-06");
        failing["results"].as_array_mut().unwrap().iter_mut().for_each(|seen| {
            if seen["issue"].is_object() {
                seen["issue"]["report"]["location"]["accuracy_m"] = json!(10.0);
            }
        });
        // Without a zone it costs the point something.
        let before = read(walk::record(&inspector, &{
            let mut other = exact();
            walk::fail(&inspector, &mut other, "WS-06");
            other
        }));
        assert_ne!(before["score"]["value"], "100.00");
        assert_eq!(about_stalls(&before)["permitted_by"], Value::Null);
        put(&office, id, &zone, None).expect(201);
        let visit = walk::record(&inspector, &failing);
        let told = read(visit);
        let seen = about_stalls(&told);
        assert_eq!((&seen["result"], &seen["permitted_by"]), (&json!("fails"), &json!("城管〔2026〕3号 蔬菜 08:00–10:00")));
        assert_eq!(told["score"]["value"], "100.00");
        assert!(told["score"]["observed_weight"].as_u64() < told["score"]["total_weight"].as_u64());
        let listed = office.get("/visits").expect(200).json["items"].as_array().unwrap().clone();
        let listed = listed.into_iter().find(|row| row["id"] == json!(visit)).unwrap();
        assert_eq!((&listed["not_applicable"], &listed["fails"]), (&json!(1), &json!(0)));
        // Its issue goes on, with the doubt; dirt counts, and what has nothing to do with stalls.
        assert_eq!(office.read(issue).json["flags"][0]["code"], "permitted-zone");
        assert!(told["results"].as_array().unwrap().iter().filter(|seen| seen["permitted_by"].is_string()).count() < 3);
        // What conforms is not counted either, and outside, or for a visit that goes on after the hours, everything is.
        let clean = about_stalls(&read(walk::record(&inspector, &exact())));
        assert!(clean["permitted_by"].is_string());
        let mut away = exact();
        away["location"]["lat"] = json!(away["location"]["lat"].as_f64().unwrap() + 0.01);
        let mut long = exact();
        long["ended_at"] = json!(service.app.now().plus(HOUR).to_string());
        for visit in [away, long] {
            assert_eq!(about_stalls(&read(walk::record(&inspector, &visit)))["permitted_by"], Value::Null);
        }
        // The zone goes, the score stays.
        office.send("DELETE", &format!("/zones/{id}"), &[("if-match", "\"1\"")], None).expect(204);
        assert_eq!(read(visit), told);
        // The gap matrix counts as the score does.
        let path = "/gap-matrix/losses?item_code=WS-06&point_type=MKT";
        let losses = office.get(path).expect(200).json["items"].as_array().unwrap().len();
        assert!(losses <= 1, "{losses}");
    }
}
