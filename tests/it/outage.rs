//! The real program while its PostgreSQL is stopped and started again.

use std::time::{Duration, Instant};

use anfang::domain::digest::Digest;
use serde_json::Value;

use crate::support::postgres;
use crate::support::program::{Pending, Program, agent, get, point, put, read, sign_in};

/// Callers at once: more than the program has connections.
const CALLERS: usize = 24;
/// Source: our choice; only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// Unavailable, and says when to retry.
#[track_caller]
fn unavailable(answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>) {
    let retry_after = answer.as_ref().unwrap().headers().get("retry-after").is_some();
    let (status, body) = read(answer).unwrap();
    assert_eq!(status, 503, "{}", String::from_utf8_lossy(&body));
    let problem: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(problem["code"], "unavailable");
    assert!(retry_after, "{problem}");
}

fn statuses(url: &str, token: &str) -> Vec<u16> {
    std::thread::scope(|scope| {
        let asking: Vec<_> = (0..CALLERS).map(|_| scope.spawn(|| get(&agent(), url, token).unwrap().0)).collect();
        asking.into_iter().map(|asked| asked.join().unwrap()).collect()
    })
}

#[test]
fn what_was_acknowledged_outlives_an_outage_of_the_server_and_service_resumes_by_itself() {
    let Some(server) = postgres::private() else { return };
    let folder = tempfile::tempdir().unwrap();
    let program = Program::start(folder.path(), Some(server.url()), &[]);
    let base = &program.base;
    let (token, office) = (sign_in(base, "inspector01"), sign_in(base, "office01"));
    let place = point(base, &token);
    let bearer = format!("Bearer {token}");
    let mut kept: Vec<Pending> = Vec::new();
    let photo_url = |report: &Pending| format!("{base}/photos/{}", report.photo);
    let issue_url = |report: &Pending| format!("{base}/issues/{}", report.issue);
    let send = |report: &Pending| {
        let photo = put(&agent(), &photo_url(report), &token, "image/jpeg", &report.bytes);
        let issue = put(&agent(), &issue_url(report), &token, "application/json", report.body.as_bytes());
        [photo, issue].map(|answer| answer.unwrap().0)
    };
    let first = Pending::new(0, &place);
    assert_eq!(send(&first), [201, 201]);
    kept.push(first.clone());

    for (number, mode) in (1..).zip(["fast", "immediate"]) {
        let all = [200; CALLERS].to_vec();
        // All connections are open when the server stops and starts again: no caller notices.
        assert_eq!(statuses(&issue_url(&first), &token), all);
        server.stop(mode);
        server.start();
        assert_eq!(statuses(&issue_url(&first), &token), all, "{mode}");
        let unnoticed = Pending::new(number * 2, &place);
        assert_eq!(send(&unnoticed), [201, 201], "{mode}");
        kept.push(unnoticed);

        server.stop(mode);
        let report = Pending::new(number * 2 + 1, &place);
        assert_eq!(program.status("/healthz"), 204, "{mode}");
        // Within the second for which an answer holds.
        let start = Instant::now();
        while program.status("/readyz") != 503 {
            assert!(start.elapsed() < PATIENCE, "{mode}: it says that it is ready");
        }
        let asking = |request: ureq::RequestBuilder<ureq::typestate::WithoutBody>| {
            unavailable(request.header("authorization", &bearer).call());
        };
        let sending = |url: &str, kind: &str, body: &[u8]| {
            unavailable(agent().put(url).header("authorization", &bearer).content_type(kind).send(body));
        };
        asking(agent().get(issue_url(&first)));
        sending(&photo_url(&report), "image/jpeg", &report.bytes);
        sending(&issue_url(&report), "application/json", report.body.as_bytes());

        server.start();
        let start = Instant::now();
        while program.status("/readyz") != 204 {
            assert!(start.elapsed() < PATIENCE, "{mode}: it does not come back");
        }
        assert_eq!(statuses(&issue_url(&first), &token), all, "{mode}");
        assert_eq!(send(&report), [201, 201], "{mode}");
        kept.push(report);
        for report in &kept {
            let (_, body) = get(&agent(), &issue_url(report), &token).unwrap();
            let issue: Value = serde_json::from_slice(&body).unwrap();
            assert_eq!(issue["state"], "submitted", "{mode}");
            let (status, bytes) = get(&agent(), &format!("{}/original", photo_url(report)), &office).unwrap();
            assert_eq!((status, Digest::of(&bytes)), (200, Digest::of(&report.bytes)), "{mode}");
        }
        let (_, counts) = get(&agent(), &format!("{base}/issues/counts"), &office).unwrap();
        let counts: Value = serde_json::from_slice(&counts).unwrap();
        assert_eq!(counts["total"], kept.len(), "{mode}");
    }
}
