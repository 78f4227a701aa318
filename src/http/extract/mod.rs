//! What handlers take: who asks, what they send, which version they saw.

mod body;
mod caller;
mod version;

pub use body::{Body, patient, read_all, read_json, read_sheet};
pub use caller::{Active, SESSION_COOKIE, Signed, is_same_site};
pub use version::{SeenVersion, is_known};

use actix_web::HttpMessage;

/// Names one request in answers, the log and the audit records.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

/// The id the edge gave this request.
#[must_use]
pub fn request_id(request: &actix_web::HttpRequest) -> String {
    request.extensions().get::<RequestId>().map_or_else(String::new, |id| id.0.clone())
}
