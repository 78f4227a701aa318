//! Recusals 回避: points and units to which an inspector is never sent by a draw.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ids::{PointId, UnitId};
use super::invalid::{FieldCode, Invalid};

/// Points or units that one inspector is recused from. Source: our choice; somebody who is recused from more visits
/// nothing.
pub const RECUSED_MAX: usize = 200;

/// What one inspector is recused from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Recusals {
    /// Points, at most 200: lives there.
    #[schema(max_items = 200)]
    pub points: BTreeSet<PointId>,
    /// Units, at most 200: works there or did within three years, or has kin there.
    #[schema(max_items = 200)]
    pub units: BTreeSet<UnitId>,
}

impl Recusals {
    /// Checks what can be checked without a lookup.
    ///
    /// # Errors
    /// Each list that is too long.
    pub fn validate(&self) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        for (pointer, count) in [("/points", self.points.len()), ("/units", self.units.len())] {
            if count > RECUSED_MAX {
                invalid.push(pointer, FieldCode::TooLong, format!("at most {RECUSED_MAX}"));
            }
        }
        invalid.into_result()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_have_an_end() {
        let units = |count: u128| (0..count).map(|id| UnitId(uuid::Uuid::from_u128(id))).collect();
        let recused = |count: u128| Recusals { units: units(count), ..Recusals::default() };
        assert_eq!(recused(200).validate(), Ok(()));
        let faults = recused(201).validate().map_err(|invalid| (invalid.0[0].pointer.clone(), invalid.0[0].code));
        assert_eq!(faults, Err(("/units".to_owned(), FieldCode::TooLong)));
    }
}
