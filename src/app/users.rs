//! Accounts: made, changed, disabled, by an administrator or at the command line.

use super::attempt::{account_key, forget_failures};
use super::locks::{self, Lock};
use super::sessions::salt;
use super::{App, AppError, Caller, Result};
use crate::admission::Who;
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::campaign::CampaignCode;
use crate::domain::ids::{UnitId, UserId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::password;
use crate::domain::policy::Permission;
use crate::domain::role::{Actor, Role, WorksFor};
use crate::domain::settings::Settings;
use crate::domain::text;
use crate::domain::time::Timestamp;
use crate::domain::user::{User, is_username};
use crate::store::{Conn, StoreError, audit, reference, sessions, users};

/// How often a drawn password may contain the user name before that is no chance any more.
const DRAWS_MAX: usize = 100;
/// What the audit records call the request of a command.
const COMMAND_LINE: &str = "command-line";

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// What one signs in with.
    pub username: String,
    /// What others see; for inspectors a pseudonym.
    pub display_name: String,
    /// What it may do at all.
    pub role: Role,
    /// `Some` exactly for roles that work for a unit.
    pub unit_id: Option<UnitId>,
    /// `Some` exactly for roles that work for a campaign.
    pub campaign: Option<CampaignCode>,
    /// Whether it is the unit's vice head 分管领导.
    pub vice_head: bool,
    /// The first password; drawn when `None`.
    pub password: Option<String>,
}

/// What is to become of an account; `None` leaves a thing as it is.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    /// What others see.
    pub display_name: Option<String>,
    /// Which unit it works for. Forgotten by itself when the role becomes one that works for none.
    pub unit_id: Option<UnitId>,
    /// Which campaign it works for. Forgotten in the same way.
    pub campaign: Option<CampaignCode>,
    /// Whether it is the unit's vice head; goes with the unit otherwise.
    pub vice_head: Option<bool>,
    /// What it may do at all.
    pub role: Option<Role>,
    /// Whether it may no longer sign in.
    pub disabled: Option<bool>,
}

/// Who changes accounts or reference data.
pub(super) enum By<'a> {
    /// Somebody who has signed in.
    Caller(&'a Caller),
    /// Whoever may run commands on the machine.
    CommandLine,
}

/// The same, as records name it.
#[derive(Clone)]
pub(super) struct Doer {
    pub(super) actor: Option<Actor>,
    pub(super) request_id: String,
}

impl By<'_> {
    /// The one who does it, if permitted; whoever may run commands on the machine is.
    ///
    /// # Errors
    /// [`AppError::Forbidden`].
    pub(super) fn authorised(&self, permission: Permission) -> Result<Doer> {
        match self {
            By::Caller(caller) => {
                caller.require(permission)?;
                Ok(Doer { actor: Some(caller.actor), request_id: caller.request_id.clone() })
            }
            By::CommandLine => Ok(Doer { actor: None, request_id: COMMAND_LINE.to_owned() }),
        }
    }
}

impl Doer {
    /// On whose account the work is.
    pub(super) fn who(&self) -> Who {
        self.actor.map_or(Who::Service, |actor| Who::Account(actor.user_id.0))
    }

    /// Writes down what was done to an account.
    pub(super) fn record(
        &self,
        conn: &mut Conn,
        at: Timestamp,
        action: AuditAction,
        user: &User,
        detail: &str,
    ) -> std::result::Result<(), StoreError> {
        let target = format!("user:{}", user.username);
        let entry = AuditEntry::done(at, self.actor.as_ref(), action, target, &self.request_id);
        audit::append(conn, &entry.ended(Outcome::Done, detail))
    }
}

/// Makes an account and answers it with the password, when that was drawn. Its owner must set
/// another at the first sign-in.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] with every fault, [`AppError::AlreadyExists`] when the
/// name is taken, [`AppError::Busy`], or the store's.
pub async fn create(app: &App, caller: &Caller, new: NewUser) -> Result<(User, Option<String>)> {
    create_as(app, By::Caller(caller), new).await
}

/// The same from the command line; a password the operator chose need not be changed.
///
/// # Errors
/// As [`create`], but never [`AppError::Forbidden`].
pub async fn create_by_operator(app: &App, new: NewUser) -> Result<(User, Option<String>)> {
    create_as(app, By::CommandLine, new).await
}

async fn create_as(app: &App, by: By<'_>, new: NewUser) -> Result<(User, Option<String>)> {
    let doer = by.authorised(Permission::ManageUsers)?;
    let now = app.now();
    let mut user = User {
        id: UserId(app.random.uuid()),
        username: text::code(&new.username).to_lowercase(),
        display_name: text::name(&new.display_name),
        role: new.role,
        unit_id: new.unit_id,
        campaign: new.campaign,
        vice_head: new.vice_head,
        password_hash: String::new(),
        password_changed_at: now,
        must_change_password: new.password.is_none() || matches!(by, By::Caller(_)),
        disabled_at: None,
        created_at: now,
    };
    let mut invalid = Invalid::default();
    user.check(&mut invalid);
    let (county, account) = (app.county.clone(), user.clone());
    // Whether the rest is right is known before a password is hashed for nothing.
    let (settings, taken, missing) = app
        .store
        .read(move |conn| -> Result<_> {
            let settings = county.load(conn)?.settings;
            // A name with a zero byte would be an error to the database.
            let taken = is_username(&account.username) && users::find_by_username(conn, &account.username)?.is_some();
            Ok((settings, taken, unknown(conn, &account)?))
        })
        .await?;
    invalid.0.extend(missing.0);
    if let Some(password) = &new.password {
        password::check(&mut invalid, "/password", password, &user.username, &settings);
    }
    invalid.into_result()?;
    if taken {
        return Err(AppError::AlreadyExists);
    }
    let (password, drawn) = match new.password {
        Some(password) => (password, None),
        None => {
            let drawn = draw(app, &user.username, &settings)?;
            (drawn.clone(), Some(drawn))
        }
    };
    user.password_hash = app.hasher.hash(doer.who(), password, salt(app)).await?;
    let user = app
        .store
        .write(move |conn| -> Result<User> {
            match users::insert(conn, &user) {
                // Another request took the name since.
                Err(StoreError::Conflict(_)) => return Err(AppError::AlreadyExists),
                inserted => inserted?,
            }
            doer.record(conn, now, AuditAction::UserCreated, &user, &format!("role {}", user.role))?;
            Ok(user)
        })
        .await?;
    Ok((user, drawn))
}

/// All accounts, or those of one role, by name.
///
/// # Errors
/// [`AppError::Forbidden`], or the store's.
pub async fn list(app: &App, caller: &Caller, role: Option<Role>) -> Result<Vec<User>> {
    caller.require(Permission::ManageUsers)?;
    Ok(app.store.read(move |conn| users::list(conn, role)).await?)
}

/// One account.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], or the store's.
pub async fn get(app: &App, caller: &Caller, id: UserId) -> Result<User> {
    caller.require(Permission::ManageUsers)?;
    app.store.read(move |conn| users::find(conn, id)).await?.ok_or(AppError::NotFound)
}

/// Changes an account. Disabling it or giving it another role, unit or campaign ends its sign-ins.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] with every fault, among them that
/// the last administrator would be gone; or the store's.
pub async fn change(app: &App, caller: &Caller, id: UserId, change: UserChange) -> Result<User> {
    change_as(app, By::Caller(caller), Which::Id(id), change).await
}

/// Disables the account of this name, from the command line.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Invalid`] when it is the last administrator, or the store's.
pub async fn disable_by_operator(app: &App, username: &str) -> Result<()> {
    let change = UserChange { disabled: Some(true), ..UserChange::default() };
    change_as(app, By::CommandLine, Which::name(username), change).await.map(|_| ())
}

async fn change_as(app: &App, by: By<'_>, which: Which, change: UserChange) -> Result<User> {
    let doer = by.authorised(Permission::ManageUsers)?;
    let now = app.now();
    app.store
        .write(move |conn| -> Result<User> {
            let id = which.find(conn)?.id;
            locks::take(conn, [Lock::Administrators, Lock::User(id)])?;
            // Only now is it what nobody else changes.
            let before = users::find(conn, id)?.ok_or(AppError::NotFound)?;
            change_in(conn, &doer, before, change, now)
        })
        .await
}

/// Changes an account in the caller's transaction, which holds the lock on administrators and on it.
///
/// # Errors
/// [`AppError::Invalid`] with every fault, or the store's.
pub(super) fn change_in(
    conn: &mut Conn,
    doer: &Doer,
    before: User,
    change: UserChange,
    now: Timestamp,
) -> Result<User> {
    let after = changed(&before, change, now);
    let mut invalid = Invalid::default();
    after.check(&mut invalid);
    invalid.0.extend(unknown(conn, &after)?.0);
    let is_admin = |user: &User| user.role == Role::Admin && user.is_active();
    if is_admin(&before) && !is_admin(&after) && users::count_active(conn, Role::Admin)? <= 1 {
        let pointer = if after.is_active() { "/role" } else { "/disabled" };
        invalid.push(pointer, FieldCode::NotAllowed, "the last administrator must stay");
    }
    invalid.into_result()?;
    let differences = differences(&before, &after);
    if differences.is_empty() {
        return Ok(before);
    }
    users::set_account(conn, &after)?;
    let disabled = before.is_active() && !after.is_active();
    let rights = |user: &User| (user.role, user.unit_id, user.campaign);
    if disabled || rights(&before) != rights(&after) {
        sessions::revoke_all(conn, after.id, None, now)?;
    }
    let action = if disabled { AuditAction::UserDisabled } else { AuditAction::UserChanged };
    doer.record(conn, now, action, &after, &differences.join(", "))?;
    Ok(after)
}

fn changed(before: &User, change: UserChange, now: Timestamp) -> User {
    let role = change.role.unwrap_or(before.role);
    let unit_id = change.unit_id.or(before.unit_id.filter(|_| role.works_for() == WorksFor::Unit));
    let campaign = change.campaign.or(before.campaign.filter(|_| role.works_for() == WorksFor::Campaign));
    // The post is of one unit: whoever goes to another leaves it.
    let kept_post = before.vice_head && unit_id.is_some() && unit_id == before.unit_id;
    User {
        display_name: change.display_name.map_or_else(|| before.display_name.clone(), |name| text::name(&name)),
        role,
        unit_id,
        campaign,
        vice_head: change.vice_head.unwrap_or(kept_post),
        disabled_at: match change.disabled {
            None => before.disabled_at,
            Some(false) => None,
            Some(true) => before.disabled_at.or(Some(now)),
        },
        ..before.clone()
    }
}

/// What changed, for the record; names of people are not repeated there.
fn differences(before: &User, after: &User) -> Vec<String> {
    let mut differences = Vec::new();
    if before.display_name != after.display_name {
        differences.push("display name".to_owned());
    }
    if before.role != after.role {
        differences.push(format!("role {} → {}", before.role, after.role));
    }
    if before.vice_head != after.vice_head {
        differences.push(format!("vice head {} → {}", before.vice_head, after.vice_head));
    }
    if before.unit_id != after.unit_id {
        let name = |unit: Option<UnitId>| unit.map_or_else(|| "none".to_owned(), |unit| unit.to_string());
        differences.push(format!("unit {} → {}", name(before.unit_id), name(after.unit_id)));
    }
    if before.campaign != after.campaign {
        let name = |code: Option<CampaignCode>| code.map_or_else(|| "none".to_owned(), |code| code.to_string());
        differences.push(format!("campaign {} → {}", name(before.campaign), name(after.campaign)));
    }
    match (before.is_active(), after.is_active()) {
        (true, false) => differences.push("disabled".to_owned()),
        (false, true) => differences.push("enabled".to_owned()),
        _ => {}
    }
    differences
}

/// Draws a new password for an account and answers it; all its sign-ins end, its failures are
/// forgotten, and its owner must set another at the next sign-in.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Busy`], or the store's.
pub async fn reset_password(app: &App, caller: &Caller, id: UserId) -> Result<String> {
    reset_password_as(app, By::Caller(caller), Which::Id(id)).await
}

/// The same from the command line, by name.
///
/// # Errors
/// As [`reset_password`], but never [`AppError::Forbidden`].
pub async fn reset_password_by_operator(app: &App, username: &str) -> Result<String> {
    reset_password_as(app, By::CommandLine, Which::name(username)).await
}

async fn reset_password_as(app: &App, by: By<'_>, which: Which) -> Result<String> {
    let doer = by.authorised(Permission::ManageUsers)?;
    let county = app.county.clone();
    let (user, settings) =
        app.store.read(move |conn| -> Result<_> { Ok((which.find(conn)?, county.load(conn)?.settings)) }).await?;
    let drawn = draw(app, &user.username, &settings)?;
    let password_hash = app.hasher.hash(doer.who(), drawn.clone(), salt(app)).await?;
    let now = app.now();
    app.store
        .write(move |conn| -> Result<()> {
            locks::take(conn, [Lock::User(user.id), Lock::Throttle(account_key(&user.username))])?;
            let current = users::find(conn, user.id)?.ok_or(AppError::NotFound)?;
            let after = User { password_hash, password_changed_at: now, must_change_password: true, ..current };
            users::set_password(conn, &after)?;
            sessions::revoke_all(conn, after.id, None, now)?;
            forget_failures(conn, &after.username)?;
            doer.record(conn, now, AuditAction::PasswordChanged, &after, "reset")?;
            Ok(())
        })
        .await?;
    Ok(drawn)
}

/// Inspectors who can be given a check.
///
/// # Errors
/// [`AppError::Forbidden`], or the store's.
pub async fn inspectors(app: &App, caller: &Caller) -> Result<Vec<User>> {
    caller.require(Permission::ListInspectors)?;
    let mut found = app.store.read(|conn| users::list(conn, Some(Role::Inspector))).await?;
    found.retain(User::is_active);
    Ok(found)
}

/// An account, however it was named.
enum Which {
    Id(UserId),
    Name(String),
}

impl Which {
    fn name(username: &str) -> Self {
        Which::Name(text::code(username).to_lowercase())
    }

    fn find(&self, conn: &mut Conn) -> Result<User> {
        let found = match self {
            Which::Id(id) => users::find(conn, *id)?,
            Which::Name(name) => users::find_by_username(conn, name)?,
        };
        found.ok_or(AppError::NotFound)
    }
}

/// What the account names that is not there.
fn unknown(conn: &mut Conn, user: &User) -> std::result::Result<Invalid, StoreError> {
    let mut invalid = Invalid::default();
    if let Some(id) = user.unit_id
        && reference::find_unit(conn, id)?.is_none()
    {
        invalid.push("/unit_id", FieldCode::Unknown, "no such unit");
    }
    if let Some(code) = user.campaign
        && !reference::is_campaign(conn, code)?
    {
        invalid.push("/campaign", FieldCode::Unknown, "no such campaign");
    }
    Ok(invalid)
}

pub(super) fn draw(app: &App, username: &str, settings: &Settings) -> Result<String> {
    for _ in 0..DRAWS_MAX {
        let drawn = password::draw(settings, |end| app.random.below(end));
        let mut invalid = Invalid::default();
        password::check(&mut invalid, "", &drawn, username, settings);
        if invalid.0.is_empty() {
            return Ok(drawn);
        }
    }
    Err(AppError::Internal("no drawn password obeys the rules".into()))
}
