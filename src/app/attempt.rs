//! One attempt at a password: counted as failed before the password is checked, by the rules of `domain/throttle.rs`
//! (ADR 0014).

use std::net::IpAddr;
use std::sync::Arc;

use super::audit::count;
use super::change;
use super::locks::Lock;
use super::{App, AppError, Caller, Result};
use crate::admission::{AddressGroup, Turn, Who};
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::role::Actor;
use crate::domain::settings::Settings;
use crate::domain::throttle::{self, Allowance, Count, Rows, Throttle, Wait};
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::store::denials::Denial;
use crate::store::{Conn, StoreError, audit, sessions, users};

/// One attempt at a password.
#[derive(Clone)]
pub(super) struct Attempt {
    username: String,
    keys: Keys,
    action: AuditAction,
    actor: Option<Actor>,
    who: Who,
    /// The address it came from, for the audit record.
    origin: String,
    /// The same, as the key that refusals are counted under.
    counted_under: String,
    request_id: String,
}

/// An attempt that is allowed and already counted as failed.
pub(super) struct Begun {
    pub(super) settings: Arc<Settings>,
    pub(super) user: Option<User>,
    pub(super) how: throttle::Begun,
}

/// The throttle rows of a login. A change of password uses the first one only: its caller is logged in already and must
/// not be blocked by failures of people who are not.
#[derive(Clone)]
struct Keys {
    pair: String,
    /// The rows that a login uses besides.
    shared: Option<Shared>,
}

#[derive(Clone)]
struct Shared {
    account: String,
    fresh: String,
    address: String,
    proven: String,
}

/// A row's value now, and its value before.
type Slot<'a> = (&'a String, Option<Throttle>, Option<Throttle>);

impl Keys {
    fn load(&self, conn: &mut Conn) -> std::result::Result<Rows, StoreError> {
        let mut find = |key: &String| sessions::find_throttle(conn, key);
        let pair = find(&self.pair)?;
        let Some(shared) = &self.shared else { return Ok(Rows { pair, ..Rows::default() }) };
        Ok(Rows {
            pair,
            account: find(&shared.account)?,
            fresh: find(&shared.fresh)?,
            address: find(&shared.address)?,
            proven: find(&shared.proven)?,
        })
    }

    fn store(&self, conn: &mut Conn, before: &Rows, after: &Rows) -> std::result::Result<(), StoreError> {
        let mut slots: Vec<Slot<'_>> = vec![(&self.pair, before.pair, after.pair)];
        if let Some(shared) = &self.shared {
            slots.extend([
                (&shared.account, before.account, after.account),
                (&shared.fresh, before.fresh, after.fresh),
                (&shared.address, before.address, after.address),
                (&shared.proven, before.proven, after.proven),
            ]);
        }
        let changed = slots.into_iter().filter(|(_, before, after)| before != after);
        changed.into_iter().try_for_each(|(key, _, after)| sessions::put_throttle(conn, key, after))
    }

    /// The locks that protect these rows; rows of an account are protected by the account's lock.
    fn locks(&self) -> impl Iterator<Item = Lock> + use<> {
        let keys = match &self.shared {
            None => [Some(&self.pair), None],
            Some(shared) => [Some(&shared.account), Some(&shared.address)],
        };
        keys.map(|key| key.cloned().map(Lock::Throttle)).into_iter().flatten()
    }
}

/// Key of the row that counts an account's failures.
pub(super) fn account_key(username: &str) -> String {
    format!("account:{username}")
}

/// Key of the row that says that the refusals of a wait have been recorded.
fn noted_key(key: &str) -> String {
    format!("noted:{key}")
}

/// Forgets an account's failures at every address and the addresses it is known at: its password has changed.
pub(super) fn forget_failures(conn: &mut Conn, username: &str) -> std::result::Result<(), StoreError> {
    for kind in ["account", "fresh", "password"] {
        sessions::put_throttle(conn, &format!("{kind}:{username}"), None)?;
    }
    // With the space: another account's name may begin with this one's.
    ["pair", "proven"]
        .iter()
        .try_for_each(|kind| sessions::remove_throttles_under(conn, &format!("{kind}:{username} ")))
}

impl Attempt {
    /// A login attempt from an address.
    pub(super) fn sign_in(username: String, address: Option<IpAddr>, request_id: &str) -> Self {
        // An address group contains no space: everything before the last space is the name, whatever was typed.
        let group = AddressGroup::of(address);
        let shared = Shared {
            account: account_key(&username),
            fresh: format!("fresh:{username}"),
            address: format!("address:{group}"),
            proven: format!("proven:{username} {group}"),
        };
        Attempt {
            keys: Keys { pair: format!("pair:{username} {group}"), shared: Some(shared) },
            username,
            action: AuditAction::SignIn,
            actor: None,
            who: Who::Address(group),
            counted_under: format!("address:{group}"),
            origin: address.map_or_else(|| "from unknown".to_owned(), |address| format!("from {address}")),
            request_id: request_id.to_owned(),
        }
    }

    /// A logged-in user who gives the old password to set a new one.
    pub(super) fn change_password(username: String, caller: &Caller) -> Self {
        Attempt {
            keys: Keys { pair: format!("password:{username}"), shared: None },
            username,
            action: AuditAction::PasswordChanged,
            actor: Some(caller.actor),
            who: caller.who(),
            origin: String::new(),
            counted_under: format!("account:{}", caller.actor.user_id),
            request_id: caller.request_id.clone(),
        }
    }

    /// The caller that the work is counted for.
    pub(super) fn who(&self) -> Who {
        self.who
    }

    /// The locks needed to decide on it.
    pub(super) fn locks(&self) -> impl Iterator<Item = Lock> + use<> {
        self.keys.locks()
    }

    /// The audit record of the attempt.
    pub(super) fn entry(&self, at: Timestamp, outcome: Outcome, why: &str) -> AuditEntry {
        let detail = [why, &self.origin].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
        let target = format!("user:{}", self.username);
        AuditEntry::done(at, self.actor.as_ref(), self.action, target, &self.request_id).ended(outcome, detail)
    }

    /// Waits until no other attempt at this account from this address is running on this node. Attempts count as failed
    /// until they are checked, so people who know the password would otherwise throttle each other. Guessing gets no
    /// cheaper: each attempt is still counted before it is checked, on every node.
    pub(super) async fn turn(&self, app: &App) -> Result<Turn> {
        Ok(app.tries.take(&self.keys.pair, self.who).await?)
    }

    /// The row that makes the attempt wait, and until when; `None` when refusals of that wait have been recorded. Waits
    /// of an address are not recorded one by one: they are short and there is always another while the requests go on.
    fn unnoted(&self, conn: &mut Conn, wait: Wait, now: Timestamp) -> Result<Option<(String, Throttle)>> {
        let key = match (wait.by, &self.keys.shared) {
            (Count::Address, _) => return Ok(None),
            (Count::Account, Some(shared)) => noted_key(&shared.account),
            (Count::Account, None) | (Count::Pair, _) => noted_key(&self.keys.pair),
        };
        let noted = sessions::find_throttle(conn, &key)?;
        let row = Throttle { failures: 0, last_failure_at: now, blocked_until: now.plus(wait.time) };
        Ok(noted.is_none_or(|noted| noted.blocked_until != row.blocked_until).then_some((key, row)))
    }

    /// Counts the attempt as failed until the password has been checked.
    pub(super) async fn begin(&self, app: &App) -> Result<Begun> {
        let now = app.now();
        // During a flood of attempts, each refusal costs a read and no write.
        let (attempt, county) = (self.clone(), app.county.clone());
        let refused = app
            .store
            .read(move |conn| -> Result<_> {
                let allowance = Allowance::of_account(&county.load(conn)?.settings);
                match throttle::begin(&attempt.keys.load(conn)?, allowance, now) {
                    Ok(_) => Ok(None),
                    Err(wait) => Ok(attempt.unnoted(conn, wait, now)?.is_none().then_some(wait)),
                }
            })
            .await?;
        if let Some(wait) = refused {
            return Err(AppError::SignInThrottled(wait.time));
        }
        let (attempt, county) = (self.clone(), app.county.clone());
        let begun = change::locked(app, self.locks(), move |conn, _| {
            let settings = county.load(conn)?.settings;
            let before = attempt.keys.load(conn)?;
            match throttle::begin(&before, Allowance::of_account(&settings), now) {
                Ok((after, how)) => {
                    attempt.keys.store(conn, &before, &after)?;
                    let user = users::find_by_username(conn, &attempt.username)?;
                    Ok(Ok(Begun { settings, user, how }))
                }
                Err(wait) => {
                    if let Some((key, row)) = attempt.unnoted(conn, wait, now)? {
                        let why = format!("throttled until {}", row.blocked_until);
                        audit::append(conn, &attempt.entry(now, Outcome::Denied, &why))?;
                        sessions::put_throttle(conn, &key, Some(row))?;
                    }
                    Ok(Err(wait))
                }
            }
        })
        .await?;
        begun.map_err(|wait| AppError::SignInThrottled(wait.time))
    }

    /// Takes the count back when the password was not checked at all.
    pub(super) async fn undone_unless_tried(&self, app: &App, begun: &Begun, verified: Result<bool>) -> Result<bool> {
        if verified.is_err() {
            self.give_back(app, begun).await?;
        }
        verified
    }

    /// Takes the count of the attempt back.
    pub(super) async fn give_back(&self, app: &App, begun: &Begun) -> Result<()> {
        let (attempt, how, settings, now) = (self.clone(), begun.how, begun.settings.clone(), app.now());
        change::locked(app, self.locks(), move |conn, _| {
            let before = attempt.keys.load(conn)?;
            let after = throttle::give_back(&before, how, Allowance::of_account(&settings), now);
            Ok(attempt.keys.store(conn, &before, &after)?)
        })
        .await
    }

    /// Takes back the failures that the success shows to be its owner's, in the transaction that records the success.
    pub(super) fn succeed(
        &self,
        conn: &mut Conn,
        how: throttle::Begun,
        settings: &Settings,
        now: Timestamp,
    ) -> std::result::Result<(), StoreError> {
        let before = self.keys.load(conn)?;
        let after = throttle::succeed(&before, how, Allowance::of_account(settings), now);
        self.keys.store(conn, &before, &after)
    }

    /// Records that it failed; it was counted when it began.
    pub(super) async fn fail<T>(&self, app: &App, why: &str) -> Result<T> {
        let entry = self.entry(app.now(), Outcome::Failed, why);
        app.store.write(move |conn| audit::append(conn, &entry)).await?;
        self.failed(app)
    }

    /// Records a failure for a name that no account has. Made-up names are unlimited, so the record keeps only the
    /// first one and a count for each address and hour.
    pub(super) async fn fail_for_nobody<T>(&self, app: &App) -> Result<T> {
        let sample = self.entry(app.now(), Outcome::Failed, "no such account");
        let denial = Denial { origin: self.counted_under.clone(), route: self.action.as_str().to_owned(), sample };
        count(app, denial).await?;
        self.failed(app)
    }

    fn failed<T>(&self, app: &App) -> Result<T> {
        app.metrics.sign_in_failed();
        Err(AppError::CredentialsRejected)
    }
}
