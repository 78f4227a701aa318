//! The service's log: to standard error, as text or as JSON, without personal data.
//!
//! Logging never harms what is logged about (ADR 0020): whoever logs hands a line to a bounded queue and goes on.
//! A line that finds no room in it, or that standard error does not take, is lost and counted; the same line over
//! and over is written once a minute, with how often it came.

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

/// What the log says of itself, and of panics, is said under this name.
const OWN_TARGET: &str = "anfang::log";

/// Lines that were lost since the start.
static LOST: AtomicU64 = AtomicU64::new(0);
/// Lines that were left out as repetitions since the start.
static LEFT_OUT: AtomicU64 = AtomicU64::new(0);

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// What became of lines that were not written, since the start of the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogFigures {
    /// Lines that standard error did not take, or that came faster than it takes them.
    pub lost: u64,
    /// Lines that were counted instead of written, because the same had been written within the minute.
    pub left_out: u64,
}

/// What became of lines that were not written.
#[must_use]
pub fn figures() -> LogFigures {
    LogFigures { lost: LOST.load(Ordering::Relaxed), left_out: LEFT_OUT.load(Ordering::Relaxed) }
}

/// Starts logging what `filter` lets through (`info`, `anfang=debug,warn`, …), panics included.
///
/// # Errors
/// A sentence when the filter makes no sense, or the machine gives no thread.
pub fn start(filter: &str, format: LogFormat) -> Result<(), String> {
    let filter = EnvFilter::try_new(filter).map_err(|error| format!("--log: {error}"))?;
    let repeats = Arc::<Repeats>::default();
    let lines = sink::start(std::io::stderr(), Arc::clone(&repeats)).map_err(|error| format!("the log: {error}"))?;
    // What the subscriber itself would complain of goes to `eprintln!`, which panics where nobody reads it.
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

/// Writes out what is waiting; `false` when standard error does not take it in time. For the end of the process.
pub fn finish() -> bool {
    sink::flush()
}

/// A panic as a line of the log: the standard hook waits for whoever reads standard error. A message that was put
/// together may hold what a person wrote, and is left out.
fn note_panic(panic: &PanicHookInfo<'_>) {
    let at = panic.location().map(ToString::to_string).unwrap_or_default();
    let thread = std::thread::current().name().unwrap_or_default().to_owned();
    let words = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or_default();
    tracing::error!(target: OWN_TARGET, at, thread, words, "panicked");
}
