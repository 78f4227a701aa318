//! The draw: its numbers, what holds for every draw, probabilities, and the proof.

#![allow(clippy::unwrap_used)]

mod chances;
mod kept;
mod numbers;
mod proofs;
mod redraws;
mod world;

use crate::domain::digest::Digest;
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

/// Golden: proofs of this algorithm were made with these results. A change of any of them needs a new
/// [`draw::ALGORITHM`].
#[test]
fn the_algorithm_stays_as_it_is() {
    let mut all = String::new();
    for start in 0..60 {
        let mut dice = world::Dice::new(start);
        let (pool, rules) = (world::pool(&mut dice, 80, 20), world::rules(&mut dice));
        let outcome = drawn(&pool, &rules, &world::seed(start));
        let redraws = outcome.tasks.iter().map(|task| {
            draw::redraw(&pool, &rules, &world::seed(start), &outcome, &[], task.number, task.inspectors[0]).unwrap()
        });
        all += &serde_json::to_string(&(&outcome, redraws.collect::<Vec<_>>())).unwrap();
    }
    assert_eq!(Digest::of(all.as_bytes()).to_string(), GOLDEN);
}

const GOLDEN: &str = "1f643219d28913db3f048c9448b4f848256a3aee49ee60cc03b85230b153712b";
