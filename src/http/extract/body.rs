//! Bodies: bounded in size and in time before a byte is believed.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use futures_util::{Stream, StreamExt, stream};
use serde::de::DeserializeOwned;

use crate::domain::import::SHEET_BYTES_MAX;
use crate::domain::limits::JSON_BYTES_MAX;
use crate::http::problem::{Problem, ProblemCode};

/// A JSON body. What is wrong with it is said only when it is asked for: extractors run side by
/// side, and who asks comes first.
#[derive(Debug)]
pub struct Body<T>(Result<T, Problem>);

impl<T> Body<T> {
    /// What was sent.
    ///
    /// # Errors
    /// A [`Problem`] when it is no JSON, too large, too slow, broken off or of another shape.
    pub fn read(self) -> Result<T, Problem> {
        self.0
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
        let is_json = content_type.split(';').next().is_some_and(|kind| kind.trim() == "application/json");
        let payload = payload.take();
        Box::pin(async move {
            if !is_json {
                let problem = Problem::new(ProblemCode::UnsupportedMedia).detail("Content-Type: application/json");
                return Ok(Body(Err(problem)));
            }
            Ok(Body(read_json(payload).await))
        })
    }
}

/// Reads and parses a small JSON body.
///
/// # Errors
/// A [`Problem`] when it is too large, too slow, broken off or no such JSON.
pub async fn read_json<T: DeserializeOwned, E>(body: impl Stream<Item = Result<Bytes, E>>) -> Result<T, Problem> {
    let bytes = read_all(body, JSON_BYTES_MAX).await?;
    serde_json::from_slice(&bytes)
        .map_err(|error| Problem::new(ProblemCode::MalformedRequest).detail(error.to_string()))
}

/// Reads a body of at most `bytes_max` bytes into memory. Ask first whether the caller may send one.
///
/// # Errors
/// A [`Problem`] when it is too large, too slow or broken off.
pub async fn read_all<E>(body: impl Stream<Item = Result<Bytes, E>>, bytes_max: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let mut body = std::pin::pin!(patient(body));
    while let Some(piece) = body.next().await {
        let piece = piece?;
        if bytes.len() + piece.len() > bytes_max {
            return Err(Problem::new(ProblemCode::BodyTooLarge).detail(format!("≤ {bytes_max} B")));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

/// Reads a sheet: the bytes of a CSV file in whatever encoding its program chose. Ask first whether the caller
/// may send one: it is held in memory.
///
/// # Errors
/// A [`Problem`] when it is of another media type, too large, too slow or broken off.
pub async fn read_sheet<E>(
    request: &HttpRequest,
    body: impl Stream<Item = Result<Bytes, E>>,
) -> Result<Vec<u8>, Problem> {
    let content_type = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    if content_type.split(';').next().is_none_or(|kind| kind.trim() != "text/csv") {
        return Err(Problem::new(ProblemCode::UnsupportedMedia).detail("Content-Type: text/csv"));
    }
    read_all(body, SHEET_BYTES_MAX).await
}

/// Longest silence in a body. Source: our choice; a phone that changes networks is back sooner.
const SILENCE_MAX: Duration = Duration::from_secs(30);
/// Longest time for a body. Source: our choice, 40 MiB at 70 kB/s.
const BODY_TIME_MAX: Duration = Duration::from_secs(600);
/// Least bytes a second once the first half minute has passed, so that a trickle holds no
/// place. Source: reliability plan T22.
const RATE_MIN: u64 = 1_000;

/// The same body, given up when it is silent or slow for too long.
pub fn patient<E>(body: impl Stream<Item = Result<Bytes, E>>) -> impl Stream<Item = Result<Bytes, Problem>> {
    let start = tokio::time::Instant::now();
    let state = (Box::pin(body), 0_u64, false);
    stream::unfold(state, move |(mut body, seen, ended)| async move {
        if ended {
            return None;
        }
        let too_slow = || Problem::new(ProblemCode::RequestTimeout);
        let spent = start.elapsed();
        let crawling = spent > SILENCE_MAX && seen < RATE_MIN * (spent - SILENCE_MAX).as_secs();
        if spent > BODY_TIME_MAX || crawling {
            return Some((Err(too_slow()), (body, seen, true)));
        }
        match tokio::time::timeout(SILENCE_MAX, body.next()).await {
            Err(_) => Some((Err(too_slow()), (body, seen, true))),
            Ok(None) => None,
            Ok(Some(Err(_))) => Some((Err(Problem::new(ProblemCode::BodyIncomplete)), (body, seen, true))),
            Ok(Some(Ok(bytes))) => {
                let seen = seen + bytes.len() as u64;
                Some((Ok(bytes), (body, seen, false)))
            }
        }
    })
}
