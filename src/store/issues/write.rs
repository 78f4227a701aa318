//! The only file that changes issues: it writes what a decided [`Transition`] contains, the row together with its event
//! and its photos.

use diesel::prelude::*;

use super::rows::{IssueRow, to_json};
use crate::domain::digest::Digest;
use crate::domain::ids::{IssueId, PhotoId, RequestId, UnitId, UserId};
use crate::domain::issue::{
    EventRecord, Issue, IssuePhoto, PhotoStage, PhotoView, RequestKind, RequestState, Transition,
};
use crate::domain::time::Timestamp;
use crate::store::dialect::insert_all;
use crate::store::schema::{issue_events, issue_pauses, issue_photos, issue_requests, issue_returns, issues};
use crate::store::{Conn, StoreError, milestones, months, photos};

/// Writes a decided step. `body_digest` identifies the request that made a new issue.
///
/// # Errors
/// [`StoreError::Stale`] when the stored version is not the one it was decided on,
/// [`StoreError::Conflict`] when a constraint refuses.
pub fn apply(conn: &mut Conn, step: &Transition, body_digest: Option<&Digest>) -> Result<(), StoreError> {
    let issue = step.after();
    months::admit(conn, step.event().at)?;
    let row = IssueRow::from(issue);
    match step.expected_version() {
        None => {
            diesel::insert_into(issues::table).values((&row, issues::body_digest.eq(body_digest))).execute(conn)?;
        }
        Some(version) => {
            let changed =
                diesel::update(issues::table.filter(issues::id.eq(issue.id)).filter(issues::version.eq(version)))
                    .set(&row)
                    .execute(conn)?;
            if changed != 1 {
                return Err(StoreError::Stale);
            }
            if step.event().changes.contains_key("returns") {
                write_returns(conn, issue)?;
            }
            if step.event().changes.contains_key("requests") {
                write_requests(conn, issue)?;
            }
            if step.event().changes.contains_key("pauses") {
                write_pauses(conn, issue)?;
            }
            if step.event().changes.contains_key("plan") {
                milestones::replace(conn, issue)?;
            }
        }
    }
    write_event(conn, step.event())?;
    write_photos(conn, step.event())?;
    match step.opens() {
        Some(opened) => apply(conn, opened, None),
        None => Ok(()),
    }
}

#[derive(Insertable)]
#[diesel(table_name = issue_events)]
struct NewEvent<'a> {
    issue_id: IssueId,
    version: i64,
    at: Timestamp,
    actor_id: Option<UserId>,
    actor_role: Option<&'a str>,
    action: &'a str,
    from_state: Option<&'a str>,
    to_state: &'a str,
    reason: Option<&'a str>,
    photos: String,
    changes: String,
}

impl<'a> TryFrom<&'a EventRecord> for NewEvent<'a> {
    type Error = StoreError;

    fn try_from(event: &'a EventRecord) -> Result<Self, StoreError> {
        let json =
            |text: Result<String, serde_json::Error>| text.map_err(|error| StoreError::Corrupt(error.to_string()));
        Ok(NewEvent {
            issue_id: event.issue_id,
            version: event.version,
            at: event.at,
            actor_id: event.actor_id,
            actor_role: event.actor_role.map(|role| role.as_str()),
            action: event.action.as_str(),
            from_state: event.from.map(|state| state.as_str()),
            to_state: event.to.as_str(),
            reason: event.reason.as_deref(),
            photos: json(serde_json::to_string(&event.photos))?,
            changes: json(serde_json::to_string(&event.changes))?,
        })
    }
}

fn write_event(conn: &mut Conn, event: &EventRecord) -> Result<(), StoreError> {
    diesel::insert_into(issue_events::table).values(NewEvent::try_from(event)?).execute(conn)?;
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = issue_photos)]
struct PhotoRow {
    issue_id: IssueId,
    photo_id: PhotoId,
    stage: PhotoStage,
    round: i32,
    view: PhotoView,
    position: i32,
    captured_at: Option<Timestamp>,
    marks: Option<String>,
}

impl PhotoRow {
    fn new(issue_id: IssueId, position: i32, photo: &IssuePhoto) -> Result<Self, StoreError> {
        let marks = (!photo.marks.is_empty())
            .then(|| serde_json::to_string(&photo.marks))
            .transpose()
            .map_err(|error| StoreError::Corrupt(error.to_string()))?;
        Ok(PhotoRow {
            issue_id,
            photo_id: photo.photo_id,
            stage: photo.stage,
            round: photo.round,
            view: photo.view,
            position,
            captured_at: photo.captured_at,
            marks,
        })
    }
}

fn write_photos(conn: &mut Conn, event: &EventRecord) -> Result<(), StoreError> {
    if event.photos.is_empty() {
        return Ok(());
    }
    let before: i64 = if event.from.is_none() {
        0
    } else {
        issue_photos::table.filter(issue_photos::issue_id.eq(event.issue_id)).count().get_result(conn)?
    };
    let row = |(position, photo)| PhotoRow::new(event.issue_id, i32::try_from(position).unwrap_or(i32::MAX), photo);
    let rows = (before..).zip(&event.photos).map(row).collect::<Result<Vec<_>, _>>()?;
    insert_all!(conn, issue_photos::table, rows);
    let ids: Vec<PhotoId> = event.photos.iter().map(|photo| photo.photo_id).collect();
    photos::claim(conn, &ids, event.at)
}

/// Stores the digests that a report named for its photos, so that other bytes are refused.
pub fn expect_photos(conn: &mut Conn, issue: IssueId, expected: &[(PhotoId, Digest)]) -> Result<(), StoreError> {
    for (photo, digest) in expected {
        diesel::update(issue_photos::table.find((issue, *photo)))
            .set(issue_photos::expected_sha256.eq(digest))
            .execute(conn)?;
    }
    Ok(())
}

fn write_returns(conn: &mut Conn, issue: &Issue) -> Result<(), StoreError> {
    diesel::delete(issue_returns::table.filter(issue_returns::issue_id.eq(issue.id))).execute(conn)?;
    for back in &issue.assignment.returns {
        diesel::insert_into(issue_returns::table)
            .values((
                issue_returns::issue_id.eq(issue.id),
                issue_returns::unit_id.eq(back.unit_id),
                issue_returns::returned_at.eq(back.at),
                issue_returns::reason.eq(&back.reason),
                issue_returns::proposed_unit_id.eq(back.proposed_unit_id),
                issue_returns::founded.eq(back.founded),
            ))
            .execute(conn)?;
    }
    Ok(())
}

#[derive(Insertable)]
#[diesel(table_name = issue_requests)]
struct RequestRow<'a> {
    id: RequestId,
    issue_id: IssueId,
    position: i32,
    kind: RequestKind,
    state: RequestState,
    unit_id: UnitId,
    filed_by: UserId,
    filed_at: Timestamp,
    reason: &'a str,
    until: Option<Timestamp>,
    plan: Option<String>,
    first_vote: Option<String>,
    decided_by: Option<UserId>,
    decided_at: Option<Timestamp>,
    decision_reason: Option<&'a str>,
}

fn write_requests(conn: &mut Conn, issue: &Issue) -> Result<(), StoreError> {
    diesel::delete(issue_requests::table.filter(issue_requests::issue_id.eq(issue.id))).execute(conn)?;
    for (position, request) in (0..).zip(&issue.requests) {
        let row = RequestRow {
            id: request.id,
            issue_id: issue.id,
            position,
            kind: request.kind,
            state: request.state,
            unit_id: request.unit_id,
            filed_by: request.filed_by,
            filed_at: request.filed_at,
            reason: &request.reason,
            until: request.until,
            plan: to_json(request.plan.as_ref())?,
            first_vote: to_json(request.first_vote.as_ref())?,
            decided_by: request.decided_by,
            decided_at: request.decided_at,
            decision_reason: request.decision_reason.as_deref(),
        };
        diesel::insert_into(issue_requests::table).values(row).execute(conn)?;
    }
    Ok(())
}

fn write_pauses(conn: &mut Conn, issue: &Issue) -> Result<(), StoreError> {
    diesel::delete(issue_pauses::table.filter(issue_pauses::issue_id.eq(issue.id))).execute(conn)?;
    for (position, pause) in (0..).zip(&issue.clock.pauses) {
        let position: i32 = position;
        diesel::insert_into(issue_pauses::table)
            .values((
                issue_pauses::issue_id.eq(issue.id),
                issue_pauses::position.eq(position),
                issue_pauses::started_at.eq(pause.span.from),
                issue_pauses::ended_at.eq(pause.span.to),
                issue_pauses::reason.eq(&pause.reason),
                issue_pauses::approved_by.eq(pause.approved_by),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Writes whole histories at once, each with the steps of one issue from the first: the row after the last step, and
/// every event. Needs far fewer statements than [`apply`] for each step; for loading many.
///
/// # Errors
/// [`StoreError::Conflict`] when an issue exists already.
pub fn record(conn: &mut Conn, histories: &[Vec<Transition>]) -> Result<(), StoreError> {
    let last: Vec<&Issue> = histories.iter().filter_map(|steps| steps.last()).map(Transition::after).collect();
    let rows: Vec<IssueRow> = last.iter().copied().map(IssueRow::from).collect();
    insert_all!(conn, issues::table, rows);
    let events: Vec<&EventRecord> = histories.iter().flatten().map(Transition::event).collect();
    let rows = events.iter().map(|event| NewEvent::try_from(*event)).collect::<Result<Vec<_>, _>>()?;
    insert_all!(conn, issue_events::table, rows);
    let mut rows = Vec::new();
    for steps in histories {
        let photos = steps.iter().flat_map(|step| &step.event().photos);
        let Some(id) = steps.first().map(|step| step.after().id) else { continue };
        for (position, photo) in (0..).zip(photos) {
            rows.push(PhotoRow::new(id, position, photo)?);
        }
    }
    insert_all!(conn, issue_photos::table, rows);
    for issue in last {
        if !issue.assignment.returns.is_empty() {
            write_returns(conn, issue)?;
        }
        if !issue.requests.is_empty() {
            write_requests(conn, issue)?;
        }
        if !issue.clock.pauses.is_empty() {
            write_pauses(conn, issue)?;
        }
        if issue.clock.plan.is_some() {
            milestones::replace(conn, issue)?;
        }
    }
    Ok(())
}
