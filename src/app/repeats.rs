//! Visits that are made again 双盲复查, without anybody knowing which: drawn by the service while a batch is under way, given
//! as ordinary tasks of the same batch, and compared for the office alone, all together and about nobody (ADR 0037).

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Duration;

use super::batches::act::span_of;
use super::batches::pool::month;
use super::change::{self, Change, Decision};
use super::county::County;
use super::follow_up::office_changed;
use super::locks::{Lock, Locks};
use super::upkeep::Progress;
use super::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::draw::{PoolInspector, PoolPoint, Seed};
use crate::domain::ids::{BatchId, InspectorKey, RepeatDrawId, UserId, VisitId};
use crate::domain::policy::Permission;
use crate::domain::role::Role;
use crate::domain::time::{Date, Timestamp};
use crate::domain::visit::repeat::{Choice, Choices, Compared, Given, RepeatProof, RepeatState};
use crate::store::batches::{self, Draw, KeptTask};
use crate::store::repeats::{self as kept, Completed, Repeat};
use crate::store::{Conn, recusals, users};

/// Draws from the visits that have arrived since the last draw.
pub(crate) async fn draw_repeats(app: &App) -> Result<Progress> {
    let drawn = change::make(app, DrawRepeats { app: app.clone(), now: app.now() }).await?;
    Ok(Progress { done: drawn, more: false })
}

/// Visits are drawn, and given to others.
struct DrawRepeats {
    app: App,
    now: Timestamp,
}

/// What a draw depends on.
struct Before {
    county: County,
    carried: u32,
    completed: Vec<Completed>,
}

/// A draw.
struct Made {
    proof: RepeatProof,
    repeats: Vec<Repeat>,
}

impl Change for DrawRepeats {
    type Before = Before;
    type Made = Made;
    /// How many visits are made again.
    type Answer = usize;

    fn admit(&self) -> Result<()> {
        // The service does it.
        Ok(())
    }

    fn locks(&self) -> Vec<Lock> {
        Vec::new()
    }

    fn load(&self, conn: &mut Conn, locks: &mut Locks) -> Result<Before> {
        // A batch that begins to run meanwhile waits for the next draw, and one that ends is no more among those read.
        let running = kept::running(conn)?;
        locks.take(conn, running.iter().copied().map(Lock::Batch).chain([Lock::Sampling]))?;
        let still: Vec<BatchId> = kept::running(conn)?.into_iter().filter(|id| running.contains(id)).collect();
        let (from, carried) = match kept::last(conn)? {
            Some((until, proof)) => (until, proof.left),
            None => (Timestamp::from_micros(0), 0),
        };
        let completed = kept::completed(conn, &still, (from, self.now))?;
        Ok(Before { county: self.app.county.load(conn)?, carried, completed })
    }

    fn authorise(&self, _: &mut Conn, _: &Before) -> Result<()> {
        Ok(())
    }

    fn decide(&self, conn: &mut Conn, before: Before) -> Result<Decision<Made, usize>> {
        if before.completed.is_empty() {
            return Ok(Decision::Unchanged(0));
        }
        let mut seed = [0; 32];
        self.app.random.fill(&mut seed);
        let of: HashMap<VisitId, Completed> = before.completed.iter().map(|one| (one.visit_id, *one)).collect();
        let mut batches_of: HashMap<BatchId, Running> = HashMap::new();
        let visits = before.completed.iter().map(|one| one.visit_id).collect();
        let id = RepeatDrawId(self.app.random.uuid());
        let proof = RepeatProof::make(id, Seed::from_bytes(seed), before.carried, visits, |visit| {
            let first = of.get(&visit).ok_or(AppError::NotFound)?;
            let batch = match batches_of.entry(first.batch_id) {
                Entry::Occupied(read) => read.into_mut(),
                Entry::Vacant(place) => place.insert(Running::read(conn, first.batch_id)?),
            };
            self.choices(conn, &before.county, batch, *first)
        })?;
        let mut repeats = Vec::new();
        let mut numbers: HashMap<BatchId, u32> = HashMap::new();
        for Given { visit, choice, state } in &proof.given {
            let first = of.get(visit).ok_or(AppError::NotFound)?;
            let task = match choice {
                None => None,
                Some(choice) => {
                    let next = match numbers.get(&first.batch_id) {
                        Some(last) => last.saturating_add(1),
                        None => kept::next_number(conn, first.batch_id)?,
                    };
                    numbers.insert(first.batch_id, next);
                    let batch = batches_of.get(&first.batch_id).ok_or(AppError::NotFound)?;
                    Some(batch.task(first, next, choice)?)
                }
            };
            repeats.push(Repeat { visit_id: *visit, batch_id: first.batch_id, task, state: *state });
        }
        let target = format!("repeat-draw:{}", proof.draw);
        let entry = AuditEntry::done(self.now, None, AuditAction::RepeatsDrawn, target.clone(), "upkeep");
        let records = vec![entry.ended(Outcome::Done, proof.digest().to_string())];
        let messages = vec![office_changed(target)];
        Ok(Decision::Made { made: Made { proof, repeats }, records, messages })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &Made) -> Result<()> {
        Ok(kept::keep(conn, &made.proof, (self.now, self.now), &made.repeats)?)
    }

    fn answer(&self, _: &mut Conn, made: Made) -> Result<usize> {
        Ok(made.repeats.iter().filter(|repeat| repeat.state == RepeatState::Given).count())
    }
}

impl DrawRepeats {
    /// Who could make this visit again, and when.
    fn choices(&self, conn: &mut Conn, county: &County, batch: &Running, first: Completed) -> Result<Choices> {
        let rules = &batch.draw.rules;
        let begun = self.now.plus(Duration::from_secs(u64::from(county.settings.task_lead_minutes) * 60));
        // Nothing is shown at once: a task that appears in the middle of its slot would not look like the others.
        let mut slots: Vec<(Timestamp, Timestamp)> =
            rules.slots.iter().map(|slot| span_of(county, slot)).filter(|(from, _)| *from > begun).collect();
        slots.sort_unstable();
        slots.dedup();
        let today = county.calendar.civil_date(self.now);
        let in_month = kept::visits_at(conn, first.point_id, month(county, today)?)?;
        if in_month >= usize::try_from(rules.point_visits_max).unwrap_or(usize::MAX) {
            slots.clear();
        }
        let mut choices = Vec::new();
        for (key, user) in batch.may_go(conn, first)? {
            let (busy, count) = kept::busy(conn, user, first.batch_id, self.now)?;
            if count >= usize::try_from(rules.tasks_per_inspector_max).unwrap_or(usize::MAX) {
                continue;
            }
            let is_free =
                |from: Timestamp, to: Timestamp| busy.iter().all(|(begins, ends)| to <= *begins || *ends <= from);
            let free = slots.iter().filter(|(from, to)| is_free(*from, *to));
            choices.extend(free.map(|(from, to)| Choice { from: *from, to: *to, inspector: key }));
        }
        choices.sort_unstable();
        Ok(Choices { visit: first.visit_id, has_slots: !slots.is_empty(), choices })
    }
}

/// A batch under way, with its draw and who is behind the keys.
struct Running {
    draw: Draw,
    people: HashMap<InspectorKey, UserId>,
    /// Inspectors whose accounts are in use.
    active: Vec<UserId>,
}

impl Running {
    fn read(conn: &mut Conn, id: BatchId) -> Result<Self> {
        let draw = batches::draws(conn, id)?.pop();
        let draw = draw.ok_or_else(|| AppError::Internal(format!("batch {id} has no draw")))?;
        let people = batches::people(conn, id, draw.commitment.attempt)?.into_iter().collect();
        let inspectors = users::list(conn, Some(Role::Inspector))?.into_iter();
        let active = inspectors.filter(crate::domain::user::User::is_active).map(|user| user.id).collect();
        Ok(Running { draw, people, active })
    }

    /// Who neither carries out the task nor was at the point lately, and is not recused from it.
    fn may_go(&self, conn: &mut Conn, first: Completed) -> Result<Vec<(InspectorKey, UserId)>> {
        let number = u32::try_from(first.number).unwrap_or_default();
        let task = batches::find_task(conn, first.batch_id, number)?.ok_or(AppError::NotFound)?;
        let point: Option<&PoolPoint> = self.draw.pool.points.iter().find(|point| point.id == first.point_id);
        let mut found = Vec::new();
        for (key, user) in &self.people {
            let is_of_task = task.people.iter().any(|(who, _)| who == user);
            let is_recent = |one: &PoolInspector| one.id == *key && one.recent_points.contains(&first.point_id);
            if is_of_task || !self.active.contains(user) || self.draw.pool.inspectors.iter().any(is_recent) {
                continue;
            }
            let recused = recusals::of(conn, *user)?;
            let of_units = |point: &PoolPoint| {
                recused.units.contains(&point.lead_unit) || !recused.units.is_disjoint(&point.other_units)
            };
            if !recused.points.contains(&first.point_id) && !point.is_some_and(of_units) {
                found.push((*key, *user));
            }
        }
        Ok(found)
    }

    /// The task under which a visit is made again: as any other of the batch.
    fn task(&self, first: &Completed, number: u32, choice: &Choice) -> Result<KeptTask> {
        let nobody = || AppError::Internal("nobody is behind a key of a draw".into());
        let user = self.people.get(&choice.inspector).copied().ok_or_else(nobody)?;
        let names = self.draw.drawn.iter().flat_map(|(_, outcome)| &outcome.code_names);
        let code = names.filter(|name| name.inspector == choice.inspector).map(|name| name.code.clone()).next();
        Ok(KeptTask {
            batch_id: first.batch_id,
            number,
            point_id: first.point_id,
            from_at: choice.from,
            to_at: choice.to,
            dropped: false,
            people: vec![(user, code.ok_or_else(nobody)?)],
        })
    }
}

/// What came of visits that were made again.
#[derive(Debug)]
pub struct Repeats {
    /// The day from which draws count.
    pub from: Date,
    /// Completed visits that could be drawn.
    pub visits: i64,
    /// What became of the drawn ones.
    pub states: HashMap<RepeatState, i64>,
    /// Given tasks that are neither carried out nor over.
    pub open: usize,
    /// What the pairs saw; whoever reads it is told no figures unless it is enough.
    pub compared: Compared,
}

/// What came of the visits that were made again in the last months. Nothing in it is about one inspector, unit or point.
///
/// # Errors
/// [`AppError::Forbidden`] for all but the office.
pub async fn read(app: &App, caller: &Caller, months: u32) -> Result<Repeats> {
    caller.require(Permission::ReadRepeats)?;
    let (county, now) = (app.county.clone(), app.now());
    app.store
        .read(move |conn| {
            let calendar = county.load(conn)?.calendar;
            let from = calendar.civil_date(now).saturating_sub(jiff::Span::new().months(i64::from(months)));
            let since = calendar.instant(from, jiff::civil::Time::midnight());
            let (visits, states) = kept::counts(conn, since)?;
            let (pairs, open) = kept::pairs(conn, since, now)?;
            let mut compared = Compared::default();
            pairs.iter().for_each(|(first, second)| compared.add(first, second));
            Ok(Repeats { from, visits, states: states.into_iter().collect(), open, compared })
        })
        .await
}
