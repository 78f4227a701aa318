//! Complaints and suggestions 投诉建议: their kinds, and who reads each.
//!
//! Everybody may file one. Its kind decides who reads it: complaints about persons go to discipline inspection only, so
//! that nobody reads a complaint about themselves; the others also go to the office. Units, inspectors, leaders and
//! administrators read only their own, so that none of them learns of an inspector, of an unreleased issue, or of who
//! complained. The author is shown to readers only if the author wants it, and is never in the audit records.

use super::ids::{ComplaintId, UserId};
use super::invalid::Invalid;
use super::policy::{Permission, Reach, reach};
use super::role::{Actor, Role};
use super::text::text_enum;
use super::time::Timestamp;

text_enum! {
    /// What it is about.
    pub enum ComplaintKind {
        Work = "work", "暗访、交办、核查工作", "The work: inspecting, releasing, checking";
        Conduct = "conduct", "工作人员的行为", "How somebody behaved";
        Service = "service", "本系统的使用", "Using this service";
        Suggestion = "suggestion", "建议", "A suggestion";
    }
}

impl ComplaintKind {
    /// Whether it is addressed to this role.
    #[must_use]
    pub const fn is_addressed_to(self, role: Role) -> bool {
        match self {
            ComplaintKind::Conduct => matches!(role, Role::Discipline),
            ComplaintKind::Work | ComplaintKind::Service | ComplaintKind::Suggestion => {
                matches!(role, Role::Office | Role::Discipline)
            }
        }
    }
}

/// Characters of a complaint or of its answer. Source: our choice, two pages.
pub const COMPLAINT_CHARS_MAX: usize = 2_000;
/// Complaints of one person within [`RATE_HOURS`]. Source: our choice; nobody needs more in a day.
pub const RATE_MAX: i64 = 20;
/// Hours in which they are counted. Source: our choice.
pub const RATE_HOURS: i64 = 24;

/// A complaint, and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// Identity; chosen by the client.
    pub id: ComplaintId,
    /// The author.
    pub author_id: UserId,
    /// What it is about.
    pub kind: ComplaintKind,
    /// In their words.
    pub body: String,
    /// Whether readers may learn who the author is.
    pub named: bool,
    /// When it arrived.
    pub filed_at: Timestamp,
    /// The answer, once there is one.
    pub answer: Option<Answer>,
}

/// An answer to a complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// When it was given.
    pub at: Timestamp,
    /// Who gave it.
    pub by: UserId,
    /// In their words.
    pub text: String,
}

/// The kinds of other people's complaints that this person may use `permission` on.
#[must_use]
pub fn covered(actor: &Actor, permission: Permission) -> Vec<ComplaintKind> {
    let all = ComplaintKind::ALL.iter().copied();
    match reach(actor.role, permission) {
        Reach::All => all.collect(),
        Reach::Addressed => all.filter(|kind| kind.is_addressed_to(actor.role)).collect(),
        _ => Vec::new(),
    }
}

/// Trimmed text.
///
/// # Errors
/// It is empty, too long, or not text.
pub fn prose(pointer: &str, text: &str) -> Result<String, Invalid> {
    let mut invalid = Invalid::default();
    let text = text.replace("\r\n", "\n");
    invalid.prose(pointer, &text, COMPLAINT_CHARS_MAX);
    invalid.into_result().map(|()| text.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::invalid::FieldCode;

    #[test]
    fn what_is_about_persons_goes_to_discipline_alone() {
        for role in Role::ALL.iter().copied() {
            let reads = ComplaintKind::Conduct.is_addressed_to(role);
            assert_eq!(reads, role == Role::Discipline, "{role}");
        }
    }

    #[test]
    fn only_those_who_answer_read_what_others_said() {
        for role in Role::ALL.iter().copied() {
            let actor = Actor::new(UserId(uuid::Uuid::nil()), role);
            let count = covered(&actor, Permission::ReadComplaints).len();
            let expected = if role == Role::Office { 3 } else { 4 * usize::from(role == Role::Discipline) };
            assert_eq!(count, expected, "{role}");
            assert_eq!(count, covered(&actor, Permission::AnswerComplaint).len());
        }
    }

    #[test]
    fn a_complaint_is_kept_without_blanks_around_it_and_has_two_pages_at_most() {
        assert_eq!(prose("/body", " 一\r\n二 \n"), Ok("一\n二".to_owned()));
        let longest = "字".repeat(2_000);
        assert_eq!(prose("/body", &longest), Ok(longest.clone()));
        for (text, code) in [(" ", FieldCode::Required), (&*format!("{longest}字"), FieldCode::TooLong)] {
            let faults = prose("/body", text).map_err(|invalid| (invalid.0[0].pointer.clone(), invalid.0[0].code));
            assert_eq!(faults, Err(("/body".to_owned(), code)));
        }
    }

    #[test]
    fn the_office_reads_what_is_not_about_persons() {
        use ComplaintKind::{Conduct, Service, Suggestion, Work};
        let actor = |role| Actor::new(UserId(uuid::Uuid::nil()), role);
        for permission in [Permission::ReadComplaints, Permission::AnswerComplaint] {
            assert_eq!(covered(&actor(Role::Office), permission), [Work, Service, Suggestion]);
            assert_eq!(covered(&actor(Role::Discipline), permission), [Work, Conduct, Service, Suggestion]);
        }
        for (kind, roles) in [(Work, &[Role::Office, Role::Discipline][..]), (Conduct, &[Role::Discipline])] {
            assert!(Role::ALL.iter().all(|role| kind.is_addressed_to(*role) == roles.contains(role)), "{kind}");
        }
    }
}
