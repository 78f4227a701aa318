//! What readers may know of a draw: its commitment at once, everything else after the release.

use crate::app::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, AuditEntry};
use crate::domain::batch::BatchState;
use crate::domain::digest::Digest;
use crate::domain::draw::{Commitment, PROOF_FORMAT, Proof, Reveal, seed_of};
use crate::domain::ids::BatchId;
use crate::domain::policy::Permission;
use crate::store::batches::{self, Draw};
use crate::store::{Conn, audit};

/// A draw, as far as it may be known.
#[derive(Debug)]
pub struct ShownDraw {
    /// Every commitment of the batch, the first first; more than one says that somebody started again.
    pub commitments: Vec<Commitment>,
    /// The proof, once the batch is released.
    pub proof: Option<Proof>,
}

/// The draw of a batch. Reading the proof is recorded, because it contains who was recused from what.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when there is no such batch.
pub async fn read(app: &App, caller: &Caller, id: BatchId) -> Result<ShownDraw> {
    caller.require(Permission::ReadDraws)?;
    let shown = app.store.read(move |conn| shown(conn, id)).await?;
    if shown.proof.is_some() {
        let (by, target) = (Some(&caller.actor), format!("batch:{id}"));
        let entry = AuditEntry::done(app.now(), by, AuditAction::DrawRead, target, &caller.request_id);
        app.store.write(move |conn| audit::append(conn, &entry)).await?;
    }
    Ok(shown)
}

fn shown(conn: &mut Conn, id: BatchId) -> Result<ShownDraw> {
    let batch = batches::find(conn, id)?.ok_or(AppError::NotFound)?;
    let draws = batches::draws(conn, id)?;
    let commitments = draws.iter().map(|draw| draw.commitment.clone()).collect();
    let proof = match (batch.state, draws.into_iter().next_back()) {
        (BatchState::Released, Some(draw)) => proof(draw),
        (
            BatchState::Draft
            | BatchState::Proposed
            | BatchState::Approved
            | BatchState::Drawn
            | BatchState::UnderWay
            | BatchState::Reviewed
            | BatchState::Released
            | BatchState::Abandoned,
            _,
        ) => None,
    };
    Ok(ShownDraw { commitments, proof })
}

/// The proof of what is stored. If that is not what was drawn, verifying the proof shows it.
pub(super) fn proof(draw: Draw) -> Option<Proof> {
    let (nonce, outcome) = draw.drawn?;
    let commitment_sha256: Digest = draw.commitment.digest();
    Some(Proof {
        format: PROOF_FORMAT.into(),
        seed: seed_of(&draw.secret, &nonce, &commitment_sha256),
        commitment: draw.commitment,
        commitment_sha256,
        reveal: Reveal { secret: draw.secret, nonce },
        pool: draw.pool.sorted(),
        rules: draw.rules.sorted(),
        outcome,
        redraws: draw.redraws,
    })
}
