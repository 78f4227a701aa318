//! Sums that visits add to: scores of points, and points 分 lost by item and type of point. They are written with the
//! visit, in its transaction, so that reading them costs the same however many visits there are.

use std::collections::{BTreeMap, HashSet};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Bool};

use crate::domain::ids::{IssueId, PointId, VisitId};
use crate::domain::month::Month;
use crate::domain::planning::Tally;
use crate::domain::time::Timestamp;
use crate::domain::visit::Ratio;
use crate::store::dialect::{each_some, insert_all};
use crate::store::schema::{gap_cells, visit_losses, visit_scores, visits};
use crate::store::{Conn, StoreError};

#[derive(Insertable)]
#[diesel(table_name = visit_losses)]
struct LossRow {
    visit_id: VisitId,
    item_code: String,
    point_type: String,
    point_id: PointId,
    issue_id: Option<IssueId>,
    began_at: Timestamp,
    sudden: bool,
    lost_halves: i64,
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = gap_cells)]
struct CellRow {
    month: Month,
    item_code: String,
    point_type: String,
    observed: i64,
    lost_halves: i64,
    sudden_observed: i64,
    sudden_lost_halves: i64,
}

/// Adds what a visit to a point of this type says, in the month of its beginning. Call it with the sums locked, once
/// for each visit.
pub fn add(conn: &mut Conn, tally: &Tally, point_type: &str, month: Month) -> Result<(), StoreError> {
    let (above, below) = tally.score.parts();
    let part = |part: i128| i64::try_from(part).map_err(|_| StoreError::Corrupt("a score is too fine".into()));
    diesel::insert_into(visit_scores::table)
        .values((
            visit_scores::visit_id.eq(tally.visit_id),
            visit_scores::point_id.eq(tally.point_id),
            visit_scores::began_at.eq(tally.began_at),
            visit_scores::sudden.eq(tally.is_sudden),
            visit_scores::numerator.eq(part(above)?),
            visit_scores::denominator.eq(part(below)?),
            visit_scores::vetoed.eq(tally.is_vetoed),
        ))
        .execute(conn)?;
    let mut rows = Vec::new();
    for loss in &tally.losses {
        rows.push(LossRow {
            visit_id: tally.visit_id,
            item_code: loss.item_code.clone(),
            point_type: point_type.to_owned(),
            point_id: tally.point_id,
            issue_id: loss.issue_id,
            began_at: tally.began_at,
            sudden: tally.is_sudden,
            lost_halves: i64::from(loss.lost_halves),
        });
    }
    insert_all!(conn, visit_losses::table, rows);
    add_to_cells(conn, tally, point_type, month)
}

fn add_to_cells(conn: &mut Conn, tally: &Tally, point_type: &str, month: Month) -> Result<(), StoreError> {
    let there: Vec<String> = each_some(&tally.observed, |some| {
        Ok(gap_cells::table
            .filter(gap_cells::month.eq(month))
            .filter(gap_cells::point_type.eq(point_type))
            .filter(gap_cells::item_code.eq_any(some))
            .select(gap_cells::item_code)
            .load(conn)?)
    })?;
    let there: HashSet<String> = there.into_iter().collect();
    let new: Vec<&String> = tally.observed.iter().filter(|code| !there.contains(*code)).collect();
    let rows: Vec<CellRow> = new
        .into_iter()
        .map(|code| CellRow {
            month,
            item_code: code.clone(),
            point_type: point_type.to_owned(),
            observed: 0,
            lost_halves: 0,
            sudden_observed: 0,
            sudden_lost_halves: 0,
        })
        .collect();
    insert_all!(conn, gap_cells::table, rows);
    let _: Vec<()> = each_some(&tally.observed, |some| {
        let cells = gap_cells::table
            .filter(gap_cells::month.eq(month))
            .filter(gap_cells::point_type.eq(point_type))
            .filter(gap_cells::item_code.eq_any(some));
        if tally.is_sudden {
            let more = gap_cells::sudden_observed.eq(gap_cells::sudden_observed + 1);
            diesel::update(cells).set(more).execute(conn)?;
        } else {
            diesel::update(cells).set(gap_cells::observed.eq(gap_cells::observed + 1)).execute(conn)?;
        }
        Ok(Vec::new())
    })?;
    for loss in &tally.losses {
        let (cell, lost) = ((month, &loss.item_code, point_type), i64::from(loss.lost_halves));
        if tally.is_sudden {
            let more = gap_cells::sudden_lost_halves.eq(gap_cells::sudden_lost_halves + lost);
            diesel::update(gap_cells::table.find(cell)).set(more).execute(conn)?;
        } else {
            let more = gap_cells::lost_halves.eq(gap_cells::lost_halves + lost);
            diesel::update(gap_cells::table.find(cell)).set(more).execute(conn)?;
        }
    }
    Ok(())
}

/// How often an item was judged at points of a type, and what it lost there, in halves of points 分.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CellSum {
    /// Visits that judged it.
    pub observed: u64,
    /// Lost, in halves.
    pub lost_halves: u64,
}

/// The sums of these months, both included, by item and type of point; with sudden visits if they count.
pub fn cells(
    conn: &mut Conn,
    (from, to): (Month, Month),
    with_sudden: bool,
) -> Result<BTreeMap<(String, String), CellSum>, StoreError> {
    let rows: Vec<CellRow> = gap_cells::table
        .filter(gap_cells::month.ge(from))
        .filter(gap_cells::month.le(to))
        .select(CellRow::as_select())
        .load(conn)?;
    let mut sums: BTreeMap<(String, String), CellSum> = BTreeMap::new();
    let whole = |count: i64| u64::try_from(count).unwrap_or_default();
    for row in rows {
        let sum = sums.entry((row.item_code, row.point_type)).or_default();
        sum.observed += whole(row.observed);
        sum.lost_halves += whole(row.lost_halves);
        if with_sudden {
            sum.observed += whole(row.sudden_observed);
            sum.lost_halves += whole(row.sudden_lost_halves);
        }
    }
    sums.retain(|_, sum| sum.observed > 0);
    Ok(sums)
}

/// A visit that lost points at an item.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct LostRow {
    /// The visit.
    pub visit_id: VisitId,
    /// Where.
    pub point_id: PointId,
    /// When it began.
    pub began_at: Timestamp,
    /// The issue that it opened.
    pub issue_id: Option<IssueId>,
    /// Lost, in halves.
    pub lost_halves: i64,
}

/// The visits behind a cell that began at or after `from` and before `to`, the latest first, after the one that began
/// at this time with this id.
pub fn losses(
    conn: &mut Conn,
    (item, point_type): (&str, &str),
    (from, to): (Timestamp, Timestamp),
    with_sudden: bool,
    after: Option<(Timestamp, VisitId)>,
    limit: i64,
) -> Result<Vec<LostRow>, StoreError> {
    let mut query = visit_losses::table
        .filter(visit_losses::item_code.eq(item))
        .filter(visit_losses::point_type.eq(point_type))
        .filter(visit_losses::began_at.ge(from))
        .filter(visit_losses::began_at.lt(to))
        .into_boxed();
    if !with_sudden {
        query = query.filter(visit_losses::sudden.eq(false));
    }
    if let Some((at, id)) = after {
        let before = visit_losses::began_at.lt(at);
        query = query.filter(visit_losses::began_at.le(at));
        query = query.filter(before.or(visit_losses::visit_id.lt(id)));
    }
    Ok(query
        .order((visit_losses::began_at.desc(), visit_losses::visit_id.desc()))
        .select((
            visit_losses::visit_id,
            visit_losses::point_id,
            visit_losses::began_at,
            visit_losses::issue_id,
            visit_losses::lost_halves,
        ))
        .limit(limit)
        .load(conn)?)
}

/// When a visit with losses began.
pub fn began_at(conn: &mut Conn, id: VisitId) -> Result<Option<Timestamp>, StoreError> {
    Ok(visit_scores::table.find(id).select(visit_scores::began_at).first(conn).optional()?)
}

#[derive(Queryable, QueryableByName)]
struct ScoreRow {
    #[diesel(sql_type = Binary)]
    point_id: PointId,
    #[diesel(sql_type = Binary)]
    visit_id: VisitId,
    #[diesel(sql_type = BigInt)]
    began_at: Timestamp,
    #[diesel(sql_type = BigInt)]
    numerator: i64,
    #[diesel(sql_type = BigInt)]
    denominator: i64,
    #[diesel(sql_type = Bool)]
    vetoed: bool,
}

/// A valid score of a point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeptScore {
    /// The point.
    pub point_id: PointId,
    /// The visit that it follows from.
    pub visit_id: VisitId,
    /// When that began.
    pub began_at: Timestamp,
    /// 0–100, not rounded.
    pub value: Ratio,
    /// Whether a veto item failed.
    pub is_vetoed: bool,
}

impl ScoreRow {
    fn read(self) -> Result<KeptScore, StoreError> {
        let value = Ratio::new(self.numerator.into(), self.denominator.into());
        Ok(KeptScore {
            point_id: self.point_id,
            visit_id: self.visit_id,
            began_at: self.began_at,
            value: value.ok_or_else(|| StoreError::Corrupt("visit_scores.denominator".into()))?,
            is_vetoed: self.vetoed,
        })
    }
}

/// The latest of all visits of each point: one look into the index for each.
const LATEST: &str = "SELECT s.point_id, s.visit_id, s.began_at, s.numerator, s.denominator, s.vetoed \
    FROM points JOIN visit_scores AS s ON s.visit_id = (\
    SELECT t.visit_id FROM visit_scores AS t WHERE t.point_id = points.id \
    ORDER BY t.began_at DESC, t.visit_id DESC LIMIT 1)";
/// The same without sudden visits.
const LATEST_DRAWN: &str = "SELECT s.point_id, s.visit_id, s.began_at, s.numerator, s.denominator, s.vetoed \
    FROM points JOIN visit_scores AS s ON s.visit_id = (\
    SELECT t.visit_id FROM visit_scores AS t WHERE t.point_id = points.id AND NOT t.sudden \
    ORDER BY t.began_at DESC, t.visit_id DESC LIMIT 1)";

/// The latest valid score of each point that has one; with sudden visits if they count.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn latest(conn: &mut Conn, with_sudden: bool) -> Result<Vec<KeptScore>, StoreError> {
    let rows: Vec<ScoreRow> = diesel::sql_query(if with_sudden { LATEST } else { LATEST_DRAWN }).load(conn)?;
    rows.into_iter().map(ScoreRow::read).collect()
}

/// The valid scores of visits that began at or after `from` and before `to`; with sudden visits if they count.
///
/// # Errors
/// [`StoreError::Corrupt`].
pub fn scores(
    conn: &mut Conn,
    (from, to): (Timestamp, Timestamp),
    with_sudden: bool,
) -> Result<Vec<KeptScore>, StoreError> {
    let mut query = visit_scores::table
        .filter(visit_scores::began_at.ge(from))
        .filter(visit_scores::began_at.lt(to))
        .select((
            visit_scores::point_id,
            visit_scores::visit_id,
            visit_scores::began_at,
            visit_scores::numerator,
            visit_scores::denominator,
            visit_scores::vetoed,
        ))
        .into_boxed();
    if !with_sudden {
        query = query.filter(visit_scores::sudden.eq(false));
    }
    let rows: Vec<ScoreRow> = query.load(conn)?;
    rows.into_iter().map(ScoreRow::read).collect()
}

/// How many visits of any kind began at each point at or after `from` and before `to`, points without any left out.
pub fn visits_by_point(conn: &mut Conn, (from, to): (Timestamp, Timestamp)) -> Result<Vec<(PointId, u64)>, StoreError> {
    let rows: Vec<(PointId, i64)> = visits::table
        .filter(visits::began_at.ge(from))
        .filter(visits::began_at.lt(to))
        .group_by(visits::point_id)
        .select((visits::point_id, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(rows.into_iter().map(|(point, count)| (point, u64::try_from(count).unwrap_or_default())).collect())
}
