//! The office's saved views: everybody of the office may use, create and delete them.

use super::locks::Lock;
use super::{App, AppError, Caller, Result, change};
use crate::domain::ids::SavedViewId;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::policy::Permission;
use crate::domain::saved_view::{self, QUERY_CHARS_MAX, SAVED_VIEWS_MAX, SavedView};
use crate::store::saved_views;

/// All of them, by name.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn list(app: &App, caller: &Caller) -> Result<Vec<SavedView>> {
    caller.require(Permission::KeepViews)?;
    Ok(app.store.read(saved_views::list).await?)
}

/// Keeps a view under its id, new or in place of the one that is there; answers whether it was new. The same again
/// changes nothing.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] with a name that another view has, or when there are too many.
pub async fn put(app: &App, caller: &Caller, id: SavedViewId, name: &str, query: String) -> Result<(SavedView, bool)> {
    caller.require(Permission::KeepViews)?;
    let name = saved_view::name(name).map_err(AppError::Invalid)?;
    if query.chars().count() > QUERY_CHARS_MAX {
        let detail = format!("at most {QUERY_CHARS_MAX} characters");
        return Err(Invalid::one("/query", FieldCode::TooLong, detail).into());
    }
    let view = SavedView { id, name, query, saved_by: caller.actor.user_id, saved_at: app.now() };
    change::locked(app, [Lock::SavedViews], move |conn, _| {
        let kept = saved_views::list(conn)?;
        let before = kept.iter().find(|other| other.id == id);
        if let Some(same) = before.filter(|other| other.name == view.name && other.query == view.query) {
            return Ok((same.clone(), false));
        }
        if kept.iter().any(|other| other.id != id && other.name == view.name) {
            return Err(Invalid::one("/name", FieldCode::Duplicate, "another list is called so").into());
        }
        if before.is_none() && kept.len() >= SAVED_VIEWS_MAX {
            let detail = format!("there are {SAVED_VIEWS_MAX} already: remove one");
            return Err(Invalid::one("/name", FieldCode::OutOfRange, detail).into());
        }
        let is_new = before.is_none();
        saved_views::put(conn, &view)?;
        Ok((view, is_new))
    })
    .await
}

/// Forgets a view; one that is not there is forgotten already.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn remove(app: &App, caller: &Caller, id: SavedViewId) -> Result<()> {
    caller.require(Permission::KeepViews)?;
    change::locked(app, [Lock::SavedViews], move |conn, _| Ok(saved_views::remove(conn, id)?)).await
}
