//! Steps of a month that the service takes itself, if the county's rules say so: it freezes a month, and opens its
//! preview, on the day on which that is due. A run takes a step completely or not at all; the next run finds what is
//! left.

use super::act::{Step, act_by_itself};
use crate::app::county::County;
use crate::app::upkeep::Progress;
use crate::app::{App, AppError, Result, month_rules};
use crate::domain::month::cycle::MonthDates;
use crate::domain::month::rules::ByItself;
use crate::domain::month::{Month, MonthState};
use crate::domain::time::Timestamp;
use crate::store::{Conn, months};

/// Takes the step that is due, if there is one.
pub(crate) async fn freeze_due(app: &App) -> Result<Progress> {
    let (county, now) = (app.county.clone(), app.now());
    let due = app
        .store
        .read(move |conn| {
            let county = county.load(conn)?;
            due(conn, &county, now)
        })
        .await?;
    let Some((month, step)) = due else { return Ok(Progress::default()) };
    let is_taken = act_by_itself(app, month, step).await?;
    Ok(Progress { done: usize::from(is_taken), more: is_taken })
}

/// The step that is due. The first month is frozen by people: before it there is none, and nobody may want any.
fn due(conn: &mut Conn, county: &County, now: Timestamp) -> Result<Option<(Month, Step)>> {
    let rules = month_rules::current(conn)?;
    let Some(latest) = months::latest(conn)? else { return Ok(None) };
    let kept = months::find(conn, latest)?.ok_or(AppError::NotFound)?;
    let has_begun = |month: Month| MonthDates::of(month, &county.calendar, &rules).freeze_from(&county.calendar) <= now;
    let next = latest.plus(1);
    Ok(match (rules.by_itself, kept.record.state) {
        (ByItself::Preview, MonthState::Frozen) => Some((latest, Step::Preview)),
        (ByItself::Freeze | ByItself::Preview, MonthState::Locked | MonthState::Published) if has_begun(next) => {
            Some((next, Step::Freeze))
        }
        (
            ByItself::Nothing | ByItself::Freeze | ByItself::Preview,
            MonthState::Open
            | MonthState::Frozen
            | MonthState::Preview
            | MonthState::Decided
            | MonthState::Locked
            | MonthState::Published,
        ) => None,
    })
}
