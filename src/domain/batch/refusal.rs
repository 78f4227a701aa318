//! Why a step of a batch is refused, as data.

use super::{BatchAction, BatchState};
use crate::domain::invalid::Invalid;
use crate::domain::text::text_enum;

text_enum! {
    /// A separation of duties that a step would break.
    pub enum BatchDuty {
        ProposerApproves = "proposer-approves", "提请人不得批准本人的方案", "The proposer may not approve the own plan";
        ProposerWithdraws = "proposer-withdraws", "方案由提请人撤回", "Only the proposer withdraws a plan";
        ApproverDraws = "approver-draws", "随机抽取由批准人启动", "The approver's browser gives its half of the seed";
        ApproverRevokes = "approver-revokes", "批准由批准人撤销", "Only the approver revokes the approval";
        ApproverReleases = "approver-releases", "批准人不得交办", "The approver may not release the batch";
        ReviewerReleases = "reviewer-releases", "审核人不得交办", "Who finished the review may not release the batch";
        OtherRedraws = "other-redraws", "同一批次相邻两次回避重抽须由不同的人办理", "Two redraws in a row take two people";
        SecondAbandons = "second-abandons", "撤销已批准的批次须由另一人同意", "Abandoning an approved batch takes a second person";
    }
}

/// A guard of the lifecycle that refuses the step now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BatchWhy {
    /// The last day of the window has passed.
    WindowPassed,
    /// So many tasks can still be carried out.
    TasksOpen(u32),
    /// So many reports of the batch wait for their review.
    ReportsUnreviewed(u32),
}

/// Why a step is refused.
#[derive(Debug, Clone, PartialEq)]
pub enum BatchRefusal {
    /// The actor may not take it.
    Forbidden,
    /// The lifecycle has no such step from this state.
    Illegal {
        /// The present state.
        state: BatchState,
        /// The requested action.
        action: BatchAction,
    },
    /// The same person did another part of the work.
    Separation(BatchDuty),
    /// A guard refuses it.
    Guard(BatchWhy),
    /// The request's fields are wrong.
    Invalid(Invalid),
}

impl From<Invalid> for BatchRefusal {
    fn from(invalid: Invalid) -> Self {
        BatchRefusal::Invalid(invalid)
    }
}
