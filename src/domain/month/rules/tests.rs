#![allow(clippy::unwrap_used)]

use super::*;

fn faults(change: impl FnOnce(&mut Rules)) -> Vec<String> {
    let mut rules = Rules::default();
    change(&mut rules);
    rules.validate().map_or_else(|invalid| invalid.0.into_iter().map(|error| error.pointer).collect(), |()| vec![])
}

#[test]
fn the_defaults_are_valid_and_read_as_they_are_written() {
    assert_eq!(Rules::default().validate(), Ok(()));
    let json = serde_json::to_string(&Rules::default()).unwrap();
    assert_eq!(serde_json::from_str::<Rules>(&json).unwrap(), Rules::default());
    assert!(json.contains(r#""points":"9/20""#), "{json}");
    assert!(serde_json::from_str::<Rules>(&json.replacen('{', r#"{"other":1,"#, 1)).is_err());
}

#[test]
fn weights_are_positive_and_make_a_whole() {
    assert_eq!(faults(|rules| rules.terms.points = Exact::hundredths(46)), ["/terms"]);
    assert_eq!(faults(|rules| rules.terms.points = Exact::zero()), ["/terms/points", "/terms"]);
    let shifted = faults(|rules| {
        rules.terms.points = Exact::hundredths(80);
        rules.terms.durability = Exact::hundredths(-15);
    });
    assert_eq!(shifted, ["/terms/durability"]);
    assert_eq!(faults(|rules| rules.handling.extension = Exact::from(11)), ["/handling"]);
    let other = faults(|rules| {
        rules.handling.extension = Exact::from(5);
        rules.handling.rework = Exact::from(25);
    });
    assert!(other.is_empty());
}

#[test]
fn numbers_stay_in_their_ranges_and_the_lighter_measure_comes_first() {
    assert_eq!(faults(|rules| rules.pass_line = Exact::from(101)), ["/pass_line"]);
    assert_eq!(faults(|rules| rules.pass_line = Exact::zero()), ["/pass_line"]);
    assert!(faults(|rules| rules.pass_line = Exact::from(100)).is_empty());
    assert!(faults(|rules| rules.pass_line = Exact::one()).is_empty());
    assert!(faults(|rules| rules.black_below = rules.red_min.clone()).is_empty());
    assert!(faults(|rules| rules.marks.yellow_card = rules.marks.red_card.clone()).is_empty());
    assert_eq!(faults(|rules| rules.marks.yellow_card = Exact::from(3)), ["/marks/yellow_card"]);
    assert_eq!(faults(|rules| rules.territorial_share = Exact::hundredths(101)), ["/territorial_share"]);
    assert_eq!(faults(|rules| rules.marks.red_card = Exact::from(-1)), ["/marks/red_card", "/marks/yellow_card"]);
    assert_eq!(faults(|rules| rules.demo_weight = Exact::zero()), ["/demo_weight"]);
    assert_eq!(faults(|rules| rules.black_below = Exact::from(91)), ["/black_below"]);
    assert_eq!(faults(|rules| rules.stale_days = 0), ["/stale_days"]);
    assert_eq!(faults(|rules| rules.escalation.reds_referral = 2), ["/escalation/reds_referral"]);
    assert_eq!(faults(|rules| rules.escalation.reworks_yellow = 3), ["/escalation/reworks_red"]);
    assert_eq!(faults(|rules| rules.look_back.from_days = 90), ["/look_back/to_days"]);
    // 1 + 3 + 2 = 6 working days pass before the decision.
    assert_eq!(faults(|rules| rules.lock_day = 5), ["/lock_day"]);
    assert!(faults(|rules| rules.lock_day = 6).is_empty());
    assert_eq!(faults(|rules| rules.version = 0), ["/version"]);
}
