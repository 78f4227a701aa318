//! Photos as evidence: shown upright, stored byte for byte, and doubted if they were used before.

use anfang::domain::issue::{Action, State};
use image::{GenericImageView, RgbImage};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::pictures::{self, Exif};
use crate::support::service::{Client, DAY, Service, new_id};

/// The picture that is stored so that `orientation` turns it upright. Source: EXIF 2.32 §4.6.4, tag 0x0112.
fn stored_as(upright: &RgbImage, orientation: u16) -> RgbImage {
    use image::imageops::{flip_horizontal, flip_vertical, rotate90, rotate180, rotate270};
    match orientation {
        2 => flip_horizontal(upright),
        3 => rotate180(upright),
        4 => flip_vertical(upright),
        5 => flip_horizontal(&rotate90(upright)),
        6 => rotate270(upright),
        7 => flip_horizontal(&rotate270(upright)),
        8 => rotate90(upright),
        _ => upright.clone(),
    }
}

/// Mean difference of two pictures of one size, in steps of 255.
fn difference(one: &[u8], other: &RgbImage) -> f64 {
    let one = image::load_from_memory(one).unwrap();
    assert_eq!(one.dimensions(), other.dimensions());
    let one = one.to_rgb8();
    let sum: f64 = one.as_raw().iter().zip(other.as_raw()).map(|(a, b)| f64::from(a.abs_diff(*b))).sum();
    sum / one.as_raw().len() as f64
}

fn flags(issue: &Value, code: &str) -> Vec<Value> {
    issue["flags"].as_array().unwrap().iter().filter(|flag| flag["code"] == code).cloned().collect()
}

fn report(inspector: &Client<'_>, body: &Value) -> Uuid {
    let id = new_id();
    inspector.put_json(&format!("/issues/{id}"), body).expect(201);
    id
}

on_both! {
    fn the_eight_orientations_come_out_upright(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let upright = pictures::scene(5, 300, 200);
        for orientation in 1..=8 {
            let mut jpeg = Vec::new();
            let stored = stored_as(&upright, orientation);
            image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 95).encode_image(&stored).unwrap();
            let exif = Exif { orientation: Some(orientation), ..Exif::default() };
            let id = new_id();
            let receipt = inspector.put_photo(id, &exif.put_into_jpeg(&jpeg)).expect(201);
            assert_eq!((&receipt.json["width"], &receipt.json["height"]), (&json!(300), &json!(200)), "{orientation}");
            for variant in ["view", "thumb"] {
                let picture = inspector.get(&format!("/photos/{id}/{variant}")).expect(200);
                let apart = difference(&picture.bytes, &upright);
                assert!(apart < 12.0, "{variant} of orientation {orientation}: {apart:.1}");
            }
        }
    }

    fn an_original_is_sealed_byte_for_byte_and_every_look_is_noted(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let moving = pictures::motion_photo(&service.picture(), "canary-2718281828");
        let id = new_id();
        inspector.put_photo(id, &moving).expect(201);
        report(&inspector, &service.report_body(&[id]));
        let original = service.sign_in("office01").get(&format!("/photos/{id}/original")).expect(200);
        assert_eq!(original.bytes, moving);
        for variant in ["view", "thumb"] {
            let rendition = service.sign_in("office01").get(&format!("/photos/{id}/{variant}")).expect(200);
            assert!(!rendition.bytes.windows(17).any(|window| window == b"canary-2718281828"));
        }
        inspector.get(&format!("/photos/{id}/original")).refused(404, "not-found");
        let looks = service.sign_in("discipline01").get("/audit?action=original-read").expect(200);
        let looks = looks.json["items"].as_array().unwrap().clone();
        assert_eq!(looks.len(), 1);
        assert_eq!(looks[0]["target"], format!("photo:{id}"));
        assert_eq!(looks[0]["actor"]["id"], service.user_id("office01"));
    }

    fn heic_is_shown_and_found_like_any_other(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let scene = pictures::scene(41, 1_400, 1_000);
        let mut jpeg = Vec::new();
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 90).encode_image(&scene).unwrap();
        let (earlier, id) = (new_id(), new_id());
        inspector.put_photo(earlier, &jpeg).expect(201);
        let first = report(&inspector, &service.report_body(&[earlier]));
        service.drain_jobs();
        service.pass(DAY);
        let heic = pictures::heic_of(&scene);
        let receipt = inspector.put_bytes(&format!("/photos/{id}"), "image/heic", &heic).expect(201);
        assert_eq!((&receipt.json["width"], &receipt.json["height"]), (&json!(1_400), &json!(1_000)));
        let issue = report(&inspector, &service.report_body(&[id]));
        service.drain_jobs();
        let office = service.sign_in("office01");
        let view = office.get(&format!("/photos/{id}/view")).expect(200);
        let apart = difference(&view.bytes, &scene);
        assert!(apart < 12.0, "{apart:.1}");
        let thumb = office.get(&format!("/photos/{id}/thumb")).expect(200);
        assert_eq!(image::load_from_memory(&thumb.bytes).unwrap().dimensions(), (320, 229));
        let read = office.read(issue).json;
        assert!(flags(&read, "photo-no-preview").is_empty() && flags(&read, "photo-unreadable").is_empty());
        let similar = flags(&read, "photo-similar");
        assert!(similar.iter().any(|flag| flag["refers_to"]["issue_id"] == first.to_string()), "{similar:?}");
        assert_eq!(office.get(&format!("/photos/{id}/original")).expect(200).bytes, heic);
    }

    fn what_may_be_sound_but_is_not_shown_is_not_called_unreadable(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let office = service.sign_in("office01");
        let jpeg = pictures::jpeg(9, 400, 300);
        let frame = jpeg.windows(2).position(|marker| marker == b"\xff\xc0").unwrap();
        let with = |at: usize, bytes: &[u8]| {
            let mut changed = jpeg.clone();
            changed[frame + at..frame + at + bytes.len()].copy_from_slice(bytes);
            changed
        };
        // 12 bits, arithmetic coding, 200 megapixels in many passes, and a HEIC picture laid over others.
        for (media_type, bytes, detail) in [
            ("image/jpeg", with(4, &[12]), "JPEG"),
            ("image/jpeg", with(1, &[0xc9]), "JPEG"),
            ("image/jpeg", with(1, &[0xc2, 0, 17, 8, 0x2f, 0xd0, 0x3f, 0xc0]), "JPEG 16320×12240"),
            ("image/heic", pictures::heic_overlay(&pictures::scene(9, 400, 300)), "HEIC"),
            ("image/heic", pictures::heic(), "HEIC"),
        ] {
            let id = new_id();
            inspector.put_bytes(&format!("/photos/{id}"), media_type, &bytes).expect(201);
            let issue = report(&inspector, &service.report_body(&[id]));
            service.drain_jobs();
            inspector.get(&format!("/photos/{id}/view")).refused(404, "no-preview");
            let no_preview = |issue| {
                let read = office.read(issue).json;
                assert!(flags(&read, "photo-unreadable").is_empty(), "{detail}");
                flags(&read, "photo-no-preview").iter().map(|flag| flag["detail"].clone()).collect::<Vec<_>>()
            };
            assert_eq!(no_preview(issue), [json!(detail)]);
            // Once this is known, the next report with the same bytes gets the doubt at once.
            let again = new_id();
            inspector.put_bytes(&format!("/photos/{again}"), media_type, &bytes).expect(201);
            assert_eq!(no_preview(report(&inspector, &service.report_body(&[again]))), [json!(detail)]);
            assert_eq!(office.get(&format!("/photos/{id}/original")).expect(200).bytes, bytes);
        }
    }

    /// What phones and programs write besides the usual is kept as it is, shown, and not doubted.
    fn odd_but_whole_pictures_are_kept_and_shown(db: TestDb) {
        let service = Service::start(db);
        let (inspector, office) = (service.sign_in("inspector01"), service.sign_in("office01"));
        let jpeg = |seed| pictures::jpeg(seed, 400, 300);
        let no_end = |seed| jpeg(seed)[..jpeg(seed).len() - 2].to_vec();
        for (what, kind, bytes) in [
            ("an animation of one frame", "image/png", pictures::still_apng(31, 400, 300)),
            ("no end mark", "image/jpeg", no_end(32)),
            ("a height behind the scan", "image/jpeg", pictures::with_late_height(&jpeg(33))),
        ] {
            let id = new_id();
            let receipt = inspector.put_bytes(&format!("/photos/{id}"), kind, &bytes).expect(201).json;
            assert_eq!((&receipt["width"], &receipt["height"]), (&json!(400), &json!(300)), "{what}");
            let issue = report(&inspector, &service.report_body(&[id]));
            service.drain_jobs();
            let read = office.read(issue).json;
            assert!(flags(&read, "photo-unreadable").is_empty() && flags(&read, "photo-no-preview").is_empty(), "{what} {read}");
            let view = inspector.get(&format!("/photos/{id}/view")).expect(200);
            assert_eq!(image::load_from_memory(&view.bytes).unwrap().dimensions(), (400, 300), "{what}");
            assert_eq!(office.get(&format!("/photos/{id}/original")).expect(200).bytes, bytes, "{what}");
        }
    }

    /// 64 megapixels as a PNG: with eight bits it is decoded; with sixteen it is too large for that, and kept.
    fn a_png_of_the_highest_resolution_is_kept(db: TestDb) {
        let service = Service::start(db);
        let (inspector, office) = (service.sign_in("inspector01"), service.sign_in("office01"));
        for (bits, has_preview) in [(8, true), (16, false)] {
            let (id, bytes) = (new_id(), pictures::flat_png(9_248, 6_936, bits));
            let receipt = inspector.put_bytes(&format!("/photos/{id}"), "image/png", &bytes).expect(201).json;
            assert_eq!((&receipt["width"], &receipt["height"]), (&json!(9_248), &json!(6_936)));
            let issue = report(&inspector, &service.report_body(&[id]));
            service.drain_jobs();
            let view = inspector.get(&format!("/photos/{id}/view"));
            if has_preview {
                assert_eq!(image::load_from_memory(&view.expect(200).bytes).unwrap().dimensions(), (1_600, 1_200));
            } else {
                view.refused(404, "no-preview");
            }
            let read = office.read(issue).json;
            assert!(flags(&read, "photo-unreadable").is_empty(), "{read}");
            assert_eq!(flags(&read, "photo-no-preview").len(), usize::from(!has_preview), "{read}");
            assert_eq!(office.get(&format!("/photos/{id}/original")).expect(200).bytes, bytes);
        }
    }

    /// Places and times as cameras write them raise their doubts: signed fractions, seconds unknown, two fractions,
    /// pointers of another type, and midnight as the hour 24.
    fn odd_exif_raises_the_doubts_it_should(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let office = service.sign_in("office01");
        let [[degrees, minutes, _], [east, east_minutes, _]] = pictures::BEIJING;
        let whole = [&pictures::BEIJING[0][..], &pictures::BEIJING[1][..]];
        let unknown = [&[degrees, minutes, (0, 0)][..], &[east, east_minutes, (0, 0)][..]];
        let two = [&[degrees, (5_400, 100)][..], &[east, (2_300, 100)][..]];
        for (seed, (fraction, place, pointer, time)) in (20..).zip([
            (5, whole, 4, "2024:08:22 24:08:19"),
            (10, whole, 4, "2024/08/22 00:08:19"),
            (5, unknown, 4, "2024-08-22T00:08:19"),
            (5, two, 4, "2024:08:22 00:08:19"),
            (10, two, 13, "2024:08:22 00:08:19"),
        ]) {
            let id = new_id();
            let jpeg = pictures::with_odd_exif(&pictures::jpeg(seed, 1_400, 1_000), fraction, place, pointer, time);
            inspector.put_photo(id, &jpeg).expect(201);
            let read = office.read(report(&inspector, &service.report_body(&[id]))).json;
            let exif = &read["photos"][0]["exif"];
            assert_eq!(exif["taken_at"], "2024-08-22T00:08:19", "{time}");
            assert!((exif["gps"]["lat"].as_f64().unwrap() - 39.9).abs() < 1e-9, "{exif}");
            assert_eq!(flags(&read, "photo-place-differs").len(), 1, "{read}");
            assert_eq!(flags(&read, "photo-time-differs").len(), 1, "{read}");
        }
    }

    fn a_photo_that_cannot_be_decoded_is_doubted_not_lost(db: TestDb) {
        let service = Service::start(db);
        let (inspector, id) = (service.sign_in("inspector01"), new_id());
        // Whole in its structure, nonsense in its Huffman tables.
        let mut damaged = pictures::jpeg(9, 400, 300);
        let table = damaged.windows(2).position(|marker| marker == [0xff, 0xc4]).unwrap();
        let length = usize::from(u16::from_be_bytes([damaged[table + 2], damaged[table + 3]]));
        damaged[table + 4..table + 2 + length].fill(0xee);
        inspector.put_photo(id, &damaged).expect(201);
        let issue = report(&inspector, &service.report_body(&[id]));
        service.drain_jobs();
        let office = service.sign_in("office01");
        assert_eq!(office.get(&format!("/photos/{id}/original")).expect(200).bytes, damaged);
        inspector.get(&format!("/photos/{id}/view")).refused(404, "no-preview");
        assert_eq!(flags(&office.read(issue).json, "photo-unreadable").len(), 1);
    }

    /// The photo of a relapse belongs to the look-back and to the issue that it opens.
    fn a_photo_of_two_issues_keeps_no_later_report_out(db: TestDb) {
        let service = Service::start(db);
        let (office, checker) = (service.sign_in("office01"), service.sign_in("inspector02"));
        let closed = service.drive_to(State::Closed);
        service.steps(closed, &[Action::AssignLookBack]);
        let (taken, jpeg) = (new_id(), pictures::jpeg(79, 1_400, 1_000));
        checker.put_photo(taken, &jpeg).expect(201);
        service.step(closed, "inspector02", Action::LookBack, &json!({"held": false, "photos": [{"id": taken, "view": "far"}]}));
        service.drain_jobs();
        let again = new_id();
        let inspector = service.sign_in("inspector01");
        inspector.put_photo(again, &jpeg).expect(201);
        let later = report(&inspector, &service.report_body(&[again]));
        let reused = flags(&office.read(later).json, "photo-reused");
        assert_eq!(reused.len(), 1, "{reused:?}");
        assert_eq!(reused[0]["refers_to"]["photo_id"], taken.to_string());
    }

    fn a_photo_used_before_names_its_earlier_use(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let scene = pictures::scene(77, 1_400, 1_000);
        let mut jpeg = Vec::new();
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut jpeg, 92).encode_image(&scene).unwrap();
        let (first_photo, again, alike, other) = (new_id(), new_id(), new_id(), new_id());
        inspector.put_photo(first_photo, &jpeg).expect(201);
        let first = report(&inspector, &service.report_body(&[first_photo]));
        service.drain_jobs();
        service.pass(DAY);

        let second_inspector = service.sign_in("inspector02");
        second_inspector.put_photo(again, &jpeg).expect(201);
        let second = report(&second_inspector, &service.report_body(&[again]));
        let office = service.sign_in("office01");
        let reused = flags(&office.read(second).json, "photo-reused");
        assert_eq!(reused.len(), 1);
        assert_eq!(reused[0]["photo_id"], again.to_string());
        assert_eq!(reused[0]["refers_to"], json!({ "issue_id": first.to_string(), "photo_id": first_photo.to_string() }));

        let mut smaller = Vec::new();
        let small = image::imageops::thumbnail(&scene, 1_300, 929);
        image::codecs::jpeg::JpegEncoder::new_with_quality(&mut smaller, 60).encode_image(&small).unwrap();
        second_inspector.put_photo(alike, &smaller).expect(201);
        let third = report(&second_inspector, &service.report_body(&[alike]));
        second_inspector.put_photo(other, &pictures::jpeg(78, 1_400, 1_000)).expect(201);
        let fourth = report(&second_inspector, &service.report_body(&[other]));
        service.drain_jobs();
        let similar = flags(&office.read(third).json, "photo-similar");
        assert!(similar.iter().any(|flag| flag["refers_to"]["photo_id"] == first_photo.to_string()), "{similar:?}");
        assert!(flags(&office.read(third).json, "photo-reused").is_empty());
        assert!(flags(&office.read(fourth).json, "photo-similar").is_empty());
        // The inspector learns of the doubt, not of what it was compared with.
        let told = second_inspector.read(second);
        assert!(!told.json.to_string().contains(&first.to_string()), "{}", told.json);
    }

    fn real_photos_go_all_the_way(db: TestDb) {
        let Ok(folder) = std::env::var("ANFANG_SAMPLE_PHOTOS") else { return };
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let mut taken = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let media_type = match path.extension().and_then(|name| name.to_str()) {
                Some("jpg") => "image/jpeg",
                Some("heic") => "image/heic",
                _ => continue,
            };
            let (id, bytes) = (new_id(), std::fs::read(&path).unwrap());
            inspector.put_bytes(&format!("/photos/{id}"), media_type, &bytes).expect(201);
            report(&inspector, &service.report_body(&[id]));
            let original = service.sign_in("office01").get(&format!("/photos/{id}/original")).expect(200);
            assert!(original.bytes == bytes, "{}", path.display());
            let view = inspector.get(&format!("/photos/{id}/view")).expect(200).bytes;
            assert!(!view.windows(4).any(|window| window == b"Exif"), "{}", path.display());
            assert!(image::load_from_memory(&view).unwrap().width().max(1) <= 1_600);
            taken += 1;
        }
        assert!(taken > 0, "the folder holds no photo");
    }
}
