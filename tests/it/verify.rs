//! `verify` finds every inconsistency that the tests plant, and reports nothing about consistent data.

use anfang::app::upkeep;
use anfang::app::verify::{Finding, Summary, verify};
use anfang::domain::digest::Digest;
use anfang::domain::issue::{Action, State};
use anfang::domain::time::Clock as _;
use anfang::store::dump::{self, Kind};
use anfang::store::{Conn, checks};
use diesel::connection::SimpleConnection;
use serde_json::json;
use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::support::backend::Backend;
use crate::support::rows;
use crate::support::service::{Service, new_id};
use crate::support::walk;

/// Tables into which the test plants inconsistencies; each is restored afterwards.
const TABLES: [&str; 14] = [
    "settings",
    "calendars",
    "blobs",
    "photos",
    "issues",
    "issue_photos",
    "issue_returns",
    "issue_requests",
    "issue_pauses",
    "issue_events",
    "visit_results",
    "complaints",
    "issue_index_docs",
    "issue_index_terms",
];

/// An inconsistency: its name, how it is made, and the finding that must result.
struct Plant {
    what: String,
    sql: String,
    file: Option<(PathBuf, Option<Vec<u8>>)>,
    kinds: Vec<&'static str>,
    id: Option<String>,
}

fn findings(service: &Service, conn: &mut Conn) -> (Summary, Vec<Finding>) {
    let mut found = Vec::new();
    let now = service.clock.now();
    let summary = verify(conn, &service.app.photo_store, now, &mut |finding| found.push(finding.clone())).unwrap();
    (summary, found)
}

/// A service whose issues have been everywhere.
fn populated(db: crate::support::backend::TestDb) -> (Service, uuid::Uuid) {
    let service = Service::start(db);
    for state in State::ALL {
        service.drive_to(*state);
    }
    use Action as A;
    let long = service.report_with("990001-MKT-0001", "WM-02", "low");
    service
        .steps(long, &[A::Approve, A::Release, A::SignIn, A::RequestExtension, A::DecideExtension, A::Hang, A::Unhang]);
    service.steps(long, &[A::Return, A::Reassign, A::SignIn, A::ReportFix, A::Pass, A::AssignLookBack, A::LookBack]);
    let inspector = service.sign_in("inspector01");
    let mut visit = walk::clean(&service);
    walk::fail(&inspector, &mut visit, "WS-06");
    *walk::result(&mut visit, "WM-02") =
        json!({"item_code": "WM-02", "result": "mostly", "photo_ids": [inspector.send_photo()]});
    walk::record(&inspector, &visit);
    inspector.send_photo();
    service.drain_jobs();
    service.block_on(async |app| while upkeep::index_issues(app).await.unwrap().more {});
    (service, long)
}

/// A connection through which anything can be written.
fn lawless(service: &Service) -> Conn {
    let mut conn = service.database();
    let backend = service.db.backend();
    let laws = match backend {
        Backend::Sqlite => "PRAGMA foreign_keys=OFF; DROP TRIGGER issue_events_no_update; DROP TRIGGER issue_events_no_delete; \
            DROP TRIGGER issue_index_added; DROP TRIGGER issue_index_changed; DROP TRIGGER issue_index_renamed; \
            DROP TRIGGER issue_index_asked; DROP TRIGGER issue_index_answered; DROP TRIGGER issue_index_unasked; \
            DROP TRIGGER follow_up_added; DROP TRIGGER follow_up_changed;".to_owned(),
        Backend::Postgres => "SET session_replication_role = replica; \
            DO $$ DECLARE c record; BEGIN FOR c IN SELECT conname, conrelid::regclass::text AS t FROM pg_constraint WHERE contype = 'c' AND conrelid <> 0 AND connamespace = current_schema()::regnamespace \
            LOOP EXECUTE 'ALTER TABLE ' || c.t || ' DROP CONSTRAINT ' || quote_ident(c.conname); END LOOP; END $$;".to_owned(),
    };
    conn.batch_execute(&laws).unwrap();
    for table in TABLES {
        conn.batch_execute(&format!("CREATE TEMPORARY TABLE saved_{table} AS SELECT * FROM {table}")).unwrap();
    }
    conn
}

impl Plant {
    /// Whether one of these findings is the fault's.
    fn is_among(&self, found: &[Finding]) -> bool {
        let of_it = |finding: &Finding| {
            !finding.is_note
                && self.kinds.contains(&finding.kind)
                && self.id.as_ref().is_none_or(|id| *id == finding.id)
        };
        found.iter().any(of_it)
    }
}

/// What is found of a fault that is planted alone, and then taken away again.
fn planted(service: &Service, conn: &mut Conn, plant: &Plant) -> Vec<Finding> {
    let is_sqlite = service.db.backend() == Backend::Sqlite;
    if is_sqlite {
        conn.batch_execute("PRAGMA ignore_check_constraints=ON").unwrap();
    }
    conn.batch_execute(&plant.sql).unwrap_or_else(|error| panic!("{}: {error}", plant.what));
    if is_sqlite {
        conn.batch_execute("PRAGMA ignore_check_constraints=OFF").unwrap();
    }
    let sound = plant.file.as_ref().map(|(path, bytes)| {
        let sound = std::fs::read(path).unwrap();
        match bytes {
            Some(bytes) => std::fs::write(path, bytes).unwrap(),
            None => std::fs::remove_file(path).unwrap(),
        }
        (path, sound)
    });
    let (_, found) = findings(service, conn);
    match sound {
        Some((path, sound)) => std::fs::write(path, sound).unwrap(),
        None => put_back(conn),
    }
    found
}

fn put_back(conn: &mut Conn) {
    for table in TABLES {
        conn.batch_execute(&format!("DELETE FROM {table}; INSERT INTO {table} SELECT * FROM saved_{table}")).unwrap();
    }
}

struct Plants {
    backend: Backend,
    all: Vec<Plant>,
    issue: String,
}

impl Plants {
    fn bytes(&self, id: uuid::Uuid) -> String {
        let hex = id.simple();
        match self.backend {
            Backend::Sqlite => format!("x'{hex}'"),
            Backend::Postgres => format!("'\\x{hex}'::bytea"),
        }
    }

    fn row(&mut self, what: &str, sql: String, kinds: &[&'static str]) {
        self.all.push(Plant { what: what.to_owned(), sql, file: None, kinds: kinds.to_vec(), id: None });
    }

    /// Of the issue itself.
    fn of_issue(&mut self, what: &str, sql: String, kinds: &[&'static str]) {
        self.row(what, sql, kinds);
        self.all.last_mut().unwrap().id = Some(self.issue.clone());
    }

    /// A value that no column had, as SQL.
    fn other(&self, column: &str, kind: Kind) -> String {
        match kind {
            Kind::Bool => format!("NOT COALESCE({column}, FALSE)"),
            Kind::Integer | Kind::BigInt => format!("COALESCE({column}, 0) + 1"),
            Kind::Double => format!("COALESCE({column}, 0) + 0.25"),
            Kind::Text => format!("COALESCE({column}, '') || 'x'"),
            Kind::Bytes => rows::id(self.backend, 0x99),
        }
    }

    /// Every column of the issue's rows in a table but these, changed one at a time.
    fn columns(&mut self, table: &str, place: &str, but: &[&str], kinds: &[&'static str]) {
        let shape = dump::tables().into_iter().find(|shape| shape.table == table).unwrap();
        for column in shape.columns.iter().filter(|column| !but.contains(&column.0.as_str())) {
            let value = self.other(&column.0, column.1);
            self.of_issue(
                &format!("{table}.{} is another", column.0),
                format!("UPDATE {table} SET {} = {value} WHERE {place}", column.0),
                kinds,
            );
        }
    }
}

fn plants(service: &Service, long: uuid::Uuid) -> Vec<Plant> {
    let mut plants = Plants { backend: service.db.backend(), all: Vec::new(), issue: long.to_string() };
    let id = plants.bytes(long);
    let of = format!("issue_id = {id}");
    let nobody = rows::id(plants.backend, 0x98);
    plants.columns(
        "issues",
        &format!("id = {id}"),
        &["seq", "id", "due_order", "body_digest"],
        &["replay", "issue-unreadable", "versions", "event-state"],
    );
    plants.of_issue("due_order", format!("UPDATE issues SET due_order = 1 WHERE id = {id}"), &["deadline-order"]);
    plants.of_issue(
        "no deadline",
        format!("UPDATE issues SET due_at = NULL, due_order = 9223372036854775807, state = 'rework' WHERE id = {id}"),
        &["deadline-missing"],
    );
    plants.of_issue(
        "body_digest",
        format!("UPDATE issues SET body_digest = {nobody} WHERE id = {id}"),
        &["body-digest"],
    );
    let some = "SELECT id FROM issues WHERE state = 'submitted' ORDER BY id LIMIT 1";
    plants.of_issue(
        "chain",
        format!("UPDATE issues SET parent_id = ({some}), chain_no = 7 WHERE id = {id}"),
        &["chain"],
    );
    plants.row(
        "an answer before its complaint",
        "INSERT INTO complaints SELECT id, id, 'work', 'x', FALSE, 5, 3, id, 'y' FROM users WHERE username = 'unit01'"
            .to_owned(),
        &["complaint-time"],
    );
    plants.row(
        "a failing item without its issue",
        "UPDATE visit_results SET issue_id = NULL WHERE result = 'fails'".into(),
        &["visit-issue"],
    );
    plants.row(
        "an item that failed and does not",
        "UPDATE visit_results SET result = 'conforms' WHERE result = 'fails'".into(),
        &["visit-issue"],
    );
    plants.row(
        "an issue of another visit",
        "UPDATE visit_results SET issue_id = (SELECT id FROM issues WHERE visit_id IS NULL LIMIT 1) WHERE result = 'fails'".into(),
        &["visit-issue"],
    );
    plants.row(
        "an issue without its events",
        format!("DELETE FROM issue_events WHERE issue_id IN ({some})"),
        &["versions"],
    );
    plants.row("events without their issue", format!("DELETE FROM issues WHERE id IN ({some})"), &["reference"]);

    let events = service.sign_in("office01").events(long).len();
    assert!(events > 12);
    for version in 1..=events {
        let event = format!("{of} AND version = {version}");
        plants.of_issue(
            &format!("event {version} is gone"),
            format!("DELETE FROM issue_events WHERE {event}"),
            &["versions"],
        );
        plants.of_issue(
            &format!("event {version} changed nothing"),
            format!("UPDATE issue_events SET changes = '{{}}' WHERE {event}"),
            &["replay"],
        );
    }
    plants.columns(
        "issue_events",
        &format!("{of} AND version = 2"),
        &["seq", "issue_id", "at", "actor_id", "actor_role", "reason", "version"],
        &["issue-unreadable", "event-state", "replay"],
    );
    plants.of_issue(
        "event 14 is 99",
        format!("UPDATE issue_events SET version = 99 WHERE {of} AND version = 14"),
        &["versions"],
    );
    plants.of_issue(
        "a role that is none",
        format!("UPDATE issue_events SET actor_role = 'x' WHERE {of} AND version = 3"),
        &["issue-unreadable"],
    );
    plants.of_issue(
        "an event of another",
        format!("UPDATE issue_events SET issue_id = {nobody} WHERE {of} AND version = 4"),
        &["versions"],
    );
    plants.of_issue(
        "an event begins elsewhere",
        format!("UPDATE issue_events SET from_state = 'void' WHERE {of} AND version = 3"),
        &["event-state"],
    );
    plants.of_issue(
        "an event leads elsewhere",
        format!("UPDATE issue_events SET to_state = 'void' WHERE {of} AND version = {events}"),
        &["event-state"],
    );
    plants.of_issue(
        "photos of an event",
        format!("UPDATE issue_events SET photos = '[]' WHERE {of} AND version = 1"),
        &["issue-photos"],
    );
    plants.row(
        "an actor that is nobody",
        format!("UPDATE issue_events SET actor_id = {nobody} WHERE {of} AND version = 2"),
        &["reference"],
    );

    let doc = format!("id = {id}");
    for (column, value) in [
        ("state", "'void'"),
        ("unit_id", "NULL"),
        ("due_order", "due_order + 1"),
        ("flagged", "NOT flagged"),
        ("words", "words || 'x'"),
        ("handler", "handler || 'x'"),
        ("closed_at", "COALESCE(closed_at, 0) + 1"),
        ("days_open", "COALESCE(days_open, 0) + 1"),
    ] {
        plants.of_issue(
            &format!("the index has another {column}"),
            format!("UPDATE issue_index_docs SET {column} = {value} WHERE {doc}"),
            &["index"],
        );
    }
    plants.of_issue("the index lacks it", format!("DELETE FROM issue_index_docs WHERE {doc}"), &["index"]);
    let set = "term = 'state:closed'";
    plants.row("a set is missing", format!("DELETE FROM issue_index_terms WHERE {set}"), &["index"]);
    plants.row("a set too many", format!("UPDATE issue_index_terms SET term = 'state:x' WHERE {set}"), &["index"]);
    plants.row(
        "a set is another's",
        format!("UPDATE issue_index_terms SET bits = (SELECT bits FROM issue_index_terms WHERE term = 'released') WHERE {set}"),
        &["index"],
    );

    plants.columns("issue_returns", &of, &["issue_id"], &["replay"]);
    plants.columns("issue_requests", &of, &["issue_id", "position"], &["replay", "issue-unreadable"]);
    plants.columns("issue_pauses", &of, &["issue_id", "position"], &["replay"]);
    for table in ["issue_returns", "issue_requests", "issue_pauses"] {
        plants.of_issue(&format!("{table} are gone"), format!("DELETE FROM {table} WHERE {of}"), &["replay"]);
        plants.row(
            &format!("{table} of no issue"),
            format!("UPDATE {table} SET issue_id = {nobody} WHERE {of}"),
            &["reference"],
        );
    }
    let first = format!("{of} AND position = 0");
    plants.columns(
        "issue_photos",
        &first,
        &["issue_id", "expected_sha256", "position"],
        &["issue-photos", "issue-unreadable"],
    );
    plants.of_issue(
        "photos in another order",
        format!("UPDATE issue_photos SET position = 77 WHERE {first}"),
        &["issue-photos"],
    );
    plants.of_issue("a photo less", format!("DELETE FROM issue_photos WHERE {first}"), &["issue-photos"]);
    plants.row(
        "a photo of no issue",
        format!("UPDATE issue_photos SET issue_id = {nobody} WHERE {first}"),
        &["reference"],
    );
    plants.row(
        "a photo that nobody sent",
        format!("UPDATE issue_photos SET photo_id = {nobody} WHERE {first}"),
        &["photo-missing"],
    );
    plants.row("another photo than announced", format!("UPDATE issue_photos SET expected_sha256 = (SELECT sha256 FROM blobs WHERE sha256 NOT IN (SELECT sha256 FROM photos WHERE id = photo_id) LIMIT 1) WHERE {first}"), &["photo-digest"]);

    let photo = format!("(SELECT photo_id FROM issue_photos WHERE {first})");
    let sha = format!("sha256 = (SELECT sha256 FROM photos WHERE id = {photo})");
    plants.row("an upload is gone", format!("DELETE FROM photos WHERE id = {photo}"), &["photo-missing"]);
    plants.row(
        "an upload is nobody's",
        format!("UPDATE photos SET uploader_id = {nobody} WHERE id = {photo}"),
        &["reference"],
    );
    plants.row(
        "an upload was never claimed",
        format!("UPDATE photos SET claimed_at = NULL WHERE id = {photo}"),
        &["photo-unclaimed"],
    );
    plants.row(
        "an upload was claimed by none",
        "UPDATE photos SET claimed_at = 1 WHERE claimed_at IS NULL".into(),
        &["photo-unused"],
    );
    plants.row("an original has no upload", "DELETE FROM photos WHERE claimed_at IS NULL".into(), &["original-unused"]);
    plants.row("an original has no row", format!("DELETE FROM blobs WHERE {sha}"), &["reference"]);
    for (column, value) in [
        ("size_bytes", "size_bytes + 1"),
        ("width", "width + 1"),
        ("height", "NULL"),
        ("orientation", "6"),
        ("media_type", "'image/png'"),
        ("exif", "'{'"),
    ] {
        plants.row(
            &format!("blobs.{column}"),
            format!("UPDATE blobs SET {column} = {value} WHERE {sha}"),
            &["original-facts"],
        );
    }
    plants.row(
        "a fingerprint is another",
        format!("UPDATE blobs SET fingerprint = fingerprint + 1 WHERE {sha}"),
        &["fingerprint"],
    );
    plants.row("a fingerprint is gone", format!("UPDATE blobs SET fingerprint = NULL WHERE {sha}"), &["fingerprint"]);
    plants.row(
        "settings that are none",
        "INSERT INTO settings (key, value, updated_at) VALUES ('day_end', 'x', 0)".into(),
        &["settings"],
    );
    plants.row(
        "a calendar that is none",
        "INSERT INTO calendars (version, body, created_at) VALUES (9999, '{', 0)".into(),
        &["settings"],
    );
    if plants.backend == Backend::Postgres {
        plants.row("a number twice", "ALTER TABLE issues DROP CONSTRAINT issues_number_key; UPDATE issues SET number = (SELECT max(number) FROM issues) WHERE number IS NOT NULL".into(), &["number-repeated"]);
    } else {
        plants.row("a value that is none", format!("UPDATE issues SET urgent = 7 WHERE id = {id}"), &["database"]);
    }
    for (at, path) in service.originals().into_iter().take(7).enumerate() {
        let sound = std::fs::read(&path).unwrap();
        let mut changed = sound.clone();
        let (what, bytes, kind) = match at {
            0 => ("lost", None, "original-lost"),
            1 => ("empty", Some(Vec::new()), "original-damaged"),
            2 => ("cut off", Some(sound[..sound.len() - 1].to_vec()), "original-damaged"),
            3 => ("longer", Some([&sound[..], b"x"].concat()), "original-damaged"),
            _ => {
                let place = [0, sound.len() / 2, sound.len() - 1][at - 4];
                changed[place] ^= 1;
                ("changed", Some(changed), "original-damaged")
            }
        };
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        plants.all.push(Plant {
            what: format!("a file is {what} ({at})"),
            sql: "SELECT 1".into(),
            file: Some((path, bytes)),
            kinds: vec![kind],
            id: Some(name),
        });
    }
    plants.all
}

on_both! {
    fn a_hundred_inconsistencies_are_all_found(db: TestDb) {
        let (service, long) = populated(db);
        let plants = plants(&service, long);
        let names: BTreeSet<&String> = plants.iter().map(|plant| &plant.what).collect();
        assert!(names.len() == plants.len() && plants.len() >= 100, "{}", plants.len());
        let mut conn = lawless(&service);
        let (healthy, found) = findings(&service, &mut conn);
        assert!(found.is_empty() && healthy.issues > 13 && healthy.originals > 30, "{healthy:?} {found:#?}");
        // One fault at a time on SQLite. PostgreSQL is asked the same questions: there what is found among others is not
        // planted again alone, which would take minutes.
        let together = if service.db.backend() == Backend::Sqlite { 1 } else { 8 };
        let mut missed = Vec::new();
        for group in plants.chunks(together) {
            let mut left: Vec<&Plant> = group.iter().collect();
            if together > 1 {
                let rows: Vec<&Plant> = group.iter().filter(|plant| plant.file.is_none()).collect();
                // One may be in the way of another.
                rows.iter().for_each(|plant| drop(conn.batch_execute(&plant.sql)));
                let (_, found) = findings(&service, &mut conn);
                put_back(&mut conn);
                left.retain(|plant| plant.file.is_some() || !plant.is_among(&found));
            }
            for plant in left {
                let found = planted(&service, &mut conn, plant);
                if !plant.is_among(&found) {
                    missed.push(format!("{}: {found:?}", plant.what));
                }
            }
        }
        assert!(missed.is_empty(), "{missed:#?}");
        let (_, found) = findings(&service, &mut conn);
        assert!(found.is_empty(), "{found:#?}");
        // Every question was answered once.
        let asked: BTreeSet<&str> = plants.iter().flat_map(|plant| plant.kinds.iter().copied()).collect();
        let not_here = if service.db.backend() == Backend::Sqlite { "number-repeated" } else { "database" };
        assert!(checks::names().all(|name| asked.contains(name) || name == not_here), "{asked:?}");
    }

    fn a_file_without_a_row_is_a_note_with_its_age(db: TestDb) {
        let service = Service::start(db);
        let mut part = service.app.photo_store.begin(3).unwrap();
        part.write(b"one").unwrap();
        drop(service.app.photo_store.seal(part.finish().unwrap()).unwrap());
        let digest = Digest::of(b"one");
        let (summary, found) = findings(&service, &mut service.database());
        assert_eq!((summary.wrong, summary.notes), (0, 1));
        assert_eq!((found[0].kind, found[0].id.clone(), found[0].is_note), ("file", digest.to_string(), true));
        assert!(found[0].detail.contains("hours old"), "{}", found[0].detail);
    }

    /// Pages end anywhere: with more issues than one page has, each is looked at once.
    fn every_page_is_looked_at(db: TestDb) {
        let service = Service::start(db);
        service.sign_in("inspector01");
        let (inspector, body) = (service.sign_in("inspector01"), service.report_body(&[new_id()]));
        for _ in 0..203 {
            inspector.put_json(&format!("/issues/{}", new_id()), &body).expect(201);
        }
        let (summary, found) = findings(&service, &mut service.database());
        assert_eq!((summary.issues, found), (203, vec![]));
    }
}
