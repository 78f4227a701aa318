//! The background of the map: a picture that is positioned, moved and removed; tiles from the county's network.

use anfang::domain::map::{Crs, TileLayer};
use serde_json::{Value, json};

use crate::support::pictures;
use crate::support::service::{Answer, Client, Service};

const CORNERS: &str = "107.4,31.4,107.6,31.4,107.6,31.1,107.4,31.1";

fn put(client: &Client<'_>, query: &str, bytes: &[u8]) -> Answer {
    client.put_bytes(&format!("/map/image?{query}"), "image/png", bytes)
}

on_both! {
    fn a_picture_lies_under_the_map_for_everybody(db: TestDb) {
        let service = Service::start(db);
        let (office, unit) = (service.sign_in("office01"), service.sign_in("unit01"));
        assert_eq!(unit.get("/map").expect(200).json, json!({"image": null, "tiles": null}));
        let (first, second) = (pictures::png(1, 300, 200), pictures::webp(2, 200, 300));
        let placed = put(&office, &format!("corners={CORNERS}&crs=gcj02"), &first).expect(200).json;
        assert_eq!((&placed["width"], &placed["height"], &placed["crs"]), (&json!(300), &json!(200), &json!("gcj02")));
        assert_eq!(placed["corners"][2], json!([107.6, 31.1]));
        assert_eq!(unit.get("/map").expect(200).json["image"], placed);
        let seen = unit.get("/map/image").expect(200);
        assert_eq!((seen.bytes.as_slice(), seen.header("content-type")), (first.as_slice(), "image/png"));
        assert_eq!(seen.header("content-security-policy"), "default-src 'none'; sandbox");
        let tag = seen.header("etag").to_owned();
        unit.send("GET", "/map/image", &[("if-none-match", &tag)], None).expect(304);
        // Another picture takes its place: there is one.
        put(&office, &format!("corners={CORNERS}"), &second).expect(200);
        let seen = unit.send("GET", "/map/image", &[("if-none-match", &tag)], None).expect(200);
        assert_eq!((seen.bytes.as_slice(), seen.header("content-type")), (second.as_slice(), "image/webp"));
        assert_eq!(unit.get("/map").expect(200).json["image"]["crs"], "wgs84");
        office.delete("/map/image").expect(204);
        office.delete("/map/image").refused(404, "not-found");
        unit.get("/map/image").refused(404, "not-found");
        assert_eq!(unit.get("/map").expect(200).json["image"], Value::Null);
    }

    fn a_picture_is_moved_without_being_sent_again(db: TestDb) {
        let service = Service::start(db);
        let admin = service.sign_in("admin");
        let body = |lon: f64| json!({"corners": [[lon, 31.4], [107.6, 31.4], [107.6, 31.1], [lon, 31.1]], "crs": "cgcs2000"});
        admin.send("PATCH", "/map/image", &[("content-type", "application/json")], Some(body(107.4).to_string().as_bytes()))
            .refused(404, "not-found");
        let bytes = pictures::jpeg(3, 200, 200);
        let before = put(&admin, &format!("corners={CORNERS}"), &bytes).expect(200).json;
        let moved = admin
            .send("PATCH", "/map/image", &[("content-type", "application/json")], Some(body(107.3).to_string().as_bytes()))
            .expect(200)
            .json;
        assert_eq!((&moved["corners"][0], &moved["crs"]), (&json!([107.3, 31.4]), &json!("cgcs2000")));
        assert_eq!(moved["sha256"], before["sha256"]);
        assert_eq!(admin.get("/map/image").expect(200).bytes, bytes);
        let audit = service.sign_in("discipline01").get("/audit?action=map-changed").expect(200).json;
        let found: Vec<&Value> = audit["items"].as_array().unwrap().iter().map(|entry| &entry["target"]).collect();
        assert_eq!(found, ["map:image", "map:image"]);
    }

    fn what_is_no_picture_or_lies_nowhere_is_refused(db: TestDb) {
        let service = Service::start(db);
        let office = service.sign_in("office01");
        let right = format!("corners={CORNERS}");
        put(&office, &right, b"").refused(422, "photo-empty");
        put(&office, &right, &pictures::html()).refused(415, "unsupported-media-type");
        put(&office, &right, &pictures::heic()).refused(415, "unsupported-media-type");
        put(&office, &right, &pictures::png_bomb()).refused(422, "photo-dimensions");
        let whole = pictures::png(1, 300, 200);
        put(&office, &right, pictures::truncated(&whole, 700).as_slice()).refused(422, "photo-truncated");
        put(&office, &right, &vec![0; 8 * 1024 * 1024 + 1]).refused(413, "body-too-large");
        for (corners, pointer) in [
            ("1,2,3", "/corners"),
            ("107.4,31.4,107.6,31.4,107.6,31.1,107.4,north", "/corners"),
            ("107.4,NaN,107.6,31.4,107.6,31.1,107.4,31.1", "/corners/0"),
            ("107.6,31.4,107.4,31.4,107.4,31.1,107.6,31.1", "/corners"),
            ("107.4,31.4,207.6,31.4,107.6,31.1,107.4,31.1", "/corners/1"),
        ] {
            let refused = put(&office, &format!("corners={corners}"), &whole).refused(422, "invalid-fields");
            assert_eq!(refused.json["errors"][0]["pointer"], pointer, "{corners}");
        }
        put(&office, &format!("{right}&crs=bd09"), &whole).refused(400, "malformed-request");
        put(&office, "", &whole).refused(400, "malformed-request");
        assert_eq!(office.get("/map").expect(200).json["image"], Value::Null);
    }

    fn tiles_are_told_to_pages_and_allowed_in_them(db: TestDb) {
        let template = "https://tiles.example:8443/img/{z}/{x}/{y}.png";
        let service = Service::with_tiles(db, TileLayer::new(template, Crs::Gcj02, (5, 16), "县自然资源局").unwrap());
        let map = service.sign_in("leader01").get("/map").expect(200);
        let tiles = json!({"template": template, "crs": "gcj02", "zoom_min": 5, "zoom_max": 16, "credit": "县自然资源局"});
        assert_eq!(map.json["tiles"], tiles);
        let policy = map.header("content-security-policy");
        assert!(policy.contains("img-src 'self' data: blob: https://tiles.example:8443; font-src"), "{policy}");
        assert!(policy.contains("script-src 'self'; style-src 'self';"), "{policy}");
        assert_eq!(policy.matches("tiles.example").count(), 1, "{policy}");
    }
}
