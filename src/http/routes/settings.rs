//! Settings of the county.

use actix_web::{get, patch, web};
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::{App, settings};
use crate::domain::settings::{Settings, SuddenVisits, UnitsSeeRanking, Values};
use crate::http::extract::{Active, Body};
use crate::http::problem::Problem;
use crate::http::view::Items;

pub(super) fn routes(config: &mut ServiceConfig) {
    config.service(fields).service(read).service(change);
}

macro_rules! settings_view {
    ($($(#[$meta:meta])* $field:ident: $type:ty = $take:expr;)+) => {
        /// Settings that are in force.
        #[derive(Debug, Serialize, ToSchema)]
        struct SettingsView { $($(#[$meta])* $field: $type,)+ }

        impl From<Settings> for SettingsView {
            fn from(settings: Settings) -> Self {
                SettingsView { $($field: ($take)(&settings),)+ }
            }
        }
    };
}

settings_view! {
    /// What the county is called; empty until somebody says so.
    county_name: String = |it: &Settings| it.county_name.clone();
    /// What the supervision office is called; empty until somebody says so.
    office_name: String = |it: &Settings| it.office_name.clone();
    /// `midnight` or `close-of-business`: when a limit in days ends on its last day.
    day_end: Value = |it: &Settings| serde_json::to_value(it.day_end).unwrap_or_default();
    /// Minutes that a device's clock may be off so that what it says of when an answer was given counts.
    offline_skew_minutes_max: u32 = |it: &Settings| it.offline_skew_minutes_max;
    /// Hours from giving an answer offline to its arrival so that it counts from then.
    offline_hours_max: u32 = |it: &Settings| it.offline_hours_max;
    /// Minutes that a device's clock may be ahead of the server's when it finds something; beyond, the report is doubted.
    capture_ahead_minutes_max: u32 = |it: &Settings| it.capture_ahead_minutes_max;
    /// Minutes between the time inside a photo and the report's beyond which it is doubted.
    photo_time_minutes_max: u32 = |it: &Settings| it.photo_time_minutes_max;
    /// `optional` or `required`: whether a check passed on site needs a photo, or a note that says why there is none.
    on_site_evidence: Value = |it: &Settings| serde_json::to_value(it.on_site_evidence).unwrap_or_default();
    /// Least characters of a password.
    password_chars_min: u32 = |it: &Settings| it.password_chars_min;
    /// Least kinds of characters in a password.
    password_classes_min: u32 = |it: &Settings| it.password_classes_min;
    /// Days until a password must be changed; 0 for never.
    password_days_max: u32 = |it: &Settings| it.password_days_max;
    /// Former passwords that may not be used again.
    password_history: u32 = |it: &Settings| it.password_history;
    /// Failed logins before an account must wait.
    sign_in_failures_max: u32 = |it: &Settings| it.sign_in_failures_max;
    /// Minutes the wait grows to.
    sign_in_lock_minutes: u32 = |it: &Settings| it.sign_in_lock_minutes;
    /// Minutes without use after which a session at a desk ends.
    idle_minutes_desk: u32 = |it: &Settings| it.idle_minutes_desk;
    /// The same for inspectors and units.
    idle_minutes_phone: u32 = |it: &Settings| it.idle_minutes_phone;
    /// Hours after which a session ends, however much it is used.
    session_hours_max: u32 = |it: &Settings| it.session_hours_max;
    /// Minutes before its slot from which a task is shown to its inspector.
    task_lead_minutes: u32 = |it: &Settings| it.task_lead_minutes;
    /// Whether visits that nobody drew count in rankings.
    sudden_visits: SuddenVisits = |it: &Settings| it.sudden_visits;
    /// Speed in km/h between two findings of one inspector above which the later one is doubted.
    travel_kmh_max: u32 = |it: &Settings| it.travel_kmh_max;
    /// Findings of one inspector with exactly the same position, hours apart, from which one is doubted.
    same_positions_min: u32 = |it: &Settings| it.same_positions_min;
    /// Bits of 64 in which a photo of a fix may differ from one of the fault and is doubted as the same.
    fix_alike_bits_max: u32 = |it: &Settings| it.fix_alike_bits_max;
    /// Bits of 64 from which a photo of a fix from the same angle is doubted as one of another place.
    fix_unlike_bits_min: u32 = |it: &Settings| it.fix_unlike_bits_min;
    /// Fixes by one person, more than a kilometre apart, from which one is doubted.
    burst_fixes_min: u32 = |it: &Settings| it.burst_fixes_min;
    /// Minutes within which so many are doubted.
    burst_minutes_max: u32 = |it: &Settings| it.burst_minutes_max;
    /// What units see of the ranking of a published month.
    month_ranking: UnitsSeeRanking = |it: &Settings| it.month_ranking;
}

/// Settings that are in force.
#[utoipa::path(tag = "settings", responses((status = 200, body = SettingsView)))]
#[get("/settings")]
async fn read(app: web::Data<App>, caller: Active) -> Result<web::Json<SettingsView>, Problem> {
    Ok(web::Json(settings::read(&app, &caller.0).await?.into()))
}

/// A setting: what is in force, and what it can be.
#[derive(Debug, Serialize, ToSchema)]
struct SettingView {
    /// Its name.
    name: &'static str,
    /// What is in force.
    value: Value,
    /// What holds when nothing was ever set.
    default: Value,
    /// The least number it can be; `null` where it is none.
    #[schema(required = true)]
    min: Option<u32>,
    /// The largest.
    #[schema(required = true)]
    max: Option<u32>,
    /// The words it can be; empty where it is a number or a name.
    words: &'static [&'static str],
    /// Most characters of a name; `null` where it is none.
    #[schema(required = true)]
    chars_max: Option<u32>,
}

/// Every setting with its range and its default.
#[utoipa::path(tag = "settings", responses((status = 200, body = Items<SettingView>)))]
#[get("/settings/fields")]
async fn fields(app: web::Data<App>, caller: Active) -> Result<web::Json<Items<SettingView>>, Problem> {
    let (current, default) = (settings::read(&app, &caller.0).await?, Settings::default());
    let items = Settings::FIELDS.iter().map(|(name, values)| {
        let (min, max, words, chars_max) = match *values {
            Values::Numbers(min, max) => (Some(min), Some(max), &[][..], None),
            Values::Words(words) => (None, None, words, None),
            Values::Name(max) => (None, None, &[][..], Some(max)),
        };
        let of = |settings: &Settings| settings.value(name).unwrap_or_default();
        SettingView { name, value: of(&current), default: of(&default), min, max, words, chars_max }
    });
    Ok(web::Json(Items { items: items.collect() }))
}

/// Changes settings: the fields that are named. Every change is noted.
#[utoipa::path(
    tag = "settings",
    request_body(content = Object, description = "Some fields of the settings with new values"),
    responses((status = 200, body = SettingsView))
)]
#[patch("/settings")]
async fn change(
    app: web::Data<App>,
    caller: Active,
    body: Body<Map<String, Value>>,
) -> Result<web::Json<SettingsView>, Problem> {
    Ok(web::Json(settings::change(&app, &caller.0, body.read()?).await?.into()))
}
