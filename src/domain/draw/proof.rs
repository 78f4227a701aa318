//! The proof of a draw 抽取凭证: what was fixed before, what was revealed after, and how anybody can check it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::bytes::{Nonce, Secret, Seed};
use super::outcome::{Outcome, Redraw};
use super::pool::Pool;
use super::redraw::{NoRedraw, redraw};
use super::rules::{ALGORITHM, Rules};
use super::stream::hmac_sha256;
use super::{draw, validate};
use crate::domain::digest::Digest;
use crate::domain::ids::BatchId;
use crate::domain::invalid::Invalid;

/// The format of the proof file.
pub const PROOF_FORMAT: &str = "anfang-draw-proof/1";

/// What is fixed when the plan is approved, before the approver's nonce is known to anybody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Commitment {
    /// [`ALGORITHM`].
    pub algorithm: String,
    /// The batch.
    pub batch: BatchId,
    /// Which commitment of this batch it is, from 1. A number above 1 says that somebody started again.
    pub attempt: u32,
    /// SHA-256 over `anfang-draw/1 secret`, a zero byte and the 32 bytes of the secret.
    pub secret_sha256: Digest,
    /// The digest of the pool.
    pub pool_sha256: Digest,
    /// The digest of the rules.
    pub rules_sha256: Digest,
}

/// The two halves of the seed, published together after the release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reveal {
    /// The server's.
    pub secret: Secret,
    /// The approver's.
    pub nonce: Nonce,
}

/// The file that whoever may check the draw downloads after the release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proof {
    /// [`PROOF_FORMAT`].
    pub format: String,
    /// What was fixed.
    pub commitment: Commitment,
    /// Its digest, which the approver was shown and kept.
    pub commitment_sha256: Digest,
    /// What was revealed.
    pub reveal: Reveal,
    /// The seed that follows from commitment and reveal.
    pub seed: Seed,
    /// The pool that was drawn from.
    pub pool: Pool,
    /// The rules that it was drawn by.
    pub rules: Rules,
    /// What was drawn.
    pub outcome: Outcome,
    /// Redraws after declared conflicts, in the order in which they were made.
    pub redraws: Vec<Redraw>,
}

/// The first thing that differs between a proof and what it claims.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// The file is no proof of this format, or is not written in its one form.
    #[error("not a proof file: {0}")]
    Form(String),
    /// Pool or rules cannot have been drawn from.
    #[error("the pool or the rules are wrong: {}", .0.0.first().map_or("", |fault| &*fault.pointer))]
    Inputs(Invalid),
    /// The secret is not the one committed to.
    #[error("the secret is not the one that was committed to")]
    Secret,
    /// The pool is not the one committed to.
    #[error("the pool is not the one that was committed to: its digest is {0}")]
    Pool(Digest),
    /// The rules are not the ones committed to.
    #[error("the rules are not the ones that were committed to: their digest is {0}")]
    Rules(Digest),
    /// The commitment does not have the digest beside it, or is not the one that the reader kept.
    #[error("the commitment has the digest {0}, which is not the one beside it or not the one that was kept")]
    Commitment(Digest),
    /// The seed does not follow from secret, nonce and commitment: one of them, mostly the nonce, is not what was drawn
    /// with. In a small pool another nonce may have the same outcome.
    #[error("the seed does not follow from secret, nonce and commitment")]
    Seed,
    /// The draw gives something else.
    #[error("the outcome differs at {pointer}: recorded {recorded}, replayed {replayed}")]
    Outcome {
        /// JSON Pointer into the outcome.
        pointer: String,
        /// JSON as recorded.
        recorded: String,
        /// JSON as replayed.
        replayed: String,
    },
    /// A redraw gives something else. Its place in the list, from 0.
    #[error("redraw {at} differs: replayed {}", serde_json::json!(replayed))]
    Redraw {
        /// Place in the list, from 0.
        at: usize,
        /// What the replay gives.
        replayed: Redraw,
    },
    /// A redraw that could not have been made.
    #[error("redraw {at} could not have been made: {why}")]
    NoRedraw {
        /// Place in the list, from 0.
        at: usize,
        /// Why.
        why: NoRedraw,
    },
}

impl Commitment {
    /// The commitment to this secret, pool and rules.
    #[must_use]
    pub fn of(batch: BatchId, attempt: u32, secret: &Secret, pool: &Pool, rules: &Rules) -> Self {
        Commitment {
            algorithm: ALGORITHM.into(),
            batch,
            attempt,
            secret_sha256: secret_digest(secret),
            pool_sha256: pool.digest(),
            rules_sha256: rules.digest(),
        }
    }

    /// What the approver is shown and keeps.
    #[must_use]
    pub fn digest(&self) -> Digest {
        super::digest("anfang-draw/1 commitment", self)
    }
}

fn secret_digest(secret: &Secret) -> Digest {
    Digest::of(&[b"anfang-draw/1 secret\0".as_slice(), secret.as_bytes()].concat())
}

/// The seed of a draw: HMAC-SHA256 with the secret as the key over `anfang-draw/1 seed`, a zero byte, the nonce and the
/// digest of the commitment.
#[must_use]
pub fn seed_of(secret: &Secret, nonce: &Nonce, commitment: &Digest) -> Seed {
    let parts: [&[u8]; 3] = [b"anfang-draw/1 seed\0", nonce.as_bytes(), commitment.as_bytes()];
    Seed::from_bytes(hmac_sha256(secret.as_bytes(), &parts))
}

impl Proof {
    /// Draws, and makes the proof of it.
    ///
    /// # Errors
    /// Every field of pool and rules that is wrong.
    pub fn new(batch: BatchId, attempt: u32, reveal: Reveal, pool: &Pool, rules: &Rules) -> Result<Self, Invalid> {
        let commitment = Commitment::of(batch, attempt, &reveal.secret, pool, rules);
        let commitment_sha256 = commitment.digest();
        let seed = seed_of(&reveal.secret, &reveal.nonce, &commitment_sha256);
        let outcome = draw(pool, rules, &seed)?;
        Ok(Proof {
            format: PROOF_FORMAT.into(),
            commitment,
            commitment_sha256,
            reveal,
            seed,
            pool: pool.sorted(),
            rules: rules.sorted(),
            outcome,
            redraws: Vec::new(),
        })
    }

    /// Reads a proof file. What it says must be written as this module writes it, apart from spaces and the order of
    /// members: an id in capital letters or a number such as `1.0` is refused, so that every program reads the same.
    ///
    /// # Errors
    /// [`Mismatch::Form`].
    pub fn read(text: &[u8]) -> Result<Self, Mismatch> {
        let form = |error: serde_json::Error| Mismatch::Form(error.to_string());
        // Straight into the type, which refuses members that come twice.
        let proof: Proof = serde_json::from_slice(text).map_err(form)?;
        let written: Value = serde_json::from_slice(text).map_err(form)?;
        let again = serde_json::to_value(&proof).map_err(form)?;
        match difference("", &written, &again) {
            None => Ok(proof),
            Some((pointer, ..)) => Err(Mismatch::Form(format!("{pointer} is not written in the one form"))),
        }
    }

    /// Replays the draw and all redraws. A reader who kept the digest of the commitment passes it as `kept`; without
    /// it, the proof shows only that it is consistent, not that it was fixed beforehand. The approver also compares the
    /// nonce with the one that the browser kept.
    ///
    /// # Errors
    /// The first thing that differs.
    pub fn verify(&self, kept: Option<&Digest>) -> Result<(), Mismatch> {
        if self.format != PROOF_FORMAT {
            return Err(Mismatch::Form(format!("the format is not {PROOF_FORMAT}")));
        }
        if self.commitment.algorithm != ALGORITHM {
            return Err(Mismatch::Form(format!("the algorithm is not {ALGORITHM}")));
        }
        validate(&self.pool, &self.rules).map_err(Mismatch::Inputs)?;
        let digest = self.commitment.digest();
        if digest != self.commitment_sha256 || kept.is_some_and(|kept| *kept != digest) {
            return Err(Mismatch::Commitment(digest));
        }
        if secret_digest(&self.reveal.secret) != self.commitment.secret_sha256 {
            return Err(Mismatch::Secret);
        }
        let (pool, rules) = (self.pool.digest(), self.rules.digest());
        if pool != self.commitment.pool_sha256 {
            return Err(Mismatch::Pool(pool));
        }
        if rules != self.commitment.rules_sha256 {
            return Err(Mismatch::Rules(rules));
        }
        let seed = seed_of(&self.reveal.secret, &self.reveal.nonce, &digest);
        if seed != self.seed {
            return Err(Mismatch::Seed);
        }
        let replayed = draw(&self.pool, &self.rules, &seed).map_err(Mismatch::Inputs)?;
        let json = |outcome: &Outcome| serde_json::to_value(outcome).unwrap_or_default();
        if let Some((pointer, recorded, replayed)) = difference("", &json(&self.outcome), &json(&replayed)) {
            return Err(Mismatch::Outcome { pointer, recorded, replayed });
        }
        for (at, made) in self.redraws.iter().enumerate() {
            let earlier = self.redraws.get(..at).unwrap_or_default();
            let again = redraw(&self.pool, &self.rules, &seed, &replayed, earlier, made.task, made.recused);
            let again = again.map_err(|why| Mismatch::NoRedraw { at, why })?;
            if again != *made {
                return Err(Mismatch::Redraw { at, replayed: again });
            }
        }
        Ok(())
    }
}

/// The first difference of two JSON values: a pointer to it, and what is there in each; `nothing` where there is none.
fn difference(pointer: &str, one: &Value, other: &Value) -> Option<(String, String, String)> {
    match (one, other) {
        (Value::Object(ones), Value::Object(others)) => ones.keys().chain(others.keys()).find_map(|name| {
            let below = format!("{pointer}/{name}");
            match (ones.get(name), others.get(name)) {
                (Some(one), Some(other)) => difference(&below, one, other),
                (one, other) => Some((below, shown(one), shown(other))),
            }
        }),
        (Value::Array(ones), Value::Array(others)) => (0..ones.len().max(others.len())).find_map(|at| {
            let below = format!("{pointer}/{at}");
            match (ones.get(at), others.get(at)) {
                (Some(one), Some(other)) => difference(&below, one, other),
                (one, other) => Some((below, shown(one), shown(other))),
            }
        }),
        (one, other) => (one != other).then(|| (pointer.to_owned(), shown(Some(one)), shown(Some(other)))),
    }
}

fn shown(value: Option<&Value>) -> String {
    value.map_or_else(|| "nothing".to_owned(), ToString::to_string)
}
