//! Reference data as clients read it.

use super::{App, AppError, Caller, Result};
use crate::domain::geo::Location;
use crate::domain::ids::PointId;
use crate::domain::policy::Permission;
use crate::domain::reference::{Campaign, Item, Point, PointType, Unit};
use crate::store::reference;

/// All that a phone needs offline.
#[derive(Debug, Clone)]
pub struct Reference {
    /// Campaigns.
    pub campaigns: Vec<Campaign>,
    /// Point types.
    pub point_types: Vec<PointType>,
    /// Items.
    pub items: Vec<Item>,
    /// Points that are inspected.
    pub points: Vec<Point>,
    /// Units that take issues.
    pub units: Vec<Unit>,
}

/// Everything at once.
///
/// # Errors
/// The store's.
pub async fn all(app: &App, caller: &Caller) -> Result<Reference> {
    caller.require(Permission::ReadReference)?;
    app.store
        .read(|conn| {
            Ok(Reference {
                campaigns: reference::campaigns(conn)?,
                point_types: reference::point_types(conn)?,
                items: reference::items(conn)?,
                points: reference::points(conn)?.into_iter().filter(|point| point.active).collect(),
                units: reference::units(conn)?.into_iter().filter(|unit| unit.active).collect(),
            })
        })
        .await
}

/// Which points are asked for.
#[derive(Debug, Clone, Default)]
pub struct PointQuery {
    /// Nearest to here first.
    pub near: Option<Location>,
    /// Words in name, code or address.
    pub q: Option<String>,
    /// Of this type.
    pub point_type: Option<String>,
    /// Inspected by this campaign.
    pub campaign: Option<String>,
}

/// Points with their distance in metres where a position was given: nearest first, else by code.
///
/// # Errors
/// The store's.
pub async fn points(app: &App, caller: &Caller, query: PointQuery, limit: usize) -> Result<Vec<(Point, Option<f64>)>> {
    let everything = all(app, caller).await?;
    let contains = |text: &str, words: &str| text.to_lowercase().contains(&words.to_lowercase());
    let mut found: Vec<(Point, Option<f64>)> = everything
        .points
        .into_iter()
        .filter(|point| query.point_type.as_ref().is_none_or(|kind| *kind == point.point_type))
        .filter(|point| query.campaign.as_ref().is_none_or(|campaign| point.campaigns.contains(campaign)))
        .filter(|point| {
            let texts = [&point.name, &point.code, &point.address];
            query.q.as_ref().is_none_or(|words| texts.iter().any(|text| contains(text, words)))
        })
        .map(|point| {
            let distance = query.near.map(|near| near.distance_m(&point.location));
            (point, distance)
        })
        .collect();
    if query.near.is_some() {
        found.sort_by(|(_, one), (_, other)| one.partial_cmp(other).unwrap_or(std::cmp::Ordering::Equal));
    }
    found.truncate(limit);
    Ok(found)
}

/// One point.
///
/// # Errors
/// [`AppError::NotFound`].
pub async fn point(app: &App, caller: &Caller, id: PointId) -> Result<Point> {
    caller.require(Permission::ReadReference)?;
    app.store.read(move |conn| reference::find_point(conn, id)?.ok_or(AppError::NotFound)).await
}
