//! Natural numbers without a limit. The sum of some hundred point scores, each with a denominator of its own, has a
//! common denominator that no machine integer can hold.

use std::cmp::Ordering;

/// Values of a limb.
const BASE: u64 = 1 << 32;
/// Decimal digits that fit a limb, and ten to that power.
const DIGITS: usize = 9;
const POWER: u32 = 1_000_000_000;

/// A natural number: limbs of 32 bits, the least significant first, without a zero at the end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Natural(Vec<u32>);

fn low(sum: u64) -> u32 {
    u32::try_from(sum % BASE).unwrap_or(u32::MAX)
}

impl Natural {
    pub(super) fn one() -> Self {
        Natural(vec![1])
    }

    pub(super) fn from_u128(mut number: u128) -> Self {
        let mut limbs = Vec::with_capacity(4);
        while number > 0 {
            limbs.push(u32::try_from(number & u128::from(u32::MAX)).unwrap_or(u32::MAX));
            number >>= 32;
        }
        Natural(limbs)
    }

    fn trimmed(mut limbs: Vec<u32>) -> Self {
        while limbs.last() == Some(&0) {
            limbs.pop();
        }
        Natural(limbs)
    }

    pub(super) fn is_zero(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn is_one(&self) -> bool {
        self.0 == [1]
    }

    pub(super) fn add(&self, other: &Self) -> Self {
        let (long, short) = if self.0.len() < other.0.len() { (other, self) } else { (self, other) };
        let mut limbs = Vec::with_capacity(long.0.len() + 1);
        let mut carry = 0;
        for (at, limb) in long.0.iter().enumerate() {
            let sum = u64::from(*limb) + u64::from(short.0.get(at).copied().unwrap_or(0)) + carry;
            limbs.push(low(sum));
            carry = sum / BASE;
        }
        limbs.push(low(carry));
        Self::trimmed(limbs)
    }

    /// The difference, in whichever order.
    pub(super) fn abs_diff(&self, other: &Self) -> Self {
        let (more, less) = if self < other { (other, self) } else { (self, other) };
        let mut limbs = Vec::with_capacity(more.0.len());
        let mut borrow = 0;
        for (at, limb) in more.0.iter().enumerate() {
            let taken = u64::from(less.0.get(at).copied().unwrap_or(0)) + borrow;
            borrow = u64::from(u64::from(*limb) < taken);
            limbs.push(low(u64::from(*limb) + BASE - taken));
        }
        Self::trimmed(limbs)
    }

    pub(super) fn mul(&self, other: &Self) -> Self {
        let mut limbs = vec![0_u32; self.0.len() + other.0.len()];
        for (at, limb) in self.0.iter().enumerate() {
            let mut carry = 0;
            // The last place takes the carry; nothing was added to it before.
            for (place, by) in limbs.iter_mut().skip(at).zip(other.0.iter().copied().chain(std::iter::once(0))) {
                let sum = u64::from(*place) + u64::from(*limb) * u64::from(by) + carry;
                *place = low(sum);
                carry = sum / BASE;
            }
        }
        Self::trimmed(limbs)
    }

    /// Quotient and remainder; `None` when `by` is zero.
    pub(super) fn div_rem(&self, by: &Self) -> Option<(Self, Self)> {
        match by.0.as_slice() {
            [] => None,
            [by] => {
                let (quotient, rest) = self.div_rem_limb(*by);
                Some((quotient, Natural::from_u128(u128::from(rest))))
            }
            _ if self < by => Some((Natural::default(), self.clone())),
            [.., top] => Some(self.div_rem_long(by, top.leading_zeros())),
        }
    }

    fn div_rem_limb(&self, by: u32) -> (Self, u32) {
        let mut rest = 0;
        let mut limbs = vec![0; self.0.len()];
        for (quotient, limb) in limbs.iter_mut().zip(&self.0).rev() {
            let head = rest * BASE + u64::from(*limb);
            *quotient = low(head / u64::from(by));
            rest = head % u64::from(by);
        }
        (Self::trimmed(limbs), low(rest))
    }

    /// Long division, each digit of the quotient guessed from the leading digits: D. Knuth, The Art of Computer
    /// Programming, vol. 2, §4.3.1, algorithm D. `by` has at least two limbs; `shift` makes its top bit one.
    fn div_rem_long(&self, by: &Self, shift: u32) -> (Self, Self) {
        let by = by.shifted_left(shift).0;
        let mut rest = self.shifted_left(shift).0;
        rest.push(0);
        let length = by.len();
        let (first, second) = (u64::from(by[length - 1]), u64::from(by[length - 2]));
        let mut quotient = vec![0; rest.len() - length];
        for (at, digit) in quotient.iter_mut().enumerate().rev() {
            let head = u64::from(rest[at + length]) * BASE + u64::from(rest[at + length - 1]);
            let (mut guess, mut left) = (head / first, head % first);
            while guess >= BASE || guess * second > left * BASE + u64::from(rest[at + length - 2]) {
                guess -= 1;
                left += first;
                if left >= BASE {
                    break;
                }
            }
            if take(&mut rest[at..=at + length], &by, guess) {
                guess -= 1;
                give_back(&mut rest[at..=at + length], &by);
            }
            *digit = low(guess);
        }
        (Self::trimmed(quotient), Self::trimmed(rest).shifted_right(shift))
    }

    /// Shifted by less than a limb.
    fn shifted_left(&self, shift: u32) -> Self {
        let mut carry = 0;
        let mut limbs: Vec<u32> = Vec::with_capacity(self.0.len() + 1);
        for limb in &self.0 {
            let wide = u64::from(*limb) << shift | carry;
            limbs.push(low(wide));
            carry = wide / BASE;
        }
        limbs.push(low(carry));
        Self::trimmed(limbs)
    }

    fn shifted_right(&self, shift: u32) -> Self {
        let mut limbs = self.0.clone();
        let mut above = 0;
        for limb in limbs.iter_mut().rev() {
            let wide = above * BASE + u64::from(*limb);
            above = u64::from(*limb) & ((1 << shift) - 1);
            *limb = low(wide >> shift);
        }
        Self::trimmed(limbs)
    }

    /// The greatest common divisor, by Euclid.
    pub(super) fn gcd(&self, other: &Self) -> Self {
        let (mut a, mut b) = (self.clone(), other.clone());
        while let Some((_, rest)) = a.div_rem(&b) {
            a = std::mem::replace(&mut b, rest);
        }
        a
    }

    /// This divided by a divisor of it.
    pub(super) fn divided(&self, by: &Self) -> Self {
        if by.is_one() { self.clone() } else { self.div_rem(by).map(|(quotient, _)| quotient).unwrap_or_default() }
    }

    /// Reads decimal digits.
    pub(super) fn parse(digits: &str) -> Option<Self> {
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let ten = Natural(vec![10]);
        let number = digits.bytes().fold(Natural::default(), |number, byte| {
            number.mul(&ten).add(&Natural::from_u128(u128::from(byte - b'0')))
        });
        Some(number)
    }
}

/// Takes `guess` times `by` from `rest`; whether that was more than there is.
fn take(rest: &mut [u32], by: &[u32], guess: u64) -> bool {
    let (mut carry, mut borrow) = (0, 0);
    for (limb, by) in rest.iter_mut().zip(by.iter().copied().chain(std::iter::once(0))) {
        let product = guess * u64::from(by) + carry;
        carry = product / BASE;
        let taken = product % BASE + borrow;
        borrow = u64::from(u64::from(*limb) < taken);
        *limb = low(u64::from(*limb) + BASE - taken);
    }
    borrow > 0
}

fn give_back(rest: &mut [u32], by: &[u32]) {
    let mut carry = 0;
    for (limb, by) in rest.iter_mut().zip(by.iter().copied().chain(std::iter::once(0))) {
        let sum = u64::from(*limb) + u64::from(by) + carry;
        *limb = low(sum);
        carry = sum / BASE;
    }
}

impl Ord for Natural {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.len().cmp(&other.0.len()).then_with(|| self.0.iter().rev().cmp(other.0.iter().rev()))
    }
}

impl PartialOrd for Natural {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl std::fmt::Display for Natural {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut groups = Vec::new();
        let mut number = self.clone();
        while !number.is_zero() {
            let (quotient, rest) = number.div_rem_limb(POWER);
            groups.push(rest);
            number = quotient;
        }
        write!(f, "{}", groups.pop().unwrap_or(0))?;
        groups.iter().rev().try_for_each(|group| write!(f, "{group:0DIGITS$}"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn limbs() -> impl Strategy<Value = Natural> {
        // Many zeros and many full limbs: the guesses of the long division are wrong there.
        let limb = prop_oneof![Just(0), Just(u32::MAX), Just(1), Just(1 << 31), any::<u32>()];
        proptest::collection::vec(limb, 0..9).prop_map(Natural::trimmed)
    }

    proptest! {
        #[test]
        fn sums_products_and_quotients_are_those_of_machine_integers(a in any::<u64>(), b in any::<u64>()) {
            let wide = |number: u64| Natural::from_u128(u128::from(number));
            let (x, y) = (u128::from(a), u128::from(b));
            prop_assert_eq!(wide(a).add(&wide(b)), Natural::from_u128(x + y));
            prop_assert_eq!(wide(a).mul(&wide(b)), Natural::from_u128(x * y));
            prop_assert_eq!(wide(a).abs_diff(&wide(b)), Natural::from_u128(x.abs_diff(y)));
            prop_assert_eq!(wide(a).cmp(&wide(b)), x.cmp(&y));
            let quotient = (y > 0).then(|| (Natural::from_u128(x / y.max(1)), Natural::from_u128(x % y.max(1))));
            prop_assert_eq!(wide(a).div_rem(&wide(b)), quotient);
            prop_assert_eq!(wide(a).to_string(), a.to_string());
        }

        #[test]
        fn a_quotient_times_its_divisor_and_the_rest_make_the_number_again(a in limbs(), b in limbs(), c in limbs()) {
            prop_assert_eq!(a.add(&b).abs_diff(&b), a.clone());
            prop_assert_eq!(Natural::parse(&a.to_string()), Some(a.clone()));
            if !b.is_zero() {
                let (quotient, rest) = a.div_rem(&b).unwrap();
                prop_assert!(rest < b);
                prop_assert_eq!(quotient.mul(&b).add(&rest), a.clone());
                prop_assert_eq!(a.mul(&b).divided(&b), a.clone());
                // A common factor is found.
                let divisor = a.mul(&c).gcd(&b.mul(&c));
                prop_assert!(c.is_zero() || divisor.div_rem(&c).unwrap().1.is_zero());
            }
        }
    }

    #[test]
    fn nothing_is_divided_by_zero_and_only_digits_are_read() {
        assert_eq!(Natural::one().div_rem(&Natural::default()), None);
        for text in ["", "-1", "+1", " 1", "1.0", "١"] {
            assert_eq!(Natural::parse(text), None, "{text:?}");
        }
        assert_eq!(Natural::parse("000340282366920938463463374607431768211455"), Some(Natural::from_u128(u128::MAX)));
    }
}
