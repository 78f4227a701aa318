#![allow(clippy::unwrap_used)]

use super::*;

fn about(photo: u128, other: u128, detail: &str) -> Flag {
    let [photo, other] = [photo, other].map(uuid::Uuid::from_u128);
    Flag::about_photo(FlagCode::PhotoSimilar, PhotoId(photo), detail).refers_to(IssueId(other), PhotoId(other))
}

#[test]
fn a_few_are_told_and_the_rest_is_counted() {
    let mut doubts = FirstDoubts::default();
    for other in 0..DOUBTS_PER_PHOTO_MAX as u128 {
        assert!(!doubts.is_full(), "{other}");
        doubts.push(about(1, other, "0/64"));
    }
    assert!(doubts.is_full());
    let exactly: Vec<Flag> = FirstDoubts { told: doubts.told.clone(), ..FirstDoubts::default() }.into_flags();
    assert!(exactly.iter().all(|flag| flag.detail == "0/64"), "none is left to count");
    doubts.push(about(1, 0, "0/64"));
    doubts.push(about(1, 9, "1/64"));
    assert_eq!(doubts.into_flags().pop().map(|last| last.detail).as_deref(), Some("0/64, 1 more"));
    let mut doubts = FirstDoubts::default();
    (0..5).for_each(|other| doubts.push(Flag { detail: String::new(), ..about(1, other, "") }));
    doubts.leave_open();
    assert_eq!(doubts.into_flags().pop().map(|last| last.detail).as_deref(), Some("at least 2 more"));
}

#[test]
fn what_was_noted_without_bound_is_told_with_one_the_nearest_first() {
    let old: Vec<Flag> = (0..1_004)
        .flat_map(|other| [about(1, other, &format!("{}/64", 8 - other % 9)), about(2, other, "4/64")])
        .chain([Flag::about_issue(FlagCode::Late, "9 h")])
        .collect();
    let told = told(old);
    assert_eq!(told.len(), 2 * DOUBTS_PER_PHOTO_MAX + 1);
    let details: Vec<&str> = told.iter().map(|flag| &*flag.detail).collect();
    assert_eq!(details, ["0/64", "0/64", "0/64, 1001 more", "4/64", "4/64", "4/64, 1001 more", "9 h"]);
}

#[test]
fn a_mirror_image_is_called_one() {
    assert_eq!(similar_detail(Likeness { distance: 3, mirrored: false }), "3/64");
    assert_eq!(similar_detail(Likeness { distance: 0, mirrored: true }), "0/64, mirrored");
}

#[test]
fn how_it_was_checked_and_how_the_finder_works_is_not_the_finders_to_know() {
    let kept = [
        FlagCode::ImpossibleTravel,
        FlagCode::PositionRepeated,
        FlagCode::FromAlbum,
        FlagCode::FixAlike,
        FlagCode::FixUnlike,
        FlagCode::ClosingBurst,
        FlagCode::NonceMissing,
        FlagCode::NonceUnknown,
        FlagCode::NonceOutdated,
        FlagCode::NonceReused,
        FlagCode::DeskCheck,
    ];
    for code in FlagCode::ALL {
        assert_eq!(code.is_kept_from_finder(), kept.contains(code), "{code}");
    }
}

#[test]
fn a_doubt_names_its_photo_and_the_earlier_use() {
    let [photo, issue, other] = [7, 8, 9].map(uuid::Uuid::from_u128);
    let plain = Flag::about_issue(FlagCode::Late, "9 h");
    assert_eq!((plain.code, &*plain.detail, plain.photo_id), (FlagCode::Late, "9 h", None));
    assert_eq!(plain.subject(), "/");
    let reused = Flag::about_photo(FlagCode::PhotoReused, PhotoId(photo), "").refers_to(IssueId(issue), PhotoId(other));
    assert_eq!((reused.code, reused.photo_id), (FlagCode::PhotoReused, Some(PhotoId(photo))));
    assert_eq!((reused.refers_to_issue, reused.refers_to_photo), (Some(IssueId(issue)), Some(PhotoId(other))));
    // The same photos on another issue are the same doubt.
    assert_eq!(reused.subject(), format!("{}/{}", photo.simple(), other.simple()));
}

#[test]
fn doubts_stay_in_their_order_but_for_similar_photos_of_which_too_many_were_noted() {
    let told_of = |code: FlagCode, details: &[&str]| -> Vec<String> {
        let flags = details.iter().zip(1..).map(|(detail, other)| Flag { code, ..about(1, other, detail) });
        told(flags.collect()).into_iter().map(|flag| flag.detail).collect()
    };
    assert_eq!(told_of(FlagCode::PhotoSimilar, &["4/64", "2/64", "3/64"]), ["4/64", "2/64", "3/64"]);
    assert_eq!(
        told_of(FlagCode::PhotoSimilar, &["x", "12/64", "2/64, mirrored", "3/64"]),
        ["2/64, mirrored", "3/64", "12/64, 1 more"]
    );
    assert_eq!(told_of(FlagCode::PhotoReused, &["4/64", "3/64", "2/64", "1/64"]), ["4/64", "3/64", "2/64, 1 more"]);
}

/// Source: domain §6.4, `distance ≤ radius + accuracy` is inside. A thousandth of a degree of latitude is 111.2 m.
#[test]
fn a_position_is_inside_outside_or_unknown() {
    let place = |lat: f64, accuracy_m: Option<f64>| Location { lat, lon: 107.0, accuracy_m };
    let point = place(31.0, None);
    for (radius_m, at, detail) in [
        (111.3, place(31.001, None), None),
        (111.0, place(31.001, None), Some("111 m > 111 m ± 0 m")),
        (100.0, place(31.001, Some(11.3)), None),
        (100.0, place(31.001, Some(11.0)), Some("111 m > 100 m ± 11 m")),
        // Exactly at the edge is inside.
        (0.0, point, None),
    ] {
        let flag = geofence(Some(&point), radius_m, Some(&at));
        assert_eq!(flag.as_ref().map(|flag| &*flag.detail), detail, "{radius_m} {at:?}");
        assert!(flag.is_none_or(|flag| flag.code == FlagCode::OutsideGeofence));
    }
    for place in [Some(&point), None] {
        assert_eq!(geofence(place, 100.0, None), Some(Flag::about_issue(FlagCode::LocationUnknown, "")));
    }
    assert_eq!(geofence(None, 100.0, Some(&point)), None);
}

#[test]
fn a_finding_is_late_or_from_a_clock_that_is_ahead_or_neither() {
    let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
    let received = at(100_000);
    for (captured, same_day, found) in [
        (at(100_300), false, None),
        (at(100_301), true, Some((FlagCode::ClockSkew, "+301 s"))),
        (at(100_301), false, Some((FlagCode::ClockSkew, "+301 s"))),
        (at(100_000), false, None),
        (at(99_999), true, None),
        (at(99_999), false, Some((FlagCode::Late, "0 h"))),
        (at(100_000 - 9 * 3_600), false, Some((FlagCode::Late, "9 h"))),
        (at(100_001 - 9 * 3_600), false, Some((FlagCode::Late, "8 h"))),
    ] {
        let flags = timing(captured, received, same_day, Duration::from_secs(300));
        let flags: Vec<_> = flags.iter().map(|flag| (flag.code, &*flag.detail)).collect();
        assert_eq!(flags, Vec::from_iter(found), "{captured} {same_day}");
    }
}

fn capture(at: &str, lat: f64, accuracy_m: Option<f64>) -> Capture {
    let at = Timestamp::parse(&format!("2026-08-03T{at}+08:00")).unwrap();
    Capture { at, place: Location { lat, lon: 107.5, accuracy_m } }
}

/// A hundredth of a degree of latitude is 1,111.949 m.
#[test]
fn nobody_moves_faster_than_the_limit_between_two_findings() {
    let here = capture("09:00:00", 31.0, None);
    let told = |other: Capture, kmh_max: u32| travel(&here, &[other], kmh_max).map(|flag| flag.detail);
    let away = |at: &str| capture(at, 31.1, None);
    assert_eq!(told(away("09:10:00"), 66), Some("67 km/h: 11120 m, 600 s".into()));
    assert_eq!(told(away("09:10:00"), 67), None);
    assert_eq!(told(away("08:50:00"), 66), Some("67 km/h: 11120 m, 600 s".into()));
    // What the positions are uncertain by is taken off.
    assert_eq!(told(capture("09:10:00", 31.1, Some(200.0)), 66), None);
    assert_eq!(told(capture("09:00:00", 31.0001, Some(20.0)), 1), None);
    // Less than a minute apart counts as a minute.
    for at in ["09:00:00", "09:00:59", "08:59:01", "09:01:00"] {
        let detail = told(away(at), 150).unwrap();
        assert!(detail.starts_with("667 km/h"), "{at} {detail}");
    }
    // Only the nearest finding before and after it; the faster journey is named.
    let others = [away("08:00:00"), capture("08:30:00", 31.0, None), capture("09:30:00", 31.0, None), away("09:31:00")];
    assert_eq!(travel(&here, &others, 1), None);
    let both = [away("08:50:00"), capture("09:10:00", 31.2, None)];
    assert!(travel(&here, &both, 100).unwrap().detail.starts_with("133 km/h"));
    assert_eq!(travel(&here, &[], 50), None);
}

#[test]
fn the_same_position_hours_apart_is_doubted_from_so_often_on() {
    let here = capture("09:00:00", 31.000_000_4, None);
    let same = |at: &str| capture(at, 31.0, None);
    let others = [same("07:59:59"), same("05:00:00"), same("08:00:00"), capture("04:00:00", 31.000_001, None)];
    assert_eq!(repeated(&here, &others, 4), None);
    assert_eq!(repeated(&here, &others, 3).unwrap().detail, "3: 31.000000, 107.500000");
}

#[test]
fn a_photo_of_the_fix_is_neither_the_same_nor_of_another_place() {
    let print = |bits: u32| Fingerprint::from_bits(u64::MAX.checked_shr(64 - bits).unwrap_or(0));
    let id = PhotoId(uuid::Uuid::from_u128(1));
    let told = |bits: u32, is_same_angle: bool| {
        fix_compared(id, is_same_angle, print(bits), &[print(0), print(60)], (2, 20))
            .map(|flag| (flag.code, flag.detail))
    };
    assert_eq!(told(2, true), Some((FlagCode::FixAlike, "2/64".into())));
    assert_eq!(told(58, false), Some((FlagCode::FixAlike, "2/64".into())));
    assert_eq!(told(3, true), None);
    assert_eq!(told(19, true), None);
    assert_eq!(told(20, true), Some((FlagCode::FixUnlike, "20/64".into())));
    assert_eq!(told(20, false), None);
    assert_eq!(fix_compared(id, true, print(0), &[], (2, 20)), None);
}

#[test]
fn many_fixes_at_once_are_doubted_where_they_are_far_apart() {
    let at = |lat| Location { lat, lon: 107.5, accuracy_m: None };
    let (near, far) = ([at(31.0), at(31.008)], [at(31.0), at(31.004), at(31.01)]);
    assert_eq!(burst(5, &near, 5, 3), None);
    assert_eq!(burst(4, &far, 5, 3), None);
    assert_eq!(burst(5, &far, 5, 3).unwrap().detail, "5 fixes, 3 min, 1112 m apart");
    assert_eq!(burst(9, &[], 5, 3), None);
}

#[test]
fn a_clock_may_differ_by_as_much_as_the_setting_says() {
    let at = |text: &str| Timestamp::parse(&format!("2026-08-03T{text}+08:00")).unwrap();
    let told = |sent: &str| clock(at(sent), at("09:00:00"), Duration::from_secs(300)).map(|flag| flag.detail);
    assert_eq!((told("09:05:00"), told("08:55:00")), (None, None));
    assert_eq!((told("09:05:01").as_deref(), told("08:54:59").as_deref()), (Some("+301 s"), Some("-301 s")));
}

#[test]
fn a_number_is_good_from_when_it_is_given_for_so_many_hours() {
    let given = Timestamp::parse("2026-08-03T01:00:00Z").unwrap();
    let at = |seconds: i64| Timestamp::from_micros(given.as_micros() + seconds * 1_000_000);
    let skew = Duration::from_secs(300);
    for (seconds, said) in [
        (-301, Some("-5 min")),
        (-300, None),
        (0, None),
        (7_200, None),
        (7_201, Some("2 h > 2 h")),
        (10_800, Some("3 h > 2 h")),
    ] {
        let doubt = nonce(at(seconds), given, 2, skew);
        assert_eq!(doubt.as_ref().map(|doubt| &*doubt.detail), said, "{seconds}");
        assert!(doubt.is_none_or(|doubt| doubt.code == FlagCode::NonceOutdated));
    }
}
