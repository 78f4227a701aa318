//! Issues: reported, read, acted on.

pub mod act;
mod flags;
pub mod list;
mod look_up;
pub mod read;
pub mod report;

pub(crate) use flags::{not_shown, raise_photo_doubts, raise_similar};
pub(crate) use report::submit_if_complete;

use crate::domain::ids::{IssueId, RequestId};
use crate::domain::issue::Context;
use crate::domain::policy::{Permission, Reach, reach};
use crate::domain::role::{Actor, Role};
use crate::domain::time::Timestamp;
use crate::store::issues::Scope;

use super::county::County;

/// Who reads an issue, and so which view of it: each has a type of its own in `http`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The supervision office: everything.
    Office,
    /// An inspector: what that one found or was given.
    Inspector,
    /// A responsible unit: its own, once released, and nothing of the finding's making.
    Unit,
    /// Leaders and discipline inspection: what is released, of all units.
    Released,
}

impl Audience {
    /// The audience a role belongs to; `None` for one that reads no issue.
    #[must_use]
    pub fn of(role: Role) -> Option<Self> {
        match reach(role, Permission::ReadIssue) {
            Reach::All => Some(Audience::Office),
            Reach::Own | Reach::Check | Reach::LookBack | Reach::Involved => Some(Audience::Inspector),
            Reach::Unit | Reach::UnitHead => Some(Audience::Unit),
            Reach::Released => Some(Audience::Released),
            Reach::Never | Reach::Addressed => None,
        }
    }

    /// Whether it knows an issue by its public version and its public steps only.
    #[must_use]
    pub fn is_public(self) -> bool {
        matches!(self, Audience::Unit | Audience::Released)
    }
}

/// What `actor` may see in lists, from the permission table.
pub(crate) fn scope(actor: &Actor) -> Scope {
    match reach(actor.role, Permission::ReadIssue) {
        Reach::Never | Reach::Addressed => Scope::Nothing,
        Reach::Own | Reach::Check | Reach::LookBack | Reach::Involved => Scope::Involved(actor.user_id),
        Reach::Unit | Reach::UnitHead => actor.unit_id.map_or(Scope::Nothing, Scope::Unit),
        Reach::Released => Scope::Released,
        Reach::All => Scope::All,
    }
}

/// A context to ask what is allowed with; nothing is decided in it.
pub(crate) fn asking(county: &County, now: Timestamp) -> Context<'_> {
    Context {
        now,
        calendar: &county.calendar,
        day_end: county.settings.day_end,
        item_limit: None,
        mended_item: None,
        flagged: false,
        actor_name: "",
        unit_has_vice_head: false,
        offline: county.settings.offline_rule(),
        number: "",
        request_id: RequestId(uuid::Uuid::nil()),
        child_id: IssueId(uuid::Uuid::nil()),
    }
}
