//! The burden index 负担指数: how much work inspections cause for units. Source: domain §7.1 asks for caps on visits per
//! point and requests per unit and for an index that the office sees; the formula is ours.

use crate::domain::ids::UnitId;
use crate::domain::month::Exact;

/// A unit bears much when its index is above so many times the median of all units. Source: our choice.
pub const HEAVY_FACTOR: i64 = 2;

/// What was asked of a unit in a month.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Burden {
    /// The unit.
    pub unit_id: UnitId,
    /// Points that it leads.
    pub points: u64,
    /// Visits to these points.
    pub visits: u64,
    /// Issues that were handed over to it 交办.
    pub handed: u64,
    /// Of those that were closed, fixed more than once: it was asked again.
    pub rework: u64,
    /// Open issues that it was reminded of twice or more often.
    pub reminded: u64,
    /// Requests per point that it leads: (handed + rework + reminded) ÷ points. A unit without points counts as one
    /// with a single point.
    pub index: Exact,
    /// Whether that is much: above twice the median of all units of which anything was asked.
    pub is_heavy: bool,
}

impl Burden {
    /// Of a unit with these counts, not yet compared with others.
    #[must_use]
    pub fn of(unit_id: UnitId, (points, visits): (u64, u64), (handed, rework, reminded): (u64, u64, u64)) -> Self {
        let exact = |count: u64| Exact::count(usize::try_from(count).unwrap_or(usize::MAX));
        let asked = handed.saturating_add(rework).saturating_add(reminded);
        let index = exact(asked).divided_by(&exact(points.max(1))).unwrap_or_default();
        Burden { unit_id, points, visits, handed, rework, reminded, index, is_heavy: false }
    }
}

/// The median index of the units of which anything was asked, and all units, those that bear most first. `None` without
/// any.
#[must_use]
pub fn burdens(mut units: Vec<Burden>) -> (Option<Exact>, Vec<Burden>) {
    units.sort_by(|a, b| (&b.index, a.unit_id).cmp(&(&a.index, b.unit_id)));
    let asked = units.iter().filter(|unit| unit.index.is_positive()).count();
    let at = |place: usize| units.get(place).map(|unit| unit.index.clone());
    let median = asked.checked_sub(1).and_then(|last| {
        let two = Exact::from(2);
        (&at(last / 2)? + &at(asked / 2)?).divided_by(&two)
    });
    if let Some(median) = &median {
        let line = median * &Exact::from(HEAVY_FACTOR);
        for unit in &mut units {
            unit.is_heavy = unit.index > line;
        }
    }
    (median, units)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn unit(number: u128, points: u64, asked: (u64, u64, u64)) -> Burden {
        Burden::of(UnitId(uuid::Uuid::from_u128(number)), (points, 0), asked)
    }

    #[test]
    fn the_index_is_requests_per_point_and_much_is_above_twice_the_median() {
        let (median, told) =
            burdens(vec![unit(1, 4, (2, 1, 1)), unit(2, 0, (5, 0, 0)), unit(3, 2, (2, 2, 0)), unit(4, 3, (0, 0, 0))]);
        // 1, 5 and 2 were asked of; the one of whom nothing was asked does not lower the median.
        assert_eq!(median.unwrap().two_decimals(), "2.00");
        let told: Vec<_> = told.iter().map(|unit| (unit.index.two_decimals(), unit.is_heavy)).collect();
        let expected = [("5.00", true), ("2.00", false), ("1.00", false), ("0.00", false)];
        assert_eq!(told, expected.map(|(index, heavy)| (index.to_owned(), heavy)));
        let (median, told) = burdens(vec![unit(1, 1, (4, 0, 0)), unit(2, 1, (1, 0, 0))]);
        assert_eq!(median.unwrap().two_decimals(), "2.50");
        assert!(told.iter().all(|unit| !unit.is_heavy), "4 is not above 5");
        let (median, told) = burdens(vec![unit(1, 1, (6, 0, 0)), unit(2, 1, (3, 0, 0)), unit(3, 1, (1, 0, 0))]);
        assert_eq!(median.unwrap().two_decimals(), "3.00");
        assert!(told.iter().all(|unit| !unit.is_heavy), "6 is twice 3, not more");
        assert_eq!(burdens(vec![unit(1, 1, (0, 0, 0))]).0, None);
        assert_eq!(burdens(Vec::new()), (None, Vec::new()));
    }
}
