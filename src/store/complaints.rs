//! Complaints and suggestions.

use diesel::prelude::*;

use crate::domain::complaint::{Answer, Complaint, ComplaintKind};
use crate::domain::ids::{ComplaintId, UserId};
use crate::domain::time::Timestamp;
use crate::store::schema::complaints;
use crate::store::{Conn, StoreError};

#[derive(Queryable, Insertable)]
#[diesel(table_name = complaints)]
struct ComplaintRow {
    id: ComplaintId,
    author_id: UserId,
    kind: ComplaintKind,
    body: String,
    named: bool,
    filed_at: Timestamp,
    answered_at: Option<Timestamp>,
    answered_by: Option<UserId>,
    answer: Option<String>,
}

impl From<ComplaintRow> for Complaint {
    fn from(row: ComplaintRow) -> Self {
        let answer = match (row.answered_at, row.answered_by, row.answer) {
            (Some(at), Some(by), Some(text)) => Some(Answer { at, by, text }),
            _ => None,
        };
        Complaint {
            id: row.id,
            author_id: row.author_id,
            kind: row.kind,
            body: row.body,
            named: row.named,
            filed_at: row.filed_at,
            answer,
        }
    }
}

/// One complaint.
pub fn find(conn: &mut Conn, id: ComplaintId) -> Result<Option<Complaint>, StoreError> {
    let row: Option<ComplaintRow> = complaints::table.find(id).first(conn).optional()?;
    Ok(row.map(Complaint::from))
}

/// Stores a complaint without an answer.
///
/// # Errors
/// [`StoreError::Conflict`] when the id is taken.
pub fn insert(conn: &mut Conn, complaint: &Complaint) -> Result<(), StoreError> {
    let row = ComplaintRow {
        id: complaint.id,
        author_id: complaint.author_id,
        kind: complaint.kind,
        body: complaint.body.clone(),
        named: complaint.named,
        filed_at: complaint.filed_at,
        answered_at: None,
        answered_by: None,
        answer: None,
    };
    diesel::insert_into(complaints::table).values(row).execute(conn)?;
    Ok(())
}

/// Stores the answer to a complaint that has none.
///
/// # Errors
/// [`StoreError::Stale`] when it has one.
pub fn set_answer(conn: &mut Conn, id: ComplaintId, answer: &Answer) -> Result<(), StoreError> {
    let open = complaints::table.filter(complaints::id.eq(id)).filter(complaints::answered_at.is_null());
    let changed = diesel::update(open)
        .set((
            complaints::answered_at.eq(Some(answer.at)),
            complaints::answered_by.eq(Some(answer.by)),
            complaints::answer.eq(Some(&answer.text)),
        ))
        .execute(conn)?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// Filing times of this person's complaints since `since`, the oldest first.
pub fn filed_since(conn: &mut Conn, author: UserId, since: Timestamp) -> Result<Vec<Timestamp>, StoreError> {
    Ok(complaints::table
        .filter(complaints::author_id.eq(author))
        .filter(complaints::filed_at.gt(since))
        .order(complaints::filed_at)
        .select(complaints::filed_at)
        .load(conn)?)
}

/// A person's own complaints, latest first.
pub fn by_author(conn: &mut Conn, author: UserId, limit: i64) -> Result<Vec<Complaint>, StoreError> {
    let rows: Vec<ComplaintRow> = complaints::table
        .filter(complaints::author_id.eq(author))
        .order((complaints::filed_at.desc(), complaints::id.desc()))
        .limit(limit)
        .load(conn)?;
    Ok(rows.into_iter().map(Complaint::from).collect())
}

/// Complaints of these kinds, answered or not, latest first, after the complaint `after`.
pub fn list(
    conn: &mut Conn,
    kinds: &[ComplaintKind],
    answered: Option<bool>,
    after: Option<(Timestamp, ComplaintId)>,
    limit: i64,
) -> Result<Vec<Complaint>, StoreError> {
    let mut query = complaints::table.filter(complaints::kind.eq_any(kinds)).into_boxed();
    match answered {
        Some(true) => query = query.filter(complaints::answered_at.is_not_null()),
        Some(false) => query = query.filter(complaints::answered_at.is_null()),
        None => {}
    }
    if let Some((at, id)) = after {
        let earlier = complaints::filed_at.lt(at);
        query = query.filter(earlier.or(complaints::filed_at.eq(at).and(complaints::id.lt(id))));
    }
    let rows: Vec<ComplaintRow> =
        query.order((complaints::filed_at.desc(), complaints::id.desc())).limit(limit).load(conn)?;
    Ok(rows.into_iter().map(Complaint::from).collect())
}

/// How many complaints of these kinds wait for an answer, and how many have one.
pub fn count(conn: &mut Conn, kinds: &[ComplaintKind]) -> Result<(i64, i64), StoreError> {
    let of_kinds = || complaints::table.filter(complaints::kind.eq_any(kinds));
    let open = of_kinds().filter(complaints::answered_at.is_null()).count().get_result(conn)?;
    let answered = of_kinds().filter(complaints::answered_at.is_not_null()).count().get_result(conn)?;
    Ok((open, answered))
}
