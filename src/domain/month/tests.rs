//! A month from its rows to scores, cards and entries of the ledger.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use super::cycle::{MonthCommand, MonthContext, MonthTransition};
use super::escalation::{Measure, UnitMonth, black_months, proposed_for_unit};
use super::facts::{CaseRow, DeductionHead, LookBackResult, LookBackRow};
use super::ledger::{Amounts, EntryKind, proposed_entries};
use super::score::tests::rows::*;
use super::workdays::tests::calendar;
use super::year::{LockedScore, YearScore};
use super::*;
use crate::domain::ids::{CardId, UserId};
use crate::domain::role::{Actor, Role};
use crate::domain::time::Timestamp;

fn september() -> Month {
    Month::parse("2026-09").unwrap()
}

fn local(text: &str) -> Timestamp {
    Timestamp::parse(&format!("{text}+08:00")).unwrap()
}

/// Three units with three points each: 96, 85 and 70. The first has handled its issue on time; the third has not, and
/// has two red cards for two events. A fourth has one point alone.
fn facts() -> Facts {
    let mut facts = Facts { units: (1..=4).map(unit).collect(), ..Facts::default() };
    for (lead, score) in [(1, "96"), (2, "85"), (3, "70")] {
        facts.points.extend((0..3).map(|number| point(lead * 10 + number, lead, Some(score))));
    }
    facts.points.push(point(40, 4, Some("100")));
    let due = |number, unit, handled: Option<&str>| CaseRow {
        due_at: local("2026-09-10T00:00:00"),
        close_due_at: local("2026-09-12T00:00:00"),
        handled_at: handled.map(local),
        closed_at: handled.map(local),
        ..case(number, unit, 0, None, None)
    };
    facts.cases = vec![due(1, 1, Some("2026-09-09T10:00:00")), due(2, 3, None)];
    let at = local("2026-08-20T20:00:00");
    facts.look_backs = vec![LookBackRow { at, ..look_back(9, 3, LookBackResult::Rebound) }];
    facts.deductions = vec![
        deduction(3, DeductionHead::RedCard, card(1), &["overdue:2"]),
        deduction(3, DeductionHead::RedCard, card(2), &["rebound:9"]),
    ];
    facts
}

/// U1 = (0.45·96 + 0.35·100) ÷ 0.8 = 78.2 ÷ 0.8 = 97.75; U2 = 85.
/// U3: B = 30·0 + 20·0 + 20·1 + 20·0 + 10·1 = 30; C = 0; U = 0.45·70 + 0.35·30 − 4 = 31.5 + 10.5 − 4 = 38.
#[test]
fn a_month_from_its_rows_to_what_it_leads_to() {
    let (calendar, rules) = (calendar(), Rules::default());
    let snapshot = Snapshot::take(september(), &calendar, rules.clone(), facts(), Ranks::new()).unwrap();
    let results = recompute(&snapshot);
    let told: Vec<(String, usize, String, Listed)> = results
        .ranking
        .ranked
        .iter()
        .map(|unit| (unit.name.clone(), unit.rank, unit.score.two_decimals(), unit.listed))
        .collect();
    let row = |name: &str, rank, score: &str, listed| (name.to_owned(), rank, score.to_owned(), listed);
    let expected = [
        row("单位1", 1, "97.75", Listed::Red),
        row("单位2", 2, "85.00", Listed::Neither),
        row("单位3", 3, "38.00", Listed::Black),
    ];
    assert_eq!(told, expected);
    assert_eq!(results.ranking.insufficient, [unit_id(4)]);
    // 96, 96, 96 and 100 of ten points.
    assert_eq!(results.pass_rates.all.rate.percent(), "40.00%");

    let mut record = MonthRecord::open(september());
    let office = |number| Actor::new(UserId(uuid(number)), Role::Office);
    let (snapshot_digest, results_digest) = (snapshot.digest(), results.digest());
    for (actor, command, now) in [
        (None, MonthCommand::Freeze { snapshot: snapshot_digest, results: results_digest }, "2026-10-08T01:00:00"),
        (None, MonthCommand::Preview, "2026-10-08T09:00:00"),
        (
            Some(office(1)),
            MonthCommand::Decide { snapshot: snapshot_digest, results: results_digest },
            "2026-10-13T09:00:00",
        ),
        (Some(office(1)), MonthCommand::Lock { results: results_digest }, "2026-10-14T09:00:00"),
        (Some(office(2)), MonthCommand::Lock { results: results_digest }, "2026-10-15T09:00:00"),
    ] {
        let context = MonthContext { now: local(now), calendar: &calendar, rules: &rules };
        let step: MonthTransition = record.decide(actor.as_ref(), &command, &context).unwrap();
        assert_eq!((step.action(), step.at()), (command.action(), local(now)));
        assert_eq!(step.actor_id(), actor.map(|actor| actor.user_id));
        record = step.after().clone();
    }
    assert_eq!((record.state, record.results), (MonthState::Locked, Some(results.digest())));
    let stored = Results::read(&results.bytes()).unwrap();
    assert_eq!(verify(&stored, &recompute(&Snapshot::read(&snapshot.bytes()).unwrap())), []);

    let entries = proposed_entries(september(), &results.ranking, Amounts::default());
    let kinds: Vec<_> = entries.iter().map(|entry| (entry.unit_id, entry.kind)).collect();
    assert_eq!(kinds, [(unit_id(1), EntryKind::Reward), (unit_id(3), EntryKind::Penalty)]);
    let lists = BTreeMap::from([(september(), Listed::Black), (september().plus(-1), Listed::Black)]);
    let third = UnitMonth {
        unit_id: unit_id(3),
        name: "单位3".into(),
        month: september(),
        red_cards: vec![CardId(uuid(1)), CardId(uuid(2))],
        black_months: black_months(&lists, september()),
        incidents: Vec::new(),
    };
    let proposals = proposed_for_unit(&third, &rules.escalation, &BTreeSet::new(), &BTreeSet::new());
    let measures: Vec<Measure> = proposals.iter().map(|proposal| proposal.measure).collect();
    assert_eq!(measures, [Measure::Talk, Measure::Talk]);
}

#[test]
fn a_year_takes_the_valid_scores_of_locked_months() {
    let rules = Rules { year_months_min: 1, ..Rules::default() };
    let snapshot = Snapshot::take(september(), &calendar(), rules.clone(), facts(), Ranks::new()).unwrap();
    let results = recompute(&snapshot);
    for (unit, score) in [(2, Rate::Of(Exact::from(85))), (4, Rate::NotApplicable), (5, Rate::NotApplicable)] {
        let locked = LockedScore::of(unit_id(unit), &results);
        assert_eq!((&locked.score, locked.results), (&score, results.digest()));
        let year = YearScore::of(unit_id(unit), 2026, &BTreeMap::from([(september(), locked)]), vec![], &rules);
        assert_eq!(year.score, score);
    }
}
