//! The working calendar, read and changed. Days are named by sheets (`imports`); hours, seasons and
//! the zone are set here.

use std::sync::Arc;

use super::locks::{self, Lock};
use super::users::By;
use super::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::calendar::{CalendarRules, HoursChange, WorkCalendar};
use crate::domain::policy::Permission;
use crate::domain::time::Timestamp;
use crate::store::{audit, settings};

/// A calendar, when each version came into force, newest first, and the years whose days off should be named by now
/// and are not.
pub type Versions = (Arc<WorkCalendar>, Vec<(i64, Timestamp)>, Vec<i16>);

/// The calendar in force, with its versions.
///
/// # Errors
/// The store's.
pub async fn read(app: &App, caller: &Caller) -> Result<Versions> {
    caller.require(Permission::ReadReference)?;
    read_by_operator(app).await
}

/// The same from the command line.
///
/// # Errors
/// The store's.
pub async fn read_by_operator(app: &App) -> Result<Versions> {
    let (county, now) = (app.county.clone(), app.now());
    app.store
        .read(move |conn| -> Result<_> {
            let calendar = county.load(conn)?.calendar;
            let unnamed = calendar.unnamed_years(now);
            Ok((calendar, settings::calendar_versions(conn)?, unnamed))
        })
        .await
}

/// Sets the zone, the working hours or the seasons: a new version of the calendar, unless nothing
/// differs. Deadlines already issued stay.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] with every field that is wrong, or the store's.
pub async fn change(app: &App, caller: &Caller, change: HoursChange) -> Result<Versions> {
    change_as(app, By::Caller(caller), change).await
}

/// The same from the command line.
///
/// # Errors
/// As [`change`], but never [`AppError::Forbidden`].
pub async fn change_by_operator(app: &App, change: HoursChange) -> Result<Versions> {
    change_as(app, By::CommandLine, change).await
}

async fn change_as(app: &App, by: By<'_>, change: HoursChange) -> Result<Versions> {
    let doer = by.authorised(Permission::ManageReference)?;
    let (county, now) = (app.county.clone(), app.now());
    app.store
        .write(move |conn| -> Result<Versions> {
            locks::take(conn, [Lock::Importing])?;
            let before = county.load(conn)?.calendar;
            let after = before.with_hours(change).map_err(AppError::Invalid)?;
            if after.rules() == before.rules() {
                let unnamed = before.unnamed_years(now);
                return Ok((before, settings::calendar_versions(conn)?, unnamed));
            }
            let text = |rules: &CalendarRules| {
                serde_json::to_string(rules).map_err(|error| AppError::Internal(format!("calendar: {error}")))
            };
            settings::insert_calendar(conn, after.version(), &text(after.rules())?, now)?;
            let target = "setting:calendar".to_owned();
            let entry =
                AuditEntry::done(now, doer.actor.as_ref(), AuditAction::SettingChanged, target, &doer.request_id)
                    .ended(Outcome::Done, format!("version {} → {}", before.version(), after.version()));
            audit::append(conn, &entry)?;
            let unnamed = after.unnamed_years(now);
            Ok((Arc::new(after), settings::calendar_versions(conn)?, unnamed))
        })
        .await
}
