#![allow(clippy::unwrap_used)]

use proptest::prelude::*;

use super::*;
use crate::domain::month::workdays::tests::{calendar, day};

fn keyed(tasks: &[(&str, u32)]) -> Vec<Task> {
    chain(tasks.iter().map(|(key, days)| ((*key).to_owned(), *days)))
}

fn scheduled(end: &str, tasks: &[Task]) -> Schedule {
    Schedule::backward(day(end), tasks, &calendar()).unwrap()
}

/// The end is Friday 16 October. Three tasks of 2, 5 and 3 working days: 10 in all, so the buffer is 1.
/// Working days: … 9-29 9-30 | 10-08 09 10(Sat) 12 13 14 15 16.
/// C must be done on the 15th, and starts after the 12th (13 14 15). B: done on the 12th, starts after 9-29
/// (9-30 8 9 10 12). A: done on 9-29, starts after the 24th, since the 25th is a holiday (28 29).
#[test]
fn a_chain_counted_back_over_holidays_and_a_make_up_day() {
    let schedule = scheduled("2026-10-16", &keyed(&[("a", 2), ("b", 5), ("c", 3)]));
    assert_eq!(schedule.buffer_days, 1);
    let days: Vec<_> = schedule.tasks.iter().map(|task| (task.latest_start, task.latest_finish)).collect();
    assert_eq!(
        days,
        [
            (day("2026-09-24"), day("2026-09-29")),
            (day("2026-09-29"), day("2026-10-12")),
            (day("2026-10-12"), day("2026-10-15")),
        ]
    );
    assert_eq!(schedule.days_short(day("2026-09-24"), &calendar()), 0);
    // 28, 29 and 30 September have passed.
    assert_eq!(schedule.days_short(day("2026-09-30"), &calendar()), 3);
}

/// Both b (1 day) and c (4 days) wait for a, and end the schedule. The longest way is 2 + 4 = 6: buffer 1.
/// The end is Friday 16 October, so both are done on the 15th; c starts after the 10th, b after the 14th. a is done
/// on the 10th.
#[test]
fn a_task_is_done_before_the_first_that_waits_for_it() {
    let task = |key: &str, days, before: &[usize]| Task { key: key.into(), days, before: before.to_vec() };
    let schedule = scheduled("2026-10-16", &[task("a", 2, &[1, 2]), task("b", 1, &[]), task("c", 4, &[])]);
    let starts: Vec<Date> = schedule.tasks.iter().map(|task| task.latest_start).collect();
    assert_eq!(starts, ["2026-10-08", "2026-10-14", "2026-10-10"].map(day));
    assert_eq!(schedule.tasks[0].latest_finish, day("2026-10-10"));
    // 21 days: a tenth is 2.1, so three days.
    assert_eq!(scheduled("2026-10-16", &keyed(&[("a", 21)])).buffer_days, 3);
}

#[test]
fn tasks_that_make_no_schedule_are_refused_by_field() {
    let faults = |tasks: &[Task]| {
        let invalid = Schedule::backward(day("2026-10-16"), tasks, &calendar()).unwrap_err();
        invalid.0.into_iter().map(|error| error.pointer).collect::<Vec<_>>()
    };
    assert_eq!(faults(&[]), ["/tasks"]);
    assert_eq!(faults(&keyed(&[("a", 0), ("b", 501)])), ["/tasks/0/days", "/tasks/1/days"]);
    assert_eq!(faults(&keyed(&[("a", 1), ("a", 1)])), ["/tasks/1/key"]);
    for before in [0, 1, 2] {
        let mut tasks = keyed(&[("a", 1), ("b", 1)]);
        tasks[1].before = vec![before];
        assert_eq!(faults(&tasks), ["/tasks/1/before"], "{before}");
    }
    let many = chain((0..=TASKS_MAX).map(|at| (at.to_string(), 1)));
    assert_eq!(faults(&many), ["/tasks"]);
}

/// Four working days from Monday 14 September (latest start) to Friday 18 (latest finish): 15, 16, 17, 18.
fn week() -> ScheduledTask {
    ScheduledTask { key: "a".into(), days: 4, latest_start: day("2026-09-14"), latest_finish: day("2026-09-18") }
}

#[test]
fn a_light_compares_progress_with_the_working_days_that_passed() {
    use Light::{Done, Green, Red, Yellow};
    for (today, progress, light) in [
        ("2026-09-13", 0, Green),
        ("2026-09-14", 0, Green),
        ("2026-09-15", 24, Yellow),
        ("2026-09-15", 25, Green),
        ("2026-09-18", 99, Yellow),
        ("2026-09-18", 100, Done),
        ("2026-09-19", 99, Red),
        ("2026-12-01", 100, Done),
    ] {
        assert_eq!(week().light(day(today), progress, &calendar()), light, "{today} {progress}");
    }
}

#[test]
fn reminders_are_sent_at_the_start_and_before_the_finish() {
    let days: Vec<Date> = week().reminder_days(&calendar()).into_iter().collect();
    assert_eq!(days, ["2026-09-14", "2026-09-15", "2026-09-17", "2026-09-18"].map(day));
    // A task of one day: nothing before its start, and no day twice.
    let short = ScheduledTask { days: 1, latest_start: day("2026-09-17"), ..week() };
    assert_eq!(short.reminder_days(&calendar()).into_iter().collect::<Vec<_>>(), ["2026-09-17", "2026-09-18"].map(day));
    let due = |today: &str, known: &[&str]| {
        let known = known.iter().map(|key| (*key).to_owned()).collect();
        week().reminder_due(day(today), &calendar(), &known)
    };
    assert_eq!(due("2026-09-13", &[]), None);
    assert_eq!(due("2026-09-14", &[]).as_deref(), Some("schedule:a:2026-09-14"));
    assert_eq!(due("2026-09-14", &["schedule:a:2026-09-14"]), None);
    // The job stood still for two days: only the last.
    assert_eq!(due("2026-09-16", &["schedule:a:2026-09-14"]).as_deref(), Some("schedule:a:2026-09-15"));
}

proptest! {
    #[test]
    fn each_task_has_its_working_days_and_ends_before_what_waits_for_it(
        lengths in proptest::collection::vec(1_u32..12, 1..12), links in proptest::collection::vec(any::<u16>(), 12)
    ) {
        let count = lengths.len();
        let tasks: Vec<Task> = (0..).zip(&lengths).map(|(at, days)| {
            let before = (at + 1..count).filter(|later| links[at] >> later & 1 == 1).collect();
            Task { key: at.to_string(), days: *days, before }
        }).collect();
        let calendar = calendar();
        let schedule = Schedule::backward(day("2026-10-16"), &tasks, &calendar).unwrap();
        for (at, (task, scheduled)) in tasks.iter().zip(&schedule.tasks).enumerate() {
            let worked = working_days_between(&calendar, scheduled.latest_start, scheduled.latest_finish);
            prop_assert_eq!(worked, task.days);
            for later in &task.before {
                prop_assert!(scheduled.latest_finish <= schedule.tasks[*later].latest_start, "{} {}", at, later);
            }
            let left = working_days_between(&calendar, scheduled.latest_finish, schedule.end);
            prop_assert!(left >= schedule.buffer_days);
        }
    }
}

/// The longest chain is counted right; a longer one is refused instead of being given the earliest day there is.
#[test]
fn a_chain_longer_than_the_calendar_reaches_is_refused() {
    let tasks = |count: usize, last: u32| {
        let mut all: Vec<(String, u32)> = (0..count).map(|at| (at.to_string(), TASK_DAYS_MAX)).collect();
        all.push(("last".into(), last));
        chain(all)
    };
    let long = Schedule::backward(day("2060-10-15"), &tasks(7, 500), &calendar()).unwrap();
    assert_eq!((long.tasks.len(), long.buffer_days), (8, 400));
    assert!(
        long.tasks.iter().all(|task| task.latest_start > day("2040-01-01") && task.latest_start < task.latest_finish)
    );
    assert_eq!(working_days_between(&calendar(), long.tasks[0].latest_start, day("2060-10-15")), 4_400);
    let refused = Schedule::backward(day("2060-10-15"), &tasks(8, 1), &calendar()).unwrap_err();
    assert_eq!((&*refused.0[0].pointer, refused.0[0].code), ("/tasks", FieldCode::OutOfRange));
    // Tasks beside each other are no chain.
    let beside: Vec<Task> =
        (0..500).map(|at| Task { key: at.to_string(), days: TASK_DAYS_MAX, before: Vec::new() }).collect();
    assert_eq!(Schedule::backward(day("2060-10-15"), &beside, &calendar()).unwrap().buffer_days, 50);
}
