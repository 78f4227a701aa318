//! Reduces repeated lines to one line and a count.
//!
//! Only warnings and errors are reduced: less severe lines are enabled on purpose to be seen one by one.

use std::collections::HashMap;
use std::fmt::{self, Write as _};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use super::{LEFT_OUT, OWN_TARGET};

/// How long a line stands for its repetitions.
const WINDOW: Duration = Duration::from_secs(60);
/// Different lines of one place in the source within that time; more are only counted, so that a text that differs each
/// time does not flood the log. Source: our choice.
const TEXTS_MAX: usize = 10;
/// Characters that are compared, and repeated in the summary. Source: our choice.
const TEXT_CHARS_MAX: usize = 400;
/// Fields that differ for each request and do not distinguish faults.
const ASIDE: [&str; 2] = ["request_id", "request.id"];

/// Lines within their minute, by the name of their place in the source.
#[derive(Debug, Default)]
pub(super) struct Repeats(Mutex<HashMap<&'static str, CallSite>>);

/// Recent lines of one place in the source.
#[derive(Debug, Default)]
struct CallSite {
    texts: HashMap<String, RecentLine>,
    /// All lines beyond the limit.
    others: Option<RecentLine>,
}

#[derive(Debug)]
struct RecentLine {
    since: Instant,
    level: Level,
    left_out: u64,
}

/// A summary of suppressed lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Summary {
    pub(super) level: Level,
    /// Their text.
    pub(super) about: String,
    pub(super) times: u64,
}

impl Repeats {
    /// Whether a line is to be written now.
    fn admits(&self, place: &'static str, level: Level, text: String, now: Instant) -> bool {
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = places.entry(place).or_default();
        if let Some(seen) = place.texts.get_mut(&text) {
            seen.left_out += 1;
            return false;
        }
        let fresh = RecentLine { since: now, level, left_out: 0 };
        if place.texts.len() < TEXTS_MAX {
            place.texts.insert(text, fresh);
            return true;
        }
        place.others.get_or_insert(fresh).left_out += 1;
        false
    }

    /// Summaries of the minutes that have ended. A line that was repeated is kept for another minute, others are
    /// forgotten.
    pub(super) fn due(&self, now: Instant) -> Vec<Summary> {
        let mut told = Vec::new();
        let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        places.retain(|_, place| {
            place.texts.retain(|text, seen| seen.stays(now, || text.clone(), &mut told));
            let stays = place.others.as_mut().is_some_and(|seen| seen.stays(now, || "various".to_owned(), &mut told));
            if !stays {
                place.others = None;
            }
            !place.texts.is_empty() || stays
        });
        told
    }
}

impl RecentLine {
    fn stays(&mut self, now: Instant, about: impl FnOnce() -> String, told: &mut Vec<Summary>) -> bool {
        if now.saturating_duration_since(self.since) < WINDOW {
            return true;
        }
        let times = std::mem::take(&mut self.left_out);
        self.since = now;
        if times > 0 {
            told.push(Summary { level: self.level, about: about(), times });
        }
        times > 0
    }
}

/// Suppresses lines that were written within the minute.
pub(super) struct OnceAMinute(pub(super) Arc<Repeats>);

impl<S: Subscriber> Layer<S> for OnceAMinute {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let about = event.metadata();
        if *about.level() > Level::WARN || about.target() == OWN_TARGET {
            return true;
        }
        let mut text = Text(String::new());
        event.record(&mut text);
        let text: String = text.0.chars().take(TEXT_CHARS_MAX).collect();
        let admitted = self.0.admits(about.name(), *about.level(), text, Instant::now());
        LEFT_OUT.fetch_add(u64::from(!admitted), Ordering::Relaxed);
        admitted
    }
}

/// The fields of a line as one text.
struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if ASIDE.contains(&field.name()) {
            return;
        }
        let between = if self.0.is_empty() { "" } else { " " };
        // Writing to a text does not fail.
        let _ = match field.name() {
            "message" => write!(self.0, "{between}{value:?}"),
            name => write!(self.0, "{between}{name}={value:?}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_written_once_a_minute_with_how_often_it_came() {
        let (repeats, start) = (Repeats::default(), Instant::now());
        let say = |text: &str, at: u64| {
            repeats.admits("place", Level::ERROR, text.to_owned(), start + Duration::from_secs(at))
        };
        let due = |at: u64| repeats.due(start + Duration::from_secs(at));
        let again = |times| vec![Summary { level: Level::ERROR, about: "full".to_owned(), times }];
        assert!(say("full", 0));
        assert!((1..=500).all(|_| !say("full", 30)));
        assert!(say("other", 31), "another trouble is told at once");
        assert_eq!(due(59), []);
        assert_eq!(due(60), again(500));
        assert!(!say("full", 61), "it goes on: one line a minute");
        assert_eq!(due(120), again(1));
        assert_eq!(due(180), [], "it ended");
        assert!(say("full", 181), "and begins anew");
    }

    #[test]
    fn a_text_that_is_another_each_time_does_not_flood() {
        let (repeats, now) = (Repeats::default(), Instant::now());
        let told = (0..1_000).filter(|n| repeats.admits("place", Level::WARN, n.to_string(), now)).count();
        assert_eq!(told, TEXTS_MAX);
        let summary = Summary { level: Level::WARN, about: "various".to_owned(), times: 1_000 - TEXTS_MAX as u64 };
        assert_eq!(repeats.due(now + WINDOW), [summary]);
        assert_eq!(repeats.due(now + WINDOW * 2), []);
        assert!(repeats.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty(), "nothing is remembered for ever");
    }
}
