//! Figures over many issues, from the index of issues: by week, and by unit.

use std::collections::HashMap;

use diesel::prelude::*;
use roaring::RoaringBitmap;

use super::list::{Filter, Scope, between, entered, late, matching, overdue, union};
use crate::domain::ids::{IssueId, PointId, UnitId};
use crate::domain::issue::State;
use crate::domain::time::Timestamp;
use crate::store::dialect::each_some;
use crate::store::issue_index::{DAYS_OPEN_MAX, Index, Order, SetCache, Term, Texts};
use crate::store::schema::issues;
use crate::store::{Conn, StoreError};

/// From an instant to another, which is not part of it.
pub type Span = (Timestamp, Timestamp);

/// What happened in a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SpanFigures {
    /// Received, or released where the caller may not know when it was received.
    pub entered: u64,
    /// Closed.
    pub closed: u64,
    /// Due, without what is void.
    pub due: u64,
    /// Of those that were due, closed in time.
    pub on_time: u64,
    /// Of those that were due, closed late, or late now.
    pub late: u64,
}

/// The present situation and the results of a span.
#[derive(Debug, Clone, PartialEq)]
pub struct Situation {
    /// Released and not settled.
    pub open: u64,
    /// Of these, late now.
    pub overdue: u64,
    /// Of the open ones, reminded of twice or more often.
    pub reminded: u64,
    /// What happened in the span.
    pub span: SpanFigures,
    /// Of those closed in the span, fixed more than once.
    pub rework: u64,
    /// Of those that entered in the span, relapses.
    pub rebounds: u64,
    /// Half of those closed in the span were closed within so many civil days after their release, the other half not
    /// before. 99 means 99 or more. `None` if none was closed.
    pub median_days: Option<f64>,
}

/// All figures of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// What happened in each span.
    pub spans: Vec<SpanFigures>,
    /// Of all units together.
    pub all: Situation,
    /// Of each unit that has any issue of the filter.
    pub units: Vec<(UnitId, Situation)>,
}

/// Sets that every row of figures is taken from.
struct Sets {
    open: RoaringBitmap,
    overdue: RoaringBitmap,
    reminded: RoaringBitmap,
    entered: RoaringBitmap,
    closed: RoaringBitmap,
    due: RoaringBitmap,
    on_time: RoaringBitmap,
    late: RoaringBitmap,
    rework: RoaringBitmap,
    rebounds: RoaringBitmap,
    /// Of those closed, by the days from release to closing.
    by_days: Vec<(i32, RoaringBitmap)>,
}

/// The figures of the issues that the caller may see and that match the filter. `spans` follow each other; the
/// situation is that of all of them together, at `now`.
pub fn figures(
    conn: &mut Conn,
    cache: &SetCache,
    scope: Scope,
    filter: &Filter,
    (spans, now): (&[Span], Timestamp),
    units: &[UnitId],
) -> Result<Figures, StoreError> {
    let mut index = Index::open(conn, cache, Texts::LeftOut)?;
    let found = matching(&mut index, scope, filter)?;
    let mut by_span = Vec::with_capacity(spans.len());
    for span in spans {
        by_span.push(Happened::read(&mut index, scope, &found, *span, now)?.count());
    }
    let whole = spans.first().zip(spans.last()).map_or((now, now), |(first, last)| (first.0, last.1));
    let sets = Sets::read(&mut index, scope, &found, whole, now)?;
    let terms: Vec<Term<'_>> = units.iter().map(|unit| Term::Unit(*unit)).collect();
    let mut of_units = Vec::new();
    for (unit, set) in units.iter().zip(index.sets(&terms)?) {
        let of_unit = &found & &*set;
        if !of_unit.is_empty() {
            of_units.push((*unit, sets.situation(Some(&of_unit))));
        }
    }
    Ok(Figures { spans: by_span, all: sets.situation(None), units: of_units })
}

/// The situation in each of these areas that has any issue of the filter, over a span.
pub fn by_area(
    conn: &mut Conn,
    cache: &SetCache,
    scope: Scope,
    filter: &Filter,
    (span, now): (Span, Timestamp),
    areas: &[String],
) -> Result<Vec<(String, Situation)>, StoreError> {
    let mut index = Index::open(conn, cache, Texts::LeftOut)?;
    let found = matching(&mut index, scope, filter)?;
    let sets = Sets::read(&mut index, scope, &found, span, now)?;
    let terms: Vec<Term<'_>> = areas.iter().map(|area| Term::Area(area)).collect();
    let mut of_areas = Vec::new();
    for (area, set) in areas.iter().zip(index.sets(&terms)?) {
        let of_area = &found & &*set;
        if !of_area.is_empty() {
            of_areas.push((area.clone(), sets.situation(Some(&of_area))));
        }
    }
    Ok(of_areas)
}

/// Overdue issues that are named for one point. Source: our choice; more are found by the list of the point's issues.
const OVERDUE_NAMED_MAX: usize = 20;

/// Of these points those at which released issues are overdue at `now`, each with up to twenty of the issues.
pub fn overdue_at(
    conn: &mut Conn,
    cache: &SetCache,
    points: &[PointId],
    now: Timestamp,
) -> Result<Vec<(PointId, Vec<IssueId>)>, StoreError> {
    let mut index = Index::open(conn, cache, Texts::LeftOut)?;
    let released = union(&index.sets(&[Term::Released])?);
    let late = overdue(&mut index, &released, now)?;
    let terms: Vec<Term<'_>> = points.iter().map(|point| Term::Point(*point)).collect();
    let mut at_points: Vec<(PointId, Vec<i64>)> = Vec::new();
    for (point, set) in points.iter().zip(index.sets(&terms)?) {
        let here = &late & &*set;
        if !here.is_empty() {
            at_points.push((*point, here.iter().take(OVERDUE_NAMED_MAX).map(i64::from).collect()));
        }
    }
    let seqs: Vec<i64> = at_points.iter().flat_map(|(_, seqs)| seqs).copied().collect();
    let ids: Vec<(i64, IssueId)> = each_some(&seqs, |some| {
        Ok(issues::table.filter(issues::seq.eq_any(some)).select((issues::seq, issues::id)).load(conn)?)
    })?;
    let ids: HashMap<i64, IssueId> = ids.into_iter().collect();
    let named = |seqs: Vec<i64>| seqs.iter().filter_map(|seq| ids.get(seq).copied()).collect();
    Ok(at_points.into_iter().map(|(point, seqs)| (point, named(seqs))).collect())
}

/// The sets of what happened in a span.
struct Happened {
    entered: RoaringBitmap,
    closed: RoaringBitmap,
    due: RoaringBitmap,
    on_time: RoaringBitmap,
    late: RoaringBitmap,
}

impl Happened {
    fn read(
        index: &mut Index<'_>,
        scope: Scope,
        found: &RoaringBitmap,
        (from, to): Span,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let (from, to) = (Some(from), Some(to));
        let entered = entered(index, scope, found.clone(), from, to)?;
        let closed = between(index, Order::Closing, found.clone(), from, to)?;
        let void = union(&index.sets(&[Term::State(State::Void)])?);
        let due = between(index, Order::Due, found.clone(), from, to)? - void;
        let on_time = union(&index.sets(&[Term::OnTime])?) & &due;
        let late = late(index, &due, now)?;
        Ok(Happened { entered, closed, due, on_time, late })
    }

    fn count(&self) -> SpanFigures {
        SpanFigures {
            entered: self.entered.len(),
            closed: self.closed.len(),
            due: self.due.len(),
            on_time: self.on_time.len(),
            late: self.late.len(),
        }
    }
}

impl Sets {
    fn read(
        index: &mut Index<'_>,
        scope: Scope,
        found: &RoaringBitmap,
        span: Span,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let settled: Vec<Term<'_>> = State::SETTLED.iter().map(|state| Term::State(*state)).collect();
        let open = (union(&index.sets(&[Term::Released])?) & found) - union(&index.sets(&settled)?);
        let Happened { entered, closed, due, on_time, late } = Happened::read(index, scope, found, span, now)?;
        let rework = union(&index.sets(&[Term::Round(2)])?) & &closed;
        let rebounds = union(&index.sets(&[Term::Rebound])?) & &entered;
        let reminded = union(&index.sets(&[Term::Reminded(2)])?) & &open;
        let days: Vec<Term<'_>> = (0..=DAYS_OPEN_MAX).map(Term::DaysOpen).collect();
        let by_days = (0..).zip(index.sets(&days)?).map(|(days, set)| (days, &*set & &closed));
        let by_days = by_days.filter(|(_, set)| !set.is_empty()).collect();
        let overdue = overdue(index, &open, now)?;
        Ok(Sets { open, overdue, reminded, entered, closed, due, on_time, late, rework, rebounds, by_days })
    }

    /// The figures of some of the issues, or of all.
    fn situation(&self, some: Option<&RoaringBitmap>) -> Situation {
        let count = |set: &RoaringBitmap| some.map_or_else(|| set.len(), |some| set.intersection_len(some));
        let Sets { open, overdue, reminded, entered, closed, due, on_time, late, rework, rebounds, by_days } = self;
        Situation {
            open: count(open),
            overdue: count(overdue),
            reminded: count(reminded),
            span: SpanFigures {
                entered: count(entered),
                closed: count(closed),
                due: count(due),
                on_time: count(on_time),
                late: count(late),
            },
            rework: count(rework),
            rebounds: count(rebounds),
            median_days: median(by_days.iter().map(|(days, set)| (*days, count(set))), count(closed)),
        }
    }
}

/// The median of values that occur so often, in ascending order; the mean of the middle two if there are two.
fn median(values: impl Iterator<Item = (i32, u64)>, total: u64) -> Option<f64> {
    let (lower, upper) = (total.checked_sub(1)? / 2, total / 2);
    let mut below = 0;
    let mut first = None;
    for (value, count) in values {
        below += count;
        if first.is_none() && below > lower {
            first = Some(value);
        }
        if below > upper {
            return first.map(|first| f64::midpoint(f64::from(first), f64::from(value)));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_the_middle_or_the_mean_of_the_middle_two() {
        for (values, expected) in [
            (vec![], None),
            (vec![(3, 1)], Some(3.0)),
            (vec![(1, 1), (4, 1)], Some(2.5)),
            (vec![(0, 2), (7, 1)], Some(0.0)),
            (vec![(0, 1), (2, 1), (9, 2)], Some(5.5)),
            (vec![(1, 5), (2, 4)], Some(1.0)),
            (vec![(1, 5), (2, 5)], Some(1.5)),
        ] {
            let total = values.iter().map(|(_, count)| count).sum();
            assert_eq!(median(values.iter().copied(), total), expected, "{values:?}");
        }
    }
}
