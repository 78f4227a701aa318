//! How fast the main job is, compared in the same run with the best that the machine can do.
//!
//! `make bench` runs it. Reports: `PUT /photos` (3 MB) and `PUT /issues`, each acknowledged when it is on stable
//! storage; compared with a bare loop that writes the same bytes with as many threads: write, fdatasync, rename, sync
//! the folder. Rounds alternate, and medians are printed; `arms` says what else is measured beside this program.
//! Renditions: CPU for each photo, compared with `vipsthumbnail` if that is installed.
#![allow(missing_docs, reason = "a program of its own")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench may fail")]

#[path = "../tests/it/support/pictures.rs"]
#[allow(dead_code)]
mod pictures;
#[path = "support/program.rs"]
#[allow(dead_code)]
mod program;

use std::fs::File;
use std::io::{Read as _, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anfang::app::ambient::{Random, SystemRandom};
use anfang::media::{MediaKind, render};
use program::{Program, agent, cores, cpu_ms, median, peak_mb, resident_mb, stat_ms};
use serde_json::json;

const PHOTO_BYTES: usize = 3_000_000;
/// What the bare loop writes at once. Source: design §4.
const PIECE_BYTES: usize = 128 * 1024;
const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(4);

fn main() {
    // `cargo test --benches` passes this and only wants to know that it builds.
    if std::env::args().any(|word| word == "--test") {
        return;
    }
    println!("{} cores, {ROUNDS} rounds of {} s each, medians", cores(), ROUND.as_secs());
    reports();
    uploads_in_flight();
    renditions();
}

/// A photo that nobody sent before: the same picture with other bytes after it.
fn unique(photo: &[u8]) -> Vec<u8> {
    let mut bytes = photo.to_vec();
    bytes.extend_from_slice(SystemRandom.uuid().as_bytes());
    bytes
}

/// The tokens of three people: one account may take a quarter of the upload places.
fn inspectors(program: &Program) -> Vec<String> {
    (1..=3).map(|number| program.sign_in(&agent(), &format!("inspector{number:02}"))).collect()
}

/// Each in turn.
fn one_of(tokens: &[String]) -> &str {
    static TURN: AtomicUsize = AtomicUsize::new(0);
    &tokens[TURN.fetch_add(1, Ordering::Relaxed) % tokens.len()]
}

/// A program that takes reports.
struct Arm {
    name: &'static str,
    program: Program,
    /// The folder of its photos.
    originals: PathBuf,
    tokens: Vec<String>,
    point: String,
}

impl Arm {
    fn new(name: &'static str, folder: &Path, program: Program) -> Self {
        let tokens = inspectors(&program);
        let point = program.point(&agent(), &tokens[0]);
        Arm { name, program, originals: folder.join("photos/originals"), tokens, point }
    }
}

/// What is measured of one arm with one number of connections, a value for each round.
#[derive(Default)]
struct Measured {
    rates: Vec<f64>,
    ratios: Vec<f64>,
    p50: Vec<f64>,
    p99: Vec<f64>,
    cpu: Vec<f64>,
}

/// This program, and where they are named an earlier one (`ANFANG_BENCH_BEFORE`, its path) and this one on PostgreSQL
/// (`ANFANG_BENCH_POSTGRES_URL`, an empty database).
fn arms(folder: &Path) -> Vec<Arm> {
    const OPTIONS: [&str; 4] = ["--jobs", "0", "--issues", "0"];
    let [now, before, postgres] = ["now", "before", "postgres"].map(|name| folder.join(name));
    let mut arms = vec![Arm::new("now", &now, Program::start(&now, &OPTIONS))];
    if let Some(path) = std::env::var_os("ANFANG_BENCH_BEFORE") {
        arms.push(Arm::new("before", &before, Program::of(Path::new(&path), &before, &OPTIONS)));
    }
    if let Ok(url) = std::env::var("ANFANG_BENCH_POSTGRES_URL") {
        let options = [&OPTIONS[..], &["--database-url", &url]].concat();
        arms.push(Arm::new("now, PostgreSQL", &postgres, Program::start(&postgres, &options)));
    }
    arms
}

fn reports() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let photo = pictures::jpeg_of_size(1, PHOTO_BYTES);
    let (agent, arms) = (agent(), arms(folder.path()));
    let bare = folder.path().join("bare");
    std::fs::create_dir(&bare).unwrap();
    println!("\nreports of one {:.1} MB photo\n", photo.len() as f64 / 1e6);
    println!(
        "| connections | program | reports/s | bare loop/s | ratio | p50 ms | p99 ms | server CPU ms a report | \
         resident MB |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for connections in [1, 8, 32] {
        let mut bares = Vec::new();
        let mut all: Vec<Measured> = arms.iter().map(|_| Measured::default()).collect();
        for _ in 0..ROUNDS {
            let loops = round(connections, || write_durably(&bare, &photo)).len();
            // A round writes gigabytes, which are removed before the next one begins.
            std::fs::remove_dir_all(&bare).unwrap();
            std::fs::create_dir(&bare).unwrap();
            bares.push(loops as f64 / ROUND.as_secs_f64());
            for (arm, measured) in arms.iter().zip(&mut all) {
                let before = cpu_ms(arm.program.child.id());
                let mut taken =
                    round(connections, || report(&arm.program, &agent, one_of(&arm.tokens), &arm.point, &photo));
                let spent = cpu_ms(arm.program.child.id()) - before;
                taken.sort_unstable();
                let at = |share: f64| taken[((taken.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
                measured.rates.push(taken.len() as f64 / ROUND.as_secs_f64());
                measured.ratios.push(taken.len() as f64 / loops as f64);
                measured.p50.push(at(0.5));
                measured.p99.push(at(0.99));
                measured.cpu.push(spent / taken.len() as f64);
                empty(&arm.originals);
            }
        }
        let loops = median(bares);
        for (arm, measured) in arms.iter().zip(all) {
            println!(
                "| {connections} | {} | {:.0} | {loops:.0} | {:.2} | {:.1} | {:.1} | {:.2} | {:.0} |",
                arm.name,
                median(measured.rates),
                median(measured.ratios),
                median(measured.p50),
                median(measured.p99),
                median(measured.cpu),
                resident_mb(arm.program.child.id())
            );
        }
    }
}

/// Repeats `work` on this many threads for one round; answers how long each call took.
fn round(threads: usize, work: impl Fn() + Sync) -> Vec<Duration> {
    let end = Instant::now() + ROUND;
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                scope.spawn(|| {
                    let mut taken = Vec::new();
                    while Instant::now() < end {
                        let start = Instant::now();
                        work();
                        taken.push(start.elapsed());
                    }
                    taken
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
}

/// Empties the originals below a folder: a round stores gigabytes, which nobody reads again.
fn empty(folder: &Path) {
    for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            empty(&path);
        } else {
            File::options().write(true).open(&path).unwrap().set_len(0).unwrap();
        }
    }
}

/// The minimum that a durable service must do for the same bytes.
fn write_durably(folder: &Path, photo: &[u8]) {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let name = COUNT.fetch_add(1, Ordering::Relaxed);
    let (part, done) = (folder.join(format!("{name}.part")), folder.join(name.to_string()));
    let mut file = File::create(&part).unwrap();
    // In pieces: one call with all bytes takes about twice as long here.
    photo.chunks(PIECE_BYTES).for_each(|piece| file.write_all(piece).unwrap());
    file.sync_data().unwrap();
    std::fs::rename(part, done).unwrap();
    File::open(folder).unwrap().sync_all().unwrap();
}

fn report(program: &Program, agent: &ureq::Agent, token: &str, point: &str, photo: &[u8]) {
    let (issue, id) = (SystemRandom.uuid(), SystemRandom.uuid());
    program.put(agent, token, &format!("photos/{id}"), "image/jpeg", &unique(photo));
    let body = json!({
        "point_id": point, "item_code": "WM-07", "severity": "high", "description": "消防通道被堵塞",
        "captured_at": "2026-08-03T07:04:11Z", "photos": [{ "id": id, "view": "far" }],
    });
    program.put(agent, token, &format!("issues/{issue}"), "application/json", body.to_string().as_bytes());
}

/// Memory while many phones are in the middle of an upload, and the peak until all are stored.
fn uploads_in_flight() {
    const UPLOADS: usize = 64;
    const UPLOAD_BYTES: usize = 4_000_000;
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let photo = pictures::jpeg_of_size(1, UPLOAD_BYTES);
    let program = Program::start(&folder.path().join("data"), &["--issues", "0"]);
    let tokens = inspectors(&program);
    let rest = resident_mb(program.child.id());
    let address = program.base.strip_prefix("http://").unwrap().split('/').next().unwrap().to_owned();
    let mut uploads: Vec<(TcpStream, Vec<u8>)> = (0..UPLOADS)
        .map(|_| {
            let (bytes, token) = (unique(&photo), one_of(&tokens));
            let mut stream = TcpStream::connect(&address).unwrap();
            let head = format!(
                "PUT /api/v1/photos/{} HTTP/1.1\r\nhost: {address}\r\nauthorization: {token}\r\n\
                 content-type: image/jpeg\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                SystemRandom.uuid(),
                bytes.len()
            );
            stream.write_all(head.as_bytes()).unwrap();
            stream.write_all(&bytes[..bytes.len() / 2]).unwrap();
            (stream, bytes)
        })
        .collect();
    let halfway = resident_mb(program.child.id());
    for (stream, bytes) in &mut uploads {
        stream.write_all(&bytes[bytes.len() / 2..]).unwrap();
    }
    for (stream, _) in &mut uploads {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    }
    println!("\n{UPLOADS} uploads of {:.1} MB in flight, renditions on\n", photo.len() as f64 / 1e6);
    println!("| resident MB at rest | half-way | at the most |\n| --- | --- | --- |");
    println!("| {rest:.0} | {halfway:.0} | {:.0} |", peak_mb(program.child.id()));
}

fn renditions() {
    const TIMES: usize = 5;
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = folder.path().join("photo.jpg");
    let photo = pictures::jpeg(3, 4_000, 3_000);
    std::fs::write(&path, &photo).unwrap();
    let has_vips = Command::new("vipsthumbnail").arg("--version").output().is_ok();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let before = stat_ms("/proc/self/stat", 11);
        (0..TIMES).for_each(|_| drop(render(&photo, MediaKind::Jpeg, 1).unwrap()));
        ours.push((stat_ms("/proc/self/stat", 11) - before) / TIMES as f64);
        if has_vips {
            // Fields 16 and 17: the children's.
            let before = stat_ms("/proc/self/stat", 13);
            for _ in 0..TIMES {
                for (size, name) in [("1600", "view.jpg"), ("320", "thumb.jpg")] {
                    let source = if size == "1600" { path.clone() } else { folder.path().join("view.jpg") };
                    let output = folder.path().join(name);
                    let status =
                        Command::new("vipsthumbnail").arg(source).args(["--size", size, "-o"]).arg(output).status();
                    assert!(status.unwrap().success());
                }
            }
            theirs.push((stat_ms("/proc/self/stat", 13) - before) / TIMES as f64);
        }
    }
    println!("\nrenditions of a 12-megapixel photo (1600 and 320 pixels)\n");
    println!("| ours, CPU ms | libvips, CPU ms | ratio |\n| --- | --- | --- |");
    let ours = median(ours);
    if has_vips {
        let theirs = median(theirs);
        println!("| {ours:.0} | {theirs:.0} | {:.2} |", ours / theirs);
    } else {
        println!("| {ours:.0} | not installed | – |");
    }
}
