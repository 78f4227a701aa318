//! The supervision office's month 月评: figures, scores, ranks, cards and rewards, computed from rows that are passed in.
//!
//! Every figure keeps the rows it was computed from, so that it can be opened down to them. Only rows of released
//! issues may be passed in: a figure that counts concealed ones would tell a unit of an inspection.

pub mod backward;
mod board;
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
mod ranking;
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
pub use ranking::{Listed, RankedUnit, Ranking};
pub use rules::Rules;
pub use score::UnitScore;
pub use snapshot::{Differing, Results, Snapshot, recompute, verify};
