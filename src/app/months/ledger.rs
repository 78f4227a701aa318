//! The ledger of rewards and penalties 奖惩台账, and the scores of a year.

use std::collections::BTreeMap;

use super::Eyes;
use crate::app::change::{self, By};
use crate::app::locks::Lock;
use crate::app::{App, AppError, Caller, Result, month_rules};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::ids::{LedgerEntryId, UnitId};
use crate::domain::month::cycle::Sight;
use crate::domain::month::ledger::{
    Cashing, Entry, EntryAction, EntryCommand, EntryState, LEDGER, cash_in_rate, cash_in_rate_by_amount,
};
use crate::domain::month::year::{LockedScore, YearAdjustment, YearScore};
use crate::domain::month::{Month, MonthState, Rate};
use crate::domain::policy::Permission;
use crate::domain::role::{Actor, Role};
use crate::store::{audit, months};

/// An entry as somebody reads it.
#[derive(Debug, Clone)]
pub struct ShownEntry {
    /// The entry.
    pub entry: Entry,
    /// Its version.
    pub version: i64,
    /// Whether it was cashed; `None` while it is not approved.
    pub cashing: Option<Cashing>,
    /// Whether the caller may read the sentence why: it names the score to two decimals and the rank.
    pub shows_reason: bool,
    /// What the caller may do with it.
    pub allowed: Vec<EntryAction>,
}

/// The ledger of a month.
#[derive(Debug)]
pub struct ShownLedger {
    /// Its entries.
    pub entries: Vec<ShownEntry>,
    /// 兑现率; `None` for units, which do not see all entries.
    pub cash_in_rate: Option<Rate>,
    /// The same by amounts.
    pub cash_in_rate_by_amount: Option<Rate>,
}

fn allowed(actor: &Actor, entry: &Entry) -> Vec<EntryAction> {
    if actor.role != Role::Office {
        return Vec::new();
    }
    let has_approved = entry.approvals.iter().any(|(by, _)| *by == actor.user_id);
    let steps = LEDGER.iter().filter(|(_, from, _)| *from == entry.state).map(|(action, ..)| *action);
    steps.filter(|action| *action != EntryAction::Approve || !has_approved).collect()
}

/// The ledger of a month: a unit reads its own entries, once they and the month are published, without the sentence
/// why.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn ledger(app: &App, caller: &Caller, month: Month) -> Result<ShownLedger> {
    caller.require(Permission::ReadMonths)?;
    let actor = caller.actor;
    app.store
        .read(move |conn| {
            let next_lock = months::find(conn, month.plus(1))?.and_then(|kept| kept.record.locked_at());
            let is_published =
                months::find(conn, month)?.is_some_and(|kept| kept.record.state == MonthState::Published);
            let found = months::entries(conn, month)?;
            let rate = cash_in_rate(found.iter().map(|(entry, _)| entry), next_lock);
            let rate_by_amount = cash_in_rate_by_amount(found.iter().map(|(entry, _)| entry), next_lock);
            let is_unit = actor.role == Role::Unit;
            let is_shown = |entry: &Entry| {
                let is_told = is_published && entry.state == EntryState::Published;
                !is_unit || (is_told && actor.unit_id == Some(entry.unit_id))
            };
            let shown = |(entry, version): (Entry, i64)| ShownEntry {
                cashing: entry.cashing(next_lock),
                shows_reason: !is_unit,
                allowed: allowed(&actor, &entry),
                entry,
                version,
            };
            let entries = found.into_iter().filter(|(entry, _)| is_shown(entry)).map(shown).collect();
            Ok(ShownLedger {
                entries,
                cash_in_rate: (!is_unit).then_some(rate),
                cash_in_rate_by_amount: (!is_unit).then_some(rate_by_amount),
            })
        })
        .await
}

/// Takes a step of an entry as the caller last saw it, in version `seen`.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`], [`AppError::EntryRefused`],
/// [`AppError::Invalid`].
pub async fn act(
    app: &App,
    caller: &Caller,
    id: LedgerEntryId,
    command: EntryCommand,
    seen: i64,
) -> Result<ShownEntry> {
    caller.require(Permission::ManageMonths)?;
    let (by, actor, now, county) = (By::from(caller), caller.actor, app.now(), app.county.clone());
    change::locked(app, [Lock::Months], move |conn, _| {
        let (entry, version) = months::entry(conn, id)?.ok_or(AppError::NotFound)?;
        if version != seen {
            return Err(AppError::Stale);
        }
        let today = county.load(conn)?.calendar.civil_date(now);
        let after = entry.decide(&actor, &command, now, today)?;
        let version = months::update_entry(conn, &after, seen, (now, actor.user_id, command.action()))?;
        let record = by.done(now, AuditAction::LedgerChanged, format!("ledger:{id}"));
        audit::append(conn, &record.ended(Outcome::Done, command.action().as_str()))?;
        let next_lock = months::find(conn, after.month.plus(1))?.and_then(|kept| kept.record.locked_at());
        let allowed = allowed(&actor, &after);
        Ok(ShownEntry { cashing: after.cashing(next_lock), shows_reason: true, allowed, entry: after, version })
    })
    .await
}

/// The score of a unit's year, with its name.
#[derive(Debug)]
pub struct ShownYear {
    /// Whether it is for a unit's eyes.
    pub is_for_unit: bool,
    /// The unit's name in its latest month.
    pub name: String,
    /// The score.
    pub score: YearScore,
}

/// The scores of a year, from its locked months; a unit reads its own.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn year(app: &App, caller: &Caller, year: i16) -> Result<Vec<ShownYear>> {
    caller.require(Permission::ReadMonths)?;
    let (actor, cache) = (caller.actor, app.month_results.clone());
    app.store
        .read(move |conn| {
            let mut locked: BTreeMap<UnitId, (String, BTreeMap<Month, LockedScore>)> = BTreeMap::new();
            let mut kept = months::list(conn)?;
            kept.retain(|kept| kept.record.month.year() == year && kept.record.is_immutable());
            for kept in kept.into_iter().rev() {
                if kept.record.sight(actor.role) == Sight::Nothing {
                    continue;
                }
                let (Some(eyes), Some(sha256)) = (Eyes::of(&actor, &kept.record), kept.record.results) else {
                    continue;
                };
                let results = cache.load(conn, sha256)?;
                for unit in &results.units {
                    if matches!(eyes, Eyes::Unit(own) if own != unit.unit_id) {
                        continue;
                    }
                    let (name, months) = locked.entry(unit.unit_id).or_default();
                    name.clone_from(&unit.name);
                    let score = if unit.is_sufficient { unit.score.clone() } else { Rate::NotApplicable };
                    months.insert(kept.record.month, LockedScore { score, results: sha256 });
                }
            }
            let rules = month_rules::current(conn)?;
            let adjusted = months::year_adjustments(conn, i32::from(year))?;
            let shown = locked.into_iter().map(|(unit, (name, months))| {
                let own = adjusted.iter().filter(|of| of.unit_id == unit).map(|of| YearAdjustment {
                    points: of.points.clone(),
                    reason: of.reason.clone(),
                    document_no: of.document_no.clone(),
                });
                let score = YearScore::of(unit, year, &months, own.collect(), &rules);
                ShownYear { is_for_unit: actor.role == Role::Unit, name, score }
            });
            Ok(shown.collect())
        })
        .await
}
