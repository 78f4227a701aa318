#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::month::score::tests::rows::{unit_id, uuid};
use crate::domain::month::workdays::tests::day;
use crate::domain::month::{Exact, RankedUnit};

fn september() -> Month {
    Month::parse("2026-09").unwrap()
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(&format!("{text}+08:00")).unwrap()
}

fn office(number: u128) -> Actor {
    Actor::new(UserId(uuid(number)), Role::Office)
}

fn ranked(number: u128, listed: Listed) -> RankedUnit {
    RankedUnit {
        unit_id: unit_id(number),
        name: format!("单位{number}"),
        peer_group: "乡镇".into(),
        rank: 1,
        score: Exact::parse("271/3").unwrap(),
        moved: None,
        listed,
    }
}

fn proposals() -> Vec<ProposedEntry> {
    let ranked = vec![ranked(1, Listed::Red), ranked(2, Listed::Neither), ranked(3, Listed::Black)];
    let ranking = Ranking { ranked, insufficient: Vec::new() };
    proposed_entries(september(), &ranking, Amounts { red_list_fen: Some(500_000), black_list_fen: None })
}

fn entry() -> Entry {
    Entry::propose(LedgerEntryId(uuid(1)), september(), proposals().remove(0))
}

#[test]
fn a_locked_month_leads_to_rewards_and_penalties_with_keys() {
    let told: Vec<_> =
        proposals().into_iter().map(|entry| (entry.unit_id, entry.kind, entry.amount_fen, entry.key)).collect();
    assert_eq!(
        told,
        [
            (unit_id(1), EntryKind::Reward, Some(500_000), format!("ledger:2026-09:red:{}", unit_id(1))),
            (unit_id(3), EntryKind::Penalty, None, format!("ledger:2026-09:black:{}", unit_id(3))),
        ]
    );
    assert_eq!(entry().reason, "单位12026年9月月评得分90.33，在乡镇组排名第1，列入红榜。");
}

fn executed() -> EntryCommand {
    EntryCommand::Execute { document_no: "督查〔2026〕9号".into(), on: day("2026-10-20") }
}

fn take(entry: &Entry, who: u128, command: &EntryCommand) -> Result<Entry, EntryWhy> {
    entry.decide(&office(who), command, at("2026-10-20T10:00:00"), day("2026-10-20"))
}

#[test]
fn two_people_approve_and_then_it_is_executed_and_published() {
    let once = take(&entry(), 1, &EntryCommand::Approve).unwrap();
    assert_eq!(once.state, EntryState::Proposed);
    assert_eq!(take(&once, 1, &EntryCommand::Approve), Err(EntryWhy::SecondPerson));
    let approved = take(&once, 2, &EntryCommand::Approve).unwrap();
    assert_eq!((approved.state, approved.approvals.len()), (EntryState::Approved, 2));
    let done = take(&approved, 1, &executed()).unwrap();
    assert_eq!((done.state, done.executed_on), (EntryState::Executed, Some(day("2026-10-20"))));
    let published = take(&done, 1, &EntryCommand::Publish).unwrap();
    assert_eq!(published.state, EntryState::Published);
    let dropped = take(&once, 1, &EntryCommand::Drop { reason: "异议成立".into() }).unwrap();
    assert_eq!(dropped.state, EntryState::Dropped);
}

#[test]
fn no_step_is_taken_but_those_of_the_table_and_by_the_office() {
    let commands =
        [EntryCommand::Approve, EntryCommand::Drop { reason: "x".into() }, executed(), EntryCommand::Publish];
    for (command, action) in commands.iter().zip(EntryAction::ALL) {
        assert_eq!(command.action(), *action);
        for state in EntryState::ALL {
            let from = Entry { state: *state, ..entry() };
            let is_legal = LEDGER.iter().any(|(taken, start, _)| taken == action && start == state);
            assert_eq!(take(&from, 1, command).is_ok(), is_legal, "{action} {state}");
            for role in Role::ALL.iter().filter(|role| **role != Role::Office) {
                let actor = Actor::new(UserId(uuid(1)), *role);
                let tried = from.decide(&actor, command, at("2026-10-20T10:00:00"), day("2026-10-20"));
                assert_eq!(tried, Err(EntryWhy::Forbidden));
            }
        }
    }
}

#[test]
fn an_execution_has_a_document_and_a_day_that_has_come() {
    let approved = Entry { state: EntryState::Approved, ..entry() };
    for (document_no, on, pointer) in
        [("", "2026-10-20", "/document_no"), ("1", "2026-10-21", "/on"), ("1", "2026-09-30", "/on")]
    {
        let command = EntryCommand::Execute { document_no: document_no.into(), on: day(on) };
        let Err(EntryWhy::Invalid(invalid)) = take(&approved, 1, &command) else { panic!("{on}") };
        assert_eq!(invalid.0[0].pointer, pointer);
    }
    let silent = EntryCommand::Drop { reason: " ".into() };
    assert!(matches!(take(&entry(), 1, &silent), Err(EntryWhy::Invalid(_))));
}

/// October is locked on 12 November at noon.
#[test]
fn what_is_recorded_after_the_next_lock_was_not_cashed() {
    let lock = Some(at("2026-11-12T12:00:00"));
    let done = |recorded: &str| Entry { state: EntryState::Executed, recorded_at: Some(at(recorded)), ..entry() };
    let approved = Entry { state: EntryState::Approved, ..entry() };
    for (entry, next_lock, cashing) in [
        (done("2026-11-12T11:59:59"), lock, Some(Cashing::Cashed)),
        (done("2026-11-12T12:00:00"), lock, Some(Cashing::NotCashed)),
        (done("2026-11-12T11:59:59"), None, Some(Cashing::Cashed)),
        (approved.clone(), None, Some(Cashing::Waiting)),
        (approved.clone(), lock, Some(Cashing::NotCashed)),
        (entry(), lock, None),
        (Entry { state: EntryState::Dropped, ..entry() }, lock, None),
    ] {
        assert_eq!(entry.cashing(next_lock), cashing, "{entry:?}");
    }
    let entries = [done("2026-11-01T09:00:00"), done("2026-11-02T09:00:00"), approved, entry()];
    assert_eq!(cash_in_rate(&entries, lock).percent(), "66.67%");
    assert_eq!(cash_in_rate(&entries[3..], lock), Rate::NotApplicable);
}
