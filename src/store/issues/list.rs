//! Lists and counts of issues, filtered in SQL by what the caller may see.

use std::cmp::Reverse;

use diesel::dsl::{case_when, count_star, exists};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use crate::domain::campaign::CampaignCode;
use crate::domain::ids::{IssueId, PointId, UnitId, UserId};
use crate::domain::issue::{RequestKind, RequestState, Severity, State};
use crate::domain::time::Timestamp;
use crate::store::schema::{issue_flags, issue_requests, issues, points};
use crate::store::search::search_form;
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

/// The time that an inspector's list is sorted by.
macro_rules! own_receipt {
    ($user:expr) => {
        case_when(issues::finder_id.eq($user), issues::received_at.nullable()).otherwise(issues::released_at)
    };
}

/// A page sorted by a time that may be missing; issues without it are on no page.
macro_rules! by_instant {
    ($query:ident, $instant:expr, $after:expr, $fetched:expr, $conn:expr, $order:ident, $from:ident, $beyond:ident) => {{
        if let Some(cursor) = $after {
            let at = Timestamp::from_micros(cursor.key);
            let beyond = $instant.$beyond(at).or(issues::id.$beyond(cursor.id).nullable());
            $query = $query.filter($instant.$from(at).and(beyond).assume_not_null());
        }
        let rows: Vec<(IssueId, Option<Timestamp>)> = $query
            .order(($instant.$order(), issues::id.$order()))
            .limit($fetched)
            .select((issues::id, $instant))
            .load($conn)?;
        rows.into_iter().filter_map(|(id, at)| Some((id, at?.as_micros()))).collect()
    }};
}

macro_rules! latest {
    ($($page:tt)+) => { by_instant!($($page)+, desc, le, lt) };
}

macro_rules! oldest {
    ($($page:tt)+) => { by_instant!($($page)+, asc, ge, gt) };
}

/// The filter of a request.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
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
    /// Of this severity.
    pub severity: Option<Severity>,
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
    /// In this round or a later one.
    pub round_min: Option<i32>,
    /// With doubts (`true`) or without.
    pub flagged: Option<bool>,
    /// With a pending request of any of these kinds; empty for all.
    pub pending: Vec<RequestKind>,
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

macro_rules! narrow {
    ($query:ident, $scope:expr, $filter:expr) => {
        match $scope {
            Scope::Nothing => $query = $query.filter(issues::seq.lt(0)),
            Scope::Involved(user) => {
                $query = $query.filter(
                    issues::finder_id
                        .eq(user)
                        .or(issues::checker_id.eq(user).and(issues::checker_id.is_not_null()).assume_not_null())
                        .or(issues::look_back_inspector_id
                            .eq(user)
                            .and(issues::look_back_inspector_id.is_not_null())
                            .assume_not_null()),
                );
            }
            Scope::Unit(unit) => {
                $query = $query.filter(issues::unit_id.eq(unit)).filter(issues::released_at.is_not_null());
            }
            // SQLite, which keeps no statistics, would look through all of the campaign rather than at the few.
            Scope::Campaign(code) if finds_few($filter) => {
                $query = $query.filter(issues::campaign.concat("").eq(code)).filter(issues::released_at.is_not_null());
            }
            Scope::Campaign(code) => {
                $query = $query.filter(issues::campaign.eq(code)).filter(issues::released_at.is_not_null());
            }
            Scope::Released => $query = $query.filter(issues::released_at.is_not_null()),
            Scope::All => {}
        }
        // Each of them, so that none is accepted and then ignored.
        let Filter {
            states,
            unit_id,
            point_id,
            campaign,
            item_code,
            severity,
            overdue,
            from,
            to,
            q,
            q_points,
            round_min,
            flagged,
            pending,
        } = $filter;
        match states.as_slice() {
            [] => {}
            [state] => $query = $query.filter(issues::state.eq(*state)),
            states => $query = $query.filter(issues::state.eq_any(states)),
        }
        if let Some(unit) = unit_id {
            $query = $query.filter(issues::unit_id.eq(*unit));
        }
        if let Some(point) = point_id {
            $query = $query.filter(issues::point_id.eq(*point));
        }
        if let Some(campaign) = campaign {
            $query = $query.filter(issues::campaign.eq(campaign));
        }
        if let Some(item) = item_code {
            $query = $query.filter(issues::item_code.eq(item));
        }
        if let Some(severity) = severity {
            $query = $query.filter(issues::severity.eq(*severity));
        }
        match overdue {
            Some((true, now)) => {
                if !matches!(states.as_slice(), [state] if State::OWING.contains(state)) {
                    $query = $query.filter(issues::state.eq_any(State::OWING));
                }
                $query = $query.filter(issues::due_order.lt(now.as_micros()));
            }
            Some((false, now)) => {
                $query = $query.filter(issues::state.ne_all(State::OWING).or(issues::due_order.ge(now.as_micros())));
            }
            None => {}
        }
        match $scope.created() {
            Created::Receipt => {
                if let Some(from) = *from {
                    $query = $query.filter(issues::received_at.ge(from));
                }
                if let Some(to) = *to {
                    $query = $query.filter(issues::received_at.lt(to));
                }
            }
            Created::OwnReceipt(user) => {
                if let Some(from) = *from {
                    $query = $query.filter(own_receipt!(user).ge(from));
                }
                if let Some(to) = *to {
                    $query = $query.filter(own_receipt!(user).lt(to));
                }
            }
            Created::Release => {
                if let Some(from) = *from {
                    $query = $query.filter(issues::released_at.ge(from));
                }
                if let Some(to) = *to {
                    $query = $query.filter(issues::released_at.lt(to));
                }
            }
        }
        if let Some(words) = q {
            // The text is folded before escaping: a full-width percent sign becomes one, too.
            let pattern = like_pattern(words);
            let at_point = points::table
                .filter(points::id.eq(issues::point_id))
                .filter(search_form(points::name).like(pattern.clone()).escape('\\'));
            $query = $query.filter(
                search_form(issues::description)
                    .like(pattern.clone())
                    .escape('\\')
                    .or(issues::number.like(pattern).escape('\\').and(issues::number.is_not_null()).assume_not_null())
                    .or(exists(at_point))
                    .or(issues::point_id.eq_any(q_points)),
            );
        }
        if let Some(round) = round_min {
            $query = $query.filter(issues::round.ge(*round));
        }
        if let Some(flagged) = flagged {
            let doubts = issue_flags::table.filter(issue_flags::issue_id.eq(issues::id));
            $query =
                if *flagged { $query.filter(exists(doubts)) } else { $query.filter(diesel::dsl::not(exists(doubts))) };
        }
        if !pending.is_empty() {
            // From the few pending requests to their issues, not from every issue to its requests.
            let asked = issue_requests::table
                .filter(issue_requests::state.eq(RequestState::Pending))
                .filter(issue_requests::kind.eq_any(pending))
                .select(issue_requests::issue_id);
            $query = $query.filter(issues::id.eq_any(asked));
        }
    };
}

/// `%words%` with the special characters of a pattern escaped.
fn like_pattern(words: &str) -> String {
    let escaped = words.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{escaped}%")
}

/// One page of ids, and the cursor of the next page if there is one.
pub fn list(
    conn: &mut Conn,
    scope: Scope,
    filter: &Filter,
    sort: Sort,
    after: Option<Cursor>,
    limit: usize,
) -> Result<(Vec<IssueId>, Option<Cursor>), StoreError> {
    let fetched = i64::try_from(limit + 1).unwrap_or(i64::MAX);
    let (scope, filter) = settled(scope, filter);
    let mut keyed = Vec::new();
    match by_state(scope, &filter) {
        None => keyed = head(conn, scope, &filter, sort, after, fetched)?,
        Some(states) => {
            for state in states {
                let filter = Filter { states: vec![state], ..filter.clone() };
                keyed.extend(head(conn, scope, &filter, sort, after, fetched)?);
            }
            match sort {
                Sort::DueAt | Sort::Oldest => keyed.sort_unstable_by_key(|(id, key)| (*key, *id)),
                Sort::CreatedDesc => keyed.sort_unstable_by_key(|(id, key)| Reverse((*key, *id))),
            }
        }
    }
    let more = keyed.len() > limit;
    let page = keyed.get(..limit.min(keyed.len())).unwrap_or_default();
    let next = page.last().filter(|_| more).map(|(id, key)| Cursor { key: *key, id: *id });
    Ok((page.iter().map(|(id, _)| *id).collect(), next))
}

/// The same question, asking once for what scope and filter both say, and for nothing where they exclude each other:
/// two conditions on one column would each be looked for in all that fits the other.
fn settled(scope: Scope, filter: &Filter) -> (Scope, Filter) {
    let mut filter = filter.clone();
    let scope = match scope {
        Scope::Campaign(code) => match filter.campaign.take() {
            Some(other) if other != code.as_str() => Scope::Nothing,
            Some(_) | None => scope,
        },
        Scope::Unit(unit) => match filter.unit_id.take() {
            Some(other) if other != unit => Scope::Nothing,
            Some(_) | None => scope,
        },
        Scope::Nothing | Scope::Involved(_) | Scope::Released | Scope::All => scope,
    };
    (scope, filter)
}

/// Whether an index of what is asked for finds fewer issues than a state holds.
fn finds_few(filter: &Filter) -> bool {
    filter.point_id.is_some() || filter.item_code.is_some() || !filter.pending.is_empty()
}

/// The states to query one after the other, if an index has each of them in the order of the list: then a page costs a
/// page of each state, whereas a single query would sort every matching issue. `None` when the list is also narrowed by
/// something else, for which there are other indexes.
fn by_state(scope: Scope, filter: &Filter) -> Option<Vec<State>> {
    let Filter {
        states,
        unit_id: _,
        point_id: _,
        campaign,
        item_code: _,
        severity,
        overdue,
        from,
        to,
        q,
        q_points: _,
        round_min,
        flagged,
        pending: _,
    } = filter;
    // These are looked for in one issue after the other, in whatever order.
    let narrowed = campaign.is_some()
        || severity.is_some()
        || from.is_some()
        || to.is_some()
        || q.is_some()
        || round_min.is_some()
        || flagged.is_some();
    let overdue = matches!(overdue, Some((true, _)));
    let is_asked_by_state = match scope {
        // Their indexes all have the state before the order.
        Scope::Unit(_) | Scope::Campaign(_) | Scope::Released => true,
        Scope::All => (!states.is_empty() || overdue) && !narrowed,
        Scope::Involved(_) | Scope::Nothing => false,
    };
    if finds_few(filter) || !is_asked_by_state {
        return None;
    }
    let asked =
        |state: &State| (states.is_empty() || states.contains(state)) && (!overdue || State::OWING.contains(state));
    Some(State::ALL.iter().copied().filter(asked).collect())
}

/// The first issues after the cursor, each with its key.
fn head(
    conn: &mut Conn,
    scope: Scope,
    filter: &Filter,
    sort: Sort,
    after: Option<Cursor>,
    fetched: i64,
) -> Result<Vec<(IssueId, i64)>, StoreError> {
    let mut query = issues::table.into_boxed();
    narrow!(query, scope, filter);
    Ok(match (sort, scope.created()) {
        (Sort::DueAt, _) => {
            if let Some(cursor) = after {
                query = query.filter(
                    issues::due_order.ge(cursor.key).and(issues::due_order.gt(cursor.key).or(issues::id.gt(cursor.id))),
                );
            }
            query
                .order((issues::due_order.asc(), issues::id.asc()))
                .limit(fetched)
                .select((issues::id, issues::due_order))
                .load(conn)?
        }
        (Sort::CreatedDesc, Created::Receipt) => latest!(query, issues::received_at.nullable(), after, fetched, conn),
        (Sort::CreatedDesc, Created::OwnReceipt(user)) => latest!(query, own_receipt!(user), after, fetched, conn),
        (Sort::CreatedDesc, Created::Release) => latest!(query, issues::released_at, after, fetched, conn),
        (Sort::Oldest, Created::Receipt) => oldest!(query, issues::received_at.nullable(), after, fetched, conn),
        (Sort::Oldest, Created::OwnReceipt(user)) => oldest!(query, own_receipt!(user), after, fetched, conn),
        (Sort::Oldest, Created::Release) => oldest!(query, issues::released_at, after, fetched, conn),
    })
}

/// The number of issues in each state.
pub fn count(conn: &mut Conn, scope: Scope, filter: &Filter) -> Result<Vec<(State, i64)>, StoreError> {
    let (scope, filter) = settled(scope, filter);
    let mut query = issues::table.group_by(issues::state).select((issues::state, count_star())).into_boxed();
    narrow!(query, scope, &filter);
    Ok(query.load(conn)?)
}
