//! `POST /issues`: a report with its photos in one call, for simple clients.

use actix_multipart::{Multipart, MultipartError};
use actix_web::error::PayloadError;
use actix_web::{HttpRequest, HttpResponse, post, web};
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde::Deserialize;
use utoipa::ToSchema;

use super::report::answer;
use crate::app::issues::report::{Report, ReportPhoto, report};
use crate::app::photos::Shelf;
use crate::app::{App, AppError};
use crate::domain::digest::Digest;
use crate::domain::geo::Location;
use crate::domain::ids::{IssueId, PhotoId, PointId, VisitId};
use crate::domain::issue::{PhotoView, Severity};
use crate::domain::limits::PHOTOS_PER_STEP_MAX;
use crate::domain::mark::Mark;
use crate::domain::policy::Permission;
use crate::domain::time::Timestamp;
use crate::http::extract::{Active, Patience, read_json};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::view::inspector::FinderIssue;

/// The parts of a report in one call.
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes the form; the parts are read one by one as they stream in")]
struct ReportForm {
    /// The report.
    report: FormReport,
    /// 1 to 9 pictures, in the order of the report's `photos` where it names them. What they are is told by their bytes.
    #[schema(value_type = Vec<String>, format = Binary, min_items = 1, max_items = 9)]
    photo: Vec<Vec<u8>>,
}

/// The report part: `id` and `photos` may be left out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FormReport {
    /// Drawn when absent; give one, so that the call may be repeated.
    #[serde(default)]
    id: Option<IssueId>,
    /// Where.
    point_id: PointId,
    /// Item that is violated.
    item_code: String,
    /// How bad.
    severity: Severity,
    /// In words; may be empty.
    #[serde(default)]
    description: String,
    /// Device time of the finding.
    captured_at: Timestamp,
    /// Where the device was.
    #[serde(default)]
    location: Option<Location>,
    /// What each picture shows; the first is `far`, the second `near`, others `detail` when absent.
    #[serde(default)]
    photos: Vec<FormPhoto>,
    /// The walk it was found on.
    #[serde(default)]
    visit_id: Option<VisitId>,
}

/// What a picture of the form shows.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct FormPhoto {
    /// The upload's id; made from the report's when absent.
    #[serde(default)]
    id: Option<PhotoId>,
    /// `far`, `near` or `detail`.
    view: PhotoView,
    /// The bytes it must have.
    #[serde(default)]
    sha256: Option<Digest>,
    /// What was drawn on it.
    #[serde(default)]
    #[schema(max_items = 12)]
    marks: Vec<Mark>,
}

/// Reports a problem with its photos in one call, its parts in any order. With an `id` the call may be repeated.
#[utoipa::path(
    tag = "issues",
    request_body(content = ReportForm, content_type = "multipart/form-data"),
    responses((status = 200, body = FinderIssue, description = "Stored before"), (status = 201, body = FinderIssue))
)]
#[post("/issues")]
pub(super) async fn report_multipart(
    app: web::Data<App>,
    caller: Active,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    // Before megabytes are taken from somebody who may not send them.
    caller.0.require(Permission::ReportIssue)?;
    let mut shelf = Shelf::new(&app, &caller.0).await?;
    let mut report_part: Option<FormReport> = None;
    // The whole form is waited for, its heads and the gaps between its parts as well as what is in them.
    let patience = Patience::of(&request).times(PARTS_MAX);
    let body = patience.with(body).map_err(|error| PayloadError::Io(std::io::Error::other(error)));
    let mut form = Multipart::new(request.headers(), body);
    while let Some(part) = form.next().await {
        let part = part.map_err(broken)?;
        let name = part.name().unwrap_or("").to_owned();
        let bytes = part.map_err(|error| fault(error).unwrap_or(AppError::BodyIncomplete));
        match name.as_str() {
            "report" if report_part.is_some() => return Err(malformed("one part `report`")),
            "report" => report_part = Some(read_json(bytes).await?),
            "photo" if shelf.count() == PHOTOS_PER_STEP_MAX => return Err(malformed("at most 9 parts `photo`")),
            "photo" => shelf.take(&app, bytes).await?,
            _ => return Err(malformed("the parts are `report` and `photo`")),
        }
    }
    let body = report_part.ok_or_else(|| malformed("a part `report`"))?;
    if !body.photos.is_empty() && body.photos.len() != shelf.count() {
        return Err(malformed("as many parts `photo` as the report names"));
    }
    let id = body.id.unwrap_or_else(|| IssueId(app.random.uuid()));
    let photos: Vec<ReportPhoto> = (0..shelf.count())
        .map(|at| {
            let named = body.photos.get(at);
            ReportPhoto {
                id: named.and_then(|photo| photo.id).unwrap_or_else(|| photo_id(id, at)),
                view: named.map_or_else(|| usual_view(at), |photo| photo.view),
                sha256: named.and_then(|photo| photo.sha256),
                captured_at: None,
                marks: named.map(|photo| photo.marks.clone()).unwrap_or_default(),
            }
        })
        .collect();
    let named: Vec<_> = photos.iter().map(|photo| (photo.id, photo.sha256)).collect();
    shelf.keep(&app, &caller.0, &named).await?;
    let whole = Report {
        point_id: body.point_id,
        item_code: body.item_code,
        severity: body.severity,
        description: body.description,
        captured_at: body.captured_at,
        location: body.location,
        photos,
        visit_id: body.visit_id,
    };
    Ok(answer(report(&app, &caller.0, id, whole).await?))
}

/// Parts of a form at most: the report, and its photos.
const PARTS_MAX: u32 = PHOTOS_PER_STEP_MAX as u32 + 1;

fn malformed(detail: &str) -> Problem {
    Problem::new(ProblemCode::MalformedRequest).detail(detail)
}

/// Why a form could not be read on.
fn broken(error: MultipartError) -> Problem {
    match error {
        MultipartError::ContentTypeMissing
        | MultipartError::ContentTypeParse
        | MultipartError::ContentTypeIncompatible
        | MultipartError::BoundaryMissing => {
            Problem::new(ProblemCode::UnsupportedMedia).detail("Content-Type: multipart/form-data; boundary=…")
        }
        error => fault(error).map_or_else(|| malformed("no well-formed multipart/form-data"), Problem::from),
    }
}

/// What ended the body under the form, if that is what it was.
fn fault(error: MultipartError) -> Option<AppError> {
    match error {
        MultipartError::Payload(PayloadError::Io(error)) => Some(match error.downcast::<AppError>() {
            Ok(error) => error,
            Err(_) => AppError::BodyIncomplete,
        }),
        MultipartError::Payload(_) | MultipartError::Incomplete => Some(AppError::BodyIncomplete),
        _ => None,
    }
}

fn usual_view(at: usize) -> PhotoView {
    match at {
        0 => PhotoView::Far,
        1 => PhotoView::Near,
        _ => PhotoView::Detail,
    }
}

/// The same for the same report and place, so that a repeated call names the same uploads.
fn photo_id(issue: IssueId, at: usize) -> PhotoId {
    let digest = Digest::of(format!("{issue}/photo/{at}").as_bytes());
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest.as_bytes()).for_each(|(byte, hashed)| *byte = *hashed);
    PhotoId(uuid::Builder::from_random_bytes(bytes).into_uuid())
}
