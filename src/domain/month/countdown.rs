//! The countdown to an external assessment. Its day is confidential, so nothing here depends on anything finer than a
//! month. Source: domain rule M13.

use serde::{Deserialize, Serialize};

use super::Month;
use crate::domain::time::Date;

/// When an assessment is expected. Only the office may read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExternalAssessment {
    /// The campaign.
    pub campaign: String,
    /// First day of the window.
    pub from: Date,
    /// Last day of the window.
    pub to: Date,
}

/// What everybody may see of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Countdown {
    /// The month in which the window begins.
    pub month: Month,
    /// Months until then: 0 in that month and until the window's last month is over.
    pub months_left: u32,
}

impl ExternalAssessment {
    /// The countdown on `today`; `None` once the months of the window are over.
    #[must_use]
    pub fn countdown(&self, today: Date) -> Option<Countdown> {
        let (month, last, now) = (Month::of(self.from), Month::of(self.to), Month::of(today));
        let months_left = u32::try_from(month.months_since(now)).unwrap_or(0);
        (now <= last).then_some(Countdown { month, months_left })
    }
}

impl Countdown {
    /// As people read it: `预计2026年8月，还有2个月`.
    #[must_use]
    pub fn text(&self) -> String {
        let first = self.month.first_day();
        let when = format!("预计{}年{}月", first.year(), first.month());
        match self.months_left {
            0 => format!("{when}，已进入迎检期"),
            months => format!("{when}，还有{months}个月"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::month::workdays::tests::day;

    fn countdown(from: &str, to: &str, today: &str) -> Option<(u32, String)> {
        let assessment = ExternalAssessment { campaign: "WM".into(), from: day(from), to: day(to) };
        assessment.countdown(day(today)).map(|countdown| (countdown.months_left, countdown.text()))
    }

    #[test]
    fn the_countdown_is_in_months() {
        for (today, left) in [
            ("2026-06-01", Some(2)),
            ("2026-07-31", Some(1)),
            ("2026-08-01", Some(0)),
            ("2026-09-30", Some(0)),
            ("2026-10-01", None),
        ] {
            let counted = countdown("2026-08-20", "2026-09-03", today).map(|(left, _)| left);
            assert_eq!(counted, left, "{today}");
        }
        assert_eq!(countdown("2026-08-20", "2026-09-03", "2026-06-15").unwrap().1, "预计2026年8月，还有2个月");
        assert_eq!(countdown("2026-08-20", "2026-09-03", "2026-08-15").unwrap().1, "预计2026年8月，已进入迎检期");
    }

    /// Whichever day of the month it is, everybody sees the same.
    #[test]
    fn nothing_shows_the_day() {
        let shown = countdown("2026-08-01", "2026-09-30", "2026-06-15");
        for first in 1..=31 {
            for today in [1, 15, 30] {
                let told = countdown(&format!("2026-08-{first:02}"), "2026-09-01", &format!("2026-06-{today:02}"));
                assert_eq!(told, shown);
            }
        }
    }
}
