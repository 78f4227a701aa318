//! Every kind of doubt, at its threshold: just above it there is a doubt, exactly at it there is none.

use anfang::domain::evidence::{FlagCode, PHOTO_DISTANCE_MAX_M, PHOTO_LONG_EDGE_MIN_PX};
use anfang::domain::fingerprint::{Fingerprint, NEAR_ANYWHERE_MAX, NEAR_SAME_UNIT_MAX};
use anfang::domain::geo::Location;
use anfang::domain::issue::Action;
use anfang::domain::settings::Settings;
use anfang::domain::time::{Clock as _, Timestamp};
use serde_json::{Value, json};
use std::time::Duration;
use uuid::Uuid;

use crate::packets::{self, Packet};
use crate::support::pictures::{self, Exif};
use crate::support::service::{DAY, HOUR, Service, new_id};

const MARKET: &str = "990001-MKT-0001";
const MILLISECOND: Duration = Duration::from_millis(1);

/// A finding: what it is, the issue, and whether it is doubted.
type Case = (String, Uuid, bool);

struct Bench<'a> {
    service: &'a Service,
    cases: Vec<Case>,
}

impl Bench<'_> {
    /// Sends photos and a report of them, changed by `change`.
    fn report(&self, inspector: &str, photos: &[Vec<u8>], change: impl FnOnce(&mut Value)) -> Uuid {
        let client = self.service.sign_in(inspector);
        let ids: Vec<Uuid> = photos
            .iter()
            .map(|bytes| {
                let id = new_id();
                let media_type = if bytes.starts_with(b"\xff\xd8") { "image/jpeg" } else { "image/heic" };
                client.put_bytes(&format!("/photos/{id}"), media_type, bytes).expect(201);
                id
            })
            .collect();
        let mut body = self.service.report_at(MARKET, "WM-07", "low", &ids);
        change(&mut body);
        let issue = new_id();
        client.put_json(&format!("/issues/{issue}"), &body).expect(201);
        issue
    }

    fn case(&mut self, what: impl Into<String>, issue: Uuid, is_doubted: bool) {
        self.cases.push((what.into(), issue, is_doubted));
    }

    /// A case of a report with a picture of its own.
    fn field(&mut self, what: &str, is_doubted: bool, change: impl FnOnce(&mut Value)) {
        let issue = self.report("inspector01", &[self.service.picture()], change);
        self.case(what, issue, is_doubted);
    }

    fn photo(&mut self, what: &str, is_doubted: bool, bytes: Vec<u8>) {
        let issue = self.report("inspector01", &[bytes], |_| ());
        self.case(what, issue, is_doubted);
    }

    fn exif(&mut self, what: &str, is_doubted: bool, exif: &Exif) {
        let bytes = exif.put_into_jpeg(&self.service.picture());
        self.photo(what, is_doubted, bytes);
    }

    fn market(&self) -> (Location, f64) {
        let point = self.service.point(MARKET);
        let place = &point["location"];
        let degrees = |field: &str| place[field].as_f64().unwrap();
        let place = Location { lat: degrees("lat"), lon: degrees("lon"), accuracy_m: None };
        (place, point["radius_m"].as_f64().unwrap())
    }
}

/// `distance ≤ radius + accuracy` is within. Source: domain §6.4.
fn outside_geofence(bench: &mut Bench<'_>) {
    let (point, radius) = bench.market();
    let there = Location { lat: point.lat + 0.01, ..point };
    let distance = point.distance_m(&there);
    // The least accuracy that still reaches, to the last bit.
    let mut enough = distance - radius;
    while radius + enough < distance {
        enough = enough.next_up();
    }
    while radius + enough.next_down() >= distance {
        enough = enough.next_down();
    }
    let at = |place: Location, accuracy: Option<f64>| {
        move |body: &mut Value| {
            body["location"] = json!({"lat": place.lat, "lon": place.lon});
            if let Some(accuracy) = accuracy {
                body["location"]["accuracy_m"] = json!(accuracy);
            }
        }
    };
    bench.field("the circle just reaches", false, at(there, Some(enough)));
    bench.field("the circle just does not reach", true, at(there, Some(enough.next_down())));
    bench.field("away, without an accuracy", true, at(there, None));
    bench.field("on the spot, without an accuracy", false, at(point, None));
    bench.field("nowhere", false, |body| body["location"] = Value::Null);
}

fn location_unknown(bench: &mut Bench<'_>) {
    bench.field("no position", true, |body| body["location"] = Value::Null);
    bench.field("a position without accuracy", false, |body| {
        body["location"].as_object_mut().unwrap().remove("accuracy_m");
    });
}

fn clock_skew(bench: &mut Bench<'_>) {
    let (now, max) = (bench.service.clock.now(), Settings::default().capture_ahead_max());
    let at = |at: Timestamp| move |body: &mut Value| body["captured_at"] = json!(at.to_string());
    bench.field("five minutes ahead", false, at(now.plus(max)));
    bench.field("a millisecond more", true, at(now.plus(max + MILLISECOND)));
    bench.field("five minutes and more behind", false, at(now.minus(max + MILLISECOND)));
    let sent = |at: Timestamp| move |body: &mut Value| body["sent_at"] = json!(at.to_string());
    bench.field("sent by a clock that is five minutes behind", false, sent(now.minus(max)));
    bench.field("a millisecond more behind", true, sent(now.minus(max + MILLISECOND)));
    bench.field("sent by a clock that is five minutes ahead", false, sent(now.plus(max)));
    bench.field("a millisecond more ahead", true, sent(now.plus(max + MILLISECOND)));
}

/// The day is the county's, not UTC's, whose turns at eight.
fn late(bench: &mut Bench<'_>) {
    let at = |at: &'static str| move |body: &mut Value| body["captured_at"] = json!(at);
    bench.field("the first moment of the day", false, at("2026-08-03T00:00:00+08:00"));
    bench.field("the last moment of the day before", true, at("2026-08-02T23:59:59.999+08:00"));
    bench.field("before eight, when UTC has the day before", false, at("2026-08-03T07:59:00+08:00"));
    bench.service.pass(HOUR * 15 - Duration::from_secs(120));
    bench.field("a clock three minutes ahead, over midnight", false, at("2026-08-04T00:01:00+08:00"));
}

/// Handed in by the office, or sent by its phone.
fn handed_in(bench: &mut Bench<'_>) {
    let issue = new_id();
    let packet =
        Packet::of(bench.service, "inspector01").report(issue, &bench.service.report_body(&[new_id()])).whole();
    packets::hand_in(&bench.service.sign_in("office01"), &packet.text()).expect(200);
    bench.case("in a packet", issue, true);
    bench.field("by its phone", false, |_| ());
}

fn view_missing(bench: &mut Bench<'_>) {
    for (views, is_doubted) in [
        (vec!["far", "near"], false),
        (vec!["far", "detail"], true),
        (vec!["detail", "near"], true),
        (vec!["near"], true),
    ] {
        let photos: Vec<Vec<u8>> = views.iter().map(|_| bench.service.picture()).collect();
        let issue = bench.report("inspector01", &photos, |body| {
            for (photo, view) in body["photos"].as_array_mut().unwrap().iter_mut().zip(&views) {
                photo["view"] = json!(view);
            }
        });
        bench.case(views.join(", "), issue, is_doubted);
    }
}

/// One look at a place may serve several items; nothing else may use a photo twice. Source: domain §7.1.
fn photo_reused(bench: &mut Bench<'_>) {
    let now = bench.service.clock.now();
    let again = |bench: &mut Bench<'_>, what: &str, is_doubted: bool, who: &str, change: &dyn Fn(&mut Value)| {
        let picture = bench.service.picture();
        let first = bench.report("inspector01", std::slice::from_ref(&picture), |_| ());
        let second = bench.report(who, &[picture], |body| change(body));
        bench.case(format!("{what}: the first use"), first, false);
        bench.case(what, second, is_doubted);
    };
    let item = |body: &mut Value| body["item_code"] = json!("WM-02");
    let seen = move |ago: Duration| move |body: &mut Value| body["captured_at"] = json!(now.minus(ago).to_string());
    again(bench, "another item, the same look", false, "inspector01", &item);
    again(bench, "another item, an hour apart", false, "inspector01", &|body| {
        item(body);
        seen(HOUR)(body);
    });
    again(bench, "another item, a millisecond more", true, "inspector01", &|body| {
        item(body);
        seen(HOUR + MILLISECOND)(body);
    });
    again(bench, "the same item of the same look", true, "inspector01", &|_| ());
    again(bench, "another finder", true, "inspector02", &item);
    let lane = bench.service.point("990001-LANE-0001")["id"].clone();
    again(bench, "another place", true, "inspector01", &|body| {
        body["point_id"] = lane.clone();
        item(body);
    });
    let picture = bench.service.picture();
    let issue = bench.report("inspector01", &[picture.clone(), picture], |_| ());
    bench.case("twice in one report", issue, true);
}

/// Bits that differ: 4 anywhere, 8 within a unit. Source: domain §6.5.
fn photo_similar(bench: &mut Bench<'_>) {
    const BASES: [u64; 4] =
        [0x5a3c_0ff0_96c3_a55a, 0x1133_77ee_cc88_4411, 0xfe01_dc23_ba45_9867, 0x0f1e_2d3c_4b5a_6978];
    let apart = |bits: u64, distance: u32| (0..distance).fold(bits, |bits, number| bits ^ 1 << (number * 7 % 64));
    let mirrored = |bits| Fingerprint::from_bits(bits).mirrored().bits();
    let mut number = 0;
    let mut look = |bench: &Bench<'_>, bits: u64| {
        number += 1;
        bench.report("inspector01", &[pictures::jpeg_of_print(bits, number)], |_| ())
    };
    let (near, far) = (NEAR_ANYWHERE_MAX, NEAR_ANYWHERE_MAX + 1);
    for (base, bits, what, is_doubted) in [
        (BASES[0], apart(BASES[0], near), "four bits", true),
        (BASES[1], apart(BASES[1], far), "five bits", false),
        (BASES[2], mirrored(apart(BASES[2], near)), "four bits, mirrored", true),
        (BASES[3], mirrored(apart(BASES[3], far)), "five bits, mirrored", false),
    ] {
        let first = look(bench, base);
        bench.service.drain_jobs();
        let second = look(bench, bits);
        bench.service.drain_jobs();
        bench.case(format!("{what}: the first"), first, false);
        bench.case(what, second, is_doubted);
    }
    for (base, distance, unit, what, is_doubted) in [
        (!BASES[0], NEAR_SAME_UNIT_MAX, "U02", "eight bits within a unit", true),
        (!BASES[1], NEAR_SAME_UNIT_MAX + 1, "U02", "nine bits within a unit", false),
        (!BASES[2], NEAR_SAME_UNIT_MAX, "U01", "eight bits of two units", false),
    ] {
        let (first, second) = (look(bench, base), look(bench, apart(base, distance)));
        bench.service.drain_jobs();
        for (issue, unit) in [(first, "U02"), (second, unit)] {
            bench.service.step(issue, "office01", Action::Approve, &json!({"unit_id": bench.service.unit(unit)}));
        }
        bench.case(what, second, is_doubted);
    }
}

/// Half an hour. It is nine in the county, one in UTC.
fn photo_time_differs(bench: &mut Bench<'_>) {
    for (what, time, offset, is_doubted) in [
        ("half an hour before, by the county's clock", "2026:08:03 08:30:00", None, false),
        ("a second more, by the county's clock", "2026:08:03 08:29:59", None, true),
        ("half an hour after, by the county's clock", "2026:08:03 09:30:00", None, false),
        ("a second more after", "2026:08:03 09:30:01", None, true),
        ("half an hour before, told in UTC", "2026:08:03 00:30:00", Some("+00:00"), false),
        ("a second more, told in UTC", "2026:08:03 00:29:59", Some("+00:00"), true),
        ("nine o'clock, an hour to the east", "2026:08:03 09:00:00", Some("+09:00"), true),
        ("nine o'clock here, told west of UTC", "2026:08:02 20:00:00", Some("-05:00"), false),
    ] {
        let exif = Exif { date_time_original: Some(time), offset_time_original: offset, ..Exif::default() };
        bench.exif(what, is_doubted, &exif);
    }
    bench.exif("no time", false, &Exif { make: Some("Huawei"), ..Exif::default() });
}

/// The point's circle and 500 metres around it, to three centimetres.
fn photo_place_differs(bench: &mut Bench<'_>) {
    let (point, radius) = bench.market();
    // As the metadata tells it: thousandths of a second.
    let north = |thousandths: u32| f64::from(thousandths) / 3_600_000.0;
    let away = |thousandths| point.distance_m(&Location { lat: north(thousandths), ..point });
    let mut last = (point.lat * 3_600_000.0).round() as u32;
    while away(last + 1) <= radius + PHOTO_DISTANCE_MAX_M {
        last += 1;
    }
    for (what, thousandths, is_doubted) in [("the last within", last, false), ("the first beyond", last + 1, true)] {
        bench.exif(what, is_doubted, &Exif { gps: Some((north(thousandths), point.lon)), ..Exif::default() });
    }
    bench.exif("no place", false, &Exif { make: Some("Huawei"), ..Exif::default() });
}

fn photo_edited(bench: &mut Bench<'_>) {
    for (software, is_doubted) in
        [("Adobe Photoshop 25.0", true), ("MEITU 9.9", true), ("HUAWEI ANG-AN00 4.0.0.131", false), ("17.5.1", false)]
    {
        bench.exif(software, is_doubted, &Exif { software: Some(software), ..Exif::default() });
    }
}

fn photo_small(bench: &mut Bench<'_>) {
    let long = PHOTO_LONG_EDGE_MIN_PX;
    bench.photo("just long enough", false, pictures::jpeg(901, long, 100));
    bench.photo("just too short", true, pictures::jpeg(902, long - 1, long - 1));
    bench.photo("just high enough", false, pictures::jpeg(903, 100, long));
}

fn photo_no_preview(bench: &mut Bench<'_>) {
    bench.photo("one that cannot be decoded here", true, pictures::heic_overlay(&pictures::scene(9, 400, 300)));
    let picture = bench.service.picture();
    bench.photo("one that can", false, picture);
    bench.service.drain_jobs();
}

fn photo_unreadable(bench: &mut Bench<'_>) {
    // Whole in its structure, nonsense in its Huffman tables.
    let mut damaged = pictures::jpeg(9, 400, 300);
    let table = damaged.windows(2).position(|marker| marker == [0xff, 0xc4]).unwrap();
    let length = usize::from(u16::from_be_bytes([damaged[table + 2], damaged[table + 3]]));
    damaged[table + 4..table + 2 + length].fill(0xee);
    bench.photo("a damaged one", true, damaged.clone());
    let sound = pictures::jpeg(9, 400, 300);
    bench.photo("the same undamaged", false, sound);
    bench.service.drain_jobs();
    // Sent again, when it is known.
    bench.photo("the damaged one again", true, damaged);
}

/// A zone around the market, open until half past nine; it is nine.
fn permitted_zone(bench: &mut Bench<'_>) {
    let (point, _) = bench.market();
    let corner = |north: f64, east: f64| json!({"lat": point.lat + north, "lon": point.lon + east});
    let zone = json!({
        "corners": [corner(-0.001, -0.001), corner(0.001, -0.001), corner(0.0, 0.002)],
        "weekdays": 1, "from": "08:00:00", "to": "09:30:00", "goods": "蔬菜", "policy_no": "1号",
        "unit_id": bench.service.unit("U02"), "valid_from": null, "valid_to": null,
    });
    bench.service.sign_in("office01").put_json(&format!("/zones/{}", new_id()), &zone).expect(201);
    let stall = |at: &'static str, east: f64| {
        move |body: &mut Value| {
            (body["item_code"], body["captured_at"]) = (json!("WS-06"), json!(at));
            body["location"] = json!({"lat": point.lat, "lon": point.lon + east, "accuracy_m": 5.0});
        }
    };
    bench.field("at its first moment", true, stall("2026-08-03T08:00:00+08:00", 0.0));
    bench.field("just before", false, stall("2026-08-03T07:59:59.999+08:00", 0.0));
    bench.field("outside", false, stall("2026-08-03T09:00:00+08:00", 0.003));
    bench.field("on another day", false, stall("2026-08-02T09:00:00+08:00", 0.0));
    bench.field("no matter of stalls", false, |body| {
        stall("2026-08-03T09:00:00+08:00", 0.0)(body);
        body["item_code"] = json!("WM-07");
    });
}

/// 150 km/h. Source: domain §6.5. Days ago, so that no other finding is nearer in time.
fn impossible_travel(bench: &mut Bench<'_>) {
    let (point, _) = bench.market();
    let there = Location { lat: point.lat + 0.25, ..point };
    let distance = point.distance_m(&there);
    let enough = Duration::from_secs_f64((distance * 3.6 / 150.0).ceil());
    let day = Timestamp::parse("2026-07-20T08:00:00+08:00").unwrap();
    let at = |at: Timestamp, place: Location| {
        move |body: &mut Value| {
            body["captured_at"] = json!(at.to_string());
            body["location"] = json!({"lat": place.lat, "lon": place.lon});
        }
    };
    bench.field("the first", false, at(day, point));
    bench.field("just slow enough", false, at(day.plus(enough), there));
    bench.field("a second too fast", true, at(day.plus(enough * 2 - Duration::from_secs(1)), point));
    // What arrives late is compared with what came after it.
    let other_day = day.plus(DAY);
    bench.field("the later one, which arrives first", false, at(other_day, there));
    bench.field("the earlier one, an hour before", false, at(other_day.minus(HOUR), there));
    bench.field("between them, at another place", true, at(other_day.minus(Duration::from_secs(60)), point));
    let issue = bench.report("inspector02", &[bench.service.picture()], at(other_day, point));
    bench.case("another inspector", issue, false);
}

/// Numbers that somebody's phone is given now.
fn nonces(bench: &Bench<'_>, username: &str) -> Vec<Value> {
    let path = format!("/capture-nonces/{}", new_id());
    let given = bench.service.sign_in(username).send("PUT", &path, &[], None).expect(201);
    given.json["nonces"].as_array().unwrap().clone()
}

/// Only where the county expects one.
fn nonce_missing(bench: &mut Bench<'_>) {
    let set = |words: &str| {
        let body = json!({"capture_nonces": words}).to_string();
        let headers = [("content-type", "application/json")];
        bench.service.sign_in("admin").send("PATCH", "/settings", &headers, Some(body.as_bytes())).expect(200);
    };
    let report = |change: &dyn Fn(&mut Value)| bench.report("inspector01", &[bench.service.picture()], change);
    let nonce = nonces(bench, "inspector01").remove(0);
    let none = report(&|_| ());
    set("expected");
    let missing = report(&|_| ());
    let given = report(&|body| body["capture_nonce"] = nonce.clone());
    let on_a_visit = report(&|body| body["visit_id"] = json!(new_id()));
    set("optional");
    bench.case("none is expected", none, false);
    bench.case("one is expected", missing, true);
    bench.case("one is given", given, false);
    bench.case("its visit names one", on_a_visit, false);
}

fn nonce_unknown(bench: &mut Bench<'_>) {
    let (own, anothers) = (nonces(bench, "inspector01"), nonces(bench, "inspector02"));
    bench.field("an own one", false, |body| body["capture_nonce"] = own[0].clone());
    bench.field("somebody else's", true, |body| body["capture_nonce"] = anothers[0].clone());
    bench.field("one that was never given", true, |body| body["capture_nonce"] = json!(new_id()));
}

/// From when it is given, but for what a clock may be off, for 24 hours. Source: domain §6.4.
fn nonce_outdated(bench: &mut Bench<'_>) {
    let (given, now) = (nonces(bench, "inspector01"), bench.service.clock.now());
    for (number, what, at, is_doubted) in [
        (0, "at once", now, false),
        (1, "after a day", now.plus(DAY), false),
        (2, "after a day and a moment", now.plus(DAY).plus(Duration::from_secs(1)), true),
        (3, "five minutes before", now.minus(Duration::from_secs(300)), false),
        (4, "more than five minutes before", now.minus(Duration::from_secs(301)), true),
    ] {
        bench.field(what, is_doubted, |body| {
            body["capture_nonce"] = given[number].clone();
            body["captured_at"] = json!(at.to_string());
        });
    }
}

fn nonce_reused(bench: &mut Bench<'_>) {
    let given = nonces(bench, "inspector01");
    bench.field("the first time", false, |body| body["capture_nonce"] = given[0].clone());
    bench.field("the next one", false, |body| body["capture_nonce"] = given[1].clone());
    bench.field("again", true, |body| body["capture_nonce"] = given[0].clone());
}

/// Five times, hours apart. Source: our choice.
fn position_repeated(bench: &mut Bench<'_>) {
    let day = Timestamp::parse("2026-07-10T08:00:00+08:00").unwrap();
    let at = |hours: u32, lat: f64| {
        move |body: &mut Value| {
            body["captured_at"] = json!(day.plus(HOUR * hours).to_string());
            body["location"] = json!({"lat": lat, "lon": 107.123_456});
        }
    };
    for time in 1..=4 {
        bench.field(&format!("time {time}"), false, at(time * 2, 31.123_456));
    }
    bench.field("the fifth time, a millionth of a degree away", false, at(10, 31.123_457));
    bench.field("the fifth time", true, at(12, 31.123_456));
}

fn from_album(bench: &mut Bench<'_>) {
    bench.field("taken for the report", false, |body| body["photos"][0]["from_album"] = json!(false));
    bench.field("chosen from the album", true, |body| body["photos"][0]["from_album"] = json!(true));
}

/// An issue of the market with a photo of these bits, fixed with photos of those bits from the same angle; and whether
/// the photos of the fix were drawn before the fix was reported.
fn fixed(bench: &Bench<'_>, found: u64, fix: u64, number: u64, is_drawn_before: bool) -> Uuid {
    let issue = bench.report("inspector01", &[pictures::jpeg_of_print(found, number)], |_| ());
    bench.service.drain_jobs();
    bench.service.steps(issue, &[Action::Approve, Action::Release, Action::SignIn]);
    let unit = bench.service.sign_in("unit02");
    let photos = ["same-angle", "wide"].map(|view| {
        let id = new_id();
        // The wide one has nothing in common with anything.
        let bits = if view == "wide" { 0x6996_9669_3cc3_c33c } else { fix };
        unit.put_photo(id, &pictures::jpeg_of_print(bits, number + 1 + u64::from(view == "wide"))).expect(201);
        json!({"id": id, "view": view})
    });
    if is_drawn_before {
        bench.service.drain_jobs();
    }
    let body = json!({"measure": "已清走", "remedy": "quick", "photos": photos});
    bench.service.step(issue, "unit02", Action::ReportFix, &body);
    bench.service.drain_jobs();
    issue
}

/// The first bits of 64 differ.
fn apart(bits: u64, distance: u32) -> u64 {
    (0..distance).fold(bits, |bits, number| bits ^ 1 << (number * 7 % 64))
}

fn fix_alike(bench: &mut Bench<'_>) {
    for (number, (what, distance, is_drawn_before, is_doubted)) in (0..).zip([
        ("two bits", 2, true, true),
        ("two bits, drawn later", 2, false, true),
        ("three bits", 3, true, false),
    ]) {
        let found = 0x1234_5678_9abc_def0_u64.rotate_left(number as u32 * 9);
        let issue = fixed(bench, found, apart(found, distance), 2_000 + number * 10, is_drawn_before);
        bench.case(what, issue, is_doubted);
        bench.service.pass(HOUR);
    }
}

fn fix_unlike(bench: &mut Bench<'_>) {
    for (number, (what, distance, is_doubted)) in (0..).zip([("forty bits", 40, true), ("thirty-nine", 39, false)]) {
        let found = 0x0fed_cba9_8765_4321_u64.rotate_left(number as u32 * 9);
        let issue = fixed(bench, found, apart(found, distance), 3_000 + number * 10, true);
        bench.case(what, issue, is_doubted);
        bench.service.pass(HOUR);
    }
}

/// Five within three minutes, of which two are more than a kilometre apart.
fn closing_burst(bench: &mut Bench<'_>) {
    let change = json!({"burst_fixes_min": 3}).to_string();
    let admin = bench.service.sign_in("admin");
    admin.send("PATCH", "/settings", &[("content-type", "application/json")], Some(change.as_bytes())).expect(200);
    let points = bench.service.sign_in("office01").get("/points?limit=200").expect(200).json;
    let (market, _) = bench.market();
    let place = |point: &Value| -> Option<Location> {
        let degrees = |field: &str| point["location"][field].as_f64();
        Some(Location { lat: degrees("lat")?, lon: degrees("lon")?, accuracy_m: None })
    };
    let far = points["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|point| place(point).is_some_and(|place| place.distance_m(&market) > 1_000.0));
    let far = far.expect("a point more than a kilometre from the market")["id"].clone();
    let mut issues: Vec<Uuid> = Vec::new();
    for number in 0..4 {
        let issue = bench.report("inspector02", &[bench.service.picture()], |body| {
            body["item_code"] = json!("WM-02");
            if number % 2 == 1 {
                body["point_id"] = far.clone();
            }
        });
        bench.service.steps(issue, &[Action::Approve, Action::Release, Action::SignIn]);
        issues.push(issue);
    }
    bench.service.pass(HOUR);
    let minutes = |count: u32| Duration::from_secs(60) * count;
    for (number, issue) in issues.into_iter().enumerate() {
        bench.service.steps(issue, &[Action::ReportFix]);
        // At 0, 1½, 3 and 4½ minutes: the first three are within three minutes, and so are the last three.
        bench.case(format!("fix {number}"), issue, number >= 2);
        bench.service.pass(minutes(3) / 2);
    }
}

/// What is severe, has relapsed or is doubted is checked on site. Source: domain rule T10.
fn desk_check(bench: &mut Bench<'_>) {
    let (mut seed, mut shift) = (500, 0_u8);
    // Long enough to raise no doubt of their own.
    let mut picture = move || {
        seed += 1;
        pictures::jpeg(seed, PHOTO_LONG_EDGE_MIN_PX, 160)
    };
    let unit = bench.service.sign_in("unit02");
    // Each later one at a place and item relapses from the one before.
    for (what, (place, item), severity, is_flagged, on_site, is_doubted) in [
        ("a medium one at the desk", (MARKET, "WM-07"), "medium", false, false, false),
        ("a relapse at the desk", (MARKET, "WM-07"), "medium", false, false, true),
        ("a relapse on site", (MARKET, "WM-07"), "medium", false, true, false),
        ("a severe one at the desk", (MARKET, "WM-02"), "high", false, false, true),
        ("a severe one on site", ("990001-LANE-0001", "WM-02"), "high", false, true, false),
        ("a doubted one at the desk", ("990001-LANE-0001", "WM-05"), "medium", true, false, true),
    ] {
        // No two of them are measured at one position.
        shift += 1;
        let point = bench.service.point(place);
        let mut location = point["location"].clone();
        location["lat"] = json!(location["lat"].as_f64().unwrap() + f64::from(shift) * 1e-5);
        let issue = bench.report("inspector01", &[picture(), picture()], |body| {
            body["point_id"] = point["id"].clone();
            body["location"] = if is_flagged { Value::Null } else { location.clone() };
            (body["item_code"], body["severity"]) = (json!(item), json!(severity));
        });
        bench.service.steps(issue, &[Action::Approve, Action::Release, Action::SignIn]);
        let photos: Vec<Value> = ["same-angle", "wide"]
            .into_iter()
            .map(|view| {
                let id = new_id();
                unit.put_photo(id, &picture()).expect(201);
                json!({"id": id, "view": view})
            })
            .collect();
        let fix = json!({"measure": "已清走", "remedy": "quick", "photos": photos});
        bench.service.step(issue, "unit02", Action::ReportFix, &fix);
        bench.service.step(issue, "office01", Action::Pass, &json!({"on_site": on_site, "note": "照片清楚"}));
        bench.service.pass(DAY);
        bench.case(what, issue, is_doubted);
    }
}

/// The cases of a kind; a kind without any does not compile.
fn cases_of(code: FlagCode) -> fn(&mut Bench<'_>) {
    match code {
        FlagCode::OutsideGeofence => outside_geofence,
        FlagCode::LocationUnknown => location_unknown,
        FlagCode::ClockSkew => clock_skew,
        FlagCode::Late => late,
        FlagCode::HandedIn => handed_in,
        FlagCode::ViewMissing => view_missing,
        FlagCode::PhotoReused => photo_reused,
        FlagCode::PhotoSimilar => photo_similar,
        FlagCode::PhotoTimeDiffers => photo_time_differs,
        FlagCode::PhotoPlaceDiffers => photo_place_differs,
        FlagCode::PhotoEdited => photo_edited,
        FlagCode::PhotoSmall => photo_small,
        FlagCode::PhotoNoPreview => photo_no_preview,
        FlagCode::PhotoUnreadable => photo_unreadable,
        FlagCode::PermittedZone => permitted_zone,
        FlagCode::ImpossibleTravel => impossible_travel,
        FlagCode::PositionRepeated => position_repeated,
        FlagCode::FromAlbum => from_album,
        FlagCode::FixAlike => fix_alike,
        FlagCode::FixUnlike => fix_unlike,
        FlagCode::ClosingBurst => closing_burst,
        FlagCode::NonceMissing => nonce_missing,
        FlagCode::NonceUnknown => nonce_unknown,
        FlagCode::NonceOutdated => nonce_outdated,
        FlagCode::NonceReused => nonce_reused,
        FlagCode::DeskCheck => desk_check,
    }
}

on_both! {
    fn each_doubt_is_raised_over_its_line_and_not_on_it(db: TestDb) {
        let service = Service::start(db);
        let mut wrong = Vec::new();
        // Those that let time pass come last: the others tell of this day at nine.
        let last = [FlagCode::Late, FlagCode::DeskCheck, FlagCode::FixAlike, FlagCode::FixUnlike, FlagCode::ClosingBurst];
        for code in FlagCode::ALL.iter().filter(|code| !last.contains(code)).chain(&last) {
            let mut bench = Bench { service: &service, cases: Vec::new() };
            cases_of(*code)(&mut bench);
            for expected in [true, false] {
                assert!(bench.cases.iter().any(|(.., is_doubted)| *is_doubted == expected), "{code}: no case for {expected}");
            }
            for (what, issue, is_doubted) in bench.cases {
                let read = service.sign_in("office01").read(issue).json;
                let told = read["flags"].as_array().unwrap().iter().any(|flag| flag["code"] == code.as_str());
                let counted = read["flag_codes"].as_array().unwrap().contains(&json!(code.as_str()));
                if told != is_doubted || counted != is_doubted {
                    wrong.push(format!("{code}, {what}: {}", if told { "doubted" } else { "not doubted" }));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
