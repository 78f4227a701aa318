//! Checks for every tus 1.0 request.

use std::future::{Ready, ready};

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::Method;
use actix_web::{FromRequest, HttpRequest};

use super::problem::{Problem, ProblemCode};

/// Path of the uploads.
pub(super) const UPLOADS_PATH: &str = "/api/v1/uploads";
/// The supported version.
pub(super) const VERSION: &str = "1.0.0";

/// A client that uses our version.
pub(super) struct Resumable;

impl FromRequest for Resumable {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let said = request.headers().get("tus-resumable").and_then(|value| value.to_str().ok());
        ready(if said.map(str::trim) == Some(VERSION) {
            Ok(Resumable)
        } else {
            Err(Problem::new(ProblemCode::TusVersion).detail(format!("Tus-Resumable: {VERSION}")))
        })
    }
}

/// Whether a path belongs to tus.
pub(super) fn is_ours(path: &str) -> bool {
    path.strip_prefix(UPLOADS_PATH).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Applies the method in `X-HTTP-Method-Override`, for clients behind a proxy that only lets `POST` through.
pub(super) fn take_method(request: &mut ServiceRequest) {
    if request.method() != Method::POST || !is_ours(request.path()) {
        return;
    }
    let named = request.headers().get("x-http-method-override").and_then(|value| value.to_str().ok());
    let named = named.and_then(|name| {
        [Method::HEAD, Method::PATCH, Method::DELETE]
            .into_iter()
            .find(|method| name.eq_ignore_ascii_case(method.as_str()))
    });
    if let Some(method) = named {
        request.head_mut().method = method;
    }
}
