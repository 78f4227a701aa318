//! The outbox: messages are written in the transaction that causes them, and deleted when they are delivered.

use diesel::prelude::*;

use crate::domain::notice::Message;
use crate::domain::time::Timestamp;
use crate::store::dialect::insert_all;
use crate::store::schema::outbox;
use crate::store::{Conn, StoreError};

/// A waiting message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxMessage {
    /// Its number; those about one aggregate are delivered in this order.
    pub seq: i64,
    /// What it is about.
    pub aggregate: String,
    /// The message; `Err` when it cannot be parsed, for example because a later version wrote it.
    pub message: Result<Message, String>,
    /// Failed attempts.
    pub attempts: i32,
}

/// Adds messages, in the transaction that causes them.
pub fn post(conn: &mut Conn, messages: &[Message], now: Timestamp) -> Result<(), StoreError> {
    let row = |message: &Message| {
        let body = serde_json::to_string(message).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        Ok((
            outbox::aggregate.eq(message.aggregate()),
            outbox::body.eq(body),
            outbox::created_at.eq(now),
            outbox::attempts.eq(0),
        ))
    };
    let rows = messages.iter().map(row).collect::<Result<Vec<_>, StoreError>>()?;
    insert_all!(conn, outbox::table, rows);
    Ok(())
}

/// Whether any message waits, including those to be retried later.
pub fn is_waiting(conn: &mut Conn) -> Result<bool, StoreError> {
    let first: Option<i64> = outbox::table.select(outbox::seq).first(conn).optional()?;
    Ok(first.is_some())
}

/// The first messages that may be delivered now: without those to be retried later, and without those behind such a
/// message about the same aggregate. A retry time after `latest` is from before the clock was set back, so that message
/// is due.
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

/// Deletes a delivered message; `false` when it was gone already.
pub fn delivered(conn: &mut Conn, seq: i64) -> Result<bool, StoreError> {
    Ok(diesel::delete(outbox::table.find(seq)).execute(conn)? > 0)
}

/// Records that a message could not be delivered and is to be retried at `retry_at`.
pub fn failed(conn: &mut Conn, seq: i64, retry_at: Timestamp, error: &str) -> Result<(), StoreError> {
    diesel::update(outbox::table.find(seq))
        .set((outbox::attempts.eq(outbox::attempts + 1), outbox::retry_at.eq(retry_at), outbox::last_error.eq(error)))
        .execute(conn)?;
    Ok(())
}

/// How many messages wait, at most `at_most`, and since when the first one.
pub fn figures(conn: &mut Conn, at_most: i64) -> Result<(i64, Option<Timestamp>), StoreError> {
    let since: Vec<Timestamp> =
        outbox::table.order(outbox::seq).limit(at_most).select(outbox::created_at).load(conn)?;
    Ok((i64::try_from(since.len()).unwrap_or(at_most), since.first().copied()))
}
