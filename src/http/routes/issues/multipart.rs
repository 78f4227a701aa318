//! `POST /issues`: a report with its photos in one call, for simple clients.

use actix_multipart::{Field, Multipart};
use actix_web::{HttpResponse, post, web};
use futures_util::StreamExt;
use serde::Deserialize;
use utoipa::ToSchema;

use super::report::answer;
use crate::app::App;
use crate::app::issues::report::{Report, ReportPhoto, report};
use crate::app::photos::{Incoming, receive};
use crate::domain::digest::Digest;
use crate::domain::geo::Location;
use crate::domain::ids::{IssueId, PhotoId, PointId, VisitId};
use crate::domain::issue::{PhotoView, Severity};
use crate::domain::limits::PHOTOS_PER_STEP_MAX;
use crate::domain::time::Timestamp;
use crate::http::extract::{Active, patient, read_json};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::routes::photos::declared;
use crate::http::view::inspector::FinderIssue;

/// The parts of a report in one call.
#[derive(ToSchema)]
#[allow(dead_code, reason = "describes the form; the parts are read one by one as they stream in")]
struct ReportForm {
    /// The report; it comes first.
    report: FormReport,
    /// 1 to 9 pictures, in the order of the report's `photos` where it names them.
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
}

/// Reports a problem with its photos in one call. With an `id` the call may be repeated.
#[utoipa::path(
    tag = "issues",
    request_body(content = ReportForm, content_type = "multipart/form-data"),
    responses((status = 200, body = FinderIssue, description = "Stored before"), (status = 201, body = FinderIssue))
)]
#[post("/issues")]
pub(super) async fn report_multipart(
    app: web::Data<App>,
    caller: Active,
    mut form: Multipart,
) -> Result<HttpResponse, Problem> {
    let part = next_part(&mut form, "report").await?.ok_or_else(|| malformed("the part `report` comes first"))?;
    let body: FormReport = read_json(part).await?;
    let id = body.id.unwrap_or_else(|| IssueId(app.random.uuid()));
    let mut photos = Vec::new();
    while let Some(part) = next_part(&mut form, "photo").await? {
        let at = photos.len();
        if at == PHOTOS_PER_STEP_MAX {
            return Err(malformed("at most 9 parts `photo`"));
        }
        let named = body.photos.get(at);
        let photo = ReportPhoto {
            id: named.and_then(|photo| photo.id).unwrap_or_else(|| photo_id(id, at)),
            view: named.map_or_else(|| usual_view(at), |photo| photo.view),
            sha256: named.and_then(|photo| photo.sha256),
            captured_at: None,
        };
        let kind = part.content_type().map(ToString::to_string);
        let incoming = Incoming { id: photo.id, declared: declared(kind.as_deref())?, expected: photo.sha256 };
        receive(&app, &caller.0, incoming, patient(part)).await?;
        photos.push(photo);
    }
    if !body.photos.is_empty() && body.photos.len() != photos.len() {
        return Err(malformed("as many parts `photo` as the report names"));
    }
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

fn malformed(detail: &str) -> Problem {
    Problem::new(ProblemCode::MalformedRequest).detail(detail)
}

async fn next_part(form: &mut Multipart, name: &str) -> Result<Option<Field>, Problem> {
    let Some(part) = form.next().await else { return Ok(None) };
    let part = part.map_err(|_| malformed("no well-formed multipart/form-data"))?;
    let found = part.name().unwrap_or("");
    if found == name { Ok(Some(part)) } else { Err(malformed(&format!("the next part is `{name}`"))) }
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
