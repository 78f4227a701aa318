//! Lists, one issue and counts at 10,000 and at 1,000,000 issues, on SQLite and, where
//! `ANFANG_BENCH_POSTGRES_URL` names a server (`postgres://user@/postgres?host=…`) with the empty databases
//! `anfang_bench_10000` and `anfang_bench_1000000`, on PostgreSQL; memory at rest and time to start with the larger one.
//!
//! The counties are made once and kept in `target/tmp/counties`; the larger takes minutes.
#![allow(missing_docs, reason = "a program of its own")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench may fail")]

#[path = "support/program.rs"]
#[allow(dead_code)]
mod program;

use std::path::{Path, PathBuf};
use std::time::Instant;

use program::{Program, agent, cores, median, quantile, resident_mb};

/// Requests of each kind to each county: the 99th percentile is the third largest.
const REQUESTS: usize = 300;
/// Pages before a deep one.
const DEEP_PAGES: usize = 40;
const STARTS: usize = 7;
const SIZES: [&str; 2] = ["10000", "1000000"];

fn main() {
    if std::env::args().any(|word| word == "--test") {
        return;
    }
    let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join("counties");
    println!("{} cores, {REQUESTS} requests of each kind to each county in turn, one connection", cores());
    lists("SQLite", &kept, None);
    if let Ok(url) = std::env::var("ANFANG_BENCH_POSTGRES_URL") {
        lists("PostgreSQL", &kept, Some(&url));
    }
    memory_and_start(&kept);
}

fn start(folder: &Path, issues: &str, database: Option<&str>) -> Program {
    let mut more = vec!["--jobs", "0", "--issues", issues, "--rate", "1000000"];
    let url = database.map(|server| {
        // `postgres://user@/postgres?host=…`: the county has a database of its own.
        server.replacen("/postgres?", &format!("/anfang_bench_{issues}?"), 1)
    });
    if let Some(url) = &url {
        more.extend(["--database-url", url]);
    }
    Program::start(folder, &more)
}

fn folder(kept: &Path, name: &str, issues: &str) -> PathBuf {
    let folder = kept.join(format!("{name}-{issues}"));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn lists(name: &str, kept: &Path, database: Option<&str>) {
    let counties: Vec<Program> = SIZES
        .iter()
        .map(|issues| {
            let begun = Instant::now();
            let program = start(&folder(kept, name, issues), issues, database);
            println!("{name}, {issues} issues: there after {:.0} s", begun.elapsed().as_secs_f64());
            program
        })
        .collect();
    let agent = agent();
    let offices: Vec<String> = counties.iter().map(|county| county.sign_in(&agent, "office01")).collect();
    let units: Vec<String> = counties.iter().map(|county| county.sign_in(&agent, "unit01")).collect();
    println!("\n{name}\n");
    println!("| request | p50 ms at 10,000 | at 1,000,000 | p99 ms at 10,000 | at 1,000,000 | ratio of p99 |");
    println!("| --- | --- | --- | --- | --- | --- |");
    let forces: Vec<String> = counties.iter().map(|county| county.sign_in(&agent, "taskforce01")).collect();
    let leaders: Vec<String> = counties.iter().map(|county| county.sign_in(&agent, "leader01")).collect();
    let kinds: [(&str, &[String], &str); 20] = [
        ("first page, newest first", &offices, "issues?limit=50"),
        ("deep page, newest first", &offices, "deep:issues?limit=200"),
        ("first page by deadline", &offices, "issues?limit=50&sort=due_at"),
        ("deep page by deadline", &offices, "deep:issues?limit=200&sort=due_at"),
        ("waiting for review", &offices, "issues?limit=50&state=submitted"),
        ("waiting for review, oldest first", &offices, "issues?limit=50&state=submitted&sort=oldest"),
        ("deep page, oldest first", &offices, "deep:issues?limit=200&sort=oldest"),
        ("overdue, longest first", &offices, "issues?limit=50&overdue=true&sort=due_at"),
        ("overdue, newest first", &offices, "issues?limit=50&overdue=true"),
        ("of an item", &offices, "issues?limit=50&item_code=WM-07"),
        ("the unit's own", &units, "issues?limit=50"),
        ("the unit's own to fix", &units, "issues?limit=50&state=rectifying&sort=due_at"),
        ("all that is released", &leaders, "issues?limit=50"),
        ("a campaign's", &forces, "issues?limit=50"),
        ("a campaign's open ones, by deadline", &forces, "issues?limit=50&state=rectifying,rework&sort=due_at"),
        ("words in a campaign", &forces, "issues?limit=50&q=%E9%80%9A%E9%81%93"),
        ("counts, a campaign", &forces, "issues/counts"),
        ("counts, all that is released", &leaders, "issues/counts"),
        ("counts, office", &offices, "issues/counts"),
        ("one issue with its events", &offices, "one:"),
    ];
    for (title, tokens, path) in kinds {
        let paths: Vec<Vec<String>> =
            counties.iter().zip(tokens).map(|(county, token)| paths(county, &agent, token, path)).collect();
        let mut taken = [Vec::new(), Vec::new()];
        for turn in 0..REQUESTS {
            for (at, county) in counties.iter().enumerate() {
                let spent: f64 = match path {
                    "one:" => {
                        let issue = &paths[at][turn % paths[at].len()];
                        county.get(&agent, &tokens[at], issue).1
                            + county.get(&agent, &tokens[at], &format!("{issue}/events")).1
                    }
                    _ => county.get(&agent, &tokens[at], &paths[at][0]).1,
                };
                taken[at].push(spent);
            }
        }
        let [small, large] = taken;
        let of = |values: &Vec<f64>, share| quantile(values.clone(), share);
        println!(
            "| {title} | {:.1} | {:.1} | {:.1} | {:.1} | {:.2} |",
            of(&small, 0.5),
            of(&large, 0.5),
            of(&small, 0.99),
            of(&large, 0.99),
            of(&large, 0.99) / of(&small, 0.99)
        );
    }
}

/// The requested paths: a page behind others, some issues, or the path itself.
fn paths(county: &Program, agent: &ureq::Agent, token: &str, path: &str) -> Vec<String> {
    if path == "one:" {
        let (page, _) = county.get(agent, token, "issues?limit=200&state=closed");
        let ids = page["items"].as_array().unwrap().iter().map(|row| format!("issues/{}", row["id"].as_str().unwrap()));
        return ids.collect();
    }
    let Some(path) = path.strip_prefix("deep:") else { return vec![path.to_owned()] };
    let mut cursor = String::new();
    for _ in 0..DEEP_PAGES {
        let (page, _) = county.get(agent, token, &format!("{path}{cursor}"));
        cursor = format!("&cursor={}", page["next_cursor"].as_str().unwrap());
    }
    vec![format!("{path}{cursor}").replace("limit=200", "limit=50")]
}

fn memory_and_start(kept: &Path) {
    let folder = folder(kept, "SQLite", "1000000");
    let (mut ready, mut resident) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let begun = Instant::now();
        let program = start(&folder, "1000000", None);
        ready.push(begun.elapsed().as_secs_f64() * 1e3);
        resident.push(resident_mb(program.child.id()));
    }
    println!("\nstart with 1,000,000 issues (SQLite), median of {STARTS}\n");
    println!("| ready after ms | resident MB at rest |\n| --- | --- |");
    println!("| {:.0} | {:.0} |", median(ready), median(resident));
}
