//! When the steps of a month fall due.

use jiff::Span;

use crate::domain::calendar::WorkCalendar;
use crate::domain::month::workdays::{nth_working_day, plus_working_days};
use crate::domain::month::{Month, Rules};
use crate::domain::time::{Date, Timestamp};

/// The working day of the next month by whose end units confirm their progress report. Source: our judgement.
const REPORT_DAY: u32 = 3;

/// The dates of a month's course, as planned. Instants are ends: what happens at that instant is too late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthDates {
    /// The cut-off: 24:00 of the last day.
    pub cutoff: Timestamp,
    /// The day on which it is frozen and the preview is opened: the first working day of the next month.
    pub freeze_on: Date,
    /// Until when units may confirm their monthly progress report 每月汇报进度. Source: domain rule M23.
    pub report_until: Timestamp,
    /// Until when units may object, if the preview is opened on its day.
    pub objections_until: Timestamp,
    /// Until when the office decides on them.
    pub decide_until: Timestamp,
    /// Until when it is locked.
    pub lock_until: Timestamp,
}

impl MonthDates {
    /// The dates of `month`.
    #[must_use]
    pub fn of(month: Month, calendar: &WorkCalendar, rules: &Rules) -> Self {
        let next = month.plus(1).first_day();
        let nth = |count| calendar.end_of_day(nth_working_day(calendar, next, count));
        let freeze_on = nth_working_day(calendar, next, 1);
        MonthDates {
            cutoff: month.cutoff(calendar),
            freeze_on,
            report_until: nth(REPORT_DAY),
            objections_until: objections_until(freeze_on, calendar, rules),
            decide_until: nth(1 + rules.objection_days + rules.decision_days),
            lock_until: nth(rules.lock_day),
        }
    }
}

impl MonthDates {
    /// The instant from which it may be frozen.
    #[must_use]
    pub fn freeze_from(&self, calendar: &WorkCalendar) -> Timestamp {
        start_of(self.freeze_on, calendar)
    }
}

/// Until when units may object to a preview that was opened on `day`: a whole number of working days after it, however
/// late it was opened.
pub(super) fn objections_until(day: Date, calendar: &WorkCalendar, rules: &Rules) -> Timestamp {
    let days = i32::try_from(rules.objection_days).unwrap_or(i32::MAX);
    calendar.end_of_day(plus_working_days(calendar, day, days))
}

/// The instant at which `day` begins.
pub(super) fn start_of(day: Date, calendar: &WorkCalendar) -> Timestamp {
    calendar.end_of_day(day.saturating_sub(Span::new().days(1)))
}
