//! The supervision office's month 月评: figures, scores, ranks, cards and rewards, computed from rows that are passed in.
//!
//! Every figure keeps the rows it was computed from, so that it can be opened down to them. Only rows of released issues
//! may be passed in: a figure that counts concealed ones would tell a unit of an inspection.

mod exact;
mod period;

pub use exact::{Exact, Rate};
pub use period::Month;
