//! Issues: reported, read, acted on.

pub mod act;
mod flags;
pub mod list;
mod look_up;
pub(crate) mod number;
pub mod once;
pub mod read;
pub mod report;

pub(crate) use flags::{not_shown, raise_photo_doubts, raise_similar};
pub(crate) use report::submit_if_complete;

use crate::domain::ids::{IssueId, RequestId};
use crate::domain::issue::{Context, Issue, PhotoStage};
use crate::domain::policy::{self, Permission, Reach, reach};
use crate::domain::role::Actor;
use crate::domain::shown_time::Reader;
use crate::domain::time::Timestamp;
use crate::store::issues::Scope;

use super::county::County;

/// Who reads an issue, and so which view of it: each has a type of its own in `http`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The supervision office: everything.
    Office,
    /// An inspector: what concerns the parts that one has in it.
    Inspector(Parts),
    /// A responsible unit: its own, once released, and nothing of the finding's making.
    Unit,
    /// Leaders and discipline inspection: what is released, of all units; task forces: of one campaign.
    Released,
}

/// What an inspector has to do with an issue; at least one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// Found it, and follows what becomes of the report; nothing of the visits of others.
    pub found: bool,
    /// Was given the check: needs the fault and its fix; nothing of who found it, where and when.
    pub checks: bool,
    /// Was given the look-back, with the same needs.
    pub looks_back: bool,
}

impl Audience {
    /// The audience of `issue` that `actor` belongs to; `None` when it is not for them.
    #[must_use]
    pub fn of(actor: &Actor, issue: &Issue) -> Option<Self> {
        if !policy::covers(actor, Permission::ReadIssue, issue) {
            return None;
        }
        match reach(actor.role, Permission::ReadIssue) {
            Reach::All => Some(Audience::Office),
            Reach::Own | Reach::Check | Reach::LookBack | Reach::Involved => Some(Audience::Inspector(Parts {
                found: issue.finding.finder_id == actor.user_id,
                checks: issue.closing.checker_id == Some(actor.user_id),
                looks_back: issue.closing.look_back_inspector_id == Some(actor.user_id),
            })),
            Reach::Unit | Reach::UnitHead => Some(Audience::Unit),
            Reach::Campaign | Reach::Released => Some(Audience::Released),
            Reach::Never | Reach::Addressed => None,
        }
    }

    /// As whom this audience is told of instants; `None` for the office, which is told all.
    #[must_use]
    pub fn reader(self) -> Option<Reader> {
        match self {
            Audience::Office => None,
            Audience::Inspector(Parts { found: true, .. }) => Some(Reader::Finder),
            Audience::Inspector(Parts { found: false, .. }) | Audience::Unit | Audience::Released => {
                Some(Reader::Public)
            }
        }
    }

    /// Whether it sees photos of this stage.
    #[must_use]
    pub fn sees(self, stage: PhotoStage) -> bool {
        match (self, stage) {
            (Audience::Office, _) => true,
            (Audience::Inspector(_), PhotoStage::Found) => true,
            (Audience::Inspector(parts), PhotoStage::Fix) => parts.checks || parts.looks_back,
            (Audience::Inspector(parts), PhotoStage::Check) => parts.checks,
            (Audience::Inspector(parts), PhotoStage::LookBack) => parts.looks_back,
            (Audience::Inspector(_), PhotoStage::Request) => false,
            (
                Audience::Unit | Audience::Released,
                PhotoStage::Found | PhotoStage::Fix | PhotoStage::Check | PhotoStage::Request,
            ) => true,
            (Audience::Unit | Audience::Released, PhotoStage::LookBack) => false,
        }
    }

    /// Whether it may know that a photo is there which nobody can look at: that would tell one
    /// phone from another, unless a unit's own phone took it.
    #[must_use]
    pub fn knows_of_unviewable(self, stage: PhotoStage) -> bool {
        match (self, stage) {
            (Audience::Office | Audience::Inspector(Parts { found: true, .. }), _) => true,
            (_, PhotoStage::Fix | PhotoStage::Request) => true,
            (_, PhotoStage::Found | PhotoStage::Check | PhotoStage::LookBack) => false,
        }
    }
}

/// What `actor` may see in lists, from the permission table.
pub(crate) fn scope(actor: &Actor) -> Scope {
    match reach(actor.role, Permission::ReadIssue) {
        Reach::Never | Reach::Addressed => Scope::Nothing,
        Reach::Own | Reach::Check | Reach::LookBack | Reach::Involved => Scope::Involved(actor.user_id),
        Reach::Unit | Reach::UnitHead => actor.unit_id.map_or(Scope::Nothing, Scope::Unit),
        Reach::Campaign => actor.campaign.map_or(Scope::Nothing, Scope::Campaign),
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
        first_length: None,
        offline: county.settings.offline_rule(),
        number: "",
        request_id: RequestId(uuid::Uuid::nil()),
        child_id: IssueId(uuid::Uuid::nil()),
    }
}
