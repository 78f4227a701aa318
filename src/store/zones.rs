//! Zones where stalls are permitted.

use diesel::prelude::*;

use crate::domain::ids::{UnitId, UserId, ZoneId};
use crate::domain::permitted_zone::{KeptZone, PermittedZone};
use crate::domain::time::Timestamp;
use crate::store::schema::permitted_zones;
use crate::store::{Conn, StoreError};

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = permitted_zones)]
struct ZoneRow {
    id: ZoneId,
    version: i64,
    body: PermittedZone,
    unit_id: UnitId,
    changed_by: UserId,
    changed_at: Timestamp,
}

impl From<ZoneRow> for KeptZone {
    fn from(row: ZoneRow) -> Self {
        let ZoneRow { id, version, body, unit_id: _, changed_by, changed_at } = row;
        KeptZone { id, version, zone: body, changed_by, changed_at }
    }
}

/// All of them, by id; at most [`crate::domain::permitted_zone::ZONES_MAX`].
pub fn all(conn: &mut Conn) -> Result<Vec<KeptZone>, StoreError> {
    let rows: Vec<ZoneRow> =
        permitted_zones::table.order(permitted_zones::id).select(ZoneRow::as_select()).load(conn)?;
    Ok(rows.into_iter().map(KeptZone::from).collect())
}

/// One of them.
pub fn find(conn: &mut Conn, id: ZoneId) -> Result<Option<KeptZone>, StoreError> {
    let row: Option<ZoneRow> = permitted_zones::table.find(id).select(ZoneRow::as_select()).first(conn).optional()?;
    Ok(row.map(KeptZone::from))
}

/// How many there are.
pub fn count(conn: &mut Conn) -> Result<usize, StoreError> {
    let count: i64 = permitted_zones::table.count().get_result(conn)?;
    Ok(usize::try_from(count).unwrap_or(usize::MAX))
}

/// Keeps a zone in place of the one with its id, if there is one. Call it with what is planned with locked.
pub fn put(conn: &mut Conn, kept: &KeptZone) -> Result<(), StoreError> {
    let KeptZone { id, version, zone, changed_by, changed_at } = kept.clone();
    let row = ZoneRow { id, version, unit_id: zone.unit_id, body: zone, changed_by, changed_at };
    if diesel::update(permitted_zones::table.find(id)).set(&row).execute(conn)? == 0 {
        diesel::insert_into(permitted_zones::table).values(&row).execute(conn)?;
    }
    Ok(())
}

/// Removes a zone, if there is one.
pub fn remove(conn: &mut Conn, id: ZoneId) -> Result<(), StoreError> {
    diesel::delete(permitted_zones::table.find(id)).execute(conn)?;
    Ok(())
}
