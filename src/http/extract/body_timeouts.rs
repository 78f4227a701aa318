//! How long a body may take: told apart from one that breaks off.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::web::{Bytes, Data};
use futures_util::{Stream, StreamExt, stream};
use tokio::time::Instant;

use crate::app::AppError;

/// How long bodies are waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BodyTimeouts {
    /// Longest silence.
    pub silence: Duration,
    /// Longest time from the first byte to the last.
    pub whole: Duration,
    /// Least bytes a second once the first `silence` has passed, so that a trickle holds no place.
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
    /// The server's.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        request.app_data::<Data<BodyTimeouts>>().map_or_else(BodyTimeouts::default, |body_timeouts| ***body_timeouts)
    }

    /// Enough for `count` bodies one after the other, as the parts of a form are.
    #[must_use]
    pub fn times(self, count: u32) -> Self {
        BodyTimeouts { whole: self.whole * count, ..self }
    }

    /// The same body, given up with [`AppError::BodyTooSlow`] when it is silent or slow for too long. What else ends
    /// it before its time is a connection that broke: [`AppError::BodyIncomplete`].
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
        // A form asks once more after its end.
        .fuse()
    }
}
