//! Checks on every request before its route: no NUL in its path or query, no compressed body, a body with a length, an
//! allowed method; and `HEAD` becomes a `GET` whose answer has no body.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{
    ACCEPT_ENCODING, ALLOW, CONTENT_ENCODING, CONTENT_LENGTH, IF_RANGE, RANGE, TRANSFER_ENCODING,
};
use actix_web::http::{Method, Version};
use actix_web::web;

use super::methods::Methods;
use super::problem::{Problem, ProblemCode};
use crate::domain::invalid::{FieldCode, FieldError};

/// Prepares a request for its route, or refuses it.
///
/// # Errors
/// A [`Problem`] with the header that belongs to it.
pub(super) fn admit(request: &mut ServiceRequest) -> Result<(), Problem> {
    if request.version() < Version::HTTP_11 {
        // A compressed body has no known length, and HTTP/1.0 has no chunks: it gets the plain body.
        request.headers_mut().remove(ACCEPT_ENCODING);
        length_is_told(request)?;
    }
    no_nul(request)?;
    no_coding(request)?;
    takes_method(request)
}

/// Whether the length of the body is known. With HTTP/1.0 and no `Content-Length` it would be taken for empty.
fn length_is_told(request: &ServiceRequest) -> Result<(), Problem> {
    let brings = [Method::PUT, Method::PATCH, Method::POST].contains(request.method());
    let headers = request.headers();
    if brings && !headers.contains_key(CONTENT_LENGTH) && !headers.contains_key(TRANSFER_ENCODING) {
        return Err(Problem::new(ProblemCode::LengthRequired).detail("Content-Length, or HTTP/1.1"));
    }
    Ok(())
}

/// Refuses a NUL wherever an address can contain one: PostgreSQL's texts cannot hold it, and no text of ours needs it.
/// Bodies are checked where they are parsed ([`super::extract::Body`]); headers cannot contain it.
fn no_nul(request: &ServiceRequest) -> Result<(), Problem> {
    // A literal percent sign is written %25, so this is found nowhere else.
    const NUL: &str = "%00";
    if request.uri().path().contains(NUL) {
        return Err(Problem::new(ProblemCode::NotFound));
    }
    let query = request.query_string();
    if !query.contains(NUL) {
        return Ok(());
    }
    let named = |pair: &str| pair.contains(NUL).then(|| pair.split('=').next().unwrap_or("").replace(NUL, ""));
    Err(Problem {
        errors: query.split('&').filter_map(named).map(|name| nul(format!("/{name}"))).collect(),
        ..Problem::new(ProblemCode::InvalidFields)
    })
}

/// The fault of a text that contains a NUL.
pub(super) fn nul(pointer: String) -> FieldError {
    FieldError { pointer, code: FieldCode::Malformed, detail: "contains the character NUL".to_owned() }
}

/// Refuses compressed bodies: a few bytes could expand to gigabytes, and no client of ours sends them.
fn no_coding(request: &ServiceRequest) -> Result<(), Problem> {
    let codings = request.headers().get_all(CONTENT_ENCODING);
    let plain = |value: &actix_web::http::header::HeaderValue| {
        value.to_str().is_ok_and(|value| {
            value.split(',').map(str::trim).all(|coding| coding.is_empty() || coding.eq_ignore_ascii_case("identity"))
        })
    };
    if codings.into_iter().all(plain) {
        return Ok(());
    }
    let problem = Problem::new(ProblemCode::UnsupportedCoding).detail("Content-Encoding: identity");
    // RFC 9110 §12.5.3: the accepted codings.
    Err(problem.header(ACCEPT_ENCODING, "identity"))
}

fn takes_method(request: &mut ServiceRequest) -> Result<(), Problem> {
    let Some(methods) = request.app_data::<web::Data<Methods>>().cloned() else { return Ok(()) };
    // Percent-decoded, as the router reads it.
    let path = request.match_info().as_str().to_owned();
    let known = methods.at(&path);
    if request.method() == Method::HEAD && !known.contains(&"HEAD") {
        let head = request.head_mut();
        head.method = Method::GET;
        // RFC 9110 §14.2: ranges are for GET only.
        head.headers.remove(RANGE);
        head.headers.remove(IF_RANGE);
    }
    if known.is_empty() || known.contains(&request.method().as_str()) {
        return Ok(());
    }
    Err(Problem::new(ProblemCode::MethodNotAllowed).header(ALLOW, methods.allow(&path)))
}

/// The answer to a `HEAD`: the headers unchanged, the body not read.
pub(super) fn without_body(response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    response.map_body(|_, body| BoxBody::new(Unsent(body.size())))
}

/// A body of this size that is not sent.
struct Unsent(BodySize);

impl MessageBody for Unsent {
    type Error = std::convert::Infallible;

    fn size(&self) -> BodySize {
        self.0
    }

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<web::Bytes, Self::Error>>> {
        Poll::Ready(None)
    }
}
