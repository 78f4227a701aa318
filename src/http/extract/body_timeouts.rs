//! Timeouts for bodies; a timeout is distinguished from a broken connection.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::web::{Bytes, Data};
use futures_util::{Stream, StreamExt, stream};
use tokio::time::Instant;

use crate::app::AppError;

/// How long to wait for a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyTimeouts {
    /// Longest time without a byte.
    pub silence: Duration,
    /// Longest time from the first byte to the last.
    pub whole: Duration,
    /// Smallest average rate once the first `silence` has passed, so that a trickle does not hold a place.
    pub bytes_per_second: u64,
}

impl Default for BodyTimeouts {
    fn default() -> Self {
        BodyTimeouts {
            // Source: our choice; a phone that changes networks is back sooner.
            silence: Duration::from_secs(30),
            // Source: our choice, 40 MiB at 70 kB/s.
            whole: Duration::from_secs(600),
            // Source: reliability plan T22.
            bytes_per_second: 1_000,
        }
    }
}

impl BodyTimeouts {
    /// Those of this server.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        request.app_data::<Data<BodyTimeouts>>().map_or_else(BodyTimeouts::default, |body_timeouts| ***body_timeouts)
    }

    /// Enough for `count` bodies one after the other, as in a form.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        BodyTimeouts { whole: self.whole * count, ..self }
    }

    /// The same body, ended with [`AppError::BodyTooSlow`] when it is silent or slow for too long. Any other early end
    /// is a broken connection: [`AppError::BodyIncomplete`].
    pub fn with<E>(self, body: impl Stream<Item = Result<Bytes, E>>) -> impl Stream<Item = Result<Bytes, AppError>> {
        let start = Instant::now();
        let state = (Box::pin(body), 0_u64, false);
        stream::unfold(state, move |(mut body, seen, ended)| async move {
            if ended {
                return None;
            }
            let spent = start.elapsed();
            let least = self.bytes_per_second.saturating_mul(spent.saturating_sub(self.silence).as_secs());
            if spent > self.whole || seen < least {
                return Some((Err(AppError::BodyTooSlow), (body, seen, true)));
            }
            match tokio::time::timeout(self.silence, body.next()).await {
                Err(_) => Some((Err(AppError::BodyTooSlow), (body, seen, true))),
                Ok(None) => None,
                Ok(Some(Err(_))) => Some((Err(AppError::BodyIncomplete), (body, seen, true))),
                Ok(Some(Ok(bytes))) => {
                    let seen = seen + bytes.len() as u64;
                    Some((Ok(bytes), (body, seen, false)))
                }
            }
        })
        // The form parser polls once more after the end.
        .fuse()
    }
}
