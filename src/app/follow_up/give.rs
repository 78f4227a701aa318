//! Gives drawn look-backs to inspectors when their time has come. Each is one transaction together with the step on its
//! issue, so that after a kill the rest is still given, and none is given twice.

use crate::app::change::{self, Change, Decision};
use crate::app::locks::{Lock, Locks};
use crate::app::upkeep::Progress;
use crate::app::{App, AppError, Result};
use crate::domain::ids::{IssueId, SampleId};
use crate::domain::issue::{Issue, Refusal, Transition};
use crate::domain::month::sample_proof::SampleRowState;
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::store::samples::{self, KeptRow};
use crate::store::{Conn, issues, recusals, users};

/// Gives what is due, a batch of it. One that fails does not keep those behind it waiting.
pub(crate) async fn give_look_backs(app: &App) -> Result<Progress> {
    let now = app.now();
    let limit = i64::try_from(super::BATCH).unwrap_or(i64::MAX);
    let due = app.store.read(move |conn| Ok::<_, AppError>(samples::to_give(conn, now, limit)?)).await?;
    let (full, mut done, mut failed) = (due.len() == super::BATCH, 0, None);
    for (sample, number, issue) in due {
        match change::make(app, Give { of: (sample, number), issue, now }).await {
            Ok(given) => done += usize::from(given),
            // The next one would fail the same way.
            Err(error @ (AppError::Unavailable(_) | AppError::StorageFull | AppError::Busy(_))) => return Err(error),
            Err(error) => {
                tracing::error!(%issue, %error, "a drawn look-back could not be given");
                failed = failed.or(Some(error));
            }
        }
    }
    match failed {
        // After a full batch, the rest does not wait because of a failed row.
        Some(error) if !full || done == 0 => Err(error),
        Some(_) | None => Ok(Progress { done, more: full && done > 0 }),
    }
}

/// A drawn look-back is given.
struct Give {
    of: (SampleId, i32),
    issue: IssueId,
    now: Timestamp,
}

/// What becomes of the row.
struct Given {
    state: SampleRowState,
    transition: Option<Transition>,
}

impl Change for Give {
    type Before = Option<(KeptRow, Issue)>;
    type Made = Given;
    /// Whether it was settled now.
    type Answer = bool;

    fn admit(&self) -> Result<()> {
        Ok(())
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Issue(self.issue)]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        let row = samples::row(conn, self.of.0, self.of.1)?.filter(|row| row.state == SampleRowState::Waiting);
        Ok(row.zip(issues::find(conn, self.issue)?))
    }

    fn authorise(&self, _: &mut Conn, _: &Self::Before) -> Result<()> {
        Ok(())
    }

    fn decide(&self, conn: &mut Conn, before: Self::Before) -> Result<Decision<Given, bool>> {
        let Some((row, issue)) = before else { return Ok(Decision::Unchanged(false)) };
        let going = match row.inspector_id {
            Some(id) => users::find(conn, id)?.filter(User::is_active),
            None => None,
        };
        let place = samples::places(conn, &[issue.id])?;
        // An inspector who was recused after the draw does not go either.
        let going = match going {
            Some(user) => {
                let recused = recusals::of(conn, user.id)?;
                Some(user).filter(|_| !place.iter().any(|place| place.is_off(&recused)))
            }
            None => None,
        };
        let tried = going.map(|user| issue.give_drawn_look_back(user.id, self.now));
        let made = match tried {
            Some(Ok(transition)) => Given { state: SampleRowState::Given, transition: Some(transition) },
            Some(Err(Refusal::Guard(_))) => Given { state: SampleRowState::Pending, transition: None },
            Some(Err(Refusal::Illegal { .. })) => Given { state: SampleRowState::Reopened, transition: None },
            // An inspector who has become a checker, was recused since or has a disabled account does not go.
            Some(Err(Refusal::Separation(_) | Refusal::NotVisible | Refusal::Forbidden | Refusal::Invalid(_)))
            | None => Given { state: SampleRowState::Nobody, transition: None },
        };
        let mut messages = made.transition.as_ref().map(Transition::messages).unwrap_or_default();
        messages.push(super::office_changed(format!("sample:{}", self.of.0)));
        Ok(Decision::Made { made, records: Vec::new(), messages })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &Given) -> Result<()> {
        if let Some(transition) = &made.transition {
            issues::apply(conn, transition, None)?;
        }
        let version = made.transition.as_ref().map(|transition| transition.event().version);
        Ok(samples::settle(conn, self.of, made.state, self.now, version)?)
    }

    fn answer(&self, _: &mut Conn, _: Given) -> Result<bool> {
        Ok(true)
    }
}
