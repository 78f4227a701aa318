//! Months 月评: their records, rules and snapshots, and what is stored beside them.

pub mod facts;
mod kept;
mod marks;
mod self_found;
mod visits;

pub use kept::{
    Adjustment, Commendation, EndOfYear, adjustments, commendations, entries, entry, find_adjustment,
    find_commendation, find_year_adjustment, insert_adjustment, insert_commendation, insert_entry,
    insert_year_adjustment, update_entry, year_adjustments,
};

pub(in crate::store) use marks::admit;
pub use marks::{Marks, close};

use diesel::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::domain::digest::Digest;
use crate::domain::ids::{UnitId, UserId};
use crate::domain::month::cycle::MonthTransition;
use crate::domain::month::{Month, MonthAction, MonthRecord, Rules};
use crate::domain::time::Timestamp;
use crate::store::dialect::insert_all;
use crate::store::schema::{month_events, month_pieces, month_rules, months, unit_groups};
use crate::store::{Conn, StoreError};

/// Bytes of one row of a snapshot, so that no row is too long for a backup's line. Source: our choice.
const PIECE_BYTES: usize = 1024 * 1024;

fn json(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::Corrupt(error.to_string()))
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// A version of the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptRules {
    /// The rules, with their version.
    pub rules: Rules,
    /// The document that they follow.
    pub source: String,
    /// Who made them.
    pub made_by: UserId,
    /// When.
    pub made_at: Timestamp,
}

/// The versions that the county made, the newest first; version 1 is the program's own.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn rules(conn: &mut Conn) -> Result<Vec<KeptRules>, StoreError> {
    let rows: Vec<(i64, String, String, UserId, Timestamp)> =
        month_rules::table.order(month_rules::version.desc()).load(conn)?;
    rows.into_iter()
        .map(|(_, body, source, made_by, made_at)| Ok(KeptRules { rules: read(&body)?, source, made_by, made_at }))
        .collect()
}

/// The newest version, if the county made one.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn newest_rules(conn: &mut Conn) -> Result<Option<Rules>, StoreError> {
    let body: Option<String> =
        month_rules::table.order(month_rules::version.desc()).select(month_rules::body).first(conn).optional()?;
    body.as_deref().map(read).transpose()
}

/// One version that the county made.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn find_rules(conn: &mut Conn, version: i64) -> Result<Option<Rules>, StoreError> {
    let body: Option<String> = month_rules::table.find(version).select(month_rules::body).first(conn).optional()?;
    body.as_deref().map(read).transpose()
}

/// Keeps a version.
///
/// # Errors
/// [`StoreError::Conflict`] when there is one with its number.
pub fn insert_rules(conn: &mut Conn, kept: &KeptRules) -> Result<(), StoreError> {
    diesel::insert_into(month_rules::table)
        .values((
            month_rules::version.eq(kept.rules.version),
            month_rules::body.eq(json(&kept.rules)?),
            month_rules::source.eq(&kept.source),
            month_rules::made_by.eq(kept.made_by),
            month_rules::made_at.eq(kept.made_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// The peer group of a unit, where one was set, and whether it is scored as a township.
pub type Group = (UnitId, String, bool);

/// Every group that was set.
pub fn groups(conn: &mut Conn) -> Result<Vec<Group>, StoreError> {
    Ok(unit_groups::table.order(unit_groups::unit_id).load(conn)?)
}

/// Sets a unit's group.
pub fn put_group(conn: &mut Conn, (unit_id, peer_group, is_township): &Group) -> Result<(), StoreError> {
    diesel::delete(unit_groups::table.find(unit_id)).execute(conn)?;
    diesel::insert_into(unit_groups::table)
        .values((
            unit_groups::unit_id.eq(unit_id),
            unit_groups::peer_group.eq(peer_group),
            unit_groups::is_township.eq(is_township),
        ))
        .execute(conn)?;
    Ok(())
}

/// How the rows of a month were read, so that they can be read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gathering {
    /// When.
    pub at: Timestamp,
    /// The last steps that were known; `None` for a month that was frozen before there were marks: what was timed before
    /// `at` was known.
    pub marks: Option<Marks>,
    /// The version of the calendar.
    pub calendar_version: i64,
    /// The version of the rules.
    pub rules_version: i64,
    /// Whether visits that nobody drew counted.
    pub counts_sudden: bool,
}

/// A month as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptMonth {
    /// The month.
    pub record: MonthRecord,
    /// How its rows were read.
    pub gathering: Gathering,
}

impl Gathering {
    /// Whether the step `seq` of an issue, timed `at`, was known.
    pub(in crate::store) fn knows(&self, at: Timestamp, seq: i64) -> bool {
        self.marks.map_or(at < self.at, |marks| seq <= marks.issue_events)
    }

    /// The same for a step of a card.
    pub(super) fn knows_of_card(&self, at: Timestamp, seq: i64) -> bool {
        self.marks.map_or(at < self.at, |marks| seq <= marks.card_events)
    }
}

type MarkRow = (Option<Timestamp>, Option<i64>, Option<i64>);
type MonthRow = (String, Timestamp, i64, i64, bool, MarkRow);

const MONTH: (
    months::body,
    months::gathered_at,
    months::calendar_version,
    months::rules_version,
    months::counts_sudden,
    (months::cutoff_at, months::issue_events_until, months::card_events_until),
) = (
    months::body,
    months::gathered_at,
    months::calendar_version,
    months::rules_version,
    months::counts_sudden,
    (months::cutoff_at, months::issue_events_until, months::card_events_until),
);

fn kept((body, at, calendar_version, rules_version, counts_sudden, marks): MonthRow) -> Result<KeptMonth, StoreError> {
    let marks = match marks {
        (Some(cutoff_at), Some(issue_events), Some(card_events)) => {
            Some(Marks { cutoff_at, issue_events, card_events })
        }
        (None, None, None) => None,
        other => return Err(StoreError::Corrupt(format!("the marks of a month are {other:?}"))),
    };
    let gathering = Gathering { at, marks, calendar_version, rules_version, counts_sudden };
    Ok(KeptMonth { record: read(&body)?, gathering })
}

/// A month that was frozen.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn find(conn: &mut Conn, month: Month) -> Result<Option<KeptMonth>, StoreError> {
    let row: Option<MonthRow> = months::table.find(month).select(MONTH).first(conn).optional()?;
    row.map(kept).transpose()
}

/// What the columns of a month repeat of its record, as they are stored: version, state, snapshot, results.
pub type Repeated = (i64, String, Vec<u8>, Vec<u8>);

/// The columns of a month that repeat its record.
pub fn repeated(conn: &mut Conn, month: Month) -> Result<Option<Repeated>, StoreError> {
    let columns = (months::version, months::state, months::snapshot_sha256, months::results_sha256);
    Ok(months::table.find(month).select(columns).first(conn).optional()?)
}

/// Every month that was frozen, the latest first: twelve a year.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn list(conn: &mut Conn) -> Result<Vec<KeptMonth>, StoreError> {
    let rows: Vec<MonthRow> = months::table.order(months::month.desc()).select(MONTH).load(conn)?;
    rows.into_iter().map(kept).collect()
}

/// The latest month that was frozen.
pub fn latest(conn: &mut Conn) -> Result<Option<Month>, StoreError> {
    Ok(months::table.order(months::month.desc()).select(months::month).first(conn).optional()?)
}

/// The first month that was frozen.
pub fn first(conn: &mut Conn) -> Result<Option<Month>, StoreError> {
    Ok(months::table.order(months::month).select(months::month).first(conn).optional()?)
}

/// Writes a decided step with its event. `gathering` says how the rows of its snapshot were read.
///
/// # Errors
/// [`StoreError::Stale`] when the stored version is not the one it was decided on.
pub fn apply(conn: &mut Conn, step: &MonthTransition, gathering: Gathering) -> Result<(), StoreError> {
    let after = step.after();
    let (Some(snapshot), Some(results)) = (after.snapshot, after.results) else {
        return Err(StoreError::Corrupt("a month without a snapshot is not kept".into()));
    };
    let body = json(after)?;
    let set = (
        months::version.eq(after.version),
        months::state.eq(after.state),
        months::body.eq(&body),
        months::gathered_at.eq(gathering.at),
        months::calendar_version.eq(gathering.calendar_version),
        months::rules_version.eq(gathering.rules_version),
        months::counts_sudden.eq(gathering.counts_sudden),
        months::snapshot_sha256.eq(snapshot),
        months::results_sha256.eq(results),
        months::cutoff_at.eq(gathering.marks.map(|marks| marks.cutoff_at)),
        months::issue_events_until.eq(gathering.marks.map(|marks| marks.issue_events)),
        months::card_events_until.eq(gathering.marks.map(|marks| marks.card_events)),
    );
    if step.action() == MonthAction::Freeze {
        diesel::insert_into(months::table).values((months::month.eq(after.month), set)).execute(conn)?;
    } else {
        let row =
            months::table.filter(months::month.eq(after.month)).filter(months::version.eq(step.expected_version()));
        if diesel::update(row).set(set).execute(conn)? != 1 {
            return Err(StoreError::Stale);
        }
    }
    diesel::insert_into(month_events::table)
        .values((
            month_events::month.eq(after.month),
            month_events::version.eq(after.version),
            month_events::at.eq(step.at()),
            month_events::actor_id.eq(step.actor_id()),
            month_events::action.eq(step.action()),
            month_events::body.eq(&body),
            month_events::gathering.eq(json(&gathering)?),
        ))
        .execute(conn)?;
    Ok(())
}

/// A step that was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthEvent {
    /// The version that it led to.
    pub version: i64,
    /// When.
    pub at: Timestamp,
    /// Who; `None` for the service.
    pub actor_id: Option<UserId>,
    /// What.
    pub action: MonthAction,
    /// The month after it.
    pub after: MonthRecord,
    /// How its rows were read; `None` for steps from before that was kept.
    pub gathering: Option<Gathering>,
}

/// The steps of a month, oldest first.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn events(conn: &mut Conn, month: Month) -> Result<Vec<MonthEvent>, StoreError> {
    type EventRow = (i64, Timestamp, Option<UserId>, MonthAction, String, Option<String>);
    let rows: Vec<EventRow> = month_events::table
        .filter(month_events::month.eq(month))
        .order(month_events::version)
        .select((
            month_events::version,
            month_events::at,
            month_events::actor_id,
            month_events::action,
            month_events::body,
            month_events::gathering,
        ))
        .load(conn)?;
    rows.into_iter()
        .map(|(version, at, actor_id, action, body, gathering)| {
            let gathering = gathering.as_deref().map(read).transpose()?;
            Ok(MonthEvent { version, at, actor_id, action, after: read(&body)?, gathering })
        })
        .collect()
}

#[derive(Insertable)]
#[diesel(table_name = month_pieces)]
struct PieceRow<'a> {
    sha256: Digest,
    position: i32,
    bytes: &'a [u8],
}

/// Keeps bytes under their digest, unless they are there.
pub fn keep_bytes(conn: &mut Conn, sha256: Digest, bytes: &[u8]) -> Result<(), StoreError> {
    let there = month_pieces::table.filter(month_pieces::sha256.eq(sha256));
    if diesel::select(diesel::dsl::exists(there)).get_result(conn)? {
        return Ok(());
    }
    let rows: Vec<PieceRow<'_>> =
        (0..).zip(bytes.chunks(PIECE_BYTES)).map(|(position, bytes)| PieceRow { sha256, position, bytes }).collect();
    for rows in rows.chunks(8) {
        insert_all!(conn, month_pieces::table, rows);
    }
    Ok(())
}

/// The bytes under this digest; empty when there are none. A caller who relies on them must compare their digest.
pub fn bytes(conn: &mut Conn, sha256: Digest) -> Result<Vec<u8>, StoreError> {
    let pieces: Vec<Vec<u8>> = month_pieces::table
        .filter(month_pieces::sha256.eq(sha256))
        .order(month_pieces::position)
        .select(month_pieces::bytes)
        .load(conn)?;
    Ok(pieces.concat())
}
