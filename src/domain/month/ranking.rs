//! Ranks of units within their peer groups, and the red and the black list 红黑榜.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Exact, Rate, Rules, UnitScore};
use crate::domain::ids::UnitId;
use crate::domain::text::text_enum;

text_enum! {
    /// The list that a unit is on.
    pub enum Listed {
        Neither = "neither", "未上榜", "On neither list";
        Red = "red", "红榜", "Red list";
        Black = "black", "黑榜", "Black list";
    }
}

/// A ranked unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RankedUnit {
    /// The unit.
    pub unit_id: UnitId,
    /// Its name.
    pub name: String,
    /// Its peer group.
    pub peer_group: String,
    /// Its rank from 1; units that are equal in everything share it, and the next rank is left out (1-2-2-4).
    pub rank: usize,
    /// Its score.
    pub score: Exact,
    /// Ranks gained (▲, positive) or lost (▼, negative) against last month; `None` when it had none then.
    pub moved: Option<i64>,
    /// The list that it is on.
    pub listed: Listed,
}

/// The ranking of a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ranking {
    /// Ranked units, by group, then rank, then id.
    #[serde(default)]
    pub ranked: Vec<RankedUnit>,
    /// Units with too few points and issues 样本不足: listed without a rank.
    #[serde(default)]
    pub insufficient: Vec<UnitId>,
}

/// Ranks of the month before, by unit.
pub type Ranks = BTreeMap<UnitId, usize>;

impl Ranking {
    /// The ranking of these scores. Their order does not matter.
    #[must_use]
    pub fn of(scores: &[UnitScore], last: &Ranks, rules: &Rules) -> Self {
        let rankable = |unit: &&UnitScore| unit.is_sufficient && unit.score != Rate::NotApplicable;
        let groups: BTreeSet<&str> = scores.iter().map(|unit| unit.peer_group.as_str()).collect();
        let ranked = groups.into_iter().flat_map(|group| {
            let peers = scores.iter().filter(rankable).filter(|unit| unit.peer_group == group);
            rank_group(peers.collect(), last, rules)
        });
        let mut insufficient: Vec<UnitId> =
            scores.iter().filter(|unit| !rankable(unit)).map(|unit| unit.unit_id).collect();
        insufficient.sort_unstable();
        Ranking { ranked: ranked.collect(), insufficient }
    }

    /// The ranks, for the next month's comparison.
    #[must_use]
    pub fn ranks(&self) -> Ranks {
        self.ranked.iter().map(|unit| (unit.unit_id, unit.rank)).collect()
    }
}

/// Which of two units ranks before the other: by score, then A, then 按期处置率, then fewer overdue. `Equal` is a shared
/// rank. A unit without a figure comes after those that have one.
#[must_use]
pub fn order(a: &UnitScore, b: &UnitScore) -> Ordering {
    let higher = |of: fn(&UnitScore) -> Option<&Exact>| of(b).cmp(&of(a));
    higher(|unit| unit.score.known())
        .then_with(|| higher(|unit| unit.points.value.known()))
        .then_with(|| higher(|unit| unit.on_time.rate.known()))
        .then_with(|| a.overdue_open.part.cmp(&b.overdue_open.part))
}

/// How many of `count` units a share takes: rounded down, at least one.
fn share_of(count: usize, percent: u32) -> usize {
    let percent = usize::try_from(percent).unwrap_or(100);
    (count * percent / 100).max(1)
}

fn rank_group(mut peers: Vec<&UnitScore>, last: &Ranks, rules: &Rules) -> Vec<RankedUnit> {
    peers.sort_by(|a, b| order(a, b).then_with(|| a.unit_id.cmp(&b.unit_id)));
    let count = peers.len();
    let (reds, blacks) = (share_of(count, rules.red_percent), share_of(count, rules.black_percent));
    let ranked = peers.iter().filter_map(|unit| {
        let score = unit.score.known()?.clone();
        // Sorted, so those before it and those after it are each a run.
        let better = peers.partition_point(|other| order(other, unit) == Ordering::Less);
        let not_worse = peers.partition_point(|other| order(other, unit) != Ordering::Greater);
        let rank = better + 1;
        let is_red = rank <= reds && score >= rules.red_min && !unit.deductions.has_red_card();
        // Nobody is black-listed merely for being last.
        let is_black = count - not_worse < blacks && score < rules.black_below;
        let listed = match (is_red, is_black) {
            (true, _) => Listed::Red,
            (false, true) => Listed::Black,
            (false, false) => Listed::Neither,
        };
        Some(RankedUnit {
            unit_id: unit.unit_id,
            name: unit.name.clone(),
            peer_group: unit.peer_group.clone(),
            rank,
            score,
            moved: last.get(&unit.unit_id).map(|before| difference(*before, rank)),
            listed,
        })
    });
    ranked.collect()
}

fn difference(before: usize, after: usize) -> i64 {
    let signed = |rank: usize| i64::try_from(rank).unwrap_or(i64::MAX);
    signed(before) - signed(after)
}

impl RankedUnit {
    /// How it moved, as people read it: `▲2`, `▼1`, `—` for the same rank, `新` for a unit without a rank last month.
    #[must_use]
    pub fn arrow(&self) -> String {
        match self.moved {
            None => "新".into(),
            Some(0) => "—".into(),
            Some(gained @ 1..) => format!("▲{gained}"),
            Some(lost) => format!("▼{}", lost.unsigned_abs()),
        }
    }
}

#[cfg(test)]
mod tests;
