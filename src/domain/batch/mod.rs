//! A batch of visits 暗访批次: from the draft of its plan 暗访方案 to the release of everything that was found in it.
//!
//! Units may learn nothing of a batch before its release. Its draw may be read only by those who may replay it.

mod decide;
mod lifecycle;
mod plan;
mod refusal;
#[cfg(test)]
mod tests;

pub use decide::{BatchCommand, BatchContext, BatchEvent, BatchTransition, allowed_batch_actions};
pub use lifecycle::{BATCH_LIFECYCLE, BatchAction, BatchNext, BatchState, BatchStep, By, batch_step};
pub use plan::{NAMED_MAX, Plan};
pub use refusal::{BatchDuty, BatchRefusal, BatchWhy};

use serde::{Deserialize, Serialize};

use super::digest::Digest;
use super::ids::{BatchId, UserId};
use super::issue::Vote;
use super::time::Timestamp;

/// A batch: the fold of its events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Batch {
    /// Identity.
    pub id: BatchId,
    /// Increases by one with every event.
    pub version: i64,
    /// Its state.
    pub state: BatchState,
    /// Its plan. It changes only while the batch is a draft.
    pub plan: Plan,
    /// How often its draw was committed to; above 1 somebody started again.
    pub attempt: u32,
    /// Who proposed the plan, and when.
    pub proposed: Option<Signed>,
    /// Who approved it.
    pub approved: Option<Signed>,
    /// Number of the document that approves the plan 方案批准文号.
    pub approval_no: Option<String>,
    /// What the draw is committed to.
    pub commitment_sha256: Option<Digest>,
    /// When it was drawn.
    pub drawn_at: Option<Timestamp>,
    /// The digest of what was drawn.
    pub outcome_sha256: Option<Digest>,
    /// Redraws after declared conflicts.
    pub redraws: u32,
    /// When the first task was shown to its inspector.
    pub began_at: Option<Timestamp>,
    /// Who found that everything is reviewed.
    pub reviewed: Option<Signed>,
    /// Who released it.
    pub released: Option<Signed>,
    /// The first of two votes to abandon it.
    pub abandon_vote: Option<Vote>,
    /// Who abandoned it.
    pub abandoned: Option<Signed>,
}

/// Who took a step that others must not take as well, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signed {
    /// The account.
    pub by: UserId,
    /// Server time.
    pub at: Timestamp,
}
