//! Issues, their photos, requests, returns, pauses and events.

mod figures;
mod keys;
mod list;
mod read;
mod rows;
mod write;

pub use figures::{Figures, Situation, Span, SpanFigures, by_area, figures, overdue_at};
pub use keys::{KeyedStep, find_key, note_key};
pub use list::{Cursor, Filter, Scope, Sort, count, list};
pub use read::{
    Origin, StoredPhoto, captures, chain_parent, children, count_events, events, events_of, find, find_many,
    fixes_since, has_open_rebound, hung, lapsed_sign_ins, marks_of, marks_on, number_exists, numbers, origin, page,
    photos, to_archive, total, waiting_for_photo,
};
pub use write::{apply, expect_photos, record};
