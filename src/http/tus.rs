//! What holds for every request of tus 1.0, whatever it asks.

use std::future::{Ready, ready};

use actix_web::dev::{Payload, ServiceRequest};
use actix_web::http::Method;
use actix_web::{FromRequest, HttpRequest};

use super::problem::{Problem, ProblemCode};

/// Where uploads are found.
pub(super) const UPLOADS: &str = "/api/v1/uploads";
/// The version that is spoken.
pub(super) const VERSION: &str = "1.0.0";

/// Somebody who speaks our version.
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
    path.strip_prefix(UPLOADS).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Takes the method that a client names which cannot send it, behind a proxy that lets only `POST` through.
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
