//! What may be read of a batch besides itself: its record, its issues, what its plan would lead to, and which draws
//! there are.

use std::collections::{BTreeSet, HashMap};

use super::pool;
use crate::app::issues::read::{IssueDetail, details};
use crate::app::{App, AppError, Caller, Result};
use crate::domain::batch::{Batch, BatchEvent, BatchState};
use crate::domain::digest::Digest;
use crate::domain::draw::{Commitment, Nonce, Outcome, Pool, PoolPoint, Reason, Rules, Secret, Seed, draw, seed_of};
use crate::domain::ids::{BatchId, PointId, UserId};
use crate::domain::limits::PAGE_MAX;
use crate::domain::policy::Permission;
use crate::domain::role::Role;
use crate::store::{batch_issues, batches, users};

/// A step of the record of a batch.
#[derive(Debug)]
pub struct ShownEvent {
    /// The step; its reason only where the reader may know it.
    pub event: BatchEvent,
    /// What who took it is called; `None` for the service itself.
    pub by: Option<String>,
}

/// The steps of a batch, oldest first. Reasons may name people and places, so only the office reads them before the
/// batch is released or abandoned.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn events(app: &App, caller: &Caller, id: BatchId) -> Result<Vec<ShownEvent>> {
    caller.require(Permission::ReadDraws)?;
    let is_office = caller.actor.role == Role::Office;
    app.store
        .read(move |conn| {
            let batch = batches::find(conn, id)?.ok_or(AppError::NotFound)?;
            let with_reasons = is_office || BatchState::FINAL.contains(&batch.state);
            let found = batches::events(conn, id)?;
            let mut people: Vec<UserId> = found.iter().filter_map(|event| event.actor_id).collect();
            people.sort_unstable();
            people.dedup();
            let names: HashMap<UserId, String> = users::display_names(conn, &people)?.into_iter().collect();
            let shown = |mut event: BatchEvent| {
                event.reason = event.reason.filter(|_| with_reasons);
                ShownEvent { by: event.actor_id.and_then(|who| names.get(&who).cloned()), event }
            };
            Ok(found.into_iter().map(shown).collect())
        })
        .await
}

/// The issues that the visits of a batch opened, in the order of their reports.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn issues(app: &App, caller: &Caller, id: BatchId) -> Result<Vec<IssueDetail>> {
    caller.require(Permission::ManageBatches)?;
    let (app, actor) = (app.clone(), caller.actor);
    app.store
        .clone()
        .read(move |conn| {
            batches::find(conn, id)?.ok_or(AppError::NotFound)?;
            let county = app.county.load(conn)?;
            let found = batch_issues::of_batch(conn, id)?;
            details(conn, &app, &county, &actor, &found)
        })
        .await
}

/// A batch whose draw was committed to.
#[derive(Debug)]
pub struct ListedDraw {
    /// The batch.
    pub batch: Batch,
    /// Whether its title may be known: it is for the office alone before the release.
    pub with_title: bool,
    /// Every commitment, the first first.
    pub commitments: Vec<Commitment>,
}

/// The batches whose draws were committed to, the latest first, and the id to continue after.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when `after` is no batch.
pub async fn draws(
    app: &App,
    caller: &Caller,
    after: Option<BatchId>,
    limit: usize,
) -> Result<(Vec<ListedDraw>, Option<BatchId>)> {
    caller.require(Permission::ReadDraws)?;
    let (limit, is_office) = (limit.clamp(1, PAGE_MAX), caller.actor.role == Role::Office);
    app.store
        .read(move |conn| {
            let mut found = batches::list_committed(conn, after, i64::try_from(limit + 1).unwrap_or(i64::MAX))?;
            let more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().map(|last| last.id).filter(|_| more);
            let ids: Vec<BatchId> = found.iter().map(|batch| batch.id).collect();
            let mut commitments: HashMap<BatchId, Vec<Commitment>> = HashMap::new();
            for commitment in batches::commitments(conn, &ids)? {
                commitments.entry(commitment.batch).or_default().push(commitment);
            }
            let listed = |batch: Batch| ListedDraw {
                with_title: is_office || batch.state == BatchState::Released,
                commitments: commitments.remove(&batch.id).unwrap_or_default(),
                batch,
            };
            Ok((found.into_iter().map(listed).collect(), next))
        })
        .await
}

/// Draws that are tried. Source: our choice; their extremes are shown, and more are hardly further apart.
const TRIALS: u32 = 9;
/// From so many points on only one is tried. Source: 20,000 points take up to 3 s.
const MANY_POINTS: usize = 3_000;

/// The least and the greatest of a number over all trials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The least.
    pub least: u32,
    /// The greatest.
    pub most: u32,
}

impl Range {
    fn of(found: impl Iterator<Item = usize>) -> Self {
        let all: Vec<u32> = found.map(|one| u32::try_from(one).unwrap_or(u32::MAX)).collect();
        Range {
            least: all.iter().copied().min().unwrap_or_default(),
            most: all.iter().copied().max().unwrap_or_default(),
        }
    }
}

/// So many of what the plan covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Covered {
    /// Points.
    pub points: u32,
    /// Types of point.
    pub point_types: u32,
    /// Areas.
    pub areas: u32,
    /// Lead units.
    pub units: u32,
    /// Points that were never visited.
    pub never_visited: u32,
}

/// What a plan would lead to if it were drawn now.
#[derive(Debug)]
pub struct Forecast {
    /// What it covers.
    pub covered: Covered,
    /// Inspectors who could go.
    pub inspectors: u32,
    /// Places that the rules ask for.
    pub places: u64,
    /// Draws that were tried.
    pub trials: u32,
    /// Tasks.
    pub tasks: Range,
    /// Types of point with a task.
    pub point_types: Range,
    /// Areas with a task.
    pub areas: Range,
    /// Lead units with a task.
    pub units: Range,
    /// Points with a task that were never visited.
    pub never_visited: Range,
    /// Tasks in the evening too few.
    pub evening_missing: Range,
    /// Tasks on days off too few.
    pub weekend_missing: Range,
    /// Points that cannot be drawn, or had nobody to go, by reason.
    pub undrawable: Vec<(Reason, Range)>,
    /// Types of point that no trial reached, by code.
    pub missed_types: Vec<String>,
}

/// Tries what the plan of a batch would lead to: draws with seeds that are thrown away. They say nothing about the draw
/// that will count, whose seed does not exist yet.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Invalid`] where nothing can be drawn.
pub async fn forecast(app: &App, caller: &Caller, id: BatchId) -> Result<Forecast> {
    caller.require(Permission::ManageBatches)?;
    let (app, now) = (app.clone(), app.now());
    app.store
        .clone()
        .read(move |conn| {
            let batch = batches::find(conn, id)?.ok_or(AppError::NotFound)?;
            let county = app.county.load(conn)?;
            let (pool, _) = pool::assemble(conn, &county, &*app.random, &batch.plan, now)?;
            let trials = if pool.points.len() > MANY_POINTS { 1 } else { TRIALS };
            let outcomes = (0..trials).map(|_| draw(&pool, &batch.plan.rules, &throwaway(&app)));
            let outcomes = outcomes.collect::<std::result::Result<Vec<Outcome>, _>>()?;
            Ok(summed(&pool, &batch.plan.rules, trials, &outcomes))
        })
        .await
}

/// A seed that nothing is committed to and nobody keeps.
fn throwaway(app: &App) -> Seed {
    let mut bytes = [0; 32];
    app.random.fill(&mut bytes);
    seed_of(&Secret::from_bytes(bytes), &Nonce::from_bytes(bytes), &Digest::of(&[]))
}

fn summed(pool: &Pool, rules: &Rules, trials: u32, outcomes: &[Outcome]) -> Forecast {
    let by_id: HashMap<PointId, &PoolPoint> = pool.points.iter().map(|point| (point.id, point)).collect();
    let size = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
    let covered: Vec<&PoolPoint> = pool.points.iter().filter(|point| point.active).collect();
    let types = |points: &[&PoolPoint]| points.iter().map(|point| point.point_type.clone()).collect::<BTreeSet<_>>();
    let areas = |points: &[&PoolPoint]| points.iter().map(|point| point.area.clone()).collect::<BTreeSet<_>>().len();
    let units = |points: &[&PoolPoint]| points.iter().map(|point| point.lead_unit).collect::<BTreeSet<_>>().len();
    let never = |points: &[&PoolPoint]| points.iter().filter(|point| point.days_since_visit.is_none()).count();
    let drawn: Vec<Vec<&PoolPoint>> = outcomes
        .iter()
        .map(|outcome| outcome.tasks.iter().filter_map(|task| by_id.get(&task.point).copied()).collect())
        .collect();
    let over = |count: &dyn Fn(&[&PoolPoint]) -> usize| Range::of(drawn.iter().map(|points| count(points)));
    let wide = |of: u32| usize::try_from(of).unwrap_or(usize::MAX);
    let reached: BTreeSet<String> = drawn.iter().flat_map(|points| types(points)).collect();
    let undrawable = Reason::ALL.iter().map(|reason| {
        let of = |outcome: &Outcome| outcome.undrawable.iter().filter(|one| one.reason == *reason).count();
        (*reason, Range::of(outcomes.iter().map(of)))
    });
    Forecast {
        covered: Covered {
            points: size(covered.len()),
            point_types: size(types(&covered).len()),
            areas: size(areas(&covered)),
            units: size(units(&covered)),
            never_visited: size(never(&covered)),
        },
        inspectors: size(pool.inspectors.iter().filter(|one| one.available).count()),
        places: rules.places(),
        trials,
        tasks: over(&|points| points.len()),
        point_types: over(&|points| types(points).len()),
        areas: over(&areas),
        units: over(&units),
        never_visited: over(&never),
        evening_missing: Range::of(outcomes.iter().map(|outcome| wide(outcome.shortfalls.evening))),
        weekend_missing: Range::of(outcomes.iter().map(|outcome| wide(outcome.shortfalls.weekend))),
        undrawable: undrawable.filter(|(_, range)| range.most > 0).collect(),
        missed_types: types(&covered).into_iter().filter(|code| !reached.contains(code)).collect(),
    }
}
