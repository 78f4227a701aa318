//! Resumable uploads: tus 1.0 (<https://tus.io/protocols/resumable-upload>). An upload has the id of the photo it
//! becomes.

use std::time::{Duration, SystemTime};

use actix_web::http::StatusCode;
use actix_web::http::header::{HeaderMap, HttpDate, LOCATION};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder, delete, head, options, patch, post, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use utoipa_actix_web::service_config::ServiceConfig;

use super::photos::declared;
use crate::app::App;
use crate::app::photos::upload::{self, UploadStatus};
use crate::app::photos::{Checksum, Incoming};
use crate::domain::digest::Digest;
use crate::domain::ids::PhotoId;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::policy::Permission;
use crate::http::extract::{Active, BodyTimeouts, media_type};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::tus::{Resumable, UPLOADS_PATH};
use crate::media::picture_limits;

/// The extensions of tus that are supported.
const EXTENSIONS: &str = "creation,creation-with-upload,checksum,expiration,termination";
/// The media type of a piece.
const PIECE: &str = "application/offset+octet-stream";

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(describe).service(begin).service(stand).service(append).service(end);
}

/// What of tus is spoken here.
#[utoipa::path(
    tag = "photos",
    responses((status = 204, headers(
        ("Tus-Version" = String), ("Tus-Extension" = String), ("Tus-Max-Size" = u64), ("Tus-Checksum-Algorithm" = String)
    ), description = "As its headers say")),
    security(())
)]
#[options("/uploads")]
async fn describe() -> HttpResponse {
    HttpResponse::NoContent()
        .insert_header(("tus-extension", EXTENSIONS))
        .insert_header(("tus-max-size", picture_limits::FILE_BYTES_MAX.to_string()))
        .insert_header(("tus-checksum-algorithm", Checksum::NAMES.join(",")))
        .finish()
}

/// Announces a photo that will come in pieces, and may bring its first one along.
///
/// The same announcement again answers the same upload with where it stands; a piece that came with it is taken only
/// when it stands at the beginning. With the last piece the photo is on stable storage, as with `PUT /photos/{id}`.
#[utoipa::path(
    tag = "photos",
    params(
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
        ("Upload-Length" = u64, Header, description = "Length of the photo in bytes, at most `Tus-Max-Size`"),
        ("Upload-Metadata" = String, Header, description = "`id` (the photo's, a random UUID), `filetype` (`image/jpeg`, `image/png`, `image/webp` or `image/heic`) and, where known, `sha256` (64 hexadecimal digits; other bytes are refused), each with its value in Base64. Others are ignored"),
        ("Upload-Checksum" = Option<String>, Header, description = "`sha1` or `sha256` of the piece, and its value in Base64"),
    ),
    request_body(content(("application/offset+octet-stream")), description = "The first piece, or nothing"),
    responses(
        (status = 201, headers(("Location" = String), ("Upload-Offset" = u64), ("Upload-Expires" = String)), description = "It is announced, now or before"),
        (status = 460, description = "The piece differs from its checksum; none of it is kept")
    )
)]
#[post("/uploads")]
async fn begin(
    app: web::Data<App>,
    caller: Active,
    _: Resumable,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    caller.0.require(Permission::UploadPhoto)?;
    let headers = request.headers();
    let size_bytes = number(headers, "upload-length")?;
    let incoming = metadata(text(headers, "upload-metadata").unwrap_or(""))?;
    let is_piece = has_piece(headers);
    let brings_bytes = text(headers, "content-length").is_some_and(|length| length.trim() != "0");
    if !is_piece && brings_bytes {
        return Err(Problem::new(ProblemCode::UnsupportedMedia).detail(format!("Content-Type: {PIECE}")));
    }
    let piece =
        is_piece.then(|| Ok::<_, Problem>((checksum(headers)?, BodyTimeouts::of(&request).with(body)))).transpose()?;
    let status = upload::begin(&app, &caller.0, incoming, size_bytes, piece).await?;
    let mut response = answer(StatusCode::CREATED, &status);
    Ok(response.insert_header((LOCATION, format!("{UPLOADS_PATH}/{}", incoming.id))).finish())
}

/// The offset of an upload, from which its owner may continue.
#[utoipa::path(
    tag = "photos",
    params(("id" = PhotoId, Path), ("Tus-Resumable" = String, Header, description = "`1.0.0`")),
    responses((status = 200, headers(
        ("Upload-Offset" = u64), ("Upload-Length" = u64), ("Upload-Metadata" = String), ("Upload-Expires" = String)
    ), description = "There it stands; at its end it is a photo"))
)]
#[head("/uploads/{id}")]
async fn stand(
    app: web::Data<App>,
    caller: Active,
    _: Resumable,
    id: web::Path<PhotoId>,
) -> Result<HttpResponse, Problem> {
    let status = upload::status(&app, &caller.0, id.into_inner()).await?;
    let UploadStatus { incoming, size_bytes, .. } = status;
    let mut told = format!(
        "id {},filetype {}",
        STANDARD.encode(incoming.id.to_string()),
        STANDARD.encode(incoming.declared.media_type())
    );
    if let Some(digest) = incoming.expected {
        told += &format!(",sha256 {}", STANDARD.encode(digest.to_string()));
    }
    let mut response = answer(StatusCode::OK, &status);
    response.insert_header(("upload-length", size_bytes.to_string())).insert_header(("upload-metadata", told));
    Ok(response.finish())
}

/// Sends the next piece. When it answers, the bytes up to the new offset are on stable storage.
///
/// What a body that broke off brought is kept, unless it has a checksum. A piece that is still awaited when somebody
/// asks about the same upload anew is ended there.
#[utoipa::path(
    tag = "photos",
    params(
        ("id" = PhotoId, Path),
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
        ("Upload-Offset" = u64, Header, description = "Where the piece begins: where the upload stands"),
        ("Upload-Checksum" = Option<String>, Header, description = "`sha1` or `sha256` of the piece, and its value in Base64"),
    ),
    request_body(content(("application/offset+octet-stream")), description = "The piece"),
    responses(
        (status = 204, headers(("Upload-Offset" = u64), ("Upload-Expires" = String)), description = "It stands there now; at its end it is a photo"),
        (status = 460, description = "The piece differs from its checksum; none of it is kept")
    )
)]
#[patch("/uploads/{id}")]
async fn append(
    app: web::Data<App>,
    caller: Active,
    _: Resumable,
    id: web::Path<PhotoId>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    caller.0.require(Permission::UploadPhoto)?;
    let headers = request.headers();
    if !has_piece(headers) {
        return Err(Problem::new(ProblemCode::UnsupportedMedia).detail(format!("Content-Type: {PIECE}")));
    }
    let (offset, checksum) = (number(headers, "upload-offset")?, checksum(headers)?);
    let status =
        upload::append(&app, &caller.0, id.into_inner(), offset, checksum, BodyTimeouts::of(&request).with(body))
            .await?;
    Ok(answer(StatusCode::NO_CONTENT, &status).finish())
}

/// Gives up an upload that is not finished; what came of it is removed.
#[utoipa::path(
    tag = "photos",
    params(("id" = PhotoId, Path), ("Tus-Resumable" = String, Header, description = "`1.0.0`")),
    responses((status = 204, description = "It is gone"))
)]
#[delete("/uploads/{id}")]
async fn end(
    app: web::Data<App>,
    caller: Active,
    _: Resumable,
    id: web::Path<PhotoId>,
) -> Result<HttpResponse, Problem> {
    upload::end(&app, &caller.0, id.into_inner()).await?;
    Ok(HttpResponse::NoContent().finish())
}

fn answer(code: StatusCode, status: &UploadStatus) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(code);
    response.insert_header(("upload-offset", status.offset.to_string()));
    if let Some(ends_at) = status.ends_at {
        let since = Duration::from_micros(u64::try_from(ends_at.as_micros()).unwrap_or(0));
        response.insert_header(("upload-expires", HttpDate::from(SystemTime::UNIX_EPOCH + since).to_string()));
    }
    response
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn malformed(detail: impl Into<String>) -> Problem {
    Problem::new(ProblemCode::MalformedRequest).detail(detail)
}

fn number(headers: &HeaderMap, name: &str) -> Result<u64, Problem> {
    let digits = text(headers, name).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    digits.and_then(|digits| digits.parse().ok()).ok_or_else(|| malformed(format!("{name}: <bytes>")))
}

fn has_piece(headers: &HeaderMap) -> bool {
    media_type(headers).is_some_and(|kind| kind == PIECE)
}

fn checksum(headers: &HeaderMap) -> Result<Option<Checksum>, Problem> {
    let Some(field) = headers.get("upload-checksum") else { return Ok(None) };
    let parsed = field.to_str().ok().and_then(|field| field.trim().split_once(' ')).and_then(|(name, coded)| {
        let bytes = STANDARD.decode(coded.trim()).ok()?;
        Checksum::new(&name.to_ascii_lowercase(), &bytes)
    });
    parsed.map(Some).ok_or_else(|| malformed(format!("Upload-Checksum: {} <base64>", Checksum::NAMES.join("|"))))
}

/// The metadata of an announcement: the same facts as in `PUT /photos/{id}`.
fn metadata(field: &str) -> Result<Incoming, Problem> {
    let (mut id, mut kind, mut sha256) = (None, None, None);
    for pair in field.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (key, coded) = pair.split_once(' ').unwrap_or((pair, ""));
        let slot = match key {
            "id" => &mut id,
            "filetype" => &mut kind,
            "sha256" => &mut sha256,
            // Above all file names, which may contain a time or a place.
            _ => continue,
        };
        let value = STANDARD.decode(coded.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        *slot = Some(value.ok_or_else(|| malformed(format!("Upload-Metadata: {key} <base64>")))?);
    }
    let mut invalid = Invalid::default();
    let parsed = id.as_deref().and_then(crate::domain::ids::read);
    match (&id, parsed) {
        (None, _) => invalid.push("/id", FieldCode::Required, ""),
        (Some(_), None) => invalid.push("/id", FieldCode::Malformed, "a UUID"),
        _ => {}
    }
    let expected = sha256.as_deref().map(Digest::parse_hex);
    if expected == Some(None) {
        invalid.push("/sha256", FieldCode::Malformed, "64 hexadecimal digits");
    }
    match parsed {
        Some(id) if invalid.0.is_empty() => {
            Ok(Incoming { id: PhotoId(id), declared: declared(kind.as_deref())?, expected: expected.flatten() })
        }
        _ => Err(crate::app::AppError::Invalid(invalid).into()),
    }
}
