//! Backward scheduling 倒排工期: from the day of an end back to the latest day on which each task may start. Source: domain
//! rule M22.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::workdays::{plus_working_days, working_days_between};
use crate::domain::calendar::WorkCalendar;
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::text::text_enum;
use crate::domain::time::Date;

/// Most tasks of a schedule. Source: our choice.
pub const TASKS_MAX: usize = 500;
/// Longest task, in working days. Source: our choice, two years.
pub const TASK_DAYS_MAX: u32 = 500;
/// Longest chain of tasks, in working days; with its buffer, what counting in working days can look back over. Source: our
/// choice, sixteen years: no preparation takes longer, and a longer one is a slip.
pub const CHAIN_DAYS_MAX: u32 = 4_000;
/// Tenth of the whole that is kept as a buffer, at least one working day. Source: our judgement.
const BUFFER_DIVISOR: u32 = 10;

/// A task that is to be scheduled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Identifies it in its schedule.
    pub key: String,
    /// How long it takes, in working days, from 1.
    pub days: u32,
    /// The places of the tasks that can begin only when it is done; all later in the list. A task without any ends the
    /// schedule.
    #[serde(default)]
    pub before: Vec<usize>,
}

/// A scheduled task. `latest_start` is the day after which its working days are counted: with `days` = 2 and a latest
/// finish on Wednesday, that is Monday, and Tuesday and Wednesday are worked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScheduledTask {
    /// The task's key.
    pub key: String,
    /// How long it takes, in working days.
    pub days: u32,
    /// Latest start LS.
    pub latest_start: Date,
    /// Latest finish LF.
    pub latest_finish: Date,
}

/// A schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// The end that it leads to.
    pub end: Date,
    /// Working days between the last task and the end.
    pub buffer_days: u32,
    /// The tasks, in the order of the list.
    pub tasks: Vec<ScheduledTask>,
}

/// Tasks of which each is done before the next begins.
#[must_use]
pub fn chain(tasks: impl IntoIterator<Item = (String, u32)>) -> Vec<Task> {
    let mut tasks: Vec<Task> =
        tasks.into_iter().enumerate().map(|(at, (key, days))| Task { key, days, before: vec![at + 1] }).collect();
    if let Some(last) = tasks.last_mut() {
        last.before.clear();
    }
    tasks
}

impl Schedule {
    /// Counts back from `end`: `LF` of a task is the earliest `LS` of those that wait for it, or the end less the
    /// buffer, and `LS = LF − days`, in working days.
    ///
    /// # Errors
    /// No task or too many; a length out of range; a key that occurs twice; a task that waits for a later one; tasks that
    /// together take longer than [`CHAIN_DAYS_MAX`], or begin before any day there is.
    pub fn backward(end: Date, tasks: &[Task], calendar: &WorkCalendar) -> Result<Self, Invalid> {
        validate(tasks)?;
        // Later tasks first, so that what waits for a task is known.
        let mut longest = vec![0_u32; tasks.len()];
        for (at, task) in tasks.iter().enumerate().rev() {
            let after = task.before.iter().filter_map(|later| longest.get(*later)).max().copied().unwrap_or(0);
            longest[at] = after.saturating_add(task.days);
        }
        let whole = longest.iter().max().copied().unwrap_or(0);
        if whole > CHAIN_DAYS_MAX {
            // Counting further back than the calendar reaches would give days that are only the earliest there is.
            let detail = format!("{whole} working days one after the other; at most {CHAIN_DAYS_MAX}");
            return Err(Invalid::one("/tasks", FieldCode::OutOfRange, detail));
        }
        let buffer_days = whole.div_ceil(BUFFER_DIVISOR).max(1);
        let last_finish = back(calendar, end, buffer_days);
        let mut starts = vec![last_finish; tasks.len()];
        let mut scheduled = Vec::with_capacity(tasks.len());
        for (at, task) in tasks.iter().enumerate().rev() {
            let waiting = task.before.iter().filter_map(|later| starts.get(*later)).min();
            let latest_finish = waiting.copied().unwrap_or(last_finish);
            let latest_start = back(calendar, latest_finish, task.days);
            starts[at] = latest_start;
            scheduled.push(ScheduledTask { key: task.key.clone(), days: task.days, latest_start, latest_finish });
        }
        scheduled.reverse();
        if scheduled.iter().any(|task| task.latest_start == Date::MIN) {
            return Err(Invalid::one("/end", FieldCode::OutOfRange, "too early for its tasks"));
        }
        Ok(Schedule { end, buffer_days, tasks: scheduled })
    }

    /// How many working days too late the schedule is, if the first task has not begun by `today`; 0 when it can be
    /// kept.
    #[must_use]
    pub fn days_short(&self, today: Date, calendar: &WorkCalendar) -> u32 {
        let first = self.tasks.iter().map(|task| task.latest_start).min();
        first.map_or(0, |first| working_days_between(calendar, first, today))
    }
}

fn back(calendar: &WorkCalendar, from: Date, days: u32) -> Date {
    plus_working_days(calendar, from, -i32::try_from(days).unwrap_or(i32::MAX))
}

fn validate(tasks: &[Task]) -> Result<(), Invalid> {
    let mut invalid = Invalid::default();
    if tasks.is_empty() {
        invalid.push("/tasks", FieldCode::Missing, "at least one task");
    }
    if tasks.len() > TASKS_MAX {
        invalid.push("/tasks", FieldCode::TooLong, format!("at most {TASKS_MAX} tasks"));
    }
    let mut keys = BTreeSet::new();
    for (at, task) in tasks.iter().enumerate() {
        if !(1..=TASK_DAYS_MAX).contains(&task.days) {
            invalid.push(format!("/tasks/{at}/days"), FieldCode::OutOfRange, format!("from 1 to {TASK_DAYS_MAX}"));
        }
        if !keys.insert(&task.key) {
            invalid.push(format!("/tasks/{at}/key"), FieldCode::Duplicate, "named twice");
        }
        if task.before.iter().any(|later| *later <= at || *later >= tasks.len()) {
            invalid.push(format!("/tasks/{at}/before"), FieldCode::OutOfRange, "places of later tasks");
        }
    }
    invalid.into_result()
}

text_enum! {
    /// The light of a task.
    pub enum Light {
        Green = "green", "正常", "On schedule";
        Yellow = "yellow", "滞后", "Behind";
        Red = "red", "逾期", "Overdue";
        Done = "done", "已完成", "Done";
    }
}

impl ScheduledTask {
    /// The light on `today` with this progress in percent: green before the latest start, and while the progress keeps
    /// up with the working days that have passed; red after the latest finish.
    #[must_use]
    pub fn light(&self, today: Date, progress_percent: u32, calendar: &WorkCalendar) -> Light {
        if progress_percent >= 100 {
            return Light::Done;
        }
        if today > self.latest_finish {
            return Light::Red;
        }
        if today < self.latest_start {
            return Light::Green;
        }
        let passed = u64::from(working_days_between(calendar, self.latest_start, today));
        let is_behind = u64::from(progress_percent) * u64::from(self.days) < passed * 100;
        if is_behind { Light::Yellow } else { Light::Green }
    }

    /// The days on which the person who does it is reminded: LS, LF − 3, LF − 1 and LF in working days, none before LS,
    /// each once.
    #[must_use]
    pub fn reminder_days(&self, calendar: &WorkCalendar) -> BTreeSet<Date> {
        let finish = |before: u32| back(calendar, self.latest_finish, before);
        let days = [self.latest_start, finish(3), finish(1), self.latest_finish];
        days.into_iter().filter(|day| *day >= self.latest_start).collect()
    }

    /// The reminder that is due on `today` and was not sent, by its key. If the job was late, only the last one is.
    #[must_use]
    pub fn reminder_due(&self, today: Date, calendar: &WorkCalendar, known: &BTreeSet<String>) -> Option<String> {
        let last = self.reminder_days(calendar).into_iter().rfind(|day| *day <= today)?;
        let key = format!("schedule:{}:{last}", self.key);
        (!known.contains(&key)).then_some(key)
    }
}

#[cfg(test)]
mod tests;
