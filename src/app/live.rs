//! Open pages learn within seconds that something they show has changed (ADR 0031).
//!
//! A page asks with the number it last got, and is answered when the number differs, or when it has waited long enough.
//! However many ask, a node reads the numbers from the database at most once a second.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, watch};
use tokio::time::{sleep, timeout};

use super::{App, AppError, Caller, Result};
use crate::admission::{Gate, LIVE_WAITS};
use crate::domain::live::Topic;
use crate::store::changes;

/// Longest time that a request waits for a change. Source: our choice, well below the 60 s after which common proxies
/// give up on an answer.
pub const WAIT_MAX: Duration = Duration::from_secs(25);
/// How long the counts that were read last are used. Source: our choice; with the outbox's pause of a second, a change
/// is on screen within about three seconds.
const FRESH: Duration = Duration::from_secs(1);

/// The counts of changes, and the requests that wait for them to grow. Clones share it.
#[derive(Debug, Clone)]
pub struct Live {
    latest: Arc<Mutex<Option<Read>>>,
    places: Gate,
    closing: watch::Sender<bool>,
}

/// Counts, and when they were read.
#[derive(Debug, Clone)]
struct Read {
    at: Instant,
    counts: Arc<HashMap<String, i64>>,
}

impl Default for Live {
    fn default() -> Self {
        Live { latest: Arc::default(), places: Gate::new(LIVE_WAITS), closing: watch::Sender::new(false) }
    }
}

impl Live {
    /// Answers every request that waits, and lets none wait from now on: the server is about to stop.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// How many requests wait for a change now.
    #[must_use]
    pub fn open_waits(&self) -> usize {
        self.places.figures().held
    }

    /// The places of the requests that wait.
    pub(super) fn places(&self) -> &Gate {
        &self.places
    }

    /// The counts, read a moment ago at most.
    async fn counts(&self, app: &App) -> Result<Arc<HashMap<String, i64>>> {
        let mut latest = self.latest.lock().await;
        if let Some(read) = latest.as_ref().filter(|read| read.at.elapsed() < FRESH) {
            return Ok(Arc::clone(&read.counts));
        }
        let at = Instant::now();
        let counts = Arc::new(all(app).await?);
        *latest = Some(Read { at, counts: Arc::clone(&counts) });
        Ok(counts)
    }
}

async fn all(app: &App) -> Result<HashMap<String, i64>> {
    app.store.read(|conn| Ok(changes::all(conn)?.into_iter().collect())).await
}

/// The number of changes that the caller could see, once it is another than `seen`; the same number after `wait`, at
/// once while too many wait, and when the server stops.
///
/// # Errors
/// [`AppError::Forbidden`] for a role that reads no issues, [`AppError::Busy`] and [`AppError::Unavailable`] of the
/// database.
pub async fn changes(app: &App, caller: &Caller, seen: Option<i64>, wait: Duration) -> Result<i64> {
    let key = Topic::of(&caller.actor).ok_or(AppError::Forbidden)?.key();
    if wait.is_zero() {
        return Ok(all(app).await?.get(&key).copied().unwrap_or(0));
    }
    let count = async || Ok::<i64, AppError>(app.live.counts(app).await?.get(&key).copied().unwrap_or(0));
    let now = count().await?;
    if seen != Some(now) {
        return Ok(now);
    }
    let Ok(_place) = app.live.places.enter(caller.who()).await else { return Ok(now) };
    let mut closing = app.live.closing.subscribe();
    let grown = async {
        loop {
            tokio::select! {
                () = sleep(FRESH) => {}
                _ = closing.wait_for(|closing| *closing) => return Ok(now),
            }
            let count = count().await?;
            if count != now {
                return Ok(count);
            }
        }
    };
    timeout(wait.min(WAIT_MAX), grown).await.unwrap_or(Ok(now))
}
