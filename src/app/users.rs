//! Accounts: created, changed and disabled by an administrator or from the command line.

use super::attempt::{account_key, forget_failures};
use super::change::{self, By, Change, Decision};
use super::locks::{Lock, Locks};
use super::sessions::salt;
use super::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::campaign::CampaignCode;
use crate::domain::ids::{UnitId, UserId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::password;
use crate::domain::policy::Permission;
use crate::domain::role::{Role, WorksFor};
use crate::domain::settings::Settings;
use crate::domain::text;
use crate::domain::time::Timestamp;
use crate::domain::user::{User, is_username};
use crate::store::{Conn, StoreError, reference, sessions, users};

/// Most generated passwords that may contain the user name before that is taken for a broken generator.
const DRAWS_MAX: usize = 100;

/// An account to be created.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// The login name.
    pub username: String,
    /// What others see; for inspectors a pseudonym.
    pub display_name: String,
    /// Its role.
    pub role: Role,
    /// `Some` exactly for roles that work for a unit.
    pub unit_id: Option<UnitId>,
    /// `Some` exactly for roles that work for a campaign.
    pub campaign: Option<CampaignCode>,
    /// Whether it is the unit's vice head 分管领导.
    pub vice_head: bool,
    /// The first password; generated when `None`.
    pub password: Option<String>,
}

/// Changes to an account; `None` leaves a field as it is.
#[derive(Debug, Clone, Default)]
pub struct UserChange {
    /// What others see.
    pub display_name: Option<String>,
    /// The unit it works for. Cleared when the role becomes one that works for none.
    pub unit_id: Option<UnitId>,
    /// The campaign it works for. Cleared in the same way.
    pub campaign: Option<CampaignCode>,
    /// Whether it is the unit's vice head; cleared when the unit changes, unless given.
    pub vice_head: Option<bool>,
    /// Its role.
    pub role: Option<Role>,
    /// Whether it may no longer log in.
    pub disabled: Option<bool>,
}

/// An audit record of what was done to an account.
pub(super) fn record(by: &By, at: Timestamp, action: AuditAction, user: &User, detail: &str) -> AuditEntry {
    by.done(at, action, format!("user:{}", user.username)).ended(Outcome::Done, detail)
}

/// Creates an account, and answers it with the password if that was generated. Its owner must set another one at the
/// first login.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] with every fault, [`AppError::AlreadyExists`] when the name is taken,
/// [`AppError::Busy`].
pub async fn create(app: &App, caller: &Caller, new: NewUser) -> Result<(User, Option<String>)> {
    create_as(app, By::from(caller), new).await
}

/// The same from the command line; a password that the operator chose need not be changed.
///
/// # Errors
/// As [`create`], but never [`AppError::Forbidden`].
pub async fn create_by_operator(app: &App, new: NewUser) -> Result<(User, Option<String>)> {
    create_as(app, By::CommandLine, new).await
}

async fn create_as(app: &App, by: By, new: NewUser) -> Result<(User, Option<String>)> {
    by.require(Permission::ManageUsers)?;
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
    // Checks everything else first, so that no password is hashed in vain.
    let (settings, taken, missing) = app
        .store
        .read(move |conn| -> Result<_> {
            let settings = county.load(conn)?.settings;
            // PostgreSQL rejects a name with a NUL byte as an error.
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
    user.password_hash = app.hasher.hash(by.who(), password, salt(app)).await?;
    let user = change::make(app, Create { by, user, now }).await?;
    Ok((user, drawn))
}

/// An account is created.
struct Create {
    by: By,
    user: User,
    now: Timestamp,
}

impl Change for Create {
    type Before = ();
    type Made = ();
    type Answer = User;

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManageUsers)
    }

    fn locks(&self) -> Vec<Lock> {
        // If somebody else is setting up the county at the same time, only one of them is first.
        vec![Lock::Administrators, Lock::User(self.user.id)]
    }

    fn load(&self, _: &mut Conn, _: &mut Locks) -> Result<()> {
        Ok(())
    }

    fn authorise(&self, _: &mut Conn, (): &()) -> Result<()> {
        Ok(())
    }

    fn decide(&self, _: &mut Conn, (): ()) -> Result<Decision<(), User>> {
        let detail = format!("role {}", self.user.role);
        let records = vec![record(&self.by, self.now, AuditAction::UserCreated, &self.user, &detail)];
        Ok(Decision::Made { made: (), records, messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, (): &()) -> Result<()> {
        insert(conn, &self.user)
    }

    fn answer(&self, _: &mut Conn, (): ()) -> Result<User> {
        Ok(self.user.clone())
    }
}

/// Stores a new account.
///
/// # Errors
/// [`AppError::AlreadyExists`] when somebody took its name in the meantime.
pub(super) fn insert(conn: &mut Conn, user: &User) -> Result<()> {
    match users::insert(conn, user) {
        Err(StoreError::Conflict(_)) => Err(AppError::AlreadyExists),
        inserted => Ok(inserted?),
    }
}

/// All accounts, or those of one role, by name.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn list(app: &App, caller: &Caller, role: Option<Role>) -> Result<Vec<User>> {
    caller.require(Permission::ManageUsers)?;
    Ok(app.store.read(move |conn| users::list(conn, role)).await?)
}

/// One account.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn get(app: &App, caller: &Caller, id: UserId) -> Result<User> {
    caller.require(Permission::ManageUsers)?;
    app.store.read(move |conn| users::find(conn, id)).await?.ok_or(AppError::NotFound)
}

/// Changes an account. Disabling it or giving it another role, unit or campaign ends its sessions.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] with every fault, for example that no
/// administrator would be left.
pub async fn change(app: &App, caller: &Caller, id: UserId, change: UserChange) -> Result<User> {
    change_as(app, By::from(caller), Which::Id(id), change).await
}

/// Disables the account of this name, from the command line.
///
/// # Errors
/// [`AppError::NotFound`], [`AppError::Invalid`] when it is the last administrator.
pub async fn disable_by_operator(app: &App, username: &str) -> Result<()> {
    let change = UserChange { disabled: Some(true), ..UserChange::default() };
    change_as(app, By::CommandLine, Which::name(username), change).await.map(|_| ())
}

async fn change_as(app: &App, by: By, which: Which, change: UserChange) -> Result<User> {
    by.require(Permission::ManageUsers)?;
    let id = app.store.read(move |conn| which.find(conn)).await?.id;
    change::make(app, ChangeUser { by, id, change, now: app.now() }).await
}

/// An account is changed.
struct ChangeUser {
    by: By,
    id: UserId,
    change: UserChange,
    now: Timestamp,
}

impl Change for ChangeUser {
    type Before = User;
    type Made = ChangedUser;
    type Answer = User;

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManageUsers)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Administrators, Lock::User(self.id)]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<User> {
        users::find(conn, self.id)?.ok_or(AppError::NotFound)
    }

    fn authorise(&self, _: &mut Conn, _: &User) -> Result<()> {
        Ok(())
    }

    fn decide(&self, conn: &mut Conn, before: User) -> Result<Decision<ChangedUser, User>> {
        let mut admins = users::count_active(conn, Role::Admin)?;
        Ok(match decide_change(conn, &self.by, &before, self.change.clone(), &mut admins, self.now)? {
            None => Decision::Unchanged(before),
            Some((made, record)) => Decision::Made { made, records: vec![record], messages: Vec::new() },
        })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &ChangedUser) -> Result<()> {
        write_change(conn, made, self.now)
    }

    fn answer(&self, _: &mut Conn, made: ChangedUser) -> Result<User> {
        Ok(made.after)
    }
}

/// The result of a change to an account.
pub(super) struct ChangedUser {
    pub(super) after: User,
    /// Whether its sessions end.
    ends_sessions: bool,
}

/// Decides the result and the audit record; `None` when nothing differs. Call it with the locks on administrators and
/// on the account. `admins` is the number of administrators that can log in, and is updated.
///
/// # Errors
/// [`AppError::Invalid`] with every fault.
pub(super) fn decide_change(
    conn: &mut Conn,
    by: &By,
    before: &User,
    change: UserChange,
    admins: &mut i64,
    now: Timestamp,
) -> Result<Option<(ChangedUser, AuditEntry)>> {
    let after = changed(before, change, now);
    let mut invalid = Invalid::default();
    after.check(&mut invalid);
    invalid.0.extend(unknown(conn, &after)?.0);
    let is_admin = |user: &User| user.role == Role::Admin && user.is_active();
    let left = *admins + i64::from(is_admin(&after)) - i64::from(is_admin(before));
    if is_admin(before) && left < 1 {
        let pointer = if after.is_active() { "/role" } else { "/disabled" };
        invalid.push(pointer, FieldCode::NotAllowed, "the last administrator must stay");
    }
    invalid.into_result()?;
    *admins = left;
    let differences = differences(before, &after);
    if differences.is_empty() {
        return Ok(None);
    }
    let disabled = before.is_active() && !after.is_active();
    let rights = |user: &User| (user.role, user.unit_id, user.campaign);
    let ends_sessions = disabled || rights(before) != rights(&after);
    let action = if disabled { AuditAction::UserDisabled } else { AuditAction::UserChanged };
    let record = record(by, now, action, &after, &differences.join(", "));
    Ok(Some((ChangedUser { after, ends_sessions }, record)))
}

/// Writes a change to an account.
pub(super) fn write_change(conn: &mut Conn, made: &ChangedUser, now: Timestamp) -> Result<()> {
    users::set_account(conn, &made.after)?;
    if made.ends_sessions {
        sessions::revoke_all(conn, made.after.id, None, now)?;
    }
    Ok(())
}

fn changed(before: &User, change: UserChange, now: Timestamp) -> User {
    let role = change.role.unwrap_or(before.role);
    let unit_id = change.unit_id.or(before.unit_id.filter(|_| role.works_for() == WorksFor::Unit));
    let campaign = change.campaign.or(before.campaign.filter(|_| role.works_for() == WorksFor::Campaign));
    // A vice head belongs to one unit: moving to another ends it.
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

/// What changed, for the audit record; names of people are not repeated there.
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

/// Generates a new password for an account and answers it. All its sessions end, its failures are forgotten, and its
/// owner must set another password at the next login.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Busy`].
pub async fn reset_password(app: &App, caller: &Caller, id: UserId) -> Result<String> {
    reset_password_as(app, By::from(caller), Which::Id(id)).await
}

/// The same from the command line, by name.
///
/// # Errors
/// As [`reset_password`], but never [`AppError::Forbidden`].
pub async fn reset_password_by_operator(app: &App, username: &str) -> Result<String> {
    reset_password_as(app, By::CommandLine, Which::name(username)).await
}

async fn reset_password_as(app: &App, by: By, which: Which) -> Result<String> {
    by.require(Permission::ManageUsers)?;
    let county = app.county.clone();
    let (user, settings) =
        app.store.read(move |conn| -> Result<_> { Ok((which.find(conn)?, county.load(conn)?.settings)) }).await?;
    let drawn = draw(app, &user.username, &settings)?;
    let password_hash = app.hasher.hash(by.who(), drawn.clone(), salt(app)).await?;
    change::make(app, ResetPassword { by, user, password_hash, now: app.now() }).await?;
    Ok(drawn)
}

/// An account gets a generated password.
struct ResetPassword {
    by: By,
    /// The account as it was when the password was generated; its name never changes.
    user: User,
    password_hash: String,
    now: Timestamp,
}

impl Change for ResetPassword {
    type Before = User;
    type Made = User;
    type Answer = ();

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManageUsers)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::User(self.user.id), Lock::Throttle(account_key(&self.user.username))]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<User> {
        users::find(conn, self.user.id)?.ok_or(AppError::NotFound)
    }

    fn authorise(&self, _: &mut Conn, _: &User) -> Result<()> {
        Ok(())
    }

    fn decide(&self, _: &mut Conn, before: User) -> Result<Decision<User, ()>> {
        let made = User {
            password_hash: self.password_hash.clone(),
            password_changed_at: self.now,
            must_change_password: true,
            ..before
        };
        let records = vec![record(&self.by, self.now, AuditAction::PasswordChanged, &made, "reset")];
        Ok(Decision::Made { made, records, messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &User) -> Result<()> {
        users::set_password(conn, made)?;
        sessions::revoke_all(conn, made.id, None, self.now)?;
        Ok(forget_failures(conn, &made.username)?)
    }

    fn answer(&self, _: &mut Conn, _: User) -> Result<()> {
        Ok(())
    }
}

/// Inspectors who can be given a check.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn inspectors(app: &App, caller: &Caller) -> Result<Vec<User>> {
    caller.require(Permission::ListInspectors)?;
    let mut found = app.store.read(|conn| users::list(conn, Some(Role::Inspector))).await?;
    found.retain(User::is_active);
    Ok(found)
}

/// How an account is identified.
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
