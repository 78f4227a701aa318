//! The only way to change what people work on (ADR 0024). In one transaction: take the locks in a fixed order, read
//! what the decision depends on, check the caller's permission, decide, then write the rows, the audit records and the
//! messages to others.
//!
//! A change that a person asks for implements [`Change`]; `settings.rs` is the shortest example. Housekeeping that
//! writes no record and no message uses [`locked`].

use super::locks::{Lock, Locks};
use super::{App, Caller, Result};
use crate::admission::Who;
use crate::domain::audit::{AuditAction, AuditEntry};
use crate::domain::notice::Message;
use crate::domain::policy::Permission;
use crate::domain::role::Actor;
use crate::domain::time::Timestamp;
use crate::store::{Conn, StoreError, audit, outbox};

/// The request id of a command line in audit records.
const COMMAND_LINE: &str = "command-line";

/// Something that somebody wants changed. No method has a default: every change answers every question.
pub(crate) trait Change: Send + 'static {
    /// What the decision depends on.
    type Before;
    /// What will be written.
    type Made;
    /// What the caller gets back.
    type Answer: Send + 'static;

    /// Refuses what can be refused without reading: what the caller's role may never do, and fields that are wrong in
    /// themselves.
    ///
    /// # Errors
    /// [`super::AppError::Forbidden`], [`super::AppError::Invalid`].
    fn admit(&self) -> Result<()>;

    /// The locks that are known before anything is read.
    fn locks(&self) -> Vec<Lock>;

    /// Reads what the decision depends on, and takes the locks that only the rows can name.
    ///
    /// # Errors
    /// [`super::AppError::NotFound`].
    fn load(&self, conn: &mut Conn, locks: &mut Locks) -> Result<Self::Before>;

    /// Refuses what this caller may not do to this object, and a request that was made on an outdated version.
    ///
    /// # Errors
    /// [`super::AppError::Hidden`], [`super::AppError::Forbidden`], [`super::AppError::Stale`].
    fn authorise(&self, conn: &mut Conn, before: &Self::Before) -> Result<()>;

    /// Decides what will be written.
    ///
    /// # Errors
    /// [`super::AppError::Refused`], [`super::AppError::Invalid`] with every fault.
    fn decide(&self, conn: &mut Conn, before: Self::Before) -> Result<Decision<Self::Made, Self::Answer>>;

    /// Writes the rows and events.
    fn write(&self, conn: &mut Conn, locks: &mut Locks, made: &Self::Made) -> Result<()>;

    /// The answer to the caller, read in the same transaction.
    fn answer(&self, conn: &mut Conn, made: Self::Made) -> Result<Self::Answer>;
}

/// What was decided.
pub(crate) enum Decision<M, A> {
    /// Nothing changes: it was done before, or the values are the same.
    Unchanged(A),
    /// This is written.
    Made {
        /// The rows.
        made: M,
        /// Audit records.
        records: Vec<AuditEntry>,
        /// Messages to others.
        messages: Vec<Message>,
    },
}

/// Makes a change. When it answers `Ok`, everything it wrote is on stable storage.
///
/// # Errors
/// What the change refuses with; nothing is changed then.
pub(crate) async fn make<C: Change>(app: &App, change: C) -> Result<C::Answer> {
    change.admit()?;
    let now = app.now();
    app.store.write(move |conn| make_in(conn, &change, now)).await
}

/// The same inside the caller's transaction, which holds no locks yet.
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

/// The same as a part of another change, which holds every lock that this one needs beforehand.
pub(crate) fn within<C: Change>(conn: &mut Conn, locks: &mut Locks, change: &C, now: Timestamp) -> Result<()> {
    change.admit()?;
    let before = change.load(conn, locks)?;
    change.authorise(conn, &before)?;
    match change.decide(conn, before)? {
        Decision::Unchanged(_) => Ok(()),
        Decision::Made { made, records, messages } => {
            change.write(conn, locks, &made)?;
            records.iter().try_for_each(|entry| audit::append(conn, entry))?;
            Ok(outbox::post(conn, &messages, now)?)
        }
    }
}

/// Changes rows under these locks in one transaction, without audit record or message.
///
/// # Errors
/// What `work` answers; nothing is changed then.
pub(crate) async fn locked<T: Send + 'static>(
    app: &App,
    locks: impl IntoIterator<Item = Lock> + Send + 'static,
    work: impl FnOnce(&mut Conn, &mut Locks) -> Result<T> + Send + 'static,
) -> Result<T> {
    app.store.write(move |conn| locked_in(conn, locks, work)).await
}

/// The same inside the caller's transaction, which holds no locks yet.
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
    /// A logged-in user.
    Caller(Caller),
    /// An operator at the command line of the server.
    CommandLine,
}

impl By {
    /// Refuses what the caller's role may never do; an operator at the command line may do everything.
    ///
    /// # Errors
    /// [`super::AppError::Forbidden`].
    pub(crate) fn require(&self, permission: Permission) -> Result<()> {
        match self {
            By::Caller(caller) => caller.require(permission),
            By::CommandLine => Ok(()),
        }
    }

    /// The user; `None` at the command line.
    pub(crate) fn actor(&self) -> Option<&Actor> {
        match self {
            By::Caller(caller) => Some(&caller.actor),
            By::CommandLine => None,
        }
    }

    /// The caller that the work is counted for.
    pub(crate) fn who(&self) -> Who {
        match self {
            By::Caller(caller) => caller.who(),
            By::CommandLine => Who::Service,
        }
    }

    /// An audit record of something that was done.
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
