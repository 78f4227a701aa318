#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::month::score::tests::rows::{at, issue_id, unit_id};

fn candidate(number: u128) -> Candidate {
    Candidate {
        issue_id: issue_id(number),
        number: number.to_string(),
        unit_id: unit_id(1),
        severity: Severity::Low,
        is_unclaimed: false,
        returns: 0,
        due_at: at(10),
        is_owed: true,
        failed_checks: 0,
        chain_no: 0,
        plan_until: None,
        missed_milestones: 0,
    }
}

fn listed(candidates: &[Candidate]) -> Vec<(String, Vec<Choke>)> {
    let list = dispatch_list(candidates, at(5), "1970-01-06".parse().unwrap());
    list.into_iter().map(|issue| (issue.number, issue.chokes)).collect()
}

#[test]
fn an_issue_is_listed_for_each_choke_point_and_not_without_one() {
    let until = |day: &str| Some(day.parse().unwrap());
    for (issue, choke) in [
        (candidate(1), None),
        (Candidate { is_unclaimed: true, ..candidate(1) }, Some(Choke::Unclaimed)),
        (Candidate { returns: 1, ..candidate(1) }, None),
        (Candidate { returns: 2, ..candidate(1) }, Some(Choke::Returned)),
        (Candidate { due_at: at(5), ..candidate(1) }, None),
        (Candidate { due_at: at(4), ..candidate(1) }, Some(Choke::Overdue)),
        // The check takes the office's time.
        (Candidate { due_at: at(4), is_owed: false, ..candidate(1) }, None),
        (Candidate { failed_checks: 1, ..candidate(1) }, None),
        (Candidate { failed_checks: 2, ..candidate(1) }, Some(Choke::Reworked)),
        (Candidate { chain_no: 1, ..candidate(1) }, Some(Choke::Rebound)),
        (Candidate { plan_until: until("1970-01-06"), ..candidate(1) }, None),
        (Candidate { plan_until: until("1970-01-05"), ..candidate(1) }, Some(Choke::PastPlan)),
        (Candidate { plan_until: until("1970-02-01"), missed_milestones: 1, ..candidate(1) }, Some(Choke::PastPlan)),
    ] {
        let expected: Vec<_> = choke.into_iter().map(|choke| ("1".to_owned(), vec![choke])).collect();
        assert_eq!(listed(std::slice::from_ref(&issue)), expected, "{issue:?}");
    }
}

#[test]
fn what_has_most_reasons_comes_first_then_the_most_severe_then_the_oldest() {
    let overdue = |number, day| Candidate { due_at: at(day), ..candidate(number) };
    let list = listed(&[
        overdue(1, 4),
        overdue(2, 3),
        Candidate { severity: Severity::High, ..overdue(3, 4) },
        Candidate { returns: 2, chain_no: 1, due_at: at(10), ..candidate(4) },
    ]);
    let numbers: Vec<&str> = list.iter().map(|(number, _)| number.as_str()).collect();
    assert_eq!(numbers, ["4", "3", "2", "1"]);
    assert_eq!(list[0].1, [Choke::Returned, Choke::Rebound]);
}
