//! An urn from which positions are drawn with probabilities in proportion to whole-number weights.

use std::num::NonZeroU64;

use super::stream::Stream;

/// Weighted positions; a tree of partial sums (Fenwick), so that a draw costs the logarithm of their number.
#[derive(Debug)]
pub struct Urn {
    weights: Vec<u64>,
    /// `sums[i]` is the sum of the weights of the last `lowest bit of i` positions up to `i`, counted from 1.
    sums: Vec<u64>,
    total: u64,
}

/// The lowest bit that is set.
fn low_bit(at: usize) -> usize {
    at & at.wrapping_neg()
}

impl Urn {
    /// An urn with these weights; a position with weight 0 is never drawn. Their sum must be below 2⁶⁴, which the
    /// limits of a pool ensure.
    #[must_use]
    pub fn new(weights: Vec<u64>) -> Self {
        let mut sums: Vec<u64> = std::iter::once(0).chain(weights.iter().copied()).collect();
        for at in 1..sums.len() {
            let above = at + low_bit(at);
            if above < sums.len() {
                sums[above] += sums[at];
            }
        }
        let total = weights.iter().sum();
        Urn { weights, sums, total }
    }

    /// Takes a position out.
    pub fn remove(&mut self, position: usize) {
        let Some(weight) = self.weights.get_mut(position).map(std::mem::take) else { return };
        self.total -= weight;
        let mut at = position + 1;
        while let Some(sum) = self.sums.get_mut(at) {
            *sum -= weight;
            at += low_bit(at);
        }
    }

    /// Draws a position, without taking it out; `None` if nothing is left. It is the first position whose weight,
    /// added to those of all before it, is above a number drawn below the total.
    pub fn draw(&self, stream: &mut Stream) -> Option<usize> {
        let mut left = stream.below(NonZeroU64::new(self.total)?);
        // The number of positions whose sum is at most what was drawn.
        let mut position = 0;
        let mut step = self.sums.len().next_power_of_two();
        while step > 0 {
            if let Some(sum) = self.sums.get(position + step).filter(|sum| **sum <= left) {
                left -= sum;
                position += step;
            }
            step /= 2;
        }
        Some(position)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::bytes::Seed;
    use super::*;

    proptest! {
        /// The tree answers what adding up from the first position answers.
        #[test]
        fn what_is_drawn_is_found_by_adding_up(
            weights in prop::collection::vec(0_u64..500, 0..70),
            removed in prop::collection::vec(0_usize..70, 0..40),
            seed: [u8; 32],
        ) {
            let seed = Seed::from_bytes(seed);
            let (mut urn, mut plain) = (Urn::new(weights.clone()), weights);
            for position in removed {
                urn.remove(position);
                if let Some(weight) = plain.get_mut(position) {
                    *weight = 0;
                }
                let total: u64 = plain.iter().sum();
                prop_assert_eq!(urn.total, total);
                let Some(end) = NonZeroU64::new(total) else {
                    prop_assert_eq!(urn.draw(&mut Stream::new(&seed, "t")), None);
                    continue;
                };
                let number = Stream::new(&seed, "t").below(end);
                let mut sum = 0;
                let found = plain.iter().position(|weight| { sum += weight; sum > number });
                prop_assert_eq!(urn.draw(&mut Stream::new(&seed, "t")), found);
            }
        }
    }
}
