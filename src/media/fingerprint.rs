//! A picture's fingerprint, by which the same scene is found again after it was
//! scaled, re-encoded or slightly retouched.
//!
//! Of an upright picture cut into 9 × 8 cells, each of the 64 bits says whether a
//! cell is brighter than its right neighbour (the difference hash of D. Kravetz, 2013).

use super::raster::Raster;

/// Distance up to which two pictures count as similar wherever they are from. Source: domain §6.5.
pub const NEAR_ANYWHERE_MAX: u32 = 4;
/// Distance up to which two pictures of the same unit count as similar. Source: domain §6.5.
pub const NEAR_SAME_UNIT_MAX: u32 = 8;

const COLUMNS: u32 = 9;
const ROWS: u32 = 8;
/// Bands a fingerprint is indexed by, of [`BAND_BITS`] each.
const BANDS: u32 = 4;
const BAND_BITS: u32 = 16;
/// Brightness between the darkest and the brightest cell, of 255, below which a
/// picture is too flat to compare. Source: our choice, to be tuned on real photos.
const RANGE_MIN: f32 = 16.0;
/// Difference of neighbours, of 255, that is more than noise. Source: our choice.
const CONTRAST_MIN: f32 = 2.0;
/// Neighbours, of 64, that must differ by more than noise: a plain wall darkening
/// to one side passes the range, but looks like every other. Source: our choice.
const CONTRASTS_MIN: usize = 16;

/// 64 bits of what a picture shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
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
    /// as bright as their neighbour.
    #[must_use]
    pub fn mirrored(self) -> Self {
        Self(u64::from_be_bytes(self.0.to_be_bytes().map(|row| !row.reverse_bits())))
    }

    /// The four keys it is found by: a band's 16 bits, the band's number above them.
    #[must_use]
    pub fn band_keys(self) -> [i32; 4] {
        [0, 1, 2, 3].map(|band| key(band, self.band(band)))
    }

    /// Every key that a fingerprint within `distance_max` bits may be found by.
    ///
    /// Let two fingerprints differ in d bits. These lie in four bands, so some band
    /// has at most ⌊d ∕ 4⌋ of them: if every band had more, there were at least
    /// 4 (⌊d ∕ 4⌋ + 1) > d. That band of the other is this one's with at most so many
    /// bits flipped, and its key is listed. 68 keys for a distance of 4 to 7, 548 for
    /// 8 to 11; what shares a key still has to be measured with [`Self::distance`].
    #[must_use]
    pub fn probe_keys(self, distance_max: u32) -> Vec<i32> {
        let flips_max = distance_max / BANDS;
        (0..BANDS)
            .flat_map(|band| {
                let own = self.band(band);
                (0..=u16::MAX)
                    .filter(move |flips| flips.count_ones() <= flips_max)
                    .map(move |flips| key(band, own ^ flips))
            })
            .collect()
    }

    fn band(self, band: u32) -> u16 {
        (self.0 >> (band * BAND_BITS) & u64::from(u16::MAX)) as u16
    }

    /// The fingerprint of an upright picture; `None` when it is too flat to compare.
    pub(super) fn of(picture: &Raster) -> Option<Self> {
        let cells = cells(picture);
        let pairs = || cells.iter().flat_map(|row| row.windows(2));
        let (low, high) =
            cells.iter().flatten().fold((f32::MAX, f32::MIN), |(low, high), &cell| (low.min(cell), high.max(cell)));
        let contrasts =
            pairs().filter(|pair| matches!(pair, [left, right] if (left - right).abs() >= CONTRAST_MIN)).count();
        if high - low < RANGE_MIN || contrasts < CONTRASTS_MIN {
            return None;
        }
        let bits = pairs().map(|pair| u64::from(matches!(pair, [left, right] if left > right)));
        Some(Self(bits.fold(0, |all, bit| all << 1 | bit)))
    }
}

fn key(band: u32, bits: u16) -> i32 {
    (band << BAND_BITS | u32::from(bits)).cast_signed()
}

/// Mean brightness of each cell, 0 to 255.
fn cells(picture: &Raster) -> [[f32; COLUMNS as usize]; ROWS as usize] {
    let mut cells = [[0.0; COLUMNS as usize]; ROWS as usize];
    for (row, cells) in (0..).zip(&mut cells) {
        for (column, cell) in (0..).zip(cells) {
            let (mut sum, mut count) = (0_u64, 0_u64);
            for y in span(row, picture.height, ROWS) {
                picture.greys(y, span(column, picture.width, COLUMNS), |grey| {
                    sum += u64::from(grey);
                    count += 1;
                });
            }
            *cell = sum as f32 / count.max(1) as f32;
        }
    }
    cells
}

/// The pixels of one cell along a side; at least one, also of a side shorter than the cells are many.
fn span(cell: u32, side: u32, cells: u32) -> std::ops::Range<u32> {
    let start = cell * side / cells;
    start..(start + 1).max((cell + 1) * side / cells)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn as_many_keys_as_the_proof_says() {
        let one = Fingerprint::from_bits(0x0123_4567_89AB_CDEF);
        assert_eq!(one.probe_keys(3), one.band_keys());
        assert_eq!(one.probe_keys(NEAR_ANYWHERE_MAX).len(), 68);
        assert_eq!(one.probe_keys(NEAR_SAME_UNIT_MAX).len(), 548);
        assert_eq!(one.band_keys(), [0x0_CDEF, 0x1_89AB, 0x2_4567, 0x3_0123]);
    }

    proptest! {
        #[test]
        fn whatever_is_near_shares_a_key(bits: u64, flips in prop::collection::vec(0_u32..64, 0..12)) {
            let one = Fingerprint::from_bits(bits);
            let other = Fingerprint::from_bits(flips.iter().fold(bits, |bits, flip| bits ^ 1 << flip));
            let probes = one.probe_keys(one.distance(other));
            prop_assert!(other.band_keys().iter().any(|key| probes.contains(key)));
        }

        #[test]
        fn two_mirrors_show_the_picture(bits: u64) {
            let one = Fingerprint::from_bits(bits);
            prop_assert_eq!(one.mirrored().mirrored(), one);
        }
    }
}
