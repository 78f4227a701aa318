//! Takes a step of a month: the only way its state changes.

use std::collections::{BTreeMap, BTreeSet};

use super::check::{calendar_of, places_of};
use super::{ShownMonth, last_ranks, next_to_freeze, record_of, shown};
use crate::app::change::{self, By, Change, Decision};
use crate::app::county::County;
use crate::app::follow_up::black_list::propose_black_list;
use crate::app::follow_up::office_changed;
use crate::app::locks::{Lock, Locks};
use crate::app::{App, AppError, Caller, Result, month_rules};
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::digest::Digest;
use crate::domain::ids::{LedgerEntryId, ObjectionId, UnitId};
use crate::domain::month::cycle::{MonthCommand, MonthContext, MonthTransition, MonthWhy};
use crate::domain::month::ledger::{Entry, EntryKind, proposed_entries};
use crate::domain::month::metric::Span;
use crate::domain::month::{Listed, Month, MonthAction, MonthRecord, Row, Rules, Snapshot, recompute};
use crate::domain::policy::Permission;
use crate::domain::settings::SuddenVisits;
use crate::domain::time::Timestamp;
use crate::store::months::facts::{Asked, Places, gather, points_now};
use crate::store::months::{self, Gathering};
use crate::store::{Conn, StoreError, cards};

/// Most months running on the black list that rules can name. Source: the range of the rules.
const BLACK_MONTHS_MAX: i32 = 12;

/// A step as a person asks for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// 冻结
    Freeze,
    /// 发送核对
    Preview,
    /// 提出异议: its id, what it is about, why.
    Object(ObjectionId, Option<Row>, String),
    /// 答复异议: which, whether it is right, why.
    Answer(ObjectionId, bool, String),
    /// 裁定
    Decide,
    /// 锁定, with the digest of the results as this person saw them.
    Lock(Digest),
    /// 通报, with the number of the circular.
    Publish(String),
}

/// Takes the step `step` on the month as the caller last saw it, in version `seen`. An objection names no version: units
/// do not wait for each other.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`], [`AppError::MonthRefused`],
/// [`AppError::Invalid`].
pub async fn act(app: &App, caller: &Caller, month: Month, step: Step, seen: Option<i64>) -> Result<ShownMonth> {
    let (now, caller) = (app.now(), Some(caller.clone()));
    let shown = change::make(app, Act { app: app.clone(), caller, month, step, seen, now }).await?;
    shown.ok_or(AppError::NotFound)
}

/// Takes a step that falls due by the clock, as the service itself; whether it was still to be taken.
///
/// # Errors
/// As [`act`]; not because a person or another node was faster.
pub(super) async fn act_by_itself(app: &App, month: Month, step: Step) -> Result<bool> {
    let (now, app) = (app.now(), app.clone());
    match change::make(&app.clone(), Act { app, caller: None, month, step, seen: None, now }).await {
        Ok(_) => Ok(true),
        Err(AppError::MonthRefused(_) | AppError::Stale) => Ok(false),
        Err(error) => Err(error),
    }
}

/// A step of a person, or of the service itself.
struct Act {
    app: App,
    caller: Option<Caller>,
    month: Month,
    step: Step,
    seen: Option<i64>,
    now: Timestamp,
}

/// A decided step, with what is written beside the month.
struct Made {
    transition: MonthTransition,
    gathering: Gathering,
    /// New bytes under their digests.
    bytes: Vec<(Digest, Vec<u8>)>,
    /// Entries of the ledger.
    entries: Vec<Entry>,
}

/// A new snapshot with its results.
struct Frozen {
    gathering: Gathering,
    bytes: Vec<(Digest, Vec<u8>)>,
    digests: (Digest, Digest),
}

impl Frozen {
    fn of(gathering: Gathering, snapshot: &Snapshot) -> Self {
        let (snapshot_bytes, results) = (snapshot.bytes(), recompute(snapshot).bytes());
        let digests = (Digest::of(&snapshot_bytes), Digest::of(&results));
        Frozen { gathering, bytes: vec![(digests.0, snapshot_bytes), (digests.1, results)], digests }
    }
}

impl Change for Act {
    type Before = (MonthRecord, Option<Gathering>, County);
    type Made = Made;
    /// The month as the caller sees it; `None` for the service.
    type Answer = Option<ShownMonth>;

    fn admit(&self) -> Result<()> {
        let needed = match self.step {
            Step::Object(..) => Permission::ObjectToMonth,
            Step::Freeze | Step::Preview | Step::Answer(..) | Step::Decide | Step::Lock(_) | Step::Publish(_) => {
                Permission::ManageMonths
            }
        };
        self.caller.as_ref().map_or(Ok(()), |caller| caller.require(needed))
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Months]
    }

    fn load(&self, conn: &mut Conn, _: &mut Locks) -> Result<Self::Before> {
        let county = self.app.county.load(conn)?;
        let (record, gathering) = record_of(conn, &county, self.month, self.now)?;
        if let Some(caller) = &self.caller {
            // A caller who may not read it may not know of it either.
            super::Eyes::of(&caller.actor, &record).ok_or(AppError::NotFound)?;
        }
        Ok((record, gathering, county))
    }

    fn authorise(&self, _: &mut Conn, (record, ..): &Self::Before) -> Result<()> {
        if self.seen.is_none_or(|seen| seen == record.version) { Ok(()) } else { Err(AppError::Stale) }
    }

    fn decide(
        &self,
        conn: &mut Conn,
        (record, gathering, county): Self::Before,
    ) -> Result<Decision<Made, Option<ShownMonth>>> {
        if let (Step::Object(id, row, reason), Some(caller)) = (&self.step, &self.caller)
            && let Some(same) = record.objections.iter().find(|objection| objection.id == *id)
        {
            // The same objection again.
            if same.by == caller.actor.user_id && same.row == *row && same.reason == *reason {
                let shown = shown(conn, &county, &caller.actor, (record, gathering), self.now)?;
                return Ok(Decision::Unchanged(shown));
            }
            return Err(AppError::IdReused);
        }
        let rules = match gathering {
            Some(gathering) => month_rules::of_version(conn, gathering.rules_version)?,
            None => month_rules::current(conn)?,
        };
        let context = MonthContext { now: self.now, calendar: &county.calendar, rules: &rules };
        let actor = self.caller.as_ref().map(|caller| &caller.actor);
        let mut made = Vec::new();
        let mut entries = Vec::new();
        let (command, gathering) = match &self.step {
            Step::Freeze => {
                // What needs no rows is refused before they are read.
                let nothing = Digest::of(&[]);
                record.decide(actor, &MonthCommand::Freeze { snapshot: nothing, results: nothing }, &context)?;
                let next = next_to_freeze(conn, &county, self.now)?;
                if self.month > next {
                    return Err(MonthWhy::EarlierOpen(next).into());
                }
                if self.month < next {
                    let (state, action) = (record.state, MonthAction::Freeze);
                    return Err(MonthWhy::Illegal { state, action }.into());
                }
                let earlier = months::list(conn)?.into_iter().map(|kept| kept.record);
                let mut open = earlier.filter(|other| other.month < self.month && !other.is_immutable());
                if let Some(open) = open.next() {
                    return Err(MonthWhy::EarlierOpen(open.month).into());
                }
                let frozen = self.frozen(conn, &county, &rules)?;
                made = frozen.bytes;
                (MonthCommand::Freeze { snapshot: frozen.digests.0, results: frozen.digests.1 }, frozen.gathering)
            }
            Step::Decide => {
                let held = record.snapshot.zip(record.results);
                let (Some((snapshot, results)), Some(gathering)) = (held, gathering) else {
                    let (state, action) = (record.state, MonthAction::Decide);
                    return Err(MonthWhy::Illegal { state, action }.into());
                };
                // What needs no rows is refused before they are read.
                record.decide(actor, &MonthCommand::Decide { snapshot, results }, &context)?;
                let frozen = self.gathered_again(conn, snapshot, gathering)?;
                made = frozen.bytes;
                let (snapshot, results) = frozen.digests;
                (MonthCommand::Decide { snapshot, results }, frozen.gathering)
            }
            Step::Lock(results) => {
                let gathering = gathering.ok_or(AppError::NotFound)?;
                let command = MonthCommand::Lock { results: *results };
                let after = record.decide(actor, &command, &context)?;
                entries = self.locked(conn, &record, after.after().locked_at().is_some())?;
                (command, gathering)
            }
            Step::Preview => (MonthCommand::Preview, self.kept(gathering, &record)?),
            Step::Object(id, row, reason) => {
                let command = MonthCommand::Object { id: *id, row: *row, reason: reason.clone() };
                (command, self.kept(gathering, &record)?)
            }
            Step::Answer(id, is_upheld, reason) => {
                let command = MonthCommand::Answer { id: *id, is_upheld: *is_upheld, reason: reason.clone() };
                (command, self.kept(gathering, &record)?)
            }
            Step::Publish(circular_no) => {
                (MonthCommand::Publish { circular_no: circular_no.clone() }, self.kept(gathering, &record)?)
            }
        };
        let transition = record.decide(actor, &command, &context)?;
        let target = format!("month:{}", self.month);
        let (entry, messages) = match &self.caller {
            Some(caller) => (By::from(caller).done(self.now, AuditAction::MonthChanged, target), Vec::new()),
            // Nobody of the office has a page open that knows of it.
            None => {
                let messages = vec![office_changed(target.clone())];
                (AuditEntry::done(self.now, None, AuditAction::MonthChanged, target, "upkeep"), messages)
            }
        };
        let records = vec![entry.ended(Outcome::Done, transition.action().as_str())];
        let made = Made { transition, gathering, bytes: made, entries };
        Ok(Decision::Made { made, records, messages })
    }

    fn write(&self, conn: &mut Conn, locks: &mut Locks, made: &Made) -> Result<()> {
        for (sha256, bytes) in &made.bytes {
            months::keep_bytes(conn, *sha256, bytes)?;
        }
        months::apply(conn, &made.transition, made.gathering)?;
        let by = self.caller.as_ref().map(|caller| caller.actor.user_id);
        made.entries.iter().try_for_each(|entry| months::insert_entry(conn, entry, self.now, by))?;
        let penalties = made.entries.iter().filter(|entry| entry.kind == EntryKind::Penalty);
        let blacklisted: Vec<UnitId> = penalties.map(|entry| entry.unit_id).collect();
        locks.take(conn, blacklisted.iter().copied().map(Lock::Cards))?;
        self.propose_talks(conn, &blacklisted)
    }

    fn answer(&self, conn: &mut Conn, made: Made) -> Result<Option<ShownMonth>> {
        let Some(caller) = &self.caller else { return Ok(None) };
        let county = self.app.county.load(conn)?;
        let of = (made.transition.after().clone(), Some(made.gathering));
        shown(conn, &county, &caller.actor, of, self.now)
    }
}

impl Act {
    /// How the rows of a month were read that is frozen; the step is illegal for one that is not.
    fn kept(&self, gathering: Option<Gathering>, record: &MonthRecord) -> Result<Gathering> {
        let action = match self.step {
            Step::Freeze => MonthAction::Freeze,
            Step::Preview => MonthAction::Preview,
            Step::Object(..) => MonthAction::Object,
            Step::Answer(..) => MonthAction::Answer,
            Step::Decide => MonthAction::Decide,
            Step::Lock(_) => MonthAction::Lock,
            Step::Publish(_) => MonthAction::Publish,
        };
        gathering.ok_or_else(|| MonthWhy::Illegal { state: record.state, action }.into())
    }

    /// The month's snapshot as of now, with its results.
    fn frozen(&self, conn: &mut Conn, county: &County, rules: &Rules) -> Result<Frozen> {
        let calendar = &*county.calendar;
        let ranks = last_ranks(conn, &self.app.month_results, self.month)?;
        let to = self.month.cutoff(calendar);
        let marks = months::close(conn, to)?;
        let gathering = Gathering {
            // Read under the lock: what was recorded under it before is earlier.
            at: self.app.now(),
            marks: Some(marks),
            calendar_version: calendar.version(),
            rules_version: rules.version,
            counts_sudden: county.settings.sudden_visits == SuddenVisits::Counted,
        };
        let first = self.month.plus(1 - i32::try_from(rules.durability_months).unwrap_or(1));
        let asked = Asked {
            month: self.month,
            span: Span { from: self.month.starts(calendar), to },
            look_backs: Span { from: first.starts(calendar), to },
            calendar,
            gathering,
            is_from_events: false,
        };
        let places = Places { units: month_rules::units(conn)?, points: points_now(conn)? };
        let facts = gather(conn, places, &asked)?;
        Ok(Frozen::of(gathering, &Snapshot::take(self.month, calendar, rules.clone(), facts, ranks)?))
    }

    /// The snapshot of a month that was frozen, as of now: with its rules, settings, calendar, units and points.
    /// Disputes that were upheld since, cards that were withdrawn, and commendations that were recorded count.
    fn gathered_again(&self, conn: &mut Conn, held: Digest, before: Gathering) -> Result<Frozen> {
        let bytes = months::bytes(conn, held)?;
        if Digest::of(&bytes) != held {
            return Err(MonthWhy::ResultsDiffer.into());
        }
        let held = Snapshot::read(&bytes).map_err(StoreError::Corrupt)?;
        let calendar = calendar_of(conn, before.calendar_version)?.map_err(StoreError::Corrupt)?;
        let marks = months::close(conn, held.span.to)?;
        let gathering = Gathering { at: self.app.now(), marks: Some(marks), ..before };
        let asked = Asked {
            month: held.month,
            span: held.span,
            look_backs: held.look_backs,
            calendar: &calendar,
            gathering,
            is_from_events: false,
        };
        let facts = gather(conn, places_of(&held.facts), &asked)?;
        Ok(Frozen::of(gathering, &Snapshot { facts, ..held }))
    }

    /// Proposes the talks and referrals that one more month on the black list leads to.
    fn propose_talks(&self, conn: &mut Conn, blacklisted: &[UnitId]) -> Result<()> {
        if blacklisted.is_empty() {
            return Ok(());
        }
        let mut penalties: BTreeMap<Month, BTreeSet<UnitId>> = BTreeMap::new();
        for back in 0..BLACK_MONTHS_MAX {
            let month = self.month.plus(-back);
            let entries = months::entries(conn, month)?.into_iter().map(|(entry, _)| entry);
            let black = entries.filter(|entry| entry.kind == EntryKind::Penalty).map(|entry| entry.unit_id);
            penalties.insert(month, black.collect());
        }
        for unit in blacklisted {
            let listed = |units: &BTreeSet<UnitId>| if units.contains(unit) { Listed::Black } else { Listed::Neither };
            let listed = penalties.iter().map(|(month, units)| (*month, listed(units))).collect();
            let steps = propose_black_list(conn, &*self.app.random, *unit, self.month, &listed, self.now)?;
            steps.iter().try_for_each(|step| cards::apply(conn, step))?;
        }
        Ok(())
    }

    /// Checks that the results that are to be locked are those of the snapshot. Answers the entries of the ledger that
    /// the month leads to when `is_last` of the two people.
    fn locked(&self, conn: &mut Conn, record: &MonthRecord, is_last: bool) -> Result<Vec<Entry>> {
        let (Some(snapshot), Some(results)) = (record.snapshot, record.results) else {
            return Err(AppError::NotFound);
        };
        let bytes = months::bytes(conn, snapshot)?;
        if Digest::of(&bytes) != snapshot {
            return Err(MonthWhy::ResultsDiffer.into());
        }
        let snapshot = Snapshot::read(&bytes).map_err(StoreError::Corrupt)?;
        let computed = recompute(&snapshot);
        if computed.digest() != results {
            return Err(MonthWhy::ResultsDiffer.into());
        }
        if !is_last {
            return Ok(Vec::new());
        }
        let proposed = proposed_entries(self.month, &computed.ranking, snapshot.rules.amounts.amounts());
        let entry = |proposed| Entry::propose(LedgerEntryId(self.app.random.uuid()), self.month, proposed);
        Ok(proposed.into_iter().map(entry).collect())
    }
}
