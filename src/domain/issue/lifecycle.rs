//! What can be done to an issue, by people and by the service itself: one table of every action, with the states it
//! starts from, the state it leads to, and who may take it (ADR 0003).

use super::state::State;
use crate::domain::policy::{Reach, grant};
use crate::domain::role::Role;
use crate::domain::text::text_enum;

/// The state after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextState {
    /// Always this one.
    To(State),
    /// The same as before; something else on the issue changes.
    Unchanged,
    /// The same as before, or this one, as the action decides.
    Decided(State),
}

/// One row of the table.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// The action.
    pub action: Action,
    /// The states in which it may be taken; empty for the step that creates the issue.
    pub from: &'static [State],
    /// The state after it.
    pub next: NextState,
    /// Who may take it, and for which issues: the row of its permission.
    pub grant: [Reach; Role::COUNT],
}

/// The table of actions. A line `Variant = code, Chinese, English: from => next, who;` generates the member of
/// [`Action`] and its row of [`LIFECYCLE`], in the same order.
macro_rules! steps {
    ($($name:ident = $code:literal, $zh:literal, $en:literal: $from:expr => $next:expr, $grant:expr;)+) => {
        text_enum! {
            /// Every step an issue can take. The codes are the ones of the REST contract.
            pub enum Action { $($name = $code, $zh, $en;)+ }
        }

        /// Every legal step, in display order.
        ///
        /// Source: the REST contract, "The lifecycle"; domain rules T1–T17.
        pub const LIFECYCLE: &[Step] = {
            use NextState::{Decided, To, Unchanged};
            use State as S;
            use grant::*;
            &[$(Step { action: Action::$name, from: $from, next: $next, grant: $grant },)+]
        };
    };
}

#[rustfmt::skip]
steps! {
    Report = "report", "上报", "Report": &[] => To(S::Receiving), FINDER;
    Submit = "submit", "照片收齐", "All photos received": &[S::Receiving] => To(S::Submitted), NOBODY;
    Withdraw = "withdraw", "撤回", "Withdraw": &[S::Receiving] => To(S::Void), FINDER;
    SettlePlace = "settle-place", "归入点位", "Put to a point": State::ALL => Unchanged, OFFICE;
    Approve = "approve", "审核通过", "Approve": &[S::Submitted] => To(S::Sealed), OFFICE;
    SendBack = "send-back", "退回补正", "Send back": &[S::Submitted] => To(S::Returned), OFFICE;
    Resubmit = "resubmit", "补正上报", "Report again": &[S::Returned] => To(S::Submitted), FINDER;
    Reject = "reject", "不予立案", "Reject": &[S::Submitted] => Decided(S::Void), OFFICE;
    Release = "release", "交办", "Release": &[S::Sealed] => To(S::Assigned), OFFICE;
    ReleaseUrgent = "release-urgent", "紧急交办", "Release urgently": &[S::Submitted] => To(S::Assigned), OFFICE;
    SignIn = "sign-in", "签收", "Sign for it": &[S::Assigned] => To(S::Rectifying), UNIT;
    LapseSignIn = "lapse-sign-in", "逾期未签收，视同签收", "Not signed for; started by the clock": &[S::Assigned] => To(S::Rectifying), NOBODY;
    Return = "return", "退回（非本单位职责）", "Return (not ours)": &[S::Assigned, S::Rectifying] => To(S::Redispatch), UNIT;
    Reassign = "reassign", "改派", "Reassign": &[S::Redispatch] => To(S::Assigned), OFFICE;
    ReportFix = "report-fix", "提交整改", "Report the fix": &[S::Rectifying, S::Rework] => Decided(S::Reported), UNIT;
    ConfirmFix = "confirm-fix", "分管领导确认", "Confirm as vice head": &[S::Rectifying, S::Rework] => To(S::Reported), VICE_HEAD;
    Remind = "remind", "督办提醒", "Remind": State::OWING => Unchanged, OFFICE;
    AssignCheck = "assign-check", "指派核查", "Assign the check": &[S::Rectifying, S::Reported, S::Rework] => Unchanged, OFFICE;
    Pass = "pass", "核查通过", "Pass": &[S::Reported] => To(S::Closed), CHECKER_OR_OFFICE;
    Fail = "fail", "核查不通过，返工整改", "Back to rework": &[S::Reported] => To(S::Rework), CHECKER_OR_OFFICE;
    ConfirmFalseEvidence = "confirm-false-evidence", "认定虚假整改", "Confirm false evidence": &[S::Reported, S::Closed] => To(S::Rework), OFFICE;
    RequestHang = "request-hang", "申请挂账", "Ask to be put on the books": &[S::Rectifying, S::Rework] => Unchanged, UNIT;
    DecideHang = "decide-hang", "挂账审批", "Answer about the books": &[S::Rectifying, S::Rework] => Decided(S::Hung), OFFICE;
    Hang = "hang", "挂账", "Put on the books": &[S::Rectifying, S::Rework] => To(S::Hung), OFFICE;
    ReachMilestone = "reach-milestone", "完成节点", "Milestone reached": &[S::Hung] => Unchanged, UNIT;
    Unhang = "unhang", "解除挂账", "Take off the books": &[S::Hung] => To(S::Rectifying), OFFICE;
    EndPlan = "end-plan", "方案到期，自动解挂", "The plan has ended; off the books": &[S::Hung] => To(S::Rectifying), NOBODY;
    RequestExtension = "request-extension", "申请延期", "Ask for an extension": &[S::Rectifying, S::Rework] => Unchanged, UNIT;
    DecideExtension = "decide-extension", "延期审批", "Answer the extension": &[S::Rectifying, S::Rework, S::Reported, S::Hung] => Unchanged, OFFICE;
    Dispute = "dispute", "提出异议", "Dispute": &[S::Assigned, S::Rectifying] => Unchanged, UNIT;
    DecideDispute = "decide-dispute", "异议认定", "Answer the dispute": &[S::Assigned, S::Rectifying, S::Rework, S::Reported, S::Hung] => Decided(S::Void), OFFICE;
    AssignLookBack = "assign-look-back", "指派回头看", "Assign a look-back": &[S::Closed, S::Archived] => Unchanged, OFFICE;
    LookBack = "look-back", "回头看", "Look back": &[S::Closed, S::Archived] => Unchanged, LOOKER_BACK;
    CannotJudge = "cannot-judge", "回头看无法判断", "Look back: cannot judge": &[S::Closed, S::Archived] => Unchanged, LOOKER_BACK;
    Archive = "archive", "归档", "Archive": &[S::Closed] => To(S::Archived), NOBODY;
}

/// The table's row for `action`.
#[must_use]
pub fn step(action: Action) -> &'static Step {
    // Each line of the table makes one action and one row.
    &LIFECYCLE[action as usize]
}
