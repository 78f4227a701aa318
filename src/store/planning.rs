//! Assessments, schedules and efforts that the office has entered.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use diesel::prelude::*;

use crate::domain::ids::{AssessmentId, ScheduleId, UserId};
use crate::domain::month::Month;
use crate::domain::month::gap::Efforts;
use crate::domain::planning::{Assessment, AssessmentKind, AssessmentText, Schedule, ScheduleText};
use crate::domain::time::Timestamp;
use crate::store::schema::{assessments, item_efforts, schedules};
use crate::store::{Conn, StoreError};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = assessments)]
struct AssessmentRow {
    id: AssessmentId,
    version: i64,
    name: String,
    campaign: String,
    kind: AssessmentKind,
    month_from: Month,
    month_to: Month,
    changed_by: UserId,
    changed_at: Timestamp,
}

impl From<AssessmentRow> for Assessment {
    fn from(row: AssessmentRow) -> Self {
        let AssessmentRow { id, version, name, campaign, kind, month_from, month_to, changed_by, changed_at } = row;
        let text = AssessmentText { name, campaign, kind, from: month_from, to: month_to };
        Assessment { id, version, text, changed_by, changed_at }
    }
}

/// An assessment.
pub fn find_assessment(conn: &mut Conn, id: AssessmentId) -> Result<Option<Assessment>, StoreError> {
    let row: Option<AssessmentRow> =
        assessments::table.find(id).select(AssessmentRow::as_select()).first(conn).optional()?;
    Ok(row.map(Assessment::from))
}

/// All of them, the latest first; the county has a few.
pub fn assessments(conn: &mut Conn) -> Result<Vec<Assessment>, StoreError> {
    let rows: Vec<AssessmentRow> = assessments::table
        .order((assessments::month_from.desc(), assessments::id))
        .select(AssessmentRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(Assessment::from).collect())
}

/// Keeps an assessment in place of the one with its id, if there is one. Call it with what is planned with locked.
pub fn put_assessment(conn: &mut Conn, assessment: &Assessment) -> Result<(), StoreError> {
    let Assessment { id, version, text, changed_by, changed_at } = assessment.clone();
    let AssessmentText { name, campaign, kind, from, to } = text;
    let row =
        AssessmentRow { id, version, name, campaign, kind, month_from: from, month_to: to, changed_by, changed_at };
    if diesel::update(assessments::table.find(id)).set(&row).execute(conn)? == 0 {
        diesel::insert_into(assessments::table).values(&row).execute(conn)?;
    }
    Ok(())
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = schedules, treat_none_as_null = true)]
struct ScheduleRow {
    id: ScheduleId,
    version: i64,
    name: String,
    assessment_id: Option<AssessmentId>,
    end_day: String,
    tasks: String,
    changed_by: UserId,
    changed_at: Timestamp,
}

impl ScheduleRow {
    fn read(self) -> Result<Schedule, StoreError> {
        let ScheduleRow { id, version, name, assessment_id, end_day, tasks, changed_by, changed_at } = self;
        let corrupt = |error: String| StoreError::Corrupt(format!("schedule {id}: {error}"));
        let text = ScheduleText {
            name,
            assessment_id,
            end: end_day.parse().map_err(|error: jiff::Error| corrupt(error.to_string()))?,
            tasks: serde_json::from_str(&tasks).map_err(|error| corrupt(error.to_string()))?,
        };
        Ok(Schedule { id, version, text, changed_by, changed_at })
    }
}

/// A schedule.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn find_schedule(conn: &mut Conn, id: ScheduleId) -> Result<Option<Schedule>, StoreError> {
    let row: Option<ScheduleRow> = schedules::table.find(id).select(ScheduleRow::as_select()).first(conn).optional()?;
    row.map(ScheduleRow::read).transpose()
}

/// Schedules, those that end last first; `after` is the id where the page before ended.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn schedules(conn: &mut Conn, after: Option<ScheduleId>, limit: i64) -> Result<Vec<Schedule>, StoreError> {
    let mut query = schedules::table.select(ScheduleRow::as_select()).into_boxed();
    if let Some(id) = after {
        let end: Option<String> = schedules::table.find(id).select(schedules::end_day).first(conn).optional()?;
        let end = end.unwrap_or_default();
        query = query.filter(schedules::end_day.le(end.clone()));
        query = query.filter(schedules::end_day.lt(end).or(schedules::id.lt(id)));
    }
    let rows = query.order((schedules::end_day.desc(), schedules::id.desc())).limit(limit).load(conn)?;
    rows.into_iter().map(ScheduleRow::read).collect()
}

/// Keeps a schedule in place of the one with its id, if there is one. Call it with what is planned with locked.
pub fn put_schedule(conn: &mut Conn, schedule: &Schedule) -> Result<(), StoreError> {
    let Schedule { id, version, text, changed_by, changed_at } = schedule.clone();
    let ScheduleText { name, assessment_id, end, tasks } = text;
    let tasks = serde_json::to_string(&tasks).map_err(|error| StoreError::Corrupt(error.to_string()))?;
    let row = ScheduleRow { id, version, name, assessment_id, end_day: end.to_string(), tasks, changed_by, changed_at };
    if diesel::update(schedules::table.find(id)).set(&row).execute(conn)? == 0 {
        diesel::insert_into(schedules::table).values(&row).execute(conn)?;
    }
    Ok(())
}

/// Whether a schedule prepares for this assessment.
pub fn is_prepared_for(conn: &mut Conn, id: AssessmentId) -> Result<bool, StoreError> {
    let found = schedules::table.filter(schedules::assessment_id.eq(id));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(conn)?)
}

/// Removes an assessment that no schedule prepares for. Call it with what is planned with locked.
pub fn remove_assessment(conn: &mut Conn, id: AssessmentId) -> Result<(), StoreError> {
    diesel::delete(assessments::table.find(id)).execute(conn)?;
    Ok(())
}

/// Removes a schedule. Call it with what is planned with locked.
pub fn remove_schedule(conn: &mut Conn, id: ScheduleId) -> Result<(), StoreError> {
    diesel::delete(schedules::table.find(id)).execute(conn)?;
    Ok(())
}

/// The estimated efforts; cells without one have 1.
pub fn efforts(conn: &mut Conn) -> Result<Efforts, StoreError> {
    let rows: Vec<(String, String, i32)> = item_efforts::table.load(conn)?;
    let effort = |effort: i32| u32::try_from(effort).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN);
    Ok(rows.into_iter().map(|(item, kind, value)| ((item, kind), effort(value))).collect::<BTreeMap<_, _>>())
}

/// Keeps the effort of a cell, or forgets it. Call it with what is planned with locked.
pub fn put_effort(
    conn: &mut Conn,
    (item, point_type): (&str, &str),
    effort: Option<NonZeroU32>,
) -> Result<(), StoreError> {
    diesel::delete(item_efforts::table.find((item, point_type))).execute(conn)?;
    if let Some(effort) = effort {
        diesel::insert_into(item_efforts::table)
            .values((
                item_efforts::item_code.eq(item),
                item_efforts::point_type.eq(point_type),
                item_efforts::effort.eq(i32::try_from(effort.get()).unwrap_or(i32::MAX)),
            ))
            .execute(conn)?;
    }
    Ok(())
}
