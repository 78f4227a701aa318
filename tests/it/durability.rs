//! What the real program acknowledged is there after it was killed at any moment, once each.

use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anfang::app::ambient::{Random, SystemRandom};
use anfang::domain::digest::Digest;
use serde_json::{Value, json};

use crate::support::backend::{Backend, TestDb};
use crate::support::pictures;
use crate::support::s3::{self, S3};

const PASSWORD: &str = "Anfang-demo-1";
/// Source: issue of the main job, "kill −9 of the real binary under load, 200 times".
const KILLS_SQLITE: usize = 200;
const KILLS_POSTGRES: usize = 30;
const KILLS_S3: usize = 30;
const REPORTERS: usize = 4;

/// The program, killed when dropped.
struct Program {
    child: Child,
    base: String,
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Program {
    fn start(data: &Path, database_url: Option<&str>, wrapper: &[&str]) -> Self {
        Self::start_with(data, database_url, wrapper, None)
    }

    fn start_with(data: &Path, database_url: Option<&str>, wrapper: &[&str], s3: Option<&S3>) -> Self {
        let program = env!("CARGO_BIN_EXE_anfang");
        let mut words = wrapper.iter().copied().chain([program]);
        let mut command = Command::new(words.next().unwrap());
        command.args(words).args([
            "demo",
            "--listen",
            "127.0.0.1:0",
            "--password",
            PASSWORD,
            "--jobs",
            "0",
            "--issues",
            "0",
            "--data",
        ]);
        command.arg(data).env("ANFANG_ALLOW_VOLATILE_DATA", "1").env("ANFANG_FREE_MB_MIN", "0");
        if let Some(url) = database_url {
            command.args(["--database-url", url]);
        }
        if let Some(s3) = s3 {
            command.args(["--photos-url", &s3.url("county")]);
            command.env("AWS_ACCESS_KEY_ID", s3::KEY_ID).env("AWS_SECRET_ACCESS_KEY", s3::SECRET);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines
            .by_ref()
            .find_map(|line| line.unwrap().strip_prefix("listening on http://").map(str::to_owned))
            .expect("the program serves");
        // Whatever else it says must find a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Program { child, base: format!("http://{address}/api/v1") }
    }
}

/// One answer, or `None` when the program died under the question.
type Answer = Option<(u16, Vec<u8>)>;

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().http_status_as_error(false).build().into()
}

fn put(agent: &ureq::Agent, url: &str, token: &str, kind: &str, body: &[u8]) -> Answer {
    let request = agent.put(url).header("authorization", format!("Bearer {token}")).content_type(kind);
    read(request.send(body))
}

fn get(agent: &ureq::Agent, url: &str, token: &str) -> Answer {
    read(agent.get(url).header("authorization", format!("Bearer {token}")).call())
}

fn read(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) -> Answer {
    let mut answer = answer.ok()?;
    let body = answer.body_mut().read_to_vec().ok()?;
    Some((answer.status().as_u16(), body))
}

fn sign_in(base: &str, username: &str) -> String {
    let body = json!({ "username": username, "password": PASSWORD }).to_string();
    let answer = agent().post(format!("{base}/sessions")).content_type("application/json").send(body.as_bytes());
    let (status, body) = read(answer).unwrap();
    assert_eq!(status, 201);
    let body: Value = serde_json::from_slice(&body).unwrap();
    body["token"].as_str().unwrap().to_owned()
}

fn point(base: &str, token: &str) -> String {
    let (_, body) = get(&agent(), &format!("{base}/points?type=MKT"), token).unwrap();
    let body: Value = serde_json::from_slice(&body).unwrap();
    body["items"][0]["id"].as_str().unwrap().to_owned()
}

/// A report that is sent until it is acknowledged.
#[derive(Clone)]
struct Pending {
    issue: String,
    photo: String,
    bytes: Vec<u8>,
    body: String,
    photo_acknowledged: bool,
}

impl Pending {
    fn new(seed: u64, point: &str) -> Self {
        let (issue, photo) = (SystemRandom.uuid().to_string(), SystemRandom.uuid().to_string());
        let body = json!({
            "point_id": point, "item_code": "WM-07", "severity": "high", "description": "堵塞",
            "captured_at": "2026-08-03T07:04:11Z", "photos": [{ "id": photo, "view": "far" }],
        });
        Pending { issue, photo, bytes: pictures::jpeg(seed, 64, 48), body: body.to_string(), photo_acknowledged: false }
    }
}

/// What was acknowledged: each issue with its photo and the photo's digest.
#[derive(Default)]
struct Ledger(Mutex<HashMap<String, (String, Digest)>>);

/// Sends reports until the program is gone. What is not acknowledged is left in `pending`.
fn report_until_killed(
    base: &str,
    token: &str,
    pending: &mut Pending,
    next: impl Fn() -> Pending,
    ledger: &Ledger,
    answered: impl Fn(),
) {
    let agent = agent();
    loop {
        if !pending.photo_acknowledged {
            let url = format!("{base}/photos/{}", pending.photo);
            let Some((status, body)) = put(&agent, &url, token, "image/jpeg", &pending.bytes) else { return };
            if status == 503 {
                continue;
            }
            assert!(status == 200 || status == 201, "{status} {}", String::from_utf8_lossy(&body));
            pending.photo_acknowledged = true;
            answered();
        }
        let url = format!("{base}/issues/{}", pending.issue);
        let Some((status, body)) = put(&agent, &url, token, "application/json", pending.body.as_bytes()) else {
            return;
        };
        if status == 503 {
            continue;
        }
        assert!(status == 200 || status == 201, "{status} {}", String::from_utf8_lossy(&body));
        let entry = (pending.photo.clone(), Digest::of(&pending.bytes));
        ledger.0.lock().unwrap().insert(pending.issue.clone(), entry);
        answered();
        *pending = next();
    }
}

fn kill_again_and_again(backend: Backend, kills: usize, s3: Option<&S3>) {
    let Some(db) = TestDb::create_empty(backend) else { return };
    let folder = tempfile::tempdir().unwrap();
    let url = match db.url() {
        anfang::store::DatabaseUrl::Sqlite(_) => None,
        anfang::store::DatabaseUrl::Postgres(address) => Some(address),
    };
    let start = || Program::start_with(folder.path(), url.as_deref(), &[], s3);
    let (token, place) = {
        let program = start();
        let token = sign_in(&program.base, "inspector01");
        let place = point(&program.base, &token);
        (token, place)
    };
    // Where nodes share everything, another one goes on meanwhile, and finds what the killed one took.
    let beside = tempfile::tempdir().unwrap();
    let other = s3.map(|_| Program::start_with(beside.path(), url.as_deref(), &[], s3));
    let seeds = AtomicUsize::new(0);
    let next = || Pending::new(seeds.fetch_add(1, Ordering::Relaxed) as u64, &place);
    let ledger = Ledger::default();
    let mut pending: Vec<Pending> = (0..REPORTERS).map(|_| next()).collect();
    for _ in 0..kills {
        let program = Mutex::new(start());
        let base = program.lock().unwrap().base.clone();
        // Killed right after a random answer, while the others are at any point of theirs.
        let last = SystemRandom.below(24) as usize;
        let answers = AtomicUsize::new(0);
        let answered = || {
            if answers.fetch_add(1, Ordering::Relaxed) == last {
                program.lock().unwrap().child.kill().unwrap();
            }
        };
        std::thread::scope(|scope| {
            for pending in &mut pending {
                let (base, token, ledger, answered) = (&base, &token, &ledger, &answered);
                scope.spawn(move || report_until_killed(base, token, pending, next, ledger, answered));
            }
        });
    }
    let program = start();
    for pending in &pending {
        // What was in flight is sent once more, as a phone does.
        let agent = agent();
        let photo =
            put(&agent, &format!("{}/photos/{}", program.base, pending.photo), &token, "image/jpeg", &pending.bytes);
        let url = format!("{}/issues/{}", program.base, pending.issue);
        let issue = put(&agent, &url, &token, "application/json", pending.body.as_bytes());
        assert!(matches!(photo, Some((200 | 201, _))) && matches!(issue, Some((200 | 201, _))));
        let entry = (pending.photo.clone(), Digest::of(&pending.bytes));
        ledger.0.lock().unwrap().insert(pending.issue.clone(), entry);
    }
    let asked = other.as_ref().unwrap_or(&program);
    assert_whole(&asked.base, &ledger.0.lock().unwrap(), kills);
}

/// Every issue of the ledger is submitted with its photo's very bytes, and there is no other.
fn assert_whole(base: &str, ledger: &HashMap<String, (String, Digest)>, kills: usize) {
    let office = sign_in(base, "office01");
    let agent = agent();
    for (issue, (photo, digest)) in ledger {
        let (status, body) = get(&agent, &format!("{base}/issues/{issue}"), &office).unwrap();
        assert_eq!(status, 200, "{issue} was acknowledged and is lost");
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["state"], "submitted");
        assert_eq!(body["photos"][0]["sha256"], digest.to_string());
        let (status, bytes) = get(&agent, &format!("{base}/photos/{photo}/original"), &office).unwrap();
        assert_eq!(status, 200, "{photo} was acknowledged and is lost");
        assert_eq!(Digest::of(&bytes), *digest);
    }
    let (_, counts) = get(&agent, &format!("{base}/issues/counts"), &office).unwrap();
    let counts: Value = serde_json::from_slice(&counts).unwrap();
    assert_eq!(counts["total"], ledger.len(), "as many issues as were reported");
    assert!(ledger.len() >= kills, "{} reports under {kills} kills is no load", ledger.len());
}

#[test]
fn nothing_acknowledged_is_lost_or_doubled_by_kills_on_sqlite() {
    kill_again_and_again(Backend::Sqlite, KILLS_SQLITE, None);
}

#[test]
fn nothing_acknowledged_is_lost_or_doubled_by_kills_on_postgres() {
    kill_again_and_again(Backend::Postgres, KILLS_POSTGRES, None);
}

#[test]
fn nothing_acknowledged_is_lost_or_doubled_by_kills_of_one_node_of_two_on_s3() {
    kill_again_and_again(Backend::Postgres, KILLS_S3, Some(&S3::start()));
}

/// Syncs of one report, in order, each by what was synced. Source: guarantee G1.
#[test]
fn a_report_is_synced_before_it_is_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let data = folder.path().join("data");
    let wrapper = [
        "strace",
        "-f",
        "-y",
        "-qq",
        "-e",
        "trace=fsync,fdatasync,rename,renameat,renameat2",
        "-o",
        trace.to_str().unwrap(),
    ];
    let program = Program::start(&data, None, &wrapper);
    let token = sign_in(&program.base, "inspector01");
    let pending = Pending::new(7, &point(&program.base, &token));
    let lines = || std::fs::read_to_string(&trace).unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
    let agent = agent();

    let before = lines().len();
    let url = format!("{}/photos/{}", program.base, pending.photo);
    let (status, _) = put(&agent, &url, &token, "image/jpeg", &pending.bytes).unwrap();
    assert_eq!(status, 201);
    let after_photo = lines();
    let url = format!("{}/issues/{}", program.base, pending.issue);
    let (status, _) = put(&agent, &url, &token, "application/json", pending.body.as_bytes()).unwrap();
    assert_eq!(status, 201);
    let after_issue = lines();

    let photo: Vec<&String> = after_photo.iter().skip(before).collect();
    let at = |words: &[&str]| photo.iter().position(|line| words.iter().all(|word| line.contains(word)));
    let bytes = at(&["fdatasync", ".part"]).expect("the photo's bytes are synced");
    let name = at(&["rename", ".part"]).expect("it gets its name");
    let named = photo.iter().skip(name).position(|line| line.contains("fsync") && line.contains("originals/"));
    let named = name + named.expect("the folder that holds its name is synced");
    let row = photo.iter().rposition(|line| line.contains("sync(") && line.contains("anfang.db-wal"));
    let row = row.expect("its row is synced");
    assert!(bytes < name && name < named && named < row, "{photo:#?}");

    let issue: Vec<&String> = after_issue.iter().skip(after_photo.len()).collect();
    let syncs = issue.iter().filter(|line| line.contains("sync(") && line.contains("anfang.db-wal")).count();
    assert_eq!(syncs, 1, "{issue:#?}");
}
