#![allow(clippy::unwrap_used)]

mod edges;

use super::*;
use crate::domain::calendar::CalendarRules;

/// 2026 as announced on 2025-11-04. Source: domain §2.4, fixture calendar.
pub(in crate::domain) fn calendar() -> WorkCalendar {
    let mut rules = CalendarRules::plain();
    for (from, to) in [
        ("2026-01-01", "2026-01-03"),
        ("2026-02-15", "2026-02-23"),
        ("2026-04-04", "2026-04-06"),
        ("2026-05-01", "2026-05-05"),
        ("2026-06-19", "2026-06-21"),
        ("2026-09-25", "2026-09-27"),
        ("2026-10-01", "2026-10-07"),
    ] {
        let last: Date = to.parse().unwrap();
        rules.off.extend(days_from(from.parse().unwrap()).take_while(|day| *day <= last));
    }
    for day in ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"] {
        rules.makeup.insert(day.parse().unwrap());
    }
    WorkCalendar::new(2026, rules).unwrap()
}

pub(in crate::domain) fn at(local: &str) -> Timestamp {
    Timestamp::parse(&format!("{}:00+08:00", local.replace(' ', "T"))).unwrap()
}

fn due(start: &str, limit: &str) -> String {
    local(TimeLimit::parse(limit).unwrap().due(&calendar(), DayEnd::Midnight, at(start)))
}

/// The instant as local time, midnight written as 24:00 of the day before.
pub(in crate::domain) fn local(instant: Timestamp) -> String {
    let zoned = jiff::Timestamp::from_microsecond(instant.as_micros()).unwrap().in_tz("Asia/Shanghai").unwrap();
    if zoned.hour() == 0 && zoned.minute() == 0 {
        format!("{} 24:00", zoned.date().yesterday().unwrap())
    } else {
        zoned.strftime("%Y-%m-%d %H:%M").to_string()
    }
}

#[test]
fn the_fixture_year_has_248_working_days() {
    let calendar = calendar();
    let days = days_from("2026-01-01".parse().unwrap()).take(365);
    assert_eq!(days.filter(|day| calendar.is_working(*day)).count(), 248);
}

/// Source: domain §2.4, test vectors.
#[test]
fn the_published_vectors() {
    for (start, limit, expected) in [
        ("2026-02-13 10:00", "2wd", "2026-02-24 24:00"),
        ("2026-09-30 17:00", "1wd", "2026-10-08 24:00"),
        ("2026-09-30 17:00", "3wd", "2026-10-10 24:00"),
        ("2026-09-18 10:00", "2wd", "2026-09-21 24:00"),
        ("2025-12-31 10:00", "1wd", "2026-01-04 24:00"),
        ("2026-05-08 16:30", "4wh", "2026-05-09 11:30"),
        ("2026-02-14 15:00", "4wh", "2026-02-24 10:00"),
        ("2026-06-18 17:30", "2wh", "2026-06-22 10:30"),
        ("2026-08-01 20:00", "4wh", "2026-08-03 15:00"),
    ] {
        assert_eq!(due(start, limit), expected, "{start} + {limit}");
    }
}

#[test]
fn hours_run_through_nights_and_holidays_and_calendar_days_move_off_them() {
    assert_eq!(due("2026-10-01 23:30", "2uh"), "2026-10-02 01:30");
    assert_eq!(due("2026-10-01 23:30", "8h"), "2026-10-02 07:30");
    assert_eq!(due("2026-09-24 10:00", "3cd"), "2026-09-28 24:00");
    assert_eq!(due("2026-09-21 10:00", "3cd"), "2026-09-24 24:00");
    // A window's last minute belongs to it; its end does not begin the next day.
    assert_eq!(due("2026-08-03 17:00", "1wh"), "2026-08-03 18:00");
    assert_eq!(due("2026-08-03 12:00", "1wh"), "2026-08-03 15:00");
}

#[test]
fn a_day_may_end_with_business() {
    let limit = TimeLimit::WorkDays(1);
    assert_eq!(local(limit.due(&calendar(), DayEnd::CloseOfBusiness, at("2026-08-03 10:00"))), "2026-08-04 18:00");
}

fn paused(limit: &str, start: &str, pauses: &[(&str, &str)]) -> String {
    let pauses: Vec<Pause> =
        pauses.iter().map(|(from, to)| Pause { from: at(from), to: (!to.is_empty()).then(|| at(to)) }).collect();
    local(due_with_pauses(TimeLimit::parse(limit).unwrap(), &calendar(), DayEnd::Midnight, at(start), &pauses))
}

#[test]
fn the_same_limit_once_more_ends_a_limit_later_and_no_day_later() {
    let again = |due: &str, limit: &str, day_end: DayEnd| {
        local(TimeLimit::parse(limit).unwrap().due_again(&calendar(), day_end, at(due)))
    };
    for (due, limit, expected) in [
        // 08-04 24:00, which is also 08-05 00:00.
        ("2026-08-05 00:00", "1wd", "2026-08-05 24:00"),
        ("2026-08-05 00:00", "3wd", "2026-08-07 24:00"),
        ("2026-08-05 00:00", "3cd", "2026-08-07 24:00"),
        // A last day that moved off a holiday counts as the last day.
        ("2026-09-29 00:00", "3cd", "2026-10-08 24:00"),
        // Before a holiday, and at the end of a year.
        ("2026-10-01 00:00", "1wd", "2026-10-08 24:00"),
        ("2026-02-14 00:00", "2wd", "2026-02-24 24:00"),
        ("2026-01-01 00:00", "1wd", "2026-01-04 24:00"),
        // A minute after midnight belongs to that day.
        ("2026-08-05 00:01", "1wd", "2026-08-06 24:00"),
        // Hours continue from the instant; at a window's end, from the next window.
        ("2026-08-03 12:00", "1wh", "2026-08-03 15:00"),
        ("2026-08-03 18:00", "4wh", "2026-08-04 15:00"),
        ("2026-08-05 00:00", "2wh", "2026-08-05 11:00"),
        ("2026-08-05 00:00", "2uh", "2026-08-05 02:00"),
        ("2026-08-05 00:00", "8h", "2026-08-05 08:00"),
    ] {
        assert_eq!(again(due, limit, DayEnd::Midnight), expected, "{due} + {limit}");
    }
    for (due, limit, expected) in [
        ("2026-08-04 18:00", "1wd", "2026-08-05 18:00"),
        ("2026-08-07 18:00", "1wd", "2026-08-10 18:00"),
        ("2026-08-04 18:00", "3cd", "2026-08-07 18:00"),
    ] {
        assert_eq!(again(due, limit, DayEnd::CloseOfBusiness), expected, "{due} + {limit}, close of business");
    }
}

/// The civil day is the county's: until 08:00 there it is still yesterday in UTC.
#[test]
fn a_day_begins_at_midnight_in_the_county() {
    for start in ["2026-08-03 00:00", "2026-08-03 00:01", "2026-08-03 07:59", "2026-08-03 08:00", "2026-08-03 23:59"] {
        assert_eq!(due(start, "1wd"), "2026-08-04 24:00", "{start}");
        assert_eq!(due(start, "1cd"), "2026-08-04 24:00", "{start}");
        assert_eq!(due(start, "4wh").split(' ').next().unwrap() > "2026-08-03", start > "2026-08-03 17", "{start}");
    }
}

#[test]
fn working_hours_end_exactly_with_their_window() {
    for (start, limit, expected) in [
        ("2026-08-03 09:00", "3wh", "2026-08-03 12:00"),
        ("2026-08-03 09:00", "181wm", "2026-08-03 14:01"),
        ("2026-08-03 09:00", "7wh", "2026-08-03 18:00"),
        ("2026-08-03 09:00", "421wm", "2026-08-04 09:01"),
        ("2026-08-03 18:00", "1wm", "2026-08-04 09:01"),
        ("2026-08-03 17:59", "1wm", "2026-08-03 18:00"),
        ("2026-08-07 18:00", "7wh", "2026-08-10 18:00"),
    ] {
        assert_eq!(due(start, limit), expected, "{start} + {limit}");
    }
}

#[test]
fn pauses_stop_the_clock_that_can_be_stopped() {
    // 4 wh from Monday 09:00 end at 15:00; a pause 10:00–14:30 moves them to 16:30 + 1 h worked before.
    assert_eq!(paused("4wh", "2026-08-03 09:00", &[]), "2026-08-03 15:00");
    assert_eq!(paused("4wh", "2026-08-03 09:00", &[("2026-08-03 10:00", "2026-08-03 14:30")]), "2026-08-03 17:30");
    // A pause at night or over a weekend takes no working hours.
    assert_eq!(paused("8wh", "2026-08-07 14:00", &[("2026-08-07 18:00", "2026-08-10 09:00")]), "2026-08-10 15:00");
    // Overlapping pauses count once.
    let overlapping = [("2026-08-03 10:00", "2026-08-03 12:00"), ("2026-08-03 11:00", "2026-08-03 14:30")];
    assert_eq!(paused("4wh", "2026-08-03 09:00", &overlapping), "2026-08-03 17:30");
    // Days at whose 24:00 the clock was paused do not count.
    assert_eq!(paused("2wd", "2026-08-03 10:00", &[]), "2026-08-05 24:00");
    assert_eq!(paused("2wd", "2026-08-03 10:00", &[("2026-08-04 09:00", "2026-08-06 09:00")]), "2026-08-07 24:00");
    assert_eq!(paused("2wd", "2026-08-03 10:00", &[("2026-08-04 09:00", "2026-08-04 17:00")]), "2026-08-05 24:00");
    assert_eq!(paused("3cd", "2026-08-03 10:00", &[("2026-08-04 09:00", "2026-08-06 09:00")]), "2026-08-10 24:00");
    // Urgent hours go on; an open pause changes nothing yet.
    assert_eq!(paused("2uh", "2026-08-03 10:00", &[("2026-08-03 10:30", "2026-08-03 11:00")]), "2026-08-03 12:00");
    assert_eq!(paused("4wh", "2026-08-03 09:00", &[("2026-08-03 10:00", "")]), "2026-08-03 15:00");
}

/// Wherever the instants are within their half days, the deadline is the same, and never earlier than with the exact
/// ones.
#[test]
fn concealed_pauses_count_as_whole_half_days() {
    let calendar = calendar();
    let instants = |from: &str| -> Vec<Timestamp> {
        (0..12 * 60).step_by(37).map(|minute| at(from).plus(minutes_long(minute))).collect()
    };
    for limit in ["4wh", "2wd", "3cd", "8h"] {
        let limit = TimeLimit::parse(limit).unwrap();
        let mut told = std::collections::BTreeSet::new();
        for (from, to) in instants("2026-08-03 12:00").into_iter().zip(instants("2026-08-05 00:00").into_iter().rev()) {
            let exact = Pause { from, to: Some(to) };
            let due = |pause| due_with_pauses(limit, &calendar, DayEnd::Midnight, at("2026-08-03 09:00"), &[pause]);
            let outward = rounded_outward(Some(limit), &calendar, due(exact.widened(&calendar)));
            assert!(outward >= due(exact), "{limit}");
            told.insert(local(outward));
        }
        assert_eq!(told.len(), 1, "{limit}: {told:?}");
    }
}

#[test]
fn halves_are_exact() {
    let half = |limit: &str| TimeLimit::parse(limit).unwrap().halved(&calendar()).to_string();
    for (whole, expected) in [
        ("2uh", "1uh"),
        ("4wh", "2wh"),
        ("10wd", "5wd"),
        ("1wd", "210wm"),
        ("3wd", "630wm"),
        ("30cd", "15cd"),
        ("5cd", "60h"),
        ("5wh", "150wm"),
    ] {
        assert_eq!(half(whole), expected, "{whole}");
    }
}

#[test]
fn extensions_are_asked_for_four_working_hours_before() {
    let latest = |start: &str, due: &str| local(extension_latest_filing(&calendar(), at(start), at(due)));
    assert_eq!(latest("2026-08-03 09:00", "2026-08-06 00:00"), "2026-08-05 14:00");
    assert_eq!(latest("2026-08-03 09:00", "2026-08-03 15:00"), "2026-08-03 12:00");
}

#[test]
fn limits_read_as_they_are_written_and_nothing_else_does() {
    for text in ["2uh", "90um", "8h", "30m", "4wh", "210wm", "3wd", "30cd"] {
        assert_eq!(TimeLimit::parse(text).unwrap().to_string(), text);
    }
    for bad in ["", "P", "wd", "0wd", "-1wd", "10000wd", "4 wh", "4xx", "99999999999wd"] {
        assert!(TimeLimit::parse(bad).is_err(), "{bad}");
    }
}

/// 1 January is a holiday before the year's holidays are entered.
#[test]
fn new_years_day_is_never_worked() {
    for (start, limit, expected) in [
        ("2026-12-31 09:30", "1wd", "2027-01-04 24:00"),
        ("2026-12-30 10:00", "3wd", "2027-01-05 24:00"),
        ("2026-12-31 17:00", "2wh", "2027-01-04 10:00"),
        ("2026-12-31 10:00", "1cd", "2027-01-04 24:00"),
        ("2027-01-01 10:00", "1wh", "2027-01-04 10:00"),
    ] {
        assert_eq!(due(start, limit), expected, "{start} + {limit}");
    }
    let mut rules = calendar().rules().clone();
    rules.off.remove(&"2026-01-01".parse().unwrap());
    let calendar = WorkCalendar::new(1, rules).unwrap();
    assert!(!calendar.is_working("2026-01-01".parse().unwrap()));
}

#[test]
fn a_limit_that_runs_into_an_unknown_year_is_unsure() {
    let calendar = calendar();
    let unsure = |limit: &str, start: &str, version: i64| {
        let limit = TimeLimit::parse(limit).unwrap();
        let due = limit.due(&calendar, DayEnd::Midnight, at(start));
        is_unsure(limit, &calendar, version, at(start), due)
    };
    // 24:00 on 31 December is still the old year.
    assert!(!unsure("1wd", "2026-12-30 10:00", 2026));
    assert!(unsure("1wd", "2026-12-31 10:00", 2026));
    assert!(unsure("30cd", "2026-12-10 10:00", 2026));
    assert!(!unsure("48uh", "2026-12-31 10:00", 2026));
    assert!(unsure("1wd", "2025-12-31 10:00", 2026), "2025 is not named here");
    assert!(unsure("1wd", "2026-08-03 10:00", 2025), "counted before 2026 was named");
    let days = |from: &str| calendar.unnamed_years(at(from));
    assert_eq!(days("2026-10-31 23:00"), [0_i16; 0]);
    assert_eq!(days("2026-11-01 00:00"), [2027]);
    assert_eq!(days("2027-01-01 00:00"), [2027]);
    assert_eq!(days("2027-11-02 00:00"), [2027, 2028]);
    // A year of which only 1 January is named does not count as entered.
    let mut rules = calendar.rules().clone();
    rules.off.insert("2027-01-01".parse().unwrap());
    assert!(!rules.names_year(2027));
    rules.off.insert("2027-02-08".parse().unwrap());
    let next = WorkCalendar::new(2027, rules).unwrap().after([(2026, calendar.rules())].into_iter());
    assert!(next.knows_year(2026, 2026) && next.knows_year(2027, 2027) && !next.knows_year(2027, 2026));
}
