//! What may be read of a batch besides itself: its record, the issues that are released with it, what its plan would
//! lead to, and for the discipline inspection which draws there are.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::batches::{carried_out, released};
use crate::support::plans::{DAY_OF_SLOTS, approved, drafted, plan, read, take};
use crate::support::service::{HOUR, Service, new_id};
use crate::support::walk;

fn items(service: &Service, who: &str, path: &str) -> Vec<Value> {
    service.sign_in(who).get(path).expect(200).json["items"].as_array().unwrap().clone()
}

/// How many changes somebody could see.
fn seen(service: &Service, who: &str) -> i64 {
    service.drain_jobs();
    service.sign_in(who).get("/changes").expect(200).json["seen"].as_i64().unwrap()
}

on_both! {
    fn a_plan_is_tried_before_it_is_approved(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let id = drafted(&service);
        let told = office.get(&format!("/batches/{id}/forecast")).expect(200).json;
        let points = office.get("/points?limit=200").expect(200).json["items"].as_array().unwrap().clone();
        let types: std::collections::BTreeSet<&str> = points.iter().map(|point| point["type"].as_str().unwrap()).collect();
        assert_eq!(told["covered"]["points"].as_u64(), u64::try_from(points.len()).ok());
        assert_eq!(told["covered"]["point_types"].as_u64(), u64::try_from(types.len()).ok());
        assert_eq!(told["covered"]["never_visited"], told["covered"]["points"]);
        assert_eq!((&told["places"], &told["tasks"]), (&json!(4), &json!({"least": 4, "most": 4})));
        assert_eq!((&told["inspectors"], &told["trials"]), (&json!(3), &json!(9)));
        assert_eq!((&told["evening_missing"], &told["undrawable"]), (&json!({"least": 0, "most": 0}), &json!([])));
        // Nothing is committed to by it.
        assert_eq!(read(&service, id).version(), 1);
        assert_eq!(items(&service, "office01", "/draws"), Vec::<Value>::new());
        // Points that are at their cap, and a slot that is missing.
        walk::record(&service.sign_in("inspector01"), &walk::clean(&service));
        let mut narrow = plan(4);
        narrow["rules"]["point_visits_max"] = json!(1);
        narrow["rules"]["slots"] = json!([{"date": DAY_OF_SLOTS, "from_minute": 540, "to_minute": 600, "kind": "day"}]);
        let id = new_id();
        office.put_json(&format!("/batches/{id}"), &narrow).expect(201);
        let told = office.get(&format!("/batches/{id}/forecast")).expect(200).json;
        assert_eq!(told["covered"]["never_visited"].as_u64(), u64::try_from(points.len() - 1).ok());
        assert_eq!(told["undrawable"][0], json!({"reason": "point-cap", "points": {"least": 1, "most": 1}}));
        // One slot has room for three inspectors, and none of it is in the evening.
        assert_eq!((&told["tasks"]["most"], &told["evening_missing"]["least"]), (&json!(3), &json!(1)));
    }

    fn discipline_is_shown_a_commitment_at_once_and_the_record_of_the_batch(db: TestDb) {
        let service = Service::start(db);
        let id = drafted(&service);
        take(&service.sign_in("office01"), id, "propose", &json!({})).expect(200);
        take(&service.sign_in("office02"), id, "send-back", &json!({"reason": "时段太少"})).expect(200);
        take(&service.sign_in("office01"), id, "propose", &json!({})).expect(200);
        assert_eq!(items(&service, "discipline01", "/draws"), Vec::<Value>::new());
        take(&service.sign_in("office02"), id, "approve", &json!({"approval_no": "督查〔2026〕8号"})).expect(200);
        let listed = items(&service, "discipline01", "/draws");
        let batch = read(&service, id).json;
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0]["commitments"][0]["commitment_sha256"], batch["commitment_sha256"]);
        assert_eq!((&listed[0]["title"], &listed[0]["released_at"]), (&Value::Null, &Value::Null));
        assert_eq!(items(&service, "office01", "/draws")[0]["title"], json!("八月第一批"));
        let steps = |who: &str| {
            let told = items(&service, who, &format!("/batches/{id}/events"));
            told.iter().map(|step| (step["action"].clone(), step["reason"].clone())).collect::<Vec<_>>()
        };
        let actions: Vec<Value> = steps("discipline01").into_iter().map(|(action, _)| action).collect();
        assert_eq!(actions, ["create", "propose", "send-back", "propose", "approve"]);
        // Why is the office's own until the end.
        assert_eq!((&steps("discipline01")[2].1, &steps("office01")[2].1), (&Value::Null, &json!("时段太少")));
        for office in ["office01", "office02"] {
            take(&service.sign_in(office), id, "abandon", &json!({"reason": "停办"})).expect(200);
        }
        assert_eq!(steps("discipline01")[2].1, json!("时段太少"));
        let told = items(&service, "discipline01", &format!("/batches/{id}/events"));
        let name = service.sign_in("office02").get("/me").expect(200).json["user"]["display_name"].clone();
        assert_eq!(told[2]["by"]["display_name"], name);
        // Page by page, the latest first.
        service.pass(HOUR);
        let second = approved(&service);
        let first = service.sign_in("discipline01").get("/draws?limit=1").expect(200).json;
        assert_eq!(first["items"][0]["batch_id"], json!(second));
        let next = first["next_cursor"].as_str().unwrap();
        assert_eq!(items(&service, "discipline01", &format!("/draws?limit=1&cursor={next}"))[0]["batch_id"], json!(id));
        service.sign_in("discipline01").get("/draws?cursor=1").refused(400, "malformed-request");
        service.sign_in("discipline01").get(&format!("/draws?cursor={}", new_id())).refused(400, "malformed-request");
    }

    fn the_issues_of_a_batch_are_those_that_are_released_with_it(db: TestDb) {
        let service = Service::start(db);
        let (id, issue) = carried_out(&service);
        let listed = items(&service, "office01", &format!("/batches/{id}/issues"));
        assert_eq!(listed.iter().map(|one| one["id"].clone()).collect::<Vec<_>>(), [json!(issue)]);
        assert_eq!(listed[0]["state"], json!("submitted"));
    }

    fn a_released_batch_has_its_title_for_discipline(db: TestDb) {
        let service = Service::start(db);
        let (id, issue): (Uuid, Uuid) = released(&service);
        let listed = items(&service, "discipline01", "/draws");
        assert_eq!((&listed[0]["batch_id"], &listed[0]["title"]), (&json!(id), &json!("八月第一批")));
        assert_eq!(items(&service, "office01", &format!("/batches/{id}/issues"))[0]["id"], json!(issue));
    }

    fn open_pages_of_the_office_learn_of_batches_and_visits_and_no_others(db: TestDb) {
        let service = Service::start(db);
        let others = ["unit02", "leader01", "discipline01", "inspector02"];
        let before = (seen(&service, "office01"), others.map(|who| seen(&service, who)));
        let id = drafted(&service);
        let drafted = seen(&service, "office01");
        assert!(drafted > before.0);
        take(&service.sign_in("office01"), id, "propose", &json!({})).expect(200);
        let proposed = seen(&service, "office01");
        assert!(proposed > drafted);
        // A visit that found nothing is told by no report.
        walk::record(&service.sign_in("inspector01"), &walk::clean(&service));
        assert!(seen(&service, "office01") > proposed);
        assert_eq!(others.map(|who| seen(&service, who)), before.1);
    }
}
