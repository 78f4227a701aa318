//! Accountability cases 问责台账: who was held to account for what. One person of the office enters a case, another
//! approves it. Source: domain rule M06.

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

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_checked_field_by_field() {
        let today: Date = "2026-09-07".parse().unwrap();
        let body = CaseBody {
            unit_id: UnitId(uuid::Uuid::from_u128(1)),
            issue_id: None,
            person: "城管局局长".into(),
            kind: CaseKind::Talk,
            reason: "字".repeat(500),
            document_no: "9".repeat(40),
            on: today,
        };
        assert_eq!(body.validate(today), Ok(()));
        assert_eq!(CaseBody { on: today.yesterday().unwrap(), ..body.clone() }.validate(today), Ok(()));
        for (wrong, pointer, code) in [
            (CaseBody { on: today.tomorrow().unwrap(), ..body.clone() }, "/on", FieldCode::OutOfRange),
            (CaseBody { person: " ".into(), ..body.clone() }, "/person", FieldCode::Required),
            (CaseBody { person: "名".repeat(41), ..body.clone() }, "/person", FieldCode::TooLong),
            (CaseBody { reason: "字".repeat(501), ..body.clone() }, "/reason", FieldCode::TooLong),
            (CaseBody { document_no: "9".repeat(41), ..body.clone() }, "/document_no", FieldCode::TooLong),
        ] {
            let faults = wrong.validate(today).unwrap_err().0;
            assert_eq!((&*faults[0].pointer, faults[0].code, faults.len()), (pointer, code, 1));
        }
    }
}
