//! Everything that the real program acknowledged before it was killed is there afterwards, exactly once.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use anfang::app::ambient::{Random as _, SystemRandom};
use anfang::domain::digest::Digest;
use serde_json::Value;

use crate::support::backend::{Backend, TestDb};
use crate::support::program::{Pending, Program, agent, get, point, put, sign_in};
use crate::support::s3::S3;
use crate::support::service::await_until;

/// How often the real binary is killed under load: as `ANFANG_TEST_KILLS` says, or by a number small enough for every
/// run of the suite. The guarantee was first shown with 200.
fn kills() -> usize {
    std::env::var("ANFANG_TEST_KILLS").map_or(30, |number| number.parse().unwrap())
}

const REPORTERS: usize = 4;

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

fn kill_again_and_again(backend: Backend, s3: Option<&S3>) {
    let Some(db) = TestDb::create_empty(backend) else { return };
    let folder = tempfile::tempdir().unwrap();
    let url = match db.url() {
        anfang::store::DatabaseUrl::Sqlite(_) => None,
        anfang::store::DatabaseUrl::Postgres(address) => Some(address),
    };
    let start = || Program::start_with(folder.path(), url.as_deref(), &[], s3, 1);
    let (token, place) = {
        let program = start();
        let token = sign_in(&program.base, "inspector01");
        let place = point(&program.base, &token);
        (token, place)
    };
    // If nodes share everything, another node continues, and takes over what the killed one had claimed.
    let beside = tempfile::tempdir().unwrap();
    let other = s3.map(|_| Program::start_with(beside.path(), url.as_deref(), &[], s3, 1));
    let seeds = AtomicUsize::new(0);
    let next = || Pending::new(seeds.fetch_add(1, Ordering::Relaxed) as u64, &place);
    let ledger = Ledger::default();
    let mut pending: Vec<Pending> = (0..REPORTERS).map(|_| next()).collect();
    let kills = kills();
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
    assert_told(base, &office, ledger);
}

/// The office gets one notice for each report, however often the delivery was interrupted.
fn assert_told(base: &str, office: &str, ledger: &HashMap<String, (String, Digest)>) {
    let agent = agent();
    let told = || {
        let (mut told, mut cursor) = (Vec::new(), String::new());
        loop {
            let (status, body) = get(&agent, &format!("{base}/notices?limit=200{cursor}"), office).unwrap();
            assert_eq!(status, 200);
            let page: Value = serde_json::from_slice(&body).unwrap();
            for item in page["items"].as_array().unwrap() {
                assert_eq!(item["kind"], "to-review");
                told.push(item["issue"]["id"].as_str().unwrap().to_owned());
            }
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return told,
            }
        }
    };
    await_until("every report was told", || told().len() >= ledger.len());
    let mut told = told();
    told.sort_unstable();
    let mut expected: Vec<String> = ledger.keys().cloned().collect();
    expected.sort_unstable();
    assert_eq!(told, expected, "each once");
}

#[test]
fn nothing_acknowledged_is_lost_or_doubled_by_kills_on_sqlite() {
    kill_again_and_again(Backend::Sqlite, None);
}

#[test]
fn nothing_acknowledged_is_lost_or_doubled_by_kills_on_postgres() {
    kill_again_and_again(Backend::Postgres, None);
}

#[test]
fn nothing_acknowledged_is_lost_or_doubled_by_kills_of_one_node_of_two_on_s3() {
    kill_again_and_again(Backend::Postgres, Some(&S3::start()));
}

/// Syncs of one report, in order, each by what was synced. Source: guarantee G1.
#[test]
fn a_report_is_synced_before_it_is_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let data = folder.path().join("data");
    let wrapper = [
        "strace",
        // The program stays this process's child, and ends with it.
        "-D",
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

/// A folder that is new holds nothing for certain until the one above it is synced: the shard of an original, the
/// folders of uploads in pieces.
#[test]
fn a_folder_that_is_new_is_synced_into_the_one_above_before_anything_in_it_is_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let trace = folder.path().join("trace");
    let data = folder.path().canonicalize().unwrap().join("data");
    let calls = "trace=fsync,fdatasync,mkdir,mkdirat,sendto,sendmsg,write,writev";
    let wrapper = ["strace", "-D", "-f", "-y", "-s", "40", "-qq", "-e", calls, "-o", trace.to_str().unwrap()];
    let program = Program::start(&data, None, &wrapper);
    let token = sign_in(&program.base, "inspector01");
    let pending = Pending::new(7, &point(&program.base, &token));
    let lines = || std::fs::read_to_string(&trace).unwrap().lines().map(str::to_owned).collect::<Vec<_>>();
    let agent = agent();
    let made_and_synced = |lines: &[String], made: &str, above: &str| {
        let at = |what: &dyn Fn(&String) -> bool, from: usize| {
            lines.iter().skip(from).position(what).map(|at| from + at).unwrap_or_else(|| panic!("{made}: {lines:#?}"))
        };
        let made_at = at(&|line| line.contains("mkdir") && line.contains(&format!("{made}\"")), 0);
        let synced_at = at(&|line| line.contains("fsync(") && line.contains(&format!("{above}>")), made_at);
        let answered_at = at(&|line| line.contains("HTTP/1.1 201"), made_at);
        assert!(synced_at < answered_at, "{made}: {lines:#?}");
    };

    let before = lines().len();
    let url = format!("{}/photos/{}", program.base, pending.photo);
    assert_eq!(put(&agent, &url, &token, "image/jpeg", &pending.bytes).unwrap().0, 201);
    let shard = &Digest::of(&pending.bytes).to_string()[..2];
    let after = lines();
    made_and_synced(&after[before..], &format!("originals/{shard}"), "photos/originals");

    use base64::Engine as _;
    let coded = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let about = format!("id {},filetype {}", coded(&SystemRandom.uuid().to_string()), coded("image/jpeg"));
    let before = lines().len();
    let begun = agent
        .post(format!("{}/uploads", program.base))
        .header("authorization", format!("Bearer {token}"))
        .header("tus-resumable", "1.0.0")
        .header("upload-length", "100")
        .header("upload-metadata", about)
        .send_empty()
        .unwrap();
    assert_eq!(begun.status().as_u16(), 201);
    let after = lines();
    made_and_synced(&after[before..], "incoming/uploads", "photos/incoming");
    let owner =
        after[before..].iter().find_map(|line| line.split("incoming/uploads/").nth(1)).expect("a folder of its own");
    let owner: String = owner.chars().take_while(char::is_ascii_hexdigit).collect();
    made_and_synced(&after[before..], &format!("incoming/uploads/{owner}"), "incoming/uploads");
}
