//! Extractors: who asks, what they send, which version they saw.

mod body;
mod body_timeouts;
mod caller;
mod lines;
mod media_type;
mod named;
mod version;

pub use body::{Body, malformed, read_all, read_json, read_sheet, refuse_nul};
pub use body_timeouts::BodyTimeouts;
pub use caller::{Active, SESSION_COOKIE, Signed, is_same_site, token};
pub use lines::{Lines, NoLine};
pub use media_type::{essence, media_type};
pub use named::{ACCOUNT, GivenKey};
pub use version::{SeenVersion, may_have_part, unchanged};

use std::net::IpAddr;

use actix_web::HttpMessage;
use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};

/// Identifies a request in answers, the log and the audit records.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Whether the caller reads English rather than Chinese.
#[must_use]
pub fn prefers_english(headers: &HeaderMap) -> bool {
    let languages = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let first = languages.and_then(|languages| languages.split(',').next()).unwrap_or("zh");
    first.trim().to_ascii_lowercase().starts_with("en")
}

/// The id the edge gave this request.
#[must_use]
pub fn request_id(request: &actix_web::HttpRequest) -> String {
    request.extensions().get::<RequestId>().map_or_else(String::new, |id| id.0.clone())
}

/// The caller's address, as the edge determined it.
#[derive(Debug, Clone, Copy)]
pub struct CallerAddress(pub Option<IpAddr>);

/// The caller's address; `None` when it is unknown.
#[must_use]
pub fn caller_address(request: &actix_web::HttpRequest) -> Option<IpAddr> {
    request.extensions().get::<CallerAddress>().and_then(|address| address.0)
}
