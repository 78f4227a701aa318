//! What a draw results in.

use serde::{Deserialize, Serialize};

use super::rules::Slot;
use crate::domain::ids::{InspectorKey, PointId};
use crate::domain::text::text_enum;

text_enum! {
    /// Why an active point is not visited although it could have been drawn, or was.
    pub enum Reason {
        PointCap = "point-cap", "本月走访次数已达上限", "The point has had its visits of the month";
        UnitCap = "unit-cap", "主责单位本月走访次数已达上限", "Its lead unit has had its visits of the month";
        NoSlot = "no-slot", "开放时间内没有时段", "No slot falls into its opening hours";
        Recusals = "recusals", "回避后暗访员不足", "Too few inspectors remain after recusals";
        NoFreeInspector = "no-free-inspector", "抽中后没有空闲的暗访员", "Drawn, but every eligible inspector is busy";
    }
}

/// The result of a draw. All lists are in a fixed order, so that equal results are equal bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// The code name 暗访代号 of each available inspector, in the order of their keys.
    pub code_names: Vec<CodeName>,
    /// The tasks by number. A number is missing if no inspector was free for the point.
    pub tasks: Vec<Task>,
    /// Active points that cannot be visited in this batch, in the order of their ids.
    pub undrawable: Vec<Undrawable>,
    /// What the rules asked for and the pool could not give.
    pub shortfalls: Shortfalls,
}

/// An inspector's name within the batch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeName {
    /// Who.
    pub inspector: InspectorKey,
    /// Such as `暗访07`.
    pub code: String,
}

/// One visit to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// The place of its point in the order in which points were drawn, from 1.
    pub number: u32,
    /// Where.
    pub point: PointId,
    /// When.
    pub slot: Slot,
    /// Who: one inspector, or two different ones, in the order drawn.
    pub inspectors: Vec<InspectorKey>,
}

/// An active point that is not visited.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Undrawable {
    /// Which.
    pub point: PointId,
    /// Why.
    pub reason: Reason,
}

/// What is missing. All zero and empty if the rules could be kept in full.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shortfalls {
    /// Tasks too few altogether.
    pub places: u32,
    /// Tasks in the evening too few.
    pub evening: u32,
    /// Tasks on days off too few.
    pub weekend: u32,
    /// Points of strata too few, in the order of the strata. They are counted before inspectors are drawn.
    pub strata: Vec<Shortfall>,
}

/// A stratum that has fewer drawn points than its quota.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shortfall {
    /// Code of the type.
    pub point_type: String,
    /// Code of the area.
    pub area: String,
    /// How many points are missing.
    pub missing: u32,
}

/// The replacement of one inspector of one task after a conflict was declared 回避.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Redraw {
    /// Number of the task.
    pub task: u32,
    /// Which redraw of this task it is, from 1.
    pub count: u32,
    /// Who does not go.
    pub recused: InspectorKey,
    /// Who goes instead; `null` if nobody is left, and then the task is dropped.
    pub replacement: Option<InspectorKey>,
}
