#![allow(clippy::unwrap_used)]

use uuid::Uuid;

use super::*;
use crate::domain::ids::PointId;
use crate::domain::visit::Seen;

fn visit(number: u128) -> VisitId {
    VisitId(Uuid::from_u128(number))
}

fn seed(number: u8) -> Seed {
    Seed::from_bytes([number; 32])
}

fn choice(hour: i64, person: u128) -> Choice {
    let from = Timestamp::from_micros(hour * 3_600_000_000);
    Choice { from, to: from, inspector: InspectorKey(Uuid::from_u128(person)) }
}

#[test]
fn one_in_twenty_is_drawn_however_often_is_drawn() {
    let all: Vec<VisitId> = (1..=1_000).map(visit).collect();
    for step in [1, 3, 7, 19, 20, 21, 1_000] {
        let (mut carried, mut drawn) = (0, 0);
        for (number, some) in all.chunks(step).enumerate() {
            let (found, left) = drawn_of(some, REPEAT_PERCENT, carried, &seed(u8::try_from(number % 256).unwrap()));
            assert!(found.is_sorted() && found.iter().all(|visit| some.contains(visit)));
            (carried, drawn) = (left, drawn + found.len());
        }
        assert_eq!((drawn, carried), (50, 0), "{step} at a time");
    }
    let (few, left) = drawn_of(&all[..19], REPEAT_PERCENT, 0, &seed(1));
    assert_eq!((few.len(), left), (0, 95));
}

#[test]
fn every_visit_has_a_chance() {
    let all: Vec<VisitId> = (1..=20).map(visit).collect();
    let drawn: BTreeSet<VisitId> = (0..=255).flat_map(|number| drawn_of(&all, 5, 0, &seed(number)).0).collect();
    assert_eq!(drawn.len(), 20);
}

#[test]
fn nobody_is_sent_to_two_at_a_time() {
    let both = vec![choice(9, 1), choice(14, 1)];
    let choices: Vec<Choices> =
        (1..=3).map(|number| Choices { visit: visit(number), has_slots: true, choices: both.clone() }).collect();
    for number in 0..=20 {
        let given = given_of(&choices, &seed(number));
        let states: Vec<RepeatState> = given.iter().map(|one| one.state).collect();
        assert_eq!(states, [RepeatState::Given, RepeatState::Given, RepeatState::Nobody]);
        assert_ne!(given[0].choice, given[1].choice);
    }
    let none = Choices { visit: visit(1), has_slots: false, choices: Vec::new() };
    assert_eq!(given_of(&[none], &seed(1))[0].state, RepeatState::NoSlot);
}

#[test]
fn a_draw_can_be_made_again_and_no_other_comes_of_it() {
    let visits: Vec<VisitId> = (1..=45).rev().map(visit).collect();
    let choices = |visit| {
        let choices = (1..=4).flat_map(|person| [choice(9, person), choice(14, person)]).collect();
        Ok::<_, ()>(Choices { visit, has_slots: true, choices })
    };
    let proof = RepeatProof::make(RepeatDrawId(Uuid::from_u128(9)), seed(7), 80, visits, choices).unwrap();
    assert_eq!((proof.given.len(), proof.left), (3, 5));
    assert!(proof.replays());
    let text = serde_json::to_string(&proof).unwrap();
    let read: RepeatProof = serde_json::from_str(&text).unwrap();
    assert_eq!((read.digest(), read.replays()), (proof.digest(), true));
    let changed = |change: fn(&mut RepeatProof)| {
        let mut other = proof.clone();
        change(&mut other);
        assert_ne!(other.digest(), proof.digest());
        other.replays()
    };
    assert!(!changed(|proof| proof.seed = seed(8)));
    assert!(!changed(|proof| proof.carried = 0));
    assert!(!changed(|proof| proof.percent = 10));
    assert!(!changed(|proof| proof.left = 6));
    assert!(!changed(|proof| proof.visits.truncate(44)));
    assert!(!changed(|proof| proof.visits.swap(0, 1)));
    assert!(!changed(|proof| proof.given.truncate(2)));
    assert!(!changed(|proof| proof.choices[0].visit = visit(99)));
    assert!(!changed(|proof| proof.choices[0].choices.retain(|one| one.from != proof.given[0].choice.unwrap().from)));
    assert!(!changed(|proof| proof.algorithm.push('!')));
}

#[test]
fn bounds_are_those_of_wilson() {
    // By hand: (k/n + z²/2n ± z √(k/n (1 − k/n)/n + z²/4n²)) / (1 + z²/n), z = 1.96, outwards to a hundredth of a percent.
    for (count, of, low, high) in [
        (0, 10, 0, 2_776),
        (10, 10, 7_224, 10_000),
        (1, 10, 178, 4_042),
        (5, 10, 2_365, 7_635),
        (3, 20, 523, 3_605),
        (50, 1_000, 381, 654),
        (1, 1, 2_065, 10_000),
        (0, 1, 0, 7_935),
    ] {
        assert_eq!(Share::of(count, of), Some(Share { count, of, low, high }), "{count} of {of}");
    }
    assert_eq!(Share::of(0, 0), None);
    assert_eq!(Share::of(3, 2), None);
}

fn seen(results: &[(&str, ItemResult)], inspector: u128) -> Visit {
    let at = Timestamp::from_micros(0);
    let one = |(code, result): &(&str, ItemResult)| Seen {
        item_code: (*code).to_owned(),
        result: *result,
        note: String::new(),
        photo_ids: Vec::new(),
        issue_id: None,
        permitted_by: None,
    };
    Visit {
        id: visit(1),
        point_id: PointId(Uuid::from_u128(1)),
        inspector_id: UserId(Uuid::from_u128(inspector)),
        task: None,
        began_at: at,
        ended_at: at,
        location: None,
        results: results.iter().map(one).collect(),
        interviews: Vec::new(),
        checklist: Vec::new(),
        received_at: at,
        clock_set_back: None,
    }
}

#[test]
fn pairs_are_compared_item_by_item() {
    use ItemResult::{Conforms, Fails, Mostly, NotApplicable};
    let first = [("A", Conforms), ("B", Fails), ("C", Fails), ("D", Mostly), ("E", NotApplicable), ("F", Mostly)];
    let second = [("A", Fails), ("B", Fails), ("C", Conforms), ("D", Mostly), ("E", Fails), ("F", NotApplicable)];
    let mut compared = Compared::default();
    compared.add(&seen(&first, 1), &seen(&second, 2));
    let expected = Compared {
        pairs: 1,
        first: BTreeSet::from([UserId(Uuid::from_u128(1))]),
        judged: 4,
        faults: 3,
        missed: 1,
        only_first: 1,
        milder: 1,
        stricter: 1,
        asked: 5,
        left_out: 1,
    };
    assert_eq!(compared, expected);
    assert!(!compared.is_enough());
    for number in 0..9 {
        compared.add(&seen(&first, 1 + number % 2), &seen(&second, 9));
    }
    assert!(!compared.is_enough(), "of two people only");
    compared.add(&seen(&first, 3), &seen(&second, 9));
    assert!(compared.is_enough());
}
