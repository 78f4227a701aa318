//! The working calendar as clients read it.

use std::sync::Arc;

use super::{App, Caller, Result};
use crate::domain::calendar::WorkCalendar;
use crate::domain::policy::Permission;
use crate::domain::time::Timestamp;
use crate::store::settings;

/// The calendar in force, when each version came into force, newest first, and the years whose days off
/// should be named by now and are not.
///
/// # Errors
/// The store's.
pub async fn read(app: &App, caller: &Caller) -> Result<(Arc<WorkCalendar>, Vec<(i64, Timestamp)>, Vec<i16>)> {
    caller.require(Permission::ReadReference)?;
    let (county, now) = (app.county.clone(), app.now());
    app.store
        .read(move |conn| -> Result<_> {
            let calendar = county.load(conn)?.calendar;
            let unnamed = calendar.unnamed_years(now);
            Ok((calendar, settings::calendar_versions(conn)?, unnamed))
        })
        .await
}
