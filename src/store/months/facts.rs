//! The facts of a month, read from issues, their events, and visits, all as of the cut-off.
//!
//! Only issues that were open in the month or fell due in it are read. If nobody has changed an issue since the
//! cut-off, its row is read. Otherwise its state at the cut-off is rebuilt from its events; a check of the month does
//! this with all issues.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use diesel::prelude::*;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::self_found::{covered, self_found};
use super::{Gathering, visits};
use crate::domain::calendar::WorkCalendar;
use crate::domain::ids::{IssueId, PointId, UnitId};
use crate::domain::issue::{Action, RequestKind, RequestState, State, UnitRequest, UnitReturn};
use crate::domain::month::facts::{
    AdjustmentRow, BonusHead, BonusRow, CaseRow, DeductionHead, DeductionRow, DispatchRow, LookBackResult, LookBackRow,
    PointRow, UnitRow,
};
use crate::domain::month::metric::Span;
use crate::domain::month::workdays::plus_working_days;
use crate::domain::month::{Facts, Month, Row};
use crate::domain::time::{Date, Timestamp};
use crate::store::dialect::{ASKED_AT_ONCE, each_some};
use crate::store::schema::{issue_events, issue_requests, issue_returns, issues, points};
use crate::store::{Conn, StoreError, cards, self_reports, unlisted_places};

/// Working days for the check of a fix, by which the deadline of the closing 结案时限 is later than that of the fix.
/// Source: domain rule T10, a check on site.
const CHECK_DAYS: i32 = 3;

/// Most calendar days from the deadline of a fix to that of its closing: [`CHECK_DAYS`] over the longest holidays.
/// Source: our choice, far above; nine days off are the most in the calendar of 2026.
const CHECK_SPAN: std::time::Duration = std::time::Duration::from_secs(31 * 86_400);

/// How long before the month cards charged what a later one must not charge again. Source: our choice, a year: no rule
/// of cards looks back further.
const EARLIER_SPAN: std::time::Duration = std::time::Duration::from_secs(366 * 86_400);

/// Units and points of the month: as they are now when it is frozen, as its snapshot has them when it is checked,
/// since their rows keep no history.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// Units that get a score.
    pub units: Vec<UnitRow>,
    /// Points, without scores and overdue issues.
    pub points: Vec<PointRow>,
}

/// What is to be read.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// The month.
    pub month: Month,
    /// From its start to its cut-off.
    pub span: Span,
    /// The months of look-backs.
    pub look_backs: Span,
    /// The calendar.
    pub calendar: &'a WorkCalendar,
    /// How.
    pub gathering: Gathering,
    /// Whether every issue is rebuilt from its events.
    pub is_from_events: bool,
}

/// The points in use, with the units that answer for them now. Without those that are concealed because nothing was
/// released there: that such a point is on the board would tell of an inspection.
pub fn points_now(conn: &mut Conn) -> Result<Vec<PointRow>, StoreError> {
    let rows: Vec<(PointId, String, UnitId, Option<UnitId>, bool)> = points::table
        .filter(points::active.eq(true))
        .order(points::id)
        .select((points::id, points::name, points::lead_unit_id, points::territorial_unit_id, points::is_demo))
        .load(conn)?;
    let concealed = unlisted_places::concealed(conn)?;
    let row = |(point_id, name, lead_unit_id, territorial_unit_id, is_demo)| PointRow {
        point_id,
        name,
        lead_unit_id,
        territorial_unit_id,
        is_demo,
        month_score: None,
        latest: None,
        overdue: Vec::new(),
    };
    Ok(rows.into_iter().filter(|(point, ..)| !concealed.contains(point)).map(row).collect())
}

/// The facts of a month. Call it in one transaction, so that all of it is one moment's.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn gather(conn: &mut Conn, places: Places, asked: &Asked<'_>) -> Result<Facts, StoreError> {
    let territory: HashMap<PointId, Option<UnitId>> =
        places.points.iter().map(|point| (point.point_id, point.territorial_unit_id)).collect();
    let of_point = |point: PointId| territory.get(&point).copied().flatten();
    let mut facts = Facts { units: places.units, points: places.points, ..Facts::default() };
    let mut overdue: BTreeMap<PointId, Vec<IssueId>> = BTreeMap::new();
    let mut closings = Closings::default();
    for known in known_issues(conn, asked)? {
        if let Some(case) = known.case(asked, of_point(known.point_id), &mut closings) {
            facts.cases.push(case);
        }
        facts.dispatches.extend(known.dispatches(asked.span));
        facts.deductions.extend(known.deductions(asked.span));
        if known.is_overdue(asked.span.to) {
            overdue.entry(known.point_id).or_default().push(known.issue_id);
        }
    }
    let units_of = |point: &PointRow| -> Vec<UnitId> {
        [point.lead_unit_id].into_iter().chain(point.territorial_unit_id).collect()
    };
    let charged = facts.points.iter().map(|point| (point.point_id, units_of(point))).collect();
    let mut scores = visits::scores(conn, asked.span, asked.calendar, asked.gathering, charged)?;
    for point in &mut facts.points {
        point.overdue = overdue.remove(&point.point_id).unwrap_or_default();
        (point.month_score, point.latest) = scores.remove(&point.point_id).unwrap_or_default();
    }
    facts.look_backs = look_backs(conn, asked, &of_point)?;
    let charged = cards::deductions(conn, asked.span.from, asked.span.to, asked.gathering)?;
    facts.deductions.extend(self_found(conn, charged, asked)?);
    facts.earlier = earlier(conn, asked, &facts.deductions)?;
    facts.bonuses = bonuses(conn, asked)?;
    let adjustments = super::adjustments(conn, asked.month)?;
    // No line is added to a month once it is frozen.
    facts.adjustments = adjustments
        .into_iter()
        .map(|line| AdjustmentRow {
            adjustment_id: line.id,
            unit_id: line.unit_id,
            of: line.of_month,
            points: line.points,
        })
        .collect();
    Ok(facts.sorted())
}

/// The cards of earlier months for events that a deduction of this one is for: those of months that were scored.
fn earlier(conn: &mut Conn, asked: &Asked<'_>, of: &[DeductionRow]) -> Result<Vec<DeductionRow>, StoreError> {
    let Some(first) = super::first(conn)? else { return Ok(Vec::new()) };
    let from = first.starts(asked.calendar).max(asked.span.from.minus(EARLIER_SPAN));
    let events: HashSet<(UnitId, &String)> =
        of.iter().flat_map(|row| row.events.iter().map(|event| (row.unit_id, event))).collect();
    let mut found = cards::deductions(conn, from, asked.span.from, asked.gathering)?;
    found.retain(|(row, _)| row.events.iter().any(|event| events.contains(&(row.unit_id, event))));
    self_found(conn, found, asked)
}

/// The bonuses of the month: commendations, and what units found themselves and put right in time, in the month in which
/// it was confirmed.
fn bonuses(conn: &mut Conn, asked: &Asked<'_>) -> Result<Vec<BonusRow>, StoreError> {
    let given = super::commendations(conn, asked.month)?;
    // Both times are read under the lock of months: what was recorded before the gathering is in it, one in the same
    // instant too.
    let known = given.into_iter().filter(|of| of.made_at <= asked.gathering.at);
    let row = |of: super::Commendation| BonusRow {
        unit_id: of.unit_id,
        head: BonusHead::Commendation,
        row: Row::Commendation(of.id),
    };
    let mut rows: Vec<BonusRow> = known.map(row).collect();
    let found = self_reports::confirmed(conn, (asked.span.from, asked.span.to), asked.gathering.at)?;
    rows.extend(found.into_iter().map(|(unit_id, report)| BonusRow {
        unit_id,
        head: BonusHead::SelfFound,
        row: Row::SelfReport(report),
    }));
    Ok(rows)
}

/// A released issue as of the cut-off, void or not worth mentioning if it was that.
#[derive(Debug)]
struct Known {
    issue_id: IssueId,
    point_id: PointId,
    unit_id: Option<UnitId>,
    state: State,
    due_at: Option<Timestamp>,
    handled_at: Option<Timestamp>,
    closed_at: Option<Timestamp>,
    assigned_at: Option<Timestamp>,
    failed_checks: Vec<Timestamp>,
    is_extended: bool,
    /// Returns that were judged: by whom, when judged, whether founded.
    judged: Vec<(UnitId, Timestamp, bool)>,
}

/// The deadlines of closings, by the day of the fix's: one computation for each day.
#[derive(Debug, Default)]
struct Closings(HashMap<Date, Timestamp>);

impl Closings {
    fn of(&mut self, due: Timestamp, calendar: &WorkCalendar) -> Timestamp {
        let day = calendar.civil_date(due);
        *self.0.entry(day).or_insert_with(|| calendar.end_of_day(plus_working_days(calendar, day, CHECK_DAYS)))
    }
}

impl Known {
    /// Its row, if any figure of the month can depend on it.
    fn case(&self, asked: &Asked<'_>, territorial_unit_id: Option<UnitId>, closings: &mut Closings) -> Option<CaseRow> {
        let span = asked.span;
        let (unit_id, due_at) = (self.unit_id?, self.due_at?);
        let close_due_at = closings.of(due_at, asked.calendar);
        let is_open = self.closed_at.is_none_or(|closed| closed >= span.from);
        let was_checked = self.failed_checks.iter().chain(&self.closed_at).any(|at| span.contains(*at));
        let is_due = due_at < span.to && (due_at >= span.from || is_open)
            || close_due_at < span.to && (close_due_at >= span.from || is_open);
        (is_due || was_checked).then(|| CaseRow {
            issue_id: self.issue_id,
            unit_id,
            territorial_unit_id,
            due_at,
            close_due_at,
            handled_at: self.handled_at,
            closed_at: self.closed_at,
            failed_checks: self.failed_checks.clone(),
            is_extended: self.is_extended,
            is_deferred: self.waits_for_others(),
        })
    }

    /// Whether the deadline does not run against the unit: it is on the books, or the unit returned it and nobody has
    /// judged that yet. An unfounded return counts once it is judged.
    fn waits_for_others(&self) -> bool {
        matches!(self.state, State::Hung | State::Redispatch)
    }

    fn is_overdue(&self, at: Timestamp) -> bool {
        State::OWING.contains(&self.state) && !self.waits_for_others() && self.due_at.is_some_and(|due| due < at)
    }

    /// The unit that has it, if it got it in the month, and those whose return was judged unfounded in it.
    fn dispatches(&self, span: Span) -> Vec<DispatchRow> {
        let row = |unit_id, is_unfounded_return| DispatchRow { issue_id: self.issue_id, unit_id, is_unfounded_return };
        let unfounded: Vec<UnitId> = self.unfounded(span).collect();
        let has_it = self.unit_id.filter(|unit| {
            self.state != State::Redispatch
                && !unfounded.contains(unit)
                && self.assigned_at.is_some_and(|at| span.contains(at))
        });
        has_it.map(|unit| row(unit, false)).into_iter().chain(unfounded.iter().map(|unit| row(*unit, true))).collect()
    }

    fn unfounded(&self, span: Span) -> impl Iterator<Item = UnitId> {
        self.judged.iter().filter(move |(_, at, founded)| !founded && span.contains(*at)).map(|(unit, ..)| *unit)
    }

    fn deductions(&self, span: Span) -> Vec<DeductionRow> {
        let row = |unit_id: UnitId| DeductionRow {
            unit_id,
            head: DeductionHead::UnfoundedReturn,
            row: Row::Issue(self.issue_id),
            events: vec![format!("unfounded-return:{}:{unit_id}", self.issue_id)],
            is_self_found: false,
        };
        self.unfounded(span).map(row).collect()
    }
}

/// The row of an issue that may matter, with the time of its last event.
type Candidate = (
    (IssueId, PointId, Option<UnitId>, State, i32),
    (Option<Timestamp>, Option<Timestamp>, Option<Timestamp>, Option<Timestamp>, Option<Timestamp>),
    Timestamp,
);

/// Candidates by their index: `$filter` is what the index answers.
macro_rules! candidates {
    ($conn:expr, $to:expr, $filter:expr) => {
        issues::table
            .inner_join(
                issue_events::table
                    .on(issue_events::issue_id.eq(issues::id).and(issue_events::version.eq(issues::version))),
            )
            .filter($filter)
            .filter(issues::released_at.lt($to))
            .select((
                (issues::id, issues::point_id, issues::unit_id, issues::state, issues::round),
                (issues::due_at, issues::fix_counted_at, issues::reported_at, issues::closed_at, issues::assigned_at),
                issue_events::at,
            ))
            .load::<Candidate>($conn)
    };
}

/// Every released issue that was open in the month or fell due in it, each once.
fn candidates(conn: &mut Conn, span: Span) -> Result<Vec<Candidate>, StoreError> {
    let Span { from, to } = span;
    // States of released issues that are not settled.
    let states = [State::Assigned, State::Rectifying, State::Redispatch, State::Reported, State::Rework, State::Hung];
    let mut found = candidates!(conn, to, issues::state.eq_any(states))?;
    for state in [State::Closed, State::Archived] {
        found.extend(candidates!(conn, to, issues::state.eq(state).and(issues::closed_at.ge(from)))?);
        let due = issues::due_order.ge(from.minus(CHECK_SPAN).as_micros()).and(issues::due_order.lt(to.as_micros()));
        found.extend(candidates!(conn, to, issues::state.eq(state).and(due))?);
    }
    // Only those that were released ever had a deadline.
    let released = issues::due_order.lt(i64::MAX);
    found.extend(candidates!(conn, to, issues::state.eq(State::Void).and(released))?);
    let mut seen = HashSet::with_capacity(found.len());
    found.retain(|((id, ..), ..)| seen.insert(*id));
    Ok(found)
}

fn known_issues(conn: &mut Conn, asked: &Asked<'_>) -> Result<Vec<Known>, StoreError> {
    let found = candidates(conn, asked.span)?;
    let ids: Vec<IssueId> = found.iter().map(|((id, ..), ..)| *id).collect();
    let returned: HashSet<IssueId> = each_some(&ids, |some| {
        Ok(issue_returns::table
            .filter(issue_returns::issue_id.eq_any(some))
            .select(issue_returns::issue_id)
            .load(conn)?)
    })?
    .into_iter()
    .collect();
    let (mut known, mut of_events, mut of_rows) = (Vec::new(), Vec::new(), Vec::new());
    for candidate in found {
        let ((id, _, _, state, round), _, last_at) = candidate;
        if asked.is_from_events || last_at >= asked.span.to || round > 1 || returned.contains(&id) {
            of_events.push(id);
        } else if state != State::Void {
            of_rows.push(candidate);
        }
    }
    let ids: Vec<IssueId> = of_rows.iter().map(|((id, ..), ..)| *id).collect();
    let extended: HashSet<IssueId> = each_some(&ids, |some| {
        Ok(issue_requests::table
            .filter(issue_requests::issue_id.eq_any(some))
            .filter(issue_requests::kind.eq(RequestKind::Extension))
            .filter(issue_requests::state.eq(RequestState::Granted))
            .select(issue_requests::issue_id)
            .load(conn)?)
    })?
    .into_iter()
    .collect();
    for ((issue_id, point_id, unit_id, state, _), (due_at, counted, reported, closed_at, assigned_at), _) in of_rows {
        known.push(Known {
            issue_id,
            point_id,
            unit_id,
            state,
            due_at,
            handled_at: handled(state, counted.or(reported)),
            closed_at,
            assigned_at,
            failed_checks: Vec::new(),
            is_extended: extended.contains(&issue_id),
            judged: Vec::new(),
        });
    }
    for some in of_events.chunks(ASKED_AT_ONCE) {
        known.extend(replayed(conn, some, asked)?);
    }
    Ok(known)
}

/// The time from which a fix counts that passed its check or waits for it.
fn handled(state: State, counted: Option<Timestamp>) -> Option<Timestamp> {
    match state {
        State::Reported | State::Closed | State::Archived => counted,
        State::Receiving
        | State::Submitted
        | State::Returned
        | State::Sealed
        | State::Assigned
        | State::Rectifying
        | State::Redispatch
        | State::Rework
        | State::Hung
        | State::Void => None,
    }
}

/// The fields of an issue that figures depend on, by the names that events write them with.
#[derive(Debug, Deserialize)]
struct Fields {
    state: State,
    point_id: PointId,
    unit_id: Option<UnitId>,
    due_at: Option<Timestamp>,
    fix_counted_at: Option<Timestamp>,
    reported_at: Option<Timestamp>,
    closed_at: Option<Timestamp>,
    assigned_at: Option<Timestamp>,
    released_at: Option<Timestamp>,
    #[serde(default)]
    returns: Vec<UnitReturn>,
    #[serde(default)]
    requests: Vec<UnitRequest>,
}

/// The names of [`Fields`].
const FIELDS: [&str; 11] = [
    "state",
    "point_id",
    "unit_id",
    "due_at",
    "fix_counted_at",
    "reported_at",
    "closed_at",
    "assigned_at",
    "released_at",
    "returns",
    "requests",
];

/// An issue that is rebuilt from its events.
#[derive(Debug, Default)]
struct Story {
    fields: Map<String, Value>,
    failed_checks: Vec<Timestamp>,
    reassigned: Vec<Timestamp>,
    is_void: bool,
}

type EventRow = (IssueId, i64, Timestamp, Action, State, String);

/// These issues as their events before the cut-off make them; those left out that were void by the time of the
/// gathering.
fn replayed(conn: &mut Conn, of: &[IssueId], asked: &Asked<'_>) -> Result<Vec<Known>, StoreError> {
    let rows: Vec<EventRow> = each_some(of, |some| {
        Ok(issue_events::table
            .filter(issue_events::issue_id.eq_any(some))
            .order((issue_events::issue_id, issue_events::version))
            .select((
                issue_events::issue_id,
                issue_events::seq,
                issue_events::at,
                issue_events::action,
                issue_events::to_state,
                issue_events::changes,
            ))
            .load(conn)?)
    })?;
    let corrupt = |error: serde_json::Error| StoreError::Corrupt(error.to_string());
    let mut stories: HashMap<IssueId, Story> = HashMap::with_capacity(of.len());
    for (id, seq, at, action, to, changes) in rows {
        let story = stories.entry(id).or_default();
        story.is_void |= to == State::Void && asked.gathering.knows(at, seq);
        if at >= asked.span.to {
            continue;
        }
        if matches!(action, Action::Fail | Action::ConfirmFalseEvidence) {
            story.failed_checks.push(at);
        } else if action == Action::Reassign {
            story.reassigned.push(at);
        }
        let changes: Map<String, Value> = serde_json::from_str(&changes).map_err(corrupt)?;
        story.fields.extend(changes.into_iter().filter(|(name, _)| FIELDS.contains(&name.as_str())));
    }
    let mut known = Vec::with_capacity(of.len());
    for issue_id in of {
        let Some(story) = stories.remove(issue_id).filter(|story| !story.is_void) else { continue };
        let fields: Fields = serde_json::from_value(Value::Object(story.fields)).map_err(corrupt)?;
        if fields.released_at.is_none() {
            continue;
        }
        let judged_at = |at: Timestamp| story.reassigned.iter().copied().find(|judged| *judged >= at);
        let judged = fields.returns.iter();
        let judged = judged.filter_map(|back| Some((back.unit_id, judged_at(back.at)?, back.founded?))).collect();
        let is_granted = |of: &UnitRequest| of.kind == RequestKind::Extension && of.state == RequestState::Granted;
        known.push(Known {
            issue_id: *issue_id,
            point_id: fields.point_id,
            unit_id: fields.unit_id,
            state: fields.state,
            due_at: fields.due_at,
            handled_at: handled(fields.state, fields.fix_counted_at.or(fields.reported_at)),
            closed_at: fields.closed_at,
            assigned_at: fields.assigned_at,
            failed_checks: story.failed_checks,
            is_extended: fields.requests.iter().any(is_granted),
            judged,
        });
    }
    Ok(known)
}

/// A relapse that a look-back found: when it was released, and the last event, which made it void if it is.
type Child = (IssueId, IssueId, Option<IssueId>, Timestamp, State, Option<Timestamp>, (Timestamp, i64));

/// The look-backs of the months that count. A rebound is one only once its issue is released; until then the look-back
/// is not there at all, and it is not there either if the issue was void by the gathering, or is no rebound.
fn look_backs(
    conn: &mut Conn,
    asked: &Asked<'_>,
    of_point: &dyn Fn(PointId) -> Option<UnitId>,
) -> Result<Vec<LookBackRow>, StoreError> {
    let Span { from, to } = asked.look_backs;
    // The word itself, and no value beside the statement: the index is of this word alone.
    let is_look_back = diesel::dsl::sql::<diesel::sql_types::Bool>("issue_events.action = 'look-back'");
    let made: Vec<(IssueId, Timestamp, PointId, Option<UnitId>)> = issue_events::table
        .inner_join(issues::table.on(issues::id.eq(issue_events::issue_id)))
        .filter(is_look_back)
        .filter(issue_events::at.ge(from))
        .filter(issue_events::at.lt(to))
        .select((issue_events::issue_id, issue_events::at, issues::point_id, issues::unit_id))
        .load(conn)?;
    let ids: Vec<IssueId> = made.iter().map(|(id, ..)| *id).collect::<BTreeSet<_>>().into_iter().collect();
    let children: Vec<Child> = each_some(&ids, |some| {
        Ok(issues::table
            .inner_join(
                issue_events::table
                    .on(issue_events::issue_id.eq(issues::id).and(issue_events::version.eq(issues::version))),
            )
            .filter(issues::look_back_of.eq_any(some))
            .select((
                issues::id,
                issues::look_back_of.assume_not_null(),
                issues::parent_id,
                issues::received_at,
                issues::state,
                issues::released_at,
                (issue_events::at, issue_events::seq),
            ))
            .load(conn)?)
    })?;
    let settled = settled_later(conn, &ids, to)?;
    let mut found: HashMap<(IssueId, Timestamp), Option<LookBackResult>> = HashMap::new();
    let units: HashMap<IssueId, UnitId> = made.iter().filter_map(|(id, _, _, unit)| Some((*id, (*unit)?))).collect();
    let charged: Vec<(IssueId, UnitId)> =
        children.iter().filter_map(|(child, of, ..)| Some((*child, *units.get(of)?))).collect();
    // A relapse that the unit had reported itself counts neither for nor against it, as if nobody had looked.
    let own: HashSet<IssueId> = covered(conn, &charged, asked)?.into_iter().map(|(issue, _)| issue).collect();
    for (child, of, parent, received_at, state, released_at, (last_at, seq)) in children {
        let is_void = state == State::Void && asked.gathering.knows(last_at, seq);
        let is_released = released_at.is_some_and(|at| at < asked.span.to);
        let is_known = is_released && !is_void && parent == Some(of) && !own.contains(&child);
        found.insert((of, received_at), is_known.then_some(LookBackResult::Rebound));
    }
    let row = |(issue_id, at, point_id, unit_id): (IssueId, Timestamp, PointId, Option<UnitId>)| {
        let result = found.get(&(issue_id, at)).copied().unwrap_or(Some(LookBackResult::Held))?;
        let point_id = settled.get(&issue_id).copied().unwrap_or(point_id);
        Some(LookBackRow { issue_id, unit_id: unit_id?, territorial_unit_id: of_point(point_id), at, result })
    };
    Ok(made.into_iter().filter_map(row).collect())
}

/// Where those of these issues were at `to` whose place was settled later: few, if any.
pub(super) fn settled_later(
    conn: &mut Conn,
    ids: &[IssueId],
    to: Timestamp,
) -> Result<HashMap<IssueId, PointId>, StoreError> {
    let later: Vec<IssueId> = each_some(ids, |some| {
        Ok(issue_events::table
            .filter(issue_events::issue_id.eq_any(some))
            .filter(issue_events::action.eq(Action::SettlePlace))
            .filter(issue_events::at.ge(to))
            .select(issue_events::issue_id)
            .load(conn)?)
    })?;
    let steps: Vec<(IssueId, String)> = each_some(&later, |some| {
        Ok(issue_events::table
            .filter(issue_events::issue_id.eq_any(some))
            .filter(issue_events::at.lt(to))
            .order((issue_events::issue_id, issue_events::version))
            .select((issue_events::issue_id, issue_events::changes))
            .load(conn)?)
    })?;
    let mut points = HashMap::new();
    for (id, changes) in steps {
        let point: At = serde_json::from_str(&changes).map_err(|error| StoreError::Corrupt(error.to_string()))?;
        points.extend(point.point_id.map(|point| (id, point)));
    }
    Ok(points)
}

/// Where an event put its issue, if it did.
#[derive(Debug, Deserialize)]
struct At {
    point_id: Option<PointId>,
}
