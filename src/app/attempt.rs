//! One try at a password: counted before it is looked at, by the rules of `domain/throttle.rs` (ADR 0014).

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

/// One try at a password.
#[derive(Clone)]
pub(super) struct Attempt {
    username: String,
    keys: Keys,
    action: AuditAction,
    actor: Option<Actor>,
    who: Who,
    /// Where it came from, for the record.
    origin: String,
    /// The same, as refusals are counted.
    counted_under: String,
    request_id: String,
}

/// An attempt that may be made.
pub(super) struct Begun {
    pub(super) settings: Arc<Settings>,
    pub(super) user: Option<User>,
    pub(super) how: throttle::Begun,
}

/// The rows of a sign-in. A change of password has the first alone: whoever changes it has signed in already, and
/// must not be kept from it by those who have not.
#[derive(Clone)]
struct Keys {
    pair: String,
    /// All others.
    shared: Option<Shared>,
}

#[derive(Clone)]
struct Shared {
    account: String,
    fresh: String,
    address: String,
    proven: String,
}

/// A row's value and what it was.
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

    /// The locks under which the rows are decided on: those of an account under the account's.
    fn locks(&self) -> impl Iterator<Item = Lock> + use<> {
        let keys = match &self.shared {
            None => [Some(&self.pair), None],
            Some(shared) => [Some(&shared.account), Some(&shared.address)],
        };
        keys.map(|key| key.cloned().map(Lock::Throttle)).into_iter().flatten()
    }
}

/// The row of an account's failures.
pub(super) fn account_key(username: &str) -> String {
    format!("account:{username}")
}

/// The row saying that the refusals of a wait have been recorded.
fn noted_key(key: &str) -> String {
    format!("noted:{key}")
}

/// Forgets an account's failures, at every address, and where it was at home: its password is another now.
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
    /// Somebody who signs in from an address.
    pub(super) fn sign_in(username: String, address: Option<IpAddr>, request_id: &str) -> Self {
        // A group has no space in it: what stands before the last one is the name, whatever was typed.
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

    /// Somebody who has signed in and shows the old password to set another.
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

    /// On whose account the work is.
    pub(super) fn who(&self) -> Who {
        self.who
    }

    /// The locks under which it is decided on.
    pub(super) fn locks(&self) -> impl Iterator<Item = Lock> + use<> {
        self.keys.locks()
    }

    /// What is written down of it.
    pub(super) fn entry(&self, at: Timestamp, outcome: Outcome, why: &str) -> AuditEntry {
        let detail = [why, &self.origin].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
        let target = format!("user:{}", self.username);
        AuditEntry::done(at, self.actor.as_ref(), self.action, target, &self.request_id).ended(outcome, detail)
    }

    /// Waits until no other try at the account from this address is under way here: those who know the password
    /// would else be throttled by each other's, which count as failed until they are looked at. Nobody has more
    /// guesses for it: each still counts before it is looked at, on every node.
    pub(super) async fn turn(&self, app: &App) -> Result<Turn> {
        Ok(app.tries.take(&self.keys.pair, self.who).await?)
    }

    /// The row that makes the attempt wait, and until when, unless that wait's refusals have been recorded. Those of
    /// an address are too many to record one by one: its waits are short and never end while somebody asks.
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

    /// Counts the attempt as failed until it is known not to be.
    pub(super) async fn begin(&self, app: &App) -> Result<Begun> {
        let now = app.now();
        // A flood of refusals costs a read each, not a write.
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

    /// Gives the attempt back when the password was not even looked at.
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

    /// Takes back what the success proves to be its owner's, in the transaction of the success.
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

    /// Counts that it failed for a name that is no account's. Whoever makes names up makes no end of them: what is
    /// kept is how many came from an address in an hour, and the first.
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
