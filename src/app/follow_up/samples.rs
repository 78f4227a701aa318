//! Draws look-back samples 回头看抽查: monthly when the office asks for it, and daily of same-day closings.
//!
//! The service draws the seed. A month or a day has one sample only, and the audit record has the digest of the proof:
//! nobody can draw again until the outcome suits them, or change it afterwards (ADR 0033).

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use jiff::civil::Time;

use crate::app::change::{self, By, Change, Decision};
use crate::app::county::County;
use crate::app::locks::{Lock, Locks};
use crate::app::upkeep::Progress;
use crate::app::{App, AppError, Caller, Result, code_names, month_rules};
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::draw::Seed;
use crate::domain::ids::{InspectorKey, IssueId, PointId, SampleId, UnitId, UserId};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::issue::Action;
use crate::domain::limits::PAGE_MAX;
use crate::domain::month::Month;
use crate::domain::month::facts::LookBackResult;
use crate::domain::month::sample_proof::{
    Barred, POPULATION_MAX, PROOF_BYTES_MAX, SampleKind, SamplePool, SampleProof, SampleRowState,
};
use crate::domain::month::sampling::{DayPart, Member};
use crate::domain::policy::{self, Permission};
use crate::domain::role::Role;
use crate::domain::time::{Date, Timestamp};
use crate::domain::user::User;
use crate::store::samples::{self, ClosedIssue, KeptRow, KeptSample, Place, row_number};
use crate::store::{Conn, audit, issues, recusals, reference, users};

/// Days in which inspectors are sent for a daily sample: within 72 hours of a closing on the day before. Source: our
/// choice.
const STAGED_DAYS: u32 = 2;
/// Days for which a look-back that was given late in a month is awaited. Source: our choice; as long as for a same-day
/// closing.
const LOOK_DAYS: u64 = 3;

/// When the parts of a day begin. Source: our choice; an inspector learns of a look-back then and not before.
fn begins(part: DayPart) -> Time {
    match part {
        DayPart::Morning => Time::constant(8, 0, 0, 0),
        DayPart::Afternoon => Time::constant(13, 0, 0, 0),
        DayPart::Evening => Time::constant(18, 0, 0, 0),
    }
}

/// A sample as the office sees it.
#[derive(Debug, Clone)]
pub struct ShownSample {
    /// The sample.
    pub sample: KeptSample,
    /// How many of its rows are in each state.
    pub counts: BTreeMap<SampleRowState, i64>,
    /// Who had it drawn.
    pub drawn_by: Option<String>,
}

/// A drawn issue as the office sees it.
#[derive(Debug, Clone)]
pub struct ShownRow {
    /// The row.
    pub row: KeptRow,
    /// Number of the issue.
    pub issue_number: Option<String>,
    /// Name of the unit that fixed it.
    pub unit_name: String,
    /// Who is to look.
    pub inspector: Option<String>,
    /// What was found, since it was given.
    pub result: Option<LookBackResult>,
}

/// Has the monthly sample of `month` drawn, which must be the present one; if it was drawn before, answers that one.
/// The flag says whether it is new.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] for another month.
pub async fn draw_monthly(app: &App, caller: &Caller, month: &str) -> Result<(ShownSample, bool)> {
    caller.require(Permission::ManageSamples)?;
    let month = Month::parse(month).map_err(|detail| Invalid::one("/month", FieldCode::Malformed, detail))?;
    let draw = DrawSample { app: app.clone(), by: Some(caller.clone()), month: Some(month), now: app.now() };
    change::make(app, draw).await?.ok_or_else(|| AppError::Internal("a monthly sample is always drawn".into()))
}

/// Draws the daily sample of same-day closings, once for each day that had some.
pub(crate) async fn draw_staged(app: &App) -> Result<Progress> {
    let draw = DrawSample { app: app.clone(), by: None, month: None, now: app.now() };
    let drawn = change::make(app, draw).await?;
    Ok(Progress { done: usize::from(drawn.is_some_and(|(_, is_new)| is_new)), more: false })
}

/// A sample is drawn.
struct DrawSample {
    app: App,
    by: Option<Caller>,
    /// The month; `None` for the daily sample.
    month: Option<Month>,
    now: Timestamp,
}

/// What is drawn from, and from when to when.
struct Span {
    kind: SampleKind,
    period: String,
    from: Timestamp,
    until: Timestamp,
    carried: Option<u32>,
    first: Date,
    days: u32,
}

/// A drawn sample.
pub(crate) struct Made {
    sample: KeptSample,
    proof: SampleProof,
    people: Vec<(InspectorKey, UserId)>,
    rows: Vec<KeptRow>,
}

impl Change for DrawSample {
    type Before = (County, Option<Span>);
    type Made = Made;
    /// The sample, and whether it is new; `None` when there was nothing to draw from.
    type Answer = Option<(ShownSample, bool)>;

    fn admit(&self) -> Result<()> {
        self.by.as_ref().map_or(Ok(()), |caller| caller.require(Permission::ManageSamples))
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Sampling]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        let county = self.app.county.load(conn)?;
        let span = match self.month {
            Some(month) => Some(self.monthly(conn, &county, month)?),
            None => self.daily(conn, &county)?,
        };
        Ok((county, span))
    }

    fn authorise(&self, _: &mut Conn, _: &Self::Before) -> Result<()> {
        Ok(())
    }

    fn decide(&self, conn: &mut Conn, (county, span): Self::Before) -> Result<Decision<Made, Self::Answer>> {
        let Some(span) = span else { return Ok(Decision::Unchanged(None)) };
        if let Some(stored) = samples::find_for(conn, span.kind, &span.period)? {
            return Ok(Decision::Unchanged(Some((shown_one(conn, stored)?, false))));
        }
        let limit = i64::try_from(POPULATION_MAX + 1).unwrap_or(i64::MAX);
        let closed = samples::closed(conn, span.from, span.until, limit)?;
        if closed.len() > POPULATION_MAX {
            let detail =
                format!("more than {POPULATION_MAX} closed issues to draw from; rules with fewer days are needed");
            return Err(Invalid::one("/month", FieldCode::OutOfRange, detail).into());
        }
        let closed: Vec<ClosedIssue> = match span.kind {
            SampleKind::Monthly => closed,
            SampleKind::Staged => closed.into_iter().filter(|issue| is_same_day(&county, issue)).collect(),
        };
        if closed.is_empty() && span.kind == SampleKind::Staged {
            return Ok(Decision::Unchanged(None));
        }
        let made = self.drawn(conn, &county, &span, &closed)?;
        let target = format!("sample:{}", made.sample.id);
        let action = AuditAction::SampleDrawn;
        let record = match &self.by {
            Some(caller) => By::from(caller).done(self.now, action, target.clone()),
            None => AuditEntry::done(self.now, None, action, target.clone(), "upkeep"),
        };
        let detail = format!("{} {} {}", span.kind, span.period, made.sample.digest);
        let records = vec![record.ended(Outcome::Done, detail)];
        Ok(Decision::Made { made, records, messages: vec![super::office_changed(target)] })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &Made) -> Result<()> {
        Ok(samples::keep(conn, &made.sample, &made.proof, &made.people, &made.rows)?)
    }

    fn answer(&self, conn: &mut Conn, made: Made) -> Result<Self::Answer> {
        Ok(Some((shown_one(conn, made.sample)?, true)))
    }
}

fn is_same_day(county: &County, issue: &ClosedIssue) -> bool {
    let day = |at: Option<Timestamp>| at.map(|at| county.calendar.civil_date(at));
    day(issue.closed_at) == day(issue.released_at)
}

impl DrawSample {
    fn monthly(&self, conn: &mut Conn, county: &County, month: Month) -> Result<Span> {
        let (today, rules) = (county.calendar.civil_date(self.now), month_rules::current(conn)?.look_back);
        let present = Month::of(today);
        if month != present {
            return Err(Invalid::one("/month", FieldCode::OutOfRange, format!("the present month, {present}")).into());
        }
        let ago = |days: u32| today.saturating_sub(jiff::Span::new().days(i64::from(days)));
        // From tomorrow to the end of the month; on the last day, the day after.
        let first = today.tomorrow().unwrap_or(today);
        let left = first.until(month.last_day()).map_or(0, |span| span.get_days());
        Ok(Span {
            kind: SampleKind::Monthly,
            period: month.to_string(),
            from: county.calendar.instant(ago(rules.to_days), Time::midnight()),
            until: county.calendar.end_of_day(ago(rules.from_days)),
            carried: None,
            first,
            days: u32::try_from(left.max(0)).unwrap_or(0) + 1,
        })
    }

    /// What was closed since the last daily sample, up to the end of yesterday, as far as somebody can still look in
    /// time.
    fn daily(&self, conn: &mut Conn, county: &County) -> Result<Option<Span>> {
        let (calendar, rules) = (&county.calendar, month_rules::current(conn)?.look_back);
        let today = calendar.civil_date(self.now);
        let Ok(yesterday) = today.yesterday() else { return Ok(None) };
        let until = calendar.end_of_day(yesterday);
        let last = samples::last(conn, SampleKind::Staged)?;
        let in_time = self.now.minus(Duration::from_secs(u64::from(rules.staged_hours) * 3_600));
        let from = last.as_ref().map_or(in_time, |last| last.until_at.max(in_time));
        if from >= until {
            return Ok(None);
        }
        let carried = match last {
            Some(last) => samples::proof(conn, last.id)?.and_then(|proof| proof.outcome.carried),
            None => None,
        };
        Ok(Some(Span {
            kind: SampleKind::Staged,
            period: yesterday.to_string(),
            from,
            until,
            carried,
            first: today,
            days: STAGED_DAYS,
        }))
    }

    fn drawn(&self, conn: &mut Conn, county: &County, span: &Span, closed: &[ClosedIssue]) -> Result<Made> {
        let random = &*self.app.random;
        let id = SampleId(random.uuid());
        let active = users::list(conn, Some(Role::Inspector))?.into_iter().filter(User::is_active);
        let people: Vec<(InspectorKey, UserId)> = active.map(|user| (InspectorKey(random.uuid()), user.id)).collect();
        let member =
            |issue: &ClosedIssue| Some(Member { issue: issue.id, unit: issue.unit_id?, severity: issue.severity });
        let rules = month_rules::current(conn)?.look_back;
        let pool = SamplePool {
            sample: id,
            kind: span.kind,
            period: span.period.clone(),
            rules,
            members: closed.iter().filter_map(member).collect(),
            carried: span.carried,
            inspectors: people.iter().map(|(key, _)| *key).collect(),
            first: span.first,
            days: span.days,
        };
        let mut seed = [0; 32];
        random.fill(&mut seed);
        let (pool, seed) = (pool.sorted(), Seed::from_bytes(seed));
        let drawn = pool.draw(&seed);
        let barred = barred(conn, &people, &drawn.issues)?;
        let proof = SampleProof::of(pool, seed, drawn, barred);
        if proof.bytes_in_backup() > PROOF_BYTES_MAX {
            let detail = "the proof would be too large for a backup; rules with fewer days or lower shares are needed";
            return Err(Invalid::one("/month", FieldCode::OutOfRange, detail).into());
        }
        let closings: HashMap<IssueId, Option<Timestamp>> =
            closed.iter().map(|issue| (issue.id, issue.closed_at)).collect();
        let of_key: HashMap<InspectorKey, UserId> = people.iter().copied().collect();
        let within = Duration::from_secs(u64::from(rules.staged_hours) * 3_600);
        let tasks = proof.outcome.tasks.iter().enumerate();
        let rows = tasks.map(|(place, task)| {
            let inspector_id = task.inspector.and_then(|key| of_key.get(&key).copied());
            let is_given = inspector_id.is_some();
            KeptRow {
                sample_id: id,
                number: row_number(place),
                issue_id: task.issue,
                reason: proof.pool.reason(task.issue),
                inspector_id,
                on: task.on,
                part: task.part,
                give_at: match span.kind {
                    SampleKind::Monthly => county.calendar.instant(task.on, begins(task.part)),
                    SampleKind::Staged => self.now,
                },
                until_at: match span.kind {
                    SampleKind::Monthly => None,
                    SampleKind::Staged => closings.get(&task.issue).copied().flatten().map(|at| at.plus(within)),
                },
                state: if is_given { SampleRowState::Waiting } else { SampleRowState::Nobody },
                settled_at: (!is_given).then_some(self.now),
                given_version: None,
            }
        });
        let rows = rows.collect();
        let sample = KeptSample {
            id,
            kind: span.kind,
            period: span.period.clone(),
            population: i32::try_from(proof.outcome.population).unwrap_or(i32::MAX),
            until_at: span.until,
            digest: proof.digest(),
            drawn_by: self.by.as_ref().map(|caller| caller.actor.user_id),
            drawn_at: self.now,
        };
        Ok(Made { sample, proof, people, rows })
    }
}

/// Who may not look back at each of these issues: its finder, whoever checked it, and who is recused 回避 from its place.
fn barred(conn: &mut Conn, people: &[(InspectorKey, UserId)], ids: &[IssueId]) -> Result<Vec<Barred>> {
    let of_user: HashMap<UserId, InspectorKey> = people.iter().map(|(key, user)| (*user, *key)).collect();
    let mut by_point: HashMap<PointId, Vec<InspectorKey>> = HashMap::new();
    let mut by_unit: HashMap<UnitId, Vec<InspectorKey>> = HashMap::new();
    for (key, user) in people {
        let recused = recusals::of(conn, *user)?;
        recused.points.into_iter().for_each(|point| by_point.entry(point).or_default().push(*key));
        recused.units.into_iter().for_each(|unit| by_unit.entry(unit).or_default().push(*key));
    }
    let mut barred: HashMap<IssueId, BTreeSet<InspectorKey>> = HashMap::new();
    for (issue, user) in samples::finders_and_checkers(conn, ids)? {
        barred.entry(issue).or_default().extend(of_user.get(&user));
    }
    for Place { issue_id, point_id, units } in samples::places(conn, ids)? {
        let recused = units.iter().filter_map(|unit| by_unit.get(unit)).chain(by_point.get(&point_id));
        barred.entry(issue_id).or_default().extend(recused.flatten());
    }
    let keys = |issue: &IssueId| barred.get(issue).into_iter().flatten().copied().collect();
    Ok(ids.iter().map(|issue| Barred { issue: *issue, inspectors: keys(issue) }).collect())
}

fn shown_one(conn: &mut Conn, sample: KeptSample) -> Result<ShownSample> {
    let counts = samples::counts(conn, sample.id)?.into_iter().collect();
    let drawn_by = super::names(conn, sample.drawn_by.into_iter())?.into_values().next();
    Ok(ShownSample { sample, counts, drawn_by })
}

/// Samples, the latest first, and the one to continue after.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when there is no sample to continue after.
pub async fn list(
    app: &App,
    caller: &Caller,
    after: Option<SampleId>,
    limit: usize,
) -> Result<(Vec<ShownSample>, Option<SampleId>)> {
    caller.require(Permission::ManageSamples)?;
    let limit = limit.clamp(1, PAGE_MAX);
    app.store
        .read(move |conn| -> Result<_> {
            let one_more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
            let mut found = samples::list(conn, after, one_more)?;
            let more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().map(|sample| sample.id).filter(|_| more);
            let shown = found.into_iter().map(|sample| shown_one(conn, sample)).collect::<Result<_>>()?;
            Ok((shown, next))
        })
        .await
}

/// A sample and its rows after the row `after`, and the row to continue after.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`].
pub async fn read(
    app: &App,
    caller: &Caller,
    id: SampleId,
    after: i32,
) -> Result<(ShownSample, Vec<ShownRow>, Option<i32>)> {
    caller.require(Permission::ManageSamples)?;
    app.store
        .read(move |conn| -> Result<_> {
            let sample = samples::find(conn, id)?.ok_or(AppError::NotFound)?;
            let mut rows = samples::rows(conn, id, after, i64::try_from(PAGE_MAX + 1).unwrap_or(i64::MAX))?;
            let more = rows.len() > PAGE_MAX;
            rows.truncate(PAGE_MAX);
            let next = rows.last().map(|row| row.number).filter(|_| more);
            Ok((shown_one(conn, sample)?, shown_rows(conn, rows)?, next))
        })
        .await
}

fn shown_rows(conn: &mut Conn, rows: Vec<KeptRow>) -> Result<Vec<ShownRow>> {
    let ids: Vec<IssueId> = rows.iter().map(|row| row.issue_id).collect();
    let found: HashMap<IssueId, _> =
        issues::find_many(conn, &ids)?.into_iter().map(|issue| (issue.id, issue)).collect();
    let units: HashMap<_, _> = reference::units(conn)?.into_iter().map(|unit| (unit.id, unit.name)).collect();
    let names = super::names(conn, rows.iter().filter_map(|row| row.inspector_id))?;
    let given: Vec<IssueId> = rows.iter().filter(|row| row.given_version.is_some()).map(|row| row.issue_id).collect();
    let mut looks: HashMap<IssueId, Vec<(i64, bool)>> = HashMap::new();
    for event in issues::events_of(conn, &given)? {
        let judged = event.action == Action::LookBack;
        if judged || event.action == Action::CannotJudge {
            looks.entry(event.issue_id).or_default().push((event.version, judged));
        }
    }
    let relapses = samples::relapses_found(conn, &given)?;
    let shown = |row: KeptRow| {
        let issue = found.get(&row.issue_id);
        // The first look since it was given: the office may give the issue again afterwards, for another row or none.
        let looked = row.given_version.and_then(|given| {
            let since = looks.get(&row.issue_id)?.iter().filter(|(version, _)| *version > given);
            since.min().map(|(_, judged)| *judged)
        });
        let has_relapsed =
            relapses.iter().any(|(old, at)| *old == row.issue_id && row.settled_at.is_some_and(|given| given <= *at));
        let result = match (looked, has_relapsed) {
            (None, _) => None,
            (Some(false), _) => Some(LookBackResult::CannotJudge),
            (Some(true), true) => Some(LookBackResult::Rebound),
            (Some(true), false) => Some(LookBackResult::Held),
        };
        ShownRow {
            issue_number: issue.and_then(|issue| issue.number.clone()),
            unit_name: issue.and_then(|issue| units.get(&issue.assignment.unit_id?).cloned()).unwrap_or_default(),
            inspector: row.inspector_id.and_then(|id| names.get(&id).cloned()),
            result,
            row,
        }
    };
    Ok(rows.into_iter().map(shown).collect())
}

/// Whether the proof of a sample would still tell where somebody is going to look: a drawn issue waits, or was given and
/// nobody has looked yet. A look-back that is not made although its time is over conceals the proof no longer: of a
/// daily sample after the limit, of a monthly one after the month and [`LOOK_DAYS`] days after it was given.
fn is_concealed(conn: &mut Conn, county: &County, sample: &KeptSample, now: Timestamp) -> Result<bool> {
    if samples::counts(conn, sample.id)?.iter().any(|(state, _)| *state == SampleRowState::Waiting) {
        return Ok(true);
    }
    let runs = match sample.kind {
        SampleKind::Monthly => {
            let month = Month::parse(&sample.period).map_err(AppError::Internal)?;
            now < month.cutoff(&county.calendar)
        }
        // Each row has its own limit.
        SampleKind::Staged => false,
    };
    let given_from = if runs { sample.drawn_at } else { now.minus(Duration::from_secs(LOOK_DAYS * 86_400)) };
    Ok(samples::is_looked_for(conn, sample.id, now, given_from)?)
}

/// A sample with its proof.
#[derive(Debug)]
pub struct ShownProof {
    /// The sample.
    pub sample: KeptSample,
    /// Its proof; `None` while it is not for the caller.
    pub proof: Option<SampleProof>,
    /// Whether the discipline inspection alone reads it.
    pub is_for_discipline: bool,
}

/// The proof of a sample, as soon as it cannot reveal any more where somebody will look. Reading it is recorded.
///
/// The finder of an issue is barred from looking back at it. The office knows by name who looked back at which issue,
/// and so whose each key is; it would read from the keys that are barred who found what on a visit of a batch. Of such
/// a sample the discipline inspection alone reads the proof: it knows the keys and not the names.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when there is no such sample.
pub async fn proof(app: &App, caller: &Caller, id: SampleId) -> Result<ShownProof> {
    caller.require(Permission::ReadDraws)?;
    let (cache, now) = (app.county.clone(), app.now());
    let knows_names = policy::permits(&caller.actor, Permission::ManageSamples);
    let shown = app
        .store
        .read(move |conn| -> Result<_> {
            let sample = samples::find(conn, id)?.ok_or(AppError::NotFound)?;
            let county = cache.load(conn)?;
            let is_concealed = is_concealed(conn, &county, &sample, now)?;
            let proof = if is_concealed { None } else { samples::proof(conn, id)? };
            let is_for_discipline = match &proof {
                Some(proof) if knows_names => has_code_names(conn, proof)?,
                Some(_) | None => false,
            };
            Ok(ShownProof { sample, proof: proof.filter(|_| !is_for_discipline), is_for_discipline })
        })
        .await?;
    if shown.proof.is_some() {
        let target = format!("sample:{id}");
        let by = Some(&caller.actor);
        let entry = AuditEntry::done(app.now(), by, AuditAction::DrawRead, target, &caller.request_id);
        app.store.write(move |conn| audit::append(conn, &entry)).await?;
    }
    Ok(shown)
}

/// Whether the office knows a finder of what was drawn by the code name only.
fn has_code_names(conn: &mut Conn, proof: &SampleProof) -> Result<bool> {
    let found = issues::find_many(conn, &proof.outcome.drawn)?;
    let walks = found.into_iter().filter_map(|issue| issue.finding.visit_id);
    Ok(!code_names::of_visits(conn, walks)?.is_empty())
}
