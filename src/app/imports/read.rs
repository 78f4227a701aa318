//! Rows of each kind of sheet, checked against the existing rows, which somebody else has read: no I/O here.

use std::collections::HashMap;

use jiff::civil::{Date, Weekday};

use super::sheet::{Cell, Found, Row, Sheet};
use crate::domain::calendar::{DayKind, is_new_year};
use crate::domain::campaign::CampaignCode;
use crate::domain::coordinates::{ListCrs, to_wgs84};
use crate::domain::deadline::TimeLimit;
use crate::domain::duty::{Duty, DutyPlace, DutyRole, DutySubject};
use crate::domain::geo::Location;
use crate::domain::ids::{DutyId, PointId, UnitId};
use crate::domain::import::LineError;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::limits::{ADDRESS_CHARS_MAX, CODE_CHARS_MAX, RADIUS_M_MAX, TITLE_CHARS_MAX};
use crate::domain::reference::{AREA_CODE_DIGITS, Campaign, Chip, Item, Point, PointType, Unit, UnitKind};
use crate::domain::role::{Role, WorksFor};
use crate::domain::text;
use crate::domain::user::is_username;

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
    pub(crate) fn of(
        campaigns: Vec<Campaign>,
        point_types: Vec<PointType>,
        items: Vec<Item>,
        units: Vec<Unit>,
        points: Vec<Point>,
        duties: Vec<Duty>,
    ) -> Self {
        Known {
            campaigns,
            point_types,
            items: items.into_iter().map(|item| (item.code.clone(), item)).collect(),
            units_by_name: units.iter().map(|unit| (unit.name.clone(), unit.id)).collect(),
            units: units.into_iter().map(|unit| (unit.code.clone(), unit)).collect(),
            points: points.into_iter().map(|point| (point.code.clone(), point)).collect(),
            duties,
        }
    }

    fn unit(&self, name: &str) -> Option<UnitId> {
        let by_code = self.units.get(&text::code(name)).map(|unit| unit.id);
        by_code.or_else(|| self.units_by_name.get(name).copied())
    }

    /// The unit's name as people read it.
    fn unit_name(&self, id: UnitId) -> String {
        self.units.values().find(|unit| unit.id == id).map_or_else(String::new, |unit| unit.name.clone())
    }

    /// The area code that a cell says: digits, or the name of a township or community, which stands for its area.
    fn area(&self, cell: &str) -> String {
        let code = text::code(cell);
        if is_area_code(&code) {
            return code;
        }
        let is_area = |unit: &&Unit| {
            let kind = UnitKind::parse(&unit.kind);
            unit.name == cell && matches!(kind, Some(UnitKind::Township | UnitKind::Community))
        };
        self.units.values().find(is_area).map_or(code, |unit| unit.area_code.clone())
    }

    fn campaign(&self, name: &str) -> Option<String> {
        let code = text::code(name);
        let found = self.campaigns.iter().find(|it| it.code == code || it.name_zh == name);
        found.map(|campaign| campaign.code.clone())
    }

    fn point_type(&self, name: &str) -> Option<&PointType> {
        let code = text::code(name);
        self.point_types.iter().find(|kind| kind.code == code || kind.name_zh == name)
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
    pub(crate) campaign: Option<CampaignCode>,
    pub(crate) vice_head: Option<bool>,
    pub(crate) active: Option<bool>,
}

/// Refuses a row with the key of an earlier row.
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

/// The member with this code or Chinese name.
fn member<T: Copy>(all: &[T], code: fn(T) -> &'static str, zh: fn(T) -> &'static str, text: &str) -> Option<T> {
    let half_width = text::code(text);
    all.iter().copied().find(|member| code(*member) == half_width || zh(*member) == text)
}

fn is_area_code(text: &str) -> bool {
    AREA_CODE_DIGITS.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

const AREA_CODE: &str = "6 to 12 digits";
/// The same where units are known already.
const AREA: &str = "6 to 12 digits, or the name of a township or community";

/// Each read function answers the valid rows; when there are no faults, that is all of them.
pub(crate) fn units(sheet: &Sheet, known: &Known, out: &mut Found) -> Vec<Unit> {
    let faults = &mut out.faults;
    let mut keys = Keys(HashMap::new());
    let mut found = Vec::new();
    let mut lines = HashMap::new();
    for row in sheet.rows() {
        let code = row.own_code("code", CODE_CHARS_MAX, faults);
        keys.check(&row, "code", &code, faults);
        let name = row.text("name_zh", TITLE_CHARS_MAX, faults);
        let kind = |text: &str| member(UnitKind::ALL, UnitKind::as_str, UnitKind::zh, text);
        let kind = row.known("kind", row.optional("kind"), kind, "kind of unit", faults);
        let area_code = row.code("area_code");
        if !is_area_code(&area_code) {
            faults.push(row.fault("area_code", FieldCode::Malformed, AREA_CODE));
        }
        let active = row.yes("active", faults);
        let before = known.units.get(&code);
        lines.insert(code.clone(), row.line());
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
    one_meaning(&found, known, &lines, faults);
    found
}

/// Refuses a name that would equal another unit's name or code after the import; units may swap names.
fn one_meaning(found: &[Unit], known: &Known, lines: &HashMap<String, u64>, faults: &mut Vec<LineError>) {
    let stays = known.units.values().filter(|unit| !lines.contains_key(&unit.code));
    let after: Vec<&Unit> = stays.chain(found).collect();
    let codes: HashMap<&str, &Unit> = after.iter().map(|unit| (unit.code.as_str(), *unit)).collect();
    let mut names: HashMap<&str, &Unit> = HashMap::new();
    for unit in after {
        let of_name = names.insert(&unit.name, unit);
        let of_code = codes.get(unit.name.as_str()).copied();
        let Some(other) = of_name.or(of_code).filter(|other| other.code != unit.code) else { continue };
        let Some(line) = lines.get(&unit.code).or_else(|| lines.get(&other.code)).copied() else { continue };
        let detail = format!("unit {} has this name or code", other.code);
        faults.push(LineError { line, column: "name_zh".into(), code: FieldCode::Duplicate, detail });
    }
}

pub(crate) fn points(sheet: &Sheet, known: &Known, crs: ListCrs, out: &mut Found) -> Vec<Point> {
    let mut keys = Keys(HashMap::new());
    let mut found = Vec::new();
    for row in sheet.rows() {
        let faults = &mut out.faults;
        let code = row.own_code("code", CODE_CHARS_MAX, faults);
        let before = known.points.get(&code);
        keys.check(&row, "code", &code, faults);
        let name = row.text("name_zh", TITLE_CHARS_MAX, faults);
        let kind = row.known("type", row.optional("type"), |text| known.point_type(text), "point type", faults);
        let sound = faults.len();
        let location = place(&row, before.and_then(|point| point.location), crs, faults);
        let is_unplaced = location.is_none() && faults.len() == sound;
        let campaigns = campaigns(&row, "campaigns", known, faults);
        let unit = |column: &str, faults: &mut Vec<LineError>| {
            row.known(column, row.optional(column), |text| known.unit(text), "unit", faults)
        };
        let lead = unit("lead_unit_code", faults);
        let (is_demo, active) = (row.yes("is_demo", faults), row.yes("active", faults));
        let radius_m = radius(&row, kind, before, out);
        let was = before.map(|point| {
            let id = point.territorial_unit_id;
            (id, id.map_or_else(String::new, |id| known.unit_name(id)))
        });
        let territorial = row.kept("territorial_unit_code", was, None, out, |text, faults| {
            row.known("territorial_unit_code", text, |text| known.unit(text), "unit", faults)
        });
        let lead_area = || known.units.values().find(|unit| Some(unit.id) == lead).map(|unit| unit.area_code.clone());
        let prefix = Some(code.split('-').next().unwrap_or_default()).filter(|prefix| is_area_code(prefix));
        let derived = prefix.map(str::to_owned).or_else(lead_area);
        // An area that follows from the code and the lead unit was never typed, so clearing it loses nothing.
        let was = before.map(|point| {
            let typed = Some(&point.area_code) != derived.as_ref();
            (Some(point.area_code.clone()), if typed { point.area_code.clone() } else { String::new() })
        });
        let area_code = row.kept("area_code", was, derived, out, |text, _| Some(known.area(text)));
        if area_code.as_ref().is_some_and(|area| !is_area_code(area)) {
            out.faults.push(row.fault("area_code", FieldCode::Malformed, AREA));
        }
        let address = row.kept_text("address_zh", before.map(|point| point.address.as_str()), ADDRESS_CHARS_MAX, out);
        if is_unplaced && address.is_empty() {
            out.faults.push(row.fault("address_zh", FieldCode::Required, "an address, or a position"));
        }
        let (Some(kind), Some(radius_m), Some(lead_unit_id), Some(area_code)) = (kind, radius_m, lead, area_code)
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

/// The position of a point, with each of its two degrees as it was where the row says nothing of it; `None` where
/// neither is known.
fn place(row: &Row<'_>, was: Option<Location>, crs: ListCrs, faults: &mut Vec<LineError>) -> Option<Location> {
    let is_said = |column: &str| matches!(row.cell(column), Cell::Text(_));
    let mut degrees = |column: &str, what: &str, was: Option<f64>| {
        if is_said(column) { row.value::<f64>(column, what, faults) } else { was }
    };
    let lat = degrees("lat", "degrees north", was.map(|at| at.lat));
    let lon = degrees("lon", "degrees east", was.map(|at| at.lon));
    // A degree that is known already is of WGS-84, and the other one may not be.
    let is_mixed = crs != ListCrs::Wgs84 && is_said("lat") != is_said("lon");
    for (column, own, other) in [("lat", lat, lon), ("lon", lon, lat)] {
        if (own.is_none() && other.is_some() || is_mixed) && !is_said(column) {
            faults.push(row.fault(column, FieldCode::Required, "a position has both degrees"));
        }
    }
    let location = lat.zip(lon).map(|(lat, lon)| Location { lat, lon, accuracy_m: None })?;
    let mut invalid = Invalid::default();
    location.validate("", &mut invalid);
    faults.extend(invalid.0.into_iter().map(|it| row.fault(it.pointer.trim_start_matches('/'), it.code, it.detail)));
    Some(if is_said("lat") { to_wgs84(crs, location) } else { location })
}

/// The geofence of a point: its own, or that of its type. A radius that equals the type's default follows the type.
fn radius(row: &Row<'_>, kind: Option<&PointType>, before: Option<&Point>, out: &mut Found) -> Option<i32> {
    let of_type = kind.map(|kind| kind.radius_m);
    let was = before.map(|point| {
        let own = Some(point.radius_m) != of_type;
        (Some(point.radius_m), if own { format!("{} m", point.radius_m) } else { String::new() })
    });
    let radius = row.kept("radius_m", was, of_type, out, |_, faults| row.value::<i32>("radius_m", "metres", faults));
    if radius.is_some_and(|radius| !(1..=RADIUS_M_MAX).contains(&radius)) {
        out.faults.push(row.fault("radius_m", FieldCode::OutOfRange, format!("from 1 to {RADIUS_M_MAX}")));
    }
    radius
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
    // There are few point types, and nobody can guess how each is spelled here.
    let names =
        || known.campaigns.iter().map(|it| format!("{} {}", it.code, it.name_zh)).collect::<Vec<_>>().join(", ");
    for fault in faults.iter_mut().skip(sound) {
        fault.detail = format!("{}; there are {}", fault.detail, names());
    }
    found
}

pub(crate) fn items(sheet: &Sheet, known: &Known, out: &mut Found) -> Vec<Item> {
    let mut keys = Keys(HashMap::new());
    let mut found = Vec::new();
    for row in sheet.rows() {
        let faults = &mut out.faults;
        let code = row.own_code("code", CODE_CHARS_MAX, faults);
        keys.check(&row, "code", &code, faults);
        let campaign = row.known("campaign", row.optional("campaign"), |text| known.campaign(text), "campaign", faults);
        if let (Some(before), Some(campaign)) = (known.items.get(&code), &campaign)
            && before.campaign != *campaign
        {
            faults.push(row.fault("campaign", FieldCode::NotAllowed, "an item stays with its campaign"));
        }
        let title_zh = row.text("title_zh", TITLE_CHARS_MAX, faults);
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
        let veto = row.yes("veto", faults).or(before.map(|item| item.veto)).unwrap_or(false);
        let was = before.map(|item| item.photo_required);
        let photo_required = row.yes("photo_required", faults).or(was).unwrap_or(false);
        let was = before.map(|item| (item.point_types.clone(), item.point_types.join(" ")));
        let point_types = row.kept("point_types", was, Vec::new(), out, |_, faults| {
            let find = |text: &str| match text {
                "*" => Some("*".to_owned()),
                text => known.point_type(text).map(|kind| kind.code.clone()),
            };
            let words = row.words("point_types");
            words.filter_map(|word| row.known("point_types", word, find, "point type", faults)).collect()
        });
        // Without an English title the Chinese one is used.
        let was = before.map(|item| if item.title_en == item.title_zh { "" } else { item.title_en.as_str() });
        let title_en = Some(row.kept_text("title_en", was, TITLE_CHARS_MAX, out)).filter(|title| !title.is_empty());
        let was = before.map(|item| item.fault_zh.as_str());
        let fault_zh = row.kept_text("fault_zh", was, TITLE_CHARS_MAX, out);
        let limit_note = row.kept_text("limit_note", before.map(|item| item.limit_note.as_str()), TITLE_CHARS_MAX, out);
        let source = row.kept_text("source", before.map(|item| item.source.as_str()), ADDRESS_CHARS_MAX, out);
        let was = before.map(|item| {
            let names: Vec<&str> = item.chips.iter().map(|chip| chip.zh()).collect();
            (item.chips.clone(), names.join("、"))
        });
        let chips = row.kept("chips", was, Vec::new(), out, |_, faults| {
            let find = |text: &str| member(Chip::ALL, Chip::as_str, Chip::zh, text);
            row.words("chips").filter_map(|word| row.known("chips", word, find, "chip", faults)).collect()
        });
        let (Some(campaign), Some(weight)) = (campaign, weight) else { continue };
        found.push(Item {
            campaign,
            title_en: title_en.unwrap_or_else(|| title_zh.clone()),
            title_zh,
            fault_zh,
            point_types,
            weight,
            veto,
            limit,
            limit_note,
            chips,
            source,
            photo_required,
            code,
        });
    }
    found
}

/// What an account works for, where its role does. Who has it keeps it when there is no such column; who has none is
/// told so where the account is changed.
fn works_for_column<T>(
    row: &Row<'_>,
    column: &'static str,
    is_asked_for: bool,
    find: impl Fn(&str) -> Option<T>,
    what: &str,
    faults: &mut Vec<LineError>,
) -> Option<T> {
    let text = row.optional(column);
    if is_asked_for {
        return if row.cell(column) == Cell::Absent { None } else { row.known(column, text, find, what, faults) };
    }
    if !text.is_empty() {
        faults.push(row.fault(column, FieldCode::NotAllowed, format!("an account of this role names no {what}")));
    }
    None
}

pub(crate) fn users(sheet: &Sheet, known: &Known, out: &mut Found) -> Vec<Person> {
    let faults = &mut out.faults;
    let mut keys = Keys(HashMap::new());
    let mut found = Vec::new();
    for row in sheet.rows() {
        let username = row.code("username").to_lowercase();
        keys.check(&row, "username", &username, faults);
        if !is_username(&username) {
            let detail = "2 to 32 of: small letters, digits, point, underscore, hyphen";
            faults.push(row.fault("username", FieldCode::Malformed, detail));
        }
        let display_name = row.text("display_name", crate::domain::limits::NAME_CHARS_MAX, faults);
        let role = |text: &str| {
            let known = member(Role::ALL, Role::as_str, Role::zh, text);
            // As the app's forms call it.
            known.or_else(|| (text.trim() == "责任单位").then_some(Role::Unit))
        };
        let role = row.known("role", row.optional("role"), role, "role", faults);
        let works_for = role.map(Role::works_for);
        let unit = |text: &str| known.unit(text);
        let unit_id = works_for_column(&row, "unit_code", works_for == Some(WorksFor::Unit), unit, "unit", faults);
        let code = |text: &str| known.campaign(text).as_deref().and_then(CampaignCode::parse);
        let campaign =
            works_for_column(&row, "campaign", works_for == Some(WorksFor::Campaign), code, "campaign", faults);
        let (vice_head, active) = (row.yes("vice_head", faults), row.yes("active", faults));
        let Some(role) = role else { continue };
        if vice_head == Some(true) && role.works_for() != WorksFor::Unit {
            faults.push(row.fault("vice_head", FieldCode::NotAllowed, "only a unit has a vice head"));
        }
        found.push(Person { line: row.line(), username, display_name, role, unit_id, campaign, vice_head, active });
    }
    found
}

pub(crate) fn duties(sheet: &Sheet, known: &Known, out: &mut Found) -> Vec<Duty> {
    let before: HashMap<_, &Duty> = known.duties.iter().map(|duty| (duty_key(duty), duty)).collect();
    let mut keys: HashMap<_, u64> = HashMap::new();
    let mut found: Vec<(u64, Duty)> = Vec::new();
    for row in sheet.rows() {
        let faults = &mut out.faults;
        let at = faults.len();
        let place = match (row.code("scope").as_str(), known.area(row.optional("area_code")).as_str()) {
            ("", "") => Some(DutyPlace::County),
            ("", area) if is_area_code(area) => Some(DutyPlace::Area(area.to_owned())),
            ("", _) => {
                faults.push(row.fault("area_code", FieldCode::Malformed, AREA));
                None
            }
            (point, _) => row
                .known("scope", point, |code| known.points.get(code).map(|point| point.id), "point", faults)
                .map(DutyPlace::Point),
        };
        let subject = |text: &str| match known.items.get(&text::code(text)) {
            Some(item) => Some(DutySubject::Item(item.code.clone())),
            None => known.campaign(text).map(DutySubject::Category),
        };
        let name = row.optional("item_or_category");
        let subject = row.known("item_or_category", name, subject, "item or campaign", faults);
        if (place.as_ref(), matches!(subject, Some(DutySubject::Item(_)))) == (Some(&DutyPlace::County), true) {
            faults.push(row.fault("area_code", FieldCode::Required, "an item's duty names a point or an area"));
        }
        let role = |text: &str| {
            let known = member(DutyRole::ALL, DutyRole::as_str, DutyRole::zh, text);
            // Column name in sheets of earlier versions.
            known.or_else(|| (text.trim() == "门前责任").then_some(DutyRole::Frontage))
        };
        let role = row.known("role", row.optional("role"), role, "kind of duty", faults);
        let unit = row.known("unit_code", row.optional("unit_code"), |text| known.unit(text), "unit", faults);
        let valid_from = row.day("valid_from", faults);
        let valid_to = row.day("valid_to", faults);
        let (Some(place), Some(subject), Some(role), Some(unit_id)) = (place, subject, role, unit) else { continue };
        if faults.len() > at {
            continue;
        }
        let mut duty = Duty { id: DutyId(uuid::Uuid::nil()), place, subject, role, unit_id, valid_from, valid_to };
        if row.cell("valid_from") == Cell::Absent {
            // Without this column a duty is identified by the others, if they suffice.
            let mut alike = known.duties.iter().filter(|other| {
                (&other.place, &other.subject, other.role, other.unit_id) == (&duty.place, &duty.subject, role, unit_id)
            });
            duty.valid_from = alike.next().and_then(|other| other.valid_from);
            if alike.next().is_some() {
                faults.push(row.fault("valid_from", FieldCode::Required, "several duties are alike but for it"));
            }
        }
        let key = duty_key(&duty);
        let before = before.get(&key).copied();
        duty.id = before.map_or(duty.id, |before| before.id);
        let was =
            before.map(|before| (before.valid_to, before.valid_to.map_or_else(String::new, |day| day.to_string())));
        duty.valid_to = row.kept("valid_to", was, None, out, |_, _| valid_to);
        let faults = &mut out.faults;
        if duty.valid_from.zip(duty.valid_to).is_some_and(|(from, to)| from > to) {
            faults.push(row.fault("valid_to", FieldCode::OutOfRange, "ends before it begins"));
        }
        if let Some(earlier) = keys.insert(key, row.line()) {
            faults.push(row.fault("", FieldCode::Duplicate, format!("also on line {earlier}")));
        }
        found.push((row.line(), duty));
    }
    one_lead(&found, &known.duties, &mut out.faults);
    found.into_iter().map(|(_, duty)| duty).collect()
}

/// Days of the sheet, with whether each is a working day.
pub(crate) fn calendar(sheet: &Sheet, out: &mut Found) -> Vec<(Date, DayKind)> {
    let faults = &mut out.faults;
    let mut keys = Keys(HashMap::new());
    let mut found = Vec::new();
    for row in sheet.rows() {
        if row.optional("date").is_empty() {
            faults.push(row.fault("date", FieldCode::Required, "must not be empty"));
        }
        let day = row.day("date", faults);
        if let Some(day) = day {
            keys.check(&row, "date", &day.to_string(), faults);
        }
        let kind = |text: &str| member(DayKind::ALL, DayKind::as_str, DayKind::zh, text);
        let kind = row.known("kind", row.optional("kind"), kind, "kind of day", faults);
        let (Some(day), Some(kind)) = (day, kind) else { continue };
        if kind == DayKind::Makeup && !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) {
            faults.push(row.fault("kind", FieldCode::NotAllowed, "only a Saturday or a Sunday is a make-up day"));
        }
        if kind != DayKind::Off && is_new_year(day) {
            faults.push(row.fault("kind", FieldCode::NotAllowed, "1 January is never worked"));
        }
        found.push((day, kind));
    }
    found
}

/// Everything that identifies a duty; its last day may change.
fn duty_key(duty: &Duty) -> (DutyPlace, DutySubject, DutyRole, UnitId, Option<jiff::civil::Date>) {
    (duty.place.clone(), duty.subject.clone(), duty.role, duty.unit_id, duty.valid_from)
}

/// Refuses a second lead for the same place and subject on the same day, within the sheet or together with the existing
/// duties.
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

#[cfg(test)]
mod tests;
