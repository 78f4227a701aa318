//! Faults that units found themselves 自查自改, and what they count for against what inspectors found.

use std::collections::{BTreeSet, HashMap, HashSet};

use diesel::prelude::*;

use crate::domain::digest::Digest;
use crate::domain::ids::{IssueId, PhotoId, PointId, SelfReportId, UnitId, UserId};
use crate::domain::issue::State;
use crate::domain::self_report::{SelfDecision, SelfFix, SelfReport, SelfReportBody, SelfReportStage, SelfReportState};
use crate::domain::time::Timestamp;
use crate::store::dialect::{each_some, insert_all};
use crate::store::months::{self, Gathering};
use crate::store::schema::{
    issue_events, issues, own_look_backs, photos, points, self_report_photos as photos_of, self_reports as reports,
    visits,
};
use crate::store::{Conn, StoreError};

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = reports)]
struct ReportRow {
    id: SelfReportId,
    unit_id: UnitId,
    point_id: PointId,
    item_code: String,
    relapse_of: Option<IssueId>,
    description: String,
    state: SelfReportState,
    reported_by: UserId,
    reported_at: Timestamp,
    due_at: Timestamp,
    measure: Option<String>,
    fixed_by: Option<UserId>,
    fixed_at: Option<Timestamp>,
    reason: Option<String>,
    decided_by: Option<UserId>,
    decided_at: Option<Timestamp>,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = photos_of)]
struct PhotoRow {
    self_report_id: SelfReportId,
    stage: SelfReportStage,
    position: i32,
    photo_id: PhotoId,
}

impl ReportRow {
    fn with(self, photos: &[PhotoRow]) -> SelfReport {
        let of = |stage: SelfReportStage| -> Vec<PhotoId> {
            let own = photos.iter().filter(|photo| photo.self_report_id == self.id && photo.stage == stage);
            own.map(|photo| photo.photo_id).collect()
        };
        let fix = self
            .measure
            .zip(self.fixed_by)
            .zip(self.fixed_at)
            .map(|((measure, by), at)| (SelfFix { measure, photo_ids: of(SelfReportStage::Fix) }, by, at));
        let confirmed = self.state == SelfReportState::Confirmed;
        let decision = self.reason.zip(self.decided_by).zip(self.decided_at);
        SelfReport {
            id: self.id,
            unit_id: self.unit_id,
            body: SelfReportBody {
                point_id: self.point_id,
                item_code: self.item_code,
                description: self.description,
                relapse_of: self.relapse_of,
                photo_ids: of(SelfReportStage::Fault),
            },
            state: self.state,
            reported_by: self.reported_by,
            reported_at: self.reported_at,
            due_at: self.due_at,
            fix,
            decision: decision.map(|((reason, by), at)| (SelfDecision { confirmed, reason }, by, at)),
        }
    }
}

fn with_photos(conn: &mut Conn, rows: Vec<ReportRow>) -> Result<Vec<SelfReport>, StoreError> {
    let ids: Vec<SelfReportId> = rows.iter().map(|row| row.id).collect();
    let photos: Vec<PhotoRow> = each_some(&ids, |some| {
        Ok(photos_of::table
            .filter(photos_of::self_report_id.eq_any(some))
            .order((photos_of::self_report_id, photos_of::stage, photos_of::position))
            .select(PhotoRow::as_select())
            .load(conn)?)
    })?;
    Ok(rows.into_iter().map(|row| row.with(&photos)).collect())
}

/// One of them.
pub fn find(conn: &mut Conn, id: SelfReportId) -> Result<Option<SelfReport>, StoreError> {
    let row: Option<ReportRow> = reports::table.find(id).select(ReportRow::as_select()).first(conn).optional()?;
    Ok(with_photos(conn, row.into_iter().collect())?.pop())
}

fn attach(conn: &mut Conn, id: SelfReportId, stage: SelfReportStage, ids: &[PhotoId]) -> Result<(), StoreError> {
    let row = |(at, photo_id): (usize, &PhotoId)| PhotoRow {
        self_report_id: id,
        stage,
        position: i32::try_from(at).unwrap_or(i32::MAX),
        photo_id: *photo_id,
    };
    let rows: Vec<PhotoRow> = ids.iter().enumerate().map(row).collect();
    insert_all!(conn, photos_of::table, rows);
    Ok(())
}

/// Stores a new one with its photos.
///
/// # Errors
/// [`StoreError::Conflict`] when the id is taken.
pub fn insert(conn: &mut Conn, report: &SelfReport) -> Result<(), StoreError> {
    let SelfReportBody { point_id, item_code, description, relapse_of, photo_ids } = report.body.clone();
    let row = ReportRow {
        id: report.id,
        unit_id: report.unit_id,
        point_id,
        item_code,
        relapse_of,
        description,
        state: report.state,
        reported_by: report.reported_by,
        reported_at: report.reported_at,
        due_at: report.due_at,
        measure: None,
        fixed_by: None,
        fixed_at: None,
        reason: None,
        decided_by: None,
        decided_at: None,
    };
    diesel::insert_into(reports::table).values(row).execute(conn)?;
    attach(conn, report.id, SelfReportStage::Fault, &photo_ids)
}

/// Stores the fix of one that has none.
///
/// # Errors
/// [`StoreError::Stale`] when it has one, or was decided.
pub fn store_fix(conn: &mut Conn, report: &SelfReport) -> Result<(), StoreError> {
    let Some((fix, by, at)) = &report.fix else { return Ok(()) };
    let open = reports::table.filter(reports::id.eq(report.id)).filter(reports::state.eq(SelfReportState::Open));
    let changed = diesel::update(open)
        .set((
            reports::state.eq(report.state),
            reports::measure.eq(Some(&fix.measure)),
            reports::fixed_by.eq(Some(*by)),
            reports::fixed_at.eq(Some(*at)),
        ))
        .execute(conn)?;
    if changed != 1 {
        return Err(StoreError::Stale);
    }
    attach(conn, report.id, SelfReportStage::Fix, &fix.photo_ids)
}

/// Stores the decision on one that has none. Call it under the lock of months, with a time that was taken under it.
///
/// # Errors
/// [`StoreError::Stale`] when it was decided, [`StoreError::Unavailable`] as for steps of issues.
pub fn store_decision(conn: &mut Conn, report: &SelfReport) -> Result<(), StoreError> {
    let Some((decision, by, at)) = &report.decision else { return Ok(()) };
    months::admit(conn, *at)?;
    let open = reports::table.filter(reports::id.eq(report.id)).filter(reports::decided_at.is_null());
    let changed = diesel::update(open)
        .set((
            reports::state.eq(report.state),
            reports::reason.eq(Some(&decision.reason)),
            reports::decided_by.eq(Some(*by)),
            reports::decided_at.eq(Some(*at)),
        ))
        .execute(conn)?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// Which of them a list shows.
#[derive(Debug, Clone, Copy, Default)]
pub struct Listed {
    /// Of this unit.
    pub unit: Option<UnitId>,
    /// In this state.
    pub state: Option<SelfReportState>,
}

/// The latest first, after this one.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none to continue after.
pub fn list(
    conn: &mut Conn,
    which: Listed,
    after: Option<SelfReportId>,
    limit: i64,
) -> Result<Vec<SelfReport>, StoreError> {
    let mut query = reports::table.select(ReportRow::as_select()).limit(limit).into_boxed();
    if let Some(unit) = which.unit {
        query = query.filter(reports::unit_id.eq(unit));
    }
    if let Some(state) = which.state {
        query = query.filter(reports::state.eq(state));
    }
    if let Some(id) = after {
        let at: Option<Timestamp> = reports::table.find(id).select(reports::reported_at).first(conn).optional()?;
        let at = at.ok_or(StoreError::NotFound)?;
        query = query.filter(reports::reported_at.lt(at).or(reports::reported_at.eq(at).and(reports::id.lt(id))));
    }
    let rows = query.order((reports::reported_at.desc(), reports::id.desc())).load(conn)?;
    with_photos(conn, rows)
}

/// The faults that a unit has reported and not put right: by place and item. At most [`OPEN_MAX`] are ever open.
///
/// [`OPEN_MAX`]: crate::domain::self_report::OPEN_MAX
pub fn open_of(conn: &mut Conn, unit: UnitId) -> Result<Vec<(PointId, String)>, StoreError> {
    Ok(reports::table
        .filter(reports::state.eq(SelfReportState::Open))
        .filter(reports::unit_id.eq(unit))
        .select((reports::point_id, reports::item_code))
        .load(conn)?)
}

/// Whether the unit has been handed an issue of this item at this point that is not settled: then it is no news.
pub fn is_handed_over(conn: &mut Conn, unit: UnitId, point: PointId, item: &str) -> Result<bool, StoreError> {
    let open = issues::table
        .filter(issues::point_id.eq(point))
        .filter(issues::item_code.eq(item))
        .filter(issues::unit_id.eq(unit))
        .filter(issues::released_at.is_not_null())
        .filter(issues::state.ne_all(State::SETTLED));
    Ok(diesel::select(diesel::dsl::exists(open)).get_result(conn)?)
}

/// The units whose reports name this photo.
pub fn naming_photo(conn: &mut Conn, photo: PhotoId) -> Result<Vec<UnitId>, StoreError> {
    Ok(photos_of::table
        .inner_join(reports::table.on(reports::id.eq(photos_of::self_report_id)))
        .filter(photos_of::photo_id.eq(photo))
        .select(reports::unit_id)
        .distinct()
        .load(conn)?)
}

/// Those of these pictures, by their bytes, that some report names already.
pub fn used(conn: &mut Conn, pictures: &[Digest]) -> Result<HashSet<Digest>, StoreError> {
    let found: Vec<Digest> = each_some(pictures, |some| {
        Ok(photos_of::table
            .inner_join(photos::table.on(photos::id.eq(photos_of::photo_id)))
            .filter(photos::sha256.eq_any(some))
            .select(photos::sha256)
            .load(conn)?)
    })?;
    Ok(found.into_iter().collect())
}

/// Those that were confirmed at or after `from` and before `to`, as far as `known_at` knows, and put right in time.
pub fn confirmed(
    conn: &mut Conn,
    (from, to): (Timestamp, Timestamp),
    known_at: Timestamp,
) -> Result<Vec<(UnitId, SelfReportId)>, StoreError> {
    Ok(reports::table
        .filter(reports::decided_at.ge(from))
        .filter(reports::decided_at.lt(to))
        .filter(reports::decided_at.le(known_at))
        .filter(reports::state.eq(SelfReportState::Confirmed))
        .filter(reports::fixed_at.assume_not_null().le(reports::due_at))
        .select((reports::unit_id, reports::id))
        .load(conn)?)
}

/// A fault that an inspector saw, and that a unit answers for.
#[derive(Debug, Clone)]
pub struct Sighting {
    /// The issue.
    pub issue_id: IssueId,
    /// Whose reports count: the units that are charged for it.
    pub units: Vec<UnitId>,
    /// Where.
    pub point_id: PointId,
    /// The item.
    pub item_code: String,
    /// The earliest moment at which the inspector may have been seen there.
    pub seen_at: Timestamp,
}

/// What inspectors saw that opened these issues; whom it is charged to is the caller's to say.
pub fn sightings(conn: &mut Conn, ids: &[IssueId]) -> Result<Vec<Sighting>, StoreError> {
    type SeenRow = (IssueId, PointId, String, Timestamp, Timestamp, Option<Timestamp>);
    let rows: Vec<SeenRow> = each_some(ids, |some| {
        Ok(issues::table
            .left_join(visits::table.on(visits::id.nullable().eq(issues::visit_id)))
            .filter(issues::id.eq_any(some))
            .select((
                issues::id,
                issues::point_id,
                issues::item_code,
                issues::captured_at,
                issues::received_at,
                visits::began_at.nullable(),
            ))
            .load(conn)?)
    })?;
    let one = |(issue_id, point_id, item_code, captured, received, began): SeenRow| Sighting {
        issue_id,
        units: Vec::new(),
        point_id,
        item_code,
        // The phone's clock may be fast or slow, the service's is not: the earliest is nobody's gain but the truth's.
        seen_at: began.into_iter().fold(captured.min(received), Timestamp::min),
    };
    Ok(rows.into_iter().map(one).collect())
}

/// What these reports are called: the name of the point, and the item.
pub fn places(conn: &mut Conn, ids: &[SelfReportId]) -> Result<Vec<(SelfReportId, String, String)>, StoreError> {
    each_some(ids, |some| {
        Ok(reports::table
            .inner_join(points::table.on(points::id.eq(reports::point_id)))
            .filter(reports::id.eq_any(some))
            .select((reports::id, points::name, reports::item_code))
            .load(conn)?)
    })
}

/// Which of these faults had been reported by a unit that is charged for them before an inspector came (M03), as far as
/// `gathering` knows of confirmations. A report does not count against a fault that some released issue says was there
/// before the report, and not settled: the unit may have seen the inspector.
pub fn covered(
    conn: &mut Conn,
    seen: &[Sighting],
    until: Timestamp,
    gathering: Gathering,
) -> Result<HashSet<(IssueId, UnitId)>, StoreError> {
    let points: Vec<PointId> = seen.iter().map(|one| one.point_id).collect::<BTreeSet<_>>().into_iter().collect();
    let rows: Vec<ReportRow> = each_some(&points, |some| {
        Ok(reports::table
            .filter(reports::point_id.eq_any(some))
            .filter(reports::state.eq(SelfReportState::Confirmed))
            .filter(reports::decided_at.le(gathering.at))
            .select(ReportRow::as_select())
            .load(conn)?)
    })?;
    let mut by_place: HashMap<(PointId, String), Vec<SelfReport>> = HashMap::new();
    for row in rows {
        by_place.entry((row.point_id, row.item_code.clone())).or_default().push(row.with(&[]));
    }
    let mut found = HashSet::new();
    for one in seen {
        let Some(reports) = by_place.get(&(one.point_id, one.item_code.clone())) else { continue };
        for report in reports {
            let covers = report.cover().covers(one.point_id, &one.item_code, one.seen_at);
            if covers && one.units.contains(&report.unit_id) && !was_seen(conn, report, one, until, gathering)? {
                found.insert((one.issue_id, report.unit_id));
            }
        }
    }
    Ok(found)
}

/// Whether another issue, released by `until`, says that the fault was there when `report` was made.
fn was_seen(
    conn: &mut Conn,
    report: &SelfReport,
    but: &Sighting,
    until: Timestamp,
    gathering: Gathering,
) -> Result<bool, StoreError> {
    let earlier: Vec<(IssueId, Timestamp, Timestamp, Option<Timestamp>)> = issues::table
        .filter(issues::point_id.eq(report.body.point_id))
        .filter(issues::item_code.eq(&report.body.item_code))
        .filter(issues::released_at.lt(until))
        .filter(issues::id.ne(but.issue_id))
        .select((issues::id, issues::captured_at, issues::received_at, issues::closed_at))
        .load(conn)?;
    for (id, captured, received, closed) in earlier {
        let was_there = captured.min(received) <= report.reported_at;
        if was_there && closed.is_none_or(|at| at > report.reported_at) && !is_void(conn, id, gathering)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_void(conn: &mut Conn, id: IssueId, gathering: Gathering) -> Result<bool, StoreError> {
    let steps: Vec<(Timestamp, i64)> = issue_events::table
        .filter(issue_events::issue_id.eq(id))
        .filter(issue_events::to_state.eq(State::Void))
        .select((issue_events::at, issue_events::seq))
        .load(conn)?;
    Ok(steps.into_iter().any(|(at, seq)| gathering.knows(at, seq)))
}

/// An issue of a unit that was closed lately, and what the unit found when it looked again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFix {
    /// The issue.
    pub issue_id: IssueId,
    /// Its number.
    pub number: Option<String>,
    /// Where.
    pub point_id: PointId,
    /// The item.
    pub item_code: String,
    /// When it was closed.
    pub closed_at: Timestamp,
    /// When the unit last found that the fix held.
    pub looked_at: Option<Timestamp>,
    /// The report by which the unit said that the fault came back.
    pub relapse: Option<SelfReportId>,
}

type FixRow = (IssueId, Option<String>, PointId, String, Option<Timestamp>);

/// A unit's issues that were closed at or after `since`, those handed over last first, after this one: the order in which
/// they were closed would tell when somebody went to check.
pub fn own_fixes(
    conn: &mut Conn,
    unit: UnitId,
    since: Timestamp,
    after: Option<(Timestamp, IssueId)>,
    limit: i64,
) -> Result<Vec<OwnFix>, StoreError> {
    // One that is archived was closed longer ago than a relapse counts.
    let mut query = issues::table
        .filter(issues::state.eq(State::Closed))
        .filter(issues::closed_at.ge(since))
        .filter(issues::unit_id.eq(unit))
        .into_boxed();
    if let Some((at, id)) = after {
        query = query.filter(issues::released_at.lt(at).or(issues::released_at.eq(at).and(issues::id.lt(id))));
    }
    let found: Vec<FixRow> = query
        .order((issues::released_at.desc(), issues::id.desc()))
        .limit(limit)
        .select((issues::id, issues::number, issues::point_id, issues::item_code, issues::closed_at))
        .load(conn)?;
    let ids: Vec<IssueId> = found.iter().map(|row| row.0).collect();
    let looked: HashMap<IssueId, Timestamp> = each_some(&ids, |some| {
        Ok(own_look_backs::table
            .filter(own_look_backs::issue_id.eq_any(some))
            .filter(own_look_backs::unit_id.eq(unit))
            .select((own_look_backs::issue_id, own_look_backs::looked_at))
            .load(conn)?)
    })?
    .into_iter()
    .collect();
    let relapses: HashMap<IssueId, SelfReportId> = each_some(&ids, |some| {
        Ok(reports::table
            .filter(reports::relapse_of.eq_any(some))
            .order((reports::reported_at, reports::id))
            .select((reports::relapse_of.assume_not_null(), reports::id))
            .load(conn)?)
    })?
    .into_iter()
    .collect();
    let row = |(issue_id, number, point_id, item_code, closed_at): FixRow| {
        let (looked_at, relapse) = (looked.get(&issue_id).copied(), relapses.get(&issue_id).copied());
        Some(OwnFix { issue_id, number, point_id, item_code, closed_at: closed_at?, looked_at, relapse })
    };
    Ok(found.into_iter().filter_map(row).collect())
}

/// Notes that a unit found a fix of its own held.
pub fn note_held(conn: &mut Conn, issue: IssueId, unit: UnitId, by: UserId, at: Timestamp) -> Result<(), StoreError> {
    diesel::delete(own_look_backs::table.filter(own_look_backs::issue_id.eq(issue))).execute(conn)?;
    diesel::insert_into(own_look_backs::table)
        .values((
            own_look_backs::issue_id.eq(issue),
            own_look_backs::unit_id.eq(unit),
            own_look_backs::looked_by.eq(by),
            own_look_backs::looked_at.eq(at),
        ))
        .execute(conn)?;
    Ok(())
}
