//! Texts in the form that a search compares, as a function of the database.

use diesel::SqliteConnection;
use diesel::sql_types::Text;

use super::StoreError;
use crate::domain::search;

diesel::define_sql_function! {
    /// [`search::fold`]. PostgreSQL has it from the migrations, SQLite from [`register`].
    fn search_form(text: Text) -> Text;
}

/// Gives a SQLite connection the function.
pub(super) fn register(conn: &mut SqliteConnection) -> Result<(), StoreError> {
    Ok(search_form_utils::register_impl(conn, |text: String| search::fold(&text))?)
}
