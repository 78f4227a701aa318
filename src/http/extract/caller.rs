//! Authentication: by bearer token, or by cookie and then from the same site only.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, HOST, HeaderMap, ORIGIN};
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};

use super::{named, request_id};
use crate::app::sessions::{self, SessionUse};
use crate::app::{App, AppError, Caller};
use crate::http::problem::{Problem, ProblemCode};
use crate::http::rate_limits::RateLimits;

/// Says that nobody asked for a reading call: it does not keep the login alive. A boolean (RFC 9651 §3.3.6).
const UNATTENDED: &str = "Anfang-Unattended";
/// Name of the browser's cookie. Over TLS it is sent with `Secure`.
pub const SESSION_COOKIE: &str = "anfang_session";

/// A logged-in user, even one who must still set a password of their own.
#[derive(Debug)]
pub struct Signed(pub Caller);

/// A logged-in user who may work.
#[derive(Debug)]
pub struct Active(pub Caller);

/// A logged-in user who may work, asked for by a page that is merely open: the session is not used by it.
#[derive(Debug)]
pub struct Watching(pub Caller);

type Extracted<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

impl FromRequest for Signed {
    type Error = Problem;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(Signed(authenticate(&request, SessionUse::Use).await?)) })
    }
}

impl FromRequest for Active {
    type Error = Problem;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(Active(active(&request, SessionUse::Use).await?)) })
    }
}

impl FromRequest for Watching {
    type Error = Problem;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(Watching(active(&request, SessionUse::Watch).await?)) })
    }
}

async fn active(request: &HttpRequest, used: SessionUse) -> Result<Caller, Problem> {
    let caller = authenticate(request, used).await?;
    if caller.must_change_password { Err(Problem::new(ProblemCode::PasswordChangeNeeded)) } else { Ok(caller) }
}

async fn authenticate(request: &HttpRequest, used: SessionUse) -> Result<Caller, Problem> {
    let app = request.app_data::<web::Data<App>>().ok_or_else(|| Problem::new(ProblemCode::Internal))?;
    let (token, source) = token(request).ok_or_else(|| Problem::new(ProblemCode::NotSignedIn))?;
    if source == TokenSource::Cookie && !request.method().is_safe() && !is_same_site(request.headers()) {
        return Err(Problem::new(ProblemCode::CrossOrigin));
    }
    let known = request.app_data::<web::Data<RateLimits>>();
    let used = if is_unattended(request) { SessionUse::Watch } else { used };
    match sessions::authenticate(app, &token, used, &request_id(request)).await {
        Ok(caller) => {
            if let Some(limits) = known {
                limits.learn(&token, caller.who());
            }
            request.extensions_mut().insert(caller.clone());
            // On a phone that two people share, records of one may be sent while the other is logged in.
            match named::account(request.headers())? {
                Some(account) if account != caller.actor.user_id => Err(Problem::new(ProblemCode::OtherAccount)),
                Some(_) | None => Ok(caller),
            }
        }
        Err(error) => {
            if let (Some(limits), AppError::NotSignedIn) = (known, &error) {
                limits.forget(&token);
            }
            Err(error.into())
        }
    }
}

/// Whether the call says that no person asked for it: an open page that reads again what it shows. A caller who says so
/// wrongly is only logged out earlier.
fn is_unattended(request: &HttpRequest) -> bool {
    request.method().is_safe() && request.headers().get(UNATTENDED).is_some_and(|value| value.as_bytes() == b"?1")
}

/// How a token was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenSource {
    /// In the header `Authorization`, by a program.
    Bearer,
    /// In a cookie, by a browser.
    Cookie,
}

/// The token of a request.
#[must_use]
pub fn token(request: &HttpRequest) -> Option<(String, TokenSource)> {
    match bearer(request.headers()) {
        Some(token) => Some((token.to_owned(), TokenSource::Bearer)),
        None => request.cookie(SESSION_COOKIE).map(|cookie| (cookie.value().to_owned(), TokenSource::Cookie)),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Refuses a call from a page of another site that needs no login: it must not log somebody in as somebody else, nor
/// create an account for them. Programs, which name no page, are not refused.
///
/// # Errors
/// A [`Problem`] when a page of another site calls.
pub fn refuse_other_site(headers: &HeaderMap) -> Result<(), Problem> {
    let from_page = headers.contains_key("sec-fetch-site") || headers.contains_key(ORIGIN);
    if from_page && !is_same_site(headers) { Err(Problem::new(ProblemCode::CrossOrigin)) } else { Ok(()) }
}

/// Whether the browser says that the page is ours. Browsers name the origin of every request that changes something; a
/// request without one is not from a page of ours.
#[must_use]
fn is_same_site(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(site) = text("sec-fetch-site") {
        return site.eq_ignore_ascii_case("same-origin");
    }
    let (Some(host), Some(origin)) = (text(HOST.as_str()), text(ORIGIN.as_str())) else { return false };
    let Some((scheme, origin)) = origin.split_once("://") else { return false };
    // Source: RFC 9110 §4.2.
    let port = match scheme.to_ascii_lowercase().as_str() {
        "https" => "443",
        "http" => "80",
        _ => return false,
    };
    // A proxy may add the scheme's default port, which browsers leave out; host names are case-insensitive.
    let plain = |authority: &str| {
        let authority = authority.to_ascii_lowercase();
        let without = authority.strip_suffix(port).and_then(|rest| rest.strip_suffix(':')).map(str::to_owned);
        without.unwrap_or(authority)
    };
    !origin.is_empty() && plain(origin) == plain(host)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    #[test]
    fn a_page_is_ours_when_it_names_our_host() {
        let is = |fields: &[(&str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in fields {
                headers.insert(HeaderName::try_from(*name).unwrap(), HeaderValue::from_str(value).unwrap());
            }
            is_same_site(&headers)
        };
        for (host, origin, ours) in [
            ("a.example", "https://a.example", true),
            ("a.example:443", "https://a.example", true),
            ("a.example:80", "http://a.example", true),
            ("A.Example", "https://a.example", true),
            ("a.example", "HTTPS://A.EXAMPLE:443", true),
            ("a.example:8443", "https://a.example:8443", true),
            ("[::1]:443", "https://[::1]", true),
            ("[::1]:8080", "http://[::1]:8080", true),
            ("a.example:80", "https://a.example", false),
            ("a.example:443", "http://a.example", false),
            ("a.example:8443", "https://a.example", false),
            ("a.example:1443", "https://a.example:1", false),
            ("a.example443", "https://a.example", false),
            ("b.example", "https://a.example", false),
            ("a.example", "null", false),
            ("", "https://", false),
            ("a.example", "ftp://a.example", false),
            ("a.example", "https://a.example.evil.example", false),
        ] {
            assert_eq!(is(&[("host", host), ("origin", origin)]), ours, "{host} {origin}");
        }
        assert!(!is(&[("host", "a.example")]));
        assert!(!is(&[("origin", "https://a.example")]));
        // What the browser says itself counts more than a comparison.
        assert!(is(&[("sec-fetch-site", "same-origin")]));
        assert!(!is(&[("sec-fetch-site", "cross-site"), ("host", "a.example"), ("origin", "https://a.example")]));
    }
}
