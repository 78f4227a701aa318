//! Settings of a county, and warnings about missing ones: how far capture times may differ, working hours from the
//! command line, years without imported holidays.

use std::net::SocketAddr;
use std::time::Duration;

use anfang::domain::issue::{Action, State};
use anfang::domain::time::Clock as _;
use anfang::http::ServerOptions;
use serde_json::{Value, json};

use crate::startup::{anfang, folder, refuses, text};
use crate::support::pictures::Exif;
use crate::support::service::{DAY, Service, new_id};

const MINUTE: Duration = Duration::from_secs(60);

fn doubts(service: &Service, issue: uuid::Uuid, code: &str) -> usize {
    let read = service.sign_in("office01").read(issue).json;
    read["flags"].as_array().unwrap().iter().filter(|flag| flag["code"] == code).count()
}

/// A report of something found so many minutes ahead of the service's clock, or behind it.
fn found(service: &Service, minutes: i32, exif: &Exif) -> uuid::Uuid {
    let (inspector, photo, issue) = (service.sign_in("inspector01"), new_id(), new_id());
    inspector.put_photo(photo, &exif.put_into_jpeg(&service.picture())).expect(201);
    let mut body = service.report_body(&[photo]);
    let (now, apart) = (service.clock.now(), MINUTE * minutes.unsigned_abs());
    body["captured_at"] = json!(if minutes < 0 { now.minus(apart) } else { now.plus(apart) }.to_string());
    inspector.put_json(&format!("/issues/{issue}"), &body).expect(201);
    issue
}

on_both! {
    fn the_names_of_county_and_office_stand_on_paper(db: TestDb) {
        let service = Service::start(db);
        let set = |name: &str, body: Value| {
            let headers = [("content-type", "application/json")];
            service.sign_in(name).send("PATCH", "/settings", &headers, Some(body.to_string().as_bytes()))
        };
        let read = |name: &str| service.sign_in(name).get("/reference").expect(200);
        let before = read("unit01");
        assert_eq!((&before.json["county_name"], &before.json["office_name"]), (&json!(""), &json!("")));
        let names = json!({"county_name": " 示范县\u{200b}", "office_name": "示范县委督查室"});
        set("office01", names.clone()).refused(403, "forbidden");
        set("admin", names).expect(200);
        for reader in ["unit01", "office01", "inspector01"] {
            let told = read(reader).json;
            assert_eq!((&told["county_name"], &told["office_name"]), (&json!("示范县"), &json!("示范县委督查室")));
        }
        assert_ne!(read("unit01").header("etag"), before.header("etag"));
        for wrong in [json!("县".repeat(31)), json!("示\n县"), json!(1), Value::Null] {
            let refused = set("admin", json!({"county_name": wrong})).refused(422, "invalid-fields").json;
            assert_eq!(refused["errors"][0]["pointer"], "/county_name");
        }
    }

    fn a_county_can_ask_for_a_photo_or_a_reason_from_whoever_passes_on_site(db: TestDb) {
        let service = Service::start(db);
        let [as_before, bare, noted, shown] = [(); 4].map(|()| service.drive_to(State::Reported));
        let pass = |issue, body: Value| {
            let office = service.sign_in("office01");
            let version = office.read(issue).version();
            office.act(issue, Action::Pass.as_str(), version, &body)
        };
        pass(as_before, json!({"on_site": true})).expect(200);
        let headers = [("content-type", "application/json")];
        let setting = json!({"on_site_evidence": "required"}).to_string();
        service.sign_in("admin").send("PATCH", "/settings", &headers, Some(setting.as_bytes())).expect(200);
        for note in [Value::Null, json!(" \u{3000}")] {
            let refused = pass(bare, json!({"on_site": true, "note": note})).refused(422, "invalid-fields");
            assert_eq!(refused.json["errors"][0]["pointer"], "/photos");
        }
        pass(noted, json!({"on_site": true, "note": "相机坏了，已口头核实"})).expect(200);
        let photo = service.sign_in("office01").send_photo();
        pass(shown, json!({"on_site": true, "photos": [{"id": photo, "view": "wide"}]})).expect(200);
        // Nobody who did not go there has anything to show.
        pass(bare, json!({"on_site": false, "note": "视频连线核查"})).expect(200);
    }

    fn how_far_a_capture_may_be_off_can_be_set(db: TestDb) {
        let service = Service::start(db);
        let set = |body: Value| {
            let headers = [("content-type", "application/json")];
            service.sign_in("admin").send("PATCH", "/settings", &headers, Some(body.to_string().as_bytes()))
        };
        // The service's clock stands at 15:00 in the county; the camera's has no zone.
        let taken = |time| Exif { date_time_original: Some(time), ..Exif::default() };
        let local = anfang::domain::time::Timestamp::parse("2026-08-03T15:00:00+08:00").unwrap();
        service.pass(local.since(service.clock.now()));
        let outcome = || {
            let ahead = [5, 6, 15, 16].map(|minutes| doubts(&service, found(&service, minutes, &Exif::default()), "clock-skew"));
            let apart = ["2026:08:03 15:30:00", "2026:08:03 15:30:01", "2026:08:03 16:30:00", "2026:08:03 16:30:01"]
                .map(|time| doubts(&service, found(&service, 0, &taken(time)), "photo-time-differs"));
            (ahead, apart)
        };
        assert_eq!(outcome(), ([0, 1, 1, 1], [0, 1, 1, 1]));
        set(json!({"capture_ahead_minutes_max": 15, "photo_time_minutes_max": 90})).expect(200);
        assert_eq!(outcome(), ([0, 0, 0, 1], [0, 0, 0, 1]));
        let refused = set(json!({"capture_ahead_minutes_max": 0, "photo_time_minutes_max": 1441})).refused(422, "invalid-fields");
        let pointers: Vec<_> = refused.json["errors"].as_array().unwrap().iter().map(|it| it["pointer"].clone()).collect();
        assert_eq!(pointers, ["/capture_ahead_minutes_max", "/photo_time_minutes_max"]);
        let read = service.sign_in("office01").get("/settings").expect(200).json;
        assert_eq!((&read["capture_ahead_minutes_max"], &read["photo_time_minutes_max"]), (&json!(15), &json!(90)));
    }

    fn a_year_without_named_days_is_among_the_details_of_readiness(db: TestDb) {
        let metrics_listen = Some(SocketAddr::from(([127, 0, 0, 1], 0)));
        let service = Service::with_options(db, ServerOptions { metrics_listen, ..ServerOptions::default() });
        let operators = format!("http://{}", service.metrics_host().unwrap());
        let details = || {
            let answer = service.get_url(&format!("{operators}/readyz"));
            (answer.status, serde_json::from_slice::<Value>(&answer.bytes).unwrap())
        };
        let figure = || {
            let text = String::from_utf8(service.get_url(&format!("{operators}/metrics")).bytes).unwrap();
            text.lines().find_map(|line| line.strip_prefix("anfang_warnings ").map(str::to_owned))
        };
        assert_eq!(details(), (200, json!({"ready": true, "why": null, "warnings": []})));
        assert_eq!(figure().as_deref(), Some("0"));
        // From November on the service warns about the next year. It is ready nevertheless, and callers who are not
        // logged in learn only that.
        service.pass(DAY * 100);
        let (status, told) = details();
        assert_eq!((status, &told["ready"], told["warnings"].as_array().unwrap().len()), (200, &json!(true), 1));
        assert!(told["warnings"][0].as_str().unwrap().contains("2027"), "{told}");
        assert_eq!(figure().as_deref(), Some("1"));
        for path in ["//readyz", "//readyz?verbose", "//readyz?details=1"] {
            let answer = service.anybody().get(path).expect(204);
            assert!(answer.bytes.is_empty() && answer.headers.get("warning").is_none(), "{path}");
        }
        let office = service.sign_in("office01");
        let csv = [("content-type", "text/csv")];
        office.send("POST", "/imports/calendar", &csv, Some("date,kind\n2027-02-08,off\n".as_bytes())).expect(200);
        assert_eq!(details().1["warnings"], json!([]));
    }
}

#[test]
fn a_check_warns_of_a_year_without_named_days_and_passes() {
    let folder = folder();
    let data = text(folder.path());
    let said = |words: &[&str]| {
        let output = anfang(&[words, &["--data", data]].concat()).output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(said(&["check"]), "ok\n", "a folder that is new has no county");
    // Independent of today's date: no year has holidays once those of the starter data are removed.
    let calendar = folder.path().join("calendar.csv");
    let county = anfang::app::ambient::SystemClock.now().plus(Duration::from_secs(8 * 3_600)).to_string();
    let year: i32 = county[..4].parse().unwrap();
    std::fs::write(&calendar, format!("date,kind\n{year}-03-02,off\n{}-03-02,off\n", year + 1)).unwrap();
    said(&["import", "calendar", text(&calendar)]);
    assert_eq!(said(&["check"]), "ok\n");
    let db = folder.path().join("anfang.db");
    let anfang::store::Conn::Sqlite(mut conn) =
        anfang::store::DatabaseUrl::Sqlite(db).connect(anfang::store::Purpose::Write).unwrap()
    else {
        panic!("not SQLite")
    };
    diesel::connection::SimpleConnection::batch_execute(&mut conn, "DELETE FROM calendars").unwrap();
    drop(conn);
    let told = said(&["check"]);
    assert!(told.contains(&year.to_string()) && told.starts_with("warning ") && told.ends_with("\nok\n"), "{told}");
}

#[test]
fn working_hours_are_set_by_command() {
    let folder = folder();
    let data = text(folder.path());
    let line = |words: &[&str]| anfang(&[&["calendar", "--data", data], words].concat());
    let said = |words: &[&str]| {
        let output = line(words).output().unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let before = said(&["show"]);
    assert!(
        before.starts_with("version 版本 1\nzone 时区 Asia/Shanghai\nhours 工作时间 09:00-12:00,14:00-18:00\n"),
        "{before}"
    );
    let season = "10-01..04-30=08:30-12:00,14:00-17:30";
    let after = said(&["set", "--hours", "08:30-12:00,14:30-18:00", "--season", season]);
    assert!(after.contains("version 版本 2\n") && after.contains("08:30-12:00,14:30-18:00\n"), "{after}");
    assert!(after.contains(&format!("season 季节 {season}\n")), "{after}");
    // Values that are not named stay; setting the same values again creates no version.
    let zone = said(&["set", "--zone", "Asia/Urumqi"]);
    assert!(
        zone.contains("version 版本 3\nzone 时区 Asia/Urumqi\nhours 工作时间 08:30") && zone.contains(season),
        "{zone}"
    );
    assert_eq!(said(&["set", "--zone", "Asia/Urumqi"]), zone);
    assert!(!said(&["set", "--no-seasons"]).contains("season"));
    for (words, why) in [
        (&["set", "--zone", "Asia/Nowhere"][..], "zone: "),
        (&["set", "--hours", "14:00-18:00,09:00-12:00"], "windows: working hours must be in order"),
        (&["set", "--season", "02-30..04-30=09:00-12:00"], "seasons/0/from: "),
        (&["set", "--hours", "9-12"], "hours such as"),
        (&["set", "--season", "10-01=09:00-12:00"], "a season such as"),
        (&["set"], "--zone"),
    ] {
        let output = line(words).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && told.contains(why), "{words:?}: {told}");
    }
    refuses(line(&["set", "--hours", "12:00-09:00"]), "windows: ");
    assert!(said(&["show"]).contains("version 版本 4\n"));
}
