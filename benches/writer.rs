//! Durable writes a second on SQLite: the writer with group commit, compared with as many threads that commit each
//! write on their own.
#![allow(missing_docs, reason = "a program of its own")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a bench may fail")]

#[path = "support/program.rs"]
#[allow(dead_code)]
mod program;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anfang::domain::audit::{AuditAction, AuditEntry};
use anfang::domain::time::Timestamp;
use anfang::store::{Conn, DatabaseUrl, Purpose, Store, StoreError, StoreOptions, audit, dialect, migrate};
use program::{cores, median};

const ROUNDS: usize = 5;
const ROUND: Duration = Duration::from_secs(3);

fn main() {
    if std::env::args().any(|word| word == "--test") {
        return;
    }
    println!("{} cores, {ROUNDS} rounds of {} s each in turn, medians", cores(), ROUND.as_secs());
    println!("\n| writers | group commit, writes/s | a commit each, writes/s | ratio |\n| --- | --- | --- | --- |");
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    for writers in [1, 4, 16, 64] {
        let (mut grouped, mut single) = (Vec::new(), Vec::new());
        for turn in 0..ROUNDS {
            let url = |kind: &str| DatabaseUrl::Sqlite(folder.path().join(format!("{kind}-{writers}-{turn}.db")));
            grouped.push(group_commit(&url("group"), writers));
            single.push(commit_each(&url("single"), writers));
        }
        let (grouped, single) = (median(grouped), median(single));
        println!("| {writers} | {grouped:.0} | {single:.0} | {:.1} |", grouped / single);
    }
}

fn entry() -> AuditEntry {
    AuditEntry::done(Timestamp::from_micros(0), None, AuditAction::SignIn, "user:bench".into(), "bench")
}

fn group_commit(url: &DatabaseUrl, writers: usize) -> f64 {
    migrate(&mut url.connect(Purpose::Write).unwrap()).unwrap();
    let store = Store::open(url, StoreOptions::default()).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let written = AtomicUsize::new(0);
    let end = Instant::now() + ROUND;
    let write = || async {
        while Instant::now() < end {
            store.write(|conn: &mut Conn| audit::append(conn, &entry())).await.unwrap();
            written.fetch_add(1, Ordering::Relaxed);
        }
    };
    runtime.block_on(futures_util::future::join_all((0..writers).map(|_| write())));
    written.into_inner() as f64 / ROUND.as_secs_f64()
}

fn commit_each(url: &DatabaseUrl, writers: usize) -> f64 {
    migrate(&mut url.connect(Purpose::Write).unwrap()).unwrap();
    let written = AtomicUsize::new(0);
    let end = Instant::now() + ROUND;
    std::thread::scope(|scope| {
        for _ in 0..writers {
            scope.spawn(|| {
                let mut conn = url.connect(Purpose::Write).unwrap();
                while Instant::now() < end {
                    if commit(&mut conn).is_ok() {
                        written.fetch_add(1, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    written.into_inner() as f64 / ROUND.as_secs_f64()
}

/// One write in a transaction of its own; the database may be busy for too long.
fn commit(conn: &mut Conn) -> Result<(), StoreError> {
    dialect::begin_immediate(conn)?;
    audit::append(conn, &entry())?;
    dialect::commit(conn)
}
