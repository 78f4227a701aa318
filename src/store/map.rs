//! The picture under the map: at most one.

use diesel::prelude::*;

use crate::domain::digest::Digest;
use crate::domain::ids::UserId;
use crate::domain::map::{Corners, Crs, MapImage, Placement};
use crate::domain::time::Timestamp;
use crate::store::schema::map_images;
use crate::store::{Conn, StoreError};

/// The only row's key.
const SLOT: i32 = 1;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = map_images)]
struct MapImageRow {
    sha256: Digest,
    media_type: String,
    width: i32,
    height: i32,
    corners: String,
    crs: Crs,
    changed_at: Timestamp,
    changed_by: UserId,
}

impl MapImageRow {
    fn read(self) -> Result<MapImage, StoreError> {
        let corners: Corners = serde_json::from_str(&self.corners)
            .map_err(|error| StoreError::Corrupt(format!("map_images.corners: {error}")))?;
        Ok(MapImage {
            sha256: self.sha256,
            media_type: self.media_type,
            size: (self.width, self.height),
            placement: Placement { corners, crs: self.crs },
            changed_at: self.changed_at,
            changed_by: self.changed_by,
        })
    }
}

fn written(corners: &Corners) -> String {
    // They were checked to be finite.
    serde_json::to_string(corners).unwrap_or_default()
}

/// The picture, without its bytes.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn find(conn: &mut Conn) -> Result<Option<MapImage>, StoreError> {
    let row: Option<MapImageRow> = map_images::table.select(MapImageRow::as_select()).first(conn).optional()?;
    row.map(MapImageRow::read).transpose()
}

/// The picture's bytes.
pub fn bytes(conn: &mut Conn) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(map_images::table.select(map_images::bytes).first(conn).optional()?)
}

/// Stores a picture, replacing the one before.
pub fn put(conn: &mut Conn, image: &MapImage, bytes: &[u8]) -> Result<(), StoreError> {
    remove(conn)?;
    let row = MapImageRow {
        sha256: image.sha256,
        media_type: image.media_type.clone(),
        width: image.size.0,
        height: image.size.1,
        corners: written(&image.placement.corners),
        crs: image.placement.crs,
        changed_at: image.changed_at,
        changed_by: image.changed_by,
    };
    diesel::insert_into(map_images::table)
        .values((map_images::slot.eq(SLOT), map_images::bytes.eq(bytes), row))
        .execute(conn)?;
    Ok(())
}

/// Moves the picture.
///
/// # Errors
/// [`StoreError::Stale`] when there is none.
pub fn place(conn: &mut Conn, image: &MapImage) -> Result<(), StoreError> {
    let changed = diesel::update(map_images::table)
        .set((
            map_images::corners.eq(written(&image.placement.corners)),
            map_images::crs.eq(image.placement.crs),
            map_images::changed_at.eq(image.changed_at),
            map_images::changed_by.eq(image.changed_by),
        ))
        .execute(conn)?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// Removes the picture; answers whether there was one.
pub fn remove(conn: &mut Conn) -> Result<bool, StoreError> {
    Ok(diesel::delete(map_images::table).execute(conn)? > 0)
}
