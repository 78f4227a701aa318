//! Starter data: items, point types and calendar for every county, and a small county with places and accounts to try.
//! The data files are part of the project and read at start.

pub mod demo;

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::app::ambient::Random;
use crate::app::change;
use crate::app::locks::Lock;
use crate::app::{AppError, imports};
use crate::domain::calendar::CalendarRules;
use crate::domain::ids::UserId;
use crate::domain::import::ImportKind;
use crate::domain::reference::{Campaign, PointType};
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::store::{Conn, StoreError, reference, settings, users};

const CAMPAIGNS: &str = include_str!("data/campaigns.csv");
const POINT_TYPES: &str = include_str!("data/point_types.csv");
const ITEMS: &str = include_str!("data/items.csv");
const CALENDAR: &str = include_str!("data/calendar-2026.csv");
const UNITS: &str = include_str!("data/units.csv");
const POINTS: &str = include_str!("data/points.csv");
const DUTIES: &str = include_str!("data/duties.csv");
const PEOPLE: &str = include_str!("data/people.csv");

/// Why nothing was loaded.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// One of our data files is wrong.
    #[error("starter data: {0}")]
    Data(#[from] csv::Error),
    /// One of our sheets in a county's format is wrong.
    #[error("starter data: {0}")]
    Sheet(String),
    /// A sheet could not be loaded.
    #[error(transparent)]
    Load(AppError),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AppError> for SeedError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Invalid(invalid) => {
                let faults: Vec<String> =
                    invalid.0.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.detail)).collect();
                SeedError::Sheet(faults.join("; "))
            }
            other => SeedError::Load(other),
        }
    }
}

/// Loads campaigns, point types, items and the calendar, unless there are some. Call it in one transaction.
///
/// # Errors
/// A [`SeedError`]; then nothing is loaded.
pub fn load_starter(conn: &mut Conn, random: &dyn Random, now: Timestamp) -> Result<bool, SeedError> {
    // Several nodes may start at once on one empty database.
    change::locked_in(conn, [Lock::Starting], |conn, _| load_starter_locked(conn, random, now))
}

fn load_starter_locked(conn: &mut Conn, random: &dyn Random, now: Timestamp) -> Result<bool, SeedError> {
    if !reference::campaigns(conn)?.is_empty() {
        return Ok(false);
    }
    for campaign in campaigns()? {
        reference::insert_campaign(conn, &campaign)?;
    }
    for kind in point_types()? {
        reference::insert_point_type(conn, &kind)?;
    }
    load_sheet(conn, random, ImportKind::Items, ITEMS, now)?;
    let body = serde_json::to_string(&calendar()?).map_err(|error| SeedError::Sheet(error.to_string()))?;
    settings::insert_calendar(conn, 1, &body, now)?;
    Ok(true)
}

/// Loads the small county in addition to the starter data, unless there are units: places, and accounts that all have
/// the password of `password_hash`. Call it in one transaction.
///
/// # Errors
/// A [`SeedError`]; then nothing is loaded.
pub fn load_county(
    conn: &mut Conn,
    random: &dyn Random,
    now: Timestamp,
    password_hash: &str,
) -> Result<bool, SeedError> {
    load_starter(conn, random, now)?;
    if !reference::units(conn)?.is_empty() {
        return Ok(false);
    }
    for (kind, text) in [(ImportKind::Units, UNITS), (ImportKind::Points, POINTS), (ImportKind::Duties, DUTIES)] {
        load_sheet(conn, random, kind, text, now)?;
    }
    people_of(conn, random, PEOPLE, now, password_hash)?;
    Ok(true)
}

/// The people of one of our sheets, all with the same password.
fn people_of(
    conn: &mut Conn,
    random: &dyn Random,
    sheet: &str,
    now: Timestamp,
    password_hash: &str,
) -> Result<(), SeedError> {
    let people = imports::people(conn, &import_sheet(ImportKind::Users, sheet)?)?;
    for person in people {
        let user = User {
            id: UserId(random.uuid()),
            username: person.username,
            display_name: person.display_name,
            role: person.role,
            unit_id: person.unit_id,
            campaign: person.campaign,
            vice_head: false,
            password_hash: password_hash.to_owned(),
            password_changed_at: now,
            must_change_password: false,
            disabled_at: None,
            created_at: now,
        };
        users::insert(conn, &user)?;
    }
    Ok(())
}

/// Imports one of our sheets in the same way as a county's.
fn load_sheet(
    conn: &mut Conn,
    random: &dyn Random,
    kind: ImportKind,
    text: &str,
    now: Timestamp,
) -> Result<(), SeedError> {
    imports::load(conn, random, kind, &import_sheet(kind, text)?, now)?;
    Ok(())
}

fn import_sheet(kind: ImportKind, text: &str) -> Result<imports::Sheet, SeedError> {
    imports::Sheet::read(kind, text.as_bytes()).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        SeedError::Sheet(format!("{kind}: {}", faults.join("; ")))
    })
}

/// The rows of one of our own files.
fn rows<T: DeserializeOwned>(text: &str) -> Result<Vec<T>, csv::Error> {
    csv::Reader::from_reader(text.as_bytes()).into_deserialize().collect()
}

#[derive(Deserialize)]
struct CampaignRow {
    code: String,
    name_zh: String,
    name_en: String,
    level: String,
    honour_name: String,
}

fn campaigns() -> Result<Vec<Campaign>, csv::Error> {
    let campaign = |CampaignRow { code, name_zh, name_en, level, honour_name }| Campaign {
        code,
        name_zh,
        name_en,
        level,
        honour_name,
    };
    Ok(rows(CAMPAIGNS)?.into_iter().map(campaign).collect())
}

#[derive(Deserialize)]
struct PointTypeRow {
    code: String,
    name_zh: String,
    name_en: String,
    observation_unit_zh: String,
    look_first_zh: String,
    radius_m: i32,
}

fn point_types() -> Result<Vec<PointType>, csv::Error> {
    let point_type = |row: PointTypeRow| PointType {
        code: row.code,
        name_zh: row.name_zh,
        name_en: row.name_en,
        observation_unit: row.observation_unit_zh,
        look_first: row.look_first_zh,
        radius_m: row.radius_m,
    };
    Ok(rows(POINT_TYPES)?.into_iter().map(point_type).collect())
}

#[derive(Deserialize)]
struct CalendarRow {
    date: Date,
    kind: DayKind,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum DayKind {
    Off,
    Makeup,
}

fn calendar() -> Result<CalendarRules, csv::Error> {
    let (mut off, mut makeup) = (BTreeSet::new(), BTreeSet::new());
    for CalendarRow { date, kind } in rows(CALENDAR)? {
        match kind {
            DayKind::Off => off.insert(date),
            DayKind::Makeup => makeup.insert(date),
        };
    }
    Ok(CalendarRules { off, makeup, ..CalendarRules::plain() })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::domain::calendar::WorkCalendar;

    #[derive(Deserialize)]
    struct ChipRow {
        code: String,
        items: String,
    }

    #[derive(Deserialize)]
    struct ItemRow {
        code: String,
        limit: String,
        chips: String,
    }

    fn assert_distinct<'a>(codes: impl Iterator<Item = &'a String>) {
        let mut codes: Vec<_> = codes.collect();
        let count = codes.len();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }

    /// That the sheets only name what exists is checked when they are loaded, which every test of the service does.
    #[test]
    fn there_are_62_items_for_34_types_of_points_and_chips_lead_to_them() {
        let types = point_types().unwrap();
        assert_eq!(types.len(), 34);
        assert_distinct(types.iter().map(|kind| &kind.code));
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let chips: Vec<ChipRow> = rows(include_str!("data/chips.csv")).unwrap();
        assert_eq!(chips.len(), 9);
        let items: Vec<ItemRow> = rows(ITEMS).unwrap();
        for item in &items {
            let leading: Vec<String> = chips
                .iter()
                .filter(|chip| words(&chip.items).contains(&item.code))
                .map(|chip| chip.code.clone())
                .collect();
            assert_eq!(words(&item.chips), leading, "{}", item.code);
        }
        assert_eq!(items.len(), 62);
        assert_eq!(items.iter().filter(|item| item.limit == "P").count(), 11);
    }

    /// 2026 as the State Council announced it: 365 days, 104 at week-ends, 19 holidays on week-days, 6 make-up days.
    #[test]
    fn the_year_has_248_working_days() {
        let calendar = WorkCalendar::new(1, calendar().unwrap()).unwrap();
        let first = Date::constant(2026, 1, 1);
        let working = first.series(jiff::Span::new().days(1)).take(365).filter(|day| calendar.is_working(*day)).count();
        assert_eq!(working, 248);
        assert_eq!(calendar.rules().makeup.len(), 6);
    }
}
