//! The lifecycle of a batch: one table of every legal step, as for issues (ADR 0003).

use crate::domain::text::text_enum;

text_enum! {
    /// The states of a batch.
    pub enum BatchState {
        Draft = "draft", "起草", "Draft";
        Proposed = "proposed", "待批准", "Proposed";
        Approved = "approved", "已批准", "Approved";
        Drawn = "drawn", "已抽取", "Drawn";
        UnderWay = "under-way", "进行中", "Under way";
        Reviewed = "reviewed", "已审核", "Reviewed";
        Released = "released", "已交办", "Released";
        Abandoned = "abandoned", "已撤销", "Abandoned";
    }
}

impl BatchState {
    /// States that nothing leaves.
    pub const FINAL: &'static [BatchState] = &[BatchState::Released, BatchState::Abandoned];

    /// States in which tasks are carried out.
    pub const RUNNING: &'static [BatchState] = &[BatchState::Drawn, BatchState::UnderWay];

    /// States with a commitment or an outcome, which a single person must not be able to remove. Otherwise somebody who
    /// dislikes the outcome of a draw could abandon the batch and draw again.
    pub const COMMITTED: &'static [BatchState] = &[BatchState::Approved, BatchState::Drawn, BatchState::UnderWay];
}

text_enum! {
    /// The steps of a batch.
    pub enum BatchAction {
        Create = "create", "起草", "Draft";
        Amend = "amend", "修改方案", "Change the plan";
        Propose = "propose", "提请批准", "Propose";
        Withdraw = "withdraw", "撤回", "Withdraw";
        SendBack = "send-back", "退回修改", "Send back";
        Approve = "approve", "批准", "Approve";
        Revoke = "revoke", "撤销批准", "Revoke the approval";
        Draw = "draw", "随机抽取", "Draw";
        Redraw = "redraw", "回避重抽", "Redraw one person";
        Begin = "begin", "开始", "Begin";
        Review = "review", "审核完毕", "Finish the review";
        Release = "release", "批量交办", "Release";
        Abandon = "abandon", "撤销批次", "Abandon";
    }
}

/// Who may take a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// People of the supervision office 督查室.
    Office,
    /// The service itself.
    Service,
}

/// The state after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchNext {
    /// Always this one.
    To(BatchState),
    /// The same as before; something else on the batch changes.
    Unchanged,
    /// The same as before, or this one, as the step decides.
    Decided(BatchState),
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct BatchStep {
    /// The action.
    pub action: BatchAction,
    /// Who may take it.
    pub by: By,
    /// The states in which it may be taken; empty for the step that creates the batch.
    pub from: &'static [BatchState],
    /// The state after it.
    pub next: BatchNext,
}

/// Every legal step, in display order.
///
/// Source: the office's rules that a plan is approved before anybody goes out, and that the person who releases is not
/// the one who reviewed; the steps themselves are our judgement.
pub const BATCH_LIFECYCLE: &[BatchStep] = {
    use BatchAction as A;
    use BatchNext::{Decided, To, Unchanged};
    use BatchState as S;
    use By::{Office, Service};
    const fn step(action: A, by: By, from: &'static [S], next: BatchNext) -> BatchStep {
        BatchStep { action, by, from, next }
    }
    &[
        step(A::Create, Office, &[], To(S::Draft)),
        step(A::Amend, Office, &[S::Draft], Unchanged),
        step(A::Propose, Office, &[S::Draft], To(S::Proposed)),
        step(A::Withdraw, Office, &[S::Proposed], To(S::Draft)),
        step(A::SendBack, Office, &[S::Proposed], To(S::Draft)),
        step(A::Approve, Office, &[S::Proposed], To(S::Approved)),
        step(A::Revoke, Office, &[S::Approved], To(S::Draft)),
        step(A::Draw, Office, &[S::Approved], To(S::Drawn)),
        step(A::Redraw, Office, &[S::Drawn, S::UnderWay], Unchanged),
        step(A::Begin, Service, &[S::Drawn], To(S::UnderWay)),
        step(A::Review, Office, &[S::UnderWay], To(S::Reviewed)),
        step(A::Release, Office, &[S::Reviewed], To(S::Released)),
        step(A::Abandon, Office, &[S::Draft, S::Proposed, S::Approved, S::Drawn, S::UnderWay], Decided(S::Abandoned)),
    ]
};

/// The table's row for `action`.
#[must_use]
pub fn batch_step(action: BatchAction) -> &'static BatchStep {
    // Every action has exactly one row, in the order of `BatchAction::ALL`; the constant does not compile otherwise.
    const SORTED: [&BatchStep; BatchAction::ALL.len()] = {
        let mut rows = [&BATCH_LIFECYCLE[0]; BatchAction::ALL.len()];
        let mut filled = [false; BatchAction::ALL.len()];
        assert!(BATCH_LIFECYCLE.len() == BatchAction::ALL.len());
        let mut row = 0;
        while row < BATCH_LIFECYCLE.len() {
            let at = BATCH_LIFECYCLE[row].action as usize;
            assert!(!filled[at], "an action has two rows");
            rows[at] = &BATCH_LIFECYCLE[row];
            filled[at] = true;
            row += 1;
        }
        rows
    };
    SORTED[action as usize]
}
