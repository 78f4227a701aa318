//! Cards. Each row is the result of the card's events.

use std::collections::HashSet;

use diesel::prelude::*;
use serde_json::{Map, Value};

use crate::domain::card::{Card, CardAction, CardEvent, CardState, CardTransition};
use crate::domain::ids::{CardId, IssueId, UnitId, UserId};
use crate::domain::month::Row;
use crate::domain::month::escalation::{Measure, Trigger};
use crate::domain::month::facts::{DeductionHead, DeductionRow};
use crate::domain::time::Timestamp;
use crate::store::dialect::each_some;
use crate::store::months::{self, Gathering};
use crate::store::schema::{card_events, cards};
use crate::store::{Conn, StoreError};

fn corrupt(error: serde_json::Error) -> StoreError {
    StoreError::Corrupt(error.to_string())
}

fn read_all(bodies: Vec<String>) -> Result<Vec<Card>, StoreError> {
    bodies.iter().map(|body| serde_json::from_str(body).map_err(corrupt)).collect()
}

/// One card.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn find(conn: &mut Conn, id: CardId) -> Result<Option<Card>, StoreError> {
    let body: Option<String> = cards::table.find(id).select(cards::body).first(conn).optional()?;
    Ok(read_all(body.into_iter().collect())?.pop())
}

/// Whether a card was ever proposed under this key.
pub fn is_known(conn: &mut Conn, key: &str) -> Result<bool, StoreError> {
    Ok(diesel::select(diesel::dsl::exists(cards::table.filter(cards::key.eq(key)))).get_result(conn)?)
}

/// All cards of an issue, in any state.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn of_issue(conn: &mut Conn, issue: IssueId) -> Result<Vec<Card>, StoreError> {
    let found = cards::table.filter(cards::issue_id.eq(issue)).order((cards::proposed_at, cards::id));
    read_all(found.select(cards::body).load(conn)?)
}

/// The cards of a unit that were issued from `from` on and before `until`, the first first.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn issued_to(conn: &mut Conn, unit: UnitId, from: Timestamp, until: Timestamp) -> Result<Vec<Card>, StoreError> {
    let found = cards::table
        .filter(cards::unit_id.eq(unit))
        .filter(cards::issued_at.ge(from))
        .filter(cards::issued_at.lt(until))
        .order((cards::issued_at, cards::id));
    read_all(found.select(cards::body).load(conn)?)
}

/// The cards of a unit that were proposed from `from` on, in any state, the earliest first. By the index on units: a
/// unit has some thousands over the years.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn proposed_to(conn: &mut Conn, unit: UnitId, from: Timestamp) -> Result<Vec<Card>, StoreError> {
    let found = cards::table.filter(cards::unit_id.eq(unit)).filter(cards::proposed_at.ge(from));
    read_all(found.order((cards::proposed_at, cards::id)).select(cards::body).load(conn)?)
}

/// Which cards a list shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardList {
    /// All, or those in one state, the latest proposal first.
    Proposals(Option<CardState>),
    /// Those that were issued, to one unit or to all, the latest first.
    Issued(Option<UnitId>),
}

/// The cards of a list after the card `after`.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no card to continue after, [`StoreError::Corrupt`].
pub fn list(conn: &mut Conn, which: CardList, after: Option<CardId>, limit: i64) -> Result<Vec<Card>, StoreError> {
    let times: Option<(Timestamp, Option<Timestamp>)> = match after {
        None => None,
        Some(id) => {
            let row = cards::table.find(id).select((cards::proposed_at, cards::issued_at)).first(conn).optional()?;
            Some(row.ok_or(StoreError::NotFound)?)
        }
    };
    let last = after.zip(times);
    let mut query = cards::table.select(cards::body).limit(limit).into_boxed();
    match which {
        CardList::Proposals(state) => {
            if let Some(state) = state {
                query = query.filter(cards::state.eq(state));
            }
            if let Some((id, (at, _))) = last {
                let earlier = cards::proposed_at.lt(at);
                query = query.filter(earlier.or(cards::proposed_at.eq(at).and(cards::id.lt(id))));
            }
            query = query.order((cards::proposed_at.desc(), cards::id.desc()));
        }
        CardList::Issued(unit) => {
            query = query.filter(cards::issued_at.is_not_null());
            if let Some(unit) = unit {
                query = query.filter(cards::unit_id.eq(unit));
            }
            if let Some((id, (_, at))) = last {
                let at = at.ok_or(StoreError::NotFound)?;
                let earlier = cards::issued_at.lt(at);
                query = query.filter(earlier.or(cards::issued_at.eq(at).and(cards::id.lt(id))));
            }
            query = query.order((cards::issued_at.desc(), cards::id.desc()));
        }
    }
    read_all(query.load(conn)?)
}

/// Writes a decided step: the row together with its event.
///
/// # Errors
/// [`StoreError::Stale`] when the stored version is not the one it was decided on, [`StoreError::Conflict`] when a card
/// was proposed under this key before.
pub fn apply(conn: &mut Conn, step: &CardTransition) -> Result<(), StoreError> {
    let (card, event) = (step.after(), step.event());
    months::admit(conn, event.at)?;
    let body = serde_json::to_string(card).map_err(corrupt)?;
    let issued_at = card.issued.as_ref().map(|vote| vote.at);
    match step.expected_version() {
        None => {
            diesel::insert_into(cards::table)
                .values((
                    cards::id.eq(card.id),
                    cards::key.eq(&card.proposal.key),
                    cards::version.eq(card.version),
                    cards::state.eq(card.state),
                    cards::measure.eq(card.measure()),
                    cards::unit_id.eq(card.unit_id()),
                    cards::issue_id.eq(card.issue_id),
                    cards::proposed_at.eq(card.proposed_at),
                    cards::issued_at.eq(issued_at),
                    cards::body.eq(body),
                ))
                .execute(conn)?;
        }
        Some(version) => {
            let row = cards::table.filter(cards::id.eq(card.id)).filter(cards::version.eq(version));
            let changed = diesel::update(row)
                .set((
                    cards::version.eq(card.version),
                    cards::state.eq(card.state),
                    cards::issued_at.eq(issued_at),
                    cards::body.eq(body),
                ))
                .execute(conn)?;
            if changed != 1 {
                return Err(StoreError::Stale);
            }
        }
    }
    diesel::insert_into(card_events::table)
        .values((
            card_events::card_id.eq(event.card_id),
            card_events::version.eq(event.version),
            card_events::at.eq(event.at),
            card_events::actor_id.eq(event.actor_id),
            card_events::action.eq(event.action),
            card_events::from_state.eq(event.from),
            card_events::to_state.eq(event.to),
            card_events::reason.eq(&event.reason),
            card_events::changes.eq(serde_json::to_string(&event.changes).map_err(corrupt)?),
        ))
        .execute(conn)?;
    Ok(())
}

type EventRow = (i64, Timestamp, Option<UserId>, CardAction, Option<CardState>, CardState, Option<String>, String);

/// The events of a card, oldest first.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn events(conn: &mut Conn, id: CardId) -> Result<Vec<CardEvent>, StoreError> {
    let rows: Vec<EventRow> = card_events::table
        .filter(card_events::card_id.eq(id))
        .order(card_events::version)
        .select((
            card_events::version,
            card_events::at,
            card_events::actor_id,
            card_events::action,
            card_events::from_state,
            card_events::to_state,
            card_events::reason,
            card_events::changes,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(version, at, actor_id, action, from, to, reason, changes)| {
            let changes: Map<String, Value> = serde_json::from_str(&changes).map_err(corrupt)?;
            Ok(CardEvent { card_id: id, version, at, actor_id, action, from, to, reason, changes })
        })
        .collect()
}

/// The yellow and red cards that were issued from `from` on and before `until`, and that stood as far as `gathering`
/// knows, as a month's score counts them: for [`crate::domain::month::Facts::deductions`]. Each with the issue whose fault
/// it is for, if the unit would not be charged had it found that itself (M03): not for what it did about it afterwards.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn deductions(
    conn: &mut Conn,
    from: Timestamp,
    until: Timestamp,
    gathering: Gathering,
) -> Result<Vec<(DeductionRow, Option<IssueId>)>, StoreError> {
    let bodies: Vec<String> = cards::table
        .filter(cards::issued_at.ge(from))
        .filter(cards::issued_at.lt(until))
        .order((cards::issued_at, cards::id))
        .select(cards::body)
        .load(conn)?;
    let issued = read_all(bodies)?;
    let ids: Vec<CardId> = issued.iter().filter(|card| card.withdrawn.is_some()).map(|card| card.id).collect();
    let withdrawn: Vec<(CardId, Timestamp, i64)> = each_some(&ids, |some| {
        Ok(card_events::table
            .filter(card_events::card_id.eq_any(some))
            .filter(card_events::action.eq(CardAction::Withdraw))
            .select((card_events::card_id, card_events::at, card_events::seq))
            .load(conn)?)
    })?;
    let known = withdrawn.into_iter().filter(|(_, at, seq)| gathering.knows_of_card(*at, *seq));
    let withdrawn: HashSet<CardId> = known.map(|(card, ..)| card).collect();
    let rows = |card: Card| {
        if withdrawn.contains(&card.id) {
            return None;
        }
        let head = match card.measure() {
            Measure::Yellow => DeductionHead::YellowCard,
            Measure::Red => DeductionHead::RedCard,
            Measure::Talk | Measure::Referral => return None,
        };
        let of_fault = match card.proposal.trigger {
            Trigger::SignIn | Trigger::Overdue | Trigger::OverdueLong | Trigger::Rebound => card.issue_id,
            Trigger::Rework
            | Trigger::ReworkOften
            | Trigger::Milestone
            | Trigger::FalseEvidence
            | Trigger::TwoYellow
            | Trigger::RedCards
            | Trigger::BlackList
            | Trigger::Fraud
            | Trigger::Leak
            | Trigger::Retaliation => None,
        };
        // False evidence is charged under its own head, which is the heaviest; its red card stays one.
        let is_false = card.proposal.trigger == Trigger::FalseEvidence && card.measure() == Measure::Red;
        let heads = [Some(head), is_false.then_some(DeductionHead::FalseEvidence)];
        let row = move |head| DeductionRow {
            unit_id: card.unit_id(),
            head,
            row: Row::Card(card.id),
            events: card.proposal.events.clone(),
            is_self_found: false,
        };
        Some(heads.into_iter().flatten().map(move |head| (row(head), of_fault)).collect::<Vec<_>>())
    };
    Ok(issued.into_iter().filter_map(rows).flatten().collect())
}
