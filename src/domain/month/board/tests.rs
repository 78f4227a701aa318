#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::month::Rate;
use crate::domain::month::facts::LatestScore;
use crate::domain::month::score::tests::rows::{issue_id, point};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn standing(point: &PointRow) -> PointStanding {
    StandingPoint::of(point, day("2026-09-30"), &Rules::default()).standing
}

fn score(score: &str) -> PointScore {
    PointScore { score: Exact::parse(score).unwrap(), is_vetoed: false }
}

#[test]
fn a_point_passes_with_its_score_without_veto_and_without_anything_overdue() {
    use PointStanding::{Fail, Pass};
    assert_eq!(standing(&point(1, 1, Some("90"))), Pass);
    // Shown as 90.00, and still below the line.
    assert_eq!(standing(&point(1, 1, Some("89.9999"))), Fail);
    let vetoed = PointScore { is_vetoed: true, ..score("95") };
    assert_eq!(standing(&PointRow { month_score: Some(vetoed), ..point(1, 1, None) }), Fail);
    assert_eq!(standing(&PointRow { overdue: vec![issue_id(1)], ..point(1, 1, Some("95")) }), Fail);
}

#[test]
fn a_score_is_stale_after_ninety_two_days() {
    use PointStanding::{Never, Pass, Stale};
    let last =
        |on: &str| PointRow { latest: Some(LatestScore { on: day(on), score: score("95") }), ..point(1, 1, None) };
    // 30 September is 92 days after 30 June.
    assert_eq!([standing(&last("2026-06-30")), standing(&last("2026-06-29"))], [Pass, Stale]);
    assert_eq!(standing(&point(1, 1, None)), Never);
    // The month's mean decides its standing, not the last visit alone.
    let both = PointRow { month_score: Some(score("80")), ..last("2026-09-29") };
    assert_eq!(standing(&both), PointStanding::Fail);
}

#[test]
fn only_points_scored_in_the_month_are_in_the_pass_rates() {
    let points = [
        PointRow { is_demo: true, ..point(1, 1, Some("95")) },
        PointRow { is_demo: true, ..point(2, 1, Some("50")) },
        point(3, 1, Some("91")),
        PointRow { latest: Some(LatestScore { on: day("2026-08-01"), score: score("95") }), ..point(4, 1, None) },
        PointRow { is_demo: true, ..point(5, 1, None) },
    ];
    let rates = PassRates::of(points.iter(), &Rules::default());
    assert_eq!((rates.all.rate.percent(), rates.demo.rate.percent()), ("66.67%".into(), "50.00%".into()));
    assert_eq!((rates.all.whole_rows.len(), rates.demo.whole_rows.len()), (3, 2));
    assert_eq!(PassRates::of(points[3..].iter(), &Rules::default()).demo.rate, Rate::NotApplicable);
}

#[test]
fn the_board_begins_with_the_worst_failing_point() {
    let points = [
        point(1, 1, Some("95")),
        point(2, 1, None),
        point(3, 1, Some("80")),
        point(4, 1, Some("60")),
        PointRow { latest: Some(LatestScore { on: day("2026-01-01"), score: score("95") }), ..point(5, 1, None) },
    ];
    let names: Vec<String> =
        board(&points, day("2026-09-30"), &Rules::default()).into_iter().map(|point| point.name).collect();
    assert_eq!(names, ["点位4", "点位3", "点位5", "点位2", "点位1"]);
}
