//! Why a step is refused, as data; `http` turns it into a problem.

use super::{Action, State};
use crate::domain::invalid::Invalid;
use crate::domain::text::text_enum;
use crate::domain::time::Timestamp;

text_enum! {
    /// A separation of duties that a step would break.
    pub enum Duty {
        FinderReviews = "finder-reviews", "发现人不得审核本人上报的问题", "The finder may not review the own report";
        ApproverReleases = "approver-releases", "审核人不得交办本人审核的问题", "The approver may not release what it approved";
        HandlerCloses = "handler-closes", "整改单位不得核查销号", "Who fixed it may not check it";
        FinderChecks = "finder-checks", "严重问题不得由发现人核查", "A high finding is checked by somebody other than the finder";
        ApproverJudges = "approver-judges", "审核人不得裁定对本人审核的异议", "The approver may not judge a dispute of the own approval";
        SecondReviewer = "second-reviewer", "严重问题不予立案须由另一名审核人同意", "Dropping a severe report takes a second reviewer";
        SecondJudge = "second-judge", "异议成立须由另一人同意", "Upholding a dispute takes a second person";
        CheckerLooksBack = "checker-looks-back", "回头看须由发现人、销号人以外的人进行", "A look-back is made by neither the finder nor the closer";
    }
}

/// The table of guards. A line `Member = code, Chinese, English, advice;` generates the member of [`Why`];
/// `with_guards!(problems …)` passes the lines to the table of problems.
macro_rules! guards {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident $(($data:ty))? = $code:literal, $zh:literal, $en:literal, $advice:literal;
    )+) => {
        /// A guard of the lifecycle that refuses the step now.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Why { $($(#[doc = $doc])+ $name $(($data))?,)+ }

        macro_rules! with_guards {
            ($with:ident $more:tt) => {
                $with! { [$($name $code, $zh, $en, $advice;)+] $more }
            };
        }
        pub(crate) use with_guards;
    };
}

guards! {
    /// This unit has returned this issue before; each may once.
    AlreadyReturned = "already-returned", "本单位已退回过一次", "This unit returned it before", "reload, show allowed_actions";
    /// The assignment was designated as final.
    FinalAssignment = "final-assignment", "已指定责任，不能再退回", "The assignment is final", "reload, show allowed_actions";
    /// The time for this step ended then.
    WindowPassed(Timestamp) = "window-passed", "已过办理时限", "The time for this is over", "reload, show allowed_actions";
    /// A request of the same kind waits for an answer.
    RequestPending =
        "request-pending", "已有同类申请待答复", "A request of this kind is pending",
        "reload, show allowed_actions";
    /// No request waits for an answer.
    NothingPending = "nothing-pending", "没有待答复的申请", "No request is pending", "reload, show allowed_actions";
    /// Two extensions were granted: it has to be hung instead.
    ExtensionsExhausted =
        "extensions-exhausted", "延期次数已用完，可申请挂账", "No extension is left",
        "reload, show allowed_actions";
    /// The deadline has not passed, so the unit owes nothing yet.
    NotOverdue =
        "not-overdue", "尚未逾期，不必督办提醒", "It is not overdue: there is nothing to remind of",
        "show it, load the issue anew";
    /// The issue is severe and the unit has a vice head, who must do this.
    ViceHeadOnly =
        "vice-head-only", "严重问题须由本单位分管领导退回", "What is severe is returned by the vice head",
        "show it, name the vice head's account";
    /// A look-back is already assigned.
    LookBackPending = "look-back-pending", "回头看已指派", "A look-back is already given", "reload, show allowed_actions";
}

/// Why a step is refused.
#[derive(Debug, Clone, PartialEq)]
pub enum Refusal {
    /// The actor may not know the issue exists.
    NotVisible,
    /// The actor sees the issue but the permission table gives no reach.
    Forbidden,
    /// The same person did another part of the work.
    Separation(Duty),
    /// The lifecycle has no such step from this state.
    Illegal {
        /// The present state.
        state: State,
        /// The requested action.
        action: Action,
    },
    /// A guard refuses it.
    Guard(Why),
    /// The request's fields are wrong.
    Invalid(Invalid),
}

impl From<Invalid> for Refusal {
    fn from(invalid: Invalid) -> Self {
        Refusal::Invalid(invalid)
    }
}
