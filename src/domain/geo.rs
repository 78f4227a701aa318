//! Positions on the earth: WGS-84 degrees, distances in metres.

use serde::{Deserialize, Serialize};

use super::invalid::{FieldCode, Invalid};

/// Mean earth radius in metres. Source: IUGG mean radius R1.
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A position as a device gave it, WGS-84.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Location {
    /// Degrees north, −90 to 90.
    pub lat: f64,
    /// Degrees east, −180 to 180.
    pub lon: f64,
    /// Radius of the 68 % circle in metres, as the device says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_m: Option<f64>,
}

impl Location {
    /// Adds what is out of range to `invalid`, under `pointer`.
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

    /// Degrees from south to north and from west to east of a box that holds all within `metres`.
    /// Where that reaches a pole or the 180th meridian it goes all the way round.
    #[must_use]
    pub fn box_around(&self, metres: f64) -> ((f64, f64), (f64, f64)) {
        // A little wider than it must be, for what rounding takes away.
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
}
