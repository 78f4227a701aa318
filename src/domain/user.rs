//! Accounts and login sessions.

use std::time::Duration;

use super::campaign::CampaignCode;
use super::digest::Digest;
use super::ids::{SessionId, UnitId, UserId};
use super::invalid::{FieldCode, Invalid};
use super::limits::NAME_CHARS_MAX;
use super::role::{Actor, Role, WorksFor};
use super::settings::Settings;
use super::time::Timestamp;

/// Characters of a login name. Source: our choice.
pub const USERNAME_CHARS: std::ops::RangeInclusive<usize> = 2..=32;

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Identity.
    pub id: UserId,
    /// The login name; unique, lower case.
    pub username: String,
    /// What others see; for inspectors a pseudonym 暗访代号.
    pub display_name: String,
    /// Its role.
    pub role: Role,
    /// `Some` exactly for roles that work for a unit.
    pub unit_id: Option<UnitId>,
    /// `Some` exactly for roles that work for a campaign.
    pub campaign: Option<CampaignCode>,
    /// The unit's vice head 分管领导, who confirms severe fixes. Source: domain rule T9.
    pub vice_head: bool,
    /// Argon2id in PHC string form.
    pub password_hash: String,
    /// When the password was set.
    pub password_changed_at: Timestamp,
    /// The user must set a password of their own first.
    pub must_change_password: bool,
    /// Since when it may not log in.
    pub disabled_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
}

impl User {
    /// The account as the rules see it.
    #[must_use]
    pub fn actor(&self) -> Actor {
        let User { id, role, unit_id, campaign, vice_head, .. } = self;
        Actor { user_id: *id, role: *role, unit_id: *unit_id, campaign: *campaign, vice_head: *vice_head }
    }

    /// Whether the user must set a new password first: because somebody else set the present one, or because it is too
    /// old.
    #[must_use]
    pub fn needs_new_password(&self, settings: &Settings, now: Timestamp) -> bool {
        let days = u64::from(settings.password_days_max);
        let too_old = days > 0 && now.since(self.password_changed_at) >= Duration::from_secs(days * 24 * 60 * 60);
        self.must_change_password || too_old
    }

    /// Whether it may log in.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.disabled_at.is_none()
    }

    /// Checks the names, and that a unit or a campaign is named exactly when the role works for one;
    /// pointers are those of the fields.
    pub fn check(&self, invalid: &mut Invalid) {
        if !is_username(&self.username) {
            let detail = "2 to 32 of: small letters, digits, point, underscore, hyphen";
            invalid.push("/username", FieldCode::Malformed, detail);
        }
        invalid.prose("/display_name", &self.display_name, NAME_CHARS_MAX);
        if self.display_name.contains(['\n', '\t']) {
            invalid.push("/display_name", FieldCode::Malformed, "must be one line");
        }
        for (works_for, is_named, pointer, missing, needless) in [
            (
                WorksFor::Unit,
                self.unit_id.is_some(),
                "/unit_id",
                "a unit's account names its unit",
                "only a unit's account names a unit",
            ),
            (
                WorksFor::Campaign,
                self.campaign.is_some(),
                "/campaign",
                "a task force's account names its campaign",
                "only a task force's account names a campaign",
            ),
        ] {
            match (self.role.works_for() == works_for, is_named) {
                (true, false) => invalid.push(pointer, FieldCode::Required, missing),
                (false, true) => invalid.push(pointer, FieldCode::NotAllowed, needless),
                (true, true) | (false, false) => {}
            }
        }
        if self.vice_head && self.role.works_for() != WorksFor::Unit {
            invalid.push("/vice_head", FieldCode::NotAllowed, "only a unit has a vice head");
        }
    }
}

/// Whether an account can have this name.
#[must_use]
pub fn is_username(name: &str) -> bool {
    USERNAME_CHARS.contains(&name.len())
        && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'_' | b'-'))
}

/// A login session. Only the client knows the token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Identity.
    pub id: SessionId,
    /// SHA-256 of the token.
    pub token_digest: Digest,
    /// The account.
    pub user_id: UserId,
    /// When it began.
    pub created_at: Timestamp,
    /// Last use, to the minute.
    pub last_seen_at: Timestamp,
    /// When it ends, even if it is used.
    pub expires_at: Timestamp,
    /// When a person ended it.
    pub revoked_at: Option<Timestamp>,
    /// User agent of the client, cut to 200 characters.
    pub agent: String,
}

impl Session {
    /// Whether it is valid at `now` for an account of `role`: not expired, not ended, not idle for too long. One that
    /// begins further in the future than it may last is from before the clock was set back, and would be valid until
    /// the clock gets there again: it is not.
    #[must_use]
    pub fn is_live(&self, role: Role, settings: &Settings, now: Timestamp) -> bool {
        let idle_max = Duration::from_secs(60 * u64::from(settings.idle_minutes(role)));
        let begun_soon = self.created_at.since(now) < self.expires_at.since(self.created_at);
        self.revoked_at.is_none() && now < self.expires_at && begun_soon && now < self.last_seen_at.plus(idle_max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_micros(minutes * 60_000_000)
    }

    fn user(role: Role, unit_id: Option<UnitId>) -> User {
        User {
            id: UserId(uuid::Uuid::nil()),
            username: "office01".into(),
            display_name: "督查一".into(),
            role,
            unit_id,
            campaign: None,
            vice_head: false,
            password_hash: String::new(),
            password_changed_at: at(0),
            must_change_password: false,
            disabled_at: None,
            created_at: at(0),
        }
    }

    #[test]
    fn names_one_can_sign_in_with() {
        for good in ["ab", "a.b_c-9", &"x".repeat(32)] {
            assert!(is_username(good), "{good}");
        }
        for bad in ["", "a", "Ab", "a b", "暗访", "ab\0", &"x".repeat(33)] {
            assert!(!is_username(bad), "{bad}");
        }
    }

    #[test]
    fn an_account_names_what_its_role_works_for_and_nothing_else() {
        let (unit, campaign) = (Some(UnitId(uuid::Uuid::nil())), CampaignCode::parse("WM"));
        for (role, unit_id, campaign, faults) in [
            (Role::Unit, unit, None, &[][..]),
            (Role::Unit, None, None, &[("/unit_id", FieldCode::Required)]),
            (Role::Unit, unit, campaign, &[("/campaign", FieldCode::NotAllowed)]),
            (Role::TaskForce, None, campaign, &[]),
            (Role::TaskForce, None, None, &[("/campaign", FieldCode::Required)]),
            (Role::TaskForce, unit, campaign, &[("/unit_id", FieldCode::NotAllowed)]),
            (Role::Office, None, None, &[]),
            (Role::Office, unit, None, &[("/unit_id", FieldCode::NotAllowed)]),
            (Role::Office, None, campaign, &[("/campaign", FieldCode::NotAllowed)]),
        ] {
            let mut invalid = Invalid::default();
            User { campaign, ..user(role, unit_id) }.check(&mut invalid);
            let found: Vec<_> = invalid.0.iter().map(|error| (&*error.pointer, error.code)).collect();
            assert_eq!(found, faults, "{role} {unit_id:?} {campaign:?}");
        }
    }

    #[test]
    fn passwords_grow_old() {
        let day = 24 * 60;
        let never = Settings { password_days_max: 0, ..Settings::default() };
        for (settings, minutes, needed) in [
            (Settings::default(), 90 * day - 1, false),
            (Settings::default(), 90 * day, true),
            (never, 9_000 * day, false),
        ] {
            assert_eq!(user(Role::Office, None).needs_new_password(&settings, at(minutes)), needed, "{minutes}");
        }
    }

    #[test]
    fn sign_ins_end_unused_at_a_desk_sooner_than_on_a_phone() {
        let session = Session {
            id: SessionId(uuid::Uuid::nil()),
            token_digest: Digest::of(b""),
            user_id: UserId(uuid::Uuid::nil()),
            created_at: at(0),
            last_seen_at: at(100),
            expires_at: at(120),
            revoked_at: None,
            agent: String::new(),
        };
        let revoked = Session { revoked_at: Some(at(100)), ..session.clone() };
        for (session, role, minute, live) in [
            (&session, Role::Office, 114, true),
            (&session, Role::Office, 115, false),
            (&session, Role::Inspector, 119, true),
            (&session, Role::Inspector, 120, false),
            (&revoked, Role::Inspector, 101, false),
        ] {
            assert_eq!(session.is_live(role, &Settings::default(), at(minute)), live, "{role} {minute}");
        }
    }

    #[test]
    fn every_fault_of_an_account_is_named() {
        let fine = user(Role::Office, None);
        let unit = user(Role::Unit, Some(UnitId(uuid::Uuid::nil())));
        for (user, faults) in [
            (fine.clone(), &[][..]),
            (User { vice_head: true, ..unit }, &[]),
            (User { username: "Office01".into(), ..fine.clone() }, &[("/username", FieldCode::Malformed)]),
            (User { display_name: " ".into(), ..fine.clone() }, &[("/display_name", FieldCode::Required)]),
            (User { display_name: "督".repeat(40), ..fine.clone() }, &[]),
            (User { display_name: "督".repeat(41), ..fine.clone() }, &[("/display_name", FieldCode::TooLong)]),
            (User { display_name: "督查\n一".into(), ..fine.clone() }, &[("/display_name", FieldCode::Malformed)]),
            (User { vice_head: true, ..fine }, &[("/vice_head", FieldCode::NotAllowed)]),
        ] {
            let mut invalid = Invalid::default();
            user.check(&mut invalid);
            let found: Vec<_> = invalid.0.iter().map(|error| (&*error.pointer, error.code)).collect();
            assert_eq!(found, faults, "{user:?}");
        }
    }

    #[test]
    fn an_account_acts_as_what_it_is_until_it_is_disabled() {
        let unit_id = Some(UnitId(uuid::Uuid::from_u128(2)));
        let account = User { id: UserId(uuid::Uuid::from_u128(1)), vice_head: true, ..user(Role::Unit, unit_id) };
        let expected = Actor { unit_id, vice_head: true, ..Actor::new(account.id, Role::Unit) };
        assert_eq!(account.actor(), expected);
        let campaign = CampaignCode::parse("WM");
        let task_force = User { campaign, ..user(Role::TaskForce, None) }.actor();
        assert_eq!(task_force, Actor { campaign, ..Actor::new(task_force.user_id, Role::TaskForce) });
        assert!(account.is_active() && !User { disabled_at: Some(at(0)), ..account }.is_active());
        let told_to = User { must_change_password: true, ..user(Role::Office, None) };
        assert!(told_to.needs_new_password(&Settings::default(), at(0)));
    }

    #[test]
    fn a_sign_in_from_before_the_clock_was_set_back_is_none() {
        let session = Session {
            id: SessionId(uuid::Uuid::nil()),
            token_digest: Digest::of(b""),
            user_id: UserId(uuid::Uuid::nil()),
            created_at: at(1_000),
            last_seen_at: at(1_000),
            expires_at: at(1_120),
            revoked_at: None,
            agent: String::new(),
        };
        // It may last two hours; one that begins an hour and 59 minutes ahead may still be due to a corrected clock.
        for (minute, live) in [(880, false), (881, true), (999, true), (1_000, true), (1_029, true), (1_030, false)] {
            assert_eq!(session.is_live(Role::Inspector, &Settings::default(), at(minute)), live, "{minute}");
        }
        let used = Session { last_seen_at: at(1_119), ..session };
        assert!(used.is_live(Role::Inspector, &Settings::default(), at(1_119)));
        assert!(!used.is_live(Role::Inspector, &Settings::default(), at(1_120)));
    }
}
