#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;

fn exact(text: &str) -> Exact {
    Exact::parse(text).unwrap()
}

#[test]
fn numbers_are_kept_in_lowest_terms_and_written_in_one_way() {
    for (read, written) in [
        ("9/20", "9/20"),
        ("0.45", "9/20"),
        ("45/100", "9/20"),
        ("-6/4", "-3/2"),
        ("-0", "0"),
        ("0/7", "0"),
        ("007", "7"),
        ("12.50", "25/2"),
        ("-0.000", "0"),
    ] {
        assert_eq!(exact(read).to_string(), written, "{read}");
        assert_eq!(exact(written), exact(read));
    }
    for bad in ["", "-", "1/0", "1/", "/2", "1.", ".5", "1/2/3", "1.2/3", "1e3", "½", "+1", "--1", "1/-2", " 1"] {
        assert!(Exact::parse(bad).is_err(), "{bad:?}");
    }
    let longest = "9".repeat(2 * DIGITS_MAX);
    assert_eq!(exact(&longest).to_string(), longest);
    assert!(Exact::parse(&(longest + "9")).is_err());
    assert_eq!(format!("{:?}", exact("-9/20")), "Exact(-9/20)");
    assert_eq!(Exact::new(3, -6), Some(exact("-1/2")));
    assert_eq!(Exact::new(i128::MIN, i128::MIN), Some(Exact::one()));
    assert_eq!((Exact::new(1, 0), Exact::new(0, -5)), (None, Some(Exact::zero())));
    assert_eq!((Exact::hundredths(45), Exact::hundredths(-50)), (exact("9/20"), exact("-1/2")));
}

#[test]
fn halves_are_rounded_up_and_only_when_shown() {
    for (number, shown) in [
        ("0", "0.00"),
        ("1/200", "0.01"),
        ("0.00499999", "0.00"),
        ("0.995", "1.00"),
        ("2/3", "0.67"),
        ("100", "100.00"),
        ("59.99", "59.99"),
        ("-1/200", "-0.01"),
        ("-0.001", "0.00"),
        ("-12.345", "-12.35"),
    ] {
        assert_eq!(exact(number).two_decimals(), shown, "{number}");
    }
    for (number, shown) in [("0", "0"), ("94.5", "95"), ("94.49", "94"), ("-0.4", "0"), ("-1/2", "-1"), ("100", "100")]
    {
        assert_eq!(exact(number).no_decimals(), shown, "{number}");
    }
    // Two numbers that look equal are still two numbers.
    assert!(exact("89.995") < exact("90"));
}

#[test]
fn a_rate_of_nothing_is_not_applicable() {
    assert_eq!(Rate::of_counts(0, 0), Rate::NotApplicable);
    assert_eq!(Rate::of_counts(0, 0).complement(), Rate::NotApplicable);
    assert_eq!((Rate::of_counts(0, 0).percent(), Rate::of_counts(0, 0).known()), ("不适用".into(), None));
    assert_eq!(Rate::of_counts(0, 5), Rate::Of(Exact::zero()));
    assert_eq!(Rate::of_counts(1, 4).complement(), Rate::Of(exact("3/4")));
    for rate in [Rate::NotApplicable, Rate::of_counts(2, 3)] {
        let json = serde_json::to_string(&rate).unwrap();
        assert_eq!(serde_json::from_str::<Rate>(&json).unwrap(), rate, "{json}");
    }
    assert_eq!(serde_json::to_string(&Rate::NotApplicable).unwrap(), r#""not-applicable""#);
}

/// Forty different primes below the denominator: their product has some 230 bits.
#[test]
fn a_sum_of_many_fractions_does_not_overflow() {
    let primes: Vec<i64> = (2..174).filter(|n| (2..*n).all(|d| n % d != 0)).collect();
    assert_eq!(primes.len(), 40);
    let parts: Vec<Exact> = primes.iter().map(|prime| Exact::one().divided_by(&Exact::from(*prime)).unwrap()).collect();
    let sum: Exact = parts.iter().sum();
    assert!(sum.denominator > Natural::from_u128(u128::MAX));
    let back = parts.iter().fold(sum, |rest, part| &rest - part);
    assert_eq!(back, Exact::zero());
}

fn fraction() -> impl Strategy<Value = (i128, i128)> {
    (-10_000_i128..10_000, 1_i128..10_000)
}

proptest! {
    #[test]
    fn sums_products_and_order_are_those_of_machine_integers((a, b) in fraction(), (c, d) in fraction()) {
        let (x, y) = (Exact::new(a, b).unwrap(), Exact::new(c, d).unwrap());
        prop_assert_eq!(&x + &y, Exact::new(a * d + c * b, b * d).unwrap());
        prop_assert_eq!(&x - &y, Exact::new(a * d - c * b, b * d).unwrap());
        prop_assert_eq!(&x * &y, Exact::new(a * c, b * d).unwrap());
        prop_assert_eq!(x.divided_by(&y), Exact::new(a * d, b * c));
        prop_assert_eq!(x.cmp(&y), (a * d).cmp(&(c * b)));
        prop_assert_eq!(x == y, a * d == c * b);
        prop_assert_eq!(Exact::parse(&x.to_string()).unwrap(), x.clone());
        // Half-up by machine integers, on the absolute value.
        let shown = (200 * a.abs() + b) / (2 * b);
        let sign = if a < 0 && shown > 0 { "-" } else { "" };
        prop_assert_eq!(x.two_decimals(), format!("{sign}{}.{:02}", shown / 100, shown % 100));
    }
}
