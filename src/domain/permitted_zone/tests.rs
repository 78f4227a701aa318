#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::deadline::tests::{at, calendar};

fn corner(lat: f64, lon: f64) -> Corner {
    Corner { lat, lon }
}

/// A square of about 111 m by 96 m, open Monday to Friday from 18:00 to 02:00.
fn zone() -> PermittedZone {
    PermittedZone {
        corners: vec![corner(31.0, 108.0), corner(31.001, 108.0), corner(31.001, 108.001), corner(31.0, 108.001)],
        weekdays: Weekdays(0b001_1111),
        from: Time::constant(18, 0, 0, 0),
        to: Time::constant(2, 0, 0, 0),
        goods: "烧烤".into(),
        unit_id: UnitId(uuid::Uuid::from_u128(2)),
        policy_no: "一摊一策〔2026〕3号".into(),
        valid_from: None,
        valid_to: None,
    }
}

fn place(lat: f64, lon: f64) -> Location {
    Location { lat, lon, accuracy_m: None }
}

const MIDDLE: (f64, f64) = (31.000_5, 108.000_5);

/// 2026-08-03 is a Monday.
#[test]
fn hours_begin_on_their_days_and_may_last_over_midnight() {
    let open = |zone: &PermittedZone, when: &str| zone.is_open(&calendar(), at(when));
    for (when, expected) in [
        ("2026-08-03 17:59", false),
        ("2026-08-03 18:00", true),
        ("2026-08-03 23:59", true),
        ("2026-08-04 00:00", true),
        ("2026-08-04 01:59", true),
        ("2026-08-04 02:00", false),
        ("2026-08-04 12:00", false),
        // Friday's hours last into Saturday; Saturday and Sunday have none.
        ("2026-08-08 01:30", true),
        ("2026-08-08 19:00", false),
        ("2026-08-09 19:00", false),
        ("2026-08-10 01:30", false),
        ("2026-08-10 19:00", true),
    ] {
        assert_eq!(open(&zone(), when), expected, "{when}");
    }
    let day = PermittedZone { from: Time::constant(6, 0, 0, 0), to: Time::constant(9, 30, 0, 0), ..zone() };
    for (when, expected) in [
        ("2026-08-03 06:00", true),
        ("2026-08-03 09:29", true),
        ("2026-08-03 09:30", false),
        ("2026-08-04 01:00", false),
    ] {
        assert_eq!(open(&day, when), expected, "{when}");
    }
    // From and to at the same time: until the next day.
    let whole = PermittedZone { from: Time::midnight(), to: Time::midnight(), weekdays: Weekdays(1), ..zone() };
    for (when, expected) in [
        ("2026-08-02 23:59", false),
        ("2026-08-03 00:00", true),
        ("2026-08-03 23:59", true),
        ("2026-08-04 00:00", false),
    ] {
        assert_eq!(open(&whole, when), expected, "{when}");
    }
    let (first, last) = (jiff::civil::date(2026, 8, 4), jiff::civil::date(2026, 8, 5));
    let dated = PermittedZone { valid_from: Some(first), valid_to: Some(last), ..zone() };
    for (when, expected) in [
        ("2026-08-03 19:00", false),
        ("2026-08-04 01:00", false),
        ("2026-08-04 19:00", true),
        ("2026-08-05 19:00", true),
        ("2026-08-06 01:00", true),
        ("2026-08-06 19:00", false),
    ] {
        assert_eq!(open(&dated, when), expected, "{when}");
    }
}

#[test]
fn weekdays_are_counted_from_monday() {
    for (bit, day) in (0..).zip([
        Weekday::Monday,
        Weekday::Tuesday,
        Weekday::Wednesday,
        Weekday::Thursday,
        Weekday::Friday,
        Weekday::Saturday,
        Weekday::Sunday,
    ]) {
        assert!(Weekdays(1 << bit).has(day) && !Weekdays(Weekdays::ALL.0 ^ 1 << bit).has(day));
    }
}

#[test]
fn a_position_is_inside_outside_or_unsure() {
    let answer = |zone: &PermittedZone, lat, lon, accuracy_m| {
        let position = Location { accuracy_m, ..place(lat, lon) };
        zone.permits(&calendar(), at("2026-08-03 19:00"), &position)
    };
    use ZonePosition::{Inside, Outside, Unsure};
    for (lat, lon, accuracy, expected) in [
        (MIDDLE.0, MIDDLE.1, None, Inside),
        // 47.7 m from the nearest side.
        (MIDDLE.0, MIDDLE.1, Some(47.0), Inside),
        (MIDDLE.0, MIDDLE.1, Some(48.5), Unsure),
        (31.0, 108.0, None, Inside),
        (31.000_5, 108.0, None, Inside),
        (31.001, 108.000_7, None, Inside),
        (30.999_9, 108.000_5, None, Outside),
        // 11.1 m to the south.
        (30.999_9, 108.000_5, Some(11.0), Outside),
        (30.999_9, 108.000_5, Some(11.2), Unsure),
        (31.000_5, 108.001_1, None, Outside),
        (31.000_5, 107.999_9, None, Outside),
        (31.001_1, 108.000_5, None, Outside),
        (31.5, 108.5, Some(60.0), Outside),
        (MIDDLE.0, MIDDLE.1, Some(0.0), Inside),
        // On a corner, exactly.
        (31.0, 108.0, Some(0.0), Inside),
    ] {
        assert_eq!(answer(&zone(), lat, lon, accuracy), expected, "{lat} {lon} {accuracy:?}");
    }
    let closed = zone().permits(&calendar(), at("2026-08-03 12:00"), &place(MIDDLE.0, MIDDLE.1));
    assert_eq!(closed, Outside);
    // An L: its notch is outside. The order of the corners does not matter.
    let mut corners = vec![
        corner(31.0, 108.0),
        corner(31.002, 108.0),
        corner(31.002, 108.001),
        corner(31.001, 108.001),
        corner(31.001, 108.002),
        corner(31.0, 108.002),
    ];
    for _ in 0..2 {
        let zone = PermittedZone { corners: corners.clone(), ..zone() };
        assert_eq!(zone.validate(), Ok(()));
        for (lat, lon, expected) in [
            (31.001_5, 108.000_5, Inside),
            (31.000_5, 108.001_5, Inside),
            (31.001_5, 108.001_5, Outside),
            (31.001, 108.001, Inside),
        ] {
            assert_eq!(answer(&zone, lat, lon, None), expected, "{lat} {lon}");
        }
        corners.reverse();
    }
}

/// Sides that are neither north–south nor east–west, and places level with a corner.
#[test]
fn slanting_sides_are_borders_too() {
    use ZonePosition::{Inside, Outside};
    let triangle = [corner(31.0, 108.0), corner(31.002, 108.001), corner(31.0, 108.002)];
    let diamond = [corner(31.001, 108.0), corner(31.002, 108.001), corner(31.001, 108.002), corner(31.0, 108.001)];
    for (corners, lat, lon, expected) in [
        // Half-way up, the sides are at 108.0005 and 108.0015.
        (&triangle[..], 31.001, 108.000_4, Outside),
        (&triangle, 31.001, 108.000_6, Inside),
        (&triangle, 31.001, 108.001_4, Inside),
        (&triangle, 31.001, 108.001_6, Outside),
        // A quarter up, at 108.00025 and 108.00175.
        (&triangle, 31.000_5, 108.000_2, Outside),
        (&triangle, 31.000_5, 108.000_3, Inside),
        (&triangle, 31.000_5, 108.001_7, Inside),
        (&triangle, 31.000_5, 108.001_8, Outside),
        // Level with the corners in the west and the east.
        (&diamond, 31.001, 108.001, Inside),
        (&diamond, 31.001, 107.999, Outside),
        (&diamond, 31.001, 108.003, Outside),
        // Level with those in the north and the south.
        (&diamond, 31.002, 108.0, Outside),
        (&diamond, 31.0, 108.0, Outside),
    ] {
        // Whichever corner comes first, and whichever way round.
        let mut corners = corners.to_vec();
        for turn in 0..2 * corners.len() {
            if turn == corners.len() {
                corners.reverse();
            }
            corners.rotate_left(1);
            let zone = PermittedZone { corners: corners.clone(), ..zone() };
            let told = zone.permits(&calendar(), at("2026-08-03 19:00"), &place(lat, lon));
            assert_eq!(told, expected, "{lat} {lon}");
        }
    }
}

#[test]
fn a_zone_is_checked_field_by_field() {
    assert_eq!(zone().validate(), Ok(()));
    type Change = fn(&mut PermittedZone);
    let changes: [(Change, &str, FieldCode); 10] = [
        (|zone| zone.corners.truncate(2), "/corners", FieldCode::OutOfRange),
        (|zone| zone.corners = zone.corners.repeat(126), "/corners", FieldCode::OutOfRange),
        (|zone| zone.corners[2].lat = 91.0, "/corners/2/lat", FieldCode::OutOfRange),
        (|zone| zone.weekdays = Weekdays(0), "/weekdays", FieldCode::OutOfRange),
        (|zone| zone.weekdays = Weekdays(128), "/weekdays", FieldCode::OutOfRange),
        (|zone| zone.from = Time::constant(18, 0, 1, 0), "/from", FieldCode::Malformed),
        (|zone| zone.to = Time::constant(2, 0, 0, 1), "/to", FieldCode::Malformed),
        (|zone| zone.goods.clear(), "/goods", FieldCode::Required),
        (|zone| zone.policy_no = "x".repeat(41), "/policy_no", FieldCode::TooLong),
        (
            |zone| {
                zone.valid_from = Some(jiff::civil::date(2026, 8, 4));
                zone.valid_to = Some(jiff::civil::date(2026, 8, 3));
            },
            "/valid_to",
            FieldCode::OutOfRange,
        ),
    ];
    for (change, pointer, code) in changes {
        let mut wrong = zone();
        change(&mut wrong);
        let faults = wrong.validate().unwrap_err().0;
        assert_eq!((&*faults[0].pointer, faults[0].code, faults.len()), (pointer, code, 1));
    }
    let one_day = Some(jiff::civil::date(2026, 8, 4));
    assert_eq!(PermittedZone { valid_from: one_day, valid_to: one_day, ..zone() }.validate(), Ok(()));
    assert_eq!(PermittedZone { weekdays: Weekdays(127), ..zone() }.validate(), Ok(()));
    // Lines along a meridian and along a parallel, whose area would not be 0 if it were rounded.
    for corners in [
        [corner(-48.7, 100.3), corner(-56.6, 100.3), corner(40.3, 100.3)],
        [corner(11.5, 7.1), corner(11.5, -36.3), corner(11.5, -3.5)],
    ] {
        let faults = PermittedZone { corners: corners.to_vec(), ..zone() }.validate().unwrap_err().0;
        assert_eq!((&*faults[0].pointer, faults[0].code), ("/corners", FieldCode::Malformed));
    }
    let line =
        PermittedZone { corners: vec![corner(31.0, 108.0), corner(31.5, 108.5), corner(31.25, 108.25)], ..zone() };
    assert_eq!(line.validate().unwrap_err().0[0].code, FieldCode::Malformed);
    let read: PermittedZone = serde_json::from_str(&serde_json::to_string(&zone()).unwrap()).unwrap();
    assert_eq!(read, zone());
}
