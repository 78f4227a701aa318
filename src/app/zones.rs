//! Zones where stalls are permitted 一摊一策: the office draws them, and every phone has them.

use super::change::{self, By, Change, Decision};
use super::locks::{Lock, Locks};
use super::planning::Put;
use super::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::ids::{UserId, ZoneId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::permitted_zone::{KeptZone, PermittedZone, ZONES_MAX};
use crate::domain::policy::Permission;
use crate::domain::time::Timestamp;
use crate::store::{Conn, reference, zones};

/// All of them.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<KeptZone>> {
    caller.require(Permission::ReadReference)?;
    Ok(app.store.read(zones::all).await?)
}

/// Keeps a zone under the id that the client chose, or changes the one that the caller saw in version `seen`. The same
/// again changes nothing, whatever version is named.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::Stale`].
pub async fn put(
    app: &App,
    caller: &Caller,
    id: ZoneId,
    zone: PermittedZone,
    seen: Option<i64>,
) -> Result<Put<KeptZone>> {
    let user = caller.actor.user_id;
    change::make(app, PutZone { by: By::from(caller), user, id, zone: zone.trimmed(), seen, now: app.now() }).await
}

/// A zone is drawn.
struct PutZone {
    by: By,
    user: UserId,
    id: ZoneId,
    zone: PermittedZone,
    seen: Option<i64>,
    now: Timestamp,
}

impl Change for PutZone {
    type Before = Option<KeptZone>;
    type Made = KeptZone;
    type Answer = Put<KeptZone>;

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManageZones)?;
        Ok(self.zone.validate()?)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Planning]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        Ok(zones::find(conn, self.id)?)
    }

    fn authorise(&self, _: &mut Conn, before: &Self::Before) -> Result<()> {
        match before {
            Some(kept) if kept.zone != self.zone && self.seen != Some(kept.version) => Err(AppError::Stale),
            Some(_) | None => Ok(()),
        }
    }

    fn decide(&self, conn: &mut Conn, before: Self::Before) -> Result<Decision<KeptZone, Self::Answer>> {
        let version = match before {
            Some(kept) if kept.zone == self.zone => {
                return Ok(Decision::Unchanged(Put { created: false, shown: kept }));
            }
            Some(kept) => kept.version.saturating_add(1),
            None => 1,
        };
        if reference::find_unit(conn, self.zone.unit_id)?.is_none_or(|unit| !unit.active) {
            return Err(Invalid::one("/unit_id", FieldCode::Unknown, "no such unit takes issues").into());
        }
        if version == 1 && zones::count(conn)? >= ZONES_MAX {
            let detail = format!("there are {ZONES_MAX} already: remove one");
            return Err(Invalid::one("/corners", FieldCode::OutOfRange, detail).into());
        }
        let entry = self.by.done(self.now, AuditAction::ZoneChanged, format!("zone:{}", self.id));
        let records = vec![entry.ended(Outcome::Done, self.zone.summary())];
        let made =
            KeptZone { id: self.id, version, zone: self.zone.clone(), changed_by: self.user, changed_at: self.now };
        Ok(Decision::Made { made, records, messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &KeptZone) -> Result<()> {
        Ok(zones::put(conn, made)?)
    }

    fn answer(&self, _: &mut Conn, made: KeptZone) -> Result<Self::Answer> {
        Ok(Put { created: made.version == 1, shown: made })
    }
}

/// Removes the zone that the caller saw in version `seen`. One that is not there is removed already.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Stale`].
pub async fn remove(app: &App, caller: &Caller, id: ZoneId, seen: i64) -> Result<()> {
    change::make(app, RemoveZone { by: By::from(caller), id, seen, now: app.now() }).await
}

/// A zone is removed.
struct RemoveZone {
    by: By,
    id: ZoneId,
    seen: i64,
    now: Timestamp,
}

impl Change for RemoveZone {
    type Before = Option<KeptZone>;
    type Made = ();
    type Answer = ();

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManageZones)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Planning]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        Ok(zones::find(conn, self.id)?)
    }

    fn authorise(&self, _: &mut Conn, before: &Self::Before) -> Result<()> {
        let is_stale = before.as_ref().is_some_and(|kept| kept.version != self.seen);
        if is_stale { Err(AppError::Stale) } else { Ok(()) }
    }

    fn decide(&self, _: &mut Conn, before: Self::Before) -> Result<Decision<(), ()>> {
        let Some(kept) = before else { return Ok(Decision::Unchanged(())) };
        let entry = self.by.done(self.now, AuditAction::ZoneChanged, format!("zone:{}", self.id));
        let records = vec![entry.ended(Outcome::Done, format!("removed: {}", kept.zone.policy_no))];
        Ok(Decision::Made { made: (), records, messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, (): &()) -> Result<()> {
        Ok(zones::remove(conn, self.id)?)
    }

    fn answer(&self, _: &mut Conn, (): ()) -> Result<()> {
        Ok(())
    }
}
