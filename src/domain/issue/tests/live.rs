//! Which readers' open pages learn of a step.

use super::*;
use crate::domain::campaign::CampaignCode;
use crate::domain::live::Topic;

const UNIT: Topic = Topic::Unit(UnitId(Uuid::from_u128(2)));

fn sorted(mut topics: Vec<Topic>) -> Vec<String> {
    let mut keys: Vec<String> = topics.drain(..).map(Topic::key).collect();
    keys.sort_unstable();
    keys
}

fn of(step: &Transition) -> Vec<String> {
    sorted(step.topics().to_vec())
}

fn public(case: &Case, others: &[Topic]) -> Vec<String> {
    let campaign = CampaignCode::parse(&case.issue.finding.campaign).unwrap();
    let all =
        [Topic::All, Topic::Inspector(case.issue.finding.finder_id), UNIT, Topic::Campaign(campaign), Topic::Released];
    sorted([&all[..], others].concat())
}

#[test]
fn what_is_not_released_is_for_the_inspection_alone() {
    let mut case = Case::reported("2026-08-03 09:00", Severity::Low, None);
    let inside = sorted(vec![Topic::All, Topic::Inspector(finder().user_id)]);
    let opened = Issue::open(case.issue.clone(), &finder(), Vec::new(), true);
    assert_eq!(of(&opened), inside);
    let unit_id = handler().unit_id.unwrap();
    let approve = Command::Approve(actions::Approve { severity: None, unit_id, due: None });
    assert_eq!(of(&case.take("2026-08-03 10:00", &office(1), approve)), inside);
    let released = case.take("2026-08-03 11:00", &office(2), Command::Release(actions::Release {}));
    assert_eq!(of(&released), public(&case, &[]));
}

#[test]
fn a_visit_is_told_to_those_who_make_it_only() {
    let sent = person(Role::Inspector, 11);
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    let reported = case.take("2026-08-03 10:00", &handler(), fix());
    assert_eq!(of(&reported), public(&case, &[]));
    let check = Command::AssignCheck(actions::AssignCheck { inspector_id: sent.user_id });
    let given = case.take("2026-08-03 10:00", &office(1), check);
    assert_eq!(of(&given), sorted(vec![Topic::All, Topic::Inspector(sent.user_id)]));
    let failed = case.take("2026-08-03 11:00", &sent, fail());
    assert_eq!(of(&failed), public(&case, &[Topic::Inspector(sent.user_id)]));
}

#[test]
fn the_first_of_two_opinions_is_for_the_office_and_the_finder() {
    let mut case = Case::rectifying("2026-08-03 09:00", "3wd", Severity::Low);
    case.take("2026-08-03 10:00", &handler(), dispute());
    let request_id = case.waiting(RequestKind::Dispute);
    let judge =
        || Command::DecideDispute(actions::DecideDispute { request_id, granted: true, reason: "经复核".into() });
    let first = case.take("2026-08-03 10:00", &office(3), judge());
    assert!(!of(&first).contains(&UNIT.key()) && !of(&first).contains(&Topic::Released.key()), "{:?}", of(&first));
    let second = case.take("2026-08-03 10:00", &office(4), judge());
    assert!(of(&second).contains(&UNIT.key()), "{:?}", of(&second));
}

#[test]
fn everybody_who_reads_issues_has_a_topic() {
    let campaign = CampaignCode::parse("WM").unwrap();
    for role in Role::ALL {
        let actor = Actor { unit_id: Some(UnitId(Uuid::from_u128(2))), campaign: Some(campaign), ..person(*role, 5) };
        let expected = match role {
            Role::Inspector => Some(Topic::Inspector(actor.user_id)),
            Role::Unit => Some(UNIT),
            Role::Office => Some(Topic::All),
            Role::Leader | Role::Discipline => Some(Topic::Released),
            Role::TaskForce => Some(Topic::Campaign(campaign)),
            Role::Admin => None,
        };
        assert_eq!(Topic::of(&actor), expected, "{role}");
    }
}
