//! The few things that differ between the two databases. Keep it this short.

use diesel::connection::{AnsiTransactionManager, SimpleConnection, TransactionManager};
use diesel::pg::PgRowByRowLoadingMode;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use super::StoreError;
use super::connection::{Conn, each};
use super::dump::{Cell, Kind, bound};

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

/// Runs `work` while SQLite does not check foreign keys, so that migrations may rebuild a table that others refer to.
/// The setting can only be changed outside of a transaction; inside one, an outer caller has changed it already.
/// PostgreSQL changes tables in place and does not need this.
///
/// # Errors
/// What `work` answers.
pub(super) fn without_foreign_keys<T, E: From<StoreError>>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    let follow = |conn: &mut Conn, on: &str| match conn {
        Conn::Sqlite(inner) => inner.batch_execute(&format!("PRAGMA foreign_keys={on}")).map_err(StoreError::from),
        Conn::Postgres(_) => Ok(()),
    };
    follow(conn, "OFF")?;
    let result = work(conn);
    follow(conn, "ON")?;
    result
}

/// Asserts that every reference leads to a row: for the end of a transaction in which SQLite followed none. PostgreSQL
/// always does.
///
/// # Errors
/// [`StoreError::Refused`] naming a table and the one it refers to, or the database's.
pub(super) fn assert_references(conn: &mut Conn) -> Result<(), StoreError> {
    #[derive(QueryableByName)]
    struct Dangling {
        #[diesel(sql_type = Text)]
        child: String,
        #[diesel(sql_type = Text)]
        parent: String,
    }
    let Conn::Sqlite(inner) = conn else { return Ok(()) };
    let found: Option<Dangling> =
        diesel::sql_query("SELECT \"table\" AS child, parent FROM pragma_foreign_key_check LIMIT 1")
            .get_result(inner)
            .optional()?;
    match found {
        None => Ok(()),
        Some(Dangling { child, parent }) => {
            Err(StoreError::Refused(format!("a row of {child} names no row of {parent}")))
        }
    }
}

/// Syncs what a killed process had written but not synced: it is visible again after the next start, and a repeated
/// report would be acknowledged because of it without a further write. The log is written into the database file again,
/// so that an earlier failed sync does not matter either.
pub fn sync_what_was_found(conn: &mut Conn) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(inner) => Ok(inner.batch_execute("PRAGMA wal_checkpoint(TRUNCATE)")?),
        // The server did this when it started.
        Conn::Postgres(_) => Ok(()),
    }
}

/// Leaves SQLite's checkpoints to [`checkpoint_if_longer`]. PostgreSQL has its own process for them.
pub(super) fn checkpoint_by_hand(conn: &mut Conn) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(inner) => Ok(inner.batch_execute("PRAGMA wal_autocheckpoint=0")?),
        Conn::Postgres(_) => Ok(()),
    }
}

/// Checkpoints SQLite's log when it has at least `pages` pages, as far as no reader still needs it.
///
/// # Errors
/// The disk failed. The log is unchanged, and nothing in it is lost.
pub(super) fn checkpoint_if_longer(conn: &mut Conn, pages: i64) -> Result<(), StoreError> {
    #[derive(QueryableByName)]
    struct Log {
        #[diesel(sql_type = BigInt, column_name = "log")]
        pages: i64,
        #[diesel(sql_type = BigInt)]
        checkpointed: i64,
    }
    let Conn::Sqlite(inner) = conn else { return Ok(()) };
    // `NOOP` only reports its length.
    let log: Log = diesel::sql_query("PRAGMA wal_checkpoint(NOOP)").get_result(inner)?;
    if log.pages >= pages && log.checkpointed < log.pages {
        inner.batch_execute("PRAGMA wal_checkpoint(PASSIVE)")?;
    }
    Ok(())
}

/// Begins the transaction of a group of writes, taking SQLite's write lock at once: a deferred transaction could fail
/// half-way because somebody else wrote in between.
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

/// Commits what [`begin_immediate`] or [`begin_snapshot`] began.
///
/// # Errors
/// Also when an earlier statement failed and that was ignored: PostgreSQL answers `COMMIT` of such a transaction as
/// usual and keeps nothing of it, which must never be acknowledged.
pub fn commit(conn: &mut Conn) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(_) => Ok(<Conn as diesel::Connection>::TransactionManager::commit_transaction(conn)?),
        // In one call with a statement that fails if an earlier one did. The connection then knows that its transaction
        // is over.
        Conn::Postgres(inner) => Ok(inner.batch_execute("SELECT 1; COMMIT")?),
    }
}

/// Removes the timeouts for the rest of this transaction: for importing thousands of rows, or building indexes. SQLite
/// has no such timeouts.
pub fn allow_long(conn: &mut Conn) -> Result<(), StoreError> {
    if let Conn::Postgres(inner) = conn {
        inner.batch_execute(
            "SELECT set_config(name, '0', true) FROM pg_settings \
             WHERE name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')",
        )?;
    }
    Ok(())
}

/// Rolls back what [`begin_immediate`] began.
pub fn roll_back(conn: &mut Conn) -> Result<(), StoreError> {
    Ok(<Conn as diesel::Connection>::TransactionManager::rollback_transaction(conn)?)
}

/// Begins a read-only transaction in which all reads see the same snapshot. SQLite's transactions always do; PostgreSQL
/// by default gives each statement a snapshot of its own.
pub fn begin_snapshot(conn: &mut Conn) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(inner) => AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN")?,
        Conn::Postgres(inner) => {
            AnsiTransactionManager::begin_transaction_sql(inner, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")?;
        }
    }
    Ok(())
}

/// Makes two transactions that would decide on the same thing run one after the other.
///
/// SQLite has one writer and needs nothing. PostgreSQL holds an advisory lock until the transaction ends (since 9.1, so
/// Chinese databases derived from PostgreSQL have it too). `app/locks.rs` calls it, in the order of `Lock`; the only
/// other caller is `jobs::enqueue`, in a transaction that holds no other lock.
pub fn serialize_on(conn: &mut Conn, key: uuid::Uuid) -> Result<(), StoreError> {
    if let Conn::Postgres(inner) = conn {
        let (high, low) = key.as_u64_pair();
        #[allow(clippy::cast_possible_wrap, reason = "any 64 bits do as a lock's name")]
        let name = (high ^ low) as i64;
        diesel::sql_query("SELECT pg_advisory_xact_lock($1)").bind::<BigInt, _>(name).execute(inner)?;
    }
    Ok(())
}

/// Key of the gathering lock, an advisory lock between those who write steps and whoever gathers the rows of a month:
/// "months" in ASCII. `app/locks.rs` says how it fits into the order of locks.
const GATHERING_LOCK: i64 = 0x6d6f_6e74_6873;

/// Takes the gathering lock shared: waits while a month is being gathered, and keeps months from being gathered until
/// this transaction ends. Called by whoever writes what months are computed from. SQLite has one writer and needs
/// nothing.
pub(super) fn keep_gathering_out(conn: &mut Conn) -> Result<(), StoreError> {
    if let Conn::Postgres(inner) = conn {
        inner.batch_execute(&format!("SELECT pg_advisory_xact_lock_shared({GATHERING_LOCK})"))?;
    }
    Ok(())
}

/// Takes the gathering lock exclusively: waits for every transaction that called [`keep_gathering_out`], and keeps
/// others from calling it until this transaction ends. Take no other lock after it: those who wait for this one hold
/// locks.
pub(super) fn gather_alone(conn: &mut Conn) -> Result<(), StoreError> {
    if let Conn::Postgres(inner) = conn {
        inner.batch_execute(&format!("SELECT pg_advisory_xact_lock({GATHERING_LOCK})"))?;
    }
    Ok(())
}

/// Whether other nodes may be using this database now. SQLite's is used by one process.
#[must_use]
pub fn may_be_shared(conn: &Conn) -> bool {
    match conn {
        Conn::Sqlite(_) => false,
        Conn::Postgres(_) => true,
    }
}

/// Rows in one statement: PostgreSQL takes 65,535 values in one, and an issue has 54.
pub(super) const ROWS_AT_ONCE: usize = 1_000;

/// Values in the list of one statement. Source: SQLite takes 32,766, its limit `SQLITE_MAX_VARIABLE_NUMBER`; our
/// choice, far from it.
pub(super) const ASKED_AT_ONCE: usize = 1_000;

/// Loads what belongs to a list of values, some of them at a time, so that a list that grows with the stored data does
/// not make a statement too long. Every `eq_any` over such a list is inside one of these, with the list named `some`.
///
/// # Errors
/// Those of `load`.
pub(super) fn each_some<V, T>(
    values: &[V],
    mut load: impl FnMut(&[V]) -> Result<Vec<T>, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut found = Vec::new();
    for some in values.chunks(ASKED_AT_ONCE) {
        found.extend(load(some)?);
    }
    Ok(found)
}

/// Inserts a slice of rows with many rows in a statement, which diesel's combined backend cannot do.
macro_rules! insert_all {
    ($conn:expr, $table:expr, $rows:expr) => {
        for rows in $rows.chunks($crate::store::dialect::ROWS_AT_ONCE) {
            $crate::store::connection::each!($conn, inner => diesel::insert_into($table).values(rows).execute(inner))?;
        }
    };
}
pub(crate) use insert_all;

/// Hands over the rows of a query one by one; only a few are in memory at a time.
///
/// # Errors
/// Those of `take`.
pub(super) fn each_row<T, E>(conn: &mut Conn, sql: &str, mut take: impl FnMut(T) -> Result<(), E>) -> Result<(), E>
where
    T: QueryableByName<diesel::sqlite::Sqlite> + QueryableByName<diesel::pg::Pg> + 'static,
    E: From<StoreError>,
{
    let failed = |error| E::from(StoreError::from(error));
    match conn {
        Conn::Sqlite(inner) => {
            for row in
                diesel::sql_query(sql).load_iter::<T, diesel::connection::DefaultLoadingMode>(inner).map_err(failed)?
            {
                take(row.map_err(failed)?)?;
            }
        }
        Conn::Postgres(inner) => {
            for row in diesel::sql_query(sql).load_iter::<T, PgRowByRowLoadingMode>(inner).map_err(failed)? {
                take(row.map_err(failed)?)?;
            }
        }
    }
    Ok(())
}

/// Runs a statement with these values.
pub(super) fn execute_bound(conn: &mut Conn, sql: &str, values: &[(Kind, &Cell)]) -> Result<(), StoreError> {
    each!(conn, inner => bound(sql, values).execute(inner))?;
    Ok(())
}

/// Lets PostgreSQL's sequence of a column continue after the highest number; SQLite does so by itself.
pub(super) fn continue_counting(conn: &mut Conn, table: &str, column: &str) -> Result<(), StoreError> {
    if let Conn::Postgres(inner) = conn {
        inner.batch_execute(&format!(
            "SELECT setval(pg_get_serial_sequence('{table}', '{column}'), max({column})) FROM {table} HAVING max({column}) > 0"
        ))?;
    }
    Ok(())
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Whether the database has any table, of ours or of others.
pub(super) fn has_tables(conn: &mut Conn) -> Result<bool, StoreError> {
    let found: Count = match conn {
        Conn::Sqlite(inner) => diesel::sql_query("SELECT count(*) AS count FROM sqlite_master").get_result(inner)?,
        Conn::Postgres(inner) => {
            diesel::sql_query("SELECT count(*) AS count FROM pg_tables WHERE schemaname = current_schema()")
                .get_result(inner)?
        }
    };
    Ok(found.count > 0)
}

#[derive(QueryableByName)]
struct Version {
    #[diesel(sql_type = Nullable<Text>)]
    version: Option<String>,
}

/// The last migration that ran; `None` for a database without our tables.
pub(super) fn schema_version(conn: &mut Conn) -> Result<Option<String>, StoreError> {
    if !has_tables(conn)? {
        return Ok(None);
    }
    let found: Version = each!(conn, inner => {
        diesel::sql_query("SELECT max(version) AS version FROM __diesel_schema_migrations").get_result(inner)
    })?;
    Ok(found.version)
}

/// Every migration that ever ran here; none in a database that none of our programs used.
pub(super) fn migrations_run(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    #[derive(QueryableByName)]
    struct Run {
        #[diesel(sql_type = Text)]
        version: String,
    }
    const TABLE: &str = "__diesel_schema_migrations";
    if !table_names(conn)?.iter().any(|name| name == TABLE) {
        return Ok(Vec::new());
    }
    let run: Vec<Run> =
        each!(conn, inner => diesel::sql_query(format!("SELECT version FROM {TABLE} ORDER BY version")).load(inner))?;
    Ok(run.into_iter().map(|run| run.version).collect())
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// All tables of the database.
fn table_names(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    let found: Vec<Name> = match conn {
        Conn::Sqlite(inner) => diesel::sql_query(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
        )
        .load(inner)?,
        Conn::Postgres(inner) => diesel::sql_query(
            "SELECT CAST(tablename AS TEXT) AS name FROM pg_tables WHERE schemaname = current_schema() ORDER BY name",
        )
        .load(inner)?,
    };
    Ok(found.into_iter().map(|found| found.name).collect())
}

/// Reads from every table, and from every index in SQLite, at least the root page. Takes a millisecond or two.
///
/// # Errors
/// Names the table that cannot be read.
pub(super) fn read_every_table(conn: &mut Conn) -> Result<(), StoreError> {
    for table in table_names(conn)? {
        let read = match conn {
            // Otherwise it would read only an index that has all requested columns.
            Conn::Sqlite(inner) => {
                diesel::sql_query(format!("SELECT '' AS name FROM \"{table}\" NOT INDEXED LIMIT 1")).load::<Name>(inner)
            }
            Conn::Postgres(inner) => {
                diesel::sql_query(format!("SELECT CAST('' AS TEXT) AS name FROM \"{table}\" LIMIT 1"))
                    .load::<Name>(inner)
            }
        };
        read.map_err(|error| unreadable(&table, error.into()))?;
    }
    let Conn::Sqlite(inner) = conn else { return Ok(()) };
    let indexes: Vec<Name> =
        diesel::sql_query("SELECT name FROM sqlite_master WHERE type = 'index' AND rootpage > 0 ORDER BY name")
            .load(inner)?;
    for Name { name } in indexes {
        let kind: Vec<Name> =
            diesel::sql_query(format!("SELECT pagetype AS name FROM dbstat WHERE name = '{name}' LIMIT 1"))
                .load(inner)
                .map_err(|error| unreadable(&name, error.into()))?;
        if kind.iter().any(|kind| kind.name == "corrupted") {
            return Err(StoreError::Corrupt(format!("{name} cannot be read")));
        }
    }
    Ok(())
}

/// The same failure, with the name of the table.
fn unreadable(name: &str, error: StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(why) => StoreError::Unavailable(why),
        other => StoreError::Corrupt(format!("{name} cannot be read: {other}")),
    }
}

/// The first fault that SQLite's quick check finds in a file of at most `bytes_max` bytes; it does not compare indexes
/// with their tables. A larger file would take too long; PostgreSQL has no such check.
pub(super) fn quick_damage(conn: &mut Conn, bytes_max: i64) -> Result<Option<String>, StoreError> {
    #[derive(QueryableByName)]
    struct Size {
        #[diesel(sql_type = BigInt)]
        bytes: i64,
    }
    let Conn::Sqlite(inner) = conn else { return Ok(None) };
    let size: Size = diesel::sql_query(
        "SELECT (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size) AS bytes",
    )
    .get_result(inner)?;
    if size.bytes > bytes_max {
        return Ok(None);
    }
    let found: Vec<Message> = diesel::sql_query("SELECT quick_check AS message FROM pragma_quick_check").load(inner)?;
    Ok(found.into_iter().map(|found| found.message).find(|message| message != "ok"))
}

/// A column that refers to another table.
#[derive(Debug, QueryableByName)]
pub(super) struct ForeignKey {
    #[diesel(sql_type = Text)]
    pub child: String,
    #[diesel(sql_type = Text)]
    pub child_column: String,
    #[diesel(sql_type = Text)]
    pub parent: String,
    #[diesel(sql_type = Text)]
    pub parent_column: String,
}

/// Every foreign key; each of ours has one column.
pub(super) fn foreign_keys(conn: &mut Conn) -> Result<Vec<ForeignKey>, StoreError> {
    Ok(match conn {
        Conn::Sqlite(inner) => diesel::sql_query(
            "SELECT m.name AS child, k.\"from\" AS child_column, k.\"table\" AS parent, k.\"to\" AS parent_column \
             FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) k WHERE m.type = 'table' ORDER BY 1, 2",
        )
        .load(inner)?,
        Conn::Postgres(inner) => diesel::sql_query(
            "SELECT CAST(c.relname AS TEXT) AS child, CAST(a.attname AS TEXT) AS child_column, \
             CAST(p.relname AS TEXT) AS parent, CAST(b.attname AS TEXT) AS parent_column FROM pg_constraint k \
             JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class p ON p.oid = k.confrelid \
             JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1] \
             JOIN pg_attribute b ON b.attrelid = k.confrelid AND b.attnum = k.confkey[1] \
             JOIN pg_namespace n ON n.oid = c.relnamespace \
             WHERE k.contype = 'f' AND n.nspname = current_schema() ORDER BY 1, 2",
        )
        .load(inner)?,
    })
}

#[derive(QueryableByName)]
struct Message {
    #[diesel(sql_type = Text)]
    message: String,
}

/// The faults that SQLite finds in its file, at most 100; PostgreSQL has no such check.
pub(super) fn damage(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    let Conn::Sqlite(inner) = conn else { return Ok(Vec::new()) };
    let found: Vec<Message> =
        diesel::sql_query("SELECT integrity_check AS message FROM pragma_integrity_check").load(inner)?;
    Ok(found.into_iter().map(|found| found.message).filter(|message| message != "ok").collect())
}

/// Runs statements without values.
pub(super) fn run(conn: &mut Conn, sql: &str) -> Result<(), StoreError> {
    Ok(each!(conn, inner => inner.batch_execute(sql))?)
}

/// The `number`-th placeholder of a statement with thousands: for a named one, SQLite searches all before it.
pub(super) fn placeholder(conn: &Conn, number: usize) -> String {
    match conn {
        Conn::Sqlite(_) => "?".to_owned(),
        Conn::Postgres(_) => format!("${number}"),
    }
}

/// The table with the definitions of the indexes that [`super::bulk`] dropped; usually it does not exist.
pub(super) const SET_ASIDE: &str = "indexes_set_aside";

/// An index that enforces no constraint.
#[derive(Debug, QueryableByName)]
pub(super) struct PlainIndex {
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The statement that creates it.
    #[diesel(sql_type = Text)]
    pub definition: String,
}

/// Every index that enforces no constraint.
pub(super) fn plain_indexes(conn: &mut Conn) -> Result<Vec<PlainIndex>, StoreError> {
    Ok(match conn {
        Conn::Sqlite(inner) => diesel::sql_query(
            "SELECT name, sql AS definition FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX %' \
             ORDER BY name",
        )
        .load(inner)?,
        Conn::Postgres(inner) => diesel::sql_query(
            "SELECT CAST(indexname AS TEXT) AS name, indexdef AS definition FROM pg_indexes \
             WHERE schemaname = current_schema() AND indexdef LIKE 'CREATE INDEX %' ORDER BY indexname",
        )
        .load(inner)?,
    })
}

#[derive(QueryableByName)]
struct Definition {
    #[diesel(sql_type = Text)]
    definition: String,
}

/// The definitions of the indexes that were dropped.
pub(super) fn set_aside(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    let there: Count = match conn {
        Conn::Sqlite(inner) => {
            diesel::sql_query(format!("SELECT count(*) AS count FROM sqlite_master WHERE name = '{SET_ASIDE}'"))
                .get_result(inner)?
        }
        Conn::Postgres(inner) => diesel::sql_query(format!(
            "SELECT count(*) AS count FROM pg_tables WHERE schemaname = current_schema() AND tablename = '{SET_ASIDE}'"
        ))
        .get_result(inner)?,
    };
    if there.count == 0 {
        return Ok(Vec::new());
    }
    let found: Vec<Definition> =
        each!(conn, inner => diesel::sql_query(format!("SELECT definition FROM {SET_ASIDE}")).load(inner))?;
    Ok(found.into_iter().map(|found| found.definition).collect())
}
