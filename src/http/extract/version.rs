//! Which version of a thing the caller saw.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{IF_MATCH, IF_NONE_MATCH};
use actix_web::{FromRequest, HttpRequest};

use crate::http::problem::{Problem, ProblemCode};

/// The version in `If-Match`.
#[derive(Debug, Clone, Copy)]
pub struct SeenVersion(pub i64);

impl FromRequest for SeenVersion {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let value = request.headers().get(IF_MATCH).and_then(|value| value.to_str().ok()).map(str::trim);
        ready(match value {
            // Any version will do: then it was decided on none.
            None | Some("" | "*") => Err(Problem::new(ProblemCode::VersionRequired)),
            // What is no version of ours is an old one.
            Some(tag) => {
                tag.trim_matches('"').parse().map(SeenVersion).map_err(|_| Problem::new(ProblemCode::StaleVersion))
            }
        })
    }
}

/// Whether the caller says it has what `tag` names. Weak and strong compare alike (RFC 9110 §13.1.2).
pub fn is_known(request: &HttpRequest, tag: &str) -> bool {
    let known = request.headers().get(IF_NONE_MATCH).and_then(|value| value.to_str().ok()).unwrap_or("");
    known.split(',').any(|known| known.trim().trim_start_matches("W/") == tag)
}
