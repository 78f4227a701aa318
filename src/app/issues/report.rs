//! An inspector reports a problem. The report is small and welcome before its photos.

use super::flags;
use super::look_up::{active_point, item_for};
use super::read::{IssueDetail, detail};
use crate::app::county::County;
use crate::app::locks::{self, Lock};
use crate::app::{App, AppError, Caller, Result, packets};
use crate::domain::evidence;
use crate::domain::geo::Location;
use crate::domain::ids::{IssueId, PhotoId, PointId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::issue::{Finding, Issue, PhotoView, Report, ReportPhoto, Source, State};
use crate::domain::mark::Mark;
use crate::domain::policy::Permission;
use crate::domain::time::Timestamp;
use crate::store::{Conn, issues, photos};

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
    report.validate(id)?;
    let (metrics, store) = (app.metrics.clone(), app.store.clone());
    let (app, caller) = (app.clone(), caller.clone());
    let reported = store.write(move |conn| store_report(conn, &app, &caller, id, &report)).await?;
    if reported.created {
        metrics.report_accepted();
    }
    Ok(reported)
}

fn store_report(conn: &mut Conn, app: &App, caller: &Caller, id: IssueId, report: &Report) -> Result<Reported> {
    lock(conn, report.photos.iter().map(|photo| photo.id), id)?;
    let county = app.county.load(conn)?;
    if let Some(stored) = issues::find(conn, id)? {
        let before = issues::body_digest(conn, id)?;
        let same = before == Some(report.digest()) || before == Some(report.first_digest());
        if !same || stored.finding.finder_id != caller.actor.user_id {
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

    let parent = rebound_of(conn, point.id, &item.code, report.captured_at.min(now))?;
    let draft = Issue::new(
        id,
        Finding {
            source: Source::Inspection,
            severity: report.severity,
            reported_severity: None,
            campaign: item.campaign,
            item_code: item.code,
            point_id: point.id,
            area_code: point.area_code.clone(),
            finder_id: caller.actor.user_id,
            visit_id: report.visit_id,
            description: report.description.trim().to_owned(),
            captured_at: report.captured_at,
            received_at: now,
            submitted_at: None,
            parent_id: parent.map(|(id, _)| id),
            chain_no: Issue::next_in_chain(parent),
            look_back_of: None,
            location: report.location,
        },
    );
    let complete = arrived.len() == report.photos.len();
    let opened = Issue::open(draft, &caller.actor, report.issue_photos(), complete);
    issues::apply(conn, &opened, Some(&report.digest()))?;
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
        let step = issue.submit(now)?;
        issues::apply(conn, &step, None)?;
    }
    Ok(())
}
