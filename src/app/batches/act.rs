//! Takes a step on a batch for a person. A draft is written by `mod.rs`, and the first task that is shown puts the
//! batch under way (`tasks.rs`).

use std::collections::HashMap;

use super::{ShownBatch, context, pool, record, shown};
use crate::app::change::{self, By, Change, Decision};
use crate::app::county::County;
use crate::app::follow_up::office_changed;
use crate::app::issues::act::release_with_batch;
use crate::app::issues::once::Once;
use crate::app::locks::{Lock, Locks};
use crate::app::{App, AppError, Caller, Result};
use crate::domain::batch::{Batch, BatchCommand, BatchContext, BatchTransition};
use crate::domain::canonical;
use crate::domain::digest::Digest;
use crate::domain::draw::{Commitment, Nonce, Outcome, Redraw, Reveal, Secret, Slot, Task, draw, redraw, seed_of};
use crate::domain::ids::{BatchId, InspectorKey, IssueId, UserId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::issue::State;
use crate::domain::policy::Permission;
use crate::domain::time::Timestamp;
use crate::store::batches::{self, Draw, KeptTask};
use crate::store::{Conn, batch_issues, issues};

/// A step as the office asks for it.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// 提请批准
    Propose,
    /// 撤回
    Withdraw,
    /// 退回修改
    SendBack(String),
    /// 批准, with the number of the approving document.
    Approve(String),
    /// 撤销批准
    Revoke(String),
    /// 随机抽取: the commitment that the approver was shown, and the nonce that the approver's browser drew after that.
    Draw(Digest, Nonce),
    /// 回避重抽: the task, the code name of who declared a conflict, and why.
    Redraw(u32, String, String),
    /// 审核完毕
    Review,
    /// 批量交办
    Release,
    /// 撤销批次
    Abandon(String),
}

/// Takes the step `step` on the batch as the caller last saw it, in version `seen`. With `once`, a step that was taken
/// before under its key is not taken again, and the batch is answered as it is now.
///
/// # Errors
/// [`AppError::KeyReused`] when the key names another step, [`AppError::Forbidden`], [`AppError::NotFound`],
/// [`AppError::Stale`], [`AppError::BatchRefused`] with the rule that
/// forbids it, [`AppError::Invalid`]. A release is refused as a whole with what one of its issues is refused with.
pub async fn act(
    app: &App,
    caller: &Caller,
    id: BatchId,
    step: Step,
    seen: i64,
    once: Option<Once>,
) -> Result<ShownBatch> {
    let now = app.now();
    change::make(app, Act { app: app.clone(), caller: caller.clone(), id, step, seen, once, now }).await
}

/// A person's step on a batch.
struct Act {
    app: App,
    caller: Caller,
    id: BatchId,
    step: Step,
    seen: i64,
    once: Option<Once>,
    now: Timestamp,
}

/// What is written besides the batch and its event.
enum Effect {
    None,
    /// What the draw is committed to, and who is behind the keys.
    Committed(Box<Draw>, Vec<(InspectorKey, UserId)>),
    /// What was drawn.
    Drawn(Nonce, Box<Outcome>, Vec<KeptTask>),
    /// All redraws, and the task as it is after the last.
    Redrawn(Vec<Redraw>, KeptTask),
    /// The issues that are released with the batch.
    Released(Vec<IssueId>),
}

/// What the decision depends on.
enum Before {
    /// It was taken before, under the same key; the batch as it is now.
    Taken(Box<ShownBatch>),
    /// The batch as it is, and, for a release, its issues, which are locked.
    Stands(Box<Batch>, County, BatchContext, Vec<IssueId>),
}

/// A decided step.
struct Made {
    transition: BatchTransition,
    effect: Effect,
}

impl Change for Act {
    type Before = Before;
    type Made = Made;
    type Answer = ShownBatch;

    fn admit(&self) -> Result<()> {
        self.caller.require(Permission::ManageBatches)
    }

    fn locks(&self) -> Vec<Lock> {
        let key = self.once.iter().map(|once| Lock::StepKey(self.caller.actor.user_id, once.key));
        key.chain([Lock::Batch(self.id)]).collect()
    }

    fn load(&self, conn: &mut Conn, locks: &mut Locks) -> Result<Self::Before> {
        if self.is_taken(conn)? {
            let (batch, county) =
                (batches::find(conn, self.id)?.ok_or(AppError::NotFound)?, self.app.county.load(conn)?);
            return Ok(Before::Taken(Box::new(shown(conn, &county, &self.caller.actor, batch, self.now)?)));
        }
        let batch = batches::find(conn, self.id)?.ok_or(AppError::NotFound)?;
        let mut found = Vec::new();
        if self.step == Step::Release {
            // No visit is added to the batch while its lock is held. A report that arrives ahead of one is not
            // approved.
            found = batch_issues::of_batch(conn, self.id)?;
            locks.take(conn, found.iter().copied().map(Lock::Issue))?;
        }
        let county = self.app.county.load(conn)?;
        let (context, _) = context(conn, &county, self.id, self.now)?;
        Ok(Before::Stands(Box::new(batch), county, context, found))
    }

    fn authorise(&self, _: &mut Conn, before: &Before) -> Result<()> {
        match before {
            Before::Stands(batch, ..) if batch.version != self.seen => Err(AppError::Stale),
            Before::Stands(..) | Before::Taken(_) => Ok(()),
        }
    }

    fn decide(&self, conn: &mut Conn, before: Before) -> Result<Decision<Made, ShownBatch>> {
        let (batch, county, context, found) = match before {
            Before::Taken(shown) => return Ok(Decision::Unchanged(*shown)),
            Before::Stands(batch, county, context, found) => (*batch, county, context, found),
        };
        let (command, effect) = self.decided(conn, &batch, &county, &context, &found)?;
        let transition = batch.decide(&self.caller.actor, &command, &context)?;
        let records = vec![record(&By::from(&self.caller), &transition)];
        let messages = vec![office_changed(format!("batch:{}", batch.id))];
        Ok(Decision::Made { made: Made { transition, effect }, records, messages })
    }

    fn write(&self, conn: &mut Conn, locks: &mut Locks, made: &Made) -> Result<()> {
        let batch = made.transition.after();
        batches::apply(conn, &made.transition)?;
        if let Some(once) = &self.once {
            batches::note_key(conn, self.caller.actor.user_id, once.key, (self.id, once.digest))?;
        }
        let of = (batch.id, batch.attempt);
        match &made.effect {
            Effect::None => {}
            Effect::Committed(draw, people) => batches::commit(conn, draw, people)?,
            Effect::Drawn(nonce, outcome, tasks) => batches::keep_outcome(conn, of, *nonce, outcome, tasks)?,
            Effect::Redrawn(redraws, task) => batches::keep_redraw(conn, of, redraws, task)?,
            Effect::Released(found) => {
                // One after the other: each draws a number that none before it has.
                for id in found {
                    change::within(conn, locks, &release_with_batch(&self.app, &self.caller, *id), self.now)?;
                }
            }
        }
        Ok(())
    }

    fn answer(&self, conn: &mut Conn, made: Made) -> Result<ShownBatch> {
        let county = self.app.county.load(conn)?;
        shown(conn, &county, &self.caller.actor, made.transition.after().clone(), self.now)
    }
}

impl Act {
    /// Whether the step was taken before under its key. Call it with the key locked.
    fn is_taken(&self, conn: &mut Conn) -> Result<bool> {
        let Some(once) = &self.once else { return Ok(false) };
        let who = self.caller.actor.user_id;
        if issues::find_key(conn, who, once.key)?.is_some() {
            return Err(AppError::KeyReused);
        }
        match batches::find_key(conn, who, once.key)? {
            None => Ok(false),
            Some(taken) if taken == (self.id, once.digest) => Ok(true),
            Some(_) => Err(AppError::KeyReused),
        }
    }

    /// The command of the step, and what follows from it.
    fn decided(
        &self,
        conn: &mut Conn,
        batch: &Batch,
        county: &County,
        context: &BatchContext,
        found: &[IssueId],
    ) -> Result<(BatchCommand, Effect)> {
        let admit =
            |command: BatchCommand| batch.admit(Some(&self.caller.actor), command.action(), context).map(|()| command);
        Ok(match &self.step {
            Step::Propose => (BatchCommand::Propose, Effect::None),
            Step::Withdraw => (BatchCommand::Withdraw, Effect::None),
            Step::SendBack(reason) => (BatchCommand::SendBack { reason: reason.clone() }, Effect::None),
            Step::Revoke(reason) => (BatchCommand::Revoke { reason: reason.clone() }, Effect::None),
            Step::Abandon(reason) => (BatchCommand::Abandon { reason: reason.clone() }, Effect::None),
            Step::Review => (BatchCommand::Review, Effect::None),
            Step::Release => {
                admit(BatchCommand::Release)?;
                let sealed = issues::find_many(conn, found)?;
                // One whose visit has not arrived may be of another batch, which must not be revealed either.
                let held = batch_issues::held(conn, found)?;
                let is_others = |id: IssueId| held.get(&id).is_some_and(|by| by.iter().any(|batch| *batch != self.id));
                let waiting = sealed.iter().filter(|issue| issue.state == State::Sealed && !is_others(issue.id));
                (BatchCommand::Release, Effect::Released(waiting.map(|issue| issue.id).collect()))
            }
            Step::Approve(approval_no) => {
                let approve = |commitment| BatchCommand::Approve { approval_no: approval_no.clone(), commitment };
                // Refused before anything is drawn or looked up.
                admit(approve(Digest::of(&[])))?;
                let (draw, people) = self.committed(conn, batch, county)?;
                (approve(draw.commitment.digest()), Effect::Committed(Box::new(draw), people))
            }
            Step::Draw(commitment, nonce) => {
                admit(BatchCommand::Draw { outcome: Digest::of(&[]) })?;
                if batch.commitment_sha256 != Some(*commitment) {
                    let detail = "not what this batch is committed to";
                    return Err(Invalid::one("/commitment_sha256", FieldCode::DigestMismatch, detail).into());
                }
                let (outcome, tasks) = self.drawn(conn, batch, county, *nonce)?;
                let digest = canonical::digest(&outcome);
                (BatchCommand::Draw { outcome: digest }, Effect::Drawn(*nonce, Box::new(outcome), tasks))
            }
            Step::Redraw(task, code_name, reason) => {
                let command = admit(BatchCommand::Redraw { reason: reason.clone() })?;
                let (redraws, task) = self.redrawn(conn, batch, *task, code_name)?;
                (command, Effect::Redrawn(redraws, task))
            }
        })
    }

    /// The draw that this approval commits to.
    fn committed(
        &self,
        conn: &mut Conn,
        batch: &Batch,
        county: &County,
    ) -> Result<(Draw, Vec<(InspectorKey, UserId)>)> {
        let random = &*self.app.random;
        let (pool, people) = pool::assemble(conn, county, random, &batch.plan, self.now)?;
        pool.validate()?;
        let mut bytes = [0; 32];
        random.fill(&mut bytes);
        let (secret, rules) = (Secret::from_bytes(bytes), batch.plan.rules.sorted());
        let commitment = Commitment::of(batch.id, batch.attempt + 1, &secret, &pool, &rules);
        Ok((Draw { secret, commitment, pool: pool.sorted(), rules, drawn: None, redraws: Vec::new() }, people))
    }

    /// The draw of the present attempt.
    fn present(&self, conn: &mut Conn, batch: &Batch) -> Result<Draw> {
        let missing = || AppError::Internal(format!("batch {} has no draw {}", batch.id, batch.attempt));
        let draws = batches::draws(conn, batch.id)?;
        draws.into_iter().find(|draw| draw.commitment.attempt == batch.attempt).ok_or_else(missing)
    }

    fn drawn(&self, conn: &mut Conn, batch: &Batch, county: &County, nonce: Nonce) -> Result<(Outcome, Vec<KeptTask>)> {
        let kept = self.present(conn, batch)?;
        let reveal = Reveal { secret: kept.secret, nonce };
        let seed = seed_of(&reveal.secret, &reveal.nonce, &kept.commitment.digest());
        let outcome = draw(&kept.pool, &kept.rules, &seed)?;
        let people = self.people(conn, batch)?;
        let tasks = outcome.tasks.iter().map(|task| kept_task(batch.id, county, task, &outcome, &people));
        let tasks = tasks.collect::<Result<_>>()?;
        Ok((outcome, tasks))
    }

    fn people(&self, conn: &mut Conn, batch: &Batch) -> Result<HashMap<InspectorKey, UserId>> {
        Ok(batches::people(conn, batch.id, batch.attempt)?.into_iter().collect())
    }

    fn redrawn(&self, conn: &mut Conn, batch: &Batch, number: u32, code_name: &str) -> Result<(Vec<Redraw>, KeptTask)> {
        let kept = self.present(conn, batch)?;
        let no_draw = || AppError::Internal(format!("batch {} is not drawn", batch.id));
        let (nonce, outcome) = kept.drawn.ok_or_else(no_draw)?;
        let wrong = |pointer: &str, detail: String| AppError::from(Invalid::one(pointer, FieldCode::Unknown, detail));
        let named = outcome.code_names.iter().find(|name| name.code == code_name);
        let recused =
            named.map(|name| name.inspector).ok_or_else(|| wrong("/code_name", "no such inspector".into()))?;
        if self.is_carried_out(conn, number)? {
            return Err(wrong("/task", "it has been carried out".into()));
        }
        let seed = seed_of(&kept.secret, &nonce, &kept.commitment.digest());
        let made = redraw(&kept.pool, &kept.rules, &seed, &outcome, &kept.redraws, number, recused)
            .map_err(|why| wrong("/task", why.to_string()))?;
        let missing = || AppError::Internal(format!("batch {} has no task {number}", batch.id));
        let mut task = batches::find_task(conn, batch.id, number)?.ok_or_else(missing)?;
        let people = self.people(conn, batch)?;
        match made.replacement {
            Some(key) => {
                let person = person(key, &outcome, &people)?;
                let place = task.people.iter_mut().find(|(_, code)| code == code_name);
                *place.ok_or_else(missing)? = person;
            }
            None => {
                task.dropped = true;
                task.people.clear();
            }
        }
        let mut redraws = kept.redraws;
        redraws.push(made);
        Ok((redraws, task))
    }

    fn is_carried_out(&self, conn: &mut Conn, number: u32) -> Result<bool> {
        Ok(batches::is_carried_out(conn, self.id, number)?)
    }
}

/// Who is behind a key, with the code name.
fn person(key: InspectorKey, outcome: &Outcome, people: &HashMap<InspectorKey, UserId>) -> Result<(UserId, String)> {
    let user = people.get(&key).copied();
    let code = outcome.code_names.iter().find(|name| name.inspector == key).map(|name| name.code.clone());
    user.zip(code).ok_or_else(|| AppError::Internal("nobody is behind a key of a draw".into()))
}

/// From when to when a slot is.
pub(in crate::app) fn span_of(county: &County, slot: &Slot) -> (Timestamp, Timestamp) {
    let Slot { date, from_minute, to_minute, kind: _ } = *slot;
    let midnight = county.calendar.instant(date, jiff::civil::Time::midnight());
    // Of a county whose clocks never change; a slot that ends at 24:00 ends with the day.
    let at = |minute: u16| midnight.plus(std::time::Duration::from_secs(u64::from(minute) * 60));
    (at(from_minute), at(to_minute))
}

fn kept_task(
    batch_id: BatchId,
    county: &County,
    task: &Task,
    outcome: &Outcome,
    people: &HashMap<InspectorKey, UserId>,
) -> Result<KeptTask> {
    let (from_at, to_at) = span_of(county, &task.slot);
    let people = task.inspectors.iter().map(|key| person(*key, outcome, people));
    Ok(KeptTask {
        batch_id,
        number: task.number,
        point_id: task.point,
        from_at,
        to_at,
        dropped: false,
        people: people.collect::<Result<_>>()?,
    })
}
