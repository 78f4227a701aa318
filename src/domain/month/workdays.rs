//! Counting in working days, forward and backward.

use jiff::Span;
use jiff::civil::Date;

use crate::domain::calendar::WorkCalendar;

/// Most days that counting looks at, about a hundred years: bounds the work for any calendar.
const HORIZON_DAYS: i64 = 36_600;

/// The days after `day`, or before it, without end.
fn days(day: Date, is_forward: bool) -> impl Iterator<Item = Date> {
    (1..HORIZON_DAYS).map(move |by| {
        let span = Span::new().days(by);
        if is_forward { day.saturating_add(span) } else { day.saturating_sub(span) }
    })
}

/// The `count`-th working day after `day`, or before it if `count` is negative; `day` itself for 0, a day off or not.
#[must_use]
pub fn plus_working_days(calendar: &WorkCalendar, day: Date, count: i32) -> Date {
    let Some(skipped) = count.unsigned_abs().checked_sub(1) else { return day };
    let end = if count > 0 { Date::MAX } else { Date::MIN };
    let skipped = usize::try_from(skipped).unwrap_or(usize::MAX);
    days(day, count > 0).filter(|day| calendar.is_working(*day)).nth(skipped).unwrap_or(end)
}

/// The `count`-th working day from `day` on, `day` included, counted from 1.
#[must_use]
pub fn nth_working_day(calendar: &WorkCalendar, day: Date, count: u32) -> Date {
    let before = day.saturating_sub(Span::new().days(1));
    plus_working_days(calendar, before, i32::try_from(count.max(1)).unwrap_or(i32::MAX))
}

/// Working days after `from` up to `to`, `to` included; 0 if `to` is not later.
#[must_use]
pub fn working_days_between(calendar: &WorkCalendar, from: Date, to: Date) -> u32 {
    let passed = days(from, true).take_while(|day| *day <= to).filter(|day| calendar.is_working(*day));
    u32::try_from(passed.count()).unwrap_or(u32::MAX)
}

#[cfg(test)]
pub(super) mod tests;
