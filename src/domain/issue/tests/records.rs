//! What is recorded of a step, and the steps that the service takes.

use super::*;
use crate::domain::shown_time;

fn look_back(held: bool) -> Command {
    Command::LookBack(actions::LookBack { held, photos: vec![photo(201, PhotoView::Far)], note: None })
}

/// Each photo's stage and round.
fn put(transition: &Transition) -> Vec<(PhotoStage, i32)> {
    transition.event().photos.iter().map(|photo| (photo.stage, photo.round)).collect()
}

#[test]
fn a_photo_is_kept_with_the_step_and_the_round_it_was_brought_in() {
    let mut case = Case::reported("2026-08-03 09:00", Severity::Low, None);
    case.take("2026-08-03 09:00", &office(1), Command::SendBack(actions::SendBack { reason: "重拍".into() }));
    let photos = vec![photo(7, PhotoView::Near)];
    let mended = Command::Resubmit(actions::Resubmit {
        description: Some("垃圾未清".into()),
        severity: None,
        item_code: None,
        photos,
    });
    assert_eq!(put(&case.take("2026-08-03 09:00", &finder(), mended)), [(PhotoStage::Found, 1)]);
    assert_eq!(case.issue.finding.description, "垃圾未清");

    let photos = || vec![photo(8, PhotoView::Detail)];
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    let ask =
        Command::RequestExtension(actions::RequestExtension {
            reason: "等材料".into(), until: None, photos: photos()
        });
    let dispute = Command::Dispute(actions::Dispute { reason: "不是我们".into(), photos: photos() });
    let wish = Command::RequestHang(actions::RequestHang {
        plan: plan(&["2026-09-01"]),
        reason: "需立项".into(),
        photos: photos(),
    });
    for command in [ask, dispute, wish] {
        assert_eq!(put(&case.take("2026-08-03 10:00", &handler(), command)), [(PhotoStage::Request, 1)]);
    }
    assert_eq!(put(&case.take("2026-08-03 10:00", &handler(), fix())), [(PhotoStage::Fix, 1); 2]);
    let failed = Command::Fail(actions::Fail { reason: "仍有".into(), photos: photos() });
    assert_eq!(put(&case.take("2026-08-03 11:00", &office(1), failed)), [(PhotoStage::Check, 1)]);
    assert_eq!(put(&case.take("2026-08-03 12:00", &handler(), fix())), [(PhotoStage::Fix, 2); 2]);
    let passed = Command::Pass(actions::Pass { on_site: true, photos: photos(), note: Some("已清".into()) });
    let passed = case.take("2026-08-03 13:00", &office(1), passed);
    assert_eq!((put(&passed), passed.event().reason.as_deref()), (vec![(PhotoStage::Check, 2)], Some("已清")));

    let inspector = person(Role::Inspector, 11);
    case.take(
        "2026-08-04 09:00",
        &office(1),
        Command::AssignLookBack(actions::AssignLookBack { inspector_id: inspector.user_id }),
    );
    let seen = case.take("2026-08-05 09:00", &inspector, look_back(false));
    assert_eq!(put(&seen), [(PhotoStage::LookBack, 2)]);
    // For the new issue, the photo belongs to the finding.
    let opened = seen.opens().unwrap();
    assert_eq!(put(opened), [(PhotoStage::Found, 1)]);
    assert_eq!((opened.after().state, opened.after().round), (State::Submitted, 1));
    assert_eq!((opened.after().finding.finder_id, opened.expected_version()), (inspector.user_id, None));

    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    case.take("2026-08-03 10:00", &office(1), hang(&["2026-08-10"]));
    let reach = Command::ReachMilestone(actions::ReachMilestone { note: Some("已进场".into()), photos: photos() });
    let reached = case.take("2026-08-04 10:00", &handler(), reach);
    assert_eq!((put(&reached), reached.event().reason.as_deref()), (vec![(PhotoStage::Request, 1)], Some("已进场")));
}

/// A report as it arrives, complete or with photos on their way.
fn opened(complete: bool) -> Transition {
    let mut draft = Case::reported("2026-08-03 09:00", Severity::Low, None).issue;
    draft.finding.submitted_at = None;
    Issue::open(draft, &finder(), vec![], complete)
}

#[test]
fn every_step_raises_the_version_and_records_what_it_changed() {
    let report = opened(true);
    assert_eq!((report.expected_version(), report.event().version, report.event().from), (None, 1, None));
    let mut case = Case::reported("2026-08-03 09:00", Severity::Low, None);
    case.issue = report.after().clone();
    case.records.push(report.event().changes.clone());
    let unit_id = handler().unit_id.unwrap();
    let approve = Command::Approve(actions::Approve { severity: None, unit_id, due: None });
    let sign_in = Command::SignIn(actions::SignIn { handler: Some("王工".into()) });
    let give = Command::AssignCheck(actions::AssignCheck { inspector_id: user(11) });
    for (command, actor, public_version, is_public) in [
        (approve, office(1), 0, false),
        (Command::Release(actions::Release {}), office(2), 1, true),
        (sign_in, handler(), 2, true),
        (give, office(1), 2, false),
        (fix(), handler(), 3, true),
        (pass(true, None), office(1), 4, true),
    ] {
        let before = case.issue.clone();
        let step = case.take("2026-08-03 10:00", &actor, command);
        let event = step.event();
        assert_eq!((step.expected_version(), event.version), (Some(before.version), before.version + 1));
        assert_eq!((event.from, event.to), (Some(before.state), case.issue.state));
        assert_eq!((event.actor_id, event.actor_role), (Some(actor.user_id), Some(actor.role)));
        assert_eq!((case.issue.public_version, event.is_public()), (public_version, is_public), "{}", event.action);
        assert!(!event.changes.contains_key("description"), "what stays is not written again");
    }
    let signed_in: Vec<&str> = case.records[3].keys().map(String::as_str).collect();
    assert_eq!(signed_in, ["handler", "public_version", "signed_in_at", "state", "version"]);
    assert_eq!(Issue::replay(case.records.iter()).unwrap(), case.issue);
    // The report itself is visible only to its finder and the office, even for a released issue.
    let mut released = case.issue.clone();
    released.public_version = 0;
    assert!(!Issue::open(released, &finder(), vec![], true).event().is_public());
}

#[test]
fn the_service_takes_its_own_steps_and_no_others() {
    let now = at("2026-08-04 09:00");
    let arriving = opened(false).after().clone();
    assert_eq!((arriving.state, arriving.finding.submitted_at), (State::Receiving, None));
    let whole = arriving.submit(now).unwrap();
    assert_eq!((whole.after().state, whole.after().finding.submitted_at), (State::Submitted, Some(now)));
    assert_eq!((whole.event().actor_id, whole.event().actor_role), (None, None));
    assert!(!whole.after().assignment.unclaimed);

    let mut case = Case::reported("2026-08-03 09:00", Severity::Low, None);
    case.hand_over("2026-08-03 09:00");
    let lapsed = case.issue.lapse_sign_in(now).unwrap();
    let after = lapsed.after();
    assert_eq!(
        (after.state, after.assignment.signed_in_at, after.assignment.unclaimed),
        (State::Rectifying, Some(now), true)
    );
    assert!(lapsed.event().is_public());

    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    case.take("2026-08-03 10:00", &handler(), fix());
    case.take("2026-08-03 11:00", &office(1), pass(true, None));
    let archived = case.issue.archive(now).unwrap();
    let changed: Vec<&str> = archived.event().changes.keys().map(String::as_str).collect();
    assert_eq!((archived.after().state, changed), (State::Archived, vec!["public_version", "state", "version"]));

    let state = case.issue.state;
    let illegal = |action| Err(Refusal::Illegal { state, action });
    assert_eq!(case.issue.submit(now), illegal(Action::Submit));
    assert_eq!(case.issue.lapse_sign_in(now), illegal(Action::LapseSignIn));
    assert_eq!(archived.after().archive(now).map_err(|_| ()), Err(()));
}

/// Source: domain rule T15. Counts whole days; the day of the closing does not count.
#[test]
fn what_stayed_closed_for_ninety_days_is_archived_on_the_next() {
    let calendar = calendar();
    for (now, before) in [
        ("2026-11-01 23:59", "2026-08-03 00:00"),
        ("2026-11-02 00:00", "2026-08-04 00:00"),
        ("2026-11-02 23:59", "2026-08-04 00:00"),
    ] {
        assert_eq!(archivable_before(&calendar, at(now)), at(before), "{now}");
    }
}

#[test]
fn only_who_owes_a_fix_is_overdue() {
    let mut case = Case::rectifying("2026-08-03 09:00", "1wd", Severity::Low);
    let late = case.issue.clock.due_at.unwrap().plus(SECOND);
    for state in State::ALL {
        case.issue.state = *state;
        let owes = matches!(state, State::Assigned | State::Rectifying | State::Redispatch | State::Rework);
        assert_eq!(case.issue.is_overdue(late), owes, "{state}");
    }
    case.issue.state = State::Rectifying;
    case.issue.clock.due_at = None;
    assert!(!case.issue.is_overdue(late));
}

#[test]
fn a_deadline_in_a_year_that_is_not_named_is_unsure_unless_a_person_set_it() {
    for (when, unsure) in [("2026-08-03 09:00", false), ("2026-12-30 09:00", true)] {
        let mut case = Case::rectifying(when, "3wd", Severity::Low);
        assert_eq!(case.issue.is_due_unsure(&case.calendar), unsure, "{when}");
        assert!(!Case::reported(when, Severity::Low, None).issue.is_due_unsure(&case.calendar));
        case.issue.clock.due_fixed = case.issue.clock.due_at;
        assert!(!case.issue.is_due_unsure(&case.calendar));
    }
}

/// A look-back that was drawn: the draw decides who, and the rules of one that is assigned hold for it too.
#[test]
fn a_drawn_look_back_is_given_to_somebody_who_may_make_it() {
    let now = at("2026-08-10 09:00");
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    let action = Action::AssignLookBack;
    let early = case.issue.give_drawn_look_back(user(11), now);
    assert_eq!(early, Err(Refusal::Illegal { state: State::Rectifying, action }));
    case.take("2026-08-03 10:00", &handler(), fix());
    case.take("2026-08-03 11:00", &office(1), pass(true, None));
    let own = case.issue.give_drawn_look_back(finder().user_id, now);
    assert_eq!(own, Err(Refusal::Separation(Duty::CheckerLooksBack)));
    let given = case.issue.give_drawn_look_back(user(11), now).unwrap();
    assert_eq!(given.after().closing.look_back_inspector_id, Some(user(11)));
    assert_eq!((given.event().action, given.event().actor_id, given.after().state), (action, None, case.issue.state));
    assert!(!given.event().is_public());
    let again = given.after().give_drawn_look_back(user(12), now);
    assert_eq!(again, Err(Refusal::Guard(Why::LookBackPending)));
}

#[test]
fn reminders_are_counted_and_what_is_withdrawn_is_reviewed_again() {
    let mut case = Case::rectifying("2026-08-03 09:00", "1wd", Severity::Low);
    for count in 1..3 {
        case.take("2026-08-10 09:00", &office(1), Command::Remind(actions::Remind { reason: "催办".into() }));
        assert_eq!(case.issue.assignment.reminders, Some(count));
    }
}

#[test]
fn where_it_is_may_be_settled_and_makes_it_a_relapse_until_somebody_has_judged_it() {
    let (place, parent) = (PointId(Uuid::from_u128(33)), Some((IssueId(Uuid::from_u128(7)), 1)));
    let settle = |issue: &Issue, parent| {
        let step = issue.settle_place(place, "990002", parent, &office(1), at("2026-08-03 10:00"));
        assert_eq!((step.event().action, step.after().state), (Action::SettlePlace, issue.state));
        let finding = step.after().finding.clone();
        assert_eq!((finding.point_id, finding.area_code.as_str()), (place, "990002"));
        (finding.parent_id.map(|id| id.0.as_u128()), finding.chain_no, finding.severity)
    };
    let submitted = Case::reported("2026-08-03 09:00", Severity::Low, None).issue;
    let receiving = opened(false).after().clone();
    let mut returned = Case::reported("2026-08-03 09:00", Severity::Low, None);
    returned.take("2026-08-03 09:00", &office(1), Command::SendBack(actions::SendBack { reason: "重拍".into() }));
    for issue in [&submitted, &receiving, &returned.issue] {
        let severity = issue.finding.severity;
        assert!(issue.is_reviewable(), "{}", issue.state);
        assert_eq!(settle(issue, parent), (Some(7), 2, severity.raised()), "{}", issue.state);
        assert_eq!(settle(issue, None), (None, 0, severity), "{}", issue.state);
    }
    let mut judged = Case::reported("2026-08-03 09:00", Severity::Low, None);
    judged.hand_over("2026-08-03 09:00");
    assert!(!judged.issue.is_reviewable());
    assert_eq!(settle(&judged.issue, parent), (None, 0, Severity::Low));
}

#[test]
fn the_deadline_shown_is_the_issues_own_and_that_of_a_request_what_it_asks_for() {
    let mut case = Case::reported("2026-08-03 09:00", Severity::Low, None);
    assert_eq!(shown_time::Deadline::of(&case.issue), None);
    case.hand_over("2026-08-03 09:00");
    let written = |deadline| serde_json::to_value::<shown_time::Deadline>(deadline).unwrap();
    let time = |at: Timestamp| serde_json::to_value(at).unwrap();
    let due = case.issue.clock.due_at.unwrap();
    assert_eq!(written(shown_time::Deadline::of(&case.issue).unwrap()), time(due));
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    case.take("2026-08-03 10:00", &handler(), ask(Some("2026-08-07 09:00")));
    let request = case.issue.pending(RequestKind::Extension).unwrap();
    assert_eq!(written(shown_time::Deadline::asked(request).unwrap()), time(request.until.unwrap()));
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    case.take("2026-08-03 10:00", &handler(), dispute());
    let disputed = case.issue.pending(RequestKind::Dispute).unwrap();
    assert_eq!(shown_time::Deadline::asked(disputed), None);
}
