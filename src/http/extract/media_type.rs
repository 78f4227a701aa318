//! Media types as clients write them.

use actix_web::http::header::{CONTENT_TYPE, HeaderMap};

/// The type of a request's body, in small letters and without parameters (RFC 9110 §8.3.1: its case means nothing).
#[must_use]
pub fn media_type(headers: &HeaderMap) -> Option<String> {
    essence(headers.get(CONTENT_TYPE)?.to_str().ok()?)
}

/// The type in a field's value, in small letters and without parameters.
#[must_use]
pub fn essence(value: &str) -> Option<String> {
    let kind = value.split(';').next()?.trim().to_ascii_lowercase();
    (!kind.is_empty()).then_some(kind)
}
