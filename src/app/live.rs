//! Open pages learn within seconds that something they show has changed (ADR 0031).
//!
//! A page asks with the number it last got, and is answered when the number differs, or when it has waited long enough.
//! However many ask, a node reads the numbers from the database at most once a second.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::{App, AppError, Caller, Result};
use crate::admission::{Gate, LIVE_WAITS};
use crate::domain::live::Topic;
use crate::store::changes;

/// Longest time that a request waits for a change. Source: our choice, well below the 60 s after which common proxies
/// give up on an answer.
pub const WAIT_MAX: Duration = Duration::from_secs(25);
/// How often the counts are read while requests wait. Source: our choice; with the outbox's pause of a second, a change
/// is on screen within about three seconds.
const PAUSE: Duration = Duration::from_secs(1);
/// How long counts are used that were read before: a little longer than it takes until they are read again.
const FRESH: Duration = Duration::from_secs(2);

/// The counts of changes, and the requests that wait for them to grow. Clones share it.
#[derive(Debug, Clone)]
pub struct Live {
    board: Arc<Mutex<Board>>,
    /// One caller reads the counts; others who come at the same time wait for it.
    reading: Arc<tokio::sync::Mutex<()>>,
    places: Gate,
    closing: watch::Sender<bool>,
}

#[derive(Debug, Default)]
struct Board {
    latest: Option<Read>,
    /// For each topic that somebody waits for, the last known count.
    waited: HashMap<String, watch::Sender<i64>>,
    /// Alive while a task reads the counts again and again.
    watcher: Weak<()>,
}

/// Counts, and when they were read.
#[derive(Debug)]
struct Read {
    at: Instant,
    counts: HashMap<String, i64>,
}

impl Default for Live {
    fn default() -> Self {
        Live {
            board: Arc::default(),
            reading: Arc::default(),
            places: Gate::new(LIVE_WAITS),
            closing: watch::Sender::new(false),
        }
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

    fn with_board<T>(&self, work: impl FnOnce(&mut Board) -> T) -> T {
        work(&mut self.board.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The count of a topic, read a moment ago at most.
    async fn count(&self, app: &App, key: &str) -> Result<i64> {
        let known = || self.with_board(|board| board.known(key));
        if let Some(count) = known() {
            return Ok(count);
        }
        let _turn = self.reading.lock().await;
        if let Some(count) = known() {
            return Ok(count);
        }
        self.read(app).await?;
        Ok(known().unwrap_or(0))
    }

    /// Reads the counts, and wakes the requests that wait for those that have grown.
    async fn read(&self, app: &App) -> Result<()> {
        let at = Instant::now();
        let counts = all(app).await?;
        self.with_board(|board| board.note(Read { at, counts }));
        Ok(())
    }

    /// Tells of a topic's count from now on. The counts are read as long as somebody waits.
    fn wait(&self, app: &App, key: &str) -> watch::Receiver<i64> {
        let (receiver, watcher) = self.with_board(|board| {
            let now = board.latest.as_ref().map_or(0, |read| read.count(key));
            let sender = board.waited.entry(key.to_owned()).or_insert_with(|| watch::Sender::new(now));
            (sender.subscribe(), board.new_watcher())
        });
        if let Some(watcher) = watcher {
            tokio::spawn(watch_counts(app.clone(), watcher));
        }
        receiver
    }
}

impl Board {
    fn known(&self, key: &str) -> Option<i64> {
        self.latest.as_ref().filter(|read| read.at.elapsed() < FRESH).map(|read| read.count(key))
    }

    fn note(&mut self, read: Read) {
        if self.latest.as_ref().is_some_and(|latest| latest.at > read.at) {
            return;
        }
        for (key, sender) in &self.waited {
            let now = read.count(key);
            sender.send_if_modified(|count| std::mem::replace(count, now) != now);
        }
        self.latest = Some(read);
    }

    /// What the task holds that shall read the counts; `None` while there is one.
    fn new_watcher(&mut self) -> Option<Arc<()>> {
        if self.watcher.strong_count() > 0 {
            return None;
        }
        let watcher = Arc::new(());
        self.watcher = Arc::downgrade(&watcher);
        Some(watcher)
    }

    /// Whether anybody waits. If not, the task that reads the counts ends, and the next request that waits starts
    /// another.
    fn is_waited_for(&mut self) -> bool {
        self.waited.retain(|_, sender| sender.receiver_count() > 0);
        if self.waited.is_empty() {
            self.watcher = Weak::new();
        }
        !self.waited.is_empty()
    }
}

impl Read {
    fn count(&self, key: &str) -> i64 {
        self.counts.get(key).copied().unwrap_or(0)
    }
}

/// Reads the counts every second until nobody waits, or the server stops. However it ends, `watcher` ends with it.
async fn watch_counts(app: App, watcher: Arc<()>) {
    let mut closing = app.live.closing.subscribe();
    loop {
        tokio::select! {
            () = sleep(PAUSE) => {}
            _ = closing.wait_for(|closing| *closing) => break,
        }
        if !app.live.with_board(Board::is_waited_for) {
            break;
        }
        // A request that arrives while the database fails gets the error; requests that wait try again.
        let _ = app.live.read(&app).await;
    }
    drop(watcher);
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
    let now = app.live.count(app, &key).await?;
    if seen != Some(now) {
        return Ok(now);
    }
    let Ok(_place) = app.live.places.enter(caller.who()).await else { return Ok(now) };
    let mut counts = app.live.wait(app, &key);
    let mut closing = app.live.closing.subscribe();
    let grown = async {
        tokio::select! {
            count = counts.wait_for(|count| *count != now) => count.map_or(now, |count| *count),
            _ = closing.wait_for(|closing| *closing) => now,
        }
    };
    Ok(timeout(wait.min(WAIT_MAX), grown).await.unwrap_or(now))
}
