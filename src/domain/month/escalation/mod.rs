//! Escalation 督办升级: which cards, talks and referrals the rules propose. A person issues each; a proposal has a key, so
//! that a job that runs again proposes nothing twice. What was withdrawn keeps its key.

mod issues;
mod reminders;
mod units;

pub use issues::{IssueFacts, SignIn, StandingCard, next_look, proposed_for_issue};
pub use reminders::{Reminder, ReminderKind, reminder};
pub use units::{Incident, IncidentKind, UnitMonth, black_months, proposed_for_unit};

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Row;
use crate::domain::ids::UnitId;
use crate::domain::text::text_enum;

text_enum! {
    /// A measure, from the lightest to the heaviest.
    pub enum Measure {
        Yellow = "yellow", "黄牌", "Yellow card";
        Red = "red", "红牌", "Red card";
        Talk = "talk", "约谈", "Talk";
        Referral = "referral", "移交", "Referral to discipline inspection";
    }
}

text_enum! {
    /// Who is informed of a measure, besides the unit.
    pub enum Addressee {
        Office = "office", "督查室", "Supervision office";
        DeputyHead = "deputy-head", "领导小组副组长", "Deputy head of the leading group";
        UnitHead = "unit-head", "单位一把手", "Head of the unit";
        Discipline = "discipline", "纪委监委、组织部", "Discipline inspection and organisation department";
    }
}

impl Measure {
    /// Who is informed of it, besides the unit. Source: our judgement.
    #[must_use]
    pub const fn addressee(self) -> Addressee {
        match self {
            Measure::Yellow => Addressee::Office,
            Measure::Red => Addressee::DeputyHead,
            Measure::Talk => Addressee::UnitHead,
            Measure::Referral => Addressee::Discipline,
        }
    }
}

text_enum! {
    /// The rule that proposes a measure.
    pub enum Trigger {
        SignIn = "sign-in", "逾期未签收", "Not signed in for twice the limit";
        Overdue = "overdue", "超期", "Overdue";
        Rework = "rework", "再次返工", "Reworked again";
        Milestone = "milestone", "节点未完成", "Milestone missed";
        OverdueLong = "overdue-long", "长期超期", "Overdue for long";
        ReworkOften = "rework-often", "多次返工", "Reworked too often";
        FalseEvidence = "false-evidence", "虚假整改", "False evidence";
        Rebound = "rebound", "反复反弹", "Rebounded again";
        TwoYellow = "two-yellow", "同一问题两张黄牌", "Two yellow cards on one issue";
        RedCards = "red-cards", "当月红牌", "Red cards in the month";
        BlackList = "black-list", "连续黑榜", "Months running on the black list";
        Fraud = "fraud", "有组织弄虚作假", "Organised fraud";
        Leak = "leak", "泄露暗访方案", "Leak of a plan";
        Retaliation = "retaliation", "打击报复暗访人员", "Retaliation against an inspector";
    }
}

/// A proposed measure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proposal {
    /// Identifies it, so that it is made once.
    pub key: String,
    /// The measure.
    pub measure: Measure,
    /// The rule.
    pub trigger: Trigger,
    /// The unit.
    pub unit_id: UnitId,
    /// Why, in a sentence for people.
    pub reason: String,
    /// What it can be opened to.
    #[serde(default)]
    pub rows: Vec<Row>,
    /// The events that it is for: rows that share one count once in the month's score.
    #[serde(default)]
    pub events: Vec<String>,
}

/// Leaves out what was proposed before, and a lighter measure for an event that a heavier one is, or was, proposed for.
fn fresh(mut proposals: Vec<Proposal>, known: &BTreeSet<String>) -> Vec<Proposal> {
    let is_lighter = |proposal: &Proposal| {
        proposal.measure == Measure::Yellow
            && proposals.iter().any(|other| other.measure == Measure::Red && other.events == proposal.events)
    };
    let lighter: BTreeSet<String> =
        proposals.iter().filter(|proposal| is_lighter(proposal)).map(|proposal| proposal.key.clone()).collect();
    proposals.retain(|proposal| !known.contains(&proposal.key) && !lighter.contains(&proposal.key));
    proposals
}

#[cfg(test)]
mod tests;
