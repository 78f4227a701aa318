//! Yellow and red cards that issues lead to.

use std::collections::BTreeSet;

use super::{Measure, Proposal, Trigger, fresh};
use crate::domain::calendar::WorkCalendar;
use crate::domain::deadline::{DayEnd, TimeLimit};
use crate::domain::ids::{CardId, IssueId, UnitId};
use crate::domain::month::Row;
use crate::domain::month::rules::EscalationRules;
use crate::domain::time::Timestamp;

/// How a unit took an issue over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignIn {
    /// Its limit.
    pub limit: TimeLimit,
    /// By when the unit had to sign.
    pub due_at: Timestamp,
    /// When the unit first did something: signed, returned, disputed, asked or reported. A signature by the service in
    /// its place is nothing that it did.
    pub acted_at: Option<Timestamp>,
}

/// A card that was issued for an issue and not withdrawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StandingCard {
    /// The card.
    pub id: CardId,
    /// The unit that got it; after a reassignment it may be another than the present one.
    pub unit_id: UnitId,
    /// Whether it is yellow; otherwise it is red.
    pub is_yellow: bool,
    /// The events that it is for.
    pub events: Vec<String>,
}

/// A released issue, as escalation sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssueFacts {
    /// The issue.
    pub issue_id: IssueId,
    /// Its number, as units know it.
    pub number: String,
    /// The responsible unit.
    pub unit_id: UnitId,
    /// How it was taken over.
    pub sign_in: Option<SignIn>,
    /// Start of the present clock.
    pub started_at: Timestamp,
    /// Its limit; `None` when a person set the deadline.
    pub limit: Option<TimeLimit>,
    /// Its deadline.
    pub due_at: Timestamp,
    /// The time from which the fix counts that passed its check, or that still waits for it.
    pub handled_at: Option<Timestamp>,
    /// Whether it is on the books 挂账, so that its deadline does not run.
    pub is_hung: bool,
    /// Failed checks.
    pub failed_checks: u32,
    /// Missed milestones of its plans.
    pub missed_milestones: u32,
    /// How often its evidence was confirmed to be false.
    pub false_evidence: u32,
    /// Position in the chain of rebounds.
    pub chain_no: u32,
    /// Standing cards.
    pub cards: Vec<StandingCard>,
}

impl IssueFacts {
    /// The key of an event on this issue, for which its present unit answers.
    fn event(&self, what: &str) -> String {
        format!("{what}:{}:{}", self.issue_id, self.unit_id)
    }

    fn proposal(&self, measure: Measure, trigger: Trigger, events: Vec<String>, reason: String) -> Proposal {
        let key = format!("{measure}:{trigger}:{}", events.join("+"));
        let rows = vec![Row::Issue(self.issue_id)];
        Proposal { key, measure, trigger, unit_id: self.unit_id, reason, rows, events }
    }

    /// The instant up to which its delay is counted; `None` when it is not overdue.
    fn overdue_at(&self, now: Timestamp) -> Option<Timestamp> {
        let at = self.handled_at.unwrap_or(now);
        (!self.is_hung && self.due_at < at).then_some(at)
    }

    /// Whether it is overdue by as much as its limit, as of `at`.
    fn is_overdue_by_its_limit(&self, at: Timestamp, calendar: &WorkCalendar, day_end: DayEnd) -> bool {
        self.twice(calendar, day_end) <= at
    }

    /// The end of its limit once more.
    fn twice(&self, calendar: &WorkCalendar, day_end: DayEnd) -> Timestamp {
        match self.limit {
            Some(limit) => limit.due_again(calendar, day_end, self.due_at),
            None => self.due_at.plus(self.due_at.since(self.started_at)),
        }
    }
}

/// The cards that an issue leads to now. Source: the county's rules at [`EscalationRules`].
#[must_use]
pub fn proposed_for_issue(
    issue: &IssueFacts,
    now: Timestamp,
    calendar: &WorkCalendar,
    day_end: DayEnd,
    rules: &EscalationRules,
    known: &BTreeSet<String>,
) -> Vec<Proposal> {
    let number = &issue.number;
    let mut proposals = Vec::new();
    let mut propose = |measure, trigger, events, reason| {
        proposals.push(issue.proposal(measure, trigger, events, reason));
    };
    if let Some(sign_in) = issue.sign_in {
        let twice = sign_in.limit.due_again(calendar, day_end, sign_in.due_at);
        if sign_in.acted_at.unwrap_or(now) > twice {
            let reason = format!("问题{number}超过签收时限两倍仍无人签收，建议出示黄牌。");
            propose(Measure::Yellow, Trigger::SignIn, vec![issue.event("sign-in")], reason);
        }
    }
    if let Some(at) = issue.overdue_at(now) {
        let event = || vec![issue.event("overdue")];
        let due = day_zh(issue.due_at, calendar);
        let reason = format!("问题{number}应于{due}前整改，已超期，建议出示黄牌。");
        propose(Measure::Yellow, Trigger::Overdue, event(), reason);
        let days = rules.overdue_days_red;
        if TimeLimit::WorkDays(days).due_again(calendar, day_end, issue.due_at) <= at {
            let reason = format!("问题{number}应于{due}前整改，超期已满{days}个工作日，建议出示红牌。");
            propose(Measure::Red, Trigger::OverdueLong, event(), reason);
        } else if issue.is_overdue_by_its_limit(at, calendar, day_end) {
            let reason = format!("问题{number}应于{due}前整改，超期已达整改时限的一倍，建议出示红牌。");
            propose(Measure::Red, Trigger::OverdueLong, event(), reason);
        }
    }
    let failed = issue.failed_checks;
    if failed >= rules.reworks_yellow {
        let reason = format!("问题{number}已返工{failed}次，建议出示黄牌。");
        propose(Measure::Yellow, Trigger::Rework, vec![issue.event("rework")], reason);
    }
    if failed >= rules.reworks_red {
        let reason = format!("问题{number}已返工{failed}次，建议出示红牌。");
        propose(Measure::Red, Trigger::ReworkOften, vec![issue.event("rework")], reason);
    }
    for missed in 1..=issue.missed_milestones {
        let reason = format!("挂账问题{number}第{missed}次未按计划完成节点，建议出示黄牌。");
        propose(Measure::Yellow, Trigger::Milestone, vec![issue.event(&format!("milestone-{missed}"))], reason);
    }
    for confirmed in 1..=issue.false_evidence {
        let reason = format!("问题{number}的整改证据经查实为虚假，建议出示红牌。");
        propose(
            Measure::Red,
            Trigger::FalseEvidence,
            vec![issue.event(&format!("false-evidence-{confirmed}"))],
            reason,
        );
    }
    if issue.chain_no >= rules.chain_red {
        let reason = format!("问题{number}为同一点位同一事项第{}次反弹，建议出示红牌。", issue.chain_no);
        propose(Measure::Red, Trigger::Rebound, vec![issue.event("rebound")], reason);
    }
    // A unit answers for its own cards only, not for those of the unit that had the issue before.
    let is_own_yellow = |card: &&StandingCard| card.is_yellow && card.unit_id == issue.unit_id;
    let yellow: Vec<&StandingCard> = issue.cards.iter().filter(is_own_yellow).collect();
    if u32::try_from(yellow.len()).is_ok_and(|count| count >= rules.yellows_red) {
        let events: BTreeSet<&String> = yellow.iter().flat_map(|card| &card.events).collect();
        let reason = format!("问题{number}已有{}张黄牌，建议出示红牌。", yellow.len());
        let events = events.into_iter().cloned().collect();
        let mut proposal = issue.proposal(Measure::Red, Trigger::TwoYellow, events, reason);
        // One for the issue and its unit, whichever cards led to it.
        proposal.key = format!("{}:{}:{}", Measure::Red, Trigger::TwoYellow, issue.event("cards"));
        proposal.rows.extend(yellow.iter().map(|card| Row::Card(card.id)));
        proposals.push(proposal);
    }
    fresh(proposals, known)
}

/// When the passing of time alone may next lead to a card; `None` when it cannot. Missed milestones are not among them.
#[must_use]
pub fn next_look(
    issue: &IssueFacts,
    now: Timestamp,
    calendar: &WorkCalendar,
    day_end: DayEnd,
    rules: &EscalationRules,
) -> Option<Timestamp> {
    let just_after = |at: Timestamp| at.plus(std::time::Duration::from_micros(1));
    let mut looks = Vec::new();
    if let Some(sign_in) = issue.sign_in.filter(|sign_in| sign_in.acted_at.is_none()) {
        looks.push(just_after(sign_in.limit.due_again(calendar, day_end, sign_in.due_at)));
    }
    if issue.handled_at.is_none() && !issue.is_hung {
        looks.push(just_after(issue.due_at));
        looks.push(TimeLimit::WorkDays(rules.overdue_days_red).due_again(calendar, day_end, issue.due_at));
        looks.push(issue.twice(calendar, day_end));
    }
    looks.into_iter().filter(|at| *at > now).min()
}

/// A day as people read it: `10月8日`. A deadline at 24:00 belongs to the day that it ends.
fn day_zh(due: Timestamp, calendar: &WorkCalendar) -> String {
    let day = calendar.last_date(due);
    format!("{}月{}日", day.month(), day.day())
}
