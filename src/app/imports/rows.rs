//! Rows of each kind of sheet, checked against what is there.

use std::collections::HashMap;

use jiff::civil::{Date, Weekday};

use super::sheet::{Row, Sheet};
use crate::domain::calendar::DayKind;
use crate::domain::deadline::TimeLimit;
use crate::domain::duty::{Duty, DutyPlace, DutyRole, DutySubject};
use crate::domain::geo::Location;
use crate::domain::ids::{DutyId, PointId, UnitId};
use crate::domain::import::LineError;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::limits::{ADDRESS_CHARS_MAX, CODE_CHARS_MAX, RADIUS_M_MAX, TITLE_CHARS_MAX};
use crate::domain::reference::{Campaign, Chip, Item, Point, PointType, Unit, UnitKind};
use crate::domain::role::Role;
use crate::domain::user::is_username;
use crate::store::{Conn, StoreError, duties, reference};

/// What a sheet may refer to.
#[derive(Default)]
pub(crate) struct Known {
    pub(crate) campaigns: Vec<Campaign>,
    pub(crate) point_types: Vec<PointType>,
    pub(crate) items: HashMap<String, Item>,
    pub(crate) units: HashMap<String, Unit>,
    pub(crate) points: HashMap<String, Point>,
    pub(crate) duties: Vec<Duty>,
    units_by_name: HashMap<String, UnitId>,
}

impl Known {
    pub(crate) fn load(conn: &mut Conn) -> Result<Self, StoreError> {
        let units = reference::units(conn)?;
        Ok(Known {
            campaigns: reference::campaigns(conn)?,
            point_types: reference::point_types(conn)?,
            items: reference::items(conn)?.into_iter().map(|item| (item.code.clone(), item)).collect(),
            units_by_name: units.iter().map(|unit| (unit.name.clone(), unit.id)).collect(),
            units: units.into_iter().map(|unit| (unit.code.clone(), unit)).collect(),
            points: reference::points(conn)?.into_iter().map(|point| (point.code.clone(), point)).collect(),
            duties: duties::list(conn)?,
        })
    }

    fn unit(&self, name: &str) -> Option<UnitId> {
        self.units.get(name).map(|unit| unit.id).or_else(|| self.units_by_name.get(name).copied())
    }

    fn campaign(&self, name: &str) -> Option<String> {
        let found = self.campaigns.iter().find(|it| it.code == name || it.name_zh == name);
        found.map(|campaign| campaign.code.clone())
    }

    fn point_type(&self, name: &str) -> Option<&PointType> {
        self.point_types.iter().find(|kind| kind.code == name || kind.name_zh == name)
    }
}

/// An account of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    pub(crate) line: u64,
    pub(crate) username: String,
    pub(crate) display_name: String,
    pub(crate) role: Role,
    pub(crate) unit_id: Option<UnitId>,
    pub(crate) active: Option<bool>,
}

/// Refuses a row whose key an earlier one has.
struct Keys(HashMap<String, u64>);

impl Keys {
    fn check(&mut self, row: &Row<'_>, column: &str, key: &str, faults: &mut Vec<LineError>) {
        if key.is_empty() {
            return;
        }
        if let Some(earlier) = self.0.insert(key.to_owned(), row.line()) {
            faults.push(row.fault(column, FieldCode::Duplicate, format!("also on line {earlier}")));
        }
    }
}

/// A member by its code or its Chinese name.
fn member<T: Copy>(all: &[T], code: fn(T) -> &'static str, zh: fn(T) -> &'static str, text: &str) -> Option<T> {
    all.iter().copied().find(|member| code(*member) == text || zh(*member) == text)
}

fn code(row: &Row<'_>, column: &str, faults: &mut Vec<LineError>) -> String {
    let code = row.text(column, CODE_CHARS_MAX, faults);
    if code.contains(char::is_whitespace) {
        faults.push(row.fault(column, FieldCode::Malformed, "a code has no blanks"));
    }
    code
}

/// Digits of an area code, 6 for a county to 12 for a community. Source: GB/T 2260, GB/T 10114.
fn is_area_code(text: &str) -> bool {
    (6..=12).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

const AREA_CODE: &str = "6 to 12 digits";

/// Every read function answers the rows that are right; with `faults` empty that is all of them.
pub(crate) fn units(sheet: &Sheet, known: &Known, faults: &mut Vec<LineError>) -> Vec<Unit> {
    let mut keys = Keys(HashMap::new());
    let mut names = Keys(HashMap::new());
    let mut found = Vec::new();
    for row in sheet.rows() {
        let code = code(&row, "code", faults);
        keys.check(&row, "code", &code, faults);
        let name = row.text("name_zh", TITLE_CHARS_MAX, faults);
        names.check(&row, "name_zh", &name, faults);
        if known.unit(&name).is_some_and(|id| known.units.get(&code).is_none_or(|unit| unit.id != id)) {
            faults.push(row.fault("name_zh", FieldCode::Duplicate, "another unit has this name or code"));
        }
        let kind = |text: &str| member(UnitKind::ALL, UnitKind::as_str, UnitKind::zh, text);
        let kind = row.known("kind", row.optional("kind"), kind, "kind of unit", faults);
        let area_code = row.optional("area_code").to_owned();
        if !is_area_code(&area_code) {
            faults.push(row.fault("area_code", FieldCode::Malformed, AREA_CODE));
        }
        let active = row.yes("active", faults);
        let before = known.units.get(&code);
        let Some(kind) = kind else { continue };
        found.push(Unit {
            id: before.map_or(UnitId(uuid::Uuid::nil()), |unit| unit.id),
            active: active.or(before.map(|unit| unit.active)).unwrap_or(true),
            code,
            name,
            kind: kind.as_str().to_owned(),
            area_code,
        });
    }
    found
}

pub(crate) fn points(sheet: &Sheet, known: &Known, faults: &mut Vec<LineError>) -> Vec<Point> {
    let mut keys = Keys(HashMap::new());
    let mut found = Vec::new();
    for row in sheet.rows() {
        let code = code(&row, "code", faults);
        keys.check(&row, "code", &code, faults);
        let name = row.text("name_zh", TITLE_CHARS_MAX, faults);
        let kind = row.known("type", row.optional("type"), |text| known.point_type(text), "point type", faults);
        let lat = row.value::<f64>("lat", "degrees north", faults);
        let lon = row.value::<f64>("lon", "degrees east", faults);
        let location = lat.zip(lon).map(|(lat, lon)| Location { lat, lon, accuracy_m: None });
        let mut invalid = Invalid::default();
        if let Some(location) = location {
            location.validate("", &mut invalid);
        }
        faults
            .extend(invalid.0.into_iter().map(|it| row.fault(it.pointer.trim_start_matches('/'), it.code, it.detail)));
        let radius_m = match row.optional("radius_m") {
            "" => kind.map(|kind| kind.radius_m),
            _ => row.value::<i32>("radius_m", "metres", faults),
        };
        if radius_m.is_some_and(|radius| !(1..=RADIUS_M_MAX).contains(&radius)) {
            faults.push(row.fault("radius_m", FieldCode::OutOfRange, format!("from 1 to {RADIUS_M_MAX}")));
        }
        let campaigns = campaigns(&row, "campaigns", known, faults);
        let unit = |column: &str, faults: &mut Vec<LineError>| {
            row.known(column, row.optional(column), |text| known.unit(text), "unit", faults)
        };
        let lead = unit("lead_unit_code", faults);
        let territorial = match row.optional("territorial_unit_code") {
            "" => None,
            _ => unit("territorial_unit_code", faults),
        };
        let lead_area = || known.units.values().find(|unit| Some(unit.id) == lead).map(|unit| unit.area_code.clone());
        let named = [row.optional("area_code"), code.split('-').next().unwrap_or_default()];
        let area_code = match named {
            ["", prefix] if is_area_code(prefix) => Some(prefix.to_owned()),
            ["", _] => lead_area(),
            [area, _] => Some(area.to_owned()),
        };
        if area_code.as_ref().is_some_and(|area| !is_area_code(area)) {
            faults.push(row.fault("area_code", FieldCode::Malformed, AREA_CODE));
        }
        let address = row.prose("address_zh", ADDRESS_CHARS_MAX, faults);
        let (is_demo, active) = (row.yes("is_demo", faults), row.yes("active", faults));
        let before = known.points.get(&code);
        let (Some(kind), Some(location), Some(radius_m), Some(lead_unit_id), Some(area_code)) =
            (kind, location, radius_m, lead, area_code)
        else {
            continue;
        };
        found.push(Point {
            id: before.map_or(PointId(uuid::Uuid::nil()), |point| point.id),
            is_demo: is_demo.or(before.map(|point| point.is_demo)).unwrap_or(false),
            active: active.or(before.map(|point| point.active)).unwrap_or(true),
            code,
            name,
            point_type: kind.code.clone(),
            location,
            radius_m,
            campaigns,
            lead_unit_id,
            territorial_unit_id: territorial,
            area_code,
            address,
        });
    }
    found
}

fn campaigns(row: &Row<'_>, column: &str, known: &Known, faults: &mut Vec<LineError>) -> Vec<String> {
    let find = |text: &str| known.campaign(text);
    let sound = faults.len();
    let mut found: Vec<String> =
        row.words(column).filter_map(|word| row.known(column, word, find, "campaign", faults)).collect();
    found.dedup();
    if row.words(column).next().is_none() {
        faults.push(row.fault(column, FieldCode::Required, "must name a campaign"));
    }
    // There are few, and nobody guesses how each is written here.
    let names =
        || known.campaigns.iter().map(|it| format!("{} {}", it.code, it.name_zh)).collect::<Vec<_>>().join(", ");
    for fault in faults.iter_mut().skip(sound) {
        fault.detail = format!("{}; there are {}", fault.detail, names());
    }
    found
}

pub(crate) fn items(sheet: &Sheet, known: &Known, faults: &mut Vec<LineError>) -> Vec<Item> {
    let mut keys = Keys(HashMap::new());
    let mut found = Vec::new();
    for row in sheet.rows() {
        let code = code(&row, "code", faults);
        keys.check(&row, "code", &code, faults);
        let campaign = row.known("campaign", row.optional("campaign"), |text| known.campaign(text), "campaign", faults);
        if let (Some(before), Some(campaign)) = (known.items.get(&code), &campaign)
            && before.campaign != *campaign
        {
            faults.push(row.fault("campaign", FieldCode::NotAllowed, "an item stays with its campaign"));
        }
        let title_zh = row.text("title_zh", TITLE_CHARS_MAX, faults);
        let title_en = Some(row.prose("title_en", TITLE_CHARS_MAX, faults)).filter(|title| !title.is_empty());
        let find = |text: &str| match text {
            "*" => Some("*".to_owned()),
            text => known.point_type(text).map(|kind| kind.code.clone()),
        };
        let point_types =
            row.words("point_types").filter_map(|word| row.known("point_types", word, find, "point type", faults));
        let point_types = point_types.collect();
        let weight = row.value::<i32>("weight", "from 1 to 5", faults);
        if weight.is_some_and(|weight| !(1..=5).contains(&weight)) {
            faults.push(row.fault("weight", FieldCode::OutOfRange, "from 1 to 5"));
        }
        let limit = match row.optional("limit") {
            "" => Err("must not be empty; P for a plan or a date at approval".to_owned()),
            "P" => Ok(None),
            text => TimeLimit::parse(text).map(Some),
        };
        let limit = limit.unwrap_or_else(|what| {
            faults.push(row.fault("limit", FieldCode::Malformed, what));
            None
        });
        let before = known.items.get(&code);
        let kept = |column: &str, kept: Option<&String>| match row.optional(column) {
            "" => kept.cloned().unwrap_or_default(),
            text => text.to_owned(),
        };
        let veto = row.yes("veto", faults).or(before.map(|item| item.veto)).unwrap_or(false);
        let _ = row.prose("limit_note", TITLE_CHARS_MAX, faults);
        let _ = row.prose("source", ADDRESS_CHARS_MAX, faults);
        let (Some(campaign), Some(weight)) = (campaign, weight) else { continue };
        let find = |text: &str| member(Chip::ALL, Chip::as_str, Chip::zh, text);
        let chips = row.words("chips").filter_map(|word| row.known("chips", word, find, "chip", faults));
        let mut chips: Vec<Chip> = chips.collect();
        if let (true, Some(before)) = (chips.is_empty(), before) {
            chips.clone_from(&before.chips);
        }
        found.push(Item {
            campaign,
            title_en: title_en.unwrap_or_else(|| title_zh.clone()),
            title_zh,
            point_types,
            weight,
            veto,
            limit,
            limit_note: kept("limit_note", before.map(|item| &item.limit_note)),
            chips,
            source: kept("source", before.map(|item| &item.source)),
            code,
        });
    }
    found
}

pub(crate) fn users(sheet: &Sheet, known: &Known, faults: &mut Vec<LineError>) -> Vec<Person> {
    let mut keys = Keys(HashMap::new());
    let mut found = Vec::new();
    for row in sheet.rows() {
        let username = row.optional("username").to_lowercase();
        keys.check(&row, "username", &username, faults);
        if !is_username(&username) {
            let detail = "2 to 32 of: small letters, digits, point, underscore, hyphen";
            faults.push(row.fault("username", FieldCode::Malformed, detail));
        }
        let display_name = row.text("display_name", crate::domain::limits::NAME_CHARS_MAX, faults);
        let role = |text: &str| member(Role::ALL, Role::as_str, Role::zh, text);
        let role = row.known("role", row.optional("role"), role, "role", faults);
        let unit_id = match (role, row.optional("unit_code")) {
            (Some(Role::Unit), text) => row.known("unit_code", text, |text| known.unit(text), "unit", faults),
            (Some(_), text) if !text.is_empty() => {
                faults.push(row.fault("unit_code", FieldCode::NotAllowed, "only a unit's account names a unit"));
                None
            }
            _ => None,
        };
        let active = row.yes("active", faults);
        let Some(role) = role else { continue };
        found.push(Person { line: row.line(), username, display_name, role, unit_id, active });
    }
    found
}

pub(crate) fn duties(sheet: &Sheet, known: &Known, faults: &mut Vec<LineError>) -> Vec<Duty> {
    let before: HashMap<_, DutyId> = known.duties.iter().map(|duty| (duty_key(duty), duty.id)).collect();
    let mut keys: HashMap<_, u64> = HashMap::new();
    let mut found: Vec<(u64, Duty)> = Vec::new();
    for row in sheet.rows() {
        let at = faults.len();
        let place = match (row.optional("scope"), row.optional("area_code")) {
            ("", "") => Some(DutyPlace::County),
            ("", area) if is_area_code(area) => Some(DutyPlace::Area(area.to_owned())),
            ("", _) => {
                faults.push(row.fault("area_code", FieldCode::Malformed, AREA_CODE));
                None
            }
            (point, _) => row
                .known("scope", point, |code| known.points.get(code).map(|point| point.id), "point", faults)
                .map(DutyPlace::Point),
        };
        let subject = |text: &str| match known.items.get(text) {
            Some(item) => Some(DutySubject::Item(item.code.clone())),
            None => known.campaign(text).map(DutySubject::Category),
        };
        let name = row.optional("item_or_category");
        let subject = row.known("item_or_category", name, subject, "item or campaign", faults);
        if (place.as_ref(), matches!(subject, Some(DutySubject::Item(_)))) == (Some(&DutyPlace::County), true) {
            faults.push(row.fault("area_code", FieldCode::Required, "an item's duty names a point or an area"));
        }
        let role = |text: &str| member(DutyRole::ALL, DutyRole::as_str, DutyRole::zh, text);
        let role = row.known("role", row.optional("role"), role, "kind of duty", faults);
        let unit = row.known("unit_code", row.optional("unit_code"), |text| known.unit(text), "unit", faults);
        let (valid_from, valid_to) = (row.day("valid_from", faults), row.day("valid_to", faults));
        if valid_from.zip(valid_to).is_some_and(|(from, to)| from > to) {
            faults.push(row.fault("valid_to", FieldCode::OutOfRange, "ends before it begins"));
        }
        let (Some(place), Some(subject), Some(role), Some(unit_id)) = (place, subject, role, unit) else { continue };
        if faults.len() > at {
            continue;
        }
        let mut duty = Duty { id: DutyId(uuid::Uuid::nil()), place, subject, role, unit_id, valid_from, valid_to };
        let key = duty_key(&duty);
        if let Some(id) = before.get(&key) {
            duty.id = *id;
        }
        if let Some(earlier) = keys.insert(key, row.line()) {
            faults.push(row.fault("", FieldCode::Duplicate, format!("also on line {earlier}")));
        }
        found.push((row.line(), duty));
    }
    one_lead(&found, &known.duties, faults);
    found.into_iter().map(|(_, duty)| duty).collect()
}

/// Years a calendar may name. Source: our choice; whatever is outside is a slip.
const YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;

/// Days with what they are, whatever the week says.
pub(crate) fn calendar(sheet: &Sheet, faults: &mut Vec<LineError>) -> Vec<(Date, DayKind)> {
    let mut keys = Keys(HashMap::new());
    let mut found = Vec::new();
    for row in sheet.rows() {
        if row.optional("date").is_empty() {
            faults.push(row.fault("date", FieldCode::Required, "must not be empty"));
        }
        let day = row.day("date", faults);
        if let Some(day) = day {
            keys.check(&row, "date", &day.to_string(), faults);
            if !YEARS.contains(&day.year()) {
                let detail = format!("from {} to {}", YEARS.start(), YEARS.end());
                faults.push(row.fault("date", FieldCode::OutOfRange, detail));
            }
        }
        let kind = |text: &str| member(DayKind::ALL, DayKind::as_str, DayKind::zh, text);
        let kind = row.known("kind", row.optional("kind"), kind, "kind of day", faults);
        let (Some(day), Some(kind)) = (day, kind) else { continue };
        if kind == DayKind::Makeup && !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            faults.push(row.fault("kind", FieldCode::NotAllowed, "only a Saturday or a Sunday is a make-up day"));
        }
        found.push((day, kind));
    }
    found
}

/// All that makes a duty itself; its last day may change.
fn duty_key(duty: &Duty) -> (DutyPlace, DutySubject, DutyRole, UnitId, Option<jiff::civil::Date>) {
    (duty.place.clone(), duty.subject.clone(), duty.role, duty.unit_id, duty.valid_from)
}

/// Refuses a second lead for the same place and subject on the same day, in the sheet or in what
/// stays beside it.
fn one_lead(found: &[(u64, Duty)], before: &[Duty], faults: &mut Vec<LineError>) {
    let replaced: std::collections::HashSet<DutyId> = found.iter().map(|(_, duty)| duty.id).collect();
    let mut leads: HashMap<(&DutyPlace, &DutySubject), Vec<(u64, &Duty)>> = HashMap::new();
    let stays = before.iter().filter(|duty| !replaced.contains(&duty.id)).map(|duty| (0, duty));
    for (line, duty) in stays.chain(found.iter().map(|(line, duty)| (*line, duty))) {
        if duty.role != DutyRole::Lead {
            continue;
        }
        let others = leads.entry((&duty.place, &duty.subject)).or_default();
        if let Some((earlier, _)) = others.iter().find(|(_, other)| line > 0 && duty.overlaps(other)) {
            let detail = match earlier {
                0 => "another unit leads there already: give that duty a last day first".to_owned(),
                line => format!("line {line} names another lead for the same days"),
            };
            faults.push(LineError { line, column: "role".into(), code: FieldCode::Duplicate, detail });
        }
        others.push((line, duty));
    }
}
