//! Decides who learns at once that something changed: those who can read the change, and nobody else.
//!
//! A page that is open asks whether the number of changes that its reader can see has grown (`GET /changes`). So a
//! change counts for exactly those whose answers it changes: a concealed step counts for no unit, and a report that is
//! not released counts for nobody outside the inspection.

use serde::{Deserialize, Serialize};

use super::campaign::CampaignCode;
use super::ids::{UnitId, UserId};
use super::issue::{Action, Issue};
use super::policy::{Permission, Reach, reach};
use super::role::Actor;

/// Readers who see the same issues, and therefore the same changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// Every issue: the supervision office.
    All,
    /// What an inspector found or was given.
    Inspector(UserId),
    /// What was released to a unit.
    Unit(UnitId),
    /// What was released in a campaign.
    Campaign(CampaignCode),
    /// Everything that was released.
    Released,
}

impl Topic {
    /// The topic whose changes `actor` can see; `None` for a role that reads no issues.
    #[must_use]
    pub fn of(actor: &Actor) -> Option<Self> {
        match reach(actor.role, Permission::ReadIssue) {
            Reach::Never | Reach::Addressed => None,
            Reach::Own | Reach::Check | Reach::LookBack | Reach::Involved => Some(Topic::Inspector(actor.user_id)),
            Reach::Unit | Reach::UnitHead => actor.unit_id.map(Topic::Unit),
            Reach::Campaign => actor.campaign.map(Topic::Campaign),
            Reach::Released => Some(Topic::Released),
            Reach::All => Some(Topic::All),
        }
    }

    /// Its name in the database.
    #[must_use]
    pub fn key(self) -> String {
        match self {
            Topic::All => "all".to_owned(),
            Topic::Inspector(id) => format!("inspector:{id}"),
            Topic::Unit(id) => format!("unit:{id}"),
            Topic::Campaign(code) => format!("campaign:{code}"),
            Topic::Released => "released".to_owned(),
        }
    }
}

/// The topics of a step from `before` to `after`. `is_public`: readers of a released issue learn of it.
#[must_use]
pub(super) fn topics(before: Option<&Issue>, after: &Issue, action: Action, is_public: bool) -> Vec<Topic> {
    let mut topics = vec![Topic::All];
    let mut add = |topic| {
        if !topics.contains(&topic) {
            topics.push(topic);
        }
    };
    // The finder follows the report, but learns of nobody else's visit.
    if action.is_public() {
        add(Topic::Inspector(after.finding.finder_id));
    }
    // Inspectors who were assigned to a visit learn of the public steps, and that the visit was assigned to them or to
    // somebody else.
    let given = |issue: Option<&Issue>| {
        issue.map_or([None; 2], |issue| [issue.closing.checker_id, issue.closing.look_back_inspector_id])
    };
    let (had, has) = (given(before), given(Some(after)));
    for id in had.into_iter().chain(has).flatten() {
        let is_moved = had.contains(&Some(id)) != has.contains(&Some(id));
        if is_moved || is_public {
            add(Topic::Inspector(id));
        }
    }
    if is_public && after.assignment.released_at.is_some() {
        let units = [before.and_then(|issue| issue.assignment.unit_id), after.assignment.unit_id];
        units.into_iter().flatten().for_each(|unit| add(Topic::Unit(unit)));
        CampaignCode::parse(&after.finding.campaign).into_iter().for_each(|code| add(Topic::Campaign(code)));
        add(Topic::Released);
    }
    topics
}
