//! Following up 督办: look-back samples, cards, accountability cases, and the daily dispatch list (ADR 0033).

pub mod black_list;
pub mod cards;
pub mod cases;
pub mod dispatch;
pub(crate) mod give;
pub(crate) mod look;
pub mod samples;

use crate::domain::ids::UserId;
use crate::domain::notice::Message;
use crate::store::{Conn, StoreError, users};

/// Rows that one run of a job takes, so that other transactions do not wait long. Source: as for other upkeep.
const BATCH: usize = 100;

/// The office's pages of this aggregate are out of date.
pub(in crate::app) fn office_changed(what: String) -> Message {
    Message::Changed { what, topics: vec![crate::domain::live::Topic::All] }
}

/// What these people are called; inspectors by their pseudonym.
fn names(
    conn: &mut Conn,
    ids: impl Iterator<Item = UserId>,
) -> Result<std::collections::HashMap<UserId, String>, StoreError> {
    let mut ids: Vec<UserId> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(users::display_names(conn, &ids)?.into_iter().collect())
}
