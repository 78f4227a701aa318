//! Numbers that count the changes which the readers of each topic can see.

use diesel::prelude::*;

use crate::domain::live::Topic;
use crate::store::schema::change_counts;
use crate::store::{Conn, StoreError};

/// Counts a change for each of these topics. Call it with the outbox locked, so that transactions do not wait for each
/// other here.
pub fn count(conn: &mut Conn, topics: &[Topic]) -> Result<(), StoreError> {
    for key in topics.iter().map(|topic| topic.key()) {
        let counted = diesel::update(change_counts::table.find(&key))
            .set(change_counts::count.eq(change_counts::count + 1))
            .execute(conn)?;
        if counted == 0 {
            diesel::insert_into(change_counts::table)
                .values((change_counts::topic.eq(&key), change_counts::count.eq(1_i64)))
                .execute(conn)?;
        }
    }
    Ok(())
}

/// The counts of all topics that ever changed, by key.
pub fn all(conn: &mut Conn) -> Result<Vec<(String, i64)>, StoreError> {
    Ok(change_counts::table.order(change_counts::topic).load(conn)?)
}
