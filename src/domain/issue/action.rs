//! What can be done to an issue, by people and by the service itself.

use crate::domain::text::text_enum;

text_enum! {
    /// Every step an issue can take. The codes are the ones of the REST contract.
    pub enum Action {
        Report = "report", "上报", "Report";
        Submit = "submit", "收齐", "All photos received";
        Withdraw = "withdraw", "撤回上报", "Withdraw";
        SettlePlace = "settle-place", "归入点位", "Put to a point";
        Approve = "approve", "审核通过", "Approve";
        SendBack = "send-back", "退回补正", "Send back";
        Resubmit = "resubmit", "补正上报", "Resubmit";
        Reject = "reject", "不予立案", "Reject";
        Release = "release", "交办", "Release";
        ReleaseUrgent = "release-urgent", "紧急交办", "Urgent release";
        SignIn = "sign-in", "签收", "Sign in";
        LapseSignIn = "lapse-sign-in", "逾期未签收，视同签收", "Not signed in, started by the clock";
        Return = "return", "退回（非本单位职责）", "Return";
        Reassign = "reassign", "改派", "Reassign";
        ReportFix = "report-fix", "整改反馈", "Report the fix";
        ConfirmFix = "confirm-fix", "分管领导确认", "Confirm the fix";
        Remind = "remind", "督办提醒", "Remind";
        AssignCheck = "assign-check", "指派核查", "Assign the check";
        Pass = "pass", "核查销号", "Pass and close";
        Fail = "fail", "核查不通过，返工整改", "Fail, back to rework";
        RequestHang = "request-hang", "申请挂账", "Ask to be put on the books";
        DecideHang = "decide-hang", "挂账审批", "Decide on the books";
        Hang = "hang", "挂账", "Put on the books";
        ReachMilestone = "reach-milestone", "完成节点", "Reach a milestone";
        Unhang = "unhang", "解挂", "Take off the books";
        EndPlan = "end-plan", "方案到期解挂", "The plan has ended, taken off the books";
        RequestExtension = "request-extension", "申请延期", "Ask for an extension";
        DecideExtension = "decide-extension", "延期审批", "Decide the extension";
        Dispute = "dispute", "提出异议", "Dispute";
        DecideDispute = "decide-dispute", "异议认定", "Decide the dispute";
        AssignLookBack = "assign-look-back", "指派回头看", "Assign a look-back";
        LookBack = "look-back", "回头看", "Look back";
        Archive = "archive", "归档", "Archive";
    }
}
