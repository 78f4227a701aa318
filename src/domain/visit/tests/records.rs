//! What a record must say.

use serde_json::{Value, json};

use super::*;
use crate::domain::ids::{UserId, VisitId};
use crate::domain::invalid::FieldCode;
use crate::domain::time::Timestamp;

fn id() -> VisitId {
    VisitId(uuid::Uuid::from_u128(0x4000_8000_0000_0000_0077))
}

/// A record with one result of each kind.
fn record() -> Value {
    json!({
        "point_id": "00000000-0000-4000-8000-000000000003",
        "task": {"batch_id": "00000000-0000-4000-8000-000000000009", "number": 4},
        "began_at": "2026-08-03T15:00:00+08:00",
        "ended_at": "2026-08-03T15:40:00+08:00",
        "location": {"lat": 31.25, "lon": 108.5, "accuracy_m": 12.5},
        "results": [
            {"item_code": "WM-01", "result": "conforms"},
            {"item_code": "WM-02", "result": "mostly", "note": "一块褪色"},
            {"item_code": "WM-07", "result": "fails", "issue": {
                "id": "00000000-0000-4000-8000-000000000031",
                "report": {
                    "point_id": "00000000-0000-4000-8000-000000000003",
                    "item_code": "WM-07",
                    "severity": "high",
                    "captured_at": "2026-08-03T15:04:11+08:00",
                    "photos": [{"id": "00000000-0000-4000-8000-000000000021", "view": "far"}],
                },
            }},
            {"item_code": "WM-14", "result": "not-applicable", "note": "没有公厕"},
        ],
        "interviews": [{"age_band": "60-plus", "answered": 5, "right": 4}],
    })
}

fn read(value: Value) -> VisitRecord {
    serde_json::from_value(value).unwrap()
}

fn faults(change: impl FnOnce(&mut Value)) -> Vec<(String, FieldCode)> {
    let mut value = record();
    change(&mut value);
    let refused = read(value).validate(id()).err();
    refused.into_iter().flat_map(|invalid| invalid.0).map(|fault| (fault.pointer, fault.code)).collect()
}

#[test]
fn a_record_is_checked_field_by_field() {
    use FieldCode::{Duplicate, Missing, NotAllowed, OutOfRange, Required, TooLong};
    type Change = fn(&mut Value);
    let set =
        |pointer: &'static str, to: Value| move |value: &mut Value| *value.pointer_mut(pointer).expect(pointer) = to;
    assert_eq!(faults(|_| {}), []);
    let earlier = "2026-08-03T14:59:59+08:00";
    let version_1 = "00000000-0000-1000-8000-000000000021";
    for (pointer, to, found, code) in [
        ("/ended_at", json!("2026-08-03T15:04:10+08:00"), "/results/2/issue/report/captured_at", OutOfRange),
        ("/ended_at", json!("2026-08-04T03:00:00.001+08:00"), "/ended_at", OutOfRange),
        ("/location/lat", json!(91), "/location/lat", OutOfRange),
        ("/task/number", json!(0), "/task/number", OutOfRange),
        ("/results/1/note", json!("字".repeat(501)), "/results/1/note", TooLong),
        ("/results/1/note", json!(" "), "/results/1/note", Required),
        ("/results/3/note", json!(""), "/results/3/note", Required),
        ("/results/1/item_code", json!("WM-01"), "/results/1/item_code", Duplicate),
        ("/results/2/issue", json!(null), "/results/2/issue", Required),
        ("/results/2/result", json!("mostly"), "/results/2/issue", NotAllowed),
        ("/results/2/issue/id", json!(version_1), "/results/2/issue/id", NotAllowed),
        ("/results/2/issue/report/photos", json!([]), "/results/2/issue/report/photos", Missing),
        ("/results/2/issue/report/item_code", json!("WM-08"), "/results/2/issue/report/item_code", NotAllowed),
        ("/results/2/issue/report/captured_at", json!(earlier), "/results/2/issue/report/captured_at", OutOfRange),
        (
            "/results/2/issue/report/point_id",
            json!("00000000-0000-4000-8000-000000000004"),
            "/results/2/issue/report/point_id",
            NotAllowed,
        ),
        ("/interviews/0/answered", json!(0), "/interviews/0/answered", OutOfRange),
        ("/interviews/0/answered", json!(21), "/interviews/0/answered", OutOfRange),
        ("/interviews/0/right", json!(6), "/interviews/0/right", OutOfRange),
    ] {
        let all = faults(set(pointer, to.clone()));
        assert_eq!(all.first(), Some(&(found.to_owned(), code)), "{pointer} {to}: {all:?}");
    }
    let changes: [(Change, &str, FieldCode); 8] = [
        (|value| value["results"] = json!([]), "/results", Missing),
        (|value| value["results"] = json!(vec![value["results"][0].clone(); 201]), "/results", TooLong),
        (|value| value["interviews"] = json!(vec![value["interviews"][0].clone(); 51]), "/interviews", TooLong),
        (
            |value| value["results"][0]["photo_ids"] = json!(["00000000-0000-1000-8000-000000000021"]),
            "/results/0/photo_ids/0",
            NotAllowed,
        ),
        (
            |value| value["results"][0]["photo_ids"] = json!(vec!["00000000-0000-4000-8000-000000000021"; 2]),
            "/results/0/photo_ids/1",
            Duplicate,
        ),
        (
            |value| {
                let photo = |number: u32| format!("00000000-0000-4000-8000-0000000000{number}");
                value["results"][0]["photo_ids"] = json!((10..20).map(photo).collect::<Vec<_>>());
            },
            "/results/0/photo_ids",
            TooLong,
        ),
        (
            |value| value["results"][2]["issue"]["report"]["visit_id"] = json!("00000000-0000-4000-8000-000000000001"),
            "/results/2/issue/report/visit_id",
            NotAllowed,
        ),
        (
            |value| {
                let mut second = value["results"][2].clone();
                second["item_code"] = json!("WM-08");
                second["issue"]["report"]["item_code"] = json!("WM-08");
                value["results"].as_array_mut().unwrap().push(second);
            },
            "/results/4/issue/id",
            Duplicate,
        ),
    ];
    for (change, found, code) in changes {
        assert_eq!(faults(change), [(found.to_owned(), code)]);
    }
    // Just allowed.
    assert_eq!(faults(set("/interviews/0/right", json!(5))), []);
    assert_eq!(faults(set("/interviews", json!(vec![record()["interviews"][0].clone(); 50]))), []);
    assert_eq!(
        faults(|value| {
            let item = |number: u32| json!({"item_code": format!("WM-{number}"), "result": "conforms"});
            value["results"] = json!((0..200).map(item).collect::<Vec<_>>());
        }),
        []
    );
    assert_eq!(
        faults(|value| {
            let photo = |number: u32| format!("00000000-0000-4000-8000-0000000000{number}");
            value["results"][0]["photo_ids"] = json!((10..19).map(photo).collect::<Vec<_>>());
        }),
        []
    );
    // No longer than a moment.
    assert_eq!(
        faults(|value| {
            value["results"].as_array_mut().unwrap().remove(2);
            value["ended_at"] = value["began_at"].clone();
        }),
        []
    );
    assert_eq!(faults(set("/ended_at", json!("2026-08-04T03:00:00+08:00"))), []);
    assert_eq!(faults(|value| value["results"][2]["issue"]["report"]["visit_id"] = json!(id())), []);
    assert_eq!(
        faults(|value| {
            value["results"][1] = json!({"item_code": "WM-02", "result": "mostly",
                "photo_ids": ["00000000-0000-4000-8000-000000000021"]});
        }),
        []
    );
    // The clock was set back during the visit; findings may have times of either clock.
    let set_back = |found: &'static str| {
        faults(move |value| {
            value["began_at"] = json!("2026-08-05T08:00:00+08:00");
            value["results"][2]["issue"]["report"]["captured_at"] = json!(found);
        })
    };
    let outside = [("/results/2/issue/report/captured_at".to_owned(), OutOfRange)];
    assert_eq!(set_back("2026-08-05T20:00:00+08:00"), []);
    assert_eq!(set_back("2026-08-05T20:00:00.001+08:00"), outside);
    assert_eq!(set_back("2026-08-03T03:40:00+08:00"), []);
    assert_eq!(set_back("2026-08-03T03:39:59.999+08:00"), outside);
    let ancient = faults(|value| {
        value["began_at"] = json!("1999-12-31T00:00:00Z");
        value["ended_at"] = json!("1999-12-31T01:00:00Z");
    });
    assert!(ancient.contains(&("/began_at".to_owned(), OutOfRange)));
    let own = VisitId(version_1.parse().unwrap());
    assert_eq!(read(record()).validate(own).unwrap_err().0[0].pointer, "/id");
}

#[test]
fn nobody_can_be_recognised_by_an_interview() {
    let mut value = record();
    for more in ["name", "phone", "asked_at", "note"] {
        let interview = json!({"age_band": "18-34", "answered": 5, "right": 4, more: "x"});
        value["interviews"] = json!([interview]);
        assert!(serde_json::from_value::<VisitRecord>(value.clone()).is_err(), "{more}");
    }
}

#[test]
fn a_record_is_scored_by_its_checklist_and_opens_issues_of_the_visit() {
    let record = read(record());
    let item = |code: &str, weight, veto| ChecklistItem { code: code.into(), weight, veto };
    let mut checklist =
        vec![item("WM-01", 3, false), item("WM-02", 2, false), item("WM-07", 5, true), item("WM-14", 3, false)];
    assert_eq!(record.validate_items(&checklist), Ok(()));
    // (3 + 1 + 0) ÷ 10, of 13 observed 10.
    let score = record.score(&checklist).unwrap();
    assert_eq!((score.value, &*score.vetoed_by), (Ratio::whole(40), &["WM-07".to_owned()][..]));
    checklist.remove(1);
    let faults = record.validate_items(&checklist).unwrap_err().0;
    assert_eq!((&*faults[0].pointer, faults[0].code, faults.len()), ("/results/1/item_code", FieldCode::Unknown, 1));
    assert_eq!(record.score(&checklist), Err(NoScore::Item("WM-02".into())));
    let opened: Vec<_> = record.reports(id()).collect();
    assert_eq!(opened.len(), 1);
    assert_eq!((opened[0].1.visit_id, &*opened[0].1.item_code), (Some(id()), "WM-07"));
}

/// Golden: a stored record is recognised by this digest after every upgrade.
#[test]
fn a_stored_record_is_known_again() {
    assert_eq!(read(record()).digest().to_string(), GOLDEN);
    let mut spelled = record();
    spelled["results"][0]["issue"] = Value::Null;
    spelled["results"][0]["photo_ids"] = json!([]);
    assert_eq!(read(spelled).digest(), read(record()).digest());
}

const GOLDEN: &str = "0e39d8c3d8aa658a0f8dc1d1365630fd4b105f4a65f4556913519b411b5ee964";

#[test]
fn an_item_that_was_seen_is_shown_on_a_photo_where_the_county_wants_one() {
    let required: Vec<String> = ["WM-01", "WM-02", "WM-07", "WM-14", "WM-99"].map(str::to_owned).to_vec();
    let told = |photos_of: &[usize]| {
        let mut told = record();
        for at in photos_of {
            told["results"][at]["photo_ids"] = json!(["00000000-0000-4000-8000-000000000023"]);
        }
        let refused = read(told).validate_photos(&required).err();
        refused.into_iter().flat_map(|invalid| invalid.0).map(|fault| (fault.pointer, fault.code)).collect::<Vec<_>>()
    };
    let missing = |at: usize| (format!("/results/{at}/photo_ids"), FieldCode::Required);
    assert_eq!(told(&[]), [missing(0), missing(1)]);
    assert_eq!(told(&[1]), [missing(0)]);
    assert_eq!(told(&[0, 1]), []);
    assert_eq!(read(record()).validate_photos(&[]), Ok(()));
}

#[test]
fn a_visit_keeps_its_photos_once_counts_its_items_and_knows_what_people_know() {
    let mut told = record();
    let photo = |number: u32| format!("00000000-0000-4000-8000-0000000000{number}");
    told["results"][0]["photo_ids"] = json!([photo(21), photo(22)]);
    told["results"][1]["photo_ids"] = json!([photo(23), photo(21)]);
    told["results"].as_array_mut().unwrap().push(json!({"item_code": "WM-15", "result": "conforms"}));
    let visit = |told: Value| {
        let inspector = UserId(uuid::Uuid::from_u128(5));
        Visit::of(id(), inspector, &read(told), Vec::new(), |_| None, Timestamp::from_micros(0))
    };
    let kept = visit(told.clone());
    let photos: Vec<String> = kept.photo_ids().iter().map(ToString::to_string).collect();
    assert_eq!(photos, [21, 22, 23].map(photo));
    let counts = [ItemResult::Conforms, ItemResult::Mostly, ItemResult::Fails, ItemResult::NotApplicable]
        .map(|result| kept.count(result));
    assert_eq!(counts, [2, 1, 1, 1]);
    assert_eq!(kept.awareness(), Some(Ratio::whole(80)));
    told["interviews"] = json!([]);
    assert_eq!(visit(told).awareness(), None);
}
