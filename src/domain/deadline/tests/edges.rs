//! Limits at their edges: the largest, and the last instant of a pause, a window or a notice.

use super::*;

#[test]
fn a_limit_counts_to_9999_and_says_what_is_expected() {
    for most in ["9999uh", "9999h", "9999wh", "9999wd", "9999cd"] {
        assert_eq!(TimeLimit::parse(most).unwrap().to_string(), most);
    }
    for most in ["599940um", "599940m", "599940wm"] {
        assert_eq!(TimeLimit::parse(most).unwrap().to_string(), most.replace("599940", "9999").replace('m', "h"));
    }
    for more in ["10000uh", "10000h", "10000wh", "10000wd", "10000cd", "599941um", "599941m", "599941wm"] {
        assert!(TimeLimit::parse(more).unwrap_err().contains("3wd"), "{more}");
    }
}

/// A day counts unless the clock was paused at its 24:00.
#[test]
fn a_pause_from_midnight_on_costs_the_day_before_nothing() {
    for (pause, due) in [
        (("2026-08-05 00:00", "2026-08-05 09:00"), "2026-08-05 24:00"),
        (("2026-08-04 23:59", "2026-08-05 00:00"), "2026-08-06 24:00"),
        (("2026-08-04 09:00", "2026-08-04 23:59"), "2026-08-05 24:00"),
        (("2026-08-04 23:59", "2026-08-05 00:01"), "2026-08-06 24:00"),
    ] {
        assert_eq!(paused("2wd", "2026-08-03 10:00", &[pause]), due, "{pause:?}");
    }
    // A Sunday that ended during a pause was no working day anyway.
    assert_eq!(paused("2wd", "2026-08-06 10:00", &[("2026-08-09 12:00", "2026-08-10 01:00")]), "2026-08-10 24:00");
}

#[test]
fn a_limit_in_hours_that_was_paused_in_several_windows_ends_as_much_later() {
    let pauses = [("2026-08-03 11:00", "2026-08-03 15:00"), ("2026-08-03 17:00", "2026-08-04 10:00")];
    // Two hours in the morning, two in the afternoon, the rest on Tuesday from ten.
    assert_eq!(paused("4wh", "2026-08-03 09:00", &pauses), "2026-08-03 17:00");
    assert_eq!(paused("6wh", "2026-08-03 09:00", &pauses), "2026-08-04 12:00");
    assert_eq!(paused("241wm", "2026-08-03 09:00", &pauses), "2026-08-04 10:01");
    // Started after the morning's end, and in the middle of a pause.
    assert_eq!(paused("1wh", "2026-08-03 13:00", &pauses[..1]), "2026-08-03 16:00");
}

#[test]
fn notice_is_counted_back_over_breaks_nights_and_holidays() {
    let latest = |due: &str| local(extension_latest_filing(&calendar(), at("2026-08-03 09:00"), at(due)));
    for (due, expected) in [
        ("2026-09-01 18:00", "2026-09-01 14:00"),
        ("2026-09-01 15:00", "2026-09-01 09:00"),
        ("2026-09-01 14:59", "2026-08-31 17:59"),
        ("2026-09-01 13:00", "2026-08-31 17:00"),
        ("2026-10-09 00:00", "2026-10-08 14:00"),
        ("2026-10-08 10:00", "2026-09-30 15:00"),
    ] {
        assert_eq!(latest(due), expected, "{due}");
    }
}
