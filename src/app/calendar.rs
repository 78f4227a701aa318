//! The working calendar: reading and changing it. Holidays and make-up days come from sheets (`imports`); hours,
//! seasons and the time zone are set here.

use std::sync::Arc;

use super::change::{self, By, Change, Decision};
use super::county::CountyCache;
use super::locks::{Lock, Locks};
use super::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::calendar::{HoursChange, WorkCalendar};
use crate::domain::policy::Permission;
use crate::domain::time::Timestamp;
use crate::store::{Conn, issue_index, settings};

/// A calendar, the version numbers with the time each came into force (newest first), and the years whose holidays
/// should be known by now but are not.
pub type Versions = (Arc<WorkCalendar>, Vec<(i64, Timestamp)>, Vec<i16>);

/// The calendar in force, with its versions.
pub async fn read(app: &App, caller: &Caller) -> Result<Versions> {
    caller.require(Permission::ReadReference)?;
    read_by_operator(app).await
}

/// The same from the command line.
pub async fn read_by_operator(app: &App) -> Result<Versions> {
    let (county, now) = (app.county.clone(), app.now());
    app.store
        .read(move |conn| -> Result<_> {
            let calendar = county.load(conn)?.calendar;
            versions(conn, calendar, now)
        })
        .await
}

/// Sets the zone, the working hours or the seasons: a new version of the calendar, unless nothing
/// differs. Deadlines already issued stay.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] with every field that is wrong.
pub async fn change(app: &App, caller: &Caller, change: HoursChange) -> Result<Versions> {
    change_as(app, By::from(caller), change).await
}

/// The same from the command line.
///
/// # Errors
/// As [`change`], but never [`AppError::Forbidden`].
pub async fn change_by_operator(app: &App, change: HoursChange) -> Result<Versions> {
    change_as(app, By::CommandLine, change).await
}

async fn change_as(app: &App, by: By, change: HoursChange) -> Result<Versions> {
    change::make(app, ChangeHours { by, county: app.county.clone(), change, now: app.now() }).await
}

/// A change of the time zone, the working hours or the seasons.
struct ChangeHours {
    by: By,
    county: CountyCache,
    change: HoursChange,
    now: Timestamp,
}

/// The next version of the calendar.
struct NewCalendar {
    calendar: WorkCalendar,
    /// Whether it is in another time zone.
    is_moved: bool,
}

impl Change for ChangeHours {
    type Before = Arc<WorkCalendar>;
    type Made = NewCalendar;
    type Answer = Versions;

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManageReference)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Importing]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        Ok(self.county.load(conn)?.calendar)
    }

    fn authorise(&self, _: &mut Conn, _: &Self::Before) -> Result<()> {
        Ok(())
    }

    fn decide(&self, conn: &mut Conn, before: Self::Before) -> Result<Decision<NewCalendar, Versions>> {
        let after = before.with_hours(self.change.clone()).map_err(AppError::Invalid)?;
        if after.rules() == before.rules() {
            return Ok(Decision::Unchanged(versions(conn, before, self.now)?));
        }
        let record = self
            .by
            .done(self.now, AuditAction::SettingChanged, "setting:calendar".to_owned())
            .ended(Outcome::Done, format!("version {} → {}", before.version(), after.version()));
        let is_moved = after.rules().zone != before.rules().zone;
        let made = NewCalendar { calendar: after, is_moved };
        Ok(Decision::Made { made, records: vec![record], messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &NewCalendar) -> Result<()> {
        let NewCalendar { calendar, is_moved } = made;
        let body = serde_json::to_string(calendar.rules());
        let body = body.map_err(|error| AppError::Internal(format!("calendar: {error}")))?;
        settings::insert_calendar(conn, calendar.version(), &body, self.now)?;
        if *is_moved {
            // The index counts civil days, which are others now.
            issue_index::note_every(conn)?;
        }
        Ok(())
    }

    fn answer(&self, conn: &mut Conn, made: NewCalendar) -> Result<Versions> {
        versions(conn, Arc::new(made.calendar), self.now)
    }
}

fn versions(conn: &mut Conn, calendar: Arc<WorkCalendar>, now: Timestamp) -> Result<Versions> {
    let unnamed = calendar.unnamed_years(now);
    Ok((calendar, settings::calendar_versions(conn)?, unnamed))
}
