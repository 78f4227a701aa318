//! A calendar month, for which scores are computed.

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::calendar::WorkCalendar;
use crate::domain::time::{Timestamp, YEARS};

/// A calendar month of the county's local time, written as `2026-09`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// This month; `None` when there is none such, or the year is outside [`YEARS`].
    #[must_use]
    pub fn new(year: i16, month: i8) -> Option<Self> {
        (YEARS.contains(&year) && (1..=12).contains(&month)).then_some(Month { year, month })
    }

    /// The month of a day.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Month { year: day.year(), month: day.month() }
    }

    /// Reads `2026-09`.
    ///
    /// # Errors
    /// A sentence saying what is expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let digits = |part: &&str| part.bytes().all(|byte| byte.is_ascii_digit());
        text.split_once('-')
            .filter(|(year, month)| year.len() == 4 && month.len() == 2 && digits(year) && digits(month))
            .and_then(|(year, month)| Month::new(year.parse().ok()?, month.parse().ok()?))
            .ok_or_else(|| "a month such as 2026-09".to_owned())
    }

    /// As a document writes it: 2026年9月.
    #[must_use]
    pub fn zh(self) -> String {
        format!("{}年{}月", self.year, self.month)
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.year
    }

    /// Its first day.
    #[must_use]
    pub fn first_day(self) -> Date {
        Date::new(self.year, self.month, 1).unwrap_or(Date::MIN)
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> Date {
        self.first_day().last_of_month()
    }

    /// The month so many months later, or earlier if negative.
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        let all = self.count().saturating_add(months);
        let year = i16::try_from(all.div_euclid(12)).unwrap_or(i16::MAX);
        Month { year, month: i8::try_from(all.rem_euclid(12) + 1).unwrap_or(1) }
    }

    /// Months from `earlier` to this; negative when this is earlier.
    #[must_use]
    pub fn months_since(self, earlier: Self) -> i32 {
        self.count() - earlier.count()
    }

    fn count(self) -> i32 {
        i32::from(self.year) * 12 + i32::from(self.month) - 1
    }

    /// The instant at which it begins.
    #[must_use]
    pub fn starts(self, calendar: &WorkCalendar) -> Timestamp {
        self.plus(-1).cutoff(calendar)
    }

    /// The cut-off 截止: 24:00 of its last day, local time. What happens at that instant belongs to the next month.
    #[must_use]
    pub fn cutoff(self, calendar: &WorkCalendar) -> Timestamp {
        calendar.end_of_day(self.last_day())
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::domain::calendar::CalendarRules;

    #[test]
    fn months_are_counted_over_the_end_of_a_year() {
        let month = |text: &str| Month::parse(text).unwrap();
        for (from, by, to) in [
            ("2026-09", 1, "2026-10"),
            ("2026-12", 1, "2027-01"),
            ("2026-01", -1, "2025-12"),
            ("2026-03", -14, "2025-01"),
        ] {
            assert_eq!(month(from).plus(by), month(to), "{from} {by}");
            assert_eq!(month(to).months_since(month(from)), by);
        }
        assert!(month("2026-12") < month("2027-01"));
        assert_eq!(month("2028-02").last_day().day(), 29);
        for bad in ["2026-13", "2026-00", "26-09", "2026-9", "2026/09", "1999-12", "2101-01", "2026-09-01", "+026-09"] {
            assert!(Month::parse(bad).is_err(), "{bad}");
        }
        assert_eq!(Month::of("2026-09-30".parse().unwrap()).to_string(), "2026-09");
    }

    #[test]
    fn the_cut_off_is_midnight_of_the_county() {
        let calendar = WorkCalendar::new(1, CalendarRules::plain()).unwrap();
        let month = Month::parse("2026-09").unwrap();
        let at = |text: &str| Timestamp::parse(text).unwrap();
        assert_eq!(month.cutoff(&calendar), at("2026-10-01T00:00:00+08:00"));
        assert_eq!(month.starts(&calendar), at("2026-09-01T00:00:00+08:00"));
    }
}
