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
pub use caller::{Active, SESSION_COOKIE, Signed, Watching, refuse_other_site, token};
pub use lines::{Lines, NoLine};
pub use media_type::{essence, media_type};
pub use named::{ACCOUNT, GivenKey};
pub use version::{SeenDigest, SeenVersion, may_have_part, unchanged};

use std::net::IpAddr;

use actix_web::HttpMessage;
use actix_web::http::header::{AcceptLanguage, Header};

/// Identifies a request in answers, the log and the audit records.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// Whether the caller prefers English to Chinese, the two languages of the service; Chinese when it names neither.
#[must_use]
pub fn prefers_english(request: &impl HttpMessage) -> bool {
    let languages = AcceptLanguage::parse(request).map(|languages| languages.ranked()).unwrap_or_default();
    let named = languages.iter().filter_map(|language| language.item());
    let mut primary = named.map(|tag| tag.primary_language().to_ascii_lowercase());
    primary.find(|language| ["en", "zh"].contains(&language.as_str())).is_some_and(|language| language == "en")
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
