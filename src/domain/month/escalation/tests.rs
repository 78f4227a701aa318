#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::calendar::WorkCalendar;
use crate::domain::deadline::{DayEnd, TimeLimit};
use crate::domain::ids::CardId;
use crate::domain::month::score::tests::rows::{issue_id, unit_id, uuid};
use crate::domain::month::workdays::tests::calendar;
use crate::domain::month::{Listed, Month, Rules};
use crate::domain::time::Timestamp;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(&format!("{text}+08:00")).unwrap()
}

/// Handed over on Monday 7 September at 9:00, due in two working days: on the 9th at 24:00.
fn issue() -> IssueFacts {
    IssueFacts {
        issue_id: issue_id(1),
        number: "2026-7K3P".into(),
        unit_id: unit_id(1),
        sign_in: None,
        started_at: at("2026-09-07T09:00:00"),
        limit: Some(TimeLimit::WorkDays(2)),
        due_at: at("2026-09-10T00:00:00"),
        handled_at: None,
        is_hung: false,
        failed_checks: 0,
        missed_milestones: 0,
        false_evidence: 0,
        chain_no: 0,
        cards: Vec::new(),
    }
}

fn proposed(issue: &IssueFacts, now: &str, known: &BTreeSet<String>) -> Vec<Proposal> {
    let rules = Rules::default().escalation;
    proposed_for_issue(issue, at(now), &calendar(), DayEnd::Midnight, &rules, known)
}

fn told(issue: &IssueFacts, now: &str) -> Vec<(Measure, Trigger)> {
    let proposals = proposed(issue, now, &BTreeSet::new());
    // Every proposal has its own key, a reason, a row and an event.
    let keys: BTreeSet<&String> = proposals.iter().map(|proposal| &proposal.key).collect();
    assert_eq!(keys.len(), proposals.len());
    for proposal in &proposals {
        assert!(proposal.reason.ends_with('。') && !proposal.rows.is_empty() && !proposal.events.is_empty());
        assert!(proposal.key.contains(&issue.unit_id.to_string()), "{}", proposal.key);
    }
    proposals.into_iter().map(|proposal| (proposal.measure, proposal.trigger)).collect()
}

const BEFORE_DUE: &str = "2026-09-08T10:00:00";

#[test]
fn an_overdue_issue_is_yellow_first_and_red_after_its_limit_once_more() {
    use Measure::{Red, Yellow};
    assert_eq!(told(&issue(), "2026-09-10T00:00:00"), []);
    assert_eq!(told(&issue(), "2026-09-10T00:00:00.001"), [(Yellow, Trigger::Overdue)]);
    // Two more working days: until Friday 11 September at 24:00.
    assert_eq!(told(&issue(), "2026-09-11T23:59:59"), [(Yellow, Trigger::Overdue)]);
    assert_eq!(told(&issue(), "2026-09-12T00:00:00"), [(Red, Trigger::OverdueLong)]);
    // A long limit: red after five working days, on Wednesday 16 September at 24:00.
    let long = IssueFacts { limit: Some(TimeLimit::WorkDays(20)), ..issue() };
    assert_eq!(told(&long, "2026-09-16T23:59:59"), [(Yellow, Trigger::Overdue)]);
    assert_eq!(told(&long, "2026-09-17T00:00:00"), [(Red, Trigger::OverdueLong)]);
    let reason = &proposed(&long, "2026-09-17T00:00:00", &BTreeSet::new())[0].reason;
    assert_eq!(reason, "问题2026-7K3P应于9月9日前整改，超期已满5个工作日，建议出示红牌。");
    // A deadline that a person set: as long again as it was, from the 7th at 9:00 to the 10th at 0:00.
    let fixed = IssueFacts { limit: None, ..issue() };
    assert_eq!(told(&fixed, "2026-09-12T14:59:59"), [(Yellow, Trigger::Overdue)]);
    assert_eq!(told(&fixed, "2026-09-12T15:00:00"), [(Red, Trigger::OverdueLong)]);
}

#[test]
fn what_was_fixed_late_stays_as_late_as_it_was() {
    let late = IssueFacts { handled_at: Some(at("2026-09-10T08:00:00")), ..issue() };
    assert_eq!(told(&late, "2026-12-01T00:00:00"), [(Measure::Yellow, Trigger::Overdue)]);
    let in_time = IssueFacts { handled_at: Some(at("2026-09-10T00:00:00")), ..issue() };
    assert_eq!(told(&in_time, "2026-12-01T00:00:00"), []);
    assert_eq!(told(&IssueFacts { is_hung: true, ..issue() }, "2026-12-01T00:00:00"), []);
}

/// Four working hours from Monday 9:00 are until 15:00; four more until Tuesday 10:00.
#[test]
fn a_sign_in_that_takes_more_than_twice_its_limit_is_yellow() {
    let sign_in = SignIn { limit: TimeLimit::WorkMinutes(240), due_at: at("2026-09-07T15:00:00"), acted_at: None };
    let with = |acted_at| IssueFacts { sign_in: Some(SignIn { acted_at, ..sign_in }), ..issue() };
    assert_eq!(told(&with(None), "2026-09-08T10:00:00"), []);
    assert_eq!(told(&with(None), "2026-09-08T10:00:01"), [(Measure::Yellow, Trigger::SignIn)]);
    assert_eq!(told(&with(Some(at("2026-09-08T10:00:00"))), "2026-09-08T12:00:00"), []);
    assert_eq!(
        told(&with(Some(at("2026-09-08T11:00:00"))), "2026-09-08T12:00:00"),
        [(Measure::Yellow, Trigger::SignIn)]
    );
}

#[test]
fn reworks_milestones_false_evidence_and_rebounds_have_their_cards() {
    use Measure::{Red, Yellow};
    for (failed_checks, cards) in
        [(1, vec![]), (2, vec![(Yellow, Trigger::Rework)]), (3, vec![(Red, Trigger::ReworkOften)])]
    {
        assert_eq!(told(&IssueFacts { failed_checks, ..issue() }, BEFORE_DUE), cards, "{failed_checks}");
    }
    // Each missed milestone is an event of its own.
    let missed = [(Yellow, Trigger::Milestone), (Yellow, Trigger::Milestone)];
    assert_eq!(told(&IssueFacts { missed_milestones: 2, ..issue() }, BEFORE_DUE), missed);
    assert_eq!(told(&IssueFacts { false_evidence: 1, ..issue() }, BEFORE_DUE), [(Red, Trigger::FalseEvidence)]);
    for (chain_no, cards) in [(1, vec![]), (2, vec![(Red, Trigger::Rebound)])] {
        assert_eq!(told(&IssueFacts { chain_no, ..issue() }, BEFORE_DUE), cards);
    }
}

#[test]
fn two_yellow_cards_on_an_issue_are_a_red_one_for_the_events_of_both() {
    let card = |number: u128, is_yellow, event: &str| StandingCard {
        id: CardId(uuid(number)),
        unit_id: unit_id(1),
        is_yellow,
        events: vec![event.to_owned()],
    };
    let one = IssueFacts { cards: vec![card(1, true, "a"), card(2, false, "b")], ..issue() };
    assert_eq!(told(&one, BEFORE_DUE), []);
    let two = IssueFacts { cards: vec![card(2, true, "b"), card(1, true, "a")], ..issue() };
    let proposals = proposed(&two, BEFORE_DUE, &BTreeSet::new());
    assert_eq!((proposals[0].measure, proposals[0].trigger), (Measure::Red, Trigger::TwoYellow));
    assert_eq!(proposals[0].events, ["a", "b"]);
    assert_eq!(proposals[0].rows.len(), 3);
    // Cards of the unit that had the issue before are not charged to the present one.
    let mut moved = two.clone();
    moved.cards[0].unit_id = unit_id(2);
    assert_eq!(told(&moved, BEFORE_DUE), []);
    moved.cards.push(card(3, true, "c"));
    assert_eq!(proposed(&moved, BEFORE_DUE, &BTreeSet::new())[0].events, ["a", "c"]);
    // A third yellow card does not make a second red one.
    let known = BTreeSet::from([proposals[0].key.clone()]);
    let three = IssueFacts { cards: vec![card(1, true, "a"), card(2, true, "b"), card(3, true, "c")], ..issue() };
    assert_eq!(proposed(&three, BEFORE_DUE, &known), []);
}

#[test]
fn nothing_is_proposed_twice_and_a_yellow_card_may_still_become_red() {
    let yellow = proposed(&issue(), "2026-09-10T08:00:00", &BTreeSet::new());
    let mut known: BTreeSet<String> = yellow.iter().map(|proposal| proposal.key.clone()).collect();
    assert_eq!(proposed(&issue(), "2026-09-11T08:00:00", &known), []);
    let red = proposed(&issue(), "2026-09-14T08:00:00", &known);
    assert_eq!(red.iter().map(|proposal| proposal.measure).collect::<Vec<_>>(), [Measure::Red]);
    assert_eq!(red[0].events, yellow[0].events, "one event, so it counts once");
    known.insert(red[0].key.clone());
    assert_eq!(proposed(&issue(), "2026-09-30T08:00:00", &known), []);
    // Another unit that got the issue answers for itself.
    assert_eq!(proposed(&IssueFacts { unit_id: unit_id(2), ..issue() }, "2026-09-10T08:00:00", &known).len(), 1);
    // The job was late: the heavier one alone.
    assert_eq!(told(&issue(), "2026-09-14T08:00:00"), [(Measure::Red, Trigger::OverdueLong)]);
    let only_red = BTreeSet::from([red[0].key.clone()]);
    assert_eq!(proposed(&issue(), "2026-09-14T08:00:00", &only_red), []);
}

fn unit_month(reds: u128, black_months: u32) -> UnitMonth {
    UnitMonth {
        unit_id: unit_id(1),
        name: "县城市管理局".into(),
        month: Month::parse("2026-09").unwrap(),
        red_cards: (0..reds).map(|number| CardId(uuid(number))).collect(),
        black_months,
        incidents: Vec::new(),
    }
}

fn none() -> BTreeSet<String> {
    BTreeSet::new()
}

#[test]
fn red_cards_and_black_lists_lead_to_talks_and_referrals() {
    use Measure::{Referral, Talk};
    let rules = Rules::default().escalation;
    let told = |unit: &UnitMonth| -> Vec<(Measure, Trigger)> {
        let proposals = proposed_for_unit(unit, &rules, &none(), &none());
        proposals.into_iter().map(|proposal| (proposal.measure, proposal.trigger)).collect()
    };
    assert_eq!(told(&unit_month(1, 1)), []);
    assert_eq!(told(&unit_month(2, 0)), [(Talk, Trigger::RedCards)]);
    assert_eq!(told(&unit_month(3, 0)), [(Talk, Trigger::RedCards), (Referral, Trigger::RedCards)]);
    assert_eq!(told(&unit_month(0, 2)), [(Talk, Trigger::BlackList)]);
    assert_eq!(told(&unit_month(0, 3)), [(Talk, Trigger::BlackList), (Referral, Trigger::BlackList)]);
    let proposals = proposed_for_unit(&unit_month(2, 0), &rules, &none(), &none());
    assert_eq!(proposals[0].reason, "县城市管理局2026年9月已有2张红牌，建议约谈。");
    assert_eq!(proposals[0].rows.len(), 2);
    let known: BTreeSet<String> = proposals.into_iter().map(|proposal| proposal.key).collect();
    assert_eq!(proposed_for_unit(&unit_month(2, 0), &rules, &known, &none()), []);
    // The third card leads to a referral; the talk was proposed.
    let third = proposed_for_unit(&unit_month(3, 0), &rules, &known, &known);
    assert_eq!(third.iter().map(|proposal| proposal.measure).collect::<Vec<_>>(), [Referral]);
    // Withdrawn with one of its cards, a talk is proposed for others of the month, in whatever order they are named.
    let mut others = UnitMonth { red_cards: vec![CardId(uuid(7)), CardId(uuid(1))], ..unit_month(2, 0) };
    let anew = proposed_for_unit(&others, &rules, &known, &none());
    assert_eq!(anew.iter().map(|proposal| proposal.measure).collect::<Vec<_>>(), [Talk]);
    others.red_cards.reverse();
    assert_eq!(proposed_for_unit(&others, &rules, &none(), &none())[0].key, anew[0].key);
    assert!(!known.contains(&anew[0].key) && anew[0].key.len() < 200, "{}", anew[0].key);
    // Not while one is in force, including those from before keys named cards.
    assert_eq!(proposed_for_unit(&others, &rules, &known, &known), []);
    let old = BTreeSet::from([format!("talk:red-cards:2026-09:{}", unit_id(1))]);
    assert_eq!(proposed_for_unit(&others, &rules, &known, &old), []);
    // The next month is counted separately.
    let next = UnitMonth { month: Month::parse("2026-10").unwrap(), ..unit_month(2, 0) };
    assert_eq!(proposed_for_unit(&next, &rules, &known, &known).len(), 1);
}

#[test]
fn months_on_the_black_list_run_until_one_is_missing_or_better() {
    let month = |by| Month::parse("2026-09").unwrap().plus(by);
    let lists = |listed: &[(i32, Listed)]| listed.iter().map(|(by, listed)| (month(*by), *listed)).collect();
    for (listed, run) in [
        (vec![], 0),
        (vec![(0, Listed::Black)], 1),
        (vec![(0, Listed::Black), (-1, Listed::Black), (-2, Listed::Neither), (-3, Listed::Black)], 2),
        (vec![(0, Listed::Black), (-2, Listed::Black)], 1),
        (vec![(0, Listed::Red), (-1, Listed::Black)], 0),
        (vec![(1, Listed::Black), (0, Listed::Black)], 1),
    ] {
        assert_eq!(black_months(&lists(&listed), month(0)), run, "{listed:?}");
    }
}

#[test]
fn each_measure_has_its_addressee() {
    let told: Vec<&str> = Measure::ALL.iter().map(|measure| measure.addressee().as_str()).collect();
    assert_eq!(told, ["office", "deputy-head", "unit-head", "discipline"]);
}

#[test]
fn a_confirmed_incident_leads_to_a_referral_once() {
    let rules = Rules::default().escalation;
    for (kind, trigger) in IncidentKind::ALL.iter().zip([Trigger::Fraud, Trigger::Leak, Trigger::Retaliation]) {
        let incidents = vec![Incident { key: "case-7".into(), kind: *kind, rows: Vec::new() }];
        let unit = UnitMonth { incidents, ..unit_month(0, 0) };
        let proposals = proposed_for_unit(&unit, &rules, &none(), &none());
        assert_eq!((proposals[0].measure, proposals[0].trigger, proposals.len()), (Measure::Referral, trigger, 1));
        let known = BTreeSet::from([proposals[0].key.clone()]);
        // In a later month, too: it is the same incident.
        let later = UnitMonth { month: Month::parse("2026-11").unwrap(), ..unit };
        assert_eq!(proposed_for_unit(&later, &rules, &known, &none()), []);
    }
}

/// From Monday 9:00 to Wednesday 24:00 are 63 hours; half is Tuesday 16:30. Four working hours before the end of
/// Wednesday are Wednesday 14:00.
#[test]
fn a_unit_is_reminded_half_way_and_before_it_is_too_late() {
    let county: WorkCalendar = calendar();
    let facts = issue();
    let due = |now: &str, known: &BTreeSet<String>| {
        reminder(facts.issue_id, facts.started_at, facts.due_at, at(now), &county, known)
    };
    let none = BTreeSet::new();
    assert_eq!(due("2026-09-08T16:29:59", &none), None);
    let half = due("2026-09-08T16:30:00", &none).unwrap();
    assert_eq!(half.kind, ReminderKind::Half);
    let known = BTreeSet::from([half.key]);
    assert_eq!(due("2026-09-09T13:59:59", &known), None);
    let last = due("2026-09-09T14:00:00", &known).unwrap();
    assert_eq!(last.kind, ReminderKind::LastForExtension);
    assert_eq!(due("2026-09-10T00:00:00", &known), None);
    // The job was late: the last one alone, and not the earlier one afterwards.
    let only = BTreeSet::from([due("2026-09-09T20:00:00", &none).unwrap().key]);
    assert_eq!(due("2026-09-09T20:00:00", &only), None);
    // A new deadline gets a reminder of its own.
    let extended = at("2026-09-12T00:00:00");
    let again = reminder(facts.issue_id, facts.started_at, extended, at("2026-09-09T20:00:00"), &county, &only);
    assert_eq!(again.map(|reminder| reminder.kind), Some(ReminderKind::Half));
}

#[test]
fn an_issue_is_looked_at_again_exactly_when_time_may_lead_to_a_card() {
    let rules = Rules::default().escalation;
    let sign_in = SignIn { limit: TimeLimit::WorkMinutes(240), due_at: at("2026-09-07T15:00:00"), acted_at: None };
    let open = IssueFacts { sign_in: Some(sign_in), ..issue() };
    let mut now = at("2026-09-07T09:00:00");
    let (mut looks, mut cards) = (Vec::new(), Vec::new());
    while let Some(next) = next_look(&open, now, &calendar(), DayEnd::Midnight, &rules) {
        assert!(next > now);
        now = next;
        looks.push(now);
        let known: BTreeSet<String> = cards.iter().map(|card: &Proposal| card.key.clone()).collect();
        cards.extend(proposed_for_issue(&open, now, &calendar(), DayEnd::Midnight, &rules, &known));
    }
    let triggers: Vec<Trigger> = cards.iter().map(|card| card.trigger).collect();
    assert_eq!(triggers, [Trigger::SignIn, Trigger::Overdue, Trigger::OverdueLong]);
    assert_eq!(looks[2], at("2026-09-12T00:00:00"));
    let fixed = IssueFacts { handled_at: Some(at("2026-09-08T09:00:00")), ..issue() };
    assert_eq!(next_look(&fixed, at("2026-09-07T09:00:00"), &calendar(), DayEnd::Midnight, &rules), None);
    let hung = IssueFacts { is_hung: true, ..issue() };
    assert_eq!(next_look(&hung, at("2026-09-07T09:00:00"), &calendar(), DayEnd::Midnight, &rules), None);
}
