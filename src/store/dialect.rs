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

/// Whether other nodes may work on this database at this moment. SQLite's has one process.
#[must_use]
pub fn may_be_shared(conn: &Conn) -> bool {
    match conn {
        Conn::Sqlite(_) => false,
        Conn::Postgres(_) => true,
    }
}

/// Rows of one statement: PostgreSQL takes 65,535 values in one, and an issue has 54.
pub(super) const ROWS_AT_ONCE: usize = 1_000;

/// Inserts a slice of rows, many in a statement, which the two backends as one cannot.
macro_rules! insert_all {
    ($conn:expr, $table:expr, $rows:expr) => {
        for rows in $rows.chunks($crate::store::dialect::ROWS_AT_ONCE) {
            $crate::store::connection::each!($conn, inner => diesel::insert_into($table).values(rows).execute(inner))?;
        }
    };
}
pub(crate) use insert_all;
