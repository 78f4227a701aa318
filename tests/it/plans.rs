//! How SQLite finds the pages of those whose lists are a part of all issues: from one end of an index, never by sorting
//! all that fits. Measured at a million issues: `benches/lists.rs`.

use std::sync::{Arc, Mutex};

use anfang::domain::campaign::CampaignCode;
use anfang::domain::ids::UnitId;
use anfang::domain::issue::{Severity, State};
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

#[test]
fn pages_of_a_unit_or_a_campaign_are_read_from_an_index_in_their_order() {
    let db = TestDb::create(Backend::Sqlite).unwrap();
    let mut conn = db.connect();
    let at = Timestamp::from_micros(0);
    let plain = Filter::default();
    let filters = [
        plain.clone(),
        Filter { states: vec![State::Rectifying, State::Rework], ..plain.clone() },
        Filter { overdue: Some((true, at)), ..plain.clone() },
        Filter { overdue: Some((false, at)), ..plain.clone() },
        Filter { severity: Some(Severity::High), ..plain.clone() },
        Filter { from: Some(at), to: Some(at), ..plain.clone() },
        Filter { q: Some("堵".into()), ..plain.clone() },
        Filter { round_min: Some(2), ..plain },
    ];
    let scopes = [
        (Scope::Unit(UnitId(Uuid::nil())), "issues_by_unit_"),
        (Scope::Campaign(CampaignCode::parse("WM").unwrap()), "issues_by_campaign_"),
    ];
    for (scope, index) in scopes {
        for filter in &filters {
            for sort in [Sort::DueAt, Sort::CreatedDesc, Sort::Oldest] {
                let statements =
                    sent(&mut conn, |conn| drop(issues::list(conn, scope, filter, sort, None, 50).unwrap()));
                assert!(!statements.is_empty());
                for sql in statements {
                    let steps = plan(&mut conn, &sql);
                    assert!(steps.iter().any(|step| step.contains(index)), "{scope:?} {filter:?} {sort:?}: {steps:#?}");
                    let sorts = steps.iter().any(|step| step.contains("TEMP B-TREE"));
                    assert!(!sorts, "{scope:?} {filter:?} {sort:?}: {steps:#?}\n{sql}");
                }
            }
            // Counts are read from an index alone, unless something else is asked for.
            let statements = sent(&mut conn, |conn| drop(issues::count(conn, scope, filter).unwrap()));
            let steps: Vec<String> = statements.iter().flat_map(|sql| plan(&mut conn, sql)).collect();
            assert!(steps.iter().any(|step| step.contains(index)), "{scope:?} {filter:?}: {steps:#?}");
        }
        let statements = sent(&mut conn, |conn| drop(issues::count(conn, scope, &Filter::default()).unwrap()));
        let steps: Vec<String> = statements.iter().flat_map(|sql| plan(&mut conn, sql)).collect();
        assert!(steps.iter().all(|step| step.contains("COVERING INDEX")), "{scope:?}: {steps:#?}");
    }
}
