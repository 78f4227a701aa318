//! Tasks 暗访任务 of an inspector. Nothing of a task is sent before its time, not even that there is one (ADR 0028).

use std::time::Duration;

use super::context;
use crate::app::change::{self, Change, Decision};
use crate::app::county::CountyCache;
use crate::app::follow_up::office_changed;
use crate::app::locks::{Lock, Locks};
use crate::app::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::batch::{Batch, BatchAction, BatchState, BatchTransition};
use crate::domain::ids::BatchId;
use crate::domain::policy::Permission;
use crate::domain::time::Timestamp;
use crate::store::Conn;
use crate::store::batches::{self, KeptTask};

/// The caller's tasks whose time has come, by slot: from a while before the slot until its end, or until the caller has
/// carried it out. The first task that is shown puts its batch under way.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn own(app: &App, caller: &Caller) -> Result<Vec<KeptTask>> {
    caller.require(Permission::ReadTasks)?;
    let (who, county, now) = (caller.actor.user_id, app.county.clone(), app.now());
    let found = app
        .store
        .read(move |conn| {
            let minutes = county.load(conn)?.settings.task_lead_minutes;
            let begun = now.plus(Duration::from_secs(u64::from(minutes) * 60));
            Ok::<_, AppError>(batches::tasks_of(conn, who, begun, now)?)
        })
        .await?;
    let mut drawn: Vec<BatchId> =
        found.iter().filter(|(_, state)| *state == BatchState::Drawn).map(|(task, _)| task.batch_id).collect();
    drawn.dedup();
    for id in drawn {
        let begin = Begin { county: app.county.clone(), id, now, request_id: caller.request_id.clone() };
        change::make(app, begin).await?;
    }
    Ok(found.into_iter().map(|(task, _)| task).collect())
}

/// The first task of a batch is shown.
struct Begin {
    county: CountyCache,
    id: BatchId,
    now: Timestamp,
    request_id: String,
}

impl Change for Begin {
    type Before = Batch;
    type Made = BatchTransition;
    type Answer = ();

    fn admit(&self) -> Result<()> {
        // The service does it.
        Ok(())
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Batch(self.id)]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Batch> {
        batches::find(conn, self.id)?.ok_or(AppError::NotFound)
    }

    fn authorise(&self, _: &mut Conn, _: &Batch) -> Result<()> {
        Ok(())
    }

    fn decide(&self, conn: &mut Conn, before: Batch) -> Result<Decision<BatchTransition, ()>> {
        if before.state != BatchState::Drawn {
            // Another request was first.
            return Ok(Decision::Unchanged(()));
        }
        let county = self.county.load(conn)?;
        let (context, _) = context(conn, &county, self.id, self.now)?;
        let made = before.begin(&context)?;
        let target = format!("batch:{}", self.id);
        let entry = AuditEntry::done(self.now, None, AuditAction::BatchChanged, target, &self.request_id);
        let records = vec![entry.ended(Outcome::Done, BatchAction::Begin.as_str())];
        let messages = vec![office_changed(format!("batch:{}", self.id))];
        Ok(Decision::Made { made, records, messages })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &BatchTransition) -> Result<()> {
        Ok(batches::apply(conn, made)?)
    }

    fn answer(&self, _: &mut Conn, _: BatchTransition) -> Result<()> {
        Ok(())
    }
}
