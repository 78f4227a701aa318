//! Draws replayed by an independent program: `tests/draw_replay.py`, written from `docs/DRAW.md` in another language.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anfang::domain::time::Timestamp;
use anfang::domain::visit::repeat::{Choice, Choices, RepeatProof, RepeatState};
use anfang::domain::{draw, ids};
use draw::{Proof, Seed, redraw, tasks_after};
use ids::{InspectorKey, RepeatDrawId, VisitId};
use uuid::Uuid;

#[path = "../../src/domain/draw/tests/world.rs"]
#[allow(dead_code, reason = "the domain's own tests use the rest")]
mod world;

use world::Dice;

fn replay(file: &Path, kept: Option<&str>) -> std::io::Result<Output> {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/draw_replay.py");
    Command::new("python3").arg(program).arg(file).args(kept).env("PYTHONIOENCODING", "utf-8").output()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What the program says of the stored proof of a draw of repeat visits; `None` where there is no Python.
pub fn replay_repeats(proof: &RepeatProof, kept: Option<&str>) -> Option<(bool, String)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("repeats.json");
    std::fs::write(&path, serde_json::to_vec(proof).unwrap()).unwrap();
    let Ok(output) = replay(&path, kept) else {
        assert!(std::env::var_os("CI").is_none(), "python3 is missing");
        return None;
    };
    let said = text(&output);
    assert_eq!(output.status.code(), Some(i32::from(!said.contains("THE SAME: "))), "{said}");
    Some((output.status.success(), said))
}

/// A draw of repeat visits in which some visits have no slot, some nobody, and some share their people.
fn repeats(start: u64) -> RepeatProof {
    let mut dice = Dice::new(start);
    let id = |dice: &mut Dice| Uuid::from_slice(&dice.bytes()[..16]).unwrap();
    let visits: Vec<VisitId> = (0..dice.below(200)).map(|_| VisitId(id(&mut dice))).collect();
    let people: Vec<InspectorKey> = (0..1 + dice.below(4)).map(|_| InspectorKey(id(&mut dice))).collect();
    let seed = Seed::from_bytes(dice.bytes());
    let (draw, carried) = (RepeatDrawId(id(&mut dice)), dice.small(100));
    let made = RepeatProof::make(draw, seed, carried, visits, |visit| {
        let has_slots = dice.below(8) > 0;
        let hours: Vec<i64> = (8..20).filter(|_| has_slots && dice.below(6) == 0).collect();
        let at = |hour: i64| Timestamp::from_micros(1_785_000_000_000_000 + hour * 3_600_000_000);
        let mut choices: Vec<Choice> = people
            .iter()
            .flat_map(|inspector| {
                hours.iter().map(|hour| Choice { from: at(*hour), to: at(hour + 1), inspector: *inspector })
            })
            .filter(|_| dice.below(3) > 0)
            .collect();
        choices.sort_unstable();
        Ok::<_, ()>(Choices { visit, has_slots, choices })
    });
    made.unwrap()
}

#[test]
fn another_program_draws_the_same_visits_again() {
    let mut states = std::collections::BTreeMap::new();
    for start in 0..60 {
        let proof = repeats(start);
        let Some((is_same, said)) = replay_repeats(&proof, Some(&proof.digest().to_string())) else { return };
        assert!(is_same, "{start}: {said}");
        let last = format!("THE SAME: {} of {} visits", proof.given.len(), proof.visits.len());
        assert_eq!(said.lines().last(), Some(&*last), "{start}");
        proof.given.iter().for_each(|given| *states.entry(given.state).or_insert(0) += 1);
        if proof.given.is_empty() || start % 3 != 0 {
            continue;
        }
        let changes: [fn(&mut RepeatProof); 6] = [
            |proof| proof.left += 1,
            |proof| proof.percent += 1,
            |proof| proof.carried += 100,
            |proof| proof.visits.reverse(),
            |proof| proof.given[0].state = RepeatState::NoSlot,
            |proof| proof.choices[0].choices.truncate(1),
        ];
        for (at, change) in changes.iter().enumerate() {
            let mut other = proof.clone();
            change(&mut other);
            let (is_same, said) = replay_repeats(&other, None).unwrap();
            // Both programs judge it alike.
            assert_eq!(is_same, other.replays(), "{start}, change {at}: {said}");
            // The first four are of no valid proof; the last two may have changed nothing.
            assert!(!is_same || at > 3, "{start}, change {at}: {said}");
            assert!(
                other.digest() == proof.digest()
                    || !replay_repeats(&other, Some(&proof.digest().to_string())).unwrap().0
            );
        }
    }
    let least = states.values().copied().min();
    assert!(states.len() == RepeatState::ALL.len() && least > Some(10), "{states:?}");
}

/// A proof with up to four redraws.
fn proof(start: u64) -> Proof {
    let mut dice = Dice::new(start);
    let (points, people) = (10 + dice.below(150), 2 + dice.below(50));
    let (pool, rules) = (world::pool(&mut dice, points, people), world::rules(&mut dice));
    let batch = ids::BatchId(uuid::Uuid::from_u128(u128::from(start)));
    let mut proof = Proof::new(batch, 1 + dice.small(3), world::reveal(&mut dice), &pool, &rules).unwrap();
    for _ in 0..dice.below(5) {
        let tasks = tasks_after(&proof.outcome, &proof.redraws);
        if tasks.is_empty() {
            break;
        }
        let task = dice.one_of(&tasks);
        let recused = dice.one_of(&task.inspectors);
        let seed = proof.seed;
        proof.redraws.push(redraw(&pool, &rules, &seed, &proof.outcome, &proof.redraws, task.number, recused).unwrap());
    }
    proof
}

#[test]
fn another_program_draws_the_same() {
    if Command::new("python3").arg("--version").output().is_err() {
        return assert!(std::env::var_os("CI").is_none(), "python3 is missing");
    }
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, proof: &Proof| -> PathBuf {
        let path = folder.path().join(name);
        std::fs::write(&path, serde_json::to_vec(proof).unwrap()).unwrap();
        path
    };
    let (mut tasks, mut redraws) = (0, 0);
    for start in 0..60 {
        let mut proof = proof(start);
        let kept = proof.commitment_sha256.to_string();
        let output = replay(&file("same.json", &proof), Some(&kept)).unwrap();
        let said = text(&output);
        assert!(output.status.success(), "{start}: {said}{}", String::from_utf8_lossy(&output.stderr));
        let after = tasks_after(&proof.outcome, &proof.redraws);
        let last = format!("THE SAME: {} tasks, {} redraws", after.len(), proof.redraws.len());
        assert_eq!(said.lines().last(), Some(&*last), "{start}");
        (tasks, redraws) = (tasks + after.len(), redraws + proof.redraws.len());
        if start % 4 != 0 {
            continue;
        }
        // One number of the pool, of the outcome or of the commitment is another one.
        match (start % 12, proof.outcome.tasks.first_mut()) {
            (0, Some(task)) => task.number += 1,
            (4, _) => proof.commitment.attempt += 1,
            _ => proof.pool.units[0].visits_this_month += 1,
        }
        let output = replay(&file("other.json", &proof), None).unwrap();
        assert_eq!(output.status.code(), Some(1), "{start}");
        assert!(text(&output).starts_with("DIFFERS: "), "{start}: {}", text(&output));
    }
    assert!(tasks > 400 && redraws > 80, "too little was compared: {tasks} tasks, {redraws} redraws");
    let output = replay(&file("same.json", &proof(1)), Some(&"0".repeat(64))).unwrap();
    assert!(output.status.code() == Some(1) && text(&output).contains("kept"));
}
