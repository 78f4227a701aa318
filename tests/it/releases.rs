//! Released migrations never change, and a county with the schema of any release is upgraded without loss.
//!
//! `tests/fixtures/schema-NUMBER.sql` contains the rows of a small county with that schema, as PostgreSQL writes them;
//! for SQLite, binary values are converted. `UPDATE_FIXTURES=1` adds files that are missing for a new migration;
//! existing files are never rewritten.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anfang::domain::digest::Digest;
use anfang::domain::ids::IssueId;
use anfang::domain::issue::{Action, Issue, State};
use anfang::domain::role::Role;
use anfang::store::{Conn, MIGRATIONS_POSTGRES, MIGRATIONS_SQLITE, issues, users};
use diesel::backend::Backend as Database;
use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel_migrations::MigrationHarness;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::backend::{Backend, TestDb};
use crate::support::db_schema::{self, Kind};
use crate::support::service::{PASSWORD, Service};

/// SHA-256 and path of everything released, as `sha256sum --check` reads it.
const RELEASED: &str = "tests/fixtures/released.sha256";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn adds() -> bool {
    std::env::var("UPDATE_FIXTURES").is_ok_and(|value| value == "1")
}

/// The steps' names, oldest first.
fn steps() -> Vec<String> {
    let folder = root().join("migrations/sqlite");
    let mut steps: Vec<String> =
        folder.read_dir().unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    steps.sort();
    steps
}

/// `2026-11-24-000001_first` is fixed by `schema-000001.sql`.
fn fixture(step: &str) -> PathBuf {
    let number = step.split(['-', '_']).nth(3).expect("a step has a date and a number");
    root().join(format!("tests/fixtures/schema-{number}.sql"))
}

/// All that a release fixes: each step's ways up and down, and its county.
fn fixed() -> Vec<String> {
    let mut files = Vec::new();
    for step in steps() {
        for backend in ["sqlite", "postgres"] {
            files.extend(["up.sql", "down.sql"].map(|file| format!("migrations/{backend}/{step}/{file}")));
        }
        files.push(fixture(&step).strip_prefix(root()).unwrap().to_str().unwrap().to_owned());
    }
    files
}

fn hash(path: &str) -> String {
    let bytes = std::fs::read(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
    Digest::of(&bytes).to_string()
}

#[test]
fn what_was_released_does_not_change() {
    let text = std::fs::read_to_string(root().join(RELEASED)).unwrap_or_default();
    let listed: BTreeMap<&str, &str> =
        text.lines().map(|line| line.split_once("  ").unwrap()).map(|(hash, path)| (path, hash)).collect();
    let files = fixed();
    for path in &files {
        if let Some(hash_then) = listed.get(path.as_str()) {
            assert_eq!(&hash(path), hash_then, "{path} was released and has changed: write a new step instead");
        }
    }
    let gone: Vec<_> = listed.keys().filter(|path| !files.iter().any(|file| file == *path)).collect();
    assert!(gone.is_empty(), "released and gone: {gone:?}");
    let missing = || files.iter().filter(|path| !listed.contains_key(path.as_str()));
    if adds() {
        make_fixtures();
        let mut text = text.clone();
        missing().for_each(|path| writeln!(text, "{}  {path}", hash(path)).unwrap());
        std::fs::write(root().join(RELEASED), text).unwrap();
    } else {
        assert_eq!(
            missing().collect::<Vec<_>>(),
            Vec::<&String>::new(),
            "not in {RELEASED}: UPDATE_FIXTURES=1 adds them"
        );
    }
}

/// Runs the steps up to and with `last`.
fn migrate_to(conn: &mut Conn, last: &str) {
    fn run<DB: Database>(conn: &mut impl MigrationHarness<DB>, source: impl MigrationSource<DB>, last: &str) {
        let mut pending = conn.pending_migrations(source).unwrap();
        pending.sort_by_key(|step| step.name().to_string());
        for step in pending.iter().filter(|step| step.name().to_string().as_str() <= last) {
            conn.run_migration(&**step).unwrap();
        }
    }
    match conn {
        Conn::Sqlite(conn) => run(conn, MIGRATIONS_SQLITE, last),
        Conn::Postgres(conn) => run(conn, MIGRATIONS_POSTGRES, last),
    }
}

/// A fixture in a database's own words.
fn words(sql: &str, backend: Backend) -> String {
    match backend {
        Backend::Postgres => sql.to_owned(),
        Backend::Sqlite => sql.replace("'\\x", "x'"),
    }
}

/// Every step that was released, on its own database.
fn counties(backend: Backend) -> Vec<(String, String, TestDb)> {
    let county = |step: String| {
        let db = TestDb::create_empty(backend)?;
        let path = fixture(&step);
        let sql = std::fs::read_to_string(&path).unwrap_or_else(|_| panic!("no {path:?}: UPDATE_FIXTURES=1 makes it"));
        let mut conn = db.connect();
        migrate_to(&mut conn, &step);
        conn.batch_execute(&words(&sql, backend)).unwrap_or_else(|error| panic!("{step}: {error}"));
        Some((step, sql, db))
    };
    steps().into_iter().filter_map(county).collect()
}

fn taken_over(backend: Backend) {
    for (step, sql, db) in counties(backend) {
        let rows = sql.lines().filter(|line| line.starts_with("INSERT INTO issues (")).count();
        let service = Service::start_on(db);
        // Somebody of each role that there was.
        let accounts = users::list(&mut service.database(), None).unwrap();
        let one_of_each: BTreeMap<Role, &str> = accounts.iter().map(|user| (user.role, &*user.username)).collect();
        assert!(one_of_each.len() >= 6, "{step}: {one_of_each:?}");
        for username in one_of_each.values() {
            service.try_sign_in(username, PASSWORD).expect(201);
        }
        let office = service.sign_in("office01");
        let listed = office.get("/issues?limit=100").expect(200);
        let ids: Vec<Uuid> = listed.json["items"].as_array().unwrap().iter().map(id).collect();
        assert_eq!(ids.len(), rows, "{step}");
        let mut states = BTreeSet::new();
        let mut conn = service.database();
        for issue in &ids {
            let seen = office.read(*issue);
            states.insert(seen.json["state"].as_str().unwrap().to_owned());
            let events = office.events(*issue);
            assert_eq!(events.len(), usize::try_from(seen.version()).unwrap(), "{step}");
            let stored = issues::find(&mut conn, IssueId(*issue)).unwrap().unwrap();
            let recorded = issues::events(&mut conn, IssueId(*issue)).unwrap();
            assert_eq!(Issue::replay(recorded.iter().map(|event| &event.changes)).unwrap(), stored, "{step}");
        }
        let all: BTreeSet<String> = State::ALL.iter().map(|state| state.as_str().to_owned()).collect();
        assert_eq!(states, all, "{step}");
        // And work goes on.
        let submitted = listed.json["items"].as_array().unwrap().iter().find(|item| item["state"] == "submitted");
        service.step(id(submitted.unwrap()), "office01", Action::Reject, &json!({"reason": "理由"}));
        service.drive_to(State::Closed);
    }
}

fn id(item: &Value) -> Uuid {
    item["id"].as_str().unwrap().parse().unwrap()
}

#[test]
fn a_county_of_every_released_schema_is_taken_over_on_sqlite() {
    taken_over(Backend::Sqlite);
}

#[test]
fn a_county_of_every_released_schema_is_taken_over_on_postgres() {
    taken_over(Backend::Postgres);
}

/// Writes the fixtures that are missing: the county of today in the tables and columns of each step.
fn make_fixtures() {
    let missing: Vec<String> = steps().into_iter().filter(|step| !fixture(step).exists()).collect();
    if missing.is_empty() {
        return;
    }
    let service = Service::start(TestDb::create(Backend::Sqlite).unwrap());
    // The latest state first: the time that leads to it would move the others on.
    for state in State::ALL.iter().rev() {
        service.drive_to(*state);
    }
    for step in missing {
        let then = TestDb::create_empty(Backend::Sqlite).unwrap();
        migrate_to(&mut then.connect(), &step);
        let sql = dump(&mut service.database(), &mut then.connect());
        std::fs::create_dir_all(root().join("tests/fixtures")).unwrap();
        std::fs::write(fixture(&step), sql).unwrap();
    }
}

/// The rows of `now` that fit the tables of `then`, each after those it points at.
fn dump(now: &mut Conn, then: &mut Conn) -> String {
    let tables = db_schema::read(then, Backend::Sqlite);
    let (mut sql, mut put) = (String::new(), BTreeSet::new());
    while put.len() < tables.len() {
        // Of itself a row may name an earlier one.
        let is_next = |(name, table): &(&String, &db_schema::Table)| {
            table.foreign_keys.iter().all(|key| key.table == **name || put.contains(&key.table))
        };
        let (name, _) = tables.iter().find(|it| !put.contains(it.0) && is_next(it)).expect("no circle of tables");
        put.insert(name.clone());
        // The triggers of the issues fill it.
        if name.starts_with("issue_index_") || name == "follow_up_watches" {
            continue;
        }
        // Rows are numbered again, in order.
        let columns: Vec<_> = tables[name].columns.iter().filter(|(column, _)| *column != "seq").collect();
        let names: Vec<&str> = columns.iter().map(|(column, _)| column.as_str()).collect();
        let value = |(column, found): &(&String, &db_schema::Column)| match found.kind {
            Kind::Bool => format!("CASE {column} WHEN 1 THEN 'TRUE' WHEN 0 THEN 'FALSE' ELSE 'NULL' END"),
            Kind::Bytes => {
                format!("CASE WHEN {column} IS NULL THEN 'NULL' ELSE '''\\x' || lower(hex({column})) || '''' END")
            }
            _ => format!("quote({column})"),
        };
        let values: Vec<String> = columns.iter().map(value).collect();
        let keyed = format!(
            "SELECT json_group_array(name) AS json FROM sqlite_schema WHERE name = '{name}' AND sql LIKE '%WITHOUT ROWID'"
        );
        let order = if db_schema::query(now, &keyed).is_empty() { "rowid" } else { "line" };
        let rows = format!(
            "SELECT json_group_array(line) AS json FROM (SELECT {} AS line FROM {name} ORDER BY {order})",
            values.join(" || ', ' || ")
        );
        for row in db_schema::query(now, &rows) {
            writeln!(sql, "INSERT INTO {name} ({}) VALUES ({});", names.join(", "), row.as_str().unwrap()).unwrap();
        }
    }
    sql
}
