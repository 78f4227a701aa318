//! Instants, civil days, and the clock.

use std::time::Duration;

pub use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An instant in microseconds since 1970 UTC. Everything the service records is truncated to milliseconds, which is the
/// precision in JSON, so that stored, recorded and answered values are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Earliest instant that a client may send, 2000-01-01. Source: our choice; older ones are typing errors.
pub const CLIENT_TIME_MIN: Timestamp = Timestamp(946_684_800_000_000);
/// Latest instant that a client may send, 2100-01-01. Source: our choice.
pub const CLIENT_TIME_MAX: Timestamp = Timestamp(4_102_444_800_000_000);

/// Years of a civil day that people may enter. Source: our choice; anything outside is a slip.
pub const YEARS: std::ops::RangeInclusive<i16> = 2000..=2100;

/// A full civil day as people and spreadsheets write it: `2026-08-03`, `2026/8/3`, `2026.8.3`, `2026年8月3日`;
/// digits may be full-width.
///
/// # Errors
/// What would be right: a year of two digits, another order, a spreadsheet's day number and anything more than
/// a day are refused, and so are days outside [`YEARS`].
pub fn read_day(text: &str) -> Result<Date, String> {
    let text = super::text::code(text);
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if (4..=6).contains(&text.len()) && digits(&text) {
        return Err("a spreadsheet's day number: format the column as text, such as 2026-08-03".into());
    }
    let parts = ['-', '/', '.'].into_iter().map(|between| text.split(between).collect::<Vec<_>>());
    let chinese = text.strip_suffix('日').map(|day| day.split(['年', '月']).collect::<Vec<_>>());
    let in_order = text.find('年').zip(text.find('月')).is_none_or(|(year, month)| year < month);
    let found = parts.chain(chinese).find_map(|parts| match parts.as_slice() {
        [year, month, day] if [year, month, day].into_iter().all(|part| digits(part)) => Some([*year, *month, *day]),
        _ => None,
    });
    let Some([year, month, day]) = found.filter(|_| in_order) else {
        return Err("a full day such as 2026-08-03".into());
    };
    if year.len() != 4 {
        return Err("a year of four digits first, such as 2026-08-03".into());
    }
    let date = (year.parse().ok())
        .zip(Some(month).filter(|month| month.len() <= 2).and_then(|month| month.parse().ok()))
        .zip(Some(day).filter(|day| day.len() <= 2).and_then(|day| day.parse().ok()))
        .and_then(|((year, month), day)| Date::new(year, month, day).ok());
    match date {
        None => Err("a day that there is, such as 2026-08-03".into()),
        Some(date) if !YEARS.contains(&date.year()) => Err(format!("a day from {} to {}", YEARS.start(), YEARS.end())),
        Some(date) => Ok(date),
    }
}

impl Timestamp {
    /// From microseconds since 1970 UTC.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970 UTC.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Parses RFC 3339 with any offset; digits below a millisecond are cut off. The last 26 hours of the year 9999,
    /// which programs write for "for ever", are read as the last instant before them.
    ///
    /// # Errors
    /// A sentence saying what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let at = Some(text).filter(|text| is_rfc3339(text));
        let at = at.and_then(|text| text.parse::<jiff::Timestamp>().ok().or_else(|| last_hours(text)));
        at.map(|at| Self(at.as_microsecond()).truncated_to_millis())
            .ok_or_else(|| "an RFC 3339 time such as 2026-08-03T07:04:11Z".to_owned())
    }

    /// This much later, but not later than a time that can be written and read again.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(micros(span)).min(WRITTEN_MAX.max(self.0)))
    }

    /// This much earlier, but not earlier than a time that can be written and read again.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(micros(span)).max(WRITTEN_MIN.min(self.0)))
    }

    /// Time from `earlier` to this; zero when it is not earlier.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// Time between the two, in whichever order.
    #[must_use]
    pub fn abs_diff(self, other: Self) -> Duration {
        Duration::from_micros(self.0.abs_diff(other.0))
    }

    /// Truncated to whole milliseconds.
    #[must_use]
    pub const fn truncated_to_millis(self) -> Self {
        Self(self.0.div_euclid(1000) * 1000)
    }
}

/// The last time that the time library can represent with every offset from UTC, in whole seconds: 9999-12-30T22:00:00Z
/// less one second.
const WRITTEN_MAX: i64 = 253_402_207_199_000_000;
/// The first time that has a year of four digits (RFC 3339 §5.6): 0000-01-01T00:00:00Z.
const WRITTEN_MIN: i64 = -62_167_219_200_000_000;

/// The last whole second that the time library can represent with every offset from UTC, for a well-formed time after
/// it.
fn last_hours(text: &str) -> Option<jiff::Timestamp> {
    let pieces = jiff::fmt::temporal::Pieces::parse(text).ok()?;
    let last = jiff::Timestamp::from_second(jiff::Timestamp::MAX.as_second() - 1).ok()?;
    (pieces.date().year() == 9999).then_some(last)
}

/// Whether a text has the form of a `date-time` (RFC 3339 §5.6). The parser also knows forms of ISO 8601 and RFC 9557.
fn is_rfc3339(text: &str) -> bool {
    const FORM: &[u8] = b"0000-00-00T00:00:00";
    let fits = |text: &[u8], form: &[u8]| {
        text.iter()
            .zip(form)
            .all(|(c, form)| if *form == b'0' { c.is_ascii_digit() } else { c.eq_ignore_ascii_case(form) })
    };
    let Some((first, rest)) = text.as_bytes().split_at_checked(FORM.len()) else { return false };
    let offset = match rest.strip_prefix(b".") {
        None => rest,
        Some(fraction) => {
            let digits = fraction.iter().take_while(|c| c.is_ascii_digit()).count();
            if digits == 0 {
                return false;
            }
            fraction.get(digits..).unwrap_or_default()
        }
    };
    let is_offset = match offset {
        [b'Z' | b'z'] => true,
        [b'+' | b'-', offset @ ..] => offset.len() == 5 && fits(offset, b"00:00"),
        _ => false,
    };
    fits(first, FORM) && is_offset
}

fn micros(span: Duration) -> i64 {
    i64::try_from(span.as_micros()).unwrap_or(i64::MAX)
}

impl std::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Ok(at) = jiff::Timestamp::from_microsecond(self.0) else {
            return write!(f, "{} µs", self.0);
        };
        if self.0.rem_euclid(1_000_000) == 0 { write!(f, "{at:.0}") } else { write!(f, "{at:.3}") }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// As exactly as a unit may know the time of a visit. Source: the REST contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HalfDay {
    /// Until noon.
    Morning,
    /// From noon.
    Afternoon,
}

impl HalfDay {
    /// `morning` or `afternoon`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            HalfDay::Morning => "morning",
            HalfDay::Afternoon => "afternoon",
        }
    }
}

/// The clock: the machine's in service, a fixed one in tests.
pub trait Clock: Send + Sync {
    /// The present instant, cut to milliseconds.
    fn now(&self) -> Timestamp;
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn no_sum_is_beyond_what_can_be_written_and_read() {
        let century = Duration::from_secs(100 * 366 * 86_400);
        for (far, near) in
            [("9998-12-31T00:00:00Z", Timestamp::plus as fn(_, _) -> _), ("0001-12-31T00:00:00Z", Timestamp::minus)]
        {
            let sum: Timestamp = near(Timestamp::parse(far).unwrap(), century);
            assert_eq!(Timestamp::parse(&sum.to_string()), Ok(sum));
            assert_eq!(near(sum, century), sum);
        }
        let last = jiff::Timestamp::MAX.as_second() - 1;
        assert_eq!(WRITTEN_MAX, last * 1_000_000);
        assert_eq!(Timestamp::parse("0000-01-01T00:00:00Z").map(Timestamp::as_micros), Ok(WRITTEN_MIN));
        // Lists compare with the end of all times.
        assert_eq!(Timestamp::from_micros(i64::MAX).plus(century), Timestamp::from_micros(i64::MAX));
    }

    #[test]
    fn times_read_as_they_are_written() {
        for text in ["2026-08-03T07:04:11Z", "2026-08-03T07:04:11.250Z", "1969-12-31T23:59:59.999Z"] {
            assert_eq!(Timestamp::parse(text).unwrap().to_string(), text);
        }
        let offset = Timestamp::parse("2026-08-03T15:04:11.2509+08:00").unwrap();
        assert_eq!(offset.to_string(), "2026-08-03T07:04:11.250Z");
        for for_ever in ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.999-12:00", "9999-12-31T23:59:59+14:00"] {
            let parsed = Timestamp::parse(for_ever).unwrap();
            assert_eq!(Timestamp::parse(&parsed.to_string()), Ok(parsed), "{for_ever}");
            assert!(parsed > Timestamp::parse("9999-12-30T00:00:00Z").unwrap());
        }
        for bad in [
            "2026-08-03",
            "2026-08-03T07:04:11",
            "now",
            "",
            "9999-12-31",
            "9999-12-31T23:59:59",
            "9999-12-31T24:59:59Z",
            "9999-02-30T00:00:00Z",
            "10000-01-01T00:00:00Z",
            "2026-08-03 07:04:11Z",
            "20260803T070411Z",
            "2026-08-03T07:04Z",
            "2026-08-03T07:04:11,5Z",
            "2026-08-03T07:04:11.Z",
            "2026-08-03T07:04:11+08",
            "2026-08-03T07:04:11+0800",
            "2026-08-03T07:04:11+08:00:00",
            "2026-08-03T07:04:11Z[UTC]",
            "+002026-08-03T07:04:11Z",
        ] {
            assert!(Timestamp::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn days_are_read_in_full_and_in_one_order_only() {
        let day = Ok(Date::constant(2026, 8, 3));
        for text in [
            "2026-08-03",
            "2026-8-3",
            "2026/8/3",
            "2026.8.3",
            "2026年8月3日",
            "２０２６-０８-０３",
            " 2026-08-03\u{200b}",
        ] {
            assert_eq!(read_day(text), day, "{text}");
        }
        for text in [
            "",
            "26/12/31",
            "26-8-3",
            "26/8/3",
            "2026/8/3/上午",
            "2026-08-03 上午",
            "8/3/2026",
            "03.08.2026",
            "2026-02-30",
            "2026-13-01",
            "2026-08",
            "2026年8月",
            "2026月8年3日",
            "2026-8/3",
            "46237",
            "02026-08-03",
            "2026-008-03",
            "+2026-08-03",
            "2026-8-3-",
            "1999-12-31",
            "2101-01-01",
            "0026-08-03",
            "今天",
        ] {
            assert!(read_day(text).is_err(), "{text}");
        }
        assert_eq!(read_day("2000-01-01"), Ok(Date::constant(2000, 1, 1)));
        assert_eq!(read_day("2100-12-31"), Ok(Date::constant(2100, 12, 31)));
        for (text, said) in [
            ("46237", "day number"),
            ("20260803", "a full day"),
            ("2026--03", "a full day"),
            ("2026-ab-03", "a full day"),
            ("26/12/31", "four digits"),
            ("26/8/3", "four digits"),
            ("2026-13-01", "that there is"),
            ("2026-008-03", "that there is"),
            ("1999-12-31", "from 2000 to 2100"),
        ] {
            let refused = read_day(text).unwrap_err();
            assert!(refused.contains(said), "{text}: {refused}");
        }
    }

    /// What other programs write for "for ever" becomes the last second that every offset can represent.
    #[test]
    fn for_ever_is_the_last_second_before_the_last_26_hours() {
        for (text, read) in [
            ("9999-12-31T23:59:59Z", "9999-12-30T21:59:59Z"),
            ("9999-12-31T00:00:00+08:00", "9999-12-30T16:00:00Z"),
            ("9999-12-30T21:59:58Z", "9999-12-30T21:59:58Z"),
        ] {
            assert_eq!(Timestamp::parse(text).map(|at| at.to_string()), Ok(read.to_owned()), "{text}");
        }
        for bad in ["9999-12-31T23:59:59Z[UTC]", "9999-12-31T23:59:59[Asia/Shanghai]", "9999-12-31+08:00"] {
            assert!(Timestamp::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn spans_are_added_taken_away_and_measured_without_going_round() {
        let at = Timestamp::from_micros;
        let span = Duration::from_micros;
        assert_eq!((at(5).plus(span(3)), at(5).minus(span(8))), (at(8), at(-3)));
        assert_eq!((at(5).since(at(2)), at(2).since(at(5))), (span(3), span(0)));
        assert_eq!((at(5).abs_diff(at(-2)), at(-2).abs_diff(at(5))), (span(7), span(7)));
        assert_eq!((at(0).plus(Duration::MAX), at(-2).minus(Duration::MAX)), (at(WRITTEN_MAX), at(WRITTEN_MIN)));
        // Truncated towards the past, also before 1970.
        assert_eq!((at(2_999).truncated_to_millis(), at(-1).truncated_to_millis()), (at(2_000), at(-1_000)));
        assert_eq!(at(i64::MAX).to_string(), format!("{} µs", i64::MAX));
        let json = serde_json::json!(at(1_500_000));
        assert_eq!(
            (json.as_str(), serde_json::from_value(json.clone()).ok()),
            (Some("1970-01-01T00:00:01.500Z"), Some(at(1_500_000)))
        );
        assert_eq!([HalfDay::Morning, HalfDay::Afternoon].map(HalfDay::as_str), ["morning", "afternoon"]);
    }
}
