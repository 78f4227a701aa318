//! A visit 暗访记录: what an inspector saw at a point, item by item, and the score of the point that follows from it.

mod interview;
mod kept;
mod ratio;
mod record;
pub mod repeat;
mod score;
#[cfg(test)]
mod tests;

pub use interview::{ANSWERS_MAX, AgeBand, INTERVIEWS_MAX, Interview, awareness};
pub use kept::{Seen, Visit, counted};
pub use ratio::Ratio;
pub use record::{ItemResult, Observation, OpenedIssue, RESULTS_MAX, TaskRef, VISIT_HOURS_MAX, VisitRecord};
pub use score::{
    CHECKLIST_MAX, ChecklistItem, Failing, MonthScore, NoMonthScore, NoScore, OBSERVED_PERCENT_MIN, PassLine,
    PointScore, VETO_CAP, WEIGHT_MAX, failings, month_score, point_score,
};
