//! Visits. They are written once, together with the issues that they open.

use std::collections::HashMap;
use std::time::Duration;

use diesel::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::domain::digest::Digest;
use crate::domain::evidence::{Capture, Flag, FlagCode};
use crate::domain::geo::Location;
use crate::domain::ids::{BatchId, IssueId, PhotoId, PointId, UserId, VisitId};
use crate::domain::time::Timestamp;
use crate::domain::visit::{ItemResult, Seen, TaskRef, Visit};
use crate::store::dialect::{each_some, insert_all};
use crate::store::schema::{task_inspectors, visit_doubts, visit_photos, visit_results, visits};
use crate::store::{Conn, StoreError, months};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = visits)]
struct VisitRow {
    id: VisitId,
    point_id: PointId,
    inspector_id: UserId,
    began_at: Timestamp,
    ended_at: Timestamp,
    lat: Option<f64>,
    lon: Option<f64>,
    accuracy_m: Option<f64>,
    checklist: String,
    interviews: String,
    received_at: Timestamp,
    batch_id: Option<BatchId>,
    task_number: Option<i32>,
    /// In microseconds.
    clock_set_back: Option<i64>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = visit_results)]
struct ResultRow {
    visit_id: VisitId,
    position: i32,
    item_code: String,
    result: ItemResult,
    note: String,
    issue_id: Option<IssueId>,
    permitted_by: Option<String>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = visit_photos)]
struct PhotoRow {
    visit_id: VisitId,
    result: i32,
    position: i32,
    photo_id: PhotoId,
}

/// Which visits a list has.
#[derive(Debug, Clone, Copy, Default)]
pub struct VisitFilter {
    /// At this point.
    pub point_id: Option<PointId>,
    /// Begun at or after.
    pub from: Option<Timestamp>,
    /// Begun before.
    pub to: Option<Timestamp>,
    /// Only those of this batch.
    pub batch_id: Option<BatchId>,
    /// Only those that nobody drew, or only those that carry out a task.
    pub sudden: Option<bool>,
}

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// Stores a visit; `body_digest` recognises its record when it comes again.
///
/// # Errors
/// [`StoreError::Conflict`] when the id is taken.
pub fn insert(conn: &mut Conn, visit: &Visit, body_digest: &Digest) -> Result<(), StoreError> {
    months::admit(conn, visit.received_at)?;
    let row = VisitRow {
        id: visit.id,
        point_id: visit.point_id,
        inspector_id: visit.inspector_id,
        began_at: visit.began_at,
        ended_at: visit.ended_at,
        lat: visit.location.map(|place| place.lat),
        lon: visit.location.map(|place| place.lon),
        accuracy_m: visit.location.and_then(|place| place.accuracy_m),
        checklist: json(&visit.checklist)?,
        interviews: json(&visit.interviews)?,
        received_at: visit.received_at,
        batch_id: visit.task.map(|task| task.batch_id),
        task_number: visit.task.map(|task| i32::try_from(task.number).unwrap_or(i32::MAX)),
        clock_set_back: visit.clock_set_back.map(|back| i64::try_from(back.as_micros()).unwrap_or(i64::MAX)),
    };
    diesel::insert_into(visits::table).values((row, visits::body_digest.eq(body_digest))).execute(conn)?;
    let (mut results, mut photos) = (Vec::new(), Vec::new());
    for (position, seen) in (0..).zip(&visit.results) {
        results.push(ResultRow {
            visit_id: visit.id,
            position,
            item_code: seen.item_code.clone(),
            result: seen.result,
            note: seen.note.clone(),
            issue_id: seen.issue_id,
            permitted_by: seen.permitted_by.clone(),
        });
        let of_result = (0..).zip(&seen.photo_ids);
        photos.extend(of_result.map(|(at, photo_id)| PhotoRow {
            visit_id: visit.id,
            result: position,
            position: at,
            photo_id: *photo_id,
        }));
    }
    insert_all!(conn, visit_results::table, results);
    insert_all!(conn, visit_photos::table, photos);
    Ok(())
}

/// Who sent the visit with this id, and the digest of the record.
pub fn sent(conn: &mut Conn, id: VisitId) -> Result<Option<(UserId, Digest)>, StoreError> {
    Ok(visits::table.find(id).select((visits::inspector_id, visits::body_digest)).first(conn).optional()?)
}

/// Whether this person has carried out this task.
pub fn is_done_by(conn: &mut Conn, task: TaskRef, who: UserId) -> Result<bool, StoreError> {
    let number = i32::try_from(task.number).unwrap_or(i32::MAX);
    let done = visits::table
        .filter(visits::batch_id.eq(task.batch_id))
        .filter(visits::task_number.eq(number))
        .filter(visits::inspector_id.eq(who));
    Ok(diesel::select(diesel::dsl::exists(done)).get_result(conn)?)
}

/// Visits that are looked at beside a finding. Source: our choice; nobody makes more in a day.
const CAPTURES_MAX: i64 = 20;

/// Where this inspector was on visits: at the beginnings and ends of the last few that began up to `at`, and of the first
/// one after it.
pub fn captures(conn: &mut Conn, inspector: UserId, at: Timestamp) -> Result<Vec<Capture>, StoreError> {
    type Row = (Timestamp, Timestamp, Option<f64>, Option<f64>, Option<f64>);
    let placed = || visits::table.filter(visits::inspector_id.eq(inspector)).filter(visits::lat.is_not_null());
    let columns = (visits::began_at, visits::ended_at, visits::lat, visits::lon, visits::accuracy_m);
    let mut rows: Vec<Row> = placed()
        .filter(visits::began_at.le(at))
        .order((visits::began_at.desc(), visits::id.desc()))
        .limit(CAPTURES_MAX)
        .select(columns)
        .load(conn)?;
    let after: Option<Row> = placed()
        .filter(visits::began_at.gt(at))
        .order((visits::began_at, visits::id))
        .select(columns)
        .first(conn)
        .optional()?;
    rows.extend(after);
    let both = |(began_at, ended_at, lat, lon, accuracy_m): Row| {
        let place = Location { lat: lat?, lon: lon?, accuracy_m };
        Some([began_at, ended_at].map(|at| Capture { at, place }))
    };
    Ok(rows.into_iter().filter_map(both).flatten().collect())
}

/// Stores doubts about a visit, each once.
pub fn raise(conn: &mut Conn, id: VisitId, doubts: &[Flag], at: Timestamp) -> Result<(), StoreError> {
    for doubt in doubts {
        diesel::insert_into(visit_doubts::table)
            .values((
                visit_doubts::visit_id.eq(id),
                visit_doubts::code.eq(doubt.code),
                visit_doubts::detail.eq(&doubt.detail),
                visit_doubts::raised_at.eq(at),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// The doubts about these visits, by kind.
pub fn doubts(conn: &mut Conn, ids: &[VisitId]) -> Result<Vec<(VisitId, Flag)>, StoreError> {
    let rows: Vec<(VisitId, FlagCode, String)> = each_some(ids, |some| {
        Ok(visit_doubts::table
            .filter(visit_doubts::visit_id.eq_any(some))
            .order((visit_doubts::visit_id, visit_doubts::code))
            .select((visit_doubts::visit_id, visit_doubts::code, visit_doubts::detail))
            .load(conn)?)
    })?;
    Ok(rows.into_iter().map(|(id, code, detail)| (id, Flag::about_issue(code, detail))).collect())
}

/// A visit, the batch whose task it carries out, and the code name that its inspector has in it.
pub type CodeName = (VisitId, Option<BatchId>, Option<String>);

/// The code names of those of these visits that are recorded.
pub fn code_names(conn: &mut Conn, ids: &[VisitId]) -> Result<Vec<CodeName>, StoreError> {
    each_some(ids, |some| {
        let of_task = task_inspectors::batch_id
            .nullable()
            .eq(visits::batch_id)
            .and(task_inspectors::number.nullable().eq(visits::task_number))
            .and(task_inspectors::user_id.eq(visits::inspector_id));
        Ok(visits::table
            .left_join(task_inspectors::table.on(of_task))
            .filter(visits::id.eq_any(some))
            .select((visits::id, visits::batch_id, task_inspectors::code_name.nullable()))
            .load(conn)?)
    })
}

/// One visit.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn find(conn: &mut Conn, id: VisitId) -> Result<Option<Visit>, StoreError> {
    let row: Option<VisitRow> = visits::table.find(id).select(VisitRow::as_select()).first(conn).optional()?;
    Ok(with_results(conn, row.into_iter().collect())?.pop())
}

/// Visits, those that began last first, after the one that began at this time with this id.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn list(
    conn: &mut Conn,
    filter: VisitFilter,
    after: Option<(Timestamp, VisitId)>,
    limit: i64,
) -> Result<Vec<Visit>, StoreError> {
    let VisitFilter { point_id, from, to, batch_id, sudden } = filter;
    let mut query = visits::table.select(VisitRow::as_select()).into_boxed();
    if let Some(point) = point_id {
        query = query.filter(visits::point_id.eq(point));
    }
    if let Some(from) = from {
        query = query.filter(visits::began_at.ge(from));
    }
    if let Some(to) = to {
        query = query.filter(visits::began_at.lt(to));
    }
    if let Some(batch) = batch_id {
        query = query.filter(visits::batch_id.eq(batch));
    }
    match sudden {
        Some(true) => query = query.filter(visits::batch_id.is_null()),
        Some(false) => query = query.filter(visits::batch_id.is_not_null()),
        None => {}
    }
    if let Some((at, id)) = after {
        let earlier = visits::began_at.lt(at);
        query = query.filter(earlier.or(visits::began_at.eq(at).and(visits::id.lt(id))));
    }
    let rows = query.order((visits::began_at.desc(), visits::id.desc())).limit(limit).load(conn)?;
    with_results(conn, rows)
}

/// The visits of these rows, in their order.
fn with_results(conn: &mut Conn, rows: Vec<VisitRow>) -> Result<Vec<Visit>, StoreError> {
    let ids: Vec<VisitId> = rows.iter().map(|row| row.id).collect();
    let mut results: Vec<ResultRow> = each_some(&ids, |some| {
        Ok(visit_results::table
            .filter(visit_results::visit_id.eq_any(some))
            .select(ResultRow::as_select())
            .load(conn)?)
    })?;
    let mut photos: Vec<PhotoRow> = each_some(&ids, |some| {
        Ok(visit_photos::table.filter(visit_photos::visit_id.eq_any(some)).select(PhotoRow::as_select()).load(conn)?)
    })?;
    results.sort_by_key(|row| row.position);
    photos.sort_by_key(|row| row.position);
    let mut photos_of: HashMap<(VisitId, i32), Vec<PhotoId>> = HashMap::new();
    for row in photos {
        photos_of.entry((row.visit_id, row.result)).or_default().push(row.photo_id);
    }
    let mut seen_of: HashMap<VisitId, Vec<Seen>> = HashMap::new();
    for row in results {
        seen_of.entry(row.visit_id).or_default().push(Seen {
            photo_ids: photos_of.remove(&(row.visit_id, row.position)).unwrap_or_default(),
            item_code: row.item_code,
            result: row.result,
            note: row.note,
            issue_id: row.issue_id,
            permitted_by: row.permitted_by,
        });
    }
    rows.into_iter()
        .map(|row| {
            let place = row.lat.zip(row.lon);
            let task = row.batch_id.zip(row.task_number);
            Ok(Visit {
                id: row.id,
                point_id: row.point_id,
                inspector_id: row.inspector_id,
                task: task
                    .map(|(batch_id, number)| TaskRef { batch_id, number: u32::try_from(number).unwrap_or_default() }),
                began_at: row.began_at,
                ended_at: row.ended_at,
                location: place.map(|(lat, lon)| Location { lat, lon, accuracy_m: row.accuracy_m }),
                results: seen_of.remove(&row.id).unwrap_or_default(),
                interviews: read(&row.interviews)?,
                checklist: read(&row.checklist)?,
                received_at: row.received_at,
                clock_set_back: row
                    .clock_set_back
                    .and_then(|micros| u64::try_from(micros).ok())
                    .map(Duration::from_micros),
            })
        })
        .collect()
}

/// The inspectors whose visits name this photo; a photo of a report is not among a visit's own.
pub fn naming_photo(conn: &mut Conn, photo: PhotoId) -> Result<Vec<UserId>, StoreError> {
    Ok(visit_photos::table
        .inner_join(visits::table.on(visits::id.eq(visit_photos::visit_id)))
        .filter(visit_photos::photo_id.eq(photo))
        .select(visits::inspector_id)
        .distinct()
        .load(conn)?)
}
