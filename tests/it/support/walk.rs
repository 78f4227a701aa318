//! Visits as inspectors send them.

use serde_json::{Value, json};
use uuid::Uuid;

use super::service::{Client, HOUR, Service, new_id};

/// The items that are looked for at points of this type.
pub fn items(service: &Service, point_type: &str) -> Vec<String> {
    let answer = service.sign_in("inspector01").get(&format!("/items?point_type={point_type}")).expect(200);
    answer.json["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap().to_owned()).collect()
}

/// A visit of the market that ends now and at which everything conforms.
pub fn clean(service: &Service) -> Value {
    clean_at(service, "990001-MKT-0001")
}

/// A visit of this point that ends now and at which everything conforms.
pub fn clean_at(service: &Service, code: &str) -> Value {
    let point = service.point(code);
    let results: Vec<Value> = items(service, point["type"].as_str().unwrap())
        .iter()
        .map(|item| json!({"item_code": item, "result": "conforms"}))
        .collect();
    json!({
        "point_id": point["id"], "began_at": service.app.now().minus(HOUR / 2), "ended_at": service.now(),
        "location": {"lat": point["location"]["lat"], "lon": point["location"]["lon"], "accuracy_m": 12.0},
        "results": results,
    })
}

/// The result of an item in a visit.
pub fn result<'a>(visit: &'a mut Value, item: &str) -> &'a mut Value {
    let results = visit["results"].as_array_mut().unwrap();
    results.iter_mut().find(|result| result["item_code"] == item).unwrap()
}

/// The same visit, at which this item fails; answers the id of the issue that it opens.
pub fn fail(client: &Client<'_>, visit: &mut Value, item: &str) -> Uuid {
    let (issue, photos) = (new_id(), [client.send_photo(), client.send_photo()]);
    let mut report = client.service.report_at("990001-MKT-0001", item, "medium", &photos);
    report["point_id"] = visit["point_id"].clone();
    *result(visit, item) = json!({"item_code": item, "result": "fails", "issue": {"id": issue, "report": report}});
    issue
}

/// Sends a clean visit of the market: its id.
pub fn record(client: &Client<'_>, body: &Value) -> Uuid {
    let id = new_id();
    client.put_json(&format!("/visits/{id}"), body).expect(201);
    id
}
