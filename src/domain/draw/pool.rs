//! The pool: which points could be visited, and who could visit them, when the plan was approved.

use std::collections::{BTreeSet, HashSet};

use serde::{Deserialize, Serialize};

use super::rules::SlotKind;
use crate::domain::digest::Digest;
use crate::domain::ids::{InspectorKey, PointId, UnitId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::limits;

/// Points of a pool. Source: our choice; a large county has some 600, and 20,000 are drawn from within 3 seconds.
pub const POINTS_MAX: usize = 50_000;
/// Inspectors of a pool. Source: our choice; a county has some 60.
pub const INSPECTORS_MAX: usize = 1_000;
/// Open rebounds of a point, so that sums of weights stay below 2⁶⁴. Source: our choice, far above any real number.
pub const REBOUNDS_MAX: u32 = 1_000;
/// Days since the last visit that count in a weight: a point that was not visited for longer, or never, has the weight
/// of one visited so many days ago. Source: our judgement; a year is the longest time for which results are added up,
/// so nothing is longer ago than that, and a date that was mistyped cannot make one point nearly certain.
pub const DAYS_MAX: u32 = 365;
/// The weight of a point visited today without open rebounds. The rule is 1 + open rebounds + days since the last visit
/// ÷ 60; times 60 it is a whole number. Source: the rule 无特定单位 of the office.
pub const WEIGHT_UNIT: u64 = 60;

/// What a draw chooses from. Lists may be in any order; the digest does not depend on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pool {
    /// All points of the county, also those that cannot be drawn.
    pub points: Vec<PoolPoint>,
    /// Every unit that leads a point.
    pub units: Vec<PoolUnit>,
    /// All inspectors.
    pub inspectors: Vec<PoolInspector>,
}

/// A point 点位 as the draw sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolPoint {
    /// Which point.
    pub id: PointId,
    /// Code of its type 点位类型, such as `MKT`. With the area it makes the stratum.
    pub point_type: String,
    /// Code of its area 区划.
    pub area: String,
    /// Whether it may be drawn at all.
    pub active: bool,
    /// Whether it is a demonstration point 示范点位.
    pub demo: bool,
    /// The unit that leads it 主责单位; its visits count for the cap of this unit.
    pub lead_unit: UnitId,
    /// Other units concerned (territorial, co-handlers): whoever is recused from one of them does not go there.
    pub other_units: BTreeSet<UnitId>,
    /// Its open issues that are rebounds 反弹, at most 1,000.
    pub open_rebounds: u32,
    /// Whole days from its last visit to the approval of the plan; `null` if it was never visited.
    pub days_since_visit: Option<u32>,
    /// Its visits in the month of the window, planned ones included.
    pub visits_this_month: u32,
    /// Whether an issue of high severity is open there, or an item whose finding takes two people is due there.
    pub severe: bool,
    /// The kinds of slot in which it can be visited: a hall that closes at 17:00 has no evening.
    pub open: BTreeSet<SlotKind>,
}

/// A unit 责任单位 as the draw sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolUnit {
    /// Which unit.
    pub id: UnitId,
    /// Visits in the month of the window at points that it leads, planned ones included.
    pub visits_this_month: u32,
}

/// An inspector 暗访员 as the draw sees it: without a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PoolInspector {
    /// A random key for this draw; who it is, only the identity keeper's table says.
    pub id: InspectorKey,
    /// Whether the inspector works during the window.
    pub available: bool,
    /// Recusals 回避 by point: lives there.
    pub recused_points: BTreeSet<PointId>,
    /// Recusals 回避 by unit: works there or did within three years, or has kin there.
    pub recused_units: BTreeSet<UnitId>,
    /// Points that the inspector visited in one of the last two batches.
    pub recent_points: BTreeSet<PointId>,
}

impl Pool {
    /// The same with its lists in the order of the draw: by the bytes of the ids.
    #[must_use]
    pub fn sorted(&self) -> Self {
        let mut sorted = self.clone();
        sorted.points.sort_by_key(|point| point.id);
        sorted.units.sort_by_key(|unit| unit.id);
        sorted.inspectors.sort_by_key(|inspector| inspector.id);
        sorted
    }

    /// The digest that a commitment contains.
    #[must_use]
    pub fn digest(&self) -> Digest {
        super::digest("anfang-draw/1 pool", &self.sorted())
    }

    /// Checks what the draw depends on.
    ///
    /// # Errors
    /// Every field that is wrong, as a pointer into the pool.
    pub fn validate(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        let units: HashSet<UnitId> = self.units.iter().map(|unit| unit.id).collect();
        unique("/points", self.points.iter().map(|point| point.id), POINTS_MAX, &mut invalid);
        unique("/units", self.units.iter().map(|unit| unit.id), POINTS_MAX, &mut invalid);
        unique("/inspectors", self.inspectors.iter().map(|one| one.id), INSPECTORS_MAX, &mut invalid);
        for (at, point) in self.points.iter().enumerate() {
            code(&format!("/points/{at}/point_type"), &point.point_type, &mut invalid);
            code(&format!("/points/{at}/area"), &point.area, &mut invalid);
            if point.open_rebounds > REBOUNDS_MAX {
                let pointer = format!("/points/{at}/open_rebounds");
                invalid.push(pointer, FieldCode::OutOfRange, format!("at most {REBOUNDS_MAX}"));
            }
            if !units.contains(&point.lead_unit) {
                invalid.push(format!("/points/{at}/lead_unit"), FieldCode::Unknown, "not among the units of the pool");
            }
        }
        invalid.into_result()
    }
}

impl PoolPoint {
    /// Its stratum: type and area.
    #[must_use]
    pub fn stratum(&self) -> (&str, &str) {
        (&self.point_type, &self.area)
    }

    /// Its weight: (60 + 60 · open rebounds + days since the last visit, at most 365) · percent, where percent is 100,
    /// or `demo_percent` for a demonstration point. Never 0.
    #[must_use]
    pub fn weight(&self, demo_percent: u32) -> u64 {
        let days = self.days_since_visit.unwrap_or(DAYS_MAX).min(DAYS_MAX);
        let percent = if self.demo { demo_percent } else { 100 };
        (WEIGHT_UNIT + WEIGHT_UNIT * u64::from(self.open_rebounds) + u64::from(days)) * u64::from(percent)
    }
}

/// Reports ids that come twice, and lists that are too long.
fn unique<T: Eq + std::hash::Hash>(pointer: &str, ids: impl Iterator<Item = T>, max: usize, invalid: &mut Invalid) {
    let mut seen = HashSet::new();
    for (at, id) in ids.enumerate() {
        if at == max {
            invalid.push(pointer, FieldCode::TooLong, format!("at most {max}"));
            return;
        }
        if !seen.insert(id) {
            invalid.push(format!("{pointer}/{at}/id"), FieldCode::Duplicate, "named twice");
        }
    }
}

/// Reports a code that is empty, too long or contains control characters.
pub(super) fn code(pointer: &str, text: &str, invalid: &mut Invalid) {
    invalid.prose(pointer, text, limits::CODE_CHARS_MAX);
    if text.contains(['\n', '\t']) {
        invalid.push(pointer, FieldCode::Malformed, "contains control characters");
    }
}
