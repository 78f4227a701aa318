//! The folded form of search texts, as a function in the database.

use diesel::SqliteConnection;
use diesel::sql_types::Text;

use super::StoreError;
use crate::domain::search;

diesel::define_sql_function! {
    /// [`search::fold`]. PostgreSQL gets it from the migrations, SQLite from [`register`].
    fn search_form(text: Text) -> Text;
}

/// Registers the function on a SQLite connection.
pub(super) fn register(conn: &mut SqliteConnection) -> Result<(), StoreError> {
    Ok(search_form_utils::register_impl(conn, |text: String| search::fold(&text))?)
}
