//! How SQLite executes the queries of lists and counts: it finds rows by key in the index of issues, and never reads or
//! sorts all issues. Times with a million issues are measured by `benches/lists.rs`.

use std::sync::{Arc, Mutex};

use anfang::domain::audit::AuditAction;
use anfang::domain::campaign::CampaignCode;
use anfang::domain::ids::{IssueId, PointId, UnitId, UserId, VisitId};
use anfang::domain::issue::{Facet, Facets, RequestKind, State};
use anfang::domain::month::Month;
use anfang::domain::month::needs::Need;
use anfang::domain::time::Timestamp;
use anfang::store::Conn;
use anfang::store::audit::{self, AuditFilter};
use anfang::store::issue_index::SetCache;
use anfang::store::issues::{self, Filter, Scope, Sort};
use anfang::store::{denials, milestones, needs, tallies};
use diesel::connection::{Connection, InstrumentationEvent};
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl};
use uuid::Uuid;

use crate::support::backend::{Backend, TestDb};

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// The statements that `work` sends.
fn sent(conn: &mut Conn, work: impl FnOnce(&mut Conn)) -> Vec<String> {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&seen);
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            noted.lock().unwrap().push(query.to_string());
        }
    });
    work(conn);
    conn.set_instrumentation(|_: InstrumentationEvent<'_>| {});
    let seen = seen.lock().unwrap().clone();
    seen.iter().map(|text| text.split(" -- binds").next().unwrap().to_owned()).collect()
}

fn plan(conn: &mut Conn, sql: &str) -> Vec<String> {
    let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {sql}")).load(conn).unwrap();
    steps.into_iter().map(|step| step.detail).collect()
}

/// Read whole: the changes that wait for the job, and a row for each 65,536 issues.
const READ_WHOLE: [&str; 2] = ["SCAN issue_index_todo", "SCAN issue_index_chunks"];

#[test]
fn lists_and_counts_look_through_nothing() {
    let db = TestDb::create(Backend::Sqlite).unwrap();
    let mut conn = db.connect();
    let (at, plain) = (Timestamp::from_micros(0), Filter::default());
    let facets = Facet::ALL.iter().map(|facet| {
        let facets = Facets::only(*facet, facet.codes()[0]).unwrap();
        Filter { facets, ..plain.clone() }
    });
    let asked: Vec<Filter> = facets
        .chain([
            plain.clone(),
            Filter { states: vec![State::Rectifying, State::Rework], ..plain.clone() },
            Filter { point_id: Some(PointId(Uuid::nil())), ..plain.clone() },
            Filter { item_code: Some("WM-07".into()), ..plain.clone() },
            Filter { overdue: Some((true, at)), ..plain.clone() },
            Filter { from: Some(at), to: Some(at), ..plain.clone() },
            Filter { q: Some("堵塞通道".into()), ..plain.clone() },
            Filter { flagged: Some(false), ..plain.clone() },
            Filter {
                q: Some("张三四五六".into()), q_handlers: true, q_items: vec!["WM-07".into()], ..plain.clone()
            },
            Filter {
                handler: Some("张三".into()),
                area: Some("990001".into()),
                reminded_min: Some(2),
                ..plain.clone()
            },
            Filter { due_from: Some(at), due_to: Some(at), on_time: Some((false, at)), ..plain.clone() },
            Filter { closed_from: Some(at), closed_to: Some(at), rebound: Some(true), ..plain.clone() },
            Filter { pending: vec![RequestKind::Extension], ..plain.clone() },
        ])
        .collect();
    let scopes = [
        Scope::All,
        Scope::Released,
        Scope::Unit(UnitId(Uuid::nil())),
        Scope::Campaign(CampaignCode::parse("WM").unwrap()),
        Scope::Involved(UserId(Uuid::nil())),
    ];
    let mut seen = 0;
    for scope in scopes {
        for filter in &asked {
            let statements = sent(&mut conn, |conn| {
                let cache = SetCache::default();
                for sort in [Sort::DueAt, Sort::CreatedDesc, Sort::Oldest] {
                    issues::list(conn, &cache, scope, filter, sort, None, 50).unwrap();
                }
                issues::count(conn, &cache, scope, filter, at).unwrap();
                issues::figures(conn, &cache, scope, filter, (&[(at, at)], at), &[UnitId(Uuid::nil())]).unwrap();
            });
            for sql in statements {
                seen += 1;
                for step in plan(&mut conn, &sql) {
                    let is_cheap =
                        step.starts_with("SEARCH ") || READ_WHOLE.iter().any(|whole| step.starts_with(whole));
                    assert!(is_cheap, "{scope:?} {filter:?}: {step}\n{sql}");
                }
            }
        }
    }
    assert!(seen > 500, "{seen} statements");
}

/// Audit records and refusals by any filter: a range of an index that has the order of the list.
#[test]
fn audit_records_are_found_by_key() {
    let db = TestDb::create(Backend::Sqlite).unwrap();
    let mut conn = db.connect();
    let at = Timestamp::from_micros(0);
    let mut seen = 0;
    for action in [None, Some(AuditAction::SignIn)] {
        for who in [None, Some(UserId(Uuid::nil()))] {
            for is_deep in [false, true] {
                let filter = AuditFilter { action, who, from: at, to: at };
                let statements = sent(&mut conn, |conn| {
                    audit::list(conn, filter, is_deep.then_some((at, 7)), 51).unwrap();
                    denials::list(conn, filter, is_deep.then_some((at, 7, 7)), 51).unwrap();
                });
                for sql in statements {
                    seen += 1;
                    let index = match (action, who) {
                        (None, None) => "_by_time (at>",
                        (None, Some(_)) => "_by_actor (actor_id=? AND at>",
                        (Some(_), None) => "_by_action (action=? AND at>",
                        (Some(_), Some(_)) => "_by_actor_and_action (actor_id=? AND action=? AND at>",
                    };
                    let steps = plan(&mut conn, &sql);
                    assert!(steps.len() == 1 && steps[0].contains(index), "{filter:?}: {steps:?}\n{sql}");
                }
            }
        }
    }
    assert_eq!(seen, 16);
}

/// Rows of one month, which the index found, are put in groups.
const GROUPED: &str = "USE TEMP B-TREE FOR GROUP BY";

/// What the office plans with is found by key, however many visits and issues there are. The board reads every point of
/// the county once, and each one's latest visit by key.
#[test]
fn where_to_push_next_is_found_by_key() {
    let db = TestDb::create(Backend::Sqlite).unwrap();
    let mut conn = db.connect();
    let at = Timestamp::from_micros(0);
    let month = Month::parse("2026-11").unwrap();
    let (day, later) = (month.first_day(), month.last_day());
    let statements = sent(&mut conn, |conn| {
        tallies::cells(conn, (month, month), true).unwrap();
        for after in [None, Some((at, VisitId(Uuid::nil())))] {
            tallies::losses(conn, ("WM-07", "MKT"), (at, at), false, after, 50).unwrap();
        }
        for with_sudden in [true, false] {
            tallies::latest(conn, with_sudden).unwrap();
            tallies::scores(conn, (at, at), with_sudden).unwrap();
        }
        tallies::visits_by_point(conn, (at, at)).unwrap();
        for after in [None, Some((day, IssueId(Uuid::nil()), 0))] {
            milestones::due(conn, (day, later), after, 50).unwrap();
        }
        needs::sums(conn, (at, at)).unwrap();
        for after in [None, Some((at, IssueId(Uuid::nil()), Need::Law))] {
            needs::noted(conn, (at, at), after, 50).unwrap();
        }
        issues::overdue_at(conn, &SetCache::default(), &[PointId(Uuid::nil())], at).unwrap();
    });
    assert!(statements.len() > 12, "{statements:?}");
    for sql in statements {
        for step in plan(&mut conn, &sql) {
            let is_cheap = step.starts_with("SEARCH ")
                || step.starts_with("SCAN points")
                || step.starts_with("CORRELATED SCALAR SUBQUERY")
                || step == GROUPED
                || READ_WHOLE.iter().any(|whole| step.starts_with(whole));
            assert!(is_cheap, "{step}\n{sql}");
        }
    }
}
