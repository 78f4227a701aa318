//! Backup and restore: complete although the service keeps running, and refused if a byte of the backup was changed.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use anfang::app::ambient::{Random as _, SystemRandom};
use anfang::backup::{self, BackupError, FORMAT, Manifest, Restored};
use anfang::blobs::{LocalStore, PhotoStore};
use anfang::domain::digest::Digest;
use anfang::domain::ids::IssueId;
use anfang::domain::issue::{Issue, State};
use anfang::domain::time::Timestamp;
use anfang::store::{Conn, dump, issues, photos, version, versions};
use diesel::connection::SimpleConnection;
use serde::Serialize;
use serde_json::json;
use tempfile::TempDir;

use crate::support::backend::{Backend, TestDb};
use crate::support::db_schema;
use crate::support::pictures;
use crate::support::rows;
use crate::support::service::{DAY, Service, new_id};

fn folder() -> TempDir {
    tempfile::Builder::new().prefix("anfang-backup-").tempdir().unwrap()
}

fn now() -> Timestamp {
    Timestamp::parse("2026-08-03T09:00:00+08:00").unwrap()
}

fn take(db: &TestDb, photo_store: &PhotoStore, to: &Path) -> Manifest {
    backup::take(&mut db.connect(), photo_store, to, now(), &mut |_| {}).unwrap()
}

/// An empty place that a backup may go into.
struct Target {
    db: TestDb,
    photo_store: PhotoStore,
    _folder: TempDir,
}

impl Target {
    fn new(backend: Backend) -> Option<Self> {
        let folder = folder();
        let photo_store = PhotoStore::Local(LocalStore::open(folder.path()).unwrap());
        Some(Target { db: TestDb::create_empty(backend)?, photo_store, _folder: folder })
    }

    fn restore(&self, from: &Path) -> Result<Restored, BackupError> {
        backup::restore(&mut self.db.connect(), &self.photo_store, from, &mut |_| {})
    }

    #[track_caller]
    fn refuses(&self, from: &Path, why: &str) {
        let refusal = self.restore(from).unwrap_err().to_string();
        assert!(refusal.contains(why), "{refusal}");
    }

    #[track_caller]
    fn is_untouched(&self) {
        assert!(dump::is_empty(&mut self.db.connect()).unwrap());
        assert!(self.photo_store.originals().next().is_none());
    }
}

/// Every issue is the fold of its events, and its photos have arrived.
fn assert_whole(conn: &mut Conn, photo_store: &PhotoStore) -> usize {
    let mut after = 0;
    while let Some((seq, digest, size_bytes)) = photos::page(conn, after, 1).unwrap().pop() {
        after = seq;
        assert!(photo_store.verify(&digest).unwrap());
        assert_eq!(photo_store.open_original(&digest).unwrap().size_bytes, u64::try_from(size_bytes).unwrap());
    }
    let shape = dump::tables().into_iter().find(|shape| shape.table == "issues").unwrap();
    let mut found = Vec::new();
    dump::each_row(conn, &shape, |row| {
        let dump::Cell::Bytes(id) = &row[1] else { panic!("{row:?}") };
        found.push(IssueId(uuid::Uuid::from_slice(id).unwrap()));
        Ok::<_, BackupError>(())
    })
    .unwrap();
    for id in &found {
        let stored = issues::find(conn, *id).unwrap().unwrap();
        let events = issues::events(conn, *id).unwrap();
        assert_eq!(events.len(), usize::try_from(stored.version).unwrap());
        assert_eq!(Issue::replay(events.iter().map(|event| &event.changes)).unwrap(), stored);
        if stored.state != State::Receiving {
            let photos = issues::photos(conn, &[*id]).unwrap();
            assert!(photos.iter().all(|photo| photo.arrived.is_some()), "{id:?} is submitted without a photo");
        }
    }
    found.len()
}

/// All files of a backup.
fn files(root: &Path) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![root.to_owned()]);
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { open.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

#[derive(Serialize)]
struct Sealed<'a> {
    manifest: &'a Manifest,
    sha256: Digest,
}

/// A manifest as another program might have written it.
fn write_manifest(root: &Path, manifest: &Manifest) {
    let sha256 = Digest::of(serde_json::to_string(manifest).unwrap().as_bytes());
    let text = serde_json::to_string_pretty(&Sealed { manifest, sha256 }).unwrap() + "\n";
    std::fs::write(root.join("manifest.json"), text).unwrap();
}

/// A small service with issues in every state, one of them a duplicate of a later one.
fn populated(db: TestDb) -> Service {
    let service = Service::start(db);
    for state in State::ALL {
        service.drive_to(*state);
    }
    let (earlier, later) = (service.report_with_photos(), service.report_with_photos());
    let reject = json!({"reason": "重复", "duplicate_of": later});
    for (username, state) in [("office01", "submitted"), ("office02", "void")] {
        service.step(earlier, username, anfang::domain::issue::Action::Reject, &reject).in_state(state);
    }
    let corners = "corners=107.4,31.4,107.6,31.4,107.6,31.1,107.4,31.1";
    service
        .sign_in("office01")
        .put_bytes(&format!("/map/image?{corners}"), "image/png", &pictures::png(1, 300, 200))
        .expect(200);
    service.drain_jobs();
    service
}

on_both! {
    fn a_backup_goes_into_either_database(db: TestDb) {
        let service = populated(db);
        let folder = folder();
        let taken = take(&service.db, &service.app.photo_store, &folder.path().join("first"));
        assert!(taken.absent.is_empty() && taken.originals.count > 20);
        assert_eq!(Manifest::read(&folder.path().join("first")).unwrap(), taken);
        for backend in Backend::ALL {
            let Some(target) = Target::new(backend) else { continue };
            let restored = target.restore(&folder.path().join("first")).unwrap();
            assert_eq!(restored.originals, taken.originals.count);
            assert_eq!(restored.rows, taken.tables.iter().map(|file| file.rows).sum::<u64>());
            assert!(assert_whole(&mut target.db.connect(), &target.photo_store) > State::ALL.len());
            // Nothing is lost on the way: a backup of what was restored has the same bytes.
            let again = take(&target.db, &target.photo_store, &folder.path().join(format!("{backend:?}")));
            assert_eq!((again.tables, again.originals), (taken.tables.clone(), taken.originals));
            let signed_in = "SELECT '[' || count(*) || ']' AS json FROM sessions";
            assert_eq!(db_schema::query(&mut target.db.connect(), signed_in), [json!(0)], "nobody is signed in");
            // It counts on where it stopped.
            target.db.connect().batch_execute(
                "INSERT INTO audit (at, action, target, outcome, detail, request_id) VALUES (0, 'sign-in', 'user:x', 'done', '', 'r')"
            ).unwrap();
            target.refuses(&folder.path().join("first"), "not empty");
        }
    }

    fn backups_under_load_are_whole(db: TestDb) {
        let service = Service::start(db);
        // Logs in before there is load.
        service.report_with_photos();
        let (folder, done) = (folder(), AtomicBool::new(false));
        let taken = std::thread::scope(|scope| {
            let reporting = scope.spawn(|| {
                for _ in 0..12 {
                    service.report_with_photos();
                }
                done.store(true, Ordering::Release);
            });
            let mut taken = 0;
            while !done.load(Ordering::Acquire) {
                let manifest = take(&service.db, &service.app.photo_store, &folder.path().join(taken.to_string()));
                assert!(manifest.absent.is_empty());
                taken += 1;
            }
            reporting.join().unwrap();
            taken
        });
        assert!(taken > 0);
        let mut before = 1;
        for number in (0..taken).rev().step_by(usize::max(taken / 4, 1)).collect::<Vec<_>>().into_iter().rev() {
            let target = Target::new(Backend::Sqlite).unwrap();
            target.restore(&folder.path().join(number.to_string())).unwrap();
            let found = assert_whole(&mut target.db.connect(), &target.photo_store);
            assert!(found >= before, "{found} after {before}");
            before = found;
        }
    }

    /// A photo that came after the first look at the photos, and one that was swept after the rows were read.
    fn what_comes_and_goes_while_a_backup_is_made_is_in_it(db: TestDb) {
        let service = Service::start(db);
        let orphan = service.picture();
        service.sign_in("inspector01").put_photo(new_id(), &orphan).expect(201);
        let (folder, swept) = (folder(), Digest::of(&orphan));
        let mut say = |line: &str| {
            if line == "reading rows" {
                service.report_with_photos();
            } else if line.starts_with("settings: ") {
                service.pass(DAY * 8);
                service.drain_jobs();
                assert!(service.app.photo_store.open_original(&swept).is_err());
            }
        };
        let taken = backup::take(&mut service.database(), &service.app.photo_store, folder.path(), now(), &mut say).unwrap();
        assert!(taken.absent.is_empty());
        assert_eq!(taken.originals.count, 3);
        let target = Target::new(service.db.backend()).unwrap();
        target.restore(folder.path()).unwrap();
        assert_eq!(assert_whole(&mut target.db.connect(), &target.photo_store), 1);
    }

    /// So much later that they are not written in one group.
    fn an_issue_may_name_a_later_one(db: TestDb) {
        let mut conn = db.connect();
        rows::one_issue(&mut conn, db.backend());
        let id = match db.backend() {
            Backend::Sqlite => "CAST(printf('%016d', i) AS BLOB)",
            Backend::Postgres => "decode(lpad(to_hex(i), 32, '0'), 'hex')",
        };
        let first = rows::id(db.backend(), 4);
        conn.batch_execute(&format!(
            "INSERT INTO issues (id, version, public_version, state, round, source, severity, campaign, item_code, point_id, area_code, \
                 finder_id, description, captured_at, received_at, urgent, final_assignment, due_order, unclaimed, chain_no) \
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) \
             SELECT {id}, version, public_version, state, round, source, severity, campaign, item_code, point_id, area_code, \
                 finder_id, description, captured_at, received_at, urgent, final_assignment, due_order, unclaimed, chain_no \
             FROM issues, n WHERE id = {first}; \
             UPDATE issues SET duplicate_of = (SELECT id FROM issues ORDER BY seq DESC LIMIT 1) WHERE id = {first}"
        )).unwrap();
        let source = Target::new(db.backend()).unwrap();
        let folder = folder();
        let taken = take(&db, &source.photo_store, &folder.path().join("one"));
        for backend in Backend::ALL {
            let Some(target) = Target::new(backend) else { continue };
            target.restore(&folder.path().join("one")).unwrap();
            let again = take(&target.db, &target.photo_store, &folder.path().join(format!("{backend:?}")));
            assert_eq!(again.tables, taken.tables);
        }
    }

    fn an_original_that_was_lost_or_damaged_is_noted_and_the_rest_is_kept(db: TestDb) {
        let service = Service::start(db);
        service.report_with_photos();
        let originals = service.originals();
        assert_eq!(originals.len(), 2);
        std::fs::write(&originals[0], "rotten").unwrap();
        let folder = folder();
        let taken = take(&service.db, &service.app.photo_store, folder.path());
        let name = originals[0].file_name().unwrap().to_str().unwrap();
        assert_eq!(taken.absent, BTreeSet::from([Digest::parse_hex(name).unwrap()]));
        assert_eq!(taken.originals.count, 1);
        let target = Target::new(service.db.backend()).unwrap();
        assert_eq!(target.restore(folder.path()).unwrap().originals, 1);
        assert_eq!(target.photo_store.originals().count(), 1);
    }

    fn a_backup_with_a_changed_byte_is_refused_and_nothing_is_written(db: TestDb) {
        let service = Service::start(db);
        service.report_with_photos();
        let folder = folder();
        take(&service.db, &service.app.photo_store, folder.path());
        let target = Target::new(service.db.backend()).unwrap();
        let files = files(folder.path());
        assert!(files.len() > 20, "{files:?}");
        for path in &files {
            let sound = std::fs::read(path).unwrap();
            let length = u32::try_from(sound.len()).unwrap();
            let places = [0, length / 2, length - 1, SystemRandom.below(length), SystemRandom.below(length)];
            for at in places {
                let mut bytes = sound.clone();
                // Also the bit that only changes the case of a digit.
                bytes[at as usize] ^= 1 << SystemRandom.below(8);
                std::fs::write(path, &bytes).unwrap();
                assert!(target.restore(folder.path()).is_err(), "{}: byte {at} changed unseen", path.display());
            }
            std::fs::write(path, &sound[..sound.len() - 1]).unwrap();
            assert!(target.restore(folder.path()).is_err(), "{} is shorter", path.display());
            std::fs::write(path, [&sound[..], b"\n"].concat()).unwrap();
            assert!(target.restore(folder.path()).is_err(), "{} is longer", path.display());
            std::fs::remove_file(path).unwrap();
            assert!(target.restore(folder.path()).is_err(), "{} is missing", path.display());
            target.is_untouched();
            std::fs::write(path, sound).unwrap();
        }
        target.restore(folder.path()).unwrap();
    }

    fn a_place_that_is_not_empty_is_refused(db: TestDb) {
        let service = Service::start(db);
        service.report_with_photos();
        let folder = folder();
        let to = folder.path().join("deep").join("backup");
        take(&service.db, &service.app.photo_store, &to);
        let again = backup::take(&mut service.database(), &service.app.photo_store, &to, now(), &mut |_| {});
        assert!(again.unwrap_err().to_string().contains("is not empty"));

        let migrated = Target { db: TestDb::create(service.db.backend()).unwrap(), ..Target::new(service.db.backend()).unwrap() };
        migrated.refuses(&to, "database is not empty");
        let target = Target::new(service.db.backend()).unwrap();
        let mut part = target.photo_store.begin(3).unwrap();
        part.write(b"one").unwrap();
        drop(target.photo_store.seal(part.finish().unwrap()).unwrap());
        target.refuses(&to, "photo store is not empty");
        assert!(dump::is_empty(&mut target.db.connect()).unwrap());
    }

    fn a_half_made_or_newer_backup_is_refused(db: TestDb) {
        let service = Service::start(db);
        let folder = folder();
        let taken = take(&service.db, &service.app.photo_store, folder.path());
        let target = Target::new(service.db.backend()).unwrap();
        write_manifest(folder.path(), &Manifest { format: FORMAT + 1, ..taken.clone() });
        target.refuses(folder.path(), "format 2");
        write_manifest(folder.path(), &Manifest { schema: "29991231000001".into(), ..taken.clone() });
        target.refuses(folder.path(), "schema 29991231000001");
        let mut evil = taken.clone();
        evil.tables[0].table = "settings; DROP TABLE users".into();
        write_manifest(folder.path(), &evil);
        target.refuses(folder.path(), "no name of a table");
        std::fs::remove_file(folder.path().join("manifest.json")).unwrap();
        target.refuses(folder.path(), "half-made");
        target.is_untouched();
        write_manifest(folder.path(), &taken);
        target.restore(folder.path()).unwrap();
    }

    /// An older schema is made first, filled, and brought up to date; what fails leaves nothing.
    fn every_schema_that_was_is_filled_and_brought_up_to_date(db: TestDb) {
        let newest = versions().unwrap().pop();
        assert_eq!(version(&mut db.connect()).unwrap(), newest);
        for known in versions().unwrap() {
            let empty = TestDb::create_empty(db.backend()).unwrap();
            let mut conn = empty.connect();
            assert_eq!(version(&mut conn).unwrap(), None);
            let failed = dump::into_empty(&mut conn, &known, |conn| {
                assert_eq!(version(conn)?.as_ref(), Some(&known));
                Err::<(), _>(anfang::store::StoreError::Stale)
            });
            assert!(failed.is_err() && dump::is_empty(&mut conn).unwrap());
            dump::into_empty(&mut conn, &known, |_| Ok::<_, anfang::store::StoreError>(())).unwrap();
            assert_eq!(version(&mut conn).unwrap(), newest);
        }
    }

    /// A new table is carried or left out knowingly, after those it refers to.
    fn the_tables_of_a_backup_are_all_there_are(db: TestDb) {
        let found = db_schema::read(&mut db.connect(), db.backend());
        let carried = dump::tables();
        let names: BTreeSet<String> = carried.iter().map(|shape| shape.table.clone()).chain(dump::LEFT_OUT.map(str::to_owned)).collect();
        assert_eq!(names, found.keys().cloned().collect());
        for (at, shape) in carried.iter().enumerate() {
            let table = &found[&shape.table];
            let columns: BTreeSet<&String> = shape.columns.iter().map(|column| &column.0).collect();
            assert_eq!(columns, table.columns.keys().collect(), "{}", shape.table);
            for key in &table.foreign_keys {
                let to = carried.iter().position(|shape| shape.table == key.table).unwrap();
                let forward = dump::FORWARD.contains(&(shape.table.as_str(), key.column.as_str()));
                // A relapse, and the result of a look-back, come after the issue that they refer to.
                let backward = shape.table == "issues" && ["parent_id", "look_back_of"].contains(&key.column.as_str());
                assert!(to < at || forward || backward, "{}.{} refers to {}", shape.table, key.column, key.table);
            }
        }
    }
}
