//! The outbox: messages that are written in the transaction that causes them, and gone when they are delivered.

use diesel::prelude::*;

use crate::domain::notice::Message;
use crate::domain::time::Timestamp;
use crate::store::schema::outbox;
use crate::store::{Conn, StoreError};

/// A message that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxMessage {
    /// Its number; those about one aggregate are delivered in this order.
    pub seq: i64,
    /// What it is about.
    pub aggregate: String,
    /// What it says, if that can be read: a message of a later version may not.
    pub message: Result<Message, String>,
    /// Tries that failed.
    pub attempts: i32,
}

/// Writes messages down, in the transaction of what they tell of.
pub fn post(conn: &mut Conn, messages: &[Message], now: Timestamp) -> Result<(), StoreError> {
    for message in messages {
        let body = serde_json::to_string(message).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        diesel::insert_into(outbox::table)
            .values((
                outbox::aggregate.eq(message.aggregate()),
                outbox::body.eq(body),
                outbox::created_at.eq(now),
                outbox::attempts.eq(0),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Whether any message waits, were it one to be tried again later.
pub fn is_waiting(conn: &mut Conn) -> Result<bool, StoreError> {
    let first: Option<i64> = outbox::table.select(outbox::seq).first(conn).optional()?;
    Ok(first.is_some())
}

/// The first messages that may be delivered now: none that failed and is to be tried later, and none behind such a
/// one about the same aggregate. A retry later than `latest` was set before the clock was set back, and is due.
pub fn next(conn: &mut Conn, now: Timestamp, latest: Timestamp, limit: i64) -> Result<Vec<OutboxMessage>, StoreError> {
    let failed = diesel::alias!(outbox as failed);
    let held = failed
        .filter(failed.field(outbox::retry_at).gt(now).and(failed.field(outbox::retry_at).le(latest)))
        .select(failed.field(outbox::aggregate));
    let rows: Vec<(i64, String, String, i32)> = outbox::table
        .filter(outbox::aggregate.ne_all(held))
        .order(outbox::seq)
        .limit(limit)
        .select((outbox::seq, outbox::aggregate, outbox::body, outbox::attempts))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(seq, aggregate, body, attempts)| OutboxMessage {
            seq,
            aggregate,
            message: serde_json::from_str(&body).map_err(|error| error.to_string()),
            attempts,
        })
        .collect())
}

/// Forgets a message that is delivered; `false` when it had gone.
pub fn delivered(conn: &mut Conn, seq: i64) -> Result<bool, StoreError> {
    Ok(diesel::delete(outbox::table.find(seq)).execute(conn)? > 0)
}

/// Notes that a message could not be delivered and is to be tried again at `retry_at`.
pub fn failed(conn: &mut Conn, seq: i64, retry_at: Timestamp, error: &str) -> Result<(), StoreError> {
    diesel::update(outbox::table.find(seq))
        .set((outbox::attempts.eq(outbox::attempts + 1), outbox::retry_at.eq(retry_at), outbox::last_error.eq(error)))
        .execute(conn)?;
    Ok(())
}

/// How many messages wait, at most `at_most`, and since when the first of them.
pub fn figures(conn: &mut Conn, at_most: i64) -> Result<(i64, Option<Timestamp>), StoreError> {
    let since: Vec<Timestamp> =
        outbox::table.order(outbox::seq).limit(at_most).select(outbox::created_at).load(conn)?;
    Ok((i64::try_from(since.len()).unwrap_or(at_most), since.first().copied()))
}
