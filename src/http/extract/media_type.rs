//! Media types as clients write them.

use actix_web::http::header::{CONTENT_TYPE, HeaderMap};

/// The media type of a request's body, in lower case and without parameters (RFC 9110 §8.3.1: it is case-insensitive).
#[must_use]
pub fn media_type(headers: &HeaderMap) -> Option<String> {
    essence(headers.get(CONTENT_TYPE)?.to_str().ok()?)
}

/// The media type in a header value, in lower case and without parameters.
#[must_use]
pub fn essence(value: &str) -> Option<String> {
    let kind = value.split(';').next()?.trim().to_ascii_lowercase();
    (!kind.is_empty()).then_some(kind)
}
