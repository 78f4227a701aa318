//! How a sheet changes the existing rows.

use std::collections::HashMap;

use super::read::{self, Known};
use super::sheet::{Found, Sheet};
use super::{Imported, right};
use crate::app::ambient::Random;
use crate::app::users::{self as accounts, ChangedUser};
use crate::app::{AppError, Result};
use crate::domain::calendar::{CalendarRules, DayKind, WorkCalendar};
use crate::domain::coordinates::{ListCrs, PlaceDoubt, doubt};
use crate::domain::duty::Duty;
use crate::domain::ids::{DutyId, PointId, UnitId};
use crate::domain::import::ImportKind;
use crate::domain::reference::{Item, Point, Unit};
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::store::{Conn, StoreError, duties, reference, settings};

impl Known {
    pub(crate) fn load(conn: &mut Conn) -> std::result::Result<Self, StoreError> {
        Ok(Known::of(
            reference::campaigns(conn)?,
            reference::point_types(conn)?,
            reference::items(conn)?,
            reference::units(conn)?,
            reference::points(conn)?,
            duties::list(conn)?,
        ))
    }
}

/// Rows that an import writes.
pub(super) enum Rows {
    Units(Vec<Put<Unit>>),
    Points(Vec<Put<Point>>),
    Items(Vec<Put<Item>>),
    Duties(Vec<Put<Duty>>),
    /// The next version of the calendar, if any day differs.
    Calendar(Option<WorkCalendar>),
    Users(Vec<PutUser>),
}

/// A row that is written.
pub(super) enum Put<T> {
    New(T),
    Changed(T),
}

/// An account that is written.
pub(super) enum PutUser {
    New(Box<User>),
    Changed(Box<ChangedUser>),
}

impl Imported {
    /// Counts a row of the sheet, and answers what to write for it, if anything. `new` gives it an id.
    fn put<T: PartialEq>(&mut self, before: Option<&T>, row: T, new: impl FnOnce(T) -> T) -> Option<Put<T>> {
        self.count(before.is_none(), before != Some(&row));
        match before {
            None => Some(Put::New(new(row))),
            Some(before) if *before != row => Some(Put::Changed(row)),
            Some(_) => None,
        }
    }
}

/// The rows to write for a sheet of units, points, items or duties.
///
/// # Errors
/// [`AppError::Invalid`] with every fault of the sheet.
pub(super) fn of_reference(
    random: &dyn Random,
    kind: ImportKind,
    sheet: &Sheet,
    crs: ListCrs,
    known: &Known,
) -> Result<(Rows, Imported)> {
    let mut found = Found::default();
    match kind {
        ImportKind::Units => {
            let (units, mut imported) = right(read::units(sheet, known, &mut found), found)?;
            let put = |unit: Unit| {
                imported.put(known.units.get(&unit.code), unit, |unit| Unit { id: UnitId(random.uuid()), ..unit })
            };
            let rows = units.into_iter().filter_map(put).collect();
            Ok((Rows::Units(rows), imported))
        }
        ImportKind::Points => {
            let (points, mut imported) = right(read::points(sheet, known, crs, &mut found), found)?;
            imported.doubt = doubt_of(&points, known);
            let put = |point: Point| {
                imported.put(known.points.get(&point.code), point, |it| Point { id: PointId(random.uuid()), ..it })
            };
            let rows = points.into_iter().filter_map(put).collect();
            Ok((Rows::Points(rows), imported))
        }
        ImportKind::Items => {
            let (items, mut imported) = right(read::items(sheet, known, &mut found), found)?;
            let put = |item: Item| imported.put(known.items.get(&item.code), item, |item| item);
            let rows = items.into_iter().filter_map(put).collect();
            Ok((Rows::Items(rows), imported))
        }
        ImportKind::Duties => {
            let (sheet, mut imported) = right(read::duties(sheet, known, &mut found), found)?;
            let before: HashMap<DutyId, &Duty> = known.duties.iter().map(|duty| (duty.id, duty)).collect();
            let put = |duty: Duty| {
                imported.put(before.get(&duty.id).copied(), duty, |it| Duty { id: DutyId(random.uuid()), ..it })
            };
            let rows = sheet.into_iter().filter_map(put).collect();
            Ok((Rows::Duties(rows), imported))
        }
        ImportKind::Users | ImportKind::Calendar => Err(AppError::Internal(format!("{kind} are not loaded like this"))),
    }
}

/// What looks wrong with the positions of a sheet, by those that were known before.
fn doubt_of(points: &[Point], known: &Known) -> Option<PlaceDoubt> {
    let again = points.iter().filter_map(|point| point.location.zip(known.points.get(&point.code)?.location));
    let all = points.iter().filter_map(|point| point.location);
    let before = known.points.values().filter(|point| point.active).filter_map(|point| point.location);
    doubt(&again.collect::<Vec<_>>(), &all.collect::<Vec<_>>(), &before.collect::<Vec<_>>())
}

/// The calendar to write for a sheet of days: days that it does not name stay as they were.
///
/// # Errors
/// [`AppError::Invalid`] with every fault of the sheet.
pub(super) fn of_calendar(sheet: &Sheet, before: &WorkCalendar) -> Result<(Rows, Imported)> {
    let mut found = Found::default();
    let (days, mut imported) = right(read::calendar(sheet, &mut found), found)?;
    let mut rules: CalendarRules = before.rules().clone();
    for (day, kind) in days {
        let was = rules.kind_of(day);
        imported.count(was == DayKind::Usual && kind != was, kind != was);
        rules.name(day, kind);
    }
    if rules == *before.rules() {
        return Ok((Rows::Calendar(None), imported));
    }
    let version = before.version() + 1;
    let after = WorkCalendar::new(version, rules)
        .map_err(|error| AppError::Internal(format!("calendar {version}: {error}")))?;
    Ok((Rows::Calendar(Some(after)), imported))
}

impl Rows {
    /// Writes them.
    ///
    /// # Errors
    /// [`AppError::AlreadyExists`] when somebody else has taken the name of a new account in the meantime.
    pub(super) fn write(&self, conn: &mut Conn, now: Timestamp) -> Result<()> {
        match self {
            Rows::Units(rows) => rows.iter().try_for_each(|row| match row {
                Put::New(unit) => Ok(reference::insert_unit(conn, unit)?),
                Put::Changed(unit) => Ok(reference::update_unit(conn, unit)?),
            }),
            Rows::Points(rows) => rows.iter().try_for_each(|row| match row {
                Put::New(point) => Ok(reference::insert_point(conn, point)?),
                Put::Changed(point) => Ok(reference::update_point(conn, point)?),
            }),
            Rows::Items(rows) => rows.iter().try_for_each(|row| match row {
                Put::New(item) => Ok(reference::insert_item(conn, item, now)?),
                Put::Changed(item) => Ok(reference::update_item(conn, item, now)?),
            }),
            Rows::Duties(rows) => rows.iter().try_for_each(|row| match row {
                Put::New(duty) => Ok(duties::insert(conn, duty)?),
                Put::Changed(duty) => Ok(duties::set_valid_to(conn, duty.id, duty.valid_to)?),
            }),
            Rows::Calendar(None) => Ok(()),
            Rows::Calendar(Some(calendar)) => {
                let version = calendar.version();
                let body = serde_json::to_string(calendar.rules())
                    .map_err(|error| AppError::Internal(format!("calendar {version}: {error}")))?;
                Ok(settings::insert_calendar(conn, version, &body, now)?)
            }
            Rows::Users(rows) => rows.iter().try_for_each(|row| match row {
                PutUser::New(user) => accounts::insert(conn, user),
                PutUser::Changed(changed) => accounts::write_change(conn, changed, now),
            }),
        }
    }
}
