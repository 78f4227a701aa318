//! Reminders before the deadline of an issue.

use std::collections::BTreeSet;

use crate::domain::calendar::WorkCalendar;
use crate::domain::deadline::extension_latest_filing;
use crate::domain::ids::IssueId;
use crate::domain::text::text_enum;
use crate::domain::time::Timestamp;

text_enum! {
    /// What a unit is reminded of, in the order of time.
    pub enum ReminderKind {
        Half = "half", "时限过半", "Half of the limit has passed";
        LastForExtension = "last-for-extension", "即将到期，不能再申请延期", "Near the deadline";
    }
}

/// A reminder of one deadline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reminder {
    /// Identifies it: the issue, the deadline and the kind. A new deadline gets a reminder of its own.
    pub key: String,
    /// The issue.
    pub issue_id: IssueId,
    /// The kind.
    pub kind: ReminderKind,
}

/// The reminder that is due now for an issue without a fix, if it was not sent: half-way, and when the time to ask for
/// an extension ends. If the job was late, only the last one is sent. Source: our judgement.
#[must_use]
pub fn reminder(
    issue_id: IssueId,
    started_at: Timestamp,
    due_at: Timestamp,
    now: Timestamp,
    calendar: &WorkCalendar,
    known: &BTreeSet<String>,
) -> Option<Reminder> {
    if now >= due_at {
        return None;
    }
    let time = |kind| match kind {
        ReminderKind::Half => started_at.plus(due_at.since(started_at) / 2),
        ReminderKind::LastForExtension => extension_latest_filing(calendar, started_at, due_at),
    };
    let kind = ReminderKind::ALL.iter().copied().rfind(|kind| time(*kind) <= now)?;
    let key = |kind| format!("remind:{kind}:{issue_id}:{}", due_at.as_micros());
    let is_known = ReminderKind::ALL.iter().filter(|later| **later >= kind).any(|kind| known.contains(&key(*kind)));
    (!is_known).then(|| Reminder { key: key(kind), issue_id, kind })
}
