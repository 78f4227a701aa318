//! Bodies that are refused before their end.
//!
//! If a request's body is still arriving after the answer, the HTTP library closes the connection after reading on for
//! a moment, so that the answer gets through. For a chunked body that nobody reads any more it does not close: it reads
//! to the end, however long or slow. So the rest of such a body is held until its answer has been sent; then the
//! connection is closed as for any other.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use actix_web::HttpMessage;
use actix_web::dev::{Payload, ServiceRequest};
use actix_web::error::PayloadError;
use actix_web::http::header::TRANSFER_ENCODING;
use actix_web::web::Bytes;
use futures_util::Stream;

/// How long the rest of a body is held: its answer is sent long before. Source: our choice.
const HELD_FOR: Duration = Duration::from_secs(10);
/// Bodies whose rest is held by each worker thread; each has a buffer of at most 32 kB. Source: our choice.
const HELD_MAX: usize = 256;

thread_local! {
    static HELD: RefCell<VecDeque<(Instant, Payload)>> = const { RefCell::new(VecDeque::new()) };
}

/// Makes sure that an abandoned chunked body closes its connection.
pub(super) fn guard(request: &mut ServiceRequest) {
    if request.headers().contains_key(TRANSFER_ENCODING) {
        let body = Guarded { body: Some(request.take_payload()) };
        request.set_payload(Payload::Stream { payload: Box::pin(body) });
    }
}

/// A body; the inner value is `None` after its end.
struct Guarded {
    body: Option<Payload>,
}

impl Stream for Guarded {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let polled = Pin::new(body).poll_next(cx);
        if matches!(polled, Poll::Ready(None)) {
            self.body = None;
        }
        polled
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        let Some(body) = self.body.take() else { return };
        // A thread that ends has no answers left to send.
        let _ = HELD.try_with(|held| {
            let mut held = held.borrow_mut();
            let now = Instant::now();
            while held.len() >= HELD_MAX || held.front().is_some_and(|(since, _)| now.duration_since(*since) > HELD_FOR)
            {
                held.pop_front();
            }
            held.push_back((now, body));
        });
    }
}
