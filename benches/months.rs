//! A month of 12 units at 1,000,000 issues, on SQLite and, where `ANFANG_BENCH_POSTGRES_URL` names an empty database, on
//! PostgreSQL: how long it takes to freeze it (that is when its rows are gathered and computed), how long the overview,
//! the ranking and a scorecard take over HTTP, and how long `anfang month verify` takes.
//!
//! `cargo bench --bench months`. The county is that of the demo, with its 12 units, and is made once and kept in
//! `target/tmp/counties`. A month can be frozen once, so each run needs the next month: after it the county is made anew.
#![allow(missing_docs, reason = "a program of its own")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench may fail")]

#[path = "support/program.rs"]
#[allow(dead_code)]
mod program;

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use program::{Program, agent, cores, quantile};
use serde_json::Value;

const ISSUES: &str = "1000000";
/// Requests of each kind: the 99th percentile is the third largest.
const REQUESTS: usize = 200;
/// Source: our goals for a month at this size.
const FREEZE_MAX_S: f64 = 5.0;
const READ_P99_MAX_MS: f64 = 100.0;

fn main() {
    if std::env::args().any(|word| word == "--test") {
        return;
    }
    println!("{ISSUES} issues, 12 units, {} cores\n", cores());
    println!("| database | what | p50 | p99 | target | |");
    println!("| --- | --- | --- | --- | --- | --- |");
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("counties");
    month("SQLite", &kept, &[]);
    if let Ok(url) = std::env::var("ANFANG_BENCH_POSTGRES_URL") {
        month("PostgreSQL", &kept, &["--database-url", &url]);
    }
}

fn row(name: &str, what: &str, (p50, p99): (f64, f64), (target, unit): (f64, &str)) {
    let is_met = if p99 <= target { "" } else { "misses" };
    println!("| {name} | {what} | {p50:.1} {unit} | {p99:.1} {unit} | {target} {unit} | {is_met} |");
}

fn month(name: &str, kept: &Path, more: &[&str]) {
    let folder = kept.join(format!("months-{name}-{ISSUES}"));
    std::fs::create_dir_all(&folder).unwrap();
    let program = Program::start(&folder, &[&["--jobs", "0", "--issues", ISSUES, "--rate", "1000000"], more].concat());
    let agent = agent();
    let token = program.sign_in(&agent, "office01");
    // The only month that may be frozen: the first that is open and has ended.
    let (months, _) = program.get(&agent, &token, "months");
    let may = |month: &&Value| month["allowed_actions"].as_array().unwrap().iter().any(|action| action == "freeze");
    let open =
        months["items"].as_array().unwrap().iter().find(may).expect("a month that may be frozen; make the county anew");
    let month = open["month"].as_str().unwrap().to_owned();
    let begun = Instant::now();
    take(&program, &agent, &token, (&month, open["version"].as_i64().unwrap()), "freeze");
    let seconds = begun.elapsed().as_secs_f64();
    row(name, "freeze a month", (seconds, seconds), (FREEZE_MAX_S, "s"));
    let (frozen, _) = program.get(&agent, &token, &format!("months/{month}"));
    take(&program, &agent, &token, (&month, frozen["version"].as_i64().unwrap()), "preview");
    let (ranking, _) = program.get(&agent, &token, &format!("months/{month}/ranking"));
    let unit = found(&ranking, "unit_id").expect("a unit in the ranking");
    for (what, path) in [
        ("overview", "figures?weeks=8".to_owned()),
        ("ranking", format!("months/{month}/ranking")),
        ("point board", format!("months/{month}/board")),
        ("scorecard", format!("months/{month}/units/{unit}")),
    ] {
        let taken: Vec<f64> = (0..REQUESTS).map(|_| program.get(&agent, &token, &path).1).collect();
        let both = (quantile(taken.clone(), 0.5), quantile(taken, 0.99));
        row(name, what, both, (READ_P99_MAX_MS, "ms"));
    }
    let begun = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_anfang"));
    let output = command.args(["month", "--data"]).arg(&folder).args(more).args(["verify", &month]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let seconds = begun.elapsed().as_secs_f64();
    row(name, "verify a month", (seconds, seconds), (FREEZE_MAX_S, "s"));
}

fn take(program: &Program, agent: &ureq::Agent, token: &str, (month, version): (&str, i64), action: &str) {
    let request = agent
        .post(format!("{}/months/{month}/actions/{action}", program.base))
        .header("authorization", token)
        .header("if-match", format!("\"{version}\""))
        .content_type("application/json");
    let mut answer = request.send(&b"{}"[..]).unwrap();
    let text = answer.body_mut().read_to_string().unwrap();
    assert_eq!(answer.status(), 200, "{action}: {text}");
}

/// The first text under this name, at any depth.
fn found(value: &Value, name: &str) -> Option<String> {
    match value {
        Value::Array(items) => items.iter().find_map(|item| found(item, name)),
        Value::Object(fields) => {
            let own = fields.get(name).and_then(Value::as_str).map(str::to_owned);
            own.or_else(|| fields.values().find_map(|field| found(field, name)))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}
