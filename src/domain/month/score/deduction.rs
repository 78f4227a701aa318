//! E: deductions from a unit's score. One event counts once, under the heading that deducts most.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::domain::month::Exact;
use crate::domain::month::facts::{DeductionHead, DeductionRow, Row};
use crate::domain::month::rules::Marks;
use crate::domain::text::text_enum;

text_enum! {
    /// Whether a line counts, and if not, why.
    pub enum Ruling {
        Counts = "counts", "计入", "Counts";
        Partly = "partly", "部分事件已按更重一项计入", "Some of its events count under heavier heads";
        Earlier = "earlier", "同一事件往月已扣分，只计差额", "An earlier month charged its events; the difference counts";
        Heavier = "heavier", "同一事件已按最重一项计入", "The same event counts under a heavier head";
        SelfFound = "self-found", "本单位先行自查，不扣分", "The unit had found it itself before";
    }
}

/// A line of E.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeductionLine {
    /// The head.
    pub head: DeductionHead,
    /// What it can be opened to.
    pub row: Row,
    /// The points of the head, whether they count or not.
    pub points: Exact,
    /// What of them counts.
    pub counted: Exact,
    /// Why.
    pub ruling: Ruling,
}

/// E, with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deductions {
    /// What is taken away, at most [`Marks::deductions_max`].
    pub points: Exact,
    /// What the lines count for, before it is capped.
    pub uncapped: Exact,
    /// Every line, in order.
    #[serde(default)]
    pub lines: Vec<DeductionLine>,
}

impl DeductionHead {
    /// What this head takes away.
    #[must_use]
    pub fn points(self, marks: &Marks) -> &Exact {
        match self {
            DeductionHead::YellowCard => &marks.yellow_card,
            DeductionHead::RedCard => &marks.red_card,
            DeductionHead::UnfoundedReturn => &marks.unfounded_return,
            DeductionHead::FalseEvidence => &marks.false_evidence,
            DeductionHead::Exposure => &marks.exposure,
        }
    }
}

/// A row with its events, and its points divided among them.
struct Charge<'a> {
    row: &'a DeductionRow,
    events: BTreeSet<String>,
    each: Exact,
}

impl<'a> Charge<'a> {
    fn of(row: &'a DeductionRow, marks: &Marks) -> Self {
        let mut events: BTreeSet<String> = row.events.iter().cloned().collect();
        if events.is_empty() {
            // An event of its own; the same row twice is still one.
            events.insert(format!("{}/{:?}", row.head, row.row));
        }
        let points = row.head.points(marks);
        let each = points.divided_by(&Exact::count(events.len())).unwrap_or_default();
        Charge { row, events, each }
    }
}

impl Deductions {
    /// Of the rows of one unit. Their order does not matter, and one more row never makes it less.
    ///
    /// A row for several events, such as the red card for two yellow ones, divides its points among them, and each
    /// event counts under the row that takes most for it. So that red card takes the place of both yellow ones.
    #[must_use]
    pub fn of<'a>(rows: impl IntoIterator<Item = &'a DeductionRow>, marks: &Marks) -> Self {
        Deductions::after(rows, [], marks)
    }

    /// The same after rows of `earlier` months: of an event that one of them charged, only the difference counts.
    #[must_use]
    pub fn after<'a>(
        rows: impl IntoIterator<Item = &'a DeductionRow>,
        earlier: impl IntoIterator<Item = &'a DeductionRow>,
        marks: &Marks,
    ) -> Self {
        let mut charged: BTreeMap<String, Exact> = BTreeMap::new();
        for charge in earlier.into_iter().filter(|row| !row.is_self_found).map(|row| Charge::of(row, marks)) {
            for event in charge.events {
                let most = charged.entry(event).or_default();
                *most = charge.each.clone().max(most.clone());
            }
        }
        let mut charges: Vec<Charge<'_>> = rows.into_iter().map(|row| Charge::of(row, marks)).collect();
        // The heaviest first: among equals the one that comes first in the record.
        charges.sort_by(|a, b| {
            let key = |charge: &Charge<'_>| (charge.row.head, charge.row.row);
            b.each.cmp(&a.each).then_with(|| (key(a), &a.events).cmp(&(key(b), &b.events)))
        });
        let mut heaviest: BTreeMap<&str, usize> = BTreeMap::new();
        for (at, charge) in charges.iter().enumerate().filter(|(_, charge)| !charge.row.is_self_found) {
            for event in &charge.events {
                heaviest.entry(event).or_insert(at);
            }
        }
        let mut lines: Vec<DeductionLine> = charges
            .iter()
            .enumerate()
            .map(|(at, charge)| {
                let won: Vec<&String> =
                    charge.events.iter().filter(|event| heaviest.get(event.as_str()) == Some(&at)).collect();
                let is_earlier = won.iter().any(|event| charged.contains_key(*event));
                let ruling = match won.len() {
                    _ if charge.row.is_self_found => Ruling::SelfFound,
                    0 => Ruling::Heavier,
                    _ if is_earlier => Ruling::Earlier,
                    won if won == charge.events.len() => Ruling::Counts,
                    1.. => Ruling::Partly,
                };
                let rest = |event: &&String| match charged.get(*event) {
                    Some(before) => (&charge.each - before).clipped(&Exact::zero(), &charge.each),
                    None => charge.each.clone(),
                };
                DeductionLine {
                    head: charge.row.head,
                    row: charge.row.row,
                    points: charge.row.head.points(marks).clone(),
                    counted: won.iter().map(rest).sum(),
                    ruling,
                }
            })
            .collect();
        lines.sort_by(|a, b| (a.head, a.row, a.ruling, &a.counted).cmp(&(b.head, b.row, b.ruling, &b.counted)));
        let uncapped: Exact = lines.iter().map(|line| &line.counted).sum();
        let points = uncapped.clone().clipped(&Exact::zero(), &marks.deductions_max);
        Deductions { points, uncapped, lines }
    }

    /// Whether a red card is among the lines, counted or not.
    #[must_use]
    pub fn has_red_card(&self) -> bool {
        self.lines.iter().any(|line| line.head == DeductionHead::RedCard)
    }
}
