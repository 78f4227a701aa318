//! Similar photos: found among many, reported in small numbers (ADR 0015).

use std::collections::BTreeSet;
use std::fmt::Write as _;

use std::time::Duration;

use anfang::domain::digest::Digest;
use anfang::domain::evidence::DOUBTS_PER_PHOTO_MAX;
use anfang::domain::fingerprint::{BANDS_ANYWHERE, Fingerprint};
use anfang::domain::ids::UnitId;
use anfang::domain::issue::Action;
use anfang::domain::time::Timestamp;
use anfang::store::fingerprints::{self, CROWD_MAX};
use diesel::connection::SimpleConnection;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::source;
use crate::support::backend::{Backend, TestDb};
use crate::support::db_schema;
use crate::support::pictures;
use crate::support::rows;
use crate::support::service::{DAY, Service, new_id};

/// Bits that look random.
fn numbers(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// `bits` with this many of them changed, spread over all.
fn apart(bits: u64, distance: u32) -> u64 {
    (0..distance).fold(bits, |bits, number| bits ^ 1 << (number * 7 % 64))
}

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros)
}

fn flags(issue: &Value, code: &str) -> Vec<Value> {
    issue["flags"].as_array().unwrap().iter().filter(|flag| flag["code"] == code).cloned().collect()
}

/// A report of one photo of this look, made by `inspector` a day after the last, rendered: its id and the photo's.
fn report(service: &Service, inspector: &str, bits: u64, number: u64) -> (Uuid, Uuid) {
    service.pass(DAY);
    let (client, photo, issue) = (service.sign_in(inspector), new_id(), new_id());
    client.put_photo(photo, &pictures::jpeg_of_print(bits, number)).expect(201);
    client.put_json(&format!("/issues/{issue}"), &service.report_body(&[photo])).expect(201);
    service.drain_jobs();
    (issue, photo)
}

fn similar_to(service: &Service, issue: Uuid) -> Vec<(String, String)> {
    let issue = service.sign_in("office01").read(issue).json;
    let told = flags(&issue, "photo-similar");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    told.iter().map(|flag| (text(&flag["detail"]), text(&flag["refers_to"]["photo_id"]))).collect()
}

fn count(db: &TestDb, sql: &str) -> i64 {
    let listed = match db.backend() {
        Backend::Sqlite => "json_group_array(n)",
        Backend::Postgres => "CAST(json_agg(n) AS TEXT)",
    };
    let one = format!("SELECT {listed} AS json FROM (SELECT ({sql}) AS n) q");
    db_schema::query(&mut db.connect(), &one)[0].as_i64().unwrap()
}

fn sql_bytes(service: &Service, id: Uuid) -> String {
    match service.db.backend() {
        Backend::Sqlite => format!("x'{}'", id.simple()),
        Backend::Postgres => format!("'\\x{}'::bytea", id.simple()),
    }
}

/// Inserts this many similar photos of one issue directly into the database.
fn put_alike(service: &Service, issue: Uuid, count: u32, bits: u64) {
    let (hex, series) = match service.db.backend() {
        Backend::Sqlite => (
            "CAST(printf('%032d', n) AS BLOB)",
            format!("WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {count})"),
        ),
        Backend::Postgres => (
            "convert_to(lpad(CAST(n AS TEXT), 32, '0'), 'UTF8')",
            format!("WITH counted (n) AS (SELECT generate_series(1, {count}))"),
        ),
    };
    let (id, issue) = (hex.replace("32", "16"), sql_bytes(service, issue));
    let bits = bits.cast_signed();
    let mut conn = service.database();
    conn.batch_execute(&format!(
        "INSERT INTO blobs (sha256, size_bytes, media_type, orientation, exif, fingerprint, rendered_at, scrubbed_at, created_at, indexed_at)
             {series} SELECT {hex}, 1, 'image/jpeg', 1, '{{}}', {bits}, 0, 0, 0, 0 FROM counted;
         INSERT INTO photos (id, sha256, uploader_id, received_at, claimed_at)
             {series} SELECT {id}, {hex}, (SELECT uploader_id FROM photos LIMIT 1), 0, 0 FROM counted;
         INSERT INTO issue_photos (issue_id, photo_id, stage, round, view, position)
             {series} SELECT {issue}, {id}, 'found', 1, 'detail', n FROM counted;"
    ))
    .unwrap_or_else(|error| panic!("{error}"));
    fingerprints::note(&mut conn, &Digest::of(&[]), Some(Fingerprint::from_bits(bits.cast_unsigned())), at(0)).unwrap();
}

/// A base whose mirror image is far from it.
const BASE: u64 = 0x5a3c_0ff0_96c3_a55a;

on_both! {
    /// Compared with measuring every pair.
    fn what_is_near_is_found_and_nothing_else(db: TestDb) {
        let mut conn = db.connect();
        rows::one_issue(&mut conn, db.backend());
        let (unit, mut next) = (UnitId(Uuid::from_bytes([1; 16])), numbers(1));
        let mut all = Vec::new();
        conn.batch_execute("BEGIN").unwrap();
        for base in 0..150 {
            let bits = next();
            for distance in 0..12 {
                let flipped = (0..distance).fold(bits, |bits, _| bits ^ 1 << (next() % 64));
                let print = Fingerprint::from_bits(if base % 3 == 0 { Fingerprint::from_bits(flipped).mirrored().bits() } else { flipped });
                let digest = Digest::of(&print.bits().to_be_bytes());
                fingerprints::note(&mut conn, &digest, Some(print), at(base)).unwrap();
                fingerprints::note_for_unit(&mut conn, unit, print, at(base)).unwrap();
                all.push((Fingerprint::from_bits(bits), print));
            }
        }
        conn.batch_execute("COMMIT").unwrap();
        for (base, _) in all.iter().step_by(12) {
            for unit in [None, Some(unit)] {
                let near: BTreeSet<_> = all
                    .iter()
                    .map(|(_, print)| (base.likeness(*print), *print))
                    .filter(|(likeness, _)| likeness.is_near(unit.is_some()))
                    .chain([*base, base.mirrored()].map(|own| (base.likeness(own), own)))
                    .collect();
                let found = fingerprints::near(&mut conn, *base, unit).unwrap();
                assert!(found.is_sorted(), "nearest first");
                assert_eq!(found.into_iter().collect::<BTreeSet<_>>(), near);
            }
        }
    }

    fn a_crowded_key_keeps_its_newest(db: TestDb) {
        let mut conn = db.connect();
        let [(_, _), (_, _), (kept, _)] = *BANDS_ANYWHERE.recipes().collect::<Vec<_>>() else { panic!("three bands") };
        // All alike in the bits of one band, far apart in the others.
        let mut next = numbers(2);
        conn.batch_execute("BEGIN").unwrap();
        let crowd = usize::try_from(CROWD_MAX).unwrap() + 40;
        let prints: Vec<Fingerprint> =
            (0..crowd).map(|_| Fingerprint::from_bits(BASE & kept | next() & !kept)).collect();
        for (when, print) in (0..).zip(&prints) {
            fingerprints::note(&mut conn, &Digest::of(b""), Some(*print), at(when)).unwrap();
        }
        conn.batch_execute("COMMIT").unwrap();
        let key = BANDS_ANYWHERE.keys(prints[0])[2];
        let of_key = format!("SELECT count(*) FROM fingerprint_bands WHERE band_key = {key}");
        assert_eq!(count(&db, &of_key), CROWD_MAX);
        let oldest = format!("SELECT min(noted_at) FROM fingerprint_bands WHERE band_key = {key}");
        assert_eq!(count(&db, &oldest), 40);
        // One that comes again is new again, and is there once.
        fingerprints::note(&mut conn, &Digest::of(b""), Some(prints[3]), at(1_000)).unwrap();
        assert_eq!(count(&db, &of_key), CROWD_MAX);
        assert_eq!(count(&db, &oldest), 41);
        // What a crowd pushed out of one key is found by its others.
        let found = fingerprints::near(&mut conn, Fingerprint::from_bits(apart(prints[0].bits(), 2)), None).unwrap();
        assert!(found.iter().any(|(_, print)| *print == prints[0]), "{found:?}");
    }

    fn a_mirrored_copy_is_doubted(db: TestDb) {
        let service = Service::start(db);
        let mirror = Fingerprint::from_bits(BASE).mirrored().bits();
        assert!(Fingerprint::from_bits(BASE).distance(Fingerprint::from_bits(mirror)) > 20);
        let (_, first) = report(&service, "inspector01", BASE, 1);
        let (near, _) = report(&service, "inspector02", apart(mirror, 4), 2);
        assert_eq!(similar_to(&service, near), [("4/64, mirrored".to_owned(), first.to_string())]);
        let (far, _) = report(&service, "inspector02", apart(mirror, 5), 3);
        // One bit from the second, which is not mirrored.
        assert_eq!(similar_to(&service, far).iter().filter(|(detail, _)| detail.contains("mirrored")).count(), 0);
    }

    /// A report has no unit yet: its photos are compared with the unit's when it gets one.
    fn photos_of_a_unit_are_compared_more_loosely_once_they_are_its_own(db: TestDb) {
        let service = Service::start(db);
        let (first, first_photo) = report(&service, "inspector01", BASE, 1);
        let (eight, eight_photo) = report(&service, "inspector02", apart(BASE, 8), 2);
        let (nine, _) = report(&service, "inspector02", apart(BASE, 9), 3);
        assert!(similar_to(&service, eight).is_empty());
        let to = |issue, unit: &str| {
            service.step(issue, "office01", Action::Approve, &json!({"unit_id": service.unit(unit)}));
        };
        to(first, "U02");
        assert!(similar_to(&service, first).is_empty(), "it is alone there");
        to(eight, "U01");
        assert!(similar_to(&service, eight).is_empty(), "another unit's");
        to(nine, "U02");
        let to_first = |issue| similar_to(&service, issue).into_iter().filter(|(_, photo)| *photo == first_photo.to_string()).count();
        assert_eq!(to_first(nine), 0);
        let (again, again_photo) = report(&service, "inspector02", apart(BASE, 8), 4);
        to(again, "U02");
        assert_eq!(to_first(again), 1);
        let told = similar_to(&service, again);
        assert!(told.contains(&("8/64".to_owned(), first_photo.to_string())), "{told:?}");
        assert_eq!(told[0], ("0/64".to_owned(), eight_photo.to_string()), "the nearest first");
        assert_ne!(again_photo, first_photo);
    }

    /// Before there was a bound, the last of a thousand had a thousand doubts, and a page of them weighed megabytes.
    fn a_thousand_alike_give_few_doubts_and_light_pages(db: TestDb) {
        const ISSUE_BYTES_MAX: usize = 6_000;
        let service = Service::start(db);
        let (crowded, _) = report(&service, "inspector02", !BASE, 0);
        put_alike(&service, crowded, 1_000, BASE);
        // The thousand photos belong to one issue, which is then not among the latest.
        service.pass(Duration::from_secs(60));
        let inspector = service.sign_in("inspector01");
        let mut issues = Vec::new();
        for report in 0..6 {
            let photos: Vec<Uuid> = (0..5)
                .map(|number| {
                    let photo = new_id();
                    // A bit or two off, as copies of copies are.
                    let jpeg = pictures::jpeg_of_print(BASE ^ (number % 3), report * 5 + number);
                    inspector.put_photo(photo, &jpeg).expect(201);
                    photo
                })
                .collect();
            let issue = new_id();
            inspector.put_json(&format!("/issues/{issue}"), &service.report_body(&photos)).expect(201);
            service.drain_jobs();
            issues.push((issue, photos));
        }
        let office = service.sign_in("office01");
        for (issue, photos) in &issues {
            let read = office.read(*issue).json;
            for photo in photos {
                let mut about = flags(&read, "photo-similar");
                about.retain(|flag| flag["photo_id"] == photo.to_string());
                assert_eq!(about.len(), DOUBTS_PER_PHOTO_MAX, "{photo} of {photos:?}");
                let details: Vec<&str> = about.iter().map(|flag| flag["detail"].as_str().unwrap()).collect();
                let bits_apart: Vec<u32> =
                    details.iter().map(|detail| detail.split('/').next().unwrap().parse().unwrap()).collect();
                assert!(bits_apart.is_sorted(), "the nearest first: {details:?}");
                let more = details.last().unwrap().split("at least ").nth(1).and_then(|rest| rest.split(' ').next());
                assert!(more.is_some_and(|count| count.parse::<u32>().unwrap() > 100), "{details:?}");
            }
        }
        for (who, path) in [("office01", "/issues?limit=6"), ("inspector01", "/issues?limit=200")] {
            let page = service.sign_in(who).get(path).expect(200);
            let listed = page.json["items"].as_array().unwrap();
            assert_eq!(listed.len(), issues.len());
            assert!(page.bytes.len() < issues.len() * ISSUE_BYTES_MAX, "{who}: {} bytes", page.bytes.len());
            for issue in listed {
                assert!(issue.get("flags").is_none(), "{who}");
                assert!(issue["flag_codes"].as_array().unwrap().contains(&json!("photo-similar")), "{who}");
            }
        }
    }

    /// The same bytes many times: the first uses are reported.
    fn a_photo_used_a_hundred_times_is_told_of_the_first(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let jpeg = pictures::jpeg_of_print(BASE, 1);
        let mut used: Vec<(Uuid, Uuid)> = Vec::new();
        for _ in 0..30 {
            let (photo, issue) = (new_id(), new_id());
            inspector.put_photo(photo, &jpeg).expect(201);
            inspector.put_json(&format!("/issues/{issue}"), &service.report_body(&[photo])).expect(201);
            service.pass(DAY);
            used.push((issue, photo));
        }
        let office = service.sign_in("office01");
        let told = flags(&office.read(used[29].0).json, "photo-reused");
        let photos: Vec<&Value> = told.iter().map(|flag| &flag["refers_to"]["photo_id"]).collect();
        let first: Vec<String> = used[..DOUBTS_PER_PHOTO_MAX].iter().map(|(_, photo)| photo.to_string()).collect();
        assert_eq!(photos, first.iter().collect::<Vec<_>>());
        assert_eq!(told.last().unwrap()["detail"], "26 more");
        // The doubts of the earlier use do not change: nothing came before it.
        assert!(flags(&office.read(used[0].0).json, "photo-reused").is_empty());
    }

    /// What was noted without a bound is cut where it is read; nothing that was noted is thrown away.
    fn the_many_doubts_of_old_are_told_as_few(db: TestDb) {
        let service = Service::start(db);
        let (issue, photo) = report(&service, "inspector01", BASE, 1);
        let (earlier, _) = report(&service, "inspector02", !BASE, 2);
        let bytes = |id: Uuid| sql_bytes(&service, id);
        let mut sql = String::new();
        for number in 0..1_004 {
            let other = Uuid::from_u128(number + 1);
            writeln!(
                sql,
                "INSERT INTO issue_flags (issue_id, code, subject, detail, photo_id, refers_to_issue, refers_to_photo, raised_at)
                 VALUES ({}, 'photo-similar', '{}/{}', '{}/64', {}, {}, {}, 0);",
                bytes(issue), photo.simple(), other.simple(), 8 - number % 9, bytes(photo), bytes(earlier), bytes(other)
            )
            .unwrap();
        }
        service.database().batch_execute(&sql).unwrap();
        let office = service.sign_in("office01");
        let read = office.read(issue);
        assert!(read.bytes.len() < 10_000, "{} bytes", read.bytes.len());
        let details: Vec<String> = similar_to(&service, issue).into_iter().map(|(detail, _)| detail).collect();
        assert_eq!(details, ["0/64", "0/64", "0/64, 1001 more"]);
        assert_eq!(read.json["flags_count"].as_i64().unwrap(), 1_004 + i64::try_from(read.json["flags"].as_array().unwrap().len() - 3).unwrap());
        // Another look at the same photo adds nothing to what is full.
        service.step(issue, "office01", Action::Approve, &json!({"unit_id": service.unit("U02")}));
        assert_eq!(similar_to(&service, issue).len(), DOUBTS_PER_PHOTO_MAX);
    }

    /// SQLite takes 32,766 values in a statement: at some four million photos no report could be stored any more.
    fn forty_thousand_alike_refuse_no_report(db: TestDb) {
        let service = Service::start(db);
        // The many photos belong to an issue that is not read here: its answer would be larger than any list.
        let (crowded, _) = report(&service, "inspector01", 1, 0);
        let (first, _) = report(&service, "inspector01", BASE, 1);
        put_alike(&service, crowded, 40_000, BASE);
        let (later, _) = report(&service, "inspector02", apart(BASE, 1), 2);
        assert_eq!(similar_to(&service, later).len(), DOUBTS_PER_PHOTO_MAX);
        assert!(similar_to(&service, first).is_empty());
    }

    fn photos_from_before_the_index_are_found_once_it_is_made(db: TestDb) {
        let service = Service::start(db);
        let (mut earlier, mut next) = (Vec::new(), numbers(3));
        let looks: Vec<u64> = (0..120).map(|_| next()).collect();
        for (number, look) in (0..).zip(&looks) {
            let photo = new_id();
            let client = service.sign_in("inspector01");
            client.put_photo(photo, &pictures::jpeg_of_print(*look, number)).expect(201);
            let issue = new_id();
            client.put_json(&format!("/issues/{issue}"), &service.report_body(&[photo])).expect(201);
            earlier.push((issue, photo));
        }
        service.drain_jobs();
        service.step(earlier[7].0, "office01", Action::Approve, &json!({"unit_id": service.unit("U02")}));
        let bands = |table: &str| count(&service.db, &format!("SELECT count(*) FROM {table}"));
        let (whole, of_units) = (bands("fingerprint_bands"), bands("unit_fingerprint_bands"));
        assert!(whole > 100 && of_units == 5);
        // As the schema's step leaves them.
        let mut conn = service.database();
        conn.batch_execute("DELETE FROM fingerprint_bands; DELETE FROM unit_fingerprint_bands; UPDATE blobs SET indexed_at = NULL").unwrap();
        // Killed halfway: the first batch stays, and the next run continues after it.
        let done = service.block_on(async |app| anfang::app::upkeep::index_fingerprints(app).await.unwrap());
        assert!(done.more && done.done < 120, "{done:?}");
        assert!(bands("fingerprint_bands") < whole);
        service.pass(DAY);
        service.drain_jobs();
        assert_eq!((bands("fingerprint_bands"), bands("unit_fingerprint_bands")), (whole, of_units));
        assert_eq!(count(&service.db, "SELECT count(*) FROM blobs WHERE indexed_at IS NULL"), 0);
        let again = service.block_on(async |app| anfang::app::upkeep::index_fingerprints(app).await.unwrap());
        assert_eq!((again.done, again.more), (0, false));
        let (later, _) = report(&service, "inspector02", apart(looks[7], 3), 1_000);
        assert_eq!(similar_to(&service, later), [("3/64".to_owned(), earlier[7].1.to_string())]);
    }

    fn what_is_forgotten_is_found_no_more(db: TestDb) {
        let service = Service::start(db);
        let inspector = service.sign_in("inspector01");
        let send = |bits, number| inspector.put_photo(new_id(), &pictures::jpeg_of_print(bits, number)).expect(201);
        send(BASE, 1);
        send(!BASE, 2);
        let (_, kept) = report(&service, "inspector01", BASE, 3);
        service.drain_jobs();
        assert_eq!(count(&service.db, "SELECT count(*) FROM fingerprint_bands"), 6);
        service.pass(DAY * 8);
        service.drain_jobs();
        // The look of the photo that is used stays; it has one band row a band.
        assert_eq!(count(&service.db, "SELECT count(*) FROM blobs"), 1);
        assert_eq!(count(&service.db, "SELECT count(*) FROM fingerprint_bands"), 3);
        let (later, _) = report(&service, "inspector02", BASE, 4);
        assert_eq!(similar_to(&service, later), [("0/64".to_owned(), kept.to_string())]);
    }
}

/// A list that grows with what is stored must not grow a statement: the lists of `eq_any` and `ne_all` in the store
/// are pieces (`some`), keys of a fixed number, or words of a closed set.
#[test]
fn no_statement_grows_with_what_is_stored() {
    const BOUNDED: [&str; 19] = [
        "some",
        // A query in the query.
        "off_the_list()",
        "&keys",
        "BANDS_ANYWHERE.keys(print)",
        "states",
        "State::OWING",
        "State::SETTLED",
        "states.iter().copied()",
        "UNREVIEWED",
        "BatchState::FINAL",
        "actions",
        "pending",
        "kinds",
        // Questions inside the statement, not lists.
        "asked",
        "held",
        // At most 5,000, see `app::issues::list::POINTS_MAX`.
        "q_points",
        // At most as many as one turn of upkeep forgets.
        "ended",
        "over",
        "old",
    ];
    let unbounded = |text: &str| -> Vec<String> {
        let calls = ["eq_any(", "ne_all("].iter().flat_map(|call| text.match_indices(call));
        calls
            .map(|(at, call)| {
                let rest = &text[at + call.len()..];
                let mut depth = 1;
                let end = rest.find(|sign: char| {
                    depth += i32::from(sign == '(') - i32::from(sign == ')');
                    depth == 0
                });
                rest[..end.unwrap()].to_owned()
            })
            .filter(|list| !BOUNDED.contains(&list.as_str()))
            .collect()
    };
    assert_eq!(unbounded("photos::id.eq_any(&ids)).filter(x.ne_all(some))"), ["&ids"], "the rule bites");
    let files = source::files("src/store");
    assert!(files.iter().any(|file| file.code.contains("eq_any(some)")), "nothing was looked at");
    for file in files {
        assert_eq!(unbounded(&file.code), Vec::<String>::new(), "{}: chunk it (`dialect::each_some`)", file.path);
    }
}
