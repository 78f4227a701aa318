//! Talks and referrals for months running on the black list 连续黑榜: the lock of a month calls this.

use std::collections::{BTreeMap, BTreeSet};

use super::look;
use crate::app::ambient::Random;
use crate::app::{Result, month_rules};
use crate::domain::card::{Card, CardTransition};
use crate::domain::ids::{CardId, UnitId};
use crate::domain::month::escalation::{UnitMonth, black_months, proposed_for_unit};
use crate::domain::month::{Listed, Month};
use crate::domain::notice::Message;
use crate::domain::time::Timestamp;
use crate::store::{Conn, cards, reference};

/// What a unit's black lists up to the month `last` lead to: `locked` says how it was listed in each locked month, that
/// one included. Nothing is proposed twice. The caller holds the lock of the unit's cards, and applies the steps in the
/// transaction that locks the month.
///
/// # Errors
/// [`crate::app::AppError::Internal`] and [`crate::app::AppError::Unavailable`], from the store.
pub fn propose_black_list(
    conn: &mut Conn,
    random: &dyn Random,
    unit_id: UnitId,
    last: Month,
    locked: &BTreeMap<Month, Listed>,
    now: Timestamp,
) -> Result<Vec<CardTransition>> {
    let unit = UnitMonth {
        unit_id,
        name: reference::find_unit(conn, unit_id)?.map(|unit| unit.name).unwrap_or_default(),
        month: last,
        // Red cards are looked at when one is issued.
        red_cards: Vec::new(),
        black_months: black_months(locked, last),
        incidents: Vec::new(),
    };
    let mut steps = Vec::new();
    let rules = month_rules::current(conn)?.escalation;
    for proposal in proposed_for_unit(&unit, &rules, &BTreeSet::new(), &BTreeSet::new()) {
        if !cards::is_known(conn, &proposal.key)? {
            steps.push(Card::propose(CardId(random.uuid()), proposal, None, now));
        }
    }
    Ok(steps)
}

/// The messages about the steps.
#[must_use]
pub fn messages(steps: &[CardTransition]) -> Vec<Message> {
    look::messages(steps)
}
