#![allow(clippy::unwrap_used)]

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::domain::ids::UnitId;

/// Rates that counties published, recomputed from the counts that they published with them.
#[test]
fn published_figures_are_reproduced() {
    for (place, part, whole, shown) in [
        ("天门, closed", 911, 972, "93.72%"),
        ("天门, closed on time", 737, 972, "75.82%"),
        ("福州 2015-05, registered", 33_928, 36_314, "93.43%"),
    ] {
        assert_eq!(Rate::of_counts(part, whole).percent(), shown, "{place}");
        let issues = (0..whole).map(|number| (issue(u128::try_from(number).unwrap()), number < part));
        let figure = Figure::of_issues(Metric::Register, issues);
        assert_eq!((figure.rate.percent().as_str(), figure.part_rows.len()), (shown, part), "{place}");
    }
}

#[test]
fn units_open_no_figure_to_visits_that_found_nothing() {
    let looked = [(1, LookBackResult::Held), (2, LookBackResult::Rebound)].map(|(number, result)| LookBackRow {
        issue_id: issue(number),
        unit_id: UnitId(Uuid::from_u128(1)),
        territorial_unit_id: None,
        at: at(3),
        result,
    });
    let figure = rebound(looked.iter().map(|row| (row, Exact::one())));
    assert_eq!(figure.whole_rows.len(), 2);
    let seen = figure.clone().as_unit_sees_it();
    assert_eq!((seen.whole_rows, seen.rate), (vec![Row::Issue(issue(2))], figure.rate));
    let cases = [case(1, 10, None, None)];
    let handling = metrics(&cases).handling();
    assert_eq!(handling.clone().as_unit_sees_it(), handling);
}

fn at(day: i64) -> Timestamp {
    Timestamp::from_micros(day * 86_400_000_000)
}

/// Day 0 to day 30.
const MONTH: Span = Span { from: Timestamp::from_micros(0), to: Timestamp::from_micros(30 * 86_400_000_000) };

fn issue(number: u128) -> IssueId {
    IssueId(Uuid::from_u128(number))
}

/// An issue whose fix is due on day `due`, and its closing two days later.
fn case(number: u128, due: i64, handled: Option<i64>, closed: Option<i64>) -> CaseRow {
    CaseRow {
        issue_id: issue(number),
        unit_id: UnitId(Uuid::from_u128(1)),
        territorial_unit_id: None,
        due_at: at(due),
        close_due_at: at(due + 2),
        handled_at: handled.map(at),
        closed_at: closed.map(at),
        failed_checks: Vec::new(),
        is_extended: false,
        is_deferred: false,
    }
}

fn metrics(cases: &[CaseRow]) -> Cases<'_> {
    Cases::new(MONTH, cases.iter().map(|case| (case, Exact::one())))
}

fn numbers(figure: &Figure) -> (String, String, String) {
    (figure.part.to_string(), figure.whole.to_string(), figure.rate.percent())
}

/// Due is what falls due in the month, and what is older and was still open at its start.
#[test]
fn what_is_due_is_told_by_the_deadline_and_by_what_was_open_at_the_start() {
    for (why, case, is_due, is_due_to_close) in [
        ("due in the month, never done", case(1, 10, None, None), true, true),
        ("due in the month, done before it", case(1, 10, Some(-5), Some(-4)), true, true),
        ("due at the first instant", case(1, 0, None, None), true, true),
        ("due at the first instant, done before it", case(1, 0, Some(-1), Some(-1)), true, true),
        ("due at the cut-off: the next month", case(1, 30, None, None), false, false),
        ("the fix due in the month, the closing after it", case(1, 29, Some(20), Some(21)), true, false),
        ("the fix due before, the closing in the month", case(1, -1, Some(-2), Some(3)), false, true),
        ("older, still open", case(1, -40, None, None), true, true),
        ("older, done at the first instant of the month", case(1, -40, Some(0), Some(0)), true, true),
        ("older, done before the month", case(1, -40, Some(-1), Some(-1)), false, false),
    ] {
        let cases = [case];
        let of = metrics(&cases);
        assert_eq!((of.due_count() == 1, of.closing().whole_rows.len() == 1), (is_due, is_due_to_close), "{why}");
    }
    // On the books: not due to be handled; still due to be closed, unless the variant takes it away.
    let hung = [CaseRow { is_deferred: true, ..case(1, 10, None, None) }];
    let of = metrics(&hung);
    assert_eq!((of.due_count(), of.closing().whole_rows.len()), (0, 1));
    assert_eq!(of.on_time_closing(OnTimeClosing::LessDeferred).rate, Rate::NotApplicable);
}

#[test]
fn a_month_counted_by_hand() {
    let cases = [
        // Handled on its deadline, closed on time.
        case(1, 10, Some(10), Some(11)),
        // Handled a day late, closed in time all the same.
        case(2, 10, Some(11), Some(12)),
        // Reworked twice, handled and closed late, after an extension.
        CaseRow { failed_checks: vec![at(9), at(14)], is_extended: true, ..case(3, 10, Some(20), Some(21)) },
        // Fixed on time; the check was made after the cut-off: that costs the unit nothing.
        case(4, 25, Some(24), Some(31)),
        // Never handled.
        case(5, 5, None, None),
        // Handled after the cut-off: not in this month.
        case(6, 5, Some(32), None),
        // Not due yet, and not counted.
        case(7, 40, Some(3), Some(4)),
        // On the books.
        CaseRow { is_deferred: true, ..case(8, 5, None, None) },
    ];
    let of = metrics(&cases);
    // Due to be handled: 1 2 3 4 5 6. Handled: 1 2 3 4. On time: 1 4. Open: 5 6. Extended: 3.
    assert_eq!(numbers(&of.handling()), ("4".into(), "6".into(), "66.67%".into()));
    assert_eq!(numbers(&of.on_time_handling()), ("2".into(), "6".into(), "33.33%".into()));
    assert_eq!(numbers(&of.overdue_open()), ("2".into(), "6".into(), "33.33%".into()));
    assert_eq!(numbers(&of.extension()), ("1".into(), "6".into(), "16.67%".into()));
    // Due to be closed: 1 2 3 4 5 6 8. Closed: 1 2 3. On time: 1 2. Reworked: 3.
    assert_eq!(numbers(&of.closing()), ("3".into(), "7".into(), "42.86%".into()));
    assert_eq!(numbers(&of.on_time_closing(OnTimeClosing::All)), ("2".into(), "7".into(), "28.57%".into()));
    // Less 8: 2/6.
    assert_eq!(numbers(&of.on_time_closing(OnTimeClosing::LessDeferred)).2, "33.33%");
    assert_eq!(numbers(&of.rework(ReworkBase::DueToClose)), ("1".into(), "7".into(), "14.29%".into()));
    // Checks in the month: 1 2 3 7 passed, 3 failed twice: 2/6.
    assert_eq!(numbers(&of.rework(ReworkBase::Checks)), ("2".into(), "6".into(), "33.33%".into()));
    // Each figure opens to its rows.
    assert_eq!(of.handling().part_rows, [1, 2, 3, 4].map(|number| Row::Issue(issue(number))));
    assert_eq!(of.rework(ReworkBase::Checks).part_rows, [Row::Issue(issue(3))]);
}

#[test]
fn nothing_due_is_not_applicable_and_never_a_hundred_percent() {
    let of = metrics(&[]);
    for figure in [
        of.handling(),
        of.on_time_handling(),
        of.overdue_open(),
        of.extension(),
        of.closing(),
        of.on_time_closing(OnTimeClosing::All),
        of.rework(ReworkBase::DueToClose),
        of.rework(ReworkBase::Checks),
        buck_passing([]),
        rebound([]),
    ] {
        assert_eq!((figure.rate.clone(), figure.rate.percent()), (Rate::NotApplicable, "不适用".into()), "{figure:?}");
    }
}

#[test]
fn returns_and_rebounds_are_counted_by_what_was_judged() {
    let unit_id = UnitId(Uuid::from_u128(1));
    let dispatches = [(1, false), (2, true), (3, false), (4, false)].map(|(number, is_unfounded_return)| DispatchRow {
        issue_id: issue(number),
        unit_id,
        is_unfounded_return,
    });
    assert_eq!(numbers(&buck_passing(&dispatches)), ("1".into(), "4".into(), "25.00%".into()));
    let looked =
        |number, result| LookBackRow { issue_id: issue(number), unit_id, territorial_unit_id: None, at: at(3), result };
    let look_backs = [
        looked(1, LookBackResult::Held),
        looked(2, LookBackResult::Held),
        looked(3, LookBackResult::Rebound),
        looked(4, LookBackResult::CannotJudge),
    ];
    let figure = rebound(look_backs.iter().map(|row| (row, Exact::one())));
    assert_eq!(numbers(&figure), ("1".into(), "3".into(), "33.33%".into()));
    // Half the weight for the township of 3: ½ ÷ 2½.
    let halved = rebound(
        look_backs.iter().map(|row| (row, if row.issue_id == issue(3) { Exact::hundredths(50) } else { Exact::one() })),
    );
    assert_eq!(numbers(&halved), ("1/2".into(), "5/2".into(), "20.00%".into()));
}

fn any_case() -> impl Strategy<Value = CaseRow> {
    let day = || proptest::option::of(-40_i64..40);
    (1_u128..9, -40_i64..40, day(), day(), proptest::collection::vec(-40_i64..40, 0..3), any::<bool>(), any::<bool>())
        .prop_map(|(number, due, handled, closed, failed, is_extended, is_deferred)| CaseRow {
            failed_checks: failed.into_iter().map(at).collect(),
            is_extended,
            is_deferred,
            ..case(number, due, handled, closed)
        })
}

proptest! {
    #[test]
    fn every_rate_is_between_nothing_and_all_and_no_order_changes_it(
        cases in proptest::collection::vec(any_case(), 0..12)
    ) {
        let all = |cases: &[CaseRow]| {
            let of = metrics(cases);
            vec![of.handling(), of.on_time_handling(), of.overdue_open(), of.extension(), of.closing(),
                of.on_time_closing(OnTimeClosing::LessDeferred), of.rework(ReworkBase::DueToClose),
                of.rework(ReworkBase::Checks)]
        };
        let figures = all(&cases);
        for figure in &figures {
            prop_assert!(figure.rate.known().is_none_or(|rate| *rate <= Exact::one() && !rate.is_negative()));
            prop_assert!(figure.part_rows.iter().all(|row| figure.whole_rows.contains(row)));
        }
        let handled = &figures[0].part + &figures[2].part;
        prop_assert_eq!(&handled, &figures[0].whole, "handled or open");
        let mut turned = cases;
        turned.reverse();
        prop_assert_eq!(all(&turned), figures);
    }
}

/// The month ends before its last instant: what is done at the cut-off belongs to the next one.
#[test]
fn what_is_done_at_the_cut_off_is_not_done_in_the_month() {
    let cases = [CaseRow { failed_checks: vec![at(30)], ..case(1, 5, Some(30), Some(30)) }];
    let of = metrics(&cases);
    for (figure, part) in
        [(of.handling(), "0"), (of.closing(), "0"), (of.overdue_open(), "1"), (of.rework(ReworkBase::DueToClose), "0")]
    {
        assert_eq!(numbers(&figure).0, part, "{figure:?}");
    }
}
