//! What the office plans with: external assessments, backward schedules, the gap matrix, the point board, milestones,
//! needs, and the burden of inspections on units.

mod assessments;
mod board;
mod burden;
mod gaps;
mod milestones;
mod needs;
mod schedules;
mod withdraw;

pub use assessments::{ShownAssessment, assessment, assessments, put_assessment};
pub use board::{Board, BoardQuery, BoardRow, board};
pub use burden::{BurdenReport, burden};
pub use gaps::{GapMatrix, LossPage, MATRIX_MONTHS_MAX, ShownLoss, gap_matrix, losses, put_effort};
pub use milestones::{MilestonePage, milestones};
pub use needs::{NeedPage, needs, of_issue, put_needs};
pub use schedules::{ShownSchedule, ShownTask, put_schedule, schedule, schedules};
pub use withdraw::{Planned, withdraw};

use super::county::County;
use crate::domain::calendar::WorkCalendar;
use crate::domain::month::Month;
use crate::domain::settings::SuddenVisits;
use crate::domain::time::Timestamp;

/// What a `PUT` did.
#[derive(Debug)]
pub struct Put<T> {
    /// Whether nothing had this id before.
    pub created: bool,
    /// What is there now.
    pub shown: T,
}

/// Whether visits that nobody drew count in this county.
fn counts_sudden(county: &County) -> bool {
    county.settings.sudden_visits == SuddenVisits::Counted
}

/// The instants of a month, the second one excluded.
fn span(month: Month, calendar: &WorkCalendar) -> (Timestamp, Timestamp) {
    (month.starts(calendar), month.cutoff(calendar))
}
