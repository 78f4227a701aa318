//! Computes a picture's fingerprint.
//!
//! The upright picture is cut into 9 × 8 cells; each of the 64 bits says whether a cell is brighter than its right
//! neighbour (the difference hash of D. Kravetz, 2013).

use super::raster::Raster;
use crate::domain::fingerprint::Fingerprint;

const COLUMNS: u32 = 9;
const ROWS: u32 = 8;
/// If the brightest and the darkest cell differ by less than this, of 255, the picture is too flat to compare. Source:
/// our choice, to be tuned on real photos.
const RANGE_MIN: f32 = 16.0;
/// Difference between neighbours, of 255, that is more than noise. Source: our choice.
const CONTRAST_MIN: f32 = 2.0;
/// Pairs of neighbours, of 64, that must differ by more than noise: a plain wall that darkens to one side passes the
/// first test, but looks like every other. Source: our choice.
const CONTRASTS_MIN: usize = 16;

/// The fingerprint of an upright picture; `None` when it is too flat to compare.
pub(super) fn fingerprint(picture: &Raster) -> Option<Fingerprint> {
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
    Some(Fingerprint::from_bits(bits.fold(0, |all, bit| all << 1 | bit)))
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

/// The pixels of one cell along a side; at least one, even if the side has fewer pixels than cells.
fn span(cell: u32, side: u32, cells: u32) -> std::ops::Range<u32> {
    let start = cell * side / cells;
    start..(start + 1).max((cell + 1) * side / cells)
}
