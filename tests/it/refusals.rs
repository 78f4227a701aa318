//! Photos that are refused, or that belong to somebody else: nothing of them stays, and they are not used.

use std::collections::BTreeSet;
use std::io::Write as _;

use anfang::domain::issue::{Action, State};
use anfang::domain::policy::Permission;
use serde_json::json;

use crate::support::cast;
use crate::support::contract::Contract;
use crate::support::pictures::{self, Exif};
use crate::support::service::{Client, Service, new_id};
use crate::tus::Upload;

/// The media type of [`form`].
pub const FORM: (&str, &str) = ("content-type", "multipart/form-data; boundary=edge");

/// A form of these parts.
pub fn form(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut form = Vec::new();
    for (name, bytes) in parts {
        write!(form, "--edge\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n").unwrap();
        form.extend(*bytes);
        form.extend(b"\r\n");
    }
    form.extend(b"--edge--\r\n");
    form
}

fn nothing_is_left(service: &Service, after: &str) {
    let left = service.files("incoming");
    assert!(left.is_empty() && service.originals().is_empty(), "{after}: {left:?} {:?}", service.originals());
}

on_both! {
    fn nothing_is_left_of_a_photo_that_is_refused(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let whole = service.picture();
        let bad: Vec<(&str, Vec<u8>)> = vec![
            ("empty", Vec::new()),
            ("truncated", pictures::truncated(&whole, 500)),
            ("no picture", pictures::html()),
            ("another kind", pictures::png(1, 64, 64)),
            ("bomb", pictures::png_bomb()),
            ("animated", pictures::apng(1, 64, 64)),
        ];
        for (what, bytes) in &bad {
            let id = new_id();
            assert!((400..500).contains(&inspector.put_photo(id, bytes).status), "{what}");
            nothing_is_left(&service, what);
            if !bytes.is_empty() {
                let upload = Upload::new(&inspector, id, bytes);
                assert!((400..500).contains(&upload.begin(Some(bytes)).status), "{what} in pieces");
                nothing_is_left(&service, &format!("{what} in pieces"));
            }
        }
        let headers = [("content-type", "image/jpeg"), ("repr-digest", "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:")];
        inspector.send("PUT", &format!("/photos/{}", new_id()), &headers, Some(&whole)).refused(422, "digest-mismatch");
        nothing_is_left(&service, "other digest");
        inspector.put_photo("019c1e0a-0000-7000-8000-000000000000".parse().unwrap(), &whole).refused(422, "invalid-fields");
        nothing_is_left(&service, "an id that tells a time");
        for person in cast::one_of_each().filter(|person| !person.may(Permission::UploadPhoto)) {
            service.sign_in(person.username).put_photo(new_id(), &whole).refused(403, "forbidden");
        }
        nothing_is_left(&service, "nobody who may");
    }

    fn nothing_is_left_of_a_form_that_is_refused(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let (report, photo) = (service.report_body(&[]).to_string(), service.picture());
        let (report, photo) = (("report", report.as_bytes()), ("photo", &*photo));
        let bad = pictures::html();
        let mut two = service.report_body(&[new_id(), new_id()]);
        two["photos"][0]["sha256"] = json!("0".repeat(64));
        let two = two.to_string();
        for (what, parts, status) in [
            ("no report", vec![photo, photo], 400),
            ("two reports", vec![report, photo, report], 400),
            ("another part", vec![photo, ("visit", &b"x"[..]), report], 400),
            ("ten photos", [vec![photo; 10], vec![report]].concat(), 400),
            ("a report that is none", vec![photo, ("report", &b"{"[..])], 400),
            ("fewer than named", vec![photo, ("report", two.as_bytes())], 400),
            ("other digest", vec![photo, photo, ("report", two.as_bytes())], 422),
            ("no picture", vec![("photo", &*bad), photo, report], 415),
        ] {
            assert_eq!(inspector.send("POST", "/issues", &[FORM], Some(&form(&parts))).status, status, "{what}");
            nothing_is_left(&service, what);
        }
        let cut = form(&[photo, report]);
        inspector.send("POST", "/issues", &[FORM], Some(&cut[..cut.len() - 12])).expect(400);
        nothing_is_left(&service, "no end mark");
        service.sign_in("unit01").send("POST", "/issues", &[FORM], Some(&form(&[photo, report]))).refused(403, "forbidden");
        nothing_is_left(&service, "nobody who may");
    }

    fn a_photo_of_somebody_else_is_no_photo_of_a_report(db: TestDb) {
        let service = Service::start(db);
        let [mine, other] = ["inspector01", "inspector02"].map(|name| service.sign_in(name));
        let foreign = other.send_photo();
        let own = mine.send_photo();
        let issue = new_id();
        for photos in [[foreign, own], [own, foreign]] {
            let at = photos.iter().position(|photo| *photo == foreign).unwrap();
            let refused = mine.put_json(&format!("/issues/{issue}"), &service.report_body(&photos)).refused(422, "invalid-fields");
            assert_eq!(refused.json["errors"][0]["pointer"], format!("/photos/{at}/id"));
        }
        mine.get(&format!("/issues/{issue}")).refused(404, "not-found");
        let mut body = service.report_body(&[foreign]);
        body["id"] = json!(issue);
        let picture = service.picture();
        let body = body.to_string();
        let parts = form(&[("photo", &*picture), ("report", body.as_bytes())]);
        mine.send("POST", "/issues", &[FORM], Some(&parts)).refused(409, "id-reused");
        mine.get(&format!("/issues/{issue}")).refused(404, "not-found");
        // Named before it came, and then sent by somebody else: it is refused, and the report waits for its own.
        let awaited = new_id();
        mine.put_json(&format!("/issues/{issue}"), &service.report_body(&[own, awaited])).expect(201).in_state("receiving");
        other.put_photo(awaited, &service.picture()).refused(409, "id-reused");
        mine.read(issue).in_state("receiving");
        mine.put_photo(awaited, &service.picture()).expect(201);
        mine.read(issue).in_state("submitted");
        other.get(&format!("/photos/{own}/view")).refused(404, "not-found");
    }

    fn a_photo_of_somebody_else_is_no_photo_of_a_step(db: TestDb) {
        let service = Service::start(db);
        use Action as A;
        let cases = [
            (A::Resubmit, State::Returned, &[][..], "inspector01"),
            (A::ReportFix, State::Rectifying, &[], "unit02"),
            (A::RequestExtension, State::Rectifying, &[], "unit02"),
            (A::RequestHang, State::Rectifying, &[], "unit02"),
            (A::Dispute, State::Rectifying, &[], "unit02"),
            (A::ReachMilestone, State::Hung, &[], "unit02"),
            (A::Pass, State::Reported, &[], "office01"),
            (A::Fail, State::Reported, &[], "office01"),
            (A::ConfirmFalseEvidence, State::Reported, &[], "office01"),
            (A::LookBack, State::Closed, &[A::AssignLookBack], "inspector02"),
            (A::CannotJudge, State::Closed, &[A::AssignLookBack], "inspector02"),
        ];
        let tried: BTreeSet<&str> = cases.iter().map(|(action, ..)| action.as_str()).collect();
        let with_photos = Contract::read().issue_steps_with("photos");
        let with_photos: BTreeSet<&str> = with_photos.iter().map(String::as_str).collect();
        assert_eq!(tried, with_photos, "every step that brings photos is tried");
        for (action, state, before, username) in cases {
            let issue = service.drive_to(state);
            service.steps(issue, before);
            let client = service.sign_in(username);
            let mut body = service.body_of(issue, &client, action);
            let version = client.read(issue).version();
            let views: Vec<_> = match body["photos"].as_array() {
                Some(photos) => photos.iter().map(|photo| photo["view"].clone()).collect(),
                None => vec![json!(if matches!(action, A::Resubmit) { "detail" } else { "far" })],
            };
            for stranger in ["inspector03", "unit01", "office02"].iter().filter(|name| **name != username) {
                let foreign = service.sign_in(stranger);
                body["photos"] = views.iter().map(|view| json!({"id": foreign.send_photo(), "view": view})).collect();
                let refused = client.act(issue, action.as_str(), version, &body).refused(422, "invalid-fields");
                let named = refused.json["errors"].as_array().unwrap().iter().any(|error| error["pointer"] == "/photos/0/id");
                assert!(named, "{action} {}", refused.json);
            }
            assert_eq!(client.read(issue).version(), version, "{action}");
        }
    }

    fn nothing_but_pixels_leaves_of_any_kind_of_picture(db: TestDb) {
        const CANARY: &str = "canary-2718281828";
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let exif = Exif::full(CANARY);
        let kinds = [
            ("image/jpeg", exif.put_into_jpeg(&pictures::jpeg(7, 400, 300))),
            ("image/png", exif.put_into_png(&pictures::png(8, 400, 300))),
            ("image/webp", with_exif(&pictures::webp(9, 400, 300), (400, 300), &exif.tiff())),
        ];
        for (kind, bytes) in kinds {
            let id = new_id();
            inspector.put_bytes(&format!("/photos/{id}"), kind, &bytes).expect(201);
            inspector.put_json(&format!("/issues/{}", new_id()), &service.report_body(&[id])).expect(201);
            assert!(holds(&bytes, CANARY.as_bytes()), "{kind}");
            for variant in ["thumb", "view"] {
                let picture = inspector.get(&format!("/photos/{id}/{variant}")).expect(200);
                assert_eq!(picture.header("content-type"), "image/jpeg");
                for trace in [CANARY.as_bytes(), b"Exif", b"Huawei", b"http://ns.adobe.com", b"ICC_PROFILE"] {
                    assert!(!holds(&picture.bytes, trace), "{kind} {variant} {}", String::from_utf8_lossy(trace));
                }
            }
        }
    }

    fn bytes_that_changed_on_the_disk_are_not_drawn(db: TestDb) {
        let service = Service::start(db);
        let (inspector, id, bytes) = (service.sign_in("inspector01"), new_id(), service.picture());
        inspector.put_photo(id, &bytes).expect(201);
        inspector.put_json(&format!("/issues/{}", new_id()), &service.report_body(&[id])).expect(201);
        let path = service.originals().pop().unwrap();
        let other = pictures::jpeg(99, 160, 120);
        replace(&path, &other);
        for client in [&inspector, &service.sign_in("office01")] {
            shows_none(client, id);
        }
        replace(&path, &bytes);
        inspector.get(&format!("/photos/{id}/view")).expect(200);
    }
}

fn shows_none(client: &Client<'_>, id: uuid::Uuid) {
    for variant in ["thumb", "view"] {
        let answer = client.get(&format!("/photos/{id}/{variant}"));
        assert!(answer.status >= 400, "{variant} {}", answer.status);
    }
}

fn replace(path: &std::path::Path, bytes: &[u8]) {
    std::fs::remove_file(path).unwrap();
    std::fs::write(path, bytes).unwrap();
}

fn holds(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// A still WebP as a container with metadata behind its picture.
fn with_exif(webp: &[u8], (width, height): (u32, u32), tiff: &[u8]) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], body: &[u8]| {
        let padding = vec![0; body.len() % 2];
        [&kind[..], &u32::try_from(body.len()).unwrap().to_le_bytes(), body, &padding].concat()
    };
    let three = |value: u32| value.to_le_bytes()[..3].to_vec();
    // Bit 3 says that there is EXIF.
    let head = [vec![0b0000_1000, 0, 0, 0], three(width - 1), three(height - 1)].concat();
    let body = [b"WEBP".to_vec(), chunk(b"VP8X", &head), webp[12..].to_vec(), chunk(b"EXIF", tiff)].concat();
    chunk(b"RIFF", &body)
}
