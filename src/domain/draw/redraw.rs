//! The redraw of one inspector of one task after a conflict was declared 回避.

use super::assign::Roster;
use super::bytes::Seed;
use super::outcome::{Outcome, Redraw, Task};
use super::people::Recusals;
use super::pool::Pool;
use super::rules::Rules;
use super::stream::Stream;
use super::validate;
use crate::domain::ids::InspectorKey;
use crate::domain::invalid::Invalid;

/// Why there is no redraw.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoRedraw {
    /// Pool or rules are wrong.
    #[error("the pool or the rules are wrong")]
    Invalid(Invalid),
    /// There is no task with this number, or it was dropped.
    #[error("there is no task {0}")]
    NoTask(u32),
    /// This inspector is not assigned to the task now.
    #[error("the inspector {1} is not assigned to task {0}")]
    NotAssigned(u32, InspectorKey),
}

/// The tasks after these redraws. A task for which nobody was left is not among them.
#[must_use]
pub fn tasks_after(outcome: &Outcome, redraws: &[Redraw]) -> Vec<Task> {
    let mut tasks = outcome.tasks.clone();
    for redraw in redraws {
        match redraw.replacement {
            Some(replacement) => {
                let inspectors =
                    tasks.iter_mut().filter(|task| task.number == redraw.task).flat_map(|task| &mut task.inspectors);
                inspectors.filter(|one| **one == redraw.recused).for_each(|one| *one = replacement);
            }
            None => tasks.retain(|task| task.number != redraw.task),
        }
    }
    tasks
}

/// Draws who replaces `recused` in the task with this number, after the redraws made so far. Point, slot and the other
/// inspector of a pair stay.
///
/// Candidates are the inspectors who were eligible from the start, have no task in this slot, have fewer tasks than the
/// limit, and were never assigned to this task. One of those with the fewest tasks is drawn.
///
/// # Errors
/// [`NoRedraw::Invalid`], [`NoRedraw::NoTask`], [`NoRedraw::NotAssigned`].
pub fn redraw(
    pool: &Pool,
    rules: &Rules,
    seed: &Seed,
    outcome: &Outcome,
    redraws: &[Redraw],
    task: u32,
    recused: InspectorKey,
) -> Result<Redraw, NoRedraw> {
    validate(pool, rules).map_err(NoRedraw::Invalid)?;
    let (pool, rules) = (pool.sorted(), rules.sorted());
    let tasks = tasks_after(outcome, redraws);
    let number = task;
    let task = tasks.iter().find(|task| task.number == number).ok_or(NoRedraw::NoTask(number))?;
    if !task.inspectors.contains(&recused) {
        return Err(NoRedraw::NotAssigned(number, recused));
    }
    let point = pool.points.iter().find(|point| point.id == task.point).ok_or(NoRedraw::NoTask(number))?;
    let slot_at = |task: &Task| rules.slots.iter().position(|slot| *slot == task.slot);
    let slot = slot_at(task).ok_or(NoRedraw::NoTask(number))?;
    let inspector_at = |key: &InspectorKey| pool.inspectors.iter().position(|inspector| inspector.id == *key);
    let mut roster = Roster::new(&pool, &rules);
    for other in &tasks {
        for inspector in other.inspectors.iter().filter_map(inspector_at) {
            slot_at(other).into_iter().for_each(|slot| roster.give(slot, inspector));
        }
    }
    let earlier = redraws.iter().filter(|redraw| redraw.task == number);
    let gone: Vec<InspectorKey> = earlier.map(|redraw| redraw.recused).collect();
    let key_at = |at: usize| pool.inspectors.get(at).map(|inspector| inspector.id);
    let candidates: Vec<usize> = Recusals::of(&pool)
        .eligible(point)
        .into_iter()
        .filter(|at| roster.is_free(slot, *at))
        .filter(|at| key_at(*at).is_some_and(|key| !gone.contains(&key) && !task.inspectors.contains(&key)))
        .collect();
    let count = u32::try_from(gone.len()).unwrap_or(u32::MAX).saturating_add(1);
    let mut stream = Stream::new(seed, &format!("anfang-draw/1 redraw {number} {count}"));
    let replacement = roster.draw(&candidates, &mut stream).and_then(key_at);
    Ok(Redraw { task: number, count, recused, replacement })
}
