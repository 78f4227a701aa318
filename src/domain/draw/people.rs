//! Who may go where: recusals 回避 and pairs.

use std::collections::{BTreeSet, HashMap};

use super::pool::{Pool, PoolPoint};
use super::rules::Rules;
use crate::domain::ids::{PointId, UnitId};

/// Recusals by place. Inspectors are positions in the sorted pool.
pub(super) struct Recusals {
    available: Vec<usize>,
    by_point: HashMap<PointId, BTreeSet<usize>>,
    by_unit: HashMap<UnitId, BTreeSet<usize>>,
}

impl Recusals {
    pub(super) fn of(pool: &Pool) -> Self {
        let mut by_point: HashMap<PointId, BTreeSet<usize>> = HashMap::new();
        let mut by_unit: HashMap<UnitId, BTreeSet<usize>> = HashMap::new();
        for (at, inspector) in pool.inspectors.iter().enumerate() {
            for point in inspector.recused_points.iter().chain(&inspector.recent_points) {
                by_point.entry(*point).or_default().insert(at);
            }
            for unit in &inspector.recused_units {
                by_unit.entry(*unit).or_default().insert(at);
            }
        }
        let is_available = |at: &usize| pool.inspectors.get(*at).is_some_and(|inspector| inspector.available);
        Recusals { available: (0..pool.inspectors.len()).filter(is_available).collect(), by_point, by_unit }
    }

    /// The available inspectors who may visit `point`, in the order of their keys.
    pub(super) fn eligible(&self, point: &PoolPoint) -> Vec<usize> {
        let units = point.other_units.iter().chain(std::iter::once(&point.lead_unit));
        let by_unit = units.filter_map(|unit| self.by_unit.get(unit));
        let recused: Vec<&BTreeSet<usize>> = by_unit.chain(self.by_point.get(&point.id)).collect();
        self.available.iter().copied().filter(|at| !recused.iter().any(|set| set.contains(at))).collect()
    }

    /// Positions of the available inspectors.
    pub(super) fn available(&self) -> &[usize] {
        &self.available
    }
}

/// How many inspectors visit `point`: two if its type or an open severe issue asks for a pair.
#[must_use]
pub(super) fn people_needed(point: &PoolPoint, rules: &Rules) -> usize {
    if rules.pair_types.contains(&point.point_type) || (rules.pair_severe && point.severe) { 2 } else { 1 }
}
