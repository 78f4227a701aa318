//! Backward schedules 倒排工期 with the lights of their tasks.

use super::Put;
use crate::app::change::{self, By, Change, Decision};
use crate::app::county::CountyCache;
use crate::app::locks::{Lock, Locks};
use crate::app::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::calendar::WorkCalendar;
use crate::domain::ids::{ScheduleId, UserId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::limits::PAGE_MAX;
use crate::domain::month::backward::{Light, ScheduledTask};
use crate::domain::planning::{Schedule, ScheduleTask, ScheduleText};
use crate::domain::policy::Permission;
use crate::domain::time::{Date, Timestamp};
use crate::store::{Conn, planning, reference};

/// A task with its days and its light.
#[derive(Debug, Clone)]
pub struct ShownTask {
    /// What is written down.
    pub task: ScheduleTask,
    /// Its latest days.
    pub days: ScheduledTask,
    /// How it stands today.
    pub light: Light,
}

/// A schedule with what follows from it today.
#[derive(Debug, Clone)]
pub struct ShownSchedule {
    /// What is written down.
    pub schedule: Schedule,
    /// The day that it is judged on.
    pub today: Date,
    /// Working days between the last task and the end.
    pub buffer_days: u32,
    /// How many working days too late it is, if the first task has not begun; 0 when it can be kept.
    pub days_short: u32,
    /// Its tasks, in the order they were written.
    pub tasks: Vec<ShownTask>,
}

impl ShownSchedule {
    fn on(today: Date, schedule: Schedule, calendar: &WorkCalendar) -> Result<Self> {
        // Valid when it was written. A calendar that was changed since moves its days, and refuses none of its fields.
        let backward = schedule.text.backward(calendar)?;
        let has_begun = schedule.text.tasks.iter().any(|task| task.progress > 0);
        let days_short = if has_begun { 0 } else { backward.days_short(today, calendar) };
        let tasks = schedule.text.tasks.iter().cloned().zip(backward.tasks);
        let tasks = tasks
            .map(|(task, days)| {
                let light = days.light(today, task.progress, calendar);
                ShownTask { task, days, light }
            })
            .collect();
        Ok(ShownSchedule { schedule, today, buffer_days: backward.buffer_days, days_short, tasks })
    }
}

/// Schedules, those that end last first, and the id to continue after.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when `after` is no schedule.
pub async fn schedules(
    app: &App,
    caller: &Caller,
    after: Option<ScheduleId>,
    limit: usize,
) -> Result<(Vec<ShownSchedule>, Option<ScheduleId>)> {
    caller.require(Permission::ReadSchedules)?;
    let (county, now, limit) = (app.county.clone(), app.now(), limit.clamp(1, PAGE_MAX));
    app.store
        .read(move |conn| {
            if let Some(id) = after {
                planning::find_schedule(conn, id)?.ok_or(AppError::NotFound)?;
            }
            let calendar = county.load(conn)?.calendar;
            let today = calendar.civil_date(now);
            let mut found = planning::schedules(conn, after, i64::try_from(limit + 1).unwrap_or(i64::MAX))?;
            let more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().map(|last| last.id).filter(|_| more);
            let shown = found.into_iter().map(|schedule| ShownSchedule::on(today, schedule, &calendar));
            Ok((shown.collect::<Result<_>>()?, next))
        })
        .await
}

/// One of them.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn schedule(app: &App, caller: &Caller, id: ScheduleId) -> Result<ShownSchedule> {
    caller.require(Permission::ReadSchedules)?;
    let (county, now) = (app.county.clone(), app.now());
    app.store
        .read(move |conn| {
            let found = planning::find_schedule(conn, id)?.ok_or(AppError::NotFound)?;
            let calendar = county.load(conn)?.calendar;
            ShownSchedule::on(calendar.civil_date(now), found, &calendar)
        })
        .await
}

/// Keeps a schedule under the id that the client chose, or changes the one that the caller saw in version `seen`; the
/// progress of its tasks is written in the same way. The same again changes nothing, whatever version is named.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`], [`AppError::Stale`].
pub async fn put_schedule(
    app: &App,
    caller: &Caller,
    id: ScheduleId,
    text: ScheduleText,
    seen: Option<i64>,
) -> Result<Put<ShownSchedule>> {
    let (user, county, now) = (caller.actor.user_id, app.county.clone(), app.now());
    change::make(app, PutSchedule { by: By::from(caller), user, county, id, text: text.trimmed(), seen, now }).await
}

/// A schedule is written down.
struct PutSchedule {
    by: By,
    user: UserId,
    county: CountyCache,
    id: ScheduleId,
    text: ScheduleText,
    seen: Option<i64>,
    now: Timestamp,
}

impl Change for PutSchedule {
    type Before = Option<Schedule>;
    type Made = Schedule;
    type Answer = Put<ShownSchedule>;

    fn admit(&self) -> Result<()> {
        self.by.require(Permission::ManagePlanning)
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Planning]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        Ok(planning::find_schedule(conn, self.id)?)
    }

    fn authorise(&self, _: &mut Conn, before: &Self::Before) -> Result<()> {
        match before {
            Some(kept) if kept.text != self.text && self.seen != Some(kept.version) => Err(AppError::Stale),
            Some(_) | None => Ok(()),
        }
    }

    fn decide(&self, conn: &mut Conn, before: Self::Before) -> Result<Decision<Schedule, Self::Answer>> {
        let version = match before {
            Some(kept) if kept.text == self.text => return Ok(Decision::Unchanged(self.shown(conn, kept, false)?)),
            Some(kept) => kept.version.saturating_add(1),
            None => 1,
        };
        let mut invalid = Invalid::default();
        let calendar = self.county.load(conn)?.calendar;
        invalid.0.extend(self.text.validate(&calendar).err().into_iter().flat_map(|faults| faults.0));
        if let Some(id) = self.text.assessment_id
            && planning::find_assessment(conn, id)?.is_none()
        {
            invalid.push("/assessment_id", FieldCode::Unknown, "no such assessment");
        }
        let units: Vec<_> = reference::units(conn)?.into_iter().map(|unit| unit.id).collect();
        for (at, task) in self.text.tasks.iter().enumerate() {
            if task.unit_id.is_some_and(|unit| !units.contains(&unit)) {
                invalid.push(format!("/tasks/{at}/unit_id"), FieldCode::Unknown, "no such unit");
            }
        }
        invalid.into_result()?;
        let made =
            Schedule { id: self.id, version, text: self.text.clone(), changed_by: self.user, changed_at: self.now };
        let entry = self.by.done(self.now, AuditAction::PlanningChanged, format!("schedule:{}", self.id));
        let detail = format!("{}, {} tasks until {}", self.text.name, self.text.tasks.len(), self.text.end);
        Ok(Decision::Made { made, records: vec![entry.ended(Outcome::Done, detail)], messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &Schedule) -> Result<()> {
        Ok(planning::put_schedule(conn, made)?)
    }

    fn answer(&self, conn: &mut Conn, made: Schedule) -> Result<Self::Answer> {
        let created = made.version == 1;
        self.shown(conn, made, created)
    }
}

impl PutSchedule {
    fn shown(&self, conn: &mut Conn, schedule: Schedule, created: bool) -> Result<Put<ShownSchedule>> {
        let calendar = self.county.load(conn)?.calendar;
        let shown = ShownSchedule::on(calendar.civil_date(self.now), schedule, &calendar)?;
        Ok(Put { created, shown })
    }
}
