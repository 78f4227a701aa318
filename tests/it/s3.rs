//! Photos in S3: the main job with them, a store and a connection that fail, several nodes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

use anfang::app::upkeep;
use anfang::domain::digest::Digest;
use anfang::domain::ids::PhotoId;
use anfang::domain::issue::State;
use anfang::jobs::Runner;
use anfang::store::photos;
use diesel::connection::SimpleConnection as _;
use serde_json::json;
use uuid::Uuid;

use crate::support::backend::{Backend, TestDb};
use crate::support::s3::{Fault, Request, S3, Wire};
use crate::support::service::{Answer, DAY, HOUR, Service, await_until, new_id};
use crate::tus::Upload;

/// Only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// A service whose photos are in S3, behind a proxy that injects faults on request.
struct Setup {
    s3: S3,
    wire: Wire,
    service: Service,
}

impl Setup {
    fn new(db: TestDb) -> Self {
        let s3 = S3::start();
        let wire = Wire::to(s3.address());
        let service = Service::with_photos(db, |folder| s3.photos_at(wire.address, folder, "county/"));
        Setup { s3, wire, service }
    }

    fn put(&self, id: Uuid, bytes: &[u8]) -> Answer {
        self.service.sign_in("inspector01").put_photo(id, bytes)
    }

    fn is_noted(&self, id: Uuid, bytes: &[u8]) -> bool {
        let conn = &mut self.service.database();
        let photo = photos::find(conn, PhotoId(id)).unwrap();
        photo.is_some() || photos::find_blob(conn, &Digest::of(bytes)).unwrap().is_some()
    }

    fn originals(&self) -> usize {
        self.s3.objects("county/originals/").len()
    }

    /// The files of an upload in the node's own folder.
    fn left_behind(&self) -> usize {
        std::fs::read_dir(self.service.photo_folder().join("incoming")).unwrap().count()
    }
}

/// A JPEG made longer by what its author has to say, up to this many bytes and a little more.
fn with_comments(mut jpeg: Vec<u8>, size_bytes: usize) -> Vec<u8> {
    let comment = [&[0xff, 0xfe, 0xff, 0xff][..], &[b'x'; 0xffff - 2]].concat();
    let comments = comment.repeat(size_bytes / comment.len() + 1);
    jpeg.splice(2..2, comments);
    jpeg
}

#[track_caller]
fn unavailable(answer: Answer) {
    let answer = answer.refused(503, "unavailable");
    assert_ne!(answer.header("retry-after"), "");
}

/// Counts what a rule has met.
fn nth(method: &'static str, number: usize) -> impl Fn(&Request) -> bool + Send {
    let met = AtomicUsize::new(0);
    move |request| request.is_original(method) && met.fetch_add(1, Ordering::SeqCst) + 1 == number
}

on_both! {
    fn the_main_job_runs_with_its_photos_in_s3(db: TestDb) {
        let setup = Setup::new(db);
        let service = &setup.service;
        let issue = service.drive_to(State::Archived);
        let office = service.sign_in("office01");
        let seen = office.read(issue);
        let photo = seen.json["photos"][0]["id"].as_str().unwrap().to_owned();
        for variant in ["thumb", "view"] {
            let picture = office.get(&format!("/photos/{photo}/{variant}")).expect(200);
            assert_eq!(picture.bytes[..2], [0xff, 0xd8]);
            assert_eq!(setup.s3.objects(&format!("county/renditions/{variant}/")).len(), setup.originals());
        }
        let path = format!("/photos/{photo}/original");
        let whole = office.get(&path).expect(200).bytes;
        assert_eq!(Digest::of(&whole).to_string(), seen.json["photos"][0]["sha256"].as_str().unwrap());
        let part = office.send("GET", &path, &[("range", "bytes=10-19")], None).expect(206);
        assert_eq!(part.bytes, whole[10..20]);
        assert_eq!(setup.left_behind(), 0);
        assert!(std::fs::read_dir(service.photo_folder()).unwrap().count() == 1, "nothing but the scratch folder");
    }

    fn a_forgotten_upload_leaves_the_bucket(db: TestDb) {
        let setup = Setup::new(db);
        setup.service.sign_in("inspector01").send_photo();
        setup.service.drain_jobs();
        assert_eq!((setup.originals(), setup.s3.objects("county/renditions/").len()), (1, 2));
        setup.service.pass(DAY * 8);
        setup.service.drain_jobs();
        assert_eq!((setup.originals(), setup.s3.objects("county/renditions/").len()), (0, 0));
    }

    fn what_was_sent_is_asked_for_before_it_is_acknowledged(db: TestDb) {
        let setup = Setup::new(db);
        let (id, bytes) = (new_id(), setup.service.picture());
        setup.put(id, &bytes).expect(201);
        let methods: Vec<String> =
            setup.wire.seen().into_iter().filter(|request| request.path.contains("/originals/")).map(|request| request.method).collect();
        let shared = setup.service.db.backend() == Backend::Postgres;
        // Where other nodes may be, once more under the lock that they sweep under.
        assert_eq!(methods, if shared { &["HEAD", "PUT", "HEAD", "HEAD"][..] } else { &["HEAD", "PUT", "HEAD"] });
        let name = Digest::of(&bytes).to_string();
        let kept = setup.s3.objects(&format!("county/originals/{}/{name}", &name[..2]));
        assert_eq!(std::fs::read(&kept[0]).unwrap(), bytes);
    }

    fn the_same_bytes_are_sent_once(db: TestDb) {
        let setup = Setup::new(db);
        let bytes = setup.service.picture();
        setup.put(new_id(), &bytes).expect(201);
        setup.wire.seen();
        setup.service.sign_in("inspector02").put_photo(new_id(), &bytes).expect(201);
        assert!(!setup.wire.seen().iter().any(|request| request.is_original("PUT")));
        assert_eq!(setup.originals(), 1);
    }

    fn a_big_photo_goes_in_parts(db: TestDb) {
        let setup = Setup::new(db);
        let (id, bytes) = (new_id(), with_comments(setup.service.picture(), 12 * 1024 * 1024));
        let receipt = setup.put(id, &bytes).expect(201);
        assert_eq!(receipt.json["sha256"], Digest::of(&bytes).to_string());
        let seen = setup.wire.seen();
        let parts = seen.iter().filter(|request| request.is_original("PUT") && request.path.contains("partNumber=")).count();
        assert_eq!(parts, 3, "{seen:?}");
        // The ETag is made of the parts', and is believed.
        assert!(!seen.iter().any(|request| request.is_original("GET")), "{seen:?}");
        let office = setup.service.sign_in("office01");
        setup.service.sign_in("inspector01").put_json(&format!("/issues/{}", new_id()), &setup.service.report_body(&[id])).expect(201);
        assert!(office.get(&format!("/photos/{id}/original")).expect(200).bytes == bytes);
        assert_eq!(setup.left_behind(), 0);
    }

    fn an_object_with_another_etag_is_read_itself(db: TestDb) {
        let setup = Setup::new(db);
        let bytes = with_comments(setup.service.picture(), 6 * 1024 * 1024);
        setup.put(new_id(), &bytes).expect(201);
        // Forgets the parts: its ETag is then that of the whole.
        setup.s3.spoil(&setup.s3.objects("county/originals/")[0], |_| {});
        setup.wire.seen();
        setup.put(new_id(), &bytes).expect(201);
        let seen = setup.wire.seen();
        assert!(seen.iter().any(|request| request.is_original("GET")), "{seen:?}");
        assert!(!seen.iter().any(|request| request.is_original("PUT")), "{seen:?}");
    }

    fn a_store_that_fails_acknowledges_nothing(db: TestDb) {
        let setup = Setup::new(db);
        for fault in [Fault::Status(500), Fault::Status(403), Fault::HangUp, Fault::CutAnswer(20), Fault::Stall] {
            for method in ["HEAD", "PUT"] {
                let (id, bytes) = (new_id(), setup.service.picture());
                setup.wire.set(move |request| if request.method == method { fault } else { Fault::None });
                unavailable(setup.put(id, &bytes));
                assert!(!setup.is_noted(id, &bytes), "{fault:?} at {method}");
                assert_eq!(setup.left_behind(), 0);
                setup.wire.heal();
                setup.put(id, &bytes).expect(201);
            }
        }
    }

    fn an_answer_that_is_lost_acknowledges_nothing(db: TestDb) {
        let setup = Setup::new(db);
        // The store has it, but nobody could ask.
        for fault in [Fault::Status(500), Fault::HangUp, Fault::Status(404)] {
            let (id, bytes) = (new_id(), setup.service.picture());
            let second = nth("HEAD", 2);
            setup.wire.set(move |request| if second(request) { fault } else { Fault::None });
            unavailable(setup.put(id, &bytes));
            assert!(!setup.is_noted(id, &bytes), "{fault:?}");
            setup.wire.heal();
            setup.put(id, &bytes).expect(201);
        }
    }

    fn a_store_that_keeps_other_bytes_acknowledges_nothing(db: TestDb) {
        let setup = Setup::new(db);
        let changes: [fn(&mut Vec<u8>); 3] = [|bytes| bytes.truncate(500), |bytes| bytes[300] ^= 1, Vec::clear];
        for change in changes {
            let (id, bytes) = (new_id(), setup.service.picture());
            let before = setup.s3.objects("county/originals/");
            let s3 = Arc::new(setup.s3.handle());
            setup.wire.after(|request| request.is_original("PUT"), move || {
                let mut now = s3.objects("county/originals/");
                now.retain(|path| !before.contains(path));
                s3.spoil(&now[0], change);
            });
            unavailable(setup.put(id, &bytes));
            assert!(!setup.is_noted(id, &bytes));
            // Sent again, sound bytes take the place of the others.
            setup.put(id, &bytes).expect(201);
            assert!(setup.service.app.photo_store.verify(&Digest::of(&bytes)).unwrap());
        }
    }

    fn a_damaged_original_is_not_served(db: TestDb) {
        let setup = Setup::new(db);
        let (id, bytes) = (new_id(), setup.service.picture());
        setup.put(id, &bytes).expect(201);
        setup.service.sign_in("inspector01").put_json(&format!("/issues/{}", new_id()), &setup.service.report_body(&[id])).expect(201);
        let object = &setup.s3.objects("county/originals/")[0];
        setup.s3.spoil(object, |bytes| bytes[300] ^= 1);
        let (office, path) = (setup.service.sign_in("office01"), format!("/photos/{id}/original"));
        office.get(&path).refused(500, "internal");
        // Sending the same bytes again repairs it.
        setup.put(new_id(), &bytes).expect(201);
        assert!(office.get(&path).expect(200).bytes == bytes);
        let body = bytes.len() / 2;
        setup.wire.set(move |request| if request.is_original("GET") { Fault::CutAnswer(body) } else { Fault::None });
        unavailable(office.get(&path));
        assert_eq!(setup.left_behind(), 0);
    }

    fn readiness_tells_of_the_store(db: TestDb) {
        let setup = Setup::new(db);
        let anybody = setup.service.anybody();
        anybody.get("//readyz").expect(204);
        // 404 is what a bucket that is gone answers.
        for fault in [Fault::Status(500), Fault::Status(404), Fault::HangUp, Fault::Stall, Fault::CutAnswer(20)] {
            // An answer holds for a second.
            setup.service.pass(Duration::from_secs(2));
            setup.wire.set(move |_| fault);
            unavailable(anybody.get("//readyz"));
            setup.wire.heal();
            setup.service.pass(Duration::from_secs(2));
            anybody.get("//readyz").expect(204);
        }
    }

    fn a_removal_that_failed_is_made_good_by_the_next_sweep(db: TestDb) {
        let setup = Setup::new(db);
        setup.service.sign_in("inspector01").send_photo();
        setup.service.drain_jobs();
        let digest = setup.service.app.photo_store.originals().next().unwrap().unwrap().0;
        // Its row goes; then the store refuses.
        setup.wire.set(|request| if request.method == "DELETE" { Fault::Status(500) } else { Fault::None });
        setup.service.pass(DAY * 300);
        setup.service.drain_jobs();
        assert!(photos::find_blob(&mut setup.service.database(), &digest).unwrap().is_none());
        assert_eq!((setup.originals(), setup.s3.objects("county/renditions/").len()), (1, 2));
        setup.wire.heal();
        setup.service.pass(DAY);
        setup.service.drain_jobs();
        assert_eq!((setup.originals(), setup.s3.objects("county/renditions/").len()), (0, 0));
    }

    /// A removal that fails, time and again, keeps none behind it from its turn.
    fn an_object_that_cannot_be_removed_is_passed_over(db: TestDb) {
        let setup = Setup::new(db);
        let keep = setup.service.app.photo_store.clone();
        let mut lost: Vec<Digest> = (0..6_u8)
            .map(|number| {
                let mut part = keep.begin(100).unwrap();
                part.write(&[number; 7]).unwrap();
                keep.seal(part.finish().unwrap()).unwrap().digest()
            })
            .collect();
        lost.sort_unstable();
        let locked = lost[1].to_string();
        setup.wire.set(move |request| {
            if request.method == "DELETE" && request.path.contains(&locked) { Fault::Status(403) } else { Fault::None }
        });
        setup.service.pass(DAY * 300);
        setup.service.drain_jobs();
        let left: Vec<Digest> = keep.originals().map(|original| original.unwrap().0).collect();
        assert_eq!(left, [lost[1]]);
        setup.wire.heal();
        setup.service.pass(DAY);
        setup.service.drain_jobs();
        assert_eq!(setup.originals(), 0);
    }

    /// A listing contains the age of each object: no object is requested separately, and one request lists a thousand.
    fn the_sweep_lists_and_asks_for_nothing_else(db: TestDb) {
        let setup = Setup::new(db);
        for _ in 0..3 {
            setup.service.sign_in("inspector01").put_json(
                &format!("/issues/{}", new_id()),
                &setup.service.report_body(&[setup.service.sign_in("inspector01").send_photo()]),
            ).expect(201);
        }
        setup.service.drain_jobs();
        setup.service.pass(DAY * 300);
        setup.wire.seen();
        let (progress, next) = setup.service.block_on(async |app| upkeep::sweep_files(app, "", 1_000).await.unwrap());
        assert_eq!((progress.done, progress.more, next.as_str()), (0, false, ""));
        let seen = setup.wire.seen();
        assert!(seen.iter().all(|request| request.method == "GET" && request.path.contains("list-type=2")), "{seen:?}");
        assert_eq!(seen.len(), 3, "one for each kind: {seen:?}");
    }

    /// Pages of any size tell the same, each from where the last one ended, and none asks for more than it tells.
    fn pages_tell_everything_once(db: TestDb) {
        let setup = Setup::new(db);
        for _ in 0..5 {
            setup.service.sign_in("inspector01").send_photo();
        }
        setup.service.drain_jobs();
        let keep = &setup.service.app.photo_store;
        let all = keep.page("", 1_000).unwrap();
        assert_eq!((all.found.len(), all.next.clone()), (15, None));
        assert!(all.found.is_sorted_by(|one, other| one.key < other.key));
        for limit in [1, 2, 5, 7, 15] {
            let (mut found, mut after) = (Vec::new(), String::new());
            loop {
                let page = keep.page(&after, limit).unwrap();
                assert!(page.found.len() <= limit);
                found.extend(page.found);
                match page.next {
                    Some(next) => after = next,
                    None => break,
                }
            }
            assert_eq!(found, all.found, "{limit} at a time");
        }
    }

    /// Parts of an upload that is never completed are paid for and never listed.
    fn an_upload_in_parts_that_fails_is_given_up(db: TestDb) {
        let setup = Setup::new(db);
        for failing in ["partNumber=2", "complete"] {
            let bytes = with_comments(setup.service.picture(), 12 * 1024 * 1024);
            setup.wire.set(move |request| {
                let completes = request.method == "POST" && request.path.contains("uploadId=");
                let fails = request.path.contains(failing) || (failing == "complete" && completes);
                if fails { Fault::Status(500) } else { Fault::None }
            });
            unavailable(setup.put(new_id(), &bytes));
            let seen = setup.wire.seen();
            assert!(seen.iter().any(|request| request.is_original("DELETE") && request.path.contains("uploadId=")), "{seen:?}");
            assert_eq!((setup.s3.unfinished(), setup.originals(), setup.left_behind()), (0, 0, 0), "{failing}");
        }
    }

    fn an_upload_in_parts_that_could_not_be_given_up_is_later(db: TestDb) {
        let setup = Setup::new(db);
        let bytes = with_comments(setup.service.picture(), 12 * 1024 * 1024);
        setup.wire.set(|request| {
            let fails = request.path.contains("partNumber=2") || request.method == "DELETE";
            if fails { Fault::Status(500) } else { Fault::None }
        });
        unavailable(setup.put(new_id(), &bytes));
        assert!(setup.s3.unfinished() > 0);
        setup.wire.heal();
        setup.service.drain_jobs();
        assert!(setup.s3.unfinished() > 0, "somebody may be at it still");
        let incoming = setup.service.photo_folder().join("incoming");
        let note = std::fs::read_dir(&incoming).unwrap().next().unwrap().unwrap().path();
        let hours_ago = std::time::SystemTime::now() - HOUR * 2;
        std::fs::File::options().write(true).open(&note).unwrap().set_modified(hours_ago).unwrap();
        setup.service.pass(HOUR);
        setup.service.drain_jobs();
        assert_eq!((setup.s3.unfinished(), setup.left_behind()), (0, 0));
        // An upload that the store does not know has ended, and one that it refuses to abort does not delay the others.
        setup.wire.set(|request| match request.path.contains("refused") {
            _ if request.method != "DELETE" => Fault::None,
            true => Fault::Status(403),
            false => Fault::Status(404),
        });
        for name in ["a", "b", "c"] {
            let (note, about) = (incoming.join(format!("{name}.multipart")), if name == "a" { "refused" } else { name });
            std::fs::write(&note, format!(r#"{{"key":"county/originals/00/{about}","upload":"{name}"}}"#)).unwrap();
            std::fs::File::options().write(true).open(&note).unwrap().set_modified(hours_ago).unwrap();
        }
        setup.service.pass(HOUR);
        setup.service.drain_jobs();
        assert_eq!(setup.left_behind(), 1);
        std::fs::remove_file(incoming.join("a.multipart")).unwrap();
    }

    /// Upkeep that hangs holds up nothing that people wait for, even with one worker.
    fn renditions_are_made_while_upkeep_hangs(db: TestDb) {
        let setup = Setup::new(db);
        setup.service.sign_in("inspector01").send_photo();
        let unsigned = setup.service.drive_to(State::Assigned);
        setup.service.drain_jobs();
        // All is to be re-hashed, and every sweep is due.
        setup.service.database().batch_execute("UPDATE blobs SET scrubbed_at = 0; UPDATE jobs SET run_at = 0").unwrap();
        let (hangs, met) = mpsc::channel();
        setup.wire.set(move |request| {
            let what = ["probe", "list-type=2"].into_iter().find(|what| request.path.contains(what));
            if let Some(what) = what {
                let _ = hangs.send(what);
            }
            if what.is_some() { Fault::Held } else { Fault::None }
        });
        let (stopper, stop) = tokio::sync::watch::channel(false);
        let app = setup.service.app.clone();
        let crew = std::thread::spawn(move || {
            let running = Runner::crew(&app, 1).into_iter().map(|runner| runner.run(stop.clone()));
            actix_web::rt::System::new().block_on(futures_util::future::join_all(running));
        });
        let mut hanging = [(); 2].map(|()| met.recv_timeout(PATIENCE).expect("upkeep and sweep hang, each by itself"));
        hanging.sort_unstable();
        assert_eq!(hanging, ["list-type=2", "probe"]);
        let (drawn, seen) = mpsc::channel();
        setup.wire.after(|request| request.method == "PUT" && request.path.contains("/renditions/view/"), move || {
            let _ = drawn.send(());
        });
        setup.service.sign_in("inspector02").send_photo();
        seen.recv_timeout(PATIENCE).expect("a rendition is made meanwhile");
        // And nobody has signed for an issue in time: its clock is started meanwhile too.
        setup.service.pass(HOUR * 8);
        let office = setup.service.sign_in("office01");
        await_until("a lapse", || office.read(unsigned).json["unclaimed"] == json!(true));
        setup.wire.let_go();
        stopper.send(true).unwrap();
        crew.join().unwrap();
    }

    fn a_removal_that_fails_is_told(db: TestDb) {
        let setup = Setup::new(db);
        setup.service.sign_in("inspector01").send_photo();
        let digest = setup.service.app.photo_store.originals().next().unwrap().unwrap().0;
        setup.wire.set(|request| if request.method == "DELETE" { Fault::Status(500) } else { Fault::None });
        assert!(setup.service.app.photo_store.remove(&digest).is_err());
        assert_eq!(setup.originals(), 1);
        setup.wire.heal();
        // The failed one keeps nobody out.
        setup.service.sign_in("inspector02").send_photo();
        assert!(setup.service.app.photo_store.remove(&digest).unwrap());
        assert_eq!(setup.originals(), 1);
    }
}

#[test]
fn a_store_that_is_not_there_is_told_at_once() {
    let Some(db) = TestDb::create(Backend::Sqlite) else { return };
    let s3 = S3::start();
    // Bound and released again, so nobody listens there.
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let service = Service::with_photos(db, |folder| s3.photos_at(gone, folder, "county/"));
    unavailable(service.anybody().get("//readyz"));
    unavailable(service.sign_in("inspector01").put_photo(new_id(), &service.picture()));
}

/// Two nodes on one PostgreSQL and one bucket.
fn two_nodes() -> Option<(Setup, Wire, Service)> {
    let setup = Setup::new(TestDb::create(Backend::Postgres)?);
    let wire = Wire::to(setup.s3.address());
    let other = setup.service.beside(|folder| setup.s3.photos_at(wire.address, folder, "county/"));
    Some((setup, wire, other))
}

#[test]
fn what_one_node_takes_the_other_shows() {
    let Some((setup, _wire, other)) = two_nodes() else { return };
    let (id, bytes) = (new_id(), setup.service.picture());
    setup.put(id, &bytes).expect(201);
    let issue = new_id();
    let report = other.report_body(&[id]);
    other.sign_in("inspector01").put_json(&format!("/issues/{issue}"), &report).expect(201).in_state("submitted");
    assert!(other.sign_in("office01").get(&format!("/photos/{id}/original")).expect(200).bytes == bytes);
    let view = other.sign_in("office01").get(&format!("/photos/{id}/view")).expect(200).bytes;
    assert!(setup.service.sign_in("office02").get(&format!("/photos/{id}/view")).expect(200).bytes == view);
}

/// Pieces are at the node that received them; the other node sends the client back to the start, and the upload is
/// completed at one of them.
#[test]
fn an_upload_in_pieces_is_its_nodes_own() {
    let Some((one, _wire, two)) = two_nodes() else { return };
    let (bytes, id) = (one.service.picture(), new_id());
    let (first, second) = (one.service.sign_in("inspector01"), two.sign_in("inspector01"));
    let uploads = [Upload::new(&first, id, &bytes), Upload::new(&second, id, &bytes)];
    uploads[0].begin(None).expect(201);
    uploads[0].patch(0, &bytes[..100]).expect(204);
    uploads[1].head().expect(404);
    uploads[1].begin(Some(&bytes)).expect(201);
    assert_eq!(one.originals(), 1);
    assert_eq!(uploads[0].offset(), bytes.len(), "by then it is a photo for both");
    assert_eq!(
        std::fs::read_dir(one.service.photo_folder().join("incoming/uploads"))
            .unwrap()
            .flatten()
            .map(|folder| { std::fs::read_dir(folder.path()).unwrap().count() })
            .sum::<usize>(),
        0
    );
}

#[test]
fn two_nodes_do_each_piece_of_work_once() {
    let Some((setup, wire, other)) = two_nodes() else { return };
    for _ in 0..10 {
        setup.service.sign_in("inspector01").send_photo();
    }
    std::thread::scope(|scope| {
        for node in [&setup.service, &other] {
            scope.spawn(|| {
                let runner = Runner::new(node.app.clone());
                actix_web::rt::System::new().block_on(runner.drain()).unwrap();
            });
        }
    });
    let drawn = [&setup.wire, &wire].into_iter().flat_map(Wire::seen);
    let drawn = drawn.filter(|request| request.method == "PUT" && request.path.contains("/renditions/view/")).count();
    assert_eq!((drawn, setup.s3.objects("county/renditions/view/").len()), (10, 10));
}

/// Between the last look at the bytes and their row, another node sweeps: it knows no lease of this one.
#[test]
fn bytes_that_another_node_sweeps_at_that_moment_are_not_acknowledged() {
    let Some((setup, _wire, other)) = two_nodes() else { return };
    let (id, bytes) = (new_id(), setup.service.picture());
    let (photos, digest) = (other.app.photo_store.clone(), Digest::of(&bytes));
    setup.wire.after(nth("HEAD", 2), move || assert!(photos.remove(&digest).unwrap()));
    unavailable(setup.put(id, &bytes));
    assert!(!setup.is_noted(id, &bytes));
    setup.put(id, &bytes).expect(201);
    assert_eq!(setup.originals(), 1);
}
