//! Lists and counts of issues, from the index of issues, by what the caller may see.

use std::cmp::Reverse;
use std::sync::Arc;

use roaring::RoaringBitmap;
use serde::{Deserialize, Serialize};

use crate::domain::campaign::CampaignCode;
use crate::domain::ids::{IssueId, PointId, UnitId, UserId};
use crate::domain::issue::{Facets, RequestKind, State};
use crate::domain::time::Timestamp;
use crate::store::issue_index::{Direction, Index, Order, SetCache, Term, Texts};
use crate::store::{Conn, StoreError};

/// The issues that the caller may see at all. `app` derives it from the permission table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// None.
    Nothing,
    /// Those that this inspector found or was assigned to.
    Involved(UserId),
    /// Those of this unit, once released.
    Unit(UnitId),
    /// Those of this campaign that have been released.
    Campaign(CampaignCode),
    /// Those that have been released.
    Released,
    /// All.
    All,
}

/// The time that "created" means for this caller. A list must not be sorted or narrowed by a time that is concealed
/// from the caller: an order and a bound reveal a time as well as a field does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Created {
    /// When the report arrived.
    Receipt,
    /// When this inspector's own report arrived; for issues of others, when they were released.
    OwnReceipt(UserId),
    /// When it was released.
    Release,
}

impl Scope {
    fn created(self) -> Created {
        match self {
            Scope::All => Created::Receipt,
            Scope::Involved(user) => Created::OwnReceipt(user),
            Scope::Nothing | Scope::Unit(_) | Scope::Campaign(_) | Scope::Released => Created::Release,
        }
    }
}

/// The filter of a request.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Filter {
    /// In any of these states; empty for all.
    pub states: Vec<State>,
    /// Of this unit.
    pub unit_id: Option<UnitId>,
    /// At this point.
    pub point_id: Option<PointId>,
    /// Of this campaign.
    pub campaign: Option<String>,
    /// Of this item.
    pub item_code: Option<String>,
    /// With all these choices.
    #[serde(flatten)]
    pub facets: Facets,
    /// Overdue at this instant (`true`), or all others (`false`).
    pub overdue: Option<(bool, Timestamp)>,
    /// Received at or after this instant (released, for callers who may not know when it was received).
    pub from: Option<Timestamp>,
    /// Received (or released) before this instant.
    pub to: Option<Timestamp>,
    /// Search text in description, number or the point's name, folded ([`crate::domain::search::fold`]).
    pub q: Option<String>,
    /// Points whose names have `q` as their initials.
    pub q_points: Vec<PointId>,
    /// Items whose code, title or usual fault contains `q`.
    pub q_items: Vec<String>,
    /// Whether `q` is looked for in the names of handlers, too: where the caller may read them.
    pub q_handlers: bool,
    /// Handled by this person of the unit; folded.
    pub handler: Option<String>,
    /// In the area of this code, of a county, a township or a community.
    pub area: Option<String>,
    /// Due at or after this instant.
    pub due_from: Option<Timestamp>,
    /// Due before this instant.
    pub due_to: Option<Timestamp>,
    /// Closed at or after this instant.
    pub closed_from: Option<Timestamp>,
    /// Closed before this instant.
    pub closed_to: Option<Timestamp>,
    /// Closed with a fix that was in time (`true`); or late, closed or not, at an instant (`false`).
    pub on_time: Option<(bool, Timestamp)>,
    /// A relapse (`true`) or not.
    pub rebound: Option<bool>,
    /// Reminded of so often, or more often, 1–9.
    pub reminded_min: Option<i32>,
    /// In this round or a later one.
    pub round_min: Option<i32>,
    /// With doubts (`true`) or without.
    pub flagged: Option<bool>,
    /// With a pending request of any of these kinds; empty for all.
    pub pending: Vec<RequestKind>,
}

impl Filter {
    fn texts(&self) -> Texts {
        if self.q.is_some() { Texts::Needed } else { Texts::LeftOut }
    }
}

/// The order of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// Earliest deadline first; issues without one last.
    DueAt,
    /// Latest first: by receipt, or by release for callers who may not know the receipt.
    CreatedDesc,
    /// Earliest first, by the same time.
    Oldest,
}

/// The end of a page: the sort key and the id of its last row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// Microseconds.
    pub key: i64,
    /// Distinguishes rows with equal keys.
    pub id: IssueId,
}

/// One page of ids, and the cursor of the next page if there is one.
pub fn list(
    conn: &mut Conn,
    cache: &SetCache,
    scope: Scope,
    filter: &Filter,
    sort: Sort,
    after: Option<Cursor>,
    limit: usize,
) -> Result<(Vec<IssueId>, Option<Cursor>), StoreError> {
    let mut index = Index::open(conn, cache, filter.texts())?;
    let found = matching(&mut index, scope, filter)?;
    let direction = match sort {
        Sort::DueAt | Sort::Oldest => Direction::Ascending,
        Sort::CreatedDesc => Direction::Descending,
    };
    let after = after.map(|cursor| (cursor.key, cursor.id));
    let mut keyed = Vec::new();
    for (order, part) in heads(&mut index, scope, sort, found)? {
        keyed.extend(index.first(&part, (order, direction), after, limit + 1)?);
    }
    match direction {
        Direction::Ascending => keyed.sort_unstable(),
        Direction::Descending => keyed.sort_unstable_by_key(|keyed| Reverse(*keyed)),
    }
    let more = keyed.len() > limit;
    keyed.truncate(limit);
    let next = keyed.last().filter(|_| more).map(|(key, id)| Cursor { key: *key, id: *id });
    Ok((keyed.into_iter().map(|(_, id)| id).collect(), next))
}

/// The number of issues in each state that has any, and of those that are overdue at an instant.
pub fn count(
    conn: &mut Conn,
    cache: &SetCache,
    scope: Scope,
    filter: &Filter,
    now: Timestamp,
) -> Result<(Vec<(State, i64)>, i64), StoreError> {
    let mut index = Index::open(conn, cache, filter.texts())?;
    let found = matching(&mut index, scope, filter)?;
    let terms: Vec<Term<'_>> = State::ALL.iter().map(|state| Term::State(*state)).collect();
    let mut by_state = Vec::new();
    for (state, set) in State::ALL.iter().zip(index.sets(&terms)?) {
        let count = found.intersection_len(&set);
        if count > 0 {
            by_state.push((*state, whole(count)));
        }
    }
    let overdue = overdue(&mut index, &found, now)?;
    Ok((by_state, whole(overdue.len())))
}

fn whole(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// The parts of a list that are sorted by different times, each with its order.
fn heads(
    index: &mut Index<'_>,
    scope: Scope,
    sort: Sort,
    found: RoaringBitmap,
) -> Result<Vec<(Order, RoaringBitmap)>, StoreError> {
    Ok(match (sort, scope.created()) {
        (Sort::DueAt, _) => vec![(Order::Due, found)],
        (Sort::CreatedDesc | Sort::Oldest, Created::Receipt) => vec![(Order::Receipt, found)],
        (Sort::CreatedDesc | Sort::Oldest, Created::Release) => vec![(Order::Release, found)],
        (Sort::CreatedDesc | Sort::Oldest, Created::OwnReceipt(user)) => {
            let own = union(&index.sets(&[Term::Finder(user)])?);
            vec![(Order::Receipt, &found & &own), (Order::Release, found - own)]
        }
    })
}

/// Every issue that the caller may see and that matches the filter.
pub(super) fn matching(index: &mut Index<'_>, scope: Scope, filter: &Filter) -> Result<RoaringBitmap, StoreError> {
    // Each of them, so that none is accepted and then ignored.
    let Filter {
        states,
        unit_id,
        point_id,
        campaign,
        item_code,
        facets,
        overdue: is_overdue,
        from,
        to,
        q,
        q_points,
        q_items,
        q_handlers,
        handler,
        area,
        due_from,
        due_to,
        closed_from,
        closed_to,
        on_time,
        rebound,
        reminded_min,
        round_min,
        flagged,
        pending,
    } = filter;
    // An issue matches when it has one of the terms of each of these.
    let mut all_of: Vec<Vec<Term<'_>>> = match &scope {
        Scope::Nothing => return Ok(RoaringBitmap::new()),
        Scope::Involved(user) => vec![vec![Term::Finder(*user), Term::Checker(*user), Term::LookBack(*user)]],
        Scope::Unit(unit) => vec![vec![Term::Unit(*unit)], vec![Term::Released]],
        Scope::Campaign(code) => vec![vec![Term::Campaign(code.as_str())], vec![Term::Released]],
        Scope::Released => vec![vec![Term::Released]],
        Scope::All => vec![vec![Term::All]],
    };
    let mut none_of = Vec::new();
    if !states.is_empty() {
        all_of.push(states.iter().map(|state| Term::State(*state)).collect());
    }
    all_of.extend(unit_id.map(|unit| vec![Term::Unit(unit)]));
    all_of.extend(point_id.map(|point| vec![Term::Point(point)]));
    all_of.extend(campaign.as_deref().map(|campaign| vec![Term::Campaign(campaign)]));
    all_of.extend(item_code.as_deref().map(|item| vec![Term::Item(item)]));
    all_of.extend(facets.chosen().map(|(facet, code)| vec![Term::Facet(facet, code)]));
    all_of.extend(area.as_deref().map(|area| vec![Term::Area(area)]));
    all_of.extend(handler.as_deref().map(|handler| vec![Term::Handler(handler)]));
    all_of.extend(reminded_min.filter(|times| *times > 0).map(|times| vec![Term::Reminded(times)]));
    match rebound {
        Some(true) => all_of.push(vec![Term::Rebound]),
        Some(false) => none_of.push(Term::Rebound),
        None => {}
    }
    if let Some((true, _)) = on_time {
        all_of.push(vec![Term::OnTime]);
    }
    // Every issue is in a first round.
    all_of.extend(round_min.filter(|round| *round > 1).map(|round| vec![Term::Round(round)]));
    match flagged {
        Some(true) => all_of.push(vec![Term::Flagged]),
        Some(false) => none_of.push(Term::Flagged),
        None => {}
    }
    if !pending.is_empty() {
        all_of.push(pending.iter().map(|kind| Term::Pending(*kind)).collect());
    }
    let mut found = having(index, &all_of, &none_of)?;
    if let Some((wanted, now)) = is_overdue {
        let late = overdue(index, &found, *now)?;
        found = if *wanted { late } else { found - late };
    }
    if let Some((false, now)) = on_time {
        found = late(index, &found, *now)?;
    }
    for (order, from, to) in [(Order::Due, due_from, due_to), (Order::Closing, closed_from, closed_to)] {
        if from.is_some() || to.is_some() {
            found = between(index, order, found, *from, *to)?;
        }
    }
    if from.is_some() || to.is_some() {
        found = entered(index, scope, found, *from, *to)?;
    }
    if let Some(words) = q {
        let mut fitting = index.containing(words, &found)?;
        let points: Vec<Term<'_>> = q_points.iter().map(|point| Term::Point(*point)).collect();
        fitting |= union(&index.sets(&points)?) & &found;
        let items: Vec<Term<'_>> = q_items.iter().map(|code| Term::Item(code)).collect();
        fitting |= union(&index.sets(&items)?) & &found;
        if *q_handlers {
            fitting |= index.handled_by(words, &found)?;
        }
        found = fitting;
    }
    Ok(found)
}

/// The issues with at least one term of each list and without any of `none_of`. The sets are read in one query.
fn having(index: &mut Index<'_>, all_of: &[Vec<Term<'_>>], none_of: &[Term<'_>]) -> Result<RoaringBitmap, StoreError> {
    let terms: Vec<Term<'_>> = all_of.iter().flatten().chain(none_of).copied().collect();
    let mut sets = index.sets(&terms)?.into_iter();
    let mut conditions: Vec<RoaringBitmap> =
        all_of.iter().map(|any_of| union(&sets.by_ref().take(any_of.len()).collect::<Vec<_>>())).collect();
    conditions.sort_by_key(RoaringBitmap::len);
    let all = conditions.into_iter().reduce(|found, next| found & next).unwrap_or_default();
    Ok(sets.fold(all, |found, unwanted| found - &*unwanted))
}

pub(super) fn union(sets: &[Arc<RoaringBitmap>]) -> RoaringBitmap {
    let mut all = RoaringBitmap::new();
    for set in sets {
        all |= &**set;
    }
    all
}

/// Those whose fix is late at an instant.
pub(super) fn overdue(
    index: &mut Index<'_>,
    found: &RoaringBitmap,
    now: Timestamp,
) -> Result<RoaringBitmap, StoreError> {
    let owing: Vec<Term<'_>> = State::OWING.iter().map(|state| Term::State(*state)).collect();
    let owing = union(&index.sets(&owing)?) & found;
    index.before(Order::Due, now, &owing)
}

/// Those that were received, or released where the caller may not know when they were received, at or after `from` and
/// before `to`.
pub(super) fn entered(
    index: &mut Index<'_>,
    scope: Scope,
    found: RoaringBitmap,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
) -> Result<RoaringBitmap, StoreError> {
    let mut within = RoaringBitmap::new();
    for (order, part) in heads(index, scope, Sort::CreatedDesc, found)? {
        within |= between(index, order, part, from, to)?;
    }
    Ok(within)
}

/// Those that were closed with a late fix, or whose fix is late at an instant.
pub(super) fn late(index: &mut Index<'_>, found: &RoaringBitmap, now: Timestamp) -> Result<RoaringBitmap, StoreError> {
    Ok((union(&index.sets(&[Term::Late])?) & found) | overdue(index, found, now)?)
}

/// Those at or after `from` and before `to` in an order.
pub(super) fn between(
    index: &mut Index<'_>,
    order: Order,
    mut found: RoaringBitmap,
    from: Option<Timestamp>,
    to: Option<Timestamp>,
) -> Result<RoaringBitmap, StoreError> {
    // An issue that is not released, closed or due has no such time.
    let mut to = to;
    match order {
        Order::Receipt => {}
        Order::Release => found &= union(&index.sets(&[Term::Released])?),
        Order::Closing => found &= union(&index.sets(&[Term::Closed])?),
        Order::Due => to = to.or(Some(Timestamp::from_micros(i64::MAX))),
    }
    if let Some(to) = to {
        found = index.before(order, to, &found)?;
    }
    if let Some(from) = from {
        let earlier = index.before(order, from, &found)?;
        found -= earlier;
    }
    Ok(found)
}
