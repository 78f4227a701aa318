//! What holds for every request before its route sees it: no NUL in its path or query, no coded body, a body whose
//! length is told, a method that its path takes, and `HEAD` as a `GET` whose answer has no body.

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

/// Makes a request what its route expects, or says why no route would take it.
///
/// # Errors
/// A [`Problem`] with the header that goes with it.
pub(super) fn admit(request: &mut ServiceRequest) -> Result<(), Problem> {
    if request.version() < Version::HTTP_11 {
        // A compressed body has no length beforehand, and HTTP/1.0 knows no chunks: it gets the plain one.
        request.headers_mut().remove(ACCEPT_ENCODING);
        length_is_told(request)?;
    }
    no_nul(request)?;
    no_coding(request)?;
    takes_method(request)
}

/// Whether a body comes that ends nowhere: HTTP/1.0 without `Content-Length`, which would be read as no body at all.
fn length_is_told(request: &ServiceRequest) -> Result<(), Problem> {
    let brings = [Method::PUT, Method::PATCH, Method::POST].contains(request.method());
    let headers = request.headers();
    if brings && !headers.contains_key(CONTENT_LENGTH) && !headers.contains_key(TRANSFER_ENCODING) {
        return Err(Problem::new(ProblemCode::LengthRequired).detail("Content-Length, or HTTP/1.1"));
    }
    Ok(())
}

/// Refuses a NUL wherever an address can carry one: PostgreSQL's texts cannot hold it, and no text of ours means it.
/// Bodies are looked through where they are parsed ([`super::extract::Body`]); no header can carry it.
fn no_nul(request: &ServiceRequest) -> Result<(), Problem> {
    // A percent sign of the text itself is written %25: this is found nowhere else.
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

/// What is wrong with a text that holds a NUL.
pub(super) fn nul(pointer: String) -> FieldError {
    FieldError { pointer, code: FieldCode::Malformed, detail: "contains the character NUL".to_owned() }
}

/// Refuses bodies that are compressed: a few bytes could unfold to gigabytes, and no client of ours sends them.
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
    // RFC 9110 §12.5.3: what would be accepted.
    Err(problem.header(ACCEPT_ENCODING, "identity"))
}

fn takes_method(request: &mut ServiceRequest) -> Result<(), Problem> {
    let Some(methods) = request.app_data::<web::Data<Methods>>().cloned() else { return Ok(()) };
    // As the router reads it, with what is percent-coded decoded.
    let path = request.match_info().as_str().to_owned();
    let known = methods.at(&path);
    if request.method() == Method::HEAD && !known.contains(&"HEAD") {
        let head = request.head_mut();
        head.method = Method::GET;
        // RFC 9110 §14.2: ranges are for GET alone.
        head.headers.remove(RANGE);
        head.headers.remove(IF_RANGE);
    }
    if known.is_empty() || known.contains(&request.method().as_str()) {
        return Ok(());
    }
    Err(Problem::new(ProblemCode::MethodNotAllowed).header(ALLOW, methods.allow(&path)))
}

/// The answer to a `HEAD`: its headers as they are, none of its body read.
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
