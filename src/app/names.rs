//! The names behind code names: who keeps them, and how one is read with two keys.

use super::change::{self, By, Change, Decision};
use super::locks::{Lock, Locks};
use super::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::ids::{BatchId, NameRequestId, UserId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::name_request::{NameRequest, NameRequestAction};
use crate::domain::policy::Permission;
use crate::domain::role::{Actor, Role};
use crate::domain::text::code;
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::store::{Conn, batches, name_requests as kept, users};

/// A request as its readers see it.
#[derive(Debug)]
pub struct ShownRequest {
    /// The request.
    pub request: NameRequest,
    /// What the caller may do with it now.
    pub allowed: Vec<NameRequestAction>,
    /// When this was.
    pub now: Timestamp,
}

/// The requests for names of a batch, the latest first.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn requests(app: &App, caller: &Caller, batch: BatchId) -> Result<Vec<ShownRequest>> {
    caller.require(Permission::ReadNameRequests)?;
    let (actor, now) = (caller.actor, app.now());
    app.store
        .read(move |conn| {
            batches::find(conn, batch)?.ok_or(AppError::NotFound)?;
            Ok(kept::of_batch(conn, batch)?.into_iter().map(|request| shown(&actor, request, now)).collect())
        })
        .await
}

fn shown(actor: &Actor, request: NameRequest, now: Timestamp) -> ShownRequest {
    // Who only reads along neither asks nor consents.
    let is_office = actor.role == Role::Office;
    let allowed = if is_office { request.allowed(actor.user_id, now) } else { Vec::new() };
    ShownRequest { request, allowed, now }
}

/// A keeper asks for the name behind a code name, under an id that the client chose. The same again changes nothing.
/// Answers whether it was new.
///
/// # Errors
/// [`AppError::Forbidden`] for a caller who is no keeper, [`AppError::NotFound`], [`AppError::Invalid`],
/// [`AppError::IdReused`].
pub async fn ask(
    app: &App,
    caller: &Caller,
    batch: BatchId,
    id: NameRequestId,
    code_name: &str,
    reason: &str,
) -> Result<(ShownRequest, bool)> {
    let request = NameRequest {
        id,
        batch_id: batch,
        code_name: code(code_name),
        reason: reason.trim().to_owned(),
        asked_by: caller.actor.user_id,
        asked_at: app.now(),
        answer: None,
        read_at: None,
    };
    change::make(app, Ask { by: By::from(caller), actor: caller.actor, request }).await
}

/// A name is asked for.
struct Ask {
    by: By,
    actor: Actor,
    request: NameRequest,
}

impl Change for Ask {
    type Before = Option<NameRequest>;
    type Made = ();
    type Answer = (ShownRequest, bool);

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::AskForNames)?;
        Ok(self.request.validate()?)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::User(self.actor.user_id), Lock::Batch(self.request.batch_id)]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        if !kept::is_keeper(conn, self.actor.user_id)? {
            return Err(AppError::Forbidden);
        }
        batches::find(conn, self.request.batch_id)?.ok_or(AppError::NotFound)?;
        Ok(kept::find(conn, self.request.id)?)
    }

    fn authorise(&self, _: &mut Conn, before: &Self::Before) -> Result<()> {
        let said = |request: &NameRequest| {
            (request.batch_id, request.asked_by, request.code_name.clone(), request.reason.clone())
        };
        let is_another = before.as_ref().is_some_and(|before| said(before) != said(&self.request));
        if is_another { Err(AppError::IdReused) } else { Ok(()) }
    }

    fn decide(&self, conn: &mut Conn, before: Self::Before) -> Result<Decision<(), Self::Answer>> {
        let now = self.request.asked_at;
        if let Some(before) = before {
            return Ok(Decision::Unchanged((shown(&self.actor, before, now), false)));
        }
        if behind(conn, self.request.batch_id, &self.request.code_name)?.is_none() {
            return Err(Invalid::one("/code_name", FieldCode::Unknown, "nobody is called so in this batch").into());
        }
        let records = vec![record(&self.by, &self.request, AuditAction::NameAsked, now, &self.request.reason)];
        Ok(Decision::Made { made: (), records, messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, (): &()) -> Result<()> {
        Ok(kept::insert(conn, &self.request)?)
    }

    fn answer(&self, _: &mut Conn, (): ()) -> Result<Self::Answer> {
        Ok((shown(&self.actor, self.request.clone(), self.request.asked_at), true))
    }
}

/// Whose code name this is in the draw of a batch, also of somebody who was recused after it.
fn behind(conn: &mut Conn, batch: BatchId, code_name: &str) -> Result<Option<UserId>> {
    let Some(draw) = batches::draws(conn, batch)?.into_iter().next_back() else { return Ok(None) };
    let Some((_, outcome)) = draw.drawn else { return Ok(None) };
    let named = outcome.code_names.iter().find(|name| name.code == code_name);
    let Some(key) = named.map(|name| name.inspector) else { return Ok(None) };
    let people = batches::people(conn, batch, draw.commitment.attempt)?;
    Ok(people.into_iter().find(|(other, _)| *other == key).map(|(_, user)| user))
}

/// The audit record of a step; the name is in none.
fn record(
    by: &By,
    request: &NameRequest,
    action: AuditAction,
    at: Timestamp,
    detail: &str,
) -> crate::domain::audit::AuditEntry {
    let entry = by.done(at, action, format!("batch:{}", request.batch_id));
    entry.ended(Outcome::Done, format!("{} {}: {detail}", request.id, request.code_name))
}

/// The second person consents to a request, or refuses it. The same answer again changes nothing.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::NameRefused`].
pub async fn answer(
    app: &App,
    caller: &Caller,
    batch: BatchId,
    id: NameRequestId,
    consents: bool,
) -> Result<ShownRequest> {
    let now = app.now();
    change::make(app, Answer { by: By::from(caller), actor: caller.actor, batch, id, consents, now }).await
}

/// A request is answered.
struct Answer {
    by: By,
    actor: Actor,
    batch: BatchId,
    id: NameRequestId,
    consents: bool,
    now: Timestamp,
}

/// The request of this batch with this id.
fn of_batch(conn: &mut Conn, batch: BatchId, id: NameRequestId) -> Result<NameRequest> {
    kept::find(conn, id)?.filter(|request| request.batch_id == batch).ok_or(AppError::NotFound)
}

impl Change for Answer {
    type Before = NameRequest;
    type Made = NameRequest;
    type Answer = ShownRequest;

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ConsentToNames)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Batch(self.batch)]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<NameRequest> {
        of_batch(conn, self.batch, self.id)
    }

    fn authorise(&self, _: &mut Conn, _: &NameRequest) -> Result<()> {
        Ok(())
    }

    fn decide(&self, _: &mut Conn, before: NameRequest) -> Result<Decision<NameRequest, ShownRequest>> {
        let who = self.actor.user_id;
        if before.answer.is_some_and(|(by, _, consented)| by == who && consented == self.consents) {
            return Ok(Decision::Unchanged(shown(&self.actor, before, self.now)));
        }
        let action = if self.consents { NameRequestAction::Consent } else { NameRequestAction::Refuse };
        before.admit(who, action, self.now)?;
        let records = vec![record(&self.by, &before, AuditAction::NameAnswered, self.now, action.as_str())];
        let made = NameRequest { answer: Some((who, self.now, self.consents)), ..before };
        Ok(Decision::Made { made, records, messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &NameRequest) -> Result<()> {
        made.answer.iter().try_for_each(|answer| Ok(kept::answer(conn, self.id, *answer)?))
    }

    fn answer(&self, _: &mut Conn, made: NameRequest) -> Result<ShownRequest> {
        Ok(shown(&self.actor, made, self.now))
    }
}

/// The keeper who asked reads the name, once.
///
/// # Errors
/// [`AppError::Forbidden`] for a caller who is no keeper, [`AppError::NotFound`], [`AppError::NameRefused`] before the
/// consent, after the reading, and when its time has passed.
pub async fn read(app: &App, caller: &Caller, batch: BatchId, id: NameRequestId) -> Result<User> {
    let now = app.now();
    change::make(app, Read { by: By::from(caller), actor: caller.actor, batch, id, now }).await
}

/// A name is read.
struct Read {
    by: By,
    actor: Actor,
    batch: BatchId,
    id: NameRequestId,
    now: Timestamp,
}

impl Change for Read {
    type Before = NameRequest;
    type Made = User;
    type Answer = User;

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::AskForNames)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::User(self.actor.user_id), Lock::Batch(self.batch)]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<NameRequest> {
        // Who is no keeper any more reads nothing that they asked for before.
        if !kept::is_keeper(conn, self.actor.user_id)? {
            return Err(AppError::Forbidden);
        }
        of_batch(conn, self.batch, self.id)
    }

    fn authorise(&self, _: &mut Conn, _: &NameRequest) -> Result<()> {
        Ok(())
    }

    fn decide(&self, conn: &mut Conn, before: NameRequest) -> Result<Decision<User, User>> {
        before.admit(self.actor.user_id, NameRequestAction::Read, self.now)?;
        let nobody = || AppError::Internal(format!("nobody is behind a code name of batch {}", self.batch));
        let who = behind(conn, self.batch, &before.code_name)?.ok_or_else(nobody)?;
        let made = users::find(conn, who)?.ok_or_else(nobody)?;
        let records = vec![record(&self.by, &before, AuditAction::NameRead, self.now, &before.reason)];
        Ok(Decision::Made { made, records, messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, _: &User) -> Result<()> {
        Ok(kept::note_read(conn, self.id, self.now)?)
    }

    fn answer(&self, _: &mut Conn, made: User) -> Result<User> {
        Ok(made)
    }
}

/// The accounts that keep names.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn keepers(app: &App, caller: &Caller) -> Result<Vec<User>> {
    caller.require(Permission::ManageUsers)?;
    app.store
        .read(|conn| {
            let ids = kept::keepers(conn)?;
            Ok(users::find_all(conn, &ids)?)
        })
        .await
}

/// Makes an account of the office a keeper, or no keeper any more. The same again changes nothing.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when there is no such account, [`AppError::Invalid`] when it is not of
/// the office.
pub async fn set_keeper(app: &App, caller: &Caller, user: UserId, is_keeper: bool) -> Result<()> {
    change::make(app, SetKeeper { by: By::from(caller), actor: caller.actor, user, is_keeper, now: app.now() }).await
}

/// A keeper is named, or is one no longer.
struct SetKeeper {
    by: By,
    actor: Actor,
    user: UserId,
    is_keeper: bool,
    now: Timestamp,
}

impl Change for SetKeeper {
    type Before = bool;
    type Made = ();
    type Answer = ();

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManageUsers)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::User(self.user)]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<bool> {
        let found = users::find(conn, self.user)?.ok_or(AppError::NotFound)?;
        if self.is_keeper && found.role != Role::Office {
            return Err(Invalid::one("", FieldCode::NotAllowed, "an account of the office").into());
        }
        Ok(kept::is_keeper(conn, self.user)?)
    }

    fn authorise(&self, _: &mut Conn, _: &bool) -> Result<()> {
        Ok(())
    }

    fn decide(&self, _: &mut Conn, before: bool) -> Result<Decision<(), ()>> {
        if before == self.is_keeper {
            return Ok(Decision::Unchanged(()));
        }
        let entry = self.by.done(self.now, AuditAction::KeeperChanged, format!("user:{}", self.user));
        let detail = if self.is_keeper { "keeper" } else { "no keeper" };
        Ok(Decision::Made { made: (), records: vec![entry.ended(Outcome::Done, detail)], messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, (): &()) -> Result<()> {
        if self.is_keeper {
            Ok(kept::add_keeper(conn, self.user, self.actor.user_id, self.now)?)
        } else {
            Ok(kept::remove_keeper(conn, self.user)?)
        }
    }

    fn answer(&self, _: &mut Conn, (): ()) -> Result<()> {
        Ok(())
    }
}
