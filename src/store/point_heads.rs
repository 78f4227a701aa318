//! Heads of points.

use diesel::prelude::*;

use crate::domain::ids::{PointId, UnitId, UserId};
use crate::domain::point_head::{HeadTerm, PointHeads};
use crate::domain::time::{Date, Timestamp};
use crate::store::schema::{point_heads, points};
use crate::store::{Conn, StoreError};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = point_heads, primary_key(point_id, from_day), treat_none_as_null = true)]
struct HeadRow {
    point_id: PointId,
    from_day: String,
    to_day: Option<String>,
    person: String,
    unit_id: UnitId,
    changed_by: UserId,
    changed_at: Timestamp,
}

fn day(text: &str) -> Result<Date, StoreError> {
    text.parse().map_err(|error: jiff::Error| StoreError::Corrupt(error.to_string()))
}

impl HeadRow {
    fn read(self) -> Result<HeadTerm, StoreError> {
        let HeadRow { from_day, to_day, person, unit_id, .. } = self;
        let to = to_day.as_deref().map(day).transpose()?;
        Ok(HeadTerm { person, unit_id, from: day(&from_day)?, to })
    }
}

/// All heads of a point.
///
/// # Errors
/// [`StoreError::Corrupt`] when two of them hold at a time.
pub fn of(conn: &mut Conn, point: PointId) -> Result<PointHeads, StoreError> {
    let rows: Vec<HeadRow> =
        point_heads::table.filter(point_heads::point_id.eq(point)).select(HeadRow::as_select()).load(conn)?;
    let terms = rows.into_iter().map(HeadRow::read).collect::<Result<_, _>>()?;
    PointHeads::new(point, terms).map_err(|faults| StoreError::Corrupt(format!("heads of point {point}: {faults:?}")))
}

/// Writes what differs between the heads of a point as they were and as they are now.
pub fn write(
    conn: &mut Conn,
    (before, after): (&PointHeads, &PointHeads),
    changed_by: UserId,
    changed_at: Timestamp,
) -> Result<(), StoreError> {
    let point_id = after.point_id();
    for gone in before.terms().iter().filter(|old| !after.terms().iter().any(|new| new.from == old.from)) {
        diesel::delete(point_heads::table.find((point_id, gone.from.to_string()))).execute(conn)?;
    }
    for term in after.terms().iter().filter(|new| !before.terms().contains(new)) {
        let HeadTerm { person, unit_id, from, to } = term.clone();
        let (from_day, to_day) = (from.to_string(), to.map(|to| to.to_string()));
        let row = HeadRow { point_id, from_day, to_day, person, unit_id, changed_by, changed_at };
        let at = point_heads::table.find((point_id, from.to_string()));
        if diesel::update(at).set(&row).execute(conn)? == 0 {
            diesel::insert_into(point_heads::table).values(&row).execute(conn)?;
        }
    }
    Ok(())
}

/// Where a page of a person's terms ended: first day and point.
pub type After = (Date, PointId);

/// Of which points a person is, was or will be head, the earliest term first; only those of `unit`, if one is given.
pub fn of_person(
    conn: &mut Conn,
    person: &str,
    unit: Option<UnitId>,
    after: Option<After>,
    limit: i64,
) -> Result<Vec<(PointId, HeadTerm)>, StoreError> {
    let mut query = point_heads::table.filter(point_heads::person.eq(person.to_owned())).into_boxed();
    if let Some(unit) = unit {
        query = query.filter(point_heads::unit_id.eq(unit));
    }
    if let Some((from, point)) = after {
        let from = from.to_string();
        let same_day = point_heads::from_day.eq(from.clone()).and(point_heads::point_id.gt(point));
        query = query.filter(point_heads::from_day.gt(from).or(same_day));
    }
    let rows: Vec<HeadRow> = query
        .order((point_heads::from_day, point_heads::point_id))
        .limit(limit)
        .select(HeadRow::as_select())
        .load(conn)?;
    rows.into_iter().map(|row| Ok((row.point_id, row.read()?))).collect()
}

/// The first day on which any point had a head: from then on every point needs one. `None` before anybody was named.
pub fn first_day(conn: &mut Conn) -> Result<Option<Date>, StoreError> {
    let first: Option<String> =
        point_heads::table.order(point_heads::from_day).select(point_heads::from_day).first(conn).optional()?;
    first.as_deref().map(day).transpose()
}

/// Points in use.
macro_rules! in_use {
    () => {
        points::table.filter(points::active.eq(true))
    };
}

/// Heads of the point of the row on a day.
macro_rules! on {
    ($day:expr) => {
        point_heads::table
            .filter(point_heads::point_id.eq(points::id))
            .filter(point_heads::from_day.le($day.clone()))
            .filter(point_heads::to_day.is_null().or(point_heads::to_day.ge(Some($day.clone()))))
    };
}

/// How many points in use have no head on `today`; and how many of them have had none since `since` or longer.
pub fn count_vacant(conn: &mut Conn, today: Date, since: Date) -> Result<(u64, u64), StoreError> {
    let (today, since) = (today.to_string(), since.to_string());
    let vacant: i64 = in_use!().filter(diesel::dsl::not(diesel::dsl::exists(on!(today)))).count().get_result(conn)?;
    let ended_later = point_heads::table
        .filter(point_heads::point_id.eq(points::id))
        .filter(point_heads::from_day.le(today.clone()))
        .filter(point_heads::to_day.ge(Some(since)));
    let overdue: i64 = in_use!()
        .filter(diesel::dsl::not(diesel::dsl::exists(on!(today))))
        .filter(diesel::dsl::not(diesel::dsl::exists(ended_later)))
        .count()
        .get_result(conn)?;
    Ok((u64::try_from(vacant).unwrap_or_default(), u64::try_from(overdue).unwrap_or_default()))
}

/// Points in use without a head on `today`, by code, after this code.
pub fn vacant(conn: &mut Conn, today: Date, after: Option<&str>, limit: i64) -> Result<Vec<PointId>, StoreError> {
    let today = today.to_string();
    let mut query = in_use!().filter(diesel::dsl::not(diesel::dsl::exists(on!(today)))).into_boxed();
    if let Some(code) = after {
        query = query.filter(points::code.gt(code.to_owned()));
    }
    Ok(query.order(points::code).limit(limit).select(points::id).load(conn)?)
}
