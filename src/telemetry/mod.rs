//! The log: written to standard error, as text or as JSON, without personal data.
//!
//! Logging never disturbs what it logs (ADR 0020): a line is put into a bounded queue and the caller goes on. A line is
//! lost, and counted, if the queue is full or standard error does not accept it. A line that repeats is written once a
//! minute, with the number of repetitions.

mod repeats;
mod sink;

use std::panic::PanicHookInfo;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::registry::LookupSpan;

use repeats::{OnceAMinute, Repeats};

/// Target of what the log says about itself, and of panics.
const OWN_TARGET: &str = "anfang::log";

/// Lines that were lost since the start.
static LOST: AtomicU64 = AtomicU64::new(0);
/// Lines that were left out as repetitions since the start.
static LEFT_OUT: AtomicU64 = AtomicU64::new(0);

/// The format of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Totals of lines that were not written, since the start of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogFigures {
    /// Lines that standard error did not accept, or that came faster than it accepts them.
    pub lost: u64,
    /// Lines that were counted instead of written, because the same line had been written within the minute.
    pub left_out: u64,
}

/// Totals of lines that were not written.
#[must_use]
pub fn figures() -> LogFigures {
    LogFigures { lost: LOST.load(Ordering::Relaxed), left_out: LEFT_OUT.load(Ordering::Relaxed) }
}

/// Starts logging what `filter` selects (`info`, `anfang=debug,warn`, …), including panics.
///
/// # Errors
/// A sentence when the filter is invalid, or no thread can be started.
pub fn start(filter: &str, format: LogFormat) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter).map_err(|error| format!("--log: {error}"))?;
    let repeats = Arc::<Repeats>::default();
    let lines = sink::start(std::io::stderr(), Arc::clone(&repeats)).map_err(|error| format!("the log: {error}"))?;
    // The subscriber reports its own faults with `eprintln!`, which panics when standard error is closed.
    let logger =
        tracing_subscriber::fmt().with_env_filter(filter).log_internal_errors(false).with_writer(move || lines.clone());
    match format {
        LogFormat::Text => install(logger.finish(), repeats)?,
        LogFormat::Json => install(logger.json().finish(), repeats)?,
    }
    std::panic::set_hook(Box::new(note_panic));
    Ok(())
}

fn install<S>(logger: S, repeats: Arc<Repeats>) -> Result<(), String>
where
    S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
{
    tracing::subscriber::set_global_default(logger.with(OnceAMinute(repeats))).map_err(|error| error.to_string())
}

/// Writes out the waiting lines; `false` when standard error does not accept them in time. For the end of the process.
pub fn finish() -> bool {
    sink::flush()
}

/// Logs a panic as a line. The standard hook would block on standard error. A formatted message may contain what a
/// person wrote, and is left out.
fn note_panic(panic: &PanicHookInfo<'_>) {
    let at = panic.location().map(ToString::to_string).unwrap_or_default();
    let thread = std::thread::current().name().unwrap_or_default().to_owned();
    let words = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or_default();
    tracing::error!(target: OWN_TARGET, at, thread, words, "panicked");
}
