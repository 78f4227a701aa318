//! Who asks: by bearer token, or by cookie and then from the same site only.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::{AUTHORIZATION, HOST, HeaderMap, ORIGIN};
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};

use super::request_id;
use crate::app::{App, AppError, Caller, sessions};
use crate::http::limits::RateLimits;
use crate::http::problem::{Problem, ProblemCode};

/// Name of the browser's cookie. Over TLS it is sent with `Secure`.
pub const SESSION_COOKIE: &str = "anfang_session";

/// Somebody who has signed in, even if a password of their own is still to be set.
#[derive(Debug)]
pub struct Signed(pub Caller);

/// Somebody who has signed in and may work.
#[derive(Debug)]
pub struct Active(pub Caller);

type Extracted<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

impl FromRequest for Signed {
    type Error = Problem;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(Signed(authenticate(&request).await?)) })
    }
}

impl FromRequest for Active {
    type Error = Problem;
    type Future = Extracted<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let caller = authenticate(&request).await?;
            if caller.must_change_password {
                return Err(Problem::new(ProblemCode::PasswordChangeNeeded));
            }
            Ok(Active(caller))
        })
    }
}

async fn authenticate(request: &HttpRequest) -> Result<Caller, Problem> {
    let app = request.app_data::<web::Data<App>>().ok_or_else(|| Problem::new(ProblemCode::Internal))?;
    let (token, way) = token(request).ok_or_else(|| Problem::new(ProblemCode::NotSignedIn))?;
    if way == Way::Cookie && !request.method().is_safe() && !is_same_site(request.headers()) {
        return Err(Problem::new(ProblemCode::CrossOrigin));
    }
    let known = request.app_data::<web::Data<RateLimits>>();
    match sessions::authenticate(app, &token, &request_id(request)).await {
        Ok(caller) => {
            if let Some(limits) = known {
                limits.learn(&token, caller.who());
            }
            request.extensions_mut().insert(caller.clone());
            Ok(caller)
        }
        Err(error) => {
            if let (Some(limits), AppError::NotSignedIn) = (known, &error) {
                limits.forget(&token);
            }
            Err(error.into())
        }
    }
}

/// How a token was shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// In the header `Authorization`, by a program.
    Bearer,
    /// In a cookie, by a browser.
    Cookie,
}

/// The token that a request shows, however it is written; what is not shown in one of these ways is none.
#[must_use]
pub fn token(request: &HttpRequest) -> Option<(String, Way)> {
    match bearer(request.headers()) {
        Some(token) => Some((token.to_owned(), Way::Bearer)),
        None => request.cookie(SESSION_COOKIE).map(|cookie| (cookie.value().to_owned(), Way::Cookie)),
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Whether a browser says that its page comes from here. Browsers name the origin of every
/// request that changes something; what names none is no page of ours.
#[must_use]
pub fn is_same_site(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return site == "same-origin";
    }
    let host = headers.get(HOST).and_then(|value| value.to_str().ok());
    let origin = headers.get(ORIGIN).and_then(|value| value.to_str().ok());
    let origin_host = origin.and_then(|origin| origin.split_once("://")).map(|(_, host)| host);
    origin_host.is_some() && origin_host == host
}
