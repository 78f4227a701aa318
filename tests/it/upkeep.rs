//! Background work: claiming, retrying and setting it aside, and what each kind does.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use anfang::app::ambient::{Random as _, SystemRandom};
use anfang::app::issues::act::{Seen, act};
use anfang::app::{App, Caller, sessions, upkeep};
use anfang::blobs::{LocalStore, PhotoStore, Sealed, Variant};
use anfang::domain::audit::AuditAction;
use anfang::domain::digest::Digest;
use anfang::domain::ids::{IssueId, JobId, PhotoId, SessionId, UnitId, UserId};
use anfang::domain::issue::{Action, Command, State, actions};
use anfang::domain::job::{JobKind, JobLane};
use anfang::domain::photo::{Blob, Photo};
use anfang::domain::role::{Actor, Role};
use anfang::domain::time::{Clock, Timestamp};
use anfang::domain::user::User;
use anfang::jobs::{BACKOFF_MAX, CLAIM, PLANS, Runner};
use anfang::store::audit::AuditFilter;
use anfang::store::jobs::ClaimableKind;
use anfang::store::{Conn, StoreError, StoreOptions, audit, issues, jobs, photos, users};
use diesel::connection::SimpleConnection;
use serde_json::json;
use tempfile::TempDir;

use crate::generated;
use crate::support::backend::{Backend, TestDb};
use crate::support::rows;
use crate::support::service::Service;

/// A clock that the test sets.
struct SetClock(AtomicI64);

impl Clock for SetClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }
}

struct Node {
    app: App,
    clock: Arc<SetClock>,
    folder: TempDir,
}

const DAY: Duration = Duration::from_secs(86_400);

impl Node {
    /// The service on this database, on a Monday at nine in the county.
    fn start(db: &TestDb) -> Self {
        let clock =
            Arc::new(SetClock(AtomicI64::new(Timestamp::parse("2026-11-23T09:00:00+08:00").unwrap().as_micros())));
        let folder = tempfile::tempdir().unwrap();
        let photo_store = PhotoStore::Local(LocalStore::open(folder.path()).unwrap());
        let app = App::new(db.store(StoreOptions::default()), photo_store, clock.clone(), Arc::new(SystemRandom));
        Node { app, clock, folder }
    }

    /// Kind and error of what was set aside.
    async fn stuck(&self) -> Vec<(String, Option<String>)> {
        let found = self.app.store.read(jobs::list_stuck).await.unwrap();
        found.into_iter().map(|(_, kind, error, _)| (kind, error)).collect()
    }

    fn pass(&self, time: Duration) {
        self.clock.0.fetch_add(i64::try_from(time.as_micros()).unwrap(), Ordering::SeqCst);
    }

    async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, StoreError> + Send + 'static,
    ) -> T {
        self.app.store.write(work).await.unwrap()
    }

    async fn enqueue(&self, kind: &'static str, payload: &'static str) {
        let (id, now) = (JobId(SystemRandom.uuid()), self.app.now());
        self.write(move |conn| jobs::enqueue(conn, id, kind, None, payload, now, now)).await;
    }

    /// Puts bytes into the store as an upload of the inspector's that no issue names.
    async fn upload(&self, bytes: &[u8]) -> (Digest, Sealed) {
        let mut part = self.app.photo_store.begin(1_000).unwrap();
        part.write(bytes).unwrap();
        let sealed = self.app.photo_store.seal(part.finish().unwrap()).unwrap();
        let (now, id) = (self.app.now(), PhotoId(SystemRandom.uuid()));
        let blob = Blob {
            sha256: sealed.digest(),
            size_bytes: i64::try_from(bytes.len()).unwrap(),
            media_type: "image/jpeg".into(),
            width: None,
            height: None,
            orientation: 1,
            exif: serde_json::json!({}),
            fingerprint: None,
            rendered_at: None,
            render_error: None,
            created_at: now,
        };
        self.write(move |conn| {
            if photos::find_blob(conn, &blob.sha256)?.is_none() {
                photos::insert_blob(conn, &blob)?;
            }
            photos::insert(conn, &Photo { id, blob, uploader_id: INSPECTOR, received_at: now }, false)
        })
        .await;
        (sealed.digest(), sealed)
    }

    /// Makes an original as old as that, by the clock of this node.
    fn date(&self, digest: Digest, age: Duration) {
        let at = u64::try_from(self.app.now().minus(age).as_micros()).unwrap();
        let path = self.app.photo_store.original_path(&digest).unwrap();
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_modified(std::time::UNIX_EPOCH + Duration::from_micros(at)).unwrap();
    }

    /// Makes a thumbnail as old as that.
    fn date_rendition(&self, digest: &Digest, age: Duration) {
        let name = digest.to_string();
        let path = self.folder.path().join("renditions/thumb").join(&name[..2]).join(&name);
        let at = u64::try_from(self.app.now().minus(age).as_micros()).unwrap();
        let file = std::fs::File::options().write(true).open(path).unwrap();
        file.set_modified(std::time::UNIX_EPOCH + Duration::from_micros(at)).unwrap();
    }

    async fn has_row(&self, digest: Digest) -> bool {
        self.write(move |conn| photos::find_blob(conn, &digest)).await.is_some()
    }

    fn has_file(&self, digest: Digest) -> bool {
        self.app.photo_store.open_original(&digest).is_ok()
    }

    async fn scrub_failures(&self) -> Vec<(String, String)> {
        let filter = AuditFilter { action: Some(AuditAction::ScrubFailed), ..AuditFilter::default() };
        let found = self.write(move |conn| audit::list(conn, filter, None, 100)).await;
        found.into_iter().map(|(_, entry)| (entry.target, entry.detail)).collect()
    }

    async fn issue_state(&self) -> State {
        self.write(|conn| issues::find(conn, ISSUE)).await.unwrap().state
    }
}

const fn uuid(byte: u8) -> uuid::Uuid {
    uuid::Uuid::from_bytes([byte; 16])
}
const UNIT: UnitId = UnitId(uuid(1));
const INSPECTOR: UserId = UserId(uuid(2));
const ISSUE: IssueId = IssueId(uuid(4));

const RENDER: [ClaimableKind; 1] = [ClaimableKind { kind: "render", put_off_max: BACKOFF_MAX }];

/// An account of the office, and its sign-in.
async fn office(node: &Node, byte: u8) -> Caller {
    let (id, now) = (UserId(uuid(byte)), node.app.now());
    let user = User {
        id,
        username: format!("office{byte}"),
        display_name: "督查室".into(),
        role: Role::Office,
        unit_id: None,
        campaign: None,
        vice_head: false,
        password_hash: "-".into(),
        password_changed_at: now,
        must_change_password: false,
        disabled_at: None,
        created_at: now,
    };
    node.write(move |conn| users::insert(conn, &user)).await;
    let actor = Actor::new(id, Role::Office);
    Caller {
        actor,
        session_id: SessionId(uuid(byte)),
        must_change_password: false,
        request_id: "r".into(),
        handed_in: None,
    }
}

on_both! {
    async fn recurring_work_is_queued_once_and_comes_back(db: TestDb) {
        let node = Node::start(&db);
        let recurring = PLANS.iter().filter(|plan| plan.every.is_some()).count();
        let (one, other) = (Runner::new(node.app.clone()), Runner::new(node.app.clone()));
        one.queue_recurring().await.unwrap();
        other.queue_recurring().await.unwrap();
        assert_eq!(one.drain().await.unwrap() + other.drain().await.unwrap(), recurring);
        let within = |most: u64| {
            PLANS.iter().filter(|plan| plan.every.is_some_and(|every| every <= Duration::from_secs(most))).count()
        };
        node.pass(Duration::from_secs(59));
        assert_eq!(one.drain().await.unwrap(), within(59));
        node.pass(Duration::from_secs(1));
        assert_eq!(one.drain().await.unwrap(), within(60) - within(59), "the one that repeats each minute");
        node.pass(DAY);
        assert_eq!(one.drain().await.unwrap(), recurring, "once each, however many turns were missed");
    }

    async fn what_keeps_failing_is_tried_at_growing_intervals_and_set_aside(db: TestDb) {
        let node = Node::start(&db);
        let runner = Runner::new(node.app.clone());
        node.enqueue("render", "no digest").await;
        assert_eq!(runner.drain().await.unwrap(), 1);
        for wait in [1, 4, 16, 64, 256, 1_024, 3_600] {
            node.pass(Duration::from_secs(wait) - Duration::from_millis(1));
            assert_eq!(runner.drain().await.unwrap(), 0, "before {wait} s");
            node.pass(Duration::from_millis(1));
            assert_eq!(runner.drain().await.unwrap(), 1, "after {wait} s");
        }
        node.pass(DAY);
        assert_eq!(runner.drain().await.unwrap(), 0);
        let stuck = node.stuck().await;
        assert_eq!(stuck.len(), 1);
        assert_eq!((stuck[0].0.as_str(), stuck[0].1.as_deref()), ("render", Some("internal: no digest: no digest")));
    }

    fn the_office_sees_what_keeps_failing_and_has_it_tried_again(db: TestDb) {
        let service = Service::start(db);
        let (now, id) = (service.app.now(), JobId(uuid(7)));
        jobs::enqueue(&mut service.database(), id, "render", None, "no digest", now, now).unwrap();
        for _ in 0..8 {
            service.drain_jobs();
            service.pass(DAY);
        }
        let office = service.sign_in("office01");
        let stuck = office.get("/jobs/stuck").expect(200).json;
        assert_eq!((&stuck["items"][0]["kind"], &stuck["items"][0]["id"]), (&json!("render"), &json!(id)));
        assert_eq!(stuck["items"][0]["last_error"], "internal: no digest: no digest");
        let retry = format!("/jobs/{}/retry", id.0);
        office.post_json(&retry, &json!({})).expect(204);
        office.post_json(&retry, &json!({})).refused(404, "not-found");
        assert_eq!(office.get("/jobs/stuck").expect(200).json["items"], json!([]));
        let noted = service.sign_in("discipline01").get("/audit?action=job-taken-up").expect(200).json;
        assert_eq!(noted["items"][0]["target"], format!("job:{}", id.0));
        for _ in 0..8 {
            service.drain_jobs();
            service.pass(DAY);
        }
        let stuck = service.sign_in("office01").get("/jobs/stuck").expect(200).json;
        assert_eq!(stuck["items"].as_array().unwrap().len(), 1, "it fails as before");
    }

    async fn work_that_another_version_queued_waits_for_it(db: TestDb) {
        let node = Node::start(&db);
        let runner = Runner::new(node.app.clone());
        node.enqueue("fly", "").await;
        for _ in 0..10 {
            assert_eq!(runner.drain().await.unwrap(), 0);
            node.pass(DAY);
        }
        assert!(node.stuck().await.is_empty());
        let (wanted, now) = ([ClaimableKind { kind: "fly", put_off_max: DAY }], node.app.now());
        let left = node.write(move |conn| jobs::claim(conn, JobId(uuid(9)), &wanted, CLAIM, now)).await.unwrap();
        assert_eq!((left.kind.as_str(), left.attempts), ("fly", 1), "nobody has tried it");
    }

    async fn workers_share_the_queue_and_do_nothing_twice(db: TestDb) {
        let node = Node::start(&db);
        for _ in 0..40 {
            // A digest that nothing has: swept in the meantime, so there is nothing to do.
            node.enqueue("render", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad").await;
        }
        let runners: Vec<Runner> = (0..4).map(|_| Runner::new(node.app.clone())).collect();
        let done = futures_util::future::join_all(runners.iter().map(Runner::drain)).await;
        let done: usize = done.into_iter().map(Result::unwrap).sum();
        assert_eq!(done + runners[0].drain().await.unwrap(), 40);
        assert!(node.stuck().await.is_empty());
    }

    async fn a_dead_nodes_work_is_taken_over_but_not_for_ever(db: TestDb) {
        let node = Node::start(&db);
        let runner = Runner::new(node.app.clone());
        node.enqueue("render", "no digest").await;
        let dead = JobId(uuid(9));
        for attempt in 1..=8 {
            let now = node.app.now();
            let claimed = node.write(move |conn| jobs::claim(conn, dead, &RENDER, CLAIM, now)).await.unwrap();
            assert_eq!(claimed.attempts, attempt);
            assert_eq!(runner.drain().await.unwrap(), 0, "claimed by another");
            node.pass(CLAIM + Duration::from_millis(1));
        }
        assert_eq!(runner.drain().await.unwrap(), 1);
        let stuck = node.stuck().await;
        assert_eq!(stuck[0].1.as_deref(), Some("internal: every try ended with the process"));
    }

    async fn uploads_that_nobody_named_are_forgotten_after_a_week(db: TestDb) {
        let node = Node::start(&db);
        rows::one_issue(&mut db.connect(), db.backend());
        let (single, sealed) = node.upload(b"one").await;
        drop(sealed);
        let (shared, sealed) = node.upload(b"two").await;
        drop(sealed);
        node.pass(DAY);
        drop(node.upload(b"two").await);
        node.pass(DAY * 6);
        assert_eq!(upkeep::sweep_orphans(&node.app).await.unwrap().done, 0, "a week to the moment");
        node.pass(Duration::from_millis(1));
        assert_eq!(upkeep::sweep_orphans(&node.app).await.unwrap().done, 2);
        assert!(!node.has_row(single).await && !node.has_file(single));
        assert!(node.has_row(shared).await && node.has_file(shared), "somebody else sent the same bytes");
        node.pass(DAY);
        upkeep::sweep_orphans(&node.app).await.unwrap();
        assert!(!node.has_row(shared).await && !node.has_file(shared));
    }

    async fn bytes_that_are_being_sent_again_stay(db: TestDb) {
        let node = Node::start(&db);
        rows::one_issue(&mut db.connect(), db.backend());
        let (digest, held) = node.upload(b"three").await;
        node.pass(DAY * 8);
        assert_eq!(upkeep::sweep_orphans(&node.app).await.unwrap().done, 1);
        assert!(!node.has_row(digest).await && node.has_file(digest));
        drop(held);
    }

    /// Sealed just before a crash, which left no row; or drawn while the original was being removed. A few files in
    /// each run, with a restart of the node in between.
    async fn files_without_a_row_are_removed_after_a_week(db: TestDb) {
        let node = Node::start(&db);
        rows::one_issue(&mut db.connect(), db.backend());
        let seal = |bytes: &[u8], age: Duration| {
            let mut part = node.app.photo_store.begin(1_000).unwrap();
            part.write(bytes).unwrap();
            let sealed = node.app.photo_store.seal(part.finish().unwrap()).unwrap();
            node.date(sealed.digest(), age);
            sealed
        };
        let week = DAY * 7;
        let lost: Vec<Digest> = (0..64_u8).map(|number| seal(&[number; 9], week + Duration::from_millis(1)).digest()).collect();
        let young = seal(b"young", week - DAY * 2).digest();
        let being_sent = seal(b"being sent", week * 2);
        let (named, sealed) = node.upload(b"named").await;
        drop(sealed);
        node.date(named, week * 2);
        node.write(|conn| Ok(conn.batch_execute("UPDATE photos SET claimed_at = 1")?)).await;
        let drawn: Vec<Digest> = (0..8_u8).map(|number| Digest::of(&[number])).collect();
        for digest in drawn.iter().chain([&named]) {
            node.app.photo_store.put_rendition(digest, Variant::Thumb, b"picture").unwrap();
            node.date_rendition(digest, week * 2);
        }
        let foreign = node.folder.path().join("originals/00/README");
        std::fs::create_dir_all(foreign.parent().unwrap()).unwrap();
        std::fs::write(&foreign, "not ours").unwrap();

        let (mut turns, mut after, mut removed) = (0, String::new(), 0);
        loop {
            let (progress, next) = upkeep::sweep_files(&node.app, &after, 10).await.unwrap();
            assert!(progress.done <= 10, "more than it may look at");
            assert_eq!(progress.more, !next.is_empty());
            assert!(next.is_empty() || next > after, "{next} after {after}");
            (turns, removed, after) = (turns + 1, removed + progress.done, next);
            if after.is_empty() {
                break;
            }
        }
        assert_eq!(removed, 64 + 8);
        assert!((8..=10).contains(&turns), "{turns}");
        assert_eq!(lost.iter().filter(|digest| node.has_file(**digest)).count(), 0);
        let has_thumb = |digest: &Digest| node.app.photo_store.read_rendition(digest, Variant::Thumb).is_ok();
        assert!(!drawn.iter().any(has_thumb) && has_thumb(&named));
        assert!(node.has_file(young), "not yet a week old");
        assert!(node.has_file(being_sent.digest()), "its row may be written at this moment");
        assert!(node.has_file(named) && node.has_row(named).await);
        assert!(foreign.exists(), "not ours");
    }

    /// The key at which the sweep continues is in its row.
    async fn a_sweep_goes_on_where_it_was_and_begins_again_the_next_day(db: TestDb) {
        let node = Node::start(&db);
        let runner = Runner::new(node.app.clone());
        runner.queue_recurring().await.unwrap();
        runner.drain().await.unwrap();
        let at = |conn: &mut Conn, payload: &str| {
            Ok(conn.batch_execute(&format!("UPDATE jobs SET payload = '{payload}', run_at = 0 WHERE kind = 'sweep-files'"))?)
        };
        let seal = |bytes: &[u8]| {
            let mut part = node.app.photo_store.begin(1_000).unwrap();
            part.write(bytes).unwrap();
            let digest = node.app.photo_store.seal(part.finish().unwrap()).unwrap().digest();
            node.date(digest, DAY * 8);
            digest
        };
        let mut lost = [seal(b"one"), seal(b"two"), seal(b"three")];
        lost.sort_unstable();
        let name = lost[1].to_string();
        node.write(move |conn| at(conn, &format!("originals/{}/{name}", &name[..2]))).await;
        runner.drain().await.unwrap();
        assert_eq!(lost.map(|digest| node.has_file(digest)), [true, true, false]);
        runner.drain().await.unwrap();
        assert!(node.has_file(lost[0]));
        node.pass(DAY);
        runner.drain().await.unwrap();
        assert_eq!(lost.map(|digest| node.has_file(digest)), [false; 3]);
    }

    async fn more_than_a_batch_is_swept_in_one_go(db: TestDb) {
        let node = Node::start(&db);
        rows::one_issue(&mut db.connect(), db.backend());
        for number in 0..103_u8 {
            drop(node.upload(&[number; 3]).await);
        }
        node.pass(DAY * 8);
        let runner = Runner::new(node.app.clone());
        runner.queue_recurring().await.unwrap();
        runner.drain().await.unwrap();
        let left = node.write(|conn| photos::orphans(conn, Timestamp::from_micros(i64::MAX), 1_000)).await;
        assert!(left.is_empty(), "{}", left.len());
    }

    /// Sign-ins that ended are forgotten a thousand at a time, and all of them in the end.
    async fn ended_sign_ins_are_forgotten_in_bounded_turns(db: TestDb) {
        let node = Node::start(&db);
        rows::one_issue(&mut db.connect(), db.backend());
        let user = rows::id(db.backend(), 2);
        let mut sql = String::new();
        for number in 0..2_100_u32 {
            let (id, token) = (format!("{number:032x}"), format!("{number:064x}"));
            let (id, token) = match db.backend() {
                Backend::Sqlite => (format!("x'{id}'"), format!("x'{token}'")),
                Backend::Postgres => (format!("'\\x{id}'::bytea"), format!("'\\x{token}'::bytea")),
            };
            sql += &format!("INSERT INTO sessions (id, token_digest, user_id, created_at, last_seen_at, expires_at, agent) VALUES ({id}, {token}, {user}, 0, 0, 1, '');");
            sql += &format!("INSERT INTO sign_in_throttles (key, failures, last_failure_at, blocked_until) VALUES ('k{number}', 1, 0, 0);");
        }
        node.write(move |conn| Ok(conn.batch_execute(&sql)?)).await;
        let mut done = Vec::new();
        loop {
            let progress = sessions::forget_ended(&node.app).await.unwrap();
            done.push(progress.done);
            if !progress.more {
                break;
            }
        }
        assert_eq!(done, [2_000, 2_000, 200]);
    }

    /// A turn ends although the store is slow: it fetches so many bytes, not so many originals.
    async fn large_originals_are_rehashed_a_few_at_a_time(db: TestDb) {
        let node = Node::start(&db);
        rows::one_issue(&mut db.connect(), db.backend());
        for number in 0..12_u8 {
            drop(node.upload(&[number; 5]).await);
        }
        node.write(|conn| Ok(conn.batch_execute("UPDATE blobs SET size_bytes = 60000000")?)).await;
        node.pass(DAY * 29);
        let mut done = Vec::new();
        loop {
            let progress = upkeep::scrub(&node.app).await.unwrap();
            if progress.done == 0 {
                break;
            }
            done.push(progress.done);
        }
        assert_eq!(done, [4, 4, 4]);
    }

    async fn damage_is_found_and_noted_within_the_month(db: TestDb) {
        let node = Node::start(&db);
        rows::one_issue(&mut db.connect(), db.backend());
        let (sound, changed, lost) = (node.upload(b"sound").await.0, node.upload(b"changed").await.0, node.upload(b"lost").await.0);
        let path = |digest: &Digest| node.app.photo_store.original_path(digest).unwrap();
        std::fs::write(path(&changed), b"cHanged").unwrap();
        std::fs::remove_file(path(&lost)).unwrap();
        node.pass(DAY * 14);
        assert_eq!(upkeep::scrub(&node.app).await.unwrap().done, 0, "not yet");
        node.pass(DAY * 15);
        assert_eq!(upkeep::scrub(&node.app).await.unwrap().done, 3);
        let mut failures = node.scrub_failures().await;
        failures.sort();
        let mut expected =
            vec![(format!("original:{changed}"), "changed".to_owned()), (format!("original:{lost}"), "lost".to_owned())];
        expected.sort();
        assert_eq!(failures, expected);
        assert_eq!(upkeep::scrub(&node.app).await.unwrap().done, 0);
        assert!(node.has_file(sound));
    }

    async fn an_issue_that_nobody_signs_in_starts_by_itself(db: TestDb) {
        let node = Node::start(&db);
        rows::one_issue(&mut db.connect(), db.backend());
        let (one, other) = (office(&node, 5).await, office(&node, 6).await);
        let due = node.app.now().plus(DAY * 9);
        let approve = Command::Approve(actions::Approve { severity: None, unit_id: UNIT, due: Some(due) });
        act(&node.app, &one, ISSUE, approve, Seen::Version(1), None).await.unwrap();
        act(&node.app, &other, ISSUE, Command::Release(actions::Release {}), Seen::Version(2), None).await.unwrap();
        // Four working hours from nine: three until noon, one from two o'clock.
        node.pass(Duration::from_secs(6 * 3_600));
        assert_eq!(upkeep::lapse_sign_ins(&node.app).await.unwrap().done, 0);
        assert_eq!(node.issue_state().await, State::Assigned);
        node.pass(Duration::from_millis(1));
        assert_eq!(upkeep::lapse_sign_ins(&node.app).await.unwrap().done, 1);
        let issue = node.write(|conn| issues::find(conn, ISSUE)).await.unwrap();
        assert_eq!((issue.state, issue.assignment.unclaimed), (State::Rectifying, true));
        let last = node.write(|conn| issues::events(conn, ISSUE)).await.pop().unwrap();
        assert_eq!((last.action, last.actor_id), (Action::LapseSignIn, None));
        assert_eq!(upkeep::lapse_sign_ins(&node.app).await.unwrap().done, 0);
    }

    async fn a_closed_issue_is_archived_after_ninety_days(db: TestDb) {
        let node = Node::start(&db);
        rows::one_issue(&mut db.connect(), db.backend());
        let (unit, user) = (rows::id(db.backend(), 1), rows::id(db.backend(), 2));
        let now = node.app.now().as_micros();
        db.connect()
            .batch_execute(&format!(
                "UPDATE issues SET state = 'closed', number = '2026-0000001', released_at = {now}, released_by = {user}, \
                 public_version = 1, unit_id = {unit}, closed_at = {now}"
            ))
            .unwrap();
        // Whole days count from the day of the closing, nine in the morning of it: the hour might be a visit's.
        node.pass(DAY * 90 + Duration::from_secs(15 * 3_600) - Duration::from_millis(1));
        assert_eq!(upkeep::archive(&node.app).await.unwrap().done, 0);
        node.pass(Duration::from_millis(1));
        assert_eq!(upkeep::archive(&node.app).await.unwrap().done, 1);
        assert_eq!(node.issue_state().await, State::Archived);
    }
}

#[test]
fn jobs_document() {
    let mut text = format!("{}# Background work 后台任务\n\n", generated::HEAD);
    text += "Work that fails is tried again after 1 s, then four times as long each time, at most an hour and never later than its next turn.\n\n";
    text += "Each lane has workers of its own, so that nothing waits for what is in another.\n\n";
    text += "| lane | 中文 | English |\n| --- | --- | --- |\n";
    for lane in JobLane::ALL {
        text += &format!("| `{lane}` | {} | {} |\n", lane.zh(), lane.en());
    }
    text += "\n| kind | 中文 | English | lane | how often | tries before it is set aside | longest try |\n| --- | --- | --- | --- | --- | --- | --- |\n";
    for kind in JobKind::ALL {
        let plan = PLANS.iter().find(|plan| plan.kind == *kind).unwrap();
        let every = plan.every.map_or("on demand".to_owned(), |every| match every.as_secs() {
            seconds if seconds < 60 => format!("{seconds} s"),
            seconds => format!("{} min", seconds / 60),
        });
        let tries = plan.attempts_max.map_or("never set aside".to_owned(), |most| most.to_string());
        text += &format!(
            "| `{kind}` | {} | {} | `{}` | {every} | {tries} | {} s |\n",
            kind.zh(),
            kind.en(),
            kind.lane(),
            plan.timeout.as_secs()
        );
    }
    generated::hold("jobs.md", &text);
}
