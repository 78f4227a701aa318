//! The working calendar, read and changed. Days are named by sheets (`imports`); hours, seasons and
//! the zone are set here.

use std::sync::Arc;

use super::locks::{self, Lock};
use super::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::calendar::{CalendarRules, HoursChange, WorkCalendar};
use crate::domain::policy::Permission;
use crate::domain::time::Timestamp;
use crate::store::{audit, settings};

/// A calendar, and when each version came into force, newest first.
pub type Versions = (Arc<WorkCalendar>, Vec<(i64, Timestamp)>);

/// The calendar in force, and when each version came into force.
///
/// # Errors
/// The store's.
pub async fn read(app: &App, caller: &Caller) -> Result<Versions> {
    caller.require(Permission::ReadReference)?;
    let county = app.county.clone();
    app.store
        .read(move |conn| -> Result<_> { Ok((county.load(conn)?.calendar, settings::calendar_versions(conn)?)) })
        .await
}

/// Sets the zone, the working hours or the seasons: a new version of the calendar, unless nothing
/// differs. Deadlines already issued stay.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] with every field that is wrong, or the store's.
pub async fn change(app: &App, caller: &Caller, change: HoursChange) -> Result<Versions> {
    caller.require(Permission::ManageReference)?;
    let (county, actor, request_id, now) = (app.county.clone(), caller.actor, caller.request_id.clone(), app.now());
    app.store
        .write(move |conn| -> Result<Versions> {
            locks::take(conn, [Lock::Importing])?;
            let before = county.load(conn)?.calendar;
            let after = before.with_hours(change).map_err(AppError::Invalid)?;
            if after.rules() == before.rules() {
                return Ok((before, settings::calendar_versions(conn)?));
            }
            let text = |rules: &CalendarRules| {
                serde_json::to_string(rules).map_err(|error| AppError::Internal(format!("calendar: {error}")))
            };
            settings::insert_calendar(conn, after.version(), &text(after.rules())?, now)?;
            let target = "setting:calendar".to_owned();
            let entry = AuditEntry::done(now, Some(&actor), AuditAction::SettingChanged, target, &request_id)
                .ended(Outcome::Done, format!("version {} → {}", before.version(), after.version()));
            audit::append(conn, &entry)?;
            Ok((Arc::new(after), settings::calendar_versions(conn)?))
        })
        .await
}
