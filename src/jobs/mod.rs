//! Background work: rows that are claimed by one node at a time, tried again when they
//! fail, and set aside for a person when they keep failing (ADR 0006).

mod runner;

pub use runner::Runner;

use std::time::Duration;

use crate::app::{App, AppError, Result, photos, sessions, upkeep};
use crate::domain::digest::Digest;
use crate::domain::job::JobKind;

/// How a kind of work is run.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Which kind.
    pub kind: JobKind,
    /// How often; on demand only when `None`.
    pub every: Option<Duration>,
    /// Tries before it is set aside.
    pub attempts_max: i32,
}

const fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

/// Every kind of work. Source: our choice; each repeats often enough that being late by one
/// turn does not matter.
pub const PLANS: &[Plan] = &[
    Plan { kind: JobKind::Render, every: None, attempts_max: 8 },
    Plan { kind: JobKind::LapseSignIns, every: Some(minutes(1)), attempts_max: i32::MAX },
    Plan { kind: JobKind::Archive, every: Some(minutes(60)), attempts_max: i32::MAX },
    Plan { kind: JobKind::SweepOrphans, every: Some(minutes(60)), attempts_max: i32::MAX },
    Plan { kind: JobKind::Scrub, every: Some(minutes(10)), attempts_max: i32::MAX },
    Plan { kind: JobKind::EndSessions, every: Some(minutes(60)), attempts_max: i32::MAX },
];

/// The plan of a kind.
fn plan(kind: JobKind) -> Option<&'static Plan> {
    PLANS.iter().find(|plan| plan.kind == kind)
}

/// Does the work. Doing it twice does no harm.
async fn run(app: &App, kind: JobKind, payload: &str) -> Result<()> {
    match kind {
        JobKind::Render => {
            let digest = Digest::parse_hex(payload).ok_or_else(|| AppError::Internal(format!("no digest: {payload}")))?;
            match photos::render(app, digest).await {
                // Nothing to draw, or swept in the meantime: done.
                Err(AppError::NoPreview | AppError::NotFound) => Ok(()),
                other => other,
            }
        }
        JobKind::SweepOrphans => upkeep::sweep_orphans(app).await.map(drop),
        JobKind::Scrub => upkeep::scrub(app).await.map(drop),
        JobKind::LapseSignIns => upkeep::lapse_sign_ins(app).await.map(drop),
        JobKind::Archive => upkeep::archive(app).await.map(drop),
        JobKind::EndSessions => sessions::forget_ended(app).await.map(drop),
    }
}
