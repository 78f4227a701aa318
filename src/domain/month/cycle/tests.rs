#![allow(clippy::unwrap_used)]

use super::*;
use crate::domain::calendar::WorkCalendar;
use crate::domain::month::Rules;
use crate::domain::month::score::tests::rows::{issue_row, unit_id, uuid};
use crate::domain::month::workdays::tests::{calendar, day};
use crate::domain::role::Actor;

fn at(text: &str) -> Timestamp {
    Timestamp::parse(&format!("{text}+08:00")).unwrap()
}

fn september() -> Month {
    Month::parse("2026-09").unwrap()
}

/// A random id of version 4 with this number.
fn objection(number: u128) -> ObjectionId {
    ObjectionId(uuid(4 << 76 | 2 << 62 | number))
}

/// October begins with seven days off; the 10th is worked. Working days: 8 9 10 12 13 14 15 16.
#[test]
fn the_dates_of_a_month_are_counted_in_working_days() {
    let dates = MonthDates::of(september(), &calendar(), &Rules::default());
    assert_eq!((dates.cutoff, dates.freeze_on), (at("2026-10-01T00:00:00"), day("2026-10-08")));
    // Confirmed by the third, objections until the fourth, decided by the sixth, locked by the eighth.
    assert_eq!(dates.report_until, at("2026-10-11T00:00:00"));
    assert_eq!(dates.objections_until, at("2026-10-13T00:00:00"));
    assert_eq!(dates.decide_until, at("2026-10-15T00:00:00"));
    assert_eq!(dates.lock_until, at("2026-10-17T00:00:00"));
}

struct Course {
    calendar: WorkCalendar,
    rules: Rules,
    record: MonthRecord,
}

fn office(number: u128) -> Actor {
    Actor::new(UserId(uuid(number)), Role::Office)
}

fn unit(number: u128) -> Actor {
    Actor { unit_id: Some(unit_id(number)), ..Actor::new(UserId(uuid(100 + number)), Role::Unit) }
}

fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

fn frozen(text: &str) -> MonthCommand {
    MonthCommand::Freeze { snapshot: digest(text), results: digest(&format!("{text}!")) }
}

fn decided(text: &str) -> MonthCommand {
    MonthCommand::Decide { snapshot: digest(text), results: digest(&format!("{text}!")) }
}

fn locked(text: &str) -> MonthCommand {
    MonthCommand::Lock { results: digest(&format!("{text}!")) }
}

fn objected(number: u128) -> MonthCommand {
    MonthCommand::Object { id: objection(number), row: Some(issue_row(1)), reason: "已按期整改".into() }
}

fn answered(number: u128, is_upheld: bool) -> MonthCommand {
    MonthCommand::Answer { id: objection(number), is_upheld, reason: "属实".into() }
}

impl Course {
    fn new() -> Self {
        Course { calendar: calendar(), rules: Rules::default(), record: MonthRecord::open(september()) }
    }

    fn tried(&self, actor: Option<&Actor>, command: &MonthCommand, now: &str) -> Result<MonthTransition, MonthWhy> {
        let context = MonthContext { now: at(now), calendar: &self.calendar, rules: &self.rules };
        self.record.decide(actor, command, &context)
    }

    fn take(&mut self, actor: Option<&Actor>, command: &MonthCommand, now: &str) {
        let step = self.tried(actor, command, now).unwrap();
        assert_eq!(step.expected_version(), self.record.version);
        assert_eq!(step.after().version, self.record.version + 1);
        self.record = step.after().clone();
    }

    fn in_preview() -> Self {
        let mut course = Course::new();
        course.take(None, &frozen("a"), "2026-10-08T00:00:00");
        course.take(None, &MonthCommand::Preview, "2026-10-08T09:00:00");
        course
    }
}

#[test]
fn a_month_goes_from_open_to_published() {
    let mut course = Course::in_preview();
    assert_eq!(course.record.objections_until, Some(at("2026-10-13T00:00:00")));
    course.take(Some(&unit(1)), &objected(1), "2026-10-12T23:59:59");
    course.take(Some(&office(1)), &answered(1, true), "2026-10-13T10:00:00");
    course.take(Some(&office(1)), &decided("b"), "2026-10-14T10:00:00");
    assert_eq!(course.record.state, MonthState::Decided);
    course.take(Some(&office(1)), &locked("b"), "2026-10-15T10:00:00");
    assert_eq!((course.record.state, course.record.locked_at()), (MonthState::Decided, None));
    course.take(Some(&office(2)), &locked("b"), "2026-10-16T23:59:59");
    assert_eq!((course.record.state, course.record.is_lock_late), (MonthState::Locked, false));
    assert!(course.record.is_immutable());
    course.take(
        Some(&office(1)),
        &MonthCommand::Publish { circular_no: "督查〔2026〕9号".into() },
        "2026-10-19T10:00:00",
    );
    assert_eq!(course.record.state, MonthState::Published);
    assert_eq!(course.record.allowed_actions(Role::Office), []);
    let json = serde_json::to_string(&course.record).unwrap();
    assert_eq!(serde_json::from_str::<MonthRecord>(&json).unwrap(), course.record);
}

/// Every action from every state by every role: only the table's row is taken.
#[test]
fn no_step_is_taken_except_from_its_state_and_by_its_role() {
    let commands = [
        frozen("a"),
        MonthCommand::Preview,
        objected(1),
        answered(1, false),
        decided("a"),
        locked("a"),
        MonthCommand::Publish { circular_no: "1".into() },
    ];
    for (command, action) in commands.iter().zip(MonthAction::ALL) {
        assert_eq!((command.action(), month_step(*action).action), (*action, *action));
        let step = month_step(*action);
        for state in MonthState::ALL {
            for role in Role::ALL {
                let mut course = Course::in_preview();
                course.record.state = *state;
                let actor = Actor { unit_id: Some(unit_id(1)), ..Actor::new(UserId(uuid(1)), *role) };
                let tried = course.tried(Some(&actor), command, "2026-12-01T00:00:00");
                let allowed = course.record.allowed_actions(*role).contains(action);
                assert_eq!(allowed, *role == step.role && *state == step.from);
                match tried {
                    Err(MonthWhy::Forbidden) => assert_ne!(*role, step.role, "{action} {state}"),
                    Err(MonthWhy::Illegal { .. }) => assert_ne!(*state, step.from, "{action} {role}"),
                    _ => assert!(allowed, "{action} {state} {role}"),
                }
            }
            let mut course = Course::in_preview();
            course.record.state = *state;
            let by_service = course.tried(None, command, "2026-12-01T00:00:00");
            assert_eq!(by_service == Err(MonthWhy::Forbidden), !step.by_service, "{action} {state}");
        }
    }
}

#[test]
fn a_month_is_frozen_from_its_first_working_day_on() {
    let course = Course::new();
    let early = course.tried(None, &frozen("a"), "2026-10-07T23:59:59.999");
    assert_eq!(early, Err(MonthWhy::TooEarly(at("2026-10-08T00:00:00"))));
    assert!(course.tried(Some(&office(1)), &frozen("a"), "2026-10-08T00:00:00").is_ok());
}

#[test]
fn units_have_whole_working_days_to_object_however_late_the_preview_is() {
    let mut course = Course::new();
    course.take(None, &frozen("a"), "2026-10-08T00:00:00");
    // Opened on Saturday 10th, which is worked: Monday, Tuesday, Wednesday.
    course.take(Some(&office(1)), &MonthCommand::Preview, "2026-10-10T17:00:00");
    assert_eq!(course.record.objections_until, Some(at("2026-10-15T00:00:00")));
    let late = course.tried(Some(&unit(1)), &objected(1), "2026-10-15T00:00:00");
    assert_eq!(late, Err(MonthWhy::WindowPassed(at("2026-10-15T00:00:00"))));
    assert!(course.tried(Some(&unit(1)), &objected(1), "2026-10-14T23:59:59").is_ok());
}

#[test]
fn an_objection_has_a_reason_and_an_id_of_its_own_and_one_answer() {
    let mut course = Course::in_preview();
    let now = "2026-10-09T10:00:00";
    course.take(Some(&unit(1)), &objected(1), now);
    for (command, pointer) in [
        (objected(1), "/id"),
        (MonthCommand::Object { id: ObjectionId(uuid(1 << 76)), row: None, reason: "x".into() }, "/id"),
        (MonthCommand::Object { id: objection(2), row: None, reason: " ".into() }, "/reason"),
    ] {
        let Err(MonthWhy::Invalid(invalid)) = course.tried(Some(&unit(1)), &command, now) else {
            panic!("{command:?}")
        };
        assert_eq!(invalid.0[0].pointer, pointer);
    }
    let homeless = Actor::new(UserId(uuid(1)), Role::Unit);
    assert_eq!(course.tried(Some(&homeless), &objected(2), now), Err(MonthWhy::Forbidden));
    assert_eq!(course.tried(Some(&office(1)), &answered(2, true), now), Err(MonthWhy::NoSuchObjection));
    course.take(Some(&office(1)), &answered(1, false), now);
    assert_eq!(course.tried(Some(&office(1)), &answered(1, true), now), Err(MonthWhy::NoSuchObjection));
    assert_eq!(course.record.objections[0].unit_id, unit_id(1));
}

#[test]
fn nothing_is_decided_before_every_objection_is_answered() {
    let mut course = Course::in_preview();
    course.take(Some(&unit(1)), &objected(1), "2026-10-09T10:00:00");
    let early = course.tried(Some(&office(1)), &decided("a"), "2026-10-12T23:59:59");
    assert_eq!(early, Err(MonthWhy::TooEarly(at("2026-10-13T00:00:00"))));
    let pending = course.tried(Some(&office(1)), &decided("a"), "2026-10-13T00:00:00");
    assert_eq!(pending, Err(MonthWhy::ObjectionPending(objection(1))));
    course.take(Some(&office(1)), &answered(1, false), "2026-10-13T00:00:00");
    // A dispute that was upheld in the preview changes it, also without an objection that was.
    course.take(Some(&office(1)), &decided("b"), "2026-10-13T00:00:00");
    assert_eq!(course.record.snapshot, Some(digest("b")));
}

#[test]
fn two_people_lock_the_same_results_and_being_late_is_noted() {
    let mut course = Course::in_preview();
    course.take(Some(&office(1)), &decided("a"), "2026-10-13T00:00:00");
    assert_eq!(course.tried(Some(&office(1)), &locked("b"), "2026-10-13T09:00:00"), Err(MonthWhy::ResultsDiffer));
    course.take(Some(&office(1)), &locked("a"), "2026-10-13T09:00:00");
    assert_eq!(course.tried(Some(&office(1)), &locked("a"), "2026-10-13T09:00:00"), Err(MonthWhy::SecondPerson));
    assert_eq!(course.tried(Some(&office(2)), &locked("b"), "2026-10-13T09:00:00"), Err(MonthWhy::ResultsDiffer));
    course.take(Some(&office(2)), &locked("a"), "2026-10-17T00:00:00");
    assert_eq!((course.record.state, course.record.is_lock_late), (MonthState::Locked, true));
    assert_eq!(course.record.locked_at(), Some(at("2026-10-17T00:00:00")));
    for circular_no in ["", "\u{7}"] {
        let publish = MonthCommand::Publish { circular_no: circular_no.into() };
        assert!(matches!(course.tried(Some(&office(1)), &publish, "2026-10-18T00:00:00"), Err(MonthWhy::Invalid(_))));
    }
}

#[test]
fn nobody_but_the_office_sees_a_ranking_before_it_is_locked_and_units_see_their_own_in_the_preview() {
    let sight = |state, role| MonthRecord { state, ..MonthRecord::open(september()) }.sight(role);
    for state in MonthState::ALL {
        assert_eq!(sight(*state, Role::Office), Sight::Everything);
        for role in Role::ALL.iter().filter(|role| **role != Role::Office) {
            let seen = sight(*state, *role);
            let is_reader = matches!(role, Role::Leader | Role::Discipline);
            let expected = match state {
                MonthState::Published => Sight::Everything,
                MonthState::Locked if is_reader => Sight::Everything,
                MonthState::Preview | MonthState::Decided | MonthState::Locked if *role == Role::Unit => Sight::Own,
                _ => Sight::Nothing,
            };
            assert_eq!(seen, expected, "{state} {role}");
        }
    }
}

#[test]
fn a_unit_objects_once_at_a_time_about_a_row_and_not_without_end() {
    let mut course = Course::in_preview();
    let now = "2026-10-09T10:00:00";
    course.take(Some(&unit(1)), &objected(1), now);
    assert_eq!(course.tried(Some(&unit(1)), &objected(2), now), Err(MonthWhy::AlreadyObjected));
    // Another unit may, and so may this one about its score as a whole, and again after the answer.
    course.take(Some(&unit(2)), &objected(2), now);
    let whole = |number| MonthCommand::Object { id: objection(number), row: None, reason: "整体有误".into() };
    course.take(Some(&unit(1)), &whole(3), now);
    for number in 4..22 {
        course.take(Some(&office(1)), &answered(if number == 4 { 1 } else { number - 1 }, false), now);
        course.take(Some(&unit(1)), &objected(number), now);
    }
    course.take(Some(&office(1)), &answered(21, false), now);
    assert_eq!(course.tried(Some(&unit(1)), &objected(22), now), Err(MonthWhy::TooManyObjections));
}

#[test]
fn a_month_stays_as_it_is_from_when_it_is_locked() {
    for (state, is_immutable) in [
        (MonthState::Open, false),
        (MonthState::Frozen, false),
        (MonthState::Preview, false),
        (MonthState::Decided, false),
        (MonthState::Locked, true),
        (MonthState::Published, true),
    ] {
        let record = MonthRecord { state, ..MonthRecord::open(september()) };
        assert_eq!((record.is_immutable(), record.locked_at()), (is_immutable, None), "{state}");
    }
}
