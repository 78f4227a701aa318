//! The draw 随机抽取: which points are visited, when, and by whom. A function of pool, rules and seed in whole numbers,
//! so that anybody can make it again; `docs/DRAW.md` says how, byte by byte.
//!
//! Nobody chooses the seed: half of it is the server's secret, fixed by a [`Commitment`] when the plan is approved, and
//! half the approver's nonce, which is sent after that.

mod assign;
mod bytes;
mod outcome;
mod people;
mod points;
mod pool;
mod proof;
mod redraw;
mod rules;
mod stream;
#[cfg(test)]
mod tests;
mod urn;

pub use bytes::{Nonce, Secret, Seed};
pub use outcome::{CodeName, Outcome, Reason, Redraw, Shortfall, Shortfalls, Task, Undrawable};
pub use pool::{
    DAYS_MAX, INSPECTORS_MAX, POINTS_MAX, Pool, PoolInspector, PoolPoint, PoolUnit, REBOUNDS_MAX, WEIGHT_UNIT,
};
pub use proof::{Commitment, Mismatch, PROOF_FORMAT, Proof, Reveal, seed_of};
pub use redraw::{NoRedraw, redraw, tasks_after};
pub use rules::{ALGORITHM, DEMO_PERCENT, Quota, Rules, SLOTS_MAX, Slot, SlotKind};
pub use stream::Stream;
pub use urn::Urn;

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use super::digest::Digest;
use super::ids::UnitId;
use super::invalid::Invalid;
use people::{Recusals, people_needed};

/// SHA-256 over the label, a zero byte, and `value` as JSON: members sorted by name, without spaces, nothing left out.
fn digest(label: &str, value: &impl Serialize) -> Digest {
    let value = serde_json::to_value(value).unwrap_or_default();
    Digest::of(format!("{label}\0{value}").as_bytes())
}

/// Draws points, slots, inspectors and code names.
///
/// The same pool, rules and seed have the same outcome, in whatever order the lists are. No recusal and no cap is ever
/// broken; what the rules ask for and the pool cannot give is named in the outcome.
///
/// # Errors
/// Every field of pool (`/pool/…`) and rules (`/rules/…`) that is wrong.
pub fn draw(pool: &Pool, rules: &Rules, seed: &Seed) -> Result<Outcome, Invalid> {
    validate(pool, rules)?;
    let (pool, rules) = (pool.sorted(), rules.sorted());
    let recusals = Recusals::of(&pool);
    let barred = barred(&pool, &rules, &recusals);
    let drawable: Vec<bool> =
        pool.points.iter().zip(&barred).map(|(point, barred)| point.active && barred.is_none()).collect();
    let (drawn, strata) = points::draw_points(&pool, &rules, seed, &drawable);
    let (tasks, unassigned) = assign::assign(&pool, &rules, seed, &recusals, &drawn);
    let mut undrawable: Vec<Undrawable> = pool
        .points
        .iter()
        .zip(barred)
        .filter(|(point, _)| point.active)
        .filter_map(|(point, reason)| Some(Undrawable { point: point.id, reason: reason? }))
        .chain(unassigned.iter().map(|point| Undrawable { point: point.id, reason: Reason::NoFreeInspector }))
        .collect();
    undrawable.sort();
    let missing = |least: u64, kind: Option<SlotKind>| {
        let tasks = tasks.iter().filter(|task| kind.is_none_or(|kind| task.slot.kind == kind)).count();
        u32::try_from(least.saturating_sub(u64::try_from(tasks).unwrap_or(u64::MAX))).unwrap_or(u32::MAX)
    };
    let shortfalls = Shortfalls {
        places: missing(rules.places(), None),
        evening: missing(u64::from(rules.evening_min), Some(SlotKind::Evening)),
        weekend: missing(u64::from(rules.weekend_min), Some(SlotKind::Weekend)),
        strata,
    };
    Ok(Outcome { code_names: assign::draw_code_names(&pool, &recusals, seed), tasks, undrawable, shortfalls })
}

/// All faults of pool and rules.
fn validate(pool: &Pool, rules: &Rules) -> Result<(), Invalid> {
    let mut invalid = Invalid::default();
    for (place, checked) in [("/pool", pool.validate()), ("/rules", rules.validate())] {
        let faults = checked.err().into_iter().flat_map(|invalid| invalid.0);
        faults.for_each(|fault| invalid.push(format!("{place}{}", fault.pointer), fault.code, fault.detail));
    }
    invalid.into_result()
}

/// For each point why it cannot be drawn, whatever the seed; the first reason in the order of [`Reason`].
fn barred(pool: &Pool, rules: &Rules, recusals: &Recusals) -> Vec<Option<Reason>> {
    let visits: HashMap<UnitId, u32> = pool.units.iter().map(|unit| (unit.id, unit.visits_this_month)).collect();
    let kinds: BTreeSet<SlotKind> = rules.slots.iter().map(|slot| slot.kind).collect();
    let reason = |point: &PoolPoint| {
        if point.visits_this_month >= rules.point_visits_max {
            return Some(Reason::PointCap);
        }
        if visits.get(&point.lead_unit).is_none_or(|visits| *visits >= rules.unit_visits_max) {
            return Some(Reason::UnitCap);
        }
        if point.open.is_disjoint(&kinds) {
            return Some(Reason::NoSlot);
        }
        (recusals.eligible(point).len() < people_needed(point, rules)).then_some(Reason::Recusals)
    };
    pool.points.iter().map(reason).collect()
}
