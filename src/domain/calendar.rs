//! The working calendar 工作日历: working days, working hours and time zone, with the holidays and make-up days 调休上班日 that
//! the state announces.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{RoundMode, Unit, ZonedDateTimeRound};
use serde::{Deserialize, Serialize};

use super::invalid::{FieldCode, Invalid};
use super::text::text_enum;
use super::time::{HalfDay, Timestamp};

/// A calendar as it is stored and edited. Dates that are not named follow the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarRules {
    /// IANA zone name; `Asia/Shanghai` unless set.
    pub zone: String,
    /// Working hours of a working day, in order, not overlapping.
    pub windows: Vec<Window>,
    /// Different working hours for a part of every year.
    #[serde(default)]
    pub seasons: Vec<Season>,
    /// Holidays on days that would be working days of the week.
    pub off: BTreeSet<Date>,
    /// Make-up days: working days on days that would be off.
    pub makeup: BTreeSet<Date>,
}

text_enum! {
    /// What a day is, as far as it is named.
    pub enum DayKind {
        Off = "off", "休", "Day off";
        Makeup = "makeup", "班", "Make-up day";
        Usual = "usual", "平", "As the week has it";
    }
}

/// Working hours from one time of day to another, the end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// Start.
    pub from: Time,
    /// End.
    pub to: Time,
}

/// Different working hours for a part of every year, both days included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Season {
    /// Month and day of its first day.
    pub from: (i8, i8),
    /// Month and day of its last day.
    pub to: (i8, i8),
    /// Its working hours.
    pub windows: Vec<Window>,
}

/// Whether `day` is 1 January, which is a holiday even in a year whose holidays nobody has entered. Source: 国务院
/// 《全国年节及纪念日放假办法》 Art. 2.
#[must_use]
pub fn is_new_year(day: Date) -> bool {
    (day.month(), day.day()) == (1, 1)
}

impl Season {
    /// Whether this month and day belong to it; a season may cross the end of the year.
    #[must_use]
    pub fn holds_on(&self, at: (i8, i8)) -> bool {
        if self.from <= self.to { (self.from..=self.to).contains(&at) } else { at >= self.from || at <= self.to }
    }

    fn overlaps(&self, other: &Season) -> bool {
        self.holds_on(other.from) || other.holds_on(self.from)
    }
}

/// A time of day such as `09:00`.
#[must_use]
pub fn parse_clock(text: &str) -> Option<Time> {
    text.parse().ok().filter(|_| text.len() == "09:00".len())
}

/// A month and a day such as `07-01`; [`WorkCalendar::with_hours`] checks whether there is such a day.
#[must_use]
pub fn parse_month_day(text: &str) -> Option<(i8, i8)> {
    let (month, day) = text.split_once('-').filter(|_| text.len() == "07-01".len())?;
    Some((month.parse().ok()?, day.parse().ok()?))
}

/// Whether the working hours are in order, not empty and not overlapping.
fn are_ordered(windows: &[Window]) -> bool {
    let ordered = windows.windows(2).all(|pair| matches!(pair, [a, b] if a.to <= b.from));
    !windows.is_empty() && ordered && windows.iter().all(|window| window.from < window.to)
}

fn check_windows(pointer: &str, windows: &[Window], invalid: &mut Invalid) {
    if !are_ordered(windows) {
        invalid.push(pointer, FieldCode::Malformed, CalendarError::Windows.to_string());
    }
    // Limits are counted in whole minutes.
    if windows
        .iter()
        .any(|window| [window.from, window.to].iter().any(|at| at.second() != 0 || at.subsec_nanosecond() != 0))
    {
        invalid.push(pointer, FieldCode::Malformed, "whole minutes");
    }
    if windows.len() > WINDOWS_MAX {
        invalid.push(pointer, FieldCode::TooLong, format!("at most {WINDOWS_MAX}"));
    }
}

impl CalendarRules {
    /// Whether somebody has entered the holidays of `year`, which the state announces each November: until then only 1
    /// January is known.
    #[must_use]
    pub fn names_year(&self, year: i16) -> bool {
        self.off.iter().any(|day| day.year() == year && !is_new_year(*day))
    }

    /// What kind of day `day` is named as.
    #[must_use]
    pub fn kind_of(&self, day: Date) -> DayKind {
        match (self.off.contains(&day), self.makeup.contains(&day)) {
            (true, _) => DayKind::Off,
            (false, true) => DayKind::Makeup,
            (false, false) => DayKind::Usual,
        }
    }

    /// Names `day`, replacing what it was named before.
    pub fn name(&mut self, day: Date, kind: DayKind) {
        self.off.remove(&day);
        self.makeup.remove(&day);
        match kind {
            DayKind::Off => drop(self.off.insert(day)),
            DayKind::Makeup => drop(self.makeup.insert(day)),
            DayKind::Usual => {}
        }
    }

    /// 09:00–12:00 and 14:00–18:00 in `Asia/Shanghai`, no holidays. Source: domain §2.4.
    #[must_use]
    pub fn plain() -> Self {
        let window = |from, to| Window { from: Time::constant(from, 0, 0, 0), to: Time::constant(to, 0, 0, 0) };
        CalendarRules {
            zone: "Asia/Shanghai".into(),
            windows: vec![window(9, 12), window(14, 18)],
            seasons: Vec::new(),
            off: BTreeSet::new(),
            makeup: BTreeSet::new(),
        }
    }
}

/// A change of a calendar's hours; absent fields stay.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HoursChange {
    /// IANA zone name.
    pub zone: Option<String>,
    /// Working hours of a working day.
    pub windows: Option<Vec<Window>>,
    /// Different working hours for parts of every year; replaces all of them.
    pub seasons: Option<Vec<Season>>,
}

/// Seasons a calendar may have. Source: our choice; real ones have two.
pub const SEASONS_MAX: usize = 12;
/// Windows of working hours that a day may have. Source: our choice; real ones have two.
pub const WINDOWS_MAX: usize = 6;

/// Why rules do not make a calendar.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The zone is unknown.
    #[error("unknown time zone {0}")]
    Zone(String),
    /// Working hours are empty, reversed or overlapping.
    #[error("working hours must be in order, not empty and not overlapping")]
    Windows,
    /// A day is both a holiday and a make-up day.
    #[error("{0} is both a day off and a make-up day")]
    Both(Date),
}

/// A calendar that deadlines are computed with.
#[derive(Debug, Clone)]
pub struct WorkCalendar {
    version: i64,
    rules: CalendarRules,
    zone: TimeZone,
    /// For each year with entered holidays, the version that entered them first.
    named_since: BTreeMap<i16, i64>,
}

impl WorkCalendar {
    /// The calendar of these rules, as `version`.
    ///
    /// # Errors
    /// What is wrong with the rules.
    pub fn new(version: i64, rules: CalendarRules) -> Result<Self, CalendarError> {
        let zone = TimeZone::get(&rules.zone).map_err(|_| CalendarError::Zone(rules.zone.clone()))?;
        let all = std::iter::once(&rules.windows).chain(rules.seasons.iter().map(|season| &season.windows));
        for windows in all {
            if !are_ordered(windows) {
                return Err(CalendarError::Windows);
            }
        }
        if let Some(day) = rules.off.intersection(&rules.makeup).next() {
            return Err(CalendarError::Both(*day));
        }
        let years = rules.off.iter().map(|day| day.year()).collect::<BTreeSet<_>>();
        let named_since =
            years.into_iter().filter(|year| rules.names_year(*year)).map(|year| (year, version)).collect();
        Ok(WorkCalendar { version, rules, zone, named_since })
    }

    /// The same, with the earlier versions, oldest first: they tell which version entered a year's holidays first.
    #[must_use]
    pub fn after<'a>(mut self, earlier: impl Iterator<Item = (i64, &'a CalendarRules)>) -> Self {
        let years: Vec<i16> = self.named_since.keys().copied().collect();
        for (version, rules) in earlier {
            for year in years.iter().filter(|year| rules.names_year(**year)) {
                self.named_since.entry(*year).and_modify(|since| *since = version.min(*since));
            }
        }
        self
    }

    /// Whether version `version` knew the holidays of `year`. A deadline computed without them took every weekday of
    /// that year except 1 January for a working day.
    #[must_use]
    pub fn knows_year(&self, year: i16, version: i64) -> bool {
        self.named_since.get(&year).is_some_and(|since| *since <= version)
    }

    /// The years whose holidays should be entered by now and are not: this year, and from November on the next, since
    /// the state announces them then.
    #[must_use]
    pub fn unnamed_years(&self, now: Timestamp) -> Vec<i16> {
        let today = self.civil_date(now);
        let next = (today.month() >= 11).then(|| today.year().saturating_add(1));
        let due = [Some(today.year()), next].into_iter().flatten();
        due.filter(|year| !self.named_since.contains_key(year)).collect()
    }

    /// The next version, with these hours.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn with_hours(&self, change: HoursChange) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        if change.zone.as_ref().is_some_and(|zone| TimeZone::get(zone).is_err()) {
            invalid.push("/zone", FieldCode::Unknown, "the name of a time zone such as Asia/Shanghai");
        }
        if let Some(windows) = &change.windows {
            check_windows("/windows", windows, &mut invalid);
        }
        let seasons = change.seasons.iter().flatten();
        for (at, season) in seasons.clone().enumerate() {
            for (end, (month, day)) in [("from", season.from), ("to", season.to)] {
                // A leap year, so that 29 February is valid.
                if Date::new(2024, month, day).is_err() {
                    invalid.push(
                        format!("/seasons/{at}/{end}"),
                        FieldCode::OutOfRange,
                        "a month and day such as 07-01",
                    );
                }
            }
            check_windows(&format!("/seasons/{at}/windows"), &season.windows, &mut invalid);
            let before = seasons.clone().take(at);
            if before.clone().any(|other| season.overlaps(other)) {
                invalid.push(format!("/seasons/{at}"), FieldCode::Duplicate, "no day belongs to two seasons");
            }
        }
        if seasons.count() > SEASONS_MAX {
            invalid.push("/seasons", FieldCode::TooLong, format!("at most {SEASONS_MAX}"));
        }
        invalid.into_result()?;
        let mut rules = self.rules.clone();
        rules.zone = change.zone.unwrap_or(rules.zone);
        rules.windows = change.windows.unwrap_or(rules.windows);
        rules.seasons = change.seasons.unwrap_or(rules.seasons);
        WorkCalendar::new(self.version + 1, rules)
            .map_err(|error| Invalid::one("", FieldCode::Malformed, error.to_string()))
    }

    /// The version; stored with each deadline computed with it.
    #[must_use]
    pub fn version(&self) -> i64 {
        self.version
    }

    /// Its rules.
    #[must_use]
    pub fn rules(&self) -> &CalendarRules {
        &self.rules
    }

    /// Whether `day` is a working day.
    #[must_use]
    pub fn is_working(&self, day: Date) -> bool {
        if is_new_year(day) {
            return false;
        }
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        if weekend { self.rules.makeup.contains(&day) } else { !self.rules.off.contains(&day) }
    }

    /// Working hours of `day`; none on a day off.
    #[must_use]
    pub fn windows(&self, day: Date) -> &[Window] {
        if !self.is_working(day) {
            return &[];
        }
        let at = (day.month(), day.day());
        self.rules
            .seasons
            .iter()
            .find(|season| season.holds_on(at))
            .map_or(&self.rules.windows, |season| &season.windows)
    }

    /// Minutes of a working day outside every season.
    #[must_use]
    pub fn minutes_a_day(&self) -> u32 {
        let seconds: i64 = self.rules.windows.iter().map(|window| seconds_between(window.from, window.to)).sum();
        u32::try_from(seconds / 60).unwrap_or(0)
    }

    /// The civil day of an instant.
    #[must_use]
    pub fn civil_date(&self, at: Timestamp) -> Date {
        self.zoned(at).date()
    }

    /// The day of a deadline, or of another end that is not part of it: 24:00 belongs to the day that ends then.
    #[must_use]
    pub fn last_date(&self, end: Timestamp) -> Date {
        self.civil_date(end.minus(std::time::Duration::from_micros(1)))
    }

    /// Morning or afternoon of an instant.
    #[must_use]
    pub fn half_day(&self, at: Timestamp) -> HalfDay {
        if self.zoned(at).hour() < 12 { HalfDay::Morning } else { HalfDay::Afternoon }
    }

    /// The instant the half day of `at` began: local midnight or noon.
    #[must_use]
    pub fn start_of_half_day(&self, at: Timestamp) -> Timestamp {
        let hour = match self.half_day(at) {
            HalfDay::Morning => 0,
            HalfDay::Afternoon => 12,
        };
        self.instant(self.civil_date(at), Time::constant(hour, 0, 0, 0))
    }

    /// The instant the civil day of `at` began.
    #[must_use]
    pub fn start_of_day(&self, at: Timestamp) -> Timestamp {
        self.instant(self.civil_date(at), Time::midnight())
    }

    /// The last millisecond of the half day of `at`. What is counted from it reveals the half day and nothing finer,
    /// and it is still on the civil day of `at`.
    #[must_use]
    pub fn end_of_half_day(&self, at: Timestamp) -> Timestamp {
        let next = match self.half_day(at) {
            HalfDay::Morning => self.instant(self.civil_date(at), Time::constant(12, 0, 0, 0)),
            HalfDay::Afternoon => self.end_of_day(self.civil_date(at)),
        };
        next.minus(Duration::from_millis(1))
    }

    /// The first full hour of the county's local time that is not before `at`.
    #[must_use]
    pub fn full_hour_from(&self, at: Timestamp) -> Timestamp {
        let up = ZonedDateTimeRound::new().smallest(Unit::Hour).mode(RoundMode::Ceil);
        self.zoned(at).round(up).map_or(at, |hour| Timestamp::from_micros(hour.timestamp().as_microsecond()))
    }

    /// The year of an instant.
    #[must_use]
    pub fn year(&self, at: Timestamp) -> i16 {
        self.zoned(at).year()
    }

    /// The instant of a local time. In a gap of the zone the later one, in a fold the earlier one.
    #[must_use]
    pub fn instant(&self, day: Date, time: Time) -> Timestamp {
        day.to_datetime(time)
            .to_zoned_datetime(self.zone.clone())
            .map_or(Timestamp::from_micros(i64::MAX), |at| Timestamp::from_micros(at.timestamp().as_microsecond()))
    }

    /// 24:00 of `day`: the end of its last minute.
    #[must_use]
    pub fn end_of_day(&self, day: Date) -> Timestamp {
        self.instant(day.saturating_add(jiff::Span::new().days(1)), Time::midnight())
    }

    /// The end of the last working hours of `day`; 24:00 on a day off.
    #[must_use]
    pub fn close_of_business(&self, day: Date) -> Timestamp {
        self.windows(day).last().map_or_else(|| self.end_of_day(day), |window| self.instant(day, window.to))
    }

    fn zoned(&self, at: Timestamp) -> jiff::ZonedDateTime {
        jiff::Timestamp::from_microsecond(at.as_micros()).unwrap_or_default().to_zoned_datetime(self.zone.clone())
    }
}

fn seconds_between(from: Time, to: Time) -> i64 {
    to.duration_since(from).as_secs()
}

#[cfg(test)]
mod tests;
