#![allow(clippy::unwrap_used)]

use super::*;

#[test]
fn half_days_end_within_their_day_and_hours_are_full_where_the_county_is() {
    let in_zone =
        |zone: &str| WorkCalendar::new(1, CalendarRules { zone: zone.into(), ..CalendarRules::plain() }).unwrap();
    let at = |text: &str| Timestamp::parse(text).unwrap();
    let county = in_zone("Asia/Shanghai");
    for (instant, end) in [
        ("2026-08-03T00:00:00+08:00", "2026-08-03T11:59:59.999+08:00"),
        ("2026-08-03T11:59:59.999+08:00", "2026-08-03T11:59:59.999+08:00"),
        ("2026-08-03T12:00:00+08:00", "2026-08-03T23:59:59.999+08:00"),
        ("2026-08-03T23:59:59.999+08:00", "2026-08-03T23:59:59.999+08:00"),
    ] {
        assert_eq!(county.end_of_half_day(at(instant)), at(end), "{instant}");
    }
    for (zone, instant, hour) in [
        ("Asia/Shanghai", "2026-08-03T14:00:00+08:00", "2026-08-03T14:00:00+08:00"),
        ("Asia/Shanghai", "2026-08-03T14:00:00.001+08:00", "2026-08-03T15:00:00+08:00"),
        ("Asia/Shanghai", "2026-08-03T23:59:59.999+08:00", "2026-08-04T00:00:00+08:00"),
        ("Asia/Kolkata", "2026-08-03T14:10:00+05:30", "2026-08-03T15:00:00+05:30"),
    ] {
        assert_eq!(in_zone(zone).full_hour_from(at(instant)), at(hour), "{instant}");
    }
}
fn window(from: &str, to: &str) -> Window {
    Window { from: from.parse().unwrap(), to: to.parse().unwrap() }
}

fn plain() -> WorkCalendar {
    WorkCalendar::new(3, CalendarRules::plain()).unwrap()
}

fn season(from: (i8, i8), to: (i8, i8)) -> Season {
    Season { from, to, windows: vec![window("08:00", "12:00")] }
}

#[test]
fn hours_make_the_next_version_and_what_is_absent_stays() {
    let change = HoursChange { windows: Some(vec![window("08:30", "17:30")]), ..HoursChange::default() };
    let after = plain().with_hours(change).unwrap();
    assert_eq!((after.version(), after.rules().zone.as_str()), (4, "Asia/Shanghai"));
    assert_eq!(after.minutes_a_day(), 9 * 60);
    let winter = HoursChange { seasons: Some(vec![season((10, 1), (4, 30))]), ..HoursChange::default() };
    let after = plain().with_hours(winter).unwrap();
    for (day, hours) in [("2026-09-30", 2), ("2026-10-01", 1), ("2027-04-30", 1), ("2027-05-03", 2)] {
        assert_eq!(after.windows(day.parse().unwrap()).len(), hours, "{day}");
    }
}

#[test]
fn hours_that_make_no_day_are_refused_by_field() {
    let faults = |change: HoursChange| {
        let invalid = plain().with_hours(change).unwrap_err();
        invalid.0.into_iter().map(|error| error.pointer).collect::<Vec<_>>()
    };
    for windows in [
        vec![],
        vec![window("12:00", "12:00")],
        vec![window("14:00", "18:00"), window("09:00", "12:00")],
        vec![window("09:00", "12:00"), window("11:59", "18:00")],
        vec![window("09:00:30", "12:00")],
    ] {
        let change = HoursChange { windows: Some(windows.clone()), ..HoursChange::default() };
        assert_eq!(faults(change), ["/windows"], "{windows:?}");
    }
    let zone = HoursChange { zone: Some("Mars/Olympus".into()), ..HoursChange::default() };
    assert_eq!(faults(zone), ["/zone"]);
    for (seasons, pointers) in [
        (vec![season((2, 30), (4, 30))], vec!["/seasons/0/from"]),
        (vec![season((1, 1), (13, 1))], vec!["/seasons/0/to"]),
        (vec![season((10, 1), (4, 30)), season((4, 30), (5, 1))], vec!["/seasons/1"]),
        (vec![season((6, 1), (6, 30)), season((5, 1), (8, 1))], vec!["/seasons/1"]),
        (vec![Season { windows: vec![], ..season((6, 1), (6, 30)) }], vec!["/seasons/0/windows"]),
    ] {
        let change = HoursChange { seasons: Some(seasons), ..HoursChange::default() };
        assert_eq!(faults(change), pointers);
    }
    // Adjacent windows do not overlap, nor does one that begins when the other ends.
    let fine = HoursChange {
        windows: Some(vec![window("09:00", "12:00"), window("12:00", "18:00")]),
        seasons: Some(vec![season((10, 1), (4, 30)), season((5, 1), (9, 30))]),
        ..HoursChange::default()
    };
    assert!(plain().with_hours(fine).is_ok());
}

#[test]
fn times_of_day_and_days_of_the_year_are_written_with_two_digits() {
    assert_eq!(parse_clock("09:30"), Some(Time::constant(9, 30, 0, 0)));
    for bad in ["9:30", "09:30:00", "24:00", "0930", "", "0a:30"] {
        assert_eq!(parse_clock(bad), None, "{bad}");
    }
    assert_eq!(parse_month_day("07-31"), Some((7, 31)));
    for bad in ["7-31", "07-031", "07/31", "0731", "", "ab-cd"] {
        assert_eq!(parse_month_day(bad), None, "{bad}");
    }
}

#[test]
fn a_season_holds_from_its_first_day_to_its_last_and_may_go_over_the_end_of_the_year() {
    let (summer, winter) = (season((5, 1), (9, 30)), season((10, 1), (4, 30)));
    for (at, holds) in [((4, 30), false), ((5, 1), true), ((9, 30), true), ((10, 1), false), ((12, 31), false)] {
        assert_eq!((summer.holds_on(at), winter.holds_on(at)), (holds, !holds), "{at:?}");
    }
    let one_day = season((5, 1), (5, 1));
    assert_eq!([(4, 30), (5, 1), (5, 2)].map(|at| one_day.holds_on(at)), [false, true, false]);
}

#[test]
fn a_calendar_has_so_many_hours_and_seasons_at_most() {
    let faults = |change: HoursChange| -> Vec<_> {
        let invalid = plain().with_hours(change).err().map_or_else(Vec::new, |invalid| invalid.0);
        invalid.into_iter().map(|error| (error.pointer, error.code)).collect()
    };
    let hours = |count: usize| -> Vec<Window> {
        (0..count).map(|at| window(&format!("{:02}:00", 8 + at), &format!("{:02}:30", 8 + at))).collect()
    };
    let windows = |windows: Vec<Window>| faults(HoursChange { windows: Some(windows), ..HoursChange::default() });
    assert_eq!(windows(hours(6)), []);
    assert_eq!(windows(hours(7)), [("/windows".to_owned(), FieldCode::TooLong)]);
    // Windows do not begin on half a minute, nor on a millisecond.
    for odd in [window("09:00", "12:00:30"), window("09:00:00.001", "12:00")] {
        assert_eq!(windows(vec![odd]), [("/windows".to_owned(), FieldCode::Malformed)]);
    }
    let seasons = |count: i8| {
        let seasons = (1..=count).map(|at| season(((at + 1) / 2, at % 2 * 10 + 1), ((at + 1) / 2, at % 2 * 10 + 5)));
        faults(HoursChange { seasons: Some(seasons.collect()), ..HoursChange::default() })
    };
    assert_eq!(seasons(12), []);
    assert_eq!(seasons(13), [("/seasons".to_owned(), FieldCode::TooLong)]);
}

#[test]
fn hours_end_after_they_begin_and_before_the_next() {
    for (windows, error) in [
        (vec![window("09:00", "12:00"), window("12:00", "18:00")], None),
        (vec![], Some(CalendarError::Windows)),
        (vec![window("09:00", "09:00")], Some(CalendarError::Windows)),
        (vec![window("12:00", "09:00")], Some(CalendarError::Windows)),
        (vec![window("09:00", "12:00"), window("11:59", "18:00")], Some(CalendarError::Windows)),
    ] {
        let rules = CalendarRules { windows, ..CalendarRules::plain() };
        assert_eq!(WorkCalendar::new(1, rules.clone()).err(), error, "{rules:?}");
    }
    let day: Date = "2026-08-03".parse().unwrap();
    let both = CalendarRules { off: [day].into(), makeup: [day].into(), ..CalendarRules::plain() };
    assert_eq!(WorkCalendar::new(1, both).err(), Some(CalendarError::Both(day)));
}

#[test]
fn a_day_has_one_name_at_a_time() {
    let (day, other) = ("2026-08-03".parse().unwrap(), "2026-08-04".parse().unwrap());
    let mut rules = CalendarRules::plain();
    rules.name(other, DayKind::Off);
    for kind in [DayKind::Off, DayKind::Makeup, DayKind::Usual, DayKind::Makeup, DayKind::Off] {
        rules.name(day, kind);
        assert_eq!((rules.kind_of(day), rules.kind_of(other)), (kind, DayKind::Off));
    }
}

#[test]
fn a_year_is_named_by_days_off_other_than_the_first_of_january() {
    let rules = |days: &[&str]| CalendarRules {
        off: days.iter().map(|day| day.parse().unwrap()).collect(),
        ..CalendarRules::plain()
    };
    for (days, named) in [
        (&[][..], false),
        (&["2026-01-01"], false),
        (&["2025-10-01", "2027-10-01"], false),
        (&["2026-01-02"], true),
        (&["2026-02-01"], true),
    ] {
        assert_eq!(rules(days).names_year(2026), named, "{days:?}");
    }
}

/// Source: domain §2.4.
#[test]
fn days_and_half_days_are_those_of_the_county() {
    let county = plain();
    let at = |text: &str| Timestamp::parse(&format!("{text}+08:00")).unwrap();
    for (instant, half, start, day) in [
        ("2026-08-03T00:00:00", HalfDay::Morning, "2026-08-03T00:00:00", "2026-08-03"),
        ("2026-08-03T07:59:59", HalfDay::Morning, "2026-08-03T00:00:00", "2026-08-03"),
        ("2026-08-03T11:59:59", HalfDay::Morning, "2026-08-03T00:00:00", "2026-08-03"),
        ("2026-08-03T12:00:00", HalfDay::Afternoon, "2026-08-03T12:00:00", "2026-08-03"),
        ("2026-08-03T23:59:59", HalfDay::Afternoon, "2026-08-03T12:00:00", "2026-08-03"),
    ] {
        assert_eq!(
            (county.half_day(at(instant)), county.start_of_half_day(at(instant))),
            (half, at(start)),
            "{instant}"
        );
        assert_eq!(county.civil_date(at(instant)).to_string(), day);
        assert_eq!(county.start_of_day(at(instant)), at("2026-08-03T00:00:00"));
    }
    assert_eq!((county.year(at("2027-01-01T00:00:00")), county.year(at("2026-12-31T23:59:59"))), (2027, 2026));
    let (monday, sunday) = ("2026-08-03".parse().unwrap(), "2026-08-02".parse().unwrap());
    assert_eq!(county.close_of_business(monday), at("2026-08-03T18:00:00"));
    // A day off ends when the day does.
    assert_eq!(county.close_of_business(sunday), at("2026-08-03T00:00:00"));
    assert_eq!(county.windows(sunday), []);
    assert_eq!(county.minutes_a_day(), 420);
}

#[test]
fn a_deadline_at_midnight_is_of_the_day_that_ends() {
    for (due, day) in [
        ("2026-08-04T00:00:00+08:00", "2026-08-03"),
        ("2026-08-04T00:00:00.001+08:00", "2026-08-04"),
        ("2026-08-04T18:00:00+08:00", "2026-08-04"),
        ("2026-08-04T23:59:59.999+08:00", "2026-08-04"),
    ] {
        assert_eq!(plain().last_date(Timestamp::parse(due).unwrap()).to_string(), day, "{due}");
    }
}
