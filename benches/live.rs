//! 2,000 open pages that wait for changes at one node: what they cost while nothing happens, what reports cost beside
//! them, and how soon a page learns of a change.
//!
//! `cargo bench --bench live`, SQLite. Each page is a connection that asks as the app does. The pages belong to 140
//! inspectors, since an account may have sixteen. Bounded: about five minutes.
#![allow(missing_docs, reason = "a program of its own")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench may fail")]

#[path = "support/county.rs"]
#[allow(dead_code)]
mod county;
#[path = "../tests/it/support/pictures.rs"]
#[allow(dead_code)]
mod pictures;
#[path = "support/program.rs"]
#[allow(dead_code)]
mod program;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anfang::app::ambient::{Random, SystemClock, SystemRandom};
use anfang::domain::time::Clock as _;
use program::{Program, agent, cores, cpu_ms, median, quantile, resident_mb};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

const PAGES: usize = 2_000;
const ACCOUNTS: usize = 140;
/// Seconds that nothing happens.
const IDLE: Duration = Duration::from_secs(40);
/// Short, because the photos of all rounds are rendered before anything else is measured.
const ROUND: Duration = Duration::from_secs(1);
const ROUNDS: usize = 5;
const CONNECTIONS: usize = 8;
const PASSWORD: &str = "Anfang-live-2026";

fn main() {
    if std::env::args().any(|word| word == "--test") {
        return;
    }
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let data = folder.path().join("data");
    let start = || Program::start(&data, &["--issues", "0", "--rate", "100000"]);
    drop(start());
    let accounts = county::enlarge(&data, &[]);
    let program = start();
    let agent = agent();
    let inspectors = accounts.iter().filter(|(name, _)| name.starts_with("bench-inspector"));
    let tokens: Vec<String> =
        inspectors.take(ACCOUNTS).map(|(name, first)| settle(&program, &agent, name, first)).collect();
    let point = program.point(&agent, &tokens[0]);
    let photo = pictures::jpeg_of_size(1, 100_000);
    println!("{PAGES} open pages of {ACCOUNTS} accounts, SQLite, {} cores\n", cores());

    let pid = program.child.id();
    let alone = reports(&program, &agent, &tokens, &point, &photo);
    rendered(pid);
    let before = cpu_ms(pid);
    pause(IDLE);
    let without = ((cpu_ms(pid) - before) / IDLE.as_secs_f64() / 10.0, resident_mb(pid));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (answers, mut answered) = mpsc::unbounded_channel();
    let open = Arc::new(AtomicUsize::new(0));
    for page in 0..PAGES {
        let (address, token) =
            (program.base["http://".len()..].replace("/api/v1", ""), tokens[page % ACCOUNTS].clone());
        runtime.spawn(watch(page, address, token, Arc::clone(&open), answers.clone()));
    }
    let opening = Instant::now();
    while open.load(Ordering::SeqCst) < PAGES {
        assert!(opening.elapsed() < Duration::from_secs(60), "{} pages are open", open.load(Ordering::SeqCst));
        pause(Duration::from_millis(100));
    }
    // What was reported before has been told.
    pause(Duration::from_secs(3));
    let before = cpu_ms(pid);
    pause(IDLE);
    let idle = (cpu_ms(pid) - before) / IDLE.as_secs_f64() / 10.0;
    let memory = resident_mb(pid);
    while answered.try_recv().is_ok() {}

    // One report of each of these accounts: their pages are told.
    let mut told = Vec::new();
    for token in &tokens[..20] {
        let sent = Instant::now();
        report(&program, &agent, token, &point, &photo);
        let wait = async { tokio::time::timeout(Duration::from_secs(20), answered.recv()).await };
        let at = runtime.block_on(wait).expect("a page is told").unwrap();
        told.push(at.duration_since(sent).as_secs_f64() * 1e3);
        pause(Duration::from_secs(2));
        while answered.try_recv().is_ok() {}
    }
    let beside = reports(&program, &agent, &tokens, &point, &photo);
    drop(runtime);
    println!("| what | value |\n| --- | --- |");
    println!("| answers that the service is busy | {} |", BUSY.load(Ordering::Relaxed));
    println!("| CPU while nothing happens, % of one core, without and with the pages | {:.2}, {idle:.2} |", without.0);
    println!("| resident MB without and with the pages | {:.0}, {memory:.0} |", without.1);
    println!(
        "| from a report to its first page, ms, median and most of 20 | {:.0}, {:.0} |",
        median(told.clone()),
        quantile(told, 1.0)
    );
    println!("| reports/s of 0.1 MB, {CONNECTIONS} connections, without and beside them | {:.0}, {beside:.0} |", alone);
}

/// Waits until the photos of the reports are rendered: while that goes on, the service is busy with it.
fn rendered(pid: u32) {
    let begun = Instant::now();
    let mut quiet = 0;
    while quiet < 3 {
        assert!(begun.elapsed() < Duration::from_secs(300), "the photos are not rendered");
        let before = cpu_ms(pid);
        pause(Duration::from_secs(2));
        quiet = if cpu_ms(pid) - before < 100.0 { quiet + 1 } else { 0 };
    }
}

#[allow(clippy::disallowed_methods, reason = "a bench waits by the real clock")]
fn pause(span: Duration) {
    std::thread::sleep(span);
}

/// Sets a password of one's own, and logs in with it.
fn settle(program: &Program, agent: &ureq::Agent, name: &str, first: &str) -> String {
    let token = program.sign_in_with(agent, name, first);
    let body = json!({ "old_password": first, "new_password": PASSWORD }).to_string();
    let request = agent.put(format!("{}/me/password", program.base)).header("authorization", token);
    assert_eq!(request.content_type("application/json").send(body.as_bytes()).unwrap().status(), 204, "{name}");
    program.sign_in_with(agent, name, PASSWORD)
}

/// A page: asks for changes again and again, and tells when it was answered with another number.
async fn watch(
    page: usize,
    address: String,
    token: String,
    open: Arc<AtomicUsize>,
    told: mpsc::UnboundedSender<Instant>,
) {
    // As the app does: pages do not all ask at one moment, and come back later when the service is busy.
    let spread = |most: u64| tokio::time::sleep(Duration::from_millis(page as u64 * 7_919 % most));
    spread(10_000).await;
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let mut seen = None;
    loop {
        let query = seen.map_or_else(String::new, |seen| format!("?seen={seen}&wait=25"));
        let Some(now) = ask(&mut stream, &token, &query).await else {
            BUSY.fetch_add(1, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_secs(5)).await;
            spread(2_000).await;
            continue;
        };
        let Some(before) = seen.replace(now) else {
            open.fetch_add(1, Ordering::SeqCst);
            continue;
        };
        if now != before {
            if told.send(Instant::now()).is_err() {
                return;
            }
            spread(2_000).await;
        }
    }
}

/// How often a page was told to come back later.
static BUSY: AtomicUsize = AtomicUsize::new(0);

/// The number of an answer; `None` when the service is busy.
async fn ask(stream: &mut TcpStream, token: &str, query: &str) -> Option<i64> {
    let head = format!("GET /api/v1/changes{query} HTTP/1.1\r\nhost: bench\r\nauthorization: {token}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut text = Vec::new();
    loop {
        let mut piece = [0; 2_048];
        let read = stream.read(&mut piece).await.unwrap();
        assert!(read > 0, "the service hung up: {}", String::from_utf8_lossy(&text));
        text.extend_from_slice(&piece[..read]);
        let whole = String::from_utf8_lossy(&text);
        if let Some(body) = whole.split("{\"seen\":").nth(1).and_then(|rest| rest.strip_suffix('}')) {
            return Some(body.parse().unwrap());
        }
        if whole.contains("problem+json") && whole.ends_with('}') {
            assert!(whole.starts_with("HTTP/1.1 503"), "{whole}");
            return None;
        }
    }
}

/// Reports a second: the median of the rounds.
fn reports(program: &Program, agent: &ureq::Agent, tokens: &[String], point: &str, photo: &[u8]) -> f64 {
    let turn = AtomicUsize::new(0);
    let round = || {
        let end = Instant::now() + ROUND;
        let done = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..CONNECTIONS {
                scope.spawn(|| {
                    while Instant::now() < end {
                        let token = &tokens[turn.fetch_add(1, Ordering::Relaxed) % tokens.len()];
                        report(program, agent, token, point, photo);
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
        });
        done.into_inner() as f64 / ROUND.as_secs_f64()
    };
    median((0..ROUNDS).map(|_| round()).collect())
}

fn report(program: &Program, agent: &ureq::Agent, token: &str, point: &str, photo: &[u8]) {
    let (issue, id) = (SystemRandom.uuid(), SystemRandom.uuid());
    let mut bytes = photo.to_vec();
    bytes.extend_from_slice(id.as_bytes());
    program.put(agent, token, &format!("photos/{id}"), "image/jpeg", &bytes);
    let body = json!({
        "point_id": point, "item_code": "WM-07", "severity": "high", "description": "消防通道被堵塞",
        "captured_at": SystemClock.now().to_string(), "photos": [{ "id": id, "view": "far" }],
    });
    program.put(agent, token, &format!("issues/{issue}"), "application/json", body.to_string().as_bytes());
}
