//! Months 月评: their steps, and who may read what of them (ADR 0032).

pub mod act;
mod by_itself;
mod check;
pub mod kept;
pub mod ledger;
mod read;

pub(crate) use by_itself::freeze_due;
pub use check::{Checked, check};
pub use read::{FigureRows, NamedRow, ShownCard, ShownFigure, board, card, figure, ranking};

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use super::county::County;
use super::{App, AppError, Caller, Result, month_rules};
use crate::domain::digest::Digest;
use crate::domain::ids::UnitId;
use crate::domain::month::cycle::{MonthDates, Sight};
use crate::domain::month::{Month, MonthAction, MonthRecord, Ranks, Results};
use crate::domain::policy::Permission;
use crate::domain::role::{Actor, Role};
use crate::domain::time::Timestamp;
use crate::store::months::{self, Gathering, KeptMonth};
use crate::store::{Conn, StoreError};

/// Results that are kept in memory. Source: our choice; a year's score needs twelve.
const RESULTS_KEPT: usize = 13;

/// The results that were read last, by their digest, so that they are parsed once.
#[derive(Debug, Clone, Default)]
pub struct ResultsCache(Arc<Mutex<HashMap<Digest, Arc<Results>>>>);

impl ResultsCache {
    /// The results under this digest.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when they are not there, or not what was stored.
    pub fn load(&self, conn: &mut Conn, sha256: Digest) -> std::result::Result<Arc<Results>, StoreError> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&sha256).cloned();
        if let Some(kept) = kept {
            return Ok(kept);
        }
        let bytes = months::bytes(conn, sha256)?;
        if Digest::of(&bytes) != sha256 {
            return Err(StoreError::Corrupt(format!("the results {sha256} of a month are damaged")));
        }
        let results = Arc::new(Results::read(&bytes).map_err(StoreError::Corrupt)?);
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= RESULTS_KEPT {
            kept.clear();
        }
        kept.insert(sha256, results.clone());
        Ok(results)
    }
}

/// Whose eyes a month is read with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eyes {
    /// The office's: everything.
    Office,
    /// Those of leaders and of the discipline inspection: all scores, but not which look-backs found nothing.
    Leader,
    /// A unit's: its own score, in whole points.
    Unit(UnitId),
}

impl Eyes {
    /// How this caller reads `record`; `None` if they may read nothing of it.
    #[must_use]
    pub fn of(actor: &Actor, record: &MonthRecord) -> Option<Self> {
        let is_any = record.sight(actor.role) != Sight::Nothing;
        let eyes = match actor.role {
            Role::Office => Eyes::Office,
            Role::Leader | Role::Discipline => Eyes::Leader,
            Role::Unit => Eyes::Unit(actor.unit_id?),
            Role::Inspector | Role::TaskForce | Role::Admin => return None,
        };
        is_any.then_some(eyes)
    }
}

/// A month as somebody reads it.
#[derive(Debug)]
pub struct ShownMonth {
    /// The month.
    pub record: MonthRecord,
    /// How its rows were read, once it is frozen.
    pub gathering: Option<Gathering>,
    /// When its steps fall due.
    pub dates: MonthDates,
    /// Whose eyes.
    pub eyes: Eyes,
    /// What the caller may do with it now.
    pub allowed: Vec<MonthAction>,
}

fn shown(
    conn: &mut Conn,
    county: &County,
    actor: &Actor,
    (record, gathering): (MonthRecord, Option<Gathering>),
    now: Timestamp,
) -> Result<Option<ShownMonth>> {
    let Some(eyes) = Eyes::of(actor, &record) else { return Ok(None) };
    let rules = match gathering {
        Some(gathering) => month_rules::of_version(conn, gathering.rules_version)?,
        None => month_rules::current(conn)?,
    };
    let dates = MonthDates::of(record.month, &county.calendar, &rules);
    let mut allowed = record.allowed_actions(actor.role);
    if record.objections_until.is_some_and(|until| until <= now) {
        allowed.retain(|action| *action != MonthAction::Object);
    }
    if allowed.contains(&MonthAction::Freeze) && record.month != next_to_freeze(conn, county, now)? {
        allowed.retain(|action| *action != MonthAction::Freeze);
    }
    Ok(Some(ShownMonth { record, gathering, dates, eyes, allowed }))
}

/// The stored record of a month, or an open one if the month has begun and is not frozen.
fn record_of(
    conn: &mut Conn,
    county: &County,
    month: Month,
    now: Timestamp,
) -> Result<(MonthRecord, Option<Gathering>)> {
    if let Some(KeptMonth { record, gathering }) = months::find(conn, month)? {
        return Ok((record, Some(gathering)));
    }
    if month.starts(&county.calendar) > now {
        return Err(AppError::NotFound);
    }
    Ok((MonthRecord::open(month), None))
}

/// A month.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] also where it exists and the caller may not read it yet.
pub async fn read(app: &App, caller: &Caller, month: Month) -> Result<ShownMonth> {
    caller.require(Permission::ReadMonths)?;
    let (actor, county, now) = (caller.actor, app.county.clone(), app.now());
    app.store
        .read(move |conn| {
            let county = county.load(conn)?;
            let of = record_of(conn, &county, month, now)?;
            shown(conn, &county, &actor, of, now)?.ok_or(AppError::NotFound)
        })
        .await
}

/// The months that the caller may read, the latest first: those that were frozen, and for the office those up to the
/// present one that are not and may be.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<ShownMonth>> {
    caller.require(Permission::ReadMonths)?;
    let (actor, county, now) = (caller.actor, app.county.clone(), app.now());
    app.store
        .read(move |conn| {
            let county = county.load(conn)?;
            let mut kept: Vec<(MonthRecord, Option<Gathering>)> =
                months::list(conn)?.into_iter().map(|month| (month.record, Some(month.gathering))).collect();
            let present = Month::of(county.calendar.civil_date(now));
            let mut month = next_to_freeze(conn, &county, now)?;
            while month <= present {
                kept.push((MonthRecord::open(month), None));
                month = month.plus(1);
            }
            kept.sort_by_key(|(record, _)| std::cmp::Reverse(record.month));
            let mut found = Vec::new();
            for of in kept {
                found.extend(shown(conn, &county, &actor, of, now)?);
            }
            Ok(found)
        })
        .await
}

/// The only month that may be frozen next: the one after the latest that was, so that none is skipped and every
/// correction has a month to count in. With none, the last one that ended.
fn next_to_freeze(conn: &mut Conn, county: &County, now: Timestamp) -> Result<Month> {
    let latest = months::latest(conn)?;
    let ended = || Month::of(county.calendar.civil_date(now)).plus(-1);
    Ok(latest.map_or_else(ended, |month| month.plus(1)))
}

/// The ranks of the locked month before `month`; none if it is not locked.
fn last_ranks(conn: &mut Conn, cache: &ResultsCache, month: Month) -> Result<Ranks> {
    let before = months::find(conn, month.plus(-1))?.filter(|kept| kept.record.is_immutable());
    match before.and_then(|kept| kept.record.results) {
        Some(sha256) => Ok(cache.load(conn, sha256)?.ranking.ranks()),
        None => Ok(Ranks::new()),
    }
}
