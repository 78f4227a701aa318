//! Migrations: equal names on both sides, embedded in the binary.

use diesel::migration::Result;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::{Conn, each};
use super::{StoreError, dialect};

/// Migrations of the SQLite schema.
pub const MIGRATIONS_SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
/// Migrations of the PostgreSQL schema.
pub const MIGRATIONS_POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Brings the schema up to date and says how many migrations ran.
///
/// Several nodes may start at once: on PostgreSQL they wait for each other.
///
/// # Errors
/// [`StoreError::Refused`] with the migration's own words.
pub fn migrate(conn: &mut Conn) -> std::result::Result<usize, StoreError> {
    dialect::with_migration_lock(conn, |conn| {
        let ran: Result<usize> = match conn {
            Conn::Sqlite(inner) => inner.run_pending_migrations(MIGRATIONS_SQLITE).map(|ran| ran.len()),
            Conn::Postgres(inner) => inner.run_pending_migrations(MIGRATIONS_POSTGRES).map(|ran| ran.len()),
        };
        ran.map_err(|error| StoreError::Refused(format!("migration failed: {error}")))
    })
}

/// Undoes every migration: for tests that prove up and down are inverse.
///
/// # Errors
/// [`StoreError::Refused`] with the migration's own words.
pub fn revert_all(conn: &mut Conn) -> std::result::Result<usize, StoreError> {
    let migrations = match conn {
        Conn::Sqlite(_) => MIGRATIONS_SQLITE,
        Conn::Postgres(_) => MIGRATIONS_POSTGRES,
    };
    each!(conn, inner => inner.revert_all_migrations(migrations))
        .map(|ran| ran.len())
        .map_err(|error| StoreError::Refused(format!("migration failed: {error}")))
}
