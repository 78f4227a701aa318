//! Fingerprints of pictures: they find the same scene again after it was scaled, re-encoded, mirrored or slightly
//! retouched. And the index keys by which similar ones are found among millions.

/// Distance up to which two pictures count as similar anywhere. Source: domain §6.5.
pub const NEAR_ANYWHERE_MAX: u32 = 4;
/// Distance up to which two pictures of one unit count as similar. Source: domain §6.5.
pub const NEAR_SAME_UNIT_MAX: u32 = 8;

/// How many bits a fingerprint has.
pub const BITS: u32 = u64::BITS;

/// 64 bits of what a picture shows: of an upright picture cut into 9 × 8 cells, each bit says
/// whether a cell is brighter than its right neighbour (the difference hash of D. Kravetz, 2013).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// A fingerprint that was computed before.
    #[must_use]
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The bits, row by row from the top left, the first bit the highest.
    #[must_use]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// How many bits differ, 0 to 64.
    #[must_use]
    pub const fn distance(self, other: Self) -> u32 {
        (self.0 ^ other.0).count_ones()
    }

    /// The fingerprint of the mirrored picture, except for cells exactly as bright as their neighbour. Mirroring both
    /// pictures keeps their distance.
    #[must_use]
    pub fn mirrored(self) -> Self {
        Self(u64::from_be_bytes(self.0.to_be_bytes().map(|row| !row.reverse_bits())))
    }

    /// The smaller distance to the other picture, as it is or mirrored.
    #[must_use]
    pub fn likeness(self, other: Self) -> Likeness {
        let likeness = |print: Self, mirrored| Likeness { distance: print.distance(other), mirrored };
        likeness(self, false).min(likeness(self.mirrored(), true))
    }
}

/// How similar two pictures are; more similar ones sort first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Likeness {
    /// Bits that differ, 0 to 64.
    pub distance: u32,
    /// Whether one of them was mirrored for that.
    pub mirrored: bool,
}

impl Likeness {
    /// Whether a person should look at it. Source: domain §6.5.
    #[must_use]
    pub const fn is_near(self, same_unit: bool) -> bool {
        self.distance <= if same_unit { NEAR_SAME_UNIT_MAX } else { NEAR_ANYWHERE_MAX }
    }
}

/// A way of cutting fingerprints into bands, each of which is an index key (ADR 0015).
///
/// Band `b` of `n` has the bits whose number modulo `n` is `b`. Neighbouring cells look alike, and the upper rows of
/// many pictures are plain sky, so scattering the bits gives each band its share of what distinguishes pictures.
///
/// Let two fingerprints differ in at most d < 2 n bits, which lie in n bands. Either some band is equal in both, and its
/// key is among the [`Bands::probes`] as it is. Or each band differs: if j of them differ in exactly one bit, then
/// j + 2 (n − j) ≤ d, so j ≥ 2 n − d. Of any d − n + 1 bands at least one is then among those j, so it is enough to
/// flip each bit of d − n + 1 bands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bands {
    count: u32,
    reach: u32,
}

/// Three bands of 21 or 22 bits: 45 keys find everything within 4 bits, and hardly anything else. 10,000,000 evenly
/// spread fingerprints give about 5 for each key.
pub const BANDS_ANYWHERE: Bands = Bands { count: 3, reach: NEAR_ANYWHERE_MAX };
/// Five bands of 12 or 13 bits: 56 keys find everything within 8 bits. 100,000 pictures of one unit give about 15 for
/// each key.
pub const BANDS_SAME_UNIT: Bands = Bands { count: 5, reach: NEAR_SAME_UNIT_MAX };

impl Bands {
    /// The distance up to which every similar picture is found.
    #[must_use]
    pub const fn reach(self) -> u32 {
        self.reach
    }

    /// How to compute each band's key from the bits of a fingerprint: keep the bits of the first number, and set those
    /// of the second. The second is a bit of the next band, so that keys of different bands are never equal.
    pub fn recipes(self) -> impl DoubleEndedIterator<Item = (u64, u64)> {
        (0..self.count).map(move |band| {
            let kept = (0..BITS).filter(|bit| bit % self.count == band).fold(0, |mask, bit| mask | 1 << bit);
            (kept, 1 << ((band + 1) % self.count))
        })
    }

    /// The keys under which a fingerprint is stored, one for each band.
    #[must_use]
    pub fn keys(self, print: Fingerprint) -> Vec<i64> {
        self.recipes().map(|(kept, set)| (print.0 & kept | set).cast_signed()).collect()
    }

    /// Keys of which every fingerprint within [`Bands::reach`] has at least one, each once. A fingerprint that shares
    /// one must still be compared with [`Fingerprint::distance`].
    #[must_use]
    pub fn probes(self, print: Fingerprint) -> Vec<i64> {
        // The last bands are the shorter ones.
        let flipped = (self.reach + 1 - self.count) as usize;
        let of_flipped = self.recipes().rev().take(flipped).flat_map(|(kept, set)| {
            let flips = (0..BITS).map(|bit| 1 << bit).filter(move |bit| kept & bit != 0);
            flips.map(move |bit: u64| ((print.0 & kept | set) ^ bit).cast_signed())
        });
        self.keys(print).into_iter().chain(of_flipped).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_bands_reach_as_far_as_the_rules() {
        assert_eq!((BANDS_ANYWHERE.reach(), BANDS_SAME_UNIT.reach()), (4, 8));
        for bands in [BANDS_ANYWHERE, BANDS_SAME_UNIT] {
            assert!((bands.count..2 * bands.count).contains(&bands.reach), "the proof holds");
        }
    }

    /// Every way to spread as many bits as may differ over the bands: how many of each does not matter, only whether it
    /// is none, one or more.
    #[test]
    fn however_the_bits_that_differ_are_spread_a_key_is_shared() {
        fn spreads(bands: u32, most: u32) -> Vec<Vec<u32>> {
            if bands == 0 {
                return vec![Vec::new()];
            }
            let first =
                |count: u32| spreads(bands - 1, most - count).into_iter().map(move |rest| [vec![count], rest].concat());
            (0..=most).flat_map(first).collect()
        }
        let one = Fingerprint::from_bits(0x0123_4567_89AB_CDEF);
        for bands in [BANDS_ANYWHERE, BANDS_SAME_UNIT] {
            let (probes, all) = (bands.probes(one), spreads(bands.count, bands.reach));
            for spread in &all {
                let of_band =
                    |band: u32| (band..BITS).step_by(bands.count as usize).take(spread[band as usize] as usize);
                let flips = (0..bands.count).flat_map(of_band).fold(0, |bits, bit| bits | 1_u64 << bit);
                let other = Fingerprint::from_bits(one.bits() ^ flips);
                assert_eq!(one.distance(other), spread.iter().sum::<u32>());
                assert!(bands.keys(other).iter().any(|key| probes.contains(key)), "{spread:?}");
            }
            assert!(all.len() > 30, "{}", all.len());
        }
    }

    #[test]
    fn as_many_keys_as_the_proof_says() {
        let one = Fingerprint::from_bits(0x0123_4567_89AB_CDEF);
        for (bands, keys, probes) in [(BANDS_ANYWHERE, 3, 45), (BANDS_SAME_UNIT, 5, 56)] {
            assert_eq!(bands.keys(one).len(), keys);
            let found = bands.probes(one);
            assert_eq!(found.len(), probes);
            assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), probes, "a key twice");
            assert!(bands.keys(one).iter().all(|key| found.contains(key)));
        }
    }

    /// Golden: stored fingerprints have keys that were made by these recipes.
    #[test]
    fn the_recipes_of_the_keys_stay_as_they_are() {
        let anywhere: Vec<_> = BANDS_ANYWHERE.recipes().collect();
        assert_eq!(anywhere, [(0x9249_2492_4924_9249, 2), (0x2492_4924_9249_2492, 4), (0x4924_9249_2492_4924, 1)]);
        let of_unit: Vec<_> = BANDS_SAME_UNIT.recipes().collect();
        assert_eq!(
            of_unit,
            [
                (0x1084_2108_4210_8421, 2),
                (0x2108_4210_8421_0842, 4),
                (0x4210_8421_0842_1084, 8),
                (0x8421_0842_1084_2108, 16),
                (0x0842_1084_2108_4210, 1),
            ]
        );
    }

    #[test]
    fn every_bit_is_in_one_band() {
        for bands in [BANDS_ANYWHERE, BANDS_SAME_UNIT] {
            let kept: Vec<u64> = bands.recipes().map(|(kept, _)| kept).collect();
            assert_eq!(kept.iter().fold(0, |all, band| all ^ band), u64::MAX);
            assert_eq!(kept.iter().map(|band| band.count_ones()).sum::<u32>(), BITS);
        }
    }

    #[test]
    fn the_limits_are_where_the_rules_set_them() {
        let at = |distance| Likeness { distance, mirrored: false };
        assert!(at(4).is_near(false) && !at(5).is_near(false));
        assert!(at(8).is_near(true) && !at(9).is_near(true));
    }

    proptest! {
        #[test]
        fn whatever_is_within_reach_shares_a_key(bits: u64, flips in prop::collection::vec(0_u32..64, 0..12)) {
            let one = Fingerprint::from_bits(bits);
            let other = Fingerprint::from_bits(flips.iter().fold(bits, |bits, flip| bits ^ 1 << flip));
            for bands in [BANDS_ANYWHERE, BANDS_SAME_UNIT] {
                let probes = bands.probes(one);
                let shares = bands.keys(other).iter().any(|key| probes.contains(key));
                prop_assert!(shares || one.distance(other) > bands.reach());
            }
        }

        #[test]
        fn keys_of_different_bands_are_never_equal(one: u64, other: u64) {
            for bands in [BANDS_ANYWHERE, BANDS_SAME_UNIT] {
                let [one, other] = [one, other].map(|bits| bands.keys(Fingerprint::from_bits(bits)));
                for (at, key) in one.iter().enumerate() {
                    prop_assert!(other.iter().enumerate().all(|(its, other)| its == at || key != other));
                }
            }
        }

        #[test]
        fn two_mirrors_show_the_picture(bits: u64, other: u64) {
            let (one, other) = (Fingerprint::from_bits(bits), Fingerprint::from_bits(other));
            prop_assert_eq!(one.mirrored().mirrored(), one);
            prop_assert_eq!(one.mirrored().distance(other.mirrored()), one.distance(other));
            prop_assert_eq!(one.likeness(other), other.likeness(one));
            prop_assert_eq!(one.likeness(one.mirrored()).distance, 0);
            prop_assert!(!one.likeness(one).mirrored);
        }
    }

    /// In a row that gets darker to the right each bit is set; mirrored, it gets brighter.
    #[test]
    fn a_mirror_turns_each_row_round() {
        let mirrored = |bits: u64| Fingerprint::from_bits(bits).mirrored().bits();
        assert_eq!(mirrored(0xff00_0000_0000_0000), 0x00ff_ffff_ffff_ffff);
        assert_eq!(mirrored(0b1110_0000), 0xffff_ffff_ffff_fff8);
        assert_eq!(mirrored(0xffff_ffff_ffff_fff0), 0x0000_0000_0000_00f0);
    }

    #[test]
    fn likeness_is_of_the_nearer_of_a_picture_and_its_mirror_image() {
        let [one, other] = [0xff, 0x0f].map(Fingerprint::from_bits);
        assert_eq!((one.distance(other), other.distance(one), one.distance(one)), (4, 4, 0));
        assert_eq!(one.likeness(other), Likeness { distance: 4, mirrored: false });
        let near_mirror = Fingerprint::from_bits(one.mirrored().bits() ^ 0b101);
        assert_eq!(one.likeness(near_mirror), Likeness { distance: 2, mirrored: true });
    }

    /// No bit is lost, and none is in two bands.
    #[test]
    fn a_bit_that_differs_changes_the_key_of_one_band() {
        for bands in [BANDS_ANYWHERE, BANDS_SAME_UNIT] {
            for bits in [0, u64::MAX, 0x0123_4567_89AB_CDEF] {
                let own = bands.keys(Fingerprint::from_bits(bits));
                assert_eq!(own.iter().collect::<BTreeSet<_>>().len(), own.len(), "{bits:x}: a key of two bands");
                for flip in 0..BITS {
                    let other = bands.keys(Fingerprint::from_bits(bits ^ 1 << flip));
                    let changed = own.iter().zip(&other).filter(|(one, other)| one != other).count();
                    assert_eq!(changed, 1, "{bits:x} {flip}");
                }
            }
        }
    }
}
