//! The working calendar as clients read it.

use std::sync::Arc;

use super::{App, Caller, Result};
use crate::domain::calendar::WorkCalendar;
use crate::domain::policy::Permission;
use crate::domain::time::Timestamp;
use crate::store::settings;

/// The calendar in force, and when each version came into force, newest first.
///
/// # Errors
/// The store's.
pub async fn read(app: &App, caller: &Caller) -> Result<(Arc<WorkCalendar>, Vec<(i64, Timestamp)>)> {
    caller.require(Permission::ReadReference)?;
    let county = app.county.clone();
    app.store
        .read(move |conn| -> Result<_> { Ok((county.load(conn)?.calendar, settings::calendar_versions(conn)?)) })
        .await
}
