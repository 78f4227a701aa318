//! Deadlines that move: never to an earlier time, and never for a round that has ended.

use std::collections::BTreeSet;
use std::time::Duration;

use super::*;

#[test]
fn a_failed_check_ends_what_was_asked_for_the_round() {
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    case.take("2026-08-03 10:00", &handler(), ask(Some("2026-08-07 12:00")));
    let old = case.waiting(RequestKind::Extension);
    case.take("2026-08-03 10:00", &handler(), dispute());
    case.take("2026-08-03 11:00", &handler(), fix());
    case.take("2026-08-10 09:00", &office(1), fail());
    assert_eq!(case.issue.requests[0].state, RequestState::Lapsed);
    // A dispute is about the finding, not the round.
    assert_eq!(case.issue.requests[1].state, RequestState::Pending);
    assert_eq!(case.decide("2026-08-10 09:00", &office(1), &grant(old)), Err(Refusal::Guard(Why::NothingPending)));
    let due = case.issue.clock.due_at.unwrap();
    // The unit may ask again, for the new round.
    case.take("2026-08-10 10:00", &handler(), ask(None));
    let id = case.waiting(RequestKind::Extension);
    case.take("2026-08-10 10:00", &office(1), grant(id));
    assert!(case.issue.clock.due_at.unwrap() > due);
    assert!(!case.issue.is_overdue(at("2026-08-10 10:00")));
}

#[test]
fn an_extension_moves_no_deadline_back() {
    // Requested, then hung for a week, which moves the deadline past the requested one.
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    case.take("2026-08-03 10:00", &handler(), ask(Some("2026-08-07 12:00")));
    case.take("2026-08-03 11:00", &office(1), hang(&["2026-08-20"]));
    case.take("2026-08-14 11:00", &office(1), Command::Unhang(actions::Unhang { reason: None }));
    let moved = case.due();
    assert!(moved.as_str() > "2026-08-14", "{moved}");
    let id = case.waiting(RequestKind::Extension);
    case.take("2026-08-14 11:00", &office(1), grant(id));
    assert_eq!(case.due(), moved);
    assert_eq!(case.issue.requests[0].until, case.issue.clock.due_at, "what is kept is what was given");
    assert_eq!(case.issue.requests[0].state, RequestState::Granted);
}

#[test]
fn coming_off_the_books_moves_no_deadline_back() {
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    let before = case.issue.clock.due_at.unwrap();
    case.take("2026-08-03 10:00", &office(1), hang(&["2026-08-20"]));
    // The calendar has changed since: the Saturday and Sunday before are working days.
    let mut rules = case.calendar.rules().clone();
    rules.makeup.insert("2026-08-08".parse().unwrap());
    rules.makeup.insert("2026-08-09".parse().unwrap());
    rules.off.clear();
    case.calendar = WorkCalendar::new(2027, rules).unwrap();
    case.take("2026-08-03 10:01", &office(1), Command::Unhang(actions::Unhang { reason: None }));
    assert!(case.issue.clock.due_at.unwrap() >= before);
    // A night on the books does not shorten a fixed deadline either.
    let mut case = Case::rectifying("2026-09-30 09:00", "3wd", Severity::Low);
    let before = case.issue.clock.due_at.unwrap();
    case.take("2026-09-30 10:00", &office(1), hang(&["2026-10-20"]));
    let mut rules = case.calendar.rules().clone();
    rules.off.clear();
    case.calendar = WorkCalendar::new(2027, rules).unwrap();
    case.take("2026-09-30 10:01", &office(1), Command::Unhang(actions::Unhang { reason: None }));
    assert_eq!(case.issue.clock.due_at, Some(before), "the holiday was struck out after the deadline was told");
}

#[test]
fn a_founded_return_moves_no_deadline_back() {
    let mut case = Case::rectifying("2026-09-30 09:00", "3wd", Severity::Low);
    let before = case.issue.clock.due_at.unwrap();
    case.take("2026-09-30 10:00", &handler(), give_back());
    let mut rules = case.calendar.rules().clone();
    rules.off.clear();
    case.calendar = WorkCalendar::new(2027, rules).unwrap();
    let unit_id = UnitId(Uuid::from_u128(5));
    case.take(
        "2026-09-30 11:00",
        &office(1),
        Command::Reassign(actions::Reassign { unit_id, founded: true, is_final: false }),
    );
    assert_eq!(case.issue.clock.due_at, Some(before));
    assert_eq!(case.issue.clock.clock_started_at, Some(at("2026-09-30 11:00")));
}

#[test]
fn an_unfounded_return_gives_no_time_back() {
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    let before = case.issue.clock.due_at;
    case.take("2026-08-03 10:00", &handler(), give_back());
    let unit_id = handler().unit_id.unwrap();
    case.take(
        "2026-08-04 11:00",
        &office(1),
        Command::Reassign(actions::Reassign { unit_id, founded: false, is_final: false }),
    );
    assert_eq!((case.issue.clock.due_at, case.issue.buck_passing_count()), (before, 1));
}

#[test]
fn a_fix_counts_from_when_it_was_written_offline() {
    // Due at three on Monday.
    for (composed, sent, arrives, on_time) in [
        (None, None, "2026-08-03 15:00", true),
        (None, None, "2026-08-03 15:01", false),
        (Some("2026-08-03 15:00"), Some("2026-08-04 09:00"), "2026-08-04 09:00", true),
        (Some("2026-08-03 15:01"), Some("2026-08-04 09:00"), "2026-08-04 09:00", false),
        // The clocks differ by five minutes; by a minute more.
        (Some("2026-08-03 15:00"), Some("2026-08-04 09:05"), "2026-08-04 09:00", true),
        (Some("2026-08-03 15:00"), Some("2026-08-04 08:55"), "2026-08-04 09:00", true),
        (Some("2026-08-03 15:00"), Some("2026-08-04 09:06"), "2026-08-04 09:00", false),
        // A day late; a minute more.
        (Some("2026-08-03 15:00"), Some("2026-08-04 15:00"), "2026-08-04 15:00", true),
        (Some("2026-08-03 15:00"), Some("2026-08-04 15:01"), "2026-08-04 15:01", false),
        (Some("2026-08-03 15:00"), None, "2026-08-04 09:00", false),
    ] {
        let mut case = Case::rectifying("2026-08-03 09:00", "4wh", Severity::Low);
        case.take(arrives, &handler(), fix_composed(composed.map(at), sent.map(at)));
        assert_eq!(case.issue.fix.reported_at, Some(at(arrives)), "the server's time is what is noted");
        case.take("2026-08-05 09:00", &office(1), pass(true, None));
        assert_eq!(case.issue.closing.on_time, Some(on_time), "{composed:?} {sent:?} {arrives}");
    }
}

#[test]
fn nobody_answers_a_round_before_it_began() {
    let mut case = Case::rectifying("2026-08-03 09:00", "4wh", Severity::Low);
    case.take("2026-08-03 10:00", &handler(), fix());
    case.take("2026-08-03 11:00", &office(1), fail());
    let composed = fix_composed(Some(at("2026-08-03 09:30")), Some(at("2026-08-03 12:00")));
    case.take("2026-08-03 12:00", &handler(), composed);
    // A round begins with the end of the half day of its failed check, because its exact time is concealed.
    assert_eq!(case.issue.fix.fix_counted_at, case.issue.clock.clock_started_at);
    assert!(case.issue.fix.fix_counted_at.is_some_and(|counted| counted > at("2026-08-03 11:00")));
}

#[test]
fn a_report_that_failed_never_counts() {
    let mut case = Case::rectifying("2026-08-03 09:00", "4wh", Severity::Low);
    case.take("2026-08-03 10:00", &handler(), fix());
    case.take("2026-08-03 11:00", &office(1), fail());
    let due = case.issue.clock.due_at.unwrap();
    case.take_at(due.plus(SECOND), &handler(), fix());
    case.take_at(due.plus(SECOND), &office(1), pass(true, None));
    assert_eq!(case.issue.closing.on_time, Some(false));
}

#[test]
fn the_pauses_of_an_earlier_clock_do_not_lengthen_this_one() {
    let mut case = Case::rectifying("2026-08-03 09:00", "10wd", Severity::Low);
    case.take("2026-08-03 10:00", &office(1), hang(&["2026-08-20"]));
    case.take("2026-08-05 10:00", &office(1), Command::Unhang(actions::Unhang { reason: None }));
    assert_eq!(case.due(), "2026-08-18 24:00");
    case.take("2026-08-05 11:00", &handler(), fix());
    case.take("2026-08-05 12:00", &office(1), fail());
    assert_eq!(case.due(), "2026-08-12 24:00");
    case.take("2026-08-06 10:00", &office(1), hang(&["2026-08-20"]));
    case.take("2026-08-06 11:00", &office(1), Command::Unhang(actions::Unhang { reason: None }));
    assert_eq!(case.due(), "2026-08-12 24:00");
}

#[test]
fn a_rework_has_half_the_limit_and_four_working_hours_at_least() {
    for (limit, due) in [("10wd", "2026-08-10 24:00"), ("4wh", "2026-08-03 18:00"), ("8wh", "2026-08-03 18:00")] {
        let mut case = Case::rectifying("2026-08-03 09:00", limit, Severity::Low);
        case.take("2026-08-03 09:00", &handler(), fix());
        case.take("2026-08-03 09:00", &office(1), fail());
        assert_eq!((case.due().as_str(), case.issue.round), (due, 2), "{limit}");
    }
}

/// A unit is told nothing of when in a half day its fix failed, and never has less time than from that very minute on:
/// tried at every minute of a working day and of a day off.
#[test]
fn a_rework_tells_no_minute_and_costs_none() {
    const MINUTE: Duration = Duration::from_secs(60);
    let limits = ["4wh", "8wh", "105wm", "1wd", "3wd", "10wd", "3cd", "30cd", "12h", "50h"];
    let cases = limits.map(|limit| (limit, Case::rectifying("2026-08-03 09:00", limit, Severity::Low)));
    for (limit, mut case) in cases.into_iter().chain([("a fixed deadline", fixed(None))]) {
        case.take("2026-08-06 09:00", &handler(), fix());
        let half = TimeLimit::parse(limit).map(|limit| limit.halved(&case.calendar));
        // A Friday and the Saturday after it, from midnight and from noon on, with the last instant of each half day.
        for half_day in ["2026-08-07 00:00", "2026-08-07 12:00", "2026-08-08 00:00", "2026-08-08 12:00"] {
            let from = at(half_day);
            let minutes = (0..12 * 60).map(|minute| from.plus(MINUTE * minute));
            let last = from.plus(MINUTE * 12 * 60).minus(Duration::from_micros(1));
            let mut told = BTreeSet::new();
            for now in minutes.chain([last]) {
                let due = case.decide_at(now, &office(1), &fail()).unwrap().after().clock.due_at.unwrap();
                let limited = |limit: TimeLimit| limit.due(&case.calendar, DayEnd::Midnight, now);
                // Half of the ten days of the fixed one.
                let exact = half.as_ref().map_or(now.plus(MINUTE * 60 * 24 * 5), |half| limited(*half));
                assert!(due >= exact.max(limited(deadline::REWORK_MINIMUM)), "{limit} {now} {due}");
                told.insert(due);
            }
            assert_eq!(told.len(), 1, "{limit} {half_day} {told:?}");
        }
    }
}

/// A deadline that a person set, ten days after the hand-over, for an item with this limit or none.
fn fixed(limit: Option<TimeLimit>) -> Case {
    let mut case = Case::reported("2026-08-03 09:00", Severity::Low, None);
    case.limit = limit;
    let unit_id = handler().unit_id.unwrap();
    let due = Some(at("2026-08-13 10:00"));
    case.take("2026-08-03 09:00", &office(1), Command::Approve(actions::Approve { severity: None, unit_id, due }));
    case.take("2026-08-03 10:00", &office(2), Command::Release(actions::Release {}));
    case.take("2026-08-03 10:00", &handler(), Command::SignIn(actions::SignIn { handler: None }));
    assert_eq!(case.due(), "2026-08-13 10:00");
    case
}

#[test]
fn every_rework_of_a_fixed_deadline_has_half_of_the_first() {
    for limit in [None, Some(TimeLimit::WorkDays(3)), Some(TimeLimit::CalendarDays(60))] {
        let mut case = fixed(limit);
        for (day, due) in
            [("2026-08-04", "2026-08-09 12:00"), ("2026-08-05", "2026-08-10 12:00"), ("2026-08-06", "2026-08-11 12:00")]
        {
            case.take(&format!("{day} 10:00"), &handler(), fix());
            case.take(&format!("{day} 11:00"), &office(1), fail());
            assert_eq!(case.due(), due, "{limit:?} {day}");
        }
    }
}

#[test]
fn neither_extensions_nor_pauses_change_what_a_rework_has_half_of() {
    let mut case = fixed(None);
    case.take("2026-08-03 11:00", &handler(), ask(None));
    assert_eq!(case.issue.requests[0].until, Some(at("2026-08-23 10:00")), "as long again");
    let id = case.waiting(RequestKind::Extension);
    case.take("2026-08-03 11:00", &office(1), grant(id));
    case.take("2026-08-03 11:00", &office(1), hang(&["2026-08-20"]));
    case.take("2026-08-04 09:00", &office(1), Command::Unhang(actions::Unhang { reason: None }));
    assert!(case.due().as_str() > "2026-08-24", "{}", case.due());
    case.take("2026-08-04 10:00", &handler(), fix());
    case.take("2026-08-04 11:00", &office(1), fail());
    assert_eq!(case.due(), "2026-08-09 12:00");
    // Extensions do not change a limit in days either.
    let mut case = Case::rectifying("2026-08-03 09:00", "10wd", Severity::Low);
    case.take("2026-08-03 10:00", &handler(), ask(Some("2026-08-20 12:00")));
    let id = case.waiting(RequestKind::Extension);
    case.take("2026-08-03 10:00", &office(1), grant(id));
    case.take("2026-08-03 10:00", &handler(), fix());
    case.take("2026-08-03 11:00", &office(1), fail());
    assert_eq!(case.due(), "2026-08-10 24:00");
}

#[test]
fn a_first_extension_in_a_rework_is_as_long_as_the_first_limit_at_most() {
    let mut case = fixed(Some(TimeLimit::WorkDays(3)));
    case.take("2026-08-04 10:00", &handler(), fix());
    case.take("2026-08-04 11:00", &office(1), fail());
    assert_eq!(case.due(), "2026-08-09 12:00");
    case.take("2026-08-05 10:00", &handler(), ask(None));
    assert_eq!(case.issue.requests[0].until, Some(at("2026-08-19 12:00")));
}

#[test]
fn a_rework_of_a_short_fixed_deadline_has_four_working_hours() {
    let mut case = Case::reported("2026-08-03 09:00", Severity::Low, None);
    case.limit = Some(TimeLimit::WorkDays(30));
    let unit_id = handler().unit_id.unwrap();
    let due = Some(at("2026-08-03 11:00"));
    case.take("2026-08-03 09:00", &office(1), Command::Approve(actions::Approve { severity: None, unit_id, due }));
    case.take("2026-08-03 10:00", &office(2), Command::Release(actions::Release {}));
    case.take("2026-08-03 10:00", &handler(), Command::SignIn(actions::SignIn { handler: None }));
    case.take("2026-08-03 10:00", &handler(), fix());
    case.take("2026-08-03 11:00", &office(1), fail());
    // From noon on: half neither of an hour nor of the thirty days that the office replaced.
    assert_eq!(case.due(), "2026-08-03 18:00");
}

#[test]
fn a_founded_return_gives_a_fixed_deadline_its_whole_time_again() {
    let unit_id = UnitId(Uuid::from_u128(5));
    for (founded, due) in [(true, "2026-08-14 12:00"), (false, "2026-08-13 10:00")] {
        let mut case = fixed(Some(TimeLimit::WorkDays(3)));
        case.take("2026-08-04 09:00", &handler(), give_back());
        case.take(
            "2026-08-04 12:00",
            &office(1),
            Command::Reassign(actions::Reassign { unit_id, founded, is_final: false }),
        );
        assert_eq!(case.due(), due, "{founded}");
        assert_eq!((case.issue.clock.round_limit, case.issue.clock.due_at), (None, case.issue.clock.due_fixed));
    }
}

/// On the books from the morning of the 3rd to that of the 4th: a day and a half, rounded to the hour.
#[test]
fn a_fixed_deadline_moves_by_the_half_days_on_the_books() {
    let mut case = fixed(None);
    case.take("2026-08-03 11:00", &office(1), hang(&["2026-08-20"]));
    case.take("2026-08-04 09:00", &office(1), Command::Unhang(actions::Unhang { reason: None }));
    assert_eq!((case.due().as_str(), case.issue.clock.due_fixed), ("2026-08-14 22:00", case.issue.clock.due_at));
}

/// Half of thirty hours from the end of an afternoon, rounded to the full hour, is three o'clock, when four working
/// hours end.
#[test]
fn where_half_the_time_is_no_later_than_four_working_hours_these_are_the_limit() {
    for (due, limit) in [("2026-08-04 16:00", Some(deadline::REWORK_MINIMUM)), ("2026-08-04 18:00", None)] {
        let mut case = Case::reported("2026-08-03 09:00", Severity::Low, None);
        let unit_id = handler().unit_id.unwrap();
        case.take(
            "2026-08-03 09:00",
            &office(1),
            Command::Approve(actions::Approve { severity: None, unit_id, due: Some(at(due)) }),
        );
        case.take("2026-08-03 10:00", &office(2), Command::Release(actions::Release {}));
        case.take("2026-08-03 10:00", &handler(), Command::SignIn(actions::SignIn { handler: None }));
        case.take("2026-08-03 11:00", &handler(), fix());
        case.take("2026-08-03 14:00", &office(1), fail());
        let expected = if limit.is_some() { "2026-08-04 15:00" } else { "2026-08-04 16:00" };
        assert_eq!((case.due().as_str(), case.issue.clock.round_limit), (expected, limit), "{due}");
        assert_eq!(case.issue.clock.due_fixed.is_some(), limit.is_none(), "{due}");
    }
    // Half of twelve elapsed hours, from noon, ends with four working hours too.
    let mut case = Case::rectifying("2026-08-03 09:00", "12h", Severity::Low);
    case.take("2026-08-03 10:00", &handler(), fix());
    case.take("2026-08-03 11:00", &office(1), fail());
    assert_eq!(
        (case.due().as_str(), case.issue.clock.round_limit),
        ("2026-08-03 18:00", Some(deadline::REWORK_MINIMUM))
    );
}
