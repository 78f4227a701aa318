//! Coordinate systems that the lists of counties use, and a check whether a list seems to use a different one than it
//! names.
//!
//! Chinese maps show places 300 to 700 m away from where a GPS receiver says they are (GCJ-02), and Baidu's another
//! 1,000 m away (BD-09). Neither formula was ever published by its authors; they are known from
//! <https://github.com/googollee/eviltransform> (MIT) and from Baidu's own pages (`x_pi`), and agree with `gcoord`
//! (MIT), which draws our maps, to less than a centimetre. CGCS2000 and WGS-84 differ by centimetres: for an
//! inspection they are the same.

use std::f64::consts::PI;

use super::geo::Location;
use super::text::text_enum;

text_enum! {
    /// What the degrees of a list are.
    pub enum ListCrs {
        Wgs84 = "wgs84", "WGS-84（GPS）", "WGS-84 (GPS)";
        Cgcs2000 = "cgcs2000", "CGCS2000（天地图、国土规划）", "CGCS2000 (Tianditu)";
        Gcj02 = "gcj02", "GCJ-02（高德、腾讯）", "GCJ-02 (Amap, Tencent)";
        Bd09 = "bd09", "BD-09（百度）", "BD-09 (Baidu)";
    }
}

text_enum! {
    /// What looks wrong with the positions of a list.
    pub enum PlaceDoubt {
        Shifted = "shifted", "多数点位整体偏移", "Most points are shifted";
        Elsewhere = "elsewhere", "多数点位不在本县", "Most points are far from the county";
    }
}

/// Semi-major axis of the ellipsoid of Krasovsky, in metres, and the square of its eccentricity. Source: eviltransform.
const KRASOVSKY_A: f64 = 6_378_245.0;
const KRASOVSKY_EE: f64 = 0.006_693_421_622_965_943;
/// Where GCJ-02 moves places: degrees north and east. Source: eviltransform, `outOfChina`.
const CHINA: ((f64, f64), (f64, f64)) = ((0.8293, 55.8271), (72.004, 137.8347));
/// Source: Baidu, `x_pi`.
const BAIDU: f64 = PI * 3000.0 / 180.0;
/// Rounds after which the way back is exact: each is about 1,000 times nearer.
const ROUNDS: usize = 6;
/// A tenth of a millimetre and less is noise of the arithmetic. Source: our choice, 1 cm.
const DECIMALS: f64 = 1e7;

/// The offset of GCJ-02 from WGS-84 at a place, in degrees north and east.
fn moved(lat: f64, lon: f64) -> (f64, f64) {
    let ((south, north), (west, east)) = CHINA;
    if !(south..=north).contains(&lat) || !(west..=east).contains(&lon) {
        return (0.0, 0.0);
    }
    let (x, y) = (lon - 105.0, lat - 35.0);
    let wave = |amplitude: f64, at: f64| amplitude * (at * PI).sin();
    let both = wave(20.0, 6.0 * x) + wave(20.0, 2.0 * x);
    let north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * x.abs().sqrt();
    let north_m = north_m
        + (both + wave(20.0, y) + wave(40.0, y / 3.0) + wave(160.0, y / 12.0) + wave(320.0, y / 30.0)) * 2.0 / 3.0;
    let east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * x.abs().sqrt();
    let east_m = east_m
        + (both + wave(20.0, x) + wave(40.0, x / 3.0) + wave(150.0, x / 12.0) + wave(300.0, x / 30.0)) * 2.0 / 3.0;
    let radians = lat.to_radians();
    let magic = 1.0 - KRASOVSKY_EE * radians.sin().powi(2);
    let meridian = KRASOVSKY_A * (1.0 - KRASOVSKY_EE) / (magic * magic.sqrt());
    let parallel = KRASOVSKY_A / magic.sqrt() * radians.cos();
    ((north_m / meridian).to_degrees(), (east_m / parallel).to_degrees())
}

fn gcj02((lat, lon): (f64, f64)) -> (f64, f64) {
    let (north, east) = moved(lat, lon);
    (lat + north, lon + east)
}

fn bd09(at: (f64, f64)) -> (f64, f64) {
    let (y, x) = gcj02(at);
    let length = x.hypot(y) + 0.000_02 * (y * BAIDU).sin();
    let angle = y.atan2(x) + 0.000_003 * (x * BAIDU).cos();
    (length * angle.sin() + 0.006, length * angle.cos() + 0.0065)
}

/// A position of a list as WGS-84.
#[must_use]
pub fn to_wgs84(crs: ListCrs, at: Location) -> Location {
    let forth: fn((f64, f64)) -> (f64, f64) = match crs {
        ListCrs::Wgs84 | ListCrs::Cgcs2000 => return at,
        ListCrs::Gcj02 => gcj02,
        ListCrs::Bd09 => bd09,
    };
    let mut guess = (at.lat, at.lon);
    for _ in 0..ROUNDS {
        let there = forth(guess);
        guess = (guess.0 + at.lat - there.0, guess.1 + at.lon - there.1);
    }
    let round = |degrees: f64| (degrees * DECIMALS).round() / DECIMALS;
    Location { lat: round(guess.0), lon: round(guess.1), ..at }
}

/// Distance in metres between the same numbers read in two different systems. Source: GCJ-02 moves places by 300 to 700
/// m, BD-09 by up to 1,500 m.
const APART_M: std::ops::RangeInclusive<f64> = 300.0..=1_500.0;
/// How far outside of all known points a point of the county may be, in degrees. Source: our choice, about 30 km.
const AROUND: f64 = 0.3;
/// Fewer points say nothing. Source: our choice.
const COMPARED_MIN: usize = 3;

/// What looks wrong with the positions of a list: `again` has those of known points, with their known positions; `all`
/// has every position of the list; `known` every position that was known before. Only a warning: the person who imports
/// the list decides.
#[must_use]
pub fn doubt(again: &[(Location, Location)], all: &[Location], known: &[Location]) -> Option<PlaceDoubt> {
    let most = |count: usize, of: usize| of >= COMPARED_MIN && count * 2 > of;
    let apart = again.iter().filter(|(new, old)| APART_M.contains(&new.distance_m(old))).count();
    if most(apart, again.len()) {
        return Some(PlaceDoubt::Shifted);
    }
    let reach = |of: fn(&Location) -> f64| {
        let values = known.iter().map(of);
        values.fold((f64::MAX, f64::MIN), |(least, most), value| (least.min(value), most.max(value)))
    };
    let ((south, north), (west, east)) = (reach(|at| at.lat), reach(|at| at.lon));
    let is_outside = |at: &&Location| {
        !(south - AROUND..=north + AROUND).contains(&at.lat) || !(west - AROUND..=east + AROUND).contains(&at.lon)
    };
    let outside = all.iter().filter(is_outside).count();
    (!known.is_empty() && most(outside, all.len())).then_some(PlaceDoubt::Elsewhere)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat: f64, lon: f64) -> Location {
        Location { lat, lon, accuracy_m: None }
    }

    /// Made by `gcoord` 1.0.7: longitude and latitude in WGS-84, GCJ-02 and BD-09.
    #[allow(clippy::excessive_precision)]
    const KNOWN: [[(f64, f64); 3]; 4] = [
        [(107.490_35, 31.210_25), (107.494_936_800_383, 31.208_041_384_467), (107.501_420_718_199, 31.214_126_097_507)],
        [(116.404, 39.915), (116.410_244_499_169, 39.916_404_281_502), (116.416_627_243_787, 39.922_699_552_216)],
        [(87.6, 43.8), (87.602_838_972_272, 43.801_212_030_292), (87.609_210_151_822, 43.807_472_507_650)],
        [(113.5, 22.2), (113.505_246_080_084, 22.197_181_532_580), (113.511_695_503_588, 22.203_424_831_422)],
    ];

    #[test]
    fn both_systems_are_those_that_maps_are_drawn_with_and_lead_back() {
        for [wgs84, in_gcj02, in_bd09] in KNOWN {
            let here = at(wgs84.1, wgs84.0);
            let near = |(lat, lon): (f64, f64), (east, north): (f64, f64)| {
                assert!((lat - north).abs() < 1e-9 && (lon - east).abs() < 1e-9, "{lat} {lon} {north} {east}");
            };
            near(gcj02((here.lat, here.lon)), in_gcj02);
            near(bd09((here.lat, here.lon)), in_bd09);
            for (crs, (lon, lat)) in [
                (ListCrs::Wgs84, wgs84),
                (ListCrs::Cgcs2000, wgs84),
                (ListCrs::Gcj02, in_gcj02),
                (ListCrs::Bd09, in_bd09),
            ] {
                let back = to_wgs84(crs, at(lat, lon));
                assert!(back.distance_m(&here) < 0.02, "{crs} {back:?}");
            }
        }
        // Outside of China only Baidu moves places.
        assert_eq!(to_wgs84(ListCrs::Gcj02, at(48.85, 2.35)), at(48.85, 2.35));
    }

    #[test]
    fn a_list_in_another_system_looks_shifted_and_another_countys_elsewhere() {
        let county: Vec<Location> = (0..5).map(|n| at(31.2 + 0.01 * f64::from(n), 107.4)).collect();
        let same: Vec<(Location, Location)> = county.iter().map(|here| (*here, *here)).collect();
        assert_eq!(doubt(&same, &county, &county), None);
        for forth in [gcj02, bd09] {
            let moved: Vec<(Location, Location)> = county
                .iter()
                .map(|here| {
                    let (lat, lon) = forth((here.lat, here.lon));
                    (at(lat, lon), *here)
                })
                .collect();
            let all: Vec<Location> = moved.iter().map(|(new, _)| *new).collect();
            assert_eq!(doubt(&moved, &all, &county), Some(PlaceDoubt::Shifted));
            // Two points may simply be wrong.
            assert_eq!(doubt(&moved[..2], &all[..2], &county), None);
            // Three of five are most, half of them is not.
            let three = [&moved[..3], &same[..2]].concat();
            assert_eq!(doubt(&three, &all, &county), Some(PlaceDoubt::Shifted));
            let mixed = [&moved[..2], &same[..2]].concat();
            assert_eq!(doubt(&mixed, &all, &county), None);
        }
        let far: Vec<Location> = county.iter().map(|here| at(here.lat + 1.0, here.lon)).collect();
        let west: Vec<Location> = county.iter().map(|here| at(here.lat, here.lon - 1.0)).collect();
        for elsewhere in [&far, &west] {
            assert_eq!(doubt(&[], elsewhere, &county), Some(PlaceDoubt::Elsewhere));
            assert_eq!(doubt(&[], elsewhere, &[]), None, "nothing is known yet");
        }
        let mixed = [&far[..2], &county[..2]].concat();
        assert_eq!(doubt(&[], &mixed, &county), None);
    }
}
