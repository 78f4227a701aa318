//! What the office plans with: external assessments, backward schedules, efforts, what units need, and the burden of
//! inspections on units. The rules that compute are in `month/{backward, countdown, gap, board, needs}`; here are the
//! types that are stored, and what a visit adds to the sums.

mod assessment;
mod burden;
mod gap;
mod need;
mod schedule;
mod tally;

pub use assessment::{ASSESSMENT_MONTHS_MAX, Assessment, AssessmentKind, AssessmentText};
pub use burden::{Burden, HEAVY_FACTOR, burdens};
pub use gap::GapCell;
pub use need::{NEED_NOTE_CHARS_MAX, NeedNote, NeedsText};
pub use schedule::{KEY_CHARS_MAX, Schedule, ScheduleTask, ScheduleText, TASK_NAME_CHARS_MAX};
pub use tally::{Loss, Tally};

/// Greatest effort of a cell of the gap matrix. Source: our choice; efforts are compared with each other, not measured.
pub const EFFORT_MAX: u32 = 100;
/// Percent of a task that is done, when all of it is. Source: what percent are.
pub const PROGRESS_MAX: u32 = 100;
/// Characters of the name of an assessment or a schedule. Source: our choice, what fits a heading.
pub const NAME_CHARS_MAX: usize = 40;
