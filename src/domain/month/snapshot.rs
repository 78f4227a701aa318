//! The frozen month: everything that its results are computed from, in one order, with a digest. Whoever has the
//! snapshot can compute the results again and compare them.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::board::{StandingPoint, board};
use super::facts::Facts;
use super::metric::Span;
use super::ranking::Ranks;
use super::score::Spans;
use super::{Exact, Month, PassRates, Ranking, Rules, UnitScore};
use crate::domain::calendar::WorkCalendar;
use crate::domain::canonical;
use crate::domain::digest::Digest;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::time::Date;

/// What a month's results are computed from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// The month.
    pub month: Month,
    /// From its start to its cut-off, so that no calendar is needed to compute again.
    pub span: Span,
    /// The months whose look-backs count.
    pub look_backs: Span,
    /// The day of the cut-off.
    pub last_day: Date,
    /// The rules, whole.
    pub rules: Rules,
    /// The rows, in order.
    pub facts: Facts,
    /// The ranks of the month before.
    #[serde(default)]
    pub last_ranks: Ranks,
}

/// What is computed from a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Results {
    /// The month.
    pub month: Month,
    /// The version of the rules.
    pub rules_version: i64,
    /// The digest of the snapshot.
    pub snapshot: Digest,
    /// Every unit's score, by id.
    #[serde(default)]
    pub units: Vec<UnitScore>,
    /// Ranks and lists.
    pub ranking: Ranking,
    /// The point board.
    #[serde(default)]
    pub board: Vec<StandingPoint>,
    /// The pass rates of the county.
    pub pass_rates: PassRates,
}

impl Snapshot {
    /// The month's snapshot, frozen with this calendar.
    ///
    /// # Errors
    /// Rules that are wrong; a unit, point or issue that is named twice; a score that is not from 0 to 100.
    pub fn take(
        month: Month,
        calendar: &WorkCalendar,
        rules: Rules,
        facts: Facts,
        last_ranks: Ranks,
    ) -> Result<Self, Invalid> {
        rules.validate()?;
        let first = month.plus(1 - i32::try_from(rules.durability_months).unwrap_or(1));
        let snapshot = Snapshot {
            month,
            span: Span { from: month.starts(calendar), to: month.cutoff(calendar) },
            look_backs: Span { from: first.starts(calendar), to: month.cutoff(calendar) },
            last_day: month.last_day(),
            rules,
            facts: facts.sorted(),
            last_ranks,
        };
        snapshot.validate()?;
        Ok(snapshot)
    }

    /// Checks the rules and the rows.
    ///
    /// # Errors
    /// As [`Snapshot::take`].
    pub fn validate(&self) -> Result<(), Invalid> {
        self.rules.validate()?;
        let mut invalid = Invalid::default();
        unique(&mut invalid, "/facts/units", self.facts.units.iter().map(|row| row.unit_id));
        unique(&mut invalid, "/facts/points", self.facts.points.iter().map(|row| row.point_id));
        unique(&mut invalid, "/facts/cases", self.facts.cases.iter().map(|row| row.issue_id));
        unique(&mut invalid, "/facts/adjustments", self.facts.adjustments.iter().map(|row| row.adjustment_id));
        for (at, point) in self.facts.points.iter().enumerate() {
            let latest = point.latest.as_ref().map(|latest| &latest.score);
            for score in point.month_score.iter().chain(latest) {
                if score.score.is_negative() || score.score > Exact::from(100) {
                    invalid.push(format!("/facts/points/{at}"), FieldCode::OutOfRange, "a score from 0 to 100");
                }
            }
        }
        invalid.into_result()
    }

    /// The bytes that are stored and hashed, in canonical form. The digest of the stored bytes is compared, never one
    /// of a snapshot that was read and written again: a later program may add fields.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        canonical::bytes(self)
    }

    /// SHA-256 of [`Snapshot::bytes`].
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.bytes())
    }

    /// Reads stored bytes.
    ///
    /// # Errors
    /// A sentence saying what is wrong with them.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let json = canonical::json(bytes).ok_or_else(|| "not a snapshot in a known form".to_owned())?;
        let snapshot: Snapshot = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        match snapshot.validate() {
            Ok(()) => Ok(snapshot),
            Err(Invalid(faults)) => {
                let faults = faults.iter().map(|fault| format!("{}: {}", fault.pointer, fault.detail));
                let faults: Vec<String> = faults.collect();
                Err(faults.join("; "))
            }
        }
    }
}

fn unique<T: Ord>(invalid: &mut Invalid, pointer: &str, ids: impl Iterator<Item = T>) {
    let mut seen = BTreeSet::new();
    for (at, id) in ids.enumerate() {
        if !seen.insert(id) {
            invalid.push(format!("{pointer}/{at}"), FieldCode::Duplicate, "named twice");
        }
    }
}

/// The results of a snapshot: the same for the same snapshot, on every machine.
#[must_use]
pub fn recompute(snapshot: &Snapshot) -> Results {
    let (facts, rules) = (&snapshot.facts, &snapshot.rules);
    let spans = Spans { month: snapshot.span, look_backs: snapshot.look_backs };
    let mut units: Vec<UnitScore> = facts.units.iter().map(|unit| UnitScore::of(unit, facts, rules, spans)).collect();
    units.sort_by_key(|unit| unit.unit_id);
    Results {
        month: snapshot.month,
        rules_version: rules.version,
        snapshot: snapshot.digest(),
        ranking: Ranking::of(&units, &snapshot.last_ranks, rules),
        board: board(&facts.points, snapshot.last_day, rules),
        pass_rates: PassRates::of(facts.points.iter(), rules),
        units,
    }
}

impl Results {
    /// Their bytes, as [`Snapshot::bytes`].
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        canonical::bytes(self)
    }

    /// Reads stored bytes.
    ///
    /// # Errors
    /// A sentence saying what is wrong with them.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let json = canonical::json(bytes).ok_or_else(|| "not results in a known form".to_owned())?;
        serde_json::from_slice(json).map_err(|error| error.to_string())
    }

    /// SHA-256 of [`Results::bytes`]; what two people lock.
    #[must_use]
    pub fn digest(&self) -> Digest {
        Digest::of(&self.bytes())
    }
}

/// A stored figure that computing again does not reproduce.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Differing {
    /// The name of the unit or point; empty for what belongs to the whole month.
    pub name: String,
    /// Which figure, as a path of member names, such as `handling_rate/part`.
    pub figure: String,
    /// As it is stored; empty if it is not.
    pub stored: String,
    /// As it was computed; empty if it was not.
    pub recomputed: String,
}

/// Every figure in which `stored` and `recomputed` differ, by name, in order. None means that the stored results are
/// those of the snapshot.
#[must_use]
pub fn verify(stored: &Results, recomputed: &Results) -> Vec<Differing> {
    let (stored, recomputed) = (leaves(stored), leaves(recomputed));
    let places: BTreeSet<&(String, String)> = stored.keys().chain(recomputed.keys()).collect();
    let said = |of: &BTreeMap<(String, String), String>, place| of.get(place).cloned().unwrap_or_default();
    places
        .into_iter()
        .filter(|place| stored.get(*place) != recomputed.get(*place))
        .map(|place| Differing {
            name: place.0.clone(),
            figure: place.1.clone(),
            stored: said(&stored, place),
            recomputed: said(&recomputed, place),
        })
        .collect()
}

/// Every single value of the results, by the name of its unit or point and its path.
fn leaves(results: &Results) -> BTreeMap<(String, String), String> {
    let mut found = BTreeMap::new();
    let mut insert = |name: &str, path: &str, value: &Value| flatten(&mut found, name, path, value);
    let Results { month, rules_version, snapshot, units, ranking, board, pass_rates } = results;
    insert("", "month", &json(month));
    insert("", "rules_version", &json(rules_version));
    insert("", "snapshot", &json(snapshot));
    insert("", "pass_rates", &json(pass_rates));
    insert("", "insufficient", &json(&ranking.insufficient));
    for unit in units {
        insert(&unit.name, &format!("score of {}", unit.unit_id), &json(unit));
    }
    for unit in &ranking.ranked {
        insert(&unit.name, &format!("rank of {}", unit.unit_id), &json(unit));
    }
    for point in board {
        insert(&point.name, &format!("point {}", point.point_id), &json(point));
    }
    found
}

fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

fn flatten(found: &mut BTreeMap<(String, String), String>, name: &str, path: &str, value: &Value) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(member, value)| flatten(found, name, &format!("{path}/{member}"), value));
        }
        Value::Array(items) => {
            // The length too: otherwise two empty lists and none would be one.
            found.insert((name.to_owned(), format!("{path}/length")), items.len().to_string());
            items.iter().enumerate().for_each(|(at, value)| flatten(found, name, &format!("{path}/{at}"), value));
        }
        Value::String(text) => drop(found.insert((name.to_owned(), path.to_owned()), text.clone())),
        Value::Null | Value::Bool(_) | Value::Number(_) => {
            found.insert((name.to_owned(), path.to_owned()), value.to_string());
        }
    }
}

#[cfg(test)]
mod tests;
