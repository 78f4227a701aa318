//! The office's saved views.

use diesel::prelude::*;

use crate::domain::ids::{SavedViewId, UserId};
use crate::domain::saved_view::SavedView;
use crate::domain::time::Timestamp;
use crate::store::schema::saved_views;
use crate::store::{Conn, StoreError};

#[derive(Queryable, Insertable)]
#[diesel(table_name = saved_views)]
struct ViewRow {
    id: SavedViewId,
    name: String,
    query: String,
    saved_by: UserId,
    saved_at: Timestamp,
}

/// All of them, by name.
pub fn list(conn: &mut Conn) -> Result<Vec<SavedView>, StoreError> {
    let rows: Vec<ViewRow> = saved_views::table.order(saved_views::name).load(conn)?;
    Ok(rows
        .into_iter()
        .map(|ViewRow { id, name, query, saved_by, saved_at }| SavedView { id, name, query, saved_by, saved_at })
        .collect())
}

/// Keeps a view in place of the one with its id, if there is one. Call it with the views locked.
pub fn put(conn: &mut Conn, view: &SavedView) -> Result<(), StoreError> {
    let SavedView { id, name, query, saved_by, saved_at } = view.clone();
    diesel::delete(saved_views::table.find(id)).execute(conn)?;
    let row = ViewRow { id, name, query, saved_by, saved_at };
    diesel::insert_into(saved_views::table).values(row).execute(conn)?;
    Ok(())
}

/// Forgets a view, if there is one.
pub fn remove(conn: &mut Conn, id: SavedViewId) -> Result<(), StoreError> {
    diesel::delete(saved_views::table.find(id)).execute(conn)?;
    Ok(())
}
