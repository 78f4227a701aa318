//! What a month's scores are computed from: rows as of the cut-off, in the form in which they are frozen.

use serde::{Deserialize, Serialize};

use super::{Exact, Month, Rate};
use crate::domain::ids::{AdjustmentId, CardId, CommendationId, IssueId, PointId, SelfReportId, UnitId};
use crate::domain::text::text_enum;
use crate::domain::time::{Date, Timestamp};

/// A row that a figure can be opened to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "id", rename_all = "kebab-case")]
pub enum Row {
    /// An issue.
    Issue(IssueId),
    /// A point.
    Point(PointId),
    /// A card.
    Card(CardId),
    /// A commendation.
    Commendation(CommendationId),
    /// A correction of an earlier month.
    Adjustment(AdjustmentId),
    /// A fault that a unit found itself.
    SelfReport(SelfReportId),
}

/// A unit that gets a score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitRow {
    /// The unit.
    pub unit_id: UnitId,
    /// Its name at the cut-off.
    pub name: String,
    /// The peer group 考评分组 that it is ranked in.
    pub peer_group: String,
    /// Whether it is a township 乡镇(街道), which also answers for what others lead on its territory.
    pub is_township: bool,
}

/// A point's score.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointScore {
    /// 0 to 100, unrounded.
    pub score: Exact,
    /// Whether an item with a veto 一票否决项 was failed.
    pub is_vetoed: bool,
}

/// The latest valid score of a point, of any month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LatestScore {
    /// The local day of the visit.
    pub on: Date,
    /// The score.
    pub score: PointScore,
}

/// A point at the cut-off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointRow {
    /// The point.
    pub point_id: PointId,
    /// Its name at the cut-off.
    pub name: String,
    /// The unit that leads it 主责单位.
    pub lead_unit_id: UnitId,
    /// The unit on whose territory it is 属地单位.
    #[serde(default)]
    pub territorial_unit_id: Option<UnitId>,
    /// Whether it is a demonstration point 示范点位.
    pub is_demo: bool,
    /// Mean of its valid visits in the month; `None` when there was none.
    #[serde(default)]
    pub month_score: Option<PointScore>,
    /// Its latest valid score up to the cut-off.
    #[serde(default)]
    pub latest: Option<LatestScore>,
    /// Issues there that were overdue at the cut-off.
    #[serde(default)]
    pub overdue: Vec<IssueId>,
}

/// A released issue at the cut-off. An issue that was voided is not passed in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRow {
    /// The issue.
    pub issue_id: IssueId,
    /// The unit that was responsible at the cut-off.
    pub unit_id: UnitId,
    /// The unit on whose territory the point is.
    #[serde(default)]
    pub territorial_unit_id: Option<UnitId>,
    /// Deadline of the fix 处置时限.
    pub due_at: Timestamp,
    /// Deadline of the closing 结案时限: that of the fix and the time for its check.
    pub close_due_at: Timestamp,
    /// The time from which the fix counts that passed its check, or that still waits for it: waiting costs the unit
    /// nothing. A fix that failed never counts.
    #[serde(default)]
    pub handled_at: Option<Timestamp>,
    /// When it was closed.
    #[serde(default)]
    pub closed_at: Option<Timestamp>,
    /// When checks failed, in any month.
    #[serde(default)]
    pub failed_checks: Vec<Timestamp>,
    /// Whether an extension was ever granted.
    pub is_extended: bool,
    /// Whether it was on the books 挂账 (缓办) at the cut-off, or returned and not judged, so that its deadline does not
    /// run.
    pub is_deferred: bool,
}

/// An issue that was handed to a unit in the month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DispatchRow {
    /// The issue.
    pub issue_id: IssueId,
    /// The unit that it was handed to.
    pub unit_id: UnitId,
    /// Whether the unit returned it and that was judged unfounded 推诿.
    pub is_unfounded_return: bool,
}

text_enum! {
    /// What a look-back found.
    pub enum LookBackResult {
        Held = "held", "保持", "Held";
        Rebound = "rebound", "反弹", "Rebound";
        CannotJudge = "cannot-judge", "无法判断", "Cannot judge";
    }
}

/// A look-back made in the months that count for durability. One that found a rebound is passed in only once the new
/// issue is released: before that it is concealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookBackRow {
    /// The closed issue that was looked at.
    pub issue_id: IssueId,
    /// The unit that had fixed it.
    pub unit_id: UnitId,
    /// The unit on whose territory the point is.
    #[serde(default)]
    pub territorial_unit_id: Option<UnitId>,
    /// When it was made.
    pub at: Timestamp,
    /// What it found.
    pub result: LookBackResult,
}

text_enum! {
    /// What points are deducted for.
    pub enum DeductionHead {
        YellowCard = "yellow-card", "黄牌", "Yellow card";
        RedCard = "red-card", "红牌", "Red card";
        UnfoundedReturn = "unfounded-return", "推诿", "Unfounded return";
        FalseEvidence = "false-evidence", "虚假整改", "False evidence";
        Exposure = "exposure", "上级通报、媒体曝光", "Exposed by a higher level or the media";
    }
}

/// Something that points are deducted for, in the month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeductionRow {
    /// The unit.
    pub unit_id: UnitId,
    /// The head.
    pub head: DeductionHead,
    /// What it can be opened to.
    pub row: Row,
    /// Keys of the events it is for, as cards name them. Rows that share an event are one event, which counts once.
    #[serde(default)]
    pub events: Vec<String>,
    /// Whether the unit had found the fault itself before (M03): then nothing is deducted.
    pub is_self_found: bool,
}

text_enum! {
    /// What points are added for.
    pub enum BonusHead {
        SelfFound = "self-found", "自查自改", "Found and fixed by the unit itself";
        Commendation = "commendation", "上级表彰", "Commended by a higher level";
    }
}

/// Something that points are added for, in the month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BonusRow {
    /// The unit.
    pub unit_id: UnitId,
    /// The head.
    pub head: BonusHead,
    /// What it can be opened to.
    pub row: Row,
}

/// A line that corrects a locked month: locked months never change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdjustmentRow {
    /// The line.
    pub adjustment_id: AdjustmentId,
    /// The unit.
    pub unit_id: UnitId,
    /// The month that it corrects.
    pub of: Month,
    /// Points, added or (negative) taken away.
    pub points: Exact,
}

/// Everything that the scores of a month are computed from. The order of rows means nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Facts {
    /// Units that get a score.
    pub units: Vec<UnitRow>,
    /// Points.
    pub points: Vec<PointRow>,
    /// Released issues.
    pub cases: Vec<CaseRow>,
    /// Issues handed to units in the month.
    pub dispatches: Vec<DispatchRow>,
    /// Look-backs of the months that count.
    pub look_backs: Vec<LookBackRow>,
    /// Deductions of the month.
    pub deductions: Vec<DeductionRow>,
    /// Deductions of earlier months for events that ones of this month are for, too.
    pub earlier: Vec<DeductionRow>,
    /// Bonuses of the month.
    pub bonuses: Vec<BonusRow>,
    /// Corrections of earlier months.
    pub adjustments: Vec<AdjustmentRow>,
}

impl Facts {
    /// The same rows in the one order that is stored and hashed.
    #[must_use]
    pub fn sorted(mut self) -> Self {
        self.units.sort_by_key(|row| row.unit_id);
        for point in &mut self.points {
            point.overdue.sort_unstable();
        }
        self.points.sort_by_key(|row| row.point_id);
        for case in &mut self.cases {
            case.failed_checks.sort_unstable();
        }
        self.cases.sort_by_key(|row| row.issue_id);
        self.dispatches.sort_by_key(|row| (row.issue_id, row.unit_id, row.is_unfounded_return));
        self.look_backs.sort_by_key(|row| (row.issue_id, row.at, row.result));
        for rows in [&mut self.deductions, &mut self.earlier] {
            for row in rows.iter_mut() {
                row.events.sort_unstable();
            }
            rows.sort_by(|a, b| {
                (a.unit_id, a.head, a.row, &a.events, a.is_self_found).cmp(&(
                    b.unit_id,
                    b.head,
                    b.row,
                    &b.events,
                    b.is_self_found,
                ))
            });
        }
        self.bonuses.sort_by_key(|row| (row.unit_id, row.head, row.row));
        self.adjustments.sort_by_key(|row| row.adjustment_id);
        self
    }
}

/// Mean of the valid visits of a point in a month; not applicable when there was none.
#[must_use]
pub fn mean(scores: &[Exact]) -> Rate {
    Rate::of(&scores.iter().sum(), &Exact::count(scores.len()))
}

/// A fault that a unit reported itself 自查.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SelfReport {
    /// Where.
    pub point_id: PointId,
    /// Which item it violates.
    pub item_code: String,
    /// Server time of the report.
    pub reported_at: Timestamp,
    /// Its own deadline.
    pub due_at: Timestamp,
    /// When it was fixed.
    pub fixed_at: Option<Timestamp>,
}

impl SelfReport {
    /// Whether an inspector who saw a fault at this point and item at `captured_at` (server time) found what the unit
    /// had reported before and still had time to fix. Then nothing is deducted. A fault that was already fixed has come
    /// back: that is a rebound. Source: domain rule M03.
    #[must_use]
    pub fn covers(&self, point_id: PointId, item_code: &str, captured_at: Timestamp) -> bool {
        let is_same = self.point_id == point_id && self.item_code == item_code;
        let is_open = self.fixed_at.is_none_or(|fixed| captured_at < fixed);
        is_same && self.reported_at < captured_at && is_open && captured_at <= self.due_at
    }
}

#[cfg(test)]
mod tests;
