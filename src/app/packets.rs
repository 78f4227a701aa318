//! Records that a phone could not send, handed in by the office as a file. Each record is processed as if its author
//! had sent it, and the audit says who handed it in (ADR 0021).

use super::veiled_records::{Written, writer};
use super::{App, AppError, Caller, Result};
use crate::admission::Place;
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::digest::Digest;
use crate::domain::ids::{IssueId, UserId, VisitId};
use crate::domain::policy::Permission;
use crate::domain::role::{Actor, Device};
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::store::{audit, users};

/// How the audit record of a handed-in record begins to tell whose it is.
const FOR: &str = "for user:";

/// The person who hands in somebody else's records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandedIn {
    /// That person.
    pub by: Actor,
    /// User name of the author.
    pub username: String,
}

/// Lets a packet in; it takes a place until it is dropped.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Busy`], or [`AppError::StorageFull`].
pub async fn admit(app: &App, caller: &Caller) -> Result<Place> {
    caller.require(Permission::TakePackets)?;
    app.check_room()?;
    Ok(app.packet_places.enter(caller.who()).await?)
}

/// The author of a packet's records, and a caller that acts for them.
///
/// # Errors
/// [`AppError::PacketAccount`]: only inspectors and units write records on a phone, and a disabled account's records
/// are not accepted.
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

/// The audit record of what somebody hands in for another.
pub(super) fn record(sender: &Caller, target: String, at: Timestamp) -> Option<AuditEntry> {
    let HandedIn { by, username } = sender.handed_in.as_ref()?;
    let entry = AuditEntry::done(at, Some(by), AuditAction::RecordHandedIn, target, &sender.request_id);
    Some(entry.ended(Outcome::Done, handed_in_for(username)))
}

/// The detail of that record: for whom it was handed in.
pub(super) fn handed_in_for(name: &str) -> String {
    format!("{FOR}{name}")
}

/// The user name in such a detail.
pub(super) fn written_by(detail: &str) -> Option<&str> {
    detail.strip_prefix(FOR)
}

/// What the writer of a packet is called by whoever hands it in, when these records of it were taken: the code name, if
/// a batch sent the writer to what they tell of. `None` for whoever is called by the account.
pub async fn code_name(app: &App, owner: &User, issues: Vec<IssueId>, visits: Vec<VisitId>) -> Result<Option<String>> {
    let id = owner.id;
    let of_issues = issues.into_iter().map(Written::OnIssue);
    let written: Vec<Written> = of_issues.chain(visits.into_iter().map(Written::Visit)).collect();
    app.store.read(move |conn| writer(conn, id, &written)).await
}

/// The result of a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PacketSummary {
    /// SHA-256 of everything that was received.
    pub digest: Digest,
    /// New records.
    pub taken: usize,
    /// Records that had been received before.
    pub known: usize,
    /// Records that were refused.
    pub refused: usize,
    /// Whether it was complete.
    pub is_complete: bool,
}

/// Writes the result of a packet to the audit.
pub async fn close(app: &App, caller: &Caller, owner: &User, summary: PacketSummary) -> Result<()> {
    let PacketSummary { digest, taken, known, refused, is_complete } = summary;
    let whole = if is_complete { "whole" } else { "cut short" };
    let detail = format!("{taken} taken, {known} known, {refused} refused, {whole}, sha-256 {digest}");
    let outcome = if is_complete { Outcome::Done } else { Outcome::Failed };
    let target = format!("user:{}", owner.username);
    let entry =
        AuditEntry::done(app.now(), Some(&caller.actor), AuditAction::PacketHandedIn, target, &caller.request_id)
            .ended(outcome, detail);
    Ok(app.store.write(move |conn| audit::append(conn, &entry)).await?)
}
