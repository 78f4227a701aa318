//! Separation of duties: who may not take a step because of what they did before.

use super::*;

fn separated(outcome: Result<Transition, Refusal>) -> Option<Duty> {
    match outcome {
        Ok(_) => None,
        Err(Refusal::Separation(duty)) => Some(duty),
        Err(other) => panic!("{other:?}"),
    }
}

/// The same person in another role, which they may have got since.
fn as_office(person: Actor) -> Actor {
    Actor::new(person.user_id, Role::Office)
}

fn reported_fix(severity: Severity) -> Case {
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", severity);
    case.take("2026-08-03 10:00", &handler(), fix());
    case
}

#[test]
fn whoever_found_it_does_not_review_it() {
    let case = Case::reported("2026-08-03 09:00", Severity::High, None);
    let unit_id = handler().unit_id.unwrap();
    for command in [
        Command::Approve(actions::Approve { severity: None, unit_id, due: None }),
        Command::Reject(actions::Reject { reason: "重复".into(), duplicate_of: None }),
        Command::ReleaseUrgent(actions::ReleaseUrgent { severity: Severity::High, unit_id }),
    ] {
        let by = |actor: &Actor| separated(case.decide("2026-08-03 10:00", actor, &command));
        assert_eq!((by(&as_office(finder())), by(&office(1))), (Some(Duty::FinderReviews), None), "{command:?}");
    }
    // The office may ask a finder to correct a report.
    let back = Command::SendBack(actions::SendBack { reason: "重拍".into() });
    assert_eq!(separated(case.decide("2026-08-03 10:00", &as_office(finder()), &back)), None);
}

#[test]
fn whoever_approved_it_does_not_release_it() {
    let mut case = Case::reported("2026-08-03 09:00", Severity::Low, None);
    let unit_id = handler().unit_id.unwrap();
    case.take(
        "2026-08-03 09:00",
        &office(1),
        Command::Approve(actions::Approve { severity: None, unit_id, due: None }),
    );
    let by = |actor: &Actor| separated(case.decide("2026-08-03 10:00", actor, &Command::Release(actions::Release {})));
    assert_eq!((by(&office(1)), by(&office(2))), (Some(Duty::ApproverReleases), None));
}

#[test]
fn whoever_is_of_the_unit_does_not_check_its_fix() {
    let case = reported_fix(Severity::Low);
    let of = |unit_id: Option<UnitId>| Actor { unit_id, ..office(3) };
    for command in [pass(true, None), fail()] {
        let by = |actor: &Actor| separated(case.decide("2026-08-03 11:00", actor, &command));
        assert_eq!(by(&as_office(handler())), Some(Duty::HandlerCloses), "{command:?}");
        assert_eq!(by(&of(handler().unit_id)), Some(Duty::HandlerCloses), "{command:?}");
        assert_eq!((by(&of(Some(UnitId(Uuid::from_u128(5))))), by(&of(None))), (None, None), "{command:?}");
    }
}

/// Source: domain rule T10.
#[test]
fn what_is_severe_is_checked_by_somebody_other_than_the_finder() {
    for severity in Severity::ALL {
        let mut case = reported_fix(*severity);
        let expected = (*severity == Severity::High).then_some(Duty::FinderChecks);
        let give = |inspector: &Actor| Command::AssignCheck(actions::AssignCheck { inspector_id: inspector.user_id });
        let other = person(Role::Inspector, 11);
        let given = |case: &Case, to: &Actor| separated(case.decide("2026-08-03 11:00", &office(1), &give(to)));
        assert_eq!((given(&case, &finder()), given(&case, &other)), (expected, None), "{severity}");
        for command in [pass(true, None), fail()] {
            case.issue.closing.checker_id = Some(finder().user_id);
            assert_eq!(separated(case.decide("2026-08-03 11:00", &finder(), &command)), expected, "{severity}");
            case.issue.closing.checker_id = Some(other.user_id);
            assert_eq!(separated(case.decide("2026-08-03 11:00", &other, &command)), None, "{severity}");
        }
    }
}

#[test]
fn a_look_back_is_made_by_neither_the_finder_nor_the_closer() {
    let (closer, other) = (person(Role::Inspector, 11), person(Role::Inspector, 12));
    let mut case = reported_fix(Severity::Low);
    case.take(
        "2026-08-03 10:00",
        &office(1),
        Command::AssignCheck(actions::AssignCheck { inspector_id: closer.user_id }),
    );
    case.take("2026-08-03 11:00", &closer, pass(true, None));
    let photos = vec![photo(201, PhotoView::Far)];
    let look_back = Command::LookBack(actions::LookBack { held: true, photos, note: None });
    for (inspector, expected) in
        [(finder(), Some(Duty::CheckerLooksBack)), (closer, Some(Duty::CheckerLooksBack)), (other, None)]
    {
        let give = Command::AssignLookBack(actions::AssignLookBack { inspector_id: inspector.user_id });
        assert_eq!(separated(case.decide("2026-08-10 09:00", &office(1), &give)), expected, "{inspector:?}");
        let mut given = Case { issue: case.issue.clone(), ..Case::reported("2026-08-03 09:00", Severity::Low, None) };
        given.issue.closing.look_back_inspector_id = Some(inspector.user_id);
        assert_eq!(separated(given.decide("2026-08-10 09:00", &inspector, &look_back)), expected, "{inspector:?}");
    }
    // One at a time; after it was done, another may be assigned.
    let give = Command::AssignLookBack(actions::AssignLookBack { inspector_id: other.user_id });
    case.take("2026-08-10 09:00", &office(1), give.clone());
    assert_eq!(case.decide("2026-08-10 09:00", &office(1), &give), Err(Refusal::Guard(Why::LookBackPending)));
    case.take("2026-08-11 09:00", &other, look_back);
    assert!(case.opened.is_none(), "it has held");
    assert!(case.decide("2026-08-12 09:00", &office(1), &give).is_ok());
}

#[test]
fn nobody_sees_decides_or_repeats_what_is_not_theirs_or_not_due() {
    let case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    let decide = |actor: &Actor, command: &Command| case.decide("2026-08-03 10:00", actor, command).unwrap_err();
    let elsewhere = Actor { unit_id: Some(UnitId(Uuid::from_u128(5))), ..handler() };
    assert_eq!(decide(&elsewhere, &fix()), Refusal::NotVisible);
    assert_eq!(decide(&person(Role::Inspector, 13), &fix()), Refusal::NotVisible);
    assert_eq!(decide(&person(Role::Leader, 40), &fix()), Refusal::Forbidden);
    assert_eq!(decide(&office(1), &fix()), Refusal::Forbidden);
    let action = Action::Pass;
    assert_eq!(decide(&office(1), &pass(true, None)), Refusal::Illegal { state: State::Rectifying, action });
    let (request_id, granted) = (RequestId(Uuid::from_u128(9)), true);
    for command in [
        Command::DecideExtension(actions::DecideExtension { request_id, granted, reason: "同意".into() }),
        Command::DecideDispute(actions::DecideDispute { request_id, granted, reason: "同意".into() }),
        Command::DecideHang(actions::DecideHang { request_id, granted, reason: "同意".into() }),
    ] {
        assert_eq!(decide(&office(2), &command), Refusal::Guard(Why::NothingPending), "{command:?}");
    }
}

#[test]
fn what_may_be_done_now_is_listed_in_the_order_of_the_table() {
    use Action as A;
    let may = |case: &Case, actor: &Actor| allowed_actions(&case.issue, actor, &case.context(at("2026-08-03 10:00")));
    let mut case = Case::reported("2026-08-03 09:00", Severity::Low, None);
    assert_eq!(may(&case, &office(1)), [A::Approve, A::SendBack, A::Reject, A::ReleaseUrgent]);
    assert_eq!((may(&case, &finder()), may(&case, &handler())), (vec![], vec![]));
    case.take("2026-08-03 09:00", &office(1), Command::SendBack(actions::SendBack { reason: "重拍".into() }));
    assert_eq!((may(&case, &finder()), may(&case, &office(1))), (vec![A::Resubmit], vec![]));
    let mut case = Case::reported("2026-08-03 09:00", Severity::Low, None);
    case.hand_over("2026-08-03 09:00");
    assert_eq!(may(&case, &handler()), [A::SignIn, A::Return, A::Dispute]);
    case.take("2026-08-03 09:00", &handler(), Command::SignIn(actions::SignIn { handler: None }));
    assert_eq!(may(&case, &handler()), [A::Return, A::ReportFix, A::RequestHang, A::RequestExtension, A::Dispute]);
    assert_eq!(may(&case, &office(1)), [A::AssignCheck, A::Hang]);
    case.take("2026-08-03 10:00", &handler(), dispute());
    assert_eq!(may(&case, &office(1)), [A::AssignCheck, A::Hang], "who approved does not judge");
    assert_eq!(may(&case, &office(2)), [A::AssignCheck, A::Hang, A::DecideDispute]);
    assert_eq!(may(&case, &person(Role::Admin, 60)), []);
}
