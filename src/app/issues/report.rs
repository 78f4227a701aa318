//! An inspector reports a problem. The report is small and welcome before its photos.

use serde::Serialize;

use super::flags;
use super::look_up::{active_point, item_for};
use super::read::{IssueDetail, detail};
use crate::app::county::County;
use crate::app::locks::{self, Lock};
use crate::app::{App, AppError, Caller, Result, packets};
use crate::domain::digest::Digest;
use crate::domain::evidence;
use crate::domain::geo::Location;
use crate::domain::ids::{IssueId, PhotoId, PointId, VisitId, tells_time};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::issue::{Action, Issue, IssuePhoto, NewIssue, PhotoStage, PhotoView, Severity, Source, State};
use crate::domain::limits;
use crate::domain::mark::{self, Mark};
use crate::domain::policy::Permission;
use crate::domain::time::{CLIENT_TIME_MAX, CLIENT_TIME_MIN, Timestamp};
use crate::store::{Conn, issues, photos};

/// A report as an inspector sends it. Field meanings: [`Issue`].
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs, reason = "documented on Issue")]
pub struct Report {
    pub point_id: PointId,
    pub item_code: String,
    pub severity: Severity,
    pub description: String,
    pub captured_at: Timestamp,
    pub location: Option<Location>,
    pub photos: Vec<ReportPhoto>,
    pub visit_id: Option<VisitId>,
}

/// A photo that a report names, arrived or not.
#[derive(Debug, Clone, Serialize)]
pub struct ReportPhoto {
    /// The upload's id.
    pub id: PhotoId,
    /// What it shows.
    pub view: PhotoView,
    /// The bytes it must have.
    pub sha256: Option<Digest>,
    /// Device time it was taken; the report's when absent.
    pub captured_at: Option<Timestamp>,
    /// What was drawn on it. A report without any has the digest that it had before there were marks.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
}

/// What became of a report.
#[derive(Debug)]
pub struct Reported {
    /// `false` when the same report was stored before.
    pub created: bool,
    /// The issue as the inspector sees it.
    pub detail: IssueDetail,
}

/// Stores a report under the id the client chose. The same report again answers what is stored.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] with every wrong field,
/// [`AppError::IdReused`] when the id names another report.
pub async fn report(app: &App, caller: &Caller, id: IssueId, report: Report) -> Result<Reported> {
    caller.require(Permission::ReportIssue)?;
    validate(id, &report)?;
    let body = serde_json::to_vec(&report).map_err(|error| AppError::Internal(error.to_string()))?;
    let digest = Digest::of(&body);
    let (metrics, store) = (app.metrics.clone(), app.store.clone());
    let (app, caller) = (app.clone(), caller.clone());
    let reported = store.write(move |conn| store_report(conn, &app, &caller, id, &report, digest)).await?;
    if reported.created {
        metrics.report_accepted();
    }
    Ok(reported)
}

fn store_report(
    conn: &mut Conn,
    app: &App,
    caller: &Caller,
    id: IssueId,
    report: &Report,
    digest: Digest,
) -> Result<Reported> {
    lock(conn, report.photos.iter().map(|photo| photo.id), id)?;
    let county = app.county.load(conn)?;
    if let Some(stored) = issues::find(conn, id)? {
        let same = stored.finding.finder_id == caller.actor.user_id && issues::body_digest(conn, id)? == Some(digest);
        if !same {
            return Err(AppError::IdReused);
        }
        return Ok(Reported { created: false, detail: detail(conn, app, &county, &caller.actor, id)? });
    }
    app.check_room()?;
    let now = app.now();
    let mut invalid = Invalid::default();
    let point = active_point(conn, report.point_id, &mut invalid)?;
    let item = item_for(conn, &report.item_code, point.as_ref(), &mut invalid)?;
    let arrived = arrived(conn, caller, &report.photos, &mut invalid)?;
    let named: Vec<_> = report.photos.iter().map(|photo| (photo.id, &*photo.marks)).collect();
    same_marks(conn, &named, &mut invalid)?;
    let (Some(point), Some(item)) = (point, item) else { return Err(invalid.into()) };
    invalid.into_result()?;

    let draft = Issue::new(NewIssue {
        id,
        source: Source::Inspection,
        severity: report.severity,
        campaign: item.campaign,
        item_code: item.code.clone(),
        point_id: point.id,
        area_code: point.area_code.clone(),
        finder_id: caller.actor.user_id,
        visit_id: report.visit_id,
        description: report.description.trim().to_owned(),
        captured_at: report.captured_at,
        location: report.location,
        received_at: now,
        parent: rebound_of(conn, point.id, &item.code, report.captured_at.min(now))?,
        look_back_of: None,
    });
    let named = report.photos.iter().map(|photo| IssuePhoto {
        photo_id: photo.id,
        stage: PhotoStage::Found,
        round: 1,
        view: photo.view,
        captured_at: Some(photo.captured_at.unwrap_or(report.captured_at)),
        marks: photo.marks.clone(),
    });
    let complete = arrived.len() == report.photos.len();
    let opened = Issue::open(draft, &caller.actor, named.collect(), complete);
    issues::apply(conn, &opened, Some(&digest))?;
    let expected: Vec<_> = report.photos.iter().filter_map(|photo| Some((photo.id, photo.sha256?))).collect();
    issues::expect_photos(conn, id, &expected)?;
    packets::note(conn, caller, format!("issue:{id}"), now)?;
    let mut doubts = doubts(report, &point.location, f64::from(point.radius_m), &county, now);
    if caller.handed_in.is_some() {
        doubts.push(evidence::Flag::about_issue(evidence::FlagCode::HandedIn, ""));
    }
    crate::store::evidence::raise(conn, id, &doubts, now)?;
    for photo in arrived {
        flags::raise_photo_doubts(conn, &county, opened.after(), photo, now)?;
    }
    Ok(Reported { created: true, detail: detail(conn, app, &county, &caller.actor, id)? })
}

/// The issue that a fault found then at the same point and item relapses from, with its place in the
/// chain.
pub(super) fn rebound_of(
    conn: &mut Conn,
    point: PointId,
    item: &str,
    found: Timestamp,
) -> Result<Option<(IssueId, i32)>> {
    let (since, until) = Issue::rebound_closings(found);
    Ok(issues::chain_parent(conn, point, item, since, until)?)
}

/// Locks the photos that a step names, the bytes behind those that are here, and the issue. Under the lock of the
/// bytes, of two that show one picture the later finds the use that the earlier made of it.
pub(super) fn lock(conn: &mut Conn, photos: impl Iterator<Item = PhotoId>, issue: IssueId) -> Result<()> {
    let ids: Vec<PhotoId> = photos.collect();
    locks::take(conn, ids.iter().copied().map(Lock::Photo))?;
    let here = if ids.is_empty() { Vec::new() } else { photos::arrived(conn, &ids)? };
    let bytes = here.into_iter().map(|(.., digest)| Lock::Bytes(digest));
    Ok(locks::take(conn, bytes.chain([Lock::Issue(issue)]))?)
}

fn validate(id: IssueId, report: &Report) -> Result<()> {
    let mut invalid = Invalid::default();
    let photos = (0..).zip(&report.photos).map(|(at, photo): (usize, _)| (format!("/photos/{at}/id"), photo.id.0));
    for (pointer, id) in std::iter::once(("/id".to_owned(), id.0)).chain(photos) {
        if tells_time(id) {
            invalid.push(pointer, FieldCode::NotAllowed, "a random UUID (version 4): this one tells a time");
        }
    }
    invalid.prose_at_most("/description", &report.description, limits::DESCRIPTION_CHARS_MAX);
    let times = std::iter::once(("/captured_at".to_owned(), report.captured_at)).chain(
        (0..)
            .zip(&report.photos)
            .filter_map(|(at, photo): (usize, _)| Some((format!("/photos/{at}/captured_at"), photo.captured_at?))),
    );
    for (pointer, time) in times {
        if !(CLIENT_TIME_MIN..CLIENT_TIME_MAX).contains(&time) {
            invalid.push(pointer, FieldCode::OutOfRange, "between the years 2000 and 2100");
        }
    }
    if let Some(location) = &report.location {
        location.validate("/location", &mut invalid);
    }
    if report.photos.is_empty() {
        invalid.push("/photos", FieldCode::Missing, "at least one photo");
    }
    if report.photos.len() > limits::PHOTOS_PER_STEP_MAX {
        let max = limits::PHOTOS_PER_STEP_MAX;
        invalid.push("/photos", FieldCode::TooLong, format!("at most {max} photos"));
    }
    for (at, photo) in report.photos.iter().enumerate() {
        if report.photos.iter().take(at).any(|earlier| earlier.id == photo.id) {
            invalid.push(format!("/photos/{at}/id"), FieldCode::Duplicate, "named twice");
        }
        if !matches!(photo.view, PhotoView::Far | PhotoView::Near | PhotoView::Detail) {
            invalid.push(format!("/photos/{at}/view"), FieldCode::NotAllowed, "`far`, `near` or `detail`");
        }
        mark::validate(&photo.marks, &format!("/photos/{at}/marks"), &mut invalid);
    }
    Ok(invalid.into_result()?)
}

/// Refuses photos that another issue shows with other marks: what people see of one would change with what is said of
/// the other.
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

/// The named photos that are here; a fault for each that is somebody else's or has other bytes.
fn arrived(conn: &mut Conn, caller: &Caller, named: &[ReportPhoto], invalid: &mut Invalid) -> Result<Vec<PhotoId>> {
    let ids: Vec<PhotoId> = named.iter().map(|photo| photo.id).collect();
    let here = photos::arrived(conn, &ids)?;
    for (at, photo) in named.iter().enumerate() {
        let Some((_, uploader, sha256)) = here.iter().find(|(id, ..)| *id == photo.id) else { continue };
        if *uploader != caller.actor.user_id {
            invalid.push(format!("/photos/{at}/id"), FieldCode::Unknown, "not an upload of yours");
        } else if photo.sha256.is_some_and(|expected| expected != *sha256) {
            invalid.push(format!("/photos/{at}/sha256"), FieldCode::DigestMismatch, "the upload has other bytes");
        }
    }
    Ok(here.into_iter().map(|(id, ..)| id).collect())
}

/// Doubts that the report itself gives rise to.
fn doubts(report: &Report, point: &Location, radius_m: f64, county: &County, now: Timestamp) -> Vec<evidence::Flag> {
    let same_day = county.calendar.civil_date(report.captured_at) == county.calendar.civil_date(now);
    let mut doubts: Vec<_> = evidence::geofence(point, radius_m, report.location.as_ref()).into_iter().collect();
    doubts.extend(evidence::timing(report.captured_at, now, same_day, county.settings.capture_ahead_max()));
    let shows = |view| report.photos.iter().any(|photo| photo.view == view);
    let missing: Vec<&str> =
        [PhotoView::Far, PhotoView::Near].into_iter().filter(|view| !shows(*view)).map(PhotoView::as_str).collect();
    if !missing.is_empty() {
        doubts.push(evidence::Flag::about_issue(evidence::FlagCode::ViewMissing, missing.join(", ")));
    }
    doubts
}

/// Submits a report whose last photo has just come. Call it with the issue locked.
pub(crate) fn submit_if_complete(conn: &mut Conn, id: IssueId, now: Timestamp) -> Result<()> {
    let Some(issue) = issues::find(conn, id)? else { return Ok(()) };
    let complete = issues::photos(conn, &[id])?.iter().all(|photo| photo.arrived.is_some());
    if issue.state == State::Receiving && complete {
        let step = issue.decide_by_service(Action::Submit, now)?;
        issues::apply(conn, &step, None)?;
    }
    Ok(())
}
