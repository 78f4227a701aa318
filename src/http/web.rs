//! The app for phones and desks: the built files of `web/`, embedded in the binary. A binary built without them answers
//! as if there were no pages.

use actix_web::http::header::{ACCEPT, ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, ETAG, VARY};
use actix_web::http::{Method, header::HeaderValue};
use actix_web::{HttpRequest, HttpResponse, ResponseError as _};
use rust_embed::{EmbeddedFile, RustEmbed};

use super::extract::unchanged;
use super::problem::{Problem, ProblemCode};

#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Files;

/// Compressed copies that the build made, the smaller first.
const TWINS: [(&str, &str); 2] = [("br", ".br"), ("gzip", ".gz")];
/// Files with a hash of their content in the name.
const ASSETS: &str = "assets/";
/// Paths that are never a page of the app.
const NO_PAGES: [&str; 3] = ["api/", "docs/", ASSETS];

/// A file of the app, or its single page when a person typed an address; `None` for anything else.
pub(super) fn answer(request: &HttpRequest) -> Option<HttpResponse> {
    if request.method() != Method::GET && request.method() != Method::HEAD {
        return None;
    }
    let path = request.path().trim_start_matches('/');
    let is_twin = TWINS.iter().any(|(_, ending)| path.ends_with(ending));
    if let Some(file) = Files::get(path).filter(|_| !path.is_empty() && !is_twin) {
        return Some(file_answer(request, path, file));
    }
    let accept = request.headers().get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_page =
        path.is_empty() || accept.contains("text/html") && !NO_PAGES.iter().any(|start| path.starts_with(start));
    let page = Files::get("index.html").filter(|_| is_page)?;
    Some(file_answer(request, "index.html", page))
}

fn file_answer(request: &HttpRequest, path: &str, file: EmbeddedFile) -> HttpResponse {
    let tag: String = file.metadata.sha256_hash().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let tag = format!("\"{tag}\"");
    let caching = match path {
        _ if path.starts_with(ASSETS) => "public, max-age=31536000, immutable",
        "index.html" | "sw.js" | "manifest.webmanifest" => "no-cache",
        _ => "public, max-age=86400",
    };
    if let Some(unchanged) = unchanged(request, &tag, caching, Some("Accept-Encoding")) {
        return unchanged;
    }
    let wanted = request.headers().get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let wants = |name: &str| {
        wanted.split(',').any(|part| {
            let mut words = part.split(';').map(str::trim);
            let is_refused = |weight: &str| {
                let weight = weight.to_ascii_lowercase();
                weight.strip_prefix("q=").is_some_and(|weight| weight.trim_end_matches(['0', '.']).is_empty())
            };
            words.next().is_some_and(|coding| coding.eq_ignore_ascii_case(name))
                && !words.next().is_some_and(is_refused)
        })
    };
    let twin = TWINS.iter().find_map(|(encoding, ending)| {
        Files::get(&format!("{path}{ending}")).filter(|_| wants(encoding)).map(|file| (*encoding, file))
    });
    let Ok(kind) = HeaderValue::from_str(media_type(path)) else {
        return Problem::new(ProblemCode::Internal).error_response();
    };
    let mut response = HttpResponse::Ok();
    response
        .insert_header((ETAG, tag))
        .insert_header((CACHE_CONTROL, caching))
        .insert_header((VARY, "Accept-Encoding"));
    response.content_type(kind);
    match twin {
        // Without this header the answer would be compressed once more.
        Some((encoding, twin)) => response.insert_header((CONTENT_ENCODING, encoding)).body(twin.data.into_owned()),
        None => response.body(file.data.into_owned()),
    }
}

/// By file extension: the build makes no others.
fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webmanifest" => "application/manifest+json",
        "json" => "application/json",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
