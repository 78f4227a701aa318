//! The gap matrix 对标补短表: where points 分 are lost, and where effort gains most. Source: domain rule M17.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::Exact;
use crate::domain::ids::PointId;

/// What was observed of an item at a point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// The item.
    pub item_code: String,
    /// The type of the point.
    pub point_type: String,
    /// The point.
    pub point_id: PointId,
    /// The item's weight in the score of such a point, in points.
    pub weight: Exact,
    /// How far it conforms: 1 符合, 0.5 基本符合, 0 不符合; `None` when it does not apply.
    pub conformity: Option<Exact>,
}

/// A cell of the matrix, as a row of the list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gap {
    /// The item.
    pub item_code: String,
    /// The type of the points.
    pub point_type: String,
    /// Lost points: `Σ w·(1 − r)`.
    pub lost: Exact,
    /// The effort of putting it right, from 1; the office's estimate.
    pub effort: NonZeroU32,
    /// Lost points ÷ effort: the list is sorted by it.
    pub gain: Exact,
    /// How often the item was observed where it applies.
    pub observed: usize,
    /// The points where something was lost, each once.
    pub points: Vec<PointId>,
}

/// Estimated efforts, by item and type of point; 1 where there is none.
pub type Efforts = BTreeMap<(String, String), NonZeroU32>;

/// The cells in which points are lost: first where an effort gains most. The order of observations does not matter.
#[must_use]
pub fn gaps(observations: &[Observed], efforts: &Efforts) -> Vec<Gap> {
    let mut cells: BTreeMap<(&str, &str), (Exact, usize, Vec<PointId>)> = BTreeMap::new();
    for seen in observations {
        let Some(conformity) = &seen.conformity else { continue };
        let (lost, observed, points) = cells.entry((&seen.item_code, &seen.point_type)).or_default();
        let loss = &seen.weight * &(&Exact::one() - conformity);
        *observed += 1;
        if loss.is_positive() {
            *lost = &*lost + &loss;
            points.push(seen.point_id);
        }
    }
    let mut gaps: Vec<Gap> = cells
        .into_iter()
        .filter(|(_, (lost, ..))| lost.is_positive())
        .map(|((item, point_type), (lost, observed, mut points))| {
            points.sort_unstable();
            points.dedup();
            let cell = (item.to_owned(), point_type.to_owned());
            let effort = efforts.get(&cell).copied().unwrap_or(NonZeroU32::MIN);
            let gain = lost.divided_by(&Exact::from(i64::from(effort.get()))).unwrap_or_default();
            Gap { item_code: cell.0, point_type: cell.1, lost, effort, gain, observed, points }
        })
        .collect();
    gaps.sort_by(|a, b| {
        let more = (&b.gain, &b.lost).cmp(&(&a.gain, &a.lost));
        more.then_with(|| (&a.item_code, &a.point_type).cmp(&(&b.item_code, &b.point_type)))
    });
    gaps
}

#[cfg(test)]
mod tests;
