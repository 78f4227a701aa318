//! Time windows and counts: the last instant that is allowed, and the first that is not.

use super::*;

/// The step is taken at `last` and refused a microsecond later.
#[track_caller]
fn ends_at(case: &Case, actor: &Actor, command: &Command, last: &str) {
    assert!(case.decide(last, actor, command).is_ok(), "at {last}");
    let late = Timestamp::from_micros(at(last).as_micros() + 1);
    assert_eq!(case.decide_at(late, actor, command), Err(Refusal::Guard(Why::WindowPassed(at(last)))), "after {last}");
}

#[test]
fn a_unit_returns_and_disputes_within_its_time() {
    // Monday; one working day more ends with Tuesday, two with Wednesday.
    let case = Case::rectifying("2026-08-03 09:00", "10wd", Severity::Low);
    ends_at(&case, &handler(), &give_back(), "2026-08-05 00:00");
    ends_at(&case, &handler(), &dispute(), "2026-08-06 00:00");
    // Handed over before eight, when it is still Sunday in UTC; and in the last minute of a day.
    for when in ["2026-08-03 00:00", "2026-08-03 07:30", "2026-08-03 23:59"] {
        let case = Case::rectifying(when, "10wd", Severity::Low);
        ends_at(&case, &handler(), &give_back(), "2026-08-05 00:00");
        ends_at(&case, &handler(), &dispute(), "2026-08-06 00:00");
    }
    // Over a holiday.
    let case = Case::rectifying("2026-09-30 09:00", "10wd", Severity::Low);
    ends_at(&case, &handler(), &give_back(), "2026-10-09 00:00");
    ends_at(&case, &handler(), &dispute(), "2026-10-10 00:00");
}

#[test]
fn what_is_urgent_is_returned_within_two_hours_and_disputed_like_all_else() {
    let mut case = Case::reported("2026-08-03 20:00", Severity::High, None);
    let unit_id = handler().unit_id.unwrap();
    case.take(
        "2026-08-03 20:00",
        &office(1),
        Command::ReleaseUrgent(actions::ReleaseUrgent { severity: Severity::High, unit_id }),
    );
    ends_at(&case, &handler(), &give_back(), "2026-08-03 22:00");
    ends_at(&case, &handler(), &dispute(), "2026-08-06 00:00");
}

#[test]
fn another_unit_has_its_own_time() {
    let mut case = Case::rectifying("2026-08-03 09:00", "10wd", Severity::Low);
    case.take("2026-08-03 10:00", &handler(), give_back());
    let other = Actor { unit_id: Some(UnitId(Uuid::from_u128(5))), ..person(Role::Unit, 21) };
    let unit_id = other.unit_id.unwrap();
    case.take(
        "2026-08-05 10:00",
        &office(1),
        Command::Reassign(actions::Reassign { unit_id, founded: true, is_final: false }),
    );
    // The second assignment is final: it can no longer be returned.
    assert_eq!(case.decide("2026-08-05 11:00", &handler(), &give_back()), Err(Refusal::NotVisible));
    ends_at(&case, &other, &give_back(), "2026-08-07 00:00");
    ends_at(&case, &other, &dispute(), "2026-08-08 00:00");
    case.take("2026-08-05 11:00", &other, give_back());
    let unit_id = handler().unit_id.unwrap();
    case.take(
        "2026-08-05 12:00",
        &office(1),
        Command::Reassign(actions::Reassign { unit_id, founded: false, is_final: false }),
    );
    assert_eq!(
        case.decide("2026-08-05 12:00", &handler(), &give_back()),
        Err(Refusal::Guard(Why::FinalAssignment)),
        "a second return is designated"
    );
}

#[test]
fn an_extension_is_asked_for_four_working_hours_before_the_deadline() {
    let case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    assert_eq!(case.due(), "2026-08-06 24:00");
    ends_at(&case, &handler(), &ask(None), "2026-08-06 14:00");
    // Half-way through a limit shorter than twice that.
    let case = Case::rectifying("2026-08-03 09:00", "4wh", Severity::Low);
    ends_at(&case, &handler(), &ask(None), "2026-08-03 12:00");
}

#[test]
fn a_first_extension_is_as_long_as_the_limit_at_most() {
    let case = Case::rectifying("2026-08-03 09:00", "1wd", Severity::Low);
    assert_eq!(case.due(), "2026-08-04 24:00");
    let mut asked = case;
    let longest = asked.decide("2026-08-03 10:00", &handler(), &ask(Some("2026-08-06 00:00"))).unwrap();
    assert_eq!(local(longest.after().requests[0].until.unwrap()), "2026-08-05 24:00");
    for until in ["2026-08-06 00:01", "2026-08-05 00:00", "2026-08-04 23:59"] {
        let refused = faults(asked.decide("2026-08-03 10:00", &handler(), &ask(Some(until))));
        assert_eq!(refused, [("/until".to_owned(), FieldCode::OutOfRange)], "{until}");
    }
    // By default the longest.
    asked.take("2026-08-03 10:00", &handler(), ask(None));
    let id = asked.waiting(RequestKind::Extension);
    asked.take("2026-08-03 11:00", &office(1), grant(id));
    assert_eq!(asked.due(), "2026-08-05 24:00");
    // A second one may be longer; there is no third.
    asked.take("2026-08-04 10:00", &handler(), ask(Some("2026-09-01 18:00")));
    let id = asked.waiting(RequestKind::Extension);
    asked.take("2026-08-04 11:00", &office(1), grant(id));
    assert_eq!(asked.due(), "2026-09-01 18:00");
    assert_eq!(asked.decide("2026-08-05 10:00", &handler(), &ask(None)), Err(Refusal::Guard(Why::ExtensionsExhausted)));
}

#[test]
fn what_was_refused_uses_up_no_extension_and_one_waits_at_a_time() {
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    for _ in 0..3 {
        case.take("2026-08-03 10:00", &handler(), ask(None));
        assert_eq!(case.decide("2026-08-03 10:00", &handler(), &ask(None)), Err(Refusal::Guard(Why::RequestPending)));
        let request_id = case.waiting(RequestKind::Extension);
        let refuse =
            Command::DecideExtension(actions::DecideExtension {
                request_id, granted: false, reason: "不同意".into()
            });
        case.take("2026-08-03 10:00", &office(1), refuse);
    }
    assert!(case.decide("2026-08-03 10:00", &handler(), &ask(None)).is_ok());
}

#[test]
fn a_fixed_deadline_lies_ahead() {
    let case = Case::reported("2026-08-03 09:00", Severity::Low, None);
    let unit_id = handler().unit_id.unwrap();
    let approve = |due: &str| Command::Approve(actions::Approve { severity: None, unit_id, due: Some(at(due)) });
    for due in ["2026-08-03 09:00", "2026-08-03 08:59", "2020-01-01 00:00", "2100-01-01 08:00", "9998-12-31 00:00"] {
        let refused = faults(case.decide("2026-08-03 09:00", &office(1), &approve(due)));
        assert_eq!(refused, [("/due".to_owned(), FieldCode::OutOfRange)], "{due}");
    }
    for due in ["2026-08-03 09:01", "2100-01-01 07:59"] {
        assert!(case.decide("2026-08-03 09:00", &office(1), &approve(due)).is_ok(), "{due}");
    }
}

#[test]
fn a_fixed_deadline_that_passed_before_the_release_gives_way_to_the_limit() {
    for (due, expected) in [("2026-08-03 10:00", "2026-08-06 24:00"), ("2026-08-03 10:01", "2026-08-03 10:01")] {
        let mut case = Case::reported("2026-08-03 09:00", Severity::Low, None);
        let unit_id = handler().unit_id.unwrap();
        let approve = Command::Approve(actions::Approve { severity: None, unit_id, due: Some(at(due)) });
        case.take("2026-08-03 09:00", &office(1), approve);
        case.take("2026-08-03 10:00", &office(2), Command::Release(actions::Release {}));
        assert_eq!(case.due(), expected, "{due}");
    }
}

#[test]
fn milestones_are_ninety_days_apart_at_most() {
    let case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    let hung = |days: &[&str]| case.decide("2026-08-03 09:00", &office(1), &hang(days));
    // Today, and ninety days from today.
    for days in [&["2026-08-03"][..], &["2026-11-01"], &["2026-11-01", "2027-01-30"]] {
        assert!(hung(days).is_ok(), "{days:?}");
    }
    for (days, pointer) in [
        (&["2026-08-02"][..], "/plan/0/due"),
        (&["2026-11-02"], "/plan/0/due"),
        (&["2026-09-01", "2026-09-01"], "/plan/1/due"),
        (&["2026-09-02", "2026-09-01"], "/plan/1/due"),
        (&["2026-09-01", "2026-12-01"], "/plan/1/due"),
        (&[], "/plan"),
    ] {
        assert_eq!(faults(hung(days))[0].0, pointer, "{days:?}");
    }
    // Today in the county: shortly after midnight it is yesterday in UTC.
    let early = Case::rectifying("2026-08-03 00:30", "3wd", Severity::Low);
    assert!(early.decide("2026-08-03 00:30", &office(1), &hang(&["2026-08-03"])).is_ok());
    let refused = faults(early.decide("2026-08-03 00:30", &office(1), &hang(&["2026-08-02"])));
    assert_eq!(refused, [("/plan/0/due".to_owned(), FieldCode::OutOfRange)]);
}

#[test]
fn a_unit_is_overdue_once_its_deadline_has_passed() {
    let case = Case::rectifying("2026-08-03 09:00", "1wd", Severity::Low);
    let due = case.issue.clock.due_at.unwrap();
    assert!(!case.issue.is_overdue(due));
    assert!(case.issue.is_overdue(Timestamp::from_micros(due.as_micros() + 1)));
}

#[test]
fn the_time_to_sign_in_is_four_working_hours_or_one_by_the_clock() {
    let mut case = Case::reported("2026-08-03 16:00", Severity::High, None);
    case.hand_over("2026-08-03 16:00");
    assert_eq!(local(case.issue.sign_in_by(&case.calendar, case.day_end).unwrap()), "2026-08-04 11:00");
    let mut case = Case::reported("2026-08-03 16:00", Severity::High, None);
    let unit_id = handler().unit_id.unwrap();
    case.take(
        "2026-08-03 16:00",
        &office(1),
        Command::ReleaseUrgent(actions::ReleaseUrgent { severity: Severity::High, unit_id }),
    );
    assert_eq!(local(case.issue.sign_in_by(&case.calendar, case.day_end).unwrap()), "2026-08-03 17:00");
    case.take("2026-08-03 16:30", &handler(), Command::SignIn(actions::SignIn { handler: None }));
    assert_eq!(case.issue.sign_in_by(&case.calendar, case.day_end), None);
}

#[test]
fn an_answer_is_to_the_request_that_waits() {
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    case.take("2026-08-03 10:00", &handler(), ask(None));
    let first = case.waiting(RequestKind::Extension);
    let refuse = Command::DecideExtension(actions::DecideExtension {
        request_id: first,
        granted: false,
        reason: "不同意".into(),
    });
    case.take("2026-08-03 10:00", &office(1), refuse);
    case.take("2026-08-03 10:00", &handler(), ask(None));
    case.take("2026-08-03 10:00", &handler(), dispute());
    let disputed = case.waiting(RequestKind::Dispute);
    for id in [first, disputed, RequestId(Uuid::from_u128(9))] {
        let refused = faults(case.decide("2026-08-03 11:00", &office(1), &grant(id)));
        assert_eq!(refused, [("/request_id".to_owned(), FieldCode::Unknown)]);
    }
    let second = case.waiting(RequestKind::Extension);
    case.take("2026-08-03 11:00", &office(1), grant(second));
    let states: Vec<_> = case.issue.requests.iter().map(|request| request.state).collect();
    assert_eq!(states, [RequestState::Refused, RequestState::Granted, RequestState::Pending]);
    let answered = &case.issue.requests[1];
    assert_eq!((answered.decided_by, answered.decision_reason.as_deref()), (Some(office(1).user_id), Some("同意")));
    // Answered requests stay answered when the issue is closed.
    case.take("2026-08-03 12:00", &handler(), fix());
    case.take("2026-08-03 13:00", &office(1), pass(true, None));
    let states: Vec<_> = case.issue.requests.iter().map(|request| request.state).collect();
    assert_eq!(states, [RequestState::Refused, RequestState::Granted, RequestState::Lapsed]);
}

#[test]
fn a_unit_returns_what_is_not_designated_once() {
    let unit_id = handler().unit_id.unwrap();
    for (is_final, why) in [(false, Why::AlreadyReturned), (true, Why::FinalAssignment)] {
        let mut case = Case::rectifying("2026-08-03 09:00", "10wd", Severity::Low);
        case.take("2026-08-03 10:00", &handler(), give_back());
        case.take(
            "2026-08-03 11:00",
            &office(1),
            Command::Reassign(actions::Reassign { unit_id, founded: false, is_final }),
        );
        assert_eq!(case.decide("2026-08-03 12:00", &handler(), &give_back()), Err(Refusal::Guard(why)));
    }
}

/// Source: domain rule M26: a return that was founded is free, an unfounded one is buck-passing 推诿.
#[test]
fn only_unfounded_returns_count_as_passing_the_buck() {
    let mut case = Case::rectifying("2026-08-03 09:00", "10wd", Severity::Low);
    let other = Actor { unit_id: Some(UnitId(Uuid::from_u128(5))), ..person(Role::Unit, 21) };
    let third = Actor { unit_id: Some(UnitId(Uuid::from_u128(6))), ..person(Role::Unit, 22) };
    for (from, to, founded, counted) in
        [(handler(), other, true, 0), (other, third, false, 1), (third, handler(), false, 2)]
    {
        case.issue.assignment.final_assignment = false;
        case.take("2026-08-03 10:00", &from, give_back());
        let before = case.issue.buck_passing_count();
        let unit_id = to.unit_id.unwrap();
        case.take(
            "2026-08-03 10:00",
            &office(1),
            Command::Reassign(actions::Reassign { unit_id, founded, is_final: false }),
        );
        assert_eq!((before, case.issue.buck_passing_count()), (counted - usize::from(!founded), counted));
    }
}
