//! The audit records: appended and listed, never changed.

use diesel::prelude::*;

use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::ids::UserId;
use crate::domain::role::Role;
use crate::domain::time::Timestamp;
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

type Row = (i64, Timestamp, Option<UserId>, Option<Role>, AuditAction, String, Outcome, String, String);

/// Records before `before` (a sequence number), latest first.
pub fn list(
    conn: &mut Conn,
    action: Option<AuditAction>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<(i64, AuditEntry)>, StoreError> {
    let mut query = audit::table.into_boxed();
    if let Some(action) = action {
        query = query.filter(audit::action.eq(action));
    }
    if let Some(before) = before {
        query = query.filter(audit::seq.lt(before));
    }
    let rows: Vec<Row> = query
        .order(audit::seq.desc())
        .limit(limit)
        .select((
            audit::seq,
            audit::at,
            audit::actor_id,
            audit::actor_role,
            audit::action,
            audit::target,
            audit::outcome,
            audit::detail,
            audit::request_id,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(seq, at, actor_id, actor_role, action, target, outcome, detail, request_id)| {
            (seq, AuditEntry { at, actor_id, actor_role, action, target, outcome, detail, request_id })
        })
        .collect())
}
