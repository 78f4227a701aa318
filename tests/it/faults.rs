//! The real program on a disk that fails or fills up: whatever it acknowledges is stored, and whatever it cannot store
//! is not acknowledged (guarantee G3).

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anfang::domain::digest::Digest;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::support::pictures;
use crate::support::program::{Pending, Program, agent, get, point, put, read, sign_in};

/// Longest wait for another process. Source: our choice; only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// What `look` finds in the end.
fn await_some<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "{what} does not come");
        std::thread::yield_now();
    }
}

/// Reports that a case is left out here; on the build server, which could run it, that is a failure.
fn left_out(what: &str) {
    let could = std::env::var_os("CI").is_some() && rustix::process::geteuid().is_root();
    assert!(!could, "not possible on the build server: {what}");
    // Not `eprintln!`, which the test harness would swallow.
    let _ = writeln!(std::io::stderr(), "left out: {what}");
}

/// The status and code of a problem and, if it is temporary, when to retry.
#[track_caller]
fn refused(answer: Option<(u16, Vec<u8>)>, status: u16, code: &str, about: &str) {
    let (found, body) = answer.unwrap_or_else(|| panic!("no answer: {about}"));
    let text = String::from_utf8_lossy(&body);
    assert_eq!(found, status, "{about}: {text}");
    let problem: Value = serde_json::from_slice(&body).unwrap_or_else(|_| panic!("{about}: {text}"));
    assert_eq!((&problem["code"], &problem["status"]), (&code.into(), &status.into()), "{about}");
}

#[track_caller]
fn taken(answer: Option<(u16, Vec<u8>)>, about: &str) {
    let (status, body) = answer.unwrap_or_else(|| panic!("no answer: {about}"));
    assert!(matches!(status, 200 | 201), "{about}: {status} {}", String::from_utf8_lossy(&body));
}

/// One inspector and the office at the program, and all that was acknowledged to them.
struct County {
    data: PathBuf,
    token: String,
    office: String,
    place: String,
    reports: u64,
    kept: HashMap<String, Pending>,
}

impl County {
    fn new(data: &Path, program: &Program) -> Self {
        let token = sign_in(&program.base, "inspector01");
        let (office, place) = (sign_in(&program.base, "office01"), point(&program.base, &token));
        County { data: data.to_owned(), token, office, place, reports: 0, kept: HashMap::new() }
    }

    fn next(&mut self) -> Pending {
        self.reports += 1;
        Pending::new(self.reports, &self.place)
    }

    fn send_photo(&self, program: &Program, report: &Pending) -> Option<(u16, Vec<u8>)> {
        let url = format!("{}/photos/{}", program.base, report.photo);
        put(&agent(), &url, &self.token, "image/jpeg", &report.bytes)
    }

    fn send_report(&self, program: &Program, report: &Pending) -> Option<(u16, Vec<u8>)> {
        let url = format!("{}/issues/{}", program.base, report.issue);
        put(&agent(), &url, &self.token, "application/json", report.body.as_bytes())
    }

    /// Sends both halves of a report, which are taken.
    #[track_caller]
    fn send(&mut self, program: &Program, report: Pending, about: &str) {
        taken(self.send_photo(program, &report), about);
        taken(self.send_report(program, &report), about);
        self.kept.insert(report.issue.clone(), report);
    }

    /// The photo, with something done while the program is taking it: it has its file already.
    fn send_photo_during(
        &self,
        program: &Program,
        report: &Pending,
        work: impl FnOnce(&Path),
    ) -> Option<(u16, Vec<u8>)> {
        let incoming = self.data.join("photos/incoming");
        let begun = || {
            let part = await_some("the upload's file", || incoming.read_dir().unwrap().next());
            work(&part.unwrap().path());
        };
        let mut body = After(Some(begun), report.bytes.as_slice());
        let request = agent()
            .put(format!("{}/photos/{}", program.base, report.photo))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-length", report.bytes.len().to_string())
            .content_type("image/jpeg");
        read(request.send(ureq::SendBody::from_reader(&mut body)))
    }

    /// What was acknowledged is read, every byte of it.
    #[track_caller]
    fn assert_read(&self, program: &Program, originals: bool, about: &str) {
        let agent = agent();
        for report in self.kept.values() {
            let url = format!("{}/issues/{}", program.base, report.issue);
            let (status, body) = get(&agent, &url, &self.token).unwrap();
            assert_eq!(status, 200, "{about}: an issue that was acknowledged is not read");
            let issue: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(issue["state"], "submitted", "{about}");
            if originals {
                let url = format!("{}/photos/{}/original", program.base, report.photo);
                let (status, bytes) = get(&agent, &url, &self.office).unwrap();
                assert_eq!((status, Digest::of(&bytes)), (200, Digest::of(&report.bytes)), "{about}");
            }
        }
    }

    /// As many issues as were acknowledged, none twice.
    #[track_caller]
    fn assert_whole(&self, program: &Program, about: &str) {
        self.assert_read(program, true, about);
        let (_, counts) = get(&agent(), &format!("{}/issues/counts", program.base), &self.office).unwrap();
        let counts: Value = serde_json::from_slice(&counts).unwrap();
        assert_eq!(counts["total"], self.kept.len(), "{about}");
    }
}

/// A body before whose first byte something is done.
struct After<F, R>(Option<F>, R);

impl<F: FnOnce(), R: Read> Read for After<F, R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if let Some(first) = self.0.take() {
            first();
        }
        self.1.read(buffer)
    }
}

/// One system call on one path of the running program fails once.
struct Fault {
    strace: Child,
    trace: PathBuf,
}

impl Fault {
    /// Waits until it is set; `Err` says why it cannot be.
    fn set(program: &Program, path: &Path, calls: &str, error: &str) -> Result<Self, String> {
        Self::set_at(program, path, calls, error, 1)
    }

    /// The same for the call of this number.
    fn set_at(program: &Program, path: &Path, calls: &str, error: &str, number: usize) -> Result<Self, String> {
        let trace =
            tempfile::Builder::new().prefix("anfang-fault-").tempfile().unwrap().into_temp_path().keep().unwrap();
        let mut strace = Command::new("strace")
            .args(["-f", "-y", "-p", &program.child.id().to_string(), "-o", trace.to_str().unwrap()])
            .args(["-P", path.to_str().unwrap(), "-e", &format!("trace={calls}")])
            .args(["-e", &format!("inject={calls}:error={error}:when={number}")])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| format!("strace: {error}"))?;
        let mut lines = BufReader::new(strace.stderr.take().unwrap()).lines().map(Result::unwrap);
        let mut said = String::new();
        while !said.contains("attached") {
            match lines.next() {
                // The program is there already; what is not there yet is not worth a word.
                Some(line) if line.contains("resolved into") || line.contains("Requested path") => {}
                Some(line) => said = line,
                None => {
                    let _ = strace.wait();
                    return Err(said);
                }
            }
        }
        std::thread::spawn(move || lines.for_each(drop));
        Ok(Fault { strace, trace })
    }

    /// Lets the program go; how many calls failed for it.
    fn end(mut self) -> usize {
        kill_process(Pid::from_child(&self.strace), Signal::TERM).unwrap();
        self.strace.wait().unwrap();
        let trace = std::fs::read_to_string(&self.trace).unwrap();
        trace.lines().filter(|line| line.contains("(INJECTED)")).count()
    }
}

impl Drop for Fault {
    fn drop(&mut self) {
        let _ = self.strace.kill();
        let _ = self.strace.wait();
        let _ = std::fs::remove_file(&self.trace);
    }
}

/// The storage calls of a report.
#[derive(Debug, Clone, Copy, PartialEq)]
enum At {
    PhotoWrite,
    PhotoSync,
    PhotoRename,
    FolderSync,
    PhotoRowWrite,
    PhotoRowSync,
    ReportWrite,
    ReportSync,
}

const SYNC: &str = "fsync,fdatasync";

/// Each storage call of a report with each error: the answer, and whether writes wait for a restart. After a failed
/// sync the next one may wrongly report success. Only a photo's own file, which is thrown away, can be written again.
const FAULTS: [(At, &str, u16, &str, bool); 16] = [
    (At::PhotoWrite, "EIO", 503, "unavailable", false),
    (At::PhotoWrite, "ENOSPC", 507, "storage-full", false),
    (At::PhotoSync, "EIO", 503, "unavailable", true),
    (At::PhotoSync, "ENOSPC", 507, "storage-full", false),
    (At::PhotoRename, "EIO", 503, "unavailable", false),
    (At::PhotoRename, "ENOSPC", 507, "storage-full", false),
    (At::FolderSync, "EIO", 503, "unavailable", true),
    (At::FolderSync, "ENOSPC", 503, "unavailable", true),
    (At::PhotoRowWrite, "EIO", 503, "unavailable", true),
    (At::PhotoRowWrite, "ENOSPC", 507, "storage-full", false),
    (At::PhotoRowSync, "EIO", 503, "unavailable", true),
    (At::PhotoRowSync, "ENOSPC", 503, "unavailable", true),
    (At::ReportWrite, "EIO", 503, "unavailable", true),
    (At::ReportWrite, "ENOSPC", 507, "storage-full", false),
    (At::ReportSync, "EIO", 503, "unavailable", true),
    (At::ReportSync, "ENOSPC", 503, "unavailable", true),
];

/// Sends a report whose way to the disk fails at one place; the answer, or why no fault can be made here.
fn fail_at(
    county: &County,
    program: &Program,
    report: &Pending,
    at: At,
    error: &str,
) -> Result<Option<(u16, Vec<u8>)>, String> {
    let log = county.data.join("anfang.db-wal");
    let digest = Digest::of(&report.bytes).to_string();
    let folder = county.data.join("photos/originals").join(&digest[..2]);
    let mut fault = Err(String::new());
    let answer = match at {
        At::ReportWrite | At::ReportSync => {
            taken(county.send_photo(program, report), "the photo before");
            fault = Fault::set(program, &log, if at == At::ReportWrite { "pwrite64" } else { SYNC }, error);
            county.send_report(program, report)
        }
        _ => county.send_photo_during(program, report, |part| {
            let (path, calls) = match at {
                At::PhotoWrite => (part, "write"),
                At::PhotoSync => (part, SYNC),
                At::PhotoRename => (part, "rename,renameat,renameat2"),
                At::FolderSync => (folder.as_path(), SYNC),
                At::PhotoRowWrite => (log.as_path(), "pwrite64"),
                _ => (log.as_path(), SYNC),
            };
            fault = Fault::set(program, path, calls, error);
        }),
    };
    assert_eq!(fault?.end(), 1, "{at:?} {error} did not happen, once");
    Ok(answer)
}

#[test]
fn a_disk_that_fails_once_at_any_call_of_a_report_costs_nothing_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().canonicalize().unwrap();
    let start = || Program::start(&data, None, &[]);
    let mut program = start();
    let mut county = County::new(&data, &program);
    let first = county.next();
    county.send(&program, first, "on a sound disk");
    for (at, error, status, code, restart) in FAULTS {
        let about = &*format!("{at:?} {error}");
        let report = county.next();
        // So that the fault does not hit the write that notes the use of the login.
        county.assert_read(&program, false, about);
        let answer = match fail_at(&county, &program, &report, at, error) {
            Ok(answer) => answer,
            Err(why) => return left_out(&format!("faults of the disk ({why})")),
        };
        refused(answer, status, code, about);
        assert_eq!(data.join("photos/incoming").read_dir().unwrap().count(), 0, "{about} leaves a part behind");
        assert_eq!(program.status("/healthz"), 204, "{about}");
        assert_eq!(program.status("/readyz"), if restart { 503 } else { 204 }, "{about}");
        county.assert_read(&program, !restart || at == At::PhotoSync || at == At::FolderSync, about);
        if restart {
            let photo = matches!(at, At::PhotoSync | At::FolderSync);
            refused(county.send_photo(&program, &report), 503, "unavailable", about);
            if !photo {
                refused(county.send_report(&program, &report), 503, "unavailable", about);
            }
        } else {
            county.send(&program, report.clone(), about);
        }
        program.child.kill().unwrap();
        program.child.wait().unwrap();
        program = start();
        assert_eq!(program.status("/readyz"), 204, "{about}");
        county.assert_read(&program, true, about);
        county.send(&program, report, about);
        county.assert_whole(&program, about);
    }
}

/// The log takes a report in many writes; whichever of them finds no room, the whole report is refused and the
/// next one is taken.
#[test]
fn a_log_without_room_at_any_write_of_a_report_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().canonicalize().unwrap();
    let program = Program::start(&data, None, &[]);
    let mut county = County::new(&data, &program);
    let log = data.join("anfang.db-wal");
    let mut refusals = 0;
    loop {
        let about = &*format!("write {} of the log", refusals + 1);
        let report = county.next();
        taken(county.send_photo(&program, &report), about);
        let fault = match Fault::set_at(&program, &log, "pwrite64", "ENOSPC", refusals + 1) {
            Ok(fault) => fault,
            Err(why) => return left_out(&format!("faults of the disk ({why})")),
        };
        let answer = county.send_report(&program, &report);
        if fault.end() == 0 {
            // It has fewer writes.
            taken(answer, about);
            county.kept.insert(report.issue.clone(), report);
            break;
        }
        refused(answer, 507, "storage-full", about);
        assert_eq!(program.status("/readyz"), 204, "{about}");
        county.send(&program, report, about);
        refusals += 1;
    }
    assert!(refusals > 10, "{refusals} writes are no report");
    county.assert_whole(&program, "after all");
}

/// What a process that was killed wrote but did not sync is found at the next start, and would be answered
/// for without a further write: it is synced before the program serves.
#[test]
fn what_a_killed_process_left_is_synced_before_anybody_is_answered() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().canonicalize().unwrap().join("data");
    let mut program = Program::start(&data, None, &[]);
    let mut county = County::new(&data, &program);
    let report = county.next();
    county.send(&program, report, "before");
    program.child.kill().unwrap();
    program.child.wait().unwrap();
    assert!(data.join("anfang.db-wal").metadata().unwrap().len() > 0, "nothing is left to sync");
    let trace = folder.path().join("trace");
    let wrapper = ["strace", "-D", "-f", "-y", "-qq", "-e", "trace=fsync,fdatasync", "-o", trace.to_str().unwrap()];
    let program = Program::start(&data, None, &wrapper);
    let trace = std::fs::read_to_string(&trace).unwrap();
    let synced = |name: &str| trace.lines().any(|line| line.contains(name) && line.ends_with("= 0"));
    assert!(synced("anfang.db>"), "{trace}");
    county.assert_whole(&program, "after");
}

/// A picture of several megabytes: comments in a JPEG may be as long as one likes.
fn heavy_picture(seed: u64) -> Vec<u8> {
    let picture = pictures::jpeg(seed, 64, 48);
    let comment = [&[0xFF, 0xFE, 0xFF, 0xFF][..], &[b'x'; 0xFFFD]].concat();
    [&picture[..2], &comment.repeat(100), &picture[2..]].concat()
}

/// Copying SQLite's log into its file can fail although every statement succeeds, and SQLite itself does not report
/// that.
#[test]
fn a_disk_that_does_not_take_the_log_into_the_file_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().canonicalize().unwrap();
    let mut program = Program::start(&data, None, &[]);
    let mut county = County::new(&data, &program);
    let report = county.next();
    county.send(&program, report, "before");
    assert_eq!(program.status("/readyz"), 204);
    let fault = match Fault::set(&program, &data.join("anfang.db"), SYNC, "EIO") {
        Ok(fault) => fault,
        Err(why) => return left_out(&format!("faults of the disk ({why})")),
    };
    let corners = "107.4,31.4,107.6,31.4,107.6,31.1,107.4,31.1";
    let url = format!("{}/map/image?corners={corners}", program.base);
    for seed in 0..2 {
        taken(put(&agent(), &url, &county.office, "image/jpeg", &heavy_picture(seed)), "a picture of the map");
    }
    await_some("the word of the failure", || (program.status("/readyz") == 503).then_some(()));
    assert_eq!(fault.end(), 1);
    county.assert_read(&program, false, "after the failure");
    program.child.kill().unwrap();
    program.child.wait().unwrap();
    let program = Program::start(&data, None, &[]);
    assert_eq!(program.status("/readyz"), 204);
    county.assert_whole(&program, "after a restart");
    let (_, kept) = get(&agent(), &format!("{}/map/image", program.base), &county.office).unwrap();
    assert!(kept == heavy_picture(1), "what was acknowledged is lost");
}

/// A small file system for this program, which ends with it.
struct Disk {
    data: PathBuf,
    mount: String,
}

impl Disk {
    /// `Err` says why there can be none.
    fn new(data: &Path, mount: &str) -> Result<Self, String> {
        std::fs::create_dir_all(data).unwrap();
        let disk = Disk { data: data.to_owned(), mount: format!("mount {mount} '{}'", data.display()) };
        let wrapper = disk.wrapper();
        let output = Command::new(&wrapper[0]).args(&wrapper[1..]).arg("true").output();
        match output {
            Ok(output) if output.status.success() => Ok(disk),
            Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
            Err(error) => Err(format!("unshare: {error}")),
        }
    }

    /// Mounts it where only the wrapped program sees it.
    fn wrapper(&self) -> [String; 5] {
        let own = if rustix::process::geteuid().is_root() { "-m" } else { "-rm" };
        let log = self.data.join("service.log");
        let run = format!("{} && exec \"$0\" \"$@\" 2>>'{}'", self.mount, log.display());
        ["unshare", own, "sh", "-c", &run].map(str::to_owned)
    }

    fn start(&self) -> Program {
        let wrapper = self.wrapper();
        Program::start(&self.data, None, &wrapper.each_ref().map(String::as_str))
    }

    /// A path of the data folder as this process can reach it.
    fn inside(&self, program: &Program, name: &str) -> PathBuf {
        let root = format!("/proc/{}/root{}", program.child.id(), self.data.display());
        Path::new(&root).join(name)
    }
}

/// Lines of the log after so much trouble. Source: issue of the second look, "a line a minute": of each kind.
const LOG_LINES_MAX: usize = 60;

/// What is tried while the disk is full.
const TRIES: u64 = 200;

/// The log is on the full disk, too. Existing data can be read, people can log in, and new data is refused. The log is
/// not flooded, and once there is space everything works as before.
fn read_while_full(disk: &Disk) {
    let program = disk.start();
    let mut county = County::new(&disk.data, &program);
    for _ in 0..3 {
        let report = county.next();
        county.send(&program, report, "on an empty disk");
    }
    let filler = disk.inside(&program, "filler");
    fill_up(&mut File::create(&filler).unwrap());
    for round in 0..TRIES {
        let about = &*format!("round {round} on a full disk");
        let report = county.next();
        refused(county.send_photo(&program, &report), 507, "storage-full", about);
        refused(county.send_report(&program, &report), 507, "storage-full", about);
    }
    for round in 0..10 {
        let about = &*format!("round {round} on a full disk");
        county.assert_read(&program, true, about);
        sign_in(&program.base, "office02");
        let report = county.kept.values().next().unwrap();
        for variant in ["thumb", "view"] {
            // It was not made before, and there is no space to store it.
            let url = format!("{}/photos/{}/{variant}", program.base, report.photo);
            let (status, bytes) = get(&agent(), &url, &county.office).unwrap();
            assert_eq!((status, bytes.starts_with(&[0xFF, 0xD8])), (200, true), "{about}");
        }
    }
    assert_eq!((program.status("/healthz"), program.status("/readyz")), (204, 507));
    std::fs::remove_file(&filler).unwrap();
    let last = county.next();
    county.send(&program, last, "once there is room again");
    await_some("readiness", || (program.status("/readyz") == 204).then_some(()));
    county.assert_whole(&program, "once there is room again");
    let log = || std::fs::read_to_string(disk.inside(&program, "service.log")).unwrap();
    await_some("the log's word of the room", || log().contains("there is room again").then_some(()));
    assert!(log().contains("the disk is full") && log().lines().count() < LOG_LINES_MAX, "{}", log());
}

/// Writes until nothing more goes in.
fn fill_up(file: &mut File) {
    for block in [&[7; 65_536][..], &[7; 512], &[7; 1]] {
        while file.write(block).is_ok_and(|written| written > 0) {}
    }
    let _ = file.sync_all();
}

/// More reports and photos than a full disk of this size can take.
const MORE_THAN_FITS: usize = 2_000;

fn fill_and_free(disk: &Disk) {
    let program = disk.start();
    let mut county = County::new(&disk.data, &program);
    let first = county.next();
    county.send(&program, first, "on an empty disk");
    let filler = disk.inside(&program, "filler");
    fill_up(&mut File::create(&filler).unwrap());
    let unsent = (0..MORE_THAN_FITS).find_map(|_| {
        let mut report = county.next();
        report.bytes = pictures::jpeg(county.reports, 640, 480);
        match county.send_photo(&program, &report) {
            Some((201, _)) => {
                county.send(&program, report, "in what is left");
                None
            }
            answer => {
                refused(answer, 507, "storage-full", "a photo");
                Some(report)
            }
        }
    });
    let mut unsent = vec![unsent.expect("the disk takes photos without end")];
    // The log may have room that it made before; then it has none, either.
    let refusal = (0..MORE_THAN_FITS).find_map(|_| {
        fill_up(&mut File::options().append(true).open(&filler).unwrap());
        let mut report = county.next();
        report.body = report.body.replace("堵塞", &"堵".repeat(450));
        let answer = county.send_report(&program, &report);
        unsent.push(report);
        // What is taken waits for its photo.
        answer.as_ref().is_none_or(|(status, _)| *status != 201).then_some(answer)
    });
    refused(refusal.expect("the disk takes reports without end"), 507, "storage-full", "a report");
    assert_eq!(program.status("/healthz"), 204);
    assert_eq!(program.status("/readyz"), 507);
    county.assert_read(&program, false, "while it is full");
    std::fs::remove_file(&filler).unwrap();
    for report in unsent {
        county.send(&program, report, "once there is room again");
    }
    let last = county.next();
    county.send(&program, last, "once there is room again");
    assert_eq!(program.status("/readyz"), 204);
    county.assert_whole(&program, "once there is room again");
}

#[test]
fn a_full_memory_disk_refuses_and_recovers_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    match Disk::new(&folder.path().join("data"), "-t tmpfs -o size=16m tmpfs") {
        Ok(disk) => {
            fill_and_free(&disk);
            read_while_full(&disk);
        }
        Err(why) => left_out(&format!("a full tmpfs ({why})")),
    }
}

#[test]
fn a_full_ext4_refuses_and_recovers_without_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let image = folder.path().join("image");
    File::create(&image).unwrap().set_len(24 << 20).unwrap();
    let made = Command::new("mkfs.ext4").args(["-q", "-F", "-m", "0"]).arg(&image).output();
    if !made.is_ok_and(|made| made.status.success()) {
        return left_out("a full ext4 (no mkfs.ext4)");
    }
    match Disk::new(&folder.path().join("data"), &format!("-o loop '{}'", image.display())) {
        Ok(disk) => {
            fill_and_free(&disk);
            // What is on the image is a county already.
            File::create(&image).unwrap().set_len(24 << 20).unwrap();
            let made = Command::new("mkfs.ext4").args(["-q", "-F", "-m", "0"]).arg(&image).status();
            assert!(made.is_ok_and(|made| made.success()));
            read_while_full(&disk);
        }
        // A container may have no loop devices though it has root.
        Err(why) => drop(writeln!(std::io::stderr(), "left out: a full ext4 ({why})")),
    }
}
