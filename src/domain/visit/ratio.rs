//! Exact fractions. Scores are ranked by their exact values, so no sum may depend on its order, as sums of floats do.

use std::cmp::Ordering;

/// Greatest denominator. Two hundred times the remainder of a division by it still fits, which rounding needs.
///
/// The mean of seven scores fits whatever their weights are: the denominator of each is at most 20,000.
const DENOMINATOR_MAX: i128 = 10_i128.pow(35);

/// A fraction in lowest terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    numerator: i128,
    /// Above 0.
    denominator: i128,
}

fn common_divisor(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b > 0 {
        (a, b) = (b, a % b);
    }
    // At most the smaller of two positive numbers of this type, since one of them is a denominator.
    i128::try_from(a).unwrap_or(1).max(1)
}

impl Ratio {
    /// Zero.
    pub const ZERO: Ratio = Ratio { numerator: 0, denominator: 1 };

    /// A fraction; `None` if `denominator` is not above 0 or the fraction is too fine.
    #[must_use]
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator <= 0 {
            return None;
        }
        let divisor = common_divisor(numerator, denominator);
        let (numerator, denominator) = (numerator / divisor, denominator / divisor);
        (denominator <= DENOMINATOR_MAX).then_some(Ratio { numerator, denominator })
    }

    /// A whole number.
    #[must_use]
    pub const fn whole(number: i64) -> Self {
        // No `From` in constants.
        #[allow(clippy::cast_lossless, reason = "widening")]
        Ratio { numerator: number as i128, denominator: 1 }
    }

    /// Numerator and denominator in lowest terms.
    #[must_use]
    pub const fn parts(self) -> (i128, i128) {
        (self.numerator, self.denominator)
    }

    /// The sum; `None` if it is too fine or too large.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        let divisor = common_divisor(self.denominator, other.denominator);
        let (here, there) = (other.denominator / divisor, self.denominator / divisor);
        let numerator = self.numerator.checked_mul(here)?.checked_add(other.numerator.checked_mul(there)?)?;
        Ratio::new(numerator, self.denominator.checked_mul(here)?)
    }

    /// The fraction divided by a whole number; `None` for 0 and where it is too fine.
    #[must_use]
    pub fn divided_by(self, count: usize) -> Option<Self> {
        Ratio::new(self.numerator, self.denominator.checked_mul(i128::try_from(count).ok()?)?)
    }

    /// The mean; `None` of nothing, and where it is too fine.
    #[must_use]
    pub fn mean(values: impl IntoIterator<Item = Ratio>) -> Option<Self> {
        let mut count = 0;
        let mut sum = Ratio::ZERO;
        for value in values {
            sum = sum.plus(value)?;
            count += 1;
        }
        sum.divided_by(count)
    }

    /// In hundredths, rounded half up 四舍五入: 89.995 is 9,000. Only for display. `None` if it is beyond ±2⁶³.
    #[must_use]
    pub fn hundredths(self) -> Option<i64> {
        let (whole, rest) = (self.numerator.div_euclid(self.denominator), self.numerator.rem_euclid(self.denominator));
        let rest = (rest * 200 + self.denominator) / (2 * self.denominator);
        i64::try_from(whole.checked_mul(100)?.checked_add(rest)?).ok()
    }
}

impl Ord for Ratio {
    /// Compares whole parts, then the reciprocals of what is left, so that nothing overflows.
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut one, mut two) = (self.parts(), other.parts());
        loop {
            let (whole_one, whole_two) = (one.0.div_euclid(one.1), two.0.div_euclid(two.1));
            let (rest_one, rest_two) = (one.0.rem_euclid(one.1), two.0.rem_euclid(two.1));
            let order = whole_one.cmp(&whole_two);
            if order != Ordering::Equal {
                return order;
            }
            if rest_one == 0 || rest_two == 0 {
                return rest_one.cmp(&rest_two);
            }
            // a/b < c/d where d/c < b/a.
            (one, two) = ((two.1, rest_two), (one.1, rest_one));
        }
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl std::fmt::Display for Ratio {
    /// With two decimals, rounded half up.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.hundredths() {
            Some(hundredths) => {
                let sign = if hundredths < 0 { "-" } else { "" };
                write!(f, "{sign}{}.{:02}", hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100)
            }
            None => write!(f, "{}/{}", self.numerator, self.denominator),
        }
    }
}
