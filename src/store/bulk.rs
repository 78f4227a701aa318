//! Loading many rows: their indexes are dropped first and rebuilt afterwards.
//!
//! Each row of a loaded issue would touch a different page in each of a dozen indexes; an index that is built
//! afterwards is sorted once and written sequentially. The definitions of the dropped indexes are kept in a table,
//! written in the same transaction, so that a process that was killed in between rebuilds them at its next start.

use diesel::Connection as _;

use super::{Conn, StoreError, dialect};

/// Drops every index that enforces no constraint, and stores its definition. Answers how many.
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

/// Rebuilds the indexes that were dropped, now or before the process was killed; all or none. Answers how many.
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
