//! Which photos belong to which database. Nodes that share a database share its photos, or half of
//! what each node acknowledged is not found by the others.

use super::change;
use super::locks::Lock;
use super::{App, AppError, Result};
use crate::store::settings;

/// What the database calls its photo store, and whether the store has been told.
const PLANNED: &str = "photo-store-planned";
const TIED: &str = "photo-store";

/// What database and photo store say of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tie {
    /// They belong together.
    Holds,
    /// The database's photos are in another place.
    OtherPhotos,
    /// These photos belong to another database.
    OtherDatabase,
}

/// Ties the database to the photo store at their first start together, and says at every later one
/// whether they are the same two.
///
/// The name is planned in the database first, so that a node that dies between the two writes leaves
/// something the next can end.
///
/// # Errors
/// The stores'.
pub async fn tie(app: &App) -> Result<Tie> {
    let (now, name) = (app.now(), app.random.uuid().to_string());
    change::locked(app, [Lock::Installation], move |conn, _| {
        if settings::find_note(conn, TIED)?.is_none() && settings::find_note(conn, PLANNED)?.is_none() {
            settings::put_note(conn, PLANNED, &name, now)?;
        }
        Ok(())
    })
    .await?;
    let photo_store = app.photo_store.clone();
    change::locked(app, [Lock::Installation], move |conn, _| {
        let there = photo_store.identity()?;
        if let Some(tied) = settings::find_note(conn, TIED)? {
            return Ok(if there.as_ref() == Some(&tied) { Tie::Holds } else { Tie::OtherPhotos });
        }
        let planned = settings::find_note(conn, PLANNED)?;
        let planned = planned.ok_or_else(|| AppError::Internal("no name was planned for the photos".into()))?;
        match there {
            None => photo_store.set_identity(&planned)?,
            Some(there) if there == planned => {}
            Some(_) => return Ok(Tie::OtherDatabase),
        }
        settings::put_note(conn, TIED, &planned, now)?;
        Ok(Tie::Holds)
    })
    .await
}
