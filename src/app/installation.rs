//! Ties a database to its photo store. Nodes that share a database must share its photo store: photos that one node
//! acknowledged would be missing on the others.

use super::change;
use super::locks::Lock;
use super::{App, AppError, Result};
use crate::store::settings;

/// Setting with the name chosen for the photo store; the store may not have it yet.
const PHOTO_STORE_NAME_PLANNED: &str = "photo-store-planned";
/// Setting with the name of the photo store, once the store has it too.
const PHOTO_STORE_NAME: &str = "photo-store";

/// Whether database and photo store belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pairing {
    /// They do.
    Matches,
    /// The database's photos are in another place.
    OtherPhotos,
    /// These photos belong to another database.
    OtherDatabase,
}

/// Gives both the same name at their first start together, and compares the names at every later one.
///
/// The name is written to the database as planned first, so that the next start can finish after a crash between the
/// two writes.
///
/// # Errors
/// A store cannot be reached: the node must not serve.
pub async fn pair(app: &App) -> Result<Pairing> {
    let (now, name) = (app.now(), app.random.uuid().to_string());
    change::locked(app, [Lock::Installation], move |conn, _| {
        if settings::find_note(conn, PHOTO_STORE_NAME)?.is_none()
            && settings::find_note(conn, PHOTO_STORE_NAME_PLANNED)?.is_none()
        {
            settings::put_note(conn, PHOTO_STORE_NAME_PLANNED, &name, now)?;
        }
        Ok(())
    })
    .await?;
    let photo_store = app.photo_store.clone();
    change::locked(app, [Lock::Installation], move |conn, _| {
        let there = photo_store.identity()?;
        if let Some(name) = settings::find_note(conn, PHOTO_STORE_NAME)? {
            return Ok(if there.as_ref() == Some(&name) { Pairing::Matches } else { Pairing::OtherPhotos });
        }
        let planned = settings::find_note(conn, PHOTO_STORE_NAME_PLANNED)?;
        let planned = planned.ok_or_else(|| AppError::Internal("no name was planned for the photos".into()))?;
        match there {
            None => photo_store.set_identity(&planned)?,
            Some(there) if there == planned => {}
            Some(_) => return Ok(Pairing::OtherDatabase),
        }
        settings::put_note(conn, PHOTO_STORE_NAME, &planned, now)?;
        Ok(Pairing::Matches)
    })
    .await
}
