#![allow(clippy::unwrap_used)]

use super::*;

const UPRIGHT: [[f64; 2]; 4] = [[107.4, 31.4], [107.6, 31.4], [107.6, 31.1], [107.4, 31.1]];

fn fault(corners: [[f64; 2]; 4]) -> String {
    Corners(corners).validate("/corners").unwrap_err().0.swap_remove(0).detail
}

#[test]
fn pictures_may_lie_turned_but_not_bent() {
    Corners(UPRIGHT).validate("/corners").unwrap();
    // Rotated by 30° at the equator, where a degree of longitude is as long as one of latitude.
    Corners([[0.0, 0.5], [0.866, 1.0], [1.366, 0.134], [0.5, -0.366]]).validate("/corners").unwrap();
    let [a, b, c, d] = UPRIGHT;
    assert!(fault([b, a, d, c]).contains("wrong way"));
    assert!(fault([a, b, [107.7, 31.1], d]).contains("bent"));
    assert!(fault([a, a, c, d]).contains("100 m"));
    assert!(fault([a, b, [107.8, 31.4], [107.7, 31.4]]).contains("line"));
    let far = Corners([[181.0, 31.4], b, c, [107.4, 86.0]]).validate("/corners").unwrap_err();
    let found: Vec<_> = far.0.iter().map(|error| (error.pointer.as_str(), error.code)).collect();
    assert_eq!(found, [("/corners/0", FieldCode::OutOfRange), ("/corners/3", FieldCode::OutOfRange)]);
    assert!(Corners([[f64::NAN, 31.4], b, c, d]).validate("/corners").is_err());
}

#[test]
fn tiles_come_from_one_plain_host() {
    let layer = |template| TileLayer::new(template, Crs::Wgs84, (3, 18), " 县自然资源局 ");
    let far = layer("https://tiles.example:8443/w/{z}/{x}/{y}.png?tk=1").unwrap();
    assert_eq!((far.origin(), far.credit.as_str()), (Some("https://tiles.example:8443"), "县自然资源局"));
    assert_eq!(layer("/tiles/{z}/{y}/{x}").unwrap().origin(), None);
    for wrong in [
        "https://tiles.example/{z}/{x}.png",
        "https://tiles.example/{z}/{x}/{y}/{z}",
        "ftp://tiles.example/{z}/{x}/{y}",
        "//tiles.example/{z}/{x}/{y}",
        "https:///{z}/{x}/{y}",
        "https://{z}.example/{x}/{y}",
        "https://*/{z}/{x}/{y}",
        "https://a;script-src/{z}/{x}/{y}",
        "https://a b/{z}/{x}/{y}",
        "tiles/{z}/{x}/{y}",
    ] {
        assert!(layer(wrong).is_err(), "{wrong}");
    }
    assert!(TileLayer::new("/{z}/{x}/{y}", Crs::Wgs84, (9, 8), "").is_err());
    assert!(TileLayer::new("/{z}/{x}/{y}", Crs::Wgs84, (0, 21), "").is_err());
}

#[test]
fn corners_are_places_within_web_mercator() {
    let refused = |corner: [f64; 2]| {
        let corners = Corners([corner, [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]]);
        corners.validate("/corners").unwrap_err().0[0].pointer == "/corners/0"
    };
    for edge in [[180.0, 85.0], [-180.0, -85.0], [180.0, -85.0], [-180.0, 85.0]] {
        assert!(!refused(edge), "{edge:?}");
    }
    for off in [[180.1, 0.0], [-180.1, 0.0], [0.0, 85.1], [0.0, -85.1]] {
        assert!(refused(off), "{off:?}");
    }
}

/// Right and down from the upper left corner, around a middle at this latitude; the fourth corner is moved by this
/// much.
fn around(lat: f64, right: [f64; 2], down: [f64; 2], moved: [f64; 2]) -> Option<String> {
    let at = |x: f64, y: f64| [x, y + lat - (right[1] + down[1]) / 2.0];
    let fourth = at(right[0] + down[0] + moved[0], right[1] + down[1] + moved[1]);
    let corners = Corners([at(0.0, 0.0), at(right[0], right[1]), fourth, at(down[0], down[1])]);
    corners.validate("/corners").err().map(|invalid| invalid.0[0].detail.clone())
}

#[test]
fn sides_are_a_hundred_metres_at_least_wherever_the_picture_lies() {
    for (lat, right, down, short) in [
        (0.0, [0.0011, 0.0], [0.0, -0.0011], false),
        (0.0, [0.001, 0.0], [0.0, -0.001], false),
        (0.0, [0.0009, 0.0], [0.0, -0.0011], true),
        (0.0, [0.0011, 0.0], [0.0, -0.0009], true),
        // At 60° a degree of longitude is half as long.
        (60.0, [0.0021, 0.0], [0.0, -0.0011], false),
        (60.0, [0.0019, 0.0], [0.0, -0.0011], true),
        (-60.0, [0.0019, 0.0], [0.0, -0.0011], true),
        (-60.0, [0.0021, 0.0], [0.0, -0.0011], false),
    ] {
        let fault = around(lat, right, down, [0.0, 0.0]);
        assert_eq!(fault.as_ref().is_some_and(|fault| fault.contains("100 m")), short, "{lat} {right:?} {fault:?}");
        assert_eq!(fault.is_some(), short, "{fault:?}");
    }
}

/// The sine of 5° is 0.087, of 7° 0.122.
#[test]
fn corners_lie_on_a_line_below_six_degrees() {
    for (right, length) in [([4.0, 0.0], 0.5), ([0.4, 0.0], 5.0), ([0.3, 0.4], 2.0)] {
        let heading = f64::atan2(right[1], right[0]);
        for (degrees, fault) in [
            (-90.0_f64, None),
            (-7.0, None),
            (-173.0, None),
            (-5.0, Some("line")),
            (-175.0, Some("line")),
            (5.0, Some("line")),
            (7.0, Some("wrong way")),
            (90.0, Some("wrong way")),
        ] {
            let (sine, cosine) = (heading + degrees.to_radians()).sin_cos();
            let found = around(0.0, right, [length * cosine, length * sine], [0.0, 0.0]);
            assert_eq!(found.is_some(), fault.is_some(), "{right:?} {degrees} {found:?}");
            assert!(found.unwrap_or_default().contains(fault.unwrap_or_default()), "{right:?} {degrees}");
        }
    }
}

/// The diagonal of a square of one degree is 1.414, and five hundredths of it are 0.0707.
#[test]
fn the_fourth_corner_is_off_by_a_twentieth_of_the_diagonal_at_most() {
    let off = |moved: [f64; 2]| around(0.0, [1.0, 0.0], [0.0, -1.0], moved);
    for direction in [[1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]] {
        let moved = |by: f64| direction.map(|part| part * by);
        assert_eq!(off(moved(0.068)), None, "{direction:?}");
        assert!(off(moved(0.076)).is_some_and(|fault| fault.contains("bent")), "{direction:?}");
    }
    // The longer diagonal counts: 2.55 here, and a twentieth of it is 0.127.
    let slanting = |by: f64| around(0.0, [1.5, 0.0], [1.0, -0.5], [-by, 0.0]);
    assert_eq!((slanting(0.10), slanting(0.14).is_some()), (None, true));
}

#[test]
fn zoom_goes_up_to_twenty_and_may_be_one_number() {
    for (zoom, fine) in [((0, 20), true), ((7, 7), true), ((20, 20), true), ((0, 21), false), ((8, 7), false)] {
        assert_eq!(TileLayer::new("/{z}/{x}/{y}", Crs::Gcj02, zoom, "").is_ok(), fine, "{zoom:?}");
    }
    for (template, origin) in [
        ("http://a/{z}/{x}/{y}", Some("http://a")),
        ("https://tiles.example?z={z}&x={x}&y={y}", Some("https://tiles.example")),
        ("https://tiles.example#{z}/{x}/{y}", Some("https://tiles.example")),
        ("https://user@tiles.example/{z}/{x}/{y}", None),
    ] {
        let layer = TileLayer::new(template, Crs::Wgs84, (0, 18), "");
        assert_eq!(layer.as_ref().ok().and_then(TileLayer::origin), origin, "{template}");
    }
}
