//! The two async doors to the database, bounded so that overload is refused quickly.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use diesel::Connection;
use diesel::r2d2::{ManageConnection, Pool};
use tokio::sync::{Semaphore, SemaphorePermit, oneshot};

use super::connection::{Conn, DatabaseUrl, Purpose, assert_durable};
use super::writer::{Answer, Writer};
use super::{StoreError, migrate};

/// How much the store may use.
#[derive(Debug, Clone, Copy)]
pub struct StoreOptions {
    /// Connections that read (SQLite), or read and write (PostgreSQL).
    pub connections: u32,
    /// Callers that may wait for one; the next is refused at once.
    pub waiting_max: usize,
}

impl Default for StoreOptions {
    fn default() -> Self {
        StoreOptions { connections: 8, waiting_max: 512 }
    }
}

/// The database, shared by all of a node.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    pool: Pool<Manager>,
    /// As many permits as connections, so that nobody blocks a thread waiting for one.
    permits: Semaphore,
    waiting: AtomicUsize,
    waiting_max: usize,
    writer: Option<Writer>,
}

struct Manager {
    url: DatabaseUrl,
    purpose: Purpose,
}

/// A pooled connection that remembers whether it broke.
struct Pooled {
    conn: Conn,
    broken: bool,
}

impl ManageConnection for Manager {
    type Connection = Pooled;
    type Error = StoreError;

    fn connect(&self) -> Result<Pooled, StoreError> {
        Ok(Pooled { conn: self.url.connect(self.purpose)?, broken: false })
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), StoreError> {
        assert_durable(&mut pooled.conn, self.purpose)
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        pooled.broken || std::thread::panicking()
    }
}

impl Store {
    /// Opens the database, brings its schema up to date and starts its writer.
    ///
    /// # Errors
    /// [`StoreError::Refused`] when the database is unfit, [`StoreError::Unavailable`] when it cannot be reached.
    pub fn open(url: &DatabaseUrl, options: StoreOptions) -> Result<Self, StoreError> {
        let mut conn = url.connect(Purpose::Write)?;
        migrate(&mut conn)?;
        let (purpose, writer) = match conn {
            Conn::Sqlite(_) => (Purpose::Read, Some(Writer::start(conn)?)),
            Conn::Postgres(_) => (Purpose::Write, None),
        };
        let pool = Pool::builder()
            .max_size(options.connections)
            .min_idle(Some(1))
            .connection_timeout(Duration::from_secs(2))
            .test_on_check_out(true)
            .build_unchecked(Manager { url: url.clone(), purpose });
        Ok(Store(Arc::new(Inner {
            pool,
            permits: Semaphore::new(options.connections as usize),
            waiting: AtomicUsize::new(0),
            waiting_max: options.waiting_max,
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
        self.pooled(work).await
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
            None => self.pooled(work).await,
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
                        // The caller may have gone; what it wrote stays written.
                        let _ = sender.send(result);
                    });
                    if keep { Ok(answer) } else { Err(answer) }
                }))?;
                receiver
                    .await
                    .unwrap_or_else(|_| Err(StoreError::Unavailable("the write was not taken".into()).into()))
            }
        }
    }

    /// Whether the database answers and takes writes.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] with the reason.
    pub async fn check_ready(&self) -> Result<(), StoreError> {
        if self.0.writer.as_ref().is_some_and(Writer::has_failed) {
            return Err(StoreError::Unavailable("the disk failed; writes wait for a restart".into()));
        }
        self.read(|conn| super::settings::find(conn, "ready").map(|_| ())).await
    }

    async fn pooled<T, E>(&self, work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let _permit = self.permit().await?;
        let pool = self.0.pool.clone();
        let joined = tokio::task::spawn_blocking(move || {
            let mut pooled = pool.get().map_err(|error| E::from(StoreError::Unavailable(error.to_string())))?;
            let result = pooled.conn.transaction(|conn| work(conn).map_err(Undone::ByWork));
            pooled.broken = result.is_err() && pooled.is_cut_off();
            result.map_err(|undone| match undone {
                Undone::ByWork(error) => error,
                Undone::ByDatabase(error) => StoreError::from(error).into(),
            })
        })
        .await;
        joined.unwrap_or_else(|_| Err(StoreError::Unavailable("a read panicked".into()).into()))
    }

    async fn permit(&self) -> Result<SemaphorePermit<'_>, StoreError> {
        if let Ok(permit) = self.0.permits.try_acquire() {
            return Ok(permit);
        }
        let _waiting = Waiting::begin(&self.0)?;
        self.0.permits.acquire().await.map_err(|_| StoreError::Unavailable("the store is closing".into()))
    }
}

/// Why a transaction was rolled back, so that callers need not know the database's errors.
enum Undone<E> {
    ByWork(E),
    ByDatabase(diesel::result::Error),
}

impl<E> From<diesel::result::Error> for Undone<E> {
    fn from(error: diesel::result::Error) -> Self {
        Undone::ByDatabase(error)
    }
}

impl Pooled {
    /// Whether the server has gone from behind the connection.
    fn is_cut_off(&mut self) -> bool {
        use diesel::connection::SimpleConnection;
        self.conn.batch_execute("SELECT 1").is_err()
    }
}

/// Counts one caller that waits, for as long as it lives.
struct Waiting<'a>(&'a Inner);

impl<'a> Waiting<'a> {
    fn begin(inner: &'a Inner) -> Result<Self, StoreError> {
        let before = inner.waiting.fetch_add(1, Ordering::AcqRel);
        let waiting = Waiting(inner);
        if before >= inner.waiting_max {
            return Err(StoreError::Unavailable("too many callers are waiting".into()));
        }
        Ok(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::AcqRel);
    }
}
