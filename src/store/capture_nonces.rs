//! Random numbers that phones were given ahead, each for one finding.

use diesel::prelude::*;

use crate::domain::ids::{CaptureNonce, NonceSupplyId, UserId};
use crate::domain::time::Timestamp;
use crate::store::dialect::insert_all;
use crate::store::schema::capture_nonces;
use crate::store::{Conn, StoreError};

#[derive(Insertable)]
#[diesel(table_name = capture_nonces)]
struct NonceRow {
    nonce: CaptureNonce,
    supply_id: NonceSupplyId,
    inspector_id: UserId,
    issued_at: Timestamp,
    used_for: Option<Vec<u8>>,
    used_at: Option<Timestamp>,
}

/// The numbers of a supply that are not used, with whose they are and when they were given; `None` when there is no such
/// supply.
pub fn supply(
    conn: &mut Conn,
    id: NonceSupplyId,
) -> Result<Option<(UserId, Timestamp, Vec<CaptureNonce>)>, StoreError> {
    let rows: Vec<(CaptureNonce, UserId, Timestamp, Option<Timestamp>)> = capture_nonces::table
        .filter(capture_nonces::supply_id.eq(id))
        .order(capture_nonces::nonce)
        .select((
            capture_nonces::nonce,
            capture_nonces::inspector_id,
            capture_nonces::issued_at,
            capture_nonces::used_at,
        ))
        .load(conn)?;
    let Some((_, whose, issued_at, _)) = rows.first().copied() else { return Ok(None) };
    let unused = rows.into_iter().filter(|(.., used)| used.is_none()).map(|(nonce, ..)| nonce);
    Ok(Some((whose, issued_at, unused.collect())))
}

/// Gives out these numbers.
pub fn insert(
    conn: &mut Conn,
    supply: NonceSupplyId,
    inspector: UserId,
    nonces: &[CaptureNonce],
    at: Timestamp,
) -> Result<(), StoreError> {
    let row = |nonce: &CaptureNonce| NonceRow {
        nonce: *nonce,
        supply_id: supply,
        inspector_id: inspector,
        issued_at: at,
        used_for: None,
        used_at: None,
    };
    let rows: Vec<NonceRow> = nonces.iter().map(row).collect();
    insert_all!(conn, capture_nonces::table, rows);
    Ok(())
}

/// How many of this person's numbers that were given after `since` are not used.
pub fn count_unused(conn: &mut Conn, inspector: UserId, since: Timestamp) -> Result<i64, StoreError> {
    Ok(capture_nonces::table
        .filter(capture_nonces::inspector_id.eq(inspector))
        .filter(capture_nonces::issued_at.gt(since))
        .filter(capture_nonces::used_at.is_null())
        .count()
        .get_result(conn)?)
}

/// Forgets this person's unused numbers that were given at or before `until`.
pub fn forget_unused(conn: &mut Conn, inspector: UserId, until: Timestamp) -> Result<(), StoreError> {
    let old = capture_nonces::table
        .filter(capture_nonces::inspector_id.eq(inspector))
        .filter(capture_nonces::issued_at.le(until))
        .filter(capture_nonces::used_at.is_null());
    diesel::delete(old).execute(conn)?;
    Ok(())
}

/// What a number that a finding names turns out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    /// It was given to this person at this time, and is used from now on.
    Now(Timestamp),
    /// It was used before.
    Before,
    /// It was never given to this person.
    Unknown,
}

/// Uses a number for the record with these bytes as its id. Of two at once one has it: the database lets the second
/// update wait for the first, and it then finds the number used.
pub fn spend(
    conn: &mut Conn,
    nonce: CaptureNonce,
    inspector: UserId,
    used_for: &[u8; 16],
    at: Timestamp,
) -> Result<Spent, StoreError> {
    let own = || {
        capture_nonces::table.filter(capture_nonces::nonce.eq(nonce)).filter(capture_nonces::inspector_id.eq(inspector))
    };
    let updated = diesel::update(own().filter(capture_nonces::used_at.is_null()))
        .set((capture_nonces::used_for.eq(Some(used_for.to_vec())), capture_nonces::used_at.eq(Some(at))))
        .execute(conn)?;
    let given: Option<Timestamp> = own().select(capture_nonces::issued_at).first(conn).optional()?;
    Ok(match given {
        Some(given) if updated > 0 => Spent::Now(given),
        Some(_) => Spent::Before,
        None => Spent::Unknown,
    })
}
