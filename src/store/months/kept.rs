//! Adjustments, commendations, and the ledger of rewards and penalties, which are stored beside the months.

use diesel::prelude::*;

use super::{json, read};
use crate::domain::ids::{AdjustmentId, CommendationId, LedgerEntryId, UnitId, UserId};
use crate::domain::month::ledger::{Entry, EntryAction};
use crate::domain::month::{Exact, Month};
use crate::domain::time::{Date, Timestamp};
use crate::store::schema::{commendations, ledger_entries, ledger_events, month_adjustments, year_adjustments};
use crate::store::{Conn, StoreError};

/// A line that corrects a locked month in a later one.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = month_adjustments)]
pub struct Adjustment {
    /// Identity.
    pub id: AdjustmentId,
    /// The unit.
    pub unit_id: UnitId,
    /// The month that it corrects.
    pub of_month: Month,
    /// The month that it counts in.
    pub in_month: Month,
    /// Points, added or (negative) taken away.
    pub points: Exact,
    /// Why.
    pub reason: String,
    /// The document that decided it.
    pub document_no: String,
    /// Who made it.
    pub made_by: UserId,
    /// When.
    pub made_at: Timestamp,
}

/// The adjustments that count in a month.
pub fn adjustments(conn: &mut Conn, month: Month) -> Result<Vec<Adjustment>, StoreError> {
    Ok(month_adjustments::table
        .filter(month_adjustments::in_month.eq(month))
        .order(month_adjustments::id)
        .load(conn)?)
}

/// One adjustment.
pub fn find_adjustment(conn: &mut Conn, id: AdjustmentId) -> Result<Option<Adjustment>, StoreError> {
    Ok(month_adjustments::table.find(id).first(conn).optional()?)
}

/// Keeps an adjustment.
pub fn insert_adjustment(conn: &mut Conn, adjustment: Adjustment) -> Result<(), StoreError> {
    diesel::insert_into(month_adjustments::table).values(adjustment).execute(conn)?;
    Ok(())
}

/// A commendation by a higher level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commendation {
    /// Identity.
    pub id: CommendationId,
    /// The unit.
    pub unit_id: UnitId,
    /// The month that it counts in.
    pub in_month: Month,
    /// The day on which it was given.
    pub given_on: Date,
    /// For what.
    pub title: String,
    /// Its document.
    pub document_no: String,
    /// Who recorded it.
    pub made_by: UserId,
    /// When.
    pub made_at: Timestamp,
}

type CommendationRow = (CommendationId, UnitId, Month, String, String, String, UserId, Timestamp);

fn commendation(row: CommendationRow) -> Result<Commendation, StoreError> {
    let (id, unit_id, in_month, given_on, title, document_no, made_by, made_at) = row;
    let given_on = given_on.parse().map_err(|_| StoreError::Corrupt(format!("`{given_on}` is no day")))?;
    Ok(Commendation { id, unit_id, in_month, given_on, title, document_no, made_by, made_at })
}

/// The commendations that count in a month.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn commendations(conn: &mut Conn, month: Month) -> Result<Vec<Commendation>, StoreError> {
    let rows: Vec<CommendationRow> =
        commendations::table.filter(commendations::in_month.eq(month)).order(commendations::id).load(conn)?;
    rows.into_iter().map(commendation).collect()
}

/// One commendation.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn find_commendation(conn: &mut Conn, id: CommendationId) -> Result<Option<Commendation>, StoreError> {
    let row: Option<CommendationRow> = commendations::table.find(id).first(conn).optional()?;
    row.map(commendation).transpose()
}

/// Keeps a commendation.
pub fn insert_commendation(conn: &mut Conn, of: &Commendation) -> Result<(), StoreError> {
    diesel::insert_into(commendations::table)
        .values((
            commendations::id.eq(of.id),
            commendations::unit_id.eq(of.unit_id),
            commendations::in_month.eq(of.in_month),
            commendations::given_on.eq(of.given_on.to_string()),
            commendations::title.eq(&of.title),
            commendations::document_no.eq(&of.document_no),
            commendations::made_by.eq(of.made_by),
            commendations::made_at.eq(of.made_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// An adjustment at the end of a year.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = year_adjustments)]
pub struct EndOfYear {
    /// Identity.
    pub id: AdjustmentId,
    /// The unit.
    pub unit_id: UnitId,
    /// The year.
    pub year: i32,
    /// Points, added or (negative) taken away.
    pub points: Exact,
    /// Why.
    pub reason: String,
    /// The document that decided it.
    pub document_no: String,
    /// Who made it.
    pub made_by: UserId,
    /// When.
    pub made_at: Timestamp,
}

/// The adjustments of a year.
pub fn year_adjustments(conn: &mut Conn, year: i32) -> Result<Vec<EndOfYear>, StoreError> {
    Ok(year_adjustments::table.filter(year_adjustments::year.eq(year)).order(year_adjustments::id).load(conn)?)
}

/// One of them.
pub fn find_year_adjustment(conn: &mut Conn, id: AdjustmentId) -> Result<Option<EndOfYear>, StoreError> {
    Ok(year_adjustments::table.find(id).first(conn).optional()?)
}

/// Keeps one.
pub fn insert_year_adjustment(conn: &mut Conn, of: EndOfYear) -> Result<(), StoreError> {
    diesel::insert_into(year_adjustments::table).values(of).execute(conn)?;
    Ok(())
}

/// The ledger entries of a month, each with its version.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn entries(conn: &mut Conn, month: Month) -> Result<Vec<(Entry, i64)>, StoreError> {
    let rows: Vec<(String, i64)> = ledger_entries::table
        .filter(ledger_entries::month.eq(month))
        .order(ledger_entries::id)
        .select((ledger_entries::body, ledger_entries::version))
        .load(conn)?;
    rows.into_iter().map(|(body, version)| Ok((read(&body)?, version))).collect()
}

/// One entry with its version.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn entry(conn: &mut Conn, id: LedgerEntryId) -> Result<Option<(Entry, i64)>, StoreError> {
    let row: Option<(String, i64)> = ledger_entries::table
        .find(id)
        .select((ledger_entries::body, ledger_entries::version))
        .first(conn)
        .optional()?;
    row.map(|(body, version)| Ok((read(&body)?, version))).transpose()
}

fn event(
    conn: &mut Conn,
    entry: &Entry,
    version: i64,
    (at, by, action): (Timestamp, Option<UserId>, Option<EntryAction>),
) -> Result<(), StoreError> {
    diesel::insert_into(ledger_events::table)
        .values((
            ledger_events::entry_id.eq(entry.id),
            ledger_events::version.eq(version),
            ledger_events::at.eq(at),
            ledger_events::actor_id.eq(by),
            ledger_events::action.eq(action),
            ledger_events::body.eq(json(entry)?),
        ))
        .execute(conn)?;
    Ok(())
}

/// Keeps a proposed entry, unless one with its key is there.
pub fn insert_entry(conn: &mut Conn, entry: &Entry, at: Timestamp, by: Option<UserId>) -> Result<(), StoreError> {
    let there = ledger_entries::table.filter(ledger_entries::entry_key.eq(&entry.key));
    if diesel::select(diesel::dsl::exists(there)).get_result(conn)? {
        return Ok(());
    }
    diesel::insert_into(ledger_entries::table)
        .values((
            ledger_entries::id.eq(entry.id),
            ledger_entries::entry_key.eq(&entry.key),
            ledger_entries::month.eq(entry.month),
            ledger_entries::unit_id.eq(entry.unit_id),
            ledger_entries::version.eq(1_i64),
            ledger_entries::state.eq(entry.state),
            ledger_entries::body.eq(json(entry)?),
        ))
        .execute(conn)?;
    event(conn, entry, 1, (at, by, None))
}

/// Writes an entry after a step that was decided on version `seen`; answers its new version.
///
/// # Errors
/// [`StoreError::Stale`] when it has another version.
pub fn update_entry(
    conn: &mut Conn,
    entry: &Entry,
    seen: i64,
    (at, by, action): (Timestamp, UserId, EntryAction),
) -> Result<i64, StoreError> {
    let row = ledger_entries::table.filter(ledger_entries::id.eq(entry.id)).filter(ledger_entries::version.eq(seen));
    let set = (
        ledger_entries::version.eq(seen + 1),
        ledger_entries::state.eq(entry.state),
        ledger_entries::body.eq(json(entry)?),
    );
    if diesel::update(row).set(set).execute(conn)? != 1 {
        return Err(StoreError::Stale);
    }
    event(conn, entry, seen + 1, (at, Some(by), Some(action)))?;
    Ok(seen + 1)
}
