//! Opens what the flags name.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use super::{Failure, StorageArgs, checks, say};
use crate::app::ambient::{SystemClock, SystemRandom};
use crate::app::{App, AppError};
use crate::seed::{self, SeedError};
use crate::store::{Conn, DatabaseUrl, Purpose, Store, StoreError, StoreOptions, migrate as bring_up_to_date};

pub(super) fn database_url(storage: &StorageArgs) -> Result<DatabaseUrl, Failure> {
    match &storage.database_url {
        None => Ok(DatabaseUrl::Sqlite(storage.data.join("anfang.db"))),
        Some(address) => DatabaseUrl::parse(address).map_err(|error| database_failure(&error)),
    }
}

/// What is wrong with the database, without the store's own names for it.
pub(super) fn database_failure(error: &StoreError) -> Failure {
    match error {
        StoreError::Refused(why) | StoreError::Unavailable(why) => format!("database: {why}"),
        StoreError::Other(why) => format!("database: {why}"),
        other => format!("database: {other}"),
    }
}

pub(super) fn photo_root(storage: &StorageArgs) -> Result<PathBuf, Failure> {
    match storage.photos_url.as_deref() {
        None => Ok(storage.data.join("photos")),
        Some(address) => match address.strip_prefix("file:") {
            Some(path) => Ok(path.trim_start_matches("//").into()),
            None if address.starts_with("s3://") => Err("photos in an object store come later; use file:PATH".into()),
            None => Err("the photo address must be file:PATH".into()),
        },
    }
}

/// Checks the place and opens the service's parts on it.
pub(super) fn app(storage: &StorageArgs) -> Result<App, Failure> {
    checks::prepare(storage)?;
    let photo_store = checks::photo_store(storage)?;
    let store =
        Store::open(&database_url(storage)?, StoreOptions::default()).map_err(|error| database_failure(&error))?;
    Ok(App::new(store, photo_store, Arc::new(SystemClock), Arc::new(SystemRandom)))
}

/// The same for serving, with the hold on the photo folder that serving needs.
pub(super) fn serving(storage: &StorageArgs) -> Result<(App, File), Failure> {
    checks::prepare(storage)?;
    let hold = checks::hold(storage)?;
    Ok((app(storage)?, hold))
}

/// Answers one question to the database.
pub(super) fn read<T: Send + 'static>(
    app: &App,
    question: impl FnOnce(&mut Conn) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, Failure> {
    block_on(app.store.read(move |conn| Ok::<_, AppError>(question(conn)?)))
}

pub(super) fn migrate(storage: &StorageArgs) -> Result<(), Failure> {
    checks::prepare(storage)?;
    let mut conn = database_url(storage)?.connect(Purpose::Write).map_err(|error| database_failure(&error))?;
    let ran = bring_up_to_date(&mut conn).map_err(|error| database_failure(&error))?;
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

/// Loads data of ours in one transaction.
pub(super) fn seed(
    app: &App,
    load: impl FnOnce(&mut Conn) -> Result<bool, SeedError> + Send + 'static,
) -> Result<bool, Failure> {
    let loaded = app.store.write(move |conn| load(conn).map_err(Seeding));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| error.to_string())?;
    runtime.block_on(loaded).map_err(|error| error.0.to_string())
}

/// The starter data, for a database without any.
pub(super) fn seed_starter(app: &App) -> Result<bool, Failure> {
    let (random, now) = (app.random.clone(), app.now());
    seed(app, move |conn| seed::load_starter(conn, &*random, now))
}

struct Seeding(SeedError);

impl From<StoreError> for Seeding {
    fn from(error: StoreError) -> Self {
        Seeding(error.into())
    }
}
