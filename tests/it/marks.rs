//! Marks that people draw on photos: part of every shown picture, for everybody, while the original stays unchanged.

use std::collections::BTreeSet;
use std::io::Cursor;

use anfang::domain::issue::{Action, State};
use image::{ImageFormat, RgbImage};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::service::{Client, Service, new_id};

fn blur(x1: f64, y1: f64, x2: f64, y2: f64) -> Value {
    json!({ "kind": "blur", "x1": x1, "y1": y1, "x2": x2, "y2": y2 })
}

fn shown(client: &Client<'_>, photo: Uuid, size: &str) -> RgbImage {
    let answer = client.get(&format!("/photos/{photo}/{size}")).expect(200);
    image::load_from_memory(&answer.bytes).unwrap().into_rgb8()
}

/// How many tones of green there are inside of a box, given in parts of the picture: a scene has many, a hidden one few.
fn tones(picture: &RgbImage, [x1, y1, x2, y2]: [f64; 4]) -> usize {
    let pixel = |part: f64, size: u32| (part * f64::from(size)) as u32;
    let (columns, rows) = (
        pixel(x1, picture.width())..pixel(x2, picture.width()),
        pixel(y1, picture.height())..pixel(y2, picture.height()),
    );
    rows.flat_map(|y| columns.clone().map(move |x| (x, y)))
        .map(|(x, y)| picture[(x, y)].0[1] / 4)
        .collect::<BTreeSet<_>>()
        .len()
}

/// A picture with many tones everywhere, so that hidden areas can be distinguished.
fn noise() -> Vec<u8> {
    let picture = RgbImage::from_fn(640, 480, |x, y| {
        let mixed = (u64::from(y) << 32 | u64::from(x)).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        image::Rgb([mixed >> 40, mixed >> 48, mixed >> 56].map(|part| part as u8))
    });
    let mut png = Vec::new();
    picture.write_to(&mut Cursor::new(&mut png), ImageFormat::Png).unwrap();
    png
}

const LEFT: [f64; 4] = [0.12, 0.12, 0.38, 0.88];
const RIGHT: [f64; 4] = [0.62, 0.12, 0.88, 0.88];

on_both! {
    fn marks_are_in_what_everybody_sees_and_the_original_is_untouched(db: TestDb) {
        let service = Service::start(db);
        let (inspector, office) = (service.sign_in("inspector01"), service.sign_in("office01"));
        let (photo, issue, bytes) = (new_id(), new_id(), noise());
        inspector.put_bytes(&format!("/photos/{photo}"), "image/png", &bytes).expect(201);
        let plain = shown(&inspector, photo, "view");
        let mut body = service.report_body(&[photo]);
        let marks = json!([blur(0.1, 0.1, 0.4, 0.9), { "kind": "arrow", "x1": 0.5, "y1": 0.1, "x2": 0.5, "y2": 0.9 }]);
        body["photos"][0]["marks"] = marks.clone();
        let path = format!("/issues/{issue}");
        inspector.put_json(&path, &body).expect(201);
        inspector.put_json(&path, &body).expect(200);
        let mut other = body.clone();
        other["photos"][0]["marks"] = json!([]);
        inspector.put_json(&path, &other).refused(409, "id-reused");

        assert!(tones(&plain, LEFT) > 20 && tones(&plain, RIGHT) > 20);
        for client in [&inspector, &office] {
            for size in ["view", "thumb"] {
                let seen = shown(client, photo, size);
                assert!(tones(&seen, LEFT) * 2 < tones(&seen, RIGHT), "{size}: {} of {}", tones(&seen, LEFT), tones(&seen, RIGHT));
            }
            let seen = shown(client, photo, "view");
            let [red, green, _] = seen[(seen.width() / 2, seen.height() / 2)].0;
            assert!(red > 150 && green < 110, "{red} {green}");
        }
        assert_eq!(office.get(&format!("/photos/{photo}/original")).expect(200).bytes, bytes);
        let read = office.read(issue).json;
        assert_eq!(read["photos"][0]["marks"], marks);
        assert!(inspector.read(issue).json["photos"][0].get("marks").is_none());

        // One upload looks the same wherever it is shown.
        let mut elsewhere = service.report_body(&[photo]);
        let second = format!("/issues/{}", new_id());
        for others in [json!([]), json!([blur(0.1, 0.1, 0.4, 0.8)])] {
            elsewhere["photos"][0]["marks"] = others;
            let refused = inspector.put_json(&second, &elsewhere).refused(422, "invalid-fields");
            assert_eq!(refused.json["errors"][0]["pointer"], "/photos/0/marks");
        }
        elsewhere["photos"][0]["marks"] = marks.clone();
        inspector.put_json(&second, &elsewhere).expect(201);

        // The same bytes elsewhere are not marked, before and after.
        let copy = new_id();
        inspector.put_bytes(&format!("/photos/{copy}"), "image/png", &bytes).expect(201);
        inspector.put_json(&format!("/issues/{}", new_id()), &service.report_body(&[copy])).expect(201);
        assert_eq!(shown(&office, copy, "view"), plain);
        assert_eq!(office.read(issue).json["photos"][0]["marks"], marks);
    }

    fn a_unit_sees_what_was_hidden_as_hidden_and_not_that_there_are_marks(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let (photo, issue) = (new_id(), new_id());
        inspector.put_bytes(&format!("/photos/{photo}"), "image/png", &noise()).expect(201);
        let mut body = service.report_body(&[photo]);
        body["photos"][0]["marks"] = json!([blur(0.1, 0.1, 0.4, 0.9)]);
        inspector.put_json(&format!("/issues/{issue}"), &body).expect(201);
        // Renditions without marks exist by then; they stay stored, but nobody gets them.
        service.drain_jobs();
        service.steps(issue, &[Action::Approve, Action::Release]);
        let unit = service.sign_in("unit02");
        for size in ["view", "thumb"] {
            let seen = shown(&unit, photo, size);
            assert!(tones(&seen, LEFT) * 2 < tones(&seen, RIGHT), "{size}");
        }
        let read = unit.read(issue);
        assert!(!String::from_utf8_lossy(&read.bytes).contains("marks"), "{}", read.json);
        assert!(!serde_json::to_string(&unit.events(issue)).unwrap().contains("marks"));
        unit.get(&format!("/photos/{photo}/original")).refused(404, "not-found");
    }

    fn marks_of_a_step_are_burnt_in_too(db: TestDb) {
        let service = Service::start(db);
        let issue = service.drive_to(State::Rectifying);
        let (unit, office) = (service.sign_in("unit02"), service.sign_in("office01"));
        let mut body = service.body_of(issue, &unit, Action::ReportFix);
        let photo = new_id();
        unit.put_bytes(&format!("/photos/{photo}"), "image/png", &noise()).expect(201);
        body["photos"][0]["id"] = json!(photo);
        let marks = json!([blur(0.6, 0.1, 0.9, 0.9)]);
        body["photos"][0]["marks"] = json!([blur(0.6, 0.1, 0.9, 1.2)]);
        let version = unit.read(issue).version();
        let refused = unit.act(issue, "report-fix", version, &body).refused(422, "invalid-fields");
        assert_eq!(refused.json["errors"][0]["pointer"], "/photos/0/marks/0/y2");
        body["photos"][0]["marks"] = marks.clone();
        unit.act(issue, "report-fix", version, &body).expect(200);
        let seen = shown(&office, photo, "view");
        assert!(tones(&seen, RIGHT) * 2 < tones(&seen, LEFT));
        let read = office.read(issue).json;
        let photos = read["photos"].as_array().unwrap();
        let marked: Vec<_> = photos.iter().filter(|photo| photo["marks"] != json!([])).collect();
        assert_eq!((marked.len(), &marked[0]["id"], &marked[0]["marks"]), (1, &json!(photo), &marks));
    }

    fn marks_that_cannot_be_are_refused_by_name(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let photo = inspector.send_photo();
        for (marks, status, pointer) in [
            (json!([blur(0.1, 0.1, 0.1, 0.5)]), 422, "/photos/0/marks/0"),
            (json!([blur(-0.1, 0.1, 0.2, 0.5)]), 422, "/photos/0/marks/0/x1"),
            (json!(vec![blur(0.1, 0.1, 0.2, 0.5); 13]), 422, "/photos/0/marks"),
        ] {
            let mut body = service.report_body(&[photo]);
            body["photos"][0]["marks"] = marks;
            let refused = inspector.put_json(&format!("/issues/{}", new_id()), &body).refused(status, "invalid-fields");
            assert_eq!(refused.json["errors"][0]["pointer"], pointer);
        }
        for strange in [json!([{ "kind": "star", "x1": 0, "y1": 0, "x2": 1, "y2": 1 }]), json!([{ "kind": "blur", "x1": 0, "y1": 0, "x2": 1, "y2": 1, "colour": "red" }]), json!(null), json!("x")] {
            let mut body = service.report_body(&[photo]);
            body["photos"][0]["marks"] = strange.clone();
            let answer = inspector.put_json(&format!("/issues/{}", new_id()), &body);
            assert!(matches!(answer.status, 400 | 422), "{strange}: {}", answer.status);
        }
    }
}
