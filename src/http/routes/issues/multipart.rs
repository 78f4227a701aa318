//! `POST /issues`: a report with its photos in one call, for simple clients.

use actix_multipart::{Multipart, MultipartError};
use actix_web::error::PayloadError;
use actix_web::{HttpRequest, HttpResponse, post, web};
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json};
use utoipa::openapi::schema::{ArrayBuilder, KnownFormat, ObjectBuilder, Schema, SchemaFormat, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};

use super::report::answer;
use crate::app::issues::report::report;
use crate::app::photos::UnnamedPhotos;
use crate::app::{App, AppError};
use crate::domain::digest::Digest;
use crate::domain::ids::{IssueId, PhotoId};
use crate::domain::issue::{PhotoView, Report, ReportPhoto};
use crate::domain::limits::JSON_BYTES_MAX;
use crate::domain::limits::PHOTOS_PER_STEP_MAX;
use crate::domain::objects;
use crate::domain::policy::Permission;
use crate::http::extract::{Active, BodyTimeouts, read_json};
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

/// The report part: a report that may leave out its photos, and their ids, and has a field for its own id.
struct FormReport;

impl PartialSchema for FormReport {
    fn schema() -> RefOr<Schema> {
        let mut schema = Report::schema();
        if let RefOr::T(Schema::Object(report)) = &mut schema {
            let id = ObjectBuilder::new()
                .schema_type(Type::String)
                .format(Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)))
                .description(Some("Drawn when absent; give one, so that the call may be repeated."));
            report.properties.insert("id".to_owned(), Schema::Object(id.build()).into());
            report.required.retain(|name| name != "photos");
            let photos = ArrayBuilder::new().items(Ref::from_schema_name("FormPhoto")).description(Some(
                "What each picture shows; the first is `far`, the second `near`, others `detail` when absent.",
            ));
            report.properties.insert("photos".to_owned(), Schema::Array(photos.build()).into());
        }
        schema
    }
}

impl ToSchema for FormReport {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Report::schemas(schemas);
        let mut photo = ReportPhoto::schema();
        if let RefOr::T(Schema::Object(photo)) = &mut photo {
            photo.required.retain(|name| name != "id");
        }
        schemas.push(("FormPhoto".to_owned(), photo));
    }
}

/// The complete report of a form: photos that the report part leaves out are added, one for each picture.
fn whole(mut part: Value, pictures: usize, new_id: impl FnOnce() -> IssueId) -> Result<(IssueId, Report), Problem> {
    let malformed_part = |error: serde_json::Error| crate::http::extract::malformed(&error);
    let fields = part.as_object_mut().ok_or_else(|| malformed("the part `report` is an object"))?;
    let id = match fields.remove("id").filter(|id| !id.is_null()) {
        Some(id) => objects::from_value(id).map_err(malformed_part)?,
        None => new_id(),
    };
    let photos = fields.entry("photos").or_insert_with(|| json!([]));
    if photos.is_null() {
        *photos = json!([]);
    }
    if let Some(named) = photos.as_array_mut() {
        if !named.is_empty() && named.len() != pictures {
            return Err(malformed("as many parts `photo` as the report names"));
        }
        named.resize_with(pictures, || json!({}));
        for (at, photo) in named.iter_mut().enumerate() {
            let Some(photo) = photo.as_object_mut() else { continue };
            if photo.get("id").is_none_or(Value::is_null) {
                photo.insert("id".to_owned(), json!(photo_id(id, at)));
            }
            photo.entry("view").or_insert_with(|| json!(usual_view(at)));
        }
    }
    Ok((id, objects::from_value(part).map_err(malformed_part)?))
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
    // Checked before megabytes are received from somebody who may not send them.
    caller.0.require(Permission::ReportIssue)?;
    let mut photos_of_form = UnnamedPhotos::new(&app, &caller.0).await?;
    let mut report_part: Option<Value> = None;
    // The timeout is for the whole form, including the headers of its parts and the gaps between them.
    let body_timeouts = BodyTimeouts::of(&request).times(PARTS_MAX);
    let body = body_timeouts.with(body).map_err(|error| PayloadError::Io(std::io::Error::other(error)));
    let mut form = Multipart::new(request.headers(), body);
    while let Some(part) = form.next().await {
        let part = part.map_err(broken)?;
        let name = part.name().unwrap_or("").to_owned();
        let bytes = part.map_err(|error| fault(error).unwrap_or(AppError::BodyIncomplete));
        match name.as_str() {
            "report" if report_part.is_some() => return Err(malformed("one part `report`")),
            "report" => report_part = Some(read_json(bytes, JSON_BYTES_MAX).await?),
            "photo" if photos_of_form.count() == PHOTOS_PER_STEP_MAX => {
                return Err(malformed(&format!("at most {PHOTOS_PER_STEP_MAX} parts `photo`")));
            }
            "photo" => photos_of_form.take(&app, bytes).await?,
            _ => return Err(malformed("the parts are `report` and `photo`")),
        }
    }
    let body = report_part.ok_or_else(|| malformed("a part `report`"))?;
    let (id, whole) = whole(body, photos_of_form.count(), || IssueId(app.random.uuid()))?;
    let named: Vec<_> = whole.photos.iter().map(|photo| (photo.id, photo.sha256)).collect();
    photos_of_form.keep(&app, &caller.0, &named).await?;
    Ok(answer(report(&app, &caller.0, id, whole).await?))
}

/// Most parts of a form: the report and its photos.
const PARTS_MAX: u32 = PHOTOS_PER_STEP_MAX as u32 + 1;

fn malformed(detail: &str) -> Problem {
    Problem::new(ProblemCode::MalformedRequest).detail(detail)
}

/// Why a form could not be read further.
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

/// How the body under the form ended, if that is the cause.
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

/// The same for the same report and position, so that a repeated call names the same uploads.
fn photo_id(issue: IssueId, at: usize) -> PhotoId {
    let digest = Digest::of(format!("{issue}/photo/{at}").as_bytes());
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(digest.as_bytes()).for_each(|(byte, hashed)| *byte = *hashed);
    PhotoId(uuid::Builder::from_random_bytes(bytes).into_uuid())
}
