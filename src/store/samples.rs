//! Look-back samples 回头看抽查: their proofs, and the inspector to whom each drawn issue was given.

use diesel::prelude::*;

use crate::domain::digest::Digest;
use crate::domain::ids::{InspectorKey, IssueId, PointId, SampleId, UnitId, UserId};
use crate::domain::issue::{Action, Severity, State};
use crate::domain::month::sample_proof::{SampleKind, SampleProof, SampleReason, SampleRowState};
use crate::domain::month::sampling::DayPart;
use crate::domain::recusal::Recusals;
use crate::domain::time::{Date, Timestamp, read_day};
use crate::store::dialect::{each_some, insert_all};
use crate::store::schema::{issue_events, issues, look_back_people, look_back_rows, look_back_samples, points};
use crate::store::{Conn, StoreError};

fn number(of: usize) -> i32 {
    i32::try_from(of).unwrap_or(i32::MAX)
}

fn corrupt(error: serde_json::Error) -> StoreError {
    StoreError::Corrupt(error.to_string())
}

/// A sample without its proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptSample {
    /// Identity.
    pub id: SampleId,
    /// Its kind.
    pub kind: SampleKind,
    /// The month or the day that it is for.
    pub period: String,
    /// How many issues could be drawn.
    pub population: i32,
    /// Closings before this instant were drawn from.
    pub until_at: Timestamp,
    /// Digest of the proof.
    pub digest: Digest,
    /// Who had it drawn; `None` for the service.
    pub drawn_by: Option<UserId>,
    /// When.
    pub drawn_at: Timestamp,
}

type SampleRow = (SampleId, SampleKind, String, i32, Timestamp, Digest, Option<UserId>, Timestamp);

const SAMPLE: (
    look_back_samples::id,
    look_back_samples::kind,
    look_back_samples::period,
    look_back_samples::population,
    look_back_samples::until_at,
    look_back_samples::digest,
    look_back_samples::drawn_by,
    look_back_samples::drawn_at,
) = (
    look_back_samples::id,
    look_back_samples::kind,
    look_back_samples::period,
    look_back_samples::population,
    look_back_samples::until_at,
    look_back_samples::digest,
    look_back_samples::drawn_by,
    look_back_samples::drawn_at,
);

fn sample((id, kind, period, population, until_at, digest, drawn_by, drawn_at): SampleRow) -> KeptSample {
    KeptSample { id, kind, period, population, until_at, digest, drawn_by, drawn_at }
}

/// One sample.
pub fn find(conn: &mut Conn, id: SampleId) -> Result<Option<KeptSample>, StoreError> {
    let row: Option<SampleRow> = look_back_samples::table.find(id).select(SAMPLE).first(conn).optional()?;
    Ok(row.map(sample))
}

/// The sample of this kind for this month or day.
pub fn find_for(conn: &mut Conn, kind: SampleKind, period: &str) -> Result<Option<KeptSample>, StoreError> {
    let row: Option<SampleRow> = look_back_samples::table
        .filter(look_back_samples::kind.eq(kind))
        .filter(look_back_samples::period.eq(period))
        .select(SAMPLE)
        .first(conn)
        .optional()?;
    Ok(row.map(sample))
}

/// The last sample of this kind, by the month or day that it is for.
pub fn last(conn: &mut Conn, kind: SampleKind) -> Result<Option<KeptSample>, StoreError> {
    let row: Option<SampleRow> = look_back_samples::table
        .filter(look_back_samples::kind.eq(kind))
        .order(look_back_samples::period.desc())
        .select(SAMPLE)
        .first(conn)
        .optional()?;
    Ok(row.map(sample))
}

/// Samples, the latest first, after this one.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no sample to continue after.
pub fn list(conn: &mut Conn, after: Option<SampleId>, limit: i64) -> Result<Vec<KeptSample>, StoreError> {
    let mut query = look_back_samples::table.select(SAMPLE).limit(limit).into_boxed();
    if let Some(id) = after {
        let at: Option<Timestamp> =
            look_back_samples::table.find(id).select(look_back_samples::drawn_at).first(conn).optional()?;
        let at = at.ok_or(StoreError::NotFound)?;
        let earlier = look_back_samples::drawn_at.lt(at);
        let same = look_back_samples::drawn_at.eq(at).and(look_back_samples::id.lt(id));
        query = query.filter(earlier.or(same));
    }
    let rows: Vec<SampleRow> =
        query.order((look_back_samples::drawn_at.desc(), look_back_samples::id.desc())).load(conn)?;
    Ok(rows.into_iter().map(sample).collect())
}

/// The proof of a sample.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn proof(conn: &mut Conn, id: SampleId) -> Result<Option<SampleProof>, StoreError> {
    let text: Option<String> =
        look_back_samples::table.find(id).select(look_back_samples::proof).first(conn).optional()?;
    text.map(|text| serde_json::from_str(&text).map_err(corrupt)).transpose()
}

/// A drawn issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRow {
    /// The sample.
    pub sample_id: SampleId,
    /// Its number in it, from 1.
    pub number: i32,
    /// The issue.
    pub issue_id: IssueId,
    /// Why it was drawn.
    pub reason: SampleReason,
    /// Who is to look; `None` when everybody had found or checked it.
    pub inspector_id: Option<UserId>,
    /// On which day.
    pub on: Date,
    /// When on that day.
    pub part: DayPart,
    /// From when on it is given.
    pub give_at: Timestamp,
    /// By when somebody is to look; `None` for no such limit.
    pub until_at: Option<Timestamp>,
    /// What became of it.
    pub state: SampleRowState,
    /// When it was given, or found that it cannot be.
    pub settled_at: Option<Timestamp>,
    /// The version of the issue that the giving led to.
    pub given_version: Option<i64>,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = look_back_rows)]
struct RowRow {
    sample_id: SampleId,
    number: i32,
    issue_id: IssueId,
    reason: SampleReason,
    inspector_id: Option<UserId>,
    on_day: String,
    part: DayPart,
    give_at: Timestamp,
    until_at: Option<Timestamp>,
    state: SampleRowState,
    settled_at: Option<Timestamp>,
    given_version: Option<i64>,
}

impl TryFrom<RowRow> for KeptRow {
    type Error = StoreError;

    fn try_from(row: RowRow) -> Result<Self, StoreError> {
        Ok(KeptRow {
            sample_id: row.sample_id,
            number: row.number,
            issue_id: row.issue_id,
            reason: row.reason,
            inspector_id: row.inspector_id,
            on: read_day(&row.on_day).map_err(StoreError::Corrupt)?,
            part: row.part,
            give_at: row.give_at,
            until_at: row.until_at,
            state: row.state,
            settled_at: row.settled_at,
            given_version: row.given_version,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = look_back_people)]
struct PersonRow {
    sample_id: SampleId,
    inspector_key: InspectorKey,
    user_id: UserId,
}

/// Keeps a sample with its proof, who is behind the keys, and the drawn issues.
///
/// # Errors
/// [`StoreError::Conflict`] when there is one of this kind for this month or day.
pub fn keep(
    conn: &mut Conn,
    sample: &KeptSample,
    proof: &SampleProof,
    people: &[(InspectorKey, UserId)],
    rows: &[KeptRow],
) -> Result<(), StoreError> {
    diesel::insert_into(look_back_samples::table)
        .values((
            look_back_samples::id.eq(sample.id),
            look_back_samples::kind.eq(sample.kind),
            look_back_samples::period.eq(&sample.period),
            look_back_samples::population.eq(sample.population),
            look_back_samples::until_at.eq(sample.until_at),
            look_back_samples::proof.eq(serde_json::to_string(proof).map_err(corrupt)?),
            look_back_samples::digest.eq(sample.digest),
            look_back_samples::drawn_by.eq(sample.drawn_by),
            look_back_samples::drawn_at.eq(sample.drawn_at),
        ))
        .execute(conn)?;
    let people: Vec<PersonRow> = people
        .iter()
        .map(|(key, user)| PersonRow { sample_id: sample.id, inspector_key: *key, user_id: *user })
        .collect();
    insert_all!(conn, look_back_people::table, people);
    let rows: Vec<RowRow> = rows
        .iter()
        .map(|row| RowRow {
            sample_id: row.sample_id,
            number: row.number,
            issue_id: row.issue_id,
            reason: row.reason,
            inspector_id: row.inspector_id,
            on_day: row.on.to_string(),
            part: row.part,
            give_at: row.give_at,
            until_at: row.until_at,
            state: row.state,
            settled_at: row.settled_at,
            given_version: row.given_version,
        })
        .collect();
    insert_all!(conn, look_back_rows::table, rows);
    Ok(())
}

/// The rows of a sample after a number.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn rows(conn: &mut Conn, id: SampleId, after: i32, limit: i64) -> Result<Vec<KeptRow>, StoreError> {
    let rows: Vec<RowRow> = look_back_rows::table
        .filter(look_back_rows::sample_id.eq(id))
        .filter(look_back_rows::number.gt(after))
        .order(look_back_rows::number)
        .limit(limit)
        .load(conn)?;
    rows.into_iter().map(KeptRow::try_from).collect()
}

/// How many rows of a sample are in each state.
pub fn counts(conn: &mut Conn, id: SampleId) -> Result<Vec<(SampleRowState, i64)>, StoreError> {
    Ok(look_back_rows::table
        .filter(look_back_rows::sample_id.eq(id))
        .group_by(look_back_rows::state)
        .select((look_back_rows::state, diesel::dsl::count_star()))
        .load(conn)?)
}

/// Whether somebody is still to look back at an issue of this sample that was given, while that can be expected: before
/// its limit, or, where it has none, when it was given at `given_from` or later.
pub fn is_looked_for(conn: &mut Conn, id: SampleId, now: Timestamp, given_from: Timestamp) -> Result<bool, StoreError> {
    let expected = look_back_rows::until_at
        .gt(now)
        .or(look_back_rows::until_at.is_null().and(look_back_rows::settled_at.ge(given_from)));
    let open = issues::table
        .filter(issues::id.eq(look_back_rows::issue_id))
        .filter(issues::look_back_inspector_id.is_not_null());
    let found = look_back_rows::table
        .filter(look_back_rows::sample_id.eq(id))
        .filter(look_back_rows::state.eq(SampleRowState::Given))
        .filter(expected.assume_not_null())
        .filter(diesel::dsl::exists(open));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(conn)?)
}

/// The row with this number.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn row(conn: &mut Conn, id: SampleId, of: i32) -> Result<Option<KeptRow>, StoreError> {
    let row: Option<RowRow> = look_back_rows::table.find((id, of)).first(conn).optional()?;
    row.map(KeptRow::try_from).transpose()
}

/// Rows whose time has come, the earliest first.
pub fn to_give(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<Vec<(SampleId, i32, IssueId)>, StoreError> {
    Ok(look_back_rows::table
        .filter(look_back_rows::state.eq(SampleRowState::Waiting))
        .filter(look_back_rows::give_at.le(now))
        .order((look_back_rows::give_at, look_back_rows::sample_id, look_back_rows::number))
        .limit(limit)
        .select((look_back_rows::sample_id, look_back_rows::number, look_back_rows::issue_id))
        .load(conn)?)
}

/// Notes what became of a row that waits.
///
/// # Errors
/// [`StoreError::Stale`] when it does not wait any more.
pub fn settle(
    conn: &mut Conn,
    (id, of): (SampleId, i32),
    state: SampleRowState,
    at: Timestamp,
    given_version: Option<i64>,
) -> Result<(), StoreError> {
    let waiting = look_back_rows::table
        .filter(look_back_rows::sample_id.eq(id))
        .filter(look_back_rows::number.eq(of))
        .filter(look_back_rows::state.eq(SampleRowState::Waiting));
    let changed = diesel::update(waiting)
        .set((
            look_back_rows::state.eq(state),
            look_back_rows::settled_at.eq(Some(at)),
            look_back_rows::given_version.eq(given_version),
        ))
        .execute(conn)?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// A closed issue, as far as a draw needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClosedIssue {
    /// The issue.
    pub id: IssueId,
    /// The unit that fixed it.
    pub unit_id: Option<UnitId>,
    /// How bad it was.
    pub severity: Severity,
    /// When it was released.
    pub released_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
}

/// Issues that were closed from `from` on and before `until` and still are, at most `limit`, by the time of the closing.
/// An issue that has been archived was closed before any sample looks.
pub fn closed(conn: &mut Conn, from: Timestamp, until: Timestamp, limit: i64) -> Result<Vec<ClosedIssue>, StoreError> {
    type Row = (IssueId, Option<UnitId>, Severity, Option<Timestamp>, Option<Timestamp>);
    let rows: Vec<Row> = issues::table
        .filter(issues::state.eq(State::Closed))
        .filter(issues::closed_at.ge(from))
        .filter(issues::closed_at.lt(until))
        .order((issues::state, issues::closed_at))
        .limit(limit)
        .select((issues::id, issues::unit_id, issues::severity, issues::released_at, issues::closed_at))
        .load(conn)?;
    let closed =
        |(id, unit_id, severity, released_at, closed_at)| ClosedIssue { id, unit_id, severity, released_at, closed_at };
    Ok(rows.into_iter().map(closed).collect())
}

/// Who found each of these issues, who passed or failed a fix of it in any round, and who was assigned to a check of
/// it.
pub fn finders_and_checkers(conn: &mut Conn, ids: &[IssueId]) -> Result<Vec<(IssueId, UserId)>, StoreError> {
    let mut found: Vec<(IssueId, UserId)> = each_some(ids, |some| {
        Ok(issues::table.filter(issues::id.eq_any(some)).select((issues::id, issues::finder_id)).load(conn)?)
    })?;
    let actions = [Action::Pass, Action::Fail];
    let checkers: Vec<(IssueId, Option<UserId>)> = each_some(ids, |some| {
        Ok(issue_events::table
            .filter(issue_events::issue_id.eq_any(some))
            .filter(issue_events::action.eq_any(actions))
            .select((issue_events::issue_id, issue_events::actor_id))
            .load(conn)?)
    })?;
    found.extend(checkers.into_iter().filter_map(|(issue, actor)| Some((issue, actor?))));
    Ok(found)
}

/// Where an issue is, as far as recusals go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The issue.
    pub issue_id: IssueId,
    /// Its point.
    pub point_id: PointId,
    /// Its unit, and those that answer for the point: as a draw of visits takes them.
    pub units: Vec<UnitId>,
}

impl Place {
    /// Whether an inspector with these recusals does not go there.
    #[must_use]
    pub fn is_off(&self, recusals: &Recusals) -> bool {
        recusals.points.contains(&self.point_id) || self.units.iter().any(|unit| recusals.units.contains(unit))
    }
}

/// Where these issues are.
pub fn places(conn: &mut Conn, ids: &[IssueId]) -> Result<Vec<Place>, StoreError> {
    type Row = (IssueId, PointId, Option<UnitId>, UnitId, Option<UnitId>);
    let rows: Vec<Row> = each_some(ids, |some| {
        Ok(issues::table
            .inner_join(points::table.on(points::id.eq(issues::point_id)))
            .filter(issues::id.eq_any(some))
            .select((issues::id, points::id, issues::unit_id, points::lead_unit_id, points::territorial_unit_id))
            .load(conn)?)
    })?;
    let place = |(issue_id, point_id, unit, lead, territorial)| {
        let units = [unit, Some(lead), territorial].into_iter().flatten().collect();
        Place { issue_id, point_id, units }
    };
    Ok(rows.into_iter().map(place).collect())
}

/// The relapses that look-backs at these issues found: the old one, and when the new one came.
pub fn relapses_found(conn: &mut Conn, ids: &[IssueId]) -> Result<Vec<(IssueId, Timestamp)>, StoreError> {
    let ids: Vec<Option<IssueId>> = ids.iter().copied().map(Some).collect();
    let found: Vec<(Option<IssueId>, Timestamp)> = each_some(&ids, |some| {
        Ok(issues::table
            .filter(issues::look_back_of.eq_any(some))
            .select((issues::look_back_of, issues::received_at))
            .load(conn)?)
    })?;
    Ok(found.into_iter().filter_map(|(old, at)| Some((old?, at))).collect())
}

/// The position of a row, from its place in a list.
#[must_use]
pub fn row_number(place: usize) -> i32 {
    number(place + 1)
}
