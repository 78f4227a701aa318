//! What a county starts with: items, point types and calendar for everybody, and a small
//! county with places and accounts to try. Data files of the project's own, read at start.

mod sheet;

use std::collections::{BTreeSet, HashMap};

use crate::app::ambient::Random;
use crate::domain::calendar::CalendarRules;
use crate::domain::deadline::TimeLimit;
use crate::domain::geo::Location;
use crate::domain::ids::{PointId, UnitId, UserId};
use crate::domain::reference::{Campaign, Item, Point, PointType, Unit};
use crate::domain::role::Role;
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::store::{Conn, StoreError, dialect, reference, settings, users};

use sheet::{Fault, Sheet};

/// The lock under which nodes that start at once on an empty database follow each other: "starting" in ASCII.
const STARTING: uuid::Uuid = uuid::Uuid::from_u128(0x7374_6172_7469_6e67);

const CAMPAIGNS: &str = include_str!("data/campaigns.csv");
const POINT_TYPES: &str = include_str!("data/point_types.csv");
const ITEMS: &str = include_str!("data/items.csv");
const CALENDAR: &str = include_str!("data/calendar-2026.csv");
const UNITS: &str = include_str!("data/units.csv");
const POINTS: &str = include_str!("data/points.csv");
const PEOPLE: &str = include_str!("data/people.csv");

/// Why nothing was loaded.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// A data file of ours is wrong.
    #[error("starter data: {0}")]
    Data(#[from] Fault),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Loads campaigns, point types, items and the calendar, unless there are some. Call it in one transaction.
///
/// # Errors
/// A [`SeedError`]; then nothing is loaded.
pub fn load_starter(conn: &mut Conn, now: Timestamp) -> Result<bool, SeedError> {
    dialect::serialize_on(conn, STARTING)?;
    if !reference::campaigns(conn)?.is_empty() {
        return Ok(false);
    }
    for campaign in campaigns()? {
        reference::insert_campaign(conn, &campaign)?;
    }
    for kind in point_types()? {
        reference::insert_point_type(conn, &kind)?;
    }
    for item in items()? {
        reference::insert_item(conn, &item)?;
    }
    let body = serde_json::to_string(&calendar()?).map_err(|error| Fault::new("calendar", 0, error.to_string()))?;
    settings::insert_calendar(conn, 1, &body, now)?;
    Ok(true)
}

/// Loads the small county on top of the starter data, unless there are units: places, and accounts
/// that all have the password of `password_hash`. Call it in one transaction.
///
/// # Errors
/// A [`SeedError`]; then nothing is loaded.
pub fn load_county(
    conn: &mut Conn,
    random: &dyn Random,
    now: Timestamp,
    password_hash: &str,
) -> Result<bool, SeedError> {
    load_starter(conn, now)?;
    if !reference::units(conn)?.is_empty() {
        return Ok(false);
    }
    let mut ids = HashMap::new();
    for mut unit in units()? {
        unit.id = UnitId(random.uuid());
        ids.insert(unit.code.clone(), unit.id);
        reference::insert_unit(conn, &unit)?;
    }
    for mut point in points(&ids, &point_types()?)? {
        point.id = PointId(random.uuid());
        reference::insert_point(conn, &point)?;
    }
    for mut user in people(&ids, now, password_hash)? {
        user.id = UserId(random.uuid());
        users::insert(conn, &user)?;
    }
    Ok(true)
}

/// The accounts of the small county: name, role, what others see.
///
/// # Errors
/// A fault in the data file.
pub fn accounts() -> Result<Vec<(String, Role, String)>, SeedError> {
    let sheet = Sheet::read("people", PEOPLE)?;
    sheet
        .rows()
        .map(|row| Ok((row.text("username")?, row.closed("role", Role::parse)?, row.text("display_name")?)))
        .collect()
}

fn campaigns() -> Result<Vec<Campaign>, Fault> {
    let sheet = Sheet::read("campaigns", CAMPAIGNS)?;
    sheet
        .rows()
        .map(|row| {
            Ok(Campaign {
                code: row.text("code")?,
                name_zh: row.text("name_zh")?,
                name_en: row.text("name_en")?,
                level: row.text("level")?,
                honour_name: row.text("honour_name")?,
            })
        })
        .collect()
}

fn point_types() -> Result<Vec<PointType>, Fault> {
    let sheet = Sheet::read("point_types", POINT_TYPES)?;
    sheet
        .rows()
        .map(|row| {
            Ok(PointType {
                code: row.text("code")?,
                name_zh: row.text("name_zh")?,
                name_en: row.text("name_en")?,
                observation_unit: row.text("observation_unit_zh")?,
                look_first: row.text("look_first_zh")?,
                radius_m: row.number("radius_m")?,
            })
        })
        .collect()
}

fn items() -> Result<Vec<Item>, Fault> {
    let sheet = Sheet::read("items", ITEMS)?;
    sheet
        .rows()
        .map(|row| {
            let limit = row.text("limit")?;
            let limit = match limit.as_str() {
                "P" => None,
                limit => Some(TimeLimit::parse(limit).map_err(|error| row.fault(error))?),
            };
            Ok(Item {
                code: row.text("code")?,
                campaign: row.text("campaign")?,
                title_zh: row.text("title_zh")?,
                title_en: row.text("title_en")?,
                point_types: row.words("point_types")?,
                weight: row.number("weight")?,
                veto: row.yes("veto")?,
                limit,
                limit_note: row.optional("limit_note")?,
                chips: row.words("chips")?,
                source: row.text("source")?,
            })
        })
        .collect()
}

fn calendar() -> Result<CalendarRules, Fault> {
    let sheet = Sheet::read("calendar", CALENDAR)?;
    let (mut off, mut makeup) = (BTreeSet::new(), BTreeSet::new());
    for row in sheet.rows() {
        let date = row.number("date")?;
        match row.text("kind")?.as_str() {
            "off" => off.insert(date),
            "makeup" => makeup.insert(date),
            _ => return Err(row.fault("kind is off or makeup")),
        };
    }
    Ok(CalendarRules { off, makeup, ..CalendarRules::plain() })
}

fn units() -> Result<Vec<Unit>, Fault> {
    let sheet = Sheet::read("units", UNITS)?;
    sheet
        .rows()
        .map(|row| {
            Ok(Unit {
                id: UnitId(uuid::Uuid::nil()),
                code: row.text("code")?,
                name: row.text("name_zh")?,
                kind: row.text("kind")?,
                area_code: row.text("area_code")?,
                active: true,
            })
        })
        .collect()
}

fn points(units: &HashMap<String, UnitId>, types: &[PointType]) -> Result<Vec<Point>, Fault> {
    let sheet = Sheet::read("points", POINTS)?;
    sheet
        .rows()
        .map(|row| {
            let unit = |code: &str| units.get(code).copied().ok_or_else(|| row.fault(format!("no unit {code}")));
            let point_type = row.text("type")?;
            let radius_m = types.iter().find(|kind| kind.code == point_type).map(|kind| kind.radius_m);
            let code = row.text("code")?;
            let territorial = row.optional("territorial_unit_code")?;
            Ok(Point {
                id: PointId(uuid::Uuid::nil()),
                area_code: code.split('-').next().unwrap_or_default().to_owned(),
                code,
                name: row.text("name_zh")?,
                radius_m: radius_m.ok_or_else(|| row.fault("no such point type"))?,
                point_type,
                location: Location { lat: row.number("lat")?, lon: row.number("lon")?, accuracy_m: None },
                campaigns: row.words("campaigns")?,
                is_demo: row.yes("is_demo")?,
                lead_unit_id: unit(&row.text("lead_unit_code")?)?,
                territorial_unit_id: if territorial.is_empty() { None } else { Some(unit(&territorial)?) },
                address: row.optional("address_zh")?,
                active: true,
            })
        })
        .collect()
}

fn people(units: &HashMap<String, UnitId>, now: Timestamp, password_hash: &str) -> Result<Vec<User>, Fault> {
    let sheet = Sheet::read("people", PEOPLE)?;
    sheet
        .rows()
        .map(|row| {
            let unit = row.optional("unit_code")?;
            let unit_id = match unit.as_str() {
                "" => None,
                code => Some(units.get(code).copied().ok_or_else(|| row.fault(format!("no unit {code}")))?),
            };
            Ok(User {
                id: UserId(uuid::Uuid::nil()),
                username: row.text("username")?,
                display_name: row.text("display_name")?,
                role: row.closed("role", Role::parse)?,
                unit_id,
                password_hash: password_hash.to_owned(),
                password_changed_at: now,
                must_change_password: false,
                disabled_at: None,
                created_at: now,
            })
        })
        .collect()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use jiff::civil::Date;

    use super::*;
    use crate::domain::calendar::WorkCalendar;

    fn unit_ids() -> HashMap<String, UnitId> {
        units().unwrap().into_iter().map(|unit| (unit.code, UnitId(uuid::Uuid::nil()))).collect()
    }

    fn assert_distinct<'a>(codes: impl Iterator<Item = &'a String>) {
        let mut codes: Vec<_> = codes.collect();
        let count = codes.len();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), count);
    }

    #[test]
    fn items_name_campaigns_types_and_chips_that_are_there() {
        let (types, items) = (point_types().unwrap(), items().unwrap());
        assert_eq!((items.len(), types.len()), (62, 34));
        assert_distinct(items.iter().map(|item| &item.code));
        assert_distinct(types.iter().map(|kind| &kind.code));
        let campaigns: Vec<String> = campaigns().unwrap().into_iter().map(|it| it.code).collect();
        let chips = Sheet::read("chips", include_str!("data/chips.csv")).unwrap();
        let chips: Vec<(String, Vec<String>)> =
            chips.rows().map(|row| (row.text("code").unwrap(), row.words("items").unwrap())).collect();
        for item in &items {
            assert!(campaigns.contains(&item.campaign), "{}", item.code);
            assert!((1..=5).contains(&item.weight), "{}", item.code);
            for code in &item.point_types {
                assert!(code == "*" || types.iter().any(|kind| kind.code == *code), "{} {code}", item.code);
            }
            let leading: Vec<String> =
                chips.iter().filter(|(_, items)| items.contains(&item.code)).map(|(code, _)| code.clone()).collect();
            assert_eq!(item.chips, leading, "{}", item.code);
        }
        assert_eq!(items.iter().filter(|item| item.limit.is_none()).count(), 11);
    }

    #[test]
    fn points_and_accounts_name_units_and_campaigns_that_are_there() {
        let campaigns: Vec<String> = campaigns().unwrap().into_iter().map(|it| it.code).collect();
        let points = points(&unit_ids(), &point_types().unwrap()).unwrap();
        assert_eq!(points.len(), 16);
        assert_distinct(points.iter().map(|point| &point.code));
        for point in &points {
            assert!(point.code.starts_with(&format!("{}-{}-", point.area_code, point.point_type)), "{}", point.code);
            assert!(point.campaigns.iter().all(|code| campaigns.contains(code)), "{}", point.code);
        }
        let people = people(&unit_ids(), Timestamp::from_micros(0), "x").unwrap();
        assert_eq!(people.len(), 14);
        assert_distinct(people.iter().map(|user| &user.username));
        for user in &people {
            assert_eq!(user.unit_id.is_some(), user.role == Role::Unit, "{}", user.username);
        }
        assert!(Role::ALL.iter().all(|role| people.iter().any(|user| user.role == *role)));
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
