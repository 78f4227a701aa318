//! Instants, civil days, and where "now" comes from.

use std::time::Duration;

pub use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// An instant in microseconds since 1970 UTC. Everything the service notes is cut to
/// milliseconds, which is what the wire carries, so that what is stored, recorded in
/// events and answered is the same value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

/// Earliest instant a client may name, 2000-01-01. Source: our choice; older is a typing error.
pub const CLIENT_TIME_MIN: Timestamp = Timestamp(946_684_800_000_000);
/// Latest instant a client may name, 2100-01-01. Source: our choice.
pub const CLIENT_TIME_MAX: Timestamp = Timestamp(4_102_444_800_000_000);

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

    /// Parses RFC 3339 with any offset; finer than a millisecond is cut off. The last 26 hours of the year 9999,
    /// which programs write for "for ever", are taken as the last instant before them.
    ///
    /// # Errors
    /// A sentence saying what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let at = text.parse::<jiff::Timestamp>().ok().or_else(|| last_hours(text));
        at.map(|at| Self(at.as_microsecond()).truncated_to_millis())
            .ok_or_else(|| "an RFC 3339 time such as 2026-08-03T07:04:11Z".to_owned())
    }

    /// This much later; saturates.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        Self(self.0.saturating_add(micros(span)))
    }

    /// This much earlier; saturates.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        Self(self.0.saturating_sub(micros(span)))
    }

    /// Time from `earlier` to this; zero when it is not earlier.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// Time between the two, whichever is first.
    #[must_use]
    pub fn abs_diff(self, other: Self) -> Duration {
        Duration::from_micros(self.0.abs_diff(other.0))
    }

    /// Cut to whole milliseconds.
    #[must_use]
    pub const fn truncated_to_millis(self) -> Self {
        Self(self.0.div_euclid(1000) * 1000)
    }
}

/// The last instant that the time library knows, for a time that is well written and after it: it leaves room for
/// every offset from UTC at the end of the year 9999.
fn last_hours(text: &str) -> Option<jiff::Timestamp> {
    let pieces = jiff::fmt::temporal::Pieces::parse(text).ok()?;
    let is_instant =
        pieces.time().is_some() && pieces.to_numeric_offset().is_some() && pieces.time_zone_annotation().is_none();
    (is_instant && pieces.date().year() == 9999).then_some(jiff::Timestamp::MAX)
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

/// As fine as a unit may know the time of a visit. Source: the REST contract.
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

/// Where "now" comes from: the machine in service, the test in tests.
pub trait Clock: Send + Sync {
    /// The present instant, cut to milliseconds.
    fn now(&self) -> Timestamp;
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

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
        ] {
            assert!(Timestamp::parse(bad).is_err(), "{bad}");
        }
    }
}
