#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::domain::ids::UserId;
use crate::domain::month::Exact;
use crate::domain::month::gap::{Observed, gaps};
use crate::domain::visit::{ChecklistItem, Seen};

fn visit(results: &[(u32, ItemResult)]) -> Visit {
    let code = |at: usize| format!("WM-{at:02}");
    let checklist =
        (0..).zip(results).map(|(at, (weight, _))| ChecklistItem { code: code(at), weight: *weight, veto: false });
    let seen = (0..).zip(results).map(|(at, (_, result))| Seen {
        item_code: code(at),
        result: *result,
        note: String::new(),
        photo_ids: Vec::new(),
        issue_id: None,
        permitted_by: None,
    });
    Visit {
        id: VisitId(Uuid::from_u128(1)),
        point_id: PointId(Uuid::from_u128(2)),
        inspector_id: UserId(Uuid::from_u128(3)),
        task: None,
        began_at: Timestamp::from_micros(0),
        ended_at: Timestamp::from_micros(0),
        location: None,
        results: seen.collect(),
        interviews: Vec::new(),
        checklist: checklist.collect(),
        received_at: Timestamp::from_micros(0),
        clock_set_back: None,
    }
}

/// What the matrix is computed from when it is recounted from the visits themselves.
fn observations(visit: &Visit) -> Vec<Observed> {
    let conformity = |result| match result {
        ItemResult::Conforms => Some(Exact::one()),
        ItemResult::Mostly => Exact::new(1, 2),
        ItemResult::Fails => Some(Exact::zero()),
        ItemResult::NotApplicable => None,
    };
    let weighed = visit.results.iter().zip(&visit.checklist);
    weighed
        .map(|(seen, item)| Observed {
            item_code: seen.item_code.clone(),
            point_type: "MKT".into(),
            point_id: visit.point_id,
            weight: Exact::from(i64::from(item.weight)),
            conformity: conformity(seen.result),
        })
        .collect()
}

#[test]
fn a_visit_loses_its_weights_where_items_fail_and_half_where_they_mostly_conform() {
    use ItemResult::{Conforms, Fails, Mostly, NotApplicable};
    let tally = Tally::of(&visit(&[(3, Fails), (2, Mostly), (5, Conforms), (1, NotApplicable)])).unwrap();
    let lost: Vec<_> = tally.losses.iter().map(|loss| (&*loss.item_code, loss.lost_halves)).collect();
    assert_eq!(lost, [("WM-00", 6), ("WM-01", 2)]);
    assert_eq!(tally.observed, ["WM-00", "WM-01", "WM-02"]);
    // 100 · (0 + 1 + 5) ÷ 10.
    assert_eq!((tally.score.hundredths(), tally.is_vetoed, tally.is_sudden), (Some(6_000), false, true));
    // Half of the weights were judged, and 60 % are needed: it is no judgement, and loses nothing.
    assert_eq!(Tally::of(&visit(&[(5, Fails), (5, NotApplicable)])), None);
}

proptest! {
    /// The sums that are kept are those of the matrix, which is computed from the visits.
    #[test]
    fn the_sums_are_those_of_the_matrix(
        visits in prop::collection::vec(prop::collection::vec((1_u32..6, 0_usize..4), 1..8), 1..6)
    ) {
        let visits: Vec<Visit> = visits
            .into_iter()
            .map(|results| visit(&results.into_iter().map(|(w, r)| (w, ItemResult::ALL[r])).collect::<Vec<_>>()))
            .collect();
        let mut kept: BTreeMap<String, (usize, i64)> = BTreeMap::new();
        let mut seen = Vec::new();
        for tally in visits.iter().filter_map(|visit| Some((visit, Tally::of(visit)?))) {
            for code in &tally.1.observed {
                kept.entry(code.clone()).or_default().0 += 1;
            }
            for loss in &tally.1.losses {
                kept.entry(loss.item_code.clone()).or_default().1 += i64::from(loss.lost_halves);
            }
            seen.extend(observations(tally.0));
        }
        for gap in gaps(&seen, &BTreeMap::new()) {
            let (observed, halves) = kept.remove(&gap.item_code).unwrap();
            prop_assert_eq!((observed, Exact::new(i128::from(halves), 2).unwrap()), (gap.observed, gap.lost));
        }
        prop_assert!(kept.values().all(|(_, halves)| *halves == 0), "nothing is lost that the matrix does not show");
    }
}
