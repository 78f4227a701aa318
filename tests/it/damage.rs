//! Lost or damaged data is refused, reported and counted, when the service starts and while it runs.

use std::fs::OpenOptions;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anfang::app::metrics;
use anfang::store::{Conn, DatabaseUrl, Purpose, Store, StoreOptions, migrate, versions};
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use rustix::process::Signal;

use crate::startup::{Serving, anfang, folder, refuses, text};
use crate::support::backend::{Backend, TestDb};
use crate::support::program::{Pending, Program, agent, get, point, put, sign_in};
use crate::support::service::{Service, new_id};

/// Bytes of a page of SQLite's. Source: its default since 3.12.
const PAGE_BYTES: i64 = 4_096;

#[derive(QueryableByName)]
struct Tree {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = BigInt)]
    page: i64,
}

/// Every table and index, with the page of its root.
fn trees(database: &Path) -> Vec<Tree> {
    let Conn::Sqlite(mut conn) = DatabaseUrl::Sqlite(database.to_owned()).connect(Purpose::Read).unwrap() else {
        panic!("not SQLite")
    };
    diesel::sql_query("SELECT name, type AS kind, rootpage AS page FROM sqlite_master WHERE rootpage > 1 ORDER BY name")
        .load(&mut conn)
        .unwrap()
}

/// Writes over a page of the file; what was there.
fn spoil(database: &Path, page: i64) -> Vec<u8> {
    let file = OpenOptions::new().read(true).write(true).open(database).unwrap();
    let at = u64::try_from((page - 1) * PAGE_BYTES).unwrap();
    let mut before = vec![0; 4_096];
    file.read_exact_at(&mut before, at).unwrap();
    file.write_all_at(&[0xA7; 4_096], at).unwrap();
    before
}

fn mend(database: &Path, page: i64, bytes: &[u8]) {
    let file = OpenOptions::new().write(true).open(database).unwrap();
    file.write_all_at(bytes, u64::try_from((page - 1) * PAGE_BYTES).unwrap()).unwrap();
}

/// A demo county that has ended, everything in its file.
fn ended_county(data: &Path) {
    let serving = Serving::start(anfang(&["demo", "--data", text(data), "--listen", "127.0.0.1:0", "--issues", "0"]));
    assert_eq!(serving.end(Signal::TERM), Some(0));
    let mut conn = DatabaseUrl::Sqlite(data.join("anfang.db")).connect(Purpose::Write).unwrap();
    conn.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
}

/// Garbage at the root page of any table or index is refused at the start, in one line.
#[test]
fn garbage_in_any_table_or_index_is_refused_at_the_start() {
    let folder = folder();
    let data = folder.path();
    ended_county(data);
    let database = data.join("anfang.db");
    let trees = trees(&database);
    for name in ["sessions", "issues", "audit"] {
        assert!(trees.iter().any(|tree| tree.name == name), "{name} is not there");
    }
    for tree in &trees {
        let sound = spoil(&database, tree.page);
        let serve = tree.kind == "table";
        let commands: &[&str] = if serve { &["check", "serve"] } else { &["check"] };
        for command in commands {
            let output = anfang(&[command, "--data", text(data)]).output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{command} with {}: {said}", tree.name);
            assert!(said.starts_with("anfang: database: ") && said.lines().count() == 1, "{}: {said}", tree.name);
        }
        mend(&database, tree.page, &sound);
    }
    let whole = anfang(&["check", "--data", text(data)]).output().unwrap();
    assert!(whole.status.success(), "{}", String::from_utf8_lossy(&whole.stderr));
}

/// What `look` finds in the end.
#[track_caller]
fn await_that(what: &str, mut look: impl FnMut() -> bool) {
    let start = Instant::now();
    while !look() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what} does not come");
        std::thread::yield_now();
    }
}

#[test]
fn garbage_that_comes_while_it_runs_ends_the_readiness() {
    let folder = folder();
    let data = folder.path();
    ended_county(data);
    let program = Program::start(data, None, &[]);
    assert_eq!(program.status("/readyz"), 204);
    let database = data.join("anfang.db");
    let spoilt = ["audit", "blobs", "complaints", "issues", "sessions"];
    let trees: Vec<_> = trees(&database).into_iter().filter(|tree| spoilt.contains(&tree.name.as_str())).collect();
    assert_eq!(trees.len(), spoilt.len());
    for tree in trees {
        let sound = spoil(&database, tree.page);
        await_that(&tree.name, || program.status("/readyz") == 503);
        mend(&database, tree.page, &sound);
        await_that(&tree.name, || program.status("/readyz") == 204);
    }
}

/// However many ask, it is looked once; a look a second later is another.
#[test]
fn a_flood_of_questions_whether_it_is_ready_costs_one_look() {
    let Some(db) = TestDb::create(Backend::Sqlite) else { return };
    let service = Service::start(db);
    let looks = || {
        let text = actix_web::rt::System::new().block_on(metrics::render(&service.app)).unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix("anfang_readiness_looks_total ")).map(str::to_owned);
        line.unwrap().parse::<u64>().unwrap()
    };
    service.pass(Duration::from_secs(2));
    let before = looks();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..50).for_each(|_| drop(service.anybody().get("//readyz").expect(204))));
        }
    });
    assert_eq!(looks(), before + 1);
    service.pass(Duration::from_secs(2));
    service.anybody().get("//readyz").expect(204);
    assert_eq!(looks(), before + 2);
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn tables(conn: &mut Conn) -> i64 {
    let found: Count = match conn {
        Conn::Sqlite(inner) => diesel::sql_query("SELECT count(*) AS count FROM sqlite_master").get_result(inner),
        Conn::Postgres(inner) => diesel::sql_query("SELECT count(*) AS count FROM pg_tables").get_result(inner),
    }
    .unwrap();
    found.count
}

/// A migration has run that this program does not know: of a newer version, or of another branch.
fn unknown_schemas(backend: Backend) {
    let ours = versions().unwrap().pop().unwrap();
    for theirs in ["20991231000001", "20261101000777"] {
        let Some(db) = TestDb::create(backend) else { return };
        let mut conn = db.connect();
        conn.batch_execute(&format!("INSERT INTO __diesel_schema_migrations (version) VALUES ('{theirs}')")).unwrap();
        let before = tables(&mut conn);
        let told = |error: String| assert!(error.contains(theirs) && error.contains(&ours), "{error}");
        told(Store::open(&db.url(), StoreOptions::default()).map(drop).unwrap_err().to_string());
        told(migrate(&mut conn).unwrap_err().to_string());
        let folder = folder();
        let sheet = folder.path().join("units.csv");
        std::fs::write(&sheet, "code,name_zh,kind,area_code\nU01,县城市管理局,bureau,990001\n").unwrap();
        let (sheet, to) = (text(&sheet), folder.path().join("backup"));
        let address = match db.url() {
            DatabaseUrl::Sqlite(path) => format!("sqlite:{}", path.display()),
            DatabaseUrl::Postgres(address) => address,
        };
        let commands: [&[&str]; 9] = [
            &["serve", "--listen", "127.0.0.1:0"],
            &["demo", "--listen", "127.0.0.1:0"],
            &["check"],
            &["migrate"],
            &["verify"],
            &["backup", text(&to)],
            &["import", "units", sheet],
            &["user", "add", "chief", "--role", "admin"],
            &["user", "disable", "chief"],
        ];
        for words in commands {
            // Flags of storage belong behind `user`, before its own command.
            let (first, rest) = words.split_first().unwrap();
            let mut command: Command = anfang(&[*first]);
            command.args(["--data", text(folder.path()), "--database-url", &address]).args(rest);
            let output = command.output().unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(1), "{words:?}: {said}");
            assert_eq!(said.lines().count(), 1, "{words:?}: {said}");
            assert!(said.contains(theirs) && said.contains(&ours), "{words:?}: {said}");
        }
        assert!(!to.exists(), "a backup of what is not known");
        assert_eq!(tables(&mut conn), before);
    }
}

#[test]
fn a_schema_of_another_program_is_refused_by_every_command_on_sqlite() {
    unknown_schemas(Backend::Sqlite);
}

#[test]
fn a_schema_of_another_program_is_refused_by_every_command_on_postgres() {
    unknown_schemas(Backend::Postgres);
}

on_both! {
    /// A row names it, so that it is missing is no answer: 500, an alarm, and never a picture made of it.
    fn an_original_that_is_lost_or_damaged_is_an_alarm(db: TestDb) {
        let service = Service::start(db);
        let (lost, damaged) = (new_id(), new_id());
        let inspector = service.sign_in("inspector01");
        let pictures = [service.picture(), service.picture()];
        for (photo, bytes) in [lost, damaged].iter().zip(&pictures) {
            inspector.put_photo(*photo, bytes).expect(201);
        }
        let report = service.report_body(&[lost, damaged]);
        inspector.put_json(&format!("/issues/{}", new_id()), &report).expect(201);
        let store = &service.app.photo_store;
        let path = |bytes: &[u8]| store.original_path(&anfang::domain::digest::Digest::of(bytes)).unwrap();
        std::fs::remove_file(path(&pictures[0])).unwrap();
        let mut rotten = pictures[1].clone();
        let middle = rotten.len() / 2;
        rotten[middle] ^= 1;
        std::fs::write(path(&pictures[1]), &rotten).unwrap();
        let office = service.sign_in("office01");
        for photo in [lost, damaged] {
            for variant in ["original", "view", "thumb"] {
                office.get(&format!("/photos/{photo}/{variant}")).refused(500, "internal");
            }
        }
        let text = actix_web::rt::System::new().block_on(metrics::render(&service.app)).unwrap();
        for fault in ["lost", "damaged"] {
            assert!(text.contains(&format!("anfang_originals_faulty_total{{fault=\"{fault}\"}} 3\n")), "{text}");
        }
        // Nor is one kept that was made of a damaged original.
        service.drain_jobs();
        let digest = anfang::domain::digest::Digest::of(&pictures[1]);
        assert!(store.read_rendition(&digest, anfang::blobs::Variant::Thumb).is_err());
        office.get(&format!("/photos/{}/original", new_id())).refused(404, "not-found");
        // Sending the same bytes again repairs both.
        for bytes in &pictures {
            inspector.put_photo(new_id(), bytes).expect(201);
        }
        for photo in [lost, damaged] {
            for variant in ["original", "view", "thumb"] {
                office.get(&format!("/photos/{photo}/{variant}")).expect(200);
            }
        }
    }
}

/// `verify` reports everything that is wrong: data that cannot be read does not stop it.
#[test]
fn verify_goes_on_past_what_cannot_be_read() {
    let folder = folder();
    let data = folder.path();
    {
        let program = Program::start(data, None, &[]);
        let token = sign_in(&program.base, "inspector01");
        let place = point(&program.base, &token);
        for seed in 0..3 {
            let report = Pending::new(seed, &place);
            let photo = format!("{}/photos/{}", program.base, report.photo);
            assert_eq!(put(&agent(), &photo, &token, "image/jpeg", &report.bytes).unwrap().0, 201);
            let issue = format!("{}/issues/{}", program.base, report.issue);
            assert_eq!(put(&agent(), &issue, &token, "application/json", report.body.as_bytes()).unwrap().0, 201);
        }
        assert!(get(&agent(), &format!("{}/me", program.base), &token).is_some());
    }
    ended_county(data);
    let database = data.join("anfang.db");
    for tree in
        trees(&database).iter().filter(|tree| ["sessions", "complaints", "issue_events"].contains(&tree.name.as_str()))
    {
        spoil(&database, tree.page);
    }
    let originals: Vec<_> = walk(&data.join("photos/originals"));
    assert_eq!(originals.len(), 3);
    std::fs::remove_file(&originals[0]).unwrap();
    std::fs::write(&originals[1], b"rotten").unwrap();
    let output = anfang(&["verify", "--data", text(data)]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}{}", String::from_utf8_lossy(&output.stderr));
    for word in
        ["original-lost ", "original-damaged ", "database ", "unreadable ", "issues and 3 originals looked at: "]
    {
        assert!(said.contains(word), "{word}: {said}");
    }
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect();
    found.sort();
    found
}

/// Root writes everywhere but where nobody can.
#[test]
fn a_photo_folder_that_takes_no_files_is_refused() {
    let folder = folder();
    let data = folder.path().canonicalize().unwrap();
    ended_county(&data);
    let photos = data.join("photos");
    std::fs::create_dir_all(photos.join("originals/ab")).unwrap();
    std::fs::create_dir_all(photos.join("incoming/uploads")).unwrap();
    for name in ["originals", "originals/ab", "incoming", "incoming/uploads", "renditions/view", "renditions/thumb"] {
        let place = photos.join(name);
        let place = place.display();
        let mounted = format!("mount --bind '{place}' '{place}' && mount -o remount,bind,ro '{place}'");
        let own = if rustix::process::geteuid().is_root() { "-m" } else { "-rm" };
        let wrapped = |words: &str| {
            let mut command = Command::new("unshare");
            command.args([
                own,
                "sh",
                "-c",
                &format!("{mounted} && {words}"),
                env!("CARGO_BIN_EXE_anfang"),
                text(&data),
            ]);
            command.env("ANFANG_ALLOW_VOLATILE_DATA", "1").env("ANFANG_FREE_MB_MIN", "0");
            command
        };
        if !wrapped("true").output().is_ok_and(|output| output.status.success()) {
            return assert!(std::env::var_os("CI").is_none() || !rustix::process::geteuid().is_root(), "no mounts");
        }
        for words in ["check", "serve --listen 127.0.0.1:0"] {
            refuses(wrapped(&format!("exec \"$0\" {words} --data \"$1\"")), &place.to_string());
        }
    }
}
