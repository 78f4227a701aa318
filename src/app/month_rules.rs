//! The rules of the month in versions, and the peer groups 考评分组 of units.

use std::collections::HashMap;

use super::change::{self, By};
use super::locks::Lock;
use super::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::ids::UnitId;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::month::Rules;
use crate::domain::month::facts::UnitRow;
use crate::domain::policy::Permission;
use crate::domain::reference::UnitKind;
use crate::store::months::{self, KeptRules};
use crate::store::{Conn, StoreError, audit, reference};

/// Longest name of a source, in characters. Source: our choice; the name and the number of a document.
pub const SOURCE_CHARS_MAX: usize = 200;
/// Longest name of a peer group, in characters. Source: our choice; real ones have two to eight.
pub const GROUP_CHARS_MAX: usize = 20;

/// The rules in force: the newest version, or the program's own while the county has made none.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn current(conn: &mut Conn) -> std::result::Result<Rules, StoreError> {
    Ok(months::newest_rules(conn)?.unwrap_or_default())
}

/// A version of the rules; version 1 is the program's own.
///
/// # Errors
/// [`StoreError::Corrupt`] when there is none such.
pub fn of_version(conn: &mut Conn, version: i64) -> std::result::Result<Rules, StoreError> {
    let own = Rules::default();
    if version == own.version {
        return Ok(own);
    }
    months::find_rules(conn, version)?.ok_or_else(|| StoreError::Corrupt(format!("no rules of version {version}")))
}

/// The versions that the county made, the newest first, and the program's own.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn list(app: &App, caller: &Caller) -> Result<(Vec<KeptRules>, Rules)> {
    caller.require(Permission::ReadMonths)?;
    Ok((app.store.read(months::rules).await?, Rules::default()))
}

/// Makes a new version, which holds for months that are frozen from now on; answers whether it was new. The same
/// version with the same rules again changes nothing.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Stale`] when `rules.version` is not the next one, [`AppError::Invalid`].
pub async fn put(app: &App, caller: &Caller, rules: Rules, source: String) -> Result<(KeptRules, bool)> {
    caller.require(Permission::ManageMonths)?;
    let mut invalid = match rules.validate() {
        Ok(()) => Invalid::default(),
        Err(Invalid(faults)) => {
            let under = faults.into_iter().map(|mut fault| {
                fault.pointer = format!("/rules{}", fault.pointer);
                fault
            });
            Invalid(under.collect())
        }
    };
    invalid.prose("/source", &source, SOURCE_CHARS_MAX);
    invalid.into_result()?;
    let kept = KeptRules { rules, source, made_by: caller.actor.user_id, made_at: app.now() };
    let by = By::from(caller);
    change::locked(app, [Lock::Months], move |conn, _| {
        let before = months::rules(conn)?;
        let same = |of: &&KeptRules| of.rules == kept.rules && of.source == kept.source;
        if let Some(same) = before.iter().find(same) {
            return Ok((same.clone(), false));
        }
        let newest = before.first().map_or(Rules::default().version, |newest| newest.rules.version);
        if kept.rules.version != newest + 1 {
            return Err(AppError::Stale);
        }
        months::insert_rules(conn, &kept)?;
        let target = format!("month-rules:{}", kept.rules.version);
        let entry = by.done(kept.made_at, AuditAction::MonthRulesChanged, target);
        audit::append(conn, &entry.ended(Outcome::Done, kept.source.clone()))?;
        Ok((kept, true))
    })
    .await
}

/// The units that get a score, each with its peer group: the one that was set, or that of its kind.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn units(conn: &mut Conn) -> std::result::Result<Vec<UnitRow>, StoreError> {
    let set: HashMap<UnitId, (String, bool)> =
        months::groups(conn)?.into_iter().map(|(unit, group, is_township)| (unit, (group, is_township))).collect();
    let row = |unit: crate::domain::reference::Unit| {
        let kind = UnitKind::parse(&unit.kind);
        let by_kind = || {
            let group = kind.map_or_else(|| unit.kind.clone(), |kind| kind.zh().to_owned());
            (group, kind == Some(UnitKind::Township))
        };
        let (peer_group, is_township) = set.get(&unit.id).cloned().unwrap_or_else(by_kind);
        UnitRow { unit_id: unit.id, name: unit.name, peer_group, is_township }
    };
    Ok(reference::units(conn)?.into_iter().filter(|unit| unit.active).map(row).collect())
}

/// The peer groups of all units in use.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn groups(app: &App, caller: &Caller) -> Result<Vec<UnitRow>> {
    caller.require(Permission::ManageMonths)?;
    Ok(app.store.read(units).await?)
}

/// Sets the peer group of a unit, and whether it is scored as a township, for months that are frozen from now on.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`].
pub async fn put_group(app: &App, caller: &Caller, unit: UnitId, group: &str, is_township: bool) -> Result<UnitRow> {
    caller.require(Permission::ManageMonths)?;
    let group = crate::domain::text::name(group);
    if group.is_empty() || group.chars().count() > GROUP_CHARS_MAX || group.chars().any(char::is_control) {
        let detail = format!("1 to {GROUP_CHARS_MAX} characters");
        return Err(Invalid::one("/peer_group", FieldCode::OutOfRange, detail).into());
    }
    let (by, now) = (By::from(caller), app.now());
    change::locked(app, [Lock::Months], move |conn, _| {
        let before = units(conn)?.into_iter().find(|row| row.unit_id == unit).ok_or(AppError::NotFound)?;
        let after = UnitRow { peer_group: group, is_township, ..before.clone() };
        if before != after {
            months::put_group(conn, &(unit, after.peer_group.clone(), is_township))?;
            let entry = by.done(now, AuditAction::PeerGroupChanged, format!("unit:{unit}"));
            let detail = format!("{} → {}", before.peer_group, after.peer_group);
            audit::append(conn, &entry.ended(Outcome::Done, detail))?;
        }
        Ok(after)
    })
    .await
}
