//! The outermost layer, around every route: gives the request an id, applies the rate limits, turns every failure into
//! a problem, records denials, and sets security headers.

use std::net::IpAddr;
use std::time::Instant;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage, HttpResponse, ResponseError, web};

use super::extract::{CallerAddress, RequestId, caller_address, prefers_english, token};
use super::incoming;
use super::problem::{Problem, ProblemBody, ProblemCode};
use super::rate_limits::{RateLimits, RouteClass};
use super::{tus, unread};
use crate::admission::{AddressGroup, TrustedProxies, Who};
use crate::app::audit::{self, Refused};
use crate::app::metrics::{Metrics, RequestLabels};
use crate::app::{App, Caller};
use crate::domain::map::TileLayer;

/// What pages may do and load; everything that none of our pages needs is forbidden. Source: reliability plan T17.
pub(super) struct ContentSecurityPolicy(String);

impl ContentSecurityPolicy {
    /// Pictures may also come from the host of `tiles`; nothing else may come from elsewhere.
    pub(super) fn new(tiles: Option<&TileLayer>) -> Self {
        let host = tiles.and_then(TileLayer::origin).map_or_else(String::new, |origin| format!(" {origin}"));
        ContentSecurityPolicy(format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:{host}; font-src 'self'; \
             connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
             frame-ancestors 'none'"
        ))
    }
}
/// Reports take pictures and read the position; no page of ours uses the microphone.
const PERMISSIONS_POLICY: &str = "camera=(self), geolocation=(self), microphone=()";

/// Stands for the route pattern when there is no route.
const UNMATCHED: &str = "unmatched";

struct Asked {
    request_id: String,
    path: String,
    english: bool,
}

/// Wraps every request.
///
/// # Errors
/// None: failures become answers.
pub(super) async fn edge(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let app = request.app_data::<web::Data<App>>().cloned();
    let policy = request.app_data::<web::Data<ContentSecurityPolicy>>().cloned();
    let request_id = app.as_ref().map_or_else(String::new, |app| app.random.uuid().simple().to_string());
    let asked = Asked {
        path: request.path().chars().take(200).collect(),
        english: prefers_english(&request),
        request_id: request_id.clone(),
    };
    // As it came over the network: a method that is only named in a header gets an answer with a body.
    let is_head = request.method() == Method::HEAD;
    tus::take_method(&mut request);
    let method = request.method().clone();
    let (begun, metrics) = (Instant::now(), app.as_ref().map(|app| app.metrics.clone()));
    let _in_flight = metrics.as_ref().map(Metrics::begin_request);
    let address = address(&request);
    request.extensions_mut().insert(RequestId(request_id));
    request.extensions_mut().insert(CallerAddress(address));
    unread::guard(&mut request);
    let response = match counted(&request, address).and_then(|()| incoming::admit(&mut request)) {
        Ok(()) => match next.call(request).await {
            Ok(response) => response.map_into_boxed_body(),
            Err(error) => return Err(error),
        },
        Err(problem) => request.into_response(problem.error_response()).map_into_boxed_body(),
    };
    let response =
        finish(response, app.as_ref().map(|app| app.get_ref()), policy.as_ref().map(|policy| policy.get_ref()), &asked)
            .await;
    let response = if is_head { incoming::without_body(response) } else { response };
    if let Some(metrics) = metrics {
        metrics.answered(labels(&response, &method), begun.elapsed());
    }
    tracing::info!(
        request.id = %asked.request_id,
        http.method = %method,
        http.path = %asked.path,
        http.status = response.status().as_u16(),
        "answered"
    );
    Ok(response)
}

/// The metric labels of a request: the pattern of its route, never its path.
fn labels(response: &ServiceResponse<BoxBody>, method: &Method) -> RequestLabels {
    const METHODS: [&str; 7] = ["GET", "HEAD", "PUT", "POST", "PATCH", "DELETE", "OPTIONS"];
    let route = response.request().match_pattern().unwrap_or_else(|| UNMATCHED.to_owned());
    let status = match response.status().as_u16() / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    };
    RequestLabels {
        method: METHODS.into_iter().find(|known| *known == method.as_str()).unwrap_or("other"),
        route,
        status,
    }
}

/// The address of the caller: the peer, or the one that a trusted proxy names.
fn address(request: &ServiceRequest) -> Option<IpAddr> {
    let peer = request.peer_addr().map(|peer| peer.ip());
    let Some(trusted) = request.app_data::<web::Data<TrustedProxies>>() else { return peer };
    // A header line that is not text names nobody; without a placeholder the other lines would look complete.
    let lines = |name: HeaderName| request.headers().get_all(name).map(|line| line.to_str().unwrap_or("?"));
    trusted.caller(peer, lines(header::FORWARDED), lines(HeaderName::from_static("x-forwarded-for")))
}

/// Counts the request against the caller's rate limit.
fn counted(request: &ServiceRequest, address: Option<IpAddr>) -> Result<(), Problem> {
    let Some(limits) = request.app_data::<web::Data<RateLimits>>() else { return Ok(()) };
    // The path as routes see it: an escaped path is the same route.
    let class = RouteClass::of(request.method(), request.match_info().as_str());
    let token = token(request.request()).map(|(token, _)| token);
    let counted = limits.request(class, token.as_deref(), Who::Address(AddressGroup::of(address)));
    counted.map_err(|wait| Problem::new(ProblemCode::TooManyRequests).retry_after(wait))
}

async fn finish(
    response: ServiceResponse<BoxBody>,
    app: Option<&App>,
    policy: Option<&ContentSecurityPolicy>,
    asked: &Asked,
) -> ServiceResponse<BoxBody> {
    let status = response.status();
    let mut response = if status.is_client_error() || status.is_server_error() {
        let problem = response.response().extensions().get::<Problem>().cloned().unwrap_or_else(|| framework(status));
        if problem.denied {
            let caller = response.request().extensions().get::<Caller>().cloned();
            if let Some(app) = app {
                let refused = Refused {
                    caller,
                    address: AddressGroup::of(caller_address(response.request())),
                    route: response.request().match_pattern().unwrap_or_else(|| UNMATCHED.to_owned()),
                    target: asked.path.clone(),
                    code: problem.code.as_str(),
                    request_id: asked.request_id.clone(),
                };
                audit::deny(app, refused).await;
            }
        }
        let rendered = render(&problem, asked);
        let (request, _) = response.into_parts();
        ServiceResponse::new(request, rendered)
    } else {
        response
    };
    let is_tus = tus::is_ours(&asked.path);
    let headers = response.headers_mut();
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            let name = HeaderName::from_static(name);
            if !headers.contains_key(&name) {
                headers.insert(name, value);
            }
        }
    };
    set("x-request-id", &asked.request_id);
    set("x-content-type-options", "nosniff");
    set("x-frame-options", "DENY");
    set("referrer-policy", "same-origin");
    set("cross-origin-opener-policy", "same-origin");
    set("cross-origin-resource-policy", "same-origin");
    set("content-security-policy", policy.map_or("default-src 'none'", |policy| policy.0.as_str()));
    set("permissions-policy", PERMISSIONS_POLICY);
    set("cache-control", "no-store");
    if is_tus {
        set("tus-resumable", tus::VERSION);
        set("tus-version", tus::VERSION);
    }
    response
}

/// Turns an answer of the framework itself into one of our problems.
fn framework(status: StatusCode) -> Problem {
    let code = match status.as_u16() {
        401 => ProblemCode::NotSignedIn,
        403 => ProblemCode::Forbidden,
        404 => ProblemCode::NotFound,
        405 => ProblemCode::MethodNotAllowed,
        408 => ProblemCode::RequestTimeout,
        413 => ProblemCode::BodyTooLarge,
        415 => ProblemCode::UnsupportedMedia,
        416 => ProblemCode::RangeNotSatisfiable,
        429 => ProblemCode::TooManyRequests,
        503 => ProblemCode::Unavailable,
        code if code < 500 => ProblemCode::MalformedRequest,
        _ => ProblemCode::Internal,
    };
    Problem::new(code)
}

fn render(problem: &Problem, asked: &Asked) -> HttpResponse {
    let body = ProblemBody::new(problem, asked.english, &asked.path, &asked.request_id);
    let mut response = HttpResponse::build(problem.status_code());
    response.insert_header((header::CONTENT_LANGUAGE, if asked.english { "en" } else { "zh-CN" }));
    if let Some(seconds) = problem.retry_after {
        response.insert_header((header::RETRY_AFTER, seconds.to_string()));
    }
    if let Some((name, value)) = problem.header.as_deref() {
        response.insert_header((name.clone(), value.as_str()));
    }
    // Source: RFC 9110 §15.5.2, every 401.
    if problem.status_code() == StatusCode::UNAUTHORIZED {
        response.insert_header((header::WWW_AUTHENTICATE, "Bearer"));
    }
    response.content_type("application/problem+json").body(serde_json::to_string(&body).unwrap_or_default())
}
