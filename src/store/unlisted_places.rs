//! Places that are not on the list of points: how each was reported, and how it was settled.

use std::collections::HashSet;

use diesel::dsl::{exists, not};
use diesel::prelude::*;

use crate::domain::ids::{IssueId, PointId, UserId};
use crate::domain::time::Timestamp;
use crate::store::schema::{issues, unlisted_places};
use crate::store::{Conn, StoreError};

/// An unlisted place.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = unlisted_places)]
pub struct StoredPlace {
    /// The point that stands for it.
    pub point_id: PointId,
    /// The report that named it.
    pub issue_id: IssueId,
    /// Its name, as it was reported.
    pub name: String,
    /// Its address, as it was reported; may be empty.
    pub address: String,
    /// When the report arrived.
    pub reported_at: Timestamp,
    /// When the office settled it.
    pub settled_at: Option<Timestamp>,
    /// Who did.
    pub settled_by: Option<UserId>,
    /// The point it was added to; `None` where it became a point of its own.
    pub merged_into: Option<PointId>,
}

/// Adds a place.
pub fn insert(conn: &mut Conn, place: &StoredPlace) -> Result<(), StoreError> {
    diesel::insert_into(unlisted_places::table).values(place.clone()).execute(conn)?;
    Ok(())
}

/// At most so many of those that wait, the earliest first.
pub fn open(conn: &mut Conn, limit: i64) -> Result<Vec<StoredPlace>, StoreError> {
    Ok(unlisted_places::table
        .filter(unlisted_places::settled_at.is_null())
        .order((unlisted_places::reported_at, unlisted_places::point_id))
        .limit(limit)
        .load(conn)?)
}

/// The place that this point stands for.
pub fn find(conn: &mut Conn, point: PointId) -> Result<Option<StoredPlace>, StoreError> {
    Ok(unlisted_places::table.find(point).first(conn).optional()?)
}

/// The points that stand for places and are on no list: of those that wait, and of those that were added to others.
#[diesel::dsl::auto_type]
pub(super) fn off_the_list() -> _ {
    unlisted_places::table
        .filter(unlisted_places::settled_at.is_null().or(unlisted_places::merged_into.is_not_null()))
        .select(unlisted_places::point_id)
}

/// Whether a point stands for a place and is on no list.
pub fn is_off_the_list(conn: &mut Conn, point: PointId) -> Result<bool, StoreError> {
    let it = off_the_list().filter(unlisted_places::point_id.eq(point));
    Ok(diesel::select(exists(it)).get_result(conn)?)
}

/// Notes how a place was settled.
///
/// # Errors
/// [`StoreError::Stale`] when it was settled before.
pub fn settle(
    conn: &mut Conn,
    point: PointId,
    by: UserId,
    at: Timestamp,
    merged_into: Option<PointId>,
) -> Result<(), StoreError> {
    let waiting = unlisted_places::table.find(point).filter(unlisted_places::settled_at.is_null());
    let changed = diesel::update(waiting)
        .set((
            unlisted_places::settled_at.eq(at),
            unlisted_places::settled_by.eq(by),
            unlisted_places::merged_into.eq(merged_into),
        ))
        .execute(conn)?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// Points that were made of unlisted places and where nothing has been released yet: that they are on the list would
/// tell what an inspection has found.
pub fn concealed(conn: &mut Conn) -> Result<HashSet<PointId>, StoreError> {
    let released =
        issues::table.filter(issues::point_id.eq(unlisted_places::point_id)).filter(issues::released_at.is_not_null());
    let ids: Vec<PointId> = unlisted_places::table
        .filter(unlisted_places::merged_into.is_null())
        .filter(not(exists(released)))
        .select(unlisted_places::point_id)
        .load(conn)?;
    Ok(ids.into_iter().collect())
}

/// The issues at this point, by id.
pub fn issues_at(conn: &mut Conn, point: PointId) -> Result<Vec<IssueId>, StoreError> {
    Ok(issues::table.filter(issues::point_id.eq(point)).order(issues::id).select(issues::id).load(conn)?)
}
