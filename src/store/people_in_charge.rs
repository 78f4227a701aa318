//! Who answers for units, and which leaders are paired with what.

use diesel::prelude::*;

use crate::domain::ids::{PairingId, PointId, UnitId, UserId};
use crate::domain::pairing::{Paired, Pairing};
use crate::domain::time::{Date, Timestamp};
use crate::domain::unit_person::{UnitDuty, UnitPerson};
use crate::store::schema::{pairings, unit_people};
use crate::store::{Conn, StoreError};

fn day(text: &str) -> Result<Date, StoreError> {
    text.parse().map_err(|error: jiff::Error| StoreError::Corrupt(error.to_string()))
}

/// Everybody who was, is or will be in charge of a unit, by duty and first day.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn of_unit(conn: &mut Conn, unit: UnitId) -> Result<Vec<UnitPerson>, StoreError> {
    let rows: Vec<(UnitDuty, String, String, String)> = unit_people::table
        .filter(unit_people::unit_id.eq(unit))
        .order((unit_people::duty, unit_people::from_day))
        .select((unit_people::duty, unit_people::from_day, unit_people::person, unit_people::phone))
        .load(conn)?;
    let person = |(duty, from, person, phone): (UnitDuty, String, String, String)| {
        Ok(UnitPerson { duty, from: day(&from)?, person, phone })
    };
    rows.into_iter().map(person).collect()
}

/// Everybody who was, is or will be in charge of each unit, by unit, duty and first day.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn of_all(conn: &mut Conn) -> Result<Vec<(UnitId, Vec<UnitPerson>)>, StoreError> {
    let rows: Vec<(UnitId, UnitDuty, String, String, String)> = unit_people::table
        .order((unit_people::unit_id, unit_people::duty, unit_people::from_day))
        .select((
            unit_people::unit_id,
            unit_people::duty,
            unit_people::from_day,
            unit_people::person,
            unit_people::phone,
        ))
        .load(conn)?;
    let mut units: Vec<(UnitId, Vec<UnitPerson>)> = Vec::new();
    for (unit, duty, from, person, phone) in rows {
        let person = UnitPerson { duty, from: day(&from)?, person, phone };
        match units.last_mut() {
            Some((last, people)) if *last == unit => people.push(person),
            _ => units.push((unit, vec![person])),
        }
    }
    Ok(units)
}

/// Writes who is in charge from a day on, in place of who was to be from that day on.
pub fn put_person(
    conn: &mut Conn,
    unit: UnitId,
    person: &UnitPerson,
    changed_by: UserId,
    at: Timestamp,
) -> Result<(), StoreError> {
    let key = (unit, person.duty, person.from.to_string());
    diesel::delete(unit_people::table.find(key)).execute(conn)?;
    diesel::insert_into(unit_people::table)
        .values((
            unit_people::unit_id.eq(unit),
            unit_people::duty.eq(person.duty),
            unit_people::from_day.eq(person.from.to_string()),
            unit_people::person.eq(&person.person),
            unit_people::phone.eq(&person.phone),
            unit_people::changed_by.eq(changed_by),
            unit_people::changed_at.eq(at),
        ))
        .execute(conn)?;
    Ok(())
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = pairings)]
struct PairingRow {
    id: PairingId,
    leader_id: UserId,
    unit_id: Option<UnitId>,
    point_id: Option<PointId>,
    from_day: String,
    to_day: Option<String>,
    changed_by: UserId,
    changed_at: Timestamp,
}

impl PairingRow {
    fn read(self) -> Result<Pairing, StoreError> {
        let with = self.unit_id.map(Paired::Unit).or(self.point_id.map(Paired::Point));
        Ok(Pairing {
            id: self.id,
            leader_id: self.leader_id,
            with: with.ok_or_else(|| StoreError::Corrupt(format!("pairing {} is with nothing", self.id)))?,
            from: day(&self.from_day)?,
            to: self.to_day.as_deref().map(day).transpose()?,
        })
    }
}

/// All pairings, or those of one leader, by first day; at most [`crate::domain::pairing::PAIRINGS_MAX`].
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn pairings(conn: &mut Conn, leader: Option<UserId>) -> Result<Vec<Pairing>, StoreError> {
    let mut query = pairings::table.select(PairingRow::as_select()).into_boxed();
    if let Some(leader) = leader {
        query = query.filter(pairings::leader_id.eq(leader));
    }
    let rows: Vec<PairingRow> = query.order((pairings::from_day, pairings::id)).load(conn)?;
    rows.into_iter().map(PairingRow::read).collect()
}

/// Writes a pairing in place of the one with its id, if there is one.
pub fn put_pairing(conn: &mut Conn, pairing: &Pairing, changed_by: UserId, at: Timestamp) -> Result<(), StoreError> {
    let (unit_id, point_id) = match pairing.with {
        Paired::Unit(unit) => (Some(unit), None),
        Paired::Point(point) => (None, Some(point)),
    };
    let row = PairingRow {
        id: pairing.id,
        leader_id: pairing.leader_id,
        unit_id,
        point_id,
        from_day: pairing.from.to_string(),
        to_day: pairing.to.map(|to| to.to_string()),
        changed_by,
        changed_at: at,
    };
    remove_pairing(conn, pairing.id)?;
    diesel::insert_into(pairings::table).values(row).execute(conn)?;
    Ok(())
}

/// Removes a pairing, if there is one.
pub fn remove_pairing(conn: &mut Conn, id: PairingId) -> Result<(), StoreError> {
    diesel::delete(pairings::table.find(id)).execute(conn)?;
    Ok(())
}
