//! Background work that was set aside because it kept failing, for a person to look at.

use super::locks::{self, Lock};
use super::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, AuditEntry};
use crate::domain::ids::JobId;
use crate::domain::policy::Permission;
use crate::store::audit;
use crate::store::jobs::{self, StuckJob};

/// What was set aside, the longest first.
///
/// # Errors
/// [`AppError::Forbidden`], or the store's.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<StuckJob>> {
    caller.require(Permission::ManageJobs)?;
    Ok(app.store.read(jobs::list_stuck).await?)
}

/// Has it tried again.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when it was not set aside, or the store's.
pub async fn take_up(app: &App, caller: &Caller, id: JobId) -> Result<()> {
    caller.require(Permission::ManageJobs)?;
    let (actor, request_id, now) = (caller.actor, caller.request_id.clone(), app.now());
    app.store
        .write(move |conn| -> Result<()> {
            locks::take(conn, [Lock::Job(id)])?;
            if !jobs::take_up(conn, id, now)? {
                return Err(AppError::NotFound);
            }
            let entry = AuditEntry::done(now, Some(&actor), AuditAction::JobTakenUp, format!("job:{id}"), &request_id);
            Ok(audit::append(conn, &entry)?)
        })
        .await
}
