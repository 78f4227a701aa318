//! Bodies that are refused before their end.
//!
//! The HTTP library closes a connection after an answer if the request's body is still being received, and after it has
//! read on for a moment, so that the answer arrives. It does so too late where a body comes in chunks and nobody reads
//! it any more: it reads on to the end of such a body, however long or slow. So what is left of one is held until its
//! answer is on its way: the connection is closed then like any other.

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

/// How long the rest of a body is held: its answer is on its way long before. Source: our choice.
const HELD_FOR: Duration = Duration::from_secs(10);
/// Bodies of which the rest is held in each thread that serves; each has at most a buffer of 32 kB. Source: our choice.
const HELD_MAX: usize = 256;

thread_local! {
    static HELD: RefCell<VecDeque<(Instant, Payload)>> = const { RefCell::new(VecDeque::new()) };
}

/// Sees to it that a body in chunks which is given up closes its connection.
pub(super) fn guard(request: &mut ServiceRequest) {
    if request.headers().contains_key(TRANSFER_ENCODING) {
        let body = Guarded { body: Some(request.take_payload()) };
        request.set_payload(Payload::Stream { payload: Box::pin(body) });
    }
}

/// A body; `None` inside when it has ended.
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
        // A thread that ends has nothing left to answer.
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
