//! Starter data: what every county has (types of points, a calendar), and sets of a campaign with its items, of which a
//! county takes those it needs. The data files are in `src/seed/data`.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::ambient::Random;
use super::change::{self, By, Change, Decision};
use super::imports::{self, Sheet};
use super::locks::{Lock, Locks};
use super::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::calendar::CalendarRules;
use crate::domain::import::ImportKind;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::policy::Permission;
use crate::domain::reference::{Campaign, PointType};
use crate::domain::time::Timestamp;
use crate::store::{Conn, reference, settings};

const CAMPAIGNS: &str = include_str!("../seed/data/campaigns.csv");
const POINT_TYPES: &str = include_str!("../seed/data/point_types.csv");
const ITEMS: &str = include_str!("../seed/data/items.csv");
const CALENDAR: &str = include_str!("../seed/data/calendar-2026.csv");

/// A campaign with the items that come with the program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StarterSet {
    /// The campaign.
    pub campaign: Campaign,
    /// How many items it has.
    pub items: usize,
    /// Whether the county has this campaign already.
    pub is_there: bool,
}

/// Loads types of points and the calendar, unless there are some. Call it in a transaction that holds
/// [`Lock::Starting`].
fn load_base(conn: &mut Conn, now: Timestamp) -> Result<bool> {
    let mut has_loaded = false;
    if reference::point_types(conn)?.is_empty() {
        for kind in point_types()? {
            reference::insert_point_type(conn, &kind)?;
        }
        has_loaded = true;
    }
    if settings::newest_calendar(conn)?.is_none() {
        let body = serde_json::to_string(&calendar()?).map_err(|error| AppError::Internal(error.to_string()))?;
        settings::insert_calendar(conn, 1, &body, now)?;
        has_loaded = true;
    }
    Ok(has_loaded)
}

/// Loads what every county has, unless it is there: for a service whose county is set up in the browser. Several nodes
/// may start at once on one empty database.
///
/// # Errors
/// Only those of the database.
pub fn load_for_browser(conn: &mut Conn, now: Timestamp) -> Result<bool> {
    change::locked_in(conn, [Lock::Starting], |conn, _| load_base(conn, now))
}

/// Loads what every county has and all sets, unless there are campaigns. Call it in one transaction.
///
/// # Errors
/// Only those of the database.
pub fn load_all(conn: &mut Conn, random: &dyn Random, now: Timestamp) -> Result<bool> {
    change::locked_in(conn, [Lock::Starting], |conn, _| {
        if !reference::campaigns(conn)?.is_empty() {
            return Ok(false);
        }
        load_base(conn, now)?;
        for campaign in campaigns()? {
            load_set(conn, random, &campaign, now)?;
        }
        Ok(true)
    })
}

fn load_set(conn: &mut Conn, random: &dyn Random, campaign: &Campaign, now: Timestamp) -> Result<()> {
    reference::insert_campaign(conn, campaign)?;
    let text = items_of(&campaign.code)?;
    let sheet = Sheet::read(ImportKind::Items, text.as_bytes()).map_err(|faults| {
        AppError::Internal(format!("starter items: {}", faults.iter().map(ToString::to_string).collect::<String>()))
    })?;
    imports::load(conn, random, ImportKind::Items, &sheet, now)
}

/// The sets that come with the program, and which the county has.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn sets(app: &App, caller: &Caller) -> Result<Vec<StarterSet>> {
    caller.require(Permission::ManageReference)?;
    app.store.read(read_sets).await
}

fn read_sets(conn: &mut Conn) -> Result<Vec<StarterSet>> {
    let there = reference::campaigns(conn)?;
    let set = |campaign: Campaign| -> Result<StarterSet> {
        let items = item_records()?.1.iter().filter(|(code, _)| *code == campaign.code).count();
        let is_there = there.iter().any(|known| known.code == campaign.code);
        Ok(StarterSet { campaign, items, is_there })
    };
    campaigns()?.into_iter().map(set).collect()
}

/// Loads the sets of these campaigns; those that are there already stay as they are.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] naming every code that is none.
pub async fn load(app: &App, caller: &Caller, codes: Vec<String>) -> Result<Vec<StarterSet>> {
    let by = By::from(caller);
    change::make(app, LoadSets { by, codes, random: app.random.clone(), now: app.now() }).await
}

/// Sets are loaded.
struct LoadSets {
    by: By,
    codes: Vec<String>,
    random: Arc<dyn Random>,
    now: Timestamp,
}

impl Change for LoadSets {
    type Before = Vec<StarterSet>;
    type Made = Vec<StarterSet>;
    type Answer = Vec<StarterSet>;

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManageReference)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Starting, Lock::Importing]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        read_sets(conn)
    }

    fn authorise(&self, _: &mut Conn, _: &Self::Before) -> Result<()> {
        Ok(())
    }

    fn decide(&self, _: &mut Conn, sets: Self::Before) -> Result<Decision<Self::Made, Self::Answer>> {
        let mut invalid = Invalid::default();
        for (at, code) in self.codes.iter().enumerate() {
            if !sets.iter().any(|set| set.campaign.code == *code) {
                invalid.push(format!("/campaigns/{at}"), FieldCode::Unknown, "no such starter set");
            }
        }
        invalid.into_result()?;
        let wanted = |set: &&StarterSet| !set.is_there && self.codes.contains(&set.campaign.code);
        let made: Vec<StarterSet> = sets.iter().filter(wanted).cloned().collect();
        if made.is_empty() {
            return Ok(Decision::Unchanged(sets));
        }
        let record = |set: &StarterSet| {
            let entry = self.by.done(self.now, AuditAction::Imported, format!("import:{}", ImportKind::Items));
            entry.ended(Outcome::Done, format!("starter set {}: {} new", set.campaign.code, set.items))
        };
        let records = made.iter().map(record).collect();
        Ok(Decision::Made { made, records, messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &Self::Made) -> Result<()> {
        made.iter().try_for_each(|set| load_set(conn, &*self.random, &set.campaign, self.now))
    }

    fn answer(&self, conn: &mut Conn, _: Self::Made) -> Result<Self::Answer> {
        read_sets(conn)
    }
}

/// One of our own files is wrong.
fn broken(error: &csv::Error) -> AppError {
    AppError::Internal(format!("starter data: {error}"))
}

/// The rows of one of our own files.
fn rows<T: DeserializeOwned>(text: &str) -> Result<Vec<T>> {
    let rows: std::result::Result<Vec<T>, csv::Error> =
        csv::Reader::from_reader(text.as_bytes()).into_deserialize().collect();
    rows.map_err(|error| broken(&error))
}

/// The heading of the items, and each item with the code of its campaign.
fn item_records() -> Result<(csv::StringRecord, Vec<(String, csv::StringRecord)>)> {
    let mut reader = csv::Reader::from_reader(ITEMS.as_bytes());
    let heading = reader.headers().map_err(|error| broken(&error))?.clone();
    let column = heading.iter().position(|name| name == "campaign").unwrap_or_default();
    let record = |record: std::result::Result<csv::StringRecord, csv::Error>| {
        let record = record.map_err(|error| broken(&error))?;
        Ok((record.get(column).unwrap_or_default().to_owned(), record))
    };
    let records = reader.records().map(record).collect::<Result<_>>()?;
    Ok((heading, records))
}

/// The sheet of one campaign's items.
fn items_of(campaign: &str) -> Result<String> {
    let (heading, records) = item_records()?;
    let mut sheet = csv::Writer::from_writer(Vec::new());
    let own = records.iter().filter(|(code, _)| code == campaign).map(|(_, record)| record);
    for record in [&heading].into_iter().chain(own) {
        sheet.write_record(record).map_err(|error| broken(&error))?;
    }
    let bytes = sheet.into_inner().map_err(|error| AppError::Internal(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| AppError::Internal(error.to_string()))
}

#[derive(Deserialize)]
struct CampaignRow {
    code: String,
    name_zh: String,
    name_en: String,
    level: String,
    honour_name: String,
}

fn campaigns() -> Result<Vec<Campaign>> {
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

fn point_types() -> Result<Vec<PointType>> {
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

fn calendar() -> Result<CalendarRules> {
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
        let chips: Vec<ChipRow> = rows(include_str!("../seed/data/chips.csv")).unwrap();
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
