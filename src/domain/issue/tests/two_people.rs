//! Steps that need two people.

use super::*;

fn reject(duplicate_of: Option<IssueId>) -> Command {
    Command::Reject(actions::Reject { reason: "不属实".into(), duplicate_of })
}

#[test]
fn what_is_severe_is_dropped_by_two_reviewers() {
    let mut case = Case::reported("2026-08-03 09:00", Severity::High, None);
    let other = IssueId(Uuid::from_u128(9));
    case.take("2026-08-03 10:00", &office(1), reject(Some(other)));
    assert_eq!(case.issue.state, State::Submitted);
    assert_eq!(case.issue.review.rejection.as_ref().unwrap().vote.by, office(1).user_id);
    assert_eq!(case.issue.review.duplicate_of, None);
    assert_eq!(
        case.decide("2026-08-03 10:00", &office(1), &reject(None)),
        Err(Refusal::Separation(Duty::SecondReviewer))
    );
    case.take("2026-08-03 11:00", &office(2), reject(None));
    assert_eq!((case.issue.state, case.issue.review.duplicate_of), (State::Void, Some(other)));
}

#[test]
fn what_is_not_severe_is_dropped_by_one() {
    for severity in [Severity::Low, Severity::Medium] {
        let mut case = Case::reported("2026-08-03 09:00", severity, None);
        case.take("2026-08-03 10:00", &office(1), reject(None));
        assert_eq!(case.issue.state, State::Void);
    }
}

#[test]
fn whoever_decides_otherwise_ends_the_first_word() {
    let unit_id = handler().unit_id.unwrap();
    for command in [
        Command::Approve(actions::Approve { severity: None, unit_id, due: None }),
        Command::ReleaseUrgent(actions::ReleaseUrgent { severity: Severity::High, unit_id }),
        Command::SendBack(actions::SendBack { reason: "重拍".into() }),
    ] {
        let mut case = Case::reported("2026-08-03 09:00", Severity::High, None);
        case.take("2026-08-03 10:00", &office(1), reject(None));
        case.take("2026-08-03 10:00", &office(2), command);
        assert_eq!(case.issue.review.rejection, None);
    }
}

fn decide(case: &Case, granted: bool) -> Command {
    Command::DecideDispute(actions::DecideDispute {
        request_id: case.waiting(RequestKind::Dispute),
        granted,
        reason: "理由".into(),
    })
}

fn disputed() -> Case {
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    case.take("2026-08-03 10:00", &handler(), dispute());
    case
}

#[test]
fn a_dispute_is_upheld_by_two_who_did_not_approve() {
    let mut case = disputed();
    let uphold = decide(&case, true);
    let before = case.issue.public_version;
    let first = case.take("2026-08-03 11:00", &office(2), uphold.clone());
    assert_eq!(case.issue.state, State::Rectifying);
    assert_eq!(case.issue.requests[0].state, RequestState::Pending);
    // Until there is a second vote, only the office may see it.
    assert_eq!(case.issue.public_version, before);
    assert!(!first.event().is_public());
    assert_eq!(case.decide("2026-08-03 11:00", &office(2), &uphold), Err(Refusal::Separation(Duty::SecondJudge)));
    assert_eq!(case.decide("2026-08-03 11:00", &office(1), &uphold), Err(Refusal::Separation(Duty::ApproverJudges)));
    let second = case.take("2026-08-03 12:00", &office(3), uphold);
    assert_eq!((case.issue.state, case.issue.requests[0].state), (State::Void, RequestState::Granted));
    assert_eq!(case.issue.requests[0].first_vote.as_ref().unwrap().by, office(2).user_id);
    assert_eq!(case.issue.public_version, before + 1);
    assert!(second.event().is_public());
}

#[test]
fn a_dispute_is_refused_by_one() {
    let mut case = disputed();
    let before = case.issue.public_version;
    case.take("2026-08-03 11:00", &office(2), decide(&case, false));
    assert_eq!((case.issue.state, case.issue.requests[0].state), (State::Rectifying, RequestState::Refused));
    assert_eq!(case.issue.public_version, before + 1);
    // Also after somebody voted to uphold it, and by the same person, who may change their mind.
    for judge in [office(2), office(3)] {
        let mut case = disputed();
        case.take("2026-08-03 11:00", &office(2), decide(&case, true));
        case.take("2026-08-03 12:00", &judge, decide(&case, false));
        assert_eq!((case.issue.state, case.issue.requests[0].state), (State::Rectifying, RequestState::Refused));
    }
}

#[test]
fn an_upheld_dispute_ends_all_that_waits() {
    let mut case = disputed();
    case.take("2026-08-03 10:30", &handler(), ask(None));
    case.take("2026-08-03 11:00", &office(2), decide(&case, true));
    case.take("2026-08-03 12:00", &office(3), decide(&case, true));
    let states: Vec<_> = case.issue.requests.iter().map(|request| request.state).collect();
    assert_eq!(states, [RequestState::Granted, RequestState::Lapsed]);
}
