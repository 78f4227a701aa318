//! Writing and reading the database (`Store::write`, `Store::read`) under load, with panics and with a full disk.

use std::pin::Pin;
use std::sync::{Barrier, mpsc};
use std::task::Poll;

use anfang::domain::time::Timestamp;
use anfang::store::{Conn, Store, StoreError, StoreOptions, settings};
use diesel::Connection;
use diesel::connection::SimpleConnection;

use crate::support::backend::{Backend, TestDb};

const AT: Timestamp = Timestamp::from_micros(0);

fn put(conn: &mut Conn, key: &str) -> Result<(), StoreError> {
    settings::put(conn, key, "1", AT, None)
}

async fn keys(store: &Store) -> Vec<String> {
    let rows = store.read(settings::list).await.unwrap();
    rows.into_iter().map(|(key, _)| key).collect()
}

/// What a future answers without waiting for anything.
async fn poll_once<F: Future>(mut future: Pin<&mut F>) -> Poll<F::Output> {
    std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context))).await
}

/// A runtime of the calling thread's own.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Panics when it is dropped, unless something else panics already: two at once would end the process.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "dropped on purpose");
    }
}

on_both! {
    async fn many_writers_leave_exactly_the_good_rows(db: TestDb) {
        const THREADS: usize = 64;
        const WRITES: usize = 20;
        let store = db.store(StoreOptions::default());
        let start = Barrier::new(THREADS);
        std::thread::scope(|scope| {
            for thread in 0..THREADS {
                let (store, start) = (store.clone(), &start);
                scope.spawn(move || {
                    start.wait();
                    for write in 0..WRITES {
                        let key = format!("{thread:02}-{write:02}");
                        // One in six fails and one in six panics, both after inserting a row.
                        let way = (thread + write) % 6;
                        let answer: Result<(), StoreError> = block_on(store.write(move |conn| {
                            put(conn, &key)?;
                            match way {
                                0 => Err(StoreError::Stale),
                                1 => panic!("a write that panics on purpose"),
                                _ => Ok(()),
                            }
                        }));
                        match way {
                            0 => assert!(matches!(answer, Err(StoreError::Stale)), "{answer:?}"),
                            1 => assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}"),
                            _ => answer.unwrap(),
                        }
                    }
                });
            }
        });
        let good = |thread: usize, write: usize| (thread + write) % 6 > 1;
        let expected: Vec<String> = (0..THREADS)
            .flat_map(|thread| (0..WRITES).filter(move |write| good(thread, *write)).map(move |write| format!("{thread:02}-{write:02}")))
            .collect();
        assert_eq!(keys(&store).await, expected);
        drop(store);
        // And in the file, not only in the eyes of the store that wrote them.
        assert_eq!(keys(&db.store(StoreOptions::default())).await, expected);
    }

    async fn a_panic_answers_an_error_and_the_next_write_is_kept(db: TestDb) {
        let store = db.store(StoreOptions::default());
        let answer: Result<(), StoreError> = store.write(|_| panic!("on purpose")).await;
        assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}");
        store.write(|conn| put(conn, "after")).await.unwrap();
        assert_eq!(keys(&db.store(StoreOptions::default())).await, ["after"]);
    }

    // A panic in what a write captures, in an answer that nobody waits for, in the payload itself, or while its failure
    // is reported: in each case the next write is kept and the store says that it is ready.
    async fn a_panic_anywhere_in_a_write_costs_that_write_at_most(db: TestDb) {
        let store = db.store(StoreOptions::default());
        let brought = Bomb;
        let answer: Result<(), StoreError> = store
            .write(move |conn| {
                put(conn, "brought")?;
                let _kept = &brought;
                Err(StoreError::Stale)
            })
            .await;
        assert!(answer.is_err(), "{answer:?}");
        let answer: Result<(), StoreError> = store.write(|_| std::panic::panic_any(Bomb)).await;
        assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}");
        {
            let (begun, has_begun) = mpsc::channel();
            let (release, released) = mpsc::channel::<()>();
            let mut abandoned = Box::pin(store.write(move |_| {
                begun.send(()).unwrap();
                released.recv().unwrap();
                Ok::<_, StoreError>(Some(Bomb))
            }));
            assert!(poll_once(abandoned.as_mut()).await.is_pending());
            actix_web::rt::task::spawn_blocking(move || has_begun.recv().unwrap()).await.unwrap();
            drop(abandoned);
            release.send(()).unwrap();
        }
        for round in 0..3 {
            store.write(move |conn| put(conn, &format!("after-{round}"))).await.unwrap();
        }
        store.check_ready().await.unwrap();
        assert_eq!(keys(&db.store(StoreOptions::default())).await, ["after-0", "after-1", "after-2"]);
    }

    // A panic unwinds through a transaction that the write itself had opened.
    async fn a_panic_inside_a_nested_transaction_undoes_it_alone(db: TestDb) {
        let store = db.store(StoreOptions::default());
        let answer: Result<(), StoreError> = store
            .write(|conn| {
                put(conn, "outer")?;
                conn.transaction(|conn| {
                    put(conn, "inner")?;
                    panic!("on purpose")
                })
            })
            .await;
        assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}");
        store.write(|conn| put(conn, "after")).await.unwrap();
        assert_eq!(keys(&db.store(StoreOptions::default())).await, ["after"]);
    }

    async fn a_caught_failure_inside_a_write_undoes_its_part_alone(db: TestDb) {
        let store = db.store(StoreOptions::default());
        store
            .write(|conn| {
                put(conn, "outer")?;
                let inner = conn.transaction(|conn| {
                    put(conn, "inner")?;
                    Err::<(), _>(StoreError::Stale)
                });
                assert!(matches!(inner, Err(StoreError::Stale)));
                Ok::<_, StoreError>(())
            })
            .await
            .unwrap();
        assert_eq!(keys(&db.store(StoreOptions::default())).await, ["outer"]);
    }

    async fn a_write_whose_caller_has_gone_is_still_whole(db: TestDb) {
        let store = db.store(StoreOptions { connections: 1, waiting_max: 8, ..Default::default() });
        let (begun, has_begun) = mpsc::channel();
        let (release, released) = mpsc::channel::<()>();
        let writing = store.clone();
        let task = actix_web::rt::spawn(async move {
            writing
                .write(move |conn| {
                    put(conn, "first")?;
                    begun.send(()).unwrap();
                    released.recv().unwrap();
                    put(conn, "second")
                })
                .await
        });
        actix_web::rt::task::spawn_blocking(move || has_begun.recv().unwrap()).await.unwrap();
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        release.send(()).unwrap();
        // The next write follows the abandoned one, on either database.
        store.write(|conn| put(conn, "third")).await.unwrap();
        assert_eq!(keys(&store).await, ["first", "second", "third"]);
    }

    async fn a_read_cannot_write(db: TestDb) {
        let store = db.store(StoreOptions::default());
        let answer = store.read(|conn| put(conn, "x")).await;
        assert!(answer.is_err(), "a read wrote");
        assert_eq!(keys(&store).await, [""; 0]);
    }

    async fn a_read_sees_one_moment(db: TestDb) {
        let store = db.store(StoreOptions::default());
        let (looked, has_looked) = mpsc::channel();
        let (changed, has_changed) = mpsc::channel::<()>();
        let reading = store.clone();
        let task = actix_web::rt::spawn(async move {
            reading
                .read(move |conn| {
                    let before = settings::list(conn)?.len();
                    looked.send(()).unwrap();
                    has_changed.recv().unwrap();
                    Ok::<_, StoreError>((before, settings::list(conn)?.len()))
                })
                .await
        });
        actix_web::rt::task::spawn_blocking(move || has_looked.recv().unwrap()).await.unwrap();
        store.write(|conn| put(conn, "x")).await.unwrap();
        changed.send(()).unwrap();
        assert_eq!(task.await.unwrap().unwrap(), (0, 0));
        assert_eq!(keys(&store).await, ["x"]);
    }

    // Nobody waits behind the two that hold all connections and the one that may wait.
    async fn readers_beyond_the_limit_are_refused_at_once(db: TestDb) {
        let store = db.store(StoreOptions { connections: 2, waiting_max: 1, ..Default::default() });
        let (begun, has_begun) = mpsc::channel();
        // Nothing is sent: those who hold a connection go when the sender does, in a failing test too.
        let (release, released) = crossbeam_channel::bounded::<()>(0);
        let hold = || {
            let (store, begun, released) = (store.clone(), begun.clone(), released.clone());
            actix_web::rt::spawn(async move {
                store
                    .read(move |_| {
                        begun.send(()).unwrap();
                        released.recv().unwrap_err();
                        Ok::<_, StoreError>(())
                    })
                    .await
            })
        };
        let held = [hold(), hold()];
        actix_web::rt::task::spawn_blocking(move || has_begun.iter().take(2).count()).await.unwrap();

        let mut waits = std::pin::pin!(store.read(|_| Ok::<_, StoreError>("waited")));
        assert!(poll_once(waits.as_mut()).await.is_pending());
        // Polled once: it answers without waiting for anything.
        let refused = poll_once(std::pin::pin!(store.read(|_| Ok::<_, StoreError>(())))).await;
        assert!(
            matches!(&refused, Poll::Ready(Err(StoreError::Unavailable(why))) if why.contains("waiting")),
            "{refused:?}"
        );

        drop(release);
        for reader in held {
            reader.await.unwrap().unwrap();
        }
        assert_eq!(waits.await.unwrap(), "waited");
    }

    // When a caller goes away its connection stays in use until the work ends; only then is its place free.
    async fn an_abandoned_read_keeps_its_place_until_it_ends(db: TestDb) {
        let store = db.store(StoreOptions { connections: 1, waiting_max: 0, ..Default::default() });
        let (begun, has_begun) = mpsc::channel();
        let (release, released) = mpsc::channel::<()>();
        let reading = store.clone();
        let task = actix_web::rt::spawn(async move {
            reading
                .read(move |_| {
                    begun.send(()).unwrap();
                    released.recv().unwrap();
                    Ok::<_, StoreError>(())
                })
                .await
        });
        actix_web::rt::task::spawn_blocking(move || has_begun.recv().unwrap()).await.unwrap();
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        let refused = poll_once(std::pin::pin!(store.read(|_| Ok::<_, StoreError>(())))).await;
        assert!(matches!(refused, Poll::Ready(Err(StoreError::Unavailable(_)))), "{refused:?}");
        release.send(()).unwrap();
    }

    async fn a_ready_store_says_so(db: TestDb) {
        db.store(StoreOptions::default()).check_ready().await.unwrap();
    }
}

/// SQLite's queue has its own bound: with the writer held, so many fit and the next is refused.
#[test]
fn writes_beyond_the_queue_are_refused_at_once() {
    const MORE_THAN_ANY_QUEUE: usize = 1_000_000;
    let db = TestDb::create(Backend::Sqlite).unwrap();
    let store = db.store(StoreOptions::default());
    actix_web::rt::System::new().block_on(async {
        let (begun, has_begun) = mpsc::channel();
        let (release, released) = mpsc::channel::<()>();
        let writing = store.clone();
        let held = actix_web::rt::spawn(async move {
            writing
                .write(move |conn| {
                    begun.send(()).unwrap();
                    released.recv().unwrap();
                    put(conn, "held")
                })
                .await
        });
        actix_web::rt::task::spawn_blocking(move || has_begun.recv().unwrap()).await.unwrap();
        let mut waiting = Vec::new();
        let refused = loop {
            assert!(waiting.len() < MORE_THAN_ANY_QUEUE, "the queue has no bound");
            let number = waiting.len();
            let mut write = Box::pin(store.write(move |conn| put(conn, &format!("waiting-{number:05}"))));
            match poll_once(write.as_mut()).await {
                Poll::Pending => waiting.push(write),
                Poll::Ready(answer) => break answer,
            }
        };
        assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
        release.send(()).unwrap();
        held.await.unwrap().unwrap();
        let accepted = waiting.len();
        for write in waiting {
            write.await.unwrap();
        }
        assert_eq!(keys(&store).await.len(), accepted + 1, "what was accepted was written");
    });
}

/// Fills SQLite's file to its limit. Writes that do not fit are refused with an error of their own; small ones and
/// later ones are stored.
#[test]
fn a_full_database_refuses_and_recovers() {
    let db = TestDb::create(Backend::Sqlite).unwrap();
    let store = db.store(StoreOptions::default());
    actix_web::rt::System::new().block_on(async {
        store.write(|conn| put(conn, "before")).await.unwrap();
        let limit = |pages: u32| {
            store.write(move |conn| {
                conn.batch_execute(&format!("PRAGMA max_page_count={pages}")).map_err(StoreError::from)
            })
        };
        limit(1).await.unwrap(); // SQLite takes the present size for it.
        let big = "x".repeat(1_000_000);
        let answer = store.write(move |conn| settings::put(conn, "big", &big, AT, None)).await;
        assert!(matches!(answer, Err(StoreError::Full)), "{answer:?}");
        limit(1_000_000).await.unwrap();
        store.write(|conn| put(conn, "after")).await.unwrap();
        assert_eq!(keys(&db.store(StoreOptions::default())).await, ["after", "before"]);
    });
}

/// SQLite ends a transaction by itself on some failures. Every caller of the group gets an error, nothing of it is
/// stored, and the writer continues.
#[test]
fn a_transaction_that_sqlite_ended_costs_only_its_group() {
    let db = TestDb::create(Backend::Sqlite).unwrap();
    let store = db.store(StoreOptions::default());
    actix_web::rt::System::new().block_on(async {
        let answer = store
            .write(|conn| {
                put(conn, "lost")?;
                conn.batch_execute("ROLLBACK")?;
                Err::<(), _>(StoreError::Full)
            })
            .await;
        assert!(answer.is_err(), "{answer:?}");
        let answer = store
            .write(|conn| {
                put(conn, "lost too")?;
                conn.batch_execute("ROLLBACK").map_err(StoreError::from)
            })
            .await;
        assert!(answer.is_err(), "a write that was undone was acknowledged");
        store.write(|conn| put(conn, "after")).await.unwrap();
        assert_eq!(keys(&db.store(StoreOptions::default())).await, ["after"]);
    });
}
