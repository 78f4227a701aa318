//! 100,000 issues as a sheet, as CSV and as a workbook: how long it takes, and how much memory.
//!
//! `cargo bench --bench export`, SQLite and, where `ANFANG_BENCH_POSTGRES_URL` names an empty database, PostgreSQL. The
//! county is made once and kept in `target/tmp/counties`. Each sheet is made by a program that was just started, so
//! that its peak is that of the sheet.
#![allow(missing_docs, reason = "a program of its own")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench may fail")]

#[path = "support/county.rs"]
#[allow(dead_code)]
mod county;
#[path = "support/program.rs"]
#[allow(dead_code)]
mod program;

use std::path::Path;
use std::time::{Duration, Instant};

use anfang::app::ambient::{Random, SystemRandom};
use program::{Program, agent, cores, own_mb, peak_mb};
use serde_json::json;

const ISSUES: &str = "100000";
const FORMATS: [&str; 3] = ["csv", "csv-gb18030", "xlsx"];
/// Longest that a sheet may take before the bench gives up.
const PATIENCE: Duration = Duration::from_secs(300);

fn main() {
    if std::env::args().any(|word| word == "--test") {
        return;
    }
    println!("{ISSUES} issues as a sheet, {} cores\n", cores());
    println!(
        "| database | sheet | rows | seconds | rows/s | sheet MB | own MB at rest | most own MB | most resident MB |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("counties");
    sheets("SQLite", &kept, &[]);
    if let Ok(url) = std::env::var("ANFANG_BENCH_POSTGRES_URL") {
        sheets("PostgreSQL", &kept, &["--database-url", &url]);
    }
}

fn sheets(name: &str, kept: &Path, more: &[&str]) {
    let folder = kept.join(format!("export-{name}-{ISSUES}"));
    std::fs::create_dir_all(&folder).unwrap();
    let start = |issues: &str| Program::start(&folder, &[&["--issues", issues, "--rate", "1000000"], more].concat());
    if !folder.join("demo-issues").exists() {
        drop(start("0"));
        county::enlarge(&folder, more);
        drop(start(ISSUES));
    }
    for format in FORMATS {
        let program = start(ISSUES);
        sheet(name, format, &program);
    }
}

fn sheet(name: &str, format: &str, program: &Program) {
    let (agent, pid) = (agent(), program.child.id());
    let token = program.sign_in(&agent, "office01");
    // What the list reads is in memory, as in an office.
    program.get(&agent, &token, "issues?limit=200");
    let rest = own_mb(pid);
    let mut most = rest;
    let path = format!("long-jobs/{}", SystemRandom.uuid());
    let body = json!({ "kind": "issue-list", "query": "", "format": format }).to_string();
    let begun = Instant::now();
    program.put(&agent, &token, &path, "application/json", body.as_bytes());
    let job = loop {
        let (job, _) = program.get(&agent, &token, &path);
        most = most.max(own_mb(pid));
        if job["state"] != "queued" && job["state"] != "running" {
            break job;
        }
        assert!(begun.elapsed() < PATIENCE, "{job}");
        pause(Duration::from_millis(20));
    };
    let taken = begun.elapsed().as_secs_f64();
    assert_eq!(job["state"], "done", "{job}");
    let rows = job["done"].as_f64().unwrap();
    println!(
        "| {name} | {format} | {rows} | {taken:.1} | {:.0} | {:.1} | {rest:.0} | {most:.0} | {:.0} |",
        rows / taken,
        job["size_bytes"].as_f64().unwrap() / 1e6,
        peak_mb(pid),
    );
}

#[allow(clippy::disallowed_methods, reason = "a bench waits by the real clock")]
fn pause(span: Duration) {
    std::thread::sleep(span);
}
