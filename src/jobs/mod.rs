//! Background jobs: rows that one node at a time claims, that are retried when they fail, and set aside for a person
//! when they keep failing (ADR 0006).

mod runner;

pub use runner::Runner;

use std::time::Duration;

use crate::admission::Who;
use crate::app::follow_up::{give, look, samples};
use crate::app::upkeep::Progress;
use crate::app::{App, AppError, Result, audit, long_jobs, months, notices, photos, repeats, sessions, upkeep};
use crate::domain::digest::Digest;
use crate::domain::ids::{self, LongJobId};
use crate::domain::job::JobKind;
use crate::store::jobs::{ClaimableKind, JobRow};

/// How long a claim lasts: longer than any job takes, so that only a dead node loses one.
pub const CLAIM: Duration = Duration::from_secs(300);
/// Longest wait before a failed job is retried.
pub const BACKOFF_MAX: Duration = Duration::from_secs(3_600);

/// Files that one run of the sweep checks. Source: as many as S3 lists in one answer; ten million take about thirty
/// thousand runs, some hours by our calculation; not measured.
const FILES_AT_ONCE: usize = 1_000;

/// How a kind of job is run.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// The kind.
    pub kind: JobKind,
    /// Its interval; `None` if it only runs on demand.
    pub every: Option<Duration>,
    /// Attempts before it is set aside; `None` for repeating jobs, which are never given up.
    pub attempts_max: Option<i32>,
    /// How long one attempt may take; less than a claim lasts.
    pub timeout: Duration,
}

impl Plan {
    /// The longest delay of this kind: until its next run, or until it is retried.
    #[must_use]
    pub fn put_off_max(&self) -> Duration {
        self.every.unwrap_or(BACKOFF_MAX)
    }

    fn wanted(&self) -> ClaimableKind {
        ClaimableKind { kind: self.kind.as_str(), put_off_max: self.put_off_max() }
    }
}

const fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

/// Every kind of job. Source: our choice; each repeats often enough that missing one run does not matter.
pub const PLANS: &[Plan] = &[
    Plan { kind: JobKind::Render, every: None, attempts_max: Some(8), timeout: minutes(2) },
    Plan { kind: JobKind::WorkLong, every: None, attempts_max: Some(8), timeout: minutes(4) },
    Plan { kind: JobKind::LapseSignIns, every: Some(minutes(1)), attempts_max: None, timeout: minutes(4) },
    Plan { kind: JobKind::EndPlans, every: Some(minutes(10)), attempts_max: None, timeout: minutes(4) },
    Plan { kind: JobKind::TellDueSoon, every: Some(minutes(5)), attempts_max: None, timeout: minutes(4) },
    Plan { kind: JobKind::Archive, every: Some(minutes(60)), attempts_max: None, timeout: minutes(4) },
    Plan { kind: JobKind::LookForCards, every: Some(minutes(5)), attempts_max: None, timeout: minutes(4) },
    Plan { kind: JobKind::DrawStaged, every: Some(minutes(30)), attempts_max: None, timeout: minutes(4) },
    Plan { kind: JobKind::GiveLookBacks, every: Some(minutes(5)), attempts_max: None, timeout: minutes(4) },
    Plan { kind: JobKind::DrawRepeats, every: Some(minutes(30)), attempts_max: None, timeout: minutes(4) },
    Plan { kind: JobKind::FreezeMonths, every: Some(minutes(10)), attempts_max: None, timeout: minutes(4) },
    Plan { kind: JobKind::SweepOrphans, every: Some(minutes(60)), attempts_max: None, timeout: minutes(4) },
    Plan { kind: JobKind::SweepFiles, every: Some(minutes(24 * 60)), attempts_max: None, timeout: minutes(4) },
    Plan { kind: JobKind::Scrub, every: Some(minutes(10)), attempts_max: None, timeout: minutes(4) },
    Plan { kind: JobKind::IndexFingerprints, every: Some(minutes(10)), attempts_max: None, timeout: minutes(4) },
    Plan { kind: JobKind::IndexIssues, every: Some(Duration::from_secs(15)), attempts_max: None, timeout: minutes(4) },
    Plan { kind: JobKind::EndSessions, every: Some(minutes(60)), attempts_max: None, timeout: minutes(4) },
];

/// The plan of a kind.
fn plan(kind: JobKind) -> Option<&'static Plan> {
    PLANS.iter().find(|plan| plan.kind == kind)
}

/// The wait after the `attempts`-th attempt failed: one second, then four times as long each time; never longer than
/// until the next run.
#[must_use]
pub fn backoff(attempts: i32, every: Option<Duration>) -> Duration {
    let failed = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0);
    let wait = Duration::from_secs(4_u64.saturating_pow(failed)).min(BACKOFF_MAX);
    every.map_or(wait, |every| wait.min(every))
}

/// Tells those who wait for work that it was set aside.
async fn set_aside(app: &App, job: &JobRow) -> Result<()> {
    match JobKind::parse(&job.kind) {
        Some(JobKind::WorkLong) => match ids::read(&job.payload) {
            Some(id) => long_jobs::give_up(app, LongJobId(id)).await,
            None => Ok(()),
        },
        Some(
            JobKind::Render
            | JobKind::SweepOrphans
            | JobKind::SweepFiles
            | JobKind::Scrub
            | JobKind::IndexIssues
            | JobKind::IndexFingerprints
            | JobKind::LapseSignIns
            | JobKind::EndPlans
            | JobKind::TellDueSoon
            | JobKind::Archive
            | JobKind::LookForCards
            | JobKind::DrawStaged
            | JobKind::GiveLookBacks
            | JobKind::DrawRepeats
            | JobKind::FreezeMonths
            | JobKind::EndSessions,
        )
        | None => Ok(()),
    }
}

/// The result of an attempt.
struct Done {
    progress: Progress,
    /// The argument of the next run of a repeating job.
    payload: String,
}

/// Does the work. It is idempotent.
async fn run(app: &App, kind: JobKind, payload: &str) -> Result<Done> {
    let progress = match kind {
        JobKind::Render => render(app, payload).await,
        JobKind::WorkLong => {
            let progress = work_long(app, payload).await?;
            return Ok(Done { progress, payload: payload.to_owned() });
        }
        JobKind::SweepOrphans => upkeep::sweep_orphans(app).await,
        JobKind::SweepFiles => {
            let (progress, payload) = upkeep::sweep_files(app, payload, FILES_AT_ONCE).await?;
            return Ok(Done { progress, payload });
        }
        JobKind::Scrub => upkeep::scrub(app).await,
        JobKind::IndexIssues => upkeep::index_issues(app).await,
        JobKind::IndexFingerprints => upkeep::index_fingerprints(app).await,
        JobKind::LapseSignIns => upkeep::lapse_sign_ins(app).await,
        JobKind::EndPlans => upkeep::end_plans(app).await,
        JobKind::TellDueSoon => notices::tell_due_soon(app).await,
        JobKind::Archive => upkeep::archive(app).await,
        JobKind::LookForCards => look::look_for_cards(app).await,
        JobKind::DrawStaged => samples::draw_staged(app).await,
        JobKind::GiveLookBacks => give::give_look_backs(app).await,
        JobKind::DrawRepeats => repeats::draw_repeats(app).await,
        JobKind::FreezeMonths => months::freeze_due(app).await,
        JobKind::EndSessions => end_sessions(app).await,
    };
    Ok(Done { progress: progress?, payload: String::new() })
}

/// Deletes ended sessions, and refusals, notices and long jobs past their retention time.
async fn end_sessions(app: &App) -> Result<Progress> {
    let (ended, denials) = (sessions::forget_ended(app).await?, audit::forget_old_denials(app).await?);
    let (notices, long_jobs) = (notices::forget_old(app).await?, long_jobs::forget_expired(app).await?);
    Ok(Progress {
        done: ended.done + denials.done + notices.done + long_jobs.done,
        more: ended.more || denials.more || notices.more || long_jobs.more,
    })
}

async fn work_long(app: &App, payload: &str) -> Result<Progress> {
    let id = payload.parse().map_err(|_| AppError::Internal(format!("no long job: {payload}")))?;
    long_jobs::work(app, LongJobId(id)).await
}

async fn render(app: &App, payload: &str) -> Result<Progress> {
    let digest = Digest::parse_hex(payload).ok_or_else(|| AppError::Internal(format!("no digest: {payload}")))?;
    match photos::render(app, Who::Service, digest).await {
        Ok(()) => Ok(Progress { done: 1, more: false }),
        // Nothing to render, or swept in the meantime: done.
        Err(AppError::NoPreview | AppError::NotFound) => Ok(Progress::default()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_one_plan_that_ends_before_its_claim() {
        for kind in JobKind::ALL {
            assert_eq!(PLANS.iter().filter(|plan| plan.kind == *kind).count(), 1, "{kind}");
        }
        for plan in PLANS {
            assert!(plan.timeout < CLAIM, "{}", plan.kind);
            assert!(plan.put_off_max() >= backoff(i32::MAX, plan.every), "{}", plan.kind);
            assert_eq!(plan.every.is_some(), plan.attempts_max.is_none(), "{}", plan.kind);
        }
    }

    #[test]
    fn waits_grow_fourfold_up_to_an_hour_or_the_next_turn() {
        let waits: Vec<u64> = (1..=8).map(|attempts| backoff(attempts, None).as_secs()).collect();
        assert_eq!(waits, [1, 4, 16, 64, 256, 1_024, 3_600, 3_600]);
        assert_eq!(backoff(i32::MAX, None), BACKOFF_MAX);
        assert_eq!(backoff(9, Some(minutes(1))), minutes(1));
    }
}
