//! Milestones 节点 of issues on the books 挂账.

use crate::app::{App, Caller, Result};
use crate::domain::limits::PAGE_MAX;
use crate::domain::policy::Permission;
use crate::domain::time::Date;
use crate::store::milestones::{self, After, KeptMilestone};

/// A page of milestones, the day on which they are judged, and where it ended if there are more.
pub type MilestonePage = (Vec<KeptMilestone>, Date, Option<After>);

/// Milestones due on these days, both included, in the order of their days.
///
/// # Errors
/// [`crate::app::AppError::Forbidden`].
pub async fn milestones(
    app: &App,
    caller: &Caller,
    days: (Date, Date),
    after: Option<After>,
    limit: usize,
) -> Result<MilestonePage> {
    caller.require(Permission::ManagePlanning)?;
    let (county, now, limit) = (app.county.clone(), app.now(), limit.clamp(1, PAGE_MAX));
    app.store
        .read(move |conn| {
            let today = county.load(conn)?.calendar.civil_date(now);
            let mut rows = milestones::due(conn, days, after, i64::try_from(limit + 1).unwrap_or(i64::MAX))?;
            let more = rows.len() > limit;
            rows.truncate(limit);
            let next = rows.last().map(|last| (last.due, last.issue_id, last.position)).filter(|_| more);
            Ok((rows, today, next))
        })
        .await
}
