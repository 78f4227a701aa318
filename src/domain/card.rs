//! A card 黄牌、红牌, a talk 约谈 or a referral 移交: proposed by the rules (`month/escalation`), decided by people. Only
//! this module makes a [`CardTransition`].

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ids::{CardId, IssueId, UnitId, UserId};
use super::invalid::{FieldCode, Invalid};
use super::issue::Vote;
use super::limits;
use super::month::Row;
use super::month::escalation::{Measure, Proposal};
use super::policy::{self, Permission};
use super::role::Actor;
use super::text::{name, text_enum};
use super::time::{Date, Timestamp};

text_enum! {
    /// The states of a card.
    pub enum CardState {
        Proposed = "proposed", "待出示", "Proposed by the rules";
        Issued = "issued", "已出示", "Issued";
        Concluded = "concluded", "已办结", "The talk was held, or the referral was taken over";
        Dropped = "dropped", "不予出示", "Dropped";
        Withdrawn = "withdrawn", "已撤回", "Withdrawn";
    }
}

impl CardState {
    /// States of cards that were issued: only of these does a unit learn.
    pub const TOLD: &'static [CardState] = &[CardState::Issued, CardState::Concluded, CardState::Withdrawn];

    /// States in which a card is in force.
    pub const STANDING: &'static [CardState] = &[CardState::Issued, CardState::Concluded];
}

text_enum! {
    /// The steps of a card.
    pub enum CardAction {
        Propose = "propose", "按规则提出", "Proposed by the rules";
        Issue = "issue", "出示", "Issue";
        Drop = "drop", "不予出示", "Drop";
        ProposeWithdrawal = "propose-withdrawal", "建议撤回", "Its withdrawal is proposed";
        Keep = "keep", "维持", "Keep although its withdrawal was proposed";
        Withdraw = "withdraw", "撤回", "Withdraw";
        Conclude = "conclude", "办结", "Record the talk, or that the referral was taken over";
    }
}

/// What came of a talk or a referral.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conclusion {
    /// Who recorded it.
    pub by: UserId,
    /// When it was recorded.
    pub at: Timestamp,
    /// The day of the talk, or of the handing over.
    pub on: Date,
    /// The minutes of the talk 约谈纪要, or who took the referral over.
    pub minutes: String,
    /// Number of the document, if there is one.
    pub document_no: Option<String>,
}

/// A card: the fold of its events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// Identity.
    pub id: CardId,
    /// Increases by one with every event.
    pub version: i64,
    /// Its state.
    pub state: CardState,
    /// What the rules proposed, and why.
    pub proposal: Proposal,
    /// The issue that it is about; of a unit's measure the issue of the last card that led to it.
    pub issue_id: Option<IssueId>,
    /// When the rules proposed it.
    pub proposed_at: Timestamp,
    /// Who issued it, when, and the reason that the unit reads.
    pub issued: Option<Vote>,
    /// Who dropped it, when and why; `None` in the vote's place when the service did.
    pub dropped: Option<Settled>,
    /// Why its withdrawal is proposed.
    pub withdrawal: Option<String>,
    /// Who withdrew it, when and why.
    pub withdrawn: Option<Vote>,
    /// What came of a talk or a referral.
    pub conclusion: Option<Conclusion>,
}

/// Who settled it, when and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// Who; `None` for the service.
    pub by: Option<UserId>,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// A step of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CardCommand {
    /// 出示, with the reason that the unit reads.
    Issue {
        /// 1–500 characters.
        reason: String,
    },
    /// 不予出示
    Drop {
        /// 1–500 characters.
        reason: String,
    },
    /// 维持: its withdrawal was proposed, but the card stays in force.
    Keep {
        /// 1–500 characters.
        reason: String,
    },
    /// 撤回
    Withdraw {
        /// 1–500 characters.
        reason: String,
    },
    /// 办结: a talk was held, or a referral was taken over.
    Conclude {
        /// The day, not in the future and not before it was issued.
        on: Date,
        /// 1–2000 characters.
        minutes: String,
        /// At most 40 characters.
        document_no: Option<String>,
    },
}

impl CardCommand {
    /// Its action.
    #[must_use]
    pub const fn action(&self) -> CardAction {
        match self {
            CardCommand::Issue { .. } => CardAction::Issue,
            CardCommand::Drop { .. } => CardAction::Drop,
            CardCommand::Keep { .. } => CardAction::Keep,
            CardCommand::Withdraw { .. } => CardAction::Withdraw,
            CardCommand::Conclude { .. } => CardAction::Conclude,
        }
    }

    fn reason(&self) -> Option<&str> {
        match self {
            CardCommand::Issue { reason }
            | CardCommand::Drop { reason }
            | CardCommand::Keep { reason }
            | CardCommand::Withdraw { reason } => Some(reason),
            CardCommand::Conclude { .. } => None,
        }
    }
}

/// Why a step is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CardRefusal {
    /// The actor may not take it.
    Forbidden,
    /// There is no such step from this state.
    Illegal {
        /// The present state.
        state: CardState,
        /// The requested action.
        action: CardAction,
    },
    /// The request's fields are wrong.
    Invalid(Invalid),
}

impl From<Invalid> for CardRefusal {
    fn from(invalid: Invalid) -> Self {
        CardRefusal::Invalid(invalid)
    }
}

/// The permanent record of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct CardEvent {
    /// Which card.
    pub card_id: CardId,
    /// The version the step led to.
    pub version: i64,
    /// Server time.
    pub at: Timestamp,
    /// Who took it; `None` for the service.
    pub actor_id: Option<UserId>,
    /// The action.
    pub action: CardAction,
    /// State before; `None` for the proposal.
    pub from: Option<CardState>,
    /// State after.
    pub to: CardState,
    /// The reason.
    pub reason: Option<String>,
    /// Fields of [`Card`] that changed, with their new values.
    pub changes: Map<String, Value>,
}

/// One decided step.
#[derive(Debug, Clone, PartialEq)]
pub struct CardTransition {
    expected: Option<i64>,
    after: Card,
    event: CardEvent,
}

impl CardTransition {
    /// The version the stored row must still have; `None` when the card is new.
    #[must_use]
    pub fn expected_version(&self) -> Option<i64> {
        self.expected
    }

    /// The card after the step.
    #[must_use]
    pub fn after(&self) -> &Card {
        &self.after
    }

    /// The event to be recorded.
    #[must_use]
    pub fn event(&self) -> &CardEvent {
        &self.event
    }

    fn new(
        before: Option<&Card>,
        mut after: Card,
        who: Option<UserId>,
        (action, reason): (CardAction, Option<&str>),
        at: Timestamp,
    ) -> Self {
        after.version = before.map_or(1, |card| card.version + 1);
        let fields = |card: &Card| match serde_json::to_value(card) {
            Ok(Value::Object(fields)) => fields,
            // A struct with named fields is always an object.
            Ok(Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_)) | Err(_) => {
                Map::new()
            }
        };
        let old = before.map(fields).unwrap_or_default();
        let event = CardEvent {
            card_id: after.id,
            version: after.version,
            at,
            actor_id: who,
            action,
            from: before.map(|card| card.state),
            to: after.state,
            reason: reason.map(str::to_owned),
            changes: fields(&after).into_iter().filter(|(name, value)| old.get(name) != Some(value)).collect(),
        };
        CardTransition { expected: before.map(|card| card.version), after, event }
    }
}

impl Card {
    /// Proposes a card by the rules.
    #[must_use]
    pub fn propose(id: CardId, proposal: Proposal, issue_id: Option<IssueId>, now: Timestamp) -> CardTransition {
        let card = Card {
            id,
            version: 0,
            state: CardState::Proposed,
            proposal,
            issue_id,
            proposed_at: now,
            issued: None,
            dropped: None,
            withdrawal: None,
            withdrawn: None,
            conclusion: None,
        };
        CardTransition::new(None, card, None, (CardAction::Propose, None), now)
    }

    /// Replays recorded changes, oldest first.
    ///
    /// # Errors
    /// The records do not make a card.
    pub fn replay<'a>(records: impl Iterator<Item = &'a Map<String, Value>>) -> Result<Card, serde_json::Error> {
        let mut fields = Map::new();
        for record in records {
            fields.extend(record.iter().map(|(name, value)| (name.clone(), value.clone())));
        }
        serde_json::from_value(Value::Object(fields))
    }

    /// The measure.
    #[must_use]
    pub fn measure(&self) -> Measure {
        self.proposal.measure
    }

    /// The unit.
    #[must_use]
    pub fn unit_id(&self) -> UnitId {
        self.proposal.unit_id
    }

    /// Whether this step leads from the present state.
    fn is_legal(&self, action: CardAction) -> bool {
        let is_concluded_by_people = match self.measure() {
            Measure::Talk | Measure::Referral => true,
            Measure::Yellow | Measure::Red => false,
        };
        match action {
            CardAction::Propose => false,
            CardAction::Issue | CardAction::Drop => self.state == CardState::Proposed,
            CardAction::Withdraw => self.state == CardState::Issued,
            CardAction::ProposeWithdrawal => self.state == CardState::Issued && self.withdrawal.is_none(),
            CardAction::Keep => self.state == CardState::Issued && self.withdrawal.is_some(),
            CardAction::Conclude => self.state == CardState::Issued && is_concluded_by_people,
        }
    }

    /// What `actor` may do with it now.
    #[must_use]
    pub fn allowed(&self, actor: &Actor) -> Vec<CardAction> {
        if !policy::permits(actor, Permission::ManageCards) {
            return Vec::new();
        }
        let by_people = |action: &CardAction| match action {
            CardAction::Issue | CardAction::Drop | CardAction::Keep | CardAction::Withdraw | CardAction::Conclude => {
                true
            }
            CardAction::Propose | CardAction::ProposeWithdrawal => false,
        };
        CardAction::ALL.iter().copied().filter(by_people).filter(|action| self.is_legal(*action)).collect()
    }

    /// Decides a step of a person. `today` is the county's day, `issued_on` the one on which it was issued.
    ///
    /// # Errors
    /// Permission, then the state, then every field that is wrong.
    pub fn decide(
        &self,
        actor: &Actor,
        command: &CardCommand,
        now: Timestamp,
        (issued_on, today): (Option<Date>, Date),
    ) -> Result<CardTransition, CardRefusal> {
        if !policy::permits(actor, Permission::ManageCards) {
            return Err(CardRefusal::Forbidden);
        }
        let action = command.action();
        if !self.is_legal(action) {
            return Err(CardRefusal::Illegal { state: self.state, action });
        }
        let mut invalid = Invalid::default();
        if let Some(reason) = command.reason() {
            invalid.prose("/reason", reason, limits::REASON_CHARS_MAX);
        }
        let by = actor.user_id;
        let vote = |reason: &str| Some(Vote { by, at: now, reason: reason.trim().to_owned() });
        let mut after = self.clone();
        match command {
            CardCommand::Issue { reason } => {
                after.state = CardState::Issued;
                after.issued = vote(reason);
            }
            CardCommand::Drop { reason } => {
                after.state = CardState::Dropped;
                after.dropped = Some(Settled { by: Some(by), at: now, reason: reason.trim().to_owned() });
            }
            CardCommand::Keep { .. } => after.withdrawal = None,
            CardCommand::Withdraw { reason } => {
                after.state = CardState::Withdrawn;
                after.withdrawal = None;
                after.withdrawn = vote(reason);
            }
            CardCommand::Conclude { on, minutes, document_no } => {
                invalid.prose("/minutes", minutes, limits::MINUTES_CHARS_MAX);
                if let Some(number) = document_no {
                    invalid.prose("/document_no", number, limits::CODE_CHARS_MAX);
                }
                if *on > today || issued_on.is_some_and(|issued| *on < issued) {
                    invalid.push("/on", FieldCode::OutOfRange, "from the day it was issued to today");
                }
                after.state = CardState::Concluded;
                after.conclusion = Some(Conclusion {
                    by,
                    at: now,
                    on: *on,
                    minutes: minutes.trim().to_owned(),
                    document_no: document_no.as_ref().map(|number| name(number)),
                });
            }
        }
        invalid.into_result()?;
        Ok(CardTransition::new(Some(self), after, Some(by), (action, command.reason().map(str::trim)), now))
    }

    /// Whether it was proposed because of this other card.
    #[must_use]
    pub fn rests_on(&self, other: CardId) -> bool {
        self.proposal.rows.contains(&Row::Card(other))
    }

    /// What the service does when the ground of a card has gone, because a dispute about its issue was upheld or a card
    /// that it [rests on](Card::rests_on) was withdrawn: it drops a proposal, and proposes to withdraw a card that is
    /// in force; `None` when there is nothing to do. Source: domain §5.3.
    #[must_use]
    pub fn when_void(&self, why: &str, now: Timestamp) -> Option<CardTransition> {
        let mut after = self.clone();
        let action = if self.state == CardState::Proposed {
            after.state = CardState::Dropped;
            after.dropped = Some(Settled { by: None, at: now, reason: why.to_owned() });
            CardAction::Drop
        } else {
            after.withdrawal = Some(why.to_owned());
            CardAction::ProposeWithdrawal
        };
        self.is_legal(action).then(|| CardTransition::new(Some(self), after, None, (action, Some(why)), now))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::month::escalation::Trigger;
    use crate::domain::role::Role;

    const DAY: Date = Date::constant(2026, 9, 7);

    fn proposed(measure: Measure) -> Card {
        let proposal = Proposal {
            key: "k".into(),
            measure,
            trigger: Trigger::Overdue,
            unit_id: UnitId(Uuid::from_u128(1)),
            reason: "问题2026-7K3P已超期，建议出示黄牌。".into(),
            rows: Vec::new(),
            events: vec!["overdue".into()],
        };
        let at = Timestamp::from_micros(1_000);
        Card::propose(CardId(Uuid::from_u128(2)), proposal, None, at).after().clone()
    }

    fn office() -> Actor {
        Actor::new(UserId(Uuid::from_u128(3)), Role::Office)
    }

    fn reason() -> String {
        "超期未改".into()
    }

    fn commands() -> Vec<CardCommand> {
        vec![
            CardCommand::Issue { reason: reason() },
            CardCommand::Drop { reason: reason() },
            CardCommand::Keep { reason: reason() },
            CardCommand::Withdraw { reason: reason() },
            CardCommand::Conclude { on: DAY, minutes: "已约谈".into(), document_no: None },
        ]
    }

    fn decide(card: &Card, command: &CardCommand) -> Result<CardTransition, CardRefusal> {
        card.decide(&office(), command, Timestamp::from_micros(5_000), (Some(DAY), DAY))
    }

    #[test]
    fn each_state_has_its_steps_and_no_others() {
        let step = |card: &Card, command: usize| decide(card, &commands()[command]).unwrap().after().clone();
        let yellow = proposed(Measure::Yellow);
        let issued = step(&yellow, 0);
        let flagged = issued.when_void("异议成立", Timestamp::from_micros(6_000)).unwrap().after().clone();
        let talk = step(&proposed(Measure::Talk), 0);
        use CardAction::{Conclude, Drop, Issue, Keep, Withdraw};
        for (card, allowed) in [
            (yellow.clone(), &[Issue, Drop][..]),
            (issued.clone(), &[Withdraw]),
            (flagged.clone(), &[Keep, Withdraw]),
            (talk.clone(), &[Withdraw, Conclude]),
            (step(&flagged, 2), &[Withdraw]),
            (step(&flagged, 3), &[]),
            (step(&yellow, 1), &[]),
            (step(&talk, 4), &[]),
        ] {
            assert_eq!(card.allowed(&office()), allowed, "{card:?}");
            for command in commands() {
                let told = decide(&card, &command);
                if allowed.contains(&command.action()) {
                    assert_eq!(told.unwrap().event().action, command.action());
                } else {
                    assert_eq!(told, Err(CardRefusal::Illegal { state: card.state, action: command.action() }));
                }
            }
            assert_eq!(card.allowed(&Actor::new(office().user_id, Role::Leader)), []);
        }
        assert_eq!(step(&flagged, 3).state, CardState::Withdrawn);
    }

    #[test]
    fn a_step_expects_the_version_it_was_decided_on_and_a_card_names_those_it_rests_on() {
        let (talk, other) = (proposed(Measure::Talk), CardId(Uuid::from_u128(9)));
        let first = Card::propose(talk.id, talk.proposal.clone(), None, talk.proposed_at);
        let issue = decide(first.after(), &commands()[0]).unwrap();
        let end = decide(issue.after(), &commands()[4]).unwrap();
        assert_eq!([&first, &issue, &end].map(CardTransition::expected_version), [None, Some(1), Some(2)]);
        assert!(!talk.rests_on(other));
        let proposal = Proposal { rows: vec![Row::Card(other)], ..talk.proposal.clone() };
        let resting = Card { proposal, ..talk };
        assert!(resting.rests_on(other) && !resting.rests_on(resting.id));
    }

    #[test]
    fn an_upheld_dispute_drops_a_proposal_and_proposes_to_withdraw_a_card_once() {
        let at = Timestamp::from_micros(6_000);
        let yellow = proposed(Measure::Yellow);
        let dropped = yellow.when_void("异议成立", at).unwrap();
        assert_eq!((dropped.after().state, dropped.event().actor_id), (CardState::Dropped, None));
        assert_eq!(dropped.after().when_void("异议成立", at), None);
        let issued = decide(&yellow, &commands()[0]).unwrap().after().clone();
        let flagged = issued.when_void("异议成立", at).unwrap();
        assert_eq!(
            (flagged.after().state, flagged.after().withdrawal.as_deref()),
            (CardState::Issued, Some("异议成立"))
        );
        assert_eq!(flagged.after().when_void("异议成立", at), None);
    }

    #[test]
    fn fields_are_checked_and_the_events_make_the_card() {
        let talk = proposed(Measure::Talk);
        let empty = CardCommand::Issue { reason: " ".into() };
        assert!(matches!(decide(&talk, &empty), Err(CardRefusal::Invalid(_))));
        let issue = decide(&talk, &commands()[0]).unwrap();
        let (tomorrow, yesterday) = (DAY.tomorrow().unwrap(), DAY.yesterday().unwrap());
        for (on, minutes, number, pointers) in [
            (tomorrow, "", Some(" ".to_owned()), vec!["/minutes", "/document_no", "/on"]),
            (yesterday, "已约谈", None, vec!["/on"]),
        ] {
            let command = CardCommand::Conclude { on, minutes: minutes.into(), document_no: number };
            let Err(CardRefusal::Invalid(invalid)) = decide(issue.after(), &command) else { panic!("{on}") };
            assert_eq!(invalid.0.iter().map(|error| &*error.pointer).collect::<Vec<_>>(), pointers);
        }
        let first = Card::propose(talk.id, talk.proposal.clone(), None, talk.proposed_at);
        let events = [first.event().changes.clone(), issue.event().changes.clone()];
        assert_eq!(&Card::replay(events.iter()).unwrap(), issue.after());
        let stranger = Actor::new(office().user_id, Role::Discipline);
        assert_eq!(
            talk.decide(&stranger, &commands()[0], Timestamp::from_micros(5_000), (None, DAY)),
            Err(CardRefusal::Forbidden)
        );
    }
}
