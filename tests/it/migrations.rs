//! The schema: the same in both databases and in the code, and within its rules.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anfang::domain::audit::Outcome;
use anfang::domain::issue::{PhotoStage, PhotoView, Severity, Source, State};
use anfang::store::{Conn, MIGRATIONS_POSTGRES, MIGRATIONS_SQLITE, bulk, migrate, revert_after, version};
use diesel::connection::SimpleConnection;
use diesel::migration::{Migration, MigrationSource};

use crate::support::backend::{Backend, TestDb};
use crate::support::db_schema::{self, DbSchema, ForeignKey, Kind};
use crate::support::rows;

fn folder(backend: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(backend)
}

fn directories(backend: &str) -> BTreeSet<String> {
    std::fs::read_dir(folder(backend)).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn both_sides_have_the_same_steps_and_each_leads_back() {
    let steps = directories("sqlite");
    assert_eq!(steps, directories("postgres"));
    assert!(!steps.is_empty());
    for backend in ["sqlite", "postgres"] {
        for step in &steps {
            let files: BTreeSet<String> = std::fs::read_dir(folder(backend).join(step))
                .unwrap()
                .map(|entry| entry.unwrap().file_name().into_string().unwrap())
                .collect();
            assert_eq!(files, BTreeSet::from(["down.sql".into(), "up.sql".into()]), "{backend}/{step}");
            for file in files {
                let sql = std::fs::read_to_string(folder(backend).join(step).join(&file)).unwrap();
                assert!(sql.contains(';'), "{backend}/{step}/{file} does nothing");
            }
        }
    }
}

/// The binary carries its migrations: a new folder that the compiler did not notice is missing here.
#[test]
fn the_binary_carries_every_step() {
    let sqlite: Vec<Box<dyn Migration<diesel::sqlite::Sqlite>>> = MIGRATIONS_SQLITE.migrations().unwrap();
    let postgres: Vec<Box<dyn Migration<diesel::pg::Pg>>> = MIGRATIONS_POSTGRES.migrations().unwrap();
    let sqlite: BTreeSet<String> = sqlite.iter().map(|step| step.name().to_string()).collect();
    let postgres: BTreeSet<String> = postgres.iter().map(|step| step.name().to_string()).collect();
    assert_eq!(sqlite, directories("sqlite"), "touch src/store/migrate.rs: the build is stale");
    assert_eq!(postgres, directories("postgres"), "touch src/store/migrate.rs: the build is stale");
}

fn up_down_up(backend: Backend) {
    let Some(db) = TestDb::create_empty(backend) else { return };
    let mut conn = db.connect();
    let before = db_schema::dump(&mut conn, backend);
    assert!(before.is_empty(), "{before:#?}");
    assert!(migrate(&mut conn).unwrap() > 0);
    let first = db_schema::dump(&mut conn, backend);
    assert!(first.len() > 20);
    assert_eq!(migrate(&mut conn).unwrap(), 0, "nothing is left to do");
    assert!(revert_after(&mut conn, "").unwrap() > 0);
    let down = db_schema::dump(&mut conn, backend);
    assert!(down.is_empty(), "left behind: {down:#?}");
    migrate(&mut conn).unwrap();
    assert_eq!(db_schema::dump(&mut conn, backend), first);
}

#[test]
fn up_down_up_leaves_the_same_schema_on_sqlite() {
    up_down_up(Backend::Sqlite);
}

#[test]
fn up_down_up_leaves_the_same_schema_on_postgres() {
    up_down_up(Backend::Postgres);
}

/// Nodes that start at once: each step runs once, and all find the schema ready. A SQLite file
/// has one node.
#[test]
fn nodes_that_migrate_at_once_wait_for_each_other() {
    let Some(db) = TestDb::create_empty(Backend::Postgres) else { return };
    let nodes = [(); 4].map(|()| db.connect());
    let start = std::sync::Barrier::new(nodes.len());
    let ran: usize = std::thread::scope(|scope| {
        let running = nodes.map(|mut conn| {
            let start = &start;
            scope.spawn(move || {
                start.wait();
                migrate(&mut conn).unwrap()
            })
        });
        running.into_iter().map(|node| node.join().unwrap()).sum()
    });
    assert_eq!(ran, directories("postgres").len());
}

fn of(backend: Backend) -> Option<DbSchema> {
    let db = TestDb::create(backend)?;
    Some(db_schema::read(&mut db.connect(), backend))
}

#[test]
fn both_databases_have_the_same_tables() {
    let (Some(sqlite), Some(postgres)) = (of(Backend::Sqlite), of(Backend::Postgres)) else { return };
    assert!(sqlite.len() > 20, "{:?}", sqlite.keys());
    let names = |schema: &DbSchema| schema.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&sqlite), names(&postgres));
    for (name, table) in &sqlite {
        let mut other = postgres[name].columns.keys();
        for (column, here) in &table.columns {
            assert_eq!(Some(column), other.next(), "{name}");
            assert_eq!(here, &postgres[name].columns[column], "{name}.{column}");
        }
        assert_eq!(table, &postgres[name], "{name}");
    }
}

/// One table of `src/store/schema.rs`: its primary key, and each column's diesel type.
type CodeTable = (Vec<String>, BTreeMap<String, (String, bool)>);

/// The tables as the code declares them.
fn schema_rs() -> BTreeMap<String, CodeTable> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/store/schema.rs");
    let source = std::fs::read_to_string(path).unwrap();
    let mut tables: BTreeMap<String, CodeTable> = BTreeMap::new();
    for block in source.split("table! {").skip(1) {
        let (head, rest) = block.split_once('{').unwrap();
        let (name, key) = head.trim().trim_end_matches(')').split_once('(').unwrap();
        let (body, _) = rest.split_once('}').unwrap();
        let columns = body.split(',').map(str::trim).filter(|column| !column.is_empty()).map(|column| {
            let (name, kind) = column.split_once("->").unwrap();
            let kind = kind.trim();
            let inner = kind.strip_prefix("Nullable<").map(|kind| kind.trim_end_matches('>'));
            (name.trim().to_owned(), (inner.unwrap_or(kind).to_owned(), inner.is_some()))
        });
        let key = key.split(',').map(|column| column.trim().to_owned()).collect();
        tables.insert(name.trim().to_owned(), (key, columns.collect()));
    }
    tables
}

#[test]
fn the_code_declares_the_tables_as_they_are() {
    let code = schema_rs();
    for backend in Backend::ALL {
        let Some(schema) = of(backend) else { continue };
        assert_eq!(schema.keys().collect::<Vec<_>>(), code.keys().collect::<Vec<_>>(), "{backend:?}");
        for (name, table) in &schema {
            let (key, columns) = &code[name];
            assert_eq!(
                columns.keys().collect::<Vec<_>>(),
                table.columns.keys().collect::<Vec<_>>(),
                "{backend:?} {name}"
            );
            for (column, (kind, nullable)) in columns {
                let kind = match kind.as_str() {
                    "Text" => Kind::Text,
                    "Binary" => Kind::Bytes,
                    "Integer" | "BigInt" => Kind::Integer,
                    "Double" => Kind::Real,
                    "Bool" => Kind::Bool,
                    other => panic!("{name}.{column} is {other}"),
                };
                let found = &table.columns[column];
                assert_eq!((kind, *nullable), (found.kind, found.nullable), "{backend:?} {name}.{column}");
            }
            // A table is found by a unique column where that is not the row's number.
            let is_unique = key == &table.primary_key || table.uniques.contains(key);
            assert!(is_unique, "{backend:?} {name} is not unique by {key:?}");
        }
    }
}

/// PostgreSQL tells sizes of integers apart, and reads a number of the wrong size wrongly.
#[test]
fn integers_have_the_size_the_code_says() {
    let Some(db) = TestDb::create(Backend::Postgres) else { return };
    let found = db_schema::query(
        &mut db.connect(),
        "SELECT json_agg(json_build_array(table_name, column_name, data_type))::text AS json FROM information_schema.columns
         WHERE table_schema = 'public' AND table_name <> '__diesel_schema_migrations'",
    );
    let code = schema_rs();
    for row in found {
        let [table, column, kind] = [0, 1, 2].map(|index| row[index].as_str().unwrap());
        let expected = match code[table].1[column].0.as_str() {
            "Integer" => "integer",
            "BigInt" => "bigint",
            _ => continue,
        };
        assert_eq!(kind, expected, "{table}.{column}");
    }
}

/// Foreign keys without an index of their own. The index would serve a deletion of the row they
/// point at, and the code deletes no row of these tables; it would cost every write of an issue.
const UNINDEXED: &[(&str, &str)] = &[
    ("issue_requests", "decided_by"),
    ("issue_requests", "filed_by"),
    ("issues", "approved_by"),
    ("issues", "campaign"),
    ("issues", "checker_id"),
    ("issues", "closed_by"),
    ("issues", "duplicate_of"),
    ("issues", "fixed_by"),
    ("issues", "item_code"),
    ("issues", "look_back_inspector_id"),
    ("issues", "released_by"),
    ("issues", "unit_id"),
];

#[test]
fn every_foreign_key_says_what_a_deletion_does_and_has_an_index() {
    for backend in Backend::ALL {
        let Some(schema) = of(backend) else { continue };
        let mut unindexed = Vec::new();
        let mut targets = BTreeSet::new();
        for (name, table) in &schema {
            for ForeignKey { column, table: target, on_delete, .. } in &table.foreign_keys {
                assert_ne!(on_delete, "NO ACTION", "{backend:?} {name}.{column}");
                let first = |columns: &[String]| columns.first() == Some(column);
                let indexed = first(&table.primary_key)
                    || table.uniques.iter().any(|unique| first(unique))
                    || table.indexes.values().any(|index| first(&index.columns));
                if !indexed {
                    unindexed.push((name.as_str(), column.as_str()));
                    targets.insert(target.as_str());
                }
            }
        }
        assert_eq!(unindexed, UNINDEXED, "{backend:?}");
        // What excuses them: nothing deletes a row they point at.
        for file in crate::source::files("src") {
            for target in &targets {
                let deletes = file.squeezed().contains(&format!("delete({target}::"));
                assert!(!deletes, "{} deletes from {target}: index {UNINDEXED:?}", file.path);
            }
        }
    }
}

/// Times and identities come from the code's clock and randomness, so that tests can drive them.
#[test]
fn no_column_has_a_default() {
    for backend in Backend::ALL {
        let Some(schema) = of(backend) else { continue };
        for (name, table) in &schema {
            for (column, found) in &table.columns {
                assert_eq!(found.default, None, "{backend:?} {name}.{column}");
            }
        }
    }
}

/// Every check `column IN ('word', …)` of the tables, as its column and its words.
fn checked_words(conn: &mut Conn, backend: Backend) -> BTreeMap<(String, String), BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for line in db_schema::dump(conn, backend) {
        // SQLite keeps a table's text, PostgreSQL has a line for each constraint.
        let (table, checks) = match backend {
            Backend::Sqlite => match line.strip_prefix("table ") {
                Some(rest) => (rest.split(' ').next().unwrap().to_owned(), rest.split("CHECK (").skip(1)),
                None => continue,
            },
            Backend::Postgres => match line.strip_prefix("constraint ") {
                Some(rest) => (rest.split('.').next().unwrap().to_owned(), rest.split("CHECK ((").skip(1)),
                None => continue,
            },
        };
        for check in checks {
            let list = [" IN ('", " = ANY (ARRAY["].iter().find_map(|sign| check.split_once(sign));
            let Some((column, list)) = list.filter(|(column, _)| !column.contains(['(', ' '])) else { continue };
            let list = list.split_once([')', ']']).unwrap().0;
            let words = match backend {
                Backend::Sqlite => list.trim_matches('\'').split("', '").map(str::to_owned).collect(),
                Backend::Postgres => list.split('\'').skip(1).step_by(2).map(str::to_owned).collect(),
            };
            found.insert((table.clone(), column.to_owned()), words);
        }
    }
    found
}

/// The code refuses words that it does not know, whatever a check says (`store/columns.rs`). A check that lists them
/// would have to be changed with each new word, for which SQLite copies the whole table. These are on tables that have
/// millions of rows in a large county, where that takes minutes while the service starts: a migration that brings such
/// a word pays for it.
const LISTED_WORDS: &[(&str, &str)] = &[
    ("audit", "outcome"),
    ("blobs", "media_type"),
    ("denials", "outcome"),
    ("issue_events", "to_state"),
    ("issue_photos", "stage"),
    ("issue_photos", "view"),
    ("issues", "reported_severity"),
    ("issues", "severity"),
    ("issues", "source"),
    ("issues", "state"),
];

#[test]
fn no_other_check_lists_words_of_the_code_and_these_list_them_all() {
    fn codes<T: Copy>(all: &[T], code: impl Fn(T) -> &'static str) -> BTreeSet<String> {
        all.iter().map(|member| code(*member).to_owned()).collect()
    }
    let expected = |table: &str, column: &str| match (table, column) {
        (_, "outcome") => codes(Outcome::ALL, Outcome::as_str),
        (_, "stage") => codes(PhotoStage::ALL, PhotoStage::as_str),
        (_, "view") => codes(PhotoView::ALL, PhotoView::as_str),
        (_, "severity" | "reported_severity") => codes(Severity::ALL, Severity::as_str),
        (_, "source") => codes(Source::ALL, Source::as_str),
        (_, "state" | "to_state") => codes(State::ALL, State::as_str),
        (_, "media_type") => ["image/jpeg", "image/png", "image/webp", "image/heic"].map(str::to_owned).into(),
        other => panic!("no words for {other:?}"),
    };
    for backend in Backend::ALL {
        let Some(db) = TestDb::create(backend) else { continue };
        let found = checked_words(&mut db.connect(), backend);
        let listed: Vec<_> = found.keys().map(|(table, column)| (table.as_str(), column.as_str())).collect();
        assert_eq!(listed, LISTED_WORDS, "{backend:?}: see what is said of LISTED_WORDS");
        for ((table, column), words) in &found {
            assert_eq!(words, &expected(table, column), "{backend:?} {table}.{column}");
        }
    }
}

/// A migration of SQLite may rebuild a table that others refer to: no row of the others is deleted with the old table,
/// and references to missing rows are found afterwards.
#[test]
fn a_table_that_others_refer_to_is_made_anew() {
    let db = TestDb::create(Backend::Sqlite).unwrap();
    let mut conn = db.connect();
    rows::one_issue(&mut conn, Backend::Sqlite);
    let count = "SELECT json_array((SELECT count(*) FROM users), (SELECT count(*) FROM issues),
        (SELECT count(*) FROM issue_events), (SELECT foreign_keys FROM pragma_foreign_keys)) AS json";
    let (before, schema) = (db_schema::query(&mut conn, count), db_schema::dump(&mut conn, Backend::Sqlite));
    assert_eq!(before, [1, 1, 1, 1]);
    // Down and up again: both rebuild `users`, to which issues and events refer.
    const BEFORE: &str = "20261128000011";
    assert!(revert_after(&mut conn, BEFORE).unwrap() > 0);
    assert_eq!(
        (version(&mut conn).unwrap().as_deref(), db_schema::query(&mut conn, count)),
        (Some(BEFORE), before.clone())
    );
    let finder = |byte| format!("UPDATE issues SET finder_id = {}", rows::id(Backend::Sqlite, byte));
    conn.batch_execute(&format!("PRAGMA foreign_keys=OFF; {}; PRAGMA foreign_keys=ON", finder(9))).unwrap();
    let refused = migrate(&mut conn).unwrap_err().to_string();
    assert!(refused.contains("a row of issues names no row of users"), "{refused}");
    // Nothing of it was stored, and foreign keys are checked again.
    assert_eq!(
        (version(&mut conn).unwrap().as_deref(), db_schema::query(&mut conn, count)),
        (Some(BEFORE), before.clone())
    );
    conn.batch_execute(&finder(2)).unwrap();
    assert!(migrate(&mut conn).unwrap() > 0);
    assert_eq!(db_schema::query(&mut conn, count), before);
    assert_eq!(db_schema::dump(&mut conn, Backend::Sqlite), schema);
}

fn refusal(conn: &mut Conn, sql: &str) -> String {
    match conn.batch_execute(sql) {
        Ok(()) => panic!("not refused: {sql}"),
        Err(error) => error.to_string(),
    }
}

on_both! {
    /// What a loading set aside is found again, by the program that did it or by the next start.
    fn indexes_set_aside_come_back(db: TestDb) {
        let mut conn = db.connect();
        let whole = db_schema::dump(&mut conn, db.backend());
        let count = bulk::set_indexes_aside(&mut conn).unwrap();
        assert!(count > 20, "{count}");
        let without = db_schema::dump(&mut conn, db.backend());
        assert_ne!(without, whole);
        // Set aside once more by somebody who does not know.
        assert_eq!(bulk::set_indexes_aside(&mut conn).unwrap(), 0);
        assert_eq!(migrate(&mut conn).unwrap(), 0, "no step of the schema is left");
        assert_eq!(db_schema::dump(&mut conn, db.backend()), whole);
        assert_eq!(bulk::set_indexes_aside(&mut conn).unwrap(), count);
        assert_eq!(bulk::put_indexes_back(&mut conn).unwrap(), count);
        assert_eq!(db_schema::dump(&mut conn, db.backend()), whole);
        assert_eq!(bulk::put_indexes_back(&mut conn).unwrap(), 0);
    }

    fn history_and_audit_are_append_only(db: TestDb) {
        let backend = db.backend();
        let mut conn = db.connect();
        rows::one_issue(&mut conn, backend);
        let row = rows::id(backend, 4);
        let mut attempts = vec![
            "UPDATE issue_events SET reason = 'other'".to_owned(),
            "UPDATE issue_events SET seq = seq + 1".to_owned(),
            "DELETE FROM issue_events".to_owned(),
            "UPDATE audit SET detail = 'other'".to_owned(),
            "DELETE FROM audit WHERE seq = 1".to_owned(),
        ];
        match backend {
            // Replacing a row is deleting it and putting in another.
            Backend::Sqlite => attempts.extend([
                "REPLACE INTO audit SELECT seq, at, actor_id, actor_role, action, target, outcome, 'other', request_id FROM audit".to_owned(),
                format!(
                    "INSERT OR REPLACE INTO issue_events (issue_id, version, at, action, to_state, photos, changes)
                     VALUES ({row}, 1, 0, 'report', 'submitted', '[]', '{{\"a\": 1}}')"
                ),
            ]),
            Backend::Postgres => attempts.extend(["TRUNCATE audit".to_owned(), "TRUNCATE issue_events".to_owned()]),
        }
        for attempt in attempts {
            let error = refusal(&mut conn, &attempt);
            assert!(error.contains("append-only"), "{attempt}: {error}");
        }
        let dump = match backend {
            Backend::Sqlite => "SELECT json_array(json_array((SELECT count(*) FROM audit WHERE detail = ''),
                (SELECT count(*) FROM issue_events WHERE changes = '{}'))) AS json",
            Backend::Postgres => "SELECT json_build_array(json_build_array((SELECT count(*) FROM audit WHERE detail = ''),
                (SELECT count(*) FROM issue_events WHERE changes = '{}')))::text AS json",
        };
        assert_eq!(db_schema::query(&mut conn, dump), [serde_json::json!([1, 1])], "both rows are as they were");
    }

    // One more lock behind the rules in the code: each of these must not be stored, by whatever path.
    fn checks_refuse_what_must_not_be(db: TestDb) {
        let backend = db.backend();
        let mut conn = db.connect();
        rows::one_issue(&mut conn, backend);
        let [unit, inspector] = [1, 2].map(|byte| rows::id(backend, byte));
        for attempt in [
            "UPDATE issues SET state = 'lost'".to_owned(),
            "UPDATE issues SET state = 'closed'".to_owned(),
            "UPDATE issues SET state = 'assigned'".to_owned(),
            "UPDATE issues SET number = '2026-0001'".to_owned(),
            "UPDATE issues SET version = 0".to_owned(),
            "UPDATE issues SET chain_no = 1".to_owned(),
            format!("UPDATE issues SET approved_by = {inspector}"),
            format!("UPDATE users SET unit_id = {unit}, campaign = 'WM'"),
            format!("UPDATE points SET lead_unit_id = {}", rows::id(backend, 9)),
            "DELETE FROM units".to_owned(),
            "DELETE FROM issues".to_owned(),
        ] {
            let error = refusal(&mut conn, &attempt).to_lowercase();
            assert!(error.contains("check constraint") || error.contains("foreign key"), "{attempt}: {error}");
        }
    }
}
