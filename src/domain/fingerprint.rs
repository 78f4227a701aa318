//! A picture's fingerprint, by which the same scene is found again after it was scaled,
//! re-encoded, mirrored or slightly retouched; and the keys by which near ones are found
//! among millions.

/// Distance up to which two pictures count as similar wherever they are from. Source: domain §6.5.
pub const NEAR_ANYWHERE_MAX: u32 = 4;
/// Distance up to which two pictures of the same unit count as similar. Source: domain §6.5.
pub const NEAR_SAME_UNIT_MAX: u32 = 8;

/// How many bits a fingerprint has.
pub const BITS: u32 = u64::BITS;

/// 64 bits of what a picture shows: of an upright picture cut into 9 × 8 cells, each bit says
/// whether a cell is brighter than its right neighbour (the difference hash of D. Kravetz, 2013).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// One that was computed before.
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

    /// The fingerprint of the same picture seen in a mirror, but for cells exactly
    /// as bright as their neighbour. Mirroring both of two keeps their distance.
    #[must_use]
    pub fn mirrored(self) -> Self {
        Self(u64::from_be_bytes(self.0.to_be_bytes().map(|row| !row.reverse_bits())))
    }

    /// How near the other is, as it is or mirrored.
    #[must_use]
    pub fn likeness(self, other: Self) -> Likeness {
        let likeness = |print: Self, mirrored| Likeness { distance: print.distance(other), mirrored };
        likeness(self, false).min(likeness(self.mirrored(), true))
    }
}

/// How alike two pictures are; the more alike comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Likeness {
    /// Bits that differ, 0 to 64.
    pub distance: u32,
    /// Whether one of them had to be mirrored for that.
    pub mirrored: bool,
}

impl Likeness {
    /// Whether it is worth a person's look. Source: domain §6.5.
    #[must_use]
    pub const fn is_near(self, same_unit: bool) -> bool {
        self.distance <= if same_unit { NEAR_SAME_UNIT_MAX } else { NEAR_ANYWHERE_MAX }
    }
}

/// A way of cutting fingerprints into bands, each of which is a key of an index (ADR 0015).
///
/// Band `b` of `n` has the bits whose number leaves `b` over when divided by `n`. Neighbouring
/// cells look alike, and the upper rows of many pictures are plain sky: so scattered, each band
/// gets its share of what tells pictures apart.
///
/// Let two fingerprints differ in d bits. These lie in n bands, so some band has at most
/// ⌊d ∕ n⌋ of them: if every band had more, there were at least n (⌊d ∕ n⌋ + 1) > d. Where
/// that is at most one, that band of the one is the other's with at most one bit flipped, and
/// is among its [`Bands::probes`]. That holds up to a distance of 2 n − 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bands {
    count: u32,
}

/// Three bands of 21 or 22 bits: by 67 keys it finds what is within 5 bits, and hardly anything else.
/// 10,000,000 evenly spread fingerprints leave about 5 to a key.
pub const BANDS_ANYWHERE: Bands = Bands { count: 3 };
/// Five bands of 12 or 13 bits: by 69 keys it finds what is within 9 bits. 100,000 pictures of
/// one unit leave about 15 to a key.
pub const BANDS_SAME_UNIT: Bands = Bands { count: 5 };

impl Bands {
    /// The distance up to which nothing is missed.
    #[must_use]
    pub const fn reach(self) -> u32 {
        2 * self.count - 1
    }

    /// What to do with a fingerprint's bits to make each band's key: keep those of the first
    /// number, and set those of the second. The second is a bit of the next band, so that keys of
    /// different bands are never equal.
    pub fn recipes(self) -> impl Iterator<Item = (u64, u64)> {
        (0..self.count).map(move |band| {
            let kept = (0..BITS).filter(|bit| bit % self.count == band).fold(0, |mask, bit| mask | 1 << bit);
            (kept, 1 << ((band + 1) % self.count))
        })
    }

    /// The keys a fingerprint is found by, one a band.
    #[must_use]
    pub fn keys(self, print: Fingerprint) -> Vec<i64> {
        self.recipes().map(|(kept, set)| (print.0 & kept | set).cast_signed()).collect()
    }

    /// The keys of every fingerprint within [`Bands::reach`], each once: what shares one still
    /// has to be measured with [`Fingerprint::distance`].
    #[must_use]
    pub fn probes(self, print: Fingerprint) -> Vec<i64> {
        self.recipes()
            .flat_map(|(kept, set)| {
                let own = print.0 & kept | set;
                let flipped = (0..BITS).map(|bit| 1 << bit).filter(move |bit| kept & bit != 0);
                std::iter::once(own).chain(flipped.map(move |bit| own ^ bit))
            })
            .map(u64::cast_signed)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_bands_reach_as_far_as_the_rules() {
        assert!(BANDS_ANYWHERE.reach() >= NEAR_ANYWHERE_MAX);
        assert!(BANDS_SAME_UNIT.reach() >= NEAR_SAME_UNIT_MAX);
    }

    #[test]
    fn as_many_keys_as_the_proof_says() {
        let one = Fingerprint::from_bits(0x0123_4567_89AB_CDEF);
        for (bands, keys, probes) in [(BANDS_ANYWHERE, 3, 67), (BANDS_SAME_UNIT, 5, 69)] {
            assert_eq!(bands.keys(one).len(), keys);
            let found = bands.probes(one);
            assert_eq!(found.len(), probes);
            assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), probes, "a key twice");
            assert!(bands.keys(one).iter().all(|key| found.contains(key)));
        }
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

    /// Of a row that grows darker to the right each bit is set; in a mirror it grows brighter.
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

    /// No bit is lost, and none counts in two bands.
    #[test]
    fn a_bit_that_differs_changes_the_key_of_one_band() {
        for (bands, reach) in [(BANDS_ANYWHERE, 5), (BANDS_SAME_UNIT, 9)] {
            assert_eq!(bands.reach(), reach);
            for bits in [0, u64::MAX, 0x0123_4567_89AB_CDEF] {
                let own = bands.keys(Fingerprint::from_bits(bits));
                assert_eq!(own.iter().collect::<BTreeSet<_>>().len(), own.len(), "{bits:x}: a key of two bands");
                for flip in 0..BITS {
                    let other = bands.keys(Fingerprint::from_bits(bits ^ 1 << flip));
                    let changed = own.iter().zip(&other).filter(|(one, other)| one != other).count();
                    assert_eq!(changed, 1, "{bits:x} {flip}");
                    let probes = bands.probes(Fingerprint::from_bits(bits));
                    assert!(other.iter().all(|key| probes.contains(key)), "{bits:x} {flip}");
                }
            }
        }
    }
}
