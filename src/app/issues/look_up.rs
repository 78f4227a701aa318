//! Looks up what a request names, and reports what does not exist.

use crate::app::Result;
use crate::domain::ids::{PointId, UnitId, UserId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::reference::{Item, Point};
use crate::domain::role::Role;
use crate::store::{Conn, reference, users};

/// The point, if it exists and is in use.
pub(crate) fn active_point(conn: &mut Conn, id: Option<PointId>, invalid: &mut Invalid) -> Result<Option<Point>> {
    let point = match id {
        Some(id) => reference::find_point(conn, id)?.filter(|point| point.active),
        None => None,
    };
    if point.is_none() {
        invalid.push("/point_id", FieldCode::Unknown, "no such point is inspected");
    }
    Ok(point)
}

/// The item, if it exists and applies to such a point.
pub(crate) fn item_for(
    conn: &mut Conn,
    code: &str,
    point: Option<&Point>,
    invalid: &mut Invalid,
) -> Result<Option<Item>> {
    let item = reference::find_item(conn, code)?;
    let Some(item) = item else {
        invalid.push("/item_code", FieldCode::Unknown, "no such item");
        return Ok(None);
    };
    let fits = |point: &Point| item.point_types.iter().any(|kind| *kind == "*" || *kind == point.point_type);
    if point.is_some_and(|point| !fits(point)) {
        invalid.push("/item_code", FieldCode::NotAllowed, "this item is not looked for at points of this type");
    }
    Ok(Some(item))
}

/// Checks that a unit may be given issues.
pub(super) fn active_unit(conn: &mut Conn, pointer: &str, id: UnitId, invalid: &mut Invalid) -> Result<()> {
    if !reference::find_unit(conn, id)?.is_some_and(|unit| unit.active) {
        invalid.push(pointer, FieldCode::Unknown, "no such unit takes issues");
    }
    Ok(())
}

/// Checks that an account is an inspector who can be given a visit.
pub(super) fn active_inspector(conn: &mut Conn, id: UserId, invalid: &mut Invalid) -> Result<()> {
    let fits = users::find(conn, id)?.is_some_and(|user| user.role == Role::Inspector && user.disabled_at.is_none());
    if !fits {
        invalid.push("/inspector_id", FieldCode::Unknown, "no such inspector");
    }
    Ok(())
}
