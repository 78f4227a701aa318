//! The database: SQLite or PostgreSQL behind the same functions.
//!
//! The only folder that uses diesel. Every function takes a connection inside a transaction that [`Store::read`] or
//! [`Store::write`] opened; nothing here does HTTP, files or pictures, and nothing decides: it writes what `domain`
//! decided.

pub mod audit;
pub mod batch_issues;
pub mod batches;
pub mod bulk;
pub mod capture_nonces;
pub mod cards;
pub mod cases;
pub mod changes;
pub mod checks;
mod columns;
pub mod complaints;
mod connection;
pub mod denials;
pub mod dialect;
pub mod dump;
pub mod duties;
mod error;
pub mod evidence;
pub mod fingerprints;
pub mod follow_up;
pub mod issue_index;
pub mod issues;
pub mod jobs;
pub mod leader_notes;
pub mod long_jobs;
pub mod map;
mod migrate;
pub mod milestones;
pub mod months;
pub mod name_requests;
pub mod needs;
pub mod notices;
pub mod outbox;
pub mod people_in_charge;
pub mod photos;
pub mod planning;
pub mod point_heads;
mod pool;
mod probe;
pub mod recusals;
pub mod reference;
pub mod repeats;
mod reserve;
pub mod samples;
pub mod saved_views;
mod schema;
pub mod self_reports;
pub mod sessions;
pub mod settings;
mod sqlite_writer;
pub mod tallies;
pub mod unlisted_places;
pub mod users;
pub mod visits;
pub mod zones;

pub use connection::{Conn, DatabaseUrl, Purpose, SQLITE_VERSION_MIN, Timeouts, assert_durable, assert_server_durable};
pub use error::StoreError;
pub use migrate::{MIGRATIONS_POSTGRES, MIGRATIONS_SQLITE, assert_known, migrate, revert_after, version, versions};
pub use pool::{Store, StoreFigures, StoreOptions};
pub use probe::{assert_sound, assert_writable};
