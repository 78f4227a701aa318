//! Issues: reported, read, acted on.

pub mod act;
mod flags;
pub mod list;
mod look_up;
pub(crate) mod number;
pub mod once;
pub mod open_cases;
pub mod read;
pub mod report;

pub(crate) use flags::{not_shown, raise_compared, raise_photo_doubts, raise_similar};
pub(crate) use look_up::{active_point, item_for};
pub(crate) use report::{
    NewReport, bytes_and_issues, is_about_stalls, is_awaited_by_another, permitting, relapse_of, submitted_with,
};

use crate::domain::ids::{IssueId, RequestId};
use crate::domain::issue::{Context, Issue, PhotoStage};
use crate::domain::policy::{self, Permission, Reach, reach};
use crate::domain::role::Actor;
use crate::domain::shown_time::Reader;
use crate::domain::time::Timestamp;
use crate::store::issues::Scope;

use super::county::County;

/// Who reads an issue. Each audience has a view type of its own in `http`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// The supervision office: everything.
    Office,
    /// An inspector: what belongs to their parts in it.
    Inspector(Parts),
    /// A responsible unit: its own released issues, without anything about how they were found.
    Unit,
    /// Leaders and discipline inspection: all released issues; task forces: those of one campaign.
    Released,
}

/// An inspector's parts in an issue; at least one is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parts {
    /// Found it: follows the report, but sees nothing of other people's visits.
    pub found: bool,
    /// Was given the check: sees the fault and its fix, but not who found it, where and when.
    pub checks: bool,
    /// Was given the look-back, with the same view.
    pub looks_back: bool,
}

impl Audience {
    /// The audience that `actor` belongs to for `issue`; `None` when they may not see it.
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

    /// The reader that decides how exactly times are shown; `None` for the office, which sees them exactly.
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

    /// Whether it may learn that there is a photo which cannot be shown. That would distinguish phones, so others may
    /// only for photos that the unit's own phones took.
    #[must_use]
    pub fn knows_of_unviewable(self, stage: PhotoStage) -> bool {
        match (self, stage) {
            (Audience::Office | Audience::Inspector(Parts { found: true, .. }), _) => true,
            (_, PhotoStage::Fix | PhotoStage::Request) => true,
            (_, PhotoStage::Found | PhotoStage::Check | PhotoStage::LookBack) => false,
        }
    }
}

/// The issues that `actor` may see in lists, from the permission table.
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

/// A context to compute allowed actions with; it decides nothing.
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
        on_site_evidence: county.settings.on_site_evidence,
        number: "",
        request_id: RequestId(uuid::Uuid::nil()),
        child_id: IssueId(uuid::Uuid::nil()),
    }
}
