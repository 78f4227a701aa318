//! The one way in which anything changes (ADR 0024): locks by name, in one order; then what is decided on is read,
//! whoever asks is judged, the step is decided, and its rows, its audit records and the messages that it causes are
//! written, all in one transaction.
//!
//! What changes by somebody's request is a [`Change`]: `settings.rs` is the shortest example. Upkeep that records and
//! tells nothing takes its locks by [`locked`].

use super::locks::{Lock, Locks};
use super::{App, Caller, Result};
use crate::admission::Who;
use crate::domain::audit::{AuditAction, AuditEntry};
use crate::domain::notice::Message;
use crate::domain::policy::Permission;
use crate::domain::role::Actor;
use crate::domain::time::Timestamp;
use crate::store::{Conn, StoreError, audit, outbox};

/// What the records call the request of a command.
const COMMAND_LINE: &str = "command-line";

/// Something that somebody wants changed. Nothing here has a default: every change decides all of it.
pub(crate) trait Change: Send + 'static {
    /// What it is decided on.
    type Before;
    /// What is to be written.
    type Made;
    /// What the one who asked is told.
    type Answer: Send + 'static;

    /// Refuses what can be refused before anything is read: what the permission table does not grant at all, and
    /// fields that are wrong by themselves.
    ///
    /// # Errors
    /// [`super::AppError::Forbidden`], [`super::AppError::Invalid`].
    fn admit(&self) -> Result<()>;

    /// What it decides on, as far as that is known before anything is read.
    fn locks(&self) -> Vec<Lock>;

    /// Reads what it is decided on; takes the locks that only this tells.
    ///
    /// # Errors
    /// [`super::AppError::NotFound`].
    fn load(&self, conn: &mut Conn, locks: &mut Locks) -> Result<Self::Before>;

    /// Refuses what this person may not do to this thing, and what was asked for on another version of it.
    ///
    /// # Errors
    /// [`super::AppError::Hidden`], [`super::AppError::Forbidden`], [`super::AppError::Stale`].
    fn authorise(&self, conn: &mut Conn, before: &Self::Before) -> Result<()>;

    /// Decides what becomes of it.
    ///
    /// # Errors
    /// [`super::AppError::Refused`], [`super::AppError::Invalid`] with every fault.
    fn decide(&self, conn: &mut Conn, before: Self::Before) -> Result<Decision<Self::Made, Self::Answer>>;

    /// Writes the rows and events.
    fn write(&self, conn: &mut Conn, locks: &mut Locks, made: &Self::Made) -> Result<()>;

    /// What the one who asked is told of it, read in the same transaction.
    fn answer(&self, conn: &mut Conn, made: Self::Made) -> Result<Self::Answer>;
}

/// What was decided.
pub(crate) enum Decision<M, A> {
    /// Nothing changes: it was done before, or nothing differs.
    Unchanged(A),
    /// This is written.
    Made {
        /// The rows.
        made: M,
        /// What the audit keeps of it.
        records: Vec<AuditEntry>,
        /// What others are told.
        messages: Vec<Message>,
    },
}

/// Makes a change. When it answers `Ok`, what was written is on stable storage.
///
/// # Errors
/// Whatever the change refuses with, with nothing changed.
pub(crate) async fn make<C: Change>(app: &App, change: C) -> Result<C::Answer> {
    change.admit()?;
    let now = app.now();
    app.store.write(move |conn| make_in(conn, &change, now)).await
}

/// The same in the caller's transaction, which has taken no lock.
///
/// # Errors
/// As [`make`].
pub(crate) fn make_in<C: Change>(conn: &mut Conn, change: &C, now: Timestamp) -> Result<C::Answer> {
    let mut locks = Locks::none();
    locks.take(conn, change.locks())?;
    let before = change.load(conn, &mut locks)?;
    change.authorise(conn, &before)?;
    match change.decide(conn, before)? {
        Decision::Unchanged(answer) => Ok(answer),
        Decision::Made { made, records, messages } => {
            change.write(conn, &mut locks, &made)?;
            records.iter().try_for_each(|entry| audit::append(conn, entry))?;
            outbox::post(conn, &messages, now)?;
            change.answer(conn, made)
        }
    }
}

/// Changes rows under these locks in one transaction, with no record and no message.
///
/// # Errors
/// What `work` answers, with nothing changed.
pub(crate) async fn locked<T: Send + 'static>(
    app: &App,
    locks: impl IntoIterator<Item = Lock> + Send + 'static,
    work: impl FnOnce(&mut Conn, &mut Locks) -> Result<T> + Send + 'static,
) -> Result<T> {
    app.store.write(move |conn| locked_in(conn, locks, work)).await
}

/// The same in the caller's transaction, which has taken no lock.
///
/// # Errors
/// As [`locked`].
pub(crate) fn locked_in<T, E: From<StoreError>>(
    conn: &mut Conn,
    locks: impl IntoIterator<Item = Lock>,
    work: impl FnOnce(&mut Conn, &mut Locks) -> std::result::Result<T, E>,
) -> std::result::Result<T, E> {
    let mut taken = Locks::none();
    taken.take(conn, locks)?;
    work(conn, &mut taken)
}

/// Who makes a change.
#[derive(Debug, Clone)]
pub(crate) enum By {
    /// Somebody who has signed in.
    Caller(Caller),
    /// Whoever may run commands on the machine.
    CommandLine,
}

impl By {
    /// Refuses what the permission table does not grant at all; whoever may run commands on the machine may do all.
    ///
    /// # Errors
    /// [`super::AppError::Forbidden`].
    pub(crate) fn require(&self, permission: Permission) -> Result<()> {
        match self {
            By::Caller(caller) => caller.require(permission),
            By::CommandLine => Ok(()),
        }
    }

    /// The person; `None` at the command line.
    pub(crate) fn actor(&self) -> Option<&Actor> {
        match self {
            By::Caller(caller) => Some(&caller.actor),
            By::CommandLine => None,
        }
    }

    /// On whose account the work is.
    pub(crate) fn who(&self) -> Who {
        match self {
            By::Caller(caller) => caller.who(),
            By::CommandLine => Who::Service,
        }
    }

    /// A record of something that was done.
    pub(crate) fn done(&self, at: Timestamp, action: AuditAction, target: String) -> AuditEntry {
        let request_id = match self {
            By::Caller(caller) => &caller.request_id,
            By::CommandLine => COMMAND_LINE,
        };
        AuditEntry::done(at, self.actor(), action, target, request_id)
    }
}

impl From<&Caller> for By {
    fn from(caller: &Caller) -> Self {
        By::Caller(caller.clone())
    }
}
