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
fn only_how_it_was_checked_is_not_the_finders_to_know() {
    for code in FlagCode::ALL {
        assert_eq!(code.is_about_check(), *code == FlagCode::DeskCheck, "{code}");
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
