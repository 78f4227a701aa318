//! Bodies, limited in size before anything is parsed. How long they may take: [`super::body_timeouts`].

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest};
use futures_util::{Stream, StreamExt};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::body_timeouts::BodyTimeouts;
use super::media_type;
use crate::app::AppError;
use crate::domain::import::SHEET_BYTES_MAX;
use crate::domain::limits::JSON_BYTES_MAX;
use crate::domain::objects;
use crate::http::incoming::nul;
use crate::http::problem::{Problem, ProblemCode};

/// A JSON body. Its faults are reported only when it is read: extractors run concurrently, and the caller's login and
/// permission are checked first.
#[derive(Debug)]
pub struct Body<T, const BYTES_MAX: usize = JSON_BYTES_MAX>(Result<T, Problem>);

impl<T, const BYTES_MAX: usize> Body<T, BYTES_MAX> {
    /// The parsed body.
    ///
    /// # Errors
    /// A [`Problem`] when it is not JSON, too large, too slow, incomplete or of another shape.
    pub fn read(self) -> Result<T, Problem> {
        self.0
    }
}

impl<T: DeserializeOwned + 'static, const BYTES_MAX: usize> FromRequest for Body<T, BYTES_MAX> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = media_type(request.headers()).is_some_and(|kind| kind == "application/json");
        let body = BodyTimeouts::of(request).with(payload.take());
        Box::pin(async move {
            if !is_json {
                let problem = Problem::new(ProblemCode::UnsupportedMedia).detail("Content-Type: application/json");
                return Ok(Body(Err(problem)));
            }
            Ok(Body(read_json(body, BYTES_MAX).await))
        })
    }
}

/// Reads and parses a JSON body of at most `bytes_max` bytes.
///
/// # Errors
/// A [`Problem`] when it is too large, incomplete, not such JSON, or contains a NUL anywhere.
pub async fn read_json<T: DeserializeOwned>(
    body: impl Stream<Item = Result<Bytes, AppError>>,
    bytes_max: usize,
) -> Result<T, Problem> {
    parse(&read_all(body, bytes_max).await?)
}

/// What some programs write before UTF-8 (RFC 8259 §8.1: a parser may skip it).
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let text = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    if holds_nul(text)
        && let Ok(value) = serde_json::from_slice::<Value>(text)
    {
        refuse_nul(&value)?;
    }
    objects::from_slice(text).map_err(|error| malformed(&error))
}

/// Refuses a JSON value that contains a NUL anywhere.
///
/// # Errors
/// A [`Problem`] that names every one.
pub fn refuse_nul(value: &Value) -> Result<(), Problem> {
    let (mut pointers, mut path) = (Vec::new(), String::new());
    find_nul(value, &mut path, &mut pointers);
    if pointers.is_empty() {
        return Ok(());
    }
    Err(Problem { errors: pointers.into_iter().map(nul).collect(), ..Problem::new(ProblemCode::InvalidFields) })
}

/// What is wrong with a JSON text, and where.
pub fn malformed(error: &serde_json::Error) -> Problem {
    let detail = if error.is_data() {
        error.to_string()
    } else {
        format!("not JSON from line {}, column {} on", error.line(), error.column())
    };
    Problem::new(ProblemCode::MalformedRequest).detail(detail)
}

/// Whether a JSON text contains an escaped NUL; an unescaped one is not valid JSON.
fn holds_nul(text: &[u8]) -> bool {
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'\\', rest) {
        if rest.get(at + 1..at + 6) == Some(b"u0000") {
            return true;
        }
        // An escaped backslash does not escape what follows it.
        rest = rest.get(at + 2..).unwrap_or_default();
    }
    false
}

/// Pointers (RFC 6901) to every text that contains a NUL; for a key, to the object it is in.
fn find_nul(value: &Value, path: &mut String, found: &mut Vec<String>) {
    let length = path.len();
    match value {
        Value::String(text) if text.contains('\0') => found.push(path.clone()),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                path.push_str(&format!("/{at}"));
                find_nul(item, path, found);
                path.truncate(length);
            }
        }
        Value::Object(fields) => {
            for (name, field) in fields {
                if name.contains('\0') {
                    found.push(path.clone());
                    continue;
                }
                path.push('/');
                path.push_str(&name.replace('~', "~0").replace('/', "~1"));
                find_nul(field, path, found);
                path.truncate(length);
            }
        }
        Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Reads a body of at most `bytes_max` bytes into memory. Check first whether the caller may send one.
///
/// # Errors
/// A [`Problem`] when it is too large, or how the body ended.
pub async fn read_all(body: impl Stream<Item = Result<Bytes, AppError>>, bytes_max: usize) -> Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let mut body = std::pin::pin!(body);
    while let Some(piece) = body.next().await {
        let piece = piece?;
        if bytes.len() + piece.len() > bytes_max {
            return Err(Problem::new(ProblemCode::BodyTooLarge).detail(format!("≤ {bytes_max} B")));
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(bytes)
}

/// Media types of a CSV file: by RFC 7111, of programs before it, and of browsers where a spreadsheet program is
/// installed; and of a workbook.
const SHEET_TYPES: [&str; 6] = [
    "text/csv",
    "application/csv",
    "text/x-csv",
    "text/comma-separated-values",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
];

/// Reads a sheet: the bytes of a workbook, or of a CSV file in whatever encoding its program chose. Check first whether the caller may
/// send one: it is held in memory.
///
/// # Errors
/// A [`Problem`] when it is of another media type, too large, too slow or incomplete.
pub async fn read_sheet<E>(
    request: &HttpRequest,
    body: impl Stream<Item = Result<Bytes, E>>,
) -> Result<Vec<u8>, Problem> {
    if !media_type(request.headers()).is_some_and(|kind| SHEET_TYPES.contains(&kind.as_str())) {
        return Err(Problem::new(ProblemCode::UnsupportedMedia).detail("Content-Type: text/csv, or that of an xlsx"));
    }
    read_all(BodyTimeouts::of(request).with(body), SHEET_BYTES_MAX).await
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_nul_is_found_wherever_a_text_holds_one() {
        for (text, pointers) in [
            (r#"{"a": "x\u0000y"}"#, vec!["/a"]),
            (r#"{"a": [1, {"b/c": "\u0000"}], "d": "\\\u0000"}"#, vec!["/a/1/b~1c", "/d"]),
            (r#"{"a": {"x\u0000": 1}}"#, vec!["/a"]),
            (r#""\u0000""#, vec![""]),
        ] {
            let problem = parse::<Value>(text.as_bytes()).unwrap_err();
            assert_eq!(problem.code, ProblemCode::InvalidFields, "{text}");
            assert_eq!(problem.errors.iter().map(|error| error.pointer.as_str()).collect::<Vec<_>>(), pointers);
        }
        for text in [r#"{"a": "\\u0000"}"#, r#"{"a": "\\\\u0000 0000"}"#, r#"["\u00e9", "\\"]"#] {
            parse::<Value>(text.as_bytes()).unwrap();
        }
    }

    #[test]
    fn a_byte_order_mark_is_skipped_once() {
        assert_eq!(parse::<Value>(b"\xef\xbb\xbf{}").unwrap(), serde_json::json!({}));
        let problem = parse::<Value>(b"\xef\xbb\xbf\xef\xbb\xbf{}").unwrap_err();
        assert_eq!(
            (problem.code, problem.detail.as_str()),
            (ProblemCode::MalformedRequest, "not JSON from line 1, column 1 on")
        );
    }
}
