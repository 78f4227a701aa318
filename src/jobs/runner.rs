//! Claims what is due, runs it, and says how it went.

use std::time::Duration;

use tokio::sync::watch;

use super::{PLANS, plan, run};
use crate::app::{App, AppError, Result};
use crate::domain::ids::JobId;
use crate::domain::job::JobKind;
use crate::domain::time::Timestamp;
use crate::store::jobs::{self, JobRow};

/// How long a claim holds: longer than any work takes, so that only a dead node loses one.
const CLAIM: Duration = Duration::from_secs(300);
/// Longest pause between two looks at the queue.
const PAUSE: Duration = Duration::from_secs(1);
/// Longest wait before work that failed is tried again.
const BACKOFF_MAX: Duration = Duration::from_secs(3_600);

/// A node's worker.
pub struct Runner {
    app: App,
    node: JobId,
}

impl Runner {
    /// A worker with a name of its own.
    #[must_use]
    pub fn new(app: App) -> Self {
        let node = JobId(app.random.uuid());
        Runner { app, node }
    }

    /// Queues each kind of work that repeats, unless it is queued.
    ///
    /// # Errors
    /// The store's.
    pub async fn queue_recurring(&self) -> Result<()> {
        let (now, random) = (self.app.now(), self.app.random.clone());
        self.app
            .store
            .write(move |conn| {
                for kind in PLANS.iter().filter(|plan| plan.every.is_some()).map(|plan| plan.kind) {
                    let (id, name) = (JobId(random.uuid()), kind.as_str());
                    jobs::enqueue(conn, id, name, Some(name), "", now, now)?;
                }
                Ok::<_, AppError>(())
            })
            .await
    }

    /// Works until told to stop; what is under way then is finished first.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        if let Err(error) = self.queue_recurring().await {
            tracing::error!(%error, "recurring work was not queued");
        }
        while !*stop.borrow() {
            let worked = self.work_one().await.unwrap_or_else(|error| {
                tracing::warn!(%error, "the queue of work cannot be read");
                false
            });
            if !worked {
                tokio::select! {
                    _ = stop.changed() => {}
                    () = tokio::time::sleep(PAUSE) => {}
                }
            }
        }
    }

    /// Works until nothing is due.
    ///
    /// # Errors
    /// The store's; work that fails is put back, not answered.
    pub async fn drain(&self) -> Result<usize> {
        let mut count = 0;
        while self.work_one().await? {
            count += 1;
        }
        Ok(count)
    }

    /// Claims and does one piece of work; `false` when nothing is due.
    async fn work_one(&self) -> Result<bool> {
        let (now, node) = (self.app.now(), self.node);
        let next = self.app.store.read(|conn| Ok::<_, AppError>(jobs::next_run_at(conn)?)).await?;
        if next.is_none_or(|next| next > now) {
            return Ok(false);
        }
        let claimed =
            self.app.store.write(move |conn| Ok::<_, AppError>(jobs::claim(conn, node, now, now.plus(CLAIM))?)).await?;
        let Some(job) = claimed else { return Ok(false) };
        let outcome = match JobKind::parse(&job.kind) {
            Some(kind) => run(&self.app, kind, &job.payload).await,
            None => Err(AppError::Internal(format!("no such work: {}", job.kind))),
        };
        self.conclude(job, outcome).await?;
        Ok(true)
    }

    async fn conclude(&self, job: JobRow, outcome: Result<()>) -> Result<()> {
        let now = self.app.now();
        let plan = JobKind::parse(&job.kind).and_then(plan);
        let every = plan.and_then(|plan| plan.every);
        let attempts_max = plan.map_or(1, |plan| plan.attempts_max);
        let id = job.id;
        match outcome {
            Ok(()) => match every {
                None => self.store(move |conn| jobs::finish(conn, id)).await,
                Some(every) => self.store(move |conn| jobs::repeat(conn, id, now.plus(every))).await,
            },
            Err(error) if job.attempts >= attempts_max => {
                tracing::error!(job.kind = %job.kind, %error, "work was set aside");
                self.store(move |conn| jobs::set_aside(conn, id, now, &error.to_string())).await
            }
            Err(error) => {
                tracing::warn!(job.kind = %job.kind, %error, "work failed and will be tried again");
                let at = now.plus(backoff(job.attempts));
                self.store(move |conn| jobs::retry(conn, id, at, &error.to_string())).await
            }
        }
    }

    async fn store(
        &self,
        work: impl FnOnce(&mut crate::store::Conn) -> std::result::Result<(), crate::store::StoreError> + Send + 'static,
    ) -> Result<()> {
        self.app.store.write(move |conn| Ok::<_, AppError>(work(conn)?)).await
    }

    /// Work that was set aside, for the office to see: kind, error, since when.
    ///
    /// # Errors
    /// The store's.
    pub async fn stuck(&self) -> Result<Vec<(String, Option<String>, Option<Timestamp>)>> {
        let rows = self.app.store.read(|conn| Ok::<_, AppError>(jobs::list_stuck(conn)?)).await?;
        Ok(rows.into_iter().map(|(_, kind, error, since)| (kind, error, since)).collect())
    }
}

/// One second, then four times as long each time.
fn backoff(attempts: i32) -> Duration {
    let tries = u32::try_from(attempts.saturating_sub(1)).unwrap_or(0).min(10);
    Duration::from_secs(4_u64.saturating_pow(tries)).min(BACKOFF_MAX)
}
