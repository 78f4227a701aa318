//! How SQLite finds the pages of those whose lists are a part of all issues: from one end of an index, never by sorting
//! all that fits. Measured at a million issues: `benches/lists.rs`.

use std::sync::{Arc, Mutex};

use anfang::domain::campaign::CampaignCode;
use anfang::domain::ids::{PointId, UnitId};
use anfang::domain::issue::{RequestKind, Severity, State};
use anfang::domain::time::Timestamp;
use anfang::store::Conn;
use anfang::store::issues::{self, Filter, Scope, Sort};
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

/// Whose lists, and what the names of their indexes begin with.
fn scopes() -> [(Scope, &'static str); 3] {
    [
        (Scope::Unit(UnitId(Uuid::nil())), "issues_by_unit_"),
        (Scope::Campaign(CampaignCode::parse("WM").unwrap()), "issues_by_campaign_"),
        (Scope::Released, "issues_by_state_"),
    ]
}

#[test]
fn pages_are_read_from_an_index_in_their_order() {
    let db = TestDb::create(Backend::Sqlite).unwrap();
    let mut conn = db.connect();
    let (at, plain) = (Timestamp::from_micros(0), Filter::default());
    let every: &[Sort] = &[Sort::DueAt, Sort::CreatedDesc, Sort::Oldest];
    let asked = [
        (plain.clone(), every),
        (Filter { states: vec![State::Rectifying, State::Rework], ..plain.clone() }, every),
        // What is overdue is few, and all of it is looked at for any other order.
        (Filter { overdue: Some((true, at)), ..plain.clone() }, &every[..1]),
        (Filter { overdue: Some((false, at)), ..plain.clone() }, every),
        (Filter { severity: Some(Severity::High), ..plain.clone() }, every),
        (Filter { from: Some(at), to: Some(at), ..plain.clone() }, &every[1..]),
        (Filter { q: Some("堵".into()), ..plain.clone() }, every),
        (Filter { round_min: Some(2), ..plain }, every),
    ];
    for (scope, index) in scopes() {
        for (filter, sorts) in &asked {
            for sort in *sorts {
                let statements =
                    sent(&mut conn, |conn| drop(issues::list(conn, scope, filter, *sort, None, 50).unwrap()));
                assert!(!statements.is_empty());
                for sql in statements {
                    let steps = plan(&mut conn, &sql);
                    let from_index = steps.iter().any(|step| step.contains(index));
                    let sorts = steps.iter().any(|step| step.contains("TEMP B-TREE"));
                    assert!(from_index && !sorts, "{scope:?} {filter:?} {sort:?}: {steps:#?}\n{sql}");
                }
            }
        }
    }
}

#[test]
fn counts_are_read_from_an_index_alone() {
    let db = TestDb::create(Backend::Sqlite).unwrap();
    let mut conn = db.connect();
    for (scope, index) in scopes() {
        for sql in sent(&mut conn, |conn| drop(issues::count(conn, scope, &Filter::default()).unwrap())) {
            let steps = plan(&mut conn, &sql);
            let covered = steps.iter().all(|step| step.contains("COVERING INDEX") && step.contains(index));
            assert!(covered, "{scope:?}: {steps:#?}");
        }
    }
}

/// What finds few issues by itself is not looked for among all of a campaign.
#[test]
fn the_few_of_a_campaign_are_found_by_what_makes_them_few() {
    let db = TestDb::create(Backend::Sqlite).unwrap();
    let mut conn = db.connect();
    let (scope, plain) = (Scope::Campaign(CampaignCode::parse("WM").unwrap()), Filter::default());
    for (filter, found_by) in [
        (Filter { point_id: Some(PointId(Uuid::nil())), ..plain.clone() }, "issues_by_point_item"),
        (Filter { item_code: Some("WM-07".into()), ..plain.clone() }, "issues_by_item"),
        (Filter { pending: vec![RequestKind::Extension], ..plain }, "(id=?)"),
    ] {
        let statements = sent(&mut conn, |conn| {
            drop(issues::list(conn, scope, &filter, Sort::CreatedDesc, None, 50).unwrap());
            drop(issues::count(conn, scope, &filter).unwrap());
        });
        for sql in statements {
            let steps = plan(&mut conn, &sql);
            assert!(steps.iter().any(|step| step.contains(found_by)), "{filter:?}: {steps:#?}\n{sql}");
        }
    }
}
