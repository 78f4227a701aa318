//! The audit records: appended and listed, never changed.

use diesel::prelude::*;

use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::ids::UserId;
use crate::domain::role::Role;
use crate::domain::time::Timestamp;
use crate::store::dialect::each_some;
use crate::store::schema::audit;
use crate::store::{Conn, StoreError};

/// Appends a record, in the transaction of what it records.
pub fn append(conn: &mut Conn, entry: &AuditEntry) -> Result<(), StoreError> {
    diesel::insert_into(audit::table)
        .values((
            audit::at.eq(entry.at),
            audit::actor_id.eq(entry.actor_id),
            audit::actor_role.eq(entry.actor_role),
            audit::action.eq(entry.action),
            audit::target.eq(&entry.target),
            audit::outcome.eq(entry.outcome),
            audit::detail.eq(&entry.detail),
            audit::request_id.eq(&entry.request_id),
        ))
        .execute(conn)?;
    Ok(())
}

/// The records of this action that were made in these requests.
pub fn of_requests(conn: &mut Conn, action: AuditAction, requests: &[String]) -> Result<Vec<AuditEntry>, StoreError> {
    each_some(requests, |some| {
        let rows: Vec<Row> = audit::table
            .filter(audit::action.eq(action))
            .filter(audit::request_id.eq_any(some))
            .order(audit::seq)
            .select(ROW)
            .load(conn)?;
        Ok(rows.into_iter().map(|row| read(row).1).collect())
    })
}

impl Default for AuditFilter {
    /// All of them.
    fn default() -> Self {
        let (from, to) = (Timestamp::from_micros(i64::MIN), Timestamp::from_micros(i64::MAX));
        AuditFilter { action: None, who: None, from, to }
    }
}

/// When the record with this sequence number was made.
pub fn time_of(conn: &mut Conn, seq: i64) -> Result<Option<Timestamp>, StoreError> {
    Ok(audit::table.find(seq).select(audit::at).first(conn).optional()?)
}

type Row = (i64, Timestamp, Option<UserId>, Option<Role>, AuditAction, String, Outcome, String, String);

const ROW: (
    audit::seq,
    audit::at,
    audit::actor_id,
    audit::actor_role,
    audit::action,
    audit::target,
    audit::outcome,
    audit::detail,
    audit::request_id,
) = (
    audit::seq,
    audit::at,
    audit::actor_id,
    audit::actor_role,
    audit::action,
    audit::target,
    audit::outcome,
    audit::detail,
    audit::request_id,
);

fn read((seq, at, actor_id, actor_role, action, target, outcome, detail, request_id): Row) -> (i64, AuditEntry) {
    (seq, AuditEntry { at, actor_id, actor_role, action, target, outcome, detail, request_id })
}

/// Which records are listed, here and among the refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditFilter {
    /// Of this action.
    pub action: Option<AuditAction>,
    /// By this person.
    pub who: Option<UserId>,
    /// At or after this instant.
    pub from: Timestamp,
    /// Before this instant. Both are always there, so that every list is a range of an index.
    pub to: Timestamp,
}

impl AuditFilter {
    /// The last instant that is read, behind a record of `before`. It is for `BETWEEN`: with two conditions or three in
    /// its place, and without statistics, SQLite takes the index of the person or of the action alone where both are
    /// asked for.
    pub(super) fn last(&self, before: Option<Timestamp>) -> Timestamp {
        let last = Timestamp::from_micros(self.to.as_micros().saturating_sub(1));
        before.map_or(last, |at| last.min(at))
    }
}

/// Records that fit, before `before` (an instant, and a sequence number among those of this instant), latest first.
pub fn list(
    conn: &mut Conn,
    filter: AuditFilter,
    before: Option<(Timestamp, i64)>,
    limit: i64,
) -> Result<Vec<(i64, AuditEntry)>, StoreError> {
    let AuditFilter { action, who, from, .. } = filter;
    let last = filter.last(before.map(|(at, _)| at));
    let mut query = audit::table.filter(audit::at.between(from, last)).into_boxed();
    if let Some(action) = action {
        query = query.filter(audit::action.eq(action));
    }
    if let Some(who) = who {
        query = query.filter(audit::actor_id.eq(who));
    }
    if let Some((at, seq)) = before {
        query = query.filter(audit::at.lt(at).or(audit::seq.lt(seq)));
    }
    let rows: Vec<Row> = query.order((audit::at.desc(), audit::seq.desc())).limit(limit).select(ROW).load(conn)?;
    Ok(rows.into_iter().map(read).collect())
}
