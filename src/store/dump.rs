//! Tables as values that mean the same on both databases: the content of a backup.

use diesel::deserialize::{self, FromSql, QueryableByName};
use diesel::prelude::*;
use diesel::row::{Field, NamedRow};
use diesel::sql_types::{BigInt, Binary, Bool, Double, HasSqlType, Integer, Nullable, Text};
use serde::{Deserialize, Serialize};

use super::connection::Conn;
use super::{StoreError, dialect, migrate, pool, schema};

/// The kind of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs, reason = "the names say it")]
pub enum Kind {
    Bool,
    Integer,
    BigInt,
    Double,
    Text,
    Bytes,
}

/// One column: name and kind. It may be missing from a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnShape(pub String, pub Kind);

/// One table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableShape {
    /// Its name.
    pub table: String,
    /// Its columns, in order.
    pub columns: Vec<ColumnShape>,
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Cell {
    Null,
    Bool(bool),
    Integer(i32),
    BigInt(i64),
    Double(f64),
    Text(String),
    Bytes(Vec<u8>),
}

/// Tables that a backup leaves out: sessions, failed logins, counts of changes, and what can be regenerated. After a
/// restore everybody logs in again, the index of issues is filled again, and unsettled issues are looked at again for
/// cards and choke points.
pub const LEFT_OUT: [&str; 11] = [
    "change_counts",
    "sessions",
    "sign_in_throttles",
    "long_jobs",
    "long_job_pieces",
    "issue_index_todo",
    "issue_index_docs",
    "issue_index_terms",
    "issue_index_chunks",
    "follow_up_watches",
    "choke_points",
];

/// Columns that may refer to a later row of their own table; they are filled in at the end.
pub const FORWARD: [(&str, &str); 1] = [("issues", "duplicate_of")];

/// Values of one statement. Source: SQLite takes 32,766 (its limit `SQLITE_MAX_VARIABLE_NUMBER`), PostgreSQL
/// 65,535; our choice, far from both.
const VALUES_MAX: usize = 10_000;

/// The kind of a diesel type.
trait KindOf {
    const KIND: Kind;
}

macro_rules! kinds {
    ($($sql:ident $kind:ident)+) => {$(
        impl KindOf for $sql { const KIND: Kind = Kind::$kind; }
        impl KindOf for Nullable<$sql> { const KIND: Kind = Kind::$kind; }
    )+};
}
kinds! { Bool Bool Integer Integer BigInt BigInt Double Double Text Text Binary Bytes }

/// The columns of a table, as a tuple of diesel's.
trait Columns {
    fn shapes() -> Vec<ColumnShape>;
}

macro_rules! columns {
    () => {};
    ($head:ident $($tail:ident)*) => {
        impl<$head: Column, $($tail: Column),*> Columns for ($head, $($tail,)*)
        where
            $head::SqlType: KindOf,
            $($tail::SqlType: KindOf),*
        {
            fn shapes() -> Vec<ColumnShape> {
                vec![
                    ColumnShape($head::NAME.to_owned(), <$head::SqlType as KindOf>::KIND),
                    $(ColumnShape($tail::NAME.to_owned(), <$tail::SqlType as KindOf>::KIND)),*
                ]
            }
        }
        columns! { $($tail)* }
    };
}
columns! {
    A0 A1 A2 A3 A4 A5 A6 A7 A8 A9 B0 B1 B2 B3 B4 B5 B6 B7 B8 B9 C0 C1 C2 C3 C4 C5 C6 C7 C8 C9 D0 D1
    D2 D3 D4 D5 D6 D7 D8 D9 E0 E1 E2 E3 E4 E5 E6 E7 E8 E9 F0 F1 F2 F3 F4 F5 F6 F7 F8 F9 G0 G1 G2 G3
}

fn shape<T: Table>(name: &str, _: T) -> TableShape
where
    T::AllColumns: Columns,
{
    TableShape { table: name.to_owned(), columns: T::AllColumns::shapes() }
}

macro_rules! shapes {
    ($($table:ident)+) => { vec![$(shape(stringify!($table), schema::$table::table)),+] };
}

/// The tables of a backup, each after the tables that its rows refer to.
#[must_use]
pub fn tables() -> Vec<TableShape> {
    shapes! {
        settings calendars units campaigns users former_passwords point_types items points duties blobs fingerprint_bands
        unit_fingerprint_bands photos
        issues issue_photos issue_flags issue_returns issue_requests issue_pauses issue_events step_keys
        batches batch_events draws draw_inspectors tasks task_inspectors recused_points recused_units
        visits visit_results visit_doubts visit_photos visit_scores visit_losses gap_cells item_efforts assessments schedules
        capture_nonces unit_people pairings leader_notes repeat_draws repeats
        issue_milestones issue_needs point_heads permitted_zones identity_keepers name_requests batch_step_keys
        audit denials complaints map_images saved_views unlisted_places
        look_back_samples look_back_people look_back_rows cards card_events accountability_cases
        self_reports self_report_photos own_look_backs
        jobs
        outbox notice_recipients notices notice_marks notice_mutes
        month_rules unit_groups months month_events month_pieces month_adjustments commendations
        ledger_entries ledger_events year_adjustments
    }
}

/// The first column of a table, which identifies its rows.
pub(super) fn key_of(table: &str) -> Option<(String, Kind)> {
    let left_out = shapes! {
        sessions sign_in_throttles long_jobs long_job_pieces issue_index_todo issue_index_docs issue_index_terms
        issue_index_chunks change_counts follow_up_watches choke_points
    };
    let shape = tables().into_iter().chain(left_out).find(|shape| shape.table == table)?;
    shape.columns.into_iter().next().map(|ColumnShape(name, kind)| (name, kind))
}

/// A row as it is read: the first letter of a field's name gives its kind.
pub(super) struct Row(pub(super) Vec<Cell>);

impl Kind {
    pub(super) const fn letter(self) -> char {
        match self {
            Kind::Bool => 'o',
            Kind::Integer => 'i',
            Kind::BigInt => 'l',
            Kind::Double => 'd',
            Kind::Text => 't',
            Kind::Bytes => 'b',
        }
    }
}

impl<DB> QueryableByName<DB> for Row
where
    DB: diesel::backend::Backend,
    bool: FromSql<Bool, DB>,
    i32: FromSql<Integer, DB>,
    i64: FromSql<BigInt, DB>,
    f64: FromSql<Double, DB>,
    String: FromSql<Text, DB>,
    Vec<u8>: FromSql<Binary, DB>,
{
    fn build<'a>(row: &impl NamedRow<'a, DB>) -> deserialize::Result<Self> {
        let mut cells = Vec::with_capacity(row.field_count());
        for at in 0..row.field_count() {
            let field = diesel::row::Row::get(row, at).ok_or("a field is missing")?;
            let letter = field.field_name().and_then(|name| name.chars().next());
            cells.push(match (field.value(), letter) {
                (None, _) => Cell::Null,
                (Some(raw), Some('o')) => Cell::Bool(bool::from_sql(raw)?),
                (Some(raw), Some('i')) => Cell::Integer(i32::from_sql(raw)?),
                (Some(raw), Some('l')) => Cell::BigInt(i64::from_sql(raw)?),
                (Some(raw), Some('d')) => Cell::Double(f64::from_sql(raw)?),
                (Some(raw), Some('t')) => Cell::Text(String::from_sql(raw)?),
                (Some(raw), _) => Cell::Bytes(Vec::from_sql(raw)?),
            });
        }
        Ok(Row(cells))
    }
}

/// Hands over every row of a table, one by one, in the order of its key.
///
/// # Errors
/// Those of `take`.
pub fn each_row<E: From<StoreError>>(
    conn: &mut Conn,
    shape: &TableShape,
    mut take: impl FnMut(Vec<Cell>) -> Result<(), E>,
) -> Result<(), E> {
    let fields: Vec<String> =
        (0..).zip(&shape.columns).map(|(at, column)| format!("{} AS {}{at}", column.0, column.1.letter())).collect();
    // No key has more than three columns, and they come first.
    let key = &["1", "2", "3"][..shape.columns.len().min(3)];
    let sql = format!("SELECT {} FROM {} ORDER BY {}", fields.join(", "), shape.table, key.join(", "));
    dialect::each_row(conn, &sql, |row: Row| take(row.0))
}

/// Inserts rows into a table.
///
/// # Errors
/// A constraint refuses one, or a value is of another kind than its column.
pub fn insert(conn: &mut Conn, shape: &TableShape, rows: &[Vec<Cell>]) -> Result<(), StoreError> {
    let names: Vec<&str> = shape.columns.iter().map(|column| column.0.as_str()).collect();
    for rows in rows.chunks((VALUES_MAX / names.len().max(1)).clamp(1, 500)) {
        let mut number = 0;
        let groups: Vec<String> = rows
            .iter()
            .map(|row| {
                let places = row.iter().map(|_| {
                    number += 1;
                    dialect::placeholder(conn, number)
                });
                format!("({})", places.collect::<Vec<_>>().join(", "))
            })
            .collect();
        let sql = format!("INSERT INTO {} ({}) VALUES {}", shape.table, names.join(", "), groups.join(", "));
        let values = rows.iter().flat_map(|row| row.iter().zip(&shape.columns).map(|(cell, column)| (column.1, cell)));
        dialect::execute_bound(conn, &sql, &values.collect::<Vec<_>>())?;
    }
    Ok(())
}

/// Sets one column of the row that another column identifies.
pub fn fill_in(conn: &mut Conn, table: &str, set: (&str, &Cell), of: (&str, &Cell)) -> Result<(), StoreError> {
    let sql = format!("UPDATE {table} SET {} = $1 WHERE {} = $2", set.0, of.0);
    dialect::execute_bound(conn, &sql, &[(set.1.kind(), set.1), (of.1.kind(), of.1)])
}

impl Cell {
    fn kind(&self) -> Kind {
        match self {
            Cell::Bool(_) => Kind::Bool,
            Cell::Integer(_) => Kind::Integer,
            Cell::BigInt(_) => Kind::BigInt,
            Cell::Double(_) => Kind::Double,
            Cell::Text(_) => Kind::Text,
            Cell::Null | Cell::Bytes(_) => Kind::Bytes,
        }
    }
}

/// A query with its values bound, each with its column's kind.
pub(super) fn bound<'a, DB>(
    sql: &str,
    values: &[(Kind, &'a Cell)],
) -> diesel::query_builder::BoxedSqlQuery<'a, DB, diesel::query_builder::SqlQuery>
where
    DB: diesel::backend::Backend
        + HasSqlType<Bool>
        + HasSqlType<Integer>
        + HasSqlType<BigInt>
        + HasSqlType<Double>
        + HasSqlType<Text>
        + HasSqlType<Binary>,
    Option<bool>: diesel::serialize::ToSql<Nullable<Bool>, DB>,
    Option<i32>: diesel::serialize::ToSql<Nullable<Integer>, DB>,
    Option<i64>: diesel::serialize::ToSql<Nullable<BigInt>, DB>,
    Option<f64>: diesel::serialize::ToSql<Nullable<Double>, DB>,
    Option<&'a str>: diesel::serialize::ToSql<Nullable<Text>, DB>,
    Option<&'a [u8]>: diesel::serialize::ToSql<Nullable<Binary>, DB>,
{
    let mut query = diesel::sql_query(sql).into_boxed();
    for (kind, cell) in values {
        query = match (cell, kind) {
            (Cell::Bool(value), _) => query.bind::<Nullable<Bool>, _>(Some(*value)),
            (Cell::Integer(value), _) => query.bind::<Nullable<Integer>, _>(Some(*value)),
            (Cell::BigInt(value), _) => query.bind::<Nullable<BigInt>, _>(Some(*value)),
            (Cell::Double(value), _) => query.bind::<Nullable<Double>, _>(Some(*value)),
            (Cell::Text(value), _) => query.bind::<Nullable<Text>, _>(Some(value.as_str())),
            (Cell::Bytes(value), _) => query.bind::<Nullable<Binary>, _>(Some(value.as_slice())),
            (Cell::Null, Kind::Bool) => query.bind::<Nullable<Bool>, _>(None::<bool>),
            (Cell::Null, Kind::Integer) => query.bind::<Nullable<Integer>, _>(None::<i32>),
            (Cell::Null, Kind::BigInt) => query.bind::<Nullable<BigInt>, _>(None::<i64>),
            (Cell::Null, Kind::Double) => query.bind::<Nullable<Double>, _>(None::<f64>),
            (Cell::Null, Kind::Text) => query.bind::<Nullable<Text>, _>(None::<&'a str>),
            (Cell::Null, Kind::Bytes) => query.bind::<Nullable<Binary>, _>(None::<&'a [u8]>),
        };
    }
    query
}

/// Lets a table continue counting after rows that were inserted with their own numbers.
pub fn continue_counting(conn: &mut Conn, shape: &TableShape) -> Result<(), StoreError> {
    match shape.columns.first() {
        Some(ColumnShape(name, Kind::BigInt)) if name == "seq" => dialect::continue_counting(conn, &shape.table, name),
        _ => Ok(()),
    }
}

/// Runs `work` in one read-only transaction with a single snapshot.
///
/// # Errors
/// Those of `work`.
pub fn in_snapshot<T, E: From<StoreError>>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    dialect::begin_snapshot(conn)?;
    pool::in_transaction(conn, work)
}

/// Creates the schema of `version` in an empty database, runs `fill` on it, and then migrates it to the present schema;
/// all of it, or nothing.
///
/// # Errors
/// Those of `fill`; [`StoreError::Refused`] when the database is not empty.
pub fn into_empty<T, E: From<StoreError>>(
    conn: &mut Conn,
    version: &str,
    fill: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    dialect::without_foreign_keys(conn, |conn| {
        dialect::begin_immediate(conn)?;
        pool::in_transaction(conn, |conn| {
            if dialect::has_tables(conn)? {
                return Err(StoreError::Refused("it has tables already; a restore needs an empty one".into()).into());
            }
            migrate::migrate_to(conn, version)?;
            let filled = fill(conn)?;
            migrate::migrate(conn)?;
            // The rows were put in without a look at what they refer to.
            dialect::assert_references(conn)?;
            Ok(filled)
        })
    })
}

/// Whether the database has any table.
pub fn is_empty(conn: &mut Conn) -> Result<bool, StoreError> {
    Ok(!dialect::has_tables(conn)?)
}
