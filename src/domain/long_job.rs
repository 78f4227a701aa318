//! Long jobs: work that somebody asks for, sees the progress of, may cancel, and whose result waits for its owner for
//! some days. What nobody waits for is background work (`job.rs`).

use super::ids::{LongJobId, UserId};
use super::text::text_enum;
use super::time::Timestamp;

text_enum! {
    /// What is made.
    pub enum LongJobKind {
        IssueList = "issue-list", "问题清单", "A list of issues as a sheet";
    }
}

text_enum! {
    /// How far it is.
    pub enum LongJobState {
        Queued = "queued", "排队中", "Not begun";
        Running = "running", "进行中", "Under way";
        Done = "done", "已完成", "Its result can be fetched";
        Failed = "failed", "未完成", "It could not be done";
        Cancelled = "cancelled", "已取消", "Its owner did not want it any more";
    }
}

/// Days that a long job and its result are kept. Source: our choice, a week.
pub const LONG_JOB_DAYS: u32 = 7;
/// Long jobs of one person that are not ended. Source: our choice.
pub const LONG_JOBS_OPEN_MAX: i64 = 3;
/// Bytes of one result. Source: our choice; some 300,000 rows of a list.
pub const RESULT_BYTES_MAX: i64 = 64 * 1024 * 1024;

impl LongJobState {
    /// Whether nothing more becomes of it.
    #[must_use]
    pub const fn is_ended(self) -> bool {
        match self {
            LongJobState::Queued | LongJobState::Running => false,
            LongJobState::Done | LongJobState::Failed | LongJobState::Cancelled => true,
        }
    }
}

/// A long job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LongJob {
    /// Identity; chosen by the client.
    pub id: LongJobId,
    /// What is made.
    pub kind: LongJobKind,
    /// Who asked for it; nobody else learns of it.
    pub owner_id: UserId,
    /// How far it is.
    pub state: LongJobState,
    /// Rows that are done.
    pub done: i64,
    /// Rows there were to do when it began; `None` before.
    pub total: Option<i64>,
    /// Pieces of its result so far.
    pub pieces: i32,
    /// Bytes of its result so far.
    pub size_bytes: i64,
    /// Why it could not be done.
    pub error: Option<String>,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// When it is forgotten, with its result.
    pub expires_at: Timestamp,
}
