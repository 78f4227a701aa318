//! Assessments and schedules that were entered by mistake are withdrawn: the rows go, the audit record says what they
//! were.

use crate::app::change::{self, By, Change, Decision};
use crate::app::locks::{Lock, Locks};
use crate::app::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::ids::{AssessmentId, ScheduleId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::policy::Permission;
use crate::domain::time::Timestamp;
use crate::store::{Conn, planning};

/// What is withdrawn.
#[derive(Debug, Clone, Copy)]
pub enum Planned {
    /// An external assessment.
    Assessment(AssessmentId),
    /// A backward schedule.
    Schedule(ScheduleId),
}

/// Withdraws what the caller saw in version `seen`. What is not there is withdrawn already.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Stale`], [`AppError::Invalid`] for an assessment that a schedule prepares for.
pub async fn withdraw(app: &App, caller: &Caller, what: Planned, seen: i64) -> Result<()> {
    change::make(app, Withdraw { by: By::from(caller), what, seen, now: app.now() }).await
}

struct Withdraw {
    by: By,
    what: Planned,
    seen: i64,
    now: Timestamp,
}

impl Change for Withdraw {
    /// Its version, and what it was.
    type Before = Option<(i64, String)>;
    type Made = ();
    type Answer = ();

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManagePlanning)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Planning]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        Ok(match self.what {
            Planned::Assessment(id) => planning::find_assessment(conn, id)?
                .map(|kept| (kept.version, format!("{} {}–{}", kept.text.name, kept.text.from, kept.text.to))),
            Planned::Schedule(id) => planning::find_schedule(conn, id)?
                .map(|kept| (kept.version, format!("{} {}", kept.text.name, kept.text.end))),
        })
    }

    fn authorise(&self, _: &mut Conn, before: &Self::Before) -> Result<()> {
        let is_stale = before.as_ref().is_some_and(|(version, _)| *version != self.seen);
        if is_stale { Err(AppError::Stale) } else { Ok(()) }
    }

    fn decide(&self, conn: &mut Conn, before: Self::Before) -> Result<Decision<(), ()>> {
        let Some((_, what)) = before else { return Ok(Decision::Unchanged(())) };
        let target = match self.what {
            Planned::Assessment(id) => {
                if planning::is_prepared_for(conn, id)? {
                    let detail = "a schedule prepares for it: withdraw that first, or let it prepare for nothing";
                    return Err(Invalid::one("", FieldCode::NotAllowed, detail).into());
                }
                format!("assessment:{id}")
            }
            Planned::Schedule(id) => format!("schedule:{id}"),
        };
        let entry = self.by.done(self.now, AuditAction::PlanningChanged, target);
        let records = vec![entry.ended(Outcome::Done, format!("withdrawn: {what}"))];
        Ok(Decision::Made { made: (), records, messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, (): &()) -> Result<()> {
        match self.what {
            Planned::Assessment(id) => planning::remove_assessment(conn, id)?,
            Planned::Schedule(id) => planning::remove_schedule(conn, id)?,
        }
        Ok(())
    }

    fn answer(&self, _: &mut Conn, (): ()) -> Result<()> {
        Ok(())
    }
}
