//! `anfang draw`: checks the proof of a draw. It needs neither a database nor a running service.

use std::path::PathBuf;

use clap::Subcommand;

use super::{Failure, say};
use crate::domain::digest::Digest;
use crate::domain::draw::{Proof, tasks_after};
use crate::domain::month::sample_proof::{SampleMismatch, SampleProof};

/// Bytes of a proof file that is read. Source: our choice; a pool of 50,000 points is about 20 MB.
const PROOF_BYTES_MAX: u64 = 256 * 1024 * 1024;

#[derive(Debug, Subcommand)]
pub(super) enum DrawCommand {
    /// Replays the draw of a proof file, and says whether it is what was drawn.
    Verify {
        /// The file: the `proof` of `GET /api/v1/batches/{id}/draw`, or of `GET /api/v1/look-back-samples/{id}/proof`,
        /// by itself.
        file: PathBuf,
        /// The digest of the commitment that the approver kept, or of the sample's proof in the audit record: 64
        /// hexadecimal digits.
        #[arg(long, value_parser = digest)]
        kept: Option<Digest>,
    },
}

fn digest(text: &str) -> Result<Digest, String> {
    Digest::parse_hex(text).ok_or_else(|| "64 hexadecimal digits".to_owned())
}

pub(super) fn run(command: DrawCommand) -> Result<(), Failure> {
    let DrawCommand::Verify { file, kept } = command;
    let size = std::fs::metadata(&file).map_err(|error| format!("{}: {error}", file.display()))?.len();
    if size > PROOF_BYTES_MAX {
        return Err(format!("{}: larger than any proof", file.display()));
    }
    let text = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    if SampleProof::is_claimed_by(&text) {
        return verify_sample(&text, kept.as_ref());
    }
    let differs = |mismatch: crate::domain::draw::Mismatch| format!("DIFFERS 不一致: {mismatch}");
    let proof = Proof::read(&text).map_err(differs)?;
    proof.verify(kept.as_ref()).map_err(differs)?;
    say(&format!("batch 批次 {}, attempt 第 {} 次", proof.commitment.batch, proof.commitment.attempt));
    say(&format!("commitment 承诺值 {}", proof.commitment_sha256));
    if kept.is_none() {
        say("not compared with a kept commitment 未与留存的承诺值比对: name it by --kept");
    }
    let tasks = tasks_after(&proof.outcome, &proof.redraws).len();
    say(&format!("THE SAME 一致: {tasks} tasks, {} redraws", proof.redraws.len()));
    Ok(())
}

fn verify_sample(text: &[u8], kept: Option<&Digest>) -> Result<(), Failure> {
    let differs = |mismatch: SampleMismatch| format!("DIFFERS 不一致: {mismatch}");
    let proof = SampleProof::read(text).map_err(differs)?;
    proof.verify(kept).map_err(differs)?;
    say(&format!("sample 样本 {}, {} {}", proof.pool.sample, proof.pool.kind.zh(), proof.pool.period));
    say(&format!("proof 凭证摘要 {}", proof.digest()));
    if kept.is_none() {
        say("not compared with a kept digest 未与留存的摘要比对: name it by --kept");
    }
    let (drawn, population) = (proof.outcome.drawn.len(), proof.outcome.population);
    say(&format!("THE SAME 一致: {drawn} of {population} issues"));
    Ok(())
}
