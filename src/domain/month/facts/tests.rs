#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::month::score::tests::rows::{at, uuid};

/// Reported on day 5, due on day 10.
fn reported(fixed_at: Option<i64>) -> SelfReport {
    SelfReport {
        point_id: PointId(uuid(1)),
        item_code: "WM-3".into(),
        reported_at: at(5),
        due_at: at(10),
        fixed_at: fixed_at.map(at),
    }
}

#[test]
fn what_a_unit_reported_first_and_still_had_time_to_fix_is_self_found() {
    let point = PointId(uuid(1));
    for (why, fixed, captured, is_covered) in [
        ("found at the same instant", None, 5, false),
        ("found before it was reported", None, 4, false),
        ("found while it was being fixed", None, 6, true),
        ("found at its deadline", None, 10, true),
        ("found when it was overdue", None, 11, false),
        ("found after it was fixed: it came back", Some(7), 8, false),
        ("found at the instant of the fix", Some(7), 7, false),
        ("found before the fix", Some(7), 6, true),
    ] {
        assert_eq!(reported(fixed).covers(point, "WM-3", at(captured)), is_covered, "{why}");
    }
    assert!(!reported(None).covers(PointId(uuid(2)), "WM-3", at(6)));
    assert!(!reported(None).covers(point, "WM-4", at(6)));
}

#[test]
fn a_point_has_the_mean_of_its_visits() {
    let scores: Vec<Exact> = ["80", "90.5", "100/3"].map(|text| Exact::parse(text).unwrap()).to_vec();
    // (80 + 90.5 + 33⅓) ÷ 3 = (480 + 543 + 200) ÷ 18 = 1223/18.
    assert_eq!(mean(&scores), Rate::Of(Exact::parse("1223/18").unwrap()));
    assert_eq!(mean(&[]), Rate::NotApplicable);
}

#[test]
fn rows_read_as_they_are_written() {
    let id = "00000000-0000-0000-0000-000000000007";
    for (row, kind) in [
        (Row::Issue(IssueId(uuid(7))), "issue"),
        (Row::Point(PointId(uuid(7))), "point"),
        (Row::Card(CardId(uuid(7))), "card"),
        (Row::Commendation(CommendationId(uuid(7))), "commendation"),
        (Row::Adjustment(AdjustmentId(uuid(7))), "adjustment"),
        (Row::SelfReport(SelfReportId(uuid(7))), "self-report"),
    ] {
        let json = serde_json::json!({"kind": kind, "id": id});
        assert_eq!(serde_json::to_value(row).unwrap(), json);
        assert_eq!(serde_json::from_value::<Row>(json).unwrap(), row);
    }
}
