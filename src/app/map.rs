//! The background of the map: everybody sees it, the office sets it.

use std::io::Cursor;

use super::change::{self, By, Change, Decision};
use super::locks::{Lock, Locks};
use super::{App, AppError, Caller, Result, blocking};
use crate::admission::Place;
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::digest::Digest;
use crate::domain::ids::UserId;
use crate::domain::map::{MAP_PIXELS_MAX, MAP_SIDE_MAX_PX, MapImage, Placement};
use crate::domain::policy::Permission;
use crate::domain::time::Timestamp;
use crate::media::{self, Inspection, MediaKind, Rejection};
use crate::store::{Conn, map};

/// Target in audit records.
const TARGET: &str = "map:image";

/// The county's picture, if there is one.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn image(app: &App, caller: &Caller) -> Result<Option<MapImage>> {
    caller.require(Permission::ReadReference)?;
    Ok(app.store.read(map::find).await?)
}

/// The picture with its bytes.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when there is none.
pub async fn bytes(app: &App, caller: &Caller) -> Result<(MapImage, Vec<u8>)> {
    caller.require(Permission::ReadReference)?;
    app.store.read(|conn| -> Result<_> { map::find(conn)?.zip(map::bytes(conn)?).ok_or(AppError::NotFound) }).await
}

/// Lets a picture in that is held in memory; it takes a place until it is dropped.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::StorageFull`], [`AppError::Busy`] when there is no place, or none for this
/// person.
pub async fn admit(app: &App, caller: &Caller) -> Result<Place> {
    app.place_for_file(caller, Permission::ManageReference).await
}

/// Replaces the picture by one that was let in.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] naming what is wrong with its placement, [`AppError::PhotoRejected`]
/// when it is not a picture that browsers show or has too many pixels.
pub async fn put(
    app: &App,
    caller: &Caller,
    placement: Placement,
    (place, bytes): (Place, Vec<u8>),
) -> Result<MapImage> {
    caller.require(Permission::ManageReference)?;
    placement.corners.validate("/corners").map_err(AppError::Invalid)?;
    // The place goes with the bytes: a client that disconnects does not free it while they are still looked at.
    let (_place, bytes, sha256, media_type, size) = blocking(move || {
        let (media_type, size) = inspected(&bytes)?;
        let sha256 = Digest::of(&bytes);
        Ok((place, bytes, sha256, media_type, size))
    })
    .await?;
    let (changed_at, changed_by) = (app.now(), caller.actor.user_id);
    let image = MapImage { sha256, media_type: media_type.to_owned(), size, placement, changed_at, changed_by };
    let put = ChangeMap { by: By::from(caller), now: changed_at, what: What::Put(image, bytes) };
    change::make(app, put).await?.ok_or_else(|| AppError::Internal("no picture was put".into()))
}

/// Moves the picture.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::NotFound`] when there is none.
pub async fn place(app: &App, caller: &Caller, placement: Placement) -> Result<MapImage> {
    caller.require(Permission::ManageReference)?;
    placement.corners.validate("/corners").map_err(AppError::Invalid)?;
    let moved = ChangeMap { by: By::from(caller), now: app.now(), what: What::Place(placement, caller.actor.user_id) };
    change::make(app, moved).await?.ok_or(AppError::NotFound)
}

/// Removes the picture.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when there is none.
pub async fn remove(app: &App, caller: &Caller) -> Result<()> {
    caller.require(Permission::ManageReference)?;
    let removed = ChangeMap { by: By::from(caller), now: app.now(), what: What::Remove };
    change::make(app, removed).await.map(|_| ())
}

/// A change of the picture under the map.
struct ChangeMap {
    by: By,
    now: Timestamp,
    what: What,
}

enum What {
    Put(MapImage, Vec<u8>),
    Place(Placement, UserId),
    Remove,
}

impl Change for ChangeMap {
    /// The picture before.
    type Before = Option<MapImage>;
    /// The picture after.
    type Made = Option<MapImage>;
    type Answer = Option<MapImage>;

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManageReference)?;
        match &self.what {
            What::Put(MapImage { placement, .. }, _) | What::Place(placement, _) => {
                Ok(placement.corners.validate("/corners")?)
            }
            What::Remove => Ok(()),
        }
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::MapImage]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        Ok(map::find(conn)?)
    }

    fn authorise(&self, _: &mut Conn, before: &Self::Before) -> Result<()> {
        match (&self.what, before) {
            (What::Place(..) | What::Remove, None) => Err(AppError::NotFound),
            (What::Put(..), _) | (What::Place(..) | What::Remove, Some(_)) => Ok(()),
        }
    }

    fn decide(&self, _: &mut Conn, before: Self::Before) -> Result<Decision<Self::Made, Self::Answer>> {
        let (made, detail) = match &self.what {
            What::Put(image, _) => (Some(image.clone()), image.sha256.to_string()),
            What::Place(placement, changed_by) => (
                before.map(|before| MapImage {
                    placement: *placement,
                    changed_at: self.now,
                    changed_by: *changed_by,
                    ..before
                }),
                format!("{} {:?}", placement.crs, placement.corners.0),
            ),
            What::Remove => (None, "removed".to_owned()),
        };
        let record = self.by.done(self.now, AuditAction::MapChanged, TARGET.to_owned()).ended(Outcome::Done, detail);
        Ok(Decision::Made { made, records: vec![record], messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &Self::Made) -> Result<()> {
        match (&self.what, made) {
            (What::Put(_, bytes), Some(image)) => map::put(conn, image, bytes)?,
            (What::Place(..), Some(image)) => map::place(conn, image)?,
            (What::Put(..) | What::Place(..) | What::Remove, _) => {
                map::remove(conn)?;
            }
        }
        Ok(())
    }

    fn answer(&self, _: &mut Conn, made: Self::Made) -> Result<Self::Answer> {
        Ok(made)
    }
}

/// The media type of the picture and its upright size, if browsers can show it.
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
