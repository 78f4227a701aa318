//! Positions on the earth: degrees in WGS-84, distances in metres.

use serde::{Deserialize, Serialize};

use super::invalid::{FieldCode, Invalid};

/// Mean earth radius in metres. Source: IUGG mean radius R1.
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A position as a device reports it, WGS-84.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// Degrees north, −90 to 90.
    pub lat: f64,
    /// Degrees east, −180 to 180.
    pub lon: f64,
    /// Radius of the 68 % circle in metres, as the device reports it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
}

impl Location {
    /// Reports values out of range in `invalid`, under `pointer`.
    pub fn validate(&self, pointer: &str, invalid: &mut Invalid) {
        let mut range = |field: &str, value: f64, low: f64, high: f64| {
            if !(low..=high).contains(&value) {
                invalid.push(format!("{pointer}/{field}"), FieldCode::OutOfRange, format!("from {low} to {high}"));
            }
        };
        range("lat", self.lat, -90.0, 90.0);
        range("lon", self.lon, -180.0, 180.0);
        if let Some(accuracy) = self.accuracy_m {
            range("accuracy_m", accuracy, 0.0, 1_000_000.0);
        }
    }

    /// A box that contains everything within `metres`: degrees from south to north and from west to east. If it reaches
    /// a pole or the 180th meridian it covers all longitudes.
    #[must_use]
    pub fn box_around(&self, metres: f64) -> ((f64, f64), (f64, f64)) {
        // A little wider than necessary, to allow for rounding.
        let reach = (metres / EARTH_RADIUS_M).to_degrees() * 1.000_001 + 1e-9;
        let lat = (self.lat - reach, self.lat + reach);
        if lat.0 <= -90.0 || lat.1 >= 90.0 {
            return (lat, (-180.0, 180.0));
        }
        // The meridians that touch the circle: sin Δλ = sin δ / cos φ.
        let half = reach.to_radians().sin() / self.lat.to_radians().cos();
        let half = if half < 1.0 { half.asin().to_degrees() * 1.000_001 + 1e-9 } else { 180.0 };
        let lon = (self.lon - half, self.lon + half);
        if lon.0 < -180.0 || lon.1 > 180.0 { (lat, (-180.0, 180.0)) } else { (lat, lon) }
    }

    /// Great-circle distance in metres (haversine).
    #[must_use]
    pub fn distance_m(&self, other: &Location) -> f64 {
        let (lat1, lat2) = (self.lat.to_radians(), other.lat.to_radians());
        let dlat = lat2 - lat1;
        let dlon = (other.lon - self.lon).to_radians();
        let h = (dlat / 2.0).sin().powi(2) + lat1.cos() * lat2.cos() * (dlon / 2.0).sin().powi(2);
        2.0 * EARTH_RADIUS_M * h.sqrt().min(1.0).asin()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_degree_of_latitude_is_about_111_km() {
        let at = |lat| Location { lat, lon: 107.49, accuracy_m: None };
        let distance = at(31.0).distance_m(&at(32.0));
        assert!((distance - 111_195.0).abs() < 10.0, "{distance}");
    }

    fn at(lat: f64, lon: f64) -> Location {
        Location { lat, lon, accuracy_m: None }
    }

    /// On a sphere of radius R1 a quarter of a great circle is 10,007,557 m.
    #[test]
    fn distances_are_those_of_great_circles() {
        for (one, other, metres) in [
            (at(0.0, 0.0), at(90.0, 0.0), 10_007_557.0),
            (at(-45.0, 20.0), at(45.0, 20.0), 10_007_557.0),
            (at(0.0, -45.0), at(0.0, 45.0), 10_007_557.0),
            (at(0.0, -90.0), at(0.0, 90.0), 20_015_115.0),
            (at(0.0, 179.5), at(0.0, -179.5), 111_195.0),
            (at(60.0, 10.0), at(60.0, 11.0), 55_597.0),
            (at(30.0, 0.0), at(60.0, 90.0), 7_154_413.0),
            (at(31.0, 107.0), at(31.0, 107.0), 0.0),
        ] {
            for distance in [one.distance_m(&other), other.distance_m(&one)] {
                assert!((distance - metres).abs() < 2.0, "{one:?} {other:?}: {distance}");
            }
        }
    }

    #[test]
    fn what_is_off_the_earth_is_refused_by_field() {
        let faults = |lat: f64, lon: f64, accuracy_m: Option<f64>| {
            let mut invalid = Invalid::default();
            Location { lat, lon, accuracy_m }.validate("/location", &mut invalid);
            assert!(invalid.0.iter().all(|error| error.code == FieldCode::OutOfRange));
            invalid.0.into_iter().map(|error| error.pointer).collect::<Vec<_>>()
        };
        for (lat, lon, accuracy_m) in [
            (90.0, 180.0, None),
            (-90.0, -180.0, Some(0.0)),
            (-31.0, -107.0, Some(1_000_000.0)),
            (0.0, 0.0, Some(12.5)),
        ] {
            assert!(faults(lat, lon, accuracy_m).is_empty(), "{lat} {lon} {accuracy_m:?}");
        }
        for (lat, lon, accuracy_m, pointer) in [
            (90.1, 0.0, None, "/location/lat"),
            (-90.1, 0.0, None, "/location/lat"),
            (f64::NAN, 0.0, None, "/location/lat"),
            (0.0, 180.1, None, "/location/lon"),
            (0.0, -180.1, None, "/location/lon"),
            (0.0, 0.0, Some(-0.1), "/location/accuracy_m"),
            (0.0, 0.0, Some(1_000_000.1), "/location/accuracy_m"),
        ] {
            assert_eq!(faults(lat, lon, accuracy_m), [pointer], "{lat} {lon} {accuracy_m:?}");
        }
    }

    /// The place this many metres away in this direction, in radians clockwise from north.
    fn gone(from: &Location, metres: f64, direction: f64) -> Location {
        let (lat, way) = (from.lat.to_radians(), metres / EARTH_RADIUS_M);
        let sine = lat.sin() * way.cos() + lat.cos() * way.sin() * direction.cos();
        let turned = (direction.sin() * way.sin() * lat.cos()).atan2(way.cos() - lat.sin() * sine);
        at(sine.asin().to_degrees(), from.lon + turned.to_degrees())
    }

    #[test]
    fn a_box_holds_the_whole_circle_and_hardly_more() {
        for (lat, lon) in [(0.0, 0.0), (31.0, 107.0), (-31.0, -107.0), (60.0, 179.0), (-88.0, 10.0)] {
            for metres in [0.0, 1.0, 50.0, 20_000.0] {
                let middle = at(lat, lon);
                let ((south, north), (west, east)) = middle.box_around(metres);
                let circle: Vec<Location> = (0..3_600)
                    .map(|tenth| gone(&middle, metres, f64::from(tenth) * std::f64::consts::PI / 1_800.0))
                    .collect();
                for place in &circle {
                    assert!(south <= place.lat && place.lat <= north, "{middle:?} {metres} {place:?}");
                    assert!(west <= place.lon && place.lon <= east, "{middle:?} {metres} {place:?}");
                }
                let most = |of: fn(&Location) -> f64| circle.iter().map(of).fold(f64::MIN, f64::max);
                let slack = |size: f64| 4e-6 * size + 1e-7;
                assert!(north - most(|place| place.lat) <= slack(north - lat), "{middle:?} {metres}");
                assert!(-south - most(|place| -place.lat) <= slack(lat - south), "{middle:?} {metres}");
                assert!(east - most(|place| place.lon) <= slack(east - lon), "{middle:?} {metres}");
                assert!(-west - most(|place| -place.lon) <= slack(lon - west), "{middle:?} {metres}");
            }
        }
    }

    /// A degree of latitude is 111,195 m.
    #[test]
    fn a_box_that_reaches_a_pole_or_the_180th_meridian_goes_all_the_way_round() {
        for (lat, lon, metres, round) in [
            (89.0, 10.0, 111_200.0, true),
            (89.0, 10.0, 111_100.0, false),
            (-89.0, 10.0, 111_200.0, true),
            (-89.0, 10.0, 111_100.0, false),
            (0.0, 179.0, 111_200.0, true),
            (0.0, 179.0, 111_100.0, false),
            (0.0, -179.0, 111_200.0, true),
            (0.0, -179.0, 111_100.0, false),
            (10.0, 0.0, 30_000_000.0, true),
        ] {
            let (_, found) = at(lat, lon).box_around(metres);
            assert_eq!(found == (-180.0, 180.0), round, "{lat} {lon} {metres}: {found:?}");
        }
    }
}
