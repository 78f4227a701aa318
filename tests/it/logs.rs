//! Logging never disturbs the service, whether anybody reads the log or not (ADR 0020).

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use anfang::domain::digest::Digest;
use rustix::process::{Pid, Signal, kill_process};

use crate::startup::{anfang, folder, text};
use crate::support::program::{Pending, agent, get, point, put, sign_in};

/// Requests after which a pipe that nobody empties, 64 KiB on Linux, is full several times over.
const REQUESTS: usize = 600;

/// The demo with a log of the test's own.
struct Logging {
    child: Child,
    base: String,
    metrics: String,
}

impl Drop for Logging {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Logging {
    fn start(data: &Path, log: Stdio) -> Self {
        let mut command: Command = anfang(&["demo", "--data", text(data), "--listen", "127.0.0.1:0"]);
        command.args(["--password", "Anfang-demo-1", "--issues", "0", "--metrics-listen", "127.0.0.1:0"]);
        command.args(["--log", "anfang=trace,info"]);
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let mut metrics = String::new();
        let address = lines.find_map(|line| {
            if let Some(address) = line.strip_prefix("metrics on ") {
                metrics = address.to_owned();
            }
            line.strip_prefix("listening on http://").map(str::to_owned)
        });
        let base = format!("http://{}/api/v1", address.expect("the program serves"));
        std::thread::spawn(move || lines.for_each(drop));
        Logging { child, base, metrics }
    }

    fn ready(&self) -> u16 {
        get(&agent(), &format!("{}/readyz", self.base.trim_end_matches("/api/v1")), "").unwrap().0
    }

    /// Reports are taken, requests answered, and it says that it is ready.
    #[track_caller]
    fn assert_serves(&self, about: &str) {
        let token = sign_in(&self.base, "inspector01");
        let place = point(&self.base, &token);
        let report = Pending::new(1, &place);
        let agent = agent();
        let photo = put(&agent, &format!("{}/photos/{}", self.base, report.photo), &token, "image/jpeg", &report.bytes);
        assert_eq!(photo.unwrap().0, 201, "{about}");
        let url = format!("{}/issues/{}", self.base, report.issue);
        assert_eq!(put(&agent, &url, &token, "application/json", report.body.as_bytes()).unwrap().0, 201, "{about}");
        for _ in 0..REQUESTS {
            assert_eq!(get(&agent, &url, &token).unwrap().0, 200, "{about}");
        }
        assert_eq!(self.ready(), 204, "{about}");
    }

    fn figure(&self, name: &str) -> u64 {
        let (_, body) = get(&agent(), &self.metrics, "").unwrap();
        let text = String::from_utf8(body).unwrap();
        let line =
            text.lines().find_map(|line| line.strip_prefix(&format!("{name} "))).unwrap_or_else(|| panic!("{text}"));
        line.parse().unwrap()
    }

    #[track_caller]
    fn assert_ends(mut self) {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
    }
}

#[test]
fn a_log_that_takes_nothing_harms_nothing() {
    let folder = folder();
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let serving = Logging::start(folder.path(), full.into());
    serving.assert_serves("a full log");
    assert!(serving.figure("anfang_log_lines_lost_total") > REQUESTS as u64 / 2, "lost lines are counted");
    serving.assert_ends();
}

#[test]
fn a_reader_of_the_log_that_has_gone_harms_nothing() {
    let folder = folder();
    let mut serving = Logging::start(folder.path(), Stdio::piped());
    drop(serving.child.stderr.take());
    serving.assert_serves("a log without a reader");
    serving.assert_ends();
}

#[test]
fn a_reader_of_the_log_that_stalls_holds_nobody_up() {
    let folder = folder();
    let serving = Logging::start(folder.path(), Stdio::piped());
    serving.assert_serves("a log whose reader stalls");
    // Not at the end either: the service does not wait for a pipe that nobody reads.
    serving.assert_ends();
}

#[test]
fn what_makes_a_start_fail_is_said_once_and_plainly() {
    let folder = folder();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let mut command = anfang(&["serve", "--data", text(folder.path()), "--listen", &address, "--log", "info"]);
    let output = command.output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.lines().last().is_some_and(|line| line.starts_with("anfang: ") && line.contains(&address)), "{said}");
}

/// Who reads only the log learns which original is lost, and that it is an error (guarantee G4).
#[test]
fn a_lost_original_is_a_line_of_the_log() {
    let folder = folder();
    let (data, log) = (folder.path().join("data"), folder.path().join("log"));
    let serving = Logging::start(&data, std::fs::File::create(&log).unwrap().into());
    let (agent, token) = (agent(), sign_in(&serving.base, "inspector01"));
    let report = Pending::new(1, &point(&serving.base, &token));
    let photo = format!("{}/photos/{}", serving.base, report.photo);
    assert_eq!(put(&agent, &photo, &token, "image/jpeg", &report.bytes).unwrap().0, 201);
    std::fs::remove_dir_all(data.join("photos/originals")).unwrap();
    assert_eq!(get(&agent, &format!("{photo}/view"), &token).unwrap().0, 500);
    serving.assert_ends();
    let said = std::fs::read_to_string(&log).unwrap();
    let lines: Vec<_> = said.lines().filter(|line| line.contains("ERROR") && line.contains("an original is")).collect();
    let digest = Digest::of(&report.bytes).to_string();
    assert_eq!(lines.len(), 1, "{said}");
    assert!(lines[0].contains(&digest) && lines[0].contains("lost"), "{}", lines[0]);
}
