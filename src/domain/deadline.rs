//! The kinds of time limit and how they are counted. Source: domain §2.4, which follows articles 201–203 of the Civil
//! Code.

use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::calendar::WorkCalendar;
use super::time::Timestamp;

/// A time limit 时限.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimeLimit {
    /// 紧急工作时: elapsed time, on all days, never paused.
    UrgentMinutes(u32),
    /// Elapsed time, on all days, never paused.
    Minutes(u32),
    /// 工作时: only minutes within working hours count.
    WorkMinutes(u32),
    /// 工作日: the day of the start is not counted.
    WorkDays(u32),
    /// 自然日: the day of the start is not counted; a last day off moves to the next working day.
    CalendarDays(u32),
}

/// When a limit in days ends on its last day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DayEnd {
    /// At 24:00.
    Midnight,
    /// When work ends.
    CloseOfBusiness,
}

/// A pause of the clock; open while `to` is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Pause {
    /// Start.
    pub from: Timestamp,
    /// End.
    pub to: Option<Timestamp>,
}

/// Whether a limit counted from `start` to `due` with calendar version `version` extends into a year whose holidays
/// were not known then: it may end on a holiday, and people should be told.
#[must_use]
pub fn is_unsure(limit: TimeLimit, calendar: &WorkCalendar, version: i64, start: Timestamp, due: Timestamp) -> bool {
    let counts_days = match limit {
        TimeLimit::UrgentMinutes(_) | TimeLimit::Minutes(_) => false,
        TimeLimit::WorkMinutes(_) | TimeLimit::WorkDays(_) | TimeLimit::CalendarDays(_) => true,
    };
    // 24:00 belongs to the day that it ends.
    let last = calendar.year(due.minus(std::time::Duration::from_micros(1)));
    counts_days && (calendar.year(start)..=last).any(|year| !calendar.knows_year(year, version))
}

impl Pause {
    /// Extended to the whole half days in which it began and ended. What is computed from it reveals nothing finer
    /// about when somebody put the issue on or off the books, and the unit never loses by it. The end stays on its
    /// civil day, so the same days count (ADR 0016).
    #[must_use]
    pub fn widened(self, calendar: &WorkCalendar) -> Self {
        Pause { from: calendar.start_of_half_day(self.from), to: self.to.map(|to| calendar.end_of_half_day(to)) }
    }
}

/// Least limit of a rework round, four working hours. Source: domain rule T11.
pub const REWORK_MINIMUM: TimeLimit = TimeLimit::WorkMinutes(4 * 60);

/// Working minutes before the deadline by which an extension must be requested. Source: domain §5.2.
const EXTENSION_NOTICE_MINUTES: u32 = 4 * 60;

/// The smallest difference between two instants.
const INSTANT: std::time::Duration = std::time::Duration::from_micros(1);

/// Largest number in a limit. Source: our choice, far above any real one.
const COUNT_MAX: u32 = 9_999;

/// Most days that counting looks ahead, about a hundred years: bounds the work for any calendar.
const HORIZON_DAYS: i32 = 36_600;

impl TimeLimit {
    /// Parses a number and its unit: `2uh`, `90um` (urgent), `8h`, `30m`, `4wh`, `105wm`, `3wd`, `30cd`.
    ///
    /// # Errors
    /// A sentence saying what is expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (count, unit) = text.split_at(digits);
        let count: u32 =
            count.parse().ok().filter(|count| (1..=COUNT_MAX * 60).contains(count)).ok_or_else(expected)?;
        match unit {
            "uh" => Ok(TimeLimit::UrgentMinutes(hours(count)?)),
            "um" => Ok(TimeLimit::UrgentMinutes(count)),
            "h" => Ok(TimeLimit::Minutes(hours(count)?)),
            "m" => Ok(TimeLimit::Minutes(count)),
            "wh" => Ok(TimeLimit::WorkMinutes(hours(count)?)),
            "wm" => Ok(TimeLimit::WorkMinutes(count)),
            "wd" if count <= COUNT_MAX => Ok(TimeLimit::WorkDays(count)),
            "cd" if count <= COUNT_MAX => Ok(TimeLimit::CalendarDays(count)),
            _ => Err(expected()),
        }
    }

    /// The deadline of this limit when it starts at `start`.
    #[must_use]
    pub fn due(self, calendar: &WorkCalendar, day_end: DayEnd, start: Timestamp) -> Timestamp {
        due_with_pauses(self, calendar, day_end, start, &[])
    }

    /// The deadline of the same limit once more, starting at the deadline `due`. A deadline at 24:00 belongs to the day
    /// it ends: one working day after 08-04 24:00 is 08-05 24:00.
    #[must_use]
    pub fn due_again(self, calendar: &WorkCalendar, day_end: DayEnd, due: Timestamp) -> Timestamp {
        let start = match self {
            TimeLimit::WorkDays(_) | TimeLimit::CalendarDays(_) => due.minus(INSTANT),
            TimeLimit::UrgentMinutes(_) | TimeLimit::Minutes(_) | TimeLimit::WorkMinutes(_) => due,
        };
        self.due(calendar, day_end, start)
    }

    /// Exactly half of it: an odd number of days becomes hours. Source: domain rules T11, T16.
    #[must_use]
    pub fn halved(self, calendar: &WorkCalendar) -> Self {
        match self {
            TimeLimit::UrgentMinutes(minutes) => TimeLimit::UrgentMinutes(minutes.div_ceil(2)),
            TimeLimit::Minutes(minutes) => TimeLimit::Minutes(minutes.div_ceil(2)),
            TimeLimit::WorkMinutes(minutes) => TimeLimit::WorkMinutes(minutes.div_ceil(2)),
            TimeLimit::WorkDays(days) if days % 2 == 0 => TimeLimit::WorkDays(days / 2),
            TimeLimit::WorkDays(days) => TimeLimit::WorkMinutes((days * calendar.minutes_a_day()).div_ceil(2)),
            TimeLimit::CalendarDays(days) if days % 2 == 0 => TimeLimit::CalendarDays(days / 2),
            TimeLimit::CalendarDays(days) => TimeLimit::Minutes(days * 12 * 60),
        }
    }
}

fn expected() -> String {
    "a limit such as 2uh, 8h, 4wh, 3wd or 30cd".to_owned()
}

fn hours(count: u32) -> Result<u32, String> {
    if count <= COUNT_MAX { Ok(count * 60) } else { Err(expected()) }
}

impl std::fmt::Display for TimeLimit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut clock = |minutes: u32, kind: &str| {
            if minutes.is_multiple_of(60) {
                write!(f, "{}{kind}h", minutes / 60)
            } else {
                write!(f, "{minutes}{kind}m")
            }
        };
        match *self {
            TimeLimit::UrgentMinutes(minutes) => clock(minutes, "u"),
            TimeLimit::Minutes(minutes) => clock(minutes, ""),
            TimeLimit::WorkMinutes(minutes) => clock(minutes, "w"),
            TimeLimit::WorkDays(days) => write!(f, "{days}wd"),
            TimeLimit::CalendarDays(days) => write!(f, "{days}cd"),
        }
    }
}

/// The deadline of `limit` from `start` with these pauses.
///
/// In a limit in working hours, a pause does not count its working minutes. In a limit in days, a day counts unless the
/// clock was paused at its 24:00. Limits in (urgent) hours ignore pauses. An open pause changes nothing yet.
#[must_use]
pub fn due_with_pauses(
    limit: TimeLimit,
    calendar: &WorkCalendar,
    day_end: DayEnd,
    start: Timestamp,
    pauses: &[Pause],
) -> Timestamp {
    let closed: Vec<(Timestamp, Timestamp)> = pauses.iter().filter_map(|pause| Some((pause.from, pause.to?))).collect();
    match limit {
        TimeLimit::UrgentMinutes(minutes) | TimeLimit::Minutes(minutes) => start.plus(minutes_long(minutes)),
        TimeLimit::WorkMinutes(minutes) => work_minutes_after(calendar, start, minutes, &closed),
        TimeLimit::WorkDays(days) => {
            let counts = |day: Date| calendar.is_working(day) && !stands_still(calendar, day, &closed);
            end_of(calendar, day_end, nth_day(calendar, start, days, counts))
        }
        TimeLimit::CalendarDays(days) => {
            let last = nth_day(calendar, start, days, |day| !stands_still(calendar, day, &closed));
            let moved = days_from(last).find(|day| calendar.is_working(*day)).unwrap_or(last);
            end_of(calendar, day_end, moved)
        }
    }
}

/// `due` as units are told it when its clock was started or stopped by a step whose time is concealed from them:
/// rounded up to the full hour, since that clock is counted from the end of a half day (ADR 0016). A limit in days ends
/// with a day anyway. `limit` is `None` when a person set the deadline.
#[must_use]
pub fn rounded_outward(limit: Option<TimeLimit>, calendar: &WorkCalendar, due: Timestamp) -> Timestamp {
    match limit {
        Some(TimeLimit::WorkDays(_) | TimeLimit::CalendarDays(_)) => due,
        None | Some(TimeLimit::UrgentMinutes(_) | TimeLimit::Minutes(_) | TimeLimit::WorkMinutes(_)) => {
            calendar.full_hour_from(due)
        }
    }
}

/// Latest time to request an extension of a limit that runs from `start` to `due`: four working hours before the
/// deadline, or half-way through a limit shorter than twice that. Source: domain §5.2 "file ≥4 wh before the deadline";
/// half-way is our choice, since a limit of four working hours could otherwise never be extended.
#[must_use]
pub fn extension_latest_filing(calendar: &WorkCalendar, start: Timestamp, due: Timestamp) -> Timestamp {
    let half = start.plus(due.since(start) / 2);
    work_minutes_before(calendar, due, EXTENSION_NOTICE_MINUTES).max(half)
}

fn minutes_long(minutes: u32) -> std::time::Duration {
    std::time::Duration::from_secs(u64::from(minutes) * 60)
}

fn days_from(day: Date) -> impl Iterator<Item = Date> {
    (0..HORIZON_DAYS).map(move |after| day.saturating_add(Span::new().days(after)))
}

/// The `count`-th day after the day of `start` that `counts` accepts.
fn nth_day(calendar: &WorkCalendar, start: Timestamp, count: u32, counts: impl Fn(Date) -> bool) -> Date {
    let first = calendar.civil_date(start);
    let nth = usize::try_from(count.saturating_sub(1)).unwrap_or(usize::MAX);
    days_from(first).skip(1).filter(|day| counts(*day)).nth(nth).unwrap_or(Date::MAX)
}

fn stands_still(calendar: &WorkCalendar, day: Date, pauses: &[(Timestamp, Timestamp)]) -> bool {
    let end = calendar.end_of_day(day);
    pauses.iter().any(|(from, to)| *from < end && end <= *to)
}

fn end_of(calendar: &WorkCalendar, day_end: DayEnd, day: Date) -> Timestamp {
    match day_end {
        DayEnd::Midnight => calendar.end_of_day(day),
        DayEnd::CloseOfBusiness => calendar.close_of_business(day),
    }
}

/// Goes forward through working hours from `start`, skipping the pauses, until `minutes` are used up.
fn work_minutes_after(
    calendar: &WorkCalendar,
    start: Timestamp,
    minutes: u32,
    pauses: &[(Timestamp, Timestamp)],
) -> Timestamp {
    let mut left = minutes_long(minutes);
    for day in days_from(calendar.civil_date(start)) {
        for window in calendar.windows(day) {
            let opens = calendar.instant(day, window.from).max(start);
            let closes = calendar.instant(day, window.to);
            for (from, to) in running(opens, closes, pauses) {
                let length = to.since(from);
                if left <= length {
                    return from.plus(left);
                }
                left -= length;
            }
        }
    }
    Timestamp::from_micros(i64::MAX)
}

/// Goes backward through working hours from `end` until `minutes` are used up.
fn work_minutes_before(calendar: &WorkCalendar, end: Timestamp, minutes: u32) -> Timestamp {
    let mut left = minutes_long(minutes);
    let last = calendar.civil_date(end);
    for day in (0..HORIZON_DAYS).map(|before| last.saturating_sub(Span::new().days(before))) {
        for window in calendar.windows(day).iter().rev() {
            let (opens, closes) = (calendar.instant(day, window.from), calendar.instant(day, window.to).min(end));
            let length = closes.since(opens);
            if left <= length {
                return closes.minus(left);
            }
            left -= length;
        }
    }
    Timestamp::from_micros(i64::MIN)
}

/// The parts of a span without a pause, in order.
fn running(
    opens: Timestamp,
    closes: Timestamp,
    pauses: &[(Timestamp, Timestamp)],
) -> impl Iterator<Item = (Timestamp, Timestamp)> {
    let mut parts = vec![(opens, closes)];
    for (from, to) in pauses {
        parts = parts
            .into_iter()
            .flat_map(|(start, end)| [(start, end.min(*from)), (start.max(*to), end)])
            .filter(|(start, end)| start < end)
            .collect();
    }
    parts.sort_unstable();
    parts.into_iter().filter(|(start, end)| start < end)
}

#[cfg(test)]
pub(super) mod tests;
