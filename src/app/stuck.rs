//! Background jobs that were set aside after too many failures, for a person to look at.

use super::change::{self, By, Change, Decision};
use super::locks::{Lock, Locks};
use super::{App, AppError, Caller, Result};
use crate::domain::audit::AuditAction;
use crate::domain::ids::JobId;
use crate::domain::policy::Permission;
use crate::domain::time::Timestamp;
use crate::store::Conn;
use crate::store::jobs::{self, StuckJob};

/// Jobs that were set aside, the oldest first.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<StuckJob>> {
    caller.require(Permission::ManageJobs)?;
    Ok(app.store.read(jobs::list_stuck).await?)
}

/// Retries one.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when it was not set aside.
pub async fn take_up(app: &App, caller: &Caller, id: JobId) -> Result<()> {
    caller.require(Permission::ManageJobs)?;
    change::make(app, TakeUp { by: By::from(caller), id, now: app.now() }).await
}

/// A job that was set aside is retried.
struct TakeUp {
    by: By,
    id: JobId,
    now: Timestamp,
}

impl Change for TakeUp {
    type Before = ();
    type Made = ();
    type Answer = ();

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManageJobs)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Job(self.id)]
    }

    fn load(&self, _: &mut Conn, _: &mut Locks) -> Result<()> {
        Ok(())
    }

    fn authorise(&self, _: &mut Conn, (): &()) -> Result<()> {
        Ok(())
    }

    fn decide(&self, _: &mut Conn, (): ()) -> Result<Decision<(), ()>> {
        let record = self.by.done(self.now, AuditAction::JobTakenUp, format!("job:{}", self.id));
        Ok(Decision::Made { made: (), records: vec![record], messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, (): &()) -> Result<()> {
        if jobs::take_up(conn, self.id, self.now)? { Ok(()) } else { Err(AppError::NotFound) }
    }

    fn answer(&self, _: &mut Conn, (): ()) -> Result<()> {
        Ok(())
    }
}
