//! Photos: which are accepted, what is stored, and what of them others can see.

use serde_json::json;

use crate::support::pictures::{self, Exif};
use crate::support::service::{DAY, Service, new_id};

const CANARY: &str = "canary-3141592653";

fn holds(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}

/// The markers of a JPEG's segments up to its scan.
fn segments(jpeg: &[u8]) -> Vec<u8> {
    let (mut at, mut found) = (2, Vec::new());
    while jpeg[at + 1] != 0xda {
        assert_eq!(jpeg[at], 0xff, "no segment at {at}");
        found.push(jpeg[at + 1]);
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    found
}

on_both! {
    fn what_is_no_photo_is_refused_and_not_kept(db: TestDb) {
        let service = Service::start(db);
        let (inspector, id) = (service.sign_in("inspector01"), new_id());
        let whole = service.picture();
        for (bytes, media_type, status, code) in [
            (Vec::new(), "image/jpeg", 422, "photo-empty"),
            (pictures::truncated(&whole, 500), "image/jpeg", 422, "photo-truncated"),
            (pictures::html(), "image/jpeg", 415, "unsupported-media-type"),
            (pictures::png(1, 64, 64), "image/jpeg", 415, "media-type-mismatch"),
            (pictures::png_bomb(), "image/png", 422, "photo-dimensions"),
            (pictures::apng(1, 64, 64), "image/png", 422, "photo-animated"),
            (pictures::animated_webp(1, 64, 64), "image/webp", 422, "photo-animated"),
            (vec![0xff; anfang::media::picture_limits::FILE_BYTES_MAX as usize + 1], "image/jpeg", 413, "photo-too-large"),
        ] {
            inspector.put_bytes(&format!("/photos/{id}"), media_type, &bytes).refused(status, code);
            assert!(service.originals().is_empty(), "{code}");
        }
        inspector.put_photo(id, &whole).expect(201);
        assert_eq!(service.originals().len(), 1);
    }

    fn other_bytes_than_were_stated_are_refused(db: TestDb) {
        let service = Service::start(db);
        let (inspector, id) = (service.sign_in("inspector01"), new_id());
        let digest = "sha-256=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:";
        let headers = [("content-type", "image/jpeg"), ("repr-digest", digest)];
        let path = format!("/photos/{id}");
        inspector.send("PUT", &path, &headers, Some(&service.picture())).refused(422, "digest-mismatch");
        assert!(service.originals().is_empty());
        let mut body = service.report_body(&[id]);
        body["photos"][0]["sha256"] = json!("0".repeat(64));
        inspector.put_json(&format!("/issues/{}", new_id()), &body).expect(201);
        inspector.put_photo(id, &service.picture()).refused(422, "digest-mismatch");
        inspector.get(&format!("/photos/{id}/view")).refused(404, "not-found");
    }

    fn a_photo_that_its_report_refuses_is_not_kept(db: TestDb) {
        let service = Service::start(db);
        let (inspector, id) = (service.sign_in("inspector01"), new_id());
        let mut body = service.report_body(&[id]);
        body["photos"][0]["sha256"] = json!("0".repeat(64));
        inspector.put_json(&format!("/issues/{}", new_id()), &body).expect(201);
        inspector.put_photo(id, &service.picture()).refused(422, "digest-mismatch");
        assert!(service.originals().is_empty());
    }

    fn a_photo_under_a_taken_id_is_not_kept(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let id = inspector.send_photo();
        inspector.put_photo(id, &service.picture()).refused(409, "id-reused");
        assert_eq!(service.originals().len(), 1);
    }

    fn no_metadata_leaves_with_a_rendition_and_all_of_it_is_kept(db: TestDb) {
        let service = Service::start(db);
        let (inspector, id) = (service.sign_in("inspector01"), new_id());
        let bytes = Exif::full(CANARY).put_into_jpeg(&pictures::jpeg(7, 400, 300));
        let receipt = inspector.put_photo(id, &bytes).expect(201);
        // Orientation 6: the picture is turned by 90°.
        assert_eq!((&receipt.json["width"], &receipt.json["height"]), (&json!(300), &json!(400)));
        inspector.put_json(&format!("/issues/{}", new_id()), &service.report_body(&[id])).expect(201);
        service.drain_jobs();
        for variant in ["thumb", "view"] {
            let picture = inspector.get(&format!("/photos/{id}/{variant}")).expect(200);
            assert!(holds(&bytes, CANARY) && !holds(&picture.bytes, CANARY), "{variant}");
            let metadata = segments(&picture.bytes).into_iter().filter(|kind| (0xe1..=0xef).contains(kind) || *kind == 0xfe);
            assert_eq!(metadata.collect::<Vec<_>>(), Vec::<u8>::new(), "{variant}");
        }
        inspector.get(&format!("/photos/{id}/original")).refused(404, "not-found");
        let office = service.sign_in("office01");
        let path = format!("/photos/{id}/original");
        assert!(office.get(&path).expect(200).bytes == bytes, "the original is not what was sent");
        let part = office.send("GET", &path, &[("range", "bytes=10-19")], None).expect(206);
        assert_eq!(part.bytes, bytes[10..20]);
    }

    fn the_same_bytes_are_kept_once(db: TestDb) {
        let service = Service::start(db);
        let bytes = service.picture();
        service.sign_in("inspector01").put_photo(new_id(), &bytes).expect(201);
        service.sign_in("inspector02").put_photo(new_id(), &bytes).expect(201);
        assert_eq!(service.originals().len(), 1);
    }

    /// The office reads reports that wait for their photos, with the photos' ids.
    fn an_awaited_photo_is_its_finders_alone(db: TestDb) {
        let service = Service::start(db);
        let (inspector, issue, photo) = (service.sign_in("inspector01"), new_id(), new_id());
        let (own, other) = (service.picture(), service.picture());
        inspector.put_json(&format!("/issues/{issue}"), &service.report_body(&[photo])).expect(201).in_state("receiving");
        for username in ["office01", "unit02", "inspector02"] {
            service.sign_in(username).put_photo(photo, &other).refused(409, "id-reused");
        }
        let another = service.sign_in("inspector02");
        let refused = another.put_json(&format!("/issues/{}", new_id()), &service.report_body(&[photo]));
        let refused = refused.refused(422, "invalid-fields");
        assert_eq!(refused.json["errors"][0]["pointer"], "/photos/0/id", "{}", refused.json);
        inspector.put_photo(photo, &own).expect(201);
        inspector.read(issue).in_state("submitted");
        assert_eq!(service.originals().len(), 1);
    }

    fn a_photo_that_nobody_named_is_forgotten(db: TestDb) {
        let service = Service::start(db);
        service.sign_in("inspector01").send_photo();
        service.drain_jobs();
        assert_eq!(service.originals().len(), 1);
        service.pass(DAY * 8);
        service.drain_jobs();
        assert!(service.originals().is_empty());
    }
}
