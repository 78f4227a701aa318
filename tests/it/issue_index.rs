//! Lists, counts and searches are answered from the index of issues. Here they are compared with reading all issues,
//! while the job that updates the index has run completely, halfway or not at all.

use std::collections::BTreeMap;

use anfang::domain::campaign::CampaignCode;
use anfang::domain::ids::{IssueId, PointId, UnitId, UserId};
use anfang::domain::issue::{Facet, Facets, Issue, RequestKind, RequestState, State};
use anfang::domain::search::fold;
use anfang::domain::time::{Clock as _, Timestamp};
use anfang::seed::demo;
use anfang::store::issue_index::{self, SetCache};
use anfang::store::issues::{self, Cursor, Filter, Scope, Sort};
use anfang::store::{Conn, StoreError, dialect, evidence, reference};
use diesel::connection::SimpleConnection;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};

use crate::support::service::Service;

/// All that a filter may ask of an issue.
struct Read {
    issue: Issue,
    /// Its description, its number and the name of its point, folded.
    texts: Vec<String>,
    flagged: bool,
}

/// Every issue, read one by one.
fn read_all(conn: &mut Conn) -> Vec<Read> {
    let ids: Vec<IssueId> = issues::page(conn, 0, i64::MAX).unwrap().into_iter().map(|(_, id)| id).collect();
    let names: BTreeMap<PointId, String> = reference::point_names(conn).unwrap().into_iter().collect();
    let found = issues::find_many(conn, &ids).unwrap();
    found
        .into_iter()
        .map(|issue| Read {
            texts: [&issue.finding.description, &names[&issue.finding.point_id]]
                .into_iter()
                .chain(&issue.number)
                .map(|text| fold(text))
                .collect(),
            flagged: !evidence::flags(conn, issue.id).unwrap().is_empty(),
            issue,
        })
        .collect()
}

fn is_in_scope(Read { issue, .. }: &Read, scope: Scope) -> bool {
    let released = issue.assignment.released_at.is_some();
    match scope {
        Scope::Nothing => false,
        Scope::Involved(user) => {
            issue.finding.finder_id == user
                || issue.closing.checker_id == Some(user)
                || issue.closing.look_back_inspector_id == Some(user)
        }
        Scope::Unit(unit) => issue.assignment.unit_id == Some(unit) && released,
        Scope::Campaign(code) => issue.finding.campaign == code.as_str() && released,
        Scope::Released => released,
        Scope::All => true,
    }
}

/// The time that "created" means.
fn created(issue: &Issue, scope: Scope) -> Option<Timestamp> {
    match scope {
        Scope::All => Some(issue.finding.received_at),
        Scope::Involved(user) if issue.finding.finder_id == user => Some(issue.finding.received_at),
        Scope::Involved(_) | Scope::Nothing | Scope::Unit(_) | Scope::Campaign(_) | Scope::Released => {
            issue.assignment.released_at
        }
    }
}

fn is_late(issue: &Issue, now: Timestamp) -> bool {
    State::OWING.contains(&issue.state) && issue.clock.due_at.is_some_and(|due| due < now)
}

fn matches(read: &Read, scope: Scope, filter: &Filter) -> bool {
    let Read { issue, texts, flagged: has_doubts } = read;
    let Filter {
        states,
        unit_id,
        point_id,
        campaign,
        item_code,
        facets,
        overdue,
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
    let at = created(issue, scope);
    let (due, closed) = (issue.clock.due_at, issue.closing.closed_at);
    let within = |at: Option<Timestamp>, from: &Option<Timestamp>, to: &Option<Timestamp>| {
        from.is_none_or(|from| at.is_some_and(|at| at >= from)) && to.is_none_or(|to| at.is_some_and(|at| at < to))
    };
    let by = issue.assignment.handler.as_deref().map(fold).unwrap_or_default();
    let in_time = closed.and(issue.closing.on_time);
    let fits_time = |(wanted, now): (bool, Timestamp)| match wanted {
        true => in_time == Some(true),
        false => in_time == Some(false) || is_late(issue, now),
    };
    let waits = |kind: &RequestKind| {
        issue.requests.iter().any(|request| request.kind == *kind && request.state == RequestState::Pending)
    };
    let says = |words: &String| texts.iter().any(|text| text.contains(words));
    is_in_scope(read, scope)
        && (states.is_empty() || states.contains(&issue.state))
        && unit_id.is_none_or(|unit| issue.assignment.unit_id == Some(unit))
        && point_id.is_none_or(|point| issue.finding.point_id == point)
        && campaign.as_ref().is_none_or(|campaign| issue.finding.campaign == *campaign)
        && item_code.as_ref().is_none_or(|item| issue.finding.item_code == *item)
        && facets.fit(issue)
        && overdue.is_none_or(|(wanted, now)| is_late(issue, now) == wanted)
        && within(at, from, to)
        && within(due, due_from, due_to)
        && within(closed, closed_from, closed_to)
        && q.as_ref().is_none_or(|words| {
            says(words)
                || q_points.contains(&issue.finding.point_id)
                || q_items.contains(&issue.finding.item_code)
                || (*q_handlers && by.contains(words.as_str()))
        })
        && handler.as_ref().is_none_or(|name| by == *name)
        && area.as_ref().is_none_or(|area| issue.finding.area_code.starts_with(area.as_str()))
        && on_time.is_none_or(fits_time)
        && rebound.is_none_or(|wanted| (issue.finding.chain_no > 0) == wanted)
        && reminded_min.is_none_or(|times| issue.assignment.reminders.is_some_and(|count| count >= times))
        && round_min.is_none_or(|round| issue.round >= round)
        && flagged.is_none_or(|flagged| *has_doubts == flagged)
        && (pending.is_empty() || pending.iter().any(waits))
}

/// The ids of a list, as reading all issues gives them.
fn scan(all: &[Read], scope: Scope, filter: &Filter, sort: Sort) -> Vec<IssueId> {
    let mut found: Vec<(i64, IssueId)> = all
        .iter()
        .filter(|read| matches(read, scope, filter))
        .filter_map(|Read { issue, .. }| {
            let key = match sort {
                Sort::DueAt => issue.clock.due_at.map_or(i64::MAX, Timestamp::as_micros),
                Sort::CreatedDesc | Sort::Oldest => created(issue, scope)?.as_micros(),
            };
            Some((key, issue.id))
        })
        .collect();
    found.sort_unstable();
    if sort == Sort::CreatedDesc {
        found.reverse();
    }
    found.into_iter().map(|(_, id)| id).collect()
}

/// All pages of a list.
fn pages(conn: &mut Conn, cache: &SetCache, scope: Scope, filter: &Filter, sort: Sort, limit: usize) -> Vec<IssueId> {
    let (mut ids, mut after): (Vec<IssueId>, Option<Cursor>) = (Vec::new(), None);
    loop {
        let (page, next) = issues::list(conn, cache, scope, filter, sort, after, limit).unwrap();
        assert!(page.len() == limit || next.is_none());
        ids.extend(page);
        match next {
            Some(_) => after = next,
            None => return ids,
        }
    }
}

fn assert_like_a_scan(
    conn: &mut Conn,
    cache: &SetCache,
    all: &[Read],
    (scope, filter, now, limit): &(Scope, Filter, Timestamp, usize),
) {
    for sort in [Sort::DueAt, Sort::CreatedDesc, Sort::Oldest] {
        let expected = scan(all, *scope, filter, sort);
        assert_eq!(pages(conn, cache, *scope, filter, sort, *limit), expected, "{scope:?} {filter:?} {sort:?}");
    }
    let fitting: Vec<&Read> = all.iter().filter(|read| matches(read, *scope, filter)).collect();
    let mut by_state: BTreeMap<State, i64> = BTreeMap::new();
    for read in &fitting {
        *by_state.entry(read.issue.state).or_default() += 1;
    }
    let late = fitting.iter().filter(|read| is_late(&read.issue, *now)).count();
    let (counted, overdue) = issues::count(conn, cache, *scope, filter, *now).unwrap();
    assert_eq!(counted.into_iter().collect::<BTreeMap<_, _>>(), by_state, "{scope:?} {filter:?}");
    assert_eq!(overdue, i64::try_from(late).unwrap(), "{scope:?} {filter:?}");
}

/// Words of these texts, of every length, and some that are in none.
fn words_of(all: &[Read]) -> Vec<String> {
    let mut words = vec!["没有这样的话".to_owned(), "通".to_owned(), "a".to_owned(), "9".to_owned()];
    let handlers = all.iter().filter_map(|read| read.issue.assignment.handler.as_deref().map(fold));
    let texts: Vec<String> = all.iter().take(80).flat_map(|read| read.texts.clone()).chain(handlers.take(20)).collect();
    for text in texts {
        let text: Vec<char> = text.chars().collect();
        for length in 1..=6 {
            words.push(text.iter().skip((text.len() / 2).saturating_sub(length)).take(length).collect());
        }
    }
    words.retain(|word| fold(word) == *word && !word.is_empty());
    words
}

/// Questions about these issues, such as anybody could ask.
fn questions(all: &[Read], now: Timestamp) -> impl Strategy<Value = (Scope, Filter, Timestamp, usize)> + use<> {
    let of = |read: &Read| read.issue.clone();
    let issue = select(all.iter().map(of).collect::<Vec<Issue>>());
    let people: Vec<UserId> = all
        .iter()
        .flat_map(|read| {
            [
                Some(read.issue.finding.finder_id),
                read.issue.closing.checker_id,
                read.issue.closing.look_back_inspector_id,
            ]
        })
        .flatten()
        .collect();
    let units: Vec<UnitId> = all.iter().filter_map(|read| read.issue.assignment.unit_id).collect();
    let scope = (0..6, select(people), select(units), issue.clone()).prop_map(|(kind, user, unit, issue)| match kind {
        0 => Scope::Involved(user),
        1 => Scope::Unit(unit),
        2 => Scope::Campaign(CampaignCode::parse(&issue.finding.campaign).unwrap()),
        3 => Scope::Released,
        _ => Scope::All,
    });
    let at = |times: Vec<Timestamp>| {
        (select(times), -1_i64..=1, prop::bool::weighted(0.3))
            .prop_map(|(time, off, taken)| taken.then(|| Timestamp::from_micros(time.as_micros() + off)))
    };
    let times: Vec<Timestamp> = all
        .iter()
        .flat_map(|read| [Some(read.issue.finding.received_at), read.issue.assignment.released_at])
        .flatten()
        .collect();
    let dues: Vec<Timestamp> = all.iter().filter_map(|read| read.issue.clock.due_at).chain([now]).collect();
    let closings: Vec<Timestamp> = all.iter().filter_map(|read| read.issue.closing.closed_at).chain([now]).collect();
    let points: Vec<PointId> = all.iter().map(|read| read.issue.finding.point_id).collect();
    let sometimes = |share| prop::bool::weighted(share);
    let which = prop::collection::vec(sometimes(0.12), 17);
    let words = (select(words_of(all)), prop::collection::vec(select(points), 0..3));
    let states = prop::collection::vec(select(State::ALL), 0..4);
    let kinds = prop::collection::vec(select(RequestKind::ALL), 1..3);
    let choices: Vec<Facets> = Facet::ALL
        .iter()
        .flat_map(|facet| facet.codes().into_iter().map(|code| Facets::only(*facet, code).unwrap()))
        .collect();
    let facets =
        (select(choices), sometimes(0.12)).prop_map(|(facets, taken)| if taken { facets } else { Facets::default() });
    (
        scope,
        issue,
        which,
        (words, states, kinds, facets),
        (at(times.clone()), at(times), select(dues.clone())),
        (at(dues.clone()), at(dues), at(closings.clone()), at(closings)),
        (2_i32..4, any::<bool>(), 5_usize..120),
    )
        .prop_map(
            |(
                scope,
                issue,
                which,
                ((q, q_points), states, pending, facets),
                (from, to, now),
                days,
                (round, yes, limit),
            )| {
                let (due_from, due_to, closed_from, closed_to) = days;
                let take = |index: usize| which[index];
                let filter = Filter {
                    states: if take(0) { states } else { Vec::new() },
                    unit_id: issue.assignment.unit_id.filter(|_| take(1)),
                    point_id: take(2).then_some(issue.finding.point_id),
                    campaign: take(3).then(|| issue.finding.campaign.clone()),
                    item_code: take(4).then(|| issue.finding.item_code.clone()),
                    facets: if take(5) { Facets::of(&issue) } else { facets },
                    overdue: take(6).then_some((yes, now)),
                    from,
                    to,
                    q: take(7).then_some(q),
                    q_points,
                    q_items: if take(10) { vec![issue.finding.item_code.clone()] } else { Vec::new() },
                    q_handlers: yes,
                    handler: issue.assignment.handler.as_deref().map(fold).filter(|_| take(11)),
                    area: take(12).then(|| issue.finding.area_code.get(..6).unwrap().to_owned()),
                    due_from: due_from.filter(|_| take(13)),
                    due_to: due_to.filter(|_| take(13)),
                    closed_from: closed_from.filter(|_| take(14)),
                    closed_to: closed_to.filter(|_| take(14)),
                    on_time: take(15).then_some((yes, now)),
                    rebound: take(16).then_some(yes),
                    reminded_min: take(16).then_some(round - 1),
                    round_min: take(8).then_some(round),
                    flagged: take(9).then_some(yes),
                    pending: if take(8) && yes { pending } else { Vec::new() },
                };
                (scope, filter, now, limit)
            },
        )
}

fn ask(conn: &mut Conn, cache: &SetCache, now: Timestamp, cases: u32) {
    let all = read_all(conn);
    let conn = std::cell::RefCell::new(conn);
    let mut runner = TestRunner::new(Config { cases, failure_persistence: None, ..Config::default() });
    runner
        .run(&questions(&all, now), |question| {
            assert_like_a_scan(&mut conn.borrow_mut(), cache, &all, &question);
            Ok(())
        })
        .unwrap();
}

/// Takes in changes until `most` of them are done or none is left.
fn fold_some(conn: &mut Conn, most: i64) {
    dialect::begin_immediate(conn).unwrap();
    issue_index::fold(conn, most).unwrap();
    dialect::commit(conn).unwrap();
}

fn assert_sound(conn: &mut Conn) {
    for chunk in 0..issue_index::chunks(conn).unwrap() {
        issue_index::check(conn, chunk, |id, detail| -> Result<(), StoreError> { panic!("{id}: {detail}") }).unwrap();
    }
}

on_both! {
    fn answers_are_those_of_a_scan(db: TestDb) {
        let service = Service::start_demo(db);
        service.block_on(async |app| demo::fill(app, 600, 48, |_| ()).await.unwrap());
        let (mut conn, cache, now) = (service.database(), SetCache::default(), service.clock.now());
        let all = read_all(&mut conn);
        let everything = (Scope::All, Filter::default(), now, 50);
        assert!(!issue_index::is_behind(&mut conn, 0).unwrap());
        assert_sound(&mut conn);
        // From nothing, as docs/OPERATIONS.md says.
        conn.batch_execute(
            "DELETE FROM issue_index_terms; DELETE FROM issue_index_docs; \
             INSERT INTO issue_index_todo (seq) SELECT seq FROM issues;",
        )
        .unwrap();
        assert_like_a_scan(&mut conn, &cache, &all, &everything);
        ask(&mut conn, &cache, now, 10);
        fold_some(&mut conn, 500);
        ask(&mut conn, &cache, now, 10);
        fold_some(&mut conn, 1_000_000);
        assert!(!issue_index::is_behind(&mut conn, 0).unwrap());
        assert_sound(&mut conn);
        assert_like_a_scan(&mut conn, &cache, &all, &everything);
        ask(&mut conn, &cache, now, 60);
        // Every kind of change, wherever it is written.
        for change in [
            "UPDATE points SET name = '垃圾桶东侧的新名字' WHERE id IN (SELECT point_id FROM issues WHERE seq % 7 = 0)",
            "UPDATE issues SET state = 'rework', round = 3, due_order = due_order - 1000000000, due_at = due_at - 1000000000 \
                WHERE state = 'rectifying'",
            "UPDATE issues SET released_at = received_at + 5 WHERE released_at IS NOT NULL AND seq % 3 = 0",
            "UPDATE issues SET description = '占道经营，垃圾满溢；垃圾桶满溢' WHERE seq % 11 = 0",
            // So many at once that they are not all read and sorted.
            "UPDATE issues SET due_order = 1785700000000000, due_at = 1785700000000000 WHERE due_at IS NOT NULL",
            "UPDATE issues SET received_at = 1785600000000000 + seq % 3 WHERE seq % 5 <> 0",
            "UPDATE issues SET reminders = seq % 4, handler = '张王李' WHERE seq % 4 <> 0",
            "UPDATE issues SET handler = '欧阳娜娜和一个很长的名字' WHERE handler IS NOT NULL AND seq % 3 = 0",
            "UPDATE issues SET on_time = FALSE, closed_at = closed_at - 86400000000 WHERE closed_at IS NOT NULL AND seq % 2 = 0",
            "UPDATE issues SET area_code = '990002001003' WHERE seq % 5 = 0",
            "DELETE FROM issue_flags WHERE issue_id IN (SELECT id FROM issues WHERE seq % 2 = 0)",
            "UPDATE issue_requests SET state = 'lapsed' WHERE state = 'pending' AND kind = 'dispute'",
        ] {
            conn.batch_execute(change).unwrap();
            ask(&mut conn, &cache, now, 8);
            assert_sound(&mut conn);
            fold_some(&mut conn, 60);
            ask(&mut conn, &cache, now, 8);
            fold_some(&mut conn, 1_000_000);
            assert_sound(&mut conn);
            ask(&mut conn, &cache, now, 8);
        }
    }

    fn what_is_not_committed_is_not_in_the_index(db: TestDb) {
        let service = Service::start(db);
        service.drive_to(State::Closed);
        let (mut conn, cache) = (service.database(), SetCache::default());
        fold_some(&mut conn, 1_000);
        service.drive_to(State::Sealed);
        dialect::begin_immediate(&mut conn).unwrap();
        assert!(issue_index::fold(&mut conn, 1_000).unwrap().changes > 0);
        dialect::roll_back(&mut conn).unwrap();
        assert!(issue_index::is_behind(&mut conn, 0).unwrap());
        assert_sound(&mut conn);
        ask(&mut conn, &cache, service.clock.now(), 30);
    }

    /// One cache for all, as a running service has: what it keeps of waiting changes is read again as soon as there is
    /// another, also one with the id of a change that was taken in.
    fn waiting_changes_are_kept_only_while_they_are_all(db: TestDb) {
        let service = Service::start(db);
        let (first, second) = (service.drive_to(State::Submitted), service.drive_to(State::Submitted));
        service.drive_to(State::Closed);
        let (mut conn, cache) = (service.database(), SetCache::default());
        fold_some(&mut conn, 1_000);
        let low = Filter { facets: Facets::only(Facet::Severity, "low").unwrap(), ..Filter::default() };
        let low_now = |conn: &mut Conn| {
            let (found, _) = issues::list(conn, &cache, Scope::All, &low, Sort::Oldest, None, 10).unwrap();
            found.into_iter().map(|id| id.0).collect::<Vec<_>>()
        };
        let set = |conn: &mut Conn, id: uuid::Uuid, change: &str| {
            let key = match conn {
                Conn::Sqlite(_) => format!("x'{}'", id.simple()),
                Conn::Postgres(_) => format!("'\\x{}'", id.simple()),
            };
            conn.batch_execute(&format!("UPDATE issues SET {change} WHERE id = {key}")).unwrap();
        };
        for _ in 0..2 {
            assert!(low_now(&mut conn).is_empty());
            // Nothing differs, and the job has nothing to write.
            set(&mut conn, first, "round = round");
            assert!(low_now(&mut conn).is_empty());
            fold_some(&mut conn, 1_000);
            set(&mut conn, first, "severity = 'low'");
            assert_eq!(low_now(&mut conn), [first]);
            set(&mut conn, second, "severity = 'low'");
            set(&mut conn, first, "severity = 'high'");
            assert_eq!(low_now(&mut conn), [second]);
            // Only the first of them is taken in.
            fold_some(&mut conn, 1);
            assert_eq!(low_now(&mut conn), [second]);
            set(&mut conn, second, "severity = 'high'");
            assert!(low_now(&mut conn).is_empty());
            ask(&mut conn, &cache, service.clock.now(), 10);
            fold_some(&mut conn, 1_000);
            assert_sound(&mut conn);
        }
    }

    /// The job and the requests of others, in the same minutes.
    fn the_index_is_exact_while_everybody_works(db: TestDb) {
        let service = Service::start(db);
        for state in State::ALL {
            service.drive_to(*state);
            if state.as_str().len() % 2 == 0 {
                service.drain_jobs();
            }
            let office = service.sign_in("office01");
            let total = office.get("/issues/counts").expect(200).json["total"].as_i64().unwrap();
            let rows = office.get("/issues?limit=200").expect(200).json["items"].as_array().unwrap().len();
            assert_eq!(total, i64::try_from(rows).unwrap());
        }
        let mut conn = service.database();
        ask(&mut conn, &SetCache::default(), service.clock.now(), 60);
        assert_sound(&mut conn);
    }
}

/// Numbers are given before they are committed: one that is committed later than its successors is not passed over.
#[test]
fn a_change_that_is_committed_late_is_taken_in() {
    let Some(db) = crate::support::backend::TestDb::create(crate::support::backend::Backend::Postgres) else { return };
    let service = Service::start(db);
    let (first, second) = (service.drive_to(State::Submitted), service.drive_to(State::Submitted));
    let mut conn = service.database();
    fold_some(&mut conn, 1_000);
    let (mut early, mut late) = (service.database(), service.database());
    let change = |id: uuid::Uuid| format!("UPDATE issues SET severity = 'low' WHERE id = '\\x{}'", id.simple());
    early.batch_execute(&format!("BEGIN; {}", change(first))).unwrap();
    late.batch_execute(&change(second)).unwrap();
    fold_some(&mut conn, 1_000);
    assert!(!issue_index::is_behind(&mut conn, 0).unwrap());
    early.batch_execute("COMMIT").unwrap();
    assert!(issue_index::is_behind(&mut conn, 0).unwrap());
    let cache = SetCache::default();
    let low = Filter { facets: Facets::only(Facet::Severity, "low").unwrap(), ..Filter::default() };
    for _ in 0..2 {
        let (found, _) = issues::list(&mut conn, &cache, Scope::All, &low, Sort::Oldest, None, 10).unwrap();
        assert_eq!(found.len(), 2);
        fold_some(&mut conn, 1_000);
    }
    assert_sound(&mut conn);
}
