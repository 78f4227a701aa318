//! Recusals of inspectors.

use diesel::prelude::*;

use crate::domain::ids::{PointId, UnitId, UserId};
use crate::domain::recusal::Recusals;
use crate::store::schema::{recused_points, recused_units};
use crate::store::{Conn, StoreError};

/// What an inspector is recused from.
pub fn of(conn: &mut Conn, inspector: UserId) -> Result<Recusals, StoreError> {
    let points: Vec<PointId> = recused_points::table
        .filter(recused_points::inspector_id.eq(inspector))
        .select(recused_points::point_id)
        .load(conn)?;
    let units: Vec<UnitId> = recused_units::table
        .filter(recused_units::inspector_id.eq(inspector))
        .select(recused_units::unit_id)
        .load(conn)?;
    Ok(Recusals { points: points.into_iter().collect(), units: units.into_iter().collect() })
}

/// Replaces what an inspector is recused from.
pub fn replace(conn: &mut Conn, inspector: UserId, recusals: &Recusals) -> Result<(), StoreError> {
    diesel::delete(recused_points::table.filter(recused_points::inspector_id.eq(inspector))).execute(conn)?;
    diesel::delete(recused_units::table.filter(recused_units::inspector_id.eq(inspector))).execute(conn)?;
    for point in &recusals.points {
        diesel::insert_into(recused_points::table)
            .values((recused_points::inspector_id.eq(inspector), recused_points::point_id.eq(point)))
            .execute(conn)?;
    }
    for unit in &recusals.units {
        diesel::insert_into(recused_units::table)
            .values((recused_units::inspector_id.eq(inspector), recused_units::unit_id.eq(unit)))
            .execute(conn)?;
    }
    Ok(())
}
