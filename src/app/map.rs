//! The ground under the map: read by all, put in place by the office.

use std::io::Cursor;

use super::locks::{self, Lock};
use super::{App, AppError, Caller, Result, blocking};
use crate::domain::audit::{AuditAction, AuditEntry};
use crate::domain::digest::Digest;
use crate::domain::map::{MAP_PIXELS_MAX, MAP_SIDE_MAX_PX, MapImage, Placement};
use crate::domain::policy::Permission;
use crate::media::{self, Inspection, MediaKind, Rejection};
use crate::store::{audit, map};

/// What audit records call it.
const TARGET: &str = "map:image";

/// The county's picture, if there is one.
///
/// # Errors
/// [`AppError::Forbidden`], or the store's.
pub async fn image(app: &App, caller: &Caller) -> Result<Option<MapImage>> {
    caller.require(Permission::ReadReference)?;
    Ok(app.store.read(map::find).await?)
}

/// The picture with its bytes.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when there is none, or the store's.
pub async fn bytes(app: &App, caller: &Caller) -> Result<(MapImage, Vec<u8>)> {
    caller.require(Permission::ReadReference)?;
    app.store.read(|conn| -> Result<_> { map::find(conn)?.zip(map::bytes(conn)?).ok_or(AppError::NotFound) }).await
}

/// Puts a picture in place of what was there.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] naming what is wrong with its place, [`AppError::PhotoRejected`]
/// when it is no picture that browsers show or has too many pixels, or the store's.
pub async fn put(app: &App, caller: &Caller, placement: Placement, bytes: Vec<u8>) -> Result<MapImage> {
    caller.require(Permission::ManageReference)?;
    placement.corners.validate("/corners").map_err(AppError::Invalid)?;
    app.check_room()?;
    let (bytes, sha256, media_type, size) = blocking(move || {
        let (media_type, size) = inspected(&bytes)?;
        let sha256 = Digest::of(&bytes);
        Ok((bytes, sha256, media_type, size))
    })
    .await?;
    let (changed_at, changed_by) = (app.now(), caller.actor.user_id);
    let image = MapImage { sha256, media_type: media_type.to_owned(), size, placement, changed_at, changed_by };
    let (put, entry) = (image.clone(), entry(app, caller, format!("{sha256}")));
    app.store
        .write(move |conn| -> Result<()> {
            locks::take(conn, [Lock::MapImage])?;
            map::put(conn, &put, &bytes)?;
            Ok(audit::append(conn, &entry)?)
        })
        .await?;
    Ok(image)
}

/// Moves the picture that is there.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::NotFound`] when there is none, or the store's.
pub async fn place(app: &App, caller: &Caller, placement: Placement) -> Result<MapImage> {
    caller.require(Permission::ManageReference)?;
    placement.corners.validate("/corners").map_err(AppError::Invalid)?;
    let (changed_at, changed_by) = (app.now(), caller.actor.user_id);
    let entry = entry(app, caller, format!("{} {:?}", placement.crs, placement.corners.0));
    app.store
        .write(move |conn| -> Result<MapImage> {
            locks::take(conn, [Lock::MapImage])?;
            let before = map::find(conn)?.ok_or(AppError::NotFound)?;
            let after = MapImage { placement, changed_at, changed_by, ..before };
            map::place(conn, &after)?;
            audit::append(conn, &entry)?;
            Ok(after)
        })
        .await
}

/// Takes the picture away.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when there is none, or the store's.
pub async fn remove(app: &App, caller: &Caller) -> Result<()> {
    caller.require(Permission::ManageReference)?;
    let entry = entry(app, caller, "removed".to_owned());
    app.store
        .write(move |conn| -> Result<()> {
            locks::take(conn, [Lock::MapImage])?;
            if !map::remove(conn)? {
                return Err(AppError::NotFound);
            }
            Ok(audit::append(conn, &entry)?)
        })
        .await
}

fn entry(app: &App, caller: &Caller, detail: String) -> AuditEntry {
    let action = AuditAction::MapChanged;
    let entry = AuditEntry::done(app.now(), Some(&caller.actor), action, TARGET.to_owned(), &caller.request_id);
    AuditEntry { detail, ..entry }
}

/// What kind of picture it is and its size as seen upright, if browsers can show it.
fn inspected(bytes: &[u8]) -> Result<(&'static str, (i32, i32))> {
    let Inspection { kind, width, height, .. } = media::inspect(&mut Cursor::new(bytes), bytes.len() as u64)?;
    let (Some(width), Some(height), true) = (width, height, kind != MediaKind::Heic) else {
        return Err(Rejection::Unsupported.into());
    };
    if width.max(height) > MAP_SIDE_MAX_PX || u64::from(width) * u64::from(height) > MAP_PIXELS_MAX {
        return Err(Rejection::TooLarge { width, height }.into());
    }
    let side = |pixels| i32::try_from(pixels).unwrap_or(i32::MAX);
    Ok((kind.media_type(), (side(width), side(height))))
}
