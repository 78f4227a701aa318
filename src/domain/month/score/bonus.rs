//! F: additions to a unit's score.

use serde::{Deserialize, Serialize};

use crate::domain::month::Exact;
use crate::domain::month::facts::{BonusHead, BonusRow, Row};
use crate::domain::month::rules::Marks;

/// The rows of one head of F.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BonusLine {
    /// The head.
    pub head: BonusHead,
    /// What it adds, at most its cap.
    pub points: Exact,
    /// Its rows, each once.
    #[serde(default)]
    pub rows: Vec<Row>,
}

/// F, with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bonuses {
    /// What is added.
    pub points: Exact,
    /// One line for each head.
    #[serde(default)]
    pub lines: Vec<BonusLine>,
}

impl Bonuses {
    /// Of the rows of one unit. A row that is passed in twice counts once.
    #[must_use]
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a BonusRow>, marks: &Marks) -> Self {
        let rows: Vec<&BonusRow> = rows.into_iter().collect();
        let line = |head: &BonusHead| {
            let (each, most) = match head {
                BonusHead::SelfFound => (&marks.self_found, &marks.self_found_max),
                BonusHead::Commendation => (&marks.commendation, &marks.commendations_max),
            };
            let mut listed: Vec<Row> = rows.iter().filter(|row| row.head == *head).map(|row| row.row).collect();
            listed.sort_unstable();
            listed.dedup();
            let points = (&Exact::count(listed.len()) * each).clipped(&Exact::zero(), most);
            BonusLine { head: *head, points, rows: listed }
        };
        let lines: Vec<BonusLine> = BonusHead::ALL.iter().map(line).collect();
        Bonuses { points: lines.iter().map(|line| &line.points).sum(), lines }
    }
}
