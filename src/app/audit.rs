//! The audit records: refused access written down, and what is there read.

use std::collections::HashMap;

use super::{App, Caller, Result};
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::limits::PAGE_MAX;
use crate::domain::policy::Permission;
use crate::domain::text::one_line;
use crate::store::{audit, users};

/// Characters of a target or a detail that come from a request.
const TEXT_CHARS_MAX: usize = 200;

/// One record with its sequence number and the actor's display name.
pub type Record = (i64, AuditEntry, Option<String>);

/// Writes down that access was refused, before the refusal is answered. When the record cannot
/// be written the refusal stands, and the log says so.
pub async fn deny(app: &App, caller: Option<&Caller>, target: String, detail: String, request_id: &str) {
    let actor = caller.map(|caller| caller.actor);
    let target = one_line(&target, TEXT_CHARS_MAX);
    let entry = AuditEntry::done(app.now(), actor.as_ref(), AuditAction::AccessDenied, target, request_id)
        .ended(Outcome::Denied, one_line(&detail, TEXT_CHARS_MAX));
    if let Err(error) = app.store.write(move |conn| audit::append(conn, &entry)).await {
        tracing::error!(%error, request_id, "a refused access was not recorded");
    }
}

/// Records before `before`, latest first, and what to ask for the next page with, if there is one.
///
/// # Errors
/// [`super::AppError::Forbidden`], or the store's.
pub async fn list(
    app: &App,
    caller: &Caller,
    action: Option<AuditAction>,
    before: Option<i64>,
    limit: usize,
) -> Result<(Vec<Record>, Option<i64>)> {
    caller.require(Permission::ReadAudit)?;
    let limit = limit.clamp(1, PAGE_MAX);
    app.store
        .read(move |conn| -> Result<_> {
            let one_more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
            let mut found = audit::list(conn, action, before, one_more)?;
            let more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().map(|(seq, _)| *seq).filter(|_| more);
            let mut actors: Vec<_> = found.iter().filter_map(|(_, entry)| entry.actor_id).collect();
            actors.sort_unstable();
            actors.dedup();
            let names: HashMap<_, _> = users::display_names(conn, &actors)?.into_iter().collect();
            let named = |(seq, entry): (i64, AuditEntry)| {
                let name = entry.actor_id.and_then(|id| names.get(&id).cloned());
                (seq, entry, name)
            };
            Ok((found.into_iter().map(named).collect(), next))
        })
        .await
}
