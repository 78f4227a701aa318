//! A database for each test, of either kind.

use std::sync::OnceLock;

use anfang::store::{Conn, DatabaseUrl, Purpose, Store, StoreOptions, migrate};
use tempfile::TempDir;

use super::postgres::{self, Database};

/// The database that a case runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backend {
    Sqlite,
    Postgres,
}

impl Backend {
    pub const ALL: [Backend; 2] = [Backend::Sqlite, Backend::Postgres];
}

/// The database of one test: real, without rows, removed when dropped.
pub struct TestDb {
    backend: Backend,
    place: Place,
}

enum Place {
    Sqlite(TempDir),
    Postgres(Database),
}

impl TestDb {
    /// A database with the newest schema; `None` when this kind is skipped.
    pub fn create(backend: Backend) -> Option<Self> {
        let place = match backend {
            Backend::Sqlite => {
                let folder = new_folder();
                std::fs::write(folder.path().join(FILE), migrated_file()).expect("the template can be copied");
                Place::Sqlite(folder)
            }
            Backend::Postgres => Place::Postgres(Database::migrated(postgres::server()?)),
        };
        Some(TestDb { backend, place })
    }

    /// A database without a table; `None` when this kind is skipped.
    pub fn create_empty(backend: Backend) -> Option<Self> {
        let place = match backend {
            Backend::Sqlite => Place::Sqlite(new_folder()),
            Backend::Postgres => Place::Postgres(Database::empty(postgres::server()?)),
        };
        Some(TestDb { backend, place })
    }

    pub fn backend(&self) -> Backend {
        self.backend
    }

    pub fn url(&self) -> DatabaseUrl {
        match &self.place {
            Place::Sqlite(folder) => DatabaseUrl::Sqlite(folder.path().join(FILE)),
            Place::Postgres(database) => database.url(),
        }
    }

    /// A direct connection, to prepare and to inspect.
    pub fn connect(&self) -> Conn {
        self.url().connect(Purpose::Write).expect("the database opens")
    }

    /// The store as the service opens it.
    pub fn store(&self, options: StoreOptions) -> Store {
        Store::open(&self.url(), options).expect("the store opens")
    }
}

const FILE: &str = "anfang.db";

fn new_folder() -> TempDir {
    tempfile::Builder::new().prefix("anfang-db-").tempdir().expect("a folder can be made")
}

/// The bytes of a migrated SQLite file, made once.
fn migrated_file() -> &'static [u8] {
    static BYTES: OnceLock<Vec<u8>> = OnceLock::new();
    BYTES.get_or_init(|| {
        let folder = new_folder();
        let path = folder.path().join(FILE);
        let mut conn = DatabaseUrl::Sqlite(path.clone()).connect(Purpose::Write).expect("a file can be made");
        migrate(&mut conn).expect("the migrations run");
        // Closing the last connection checkpoints the log.
        drop(conn);
        assert!(!path.with_extension("db-wal").exists(), "the template's log is still beside it");
        std::fs::read(path).expect("the file can be read")
    })
}

/// Runs an asynchronous case as the service runs: in an actix system.
pub fn run<F: Future<Output = ()>>(backend: Backend, case: impl FnOnce(TestDb) -> F) {
    if let Some(db) = TestDb::create(backend) {
        actix_web::rt::System::new().block_on(case(db));
    }
}

/// Writes each case down once and runs it on every database, as `name::sqlite` and
/// `name::postgres`. A case is `async` or not, and gets a migrated [`TestDb`] that is its own.
///
/// ```ignore
/// on_both! {
///     async fn a_write_is_read(db: TestDb) { … }
///     fn a_trigger_refuses(db: TestDb) { … }
/// }
/// ```
macro_rules! on_both {
    () => {};
    ($(#[$meta:meta])* async fn $name:ident($db:ident: TestDb) $body:block $($rest:tt)*) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn case($db: $crate::support::backend::TestDb) $body

            $(#[$meta])* #[test]
            fn sqlite() {
                $crate::support::backend::run($crate::support::backend::Backend::Sqlite, case);
            }

            $(#[$meta])* #[test]
            fn postgres() {
                $crate::support::backend::run($crate::support::backend::Backend::Postgres, case);
            }
        }
        on_both! { $($rest)* }
    };
    ($(#[$meta:meta])* fn $name:ident($db:ident: TestDb) $body:block $($rest:tt)*) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            fn case($db: $crate::support::backend::TestDb) $body

            $(#[$meta])* #[test]
            fn sqlite() {
                if let Some(db) = $crate::support::backend::TestDb::create($crate::support::backend::Backend::Sqlite) {
                    case(db);
                }
            }

            $(#[$meta])* #[test]
            fn postgres() {
                if let Some(db) = $crate::support::backend::TestDb::create($crate::support::backend::Backend::Postgres) {
                    case(db);
                }
            }
        }
        on_both! { $($rest)* }
    };
}
