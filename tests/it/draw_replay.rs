//! The draw replayed by an independent program: `tests/draw_replay.py`, written from `docs/DRAW.md` in another
//! language.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anfang::domain::{draw, ids};
use draw::{Proof, redraw, tasks_after};

#[path = "../../src/domain/draw/tests/world.rs"]
#[allow(dead_code, reason = "the domain's own tests use the rest")]
mod world;

use world::Dice;

fn replay(file: &Path, kept: Option<&str>) -> std::io::Result<Output> {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/draw_replay.py");
    Command::new("python3").arg(program).arg(file).args(kept).env("PYTHONIOENCODING", "utf-8").output()
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
    let text = |output: &Output| String::from_utf8_lossy(&output.stdout).into_owned();
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
