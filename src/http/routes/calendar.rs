//! The working calendar.

use actix_web::{get, patch, web};
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::{App, AppError, calendar};
use crate::domain::calendar::{HoursChange, Season, Window, parse_clock, parse_month_day};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::policy::Permission;
use crate::domain::time::Timestamp;
use crate::http::extract::{Active, Body};
use crate::http::problem::Problem;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(read).service(change);
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
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WindowView {
    /// Begins, `09:00`.
    from: String,
    /// Ends.
    to: String,
}

/// Working hours of a part of every year, both days included.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
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
    Ok(web::Json(view(calendar::read(&app, &caller.0).await?)))
}

fn view((calendar, versions, unnamed_years): calendar::Versions) -> CalendarView {
    let rules = calendar.rules();
    let day = |(month, day): (i8, i8)| format!("{month:02}-{day:02}");
    CalendarView {
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
    }
}

/// What to change of the working hours; absent fields stay. Days are named by `POST /imports/calendar`.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct HoursBody {
    /// IANA zone.
    #[serde(default)]
    zone: Option<String>,
    /// Working hours of a working day, such as `[{"from": "09:00", "to": "12:00"}]`.
    #[serde(default)]
    windows: Option<Vec<WindowView>>,
    /// Other working hours for a part of every year; all of them.
    #[serde(default)]
    seasons: Option<Vec<SeasonView>>,
}

fn parsed_windows(pointer: &str, views: Vec<WindowView>, invalid: &mut Invalid) -> Vec<Window> {
    let mut clock = |pointer: String, text: &str| {
        let time = parse_clock(text);
        if time.is_none() {
            invalid.push(pointer, FieldCode::Malformed, "a time of day such as 09:00");
        }
        time.unwrap_or(Time::midnight())
    };
    let window = |(at, view): (usize, WindowView)| Window {
        from: clock(format!("{pointer}/{at}/from"), &view.from),
        to: clock(format!("{pointer}/{at}/to"), &view.to),
    };
    views.into_iter().enumerate().map(window).collect()
}

/// A month and a day, such as `07-01`; the domain checks whether that day exists.
fn parsed_day(pointer: String, text: &str, invalid: &mut Invalid) -> (i8, i8) {
    let day = parse_month_day(text);
    if day.is_none() {
        invalid.push(pointer, FieldCode::Malformed, "a month and day such as 07-01");
    }
    day.unwrap_or((1, 1))
}

/// Sets zone, working hours or seasons: a new version of the calendar. Deadlines already issued stay.
#[utoipa::path(tag = "reference", request_body = HoursBody, responses((status = 200, body = CalendarView)))]
#[patch("/calendar")]
async fn change(
    app: web::Data<App>,
    caller: Active,
    body: Body<HoursBody>,
) -> Result<web::Json<CalendarView>, Problem> {
    caller.0.require(Permission::ManageReference)?;
    let HoursBody { zone, windows, seasons } = body.read()?;
    let mut invalid = Invalid::default();
    let windows = windows.map(|views| parsed_windows("/windows", views, &mut invalid));
    let season = |(at, view): (usize, SeasonView)| Season {
        from: parsed_day(format!("/seasons/{at}/from"), &view.from, &mut invalid),
        to: parsed_day(format!("/seasons/{at}/to"), &view.to, &mut invalid),
        windows: parsed_windows(&format!("/seasons/{at}/windows"), view.windows, &mut invalid),
    };
    let seasons = seasons.map(|views| views.into_iter().enumerate().map(season).collect());
    invalid.into_result().map_err(AppError::Invalid)?;
    let change = HoursChange { zone, windows, seasons };
    Ok(web::Json(view(calendar::change(&app, &caller.0, change).await?)))
}
