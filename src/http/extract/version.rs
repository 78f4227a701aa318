//! Which version the caller saw, and which one it has cached.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::{CACHE_CONTROL, ETAG, HeaderMap, HeaderName, IF_MATCH, IF_NONE_MATCH, IF_RANGE, VARY};
use actix_web::{FromRequest, HttpRequest, HttpResponse};

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
            // `*` accepts any version, so the decision was based on none.
            None | Some("" | "*") => Err(Problem::new(ProblemCode::VersionRequired)),
            // A tag that is not ours cannot be the current version.
            Some(tag) => opaque(tag).parse().map(SeenVersion).map_err(|_| Problem::new(ProblemCode::StaleVersion)),
        })
    }
}

/// The version in `If-Match` where it is a digest; `None` without the header, and for `*`, which names none.
#[derive(Debug, Clone)]
pub struct SeenDigest(pub Option<String>);

impl FromRequest for SeenDigest {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let value = request.headers().get(IF_MATCH).and_then(|value| value.to_str().ok()).map(str::trim);
        ready(Ok(SeenDigest(value.filter(|tag| !matches!(*tag, "" | "*")).map(|tag| opaque(tag).to_owned()))))
    }
}

/// The version in a tag of ours, even if a compressing proxy has changed the tag: nginx marks it as weak, Apache
/// appends the coding. A version is the same in every coding, so nothing is lost.
fn opaque(tag: &str) -> &str {
    let tag = tag.trim();
    let tag = tag.strip_prefix("W/").unwrap_or(tag).trim_matches('"');
    ["-gzip", "-br", "-zstd", "-deflate"].into_iter().find_map(|coding| tag.strip_suffix(coding)).unwrap_or(tag)
}

/// All elements of a list header, over all its lines.
fn listed(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    headers.get_all(name).filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).map(str::trim)
}

/// Whether the caller has what `tag` names. Weak and strong tags compare alike (RFC 9110 §13.1.2).
fn is_known(request: &HttpRequest, tag: &str) -> bool {
    listed(request.headers(), IF_NONE_MATCH).any(|known| known == "*" || opaque(known) == opaque(tag))
}

/// Whether the caller may get a part of what `tag` names: it has no `If-Range`, or exactly this tag. Weak tags never
/// match (RFC 9110 §13.1.5), nor do dates, since we send none.
pub fn may_have_part(request: &HttpRequest, tag: &str) -> bool {
    request.headers().get(IF_RANGE).is_none_or(|known| known.to_str().is_ok_and(|known| known.trim() == tag))
}

/// The `304` for a caller who has what `tag` names. It repeats the caching headers of the `200` (RFC 9110 §15.4.5): a
/// browser applies those of either.
pub fn unchanged(
    request: &HttpRequest,
    tag: &str,
    caching: &'static str,
    varies: Option<&'static str>,
) -> Option<HttpResponse> {
    is_known(request, tag).then(|| {
        let mut response = HttpResponse::NotModified();
        response.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, caching));
        if let Some(varies) = varies {
            response.insert_header((VARY, varies));
        }
        response.finish()
    })
}
