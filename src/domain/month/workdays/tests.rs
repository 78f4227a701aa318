#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::calendar::CalendarRules;

/// The holidays and make-up days of 2026. Source: 国务院办公厅, notice of 2025-11-04.
pub(in crate::domain::month) fn calendar() -> WorkCalendar {
    let mut rules = CalendarRules::plain();
    let off = [
        ("2026-01-01", 3),
        ("2026-02-15", 9),
        ("2026-04-04", 3),
        ("2026-05-01", 5),
        ("2026-06-19", 3),
        ("2026-09-25", 3),
        ("2026-10-01", 7),
    ];
    for (first, count) in off {
        rules.off.extend((0..count).map(|by| day(first).saturating_add(Span::new().days(by))));
    }
    let makeup = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"];
    rules.makeup.extend(makeup.map(day));
    WorkCalendar::new(1, rules).unwrap()
}

pub(in crate::domain::month) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn working_days_skip_holidays_and_take_make_up_days_both_ways() {
    let calendar = calendar();
    for (from, count, to) in [
        ("2026-09-30", 1, "2026-10-08"),
        // The 10th is a Saturday that is worked.
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-10-12", -1, "2026-10-10"),
        ("2026-10-08", -1, "2026-09-30"),
        ("2026-10-03", -1, "2026-09-30"),
        ("2026-10-03", 0, "2026-10-03"),
    ] {
        assert_eq!(plus_working_days(&calendar, day(from), count), day(to), "{from} {count}");
    }
    // Further than counting looks.
    let far = [40_000, -40_000].map(|count| plus_working_days(&calendar, day("2026-10-01"), count));
    assert_eq!(far, [Date::MAX, Date::MIN]);
    assert_eq!(nth_working_day(&calendar, day("2026-10-01"), 1), day("2026-10-08"));
    assert_eq!(nth_working_day(&calendar, day("2026-10-08"), 1), day("2026-10-08"));
    assert_eq!(nth_working_day(&calendar, day("2026-10-01"), 8), day("2026-10-16"));
    for (from, to, count) in [
        ("2026-09-30", "2026-10-12", 4),
        ("2026-10-08", "2026-10-08", 0),
        ("2026-10-09", "2026-10-08", 0),
        ("2026-10-10", "2026-10-11", 0),
    ] {
        assert_eq!(working_days_between(&calendar, day(from), day(to)), count, "{from} {to}");
    }
}
