//! Checking and closing.

use super::*;

fn fixed(severity: Severity, parent: Option<(IssueId, i32)>) -> Case {
    let mut case = Case::reported("2026-08-03 09:00", severity, parent);
    case.hand_over("2026-08-03 09:00");
    case.take("2026-08-03 09:00", &handler(), Command::SignIn(actions::SignIn { handler: None }));
    case.take("2026-08-03 10:00", &handler(), fix());
    case
}

#[test]
fn what_is_closed_at_the_desk_where_a_visit_is_expected_says_why() {
    let parent = Some((IssueId(Uuid::from_u128(7)), 0));
    for (severity, parent, flagged, expects) in [
        (Severity::Low, None, false, false),
        (Severity::Medium, None, false, false),
        (Severity::High, None, false, true),
        (Severity::Low, parent, false, true),
        (Severity::Low, None, true, true),
    ] {
        let mut case = fixed(severity, parent);
        case.flagged = flagged;
        for note in [None, Some(""), Some("  \n")] {
            let outcome = case.decide("2026-08-03 11:00", &office(1), &pass(false, note));
            if expects {
                assert_eq!(faults(outcome), [("/note".to_owned(), FieldCode::Required)], "{severity} {flagged}");
            } else {
                assert_eq!(outcome.unwrap().after().closing.desk_reason, None);
            }
        }
        assert!(case.decide("2026-08-03 11:00", &office(1), &pass(true, None)).is_ok());
        case.take("2026-08-03 11:00", &office(1), pass(false, Some(" 有视频为证 ")));
        assert_eq!(case.issue.closing.desk_reason.as_deref(), expects.then_some("有视频为证"));
        assert_eq!((case.issue.state, case.issue.closing.closed_on_site), (State::Closed, Some(false)));
    }
}

#[test]
fn a_check_on_site_shows_a_photo_or_says_why_not_where_the_county_asks_for_it() {
    let mut case = fixed(Severity::Low, None);
    let photo = CommandPhoto {
        id: PhotoId(Uuid::from_u128(5)),
        view: PhotoView::Wide,
        captured_at: None,
        marks: vec![],
        from_album: false,
    };
    let with = |on_site, photos, note: Option<&str>| {
        Command::Pass(actions::Pass { on_site, photos, note: note.map(str::to_owned) })
    };
    for asked in [OnSiteEvidence::Optional, OnSiteEvidence::Required] {
        case.on_site_evidence = asked;
        for note in [None, Some(""), Some(" \n")] {
            let outcome = case.decide("2026-08-03 11:00", &office(1), &with(true, vec![], note));
            match asked {
                OnSiteEvidence::Optional => assert!(outcome.is_ok()),
                OnSiteEvidence::Required => {
                    assert_eq!(faults(outcome), [("/photos".to_owned(), FieldCode::Required)], "{note:?}");
                }
            }
        }
        for shown in [with(true, vec![photo.clone()], None), with(true, vec![], Some("雨")), with(false, vec![], None)]
        {
            assert!(case.decide("2026-08-03 11:00", &office(1), &shown).is_ok(), "{shown:?}");
        }
    }
}

#[test]
fn an_inspector_who_was_given_the_check_goes_there() {
    let mut case = fixed(Severity::High, None);
    let inspector = person(Role::Inspector, 11);
    case.take(
        "2026-08-03 10:00",
        &office(1),
        Command::AssignCheck(actions::AssignCheck { inspector_id: inspector.user_id }),
    );
    let refused = faults(case.decide("2026-08-03 11:00", &inspector, &pass(false, Some("有视频"))));
    assert_eq!(refused, [("/on_site".to_owned(), FieldCode::NotAllowed)]);
    assert!(case.decide("2026-08-03 11:00", &inspector, &pass(true, None)).is_ok());
}

#[test]
fn closing_ends_all_that_waits() {
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    case.take("2026-08-03 10:00", &handler(), ask(None));
    case.take("2026-08-03 10:00", &handler(), dispute());
    case.take("2026-08-03 10:00", &handler(), fix());
    case.take("2026-08-03 11:00", &office(1), pass(true, None));
    assert!(case.issue.requests.iter().all(|request| request.state == RequestState::Lapsed));
}

#[test]
fn a_fix_counts_as_on_time_up_to_the_deadline() {
    let on_time = |after: u64| {
        let mut case = Case::rectifying("2026-08-03 09:00", "4wh", Severity::Low);
        let due = case.issue.clock.due_at.unwrap();
        case.take_at(due.plus(SECOND * u32::try_from(after).unwrap()), &handler(), fix());
        case.take_at(due.plus(SECOND * 60), &office(1), pass(true, None));
        case.issue.closing.on_time
    };
    assert_eq!((on_time(0), on_time(1)), (Some(true), Some(false)));
}

#[test]
fn whoever_signs_in_sees_to_it_unless_somebody_is_named() {
    let mut case = Case::reported("2026-08-03 09:00", Severity::Low, None);
    case.hand_over("2026-08-03 09:00");
    let named = Command::SignIn(actions::SignIn { handler: Some("王工".into()) });
    let named = case.decide("2026-08-03 09:00", &handler(), &named).unwrap();
    assert_eq!(named.after().assignment.handler.as_deref(), Some("王工"));
    case.take("2026-08-03 09:00", &handler(), Command::SignIn(actions::SignIn { handler: None }));
    assert_eq!(case.issue.assignment.handler.as_deref(), Some("经办人"));
    // If the service signed for the unit, the one who reports the fix is the handler.
    let mut case = Case::reported("2026-08-03 09:00", Severity::Low, None);
    case.hand_over("2026-08-03 09:00");
    case.issue = case.issue.lapse_sign_in(at("2026-08-04 09:00")).unwrap().after().clone();
    assert_eq!(case.issue.assignment.handler, None);
    case.take("2026-08-04 10:00", &handler(), fix());
    assert_eq!(case.issue.assignment.handler.as_deref(), Some("经办人"));
}
