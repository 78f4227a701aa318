//! Cells of the gap matrix 对标补短表, computed from the stored sums. `month/gap.rs` computes the same from single results.

use std::num::NonZeroU32;

use crate::domain::month::Exact;

/// A cell of the matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapCell {
    /// The item.
    pub item_code: String,
    /// The type of the points.
    pub point_type: String,
    /// How often it was judged.
    pub observed: u64,
    /// Lost points 失分: Σ w·(1 − r).
    pub lost: Exact,
    /// The office's estimate of the effort; `None` counts as 1.
    pub effort: Option<NonZeroU32>,
    /// Lost points ÷ effort.
    pub gain: Exact,
}

impl GapCell {
    /// Of these sums; `lost_halves` are halves of points.
    #[must_use]
    pub fn of(cell: (String, String), observed: u64, lost_halves: u64, effort: Option<NonZeroU32>) -> Self {
        let lost = Exact::new(i128::from(lost_halves), 2).unwrap_or_default();
        let gain = lost.divided_by(&Exact::from(i64::from(effort.map_or(1, NonZeroU32::get)))).unwrap_or_default();
        GapCell { item_code: cell.0, point_type: cell.1, observed, lost, effort, gain }
    }

    /// First where an effort gains most; cells that gain the same in the order of their codes.
    pub fn sort(cells: &mut [GapCell]) {
        cells.sort_by(|a, b| {
            let more = (&b.gain, &b.lost).cmp(&(&a.gain, &a.lost));
            more.then_with(|| (&a.item_code, &a.point_type).cmp(&(&b.item_code, &b.point_type)))
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_gains_its_lost_points_by_effort_and_the_greatest_gain_is_first() {
        let cell =
            |item: &str, halves, effort| GapCell::of((item.into(), "MKT".into()), 4, halves, NonZeroU32::new(effort));
        let mut cells = [cell("b", 0, 0), cell("c", 7, 0), cell("a", 21, 6), cell("d", 42, 12)];
        GapCell::sort(&mut cells);
        let told: Vec<_> =
            cells.iter().map(|cell| (&*cell.item_code, cell.lost.two_decimals(), cell.gain.two_decimals())).collect();
        let row = |item, lost: &str, gain: &str| (item, lost.to_owned(), gain.to_owned());
        assert_eq!(
            told,
            [row("c", "3.50", "3.50"), row("d", "21.00", "1.75"), row("a", "10.50", "1.75"), row("b", "0.00", "0.00")]
        );
    }
}
