//! Faults that units found themselves 自查自改, and their own look-backs (M03, M16a). What a unit is answered depends on
//! its own reports and on what was released, never on what an inspector has seen.

use std::collections::HashMap;
use std::time::Duration;

use super::change::{self, By, Change, Decision};
use super::county::CountyCache;
use super::issues::{active_point, bytes_and_issues, item_for};
use super::locks::{Lock, Locks};
use super::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::calendar::WorkCalendar;
use crate::domain::digest::Digest;
use crate::domain::ids::{IssueId, PhotoId, PointId, SelfReportId, UnitId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::issue::{Issue, REBOUND_DAYS, State};
use crate::domain::limits::{self, PAGE_MAX};
use crate::domain::policy::{Permission, Reach, reach};
use crate::domain::self_report::{OPEN_MAX, SelfDecision, SelfFix, SelfReport, SelfReportBody, SelfReportState};
use crate::domain::shown_time::{Deadline, Moment, Reader, ShownTime};
use crate::domain::time::{Date, Timestamp};
use crate::store::self_reports::{self as kept, Listed, OwnFix};
use crate::store::{Conn, issues, photos, reference, unlisted_places};

/// A report with what its readers are shown beside it.
#[derive(Debug)]
pub struct ShownSelfReport {
    /// The report.
    pub report: SelfReport,
    /// Name of the unit.
    pub unit_name: String,
    /// Name of the point.
    pub point_name: String,
    /// When the unit reported it.
    pub reported_at: Option<ShownTime>,
    /// By when it has to be put right.
    pub due_at: Deadline,
    /// When the unit reported its fix.
    pub fixed_at: Option<ShownTime>,
    /// The day of the office's decision.
    pub decided_on: Option<Date>,
}

fn shown(conn: &mut Conn, cache: &CountyCache, found: Vec<SelfReport>) -> Result<Vec<ShownSelfReport>> {
    let calendar = cache.load(conn)?.calendar;
    // The unit's own acts.
    let told = |moment, at| ShownTime::of(moment, Reader::Public, at, &calendar);
    let points: Vec<PointId> = found.iter().map(|report| report.body.point_id).collect();
    let points: HashMap<PointId, String> =
        reference::point_summaries(conn, &points)?.into_iter().map(|point| (point.id, point.name)).collect();
    let units: HashMap<UnitId, String> = reference::units(conn)?.into_iter().map(|unit| (unit.id, unit.name)).collect();
    let one = |report: SelfReport| ShownSelfReport {
        unit_name: units.get(&report.unit_id).cloned().unwrap_or_default(),
        point_name: points.get(&report.body.point_id).cloned().unwrap_or_default(),
        reported_at: told(Moment::RequestFiled, report.reported_at),
        due_at: Deadline::of_own(&report),
        fixed_at: report.fix.as_ref().and_then(|(_, _, at)| told(Moment::FixReported, *at)),
        decided_on: report.decision.as_ref().map(|(_, _, at)| calendar.civil_date(*at)),
        report,
    };
    Ok(found.into_iter().map(one).collect())
}

fn shown_one(conn: &mut Conn, cache: &CountyCache, id: SelfReportId) -> Result<ShownSelfReport> {
    let report = kept::find(conn, id)?.ok_or(AppError::NotFound)?;
    shown(conn, cache, vec![report])?.pop().ok_or(AppError::NotFound)
}

/// Whose reports the caller may read: `None` for all.
fn readable(caller: &Caller) -> Result<Option<UnitId>> {
    caller.require(Permission::ReadSelfReports)?;
    match reach(caller.actor.role, Permission::ReadSelfReports) {
        Reach::All => Ok(None),
        Reach::Unit => caller.actor.unit_id.map(Some).ok_or(AppError::Forbidden),
        Reach::Never
        | Reach::Own
        | Reach::Check
        | Reach::LookBack
        | Reach::Involved
        | Reach::Addressed
        | Reach::UnitHead
        | Reach::Campaign
        | Reach::Released => Err(AppError::Forbidden),
    }
}

/// Reports, the latest first, and the one to continue after: of all units for the office, a unit's own.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when there is none to continue after.
pub async fn list(
    app: &App,
    caller: &Caller,
    (unit, state): (Option<UnitId>, Option<SelfReportState>),
    after: Option<SelfReportId>,
    limit: usize,
) -> Result<(Vec<ShownSelfReport>, Option<SelfReportId>)> {
    let own = readable(caller)?;
    let (cache, limit) = (app.county.clone(), limit.clamp(1, PAGE_MAX));
    let which = Listed { unit: own.or(unit), state };
    app.store
        .read(move |conn| {
            if let (Some(after), Some(own)) = (after, own) {
                kept::find(conn, after)?.filter(|report| report.unit_id == own).ok_or(AppError::NotFound)?;
            }
            let mut found = kept::list(conn, which, after, i64::try_from(limit + 1).unwrap_or(i64::MAX))?;
            let more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().map(|report| report.id).filter(|_| more);
            Ok((shown(conn, &cache, found)?, next))
        })
        .await
}

/// One report.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Hidden`] for another unit's.
pub async fn read(app: &App, caller: &Caller, id: SelfReportId) -> Result<ShownSelfReport> {
    let (own, cache) = (readable(caller)?, app.county.clone());
    app.store
        .read(move |conn| {
            let found = shown_one(conn, &cache, id)?;
            if own.is_some_and(|own| own != found.report.unit_id) {
                return Err(AppError::Hidden);
            }
            Ok(found)
        })
        .await
}

/// The photos of a step: all have arrived, are the caller's, and show what no report has shown before.
fn check_photos(conn: &mut Conn, caller: &Caller, ids: &[PhotoId], invalid: &mut Invalid) -> Result<()> {
    let here = photos::arrived(conn, ids)?;
    let own: HashMap<PhotoId, Digest> = here
        .into_iter()
        .filter(|(_, uploader, _)| *uploader == caller.actor.user_id)
        .map(|(id, _, digest)| (id, digest))
        .collect();
    let used = kept::used(conn, &own.values().copied().collect::<Vec<_>>())?;
    for (at, id) in ids.iter().enumerate() {
        let pointer = format!("/photo_ids/{at}");
        match own.get(id) {
            None => invalid.push(pointer, FieldCode::Unknown, "not an upload of yours that has arrived"),
            Some(digest) if used.contains(digest) => {
                invalid.push(pointer, FieldCode::NotAllowed, "the same picture was sent with an earlier report");
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Reports a fault under an id of the client's choice; the same again answers the stored one. The flag says whether it
/// is new.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::IdReused`], [`AppError::Invalid`] also when the unit has been handed an issue of
/// the same item there, has reported it already, or has too many open.
pub async fn report(
    app: &App,
    caller: &Caller,
    id: SelfReportId,
    body: SelfReportBody,
) -> Result<(ShownSelfReport, bool)> {
    let unit_id = caller.actor.unit_id.filter(|_| caller.require(Permission::ReportSelfFound).is_ok());
    let unit_id = unit_id.ok_or(AppError::Forbidden)?;
    change::make(app, Report { app: app.clone(), caller: caller.clone(), unit_id, id, body }).await
}

struct Report {
    app: App,
    caller: Caller,
    unit_id: UnitId,
    id: SelfReportId,
    body: SelfReportBody,
}

impl Change for Report {
    type Before = Option<SelfReport>;
    type Made = SelfReport;
    type Answer = (ShownSelfReport, bool);

    fn admit(&self) -> Result<()> {
        self.caller.require(Permission::ReportSelfFound)?;
        Ok(self.body.validate(self.id)?)
    }

    fn locks(&self) -> Vec<Lock> {
        self.body.photo_ids.iter().copied().map(Lock::Photo).collect()
    }

    fn load(&self, conn: &mut Conn, locks: &mut Locks) -> Result<Self::Before> {
        let more = bytes_and_issues(&photos::arrived(conn, &self.body.photo_ids)?, &[]);
        locks.take(conn, more.into_iter().chain([Lock::SelfReports(self.unit_id)]))?;
        Ok(kept::find(conn, self.id)?)
    }

    fn authorise(&self, _: &mut Conn, stored: &Self::Before) -> Result<()> {
        let Some(stored) = stored else { return self.app.check_room() };
        let is_same = stored.body == self.body && stored.unit_id == self.unit_id;
        if is_same { Ok(()) } else { Err(AppError::IdReused) }
    }

    fn decide(&self, conn: &mut Conn, stored: Self::Before) -> Result<Decision<SelfReport, Self::Answer>> {
        if stored.is_some() {
            return Ok(Decision::Unchanged((shown_one(conn, &self.app.county, self.id)?, false)));
        }
        let now = self.app.now();
        let county = self.app.county.load(conn)?;
        let mut invalid = Invalid::default();
        // A place that only inspectors know of is none, like one that does not exist.
        let is_known = !unlisted_places::concealed(conn)?.contains(&self.body.point_id);
        let point = active_point(conn, Some(self.body.point_id).filter(|_| is_known), &mut invalid)?;
        let item = item_for(conn, &self.body.item_code, point.as_ref(), &mut invalid)?;
        if let Some(old) = self.body.relapse_of {
            let since = looked_since(now, &county.calendar);
            let old = issues::find(conn, old)?.filter(|old| is_own_fix(old, self.unit_id, since));
            if old.is_none_or(|old| !self.is_same_fault(&old)) {
                let detail = "a closed issue of yours, with this item at this point";
                invalid.push("/relapse_of", FieldCode::Unknown, detail);
            }
        }
        if kept::is_handed_over(conn, self.unit_id, self.body.point_id, &self.body.item_code)? {
            invalid.push("/item_code", FieldCode::NotAllowed, "an issue of this item there was handed to you");
        }
        let open = kept::open_of(conn, self.unit_id)?;
        if open.iter().any(|(point, item)| *point == self.body.point_id && *item == self.body.item_code) {
            invalid.push("/item_code", FieldCode::Duplicate, "you have reported it there, and not put it right");
        }
        if open.len() >= OPEN_MAX {
            invalid.push("", FieldCode::NotAllowed, format!("at most {OPEN_MAX} that are not put right"));
        }
        check_photos(conn, &self.caller, &self.body.photo_ids, &mut invalid)?;
        invalid.into_result()?;
        let limit = item.and_then(|item| item.limit).unwrap_or(limits::FALLBACK_LIMIT);
        let report = SelfReport {
            id: self.id,
            unit_id: self.unit_id,
            body: self.body.clone(),
            state: SelfReportState::Open,
            reported_by: self.caller.actor.user_id,
            reported_at: now,
            due_at: limit.due(&county.calendar, county.settings.day_end, now),
            fix: None,
            decision: None,
        };
        Ok(decided(&self.caller, report, "report", now))
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &SelfReport) -> Result<()> {
        kept::insert(conn, made)?;
        Ok(photos::claim(conn, &made.body.photo_ids, made.reported_at)?)
    }

    fn answer(&self, conn: &mut Conn, made: SelfReport) -> Result<Self::Answer> {
        Ok((shown_one(conn, &self.app.county, made.id)?, true))
    }
}

impl Report {
    fn is_same_fault(&self, old: &Issue) -> bool {
        old.finding.point_id == self.body.point_id && old.finding.item_code == self.body.item_code
    }
}

/// Whether it is an issue of this unit that was closed at `since` or later.
fn is_own_fix(old: &Issue, unit: UnitId, since: Timestamp) -> bool {
    let is_closed = match old.state {
        State::Closed | State::Archived => true,
        State::Receiving
        | State::Submitted
        | State::Returned
        | State::Sealed
        | State::Assigned
        | State::Rectifying
        | State::Redispatch
        | State::Reported
        | State::Rework
        | State::Hung
        | State::Void => false,
    };
    is_closed && old.assignment.unit_id == Some(unit) && old.closing.closed_at.is_some_and(|at| at >= since)
}

/// From when on closings are looked back at: whole days, since the hour of a check is not told.
fn looked_since(now: Timestamp, calendar: &WorkCalendar) -> Timestamp {
    calendar.start_of_day(now.minus(Duration::from_secs(u64::from(REBOUND_DAYS) * 86_400)))
}

fn decided<A>(caller: &Caller, made: SelfReport, step: &str, now: Timestamp) -> Decision<SelfReport, A> {
    let target = format!("self-report:{}", made.id);
    let record = By::from(caller).done(now, AuditAction::SelfReportChanged, target.clone());
    let records = vec![record.ended(Outcome::Done, step)];
    Decision::Made { made, records, messages: vec![super::follow_up::office_changed(target)] }
}

/// Reports how a fault was put right; the same again answers what is stored.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Hidden`] for another unit's, [`AppError::Invalid`].
pub async fn fix(app: &App, caller: &Caller, id: SelfReportId, fix: SelfFix) -> Result<ShownSelfReport> {
    change::make(app, Fix { app: app.clone(), caller: caller.clone(), id, fix }).await
}

struct Fix {
    app: App,
    caller: Caller,
    id: SelfReportId,
    fix: SelfFix,
}

impl Change for Fix {
    type Before = SelfReport;
    type Made = SelfReport;
    type Answer = ShownSelfReport;

    fn admit(&self) -> Result<()> {
        self.caller.require(Permission::ReportSelfFound)?;
        Ok(self.fix.validate()?)
    }

    fn locks(&self) -> Vec<Lock> {
        self.fix.photo_ids.iter().copied().map(Lock::Photo).collect()
    }

    fn load(&self, conn: &mut Conn, locks: &mut Locks) -> Result<SelfReport> {
        let more = bytes_and_issues(&photos::arrived(conn, &self.fix.photo_ids)?, &[]);
        // Its unit never changes: it may be read before the lock.
        let unit = kept::find(conn, self.id)?.ok_or(AppError::NotFound)?.unit_id;
        locks.take(conn, more.into_iter().chain([Lock::SelfReports(unit)]))?;
        kept::find(conn, self.id)?.ok_or(AppError::NotFound)
    }

    fn authorise(&self, _: &mut Conn, before: &SelfReport) -> Result<()> {
        if self.caller.actor.unit_id == Some(before.unit_id) { Ok(()) } else { Err(AppError::Hidden) }
    }

    fn decide(&self, conn: &mut Conn, before: SelfReport) -> Result<Decision<SelfReport, Self::Answer>> {
        if before.fix.as_ref().is_some_and(|(stored, ..)| *stored == self.fix) {
            return Ok(Decision::Unchanged(shown_one(conn, &self.app.county, self.id)?));
        }
        let now = self.app.now();
        let made = before.fixed(self.fix.clone(), self.caller.actor.user_id, now)?;
        let mut invalid = Invalid::default();
        check_photos(conn, &self.caller, &self.fix.photo_ids, &mut invalid)?;
        invalid.into_result()?;
        Ok(decided(&self.caller, made, "fix", now))
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &SelfReport) -> Result<()> {
        kept::store_fix(conn, made)?;
        let fixed_at = made.fix.as_ref().map_or(made.reported_at, |(_, _, at)| *at);
        Ok(photos::claim(conn, &self.fix.photo_ids, fixed_at)?)
    }

    fn answer(&self, conn: &mut Conn, made: SelfReport) -> Result<Self::Answer> {
        shown_one(conn, &self.app.county, made.id)
    }
}

/// Confirms or refuses what a unit found itself; the same again by anybody answers what is stored.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`].
pub async fn decide(app: &App, caller: &Caller, id: SelfReportId, decision: SelfDecision) -> Result<ShownSelfReport> {
    change::make(app, Decide { app: app.clone(), caller: caller.clone(), id, decision }).await
}

struct Decide {
    app: App,
    caller: Caller,
    id: SelfReportId,
    decision: SelfDecision,
}

impl Change for Decide {
    type Before = SelfReport;
    type Made = SelfReport;
    type Answer = ShownSelfReport;

    fn admit(&self) -> Result<()> {
        self.caller.require(Permission::DecideSelfReports)?;
        Ok(self.decision.validate()?)
    }

    /// A month is read under its lock: what was decided before that is in it, what is decided later is not.
    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Months]
    }

    fn load(&self, conn: &mut Conn, locks: &mut Locks) -> Result<SelfReport> {
        let unit = kept::find(conn, self.id)?.ok_or(AppError::NotFound)?.unit_id;
        locks.take(conn, [Lock::SelfReports(unit)])?;
        kept::find(conn, self.id)?.ok_or(AppError::NotFound)
    }

    fn authorise(&self, _: &mut Conn, _: &SelfReport) -> Result<()> {
        Ok(())
    }

    fn decide(&self, conn: &mut Conn, before: SelfReport) -> Result<Decision<SelfReport, Self::Answer>> {
        if before.decision.as_ref().is_some_and(|(stored, ..)| *stored == self.decision) {
            return Ok(Decision::Unchanged(shown_one(conn, &self.app.county, self.id)?));
        }
        // Under the lock, as the time of a gathering.
        let now = self.app.now();
        let made = before.decided(self.decision.clone(), self.caller.actor.user_id, now)?;
        let step = if self.decision.confirmed { "confirm" } else { "refuse" };
        Ok(decided(&self.caller, made, step, now))
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &SelfReport) -> Result<()> {
        Ok(kept::store_decision(conn, made)?)
    }

    fn answer(&self, conn: &mut Conn, made: SelfReport) -> Result<Self::Answer> {
        shown_one(conn, &self.app.county, made.id)
    }
}

/// A closed issue that a unit may look back at.
#[derive(Debug)]
pub struct ShownOwnFix {
    /// What is known of it.
    pub fix: OwnFix,
    /// Name of the point.
    pub point_name: String,
    /// The day of its closing.
    pub closed_on: Date,
    /// The day on which the unit last found that it held.
    pub looked_on: Option<Date>,
}

/// The unit's issues that were closed in the last 90 days, those handed over last first, and the one to continue after.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when there is none to continue after.
pub async fn own_fixes(
    app: &App,
    caller: &Caller,
    after: Option<IssueId>,
    limit: usize,
) -> Result<(Vec<ShownOwnFix>, Option<IssueId>)> {
    caller.require(Permission::ReportSelfFound)?;
    let unit = caller.actor.unit_id.ok_or(AppError::Forbidden)?;
    let (county, now, limit) = (app.county.clone(), app.now(), limit.clamp(1, PAGE_MAX));
    app.store
        .read(move |conn| {
            let calendar = county.load(conn)?.calendar;
            let after = match after {
                None => None,
                Some(id) => {
                    let old = issues::find(conn, id)?.filter(|old| old.assignment.unit_id == Some(unit));
                    let released = old.and_then(|old| old.assignment.released_at).ok_or(AppError::NotFound)?;
                    Some((released, id))
                }
            };
            let one_more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
            let mut found = kept::own_fixes(conn, unit, looked_since(now, &calendar), after, one_more)?;
            let more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().map(|fix| fix.issue_id).filter(|_| more);
            let points: Vec<PointId> = found.iter().map(|fix| fix.point_id).collect();
            let points: HashMap<PointId, String> =
                reference::point_summaries(conn, &points)?.into_iter().map(|point| (point.id, point.name)).collect();
            let one = |fix: OwnFix| ShownOwnFix {
                point_name: points.get(&fix.point_id).cloned().unwrap_or_default(),
                closed_on: calendar.civil_date(fix.closed_at),
                looked_on: fix.looked_at.map(|at| calendar.civil_date(at)),
                fix,
            };
            Ok((found.into_iter().map(one).collect(), next))
        })
        .await
}

/// Notes that the unit looked at a fix of its own and found that it holds. It counts for nothing; one that does not
/// hold is reported.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Hidden`] for what is not the unit's,
/// [`AppError::Invalid`] for an issue that was not closed in the last 90 days.
pub async fn note_held(app: &App, caller: &Caller, id: IssueId) -> Result<()> {
    caller.require(Permission::ReportSelfFound)?;
    let unit = caller.actor.unit_id.ok_or(AppError::Forbidden)?;
    let (who, now, cache) = (caller.actor.user_id, app.now(), app.county.clone());
    let entry = By::from(caller).done(now, AuditAction::SelfReportChanged, format!("issue:{id}"));
    change::locked(app, [Lock::Issue(id)], move |conn, _| {
        let old = issues::find(conn, id)?.ok_or(AppError::NotFound)?;
        if old.assignment.released_at.is_none() || old.assignment.unit_id != Some(unit) {
            return Err(AppError::Hidden);
        }
        let since = looked_since(now, &cache.load(conn)?.calendar);
        if !is_own_fix(&old, unit, since) {
            return Err(Invalid::one("", FieldCode::NotAllowed, "an issue that was closed in the last 90 days").into());
        }
        kept::note_held(conn, id, unit, who, now)?;
        Ok(crate::store::audit::append(conn, &entry.ended(Outcome::Done, "held"))?)
    })
    .await
}
