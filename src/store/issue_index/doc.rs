//! What the index stores about one issue.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use super::facets;
use super::term::{Block, LEVELS, Order, Term, slot_in};
use crate::domain::calendar::{CalendarRules, WorkCalendar};
use crate::domain::ids::{IssueId, PointId, UnitId, UserId};
use crate::domain::issue::{Facets, RequestKind, RequestState, State};
use crate::domain::limits::REMINDERS_MAX;
use crate::domain::search;
use crate::domain::time::Timestamp;
use crate::store::dialect::each_some;
use crate::store::schema::{issue_flags, issue_index_docs, issue_requests, issues, points};
use crate::store::settings;
use crate::store::{Conn, StoreError};

/// Between the texts of an issue; no text contains it.
const BETWEEN: char = '\u{1}';
/// Between kinds of requests.
const COMMA: char = ',';

/// What the index knows of one issue.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = issue_index_docs)]
pub(super) struct Doc {
    pub seq: i64,
    pub id: IssueId,
    state: State,
    round: i32,
    #[diesel(embed)]
    facets: facets::Known,
    campaign: String,
    item_code: String,
    point_id: PointId,
    unit_id: Option<UnitId>,
    finder_id: UserId,
    checker_id: Option<UserId>,
    look_back_inspector_id: Option<UserId>,
    pub received_at: Timestamp,
    pub released_at: Option<Timestamp>,
    pub due_order: i64,
    flagged: bool,
    /// The kinds of its pending requests.
    pending: String,
    /// Its description, its number and the name of its point, folded.
    words: String,
    area_code: String,
    /// The folded name of its handler; empty when nobody is named.
    handler: String,
    is_rebound: bool,
    reminders: i32,
    on_time: Option<bool>,
    closed_at: Option<Timestamp>,
    /// Civil days from its release to its closing, at most [`DAYS_OPEN_MAX`].
    days_open: Option<i32>,
}

/// Most days that are distinguished. Source: our choice; the longest limit is 30 days.
pub(in crate::store) const DAYS_OPEN_MAX: i32 = 99;
/// Lengths of the codes of a county, a township and a community. Source: GB/T 2260, GB/T 10114.
const AREA_LENGTHS: [usize; 3] = [6, 9, 12];

/// The columns of `issues` and `points` that make a [`Doc`].
type Row = (
    (i64, IssueId, State, i32, facets::Present, String, String, PointId, Option<UnitId>, UserId),
    (Option<UserId>, Option<UserId>, Timestamp, Option<Timestamp>, i64),
    (String, Option<String>, String),
    (String, Option<String>, i32, Option<i32>, Option<bool>, Option<Timestamp>),
);

/// Whether the texts of issues are needed: folding them takes longer than reading the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::store) enum Texts {
    /// They are.
    Needed,
    /// They are left empty.
    LeftOut,
}

/// These issues as they are now.
pub(super) fn present(conn: &mut Conn, seqs: &[i64], texts: Texts) -> Result<Vec<Doc>, StoreError> {
    let rows: Vec<Row> = each_some(seqs, |some| {
        Ok(issues::table
            .inner_join(points::table.on(points::id.eq(issues::point_id)))
            .filter(issues::seq.eq_any(some))
            .select((
                (
                    issues::seq,
                    issues::id,
                    issues::state,
                    issues::round,
                    facets::PRESENT,
                    issues::campaign,
                    issues::item_code,
                    issues::point_id,
                    issues::unit_id,
                    issues::finder_id,
                ),
                (
                    issues::checker_id,
                    issues::look_back_inspector_id,
                    issues::received_at,
                    issues::released_at,
                    issues::due_order,
                ),
                (issues::description, issues::number, points::name),
                (
                    issues::area_code,
                    issues::handler,
                    issues::chain_no,
                    issues::reminders,
                    issues::on_time,
                    issues::closed_at,
                ),
            ))
            .load(conn)?)
    })?;
    let ids: Vec<IssueId> = rows.iter().map(|(first, ..)| first.1).collect();
    let flagged: HashSet<IssueId> = each_some(&ids, |some| {
        Ok(issue_flags::table
            .filter(issue_flags::issue_id.eq_any(some))
            .select(issue_flags::issue_id)
            .distinct()
            .load(conn)?)
    })?
    .into_iter()
    .collect();
    let asked: Vec<(IssueId, RequestKind)> = each_some(&ids, |some| {
        Ok(issue_requests::table
            .filter(issue_requests::issue_id.eq_any(some))
            .filter(issue_requests::state.eq(RequestState::Pending))
            .select((issue_requests::issue_id, issue_requests::kind))
            .load(conn)?)
    })?;
    let mut pending: HashMap<IssueId, HashSet<RequestKind>> = HashMap::new();
    for (id, kind) in asked {
        pending.entry(id).or_default().insert(kind);
    }
    let is_closed = rows.iter().any(|(.., (.., closed_at))| closed_at.is_some());
    let calendar = if is_closed { Some(calendar(conn)?) } else { None };
    let made = rows.into_iter().map(|(first, second, (description, number, name), third)| {
        let (area_code, handler, chain_no, reminders, on_time, closed_at) = third;
        let (seq, id, state, round, facets, campaign, item_code, point_id, unit_id, finder_id) = first;
        let (checker_id, look_back_inspector_id, received_at, released_at, due_order) = second;
        let kinds = RequestKind::ALL.iter().filter(|kind| pending.get(&id).is_some_and(|asked| asked.contains(kind)));
        let words = match texts {
            Texts::Needed => [description, number.unwrap_or_default(), name]
                .map(|text| search::fold(&text))
                .join(&BETWEEN.to_string()),
            Texts::LeftOut => String::new(),
        };
        Doc {
            seq,
            id,
            state,
            round,
            facets: facets.into(),
            campaign,
            item_code,
            point_id,
            unit_id,
            finder_id,
            checker_id,
            look_back_inspector_id,
            received_at,
            released_at,
            due_order,
            flagged: flagged.contains(&id),
            pending: kinds.map(|kind| kind.as_str()).collect::<Vec<_>>().join(&COMMA.to_string()),
            words,
            area_code,
            handler: handler.as_deref().map(search::fold).unwrap_or_default(),
            is_rebound: chain_no > 0,
            reminders: reminders.unwrap_or_default(),
            on_time: on_time.filter(|_| closed_at.is_some()),
            closed_at,
            days_open: calendar.as_ref().and_then(|calendar| days_between(released_at?, closed_at?, calendar)),
        }
    });
    Ok(made.collect())
}

/// The calendar of the county, for its time zone.
fn calendar(conn: &mut Conn) -> Result<WorkCalendar, StoreError> {
    let (version, rules) = match settings::newest_calendar(conn)? {
        Some((version, body)) => {
            (version, serde_json::from_str(&body).map_err(|error| StoreError::Corrupt(error.to_string()))?)
        }
        None => (0, CalendarRules::plain()),
    };
    WorkCalendar::new(version, rules).map_err(|error| StoreError::Corrupt(error.to_string()))
}

/// Civil days from one instant to another. Not the time between them: together with the half day of the closing, which
/// units may know, that would tell more of it.
fn days_between(from: Timestamp, to: Timestamp, calendar: &WorkCalendar) -> Option<i32> {
    let days = calendar.civil_date(to).duration_since(calendar.civil_date(from)).as_hours() / 24;
    i32::try_from(days.clamp(0, i64::from(DAYS_OPEN_MAX))).ok()
}

/// What the index knows of these issues.
pub(super) fn known(conn: &mut Conn, seqs: &[i64]) -> Result<Vec<Doc>, StoreError> {
    each_some(seqs, |some| {
        Ok(issue_index_docs::table.filter(issue_index_docs::seq.eq_any(some)).select(Doc::as_select()).load(conn)?)
    })
}

/// Whether folded texts, as they are kept, contain folded words.
pub(super) fn contain(texts: &str, words: &str) -> bool {
    texts.split(BETWEEN).any(|text| text.contains(words))
}

/// What an issue with these times is sorted by; `None` when it is in no list of this order.
pub(super) fn key_in(
    order: Order,
    received_at: Timestamp,
    released_at: Option<Timestamp>,
    due_order: i64,
    closed_at: Option<Timestamp>,
) -> Option<i64> {
    match order {
        Order::Receipt => Some(received_at.as_micros()),
        Order::Release => released_at.map(Timestamp::as_micros),
        Order::Due => Some(due_order),
        Order::Closing => closed_at.map(Timestamp::as_micros),
    }
}

impl Doc {
    /// Whether one of its texts contains folded words.
    pub(super) fn contains(&self, words: &str) -> bool {
        contain(&self.words, words)
    }

    /// Whether its handler's name contains folded words.
    pub(super) fn is_handled_by(&self, words: &str) -> bool {
        self.handler.contains(words)
    }

    /// What it is sorted by.
    pub(super) fn key(&self, order: Order) -> Option<i64> {
        key_in(order, self.received_at, self.released_at, self.due_order, self.closed_at)
    }

    /// Hands over every term of this issue but those of its texts.
    pub(super) fn each_fact(&self, mut take: impl FnMut(Term<'_>)) {
        let Doc {
            seq: _,
            id,
            state,
            round,
            facets,
            campaign,
            item_code,
            point_id,
            unit_id,
            finder_id,
            checker_id,
            look_back_inspector_id,
            received_at: _,
            released_at,
            due_order: _,
            flagged,
            pending,
            words: _,
            area_code,
            handler,
            is_rebound,
            reminders,
            on_time,
            closed_at,
            days_open,
        } = self;
        take(Term::All);
        take(Term::State(*state));
        Facets::from(facets).chosen().for_each(|(facet, code)| take(Term::Facet(facet, code)));
        take(Term::Campaign(campaign));
        take(Term::Item(item_code));
        take(Term::Point(*point_id));
        take(Term::Finder(*finder_id));
        (2..=*round).for_each(|round| take(Term::Round(round)));
        released_at.iter().for_each(|_| take(Term::Released));
        unit_id.iter().for_each(|unit| take(Term::Unit(*unit)));
        checker_id.iter().for_each(|user| take(Term::Checker(*user)));
        look_back_inspector_id.iter().for_each(|user| take(Term::LookBack(*user)));
        if *flagged {
            take(Term::Flagged);
        }
        AREA_LENGTHS.iter().filter_map(|length| area_code.get(..*length)).for_each(|code| take(Term::Area(code)));
        if !handler.is_empty() {
            take(Term::Handler(handler));
            search::runs_of(std::iter::once(handler.as_str())).into_keys().for_each(|run| take(Term::HandlerRun(run)));
        }
        if *is_rebound {
            take(Term::Rebound);
        }
        (1..=(*reminders).min(REMINDERS_MAX)).for_each(|times| take(Term::Reminded(times)));
        closed_at.iter().for_each(|_| take(Term::Closed));
        on_time.iter().for_each(|in_time| take(if *in_time { Term::OnTime } else { Term::Late }));
        days_open.iter().for_each(|days| take(Term::DaysOpen(*days)));
        pending.split(COMMA).filter_map(RequestKind::parse).for_each(|kind| take(Term::Pending(kind)));
        for order in Order::ALL {
            if let Some(key) = self.key(order) {
                let slot = slot_in(order, key, *id);
                (0..LEVELS).for_each(|level| take(Term::Block(Block::around(order, level, slot))));
            }
        }
    }

    /// Hands over every term of its texts.
    pub(super) fn each_run(&self, mut take: impl FnMut(Term<'_>)) {
        for (run, repeated) in search::runs_of(self.words.split(BETWEEN)) {
            take(Term::Run(run));
            if repeated {
                take(Term::Repeated(run));
            }
        }
    }
}
