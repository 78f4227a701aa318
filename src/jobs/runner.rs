//! Claims due jobs, runs them, and records the result.

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt as _;
use tokio::sync::watch;

use super::{BACKOFF_MAX, CLAIM, Done, PLANS, Plan, backoff, plan, run};
use crate::app::metrics::JobOutcome;
use crate::app::{App, AppError, Result, notices};
use crate::domain::ids::JobId;
use crate::domain::job::{JobKind, JobLane};
use crate::domain::time::Timestamp;
use crate::store::jobs::{self, ClaimableKind, JobRow};
use crate::store::{Conn, StoreError};

/// Longest pause between two looks at the queue.
const PAUSE: Duration = Duration::from_secs(1);
/// Attempts to claim a job while one is due: another worker may be faster each time.
const CLAIM_TRIES: usize = 3;

/// A node's worker in one lane, or in all.
pub struct Runner {
    app: App,
    node: JobId,
    lanes: &'static [JobLane],
}

/// The result of one round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum RoundOutcome {
    Worked,
    /// Nothing to claim; look again after a pause.
    Idle,
}

impl Runner {
    /// A worker with its own name that runs due jobs of every lane, one at a time.
    #[must_use]
    pub fn new(app: App) -> Self {
        Self::of(app, JobLane::ALL)
    }

    /// The workers of a node: `workers` for jobs that people wait for, and one for each other lane, so that no lane
    /// waits for another; none at all when `workers` is 0.
    #[must_use]
    pub fn crew(app: &App, workers: usize) -> Vec<Self> {
        let lanes = if workers == 0 { &[] } else { JobLane::ALL };
        lanes
            .iter()
            .flat_map(|lane| {
                let count = match lane {
                    JobLane::People => workers,
                    JobLane::Messages
                    | JobLane::Long
                    | JobLane::Clock
                    | JobLane::Index
                    | JobLane::Upkeep
                    | JobLane::Sweep => 1,
                };
                (0..count).map(|_| Self::of(app.clone(), std::slice::from_ref(lane)))
            })
            .collect()
    }

    fn of(app: App, lanes: &'static [JobLane]) -> Self {
        let node = JobId(app.random.uuid());
        Runner { app, node, lanes }
    }

    /// Queues each repeating job of its lanes, unless it is queued already.
    pub async fn queue_recurring(&self) -> Result<()> {
        let (now, random, lanes) = (self.app.now(), self.app.random.clone(), self.lanes);
        self.store(move |conn| {
            let repeats = PLANS.iter().filter(|plan| plan.every.is_some() && lanes.contains(&plan.kind.lane()));
            for kind in repeats.map(|plan| plan.kind) {
                jobs::enqueue(conn, JobId(random.uuid()), kind.as_str(), Some(kind.as_str()), "", now, now)?;
            }
            Ok(())
        })
        .await
    }

    /// Works until told to stop, or until the sender is gone; a running job is finished first.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut queued = false;
        while !*stop.borrow() {
            let outcome = match self.queue_and_work(&mut queued).await {
                Ok(outcome) => outcome,
                Err(error) => {
                    tracing::warn!(%error, "the queue of work cannot be used");
                    RoundOutcome::Idle
                }
            };
            if outcome == RoundOutcome::Idle {
                tokio::select! {
                    told = stop.changed() => if told.is_err() { return },
                    () = tokio::time::sleep(PAUSE) => {}
                }
            }
        }
    }

    async fn queue_and_work(&self, queued: &mut bool) -> Result<RoundOutcome> {
        if !*queued {
            // Retried in the next round: another node may be doing the same right now.
            self.queue_recurring().await?;
            *queued = true;
        }
        for lane in self.lanes {
            if self.work_one(*lane).await? == RoundOutcome::Worked {
                return Ok(RoundOutcome::Worked);
            }
        }
        Ok(RoundOutcome::Idle)
    }

    /// Works until nothing is due; answers how many jobs ran, successfully or not. A job that fails is retried later,
    /// not reported here.
    pub async fn drain(&self) -> Result<usize> {
        let mut count = 0;
        loop {
            let before = count;
            for lane in self.lanes {
                while self.work_one(*lane).await? == RoundOutcome::Worked {
                    count += 1;
                }
            }
            if count == before {
                return Ok(count);
            }
        }
    }

    /// Claims and runs one job of a lane.
    async fn work_one(&self, lane: JobLane) -> Result<RoundOutcome> {
        match lane {
            JobLane::Messages => self.deliver().await,
            JobLane::People | JobLane::Long | JobLane::Clock | JobLane::Index | JobLane::Upkeep | JobLane::Sweep => {
                self.work_one_job(lane).await
            }
        }
    }

    /// Delivers messages that wait in the outbox.
    async fn deliver(&self) -> Result<RoundOutcome> {
        if !notices::is_waiting(&self.app).await? {
            return Ok(RoundOutcome::Idle);
        }
        let progress = notices::deliver(&self.app).await?;
        tracing::debug!(done = progress.done, more = progress.more, "messages delivered");
        Ok(RoundOutcome::Worked)
    }

    async fn work_one_job(&self, lane: JobLane) -> Result<RoundOutcome> {
        let now = self.app.now();
        let wanted: Vec<ClaimableKind> = lane.kinds().filter_map(plan).map(Plan::wanted).collect();
        for _ in 0..CLAIM_TRIES {
            let looked_for = wanted.clone();
            let is_due = move |conn: &mut Conn| Ok::<_, AppError>(jobs::is_due(conn, &looked_for, CLAIM, now)?);
            if !self.app.store.read(is_due).await? {
                break;
            }
            if let Some(job) = self.claim(wanted.clone(), now).await? {
                self.work_on(job).await?;
                return Ok(RoundOutcome::Worked);
            }
        }
        Ok(RoundOutcome::Idle)
    }

    async fn claim(&self, wanted: Vec<ClaimableKind>, now: Timestamp) -> Result<Option<JobRow>> {
        let node = self.node;
        self.store(move |conn| jobs::claim(conn, node, &wanted, CLAIM, now)).await
    }

    async fn work_on(&self, job: JobRow) -> Result<()> {
        let Some(plan) = JobKind::parse(&job.kind).and_then(plan) else {
            // A kind that this version does not know is never asked for, so never claimed: it waits for a version that
            // knows it.
            let error = AppError::Internal(format!("no such work: {}", job.kind));
            return self.put_back(job, BACKOFF_MAX, &error).await;
        };
        if plan.attempts_max.is_some_and(|most| job.attempts > most) {
            // Each attempt killed the process, so it was never counted as failed.
            let error = AppError::Internal("every try ended with the process".into());
            return self.set_aside(job, &error).await;
        }
        match attempt(&self.app, plan, &job.payload).await {
            Ok(done) => self.conclude(job, plan, done).await,
            Err(error) if plan.attempts_max.is_some_and(|most| job.attempts >= most) => {
                self.set_aside(job, &error).await
            }
            Err(error) => {
                let wait = backoff(job.attempts, plan.every);
                self.put_back(job, wait, &error).await
            }
        }
    }

    async fn conclude(&self, job: JobRow, plan: &Plan, Done { progress, payload }: Done) -> Result<()> {
        self.count(&job, JobOutcome::Done);
        tracing::debug!(job.kind = %job.kind, done = progress.done, more = progress.more, "work done");
        let wait = match plan.every {
            None if !progress.more => return self.store(move |conn| jobs::finish(conn, job.id)).await,
            Some(every) if !progress.more => every,
            // Its next part, behind others that are due.
            None | Some(_) => Duration::ZERO,
        };
        let at = self.app.now().plus(wait);
        self.store(move |conn| jobs::repeat(conn, job.id, at, &payload)).await
    }

    async fn put_back(&self, job: JobRow, wait: Duration, error: &AppError) -> Result<()> {
        self.count(&job, JobOutcome::Failed);
        tracing::warn!(job.kind = %job.kind, job.attempts, %error, "work failed and will be tried again");
        let (at, why) = (self.app.now().plus(wait), error.to_string());
        self.store(move |conn| jobs::retry(conn, job.id, at, &why)).await
    }

    async fn set_aside(&self, job: JobRow, error: &AppError) -> Result<()> {
        self.count(&job, JobOutcome::SetAside);
        tracing::error!(job.kind = %job.kind, job.attempts, %error, "work was set aside");
        let (now, why) = (self.app.now(), error.to_string());
        self.store(move |conn| jobs::set_aside(conn, job.id, now, &why)).await?;
        super::set_aside(&self.app, &job).await
    }

    fn count(&self, job: &JobRow, outcome: JobOutcome) {
        let kind = JobKind::parse(&job.kind).map_or("unknown", JobKind::as_str);
        self.app.metrics.job_ended(kind, outcome);
    }

    async fn store<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> std::result::Result<T, StoreError> + Send + 'static,
    ) -> Result<T> {
        self.app.store.write(move |conn| Ok::<_, AppError>(work(conn)?)).await
    }
}

/// One attempt, with a timeout and protected against panics.
async fn attempt(app: &App, plan: &Plan, payload: &str) -> Result<Done> {
    let work = AssertUnwindSafe(run(app, plan.kind, payload)).catch_unwind();
    match tokio::time::timeout(plan.timeout, work).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(AppError::Internal("panicked".into())),
        Err(_) => Err(AppError::Internal(format!("not done within {} s", plan.timeout.as_secs()))),
    }
}
