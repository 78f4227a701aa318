//! `anfang backup`, `anfang restore`, `anfang verify`.

use std::path::Path;

use super::{Failure, StorageArgs, checks, open, say};
use crate::app::ambient::SystemClock;
use crate::app::verify::{self, Finding, Summary};
use crate::backup::{self, BackupError};
use crate::domain::time::Clock as _;
use crate::store::{Conn, DatabaseUrl, Purpose, version, versions};

/// Copies everything that is stored to `to`; the service may keep running.
pub(super) fn backup(storage: &StorageArgs, to: &Path) -> Result<(), Failure> {
    let mut conn = existing(storage)?;
    let photo_store = checks::photo_store(storage)?;
    let manifest = backup::take(&mut conn, &photo_store, to, SystemClock.now(), &mut say).map_err(failure)?;
    if let Some(first) = manifest.absent.iter().next() {
        let count = manifest.absent.len();
        return Err(format!(
            "the backup is made, but {count} originals were lost or damaged before, {first} among them: see `anfang verify`"
        ));
    }
    say(&format!("backup of {} in {}", manifest.taken_at, to.display()));
    Ok(())
}

/// Restores a backup into an empty database and an empty photo folder.
pub(super) fn restore(storage: &StorageArgs, from: &Path) -> Result<(), Failure> {
    checks::prepare(storage)?;
    let _hold = checks::hold(storage)?;
    let photo_store = checks::photo_store(storage)?;
    let mut conn = open::connect(storage, Purpose::Write)?;
    open::tell_database(storage)?;
    let restored = backup::restore(&mut conn, &photo_store, from, &mut say).map_err(failure)?;
    say(&format!("{} rows and {} photos restored; everybody signs in anew", restored.rows, restored.originals));
    Ok(())
}

/// Checks all stored data for consistency, and prints what is wrong.
pub(super) fn verify(storage: &StorageArgs) -> Result<(), Failure> {
    let mut conn = existing(storage)?;
    if version(&mut conn).map_err(|error| open::database_failure(&error))? != versions().unwrap_or_default().pop() {
        return Err("the database has not the schema of this program: run `anfang migrate` first".into());
    }
    let photo_store = checks::photo_store(storage)?;
    let mut found = |finding: &Finding| {
        let Finding { kind, id, detail, is_note } = finding;
        say(format!("{}{kind} {id} {detail}", if *is_note { "note: " } else { "" }).trim_end());
    };
    let summary =
        verify::verify(&mut conn, &photo_store, SystemClock.now(), &mut found).map_err(|error| error.to_string())?;
    let Summary { issues, originals, wrong, notes } = summary;
    say(&format!("{issues} issues and {originals} originals looked at: {wrong} wrong, {notes} notes"));
    if wrong == 0 { Ok(()) } else { Err(format!("{wrong} findings")) }
}

/// An existing database: a check must not create one.
pub(super) fn existing(storage: &StorageArgs) -> Result<Conn, Failure> {
    match open::database_url(storage)? {
        DatabaseUrl::Sqlite(path) if !path.is_file() => Err(format!("no database at {}", path.display())),
        _ => open::connect(storage, Purpose::Read),
    }
}

fn failure(error: BackupError) -> Failure {
    match error {
        BackupError::Store(error) => open::database_failure(&error),
        other => other.to_string(),
    }
}
