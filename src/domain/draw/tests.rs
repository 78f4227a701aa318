//! The draw: its numbers, what it must never do, how often it does what, and its proof.

#![allow(clippy::unwrap_used)]

mod chances;
mod kept;
mod numbers;
mod proofs;
mod redraws;
mod world;

use crate::domain::{draw, ids};
use draw::{Outcome, Pool, PoolInspector, PoolPoint, Rules, Seed, Task};

/// The point of a task.
fn point_of<'a>(pool: &'a Pool, task: &Task) -> &'a PoolPoint {
    pool.points.iter().find(|point| point.id == task.point).unwrap()
}

/// The people of a task.
fn people_of<'a>(pool: &'a Pool, task: &Task) -> Vec<&'a PoolInspector> {
    let of = |key: &ids::InspectorKey| pool.inspectors.iter().find(|inspector| inspector.id == *key).unwrap();
    task.inspectors.iter().map(of).collect()
}

/// Whether this inspector may visit this point, said independently of the code.
fn may_visit(inspector: &PoolInspector, point: &PoolPoint) -> bool {
    inspector.available
        && !inspector.recused_points.contains(&point.id)
        && !inspector.recent_points.contains(&point.id)
        && !inspector.recused_units.contains(&point.lead_unit)
        && inspector.recused_units.is_disjoint(&point.other_units)
}

fn drawn(pool: &Pool, rules: &Rules, seed: &Seed) -> Outcome {
    draw::draw(pool, rules, seed).unwrap()
}
