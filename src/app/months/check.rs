//! Checks a frozen month: its record against its events, its results against its snapshot, its snapshot against the
//! events of issues as of the cut-off.

use crate::app::{Result, month_rules};
use crate::domain::calendar::{CalendarRules, WorkCalendar};
use crate::domain::digest::Digest;
use crate::domain::month::compare::differing;
use crate::domain::month::cycle::{MonthNext, month_step};
use crate::domain::month::facts::{Facts, PointRow};
use crate::domain::month::{Month, MonthRecord, MonthState, Ranks, Results, Snapshot, recompute, verify};
use crate::store::months::facts::{Asked, Places, gather};
use crate::store::months::{self, Gathering, MonthEvent};
use crate::store::{Conn, StoreError, settings};

/// What a check of a month found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The month.
    pub month: Month,
    /// Its state.
    pub state: MonthState,
    /// The digest of its snapshot.
    pub snapshot: Digest,
    /// The digest of its results.
    pub results: Digest,
    /// Rows of the snapshot.
    pub rows: usize,
    /// What differs, a sentence for each row or figure.
    pub faults: Vec<String>,
}

/// Checks a month in the caller's transaction, which should be one snapshot; `None` when it was never frozen.
///
/// # Errors
/// The database cannot be read.
pub fn check(conn: &mut Conn, month: Month) -> Result<Option<Checked>> {
    let Some(kept) = months::find(conn, month)? else { return Ok(None) };
    let record = &kept.record;
    let (Some(snapshot), Some(results)) = (record.snapshot, record.results) else {
        return Err(StoreError::Corrupt(format!("month {month} has no snapshot")).into());
    };
    let mut checked = Checked { month, state: record.state, snapshot, results, rows: 0, faults: Vec::new() };
    let faults = &mut checked.faults;
    let events = months::events(conn, month)?;
    // The first step leads from version 1, which is not kept, to 2.
    if !events.iter().map(|event| event.version).eq(2..=record.version) {
        faults.push(format!("record: version {} with {} events", record.version, events.len()));
    }
    if events.last().is_some_and(|event| event.after != *record) {
        faults.push("record: it is not what its last event led to".into());
    }
    if events.last().and_then(|event| event.gathering).is_some_and(|gathering| gathering != kept.gathering) {
        faults.push("record: how its rows were read is not what its last event says".into());
    }
    let repeated =
        (record.version, record.state.as_str().to_owned(), snapshot.as_bytes().to_vec(), results.as_bytes().to_vec());
    if months::repeated(conn, month)?.is_some_and(|columns| columns != repeated) {
        faults.push("record: its columns are not what it says".into());
    }
    faults.extend(untold(&events));
    let (frozen, computed) = (months::bytes(conn, snapshot)?, months::bytes(conn, results)?);
    for (name, bytes, digest) in [("snapshot", &frozen, snapshot), ("results", &computed, results)] {
        if Digest::of(bytes) != digest {
            faults.push(format!("{name}: its bytes do not have the digest {digest}"));
        }
    }
    let (frozen, stored) = match (Snapshot::read(&frozen), Results::read(&computed)) {
        (Ok(frozen), Ok(stored)) => (frozen, stored),
        (frozen, stored) => {
            faults.extend(frozen.err().map(|why| format!("snapshot: {why}")));
            faults.extend(stored.err().map(|why| format!("results: {why}")));
            return Ok(Some(checked));
        }
    };
    let figures = verify(&stored, &recompute(&frozen));
    faults.extend(
        figures.into_iter().map(|figure| {
            format!("results {} {}: {} → {}", figure.name, figure.figure, figure.stored, figure.recomputed)
        }),
    );
    let facts = &frozen.facts;
    checked.rows = rows(facts);
    let rules = month_rules::of_version(conn, kept.gathering.rules_version);
    if !rules.is_ok_and(|rules| rules == frozen.rules) {
        faults.push(format!("rules: version {} is not what was frozen", kept.gathering.rules_version));
    }
    if ranks_before(conn, month)?.is_some_and(|ranks| ranks != frozen.last_ranks) {
        faults.push(format!("ranks: those of {} are not what was frozen", month.plus(-1)));
    }
    // From the events alone, and from the rows of those issues that nobody touched later: each must be what was frozen.
    for is_from_events in [true, false] {
        let told: Vec<String> = match read_again(conn, &frozen, kept.gathering, is_from_events)? {
            Ok(again) => differing(facts, &again).iter().map(ToString::to_string).collect(),
            Err(why) => vec![why],
        };
        let new: Vec<String> = told.into_iter().filter(|fault| !faults.contains(fault)).collect();
        faults.extend(new);
    }
    Ok(Some(checked))
}

fn rows(facts: &Facts) -> usize {
    let Facts { units, points, cases, dispatches, look_backs, deductions, earlier, bonuses, adjustments } = facts;
    let lists = [units.len(), points.len(), cases.len(), dispatches.len(), look_backs.len(), deductions.len()];
    lists.iter().sum::<usize>() + earlier.len() + bonuses.len() + adjustments.len()
}

/// The steps of which the record does not say what their event says, or that lost what an earlier one had written.
fn untold(events: &[MonthEvent]) -> Vec<String> {
    let mut faults = Vec::new();
    let Some(first) = events.first() else { return faults };
    let mut before = MonthRecord::open(first.after.month);
    for event in events {
        let after = &event.after;
        let step = month_step(event.action);
        let led_to = match step.next {
            MonthNext::To(state) => state,
            MonthNext::WithSecond(state) if after.second_vote.is_some() => state,
            MonthNext::Unchanged | MonthNext::WithSecond(_) => before.state,
        };
        let is_legal = before.state == step.from && after.state == led_to && after.version == event.version;
        if !is_legal || !after.tells(event.action, event.at, event.actor_id) || !after.keeps(&before, event.action) {
            faults.push(format!("event {}: the record does not say what it says", event.version));
        }
        before = after.clone();
    }
    faults
}

/// The ranks of the month before as its results have them, none when it is not locked; `None` when they are damaged,
/// which is named where that month is checked.
fn ranks_before(conn: &mut Conn, month: Month) -> Result<Option<Ranks>> {
    let before = months::find(conn, month.plus(-1))?.filter(|kept| kept.record.is_immutable());
    let Some(sha256) = before.and_then(|kept| kept.record.results) else { return Ok(Some(Ranks::new())) };
    Ok(Results::read(&months::bytes(conn, sha256)?).ok().map(|results| results.ranking.ranks()))
}

/// The facts as events and visits tell them today. Units and points keep no history, so they are the snapshot's. An
/// inner `Err` says why they cannot be read.
fn read_again(
    conn: &mut Conn,
    frozen: &Snapshot,
    gathering: Gathering,
    is_from_events: bool,
) -> Result<std::result::Result<Facts, String>> {
    let calendar = match calendar_of(conn, gathering.calendar_version)? {
        Ok(calendar) => calendar,
        Err(why) => return Ok(Err(why)),
    };
    let asked = Asked {
        month: frozen.month,
        span: frozen.span,
        look_backs: frozen.look_backs,
        calendar: &calendar,
        gathering,
        is_from_events,
    };
    Ok(match gather(conn, places_of(&frozen.facts), &asked) {
        Ok(again) => Ok(again),
        Err(StoreError::Corrupt(why)) => Err(format!("events: {why}")),
        Err(other) => return Err(other.into()),
    })
}

/// A version of the calendar. An inner `Err` says why it cannot be read.
pub(super) fn calendar_of(conn: &mut Conn, version: i64) -> Result<std::result::Result<WorkCalendar, String>> {
    let calendars = settings::calendars(conn)?;
    let body = calendars.into_iter().find(|(of, _)| *of == version).map(|(_, body)| body);
    let rules = match body {
        None if version == 0 => Ok(CalendarRules::plain()),
        None => Err("it is gone".to_owned()),
        Some(body) => serde_json::from_str(&body).map_err(|error| error.to_string()),
    };
    let calendar = rules.and_then(|rules| WorkCalendar::new(version, rules).map_err(|error| error.to_string()));
    Ok(calendar.map_err(|why| format!("calendar {version}: {why}")))
}

/// The units and points of a snapshot, without what was read of them.
pub(super) fn places_of(facts: &Facts) -> Places {
    let bare = |point: &PointRow| PointRow { month_score: None, latest: None, overdue: Vec::new(), ..point.clone() };
    Places { units: facts.units.clone(), points: facts.points.iter().map(bare).collect() }
}
