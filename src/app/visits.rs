//! Visits 暗访记录: each is recorded as a whole, together with the issues that it opens, and read by the office.

use std::collections::HashMap;

use super::change::{self, Change, Decision};
use super::code_names::{self, Veil};
use super::county::County;
use super::follow_up::office_changed;
use super::issues::list::Days;
use super::issues::{NewReport, active_point, bytes_and_issues, is_about_stalls, is_awaited_by_another, permitting};
use super::locks::{Lock, Locks};
use super::{App, AppError, Caller, Result, capture_nonces, packets};
use crate::domain::batch::BatchState;
use crate::domain::evidence::{self, Capture, Flag};
use crate::domain::ids::{BatchId, PhotoId, PointId, UserId, VisitId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::limits::PAGE_MAX;
use crate::domain::month::Month;
use crate::domain::permitted_zone::KeptZone;
use crate::domain::planning::Tally;
use crate::domain::policy::{self, Permission, Reach, reach};
use crate::domain::reference::{Item, Point, PointSummary};
use crate::domain::role::Actor;
use crate::domain::settings::SuddenVisits;
use crate::domain::visit::{ChecklistItem, Observation, TaskRef, Visit, VisitRecord};
use crate::store::visits::VisitFilter;
use crate::store::{Conn, batches, issues, photos, reference, tallies, users, visits, zones};

/// The result of a record.
#[derive(Debug)]
pub struct Recorded {
    /// `false` when the same record had been stored before.
    pub created: bool,
    /// The visit.
    pub visit: ShownVisit,
}

/// A visit with what its readers are shown beside it.
#[derive(Debug)]
pub struct ShownVisit {
    /// The visit.
    pub visit: Visit,
    /// Its photos that have not arrived.
    pub missing: Vec<PhotoId>,
    /// Its point.
    pub point: PointSummary,
    /// What its inspector is called.
    pub inspector: String,
    /// What the office calls the inspector instead, if it carries out a task.
    pub veil: Option<Veil>,
    /// Doubts about it.
    pub doubts: Vec<Flag>,
    /// Whether it counts in rankings: it judges the point, and was drawn, or the county counts sudden visits too.
    pub counts: bool,
    /// Whether the reader may see how the point is judged by it.
    pub with_score: bool,
}

/// Records a visit under the id that the client chose, and opens an issue for each item that fails, all or nothing. The
/// same record again answers the stored visit. A report that was sent before, alone, with the visit's id, is taken for
/// the same report.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] with every wrong field, [`AppError::IdReused`] when the id belongs to
/// another record, or that of an issue to another report.
pub async fn record(app: &App, caller: &Caller, id: VisitId, record: VisitRecord) -> Result<Recorded> {
    let opened: Vec<(usize, NewReport)> = record
        .results
        .iter()
        .enumerate()
        .filter(|(_, seen)| seen.issue.is_some())
        .zip(record.reports(id))
        .map(|((at, _), (id, report))| (at, NewReport { app: app.clone(), caller: caller.clone(), id, report }))
        .collect();
    let change = RecordVisit { app: app.clone(), caller: caller.clone(), id, record, reports: opened };
    let (recorded, opened) = change::make(app, change).await?;
    (0..opened).for_each(|_| app.metrics.report_accepted());
    Ok(recorded)
}

/// An inspector's visit.
struct RecordVisit {
    app: App,
    caller: Caller,
    id: VisitId,
    record: VisitRecord,
    /// The reports in it, each with the place of its result.
    reports: Vec<(usize, NewReport)>,
}

/// What the decision depends on.
enum Before {
    /// It was recorded before.
    Known,
    /// Nothing has this id; the county and the stored issue of each report.
    New(Vec<<NewReport as Change>::Before>),
}

/// A visit that may be stored.
struct Made {
    visit: Visit,
    /// The reports that are new, by their place in [`RecordVisit::reports`].
    reports: Vec<(usize, <NewReport as Change>::Made)>,
    /// Its photos that have arrived.
    arrived: Vec<PhotoId>,
    /// The type of its point.
    point_type: String,
    /// The month of the county's time in which it began.
    month: Month,
    /// Doubts about it.
    doubts: Vec<Flag>,
    county: County,
}

impl RecordVisit {
    /// Every photo that it names, those of its reports too.
    fn photos(&self) -> Vec<PhotoId> {
        let seen = self.record.results.iter().flat_map(|one| &one.photo_ids).copied();
        let reported = self.reports.iter().flat_map(|(_, new)| &new.report.photos).map(|photo| photo.id);
        let mut ids: Vec<PhotoId> = seen.chain(reported).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }
}

impl Change for RecordVisit {
    type Before = Before;
    type Made = Made;
    /// The visit, and how many issues it opened.
    type Answer = (Recorded, usize);

    fn admit(&self) -> Result<()> {
        self.caller.require(Permission::RecordVisit)?;
        Ok(self.record.validate(self.id)?)
    }

    fn locks(&self) -> Vec<Lock> {
        let batch = self.record.task.iter().map(|task| Lock::Batch(task.batch_id));
        batch.chain([Lock::Visit(self.id)]).chain(self.photos().into_iter().map(Lock::Photo)).collect()
    }

    fn load(&self, conn: &mut Conn, locks: &mut Locks) -> Result<Before> {
        if let Some((inspector, digest)) = visits::sent(conn, self.id)? {
            let is_same = inspector == self.caller.actor.user_id && digest == self.record.digest();
            return if is_same { Ok(Before::Known) } else { Err(AppError::IdReused) };
        }
        // All at once, so that each report finds its locks taken, in whichever order the reports come.
        let issues: Vec<_> = self.reports.iter().map(|(_, new)| new.id).collect();
        let here = photos::arrived(conn, &self.photos())?;
        locks.take(conn, bytes_and_issues(&here, &issues))?;
        let stored = self.reports.iter().map(|(_, new)| new.load(conn, locks));
        Ok(Before::New(stored.collect::<Result<_>>()?))
    }

    fn authorise(&self, conn: &mut Conn, before: &Before) -> Result<()> {
        let Before::New(stored) = before else { return Ok(()) };
        self.app.check_room()?;
        self.reports.iter().zip(stored).try_for_each(|((_, new), stored)| new.authorise(conn, stored))
    }

    fn decide(&self, conn: &mut Conn, before: Before) -> Result<Decision<Made, Self::Answer>> {
        let Before::New(stored) = before else {
            let visit = self.shown(conn)?;
            return Ok(Decision::Unchanged((Recorded { created: false, visit }, 0)));
        };
        let now = self.app.now();
        let mut invalid = Invalid::default();
        if let Some(task) = self.record.task {
            self.check_task(conn, task, &mut invalid)?;
        }
        let point = active_point(conn, Some(self.record.point_id), &mut invalid)?;
        let items = point.as_ref().map(|point| items(conn, point)).transpose()?.unwrap_or_default();
        let checklist = checklist(&items);
        if point.is_some() {
            let required = reference::photos_required(conn, self.record.began_at.min(self.record.ended_at))?;
            for check in [self.record.validate_items(&checklist), self.record.validate_photos(&required)] {
                invalid.0.extend(check.err().into_iter().flat_map(|faults| faults.0));
            }
        }
        let arrived = self.arrived(conn, &mut invalid)?;
        self.same_marks(&mut invalid);
        let (mut reports, mut records, mut messages) = (Vec::new(), Vec::new(), Vec::new());
        for (place, ((at, new), stored)) in self.reports.iter().zip(stored).enumerate() {
            if stored.origin.is_some() {
                // It was sent before, alone.
                continue;
            }
            match new.decide(conn, stored) {
                Ok(Decision::Unchanged(_)) => {}
                Ok(Decision::Made { made, records: audited, messages: told }) => {
                    reports.push((place, made));
                    records.extend(audited);
                    messages.extend(told);
                }
                Err(AppError::Invalid(faults)) => {
                    for fault in faults.0 {
                        let pointer = format!("/results/{at}/issue/report{}", fault.pointer);
                        invalid.push(pointer, fault.code, fault.detail);
                    }
                }
                Err(other) => return Err(other),
            }
        }
        invalid.into_result()?;
        records.extend(packets::record(&self.caller, format!("visit:{}", self.id), now));
        // The office's pages of visits and of the batch; one that found nothing is told by nothing else.
        messages.push(office_changed(format!("visit:{}", self.id)));
        let county = self.app.county.load(conn)?;
        let zones = zones::all(conn)?;
        let permitted_by = |seen: &Observation| self.permitted_by(seen, &items, &zones, &county);
        let visit = Visit::of(self.id, self.caller.actor.user_id, &self.record, checklist, permitted_by, now);
        let doubts = travel(conn, &visit, &county)?.into_iter().collect();
        let month = Month::of(county.calendar.civil_date(visit.began_at));
        let point_type = point.map(|point| point.point_type).unwrap_or_default();
        let made = Made { visit, reports, arrived, point_type, month, doubts, county };
        Ok(Decision::Made { made, records, messages })
    }

    fn write(&self, conn: &mut Conn, locks: &mut Locks, made: &Made) -> Result<()> {
        for (place, report) in &made.reports {
            if let Some((_, new)) = self.reports.get(*place) {
                new.write(conn, locks, report)?;
            }
        }
        visits::insert(conn, &made.visit, &self.record.digest())?;
        let now = made.visit.received_at;
        let finding = capture_nonces::Finding {
            who: self.caller.actor.user_id,
            nonce: self.record.capture_nonce,
            is_covered: false,
            id: *self.id.as_bytes(),
            captured_at: made.visit.began_at,
        };
        let of_nonce = capture_nonces::spend(conn, &made.county, &finding, now)?;
        visits::raise(conn, self.id, &made.doubts, now)?;
        visits::raise(conn, self.id, of_nonce.as_slice(), now)?;
        if let Some(tally) = Tally::of(&made.visit) {
            locks.take(conn, [Lock::VisitSums])?;
            tallies::add(conn, &tally, &made.point_type, made.month)?;
        }
        Ok(photos::claim(conn, &made.arrived, made.visit.received_at)?)
    }

    fn answer(&self, conn: &mut Conn, made: Made) -> Result<Self::Answer> {
        let opened = made.reports.len();
        Ok((Recorded { created: true, visit: self.shown(conn)? }, opened))
    }
}

impl RecordVisit {
    fn shown(&self, conn: &mut Conn) -> Result<ShownVisit> {
        let visit = visits::find(conn, self.id)?.ok_or(AppError::NotFound)?;
        let county = self.app.county.load(conn)?;
        shown_one(conn, &county, &self.caller.actor, visit)
    }

    /// Refuses a task that is not the caller's, or that cannot be carried out any more. The visit may then be sent
    /// without it: what was seen is not lost.
    fn check_task(&self, conn: &mut Conn, task: TaskRef, invalid: &mut Invalid) -> Result<()> {
        let who = self.caller.actor.user_id;
        let kept = batches::find_task(conn, task.batch_id, task.number)?;
        let own = kept.filter(|kept| !kept.dropped && kept.people.iter().any(|(user, _)| *user == who));
        let Some(kept) = own else {
            invalid.push("/task", FieldCode::Unknown, "no such task of yours");
            return Ok(());
        };
        if kept.point_id != self.record.point_id {
            invalid.push("/point_id", FieldCode::NotAllowed, "the task is at another point");
        }
        let state = batches::find(conn, task.batch_id)?.map(|batch| batch.state);
        if !state.is_some_and(|state| BatchState::RUNNING.contains(&state)) {
            invalid.push("/task", FieldCode::NotAllowed, "its batch is over; send the visit without it");
        }
        if visits::is_done_by(conn, task, who)? {
            invalid.push("/task", FieldCode::Duplicate, "you have carried it out; send the visit without it");
        }
        Ok(())
    }

    /// The photos of its results that have arrived; a fault for each that is somebody else's.
    fn arrived(&self, conn: &mut Conn, invalid: &mut Invalid) -> Result<Vec<PhotoId>> {
        let who = self.caller.actor.user_id;
        let ids: Vec<PhotoId> = self.record.results.iter().flat_map(|one| &one.photo_ids).copied().collect();
        let here = photos::arrived(conn, &ids)?;
        for (at, seen) in self.record.results.iter().enumerate() {
            for (number, id) in seen.photo_ids.iter().enumerate() {
                let is_anothers = match here.iter().find(|(arrived, ..)| arrived == id) {
                    Some((_, uploader, _)) => *uploader != who,
                    None => is_awaited_by_another(conn, who, *id)?,
                };
                if is_anothers {
                    let pointer = format!("/results/{at}/photo_ids/{number}");
                    invalid.push(pointer, FieldCode::Unknown, "not an upload of yours");
                }
            }
        }
        Ok(here.into_iter().map(|(id, ..)| id).collect())
    }

    /// The policy that permits what an item about stalls is about, where it was seen and when: for a fault, when that was
    /// found; otherwise all the time of the visit.
    fn permitted_by(&self, seen: &Observation, items: &[Item], zones: &[KeptZone], county: &County) -> Option<String> {
        items.iter().find(|item| item.code == seen.item_code).filter(|item| is_about_stalls(item))?;
        let report = seen.issue.as_ref().map(|opened| &opened.report);
        let at = report.and_then(|report| report.location).or(self.record.location)?;
        let found = report.map(|report| vec![report.captured_at]);
        let times = found.unwrap_or_else(|| vec![self.record.began_at.min(self.record.ended_at), self.record.ended_at]);
        permitting(zones, county, &at, &times)
    }

    /// Refuses a photo that two reports of the visit show with different marks; each report by itself is compared with
    /// what is stored.
    fn same_marks(&self, invalid: &mut Invalid) {
        let mut drawn = HashMap::new();
        for (at, new) in &self.reports {
            for (number, photo) in new.report.photos.iter().enumerate() {
                if *drawn.entry(photo.id).or_insert(&photo.marks) != &photo.marks {
                    let pointer = format!("/results/{at}/issue/report/photos/{number}/marks");
                    invalid.push(pointer, FieldCode::NotAllowed, "another report of this visit has other marks on it");
                }
            }
        }
    }
}

/// The items that are looked for at this point.
fn items(conn: &mut Conn, point: &Point) -> Result<Vec<Item>> {
    let fits = |kinds: &[String]| kinds.iter().any(|kind| *kind == "*" || *kind == point.point_type);
    Ok(reference::items(conn)?.into_iter().filter(|item| fits(&item.point_types)).collect())
}

/// The items with their weights.
fn checklist(items: &[Item]) -> Vec<ChecklistItem> {
    let item = |item: &Item| ChecklistItem {
        code: item.code.clone(),
        weight: u32::try_from(item.weight).unwrap_or_default(),
        veto: item.veto,
    };
    items.iter().map(item).collect()
}

/// The doubt because nobody moves as fast as from or to another place at which this inspector was.
fn travel(conn: &mut Conn, visit: &Visit, county: &County) -> Result<Option<Flag>> {
    let Some(place) = visit.location else { return Ok(None) };
    let ends = [visit.began_at, visit.ended_at].map(|at| Capture { at, place });
    for this in ends {
        let mut others = issues::captures(conn, visit.inspector_id, this.at)?;
        others.extend(visits::captures(conn, visit.inspector_id, this.at)?);
        let doubt = evidence::travel(&this, &others, county.settings.travel_kmh_max);
        if doubt.is_some() {
            return Ok(doubt);
        }
    }
    Ok(None)
}

/// A visit: the office's view of any, an inspector's of an own one.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Hidden`] when the caller may not know of it.
pub async fn read(app: &App, caller: &Caller, id: VisitId) -> Result<ShownVisit> {
    let (actor, county) = (caller.actor, app.county.clone());
    if !policy::permits(&actor, Permission::ReadVisits) {
        return Err(AppError::NotFound);
    }
    app.store
        .read(move |conn| {
            let visit = visits::find(conn, id)?.ok_or(AppError::NotFound)?;
            let is_own = visit.inspector_id == actor.user_id;
            if !is_own && reach(actor.role, Permission::ReadVisits) != Reach::All {
                return Err(AppError::Hidden);
            }
            let county = county.load(conn)?;
            shown_one(conn, &county, &actor, visit)
        })
        .await
}

/// Which visits are listed.
#[derive(Debug, Clone, Copy, Default)]
pub struct VisitQuery {
    /// At this point.
    pub point_id: Option<PointId>,
    /// Begun on these days.
    pub days: Days,
    /// Only those of this batch.
    pub batch_id: Option<BatchId>,
    /// Only those that nobody drew, or only those that carry out a task.
    pub sudden: Option<bool>,
}

/// Visits of the whole county, those that began last first, and the id to continue after.
///
/// # Errors
/// [`AppError::Forbidden`] for all but the office, [`AppError::NotFound`] when `after` is no visit.
pub async fn list(
    app: &App,
    caller: &Caller,
    query: VisitQuery,
    after: Option<VisitId>,
    limit: usize,
) -> Result<(Vec<ShownVisit>, Option<VisitId>)> {
    if reach(caller.actor.role, Permission::ReadVisits) != Reach::All {
        return Err(AppError::Forbidden);
    }
    let (actor, county, limit) = (caller.actor, app.county.clone(), limit.clamp(1, PAGE_MAX));
    app.store
        .read(move |conn| {
            let after = match after {
                None => None,
                Some(id) => Some(visits::find(conn, id)?.map(|last| (last.began_at, id)).ok_or(AppError::NotFound)?),
            };
            let county = county.load(conn)?;
            let (from, to) = query.days.instants(&county.calendar);
            let VisitQuery { point_id, days: _, batch_id, sudden } = query;
            let filter = VisitFilter { point_id, from, to, batch_id, sudden };
            let one_more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
            let mut found = visits::list(conn, filter, after, one_more)?;
            let more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().map(|last| last.id).filter(|_| more);
            Ok((shown(conn, &county, &actor, found)?, next))
        })
        .await
}

fn shown_one(conn: &mut Conn, county: &County, actor: &Actor, visit: Visit) -> Result<ShownVisit> {
    shown(conn, county, actor, vec![visit])?.pop().ok_or(AppError::NotFound)
}

fn shown(conn: &mut Conn, county: &County, actor: &Actor, found: Vec<Visit>) -> Result<Vec<ShownVisit>> {
    let with_score = reach(actor.role, Permission::ReadVisits) == Reach::All;
    let named: Vec<PhotoId> = found.iter().flat_map(Visit::photo_ids).collect();
    let here: Vec<PhotoId> = photos::arrived(conn, &named)?.into_iter().map(|(id, ..)| id).collect();
    let points: Vec<PointId> = found.iter().map(|visit| visit.point_id).collect();
    let points: HashMap<PointId, PointSummary> =
        reference::point_summaries(conn, &points)?.into_iter().map(|point| (point.id, point)).collect();
    let inspectors: Vec<UserId> = found.iter().map(|visit| visit.inspector_id).collect();
    let names: HashMap<UserId, String> = users::display_names(conn, &inspectors)?.into_iter().collect();
    let ids: Vec<VisitId> = found.iter().map(|visit| visit.id).collect();
    let mut doubts: HashMap<VisitId, Vec<Flag>> = HashMap::new();
    for (id, doubt) in visits::doubts(conn, &ids)? {
        doubts.entry(id).or_default().push(doubt);
    }
    let veils = code_names::of_visits(conn, ids.into_iter())?;
    found
        .into_iter()
        .map(|visit| {
            let missing = visit.photo_ids().into_iter().filter(|id| !here.contains(id)).collect();
            let point = points.get(&visit.point_id).cloned().ok_or(AppError::NotFound)?;
            let inspector = names.get(&visit.inspector_id).cloned().unwrap_or_default();
            let veil = veils.get(&visit.id).cloned();
            let doubts = doubts.remove(&visit.id).unwrap_or_default();
            let drawn = visit.task.is_some() || county.settings.sudden_visits == SuddenVisits::Counted;
            let counts = drawn && visit.score().is_ok();
            Ok(ShownVisit { visit, missing, point, inspector, veil, doubts, counts, with_score })
        })
        .collect()
}
