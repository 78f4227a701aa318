//! Keepers of the names behind code names, and requests to read a name.

use diesel::prelude::*;

use crate::domain::ids::{BatchId, NameRequestId, UserId};
use crate::domain::name_request::NameRequest;
use crate::domain::time::Timestamp;
use crate::store::schema::{identity_keepers, name_requests};
use crate::store::{Conn, StoreError};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = name_requests)]
struct RequestRow {
    id: NameRequestId,
    batch_id: BatchId,
    code_name: String,
    reason: String,
    asked_by: UserId,
    asked_at: Timestamp,
    answered_by: Option<UserId>,
    answered_at: Option<Timestamp>,
    consented: Option<bool>,
    read_at: Option<Timestamp>,
}

impl From<RequestRow> for NameRequest {
    fn from(row: RequestRow) -> Self {
        let answer = row.answered_by.zip(row.answered_at).zip(row.consented);
        NameRequest {
            id: row.id,
            batch_id: row.batch_id,
            code_name: row.code_name,
            reason: row.reason,
            asked_by: row.asked_by,
            asked_at: row.asked_at,
            answer: answer.map(|((by, at), consented)| (by, at, consented)),
            read_at: row.read_at,
        }
    }
}

/// Requests of one batch that are listed. Source: our choice; more than one is rare.
const LISTED_MAX: i64 = 200;

/// The last requests for names of a batch, the latest first.
pub fn of_batch(conn: &mut Conn, batch: BatchId) -> Result<Vec<NameRequest>, StoreError> {
    let rows: Vec<RequestRow> = name_requests::table
        .filter(name_requests::batch_id.eq(batch))
        .order((name_requests::asked_at.desc(), name_requests::id.desc()))
        .limit(LISTED_MAX)
        .select(RequestRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(NameRequest::from).collect())
}

/// One of them.
pub fn find(conn: &mut Conn, id: NameRequestId) -> Result<Option<NameRequest>, StoreError> {
    let row: Option<RequestRow> =
        name_requests::table.find(id).select(RequestRow::as_select()).first(conn).optional()?;
    Ok(row.map(NameRequest::from))
}

/// Keeps a new request.
///
/// # Errors
/// [`StoreError::Conflict`] when the id is taken.
pub fn insert(conn: &mut Conn, request: &NameRequest) -> Result<(), StoreError> {
    let NameRequest { id, batch_id, code_name, reason, asked_by, asked_at, answer, read_at } = request.clone();
    let row = RequestRow {
        id,
        batch_id,
        code_name,
        reason,
        asked_by,
        asked_at,
        answered_by: answer.map(|(by, ..)| by),
        answered_at: answer.map(|(_, at, _)| at),
        consented: answer.map(|(.., consented)| consented),
        read_at,
    };
    diesel::insert_into(name_requests::table).values(row).execute(conn)?;
    Ok(())
}

/// Keeps its answer.
///
/// # Errors
/// [`StoreError::Stale`] when it has one.
pub fn answer(
    conn: &mut Conn,
    id: NameRequestId,
    (by, at, consented): (UserId, Timestamp, bool),
) -> Result<(), StoreError> {
    let waiting = name_requests::table.find(id).filter(name_requests::answered_at.is_null());
    let changed = diesel::update(waiting)
        .set((
            name_requests::answered_by.eq(Some(by)),
            name_requests::answered_at.eq(Some(at)),
            name_requests::consented.eq(Some(consented)),
        ))
        .execute(conn)?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// Notes that the name is read.
///
/// # Errors
/// [`StoreError::Stale`] when it was read before.
pub fn note_read(conn: &mut Conn, id: NameRequestId, at: Timestamp) -> Result<(), StoreError> {
    let unread = name_requests::table.find(id).filter(name_requests::read_at.is_null());
    let changed = diesel::update(unread).set(name_requests::read_at.eq(Some(at))).execute(conn)?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// The keepers, the first named first.
pub fn keepers(conn: &mut Conn) -> Result<Vec<UserId>, StoreError> {
    Ok(identity_keepers::table
        .order((identity_keepers::named_at, identity_keepers::user_id))
        .select(identity_keepers::user_id)
        .load(conn)?)
}

/// Whether this account is a keeper.
pub fn is_keeper(conn: &mut Conn, user: UserId) -> Result<bool, StoreError> {
    Ok(diesel::select(diesel::dsl::exists(identity_keepers::table.find(user))).get_result(conn)?)
}

/// Names a keeper.
pub fn add_keeper(conn: &mut Conn, user: UserId, by: UserId, at: Timestamp) -> Result<(), StoreError> {
    diesel::insert_into(identity_keepers::table)
        .values((
            identity_keepers::user_id.eq(user),
            identity_keepers::named_by.eq(by),
            identity_keepers::named_at.eq(at),
        ))
        .execute(conn)?;
    Ok(())
}

/// The account is no keeper any more.
pub fn remove_keeper(conn: &mut Conn, user: UserId) -> Result<(), StoreError> {
    diesel::delete(identity_keepers::table.find(user)).execute(conn)?;
    Ok(())
}
