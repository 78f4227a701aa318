//! Batches: every row of the table of steps, and the steps that two different people must take.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::*;
use crate::domain::deadline::tests::at;
use crate::domain::draw::{ALGORITHM, Rules, Slot, SlotKind};
use crate::domain::invalid::FieldCode;
use crate::domain::role::{Actor, Role};
use crate::domain::time::Date;

fn id() -> BatchId {
    BatchId(uuid::Uuid::from_u128(0x4000_8000_0000_0000_0009))
}

fn person(role: Role, number: u128) -> Actor {
    Actor::new(UserId(uuid::Uuid::from_u128(number)), role)
}

fn office(number: u128) -> Actor {
    person(Role::Office, number)
}

fn context() -> BatchContext {
    let today = jiff::civil::date(2026, 8, 3);
    BatchContext { now: at("2026-08-03 10:00"), today, open_tasks: 0, unreviewed_reports: 0, last_redraw_by: None }
}

fn window() -> (Date, Date) {
    (jiff::civil::date(2026, 8, 10), jiff::civil::date(2026, 8, 28))
}

fn plan() -> Plan {
    plan_of("八月第一批", window())
}

fn plan_of(title: &str, (window_from, window_to): (Date, Date)) -> Plan {
    let slot = Slot { date: window_from, from_minute: 540, to_minute: 690, kind: SlotKind::Day };
    Plan {
        title: title.to_owned(),
        window_from,
        window_to,
        campaigns: vec!["WM".into()],
        areas: vec!["990001".into()],
        rules: Rules {
            algorithm: ALGORITHM.into(),
            slots: vec![slot],
            evening_min: 0,
            weekend_min: 0,
            open_places: 1,
            proportional_places: 0,
            quotas: Vec::new(),
            point_visits_max: 2,
            unit_visits_max: 6,
            pair_types: BTreeSet::new(),
            pair_severe: false,
            tasks_per_inspector_max: 4,
            demo_percent: 100,
        },
    }
}

fn draft() -> Batch {
    Batch::draft(id(), &plan(), &office(1), context().now).unwrap().after().clone()
}

fn command(action: BatchAction) -> Option<BatchCommand> {
    let reason = "方案有误".to_owned();
    Some(match action {
        BatchAction::Create | BatchAction::Begin => return None,
        BatchAction::Amend => BatchCommand::Amend { plan: Box::new(plan_of("八月第二批", window())) },
        BatchAction::Propose => BatchCommand::Propose,
        BatchAction::Withdraw => BatchCommand::Withdraw,
        BatchAction::SendBack => BatchCommand::SendBack { reason },
        BatchAction::Approve => {
            BatchCommand::Approve { approval_no: "督查〔2026〕8号".into(), commitment: Digest::of(b"c") }
        }
        BatchAction::Revoke => BatchCommand::Revoke { reason },
        BatchAction::Draw => BatchCommand::Draw { outcome: Digest::of(b"o") },
        BatchAction::Redraw => BatchCommand::Redraw { reason },
        BatchAction::Review => BatchCommand::Review,
        BatchAction::Release => BatchCommand::Release,
        BatchAction::Abandon => BatchCommand::Abandon { reason },
    })
}

/// Takes the step, the service's as well.
fn take(batch: &Batch, actor: &Actor, action: BatchAction, context: &BatchContext) -> Result<Batch, BatchRefusal> {
    let decided = match command(action) {
        Some(command) => batch.decide(actor, &command, context),
        None => batch.begin(context),
    };
    decided.map(|transition| transition.after().clone())
}

/// A batch in this state: 1 proposed it, 2 approved it, 3 finished the review.
fn in_state(state: BatchState) -> Batch {
    use BatchAction::{Abandon, Approve, Begin, Draw, Propose, Release, Review};
    let path: &[(BatchAction, u128)] = match state {
        BatchState::Draft => &[],
        BatchState::Abandoned => &[(Abandon, 1)],
        BatchState::Proposed => &[(Propose, 1)],
        BatchState::Approved => &[(Propose, 1), (Approve, 2)],
        BatchState::Drawn => &[(Propose, 1), (Approve, 2), (Draw, 2)],
        BatchState::UnderWay => &[(Propose, 1), (Approve, 2), (Draw, 2), (Begin, 0)],
        BatchState::Reviewed => &[(Propose, 1), (Approve, 2), (Draw, 2), (Begin, 0), (Review, 3)],
        BatchState::Released => &[(Propose, 1), (Approve, 2), (Draw, 2), (Begin, 0), (Review, 3), (Release, 4)],
    };
    let step =
        |batch: Batch, (action, who): &(BatchAction, u128)| take(&batch, &office(*who), *action, &context()).unwrap();
    let batch = path.iter().fold(draft(), step);
    assert_eq!(batch.state, state);
    batch
}

/// The table says it all: from each state exactly its steps are taken, by the right people.
#[test]
fn every_step_that_the_table_lacks_is_illegal() {
    for state in BatchState::ALL {
        let batch = in_state(*state);
        for action in BatchAction::ALL {
            let row = batch_step(*action);
            assert_eq!(row.action, *action);
            // 2 draws and revokes, 1 withdraws, 9 does the rest.
            let who = if matches!(action, BatchAction::Draw | BatchAction::Revoke) {
                2
            } else if *action == BatchAction::Withdraw {
                1
            } else {
                9
            };
            let taken = if *action == BatchAction::Create {
                batch.admit(Some(&office(who)), *action, &context()).map(|()| batch.clone())
            } else {
                take(&batch, &office(who), *action, &context())
            };
            if row.from.contains(state) {
                let after = taken.unwrap();
                let two_people = *action == BatchAction::Abandon && BatchState::COMMITTED.contains(state);
                let expected = match row.next {
                    BatchNext::To(next) => next,
                    BatchNext::Unchanged => *state,
                    BatchNext::Decided(next) => {
                        if two_people {
                            *state
                        } else {
                            next
                        }
                    }
                };
                assert_eq!((after.state, after.version), (expected, batch.version + 1), "{state} {action}");
            } else {
                let illegal = BatchRefusal::Illegal { state: *state, action: *action };
                assert_eq!(taken, Err(illegal), "{state} {action}");
            }
        }
        let leads_on = BATCH_LIFECYCLE.iter().any(|row| row.from.contains(state));
        assert_eq!(BatchState::FINAL.contains(state), !leads_on, "{state}");
    }
}

#[test]
fn only_the_office_takes_steps() {
    for role in Role::ALL {
        for (number, state) in (50..).zip(BatchState::ALL) {
            let batch = in_state(*state);
            let actions = allowed_batch_actions(&batch, &person(*role, number), &context());
            assert!(*role == Role::Office || actions.is_empty(), "{role} {state}");
            assert!(!actions.contains(&BatchAction::Begin), "the service's");
        }
        let drafted = Batch::draft(id(), &plan(), &person(*role, 1), context().now);
        assert_eq!(drafted.is_ok(), *role == Role::Office);
    }
    let begun = in_state(BatchState::Drawn).admit(Some(&office(9)), BatchAction::Begin, &context());
    assert_eq!(begun, Err(BatchRefusal::Forbidden));
    let approved = in_state(BatchState::Proposed).admit(None, BatchAction::Approve, &context());
    assert_eq!(approved, Err(BatchRefusal::Forbidden));
}

#[test]
fn two_people_are_needed_where_one_could_cover_things_up() {
    use BatchDuty::{
        ApproverDraws, ApproverReleases, ApproverRevokes, ProposerApproves, ProposerWithdraws, ReviewerReleases,
        SecondAbandons,
    };
    for (state, action, who, duty) in [
        (BatchState::Proposed, BatchAction::Approve, 1, ProposerApproves),
        (BatchState::Proposed, BatchAction::SendBack, 1, ProposerApproves),
        (BatchState::Proposed, BatchAction::Withdraw, 2, ProposerWithdraws),
        (BatchState::Approved, BatchAction::Draw, 1, ApproverDraws),
        (BatchState::Approved, BatchAction::Draw, 9, ApproverDraws),
        (BatchState::Approved, BatchAction::Revoke, 1, ApproverRevokes),
        (BatchState::Reviewed, BatchAction::Release, 2, ApproverReleases),
        (BatchState::Reviewed, BatchAction::Release, 3, ReviewerReleases),
    ] {
        let refused = take(&in_state(state), &office(who), action, &context());
        assert_eq!(refused, Err(BatchRefusal::Separation(duty)), "{state} {action} {who}");
    }
    assert!(take(&in_state(BatchState::Reviewed), &office(1), BatchAction::Release, &context()).is_ok());
    for state in BatchState::COMMITTED {
        let batch = in_state(*state);
        let voted = take(&batch, &office(2), BatchAction::Abandon, &context()).unwrap();
        assert_eq!((voted.state, voted.abandon_vote.as_ref().unwrap().by), (*state, office(2).user_id));
        let again = take(&voted, &office(2), BatchAction::Abandon, &context());
        assert_eq!(again, Err(BatchRefusal::Separation(SecondAbandons)));
        let abandoned = take(&voted, &office(5), BatchAction::Abandon, &context()).unwrap();
        assert_eq!((abandoned.state, abandoned.abandoned.unwrap().by), (BatchState::Abandoned, office(5).user_id));
        // What was committed to and drawn stays to be seen.
        assert_eq!((abandoned.attempt, abandoned.commitment_sha256), (1, batch.commitment_sha256));
        assert_eq!(abandoned.outcome_sha256, batch.outcome_sha256);
    }
}

#[test]
fn nobody_redraws_twice_in_a_row() {
    for state in [BatchState::Drawn, BatchState::UnderWay] {
        let after = BatchContext { last_redraw_by: Some(office(3).user_id), ..context() };
        let again = take(&in_state(state), &office(3), BatchAction::Redraw, &after);
        assert_eq!(again, Err(BatchRefusal::Separation(BatchDuty::OtherRedraws)));
        assert!(take(&in_state(state), &office(4), BatchAction::Redraw, &after).is_ok());
        assert!(take(&in_state(state), &office(3), BatchAction::Redraw, &context()).is_ok());
    }
}

#[test]
fn a_vote_from_before_the_draw_does_not_give_up_what_was_drawn() {
    let voted = take(&in_state(BatchState::Approved), &office(4), BatchAction::Abandon, &context()).unwrap();
    let drawn = take(&voted, &office(2), BatchAction::Draw, &context()).unwrap();
    let again = take(&drawn, &office(5), BatchAction::Abandon, &context()).unwrap();
    assert_eq!((again.state, again.abandon_vote.unwrap().by), (BatchState::Drawn, office(5).user_id));
}

#[test]
fn an_approval_that_is_revoked_is_counted() {
    let mut batch = in_state(BatchState::Approved);
    for attempt in 1..4 {
        assert_eq!((batch.attempt, batch.commitment_sha256), (attempt, Some(Digest::of(b"c"))));
        batch = take(&batch, &office(2), BatchAction::Revoke, &context()).unwrap();
        assert_eq!((batch.state, batch.approved, batch.commitment_sha256), (BatchState::Draft, None, None));
        assert_eq!((batch.approval_no.clone(), batch.attempt), (None, attempt));
        batch = take(&batch, &office(1), BatchAction::Propose, &context()).unwrap();
        batch = take(&batch, &office(2), BatchAction::Approve, &context()).unwrap();
    }
}

#[test]
fn guards_hold_a_batch_until_it_is_ready() {
    let last_day = BatchContext { today: window().1, ..context() };
    let too_late = BatchContext { today: window().1.tomorrow().unwrap(), ..context() };
    for (state, action, who) in [
        (BatchState::Draft, BatchAction::Propose, 1),
        (BatchState::Proposed, BatchAction::Approve, 2),
        (BatchState::Approved, BatchAction::Draw, 2),
    ] {
        assert!(take(&in_state(state), &office(who), action, &last_day).is_ok());
        let refused = take(&in_state(state), &office(who), action, &too_late);
        assert_eq!(refused, Err(BatchRefusal::Guard(BatchWhy::WindowPassed)), "{action}");
    }
    let under_way = in_state(BatchState::UnderWay);
    let review = |open_tasks, unreviewed_reports| {
        let context = BatchContext { open_tasks, unreviewed_reports, ..too_late };
        take(&under_way, &office(3), BatchAction::Review, &context).map(|batch| batch.state)
    };
    assert_eq!(review(2, 3), Err(BatchRefusal::Guard(BatchWhy::TasksOpen(2))));
    assert_eq!(review(0, 3), Err(BatchRefusal::Guard(BatchWhy::ReportsUnreviewed(3))));
    assert_eq!(review(0, 0), Ok(BatchState::Reviewed));
    // A report that a phone delivers later is reviewed before the whole batch is released.
    let late = BatchContext { unreviewed_reports: 1, ..context() };
    let released = take(&in_state(BatchState::Reviewed), &office(1), BatchAction::Release, &late);
    assert_eq!(released, Err(BatchRefusal::Guard(BatchWhy::ReportsUnreviewed(1))));
}

#[test]
fn a_plan_says_which_points_are_in_the_pool() {
    let codes = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<Vec<_>>();
    let plan = Plan { campaigns: codes(&["WM", "WS"]), areas: codes(&["990001"]), ..plan() };
    for (campaigns, area, covered) in [
        (&["WS", "YL"][..], "990001", true),
        (&["YL"], "990001", false),
        (&[], "990001", false),
        (&["WM"], "990002", false),
    ] {
        assert_eq!(plan.covers(&codes(campaigns), area), covered, "{campaigns:?} {area}");
    }
    let all = Plan { campaigns: Vec::new(), areas: Vec::new(), ..plan };
    assert!(all.covers(&[], "990002"));
}

/// Makes a plan wrong.
type Change = fn(&mut Plan);

#[test]
fn fields_are_checked() {
    let fault = |refused: Result<BatchTransition, BatchRefusal>| match refused {
        Err(BatchRefusal::Invalid(invalid)) => (invalid.0[0].pointer.clone(), invalid.0[0].code),
        other => panic!("{other:?}"),
    };
    let day = |month, day| jiff::civil::date(2026, month, day);
    let draft = |id, title: &str, window| fault(Batch::draft(id, &plan_of(title, window), &office(1), context().now));
    assert_eq!(draft(id(), " ", window()), ("/title".into(), FieldCode::Required));
    assert_eq!(draft(id(), &"字".repeat(101), window()), ("/title".into(), FieldCode::TooLong));
    assert_eq!(draft(id(), "x", (day(8, 3), day(8, 2))), ("/window_to".into(), FieldCode::OutOfRange));
    assert_eq!(draft(id(), "x", (day(8, 31), day(9, 1))), ("/window_to".into(), FieldCode::OutOfRange));
    let timed = BatchId(uuid::Uuid::from_u128(1 << 76));
    assert_eq!(draft(timed, "x", window()), ("/id".into(), FieldCode::NotAllowed));
    assert!(Batch::draft(id(), &plan_of(" x ", (day(8, 3), day(8, 3))), &office(1), context().now).is_ok());
    let wrong: [(Change, &str, FieldCode); 6] = [
        (|plan| plan.campaigns.push("WM".into()), "/campaigns/1", FieldCode::Duplicate),
        (|plan| plan.areas.push(" ".into()), "/areas/1", FieldCode::Required),
        (|plan| plan.areas = (0..101).map(|area| area.to_string()).collect(), "/areas", FieldCode::TooLong),
        (|plan| plan.rules.open_places = 0, "/rules/open_places", FieldCode::OutOfRange),
        (|plan| plan.window_from = plan.window_from.tomorrow().unwrap(), "/rules/slots/0/date", FieldCode::OutOfRange),
        (
            |plan| plan.rules.slots[0].date = plan.window_to.tomorrow().unwrap(),
            "/rules/slots/0/date",
            FieldCode::OutOfRange,
        ),
    ];
    for (change, pointer, code) in wrong {
        let mut changed = plan();
        change(&mut changed);
        assert_eq!(fault(Batch::draft(id(), &changed, &office(1), context().now)), (pointer.to_owned(), code));
        let amend = BatchCommand::Amend { plan: Box::new(changed) };
        assert_eq!(fault(super::tests::draft().decide(&office(1), &amend, &context())), (pointer.to_owned(), code));
    }
    let most = Plan { areas: (0..100).map(|area| area.to_string()).collect(), ..plan_of(" x ", window()) };
    let amended = super::tests::draft().decide(&office(1), &BatchCommand::Amend { plan: Box::new(most) }, &context());
    assert_eq!(amended.unwrap().after().plan.title, "x");
    let proposed = in_state(BatchState::Proposed);
    let approve = BatchCommand::Approve { approval_no: " ".into(), commitment: Digest::of(b"c") };
    let refused = proposed.decide(&office(2), &approve, &context());
    assert_eq!(fault(refused), ("/approval_no".into(), FieldCode::Required));
    let reason = || " ".to_owned();
    for (state, who, command) in [
        (BatchState::Proposed, 2, BatchCommand::SendBack { reason: reason() }),
        (BatchState::Approved, 2, BatchCommand::Revoke { reason: reason() }),
        (BatchState::Drawn, 1, BatchCommand::Redraw { reason: reason() }),
        (BatchState::Draft, 1, BatchCommand::Abandon { reason: reason() }),
        (BatchState::Drawn, 1, BatchCommand::Abandon { reason: reason() }),
    ] {
        let refused = in_state(state).decide(&office(who), &command, &context());
        assert_eq!(fault(refused), ("/reason".into(), FieldCode::Required), "{command:?}");
    }
}

proptest! {
    #[test]
    fn the_row_is_the_fold_of_its_events(steps in prop::collection::vec((0..BatchAction::COUNT, 1_u128..5), 0..60)) {
        let created = Batch::draft(id(), &plan(), &office(1), context().now).unwrap();
        let (mut batch, mut records) = (created.after().clone(), vec![created.event().changes.clone()]);
        let mut attempts = 0;
        for (action, who) in steps {
            let action = BatchAction::ALL[action];
            let decided = match command(action) {
                Some(command) => batch.decide(&office(who), &command, &context()),
                None if action == BatchAction::Begin => batch.begin(&context()),
                None => continue,
            };
            let Ok(transition) = decided else { continue };
            prop_assert_eq!(transition.expected_version(), Some(batch.version));
            let event = transition.event();
            prop_assert_eq!((event.from, event.to), (Some(batch.state), transition.after().state));
            prop_assert_eq!(event.actor_id.is_none(), action == BatchAction::Begin);
            prop_assert_eq!(event.reason.is_some(), command(action).is_some_and(|one| one.reason().is_some()));
            prop_assert!(!event.changes.is_empty());
            attempts += u32::from(action == BatchAction::Approve);
            records.push(event.changes.clone());
            batch = transition.after().clone();
            let replayed = Batch::replay(records.iter()).unwrap();
            prop_assert_eq!(&replayed, &batch);
            prop_assert_eq!(batch.attempt, attempts);
            let by = |signed: Option<Signed>| signed.map(|signed| signed.by);
            prop_assert!(batch.approved.is_none() || by(batch.approved) != by(batch.proposed));
            if batch.state == BatchState::Released {
                prop_assert!(by(batch.released) != by(batch.approved) && by(batch.released) != by(batch.reviewed));
            }
        }
        // A record that somebody changed gives another batch.
        if let Some(record) = records.iter_mut().rev().find(|record| record.contains_key("attempt")) {
            record.insert("attempt".into(), Value::from(77));
            prop_assert_ne!(Batch::replay(records.iter()).unwrap(), batch);
        }
        prop_assert!(Batch::replay([Map::new()].iter()).is_err());
    }
}

#[test]
fn what_may_be_done_now_is_listed_in_the_order_of_the_table() {
    use BatchAction::{Abandon, Amend, Approve, Draw, Propose, Redraw, Release, Review, Revoke, SendBack, Withdraw};
    for (state, who, listed) in [
        (BatchState::Draft, office(1), &[Amend, Propose, Abandon][..]),
        (BatchState::Proposed, office(1), &[Withdraw, Abandon]),
        (BatchState::Proposed, office(2), &[SendBack, Approve, Abandon]),
        (BatchState::Approved, office(2), &[Revoke, Draw, Abandon]),
        (BatchState::Drawn, office(3), &[Redraw, Abandon]),
        (BatchState::UnderWay, office(3), &[Redraw, Review, Abandon]),
        (BatchState::Reviewed, office(4), &[Release]),
        (BatchState::Released, office(4), &[]),
        (BatchState::Draft, person(Role::Leader, 1), &[]),
    ] {
        assert_eq!(allowed_batch_actions(&in_state(state), &who, &context()), listed, "{state}");
    }
}

#[test]
fn when_it_began_and_how_often_it_was_redrawn_are_kept() {
    let drawn = in_state(BatchState::Drawn);
    let began = take(&drawn, &office(0), BatchAction::Begin, &context()).unwrap();
    assert_eq!((drawn.began_at, began.began_at), (None, Some(context().now)));
    let again =
        [3, 4].iter().fold(began, |batch, who| take(&batch, &office(*who), BatchAction::Redraw, &context()).unwrap());
    assert_eq!(again.redraws, 2);
}
