//! Checks by trying whether a database can be read and written.

use std::sync::atomic::{AtomicU64, Ordering};

use super::connection::{Conn, DatabaseUrl, Purpose};
use super::{StoreError, dialect, settings};
use crate::domain::time::Timestamp;

/// Largest SQLite file that is checked in full before serving, 256 MiB. Source: our choice; a second or two on a slow
/// disk. In a larger one only the root of each table and index is read.
const LOOKED_THROUGH_BYTES_MAX: i64 = 256 * 1024 * 1024;
/// The key that is written as a test.
const NOTE: &str = "probe";

/// Asserts that no damage is found in the database, in a time that does not grow with it.
///
/// # Errors
/// [`StoreError::Corrupt`] saying what cannot be read.
pub fn assert_sound(conn: &mut Conn) -> Result<(), StoreError> {
    // Another node may be migrating the tables.
    dialect::with_migration_lock(conn, |conn| {
        dialect::read_every_table(conn)?;
        match dialect::quick_damage(conn, LOOKED_THROUGH_BYTES_MAX)? {
            Some(damage) => Err(StoreError::Corrupt(damage)),
            None => Ok(()),
        }
    })
}

/// Asserts that the database accepts a write, which is rolled back.
pub fn assert_writable(conn: &mut Conn) -> Result<(), StoreError> {
    dialect::begin_immediate(conn)?;
    // An empty database has no table to write to; that it can be locked must suffice.
    let written = dialect::migrations_run(conn).and_then(|run| if run.is_empty() { Ok(()) } else { write(conn) });
    let undone = dialect::roll_back(conn);
    tolerate_another(written).and(undone)
}

/// On PostgreSQL, two nodes may write the first note at once, and one of them is refused: so the database does write.
pub(super) fn tolerate_another(written: Result<(), StoreError>) -> Result<(), StoreError> {
    match written {
        Err(StoreError::Conflict(_)) => Ok(()),
        other => other,
    }
}

/// Writes a different value each time: SQLite skips a write that changes nothing.
pub(super) fn write(conn: &mut Conn) -> Result<(), StoreError> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    settings::put_note(conn, NOTE, &number.to_string(), Timestamp::from_micros(0))
}

/// Reads from every table of SQLite's file through a new connection, without the caches of open ones.
pub(super) fn read_file_anew(url: &DatabaseUrl) -> Result<(), StoreError> {
    let mut conn = url.connect(Purpose::Read)?;
    dialect::read_every_table(&mut conn)
}
