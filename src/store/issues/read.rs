//! Reads complete issues.

use std::collections::HashMap;

use diesel::dsl::{count_star, exists, not};
use diesel::prelude::*;
use serde_json::{Map, Value};

use super::rows::{IssueRow, from_json};
use crate::domain::deadline::Pause;
use crate::domain::digest::Digest;
use crate::domain::evidence::Capture;
use crate::domain::geo::Location;
use crate::domain::ids::{IssueId, PhotoId, PointId, RequestId, UnitId, UserId};
use crate::domain::issue::{
    Action, ClockPause, EventRecord, Issue, IssuePhoto, PhotoStage, PhotoView, RequestKind, RequestState, State,
    UnitRequest, UnitReturn,
};
use crate::domain::mark::Mark;
use crate::domain::role::Role;
use crate::domain::time::Timestamp;
use crate::store::dialect::each_some;
use crate::store::schema::{
    blobs, issue_events, issue_pauses, issue_photos, issue_requests, issue_returns, issues, photos, points,
};
use crate::store::{Conn, StoreError};

/// The issue with this id, if there is one.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn find(conn: &mut Conn, id: IssueId) -> Result<Option<Issue>, StoreError> {
    Ok(find_many(conn, &[id])?.pop())
}

/// The issues with these ids, in their order; absent ones are left out.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn find_many(conn: &mut Conn, ids: &[IssueId]) -> Result<Vec<Issue>, StoreError> {
    let rows: Vec<IssueRow> = each_some(ids, |some| {
        Ok(issues::table.filter(issues::id.eq_any(some)).select(IssueRow::as_select()).load(conn)?)
    })?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = HashMap::with_capacity(rows.len());
    for row in rows {
        found.insert(row.id, Issue::from(row));
    }
    add_returns(conn, ids, &mut found)?;
    add_requests(conn, ids, &mut found)?;
    add_pauses(conn, ids, &mut found)?;
    Ok(ids.iter().filter_map(|id| found.remove(id)).collect())
}

type ReturnRow = (IssueId, UnitId, Timestamp, String, Option<UnitId>, Option<bool>);

fn add_returns(conn: &mut Conn, ids: &[IssueId], found: &mut HashMap<IssueId, Issue>) -> Result<(), StoreError> {
    let rows: Vec<ReturnRow> = each_some(ids, |some| {
        Ok(issue_returns::table
            .filter(issue_returns::issue_id.eq_any(some))
            .order(issue_returns::returned_at)
            .load(conn)?)
    })?;
    for (issue, unit_id, at, reason, proposed_unit_id, founded) in rows {
        if let Some(issue) = found.get_mut(&issue) {
            issue.assignment.returns.push(UnitReturn { unit_id, at, reason, proposed_unit_id, founded });
        }
    }
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = issue_requests)]
struct RequestRow {
    id: RequestId,
    issue_id: IssueId,
    kind: RequestKind,
    state: RequestState,
    unit_id: UnitId,
    filed_by: UserId,
    filed_at: Timestamp,
    reason: String,
    until: Option<Timestamp>,
    plan: Option<String>,
    first_vote: Option<String>,
    decided_by: Option<UserId>,
    decided_at: Option<Timestamp>,
    decision_reason: Option<String>,
}

fn add_requests(conn: &mut Conn, ids: &[IssueId], found: &mut HashMap<IssueId, Issue>) -> Result<(), StoreError> {
    let rows: Vec<RequestRow> = each_some(ids, |some| {
        Ok(issue_requests::table
            .filter(issue_requests::issue_id.eq_any(some))
            .order(issue_requests::position)
            .select(RequestRow::as_select())
            .load(conn)?)
    })?;
    for row in rows {
        if let Some(issue) = found.get_mut(&row.issue_id) {
            issue.requests.push(UnitRequest {
                id: row.id,
                kind: row.kind,
                state: row.state,
                unit_id: row.unit_id,
                filed_by: row.filed_by,
                filed_at: row.filed_at,
                reason: row.reason,
                until: row.until,
                plan: from_json(row.plan.as_deref())?,
                first_vote: from_json(row.first_vote.as_deref())?,
                decided_by: row.decided_by,
                decided_at: row.decided_at,
                decision_reason: row.decision_reason,
            });
        }
    }
    Ok(())
}

type PauseRow = (IssueId, i32, Timestamp, Option<Timestamp>, String, UserId);

fn add_pauses(conn: &mut Conn, ids: &[IssueId], found: &mut HashMap<IssueId, Issue>) -> Result<(), StoreError> {
    let rows: Vec<PauseRow> = each_some(ids, |some| {
        Ok(issue_pauses::table.filter(issue_pauses::issue_id.eq_any(some)).order(issue_pauses::position).load(conn)?)
    })?;
    for (issue, _, from, to, reason, approved_by) in rows {
        if let Some(issue) = found.get_mut(&issue) {
            issue.clock.pauses.push(ClockPause { span: Pause { from, to }, reason, approved_by });
        }
    }
    Ok(())
}

/// A photo of an issue with what is known of its bytes.
#[derive(Debug, Clone)]
pub struct StoredPhoto {
    /// The issue.
    pub issue_id: IssueId,
    /// Stage, round, view.
    pub photo: IssuePhoto,
    /// The digest that the report named.
    pub expected: Option<Digest>,
    /// The bytes; `None` until they arrive.
    pub arrived: Option<ArrivedPhoto>,
}

/// The bytes behind a [`StoredPhoto`].
#[derive(Debug, Clone)]
pub struct ArrivedPhoto {
    /// Content address.
    pub sha256: Digest,
    /// Bytes.
    pub size_bytes: i64,
    /// Media type.
    pub media_type: String,
    /// Width in pixels, upright.
    pub width: Option<i32>,
    /// Height in pixels, upright.
    pub height: Option<i32>,
    /// The metadata as JSON.
    pub exif: String,
    /// Server time it was stored.
    pub received_at: Timestamp,
    /// Why it has no rendition.
    pub render_error: Option<String>,
}

type PhotoRow = (
    (IssueId, PhotoId, PhotoStage, i32, PhotoView, Option<Timestamp>, Option<Digest>, Option<String>),
    Option<(UserId, Timestamp)>,
    Option<(Digest, i64, String, Option<i32>, Option<i32>, String, Option<String>)>,
);

/// The photos of these issues, in the order they were attached. A photo counts as arrived whoever uploaded it; the
/// caller of [`crate::store::issues::apply`] has checked that.
pub fn photos(conn: &mut Conn, ids: &[IssueId]) -> Result<Vec<StoredPhoto>, StoreError> {
    let rows: Vec<PhotoRow> = each_some(ids, |some| {
        Ok(issue_photos::table
            .left_join(photos::table.on(photos::id.eq(issue_photos::photo_id)))
            .left_join(blobs::table.on(blobs::sha256.eq(photos::sha256)))
            .filter(issue_photos::issue_id.eq_any(some))
            .order((issue_photos::issue_id, issue_photos::position))
            .select((
                (
                    issue_photos::issue_id,
                    issue_photos::photo_id,
                    issue_photos::stage,
                    issue_photos::round,
                    issue_photos::view,
                    issue_photos::captured_at,
                    issue_photos::expected_sha256,
                    issue_photos::marks,
                ),
                (photos::uploader_id, photos::received_at).nullable(),
                (
                    blobs::sha256,
                    blobs::size_bytes,
                    blobs::media_type,
                    blobs::width,
                    blobs::height,
                    blobs::exif,
                    blobs::render_error,
                )
                    .nullable(),
            ))
            .load(conn)?)
    })?;
    rows.into_iter()
        .map(|((issue_id, photo_id, stage, round, view, captured_at, expected, marks), upload, blob)| {
            Ok(StoredPhoto {
                issue_id,
                photo: IssuePhoto { photo_id, stage, round, view, captured_at, marks: read_marks(marks.as_deref())? },
                expected,
                arrived: upload.zip(blob).map(|((_, received_at), blob)| {
                    let (sha256, size_bytes, media_type, width, height, exif, render_error) = blob;
                    ArrivedPhoto { sha256, size_bytes, media_type, width, height, exif, received_at, render_error }
                }),
            })
        })
        .collect()
}

/// The marks on each of these uploads, by each issue that names it.
pub fn marks_of(conn: &mut Conn, photos: &[PhotoId]) -> Result<Vec<(PhotoId, Vec<Mark>)>, StoreError> {
    let rows: Vec<(PhotoId, Option<String>)> = each_some(photos, |some| {
        Ok(issue_photos::table
            .filter(issue_photos::photo_id.eq_any(some))
            .select((issue_photos::photo_id, issue_photos::marks))
            .load(conn)?)
    })?;
    rows.into_iter().map(|(photo, marks)| Ok((photo, read_marks(marks.as_deref())?))).collect()
}

/// The marks on an upload wherever it is shown, so that what one issue hides no other reveals.
pub fn marks_on(conn: &mut Conn, photo: PhotoId) -> Result<Vec<Mark>, StoreError> {
    let found: Vec<Option<String>> = issue_photos::table
        .filter(issue_photos::photo_id.eq(photo))
        .filter(issue_photos::marks.is_not_null())
        .order(issue_photos::issue_id)
        .select(issue_photos::marks)
        .load(conn)?;
    let mut all: Vec<Mark> = Vec::new();
    for marks in found {
        let more = read_marks(marks.as_deref())?;
        all.extend(more.into_iter().filter(|mark| !all.contains(mark)).collect::<Vec<_>>());
    }
    Ok(all)
}

fn read_marks(kept: Option<&str>) -> Result<Vec<Mark>, StoreError> {
    kept.map_or(Ok(Vec::new()), |marks| {
        serde_json::from_str(marks).map_err(|error| StoreError::Corrupt(error.to_string()))
    })
}

/// Whose report created an issue, and the digest of that request.
pub type Origin = (UserId, Option<Digest>);

/// The origin of the issue with this id, if there is one.
pub fn origin(conn: &mut Conn, id: IssueId) -> Result<Option<Origin>, StoreError> {
    let found = issues::table.filter(issues::id.eq(id)).select((issues::finder_id, issues::body_digest));
    Ok(found.first(conn).optional()?)
}

/// Whether an issue has this number.
pub fn number_exists(conn: &mut Conn, number: &str) -> Result<bool, StoreError> {
    Ok(diesel::select(diesel::dsl::exists(issues::table.filter(issues::number.eq(number)))).get_result(conn)?)
}

/// All numbers in use.
pub fn numbers(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    Ok(issues::table.filter(issues::number.is_not_null()).select(issues::number.assume_not_null()).load(conn)?)
}

/// How many issues there are.
pub fn total(conn: &mut Conn) -> Result<i64, StoreError> {
    Ok(issues::table.count().get_result(conn)?)
}

/// The issue that a fault at the same point and item is a relapse of: the one closed last, not before `since` and not
/// after `until`.
pub fn chain_parent(
    conn: &mut Conn,
    point: PointId,
    item: &str,
    since: Timestamp,
    until: Timestamp,
) -> Result<Option<(IssueId, i32)>, StoreError> {
    Ok(issues::table
        .filter(issues::point_id.eq(point))
        .filter(issues::item_code.eq(item))
        .filter(issues::closed_at.ge(since))
        .filter(issues::closed_at.le(until))
        .order((issues::closed_at.desc(), issues::seq.desc()))
        .select((issues::id, issues::chain_no))
        .first(conn)
        .optional()?)
}

/// The issues that are relapses of these, or were found in a look-back at them: the old one, the new one.
pub fn children(conn: &mut Conn, parents: &[IssueId]) -> Result<Vec<(IssueId, IssueId)>, StoreError> {
    let parents: Vec<Option<IssueId>> = parents.iter().copied().map(Some).collect();
    // Two queries, each with an index, rather than one with `OR`.
    let mut rows: Vec<(i64, Option<IssueId>, IssueId)> = each_some(&parents, |some| {
        Ok(issues::table
            .filter(issues::parent_id.eq_any(some))
            .select((issues::seq, issues::parent_id, issues::id))
            .load(conn)?)
    })?;
    rows.extend(each_some::<_, (i64, Option<IssueId>, IssueId)>(&parents, |some| {
        Ok(issues::table
            .filter(issues::look_back_of.eq_any(some))
            .select((issues::seq, issues::look_back_of, issues::id))
            .load(conn)?)
    })?);
    rows.sort_unstable();
    rows.dedup();
    Ok(rows.into_iter().filter_map(|(_, parent, id)| Some((parent?, id))).collect())
}

/// Findings that are looked at beside a new one. Source: our choice; an inspector makes some 20 a day.
const CAPTURES_MAX: i64 = 50;

/// Where this inspector found something: the last few findings up to `at`, and the first one after it.
pub fn captures(conn: &mut Conn, finder: UserId, at: Timestamp) -> Result<Vec<Capture>, StoreError> {
    type Row = (Timestamp, Option<f64>, Option<f64>, Option<f64>);
    let placed = || issues::table.filter(issues::finder_id.eq(finder)).filter(issues::lat.is_not_null());
    let columns = (issues::captured_at, issues::lat, issues::lon, issues::accuracy_m);
    let mut rows: Vec<Row> = placed()
        .filter(issues::captured_at.le(at))
        .order((issues::captured_at.desc(), issues::id.desc()))
        .limit(CAPTURES_MAX)
        .select(columns)
        .load(conn)?;
    let after: Option<Row> = placed()
        .filter(issues::captured_at.gt(at))
        .order((issues::captured_at, issues::id))
        .select(columns)
        .first(conn)
        .optional()?;
    rows.extend(after);
    let capture =
        |(at, lat, lon, accuracy_m): Row| Some(Capture { at, place: Location { lat: lat?, lon: lon?, accuracy_m } });
    Ok(rows.into_iter().filter_map(capture).collect())
}

/// How many fixes this person has reported since `since`, at most `limit`, each with its point's position where it is
/// known.
pub fn fixes_since(
    conn: &mut Conn,
    who: UserId,
    since: Timestamp,
    limit: i64,
) -> Result<Vec<Option<Location>>, StoreError> {
    let rows: Vec<(Option<f64>, Option<f64>)> = issue_events::table
        .inner_join(issues::table.on(issues::id.eq(issue_events::issue_id)))
        .inner_join(points::table.on(points::id.eq(issues::point_id)))
        .filter(issue_events::actor_id.eq(who))
        .filter(issue_events::at.ge(since))
        .filter(issue_events::action.eq(Action::ReportFix))
        .order(issue_events::at.desc())
        .limit(limit)
        .select((points::lat, points::lon))
        .load(conn)?;
    let place = |(lat, lon): (Option<f64>, Option<f64>)| Some(Location { lat: lat?, lon: lon?, accuracy_m: None });
    Ok(rows.into_iter().map(place).collect())
}

/// Issues that wait for this photo, with the finder and the digest it must have.
pub fn waiting_for_photo(
    conn: &mut Conn,
    photo: PhotoId,
) -> Result<Vec<(IssueId, UserId, Option<Digest>)>, StoreError> {
    Ok(issue_photos::table
        .inner_join(issues::table.on(issues::id.eq(issue_photos::issue_id)))
        .filter(issue_photos::photo_id.eq(photo))
        .select((issues::id, issues::finder_id, issue_photos::expected_sha256))
        .load(conn)?)
}

type EventRow = (
    IssueId,
    i64,
    Timestamp,
    Option<UserId>,
    Option<Role>,
    Action,
    Option<State>,
    State,
    Option<String>,
    String,
    String,
);

/// The events of an issue, oldest first.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn events(conn: &mut Conn, id: IssueId) -> Result<Vec<EventRecord>, StoreError> {
    events_of(conn, &[id])
}

/// The events of these issues, each one's oldest first.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn events_of(conn: &mut Conn, ids: &[IssueId]) -> Result<Vec<EventRecord>, StoreError> {
    let rows: Vec<EventRow> = each_some(ids, |some| {
        Ok(issue_events::table
            .filter(issue_events::issue_id.eq_any(some))
            .order((issue_events::issue_id, issue_events::version))
            .select((
                issue_events::issue_id,
                issue_events::version,
                issue_events::at,
                issue_events::actor_id,
                issue_events::actor_role,
                issue_events::action,
                issue_events::from_state,
                issue_events::to_state,
                issue_events::reason,
                issue_events::photos,
                issue_events::changes,
            ))
            .load(conn)?)
    })?;
    let corrupt = |error: serde_json::Error| StoreError::Corrupt(error.to_string());
    rows.into_iter()
        .map(|(issue_id, version, at, actor_id, actor_role, action, from, to, reason, photos, changes)| {
            let photos: Vec<IssuePhoto> = serde_json::from_str(&photos).map_err(corrupt)?;
            let changes: Map<String, Value> = serde_json::from_str(&changes).map_err(corrupt)?;
            Ok(EventRecord { issue_id, version, at, actor_id, actor_role, action, from, to, reason, photos, changes })
        })
        .collect()
}

/// How many steps of these kinds each of these issues has; issues without any are left out.
pub fn count_events(conn: &mut Conn, ids: &[IssueId], actions: &[Action]) -> Result<Vec<(IssueId, i64)>, StoreError> {
    each_some(ids, |some| {
        Ok(issue_events::table
            .filter(issue_events::issue_id.eq_any(some))
            .filter(issue_events::action.eq_any(actions))
            .group_by(issue_events::issue_id)
            .select((issue_events::issue_id, count_star()))
            .load(conn)?)
    })
}

/// Issues in the order they arrived, after the one with sequence number `after`: number and id.
pub fn page(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<(i64, IssueId)>, StoreError> {
    Ok(issues::table
        .filter(issues::seq.gt(after))
        .order(issues::seq)
        .limit(limit)
        .select((issues::seq, issues::id))
        .load(conn)?)
}

/// Assigned issues that were handed over before `before`: candidates for being started without `sign-in` 签收.
pub fn lapsed_sign_ins(conn: &mut Conn, before: Timestamp, limit: i64) -> Result<Vec<IssueId>, StoreError> {
    Ok(issues::table
        .filter(issues::state.eq(State::Assigned))
        .filter(issues::assigned_at.lt(before))
        .order(issues::assigned_at)
        .limit(limit)
        .select(issues::id)
        .load(conn)?)
}

/// Relapses of the outer issue that were handed over and are not settled. A relapse that is not handed over yet does
/// not count: the unit could infer it from the old issue not being archived.
macro_rules! open_rebounds {
    () => {{
        let relapsed = diesel::alias!(issues as relapsed);
        relapsed
            .filter(relapsed.field(issues::parent_id).eq(issues::id.nullable()))
            .filter(relapsed.field(issues::released_at).is_not_null())
            .filter(relapsed.field(issues::state).ne_all(State::SETTLED))
    }};
}

/// Whether a relapse of this issue was handed over and is still open.
pub fn has_open_rebound(conn: &mut Conn, id: IssueId) -> Result<bool, StoreError> {
    let open = issues::table
        .filter(issues::parent_id.eq(id))
        .filter(issues::released_at.is_not_null())
        .filter(issues::state.ne_all(State::SETTLED));
    Ok(diesel::select(exists(open)).get_result(conn)?)
}

/// Issues that are on the books.
pub fn hung(conn: &mut Conn, limit: i64) -> Result<Vec<IssueId>, StoreError> {
    let hung = issues::table.filter(issues::state.eq(State::Hung)).order(issues::id).limit(limit);
    Ok(hung.select(issues::id).load(conn)?)
}

/// Closed issues whose closing is older than `before`, without a relapse that was handed over and is still open.
pub fn to_archive(conn: &mut Conn, before: Timestamp, limit: i64) -> Result<Vec<IssueId>, StoreError> {
    Ok(issues::table
        .filter(issues::state.eq(State::Closed))
        .filter(issues::closed_at.lt(before))
        .filter(not(exists(open_rebounds!())))
        .order(issues::closed_at)
        .limit(limit)
        .select(issues::id)
        .load(conn)?)
}
