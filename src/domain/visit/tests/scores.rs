//! Scores, exactly.

use std::cmp::Ordering;

use proptest::prelude::*;

use super::*;

use ItemResult::{Conforms, Fails, Mostly, NotApplicable};

fn ratio(numerator: i128, denominator: i128) -> Ratio {
    Ratio::new(numerator, denominator).unwrap()
}

/// Items A, B, C, … with these weights; a negative weight is that of a veto item.
fn checklist(weights: &[i64]) -> Vec<ChecklistItem> {
    let item = |(at, weight): (usize, &i64)| ChecklistItem {
        code: format!("I-{at}"),
        weight: u32::try_from(weight.abs()).unwrap(),
        veto: *weight < 0,
    };
    weights.iter().enumerate().map(item).collect()
}

/// The score if the items have these results; `None` where an item was not observed.
fn scored(weights: &[i64], results: &[Option<ItemResult>]) -> Result<PointScore, NoScore> {
    let codes: Vec<String> = (0..results.len()).map(|at| format!("I-{at}")).collect();
    let given = codes.iter().zip(results).filter_map(|(code, result)| Some((&**code, (*result)?)));
    point_score(&checklist(weights), given)
}

#[test]
fn scores_are_those_computed_by_hand() {
    let some = |results: &[ItemResult]| results.iter().map(|result| Some(*result)).collect::<Vec<_>>();
    for (weights, results, numerator, denominator, shown) in [
        (&[3][..], &[Conforms][..], 100, 1, "100.00"),
        (&[3], &[Mostly], 50, 1, "50.00"),
        (&[3], &[Fails], 0, 1, "0.00"),
        // 100 · (3·1 + 2·½ + 1·0) ÷ 6 = 400 ÷ 6.
        (&[3, 2, 1], &[Conforms, Mostly, Fails], 200, 3, "66.67"),
        // 100 · (5 + 4 + 3 + 2 + ½) ÷ 15 = 1450 ÷ 15.
        (&[5, 4, 3, 2, 1], &[Conforms, Conforms, Conforms, Conforms, Mostly], 290, 3, "96.67"),
        // Not applicable leaves both sums: 100 · (3 + 1) ÷ 6, of 8 observed 6.
        (&[3, 2, 2, 1], &[Conforms, NotApplicable, Fails, Conforms], 200, 3, "66.67"),
        // 100 · 7.5 ÷ 8.
        (
            &[1, 1, 1, 1, 1, 1, 1, 1],
            &[Mostly, Conforms, Conforms, Conforms, Conforms, Conforms, Conforms, Conforms],
            375,
            4,
            "93.75",
        ),
        // A veto item that fails: 90 becomes 59.99; one that conforms or mostly does changes nothing.
        (&[9, -1], &[Conforms, Fails], 5_999, 100, "59.99"),
        (&[9, -1], &[Conforms, Mostly], 95, 1, "95.00"),
        (&[9, -1], &[Conforms, Conforms], 100, 1, "100.00"),
        // Below the cap the sum counts: 100 · 1 ÷ 3.
        (&[1, -2], &[Conforms, Fails], 100, 3, "33.33"),
        // Two thirds of a per cent, three eighths: rounded half up at display only. 100 · 159.5 ÷ 160 = 99.6875.
        (&[80, 79, 1], &[Conforms, Conforms, Mostly], 1_595, 16, "99.69"),
        (&[100, 99, 1], &[Conforms, Conforms, Mostly], 399, 4, "99.75"),
    ] {
        let score = scored(weights, &some(results)).unwrap();
        assert_eq!((score.value.parts(), &*score.value.to_string()), ((numerator, denominator), shown), "{results:?}");
    }
}

#[test]
fn a_visit_counts_from_sixty_per_cent_of_the_weight() {
    let weigh = |weights: &[i64], results: &[Option<ItemResult>]| scored(weights, results).map(|score| score.value);
    // 6 of 10, and 5 of 10.
    assert_eq!(weigh(&[6, 4], &[Some(Fails), None]), Ok(Ratio::ZERO));
    assert_eq!(weigh(&[5, 5], &[Some(Conforms), None]), Err(NoScore::TooLittle { observed: 5, total: 10 }));
    // Not applicable is not observed: 6 of 11.
    let observed = weigh(&[6, 5], &[Some(Conforms), Some(NotApplicable)]);
    assert_eq!(observed, Err(NoScore::TooLittle { observed: 6, total: 11 }));
    assert_eq!(weigh(&[3, 2], &[None, None]), Err(NoScore::TooLittle { observed: 0, total: 5 }));
    assert_eq!(weigh(&[3, 2], &[Some(NotApplicable); 2]), Err(NoScore::TooLittle { observed: 0, total: 5 }));
    // 59.99 % and 60.01 %.
    assert!(weigh(&[59, 40], &[Some(Conforms), None]).is_err());
    assert!(weigh(&[60, 40], &[Some(Conforms), None]).is_ok());
    let score = scored(&[6, -4], &[Some(Conforms), None]).unwrap();
    assert_eq!((score.observed_weight, score.total_weight, &*score.vetoed_by), (6, 10, &[][..]));
}

#[test]
fn what_should_have_been_refused_has_no_score() {
    let one = [("I-0", Conforms)];
    assert_eq!(point_score(&[], one), Err(NoScore::Checklist(String::new())));
    assert_eq!(point_score(&checklist(&[0]), one), Err(NoScore::Checklist("I-0".into())));
    assert_eq!(point_score(&checklist(&[1, 101]), one), Err(NoScore::Checklist("I-1".into())));
    assert_eq!(point_score(&checklist(&[1; 201]), one), Err(NoScore::Checklist(String::new())));
    let twice = [checklist(&[1]), checklist(&[2])].concat();
    assert_eq!(point_score(&twice, one), Err(NoScore::Checklist("I-0".into())));
    assert_eq!(point_score(&checklist(&[1]), [("X", Fails)]), Err(NoScore::Item("X".into())));
    let again = [("I-0", Fails), ("I-0", Conforms)];
    assert_eq!(point_score(&checklist(&[100]), again), Err(NoScore::Item("I-0".into())));
    let nothing = point_score(&checklist(&[1; 200]), (0..0).map(|_: u8| ("", Fails)));
    assert_eq!(nothing, Err(NoScore::TooLittle { observed: 0, total: 200 }), "the largest checklist");
}

#[test]
fn a_month_is_the_mean_and_passes_at_the_line_only() {
    let visit = |numerator, denominator, vetoed: bool| PointScore {
        value: ratio(numerator, denominator),
        vetoed_by: if vetoed { vec!["WM-07".into()] } else { Vec::new() },
        observed_weight: 1,
        total_weight: 1,
    };
    let month = |visits: &[PointScore]| month_score(visits).unwrap();
    assert_eq!(month_score(&[]), Err(NoMonthScore::NoVisit));
    // 200/3 and 375/4: (800 + 1125) ÷ 24.
    let two = month(&[visit(200, 3, false), visit(375, 4, false)]);
    assert_eq!((two.value.parts(), two.visits, &*two.value.to_string()), ((1_925, 24), 2, "80.21"));
    use Failing::{BelowLine, Overdue, Veto};
    for (score, line, overdue, found) in [
        (month(&[visit(90, 1, false)]), PassLine::P90, 0, &[][..]),
        (month(&[visit(89_999, 1_000, false)]), PassLine::P90, 0, &[BelowLine]),
        // Shown as 90.00, and yet below.
        (month(&[visit(8_999_999, 100_000, false)]), PassLine::P90, 0, &[BelowLine]),
        (month(&[visit(90, 1, false)]), PassLine::P95, 0, &[BelowLine]),
        (month(&[visit(95, 1, false)]), PassLine::P95, 0, &[]),
        (month(&[visit(80, 1, false)]), PassLine::P80, 0, &[]),
        (month(&[visit(80, 1, false)]), PassLine::P85, 0, &[BelowLine]),
        (month(&[visit(85, 1, false)]), PassLine::P85, 1, &[Overdue]),
        (month(&[visit(100, 1, false), visit(5_999, 100, true)]), PassLine::P80, 0, &[BelowLine, Veto]),
        (
            month(&[visit(100, 1, false), visit(5_999, 100, true), visit(100, 1, false)]),
            PassLine::P80,
            2,
            &[Veto, Overdue],
        ),
    ] {
        assert_eq!(failings(&score, line, overdue), found, "{score:?} {line}");
    }
    assert_eq!(month(&[visit(8_999_999, 100_000, false)]).value.to_string(), "90.00");
    assert_eq!(PassLine::default(), PassLine::P90);
}

/// Primes below 20,000: the greatest denominators that have nothing in common.
#[test]
fn seven_visits_are_averaged_whatever_their_weights_are() {
    let primes = [19_997, 19_993, 19_991, 19_979, 19_973, 19_963, 19_961, 19_949, 19_937, 19_927];
    let visit = |prime: &i128| PointScore {
        value: ratio(100 * prime - 1, *prime),
        vetoed_by: Vec::new(),
        observed_weight: 1,
        total_weight: 1,
    };
    let visits: Vec<_> = primes.iter().map(visit).collect();
    let month = month_score(&visits[..7]).unwrap();
    assert_eq!(month.value.to_string(), "100.00");
    assert!(month.value < Ratio::whole(100));
    assert_eq!(month_score(&visits), Err(NoMonthScore::TooFine));
}

#[test]
fn fractions_are_rounded_half_up_at_display() {
    for (numerator, denominator, shown) in [
        (89_995, 1_000, "90.00"),
        (89_994, 1_000, "89.99"),
        (5, 1_000, "0.01"),
        (4_999, 1_000_000, "0.00"),
        (1, 3, "0.33"),
        (2, 3, "0.67"),
        (-1, 200, "0.00"),
        (-3, 200, "-0.01"),
        (-250, 100, "-2.50"),
        (i128::MAX, 1, "170141183460469231731687303715884105727/1"),
    ] {
        assert_eq!(ratio(numerator, denominator).to_string(), shown, "{numerator}/{denominator}");
    }
    assert_eq!((Ratio::new(1, 0), Ratio::new(1, -2)), (None, None));
    assert_eq!(Ratio::new(1, 10_i128.pow(35) + 1), None);
    assert_eq!(ratio(6, 4).parts(), (3, 2));
    assert_eq!((ratio(0, 7), Ratio::whole(-3).parts()), (Ratio::ZERO, (-3, 1)));
    assert_eq!((Ratio::mean([]), Ratio::whole(1).divided_by(0)), (None, None));
    assert_eq!(Ratio::whole(1).plus(ratio(i128::MAX, 1)), None);
    let close = [ratio(10_i128.pow(34), 10_i128.pow(34) + 1), ratio(10_i128.pow(34) - 1, 10_i128.pow(34))];
    assert_eq!([close[0].cmp(&close[1]), close[1].cmp(&close[0])], [Ordering::Greater, Ordering::Less]);
}

#[test]
fn awareness_counts_every_answer() {
    let person = |answered, right| Interview { age_band: AgeBand::From18, answered, right };
    assert_eq!(awareness(&[]), None);
    assert_eq!(awareness(&[person(5, 4), person(10, 6)]), Some(ratio(200, 3)));
    assert_eq!(awareness(&[person(3, 3)]), Some(Ratio::whole(100)));
    assert_eq!(awareness(&[person(3, 0)]), Some(Ratio::ZERO));
}

/// Weights with their results; the sign of a weight says whether it is a veto item.
fn cases() -> impl Strategy<Value = Vec<(i64, Option<ItemResult>)>> {
    let result = prop_oneof![
        3 => Just(Some(Conforms)),
        2 => Just(Some(Mostly)),
        2 => Just(Some(Fails)),
        1 => Just(Some(NotApplicable)),
        1 => Just(None),
    ];
    let weight = prop_oneof![4 => 1_i64..=10, 1 => -10_i64..=-1];
    prop::collection::vec((weight, result), 1..25)
}

fn split(cases: &[(i64, Option<ItemResult>)]) -> (Vec<i64>, Vec<Option<ItemResult>>) {
    cases.iter().copied().unzip()
}

#[test]
fn a_whole_number_is_compared_with_a_fraction_of_the_same_whole_part() {
    for (less, more) in [((1, 1), (3, 2)), ((-3, 2), (-1, 1)), ((0, 1), (1, 9)), ((5, 3), (2, 1))] {
        let (less, more) = (ratio(less.0, less.1), ratio(more.0, more.1));
        assert_eq!((less.cmp(&more), more.cmp(&less)), (Ordering::Less, Ordering::Greater), "{less} {more}");
    }
}

proptest! {
    #[test]
    fn scaling_all_weights_changes_nothing(cases in cases(), factor in 2_i64..=10) {
        let (weights, results) = split(&cases);
        let scaled: Vec<i64> = weights.iter().map(|weight| weight * factor).collect();
        let value = |weights: &[i64]| scored(weights, &results).map(|score| score.value).map_err(|_| ());
        prop_assert_eq!(value(&weights), value(&scaled));
    }

    #[test]
    fn the_order_of_items_and_results_does_not_matter(cases in cases(), turn in 0_usize..25) {
        let (weights, results) = split(&cases);
        let list = checklist(&weights);
        let codes: Vec<String> = list.iter().map(|item| item.code.clone()).collect();
        let mut given: Vec<(&str, ItemResult)> =
            codes.iter().zip(&results).filter_map(|(code, result)| Some((&**code, (*result)?))).collect();
        let before = point_score(&list, given.iter().copied()).map(|score| score.value);
        let mut turned = list.clone();
        turned.rotate_left(turn % list.len());
        given.reverse();
        prop_assert_eq!(before, point_score(&turned, given).map(|score| score.value));
    }

    #[test]
    fn a_worse_result_never_scores_higher(cases in cases(), at in 0_usize..25) {
        let (weights, mut results) = split(&cases);
        let at = at % results.len();
        let scores: Vec<_> = [Conforms, Mostly, Fails]
            .into_iter()
            .map(|result| {
                results[at] = Some(result);
                scored(&weights, &results).map(|score| score.value)
            })
            .collect();
        if let [Ok(conforms), Ok(mostly), Ok(fails)] = &scores[..] {
            prop_assert!(conforms > mostly || (conforms == mostly && conforms.parts() == (5_999, 100)));
            prop_assert!(mostly > fails || (mostly == fails && fails.parts() == (5_999, 100)));
            prop_assert!(*fails >= Ratio::ZERO && *conforms <= Ratio::whole(100));
        } else {
            prop_assert!(scores.iter().all(Result::is_err), "which result it is does not change what was observed");
        }
    }

    #[test]
    fn fractions_add_and_compare_as_numbers(
        (a, c) in (-9_999_i128..9_999, -9_999_i128..9_999),
        (b, d) in (1_i128..999, 1_i128..999),
    ) {
        let (one, two) = (ratio(a, b), ratio(c, d));
        prop_assert_eq!(one.cmp(&two), (a * d).cmp(&(c * b)));
        prop_assert_eq!(one.plus(two).unwrap(), ratio(a * d + c * b, b * d));
        prop_assert_eq!(one.plus(two), two.plus(one));
        prop_assert_eq!(i128::from(one.hundredths().unwrap()), (200 * a + b).div_euclid(2 * b));
    }
}
