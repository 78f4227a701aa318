//! Steps with an idempotency key (ADR 0021): a client whose reply was lost can tell its own step from somebody else's.

use std::collections::HashSet;

use serde_json::Value;

use super::Audience;
use super::read::{IssueDetail, shown_one};
use crate::app::county::County;
use crate::app::{App, AppError, Result};
use crate::domain::canonical;
use crate::domain::digest::Digest;
use crate::domain::ids::{PhotoId, StepKey};
use crate::domain::issue::{EventRecord, Issue};
use crate::domain::policy::{self, Permission};
use crate::domain::role::Actor;
use crate::store::issues::KeyedStep;
use crate::store::{Conn, batches, issues};

/// How a repeated step is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Once {
    /// The key that the client gave it.
    pub key: StepKey,
    /// Digest of the issue, the action and the body: equal whenever the key is.
    pub digest: Digest,
    /// The digest that versions before the canonical form stored.
    pub first_digest: Digest,
}

impl Once {
    /// The step that is called `key` and says this.
    #[must_use]
    pub fn new(key: StepKey, said: &Value) -> Self {
        let first_digest = Digest::of(said.to_string().as_bytes());
        Once { key, digest: canonical::digest(said), first_digest }
    }
}

/// The answer to a step that was taken before under its key. Call it with the key and the issue locked.
///
/// # Errors
/// [`AppError::KeyReused`] when the key names another step.
pub(super) fn taken_before(conn: &mut Conn, app: &App, actor: &Actor, once: &Once) -> Result<Option<IssueDetail>> {
    let Some(taken) = issues::find_key(conn, actor.user_id, once.key)? else {
        let is_of_batch = batches::find_key(conn, actor.user_id, once.key)?.is_some();
        return if is_of_batch { Err(AppError::KeyReused) } else { Ok(None) };
    };
    if ![once.digest, once.first_digest].contains(&taken.digest) {
        return Err(AppError::KeyReused);
    }
    if !policy::permits(actor, Permission::ReadIssue) {
        return Err(AppError::NotFound);
    }
    let county = app.county.load(conn)?;
    let issue = issues::find(conn, taken.issue_id)?.ok_or(AppError::NotFound)?;
    match Audience::of(actor, &issue) {
        Some(audience) => shown_one(conn, app, &county, actor, (audience, issue)),
        None => as_answered(conn, app, &county, actor, &taken),
    }
    .map(Some)
}

/// A caller who may not see the issue any more, because it went to another unit or the visit is over, gets what the
/// step itself was answered and nothing that came later.
fn as_answered(conn: &mut Conn, app: &App, county: &County, actor: &Actor, taken: &KeyedStep) -> Result<IssueDetail> {
    let mut events = issues::events(conn, taken.issue_id)?;
    events.retain(|event| event.version <= taken.version);
    let told = |events: &[EventRecord]| {
        Issue::replay(events.iter().map(|event| &event.changes)).map_err(|error| AppError::Internal(error.to_string()))
    };
    let before = told(events.split_last().map_or(&[][..], |(_, before)| before))?;
    let audience = Audience::of(actor, &before).ok_or(AppError::Hidden)?;
    let mut detail = shown_one(conn, app, county, actor, (audience, told(&events)?))?;
    let known: HashSet<PhotoId> = events.iter().flat_map(|event| &event.photos).map(|photo| photo.photo_id).collect();
    detail.photos.retain(|photo| known.contains(&photo.photo.photo_id));
    detail.allowed.clear();
    Ok(detail)
}
