//! An hour of a county's day at ten times its size: 200 inspectors, 60 units, 10 people of the office, renditions on.
//!
//! `cargo bench --bench soak -- SQLite` or `-- PostgreSQL` (with `ANFANG_BENCH_POSTGRES_URL`, which names the empty
//! database to use; photos are then in an S3 server of the bench's own); `minutes=5` for a shorter run. Work arrives at
//! fixed times, however fast the service is; the time that a report has to wait is counted. A backup is made after a
//! third and after two thirds of the run. The figures of each minute are printed, and written with curves to
//! `target/bench/soak-*.{json,svg}`.
#![allow(missing_docs, reason = "a program of its own")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench may fail")]

#[path = "support/county.rs"]
#[allow(dead_code)]
mod county;
#[path = "support/curves.rs"]
mod curves;
#[path = "../tests/it/support/pictures.rs"]
#[allow(dead_code)]
mod pictures;
#[path = "support/program.rs"]
#[allow(dead_code)]
mod program;
#[path = "../tests/it/support/s3.rs"]
#[allow(dead_code)]
mod s3;

use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anfang::app::ambient::{Random, SystemClock, SystemRandom};
use anfang::domain::time::Clock as _;
use program::{Program, agent, cores, cpu_ms, quantile, resident_mb};
use serde_json::{Value, json};
use uuid::Uuid;

/// Reports a minute: 2,000 an hour, the day of a county with 20 inspectors, ten times. Source: our choice.
const REPORTS_A_MINUTE: u32 = 33;
/// Pages that people look at, a second: 270 people, each every ten seconds.
const READS_A_SECOND: u32 = 27;
/// Bytes of a photo of a report, and of one of a fix.
const PHOTO_BYTES: [usize; 2] = [3_000_000, 1_000_000];
/// The password that everybody sets at the first login.
const PASSWORD: &str = "Anfang-soak-2026";
/// Threads that send reports and answers, and that read.
const WORKERS: usize = 24;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if words.iter().any(|word| word == "--test") {
        return;
    }
    let minutes = words.iter().find_map(|word| word.strip_prefix("minutes=")?.parse().ok()).unwrap_or(60);
    let is_wanted = |name: &str| words.iter().any(|word| word == name);
    if is_wanted("SQLite") {
        soak("SQLite", minutes, &[]);
    }
    if is_wanted("PostgreSQL") {
        // The keys of the bench's own S3 server are in the environment of all that it starts.
        if std::env::var("AWS_ACCESS_KEY_ID").as_deref() != Ok(s3::KEY_ID) {
            let mut again = Command::new(std::env::current_exe().unwrap());
            again.args(&words).env("AWS_ACCESS_KEY_ID", s3::KEY_ID).env("AWS_SECRET_ACCESS_KEY", s3::SECRET);
            assert!(again.status().unwrap().success());
            return;
        }
        let url = std::env::var("ANFANG_BENCH_POSTGRES_URL").expect("ANFANG_BENCH_POSTGRES_URL");
        let server = s3::S3::start();
        soak("PostgreSQL", minutes, &["--database-url", &url, "--photos-url", &server.url("soak")]);
    }
    if !is_wanted("SQLite") && !is_wanted("PostgreSQL") {
        println!("soak: an hour long, so only by name: -- SQLite, -- PostgreSQL");
    }
}

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Two photos and a report.
    Report,
    /// A step of the office or the unit; a fix with its photos.
    Step,
    /// A page, or counts.
    Read,
}

const KINDS: [Kind; 3] = [Kind::Report, Kind::Step, Kind::Read];

/// One thing that was done.
struct Done {
    minute: usize,
    kind: Kind,
    ms: f64,
}

/// Everybody who works.
struct County {
    program: Program,
    agent: ureq::Agent,
    inspectors: Vec<String>,
    units: Vec<(String, String)>,
    office: [String; 2],
    points: Vec<String>,
    photos: [Vec<u8>; 2],
    begun: Instant,
    done: Mutex<Vec<Done>>,
    /// What went wrong, the first of each kind.
    errors: Mutex<Vec<String>>,
}

fn soak(name: &str, minutes: u32, store: &[&str]) {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let data = folder.path().join("data");
    let start = |log: &Path| {
        let log = log.to_str().unwrap();
        Program::logged(&data, &[store, &["--issues", "0", "--rate", "100000"]].concat(), log)
    };
    drop(start(&folder.path().join("first.log")));
    let accounts = county::enlarge(&data, store);
    let log = folder.path().join("log");
    let county = County::gathered(start(&log), &accounts);
    println!(
        "\n{name}: {minutes} minutes, {REPORTS_A_MINUTE} reports a minute, {READS_A_SECOND} reads a second, {} cores\n",
        cores()
    );
    println!(
        "| minute | reports | p50 ms | p99 ms | steps p50 | p99 | reads p50 | p99 | CPU % | resident MB | log bytes | errors |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let samples = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| county.work(minutes));
        }
        scope.spawn(|| county.watch(minutes, &log, &samples));
        scope.spawn(|| {
            for third in 1..=2 {
                county.until(f64::from(minutes * third) * 20.0);
                let to = folder.path().join(format!("backup-{third}"));
                let begun = Instant::now();
                let mut command = Command::new(env!("CARGO_BIN_EXE_anfang"));
                let output = command.args(["backup", "--data"]).arg(&data).args(store).arg(&to).output().unwrap();
                if !output.status.success() {
                    county.note_error(format!("backup: {}", String::from_utf8_lossy(&output.stderr)));
                }
                println!("| a backup of {:.0} s | | | | | | | | | | | |", begun.elapsed().as_secs_f64());
                std::fs::remove_dir_all(to).unwrap();
            }
        });
    });
    for error in county.errors.lock().unwrap().iter() {
        println!("- error: {error}");
    }
    let bench = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("bench");
    std::fs::create_dir_all(&bench).unwrap();
    let samples = samples.into_inner().unwrap();
    std::fs::write(bench.join(format!("soak-{name}.json")), serde_json::to_vec_pretty(&samples).unwrap()).unwrap();
    std::fs::write(bench.join(format!("soak-{name}.svg")), curves::drawn(name, &samples)).unwrap();
}

impl County {
    fn gathered(program: Program, accounts: &[(String, String)]) -> Self {
        let agent = agent();
        let token = |name: &str, first: &str| {
            let token = program.sign_in_with(&agent, name, first);
            let body = json!({ "old_password": first, "new_password": PASSWORD }).to_string();
            let request = agent.put(format!("{}/me/password", program.base)).header("authorization", token);
            assert_eq!(request.content_type("application/json").send(body.as_bytes()).unwrap().status(), 204, "{name}");
            program.sign_in_with(&agent, name, PASSWORD)
        };
        let (mut inspectors, mut units) = (Vec::new(), Vec::new());
        for (name, first) in accounts {
            if name.starts_with("bench-inspector") {
                inspectors.push(token(name, first));
            } else {
                let token = token(name, first);
                let me = program.get(&agent, &token, "me").0;
                units.push((me["user"]["unit_id"].as_str().unwrap().to_owned(), token));
            }
        }
        assert_eq!((inspectors.len(), units.len()), (county::INSPECTORS, county::UNITS));
        let office = ["office01", "office02"].map(|name| program.sign_in(&agent, name));
        let listed = program.get(&agent, &office[0], "points?type=MKT&limit=200").0;
        let points = listed["items"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap().to_owned());
        let points = points.collect();
        let photos = [0, 1].map(|which| pictures::jpeg_of_size(which as u64 + 1, PHOTO_BYTES[which]));
        let (done, errors) = (Mutex::default(), Mutex::default());
        County { program, agent, inspectors, units, office, points, photos, begun: Instant::now(), done, errors }
    }

    /// Waits for this second of the run.
    #[allow(clippy::disallowed_methods, reason = "work comes at its time")]
    fn until(&self, second: f64) {
        let at = self.begun + Duration::from_secs_f64(second);
        std::thread::sleep(at.saturating_duration_since(Instant::now()));
    }

    fn note_error(&self, error: String) {
        let mut errors = self.errors.lock().unwrap();
        // Source: our choice; more of them tell nothing new.
        if errors.len() < 20 {
            errors.push(error);
        }
    }

    /// Does what comes next, until the run ends. What comes next is the same for all workers, so that one that waits
    /// for the service does not change when the others begin.
    fn work(&self, minutes: u32) {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let per_minute = (READS_A_SECOND * 60 + REPORTS_A_MINUTE) as usize;
        loop {
            let number = NEXT.fetch_add(1, Ordering::SeqCst);
            let due = number as f64 * 60.0 / per_minute as f64;
            if due >= f64::from(minutes) * 60.0 {
                return;
            }
            self.until(due);
            let every = per_minute / REPORTS_A_MINUTE as usize;
            let result = if number.is_multiple_of(every) { self.case(number, due) } else { self.read(number, due) };
            if let Err(error) = result {
                self.note_error(error);
            }
        }
    }

    /// A report, and all steps to its closing, one right after the other.
    fn case(&self, number: usize, due: f64) -> Result<(), String> {
        let inspector = &self.inspectors[number % self.inspectors.len()];
        let (unit, handler) = &self.units[number % self.units.len()];
        let [first, second] = &self.office;
        let (issue, photos) = (SystemRandom.uuid(), [SystemRandom.uuid(), SystemRandom.uuid()]);
        for photo in photos {
            self.send_photo(inspector, photo, 0)?;
        }
        let body = json!({
            "point_id": self.points[number % self.points.len()], "item_code": "WM-02", "severity": "low",
            "description": "垃圾桶旁散落垃圾", "captured_at": SystemClock.now().to_string(),
            "photos": [{ "id": photos[0], "view": "far" }, { "id": photos[1], "view": "near" }],
        });
        let mut at = self.send(inspector, "PUT", &format!("issues/{issue}"), None, &body)?;
        self.note(Kind::Report, due);
        let fixed = [SystemRandom.uuid(), SystemRandom.uuid()];
        let steps = [
            (first, "approve", json!({ "unit_id": unit })),
            (second, "release", json!({})),
            (handler, "sign-in", json!({ "handler": "经办" })),
            (
                handler,
                "report-fix",
                json!({ "measure": "已清走", "remedy": "quick", "photos": [
                    { "id": fixed[0], "view": "same-angle" }, { "id": fixed[1], "view": "wide" },
                ] }),
            ),
            (first, "pass", json!({ "on_site": true })),
        ];
        for (who, action, body) in steps {
            let begun = self.begun.elapsed().as_secs_f64();
            if action == "report-fix" {
                for photo in fixed {
                    self.send_photo(handler, photo, 1)?;
                }
            }
            let seen = self.program.try_get(&self.agent, who, &format!("issues/{issue}"))?;
            let version = seen["version"].as_i64().ok_or_else(|| format!("{action}: {at}"))?;
            at = self.send(who, "POST", &format!("issues/{issue}/actions/{action}"), Some(version), &body)?;
            self.note(Kind::Step, begun);
        }
        Ok(())
    }

    fn read(&self, number: usize, due: f64) -> Result<(), String> {
        let (who, path) = match number % 10 {
            0 => (&self.office[number % 2], "issues?limit=50&state=submitted"),
            1 => (&self.office[number % 2], "issues/counts"),
            2 | 3 => (&self.units[number % self.units.len()].1, "issues?limit=50&sort=due_at"),
            4 => (&self.units[number % self.units.len()].1, "notices/count"),
            5 | 6 => (&self.inspectors[number % self.inspectors.len()], "issues?limit=50"),
            7 => (&self.inspectors[number % self.inspectors.len()], "points?near=31.21,107.49&limit=20"),
            _ => (&self.inspectors[number % self.inspectors.len()], "notices/count"),
        };
        self.program.try_get(&self.agent, who, path)?;
        self.note(Kind::Read, due);
        Ok(())
    }

    fn note(&self, kind: Kind, begun: f64) {
        let ms = (self.begun.elapsed().as_secs_f64() - begun) * 1e3;
        self.done.lock().unwrap().push(Done { minute: (begun / 60.0) as usize, kind, ms });
    }

    fn send_photo(&self, token: &str, id: Uuid, which: usize) -> Result<(), String> {
        let mut bytes = self.photos[which].clone();
        bytes.extend_from_slice(id.as_bytes());
        let request = self.agent.put(format!("{}/photos/{id}", self.program.base)).header("authorization", token);
        let mut answer = request.content_type("image/jpeg").send(&bytes).map_err(|error| format!("photo: {error}"))?;
        let text = answer.body_mut().read_to_string().map_err(|error| error.to_string())?;
        if answer.status() == 201 { Ok(()) } else { Err(format!("photo: {} {text}", answer.status())) }
    }

    fn send(&self, token: &str, method: &str, path: &str, version: Option<i64>, body: &Value) -> Result<Value, String> {
        let url = format!("{}/{path}", self.program.base);
        let mut request = ureq::http::Request::builder().method(method).uri(url).header("authorization", token);
        request = request.header("content-type", "application/json");
        if let Some(version) = version {
            request = request.header("if-match", format!("\"{version}\""));
        }
        let mut answer =
            self.agent.run(request.body(body.to_string()).unwrap()).map_err(|error| format!("{path}: {error}"))?;
        let text = answer.body_mut().read_to_string().map_err(|error| error.to_string())?;
        if !answer.status().is_success() {
            return Err(format!("{path}: {} {text}", answer.status()));
        }
        serde_json::from_str(&text).map_err(|error| error.to_string())
    }

    /// Prints each minute once it is over, with what the process took in it.
    fn watch(&self, minutes: u32, log: &Path, samples: &Mutex<Vec<Value>>) {
        let pid = self.program.child.id();
        let mut spent = cpu_ms(pid);
        for minute in 0..minutes as usize {
            self.until((minute + 1) as f64 * 60.0);
            let now = cpu_ms(pid);
            let cpu = (now - spent) / 600.0;
            spent = now;
            let [reports, steps, reads] = KINDS.map(|kind| {
                let done = self.done.lock().unwrap();
                done.iter()
                    .filter(|done| done.minute == minute && done.kind == kind)
                    .map(|done| done.ms)
                    .collect::<Vec<_>>()
            });
            let at = |values: &Vec<f64>, share| if values.is_empty() { 0.0 } else { quantile(values.clone(), share) };
            let logged = std::fs::metadata(log).map_or(0, |meta| meta.len());
            let errors = self.errors.lock().unwrap().len();
            let sample = json!({
                "minute": minute, "reports": reports.len(), "report_p50": at(&reports, 0.5), "report_p99": at(&reports, 0.99),
                "step_p50": at(&steps, 0.5), "step_p99": at(&steps, 0.99), "read_p50": at(&reads, 0.5),
                "read_p99": at(&reads, 0.99), "cpu_percent": cpu, "resident_mb": resident_mb(pid), "log_bytes": logged,
                "errors": errors,
            });
            println!(
                "| {minute} | {} | {:.0} | {:.0} | {:.0} | {:.0} | {:.1} | {:.1} | {cpu:.0} | {:.0} | {logged} | {errors} |",
                reports.len(),
                at(&reports, 0.5),
                at(&reports, 0.99),
                at(&steps, 0.5),
                at(&steps, 0.99),
                at(&reads, 0.5),
                at(&reads, 0.99),
                resident_mb(pid),
            );
            samples.lock().unwrap().push(sample);
        }
    }
}
