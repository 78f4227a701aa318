//! Accounts and sign-ins.

use super::digest::Digest;
use super::ids::{SessionId, UnitId, UserId};
use super::role::{Actor, Role};
use super::time::Timestamp;

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Identity.
    pub id: UserId,
    /// What one signs in with; unique, lower case.
    pub username: String,
    /// What others see; for inspectors a pseudonym 暗访代号.
    pub display_name: String,
    /// What it may do at all.
    pub role: Role,
    /// `Some` exactly for role `unit`.
    pub unit_id: Option<UnitId>,
    /// Argon2id in PHC string form.
    pub password_hash: String,
    /// When the password was set.
    pub password_changed_at: Timestamp,
    /// Must set a password of its own before anything else.
    pub must_change_password: bool,
    /// Since when it may not sign in.
    pub disabled_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl User {
    /// The account as the rules see it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor { user_id: self.id, role: self.role, unit_id: self.unit_id }
    }
}

/// A sign-in. The token is known to the client only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Identity.
    pub id: SessionId,
    /// SHA-256 of the token.
    pub token_digest: Digest,
    /// Whose.
    pub user_id: UserId,
    /// When signed in.
    pub created_at: Timestamp,
    /// Last use, to the minute.
    pub last_seen_at: Timestamp,
    /// End, however much it is used.
    pub expires_at: Timestamp,
    /// Ended by a person.
    pub revoked_at: Option<Timestamp>,
    /// What the client called itself, cut to 200 characters.
    pub agent: String,
}
