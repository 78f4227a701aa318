//! Fast random numbers that need not be secret: SplitMix64 (Steele, Lea, Flood 2014).

use crate::app::ambient::Random;

pub(super) struct Dice(u64);

impl Dice {
    pub(super) fn new(random: &dyn Random) -> Self {
        let mut seed = [0; 8];
        random.fill(&mut seed);
        Dice(u64::from_le_bytes(seed))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is above zero.
    pub(super) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// A number between two.
    #[allow(clippy::cast_precision_loss, reason = "53 bits are enough for chance")]
    pub(super) fn between(&mut self, from: f64, to: f64) -> f64 {
        from + (to - from) * ((self.next() >> 11) as f64 / (1_u64 << 53) as f64)
    }

    /// True with a probability of `percent` %.
    pub(super) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of them.
    pub(super) fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        of.get(self.below(of.len()))
    }

    /// A random (version 4) UUID.
    pub(super) fn uuid(&mut self) -> uuid::Uuid {
        let bytes = (u128::from(self.next()) << 64 | u128::from(self.next())).to_be_bytes();
        uuid::Builder::from_random_bytes(bytes).into_uuid()
    }

    /// A random (version 4) UUID above those of lower indexes, so that rows created one after the other are stored side
    /// by side: its first 48 bits are drawn from the `index`-th of `count` equal parts of their range.
    pub(super) fn ascending_uuid(&mut self, index: usize, count: usize) -> uuid::Uuid {
        let (index, count) = (index as u128, count.max(1) as u128);
        let part = (1_u128 << 48) / count;
        let first = part * index + u128::from(self.next()) % part.max(1);
        let rest = (u128::from(self.next()) << 64 | u128::from(self.next())) & ((1 << 80) - 1);
        uuid::Builder::from_random_bytes((first << 80 | rest).to_be_bytes()).into_uuid()
    }
}
