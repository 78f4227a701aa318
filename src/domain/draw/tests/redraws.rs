//! Redraws after a declared conflict.

use std::collections::{BTreeSet, HashSet};

use proptest::prelude::*;

use super::draw::{NoRedraw, Redraw, redraw, tasks_after};
use super::world::{self, Dice, plain_pool, plain_rules, seed};
use super::*;
use crate::domain::ids::InspectorKey;

#[test]
fn only_the_recused_person_is_replaced() {
    let mut pool = plain_pool(10, 6);
    pool.points.iter_mut().for_each(|point| point.severe = true);
    let rules = Rules { pair_severe: true, ..plain_rules(6) };
    let outcome = drawn(&pool, &rules, &seed(3));
    let [leaves, stays] = outcome.tasks[2].inspectors[..] else { panic!("a pair") };
    let first = redraw(&pool, &rules, &seed(3), &outcome, &[], 3, leaves).unwrap();
    let comes = first.replacement.unwrap();
    assert_eq!((first.task, first.count, first.recused), (3, 1, leaves));
    assert!(comes != leaves && comes != stays);
    let tasks = tasks_after(&outcome, std::slice::from_ref(&first));
    for (before, after) in outcome.tasks.iter().zip(&tasks) {
        if before.number == 3 {
            assert_eq!(after.inspectors, [comes, stays]);
            assert_eq!((before.point, &before.slot), (after.point, &after.slot));
        } else {
            assert_eq!(before, after);
        }
    }
    // An inspector who was redrawn is not drawn again.
    let mut redraws = vec![first];
    let mut gone = HashSet::from([leaves]);
    loop {
        let task = tasks_after(&outcome, &redraws).into_iter().find(|task| task.number == 3);
        let Some(leaves) = task.map(|task| task.inspectors[0]) else { break };
        assert!(gone.insert(leaves));
        let next = redraw(&pool, &rules, &seed(3), &outcome, &redraws, 3, leaves).unwrap();
        assert_eq!(next.count, u32::try_from(redraws.len()).unwrap() + 1);
        redraws.push(next);
    }
    assert_eq!(redraws.last().unwrap().replacement, None, "nobody is left, so the task is dropped");
    assert_eq!(tasks_after(&outcome, &redraws).len(), outcome.tasks.len() - 1);
    let again = redraw(&pool, &rules, &seed(3), &outcome, &redraws, 3, leaves);
    assert_eq!(again, Err(NoRedraw::NoTask(3)));
}

#[test]
fn a_redraw_of_what_is_not_there_is_refused() {
    let (pool, rules) = (plain_pool(4, 3), plain_rules(2));
    let outcome = drawn(&pool, &rules, &seed(3));
    let ask = |task: u32, who: InspectorKey| redraw(&pool, &rules, &seed(3), &outcome, &[], task, who);
    let assigned = outcome.tasks[0].inspectors[0];
    let other = pool.inspectors.iter().map(|one| one.id).find(|id| *id != assigned).unwrap();
    assert_eq!(ask(3, assigned), Err(NoRedraw::NoTask(3)));
    assert_eq!(ask(1, other), Err(NoRedraw::NotAssigned(1, other)));
    assert!(ask(1, assigned).is_ok());
    let wrong = Rules { open_places: 0, ..rules.clone() };
    let refused = redraw(&pool, &wrong, &seed(3), &outcome, &[], 1, assigned);
    assert!(matches!(refused, Err(NoRedraw::Invalid(_))));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn a_replacement_is_eligible_and_free(start: u64) {
        let mut dice = Dice::new(start);
        let (pool, rules) = (world::pool(&mut dice, 40, 14), world::rules(&mut dice));
        let outcome = drawn(&pool, &rules, &seed(start));
        let mut redraws: Vec<Redraw> = Vec::new();
        for _ in 0..8 {
            let tasks = tasks_after(&outcome, &redraws);
            if tasks.is_empty() {
                break;
            }
            let task = dice.one_of(&tasks);
            let recused = dice.one_of(&task.inspectors);
            redraws.push(redraw(&pool, &rules, &seed(start), &outcome, &redraws, task.number, recused).unwrap());
            let mut busy = BTreeSet::new();
            let after = tasks_after(&outcome, &redraws);
            for task in &after {
                let people = people_of(&pool, task);
                prop_assert!(people.iter().all(|one| may_visit(one, point_of(&pool, task))));
                prop_assert!(people.iter().all(|one| busy.insert((task.slot.clone(), one.id))));
            }
            let load = |one: &InspectorKey| after.iter().filter(|task| task.inspectors.contains(one)).count();
            let limit = usize::try_from(rules.tasks_per_inspector_max).unwrap();
            prop_assert!(pool.inspectors.iter().all(|one| load(&one.id) <= limit));
        }
    }
}
