//! Whether a database can be read and written, tried out rather than believed.

use std::sync::atomic::{AtomicU64, Ordering};

use super::connection::{Conn, DatabaseUrl, Purpose};
use super::{StoreError, dialect, settings};
use crate::domain::time::Timestamp;

/// Largest SQLite file that is looked through before it is served from, 256 MiB. Source: our choice; a second or two
/// on a slow disk. Of a larger one only the root of each table and index is read.
const LOOKED_THROUGH_BYTES_MAX: i64 = 256 * 1024 * 1024;
/// The note that is written to see whether one can be.
const NOTE: &str = "probe";

/// Asserts that nothing is found wrong with what the database holds, in a time that does not grow with it.
///
/// # Errors
/// [`StoreError::Corrupt`] saying what cannot be read.
pub fn assert_sound(conn: &mut Conn) -> Result<(), StoreError> {
    // Another node may be at changing the tables.
    dialect::with_migration_lock(conn, |conn| {
        dialect::read_every_table(conn)?;
        match dialect::quick_damage(conn, LOOKED_THROUGH_BYTES_MAX)? {
            Some(damage) => Err(StoreError::Corrupt(damage)),
            None => Ok(()),
        }
    })
}

/// Asserts that the database takes a write, which is undone.
pub fn assert_writable(conn: &mut Conn) -> Result<(), StoreError> {
    dialect::begin_immediate(conn)?;
    // An empty database has no table yet in which to write; that it lets itself be locked must do.
    let written = dialect::migrations_run(conn).and_then(|run| if run.is_empty() { Ok(()) } else { write(conn) });
    let undone = dialect::roll_back(conn);
    written.and(undone)
}

/// Writes a note that is another each time: SQLite leaves out a write that changes nothing.
pub(super) fn write(conn: &mut Conn) -> Result<(), StoreError> {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    settings::put_note(conn, NOTE, &number.to_string(), Timestamp::from_micros(0))
}

/// Reads into every table of SQLite's file past what open connections remember of it.
pub(super) fn read_file_anew(url: &DatabaseUrl) -> Result<(), StoreError> {
    let mut conn = url.connect(Purpose::Read)?;
    dialect::read_every_table(&mut conn)
}
