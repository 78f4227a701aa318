//! Loading many rows: their indexes go aside first and are built when the rows are there.
//!
//! Each row of a loaded issue would touch a page of its own in each of a dozen indexes; built
//! afterwards, an index is sorted once and written from one end to the other. What was set aside
//! stands in a table, written in the transaction that drops the indexes, so that a program that was
//! killed in between finds it at its next start.

use diesel::Connection as _;

use super::{Conn, StoreError, dialect};

/// Drops every index that holds no rule of its own, and notes how to make it again. How many.
pub fn set_indexes_aside(conn: &mut Conn) -> Result<usize, StoreError> {
    let indexes = dialect::plain_indexes(conn)?;
    let mut sql = format!("CREATE TABLE IF NOT EXISTS {} (definition TEXT NOT NULL);", dialect::SET_ASIDE);
    for index in &indexes {
        let definition = index.definition.replace('\'', "''");
        sql.push_str(&format!(
            "INSERT INTO {} VALUES ('{definition}'); DROP INDEX {};",
            dialect::SET_ASIDE,
            index.name
        ));
    }
    dialect::run(conn, &sql)?;
    Ok(indexes.len())
}

/// Makes the indexes again that were set aside, now or before the program was killed; all or none. How many.
pub fn put_indexes_back(conn: &mut Conn) -> Result<usize, StoreError> {
    conn.transaction(|conn| {
        let definitions = dialect::set_aside(conn)?;
        if definitions.is_empty() {
            return Ok(0);
        }
        dialect::allow_long(conn)?;
        for definition in &definitions {
            dialect::run(conn, definition)?;
        }
        dialect::run(conn, &format!("DROP TABLE {}", dialect::SET_ASIDE))?;
        Ok(definitions.len())
    })
}
