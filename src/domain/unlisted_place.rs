//! Places that are not on the list of points 名单外地点. An inspector reports one by a free name and a position; the
//! office makes a point of it, or adds it to a point that there is (ADR 0030).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::geo::Location;
use super::ids::{PointId, UnitId};
use super::invalid::{FieldCode, Invalid};
use super::limits::{ADDRESS_CHARS_MAX, CODE_CHARS_MAX, TITLE_CHARS_MAX};
use super::reference::Point;
use super::text;

/// How far away a point may be to be suggested as the same place, in metres. Source: our choice, a few buildings.
pub const NEAR_M: f64 = 200.0;
/// Radius of a provisional point's geofence, in metres. Source: our choice: the position is the reporter's own.
const RADIUS_M: i32 = 100;
/// Codes of provisional points begin with this.
const CODE_PREFIX: &str = "unlisted-";

/// A place that a report names instead of a point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UnlistedPlaceBody)]
pub struct UnlistedPlace {
    /// What people call it, 1–100 characters.
    #[schema(example = "滨河路旧码头")]
    pub name: String,
    /// Where it is.
    pub location: Location,
    /// How to find it, at most 200 characters.
    #[serde(default)]
    pub address: Option<String>,
}

impl UnlistedPlace {
    /// Reports what is wrong in `invalid`, under `pointer`.
    pub fn validate(&self, pointer: &str, invalid: &mut Invalid) {
        invalid.prose(&format!("{pointer}/name"), &text::name(&self.name), TITLE_CHARS_MAX);
        for (field, said) in [("name", &*self.name), ("address", self.said_address())] {
            if said.contains(['\n', '\t']) {
                invalid.push(format!("{pointer}/{field}"), FieldCode::Malformed, "one line");
            }
        }
        self.location.validate(&format!("{pointer}/location"), invalid);
        invalid.prose_at_most(&format!("{pointer}/address"), self.said_address(), ADDRESS_CHARS_MAX);
    }

    fn said_address(&self) -> &str {
        self.address.as_deref().unwrap_or_default()
    }

    /// The point that stands for it until the office settles it: out of use, and with the type, units and area of
    /// `nearest`, the most likely ones.
    #[must_use]
    pub fn provisional(&self, id: PointId, nearest: Point) -> Point {
        let serial: String = id.0.simple().to_string().chars().take(8).collect();
        Point {
            id,
            code: format!("{CODE_PREFIX}{serial}"),
            name: text::name(&self.name),
            location: Some(Location { accuracy_m: None, ..self.location }),
            radius_m: RADIUS_M,
            is_demo: false,
            address: text::name(self.said_address()),
            active: false,
            ..nearest
        }
    }
}

/// What the office makes of an unlisted place.
#[derive(Debug, Clone, PartialEq)]
pub enum Settling {
    /// A point of its own.
    Listed(Listing),
    /// This point, which there is.
    Merged(PointId),
}

/// What an unlisted place needs to become a point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Code, such as `990001-MKT-0042`; no other point has it.
    pub code: String,
    /// Name.
    pub name: String,
    /// Code of its type.
    pub point_type: String,
    /// Lead unit 主责单位.
    pub lead_unit_id: UnitId,
    /// Where it is, for people; may be empty.
    pub address: String,
    /// Codes of the campaigns that inspect it.
    pub campaigns: Vec<String>,
}

impl Listing {
    /// The same as it is kept.
    ///
    /// # Errors
    /// Every field that is wrong in itself.
    pub fn checked(self) -> Result<Self, Invalid> {
        let mut invalid = Invalid::default();
        let code = text::code(&self.code);
        match code.chars().count() {
            _ if code.starts_with(CODE_PREFIX) => {
                invalid.push("/code", FieldCode::NotAllowed, format!("a code that does not begin with {CODE_PREFIX}"));
            }
            0 => invalid.push("/code", FieldCode::Required, "a code"),
            1..=CODE_CHARS_MAX => {}
            _ => invalid.push("/code", FieldCode::TooLong, format!("at most {CODE_CHARS_MAX} characters")),
        }
        let (name, address) = (text::name(&self.name), text::name(&self.address));
        invalid.prose("/name", &name, TITLE_CHARS_MAX);
        invalid.prose_at_most("/address", &address, ADDRESS_CHARS_MAX);
        if self.campaigns.is_empty() {
            invalid.push("/campaigns", FieldCode::Required, "must name a campaign");
        }
        invalid.into_result().map(|()| Listing { code, name, address, ..self })
    }

    /// The point that the provisional one becomes. `area_code` and `radius_m` are those of its unit and its type.
    #[must_use]
    pub fn point(self, provisional: &Point, area_code: String, radius_m: i32) -> Point {
        let Listing { code, name, point_type, lead_unit_id, address, campaigns } = self;
        Point {
            id: provisional.id,
            code,
            name,
            point_type,
            location: provisional.location,
            radius_m,
            campaigns,
            is_demo: false,
            lead_unit_id,
            territorial_unit_id: None,
            area_code,
            address,
            active: true,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn listing() -> Listing {
        Listing {
            code: " 990001-MKT-0042 ".into(),
            name: "旧码头\u{200b}".into(),
            point_type: "MKT".into(),
            lead_unit_id: UnitId(uuid::Uuid::from_u128(1)),
            address: " 滨河路\u{200b}2号 ".into(),
            campaigns: vec!["WM".into()],
        }
    }

    #[test]
    fn a_provisional_point_takes_its_place_from_the_report_and_the_rest_from_the_nearest() {
        let at = |lat, accuracy_m| Location { lat, lon: 108.0, accuracy_m };
        let nearest = Point {
            id: PointId(uuid::Uuid::from_u128(1)),
            code: "990001-MKT-0042".into(),
            name: "农贸市场".into(),
            point_type: "MKT".into(),
            location: Some(at(31.0, None)),
            radius_m: 50,
            campaigns: vec!["WM".into()],
            is_demo: true,
            lead_unit_id: UnitId(uuid::Uuid::from_u128(2)),
            territorial_unit_id: Some(UnitId(uuid::Uuid::from_u128(3))),
            area_code: "990001".into(),
            address: "人民路1号".into(),
            active: true,
        };
        let place = UnlistedPlace {
            name: " 旧码头\u{200b} ".into(),
            location: at(31.5, Some(12.0)),
            address: Some(" 滨河路2号 ".into()),
        };
        let id = PointId(uuid::Uuid::from_u128(0x1234_5678 << 96 | 7));
        let expected = Point {
            id,
            code: "unlisted-12345678".into(),
            name: "旧码头".into(),
            location: Some(at(31.5, None)),
            radius_m: 100,
            is_demo: false,
            address: "滨河路2号".into(),
            active: false,
            ..nearest.clone()
        };
        assert_eq!(place.provisional(id, nearest.clone()), expected);
        let bare = UnlistedPlace { address: None, ..place };
        assert_eq!(bare.provisional(id, nearest), Point { address: String::new(), ..expected });
    }

    #[test]
    fn a_listing_is_kept_as_it_is_meant_and_refused_where_it_is_wrong() {
        let kept = listing().checked().unwrap();
        assert_eq!((&*kept.code, &*kept.name, &*kept.address), ("990001-MKT-0042", "旧码头", "滨河路2号"));
        assert!(Listing { address: String::new(), ..listing() }.checked().is_ok());
        let faults = |listing: Listing| {
            let faults = listing.checked().unwrap_err().0;
            faults.into_iter().map(|fault| (fault.pointer, fault.code)).collect::<Vec<_>>()
        };
        let one = |pointer: &str, code| vec![(pointer.to_owned(), code)];
        let longest = "9".repeat(CODE_CHARS_MAX);
        assert!(Listing { code: longest.clone(), ..listing() }.checked().is_ok());
        assert_eq!(faults(Listing { code: longest + "9", ..listing() }), one("/code", FieldCode::TooLong));
        assert_eq!(faults(Listing { code: " ".into(), ..listing() }), one("/code", FieldCode::Required));
        assert_eq!(faults(Listing { code: "unlisted-1".into(), ..listing() }), one("/code", FieldCode::NotAllowed));
        assert_eq!(faults(Listing { name: " ".into(), ..listing() }), one("/name", FieldCode::Required));
        assert_eq!(faults(Listing { campaigns: vec![], ..listing() }), one("/campaigns", FieldCode::Required));
        let long = "路".repeat(ADDRESS_CHARS_MAX + 1);
        assert_eq!(faults(Listing { address: long, ..listing() }), one("/address", FieldCode::TooLong));
    }
}
