//! How long a draw takes, and a visit of 20 items that is sent as one request.
//!
//! `cargo bench --locked --bench visits`. The draws are made in this process, without a database: 600 points and 60
//! inspectors, then 20,000 points. The visits are `PUT /visits` to a service of its own, one after the other and on 8
//! connections; each is one transaction, and acknowledged when it is on stable storage. Beside them `PUT /saved-views`,
//! which is the smallest write, on the same disk in the same round.
#![allow(missing_docs, reason = "a program of its own")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench may fail")]

#[path = "support/program.rs"]
#[allow(dead_code)]
mod program;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use anfang::app::ambient::{Random, SystemClock, SystemRandom};
use anfang::domain::draw::{ALGORITHM, Pool, PoolInspector, PoolPoint, PoolUnit, Rules, Seed, Slot, SlotKind, draw};
use anfang::domain::ids::{InspectorKey, PointId, UnitId};
use anfang::domain::time::Clock as _;
use program::{Program, agent, cores, median, quantile};
use serde_json::{Value, json};
use uuid::Uuid;

const ROUNDS: usize = 5;
/// Visits of a round.
const VISITS: usize = 200;
/// Items of a visit.
const ITEMS: usize = 20;

fn main() {
    // `cargo test --benches` passes this and only wants to know that it builds.
    if std::env::args().any(|word| word == "--test") {
        return;
    }
    println!("{} cores, {ROUNDS} rounds, medians\n", cores());
    draws();
    visits();
}

/// A county of so many points in 12 types and 20 areas, led by 60 units; each inspector is recused from a unit and has
/// been to some points.
fn pool(points: u128, inspectors: u128) -> Pool {
    let number = |of: u128| u32::try_from(of).unwrap();
    let unit = |of: u128| UnitId(Uuid::from_u128((1 << 100) | (of % 60)));
    let point = |of: u128| PointId(Uuid::from_u128(2 << 100 | of));
    let all = BTreeSet::from([SlotKind::Day, SlotKind::Evening, SlotKind::Weekend]);
    Pool {
        points: (0..points)
            .map(|at| PoolPoint {
                id: point(at),
                point_type: format!("T{:02}", at % 12),
                area: format!("9900{:02}", at % 20),
                active: true,
                demo: at.is_multiple_of(10),
                lead_unit: unit(at),
                other_units: BTreeSet::new(),
                open_rebounds: number(at % 3),
                days_since_visit: (!at.is_multiple_of(4)).then(|| number(at % 90)),
                visits_this_month: number(at % 2),
                severe: at.is_multiple_of(15),
                open: all.clone(),
            })
            .collect(),
        units: (0..60).map(|at| PoolUnit { id: unit(at), visits_this_month: 0 }).collect(),
        inspectors: (0..inspectors)
            .map(|at| PoolInspector {
                id: InspectorKey(Uuid::from_u128(3 << 100 | at)),
                available: true,
                recused_points: BTreeSet::new(),
                recused_units: BTreeSet::from([unit(at)]),
                recent_points: (0..10).map(|place| point((at * 10 + place) % points)).collect(),
            })
            .collect(),
    }
}

/// Slots of 10 days, 5 a day; of the places half are open and half in proportion.
fn rules(places: u32) -> Rules {
    let slots = (1..=10_i8).flat_map(|day| {
        [(540, 630), (630, 720), (870, 960), (960, 1_050), (1_140, 1_230)].map(|(from_minute, to_minute)| Slot {
            date: jiff::civil::date(2026, 9, day),
            from_minute,
            to_minute,
            kind: if from_minute > 1_080 { SlotKind::Evening } else { SlotKind::Day },
        })
    });
    Rules {
        algorithm: ALGORITHM.to_owned(),
        slots: slots.collect(),
        evening_min: places / 10,
        weekend_min: 0,
        open_places: places / 2,
        proportional_places: places - places / 2,
        quotas: Vec::new(),
        point_visits_max: 2,
        unit_visits_max: places,
        pair_types: BTreeSet::from(["T03".to_owned()]),
        pair_severe: true,
        tasks_per_inspector_max: 50,
        demo_percent: 150,
    }
}

#[allow(clippy::disallowed_methods, reason = "a bench measures by the real clock")]
fn draws() {
    println!("| points | inspectors | places | tasks | draw, ms |");
    println!("| --- | --- | --- | --- | --- |");
    for (points, inspectors, places) in [(600, 60, 120), (20_000, 60, 1_000)] {
        let (pool, rules) = (pool(points, inspectors), rules(places));
        let mut tasks = 0;
        let taken = (0..ROUNDS).map(|_| {
            let mut seed = [0; 32];
            SystemRandom.fill(&mut seed);
            let start = Instant::now();
            tasks = draw(&pool, &rules, &Seed::from_bytes(seed)).unwrap().tasks.len();
            start.elapsed().as_secs_f64() * 1e3
        });
        let taken = median(taken.collect());
        println!("| {points} | {inspectors} | {places} | {tasks} | {taken:.1} |");
    }
}

/// A point with 20 items that are looked for there; the county has fewer, so that more are imported.
fn place(program: &Program, token: &str) -> (Value, Vec<String>) {
    let agent = agent();
    let rows = (1..=ITEMS).map(|at| format!("WM-B{at:02},WM,测评项{at},MKT,2,3wd\n"));
    let sheet = format!("code,campaign,title_zh,point_types,weight,limit\n{}", rows.collect::<String>());
    let admin = program.sign_in(&agent, "admin");
    let request = agent.post(format!("{}/imports/items", program.base)).header("authorization", &admin);
    let answer = request.content_type("text/csv").send(sheet.as_bytes()).unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let point = program.get(&agent, token, "points?type=MKT").0["items"][0].clone();
    let items = program.get(&agent, token, "items?point_type=MKT").0;
    let codes = items["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap().to_owned());
    let codes: Vec<String> = codes.take(ITEMS).collect();
    assert_eq!(codes.len(), ITEMS);
    (point, codes)
}

fn body(point: &Value, items: &[String]) -> String {
    let now = SystemClock.now();
    let results: Vec<Value> = items
        .iter()
        .enumerate()
        .map(|(at, code)| match at % 10 {
            9 => json!({"item_code": code, "result": "mostly", "note": "个别位置不够规范"}),
            _ => json!({"item_code": code, "result": "conforms"}),
        })
        .collect();
    let location = json!({"lat": point["location"]["lat"], "lon": point["location"]["lon"], "accuracy_m": 12.0});
    let began = now.minus(std::time::Duration::from_secs(1_800));
    json!({"point_id": point["id"], "began_at": began, "ended_at": now, "location": location, "results": results})
        .to_string()
}

/// Does `work` so many times on these connections; answers how long each took, in ms.
#[allow(clippy::disallowed_methods, reason = "a bench measures by the real clock")]
fn round(connections: usize, work: impl Fn() + Sync) -> Vec<f64> {
    let left = AtomicUsize::new(VISITS);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..connections)
            .map(|_| {
                scope.spawn(|| {
                    let mut taken = Vec::new();
                    while left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
                        let start = Instant::now();
                        work();
                        taken.push(start.elapsed().as_secs_f64() * 1e3);
                    }
                    taken
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
}

fn visits() {
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let program = Program::start(&folder.path().join("data"), &["--jobs", "0", "--issues", "0"]);
    let agent = agent();
    let [inspector, office] = ["inspector01", "office01"].map(|name| program.sign_in(&agent, name));
    let (point, items) = place(&program, &inspector);
    println!("\nvisits of {ITEMS} items, {VISITS} a round\n");
    println!("| connections | visit p50 ms | visit p99 ms | smallest write p50 ms |");
    println!("| --- | --- | --- | --- |");
    for connections in [1, 8] {
        let (mut p50, mut p99, mut least) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let taken = round(connections, || {
                let path = format!("visits/{}", SystemRandom.uuid());
                program.put(&agent, &inspector, &path, "application/json", body(&point, &items).as_bytes());
            });
            p50.push(quantile(taken.clone(), 0.5));
            p99.push(quantile(taken, 0.99));
            // One row again and again, each time changed: a county keeps few of them.
            let path = format!("{}/saved-views/{}", program.base, SystemRandom.uuid());
            let written = round(connections, || {
                let view =
                    json!({"name": SystemRandom.below(1 << 31).to_string(), "query": "overdue=true"}).to_string();
                let request = agent.put(&path).header("authorization", &office).content_type("application/json");
                let answer = request.send(view.as_bytes()).unwrap();
                assert!(answer.status().is_success(), "{}", answer.status());
            });
            least.push(quantile(written, 0.5));
            let removed = agent.delete(&path).header("authorization", &office).call().unwrap();
            assert!(removed.status().is_success(), "{}", removed.status());
        }
        println!("| {connections} | {:.1} | {:.1} | {:.1} |", median(p50), median(p99), median(least));
    }
}
