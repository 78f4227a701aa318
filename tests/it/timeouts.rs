//! A statement on PostgreSQL that takes or waits too long is cancelled and reported as temporary; its connection is
//! used again or replaced.

use std::time::Duration;

use anfang::domain::time::Timestamp;
use anfang::store::{Conn, Purpose, Store, StoreError, StoreOptions, Timeouts, dialect, settings};
use diesel::connection::SimpleConnection;

use crate::support::backend::{Backend, TestDb};
use crate::support::db_schema;
use crate::support::service::{Service, new_id};

const AT: Timestamp = Timestamp::from_micros(0);
/// Long for a database, short for a test.
const SOON: Duration = Duration::from_millis(300);

fn put(conn: &mut Conn, key: &str) -> Result<(), StoreError> {
    settings::put(conn, key, "1", AT, None)
}

async fn keys(store: &Store) -> Vec<String> {
    store.read(settings::list).await.unwrap().into_iter().map(|(key, _)| key).collect()
}

/// A store of one connection.
fn store(db: &TestDb, timeouts: Timeouts) -> Store {
    db.store(StoreOptions { connections: 1, timeouts, ..StoreOptions::default() })
}

fn run<F: Future<Output = ()>>(case: impl FnOnce(TestDb) -> F) {
    crate::support::backend::run(Backend::Postgres, case);
}

fn shown(conn: &mut Conn) -> [String; 3] {
    let names = ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"];
    names.map(|name| {
        let sql = format!("SELECT json_build_array(current_setting('{name}'))::text AS json");
        db_schema::query(conn, &sql)[0].as_str().unwrap().to_owned()
    })
}

#[test]
fn every_connection_of_the_service_has_its_limits_and_long_work_has_none() {
    run(async |db| {
        let store = store(&db, Timeouts::default());
        assert_eq!(store.read(|conn| Ok::<_, StoreError>(shown(conn))).await.unwrap(), ["30s", "10s", "1min"]);
        let long = store.write(|conn| {
            dialect::allow_long(conn)?;
            Ok::<_, StoreError>(shown(conn))
        });
        assert_eq!(long.await.unwrap(), ["0", "0", "0"]);
        // For that transaction only.
        assert_eq!(store.write(|conn| Ok::<_, StoreError>(shown(conn))).await.unwrap(), ["30s", "10s", "1min"]);
        // A restore or a backup, whatever the role's own settings are.
        let role = "ALTER ROLE CURRENT_USER IN DATABASE";
        let name =
            db_schema::query(&mut db.connect(), "SELECT json_build_array(current_database())::text AS json")[0].clone();
        let set = format!("{role} {} SET statement_timeout = '5s'", name.as_str().unwrap());
        db.connect().batch_execute(&set).unwrap();
        assert_eq!(shown(&mut db.url().connect(Purpose::Read).unwrap()), ["0", "0", "0"]);
    });
}

#[test]
fn a_statement_that_takes_too_long_is_ended_and_its_connection_goes_on() {
    run(async |db| {
        let store = store(&db, Timeouts { statement: SOON, ..Timeouts::default() });
        for _ in 0..3 {
            let slow: Result<(), StoreError> = store
                .write(|conn| {
                    put(conn, "lost")?;
                    Ok(conn.batch_execute("SELECT pg_sleep(3600)")?)
                })
                .await;
            assert!(matches!(slow, Err(StoreError::Unavailable(_))), "{slow:?}");
        }
        store.write(|conn| put(conn, "kept")).await.unwrap();
        assert_eq!(keys(&store).await, ["kept"]);
    });
}

#[test]
fn a_transaction_that_says_nothing_for_too_long_is_ended_and_its_connection_replaced() {
    run(async |db| {
        let store = store(&db, Timeouts { idle: SOON, ..Timeouts::default() });
        let mut other = db.connect();
        let silent: Result<(), StoreError> = store
            .write(move |conn| {
                put(conn, "lost")?;
                conn.batch_execute("SELECT pg_advisory_xact_lock(7)")?;
                // Waits until the server has ended the other connection, which sends nothing during this time.
                other.batch_execute("SELECT pg_advisory_lock(7)")?;
                put(conn, "lost, too")
            })
            .await;
        assert!(matches!(silent, Err(StoreError::Unavailable(_))), "{silent:?}");
        store.write(|conn| put(conn, "kept")).await.unwrap();
        assert_eq!(keys(&store).await, ["kept"]);
    });
}

#[test]
fn a_request_that_waits_too_long_for_a_lock_is_told_to_come_back() {
    let Some(db) = TestDb::create(Backend::Postgres) else { return };
    let options = StoreOptions { timeouts: Timeouts { lock: SOON, ..Timeouts::default() }, ..StoreOptions::default() };
    let service = Service::with_store(db, options);
    let inspector = service.sign_in("inspector01");
    let (path, body) = (format!("/issues/{}", new_id()), service.report_body(&[new_id()]));
    let mut held = service.database();
    held.batch_execute("BEGIN; LOCK TABLE issue_events IN SHARE MODE").unwrap();
    let refused = inspector.put_json(&path, &body).refused(503, "unavailable");
    assert_ne!(refused.header("retry-after"), "");
    inspector.get("/me").expect(200);
    held.batch_execute("COMMIT").unwrap();
    inspector.put_json(&path, &body).expect(201);
}

on_both! {
    /// PostgreSQL answers the COMMIT of a transaction in which something failed like any other, and keeps nothing.
    async fn what_is_acknowledged_is_kept_though_a_failure_was_passed_over(db: TestDb) {
        let store = store(&db, Timeouts::default());
        let answer: Result<(), StoreError> = store
            .write(|conn| {
                put(conn, "written")?;
                let failed = conn.batch_execute("SELECT nonsense");
                assert!(failed.is_err());
                Ok(())
            })
            .await;
        assert_eq!(keys(&store).await.len(), usize::from(answer.is_ok()), "{answer:?}");
        store.write(|conn| put(conn, "after")).await.unwrap();
        assert!(keys(&store).await.contains(&"after".to_owned()));
    }
}
