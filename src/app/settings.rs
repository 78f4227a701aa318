//! The county's settings, read and changed.

use serde_json::{Map, Value};

use super::locks::{self, Lock};
use super::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::policy::Permission;
use crate::domain::settings::Settings;
use crate::store::{audit, settings};

/// What is set, with defaults for what was never set.
///
/// # Errors
/// [`AppError::Forbidden`], or the store's.
pub async fn read(app: &App, caller: &Caller) -> Result<Settings> {
    caller.require(Permission::ReadSettings)?;
    let county = app.county.clone();
    let settings = app.store.read(move |conn| county.load(conn)).await?.settings;
    Ok(Settings::clone(&settings))
}

/// Changes the named settings, all or none.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] naming every setting that is unknown, of the wrong
/// type or out of its range, or the store's.
pub async fn change(app: &App, caller: &Caller, changes: Map<String, Value>) -> Result<Settings> {
    caller.require(Permission::ManageSettings)?;
    let (county, actor, request_id, now) = (app.county.clone(), caller.actor, caller.request_id.clone(), app.now());
    app.store
        .write(move |conn| -> Result<Settings> {
            locks::take(conn, [Lock::Settings])?;
            let before = county.load(conn)?.settings;
            let after = before.with(&changes).map_err(AppError::Invalid)?;
            for (name, old, new) in before.differences(&after) {
                settings::put(conn, &name, &new.to_string(), now, Some(actor.user_id))?;
                let target = format!("setting:{name}");
                let entry = AuditEntry::done(now, Some(&actor), AuditAction::SettingChanged, target, &request_id)
                    .ended(Outcome::Done, format!("{old} → {new}"));
                audit::append(conn, &entry)?;
            }
            Ok(after)
        })
        .await
}
