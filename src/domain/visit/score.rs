//! The score of a point 点位得分, exactly: P = 100 · Σ w·r ÷ Σ w over the items that were observed, where r is 1 for
//! conforms, ½ for mostly and 0 for fails. Source: the office's founding document asks for a pass rate of points; the
//! formula, like every number here, is our proposal, which the county may change.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::ratio::Ratio;
use super::record::ItemResult;
use crate::domain::text::text_enum;

/// Greatest score of a visit at which a veto item 一票否决项 failed. Source: our proposal; below any line at which a point
/// could pass.
pub const VETO_CAP: (i128, i128) = (5_999, 100);
/// Least part of the weights of a type's items that must be observed for a visit to count, in percent. Source: our
/// proposal.
pub const OBSERVED_PERCENT_MIN: u64 = 60;
/// Greatest weight of an item. Source: our choice; the starter items have weights from 1 to 5.
pub const WEIGHT_MAX: u32 = 100;
/// Items of a checklist. Source: our choice; a point type has some 30.
pub const CHECKLIST_MAX: usize = 200;

/// An item of the checklist of a point type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChecklistItem {
    /// Its code.
    pub code: String,
    /// Its weight, 1–100.
    pub weight: u32,
    /// Whether one failure fails the point 一票否决.
    pub veto: bool,
}

/// The score of one valid visit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PointScore {
    /// From 0 to 100, not rounded.
    pub value: Ratio,
    /// The veto items that failed, in the order of the checklist.
    pub vetoed_by: Vec<String>,
    /// Weight of the items that were judged.
    pub observed_weight: u64,
    /// Weight of all items of the checklist.
    pub total_weight: u64,
}

/// Why a visit has no score.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoScore {
    /// The visit is invalid 无效: items of too little weight were judged.
    #[error("items of weight {observed} of {total} were judged, and 60 % are needed")]
    TooLittle {
        /// Weight of the items that were judged.
        observed: u64,
        /// Weight of all items.
        total: u64,
    },
    /// The checklist has no items, too many, one twice, or one with a weight out of its range.
    #[error("the checklist is wrong at {0:?}")]
    Checklist(String),
    /// A result of an item that is not on the checklist, or the second result of one.
    #[error("there is no place for a result of {0:?}")]
    Item(String),
}

/// What a result counts in halves; `None` where it does not count.
fn halves(result: ItemResult) -> Option<u64> {
    match result {
        ItemResult::Conforms => Some(2),
        ItemResult::Mostly => Some(1),
        ItemResult::Fails => Some(0),
        ItemResult::NotApplicable => None,
    }
}

/// The score of a point from the results of one visit.
///
/// Items without a result and those not applicable are left out of both sums, and both count as not observed: a visit
/// that finds nearly everything not applicable is no judgement of the point.
///
/// # Errors
/// [`NoScore::TooLittle`] for an invalid visit; the others for a checklist or results that should have been refused.
pub fn point_score<'a>(
    checklist: &[ChecklistItem],
    results: impl IntoIterator<Item = (&'a str, ItemResult)>,
) -> Result<PointScore, NoScore> {
    let mut of_item: HashMap<&str, Option<ItemResult>> = HashMap::new();
    for item in checklist {
        if !(1..=WEIGHT_MAX).contains(&item.weight) || of_item.insert(&item.code, None).is_some() {
            return Err(NoScore::Checklist(item.code.clone()));
        }
    }
    if checklist.is_empty() || checklist.len() > CHECKLIST_MAX {
        return Err(NoScore::Checklist(String::new()));
    }
    for (code, result) in results {
        match of_item.get_mut(code) {
            Some(place @ None) => *place = Some(result),
            Some(Some(_)) | None => return Err(NoScore::Item(code.to_owned())),
        }
    }
    let (mut gained, mut observed, mut total) = (0, 0, 0);
    let mut vetoed_by = Vec::new();
    for item in checklist {
        let weight = u64::from(item.weight);
        total += weight;
        let Some(result) = of_item.get(&*item.code).copied().flatten() else { continue };
        let Some(halves) = halves(result) else { continue };
        observed += weight;
        gained += weight * halves;
        if item.veto && result == ItemResult::Fails {
            vetoed_by.push(item.code.clone());
        }
    }
    let too_little = NoScore::TooLittle { observed, total };
    if 100 * observed < OBSERVED_PERCENT_MIN * total {
        return Err(too_little);
    }
    let plain = Ratio::new(100 * i128::from(gained), 2 * i128::from(observed)).ok_or(too_little)?;
    let cap = Ratio::new(VETO_CAP.0, VETO_CAP.1).unwrap_or(Ratio::ZERO);
    let value = if vetoed_by.is_empty() { plain } else { plain.min(cap) };
    Ok(PointScore { value, vetoed_by, observed_weight: observed, total_weight: total })
}

/// The score of a point in a month: the mean of its valid visits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonthScore {
    /// From 0 to 100, not rounded.
    pub value: Ratio,
    /// Valid visits.
    pub visits: usize,
    /// Whether a veto item failed in any of them.
    pub vetoed: bool,
}

/// Why a point has no score of the month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoMonthScore {
    /// It was not validly visited. It is not counted, neither as passing nor as failing.
    #[error("no valid visit in the month")]
    NoVisit,
    /// The mean cannot be represented: more than seven visits whose weights have little in common. The caps of a draw
    /// keep far below.
    #[error("more visits than can be averaged exactly")]
    TooFine,
}

/// The score of the month from the scores of its valid visits.
///
/// # Errors
/// [`NoMonthScore::NoVisit`], [`NoMonthScore::TooFine`].
pub fn month_score(visits: &[PointScore]) -> Result<MonthScore, NoMonthScore> {
    if visits.is_empty() {
        return Err(NoMonthScore::NoVisit);
    }
    let value = Ratio::mean(visits.iter().map(|visit| visit.value)).ok_or(NoMonthScore::TooFine)?;
    let vetoed = visits.iter().any(|visit| !visit.vetoed_by.is_empty());
    Ok(MonthScore { value, visits: visits.len(), vetoed })
}

text_enum! {
    /// The score from which a point passes 达标线; the county chooses one. Default 90. Source: our proposal.
    #[derive(Default)]
    pub enum PassLine {
        P80 = "80", "80分", "80";
        P85 = "85", "85分", "85";
        #[default]
        P90 = "90", "90分", "90";
        P95 = "95", "95分", "95";
    }
}

impl PassLine {
    /// The line itself, which passes.
    #[must_use]
    pub const fn value(self) -> Ratio {
        match self {
            PassLine::P80 => Ratio::whole(80),
            PassLine::P85 => Ratio::whole(85),
            PassLine::P90 => Ratio::whole(90),
            PassLine::P95 => Ratio::whole(95),
        }
    }
}

text_enum! {
    /// Why a point does not pass 未达标.
    pub enum Failing {
        BelowLine = "below-line", "得分低于达标线", "Score below the line";
        Veto = "veto", "一票否决项不符合", "A veto item failed";
        Overdue = "overdue", "有超期未整改问题", "An issue there is overdue";
    }
}

/// Why the point does not pass in the month; it passes 达标 if there is nothing. `overdue_issues` are the issues at the
/// point that are overdue at the cut-off. The exact score is compared: 89.996 is shown as 90.00 and does not reach 90.
#[must_use]
pub fn failings(score: &MonthScore, line: PassLine, overdue_issues: usize) -> Vec<Failing> {
    let found = [
        (score.value < line.value(), Failing::BelowLine),
        (score.vetoed, Failing::Veto),
        (overdue_issues > 0, Failing::Overdue),
    ];
    found.into_iter().filter(|(holds, _)| *holds).map(|(_, failing)| failing).collect()
}
