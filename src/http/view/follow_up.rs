//! Cards, samples, cases and the dispatch list in answers. [`PublicCard`] is what units, leaders and discipline
//! inspection read: days instead of times, and nothing about who decided.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::Person;
use crate::app::follow_up::cards::ShownCard;
use crate::app::follow_up::dispatch::ListedChoke;
use crate::app::follow_up::samples::{ShownRow, ShownSample};
use crate::domain::accountability::{Case, CaseKind};
use crate::domain::calendar::WorkCalendar;
use crate::domain::card::{Card, CardAction, CardState};
use crate::domain::digest::Digest;
use crate::domain::ids::{CardId, CaseId, IssueId, SampleId, UnitId, UserId};
use crate::domain::issue::{Severity, State, Vote};
use crate::domain::month::dispatch::Choke;
use crate::domain::month::escalation::{Addressee, Measure, Trigger};
use crate::domain::month::facts::LookBackResult;
use crate::domain::month::sample_proof::{SampleKind, SampleReason, SampleRowState};
use crate::domain::month::sampling::DayPart;
use crate::domain::time::Timestamp;

/// A card that was issued, as units, leaders and discipline inspection read it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicCard {
    /// Identity.
    pub id: CardId,
    /// `issued`, `concluded` or `withdrawn`.
    pub state: CardState,
    /// The measure.
    pub measure: Measure,
    /// The rule that proposed it.
    pub trigger: Trigger,
    /// The unit.
    pub unit_id: UnitId,
    /// Its name.
    pub unit_name: String,
    /// The issue that it is about; of a talk or a referral that of the last card.
    #[schema(required = true)]
    pub issue_id: Option<IssueId>,
    /// Its number.
    #[schema(required = true)]
    pub issue_number: Option<String>,
    /// What led to it.
    pub grounds: String,
    /// The day it was issued.
    #[schema(required = true, value_type = Option<String>, format = Date)]
    pub issued_on: Option<Date>,
    /// Why, in the office's words.
    #[schema(required = true)]
    pub reason: Option<String>,
    /// The day it was withdrawn.
    #[schema(required = true, value_type = Option<String>, format = Date)]
    pub withdrawn_on: Option<Date>,
    /// Why, in the office's words.
    #[schema(required = true)]
    pub withdrawal_reason: Option<String>,
    /// The day of the talk, or on which the referral was taken over.
    #[schema(required = true, value_type = Option<String>, format = Date)]
    pub concluded_on: Option<Date>,
    /// The minutes of the talk, or who took the referral over.
    #[schema(required = true)]
    pub minutes: Option<String>,
    /// Number of the document.
    #[schema(required = true)]
    pub document_no: Option<String>,
}

/// What the rules proposed led to, without the proposal itself: `…，建议出示黄牌。` becomes `….`.
fn grounds(card: &Card) -> String {
    let reason = &card.proposal.reason;
    let end = reason.rfind("，建议").unwrap_or(reason.len());
    let told = reason.get(..end).unwrap_or_default();
    if told.ends_with('。') { told.to_owned() } else { format!("{told}。") }
}

impl PublicCard {
    /// The view of a card.
    #[must_use]
    pub fn of(shown: ShownCard, calendar: &WorkCalendar) -> Self {
        let ShownCard { card, unit_name, issue_number, names: _, allowed: _ } = shown;
        let grounds = grounds(&card);
        let Card {
            id,
            version: _,
            state,
            proposal,
            issue_id,
            // When the rules found it is no business of others; nor is what was not issued.
            proposed_at: _,
            issued,
            dropped: _,
            withdrawal: _,
            withdrawn,
            conclusion,
        } = card;
        let day = |vote: &Vote| calendar.civil_date(vote.at);
        PublicCard {
            id,
            state,
            measure: proposal.measure,
            trigger: proposal.trigger,
            unit_id: proposal.unit_id,
            unit_name,
            issue_id,
            issue_number,
            grounds,
            issued_on: issued.as_ref().map(day),
            reason: issued.map(|vote| vote.reason),
            withdrawn_on: withdrawn.as_ref().map(day),
            withdrawal_reason: withdrawn.map(|vote| vote.reason),
            concluded_on: conclusion.as_ref().map(|conclusion| conclusion.on),
            minutes: conclusion.as_ref().map(|conclusion| conclusion.minutes.clone()),
            document_no: conclusion.and_then(|conclusion| conclusion.document_no),
        }
    }
}

/// Who decided, when and why.
#[derive(Debug, Serialize, ToSchema)]
pub struct DecisionView {
    /// Who; `null` for the service.
    #[schema(required = true)]
    pub by: Option<Person>,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// A card as the office reads it.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfficeCard {
    /// What `If-Match` must name.
    pub version: i64,
    /// When the rules proposed it.
    pub proposed_at: Timestamp,
    /// What the rules say.
    pub proposal: String,
    /// Who is informed of it, besides the unit.
    pub addressee: Addressee,
    /// Who issued it.
    #[schema(required = true)]
    pub issued: Option<DecisionView>,
    /// Who dropped it.
    #[schema(required = true)]
    pub dropped: Option<DecisionView>,
    /// Why its withdrawal is proposed.
    #[schema(required = true)]
    pub withdrawal: Option<String>,
    /// Who withdrew it.
    #[schema(required = true)]
    pub withdrawn: Option<DecisionView>,
    /// Who recorded what came of it.
    #[schema(required = true)]
    pub concluded: Option<DecisionView>,
    /// What the caller may do with it now.
    pub allowed_actions: Vec<CardAction>,
    /// What others read of it, once it is issued.
    #[serde(flatten)]
    pub card: PublicCard,
}

impl OfficeCard {
    /// The view of a card.
    #[must_use]
    pub fn of(shown: ShownCard, calendar: &WorkCalendar) -> Self {
        let person = |id: UserId| Person { id, display_name: shown.names.get(&id).cloned().unwrap_or_default() };
        let vote = |vote: &Vote| DecisionView { by: Some(person(vote.by)), at: vote.at, reason: vote.reason.clone() };
        let card = &shown.card;
        OfficeCard {
            version: card.version,
            proposed_at: card.proposed_at,
            proposal: card.proposal.reason.clone(),
            addressee: card.measure().addressee(),
            issued: card.issued.as_ref().map(vote),
            dropped: card.dropped.as_ref().map(|settled| DecisionView {
                by: settled.by.map(person),
                at: settled.at,
                reason: settled.reason.clone(),
            }),
            withdrawal: card.withdrawal.clone(),
            withdrawn: card.withdrawn.as_ref().map(vote),
            concluded: card.conclusion.as_ref().map(|conclusion| DecisionView {
                by: Some(person(conclusion.by)),
                at: conclusion.at,
                reason: conclusion.minutes.clone(),
            }),
            allowed_actions: shown.allowed.clone(),
            card: PublicCard::of(shown.clone(), calendar),
        }
    }
}

/// A card as its reader sees it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant, reason = "each is serialised at once")]
pub enum CardView {
    /// For the office.
    Office(OfficeCard),
    /// For everybody else.
    Public(PublicCard),
}

/// A look-back sample.
#[derive(Debug, Serialize, ToSchema)]
pub struct SampleView {
    /// Identity.
    pub id: SampleId,
    /// What was drawn from.
    pub kind: SampleKind,
    /// The month, or the day, that it is for.
    pub period: String,
    /// How many issues could be drawn.
    pub population: i32,
    /// How many were.
    pub drawn: i64,
    /// Of these, how many wait for their day.
    pub waiting: i64,
    /// How many were given to an inspector.
    pub given: i64,
    /// How many could not be given.
    pub not_given: i64,
    /// Digest of the proof.
    pub proof_sha256: Digest,
    /// Who had it drawn; `null` for the service.
    #[schema(required = true)]
    pub drawn_by: Option<String>,
    /// When.
    pub drawn_at: Timestamp,
}

impl From<ShownSample> for SampleView {
    fn from(ShownSample { sample, counts, drawn_by }: ShownSample) -> Self {
        let of = |state: SampleRowState| counts.get(&state).copied().unwrap_or_default();
        let drawn: i64 = counts.values().sum();
        let (waiting, given) = (of(SampleRowState::Waiting), of(SampleRowState::Given));
        SampleView {
            id: sample.id,
            kind: sample.kind,
            period: sample.period,
            population: sample.population,
            drawn,
            waiting,
            given,
            not_given: drawn - waiting - given,
            proof_sha256: sample.digest,
            drawn_by,
            drawn_at: sample.drawn_at,
        }
    }
}

/// A drawn issue.
#[derive(Debug, Serialize, ToSchema)]
pub struct SampleRowView {
    /// Its number in the sample, from 1.
    pub number: i32,
    /// The issue.
    pub issue_id: IssueId,
    /// Its number.
    #[schema(required = true)]
    pub issue_number: Option<String>,
    /// Name of the unit that fixed it.
    pub unit_name: String,
    /// Why it was drawn.
    pub reason: SampleReason,
    /// Who is to look; `null` when everybody had found or checked it.
    #[schema(required = true)]
    pub inspector: Option<String>,
    /// On which day.
    #[schema(value_type = String, format = Date)]
    pub on: Date,
    /// When on that day.
    pub part: DayPart,
    /// By when somebody is to look, for a same-day closing.
    #[schema(required = true)]
    pub until: Option<Timestamp>,
    /// What became of it.
    pub state: SampleRowState,
    /// When it was given, or found that it cannot be.
    #[schema(required = true)]
    pub settled_at: Option<Timestamp>,
    /// What the look-back found; `null` before.
    #[schema(required = true)]
    pub result: Option<LookBackResult>,
}

impl From<ShownRow> for SampleRowView {
    fn from(ShownRow { row, issue_number, unit_name, inspector, result }: ShownRow) -> Self {
        SampleRowView {
            number: row.number,
            issue_id: row.issue_id,
            issue_number,
            unit_name,
            reason: row.reason,
            inspector,
            on: row.on,
            part: row.part,
            until: row.until_at,
            state: row.state,
            settled_at: row.settled_at,
            result,
        }
    }
}

/// An accountability case.
#[derive(Debug, Serialize, ToSchema)]
pub struct CaseView {
    /// Identity.
    pub id: CaseId,
    /// The unit.
    pub unit_id: UnitId,
    /// The issue that it is about.
    #[schema(required = true)]
    pub issue_id: Option<IssueId>,
    /// Name and post of the person.
    pub person: String,
    /// How.
    pub kind: CaseKind,
    /// For what.
    pub reason: String,
    /// Number of the document.
    pub document_no: String,
    /// The day of the document.
    #[schema(value_type = String, format = Date)]
    pub on: Date,
    /// Who entered it.
    pub proposed_by: UserId,
    /// Who approved it.
    #[schema(required = true)]
    pub approved_by: Option<UserId>,
}

impl From<Case> for CaseView {
    fn from(Case { id, body, proposed_by, proposed_at: _, approved }: Case) -> Self {
        CaseView {
            id,
            unit_id: body.unit_id,
            issue_id: body.issue_id,
            person: body.person,
            kind: body.kind,
            reason: body.reason,
            document_no: body.document_no,
            on: body.on,
            proposed_by,
            approved_by: approved.map(|(by, _)| by),
        }
    }
}

/// An issue on the dispatch list.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChokeView {
    /// The issue.
    pub issue_id: IssueId,
    /// Its number.
    pub number: String,
    /// The unit.
    pub unit_id: UnitId,
    /// Its name.
    pub unit_name: String,
    /// Name of the point.
    pub point_name: String,
    /// Its item.
    pub item_code: String,
    /// Its state.
    pub state: State,
    /// How bad it is.
    pub severity: Severity,
    /// Its deadline.
    pub due_at: Timestamp,
    /// Why it is on the list, at least one reason.
    pub chokes: Vec<Choke>,
}

impl From<ListedChoke> for ChokeView {
    fn from(ListedChoke { listed, state, point, item_code, unit }: ListedChoke) -> Self {
        ChokeView {
            issue_id: listed.issue_id,
            number: listed.number,
            unit_id: listed.unit_id,
            unit_name: unit,
            point_name: point,
            item_code,
            state,
            severity: listed.severity,
            due_at: listed.due_at,
            chokes: listed.chokes,
        }
    }
}
