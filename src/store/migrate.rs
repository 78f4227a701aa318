//! Migrations: the same names for both databases, embedded in the binary.
//!
//! SQLite cannot change or drop a constraint of a table. A migration that needs this builds a new table in twelve steps
//! (<https://www.sqlite.org/lang_altertable.html#otheralter>). The migration's SQL does the steps from the new table to
//! the last index (migration 000012 is an example); this module does the others. Foreign keys are switched off
//! meanwhile: otherwise dropping the old table would delete the rows that refer to it, or fail because of them. All
//! steps are one transaction, and at its end every reference is checked, so that none points to a missing row.

use diesel::connection::Connection as _;
use diesel::migration::{MigrationSource, Result};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{Conn, each};
use super::{StoreError, bulk, dialect};

/// Migrations of the SQLite schema.
pub const MIGRATIONS_SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
/// Migrations of the PostgreSQL schema.
pub const MIGRATIONS_POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Migrates the schema to the newest version; answers how many migrations ran. Also rebuilds indexes that a killed
/// process had dropped.
///
/// All that is pending runs, or nothing. Several nodes may start at once: on PostgreSQL they wait for each other.
///
/// # Errors
/// [`StoreError::Refused`] with the migration's message, or those of [`assert_known`].
pub fn migrate(conn: &mut Conn) -> std::result::Result<usize, StoreError> {
    dialect::with_migration_lock(conn, |conn| {
        assert_known(conn)?;
        bulk::put_indexes_back(conn)?;
        dialect::without_foreign_keys(conn, run_pending)
    })
}

/// Runs what is pending; [`dialect::without_foreign_keys`] is around it.
///
/// # Errors
/// [`StoreError::Refused`] with the migration's message, or naming a reference to a missing row.
fn run_pending(conn: &mut Conn) -> std::result::Result<usize, StoreError> {
    conn.transaction(|conn| {
        let ran: Result<usize> = match conn {
            Conn::Sqlite(inner) => inner.run_pending_migrations(MIGRATIONS_SQLITE).map(|ran| ran.len()),
            Conn::Postgres(inner) => inner.run_pending_migrations(MIGRATIONS_POSTGRES).map(|ran| ran.len()),
        };
        let ran = ran.map_err(failed)?;
        // It reads every table, which nobody should wait for where nothing has changed.
        if ran > 0 {
            dialect::assert_references(conn)?;
        }
        Ok(ran)
    })
}

/// A migration's own words.
fn failed(error: Box<dyn std::error::Error + Send + Sync>) -> StoreError {
    StoreError::Refused(format!("migration failed: {error}"))
}

/// Asserts that no unknown migration ran on the database: a newer or different program changed the schema in ways that
/// this one does not know.
///
/// # Errors
/// [`StoreError::Refused`] naming the schema of the database and of this program.
pub fn assert_known(conn: &mut Conn) -> std::result::Result<(), StoreError> {
    let known = versions()?;
    let Some(unknown) = dialect::migrations_run(conn)?.into_iter().rfind(|version| !known.contains(version)) else {
        return Ok(());
    };
    let ours = known.last().map_or("none", String::as_str);
    Err(StoreError::Refused(format!(
        "the database has schema {unknown}, which this program with schema {ours} does not know: use the program \
         that made it or a newer one, or restore a backup"
    )))
}

/// Migrates an empty database to `version`, inside the open transaction.
/// [`dialect::without_foreign_keys`] is around it.
///
/// # Errors
/// [`StoreError::Refused`] when this program does not know the version, or with the migration's message.
pub(super) fn migrate_to(conn: &mut Conn, version: &str) -> std::result::Result<(), StoreError> {
    let known = versions()?;
    if !known.iter().any(|known| known == version) {
        let ours = known.last().map_or("none", String::as_str);
        return Err(StoreError::Refused(format!("schema {version} is not known to this program with schema {ours}")));
    }
    let migrations = match conn {
        Conn::Sqlite(_) => MIGRATIONS_SQLITE,
        Conn::Postgres(_) => MIGRATIONS_POSTGRES,
    };
    let ran: Result<()> = each!(conn, inner => inner.pending_migrations(migrations).and_then(|pending| {
        pending
            .iter()
            .filter(|migration| migration.name().version().to_string().as_str() <= version)
            .try_for_each(|migration| inner.run_migration(migration).map(drop))
    }));
    ran.map_err(failed)
}

/// The schema versions that this program knows, oldest first.
///
/// # Errors
/// [`StoreError::Refused`] when a migration's name is invalid.
pub fn versions() -> std::result::Result<Vec<String>, StoreError> {
    let known = MigrationSource::<diesel::sqlite::Sqlite>::migrations(&MIGRATIONS_SQLITE)
        .map_err(|error| StoreError::Refused(error.to_string()))?;
    let mut versions: Vec<String> = known.iter().map(|migration| migration.name().version().to_string()).collect();
    versions.sort();
    Ok(versions)
}

/// The schema version of a database; `None` when it has no table.
pub fn version(conn: &mut Conn) -> std::result::Result<Option<String>, StoreError> {
    dialect::schema_version(conn)
}

/// Undoes every migration after `version`, all of them when that is empty: for tests that prove up and down are
/// inverse. How many.
///
/// # Errors
/// [`StoreError::Refused`] with the migration's own words.
pub fn revert_after(conn: &mut Conn, version: &str) -> std::result::Result<usize, StoreError> {
    dialect::without_foreign_keys(conn, |conn| {
        let later = dialect::migrations_run(conn)?.into_iter().filter(|run| run.as_str() > version).count();
        for _ in 0..later {
            let reverted = match conn {
                Conn::Sqlite(inner) => inner.revert_last_migration(MIGRATIONS_SQLITE),
                Conn::Postgres(inner) => inner.revert_last_migration(MIGRATIONS_POSTGRES),
            };
            reverted.map_err(failed)?;
        }
        Ok(later)
    })
}
