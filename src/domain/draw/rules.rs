//! The rules of one draw: when visits may take place, how many, and which limits hold.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::pool::{POINTS_MAX, code};
use crate::domain::digest::Digest;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::text::text_enum;
use crate::domain::time::{Date, YEARS};

/// The algorithm of this module. Any change of a result is a new one; a proof names the one that it was made with.
pub const ALGORITHM: &str = "anfang-draw/1";
/// Slots of a window. Source: our choice; a month with twelve slots a day has 372.
pub const SLOTS_MAX: usize = 400;
/// Minutes of a day.
pub const DAY_MINUTES: u16 = 24 * 60;
/// Least and greatest weight of a demonstration point in percent of that of any other. Source: our choice; the office
/// scores demonstration points with 1.5 times the weight, and its rule for the draw does not distinguish them.
pub const DEMO_PERCENT: std::ops::RangeInclusive<u32> = 100..=1_000;

text_enum! {
    /// What kind of time a slot is. Quotas are for kinds.
    pub enum SlotKind {
        Day = "day", "工作日白天", "Daytime of a working day";
        Evening = "evening", "晚间", "Evening of a working day";
        Weekend = "weekend", "休息日", "Day off";
    }
}

/// A stretch of time in which a task may take place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DrawSlot)]
pub struct Slot {
    /// The civil day.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// Its start, in minutes after midnight.
    pub from_minute: u16,
    /// Its end, in minutes after midnight, at most 1,440.
    pub to_minute: u16,
    /// What kind of time it is; the caller decides this with the working calendar.
    pub kind: SlotKind,
}

/// How many points of a stratum are drawn at least.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DrawQuota)]
pub struct Quota {
    /// Code of the type.
    pub point_type: String,
    /// Code of the area.
    pub area: String,
    /// How many.
    pub count: u32,
}

/// The rules of a draw. Lists may be in any order; the digest does not depend on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DrawRules)]
pub struct Rules {
    /// [`ALGORITHM`].
    pub algorithm: String,
    /// The window: all slots, within one calendar month, since caps are for a month.
    pub slots: Vec<Slot>,
    /// Least number of tasks in the evening.
    pub evening_min: u32,
    /// Least number of tasks on days off.
    pub weekend_min: u32,
    /// Places for any point, at least 1. They are drawn first, so every point that can be drawn has a chance, whatever
    /// the quotas are.
    pub open_places: u32,
    /// Places that are spread over the strata without a quota in proportion to their points.
    pub proportional_places: u32,
    /// Quotas of strata.
    pub quotas: Vec<Quota>,
    /// Visits that a point may have in the month, at least 1.
    pub point_visits_max: u32,
    /// Visits that the points of a unit may have together in the month, at least 1.
    pub unit_visits_max: u32,
    /// Types of point that two people visit.
    pub pair_types: BTreeSet<String>,
    /// Whether two people visit the points that are marked as severe.
    pub pair_severe: bool,
    /// Tasks that one inspector may have in the batch, at least 1.
    pub tasks_per_inspector_max: u32,
    /// The weight of a demonstration point in percent of that of any other, 100–1,000.
    pub demo_percent: u32,
}

impl Rules {
    /// The same with its lists in the order of the draw: slots by date, start, end and kind, quotas by type and area.
    #[must_use]
    pub fn sorted(&self) -> Self {
        let mut sorted = self.clone();
        sorted.slots.sort();
        sorted.quotas.sort();
        sorted
    }

    /// The digest that a commitment contains.
    #[must_use]
    pub fn digest(&self) -> Digest {
        super::digest("anfang-draw/1 rules", &self.sorted())
    }

    /// How many points are to be drawn.
    #[must_use]
    pub fn places(&self) -> u64 {
        let quotas: u64 = self.quotas.iter().map(|quota| u64::from(quota.count)).sum();
        quotas + u64::from(self.proportional_places) + u64::from(self.open_places)
    }

    /// Checks what the draw depends on.
    ///
    /// # Errors
    /// Every field that is wrong, as a pointer into the rules.
    pub fn validate(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        if self.algorithm != ALGORITHM {
            invalid.push("/algorithm", FieldCode::Unknown, format!("`{ALGORITHM}`"));
        }
        self.validate_slots(&mut invalid);
        for (pointer, number) in [
            ("/open_places", self.open_places),
            ("/point_visits_max", self.point_visits_max),
            ("/unit_visits_max", self.unit_visits_max),
            ("/tasks_per_inspector_max", self.tasks_per_inspector_max),
        ] {
            if number == 0 {
                invalid.push(pointer, FieldCode::OutOfRange, "at least 1");
            }
        }
        if !DEMO_PERCENT.contains(&self.demo_percent) {
            invalid.push("/demo_percent", FieldCode::OutOfRange, "from 100 to 1000");
        }
        for (at, quota) in self.quotas.iter().enumerate() {
            code(&format!("/quotas/{at}/point_type"), &quota.point_type, &mut invalid);
            code(&format!("/quotas/{at}/area"), &quota.area, &mut invalid);
            if quota.count == 0 {
                invalid.push(format!("/quotas/{at}/count"), FieldCode::OutOfRange, "at least 1");
            }
            let is_same = |other: &Quota| (&other.point_type, &other.area) == (&quota.point_type, &quota.area);
            if self.quotas.iter().take(at).any(is_same) {
                invalid.push(format!("/quotas/{at}"), FieldCode::Duplicate, "a stratum has one quota");
            }
        }
        for text in &self.pair_types {
            code("/pair_types", text, &mut invalid);
        }
        if !usize::try_from(self.places()).is_ok_and(|places| places <= POINTS_MAX) {
            invalid.push("/open_places", FieldCode::OutOfRange, format!("at most {POINTS_MAX} places together"));
        }
        invalid.into_result()
    }

    fn validate_slots(&self, invalid: &mut Invalid) {
        if self.slots.is_empty() {
            invalid.push("/slots", FieldCode::Missing, "at least one slot");
        }
        if self.slots.len() > SLOTS_MAX {
            invalid.push("/slots", FieldCode::TooLong, format!("at most {SLOTS_MAX}"));
            return;
        }
        let month = |date: Date| (date.year(), date.month());
        for (at, slot) in self.slots.iter().enumerate() {
            if slot.from_minute >= slot.to_minute || slot.to_minute > DAY_MINUTES {
                let detail = "from before to, both within the day";
                invalid.push(format!("/slots/{at}"), FieldCode::OutOfRange, detail);
            }
            let first = self.slots.first().map_or(slot.date, |first| first.date);
            if !YEARS.contains(&slot.date.year()) || month(slot.date) != month(first) {
                invalid.push(format!("/slots/{at}/date"), FieldCode::OutOfRange, "all in one calendar month");
            }
            // Otherwise somebody could have two tasks at one time.
            let overlaps = |other: &Slot| {
                other.date == slot.date && other.from_minute < slot.to_minute && slot.from_minute < other.to_minute
            };
            if self.slots.iter().take(at).any(overlaps) {
                invalid.push(format!("/slots/{at}"), FieldCode::Duplicate, "slots of a day do not overlap");
            }
        }
    }
}
