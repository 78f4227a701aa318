//! Batches of visits 暗访批次: planned and approved by two people, drawn, carried out, reviewed, released as a whole.

pub mod act;
pub mod draw;
pub(in crate::app) mod pool;
pub mod reading;
pub mod tasks;

use super::change::{self, By, Change, Decision};
use super::county::{County, CountyCache};
use super::follow_up::office_changed;
use super::locks::{Lock, Locks};
use super::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::batch::{
    Batch, BatchAction, BatchCommand, BatchContext, BatchTransition, Plan, allowed_batch_actions,
};
use crate::domain::ids::BatchId;
use crate::domain::limits::PAGE_MAX;
use crate::domain::policy::Permission;
use crate::domain::role::Actor;
use crate::domain::time::Timestamp;
use crate::store::Conn;
use crate::store::batches::{self, Progress};

/// A batch as the office reads it.
#[derive(Debug)]
pub struct ShownBatch {
    /// The batch.
    pub batch: Batch,
    /// Its state.
    pub progress: Progress,
    /// What the caller may do with it now.
    pub allowed: Vec<BatchAction>,
}

/// What a decision about a batch needs besides it.
fn context(conn: &mut Conn, county: &County, id: BatchId, now: Timestamp) -> Result<(BatchContext, Progress)> {
    let progress = batches::progress(conn, id, now)?;
    let context = BatchContext {
        now,
        today: county.calendar.civil_date(now),
        open_tasks: progress.open,
        unreviewed_reports: progress.unreviewed,
        last_redraw_by: batches::last_redraw_by(conn, id)?,
    };
    Ok((context, progress))
}

fn shown(conn: &mut Conn, county: &County, actor: &Actor, batch: Batch, now: Timestamp) -> Result<ShownBatch> {
    let (context, progress) = context(conn, county, batch.id, now)?;
    let allowed = allowed_batch_actions(&batch, actor, &context);
    Ok(ShownBatch { batch, progress, allowed })
}

/// The audit record of a step; what the plan says is only in the batch's own record.
fn record(by: &By, transition: &BatchTransition) -> AuditEntry {
    let event = transition.event();
    let entry = by.done(event.at, AuditAction::BatchChanged, format!("batch:{}", event.batch_id));
    entry.ended(Outcome::Done, event.action.as_str())
}

/// A batch.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn read(app: &App, caller: &Caller, id: BatchId) -> Result<ShownBatch> {
    caller.require(Permission::ManageBatches)?;
    let (actor, county, now) = (caller.actor, app.county.clone(), app.now());
    app.store
        .read(move |conn| {
            let batch = batches::find(conn, id)?.ok_or(AppError::NotFound)?;
            let county = county.load(conn)?;
            shown(conn, &county, &actor, batch, now)
        })
        .await
}

/// Batches, the latest first, and the id to continue after.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when `after` is no batch.
pub async fn list(
    app: &App,
    caller: &Caller,
    after: Option<BatchId>,
    limit: usize,
) -> Result<(Vec<ShownBatch>, Option<BatchId>)> {
    caller.require(Permission::ManageBatches)?;
    let (actor, county, now) = (caller.actor, app.county.clone(), app.now());
    let limit = limit.clamp(1, PAGE_MAX);
    app.store
        .read(move |conn| {
            let county = county.load(conn)?;
            let mut found = batches::list(conn, after, i64::try_from(limit + 1).unwrap_or(i64::MAX))?;
            let more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().map(|last| last.id).filter(|_| more);
            let items = found.into_iter().map(|batch| shown(conn, &county, &actor, batch, now));
            Ok((items.collect::<Result<_>>()?, next))
        })
        .await
}

/// The result of writing a plan.
#[derive(Debug)]
pub struct Planned {
    /// Whether the batch is new.
    pub created: bool,
    /// The batch.
    pub shown: ShownBatch,
}

/// Drafts a batch with this plan under the id that the client chose, or changes the plan of a draft that the caller saw
/// in version `seen`. The same plan again changes nothing, whatever version is named.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::Stale`], [`AppError::BatchRefused`] when the batch is no
/// draft any more.
pub async fn put(app: &App, caller: &Caller, id: BatchId, plan: Plan, seen: Option<i64>) -> Result<Planned> {
    let (county, now) = (app.county.clone(), app.now());
    change::make(app, PutPlan { by: By::from(caller), actor: caller.actor, county, id, plan, seen, now }).await
}

/// A plan is written.
struct PutPlan {
    by: By,
    actor: Actor,
    county: CountyCache,
    id: BatchId,
    plan: Plan,
    seen: Option<i64>,
    now: Timestamp,
}

impl Change for PutPlan {
    type Before = Option<Batch>;
    type Made = BatchTransition;
    type Answer = Planned;

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManageBatches)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Batch(self.id)]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        Ok(batches::find(conn, self.id)?)
    }

    fn authorise(&self, _: &mut Conn, before: &Self::Before) -> Result<()> {
        match before {
            Some(batch) if batch.plan != self.plan.trimmed() && self.seen != Some(batch.version) => {
                Err(AppError::Stale)
            }
            Some(_) | None => Ok(()),
        }
    }

    fn decide(&self, conn: &mut Conn, before: Self::Before) -> Result<Decision<BatchTransition, Planned>> {
        let made = match before {
            None => Batch::draft(self.id, &self.plan, &self.actor, self.now)?,
            Some(batch) if batch.plan == self.plan.trimmed() => {
                return Ok(Decision::Unchanged(self.planned(conn, batch, false)?));
            }
            Some(batch) => {
                let county = self.county.load(conn)?;
                let (context, _) = context(conn, &county, self.id, self.now)?;
                batch.decide(&self.actor, &BatchCommand::Amend { plan: Box::new(self.plan.clone()) }, &context)?
            }
        };
        let records = vec![record(&self.by, &made)];
        let messages = vec![office_changed(format!("batch:{}", self.id))];
        Ok(Decision::Made { made, records, messages })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &BatchTransition) -> Result<()> {
        Ok(batches::apply(conn, made)?)
    }

    fn answer(&self, conn: &mut Conn, made: BatchTransition) -> Result<Planned> {
        self.planned(conn, made.after().clone(), made.expected_version().is_none())
    }
}

impl PutPlan {
    fn planned(&self, conn: &mut Conn, batch: Batch, created: bool) -> Result<Planned> {
        let county = self.county.load(conn)?;
        Ok(Planned { created, shown: shown(conn, &county, &self.actor, batch, self.now)? })
    }
}
