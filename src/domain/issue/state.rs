//! The states of an issue, and the codes in its record.

use crate::domain::text::text_enum;

text_enum! {
    /// The stored states of an issue. Drafts live on the phone.
    pub enum State {
        Receiving = "receiving", "接收中", "Receiving";
        Submitted = "submitted", "待审核", "Submitted";
        Returned = "returned", "退回补正", "Sent back to the inspector";
        Sealed = "sealed", "封存", "Sealed";
        Assigned = "assigned", "待签收", "Assigned";
        Rectifying = "rectifying", "整改中", "Rectifying";
        Redispatch = "redispatch", "待改派", "To be reassigned";
        Reported = "reported", "待核查", "Fix reported";
        Rework = "rework", "返工整改", "Rework";
        Hung = "hung", "挂账", "On the books";
        Closed = "closed", "已销号", "Closed";
        Archived = "archived", "已归档", "Archived";
        Void = "void", "作废", "Void";
    }
}

impl State {
    /// States in which the unit owes a fix, so that a passed deadline is overdue.
    ///
    /// A check takes the office's time, not the unit's, so `reported` is not among them.
    pub const OWING: &'static [State] = &[State::Assigned, State::Rectifying, State::Redispatch, State::Rework];

    /// States in which nobody has anything left to do. Source: domain rule T15.
    pub const SETTLED: &'static [State] = &[State::Closed, State::Archived, State::Void];

    /// States that no person's action leaves.
    pub const FINAL: &'static [State] = &[State::Archived, State::Void];
}

text_enum! {
    /// How bad a finding is.
    pub enum Severity {
        Low = "low", "一般", "Minor";
        Medium = "medium", "较重", "Serious";
        High = "high", "严重", "Severe";
    }
}

impl Severity {
    /// One level higher, as for a relapse. Source: domain rule M16 (c).
    #[must_use]
    pub fn raised(self) -> Self {
        match self {
            Severity::Low => Severity::Medium,
            Severity::Medium | Severity::High => Severity::High,
        }
    }
}

text_enum! {
    /// Where a finding came from. Only the first and the last are made today.
    pub enum Source {
        Inspection = "inspection", "暗访", "Inspection";
        LookBack = "look-back", "回头看", "Look-back";
    }
}

text_enum! {
    /// How a fault is put right.
    pub enum Remedy {
        Quick = "quick", "立行立改", "Fixed at once";
        Timed = "timed", "限期整改", "Fixed within a term";
        Project = "project", "工程类", "Works project";
    }
}

text_enum! {
    /// What a photo shows.
    pub enum PhotoView {
        Far = "far", "远景", "Far view";
        Near = "near", "近景", "Near view";
        Detail = "detail", "细节", "Detail";
        SameAngle = "same-angle", "同角度", "Same angle";
        Wide = "wide", "全景", "Wide view";
    }
}

text_enum! {
    /// At which step a photo was put to the issue.
    pub enum PhotoStage {
        Found = "found", "发现", "Found";
        Fix = "fix", "整改", "Fix";
        Check = "check", "核查", "Check";
        LookBack = "look-back", "回头看", "Look-back";
        Request = "request", "申请", "Request";
    }
}

text_enum! {
    /// What a unit may ask of the office about an issue.
    pub enum RequestKind {
        Extension = "extension", "延期", "Extension";
        Dispute = "dispute", "异议", "Dispute";
        Hang = "hang", "挂账", "On the books";
    }
}

text_enum! {
    /// What became of a request.
    pub enum RequestState {
        Pending = "pending", "待答复", "Pending";
        Granted = "granted", "同意", "Granted";
        Refused = "refused", "不同意", "Refused";
        Lapsed = "lapsed", "失效", "Lapsed";
    }
}
