//! Photos: uploaded as raw bytes, shown as renditions; originals for the office.

use actix_web::http::StatusCode;
use actix_web::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, ContentRange,
    ContentRangeSpec, ETAG, Header, Range,
};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, get, put, web};
use base64::Engine as _;
use futures_util::stream;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::photos::{Incoming, RenditionSize, receive, serve};
use crate::app::{App, AppError};
use crate::blobs::Original;
use crate::domain::digest::Digest;
use crate::domain::ids::PhotoId;
use crate::domain::photo::Photo;
use crate::domain::time::Timestamp;
use crate::http::extract::{Active, BodyTimeouts, essence, may_have_part, unchanged};
use crate::http::problem::{Problem, ProblemCode};
use crate::media::{MediaKind, picture_limits};

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(put_photo).service(get_photo);
}

/// What is known of an upload.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PhotoReceipt {
    /// The id the client chose.
    id: PhotoId,
    /// SHA-256 of the bytes.
    sha256: Digest,
    /// What it is.
    media_type: String,
    /// Length in bytes.
    size_bytes: i64,
    /// Pixels across, upright.
    #[schema(required = true)]
    width: Option<i32>,
    /// Pixels down, upright.
    #[schema(required = true)]
    height: Option<i32>,
    /// Server time it was on stable storage.
    received_at: Timestamp,
}

impl From<Photo> for PhotoReceipt {
    fn from(photo: Photo) -> Self {
        PhotoReceipt {
            id: photo.id,
            sha256: photo.blob.sha256,
            media_type: photo.blob.media_type,
            size_bytes: photo.blob.size_bytes,
            width: photo.blob.width,
            height: photo.blob.height,
            received_at: photo.received_at,
        }
    }
}

/// Sends a photo under an id of the client's choice. The same bytes again answer what is stored.
///
/// When it answers, the bytes and their row are on stable storage.
#[utoipa::path(
    tag = "photos",
    params(
        ("id" = PhotoId, Path),
        ("Repr-Digest" = Option<String>, Header, description = "`sha-256=:…:` (RFC 9530); other bytes are refused"),
    ),
    request_body(content(("image/jpeg"), ("image/png"), ("image/webp"), ("image/heic")), description = "The image's bytes, at most 40 MiB"),
    responses((status = 200, body = PhotoReceipt, description = "Stored before"), (status = 201, body = PhotoReceipt))
)]
#[put("/photos/{id}")]
async fn put_photo(
    app: web::Data<App>,
    caller: Active,
    id: web::Path<PhotoId>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Problem> {
    let text = |name: &str| request.headers().get(name).and_then(|value| value.to_str().ok());
    let declared = declared(text("content-type"))?;
    let expected = text("repr-digest").map(repr_digest).transpose()?.flatten();
    let length: Option<u64> = text("content-length").and_then(|length| length.parse().ok());
    if length.is_some_and(|length| length > picture_limits::FILE_BYTES_MAX) {
        return Err(AppError::PhotoTooLarge.into());
    }
    let incoming = Incoming { id: id.into_inner(), declared, expected };
    let body = BodyTimeouts::of(&request).with(body);
    let (photo, created) = receive(&app, &caller.0, incoming, body).await?;
    let status = if created { StatusCode::CREATED } else { StatusCode::OK };
    Ok(HttpResponse::build(status).json(PhotoReceipt::from(photo)))
}

/// The media type that the client announces.
pub(super) fn declared(content_type: Option<&str>) -> Result<MediaKind, Problem> {
    let kind = content_type.and_then(essence).and_then(|kind| MediaKind::from_media_type(&kind));
    kind.ok_or_else(|| {
        Problem::new(ProblemCode::UnsupportedMedia).detail("image/jpeg, image/png, image/webp, image/heic")
    })
}

/// The SHA-256 in a `Repr-Digest` (RFC 9530); `None` when it names other algorithms only.
fn repr_digest(field: &str) -> Result<Option<Digest>, Problem> {
    let malformed = || Problem::new(ProblemCode::MalformedRequest).detail("Repr-Digest: sha-256=:<base64>:");
    for member in field.split(',') {
        let (name, value) = member.trim().split_once('=').ok_or_else(malformed)?;
        if !name.trim().eq_ignore_ascii_case("sha-256") {
            continue;
        }
        let coded = value.trim().strip_prefix(':').and_then(|rest| rest.split_once(':')).ok_or_else(malformed)?.0;
        let bytes = base64::engine::general_purpose::STANDARD.decode(coded).map_err(|_| malformed())?;
        return Digest::from_slice(&bytes).map(Some).ok_or_else(malformed);
    }
    Ok(None)
}

#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum PhotoVariant {
    /// Longest edge 320 pixels.
    Thumb,
    /// Longest edge 1600 pixels.
    View,
    /// The sealed bytes, for the supervision office alone.
    Original,
}

/// A photo to look at. `original` takes `Range`; every look at it is noted.
#[utoipa::path(
    tag = "photos",
    params(("id" = PhotoId, Path), ("variant" = inline(PhotoVariant), Path)),
    responses(
        (status = 200, description = "The picture", content(("image/jpeg"), ("image/png"), ("image/webp"), ("image/heic"))),
        (status = 206, description = "A part of the original", content(("image/jpeg"), ("image/png"), ("image/webp"), ("image/heic"))),
        (status = 304, description = "Unchanged")
    )
)]
#[get("/photos/{id}/{variant}")]
async fn get_photo(
    app: web::Data<App>,
    caller: Active,
    path: web::Path<(PhotoId, PhotoVariant)>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let (id, variant) = path.into_inner();
    let size = match variant {
        PhotoVariant::Thumb => RenditionSize::Thumb,
        PhotoVariant::View => RenditionSize::View,
        PhotoVariant::Original => return original(&app, &caller, id, &request).await,
    };
    let (bytes, tag) = serve::rendition(&app, &caller.0, id, size).await?;
    let tag = short_tag(&tag);
    let known = unchanged(&request, &tag, RENDITION_CACHING, None);
    Ok(known.unwrap_or_else(|| picture(StatusCode::OK, "image/jpeg", &tag, RENDITION_CACHING).body(bytes)))
}

fn short_tag(digest: &Digest) -> String {
    format!("\"{}\"", &digest.to_string()[..32])
}

/// A rendition does not change once an issue names the photo; whoever may no longer see it loses it within the hour.
const RENDITION_CACHING: &str = "private, max-age=3600";
/// Every access to an original is recorded, so it must not come from a cache, nor stay on a disk in an office.
const ORIGINAL_CACHING: &str = "no-store";

/// A picture is sent as it is: it is not compressed, and has no `Content-Encoding` (RFC 9110 §8.4.1: `identity` is
/// none).
fn picture(status: StatusCode, media_type: &str, tag: &str, caching: &'static str) -> actix_web::HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CONTENT_DISPOSITION, "inline"))
        .insert_header(("content-security-policy", "default-src 'none'; sandbox"))
        .insert_header((CACHE_CONTROL, caching))
        .insert_header((ETAG, tag));
    response
}

async fn original(app: &App, caller: &Active, id: PhotoId, request: &HttpRequest) -> Result<HttpResponse, Problem> {
    let (original, photo) = serve::original(app, &caller.0, id).await?;
    let tag = short_tag(&photo.blob.sha256);
    if let Some(known) = unchanged(request, &tag, ORIGINAL_CACHING, None) {
        return Ok(known);
    }
    let size = original.size_bytes;
    let asked = if may_have_part(request, &tag) { byte_range(request, size) } else { Asked::All };
    let (first, last, status) = match asked {
        Asked::All => (0, size.saturating_sub(1), StatusCode::OK),
        Asked::Part(first, last) => (first, last, StatusCode::PARTIAL_CONTENT),
        Asked::Beyond => {
            let problem = Problem::new(ProblemCode::RangeNotSatisfiable).detail(format!("{size} B"));
            // RFC 9110 §15.5.17: its length.
            return Err(problem.header(CONTENT_RANGE, format!("bytes */{size}")));
        }
    };
    let mut response = picture(status, &photo.blob.media_type, &tag, ORIGINAL_CACHING);
    response.insert_header((ACCEPT_RANGES, "bytes"));
    if status == StatusCode::PARTIAL_CONTENT {
        let part = ContentRangeSpec::Bytes { range: Some((first, last)), instance_length: Some(size) };
        response.insert_header(ContentRange(part));
    }
    let length = last - first + 1;
    response.insert_header((CONTENT_LENGTH, length.to_string()));
    response.no_chunking(length);
    Ok(response.streaming(pieces(original, first, length)))
}

enum Asked {
    All,
    Part(u64, u64),
    Beyond,
}

/// A single range of bytes (RFC 9110 §14.1.2); anything else asks for all of it.
fn byte_range(request: &HttpRequest, size: u64) -> Asked {
    let Ok(Range::Bytes(ranges)) = Range::parse(request) else { return Asked::All };
    let [range] = &ranges[..] else { return Asked::All };
    range.to_satisfiable_range(size).map_or(Asked::Beyond, |(first, last)| Asked::Part(first, last))
}

/// Bytes that are read at a time: about one receive window.
const PIECE_BYTES: u64 = 256 * 1024;

fn pieces(original: Original, first: u64, length: u64) -> impl futures_util::Stream<Item = std::io::Result<Bytes>> {
    stream::unfold((Some(original.file), first, length), |(file, at, left)| async move {
        let file = file.filter(|_| left > 0)?;
        let read = web::block(move || read_at(file, at, left.min(PIECE_BYTES))).await;
        match read.unwrap_or_else(|_| Err(std::io::Error::other("reading was cancelled"))) {
            Ok((file, bytes)) => {
                let read = bytes.len() as u64;
                Some((Ok(bytes), (Some(file), at + read, left - read)))
            }
            Err(error) => Some((Err(error), (None, at, 0))),
        }
    })
}

fn read_at(mut file: std::fs::File, at: u64, count: u64) -> std::io::Result<(std::fs::File, Bytes)> {
    use std::io::{Read, Seek, SeekFrom};
    file.seek(SeekFrom::Start(at))?;
    let mut bytes = Vec::with_capacity(usize::try_from(count).unwrap_or(0));
    let read = Read::by_ref(&mut file).take(count).read_to_end(&mut bytes)?;
    if read as u64 == count { Ok((file, bytes.into())) } else { Err(std::io::ErrorKind::UnexpectedEof.into()) }
}
