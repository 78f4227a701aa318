//! Accountability cases 问责台账: who answered for what. One person of the office enters a case, another approves it.
//! Source: domain rule M06.

use super::ids::{CaseId, IssueId, UnitId, UserId};
use super::invalid::{FieldCode, Invalid};
use super::limits;
use super::text::text_enum;
use super::time::{Date, Timestamp};

text_enum! {
    /// How somebody was held to account.
    pub enum CaseKind {
        Reminder = "reminder", "提醒", "Reminder";
        Talk = "talk", "约谈", "Talk";
        Circular = "circular", "通报", "Circular";
        Referral = "referral", "移交", "Referral";
    }
}

/// What is entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseBody {
    /// The unit.
    pub unit_id: UnitId,
    /// The issue that it is about.
    pub issue_id: Option<IssueId>,
    /// Name and post of the person, 1–40 characters.
    pub person: String,
    /// How.
    pub kind: CaseKind,
    /// For what, 1–500 characters.
    pub reason: String,
    /// Number of the document, 1–40 characters.
    pub document_no: String,
    /// The day of the document.
    pub on: Date,
}

/// A case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Identity, chosen by the client.
    pub id: CaseId,
    /// What was entered.
    pub body: CaseBody,
    /// Who entered it.
    pub proposed_by: UserId,
    /// When.
    pub proposed_at: Timestamp,
    /// Who approved it, and when.
    pub approved: Option<(UserId, Timestamp)>,
}

impl CaseBody {
    /// Checks every field; `today` is the county's day.
    ///
    /// # Errors
    /// Each field that is wrong.
    pub fn validate(&self, today: Date) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        invalid.prose("/person", &self.person, limits::NAME_CHARS_MAX);
        invalid.prose("/reason", &self.reason, limits::REASON_CHARS_MAX);
        invalid.prose("/document_no", &self.document_no, limits::CODE_CHARS_MAX);
        if self.on > today {
            invalid.push("/on", FieldCode::OutOfRange, "not after today");
        }
        invalid.into_result()
    }
}
