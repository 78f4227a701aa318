//! SQLite's single writer with group commit (ADR 0002).
//!
//! Writes are closures on a queue. The writer opens `BEGIN IMMEDIATE`, runs the waiting writes, each in its own
//! savepoint, commits once, and then answers all of them. So all reports that arrived during one fsync share the next.
//!
//! The thread survives whatever a write does, including a panic in the closure, in its answer, or while either is
//! dropped.

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

/// Tells the caller the result of its write, once the group has been committed or not.
pub(super) type Answer = Box<dyn FnOnce(Result<(), StoreError>) + Send>;
/// One write. `Ok` keeps its savepoint, `Err` rolls it back; either way there is an answer.
pub(super) type QueuedWrite = Box<dyn FnOnce(&mut Conn) -> Result<Answer, Answer> + Send>;

/// Most writes in one group: bounds how long the first of them waits for the last.
const GROUP_MAX: usize = 256;
/// Most writes that may wait; the next is refused at once.
const QUEUE_MAX: usize = 1_024;
/// Length of the log, 8 MiB, at which it is checkpointed. Source: our choice, twice SQLite's.
const LOG_PAGES_MAX: i64 = 2_000;
/// The same while the disk is full: the log must not grow into the reserve.
const LOG_PAGES_MAX_WHEN_SHORT: i64 = 100;

/// The sending end of the queue.
#[derive(Clone)]
pub(super) struct SqliteWriter {
    queue: Sender<QueuedWrite>,
    failed: Arc<AtomicBool>,
    counts: Arc<Counts>,
    reserve: Option<Arc<Reserve>>,
}

/// Totals since the start.
#[derive(Default)]
struct Counts {
    groups: AtomicU64,
    writes: AtomicU64,
    panics: AtomicU64,
    checkpoint_failures: AtomicU64,
}

/// Current and total use of the writer.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct WriterFigures {
    /// Groups that were committed.
    pub(super) groups: u64,
    /// Writes in them.
    pub(super) writes: u64,
    /// Writes in the queue now.
    pub(super) waiting: usize,
    /// Panics that were contained.
    pub(super) panics: u64,
    /// Failed checkpoints.
    pub(super) checkpoint_failures: u64,
}

impl SqliteWriter {
    /// Starts the writer's thread with `conn`, a connection to `url`.
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
                // Each turn catches its own panics; if one gets through, the next turn uses a new connection.
                while contained(|| thread.run()).is_none() {
                    thread.part_with_connection();
                }
            })
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(SqliteWriter { queue, failed, counts, reserve })
    }

    /// Current and total use.
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

    /// Whether the disk is full except for the reserve.
    pub(super) fn is_short_of_room(&self) -> bool {
        self.reserve.as_ref().is_some_and(|reserve| {
            reserve.watch();
            reserve.is_given_up()
        })
    }

    /// Whether the disk failed during a commit or a checkpoint, so that no further write is accepted.
    pub(super) fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Acquire)
    }
}

/// Runs `work` so that no panic escapes, not even one from dropping the panic's payload; `None` when it panicked.
pub(super) fn contained<T>(work: impl FnOnce() -> T) -> Option<T> {
    let payload = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(value) => return Some(value),
        Err(payload) => payload,
    };
    if let Err(second) = catch_unwind(AssertUnwindSafe(|| drop(payload))) {
        // Dropping it is what panics.
        std::mem::forget(second);
    }
    None
}

/// The receiving end of the queue, with the only connection that writes.
struct WriterThread {
    writes: Receiver<QueuedWrite>,
    /// `None` after a failure that left it in an unknown state.
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

    /// Runs one group and answers its callers.
    fn turn(&mut self, first: QueuedWrite) {
        if let Some(reserve) = &self.reserve {
            // Before the group: if the group fails for lack of space, it is too late for its callers.
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
        // Answers do not wait for the checkpoint, nor for another caller's panic.
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

    /// Runs the waiting writes in one transaction.
    fn group(&mut self, first: QueuedWrite, answers: &mut Vec<Answer>) -> Result<(), StoreError> {
        // If this fails nothing has run: the write is dropped, and its caller gets an error.
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

    /// Takes over a connection and turns off automatic checkpoints on it, so that we see it when one fails.
    fn adopt(&mut self, mut conn: Conn) -> Result<(), StoreError> {
        dialect::checkpoint_by_hand(&mut conn)?;
        self.conn = Some(conn);
        Ok(())
    }

    /// Rolls back every open transaction; a connection on which that fails is dropped.
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
        // Dropping a connection that cannot be closed is known to panic.
        let _ = contained(|| drop(conn));
    }

    /// Checkpoints the log once it is long. SQLite would do so by itself after a commit, but hide a failure: we would
    /// not notice a bad disk until too late.
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

/// Runs one write so that its failure, including a panic, undoes only this write. A panicking write has no answer: its
/// caller sees the dropped channel.
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
            // The panic may have left transactions open that the write itself had begun.
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

/// The nesting depth of open transactions.
fn depth(conn: &mut Conn) -> Result<u32, StoreError> {
    let depth = <Manager as TransactionManager<Conn>>::transaction_manager_status_mut(conn).transaction_depth()?;
    Ok(depth.map_or(0, std::num::NonZeroU32::get))
}

/// Rolls back until `level` transactions are open. A rollback that fails shows up there, not silently.
fn undo_to(conn: &mut Conn, level: u32) {
    while depth(conn).is_ok_and(|depth| depth > level) {
        if <Manager as TransactionManager<Conn>>::rollback_transaction(conn).is_err() {
            break;
        }
    }
}

/// A copy of the failure: one commit answers many callers.
fn repeat(error: &StoreError) -> StoreError {
    match error {
        StoreError::Full => StoreError::Full,
        other => StoreError::Unavailable(other.to_string()),
    }
}
