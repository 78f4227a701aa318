//! Exact numbers: scores are fractions until they are shown, and a rate of nothing is "not applicable 不适用".

mod natural;

use std::cmp::Ordering;
use std::ops::{Add, Mul, Neg, Sub};

use natural::Natural;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Digits of a fraction that is read, on either side of its bar. Source: our judgement; the sum of six hundred point
/// scores has fewer than three thousand.
const DIGITS_MAX: usize = 4_000;

/// A fraction in lowest terms, of any size, positive or negative. Written as `9/20` or `3`; read also as `0.45`.
///
/// It is never rounded, except by [`Exact::two_decimals`], which is for people. Ranks compare the fraction itself.
/// A type over machine integers was rejected: the scores of forty points, each over its own sum of weights, overflow
/// it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Exact {
    is_negative: bool,
    numerator: Natural,
    denominator: Natural,
}

impl Exact {
    /// This fraction; `None` when the denominator is zero.
    #[must_use]
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        let is_negative = (numerator < 0) != (denominator < 0);
        let [above, below] = [numerator, denominator].map(|part| Natural::from_u128(part.unsigned_abs()));
        (denominator != 0).then(|| Self::reduced(is_negative, above, below))
    }

    /// Zero.
    #[must_use]
    pub fn zero() -> Self {
        Self::from(0)
    }

    /// One.
    #[must_use]
    pub fn one() -> Self {
        Self::from(1)
    }

    /// So many hundredths: `hundredths(45)` is 0.45.
    #[must_use]
    pub fn hundredths(count: i64) -> Self {
        let above = Natural::from_u128(u128::from(count.unsigned_abs()));
        Self::reduced(count < 0, above, Natural::from_u128(100))
    }

    /// A count.
    #[must_use]
    pub fn count(count: usize) -> Self {
        Self::whole(false, Natural::from_u128(u128::try_from(count).unwrap_or(u128::MAX)))
    }

    fn whole(is_negative: bool, numerator: Natural) -> Self {
        Exact { is_negative: is_negative && !numerator.is_zero(), numerator, denominator: Natural::one() }
    }

    /// In lowest terms; the denominator is not zero.
    fn reduced(is_negative: bool, numerator: Natural, denominator: Natural) -> Self {
        let common = numerator.gcd(&denominator);
        Exact {
            is_negative: is_negative && !numerator.is_zero(),
            numerator: numerator.divided(&common),
            denominator: denominator.divided(&common),
        }
    }

    /// Whether it is zero.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.numerator.is_zero()
    }

    /// Whether it is less than zero.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.is_negative
    }

    /// Whether it is more than zero.
    #[must_use]
    pub fn is_positive(&self) -> bool {
        !self.is_negative && !self.is_zero()
    }

    /// This divided by `by`; `None` when `by` is zero.
    #[must_use]
    pub fn divided_by(&self, by: &Self) -> Option<Self> {
        let inverse =
            Exact { is_negative: by.is_negative, numerator: by.denominator.clone(), denominator: by.numerator.clone() };
        (!by.is_zero()).then(|| self * &inverse)
    }

    /// The nearest value from `least` to `most`.
    #[must_use]
    pub fn clipped(self, least: &Self, most: &Self) -> Self {
        if self < *least {
            least.clone()
        } else if self > *most {
            most.clone()
        } else {
            self
        }
    }

    /// With two decimals, halves away from zero (half-up): `93.72`. Only for people; no rule reads it.
    #[must_use]
    pub fn two_decimals(&self) -> String {
        // (200·a + b) ÷ 2b, without its rest, is 100·a/b with its half rounded up.
        let [two, hundred] = [2, 100].map(Natural::from_u128);
        let above = self.numerator.mul(&hundred).mul(&two).add(&self.denominator);
        let digits = format!("{:0>3}", above.divided(&self.denominator.mul(&two)).to_string());
        let (whole, decimals) = digits.split_at(digits.len() - 2);
        let is_nothing = digits.bytes().all(|digit| digit == b'0');
        format!("{}{whole}.{decimals}", if self.is_negative && !is_nothing { "-" } else { "" })
    }

    /// Without decimals, halves away from zero: `94`. Only for people.
    #[must_use]
    pub fn no_decimals(&self) -> String {
        let two = Natural::from_u128(2);
        // (2·a + b) ÷ 2b, without its rest, is a/b with its half rounded up.
        let above = self.numerator.mul(&two).add(&self.denominator);
        let whole = above.divided(&self.denominator.mul(&two));
        format!("{}{whole}", if self.is_negative && !whole.is_zero() { "-" } else { "" })
    }

    /// Reads `9/20`, `3`, `-1` or `0.45`.
    ///
    /// # Errors
    /// A sentence saying what is expected.
    pub fn parse(text: &str) -> Result<Self, String> {
        let expected = || "an exact number such as 9/20, 3 or 0.45".to_owned();
        let (is_negative, digits) = text.strip_prefix('-').map_or((false, text), |digits| (true, digits));
        if digits.len() > 2 * DIGITS_MAX {
            return Err(expected());
        }
        let (above, below) = if let Some((above, below)) = digits.split_once('/') {
            (Natural::parse(above), Natural::parse(below))
        } else if let Some((whole, decimals)) = digits.split_once('.') {
            let all =
                if whole.is_empty() || decimals.is_empty() { String::new() } else { format!("{whole}{decimals}") };
            (Natural::parse(&all), Natural::parse(&format!("1{}", "0".repeat(decimals.len()))))
        } else {
            (Natural::parse(digits), Some(Natural::one()))
        };
        let (Some(above), Some(below)) = (above, below.filter(|below| !below.is_zero())) else {
            return Err(expected());
        };
        Ok(Self::reduced(is_negative, above, below))
    }
}

impl From<i64> for Exact {
    fn from(number: i64) -> Self {
        Self::whole(number < 0, Natural::from_u128(u128::from(number.unsigned_abs())))
    }
}

impl Default for Exact {
    fn default() -> Self {
        Self::zero()
    }
}

impl Add for &Exact {
    type Output = Exact;

    /// With the common divisor of the denominators taken out first, which keeps the numbers small: D. Knuth, The Art of
    /// Computer Programming, vol. 2, §4.5.1.
    fn add(self, other: &Exact) -> Exact {
        let common = self.denominator.gcd(&other.denominator);
        let (mine, theirs) = (self.denominator.divided(&common), other.denominator.divided(&common));
        let (left, right) = (self.numerator.mul(&theirs), other.numerator.mul(&mine));
        let (is_negative, above) = if self.is_negative == other.is_negative {
            (self.is_negative, left.add(&right))
        } else {
            (if left < right { other.is_negative } else { self.is_negative }, left.abs_diff(&right))
        };
        if above.is_zero() {
            return Exact::zero();
        }
        // What can still be reduced divides `common`.
        let again = above.gcd(&common);
        let denominator = mine.mul(&other.denominator.divided(&again));
        Exact { is_negative, numerator: above.divided(&again), denominator }
    }
}

impl Mul for &Exact {
    type Output = Exact;

    fn mul(self, other: &Exact) -> Exact {
        let is_negative = self.is_negative != other.is_negative;
        Exact::reduced(is_negative, self.numerator.mul(&other.numerator), self.denominator.mul(&other.denominator))
    }
}

impl Neg for &Exact {
    type Output = Exact;

    fn neg(self) -> Exact {
        Exact { is_negative: !self.is_negative && !self.is_zero(), ..self.clone() }
    }
}

impl Sub for &Exact {
    type Output = Exact;

    fn sub(self, other: &Exact) -> Exact {
        self + &-other
    }
}

impl<'a> std::iter::Sum<&'a Exact> for Exact {
    fn sum<I: Iterator<Item = &'a Exact>>(numbers: I) -> Exact {
        numbers.fold(Exact::zero(), |sum, number| &sum + number)
    }
}

impl std::iter::Sum for Exact {
    fn sum<I: Iterator<Item = Exact>>(numbers: I) -> Exact {
        numbers.fold(Exact::zero(), |sum, number| &sum + &number)
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.is_negative, other.is_negative) {
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (is_negative, _) => {
                let order = self.numerator.mul(&other.denominator).cmp(&other.numerator.mul(&self.denominator));
                if is_negative { order.reverse() } else { order }
            }
        }
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl std::fmt::Display for Exact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.is_negative { "-" } else { "" };
        write!(f, "{sign}{}", self.numerator)?;
        if self.denominator.is_one() { Ok(()) } else { write!(f, "/{}", self.denominator) }
    }
}

impl std::fmt::Debug for Exact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Exact({self})")
    }
}

impl Serialize for Exact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// A share of a whole, or of nothing. A rate of nothing is neither 0 nor 1: every computation must say what it makes of
/// it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Rate {
    /// This share.
    Of(Exact),
    /// There was nothing to take a share of 不适用.
    NotApplicable,
}

/// How a rate of nothing is written.
const NOT_APPLICABLE: &str = "not-applicable";

impl Rate {
    /// `part` of `whole`.
    #[must_use]
    pub fn of(part: &Exact, whole: &Exact) -> Self {
        part.divided_by(whole).map_or(Rate::NotApplicable, Rate::Of)
    }

    /// The same of plain counts.
    #[must_use]
    pub fn of_counts(part: usize, whole: usize) -> Self {
        Self::of(&Exact::count(part), &Exact::count(whole))
    }

    /// Its number, if it has one.
    #[must_use]
    pub fn known(&self) -> Option<&Exact> {
        match self {
            Rate::Of(share) => Some(share),
            Rate::NotApplicable => None,
        }
    }

    /// Its number changed by `change`, if it has one.
    #[must_use]
    pub fn map(self, change: impl FnOnce(Exact) -> Exact) -> Self {
        match self {
            Rate::Of(share) => Rate::Of(change(share)),
            Rate::NotApplicable => Rate::NotApplicable,
        }
    }

    /// One less this.
    #[must_use]
    pub fn complement(self) -> Self {
        self.map(|share| &Exact::one() - &share)
    }

    /// As people read it: `93.72%` or `不适用`.
    #[must_use]
    pub fn percent(&self) -> String {
        match self {
            Rate::Of(share) => format!("{}%", (share * &Exact::from(100)).two_decimals()),
            Rate::NotApplicable => "不适用".into(),
        }
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Rate::Of(share) => share.serialize(serializer),
            Rate::NotApplicable => serializer.serialize_str(NOT_APPLICABLE),
        }
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        if text == NOT_APPLICABLE {
            return Ok(Rate::NotApplicable);
        }
        Exact::parse(&text).map(Rate::Of).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
