#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::domain::deadline::tests::{at, calendar};

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn term(person: &str, from: &str, to: Option<&str>) -> HeadTerm {
    HeadTerm { person: person.into(), unit_id: UnitId(uuid::Uuid::from_u128(2)), from: day(from), to: to.map(day) }
}

fn heads(terms: Vec<HeadTerm>) -> Result<PointHeads, Invalid> {
    PointHeads::new(PointId(uuid::Uuid::from_u128(3)), terms)
}

fn name(term: Option<&HeadTerm>) -> &str {
    term.map_or("", |term| &term.person)
}

fn fault(refused: Result<PointHeads, Invalid>) -> (String, FieldCode) {
    let fault = refused.unwrap_err().0.remove(0);
    (fault.pointer, fault.code)
}

#[test]
fn a_finding_belongs_to_the_head_of_its_day() {
    let heads = heads(vec![term("乙", "2026-08-04", None), term("甲", "2026-03-02", Some("2026-07-31"))]).unwrap();
    for (when, expected) in [
        ("2026-03-01 23:59", ""),
        ("2026-03-02 00:00", "甲"),
        ("2026-07-31 23:59", "甲"),
        ("2026-08-01 00:00", ""),
        ("2026-08-03 23:59", ""),
        ("2026-08-04 00:00", "乙"),
        ("2030-01-01 00:00", "乙"),
    ] {
        assert_eq!(name(heads.at(&calendar(), at(when))), expected, "{when}");
    }
    assert_eq!((heads.terms()[0].person.as_str(), heads.point_id().0.as_u128()), ("甲", 3));
}

#[test]
fn there_are_never_two_heads() {
    let (first, duplicate) = (term("甲", "2026-03-02", Some("2026-07-31")), FieldCode::Duplicate);
    let with = |second| heads(vec![first.clone(), second]);
    assert_eq!(fault(with(term("乙", "2026-07-31", None))), ("/1/from".into(), duplicate));
    assert_eq!(fault(with(term("乙", "2026-01-01", None))), ("/1/from".into(), duplicate));
    assert_eq!(fault(with(term("乙", "2026-03-02", Some("2026-03-02")))), ("/1/from".into(), duplicate));
    assert!(with(term("乙", "2026-08-01", None)).is_ok());
    assert!(with(term("乙", "2026-01-01", Some("2026-03-01"))).is_ok());
    let reversed = heads(vec![term("甲", "2026-03-02", Some("2026-03-01"))]);
    assert_eq!(fault(reversed), ("/0/to".into(), FieldCode::OutOfRange));
    assert_eq!(fault(heads(vec![term(" ", "2026-03-02", None)])), ("/0/person".into(), FieldCode::Required));
}

#[test]
fn an_appointment_changes_nothing_that_has_been() {
    let today = day("2026-08-03");
    let before = heads(vec![term("甲", "2026-03-02", None)]).unwrap();
    let after = before.appoint(term("乙", "2026-08-10", None), today).unwrap();
    assert_eq!(after.terms(), [term("甲", "2026-03-02", Some("2026-08-09")), term("乙", "2026-08-10", None)]);
    let at_once = before.appoint(term("乙", "2026-08-03", None), today).unwrap();
    assert_eq!(at_once.terms()[0].to, Some(day("2026-08-02")));
    let past = before.appoint(term("乙", "2026-08-02", None), today);
    assert_eq!(fault(past), ("/from".into(), FieldCode::OutOfRange));
    for (from, to, accepted) in [
        ("2026-08-10", None, false),
        ("2026-08-05", None, false),
        ("2026-08-05", Some("2026-08-10"), false),
        ("2026-08-05", Some("2026-08-09"), true),
        // A single day.
        ("2026-08-05", Some("2026-08-05"), true),
        ("2026-08-11", None, true),
    ] {
        let appointed = after.appoint(term("丙", from, to), today);
        assert_eq!(appointed.is_ok(), accepted, "{from} {to:?}");
        let refused = ("/from".to_owned(), FieldCode::Duplicate);
        assert!(accepted || fault(appointed) == refused);
    }
    let reversed = before.appoint(term("乙", "2026-08-05", Some("2026-08-04")), today);
    assert_eq!(fault(reversed), ("/to".into(), FieldCode::OutOfRange));
    let unnamed = before.appoint(term("", "2026-08-05", None), today);
    assert_eq!(fault(unnamed), ("/person".into(), FieldCode::Required));
    // The first day of the one who runs cannot be taken by another.
    let same = at_once.appoint(term("丙", "2026-08-03", None), today);
    assert_eq!(fault(same), ("/from".into(), FieldCode::Duplicate));
    assert_eq!(before.end(day("2026-08-03"), today).unwrap().terms()[0].to, Some(today));
    assert_eq!(fault(before.end(day("2026-08-02"), today)), ("/to".into(), FieldCode::OutOfRange));
    let ended = before.end(day("2026-08-03"), today).unwrap();
    assert_eq!(fault(ended.end(day("2026-08-04"), today)), ("/to".into(), FieldCode::Unknown));
}

/// 2026-07-31 is a Friday.
#[test]
fn the_office_is_alarmed_after_three_working_days() {
    let left = heads(vec![term("甲", "2026-03-02", Some("2026-07-31"))]).unwrap();
    let since = day("2026-01-05");
    let alarm = |heads: &PointHeads, when: &str| heads.overdue_vacancy(&calendar(), since, at(when));
    for (when, expected) in [
        ("2026-07-31 12:00", None),
        ("2026-08-01 12:00", None),
        ("2026-08-05 23:59", None),
        ("2026-08-06 00:00", Some(day("2026-08-01"))),
        ("2026-09-01 00:00", Some(day("2026-08-01"))),
        // Before the first head: Monday 5 January to 1 March. Wednesday is the third working day.
        ("2026-01-07 23:59", None),
        ("2026-01-08 00:00", Some(since)),
        ("2026-01-04 00:00", None),
    ] {
        assert_eq!(alarm(&left, when), expected, "{when}");
    }
    // Over the holidays of October: the 8th and the 9th are working days, and so is Saturday the 10th, a make-up day.
    let holiday = heads(vec![term("甲", "2026-03-02", Some("2026-09-30"))]).unwrap();
    let [eve, day_after] = ["2026-10-10 23:59", "2026-10-11 00:00"].map(|when| alarm(&holiday, when));
    assert_eq!((eve, day_after), (None, Some(day("2026-10-01"))));
    // Who is appointed for later does not end the vacancy before.
    let coming = left.appoint(term("乙", "2026-08-20", None), day("2026-08-03")).unwrap();
    assert_eq!(alarm(&coming, "2026-08-06 00:00"), Some(day("2026-08-01")));
    assert_eq!(alarm(&coming, "2026-08-20 00:00"), None);
    assert_eq!(coming.vacant_from(since, day("2026-08-19")), Some(day("2026-08-01")));
    let never = heads(Vec::new()).unwrap();
    assert_eq!((never.vacant_from(since, since), never.vacant_from(since, day("2026-01-04"))), (Some(since), None));
}

proptest! {
    #[test]
    fn one_head_at_a_time_whatever_is_appointed(
        steps in prop::collection::vec((0_i64..60, 0_i64..60, any::<bool>()), 0..25),
    ) {
        let start = day("2026-01-05");
        let after = |days: i64| start.saturating_add(jiff::Span::new().days(days));
        let mut heads = heads(Vec::new()).unwrap();
        for (at, (from, length, open)) in steps.into_iter().enumerate() {
            let today = after(i64::try_from(at).unwrap());
            let to = (!open).then(|| after(from + length));
            let term = HeadTerm { from: after(from), to, ..term("甲", "2026-01-05", None) };
            let changed = if at % 3 == 2 { heads.end(after(from), today) } else { heads.appoint(term, today) };
            let Ok(changed) = changed else { continue };
            // Yesterday's heads are yesterday's heads.
            for past in 0..i64::try_from(at).unwrap() {
                let [was, is] = [&heads, &changed].map(|heads| heads.on(after(past)).map(|term| term.from));
                prop_assert_eq!(was, is);
            }
            heads = changed;
            for at in 0..125 {
                prop_assert!(heads.terms().iter().filter(|term| term.holds_on(after(at))).count() <= 1);
            }
        }
    }
}
