//! Reference data as clients read it.

use std::collections::HashSet;

use super::{App, AppError, Caller, Result};
use crate::domain::duty::{self, Duty, Responsible};
use crate::domain::geo::Location;
use crate::domain::ids::PointId;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::permitted_zone::PermittedZone;
use crate::domain::policy::{self, Permission, Reach};
use crate::domain::reference::{Campaign, Item, Point, PointType, Unit};
use crate::domain::role::Actor;
use crate::domain::search;
use crate::domain::settings::CaptureNonces;
use crate::store::{Conn, duties, reference, unlisted_places, zones};

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
    /// Zones where stalls are permitted.
    pub zones: Vec<PermittedZone>,
    /// Whether the caller's findings are expected to name a capture number.
    pub capture_nonces: bool,
}

/// Everything in one answer.
pub async fn all(app: &App, caller: &Caller) -> Result<Reference> {
    caller.require(Permission::ReadReference)?;
    let (county, actor) = (app.county.clone(), caller.actor);
    app.store
        .read(move |conn| {
            let settings = county.load(conn)?.settings;
            let concealed = concealed_from(conn, &actor)?;
            Ok(Reference {
                county_name: settings.county_name.clone(),
                office_name: settings.office_name.clone(),
                campaigns: reference::campaigns(conn)?,
                point_types: reference::point_types(conn)?,
                items: reference::items(conn)?,
                points: reference::points(conn)?
                    .into_iter()
                    .filter(|point| point.active && !concealed.contains(&point.id))
                    .collect(),
                units: reference::units(conn)?,
                zones: zones::all(conn)?.into_iter().map(|kept| kept.zone).collect(),
                capture_nonces: settings.capture_nonces == CaptureNonces::Expected
                    && policy::reach(actor.role, Permission::ReportIssue) != Reach::Never,
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
    let actor = caller.actor;
    app.store
        .read(move |conn| -> Result<_> {
            let concealed = concealed_from(conn, &actor)?;
            let fits = |point: &Point| query.fits(point) && !concealed.contains(&point.id);
            let Some(near) = query.near else {
                let all = reference::points(conn)?.into_iter().filter(fits);
                return Ok(all.take(limit).map(|point| (point, None)).collect());
            };
            nearest(conn, &near, !query.is_out_of_use, limit, fits)
        })
        .await
}

/// At most `limit` points, nearest first, with their distance in metres.
pub(super) fn nearest(
    conn: &mut Conn,
    near: &Location,
    in_use: bool,
    limit: usize,
    fits: impl Fn(&Point) -> bool,
) -> Result<Vec<(Point, Option<f64>)>> {
    let mut reach = REACH_FIRST_M;
    loop {
        let found = within(conn, near, in_use, reach, &fits)?;
        if found.len() >= limit || reach >= REACH_LAST_M {
            return Ok(found.into_iter().take(limit).map(|(point, distance)| (point, Some(distance))).collect());
        }
        reach = (reach * 4.0).min(REACH_LAST_M);
    }
}

/// The points within `reach_m` metres, nearest first, with their distance in metres.
pub(super) fn within(
    conn: &mut Conn,
    near: &Location,
    in_use: bool,
    reach_m: f64,
    fits: impl Fn(&Point) -> bool,
) -> Result<Vec<(Point, f64)>> {
    let (lat, lon) = near.box_around(reach_m);
    let mut found: Vec<(Point, f64)> = reference::points_within(conn, lat, lon, in_use)?
        .into_iter()
        .filter(fits)
        .filter_map(|point| Some((near.distance_m(point.location.as_ref()?), point)))
        // A point in a corner of the box may be farther away than one outside it that the next larger box finds.
        .filter(|(distance, _)| *distance <= reach_m)
        .map(|(distance, point)| (point, distance))
        .collect();
    found.sort_by(|(a, one), (b, other)| one.total_cmp(other).then_with(|| a.code.cmp(&b.code)));
    Ok(found)
}

/// The points that `actor` may not find on any list. Those who plan inspections and inspectors may find them.
fn concealed_from(conn: &mut Conn, actor: &Actor) -> Result<HashSet<PointId>> {
    let inspects = [Permission::SettlePlaces, Permission::ReportIssue];
    if inspects.iter().any(|permission| policy::permits(actor, *permission)) {
        return Ok(HashSet::new());
    }
    Ok(unlisted_places::concealed(conn)?)
}

/// A point that `actor` may know of.
pub(super) fn known_point(conn: &mut Conn, actor: &Actor, id: PointId) -> Result<Point> {
    let point = reference::find_point(conn, id)?.ok_or(AppError::NotFound)?;
    let is_off_the_list =
        unlisted_places::is_off_the_list(conn, id)? && !policy::permits(actor, Permission::SettlePlaces);
    if is_off_the_list || concealed_from(conn, actor)?.contains(&id) { Err(AppError::NotFound) } else { Ok(point) }
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
    let (county, now, actor) = (app.county.clone(), app.now(), caller.actor);
    app.store
        .read(move |conn| -> Result<_> {
            let point = known_point(conn, &actor, id)?;
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
    let actor = caller.actor;
    app.store.read(move |conn| known_point(conn, &actor, id)).await
}
