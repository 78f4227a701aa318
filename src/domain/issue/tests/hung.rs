//! Putting issues on the books 挂账 and taking them off, and the steps that need the unit's vice head.

use super::*;

fn vice_head() -> Actor {
    Actor { vice_head: true, ..person(Role::Unit, 25) }
}

fn ask_to_hang(days: &[&str]) -> Command {
    Command::RequestHang(actions::RequestHang {
        plan: plan(days),
        reason: "需立项".into(),
        photos: vec![photo(301, PhotoView::Wide)],
    })
}

fn decide(case: &Case, granted: bool) -> Command {
    Command::DecideHang(actions::DecideHang {
        request_id: case.waiting(RequestKind::Hang),
        granted,
        reason: "同意挂账".into(),
    })
}

fn reach() -> Command {
    Command::ReachMilestone(actions::ReachMilestone { note: None, photos: vec![] })
}

#[test]
fn a_unit_asks_to_be_hung_with_a_plan_and_a_photo_of_what_keeps_it_safe() {
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    let bare = Command::RequestHang(actions::RequestHang {
        plan: plan(&["2026-09-01"]),
        reason: "需立项".into(),
        photos: vec![],
    });
    let refused = faults(case.decide("2026-08-03 10:00", &handler(), &bare));
    assert_eq!(refused, [("/photos".to_owned(), FieldCode::Missing)]);
    let far = faults(case.decide("2026-08-03 10:00", &handler(), &ask_to_hang(&["2026-11-02"])));
    assert_eq!(far[0].0, "/plan/0/due");
    let asked = case.take("2026-08-03 10:00", &handler(), ask_to_hang(&["2026-09-01"]));
    assert_eq!(asked.event().photos[0].stage, PhotoStage::Request);
    assert_eq!(case.issue.state, State::Rectifying);
    assert_eq!(
        case.decide("2026-08-03 10:00", &handler(), &ask_to_hang(&["2026-09-01"])),
        Err(Refusal::Guard(Why::RequestPending))
    );
    case.take("2026-08-03 11:00", &office(1), decide(&case, true));
    assert_eq!((case.issue.state, case.issue.requests[0].state), (State::Hung, RequestState::Granted));
    assert_eq!(case.issue.clock.plan.as_ref().unwrap().milestones[0].due.to_string(), "2026-09-01");
    assert_eq!(case.issue.clock.pauses[0].span.from, at("2026-08-03 11:00"));
}

#[test]
fn the_office_may_refuse_to_hang() {
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    let due = case.issue.clock.due_at;
    case.take("2026-08-03 10:00", &handler(), ask_to_hang(&["2026-09-01"]));
    case.take("2026-08-03 11:00", &office(1), decide(&case, false));
    assert_eq!((case.issue.state, case.issue.requests[0].state), (State::Rectifying, RequestState::Refused));
    assert_eq!((case.issue.clock.due_at, case.issue.clock.pauses.len()), (due, 0));
}

#[test]
fn a_wish_to_be_hung_ends_with_the_fix_or_when_the_office_hangs_it_by_itself() {
    for command in [fix(), hang(&["2026-09-01"])] {
        let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
        case.take("2026-08-03 10:00", &handler(), ask_to_hang(&["2026-09-01"]));
        let who = if command.action() == Action::Hang { office(1) } else { handler() };
        case.take("2026-08-03 11:00", &who, command);
        assert_eq!(case.issue.requests[0].state, RequestState::Lapsed);
    }
}

#[test]
fn an_issue_comes_off_the_books_when_its_plan_has_ended() {
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    assert_eq!(case.issue.plan_ends(&case.calendar), None);
    case.take("2026-08-03 10:00", &office(1), hang(&["2026-08-10", "2026-08-20"]));
    let end = at("2026-08-21 00:00");
    assert_eq!(case.issue.plan_ends(&case.calendar), Some(end));
    let early = Timestamp::from_micros(end.as_micros() - 1);
    assert!(matches!(case.issue.end_plan(&case.context(early)), Err(Refusal::Illegal { .. })));
    let ended = case.issue.end_plan(&case.context(end)).unwrap();
    assert_eq!((ended.event().actor_id, ended.event().action), (None, Action::EndPlan));
    case.issue = ended.after().clone();
    assert_eq!(case.issue.state, State::Rectifying);
    assert_eq!(case.issue.clock.pauses[0].span.to, Some(end));
    assert!(case.issue.clock.due_at.unwrap() > end);
    assert!(matches!(case.issue.end_plan(&case.context(end)), Err(Refusal::Illegal { .. })), "it is off already");
}

#[test]
fn milestones_that_were_missed_are_counted_and_stay_counted() {
    let day = |day: &str| day.parse::<crate::domain::time::Date>().unwrap();
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    case.take("2026-08-03 10:00", &office(1), hang(&["2026-08-10", "2026-08-20", "2026-08-30"]));
    // On its day it is not missed, on the next day it is.
    assert_eq!(case.issue.missed_milestones(day("2026-08-10")), 0);
    assert_eq!(case.issue.missed_milestones(day("2026-08-11")), 1);
    case.take("2026-08-10 23:59", &handler(), reach());
    assert_eq!(case.issue.missed_milestones(day("2026-08-20")), 0);
    // One reached late is missed all the same. The county's day counts: it is still the 20th in UTC.
    case.take("2026-08-21 00:30", &handler(), reach());
    assert_eq!(case.issue.missed_milestones(day("2026-08-21")), 1);
    // Off the books before the third was due: it no longer counts.
    case.take("2026-08-25 10:00", &office(1), Command::Unhang(actions::Unhang { reason: None }));
    assert_eq!(case.issue.missed_milestones(day("2026-12-01")), 1);
    // The next plan goes on counting.
    case.take("2026-08-25 11:00", &office(1), hang(&["2026-08-26"]));
    assert_eq!(case.issue.missed_milestones(day("2026-08-27")), 2);
    let ended = case.issue.end_plan(&case.context(at("2026-08-27 00:00"))).unwrap();
    assert_eq!(ended.after().missed_milestones(day("2026-12-01")), 2);
}

#[test]
fn there_are_no_more_milestones_than_the_plan_has() {
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    case.take("2026-08-03 10:00", &office(1), hang(&["2026-08-10"]));
    case.take("2026-08-04 10:00", &handler(), reach());
    assert_eq!(case.decide("2026-08-05 10:00", &handler(), &reach()), Err(Refusal::Guard(Why::NothingPending)));
}

/// A severe issue whose unit has a vice head.
fn severe() -> Case {
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::High);
    case.has_vice_head = true;
    case
}

#[test]
fn a_severe_fix_is_reported_once_the_vice_head_confirms_it() {
    let mut case = severe();
    assert_eq!(
        case.decide("2026-08-03 10:00", &vice_head(), &Command::ConfirmFix(actions::ConfirmFix {})),
        Err(Refusal::Guard(Why::NothingPending))
    );
    case.take("2026-08-03 10:00", &handler(), fix());
    assert_eq!((case.issue.state, case.issue.fix.reported_at), (State::Rectifying, None));
    assert!(case.issue.awaits_confirmation());
    assert_eq!(
        case.decide("2026-08-03 10:00", &handler(), &Command::ConfirmFix(actions::ConfirmFix {})),
        Err(Refusal::Forbidden)
    );
    case.take("2026-08-03 12:00", &vice_head(), Command::ConfirmFix(actions::ConfirmFix {}));
    assert_eq!((case.issue.state, case.issue.fix.reported_at), (State::Reported, Some(at("2026-08-03 12:00"))));
    assert_eq!(
        case.issue.fix.fix_counted_at,
        Some(at("2026-08-03 12:00")),
        "the unit answers with its vice head's word"
    );
    assert_eq!(case.issue.confirmed_by(), Some(vice_head().user_id));
    // Neither the author of the fix nor the one who confirmed it may check it, whatever their role is now.
    for person in [handler(), vice_head()] {
        let now_office = Actor::new(person.user_id, Role::Office);
        assert_eq!(
            case.decide("2026-08-03 13:00", &now_office, &pass(true, None)),
            Err(Refusal::Separation(Duty::HandlerCloses))
        );
    }
}

#[test]
fn a_vice_head_confirms_by_writing_it() {
    let mut case = severe();
    case.take("2026-08-03 10:00", &vice_head(), fix());
    assert_eq!(case.issue.state, State::Reported);
    assert_eq!(case.issue.confirmed_by(), Some(vice_head().user_id));
}

#[test]
fn what_is_not_severe_needs_no_vice_head_and_where_there_is_none_the_office_sees_it() {
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Medium);
    case.has_vice_head = true;
    case.take("2026-08-03 10:00", &handler(), fix());
    assert_eq!((case.issue.state, case.issue.fix.confirmation), (State::Reported, None));
    let mut case = severe();
    case.has_vice_head = false;
    case.take("2026-08-03 10:00", &handler(), fix());
    assert_eq!((case.issue.state, case.issue.fix.confirmation), (State::Reported, Some(Confirmation::NoViceHead)));
}

#[test]
fn a_fix_that_waits_can_be_written_anew_and_goes_with_the_assignment() {
    let mut case = severe();
    case.take("2026-08-03 10:00", &handler(), fix());
    let again = case.decide("2026-08-03 11:00", &handler(), &fix()).unwrap();
    assert_eq!(again.after().fix.confirmation, Some(Confirmation::Asked { at: at("2026-08-03 11:00") }));
    case.take("2026-08-03 11:00", &vice_head(), give_back());
    assert_eq!(case.issue.fix.confirmation, None);
}

#[test]
fn what_is_severe_is_returned_by_the_vice_head() {
    let unit_return = |case: &Case, actor: &Actor| case.decide("2026-08-03 11:00", actor, &give_back());
    let case = severe();
    assert_eq!(unit_return(&case, &handler()).unwrap_err(), Refusal::Guard(Why::ViceHeadOnly));
    let context = case.context(at("2026-08-03 11:00"));
    assert!(!allowed_actions(&case.issue, &handler(), &context).contains(&Action::Return));
    assert!(allowed_actions(&case.issue, &vice_head(), &context).contains(&Action::Return));
    assert_eq!(unit_return(&case, &vice_head()).unwrap().after().state, State::Redispatch);
    // Without a vice head, or when it is not severe, anybody of the unit may return it.
    let mut case = severe();
    case.has_vice_head = false;
    assert!(unit_return(&case, &handler()).is_ok());
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Medium);
    case.has_vice_head = true;
    assert!(unit_return(&case, &handler()).is_ok());
}
