//! One connection type for both databases, and how each is opened.

use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::Sqlite;

use super::StoreError;

/// A connection to either database. Query text is the same for both (ADR 0001).
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// The embedded default.
    Sqlite(diesel::SqliteConnection),
    /// For many nodes.
    Postgres(diesel::PgConnection),
}

/// Through which a backend's values are bound and read.
pub use multi_connection_impl::MultiBackend as Backend;

/// Runs the same diesel code once for each backend: for the few things that do not compile on [`Conn`] itself.
macro_rules! each {
    ($conn:expr, $inner:ident => $body:expr) => {
        match $conn {
            $crate::store::Conn::Sqlite($inner) => $body,
            $crate::store::Conn::Postgres($inner) => $body,
        }
    };
}
pub(crate) use each;

/// The oldest SQLite that does not lose committed writes when a checkpoint races with a write, as `sqlite3_libversion`
/// prints it. Source: SQLite WAL documentation, §11 "The WAL-reset bug", fixed in 3.51.3.
pub const SQLITE_VERSION_MIN: (u32, u32, u32) = (3, 51, 3);

/// How long a statement waits for another process's lock, in milliseconds.
const BUSY_TIMEOUT_MS: u32 = 2_000;

/// What a connection may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Change rows.
    Write,
    /// Only read; SQLite refuses changes through it.
    Read,
}

/// How long one PostgreSQL transaction may make others wait before it is ended with an error; zero means for ever.
/// SQLite has one writer with a bounded queue instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// Longest one statement may run (`statement_timeout`).
    pub statement: Duration,
    /// Longest one statement may wait for another transaction's lock (`lock_timeout`).
    pub lock: Duration,
    /// Longest an open transaction may be idle (`idle_in_transaction_session_timeout`); then its connection is closed.
    pub idle: Duration,
}

impl Timeouts {
    /// No timeouts, for long work that somebody watches: a restore, a backup, a migration.
    pub const NONE: Timeouts = Timeouts { statement: Duration::ZERO, lock: Duration::ZERO, idle: Duration::ZERO };
}

impl Default for Timeouts {
    /// For requests and background work. Source: our choice; in a county of a million issues no list took longer than
    /// 21 ms (p99), and a transaction that removes a photo from S3 is idle for up to 15 s.
    fn default() -> Self {
        Timeouts { statement: Duration::from_secs(30), lock: Duration::from_secs(10), idle: Duration::from_secs(60) }
    }
}

/// Defaults for libpq, so that it is noticed when the server's machine or network disappears: connecting takes at most
/// 5 s, an open connection may be silent for at most a minute. Source: our choice.
const LIBPQ_DEFAULTS: [(&str, &str); 6] = [
    ("application_name", "anfang"),
    ("connect_timeout", "5"),
    ("keepalives_idle", "30"),
    ("keepalives_interval", "10"),
    ("keepalives_count", "3"),
    ("tcp_user_timeout", "30000"),
];

/// The address with the defaults that it does not set itself.
fn with_defaults(address: &str) -> String {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let names: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    let mut whole = address.to_owned();
    for (name, value) in LIBPQ_DEFAULTS.iter().filter(|(name, _)| !names.contains(name)) {
        let mark = if whole.contains('?') { '&' } else { '?' };
        whole.push_str(&format!("{mark}{name}={value}"));
    }
    whole
}

/// The address of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseUrl {
    /// A file.
    Sqlite(std::path::PathBuf),
    /// A libpq connection address.
    Postgres(String),
}

/// The address as people may see it: without user, password and parameters.
impl std::fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            DatabaseUrl::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            DatabaseUrl::Postgres(address) => {
                let rest = address.split_once("://").map_or(address.as_str(), |(_, rest)| rest);
                let place = rest.split('?').next().unwrap_or_default();
                write!(f, "postgres://{}", place.rsplit('@').next().unwrap_or_default())
            }
        }
    }
}

impl DatabaseUrl {
    /// Parses `sqlite:PATH` or `postgres://…`.
    ///
    /// # Errors
    /// [`StoreError::Refused`] for anything else; the address is not repeated, it may hold a password.
    pub fn parse(address: &str) -> Result<Self, StoreError> {
        if let Some(path) = address.strip_prefix("sqlite:") {
            return Ok(DatabaseUrl::Sqlite(path.trim_start_matches("//").into()));
        }
        if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            return Ok(DatabaseUrl::Postgres(address.to_owned()));
        }
        Err(StoreError::Refused("the database address must be sqlite:PATH or postgres://…".into()))
    }

    /// The database file, for SQLite.
    pub(super) fn file(&self) -> Option<&std::path::Path> {
        match self {
            DatabaseUrl::Sqlite(path) => Some(path),
            DatabaseUrl::Postgres(_) => None,
        }
    }

    /// Opens a connection that keeps what it acknowledges, without timeouts.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it cannot be reached, [`StoreError::Refused`] when it is unfit.
    pub fn connect(&self, purpose: Purpose) -> Result<Conn, StoreError> {
        self.connect_within(purpose, Timeouts::NONE)
    }

    /// The same with timeouts, for work that others wait for.
    ///
    /// # Errors
    /// As [`Self::connect`].
    pub fn connect_within(&self, purpose: Purpose, timeouts: Timeouts) -> Result<Conn, StoreError> {
        let unavailable = |error: ConnectionError| StoreError::Unavailable(error.to_string());
        match self {
            DatabaseUrl::Postgres(address) => {
                let mut conn = PgConnection::establish(&with_defaults(address)).map_err(unavailable)?;
                set_up(&mut conn, timeouts)?;
                Ok(Conn::Postgres(conn))
            }
            DatabaseUrl::Sqlite(path) => {
                let path = path.to_str().ok_or_else(|| StoreError::Refused("the database path is not UTF-8".into()))?;
                let mut conn = SqliteConnection::establish(path).map_err(unavailable)?;
                let query_only = if purpose == Purpose::Read { "ON" } else { "OFF" };
                // The writer of the service turns the automatic checkpoints off and makes them itself.
                conn.batch_execute(&format!(
                    "PRAGMA busy_timeout={BUSY_TIMEOUT_MS}; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; \
                     PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON; PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8000; \
                     PRAGMA wal_autocheckpoint=2000; PRAGMA query_only={query_only};"
                ))?;
                let mut conn = Conn::Sqlite(conn);
                assert_durable(&mut conn, purpose)?;
                Ok(conn)
            }
        }
    }
}

/// Sets what a role's or database's own settings could override: commits are synced on the server, and nobody waits for
/// ever. Only settings that the server knows, since PostgreSQL relatives lack some.
fn set_up(conn: &mut PgConnection, timeouts: Timeouts) -> Result<(), StoreError> {
    let Timeouts { statement, lock, idle } = timeouts;
    conn.batch_execute(&format!(
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'; \
         SELECT set_config(known.name, wanted.value, false) FROM (VALUES ('statement_timeout', '{}'), \
         ('lock_timeout', '{}'), ('idle_in_transaction_session_timeout', '{}')) AS wanted (name, value) \
         JOIN pg_settings known ON known.name = wanted.name",
        statement.as_millis(),
        lock.as_millis(),
        idle.as_millis()
    ))?;
    speak_plainly(conn)
}

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    value: String,
}

/// Asks the server for English messages. Diesel passes on no error codes, so timeouts are recognised by their text. A
/// role that may not set this gets messages in the server's language; Chinese ones are recognised too.
fn speak_plainly(conn: &mut PgConnection) -> Result<(), StoreError> {
    let speaks: Setting = diesel::sql_query("SELECT current_setting('lc_messages') AS value").get_result(conn)?;
    let is_plain = |name: &str| ["C", "POSIX", ""].contains(&name) || name.starts_with("C.") || name.starts_with("en");
    if !is_plain(&speaks.value) && conn.batch_execute("SET lc_messages = 'C'").is_err() {
        tracing::debug!(lc_messages = speaks.value, "the server answers in its own language");
    }
    Ok(())
}

#[derive(Queryable)]
struct Pragmas {
    synchronous: i64,
    foreign_keys: i64,
    recursive_triggers: i64,
    query_only: i64,
    journal_mode: String,
    version: String,
}

/// Reads the [`Pragmas`] of a connection. It is asked at every turn, so its statement is kept prepared, which diesel
/// does for queries of a type but not for `sql_query`.
#[derive(Clone, Copy, QueryId)]
struct ReadPragmas;

impl Query for ReadPragmas {
    type SqlType = (BigInt, BigInt, BigInt, BigInt, Text, Text);
}

impl QueryFragment<Sqlite> for ReadPragmas {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        out.push_sql(
            "SELECT (SELECT synchronous FROM pragma_synchronous), (SELECT foreign_keys FROM pragma_foreign_keys), \
             (SELECT recursive_triggers FROM pragma_recursive_triggers), (SELECT query_only FROM pragma_query_only), \
             (SELECT journal_mode FROM pragma_journal_mode), sqlite_version()",
        );
        Ok(())
    }
}

impl RunQueryDsl<SqliteConnection> for ReadPragmas {}

/// Asserts that a SQLite connection still has the settings it was opened with: without them a commit might not be
/// synced or a foreign key not checked.
///
/// # Errors
/// [`StoreError::Refused`] naming the setting that is wrong.
pub fn assert_durable(conn: &mut Conn, purpose: Purpose) -> Result<(), StoreError> {
    let Conn::Sqlite(conn) = conn else { return Ok(()) };
    let found: Pragmas = ReadPragmas.get_result(conn)?;
    let refuse = |what: String| Err(StoreError::Refused(what));
    if parse_version(&found.version).is_none_or(|version| version < SQLITE_VERSION_MIN) {
        let (major, minor, patch) = SQLITE_VERSION_MIN;
        return refuse(format!(
            "SQLite {} can lose committed writes; {major}.{minor}.{patch} is the least",
            found.version
        ));
    }
    if found.synchronous < 2 {
        return refuse("PRAGMA synchronous is below FULL".into());
    }
    if found.foreign_keys != 1 {
        return refuse("PRAGMA foreign_keys is off".into());
    }
    // Without it, REPLACE deletes a row of an append-only table without firing the trigger that forbids it.
    if found.recursive_triggers != 1 {
        return refuse("PRAGMA recursive_triggers is off".into());
    }
    if found.journal_mode != "wal" {
        return refuse(format!(
            "the database cannot keep its log beside it, so that a crash could lose what was acknowledged: its folder is \
             read-only or on a network share; put it on a local disk that the service may write \
             (journal_mode is {}, not wal)",
            found.journal_mode
        ));
    }
    if (found.query_only == 1) != (purpose == Purpose::Read) {
        return refuse("PRAGMA query_only does not fit the connection's purpose".into());
    }
    Ok(())
}

/// Asserts that the server syncs its commits, which PostgreSQL can be configured not to do. SQLite has no server.
///
/// # Errors
/// [`StoreError::Refused`] naming the setting that is wrong.
pub fn assert_server_durable(conn: &mut Conn) -> Result<(), StoreError> {
    let Conn::Postgres(conn) = conn else { return Ok(()) };
    let off: Vec<Setting> = diesel::sql_query(
        "SELECT name AS value FROM pg_settings WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') \
         AND setting = 'off' ORDER BY name",
    )
    .load(conn)?;
    match off.first() {
        Some(Setting { value: name }) => Err(StoreError::Refused(format!("PostgreSQL has {name} = off"))),
        None => Ok(()),
    }
}

fn parse_version(version: &str) -> Option<(u32, u32, u32)> {
    let mut parts = version.split('.').map(str::parse);
    Some((parts.next()?.ok()?, parts.next()?.ok()?, parts.next().unwrap_or(Ok(0)).ok()?))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_that_lost_a_pragma_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("t.db"));
        for (pragma, word) in [
            ("PRAGMA synchronous=NORMAL", "synchronous"),
            ("PRAGMA foreign_keys=OFF", "foreign_keys"),
            ("PRAGMA recursive_triggers=OFF", "recursive_triggers"),
            ("PRAGMA query_only=ON", "query_only"),
            // What the operator is to look for, before what SQLite calls it.
            ("PRAGMA journal_mode=DELETE", "its folder is read-only or on a network share; put it on a local disk"),
        ] {
            let mut conn = url.connect(Purpose::Write).unwrap();
            assert_durable(&mut conn, Purpose::Write).unwrap();
            conn.batch_execute(pragma).unwrap();
            let error = assert_durable(&mut conn, Purpose::Write).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
    }

    #[test]
    fn an_address_is_asked_for_what_it_does_not_say_itself() {
        let all = "application_name=anfang&connect_timeout=5&keepalives_idle=30&keepalives_interval=10&\
                   keepalives_count=3&tcp_user_timeout=30000";
        assert_eq!(with_defaults("postgres://u:p@h/d"), format!("postgres://u:p@h/d?{all}"));
        assert_eq!(with_defaults("postgres://h/d?host=/run"), format!("postgres://h/d?host=/run&{all}"));
        let own = "postgres://h/d?connect_timeout=60&keepalives_idle=1&tcp_user_timeout=0";
        let whole = with_defaults(own);
        assert!(whole.starts_with(own) && whole.matches("connect_timeout").count() == 1, "{whole}");
        assert!(whole.contains("&keepalives_count=3") && whole.matches("tcp_user_timeout").count() == 1, "{whole}");
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(parse_version("3.51.2").unwrap() < SQLITE_VERSION_MIN);
        assert!(parse_version("3.9.0").unwrap() < SQLITE_VERSION_MIN);
        assert!(parse_version("3.53.2").unwrap() >= SQLITE_VERSION_MIN);
        assert_eq!(parse_version("x"), None);
    }
}
