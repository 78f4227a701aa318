//! Looks at issues that may need attention: which cards the rules propose for them, whether they are choke points, and
//! when to look again.
//!
//! Triggers note every change of a released issue in `follow_up_watches`; the job takes what is due, one issue in a
//! transaction, so a killed run is simply continued. What was proposed has a key, so nothing is proposed twice.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::app::ambient::Random;
use crate::app::change::{self, Change, Decision};
use crate::app::county::{County, CountyCache};
use crate::app::locks::{Lock, Locks};
use crate::app::upkeep::Progress;
use crate::app::{App, AppError, Result, month_rules};
use crate::domain::card::{Card, CardState, CardTransition};
use crate::domain::deadline::TimeLimit;
use crate::domain::ids::{CardId, IssueId, UnitId};
use crate::domain::issue::{Action, Issue, RequestKind, RequestState, State};
use crate::domain::month::Month;
use crate::domain::month::Row;
use crate::domain::month::dispatch::{Candidate, dispatch_list};
use crate::domain::month::escalation::{
    IssueFacts, Measure, Proposal, SignIn, StandingCard, UnitMonth, next_look, proposed_for_issue, proposed_for_unit,
};
use crate::domain::notice::{Message, Notice};
use crate::domain::role::Role;
use crate::domain::time::Timestamp;
use crate::store::{Conn, cards, follow_up, issues, notices, reference};

/// States in which an issue can be a choke point: handed over and not settled.
const OPEN: &[State] =
    &[State::Assigned, State::Rectifying, State::Redispatch, State::Reported, State::Rework, State::Hung];

/// How long an issue waits that could not be looked at. Source: our choice; as the longest wait of a failed job.
const PUT_OFF: Duration = Duration::from_secs(3_600);

/// The reason in cards that are withdrawn because their issue is void.
const VOID_ZH: &str = "该问题异议成立，已作废。";

/// Looks at the issues that are due, a batch of them. One that fails is put off, so that those behind it get their turn.
pub(crate) async fn look_for_cards(app: &App) -> Result<Progress> {
    let now = app.now();
    let limit = i64::try_from(super::BATCH).unwrap_or(i64::MAX);
    let due = app.store.read(move |conn| Ok::<_, AppError>(follow_up::due(conn, now, limit)?)).await?;
    let (full, mut done) = (due.len() == super::BATCH, 0);
    for id in due {
        let look = Look { id, county: app.county.clone(), random: app.random.clone(), now };
        match change::make(app, look).await {
            Ok(looked) => done += usize::from(looked),
            Err(error @ (AppError::Unavailable(_) | AppError::StorageFull | AppError::Busy(_))) => return Err(error),
            Err(error) => {
                tracing::error!(issue = %id, %error, "an issue could not be looked at for cards; it is tried again later");
                let later = now.plus(PUT_OFF);
                app.store.write(move |conn| Ok::<_, AppError>(follow_up::put_off(conn, id, now, later)?)).await?;
                done += 1;
            }
        }
    }
    Ok(Progress { done, more: full && done > 0 })
}

/// A look at one issue.
struct Look {
    id: IssueId,
    county: CountyCache,
    random: std::sync::Arc<dyn Random>,
    now: Timestamp,
}

/// What a look found.
pub(super) struct Looked {
    /// Cards that are proposed, dropped, or whose withdrawal is proposed.
    pub(super) cards: Vec<CardTransition>,
    /// The place on the dispatch list.
    place: Option<(i32, Timestamp)>,
    /// When to look again.
    next: Option<Timestamp>,
    /// The reminder that half of the time has passed, if nobody was reminded of this deadline.
    reminder: Option<Notice>,
}

impl Change for Look {
    type Before = Option<(Issue, County)>;
    type Made = Looked;
    /// Whether it was still due.
    type Answer = bool;

    fn admit(&self) -> Result<()> {
        Ok(())
    }

    fn locks(&self) -> Vec<Lock> {
        vec![Lock::Issue(self.id)]
    }

    fn load(&self, conn: &mut Conn, locks: &mut Locks) -> Result<Self::Before> {
        if !follow_up::is_due(conn, self.id, self.now)? {
            return Ok(None);
        }
        let Some(issue) = issues::find(conn, self.id)? else { return Ok(None) };
        locks.take(conn, issue.assignment.unit_id.map(Lock::Cards))?;
        Ok(Some((issue, self.county.load(conn)?)))
    }

    fn authorise(&self, _: &mut Conn, _: &Self::Before) -> Result<()> {
        Ok(())
    }

    fn decide(&self, conn: &mut Conn, before: Self::Before) -> Result<Decision<Looked, bool>> {
        let Some((issue, county)) = before else { return Ok(Decision::Unchanged(false)) };
        let made = looked_at(conn, &county, &*self.random, &issue, None, self.now)?;
        let reminders = made.reminder.clone().map(Message::Notice);
        let messages = messages(&made.cards).into_iter().chain(reminders).collect();
        Ok(Decision::Made { made, records: Vec::new(), messages })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, made: &Looked) -> Result<()> {
        made.cards.iter().try_for_each(|step| cards::apply(conn, step))?;
        follow_up::set_choke(conn, self.id, made.place)?;
        Ok(follow_up::watch(conn, self.id, made.next)?)
    }

    fn answer(&self, _: &mut Conn, _: Looked) -> Result<bool> {
        Ok(true)
    }
}

/// The office's list of cards is out of date.
pub(super) fn messages(steps: &[CardTransition]) -> Vec<Message> {
    steps.iter().map(|step| super::office_changed(format!("card:{}", step.after().id))).collect()
}

/// What is found of an issue as it is, with one of its cards as `changed` if that is given.
pub(super) fn looked_at(
    conn: &mut Conn,
    county: &County,
    random: &dyn Random,
    issue: &Issue,
    changed: Option<&Card>,
    now: Timestamp,
) -> Result<Looked> {
    let mut known = cards::of_issue(conn, issue.id)?;
    if let Some(changed) = changed {
        known.retain(|card| card.id != changed.id);
        known.push(changed.clone());
    }
    if issue.state == State::Void {
        let upheld = |request: &crate::domain::issue::UnitRequest| {
            request.kind == RequestKind::Dispute && request.state == RequestState::Granted
        };
        let cards = if issue.requests.iter().any(upheld) {
            known.iter().filter_map(|card| card.when_void(VOID_ZH, now)).collect()
        } else {
            Vec::new()
        };
        return Ok(Looked { cards, place: None, next: None, reminder: None });
    }
    let Some(facts) = facts(conn, county, issue, &known, now)? else {
        return Ok(Looked { cards: Vec::new(), place: None, next: None, reminder: None });
    };
    let (calendar, day_end, rules) =
        (&county.calendar, county.settings.day_end, month_rules::current(conn)?.escalation);
    let keys: BTreeSet<String> = known.iter().map(|card| card.proposal.key.clone()).collect();
    let cards = proposed_for_issue(&facts, now, calendar, day_end, &rules, &keys)
        .into_iter()
        .map(|proposal| Card::propose(CardId(random.uuid()), proposal, Some(issue.id), now))
        .collect();
    let half = issue.half_way_from().filter(|half| *half > now);
    let next = next_look(&facts, now, calendar, day_end, &rules).into_iter().chain(milestones(county, issue, now));
    let next = next.chain(half).min();
    Ok(Looked { cards, place: place(issue, county, now), next, reminder: half_way(conn, issue, now)? })
}

/// The reminder of a deadline half of whose time has passed; none when the unit got it before.
fn half_way(conn: &mut Conn, issue: &Issue, now: Timestamp) -> Result<Option<Notice>> {
    let Some(notice) = issue.half_way(now) else { return Ok(None) };
    let told = notices::told(conn, notice.kind, &[issue.id])?;
    Ok(Some(notice).filter(|notice| !told.contains(&(notice.issue_id, notice.occasion))))
}

/// When the milestones of a hung issue are missed.
fn milestones(county: &County, issue: &Issue, now: Timestamp) -> Option<Timestamp> {
    let plan = issue.clock.plan.as_ref().filter(|_| issue.state == State::Hung)?;
    let ends = plan.milestones.iter().filter(|step| step.reached_on.is_none());
    ends.map(|step| county.calendar.end_of_day(step.due)).filter(|end| *end > now).min()
}

/// An issue as escalation sees it; `None` for one that no unit has.
fn facts(
    conn: &mut Conn,
    county: &County,
    issue: &Issue,
    known: &[Card],
    now: Timestamp,
) -> Result<Option<IssueFacts>> {
    let (Some(number), Some(unit_id), Some(due_at), Some(started_at)) =
        (issue.number.clone(), issue.assignment.unit_id, issue.clock.due_at, issue.clock.clock_started_at)
    else {
        return Ok(None);
    };
    let is_fixed = match issue.state {
        State::Reported | State::Closed | State::Archived => true,
        State::Receiving
        | State::Submitted
        | State::Returned
        | State::Sealed
        | State::Assigned
        | State::Rectifying
        | State::Redispatch
        | State::Rework
        | State::Hung
        | State::Void => false,
    };
    let handled_at = issue.fix.fix_counted_at.or(issue.fix.reported_at).filter(|_| is_fixed);
    let standing = |card: &Card| {
        let is_yellow = match card.measure() {
            Measure::Yellow => true,
            Measure::Red => false,
            Measure::Talk | Measure::Referral => return None,
        };
        CardState::STANDING.contains(&card.state).then(|| StandingCard {
            id: card.id,
            unit_id: card.unit_id(),
            is_yellow,
            events: card.proposal.events.clone(),
        })
    };
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let today = county.calendar.civil_date(now);
    let false_evidence = false_evidence(conn, issue, unit_id)?;
    Ok(Some(IssueFacts {
        issue_id: issue.id,
        number,
        unit_id,
        sign_in: sign_in(conn, county, issue, unit_id)?,
        started_at,
        limit: issue.clock.round_limit.filter(|_| issue.clock.due_fixed.is_none()),
        due_at,
        handled_at,
        is_hung: issue.state == State::Hung,
        // A fix that was confirmed to be false is charged as that, not as a rework too.
        failed_checks: u32::try_from(issue.round - 1).unwrap_or(0).saturating_sub(false_evidence),
        missed_milestones: count(issue.missed_milestones(today)),
        false_evidence,
        chain_no: u32::try_from(issue.finding.chain_no).unwrap_or(0),
        cards: known.iter().filter_map(standing).collect(),
    }))
}

/// How often fixes of the present unit were confirmed to be false.
fn false_evidence(conn: &mut Conn, issue: &Issue, unit: UnitId) -> Result<u32> {
    // Each began another round.
    if issue.round == 1 {
        return Ok(0);
    }
    let since = issue.assignment.assigned_at.filter(|_| issue.assignment.unit_id == Some(unit));
    let history = issues::events(conn, issue.id)?;
    let confirmed = history.iter().filter(|event| event.action == Action::ConfirmFalseEvidence);
    let own = confirmed.filter(|event| since.is_none_or(|since| event.at >= since));
    Ok(u32::try_from(own.count()).unwrap_or(u32::MAX))
}

/// How the present unit took the issue over.
fn sign_in(conn: &mut Conn, county: &County, issue: &Issue, unit: UnitId) -> Result<Option<SignIn>> {
    let Some(start) = issue.assignment.assigned_at else { return Ok(None) };
    let limit: TimeLimit = issue.sign_in_limit();
    let due_at = limit.due(&county.calendar, county.settings.day_end, start);
    let own_hand = issue.assignment.signed_in_at.filter(|_| !issue.assignment.unclaimed);
    let asked = issue.requests.iter().filter(|request| request.unit_id == unit && request.filed_at >= start);
    let gave_back = issue.assignment.returns.iter().filter(|back| back.unit_id == unit && back.at >= start);
    let told = asked.map(|request| request.filed_at).chain(gave_back.map(|back| back.at)).min();
    let acted_at = match own_hand.into_iter().chain(told).min() {
        Some(at) => Some(at),
        // The service signed in its place: only the history says what the unit did then.
        None if issue.assignment.unclaimed => {
            let history = issues::events(conn, issue.id)?;
            let by_unit = history.iter().filter(|event| event.actor_role == Some(Role::Unit) && event.at >= start);
            by_unit.map(|event| event.at).min()
        }
        None => None,
    };
    Ok(Some(SignIn { limit, due_at, acted_at }))
}

/// The issue as the dispatch list sees it; `None` for one that is settled or that no unit has.
pub(super) fn candidate(issue: &Issue, county: &County, now: Timestamp) -> Option<Candidate> {
    let (Some(number), Some(unit_id), Some(due_at)) =
        (issue.number.clone(), issue.assignment.unit_id, issue.clock.due_at)
    else {
        return None;
    };
    let today = county.calendar.civil_date(now);
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
    let hung = issue.state == State::Hung;
    let plan = issue.clock.plan.as_ref().filter(|_| hung);
    OPEN.contains(&issue.state).then(|| Candidate {
        issue_id: issue.id,
        number,
        unit_id,
        severity: issue.finding.severity,
        // A unit that has named a handler or reported a fix since has taken the issue over.
        is_unclaimed: issue.assignment.unclaimed
            && issue.assignment.handler.is_none()
            && issue.fix.reported_at.is_none(),
        returns: count(issue.assignment.returns.len()),
        due_at,
        is_owed: State::OWING.contains(&issue.state),
        failed_checks: u32::try_from(issue.round - 1).unwrap_or(0),
        chain_no: u32::try_from(issue.finding.chain_no).unwrap_or(0),
        plan_until: plan.and_then(|plan| plan.last_day()),
        missed_milestones: if hung { count(issue.missed_milestones(today)) } else { 0 },
    })
}

/// The place of an issue on the dispatch list: more reasons first, then the more severe.
fn place(issue: &Issue, county: &County, now: Timestamp) -> Option<(i32, Timestamp)> {
    let today = county.calendar.civil_date(now);
    let listed = dispatch_list(&[candidate(issue, county, now)?], now, today).pop()?;
    let reasons = i32::try_from(listed.chokes.len()).unwrap_or(i32::MAX / 10);
    Some((-(reasons * 10 + listed.severity as i32), listed.due_at))
}

/// What becomes of the cards that rest on one that is withdrawn, `gone` as it will be: proposals are dropped, of cards
/// that stand the withdrawal is proposed; and the measures that the other red cards of that month are enough for.
pub(super) fn led_to_by_withdrawal(
    conn: &mut Conn,
    county: &County,
    random: &dyn Random,
    gone: &Card,
    now: Timestamp,
) -> Result<Vec<CardTransition>> {
    let Some(issued) = gone.issued.as_ref() else { return Ok(Vec::new()) };
    let why = format!("所依据的{}已撤回。", gone.measure().zh());
    // What rests on a card was proposed when that was issued, or later.
    let later = cards::proposed_to(conn, gone.unit_id(), issued.at)?;
    let mut steps: Vec<CardTransition> =
        later.iter().filter(|card| card.rests_on(gone.id)).filter_map(|card| card.when_void(&why, now)).collect();
    if gone.measure() == Measure::Red {
        let month = Month::of(county.calendar.civil_date(issued.at));
        let changed: Vec<&Card> = std::iter::once(gone).chain(steps.iter().map(CardTransition::after)).collect();
        let proposed = proposed_for_month(conn, county, random, month, &changed, now)?;
        steps.extend(proposed);
    }
    Ok(steps)
}

/// The talks and referrals that a unit's red cards of the month lead to, with those in `changed` as they will be.
pub(super) fn proposed_for_month(
    conn: &mut Conn,
    county: &County,
    random: &dyn Random,
    month: Month,
    changed: &[&Card],
    now: Timestamp,
) -> Result<Vec<CardTransition>> {
    let Some(unit_id) = changed.first().map(|card| card.unit_id()) else { return Ok(Vec::new()) };
    let (from, until) = (month.starts(&county.calendar), month.cutoff(&county.calendar));
    let mut issued = cards::issued_to(conn, unit_id, from, until)?;
    issued.retain(|card| changed.iter().all(|other| other.id != card.id));
    issued.extend(changed.iter().copied().cloned());
    issued.retain(|card| card.measure() == Measure::Red && CardState::STANDING.contains(&card.state));
    let name = reference::find_unit(conn, unit_id)?.map(|unit| unit.name).unwrap_or_default();
    let unit = UnitMonth {
        unit_id,
        name,
        month,
        red_cards: issued.iter().map(|card| card.id).collect(),
        // Months on the black list are proposed for when a month is locked.
        black_months: 0,
        incidents: Vec::new(),
    };
    // Measures for cards of the month were proposed in the month or later.
    let mut live = cards::proposed_to(conn, unit_id, from)?;
    live.retain(|card| changed.iter().all(|other| other.id != card.id));
    live.extend(changed.iter().copied().cloned());
    live.retain(|card| card.state == CardState::Proposed || CardState::STANDING.contains(&card.state));
    let live: BTreeSet<String> = live.into_iter().map(|card| card.proposal.key).collect();
    let mut steps = Vec::new();
    for proposal in proposed_for_unit(&unit, &month_rules::current(conn)?.escalation, &BTreeSet::new(), &live) {
        if !cards::is_known(conn, &proposal.key)? {
            let issue = last_issue(&proposal, &issued);
            steps.push(Card::propose(CardId(random.uuid()), proposal, issue, now));
        }
    }
    Ok(steps)
}

/// The issue of the last card that led to a proposal.
fn last_issue(proposal: &Proposal, issued: &[Card]) -> Option<IssueId> {
    let led = |card: &&Card| proposal.rows.contains(&Row::Card(card.id));
    issued.iter().filter(led).filter_map(|card| card.issue_id).next_back()
}
