//! Backward schedules 倒排工期, as the office writes them down. Source: domain rule M22.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{NAME_CHARS_MAX, PROGRESS_MAX};
use crate::domain::calendar::WorkCalendar;
use crate::domain::ids::{AssessmentId, ScheduleId, UnitId, UserId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::month::backward::{self, Task};
use crate::domain::text::name;
use crate::domain::time::{Date, Timestamp, YEARS};

/// Characters of a task's key. Source: our choice, the length of a UUID and some more.
pub const KEY_CHARS_MAX: usize = 40;
/// Characters of a task's name. Source: our choice.
pub const TASK_NAME_CHARS_MAX: usize = 60;

/// A task of a schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleTask {
    /// Identifies it in its schedule, 1–40 characters; it stays when the task moves.
    pub key: String,
    /// What is done, 1–60 characters.
    pub name: String,
    /// The unit that does it.
    #[serde(default)]
    pub unit_id: Option<UnitId>,
    /// How long it takes, in working days, 1–500.
    #[schema(minimum = 1, maximum = 500)]
    pub days: u32,
    /// Places of the tasks, from 0 and all later in the list, that can begin only when it is done.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub before: Vec<usize>,
    /// How much of it is done, in percent, 0–100.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 100)]
    pub progress: u32,
}

/// A schedule, as the office writes it down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Schedule)]
pub struct ScheduleText {
    /// What it is called, 1–40 characters.
    pub name: String,
    /// The assessment that it prepares for.
    #[serde(default)]
    pub assessment_id: Option<AssessmentId>,
    /// The day by which everything is done, the buffer included.
    #[schema(value_type = String, format = Date)]
    pub end: Date,
    /// Its tasks, 1–500.
    #[schema(max_items = 500)]
    pub tasks: Vec<ScheduleTask>,
}

/// A schedule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Identity; chosen by the client.
    pub id: ScheduleId,
    /// Counts the changes, from 1.
    pub version: i64,
    /// What is written down.
    pub text: ScheduleText,
    /// Who wrote it last.
    pub changed_by: UserId,
    /// When.
    pub changed_at: Timestamp,
}

impl ScheduleText {
    /// The same with its names as they are stored.
    #[must_use]
    pub fn trimmed(&self) -> Self {
        let tasks =
            self.tasks.iter().map(|task| ScheduleTask { key: name(&task.key), name: name(&task.name), ..task.clone() });
        ScheduleText { name: name(&self.name), tasks: tasks.collect(), ..self.clone() }
    }

    /// Reports every field that is wrong in itself, the order of the tasks too.
    ///
    /// # Errors
    /// All of them.
    pub fn validate(&self, calendar: &WorkCalendar) -> Result<(), Invalid> {
        let mut invalid = Invalid::default();
        invalid.prose("/name", &self.name, NAME_CHARS_MAX);
        if !YEARS.contains(&self.end.year()) {
            let detail = format!("a day from {} to {}", YEARS.start(), YEARS.end());
            invalid.push("/end", FieldCode::OutOfRange, detail);
        }
        for (at, task) in self.tasks.iter().enumerate().take(backward::TASKS_MAX) {
            invalid.prose(&format!("/tasks/{at}/key"), &task.key, KEY_CHARS_MAX);
            invalid.prose(&format!("/tasks/{at}/name"), &task.name, TASK_NAME_CHARS_MAX);
            if task.progress > PROGRESS_MAX {
                invalid.push(
                    format!("/tasks/{at}/progress"),
                    FieldCode::OutOfRange,
                    format!("from 0 to {PROGRESS_MAX}"),
                );
            }
        }
        invalid.0.extend(self.backward(calendar).err().into_iter().flat_map(|faults| faults.0));
        invalid.into_result()
    }

    /// Counted back from its end.
    ///
    /// # Errors
    /// Those of [`backward::Schedule::backward`].
    pub fn backward(&self, calendar: &WorkCalendar) -> Result<backward::Schedule, Invalid> {
        let tasks: Vec<Task> = self
            .tasks
            .iter()
            .map(|task| Task { key: name(&task.key), days: task.days, before: task.before.clone() })
            .collect();
        backward::Schedule::backward(self.end, &tasks, calendar)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::domain::deadline::tests::calendar;

    fn schedule() -> ScheduleText {
        let task = ScheduleTask {
            key: " a ".into(),
            name: " 清\u{200b}运 ".into(),
            unit_id: None,
            days: 3,
            before: Vec::new(),
            progress: 100,
        };
        ScheduleText {
            name: "\u{202e} 迎检 ".into(),
            assessment_id: None,
            end: "2026-09-30".parse().unwrap(),
            tasks: vec![task.clone(), ScheduleTask { key: "b".into(), ..task }],
        }
    }

    #[test]
    fn names_are_kept_as_they_look() {
        let kept = schedule().trimmed();
        assert_eq!(kept.name, "迎检");
        let tasks: Vec<(&str, &str)> = kept.tasks.iter().map(|task| (&*task.key, &*task.name)).collect();
        assert_eq!(tasks, [("a", "清运"), ("b", "清运")]);
    }

    #[test]
    fn every_wrong_field_is_named() {
        use FieldCode::{Duplicate, OutOfRange, Required, TooLong};
        type Change = fn(&mut ScheduleText);
        let allowed: [Change; 5] = [
            |_| {},
            |text| text.end = "2100-12-31".parse().unwrap(),
            |text| text.tasks[1].progress = 0,
            |text| text.tasks[1].key = "k".repeat(40),
            |text| text.tasks[0].name = "事".repeat(60),
        ];
        for change in allowed {
            let mut text = schedule();
            change(&mut text);
            assert_eq!(text.validate(&calendar()), Ok(()), "{text:?}");
        }
        let refused: [(Change, &str, FieldCode); 8] = [
            (|text| text.name = " ".into(), "/name", Required),
            (|text| text.end = "2101-01-01".parse().unwrap(), "/end", OutOfRange),
            (|text| text.tasks[1].progress = 101, "/tasks/1/progress", OutOfRange),
            (|text| text.tasks[1].key = "k".repeat(41), "/tasks/1/key", TooLong),
            (|text| text.tasks[0].name = "事".repeat(61), "/tasks/0/name", TooLong),
            (|text| text.tasks[1].name.clear(), "/tasks/1/name", Required),
            (|text| text.tasks[1].key = "a".into(), "/tasks/1/key", Duplicate),
            (|text| text.tasks[1].before = vec![0], "/tasks/1/before", OutOfRange),
        ];
        for (change, pointer, code) in refused {
            let mut text = schedule();
            change(&mut text);
            let faults: Vec<(String, FieldCode)> = text
                .validate(&calendar())
                .unwrap_err()
                .0
                .into_iter()
                .map(|fault| (fault.pointer, fault.code))
                .collect();
            assert_eq!(faults, [(pointer.to_owned(), code)]);
        }
    }
}
