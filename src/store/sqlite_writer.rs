//! SQLite's single writer with group commit (ADR 0002).
//!
//! Writes are closures on a queue. The writer opens `BEGIN IMMEDIATE`, runs what
//! waits, each in a savepoint of its own, commits once, then answers all: one fsync
//! is shared by as many reports as came while the last one was under way.
//!
//! The thread outlives whatever a write does, a panic anywhere in it included: in the
//! closure, in its answer, in what either drops.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crossbeam_channel::{Receiver, Sender, TrySendError};
use diesel::Connection;
use diesel::connection::TransactionManager;

use super::connection::{Conn, DatabaseUrl, Purpose, assert_durable};
use super::reserve::Reserve;
use super::{StoreError, dialect};

type Manager = <Conn as Connection>::TransactionManager;

/// Tells the caller how its write ended, once the group's commit is known.
pub(super) type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// One write. `Ok` keeps its savepoint, `Err` undoes it; either way it answers.
pub(super) type QueuedWrite = Box<dyn FnOnce(&mut Conn) -> Result<Answer, Answer> + Send>;

/// Most writes in one group: bounds how long the first of them waits for the last.
const GROUP_MAX: usize = 256;
/// Most writes that may wait; the next is refused at once.
const QUEUE_MAX: usize = 1_024;
/// Pages of the log, 8 MiB, from which on it is put into the database file. Source: our choice, twice SQLite's.
const LOG_PAGES_MAX: i64 = 2_000;
/// The same while the disk is full: what was kept back is not for the log to grow into.
const LOG_PAGES_MAX_WHEN_SHORT: i64 = 100;

/// The queue's near end.
#[derive(Clone)]
pub(super) struct SqliteWriter {
    queue: Sender<QueuedWrite>,
    failed: Arc<AtomicBool>,
    counts: Arc<Counts>,
    reserve: Option<Arc<Reserve>>,
}

/// What came of the writes so far.
#[derive(Default)]
struct Counts {
    groups: AtomicU64,
    writes: AtomicU64,
    panics: AtomicU64,
    checkpoint_failures: AtomicU64,
}

/// How the writer fares, since it was started.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct WriterFigures {
    /// Groups that were committed.
    pub(super) groups: u64,
    /// Writes in them.
    pub(super) writes: u64,
    /// Writes that wait now.
    pub(super) waiting: usize,
    /// Panics that were contained.
    pub(super) panics: u64,
    /// Times that the log could not be put into the database file.
    pub(super) checkpoint_failures: u64,
}

impl SqliteWriter {
    /// Starts the writer's thread over `conn`, a connection to `url`.
    pub(super) fn start(conn: Conn, url: DatabaseUrl, reserve: Option<Reserve>) -> Result<Self, StoreError> {
        let (queue, writes) = crossbeam_channel::bounded(QUEUE_MAX);
        let (failed, counts) = (Arc::<AtomicBool>::default(), Arc::<Counts>::default());
        let reserve = reserve.map(Arc::new);
        let mut thread = WriterThread {
            writes,
            conn: None,
            url,
            failed: Arc::clone(&failed),
            counts: Arc::clone(&counts),
            reserve: reserve.clone(),
        };
        thread.adopt(conn)?;
        std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || {
                // Each turn contains its own panics; should one pass all the same, the next turn begins with a
                // connection of its own.
                while contained(|| thread.run()).is_none() {
                    thread.part_with_connection();
                }
            })
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(SqliteWriter { queue, failed, counts, reserve })
    }

    /// How it fares.
    pub(super) fn figures(&self) -> WriterFigures {
        let counts = &*self.counts;
        WriterFigures {
            groups: counts.groups.load(Ordering::Relaxed),
            writes: counts.writes.load(Ordering::Relaxed),
            waiting: self.queue.len(),
            panics: counts.panics.load(Ordering::Relaxed),
            checkpoint_failures: counts.checkpoint_failures.load(Ordering::Relaxed),
        }
    }

    /// Queues a write.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the queue is full or the disk has failed.
    pub(super) fn submit(&self, write: QueuedWrite) -> Result<(), StoreError> {
        if self.has_failed() {
            return Err(StoreError::Unavailable("the disk failed; writes wait for a restart".into()));
        }
        self.queue.try_send(write).map_err(|refused| match refused {
            TrySendError::Full(_) => StoreError::Unavailable("too many writes are waiting".into()),
            TrySendError::Disconnected(_) => StoreError::Unavailable("the writer has stopped".into()),
        })
    }

    /// Whether nothing is left on the disk but what was kept back.
    pub(super) fn is_short_of_room(&self) -> bool {
        self.reserve.as_ref().is_some_and(|reserve| {
            reserve.watch();
            reserve.is_given_up()
        })
    }

    /// Whether the disk failed under a commit or a checkpoint, so that no write is taken any more.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Acquire)
    }
}

/// Runs `work` so that no panic leaves it, not even that of a value that is dropped with the panic; `None` when
/// there was one.
pub(super) fn contained<T>(work: impl FnOnce() -> T) -> Option<T> {
    let payload = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(value) => return Some(value),
        Err(payload) => payload,
    };
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        // Dropping is what panics in it.
        std::mem::forget(second);
    }
    None
}

/// The queue's far end, with the only connection that writes.
struct WriterThread {
    writes: Receiver<QueuedWrite>,
    /// `None` after a failure that left it in a state nobody knows.
    conn: Option<Conn>,
    url: DatabaseUrl,
    failed: Arc<AtomicBool>,
    counts: Arc<Counts>,
    reserve: Option<Arc<Reserve>>,
}

impl WriterThread {
    fn run(&mut self) {
        while let Ok(first) = self.writes.recv() {
            if contained(|| self.turn(first)).is_none() {
                self.count_panic();
                self.part_with_connection();
            }
        }
    }

    /// One group and its answers.
    fn turn(&mut self, first: QueuedWrite) {
        if let Some(reserve) = &self.reserve {
            // Before the group: once it has failed for want of room it is too late for its callers.
            reserve.watch();
        }
        let mut answers = Vec::new();
        let outcome = match contained(|| self.group(first, &mut answers)) {
            Some(outcome) => outcome,
            None => {
                self.count_panic();
                self.part_with_connection();
                Err(StoreError::Unavailable("a group of writes panicked".into()))
            }
        };
        match &outcome {
            Ok(()) => {
                self.counts.groups.fetch_add(1, Ordering::Relaxed);
                self.counts.writes.fetch_add(answers.len() as u64, Ordering::Relaxed);
            }
            Err(error) => {
                self.start_clean();
                if let (StoreError::Full, Some(reserve)) = (error, &self.reserve) {
                    reserve.give_up();
                }
                if error.is_disk_failure() {
                    self.failed.store(true, Ordering::Release);
                }
            }
        }
        // What callers are told does not wait for the log, nor one caller for another's panic.
        for answer in answers {
            let told = match &outcome {
                Ok(()) => Ok(()),
                Err(error) => Err(repeat(error)),
            };
            if contained(|| answer(told)).is_none() {
                self.count_panic();
            }
        }
        match outcome {
            Ok(()) => self.put_log_into_file(),
            Err(error) => tracing::error!(%error, "a group of writes was not committed"),
        }
    }

    /// Runs what waits in one transaction.
    fn group(&mut self, first: QueuedWrite, answers: &mut Vec<Answer>) -> Result<(), StoreError> {
        // Nothing ran where this fails: the write is dropped, and its caller learns that it was not taken.
        self.connection().and_then(|conn| {
            assert_durable(conn, Purpose::Write)?;
            dialect::begin_immediate(conn)
        })?;
        let Self { writes, conn: Some(conn), counts, .. } = self else {
            return Err(StoreError::Unavailable("no connection".into()));
        };
        for write in std::iter::once(first).chain(writes.try_iter()).take(GROUP_MAX) {
            savepoint(conn, write, answers, counts)?;
        }
        <Manager as TransactionManager<Conn>>::commit_transaction(conn)?;
        Ok(())
    }

    fn connection(&mut self) -> Result<&mut Conn, StoreError> {
        if self.conn.is_none() {
            let conn = self.url.connect(Purpose::Write)?;
            self.adopt(conn)?;
        }
        self.conn.as_mut().ok_or_else(|| StoreError::Unavailable("no connection".into()))
    }

    /// Takes a connection, on which nobody else puts the log into the file: what fails there, only we hear of.
    fn adopt(&mut self, mut conn: Conn) -> Result<(), StoreError> {
        dialect::checkpoint_by_hand(&mut conn)?;
        self.conn = Some(conn);
        Ok(())
    }

    /// Rolls back whatever is open; a connection that cannot be brought back to that is given up.
    fn start_clean(&mut self) {
        let Some(conn) = self.conn.as_mut() else { return };
        let is_clean = contained(|| {
            undo_to(conn, 0);
            matches!(depth(conn), Ok(0))
        });
        if is_clean != Some(true) {
            self.part_with_connection();
        }
    }

    fn part_with_connection(&mut self) {
        let conn = self.conn.take();
        // Closing it is known to panic when it is refused.
        let _ = contained(|| drop(conn));
    }

    /// Puts the log into the database file once it is long. SQLite would do so by itself after a commit, and keep
    /// to itself what fails: a disk that does not take the file would not be heard of until it is too late.
    fn put_log_into_file(&mut self) {
        let Some(conn) = self.conn.as_mut() else { return };
        let is_short = self.reserve.as_ref().is_some_and(|reserve| reserve.is_given_up());
        let pages_max = if is_short { LOG_PAGES_MAX_WHEN_SHORT } else { LOG_PAGES_MAX };
        let Err(error) = dialect::checkpoint_if_longer(conn, pages_max) else { return };
        self.counts.checkpoint_failures.fetch_add(1, Ordering::Relaxed);
        if error.is_disk_failure() {
            self.failed.store(true, Ordering::Release);
        }
        tracing::error!(%error, "the log of the database was not put into its file");
    }

    fn count_panic(&self) {
        self.counts.panics.fetch_add(1, Ordering::Relaxed);
    }
}

/// Runs one write so that its failure, a panic included, undoes it alone. A panicking
/// write has no answer: its caller learns from the dropped channel.
fn savepoint(
    conn: &mut Conn,
    write: QueuedWrite,
    answers: &mut Vec<Answer>,
    counts: &Counts,
) -> Result<(), StoreError> {
    let around = depth(conn)?;
    <Manager as TransactionManager<Conn>>::begin_transaction(conn)?;
    let keep = match contained(|| write(conn)) {
        Some(outcome) => {
            let keep = outcome.is_ok();
            answers.push(outcome.unwrap_or_else(|answer| answer));
            keep
        }
        None => {
            counts.panics.fetch_add(1, Ordering::Relaxed);
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
