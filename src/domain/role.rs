//! Who is acting: the role, and for members of a unit the unit.

use super::ids::{UnitId, UserId};
use super::text::text_enum;

text_enum! {
    /// What an account is for. Source: the REST contract, "Signing in".
    pub enum Role {
        Inspector = "inspector", "暗访员", "Inspector";
        Unit = "unit", "责任单位经办人", "Responsible unit";
        Office = "office", "督查室", "Supervision office";
        Leader = "leader", "领导", "Leader";
        Discipline = "discipline", "纪检监察", "Discipline inspection";
        Admin = "admin", "系统管理员", "Administrator";
    }
}

impl Role {
    /// Number of roles: the width of the permission table.
    pub const COUNT: usize = 6;

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
    /// The unit it works for; `Some` exactly for [`Role::Unit`].
    pub unit_id: Option<UnitId>,
    /// Whether it is the account of the unit's vice head 分管领导; only for [`Role::Unit`].
    pub vice_head: bool,
}
