//! An inspector reports a problem. The report is small and is accepted before its photos.

use super::Audience;
use super::flags;
use super::look_up::{active_point, item_for};
use super::read::{IssueDetail, detail, shown_one};
use crate::app::change::{self, Change, Decision};
use crate::app::county::County;
use crate::app::locks::{Lock, Locks};
use crate::app::reference::nearest;
use crate::app::{App, AppError, Caller, Result, capture_nonces, packets};
use crate::domain::evidence::{self, Capture};
use crate::domain::geo::Location;
use crate::domain::ids::{IssueId, PhotoId, PointId, UserId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::issue::{Issue, PhotoView, Report, ReportPhoto, State, Transition, Violation};
use crate::domain::mark::Mark;
use crate::domain::permitted_zone::{KeptZone, PermittedZone, ZonePosition};
use crate::domain::policy::Permission;
use crate::domain::reference::{Item, Point};
use crate::domain::time::Timestamp;
use crate::domain::unlisted_place::UnlistedPlace;
use crate::store::issues::StoredPhoto;
use crate::store::unlisted_places::StoredPlace;
use crate::store::{Conn, issues, photos, reference, unlisted_places, visits, zones};

/// The result of a report.
#[derive(Debug)]
pub struct Reported {
    /// `false` when the same report had been stored before.
    pub created: bool,
    /// The issue as the inspector sees it.
    pub detail: IssueDetail,
}

/// Stores a report under the id that the client chose. Sending the same report again answers the stored one.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] with every wrong field, [`AppError::IdReused`] when the id belongs to
/// another report.
pub async fn report(app: &App, caller: &Caller, id: IssueId, report: Report) -> Result<Reported> {
    let reported = change::make(app, NewReport { app: app.clone(), caller: caller.clone(), id, report }).await?;
    if reported.created {
        app.metrics.report_accepted();
    }
    Ok(reported)
}

/// An inspector's report, by itself or as a part of a visit.
pub(crate) struct NewReport {
    pub(crate) app: App,
    pub(crate) caller: Caller,
    pub(crate) id: IssueId,
    pub(crate) report: Report,
}

/// A report that may be stored.
pub(crate) struct Made {
    county: County,
    opened: Transition,
    /// The provisional point for a place off the list, and the place.
    unlisted: Option<(Point, StoredPlace)>,
    /// Its photos that have arrived.
    arrived: Vec<PhotoId>,
    doubts: Vec<evidence::Flag>,
    now: Timestamp,
}

/// What a report depends on.
pub(crate) struct Before {
    county: County,
    /// The finder and digest of an issue with this id.
    pub origin: Option<issues::Origin>,
    /// Its photos that have arrived.
    here: Vec<photos::Arrived>,
}

impl Change for NewReport {
    type Before = Before;
    type Made = Made;
    type Answer = Reported;

    fn admit(&self) -> Result<()> {
        self.caller.require(Permission::ReportIssue)?;
        Ok(self.report.validate(self.id)?)
    }

    fn locks(&self) -> Vec<Lock> {
        self.report.photos.iter().map(|photo| Lock::Photo(photo.id)).collect()
    }

    fn load(&self, conn: &mut Conn, locks: &mut Locks) -> Result<Self::Before> {
        let photos: Vec<PhotoId> = self.report.photos.iter().map(|photo| photo.id).collect();
        let here = photos::arrived(conn, &photos)?;
        locks.take(conn, bytes_and_issues(&here, &[self.id]))?;
        Ok(Before { county: self.app.county.load(conn)?, origin: issues::origin(conn, self.id)?, here })
    }

    fn authorise(&self, _: &mut Conn, before: &Before) -> Result<()> {
        let Some((finder, before)) = &before.origin else { return self.app.check_room() };
        let same = *before == Some(self.report.digest()) || *before == Some(self.report.first_digest());
        if same && *finder == self.caller.actor.user_id { Ok(()) } else { Err(AppError::IdReused) }
    }

    fn decide(&self, conn: &mut Conn, before: Before) -> Result<Decision<Made, Reported>> {
        if before.origin.is_some() {
            let detail = detail(conn, &self.app, &before.county, &self.caller.actor, self.id)?;
            return Ok(Decision::Unchanged(Reported { created: false, detail }));
        }
        let made = self.decided(conn, before.county, &before.here)?;
        let records = packets::record(&self.caller, format!("issue:{}", self.id), made.now).into_iter().collect();
        let messages = made.opened.messages();
        Ok(Decision::Made { made, records, messages })
    }

    fn write(&self, conn: &mut Conn, locks: &mut Locks, made: &Made) -> Result<()> {
        let Made { county, opened, unlisted, arrived, doubts, now } = made;
        if let Some((point, _)) = unlisted {
            reference::insert_point(conn, point)?;
        }
        issues::apply(conn, opened, Some(&self.report.digest()))?;
        if let Some((_, place)) = unlisted {
            unlisted_places::insert(conn, place)?;
        }
        let expected: Vec<_> = self.report.photos.iter().filter_map(|photo| Some((photo.id, photo.sha256?))).collect();
        issues::expect_photos(conn, self.id, &expected)?;
        crate::store::evidence::raise(conn, self.id, doubts, *now)?;
        let finding = capture_nonces::Finding {
            who: self.caller.actor.user_id,
            nonce: self.report.capture_nonce,
            is_covered: self.report.visit_id.is_some(),
            id: *self.id.as_bytes(),
            captured_at: self.report.captured_at,
        };
        let of_nonce = capture_nonces::spend(conn, county, &finding, *now)?;
        crate::store::evidence::raise(conn, self.id, of_nonce.as_slice(), *now)?;
        flags::raise_photo_doubts(conn, locks, county, opened.after(), arrived, *now)
    }

    fn answer(&self, conn: &mut Conn, made: Made) -> Result<Reported> {
        let (actor, issue) = (&self.caller.actor, made.opened.after().clone());
        let audience = Audience::of(actor, &issue).ok_or(AppError::NotFound)?;
        let detail = shown_one(conn, &self.app, &made.county, actor, (audience, issue))?;
        Ok(Reported { created: true, detail })
    }
}

impl NewReport {
    /// The issue that the report opens; looks up everything the report names.
    fn decided(&self, conn: &mut Conn, county: County, here: &[photos::Arrived]) -> Result<Made> {
        let NewReport { app, caller, id, report } = self;
        let now = app.now();
        let mut invalid = Invalid::default();
        let (point, unlisted) = match &report.place {
            Some(place) => {
                let (point, stored) = self.provisional(conn, place, now)?;
                (Some(point.clone()), Some((point, stored)))
            }
            None => (active_point(conn, report.point_id, &mut invalid)?, None),
        };
        // What kind of place it is will be known when the office has settled it.
        let listed = point.as_ref().filter(|_| unlisted.is_none());
        let item = item_for(conn, &report.item_code, listed, &mut invalid)?;
        check_arrived(conn, caller, &report.photos, here, &mut invalid)?;
        let named: Vec<_> = report.photos.iter().map(|photo| (photo.id, &*photo.marks)).collect();
        same_marks(conn, &named, &mut invalid)?;
        let (Some(point), Some(item)) = (point, item) else { return Err(invalid.into()) };
        invalid.into_result()?;

        let parent = relapse_of(conn, point.id, &item.code, report.captured_at.min(now))?;
        let in_zones = in_zones(conn, report, &item, &county)?;
        let violation = Violation {
            item_code: item.code,
            campaign: item.campaign,
            severity: report.severity,
            point_id: point.id,
            area_code: point.area_code.clone(),
        };
        let draft = Issue::new(*id, report.finding(violation, caller.actor.user_id, now).after(parent));
        let arrived: Vec<PhotoId> = here.iter().map(|(id, ..)| *id).collect();
        let complete = arrived.len() == report.photos.len();
        let opened = Issue::open(draft, &caller.actor, report.issue_photos(), complete);
        let mut doubts = doubts(report, point.location.as_ref(), f64::from(point.radius_m), &county, now);
        doubts.extend(in_zones);
        doubts.extend(about_finder(conn, report, caller.actor.user_id, &county)?);
        if caller.handed_in.is_some() {
            doubts.push(evidence::Flag::about_issue(evidence::FlagCode::HandedIn, ""));
        }
        Ok(Made { county, opened, unlisted, arrived, doubts, now })
    }

    /// The provisional point for a place off the list, and the stored place.
    fn provisional(&self, conn: &mut Conn, place: &UnlistedPlace, now: Timestamp) -> Result<(Point, StoredPlace)> {
        let nearest = nearest(conn, &place.location, true, 1, |_| true)?.pop();
        let unknown = || Invalid::one("/place", FieldCode::NotAllowed, "the county has no points yet");
        let (nearest, _) = nearest.ok_or_else(unknown)?;
        let point = place.provisional(PointId(self.app.random.uuid()), nearest);
        let stored = StoredPlace {
            point_id: point.id,
            issue_id: self.id,
            name: point.name.clone(),
            address: point.address.clone(),
            reported_at: now,
            settled_at: None,
            settled_by: None,
            merged_into: None,
        };
        Ok((point, stored))
    }
}

/// The closed issue that a fault found at this point and item is a relapse of, with its position in the chain.
pub(crate) fn relapse_of(
    conn: &mut Conn,
    point: PointId,
    item: &str,
    found: Timestamp,
) -> Result<Option<(IssueId, i32)>> {
    let (since, until) = Issue::rebound_closings(found);
    Ok(issues::chain_parent(conn, point, item, since, until)?)
}

/// The locks of the bytes of a step's photos that have arrived, and of the issues; the photos are locked already. Of two
/// issues that use one picture at the same time, the second to get the lock finds the first.
pub(crate) fn bytes_and_issues(here: &[photos::Arrived], issues: &[IssueId]) -> Vec<Lock> {
    let bytes = here.iter().map(|(.., digest)| Lock::Bytes(*digest));
    bytes.chain(issues.iter().map(|id| Lock::Issue(*id))).collect()
}

/// Refuses photos that another issue shows with different marks: changing the marks here would change what is shown
/// there.
pub(super) fn same_marks(conn: &mut Conn, named: &[(PhotoId, &[Mark])], invalid: &mut Invalid) -> Result<()> {
    let ids: Vec<PhotoId> = named.iter().map(|(id, _)| *id).collect();
    let before = issues::marks_of(conn, &ids)?;
    for (at, (id, marks)) in named.iter().enumerate() {
        if before.iter().any(|(other, drawn)| other == id && drawn != marks) {
            let detail = "another issue shows this upload with other marks: send the photo again, under another id";
            invalid.push(format!("/photos/{at}/marks"), FieldCode::NotAllowed, detail);
        }
    }
    Ok(())
}

/// Whether a report or a visit of somebody else names this photo.
pub(crate) fn is_awaited_by_another(conn: &mut Conn, who: UserId, photo: PhotoId) -> Result<bool> {
    let finders = issues::waiting_for_photo(conn, photo)?;
    Ok(finders.iter().any(|(_, finder, _)| *finder != who)
        || visits::naming_photo(conn, photo)?.iter().any(|inspector| *inspector != who))
}

/// A fault for each named photo that belongs to somebody else or has arrived with other bytes.
fn check_arrived(
    conn: &mut Conn,
    caller: &Caller,
    named: &[ReportPhoto],
    here: &[photos::Arrived],
    invalid: &mut Invalid,
) -> Result<()> {
    for (at, photo) in named.iter().enumerate() {
        let Some((_, uploader, sha256)) = here.iter().find(|(id, ..)| *id == photo.id) else {
            if is_awaited_by_another(conn, caller.actor.user_id, photo.id)? {
                invalid.push(format!("/photos/{at}/id"), FieldCode::Unknown, "not an upload of yours");
            }
            continue;
        };
        if *uploader != caller.actor.user_id {
            invalid.push(format!("/photos/{at}/id"), FieldCode::Unknown, "not an upload of yours");
        } else if photo.sha256.is_some_and(|expected| expected != *sha256) {
            invalid.push(format!("/photos/{at}/sha256"), FieldCode::DigestMismatch, "the upload has other bytes");
        }
    }
    Ok(())
}

/// The doubts because the report is about stalls, and was made where and when they are permitted.
fn in_zones(conn: &mut Conn, report: &Report, item: &Item, county: &County) -> Result<Option<evidence::Flag>> {
    let Some(at) = report.location.as_ref().filter(|_| is_about_stalls(item)) else { return Ok(None) };
    let zones = zones::all(conn)?;
    let policy = permitting(&zones, county, at, &[report.captured_at]);
    Ok(policy.map(|policy| evidence::Flag::about_issue(evidence::FlagCode::PermittedZone, policy)))
}

/// Whether an item is about stalls.
pub(crate) fn is_about_stalls(item: &Item) -> bool {
    item.chips.iter().any(|chip| chip.is_about_stalls())
}

/// The policy of the zone that permits stalls at this place at each of these times, in words.
pub(crate) fn permitting(zones: &[KeptZone], county: &County, at: &Location, times: &[Timestamp]) -> Option<String> {
    let permits =
        |zone: &PermittedZone, time: &Timestamp| zone.permits(&county.calendar, *time, at) == ZonePosition::Inside;
    let found = zones.iter().map(|kept| &kept.zone).find(|zone| times.iter().all(|time| permits(zone, time)));
    found.map(PermittedZone::summary)
}

/// The doubts because of where else the finder was.
fn about_finder(conn: &mut Conn, report: &Report, finder: UserId, county: &County) -> Result<Vec<evidence::Flag>> {
    let Some(place) = report.location else { return Ok(Vec::new()) };
    let this = Capture { at: report.captured_at, place };
    let mut others = issues::captures(conn, finder, this.at)?;
    let settings = &county.settings;
    let repeated = evidence::repeated(&this, &others, settings.same_positions_min);
    // A visit that found nothing tells where its inspector was, too.
    others.extend(visits::captures(conn, finder, this.at)?);
    Ok(evidence::travel(&this, &others, settings.travel_kmh_max).into_iter().chain(repeated).collect())
}

/// Doubts that follow from the report itself.
fn doubts(
    report: &Report,
    point: Option<&Location>,
    radius_m: f64,
    county: &County,
    now: Timestamp,
) -> Vec<evidence::Flag> {
    let same_day = county.calendar.civil_date(report.captured_at) == county.calendar.civil_date(now);
    let mut doubts: Vec<_> = evidence::geofence(point, radius_m, report.location.as_ref()).into_iter().collect();
    doubts.extend(evidence::timing(report.captured_at, now, same_day, county.settings.capture_ahead_max()));
    // A finding in the future has raised the same doubt already.
    let clock = report.sent_at.and_then(|sent| evidence::clock(sent, now, county.settings.capture_ahead_max()));
    if !doubts.iter().any(|doubt| doubt.code == evidence::FlagCode::ClockSkew) {
        doubts.extend(clock);
    }
    let chosen = report.photos.iter().filter(|photo| photo.from_album);
    doubts.extend(chosen.map(|photo| evidence::Flag::about_photo(evidence::FlagCode::FromAlbum, photo.id, "")));
    let shows = |view| report.photos.iter().any(|photo| photo.view == view);
    let missing: Vec<&str> =
        [PhotoView::Far, PhotoView::Near].into_iter().filter(|view| !shows(*view)).map(PhotoView::as_str).collect();
    if !missing.is_empty() {
        doubts.push(evidence::Flag::about_issue(evidence::FlagCode::ViewMissing, missing.join(", ")));
    }
    doubts
}

/// The step that submits a report because its last photo, `photo`, has arrived. Call it with the issue locked, before
/// the photo is recorded.
pub(crate) fn submitted_with(
    conn: &mut Conn,
    id: IssueId,
    photo: PhotoId,
    now: Timestamp,
) -> Result<Option<Transition>> {
    let Some(issue) = issues::find(conn, id)? else { return Ok(None) };
    let is_here = |named: &StoredPhoto| named.arrived.is_some() || named.photo.photo_id == photo;
    let complete = issues::photos(conn, &[id])?.iter().all(is_here);
    if issue.state == State::Receiving && complete { Ok(Some(issue.submit(now)?)) } else { Ok(None) }
}
