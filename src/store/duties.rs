//! The division of duties.

use diesel::prelude::*;
use jiff::civil::Date;

use crate::domain::duty::{Duty, DutyPlace, DutyRole, DutySubject};
use crate::domain::ids::{DutyId, PointId, UnitId};
use crate::domain::reference::{Item, Point};
use crate::store::schema::{duties, points};
use crate::store::{Conn, StoreError};

#[derive(Queryable, Insertable)]
#[diesel(table_name = duties)]
struct DutyRow {
    id: DutyId,
    place: String,
    subject: String,
    point_id: Option<PointId>,
    item_code: Option<String>,
    category: Option<String>,
    role: DutyRole,
    unit_id: UnitId,
    valid_from: String,
    valid_to: String,
}

impl DutyRow {
    /// `place` is the point's code if the duty is for a point.
    fn new(duty: &Duty, point_code: &str) -> Self {
        let day = |day: Option<Date>| day.map_or_else(String::new, |day| day.to_string());
        let (place, point_id) = match &duty.place {
            DutyPlace::County => (String::new(), None),
            DutyPlace::Area(code) => (code.clone(), None),
            DutyPlace::Point(id) => (point_code.to_owned(), Some(*id)),
        };
        let (subject, item_code, category) = match &duty.subject {
            DutySubject::Item(code) => (code.clone(), Some(code.clone()), None),
            DutySubject::Category(code) => (code.clone(), None, Some(code.clone())),
        };
        DutyRow {
            id: duty.id,
            place,
            subject,
            point_id,
            item_code,
            category,
            role: duty.role,
            unit_id: duty.unit_id,
            valid_from: day(duty.valid_from),
            valid_to: day(duty.valid_to),
        }
    }

    fn into_duty(self) -> Result<Duty, StoreError> {
        let day = |text: &str| match text {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| StoreError::Corrupt(format!("duties: {text} is no day"))),
        };
        Ok(Duty {
            id: self.id,
            place: match (self.point_id, self.place) {
                (Some(id), _) => DutyPlace::Point(id),
                (None, place) if place.is_empty() => DutyPlace::County,
                (None, place) => DutyPlace::Area(place),
            },
            subject: match self.item_code {
                Some(code) => DutySubject::Item(code),
                None => DutySubject::Category(self.subject),
            },
            role: self.role,
            unit_id: self.unit_id,
            valid_from: day(&self.valid_from)?,
            valid_to: day(&self.valid_to)?,
        })
    }
}

/// All duties, by place, subject and role.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn list(conn: &mut Conn) -> Result<Vec<Duty>, StoreError> {
    let rows: Vec<DutyRow> = duties::table
        .order((duties::place, duties::subject, duties::role, duties::valid_from, duties::id))
        .load(conn)?;
    rows.into_iter().map(DutyRow::into_duty).collect()
}

/// The duties that may apply to an item at a point: those of other points and other items are left out.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn concerning(conn: &mut Conn, point: &Point, item: &Item) -> Result<Vec<Duty>, StoreError> {
    let of_point: Vec<DutyRow> = duties::table
        .filter(duties::point_id.eq(point.id))
        .filter(duties::subject.eq(&item.code).or(duties::subject.eq(&item.campaign)))
        .load(conn)?;
    let wider: Vec<DutyRow> = duties::table
        .filter(duties::point_id.is_null())
        .filter(duties::subject.eq(&item.code).or(duties::subject.eq(&item.campaign)))
        .load(conn)?;
    of_point.into_iter().chain(wider).map(DutyRow::into_duty).collect()
}

fn point_code(conn: &mut Conn, place: &DutyPlace) -> Result<String, StoreError> {
    match place {
        DutyPlace::Point(id) => Ok(points::table.find(id).select(points::code).first(conn)?),
        DutyPlace::County | DutyPlace::Area(_) => Ok(String::new()),
    }
}

/// Adds a duty.
///
/// # Errors
/// [`StoreError::Conflict`] when another unit leads there from the same day.
pub fn insert(conn: &mut Conn, duty: &Duty) -> Result<(), StoreError> {
    let code = point_code(conn, &duty.place)?;
    diesel::insert_into(duties::table).values(DutyRow::new(duty, &code)).execute(conn)?;
    Ok(())
}

/// Changes the last day of a duty; everything else identifies it.
pub fn set_valid_to(conn: &mut Conn, id: DutyId, valid_to: Option<Date>) -> Result<(), StoreError> {
    let day = valid_to.map_or_else(String::new, |day| day.to_string());
    diesel::update(duties::table.find(id)).set(duties::valid_to.eq(day)).execute(conn)?;
    Ok(())
}
