//! Reference data: campaigns, items, point types, points, units.

use diesel::prelude::*;

use crate::domain::campaign::CampaignCode;
use crate::domain::deadline::TimeLimit;
use crate::domain::geo::Location;
use crate::domain::ids::{PointId, UnitId};
use crate::domain::reference::{Campaign, Chip, Item, Point, PointSummary, PointType, Unit};
use crate::domain::time::Timestamp;
use crate::store::dialect::each_some;
use crate::store::schema::{campaigns, items, point_types, points, units};
use crate::store::unlisted_places::off_the_list;
use crate::store::{Conn, StoreError};

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// `None` for an empty text.
fn stated(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}

fn chip_codes(chips: &[Chip]) -> String {
    chips.iter().map(|chip| chip.as_str()).collect::<Vec<_>>().join(" ")
}

/// All campaigns.
pub fn campaigns(conn: &mut Conn) -> Result<Vec<Campaign>, StoreError> {
    let rows: Vec<(String, String, String, String, String)> = campaigns::table.order(campaigns::code).load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(code, name_zh, name_en, level, honour_name)| Campaign { code, name_zh, name_en, level, honour_name })
        .collect())
}

/// Whether there is a campaign of this code.
///
/// # Errors
/// The database's.
pub fn is_campaign(conn: &mut Conn, code: CampaignCode) -> Result<bool, StoreError> {
    Ok(diesel::select(diesel::dsl::exists(campaigns::table.find(code.as_str()))).get_result(conn)?)
}

/// Adds a campaign.
pub fn insert_campaign(conn: &mut Conn, campaign: &Campaign) -> Result<(), StoreError> {
    diesel::insert_into(campaigns::table)
        .values((
            campaigns::code.eq(&campaign.code),
            campaigns::name_zh.eq(&campaign.name_zh),
            campaigns::name_en.eq(&campaign.name_en),
            campaigns::level.eq(&campaign.level),
            campaigns::honour_name.eq(&campaign.honour_name),
        ))
        .execute(conn)?;
    Ok(())
}

/// All point types.
pub fn point_types(conn: &mut Conn) -> Result<Vec<PointType>, StoreError> {
    let rows: Vec<(String, String, String, String, String, i32)> =
        point_types::table.order(point_types::code).load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(code, name_zh, name_en, observation_unit, look_first, radius_m)| PointType {
            code,
            name_zh,
            name_en,
            observation_unit,
            look_first,
            radius_m,
        })
        .collect())
}

/// Adds a point type.
pub fn insert_point_type(conn: &mut Conn, kind: &PointType) -> Result<(), StoreError> {
    diesel::insert_into(point_types::table)
        .values((
            point_types::code.eq(&kind.code),
            point_types::name_zh.eq(&kind.name_zh),
            point_types::name_en.eq(&kind.name_en),
            point_types::observation_unit.eq(&kind.observation_unit),
            point_types::look_first.eq(&kind.look_first),
            point_types::radius_m.eq(kind.radius_m),
        ))
        .execute(conn)?;
    Ok(())
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = items)]
struct ItemRow {
    code: String,
    campaign: String,
    title_zh: String,
    title_en: String,
    point_types: String,
    weight: i32,
    veto: bool,
    time_limit: Option<TimeLimit>,
    limit_note: String,
    chips: String,
    source: String,
    fault_zh: Option<String>,
    photo_required_since: Option<Timestamp>,
}

impl From<ItemRow> for Item {
    fn from(row: ItemRow) -> Self {
        Item {
            code: row.code,
            campaign: row.campaign,
            title_zh: row.title_zh,
            title_en: row.title_en,
            point_types: words(&row.point_types),
            weight: row.weight,
            veto: row.veto,
            limit: row.time_limit,
            limit_note: row.limit_note,
            // An unknown chip code from an earlier sheet is dropped.
            chips: row.chips.split_whitespace().filter_map(Chip::parse).collect(),
            source: row.source,
            fault_zh: row.fault_zh.unwrap_or_default(),
            photo_required: row.photo_required_since.is_some(),
        }
    }
}

/// All items, by code.
pub fn items(conn: &mut Conn) -> Result<Vec<Item>, StoreError> {
    let rows: Vec<ItemRow> = items::table.order(items::code).load(conn)?;
    Ok(rows.into_iter().map(Item::from).collect())
}

/// One item.
pub fn find_item(conn: &mut Conn, code: &str) -> Result<Option<Item>, StoreError> {
    let row: Option<ItemRow> = items::table.find(code).first(conn).optional()?;
    Ok(row.map(Item::from))
}

/// The items that a visit which began at this time shows on photos. Whoever was on the way when the county asked for
/// them may have had no network, and could not know.
pub fn photos_required(conn: &mut Conn, at: Timestamp) -> Result<Vec<String>, StoreError> {
    Ok(items::table.filter(items::photo_required_since.le(at)).select(items::code).load(conn)?)
}

/// Adds an item.
pub fn insert_item(conn: &mut Conn, item: &Item, now: Timestamp) -> Result<(), StoreError> {
    let item = item.clone();
    diesel::insert_into(items::table)
        .values(ItemRow {
            code: item.code,
            campaign: item.campaign,
            title_zh: item.title_zh,
            title_en: item.title_en,
            point_types: item.point_types.join(" "),
            weight: item.weight,
            veto: item.veto,
            time_limit: item.limit,
            limit_note: item.limit_note,
            chips: chip_codes(&item.chips),
            source: item.source,
            fault_zh: stated(&item.fault_zh).map(str::to_owned),
            photo_required_since: item.photo_required.then_some(now),
        })
        .execute(conn)?;
    Ok(())
}

/// Changes an item; its code is its identity.
pub fn update_item(conn: &mut Conn, item: &Item, now: Timestamp) -> Result<(), StoreError> {
    let since: Option<Option<Timestamp>> =
        items::table.find(&item.code).select(items::photo_required_since).first(conn).optional()?;
    let since = item.photo_required.then(|| since.flatten().unwrap_or(now));
    diesel::update(items::table.find(&item.code))
        .set((
            items::title_zh.eq(&item.title_zh),
            items::title_en.eq(&item.title_en),
            items::point_types.eq(item.point_types.join(" ")),
            items::weight.eq(item.weight),
            items::veto.eq(item.veto),
            items::time_limit.eq(item.limit),
            items::limit_note.eq(&item.limit_note),
            items::chips.eq(chip_codes(&item.chips)),
            items::source.eq(&item.source),
            items::fault_zh.eq(stated(&item.fault_zh)),
            items::photo_required_since.eq(since),
        ))
        .execute(conn)?;
    Ok(())
}

/// How many items there are, how many units are in use, and how many points.
pub fn counts(conn: &mut Conn) -> Result<(i64, i64, i64), StoreError> {
    Ok((
        items::table.count().get_result(conn)?,
        units::table.filter(units::active.eq(true)).count().get_result(conn)?,
        points::table.filter(points::active.eq(true)).count().get_result(conn)?,
    ))
}

/// All units, by code.
pub fn units(conn: &mut Conn) -> Result<Vec<Unit>, StoreError> {
    let rows: Vec<(UnitId, String, String, String, String, bool)> = units::table.order(units::code).load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(id, code, name, kind, area_code, active)| Unit { id, code, name, kind, area_code, active })
        .collect())
}

/// One unit.
pub fn find_unit(conn: &mut Conn, id: UnitId) -> Result<Option<Unit>, StoreError> {
    let row: Option<(UnitId, String, String, String, String, bool)> = units::table.find(id).first(conn).optional()?;
    Ok(row.map(|(id, code, name, kind, area_code, active)| Unit { id, code, name, kind, area_code, active }))
}

/// Adds a unit.
pub fn insert_unit(conn: &mut Conn, unit: &Unit) -> Result<(), StoreError> {
    diesel::insert_into(units::table)
        .values((
            units::id.eq(unit.id),
            units::code.eq(&unit.code),
            units::name.eq(&unit.name),
            units::kind.eq(&unit.kind),
            units::area_code.eq(&unit.area_code),
            units::active.eq(unit.active),
        ))
        .execute(conn)?;
    Ok(())
}

/// Changes a unit; its id and code stay.
pub fn update_unit(conn: &mut Conn, unit: &Unit) -> Result<(), StoreError> {
    diesel::update(units::table.find(unit.id))
        .set((
            units::name.eq(&unit.name),
            units::kind.eq(&unit.kind),
            units::area_code.eq(&unit.area_code),
            units::active.eq(unit.active),
        ))
        .execute(conn)?;
    Ok(())
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = points)]
struct PointRow {
    id: PointId,
    code: String,
    name: String,
    point_type: String,
    lat: Option<f64>,
    lon: Option<f64>,
    radius_m: i32,
    campaigns: String,
    is_demo: bool,
    lead_unit_id: UnitId,
    territorial_unit_id: Option<UnitId>,
    area_code: String,
    address: String,
    active: bool,
}

impl PointRow {
    /// The position, where it is known.
    fn location(&self) -> Option<Location> {
        self.lat.zip(self.lon).map(|(lat, lon)| Location { lat, lon, accuracy_m: None })
    }
}

impl From<PointRow> for Point {
    fn from(row: PointRow) -> Self {
        Point {
            location: row.location(),
            id: row.id,
            code: row.code,
            name: row.name,
            point_type: row.point_type,
            radius_m: row.radius_m,
            campaigns: words(&row.campaigns),
            is_demo: row.is_demo,
            lead_unit_id: row.lead_unit_id,
            territorial_unit_id: row.territorial_unit_id,
            area_code: row.area_code,
            address: row.address,
            active: row.active,
        }
    }
}

/// All points, by code, except those that stand for places off the list.
pub fn points(conn: &mut Conn) -> Result<Vec<Point>, StoreError> {
    let rows: Vec<PointRow> = points::table.filter(points::id.ne_all(off_the_list())).order(points::code).load(conn)?;
    Ok(rows.into_iter().map(Point::from).collect())
}

/// Points in a box that are in use, or those that are not, by the index on positions: degrees from south to north and
/// from west to east, edges included.
pub fn points_within(
    conn: &mut Conn,
    lat: (f64, f64),
    lon: (f64, f64),
    in_use: bool,
) -> Result<Vec<Point>, StoreError> {
    let rows: Vec<PointRow> = points::table
        .filter(points::lat.between(lat.0, lat.1))
        .filter(points::lon.between(lon.0, lon.1))
        .filter(points::active.eq(in_use))
        .filter(points::id.ne_all(off_the_list()))
        .load(conn)?;
    Ok(rows.into_iter().map(Point::from).collect())
}

/// One point.
pub fn find_point(conn: &mut Conn, id: PointId) -> Result<Option<Point>, StoreError> {
    let row: Option<PointRow> = points::table.find(id).first(conn).optional()?;
    Ok(row.map(Point::from))
}

/// The name of every point, in use or not.
pub fn point_names(conn: &mut Conn) -> Result<Vec<(PointId, String)>, StoreError> {
    Ok(points::table.select((points::id, points::name)).load(conn)?)
}

/// Summaries of these points.
pub fn point_summaries(conn: &mut Conn, ids: &[PointId]) -> Result<Vec<PointSummary>, StoreError> {
    let rows: Vec<PointRow> = each_some(ids, |some| Ok(points::table.filter(points::id.eq_any(some)).load(conn)?))?;
    Ok(rows
        .into_iter()
        .map(|row| PointSummary {
            location: row.location(),
            id: row.id,
            code: row.code,
            name: row.name,
            point_type: row.point_type,
            address: row.address,
        })
        .collect())
}

/// Adds a point.
pub fn insert_point(conn: &mut Conn, point: &Point) -> Result<(), StoreError> {
    let point = point.clone();
    diesel::insert_into(points::table)
        .values(PointRow {
            id: point.id,
            code: point.code,
            name: point.name,
            point_type: point.point_type,
            lat: point.location.map(|at| at.lat),
            lon: point.location.map(|at| at.lon),
            radius_m: point.radius_m,
            campaigns: point.campaigns.join(" "),
            is_demo: point.is_demo,
            lead_unit_id: point.lead_unit_id,
            territorial_unit_id: point.territorial_unit_id,
            area_code: point.area_code,
            address: point.address,
            active: point.active,
        })
        .execute(conn)?;
    Ok(())
}

/// Whether a point has this code.
pub fn has_point_code(conn: &mut Conn, code: &str) -> Result<bool, StoreError> {
    Ok(diesel::select(diesel::dsl::exists(points::table.filter(points::code.eq(code)))).get_result(conn)?)
}

/// Gives a point that stands for an unlisted place its code, and all else that makes it a point of the list.
pub fn list_point(conn: &mut Conn, point: &Point) -> Result<(), StoreError> {
    diesel::update(points::table.find(point.id)).set(points::code.eq(&point.code)).execute(conn)?;
    update_point(conn, point)
}

/// Changes a point; its id and code stay.
pub fn update_point(conn: &mut Conn, point: &Point) -> Result<(), StoreError> {
    diesel::update(points::table.find(point.id))
        .set((
            points::name.eq(&point.name),
            points::point_type.eq(&point.point_type),
            points::lat.eq(point.location.map(|at| at.lat)),
            points::lon.eq(point.location.map(|at| at.lon)),
            points::radius_m.eq(point.radius_m),
            points::campaigns.eq(point.campaigns.join(" ")),
            points::is_demo.eq(point.is_demo),
            points::lead_unit_id.eq(point.lead_unit_id),
            points::territorial_unit_id.eq(point.territorial_unit_id),
            points::area_code.eq(&point.area_code),
            points::address.eq(&point.address),
            points::active.eq(point.active),
        ))
        .execute(conn)?;
    Ok(())
}
