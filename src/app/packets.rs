//! What a phone could not send, handed in by the office as a file: each record goes the way it would have gone, for
//! the one whose it is, and it is on record who handed it in (ADR 0021).

use super::{App, AppError, Caller, Result};
use crate::admission::Place;
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::digest::Digest;
use crate::domain::ids::UserId;
use crate::domain::policy::Permission;
use crate::domain::role::{Actor, Device};
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::store::{Conn, StoreError, audit, users};

/// Who hands in what somebody else wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedIn {
    /// Whoever does.
    pub by: Actor,
    /// Whose it is, by the name one signs in with.
    pub username: String,
}

/// Lets a packet in; the place is taken until it is dropped.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Busy`], or [`AppError::StorageFull`].
pub async fn admit(app: &App, caller: &Caller) -> Result<Place> {
    caller.require(Permission::TakePackets)?;
    app.check_room()?;
    Ok(app.packet_places.enter(caller.who()).await?)
}

/// The owner of a packet's records, and the same as one who sends them.
///
/// # Errors
/// [`AppError::PacketAccount`]: only who works on a phone has records that wait there, and what nobody could
/// send nobody hands in either.
pub async fn owner(app: &App, caller: &Caller, id: UserId) -> Result<(User, Caller)> {
    caller.require(Permission::TakePackets)?;
    let user = app.store.read(move |conn| users::find(conn, id)).await?;
    let user = user.filter(|user| user.role.works_on() == Device::Phone && user.is_active());
    let user = user.ok_or(AppError::PacketAccount)?;
    let handed_in = HandedIn { by: caller.actor, username: user.username.clone() };
    let sender = Caller {
        actor: user.actor(),
        session_id: caller.session_id,
        must_change_password: false,
        request_id: caller.request_id.clone(),
        handed_in: Some(handed_in),
    };
    Ok((user, sender))
}

/// Writes down that a record was handed in, in the transaction that keeps it.
pub(super) fn note(
    conn: &mut Conn,
    sender: &Caller,
    target: String,
    at: Timestamp,
) -> std::result::Result<(), StoreError> {
    let Some(HandedIn { by, username }) = &sender.handed_in else { return Ok(()) };
    let entry = AuditEntry::done(at, Some(by), AuditAction::RecordHandedIn, target, &sender.request_id);
    audit::append(conn, &entry.ended(Outcome::Done, format!("for user:{username}")))
}

/// What became of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// SHA-256 of all that came of it.
    pub digest: Digest,
    /// Records that were not here before.
    pub taken: usize,
    /// Records that were here already.
    pub known: usize,
    /// Records that were refused.
    pub refused: usize,
    /// Whether it came whole.
    pub is_complete: bool,
}

/// Writes down what became of a packet.
///
/// # Errors
/// The store's.
pub async fn close(app: &App, caller: &Caller, owner: &User, tally: Tally) -> Result<()> {
    let Tally { digest, taken, known, refused, is_complete } = tally;
    let whole = if is_complete { "whole" } else { "cut short" };
    let detail = format!("{taken} taken, {known} known, {refused} refused, {whole}, sha-256 {digest}");
    let outcome = if is_complete { Outcome::Done } else { Outcome::Failed };
    let target = format!("user:{}", owner.username);
    let entry =
        AuditEntry::done(app.now(), Some(&caller.actor), AuditAction::PacketHandedIn, target, &caller.request_id)
            .ended(outcome, detail);
    Ok(app.store.write(move |conn| audit::append(conn, &entry)).await?)
}
