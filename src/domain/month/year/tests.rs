#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::month::score::tests::rows::unit_id;

/// Locked months from January 2026 on with these scores; `None` is a month that was no sample.
fn locked(scores: &[Option<i64>]) -> BTreeMap<Month, LockedScore> {
    let first = Month::parse("2026-01").unwrap();
    let score = |score: &Option<i64>| LockedScore {
        score: score.map_or(Rate::NotApplicable, |score| Rate::Of(Exact::from(score))),
        results: Digest::of(b"results"),
    };
    (0..).zip(scores).map(|(by, of)| (first.plus(by), score(of))).collect()
}

fn year(months: &BTreeMap<Month, LockedScore>, points: &[i64]) -> YearScore {
    let adjustment = |points: &i64| YearAdjustment {
        points: Exact::from(*points),
        reason: "年终调整".into(),
        document_no: "1".into(),
    };
    let adjustments = points.iter().map(adjustment).collect();
    YearScore::of(unit_id(1), 2026, months, adjustments, &Rules::default())
}

/// (90 + 80 + 85 + 88 + 92 + 95) ÷ 6 = 530/6 = 265/3; the two months without a sample do not count.
#[test]
fn the_year_is_the_mean_of_its_valid_months() {
    let months = locked(&[Some(90), None, Some(80), Some(85), Some(88), None, Some(92), Some(95)]);
    let of = year(&months, &[]);
    assert_eq!((of.valid_months, of.mean.clone(), of.months.len()), (6, Rate::Of(Exact::parse("265/3").unwrap()), 8));
    assert_eq!(year(&months, &[1, -3]).score, Rate::Of(Exact::parse("259/3").unwrap()));
    assert_eq!(year(&months, &[20]).score, Rate::Of(Exact::from(100)));
}

#[test]
fn fewer_than_six_valid_months_are_no_year_and_other_years_do_not_count() {
    let five = locked(&[Some(90); 5]);
    assert_eq!((year(&five, &[1]).mean, year(&five, &[1]).score), (Rate::NotApplicable, Rate::NotApplicable));
    // Fourteen months: only the twelve of 2026.
    let mut scores = vec![Some(60); 12];
    scores.extend([Some(100), Some(100)]);
    assert_eq!(year(&locked(&scores), &[]).score, Rate::Of(Exact::from(60)));
}
