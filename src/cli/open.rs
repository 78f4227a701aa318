//! Opens the database and the photo store that the flags name.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::{Failure, StorageArgs, checks, say};
use crate::app::ambient::{SystemClock, SystemRandom};
use crate::app::installation::{self, Pairing};
use crate::app::{App, AppError, starter, upkeep};
use crate::blobs::{S3Address, S3Secret};
use crate::seed::SeedError;
use crate::store::{
    Conn, DatabaseUrl, Purpose, Store, StoreError, StoreOptions, Timeouts, assert_known, assert_server_durable,
    assert_sound, jobs, migrate as bring_up_to_date,
};

pub(super) fn database_url(storage: &StorageArgs) -> Result<DatabaseUrl, Failure> {
    match &storage.database_url {
        None => Ok(DatabaseUrl::Sqlite(storage.data.join("anfang.db"))),
        Some(address) => DatabaseUrl::parse(address).map_err(|error| database_failure(&error)),
    }
}

/// Says which database a command writes to, without the password in its address.
pub(super) fn tell_database(storage: &StorageArgs) -> Result<(), Failure> {
    say(&format!("database 数据库: {}", database_url(storage)?));
    Ok(())
}

/// How much of the database the service may use, and its timeouts.
fn store_options(storage: &StorageArgs) -> StoreOptions {
    StoreOptions {
        connections: storage.database_connections,
        timeouts: Timeouts {
            statement: Duration::from_secs(storage.database_statement_seconds),
            lock: Duration::from_secs(storage.database_lock_seconds),
            idle: Duration::from_secs(storage.database_idle_seconds),
        },
        ..StoreOptions::default()
    }
}

/// What is wrong with the database, without the store's internal names.
pub(super) fn database_failure(error: &StoreError) -> Failure {
    match error {
        StoreError::Refused(why) | StoreError::Unavailable(why) | StoreError::Corrupt(why) => {
            format!("database: {why}")
        }
        StoreError::Other(why) => format!("database: {why}"),
        other => format!("database: {other}"),
    }
}

/// A connection to the database, after checking that this program knows its schema.
pub(super) fn connect(storage: &StorageArgs, purpose: Purpose) -> Result<Conn, Failure> {
    let connected = database_url(storage)?.connect(purpose).and_then(|mut conn| {
        assert_known(&mut conn)?;
        Ok(conn)
    });
    connected.map_err(|error| database_failure(&error))
}

/// Where photos are stored.
pub(super) enum PhotoPlace {
    Folder(PathBuf),
    Bucket(S3Address),
}

pub(super) fn photo_place(storage: &StorageArgs) -> Result<PhotoPlace, Failure> {
    match storage.photos_url.as_deref() {
        None => Ok(PhotoPlace::Folder(storage.data.join("photos"))),
        Some(address) => match address.strip_prefix("file:") {
            Some(path) => Ok(PhotoPlace::Folder(path.trim_start_matches("//").into())),
            None if address.starts_with("s3:") => Ok(PhotoPlace::Bucket(S3Address::parse(address)?)),
            None => Err("the photo address must be file:PATH or s3://BUCKET/PREFIX?endpoint=URL&region=NAME".into()),
        },
    }
}

/// The folder for uploads until an object store has them.
pub(super) fn scratch(storage: &StorageArgs) -> PathBuf {
    storage.data.join("incoming")
}

/// The credentials for an object store. Other sources, such as a cloud's metadata address, are not supported: a service
/// that cannot sign must say so when it starts.
pub(super) fn s3_secret() -> Result<S3Secret, Failure> {
    let given = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let needed = |name: &str| given(name).ok_or_else(|| format!("photos in S3 need {name} in the environment"));
    Ok(S3Secret {
        access_key_id: needed("AWS_ACCESS_KEY_ID")?,
        secret_access_key: needed("AWS_SECRET_ACCESS_KEY")?,
        session_token: given("AWS_SESSION_TOKEN"),
    })
}

/// Bytes reserved on the disk of the database while the service runs. Source: our choice; enough for thousands of
/// logins.
const RESERVE_BYTES: u64 = 64 * 1024 * 1024;

/// Checks the place and opens the service's parts on it.
pub(super) fn app(storage: &StorageArgs) -> Result<App, Failure> {
    open(storage, 0)
}

fn open(storage: &StorageArgs, reserve_bytes: u64) -> Result<App, Failure> {
    checks::prepare(storage)?;
    let photo_store = checks::photo_store(storage)?;
    let url = database_url(storage)?;
    if let (DatabaseUrl::Postgres(_), false) = (&url, storage.allow_volatile_data) {
        let mut conn = url.connect(Purpose::Write).map_err(|error| database_failure(&error))?;
        assert_server_durable(&mut conn).map_err(|error| database_failure(&error))?;
    }
    let store = Store::open_with_reserve(&url, store_options(storage), reserve_bytes)
        .map_err(|error| database_failure(&error))?;
    Ok(App::new(store, photo_store, Arc::new(SystemClock), Arc::new(SystemRandom)))
}

/// The same for serving: with the lock on the photo folder, and only on the photos of this database. Also runs the
/// readiness check before it serves.
pub(super) fn serving(storage: &StorageArgs) -> Result<(App, File), Failure> {
    checks::prepare(storage)?;
    let hold = checks::hold(storage)?;
    let mut conn = connect(storage, Purpose::Write)?;
    assert_sound(&mut conn).map_err(|error| database_failure(&error))?;
    drop(conn);
    let app = open(storage, RESERVE_BYTES)?;
    app.photo_store.check_ready().map_err(|error| format!("photo store: {error}"))?;
    match block_on(installation::pair(&app))? {
        Pairing::Matches => {
            let ready = block_on(async { Ok(app.store.check_ready().await) })?;
            ready.map_err(|error| database_failure(&error))?;
            // A full disk must not keep the service from starting: until then lists are slower, and claims expire
            // without this.
            let indexed = block_on(upkeep::index_all_issues(&app, upkeep::CHANGES_WAITING_MAX, |done| {
                tracing::info!(done, "issues brought into their index")
            }));
            if let Err(error) = indexed {
                tracing::warn!(%error, "lists and searches are slow until the index of issues is made");
            }
            let freed = block_on(app.store.write(|conn| Ok::<_, AppError>(jobs::free_abandoned(conn)?)));
            if let Err(error) = freed {
                tracing::warn!(%error, "claims of work that was killed last until they expire");
            }
            Ok((app, hold))
        }
        Pairing::OtherPhotos => {
            Err("photo store: the photos of this database are in another place; nodes that share a \
                                 database share its photos, in S3"
                .into())
        }
        Pairing::OtherDatabase => Err("photo store: these photos belong to another database".into()),
    }
}

/// Runs one read query.
pub(super) fn read<T: Send + 'static>(
    app: &App,
    question: impl FnOnce(&mut Conn) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Failure> {
    block_on(app.store.read(move |conn| Ok::<_, AppError>(question(conn)?)))
}

pub(super) fn migrate(storage: &StorageArgs) -> Result<(), Failure> {
    checks::prepare(storage)?;
    let mut conn = connect(storage, Purpose::Write)?;
    let ran = bring_up_to_date(&mut conn).map_err(|error| database_failure(&error))?;
    tell_database(storage)?;
    say(&format!("{ran} migrations ran"));
    Ok(())
}

/// Runs one use case from the command line.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, AppError>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    runtime.block_on(work).map_err(|error| match error {
        AppError::Invalid(invalid) => {
            let faults: Vec<String> =
                invalid.0.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.detail)).collect();
            faults.join("; ")
        }
        other => other.to_string(),
    })
}

/// Loads our own data in one transaction.
pub(super) fn seed(
    app: &App,
    load: impl FnOnce(&mut Conn) -> Result<bool, SeedError> + Send + 'static,
) -> Result<bool, Failure> {
    let loaded = app.store.write(move |conn| load(conn).map_err(Seeding));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    runtime.block_on(loaded).map_err(|error| error.0.to_string())
}

/// Loads all starter data into a database without campaigns: for a county that is set up from the command line.
pub(super) fn seed_starter(app: &App) -> Result<bool, Failure> {
    let (random, now) = (app.random.clone(), app.now());
    seed(app, move |conn| Ok(starter::load_all(conn, &*random, now)?))
}

/// Loads only what every county has: for one that is set up in the browser, where starter sets are chosen.
pub(super) fn seed_base(app: &App) -> Result<bool, Failure> {
    let now = app.now();
    seed(app, move |conn| Ok(starter::load_for_browser(conn, now)?))
}

struct Seeding(SeedError);

impl From<StoreError> for Seeding {
    fn from(error: StoreError) -> Self {
        Seeding(error.into())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Flags {
        #[command(flatten)]
        storage: StorageArgs,
    }

    #[test]
    fn the_flags_of_the_database_reach_the_store() {
        let flags = ["", "--database-connections", "7", "--database-statement-seconds", "11"];
        let more = ["--database-lock-seconds", "12", "--database-idle-seconds", "13"];
        let StoreOptions { connections, timeouts, .. } =
            store_options(&Flags::parse_from([&flags[..], &more[..]].concat()).storage);
        assert_eq!(connections, 7);
        let Timeouts { statement, lock, idle } = timeouts;
        assert_eq!([statement, lock, idle], [11, 12, 13].map(Duration::from_secs));
    }
}
