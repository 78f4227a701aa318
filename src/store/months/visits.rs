//! The scores of points from visits.
//!
//! A visit counts from the time at which units may know of it: the release of its batch. A visit that was not drawn, if
//! the county counts such visits, counts from the release or rejection of its last report. It counts in the month of
//! that time, so every visit counts in exactly one month, and never before units may know of it.

use std::collections::{BTreeMap, HashMap, HashSet};

use diesel::prelude::*;

use crate::domain::calendar::WorkCalendar;
use crate::domain::ids::{BatchId, IssueId, PointId, UnitId, VisitId};
use crate::domain::issue::State;
use crate::domain::month::Exact;
use crate::domain::month::facts::{LatestScore, PointScore, mean};
use crate::domain::month::metric::Span;
use crate::domain::time::Timestamp;
use crate::domain::visit::{self, ChecklistItem, ItemResult};
use crate::store::dialect::each_some;
use crate::store::months::Gathering;
use crate::store::schema::{batch_events, issue_events, issues, visit_results, visits};
use crate::store::{Conn, StoreError, self_reports};

/// The score of the month and the latest one, of each point that was ever validly visited.
pub(super) type Scores = HashMap<PointId, (Option<PointScore>, Option<LatestScore>)>;

/// A visit without what it saw.
#[derive(Debug, Clone, Copy)]
struct Brief {
    id: VisitId,
    point_id: PointId,
    began_at: Timestamp,
    /// From when it counts.
    counts_at: Timestamp,
}

/// The scores as of the end of `span`.
pub(super) fn scores(
    conn: &mut Conn,
    span: Span,
    calendar: &WorkCalendar,
    gathering: Gathering,
    charged: HashMap<PointId, Vec<UnitId>>,
) -> Result<Scores, StoreError> {
    let mut of_point: BTreeMap<PointId, Vec<Brief>> = BTreeMap::new();
    for brief in known(conn, span, gathering.counts_sudden)? {
        of_point.entry(brief.point_id).or_default().push(brief);
    }
    for briefs in of_point.values_mut() {
        briefs.sort_by_key(|brief| std::cmp::Reverse((brief.began_at, brief.id)));
    }
    let of_month = of_point.values().flatten().filter(|brief| span.contains(brief.counts_at));
    let mut valid = Valid { gathering, until: span.to, charged, scores: HashMap::new() };
    valid.read(conn, &of_month.map(|brief| brief.id).collect::<Vec<_>>())?;
    // The latest valid visit of each point: the newest first, and an older one only where that is not valid.
    let mut waiting: Vec<&[Brief]> = of_point.values().map(Vec::as_slice).collect();
    while !waiting.is_empty() {
        let next: Vec<VisitId> = waiting.iter().filter_map(|briefs| Some(briefs.first()?.id)).collect();
        valid.read(conn, &next)?;
        waiting.retain_mut(|briefs| match briefs.split_first() {
            Some((first, rest)) if valid.score(first.id).is_none() => {
                *briefs = rest;
                !rest.is_empty()
            }
            Some(_) | None => false,
        });
    }
    let scored = of_point.into_iter().map(|(point, briefs)| {
        let in_month = briefs.iter().filter(|brief| span.contains(brief.counts_at));
        let scores: Vec<&PointScore> = in_month.filter_map(|brief| valid.score(brief.id)).collect();
        let values: Vec<Exact> = scores.iter().map(|score| score.score.clone()).collect();
        let is_vetoed = scores.iter().any(|score| score.is_vetoed);
        let month = mean(&values).known().map(|score| PointScore { score: score.clone(), is_vetoed });
        let latest = briefs.iter().find_map(|brief| {
            let score = valid.score(brief.id)?.clone();
            Some(LatestScore { on: calendar.civil_date(brief.began_at), score })
        });
        (point, (month, latest))
    });
    Ok(scored.collect())
}

/// Visits that count from before the end of `span`.
fn known(conn: &mut Conn, span: Span, counts_sudden: bool) -> Result<Vec<Brief>, StoreError> {
    // The word itself: the index is of this word alone.
    let is_release = diesel::dsl::sql::<diesel::sql_types::Bool>("batch_events.action = 'release'");
    let released: Vec<(BatchId, Timestamp)> = batch_events::table
        .filter(is_release)
        .filter(batch_events::at.lt(span.to))
        .select((batch_events::batch_id, batch_events::at))
        .load(conn)?;
    let released: HashMap<BatchId, Timestamp> = released.into_iter().collect();
    let rows: Vec<(VisitId, PointId, Timestamp, Timestamp, Option<BatchId>)> = visits::table
        .filter(visits::began_at.lt(span.to))
        .filter(visits::received_at.lt(span.to))
        .select((visits::id, visits::point_id, visits::began_at, visits::received_at, visits::batch_id))
        .load(conn)?;
    let sudden: Vec<VisitId> = rows.iter().filter(|row| row.4.is_none()).map(|row| row.0).collect();
    let settled = if counts_sudden { settled(conn, &sudden)? } else { HashMap::new() };
    let brief = |(id, point_id, began_at, received_at, batch): (VisitId, PointId, Timestamp, Timestamp, _)| {
        let counts_at = match batch {
            Some(batch) => *released.get(&batch)?,
            None if !counts_sudden => return None,
            None => settled.get(&id).copied().unwrap_or(Some(received_at))?.max(received_at),
        };
        (counts_at < span.to).then_some(Brief { id, point_id, began_at, counts_at })
    };
    Ok(rows.into_iter().filter_map(brief).collect())
}

/// When the last report of each of these visits was released or turned down; `None` where one is neither. A visit
/// without a report is not among them.
fn settled(conn: &mut Conn, ids: &[VisitId]) -> Result<HashMap<VisitId, Option<Timestamp>>, StoreError> {
    let found: Vec<(VisitId, Option<IssueId>)> = each_some(ids, |some| {
        Ok(visit_results::table
            .filter(visit_results::visit_id.eq_any(some))
            .filter(visit_results::issue_id.is_not_null())
            .select((visit_results::visit_id, visit_results::issue_id))
            .load(conn)?)
    })?;
    let reports: Vec<IssueId> = found.iter().filter_map(|(_, issue)| *issue).collect();
    let states: Vec<(IssueId, State, Option<Timestamp>, Timestamp)> = each_some(&reports, |some| {
        Ok(issues::table
            .inner_join(
                issue_events::table
                    .on(issue_events::issue_id.eq(issues::id).and(issue_events::version.eq(issues::version))),
            )
            .filter(issues::id.eq_any(some))
            .select((issues::id, issues::state, issues::released_at, issue_events::at))
            .load(conn)?)
    })?;
    let settled: HashMap<IssueId, Option<Timestamp>> = states
        .into_iter()
        .map(|(id, state, released, last)| (id, released.or((state == State::Void).then_some(last))))
        .collect();
    let mut of_visit: HashMap<VisitId, Option<Timestamp>> = HashMap::new();
    for (visit, issue) in found {
        let at = issue.and_then(|issue| settled.get(&issue).copied().flatten());
        of_visit.entry(visit).and_modify(|last| *last = last.zip(at).map(|(a, b)| a.max(b))).or_insert(at);
    }
    Ok(of_visit)
}

/// A result of a visit: its item, what was recorded, the policy of a permitted zone it falls under, its report.
type Seen = (VisitId, String, ItemResult, Option<String>, Option<IssueId>);

/// The scores of visits that were read; none for a visit that is not valid.
#[derive(Debug)]
struct Valid {
    /// A fault whose report was known to be void is none.
    gathering: Gathering,
    /// What was released before this is known.
    until: Timestamp,
    /// The units that each point is counted for.
    charged: HashMap<PointId, Vec<UnitId>>,
    scores: HashMap<VisitId, Option<PointScore>>,
}

impl Valid {
    fn score(&self, id: VisitId) -> Option<&PointScore> {
        self.scores.get(&id)?.as_ref()
    }

    /// Reads those of `ids` that were not read. What was reported and turned down, or disputed rightly, is not known to
    /// be a fault, nor that there was none: it is not applicable. Neither is one that the point's unit had reported
    /// itself before the visit began (M03): its factor is 0.
    fn read(&mut self, conn: &mut Conn, ids: &[VisitId]) -> Result<(), StoreError> {
        let new: HashSet<VisitId> = ids.iter().copied().filter(|id| !self.scores.contains_key(id)).collect();
        let new: Vec<VisitId> = new.into_iter().collect();
        let checklists: Vec<(VisitId, String, PointId)> = each_some(&new, |some| {
            Ok(visits::table
                .filter(visits::id.eq_any(some))
                .select((visits::id, visits::checklist, visits::point_id))
                .load(conn)?)
        })?;
        let results: Vec<Seen> = each_some(&new, |some| {
            Ok(visit_results::table
                .filter(visit_results::visit_id.eq_any(some))
                .select((
                    visit_results::visit_id,
                    visit_results::item_code,
                    visit_results::result,
                    visit_results::permitted_by,
                    visit_results::issue_id,
                ))
                .load(conn)?)
        })?;
        let reports: Vec<IssueId> = results.iter().filter_map(|(.., issue)| *issue).collect();
        let void: Vec<(IssueId, Timestamp, i64)> = each_some(&reports, |some| {
            Ok(issue_events::table
                .filter(issue_events::issue_id.eq_any(some))
                .filter(issue_events::to_state.eq(State::Void))
                .select((issue_events::issue_id, issue_events::at, issue_events::seq))
                .load(conn)?)
        })?;
        let known = void.into_iter().filter(|(_, at, seq)| self.gathering.knows(*at, *seq));
        let mut without: HashSet<IssueId> = known.map(|(issue, ..)| issue).collect();
        let at: HashMap<VisitId, PointId> = checklists.iter().map(|(id, _, point)| (*id, *point)).collect();
        without.extend(self.self_found(conn, &results, &at)?);
        let mut results_of: HashMap<VisitId, Vec<(String, ItemResult)>> = HashMap::new();
        for (visit, item, recorded, permitted_by, issue) in results {
            let is_out = issue.is_some_and(|issue| without.contains(&issue));
            let result = visit::counted(recorded, is_out || permitted_by.is_some());
            results_of.entry(visit).or_default().push((item, result));
        }
        for (id, checklist, _) in checklists {
            let checklist: Vec<ChecklistItem> =
                serde_json::from_str(&checklist).map_err(|error| StoreError::Corrupt(error.to_string()))?;
            let seen = results_of.remove(&id).unwrap_or_default();
            let seen = seen.iter().map(|(item, result)| (item.as_str(), *result));
            let score = visit::point_score(&checklist, seen).ok().and_then(|score| {
                let (above, below) = score.value.parts();
                Some(PointScore { score: Exact::new(above, below)?, is_vetoed: !score.vetoed_by.is_empty() })
            });
            self.scores.insert(id, score);
        }
        Ok(())
    }

    /// The faults among `results` that a unit which the point is counted for had reported itself.
    fn self_found(
        &self,
        conn: &mut Conn,
        results: &[Seen],
        at: &HashMap<VisitId, PointId>,
    ) -> Result<HashSet<IssueId>, StoreError> {
        let reports: Vec<IssueId> = results.iter().filter_map(|(.., issue)| *issue).collect();
        let of_issue: HashMap<IssueId, (&VisitId, &String)> =
            results.iter().filter_map(|(visit, item, .., issue)| Some(((*issue)?, (visit, item)))).collect();
        let mut seen = self_reports::sightings(conn, &reports)?;
        for one in &mut seen {
            // The place and the item of the visit, which never change.
            if let Some((visit, item)) = of_issue.get(&one.issue_id) {
                one.item_code.clone_from(item);
                one.point_id = at.get(*visit).copied().unwrap_or(one.point_id);
            }
            one.units = self.charged.get(&one.point_id).cloned().unwrap_or_default();
        }
        let covered = self_reports::covered(conn, &seen, self.until, self.gathering)?;
        Ok(covered.into_iter().map(|(issue, _)| issue).collect())
    }
}
