//! A small county with places and accounts to try. The data files, also those of `app/starter.rs`, are part of the
//! project and read at start.

pub mod demo;

use crate::app::ambient::Random;
use crate::app::{AppError, imports, starter};
use crate::domain::ids::UserId;
use crate::domain::import::ImportKind;
use crate::domain::time::Timestamp;
use crate::domain::user::User;
use crate::store::{Conn, StoreError, reference, users};

const UNITS: &str = include_str!("data/units.csv");
const POINTS: &str = include_str!("data/points.csv");
const DUTIES: &str = include_str!("data/duties.csv");
const PEOPLE: &str = include_str!("data/people.csv");

/// Why nothing was loaded.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// One of our sheets in a county's format is wrong.
    #[error("starter data: {0}")]
    Sheet(String),
    /// A sheet could not be loaded.
    #[error(transparent)]
    Load(AppError),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<AppError> for SeedError {
    fn from(error: AppError) -> Self {
        match error {
            AppError::Invalid(invalid) => {
                let faults: Vec<String> =
                    invalid.0.into_iter().map(|fault| format!("{} {}", fault.pointer, fault.detail)).collect();
                SeedError::Sheet(faults.join("; "))
            }
            other => SeedError::Load(other),
        }
    }
}

/// Loads the small county in addition to the starter data, unless there are units: places, and accounts that all have
/// the password of `password_hash`. Call it in one transaction.
///
/// # Errors
/// A [`SeedError`]; then nothing is loaded.
pub fn load_county(
    conn: &mut Conn,
    random: &dyn Random,
    now: Timestamp,
    password_hash: &str,
) -> Result<bool, SeedError> {
    starter::load_all(conn, random, now)?;
    if !reference::units(conn)?.is_empty() {
        return Ok(false);
    }
    for (kind, text) in [(ImportKind::Units, UNITS), (ImportKind::Points, POINTS), (ImportKind::Duties, DUTIES)] {
        load_sheet(conn, random, kind, text, now)?;
    }
    people_of(conn, random, PEOPLE, now, password_hash)?;
    Ok(true)
}

/// The people of one of our sheets, all with the same password.
fn people_of(
    conn: &mut Conn,
    random: &dyn Random,
    sheet: &str,
    now: Timestamp,
    password_hash: &str,
) -> Result<(), SeedError> {
    let people = imports::people(conn, &import_sheet(ImportKind::Users, sheet)?)?;
    for person in people {
        let user = User {
            id: UserId(random.uuid()),
            username: person.username,
            display_name: person.display_name,
            role: person.role,
            unit_id: person.unit_id,
            campaign: person.campaign,
            vice_head: false,
            password_hash: password_hash.to_owned(),
            password_changed_at: now,
            must_change_password: false,
            disabled_at: None,
            created_at: now,
        };
        users::insert(conn, &user)?;
    }
    Ok(())
}

/// Imports one of our sheets in the same way as a county's.
fn load_sheet(
    conn: &mut Conn,
    random: &dyn Random,
    kind: ImportKind,
    text: &str,
    now: Timestamp,
) -> Result<(), SeedError> {
    imports::load(conn, random, kind, &import_sheet(kind, text)?, now)?;
    Ok(())
}

fn import_sheet(kind: ImportKind, text: &str) -> Result<imports::Sheet, SeedError> {
    imports::Sheet::read(kind, text.as_bytes()).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        SeedError::Sheet(format!("{kind}: {}", faults.join("; ")))
    })
}
