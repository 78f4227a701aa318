//! Idempotency keys of steps: they identify a step that is sent again.

use diesel::prelude::*;

use crate::domain::digest::Digest;
use crate::domain::ids::{IssueId, StepKey, UserId};
use crate::store::schema::step_keys;
use crate::store::{Conn, StoreError};

/// A step that was taken under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = step_keys)]
pub struct KeyedStep {
    /// The issue.
    pub issue_id: IssueId,
    /// The version that the step led to.
    pub version: i64,
    /// Digest of everything the request said.
    pub digest: Digest,
}

/// The step that a user took under a key.
pub fn find_key(conn: &mut Conn, actor: UserId, key: StepKey) -> Result<Option<KeyedStep>, StoreError> {
    Ok(step_keys::table.find((actor, key)).select(KeyedStep::as_select()).first(conn).optional()?)
}

/// Stores a step's key, beside its event.
///
/// # Errors
/// [`StoreError::Conflict`] when the key is taken.
pub fn note_key(conn: &mut Conn, actor: UserId, key: StepKey, step: &KeyedStep) -> Result<(), StoreError> {
    diesel::insert_into(step_keys::table)
        .values((
            step_keys::actor_id.eq(actor),
            step_keys::step_key.eq(key),
            step_keys::issue_id.eq(step.issue_id),
            step_keys::version.eq(step.version),
            step_keys::digest.eq(step.digest),
        ))
        .execute(conn)?;
    Ok(())
}
