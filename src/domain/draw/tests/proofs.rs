//! Commitments and proofs, and how a single changed byte is noticed.

use super::draw::{Commitment, Mismatch, Nonce, Proof, Reveal, Secret, redraw, seed_of, tasks_after};
use super::world::{self, Dice, plain_pool, plain_rules};
use super::*;
use crate::domain::digest::Digest;
use crate::domain::ids::BatchId;

fn batch() -> BatchId {
    BatchId(uuid::Uuid::from_u128(0x11_4000_8000_0000_0000_0001))
}

/// A proof with redraws.
fn proof(start: u64) -> Proof {
    let mut dice = Dice::new(start);
    let (pool, rules) = (world::pool(&mut dice, 9, 7), world::rules(&mut dice));
    let mut proof = Proof::new(batch(), 1, world::reveal(&mut dice), &pool, &rules).unwrap();
    for _ in 0..3 {
        let tasks = tasks_after(&proof.outcome, &proof.redraws);
        let Some(task) = tasks.first() else { break };
        let made = redraw(&pool, &rules, &proof.seed, &proof.outcome, &proof.redraws, task.number, task.inspectors[0]);
        proof.redraws.push(made.unwrap());
    }
    proof
}

/// The inputs of the example in `docs/DRAW.md`.
fn example() -> (Secret, Nonce, Pool, Rules) {
    let counting = |from: u8| std::array::from_fn(|at| from + u8::try_from(at).unwrap());
    let (secret, nonce) = (Secret::from_bytes(counting(0)), Nonce::from_bytes(counting(0x20)));
    let mut pool = plain_pool(4, 3);
    let (first, unit) = (pool.points[0].id, pool.points[0].lead_unit);
    pool.inspectors[0].recused_points.insert(first);
    pool.points[3].other_units.insert(unit);
    pool.points[3].severe = true;
    pool.points[2].days_since_visit = None;
    let mut rules = Rules { evening_min: 1, pair_severe: true, ..plain_rules(2) };
    rules.slots.truncate(2);
    (secret, nonce, pool, rules)
}

fn text(proof: &Proof) -> String {
    serde_json::to_string(proof).unwrap()
}

/// A proof with several tasks and redraws, two of which are of the same task.
fn rich() -> Proof {
    let is_rich = |proof: &Proof| {
        proof.outcome.tasks.len() > 2 && matches!(&proof.redraws[..], [one, two, _] if one.task == two.task)
    };
    (0..).map(proof).find(is_rich).unwrap()
}

#[test]
fn a_proof_is_read_and_verified() {
    for start in 0..60 {
        let proof = proof(start);
        let again = Proof::read(text(&proof).as_bytes()).unwrap();
        assert_eq!(again, proof);
        assert_eq!(again.verify(None), Ok(()));
        assert_eq!(again.verify(Some(&proof.commitment_sha256)), Ok(()));
        let other = Digest::of(b"another");
        assert_eq!(again.verify(Some(&other)), Err(Mismatch::Commitment(proof.commitment.digest())));
        // Spaces and the order of members do not matter.
        let pretty = serde_json::to_string_pretty(&serde_json::to_value(&proof).unwrap()).unwrap();
        assert_eq!(Proof::read(pretty.as_bytes()), Ok(proof));
    }
}

/// Every byte in turn is changed into another that the same place could have. Redraws are not fixed beforehand: what
/// another person declared for another task may be as consistent.
#[test]
fn any_changed_byte_is_found() {
    let (secret, nonce, pool, rules) = example();
    let proof = Proof::new(batch(), 1, Reveal { secret, nonce }, &pool, &rules).unwrap();
    let kept = proof.commitment_sha256;
    let text = text(&proof);
    let mut tried = 0;
    for at in 0..text.find("\"redraws\"").unwrap() {
        let mut bytes = text.clone().into_bytes();
        bytes[at] = match bytes[at] {
            b'9' | b'f' => b'0',
            digit @ (b'0'..=b'8' | b'a'..=b'e') => digit + 1,
            other => other ^ 1,
        };
        let checked = Proof::read(&bytes).and_then(|changed| changed.verify(Some(&kept)));
        assert!(checked.is_err(), "byte {at}: {}", String::from_utf8_lossy(&bytes[at.saturating_sub(60)..at + 20]));
        tried += 1;
    }
    assert!(tried > 2_500);
}

#[test]
fn what_differs_is_named() {
    let proof = rich();
    let found = |change: fn(&mut Proof)| {
        let mut changed = proof.clone();
        change(&mut changed);
        changed.verify(None).unwrap_err()
    };
    assert!(matches!(found(|proof| proof.format.push('0')), Mismatch::Form(_)));
    assert!(matches!(found(|proof| proof.commitment.algorithm.push('0')), Mismatch::Form(_)));
    assert!(matches!(found(|proof| proof.commitment.attempt = 2), Mismatch::Commitment(_)));
    assert!(matches!(found(|proof| proof.pool.points[0].open_rebounds += 1), Mismatch::Pool(_)));
    assert!(matches!(found(|proof| drop(proof.pool.points.remove(0))), Mismatch::Pool(_)));
    assert!(matches!(found(|proof| proof.rules.open_places += 1), Mismatch::Rules(_)));
    assert!(matches!(found(|proof| proof.rules.open_places = 0), Mismatch::Inputs(_)));
    assert_eq!(found(|proof| proof.reveal.secret = Secret::from_bytes([1; 32])), Mismatch::Secret);
    // Another nonce is another draw.
    let other = found(|proof| proof.reveal.nonce = Nonce::from_bytes([1; 32]));
    assert_eq!(other, Mismatch::Seed);
    let other = found(|proof| {
        proof.reveal.nonce = Nonce::from_bytes([1; 32]);
        proof.seed = seed_of(&proof.reveal.secret, &proof.reveal.nonce, &proof.commitment_sha256);
    });
    assert!(matches!(other, Mismatch::Outcome { .. }));
    let replaced = found(|proof| {
        let [first, second] = [0, 1].map(|at: usize| proof.outcome.code_names[at].inspector);
        let old = proof.outcome.tasks[0].inspectors[0];
        proof.outcome.tasks[0].inspectors[0] = if first == old { second } else { first };
    });
    let Mismatch::Outcome { pointer, recorded, replayed } = &replaced else { panic!("{replaced:?}") };
    assert_eq!(pointer, "/tasks/0/inspectors/0");
    assert_ne!(recorded, replayed);
    assert!(replaced.to_string().contains("/tasks/0/inspectors/0"));
    let missing = found(|proof| drop(proof.outcome.tasks.pop()));
    assert!(matches!(missing, Mismatch::Outcome { pointer, recorded, .. }
        if pointer.starts_with("/tasks/") && recorded == "nothing"));
    assert!(matches!(found(|proof| proof.redraws[0].count += 1), Mismatch::Redraw { at: 0, .. }));
    assert!(matches!(found(|proof| proof.redraws[1].task = 900), Mismatch::NoRedraw { at: 1, .. }));
    // A redraw that is left out is found, unless it was the last one of its task.
    let left_out = found(|proof| proof.redraws = proof.redraws.split_off(1));
    assert!(matches!(left_out, Mismatch::Redraw { at: 0, .. } | Mismatch::NoRedraw { at: 0, .. }));
}

#[test]
fn a_proof_has_one_form() {
    let written = text(&rich());
    let refused = |from: &str, to: &str| {
        assert!(written.contains(from), "{from}");
        let changed = written.replacen(from, to, 1);
        assert!(matches!(Proof::read(changed.as_bytes()), Err(Mismatch::Form(_))), "{to}");
    };
    refused("\"attempt\":1", "\"attempt\":1.0");
    refused("\"attempt\":1", "\"attempt\":1e0");
    refused("\"attempt\":1", "\"attempt\":-1");
    refused("\"attempt\":1", "\"attempt\":1,\"attempt\":1");
    refused("\"attempt\":1", "\"attempt\":1,\"unknown\":1");
    refused("\"attempt\":1,", "");
    refused("-4000-8000-", "-4000-8000-0");
    refused("2026-08-0", "2026-8-0");
    let hex = rich().commitment_sha256.to_string();
    refused(&hex, &hex.to_uppercase());
}

/// Who knows only one half of the seed does not know the seed: each half alone changes every draw.
#[test]
fn each_half_and_each_input_makes_another_seed() {
    let (pool, rules) = (plain_pool(5, 3), plain_rules(2));
    let seed = |batch: BatchId, attempt: u32, secret: u8, nonce: u8, pool: &Pool, rules: &Rules| {
        let reveal = Reveal { secret: Secret::from_bytes([secret; 32]), nonce: Nonce::from_bytes([nonce; 32]) };
        *Proof::new(batch, attempt, reveal, pool, rules).unwrap().seed.as_bytes()
    };
    let mut seen = std::collections::HashSet::new();
    assert!(seen.insert(seed(batch(), 1, 1, 1, &pool, &rules)));
    assert!(seen.insert(seed(batch(), 1, 2, 1, &pool, &rules)));
    assert!(seen.insert(seed(batch(), 1, 1, 2, &pool, &rules)));
    assert!(seen.insert(seed(batch(), 2, 1, 1, &pool, &rules)));
    assert!(seen.insert(seed(BatchId(uuid::Uuid::from_u128(2)), 1, 1, 1, &pool, &rules)));
    assert!(seen.insert(seed(batch(), 1, 1, 1, &plain_pool(6, 3), &rules)));
    assert!(seen.insert(seed(batch(), 1, 1, 1, &pool, &plain_rules(3))));
    assert!(!seen.insert(seed(batch(), 1, 1, 1, &pool, &rules)));
}

/// The vectors of `docs/DRAW.md`.
#[test]
fn the_specification_shows_what_the_code_does() {
    let (secret, nonce, pool, rules) = example();
    let commitment = Commitment::of(batch(), 1, &secret, &pool, &rules);
    let mut proof = Proof::new(batch(), 1, Reveal { secret, nonce }, &pool, &rules).unwrap();
    assert_eq!(proof.commitment, commitment);
    let task = proof.outcome.tasks[0].clone();
    let made = redraw(&pool, &rules, &proof.seed, &proof.outcome, &[], task.number, task.inspectors[0]).unwrap();
    proof.redraws.push(made);
    assert_eq!(proof.verify(None), Ok(()));
    let specification = include_str!("../../../../docs/DRAW.md");
    let seed = Digest::from_bytes(*proof.seed.as_bytes()).to_string();
    let shown = [
        serde_json::to_value(&proof.pool).unwrap().to_string(),
        serde_json::to_value(&proof.rules).unwrap().to_string(),
        serde_json::to_value(&proof.commitment).unwrap().to_string(),
        serde_json::to_value(&proof.outcome).unwrap().to_string(),
        serde_json::to_value(&proof.redraws).unwrap().to_string(),
        commitment.secret_sha256.to_string(),
        commitment.pool_sha256.to_string(),
        commitment.rules_sha256.to_string(),
        commitment.digest().to_string(),
        seed,
    ];
    let lacks = |value: &&String| !specification.lines().any(|line| line == **value);
    let lacking: Vec<&String> = shown.iter().filter(lacks).collect();
    assert!(lacking.is_empty(), "docs/DRAW.md lacks these lines: {lacking:#?}");
}
