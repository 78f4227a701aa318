//! CSV sheets that a county imports. Every row is checked and every fault is reported with its line before anything is
//! written; then all rows are written or none.

mod accounts;
mod export;
mod form;
mod read;
mod rows;
mod sheet;
mod workbook;

pub use export::{export, template};
pub use form::{PointForm, UnitForm, point_version, put_point, put_unit, unit, unit_version};
pub(crate) use read::{Known, Person};
pub(crate) use sheet::Sheet;

use rows::Rows;
use sheet::Found;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::ambient::Random;
use super::change::{self, By, Change, Decision};
use super::county::CountyCache;
use super::locks::{Lock, Locks};
use super::sessions::salt;
use super::users::draw;
use super::{App, AppError, Caller, Result, blocking};
use crate::admission::{Place, Who};
use crate::domain::audit::{AuditAction, Outcome};
use crate::domain::calendar::WorkCalendar;
use crate::domain::coordinates::{ListCrs, PlaceDoubt};
use crate::domain::import::{EMPTIED_MAX, Emptied, ImportKind, LINE_ERRORS_MAX, LineError, SHEET_BYTES_MAX};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::policy::Permission;
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::store::{Conn, StoreError, dialect, users};

/// The result of an import.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows that were not there before.
    pub created: usize,
    /// Rows that differ from the existing ones.
    pub changed: usize,
    /// Rows that are there already.
    pub unchanged: usize,
    /// Whether it was written; not when only a check was asked for.
    pub written: bool,
    /// First passwords of new accounts by user name: they are shown only here.
    pub passwords: Vec<(String, String)>,
    /// Values that empty cells clear, at most [`EMPTIED_MAX`] of them.
    pub emptied: Vec<Emptied>,
    /// How many values empty cells clear.
    pub emptied_count: usize,
    /// What looks wrong with the positions of a list of points.
    pub doubt: Option<PlaceDoubt>,
}

impl Imported {
    fn emptying(mut emptied: Vec<Emptied>) -> Self {
        let emptied_count = emptied.len();
        emptied.truncate(EMPTIED_MAX);
        Imported { emptied, emptied_count, ..Imported::default() }
    }

    fn count(&mut self, is_new: bool, is_changed: bool) {
        match (is_new, is_changed) {
            (true, _) => self.created += 1,
            (false, true) => self.changed += 1,
            (false, false) => self.unchanged += 1,
        }
    }
}

/// Lets a sheet in that is held in memory; it takes a place until it is dropped.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::StorageFull`], [`AppError::Busy`] when there is no place, or none for this
/// person.
pub async fn admit(app: &App, caller: &Caller, kind: ImportKind) -> Result<Place> {
    app.place_for_file(caller, permission(kind)).await
}

/// Checks a sheet that was let in, and imports it unless `check_only`. Rows are matched by their code (accounts by
/// name, duties by everything but their last day). The degrees of points are those of `crs`. Rows and columns that the
/// sheet does not have stay as they are; an empty cell clears its value.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] with every fault under `/<line>/<column>`; then nothing was written.
pub async fn run(
    app: &App,
    caller: &Caller,
    kind: ImportKind,
    (place, bytes): (Place, Vec<u8>),
    crs: ListCrs,
    check_only: bool,
) -> Result<Imported> {
    run_as(app, By::from(caller), kind, (Some(place), bytes), crs, check_only).await
}

/// The same from the command line.
///
/// # Errors
/// As [`run`], but never [`AppError::Forbidden`].
pub async fn run_by_operator(
    app: &App,
    kind: ImportKind,
    bytes: Vec<u8>,
    crs: ListCrs,
    check_only: bool,
) -> Result<Imported> {
    run_as(app, By::CommandLine, kind, (None, bytes), crs, check_only).await
}

/// The permission to import a kind of sheet.
#[must_use]
pub const fn permission(kind: ImportKind) -> Permission {
    match kind {
        ImportKind::Users => Permission::ManageUsers,
        ImportKind::Units | ImportKind::Points | ImportKind::Items | ImportKind::Duties | ImportKind::Calendar => {
            Permission::ManageReference
        }
    }
}

async fn run_as(
    app: &App,
    by: By,
    kind: ImportKind,
    (place, bytes): (Option<Place>, Vec<u8>),
    crs: ListCrs,
    check_only: bool,
) -> Result<Imported> {
    by.require(permission(kind))?;
    if bytes.len() > SHEET_BYTES_MAX {
        return Err(Invalid::one("", FieldCode::TooLong, format!("at most {SHEET_BYTES_MAX} bytes")).into());
    }
    // The place goes with what was read: a client that disconnects does not free it while that is still worked on.
    let (place, sheet) = blocking(move || Ok((place, Sheet::read(kind, &bytes).map_err(refused)?))).await?;
    let passwords =
        if kind == ImportKind::Users && !check_only { first_passwords(app, &sheet).await? } else { HashMap::new() };
    let now = app.now();
    let (random, county) = (app.random.clone(), app.county.clone());
    let import = Import { by, kind, sheet, crs, passwords, random, county, now };
    let work = move |conn: &mut Conn| -> std::result::Result<Imported, Stop> {
        let _held = &place;
        dialect::allow_long(conn)?;
        let imported = change::make_in(conn, &import, now)?;
        // A check runs the whole import and then rolls back, so that the two cannot differ.
        if check_only { Err(Stop::Checked(imported)) } else { Ok(imported) }
    };
    match app.store.write(work).await {
        Ok(imported) => Ok(imported),
        Err(Stop::Checked(imported)) => Ok(Imported { written: false, passwords: Vec::new(), ..imported }),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// An import of one sheet.
struct Import {
    by: By,
    kind: ImportKind,
    sheet: Sheet,
    /// What the degrees of points are.
    crs: ListCrs,
    /// A drawn password and its hash for each new account.
    passwords: HashMap<String, (String, String)>,
    random: Arc<dyn Random>,
    county: CountyCache,
    now: Timestamp,
}

impl Change for Import {
    type Before = Before;
    type Made = (Rows, Imported);
    type Answer = Imported;

    fn admit(&self) -> Result<()> {
        self.by.require(permission(self.kind))
    }

    fn locks(&self) -> Vec<Lock> {
        match self.kind {
            // Renaming a point changes what the index knows of its issues, also of those that nobody sees yet because
            // their transactions are open. They are taken in afterwards.
            ImportKind::Points => vec![Lock::Importing, Lock::IssueIndex],
            ImportKind::Units | ImportKind::Items | ImportKind::Users | ImportKind::Duties | ImportKind::Calendar => {
                vec![Lock::Importing]
            }
        }
    }

    fn load(&self, conn: &mut Conn, locks: &mut Locks) -> Result<Before> {
        match self.kind {
            ImportKind::Users => {
                let people = people(conn, &self.sheet)?;
                let accounts = accounts::lock(conn, locks, &people)?;
                Ok(Before::Users(people, accounts))
            }
            ImportKind::Calendar => Ok(Before::Calendar(self.county.load(conn)?.calendar)),
            ImportKind::Units | ImportKind::Points | ImportKind::Items | ImportKind::Duties => {
                Ok(Before::Reference(Box::new(Known::load(conn)?)))
            }
        }
    }

    fn authorise(&self, _: &mut Conn, _: &Before) -> Result<()> {
        Ok(())
    }

    fn decide(&self, conn: &mut Conn, before: Before) -> Result<Decision<Self::Made, Imported>> {
        let mut records = Vec::new();
        let (rows, imported) = match before {
            Before::Reference(known) => rows::of_reference(&*self.random, self.kind, &self.sheet, self.crs, &known)?,
            Before::Calendar(calendar) => rows::of_calendar(&self.sheet, &calendar)?,
            Before::Users(people, accounts) => {
                let (rows, imported, made) = accounts::decide(conn, self, people, &accounts)?;
                records = made;
                (rows, imported)
            }
        };
        let Imported { created, changed, unchanged, .. } = imported;
        let detail = format!("{created} new, {changed} changed, {unchanged} as they were");
        let record = self.by.done(self.now, AuditAction::Imported, format!("import:{}", self.kind));
        records.push(record.ended(Outcome::Done, detail));
        Ok(Decision::Made { made: (rows, imported), records, messages: Vec::new() })
    }

    fn write(&self, conn: &mut Conn, _: &mut Locks, (rows, _): &Self::Made) -> Result<()> {
        rows.write(conn, self.now)
    }

    fn answer(&self, _: &mut Conn, (_, imported): Self::Made) -> Result<Imported> {
        Ok(Imported { written: true, ..imported })
    }
}

/// What a sheet is compared with.
enum Before {
    Reference(Box<Known>),
    Calendar(Arc<WorkCalendar>),
    /// The people on the sheet, and the accounts they have already.
    Users(Vec<Person>, HashMap<String, User>),
}

/// Why the transaction of an import is rolled back.
enum Stop {
    /// Only a check was asked for; this is what the import would have done.
    Checked(Imported),
    Failed(AppError),
}

impl From<AppError> for Stop {
    fn from(error: AppError) -> Self {
        Stop::Failed(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Stop::Failed(error.into())
    }
}

/// Faults as the caller reads them: the first ones, and how many there are in all.
fn refused(mut faults: Vec<LineError>) -> AppError {
    faults.sort_by_key(|fault| fault.line);
    let count = faults.len();
    let mut invalid = Invalid::default();
    for fault in faults.into_iter().take(LINE_ERRORS_MAX) {
        invalid.push(format!("/{}/{}", fault.line, fault.column), fault.code, fault.detail);
    }
    if count > LINE_ERRORS_MAX {
        invalid.push("", FieldCode::TooLong, format!("{count} faults; the first {LINE_ERRORS_MAX} are listed"));
    }
    AppError::Invalid(invalid)
}

/// Imports a sheet of units, points, items or duties in the caller's transaction, which holds the lock on what is
/// imported.
pub(crate) fn load(
    conn: &mut Conn,
    random: &dyn Random,
    kind: ImportKind,
    sheet: &Sheet,
    now: Timestamp,
) -> Result<()> {
    let known = Known::load(conn)?;
    rows::of_reference(random, kind, sheet, ListCrs::Wgs84, &known)?.0.write(conn, now)
}

/// The people of a sheet, in the caller's transaction.
pub(crate) fn people(conn: &mut Conn, sheet: &Sheet) -> Result<Vec<Person>> {
    let (known, mut found) = (Known::load(conn)?, Found::default());
    Ok(right(read::users(sheet, &known, &mut found), found)?.0)
}

/// The rows, and the values they will clear; or every fault.
fn right<T>(rows: Vec<T>, found: Found) -> Result<(Vec<T>, Imported)> {
    if found.faults.is_empty() { Ok((rows, Imported::emptying(found.emptied))) } else { Err(refused(found.faults)) }
}

/// A generated password and its hash for each new account on the sheet. Hashing is slow, so it happens before the
/// transaction.
async fn first_passwords(app: &App, sheet: &Sheet) -> Result<HashMap<String, (String, String)>> {
    let names: HashSet<String> = sheet.rows().map(|row| row.code("username").to_lowercase()).collect();
    let county = app.county.clone();
    let (new, settings) = app
        .store
        .read(move |conn| -> Result<_> {
            let known: HashSet<String> = users::list(conn, None)?.into_iter().map(|user| user.username).collect();
            let new: Vec<String> = names.into_iter().filter(|name| !known.contains(name)).collect();
            Ok((new, county.load(conn)?.settings))
        })
        .await?;
    let mut passwords = HashMap::new();
    for name in new {
        let drawn = draw(app, &name, &settings)?;
        let hash = app.hasher.hash(Who::Service, drawn.clone(), salt(app)).await?;
        passwords.insert(name, (drawn, hash));
    }
    Ok(passwords)
}
