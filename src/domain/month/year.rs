//! The year's score of a unit 年度得分, for the annual appraisal 年度目标绩效考核. Source: domain rule M27.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Exact, Month, Rate, Results, Rules};
use crate::domain::digest::Digest;
use crate::domain::ids::UnitId;

/// A unit's score in a locked month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockedScore {
    /// The score; not applicable when the month was no sample for this unit.
    pub score: Rate,
    /// The digest of the month's results, so that the figure can be followed to them.
    pub results: Digest,
}

impl LockedScore {
    /// The score of `unit` in these results. A month without a sufficient sample is not valid.
    #[must_use]
    pub fn of(unit: UnitId, results: &Results) -> Self {
        let score = results.units.iter().find(|score| score.unit_id == unit && score.is_sufficient);
        LockedScore { score: score.map_or(Rate::NotApplicable, |score| score.score.clone()), results: results.digest() }
    }
}

/// A year-end adjustment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearAdjustment {
    /// Points, added or (negative) taken away.
    pub points: Exact,
    /// Why.
    pub reason: String,
    /// The number of the document that decided it.
    pub document_no: String,
}

/// The year's score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearScore {
    /// The unit.
    pub unit_id: UnitId,
    /// The year.
    pub year: i16,
    /// The locked months of the year, valid or not, with the digests of their results.
    pub months: BTreeMap<Month, LockedScore>,
    /// How many of them are valid.
    pub valid_months: usize,
    /// Mean of the valid months; not applicable with fewer than [`Rules::year_months_min`].
    pub mean: Rate,
    /// Adjustments.
    pub adjustments: Vec<YearAdjustment>,
    /// The mean with the adjustments, 0 to 100.
    pub score: Rate,
}

impl YearScore {
    /// Of these locked months. Months of other years are left out. Not one that is still open may be passed in.
    #[must_use]
    pub fn of(
        unit_id: UnitId,
        year: i16,
        locked: &BTreeMap<Month, LockedScore>,
        adjustments: Vec<YearAdjustment>,
        rules: &Rules,
    ) -> Self {
        let months: BTreeMap<Month, LockedScore> = locked
            .iter()
            .filter(|(month, _)| month.year() == year)
            .map(|(month, score)| (*month, score.clone()))
            .collect();
        let valid: Vec<&Exact> = months.values().filter_map(|month| month.score.known()).collect();
        let is_enough = u32::try_from(valid.len()).is_ok_and(|count| count >= rules.year_months_min);
        let mean = if is_enough {
            Rate::of(&valid.iter().copied().sum(), &Exact::count(valid.len()))
        } else {
            Rate::NotApplicable
        };
        let adjusted: Exact = adjustments.iter().map(|adjustment| &adjustment.points).sum();
        let score = mean.clone().map(|mean| (&mean + &adjusted).clipped(&Exact::zero(), &Exact::from(100)));
        YearScore { unit_id, year, valid_months: valid.len(), months, mean, adjustments, score }
    }
}

#[cfg(test)]
mod tests;
