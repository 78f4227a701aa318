//! SQLite's single writer with group commit (ADR 0002).
//!
//! Writes are closures on a queue. The writer opens `BEGIN IMMEDIATE`, runs what
//! waits, each in a savepoint of its own, commits once, then answers all: one fsync
//! is shared by as many reports as came while the last one was under way.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crossbeam_channel::{Receiver, Sender, TrySendError};
use diesel::Connection;
use diesel::connection::TransactionManager;

use super::connection::{Conn, Purpose, assert_durable};
use super::{StoreError, dialect};

type Manager = <Conn as Connection>::TransactionManager;

/// Tells the caller how its write ended, once the group's commit is known.
pub(super) type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// One write. `Ok` keeps its savepoint, `Err` undoes it; either way it answers.
pub(super) type Job = Box<dyn FnOnce(&mut Conn) -> Result<Answer, Answer> + Send>;

/// Most writes in one group: bounds how long the first of them waits for the last.
const GROUP_MAX: usize = 256;
/// Most writes that may wait; the next is refused at once.
const QUEUE_MAX: usize = 1_024;

/// The queue's near end.
#[derive(Clone)]
pub(super) struct Writer {
    queue: Sender<Job>,
    failed: Arc<AtomicBool>,
    committed: Arc<Committed>,
}

/// What was committed so far.
#[derive(Default)]
struct Committed {
    groups: AtomicU64,
    writes: AtomicU64,
}

impl Writer {
    /// Starts the writer's thread over `conn`.
    pub(super) fn start(conn: Conn) -> Result<Self, StoreError> {
        let (queue, jobs) = crossbeam_channel::bounded(QUEUE_MAX);
        let failed = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&failed);
        let committed = Arc::<Committed>::default();
        let count = Arc::clone(&committed);
        std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || run(&jobs, conn, &flag, &count))
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Writer { queue, failed, committed })
    }

    /// Groups committed, writes in them, and writes that wait.
    pub(super) fn figures(&self) -> (u64, u64, usize) {
        let Committed { groups, writes } = &*self.committed;
        (groups.load(Ordering::Relaxed), writes.load(Ordering::Relaxed), self.queue.len())
    }

    /// Queues a write.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the queue is full or the disk has failed.
    pub(super) fn submit(&self, job: Job) -> Result<(), StoreError> {
        if self.has_failed() {
            return Err(StoreError::Unavailable("the disk failed; writes wait for a restart".into()));
        }
        self.queue.try_send(job).map_err(|refused| match refused {
            TrySendError::Full(_) => StoreError::Unavailable("too many writes are waiting".into()),
            TrySendError::Disconnected(_) => StoreError::Unavailable("the writer has stopped".into()),
        })
    }

    /// Whether a commit failed at the disk, so that no write is taken any more.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Acquire)
    }
}

fn run(jobs: &Receiver<Job>, mut conn: Conn, failed: &AtomicBool, committed: &Committed) {
    while let Ok(first) = jobs.recv() {
        let mut answers = Vec::new();
        let outcome = group(jobs, first, &mut conn, &mut answers);
        if let Err(error) = &outcome {
            tracing::error!(error = %error, "a group of writes was not committed");
            undo_to(&mut conn, 0);
            if error.is_disk_failure() {
                failed.store(true, Ordering::Release);
            }
        }
        if outcome.is_ok() {
            committed.groups.fetch_add(1, Ordering::Relaxed);
            committed.writes.fetch_add(answers.len() as u64, Ordering::Relaxed);
        }
        let message = outcome.err();
        for answer in answers {
            answer(message.as_ref().map_or(Ok(()), |error| Err(repeat(error))));
        }
    }
}

/// One group: begin, run what waits, commit.
fn group(jobs: &Receiver<Job>, first: Job, conn: &mut Conn, answers: &mut Vec<Answer>) -> Result<(), StoreError> {
    let begun = assert_durable(conn, Purpose::Write).and_then(|()| dialect::begin_immediate(conn));
    if let Err(error) = begun {
        // Nothing ran: drop the job, whose caller then learns that it was not taken.
        drop(first);
        return Err(error);
    }
    for job in std::iter::once(first).chain(jobs.try_iter()).take(GROUP_MAX) {
        savepoint(conn, job, answers)?;
    }
    <Manager as TransactionManager<Conn>>::commit_transaction(conn)?;
    Ok(())
}

/// Runs one write so that its failure, a panic included, undoes it alone. A panicking
/// write has no answer: its caller learns from the dropped channel.
fn savepoint(conn: &mut Conn, job: Job, answers: &mut Vec<Answer>) -> Result<(), StoreError> {
    let around = depth(conn)?;
    <Manager as TransactionManager<Conn>>::begin_transaction(conn)?;
    let keep = match catch_unwind(AssertUnwindSafe(|| job(conn))) {
        Ok(outcome) => {
            let keep = outcome.is_ok();
            answers.push(outcome.unwrap_or_else(|answer| answer));
            keep
        }
        Err(_) => {
            tracing::error!("a write panicked and was undone");
            // It may have unwound through transactions that the write itself had opened.
            undo_to(conn, around + 1);
            false
        }
    };
    if keep {
        <Manager as TransactionManager<Conn>>::commit_transaction(conn)?;
    } else {
        <Manager as TransactionManager<Conn>>::rollback_transaction(conn)?;
    }
    Ok(())
}

/// How many transactions are open inside each other.
fn depth(conn: &mut Conn) -> Result<u32, StoreError> {
    let depth = <Manager as TransactionManager<Conn>>::transaction_manager_status_mut(conn).transaction_depth()?;
    Ok(depth.map_or(0, std::num::NonZeroU32::get))
}

/// Rolls back until `level` transactions are open, so that what comes next starts clean.
/// What cannot be rolled back fails there, not silently.
fn undo_to(conn: &mut Conn, level: u32) {
    while depth(conn).is_ok_and(|depth| depth > level) {
        if <Manager as TransactionManager<Conn>>::rollback_transaction(conn).is_err() {
            break;
        }
    }
}

/// The same failure once more: one commit answers many callers.
fn repeat(error: &StoreError) -> StoreError {
    match error {
        StoreError::Full => StoreError::Full,
        other => StoreError::Unavailable(other.to_string()),
    }
}
