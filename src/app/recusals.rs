//! Recusals 回避 of inspectors: the office records them, and draws respect them.

use super::change::{self, By, Change, Decision};
use super::locks::{Lock, Locks};
use super::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::ids::UserId;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::policy::Permission;
use crate::domain::recusal::Recusals;
use crate::domain::role::Role;
use crate::domain::time::Timestamp;
use crate::store::{Conn, recusals, reference, users};

fn assert_inspector(conn: &mut Conn, id: UserId) -> Result<()> {
    let found = users::find(conn, id)?.filter(|user| user.role == Role::Inspector);
    found.map(|_| ()).ok_or(AppError::NotFound)
}

/// What an inspector is recused from.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when there is no such inspector.
pub async fn read(app: &App, caller: &Caller, id: UserId) -> Result<Recusals> {
    caller.require(Permission::ManageBatches)?;
    app.store
        .read(move |conn| {
            assert_inspector(conn, id)?;
            Ok(recusals::of(conn, id)?)
        })
        .await
}

/// Replaces what an inspector is recused from. Draws that are committed to stay as they are.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] when a point or a unit does not exist.
pub async fn replace(app: &App, caller: &Caller, id: UserId, recusals: Recusals) -> Result<Recusals> {
    change::make(app, Replace { by: By::from(caller), id, recusals, now: app.now() }).await
}

/// Recusals are replaced.
struct Replace {
    by: By,
    id: UserId,
    recusals: Recusals,
    now: Timestamp,
}

impl Change for Replace {
    type Before = Recusals;
    type Made = ();
    type Answer = Recusals;

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManageBatches)?;
        Ok(self.recusals.validate()?)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::User(self.id)]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Recusals> {
        assert_inspector(conn, self.id)?;
        Ok(recusals::of(conn, self.id)?)
    }

    fn authorise(&self, _: &mut Conn, _: &Recusals) -> Result<()> {
        Ok(())
    }

    fn decide(&self, conn: &mut Conn, before: Recusals) -> Result<Decision<(), Recusals>> {
        if before == self.recusals {
            return Ok(Decision::Unchanged(before));
        }
        let mut invalid = Invalid::default();
        for (at, point) in self.recusals.points.iter().enumerate() {
            if reference::find_point(conn, *point)?.is_none() {
                invalid.push(format!("/points/{at}"), FieldCode::Unknown, "no such point");
            }
        }
        for (at, unit) in self.recusals.units.iter().enumerate() {
            if reference::find_unit(conn, *unit)?.is_none() {
                invalid.push(format!("/units/{at}"), FieldCode::Unknown, "no such unit");
            }
        }
        invalid.into_result()?;
        let entry = self.by.done(self.now, AuditAction::RecusalsChanged, format!("user:{}", self.id));
        let detail = format!("{} points, {} units", self.recusals.points.len(), self.recusals.units.len());
        Ok(Decision::Made { made: (), records: vec![entry.ended(Outcome::Done, detail)], messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, (): &()) -> Result<()> {
        Ok(recusals::replace(conn, self.id, &self.recusals)?)
    }

    fn answer(&self, _: &mut Conn, (): ()) -> Result<Recusals> {
        Ok(self.recusals.clone())
    }
}
