//! Talks and referrals that a unit's month leads to.

use std::collections::{BTreeMap, BTreeSet};

use super::{Measure, Proposal, Trigger, fresh};
use crate::domain::digest::Digest;
use crate::domain::ids::{CardId, UnitId};
use crate::domain::month::rules::EscalationRules;
use crate::domain::month::{Listed, Month, Row};
use crate::domain::text::text_enum;

text_enum! {
    /// What leads to a referral independent of scores.
    pub enum IncidentKind {
        Fraud = "fraud", "有组织弄虚作假", "Organised fraud";
        Leak = "leak", "泄露暗访方案", "Leak of a plan";
        Retaliation = "retaliation", "打击报复暗访人员", "Retaliation against an inspector";
    }
}

/// An incident that people have confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incident {
    /// Identifies it in the record.
    pub key: String,
    /// Its kind.
    pub kind: IncidentKind,
    /// What it can be opened to.
    pub rows: Vec<Row>,
}

/// A unit's month, as escalation sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitMonth {
    /// The unit.
    pub unit_id: UnitId,
    /// Its name.
    pub name: String,
    /// The month.
    pub month: Month,
    /// Red cards of the month that are in force.
    pub red_cards: Vec<CardId>,
    /// Months running on the black list, this one included; 0 when it is not on it, or the month is not locked.
    pub black_months: u32,
    /// Confirmed incidents.
    pub incidents: Vec<Incident>,
}

/// Months running on the black list up to `last`, `last` included. A month in which the unit was not ranked, or that is
/// not locked, ends the run.
#[must_use]
pub fn black_months(locked: &BTreeMap<Month, Listed>, last: Month) -> u32 {
    let run = (0..).map(|before| locked.get(&last.plus(-before))).take_while(|listed| *listed == Some(&Listed::Black));
    u32::try_from(run.count()).unwrap_or(u32::MAX)
}

/// The cards in a key: a digest, for a key is short however many there are. Their order does not matter.
fn id_digest(cards: &[CardId]) -> Digest {
    let ids: BTreeSet<String> = cards.iter().map(CardId::to_string).collect();
    Digest::of(ids.into_iter().collect::<Vec<String>>().join("+").as_bytes())
}

/// Whether the same measure by the same rule, for the same month, is proposed or stands, whichever cards led to it.
/// Releases before the cards were in the key named none.
fn is_live(proposal: &Proposal, live: &BTreeSet<String>) -> bool {
    let stem = |key: &str| key.split(':').take(4).map(str::to_owned).collect::<Vec<String>>();
    let own = stem(&proposal.key);
    live.iter().any(|key| stem(key) == own)
}

/// The talks and referrals that a unit's month leads to. `known` are the keys of all that was ever proposed, `live` those
/// of what is proposed now or stands.
///
/// A measure that red cards led to is proposed again when other cards suffice for it, unless the same measure for that
/// month is live: that a talk was withdrawn with one of its cards says nothing about the next card. The 《政府督查工作条例》
/// (国令第733号) holds those who threaten or take revenge on inspectors liable; the other thresholds are the county's, at
/// [`EscalationRules`].
#[must_use]
pub fn proposed_for_unit(
    unit: &UnitMonth,
    rules: &EscalationRules,
    known: &BTreeSet<String>,
    live: &BTreeSet<String>,
) -> Vec<Proposal> {
    let UnitMonth { unit_id, name, month, red_cards, black_months, incidents } = unit;
    let mut proposals = Vec::new();
    let mut propose = |measure: Measure, trigger: Trigger, subject: &str, reason: String, rows: Vec<Row>| {
        let key = format!("{measure}:{trigger}:{subject}:{unit_id}");
        proposals.push(Proposal { key, measure, trigger, unit_id: *unit_id, reason, rows, events: Vec::new() });
    };
    let (subject, when) = (month.to_string(), month.zh());
    let cards = || red_cards.iter().map(|card| Row::Card(*card)).collect::<Vec<Row>>();
    let reds = u32::try_from(red_cards.len()).unwrap_or(u32::MAX);
    for (measure, least) in [(Measure::Talk, rules.reds_talk), (Measure::Referral, rules.reds_referral)] {
        if reds >= least {
            let reason = format!("{name}{when}已有{reds}张红牌，建议{}。", measure.zh());
            propose(measure, Trigger::RedCards, &subject, reason, cards());
        }
    }
    let black = [(Measure::Talk, rules.black_months_talk), (Measure::Referral, rules.black_months_referral)];
    for (measure, least) in black {
        if *black_months >= least {
            let reason = format!("{name}截至{when}连续{black_months}个月列入黑榜，建议{}。", measure.zh());
            propose(measure, Trigger::BlackList, &subject, reason, Vec::new());
        }
    }
    for incident in incidents {
        let trigger = match incident.kind {
            IncidentKind::Fraud => Trigger::Fraud,
            IncidentKind::Leak => Trigger::Leak,
            IncidentKind::Retaliation => Trigger::Retaliation,
        };
        let reason = format!("{name}经查实{}，建议移交。", incident.kind.zh());
        propose(Measure::Referral, trigger, &incident.key, reason, incident.rows.clone());
    }
    let ids = id_digest(red_cards);
    for proposal in proposals.iter_mut().filter(|proposal| proposal.trigger == Trigger::RedCards) {
        proposal.key = format!("{}:{ids}", proposal.key);
    }
    proposals.retain(|proposal| !is_live(proposal, live));
    fresh(proposals, known)
}
