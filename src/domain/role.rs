//! Who is acting: the role, and the unit or the campaign that the account works for, if any.

use super::campaign::CampaignCode;
use super::ids::{UnitId, UserId};
use super::text::text_enum;

text_enum! {
    /// What an account is for. Source: the REST contract, "Signing in".
    pub enum Role {
        Inspector = "inspector", "暗访员", "Inspector";
        Unit = "unit", "责任单位经办人", "Responsible unit";
        Office = "office", "督查室", "Supervision office";
        Leader = "leader", "领导", "Leader";
        TaskForce = "task_force", "创建专班", "Campaign task force";
        Discipline = "discipline", "纪检监察", "Discipline inspection";
        Admin = "admin", "系统管理员", "Administrator";
    }
}

/// What an account of a role works for. What is not the county, the account names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorksFor {
    /// The whole county.
    County,
    /// One responsible unit.
    Unit,
    /// One campaign.
    Campaign,
}

/// What people of a role have before them while they work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Device {
    /// A phone, on the road.
    Phone,
    /// A screen at a desk.
    Desk,
}

impl Role {
    /// What an account of this role works for.
    #[must_use]
    pub const fn works_for(self) -> WorksFor {
        match self {
            Role::Unit => WorksFor::Unit,
            Role::TaskForce => WorksFor::Campaign,
            Role::Inspector | Role::Office | Role::Leader | Role::Discipline | Role::Admin => WorksFor::County,
        }
    }

    /// What people of this role work on. Source: domain §7.4.
    #[must_use]
    pub const fn works_on(self) -> Device {
        match self {
            Role::Inspector | Role::Unit => Device::Phone,
            Role::Office | Role::Leader | Role::TaskForce | Role::Discipline | Role::Admin => Device::Desk,
        }
    }

    /// The role's column in the permission table.
    #[must_use]
    pub const fn column(self) -> usize {
        self as usize
    }
}

/// A logged-in user, as the rules see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub user_id: UserId,
    /// Its role.
    pub role: Role,
    /// The unit it works for; `Some` exactly for roles that work for one.
    pub unit_id: Option<UnitId>,
    /// The campaign it works for; `Some` exactly for roles that work for one.
    pub campaign: Option<CampaignCode>,
    /// Whether it is the account of the unit's vice head 分管领导; only for those who work for one.
    pub vice_head: bool,
}

impl Actor {
    /// Somebody who works for the whole county.
    #[must_use]
    pub const fn new(user_id: UserId, role: Role) -> Self {
        Actor { user_id, role, unit_id: None, campaign: None, vice_head: false }
    }
}
