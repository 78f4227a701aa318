//! Who answers for units 一把手、分管领导、联络员, and which county leaders are paired with what 结对联创.

use super::change::{self, By, Change, Decision};
use super::locks::{Lock, Locks};
use super::planning::Put;
use super::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::ids::{PairingId, UnitId, UserId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::pairing::{PAIRINGS_MAX, Paired, Pairing};
use crate::domain::policy::{Permission, Reach, reach};
use crate::domain::role::Role;
use crate::domain::text::{code, name};
use crate::domain::time::{Date, Timestamp};
use crate::domain::unit_person::{self, UnitPerson};
use crate::domain::user::User;
use crate::store::{Conn, people_in_charge as kept, reference, unlisted_places, users};

/// Everybody who was, is or will be in charge of a unit, and the present day.
#[derive(Debug)]
pub struct InCharge {
    /// By duty and first day.
    pub people: Vec<UnitPerson>,
    /// The present day of the county.
    pub today: Date,
}

/// Who is in charge of a unit; a unit reads of itself.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Hidden`] for another unit's caller, [`AppError::NotFound`].
pub async fn of_unit(app: &App, caller: &Caller, unit: UnitId) -> Result<InCharge> {
    caller.require(Permission::ReadPointHeads)?;
    let all = reach(caller.actor.role, Permission::ReadPointHeads) == Reach::All;
    if !all && caller.actor.unit_id != Some(unit) {
        return Err(AppError::Hidden);
    }
    let (county, now) = (app.county.clone(), app.now());
    app.store
        .read(move |conn| {
            reference::find_unit(conn, unit)?.ok_or(AppError::NotFound)?;
            let today = county.load(conn)?.calendar.civil_date(now);
            Ok(InCharge { people: kept::of_unit(conn, unit)?, today })
        })
        .await
}

/// Who is in charge of each unit that has anybody, by unit.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn of_all(app: &App, caller: &Caller) -> Result<Vec<(UnitId, InCharge)>> {
    caller.require(Permission::ManagePointHeads)?;
    let (county, now) = (app.county.clone(), app.now());
    app.store
        .read(move |conn| {
            let today = county.load(conn)?.calendar.civil_date(now);
            let units = kept::of_all(conn)?.into_iter();
            Ok(units.map(|(unit, people)| (unit, InCharge { people, today })).collect())
        })
        .await
}

/// County leaders, with those whose accounts are no longer in use.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn leaders(app: &App, caller: &Caller) -> Result<Vec<User>> {
    caller.require(Permission::ManagePointHeads)?;
    Ok(app.store.read(|conn| users::list(conn, Some(Role::Leader))).await?)
}

/// Notes who is in charge of a unit from a day on, today or later, or first of all. The same again changes nothing.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`].
pub async fn put_person(app: &App, caller: &Caller, unit: UnitId, mut person: UnitPerson) -> Result<Put<InCharge>> {
    person.person = name(&person.person);
    person.phone = code(&person.phone);
    let (by, user) = (By::from(caller), caller.actor.user_id);
    change::make(app, PutPerson { app: app.clone(), by, user, unit, person, now: app.now() }).await
}

/// Somebody takes charge of a unit.
struct PutPerson {
    app: App,
    by: By,
    user: UserId,
    unit: UnitId,
    person: UnitPerson,
    now: Timestamp,
}

impl PutPerson {
    fn in_charge(&self, conn: &mut Conn) -> Result<InCharge> {
        reference::find_unit(conn, self.unit)?.ok_or(AppError::NotFound)?;
        let today = self.app.county.load(conn)?.calendar.civil_date(self.now);
        Ok(InCharge { people: kept::of_unit(conn, self.unit)?, today })
    }
}

impl Change for PutPerson {
    type Before = InCharge;
    type Made = bool;
    type Answer = Put<InCharge>;

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManagePointHeads)?;
        Ok(self.person.validate()?)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Planning]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<InCharge> {
        self.in_charge(conn)
    }

    fn authorise(&self, _: &mut Conn, _: &InCharge) -> Result<()> {
        Ok(())
    }

    fn decide(&self, _: &mut Conn, before: InCharge) -> Result<Decision<bool, Put<InCharge>>> {
        if before.people.contains(&self.person) {
            return Ok(Decision::Unchanged(Put { created: false, shown: before }));
        }
        unit_person::admit(&before.people, &self.person, before.today)?;
        let key = |one: &UnitPerson| (one.duty, one.from);
        let created = !before.people.iter().any(|one| key(one) == key(&self.person));
        let UnitPerson { duty, from, person, phone: _ } = &self.person;
        let entry = self.by.done(self.now, AuditAction::ReferenceChanged, format!("unit:{}", self.unit));
        let records = vec![entry.ended(Outcome::Done, format!("{duty} {from}: {person}"))];
        Ok(Decision::Made { made: created, records, messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, _: &bool) -> Result<()> {
        Ok(kept::put_person(conn, self.unit, &self.person, self.user, self.now)?)
    }

    fn answer(&self, conn: &mut Conn, created: bool) -> Result<Put<InCharge>> {
        Ok(Put { created, shown: self.in_charge(conn)? })
    }
}

/// Pairings: all of them, or a leader's own.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn pairings(app: &App, caller: &Caller) -> Result<Vec<Pairing>> {
    caller.require(Permission::ReadPairings)?;
    let all = reach(caller.actor.role, Permission::ReadPairings) == Reach::All;
    let leader = Some(caller.actor.user_id).filter(|_| !all);
    Ok(app.store.read(move |conn| kept::pairings(conn, leader)).await?)
}

/// Keeps a pairing under the id that the client chose, or changes it: of one that has begun only the end. The same again
/// changes nothing. There is no pairing to keep where it is with nothing, or with two.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`].
pub async fn put_pairing(app: &App, caller: &Caller, pairing: Option<Pairing>) -> Result<Put<Pairing>> {
    caller.require(Permission::ManagePointHeads)?;
    let neither = || Invalid::one("/unit_id", FieldCode::Required, "either a unit or a point");
    let asked = Asked::This(pairing.ok_or_else(neither)?);
    let (by, user) = (By::from(caller), caller.actor.user_id);
    let made = change::make(app, Pair { app: app.clone(), by, user, asked, now: app.now() }).await?;
    let shown = made.shown.ok_or(AppError::NotFound)?;
    Ok(Put { created: made.created, shown })
}

/// Withdraws a pairing that has not begun. One that is not there is withdrawn already.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] for one that has begun.
pub async fn remove_pairing(app: &App, caller: &Caller, id: PairingId) -> Result<()> {
    let (by, user) = (By::from(caller), caller.actor.user_id);
    let change = Pair { app: app.clone(), by, user, asked: Asked::None(id), now: app.now() };
    change::make(app, change).await.map(|_| ())
}

/// What is asked for.
enum Asked {
    /// This pairing.
    This(Pairing),
    /// None with this id.
    None(PairingId),
}

/// A leader is paired, or not any more.
struct Pair {
    app: App,
    by: By,
    user: UserId,
    asked: Asked,
    now: Timestamp,
}

impl Pair {
    fn id(&self) -> PairingId {
        match &self.asked {
            Asked::This(pairing) => pairing.id,
            Asked::None(id) => *id,
        }
    }

    /// Refuses a leader who is none, and a unit or point that is not there.
    fn look_up(conn: &mut Conn, pairing: &Pairing) -> Result<()> {
        let mut invalid = Invalid::default();
        let leader = users::find(conn, pairing.leader_id)?;
        if !leader.is_some_and(|user| user.role == Role::Leader && user.disabled_at.is_none()) {
            invalid.push("/leader_id", FieldCode::Unknown, "no such leader");
        }
        match pairing.with {
            Paired::Unit(unit) => {
                if !reference::find_unit(conn, unit)?.is_some_and(|unit| unit.active) {
                    invalid.push("/unit_id", FieldCode::Unknown, "no such unit takes issues");
                }
            }
            Paired::Point(point) => {
                let is_there = reference::find_point(conn, point)?.is_some_and(|point| point.active);
                if !is_there || unlisted_places::is_off_the_list(conn, point)? {
                    invalid.push("/point_id", FieldCode::Unknown, "no such point is in use");
                }
            }
        }
        Ok(invalid.into_result()?)
    }
}

impl Change for Pair {
    type Before = (Vec<Pairing>, Date);
    type Made = bool;
    type Answer = Put<Option<Pairing>>;

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManagePointHeads)?;
        let mut invalid = Invalid::default();
        invalid.random_id("/id", self.id().0);
        if let Asked::This(pairing) = &self.asked {
            invalid.0.extend(pairing.validate().err().into_iter().flat_map(|faults| faults.0));
        }
        Ok(invalid.into_result()?)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Planning]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        let today = self.app.county.load(conn)?.calendar.civil_date(self.now);
        Ok((kept::pairings(conn, None)?, today))
    }

    fn authorise(&self, _: &mut Conn, _: &Self::Before) -> Result<()> {
        Ok(())
    }

    fn decide(&self, conn: &mut Conn, (all, today): Self::Before) -> Result<Decision<bool, Self::Answer>> {
        let before = all.iter().find(|other| other.id == self.id());
        let detail = match &self.asked {
            Asked::This(pairing) => {
                if before == Some(pairing) {
                    return Ok(Decision::Unchanged(Put { created: false, shown: before.cloned() }));
                }
                match before {
                    Some(before) => pairing.may_follow(before, today)?,
                    None if all.len() >= PAIRINGS_MAX => {
                        let detail = format!("there are {PAIRINGS_MAX} already");
                        return Err(Invalid::one("/id", FieldCode::OutOfRange, detail).into());
                    }
                    None => {}
                }
                Self::look_up(conn, pairing)?;
                if all.iter().any(|other| pairing.overlaps(other)) {
                    return Err(Invalid::one("/from", FieldCode::Duplicate, "they are paired at that time").into());
                }
                let end = pairing.to.map_or_else(String::new, |to| to.to_string());
                let with = match pairing.with {
                    Paired::Unit(unit) => format!("unit:{unit}"),
                    Paired::Point(point) => format!("point:{point}"),
                };
                format!("{with} {}–{end}", pairing.from)
            }
            Asked::None(_) => {
                let Some(before) = before else {
                    return Ok(Decision::Unchanged(Put { created: false, shown: None }));
                };
                if before.from <= today {
                    return Err(Invalid::one("/from", FieldCode::NotAllowed, "it has begun: end it instead").into());
                }
                "withdrawn".to_owned()
            }
        };
        let entry = self.by.done(self.now, AuditAction::ReferenceChanged, format!("pairing:{}", self.id()));
        let records = vec![entry.ended(Outcome::Done, detail)];
        Ok(Decision::Made { made: before.is_none(), records, messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, _: &bool) -> Result<()> {
        match &self.asked {
            Asked::This(pairing) => kept::put_pairing(conn, pairing, self.user, self.now)?,
            Asked::None(id) => kept::remove_pairing(conn, *id)?,
        }
        Ok(())
    }

    fn answer(&self, _: &mut Conn, created: bool) -> Result<Self::Answer> {
        let shown = match &self.asked {
            Asked::This(pairing) => Some(pairing.clone()),
            Asked::None(_) => None,
        };
        Ok(Put { created, shown })
    }
}
