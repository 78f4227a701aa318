//! Cards: read by those they concern, decided by people of the office.

use std::collections::HashMap;
use std::sync::Arc;

use super::look::{led_to_by_withdrawal, looked_at, messages, proposed_for_month};
use crate::app::ambient::Random;
use crate::app::change::{self, By, Change, Decision};
use crate::app::county::{County, CountyCache};
use crate::app::locks::{Lock, Locks};
use crate::app::{App, AppError, Caller, Result};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::calendar::WorkCalendar;
use crate::domain::card::{Card, CardAction, CardCommand, CardState, CardTransition};
use crate::domain::ids::{CardId, IssueId, UnitId, UserId};
use crate::domain::limits::PAGE_MAX;
use crate::domain::live::Topic;
use crate::domain::month::Month;
use crate::domain::month::escalation::Measure;
use crate::domain::notice::{Message, Notice, NoticeKind, Recipient};
use crate::domain::policy::{self, Permission, Reach};
use crate::domain::time::Timestamp;
use crate::store::cards::CardList;
use crate::store::{Conn, cards, issues, reference};

/// A card as somebody may see it.
#[derive(Debug, Clone)]
pub struct ShownCard {
    /// The card.
    pub card: Card,
    /// Name of its unit.
    pub unit_name: String,
    /// Number of its issue.
    pub issue_number: Option<String>,
    /// Names of those who decided on it; for the office.
    pub names: HashMap<UserId, String>,
    /// What the caller may do with it now.
    pub allowed: Vec<CardAction>,
}

/// A page of cards.
#[derive(Debug)]
pub struct CardPage {
    /// Its cards.
    pub items: Vec<ShownCard>,
    /// The card to continue after.
    pub next: Option<CardId>,
    /// Whether the caller sees proposals, too.
    pub for_office: bool,
    /// The county's calendar, for days.
    pub calendar: Arc<WorkCalendar>,
}

fn is_office(caller: &Caller) -> bool {
    policy::permits(&caller.actor, Permission::ManageCards)
}

/// The cards that the caller may see: for the office all or those in `state`, for a unit its own that were issued, for
/// others all that were issued.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`] when there is no card to continue after.
pub async fn list(
    app: &App,
    caller: &Caller,
    state: Option<CardState>,
    after: Option<CardId>,
    limit: usize,
) -> Result<CardPage> {
    caller.require(Permission::ReadCards)?;
    let for_office = is_office(caller);
    let which = match policy::reach(caller.actor.role, Permission::ReadCards) {
        _ if for_office => CardList::Proposals(state),
        Reach::Unit => CardList::Issued(Some(caller.actor.unit_id.ok_or(AppError::Forbidden)?)),
        Reach::Released | Reach::All => CardList::Issued(None),
        Reach::Never
        | Reach::Own
        | Reach::Check
        | Reach::LookBack
        | Reach::Involved
        | Reach::Addressed
        | Reach::UnitHead
        | Reach::Campaign => return Err(AppError::Forbidden),
    };
    let (limit, cache, caller) = (limit.clamp(1, PAGE_MAX), app.county.clone(), caller.clone());
    app.store
        .read(move |conn| -> Result<CardPage> {
            let one_more = i64::try_from(limit + 1).unwrap_or(i64::MAX);
            let seen = |card: &Card| match which {
                CardList::Proposals(_) => true,
                CardList::Issued(unit) => card.issued.is_some() && unit.is_none_or(|unit| card.unit_id() == unit),
            };
            if let Some(id) = after {
                // A card that the caller may not see is none to continue after.
                cards::find(conn, id)?.filter(seen).ok_or(AppError::NotFound)?;
            }
            let mut found = cards::list(conn, which, after, one_more)?;
            let more = found.len() > limit;
            found.truncate(limit);
            let next = found.last().map(|card| card.id).filter(|_| more);
            let calendar = cache.load(conn)?.calendar;
            Ok(CardPage { items: shown(conn, &caller, found)?, next, for_office, calendar })
        })
        .await
}

fn shown(conn: &mut Conn, caller: &Caller, found: Vec<Card>) -> Result<Vec<ShownCard>> {
    let units: HashMap<UnitId, String> = reference::units(conn)?.into_iter().map(|unit| (unit.id, unit.name)).collect();
    let mut ids: Vec<IssueId> = found.iter().filter_map(|card| card.issue_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let numbers: HashMap<IssueId, String> =
        issues::find_many(conn, &ids)?.into_iter().filter_map(|issue| Some((issue.id, issue.number?))).collect();
    let people = found.iter().flat_map(|card| {
        let votes = [card.issued.as_ref(), card.withdrawn.as_ref()].into_iter().flatten().map(|vote| vote.by);
        let dropped = card.dropped.as_ref().and_then(|settled| settled.by);
        votes.chain(dropped).chain(card.conclusion.as_ref().map(|conclusion| conclusion.by)).collect::<Vec<_>>()
    });
    let names = if is_office(caller) { super::names(conn, people)? } else { HashMap::new() };
    let shown = |card: Card| ShownCard {
        unit_name: units.get(&card.unit_id()).cloned().unwrap_or_default(),
        issue_number: card.issue_id.and_then(|id| numbers.get(&id).cloned()),
        names: names.clone(),
        allowed: card.allowed(&caller.actor),
        card,
    };
    Ok(found.into_iter().map(shown).collect())
}

/// Takes a step on the card as the caller last saw it, in version `seen`.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::NotFound`], [`AppError::Stale`], [`AppError::CardRefused`].
pub async fn act(app: &App, caller: &Caller, id: CardId, command: CardCommand, seen: i64) -> Result<CardPage> {
    let now = app.now();
    let act =
        Act { county: app.county.clone(), random: app.random.clone(), caller: caller.clone(), id, command, seen, now };
    change::make(app, act).await
}

/// A person's step on a card.
struct Act {
    county: CountyCache,
    random: Arc<dyn Random>,
    caller: Caller,
    id: CardId,
    command: CardCommand,
    seen: i64,
    now: Timestamp,
}

impl Change for Act {
    type Before = (Card, County);
    /// The step, and the cards that it leads to.
    type Made = (CardTransition, Vec<CardTransition>);
    type Answer = CardPage;

    fn admit(&self) -> Result<()> {
        self.caller.require(Permission::ManageCards)
    }

    fn locks(&self) -> Vec<Lock> {
        Vec::new()
    }

    fn load(&self, conn: &mut Conn, locks: &mut Locks) -> Result<Self::Before> {
        // Its unit and its issue never change; everything else is read once they are locked.
        let card = cards::find(conn, self.id)?.ok_or(AppError::NotFound)?;
        let issue = card.issue_id.map(Lock::Issue);
        locks.take(conn, issue.into_iter().chain([Lock::Cards(card.unit_id())]))?;
        Ok((cards::find(conn, self.id)?.ok_or(AppError::NotFound)?, self.county.load(conn)?))
    }

    fn authorise(&self, _: &mut Conn, (card, _): &Self::Before) -> Result<()> {
        if card.version == self.seen { Ok(()) } else { Err(AppError::Stale) }
    }

    fn decide(&self, conn: &mut Conn, (card, county): Self::Before) -> Result<Decision<Self::Made, CardPage>> {
        let day = |at: Timestamp| county.calendar.civil_date(at);
        let days = (card.issued.as_ref().map(|vote| day(vote.at)), day(self.now));
        let step = card.decide(&self.caller.actor, &self.command, self.now, days).map_err(AppError::CardRefused)?;
        let after = step.after();
        let led_to = match (step.event().action, after.measure()) {
            (CardAction::Issue, Measure::Yellow) => self.led_to(conn, &county, after)?,
            (CardAction::Issue, Measure::Red) => {
                let month = Month::of(day(self.now));
                proposed_for_month(conn, &county, &*self.random, month, &[after], self.now)?
            }
            (CardAction::Withdraw, Measure::Yellow | Measure::Red) => {
                led_to_by_withdrawal(conn, &county, &*self.random, after, self.now)?
            }
            (CardAction::Issue | CardAction::Withdraw, Measure::Talk | Measure::Referral) => Vec::new(),
            (
                CardAction::Propose
                | CardAction::Drop
                | CardAction::ProposeWithdrawal
                | CardAction::Keep
                | CardAction::Conclude,
                Measure::Yellow | Measure::Red | Measure::Talk | Measure::Referral,
            ) => Vec::new(),
        };
        let target = format!("card:{}", card.id);
        let record = By::from(&self.caller).done(self.now, AuditAction::CardChanged, target);
        let records = vec![record.ended(Outcome::Done, step.event().action.as_str())];
        let messages = told(&step).into_iter().chain(messages(&led_to)).collect();
        Ok(Decision::Made { made: (step, led_to), records, messages })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, (step, led_to): &Self::Made) -> Result<()> {
        cards::apply(conn, step)?;
        Ok(led_to.iter().try_for_each(|step| cards::apply(conn, step))?)
    }

    fn answer(&self, conn: &mut Conn, (step, _): Self::Made) -> Result<CardPage> {
        let calendar = self.county.load(conn)?.calendar;
        let items = shown(conn, &self.caller, vec![step.after().clone()])?;
        Ok(CardPage { items, next: None, for_office: true, calendar })
    }
}

impl Act {
    /// The cards that one more yellow card leads to.
    fn led_to(&self, conn: &mut Conn, county: &County, card: &Card) -> Result<Vec<CardTransition>> {
        match card.issue_id {
            None => Ok(Vec::new()),
            Some(id) => {
                let issue = issues::find(conn, id)?.ok_or(AppError::NotFound)?;
                Ok(looked_at(conn, county, &*self.random, &issue, Some(card), self.now)?.cards)
            }
        }
    }
}

/// Who learns of a step: the office, and those who see cards once it is issued. The unit gets a notice of what was
/// issued and of what was withdrawn.
fn told(step: &CardTransition) -> Vec<Message> {
    let (card, action) = (step.after(), step.event().action);
    let kind = match action {
        CardAction::Issue => Some(NoticeKind::CardIssued),
        CardAction::Withdraw => Some(NoticeKind::CardWithdrawn),
        CardAction::Propose
        | CardAction::Drop
        | CardAction::ProposeWithdrawal
        | CardAction::Keep
        | CardAction::Conclude => None,
    };
    let is_told = kind.is_some() || action == CardAction::Conclude;
    let mut topics = vec![Topic::All];
    if is_told {
        topics.extend([Topic::Unit(card.unit_id()), Topic::Released]);
    }
    let (at, recipient) = (step.event().at, Recipient::Unit(card.unit_id()));
    let notice = kind
        .zip(card.issue_id)
        .map(|(kind, issue_id)| Message::Notice(Notice { recipient, kind, issue_id, occasion: at.as_micros(), at }));
    notice.into_iter().chain([Message::Changed { what: format!("card:{}", card.id), topics }]).collect()
}
