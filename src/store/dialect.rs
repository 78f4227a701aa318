//! The few things the two databases say differently. Keep it this short.

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::StoreError;
use super::connection::Conn;

/// Key of the advisory lock that lets one node migrate at a time: "anfang" in ASCII.
const MIGRATION_LOCK: i64 = 0x616e_6661_6e67;

/// Runs `work` while no other node migrates.
///
/// # Errors
/// What `work` answers.
pub fn with_migration_lock<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    if let Conn::Postgres(inner) = conn {
        inner.batch_execute(&format!("SELECT pg_advisory_lock({MIGRATION_LOCK})"))?;
    }
    let result = work(conn);
    if let Conn::Postgres(inner) = conn {
        inner.batch_execute(&format!("SELECT pg_advisory_unlock({MIGRATION_LOCK})"))?;
    }
    result
}

/// Syncs what a process that was killed had written but not synced: it is found again at the next start, and
/// a repeated report would be acknowledged for it without a further write. Written anew into the database file,
/// so that it does not hang on a sync that failed before, either.
///
/// # Errors
/// The database's.
pub fn sync_what_was_found(conn: &mut Conn) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(inner) => Ok(inner.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?),
        // The server did when it started.
        Conn::Postgres(_) => Ok(()),
    }
}

/// Begins the transaction of a group of writes, taking SQLite's write lock at once:
/// a deferred one could fail half-way because somebody else wrote in between.
///
/// # Errors
/// [`StoreError::Unavailable`] when another process holds the lock.
pub fn begin_immediate(conn: &mut Conn) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(inner) => AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN IMMEDIATE")?,
        Conn::Postgres(inner) => {
            <AnsiTransactionManager as TransactionManager<PgConnection>>::begin_transaction(inner)?
        }
    }
    Ok(())
}

/// Commits what [`begin_immediate`] began.
///
/// # Errors
/// The database's.
pub fn commit(conn: &mut Conn) -> Result<(), StoreError> {
    Ok(<Conn as diesel::Connection>::TransactionManager::commit_transaction(conn)?)
}

/// Begins a transaction whose reads all see the same moment, and in which PostgreSQL
/// refuses changes as SQLite's reading connections do. SQLite's every transaction is so;
/// PostgreSQL by itself gives each statement a moment of its own.
///
/// # Errors
/// The database's.
pub fn begin_snapshot(conn: &mut Conn) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(inner) => AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN")?,
        Conn::Postgres(inner) => {
            AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        }
    }
    Ok(())
}

/// Makes two transactions that would decide on the same thing follow each other.
///
/// SQLite has one writer and needs nothing. PostgreSQL holds an advisory lock until
/// the transaction ends (since 9.1, so domestic relatives have it too). Take several
/// in ascending order.
///
/// # Errors
/// The database's.
pub fn serialize_on(conn: &mut Conn, key: uuid::Uuid) -> Result<(), StoreError> {
    if let Conn::Postgres(inner) = conn {
        let (high, low) = key.as_u64_pair();
        #[allow(clippy::cast_possible_wrap, reason = "any 64 bits do as a lock's name")]
        let name = (high ^ low) as i64;
        diesel::sql_query("SELECT pg_advisory_xact_lock($1)").bind::<BigInt, _>(name).execute(inner)?;
    }
    Ok(())
}
