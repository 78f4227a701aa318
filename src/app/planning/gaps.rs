//! The gap matrix 对标补短表: where points 分 are lost, how much effort it takes to win them back, and the visits behind a
//! cell.

use std::collections::HashMap;
use std::num::NonZeroU32;

use super::{counts_sudden, span};
use crate::app::change::{self, By, Change, Decision};
use crate::app::locks::{Lock, Locks};
use crate::app::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::ids::{PointId, VisitId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::limits::PAGE_MAX;
use crate::domain::month::{Exact, Month};
use crate::domain::planning::{EFFORT_MAX, GapCell};
use crate::domain::policy::Permission;
use crate::domain::reference::PointSummary;
use crate::domain::time::Timestamp;
use crate::store::tallies::LostRow;
use crate::store::{Conn, planning, reference, tallies};

/// Most months that the matrix sums up. Source: our choice, two rounds of an annual assessment.
pub const MATRIX_MONTHS_MAX: u32 = 24;

/// The matrix.
#[derive(Debug, Clone)]
pub struct GapMatrix {
    /// First month.
    pub from: Month,
    /// Last month, the present one.
    pub to: Month,
    /// The cells in which anything was judged, first where an effort gains most.
    pub cells: Vec<GapCell>,
}

/// The months that end with the present one.
fn months_up_to(now: Month, months: u32) -> (Month, Month) {
    let back = i32::try_from(months.clamp(1, MATRIX_MONTHS_MAX)).unwrap_or(1) - 1;
    (now.plus(-back), now)
}

/// The matrix over so many months up to the present one; of items of a campaign, if one is named.
///
/// # Errors
/// [`AppError::Forbidden`].
pub async fn gap_matrix(app: &App, caller: &Caller, months: u32, campaign: Option<String>) -> Result<GapMatrix> {
    caller.require(Permission::ManagePlanning)?;
    let (county, now) = (app.county.clone(), app.now());
    app.store
        .read(move |conn| {
            let county = county.load(conn)?;
            let (from, to) = months_up_to(Month::of(county.calendar.civil_date(now)), months);
            let sums = tallies::cells(conn, (from, to), counts_sudden(&county))?;
            let efforts = planning::efforts(conn)?;
            let of_campaign: Option<Vec<String>> = match campaign {
                None => None,
                Some(campaign) => {
                    let items = reference::items(conn)?.into_iter().filter(|item| item.campaign == campaign);
                    Some(items.map(|item| item.code).collect())
                }
            };
            let is_asked = |code: &String| of_campaign.as_ref().is_none_or(|codes| codes.contains(code));
            let mut cells: Vec<GapCell> = sums
                .into_iter()
                .filter(|((item, _), _)| is_asked(item))
                .map(|(cell, sum)| {
                    let effort = efforts.get(&cell).copied();
                    GapCell::of(cell, sum.observed, sum.lost_halves, effort)
                })
                .collect();
            GapCell::sort(&mut cells);
            Ok(GapMatrix { from, to, cells })
        })
        .await
}

/// A visit that lost points in a cell.
#[derive(Debug, Clone)]
pub struct ShownLoss {
    /// What is kept of it.
    pub row: LostRow,
    /// Its point.
    pub point: PointSummary,
    /// Lost points.
    pub lost: Exact,
}

/// Visits behind a cell, the latest first, and the id to continue after.
pub type LossPage = (Vec<ShownLoss>, Option<VisitId>);

/// The visits behind a cell of the matrix over the same months.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when `after` is no visit of a score.
pub async fn losses(
    app: &App,
    caller: &Caller,
    cell: (String, String),
    months: u32,
    after: Option<VisitId>,
    limit: usize,
) -> Result<LossPage> {
    caller.require(Permission::ManagePlanning)?;
    let (county, now, limit) = (app.county.clone(), app.now(), limit.clamp(1, PAGE_MAX));
    app.store
        .read(move |conn| {
            let county = county.load(conn)?;
            let (from, to) = months_up_to(Month::of(county.calendar.civil_date(now)), months);
            let within = (span(from, &county.calendar).0, span(to, &county.calendar).1);
            let after = match after {
                None => None,
                Some(id) => Some((tallies::began_at(conn, id)?.ok_or(AppError::NotFound)?, id)),
            };
            let one_more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
            let cell = (&*cell.0, &*cell.1);
            let mut rows = tallies::losses(conn, cell, within, counts_sudden(&county), after, one_more)?;
            let more = rows.len() > limit;
            rows.truncate(limit);
            let next = rows.last().map(|last| last.visit_id).filter(|_| more);
            let points: Vec<PointId> = rows.iter().map(|row| row.point_id).collect();
            let points: HashMap<PointId, PointSummary> =
                reference::point_summaries(conn, &points)?.into_iter().map(|point| (point.id, point)).collect();
            let shown = rows.into_iter().map(|row| {
                let point = points.get(&row.point_id).cloned().ok_or(AppError::NotFound)?;
                let lost = Exact::new(row.lost_halves.into(), 2).unwrap_or_default();
                Ok(ShownLoss { row, point, lost })
            });
            Ok((shown.collect::<Result<_>>()?, next))
        })
        .await
}

/// Keeps the effort of putting an item right at points of a type, 1–100, or forgets it.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`].
pub async fn put_effort(app: &App, caller: &Caller, cell: (String, String), effort: Option<u32>) -> Result<()> {
    change::make(app, PutEffort { by: By::from(caller), cell, effort, now: app.now() }).await
}

/// An effort is estimated.
struct PutEffort {
    by: By,
    cell: (String, String),
    effort: Option<u32>,
    now: Timestamp,
}

impl Change for PutEffort {
    type Before = Option<NonZeroU32>;
    type Made = Option<NonZeroU32>;
    type Answer = ();

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManagePlanning)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Planning]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        Ok(planning::efforts(conn)?.get(&self.cell).copied())
    }

    fn authorise(&self, _: &mut Conn, _: &Self::Before) -> Result<()> {
        Ok(())
    }

    fn decide(&self, conn: &mut Conn, before: Self::Before) -> Result<Decision<Self::Made, ()>> {
        let mut invalid = Invalid::default();
        if reference::find_item(conn, &self.cell.0)?.is_none() {
            invalid.push("/item_code", FieldCode::Unknown, "no such item");
        }
        if !reference::point_types(conn)?.iter().any(|kind| kind.code == self.cell.1) {
            invalid.push("/point_type", FieldCode::Unknown, "no such type of point");
        }
        if self.effort.is_some_and(|effort| !(1..=EFFORT_MAX).contains(&effort)) {
            invalid.push("/effort", FieldCode::OutOfRange, format!("from 1 to {EFFORT_MAX}"));
        }
        invalid.into_result()?;
        let made = self.effort.and_then(NonZeroU32::new);
        if made == before {
            return Ok(Decision::Unchanged(()));
        }
        let target = format!("effort:{}:{}", self.cell.0, self.cell.1);
        let detail = self.effort.map_or_else(|| "none".to_owned(), |effort| effort.to_string());
        let entry = self.by.done(self.now, AuditAction::PlanningChanged, target).ended(Outcome::Done, detail);
        Ok(Decision::Made { made, records: vec![entry], messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &Self::Made) -> Result<()> {
        Ok(planning::put_effort(conn, (&self.cell.0, &self.cell.1), *made)?)
    }

    fn answer(&self, _: &mut Conn, _: Self::Made) -> Result<()> {
        Ok(())
    }
}
