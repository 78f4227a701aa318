//! Login, logout, and changing one's own password.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use super::attempt::Attempt;
use super::change::{self, By, Change, Decision};
use super::hashing::DUMMY_PHC;
use super::locks::{Lock, Locks};
use super::upkeep::Progress;
use super::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::digest::Digest;
use crate::domain::ids::SessionId;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::password;
use crate::domain::reference::Unit;
use crate::domain::role::Actor;
use crate::domain::settings::Settings;
use crate::domain::text::{code, one_line};
use crate::domain::throttle;
use crate::domain::time::Timestamp;
use crate::domain::user::{Session, User};
use crate::store::{Conn, reference, sessions, users};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// How often the last use of a session is written to the database.
const TOUCH_EVERY: Duration = Duration::from_secs(60);
/// Rows of one kind that a round of housekeeping deletes, so that others do not wait long. Source: our choice.
const FORGOTTEN_AT_ONCE: i64 = 1_000;
/// Characters kept of the client's user agent.
const AGENT_CHARS_MAX: usize = 200;
/// Characters kept of a user name that failed to log in.
const TRIED_NAME_CHARS_MAX: usize = 64;

/// A successful login.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The token that the client sends from now on; only its digest is stored.
    pub token: String,
    /// When the session ends, even if it is used.
    pub expires_at: Timestamp,
    /// The user; `must_change_password` is also set when the password has expired.
    pub user: User,
    /// The session.
    pub session_id: SessionId,
}

/// Logs a user in. A wrong password, an unknown name and a disabled account get the same answer after the same work.
///
/// # Errors
/// [`AppError::CredentialsRejected`], [`AppError::SignInThrottled`] after too many failures of the account or the
/// address, [`AppError::Busy`] when too many attempts at the account or too many hashes wait.
pub async fn sign_in(
    app: &App,
    username: &str,
    password: String,
    address: Option<IpAddr>,
    agent: &str,
    request_id: &str,
) -> Result<SignedIn> {
    let username = one_line(&code(username).to_lowercase(), TRIED_NAME_CHARS_MAX);
    let attempt = Attempt::sign_in(username, address, request_id);
    let _turn = attempt.turn(app).await?;
    let begun = attempt.begin(app).await?;
    let phc = begun.user.as_ref().map_or(DUMMY_PHC, |user| &user.password_hash).to_owned();
    let fits = attempt.undone_unless_tried(app, &begun, app.hasher.verify(attempt.who(), password, phc).await).await?;
    let user = match &begun.user {
        Some(user) if fits && user.is_active() => user.clone(),
        Some(user) => return attempt.fail(app, if user.is_active() { "wrong password" } else { "disabled" }).await,
        None => return attempt.fail_for_nobody(app).await,
    };

    let mut secret = [0; 32];
    app.random.fill(&mut secret);
    let token = URL_SAFE_NO_PAD.encode(secret);
    let now = app.now();
    let expires_at = now.plus(Duration::from_secs(60 * 60 * u64::from(begun.settings.session_hours_max)));
    let session = Session {
        id: SessionId(app.random.uuid()),
        token_digest: Digest::of(token.as_bytes()),
        user_id: user.id,
        created_at: now,
        last_seen_at: now,
        expires_at,
        revoked_at: None,
        agent: one_line(agent, AGENT_CHARS_MAX),
    };
    let session_id = session.id;
    let begin =
        Begin { attempt, checked: user.clone(), settings: begun.settings.clone(), how: begun.how, session, now };
    if !change::make(app, begin).await? {
        return Err(AppError::CredentialsRejected);
    }
    Ok(SignedIn { token, expires_at, user: with_effective_change(user, &begun.settings, now), session_id })
}

/// Starts the session of a user whose password was right.
struct Begin {
    attempt: Attempt,
    /// The account as it was when its password was checked.
    checked: User,
    settings: Arc<Settings>,
    how: throttle::Begun,
    session: Session,
    now: Timestamp,
}

impl Change for Begin {
    type Before = Option<User>;
    /// Whether the account still has the password that was checked.
    type Made = bool;
    type Answer = bool;

    fn admit(&self) -> Result<()> {
        Ok(())
    }

    fn locks(&self) -> Vec<Lock> {
        self.attempt.locks().chain([Lock::User(self.checked.id)]).collect()
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        Ok(users::find(conn, self.checked.id)?)
    }

    fn authorise(&self, _: &mut Conn, _: &Self::Before) -> Result<()> {
        Ok(())
    }

    fn decide(&self, _: &mut Conn, current: Self::Before) -> Result<Decision<bool, bool>> {
        // The account may have changed while the password was hashed.
        let fits = current.is_some_and(|user| user.is_active() && user.password_hash == self.checked.password_hash);
        let record = if fits {
            let (entry, actor) = (self.attempt.entry(self.now, Outcome::Done, ""), self.checked.actor());
            AuditEntry { actor_id: Some(actor.user_id), actor_role: Some(actor.role), ..entry }
        } else {
            self.attempt.entry(self.now, Outcome::Failed, "changed meanwhile")
        };
        Ok(Decision::Made { made: fits, records: vec![record], messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, fits: &bool) -> Result<()> {
        if *fits {
            self.attempt.succeed(conn, self.how, &self.settings, self.now)?;
            sessions::insert(conn, &self.session)?;
        }
        Ok(())
    }

    fn answer(&self, _: &mut Conn, fits: bool) -> Result<bool> {
        Ok(fits)
    }
}

/// What a request means for its session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionUse {
    /// Somebody uses it, so it does not expire.
    Use,
    /// A page of it is open: without other use the session ends as if the page were closed.
    Watch,
}

/// The user who sends this token.
///
/// # Errors
/// [`AppError::NotSignedIn`] when the session is unknown, has ended or was unused for too long, or the account is
/// disabled.
pub async fn authenticate(app: &App, token: &str, used: SessionUse, request_id: &str) -> Result<Caller> {
    let digest = Digest::of(token.as_bytes());
    let county = app.county.clone();
    let (found, settings) = app
        .store
        .read(move |conn| -> Result<_> { Ok((sessions::find_by_token(conn, &digest)?, county.load(conn)?.settings)) })
        .await?;
    let now = app.now();
    let (session, user) = found
        .filter(|(session, user)| user.is_active() && session.is_live(user.role, &settings, now))
        .ok_or(AppError::NotSignedIn)?;
    // In both directions: after the clock was set back, idle time counts from now.
    if used == SessionUse::Use && now.abs_diff(session.last_seen_at) >= TOUCH_EVERY {
        let touched = app.store.write(move |conn| sessions::touch(conn, session.id, now)).await;
        if let Err(error) = touched {
            // Reading goes on while writes are refused; the worst is that the session ends early.
            tracing::warn!(%error, "the use of a sign-in was not noted");
        }
    }
    Ok(Caller {
        actor: user.actor(),
        session_id: session.id,
        must_change_password: user.needs_new_password(&settings, now),
        request_id: request_id.to_owned(),
        handed_in: None,
    })
}

/// Ends the caller's session.
pub async fn sign_out(app: &App, caller: &Caller) -> Result<()> {
    // That another request ended it a moment ago is fine.
    end(app, caller, caller.session_id, AuditAction::SignOut).await.map(|_| ())
}

/// The caller's open sessions, latest first.
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<Session>> {
    let (county, actor, now) = (app.county.clone(), caller.actor, app.now());
    app.store
        .read(move |conn| -> Result<_> {
            let settings = county.load(conn)?.settings;
            let mut found = sessions::list_live(conn, actor.user_id, now)?;
            found.retain(|session| session.is_live(actor.role, &settings, now));
            Ok(found)
        })
        .await
}

/// Ends one of the caller's sessions, for example on a lost phone.
///
/// # Errors
/// [`AppError::NotFound`] when it does not exist or belongs to somebody else.
pub async fn revoke(app: &App, caller: &Caller, id: SessionId) -> Result<()> {
    if end(app, caller, id, AuditAction::SessionRevoked).await? { Ok(()) } else { Err(AppError::NotFound) }
}

async fn end(app: &App, caller: &Caller, id: SessionId, action: AuditAction) -> Result<bool> {
    change::make(app, End { by: By::from(caller), actor: caller.actor, id, action, now: app.now() }).await
}

/// One of the caller's own sessions ends.
struct End {
    by: By,
    actor: Actor,
    id: SessionId,
    action: AuditAction,
    now: Timestamp,
}

impl Change for End {
    /// Whether it exists and is open.
    type Before = bool;
    type Made = ();
    type Answer = bool;

    fn admit(&self) -> Result<()> {
        Ok(())
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::User(self.actor.user_id)]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<bool> {
        Ok(sessions::list_live(conn, self.actor.user_id, self.now)?.iter().any(|session| session.id == self.id))
    }

    fn authorise(&self, _: &mut Conn, _: &bool) -> Result<()> {
        Ok(())
    }

    fn decide(&self, _: &mut Conn, is_there: bool) -> Result<Decision<(), bool>> {
        if !is_there {
            return Ok(Decision::Unchanged(false));
        }
        let records = vec![self.by.done(self.now, self.action, format!("session:{}", self.id))];
        Ok(Decision::Made { made: (), records, messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, (): &()) -> Result<()> {
        sessions::revoke(conn, self.actor.user_id, self.id, self.now)?;
        Ok(())
    }

    fn answer(&self, _: &mut Conn, (): ()) -> Result<bool> {
        Ok(true)
    }
}

/// Sets a new password for the caller, who must give the old one, and ends all other sessions.
///
/// # Errors
/// [`AppError::CredentialsRejected`] when the old one is wrong, [`AppError::SignInThrottled`] after too many failures,
/// [`AppError::Invalid`] with all that is wrong with the new one under `/new_password`, [`AppError::Stale`] when it was
/// changed in the meantime, [`AppError::Busy`].
pub async fn change_password(app: &App, caller: &Caller, old: String, new: String) -> Result<()> {
    let user_id = caller.actor.user_id;
    let user = app.store.read(move |conn| users::find(conn, user_id)).await?.ok_or(AppError::NotSignedIn)?;
    let attempt = Attempt::change_password(user.username, caller);
    let _turn = attempt.turn(app).await?;
    let begun = attempt.begin(app).await?;
    let user = begun.user.clone().filter(User::is_active).ok_or(AppError::NotSignedIn)?;
    let verified = app.hasher.verify(caller.who(), old, user.password_hash.clone()).await;
    if !attempt.undone_unless_tried(app, &begun, verified).await? {
        return attempt.fail(app, "wrong password").await;
    }
    // The old password was right: no failure from here on counts as a guess.
    let made = new_hash(app, caller, &user, new, &begun.settings).await;
    let password_hash = match made {
        Ok(made) => made,
        Err(error) => {
            attempt.give_back(app, &begun).await?;
            return Err(error);
        }
    };
    let (settings, how) = (begun.settings.clone(), begun.how);
    let kept = caller.session_id;
    change::make(app, SetPassword { attempt, user, password_hash, settings, how, kept, now: app.now() }).await
}

/// A user sets a password of their own.
struct SetPassword {
    attempt: Attempt,
    /// The account as it was when the old password was checked.
    user: User,
    password_hash: String,
    settings: Arc<Settings>,
    how: throttle::Begun,
    /// The session that stays open.
    kept: SessionId,
    now: Timestamp,
}

impl Change for SetPassword {
    type Before = User;
    type Made = User;
    type Answer = ();

    fn admit(&self) -> Result<()> {
        Ok(())
    }

    fn locks(&self) -> Vec<Lock> {
        self.attempt.locks().chain([Lock::User(self.user.id)]).collect()
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<User> {
        users::find(conn, self.user.id)?.ok_or(AppError::NotFound)
    }

    fn authorise(&self, _: &mut Conn, current: &User) -> Result<()> {
        if current.password_hash == self.user.password_hash { Ok(()) } else { Err(AppError::Stale) }
    }

    fn decide(&self, _: &mut Conn, current: User) -> Result<Decision<User, ()>> {
        let made = User {
            password_hash: self.password_hash.clone(),
            password_changed_at: self.now,
            must_change_password: false,
            ..current
        };
        let records = vec![self.attempt.entry(self.now, Outcome::Done, "")];
        Ok(Decision::Made { made, records, messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &User) -> Result<()> {
        users::set_password(conn, made)?;
        sessions::revoke_all(conn, made.id, Some(self.kept), self.now)?;
        Ok(self.attempt.succeed(conn, self.how, &self.settings, self.now)?)
    }

    fn answer(&self, _: &mut Conn, _: User) -> Result<()> {
        Ok(())
    }
}

/// The hash of a new password that follows the rules and is none of the last ones.
async fn new_hash(app: &App, caller: &Caller, user: &User, new: String, settings: &Settings) -> Result<String> {
    const POINTER: &str = "/new_password";
    let mut invalid = Invalid::default();
    password::check(&mut invalid, POINTER, &new, &user.username, settings);
    // The present password counts as the first of the barred ones, and is always barred.
    let (user_id, former) = (user.id, i64::from(settings.password_history.saturating_sub(1)));
    let mut barred = app.store.read(move |conn| users::former_password_hashes(conn, user_id, former)).await?;
    barred.insert(0, user.password_hash.clone());
    if app.hasher.verify_any(caller.who(), new.clone(), barred).await? {
        invalid.push(POINTER, FieldCode::Duplicate, "must not be one of the last passwords");
    }
    invalid.into_result()?;
    app.hasher.hash(caller.who(), new, salt(app)).await
}

/// The caller's account and unit.
///
/// # Errors
/// [`AppError::NotSignedIn`] when the account is gone.
pub async fn me(app: &App, caller: &Caller) -> Result<(User, Option<Unit>)> {
    let (county, user_id, now) = (app.county.clone(), caller.actor.user_id, app.now());
    app.store
        .read(move |conn| -> Result<_> {
            let user = users::find(conn, user_id)?.ok_or(AppError::NotSignedIn)?;
            let unit = user.unit_id.map(|id| reference::find_unit(conn, id)).transpose()?.flatten();
            Ok((with_effective_change(user, &county.load(conn)?.settings, now), unit))
        })
        .await
}

/// Deletes ended sessions and failures that no longer count, a limited number at a time (housekeeping).
pub async fn forget_ended(app: &App) -> Result<Progress> {
    let now = app.now();
    app.store
        .write(move |conn| -> Result<Progress> {
            let throttles = sessions::remove_throttles(conn, now.minus(throttle::FORGOTTEN_AFTER), FORGOTTEN_AT_ONCE)?;
            let ended = sessions::remove_ended(conn, now, FORGOTTEN_AT_ONCE)?;
            let full = |count: usize| i64::try_from(count).is_ok_and(|count| count >= FORGOTTEN_AT_ONCE);
            Ok(Progress { done: throttles + ended, more: full(throttles) || full(ended) })
        })
        .await
}

fn with_effective_change(user: User, settings: &Settings, now: Timestamp) -> User {
    User { must_change_password: user.needs_new_password(settings, now), ..user }
}

/// A new salt.
pub(super) fn salt(app: &App) -> [u8; 16] {
    let mut salt = [0; 16];
    app.random.fill(&mut salt);
    salt
}
