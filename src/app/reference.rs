//! Reference data as clients read it.

use super::{App, AppError, Caller, Result};
use crate::domain::duty::{self, Duty, Responsible};
use crate::domain::geo::Location;
use crate::domain::ids::PointId;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::policy::Permission;
use crate::domain::reference::{Campaign, Item, Point, PointType, Unit};
use crate::domain::search;
use crate::store::{duties, reference};

/// Everything a phone needs offline.
#[derive(Debug, Clone)]
pub struct Reference {
    /// What the county is called; may be empty.
    pub county_name: String,
    /// What the supervision office is called; may be empty.
    pub office_name: String,
    /// Campaigns.
    pub campaigns: Vec<Campaign>,
    /// Point types.
    pub point_types: Vec<PointType>,
    /// Items.
    pub items: Vec<Item>,
    /// Points that are inspected.
    pub points: Vec<Point>,
    /// Units: those in use, and those no longer in use that old issues still name.
    pub units: Vec<Unit>,
}

/// Everything in one answer.
pub async fn all(app: &App, caller: &Caller) -> Result<Reference> {
    caller.require(Permission::ReadReference)?;
    let county = app.county.clone();
    app.store
        .read(move |conn| {
            let settings = county.load(conn)?.settings;
            Ok(Reference {
                county_name: settings.county_name.clone(),
                office_name: settings.office_name.clone(),
                campaigns: reference::campaigns(conn)?,
                point_types: reference::point_types(conn)?,
                items: reference::items(conn)?,
                points: reference::points(conn)?.into_iter().filter(|point| point.active).collect(),
                units: reference::units(conn)?,
            })
        })
        .await
}

/// A search for points.
#[derive(Debug, Clone, Default)]
pub struct PointQuery {
    /// Nearest to here first.
    pub near: Option<Location>,
    /// Words in name, code or address, or initials of the name, folded ([`search::fold`]).
    pub q: Option<String>,
    /// Of this type.
    pub point_type: Option<String>,
    /// Inspected by this campaign.
    pub campaign: Option<String>,
    /// Points that are out of use, instead of those in use.
    pub is_out_of_use: bool,
}

/// Radius of the first search for the nearest points, in metres; four times as large each time it finds too few.
/// Source: our choice, a few streets.
const REACH_FIRST_M: f64 = 500.0;
/// Half the earth's circumference, rounded up: no point is farther away.
const REACH_LAST_M: f64 = 20_100_000.0;

/// Points, with their distance in metres when a position is given: nearest first, else by code.
///
/// # Errors
/// [`AppError::Forbidden`] when somebody who does not manage points asks for those out of use.
pub async fn points(app: &App, caller: &Caller, query: PointQuery, limit: usize) -> Result<Vec<(Point, Option<f64>)>> {
    caller.require(Permission::ReadReference)?;
    if query.is_out_of_use {
        caller.require(Permission::ManageReference)?;
    }
    app.store
        .read(move |conn| -> Result<_> {
            let Some(near) = query.near else {
                let all = reference::points(conn)?.into_iter().filter(|point| query.fits(point));
                return Ok(all.take(limit).map(|point| (point, None)).collect());
            };
            let mut reach = REACH_FIRST_M;
            loop {
                let (lat, lon) = near.box_around(reach);
                let mut found: Vec<(f64, Point)> = reference::points_within(conn, lat, lon, !query.is_out_of_use)?
                    .into_iter()
                    .filter(|point| query.fits(point))
                    .filter_map(|point| Some((near.distance_m(point.location.as_ref()?), point)))
                    // A point in a corner of the box may be farther away than one outside it that the next larger box
                    // finds.
                    .filter(|(distance, _)| *distance <= reach)
                    .collect();
                if found.len() >= limit || reach >= REACH_LAST_M {
                    found.sort_by(|(one, a), (other, b)| one.total_cmp(other).then_with(|| a.code.cmp(&b.code)));
                    found.truncate(limit);
                    return Ok(found.into_iter().map(|(distance, point)| (point, Some(distance))).collect());
                }
                reach = (reach * 4.0).min(REACH_LAST_M);
            }
        })
        .await
}

impl PointQuery {
    fn fits(&self, point: &Point) -> bool {
        point.active != self.is_out_of_use
            && self.point_type.as_ref().is_none_or(|kind| *kind == point.point_type)
            && self.campaign.as_ref().is_none_or(|campaign| point.campaigns.contains(campaign))
            && self.q.as_ref().is_none_or(|words| search::finds(words, &point.name, &[&point.code, &point.address]))
    }
}

/// The unit responsible for an item at a point today.
///
/// # Errors
/// [`AppError::NotFound`] for the point, [`AppError::Invalid`] for the item.
pub async fn responsible(app: &App, caller: &Caller, id: PointId, item_code: String) -> Result<Responsible> {
    caller.require(Permission::ReadReference)?;
    let (county, now) = (app.county.clone(), app.now());
    app.store
        .read(move |conn| -> Result<_> {
            let point = reference::find_point(conn, id)?.ok_or(AppError::NotFound)?;
            let unknown = || Invalid::one("/item", FieldCode::Unknown, "no such item");
            let item = reference::find_item(conn, &item_code)?.ok_or_else(unknown)?;
            let known = duties::concerning(conn, &point, &item)?;
            let today = county.load(conn)?.calendar.civil_date(now);
            Ok(duty::resolve(&known, &point, &item, today))
        })
        .await
}

/// All duties.
pub async fn duties(app: &App, caller: &Caller) -> Result<Vec<Duty>> {
    caller.require(Permission::ReadReference)?;
    Ok(app.store.read(duties::list).await?)
}

/// One point.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn point(app: &App, caller: &Caller, id: PointId) -> Result<Point> {
    caller.require(Permission::ReadReference)?;
    app.store.read(move |conn| reference::find_point(conn, id)?.ok_or(AppError::NotFound)).await
}
