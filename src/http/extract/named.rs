//! Ids in headers: whom a call is for.

use actix_web::http::header::HeaderMap;
use uuid::Uuid;

use crate::domain::ids::UserId;
use crate::http::problem::{Problem, ProblemCode};

/// Names the account that a call is for.
pub const ACCOUNT: &str = "Anfang-Account";

/// The one UUID in a field, bare or as the string of a structured field (RFC 9651 §3.3.3); `None` without the field.
fn id(headers: &HeaderMap, name: &str) -> Result<Option<Uuid>, Problem> {
    let mut lines = headers.get_all(name);
    let Some(line) = lines.next() else { return Ok(None) };
    let text = line.to_str().unwrap_or("").trim();
    let bare = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(text);
    match Uuid::try_parse(bare) {
        Ok(id) if lines.next().is_none() => Ok(Some(id)),
        _ => Err(Problem::new(ProblemCode::MalformedRequest).detail(format!("{name}: <uuid>"))),
    }
}

/// The account that a call says it is for.
///
/// # Errors
/// A [`Problem`] when what it says is no id.
pub(super) fn account(headers: &HeaderMap) -> Result<Option<UserId>, Problem> {
    Ok(id(headers, ACCOUNT)?.map(UserId))
}
