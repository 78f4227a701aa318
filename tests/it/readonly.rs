//! A photo folder that becomes read-only under a running service: reported, refused, and working again afterwards.

use std::path::Path;
use std::process::Command;

use crate::startup::{folder, text};
use crate::support::program::{Pending, Program, agent, get, point, put, sign_in};

/// Runs a command among the mounts of the program. Root writes everywhere but where nobody can.
#[track_caller]
fn inside(program: &Program, words: &[&str]) {
    let target = program.child.id().to_string();
    let output = Command::new("nsenter").args(["-t", &target, "-m"]).args(words).output().unwrap();
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// A program in a mount namespace of its own; `None` where there can be none.
fn start(data: &Path) -> Option<Program> {
    let wrapper = ["unshare", "-m", "sh", "-c", "exec \"$0\" \"$@\""];
    let possible = Command::new(wrapper[0]).args(&wrapper[1..]).arg("true").output();
    if !possible.is_ok_and(|output| output.status.success()) {
        assert!(std::env::var_os("CI").is_none() || !rustix::process::geteuid().is_root(), "no mounts");
        return None;
    }
    Some(Program::start(data, None, &wrapper))
}

#[test]
fn a_photo_folder_that_becomes_read_only_refuses_photos_and_comes_back() {
    let folder = folder();
    let data = folder.path().canonicalize().unwrap();
    let Some(program) = start(&data) else { return };
    let photos = data.join("photos");
    let photos = text(&photos);
    let (token, office) = (sign_in(&program.base, "inspector01"), sign_in(&program.base, "office01"));
    let place = point(&program.base, &token);
    let reports: Vec<Pending> = (1..4).map(|seed| Pending::new(seed, &place)).collect();
    let photo = |report: &Pending| {
        put(&agent(), &format!("{}/photos/{}", program.base, report.photo), &token, "image/jpeg", &report.bytes)
            .unwrap()
    };
    let report = |report: &Pending| {
        let url = format!("{}/issues/{}", program.base, report.issue);
        put(&agent(), &url, &token, "application/json", report.body.as_bytes()).unwrap().0
    };
    assert_eq!((photo(&reports[0]).0, report(&reports[0])), (201, 201));
    // Over what it has open there.
    inside(&program, &["mount", "--bind", photos, photos]);
    inside(&program, &["mount", "-o", "remount,bind,ro", photos]);
    // Refused as a temporary failure, and the answer says so.
    for _ in 0..2 {
        let (status, body) = photo(&reports[1]);
        let code = String::from_utf8_lossy(&body).into_owned();
        assert_eq!((status, code.contains("\"unavailable\"")), (503, true), "{code}");
    }
    crate::support::service::await_until("it is told", || program.status("/readyz") == 503);
    // Existing photos can be read, and everything that needs no new photo works.
    let original = format!("{}/photos/{}/original", program.base, reports[0].photo);
    assert_eq!(get(&agent(), &original, &office).unwrap(), (200, reports[0].bytes.clone()));
    assert_eq!(report(&reports[1]), 201);
    assert_eq!(program.status("/healthz"), 204);
    // No restart is needed.
    inside(&program, &["umount", photos]);
    for later in &reports[1..] {
        assert_eq!((photo(later).0, matches!(report(later), 200 | 201)), (201, true));
    }
    crate::support::service::await_until("it is ready again", || program.status("/readyz") == 204);
}
