//! The working calendar.

use actix_web::{get, web};
use jiff::civil::Time;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::{App, calendar};
use crate::domain::calendar::Window;
use crate::domain::time::Timestamp;
use crate::http::extract::Active;
use crate::http::problem::Problem;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(read);
}

/// The working calendar 工作日历 that limits are counted with.
#[derive(Debug, Serialize, ToSchema)]
struct CalendarView {
    /// Deadlines name the version they were counted with.
    version: i64,
    /// IANA zone.
    zone: String,
    /// Working hours of a working day.
    windows: Vec<WindowView>,
    /// Other working hours for a part of every year.
    seasons: Vec<SeasonView>,
    /// Days off, such as `2026-10-01`.
    off: Vec<String>,
    /// Saturdays and Sundays that are worked.
    makeup: Vec<String>,
    /// Every version, newest first.
    versions: Vec<CalendarVersion>,
    /// Years whose days off should be named by now and are not: from November on the next one too.
    unnamed_years: Vec<i16>,
}

/// Working hours.
#[derive(Debug, Serialize, ToSchema)]
struct WindowView {
    /// Begins, `09:00`.
    from: String,
    /// Ends.
    to: String,
}

/// Working hours of a part of every year, both days included.
#[derive(Debug, Serialize, ToSchema)]
struct SeasonView {
    /// Month and day it begins, `07-01`.
    from: String,
    /// Month and day it ends.
    to: String,
    /// Its working hours.
    windows: Vec<WindowView>,
}

/// A version of the calendar.
#[derive(Debug, Serialize, ToSchema)]
struct CalendarVersion {
    /// Its number.
    version: i64,
    /// Since when.
    created_at: Timestamp,
}

fn windows(windows: &[Window]) -> Vec<WindowView> {
    let clock = |time: Time| format!("{:02}:{:02}", time.hour(), time.minute());
    windows.iter().map(|window| WindowView { from: clock(window.from), to: clock(window.to) }).collect()
}

/// The working calendar in force. `POST /imports/calendar` names days of it.
#[utoipa::path(tag = "reference", responses((status = 200, body = CalendarView)))]
#[get("/calendar")]
async fn read(app: web::Data<App>, caller: Active) -> Result<web::Json<CalendarView>, Problem> {
    let (calendar, versions, unnamed_years) = calendar::read(&app, &caller.0).await?;
    let rules = calendar.rules();
    let day = |(month, day): (i8, i8)| format!("{month:02}-{day:02}");
    Ok(web::Json(CalendarView {
        version: calendar.version(),
        zone: rules.zone.clone(),
        windows: windows(&rules.windows),
        seasons: rules
            .seasons
            .iter()
            .map(|season| SeasonView { from: day(season.from), to: day(season.to), windows: windows(&season.windows) })
            .collect(),
        off: rules.off.iter().map(ToString::to_string).collect(),
        makeup: rules.makeup.iter().map(ToString::to_string).collect(),
        versions: versions.into_iter().map(|(version, created_at)| CalendarVersion { version, created_at }).collect(),
        unnamed_years,
    }))
}
