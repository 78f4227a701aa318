//! Ranking, point board and scorecards, down to the rows that each figure was computed from.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Eyes, ResultsCache, record_of};
use crate::app::county::{County, CountyCache};
use crate::app::{App, AppError, Caller, Result};
use crate::domain::ids::{IssueId, PointId, SelfReportId, UnitId};
use crate::domain::month::cycle::Sight;
use crate::domain::month::metric::Figure;
use crate::domain::month::{
    Metric, Month, MonthRecord, MonthState, RankedUnit, Results, Row, StandingPoint, UnitScore,
};
use crate::domain::policy::Permission;
use crate::domain::role::Actor;
use crate::domain::settings::UnitsSeeRanking;
use crate::domain::time::Timestamp;
use crate::store::{Conn, issues, months, reference, self_reports};

/// Most rows of a figure in one answer. Source: our choice, as for other lists.
pub const ROWS_MAX: usize = 200;

/// What a read of a month needs.
struct Reading {
    actor: Actor,
    county: CountyCache,
    cache: ResultsCache,
    month: Month,
    now: Timestamp,
}

/// A month that may be read, with its results.
struct Opened {
    record: MonthRecord,
    eyes: Eyes,
    results: Arc<Results>,
    county: County,
}

impl Reading {
    fn new(app: &App, caller: &Caller, month: Month) -> Result<Self> {
        caller.require(Permission::ReadMonths)?;
        let (county, cache) = (app.county.clone(), app.month_results.clone());
        Ok(Reading { actor: caller.actor, county, cache, month, now: app.now() })
    }

    fn open(&self, conn: &mut Conn) -> Result<Opened> {
        let county = self.county.load(conn)?;
        let (record, _) = record_of(conn, &county, self.month, self.now)?;
        let eyes = Eyes::of(&self.actor, &record).ok_or(AppError::NotFound)?;
        let results = self.cache.load(conn, record.results.ok_or(AppError::NotFound)?)?;
        Ok(Opened { record, eyes, results, county })
    }
}

impl Opened {
    /// Whether a unit may read its group's ranking.
    fn shows_group(&self) -> bool {
        self.record.state == MonthState::Published
            && self.record.sight(crate::domain::role::Role::Unit) == Sight::Everything
            && self.county.settings.month_ranking == UnitsSeeRanking::OwnGroup
    }

    fn score(&self, unit: UnitId) -> Result<&UnitScore> {
        if matches!(self.eyes, Eyes::Unit(own) if own != unit) {
            return Err(AppError::NotFound);
        }
        self.results.units.iter().find(|score| score.unit_id == unit).ok_or(AppError::NotFound)
    }
}

/// The ranking of a month as the caller may read it.
#[derive(Debug)]
pub struct ShownRanking {
    /// Whose eyes.
    pub eyes: Eyes,
    /// Ranked units, by group and rank.
    pub ranked: Vec<RankedUnit>,
    /// Units without a rank 样本不足: id, name, group.
    pub insufficient: Vec<(UnitId, String, String)>,
    /// The county's pass rates; `None` for units.
    pub pass_rates: Option<(Figure, Figure)>,
}

/// The ranking of a month: for a unit that of its own group, if it is published and the county shows it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn ranking(app: &App, caller: &Caller, month: Month) -> Result<ShownRanking> {
    let reading = Reading::new(app, caller, month)?;
    app.store
        .read(move |conn| {
            let opened = reading.open(conn)?;
            let results = &opened.results;
            let group = match opened.eyes {
                Eyes::Office | Eyes::Leader => None,
                Eyes::Unit(_) if !opened.shows_group() => return Err(AppError::NotFound),
                Eyes::Unit(own) => Some(opened.score(own)?.peer_group.clone()),
            };
            let is_shown = |of: &str| group.as_ref().is_none_or(|group| group == of);
            let ranked = results.ranking.ranked.iter().filter(|unit| is_shown(&unit.peer_group)).cloned().collect();
            let insufficient = results.units.iter().filter(|unit| results.ranking.insufficient.contains(&unit.unit_id));
            let insufficient = insufficient
                .filter(|unit| is_shown(&unit.peer_group))
                .map(|unit| (unit.unit_id, unit.name.clone(), unit.peer_group.clone()))
                .collect();
            let rates = || (results.pass_rates.all.clone(), results.pass_rates.demo.clone());
            Ok(ShownRanking { eyes: opened.eyes, ranked, insufficient, pass_rates: group.is_none().then(rates) })
        })
        .await
}

/// The point board of a month: all points, or those that the unit leads.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn board(app: &App, caller: &Caller, month: Month) -> Result<Vec<StandingPoint>> {
    let reading = Reading::new(app, caller, month)?;
    app.store
        .read(move |conn| {
            let opened = reading.open(conn)?;
            let is_shown = |point: &&StandingPoint| match opened.eyes {
                Eyes::Office | Eyes::Leader => true,
                Eyes::Unit(own) => point.lead_unit_id == own,
            };
            Ok(opened.results.board.iter().filter(is_shown).cloned().collect())
        })
        .await
}

/// A row with a name for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRow {
    /// The row.
    pub row: Row,
    /// What it is called: an issue's number and point, a point's name, a commendation's title.
    pub name: String,
}

/// A unit's scorecard.
#[derive(Debug)]
pub struct ShownCard {
    /// Whose eyes.
    pub eyes: Eyes,
    /// The score.
    pub score: UnitScore,
    /// Its place in the ranking, where the caller may read it.
    pub ranked: Option<RankedUnit>,
    /// Names of the rows of points, deductions, bonuses and corrections.
    pub names: HashMap<Row, String>,
}

/// The scorecard of a unit.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] also for another unit's.
pub async fn card(app: &App, caller: &Caller, month: Month, unit: UnitId) -> Result<ShownCard> {
    let reading = Reading::new(app, caller, month)?;
    app.store
        .read(move |conn| {
            let opened = reading.open(conn)?;
            let score = opened.score(unit)?.clone();
            let may_rank = match opened.eyes {
                Eyes::Office | Eyes::Leader => true,
                Eyes::Unit(_) => opened.shows_group(),
            };
            let ranked = opened.results.ranking.ranked.iter().find(|ranked| may_rank && ranked.unit_id == unit);
            let ranked = ranked.cloned();
            let mut rows: Vec<Row> = score.weighed_points.iter().map(|point| point.row).collect();
            rows.extend(score.deductions.lines.iter().map(|line| line.row));
            rows.extend(score.bonuses.lines.iter().flat_map(|line| line.rows.iter().copied()));
            rows.extend(score.adjustment_rows.iter().copied());
            let names = names(conn, reading.month, &rows)?;
            let score = if opened.eyes == Eyes::Office { score } else { score.as_unit_sees_it() };
            Ok(ShownCard { eyes: opened.eyes, score, ranked, names })
        })
        .await
}

/// A figure of a scorecard, as the caller may read it.
#[derive(Debug)]
pub struct ShownFigure {
    /// Whose eyes.
    pub eyes: Eyes,
    /// The figure.
    pub figure: Figure,
}

/// Some rows of a figure.
#[derive(Debug)]
pub struct FigureRows {
    /// The figure.
    pub shown: ShownFigure,
    /// The rows, and whether each belongs to the part.
    pub rows: Vec<(NamedRow, bool)>,
    /// Where the next page begins; `None` on the last one.
    pub next: Option<usize>,
}

/// The figure of a score with this metric, if the score has it.
#[must_use]
pub fn figure_of(score: &UnitScore, metric: Metric) -> Option<&Figure> {
    match metric {
        Metric::Handling => Some(&score.handling_rate),
        Metric::OnTimeHandling => Some(&score.on_time),
        Metric::Rework => Some(&score.rework),
        Metric::OverdueOpen => Some(&score.overdue_open),
        Metric::Extension => Some(&score.extension),
        Metric::Rebound => Some(&score.rebound),
        Metric::BuckPassing => Some(&score.buck_passing),
        Metric::Closing => Some(&score.closing),
        Metric::OnTimeClosing => Some(&score.on_time_closing),
        Metric::Register
        | Metric::ValidReport
        | Metric::CorrectDispatch
        | Metric::Miss
        | Metric::Pass
        | Metric::DemoPass => None,
    }
}

/// The rows of a figure of a unit's score, from row `after` on.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn figure(
    app: &App,
    caller: &Caller,
    month: Month,
    (unit, metric): (UnitId, Metric),
    (after, limit): (usize, usize),
) -> Result<FigureRows> {
    let reading = Reading::new(app, caller, month)?;
    let limit = limit.clamp(1, ROWS_MAX);
    app.store
        .read(move |conn| {
            let opened = reading.open(conn)?;
            let figure = figure_of(opened.score(unit)?, metric).ok_or(AppError::NotFound)?.clone();
            let figure = if opened.eyes == Eyes::Office { figure } else { figure.as_unit_sees_it() };
            let some: Vec<Row> = figure.whole_rows.iter().skip(after).take(limit).copied().collect();
            let next = (figure.whole_rows.len() > after + some.len()).then_some(after + some.len());
            let mut named = names(conn, reading.month, &some)?;
            let row = |row: Row| {
                let is_part = figure.part_rows.binary_search(&row).is_ok();
                (NamedRow { row, name: named.remove(&row).unwrap_or_default() }, is_part)
            };
            let rows = some.into_iter().map(row).collect();
            Ok(FigureRows { shown: ShownFigure { eyes: opened.eyes, figure }, rows, next })
        })
        .await
}

/// What these rows are called. A row that is gone has no name.
fn names(conn: &mut Conn, month: Month, rows: &[Row]) -> Result<HashMap<Row, String>> {
    let (mut of_issues, mut of_points) = (Vec::<IssueId>::new(), Vec::<PointId>::new());
    let mut of_units: Vec<SelfReportId> = Vec::new();
    let (mut has_commendation, mut has_adjustment) = (false, false);
    for row in rows {
        match row {
            Row::Issue(id) => of_issues.push(*id),
            Row::Point(id) => of_points.push(*id),
            Row::Commendation(_) => has_commendation = true,
            Row::Adjustment(_) => has_adjustment = true,
            Row::SelfReport(id) => of_units.push(*id),
            // A card is named after its kind, which its line says.
            Row::Card(_) => {}
        }
    }
    let found = issues::find_many(conn, &of_issues)?;
    of_points.extend(found.iter().map(|issue| issue.finding.point_id));
    let points: HashMap<PointId, String> =
        reference::point_summaries(conn, &of_points)?.into_iter().map(|point| (point.id, point.name)).collect();
    let point = |id: &PointId| points.get(id).cloned().unwrap_or_default();
    let mut names: HashMap<Row, String> = HashMap::new();
    for issue in found {
        let number = issue.number.unwrap_or_default();
        names.insert(Row::Issue(issue.id), format!("{number} {}", point(&issue.finding.point_id)).trim().to_owned());
    }
    names.extend(points.iter().map(|(id, name)| (Row::Point(*id), name.clone())));
    for (id, at, item) in self_reports::places(conn, &of_units)? {
        names.insert(Row::SelfReport(id), format!("{item} {at}"));
    }
    if has_commendation {
        let given = months::commendations(conn, month)?;
        names.extend(given.into_iter().map(|of| (Row::Commendation(of.id), of.title)));
    }
    if has_adjustment {
        let lines = months::adjustments(conn, month)?;
        names.extend(lines.into_iter().map(|of| (Row::Adjustment(of.id), of.reason)));
    }
    Ok(names)
}
