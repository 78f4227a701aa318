//! The supervision office's month 月评: figures, scores, ranks, cards and rewards, computed from rows that are passed in.
//!
//! Every figure keeps the rows it was computed from, so that it can be opened down to them. Only rows of released
//! issues may be passed in: a figure that counts concealed ones would tell a unit of an inspection.
//!
//! | what | where |
//! | --- | --- |
//! | exact fractions, rates, months, working days | `exact`, `period`, `workdays` |
//! | weights and thresholds, with their sources | `rules` |
//! | the rows that are frozen | `facts` |
//! | metrics, the point board, unit scores, ranks | `metric`, `board`, `score`, `ranking` |
//! | the frozen month, computed again and compared | `snapshot`, `compare` |
//! | from the cut-off to the circular | `cycle` |
//! | look-backs, cards, the dispatch list | `sampling`, `escalation`, `dispatch` |
//! | what a locked month leads to | `ledger`, `year` |
//! | planning | `backward`, `countdown`, `gap`, `needs` |

pub mod backward;
pub mod board;
pub mod compare;
pub mod countdown;
pub mod cycle;
pub mod dispatch;
pub mod escalation;
mod exact;
pub mod facts;
pub mod gap;
pub mod ledger;
pub mod metric;
pub mod needs;
mod period;
pub mod ranking;
pub mod rules;
pub mod sampling;
pub mod score;
mod snapshot;
pub mod workdays;
pub mod year;

pub use board::{PassRates, PointStanding, StandingPoint};
pub use cycle::{MonthAction, MonthRecord, MonthState};
pub use exact::{Exact, Rate};
pub use facts::{Facts, Row};
pub use metric::{Figure, Metric};
pub use period::Month;
pub use ranking::{Listed, RankedUnit, Ranking, Ranks};
pub use rules::Rules;
pub use score::UnitScore;
pub use snapshot::{Differing, Results, Snapshot, recompute, verify};

#[cfg(test)]
mod tests;
