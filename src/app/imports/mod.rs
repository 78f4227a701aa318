//! Sheets that a county loads: every row is checked and every fault named by line before
//! anything is written, and then all is written or nothing.

mod rows;
mod sheet;

pub(crate) use rows::{Known, Person};
pub(crate) use sheet::Sheet;

use sheet::Found;

use std::collections::{HashMap, HashSet};

use super::ambient::Random;
use super::county::CountyCache;
use super::locks::{self, Lock};
use super::sessions::salt;
use super::users::{By, Doer, UserChange, change_in, draw};
use super::{App, AppError, Caller, Result, blocking};
use crate::admission::Who;
use crate::domain::audit::{AuditAction, AuditEntry, Outcome};
use crate::domain::calendar::{DayKind, WorkCalendar};
use crate::domain::duty::Duty;
use crate::domain::ids::{DutyId, PointId, UnitId, UserId};
use crate::domain::import::{EMPTIED_MAX, Emptied, ImportKind, LINE_ERRORS_MAX, LineError, SHEET_BYTES_MAX};
use crate::domain::invalid::{FieldCode, Invalid};
use crate::domain::policy::Permission;
use crate::domain::reference::{Item, Point, Unit};
use crate::domain::role::WorksFor;
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::store::{Conn, StoreError, audit, dialect, duties, reference, settings, users};

/// What an import came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows that were not there before.
    pub created: usize,
    /// Rows that differ from what was there.
    pub changed: usize,
    /// Rows that are there already.
    pub unchanged: usize,
    /// Whether it was written; not when only a check was asked for.
    pub written: bool,
    /// First passwords of new accounts by name: nobody else is ever told them.
    pub passwords: Vec<(String, String)>,
    /// What empty cells empty, at most [`EMPTIED_MAX`] of it.
    pub emptied: Vec<Emptied>,
    /// How many values empty cells empty.
    pub emptied_count: usize,
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

/// Checks a sheet, and loads it unless `check_only`. Rows are matched by their code (accounts by
/// name, duties by all but their last day); what the sheet does not name stays as it is, rows as well as
/// columns. An empty cell empties.
///
/// # Errors
/// [`AppError::Forbidden`], [`AppError::Invalid`] with every fault under `/<line>/<column>`, or the store's;
/// then nothing was written.
pub async fn run(app: &App, caller: &Caller, kind: ImportKind, bytes: Vec<u8>, check_only: bool) -> Result<Imported> {
    app.check_room()?;
    run_as(app, By::Caller(caller), kind, bytes, check_only).await
}

/// The same from the command line.
///
/// # Errors
/// As [`run`], but never [`AppError::Forbidden`].
pub async fn run_by_operator(app: &App, kind: ImportKind, bytes: Vec<u8>, check_only: bool) -> Result<Imported> {
    run_as(app, By::CommandLine, kind, bytes, check_only).await
}

/// Who may load which sheets.
#[must_use]
pub const fn permission(kind: ImportKind) -> Permission {
    match kind {
        ImportKind::Users => Permission::ManageUsers,
        ImportKind::Units | ImportKind::Points | ImportKind::Items | ImportKind::Duties | ImportKind::Calendar => {
            Permission::ManageReference
        }
    }
}

async fn run_as(app: &App, by: By<'_>, kind: ImportKind, bytes: Vec<u8>, check_only: bool) -> Result<Imported> {
    let doer = by.authorised(permission(kind))?;
    if bytes.len() > SHEET_BYTES_MAX {
        return Err(Invalid::one("", FieldCode::TooLong, format!("at most {SHEET_BYTES_MAX} bytes")).into());
    }
    let sheet = blocking(move || Sheet::read(kind, &bytes).map_err(refused)).await?;
    let hashes =
        if kind == ImportKind::Users && !check_only { first_passwords(app, &sheet).await? } else { HashMap::new() };
    let (random, now, county) = (app.random.clone(), app.now(), app.county.clone());
    let import = move |conn: &mut Conn| -> std::result::Result<Imported, Stop> {
        dialect::allow_long(conn)?;
        locks::take(conn, [Lock::Importing])?;
        let mut imported = match kind {
            ImportKind::Users => load_users(conn, &*random, &sheet, &doer, &hashes, now),
            ImportKind::Calendar => load_calendar(conn, &county, &sheet, now),
            _ => load(conn, &*random, kind, &sheet),
        }?;
        imported.written = true;
        let detail =
            format!("{} new, {} changed, {} as they were", imported.created, imported.changed, imported.unchanged);
        let target = format!("import:{kind}");
        let entry = AuditEntry::done(now, doer.actor.as_ref(), AuditAction::Imported, target, &doer.request_id);
        audit::append(conn, &entry.ended(Outcome::Done, detail))?;
        // A check does everything but keep it, so that it cannot differ from the import.
        if check_only { Err(Stop::Checked(imported)) } else { Ok(imported) }
    };
    match app.store.write(import).await {
        Ok(imported) => Ok(imported),
        Err(Stop::Checked(imported)) => Ok(Imported { written: false, passwords: Vec::new(), ..imported }),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// Why the transaction of an import is undone.
enum Stop {
    /// Only a check was asked for; this is what it would have come to.
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

/// Faults as the caller reads them: the first of them, and how many there are.
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

/// Loads a sheet of units, points, items or duties in the caller's transaction.
pub(crate) fn load(conn: &mut Conn, random: &dyn Random, kind: ImportKind, sheet: &Sheet) -> Result<Imported> {
    let known = Known::load(conn)?;
    let mut found = Found::default();
    let imported = match kind {
        ImportKind::Units => {
            let (units, mut imported) = right(rows::units(sheet, &known, &mut found), found)?;
            for unit in units {
                put_unit(conn, random, &known, unit, &mut imported)?;
            }
            imported
        }
        ImportKind::Points => {
            let (points, mut imported) = right(rows::points(sheet, &known, &mut found), found)?;
            for point in points {
                put_point(conn, random, &known, point, &mut imported)?;
            }
            imported
        }
        ImportKind::Items => {
            let (items, mut imported) = right(rows::items(sheet, &known, &mut found), found)?;
            for item in items {
                put_item(conn, &known, &item, &mut imported)?;
            }
            imported
        }
        ImportKind::Duties => {
            let (duties, mut imported) = right(rows::duties(sheet, &known, &mut found), found)?;
            put_duties(conn, random, &known, duties, &mut imported)?;
            imported
        }
        ImportKind::Users | ImportKind::Calendar => {
            return Err(AppError::Internal(format!("{kind} are not loaded like this")));
        }
    };
    Ok(imported)
}

/// The people of a sheet, in the caller's transaction.
pub(crate) fn people(conn: &mut Conn, sheet: &Sheet) -> Result<Vec<Person>> {
    let (known, mut found) = (Known::load(conn)?, Found::default());
    Ok(right(rows::users(sheet, &known, &mut found), found)?.0)
}

/// The rows, and what they will empty; or all that is wrong.
fn right<T>(rows: Vec<T>, found: Found) -> Result<(Vec<T>, Imported)> {
    if found.faults.is_empty() { Ok((rows, Imported::emptying(found.emptied))) } else { Err(refused(found.faults)) }
}

fn put_unit(conn: &mut Conn, random: &dyn Random, known: &Known, unit: Unit, imported: &mut Imported) -> Result<()> {
    let before = known.units.get(&unit.code);
    imported.count(before.is_none(), before != Some(&unit));
    match before {
        None => reference::insert_unit(conn, &Unit { id: UnitId(random.uuid()), ..unit })?,
        Some(before) if *before != unit => reference::update_unit(conn, &unit)?,
        Some(_) => {}
    }
    Ok(())
}

fn put_point(conn: &mut Conn, random: &dyn Random, known: &Known, point: Point, imported: &mut Imported) -> Result<()> {
    let before = known.points.get(&point.code);
    imported.count(before.is_none(), before != Some(&point));
    match before {
        None => reference::insert_point(conn, &Point { id: PointId(random.uuid()), ..point })?,
        Some(before) if *before != point => reference::update_point(conn, &point)?,
        Some(_) => {}
    }
    Ok(())
}

fn put_item(conn: &mut Conn, known: &Known, item: &Item, imported: &mut Imported) -> Result<()> {
    let before = known.items.get(&item.code);
    imported.count(before.is_none(), before != Some(item));
    match before {
        None => reference::insert_item(conn, item)?,
        Some(before) if before != item => reference::update_item(conn, item)?,
        Some(_) => {}
    }
    Ok(())
}

fn put_duties(
    conn: &mut Conn,
    random: &dyn Random,
    known: &Known,
    found: Vec<Duty>,
    imported: &mut Imported,
) -> Result<()> {
    let before: HashMap<DutyId, &Duty> = known.duties.iter().map(|duty| (duty.id, duty)).collect();
    for duty in found {
        let before = before.get(&duty.id).copied();
        imported.count(before.is_none(), before != Some(&duty));
        match before {
            None => duties::insert(conn, &Duty { id: DutyId(random.uuid()), ..duty })?,
            Some(before) if *before != duty => duties::set_valid_to(conn, duty.id, duty.valid_to)?,
            Some(_) => {}
        }
    }
    Ok(())
}

/// Days that a sheet names make a new version of the calendar; other days stay as they were.
fn load_calendar(conn: &mut Conn, county: &CountyCache, sheet: &Sheet, now: Timestamp) -> Result<Imported> {
    let mut found = Found::default();
    let (days, mut imported) = right(rows::calendar(sheet, &mut found), found)?;
    let before = county.load(conn)?.calendar;
    let mut rules = before.rules().clone();
    for (day, kind) in days {
        let was = rules.kind_of(day);
        imported.count(was == DayKind::Usual && kind != was, kind != was);
        rules.name(day, kind);
    }
    if rules != *before.rules() {
        let version = before.version() + 1;
        let internal = |error: String| AppError::Internal(format!("calendar {version}: {error}"));
        let body = serde_json::to_string(&rules).map_err(|error| internal(error.to_string()))?;
        WorkCalendar::new(version, rules).map_err(|error| internal(error.to_string()))?;
        settings::insert_calendar(conn, version, &body, now)?;
    }
    Ok(imported)
}

/// A drawn password and its hash for each account of the sheet that is not there. Hashing takes
/// long and waits for nobody's transaction.
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

/// The accounts that a sheet names, as they are once nobody else can change them: a password that was set before
/// the lock was there is seen, one that is to be set comes after the sheet.
fn locked_accounts(conn: &mut Conn, people: &[Person]) -> Result<HashMap<String, User>> {
    let named: HashSet<&str> = people.iter().map(|person| person.username.as_str()).collect();
    let mut all = users::list(conn, None)?;
    all.retain(|user| named.contains(user.username.as_str()));
    locks::take(conn, [Lock::Administrators].into_iter().chain(all.iter().map(|user| Lock::User(user.id))))?;
    let mut known = HashMap::new();
    for user in all {
        // An account is never removed.
        let user = users::find(conn, user.id)?.ok_or(StoreError::NotFound)?;
        known.insert(user.username.clone(), user);
    }
    Ok(known)
}

fn load_users(
    conn: &mut Conn,
    random: &dyn Random,
    sheet: &Sheet,
    doer: &Doer,
    passwords: &HashMap<String, (String, String)>,
    now: Timestamp,
) -> Result<Imported> {
    let people = people(conn, sheet)?;
    let known = locked_accounts(conn, &people)?;
    let (mut imported, mut faults) = (Imported::default(), Vec::new());
    for person in people {
        let disabled = person.active.map(|active| !active);
        let Some(before) = known.get(&person.username) else {
            let missing = match person.role.works_for() {
                WorksFor::Unit if person.unit_id.is_none() => {
                    Some(("unit_code", "a new account of a unit names its unit"))
                }
                WorksFor::Campaign if person.campaign.is_none() => {
                    Some(("campaign", "a new account of a task force names its campaign"))
                }
                WorksFor::Unit | WorksFor::Campaign | WorksFor::County => None,
            };
            if let Some((column, detail)) = missing {
                faults.push(LineError {
                    line: person.line,
                    column: column.into(),
                    code: FieldCode::Required,
                    detail: detail.into(),
                });
                continue;
            }
            let (password, hash) = passwords.get(&person.username).cloned().unwrap_or_default();
            let user = User {
                id: UserId(random.uuid()),
                username: person.username,
                display_name: person.display_name,
                role: person.role,
                unit_id: person.unit_id,
                campaign: person.campaign,
                vice_head: person.vice_head.unwrap_or(false),
                password_hash: hash,
                password_changed_at: now,
                must_change_password: true,
                disabled_at: disabled.filter(|disabled| *disabled).map(|_| now),
                created_at: now,
            };
            match users::insert(conn, &user) {
                Err(StoreError::Conflict(_)) => return Err(AppError::AlreadyExists),
                inserted => inserted?,
            }
            doer.record(conn, now, AuditAction::UserCreated, &user, &format!("role {}", user.role))?;
            imported.count(true, false);
            imported.passwords.push((user.username, password));
            continue;
        };
        let change = UserChange {
            display_name: Some(person.display_name),
            unit_id: person.unit_id,
            campaign: person.campaign,
            vice_head: person.vice_head,
            role: Some(person.role),
            disabled,
        };
        match change_in(conn, doer, before.clone(), change, now) {
            Ok(after) => imported.count(false, after != *before),
            Err(AppError::Invalid(invalid)) => faults.extend(invalid.0.into_iter().map(|fault| LineError {
                line: person.line,
                column: match fault.pointer.trim_start_matches('/') {
                    "unit_id" => "unit_code".to_owned(),
                    column => column.to_owned(),
                },
                code: fault.code,
                detail: fault.detail,
            })),
            Err(error) => return Err(error),
        }
    }
    if faults.is_empty() { Ok(imported) } else { Err(refused(faults)) }
}
