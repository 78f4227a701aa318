//! Which notices steps cause, and who gets them.

use std::time::Duration;

use super::*;
use crate::domain::notice::{DUE_SOON, Message, Notice, NoticeKind, NoticeTime, Recipient};
use crate::domain::shown_time::{Fineness, Reader};

const UNIT: Recipient = Recipient::Unit(UnitId(Uuid::from_u128(2)));

fn notices(step: &Transition) -> Vec<Notice> {
    let notice = |message| match message {
        Message::Notice(notice) => Some(notice),
        Message::Changed { .. } => None,
    };
    step.messages().into_iter().filter_map(notice).collect()
}

fn told(step: &Transition) -> Vec<(Recipient, NoticeKind)> {
    notices(step).into_iter().map(|notice| (notice.recipient, notice.kind)).collect()
}

#[test]
fn a_report_waits_for_its_review_once_it_is_whole() {
    let case = Case::reported("2026-08-03 09:00", Severity::Low, None);
    let draft = |complete| Issue::open(case.issue.clone(), &finder(), Vec::new(), complete);
    assert_eq!(told(&draft(true)), [(Recipient::Office, NoticeKind::ToReview)]);
    assert_eq!(told(&draft(false)), []);
    let whole = draft(false).after().submit(at("2026-08-03 10:00")).unwrap();
    assert_eq!(told(&whole), [(Recipient::Office, NoticeKind::ToReview)]);
    let notice = notices(&whole).pop().unwrap();
    assert_eq!((notice.issue_id, notice.occasion), (case.issue.id, whole.event().version));
    assert_eq!(notice.at, at("2026-08-03 10:00"));
}

#[test]
fn of_two_who_drop_a_severe_report_the_second_is_called() {
    let reject = || Command::Reject(actions::Reject { reason: "重复".into(), duplicate_of: None });
    let mut case = Case::reported("2026-08-03 09:00", Severity::High, None);
    let first = case.take("2026-08-03 10:00", &office(1), reject());
    assert_eq!(told(&first), [(Recipient::Office, NoticeKind::ToDecide)]);
    assert_eq!(told(&case.take("2026-08-03 10:00", &office(2), reject())), []);
    let mut slight = Case::reported("2026-08-03 09:00", Severity::Low, None);
    assert_eq!(told(&slight.take("2026-08-03 10:00", &office(1), reject())), []);
}

#[test]
fn a_severe_fix_waits_for_the_vice_head_before_its_check() {
    for (has_vice_head, recipient, kind) in
        [(true, UNIT, NoticeKind::ToConfirm), (false, Recipient::Office, NoticeKind::FixReported)]
    {
        let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::High);
        case.has_vice_head = has_vice_head;
        assert_eq!(told(&case.take("2026-08-03 10:00", &handler(), fix())), [(recipient, kind)]);
    }
}

#[test]
fn of_two_who_decide_the_second_is_called_and_then_the_unit_has_its_answer() {
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    assert_eq!(
        told(&case.take("2026-08-03 10:00", &handler(), dispute())),
        [(Recipient::Office, NoticeKind::ToDecide)]
    );
    let request_id = case.waiting(RequestKind::Dispute);
    let judge =
        |granted| Command::DecideDispute(actions::DecideDispute { request_id, granted, reason: "经复核".into() });
    let first = case.take("2026-08-03 10:00", &office(3), judge(true));
    assert_eq!(told(&first), [(Recipient::Office, NoticeKind::ToDecide)]);
    let second = case.take("2026-08-03 10:00", &office(4), judge(true));
    assert_eq!(told(&second), [(UNIT, NoticeKind::RequestDecided)]);
}

#[test]
fn the_inspector_who_is_sent_is_told() {
    let sent = person(Role::Inspector, 11);
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    case.take("2026-08-03 10:00", &handler(), fix());
    let check = Command::AssignCheck(actions::AssignCheck { inspector_id: sent.user_id });
    let given = case.take("2026-08-03 10:00", &office(1), check);
    let recipient = Recipient::Inspector(sent.user_id);
    assert_eq!(told(&given), [(recipient, NoticeKind::ToCheck)]);
    let failed = case.take(
        "2026-08-03 11:00",
        &office(1),
        Command::Fail(actions::Fail { reason: "仍有".into(), photos: Vec::new() }),
    );
    assert_eq!(told(&failed), [(UNIT, NoticeKind::FailedCheck)]);
}

/// A day before, or half-way through a shorter limit; not after the deadline, nor when no fix is owed.
#[test]
fn a_deadline_is_near_a_day_before_or_from_the_middle_of_a_short_limit() {
    let second = Duration::from_secs(1);
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    let due = case.issue.clock.due_at.unwrap();
    assert!(due.since(at("2026-08-03 09:00")) > DUE_SOON * 2);
    assert_eq!(case.issue.due_soon_from(), Some(due.minus(DUE_SOON)));
    assert_eq!(case.issue.due_soon(due.minus(DUE_SOON + second)), None);
    let near = Notice {
        recipient: UNIT,
        kind: NoticeKind::DueSoon,
        issue_id: case.issue.id,
        occasion: due.as_micros(),
        at: due.minus(DUE_SOON),
    };
    assert_eq!(case.issue.due_soon(due.minus(DUE_SOON)), Some(near.clone()));
    assert_eq!(case.issue.due_soon(due.minus(second)), Some(near));
    assert_eq!(case.issue.due_soon(due), None);
    case.take("2026-08-03 10:00", &handler(), fix());
    assert_eq!((case.issue.state, case.issue.due_soon_from()), (State::Reported, None));

    let short = Case::rectifying("2026-08-03 09:00", "4wh", Severity::Low);
    let due = short.issue.clock.due_at.unwrap();
    let length = due.since(at("2026-08-03 09:00"));
    assert!(length < DUE_SOON);
    assert_eq!(short.issue.due_soon_from(), Some(due.minus(length / 2)));
}

/// Without the start of a clock, a deadline is near for a whole day; messages about one issue stay in order.
#[test]
fn a_deadline_without_a_clock_is_near_for_a_day() {
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    case.issue.clock.clock_started_at = None;
    let due = case.issue.clock.due_at.unwrap();
    assert_eq!(case.issue.due_soon_from(), Some(due.minus(DUE_SOON)));
    let step = case.take("2026-08-03 10:00", &handler(), fix());
    let issue = format!("issue:{}", case.issue.id);
    assert_eq!(step.messages().len(), 2);
    assert!(step.messages().iter().all(|message| message.aggregate() == issue));
}

#[test]
fn only_its_finder_reads_as_the_finder() {
    let issue = Case::reported("2026-08-03 09:00", Severity::Low, None).issue;
    for (recipient, reader) in [
        (Recipient::Office, None),
        (UNIT, Some(Reader::Public)),
        (Recipient::Inspector(finder().user_id), Some(Reader::Finder)),
        (Recipient::Inspector(user(11)), Some(Reader::Public)),
    ] {
        assert_eq!(recipient.reader(&issue), reader, "{recipient:?}");
    }
}

#[test]
fn times_are_cut_to_what_the_recipient_may_know() {
    let case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    let finder = Recipient::Inspector(finder().user_id);
    let other = Recipient::Inspector(user(11));
    let (exact, half, noon) = (at("2026-08-03 15:04"), at("2026-08-03 12:00"), at("2026-08-03 15:04"));
    for (recipient, kind, expected) in [
        (Recipient::Office, NoticeKind::ToReview, exact),
        (Recipient::Office, NoticeKind::ToDecide, exact),
        (UNIT, NoticeKind::HandedOver, exact),
        (UNIT, NoticeKind::FailedCheck, half),
        (UNIT, NoticeKind::RequestDecided, half),
        (UNIT, NoticeKind::ClockResumed, half),
        (UNIT, NoticeKind::DueSoon, noon),
        (finder, NoticeKind::SentBack, exact),
        (other, NoticeKind::ToCheck, half),
        (other, NoticeKind::ToLookBack, half),
    ] {
        let notice = Notice { recipient, kind, issue_id: case.issue.id, occasion: 1, at: exact };
        assert_eq!(notice.told_at(&case.issue, &case.calendar), expected, "{kind}");
    }
}

#[test]
fn every_kind_is_for_one_sort_of_recipient_and_tells_no_unit_of_a_visit() {
    let inspector = Recipient::Inspector(user(11));
    for kind in NoticeKind::ALL {
        let takers =
            [Recipient::Office, UNIT, inspector].iter().filter(|it| it.kinds().any(|its| its == *kind)).count();
        assert_eq!(takers, 1, "{kind}");
    }
    for kind in UNIT.kinds() {
        match kind.time() {
            NoticeTime::Deadline => {
                let known = [NoticeKind::DueSoon, NoticeKind::HalfWay];
                assert!(known.contains(&kind), "no other time of a unit is told exactly: {kind}");
            }
            NoticeTime::Of(moment) => assert_ne!(moment.fineness(Reader::Public), Fineness::Never, "{kind}"),
        }
    }
    for recipient in [Recipient::Office, UNIT, inspector] {
        assert_eq!(Recipient::parse(&recipient.key()), Some(recipient));
    }
    for wrong in ["", "offices", "unit:", "unit:1", "user:00000000-0000-0000-0000-000000000002", "office:1"] {
        assert_eq!(Recipient::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn who_reads_which_notices_follows_from_the_role() {
    let unit = person(Role::Unit, 20);
    assert_eq!(Recipient::of(&unit), Some(UNIT));
    assert_eq!(Recipient::of(&Actor { unit_id: None, ..unit }), None);
    assert_eq!(Recipient::of(&office(1)), Some(Recipient::Office));
    assert_eq!(Recipient::of(&finder()), Some(Recipient::Inspector(finder().user_id)));
    for role in [Role::Leader, Role::Discipline, Role::Admin] {
        assert_eq!(Recipient::of(&person(role, 5)), None);
    }
}
