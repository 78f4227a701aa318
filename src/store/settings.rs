//! Settings of the county, each a JSON value under a key, and working calendars.

use diesel::dsl::max;
use diesel::prelude::*;

use crate::domain::ids::UserId;
use crate::domain::setup::{SetupStep, StepMark};
use crate::domain::time::Timestamp;
use crate::store::schema::{calendars, settings};
use crate::store::{Conn, StoreError};

/// The value under `key`.
pub fn find(conn: &mut Conn, key: &str) -> Result<Option<String>, StoreError> {
    Ok(settings::table.find(key).select(settings::value).first(conn).optional()?)
}

/// Prefix of the installation's own notes, which are not settings.
const INSTALLATION: &str = "installation.";
/// Prefix of what people said of the steps of the first day, which are not settings either but the county's.
const SETUP: &str = "setup.";

/// Every setting that was ever set.
pub fn list(conn: &mut Conn) -> Result<Vec<(String, String)>, StoreError> {
    Ok(settings::table
        .filter(settings::key.not_like(format!("{INSTALLATION}%")))
        .filter(settings::key.not_like(format!("{SETUP}%")))
        .order(settings::key)
        .select((settings::key, settings::value))
        .load(conn)?)
}

/// The installation's note under `name`.
pub fn find_note(conn: &mut Conn, name: &str) -> Result<Option<String>, StoreError> {
    find(conn, &format!("{INSTALLATION}{name}"))
}

/// Stores a note of the installation.
pub fn put_note(conn: &mut Conn, name: &str, value: &str, at: Timestamp) -> Result<(), StoreError> {
    put(conn, &format!("{INSTALLATION}{name}"), value, at, None)
}

/// Deletes a note of the installation.
pub fn forget_note(conn: &mut Conn, name: &str) -> Result<(), StoreError> {
    diesel::delete(settings::table.find(format!("{INSTALLATION}{name}"))).execute(conn)?;
    Ok(())
}

/// What was said of each step of the first day. A value that this program does not know is ignored.
pub fn step_marks(conn: &mut Conn) -> Result<Vec<(SetupStep, StepMark)>, StoreError> {
    let rows: Vec<(String, String)> = settings::table
        .filter(settings::key.like(format!("{SETUP}%")))
        .select((settings::key, settings::value))
        .load(conn)?;
    let known = |(key, value): (String, String)| {
        Some((SetupStep::parse(key.strip_prefix(SETUP)?)?, StepMark::parse(value.trim_matches('"'))?))
    };
    Ok(rows.into_iter().filter_map(known).collect())
}

/// Stores what was said of a step, or takes it back.
pub fn put_step_mark(
    conn: &mut Conn,
    step: SetupStep,
    mark: Option<StepMark>,
    at: Timestamp,
    by: Option<UserId>,
) -> Result<(), StoreError> {
    let key = format!("{SETUP}{step}");
    match mark {
        Some(mark) => put(conn, &key, &format!("\"{mark}\""), at, by),
        None => {
            diesel::delete(settings::table.find(key)).execute(conn)?;
            Ok(())
        }
    }
}

/// Deletes the installation's notes: for a database that becomes another installation's.
pub fn forget_notes(conn: &mut Conn) -> Result<(), StoreError> {
    diesel::delete(settings::table.filter(settings::key.like(format!("{INSTALLATION}%")))).execute(conn)?;
    Ok(())
}

/// Sets `key` to `value`.
pub fn put(conn: &mut Conn, key: &str, value: &str, at: Timestamp, by: Option<UserId>) -> Result<(), StoreError> {
    let row = (settings::value.eq(value), settings::updated_at.eq(at), settings::updated_by.eq(by));
    let changed = diesel::update(settings::table.find(key)).set(row).execute(conn)?;
    if changed == 0 {
        diesel::insert_into(settings::table)
            .values((
                settings::key.eq(key),
                settings::value.eq(value),
                settings::updated_at.eq(at),
                settings::updated_by.eq(by),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// The newest working calendar: its version and its JSON.
pub fn newest_calendar(conn: &mut Conn) -> Result<Option<(i64, String)>, StoreError> {
    Ok(calendars::table
        .order(calendars::version.desc())
        .select((calendars::version, calendars::body))
        .first(conn)
        .optional()?)
}

/// The version of the newest working calendar.
pub fn newest_calendar_version(conn: &mut Conn) -> Result<Option<i64>, StoreError> {
    Ok(calendars::table.select(max(calendars::version)).get_result(conn)?)
}

/// Every working calendar, oldest first: its version and its JSON. There is one more each year or two.
pub fn calendars(conn: &mut Conn) -> Result<Vec<(i64, String)>, StoreError> {
    Ok(calendars::table.order(calendars::version).select((calendars::version, calendars::body)).load(conn)?)
}

/// The version and the time of every working calendar, newest first.
pub fn calendar_versions(conn: &mut Conn) -> Result<Vec<(i64, Timestamp)>, StoreError> {
    let newest = calendars::table.order(calendars::version.desc());
    Ok(newest.select((calendars::version, calendars::created_at)).load(conn)?)
}

/// Adds a working calendar; deadlines already issued keep the version they name.
///
/// # Errors
/// [`StoreError::Conflict`] when the version exists.
pub fn insert_calendar(conn: &mut Conn, version: i64, body: &str, at: Timestamp) -> Result<(), StoreError> {
    diesel::insert_into(calendars::table)
        .values((calendars::version.eq(version), calendars::body.eq(body), calendars::created_at.eq(at)))
        .execute(conn)?;
    Ok(())
}
