//! The few things the two databases say differently. Keep it this short.

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

/// Runs `work` while SQLite follows no foreign keys, so that migrations may make a table anew that others refer to.
/// That is set outside of transactions only: inside one, somebody further out has done it. PostgreSQL needs no such
/// thing: it changes tables in place.
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

/// Leaves putting SQLite's log into its file to [`checkpoint_if_longer`]. PostgreSQL has its own process for it.
///
/// # Errors
/// The database's.
pub(super) fn checkpoint_by_hand(conn: &mut Conn) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(inner) => Ok(inner.batch_execute("PRAGMA wal_autocheckpoint=0")?),
        Conn::Postgres(_) => Ok(()),
    }
}

/// Puts SQLite's log into its file when it has at least `pages` pages, as far as no reader still needs it.
///
/// # Errors
/// The disk's. The log is as it was, and nothing in it is lost.
pub(super) fn checkpoint_if_longer(conn: &mut Conn, pages: i64) -> Result<(), StoreError> {
    #[derive(QueryableByName)]
    struct Log {
        #[diesel(sql_type = BigInt, column_name = "log")]
        pages: i64,
        #[diesel(sql_type = BigInt)]
        checkpointed: i64,
    }
    let Conn::Sqlite(inner) = conn else { return Ok(()) };
    // `NOOP` only tells how long it is.
    let log: Log = diesel::sql_query("PRAGMA wal_checkpoint(NOOP)").get_result(inner)?;
    if log.pages >= pages && log.checkpointed < log.pages {
        inner.batch_execute("PRAGMA wal_checkpoint(PASSIVE)")?;
    }
    Ok(())
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

/// Commits what [`begin_immediate`] or [`begin_snapshot`] began.
///
/// # Errors
/// The database's; also where a statement failed and nobody said so: PostgreSQL answers `COMMIT` of such a
/// transaction like any other and keeps nothing of it, which must never be acknowledged.
pub fn commit(conn: &mut Conn) -> Result<(), StoreError> {
    match conn {
        Conn::Sqlite(_) => Ok(<Conn as diesel::Connection>::TransactionManager::commit_transaction(conn)?),
        // In one go with a statement that fails where another did before. The connection notes that it is in no
        // transaction any more.
        Conn::Postgres(inner) => Ok(inner.batch_execute("SELECT 1; COMMIT")?),
    }
}

/// Lets the rest of this transaction take as long as it takes: a sheet of thousands of rows, the building of indexes.
/// SQLite sets no such limits.
///
/// # Errors
/// The database's.
pub fn allow_long(conn: &mut Conn) -> Result<(), StoreError> {
    if let Conn::Postgres(inner) = conn {
        inner.batch_execute(
            "SELECT set_config(name, '0', true) FROM pg_settings \
             WHERE name IN ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout')",
        )?;
    }
    Ok(())
}

/// Undoes what [`begin_immediate`] began.
///
/// # Errors
/// The database's.
pub fn roll_back(conn: &mut Conn) -> Result<(), StoreError> {
    Ok(<Conn as diesel::Connection>::TransactionManager::rollback_transaction(conn)?)
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

/// Values that one statement asks for by a list. Source: SQLite takes 32,766 in a statement, its limit
/// `SQLITE_MAX_VARIABLE_NUMBER`; our choice, far from it.
pub(super) const ASKED_AT_ONCE: usize = 1_000;

/// Asks for what belongs to a list of values, some of them at a time: a list that grows with what is stored
/// must not grow a statement. Every `eq_any` over such a list stands in one of these, named `some`.
///
/// # Errors
/// `load`'s.
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

/// Inserts a slice of rows, many in a statement, which the two backends as one cannot.
macro_rules! insert_all {
    ($conn:expr, $table:expr, $rows:expr) => {
        for rows in $rows.chunks($crate::store::dialect::ROWS_AT_ONCE) {
            $crate::store::connection::each!($conn, inner => diesel::insert_into($table).values(rows).execute(inner))?;
        }
    };
}
pub(crate) use insert_all;

/// Hands over the rows of a query one by one; never more than a few are in memory.
///
/// # Errors
/// The database's, or `take`'s.
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
///
/// # Errors
/// The database's.
pub(super) fn execute_bound(conn: &mut Conn, sql: &str, values: &[(Kind, &Cell)]) -> Result<(), StoreError> {
    each!(conn, inner => bound(sql, values).execute(inner))?;
    Ok(())
}

/// Lets PostgreSQL's sequence of a column go on after the highest number; SQLite does by itself.
///
/// # Errors
/// The database's.
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

/// Whether the database has any table of ours or of others.
///
/// # Errors
/// The database's.
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
///
/// # Errors
/// The database's.
pub(super) fn schema_version(conn: &mut Conn) -> Result<Option<String>, StoreError> {
    if !has_tables(conn)? {
        return Ok(None);
    }
    let found: Version = each!(conn, inner => {
        diesel::sql_query("SELECT max(version) AS version FROM __diesel_schema_migrations").get_result(inner)
    })?;
    Ok(found.version)
}

/// Every migration that ever ran here; none where no program of ours was.
///
/// # Errors
/// The database's.
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

/// The tables of the database, whosever they are.
///
/// # Errors
/// The database's.
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

/// Reads into every table, and into every index of SQLite's: whatever lies at its root is looked at. Costs a
/// millisecond or two.
///
/// # Errors
/// The database's, naming the table.
pub(super) fn read_every_table(conn: &mut Conn) -> Result<(), StoreError> {
    for table in table_names(conn)? {
        let read = match conn {
            // Else it would be content with an index that has all that is asked for.
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

/// The same failure, saying where.
fn unreadable(name: &str, error: StoreError) -> StoreError {
    match error {
        StoreError::Unavailable(why) => StoreError::Unavailable(why),
        other => StoreError::Corrupt(format!("{name} cannot be read: {other}")),
    }
}

/// The first thing that SQLite finds wrong with a file of at most `bytes_max` bytes, as far as it can be told
/// without comparing each index with its table. A larger file would take too long; PostgreSQL has no such question.
///
/// # Errors
/// The database's.
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

/// A column that refers to another table's.
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

/// Every foreign key; ours have one column each.
///
/// # Errors
/// The database's.
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

/// What SQLite finds wrong with its own file, at most 100 sentences; PostgreSQL has no such question.
///
/// # Errors
/// The database's.
pub(super) fn damage(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    let Conn::Sqlite(inner) = conn else { return Ok(Vec::new()) };
    let found: Vec<Message> =
        diesel::sql_query("SELECT integrity_check AS message FROM pragma_integrity_check").load(inner)?;
    Ok(found.into_iter().map(|found| found.message).filter(|message| message != "ok").collect())
}

/// Runs statements without values.
///
/// # Errors
/// The database's.
pub(super) fn run(conn: &mut Conn, sql: &str) -> Result<(), StoreError> {
    Ok(each!(conn, inner => inner.batch_execute(sql))?)
}

/// The `number`-th value of a statement that has thousands: SQLite looks for a named one among all before it.
pub(super) fn placeholder(conn: &Conn, number: usize) -> String {
    match conn {
        Conn::Sqlite(_) => "?".to_owned(),
        Conn::Postgres(_) => format!("${number}"),
    }
}

/// The table that keeps how indexes are made which [`super::bulk`] set aside; usually there is none.
pub(super) const SET_ASIDE: &str = "indexes_set_aside";

/// An index that is there for speed alone.
#[derive(Debug, QueryableByName)]
pub(super) struct PlainIndex {
    #[diesel(sql_type = Text)]
    pub name: String,
    /// The statement that makes it.
    #[diesel(sql_type = Text)]
    pub definition: String,
}

/// Every index that holds no uniqueness.
///
/// # Errors
/// The database's.
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

/// How the indexes are made that were set aside.
///
/// # Errors
/// The database's.
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
