//! Ids in headers: the account that a call is for, and the idempotency key of a step.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::{FromRequest, HttpRequest};
use uuid::Uuid;

use crate::domain::ids::{self, StepKey, UserId};
use crate::http::problem::{Problem, ProblemCode};

/// Names the account that a call is for.
pub const ACCOUNT: &str = "Anfang-Account";
/// Names the key of a step, so that it can be sent again (draft-ietf-httpapi-idempotency-key-header).
const STEP_KEY: &str = "Idempotency-Key";

/// The single UUID in a header, bare or as the string of a structured field (RFC 9651 §3.3.3); `None` without the
/// header.
fn id(headers: &HeaderMap, name: &str) -> Result<Option<Uuid>, Problem> {
    let mut lines = headers.get_all(name);
    let Some(line) = lines.next() else { return Ok(None) };
    let text = line.to_str().unwrap_or("").trim();
    let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    match ids::read(bare) {
        Some(id) if lines.next().is_none() => Ok(Some(id)),
        _ => Err(Problem::new(ProblemCode::MalformedRequest).detail(format!("{name}: <uuid>"))),
    }
}

/// The account that a call says it is for.
///
/// # Errors
/// A [`Problem`] when it is not a UUID.
pub(super) fn account(headers: &HeaderMap) -> Result<Option<UserId>, Problem> {
    Ok(id(headers, ACCOUNT)?.map(UserId))
}

/// The key that the client gave the step.
#[derive(Debug, Clone, Copy)]
pub struct GivenKey(pub Option<StepKey>);

impl FromRequest for GivenKey {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(id(request.headers(), STEP_KEY).map(|id| GivenKey(id.map(StepKey))))
    }
}
