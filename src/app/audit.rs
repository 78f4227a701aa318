//! Audit records and counted refusals: written, listed together, and the refusals deleted after their retention time.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::change;
use super::issues::list::Days;
use super::locks::Lock;
use super::upkeep::Progress;
use super::{App, Caller, Result, veiled_records};
use crate::admission::AddressGroup;
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::ids::UserId;
use crate::domain::limits::{DENIAL_DAYS, PAGE_MAX};
use crate::domain::policy::Permission;
use crate::domain::text::one_line;
use crate::domain::time::Timestamp;
use crate::store::audit::AuditFilter;
use crate::store::denials::Denial;
use crate::store::{Conn, audit, denials, users};

/// Characters of a target or a detail that come from a request.
const TEXT_CHARS_MAX: usize = 200;
/// Refusals that are deleted in one batch, so that other writes do not wait long.
const BATCH: i64 = 1_000;

/// A record as it is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    /// Sequence number; negative for counted refusals, which have a sequence of their own.
    pub seq: i64,
    /// What it says; for refusals that were counted together, the first one.
    pub entry: AuditEntry,
    /// The actor's display name.
    pub actor_name: Option<String>,
    /// How many were counted together; 1 for an audit record.
    pub times: i64,
}

/// Cursor into the list of all records: an instant, the last audit record, and the last refusal that followed it.
/// Cursors of older clients have no instant; it is looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AuditCursor(Option<Timestamp>, i64, i64);

impl fmt::Display for AuditCursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let AuditCursor(at, audit, denial) = self;
        at.iter().try_for_each(|at| write!(f, "{}.", at.as_micros()))?;
        write!(f, "{audit}.{denial}")
    }
}

impl FromStr for AuditCursor {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> std::result::Result<Self, Self::Err> {
        let (at, place) = match text.split_once('.') {
            Some((at, place)) if place.contains('.') => (Some(Timestamp::from_micros(at.parse()?)), place),
            Some(_) | None => (None, text),
        };
        let (audit, denial) = place.split_once('.').unwrap_or((place, "0"));
        Ok(AuditCursor(at, audit.parse()?, denial.parse()?))
    }
}

impl AuditCursor {
    /// The place in the order of the list; where an older client's record is gone, the beginning.
    fn place(self, conn: &mut Conn) -> Result<Place> {
        let AuditCursor(at, audit, denial) = self;
        let found = match at {
            Some(at) => Some(at),
            None if denial > 0 => denials::time_of(conn, denial)?,
            None => audit::time_of(conn, audit)?,
        };
        Ok((found.unwrap_or(Timestamp::from_micros(i64::MAX)), audit, denial))
    }
}

/// A place in the order of the list: an instant, an audit record, and a refusal that followed it or 0.
type Place = (Timestamp, i64, i64);

/// Which records are asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AuditQuery {
    /// Of this action.
    pub action: Option<AuditAction>,
    /// By this person.
    pub who: Option<UserId>,
    /// On these days.
    pub days: Days,
}

/// What was refused to whom.
#[derive(Debug, Clone)]
pub struct Refused {
    /// Who asked; `None` when nobody was logged in.
    pub caller: Option<Caller>,
    /// Address of the caller.
    pub address: AddressGroup,
    /// Route pattern of the request.
    pub route: String,
    /// Path of the request, kept for the first refusal of its kind.
    pub target: String,
    /// Problem code of the answer.
    pub code: &'static str,
    /// The request.
    pub request_id: String,
}

/// Counts a refusal before it is answered. If the count cannot be written, the request is still refused and the failure
/// is logged.
pub async fn deny(app: &App, refused: Refused) {
    app.metrics.denied(refused.code);
    let actor = refused.caller.as_ref().map(|caller| caller.actor);
    let origin =
        actor.map_or_else(|| format!("address:{}", refused.address), |actor| format!("account:{}", actor.user_id));
    let target = one_line(&refused.target, TEXT_CHARS_MAX);
    let sample = AuditEntry::done(app.now(), actor.as_ref(), AuditAction::AccessDenied, target, &refused.request_id)
        .ended(Outcome::Denied, refused.code);
    let denial = Denial { origin, route: refused.route, sample };
    if let Err(error) = count(app, denial).await {
        tracing::error!(%error, request_id = refused.request_id, "a refused access was not recorded");
    }
}

/// Counts a refusal.
pub(super) async fn count(app: &App, denial: Denial) -> Result<()> {
    let lock = Lock::Denials(denial.origin.clone());
    change::locked(app, [lock], move |conn, _| Ok(denials::note(conn, &denial)?)).await
}

/// Records before `before`, latest first, and the cursor of the next page, if there is one.
///
/// # Errors
/// [`super::AppError::Forbidden`].
pub async fn list(
    app: &App,
    caller: &Caller,
    asked: AuditQuery,
    before: Option<AuditCursor>,
    limit: usize,
) -> Result<(Vec<Record>, Option<AuditCursor>)> {
    caller.require(Permission::ReadAudit)?;
    let limit = limit.clamp(1, PAGE_MAX);
    let app = app.clone();
    app.store
        .clone()
        .read(move |conn| -> Result<_> {
            let (from, to) = asked.days.instants(&app.county.load(conn)?.calendar);
            let all = AuditFilter::default();
            let filter = AuditFilter {
                action: asked.action,
                who: asked.who,
                from: from.unwrap_or(all.from),
                to: to.unwrap_or(all.to),
            };
            let before = before.map(|before| before.place(conn)).transpose()?;
            let one_more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
            // A refusal belongs after the audit record it followed: when the cursor is a refusal, that record is on
            // this page too.
            let audit_before =
                before.map(|(at, audit, denial)| (at, if denial > 0 { audit.saturating_add(1) } else { audit }));
            let records = audit::list(conn, filter, audit_before, one_more)?;
            let refusals = denials::list(conn, filter, before, one_more)?;
            let mut found: Vec<(Place, Record)> = records
                .into_iter()
                .map(|(seq, entry)| ((entry.at, seq, 0), Record { seq, entry, actor_name: None, times: 1 }))
                .chain(refusals.into_iter().map(|counted| {
                    let place = (counted.sample.at, counted.after_seq, counted.seq);
                    let record =
                        Record { seq: -counted.seq, entry: counted.sample, actor_name: None, times: counted.times };
                    (place, record)
                }))
                .collect();
            found.sort_by(|(one, _), (other, _)| other.cmp(one));
            let more = found.len() > limit;
            found.truncate(limit);
            let last = found.last().map(|((at, audit, denial), _)| AuditCursor(Some(*at), *audit, *denial));
            let next = last.filter(|_| more);
            let mut actors: Vec<_> = found.iter().filter_map(|(_, record)| record.entry.actor_id).collect();
            actors.sort_unstable();
            actors.dedup();
            let names: HashMap<_, _> = users::display_names(conn, &actors)?.into_iter().collect();
            let named = |(_, record): (Place, Record)| {
                let actor_name = record.entry.actor_id.and_then(|id| names.get(&id).cloned());
                Record { actor_name, ..record }
            };
            Ok((veiled_records::shown(conn, found.into_iter().map(named).collect())?, next))
        })
        .await
}

/// Everybody who may be in the records, by name: every account there ever was.
///
/// # Errors
/// [`super::AppError::Forbidden`].
pub async fn people(app: &App, caller: &Caller) -> Result<Vec<(UserId, String)>> {
    caller.require(Permission::ReadAudit)?;
    let mut people = app.store.read(|conn| Ok::<_, super::AppError>(users::all_display_names(conn)?)).await?;
    people.sort_by(|(one_id, one), (other_id, other)| (one, one_id).cmp(&(other, other_id)));
    Ok(people)
}

/// Deletes refusals past their retention time (housekeeping).
pub async fn forget_old_denials(app: &App) -> Result<Progress> {
    let before = app.now().minus(Duration::from_secs(u64::from(DENIAL_DAYS) * 86_400));
    let done =
        app.store.write(move |conn| Ok::<_, super::AppError>(denials::remove_before(conn, before, BATCH)?)).await?;
    Ok(Progress { done, more: i64::try_from(done).unwrap_or(i64::MAX) == BATCH })
}
