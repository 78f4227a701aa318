//! The two async entry points to the database, with bounded queues so that overload is refused quickly.

use std::sync::Arc;
use std::time::Duration;

use diesel::Connection;
use diesel::connection::TransactionManager;
use diesel::r2d2::{ManageConnection, Pool, PooledConnection};
use tokio::sync::oneshot;

use super::connection::{Conn, DatabaseUrl, Purpose, Timeouts, assert_durable};
use super::reserve::Reserve;
use super::sqlite_writer::{Answer, SqliteWriter, contained};
use super::{StoreError, dialect, migrate, probe};
use crate::admission::{self, Full, Gate, Who};

type Transactions = <Conn as Connection>::TransactionManager;

/// How many connections and waiting callers the store may have.
#[derive(Debug, Clone, Copy)]
pub struct StoreOptions {
    /// Connections that read (SQLite), or read and write (PostgreSQL).
    pub connections: u32,
    /// Callers that may wait for one; the next is refused at once.
    pub waiting_max: usize,
    /// How long one PostgreSQL transaction may make others wait.
    pub timeouts: Timeouts,
}

impl Default for StoreOptions {
    fn default() -> Self {
        StoreOptions { connections: 8, waiting_max: 512, timeouts: Timeouts::default() }
    }
}

/// Current and total use of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoreFigures {
    /// Groups of writes that were committed together (SQLite).
    pub groups: u64,
    /// Writes in these groups.
    pub grouped_writes: u64,
    /// Writes that wait for the writer now (SQLite).
    pub writes_waiting: i64,
    /// Callers that had to wait for a connection.
    pub waits: u64,
    /// Of those, callers that were refused because too many waited.
    pub refusals: u64,
    /// Callers that wait for a connection now.
    pub waiting: i64,
    /// Panics inside writes that were contained (SQLite).
    pub write_panics: u64,
    /// Failed checkpoints (SQLite): the disk does not accept the log into the database file.
    pub checkpoint_failures: u64,
}

/// The database, shared by all parts of a node.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    url: DatabaseUrl,
    pool: Pool<Manager>,
    /// As many places as connections, so that no thread blocks waiting for one.
    gate: Gate,
    writer: Option<SqliteWriter>,
}

struct Manager {
    url: DatabaseUrl,
    purpose: Purpose,
    timeouts: Timeouts,
}

/// A pooled connection that remembers whether it is broken.
struct Pooled {
    conn: Conn,
    broken: bool,
}

impl ManageConnection for Manager {
    type Connection = Pooled;
    type Error = StoreError;

    fn connect(&self) -> Result<Pooled, StoreError> {
        Ok(Pooled { conn: self.url.connect_within(self.purpose, self.timeouts)?, broken: false })
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), StoreError> {
        assert_durable(&mut pooled.conn, self.purpose)
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        pooled.broken || std::thread::panicking()
    }
}

impl Store {
    /// Opens the database, migrates its schema and starts its writer.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when the database is unfit, [`StoreError::Unavailable`] when it cannot be reached.
    pub fn open(url: &DatabaseUrl, options: StoreOptions) -> Result<Self, StoreError> {
        Self::open_with_reserve(url, options, 0)
    }

    /// The same with `reserve_bytes` of disk space kept back for logins and audit records while the disk is full, less
    /// on a small disk; only for SQLite, whose disk is ours.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with_reserve(url: &DatabaseUrl, options: StoreOptions, reserve_bytes: u64) -> Result<Self, StoreError> {
        let mut conn = url.connect(Purpose::Write)?;
        dialect::sync_what_was_found(&mut conn)?;
        migrate(&mut conn)?;
        let (purpose, writer) = match conn {
            Conn::Sqlite(_) => {
                let disk = url.file().filter(|_| reserve_bytes > 0);
                let reserve = disk.and_then(|path| Reserve::new(path, reserve_bytes));
                (Purpose::Read, Some(SqliteWriter::start(conn, url.clone(), reserve)?))
            }
            Conn::Postgres(_) => (Purpose::Write, None),
        };
        let pool = Pool::builder()
            .max_size(options.connections)
            .min_idle(Some(1))
            .connection_timeout(Duration::from_secs(2))
            .test_on_check_out(true)
            .build_unchecked(Manager { url: url.clone(), purpose, timeouts: options.timeouts });
        Ok(Store(Arc::new(Inner {
            url: url.clone(),
            pool,
            gate: Gate::new(admission::connections(options.connections as usize, options.waiting_max)),
            writer,
        })))
    }

    /// Reads in one consistent snapshot.
    ///
    /// # Errors
    /// What `work` answers, or [`StoreError::Unavailable`].
    pub async fn read<T, E>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.pooled(dialect::begin_snapshot, work).await
    }

    /// Changes rows in one transaction. When it answers `Ok`, what was written is on stable storage.
    ///
    /// # Errors
    /// What `work` answers, with nothing changed; or [`StoreError::Unavailable`].
    pub async fn write<T, E>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        match &self.0.writer {
            None => self.pooled(dialect::begin_immediate, work).await,
            Some(writer) => {
                let (sender, receiver) = oneshot::channel();
                writer.submit(Box::new(move |conn| {
                    let result = work(conn);
                    let keep = result.is_ok();
                    let answer: Answer = Box::new(move |committed| {
                        let result = match (result, committed) {
                            (Ok(_), Err(error)) => Err(E::from(error)),
                            (result, _) => result,
                        };
                        // The caller may be gone; what it wrote stays written.
                        let _ = sender.send(result);
                    });
                    if keep { Ok(answer) } else { Err(answer) }
                }))?;
                receiver.await.unwrap_or_else(|_| Err(StoreError::Unavailable("the write was not taken".into()).into()))
            }
        }
    }

    /// Whether every table can be read and the database accepts writes: it makes a real write, and so costs a sync.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], [`StoreError::Full`] or [`StoreError::Corrupt`] with the reason.
    pub async fn check_ready(&self) -> Result<(), StoreError> {
        self.check_alive()?;
        match self.0.writer {
            None => self.read(dialect::read_every_table).await?,
            Some(_) => {
                let url = self.0.url.clone();
                let looked = tokio::task::spawn_blocking(move || probe::read_file_anew(&url)).await;
                looked.unwrap_or_else(|_| Err(StoreError::Unavailable("the look at the database panicked".into())))?;
            }
        }
        probe::tolerate_another(self.write(probe::write).await)
    }

    /// Whether the database's disk is full except for the reserve: writes that let the database grow must be refused.
    #[must_use]
    pub fn is_short_of_room(&self) -> bool {
        self.0.writer.as_ref().is_some_and(SqliteWriter::is_short_of_room)
    }

    /// Reports a known fault without asking the database.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when the disk has failed, so that no write is accepted until a restart.
    pub fn check_alive(&self) -> Result<(), StoreError> {
        if self.0.writer.as_ref().is_some_and(SqliteWriter::has_failed) {
            return Err(StoreError::Unavailable("the disk failed; writes wait for a restart".into()));
        }
        Ok(())
    }

    /// Current and total use.
    #[must_use]
    pub fn figures(&self) -> StoreFigures {
        let gauge = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        let writer = self.0.writer.as_ref().map(SqliteWriter::figures).unwrap_or_default();
        let gate = self.0.gate.figures();
        StoreFigures {
            groups: writer.groups,
            grouped_writes: writer.writes,
            writes_waiting: gauge(writer.waiting),
            write_panics: writer.panics,
            checkpoint_failures: writer.checkpoint_failures,
            waits: gate.waits,
            refusals: gate.refusals,
            waiting: gauge(gate.waiting),
        }
    }

    async fn pooled<T, E>(
        &self,
        begin: fn(&mut Conn) -> Result<(), StoreError>,
        work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let full = |Full| StoreError::Unavailable("too many callers are waiting".into());
        let place = self.0.gate.enter(Who::Anybody).await.map_err(full)?;
        let pool = self.0.pool.clone();
        let joined = tokio::task::spawn_blocking(move || {
            // Held until the work ends, which may be after its caller has gone.
            let _place = place;
            let mut pooled = begun(&pool, begin)?;
            let result = in_transaction(&mut pooled.conn, work);
            pooled.broken = result.is_err() && pooled.is_unfit();
            result
        })
        .await;
        joined.unwrap_or_else(|error| {
            // Dropping the panic's payload may panic again.
            let _ = contained(|| drop(error));
            Err(StoreError::Unavailable("a transaction panicked".into()).into())
        })
    }
}

/// A connection with a fresh transaction. If the server has closed a pooled connection, as it does with all at a
/// restart, another one is used instead of answering an error.
fn begun(
    pool: &Pool<Manager>,
    begin: fn(&mut Conn) -> Result<(), StoreError>,
) -> Result<PooledConnection<Manager>, StoreError> {
    let mut left = pool.max_size();
    loop {
        let mut pooled = pool.get().map_err(|error| StoreError::Unavailable(error.to_string()))?;
        let Err(error) = begin(&mut pooled.conn) else { return Ok(pooled) };
        pooled.broken = pooled.is_unfit();
        if !pooled.broken || left == 0 {
            return Err(error);
        }
        left -= 1;
    }
}

/// Runs `work` in the transaction that was begun: commits when it answers `Ok`, else rolls back.
pub(super) fn in_transaction<T, E>(conn: &mut Conn, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E>
where
    E: From<StoreError>,
{
    let result = work(conn).and_then(|answer| Ok(dialect::commit(conn).map(|()| answer)?));
    if result.is_err() {
        // If this fails the connection is unfit, which the caller checks.
        let _ = <Transactions as TransactionManager<Conn>>::rollback_transaction(conn);
    }
    result
}

impl Pooled {
    /// Whether the server has closed the connection, or a transaction is still open in it.
    fn is_unfit(&mut self) -> bool {
        use diesel::connection::SimpleConnection;
        let status = <Transactions as TransactionManager<Conn>>::transaction_manager_status_mut(&mut self.conn);
        !matches!(status.transaction_depth(), Ok(None)) || self.conn.batch_execute("SELECT 1").is_err()
    }
}
