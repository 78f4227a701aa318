//! Marks: the last steps that the rows of a month contain.
//!
//! A step gets its time before its transaction has its locks, so a step with an earlier time may be written after the
//! rows of a month were gathered. Therefore the marks are numbers, which are given in the order of writing, and not
//! times. Whoever writes a step holds a lock that the gathering waits for: all steps up to the marks are there, and
//! none is added later.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::domain::time::Timestamp;
use crate::store::schema::{card_events, issue_events, months};
use crate::store::{Conn, StoreError, dialect};

/// The last steps that a gathering knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Marks {
    /// The cut-off of the month: nothing is written any more that is timed before it.
    pub cutoff_at: Timestamp,
    /// Number of the last step of an issue.
    pub issue_events: i64,
    /// Number of the last step of a card.
    pub card_events: i64,
}

/// Keeps everybody from taking steps until the transaction ends, and answers the last ones. Take no lock after it.
pub fn close(conn: &mut Conn, cutoff_at: Timestamp) -> Result<Marks, StoreError> {
    dialect::gather_alone(conn)?;
    let issues: Option<i64> = issue_events::table.select(diesel::dsl::max(issue_events::seq)).first(conn)?;
    let cards: Option<i64> = card_events::table.select(diesel::dsl::max(card_events::seq)).first(conn)?;
    Ok(Marks { cutoff_at, issue_events: issues.unwrap_or(0), card_events: cards.unwrap_or(0) })
}

/// Lets a step of this time be written, and keeps months from being gathered until it is. Call it before the step gets
/// its number.
///
/// # Errors
/// [`StoreError::Unavailable`] when the time is before the cut-off of a month that has been frozen: it would count in
/// no month. The same step counts in the next one when it is taken again.
pub(in crate::store) fn admit(conn: &mut Conn, at: Timestamp) -> Result<(), StoreError> {
    dialect::keep_gathering_out(conn)?;
    let last: Option<Option<Timestamp>> =
        months::table.order(months::month.desc()).select(months::cutoff_at).first(conn).optional()?;
    match last.flatten() {
        Some(cutoff) if at < cutoff => Err(StoreError::Unavailable(format!("months before {cutoff} are frozen"))),
        Some(_) | None => Ok(()),
    }
}
