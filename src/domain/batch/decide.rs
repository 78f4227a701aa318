//! Decides a step of a batch. The only place that makes a [`BatchTransition`].

use serde_json::{Map, Value};

use super::lifecycle::{BatchAction, BatchNext, BatchState, By, batch_step};
use super::refusal::{BatchDuty, BatchRefusal, BatchWhy};
use super::{Batch, Plan, Signed};
use crate::domain::digest::Digest;
use crate::domain::ids::{BatchId, UserId};
use crate::domain::invalid::Invalid;
use crate::domain::issue::Vote;
use crate::domain::limits;
use crate::domain::role::{Actor, Role};
use crate::domain::text::name;
use crate::domain::time::{Date, Timestamp};

/// What a decision needs besides the batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchContext {
    /// Server time.
    pub now: Timestamp,
    /// The county's day.
    pub today: Date,
    /// Tasks of the batch that can still be carried out: neither visited nor dropped, and their slot is not over.
    pub open_tasks: u32,
    /// Reports found on its visits that wait for the review of the office.
    pub unreviewed_reports: u32,
    /// Who made the last redraw of the batch, in any attempt.
    pub last_redraw_by: Option<UserId>,
}

/// A step of a person, with what it brings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BatchCommand {
    /// 修改方案
    Amend {
        /// The plan from now on.
        plan: Box<Plan>,
    },
    /// 提请批准
    Propose,
    /// 撤回, by the proposer.
    Withdraw,
    /// 退回修改, by somebody else.
    SendBack {
        /// Why.
        reason: String,
    },
    /// 批准
    Approve {
        /// Number of the approving document.
        approval_no: String,
        /// What the draw is committed to from now on.
        commitment: Digest,
    },
    /// 撤销批准, by the approver: the plan has to change before it is drawn.
    Revoke {
        /// Why.
        reason: String,
    },
    /// 随机抽取, with the approver's nonce.
    Draw {
        /// The digest of the outcome, which is recorded in the same transaction.
        outcome: Digest,
    },
    /// 回避重抽
    Redraw {
        /// Why.
        reason: String,
    },
    /// 审核完毕
    Review,
    /// 批量交办
    Release,
    /// 撤销批次
    Abandon {
        /// Why.
        reason: String,
    },
}

impl BatchCommand {
    /// Its action.
    #[must_use]
    pub fn action(&self) -> BatchAction {
        match self {
            BatchCommand::Amend { .. } => BatchAction::Amend,
            BatchCommand::Propose => BatchAction::Propose,
            BatchCommand::Withdraw => BatchAction::Withdraw,
            BatchCommand::SendBack { .. } => BatchAction::SendBack,
            BatchCommand::Approve { .. } => BatchAction::Approve,
            BatchCommand::Revoke { .. } => BatchAction::Revoke,
            BatchCommand::Draw { .. } => BatchAction::Draw,
            BatchCommand::Redraw { .. } => BatchAction::Redraw,
            BatchCommand::Review => BatchAction::Review,
            BatchCommand::Release => BatchAction::Release,
            BatchCommand::Abandon { .. } => BatchAction::Abandon,
        }
    }

    pub(super) fn reason(&self) -> Option<&str> {
        match self {
            BatchCommand::SendBack { reason }
            | BatchCommand::Revoke { reason }
            | BatchCommand::Redraw { reason }
            | BatchCommand::Abandon { reason } => Some(reason),
            BatchCommand::Amend { .. }
            | BatchCommand::Propose
            | BatchCommand::Withdraw
            | BatchCommand::Approve { .. }
            | BatchCommand::Draw { .. }
            | BatchCommand::Review
            | BatchCommand::Release => None,
        }
    }

    fn validate(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        if let Some(reason) = self.reason() {
            invalid.prose("/reason", reason, limits::REASON_CHARS_MAX);
        }
        if let BatchCommand::Approve { approval_no, .. } = self {
            invalid.prose("/approval_no", approval_no, limits::CODE_CHARS_MAX);
        }
        if let BatchCommand::Amend { plan } = self {
            plan.validate(&mut invalid);
        }
        invalid.into_result()
    }
}

/// The permanent record of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchEvent {
    /// Which batch.
    pub batch_id: BatchId,
    /// The version the step led to.
    pub version: i64,
    /// Server time.
    pub at: Timestamp,
    /// Who took it; `None` for the service itself.
    pub actor_id: Option<UserId>,
    /// The action.
    pub action: BatchAction,
    /// State before; `None` for the step that created the batch.
    pub from: Option<BatchState>,
    /// State after.
    pub to: BatchState,
    /// The reason in the actor's words.
    pub reason: Option<String>,
    /// Fields of [`Batch`] that changed, with their new values.
    pub changes: Map<String, Value>,
}

/// Proof of one decided step. Only this module can make one.
#[derive(Debug, Clone, PartialEq)]
pub struct BatchTransition {
    expected: Option<i64>,
    after: Batch,
    event: BatchEvent,
}

impl BatchTransition {
    /// The version the stored row must still have; `None` when the batch is new.
    #[must_use]
    pub fn expected_version(&self) -> Option<i64> {
        self.expected
    }

    /// The batch after the step.
    #[must_use]
    pub fn after(&self) -> &Batch {
        &self.after
    }

    /// The event to be recorded.
    #[must_use]
    pub fn event(&self) -> &BatchEvent {
        &self.event
    }

    fn new(before: Option<&Batch>, mut after: Batch, who: Option<UserId>, action: BatchAction, at: Timestamp) -> Self {
        after.version = before.map_or(1, |batch| batch.version + 1);
        let fields = |batch: &Batch| match serde_json::to_value(batch) {
            Ok(Value::Object(fields)) => fields,
            // A struct with named fields is always an object.
            Ok(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) | Err(_) => {
                Map::new()
            }
        };
        let old = before.map(fields).unwrap_or_default();
        let event = BatchEvent {
            batch_id: after.id,
            version: after.version,
            at,
            actor_id: who,
            action,
            from: before.map(|batch| batch.state),
            to: after.state,
            reason: None,
            changes: fields(&after).into_iter().filter(|(name, value)| old.get(name) != Some(value)).collect(),
        };
        BatchTransition { expected: before.map(|batch| batch.version), after, event }
    }
}

impl Batch {
    /// Drafts a batch with this plan.
    ///
    /// # Errors
    /// [`BatchRefusal::Forbidden`]; every field of the plan that is wrong, such as a window that does not lie in one
    /// calendar month, for which its caps are.
    pub fn draft(id: BatchId, plan: &Plan, actor: &Actor, now: Timestamp) -> Result<BatchTransition, BatchRefusal> {
        if !may(Some(actor), BatchAction::Create) {
            return Err(BatchRefusal::Forbidden);
        }
        let mut invalid = Invalid::default();
        invalid.random_id("/id", id.0);
        plan.validate(&mut invalid);
        invalid.into_result()?;
        let batch = Batch {
            id,
            version: 0,
            state: BatchState::Draft,
            plan: plan.trimmed(),
            attempt: 0,
            proposed: None,
            approved: None,
            approval_no: None,
            commitment_sha256: None,
            drawn_at: None,
            outcome_sha256: None,
            redraws: 0,
            began_at: None,
            reviewed: None,
            released: None,
            abandon_vote: None,
            abandoned: None,
        };
        Ok(BatchTransition::new(None, batch, Some(actor.user_id), BatchAction::Create, now))
    }

    /// Replays recorded changes, oldest first. The result equals the stored row, or somebody has tampered with one of
    /// them.
    ///
    /// # Errors
    /// The records do not make a batch.
    pub fn replay<'a>(records: impl Iterator<Item = &'a Map<String, Value>>) -> Result<Batch, serde_json::Error> {
        let mut fields = Map::new();
        for record in records {
            fields.extend(record.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        serde_json::from_value(Value::Object(fields))
    }

    /// Whether `actor` may take `action` now, whatever its body; `None` is the service.
    ///
    /// # Errors
    /// The first reason against it: role, lifecycle, separation of duties, guards.
    pub fn admit(
        &self,
        actor: Option<&Actor>,
        action: BatchAction,
        context: &BatchContext,
    ) -> Result<(), BatchRefusal> {
        if !may(actor, action) {
            return Err(BatchRefusal::Forbidden);
        }
        if !batch_step(action).from.contains(&self.state) {
            return Err(BatchRefusal::Illegal { state: self.state, action });
        }
        if let Some(duty) = actor.and_then(|actor| self.duty(actor.user_id, action, context)) {
            return Err(BatchRefusal::Separation(duty));
        }
        self.guard(action, context).map_err(BatchRefusal::Guard)
    }

    /// The separation of duties that `who` would break.
    fn duty(&self, who: UserId, action: BatchAction, context: &BatchContext) -> Option<BatchDuty> {
        let is = |signed: Option<Signed>| signed.is_some_and(|signed| signed.by == who);
        match action {
            BatchAction::Approve | BatchAction::SendBack => is(self.proposed).then_some(BatchDuty::ProposerApproves),
            BatchAction::Withdraw => (!is(self.proposed)).then_some(BatchDuty::ProposerWithdraws),
            BatchAction::Draw => (!is(self.approved)).then_some(BatchDuty::ApproverDraws),
            BatchAction::Revoke => (!is(self.approved)).then_some(BatchDuty::ApproverRevokes),
            BatchAction::Release if is(self.approved) => Some(BatchDuty::ApproverReleases),
            BatchAction::Release => is(self.reviewed).then_some(BatchDuty::ReviewerReleases),
            BatchAction::Abandon => {
                let voted = self.abandon_vote.as_ref().is_some_and(|vote| vote.by == who);
                voted.then_some(BatchDuty::SecondAbandons)
            }
            // Nobody draws alone until those are left whom they want.
            BatchAction::Redraw => (context.last_redraw_by == Some(who)).then_some(BatchDuty::OtherRedraws),
            BatchAction::Create
            | BatchAction::Amend
            | BatchAction::Propose
            | BatchAction::Begin
            | BatchAction::Review => None,
        }
    }

    fn guard(&self, action: BatchAction, context: &BatchContext) -> Result<(), BatchWhy> {
        match action {
            BatchAction::Propose | BatchAction::Approve | BatchAction::Draw if context.today > self.plan.window_to => {
                Err(BatchWhy::WindowPassed)
            }
            BatchAction::Review if context.open_tasks > 0 => Err(BatchWhy::TasksOpen(context.open_tasks)),
            // A phone may deliver after the review: what it brings is reviewed before the batch is released whole.
            BatchAction::Review | BatchAction::Release if context.unreviewed_reports > 0 => {
                Err(BatchWhy::ReportsUnreviewed(context.unreviewed_reports))
            }
            BatchAction::Create
            | BatchAction::Amend
            | BatchAction::Propose
            | BatchAction::Withdraw
            | BatchAction::SendBack
            | BatchAction::Approve
            | BatchAction::Revoke
            | BatchAction::Draw
            | BatchAction::Redraw
            | BatchAction::Begin
            | BatchAction::Review
            | BatchAction::Release
            | BatchAction::Abandon => Ok(()),
        }
    }

    /// Decides `command` by `actor`, without I/O, clock or randomness.
    ///
    /// # Errors
    /// Those of [`Batch::admit`], then every field that is wrong.
    pub fn decide(
        &self,
        actor: &Actor,
        command: &BatchCommand,
        context: &BatchContext,
    ) -> Result<BatchTransition, BatchRefusal> {
        let action = command.action();
        self.admit(Some(actor), action, context)?;
        command.validate()?;
        let mut after = self.clone();
        let signed = Some(Signed { by: actor.user_id, at: context.now });
        match batch_step(action).next {
            BatchNext::To(state) => after.state = state,
            BatchNext::Unchanged | BatchNext::Decided(_) => {}
        }
        match command {
            BatchCommand::Amend { plan } => after.plan = plan.trimmed(),
            BatchCommand::Propose => after.proposed = signed,
            BatchCommand::Withdraw | BatchCommand::SendBack { .. } => after.proposed = None,
            BatchCommand::Approve { approval_no, commitment } => {
                after.approved = signed;
                after.approval_no = Some(name(approval_no));
                after.commitment_sha256 = Some(*commitment);
                // Never set back, so that repeated requests are visible.
                after.attempt += 1;
            }
            BatchCommand::Revoke { .. } => {
                (after.proposed, after.approved) = (None, None);
                (after.approval_no, after.commitment_sha256, after.abandon_vote) = (None, None, None);
            }
            BatchCommand::Draw { outcome } => {
                after.drawn_at = Some(context.now);
                // An earlier vote was about the plan and not about the drawn inspectors.
                after.abandon_vote = None;
                after.outcome_sha256 = Some(*outcome);
            }
            BatchCommand::Redraw { .. } => after.redraws += 1,
            BatchCommand::Review => {
                after.reviewed = signed;
                after.abandon_vote = None;
            }
            BatchCommand::Release => after.released = signed,
            BatchCommand::Abandon { reason } => {
                if BatchState::COMMITTED.contains(&self.state) && self.abandon_vote.is_none() {
                    let reason = reason.trim().to_owned();
                    after.abandon_vote = Some(Vote { by: actor.user_id, at: context.now, reason });
                } else {
                    after.abandoned = signed;
                    if let BatchNext::Decided(state) = batch_step(action).next {
                        after.state = state;
                    }
                }
            }
        }
        let mut transition = BatchTransition::new(Some(self), after, Some(actor.user_id), action, context.now);
        transition.event.reason = command.reason().map(|reason| reason.trim().to_owned());
        Ok(transition)
    }

    /// Decides that the batch is under way: its first task is shown to its inspector.
    ///
    /// # Errors
    /// [`BatchRefusal::Illegal`] when the lifecycle has no such step from here.
    pub fn begin(&self, context: &BatchContext) -> Result<BatchTransition, BatchRefusal> {
        self.admit(None, BatchAction::Begin, context)?;
        let after = Batch { state: BatchState::UnderWay, began_at: Some(context.now), ..self.clone() };
        Ok(BatchTransition::new(Some(self), after, None, BatchAction::Begin, context.now))
    }
}

/// Whether somebody with this role, or the service, takes such steps at all.
fn may(actor: Option<&Actor>, action: BatchAction) -> bool {
    match batch_step(action).by {
        By::Office => actor.is_some_and(|actor| actor.role == Role::Office),
        By::Service => actor.is_none(),
    }
}

/// The actions that `actor` may take on `batch` now, in table order.
#[must_use]
pub fn allowed_batch_actions(batch: &Batch, actor: &Actor, context: &BatchContext) -> Vec<BatchAction> {
    let allowed = |action: &BatchAction| batch.admit(Some(actor), *action, context).is_ok();
    BatchAction::ALL.iter().copied().filter(allowed).collect()
}
