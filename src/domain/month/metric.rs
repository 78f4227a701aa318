//! Performance metrics 绩效指标: each is a ratio of counted rows, and keeps these rows.

use serde::{Deserialize, Serialize};

use super::facts::{CaseRow, DispatchRow, LookBackResult, LookBackRow, Row};
use super::rules::{OnTimeClosing, ReworkBase};
use super::{Exact, Rate};
use crate::domain::ids::IssueId;
use crate::domain::text::text_enum;
use crate::domain::time::Timestamp;

text_enum! {
    /// A metric. Each is a part divided by a whole, as its member says. Source: the indicators that counties publish
    /// for their digital city management; where each was read is said at the function that computes it.
    pub enum Metric {
        /// Reports registered ÷ reports received.
        Register = "register", "立案率", "Register rate";
        /// Valid reports ÷ reports.
        ValidReport = "valid-report", "有效上报率", "Valid-report rate";
        /// Correct dispatches ÷ dispatches.
        CorrectDispatch = "correct-dispatch", "准确派遣率", "Correct-dispatch rate";
        /// Handled ÷ due to be handled.
        Handling = "handling", "处置率", "Handling rate";
        /// Handled on time ÷ due to be handled.
        OnTimeHandling = "on-time-handling", "按期处置率", "On-time handling rate";
        /// Closed ÷ due to be closed.
        Closing = "closing", "结案率", "Closing rate";
        /// Closed on time ÷ due to be closed.
        OnTimeClosing = "on-time-closing", "按期结案率", "On-time closing rate";
        /// Reworked ÷ due to be closed, or failed checks ÷ checks.
        Rework = "rework", "返工率", "Rework rate";
        /// Overdue and still open ÷ due to be handled.
        OverdueOpen = "overdue-open", "超期待处置率", "Overdue-open rate";
        /// Extended ÷ due to be handled.
        Extension = "extension", "延期率", "Extension rate";
        /// Unfounded returns ÷ issues handed to the unit.
        BuckPassing = "buck-passing", "推诿率", "Buck-passing rate";
        /// Faults that a second visit found and the first did not report ÷ all faults found.
        Miss = "miss", "漏报率", "Miss rate";
        /// Rebounds ÷ closed issues looked back at and judged.
        Rebound = "rebound", "反弹率", "Rebound rate";
        /// Passing points ÷ points validly scored.
        Pass = "pass", "达标率", "Pass rate";
        /// The same of demonstration points.
        DemoPass = "demo-pass", "示范点位达标率", "Demonstration-point pass rate";
    }
}

impl Metric {
    /// Whether a unit may open the whole of it to its rows, and not the part alone. Look-backs and second visits are
    /// concealed from units as long as they find nothing.
    #[must_use]
    pub const fn opens_to_units(self) -> bool {
        match self {
            Metric::Rebound | Metric::Miss => false,
            Metric::Register
            | Metric::ValidReport
            | Metric::CorrectDispatch
            | Metric::Handling
            | Metric::OnTimeHandling
            | Metric::Closing
            | Metric::OnTimeClosing
            | Metric::Rework
            | Metric::OverdueOpen
            | Metric::Extension
            | Metric::BuckPassing
            | Metric::Pass
            | Metric::DemoPass => true,
        }
    }
}

/// A row of a figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tallied {
    /// What it can be opened to.
    pub row: Row,
    /// How much it counts: 1, or less for what a township answers for only as the territory.
    pub share: Exact,
    /// Whether it belongs to the part, and not to the whole alone.
    pub is_part: bool,
}

/// A computed metric that can be opened to its rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Which.
    pub metric: Metric,
    /// Part ÷ whole.
    pub rate: Rate,
    /// The part: a sum of shares.
    pub part: Exact,
    /// The whole: a sum of shares.
    pub whole: Exact,
    /// The rows of the part, in order, each once.
    #[serde(default)]
    pub part_rows: Vec<Row>,
    /// All rows of the whole, in order, each once.
    #[serde(default)]
    pub whole_rows: Vec<Row>,
}

impl Figure {
    /// The metric of these rows. Rows that occur twice count twice.
    #[must_use]
    pub fn of(metric: Metric, rows: impl IntoIterator<Item = Tallied>) -> Self {
        let rows: Vec<Tallied> = rows.into_iter().collect();
        let listed = |is_wanted: fn(&Tallied) -> bool| {
            let mut listed: Vec<Row> = rows.iter().filter(|row| is_wanted(row)).map(|row| row.row).collect();
            listed.sort_unstable();
            listed.dedup();
            listed
        };
        let part: Exact = rows.iter().filter(|row| row.is_part).map(|row| &row.share).sum();
        let whole: Exact = rows.iter().map(|row| &row.share).sum();
        Figure {
            metric,
            rate: Rate::of(&part, &whole),
            part_rows: listed(|row| row.is_part),
            whole_rows: listed(|_| true),
            part,
            whole,
        }
    }

    /// The metric of these issues, each with whether it belongs to the part: reports registered, valid reports, correct
    /// dispatches, faults missed. Source: 福州 2015-05 for 立案率, the indicator lists of vendors for the others.
    #[must_use]
    pub fn of_issues(metric: Metric, issues: impl IntoIterator<Item = (IssueId, bool)>) -> Self {
        let rows = issues.into_iter();
        Self::of(metric, rows.map(|(id, is_part)| Tallied { row: Row::Issue(id), share: Exact::one(), is_part }))
    }

    /// The figure as the unit may read it.
    #[must_use]
    pub fn as_unit_sees_it(self) -> Self {
        if self.metric.opens_to_units() { self } else { Figure { whole_rows: self.part_rows.clone(), ..self } }
    }
}

/// A month's span: from its start to its cut-off, which belongs to the next month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    /// First instant.
    pub from: Timestamp,
    /// First instant after it.
    pub to: Timestamp,
}

impl Span {
    /// Whether an instant belongs to it.
    #[must_use]
    pub fn contains(self, at: Timestamp) -> bool {
        self.from <= at && at < self.to
    }

    /// Whether something that fell due at `due` and was done at `done` is due in this span: its deadline falls in it,
    /// or it is older and was still open when the span began.
    ///
    /// Source: 应结案数 as 天门 (湖北) counts it: 996 registered but 972 due, so what is not due yet is left out.
    fn holds(self, due: Timestamp, done: Option<Timestamp>) -> bool {
        due < self.to && (due >= self.from || done.is_none_or(|done| done >= self.from))
    }

    fn before_end(self, at: Option<Timestamp>) -> Option<Timestamp> {
        at.filter(|at| *at < self.to)
    }
}

/// The metrics of a unit's issues over a month. Each iterator yields an issue and how much it counts.
#[derive(Debug, Clone)]
pub struct Cases<'a> {
    span: Span,
    cases: Vec<(&'a CaseRow, Exact)>,
}

impl<'a> Cases<'a> {
    /// Of these issues, each with its share.
    #[must_use]
    pub fn new(span: Span, cases: impl IntoIterator<Item = (&'a CaseRow, Exact)>) -> Self {
        Cases { span, cases: cases.into_iter().collect() }
    }

    /// Issues due to be handled 应处置: the deadline of the fix falls in the month, or it is older and the fix was
    /// missing when the month began. What is on the books is not due.
    fn due(&self) -> impl Iterator<Item = &(&'a CaseRow, Exact)> {
        let span = self.span;
        self.cases.iter().filter(move |(case, _)| !case.is_deferred && span.holds(case.due_at, case.handled_at))
    }

    /// Issues due to be closed 应结案, by the deadline of the closing. What is on the books counts: 缓办 is taken away
    /// by a variant of the rate alone.
    fn due_to_close(&self) -> impl Iterator<Item = &(&'a CaseRow, Exact)> {
        let span = self.span;
        self.cases.iter().filter(move |(case, _)| span.holds(case.close_due_at, case.closed_at))
    }

    fn of_due(&self, metric: Metric, is_part: impl Fn(&CaseRow) -> bool) -> Figure {
        Figure::of(metric, self.due().map(|(case, share)| tallied(case, share, is_part(case))))
    }

    /// How many issues are due to be handled, each counted as one.
    #[must_use]
    pub fn due_count(&self) -> usize {
        self.due().count()
    }

    /// 处置率 = 处置数 ÷ 应处置数. Source: 成都金牛区.
    #[must_use]
    pub fn handling(&self) -> Figure {
        self.of_due(Metric::Handling, |case| self.span.before_end(case.handled_at).is_some())
    }

    /// 按期处置率 = 按期处置数 ÷ 应处置数: handled at the deadline or before it. Source: 成都金牛区.
    #[must_use]
    pub fn on_time_handling(&self) -> Figure {
        self.of_due(Metric::OnTimeHandling, |case| {
            self.span.before_end(case.handled_at).is_some_and(|handled| handled <= case.due_at)
        })
    }

    /// 超期待处置率 = 超期待处置数 ÷ 应处置数: past the deadline and without a fix at the cut-off. Source: 成都金牛区.
    #[must_use]
    pub fn overdue_open(&self) -> Figure {
        self.of_due(Metric::OverdueOpen, |case| self.span.before_end(case.handled_at).is_none())
    }

    /// 延期率 = 延期数 ÷ 应处置数: an extension was granted. Source: 成都金牛区; 福州 publishes it.
    #[must_use]
    pub fn extension(&self) -> Figure {
        self.of_due(Metric::Extension, |case| case.is_extended)
    }

    /// 结案率 = 结案数 ÷ 应结案数. Source: 天门 (湖北).
    #[must_use]
    pub fn closing(&self) -> Figure {
        let closed = |case: &CaseRow| self.span.before_end(case.closed_at).is_some();
        Figure::of(Metric::Closing, self.due_to_close().map(|(case, share)| tallied(case, share, closed(case))))
    }

    /// 按期结案率 = 按期结案数 ÷ 应结案数, or ÷ (应结案数 − 缓办数). Source: 天门 (湖北); 金华 (浙江), whose minus sign was
    /// inferred from a copy that had lost it.
    #[must_use]
    pub fn on_time_closing(&self, variant: OnTimeClosing) -> Figure {
        let counts = |case: &CaseRow| match variant {
            OnTimeClosing::All => true,
            OnTimeClosing::LessDeferred => !case.is_deferred,
        };
        let in_time =
            |case: &CaseRow| self.span.before_end(case.closed_at).is_some_and(|closed| closed <= case.close_due_at);
        let rows = self.due_to_close().filter(|(case, _)| counts(case));
        Figure::of(Metric::OnTimeClosing, rows.map(|(case, share)| tallied(case, share, in_time(case))))
    }

    /// 返工率 = 返工数 ÷ 应结案数, an issue counted once however often it was reworked; or failed checks ÷ checks in the
    /// month. Source: 成都金牛区 for the first; the second is used elsewhere, and a county keeps to one of them.
    #[must_use]
    pub fn rework(&self, base: ReworkBase) -> Figure {
        match base {
            ReworkBase::DueToClose => {
                let reworked =
                    |case: &CaseRow| case.failed_checks.iter().any(|at| self.span.before_end(Some(*at)).is_some());
                let rows = self.due_to_close().map(|(case, share)| tallied(case, share, reworked(case)));
                Figure::of(Metric::Rework, rows)
            }
            ReworkBase::Checks => {
                let checks = self.cases.iter().flat_map(|(case, share)| {
                    let failed = case.failed_checks.iter().map(|at| (*at, true));
                    let passed = case.closed_at.iter().map(|at| (*at, false));
                    let made = failed.chain(passed).filter(|(at, _)| self.span.contains(*at));
                    made.map(|(_, is_failed)| tallied(case, share, is_failed))
                });
                Figure::of(Metric::Rework, checks)
            }
        }
    }
}

fn tallied(case: &CaseRow, share: &Exact, is_part: bool) -> Tallied {
    Tallied { row: Row::Issue(case.issue_id), share: share.clone(), is_part }
}

/// 推诿率: unfounded returns ÷ issues handed to the unit. Source: our judgement; 金华 (浙江) deducts a point for each.
#[must_use]
pub fn buck_passing<'a>(dispatches: impl IntoIterator<Item = &'a DispatchRow>) -> Figure {
    let rows = dispatches.into_iter().map(|row| Tallied {
        row: Row::Issue(row.issue_id),
        share: Exact::one(),
        is_part: row.is_unfounded_return,
    });
    Figure::of(Metric::BuckPassing, rows)
}

/// 反弹率: rebounds ÷ closed issues looked back at. What could not be judged does not count. Source: our judgement.
#[must_use]
pub fn rebound<'a>(look_backs: impl IntoIterator<Item = (&'a LookBackRow, Exact)>) -> Figure {
    let judged = look_backs.into_iter().filter_map(|(row, share)| {
        let is_part = match row.result {
            LookBackResult::Held => false,
            LookBackResult::Rebound => true,
            LookBackResult::CannotJudge => return None,
        };
        Some(Tallied { row: Row::Issue(row.issue_id), share, is_part })
    });
    Figure::of(Metric::Rebound, judged)
}

#[cfg(test)]
mod tests;
